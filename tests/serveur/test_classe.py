"""The class without HTTP: joining, acting, seeing, and what survives."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from classe_essai import COMMUNE, ELECTRICIEN, Horloge, facture
from fastapi.testclient import TestClient

from facturier.portail import Acteur, Annuaire, Portail, RefusPortail
from facturier.registre import RegistreClasse, RegistreRefuse
from facturier.serveur import Animateurs, Animation, Classe, RefusClasse
from facturier.serveur.application import creer
from facturier.serveur.classe import Inscription
from facturier.serveur.presences import sejours

FOURNISSEUR = Acteur("fournisseur", ELECTRICIEN)
COUVREUR = Acteur("fournisseur", "99990014500015")


@pytest.fixture(params=["sqlite", "postgresql"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'classe.sqlite'}"
    return str(request.getfixturevalue("base_postgresql"))


@pytest.fixture
def classe(base: str, ouvrir: Callable[[str], Classe]) -> Classe:
    return ouvrir(base)


def entrer(classe: Classe, *prenoms: str) -> list[Inscription]:
    return [classe.rejoindre(classe.code, prenom) for prenom in prenoms]


def deposer(classe: Classe, qui: Inscription, numero: str = "FA-1", cle: str = "") -> dict[str, object]:
    lui = qui.participant
    return classe.faire(lui, lui.solo, FOURNISSEUR, "deposer", "", facture(numero), cle=cle)


def test_qui_rejoint_recoit_un_jeton_une_fois_et_depose_seul(classe: Classe) -> None:
    (lea,) = entrer(classe, "Léa")
    assert lea.participant.pseudonyme == "lea"
    assert len(lea.jeton) >= 43, "256 bits"
    assert lea.jeton not in repr(classe.registre.participants())
    fait = deposer(classe, lea)
    assert fait["objet"] == "P0001"
    journal = classe.lire(lea.participant, "solo-lea", lambda p: p.journal)
    assert journal[0]["par"] == "lea"
    assert classe.identifier(lea.jeton).pseudonyme == "lea"


def test_le_formateur_fixe_le_jour_d_un_changement_annonce_pour_toute_la_classe(
    base: str, annuaire: Annuaire, horloge: Horloge
) -> None:
    bascules = {"arret-recyclage": "2026-11-25"}
    classe = Classe(RegistreClasse(base), annuaire, horloge=horloge, bascules=bascules)
    try:
        (lea,) = entrer(classe, "Léa")
        assert classe.lire(lea.participant, "solo-lea", lambda p: p.ouverture.bascules) == bascules
    finally:
        classe.fermer()
    rouverte = Classe(RegistreClasse(base), annuaire, horloge=horloge)  # what was opened so stays so
    try:
        assert rouverte.espace("solo-lea").ouverture.bascules == bascules
    finally:
        rouverte.fermer()


@pytest.mark.parametrize("prenom", ["", "L", "1", "@@@", "système", "Animateur", "simule", "x" * 41, "李雷"])
def test_un_prenom_impossible_est_refuse(classe: Classe, prenom: str) -> None:
    with pytest.raises(RefusClasse, match="prénom"):
        entrer(classe, prenom)


def test_le_code_se_lit_sans_casse_ni_espaces_et_un_mauvais_est_refuse(classe: Classe) -> None:
    assert classe.rejoindre(f" {classe.code[:3].lower()}-{classe.code[3:]} ", "Léa").jeton
    with pytest.raises(RefusClasse, match="n’est pas celui") as refus:
        classe.rejoindre("AAAAAA", "Paul")
    assert refus.value.code == "code-refuse"


def test_qui_devine_le_code_est_arrete_et_la_classe_ne_l_est_pas(classe: Classe, horloge: Horloge) -> None:
    for _ in range(10):
        with pytest.raises(RefusClasse, match="n’est pas celui"):
            classe.rejoindre("AAAAAA", "Paul", adresse="10.0.0.9")
    with pytest.raises(RefusClasse, match="Trop d’essais"):
        classe.rejoindre(classe.code, "Paul", adresse="10.0.0.9")
    assert classe.rejoindre(classe.code, "Léa", adresse="10.0.0.1").jeton
    horloge.passe(seconds=61)
    assert classe.rejoindre(classe.code, "Paul", adresse="10.0.0.9").jeton


def test_un_prenom_pris_demande_le_jeton_ou_le_formateur(classe: Classe) -> None:
    (lea,) = entrer(classe, "Léa")
    with pytest.raises(RefusClasse, match="déjà pris") as refus:
        entrer(classe, "LÉA")
    assert refus.value.code == "deja-pris"
    assert classe.rejoindre(classe.code, "Léa", jeton=lea.jeton).jeton == ""
    Animation(classe).reinitialiser("lea")
    with pytest.raises(RefusClasse, match="plus reconnu"):
        classe.identifier(lea.jeton)
    revenue = classe.rejoindre(classe.code, "Léa")
    assert revenue.jeton not in ("", lea.jeton)
    assert classe.identifier(revenue.jeton).solo == "solo-lea"


def test_deux_qui_prennent_le_meme_prenom_au_meme_instant(classe: Classe) -> None:
    def essayer(_: int) -> str:
        try:
            return classe.rejoindre(classe.code, "Léa").jeton
        except RefusClasse:
            return ""

    with ThreadPoolExecutor(8) as fils:
        assert sum(bool(jeton) for jeton in fils.map(essayer, range(16))) == 1


def test_nul_ne_lit_ni_n_agit_chez_un_autre(classe: Classe) -> None:
    lea, paul = entrer(classe, "Léa", "Paul")
    with pytest.raises(RefusClasse) as refus:
        classe.lire(paul.participant, "solo-lea", lambda p: p.etat)
    assert refus.value.code == "interdit"
    with pytest.raises(RefusClasse):
        classe.faire(paul.participant, "solo-lea", FOURNISSEUR, "deposer", "", facture())
    with pytest.raises(RefusClasse):
        classe.lire(paul.participant, "nulle-part", lambda p: p.etat)
    assert classe.lire(lea.participant, "solo-lea", lambda p: p.longueur) == 0


@pytest.mark.parametrize("acteur", [Acteur("destinataire", COMMUNE), Acteur("animateur", ""), Acteur("systeme", "")])
def test_un_apprenant_seul_ne_joue_pas_ses_partenaires(classe: Classe, acteur: Acteur) -> None:
    (lea,) = entrer(classe, "Léa")
    deposer(classe, lea)
    avant = classe.lire(lea.participant, "solo-lea", lambda p: p.journal)
    for action, objet in (("rejeter", "P0001"), ("avancer", ""), ("confier", "")):
        with pytest.raises(RefusPortail):
            classe.faire(lea.participant, "solo-lea", acteur, action, objet, {})
    assert classe.lire(lea.participant, "solo-lea", lambda p: p.journal) == avant


def test_la_meme_cle_donne_la_meme_reponse_et_rien_de_plus(classe: Classe) -> None:
    (lea,) = entrer(classe, "Léa")
    premiere = deposer(classe, lea, cle="k-1")
    assert deposer(classe, lea, cle="k-1") == premiere
    assert classe.lire(lea.participant, "solo-lea", lambda p: len(p.pieces())) == 1
    with pytest.raises(RefusClasse) as refus:
        deposer(classe, lea, numero="FA-2", cle="k-1")
    assert refus.value.code == "cle-reutilisee"


def test_la_meme_cle_donnee_dix_fois_ensemble_n_agit_qu_une_fois(classe: Classe) -> None:
    (lea,) = entrer(classe, "Léa")
    with ThreadPoolExecutor(10) as fils:
        reponses = list(fils.map(lambda _: deposer(classe, lea, cle="k"), range(10)))
    assert all(reponse == reponses[0] for reponse in reponses)
    assert classe.lire(lea.participant, "solo-lea", lambda p: len(p.pieces())) == 1


def test_deux_sur_une_piece_le_second_est_prevenu(classe: Classe) -> None:
    (lea,) = entrer(classe, "Léa")
    lui = lea.participant
    fait = classe.faire(lui, lui.solo, FOURNISSEUR, "enregistrer", "", facture())
    version = int(str(fait["version"]))
    classe.faire(lui, lui.solo, FOURNISSEUR, "supprimer", "P0001", version=version)
    with pytest.raises(RefusPortail, match="vient de changer"):
        classe.faire(lui, lui.solo, FOURNISSEUR, "envoyer", "P0001", version=version)


def test_tout_se_retrouve_apres_un_redemarrage(base: str, ouvrir: Callable[[str], Classe]) -> None:
    avant = ouvrir(base)
    (lea,) = entrer(avant, "Léa")
    reponse = deposer(avant, lea, cle="k")
    journal = avant.lire(lea.participant, "solo-lea", lambda p: p.journal)
    Animation(avant).avancer(3)
    apres = ouvrir(base)
    assert apres.avis == []
    assert apres.identifier(lea.jeton) == lea.participant
    assert deposer(apres, lea, cle="k") == reponse
    assert apres.lire(lea.participant, "solo-lea", lambda p: p.journal)[: len(journal)] == journal
    assert apres.horloge_classe == (3, False)
    vue = Animation(apres).vue_d_ensemble()["participants"][0]["dernier"]
    assert (vue["action"], vue["objet"], vue["espace"]) == ("deposer", "P0001", "solo-lea")


def test_ce_que_le_registre_n_a_pas_pris_n_a_pas_eu_lieu(classe: Classe, monkeypatch: pytest.MonkeyPatch) -> None:
    (lea,) = entrer(classe, "Léa")
    deposer(classe, lea)

    def plein(*_: object) -> None:
        raise RegistreRefuse("Le disque est plein.", code="registre-illisible")

    with monkeypatch.context() as panne:
        panne.setattr(classe.registre, "transaction", plein)
        with pytest.raises(RegistreRefuse, match="plein"):
            deposer(classe, lea, numero="FA-2")
    assert classe.lire(lea.participant, "solo-lea", lambda p: [x.numero for x in p.pieces()]) == ["FA-1"]
    assert deposer(classe, lea, numero="FA-2")["objet"] == "P0002"


@pytest.mark.skipif(sys.platform == "win32", reason="cette machine ne sait pas borner la taille d’un fichier")
def test_un_disque_plein_refuse_puis_reprend(tmp_path: Path, ouvrir: Callable[[str], Classe]) -> None:
    import resource

    fichier = tmp_path / "classe.sqlite"
    classe = ouvrir(f"sqlite:///{fichier}")
    (lea,) = entrer(classe, "Léa")
    deposer(classe, lea)
    avant = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (fichier.with_name("classe.sqlite-wal").stat().st_size, avant[1]))
        with pytest.raises(RegistreRefuse, match="ne peut pas être lu ou écrit"):
            deposer(classe, lea, numero="FA-2")
        assert classe.lire(lea.participant, "solo-lea", lambda p: len(p.pieces())) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, avant)
    assert deposer(classe, lea, numero="FA-2")["objet"] == "P0002"


def test_un_autre_serveur_sur_la_meme_base_ne_fait_rien_perdre(base: str, ouvrir: Callable[[str], Classe]) -> None:
    un = ouvrir(base)
    (lea,) = entrer(un, "Léa")
    autre = ouvrir(base)
    deposer(un, lea)
    with pytest.raises(RegistreRefuse):
        deposer(autre, lea, numero="FA-2")
    assert deposer(autre, lea, numero="FA-2")["objet"] == "P0002"
    numeros = [
        p.numero
        for p in Portail.rejouer(
            un.registre.lire("solo-lea"), Annuaire.charger(), un.horloge, un.espace("solo-lea").ouverture
        ).pieces()
    ]
    assert numeros == ["FA-1", "FA-2"]


def test_les_presences_disent_arrivees_et_departs(classe: Classe, horloge: Horloge) -> None:
    lea, paul = entrer(classe, "Léa", "Paul")
    horloge.passe(minutes=10)
    classe.identifier(lea.jeton)
    classe.identifier(paul.jeton)
    classe.partir(lea.participant)
    horloge.passe(minutes=40)
    classe.identifier(lea.jeton)
    lues = [(p.participant, p.arrivee[11:16], p.depart[11:16]) for p in Animation(classe).presences()]
    assert lues == [("lea", "10:42", "10:52"), ("paul", "10:42", "10:52"), ("lea", "11:32", "")]


@pytest.mark.parametrize(
    ("absence", "attendus"), [(5, [("11:00", "", 17)]), (40, [("11:00", "11:10", 10), ("11:50", "", 2)])]
)
def test_une_relance_du_serveur_ne_double_ni_ne_perd_des_heures(
    ouvrir: Callable[[str], Classe], base: str, horloge: Horloge, absence: int, attendus: list[tuple[str, str, int]]
) -> None:
    """Léa works from 11:00, her last sign of life is at 11:07, the server stops at 11:10 and starts again."""
    horloge.heure = datetime(2026, 11, 24, 11, 0)
    classe = ouvrir(base)
    jeton = classe.rejoindre(classe.code, "Léa").jeton
    horloge.passe(minutes=7)
    classe.identifier(jeton)
    horloge.passe(minutes=3)
    classe.participants.arreter()
    classe.fermer()
    horloge.passe(minutes=absence)
    reprise = ouvrir(base)
    reprise.rejoindre(reprise.code, "Léa", jeton=jeton)
    horloge.passe(minutes=2)
    reprise.identifier(jeton)
    reprise.participants.sauver()
    lus = sejours(reprise.registre.presences(), {"lea": "Léa"}, horloge.heure)
    assert [(f"{s.arrivee:%H:%M}", f"{s.depart:%H:%M}" if s.depart else "", s.minutes) for s in lus] == attendus


def test_qui_a_dit_partir_puis_revient_ouvre_un_second_sejour_meme_apres_une_relance(
    ouvrir: Callable[[str], Classe], base: str, horloge: Horloge
) -> None:
    classe = ouvrir(base)
    inscrite = classe.rejoindre(classe.code, "Léa")
    horloge.passe(minutes=10)
    classe.partir(inscrite.participant)
    horloge.passe(minutes=1)
    classe.participants.arreter()
    classe.fermer()
    horloge.passe(minutes=4)
    reprise = ouvrir(base)
    reprise.rejoindre(reprise.code, "Léa", jeton=inscrite.jeton)
    reprise.participants.sauver()
    horloge.passe(minutes=3)
    lus = sejours(reprise.registre.presences(), {}, horloge.heure)
    assert [s.minutes for s in lus] == [10, 3]


def test_un_serveur_qui_s_arrete_note_le_depart_de_qui_est_la(classe: Classe, horloge: Horloge) -> None:
    lea, _ = entrer(classe, "Léa", "Paul")
    horloge.passe(minutes=20)
    classe.identifier(lea.jeton)
    with TestClient(creer(classe, Animateurs(classe.registre, classe.ecrivain, horloge))):
        horloge.passe(minutes=5)
    assert {p.participant: p.depart[11:16] for p in classe.registre.presences()} == {"lea": "11:07", "paul": ""}
    lues = {p.participant: p.depart[11:16] for p in Animation(classe).presences()}
    assert lues == {"lea": "11:07", "paul": "10:42"}, "qui se taisait depuis trop longtemps était déjà parti"


def test_une_base_d_une_version_plus_recente_est_refusee(base: str) -> None:
    from sqlalchemy import text

    with RegistreClasse(base) as registre, registre.transaction() as connexion:
        connexion.execute(text("UPDATE reglages SET valeur = '99' WHERE cle = 'schema'"))
    with pytest.raises(RegistreRefuse, match="version plus récente") as refus:
        RegistreClasse(base)
    assert refus.value.code == "registre-plus-recent"


def test_une_base_d_avant_les_classes_s_ouvre(tmp_path: Path) -> None:
    import sqlite3

    fichier = tmp_path / "ancienne.sqlite"
    with sqlite3.connect(fichier) as base:
        base.execute(
            "CREATE TABLE evenements (id INTEGER PRIMARY KEY, journal VARCHAR(200) NOT NULL, n INTEGER NOT NULL, "
            "contenu TEXT NOT NULL, UNIQUE (journal, n))"
        )
        base.execute("INSERT INTO evenements (journal, n, contenu) VALUES ('lea', 1, '{\"n\": 1}')")
    base.close()
    with RegistreClasse.fichier(fichier) as registre:
        assert registre.lire("lea") == ({"n": 1},)
        assert registre.participants() == ()
