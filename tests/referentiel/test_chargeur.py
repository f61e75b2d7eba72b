"""The loader: what it accepts it gives back, what it refuses it names by file and line."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facturier.erreurs import ErreurFacturier
from facturier.referentiel.chargeur import ReferentielIllisible, cellules, charger, colonnes
from facturier.referentiel.lignes import LigneSourcee


@dataclass(frozen=True, kw_only=True)
class Bareme(LigneSourcee):
    """A table of every type, foreign to the package."""

    numero: int = field(metadata={"cle": True})
    libelle: str
    note: str = field(metadata={"facultatif": True})
    taux: Decimal
    plafond: Decimal | None
    rang: int | None
    ouvert: bool
    genre: Literal["simple", "de travaux"]
    codes: tuple[str, ...]


COLONNES = colonnes(Bareme)
NOMS = [c.nom for c in COLONNES]
VALIDE = {
    "numero": "1",
    "libelle": "Facture",
    "note": "",
    "taux": "10.40",
    "plafond": "",
    "rang": "3",
    "ouvert": "oui",
    "genre": "de travaux",
    "codes": "A1 A2",
    "source": "CCP",
    "fiabilite": "établi",
    "precision": "",
    "valide_du": "2026-01-01",
    "valide_au": "2026-06-30",
}


def ecrire(dossier: Path, lignes: list[dict[str, str]], entete: list[str] | None = None) -> Path:
    tampon = io.StringIO(newline="")
    entete = NOMS if entete is None else entete
    ecrivain = csv.writer(tampon, lineterminator="\n")
    ecrivain.writerow(entete)
    ecrivain.writerows([ligne.get(nom, "x") for nom in entete] for ligne in lignes)
    chemin = dossier / "bareme.csv"
    chemin.write_text(tampon.getvalue(), encoding="utf-8", newline="")
    return chemin


def refus(chemin: Path) -> str:
    with pytest.raises(ReferentielIllisible) as capture:
        charger(chemin, Bareme)
    phrase = capture.value.phrase
    assert isinstance(capture.value, ErreurFacturier)
    assert "bareme.csv" in phrase
    assert phrase.endswith(".")
    return phrase


def test_une_ligne_valide_est_lue_avec_ses_types(tmp_path: Path) -> None:
    (ligne,) = charger(ecrire(tmp_path, [VALIDE]), Bareme)
    assert ligne == Bareme(
        numero=1,
        libelle="Facture",
        note="",
        taux=Decimal("10.40"),
        plafond=None,
        rang=3,
        ouvert=True,
        genre="de travaux",
        codes=("A1", "A2"),
        source="CCP",
        fiabilite="établi",
        precision="",
        valide_du=date(2026, 1, 1),
        valide_au=date(2026, 6, 30),
    )


def test_un_debut_inconnu_est_ecrit_inconnu_et_jamais_laisse_vide(tmp_path: Path) -> None:
    (ligne,) = charger(ecrire(tmp_path, [VALIDE | {"valide_du": "inconnu", "valide_au": ""}]), Bareme)
    assert ligne.valide_du is None
    assert ligne.valide_au is None
    assert ligne.valide(date(1999, 1, 1))
    phrase = refus(ecrire(tmp_path, [VALIDE | {"valide_du": ""}]))
    assert "ligne 2" in phrase
    assert "valide_du" in phrase


def test_l_ordre_des_colonnes_est_libre(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, [VALIDE], entete=list(reversed(NOMS)))
    assert charger(chemin, Bareme) == charger(ecrire(tmp_path, [VALIDE]), Bareme)


@pytest.mark.parametrize(
    ("entete", "reproche"),
    [
        ([n for n in NOMS if n != "taux"], "« taux » manque"),
        ([*NOMS, "couleur"], "« couleur » est inconnue"),
        ([*NOMS, "taux"], "« taux » est écrite deux fois"),
        ([n.upper() for n in NOMS], "« numero » manque"),
        (["numero;libelle;taux"], "« numero » manque"),
    ],
)
def test_un_en_tete_faux_est_refuse(tmp_path: Path, entete: list[str], reproche: str) -> None:
    phrase = refus(ecrire(tmp_path, [VALIDE], entete)).replace("\u00a0", " ")
    assert reproche in phrase
    assert "ligne 1" in phrase


def test_une_table_vide_est_refusee(tmp_path: Path) -> None:
    chemin = tmp_path / "bareme.csv"
    chemin.write_bytes(b"")
    assert "ligne 1" in refus(chemin)


FAUX = [
    ("numero", "1.5"),
    ("numero", "un"),
    ("numero", ""),
    ("numero", "１"),
    ("libelle", ""),
    ("libelle", " Facture"),
    ("taux", "10,40"),
    ("taux", "10.40 %"),
    ("taux", "NaN"),
    ("taux", "1e3"),
    ("taux", ""),
    ("plafond", "beaucoup"),
    ("rang", "3,0"),
    ("ouvert", "Oui"),
    ("ouvert", "true"),
    ("ouvert", ""),
    ("genre", "de Travaux"),
    ("codes", "A1  A2"),
    ("codes", "A1 A1"),
    ("source", ""),
    ("fiabilite", "sûr"),
    ("fiabilite", "Établi"),
    ("valide_du", "01/01/2026"),
    ("valide_du", "2026-02-30"),
    ("valide_du", "20260101"),
    ("valide_du", "Inconnu"),
    ("valide_au", "inconnu"),
    ("valide_au", "2026-13-01"),
]


@pytest.mark.parametrize(("colonne", "cellule"), FAUX)
def test_une_valeur_du_mauvais_type_est_refusee(tmp_path: Path, colonne: str, cellule: str) -> None:
    phrase = refus(ecrire(tmp_path, [VALIDE, VALIDE | {"numero": "2", colonne: cellule}]))
    assert "ligne 3" in phrase
    assert f"«\u00a0{colonne}\u00a0»" in phrase


def test_une_fin_avant_le_debut_est_refusee(tmp_path: Path) -> None:
    phrase = refus(ecrire(tmp_path, [VALIDE | {"valide_au": "2025-12-31"}]))
    assert "ligne 2" in phrase
    assert "2025-12-31" in phrase
    assert "2026-01-01" in phrase


def test_une_cle_en_double_sur_la_meme_periode_est_refusee(tmp_path: Path) -> None:
    suite = VALIDE | {"valide_du": "2026-06-30", "valide_au": ""}
    phrase = refus(ecrire(tmp_path, [VALIDE, suite]))
    assert "ligne 3" in phrase
    assert "ligne 2" in phrase


def test_une_meme_cle_sur_deux_periodes_qui_se_suivent_est_admise(tmp_path: Path) -> None:
    suite = VALIDE | {"valide_du": "2026-07-01", "valide_au": "", "taux": "11"}
    avant, apres = charger(ecrire(tmp_path, [VALIDE, suite]), Bareme)
    assert (avant.taux, apres.taux) == (Decimal("10.40"), Decimal(11))
    assert [ligne.valide(date(2026, 6, 30)) for ligne in (avant, apres)] == [True, False]
    assert [ligne.valide(date(2026, 7, 1)) for ligne in (avant, apres)] == [False, True]


def test_une_ligne_trop_courte_ou_vide_est_refusee(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, [VALIDE])
    with chemin.open("a", encoding="utf-8") as sortie:
        sortie.write("2,Facture\n")
    assert "ligne 3" in refus(chemin)
    chemin = ecrire(tmp_path, [VALIDE])
    with chemin.open("a", encoding="utf-8") as sortie:
        sortie.write("\n")
    assert "ligne 3" in refus(chemin)


def test_des_guillemets_mal_places_sont_refuses(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, [VALIDE])
    with chemin.open("a", encoding="utf-8") as sortie:
        sortie.write('2,"Facture"x,,\n')
    assert "ligne 3" in refus(chemin)


def test_une_table_qui_n_est_pas_en_utf_8_est_refusee(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, [VALIDE, VALIDE | {"numero": "2"}])
    chemin.write_bytes(chemin.read_text(encoding="utf-8").encode("latin-1"))
    phrase = refus(chemin)
    assert "ligne 2" in phrase
    assert "UTF-8" in phrase


def test_la_marque_d_octets_des_tableurs_est_admise(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, [VALIDE])
    chemin.write_bytes(b"\xef\xbb\xbf" + chemin.read_bytes())
    assert len(charger(chemin, Bareme)) == 1


def test_une_cellule_sur_plusieurs_lignes_ne_decale_pas_le_numero_annonce(tmp_path: Path) -> None:
    longue = VALIDE | {"libelle": "Facture\nde travaux"}
    assert "ligne 4" in refus(ecrire(tmp_path, [longue, VALIDE | {"numero": "deux"}]))


def test_une_table_absente_ou_demesuree_est_refusee(tmp_path: Path) -> None:
    assert "lue" in refus(tmp_path / "bareme.csv")
    chemin = tmp_path / "bareme.csv"
    chemin.write_bytes(b"x" * (4 * 1024 * 1024 + 1))
    assert "Mio" in refus(chemin)


def test_un_contenu_long_est_abrege_dans_le_refus(tmp_path: Path) -> None:
    assert len(refus(ecrire(tmp_path, [VALIDE | {"numero": "z" * 10_000}]))) < 400


texte = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda t: t != "")
)
code = st.from_regex(r"[A-Z][0-9]{1,2}", fullmatch=True)
decimal = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False)
jour = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1))


@st.composite
def periodes(tirer: st.DrawFn) -> tuple[date | None, date | None]:
    a, b = sorted((tirer(jour), tirer(jour)))
    return tirer(st.sampled_from([a, None])), tirer(st.sampled_from([b, None]))


@st.composite
def baremes(tirer: st.DrawFn) -> Bareme:
    du, au = tirer(periodes())
    return Bareme(
        numero=tirer(st.integers(-(10**9), 10**9)),
        libelle=tirer(texte),
        note=tirer(st.just("") | texte),
        taux=tirer(decimal),
        plafond=tirer(st.none() | decimal),
        rang=tirer(st.none() | st.integers(0, 99)),
        ouvert=tirer(st.booleans()),
        genre=tirer(st.sampled_from(["simple", "de travaux"])),
        codes=tuple(tirer(st.lists(code, max_size=4, unique=True))),
        source=tirer(texte),
        fiabilite=tirer(st.sampled_from(["établi", "partiel", "à vérifier"])),
        precision=tirer(st.just("") | texte),
        valide_du=du,
        valide_au=au,
    )


lots = st.lists(baremes(), min_size=1, max_size=5, unique_by=lambda b: b.numero)


def cases(lignes: list[Bareme]) -> list[dict[str, str]]:
    return [cellules(ligne, COLONNES) for ligne in lignes]


@settings(max_examples=80, deadline=None)
@given(lots)
def test_toute_ligne_valide_se_relit_a_l_identique(lignes: list[Bareme]) -> None:
    with tempfile.TemporaryDirectory() as dossier:
        assert charger(ecrire(Path(dossier), cases(lignes)), Bareme) == tuple(lignes)


@settings(max_examples=120, deadline=None)
@given(lots, st.sampled_from(FAUX), st.data())
def test_toute_cellule_abimee_est_refusee_en_nommant_sa_ligne(
    lignes: list[Bareme], faux: tuple[str, str], donnees: st.DataObject
) -> None:
    rang = donnees.draw(st.integers(0, len(lignes) - 1))
    abimees = cases(lignes)
    abimees[rang][faux[0]] = faux[1]
    with tempfile.TemporaryDirectory() as dossier:
        phrase = refus(ecrire(Path(dossier), abimees))
    assert re.search(rf"ligne {rang + 2}\b", phrase)
    assert faux[0] in phrase


@settings(max_examples=150, deadline=None)
@given(baremes(), periodes(), periodes())
def test_une_meme_cle_n_est_admise_que_sur_des_periodes_disjointes(
    ligne: Bareme, une: tuple[date | None, date | None], autre: tuple[date | None, date | None]
) -> None:
    modele = cellules(ligne, COLONNES)
    lignes = [
        modele | {"valide_du": du.isoformat() if du else "inconnu", "valide_au": au.isoformat() if au else ""}
        for du, au in (une, autre)
    ]
    debut = max(une[0] or date.min, autre[0] or date.min)
    fin = min(une[1] or date.max, autre[1] or date.max)
    with tempfile.TemporaryDirectory() as dossier:
        chemin = ecrire(Path(dossier), lignes)
        if debut > fin:
            assert len(charger(chemin, Bareme)) == 2
        else:
            assert "déjà" in refus(chemin)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_des_octets_quelconques_ne_donnent_qu_un_refus(octets: bytes) -> None:
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "bareme.csv"
        chemin.write_bytes(octets)
        refus(chemin)
