"""What a seat may deposit on the works markets, filled in with all that the portal already knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from facturier import cycle, referentiel
from facturier.annuaire import Annuaire, Marche
from facturier.champs import Valeurs
from facturier.champs.def_travaux import ACCEPTATION, SIGNE, Demandee
from facturier.portail import circuits
from facturier.portail import demande as lecture
from facturier.portail.anomalies import aiguillage, valideur_attendu
from facturier.portail.decomptes import FINALES
from facturier.portail.depot import Depot, manquements
from facturier.portail.etat import Etat
from facturier.portail.evenements import Acteur
from facturier.portail.jalons import offices
from facturier.portail.pieces import DEPOSEE, Passage, Piece, fiche
from facturier.portail.pliage import SUIVANTE
from facturier.portail.regles_decompte import (
    DECOMPTE_GENERAL,
    DECOMPTE_SIGNE,
    PROJET_FINAL,
    PROJET_TACITE,
    REGLES_DECOMPTE,
)
from facturier.portail.situations_travaux import MENSUELLES, deja_presente
from facturier.referentiel.lignes import Circuit

SEPARATEUR = "~"
DE_LA_FIN = (
    "un-seul-projet-final",
    "un-seul-decompte-d-office",
    "un-seul-decompte-general",
    "procedure-tacite",
    "decompte-tacite",
)
"""Rules that say that a piece cannot be deposited yet, or any more, whatever is typed."""
_SIGNATURES = {DECOMPTE_GENERAL: SIGNE, PROJET_TACITE: SIGNE, DECOMPTE_SIGNE: ACCEPTATION}


@dataclass(frozen=True)
class Possible:
    """A piece that a seat may deposit now. ``precedente``: what it answers. ``empechement``: why not yet."""

    marche: Marche
    cadre: str
    etape: Circuit | None
    precedente: Piece | None = None
    empechement: str = ""

    @property
    def objet(self) -> str:
        """How a screen names it: the market or the earlier piece, then the cadre."""
        return f"{self.precedente.id if self.precedente else self.marche.numero}{SEPARATEUR}{self.cadre}"

    @property
    def nature(self) -> str:
        """What kind of piece it is (column ``piece_api``)."""
        return fiche(self.cadre).piece_api

    @property
    def remplace(self) -> bool:
        """Whether it takes the place of one of its own kind that was rejected or refused."""
        return self.precedente is not None and self.precedente.cadre == self.cadre

    @property
    def libelle(self) -> str:
        """« A4 — Projet de décompte mensuel du fournisseur »."""
        return f"{self.cadre} — {referentiel.cadre(self.cadre).libelle}"


def lire_objet(objet: str) -> tuple[str, str]:
    """The market or piece, and the cadre ("" when none was chosen)."""
    ou, _, cadre = objet.partition(SEPARATEUR)
    return ou, cadre


# what may be deposited


def ouvertures(etat: Etat, annuaire: Annuaire, acteur: Acteur, au: date, numero: str = "") -> list[Possible]:
    """The pieces by which that actor may open a dossier, on one market or on all."""
    possibles = []
    for marche in annuaire.marches.values():
        if numero in ("", marche.numero) and marche.circuit:
            for etape, cadre in _premieres(etat, marche, acteur, au):
                possible = Possible(marche, cadre, etape)
                possibles.append(replace(possible, empechement=_empechement(possible, etat, annuaire, acteur, au)))
    return possibles


def _premieres(etat: Etat, marche: Marche, acteur: Acteur, au: date) -> Iterator[tuple[Circuit, str]]:
    fixes = (marche.cadre_mensuel, marche.cadre_final)
    office = marche.cadre_final if marche.numero in offices(etat) else ""
    for etape in circuits.etapes(marche, au):
        ouvre = not etape.apres or (office and office in etape.apres)
        if ouvre and acteur.structure in marche.membres(etape.depose_par):
            cadres = [c for c in etape.cadres if c in fixes] or list(etape.cadres)
            yield from ((etape, c) for c in cadres if referentiel.cadre(c).deposant == acteur.role)


def _empechement(possible: Possible, etat: Etat, annuaire: Annuaire, acteur: Acteur, au: date) -> str:
    regles = [r for r in REGLES_DECOMPTE if r.code in DE_LA_FIN]
    demande = {"cadre": possible.cadre, "numero_marche": possible.marche.numero}
    depot = Depot(
        acteur, demande, referentiel.cadre(possible.cadre), annuaire, (), None, au, etat.pieces, offices(etat)
    )
    return " ".join(phrase for _, phrase in manquements(depot, regles))


def suites(annuaire: Annuaire, acteur: Acteur, piece: Piece, au: date) -> list[Possible]:
    """The pieces by which that actor may answer that one now."""
    marche = annuaire.marche(piece.marche)
    if marche is None or piece.suivante or not acteur.structure:
        return []
    if piece.structure_du(acteur.role) != acteur.structure:
        return []
    lignes = cycle.transitions_possibles(piece.cadre, piece.statut, acteur.role, au)
    lignes = tuple(t for t in lignes if t.action == SUIVANTE)
    if not lignes:
        return []
    if all(t.de == t.vers for t in lignes):
        etape = next((e for e in circuits.etapes(marche, au) if piece.cadre in e.cadres), None)
        return [Possible(marche, piece.cadre, etape, piece)]
    possibles: dict[str, Possible] = {}
    for etape in circuits.etapes(marche, au):
        if piece.cadre in etape.apres and acteur.structure in marche.membres(etape.depose_par):
            for cadre in etape.cadres:
                if referentiel.cadre(cadre).deposant == acteur.role:
                    possibles.setdefault(cadre, Possible(marche, cadre, etape, piece))
    return list(possibles.values())


def choisir(possibles: Sequence[Possible], cadre: str) -> Possible | None:
    """The one that was chosen, or the only one that there is."""
    ouverts = [p for p in possibles if not p.empechement]
    if cadre:
        return next((p for p in possibles if p.cadre == cadre), None)
    return ouverts[0] if len(ouverts) == 1 else None


# what it asks


def demandee(possible: Possible) -> Demandee:
    """The form that this piece needs."""
    cadre = fiche(possible.cadre)
    presente = cadre.deposant == "fournisseur" and possible.nature in (*MENSUELLES, PROJET_FINAL)
    return Demandee(
        titre=possible.libelle,
        cumul=au_cumul(possible),
        detail=presente and au_cumul(possible),
        valideurs=cadre.valideur_requis,
        signatures=_SIGNATURES.get(possible.nature, ()),
        index=bool(possible.marche.revision) and au_cumul(possible),
        retard=cadre.deposant != "fournisseur" and au_cumul(possible),
    )


def au_cumul(possible: Possible) -> bool:
    """Whether its amounts are typed since notification: those of the titulaire, and of what answers them."""
    ouvre = fiche(possible.precedente.cadre) if possible.precedente is not None else fiche(possible.cadre)
    return not ouvre.partie and possible.nature in (*MENSUELLES, *FINALES)


def deja(possible: Possible, etat: Etat) -> Decimal:
    """What earlier dossiers of that market have already presented or admitted, HT."""
    return deja_presente(possible.marche.numero, etat, sauf=possible.precedente.dossier if possible.precedente else "")


def prerempli(possible: Possible, etat: Etat, acteur: Acteur, au: date) -> Valeurs:
    """All that the card, the earlier piece and the calendar already say."""
    marche, etape, cadre = possible.marche, possible.etape, fiche(possible.cadre)
    valeurs = {
        "date_facture": f"{au:%d/%m/%Y}",
        "type_facture": next((t.code for t in referentiel.types_facture(au) if t.famille == "facture"), ""),
        "taux_tva": "" if cadre.partie == "sous_traitant" else _taux(marche.taux_tva),
        **(aiguillage(marche, etape.adresse_a) if etape is not None else {}),
    }
    if etape is not None and etape.copie_a:
        valeurs["copie_siret"] = marche.partie(etape.copie_a)
    if cadre.valideur_requis:
        valeurs |= _valideurs(possible, acteur)
    avant = possible.precedente or _dernier_projet(possible, etat)
    if avant is not None:
        ht = lecture.montant(avant.valeurs, "montant_ht")
        valeurs["taux_tva"] = _taux(lecture.texte(avant.valeurs, "taux_tva"))
        if ht is not None:
            champ = "cumul_ht" if au_cumul(possible) else "montant_ht"
            valeurs[champ] = ecrit(ht + deja(possible, etat) if champ == "cumul_ht" else ht)
    return valeurs


def _valideurs(possible: Possible, acteur: Acteur) -> Valeurs:
    fictive = _fictive(possible, acteur, {}, "P0000", None)
    premier = valideur_attendu(fictive, possible.marche, "valideur_1")
    second = possible.marche.titulaire if premier in possible.marche.cotraitants else ""
    return {"valideur_siret": premier, "valideur_2_siret": second}


def _dernier_projet(possible: Possible, etat: Etat) -> Piece | None:
    """What a piece of the tacit procedure takes its amounts from: the final project, which still stands."""
    if possible.etape is None or possible.etape.phase != circuits.TACITE:
        return None
    projets = [
        p
        for p in etat.pieces.values()
        if p.marche == possible.marche.numero and fiche(p.cadre).piece_api in (PROJET_FINAL, PROJET_TACITE)
    ]
    return projets[-1] if projets else None


def _taux(saisi: str) -> str:
    return saisi.strip().replace(",", ".")


def ecrit(valeur: Decimal) -> str:
    """An amount as a demand writes it."""
    return f"{valeur:f}".replace(".", ",")


# the piece as it would be


def fictive(possible: Possible, acteur: Acteur, demande: Valeurs, etat: Etat) -> tuple[Piece, Etat]:
    """That piece as if it had been deposited, and the state with it: nothing is written."""
    numero = f"P{len(etat.pieces) + 1:04d}"
    avant = possible.precedente
    piece = _fictive(possible, acteur, demande, numero, avant)
    pieces = {**etat.pieces, numero: piece}
    if avant is not None:
        pieces[avant.id] = replace(avant, suivante=numero)
    return piece, replace(etat, pieces=pieces)


def _fictive(possible: Possible, acteur: Acteur, demande: Valeurs, numero: str, avant: Piece | None) -> Piece:
    passage = Passage(DEPOSEE, datetime(2000, 1, 1), acteur.role, acteur.structure, "deposer")
    return Piece(
        id=numero,
        cadre=possible.cadre,
        deposant=acteur.structure,
        valeurs={**demande, "numero_marche": possible.marche.numero},
        historique=(passage,),
        dossier=avant.dossier if avant is not None else numero,
        precedente=avant.id if avant is not None else "",
    )
