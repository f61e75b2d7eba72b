"""Criteria about accounts and structures, for situations that may hold no piece at all."""

from __future__ import annotations

from collections.abc import Callable

from facturier.portail import Etat
from facturier.portail.comptes import compte_de
from facturier.portail.personnes import Compte, StructureGeree
from facturier.situations.regle import Attendu, CritereSituation, compact


def _du_compte(
    predicat: Callable[[Etat, Compte, Attendu], bool], dont: str = "courriel"
) -> Callable[[Etat, Attendu], bool]:
    """On the open account of one connection address: that which the expected value ``dont`` holds."""

    def rempli(etat: Etat, attendu: Attendu) -> bool:
        compte = compte_de(etat, attendu[dont])
        return compte is not None and compte.actif and predicat(etat, compte, attendu)

    return rempli


def _profil(etat: Etat, compte: Compte, attendu: Attendu) -> bool:
    champs = ("nom", "prenom", "telephone")
    return all(compact(getattr(compte, c)) == compact(attendu[c]) for c in champs)


def _geree(etat: Etat, attendu: Attendu) -> StructureGeree | None:
    structure = etat.structures.get(attendu["siret"])
    return structure if isinstance(structure, StructureGeree) else None


def _structure(etat: Etat, compte: Compte, attendu: Attendu) -> bool:
    structure = _geree(etat, attendu)
    return structure is not None and structure.creee and compte.gere(structure.siret)


def _iban(etat: Etat, attendu: Attendu) -> bool:
    structure = _geree(etat, attendu)
    return structure is not None and any(compact(c.iban) == compact(attendu["iban"]) for c in structure.coordonnees)


def _ancien_iban_retire(etat: Etat, attendu: Attendu) -> bool:
    structure = _geree(etat, attendu)
    return structure is not None and all(
        compact(c.iban) != compact(attendu["ancien_iban"]) for c in structure.coordonnees
    )


def _service(etat: Etat, attendu: Attendu) -> bool:
    structure = _geree(etat, attendu)
    return structure is not None and structure.service(attendu["code_service"]) is not None


def _rattache(etat: Etat, compte: Compte, attendu: Attendu) -> bool:
    return attendu["siret"] in compte.rattachements


def _espace(etat: Etat, compte: Compte, attendu: Attendu) -> bool:
    return compte.habilite(attendu["siret"], attendu["espace"])


CRITERES = (
    CritereSituation(
        "compte_demande",
        "Le compte demandé est créé et activé",
        "Aucun compte activé ne porte l’adresse demandée : créez-le, puis suivez le lien reçu.",
        ("courriel",),
        _du_compte(lambda etat, compte, attendu: True),
        ("activer_compte",),
    ),
    CritereSituation(
        "connexion_faite",
        "Le compte demandé s’est connecté avec le code reçu",
        "Le compte demandé ne s’est jamais connecté : demandez un code, puis saisissez-le.",
        ("courriel",),
        _du_compte(lambda etat, compte, attendu: compte.connexions > 0),
        ("se_connecter",),
    ),
    CritereSituation(
        "profil_demande",
        "Le nom, le prénom et le téléphone du compte sont les bons",
        "Le nom, le prénom ou le téléphone du compte n’est pas celui de la situation.",
        ("courriel", "nom", "prenom", "telephone"),
        _du_compte(_profil),
        ("creer_compte", "modifier_profil"),
    ),
    CritereSituation(
        "structure_demandee",
        "La structure demandée est créée, et le compte la gère",
        "Aucune structure gérée par ce compte ne porte le SIRET demandé.",
        ("courriel", "siret"),
        _du_compte(_structure),
        ("creer_structure",),
    ),
    CritereSituation(
        "rattachement_demande",
        "Le compte est rattaché à la structure demandée",
        "Le compte n’est pas rattaché à la structure demandée.",
        ("courriel", "siret"),
        _du_compte(_rattache),
        ("demander_rattachement",),
    ),
    CritereSituation(
        "espace_demande",
        "L’espace demandé est ouvert au compte",
        "L’espace demandé n’est pas ouvert à ce compte : un gestionnaire l’habilite.",
        ("courriel", "siret", "espace"),
        _du_compte(_espace),
        ("habiliter", "demander_habilitation"),
    ),
    CritereSituation(
        "iban_demande",
        "Les coordonnées bancaires demandées sont enregistrées",
        "L’IBAN demandé n’est pas dans les coordonnées bancaires de la structure.",
        ("siret", "iban"),
        _iban,
        ("ajouter_coordonnees", "modifier_coordonnees"),
    ),
    CritereSituation(
        "ancien_iban_retire",
        "Aucun compte bancaire fermé n’est encore proposé",
        "L’IBAN du compte fermé est toujours proposé : un virement peut y partir. « Modifier » le remplace ; "
        "« Ajouter » le laisse à côté du nouveau.",
        ("siret", "ancien_iban"),
        _ancien_iban_retire,
        ("modifier_coordonnees", "retirer_coordonnees"),
    ),
    CritereSituation(
        "collegue_rattache",
        "La demande du collègue est acceptée",
        "Le collègue n’est pas rattaché à la structure : acceptez la demande qui vous attend.",
        ("collegue", "siret"),
        _du_compte(_rattache, "collegue"),
        ("accepter_rattachement",),
    ),
    CritereSituation(
        "espace_du_collegue",
        "Le collègue a l’espace dont son travail a besoin",
        "L’espace qu’il faut à ce travail n’est pas ouvert au collègue : accepter une personne ne l’ouvre pas (E09).",
        ("collegue", "siret", "espace"),
        _du_compte(_espace, "collegue"),
        ("habiliter",),
    ),
    CritereSituation(
        "service_demande",
        "Le service demandé est créé",
        "La structure n’a pas de service actif qui porte le code demandé.",
        ("siret", "code_service"),
        _service,
        ("creer_service",),
    ),
)
