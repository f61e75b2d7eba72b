"""An act that is not a step of a piece's life: what it creates, what it controls, who may do it, how it is replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from joueurs import COMMUNE, ELECTRICIEN, Horloge

from facturier.portail import (
    Acte,
    Acteur,
    Annuaire,
    Compte,
    Contexte,
    Etat,
    Evenement,
    Ouverture,
    Portail,
    RefusPortail,
    Structure,
)
from facturier.portail import pliage as module_pliage
from facturier.portail import portail as module_portail
from facturier.portail.actes import Manquement
from facturier.portail.etat import octets
from facturier.portail.repertoire import ACTES

NOUVELLE = "12345678200010"
PERSONNE, OUVERTURE = Acteur("fournisseur", ""), Ouverture(comptes=True)


def _courriel(contexte: Contexte) -> list[Manquement]:
    return [] if "@" in contexte.texte("courriel") else [("courriel", "Indiquez un courriel.")]


def _inscrit(etat: Etat, evenement: Evenement) -> Etat:
    donnees = evenement["donnees"]
    compte = Compte(evenement["objet"], donnees["courriel"], "Léa", actif=True)
    return replace(etat, comptes={**etat.comptes, compte.id: compte})


def _siret(contexte: Contexte) -> list[Manquement]:
    connue = contexte.texte("siret") in contexte.annuaire.structures
    return [("siret", "Cette structure existe déjà.")] if connue else []


def _creee(etat: Etat, evenement: Evenement) -> Etat:
    siret = evenement["objet"][1:]
    return replace(etat, structures={**etat.structures, siret: Structure(siret, "Neuve", "privee", "TPE")})


def _renommee(etat: Etat, evenement: Evenement) -> Etat:
    siret = evenement["objet"][1:]
    changee = replace(etat.structures[siret], nom=evenement["donnees"]["nom"])
    return replace(etat, structures={**etat.structures, siret: changee})


def _rien(contexte: Contexte) -> list[Manquement]:
    return []


ESSAIS: Mapping[str, Acte] = {
    acte.code: acte
    for acte in (
        Acte("inscrire", "S’inscrire", (), ("courriel",), _courriel, _inscrit, cree="C", sans_compte=True),
        Acte("creer_structure", "Créer", (), ("siret",), _siret, _creee, cree="S", libre=True),
        Acte("renommer", "Renommer", ("fournisseur",), ("nom",), _rien, _renommee, libre=True),
    )
}


@pytest.fixture(autouse=True)
def _avec_essais(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (module_portail, module_pliage):
        monkeypatch.setattr(module, "ACTES", {**ACTES, **ESSAIS})


@pytest.fixture
def ouvert(annuaire: Annuaire) -> Portail:
    return Portail(annuaire, Horloge(), OUVERTURE)


def test_un_compte_se_cree_sans_compte_puis_agit_sous_son_nom(annuaire: Annuaire, ouvert: Portail) -> None:
    lea = ouvert.faire(PERSONNE, "inscrire", courriel="lea@exemple.fr")
    zoe = ouvert.faire(PERSONNE, "inscrire", courriel="zoe@exemple.fr")
    assert (lea, zoe) == ("C0001", "C0002")
    moi = Acteur("fournisseur", "", lea)
    assert ouvert.faire(moi, "creer_structure", siret=NOUVELLE) == f"S{NOUVELLE}"
    assert ouvert.annuaire.structure(NOUVELLE).nom == "Neuve"
    ouvert.faire(moi, "renommer", f"S{ELECTRICIEN}", nom="Volt et Fils")
    assert ouvert.annuaire.structure(ELECTRICIEN).nom == "Volt et Fils"
    assert annuaire.structure(ELECTRICIEN).nom != "Volt et Fils"
    assert set(ouvert.etat.structures) == {NOUVELLE, ELECTRICIEN}
    assert ouvert.version(f"S{ELECTRICIEN}") == 1
    rejoue = Portail.rejouer(ouvert.journal, annuaire, ouverture=OUVERTURE)
    assert octets(rejoue.etat) == octets(ouvert.etat)
    assert rejoue.journal == ouvert.journal


@pytest.mark.parametrize(
    ("acteur", "action", "objet", "donnees", "phrase"),
    [
        (PERSONNE, "inscrire", "", {"courriel": "lea"}, "Indiquez un courriel"),
        (PERSONNE, "inscrire", "", {"courriel": "a@b", "nom": "x"}, "n’admet pas"),
        (PERSONNE, "inscrire", "", {"courriel": "a@b" * 1000}, "dépasse 2000"),
        (PERSONNE, "creer_structure", "", {"siret": COMMUNE}, "existe déjà"),
        (PERSONNE, "renommer", "S00000000000000", {"nom": "x"}, "n’existe pas"),
        (PERSONNE, "renommer", "n’importe quoi", {"nom": "x"}, "n’existe pas"),
        (Acteur("moe", ""), "renommer", f"S{COMMUNE}", {"nom": "x"}, "n’est pas un geste pour la maîtrise"),
        (Acteur("fournisseur", "12"), "renommer", f"S{COMMUNE}", {"nom": "x"}, "SIRET de 14"),
        (Acteur("tresorier", ""), "inscrire", "", {"courriel": "a@b"}, "rôle est inconnu"),
        (PERSONNE, "voler", "", {}, "n’existe pas"),
    ],
)
def test_un_acte_fautif_ne_laisse_rien(
    ouvert: Portail, acteur: Acteur, action: str, objet: str, donnees: dict[str, str], phrase: str
) -> None:
    avant = octets(ouvert.etat)
    with pytest.raises(RefusPortail, match=phrase):
        ouvert.faire(acteur, action, objet, **donnees)
    assert (ouvert.journal, octets(ouvert.etat)) == ((), avant)


def test_une_fiche_relue_trop_tot_se_relit(ouvert: Portail) -> None:
    vue = ouvert.version(f"S{COMMUNE}")
    ouvert.faire(PERSONNE, "renommer", f"S{COMMUNE}", nom="Commune de Bel-Air", version=vue)
    with pytest.raises(RefusPortail, match="Cette fiche vient de changer"):
        ouvert.faire(PERSONNE, "renommer", f"S{COMMUNE}", nom="Bel-Air", version=vue)
