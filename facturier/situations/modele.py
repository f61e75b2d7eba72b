"""Records: a story as drawn for one seed, and the same with its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from facturier.portail import Acteur, Ouverture


@dataclass(frozen=True)
class Joue:
    """A role that the learner holds, in which structure ("" for a portal with accounts)."""

    role: str
    structure: str


@dataclass(frozen=True)
class Document:
    """A paper that the story gives, to be attached: the name of its file, what it is."""

    nom: str
    titre: str


@dataclass(frozen=True)
class Geste:
    """One act on the portal, as ``Portail.accomplir`` takes it; ``champs`` is what is entered, field by field.

    A field « @jeton ADRESSE » stands for the secret of the last message of that mailbox.
    """

    role: str
    structure: str
    action: str
    objet: str
    champs: Mapping[str, str]
    par: str = ""

    @property
    def acteur(self) -> Acteur:
        """Who makes it."""
        return Acteur(self.role, self.structure, self.par)


@dataclass(frozen=True)
class Recit:
    """What the learner is told and given.

    ``valeurs``: everything that was drawn or read in the directory, by name. ``avant``: what has already happened when
    the learner comes in, the first events of every journal of that situation. ``depot``: a deposit form is enough to
    play it; other situations are played on the portal's screens. ``demandes``: names of the criteria, which say in
    general words what is asked, never what is expected. ``documents``: papers handed to the learner with the story.
    """

    code: str
    graine: str
    titre: str
    texte: str
    joues: tuple[Joue, ...]
    ouverture: Ouverture
    valeurs: Mapping[str, str]
    avant: tuple[Geste, ...] = ()
    depot: bool = False
    demandes: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Critere:
    """One criterion of a situation: what it says, and what it says when it is missed."""

    nom: str
    libelle: str
    manque: str


@dataclass(frozen=True)
class Faute:
    """A fault that learners make: what they do instead, and the criterion that it misses.

    ``gestes`` is the whole of what such a learner does. ``refus``: code of the rule by which the portal stops them on
    the way, "" when it lets them through.
    """

    code: str
    libelle: str
    gestes: tuple[Geste, ...]
    critere: str
    refus: str = ""


@dataclass(frozen=True)
class Situation:
    """A story and its key. ``saisie``: what a perfect player does, field by field. ``attendu``: what criteria compare
    the replayed state with."""

    recit: Recit
    saisie: tuple[Geste, ...]
    attendu: Mapping[str, str]
    criteres: tuple[Critere, ...]
    fautes: tuple[Faute, ...] = ()

    @property
    def ouverture(self) -> Ouverture:
        """The settings of its portal, which whoever sets the exercise decides."""
        return self.recit.ouverture
