"""The state of the portal: one frozen record, whose JSON form is the same, byte for byte, wherever it is computed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from facturier.annuaire import Annuaire, Structure
from facturier.cycle import Bascules
from facturier.portail.evenements import moment
from facturier.portail.ouverture import Ouverture
from facturier.portail.personnes import Compte, Sollicitation
from facturier.portail.pieces import Piece
from facturier.portail.provenance import Flux


@dataclass(frozen=True)
class Temps:
    """Where the portal's clock stands.

    ``decalage``: seconds that the portal is ahead of the real clock. ``arret``: the date at which the clock was
    stopped, None while it runs. ``vu``: the latest date reached, below which the portal never goes again.
    ``debut``: its first date.
    """

    decalage: int = 0
    arret: datetime | None = None
    vu: datetime | None = None
    debut: datetime | None = None

    def a(self, lu: datetime) -> datetime:
        """The portal's time when the clock, shifted, reads ``lu``."""
        if self.arret is not None:
            return self.arret
        return max(lu, self.vu) if self.vu is not None else lu


@dataclass(frozen=True)
class Jalon:
    """Something notified on a works market outside its pieces: the act's code, by which structure, in which words."""

    marche: str
    code: str
    quand: datetime
    structure: str
    commentaire: str = ""


@dataclass(frozen=True)
class Etat:
    """Everything the journal says, by identifier. ``structures`` only holds those that differ from the directory.

    ``attributions``: (role, structure) → participant, account, or « simule:<caractère> ».
    ``bascules``: days of announced changes that the opening sets. ``chantiers``: markets on which simulated companies
    deposit by themselves; ``sieges``: since when a simulated partner holds each (role, structure), kept for them alone.
    """

    pieces: Mapping[str, Piece] = field(default_factory=dict)
    comptes: Mapping[str, Compte] = field(default_factory=dict)
    structures: Mapping[str, Structure] = field(default_factory=dict)
    sollicitations: Mapping[str, Sollicitation] = field(default_factory=dict)
    flux: Mapping[str, Flux] = field(default_factory=dict)
    attributions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    temps: Temps = field(default_factory=Temps)
    bascules: Bascules = ()
    jalons: tuple[Jalon, ...] = ()
    chantiers: tuple[str, ...] = ()
    sieges: Mapping[tuple[str, str], datetime] = field(default_factory=dict)

    @classmethod
    def initial(cls, ouverture: Ouverture) -> Etat:
        """The state before any event."""
        temps = Temps(vu=ouverture.debut, debut=ouverture.debut)
        return cls(
            attributions=ouverture.attributions(),
            temps=temps,
            bascules=ouverture.jours_de_bascule,
            chantiers=ouverture.chantiers,
        )

    def annuaire(self, base: Annuaire) -> Annuaire:
        """The directory as it now stands: ``base``, with what was created or changed on the portal."""
        if not self.structures:
            return base
        return Annuaire(
            structures={**base.structures, **self.structures}, marches=base.marches, synonymes=base.synonymes
        )

    def objet(self, objet: str, base: Annuaire) -> object | None:
        """The piece, account, structure or request of that identifier, None when there is none."""
        if objet.startswith("S"):
            siret = objet[1:]
            return self.structures.get(siret) or base.structures.get(siret)
        return self.rayon(objet[:1]).get(objet)

    def rayon(self, prefixe: str) -> Mapping[str, object]:
        """Everything whose identifiers begin so: pieces (P), accounts (C), requests (T), flows (F)."""
        rayons: dict[str, Mapping[str, object]] = {
            "P": self.pieces,
            "C": self.comptes,
            "T": self.sollicitations,
            "F": self.flux,
        }
        return rayons.get(prefixe, {})


def etat_json(etat: Etat) -> dict[str, Any]:
    """The whole state, ready for JSON: nothing left out, in one order; what came later is only there when there is
    some."""
    document = _json(etat)
    if not isinstance(document, dict):
        raise TypeError("etat")
    for champ in ("bascules", "jalons", "chantiers", "sieges"):
        if not document[champ]:
            del document[champ]
    return document


def json_de(valeur: object) -> Any:
    """Any record of the state, in the form that it has there."""
    return _json(valeur)


def octets(etat: Etat) -> bytes:
    """The one byte form of a state."""
    return json.dumps(etat_json(etat), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _json(valeur: object) -> Any:
    if valeur is None or isinstance(valeur, (bool, int, str)):
        return valeur
    if isinstance(valeur, datetime):
        return moment(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, Decimal):
        return str(valeur)
    if is_dataclass(valeur):
        return {champ.name: _json(getattr(valeur, champ.name)) for champ in fields(valeur)}
    if isinstance(valeur, Mapping):
        return {_cle(cle): _json(valeur[cle]) for cle in sorted(valeur)}
    if isinstance(valeur, Set):
        return [_json(element) for element in sorted(valeur)]
    if isinstance(valeur, (tuple, list)):
        return [_json(element) for element in valeur]
    raise TypeError(f"{type(valeur).__name__} has no JSON form in the state")


def _cle(cle: object) -> str:
    return cle if isinstance(cle, str) else "|".join(cle) if isinstance(cle, tuple) else str(cle)
