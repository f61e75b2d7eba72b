"""From what is typed on a works screen to the demand that is deposited; what the portal would say of it, beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from facturier import montants
from facturier.annuaire import Annuaire
from facturier.champs import Champ, Valeurs
from facturier.champs.def_travaux import POSTES_MAX, ids_du_poste
from facturier.champs.lecture import lire
from facturier.ecrans.chantier import Possible, au_cumul, deja, demandee, ecrit
from facturier.erreurs import ErreurFacturier
from facturier.montants import arrondi, format_euros, format_nombre
from facturier.portail import chiffres, controle_depot, pliage
from facturier.portail.etat import Etat
from facturier.portail.evenements import TEXTE_MAX, Acteur
from facturier.portail.refus import RefusPortail

_CENT = Decimal(100)
_SAISIS = (
    "numero_facture",
    "date_facture",
    "type_facture",
    "taux_tva",
    "destinataire_siret",
    "code_service",
    "numero_engagement",
    "copie_siret",
    "valideur_siret",
    "valideur_2_siret",
    "signature",
)
_CHAMP_DE_LA_REGLE = {
    "destinataire-valide": "destinataire_siret",
    "destinataire-du-cadre": "destinataire_siret",
    "destinataire-de-la-fiche": "destinataire_siret",
    "service": "code_service",
    "engagement": "numero_engagement",
    "engagement-ou-service": "numero_engagement",
    "numero-forme": "numero_facture",
    "numero-longueur": "numero_facture",
    "numero-unique": "numero_facture",
    "date": "date_facture",
    "type-facture": "type_facture",
    "valideur": "valideur_siret",
    "valideur-2": "valideur_2_siret",
    "copie": "copie_siret",
    "taux-lisible": "taux_tva",
    "total": "montant_ttc",
    "sommes-admises": "commentaire",
    "signature": "signature",
    "signature-connue": "signature",
}
"""Beside which field a rule of the portal speaks; the others are said at the top of the screen."""
_VIDES_REFUSES = frozenset(
    {
        "commentaire",
        "copie_siret",
        "code_service",
        "numero_engagement",
        "valideur_siret",
        "valideur_2_siret",
        "destinataire_siret",
    }
)
"""Fields that the form lets empty, and that a rule may ask for."""


def total_du_detail(valeurs: Mapping[str, str]) -> Decimal | None:
    """What the lines of the bill of quantities come to, HT; None when there is none that can be read."""
    lignes = list(_lignes(valeurs))
    return sum((arrondi(q * p) for _, q, p in lignes), Decimal("0.00")) if lignes else None


def _lignes(valeurs: Mapping[str, str]) -> list[tuple[str, Decimal, Decimal]]:
    lues = []
    for rang in range(1, POSTES_MAX + 1):
        poste, quantite, prix = (valeurs.get(champ, "").strip() for champ in ids_du_poste(rang))
        if quantite and prix:
            lue, unitaire = _nombre(quantite), _montant(prix)
            if lue is not None and unitaire is not None:
                lues.append((poste or f"Poste {rang}", lue, unitaire))
    return lues


def _nombre(texte: str) -> Decimal | None:
    try:
        lu = lire(Champ("n", "", genre="nombre"), texte)
    except ErreurFacturier:
        return None
    return lu if isinstance(lu, Decimal) else None


def _montant(texte: str) -> Decimal | None:
    try:
        return montants.euros(texte, negatif=True)
    except ErreurFacturier:
        return None


def cumul_saisi(valeurs: Mapping[str, str]) -> Decimal | None:
    """The total since notification: what was typed, else the sum of the lines."""
    saisi = valeurs.get("cumul_ht", "").strip()
    return _montant(saisi) if saisi else total_du_detail(valeurs)


def montant_saisi(possible: Possible, valeurs: Mapping[str, str], etat: Etat) -> Decimal | None:
    """The amount HT of the piece: the part of the cumul that no earlier dossier carries."""
    if not au_cumul(possible):
        return _montant(valeurs.get("montant_ht", ""))
    cumul = cumul_saisi(valeurs)
    return None if cumul is None else cumul - deja(possible, etat)


def demande_de(possible: Possible, valeurs: Mapping[str, str], etat: Etat) -> Valeurs:
    """The demand that these answers make."""
    demande = {champ: valeurs.get(champ, "").strip() for champ in _SAISIS}
    demande |= {"cadre": possible.cadre, "numero_marche": possible.marche.numero}
    ht, taux = montant_saisi(possible, valeurs, etat), montants.lire_decimal(demande["taux_tva"])
    tva, ttc = (_montant(valeurs.get(champ, "")) for champ in ("montant_tva", "montant_ttc"))
    if ht is not None and tva is None and taux is not None:
        tva = arrondi(ht * taux / _CENT)
    if ht is not None and tva is not None and ttc is None:
        ttc = ht + tva
    for champ, valeur in (("montant_ht", ht), ("montant_tva", tva), ("montant_ttc", ttc)):
        demande[champ] = ecrit(valeur) if valeur is not None else ""
    demande["commentaire"] = commentaire_de(possible, valeurs)
    if demande["signature"] == "avec_reserves":
        demande["memoire"] = valeurs.get("memoire", "").strip()
    return {champ: texte for champ, texte in demande.items() if texte}


def commentaire_de(possible: Possible, valeurs: Mapping[str, str]) -> str:
    """What is written with the piece: the comment, the quantities, the figures that no field of a piece carries."""
    dits = [valeurs.get("commentaire", "").strip()]
    if demandee(possible).detail and (lignes := _lignes(valeurs)):
        detail = " ; ".join(f"{nom} : {format_nombre(q)} × {format_euros(p)}" for nom, q, p in lignes)
        dits.append(f"Quantités depuis la notification : {detail}.")
    if index := valeurs.get("index_valeur", "").strip():
        dits.append(chiffres.phrase_index(possible.marche.index, "".join(index.split())))
    if jours := valeurs.get("jours_retard", "").strip():
        dits.append(chiffres.phrase_retard(jours))
    return " ".join(filter(None, dits))


def remarques(
    possible: Possible, valeurs: Mapping[str, str], etat: Etat, annuaire: Annuaire, acteur: Acteur, au: date
) -> list[tuple[str, str]]:
    """What the portal would refuse as it stands: (field or "", sentence), before anybody clicks."""
    demande = demande_de(possible, valeurs, etat)
    if not demande.get("montant_ht"):
        return []
    action = pliage.SUIVANTE if possible.precedente is not None else pliage.DEPOSER
    try:
        controle_depot.controler(etat, annuaire, acteur, demande, action, possible.precedente, au)
    except RefusPortail as refus:
        return [(_CHAMP_DE_LA_REGLE.get(regle, ""), p) for regle, p in zip(refus.regles, refus.phrases, strict=False)]
    except ErreurFacturier as refus:
        return [("", refus.phrase)]
    return []


def controles(
    possible: Possible, valeurs: Mapping[str, str], remarquees: list[tuple[str, str]], etat: Etat
) -> dict[str, str]:
    """What is wrong beside each field, beyond what its record says."""
    trouvees: dict[str, str] = {}
    if au_cumul(possible):
        trouvees |= _controle_cumul(valeurs)
    if len(commentaire_de(possible, valeurs)) > TEXTE_MAX:
        trouvees["commentaire"] = f"Le commentaire et le détail dépassent {TEXTE_MAX} caractères : raccourcissez-les."
    signe = valeurs.get("signature", "")
    if signe == "avec_reserves" and not valeurs.get("memoire", "").strip():
        trouvees["memoire"] = "Des réserves s’accompagnent d’un mémoire en réclamation : joignez ce fichier."
    for champ, phrase in remarquees:
        rempli = valeurs.get(champ, "").strip() or champ in _VIDES_REFUSES
        if champ and rempli and not (champ == "signature" and "memoire" in trouvees):
            trouvees.setdefault(champ, phrase)
    return trouvees


def _controle_cumul(valeurs: Mapping[str, str]) -> dict[str, str]:
    trouvees = {}
    detail, saisi = total_du_detail(valeurs), _montant(valeurs.get("cumul_ht", ""))
    for rang in range(1, POSTES_MAX + 1):
        _, quantite, prix = ids_du_poste(rang)
        if valeurs.get(quantite, "").strip() and not valeurs.get(prix, "").strip():
            trouvees[prix] = "Donnez le prix unitaire de cette quantité."
        if valeurs.get(prix, "").strip() and not valeurs.get(quantite, "").strip():
            trouvees[quantite] = "Donnez la quantité posée depuis la notification."
    if detail is not None and saisi is not None and detail != saisi:
        trouvees["cumul_ht"] = (
            f"Le détail des quantités fait {format_euros(detail)}, et non {format_euros(saisi)} : corrigez l’un des "
            "deux, ou laissez ce total vide."
        )
    return trouvees
