"""The bank in a spreadsheet: out and back is the same; an error is told by its row; nothing is half-imported."""

from __future__ import annotations

import io
import shutil
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from facturier import contenu
from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.erreurs import ErreurFacturier
from facturier.evaluation import tableur
from facturier.evaluation.ecriture_banque import en_toml
from facturier.evaluation.gabarits import composer
from facturier.evaluation.tirages import Banque, lire_banque


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    racine = tmp_path / "source"
    shutil.copytree(contenu.racine() / "source/banque", racine / "banque")
    shutil.copy(contenu.racine() / "source/formes.toml", racine)
    return racine


@pytest.fixture(scope="module")
def octets() -> bytes:
    return tableur.classeur(lire_banque())


@pytest.fixture(scope="module")
def petit() -> bytes:
    """One theme: what is wrong in a row is told before anything looks at the rest."""
    banque = lire_banque()
    theme = banque.themes[0]
    siens = tuple(g for g in banque.gabarits if g.theme == theme)
    return tableur.classeur(Banque((theme,), siens, banque.places, ""))


def _retouche(octets: bytes, fichier: Path, retouche: Callable[[Any], None]) -> Path:
    livre = load_workbook(io.BytesIO(octets))
    retouche(livre)
    livre.save(fichier)
    return fichier


def _case(livre: Any, feuille: str, titre: str, rang: int) -> Any:
    titres = [case.value for case in livre[feuille][1]]
    return livre[feuille].cell(rang, titres.index(titre) + 1)


def _tout(racine: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in sorted(racine.rglob("*.toml"))}


def _phrases(fichier: Path, sources: Path) -> tuple[str, ...]:
    avant = _tout(sources)
    with pytest.raises(tableur.ErreursDeBanque) as refus:
        tableur.importer(fichier, sources)
    assert _tout(sources) == avant
    assert refus.value.sortie == 1
    return refus.value.phrases


def test_exporter_puis_importer_ne_change_rien(tmp_path: Path, sources: Path) -> None:
    fichier = tmp_path / "banque.xlsx"
    avant = _tout(sources)
    tableur.exporter(fichier, sources)
    assert tableur.importer(fichier, sources) == []
    assert _tout(sources) == avant


def test_le_classeur_passe_par_un_tableur_sans_perte(tmp_path: Path, sources: Path, octets: bytes) -> None:
    """Saved again by another program: shared strings, its own styles."""
    assert tableur.importer(_retouche(octets, tmp_path / "b.xlsx", lambda livre: None), sources) == []


def test_une_correction_n_ecrit_que_son_theme(tmp_path: Path, sources: Path, octets: bytes) -> None:
    def corriger(livre: Any) -> None:
        _case(livre, "Items", "Question", 2).value = "Une question remise au propre ?"

    fichier = _retouche(octets, tmp_path / "b.xlsx", corriger)
    assert tableur.importer(fichier, sources) == ["banque/assistance.toml"]
    assert lire_banque(sources).gabarits[0].champs["question"] == "Une question remise au propre ?"


def test_un_theme_de_plus_et_un_item_de_moins(tmp_path: Path, sources: Path, octets: bytes) -> None:
    ote = lire_banque().gabarits[0].id

    def changer(livre: Any) -> None:
        livre["Thèmes"].append(["nouveau", "Un thème", "O3", "savoir du neuf", "suivi"])
        _case(livre, "Items", "Thème", 3).value = "nouveau"
        livre["Items"].delete_rows(2)
        siennes = [r for r in range(2, 12) if livre["Réponses"].cell(r, 1).value == ote]
        livre["Réponses"].delete_rows(siennes[0], len(siennes))

    changes = tableur.importer(_retouche(octets, tmp_path / "b.xlsx", changer), sources)
    assert changes == ["banque/assistance.toml", "banque/nouveau.toml"]
    assert ote not in lire_banque(sources).par_id


@pytest.mark.parametrize(
    ("feuille", "titre", "rang", "valeur", "phrase"),
    [
        ("Items", "Niveau", 5, 7, "Feuille « Items », ligne 5"),
        ("Items", "Niveau", 5, "facile", "colonne « Niveau »"),
        ("Items", "Genre", 4, "ouverte", "valeurs admises"),
        ("Items", "Identifiant", 4, "as_claudia", "déjà pris"),
        ("Items", "Identifiant", 4, None, "la colonne « Identifiant » est vide"),
        ("Items", "Question", 4, None, "la colonne « Question » est vide"),
        ("Items", "Question", 4, "Il en faut {{ delai('rien') }} ?", "n’existe pas"),
        ("Items", "Question", 4, "Il en faut {{ ?", "accolades"),
        ("Items", "Sources", 4, "Mon voisin", "la source « Mon voisin »"),
        ("Items", "Fiabilité", 4, "sûr", "valeurs admises"),
        ("Items", "Valide du", 4, "demain", "colonne « Valide du »"),
        ("Items", "Calcul", 4, "racine", "Calcul inconnu"),
        ("Items", "Thème", 4, "ailleurs", "ce thème n’est pas dans la feuille « Thèmes »"),
        ("Réponses", "Identifiant", 2, "fantome", "l’item « fantome » n’est pas dans la feuille « Items »"),
        ("Réponses", "Juste", 2, "peut-être", "« oui » ou « non » est attendu"),
        ("Réponses", "Juste", 2, "oui", "une seule réponse juste"),
        ("Réponses", "Retour", 2, None, "Feuille « Réponses », ligne 2"),
        ("Réponses", "Va avec", 2, "autre", "ne sert pas au genre « unique »"),
        ("Thèmes", "Objectif", 2, "O9", "valeurs admises"),
        ("Thèmes", "Thème", 2, "À part", "ce thème n’est pas dans la feuille"),
        ("Items", "Question", 4, "x" * 6000, "plus de 5000 caractères"),
        ("Items", "Question", 4, "=1+1", "contient une formule"),
        ("Items", "Question", 4, '=HYPERLINK("http://exemple.example","clic")', "contient une formule"),
    ],
)
def test_une_erreur_est_dite_a_sa_ligne_et_rien_n_est_importe(
    tmp_path: Path, sources: Path, petit: bytes, feuille: str, titre: str, rang: int, valeur: Any, phrase: str
) -> None:
    def fausser(livre: Any) -> None:
        _case(livre, feuille, titre, rang).value = valeur

    phrases = _phrases(_retouche(petit, tmp_path / "b.xlsx", fausser), sources)
    assert any(phrase in dite.replace("\u00a0", " ") for dite in phrases), phrases


def test_toutes_les_erreurs_sont_dites_ensemble(tmp_path: Path, sources: Path, petit: bytes) -> None:
    def fausser(livre: Any) -> None:
        for rang in range(2, 6):
            _case(livre, "Items", "Niveau", rang).value = None

    assert len(_phrases(_retouche(petit, tmp_path / "b.xlsx", fausser), sources)) == 4


def test_un_seul_passage_dit_tout_en_nommant_les_colonnes(tmp_path: Path, sources: Path, petit: bytes) -> None:
    def fausser(livre: Any) -> None:
        _case(livre, "Thèmes", "Objectif", 2).value = "O9"
        _case(livre, "Items", "Question", 2).value = None
        _case(livre, "Items", "Genre", 3).value = "ouverte"
        _case(livre, "Items", "Fiabilité", 3).value = "sûr"
        _case(livre, "Items", "Niveau", 4).value = "facile"
        _case(livre, "Items", "Fiabilité", 5).value = "sûr"
        _case(livre, "Réponses", "Juste", 2).value = "peut-être"

    dites = [p.replace("\u00a0", " ") for p in _phrases(_retouche(petit, tmp_path / "b.xlsx", fausser), sources)]
    assert len(dites) == 6, dites
    ligne_3 = next(dite for dite in dites if dite.startswith("Feuille « Items », ligne 3"))
    assert "« Genre » vaut « ouverte »" in ligne_3
    assert "« Fiabilité » vaut « sûr »" in ligne_3
    for mot in ("genre", "fiabilite", "question", "niveau", "objectif"):
        assert not any(f"« {mot} »" in dite for dite in dites)


def test_une_banque_qui_ne_fait_plus_deux_quiz_est_refusee(tmp_path: Path, sources: Path, petit: bytes) -> None:
    (phrase,) = _phrases(_retouche(petit, tmp_path / "b.xlsx", lambda livre: None), sources)
    assert "n’a pas assez d’items" in phrase


def test_une_feuille_ou_une_colonne_qui_manque_est_nommee(tmp_path: Path, sources: Path, petit: bytes) -> None:
    def sans_feuille(livre: Any) -> None:
        del livre["Réponses"]

    def sans_colonne(livre: Any) -> None:
        livre["Items"]["E1"].value = "Énoncé"

    assert "Réponses" in _phrases(_retouche(petit, tmp_path / "a.xlsx", sans_feuille), sources)[0]
    assert "« Question » manque" in _phrases(_retouche(petit, tmp_path / "b.xlsx", sans_colonne), sources)[0].replace(
        "\u00a0", " "
    )


def test_un_texte_qui_ressemble_a_une_formule_reste_un_texte(tmp_path: Path, sources: Path) -> None:
    theme = sources / "banque/assistance.toml"
    texte = theme.read_text(encoding="utf-8")
    premier = lire_banque(sources).gabarits[0].champs["choix"][0]["texte"]
    theme.write_text(texte.replace(f'"{premier}"', '"=2+2, @SOMME(A1)"', 1), encoding="utf-8")
    fichier = tmp_path / "b.xlsx"
    tableur.exporter(fichier, sources)
    cases = [c for ligne in load_workbook(fichier)["Réponses"].iter_rows() for c in ligne if str(c.value)[:1] == "="]
    assert [(c.value, c.data_type, c.quotePrefix) for c in cases] == [("=2+2, @SOMME(A1)", "s", True)]
    assert tableur.importer(fichier, sources) == []


def _avec_dtd(octets: bytes) -> bytes:
    neuf = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as lu, zipfile.ZipFile(neuf, "w") as ecrit:
        for info in lu.infolist():
            contenu_lu = lu.read(info)
            if info.filename == "xl/workbook.xml":
                contenu_lu = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + contenu_lu.partition(b"?>")[2]
            ecrit.writestr(info.filename, contenu_lu)
    return neuf.getvalue()


@pytest.mark.parametrize(
    "abimer",
    [lambda o: b"", lambda o: b"PK\x03\x04 rien", lambda o: o[: len(o) // 2], _avec_dtd, lambda o: b"a;b;c\n1;2;3\n"],
    ids=["vide", "faux zip", "tronqué", "dtd", "csv"],
)
def test_ce_qui_n_est_pas_un_classeur_est_refuse(
    tmp_path: Path, sources: Path, petit: bytes, abimer: Callable[[bytes], bytes]
) -> None:
    fichier = tmp_path / "b.xlsx"
    fichier.write_bytes(abimer(petit))
    avant = _tout(sources)
    with pytest.raises(ErreurFacturier, match="n’est pas un classeur lisible"):
        tableur.importer(fichier, sources)
    assert _tout(sources) == avant


def test_une_bombe_de_zip_est_arretee_avant_d_etre_ouverte(tmp_path: Path, sources: Path) -> None:
    fichier = tmp_path / "b.xlsx"
    with zipfile.ZipFile(fichier, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (60 * 1024 * 1024))
    with pytest.raises(ErreurFacturier, match="n’est pas un classeur lisible"):
        tableur.importer(fichier, sources)


def test_un_disque_qui_refuse_laisse_la_banque_d_avant(
    tmp_path: Path, sources: Path, octets: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def corriger(livre: Any) -> None:
        for rang in range(2, livre["Items"].max_row + 1, 9):
            case = _case(livre, "Items", "Fait", rang)
            case.value = f"{case.value}_bis"

    ecrits: list[Path] = []
    vrai = tableur.write_bytes

    def ecrire(fichier: Path, contenu_ecrit: bytes) -> None:
        ecrits.append(fichier)
        if len(ecrits) == 3:
            raise OSError(28, "No space left on device")
        vrai(fichier, contenu_ecrit)

    fichier = _retouche(octets, tmp_path / "b.xlsx", corriger)
    avant = _tout(sources)
    monkeypatch.setattr(tableur, "write_bytes", ecrire)
    with pytest.raises(ErreurFacturier, match="rien n’est importé"):
        tableur.importer(fichier, sources)
    assert len(ecrits) > 3
    assert _tout(sources) == avant


def test_la_ligne_de_commande_dit_ce_qu_elle_a_fait(
    tmp_path: Path, sources: Path, petit: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = tmp_path / "b.xlsx"
    assert executer(facturier, ["banque", "exporter", str(fichier), "--sources", str(sources)]) == 0
    assert "questions en" in capsys.readouterr().out
    assert executer(facturier, ["banque", "importer", str(fichier), "--sources", str(sources)]) == 0
    assert "rien n’a changé" in capsys.readouterr().out
    _retouche(petit, fichier, lambda livre: setattr(_case(livre, "Items", "Niveau", 5), "value", 9))
    assert executer(facturier, ["banque", "importer", str(fichier), "--sources", str(sources)]) == 1
    assert "ligne 5" in capsys.readouterr().err
    assert executer(facturier, ["banque", "importer", str(fichier), "--json", "--sources", str(sources)]) == 1
    assert '"erreurs"' in capsys.readouterr().out
    assert executer(facturier, ["banque", "importer", str(tmp_path / "absent.xlsx")]) == 2


MOTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(
    lambda t: t.strip() and "{{" not in t and "{%" not in t and "_x" not in t
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=MOTS, unite=MOTS, textes=st.lists(MOTS, min_size=2, max_size=4, unique_by=str.strip))
def test_tout_texte_revient_tel_qu_il_etait(question: str, unite: str, textes: list[str]) -> None:
    """Through TOML, then through a spreadsheet's cells."""
    item = {
        "id": "essai",
        "niveau": 1,
        "genre": "unique",
        "question": question,
        "sources": ["CCP D2192-2"],
        "fiabilite": "établi",
        "fait": unite,
        "choix": [{"texte": t, "juste": rang == 0, "retour": question} for rang, t in enumerate(textes)],
    }
    theme = lire_banque().themes[0]
    lu = tomllib.loads(en_toml(theme, [item]))
    assert lu["item"] == [item]
    _, gabarits = composer("essai", theme.code, lu, {"O1", "O2", "O3"})
    banque = Banque((theme,), gabarits, (), "")
    livre = load_workbook(io.BytesIO(tableur.classeur(banque)), read_only=True)
    ecrits = [[c.value for c in ligne] for ligne in livre["Réponses"].iter_rows(min_row=2)]
    assert [ligne[1] for ligne in ecrits] == textes
    assert next(livre["Items"].iter_rows(min_row=2))[4].value == question
