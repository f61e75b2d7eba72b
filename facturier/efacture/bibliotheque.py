"""The library of sample files: every scenario in every format, with a manifest; same scenarios, same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from facturier import contenu, ecriture
from facturier.efacture.accidents import accidenter
from facturier.efacture.ecriture import EXTENSIONS, Format, ecrire_cii, ecrire_ubl
from facturier.efacture.fautes import fauter
from facturier.efacture.resultat import Verdict
from facturier.efacture.scenario import Rayon, Scenario, lire_tous
from facturier.erreurs import ErreurFacturier
from facturier.facture import Profil

MANIFESTE = "manifeste.csv"
COLONNES = (
    "fichier",
    "rayon",
    "scenario",
    "format",
    "cadre",
    "profil",
    "erreur",
    "attendu",
    "verdict",
    "portail",
    "annuaire",
    "sha256",
)


@dataclass(frozen=True)
class Exemple:
    """One sample file. ``attendus``: sorted ids of the findings it must give, none for a file without reproach."""

    fichier: str
    rayon: Rayon
    scenario: str
    format: Format
    cadre: str
    profil: Profil
    erreur: str
    verdict: Verdict
    attendus: tuple[str, ...]
    portail: tuple[str, ...]
    annuaire: tuple[str, ...]
    octets: bytes


def construire(sortie: Path, scenarios: Path | None = None) -> tuple[Path, ...]:
    """Write every sample file and ``manifeste.csv`` into ``sortie``; files of former scenarios are removed.

    Raises:
        ErreurFacturier: a scenario is refused (named), or there is none.
    """
    voulus = contenus(scenarios)
    for ancien in sortie.glob("*.*") if sortie.is_dir() else ():
        if ancien.name not in voulus and ancien.name.endswith(tuple(EXTENSIONS.values())):
            ancien.unlink()
    for nom, octets_voulus in voulus.items():
        ecriture.write_bytes(sortie / nom, octets_voulus)
    return tuple(sortie / nom for nom in voulus if nom != MANIFESTE)


def contenus(scenarios: Path | None = None) -> dict[str, bytes]:
    """Name and bytes of every sample file, then of the manifest; nothing is written."""
    exemples = tuple(produire(scenarios if scenarios is not None else contenu.racine() / "data" / "scenarios"))
    return {exemple.fichier: exemple.octets for exemple in exemples} | {MANIFESTE: _manifeste(exemples).encode()}


def produire(scenarios: Path) -> list[Exemple]:
    """The sample files of a folder of scenarios, in memory."""
    lus = lire_tous(scenarios)
    if not lus:
        raise ErreurFacturier(f"Le dossier {scenarios} ne contient aucun scénario (*.toml).", code="scenarios-absents")
    return [
        Exemple(
            fichier=f"{lu.slug}{EXTENSIONS[format_voulu]}",
            rayon=lu.rayon,
            scenario=lu.slug,
            format=format_voulu,
            cadre=lu.cadre,
            profil=lu.facture.profil,
            erreur=lu.erreur,
            verdict=lu.verdict,
            attendus=lu.attendu_pour(format_voulu),
            portail=lu.portail,
            annuaire=lu.annuaire,
            octets=octets(lu, format_voulu),
        )
        for lu in lus
        for format_voulu in lu.formats
    ]


def octets(scenario: Scenario, format_voulu: Format) -> bytes:
    """One file of a scenario, its faults applied to the XML (the printed page of a Factur-X stays right)."""
    facture = scenario.facture
    if format_voulu == "ubl":
        juste = fauter(ecrire_ubl(facture), "ubl", scenario)
    elif format_voulu == "cii":
        juste = fauter(ecrire_cii(facture), "cii", scenario)
    else:
        from facturier.efacture.facturx_pdf import ecrire_facturx

        juste = ecrire_facturx(facture, fauter(ecrire_cii(facture, en_pdf=True), "cii", scenario))
    return juste if scenario.accident is None else accidenter(juste, scenario.accident)


def temoins(scenarios: Path) -> dict[str, tuple[str, str]]:
    """For each rule that a sample breaks: a scenario that respects it and one that breaks it."""
    lus = {lu.slug: lu for lu in lire_tous(scenarios)}
    trouves: dict[str, tuple[str, str]] = {}
    for lu in lus.values():
        if lu.rayon != "une-faute" or lu.base not in lus or lus[lu.base].rayon != "juste":
            continue
        for regle in (*(attendu.regle for attendu in lu.attendus), *lu.annuaire):
            trouves.setdefault(regle, (lu.base, lu.slug))
    return trouves


def _profil(exemple: Exemple) -> str:
    """The profile as the validator names it."""
    if exemple.profil == "extended-ctc-fr":
        return "EXTENDED" if exemple.format == "facturx" else "EXTENDED-CTC-FR"
    if exemple.profil == "historique":  # in a PDF (E2) it announces the norm
        return "EN16931" if exemple.format == "facturx" else ""
    return {"en16931": "EN16931", "basic": "BASIC"}[exemple.profil]


def _manifeste(exemples: tuple[Exemple, ...]) -> str:
    flux = io.StringIO()
    ecrivain = csv.writer(flux, lineterminator="\n")
    ecrivain.writerow(COLONNES)
    for exemple in exemples:
        empreinte = hashlib.sha256(exemple.octets).hexdigest()
        ecrivain.writerow(
            (
                exemple.fichier,
                exemple.rayon,
                exemple.scenario,
                exemple.format,
                exemple.cadre,
                _profil(exemple),
                exemple.erreur,
                " ".join(exemple.attendus),
                exemple.verdict,
                " ".join(exemple.portail),
                " ".join(exemple.annuaire),
                empreinte,
            )
        )
    return flux.getvalue()
