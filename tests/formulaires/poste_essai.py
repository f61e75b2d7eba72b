"""Un carnet d’essai, ses énoncés, une mémoire dont l’horloge et les jetons sont connus."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from facturier.evaluation.reponses import MIME
from facturier.formulaires.memoire import Memoire

CARNET = "sans_moe/exercices"
FOURNISSEUR = "99990013700012"

QUIZ: dict[str, Any] = {
    "id": "quiz_essai",
    "genre": "quiz",
    "titre": "Quiz d’essai",
    "parametres": {},
    "items": [
        {
            "id": "q1",
            "objectif": "O1",
            "genre": "unique",
            "question": "Où savoir si un client exige un code service ?",
            "unite": "",
            "choix": [{"id": "aaaa0001", "texte": "Dans l’annuaire"}, {"id": "bbbb0002", "texte": "Au greffe"}],
        },
        {
            "id": "q2",
            "objectif": "O2",
            "genre": "multiple",
            "question": "Lesquels sont des avoirs ?",
            "unite": "",
            "choix": [
                {"id": "cccc0001", "texte": "381"},
                {"id": "dddd0002", "texte": "380 <b>&"},
                {"id": "eeee0003", "texte": "396"},
            ],
        },
        {
            "id": "q3",
            "objectif": "O3",
            "genre": "nombre",
            "question": "Combien d’euros ?",
            "unite": "€",
            "choix": [],
        },
    ],
}
DEPOT: dict[str, Any] = {
    "id": "depot_sans_moe",
    "genre": "depot",
    "titre": "Déposer la facture",
    "items": [],
    "parametres": {"fournisseur_siret": FOURNISSEUR},
}
VALEUR: dict[str, Any] = {"id": "total_ttc", "genre": "valeur", "titre": "Le total", "items": [], "parametres": {}}

BONNE = {
    "destinataire_siret": "26990001500018",
    "code_service": "CH-ACHATS",
    "numero_engagement": "BC-2026-00583",
    "numero_marche": "2026-NET-009",
    "cadre": "A1",
    "type_facture": "380",
    "numero_facture": "FA-2026-10-0417",
    "date_facture": "02/11/2026",
    "mode_paiement": "VIREMENT",
    "iban": "FR76 9999 9004 1700 0261 1041 718",
    "montant_ht": "3 860,50",
    "taux_tva": "20",
    "montant_tva": "772,10",
    "montant_ttc": "4 632,60",
}


class AfficheurTemoin:
    """Ce que l’apprenant verrait sous ses cellules."""

    def __init__(self) -> None:
        self.miroirs: dict[str, dict[str, Any]] = {}
        self.montres: list[str] = []

    def montrer(self, identifiant: str, donnees: dict[str, Any]) -> None:
        self.montres.append(identifiant)
        self.miroirs[identifiant] = donnees

    def rafraichir(self, identifiant: str, donnees: dict[str, Any]) -> None:
        self.miroirs[identifiant] = donnees


class Poste:
    """Le poste d’un apprenant : un dossier, un carnet sur le disque, un noyau que l’on relance."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self.carnet = dossier / "release" / "sans_moe" / "exercices.ipynb"
        self.carnet.parent.mkdir(parents=True)
        (dossier / "notebooks").mkdir()
        self.afficheur = AfficheurTemoin()
        self._instant = datetime(2026, 11, 24, 10, 42, tzinfo=timezone(timedelta(hours=1)))
        self._jetons = (f"{i:08x}" for i in itertools.count(0xA0000000))
        enonces = {"schema": 1, "chapitre": "sans_moe", "exercices": [QUIZ, DEPOT, VALEUR]}
        (self.carnet.parent / "enonces.json").write_text(json.dumps(enonces), "utf-8")
        self.sauver(vide=True)

    @property
    def annexe(self) -> Path:
        return self.carnet.parent / "reponses" / "exercices.json"

    def horloge(self) -> datetime:
        self._instant += timedelta(minutes=1)
        return self._instant

    def noyau(self) -> Memoire:
        """Un noyau neuf sur le même carnet."""
        self.afficheur = AfficheurTemoin()
        return Memoire(
            CARNET,
            self.carnet,
            afficheur=self.afficheur,
            horloge=self.horloge,
            jeton=lambda: next(self._jetons),
        )

    def sauver(self, *, vide: bool = False) -> None:
        """Ctrl+S : les sorties vont dans le carnet ; ``vide`` : après « Effacer les sorties »."""
        sorties = [
            {"output_type": "display_data", "metadata": {}, "data": donnees}
            for donnees in self.afficheur.miroirs.values()
        ]
        cellule = {
            "cell_type": "code",
            "id": "a1",
            "metadata": {},
            "execution_count": None,
            "source": "",
            "outputs": [] if vide else sorties,
        }
        metadata = {
            "facturier": {"carnet": CARNET, "version": "0.1.0"},
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        }
        contenu = {"cells": [cellule], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        self.carnet.write_text(json.dumps(contenu), "utf-8")

    def miroir(self, formulaire: str) -> Any:
        return self.afficheur.miroirs[f"rep-{formulaire}"].get(MIME)

    def ecartees(self) -> list[Path]:
        return sorted(self.annexe.parent.glob("*-ecartee-*.json"))
