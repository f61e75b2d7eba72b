"""Which works piece to deposit: those that the card of each market opens to this seat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier.ecrans.blocs import Bloc, Cible, Lien, Liens, Liste, Message, Paragraphe, Repli, Tableau
from facturier.ecrans.chantier import Possible, lire_objet

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

PROJET, SUIVANTE = "travaux_projet", "travaux_suivante"


def choix(poste: Poste, objet: str, possibles: Sequence[Possible]) -> Sequence[Bloc]:
    """The pieces that this seat may deposit, to choose from; what it may not deposit yet, and why."""
    if not possibles:
        return _rien(poste, objet)
    ecran = SUIVANTE if possibles[0].precedente is not None else PROJET
    ouverts = [p for p in possibles if not p.empechement]
    rangees = [
        (
            Lien(f"{p.cadre} sur le marché {p.marche.numero}", Cible(ecran, p.objet)),
            p.libelle,
            Lien(p.marche.objet, Cible("marche", p.marche.numero), "fiche d’identité"),
            _moment(p),
        )
        for p in ouverts
    ]
    blocs: list[Bloc] = [
        Paragraphe(
            "Choisissez la pièce à déposer : ce sont exactement celles que la fiche de chaque marché vous ouvre."
        ),
        Tableau(
            "Pièces que vous pouvez déposer",
            ("Déposer", "Pièce", "Marché", "Quand"),
            rangees,
            vide="Aucune pour l’instant.",
        ),
    ]
    bloquees = [f"{p.libelle} (marché {p.marche.numero}) : {p.empechement}" for p in possibles if p.empechement]
    if bloquees and objet:
        blocs.append(Repli("Pas possible pour l’instant", [Liste(bloquees)]))
    return blocs


def _rien(poste: Poste, objet: str) -> Sequence[Bloc]:
    ou, _ = lire_objet(objet)
    if ou in poste.guichet.etat.pieces:
        phrase = f"Vous n’avez rien à déposer à la suite de {ou} : elle attend quelqu’un d’autre, ou a déjà sa suite."
        return [Message("info", phrase), Liens([Lien(f"Suivre la pièce {ou}", Cible("fiche", ou))])]
    phrase = (
        "La fiche d’aucun marché de travaux ne vous fait ouvrir de dossier à cette place : changez de rôle, ou "
        "attendez la pièce qui vous est adressée."
    )
    return [Message("info", phrase), Liens([Lien("Ce qui vous attend", Cible("valider"))])]


def _moment(possible: Possible) -> str:
    phase = possible.etape.phase if possible.etape is not None else ""
    return {"mensuel": "chaque mois", "fin": "en fin de marché", "mensuel et fin": "chaque mois et à la fin"}.get(
        phase, phase
    )


def facture_simple(choisi: Possible) -> Sequence[Bloc]:
    """A market without the CCAG-Travaux: a simple invoice, on its own screens."""
    phrase = (
        f"Le marché {choisi.marche.numero} ne se réfère pas au CCAG-Travaux : il n’y a pas de facturation de travaux, "
        f"vous déposez une facture simple ({choisi.cadre})."
    )
    return [
        Message("info", phrase),
        Liens([Lien("Saisir une facture simple", Cible("saisie_destinataire"))]),
    ]
