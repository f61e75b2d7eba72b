"""Following up: what a structure sees of the pieces that concern it. Pure questions, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from facturier import referentiel
from facturier.annuaire import Annuaire
from facturier.montants import euros
from facturier.portail import demande as lecture
from facturier.portail import droits
from facturier.portail.evenements import ANIMATEUR, ROLES, Acteur
from facturier.portail.pieces import DEPOSEE, Piece
from facturier.portail.portail import Portail
from facturier.portail.recherche import plat
from facturier.portail.remontee import etat_vu, piece_vue
from facturier.referentiel.lignes import Transition

RESULTATS_MAX = 200
T = TypeVar("T", date, Decimal)
Tri = Literal["date", "montant", "numero", "statut"]


def voit(portail: Portail, acteur: Acteur, piece: Piece) -> bool:
    """Whether that actor may look at that piece: its structure holds a role on it, or is handed a copy of it."""
    if acteur.par == ANIMATEUR:
        return portail.ouverture.classe
    if not acteur.structure:
        return False
    copie = lecture.siret(piece.valeurs, "copie_siret") == acteur.structure
    tenus = [role for role in ROLES if piece.structure_du(role) == acteur.structure]
    if piece.date_du(DEPOSEE) is None:  # a draft is its author's only
        tenus, copie = [role for role in tenus if piece.deposant == acteur.structure], False
    if not copie and not tenus:
        return False
    espaces = {droits.espace(role, piece.cadre) for role in tenus or (acteur.role,)}
    etat, annuaire, ouverture = portail.etat, portail.annuaire, portail.ouverture
    return any(droits.peut(etat, annuaire, ouverture, acteur, espace) for espace in espaces)


def pieces_vues(portail: Portail, acteur: Acteur) -> tuple[Piece, ...]:
    """All that this actor may look at, as they may know it, oldest first."""
    vues = etat_vu(portail.etat, portail.annuaire, acteur).pieces.values()
    return tuple(piece for piece in vues if voit(portail, acteur, piece))


# dashboard


@dataclass(frozen=True)
class Compteur:
    """How many pieces, for how much (TTC, euros)."""

    code: str
    libelle: str
    nombre: int
    montant: Decimal


@dataclass(frozen=True)
class Attente:
    """A piece that waits for this actor, and what it may do."""

    piece: Piece
    gestes: tuple[Transition, ...]


@dataclass(frozen=True)
class Tableau:
    """The dashboard of an actor. ``roles``: pieces where its structure holds each role."""

    statuts: tuple[Compteur, ...]
    roles: tuple[Compteur, ...]
    attentes: tuple[Attente, ...]


def tableau(portail: Portail, acteur: Acteur) -> Tableau:
    """Counts and sums by status and by role, and what waits for that actor, longest waiting first."""
    vues = pieces_vues(portail, acteur)
    par_statut: dict[str, list[Piece]] = {}
    par_role: dict[str, list[Piece]] = {}
    for piece in vues:
        par_statut.setdefault(statut_vu(piece, acteur, portail.annuaire), []).append(piece)
        for role in ROLES:
            if acteur.structure and piece.structure_du(role) == acteur.structure:
                par_role.setdefault(role, []).append(piece)
    attentes = [Attente(piece, gestes) for piece in vues if (gestes := portail.gestes(acteur, piece.id))]
    return Tableau(
        statuts=tuple(_compteur(s, referentiel.statut(s).libelle, par_statut[s]) for s in sorted(par_statut)),
        roles=tuple(_compteur(r, referentiel.role(r).libelle, par_role[r]) for r in ROLES if r in par_role),
        attentes=tuple(sorted(attentes, key=lambda a: (a.piece.depuis, a.piece.id))),
    )


def statut_vu(piece: Piece, acteur: Acteur, annuaire: Annuaire) -> str:
    """The status that this actor sees: payments that are not reported are their payer's alone to see."""
    return piece_vue(piece, annuaire, acteur).statut


def _compteur(code: str, libelle: str, pieces: Iterable[Piece]) -> Compteur:
    montants = [lecture.montant(piece.valeurs, "montant_ttc") or Decimal("0.00") for piece in pieces]
    return Compteur(code, libelle, len(montants), sum(montants, Decimal("0.00")))


# search


@dataclass(frozen=True)
class Recherche:
    """What is looked for; an empty criterion is not asked. ``texte``: in the number, the commitment, the market, or
    the names of the two structures. Amounts are TTC, as typed; dates are those of the invoice, both ends included."""

    texte: str = ""
    numero: str = ""
    statut: str = ""
    cadre: str = ""
    structure: str = ""
    engagement: str = ""
    marche: str = ""
    depuis: date | None = None
    jusqu_a: date | None = None
    minimum: str = ""
    maximum: str = ""
    tri: Tri = "date"
    decroissant: bool = True


@dataclass(frozen=True)
class Resultats:
    """The pieces found, ``RESULTATS_MAX`` at most, and how many there are in all."""

    pieces: tuple[Piece, ...]
    total: int


def rechercher(portail: Portail, acteur: Acteur, recherche: Recherche, limite: int = RESULTATS_MAX) -> Resultats:
    """The pieces that this actor sees and that meet every criterion, sorted.

    Raises:
        ErreurFacturier: an amount that cannot be read.
    """
    bas = euros(recherche.minimum, negatif=True) if recherche.minimum.strip() else None
    haut = euros(recherche.maximum, negatif=True) if recherche.maximum.strip() else None
    annuaire = portail.annuaire

    def convient(piece: Piece) -> bool:
        ttc, jour = lecture.montant(piece.valeurs, "montant_ttc"), lecture.date_facture(piece.valeurs)
        parties = {piece.structure_du(role) for role in ROLES} - {""}
        return (
            _contient(piece.numero, recherche.numero)
            and recherche.statut in ("", statut_vu(piece, acteur, annuaire))
            and recherche.cadre in ("", piece.cadre)
            and (not recherche.structure or recherche.structure.replace(" ", "") in parties)
            and _contient(lecture.texte(piece.valeurs, "numero_engagement"), recherche.engagement)
            and _contient(piece.marche, recherche.marche)
            and _entre(jour, recherche.depuis, recherche.jusqu_a)
            and _entre(ttc, bas, haut)
            and _contient(_plein_texte(piece, annuaire), recherche.texte)
        )

    trouvees = sorted(
        (p for p in pieces_vues(portail, acteur) if convient(p)),
        key=lambda p: (_cle(p, recherche.tri), p.id),
        reverse=recherche.decroissant,
    )
    return Resultats(tuple(trouvees[: max(0, min(limite, RESULTATS_MAX))]), len(trouvees))


def _cle(piece: Piece, tri: Tri) -> tuple[date, Decimal, str]:
    jour = lecture.date_facture(piece.valeurs) or date.min
    ttc = lecture.montant(piece.valeurs, "montant_ttc") or Decimal(0)
    texte = {"numero": piece.numero.casefold(), "statut": piece.statut}.get(tri, "")
    return jour if tri == "date" else date.min, ttc if tri == "montant" else Decimal(0), texte


def _entre(valeur: T | None, bas: T | None, haut: T | None) -> bool:
    if bas is None and haut is None:
        return True
    return valeur is not None and (bas is None or bas <= valeur) and (haut is None or valeur <= haut)


def _plein_texte(piece: Piece, annuaire: Annuaire) -> str:
    noms = [s.nom for siret in (piece.deposant, piece.destinataire) if (s := annuaire.structures.get(siret))]
    return " ".join((piece.id, piece.numero, piece.marche, lecture.texte(piece.valeurs, "numero_engagement"), *noms))


def _contient(texte: str, cherche: str) -> bool:
    return plat(cherche) in plat(texte)
