"""The directory of fictitious structures and markets: who can be invoiced, and what each one demands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from facturier import contenu, identifiants
from facturier.annuaire import fiches
from facturier.annuaire.fiches import Marche as Marche
from facturier.erreurs import ErreurFacturier

Nature = Literal["publique", "privee"]
V = TypeVar("V")


@dataclass(frozen=True)
class Service:
    """A service of a public structure: its code, and whether it demands a commitment number of its own."""

    code: str
    libelle: str
    engagement_obligatoire: bool = False
    actif: bool = True


@dataclass(frozen=True)
class Structure:
    """A structure of the directory, with the parameters that Chorus Pro shows for a public one.

    ``engagement_ou_service`` is the parameter *gestionNumeroEJOuCodeService*: one of the two, either.
    ``moa`` says whether it may act as a maîtrise d'ouvrage (parameter *avecMOA*).
    ``sur_portail``: its people read invoices on the portal, so that none is routed to a software of theirs.
    ``paiement_remonte``: False for who does not report the payment (*statutMiseEnPaiementNestPasRemonte*): its
    suppliers never see « Mise en paiement ».
    """

    siret: str
    nom: str
    nature: Nature
    categorie: str
    engagement_obligatoire: bool = False
    service_obligatoire: bool = False
    engagement_ou_service: bool = False
    moa: bool = False
    moa_uniquement: bool = False
    sur_portail: bool = False
    paiement_remonte: bool = True
    active: bool = True
    services: tuple[Service, ...] = ()

    @property
    def publique(self) -> bool:
        """A public structure can receive demands for payment as payer."""
        return self.nature == "publique"

    @property
    def siren(self) -> str:
        """The nine digits of the legal person."""
        return self.siret[:9]

    def service(self, code: str) -> Service | None:
        """The active service of that code, if any."""
        return next((s for s in self.services if s.code == code and s.actif), None)


@dataclass(frozen=True)
class Annuaire:
    """Structures by SIRET and markets by number."""

    structures: Mapping[str, Structure]
    marches: Mapping[str, Marche]
    synonymes: tuple[tuple[str, ...], ...] = ()
    """Words that are typed for one another, as they are written."""

    def structure(self, siret: str) -> Structure:
        """The structure of that SIRET.

        Raises:
            ErreurFacturier: nobody of that SIRET; the sentence says so.
        """
        trouvee = self.structures.get(siret)
        if trouvee is None:
            raise ErreurFacturier(
                f"Aucune structure ne porte le SIRET « {siret} » dans l’annuaire : vérifiez ce numéro.",
                code="structure-inconnue",
            )
        return trouvee

    def marche(self, numero: str) -> Marche | None:
        """The market of that number, if its identity card is known."""
        return self.marches.get(numero)

    @classmethod
    def charger(cls, path: Path | None = None) -> Annuaire:
        """Read ``data/annuaire.toml`` (or another file of the same form).

        Raises:
            ErreurFacturier: unreadable file, unknown key, wrong type, false or repeated SIRET; the sentence names them.
        """
        chemin = path if path is not None else contenu.racine() / "data" / "annuaire.toml"
        try:
            lu = tomllib.loads(chemin.read_text(encoding="utf-8"))
            structures = [_structure(brut) for brut in _liste(lu, "structure")]
            marches = [fiches.lire(brut) for brut in _liste(lu, "marche")]
            annuaire = cls(
                structures=_index([(s.siret, s) for s in structures], "SIRET"),
                marches=_index([(m.numero, m) for m in marches], "numéro de marché"),
                synonymes=_synonymes(lu.get("synonymes", [])),
            )
            for marche in marches:
                for siret in marche.sirets:
                    annuaire.structure(siret)
                fiches.controler_circuit(marche)
        except (OSError, ValueError, TypeError) as cause:
            raise _illisible(chemin, str(cause)) from cause
        except ErreurFacturier as cause:
            raise _illisible(chemin, cause.phrase) from cause
        return annuaire


def _illisible(chemin: Path, cause: str) -> ErreurFacturier:
    return ErreurFacturier(
        f"L’annuaire {chemin} n’est pas lisible ({cause}) : corrigez ce fichier TOML.", code="annuaire-illisible"
    )


def _liste(lu: Mapping[str, Any], cle: str) -> list[dict[str, Any]]:
    brut = lu.get(cle, [])
    if not isinstance(brut, list) or not all(isinstance(element, dict) for element in brut):
        raise ValueError(f"« {cle} » doit être une suite de tables [[{cle}]]")
    return brut


def _synonymes(brut: object) -> tuple[tuple[str, ...], ...]:
    groupes = brut if isinstance(brut, list) else [brut]
    if not all(isinstance(g, list) and all(isinstance(mot, str) and mot for mot in g) for g in groupes):
        raise ValueError("« synonymes » doit être une suite de suites de mots")
    return tuple(map(tuple, groupes))


def _structure(brut: dict[str, Any]) -> Structure:
    services = tuple(fiches.record(Service, service) for service in _liste(brut, "service"))
    sans_services = {cle: valeur for cle, valeur in brut.items() if cle != "service"}
    structure = fiches.record(Structure, sans_services, services=services)
    identifiants.siret(structure.siret)
    if structure.nature not in ("publique", "privee"):
        raise ValueError(f"nature « {structure.nature} » inconnue pour {structure.nom}")
    return structure


def _index(paires: list[tuple[str, V]], quoi: str) -> Mapping[str, V]:
    index = dict(paires)
    if len(index) != len(paires):
        raise ValueError(f"un {quoi} figure deux fois")
    return index
