"""The act that keeps the report of several invoices sent at once (``lots``): its counts are the journal's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from facturier import referentiel
from facturier.portail import provenance as origine
from facturier.portail.actes import Acte, Contexte, Manquement
from facturier.portail.etat import Etat
from facturier.portail.evenements import Acteur, Evenement
from facturier.portail.provenance import Flux

DEPOSER_FLUX = "deposer_flux"
INTEGRE, PARTIEL, REJETE, INCIDENTE = "IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE", "IN_INCIDENTE"
_CHAMPS = (*origine.CHAMPS_FICHIER, "recues", "integrees", "statut", "refusees")
_CHIFFRES_MAX = 6


def statuts_possibles(recues: int, integrees: int) -> tuple[str, ...]:
    """Codes of the statuses that a flow of so many invoices may have, so many being integrated."""
    if integrees:
        return (INTEGRE,) if integrees == recues else (PARTIEL,)
    return (REJETE, INCIDENTE)


def _controler(contexte: Contexte) -> list[Manquement]:
    refus = origine.controler_fichier(contexte.donnees, origine.LOT, contexte.quand.date())
    recues, integrees = (_nombre(contexte.texte(champ)) for champ in ("recues", "integrees"))
    limite = referentiel.limite("factures_lot", contexte.quand.date()).valeur
    venues = _venues(contexte.etat, contexte.acteur, contexte.donnees.get("fichier_sha256", ""))
    if recues is None or integrees is None or not 1 <= recues <= limite or integrees > recues:
        refus.append(("flux-comptes", f"Le compte des factures du lot est illisible (1 à {limite} factures)."))
    elif integrees != venues:
        phrase = f"Le lot annonce {integrees} facture(s) intégrée(s) ; le portail en a reçu {venues}."
        refus.append(("flux-comptes", phrase))
    elif contexte.texte("statut") not in statuts_possibles(recues, integrees):
        refus.append(("flux-statut", "Le statut du lot ne correspond pas à ses comptes."))
    return refus


def _venues(etat: Etat, acteur: Acteur, sha256: str) -> int:
    """Pieces that came out of that archive, but for those of an earlier report of the same one."""
    venues = sum(p.provenance.lot == sha256 and p.deposant == acteur.structure for p in etat.pieces.values())
    deja = sum(f.integrees for f in etat.flux.values() if f.sha256 == sha256 and f.deposant == acteur.structure)
    return venues - deja


def _appliquer(etat: Etat, evenement: Evenement) -> Etat:
    donnees = evenement["donnees"]
    flux = Flux(
        id=evenement["objet"],
        deposant=evenement["structure"],
        quand=evenement["quand"],
        fichier=donnees["fichier"],
        octets=int(donnees["fichier_octets"]),
        sha256=donnees["fichier_sha256"],
        recues=int(donnees["recues"]),
        integrees=int(donnees["integrees"]),
        statut=donnees["statut"].strip(),
        refusees=tuple(donnees.get("refusees", "").splitlines()),
    )
    return replace(etat, flux={**etat.flux, flux.id: flux})


def _nombre(texte: str) -> int | None:
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= _CHIFFRES_MAX else None


ACTES: Mapping[str, Acte] = {
    DEPOSER_FLUX: Acte(
        DEPOSER_FLUX, "Déposer un lot de factures", ("fournisseur",), _CHAMPS, _controler, _appliquer, cree="F"
    )
}
