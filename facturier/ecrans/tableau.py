"""The dashboard of a seat, and the search among the pieces that it sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from facturier import referentiel
from facturier.champs import Champ
from facturier.champs import def_facture as defs
from facturier.champs.lecture import lire
from facturier.ecrans.blocs import (
    Bloc,
    Champs,
    Cible,
    Lien,
    Liens,
    Message,
    Paragraphe,
    Section,
    Tableau,
)
from facturier.ecrans.ecran import Ecran, Suite
from facturier.ecrans.fiche import etiquette
from facturier.ecrans.rattachements import approbations
from facturier.ecrans.sieges import nom_structure
from facturier.portail import demande
from facturier.portail.pieces import Piece
from facturier.portail.suivi import Recherche, Tri, statut_vu

if TYPE_CHECKING:
    from facturier.champs import Valeurs
    from facturier.ecrans.poste import Poste

COLONNES = ("Pièce", "Numéro", "Cadre", "De", "À", "Montant TTC", "Statut", "Depuis")


def rangee(poste: Poste, piece: Piece) -> tuple[object, ...]:
    """A piece as a row."""
    return (
        Lien(piece.id, Cible("fiche", piece.id), f"n° {piece.numero}" if piece.numero else ""),
        piece.numero,
        piece.cadre,
        nom_structure(poste, piece.deposant),
        nom_structure(poste, piece.destinataire) if piece.destinataire else "",
        demande.montant(piece.valeurs, "montant_ttc") or "",
        etiquette(statut_vu(piece, poste.acteur, poste.guichet.annuaire)),
        piece.depuis,
    )


def _tableau(legende: str, colonnes: Sequence[str], rangees: Sequence[tuple[object, ...]], vide: str) -> Tableau:
    return Tableau(legende, colonnes, cast("Sequence[Sequence[str]]", rangees), vide)


def _composer(poste: Poste, _: str) -> Sequence[Bloc]:
    if poste.siege is None:
        return [
            Message(
                "info",
                "Vous n’êtes encore personne sur ce portail.",
                [
                    Lien("Créer un compte", Cible("compte_creer")),
                    Lien("Se connecter", Cible("connexion")),
                    Lien("Ouvrir la boîte aux lettres", Cible("boite")),
                ],
            )
        ]
    vu = poste.guichet.tableau(poste.acteur)
    attentes = [
        (
            *rangee(poste, a.piece)[:2],
            a.piece.cadre,
            ", ".join(dict.fromkeys(g.libelle for g in a.gestes)),
            a.piece.depuis,
        )
        for a in vu.attentes
    ]
    decisions = approbations(poste)
    comptes = [(c.libelle, str(c.nombre), c.montant) for c in vu.statuts]
    fournisseur = poste.acteur.role == "fournisseur"
    return [
        Section(
            "Ce qui vous attend",
            [
                *decisions,
                _tableau(
                    "Pièces sur lesquelles vous pouvez agir",
                    ("Pièce", "Numéro", "Cadre", "Vous pouvez", "Depuis"),
                    attentes,
                    "Aucune pièce ne vous attend." if decisions else "Rien ne vous attend.",
                ),
            ],
            "attentes",
        ),
        Section(
            "Vos pièces par statut",
            [
                _tableau(
                    "Nombre et montant TTC", ("Statut", "Pièces", "Montant"), comptes, "Aucune pièce pour l’instant."
                )
            ],
            "statuts",
        ),
        Liens(
            [
                *([Lien("Saisir une facture", Cible("saisie_destinataire"))] if fournisseur else []),
                Lien("Rechercher une pièce", Cible("recherche")),
                Lien("Lire mes messages", Cible("boite")),
            ]
        ),
    ]


def _recherche(poste: Poste, _: str) -> Sequence[Bloc]:
    valeurs, erreurs = poste.valeurs, poste.erreurs()
    lus = {
        champ.id: lire(champ, valeurs[champ.id])
        for champ in defs.RECHERCHE.champs
        if champ.genre == "date" and valeurs[champ.id].strip() and champ.id not in erreurs
    }
    bas, haut = ("" if c in erreurs else valeurs[c] for c in ("minimum", "maximum"))
    criteres = Recherche(
        texte=valeurs["texte"],
        statut=valeurs["statut"],
        cadre=valeurs["cadre"],
        depuis=lus.get("depuis"),
        jusqu_a=lus.get("jusqu_a"),
        tri=cast("Tri", valeurs["tri"] or "date"),
        minimum=bas,
        maximum=haut,
    )
    trouvees = poste.guichet.rechercher(poste.acteur, criteres)
    suite = (
        [Paragraphe(f"{len(trouvees.pieces)} affichées sur {trouvees.total}.")]
        if trouvees.total > len(trouvees.pieces)
        else []
    )
    return [
        Paragraphe("Remplissez un critère ou plusieurs : la liste se met à jour."),
        Champs(),
        Section(
            f"Pièces trouvées : {trouvees.total}",
            [
                _tableau(
                    "Résultats", COLONNES, [rangee(poste, p) for p in trouvees.pieces], "Aucune pièce ne correspond."
                ),
                *suite,
            ],
            "resultats",
        ),
    ]


def _options(poste: Poste, _: str, champ: Champ) -> Sequence[tuple[str, str]] | None:
    """What may be found, and nothing else: the statuses and the cadres of the pieces that this seat sees."""
    pieces = poste.guichet.rechercher(poste.acteur, Recherche()).pieces
    if champ.id == "statut":
        codes = dict.fromkeys(statut_vu(p, poste.acteur, poste.guichet.annuaire) for p in pieces)
        return tuple((code, referentiel.statut(code).libelle) for code in sorted(codes))
    if champ.id == "cadre":
        return tuple((code, code) for code in sorted({p.cadre for p in pieces}))
    return None


def _effacer(poste: Poste, _: str, __: Valeurs) -> Suite:
    return Suite("Les critères sont effacés.")


ECRANS: tuple[Ecran, ...] = (
    Ecran(id="tableau_de_bord", titre="Tableau de bord", composer=_composer, rubrique="Factures"),
    Ecran(
        id="recherche",
        titre="Rechercher une pièce",
        composer=_recherche,
        rubrique="Factures",
        formulaire=defs.RECHERCHE,
        options=_options,
        gestes={"effacer": _effacer},
    ),
)
