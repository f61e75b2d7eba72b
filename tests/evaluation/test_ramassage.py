"""Returned work: folders and zips of every kind, whose they are, and what is refused in a sentence."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from facturier.erreurs import ErreurFacturier
from facturier.evaluation import archives, ramassage
from facturier.evaluation.apprenants import lire_liste
from facturier.evaluation.bareme import Bareme, baremes
from facturier.evaluation.carnets_rendus import objet_json
from facturier.evaluation.identites import cle_nbgrader, cles, identifiant
from facturier.evaluation.lecture import canonique
from facturier.evaluation.ramassage import Rendu, deposer, laisses_de_cote, ramasser
from facturier.evaluation.reponses import Reponse, ecrire_annexe
from facturier.formulaires.rendu import Rendu as Travail

BAREMES = baremes()


def _carnet(slug: str = "quiz_entree", **autres: Any) -> bytes:
    carnet = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"facturier": {"carnet": f"{slug}/exercices"}},
        "cells": [],
    }
    return json.dumps({**carnet, **autres}).encode()


def _zip(chemin: Path, fichiers: dict[str, bytes]) -> Path:
    chemin.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, octets in fichiers.items():
            archive.writestr(zipfile.ZipInfo(nom) if "\\" in nom else nom, octets)
    return chemin


def _seul(dossier: Path, connus: dict[str, Bareme] | None = None) -> Rendu:
    (rendu,) = ramasser(dossier, connus or BAREMES, None)
    return rendu


def _reponse(quand: str = "2026-11-24T10:00:00+01:00", valeur: str = "x") -> Reponse:
    return Reponse("quiz_entree/exercices", "quiz_entree", {"i": valeur}, (), f"l-{quand}", 1, quand)


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("rendu-alice-1a2b3c4d.zip", "alice"),
        ("rendu-alice-1a2b3c4d (1).zip", "alice"),
        ("Rendu_Alice Martin.ZIP", "Alice Martin"),
        ("alice - Copie", "alice"),
        ("Dupont, Éloïse", "Dupont, Éloïse"),
        ("rendu-.zip", "rendu-"),
        ("jean-paul", "jean-paul"),
    ],
)
def test_lapprenant_est_nomme_par_son_rendu(nom: str, attendu: str) -> None:
    assert identifiant(nom) == attendu


def test_la_cle_de_nbgrader_na_rien_quun_motif_ou_un_chemin_lirait() -> None:
    assert cle_nbgrader("Dupont, Éloïse [*] ../x") == "dupont-eloise-x"
    assert cle_nbgrader("小明") == "apprenant"


def test_un_zip_fait_sous_windows_ou_macos_est_lu(tmp_path: Path) -> None:
    _zip(
        tmp_path / "rendu-alice-1a2b3c4d.zip",
        {
            "Mes cours\\release\\quiz_entree\\exercices (1).ipynb": _carnet(),
            "__MACOSX/._exercices.ipynb": b"\x00",
            ".DS_Store": b"\x00",
            "desktop.ini": b"x",
            "release/quiz_entree/.ipynb_checkpoints/exercices-checkpoint.ipynb": _carnet(),
            "release/quiz_entree/enonces.json": b"{}",
        },
    )
    rendu = _seul(tmp_path)
    assert (rendu.id, set(rendu.devoirs), rendu.problemes, rendu.remarques) == ("alice", {"quiz_entree"}, [], [])


def test_une_archive_hostile_est_refusee_en_une_phrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lien = zipfile.ZipInfo("lien.ipynb")
    lien.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../evasion.ipynb", _carnet())
        archive.writestr("/etc/passwd.json", b"{}")
        archive.writestr("C:/Users/x.ipynb", _carnet())
        archive.writestr(lien, "/etc/passwd")
    rendu = _seul(tmp_path)
    assert not rendu.devoirs
    assert sum("sort du dossier rendu" in p for p in rendu.problemes) == 3
    assert any("est un lien" in p for p in rendu.problemes)
    monkeypatch.setattr("facturier.archives.OCTETS_SANS_RAPPORT", 1000)
    (tmp_path / "a.zip").unlink()
    _zip(tmp_path / "bombe.zip", {"exercices.ipynb": b" " * 2_000_000})
    assert "comprimé de façon anormale" in _seul(tmp_path).problemes[0]
    (tmp_path / "bombe.zip").unlink()
    _zip(tmp_path / "foule.zip", {f"{i}.json": b"" for i in range(archives.FICHIERS_MAX + 1)})
    assert "plus de 500 fichiers" in _seul(tmp_path).problemes[0]
    (tmp_path / "foule.zip").unlink()
    monkeypatch.setattr(archives, "OCTETS_FICHIER_MAX", 1000)
    _zip(tmp_path / "gros.zip", {"exercices.ipynb": b"{" * 1001})
    assert "dépasse" in _seul(tmp_path).problemes[0]


def test_un_zip_a_mot_de_passe_ou_abime_est_dit(tmp_path: Path) -> None:
    chemin = _zip(tmp_path / "secret.zip", {"exercices.ipynb": _carnet()})
    octets = bytearray(chemin.read_bytes())
    octets[octets.index(b"PK\x01\x02") + 8] |= 1  # « encrypted », in the central directory
    chemin.write_bytes(octets)
    assert "mot de passe" in _seul(tmp_path).problemes[0]
    chemin.write_bytes(octets[:40])
    assert "abîmée" in _seul(tmp_path).problemes[0]


def test_un_carnet_seul_ou_une_autre_archive_ne_sont_pas_perdus_en_silence(tmp_path: Path) -> None:
    (tmp_path / "alice.ipynb").write_bytes(_carnet())
    (tmp_path / "bob.tar.gz").write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("x")
    alice, bob = ramasser(tmp_path, BAREMES, None)
    assert (alice.id, set(alice.devoirs)) == ("alice", {"quiz_entree"})
    assert (bob.id, bob.devoirs) == ("bob", {})
    assert "n’est pas un zip" in bob.problemes[0]


def test_un_lien_dans_un_dossier_rendu_nest_pas_suivi(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(_carnet())
    rendus = tmp_path / "rendus"
    (rendus / "alice").mkdir(parents=True)
    (rendus / "alice" / "exercices.ipynb").symlink_to(secret)
    (rendus / "alice" / "dossier").symlink_to(tmp_path)
    (rendus / "bob").symlink_to(tmp_path)
    rendu = _seul(rendus)
    assert not rendu.devoirs
    assert sum("est un lien" in p for p in rendu.problemes) == 2


def test_un_zip_laisse_tel_quel_dans_un_dossier_est_lu(tmp_path: Path) -> None:
    _zip(tmp_path / "rendus/Élodie Petit/message du 24/rendu.zip", {"quiz_entree/exercices.ipynb": _carnet()})
    (tmp_path / "rendus/Élodie Petit/Bonjour.docx").write_bytes(b"PK")
    rendu = _seul(tmp_path / "rendus")
    assert (rendu.id, set(rendu.devoirs), rendu.problemes) == ("Élodie Petit", {"quiz_entree"}, [])


def test_une_archive_abimee_trop_profonde_ou_trop_grosse_dans_un_dossier_est_dite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = tmp_path / "rendus/alice"
    seconde = _zip(tmp_path / "seconde.zip", {"exercices.ipynb": _carnet()}).read_bytes()
    premiere = _zip(tmp_path / "premiere.zip", {"seconde.zip": seconde, "trois.rar": b"x"}).read_bytes()
    _zip(alice / "envoi.zip", {"premiere.zip": premiere})
    (alice / "casse.zip").write_bytes(premiere[:50])
    rendu = _seul(tmp_path / "rendus")
    assert not rendu.devoirs
    for mots in ("archive dans une archive", "casse.zip\u00a0» est abîmée"):
        assert any(mots in p for p in rendu.problemes), rendu.problemes
    monkeypatch.setattr(archives, "FICHIERS_MAX", 2)
    assert any("plus de 2 fichiers" in p for p in _seul(tmp_path / "rendus").problemes)


def test_un_dossier_qui_reunit_plusieurs_apprenants_est_dit(tmp_path: Path) -> None:
    for nom in ("ama", "bruno"):
        contenu = {"quiz_entree/exercices.ipynb": _carnet(), "recu.json": json.dumps({"prenom": nom}).encode()}
        _zip(tmp_path / f"rendus/courriels/rendu-{nom}.zip", contenu)
    rendu = _seul(tmp_path / "rendus")
    assert rendu.id == "courriels"
    assert any("plusieurs apprenants (ama, bruno)" in p for p in rendu.problemes)


def test_ce_qui_nest_pas_un_rendu_est_nomme(tmp_path: Path) -> None:
    for nom in ("Gwen.docx", "photo.png", "apprenants.csv", ".DS_Store", "~$Gwen.docx", "Thumbs.db", "ama.ipynb"):
        (tmp_path / nom).write_bytes(b"x")
    assert laisses_de_cote(tmp_path) == ["Gwen.docx", "photo.png"]
    (tmp_path / "elsa").mkdir()
    (tmp_path / "elsa/devoir.docx").write_bytes(b"x")
    elsa = next(r for r in ramasser(tmp_path, BAREMES, None) if r.id == "elsa")
    assert "on y trouve « devoir.docx »" in elsa.problemes[0].replace("\u00a0", " ")


def test_deux_envois_du_meme_fichier_ne_font_pas_de_bruit(tmp_path: Path) -> None:
    for nom in ("rendu-ama-1a2b3c4d.zip", "rendu-ama-1a2b3c4d (1).zip"):
        _zip(tmp_path / nom, {"quiz_entree/exercices.ipynb": _carnet()})
    rendu = _seul(tmp_path)
    assert (rendu.id, rendu.problemes, rendu.remarques) == ("ama", [], [])


@pytest.mark.parametrize("sorte", ["absent", "vide", "fichiers seulement"])
def test_un_dossier_sans_rendu_est_refuse_en_une_phrase(tmp_path: Path, sorte: str) -> None:
    dossier = tmp_path / "rendus"
    if sorte != "absent":
        dossier.mkdir()
    if sorte == "fichiers seulement":
        (dossier / "notes.txt").write_text("x")
    with pytest.raises(ErreurFacturier, match="introuvable" if sorte == "absent" else "est vide"):
        ramasser(dossier, BAREMES, None)


def test_un_recu_nomme_son_auteur_mais_pas_un_autre(tmp_path: Path) -> None:
    for nom, recu in (("poste-3", "alice"), ("bob", "bob"), ("mallory", "bob"), ("eve", "../bob")):
        _zip(
            tmp_path / f"{nom}.zip", {"exercices.ipynb": _carnet(), "recu.json": json.dumps({"prenom": recu}).encode()}
        )
    rendus = {r.id: r for r in ramasser(tmp_path, BAREMES, None)}
    assert set(rendus) == {"alice", "bob", "mallory", "eve"}
    assert any("déjà pris" in p for p in rendus["mallory"].problemes)


def test_une_archive_renommee_garde_son_auteur_par_le_recu_que_le_kit_ecrit(tmp_path: Path) -> None:
    (tmp_path / "release/quiz_entree").mkdir(parents=True)
    (tmp_path / "release/quiz_entree/exercices.ipynb").write_bytes(_carnet())
    for prenom, nom in (("Éloïse", "poste-3.zip"), ("Camille", "rendu-camille-1a2b3c4d.zip")):
        (tmp_path / "recus").mkdir(exist_ok=True)
        Travail(tmp_path).rendre(prenom).fichier.rename(tmp_path / "recus" / nom)
    rendus = ramasser(tmp_path / "recus", BAREMES, None)
    assert [(r.id, r.problemes) for r in rendus] == [("camille", []), ("Éloïse", [])]


def test_la_liste_dit_les_absents_et_rapproche_les_noms(tmp_path: Path) -> None:
    _zip(tmp_path / "rendu-eloise-petit-1a2b3c4d.zip", {"exercices.ipynb": _carnet()})
    _zip(tmp_path / "inconnu.zip", {"exercices.ipynb": _carnet()})
    rendus = {r.id: r for r in ramasser(tmp_path, BAREMES, ["Éloïse Petit", "zoe"])}
    assert [rendus[i].recu for i in ("Éloïse Petit", "zoe", "inconnu")] == [True, False, True]
    assert any("ne figure pas" in r for r in rendus["inconnu"].remarques)


def test_deux_copies_du_meme_carnet_la_plus_recente_est_notee_et_rien_ne_se_perd(tmp_path: Path) -> None:
    from facturier.evaluation.reponses import MIME

    def avec(reponse: Reponse) -> bytes:
        sortie = {"output_type": "display_data", "data": {MIME: reponse.en_json()}, "metadata": {}}
        cellule = {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "source": "",
            "outputs": [sortie],
            "execution_count": None,
        }
        return _carnet(cells=[cellule])

    alice = tmp_path / "alice"
    alice.mkdir()
    (alice / "exercices.ipynb").write_bytes(avec(_reponse("2026-11-24T09:00:00+01:00", "ancienne")))
    (alice / "exercices (1).ipynb").write_bytes(avec(_reponse("2026-11-24T11:00:00+01:00", "recente")))
    rendu = _seul(tmp_path)
    devoir = rendu.devoirs["quiz_entree"]
    assert devoir.carnet is not None
    assert b"recente" in devoir.carnet
    assert devoir.annexe["quiz_entree"].valeurs == {"i": "ancienne"}
    assert any("« exercices (1).ipynb », la plus récente" in r for r in rendu.remarques)


def test_un_carnet_perdu_est_remplace_par_un_vierge_et_ses_reponses_gardees(tmp_path: Path) -> None:
    annexe = tmp_path / "rendus" / "alice" / "quiz_entree" / "reponses" / "exercices (2).json"
    ecrire_annexe(annexe, "quiz_entree/exercices", {"quiz_entree": _reponse()})
    rendu = _seul(tmp_path / "rendus")
    assert any("sont reprises" in p for p in rendu.devoirs["quiz_entree"].problemes)
    assert deposer(rendu, tmp_path / "soumis", lambda slug: _carnet(slug)) == ["quiz_entree"]
    pose = tmp_path / "soumis" / "alice" / "quiz_entree"
    assert (pose / "exercices.ipynb").read_bytes() == _carnet()
    assert (pose / "reponses" / "exercices.json").is_file()
    assert (pose / "reponses" / "ramassage.json").is_file()


@pytest.mark.parametrize(
    "octets", [b"", b"[]", b"null", b'{"nbformat": "4"}', b"\xff\xfe", b"[" * 10_000, b'{"nbformat": NaN}']
)
def test_un_fichier_qui_nest_pas_un_carnet_est_dit_illisible(tmp_path: Path, octets: bytes) -> None:
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "exercices.ipynb").write_bytes(octets)
    assert any("illisible" in p for p in _seul(tmp_path).problemes)


@pytest.mark.parametrize(
    "cells",
    [None, {}, [1], [{"cell_type": "code"}], [{"cell_type": "code", "metadata": [], "source": 3, "outputs": {}}]],
)
def test_un_carnet_mal_forme_ne_fait_rien_tomber(tmp_path: Path, cells: object) -> None:
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "exercices.ipynb").write_bytes(_carnet(cells=cells))
    devoir = _seul(tmp_path).devoirs["quiz_entree"]
    assert not devoir.exploitable or devoir.carnet is not None


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (b"id;prenom\na;Ana\nb;Bob\n", ("a", "b")),
        ("\ufeffprénom,ID\nAna,a\n\nBob,b\n".encode(), ("a", "b")),
        ("\ufeffPrénom;Nom\r\nAna;Roux\r\n".encode(), ("Ana",)),
        (b'id;prenom\r\n"Dupont, E";E\r\n', ("Dupont, E",)),
    ],
)
def test_une_liste_dapprenants_est_lue(tmp_path: Path, octets: bytes, attendu: tuple[str, ...]) -> None:
    (tmp_path / "classe.csv").write_bytes(octets)
    assert lire_liste(tmp_path / "classe.csv") == attendu


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        ("id;prenom\na;Éloïse\n".encode("cp1252"), "n’est pas en UTF-8"),
        (b"", "est vide"),
        (b"nom;ville\na;b\n", "pas de colonne"),
        (b"id;prenom\n;Ana\n", "ligne 2"),
        (b"id\n" + b"z" * 81, "trop long"),
        (b"id\na\x1b[2Jb\n", "illisible à la ligne 2"),
        (b"id;prenom\na;Ana\na;Bob\n", "lignes 2 et 3"),
        (None, "ne peut pas être lue"),
    ],
)
def test_une_liste_fautive_est_refusee_en_une_phrase(tmp_path: Path, octets: bytes | None, phrase: str) -> None:
    if octets is not None:
        (tmp_path / "classe.csv").write_bytes(octets)
    with pytest.raises(ErreurFacturier, match=phrase):
        lire_liste(tmp_path / "classe.csv")


def test_une_archive_qui_annonce_des_milliers_de_fichiers_nest_pas_ouverte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "foule.zip").write_bytes(b"PK\x01\x02" * 2_000_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "plus de 500 fichiers" in _seul(tmp_path).problemes[0]


def test_deux_envois_du_meme_nom_sans_rien_en_commun_sont_signales(tmp_path: Path) -> None:
    def annexe(reponse: Reponse) -> dict[str, bytes]:
        contenu = {"schema": 1, "carnet": reponse.carnet, "formulaires": {reponse.formulaire: reponse.en_json()}}
        slug = reponse.carnet.split("/")[0]
        return {f"release/{slug}/reponses/exercices.json": json.dumps(contenu).encode()}

    sienne = _reponse()
    suite = Reponse(**{**vars(sienne), "lignee": f"{sienne.lignee}.1-ab", "revision": 2})
    autre = Reponse("quiz_sortie/exercices", "quiz_sortie", {"i": "y"}, (), "voisin", 1, sienne.horodatage)
    _zip(tmp_path / "rendu-marie-11111111.zip", annexe(sienne))
    _zip(tmp_path / "rendu-marie-22222222.zip", annexe(suite))
    assert not any("deux personnes" in p for p in _seul(tmp_path).problemes)
    _zip(tmp_path / "rendu-marie-33333333.zip", annexe(autre))
    assert any("deux personnes" in p for p in _seul(tmp_path).problemes)


def test_chaque_apprenant_a_sa_cle_et_aucune_nest_un_nom_reserve() -> None:
    attribuees = cles(["Élodie", "elodie", "elodie-2", "CON", "con", "lpt1", "../x", "日本", "日"])
    assert len(set(attribuees.values())) == len(attribuees)
    assert not {"con", "lpt1"} & set(attribuees.values())
    assert all(c.replace("-", "").replace("_", "").isalnum() and c.isascii() for c in attribuees.values())


@pytest.mark.parametrize(
    "fin", [b'"', b'"' + b'\\"' * 1_000_000, b"[" * 3_000_000, b'"",' * 700_000, b"0," * 1_000_001]
)
def test_un_json_demesure_est_refuse_avant_detre_lu(monkeypatch: pytest.MonkeyPatch, fin: bytes) -> None:
    from facturier.evaluation import carnets_rendus

    octets = b'{"nbformat": 4, "cells": [' + fin
    if len(octets) > 2_000_000 and b"\\" not in octets:
        monkeypatch.setattr(carnets_rendus.json, "loads", None)
    assert objet_json(octets) is None


def test_un_envoi_modifie_apres_son_recu_est_signale(tmp_path: Path) -> None:
    carnet = _carnet()
    citees = {"quiz_entree": {"quiz_entree": "0123456789abcdef"}}
    recu = {
        "recu": hashlib.sha256(canonique(citees)).hexdigest()[:12],
        "reponses": citees,
        "fichiers": {"release/quiz_entree/exercices.ipynb": hashlib.sha256(carnet).hexdigest()},
    }

    def problemes(recu: dict[str, Any], octets: bytes | None) -> list[str]:
        fichiers = {"x/recu.json": json.dumps(recu).encode()}
        if octets is not None:
            fichiers["x/release/quiz_entree/exercices.ipynb"] = octets
        _zip(tmp_path / "rendus" / "alice.zip", fichiers)
        return _seul(tmp_path / "rendus").problemes

    assert problemes(recu, carnet) == []
    assert "Modifié ou retiré" in problemes(recu, carnet + b" ")[0]
    assert "Modifié ou retiré" in problemes(recu, None)[0]
    assert "numéro du reçu" in problemes({**recu, "recu": "0" * 12}, carnet)[0]
    assert "numéro du reçu" in problemes({**recu, "reponses": {"\ud800": {}}}, carnet)[0]
    assert problemes({"recu": 1, "fichiers": [], "prenom": {}}, carnet) == []


@pytest.mark.parametrize("nom", ["x/c:evade.json", "😀" * 90 + ".json", "con.json", "a\x00b.json", "..json", "."])
def test_le_nom_dune_annexe_nest_jamais_un_chemin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nom: str) -> None:
    ecrits: list[str] = []
    vrai = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda p, o: (ecrits.append(p.name), vrai(p, o))[1])
    contenu = {"schema": 1, "carnet": "quiz_entree/exercices", "formulaires": {"quiz_entree": _reponse().en_json()}}
    _zip(tmp_path / "alice.zip", {"ex.ipynb": _carnet(), nom: json.dumps(contenu).encode()})
    rendu = _seul(tmp_path)
    assert rendu.devoirs["quiz_entree"].exploitable
    assert all(len(n.encode()) < 70 and not set(n) & set(":/\\") for n in ecrits)


def test_une_panne_de_lecture_ne_touche_que_son_auteur(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lire(nom: str, octets: bytes) -> None:
        raise MemoryError

    _zip(tmp_path / "alice.zip", {"reponses/quiz_entree.json": b"{}"})
    _zip(tmp_path / "bob.zip", {"ex.ipynb": _carnet()})
    monkeypatch.setattr(ramassage, "lire_carnet", lire)
    alice, bob = ramasser(tmp_path, BAREMES, None)
    assert "n’a pas pu être lu" in bob.problemes[0]
    assert not any("n’a pas pu être lu" in p for p in alice.problemes)


def _de_la_cle(fichier: Path, chapitre: str, lignee: str, valeur: str = "x") -> None:
    carnet = f"{chapitre}/exercices"
    reponse = Reponse(carnet, chapitre, {"i": valeur}, (), lignee, 1, "2026-11-24T10:00:00+01:00")
    ecrire_annexe(fichier, carnet, {chapitre: reponse})


@pytest.mark.parametrize("range_dans", ["", "Eva"])
def test_les_fichiers_de_la_cle_un_par_exercice_ne_demandent_aucune_relecture(tmp_path: Path, range_dans: str) -> None:
    dossier = tmp_path / range_dans
    dossier.mkdir(exist_ok=True)
    for rang, chapitre in enumerate(("quiz_entree", "quiz_sortie", "echeances")):
        _de_la_cle(dossier / f"rendu-eva-{rang}8540cd9.json", chapitre, f"page{rang}")
    eva = _seul(tmp_path)
    assert set(eva.devoirs) == {"quiz_entree", "quiz_sortie", "echeances"}
    assert eva.problemes == []
    assert [d.problemes for d in eva.devoirs.values()] == [[], [], []]


def test_deux_fichiers_de_la_cle_pour_le_meme_exercice_peuvent_etre_de_deux_personnes(tmp_path: Path) -> None:
    for rang, valeur in enumerate("xy"):
        _de_la_cle(tmp_path / f"rendu-eva-{rang}8540cd9.json", "quiz_entree", f"page{rang}", valeur)
    assert any("deux personnes" in probleme for probleme in _seul(tmp_path).problemes)
