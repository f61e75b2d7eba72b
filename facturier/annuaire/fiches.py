"""A market's *fiche d'identité*: who does what, which cadre is used, and the terms that its amounts follow.

It is written once, at the start of the market; the portal follows it and names it when it refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from facturier import montants, referentiel
from facturier.erreurs import ErreurFacturier

T = TypeVar("T")

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
class Marche:
    """A market's identity card. Texts throughout: financial terms are read by who computes with them.

    ``titulaire`` is the mandataire when there are ``cotraitants``; ``destinataire`` is the buyer, ``payeur`` who pays
    when it is another; ``moad`` holds the MOA's role when the MOA delegated it. ``cadre_mensuel`` and ``cadre_final``
    are what the titulaire deposits, empty when the circuit leaves it nothing to open. Dates are ``AAAA-MM-JJ``, rates
    per cent.
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
    cotraitants, sous_traitants = restes.pop("cotraitants", []), restes.pop("sous_traitant", [])
    if not isinstance(cotraitants, list) or not all(isinstance(c, str) for c in cotraitants):
        raise ValueError("« cotraitants » doit être une liste de SIRET")
    if not isinstance(sous_traitants, list) or not all(isinstance(s, dict) for s in sous_traitants):
        raise ValueError("« sous_traitant » doit être une suite de tables [[marche.sous_traitant]]")
    declares = tuple(record(SousTraitant, s) for s in sous_traitants)
    for sous_traitant in declares:
        _controler_valeurs(sous_traitant.siret, vars(sous_traitant))
    marche = record(Marche, restes, cotraitants=tuple(cotraitants), sous_traitants=declares)
    _controler_valeurs(marche.numero, vars(marche))
    return marche


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
    attendus = {champ.name: champ.type for champ in fields(genre)}  # type: ignore[arg-type]
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
