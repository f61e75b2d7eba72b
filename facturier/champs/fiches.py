"""What a form is made of: field records. No widget here, so a browser twin and a grader read the same records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

Genre = Literal[
    "texte",
    "texte_long",
    "montant",
    "siret",
    "date",
    "choix",
    "choix_ouvert",
    "oui",
    "secret",
    "fichier",
    "iban",
    "entier",
    "courriel",
    "nombre",
]

#: What is typed in a form: always text; "" is "not answered", never a value.
Valeurs = dict[str, str]


class ServiceDestinataire(Protocol):
    """What a form asks about a service of the recipient."""

    @property
    def engagement_obligatoire(self) -> bool: ...


class Destinataire(Protocol):
    """What a form asks about a structure: is it a public payer, what does it require?"""

    @property
    def nom(self) -> str: ...
    @property
    def publique(self) -> bool: ...
    @property
    def engagement_obligatoire(self) -> bool: ...
    @property
    def service_obligatoire(self) -> bool: ...
    @property
    def engagement_ou_service(self) -> bool: ...
    def service(self, code: str) -> ServiceDestinataire | None: ...


class AnnuaireDestinataires(Protocol):
    """The part of the portal's directory that a form asks: whose is this SIRET?"""

    def structure(self, siret: str) -> Destinataire:
        """The structure of that SIRET; raises ErreurFacturier when nobody has it."""


@dataclass(frozen=True)
class Contexte:
    """What a control may look at besides the form: the directory of recipients and the day."""

    annuaire: AnnuaireDestinataires | None = None
    au: date | None = None


@dataclass(frozen=True)
class Champ:
    """One field of a form.

    Attributes:
        obligatoire: True, False, or the code of a rule of ``facturier.champs.exigences`` (required by the recipient's
            parameters, by the cadre, by the way of paying…).
        longueur_max: in characters, or the code of a limit of the referentiel.
        choix: code of a list of ``facturier.champs.listes`` drawn from the referentiel, or literal (code, label) pairs.
        phrase_vide: what to do when the field is required and empty.
        presentation: « radios » shows a choice of five at most all at once, instead of a list that opens; « echelle »
            lays them side by side, from one end to the other.
        contenu: of a file, what it holds is read; otherwise its name and its size are all that leaves the browser.
        plusieurs: several files may be given; otherwise the last one given takes the place of the one before.
    """

    id: str
    libelle: str
    genre: Genre = "texte"
    obligatoire: bool | str = False
    aide: str = ""
    exemple: str = ""
    longueur_max: int | str = 200
    choix: str | tuple[tuple[str, str], ...] = ()
    phrase_vide: str = ""
    presentation: Literal["", "radios", "echelle"] = ""
    contenu: bool = False
    plusieurs: bool = False


@dataclass(frozen=True)
class FormulaireDef:
    """A form: its title, its fields in the order they are read, its controls across fields.

    ``facultatif_tu``: the labels of what may stay empty do not each say so: the form says it once, or it goes without
    saying (a search). ``remplis``: what is already in some fields when it opens (field, text).
    """

    id: str
    titre: str
    champs: tuple[Champ, ...]
    intro: str = ""
    controles: tuple[str, ...] = ()
    facultatif_tu: bool = False
    remplis: tuple[tuple[str, str], ...] = ()

    def champ(self, champ_id: str) -> Champ:
        """The field of that id (KeyError when the form has none)."""
        for candidat in self.champs:
            if candidat.id == champ_id:
                return candidat
        raise KeyError(champ_id)

    def vierge(self) -> Valeurs:
        """The form as it opens: every field empty, nothing preselected, but for what it says to be filled."""
        return {**{champ.id: "" for champ in self.champs}, **dict(self.remplis)}
