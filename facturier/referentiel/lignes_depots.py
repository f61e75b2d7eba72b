"""The rows of the tables about deposits: channels and their limits, attachments, flows, plateformes agréées."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from facturier.referentiel.socle import LigneSourcee, cle, facultatif


@dataclass(frozen=True, kw_only=True)
class Depot(LigneSourcee):
    """A way to deposit an invoice, with its formats and its limits in Mo (None: not known, or no such limit)."""

    code: str = cle()
    canal: str
    mode: str
    formats: str
    limite_fichier: str = facultatif()
    fichier_mo: int | None
    piece_jointe_mo: int | None
    total_mo: int | None
    travaux: Literal["oui", "non", "à vérifier"]
    travaux_precision: str = facultatif()


@dataclass(frozen=True, kw_only=True)
class Extension(LigneSourcee):
    """An extension, in lower case, that a file joined to an invoice may have."""

    code: str = cle()
    famille: Literal["PDF", "image", "bureautique", "page web ou XML", "archive", "signature"]


@dataclass(frozen=True, kw_only=True)
class StatutFlux(LigneSourcee):
    """A status of a flow of invoices, as the API or a plateforme agréée reads it."""

    code: str = cle()
    objet: str
    libelle: str


@dataclass(frozen=True, kw_only=True)
class StatutPa(LigneSourcee):
    """A status of the standard's life cycle, and the statuses of Chorus Pro that it stands for.

    ``cadres``: the cadres for which that correspondence holds (empty: all). ``statuts`` is empty for what Chorus Pro
    does not pass on.
    """

    code: str = cle()
    libelle: str
    caractere: Literal["obligatoire", "facultatif", ""] = facultatif()
    sens: Literal["plateforme d’émission", "Chorus Pro vers PA", "PA vers Chorus Pro", "les deux"]
    interfaces: tuple[str, ...]
    statuts: tuple[str, ...]
    cadres: tuple[str, ...] = cle()
    remarque: str = facultatif()


@dataclass(frozen=True, kw_only=True)
class Interface(LigneSourcee):
    """A flow of Chorus Pro's EDI, by its code: what travels, from whom to whom, in which syntax."""

    code: str = cle()
    contenu: str
    sens: Literal[
        "fournisseur vers Chorus Pro",
        "Chorus Pro vers fournisseur",
        "destinataire vers Chorus Pro",
        "plateforme agréée vers Chorus Pro",
        "Chorus Pro vers plateforme agréée",
    ]
    format: Literal["ubl", "cii", "facturx", ""] = facultatif()
    travaux: Literal["oui", "non", ""] = facultatif()
