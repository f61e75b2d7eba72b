"""A sheet in a notebook: the same widget as the portal's screens, in a plain frame."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from facturier.ecrans.blocs import Message
from facturier.ecrans.conversation import Conversation
from facturier.ecrans.feuille import Feuille
from facturier.ecrans.rendu import Cadre
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.porteur import Porteur


class VueFeuille:
    """What a notebook shows of a sheet.

    Args:
        memoire: where its answers are kept, when it has some.
        portail: whether it is drawn as a page of the portal, under its banner.
    """

    def __init__(
        self,
        feuille: Feuille,
        memoire: Memoire | None = None,
        *,
        demander_aide: Callable[[], str] | None = None,
        portail: bool = False,
    ) -> None:
        self.feuille = feuille
        self._memoire = memoire
        # ids of its own: JupyterLab shows several notebooks on one page
        cadre = Cadre(prefixe=f"ff{secrets.token_hex(3)}", bandeau=portail)
        self.conversation = Conversation(
            feuille, cadre, demander_aide=demander_aide, adopter=self._adopter if memoire is not None else None
        )
        if memoire is not None:
            feuille.chercher_autre = lambda: memoire.autre_version(feuille.nom)
        self.racine = Porteur(self.conversation.repondre)

    def repartir(self) -> None:
        """Start again, here and on the page."""
        self.feuille.repartir()
        self.rafraichir()

    def rafraichir(self) -> None:
        """Draw it again on every page that shows it."""
        self.racine.send({**self.conversation.repondre({"type": "bonjour"}), "client": "noyau"})

    def _adopter(self) -> None:
        """Take the version of another kernel; what was here is set aside in a file."""
        if self._memoire is not None and self._memoire.adopter(self.feuille.nom) is not None:
            self.feuille.rouvrir()
            self.feuille.statut = Message("info", "L’autre version est reprise, la vôtre est mise de côté.")
