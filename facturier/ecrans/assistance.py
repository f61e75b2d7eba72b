"""Asking for help: the tree, question by question, then a request to who can answer; following it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier.champs import Champ, Valeurs
from facturier.champs import def_assistance as defs
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Champs,
    Cible,
    Definitions,
    Etiquette,
    Lien,
    Liens,
    Liste,
    Message,
    Paragraphe,
    Tableau,
    a_remplir,
)
from facturier.ecrans.ecran import Ecran, Suite
from facturier.portail.assistance import Feuille, arbre
from facturier.portail.personnes import Sollicitation
from facturier.portail.sollicitations import CLORE, CLOTUREE, LIBELLES, OUVRIR, RELANCER, est_auteur

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

RUBRIQUE = "Aide"


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    noeud = arbre().noeud(objet or arbre().racine)
    debut = [Lien("Repartir du début", Cible("assistance"))] if objet else []
    if isinstance(noeud, Feuille):
        return [*_feuille(noeud), Liens(debut)]
    choix = [Lien(choix.libelle, Cible("assistance", choix.vers)) for choix in noeud.choix]
    siennes = _siennes(poste)
    return [
        Paragraphe(noeud.texte),
        Liste(choix),
        *([Liens(debut)] if debut else []),
        *([_tableau(siennes)] if siennes and not objet else []),
    ]


def _feuille(feuille: Feuille) -> Sequence[Bloc]:
    """The answer, its source, and who to ask when it is not enough."""
    destinataire = arbre().destinataires[feuille.destination]
    doute = "" if feuille.fiabilite == "établi" else f" (point {feuille.fiabilite})"
    ecrire = [Lien("Écrire une sollicitation", Cible("sollicitation_ouvrir", feuille.id))]
    return [
        Message("info", feuille.texte),
        Paragraphe(f"Source : {feuille.source}{doute}.", note=True),
        Paragraphe(f"**À qui s’adresser :** {destinataire.libelle}."),
        Liens(ecrire),
    ]


def _siennes(poste: Poste) -> list[Sollicitation]:
    moi = poste.guichet.signataire(poste.acteur)
    return [s for s in poste.guichet.etat.sollicitations.values() if est_auteur(s, moi)]


def _tableau(siennes: Sequence[Sollicitation]) -> Tableau:
    rangees = [
        (Lien(s.id, Cible("sollicitation", s.id), s.sujet), s.sujet, Etiquette(LIBELLES[s.statut])) for s in siennes
    ]
    return Tableau("Vos sollicitations", ("Numéro", "Objet", "État"), rangees)


def _ouvrir(poste: Poste, objet: str) -> Sequence[Bloc]:
    feuille = arbre().noeud(objet)
    rappel = [Message("info", feuille.texte)] if isinstance(feuille, Feuille) else []
    return [
        *rappel,
        *a_remplir(
            "Vous pouvez envoyer votre sollicitation.",
            Bouton("ouvrir", "Envoyer la sollicitation"),
            liens=[Lien("Revenir à l’assistance", Cible("assistance", objet))],
        ),
    ]


def _ouverte(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    donnees = {champ.id: valeurs[champ.id] for champ in defs.SOLLICITATION.champs if valeurs[champ.id].strip()}
    numero = poste.guichet.faire(poste.acteur, OUVRIR, version=None, question=objet, **donnees)
    return Suite(f"Votre sollicitation {numero} est partie. La réponse arrivera ici.", Cible("sollicitation", numero))


def _options(poste: Poste, _: str, champ: Champ) -> Sequence[tuple[str, str]] | None:
    if champ.id == "destinataire":
        return tuple((d.code, d.libelle) for d in arbre().destinataires.values() if d.ticket)
    if champ.id == "client":
        publiques = (s for s in poste.guichet.annuaire.structures.values() if s.publique)
        return tuple((s.siret, s.nom) for s in sorted(publiques, key=lambda s: s.nom))
    return None


def la_sollicitation(poste: Poste, objet: str) -> Sollicitation:
    """That request, when it is theirs.

    Raises:
        ErreurFacturier: there is none of that number, or it is somebody else's.
    """
    from facturier.erreurs import ErreurFacturier

    trouvee = poste.guichet.etat.sollicitations.get(objet)
    if trouvee is None or not est_auteur(trouvee, poste.guichet.signataire(poste.acteur)):
        raise ErreurFacturier("Cette sollicitation n’est pas de celles que vous avez écrites : revenez à l’assistance.")
    return trouvee


def _suivre(poste: Poste, objet: str) -> Sequence[Bloc]:
    sollicitation = la_sollicitation(poste, objet)
    destinataire = arbre().destinataires.get(sollicitation.destinataire)
    echanges = [
        (e.quand, "vous" if e.de == "auteur" else (destinataire.libelle if destinataire else e.de), e.texte)
        for e in sollicitation.echanges
    ]
    ouverte = sollicitation.statut != CLOTUREE
    gestes = [
        Champs(),
        Boutons([Bouton("relancer", "Envoyer ce message"), Bouton("clore", "Clôturer", "second")]),
    ]
    return [
        Definitions(
            sollicitation.sujet,
            [
                ("État", Etiquette(LIBELLES[sollicitation.statut])),
                ("Adressée à", destinataire.libelle if destinataire else sollicitation.destinataire),
            ],
        ),
        Tableau("Échanges", ("Date", "Qui", "Message"), echanges),
        *(gestes if ouverte else [Paragraphe("Cette sollicitation est close.")]),
        Liens([Lien("Revenir à l’assistance", Cible("assistance"))]),
    ]


def _relancee(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    poste.guichet.faire(poste.acteur, RELANCER, objet, version=None, texte=valeurs["texte"])
    return Suite("Votre message est ajouté.")


def _close(poste: Poste, objet: str, _: Valeurs) -> Suite:
    poste.guichet.faire(poste.acteur, CLORE, objet)
    return Suite("La sollicitation est close.")


ECRANS: tuple[Ecran, ...] = (
    Ecran(id="assistance", titre="Assistance", composer=_composer, rubrique=RUBRIQUE),
    Ecran(
        id="sollicitation_ouvrir",
        titre="Écrire une sollicitation",
        composer=_ouvrir,
        gestes={"ouvrir": _ouverte},
        formulaire=defs.SOLLICITATION,
        options=_options,
        verifies=frozenset({"ouvrir"}),
    ),
    Ecran(
        id="sollicitation",
        titre="Sollicitation",
        titre_objet=lambda poste, objet: f"Sollicitation {la_sollicitation(poste, objet).id}",
        composer=_suivre,
        gestes={"relancer": _relancee, "clore": _close},
        formulaire=defs.REPONSE,
    ),
)
