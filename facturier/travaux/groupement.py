"""A décompte shared out between the members of a group: what each one executed, and what each one is paid.

The market's décompte is computed first, as for one titulaire; each of its lines is then shared out, to the cent. What
rounding leaves goes to the mandataire, who comes first: the members always add up to the market's décompte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from facturier.delais import Etape
from facturier.delais.etapes import etape
from facturier.montants import arrondi, format_euros, format_taux
from facturier.travaux.calcul import Etat, enchainer
from facturier.travaux.decompte import Decompte
from facturier.travaux.explication import LigneDecompte, lignes
from facturier.travaux.marche import CENT, ZERO, MarchePrix, exiger_montant, refus


@dataclass(frozen=True)
class Membre:
    """A member of the group, the mandataire first.

    ``part_ht``: its share of the market, HT. ``travaux`` and ``sous_traite``, one amount for each situation: works at
    initial prices and what its subcontractors are paid directly, HT, cumulated since notification. ``demandes``: what
    it asked for the month, in French.
    """

    nom: str
    part_ht: Decimal
    travaux: tuple[Decimal, ...]
    sous_traite: tuple[Decimal, ...]
    demandes: str = ""

    def __post_init__(self) -> None:
        for montant in (self.part_ht, *self.travaux, *self.sous_traite):
            exiger_montant(montant, f"Chaque montant de {self.nom}")


@dataclass(frozen=True)
class DecompteMembre:
    """What comes to one member: its lines, and what this décompte makes payable to it, in euros TTC."""

    nom: str
    lignes: tuple[LigneDecompte, ...]
    a_payer: Decimal
    etapes: tuple[Etape, ...]

    def ligne(self, code: str) -> LigneDecompte:
        return next(ligne for ligne in self.lignes if ligne.code == code)


def repartir(decompte: Decompte, membres: Sequence[Membre]) -> tuple[DecompteMembre, ...]:
    """That décompte by member, each explained; their lines and what they are paid add up to the market's, exactly.

    Raises:
        ErreurFacturier: ``groupement-incoherent`` when the members do not make the market or its works.
    """
    marche, situations = decompte.marche, decompte.situations
    _controler(decompte, membres)
    etats = enchainer(
        marche,
        situations,
        dernier=decompte.est_final,
        sans_revision=marche.revision is not None and decompte.etat.coefficient is None,
    )
    avant, siens = Etat(), tuple(Etat() for _ in membres)
    precedents = siens
    for rang, apres in enumerate(etats):
        precedents = siens
        siens = _partager(marche, membres, rang, avant, apres, siens)
        avant = apres
    return tuple(
        DecompteMembre(m.nom, lignes(p, s), s.verses[-1], _etapes(decompte, m, p, s))
        for m, p, s in zip(membres, precedents, siens, strict=True)
    )


def _controler(decompte: Decompte, membres: Sequence[Membre]) -> None:
    if sum((m.part_ht for m in membres), ZERO) != decompte.marche.montant_ht:
        raise refus("Les parts des membres du groupement ne font pas le montant HT du marché.", "groupement-incoherent")
    for rang, situation in enumerate(decompte.situations):
        if any(not len(m.travaux) == len(m.sous_traite) == len(decompte.situations) for m in membres):
            raise refus("Chaque membre montre autant de mois que le marché.", "groupement-incoherent")
        faits = sum((m.travaux[rang] for m in membres), ZERO), sum((m.sous_traite[rang] for m in membres), ZERO)
        if faits != (situation.cumul_ht, situation.sous_traite):
            raise refus(
                f"En {situation.nom_mois}, les travaux des membres ne font pas ceux du marché.", "groupement-incoherent"
            )


def _partager(
    marche: MarchePrix, membres: Sequence[Membre], rang: int, avant: Etat, apres: Etat, siens: tuple[Etat, ...]
) -> tuple[Etat, ...]:
    """The cumulated état of each member after that situation."""
    mois = [m.travaux[rang] - s.travaux for m, s in zip(membres, siens, strict=True)]
    du_mois = _soldees(_revisions(mois, avant, apres), apres.revision - avant.revision)
    revisions = [s.revision + r for s, r in zip(siens, du_mois, strict=True)]
    hts = [m.travaux[rang] + r for m, r in zip(membres, revisions, strict=True)]
    tvas = _soldees([arrondi(ht * marche.taux_tva / CENT) for ht in hts], apres.tva)
    revient = [ht + tva - m.sous_traite[rang] for m, ht, tva in zip(membres, hts, tvas, strict=True)]
    taux = marche.retenue_taux if apres.retenue else ZERO
    retenues = _soldees([arrondi(r * taux / CENT) for r in revient], apres.retenue)
    avances = _soldees([arrondi(apres.avance * m.part_ht / marche.montant_ht) for m in membres], apres.avance)
    penalites = [apres.penalites, *(ZERO for _ in membres[1:])]
    partages = [
        Etat(m.travaux[rang], revision, tva, m.sous_traite[rang], retenue, avance, penalite, apres.coefficient)
        for m, revision, tva, retenue, avance, penalite in zip(
            membres, revisions, tvas, retenues, avances, penalites, strict=True
        )
    ]
    reporte = apres.net - sum(apres.verses[:-1], ZERO) != apres.verses[-1]  # a negative net is not paid
    return tuple(
        replace(p, verses=(*s.verses, ZERO if reporte else p.net - sum(s.verses, ZERO)))
        for p, s in zip(partages, siens, strict=True)
    )


def _revisions(mois: Sequence[Decimal], avant: Etat, apres: Etat) -> list[Decimal]:
    """Each one's revision of the month: its works by the month's coefficient; a cumul that goes down, in proportion."""
    travaux, revision = apres.travaux - avant.travaux, apres.revision - avant.revision
    if travaux < 0:
        return [arrondi(revision * ht / travaux) for ht in mois]
    return [ZERO if apres.coefficient is None else arrondi(ht * (apres.coefficient - 1)) for ht in mois]


def _soldees(parts: list[Decimal], total: Decimal) -> list[Decimal]:
    """The parts, what rounding leaves being the mandataire's."""
    return [parts[0] + total - sum(parts, ZERO), *parts[1:]]


def _etapes(decompte: Decompte, membre: Membre, avant: Etat, apres: Etat) -> tuple[Etape, ...]:
    marche = decompte.marche
    part = membre.part_ht * CENT / marche.montant_ht
    travaux, revision = apres.travaux - avant.travaux, apres.revision - avant.revision
    ht, tva = apres.ht - avant.ht, apres.tva - avant.tva
    etapes = [
        etape("membre-demandes", membre.demandes or "travaux du mois", format_euros(travaux)),
        etape("membre-cumul", f"{format_euros(avant.travaux)} + {format_euros(travaux)}", format_euros(apres.travaux)),
    ]
    if revision:
        etapes.append(etape("membre-revision", f"sur {format_euros(travaux)}", format_euros(revision)))
    etapes.append(etape("membre-tva", f"{format_euros(ht)} × {format_taux(marche.taux_tva)}", format_euros(tva)))
    deduits = [apres.sous_traitance - avant.sous_traitance]
    if deduits[0]:
        etapes.append(etape("membre-sous-traitance", "ses sous-traitants, HT", format_euros(deduits[0])))
    for champ, code, formule in (
        ("retenue", "membre-retenue", f"{format_taux(marche.retenue_taux)} de ce qui lui revient, TTC"),
        ("avance", "membre-avance", f"part du marché : {format_taux(arrondi(part))}"),
        ("penalites", "membre-penalites", "en entier au mandataire"),
    ):
        deduit = getattr(apres, champ) - getattr(avant, champ)
        if deduit:
            etapes.append(etape(code, formule, format_euros(deduit)))
            deduits.append(deduit)
    calcul = " - ".join(format_euros(m) for m in (ht + tva, *filter(None, deduits)))
    if apres.verses[-1] != apres.net - avant.net:
        calcul = f"net cumulé {format_euros(apres.net)} - déjà versé {format_euros(sum(apres.verses[:-1], ZERO))}"
    etapes.append(etape("membre-acompte", calcul, format_euros(apres.verses[-1])))
    return tuple(replace(e, libelle=f"{membre.nom} : {e.libelle}") for e in etapes)


def somme_des_membres(membres: Sequence[DecompteMembre]) -> Etape:
    """The step that adds the members up, in the words of the table."""
    total = sum((m.a_payer for m in membres), ZERO)
    return etape("membres-total", " + ".join(format_euros(m.a_payer) for m in membres), format_euros(total))
