"""From the XML to the rubriques of a page: every element that holds text becomes a field, named by its path.

Which rubrique an element belongs to, which elements repeat, which ones are not shown and why: rows of ``catalogue/``
(``rubriques.csv``, ``non_montres.csv``), as are the terms that depend on a neighbour (``conditions.csv``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from lxml import etree

from facturier.efacture import chemins, chorus, conteneur, fiches, lecture, page_valeurs, termes
from facturier.efacture.page import Champ, Rubrique
from facturier.efacture.resultat import Constat

TITRES = (
    "En-tête",
    "Vendeur",
    "Acheteur",
    "Autres parties",
    "Références",
    "Livraison et période",
    "Lignes",
    "Remises et frais",
    "TVA",
    "Totaux",
    "Paiement",
    "Notes",
    "Pièces jointes",
)
INFORMATIONS_MAX = 250_000
"""Elements with a text that a page shows or a comparison looks at: an invoice of 10 000 lines has about 200 000."""
_AUTREMENT_DITS = frozenset({"schemeID", "currencyID", "listID", "format"})
"""Attributes that the value itself tells (scheme, currency), or that only serve to read it (format of a date)."""
_REMISES = frozenset(f"BT-{n}" for n in (*range(92, 99), *range(136, 141)))
_FRAIS = frozenset(f"BT-{n}" for n in (*range(99, 106), *range(141, 146)))
_TROISIEMES_LIGNES = {"BT-162": 36.5, "BT-163": 51.5, "BT-164": 65.5, "BT-165": 76.5}
"""Addresses got their third line after the norm had been numbered: it is read after the second."""
_terme_du_chemin = lru_cache(maxsize=4096)(chemins.terme_du_chemin)
_fiche = lru_cache(maxsize=4096)(fiches.terme)
_NOTE_UBL = re.compile(r"#(?P<sujet>[A-Z]{3})#(?P<texte>.*)", re.DOTALL)


@dataclass
class ChampLu:
    """A field on its way to the page: findings are still to be pinned."""

    champ: Champ
    constats: list[Constat] = field(default_factory=list)

    def figer(self) -> Champ | None:
        """The field; None for an empty element that nobody complains about and that has no name."""
        lu = self.champ
        if not lu.brut and not self.constats and lu.terme is None:
            return None
        return replace(lu, constats=tuple(self.constats))


@dataclass
class RubriqueLue:
    """A rubrique on its way to the page."""

    titre: str
    champs: list[ChampLu] = field(default_factory=list)
    rubriques: list[RubriqueLue] = field(default_factory=list)
    constats: list[Constat] = field(default_factory=list)

    def figer(self) -> Rubrique | None:
        """The rubrique; None if it holds nothing."""
        lus = sorted(self.champs, key=lambda lu: ordre(lu.champ.terme))
        champs = tuple(champ for lu in lus if (champ := lu.figer()) is not None)
        rubriques = _numeroter([partie for lue in self.rubriques if (partie := lue.figer()) is not None])
        if not (champs or rubriques or self.constats):
            return None
        return Rubrique(self.titre, champs, rubriques, tuple(self.constats))


def _numeroter(parties: list[Rubrique]) -> tuple[Rubrique, ...]:
    """Titles that say what a part is: « Remise 1 », « Frais 1 » rather than « Remise ou frais 2 », « TVA à 20 % »."""
    rangs: Counter[str] = Counter()
    nommees = []
    for partie in parties:
        lus = {champ.terme for champ in partie.champs}
        titre = partie.titre
        if nature := "Remise" if lus & _REMISES else "Frais" if lus & _FRAIS else "":
            rangs[nature] += 1
            titre = f"{nature} {rangs[nature]}"
        elif "BT-118" in lus:
            categorie = partie.valeur("BT-118").partition(" ")[0]
            taux = partie.valeur("BT-119")
            titre = f"TVA à {taux} ({categorie})" if taux else f"TVA, catégorie {categorie}"
        nommees.append(replace(partie, titre=titre))
    return tuple(nommees)


@dataclass
class ArbreLu:
    """The invoice laid out, with what pinning needs: fields by place, by term below a place, rubriques by place."""

    racine: etree._Element
    syntaxe: termes.Syntaxe
    devise: str
    rubriques: dict[str, RubriqueLue] = field(default_factory=lambda: {titre: RubriqueLue(titre) for titre in TITRES})
    par_chemin: dict[str, list[ChampLu]] = field(default_factory=dict)
    enfants: dict[str, list[str]] = field(default_factory=dict)
    par_terme: dict[tuple[str, str], ChampLu] = field(default_factory=dict)
    rubrique_de: dict[str, RubriqueLue] = field(default_factory=dict)

    def figer(self) -> tuple[Rubrique, ...]:
        """The rubriques that hold something, in the order of the page."""
        return tuple(fixee for lue in self.rubriques.values() if (fixee := lue.figer()) is not None)

    def ajouter(self, rubrique: RubriqueLue, champ: Champ) -> None:
        """Put a field in its rubrique and in the indexes."""
        lu = ChampLu(champ)
        rubrique.champs.append(lu)
        chemin = champ.xpath
        self.par_chemin.setdefault(chemin, []).append(lu)
        if "/@" in chemin:
            chemin = chemin.partition("/@")[0]
            self.par_chemin.setdefault(chemin, []).append(lu)
        if champ.terme is not None:
            while chemin:
                self.par_terme.setdefault((chemin, champ.terme), lu)
                chemin = chemin.rpartition("/")[0]


def ouvrir(chemin: Path) -> ArbreLu:
    """Read a file and lay out the invoice that it holds.

    Raises:
        Illisible: the file cannot be read, must not be, or holds no UBL or CII invoice; the finding says why.
    """
    contenu = lecture.lire_octets(chemin)
    if lecture.est_pdf(contenu):
        ouvert = conteneur.ouvrir(contenu)
        if ouvert.xml is None:
            absent = next(constat for constat in ouvert.constats if constat.gravite == "erreur")
            raise lecture.Illisible(absent.regle, absent.phrase)
        contenu = ouvert.xml
    lu = lecture.lire_xml(contenu)
    if lu.format == "zugferd1":
        raise lecture.Illisible(chorus.ZUGFERD_1.regle, chorus.ZUGFERD_1.phrase)
    return disposer(lu.racine, lu.format)


def disposer(racine: etree._Element, syntaxe: termes.Syntaxe) -> ArbreLu:
    """Lay out a parsed invoice.

    Raises:
        Illisible: it says too many things for a page.
    """
    if sum(not len(element) for element in racine.iter(etree.Element)) > INFORMATIONS_MAX:
        raise lecture.Illisible(
            "SEC-TAILLE",
            f"La facture porte plus de {INFORMATIONS_MAX // 1000}\u00a0000 informations\u00a0: elle peut être validée, "
            "mais elle est trop longue pour être montrée ou comparée.",
        )
    arbre = ArbreLu(racine, syntaxe, termes.texte(racine, syntaxe, "BT-5") or "EUR")
    nom = etree.QName(racine).localname
    _descendre(arbre, racine, f"/{nom}[1]", nom, None)
    return arbre


def _descendre(arbre: ArbreLu, element: etree._Element, xpath: str, chemin: str, rubrique: RubriqueLue | None) -> None:
    """``chemin``: local names from the root, without ranks."""
    rangs: Counter[str] = Counter()
    enfants = arbre.enfants.setdefault(xpath, [])
    for fils in element.iterchildren(etree.Element):
        nom = etree.QName(fils).localname
        rangs[nom] += 1
        ici, pas = f"{xpath}/{nom}[{rangs[nom]}]", f"{chemin}/{nom}"
        enfants.append(ici)
        vers = _rubrique(arbre, rubrique, pas, rangs[nom])
        if vers is not None:
            arbre.rubrique_de[ici] = vers
        if len(fils):
            _descendre(arbre, fils, ici, pas, vers)
        elif not _non_montre(fils, pas):
            for champ in _champs(arbre, fils, ici, pas):
                place = _place(arbre, champ.terme) or vers or arbre.rubriques["En-tête"]
                arbre.ajouter(place, champ)


def _place(arbre: ArbreLu, terme: str | None) -> RubriqueLue | None:
    """The rubrique that a term asks for, whatever its path."""
    rangement = fiches.rubriques().get(terme) if terme else None
    return arbre.rubriques[rangement[0]] if rangement is not None else None


def _rubrique(arbre: ArbreLu, rubrique: RubriqueLue | None, chemin: str, rang: int) -> RubriqueLue | None:
    """The rubrique of an element: its parent's, one that the catalogue names, or a part of its own if it repeats."""
    parent, nom = chemin.split("/")[-2:]
    connues = fiches.rubriques()
    titre, groupe = connues.get(f"{parent}/{nom}") or connues.get(nom) or ("", False)
    if rubrique is None and titre:
        rubrique = arbre.rubriques[titre]
    if not groupe or rubrique is None:
        return rubrique
    partie = RubriqueLue(_titre_de_partie(parent, nom, rang))
    rubrique.rubriques.append(partie)
    return partie


def ordre(terme: str | None) -> tuple[int, float, str]:
    """Fields are read in the order of the norm, whatever the syntax: BT, then extensions, then what has no term."""
    if terme is None:
        return (2, 0, "")
    nombre = re.fullmatch(r"BT-(\d+)(?:-\d+)?", terme)
    return (0, _TROISIEMES_LIGNES.get(terme, float(nombre[1])), terme) if nombre else (1, 0, terme)


def _titre_de_partie(parent: str, nom: str, rang: int) -> str:
    mots = fiches.elements()
    mot = mots.get(f"{parent}/{nom}", mots.get(nom, nom)).partition(" de l")[0].format(n=rang)
    return mot[:1].upper() + mot[1:]


def _non_montre(feuille: etree._Element, chemin: str) -> bool:
    valeurs = fiches.non_montres().get("/".join(chemin.split("/")[-2:])) or fiches.non_montres().get(
        chemin.rpartition("/")[2], frozenset()
    )
    return (feuille.text or "").strip() in valeurs


def _champs(arbre: ArbreLu, feuille: etree._Element, xpath: str, chemin: str) -> Iterator[Champ]:
    """The fields of one element without children: its text, and the attributes that are terms of their own."""
    texte = (feuille.text or "").strip()
    note = _NOTE_UBL.fullmatch(texte) if arbre.syntaxe == "ubl" and chemin.endswith("/Note") else None
    de_ligne = "Line/" in chemin
    if note is not None:
        yield _champ(arbre, "EXT-FR-FE-183" if de_ligne else "BT-21", note["sujet"], xpath, feuille)
        texte = note["texte"].strip()
    terme = terme_de(arbre, feuille, chemin)
    if chemin.endswith("/Note") and arbre.syntaxe == "ubl" and chemin.count("/") == 1:
        terme = "BT-22"
    yield _champ(arbre, terme, texte, xpath, feuille)
    for attribut, valeur in feuille.attrib.items():
        nom = etree.QName(attribut).localname
        code = _terme_du_chemin(f"/{chemin}/@{nom}") if nom not in _AUTREMENT_DITS else None
        if code is not None:
            yield _champ(arbre, code, str(valeur).strip(), f"{xpath}/@{nom}", feuille)


def terme_de(arbre: ArbreLu, feuille: etree._Element, chemin: str) -> str | None:
    """The business term of an element: by its path, and by a neighbour's value when the path serves several terms."""
    sous_racine = chemin.partition("/")[2].replace("CreditNoteLine", "InvoiceLine")
    for condition in fiches.conditions().get(sous_racine, ()):
        if condition.convient(feuille):
            return condition.terme
    terme = _terme_du_chemin(f"/{chemin}")
    if terme == "BT-110" and feuille.get("currencyID", arbre.devise) != arbre.devise:
        return "BT-111"
    return terme


def _champ(arbre: ArbreLu, terme: str | None, texte: str, xpath: str, feuille: etree._Element) -> Champ:
    fiche = _fiche(terme) if terme else None
    nom = fiche.nom if fiche is not None else _nom_du_lieu(xpath)
    attribut = xpath.rpartition("/@")[2] if "/@" in xpath else ""
    lue = page_valeurs.lire(terme, texte, feuille, attribut, arbre.devise)
    return Champ(terme, nom, lue.valeur, lue.brut, xpath, (), lue.nature, lue.precision)


def _nom_du_lieu(xpath: str) -> str:
    """A name for what is not a term: the word of the element, or the element's own name."""
    pas = [re.sub(r"\[\d+\]", "", nom) for nom in xpath.split("/")]
    nom = pas[-1]
    parent = pas[-2] if len(pas) > 1 else ""
    return chemins.nom_d_element(nom, parent) or lecture.texte_court(nom, 60)
