"""Rules of routing: does the demand reach the right structure, service and commitment? A recycling asks them again."""

from __future__ import annotations

from facturier import identifiants
from facturier.erreurs import ErreurFacturier
from facturier.portail import demande as lecture
from facturier.portail.depot import Depot, RegleDepot


def _destinataire_valide(depot: Depot) -> str | None:
    saisi = depot.texte("destinataire_siret")
    if not saisi:
        return "Indiquez le SIRET du destinataire."
    try:
        siret = identifiants.siret(saisi)
    except ErreurFacturier as refus:
        return f"Destinataire : {refus.phrase}"
    structure = depot.annuaire.structures.get(siret)
    if structure is None or not structure.active:
        return f"Aucune structure active ne porte le SIRET {siret} dans l’annuaire : vérifiez celui du destinataire."
    return None


def _destinataire_du_cadre(depot: Depot) -> str | None:
    structure = depot.destinataire
    if structure is None:
        return None
    attendu = f"le cadre {depot.cadre.code} s’adresse à : {depot.cadre.destinataire_libelle}"
    if depot.va_au_payeur and not structure.publique:
        return f"« {structure.nom} » n’est pas une structure publique : {attendu}."
    if depot.va_au_payeur and structure.moa_uniquement and not depot.cadre.travaux:
        return f"« {structure.nom} » ne reçoit que des factures de travaux : {attendu}."
    if depot.cadre.destinataire == "moa" and not structure.moa:
        return f"« {structure.nom} » n’est pas une maîtrise d’ouvrage dans l’annuaire : {attendu}."
    return None


def _service(depot: Depot) -> str | None:
    structure, code = depot.destinataire, depot.texte("code_service")
    if structure is None:
        return None
    if not code:
        exige = depot.va_au_payeur and structure.service_obligatoire
        return f"« {structure.nom} » exige un code service : choisissez-le dans l’annuaire." if exige else None
    if structure.service(code) is None:
        connus = ", ".join(s.code for s in structure.services if s.actif) or "aucun"
        return (
            f"Le service « {lecture.court(code)} » n’existe pas ou n’est plus actif chez « {structure.nom} » "
            f"(services : {connus})."
        )
    return None


def _engagement(depot: Depot) -> str | None:
    structure = depot.destinataire
    if structure is None or not depot.va_au_payeur or depot.texte("numero_engagement"):
        return None
    if structure.engagement_obligatoire:
        return f"« {structure.nom} » exige un numéro d’engagement : demandez-le à l’acheteur."
    service = structure.service(depot.texte("code_service"))
    if service is not None and service.engagement_obligatoire:
        return f"Le service « {service.code} » exige un numéro d’engagement : demandez-le à l’acheteur."
    return None


def _engagement_ou_service(depot: Depot) -> str | None:
    structure = depot.destinataire
    if structure is None or not (depot.va_au_payeur and structure.engagement_ou_service):
        return None
    if depot.texte("numero_engagement") or depot.texte("code_service"):
        return None
    return f"« {structure.nom} » exige un numéro d’engagement ou un code service : indiquez l’un des deux."


REGLES_AIGUILLAGE = (
    RegleDepot("destinataire-valide", _destinataire_valide),
    RegleDepot("destinataire-du-cadre", _destinataire_du_cadre, selon_cadre=True),
    RegleDepot("service", _service, selon_cadre=True),
    RegleDepot("engagement", _engagement, selon_cadre=True),
    RegleDepot("engagement-ou-service", _engagement_ou_service, selon_cadre=True),
)
