"""A screen of the portal in a notebook, and the keeping of what was done."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from facturier.ecrans import garde
from facturier.ecrans.blocs import Message
from facturier.ecrans.conversation import Conversation
from facturier.ecrans.place import Place
from facturier.ecrans.rendu import Cadre
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.porte import Porte
from facturier.formulaires.porteur import Porteur

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

#: Makes the place anew, on the events of an earlier session.
OuvrirPoste = Callable[[Sequence[dict[str, Any]]], "Poste"]


class EcranGarde:
    """A place in a notebook: its answers kept at each change, found again, started afresh.

    It is to the notebook what a form's model is: ``repartir``, ``montrer_miroir``; and a view: ``racine``.

    Args:
        formulaire: under which name the answers are kept.
        avec_journal: whether the portal's journal is kept with them (a portal of one's own, not that of a class).
        porte: title of the door that stands here until somebody goes in; once something was done inside, the place
            opens by itself. "": no door.
    """

    def __init__(
        self,
        formulaire: str,
        memoire: Memoire,
        ouvrir: OuvrirPoste,
        *,
        demander_aide: Callable[[], str] | None = None,
        avec_journal: bool = True,
        porte: str = "",
    ) -> None:
        self.formulaire = formulaire
        self.suivre: Callable[[Mapping[str, str]], None] | None = None
        """Told what the form before the person holds, without its secrets, each time that it is kept."""
        self._memoire = memoire
        self._ouvrir = ouvrir
        self._avec_journal = avec_journal
        reprise = memoire.reprendre(formulaire)
        phrases = list(reprise.phrases)
        fait = reprise.reponse is not None and bool(reprise.reponse.valeurs or reprise.reponse.journal)
        self._dedans: Poste | None = None
        place: Place
        if porte and not fait:
            place = Porte(formulaire, porte, self._entrer, phrases)
        else:
            place = self._dedans = self._poste(reprise.reponse, phrases)
            if phrases:
                place.statut = Message("info", " ".join(phrases))
        # ids of its own: JupyterLab shows several notebooks on one page
        cadre = Cadre(prefixe=f"fe{secrets.token_hex(3)}")
        self.conversation = Conversation[Place](place, cadre, demander_aide=demander_aide, adopter=self._adopter)
        self._cadre = self.conversation.cadre
        if self._dedans is None:
            self.conversation.cadre = replace(self._cadre, bandeau=False, aide=False)
        self.racine = Porteur(self.conversation.repondre)

    @property
    def poste(self) -> Poste:
        """The place; whoever asks for it goes in."""
        return self._dedans if self._dedans is not None else self._entrer()

    def repartir(self) -> None:
        """Start again: an empty place, a portal as it was at the beginning."""
        if self._dedans is not None:
            self._prendre(self._poste(None, []), "Tout est remis au début.")

    def montrer_miroir(self) -> None:
        """Show the mirror under the cell that is running."""
        self._memoire.montrer(self.formulaire)

    def _entrer(self) -> Poste:
        """Put the place where the door was, on what is kept of it."""
        phrases: list[str] = []
        poste = self._poste(self._memoire.reponses.get(self.formulaire), phrases)
        if phrases:
            poste.statut = Message("info", " ".join(phrases))
        self._dedans = self.conversation.poste = poste
        self.conversation.cadre = self._cadre
        return poste

    def _poste(self, reponse: Any, phrases: list[str]) -> Poste:
        journal = reponse.journal if reponse is not None and self._avec_journal else ()
        try:
            poste = self._ouvrir(journal)
        except ErreurFacturier as refus:
            if not journal:
                raise
            ou = self._memoire.mettre_de_cote(self.formulaire)
            phrases.append(
                f"Ce que vous aviez fait sur le portail n’a pas pu être repris ({refus.phrase}) : "
                f"il repart du début, ce que vous aviez saisi est gardé{f' ; le reste est dans {ou}' if ou else ''}."
            )
            poste = self._ouvrir(())
        if reponse is not None:
            poste.reprendre(garde.deplier(reponse.valeurs))
        poste.garder = self._garder
        return poste

    def _garder(self, poste: Poste) -> str:
        journal = poste.guichet.journal if self._avec_journal else ()
        contenu = poste.en_json()
        fait = self._memoire.enregistrer(self.formulaire, dict(garde.aplatir(contenu)), journal)
        if self.suivre is not None:
            self.suivre({champ: texte for champ, texte in contenu["saisies"].get(poste.cle, {}).items() if texte})
        poste.autre = self._memoire.autre_version(self.formulaire)
        return fait.phrase

    def _adopter(self) -> None:
        """Take the version of another kernel; what was here is set aside in a file."""
        reponse = self._memoire.adopter(self.formulaire)
        if reponse is not None:
            self._prendre(self._poste(reponse, []), "L’autre version est reprise, la vôtre est mise de côté.")

    def _prendre(self, poste: Poste, phrase: str) -> None:
        poste.statut = Message("info", phrase)
        self._dedans = self.conversation.poste = poste
        self.conversation.cadre = self._cadre
        self.racine.send({**self.conversation.repondre({"type": "bonjour"}), "client": "noyau"})
