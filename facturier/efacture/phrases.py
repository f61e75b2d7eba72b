"""French sentences for findings. The official message always stays beside them, in full."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from facturier.efacture import chemins, ecarts, explications, fiches, termes
from facturier.efacture.lecture import texte_court

_TETE = re.compile(
    r"^\[?\s*(?P<id>[A-Z][A-Z0-9]*-[A-Z0-9-]*\d[A-Z0-9-]*(?:ini|rev|[a-z])?)(?![a-z])"
    r"(?P<suite>/[^\]:]*)?\s*\]?\s*[-:,]*\s*"
)
_VALEUR = re.compile(
    r"(?:Valeur actuelle|Valeur fournie|Taux fourni|Le montant|La quantité|Le taux de TVA)\s*:?\s*"
    r"(?:\"\s*([^\"]*?)\s*[\"']|«\s*([^»]*?)\s*»)"
)
_ATTRIBUT = re.compile(r"(?:^Value of '[^']*|/)@(\w+)")
_ATTRIBUTS = ("schemeID", "currencyID", "unitCode", "mimeCode", "listID")
_AUTRE_NOM = re.compile(r"FX-SCH-|BR-FR-")
"""Stylesheets whose declared ids are serial numbers (Factur-X) or rule and term together (``BR-FR-05_BT-22``)."""
_FRANCAISES = ("BR-FR-", "BR-FREXT-")
_VALEUR_MONTREE, _LIEU_MONTRE, _ATTENDUS_MONTRES = 60, 100, 2


def identifiant(message: str, declare: str | None = None) -> str:
    """Official id of a rule: the one that its stylesheet declares, ``BR-FXEXT-E-08rev`` for instance.

    The message's head tells it where the declared id is something else: ``[BR-FR-05/BT-22] : …`` → ``BR-FR-05``.
    """
    if declare and not _AUTRE_NOM.match(declare):
        return declare
    tete = _TETE.match(message)
    return tete["id"] if tete else declare or "FX-SCH"


def terme(message: str) -> str | None:
    """The first business term that the message names; a group (BG-…) only if it names no term."""
    return next(iter(explications.termes_nommes(message)), None)


def phrase(
    regle: str,
    message: str,
    racine: etree._Element,
    syntaxe: termes.Syntaxe,
    noeud: etree._Element | None = None,
    xpath: str | None = None,
) -> str:
    """The sentence for a broken rule: sums with the file's own figures, others from the catalogue, with the line and
    the value at fault; the official text, marked as such, for a rule that the catalogue does not know."""
    chiffree = ecarts.expliquer(regle, racine, syntaxe, noeud)
    if chiffree is not None:
        return chiffree
    vise = _terme_vise(message, noeud) or (chemins.terme_du_chemin(xpath) if xpath else None)
    du_catalogue = explications.phrase(regle, message, vise, _valeurs(message, noeud, xpath))
    if du_catalogue is not None:
        return _avec_ligne(du_catalogue, chemins.rang_de_ligne(xpath))
    corps = _TETE.sub("", message, count=1) or message
    if regle.startswith(_FRANCAISES):
        return f"Règle {regle} non respectée : {corps}"
    return f"Règle {regle} non respectée. Texte officiel : «\u00a0{corps}\u00a0»"


def _terme_vise(message: str, noeud: etree._Element | None) -> str | None:
    """The term at fault; a message that names one for allowances and one for charges is told by the element."""
    noms = explications.termes_nommes(message)
    if len(noms) > 1 and noeud is not None and _porte_des_frais(noeud):
        return noms[1]
    return noms[0] if noms else None


def _porte_des_frais(noeud: etree._Element) -> bool:
    for element in (noeud, *noeud.iterancestors()):
        if etree.QName(element).localname in ("AllowanceCharge", "SpecifiedTradeAllowanceCharge"):
            indicateur = element.find("{*}ChargeIndicator")
            return indicateur is not None and "".join(map(str, indicateur.itertext())).strip() in ("true", "1")
    return False


def _valeurs(message: str, noeud: etree._Element | None, xpath: str | None) -> dict[str, str]:
    """What the file says at the place of the finding: the element's text, or an attribute's; shortened."""
    lues: dict[str, str] = {}
    dite = _VALEUR.search(message)
    if dite is not None:
        lues["valeur"] = dite[1] or dite[2] or ""
    if noeud is not None:
        vise = _ATTRIBUT.search(message) or _ATTRIBUT.search(xpath or "")
        attribut = vise[1] if vise is not None else ""
        if dite is None:
            lues["valeur"] = noeud.get(attribut, "") if attribut else _feuille(noeud)
        lues["lieu"] = chemins.chemin_lisible(xpath or "")
        lues |= {f"valeur_{nom}": noeud.get(nom, "") for nom in _ATTRIBUTS}
    return {
        cle: texte_court(valeur, _VALEUR_MONTREE if cle != "lieu" else _LIEU_MONTRE)
        for cle, valeur in lues.items()
        if valeur.strip()
    }


def _feuille(noeud: etree._Element) -> str:
    return (noeud.text or "").strip() if len(noeud) == 0 else ""


def _avec_ligne(phrase: str, rang: int | None) -> str:
    """The sentence, with the invoice line that it is about said first."""
    if rang is None or f"ligne {rang} de" in phrase:
        return phrase
    nommee, trouvees = re.subn(r"^(?:Une|La) ligne\b(?! ordinaire| GROUP)", f"La ligne {rang}", phrase)
    if trouvees:
        return nommee
    debut = phrase[0].lower() if phrase[1:2].islower() or phrase[1:2] in "’\u00a0 " else phrase[0]
    return f"Ligne {rang}\u00a0: {debut}{phrase[1:]}"


@dataclass(frozen=True)
class ErreurDePlace:
    """What a libxml2 message says of an element out of place (``en_trop``) or incomplete, names in Clark notation."""

    element: str
    en_trop: bool
    attendus: tuple[str, ...]


_PLACE = re.compile(
    r"Element '([^']+)': (This element is not expected|Missing child element\(s\))\."
    r"(?: Expected is (?:one of )?\( (.+?) \)\.)?"
)
_VALEUR_XSD = re.compile(
    r"Element '([^']+)'(?:, attribute '([^']+)')?: (?:\[facet '[^']+'\] The value )?'(.*?)' (?:is not|has)", re.DOTALL
)


def lire_xsd(message: str) -> ErreurDePlace | None:
    """The message read, or None if it is about something else than places."""
    lu = _PLACE.match(message)
    if lu is None:
        return None
    attendus = tuple(nom.strip() for nom in (lu[3] or "").split(",") if nom.strip())
    return ErreurDePlace(lu[1], lu[2].startswith("This"), attendus)


def phrase_xsd(message: str, xpath: str | None = None, terme: str | None = None, *, manque: bool = False) -> str:
    """A French sentence for a libxml2 schema error, with the business term and the invoice line when they are known;
    element names stay as the file writes them. ``manque``: ``terme`` is what is missing."""
    place = lire_xsd(message)
    if place is not None:
        return _avec_ligne(_phrase_de_place(place, xpath, terme, manque=manque), chemins.rang_de_ligne(xpath))
    valeur = _VALEUR_XSD.match(message)
    if valeur is None:
        simple = _sans_espace(message)
        return f"Le fichier ne suit pas le schéma officiel : {texte_court(simple, 200)}"
    dite, nom = f"La valeur «\u00a0{texte_court(valeur[3])}\u00a0»", _sans_espace(valeur[1])
    fiche = fiches.terme(terme) if terme else None
    if valeur[2]:
        dite += f" de l’attribut «\u00a0{valeur[2]}\u00a0»"
        phrase = f"{dite} de {_element(nom)} n’a pas la forme demandée par le schéma."
    elif fiche is not None:
        phrase = f"{dite} n’a pas la forme demandée par le schéma pour {fiche.avec_article} ({terme})."
    else:
        phrase = f"{dite} de {_element(nom)} n’a pas la forme demandée par le schéma."
    return _avec_ligne(phrase, chemins.rang_de_ligne(xpath))


def _phrase_de_place(place: ErreurDePlace, xpath: str | None, terme: str | None, *, manque: bool) -> str:
    element = _element(_sans_espace(place.element))
    fiche = fiches.terme(terme) if terme else None
    if manque and fiche is not None:
        attendu = f"«\u00a0{_sans_espace(place.attendus[-1])}\u00a0»"
        ou = f"avant {element}" if place.en_trop else f"dans {element}"
        return f"Il manque {fiche.avec_article} ({terme})\u00a0: le schéma attend l’élément {attendu} {ou}."
    attendus = _enumerer([_sans_espace(nom) for nom in place.attendus]) if place.attendus else ""
    if not place.en_trop:
        return f"L’élément {element} est incomplet\u00a0: il lui manque {attendus or 'un élément'}."
    suite = f"\u00a0: à cette place, le schéma attend {attendus}" if attendus else ""
    return f"L’élément {element} n’est pas attendu ici{suite}."


def _sans_espace(nom: str) -> str:
    return re.sub(r"\{[^}]*\}", "", nom)


def _element(nom: str) -> str:
    """An element's name, with its French word when it has one."""
    mot = chemins.nom_d_element(nom)
    return f"«\u00a0{texte_court(nom, _VALEUR_MONTREE)}\u00a0»" + (f" ({mot})" if mot else "")


def _enumerer(noms: list[str]) -> str:
    """The elements that a schema expects: those that come last are those that an invoice really needs."""
    montres = ", ".join(_element(nom) for nom in noms[-_ATTENDUS_MONTRES:])
    return montres if len(noms) <= _ATTENDUS_MONTRES else f"{montres} ou un élément facultatif"
