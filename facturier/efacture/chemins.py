"""Places of a file in words: « ligne 3 de la facture > TVA de la ligne » rather than an XPath."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from facturier.efacture import fiches

_PAS = re.compile(r"/(?P<nom>@?(?:[\w.-]+:|\*:)?[\w.-]+)(?P<suite>(?:\[[^\]]*\])*)")
_LIGNES = frozenset({"InvoiceLine", "CreditNoteLine", "IncludedSupplyChainTradeLineItem"})
_RACINES = frozenset({"Invoice", "CreditNote", "CrossIndustryInvoice"})


def chemin_lisible(xpath: str) -> str:
    """The place that an XPath (UBL or CII) points at, in French, from the largest part to the smallest."""
    pas = _pas(xpath)
    mots = [mot for rang in range(1, len(pas)) if (mot := _mot(pas, rang))]
    terme = terme_du_chemin(xpath)
    fiche = fiches.terme(terme) if terme else None
    if fiche is not None:
        mots = [mot for rang in range(1, len(pas) - 1) if (mot := _mot(pas, rang))]
        while mots and re.sub(r" \d+$", "", mots[-1]) in fiche.nom:  # « pays > pays du vendeur » says it twice
            mots.pop()
        mots.append(f"{fiche.nom} ({terme})")
    elif len(pas) > 1 and not _connu(pas, len(pas) - 1):
        mots.append(f"«\u00a0{pas[-1][0]}\u00a0»")
    return " > ".join(dict.fromkeys(mots)) or (_mot(pas, 0) if pas else "")


def terme_du_chemin(xpath: str) -> str | None:
    """The business term that a path carries, or None: the inverse of the table that factur-x publishes."""
    noms = [nom for nom, _ in _pas(xpath)]
    return _termes_par_chemin().get("/".join("InvoiceLine" if n == "CreditNoteLine" else n for n in noms[1:])) or None


def rubrique_du_terme(terme: str) -> str:
    """The rubrique of the page where a term stands, or would stand; "" if none is known."""
    rangees = fiches.rubriques()
    if terme in rangees:
        return rangees[terme][0]
    if terme.startswith("BG-"):
        return ""
    for chemin in _chemins_par_terme().get(terme, _chemins_par_terme().get(re.sub(r"-\d+$", "", terme), ())):
        titres = (rangees.get(pas, ("",))[0] for pas in chemin.split("/"))
        if titre := next((titre for titre in titres if titre), ""):
            return titre
    return "En-tête" if fiches.terme(terme) is not None else ""


@cache
def _chemins_par_terme() -> dict[str, list[str]]:
    inverses: dict[str, list[str]] = {}
    for chemin, terme in _termes_par_chemin().items():
        inverses.setdefault(terme, []).append(chemin)
    for chemin, conditions in fiches.conditions().items():
        for condition in conditions:
            inverses.setdefault(condition.terme, []).append(chemin)
    return inverses


def nom_d_element(nom: str, parent: str = "") -> str:
    """The French word of an XML element (« ram:CountryID » → « pays »), "" if it has none."""
    simple = nom.rpartition(":")[2] if not nom.startswith("@") else nom
    elements = fiches.elements()
    return elements.get(f"{parent}/{simple}", elements.get(simple, "")).replace(" {n}", "")


def rang_de_ligne(xpath: str | None) -> int | None:
    """The rank of the invoice line that a path goes through, or None."""
    return next((rang for nom, rang in _pas(xpath or "") if nom in _LIGNES), None)


def _pas(xpath: str) -> list[tuple[str, int]]:
    """Steps of a path: local name and rank."""
    trouves = []
    for pas in _PAS.finditer(xpath):
        rang = re.search(r"\[(\d+)\]", pas["suite"])
        nom = pas["nom"].rpartition(":")[2]
        trouves.append(("@" + nom.lstrip("@") if pas["nom"].startswith("@") else nom, int(rang[1]) if rang else 1))
    return trouves if trouves and trouves[0][0] in _RACINES else []


def _connu(pas: list[tuple[str, int]], rang: int) -> bool:
    parent = pas[rang - 1][0] if rang else ""
    return f"{parent}/{pas[rang][0]}" in fiches.elements() or pas[rang][0] in fiches.elements()


def _mot(pas: list[tuple[str, int]], rang: int) -> str:
    """The word of one step; "" for a step that says nothing to a reader."""
    nom, numero = pas[rang]
    parent = pas[rang - 1][0] if rang else ""
    elements = fiches.elements()
    return elements.get(f"{parent}/{nom}", elements.get(nom, "")).format(n=numero)


@cache
def _termes_par_chemin() -> dict[str, str]:
    from facturx.generate_xml import EN16931_FIELDS

    publies: dict[str, set[str]] = {}
    _ranger(publies, EN16931_FIELDS, {"ubl": ("",), "cii": ("",)})
    # a path that several terms share (documents told apart by a code) names none of them
    return {chemin: min(codes) for chemin, codes in publies.items() if len(codes) == 1} | fiches.chemins()


def _ranger(inverses: dict[str, set[str]], champs: dict[str, Any], parents: dict[str, tuple[str, ...]]) -> None:
    for code, champ in champs.items():
        if not isinstance(champ, dict):
            continue
        ici = {}
        for syntaxe, debuts in parents.items():
            lus = champ.get(f"{syntaxe}_xpath") or ()
            fins = (lus,) if isinstance(lus, str) else tuple(lus)
            ici[syntaxe] = tuple(f"{debut}/{fin}".lstrip("/") for debut in debuts for fin in fins)
        if fiches.terme(code) is not None and code.startswith(("BT-", "EXT-")):
            for chemin in (*ici["ubl"], *ici["cii"]):
                inverses.setdefault(_sans_racine(chemin), set()).add(code)
        if isinstance(champ.get("fields"), dict):
            _ranger(inverses, champ["fields"], ici)


def _sans_racine(chemin: str) -> str:
    pas = [nom.rpartition(":")[2] for nom in re.sub(r"\[[^\]]*\]", "", chemin).split("/") if nom]
    return "/".join(pas[1:] if pas and pas[0] in _RACINES else pas)
