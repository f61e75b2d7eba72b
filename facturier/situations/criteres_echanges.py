"""Criteria about what the learner asks of others, and when: a question to the client, a delay left to run."""

from __future__ import annotations

from facturier.portail import Etat, Piece
from facturier.portail.echeances import reponses_de
from facturier.portail.sollicitations import SERVICE_METIER
from facturier.situations.criteres_pieces import sur_la_piece
from facturier.situations.regle import Attendu, CritereSituation


def _ecrit_au_client(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    """A request to one of these clients, once the piece has come to that status, and before ``avant_statut`` if any."""
    depuis, jusque = piece.date_du(attendu["apres_statut"]), piece.date_du(attendu.get("avant_statut", ""))
    return depuis is not None and any(
        s.structure == piece.deposant
        and s.destinataire == SERVICE_METIER
        and s.client in attendu["interlocuteurs"].split()
        and s.echanges[0].quand >= depuis
        and (jusque is None or s.echanges[0].quand < jusque)
        for s in etat.sollicitations.values()
    )


def _delai_laisse(etat: Etat, piece: Piece, attendu: Attendu) -> bool:
    """That delay ran out on the piece, and nobody was told of a silence before its last day was over."""
    courue = next((e for e in reponses_de(piece, etat.bascules) if e.echeance.code == attendu["delai"]), None)
    limite = courue.echeance.limite if courue is not None else None
    if courue is None or limite is None:
        return False
    passee = courue.silence or (courue.fait is not None and courue.fait > limite)
    return passee and not any(
        s.structure == piece.deposant and s.question == attendu["question"] and s.echanges[0].quand.date() <= limite
        for s in etat.sollicitations.values()
    )


CRITERES = (
    CritereSituation(
        "client_interroge",
        "Le client a reçu votre question, une fois le problème apparu",
        "Votre client n’a reçu aucune question de vous depuis que le problème est apparu.",
        ("deposant", "interlocuteurs", "apres_statut"),
        sur_la_piece(_ecrit_au_client),
    ),
    CritereSituation(
        "delai_laisse",
        "Le délai de réponse a couru en entier avant toute relance",
        "Vous avez relancé avant la fin du délai de réponse, ou vous n’êtes pas allé jusque-là.",
        ("deposant", "delai", "question"),
        sur_la_piece(_delai_laisse),
    ),
)
