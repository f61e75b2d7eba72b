"""Criteria with expected values: the replayed state compared to what the seed drew, each with what it says when missed.

Those of ``portail.criteres``, which look at the state alone, may be asked of a situation too, by the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from facturier.portail import Etat, Piece
from facturier.portail import criteres as generaux
from facturier.portail import demande as lecture
from facturier.portail.comptes import compte_de
from facturier.portail.pieces import DEPOSEE
from facturier.portail.personnes import Compte, StructureGeree
from facturier.situations.modele import Situation

Attendu = Mapping[str, str]


@dataclass(frozen=True)
class CritereSituation:
    """One criterion: its name, what it says, what it says when missed, the expected values that it needs."""

    nom: str
    libelle: str
    manque: str
    besoins: tuple[str, ...]
    rempli: Callable[[Etat, Attendu], bool]


def piece_jugee(etat: Etat, attendu: Attendu) -> Piece | None:
    """The last piece that the learner's structure has sent: later ones take the place of earlier ones."""
    siennes = [p for p in etat.pieces.values() if p.deposant == attendu["deposant"] and p.date_du(DEPOSEE)]
    return siennes[-1] if siennes else None


def _sur_la_piece(predicat: Callable[[Etat, Piece, Attendu], bool]) -> Callable[[Etat, Attendu], bool]:
    def rempli(etat: Etat, attendu: Attendu) -> bool:
        piece = piece_jugee(etat, attendu)
        return piece is not None and predicat(etat, piece, attendu)

    return rempli


def _compact(texte: str) -> str:
    return "".join(texte.split()).casefold()


def _egal(champ: str, saisi: Mapping[str, str], attendu: Attendu) -> bool:
    """Amounts are compared as amounts, dates as dates, identifiers without spaces."""
    if champ in lecture.MONTANTS:
        lu = lecture.montant(saisi, champ)
        return lu is not None and lu == lecture.montant(attendu, champ)
    if champ == "date_facture":
        return lecture.date_facture(saisi) == lecture.date_facture(attendu)
    return _compact(saisi.get(champ, "")) == _compact(attendu[champ])


def _champs(*champs: str) -> Callable[[Etat, Attendu], bool]:
    return _sur_la_piece(lambda _, piece, attendu: all(_egal(c, piece.valeurs, attendu) for c in champs))


def _critere_de_champs(nom: str, libelle: str, manque: str, *champs: str) -> CritereSituation:
    return CritereSituation(nom, libelle, manque, ("deposant", *champs), _champs(*champs))


CONFORMITE = (
    "destinataire_siret",
    "code_service",
    "numero_engagement",
    "numero_marche",
    "cadre",
    "type_facture",
    "numero_facture",
    "date_facture",
    "valideur_siret",
    "taux_tva",
    *lecture.MONTANTS,
)
"""What a whole piece is compared on, as far as the situation says it."""


def _conforme(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    return all(_egal(champ, piece.valeurs, attendu) for champ in CONFORMITE if champ in attendu)


def _payee(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    """It, or the last link of its dossier, has been paid."""
    return any(p.dossier == piece.dossier and p.date_du("MISE_EN_PAIEMENT") for p in etat.pieces.values())


def _a_temps(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    depot = min(p.quand for p in piece.historique if p.statut == DEPOSEE)
    return depot <= datetime.fromisoformat(attendu["depart"]) + timedelta(days=int(attendu["jours"]))


def _numero_neuf(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    return not _egal("numero_facture", piece.valeurs, {"numero_facture": attendu["numero_rejete"]})


def _justifiee(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    complete = any(passage.action == "completer" for passage in piece.historique)
    return complete and any(_compact(j.nom) == _compact(attendu["justificatif"]) for j in piece.pieces_jointes)


def _repond(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    precedente = etat.pieces.get(piece.precedente)
    return precedente is not None and precedente.numero == attendu["numero_precedente"]


def _du_compte(predicat: Callable[[Etat, Compte, Attendu], bool]) -> Callable[[Etat, Attendu], bool]:
    def rempli(etat: Etat, attendu: Attendu) -> bool:
        compte = compte_de(etat, attendu["courriel"])
        return compte is not None and compte.actif and predicat(etat, compte, attendu)

    return rempli


def _profil(etat: Etat, compte: Compte, attendu: Attendu) -> bool:
    champs = ("nom", "prenom", "telephone")
    return all(_compact(getattr(compte, c)) == _compact(attendu[c]) for c in champs)


def _geree(etat: Etat, attendu: Attendu) -> StructureGeree | None:
    structure = etat.structures.get(attendu["siret"])
    return structure if isinstance(structure, StructureGeree) else None


def _structure(etat: Etat, compte: Compte, attendu: Attendu) -> bool:
    structure = _geree(etat, attendu)
    return structure is not None and structure.creee and compte.gere(structure.siret)


def _iban(etat: Etat, attendu: Attendu) -> bool:
    structure = _geree(etat, attendu)
    return structure is not None and any(_compact(c.iban) == _compact(attendu["iban"]) for c in structure.coordonnees)


def _service(etat: Etat, attendu: Attendu) -> bool:
    structure = _geree(etat, attendu)
    return structure is not None and structure.service(attendu["code_service"]) is not None


def _rattache(etat: Etat, compte: Compte, attendu: Attendu) -> bool:
    return attendu["siret"] in compte.rattachements


def _espace(etat: Etat, compte: Compte, attendu: Attendu) -> bool:
    return compte.habilite(attendu["siret"], attendu["espace"])


_PROPRES = (
    CritereSituation(
        "piece_envoyee",
        "La demande est partie",
        "Rien n’est parti : enregistrer garde votre travail, « Valider et envoyer » l’envoie.",
        ("deposant",),
        _sur_la_piece(lambda etat, piece, attendu: True),
    ),
    CritereSituation(
        "facture_conforme_a_la_situation",
        "La demande dit tout ce que la situation demande, et rien d’autre",
        "Au moins un champ de la demande n’est pas celui de la situation : relisez-la champ par champ.",
        ("deposant", "destinataire_siret", "cadre", *lecture.MONTANTS),
        _sur_la_piece(_conforme),
    ),
    _critere_de_champs(
        "client_de_la_situation",
        "Le destinataire est le bon",
        "Le SIRET du destinataire n’est pas celui de qui doit recevoir cette demande.",
        "destinataire_siret",
    ),
    _critere_de_champs(
        "service_de_la_situation",
        "Le code service est le bon",
        "Le code service manque, est en trop, ou mène à un autre bureau.",
        "code_service",
    ),
    _critere_de_champs(
        "engagement_de_la_situation",
        "Le numéro d’engagement est le bon",
        "Le numéro d’engagement manque ou n’est pas celui du bon de commande ; le numéro de marché ne le remplace pas.",
        "numero_engagement",
    ),
    _critere_de_champs(
        "marche_de_la_situation",
        "Le numéro de marché est le bon",
        "Le numéro de marché n’est pas celui de la situation.",
        "numero_marche",
    ),
    _critere_de_champs(
        "cadre_de_la_situation",
        "Le cadre de facturation est le bon",
        "Le cadre de facturation ne dit pas qui dépose et qui intervient dans cette situation.",
        "cadre",
    ),
    _critere_de_champs(
        "type_de_la_situation",
        "Le type de document est le bon",
        "Le type choisi n’est pas celui du document de la situation.",
        "type_facture",
    ),
    _critere_de_champs(
        "numero_de_la_situation",
        "Le numéro de la pièce est le bon",
        "Le numéro n’est pas celui que porte votre document.",
        "numero_facture",
    ),
    _critere_de_champs(
        "date_de_la_situation",
        "La date de la pièce est la bonne",
        "La date n’est pas celle que porte votre document.",
        "date_facture",
    ),
    _critere_de_champs(
        "valideur_de_la_situation",
        "Le valideur est le bon",
        "Le valideur n’est pas l’entreprise qui doit donner son accord.",
        "valideur_siret",
    ),
    _critere_de_champs(
        "montants_de_la_situation",
        "Les montants HT, de TVA et TTC sont justes",
        "Un des montants (HT, TVA ou TTC) n’est pas celui de la situation.",
        *lecture.MONTANTS,
    ),
    _critere_de_champs(
        "taux_de_la_situation",
        "Le taux de TVA est le bon",
        "Le taux de TVA n’est pas celui qui s’applique dans cette situation.",
        "taux_tva",
    ),
    _critere_de_champs(
        "iban_de_la_situation",
        "L’IBAN de la demande est le bon",
        "L’IBAN n’est pas celui du compte à créditer.",
        "iban",
    ),
    CritereSituation(
        "demande_payee",
        "La demande a été mise en paiement",
        "La demande n’est pas allée jusqu’à la mise en paiement : voyez où elle s’est arrêtée.",
        ("deposant",),
        _sur_la_piece(_payee),
    ),
    CritereSituation(
        "depot_a_temps",
        "La demande est partie dans le temps donné",
        "La demande est partie trop tard : chaque jour d’attente retarde votre paiement.",
        ("deposant", "depart", "jours"),
        _sur_la_piece(_a_temps),
    ),
    CritereSituation(
        "numero_neuf",
        "La nouvelle facture porte un nouveau numéro",
        "Une facture rejetée ne repart pas : la suivante porte un autre numéro.",
        ("deposant", "numero_rejete"),
        _sur_la_piece(_numero_neuf),
    ),
    CritereSituation(
        "justificatif_joint",
        "La pièce demandée est jointe",
        "La pièce que l’acheteur demande n’est pas jointe à la facture suspendue.",
        ("deposant", "justificatif"),
        _sur_la_piece(_justifiee),
    ),
    CritereSituation(
        "suite_de_la_piece",
        "La pièce répond à celle qui vous a été adressée",
        "Votre pièce ne suit pas, dans son dossier, celle qui vous a été adressée.",
        ("deposant", "numero_precedente"),
        _sur_la_piece(_repond),
    ),
    CritereSituation(
        "compte_demande",
        "Le compte demandé est créé et activé",
        "Aucun compte activé ne porte l’adresse demandée : créez-le, puis suivez le lien reçu.",
        ("courriel",),
        _du_compte(lambda etat, compte, attendu: True),
    ),
    CritereSituation(
        "connexion_faite",
        "Le compte demandé s’est connecté avec le code reçu",
        "Le compte demandé ne s’est jamais connecté : demandez un code, puis saisissez-le.",
        ("courriel",),
        _du_compte(lambda etat, compte, attendu: compte.connexions > 0),
    ),
    CritereSituation(
        "profil_demande",
        "Le nom, le prénom et le téléphone du compte sont les bons",
        "Le nom, le prénom ou le téléphone du compte n’est pas celui de la situation.",
        ("courriel", "nom", "prenom", "telephone"),
        _du_compte(_profil),
    ),
    CritereSituation(
        "structure_demandee",
        "La structure demandée est créée, et le compte la gère",
        "Aucune structure gérée par ce compte ne porte le SIRET demandé.",
        ("courriel", "siret"),
        _du_compte(_structure),
    ),
    CritereSituation(
        "rattachement_demande",
        "Le compte est rattaché à la structure demandée",
        "Le compte n’est pas rattaché à la structure demandée.",
        ("courriel", "siret"),
        _du_compte(_rattache),
    ),
    CritereSituation(
        "espace_demande",
        "L’espace demandé est ouvert au compte",
        "L’espace demandé n’est pas ouvert à ce compte : un gestionnaire l’habilite.",
        ("courriel", "siret", "espace"),
        _du_compte(_espace),
    ),
    CritereSituation(
        "iban_demande",
        "Les coordonnées bancaires demandées sont enregistrées",
        "L’IBAN demandé n’est pas dans les coordonnées bancaires de la structure.",
        ("siret", "iban"),
        _iban,
    ),
    CritereSituation(
        "service_demande",
        "Le service demandé est créé",
        "La structure n’a pas de service actif qui porte le code demandé.",
        ("siret", "code_service"),
        _service,
    ),
)


def _general(critere: generaux.CritereEtat) -> CritereSituation:
    return CritereSituation(
        critere.nom,
        critere.libelle,
        f"Ce n’est pas fait : « {critere.libelle[0].lower()}{critere.libelle[1:]} ».",
        (),
        lambda etat, attendu: critere.rempli(etat),
    )


CRITERES: Mapping[str, CritereSituation] = {
    **{nom: _general(critere) for nom, critere in generaux.CRITERES.items()},
    **{critere.nom: critere for critere in _PROPRES},
}
"""By name: all that a situation, and an exercise on it, may ask."""


def evaluer(situation: Situation, etat: Etat) -> dict[str, bool]:
    """The criteria of that situation, on that state."""
    return {c.nom: CRITERES[c.nom].rempli(etat, situation.attendu) for c in situation.criteres}
