"""What a reading machine recognises in the text of an invoice's page: the fields of the deposit form, without mistake.

Labels vary from one invoicing software to another; each field has its ways of being announced. A field that is not
found is "" : nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from facturier import champs, referentiel
from facturier.efacture.demande import cadre_de_chorus, taux_unique

CHAMPS: tuple[str, ...] = tuple(champ.id for champ in champs.DEPOT_FACTURE.champs)
"""Fields of the deposit form."""

_LIGNE_MAX = 400
_I = re.IGNORECASE
_SEPARE = r"\s*:?\s*"
_REFERENCE = r"([A-Z0-9][A-Z0-9\-+_/.]{0,49})"
_JOUR = r"([0-3]?[0-9][/.\-][01]?[0-9][/.\-][0-9]{4})"
_SOMME = r"([-−]?\s?[0-9]{1,3}(?:[ .]?[0-9]{3})*,[0-9]{2})\s*(?:€|EUR|euros?)?"
_NUMERO = (
    re.compile(
        rf"^(?:facture|avoir|facture [\w’' ]{{1,20}})?\s*(?:n[°ºo]\.?|num[ée]ro){_SEPARE}([A-Z0-9][\w\-+/ ]*)$", _I
    ),
    re.compile(rf"^(?:n[°ºo]|num[ée]ro)\s*(?:de\s*(?:la\s*)?)?facture{_SEPARE}([A-Z0-9][\w\-+/ ]*)$", _I),
)
_DATES = (
    re.compile(rf"^date\s*(?:d[’']émission|de\s*(?:la\s*)?facture|de\s*facturation)?{_SEPARE}{_JOUR}", _I),
    re.compile(rf"\b(?:facture|avoir|émise?|le|du)\b.{{0,40}}?\b(?:du|le){_SEPARE}{_JOUR}", _I),
)
_SIMPLES = {
    "code_service": re.compile(rf"^(?:code\s*)?service(?:\s*exécutant)?{_SEPARE}{_REFERENCE}$", _I),
    "numero_engagement": re.compile(
        rf"^(?:n[°º]\s*(?:d[’'])?|num[ée]ro\s*(?:d[’'])?)?"
        rf"(?:engagement|bon de commande|commande|EJ){_SEPARE}{_REFERENCE}$",
        _I,
    ),
    "numero_marche": re.compile(rf"^(?:n[°º]\s*(?:de\s*)?|num[ée]ro\s*(?:de\s*)?)?marché{_SEPARE}{_REFERENCE}$", _I),
    "montant_ht": re.compile(rf"^(?:total|montant)\s*(?:HT|hors taxes?){_SEPARE}{_SOMME}$", _I),
    "montant_tva": re.compile(
        rf"^(?:total\s*|montant\s*(?:de\s*la\s*)?)?TVA(?:\s*[0-9,.]+\s*%)?{_SEPARE}{_SOMME}$", _I
    ),
    "montant_ttc": re.compile(rf"^(?:total|montant)\s*(?:TTC|toutes taxes comprises){_SEPARE}{_SOMME}$", _I),
}
_CADRE = re.compile(rf"^cadre\b[^:]*?{_SEPARE}([A-Z][0-9]{{1,2}})$", _I)
_IBAN = re.compile(r"\bIBAN\s*:?\s*([A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30})\b")
_SIRET = re.compile(r"(?<![0-9])([0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{5})(?![0-9])")
_ACHETEUR = re.compile(r"^(?:facturé(?:e)? à|client|destinataire|adressé(?:e)? à|acheteur)\b", _I)
_VALIDEUR = re.compile(r"^(?:valideur|mandataire|titulaire)\b.*?([0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{5})(?![0-9])", _I)
_TAUX = re.compile(rf"^(?:[A-Z]{{1,2}}\s*\()?([0-9]{{1,2}}(?:,[0-9]{{1,2}})?) ?%\)? {_SOMME} {_SOMME}$", _I)
_TITRES = (("avoir", "avoir"), ("facture rectificative", "rectificative"), ("facture d’acompte", "acompte"))


def reconnaitre(texte: str) -> dict[str, str]:
    """The fields that the text of an invoice's pages gives; every field of the form is a key."""
    lignes = _lignes(texte)
    lus = dict.fromkeys(CHAMPS, "")
    for champ, forme in _SIMPLES.items():
        lus[champ] = _premier(forme, lignes)
    lus["numero_facture"] = next((n for forme in _NUMERO if (n := _premier(forme, lignes))), "")
    jour = next((j for forme in _DATES if (j := _premier(forme, lignes))), "")
    lus["date_facture"] = re.sub(r"[.\-]", "/", jour)
    lus["cadre"] = cadre_de_chorus(_premier(_CADRE, lignes).upper())
    lus["iban"] = _premier(_IBAN, lignes, chercher=True)
    lus["destinataire_siret"] = _acheteur(lignes)
    lus["valideur_siret"] = _compact(_premier(_VALIDEUR, lignes))
    lus["taux_tva"] = taux_unique(t[1].replace(",", ".") for ligne in lignes if (t := _TAUX.match(ligne)))
    lus["type_facture"] = _type(lignes)
    lus["mode_paiement"] = _mode(lignes)
    return lus


def sirets(texte: str) -> tuple[str, ...]:
    """Every SIRET printed, compact, in order, each once."""
    return tuple(dict.fromkeys(_compact(s) for ligne in _lignes(texte) for s in _SIRET.findall(ligne)))


def _lignes(texte: str) -> list[str]:
    propres = (re.sub(r"[ \t\u00a0\u202f\u2009]+", " ", ligne).strip() for ligne in texte.splitlines())
    return [ligne for ligne in propres if ligne and len(ligne) <= _LIGNE_MAX]


def _premier(forme: re.Pattern[str], lignes: Iterable[str], *, chercher: bool = False) -> str:
    essai = forme.search if chercher or not forme.pattern.startswith("^") else forme.match
    return next((lu[1].strip() for ligne in lignes if (lu := essai(ligne))), "")


def _compact(siret: str) -> str:
    return siret.replace(" ", "")


def _acheteur(lignes: list[str]) -> str:
    """The SIRET of the block announced as the client's, else the second one printed (the first is the seller's)."""
    debut = next((rang for rang, ligne in enumerate(lignes) if _ACHETEUR.match(ligne)), None)
    if debut is not None:
        bloc = [s for ligne in lignes[debut : debut + 12] for s in _SIRET.findall(ligne)]
        if bloc:
            return _compact(bloc[0])
    tous = list(dict.fromkeys(_compact(s) for ligne in lignes for s in _SIRET.findall(ligne)))
    return tous[1] if len(tous) > 1 else ""


def _type(lignes: list[str]) -> str:
    debuts = [ligne.lower().replace("'", "’") for ligne in lignes]
    famille = next((f for titre, f in _TITRES if any(ligne == titre for ligne in debuts)), "")
    if not famille and any(ligne.startswith("facture") for ligne in debuts):
        famille = "facture"
    return next((genre.code for genre in referentiel.types_facture() if genre.famille == famille), "")


def _mode(lignes: list[str]) -> str:
    libelles = {mode.libelle.lower(): mode.code for mode in referentiel.modes_paiement()}
    dits = (re.sub(r"^(?:mode de )?(?:règlement|paiement)( par)?\s*:?\s*", "", ligne.lower()) for ligne in lignes)
    return next((libelles[dit] for dit in dits if dit in libelles), "")
