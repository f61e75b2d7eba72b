"""Entering an invoice as on the portal: recipient, cadre and references, lines and VAT, files, recap, sending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from facturier.champs import Champ, FormulaireDef, Valeurs
from facturier.champs import def_facture as defs
from facturier.ecrans import joints
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Champs,
    Cible,
    Definitions,
    Etapes,
    Grille,
    Lien,
    Liens,
    Message,
    Paragraphe,
)
from facturier.ecrans.destinataire import exigences, options_destinataire
from facturier.ecrans.ecran import Composer, Ecran, Geste, Suite
from facturier.ecrans.lignes import NOMBRE, nombre_de_lignes, totaux, tva, ventilation
from facturier.ecrans.recit import rappel
from facturier.erreurs import ErreurFacturier
from facturier.montants import arrondi, format_nombre
from facturier.portail import pieces_jointes
from facturier.portail.pieces import Piece
from facturier.portail.pliage import DEPOSER, ENREGISTRER, ENVOYER

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

BROUILLON = "saisie"
LUE = "INTERPRETEE_OCR"
REFAIRE = "refaire:"
"""Head of the object of an invoice made again from another one (« refaire:P0001 »)."""
ETAPES: tuple[tuple[str, str], ...] = (
    ("saisie_destinataire", "Destinataire"),
    ("saisie_cadre", "Cadre et références"),
    ("saisie_lignes", "Lignes et TVA"),
    ("saisie_pieces", "Pièces jointes"),
    ("saisie_recapitulatif", "Récapitulatif"),
)
MONTANTS = ("montant_ht", "taux_tva", "montant_tva", "montant_ttc")
"""The totals, which are what the portal receives."""
_SANS_VALEUR = ("pieces_jointes",)
_ENVOYES = tuple(champ.id for champ in defs.TOUT.champs if champ.id not in _SANS_VALEUR)


def _lignes(poste: Poste, _: str) -> FormulaireDef:
    return defs.lignes(nombre_de_lignes(poste.saisies.get(poste.cle, {})))


def _initiales(poste: Poste, objet: str) -> Valeurs:
    """Blank, or what a draft holds, or what a rejected invoice held but its number."""
    piece = poste.guichet.etat.pieces.get(objet.removeprefix(REFAIRE))
    if piece is None:
        return {}
    valeurs = {champ: texte for champ, texte in piece.valeurs.items() if champ in _ENVOYES}
    if objet.startswith(REFAIRE):
        valeurs["numero_facture"] = ""
    return valeurs


def _options(poste: Poste, _: str, champ: Champ) -> Sequence[tuple[str, str]] | None:
    return options_destinataire(poste, champ)


# --- what each step shows -------------------------------------------------------------------------------------


def _dans_la_phrase(titre: str) -> str:
    return titre[0].lower() + titre[1:]


def _chemin(poste: Poste, rang: int, *corps: Bloc) -> Sequence[Bloc]:
    """A step: where one stands, its fields, the way on."""
    objet = poste.lieu.objet
    lecture = _a_verifier(poste, objet)
    precedent = [Lien("Étape précédente", Cible(ETAPES[rang - 1][0], objet))] if rang else []
    suivant = Bouton("continuer", f"Continuer : {_dans_la_phrase(ETAPES[rang + 1][1])}")
    garder = Bouton("enregistrer", "Enregistrer le brouillon", "second")
    return [
        Etapes([titre for _, titre in ETAPES], rang),
        *rappel(poste),
        *lecture,
        *corps,
        Boutons([suivant, garder]),
        *([Liens(precedent)] if precedent else []),
        Paragraphe("Un brouillon n’est reçu par personne : il faut aller jusqu’à « Valider et envoyer ».", note=True),
    ]


def _a_verifier(poste: Poste, objet: str) -> Sequence[Bloc]:
    """What a machine read is to be checked: what it doubts is named, the rest may be wrong too."""
    piece = poste.guichet.etat.pieces.get(objet)
    if piece is None or piece.statut != LUE:
        return []
    libelles = {champ.id: champ.libelle for champ in defs.TOUT.champs}
    doutes = [libelles[champ] for champ in piece.provenance.a_verifier if champ in libelles]
    texte = "Ces champs ont été lus par une machine, qui se trompe : comparez-les tous à votre PDF."
    return [Message("alerte", texte, [f"Elle doute de : {', '.join(doutes)}."] if doutes else [])]


def _ecran_destinataire(poste: Poste, _: str) -> Sequence[Bloc]:
    return _chemin(poste, 0, Paragraphe(defs.DESTINATAIRE.intro), Champs(), *exigences(poste, poste.valeurs))


def _ecran_cadre(poste: Poste, _: str) -> Sequence[Bloc]:
    return _chemin(poste, 1, Paragraphe(defs.CADRE.intro), Champs())


def _ecran_lignes(poste: Poste, _: str) -> Sequence[Bloc]:
    valeurs = poste.valeurs
    nombre = nombre_de_lignes(valeurs)
    noms = ("designation", "quantite", "prix", "taux")
    grille = Grille(
        "Lignes de la facture",
        ("Désignation", "Quantité", "Prix unitaire HT", "Taux de TVA"),
        [(f"Ligne {rang}", [f"ligne_{rang}_{nom}" for nom in noms]) for rang in range(1, nombre + 1)],
    )
    ajouts = [Bouton("ajouter", "Ajouter une ligne", "second")] if nombre < defs.LIGNES_MAX else []
    retraits = [Bouton("retirer", "Retirer la dernière ligne", "second")] if nombre > 1 else []
    calcul = Bouton("calculer", "Reporter ces lignes dans les totaux", "second")
    return _chemin(
        poste,
        2,
        Paragraphe(defs.lignes(1).intro),
        grille,
        Boutons([*ajouts, *retraits, calcul]),
        *ventilation(valeurs, nombre),
        Champs(MONTANTS, "Totaux de la facture"),
    )


def _ecran_pieces(poste: Poste, _: str) -> Sequence[Bloc]:
    return _chemin(poste, 3, Paragraphe("Joignez ce que l’acheteur demande, rien de plus."), Champs())


def _ecran_recapitulatif(poste: Poste, objet: str) -> Sequence[Bloc]:
    valeurs = poste.valeurs
    rangees = [
        (champ.libelle, poste.en_clair(champ, valeurs[champ.id]))
        for champ in defs.TOUT.champs
        if valeurs.get(champ.id, "").strip()
    ]
    restants = [Lien(phrase, Cible(etape_de(champ), objet, champ=champ)) for champ, phrase in poste.bloquants()]
    avant: Bloc = (
        Message("alerte", "Avant l’envoi, il reste à régler", restants)
        if restants
        else Message("succes", "Tout est rempli. Relisez, puis validez.")
    )
    return [
        Etapes([titre for _, titre in ETAPES], len(ETAPES) - 1),
        *_a_verifier(poste, objet),
        Definitions("Votre facture", rangees),
        *exigences(poste, valeurs),
        avant,
        Boutons([Bouton("envoyer", "Valider et envoyer"), Bouton("enregistrer", "Enregistrer le brouillon", "second")]),
        Liens([Lien("Étape précédente", Cible("saisie_pieces", objet))]),
    ]


def etape_de(champ: str) -> str:
    """The step where a field is entered."""
    for ecran, definition in (("saisie_destinataire", defs.DESTINATAIRE), ("saisie_cadre", defs.CADRE)):
        if champ in {c.id for c in definition.champs}:
            return ecran
    return "saisie_pieces" if champ == "pieces_jointes" else "saisie_lignes"


# --- gestures -------------------------------------------------------------------------------------------------


def _continuer(vers: str, poste: Poste, objet: str, _: Valeurs) -> Suite:
    return Suite(cible=Cible(vers, objet), garder=True)


def _enregistrer(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    """Keep a draft in the place of the one that was taken up again."""
    reprise = poste.guichet.etat.pieces.get(objet)
    if reprise is not None and reprise.statut == LUE:
        return Suite("Vos corrections sont gardées sur cette page ; la facture n’est pas envoyée.", garder=True)
    piece = poste.guichet.faire(poste.acteur, ENREGISTRER, version=None, **_donnees(poste, valeurs))
    if objet.startswith("P"):
        poste.guichet.faire(poste.acteur, "supprimer", objet)
    return Suite(
        f"Brouillon {piece} enregistré, mais pas envoyé : personne ne l’a reçu.",
        Cible("saisie_recapitulatif", piece),
    )


def _envoyer(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    donnees = _donnees(poste, valeurs)
    if objet.startswith("P"):
        numero = poste.guichet.faire(poste.acteur, ENVOYER, objet, version=None, **donnees)
    else:
        numero = poste.guichet.faire(poste.acteur, DEPOSER, version=None, **donnees)
    return Suite(envoyee(poste, poste.guichet.piece(numero)), Cible("fiche", numero))


def envoyee(poste: Poste, piece: Piece) -> str:
    """What is said of a piece that has just left."""
    from facturier.portail.affichage import confirmation

    reserve = confirmation(piece, poste.guichet.annuaire)
    return " ".join(filter(None, (f"La facture {piece.numero} est envoyée (pièce {piece.id}).", reserve)))


def _donnees(poste: Poste, valeurs: Valeurs) -> dict[str, str]:
    donnees = {champ: valeurs[champ] for champ in _ENVOYES if valeurs.get(champ, "").strip()}
    jointes = [pieces_jointes.PieceJointe(*jointe) for jointe in joints.jointes(poste, "pieces_jointes")]
    return {**donnees, "pieces_jointes": pieces_jointes.ecrire(jointes)} if jointes else donnees


def _ajouter(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    return _compter(poste, min(defs.LIGNES_MAX, nombre_de_lignes(valeurs) + 1))


def _retirer(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    nombre = nombre_de_lignes(valeurs)
    for nom in ("designation", "quantite", "prix", "taux"):
        poste.changer(f"ligne_{nombre}_{nom}", "")
    return _compter(poste, max(1, nombre - 1))


def _compter(poste: Poste, nombre: int) -> Suite:
    poste.saisies[poste.cle] = {**poste.valeurs, NOMBRE: str(nombre)}
    return Suite(garder=True)


def _calculer(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    """Carry the lines into the totals; a demand entered here has one rate."""
    par_taux = totaux(valeurs, nombre_de_lignes(valeurs))
    if not par_taux:
        raise ErreurFacturier("aucune ligne n’est complète : il faut une quantité, un prix et un taux.")
    if len(par_taux) > 1:
        raise ErreurFacturier(
            "ce portail d’entraînement saisit un seul taux par facture : déposez plutôt le fichier de votre logiciel, "
            "ou faites une facture par taux."
        )
    ((taux, ht),) = par_taux.items()
    for champ, texte in (
        ("montant_ht", format_nombre(arrondi(ht))),
        ("taux_tva", taux),
        ("montant_tva", format_nombre(tva(ht, taux))),
        ("montant_ttc", format_nombre(arrondi(ht) + tva(ht, taux))),
    ):
        poste.changer(champ, texte)
    return Suite("Les totaux reprennent vos lignes.", garder=True)


_COMMUN: dict[str, Geste] = {"enregistrer": _enregistrer}
Fabrique = Callable[["Poste", str], FormulaireDef]


def _etape(rang: int, composer: Composer, formulaire: FormulaireDef | Fabrique, **gestes: Geste) -> Ecran:
    ecran, titre = ETAPES[rang]
    suite: dict[str, Geste] = {}
    if rang + 1 < len(ETAPES):
        suite["continuer"] = partial(_continuer, ETAPES[rang + 1][0])
    return Ecran(
        id=ecran,
        titre="Saisir une facture" if not rang else f"Saisir une facture : {_dans_la_phrase(titre)}",
        rubrique="" if rang else "Factures",
        composer=composer,
        gestes={**suite, **_COMMUN, **gestes},
        formulaire=formulaire,
        initiales=_initiales,
        brouillon=BROUILLON,
        options=_options,
        visible=lambda poste: poste.acteur.role == "fournisseur",
        verifies=frozenset({"envoyer"}),
    )


ECRANS: tuple[Ecran, ...] = (
    _etape(0, _ecran_destinataire, defs.DESTINATAIRE),
    _etape(1, _ecran_cadre, defs.CADRE),
    _etape(2, _ecran_lignes, _lignes, ajouter=_ajouter, retirer=_retirer, calculer=_calculer),
    _etape(3, _ecran_pieces, defs.JOINTES),
    _etape(4, _ecran_recapitulatif, defs.TOUT, envoyer=_envoyer),
)
