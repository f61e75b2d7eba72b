"""What waits for this seat: subcontractors’ and members’ demands to accept or refuse, pieces to take on, to pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier import referentiel
from facturier.champs import Champ, FormulaireDef, Valeurs
from facturier.champs.def_travaux import REPONSE_VALIDEUR
from facturier.delais.etapes import en_date
from facturier.ecrans import dessins, suites
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Cellule,
    Champs,
    Cible,
    Definitions,
    Dessin,
    Etiquette,
    Lien,
    Liens,
    Message,
    Paragraphe,
    Repli,
    Section,
    Tableau,
)
from facturier.ecrans.chantier_vue import decompte_dessine
from facturier.ecrans.ecran import Ecran, Suite
from facturier.erreurs import ErreurFacturier
from facturier.portail import demande as lecture
from facturier.portail.echeances import EcheancePiece, NonCalculable, reponses_de
from facturier.portail.pieces import Piece
from facturier.portail.pliage import SUIVANTE
from facturier.portail.refus import RefusPortail
from facturier.referentiel.lignes import Transition

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

REFUSER, ERREUR_VALIDEUR = "refuser", "signaler_erreur_valideur"
_VIDE = FormulaireDef(id="valider", titre="Répondre à la demande", champs=())
_CONFIRMER = ("abandonner", ERREUR_VALIDEUR)
_CITE_MAX = 30


def _piece(poste: Poste, objet: str) -> Piece | None:
    return poste.guichet.etat.pieces.get(objet)


def _gestes(poste: Poste, piece: Piece) -> tuple[Transition, ...]:
    return poste.guichet.gestes(poste.acteur, piece.id)


def _formulaire(poste: Poste, objet: str) -> FormulaireDef:
    """The reason and the comment, when a refusal is possible."""
    piece, siege = _piece(poste, objet), poste.siege
    if piece is None or siege is None:
        return _VIDE
    refusable = any(t.action == REFUSER for t in suites.gestes_de(poste, piece, siege))
    return REPONSE_VALIDEUR if refusable and not _par_memoire(poste, piece) else _VIDE


def _par_memoire(poste: Poste, piece: Piece) -> bool:
    siege = poste.siege
    gestes = suites.gestes_de(poste, piece, siege) if siege is not None else ()
    return any(t.garde == "memoire_en_reclamation" for t in gestes)


def _options(poste: Poste, objet: str, champ: Champ) -> Sequence[tuple[str, str]] | None:
    """The reasons that may found the refusal of that piece."""
    if champ.id != "motif":
        return None
    piece = _piece(poste, objet)
    travaux = piece is not None and referentiel.cadre(piece.cadre).travaux
    motifs = sorted(referentiel.motifs(poste.guichet.maintenant.date()), key=lambda m: m.referentiel != "chorus-pro")
    choix: dict[str, str] = {}
    for motif in motifs:
        refuse = {"refus", "refus_valideur"} & set(motif.effets)
        if refuse and (motif.refus_travaux or not travaux):
            choix.setdefault(motif.code, motif.libelle)
    return tuple(choix.items())


# what is shown


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    return _une(poste, poste.guichet.piece(objet)) if objet else _liste(poste)


def _liste(poste: Poste) -> Sequence[Bloc]:
    attentes = poste.guichet.tableau(poste.acteur).attentes
    rangees = [_rangee(poste, a.piece, a.gestes) for a in attentes]
    colonnes = ("Pièce", "Déposée par", "Montant TTC", "Statut", "À répondre avant", "Votre réponse")
    blocs: list[Bloc] = [
        Paragraphe("Ouvrez une pièce pour la lire ; un geste simple se fait d’ici, en un clic."),
        Tableau("Ce qui attend votre réponse", colonnes, rangees, vide="Rien n’attend de réponse à cette place."),
    ]
    autres = _ailleurs(poste)
    if autres:
        blocs.append(
            Section("Vos autres places", [Paragraphe("On y attend aussi une réponse de vous."), Liens(autres)])
        )
    return blocs


def _rangee(poste: Poste, piece: Piece, gestes: Sequence[Transition]) -> Sequence[Cellule]:
    ttc = lecture.montant(piece.valeurs, "montant_ttc")
    nom = f"{piece.id} — {piece.cadre} n° {piece.numero}"
    return (
        Lien(nom, Cible("valider", piece.id)),
        _nom(poste, piece.deposant),
        ttc if ttc is not None else "",
        Etiquette(referentiel.statut(piece.statut).libelle),
        _avant(piece, poste),
        _reponse(poste, piece, gestes),
    )


def _reponse(poste: Poste, piece: Piece, gestes: Sequence[Transition]) -> Cellule:
    action = suites.ordinaire(piece, poste.acteur.role, gestes)
    if action == SUIVANTE:
        return Lien("Déposer la pièce suivante", Cible("travaux_suivante", piece.id), f"après la pièce {piece.id}")
    geste = next((t for t in suites.simples(gestes) if t.action == action), None)
    if geste is None:
        return Lien("Voir ce qui est possible", Cible("fiche", piece.id), f"pour la pièce {piece.id}")
    return _bouton(geste, piece, genre="principal")


def _bouton(geste: Transition, piece: Piece, *, genre: str) -> Bouton:
    valeurs = {"piece": piece.id, "action": geste.action, "vue": str(len(piece.historique))}
    confirmer = f"« {geste.libelle} » la pièce {piece.id} ?" if geste.action in _CONFIRMER else ""
    principal = genre == "principal"
    return Bouton(
        "geste",
        geste.libelle,
        "principal" if principal else "second",
        valeurs,
        f"de la pièce {piece.id}",
        confirmer,
    )


def _avant(piece: Piece, poste: Poste) -> Cellule:
    limites = [e.echeance.limite for e in _delais(piece) if e.role == poste.acteur.role and e.fait is None]
    dates = [limite for limite in limites if limite is not None]
    return min(dates) if dates else "sans délai fixé"


def _delais(piece: Piece) -> list[EcheancePiece]:
    return list(reponses_de(piece))


def _nom(poste: Poste, siret: str) -> str:
    structure = poste.guichet.annuaire.structures.get(siret)
    return structure.nom if structure is not None else siret


def _ailleurs(poste: Poste) -> list[Lien]:
    actuel = poste.siege
    trouves = []
    for siege in poste.sieges:
        if actuel is None or siege.cle == actuel.cle:
            continue
        pieces = [
            p
            for p in poste.guichet.pieces()
            if suites.ordinaire(p, siege.acteur.role, suites.gestes_de(poste, p, siege))
        ]
        if pieces:
            combien = "1 pièce" if len(pieces) == 1 else f"{len(pieces)} pièces"
            trouves.append(Lien(f"{siege.libelle} ({combien})", Cible("valider", "", siege.cle)))
    return trouves


def _une(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    gestes = _gestes(poste, piece)
    cadre = referentiel.cadre(piece.cadre)
    ht, ttc = (lecture.montant(piece.valeurs, c) for c in ("montant_ht", "montant_ttc"))
    paires: list[tuple[str, Cellule]] = [
        ("Pièce", f"{cadre.code} — {cadre.libelle}, n° {piece.numero}"),
        ("Déposée par", _nom(poste, piece.deposant)),
        ("Marché", Lien(piece.marche, Cible("marche", piece.marche)) if piece.marche else "sans marché"),
        ("Montant HT", ht if ht is not None else "illisible"),
        ("Montant TTC", ttc if ttc is not None else "illisible"),
        ("Statut", Etiquette(referentiel.statut(piece.statut).libelle)),
    ]
    if commentaire := lecture.texte(piece.valeurs, "commentaire"):
        paires.append(("Commentaire du déposant", commentaire))
    blocs: list[Bloc] = [Definitions(f"Pièce {piece.id}", paires)]
    blocs += _delai_dit(poste, piece)
    blocs += _reponses(poste, piece, gestes)
    frises = [dessins.frise(f) for f in poste.guichet.frises(poste.acteur, piece.id)]
    if frises:
        blocs.append(Section("Les délais", [Dessin(svg, texte) for svg, texte in frises]))
    blocs += _decompte(poste, piece)
    blocs.append(Liens([Lien(f"Tout savoir de la pièce {piece.id}", Cible("fiche", piece.id)), _retour()]))
    return blocs


def _retour() -> Lien:
    return Lien("Ce qui vous attend", Cible("valider"))


def _delai_dit(poste: Poste, piece: Piece) -> list[Bloc]:
    """What happens when this seat stays silent, with the text that says it."""
    au = poste.guichet.maintenant.date()
    dits = []
    for attendue in _delais(piece):
        limite = attendue.echeance.limite
        if attendue.role != poste.acteur.role or attendue.fait is not None or limite is None or attendue.silence:
            continue
        ligne = referentiel.delai(attendue.echeance.code, attendue.echeance.depart)
        effet = f" Passé ce jour : {ligne.effet}." if ligne.effet else ""
        doute = "" if ligne.fiabilite == "établi" else f" (fait « {ligne.fiabilite} »)"
        dits.append(f"{ligne.objet} : jusqu’au {en_date(limite)} inclus.{effet} Source : {ligne.source}{doute}.")
    ton = "alerte" if any(e.issue(au) == "dépassée" for e in _delais(piece)) else "info"
    return [Message("alerte" if ton == "alerte" else "info", phrase) for phrase in dits]


def _reponses(poste: Poste, piece: Piece, gestes: Sequence[Transition]) -> list[Bloc]:
    if not gestes:
        return [Message("info", "Cette pièce n’attend rien de vous à cette place : vous pouvez la lire.")]
    ordinaire = suites.ordinaire(piece, poste.acteur.role, gestes)
    boutons = [
        _bouton(t, piece, genre="principal" if t.action == ordinaire else "second") for t in suites.simples(gestes)
    ]
    blocs: list[Bloc] = []
    if any(t.action == SUIVANTE for t in gestes):
        blocs.append(Liens([Lien("Déposer la pièce suivante", Cible("travaux_suivante", piece.id))]))
    if boutons:
        boutons.sort(key=lambda b: b.genre != "principal")
        blocs.append(Boutons(boutons))
    if any(t.action == REFUSER for t in gestes) and not _par_memoire(poste, piece):
        valeurs = {"piece": piece.id, "vue": str(len(piece.historique))}
        question = f"Refuser la pièce {piece.id} pour ce motif ?"
        blocs += [
            Champs(("motif", "commentaire"), "Pour refuser, dites pourquoi"),
            Boutons([Bouton(REFUSER, "Refuser", "danger", valeurs, f"la pièce {piece.id}", question)]),
        ]
    return blocs


def _decompte(poste: Poste, piece: Piece) -> list[Bloc]:
    if not referentiel.cadre(piece.cadre).travaux:
        return []
    calcule = poste.guichet.calculs(poste.acteur, piece.id).decompte
    if isinstance(calcule, NonCalculable):
        return []
    return [Repli("Le décompte que porte cette pièce", list(decompte_dessine(calcule)))]


# gestures


def _visee(objet: str, valeurs: Valeurs) -> str:
    return objet or valeurs.get("piece", "")


def _version(valeurs: Valeurs) -> int | None:
    vue = valeurs.get("vue", "")
    return int(vue) if vue.isascii() and vue.isdigit() and len(vue) < 6 else None


def _geste(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    piece = poste.guichet.piece(_visee(objet, valeurs))
    action = valeurs.get("action", "")
    geste = next((t for t in suites.simples(_gestes(poste, piece)) if t.action == action), None)
    if geste is None:
        phrase = f"La pièce {piece.id} n’attend pas, ou plus, ce geste de vous : relisez-la."
        raise RefusPortail((phrase,), ("geste",))
    commentaire = valeurs.get("commentaire", "").strip()
    dit = {"commentaire": commentaire} if commentaire and objet else {}
    poste.guichet.faire(poste.acteur, geste.action, piece.id, version=_version(valeurs), **dit)
    return suites.apres(poste, piece.id, f"« {geste.libelle} » : c’est fait pour la pièce {piece.id}.")


def _refuser(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    piece = poste.guichet.piece(_visee(objet, valeurs))
    motif, commentaire = (valeurs.get(champ, "").strip() for champ in ("motif", "commentaire"))
    if not motif:
        raise ErreurFacturier("un refus demande un motif, choisissez-le dans la liste.", code="motif")
    dit = {"commentaire": commentaire} if commentaire else {}
    poste.guichet.faire(poste.acteur, REFUSER, piece.id, version=_version(valeurs), motif=motif, **dit)
    return suites.apres(poste, piece.id, f"Pièce {piece.id} refusée : son auteur en lira le motif.")


def _titre(poste: Poste, objet: str) -> str:
    return f"Répondre à la pièce {objet[:_CITE_MAX]}" if objet else "À valider et à traiter"


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="valider",
        titre="À valider et à traiter",
        composer=_composer,
        gestes={"geste": _geste, REFUSER: _refuser},
        rubrique="Validation",
        formulaire=_formulaire,
        titre_objet=_titre,
        options=_options,
    ),
)
