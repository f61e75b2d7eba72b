"""A market's *fiche d'identité*: who does what, which cadre is used, and the terms that its amounts follow.

It is written once, at the start of the market; the portal follows it and names it when it refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from facturier import montants, referentiel
from facturier.erreurs import ErreurFacturier

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")

DATES = ("notification", "agrement")
MONTANTS = ("montant_ht", "montant_ttc")


@dataclass(frozen=True)
class SousTraitant:
    """A subcontractor declared to the buyer (DC4).

    ``montant_ttc``: amount of its contract, euros. ``agrement``: the day the buyer accepted it and its terms of payment
    (``AAAA-MM-JJ``; empty as long as it did not). ``donneur_ordre``: SIRET of the member it works for, the titulaire
    when empty.
    """

    siret: str
    objet: str
    montant_ttc: str
    agrement: str = ""
    donneur_ordre: str = ""


@dataclass(frozen=True)
class PartMembre:
    """What a member of the group takes of the market: ``objet``, for ``montant_ht`` euros."""

    siret: str
    objet: str
    montant_ht: str


@dataclass(frozen=True)
class Marche:
    """A market's identity card. Texts throughout: financial terms are read by who computes with them.

    ``titulaire`` is the mandataire when there are ``cotraitants``, whose ``parts`` (its own too) make the market;
    ``destinataire`` is the buyer, ``payeur`` who pays when it is another; ``moad`` holds the MOA's role when the MOA
    delegated it. ``cadre_mensuel`` and ``cadre_final`` are what the titulaire deposits, empty when the circuit leaves
    it nothing to open. Dates are ``AAAA-MM-JJ``, rates per cent.
    """

    numero: str
    objet: str
    ccag_travaux: bool
    titulaire: str
    destinataire: str
    circuit: str = ""
    cadre_mensuel: str = ""
    cadre_final: str = ""
    moe: str = ""
    moe_service: str = ""
    moa: str = ""
    moad: str = ""
    payeur: str = ""
    payeur_service: str = ""
    engagement: str = ""
    cotraitants: tuple[str, ...] = ()
    parts: tuple[PartMembre, ...] = ()
    sous_traitants: tuple[SousTraitant, ...] = ()
    ccag: str = ""
    notification: str = ""
    duree_mois: str = ""
    montant_ht: str = ""
    taux_tva: str = ""
    avance: str = ""
    avance_remboursement_debut: str = ""
    avance_remboursement_fin: str = ""
    retenue_garantie: str = ""
    garantie: str = ""
    revision: str = ""
    index: str = ""
    index_initial: str = ""
    penalites: str = ""

    def partie(self, nom: str) -> str:
        """SIRET of ``titulaire``, ``moe``, ``moa`` (the delegated one if any) or ``payeur``; "" for nobody."""
        parties = {
            "titulaire": self.titulaire,
            "moe": self.moe,
            "moa": self.moad or self.moa,
            "payeur": self.payeur or self.destinataire,
        }
        return parties.get(nom, "")

    def membres(self, nom: str) -> tuple[str, ...]:
        """SIRETs that may act as that party: several cotraitants or sous-traitants, one structure at most otherwise."""
        if nom == "cotraitant":
            return self.cotraitants
        if nom == "sous_traitant":
            return tuple(s.siret for s in self.sous_traitants)
        return tuple(filter(None, (self.partie(nom),)))

    def sous_traitant(self, siret: str) -> SousTraitant | None:
        """The declared subcontractor of that SIRET."""
        return next((s for s in self.sous_traitants if s.siret == siret), None)

    @property
    def groupement(self) -> bool:
        """Whether the titulaire is the mandataire of a group."""
        return bool(self.cotraitants)

    @property
    def sirets(self) -> tuple[str, ...]:
        """Every party that the card names."""
        seuls = (self.titulaire, self.destinataire, self.moe, self.moa, self.moad, self.payeur)
        declares = (siret for s in self.sous_traitants for siret in (s.siret, s.donneur_ordre))
        return tuple(filter(None, (*seuls, *self.cotraitants, *declares)))


def lire(brut: dict[str, Any]) -> Marche:
    """The card as the TOML file writes it.

    Raises:
        ValueError: unknown key, wrong type, unreadable date or amount, circuit and CCAG that contradict each other.
    """
    restes = dict(brut)
    cotraitants = restes.pop("cotraitants", [])
    if not isinstance(cotraitants, list) or not all(isinstance(c, str) for c in cotraitants):
        raise ValueError("« cotraitants » doit être une liste de SIRET")
    declares, parts = _tables(restes, "sous_traitant", SousTraitant), _tables(restes, "part", PartMembre)
    nommes: tuple[SousTraitant | PartMembre, ...] = (*declares, *parts)
    for nomme in nommes:
        _controler_valeurs(nomme.siret, vars(nomme))
    marche = record(Marche, restes, cotraitants=tuple(cotraitants), parts=parts, sous_traitants=declares)
    _controler_valeurs(marche.numero, vars(marche))
    _controler_parts(marche)
    return marche


def _tables(restes: dict[str, Any], cle: str, genre: type[T]) -> tuple[T, ...]:
    """The records of the tables [[marche.cle]], taken out of ``restes``."""
    tables = restes.pop(cle, [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise ValueError(f"« {cle} » doit être une suite de tables [[marche.{cle}]]")
    return tuple(record(genre, t) for t in tables)


def _controler_parts(marche: Marche) -> None:
    """ValueError when the shares are not one for each member, or do not make the market."""
    if not marche.parts:
        return
    membres = [marche.titulaire, *marche.cotraitants]
    if sorted(p.siret for p in marche.parts) != sorted(membres):
        raise ValueError(f"le marché « {marche.numero} » : une part par membre du groupement")
    total = sum((montants.euros(p.montant_ht) for p in marche.parts), Decimal(0))
    if total != montants.euros(marche.montant_ht):
        raise ValueError(f"le marché « {marche.numero} » : ses parts ne font pas son montant HT")


def controler_circuit(marche: Marche) -> None:
    """ValueError when the card names a circuit that the table does not have, or cadres that are not of it."""
    if not marche.circuit:
        if marche.ccag_travaux:
            raise ValueError(f"le marché « {marche.numero} » vise le CCAG-Travaux : sa fiche doit nommer un circuit")
        return
    etapes = [e for e in referentiel.circuits() if e.cas == marche.circuit]
    connus = {c for e in etapes for c in e.cadres}
    for cadre in filter(None, (marche.cadre_mensuel, marche.cadre_final)):
        if cadre not in connus:
            raise ValueError(f"le marché « {marche.numero} » : {cadre} n’est pas du circuit {marche.circuit}")
    travaux = any(referentiel.cadre(c).travaux for c in connus)
    if not etapes or travaux != marche.ccag_travaux:
        raise ValueError(f"le marché « {marche.numero} » : le circuit « {marche.circuit} » ne lui convient pas")


def record(genre: type[T], brut: Mapping[str, Any], **calcules: Any) -> T:
    """Build a flat record, refusing unknown keys and values of another type than text or boolean."""
    attendus = {champ.name: champ.type for champ in fields(genre)}
    for cle, valeur in brut.items():
        if cle not in attendus:
            raise ValueError(f"clé « {cle} » inconnue")
        if not isinstance(valeur, bool if attendus[cle] == "bool" else str):
            raise ValueError(f"valeur inattendue pour « {cle} »")
    return genre(**brut, **calcules)


def _controler_valeurs(qui: str, valeurs: Mapping[str, Any]) -> None:
    for cle in DATES:
        if valeurs.get(cle):
            date.fromisoformat(valeurs[cle])
    for cle in MONTANTS:
        if valeurs.get(cle):
            try:
                montants.euros(valeurs[cle])
            except ErreurFacturier as refus:
                raise ValueError(f"« {qui} », {cle} : {refus.phrase}") from refus
