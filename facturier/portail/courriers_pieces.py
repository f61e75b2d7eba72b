"""What the life of pieces writes to structures: to the depositor at each status, to who must act when it arrives."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import zip_longest

from facturier import cycle, referentiel
from facturier.annuaire import Annuaire
from facturier.portail import droits
from facturier.portail.courriers import Courrier, jour, nom_de
from facturier.portail.etat import Etat
from facturier.portail.evenements import ROLES, SYSTEME
from facturier.portail.pieces import DEPOSEE, Passage, Piece, fiche


def courriers(
    etat: Etat, annuaire: Annuaire, muets: Container[str], sirets: frozenset[str] | None = None
) -> Iterator[Courrier]:
    """Every message caused by a piece, piece by piece; statuses in ``muets`` write to nobody.

    ``sirets``: the structures whose messages are wanted, None for all of them.
    """
    for piece in etat.pieces.values():
        if sirets is not None and not sirets & _concernes(etat, piece):
            continue
        en_main: frozenset[str] = frozenset()
        for passage, suivant in zip_longest(piece.historique, piece.historique[1:]):
            au = passage.quand.date()
            possibles = cycle.transitions_possibles(piece.cadre, passage.statut, au=au, bascules=etat.bascules)
            avant, en_main = en_main, frozenset(t.role for t in possibles if t.role != SYSTEME)
            if passage.statut not in muets and not (suivant is not None and _convertit(suivant)):
                yield from _au_deposant(etat, annuaire, piece, passage)
                yield from _a_qui_agit(etat, annuaire, piece, passage, sorted(en_main - avant))
                yield from _aux_voisins(etat, annuaire, piece, passage)


def _convertit(passage: Passage) -> bool:
    """Whether the portal took back at once the status before, with its reason: nobody is told of both."""
    return passage.role == SYSTEME and bool(passage.motif)


def _concernes(etat: Etat, piece: Piece) -> set[str]:
    """Who may be written to about that piece: its own people, and who deposited the earlier ones of its dossier."""
    concernes = {piece.structure_du(role) for role in ROLES} | {piece.deposant}
    autour = piece.precedente
    while autour and (voisine := etat.pieces.get(autour)) is not None:
        concernes.add(voisine.deposant)
        autour = voisine.precedente
    return concernes


def _au_deposant(etat: Etat, annuaire: Annuaire, piece: Piece, passage: Passage) -> Iterator[Courrier]:
    """Not of what it has done itself, except the deposit, whose trace it keeps."""
    if passage.structure != piece.deposant or passage.statut == DEPOSEE:
        role = fiche(piece.cadre).deposant
        yield _courrier(
            etat, annuaire, piece, passage, role, piece.deposant, (f"piece-{passage.statut}", "piece-statut")
        )


def _a_qui_agit(
    etat: Etat, annuaire: Annuaire, piece: Piece, passage: Passage, arrives: list[str]
) -> Iterator[Courrier]:
    """To each structure in whose hands the piece has just come."""
    ecrits = {passage.structure, piece.deposant}
    for role in arrives:
        siret = piece.structure_du(role)
        if siret and siret not in ecrits:
            ecrits.add(siret)
            yield _courrier(etat, annuaire, piece, passage, role, siret, ("piece-a-traiter",))


def _aux_voisins(etat: Etat, annuaire: Annuaire, piece: Piece, passage: Passage) -> Iterator[Courrier]:
    """Works: who deposited the earlier pieces of the dossier learns that this one is refused or rejected."""
    if not passage.motif:
        return
    ecrits = {passage.structure, piece.deposant}
    autour = piece.precedente
    while autour and (voisine := etat.pieces.get(autour)) is not None:
        if voisine.deposant not in ecrits:
            ecrits.add(voisine.deposant)
            role = fiche(voisine.cadre).deposant
            yield _courrier(etat, annuaire, piece, passage, role, voisine.deposant, ("piece-acteurs",))
        autour = voisine.precedente


def _courrier(
    etat: Etat, annuaire: Annuaire, piece: Piece, passage: Passage, role: str, siret: str, codes: tuple[str, ...]
) -> Courrier:
    statut = referentiel.statut(passage.statut)
    possibles = cycle.transitions_possibles(piece.cadre, passage.statut, role, passage.quand.date(), etat.bascules)
    return Courrier(
        quand=passage.quand,
        a=siret,
        codes=codes,
        structure=siret,
        espace=droits.espace(role, piece.cadre),
        piece=piece.id,
        places={
            "piece": piece.id,
            "numero": piece.numero or piece.id,
            "cadre": piece.cadre,
            "deposant": nom_de(annuaire, piece.deposant),
            "destinataire": nom_de(annuaire, piece.destinataire),
            "date": jour(passage.quand),
            "statut": statut.libelle,
            "signification": _phrase(statut.signification),
            "motif": _dit(passage),
            "conduite": _phrase(statut.conduite or "Rien à faire pour l’instant"),
            "gestes": " ; ".join(dict.fromkeys(t.libelle for t in possibles)),
        },
    )


def _dit(passage: Passage) -> str:
    """The reason and the comment, as they were given."""
    parties = []
    if passage.motif:
        parties.append(f" Motif : {_motif(passage.motif)}.")
    if passage.commentaire:
        parties.append(f" Commentaire : « {passage.commentaire} ».")
    return "".join(parties)


@lru_cache(maxsize=256)
def _motif(code: str) -> str:
    return next((m.libelle for m in referentiel.motifs() if m.code == code), code)


def _phrase(texte: str) -> str:
    return texte if texte.endswith((".", "!", "?")) else f"{texte}."
