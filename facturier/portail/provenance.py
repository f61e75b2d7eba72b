"""Where a piece comes from: typed in, read in a PDF, taken from a structured file, out of a lot, through a platform.

An event keeps of the file its name, its size and its sha256, never its content. What was read in it is data of the
event: without the file nobody can read it again. So nothing that depends on the file alone is believed by a grade:
a criterion compares the final fields with those of the file that has that sha256 (``lecture_controlee``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from facturier import referentiel
from facturier.portail import demande as lecture
from facturier.portail import pieces_jointes
from facturier.portail.pieces_jointes import MEGA, Manquement
from facturier.referentiel.lignes import Cadre
from facturier.referentiel.lignes_depots import Depot

SAISIE, PDF, XML, MIXTE, LOT, PA_EDI, PA_API = "saisie", "pdf", "xml", "mixte", "lot", "pa_edi", "pa_api"
PLATEFORMES = (PA_EDI, PA_API)
CHAMPS_FICHIER = ("fichier", "fichier_octets", "fichier_sha256")
CHAMPS_PROVENANCE = (
    "mode",
    *CHAMPS_FICHIER,
    "fichier_format",
    "emetteur",
    "cadre_norme",
    "lot",
    "pieces_jointes",
)
"""Fields that a deposit may carry beside those of the demand."""
LU = "lu_"
A_VERIFIER = "lu_a_verifier"
CHAMPS_LUS = tuple(champ for champ in lecture.CHAMPS if champ != "commentaire")
"""Fields of a demand that a machine looks for in a PDF."""
CHAMPS_PDF = ("cadre", *CHAMPS_FICHIER, "pieces_jointes", A_VERIFIER, *(LU + champ for champ in CHAMPS_LUS))
"""Fields of the deposit of a PDF: the cadre is chosen by the depositor, the rest is what was read."""

_FORMATS = {
    PDF: ("pdf",),
    XML: ("ubl", "cii"),
    MIXTE: ("facturx",),
    LOT: ("ubl", "cii", "facturx"),
    PA_EDI: ("ubl", "cii", "facturx"),
    PA_API: ("ubl", "cii", "facturx"),
}
"""Formats that each way of depositing takes; a way that is not here is not played."""
JOINTES_ILLISIBLES: Manquement = ("jointes", "La liste des pièces jointes est illisible : joignez-les à nouveau.")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Provenance:
    """How a piece came, kept with it. ``lu``: fields as the machine read them, before any correction."""

    mode: str = SAISIE
    fichier: str = ""
    octets: int = 0
    sha256: str = ""
    format: str = ""
    lot: str = ""
    lu: Mapping[str, str] = field(default_factory=dict)
    a_verifier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flux:
    """What the journal keeps of several invoices sent at once: the archive, the counts, and who got no piece.

    ``refusees``: one line a file, its verdict and the first rule that it broke.
    """

    id: str
    deposant: str
    quand: str
    fichier: str
    octets: int
    sha256: str
    recues: int
    integrees: int
    statut: str
    refusees: tuple[str, ...] = ()


def provenance(donnees: Mapping[str, str]) -> Provenance:
    """Where the piece created by an event that the portal wrote comes from."""
    lu = {champ: donnees[LU + champ] for champ in CHAMPS_LUS if LU + champ in donnees}
    return Provenance(
        mode=PDF if lu else donnees.get("mode", "") or SAISIE,
        fichier=donnees.get("fichier", ""),
        octets=int(donnees.get("fichier_octets", "") or 0),
        sha256=donnees.get("fichier_sha256", ""),
        format="pdf" if lu else donnees.get("fichier_format", ""),
        lot=donnees.get("lot", ""),
        lu=lu,
        a_verifier=tuple(donnees.get(A_VERIFIER, "").split()),
    )


def valeurs(donnees: Mapping[str, str]) -> dict[str, str]:
    """The fields of the demand that an event carries: what was read, then what a person typed, which prevails."""
    lues = {champ: donnees[LU + champ] for champ in CHAMPS_LUS if LU + champ in donnees}
    return lues | {champ: donnees[champ] for champ in lecture.CHAMPS_PIECE if champ in donnees}


def controler(donnees: Mapping[str, str], deposant: str, cadre: Cadre | None, au: date) -> list[Manquement]:
    """What is wrong with how a demand is deposited (``deposer``): way, file, format, platform, attachments."""
    mode = lecture.texte(donnees, "mode")
    if mode in ("", SAISIE):
        de_trop = [champ for champ in (*CHAMPS_FICHIER, "fichier_format", "lot") if lecture.texte(donnees, champ)]
        if de_trop:
            return [("mode", "Une demande saisie ne vient d’aucun fichier : dites comment elle est déposée.")]
        if mode == SAISIE and cadre is not None:
            return [*_travaux(referentiel.depot(SAISIE, au), cadre), *_jointes(donnees, SAISIE, au)]
        return _jointes(donnees, SAISIE, au)
    if mode not in _FORMATS or mode == PDF:
        connus = ", ".join(m for m in (SAISIE, *_FORMATS) if m != PDF)
        phrase = f"La façon de déposer « {lecture.court(mode)} » n’est pas jouée ici (au choix : {connus})."
        return [("mode", phrase)]
    depot = referentiel.depot(mode, au)
    return [
        *controler_fichier(donnees, mode, au),
        *_format(donnees, depot),
        *_emetteur(donnees, deposant),
        *(_travaux(depot, cadre) if cadre is not None else ()),
        *(_plateforme(donnees, mode, cadre) if cadre is not None else ()),
        *_lot(donnees, mode),
    ]


def controler_fichier(donnees: Mapping[str, str], mode: str, au: date) -> list[Manquement]:
    """What is wrong with the file that a deposit names: name, size, fingerprint, and the files joined."""
    nom, sha256 = donnees.get("fichier", ""), donnees.get("fichier_sha256", "")
    try:
        octets = pieces_jointes.lire_octets(donnees.get("fichier_octets", ""))
    except ValueError:
        octets = 0
    trouves: list[Manquement] = []
    if pieces_jointes.nom_interdit(nom):
        trouves.append(("fichier-nom", "Le nom du fichier déposé est absent ou contient un caractère interdit."))
    if not octets:
        trouves.append(("fichier-taille", "La taille du fichier déposé est absente ou illisible."))
    if not _SHA256.fullmatch(sha256):
        trouves.append(("fichier-empreinte", "L’empreinte (sha256) du fichier déposé est absente ou illisible."))
    plafond = referentiel.depot(mode, au).fichier_mo
    if plafond is not None and octets > plafond * MEGA:
        trouves.append(("fichier-taille", f"Le fichier dépasse {plafond} Mo, la limite de cette façon de déposer."))
    return [*trouves, *_jointes(donnees, mode, au, facture=octets)]


def controler_lecture(donnees: Mapping[str, str], au: date) -> list[Manquement]:
    """What is wrong with the deposit of a PDF (``deposer_pdf``): the file, and the form of what was read."""
    trouves = controler_fichier(donnees, PDF, au)
    if pieces_jointes.extension(donnees.get("fichier", "")) != "pdf":
        trouves.append(("fichier-format", "Déposez un fichier PDF, dont le nom finit par .pdf."))
    manquants = [champ for champ in CHAMPS_LUS if LU + champ not in donnees]
    inconnus = set(donnees.get(A_VERIFIER, "").split()) - set(CHAMPS_LUS)
    if manquants or inconnus:
        trouves.append(("lecture", "La lecture du PDF est incomplète : déposez le fichier à nouveau."))
    return trouves


def _jointes(donnees: Mapping[str, str], mode: str, au: date, facture: int = 0) -> list[Manquement]:
    try:
        jointes = pieces_jointes.lire(donnees.get("pieces_jointes", ""))
    except ValueError:
        return [JOINTES_ILLISIBLES]
    return pieces_jointes.controler(jointes, mode, au, facture=facture)


def _format(donnees: Mapping[str, str], depot: Depot) -> Iterator[Manquement]:
    if donnees.get("fichier_format", "") not in _FORMATS[depot.code]:
        yield (
            "fichier-format",
            f"« {depot.canal}, {depot.mode} » attend : {depot.formats}. Ce fichier n’en est pas un.",
        )


def _emetteur(donnees: Mapping[str, str], deposant: str) -> Iterator[Manquement]:
    emetteur = lecture.texte(donnees, "emetteur")
    if emetteur[:9] != deposant[:9]:
        yield (
            "emetteur",
            f"Le fichier est une facture de l’entreprise « {lecture.court(emetteur) or 'inconnue'} », pas de la vôtre "
            f"(SIREN {deposant[:9]}) : on ne dépose que ses propres factures.",
        )


def _travaux(depot: Depot, cadre: Cadre) -> Iterator[Manquement]:
    if cadre.travaux and depot.travaux == "non":
        yield (
            "mode-travaux",
            f"Une pièce de travaux ({cadre.code}) ne passe pas par « {depot.canal}, {depot.mode} » : déposez-la sur "
            "Chorus Pro, en PDF ou en XML.",
        )


def _plateforme(donnees: Mapping[str, str], mode: str, cadre: Cadre) -> Iterator[Manquement]:
    """Only some cadres travel through a plateforme agréée, under the standard's own code (BT-23)."""
    if mode not in PLATEFORMES:
        return
    if not cadre.plateforme_agreee:
        if not cadre.travaux:  # already said of works
            yield (
                "plateforme-cadre",
                f"Le cadre {cadre.code} ({cadre.libelle}) ne passe par aucune plateforme agréée : "
                "déposez sur Chorus Pro.",
            )
        return
    norme = lecture.texte(donnees, "cadre_norme")
    propres = {code for c in referentiel.cadres() for code in c.bt23}
    communs = {c.code for c in referentiel.cadres_bt23() if c.b2g == "oui"} - propres  # B4: after an acompte
    if norme not in {*cadre.bt23, *communs}:
        yield (
            "plateforme-bt23",
            f"Par une plateforme agréée, le cadre {cadre.code} s’écrit {' ou '.join(cadre.bt23)} dans le fichier "
            f"(BT-23), et non « {lecture.court(norme)} ».",
        )


def _lot(donnees: Mapping[str, str], mode: str) -> Iterator[Manquement]:
    lot = donnees.get("lot", "")
    if (mode == LOT) != bool(lot) or (lot and not _SHA256.fullmatch(lot)):
        yield ("lot", "Une facture d’un lot porte l’empreinte (sha256) de ce lot, et elle seule.")
