"""What travels between the portal of a class and its clients, in both directions; every size is bounded."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from facturier.portail.evenements import CHAMPS_MAX, EVENEMENTS_MAX, TEXTE_MAX
from facturier.portail.ouverture import Ouverture

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Objet = Annotated[str, StringConstraints(pattern=r"^([PCT][0-9]{4,5}|S[0-9]{14})?$")]
Siret = Annotated[str, StringConstraints(pattern=r"^([0-9]{14})?$")]
Compte = Annotated[str, StringConstraints(pattern=r"^(C[0-9]{4,5})?$")]
Texte = Annotated[str, StringConstraints(max_length=TEXTE_MAX)]
Donnees = Annotated[dict[Code, Texte], Field(max_length=CHAMPS_MAX)]


class Fiche(BaseModel):
    """What every message of the wire is: closed, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Erreur(Fiche):
    """Any refusal: a French sentence, a stable code, the rules that are broken."""

    phrase: str
    code: str
    regles: tuple[str, ...] = ()


class Rejoindre(Fiche):
    """To join: the code shown by the trainer, a first name; the token got before, to come back."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    prenom: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    jeton: Annotated[str, StringConstraints(max_length=80)] = ""


class RoleTenu(Fiche):
    """A role of a circuit: for which structure, and who holds it (« » nobody, « simule:… » a simulated partner).

    ``designation``: what the structure is to the market (« Sous-traitant »), « » when the role says it.
    """

    role: str
    structure: str
    nom: str
    tenant: str
    designation: str = ""


class Reglages(Fiche):
    """The settings of a space, all but the seed that draws its story, its partners and the codes of its mailboxes:
    folding the journal needs none of them, and who knew them would know what comes next."""

    scenario: str
    comptes: bool
    classe: bool
    horloge: str
    depart: str
    partenaires: dict[str, str]

    @classmethod
    def de(cls, ouverture: Ouverture) -> Reglages:
        """Those of that opening."""
        return cls(**{cle: valeur for cle, valeur in ouverture.en_json().items() if cle in cls.model_fields})

    def ouverture(self) -> Ouverture:
        """What a client folds with: an opening without its seed.

        Raises:
            ErreurFacturier: a setting that is not one.
        """
        return Ouverture.depuis_json(self.model_dump())


class EspaceVu(Fiche):
    """A space: its settings, its time, its length, who plays what."""

    nom: str
    ouverture: Reglages
    maintenant: str
    n: int
    roles: tuple[RoleTenu, ...]


class RoleJoue(Fiche):
    """A role that the learner holds in a story, for which structure (« » where accounts decide)."""

    role: str
    structure: str


class DocumentVu(Fiche):
    """A paper that the story gives: the name of its file, what it is."""

    nom: str
    titre: str


class RecitVu(Fiche):
    """The story that a space plays, as drawn for its learner; neither its key nor its seed.

    ``depot``: the deposit form is enough to play it. ``marche``: the market that it is about, « » for none.
    """

    code: str
    titre: str
    texte: str
    joues: tuple[RoleJoue, ...]
    depot: bool
    documents: tuple[DocumentVu, ...] = ()
    marche: str = ""


class Moi(Fiche):
    """Who one is: ``solo`` and ``groupe`` (« » before groups are formed) name one's spaces."""

    pseudonyme: str
    prenom: str
    solo: str
    groupe: str
    aide: bool


class Inscrit(Fiche):
    """One has joined; ``jeton`` is shown this time only (« » when the former one still holds)."""

    jeton: str
    moi: Moi


class Geste(Fiche):
    """An act asked of a space, in the name of a role; ``version`` as the actor last saw the object.

    ``compte``: the account through which one acts, one of one's own; « » to act in one's own name.
    """

    role: Code
    structure: Siret = ""
    compte: Compte = ""
    action: Code
    objet: Objet = ""
    donnees: Donnees = Field(default_factory=dict)
    version: Annotated[int, Field(ge=0, le=EVENEMENTS_MAX)] | None = None


class Fait(Fiche):
    """The act is done and kept: the object, its version, the number of the last event, the portal's time."""

    objet: str
    version: int
    n: int
    quand: str


class Journal(Fiche):
    """The events after number ``depuis``."""

    evenements: tuple[dict[str, Any], ...]
    n: int
    maintenant: str


class EtatVu(Fiche):
    """The whole state of a space."""

    etat: dict[str, Any]
    n: int
    maintenant: str


class PieceVue(Fiche):
    """A piece as the state has it, with its version."""

    piece: dict[str, Any]
    version: int


class GestePossible(Fiche):
    """What that role may do to that piece now."""

    action: str
    libelle: str


class Gestes(Fiche):
    """The gestures possible."""

    gestes: tuple[GestePossible, ...]


class Formulaire(Fiche):
    """What the learner is typing, for the trainer to look at."""

    formulaire: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_/-]{0,59}$")]
    valeurs: Donnees


class Aide(Fiche):
    """To ask for help, or no longer."""

    demande: bool = True


class Phrase(Fiche):
    """Done: a sentence to show."""

    phrase: str
