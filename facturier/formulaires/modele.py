"""What a form knows, without any screen: traitlets to watch, methods to call, sentences to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from facturier.champs import Champ, Contexte, FormulaireDef, Valeurs, bloquants, controler
from facturier.champs.controles import manquants
from facturier.champs.exigences import exige
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.memoire import Memoire

if TYPE_CHECKING:
    from facturier.portail.guichet import Guichet

#: Opens the counter on the events of an earlier session.
OuvrirGuichet = Callable[[Sequence[dict[str, Any]]], "Guichet"]

TEXTE_MAX = 2_000
#: How many tries a form's journal keeps before it asks to start again: an answer stays small (``TAILLE_MAX``).
ESSAIS_MAX = 200


class ModeleFormulaire(traitlets.HasTraits):  # type: ignore[misc]
    """A form of fields: values as typed, errors beside fields, what still blocks, a status in a sentence.

    With a ``guichet`` it deposits on the training portal and keeps the portal's journal in its answer.
    """

    valeurs = traitlets.Dict()
    erreurs = traitlets.Dict()
    bloquants = traitlets.List()
    statut = traitlets.Unicode()
    pieces = traitlets.List()
    #: True once a sending was refused: from then on, what is empty and required is said beside its field.
    tente = traitlets.Bool(False)

    def __init__(
        self,
        definition: FormulaireDef,
        memoire: Memoire,
        *,
        formulaire: str = "",
        ouvrir_guichet: OuvrirGuichet | None = None,
    ) -> None:
        super().__init__()
        self.definition = definition
        self.formulaire = formulaire or definition.id
        self._memoire = memoire
        self._ouvrir_guichet = ouvrir_guichet
        self.relire()

    def relire(self) -> None:
        """Take the answers as they are kept, with the portal on which they were given."""
        reprise = self._memoire.reprendre(self.formulaire)
        self.phrases = reprise.phrases
        self._guichet = self._ouvrir(reprise.reponse.journal if reprise.reponse else ())
        connues = self.definition.vierge()
        lues = reprise.reponse.valeurs if reprise.reponse else {}
        gardees = {cle: texte for cle, texte in lues.items() if cle in connues and isinstance(texte, str)}
        self.valeurs = {**connues, **gardees}
        self._controler()
        self._lire_pieces()
        if gardees and any(gardees.values()):
            self.statut = "Vos réponses précédentes sont reprises."

    @property
    def avec_portail(self) -> bool:
        """True when the form deposits something."""
        return self._guichet is not None

    def exige_ici(self, champ: Champ) -> bool:
        """True when other answers make this empty field required."""
        vide = isinstance(champ.obligatoire, str) and not self.valeurs[champ.id].strip()
        return vide and exige(champ, self.valeurs, self.contexte)

    def vide_a_dire(self, champ: Champ) -> str:
        """What to say of this field left empty at the last sending; "" when it was not, or may stay empty."""
        if not self.tente or champ.id not in {vide.id for vide in self._manquants()}:
            return ""
        return champ.phrase_vide or "Ce champ est obligatoire."

    @property
    def envoyee(self) -> str:
        """The number of the form's invoice when the portal has it already; "" otherwise."""
        numero = self.valeurs.get("numero_facture", "").strip()
        return numero if self._guichet is not None and numero in self._guichet.envoyees() else ""

    @property
    def contexte(self) -> Contexte:
        """What the controls look at: the counter's directory and day, when there is a counter."""
        return self._guichet.contexte if self._guichet is not None else Contexte()

    @property
    def journal(self) -> tuple[dict[str, Any], ...]:
        """The events that the portal has written for this form."""
        return self._guichet.journal if self._guichet is not None else ()

    def changer(self, champ: str, texte: str) -> None:
        """Take what was typed in a field, control the form, keep the answer.

        Raises:
            KeyError: the form has no such field.
        """
        self.definition.champ(champ)
        if texte == self.valeurs[champ]:
            return
        if len(texte) > TEXTE_MAX:
            self.statut = f"Ce texte est trop long ({len(texte)} caractères) : il n’est pas enregistré."
            return
        self.valeurs = {**self.valeurs, champ: texte}
        self._controler()
        self._garder()

    def enregistrer(self) -> bool:
        """Keep a draft on the portal: nobody receives it."""
        if self._guichet is None or not self._place():
            return False
        return self._agir(self._guichet.enregistrer)

    def envoyer(self) -> bool:
        """Send the form; False, with the reasons in ``statut``, when something still blocks or the portal refuses."""
        self._controler()
        self.tente = bool(self.bloquants)
        if self.bloquants:
            nombre = len(self.bloquants)
            points = "un point reste à régler" if nombre == 1 else f"{nombre} points restent à régler"
            self.statut = f"Rien n’est envoyé : {points}, voyez la liste « Avant l’envoi »."
            return False
        if self._guichet is None:
            self._garder()
            return True
        return self._place() and self._agir(self._guichet.deposer)

    def repartir(self) -> None:
        """Start again: an empty form, a portal without pieces."""
        self._guichet = self._ouvrir(())
        self.tente = False
        self.valeurs = self.definition.vierge()
        self._controler()
        self._lire_pieces()
        self.statut = "Ce formulaire est vide de nouveau."

    def premier_a_corriger(self) -> str | None:
        """The first field that blocks, in the order of the form: where the cursor should go."""
        vides = {champ.id for champ in self._manquants()}
        return next((c.id for c in self.definition.champs if c.id in self.erreurs or c.id in vides), None)

    def points_bloquants(self) -> list[tuple[str, str]]:
        """What still blocks, by field: its id, and the sentence that begins by its label."""
        vides = {champ.id for champ in self._manquants()}
        fautifs = [c for c in self.definition.champs if c.id in self.erreurs or c.id in vides]
        return [
            (c.id, f"{c.libelle} : {self.erreurs.get(c.id) or c.phrase_vide or 'Ce champ est obligatoire.'}")
            for c in fautifs
        ]

    def montrer_miroir(self) -> None:
        """Show the mirror under the cell that is running."""
        self._memoire.montrer(self.formulaire, self._resume())

    def _ouvrir(self, journal: Sequence[dict[str, Any]]) -> Guichet | None:
        if self._ouvrir_guichet is None:
            return None
        try:
            return self._ouvrir_guichet(journal)
        except ErreurFacturier as refus:
            ou = self._memoire.mettre_de_cote(self.formulaire)
            self.phrases = (
                *self.phrases,
                f"Vos dépôts précédents n’ont pas pu être repris ({refus.phrase}) : vos réponses restent ci-dessous, "
                f"renvoyez la facture{f' (les anciens dépôts sont dans {ou})' if ou else ''}.",
            )
            return self._ouvrir_guichet(())

    def _agir(self, geste: Callable[[Valeurs], str]) -> bool:
        try:
            phrase = geste(dict(self.valeurs))
        except ErreurFacturier as refus:
            self.statut = f"Le portail refuse : {refus.suite}"
            return False
        self._lire_pieces()
        self._garder(phrase)
        return True

    def _place(self) -> bool:
        if len(self.journal) < ESSAIS_MAX:
            return True
        self.statut = "Vous avez fait beaucoup d’essais ici : utilisez « Recommencer » avant de continuer."
        return False

    def _controler(self) -> None:
        self.erreurs = controler(self.definition, self.valeurs, self.contexte)
        self.bloquants = bloquants(self.definition, self.valeurs, self.contexte)

    def _manquants(self) -> tuple[Champ, ...]:
        return manquants(self.definition, self.valeurs, self.contexte)

    def _lire_pieces(self) -> None:
        self.pieces = list(self._guichet.resume()) if self._guichet is not None else []

    def _garder(self, phrase: str = "") -> None:
        fait = self._memoire.enregistrer(self.formulaire, dict(self.valeurs), self.journal, self._resume())
        self.statut = f"{phrase} {fait.phrase}".strip()

    def _resume(self) -> str:
        if self._guichet is None:
            return ""
        return " ; ".join(f"pièce {numero} : {statut}" for numero, _, statut in self.pieces) or "rien n’est envoyé"
