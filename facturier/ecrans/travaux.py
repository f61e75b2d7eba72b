"""The screens of works: opening a dossier, answering by the next piece, signing a décompte général."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from facturier.champs import FormulaireDef, Valeurs
from facturier.champs.def_travaux import POSTES_MAX, ids_du_poste, piece_travaux
from facturier.ecrans import chantier_saisie, chantier_vue, gestes, suites, travaux_choix
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Champs,
    Cible,
    Dessin,
    Grille,
    Lien,
    Liens,
    Message,
    Paragraphe,
    Repli,
)
from facturier.ecrans.chantier import (
    Possible,
    choisir,
    demandee,
    lire_objet,
    ouvertures,
    prerempli,
)
from facturier.ecrans.chantier import suites as suites_possibles
from facturier.ecrans.ecran import Ecran, Suite
from facturier.ecrans.recit import rappel
from facturier.ecrans.travaux_choix import PROJET, SUIVANTE
from facturier.erreurs import ErreurFacturier
from facturier.portail import circuits, pliage
from facturier.portail.evenements import Acteur
from facturier.referentiel import cadre as cadre_de

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

_AUCUNE = FormulaireDef(id="piece_travaux", titre="", champs=())


def _possibles(poste: Poste, objet: str) -> list[Possible]:
    """The pieces that this seat may deposit: in answer to that one, on that market, or anywhere."""
    ou, _ = lire_objet(objet)
    guichet, acteur = poste.guichet, poste.acteur
    etat, annuaire, au = guichet.etat, guichet.annuaire, guichet.maintenant.date()
    if poste.lieu.ecran == SUIVANTE or ou in etat.pieces:
        return suites_possibles(annuaire, acteur, guichet.piece(ou), au)
    if not acteur.structure:
        return []
    return ouvertures(etat, annuaire, acteur, au, ou)


def _choisi(poste: Poste, objet: str) -> Possible | None:
    return choisir(_possibles(poste, objet), lire_objet(objet)[1]) if objet else None


def _formulaire(poste: Poste, objet: str) -> FormulaireDef:
    choisi = _choisi(poste, objet)
    if choisi is None or not cadre_de(choisi.cadre).travaux:
        return _AUCUNE
    return piece_travaux(demandee(choisi))


def _initiales(poste: Poste, objet: str) -> Valeurs:
    try:
        choisi = _choisi(poste, objet)
    except ErreurFacturier:
        return {}
    if choisi is None:
        return {}
    guichet = poste.guichet
    return prerempli(choisi, guichet.etat, poste.acteur, guichet.maintenant.date())


def _remarques(poste: Poste, choisi: Possible, valeurs: Valeurs) -> list[tuple[str, str]]:
    guichet = poste.guichet
    jour = guichet.maintenant.date()
    return chantier_saisie.remarques(choisi, valeurs, guichet.etat, guichet.annuaire, poste.acteur, jour)


def _controles(poste: Poste, objet: str, valeurs: Valeurs) -> Mapping[str, str]:
    choisi = _choisi(poste, objet)
    if choisi is None or _formulaire(poste, objet) is _AUCUNE:
        return {}
    remarquees = _remarques(poste, choisi, valeurs)
    trouvees = chantier_saisie.controles(choisi, valeurs, remarquees, poste.guichet.etat)
    return {champ: phrase for champ, phrase in trouvees.items() if champ in _formulaire_ids(poste, objet)}


def _formulaire_ids(poste: Poste, objet: str) -> set[str]:
    return {champ.id for champ in _formulaire(poste, objet).champs}


# what is shown


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    possibles = _possibles(poste, objet)
    choisi = choisir(possibles, lire_objet(objet)[1]) if objet else None
    if choisi is None:
        return travaux_choix.choix(poste, objet, possibles)
    if not cadre_de(choisi.cadre).travaux:
        return travaux_choix.facture_simple(choisi)
    return _piece(poste, choisi)


def _piece(poste: Poste, choisi: Possible) -> Sequence[Bloc]:
    guichet, valeurs = poste.guichet, poste.valeurs
    etat, annuaire, au = guichet.etat, guichet.annuaire, guichet.maintenant.date()
    formulaire = piece_travaux(demandee(choisi))
    ids = [champ.id for champ in formulaire.champs]
    blocs: list[Bloc] = [
        Paragraphe(_pourquoi(choisi)),
        *rappel(poste),
        *_cautions(poste, choisi, valeurs),
        Repli(
            "Le circuit de cette pièce", [chantier_vue.circuit_dessine(choisi, annuaire, au), _vers_le_marche(choisi)]
        ),
    ]
    if choisi.precedente is not None:
        blocs.append(Liens([Lien(f"Relire la pièce {choisi.precedente.id}", Cible("fiche", choisi.precedente.id))]))
        blocs += _frises(poste, choisi.precedente.id)
    detail = [i for i in ids if i.startswith(("poste_", "quantite_", "prix_"))]
    adresse = ["destinataire_siret", "code_service", "numero_engagement", "copie_siret", "type_facture"]
    adresse += [i for i in ("valideur_siret", "valideur_2_siret", "montant_tva", "montant_ttc") if i in ids]
    blocs.append(Champs([i for i in ids if i not in (*detail, *adresse)]))
    if detail:
        rangees = [(f"Poste {n}", list(ids_du_poste(n))) for n in range(1, POSTES_MAX + 1)]
        colonnes = ("Travaux", "Quantité depuis la notification", "Prix unitaire HT")
        blocs.append(Repli("Détailler les quantités (facultatif)", [Grille("Quantités et prix", colonnes, rangees)]))
    blocs.append(
        Repli(
            "Adresse et références, déjà remplies d’après la fiche du marché : relisez-les",
            [Champs(adresse)],
            ouvert=bool(set(adresse) & set(poste.erreurs())),
        )
    )
    section = chantier_vue.section_decompte(choisi, valeurs, etat, annuaire, poste.acteur)
    if section is not None:
        blocs.append(section)
    blocs += [
        chantier_vue.pret(choisi, valeurs, etat),
        Boutons([Bouton("deposer", f"Déposer la pièce {choisi.cadre}", valeurs=_vue(choisi))]),
        *_autres_gestes(poste, choisi),
    ]
    return blocs


def _pourquoi(choisi: Possible) -> str:
    marche, avant = choisi.marche, choisi.precedente
    if choisi.remplace and avant is not None:
        return f"Cette pièce remplace la pièce **{avant.id}**, qui n’a pas été acceptée, avec un nouveau numéro."
    if avant is None:
        return (
            f"Vous ouvrez un dossier sur le marché **{marche.numero}** ({marche.objet}). Tout ce que la fiche du "
            "marché dit est déjà rempli."
        )
    corrige = avant.deposant and cadre_de(choisi.cadre).deposant != "fournisseur"
    suite = " Corrigez les sommes si besoin, en disant pourquoi : un désaccord de montant ne se refuse pas."
    return (
        f"Vous répondez à la pièce **{avant.id}** ({avant.cadre} n° {avant.numero}) du marché **{marche.numero}**. "
        f"Les sommes présentées sont déjà remplies.{suite if corrige else ''}"
    )


def _cautions(poste: Poste, choisi: Possible, valeurs: Valeurs) -> list[Bloc]:
    blocs: list[Bloc] = []
    if choisi.empechement:
        blocs.append(Message("alerte", choisi.empechement))
    if choisi.etape is not None and (doute := circuits.doute(choisi.etape)):
        blocs.append(Message("info", doute))
    generales = [phrase for champ, phrase in _remarques(poste, choisi, valeurs) if not champ]
    if generales:
        blocs.append(Message("alerte", "Le portail refuserait cette pièce en l’état.", generales))
    return blocs


def _vers_le_marche(choisi: Possible) -> Bloc:
    return Liens([Lien(f"Fiche d’identité du marché {choisi.marche.numero}", Cible("marche", choisi.marche.numero))])


def _frises(poste: Poste, piece: str) -> list[Bloc]:
    from facturier.ecrans import dessins

    dessinees = [dessins.frise(f) for f in poste.guichet.frises(poste.acteur, piece)]
    if not dessinees:
        return []
    return [Repli("Les délais qui courent", [Dessin(svg, texte) for svg, texte in dessinees])]


def _vue(choisi: Possible) -> dict[str, str]:
    avant = choisi.precedente
    return {"vue": str(len(avant.historique))} if avant is not None else {}


def _autres_gestes(poste: Poste, choisi: Possible) -> list[Bloc]:
    """What else this seat may do with the piece that waits: take it, join it, refuse it, send it back."""
    avant = choisi.precedente
    if avant is None:
        return []
    possibles = poste.guichet.gestes(poste.acteur, avant.id)
    directs = suites.simples(possibles)
    boutons = [
        Bouton("geste", t.libelle, "second", {"action": t.action, **_vue(choisi)}, f"de la pièce {avant.id}")
        for t in directs
    ]
    liens = [
        Lien(t.libelle, Cible("geste", gestes.objet_du_geste(avant.id, t.action)), f"la pièce {avant.id}")
        for t in {t.action: t for t in possibles}.values()
        if t.action not in {d.action for d in directs} and t.action != pliage.SUIVANTE
    ]
    blocs: list[Bloc] = [Boutons(boutons)] if boutons else []
    if any(t.garde == "memoire_en_reclamation" for t in possibles):
        phrase = (
            "Vous n’acceptez pas ce décompte général ? Refusez-le avec un mémoire en réclamation, dans le délai : "
            "ensuite, votre silence vaut acceptation."
        )
        blocs.append(Paragraphe(phrase))
    return [*blocs, *([Liens(liens)] if liens else [])]


# gestures


def _obligatoire(poste: Poste, objet: str) -> Possible:
    choisi = _choisi(poste, objet)
    if choisi is None:
        raise ErreurFacturier(
            "Choisissez d’abord la pièce à déposer : reprenez depuis le menu.", code="piece-a-choisir"
        )
    return choisi


def _deposer(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    choisi = _obligatoire(poste, objet)
    demande = chantier_saisie.demande_de(choisi, valeurs, poste.guichet.etat)
    faire, acteur = poste.guichet.faire, poste.acteur
    if choisi.precedente is not None:
        piece = faire(acteur, pliage.SUIVANTE, choisi.precedente.id, version=suites.version(valeurs), **demande)
    else:
        piece = faire(acteur, pliage.DEPOSER, version=None, **demande)
    return suites.apres(poste, piece, suites.deposee(poste, piece))


def _geste(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    piece, _ = lire_objet(objet)
    action = valeurs.get("action", "")
    poste.guichet.faire(poste.acteur, action, piece, version=suites.version(valeurs))
    return suites.apres(poste, piece, f"C’est fait pour la pièce {piece}.")


def _titre(poste: Poste, objet: str) -> str:
    choisi = _choisi(poste, objet)
    if choisi is None:
        return "Déposer une pièce de travaux" if poste.lieu.ecran == PROJET else "Déposer la pièce suivante"
    return choisi.libelle


def _peut_ouvrir(poste: Poste) -> bool:
    acteur: Acteur = poste.acteur
    return acteur.role in ("fournisseur", "moe", "moa")


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id=PROJET,
        titre="Déposer une pièce de travaux",
        composer=_composer,
        gestes={"deposer": _deposer},
        rubrique="Travaux",
        formulaire=_formulaire,
        initiales=_initiales,
        controles=_controles,
        verifies=frozenset({"deposer"}),
        visible=_peut_ouvrir,
        titre_objet=_titre,
    ),
    Ecran(
        id=SUIVANTE,
        titre="Déposer la pièce suivante",
        composer=_composer,
        gestes={"deposer": _deposer, "geste": _geste},
        formulaire=_formulaire,
        initiales=_initiales,
        controles=_controles,
        verifies=frozenset({"deposer"}),
        titre_objet=_titre,
    ),
)
