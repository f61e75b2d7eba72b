"""Records of the portal that are not pieces: accounts, what they ask for, requests for help, managed structures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal

from facturier.annuaire import Structure

RoleCompte = Literal["gestionnaire", "utilisateur"]
StatutSollicitation = Literal["EN_COURS", "ACTION_REQUISE", "CLOTUREE"]


@dataclass(frozen=True)
class Envoi:
    """A message that carries a secret: the number of the event that sent it (the secret is derived from it), when."""

    rang: int
    quand: datetime


@dataclass(frozen=True)
class Compte:
    """A person's account: the structures it is attached to, and the spaces opened to it in each of them.

    ``rattachements`` says the account's role in each structure, by SIRET; ``habilitations`` the codes of its spaces
    (table ``espaces``). ``courriel`` is the connection address, ``contact`` the one for notifications. ``createur``:
    who created it, "" or a participant. ``lien``, ``code``, ``confirmation``: the last activation link, connection
    code and address change sent, None once used. ``deconnecte``: active, but no code was given since. ``ferme``:
    closed for good. ``demandes``: attachments asked for and not answered, by SIRET; ``souhaits``: spaces asked for,
    by (SIRET, space). No password is kept, in any form.
    """

    id: str
    courriel: str
    nom: str
    actif: bool = False
    rattachements: Mapping[str, RoleCompte] = field(default_factory=dict)
    habilitations: Mapping[str, frozenset[str]] = field(default_factory=dict)
    prenom: str = ""
    telephone: str = ""
    contact: str = ""
    createur: str = ""
    deconnecte: bool = False
    ferme: bool = False
    connexions: int = 0
    liens_envoyes: int = 0
    mot_de_passe_change: int = 0
    lien: Envoi | None = None
    code: Envoi | None = None
    confirmation: Envoi | None = None
    nouveau_courriel: str = ""
    demandes: Mapping[str, datetime] = field(default_factory=dict)
    souhaits: Mapping[tuple[str, str], datetime] = field(default_factory=dict)

    def gere(self, siret: str) -> bool:
        """Whether it is the gestionnaire principal of that structure."""
        return self.rattachements.get(siret) == "gestionnaire"

    def habilite(self, siret: str, espace: str) -> bool:
        """Whether that space of that structure is open to it."""
        return siret in self.rattachements and espace in self.habilitations.get(siret, frozenset())


@dataclass(frozen=True)
class CoordonneesBancaires:
    """One bank account of a structure. ``affactureur``: it belongs to who bought the debt."""

    iban: str
    titulaire: str
    affactureur: bool = False


@dataclass(frozen=True)
class StructureGeree(Structure):
    """A structure created or changed on the portal: what its people fill in, besides the parameters.

    ``creee``: it did not exist before; ``iban_modifies``, ``services_crees``, ``gestionnaires_designes``: how many
    times.
    """

    creee: bool = False
    iban_modifies: int = 0
    services_crees: int = 0
    gestionnaires_designes: int = 0
    adresse: str = ""
    telephone: str = ""
    coordonnees: tuple[CoordonneesBancaires, ...] = ()

    @classmethod
    def de(cls, structure: Structure) -> StructureGeree:
        """The same structure, ready to be filled in."""
        if isinstance(structure, StructureGeree):
            return structure
        return cls(**{champ.name: getattr(structure, champ.name) for champ in fields(structure)})


@dataclass(frozen=True)
class Echange:
    """One line of a request: the event that wrote it, when, who spoke (« auteur », « support », « service_metier »),
    what was said."""

    rang: int
    quand: datetime
    de: str
    texte: str


@dataclass(frozen=True)
class Sollicitation:
    """A request for help: who asked, about what, whom, in which state.

    ``question``: the leaf of the decision tree that led there. ``bien_adressee``: it went to who can answer it.
    ``relances``: how many times its author asked again. ``attend``: since when an answer is awaited, None when not.
    """

    id: str
    auteur: str
    structure: str
    sujet: str
    statut: StatutSollicitation
    destinataire: str = ""
    client: str = ""
    question: str = ""
    piece: str = ""
    courriel: str = ""
    bien_adressee: bool = False
    relances: int = 0
    attend: datetime | None = None
    echanges: tuple[Echange, ...] = ()
