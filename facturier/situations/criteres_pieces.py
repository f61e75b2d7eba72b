"""Criteria about the piece that the learner sends: its fields, where it went, what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from facturier.portail import Etat, Piece
from facturier.portail import demande as lecture
from facturier.portail.pieces import DEPOSEE, fiche
from facturier.situations.regle import Attendu, CritereSituation, compact


def piece_jugee(etat: Etat, attendu: Attendu) -> Piece | None:
    """The last piece that the learner's structure has sent: later ones take the place of earlier ones.

    ``deja``: the pieces sent before the learner came in, which are not the learner's.
    """
    deja = attendu.get("deja", "").split()
    siennes = [
        p for p in etat.pieces.values() if p.deposant == attendu["deposant"] and p.date_du(DEPOSEE) and p.id not in deja
    ]
    return siennes[-1] if siennes else None


def sur_la_piece(predicat: Callable[[Etat, Piece, Attendu], bool]) -> Callable[[Etat, Attendu], bool]:
    """On the piece that is judged; not met as long as there is none."""

    def rempli(etat: Etat, attendu: Attendu) -> bool:
        piece = piece_jugee(etat, attendu)
        return piece is not None and predicat(etat, piece, attendu)

    return rempli


def _champs(*champs: str) -> Callable[[Etat, Attendu], bool]:
    return sur_la_piece(lambda _, piece, attendu: all(lecture.egal(c, piece.valeurs, attendu[c]) for c in champs))


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
    "mode_paiement",
    "iban",
    "taux_tva",
    *lecture.MONTANTS,
)
"""What a whole piece is compared on, as far as the situation says it."""


def _conforme(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    return all(lecture.egal(champ, piece.valeurs, attendu[champ]) for champ in CONFORMITE if champ in attendu)


def _payee(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    """It, or the last link of its dossier, has been paid."""
    return any(p.dossier == piece.dossier and p.date_du("MISE_EN_PAIEMENT") for p in etat.pieces.values())


def _chez_le_payeur(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    return any(
        p.dossier == piece.dossier and fiche(p.cadre).destinataire == "destinataire" for p in etat.pieces.values()
    )


def _admise(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    """The answer to it carries the admitted amounts."""
    reponse = etat.pieces.get(piece.suivante)
    return reponse is not None and all(
        lecture.montant(reponse.valeurs, f"montant_{quoi}") == lecture.montant(attendu, f"admis_{quoi}")
        for quoi in ("ht", "tva", "ttc")
    )


def _a_temps(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    depot = min(p.quand for p in piece.historique if p.statut == DEPOSEE)
    return depot <= datetime.fromisoformat(attendu["depart"]) + timedelta(days=int(attendu["jours"]))


def _justifiee(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    complete = any(passage.action == "completer" for passage in piece.historique)
    return complete and any(compact(j.nom) == compact(attendu["justificatif"]) for j in piece.pieces_jointes)


def _pieces_ajoutees(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    """A file came with what completed it, whatever its name: on the screens, it is the learner's own."""
    return bool(piece.pieces_jointes) and any(passage.action == "completer" for passage in piece.historique)


def _seule(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    siennes = [p for p in etat.pieces.values() if p.deposant == attendu["deposant"] and p.date_du(DEPOSEE)]
    return len(siennes) == 1


def _repond(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    precedente = etat.pieces.get(piece.precedente)
    return precedente is not None and precedente.numero == attendu["numero_precedente"]


CRITERES = (
    CritereSituation(
        "piece_envoyee",
        "La demande est partie",
        "Rien n’est parti : enregistrer garde votre travail, « Valider et envoyer » l’envoie.",
        ("deposant",),
        sur_la_piece(lambda etat, piece, attendu: True),
    ),
    CritereSituation(
        "facture_conforme_a_la_situation",
        "La demande dit tout ce que la situation demande, et rien d’autre",
        "Au moins un champ de la demande n’est pas celui de la situation : relisez-la champ par champ.",
        ("deposant", "destinataire_siret", "cadre", *lecture.MONTANTS),
        sur_la_piece(_conforme),
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
        sur_la_piece(_payee),
    ),
    CritereSituation(
        "sommes_admises_de_la_situation",
        "La réponse à la demande porte les sommes admises",
        "Cette réponse ne porte pas les sommes admises : on corrige dans sa propre pièce, en disant pourquoi.",
        ("deposant", "admis_ht", "admis_tva", "admis_ttc"),
        sur_la_piece(_admise),
    ),
    CritereSituation(
        "dossier_chez_le_payeur",
        "Le dossier est arrivé au service financier",
        "Le dossier s’est arrêté avant le service financier : chacun, dans l’ordre, dépose la pièce suivante.",
        ("deposant",),
        sur_la_piece(_chez_le_payeur),
    ),
    CritereSituation(
        "depot_a_temps",
        "La demande est partie dans le temps donné",
        "La demande est partie trop tard : chaque jour d’attente retarde votre paiement.",
        ("deposant", "depart", "jours"),
        sur_la_piece(_a_temps),
    ),
    CritereSituation(
        "numero_neuf",
        "La nouvelle facture porte un nouveau numéro",
        "Une facture rejetée ne repart pas : la suivante porte un autre numéro.",
        ("deposant", "numero_rejete"),
        sur_la_piece(lambda _, p, attendu: not lecture.egal("numero_facture", p.valeurs, attendu["numero_rejete"])),
    ),
    CritereSituation(
        "justificatif_joint",
        "La pièce demandée est jointe",
        "La pièce que l’acheteur demande n’est pas jointe à la facture suspendue.",
        ("deposant", "justificatif"),
        sur_la_piece(_justifiee),
    ),
    CritereSituation(
        "piece_ajoutee",
        "Une pièce jointe complète la facture suspendue",
        "La facture suspendue n’a reçu aucune pièce jointe : un commentaire seul ne remplace pas le document demandé.",
        ("deposant",),
        sur_la_piece(_pieces_ajoutees),
    ),
    CritereSituation(
        "une_seule_demande",
        "Une seule demande est partie",
        "Vous avez envoyé plusieurs demandes pour les mêmes travaux : une seule suffit, l’autre ferait doublon.",
        ("deposant",),
        sur_la_piece(_seule),
    ),
    CritereSituation(
        "suite_de_la_piece",
        "La pièce répond à celle qui vous a été adressée",
        "Votre pièce ne suit pas, dans son dossier, celle qui vous a été adressée.",
        ("deposant", "numero_precedente"),
        sur_la_piece(_repond),
    ),
)
