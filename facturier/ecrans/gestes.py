"""The gestures of a piece's life as forms: what each asks for, drawn from the table and its guards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from facturier import cycle, referentiel
from facturier.champs import Champ, FormulaireDef, Valeurs
from facturier.champs import def_facture as defs
from facturier.ecrans import joints, regard, saisie
from facturier.ecrans.blocs import Bloc, Bouton, Boutons, Cible, Lien, Liens, Message, Paragraphe, a_remplir
from facturier.ecrans.destinataire import options_destinataire
from facturier.ecrans.ecran import Ecran, Suite
from facturier.ecrans.recit import rappel
from facturier.ecrans.sieges import nom_structure, siege_de
from facturier.erreurs import ErreurFacturier
from facturier.portail import offres
from facturier.portail.evenements import SYSTEME
from facturier.portail.gardes import GARDES
from facturier.portail.pieces import Piece
from facturier.portail.pliage import ENVOYER, SUIVANTE
from facturier.referentiel.lignes import Transition

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

_EFFETS: Mapping[str, str] = {
    "demander_recyclage": "recyclage",
    "poser_a_recycler": "recyclage",
    "suspendre": "suspension",
    "rejeter": "rejet",
    "refuser": "refus",
    "signaler_erreur_valideur": "refus_valideur",
}
"""What a motif must be able to do, for each gesture that asks for one."""
PRET = "Tout est rempli : vous pouvez valider."
SANS_OBLIGATION = "Aucun champ n’est obligatoire : donnez ce qui vous est demandé, puis validez."
_ORDRE = ("portail", "chorus-pro", "norme-pa", "norme-ppf")


def objet_du_geste(piece: str, action: str) -> str:
    """The object of the screen « geste »: a piece and an action."""
    return f"{piece}:{action}"


def transition(poste: Poste, objet: str) -> tuple[Piece, Transition]:
    """The piece and the row that the screen is about.

    Raises:
        ErreurFacturier: no such piece, or it is no longer possible.
    """
    numero, _, action = objet.partition(":")
    piece = regard.piece(poste, numero)
    for possible in poste.guichet.gestes(poste.acteur, piece.id):
        if possible.action == action:
            return piece, possible
    statut = referentiel.statut(piece.statut).libelle
    raise ErreurFacturier(
        f"Ce geste n’est pas possible sur la pièce {piece.id} (statut « {statut} ») : revenez à sa fiche."
    )


def demande_rien(possible: Transition) -> bool:
    """Whether that gesture is made by one click: it asks for a comment at most."""
    garde = GARDES.get(possible.garde)
    return garde is not None and garde.champs == ("commentaire",)


def motifs(action: str, piece: Piece) -> Sequence[tuple[str, str]]:
    """The reasons that this gesture may give, those of Chorus Pro first, each code once."""
    effet = _EFFETS.get(action, "refus")
    admis = [
        m for m in referentiel.motifs() if effet in m.effets or (effet == "refus_valideur" and m.code == "ERR_VALIDEUR")
    ]
    travaux = referentiel.cadre(piece.cadre).travaux
    if travaux and action == "refuser":
        admis = [m for m in admis if m.refus_travaux]
    rangees = sorted(admis, key=lambda m: _ORDRE.index(m.referentiel))
    return tuple({m.code: m.libelle for m in reversed(rangees)}.items())[::-1]


def boutons(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    """What may be done now from here: buttons for what asks nothing, links to a form for the rest."""
    directs: list[Bouton] = []
    formulaires: list[Lien] = []
    for possible in poste.guichet.gestes(poste.acteur, piece.id):
        if possible.action == ENVOYER:
            formulaires.append(Lien("Reprendre ce brouillon et l’envoyer", Cible("saisie_recapitulatif", piece.id)))
        elif possible.action == SUIVANTE:
            formulaires.append(Lien(possible.libelle, Cible("travaux_suivante", piece.id)))
        elif demande_rien(possible):
            genre = "danger" if possible.action in ("supprimer", "abandonner") else "principal"
            directs.append(
                Bouton(
                    "faire",
                    possible.libelle,
                    "danger" if genre == "danger" else "principal",
                    {"action": possible.action},
                    f"pièce {piece.id}",
                    f"{possible.libelle} ? Ce geste ne se défait pas." if genre == "danger" else "",
                )
            )
        else:
            formulaires.append(Lien(possible.libelle, Cible("geste", objet_du_geste(piece.id, possible.action))))
    if piece.statut == "REJETEE" and piece.deposant == poste.acteur.structure:
        formulaires.append(
            Lien("Refaire une facture, sous un nouveau numéro", Cible("saisie_destinataire", saisie.REFAIRE + piece.id))
        )
    uniques = list({lien.cible: lien for lien in formulaires}.values())
    surs, dangers = ([b for b in directs if (b.genre == "danger") is grave] for grave in (False, True))
    blocs = [
        Boutons(surs) if surs else None,
        Liens(uniques) if uniques else None,
        Boutons(dangers) if dangers else None,
    ]
    return [bloc for bloc in blocs if bloc is not None]  # what cannot be undone comes last


def attendus(poste: Poste, piece: Piece) -> Sequence[tuple[str, str, tuple[Transition, ...]]]:
    """Who may act on that piece now: role, structure, gestures; nobody when its life is over."""
    au, bascules = poste.guichet.maintenant.date(), poste.guichet.etat.bascules
    possibles = offres.offertes(
        piece, cycle.transitions_possibles(piece.cadre, piece.statut, au=au, bascules=bascules), poste.guichet.annuaire
    )
    par_role: dict[str, list[Transition]] = {}
    for possible in possibles:
        if possible.role != SYSTEME:
            par_role.setdefault(possible.role, []).append(possible)
    return [
        (role, structure, tuple(gestes)) for role, gestes in par_role.items() if (structure := piece.structure_du(role))
    ]


def suite_de(poste: Poste, piece: Piece) -> Cible:
    """Where to go once a gesture is made: the seat that must act now, when this person may take it, on that piece."""
    dernier = regard.piece(poste, piece.suivante) if piece.suivante else piece
    for role, structure, _ in attendus(poste, dernier):
        siege = siege_de(poste, role, structure)
        if siege is not None and siege.acteur != poste.acteur:
            return Cible("fiche", dernier.id, siege.cle)
    return Cible("fiche", dernier.id)


def qui_agit(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    """Who must act now, with a way to their seat when this person plays them too."""
    qui = attendus(poste, piece)
    if not qui:
        return []
    lignes: list[str | Lien] = []
    for role, structure, gestes in qui:
        designation = referentiel.role(role).libelle
        noms = ", ".join(dict.fromkeys(g.libelle.lower() for g in gestes))
        texte = f"{designation}, {nom_structure(poste, structure)} : {noms}"
        siege = siege_de(poste, role, structure)
        autre = siege is not None and siege.acteur != poste.acteur
        lignes.append(
            Lien(f"Agir comme {designation} : {noms}", Cible("fiche", piece.id, siege.cle))
            if autre and siege
            else texte
        )
    return [Message("info", "Qui peut agir maintenant ?", lignes)]


# --- the screen of a gesture that asks for something ------------------------------------------------------------


def _formulaire(poste: Poste, objet: str) -> FormulaireDef:
    possible = transition(poste, objet)[1]
    garde = GARDES[possible.garde]
    champs = [defs.DU_GESTE[champ] for champ in garde.champs if champ in defs.DU_GESTE]
    if possible.garde == "memoire_en_reclamation":
        champs = [
            replace(c, obligatoire=True, libelle="Mémoire en réclamation") if c.id == "piece_jointe" else c
            for c in champs
        ]
    return FormulaireDef(id="geste", titre=possible.libelle, champs=tuple(champs), controles=_controles(champs))


def _controles(champs: Sequence[Champ]) -> tuple[str, ...]:
    return ("destinataire_public", "service_connu") if any(c.id == "destinataire_siret" for c in champs) else ()


def _initiales(poste: Poste, objet: str) -> Valeurs:
    """What a correction starts from: the piece as it is."""
    piece, possible = transition(poste, objet)
    return {
        c: piece.valeurs.get(c, "") for c in GARDES[possible.garde].champs if c in piece.valeurs and c != "commentaire"
    }


def _options(poste: Poste, objet: str, champ: Champ) -> Sequence[tuple[str, str]] | None:
    if champ.id == "motif":
        piece, possible = transition(poste, objet)
        return motifs(possible.action, piece)
    return options_destinataire(poste, champ)


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    piece, possible = transition(poste, objet)
    explication = [Paragraphe(f"{possible.commentaire.rstrip('.')}.")] if possible.commentaire else []
    return [
        Paragraphe(f"Pièce {piece.id}, n° {piece.numero or 'sans numéro'}."),
        *rappel(poste),
        *explication,
        *a_remplir(
            PRET if any(c.obligatoire for c in _formulaire(poste, objet).champs) else SANS_OBLIGATION,
            Bouton("valider", possible.libelle),
            liens=[Lien("Revenir à la fiche de la pièce", Cible("fiche", piece.id))],
        ),
    ]


def _valider(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    piece, possible = transition(poste, objet)
    return accomplir(poste, piece, possible, valeurs)


def accomplir(poste: Poste, piece: Piece, possible: Transition, valeurs: Mapping[str, str]) -> Suite:
    """Make that gesture, with what the guard admits of what was entered."""
    admis = GARDES[possible.garde].champs
    donnees = {champ: valeurs[champ] for champ in admis if valeurs.get(champ, "").strip()}
    jointes = joints.jointes(poste, "piece_jointe")
    if "piece_jointe" in admis and jointes:
        nom, octets = jointes[-1]
        donnees |= {"piece_jointe": nom, "piece_jointe_octets": str(octets)}
    elif "piece_jointe" in donnees:
        del donnees["piece_jointe"]  # named before a reload: its file is to be given again
    poste.guichet.faire(poste.acteur, possible.action, piece.id, version=poste.guichet.version(piece.id), **donnees)
    apres = regard.piece(poste, piece.id)
    statut = referentiel.statut(apres.statut).libelle
    return Suite(
        f"« {possible.libelle} » : c’est fait. Statut de la pièce {piece.id} : {statut}.", suite_de(poste, apres)
    )


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="geste",
        titre="Un geste sur une pièce",
        titre_objet=lambda poste, objet: transition(poste, objet)[1].libelle,
        composer=_composer,
        gestes={"valider": _valider},
        formulaire=_formulaire,
        initiales=_initiales,
        options=_options,
        verifies=frozenset({"valider"}),
    ),
)
