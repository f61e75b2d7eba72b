"""The screens of works: opening a dossier, answering a piece by the next one, signing or refusing a décompte général."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from facturier.champs import FormulaireDef, Valeurs
from facturier.champs.def_travaux import POSTES_MAX, ids_du_poste, piece_travaux
from facturier.ecrans import chantier_saisie, chantier_vue, suites
from facturier.ecrans.blocs import (
    Bloc,
    Bloquants,
    Bouton,
    Boutons,
    Champs,
    Cible,
    Dessin,
    Grille,
    Lien,
    Liens,
    Liste,
    Message,
    Paragraphe,
    Repli,
    Tableau,
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
from facturier.erreurs import ErreurFacturier
from facturier.portail import circuits, pliage
from facturier.portail.evenements import Acteur
from facturier.referentiel import cadre as cadre_de

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

PROJET, SUIVANTE = "travaux_projet", "travaux_suivante"
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
    try:
        choisi = _choisi(poste, objet)
    except ErreurFacturier:  # the piece is not there: the screen says so
        return _AUCUNE
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
        return _choix(poste, objet, possibles)
    if not cadre_de(choisi.cadre).travaux:
        return _facture_simple(choisi)
    return _piece(poste, choisi)


def _choix(poste: Poste, objet: str, possibles: Sequence[Possible]) -> Sequence[Bloc]:
    if not possibles:
        return _rien(poste, objet)
    ecran = SUIVANTE if possibles[0].precedente is not None else PROJET
    ouverts = [p for p in possibles if not p.empechement]
    rangees = [
        (
            Lien(p.libelle, Cible(ecran, p.objet), f"sur le marché {p.marche.numero}"),
            Lien(f"{p.marche.numero} : {p.marche.objet}", Cible("marche", p.marche.numero)),
            _moment(p),
        )
        for p in ouverts
    ]
    blocs: list[Bloc] = [
        Paragraphe(
            "Choisissez la pièce à déposer : ce sont exactement celles que la fiche de chaque marché vous ouvre."
        ),
        Tableau("Pièces que vous pouvez déposer", ("Pièce", "Marché", "Quand"), rangees, vide="Aucune pour l’instant."),
    ]
    bloquees = [f"{p.libelle} (marché {p.marche.numero}) : {p.empechement}" for p in possibles if p.empechement]
    if bloquees:
        blocs.append(Repli("Pas possible pour l’instant", [Liste(bloquees)]))
    return blocs


def _rien(poste: Poste, objet: str) -> Sequence[Bloc]:
    ou, _ = lire_objet(objet)
    if ou in poste.guichet.etat.pieces:
        phrase = f"Vous n’avez pas de pièce à déposer à la suite de {ou} : elle attend quelqu’un d’autre, ou a déjà sa suite."
        return [Message("info", phrase), Liens([Lien(f"Suivre la pièce {ou}", Cible("fiche", ou))])]
    phrase = (
        "La fiche d’aucun marché de travaux ne vous fait ouvrir de dossier à cette place : changez de rôle, ou attendez "
        "la pièce qui vous est adressée."
    )
    return [Message("info", phrase), Liens([Lien("Ce qui vous attend", Cible("valider"))])]


def _moment(possible: Possible) -> str:
    phase = possible.etape.phase if possible.etape is not None else ""
    return {"mensuel": "chaque mois", "fin": "en fin de marché", "mensuel et fin": "chaque mois et à la fin"}.get(
        phase, phase
    )


def _facture_simple(choisi: Possible) -> Sequence[Bloc]:
    phrase = (
        f"Le marché {choisi.marche.numero} ne se réfère pas au CCAG-Travaux : il n’y a pas de facturation de travaux, "
        f"vous déposez une facture simple ({choisi.cadre})."
    )
    return [
        Message("info", phrase),
        Liens([Lien("Saisir une facture simple", Cible("saisie_destinataire"))]),
    ]


def _piece(poste: Poste, choisi: Possible) -> Sequence[Bloc]:
    guichet, valeurs = poste.guichet, poste.valeurs
    etat, annuaire, au = guichet.etat, guichet.annuaire, guichet.maintenant.date()
    formulaire = piece_travaux(demandee(choisi))
    ids = [champ.id for champ in formulaire.champs]
    blocs: list[Bloc] = [
        Paragraphe(_pourquoi(choisi)),
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
        Bloquants(),
        Boutons([Bouton("deposer", f"Déposer la pièce {choisi.cadre}", valeurs=_vue(poste, choisi))]),
        *_autres_gestes(poste, choisi),
    ]
    return blocs


def _pourquoi(choisi: Possible) -> str:
    marche, avant = choisi.marche, choisi.precedente
    if choisi.remplace and avant is not None:
        return f"Cette pièce remplace la pièce **{avant.id}**, qui n’a pas été acceptée, avec un nouveau numéro."
    if avant is None:
        return (
            f"Vous ouvrez un dossier sur le marché **{marche.numero}** ({marche.objet}). Tout ce que la fiche du marché "
            "dit est déjà rempli."
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


def _vue(poste: Poste, choisi: Possible) -> dict[str, str]:
    avant = choisi.precedente
    return {"vue": str(len(avant.historique))} if avant is not None else {}


def _autres_gestes(poste: Poste, choisi: Possible) -> list[Bloc]:
    """What else this seat may do with the piece that waits: take it, join it, refuse it."""
    avant, siege = choisi.precedente, poste.siege
    if avant is None or siege is None:
        return []
    gestes = suites.gestes_de(poste, avant, siege)
    boutons = [
        Bouton("geste", t.libelle, "second", {"action": t.action, **_vue(poste, choisi)}, f"de la pièce {avant.id}")
        for t in suites.simples(gestes)
    ]
    blocs: list[Bloc] = [Boutons(boutons)] if boutons else []
    refus = next((t for t in gestes if t.action == "refuser"), None)
    if refus is not None and refus.garde == "memoire_en_reclamation":
        phrase = (
            "Vous n’acceptez pas ce décompte général ? Joignez le mémoire en réclamation ci-dessus, dites pourquoi dans "
            "le commentaire, puis refusez. Passé le délai, le silence vaut acceptation."
        )
        question = "Refuser le décompte général avec ce mémoire ?"
        bouton = Bouton("refuser", "Refuser le décompte général", "danger", _vue(poste, choisi), "", question)
        blocs += [Paragraphe(phrase), Boutons([bouton])]
    elif refus is not None:
        lien = Lien("Refuser, ou demander un recyclage", Cible("fiche", avant.id), f"de la pièce {avant.id}")
        blocs.append(Liens([lien]))
    return blocs


# gestures


def _obligatoire(poste: Poste, objet: str) -> Possible:
    choisi = _choisi(poste, objet)
    if choisi is None:
        raise ErreurFacturier(
            "Choisissez d’abord la pièce à déposer : reprenez depuis le menu.", code="piece-a-choisir"
        )
    return choisi


def _version(valeurs: Valeurs) -> int | None:
    vue = valeurs.get("vue", "")
    return int(vue) if vue.isascii() and vue.isdigit() and len(vue) < 6 else None


def _deposer(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    choisi = _obligatoire(poste, objet)
    demande = chantier_saisie.demande_de(choisi, valeurs, poste.guichet.etat)
    faire, acteur = poste.guichet.faire, poste.acteur
    if choisi.precedente is not None:
        piece = faire(acteur, pliage.SUIVANTE, choisi.precedente.id, version=_version(valeurs), **demande)
    else:
        piece = faire(acteur, pliage.DEPOSER, version=None, **demande)
    return suites.apres(poste, piece, suites.deposee(poste, piece))


def _geste(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    piece, _ = lire_objet(objet)
    action = valeurs.get("action", "")
    poste.guichet.faire(poste.acteur, action, piece, version=_version(valeurs))
    return suites.apres(poste, piece, f"C’est fait pour la pièce {piece}.")


def _refuser(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    piece, _ = lire_objet(objet)
    joints = poste.joints("memoire")
    nom = valeurs.get("memoire", "").split(" ; ")[0].strip()
    octets = len(joints[0][1]) if joints else 1
    jointe = {"piece_jointe": nom, "piece_jointe_octets": str(octets)} if nom else {}
    commentaire = valeurs.get("commentaire", "").strip()
    dit = {"commentaire": commentaire} if commentaire else {}
    poste.guichet.faire(poste.acteur, "refuser", piece, version=_version(valeurs), **jointe, **dit)
    return suites.apres(poste, piece, f"Décompte général {piece} refusé, avec votre mémoire en réclamation.")


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
        gestes={"deposer": _deposer, "geste": _geste, "refuser": _refuser},
        formulaire=_formulaire,
        initiales=_initiales,
        controles=_controles,
        verifies=frozenset({"deposer"}),
        titre_objet=_titre,
    ),
)
