"""A notebook's link to the portal of its class: kept beside the notebooks, so that each of them finds it."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from facturier.champs import DEPOT_FACTURE
from facturier.ecriture import write_bytes
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.reponses import ReponseIllisible, charger_json
from facturier.formulaires.exercice import html_recit
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire
from facturier.liaison.client import ErreurLiaison, Liaison
from facturier.liaison.schemas import RecitVu
from facturier.portail import Acteur, RefusPortail

FICHIER = Path(".facturier") / "classe.json"
TAILLE_MAX = 4096
SANS_ROLE = "sans-role"
PAUSE = 2.0
"""Seconds between two looks of the trainer at what is typed."""


def rejoindre(dossier: Path, adresse: str, code: str, prenom: str) -> str:
    """Join the class, or come back to it from this folder; the sentence to show.

    Raises:
        ErreurFacturier: the class does not let one in, or cannot be reached.
    """
    connue = _lire(dossier)
    ancien = connue["jeton"] if connue and connue["adresse"] == adresse else ""
    liaison = Liaison.rejoindre(adresse, code, prenom, ancien)
    try:
        moi = liaison.moi()
    finally:
        liaison.fermer()
    contenu = {"schema": 1, "adresse": adresse, "jeton": liaison.jeton}
    fichier = dossier / FICHIER
    write_bytes(fichier, json.dumps(contenu).encode())
    fichier.chmod(0o600)
    groupe = f" Vous êtes dans le groupe {moi.groupe.rpartition('-')[2]}." if moi.groupe else ""
    return f"Vous avez rejoint la classe sous le nom « {moi.pseudonyme} ».{groupe}"


def quitter(dossier: Path) -> str:
    """Leave the class and forget the link; the sentence to show."""
    liaison = liaison_de(dossier)
    if liaison is None:
        return "Vous n’aviez pas rejoint de classe depuis ce dossier."
    try:
        phrase = liaison.partir()
    except ErreurFacturier as cause:
        phrase = f"Votre départ n’a pas pu être noté : {cause.suite}"
    finally:
        liaison.fermer()
    (dossier / FICHIER).unlink(missing_ok=True)
    return phrase


def liaison_de(dossier: Path) -> Liaison | None:
    """The link kept in that folder, None when no class was joined from there."""
    connue = _lire(dossier)
    return Liaison.reprendre(connue["adresse"], connue["jeton"]) if connue else None


def preparer(dossier: Path, memoire: Memoire) -> tuple[tuple[str, str] | None, ModeleFormulaire | None]:
    """What is read first (HTML and plain text; None in free play or in a group), and the deposit form on the class's
    portal: in the group's space for who holds its supplier's role, else in one's own; the trainer sees it as it is
    typed. Neither for a story that is played on the portal's screens, which tell it first.

    Raises:
        ErreurFacturier: no class was joined, it cannot be reached, or nothing can be deposited there.
    """
    liaison = _liaison(dossier)
    recit = recit_de(liaison)
    try:
        espace, acteur = _place(liaison)
    except ErreurLiaison as refus:
        if recit is None or refus.code != SANS_ROLE:
            raise
        return None, None
    if recit is None or espace != liaison.moi().solo:
        return None, _modele(liaison, memoire, espace, acteur)
    if not recit.depot:
        return None, None
    return (html_recit(recit.titre, recit.texte), recit.texte), _modele(liaison, memoire, espace, acteur)


def _liaison(dossier: Path) -> Liaison:
    liaison = liaison_de(dossier)
    if liaison is None:
        raise ErreurLiaison("Rejoignez d’abord la classe : lecon.rejoindre(adresse, code, prénom).")
    return liaison


def recit_de(liaison: Liaison, espace: str = "") -> RecitVu | None:
    """What is told of a space, one's own when none is given; None when nothing is."""
    try:
        return liaison.recit(espace)
    except RefusPortail as refus:
        if refus.code != "introuvable":
            raise
        return None


def _modele(liaison: Liaison, memoire: Memoire, espace: str, acteur: Acteur) -> ModeleFormulaire:
    modele = ModeleFormulaire(
        DEPOT_FACTURE,
        memoire,
        formulaire=f"classe-{espace}".replace(".", "-"),
        ouvrir_guichet=lambda _: liaison.guichet(acteur, espace),
    )
    montreur = Montreur(liaison, DEPOT_FACTURE.id)
    modele.observe(lambda change: montreur.montrer(change["new"]), "valeurs")
    return modele


def _place(liaison: Liaison) -> tuple[str, Acteur]:
    """Where this learner deposits, and for whom."""
    moi = liaison.moi()
    for espace in filter(None, (moi.groupe, moi.solo)):
        for role in liaison.espace(espace).roles:
            libre = espace == moi.solo and not role.tenant
            if role.role == "fournisseur" and role.structure and (role.tenant == moi.pseudonyme or libre):
                return espace, Acteur(role.role, role.structure)
    raise ErreurLiaison("Aucun rôle de fournisseur ne vous est confié : demandez-le au formateur.", code=SANS_ROLE)


class Montreur:
    """Lets the trainer see what is typed, in the background: the latest values only, and never in the way."""

    def __init__(self, liaison: Liaison, formulaire: str) -> None:
        self._liaison = liaison
        self._formulaire = formulaire
        self._dernieres: Mapping[str, str] | None = None
        self._appel = threading.Event()
        threading.Thread(target=self._servir, name="facturier-montrer", daemon=True).start()

    def montrer(self, valeurs: Mapping[str, str]) -> None:
        """These are the values now."""
        self._dernieres = dict(valeurs)
        self._appel.set()

    def _servir(self) -> None:
        while self._appel.wait():
            self._appel.clear()
            valeurs = self._dernieres
            with contextlib.suppress(ErreurFacturier):  # the trainer then sees an older form, the learner goes on
                if valeurs is not None:
                    self._liaison.montrer(self._formulaire, valeurs)
            time.sleep(PAUSE)


def _lire(dossier: Path) -> dict[str, str] | None:
    fichier = dossier / FICHIER
    if not fichier.is_file():
        return None
    try:
        lu = charger_json(fichier, TAILLE_MAX)
        if lu["schema"] == 1 and isinstance(lu["adresse"], str) and isinstance(lu["jeton"], str):
            return {"adresse": lu["adresse"], "jeton": lu["jeton"]}
    except (ReponseIllisible, KeyError, TypeError):
        pass
    raise ErreurFacturier(
        f"Le fichier {FICHIER} est abîmé : effacez-le, puis rejoignez la classe de nouveau.", code="liaison-illisible"
    )
