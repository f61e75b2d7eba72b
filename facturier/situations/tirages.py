"""The kinds of draws that a story asks for (``[[tirage]]``): named values, from the seed and the directory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from facturier import montants, referentiel
from facturier.annuaire import Annuaire, Marche, Structure
from facturier.portail import circuits
from facturier.situations.hasard import Hasard

Valeurs = Mapping[str, str]


@dataclass(frozen=True)
class Contexte:
    """What a draw looks at: the seed, the directory, the day, and what was drawn before."""

    hasard: Hasard
    annuaire: Annuaire
    jour: date
    valeurs: Valeurs

    def rempli(self, texte: str) -> str:
        """The text, drawn values in the place of their names (KeyError for an unknown one)."""
        return texte.format_map(self.valeurs)

    def structures(self, sirets: Sequence[str]) -> list[Structure]:
        """The structures of these SIRETs; all must be in the directory, drawn or not."""
        return [self.annuaire.structure(self.rempli(siret)) for siret in sirets]

    def marches(self, numeros: Sequence[str]) -> list[Marche]:
        """The markets of these numbers; all must be in the directory, drawn or not."""
        voulus = [self.rempli(numero) for numero in numeros]
        if inconnus := [numero for numero in voulus if numero not in self.annuaire.marches]:
            raise ValueError(f"le marché « {inconnus[0]} » n’est pas dans l’annuaire")
        return [self.annuaire.marches[numero] for numero in voulus]


@dataclass(frozen=True)
class Genre:
    """A kind of draw: the keys that it reads in the file, and what it gives."""

    cles: frozenset[str]
    tirer: Callable[[str, Mapping[str, Any], Contexte], dict[str, str]]


def _cas(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    """One of several tables of values that go together."""
    cas: list[dict[str, str]] = brut["cas"]
    if len({frozenset(un) for un in cas}) != 1:
        raise ValueError(f"les cas de « {nom} » ne donnent pas les mêmes valeurs")
    return {cle: contexte.rempli(valeur) for cle, valeur in contexte.hasard.parmi(nom, cas).items()}


def _selon(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    """The table of values that an earlier draw calls for."""
    table = brut["tables"][contexte.valeurs[brut["sur"]]]
    return {cle: contexte.rempli(valeur) for cle, valeur in table.items()}


def _nombre(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    modele = str(brut.get("modele", "{n}"))
    return {nom: modele.format_map({**contexte.valeurs, "n": contexte.hasard.entier(nom, brut["bas"], brut["haut"])})}


def _montant(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    """HT, VAT and TTC as typed, and as people read them (« _dit »)."""
    taux = contexte.rempli(brut["taux"])
    lu = montants.lire_decimal(taux.replace(",", "."))
    if lu is None or all(lu != t.taux or not t.admis for t in referentiel.taux_tva(contexte.jour)):
        raise ValueError(f"le taux de TVA « {taux} » n’est pas admis à cette date")
    ht = contexte.hasard.montant(nom, brut["bas"], brut["haut"])
    tva = montants.arrondi(ht * lu / 100)
    sommes = {"ht": ht, "tva": tva, "ttc": ht + tva}
    dits = {f"{nom}_{quoi}_dit": montants.format_euros(somme) for quoi, somme in sommes.items()}
    return (
        {f"{nom}_{quoi}": f"{somme:.2f}".replace(".", ",") for quoi, somme in sommes.items()}
        | dits
        | {f"{nom}_taux": taux}
    )


def _jour(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    return {nom: f"{contexte.hasard.jour(nom, brut['bas'], brut['haut']):%d/%m/%Y}"}


def _apres(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    """So many days after the departure."""
    return {nom: f"{contexte.jour + timedelta(days=int(contexte.rempli(brut['jours']))):%d/%m/%Y}"}


def _iban(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    return {nom: contexte.hasard.iban(nom)}


def _siret(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    return {nom: contexte.hasard.siret(nom)}


def _structure(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    structure = contexte.hasard.parmi(nom, contexte.structures(brut["parmi"]))
    return {nom: structure.siret, f"{nom}_nom": structure.nom}


def _client(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    """A payer of the directory: a service of its own if it has any, a commitment if it demands one, what it demands."""
    structure = contexte.hasard.parmi(nom, contexte.structures(brut["parmi"]))
    actifs = [s for s in structure.services if s.actif and s.code not in brut.get("sauf", ())]
    service = contexte.hasard.parmi(f"{nom}|service", actifs) if actifs else None
    exige = structure.engagement_obligatoire or (service is not None and service.engagement_obligatoire)
    engagement = (
        f"BC-{contexte.jour.year}-{contexte.hasard.entier(f'{nom}|engagement', 100, 99999):05d}" if exige else ""
    )
    autres = [s for s in actifs if s != service]
    return {
        nom: structure.siret,
        f"{nom}_nom": structure.nom,
        f"{nom}_service": service.code if service else "",
        f"{nom}_service_dit": service.libelle if service else "aucun service",
        f"{nom}_autre_service": contexte.hasard.parmi(f"{nom}|autre", autres).code if autres else "",
        f"{nom}_services": " ; ".join(f"{s.code} : {s.libelle}" for s in actifs) or "aucun",
        f"{nom}_engagement": engagement,
        f"{nom}_engagement_dit": engagement or "aucun : l’acheteur n’en donne pas",
        f"{nom}_exige": exigence(structure),
    }


def exigence(structure: Structure) -> str:
    """What a public structure demands on an invoice, as the directory says it."""
    if structure.engagement_obligatoire and structure.service_obligatoire:
        return "un code service et un numéro d’engagement"
    if structure.engagement_obligatoire:
        return "un numéro d’engagement"
    if structure.service_obligatoire:
        suite = " ; certains services exigent aussi un numéro d’engagement"
        return "un code service" + (suite if any(s.engagement_obligatoire for s in structure.services) else "")
    if structure.engagement_ou_service:
        return "un code service ou un numéro d’engagement, au choix"
    return "ni code service ni numéro d’engagement"


def _marche(nom: str, brut: Mapping[str, Any], contexte: Contexte) -> dict[str, str]:
    """A market of the directory: its parties, and how its monthly demand is addressed."""
    marche = contexte.hasard.parmi(nom, contexte.marches(brut["parmi"]))
    cadre = contexte.rempli(brut.get("cadre", "")) or marche.cadre_mensuel
    etape = circuits.etape(marche, cadre, "", contexte.jour)
    adresse = marche.partie(etape.adresse_a) if etape is not None and etape.adresse_a else marche.partie("payeur")
    services = {marche.partie("payeur"): marche.payeur_service, marche.moe: marche.moe_service}
    if etape is not None and etape.adresse_a == "moa":
        services = {}
    parties = {partie: marche.partie(partie) for partie in ("titulaire", "moe", "moa", "payeur")}
    noms = {f"{nom}_{p}_nom": contexte.annuaire.structure(s).nom if s else "personne" for p, s in parties.items()}
    return {
        nom: marche.numero,
        f"{nom}_objet": marche.objet,
        f"{nom}_cadre": cadre,
        f"{nom}_adresse": adresse,
        f"{nom}_adresse_nom": contexte.annuaire.structure(adresse).nom,
        f"{nom}_service": services.get(adresse, ""),
        f"{nom}_payeur_service": marche.payeur_service,
        f"{nom}_engagement": marche.engagement if adresse == marche.partie("payeur") else "",
        f"{nom}_engagement_payeur": marche.engagement,
        **{f"{nom}_{partie}": siret for partie, siret in parties.items()},
        **noms,
    }


GENRES: Mapping[str, Genre] = {
    "cas": Genre(frozenset({"cas"}), _cas),
    "selon": Genre(frozenset({"sur", "tables"}), _selon),
    "nombre": Genre(frozenset({"bas", "haut", "modele"}), _nombre),
    "montant": Genre(frozenset({"bas", "haut", "taux"}), _montant),
    "jour": Genre(frozenset({"bas", "haut"}), _jour),
    "apres": Genre(frozenset({"jours"}), _apres),
    "iban": Genre(frozenset(), _iban),
    "siret": Genre(frozenset(), _siret),
    "structure": Genre(frozenset({"parmi"}), _structure),
    "client": Genre(frozenset({"parmi", "sauf"}), _client),
    "marche": Genre(frozenset({"parmi", "cadre"}), _marche),
}
"""By the word written in ``genre``."""
