"""The papers of a session, read back: who, when, hours actually done, results per objective; nothing is invented."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from facturier import session as sessions
from facturier.cli.commandes import facturier
from facturier.cli.documents import lire_resultats, pour_la_cle, produire
from facturier.documents.inscrits import Suivi, lire_emargements, lire_noms
from facturier.documents.seance import documents
from facturier.erreurs import ErreurFacturier
from facturier.session import Session

TOML = """
apprenants = ["lea", "samir", "odile"]

[session]
id = "essai-2026-12-03"
intitule = "CHORUS : factures électroniques avec ou sans maîtrise d’œuvre"
date = 2026-12-03
lieu = "Classe virtuelle"
formateur = "Ama Formatrice"
organisme = "Organisme d’essai"
nda = "11 99 00000 99"
contact = "contact@exemple.fr"
signataire = "Bruno Directeur"
"""
NOMS = """pseudonyme;prenom;nom;entreprise
lea;Léa;Martin;Nettoyage Propre-Exemple
samir;Samir;Benali;
odile;Odile;Perrin;
"""


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    chemin = tmp_path / "session.toml"
    chemin.write_text(TOML, encoding="utf-8")
    (tmp_path / "noms.csv").write_text(NOMS, encoding="utf-8")
    return chemin


@pytest.fixture
def session(fichier: Path) -> Session:
    return sessions.lire(fichier)


def texte(octets: bytes, tmp_path: Path) -> str:
    lu = tmp_path / "lu.pdf"
    lu.write_bytes(octets)
    pages = [page.extract_text() for page in PdfReader(lu).pages]
    return " ".join(" ".join(pages).replace("\u00a0", " ").replace("\u202f", " ").split())


def test_avant_la_seance_convocations_emargements_et_fiche_de_visioconference(
    session: Session, fichier: Path, tmp_path: Path
) -> None:
    faits = documents(session, lire_noms(fichier.with_name("noms.csv"), session))
    assert set(faits) == {
        "visioconference.pdf",
        "emargement-matin.pdf",
        "emargement-apres-midi.pdf",
        *(f"convocation-{qui}.pdf" for qui in ("lea", "samir", "odile")),
    }
    convocation = texte(faits["convocation-lea.pdf"], tmp_path)
    for dit in ("Léa MARTIN", "jeudi 3 décembre 2026", "9 h 00 à 12 h 30", "(7 heures)", "contact@exemple.fr"):
        assert dit in convocation
    assert "11 99 00000 99" in convocation
    assert "ne vaut pas agrément" in convocation
    feuille = texte(faits["emargement-matin.pdf"], tmp_path)
    assert all(nom in feuille for nom in ("Léa MARTIN", "Samir BENALI", "Odile PERRIN", "Signature"))
    assert "côte à côte" in texte(faits["visioconference.pdf"], tmp_path)


def test_apres_la_seance_les_heures_sont_celles_des_feuilles_et_les_resultats_ceux_des_quiz(
    session: Session, fichier: Path, tmp_path: Path
) -> None:
    feuilles = tmp_path / "emargements.csv"
    feuilles.write_text("pseudonyme;matin;apres_midi\nlea;3,5;3\nsamir;0;0\n", encoding="utf-8")
    heures = lire_emargements(feuilles, session)
    parts = {"O1": (Decimal(40), Decimal(80)), "O2": (None, Decimal(100))}
    suivis = {qui: Suivi(faites, parts) for qui, faites in heures.items()}
    faits = documents(session, lire_noms(fichier.with_name("noms.csv"), session), suivis)
    apres = {nom for nom in faits if nom.startswith(("assiduite", "realisation", "attestation"))}
    assert apres == {"assiduite-lea.pdf", "realisation-lea.pdf", "attestation-lea.pdf"}, (
        "un absent n’a pas d’attestation"
    )
    assert "Durée suivie : 6,5 heures" in texte(faits["assiduite-lea.pdf"], tmp_path)
    certificat = texte(faits["realisation-lea.pdf"], tmp_path)
    for dit in ("Bruno Directeur", "Organisme d’essai", "Léa MARTIN", "action de formation", "6,5 heures", "trois ans"):
        assert dit in certificat
    attestation = texte(faits["attestation-lea.pdf"], tmp_path)
    for dit in ("40 %", "80 %", "non répondu", "100 %"):
        assert dit in attestation


def test_les_memes_donnees_donnent_les_memes_octets_et_les_gros_caracteres_sont_plus_longs(
    session: Session, fichier: Path
) -> None:
    noms = lire_noms(fichier.with_name("noms.csv"), session)
    assert documents(session, noms) == documents(session, noms)
    assert documents(session, noms, gros=True) != documents(session, noms)


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        ("pseudonyme;prenom;nom\nlea;Léa;Martin\n", "« samir » manque"),
        ("pseudonyme;prenom;nom\nzoe;Zoé;X\n" + NOMS.partition("\n")[2], "« zoe » n’est pas dans la session"),
        ("prenom;nom\nLéa;Martin\n", "colonne « pseudonyme »"),
        ("", "colonne « pseudonyme »"),
    ],
)
def test_une_liste_de_noms_fausse_se_dit(session: Session, tmp_path: Path, contenu: str, dit: str) -> None:
    chemin = tmp_path / "noms.csv"
    chemin.write_text(contenu, encoding="utf-8")
    with pytest.raises(ErreurFacturier, match=dit.replace(" ", r"\s")):
        lire_noms(chemin, session)


@pytest.mark.parametrize("heures", ["4;0", "-1;0", "abc;0"])
def test_des_heures_impossibles_se_disent_avec_leur_ligne(session: Session, tmp_path: Path, heures: str) -> None:
    chemin = tmp_path / "e.csv"
    chemin.write_text(f"pseudonyme;matin;apres_midi\nlea;{heures}\n", encoding="utf-8")
    with pytest.raises(ErreurFacturier, match="ligne 2, colonne"):
        lire_emargements(chemin, session)


def test_la_commande_fait_tout_d_un_coup_ou_rien(fichier: Path, tmp_path: Path) -> None:
    resultats = tmp_path / "resultats_detail.json"
    moments = {"entree": {"points": 1, "sur": 4}, "sortie": {"points": None, "sur": 4}}
    resultats.write_text(json.dumps({"apprenants": [{"id": "lea", "objectifs": {"O1": moments}}]}), encoding="utf-8")
    assert lire_resultats(resultats) == {"lea": {"O1": (Decimal(25), None)}}
    sortie = tmp_path / "sortie"
    noms, remarques = produire(fichier, fichier.with_name("noms.csv"), None, resultats, sortie)
    assert len(remarques) == 1, "le fichier de session tait l’adresse et le référent"
    assert "adresse" in remarques[0]
    assert "contact" not in remarques[0]
    faits = {f.name for f in sortie.iterdir()}
    assert faits == set(noms)
    assert len(faits) == 6 + 4
    assert {"guide-formateur.pdf", "guide-apprenant.pdf", "satisfaction-papier.pdf", "fiche-methode.pdf"} <= faits
    resultats.write_text("[]", encoding="utf-8")
    refus = ["documents", str(fichier), "--noms", str(fichier.with_name("noms.csv")), "--resultats", str(resultats)]
    fait = CliRunner().invoke(facturier, [*refus, "--sortie", str(tmp_path / "rien")])
    assert fait.exit_code
    assert not (tmp_path / "rien").exists()


def test_les_resultats_portent_le_prenom_saisi_et_l_attestation_est_au_pseudonyme(
    fichier: Path, tmp_path: Path
) -> None:
    resultats, feuilles, sortie = (tmp_path / nom for nom in ("detail.json", "emargements.csv", "sortie"))
    moments = {"entree": {"points": 1, "sur": 4}, "sortie": {"points": 3, "sur": 4}}
    copies = [{"id": qui, "objectifs": {"O1": moments}} for qui in ("Léa", "Samir BENALI", "Zoé")]
    resultats.write_text(json.dumps({"apprenants": copies}), encoding="utf-8")
    feuilles.write_text("pseudonyme;matin;apres_midi\nlea;3,5;3,5\nsamir;3,5;0\nodile;3,5;3,5\n", encoding="utf-8")
    _, remarques = produire(fichier, fichier.with_name("noms.csv"), feuilles, resultats, sortie)
    for qui in ("lea", "samir"):
        dite = texte((sortie / f"attestation-{qui}.pdf").read_bytes(), tmp_path)
        assert "25 % 75 %" in dite
        assert "non répondu" in dite
    odile = texte((sortie / "attestation-odile.pdf").read_bytes(), tmp_path)
    assert odile.count("non évalué") == 6
    assert "non répondu" not in odile, "personne n’a laissé de question vide : rien n’a été noté"
    dit = " ".join(remarques)
    assert "Zoé" in dit
    assert "Odile PERRIN" in dit
    assert "Léa" not in dit


def test_le_signataire_et_sa_qualite_sont_une_incise(fichier: Path, tmp_path: Path) -> None:
    fichier.write_text(TOML.replace("Bruno Directeur", "Bruno Petit, directeur"), encoding="utf-8")
    seance = sessions.lire(fichier)
    faits = documents(
        seance, lire_noms(fichier.with_name("noms.csv"), seance), {"lea": Suivi((Decimal("3.5"), Decimal("3.5")))}
    )
    for papier in ("assiduite-lea.pdf", "attestation-lea.pdf"):
        assert "Bruno Petit, directeur, atteste que Léa MARTIN" in texte(faits[papier], tmp_path)
    assert "Fait à" in texte(faits["realisation-lea.pdf"], tmp_path)


def test_une_attestation_elide_devant_une_voyelle(session: Session, fichier: Path, tmp_path: Path) -> None:
    fichier.with_name("noms.csv").write_text(NOMS.replace("odile;Odile", "odile;Éva"), encoding="utf-8")
    suivis = {"odile": Suivi((Decimal(3), Decimal(3)))}
    faits = documents(session, lire_noms(fichier.with_name("noms.csv"), session), suivis)
    for papier in ("assiduite-odile.pdf", "attestation-odile.pdf"):
        assert "atteste qu’Éva PERRIN" in texte(faits[papier], tmp_path)


@pytest.mark.parametrize(
    ("lieu", "appel", "a_distance"),
    [("Lyon, salle 3", "", False), ("Lyon et en ligne", "", True), ("Lyon", "https://visio.exemple.fr/x", True)],
)
def test_sur_place_ni_micro_ni_fiche_de_visioconference(
    fichier: Path, tmp_path: Path, lieu: str, appel: str, a_distance: bool
) -> None:
    dit = f'lieu = "{lieu}"' + (f'\nvisioconference = "{appel}"' if appel else "")
    fichier.write_text(TOML.replace('lieu = "Classe virtuelle"', dit), encoding="utf-8")
    seance = sessions.lire(fichier)
    faits = documents(seance, lire_noms(fichier.with_name("noms.csv"), seance))
    assert ("visioconference.pdf" in faits) is a_distance
    assert ("visioconference.pdf" in pour_la_cle(fichier)) is a_distance
    assert ("un micro" in texte(faits["convocation-lea.pdf"], tmp_path)) is a_distance


def test_la_cle_porte_le_guide_de_l_apprenant_et_la_fiche_de_visioconference(fichier: Path, tmp_path: Path) -> None:
    sur_la_cle = pour_la_cle(fichier)
    assert set(sur_la_cle) == {"guide-apprenant.pdf", "visioconference.pdf", "fiche-methode.pdf"}
    assert "Rejoindre depuis le navigateur" in texte(sur_la_cle["visioconference.pdf"], tmp_path)
