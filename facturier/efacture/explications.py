"""Explaining a finding to the person who has to act: what is wrong, where, why it matters, what to do.

The words are rows of ``catalogue/`` (see ``fiches``). Slots of a sentence: {regle}; {terme}, {nom} and {Nom}, the
business term at stake and its name; {valeur}, what the file says, or nothing; {valeur_schemeID} and its like, an
attribute of the element; {lieu}, the readable place; {element} with {glose}, its French name; {code}, {operation} and
{mention} of a VAT category; and the named groups of a family's two regular expressions. A rule without a row keeps its
official message, marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from facturier.efacture import chemins, fiches
from facturier.efacture.fiches import FicheRegle
from facturier.referentiel.socle import Fiabilite

if TYPE_CHECKING:
    from facturier.efacture.resultat import Constat

_TERME = re.compile(r"\bB[TG]-(?:X-)?\d+(?:-\d+)?\b|\bEXT-FR-FE-(?:BG-)?\d+\b")
_TETE = re.compile(r"^\[?\s*(?:BR|UBL|CII)-[\w-]+/(?P<termes>[^\]:]+)")


_ELEMENT_MONTRE = 80


@dataclass(frozen=True)
class Explication:
    """A finding, or a rule, in words.

    Attributes:
        dit: what is wrong, one sentence.
        terme: business term at stake, with its name in ``terme_nom``.
        champ: label of the field in the portal's form, if it has one.
        ou: readable place in the file, "" for the whole file or for a rule out of any file.
        fiabilite: what is known of the source: « établi », « partiel », « à vérifier ».
        officielle: no row explains this rule: ``dit`` is the official message.
    """

    regle: str
    dit: str
    terme: str | None = None
    terme_nom: str | None = None
    champ: str | None = None
    ou: str = ""
    pourquoi: str = ""
    geste: str = ""
    source: str = ""
    fiabilite: Fiabilite = "établi"
    officielle: bool = False


def expliquer(constat: Constat) -> Explication:
    """The explanation of a finding; ``dit`` is the finding's own sentence, figures included."""
    chemin = constat.xpath or ""
    du_chemin = chemins.terme_du_chemin(chemin) if chemin else None
    ou = chemins.chemin_lisible(chemin) if chemin else ""
    trouvee = trouver(constat.regle, constat.message_officiel)
    if trouvee is None:
        return _avec_terme(
            Explication(constat.regle, constat.phrase, ou=ou, officielle=True), constat.terme or du_chemin
        )
    fiche, mots = trouvee
    if du_chemin in fiche.termes or not (constat.terme or fiche.termes):
        terme = du_chemin
    elif constat.message_officiel is None or not fiche.termes:
        terme = constat.terme or fiche.termes[0]
    else:
        terme = fiche.termes[0]
    cases = _Cases(fiche, mots, terme)
    explication = Explication(
        constat.regle,
        constat.phrase,
        ou=ou,
        pourquoi=fiche.pourquoi.format_map(cases),
        geste=fiche.geste.format_map(cases),
        source=fiche.source.format_map(cases),
        fiabilite=fiche.fiabilite,
    )
    return _avec_terme(explication, terme)


def expliquer_regle(regle: str, messages: tuple[str, ...] = ()) -> tuple[Explication, ...]:
    """What a rule says, out of any file: one explanation for each thing that it may reproach."""
    explications: dict[str, Explication] = {}
    for message in messages or (None,):
        trouvee = trouver(regle, message)
        if trouvee is None:
            if message is not None:
                explications.setdefault(message, Explication(regle, message, officielle=True))
            continue
        fiche, mots = trouvee
        termes = fiche.termes or tuple(termes_nommes(message or ""))
        terme = next(iter(termes), None)
        cases = _Cases(fiche, mots, terme)
        textes = [texte.format_map(cases) for texte in (fiche.dit, fiche.pourquoi, fiche.geste, fiche.source)]
        neuve = Explication(
            regle, textes[0], pourquoi=textes[1], geste=textes[2], source=textes[3], fiabilite=fiche.fiabilite
        )
        explications.setdefault(neuve.dit, _avec_terme(neuve, terme))
    return tuple(explications.values())


def phrase(regle: str, message: str, terme: str | None, valeurs: Mapping[str, str]) -> str | None:
    """The catalogue's sentence for one finding, or None if no row explains it. ``valeurs`` fills {valeur…}."""
    trouvee = trouver(regle, message)
    if trouvee is None:
        return None
    fiche, mots = trouvee
    return fiche.dit.format_map(_Cases(fiche, mots, terme, valeurs))


def trouver(regle: str, message: str | None = None) -> tuple[FicheRegle, dict[str, str]] | None:
    """The row of a rule, with the words that its expressions caught: its own, filled in by its family's."""
    propre = next((f for f in fiches.regles().get(regle, ()) if _convient(f, message)), None)
    if propre is not None and propre.dit:
        return propre, {"regle": regle}
    for famille, pris in _familles_de(regle):
        vu = re.search(famille.quand, message or "") if famille.quand else None
        if famille.quand and vu is None:
            continue
        mots = {**pris, **(vu.groupdict(default="") if vu else {}), "regle": regle}
        termes = propre.termes if propre is not None else famille.termes
        return replace(famille, termes=termes), mots
    refinee = regle.replace("-FREXT-", "-")  # a rule that the French extension refines says the same thing
    return trouver(refinee, message) if refinee != regle else None


def termes_nommes(message: str) -> list[str]:
    """Business terms that a message names: those at its head (``[BR-FR-05/BT-22]``) before the others."""
    tete = _TETE.match(message)
    noms: list[str] = _TERME.findall(tete["termes"]) if tete else []
    autres: list[str] = _TERME.findall(message)
    return noms or [nom for nom in autres if not nom.startswith("BG-")] or autres


@cache
def _familles_de(regle: str) -> tuple[tuple[FicheRegle, dict[str, str]], ...]:
    """The families that a rule id belongs to, with the words caught in the id."""
    vues = ((famille, ids.fullmatch(regle)) for ids, famille in fiches.familles())
    return tuple((famille, vue.groupdict(default="")) for famille, vue in vues if vue is not None)


def _convient(fiche: FicheRegle, message: str | None) -> bool:
    return not fiche.quand or message is None or re.search(fiche.quand, message) is not None


class _Cases(dict[str, str]):
    """The slots of one sentence."""

    def __init__(
        self,
        fiche: FicheRegle,
        mots: Mapping[str, str],
        terme: str | None,
        valeurs: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(mots)
        categorie = fiches.categories().get(mots.get("categorie", ""))
        if categorie is not None:
            self.update(code=categorie.code, operation=categorie.operation, mention=categorie.mention)
        if "element" in self:
            self["element"] = _court(re.sub(r"\[.*\]", "", self["element"]))
            glose = chemins.nom_d_element(self["element"].rpartition("/")[2])
            self["glose"] = f" ({glose})" if glose else ""
        if "nombre" in self:
            une = self["nombre"] == "1"
            self.update({"nombre": "une", "de_nombre": "d’une"} if une else {"de_nombre": f"de {self['nombre']}"})
        code = next(iter(fiche.termes), None) or terme or ""
        connu = fiches.terme(code)
        nom = connu.avec_article if connu is not None else "cette information"
        self.update(terme=code or "sans terme", nom=nom, Nom=nom[:1].upper() + nom[1:])
        lieu = (valeurs or {}).get("lieu", "")
        self["lieu"] = f"\u00a0: {lieu}" if lieu else ""
        self.update(
            {cle: f" «\u00a0{valeur}\u00a0»" for cle, valeur in (valeurs or {}).items() if valeur and cle != "lieu"}
        )

    def __missing__(self, cle: str) -> str:
        if cle.startswith("valeur"):
            return ""
        raise KeyError(cle)


def _court(texte: str) -> str:
    return texte if len(texte) <= _ELEMENT_MONTRE else texte[:_ELEMENT_MONTRE] + "…"


def _avec_terme(explication: Explication, terme: str | None) -> Explication:
    fiche = fiches.terme(terme) if terme else None
    if fiche is None:
        return explication if terme is None else replace(explication, terme=terme)
    return replace(explication, terme=terme, terme_nom=fiche.nom, champ=_champ(fiche) or None)


def _champ(fiche: fiches.FicheTerme) -> str:
    from facturier.champs import DEPOT_FACTURE

    return DEPOT_FACTURE.champ(fiche.champ).libelle if fiche.champ else fiche.ecran
