"""The library of sample files: every scenario in every format, with a manifest; same scenarios, same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from facturier import contenu, ecriture
from facturier.efacture import termes
from facturier.efacture.ecriture import EXTENSIONS, Format, ecrire_cii, ecrire_ubl
from facturier.efacture.scenario import Faute, Scenario, lire_tous
from facturier.erreurs import ErreurFacturier

MANIFESTE = "manifeste.csv"
COLONNES = ("fichier", "scenario", "format", "cadre", "attendu", "sha256")


@dataclass(frozen=True)
class Exemple:
    """One sample file. ``attendus``: sorted ids of the findings it must give, empty for a valid file."""

    fichier: str
    scenario: str
    format: Format
    cadre: str
    attendus: tuple[str, ...]
    octets: bytes


def construire(sortie: Path, scenarios: Path | None = None) -> tuple[Path, ...]:
    """Write every sample file and ``manifeste.csv`` into ``sortie``; files of former scenarios are removed.

    Raises:
        ErreurFacturier: a scenario is refused (named), or there is none.
    """
    exemples = tuple(produire(scenarios if scenarios is not None else contenu.racine() / "data" / "scenarios"))
    voulus = {exemple.fichier for exemple in exemples} | {MANIFESTE}
    for ancien in sortie.glob("*.*") if sortie.is_dir() else ():
        if ancien.name not in voulus and ancien.name.endswith(tuple(EXTENSIONS.values())):
            ancien.unlink()
    for exemple in exemples:
        ecriture.write_bytes(sortie / exemple.fichier, exemple.octets)
    ecriture.write_text(sortie / MANIFESTE, _manifeste(exemples))
    return tuple(sortie / exemple.fichier for exemple in exemples)


def produire(scenarios: Path) -> list[Exemple]:
    """The sample files of a folder of scenarios, in memory."""
    lus = lire_tous(scenarios)
    if not lus:
        raise ErreurFacturier(f"Le dossier {scenarios} ne contient aucun scénario (*.toml).", code="scenarios-absents")
    return [
        Exemple(
            f"{lu.slug}{EXTENSIONS[format_voulu]}",
            lu.slug,
            format_voulu,
            lu.cadre,
            lu.attendu_pour(format_voulu),
            octets(lu, format_voulu),
        )
        for lu in lus
        for format_voulu in lu.formats
    ]


def octets(scenario: Scenario, format_voulu: Format) -> bytes:
    """One file of a scenario, its faults applied to the XML (the printed page of a Factur-X stays right)."""
    if format_voulu == "ubl":
        return fauter(ecrire_ubl(scenario.facture), "ubl", scenario)
    xml = fauter(ecrire_cii(scenario.facture), "cii", scenario)
    if format_voulu == "cii":
        return xml
    from facturier.efacture.facturx_pdf import ecrire_facturx

    return ecrire_facturx(scenario.facture, xml)


def fauter(xml: bytes, syntaxe: termes.Syntaxe, scenario: Scenario) -> bytes:
    """Apply a scenario's faults to an XML file; without faults the bytes are untouched."""
    if not scenario.fautes:
        return xml
    racine = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    for faute in scenario.fautes:
        _appliquer(racine, syntaxe, faute, scenario.slug)
    return etree.tostring(racine, encoding="UTF-8", xml_declaration=True)


def _appliquer(racine: etree._Element, syntaxe: termes.Syntaxe, faute: Faute, slug: str) -> None:
    try:
        candidats = termes.noeuds(racine, syntaxe, faute.terme)
    except KeyError:
        candidats = []
    vises = [n for n in candidats if faute.contient in "".join(str(t) for t in n.itertext())]
    if not vises:
        raise ErreurFacturier(
            f"Le scénario {slug} veut fausser le terme {faute.terme}, absent du fichier {syntaxe} : "
            "corrigez la section [[faute]].",
            code="faute-sans-objet",
        )
    for noeud in vises:
        if faute.action == "remplacer":
            noeud.text = faute.valeur
        else:
            _supprimer(noeud)


def _supprimer(noeud: etree._Element) -> None:
    """Remove a node, and its parent if nothing is left in it (an empty wrapper would be a second fault)."""
    parent = noeud.getparent()
    if parent is None:
        return
    parent.remove(noeud)
    if len(parent) == 0 and not (parent.text or "").strip():
        _supprimer(parent)


def _manifeste(exemples: tuple[Exemple, ...]) -> str:
    flux = io.StringIO()
    ecrivain = csv.writer(flux, lineterminator="\n")
    ecrivain.writerow(COLONNES)
    for exemple in exemples:
        empreinte = hashlib.sha256(exemple.octets).hexdigest()
        ecrivain.writerow(
            (
                exemple.fichier,
                exemple.scenario,
                exemple.format,
                exemple.cadre,
                " ".join(exemple.attendus) or "valide",
                empreinte,
            )
        )
    return flux.getvalue()
