"""A screen, as a record: its place in the menu, its form, what it shows, the gestures it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from facturier.champs import Champ, FormulaireDef, Valeurs
from facturier.ecrans.blocs import Bloc, Cible, Fichier

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste
    from facturier.portail.evenements import Acteur

RUBRIQUES = ("Mon poste", "Factures", "Travaux", "Validation", "Compte et structure", "Aide")
"""Sections of the menu, in order."""


@dataclass(frozen=True)
class Siege:
    """A role that the person plays, in the name of a structure: what the menu « Vous êtes » offers."""

    acteur: Acteur
    libelle: str

    @property
    def cle(self) -> str:
        """Its key in addresses and saved answers."""
        return f"{self.acteur.role}:{self.acteur.structure}:{self.acteur.par}"


@dataclass(frozen=True)
class Suite:
    """What a gesture came to: the sentence to say, where to go next (None = stay), a file to hand out.

    ``garder``: what was typed stays (a draft, a step of a path); else the form is empty again.
    """

    phrase: str = ""
    cible: Cible | None = None
    garder: bool = False
    fichier: Fichier | None = None


Composer = Callable[["Poste", str], Sequence[Bloc]]
"""What the screen shows of that object, for whoever sits there now."""
Geste = Callable[["Poste", str, Valeurs], Suite]
"""A gesture: the object, and the values (the form's, completed by the button's). ErreurFacturier: it is refused."""


@dataclass(frozen=True)
class Ecran:
    """One screen.

    Attributes:
        rubrique: section of the menu, "" for a screen reached from another one only.
        formulaire: its form, or what makes it from the object (it may depend on the state: « selon vos services »).
        initiales: what the form opens with, when nothing has been typed yet.
        brouillon: name of the answers shared by several screens (the steps of one path); "" = its own.
        controles: asks more of the form than its field records do: field id → sentence.
        verifies: gestures that a form with errors or empty required fields stops; the others pass.
        visible: whether the menu shows it to whoever sits there.
        titre_objet: the title when it depends on the object (« Pièce P0001 »).
        options: choices of its fields that depend on the portal (field id → pairs), asked before those of the record.
    """

    id: str
    titre: str
    composer: Composer
    gestes: Mapping[str, Geste] = field(default_factory=dict)
    rubrique: str = ""
    formulaire: FormulaireDef | Callable[[Poste, str], FormulaireDef] | None = None
    initiales: Callable[[Poste, str], Valeurs] | None = None
    brouillon: str = ""
    controles: Callable[[Poste, str, Valeurs], Mapping[str, str]] | None = None
    verifies: frozenset[str] = frozenset()
    visible: Callable[[Poste], bool] = lambda _: True
    titre_objet: Callable[[Poste, str], str] | None = None
    options: Callable[[Poste, str, Champ], Sequence[tuple[str, str]] | None] | None = None
