"""A piece: where it stands, who must act, what I may do, its deadlines, its story, what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from facturier import referentiel
from facturier.champs import Champ, FormulaireDef, Valeurs
from facturier.champs import def_facture as defs
from facturier.delais import Frise, Interets
from facturier.delais.etapes import Etape
from facturier.ecrans import dessins, gestes, regard
from facturier.ecrans.blocs import (
    Bloc,
    Cellule,
    Champs,
    Cible,
    Definitions,
    Dessin,
    Etiquette,
    Fichier,
    Lien,
    Liens,
    Liste,
    Message,
    Paragraphe,
    Repli,
    Section,
    Tableau,
    Telechargement,
    Ton,
)
from facturier.ecrans.ecran import Ecran, Suite
from facturier.ecrans.sieges import nom_structure
from facturier.erreurs import ErreurFacturier
from facturier.montants import format_euros
from facturier.portail import circuits, demande
from facturier.portail.consultation import Calculs
from facturier.portail.echeances import NonCalculable
from facturier.portail.pieces import DEPOSEE, Piece
from facturier.portail.suivi import statut_vu
from facturier.travaux import DecompteMembre

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

_TONS: dict[str, Ton] = {
    "Fin": "succes",
    "Retour fournisseur": "alerte",
    "Préparation": "alerte",
}
_REFUS = ("REJETEE", "REFUSEE_MOE", "REFUSEE_MOA", "REFUSEE_1", "REFUSEE_2", "REFUSEE_FOURNISSEUR")
COMMENTAIRE = FormulaireDef(id="fiche", titre="Fiche", champs=(defs.COMMENTAIRE,))


def etiquette(code: str) -> Etiquette:
    """A status in a frame."""
    ligne = referentiel.statut(code)
    ton: Ton = "erreur" if code in _REFUS else _TONS.get(ligne.famille, "info")
    return Etiquette(ligne.libelle, ton)


def _sommes_admises(poste: Poste, piece: Piece) -> list[Bloc]:
    """To who presented sums: those that the next piece of the dossier admits, and why, when they are others."""
    suivante = poste.guichet.etat.pieces.get(piece.suivante)
    if suivante is None or piece.deposant != poste.acteur.structure:
        return []
    presente, admis = (demande.montant(p.valeurs, "montant_ttc") for p in (piece, suivante))
    if presente is None or admis is None or presente == admis:
        return []
    dit = (
        f"La pièce suivante ({suivante.cadre}) admet {format_euros(admis)} TTC pour {format_euros(presente)} présentés."
    )
    return [Message("alerte", " ".join((dit, demande.texte(suivante.valeurs, "commentaire"))).strip())]


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    piece = regard.piece(poste, objet)
    histoire = poste.guichet.histoire(poste.acteur, piece.id)
    if not histoire and piece.deposant != poste.acteur.structure:
        raise ErreurFacturier(f"La pièce {piece.id} n’est pas de celles que suit ce rôle : changez de rôle.")
    return [
        _resume(poste, piece),
        *_conduite(poste, piece),
        *_sommes_admises(poste, piece),
        Section("Ce que vous pouvez faire", _faire(poste, piece), "gestes"),
        *gestes.qui_agit(poste, piece),
        *_delais(poste, piece),
        *_travaux(poste, piece),
        *_dossier(poste, piece),
        Section(
            "Histoire de la pièce",
            [
                Tableau(
                    "Qui a fait quoi, et quand",
                    ("Date", "Qui", "Geste", "Statut", "Précisions"),
                    [
                        (
                            ligne.quand,
                            ligne.qui,
                            ligne.quoi,
                            ligne.statut,
                            " ; ".join(filter(None, (ligne.motif, ligne.commentaire, *ligne.details))),
                        )
                        for ligne in histoire
                    ],
                )
            ],
            "histoire",
        ),
        *_calculs(poste, piece),
        *_fichiers(poste, piece),
    ]


def _resume(poste: Poste, piece: Piece) -> Bloc:
    cadre = referentiel.cadre(piece.cadre)
    valeurs = piece.valeurs
    paires: list[tuple[str, Cellule]] = [
        ("Statut", etiquette(statut_vu(piece, poste.acteur, poste.guichet.annuaire))),
        ("Cadre", f"{cadre.code} — {cadre.libelle}"),
        ("Déposée par", nom_structure(poste, piece.deposant)),
        ("Adressée à", nom_structure(poste, piece.destinataire) if piece.destinataire else ""),
        ("Code service", demande.texte(valeurs, "code_service")),
        ("Engagement", demande.texte(valeurs, "numero_engagement")),
        ("Marché", piece.marche),
        ("Montant TTC", demande.montant(valeurs, "montant_ttc") or ""),
    ]
    if piece.valideur:
        paires.append(("Valideur", nom_structure(poste, piece.valideur)))
    return Definitions(f"Pièce {piece.id}", [(nom, valeur) for nom, valeur in paires if valeur != ""])


def _conduite(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    """What the table says to a supplier of that status, with its reliability."""
    if piece.deposant != poste.acteur.structure:
        return []
    ligne = referentiel.statut(statut_vu(piece, poste.acteur, poste.guichet.annuaire))
    doute = "" if ligne.fiabilite == "établi" else f" (point {ligne.fiabilite})"
    sens = f"{ligne.signification.rstrip('.')}.{doute}"
    return [Message("info", sens, [f"Ce que vous faites : {ligne.conduite}"] if ligne.conduite else [])]


def _faire(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    offerts = gestes.boutons(poste, piece)
    if not offerts:
        return [Paragraphe("Rien pour l’instant dans ce rôle.")]
    avec_commentaire = any(gestes.demande_rien(t) for t in poste.guichet.gestes(poste.acteur, piece.id))
    return [*([Repli("Ajouter un commentaire", [Champs()])] if avec_commentaire else []), *offerts]


def _delais(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    frises = poste.guichet.frises(poste.acteur, piece.id)
    return [Section("Échéances", [bloc for frise in frises for bloc in _frise(frise)], "echeances")] if frises else []


def _frise(frise: Frise) -> Sequence[Bloc]:
    return [Dessin(*dessins.frise(frise))]


def _travaux(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    marche = poste.guichet.annuaire.marche(piece.marche)
    if marche is None:
        return []
    lien = Liens([Lien("Voir la fiche d’identité du marché", Cible("marche", piece.marche))])
    avant = poste.guichet.etat.pieces.get(piece.precedente)
    etape = circuits.etape(marche, piece.cadre, avant.cadre if avant is not None else "")
    if etape is None or not referentiel.cadre(piece.cadre).travaux:
        return [lien]
    dessin = dessins.circuit(marche, poste.guichet.annuaire, poste.guichet.maintenant.date(), etape)
    return [Section("Le circuit de la pièce", [Dessin(*dessin), lien], "circuit")]


def _dossier(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    """The pieces of a works dossier and where each stands: who opened it reads there that it is paid."""
    acteur, annuaire = poste.acteur, poste.guichet.annuaire
    siennes = [p for p in regard.pieces(poste) if p.dossier == piece.dossier and p.date_du(DEPOSEE) is not None]
    if len(siennes) < 2:
        return []
    rangees = [
        (p.id, p.cadre, nom_structure(poste, p.deposant), etiquette(statut_vu(p, acteur, annuaire)), p.depuis)
        for p in siennes
    ]
    entetes = ("Pièce", "Cadre", "Déposée par", "Statut", "Depuis")
    return [Section("Le dossier", [Tableau("Ses pièces, dans l’ordre, et où en est chacune", entetes, rangees)])]


def _calculs(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    try:
        calculs: Calculs = poste.guichet.calculs(poste.acteur, piece.id)
    except ErreurFacturier:
        return []
    replis: list[Bloc] = [
        Repli(f"{e.echeance.objet} : le calcul", [etapes(e.echeance.etapes)]) for e in calculs.echeances
    ]
    if isinstance(calculs.interets, Interets):
        replis.append(Repli("Ce que coûte le retard : le calcul", [etapes(calculs.interets.etapes)]))
    if not isinstance(calculs.decompte, NonCalculable):
        replis.append(
            Repli("Le décompte, pas à pas", [*_membres(calculs.decompte.membres), etapes(calculs.decompte.etapes)])
        )
    return [Section("Calculs expliqués", replis, "calculs")] if replis else []


def _membres(membres: Sequence[DecompteMembre]) -> Sequence[Bloc]:
    """What comes to each member of a group, a table each."""
    return [
        Tableau(
            f"{membre.nom} : depuis le début, avant, avec cette pièce",
            ("Ligne", "Depuis le début", "Avant", "Cette pièce"),
            [(ligne.libelle, ligne.cumul, ligne.anterieur, ligne.mois) for ligne in membre.lignes],
        )
        for membre in membres
    ]


def etapes(lignes: Sequence[Etape]) -> Tableau:
    """Steps of a computation as a table."""
    return Tableau(
        "Chaque étape, avec sa source",
        ("Étape", "Calcul", "Résultat", "Source", "Fiabilité"),
        [
            (e.libelle, e.formule, e.valeur, e.source, e.fiabilite + (f" : {e.precision}" if e.precision else ""))
            for e in lignes
        ],
    )


def _fichiers(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    offerts = poste.guichet.telechargements(poste.acteur, piece.id)
    blocs: list[Bloc] = [
        Telechargement(t.genre, _LIBELLES.get(t.genre, t.libelle)) for t in offerts if t.genre != "jointe"
    ]
    autres = [f"{t.libelle} : {t.nom}" for t in offerts if t.genre == "jointe"]
    if autres:
        blocs.append(Liste(autres))
    return [Section("Documents", blocs)] if blocs else []


def _faire_geste(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    piece, possible = gestes.transition(poste, gestes.objet_du_geste(objet, valeurs.get("action", "")))
    return gestes.accomplir(poste, piece, possible, valeurs)


_LIBELLES = {"piece": "La pièce, en PDF"}


def _en_pdf(genre: Literal["piece", "decompte"], dit: str) -> Callable[[Poste, str, Valeurs], Suite]:
    def telecharger(poste: Poste, objet: str, _: Valeurs) -> Suite:
        from facturier.documents import releve

        faire = releve.piece_en_pdf if genre == "piece" else releve.decompte_en_pdf
        nom = objet if genre == "piece" else f"decompte-{objet}"
        octets = faire(poste.guichet, poste.acteur, objet)
        return Suite(dit, garder=True, fichier=Fichier(f"{nom}.pdf", "application/pdf", octets))

    return telecharger


def _certificat(poste: Poste, objet: str, _: Valeurs) -> Suite:
    from facturier.documents.certificat import certificat_du_guichet

    octets = certificat_du_guichet(poste.guichet, poste.acteur, objet)
    fichier = Fichier(f"certificat-{objet}.pdf", "application/pdf", octets)
    return Suite("Le certificat de dépôt est prêt.", garder=True, fichier=fichier)


def _titre(poste: Poste, objet: str) -> str:
    piece = regard.piece(poste, objet)
    return f"Pièce {piece.id}" + (f", n° {piece.numero}" if piece.numero else "")


def _options(poste: Poste, objet: str, champ: Champ) -> None:
    return None


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="fiche",
        titre="Fiche de suivi",
        titre_objet=_titre,
        composer=_composer,
        gestes={
            "faire": _faire_geste,
            "certificat": _certificat,
            "piece": _en_pdf("piece", "La pièce est prête."),
            "decompte": _en_pdf("decompte", "Le décompte expliqué est prêt."),
        },
        formulaire=COMMENTAIRE,
        options=_options,
    ),
    *gestes.ECRANS,
)
