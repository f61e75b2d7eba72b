"""Playing a learner: acting on the real form models and on the real portal, then saving as Ctrl+S would."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from facturier import contenu
from facturier.champs import DEPOT_FACTURE
from facturier.demo.personnages import Personnage
from facturier.ecriture import write_json
from facturier.evaluation.bareme import Exercice, lire_bareme
from facturier.evaluation.items import A_SAISIR, LIEN, PAR_LIGNES, Item
from facturier.formulaires import espace as lieux
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.quiz import ModeleQuiz
from facturier.formulaires.valeur import remettre
from facturier.portail import Annuaire
from facturier.portail.guichet import GuichetLocal
from facturier.situations import executer, reprendre, tirer

Horloge = Callable[[], datetime]


class Miroirs:
    """Stands for the browser: receives the mirrors, and stores them in the notebook when it is saved."""

    def __init__(self) -> None:
        self._montres: dict[str, dict[str, Any]] = {}

    def montrer(self, identifiant: str, donnees: dict[str, Any]) -> None:
        """Show a mirror."""
        self._montres[identifiant] = donnees

    rafraichir = montrer

    def sauver(self, carnet: Path) -> None:
        """Ctrl+S: each mirror becomes an output of its form's cell."""
        lu = json.loads(carnet.read_text(encoding="utf-8"))
        for cellule in lu["cells"]:
            notee = cellule["metadata"].get("nbgrader", {})
            donnees = self._montres.get(f"rep-{notee.get('grade_id')}") if notee.get("grade") else None
            if donnees is not None:
                cellule["outputs"] = [{"output_type": "display_data", "data": donnees, "metadata": {}}]
        write_json(carnet, lu)


def jouer(qui: Personnage, dossier: Path, debut: datetime) -> None:
    """Have this learner do the two quizzes and the exercises in their folder, then break the copy if they do.

    ``debut`` is when the day starts; each gesture takes a minute of it, so that two plays give the same bytes.
    """
    horloge = _minutes(debut)
    for chapitre in contenu.chapitres():
        if chapitre.exercices is None:
            continue
        bareme = lire_bareme(chapitre)
        carnet = dossier / "release" / chapitre.slug / "exercices.ipynb"
        miroirs = Miroirs()
        memoire = Memoire(
            bareme.carnet,
            carnet,
            afficheur=miroirs,
            horloge=horloge,
            jeton=lambda: f"{qui.id:0<8}"[:8],
            graine=lambda: qui.id,
        )
        ici = lieux.Espace(bareme.carnet, carnet, dossier)
        for exercice in bareme.exercices:
            _faire(qui, exercice, ici, memoire, horloge)
        miroirs.sauver(carnet)
    if qui.degat is not None:
        qui.degat(dossier)


def _faire(qui: Personnage, exercice: Exercice, ici: lieux.Espace, memoire: Memoire, horloge: Horloge) -> None:
    enonce = lieux.exercice(ici, exercice.id)
    if exercice.genre == "quiz":
        quiz = ModeleQuiz(enonce, memoire)
        quiz.montrer_miroir()
        justes = qui.entree if exercice.id == "quiz_entree" else qui.sortie
        repondues = exercice.items[: len(exercice.items) - qui.laissees]
        for rang, item in enumerate(repondues):
            quiz.repondre(item.id, bonne_reponse(item) if rang < justes else mauvaise_reponse(item))
    elif exercice.genre == "valeur":
        if qui.total is not None:
            memoire.montrer(exercice.id)
            remettre(memoire, exercice.id, float(qui.total))
    elif exercice.genre == "portail":
        if qui.depose:
            _jouer_la_situation(qui, exercice, memoire, horloge)
    elif qui.depose:
        _deposer(qui, exercice, enonce, memoire, horloge)


def _deposer(qui: Personnage, exercice: Exercice, enonce: dict[str, Any], memoire: Memoire, horloge: Horloge) -> None:
    siret = enonce["parametres"]["fournisseur_siret"]
    modele = ModeleFormulaire(
        DEPOT_FACTURE,
        memoire,
        formulaire=exercice.id,
        ouvrir_guichet=lambda journal: GuichetLocal(siret, journal, horloge=horloge),
    )
    modele.montrer_miroir()
    for champ, texte in {**_saisie_juste(exercice), **qui.depot}.items():
        modele.changer(champ, texte)
    if qui.envoie:
        modele.envoyer()
    else:
        modele.enregistrer()


def _jouer_la_situation(qui: Personnage, exercice: Exercice, memoire: Memoire, horloge: Horloge) -> None:
    """What a careful person does in the situation that their seed draws; who never sends only looks."""
    situation = tirer(exercice.situation, memoire.graine(exercice.id))
    portail = reprendre(situation.recit, (), Annuaire.charger(), horloge)
    memoire.montrer(exercice.id)
    if qui.envoie:
        executer(portail, situation.saisie)
    memoire.enregistrer(exercice.id, {}, tuple(dict(evenement) for evenement in portail.journal))


def _saisie_juste(exercice: Exercice) -> dict[str, str]:
    """What a careful person types: what the criteria expect, and the statement's other figures."""
    attendus = {c.champ: c.attendu[0] for c in exercice.criteres if c.regle in ("egal", "egal_montant")}
    return {
        **exercice.parametres.get("remplis", {}),
        **attendus,
        "montant_ht": "3 860,50",
        "montant_tva": "772,10",
        "montant_ttc": "4 632,60 €",
    }


def bonne_reponse(item: Item) -> str | list[str]:
    """What the key expects, in the form's own terms."""
    if item.genre in A_SAISIR:
        return item.attendu.replace(".", ",")
    if item.genre in PAR_LIGNES:
        return sorted(f"{ligne.id}{LIEN}{ligne.cible}" for ligne in item.lignes)
    justes = [choix.id for choix in item.choix if choix.juste]
    return sorted(justes) if item.genre == "multiple" else justes[0]


def mauvaise_reponse(item: Item) -> str | list[str]:
    """A wrong answer that a real person gives."""
    if item.genre in A_SAISIR:
        return item.pieges[0].valeur if item.pieges else "1"
    if item.genre in PAR_LIGNES:
        ligne = item.lignes[0]
        return [f"{ligne.id}{LIEN}{next(c.id for c in item.cibles if c.id != ligne.cible)}"]
    faux = next(choix.id for choix in item.choix if not choix.juste)
    return [faux] if item.genre == "multiple" else faux


def _minutes(debut: datetime) -> Horloge:
    passees = iter(range(10_000))
    return lambda: debut + timedelta(minutes=next(passees))
