"""Named criteria about accounts, structures and requests: name, what it says, predicate on the state alone."""

from __future__ import annotations

from collections.abc import Callable

from facturier import referentiel
from facturier.annuaire import Structure
from facturier.portail.etat import Etat
from facturier.portail.personnes import Compte, Sollicitation, StructureGeree

Critere = tuple[str, str, Callable[[Etat], bool]]


def _compte(predicat: Callable[[Compte], bool]) -> Callable[[Etat], bool]:
    return lambda etat: any(predicat(compte) for compte in etat.comptes.values())


def _structure(predicat: Callable[[Structure], bool]) -> Callable[[Etat], bool]:
    return lambda etat: any(predicat(structure) for structure in etat.structures.values())


def _geree(predicat: Callable[[StructureGeree], bool]) -> Callable[[Etat], bool]:
    return _structure(lambda structure: isinstance(structure, StructureGeree) and predicat(structure))


def _sollicitation(predicat: Callable[[Sollicitation], bool]) -> Callable[[Etat], bool]:
    return lambda etat: any(predicat(sollicitation) for sollicitation in etat.sollicitations.values())


def _travaux(compte: Compte) -> bool:
    espaces = {espace.code for espace in referentiel.espaces() if espace.pieces == "travaux"}
    return compte.actif and any(espaces & ouverts for ouverts in compte.habilitations.values())


def _structure_creee(etat: Etat) -> bool:
    """A structure of somebody's own: created on the portal, run by an active account."""
    return any(
        isinstance(structure, StructureGeree) and structure.creee and any(c.gere(siret) for c in etat.comptes.values())
        for siret, structure in etat.structures.items()
    )


CRITERES: tuple[Critere, ...] = (
    ("compte_cree", "Un compte a été créé", _compte(lambda c: True)),
    ("compte_active", "Un compte a été activé", _compte(lambda c: c.actif)),
    ("lien_redemande", "Un lien d’activation a été redemandé", _compte(lambda c: c.liens_envoyes > 1)),
    (
        "double_authentification_faite",
        "Un compte s’est connecté avec le code reçu",
        _compte(lambda c: c.connexions > 0),
    ),
    (
        "profil_complet",
        "Un compte actif a un téléphone et une adresse de contact",
        _compte(lambda c: c.actif and bool(c.telephone and c.contact)),
    ),
    ("structure_creee", "Une structure a été créée par son SIRET", _structure_creee),
    (
        "structure_rattachee",
        "Un compte actif est rattaché à une structure",
        _compte(lambda c: c.actif and bool(c.rattachements)),
    ),
    (
        "plusieurs_structures",
        "Un même compte est rattaché à plusieurs structures",
        _compte(lambda c: c.actif and len(c.rattachements) > 1),
    ),
    (
        "gestionnaire_designe",
        "Un gestionnaire principal a été désigné à la place d’un autre",
        _geree(lambda s: s.gestionnaires_designes > 0),
    ),
    ("habilitation_travaux_donnee", "L’espace « Factures de travaux » est ouvert à un compte", _compte(_travaux)),
    ("iban_ajoute", "Une structure a des coordonnées bancaires", _geree(lambda s: bool(s.coordonnees))),
    ("iban_modifie", "Des coordonnées bancaires ont été remplacées", _geree(lambda s: s.iban_modifies > 0)),
    ("service_cree", "Un service a été créé", _geree(lambda s: s.services_crees > 0)),
    ("sollicitation_ouverte", "Une sollicitation a été ouverte", _sollicitation(lambda s: True)),
    (
        "sollicitation_bien_adressee",
        "Une sollicitation a été adressée à qui peut y répondre",
        _sollicitation(lambda s: s.bien_adressee),
    ),
    ("sollicitation_cloturee", "Une sollicitation a été clôturée", _sollicitation(lambda s: s.statut == "CLOTUREE")),
)
