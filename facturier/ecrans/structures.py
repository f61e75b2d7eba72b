"""Structures: created by one's own SIRET, their address, bank details and services, changed by who may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier import identifiants
from facturier.annuaire import Structure
from facturier.champs import Valeurs
from facturier.champs import def_comptes as defs
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Cible,
    Definitions,
    Etapes,
    Lien,
    Liens,
    Message,
    Paragraphe,
    Section,
    Tableau,
    a_remplir,
)
from facturier.ecrans.comptes import CHEMIN, RUBRIQUE, compte, connecte, demande_un_compte, soi
from facturier.ecrans.ecran import Ecran, Suite
from facturier.ecrans.ma_structure import la_structure
from facturier.portail.personnes import StructureGeree

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste


def _creer(poste: Poste, _: str) -> Sequence[Bloc]:
    if not connecte(poste):
        return demande_un_compte(poste)
    return [
        Etapes(CHEMIN, 4),
        Paragraphe(
            "La structure, c’est vous : le SIRET de votre établissement, jamais celui d’un client. Qui la crée en "
            "devient le gestionnaire principal."
        ),
        *a_remplir(
            "Tout est rempli : vous pouvez créer la structure.",
            Bouton("creer", "Créer la structure"),
            liens=[Lien("Elle existe déjà : demander un rattachement", Cible("rattachement_demander"))],
        ),
    ]


def _cree(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    objet = poste.guichet.faire(soi(poste), "creer_structure", version=None, siret=valeurs["siret"], nom=valeurs["nom"])
    siret = objet.removeprefix("S")
    nom = poste.guichet.annuaire.structure(siret).nom
    return Suite(f"« {nom} » est créée : vous en êtes le gestionnaire principal.", Cible("structure", siret))


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    structure = la_structure(poste, objet)
    if not connecte(poste):
        return demande_un_compte(poste)
    geree = StructureGeree.de(structure)
    return [
        Definitions(
            structure.nom,
            [
                ("SIRET", structure.siret),
                ("Catégorie", structure.categorie),
                ("État", "active" if structure.active else "désactivée"),
                *([("Adresse", geree.adresse)] if geree.adresse else []),
                *([("Téléphone", geree.telephone)] if geree.telephone else []),
            ],
        ),
        *_a_faire(poste, geree),
        Section(
            "Modifier la fiche",
            a_remplir("Vous pouvez enregistrer.", Bouton("enregistrer", "Enregistrer")),
        ),
        Section("Coordonnées bancaires", _banque(geree)),
        Section("Services", _services(structure)),
        Liens([Lien("Rattachements et habilitations", Cible("rattachements", structure.siret))]),
        Boutons([_activite(structure)]),
    ]


def _a_faire(poste: Poste, structure: StructureGeree) -> Sequence[Bloc]:
    """What is left to do before invoicing, said before it is missed."""
    reste: list[str | Lien] = []
    if not structure.coordonnees and not structure.publique:
        reste.append(Lien("Ajouter les coordonnées bancaires", Cible("coordonnees", structure.siret)))
    tenu = compte(poste)
    if tenu is not None and not tenu.habilite(structure.siret, "factures_travaux"):
        reste.append(
            Lien("Ouvrir l’espace « Factures de travaux », si vous en faites", Cible("rattachements", structure.siret))
        )
    return [Message("info", "Avant de facturer", reste)] if reste else []


def _banque(structure: StructureGeree) -> Sequence[Bloc]:
    rangees = [
        (
            " ".join(
                c.iban[n : n + 4] for n in range(0, len(c.iban), 4)
            ),  # as on a bank's paper; a narrow page wraps it
            c.titulaire,
            "oui" if c.affactureur else "non",
            Lien("Modifier", Cible("coordonnees", f"{structure.siret}:{c.iban}"), f"l’IBAN {c.iban}"),
            Bouton(
                "retirer_iban",
                "Retirer",
                "danger",
                {"iban": c.iban},
                f"l’IBAN {c.iban}",
                "Retirer cet IBAN de la structure ?",
            ),
        )
        for c in structure.coordonnees
    ]
    colonnes = ("IBAN", "Titulaire", "Cédée", "Modifier", "Retirer")
    return [
        Tableau("IBAN de la structure", colonnes, rangees, "Aucun IBAN : un virement en demande un."),
        Liens([Lien("Ajouter des coordonnées bancaires", Cible("coordonnees", structure.siret))]),
    ]


def _services(structure: Structure) -> Sequence[Bloc]:
    rangees = [
        (
            s.code,
            s.libelle,
            "actif" if s.actif else "désactivé",
            Bouton(
                "service",
                "Désactiver" if s.actif else "Activer",
                "second",
                {"code": s.code, "action": "desactiver_service" if s.actif else "activer_service"},
                f"le service {s.code}",
            ),
        )
        for s in structure.services
    ]
    return [
        Tableau(
            "Services de la structure",
            ("Code", "Nom", "État", "Changer"),
            rangees,
            "Aucun service : ils sont facultatifs pour une entreprise.",
        ),
        Liens([Lien("Créer un service", Cible("service_creer", structure.siret))]),
    ]


def _activite(structure: Structure) -> Bouton:
    if structure.active:
        question = "Désactiver la structure ? Plus personne ne pourra facturer en son nom."
        return Bouton("activite", "Désactiver la structure", "danger", {"action": "desactiver_structure"}, "", question)
    return Bouton("activite", "Activer la structure", "second", {"action": "activer_structure"})


def _connue(poste: Poste, objet: str) -> Valeurs:
    geree = StructureGeree.de(la_structure(poste, objet))
    return {"adresse": geree.adresse, "telephone": geree.telephone}


def _faire(poste: Poste, objet: str, action: str, **donnees: str) -> Structure:
    structure = la_structure(poste, objet)
    poste.guichet.faire(soi(poste, structure.siret), action, f"S{structure.siret}", version=None, **donnees)
    return structure


def _enregistre(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    avant = _connue(poste, objet)
    _faire(poste, objet, "modifier_structure", **{c: valeurs[c] for c in avant if valeurs[c] != avant[c]})
    return Suite("La fiche de la structure est à jour.")


def _retire(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    _faire(poste, objet, "retirer_coordonnees", iban=valeurs["iban"])
    return Suite("Cet IBAN est retiré.")


def _service(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    _faire(poste, objet, valeurs["action"], code=valeurs["code"])
    return Suite(f"Le service {valeurs['code']} est changé.")


def _change_activite(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    _faire(poste, objet, valeurs["action"])
    return Suite("L’état de la structure est changé.")


def _coordonnees(poste: Poste, objet: str) -> Sequence[Bloc]:
    structure = la_structure(poste, objet)
    if not connecte(poste):
        return demande_un_compte(poste)
    return [
        Paragraphe(f"Compte bancaire où « {structure.nom} » veut être payée."),
        *a_remplir(
            "Vous pouvez enregistrer.",
            Bouton("enregistrer", "Enregistrer"),
            liens=[Lien("Revenir à la structure", Cible("structure", structure.siret))],
        ),
    ]


def _coordonnees_connues(poste: Poste, objet: str) -> Valeurs:
    iban = objet.partition(":")[2]
    connues = StructureGeree.de(la_structure(poste, objet)).coordonnees
    trouve = next((c for c in connues if c.iban == iban), None)
    if trouve is None:
        return {}
    return {"iban": trouve.iban, "titulaire": trouve.titulaire, "affactureur": "oui" if trouve.affactureur else ""}


def _coordonnees_gardees(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    ancien = objet.partition(":")[2]
    donnees = {champ.id: valeurs[champ.id] for champ in defs.COORDONNEES.champs if valeurs[champ.id]}
    action = "ajouter_coordonnees"
    if ancien:
        action, donnees = "modifier_coordonnees", {**donnees, "iban_remplace": ancien}
    structure = _faire(poste, objet, action, **donnees)
    iban = identifiants.iban(valeurs["iban"])
    return Suite(f"L’IBAN {iban} est enregistré.", Cible("structure", structure.siret))


def _service_creer(poste: Poste, objet: str) -> Sequence[Bloc]:
    structure = la_structure(poste, objet)
    if not connecte(poste):
        return demande_un_compte(poste)
    return [
        Paragraphe("Un service range vos factures entre vos équipes ; il est facultatif pour une entreprise."),
        *a_remplir(
            "Vous pouvez créer le service.",
            Bouton("creer", "Créer le service"),
            liens=[Lien("Revenir à la structure", Cible("structure", structure.siret))],
        ),
    ]


def _service_cree(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    structure = _faire(poste, objet, "creer_service", code=valeurs["code"], libelle=valeurs["libelle"])
    return Suite(f"Le service {valeurs['code']} est créé.", Cible("structure", structure.siret))


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="structure_creer",
        titre="Créer une structure",
        composer=_creer,
        gestes={"creer": _cree},
        rubrique=RUBRIQUE,
        formulaire=defs.STRUCTURE,
        verifies=frozenset({"creer"}),
        visible=connecte,
    ),
    Ecran(
        id="structure",
        titre="Ma structure",
        titre_objet=lambda poste, objet: la_structure(poste, objet).nom,
        composer=_composer,
        gestes={
            "enregistrer": _enregistre,
            "retirer_iban": _retire,
            "service": _service,
            "activite": _change_activite,
        },
        rubrique=RUBRIQUE,
        formulaire=defs.FICHE_STRUCTURE,
        initiales=_connue,
        verifies=frozenset({"enregistrer"}),
        visible=lambda poste: connecte(poste) and bool(poste.acteur.structure),
    ),
    Ecran(
        id="coordonnees",
        titre="Coordonnées bancaires",
        composer=_coordonnees,
        gestes={"enregistrer": _coordonnees_gardees},
        formulaire=defs.COORDONNEES,
        initiales=_coordonnees_connues,
        verifies=frozenset({"enregistrer"}),
    ),
    Ecran(
        id="service_creer",
        titre="Créer un service",
        composer=_service_creer,
        gestes={"creer": _service_cree},
        formulaire=defs.SERVICE,
        verifies=frozenset({"creer"}),
    ),
)
