"""The method sheet in a notebook: pre-filled from the case played, kept like any answer, taken away in two files."""

from __future__ import annotations

from pathlib import Path

import pytest

from facturier.annuaire import Annuaire
from facturier.formulaires import feuille_fiche
from facturier.formulaires.feuille_fiche import DEJA, RIEN, FeuilleFiche
from facturier.formulaires.memoire import Memoire
from facturier.situations import commencer, executer, jouee, tirer

ANNUAIRE = Annuaire.charger()
ENONCE = {"id": "cas_pratique", "genre": "portail", "titre": "Le cas", "parametres": {}, "situation": "cas_pratique"}


def ouvrir(dossier: Path) -> Memoire:
    chemin = dossier / "exercices.ipynb"
    chemin.write_text('{"cells": []}', encoding="utf-8")
    return Memoire("cas_pratique/exercices", chemin)


def jouer(memoire: Memoire, incident: str) -> dict[str, str]:
    """The case with that incident, played perfectly; what its key enters last."""
    graine = memoire.graine("cas_pratique", f"{incident}:")
    situation = tirer("cas_pratique", graine, ANNUAIRE)
    portail = executer(commencer(situation.recit, ANNUAIRE), situation.saisie)
    memoire.enregistrer("cas_pratique", {}, tuple(dict(e) for e in portail.journal))
    return dict(situation.attendu)


def feuille_de(memoire: Memoire) -> FeuilleFiche:
    feuille = feuille_fiche.preparer(ENONCE, memoire)[1].feuille
    assert isinstance(feuille, FeuilleFiche)
    return feuille


@pytest.mark.parametrize("incident", ["recyclage", "rejet", "suspension"])
def test_une_facture_simple_remplit_le_client_ses_references_et_le_cadre(tmp_path: Path, incident: str) -> None:
    memoire = ouvrir(tmp_path)
    attendu = jouer(memoire, incident)
    valeurs = feuille_de(memoire).modele.valeurs
    assert valeurs["siret"] == attendu["destinataire_siret"]
    assert (valeurs["service"], valeurs["engagement"]) == (attendu["code_service"], attendu["numero_engagement"])
    assert (valeurs["cadre"], valeurs["valideur"]) == ("A1", "Personne")
    assert valeurs["client"] == ANNUAIRE.structures[attendu["destinataire_siret"]].nom
    assert memoire.reponses["fiche_methode"].valeurs["siret"] == valeurs["siret"]


def test_une_demande_de_travaux_nomme_qui_paie_et_qui_valide(tmp_path: Path) -> None:
    memoire = ouvrir(tmp_path)
    attendu = jouer(memoire, "silence")
    valeurs = feuille_de(memoire).modele.valeurs
    marche = ANNUAIRE.marches[attendu["numero_marche"]]
    assert (valeurs["siret"], valeurs["cadre"]) == (marche.moe, "A4")
    assert valeurs["client"] == ANNUAIRE.structures[marche.partie("payeur")].nom
    assert valeurs["valideur"] == f"Maîtrise d’œuvre : {ANNUAIRE.structures[marche.moe].nom}"


def test_ce_qui_est_ecrit_n_est_jamais_remplace(tmp_path: Path) -> None:
    memoire = ouvrir(tmp_path)
    feuille = feuille_de(memoire)
    feuille.agir("reprendre")
    assert feuille.statut is not None
    assert feuille.statut.texte == RIEN
    feuille.changer("client", "Mon vrai client")
    jouer(memoire, "rejet")
    assert feuille_de(memoire).modele.valeurs["siret"] == ""  # something is written: nothing comes unasked
    feuille.agir("reprendre")
    assert feuille.modele.valeurs["client"] == "Mon vrai client"
    assert feuille.modele.valeurs["cadre"] == "A1"
    feuille.agir("reprendre")
    assert feuille.statut.texte == DEJA


def test_un_journal_abime_ne_remplit_rien(tmp_path: Path) -> None:
    memoire = ouvrir(tmp_path)
    jouer(memoire, "rejet")
    garde = memoire.reponses["cas_pratique"]
    memoire.enregistrer("cas_pratique", {}, garde.journal[1:])
    assert not any(feuille_de(memoire).modele.valeurs.values())


def test_les_deux_fichiers_s_emportent(tmp_path: Path) -> None:
    feuille = feuille_de(ouvrir(tmp_path))
    imprime, a_completer = feuille.agir("pdf"), feuille.agir("docx")
    assert imprime is not None
    assert imprime.nom == "fiche-methode.pdf"
    assert imprime.octets.startswith(b"%PDF-")
    assert a_completer is not None
    assert a_completer.octets.startswith(b"PK")


def test_sans_choix_du_formateur_les_cinq_incidents_sont_tires() -> None:
    assert len({jouee("cas_pratique", f"g{n}") for n in range(60)}) == 5
    assert jouee("cas_pratique", "rejet:g1") == "cas_rejet"
    assert jouee("cas_pratique", "ailleurs:g1").startswith("cas_")
    assert jouee("nettoyage_public", "rejet:g1") == "nettoyage_public"
