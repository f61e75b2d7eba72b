"""From a file's name to its overview: the notebook's own files first, then the kit's sample library."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from facturier import contenu
from facturier.efacture import rapports
from facturier.efacture.apparence import rapprocher
from facturier.efacture.lot import Ouvrier
from facturier.efacture.page import Page, lire_page
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.vue_facture import html_facture
from facturier.formulaires.vue_rapprochement import alerte, html_rapprochement, html_sans_rapprochement

RAYONS = ("juste", "une-faute", "a-l-arrivee")
"""Shelves of the library, that may be written before a sample's name."""


def apercu(nom: str, dossier: Path) -> tuple[str, str]:
    """The overview of a file as HTML, and the same in one sentence.

    Raises:
        ErreurFacturier: no such file, neither in that folder nor among the samples.
    """
    chemin = trouver(nom, dossier)
    return presenter(lire_page(chemin, ouvrier=_ouvrier()), chemin)


@lru_cache(1)
def _ouvrier() -> Ouvrier:
    """The one worker of this kernel, started at the first overview: the official rules are loaded once. It ends with
    the kernel, whose end closes what it reads."""
    return Ouvrier()


def presenter(page: Page, chemin: Path) -> tuple[str, str]:
    """The overview of a file that has been judged and laid out; a Factur-X is read again for what its PDF shows."""
    compare, attention = "", ""
    if page.resultat.format == "facturx" and page.rubriques:
        compare, attention = _cote_a_cote(chemin)
    signe, mot, _ = rapports.VERDICTS[page.resultat.verdict]
    phrase = f"{signe} {chemin.name} : {mot}."
    return html_facture(page, compare, attention), f"{phrase} {attention}".strip()


def _cote_a_cote(chemin: Path) -> tuple[str, str]:
    try:
        rapprochements = rapprocher(chemin, _ouvrier().texte)
    except ErreurFacturier as refus:
        return html_sans_rapprochement(refus.phrase), ""
    return html_rapprochement(rapprochements), alerte(rapprochements)


def trouver(nom: str, dossier: Path) -> Path:
    """The file of that name: from the notebook's folder, else a sample of the library (its bare name, or its shelf
    and its name).

    Raises:
        ErreurFacturier: ``facture-introuvable``; the sentence names the samples whose name is close.
    """
    texte = str(nom).strip()
    try:
        if texte and (dossier / texte).is_file():
            return dossier / texte
        exemples = contenu.racine() / "data" / "factures"
        rayon, _, reste = texte.rpartition("/")
        if reste and rayon in ("", *RAYONS) and reste == Path(reste).name and (exemples / reste).is_file():
            return exemples / reste
        proches = get_close_matches(reste, [f.name for f in exemples.glob("*.*")], n=3) if len(reste) <= 100 else []
    except (OSError, ValueError):  # a name too long, or that no system accepts
        proches = []
    suggestion = f" Noms proches dans les exemples du kit : {', '.join(proches)}." if proches else ""
    raise ErreurFacturier(
        f"Le fichier « {texte[:100]} » est introuvable, à côté de ce carnet comme parmi les exemples du kit : "
        f"vérifiez son nom.{suggestion}",
        code="facture-introuvable",
    )
