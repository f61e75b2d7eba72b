"""Reading a demand for payment: its fields are texts as typed, parsed here when a rule needs a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from facturier import identifiants, montants
from facturier.erreurs import ErreurFacturier
from facturier.regles import envoi

CHAMPS = (
    "destinataire_siret",
    "code_service",
    "numero_engagement",
    "numero_marche",
    "cadre",
    "type_facture",
    "numero_facture",
    "date_facture",
    "valideur_siret",
    "mode_paiement",
    "iban",
    "montant_ht",
    "taux_tva",
    "montant_tva",
    "montant_ttc",
    "commentaire",
)
"""Fields of a demand, those of the deposit form."""

CHAMPS_DOSSIER = ("valideur_2_siret", "copie_siret", "signature", "memoire")
"""Fields that only some pieces of works or of a group carry: second valideur, SIRET of who is handed a copy the same
day, signature of a décompte général (a code of ``SIGNATURES``), name of the file of the mémoire en réclamation."""

CHAMPS_PIECE = (*CHAMPS, *CHAMPS_DOSSIER)
"""Every field that a piece may carry."""

SIGNATURES = {
    "signe": "signé",
    "sans_reserve": "signé sans réserve",
    "avec_reserves": "signé avec réserves",
}

AIGUILLAGE = ("destinataire_siret", "code_service", "numero_engagement")
"""What « recycler » may change: the recipient and its references, nothing else."""

CITATION_MAX = 60
MONTANTS = ("montant_ht", "montant_tva", "montant_ttc")

Demande = Mapping[str, str]


def texte(demande: Demande, champ: str) -> str:
    """The field without spaces around it; empty when it was not answered."""
    return demande.get(champ, "").strip()


def court(saisi: str) -> str:
    """What was typed, short enough to be quoted in a sentence."""
    return saisi if len(saisi) <= CITATION_MAX else saisi[:CITATION_MAX] + "…"


def siret(demande: Demande, champ: str) -> str:
    """The 14 digits of that field, or "" when they are not a SIRET."""
    return _siret(texte(demande, champ))


@lru_cache(maxsize=4096)
def _siret(saisi: str) -> str:
    """The same few SIRETs are read again at every act."""
    try:
        return identifiants.siret(saisi)
    except ErreurFacturier:
        return ""


def montant(demande: Demande, champ: str) -> Decimal | None:
    """The amount of that field (a credit note's may be negative), or None when it is not an amount."""
    try:
        return montants.euros(texte(demande, champ), negatif=True)
    except ErreurFacturier:
        return None


def date_facture(demande: Demande) -> date | None:
    """The date of the invoice, typed ``24/11/2026`` or ``2026-11-24``; None when it is not a date."""
    return _date(texte(demande, "date_facture"))


@lru_cache(maxsize=4096)
def _date(saisi: str) -> date | None:
    for forme in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(saisi, forme).date()
        except ValueError:
            continue
    return None


def egal(champ: str, demande: Demande, voulue: str) -> bool:
    """Whether that field says it: amounts compared as amounts, dates as dates, the rest without spaces nor capitals."""
    autre = {champ: voulue}
    if champ in MONTANTS:
        lu = montant(demande, champ)
        return lu is not None and lu == montant(autre, champ)
    if champ == "date_facture":
        return date_facture(demande) == date_facture(autre)
    return "".join(texte(demande, champ).split()).casefold() == "".join(voulue.split()).casefold()


def cle_unicite(deposant: str, demande: Demande) -> tuple[str, str, int] | None:
    """SIREN, number and year: what makes an invoice unique; None as long as one of them is missing."""
    numero, jour = texte(demande, "numero_facture"), date_facture(demande)
    return envoi.cle_unicite(deposant[:9], numero, jour.year) if jour is not None else None
