"""The portal’s clock: what day it is, turning it where that is allowed, what happened meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from facturier import cycle, referentiel
from facturier.champs import Valeurs
from facturier.delais.etapes import en_date, en_jours
from facturier.ecrans import regard
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Cible,
    Definitions,
    Lien,
    Liens,
    Message,
    Paragraphe,
    Tableau,
)
from facturier.ecrans.ecran import Ecran, Suite
from facturier.erreurs import ErreurFacturier
from facturier.portail.echeances import EcheancePiece, echeances_de
from facturier.portail.evenements import ANIMATEUR, SIMULE, SYSTEME, lire_moment
from facturier.portail.pieces import DEPOSEE, Piece
from facturier.portail.pliage import DEPOSER, SUIVANTE
from facturier.portail.repertoire import ACTES
from facturier.portail.temps import AVANCER, JOURS_MAX

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

PAS = (1, 7, 30)
DEPUIS = "horloge_depuis"
"""Note of the place: after which event what happened is told."""
RACONTES_MAX = 40


def libre(poste: Poste) -> bool:
    """Whether this person may turn the clock."""
    return poste.guichet.ouverture.horloge == "libre" or poste.acteur.par == ANIMATEUR


def _siennes(poste: Poste) -> list[Piece]:
    """The pieces on which this person holds a role, sent ones only."""
    tenus = {(s.acteur.role, s.acteur.structure) for s in poste.sieges}
    structures = {structure for _, structure in tenus}
    return [
        p
        for p in regard.pieces(poste)
        if p.date_du(DEPOSEE)
        and (p.deposant in structures or any(p.structure_du(role) == structure for role, structure in tenus))
    ]


def echeances(poste: Poste) -> list[tuple[Piece, EcheancePiece, date]]:
    """The deadlines that still run on one’s pieces, the nearest first."""
    guichet = poste.guichet
    etat, annuaire, au = regard.etat(poste), guichet.annuaire, guichet.maintenant.date()
    courantes: dict[tuple[str, str], tuple[Piece, EcheancePiece, date]] = {}
    for piece in _siennes(poste):
        for attendue in echeances_de(piece, etat, annuaire):
            limite = attendue.echeance.limite
            if limite is not None and attendue.fait is None and not attendue.silence and limite >= au:
                courantes[attendue.objet, attendue.echeance.code] = (piece, attendue, limite)
    return sorted(courantes.values(), key=lambda c: (c[2], c[0].id))


def _jusque_la(poste: Poste) -> int:
    """Days to the next deadline; past it when it is today, so that its effect shows; 0 when none runs."""
    courantes = echeances(poste)
    if not courantes:
        return 0
    au = poste.guichet.maintenant.date()
    return min(max((courantes[0][2] - au).days, 1), JOURS_MAX)


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    guichet = poste.guichet
    maintenant = guichet.maintenant
    blocs: list[Bloc] = [
        Definitions("La date du portail", [("Aujourd’hui", maintenant), ("Tenue par", _tenue(poste))]),
    ]
    if libre(poste):
        blocs += [
            Paragraphe("Avancez l’horloge : les autres répondent pendant ce temps, et les délais courent."),
            Boutons(_boutons(poste)),
        ]
    else:
        blocs.append(Message("info", "L’horloge de ce portail est tenue par l’animateur : demandez-lui de l’avancer."))
    blocs += _raconte(poste)
    rangees = [
        (Lien(f"{p.id} — {p.cadre}", Cible("fiche", p.id)), e.echeance.objet, _qui(poste, e), limite)
        for p, e, limite in echeances(poste)
    ]
    blocs.append(
        Tableau("Les échéances qui courent", ("Pièce", "Délai", "Qui doit répondre", "Dernier jour"), rangees,
                vide="Aucun délai ne court sur vos pièces.")
    )  # fmt: skip
    blocs.append(Liens([Lien("Ce qui vous attend", Cible("valider"))]))
    return blocs


def _tenue(poste: Poste) -> str:
    return "vous : elle n’avance que quand vous le demandez, ou avec le temps" if libre(poste) else "l’animateur"


def _boutons(poste: Poste) -> list[Bouton]:
    boutons = [Bouton("avancer", f"Avancer de {en_jours(pas)}", "second", {"jours": str(pas)}) for pas in PAS]
    if (jours := _jusque_la(poste)) > 0:
        objet = echeances(poste)[0][1].echeance.objet
        texte = f"Avancer jusqu’à la prochaine échéance ({en_jours(jours)})"
        boutons.append(Bouton("avancer", texte, "principal", {"jours": str(jours)}, objet))
    return boutons


def _qui(poste: Poste, attendue: EcheancePiece) -> str:
    structure = poste.guichet.annuaire.structures.get(attendue.structure)
    role = referentiel.role(attendue.role).libelle
    return f"{role}, {structure.nom}" if structure is not None else role


# what happened


def _raconte(poste: Poste) -> list[Bloc]:
    depuis = poste.notes.get(DEPUIS, "")
    if not depuis.isdigit():
        return []
    nouveaux = [e for e in poste.guichet.journal if e["n"] > int(depuis) and e["action"] != AVANCER]
    connues = {p.id for p in _siennes(poste)}
    pieces, tues = regard.etat(poste).pieces, _tues(poste)
    rangees = [
        (lire_moment(e["quand"]), _acteur(poste, e), _quoi(poste, e))
        for e in nouveaux
        if (e["objet"], e["action"]) not in tues
        if not e["objet"].startswith("P") or e["objet"] in connues or pieces[e["objet"]].precedente in connues
    ]
    suite = f" (les {RACONTES_MAX} derniers)" if len(rangees) > RACONTES_MAX else ""
    return [
        Tableau(
            f"Ce qui s’est passé pendant ce temps{suite}",
            ("Quand", "Qui", "Quoi"),
            rangees[-RACONTES_MAX:],
            vide="Rien ne s’est passé : personne n’a répondu, aucun délai n’est arrivé à son terme.",
        )
    ]


def _tues(poste: Poste) -> set[tuple[str, str]]:
    """The last act on each piece that this seat does not know to have been made."""
    vraies = poste.guichet.etat.pieces
    return {
        (p.id, vraies[p.id].historique[-1].action)
        for p in regard.pieces(poste)
        if len(p.historique) < len(vraies[p.id].historique)
    }


def _acteur(poste: Poste, evenement: dict[str, Any]) -> str:
    role = referentiel.role(evenement["role"]).libelle
    structure = poste.guichet.annuaire.structures.get(evenement["structure"])
    if evenement["role"] == SYSTEME or structure is None:
        return role
    simule = " (partenaire simulé)" if evenement["par"] == SIMULE else ""
    return f"{role}, {structure.nom}{simule}"


def _quoi(poste: Poste, evenement: dict[str, Any]) -> str:
    action, objet = str(evenement["action"]), str(evenement["objet"])
    if action in ACTES:
        return ACTES[action].libelle
    piece = poste.guichet.etat.pieces.get(objet)
    if piece is None:
        return action
    quoi = f"la pièce {piece.id} ({piece.cadre})"
    if action in (DEPOSER, SUIVANTE):
        return f"Déposer {quoi}" + (f", à la suite de {piece.precedente}" if piece.precedente else "")
    lignes = [t for t in cycle.transitions_du_cadre(piece.cadre) if t.action == action]
    libelle = next((t.libelle for t in lignes if t.role == evenement["role"]), action)
    return f"{libelle} : {quoi}"


def _avancer(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    jours = valeurs.get("jours", "")
    if not (jours.isascii() and jours.isdigit() and len(jours) <= 3 and 1 <= int(jours) <= JOURS_MAX):
        raise ErreurFacturier(f"indiquez un nombre de jours, de 1 à {JOURS_MAX}.", code="jours")
    avant = len(poste.guichet.journal)
    poste.guichet.avancer(int(jours))
    poste.notes[DEPUIS] = str(avant)
    return Suite(
        f"L’horloge a avancé de {en_jours(int(jours))} : nous sommes le {en_date(poste.guichet.maintenant.date())}."
    )


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="horloge",
        titre="L’horloge du portail",
        composer=_composer,
        gestes={"avancer": _avancer},
        rubrique="Mon poste",
    ),
)
