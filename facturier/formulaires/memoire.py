"""The memory of a notebook's forms: every answer kept twice, in a sidecar file and in the notebook's own outputs.

Widget values die with the kernel and ``ClearOutput``; what is written here does not (docs/architecture.md).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from facturier.evaluation.reponses import (
    TAILLE_CARNET_MAX,
    Reponse,
    ReponseIllisible,
    Valeur,
    charger_json,
    chemin_annexe,
    descend_de,
    ecrire_annexe,
    lire_annexe,
    lire_miroirs,
    reunir,
)
from facturier.formulaires.annexe import DOSSIER_FERME, PAS_GARDEE, SANS_DOSSIER, ecarter, garder_illisible
from facturier.formulaires.miroir import RIEN, donnees_miroir, jour_heure, phrase_de

_LIGNEE_LONGUE = 1_900
Journal = tuple[dict[str, Any], ...]


class Afficheur(Protocol):
    """Where the mirror is shown: the outputs of the cell that runs, or nothing."""

    def montrer(self, identifiant: str, donnees: dict[str, Any]) -> None:
        """Show the mirror under the cell that is running."""

    def rafraichir(self, identifiant: str, donnees: dict[str, Any]) -> None:
        """Replace it wherever it is shown."""


@dataclass(frozen=True)
class Reprise:
    """What a form opens with: the answer found, if any, and what has to be said about it."""

    reponse: Reponse | None
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Enregistrement:
    """What became of one save: the sentence to show, and whether the sidecar was written."""

    reponse: Reponse | None
    phrase: str
    ecrit: bool


def en_notation(env: dict[str, str] | None = None) -> bool:
    """True while nbgrader runs the notebook: nothing is then shown, asked or written."""
    return bool((os.environ if env is None else env).get("NBGRADER_EXECUTION"))


def maintenant() -> datetime:
    """The time of day where the learner is, with its offset."""
    return datetime.now().astimezone()


class Memoire:
    """The answers of one notebook, found again at opening and kept at each change.

    Args:
        carnet: id of the notebook (``sans_moe/exercices``), whatever its file is called.
        chemin: its file; None when it is unknown (nothing is then read, and only the mirror is kept).
        afficheur: where the mirror goes; None keeps the sidecar only.
        page: the notebook is shown as a page, that nobody saves: the sidecar is the only copy.
        apprenant: whose answers these are, when several people share the notebook: theirs alone are read.
        horloge: the time of the saves.
        jeton: makes the id of a new line of revisions.
        graine: makes the seed of an exercise whose situation is drawn.
    """

    def __init__(
        self,
        carnet: str,
        chemin: Path | None,
        *,
        afficheur: Afficheur | None = None,
        page: bool = False,
        apprenant: str = "",
        horloge: Callable[[], datetime] = maintenant,
        jeton: Callable[[], str] = lambda: secrets.token_hex(4),
        graine: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self.carnet = carnet
        self.chemin = chemin
        self._afficheur = None if page else afficheur
        self._page = page
        self._apprenant = apprenant
        self._horloge = horloge
        self._jeton = jeton
        self._graine = graine
        self._actif = not en_notation()
        self._reponses: dict[str, Reponse] = {}
        self._phrases: dict[str, list[str]] = {}
        self._problemes: list[str] = []
        self._reprises: set[str] = set()
        self._rivales: set[str] = set()
        self._autres: dict[str, Reponse] = {}
        if self._actif and chemin is not None:
            self._retrouver(chemin)

    @property
    def problemes(self) -> tuple[str, ...]:
        """What could not be read at opening, in sentences."""
        return tuple(self._problemes)

    @property
    def reponses(self) -> dict[str, Reponse]:
        """The answers as they stand, by form."""
        return dict(self._reponses)

    def reprendre(self, formulaire: str) -> Reprise:
        """The answer a form opens with; conflicts and unreadable copies are said once, by the first form that opens."""
        phrases = (*self._problemes, *self._phrases.pop(formulaire, []))
        self._problemes = []
        return Reprise(self._reponses.get(formulaire), phrases)

    def graine(self, formulaire: str, choix: str = "") -> str:
        """The seed of that exercise, drawn the first time it is asked for and kept at once with its answer.

        ``choix``: what whoever sets the exercise wants it to begin with.
        """
        reponse = self._reponses.get(formulaire)
        if reponse is None or not reponse.graine:
            connue = (reponse.valeurs, reponse.journal) if reponse is not None else ({}, ())
            suivante = replace(self._suivante(formulaire, *connue), graine=choix + self._graine())
            if not self._actif:
                return suivante.graine
            self._reponses[formulaire] = reponse = suivante
            self._ecrire()
        return reponse.graine

    def enregistrer(
        self, formulaire: str, valeurs: dict[str, Valeur], journal: Journal, resume: str = "", graine: str = ""
    ) -> Enregistrement:
        """Keep a form's state twice; ``resume`` joins the sentence (« 5 sur 12 »), ``graine`` names the draw."""
        if not self._actif:
            return Enregistrement(None, "", False)
        try:
            reponse = self._suivante(formulaire, valeurs, journal, graine)
            reponse.en_json()
        except ReponseIllisible as refus:
            return Enregistrement(None, f"Réponse non enregistrée. {refus.phrase}", False)
        self._reponses[formulaire] = reponse
        echec = self._ecrire()
        phrase = phrase_de(reponse, resume)
        self._miroir(formulaire, resume, premier=False)
        return Enregistrement(reponse, f"{phrase} {echec}".strip(), not echec)

    def montrer(self, formulaire: str, resume: str = "", *, vide: str = RIEN) -> None:
        """Show the mirror of a form under the cell that is running; ``vide`` is said when nothing is kept yet."""
        if self._actif:
            self._miroir(formulaire, resume, premier=True, vide=vide)

    def oublier(self, formulaires: tuple[str, ...]) -> None:
        """Start these forms again from nothing; what they held is set aside in a file, never destroyed."""
        if not self._actif:
            return
        for formulaire in formulaires:
            reponse = self._reponses.get(formulaire)
            if reponse is None or not (reponse.valeurs or reponse.journal):
                continue
            self._ecarter(reponse)
            self._reponses[formulaire] = self._suivante(formulaire, {}, ())
            self._miroir(formulaire, "", premier=False)
        self._ecrire()

    def mettre_de_cote(self, formulaire: str) -> str:
        """Keep a copy of what is kept of this form in a file of its own; where it is, "" when it cannot be written."""
        reponse = self._reponses.get(formulaire)
        nom = self._ecarter(reponse) if reponse is not None else None
        return f"reponses/{nom}" if nom else ""

    def autre_version(self, formulaire: str) -> str:
        """What has to be said of the version that another kernel kept of this form meanwhile; "" when there is none."""
        autre = self._autres.get(formulaire)
        if autre is None:
            return ""
        return (
            f"Ces réponses ont aussi été changées ailleurs (le {jour_heure(autre)}), dans un autre onglet ou un autre "
            "noyau : vous continuez ici votre version, l’autre est mise de côté dans le dossier « reponses »."
        )

    def adopter(self, formulaire: str) -> Reponse | None:
        """Go on from the version of another kernel; mine is set aside in a file. None when there is no other."""
        autre = self._autres.pop(formulaire, None)
        if autre is None:
            return None
        mienne = self._reponses.get(formulaire)
        if mienne is not None:
            self._ecarter(mienne)
        self._reponses[formulaire] = autre
        self._reprises.discard(formulaire)  # what follows is a line of its own: the other kernel may go on with its own
        return autre

    def _suivante(self, formulaire: str, valeurs: dict[str, Valeur], journal: Journal, graine: str = "") -> Reponse:
        precedente = self._reponses.get(formulaire)
        if precedente is None:
            lignee, revision = self._jeton(), 1
        else:
            lignee, revision = precedente.lignee, precedente.revision + 1
            if formulaire not in self._reprises:
                lignee = f"{lignee}.{precedente.revision}-{self._jeton()[:4]}"
            if len(lignee) > _LIGNEE_LONGUE:
                lignee = self._jeton()
        self._reprises.add(formulaire)
        quand = self._horloge().isoformat(timespec="milliseconds")
        tiree = graine or (precedente.graine if precedente is not None else "")
        return Reponse(self.carnet, formulaire, dict(valeurs), tuple(journal), lignee, revision, quand, tiree)

    def _retrouver(self, chemin: Path) -> None:
        annexe, problemes = lire_annexe(self._annexe(chemin))
        if problemes:
            garder_illisible(self._annexe(chemin))
        miroirs: dict[str, Reponse] = {}
        try:
            siens = chemin.exists() and not self._apprenant  # a mirror says nothing of whose it is
            miroirs, douteux = lire_miroirs(charger_json(chemin, TAILLE_CARNET_MAX)) if siens else ({}, [])
            problemes += douteux
        except ReponseIllisible as refus:
            problemes.append(refus.phrase)
        self._problemes = problemes
        for formulaire in {**annexe, **miroirs}:
            candidates = [r for r in (annexe.get(formulaire), miroirs.get(formulaire)) if r and r.carnet == self.carnet]
            if not candidates:
                continue
            retenue, ecartee = reunir(candidates[0], candidates[-1])
            self._reponses[formulaire] = retenue
            if ecartee is not None:
                self._phrases[formulaire] = [self._conflit(retenue, ecartee)]

    def _conflit(self, retenue: Reponse, ecartee: Reponse) -> str:
        nom = self._ecarter(ecartee)
        ou = f"l’autre est gardée dans reponses/{nom}" if nom else "l’autre n’a pas pu être gardée"
        return (
            f"Deux réponses différentes existaient, dans ce carnet et à côté : la plus récente "
            f"(du {jour_heure(retenue)}) est reprise, {ou} (du {jour_heure(ecartee)})."
        )

    def _ecarter(self, reponse: Reponse) -> str | None:
        """Set an answer aside in a file of its own; its name, or None."""
        return ecarter(self._annexe(self.chemin), self.chemin.stem, reponse) if self.chemin is not None else None

    def _ecrire(self) -> str:
        """Write the sidecar; the sentence to add when it cannot be."""
        if self.chemin is None:
            return PAS_GARDEE if self._page else SANS_DOSSIER
        self._suivre_annexe(self._annexe(self.chemin))
        try:
            ecrire_annexe(self._annexe(self.chemin), self.carnet, self._reponses)
        except OSError:
            return PAS_GARDEE if self._page else DOSSIER_FERME
        return ""

    def _annexe(self, carnet: Path) -> Path:
        return chemin_annexe(carnet, self._apprenant)

    def _suivre_annexe(self, annexe: Path) -> None:
        """Take what another kernel wrote in the sidecar meanwhile: its other forms, and its rivals, set aside once."""
        for cle, ecrite in lire_annexe(annexe)[0].items():
            mienne = self._reponses.get(cle)
            if ecrite.carnet != self.carnet or mienne == ecrite:
                continue
            if mienne is None or cle not in self._reprises:
                self._reponses[cle] = ecrite if mienne is None else reunir(mienne, ecrite)[0]
            elif not descend_de(mienne, ecrite):
                if (ecrite.valeurs, ecrite.journal) != (mienne.valeurs, mienne.journal):
                    self._autres[cle] = ecrite
                if ecrite.lignee not in self._rivales:
                    self._rivales.add(ecrite.lignee)
                    self._ecarter(ecrite)

    def _miroir(self, formulaire: str, resume: str, *, premier: bool, vide: str = RIEN) -> None:
        if self._afficheur is None:
            return
        donnees = donnees_miroir(self._reponses.get(formulaire), resume, vide)
        envoyer = self._afficheur.montrer if premier else self._afficheur.rafraichir
        envoyer(f"rep-{formulaire}", donnees)
