"""When a field is required: one rule per code, which reads the other fields, the directory and the referentiel."""

from __future__ import annotations

from collections.abc import Callable

from facturier import referentiel
from facturier.champs.fiches import Champ, Contexte, Destinataire, Valeurs
from facturier.erreurs import ErreurFacturier
from facturier.identifiants import siret


def exige(champ: Champ, valeurs: Valeurs, contexte: Contexte) -> bool:
    """True when that field must be filled, given the others."""
    if isinstance(champ.obligatoire, bool):
        return champ.obligatoire
    return EXIGENCES[champ.obligatoire](valeurs, contexte)


def destinataire(valeurs: Valeurs, contexte: Contexte) -> Destinataire | None:
    """The structure that the form names as recipient, when the directory knows it."""
    if contexte.annuaire is None:
        return None
    try:
        return contexte.annuaire.structure(siret(valeurs.get("destinataire_siret", "")))
    except ErreurFacturier:
        return None


def _service(valeurs: Valeurs, contexte: Contexte) -> bool:
    structure = destinataire(valeurs, contexte)
    if structure is None:
        return False
    au_choix = structure.engagement_ou_service and not valeurs.get("numero_engagement", "").strip()
    return structure.service_obligatoire or au_choix


def _engagement(valeurs: Valeurs, contexte: Contexte) -> bool:
    structure = destinataire(valeurs, contexte)
    if structure is None:
        return False
    code = valeurs.get("code_service", "").strip()
    service = structure.service(code) if code else None
    return structure.engagement_obligatoire or (service is not None and service.engagement_obligatoire)


def _valideur(valeurs: Valeurs, contexte: Contexte) -> bool:
    code = valeurs.get("cadre", "")
    return any(c.valideur_requis for c in referentiel.cadres(contexte.au) if c.code == code)


def _mode(valeurs: Valeurs, contexte: Contexte) -> bool:
    return bool(valeurs.get("type_facture")) and not est_avoir(valeurs, contexte)


def _iban(valeurs: Valeurs, contexte: Contexte) -> bool:
    code = valeurs.get("mode_paiement", "")
    return any(m.iban_requis for m in referentiel.modes_paiement(contexte.au) if m.code == code)


def _cumul(valeurs: Valeurs, _: Contexte) -> bool:
    """A total since notification, unless quantities give it."""
    return not any(texte.strip() for champ, texte in valeurs.items() if champ.startswith(("quantite_", "prix_")))


def est_avoir(valeurs: Valeurs, contexte: Contexte) -> bool:
    """True when the chosen document type is of the family of credit notes."""
    code = valeurs.get("type_facture", "")
    return any(t.famille == "avoir" for t in referentiel.types_facture(contexte.au) if t.code == code)


EXIGENCES: dict[str, Callable[[Valeurs, Contexte], bool]] = {
    "service_exige": _service,
    "engagement_exige": _engagement,
    "valideur_exige": _valideur,
    "mode_exige": _mode,
    "iban_exige": _iban,
    "cumul_exige": _cumul,
}
