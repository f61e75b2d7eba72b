"""A drawn situation in a notebook: told, kept with its seed, played on the screens, started again alike."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from facturier.annuaire import Annuaire
from facturier.demo import jeu
from facturier.demo.personnages import Personnage
from facturier.ecrans.blocs import Cible
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Exercice
from facturier.evaluation.jugement import juger
from facturier.evaluation.reponses import chemin_annexe, lire_annexe
from facturier.formulaires.exercice import preparer
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.portail import situation
from facturier.formulaires.rendu import _etat
from facturier.situations import commencer, executer, raconter, tirer

CARNET = "essai/exercices"
ENONCE = {"id": "nettoyage", "genre": "portail", "titre": "Essai", "parametres": {}, "situation": "nettoyage_public"}


@pytest.fixture
def ouvrir(tmp_path: Path) -> Callable[[], Memoire]:
    """The notebook's memory, as each new kernel finds it."""
    jetons, graines, secondes = itertools.count(), itertools.count(), itertools.count()
    debut = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    chemin = tmp_path / "exercices.ipynb"
    chemin.write_text('{"cells": []}', encoding="utf-8")
    return lambda: Memoire(
        CARNET,
        chemin,
        horloge=lambda: debut + timedelta(seconds=next(secondes)),
        jeton=lambda: f"{next(jetons):08x}",
        graine=lambda: f"g{next(graines)}",
    )


def test_la_graine_est_tiree_une_fois_et_gardee_aussitot(ouvrir: Callable[[], Memoire], tmp_path: Path) -> None:
    assert ouvrir().graine("nettoyage") == "g0"
    assert lire_annexe(chemin_annexe(tmp_path / "exercices.ipynb"))[0]["nettoyage"].graine == "g0"
    memoire = ouvrir()
    assert memoire.graine("nettoyage") == "g0"
    assert memoire.graine("autre") == "g1"
    memoire.enregistrer("nettoyage", {"cadre": "A1"}, ())
    memoire.oublier(("nettoyage",))
    assert ouvrir().graine("nettoyage") == "g0"


def test_sans_rien_dire_chaque_espace_tire_la_sienne(tmp_path: Path) -> None:
    graines = {Memoire(CARNET, tmp_path / f"{n}.ipynb").graine("nettoyage") for n in range(20)}
    assert len(graines) == 20


def test_la_situation_se_joue_sur_les_ecrans_se_retrouve_et_son_journal_est_note(
    ouvrir: Callable[[], Memoire],
) -> None:
    memoire = ouvrir()
    poste = situation(ENONCE, memoire).poste
    attendue = tirer("nettoyage_public", "g0", Annuaire.charger())
    assert poste.recit is not None
    assert poste.recit.valeurs["numero"] == attendue.recit.valeurs["numero"]
    assert _etat(ENONCE, memoire.reponses["nettoyage"])[0] == "à faire"
    poste.ouvrir(Cible("saisie_destinataire"))
    assert _etat(ENONCE, memoire.reponses["nettoyage"])[0] == "à faire"
    poste.changer("destinataire_siret", attendue.saisie[0].champs["destinataire_siret"])
    assert _etat(ENONCE, memoire.reponses["nettoyage"])[0] == "commencé"
    poste.guichet.deposer(dict(attendue.saisie[0].champs))
    poste.conserver()
    repris = situation(ENONCE, ouvrir()).poste
    assert repris.lieu == Cible("saisie_destinataire")
    assert repris.valeurs["destinataire_siret"] == attendue.saisie[0].champs["destinataire_siret"]
    assert repris.guichet.envoyees() == {attendue.recit.valeurs["numero"]}
    gardee = ouvrir().reponses["nettoyage"]
    assert gardee.graine == "g0"
    assert _etat(ENONCE, gardee) == ("fait", "facture envoyée")
    exercice = exercice_de("nettoyage_public", "facture_conforme_a_la_situation", "depot_a_temps")
    assert juger(exercice, gardee).points == 2


def test_recommencer_garde_la_meme_situation(ouvrir: Callable[[], Memoire]) -> None:
    memoire = ouvrir()
    ecran = situation(ENONCE, memoire)
    ecran.poste.ouvrir(Cible("saisie_destinataire"))
    ecran.poste.changer("destinataire_siret", "26990001500018")
    memoire.oublier(("nettoyage",))
    ecran.repartir()
    assert ecran.poste.saisies == {}
    assert ecran.poste.lieu == ecran.poste.accueil
    assert memoire.graine("nettoyage") == "g0"


def test_ce_qui_s_est_passe_avant_n_est_pas_fait_par_l_apprenant(ouvrir: Callable[[], Memoire]) -> None:
    memoire = ouvrir()
    enonce = {**ENONCE, "situation": "facture_suspendue"}
    poste = situation(enonce, memoire).poste
    recit = raconter("facture_suspendue", memoire.graine("nettoyage"))
    assert len(poste.guichet.journal) == commencer(recit, Annuaire.charger()).longueur > 0
    poste.conserver()
    assert _etat(enonce, memoire.reponses["nettoyage"])[0] == "à faire"


def test_une_tache_laissee_n_est_pas_dite_faite(ouvrir: Callable[[], Memoire]) -> None:
    memoire, annuaire = ouvrir(), Annuaire.charger()
    enonce = {**ENONCE, "situation": "compte_a_modifier"}
    jouee = tirer("compte_a_modifier", memoire.graine("nettoyage"), annuaire)
    portail = commencer(jouee.recit, annuaire)
    for geste, dit in zip(jouee.saisie, [*["commencé"] * 5, "fait"], strict=True):
        executer(portail, [geste])
        memoire.enregistrer("nettoyage", {}, tuple(portail.journal))
        assert _etat(enonce, memoire.reponses["nettoyage"])[0] == dit, geste.action


def test_deux_noyaux_sur_un_carnet_se_le_disent_et_l_on_choisit_sa_version(ouvrir: Callable[[], Memoire]) -> None:
    ici, ailleurs = situation(ENONCE, ouvrir()), situation(ENONCE, ouvrir())
    for ecran, siret in ((ici, "26990001500018"), (ailleurs, "21990002400015")):
        ecran.poste.ouvrir(Cible("saisie_destinataire"))
        ecran.poste.changer("destinataire_siret", siret)
    assert "changées ailleurs" in ailleurs.poste.autre
    reponse = ailleurs.conversation.repondre({"type": "adopter"})
    assert ailleurs.poste.valeurs["destinataire_siret"] == "26990001500018"
    assert "L’autre version est reprise" in reponse["page"]
    assert "Reprendre l’autre version" not in reponse["page"]
    ici.poste.changer("numero_engagement", "EJ-1")
    assert ici.poste.valeurs["numero_engagement"] == "EJ-1"
    assert situation(ENONCE, ouvrir()).poste.valeurs["destinataire_siret"] == "26990001500018"


def test_un_journal_qui_ne_se_rejoue_pas_n_efface_pas_ce_qui_est_saisi(ouvrir: Callable[[], Memoire]) -> None:
    memoire = ouvrir()
    ecran = situation(ENONCE, memoire)
    ecran.poste.ouvrir(Cible("saisie_destinataire"))
    ecran.poste.changer("destinataire_siret", "26990001500018")
    garde = memoire.reponses["nettoyage"]
    memoire.enregistrer("nettoyage", dict(garde.valeurs), ({"n": 1, "action": "deposer"},))
    repris = situation(ENONCE, ouvrir())
    assert "n’a pas pu être repris" in str(repris.poste.statut)
    assert "reponses/" in str(repris.poste.statut)
    assert repris.poste.valeurs["destinataire_siret"] == "26990001500018"
    repris.poste.changer("numero_engagement", "EJ-1")  # kept: the journal that was there is now elsewhere alone
    (cote,) = (memoire.chemin or Path()).parent.glob("reponses/*-ecartee-*.json")
    assert json.loads(cote.read_text("utf-8"))["journal"] == [{"n": 1, "action": "deposer"}]


@pytest.mark.parametrize("enonce", [{**ENONCE, "situation": "ailleurs"}, {**ENONCE, "genre": "quiz"}])
def test_un_exercice_qui_n_est_pas_du_portail_est_refuse(
    ouvrir: Callable[[], Memoire], enonce: dict[str, object]
) -> None:
    with pytest.raises(ErreurFacturier):
        preparer(enonce, ouvrir())


def exercice_de(situation: str, *criteres: str) -> Exercice:
    from decimal import Decimal

    from facturier.evaluation.bareme import Critere

    demandes = tuple(Critere(c, c, Decimal(1), c, "portail", (), "", "") for c in criteres)
    points = Decimal(len(criteres))
    return Exercice("essai", "nettoyage", "portail", "Essai", "O3", points, {}, criteres=demandes, situation=situation)


@pytest.mark.parametrize(("envoie", "statut"), [(True, "fait"), (False, "non_repondu")])
def test_la_classe_jouee_sait_jouer_une_situation(ouvrir: Callable[[], Memoire], envoie: bool, statut: str) -> None:
    memoire, exercice = ouvrir(), exercice_de("facture_a_recycler", "facture_recyclee", "service_de_la_situation")
    qui = Personnage("ama", entree=0, sortie=0, envoie=envoie)
    jeu._jouer_la_situation(qui, exercice, memoire, lambda: datetime(2026, 12, 3, 9, 0))
    jugement = juger(exercice, memoire.reponses["nettoyage"])
    assert jugement.statut == statut
    assert jugement.points == (2 if envoie else None)
