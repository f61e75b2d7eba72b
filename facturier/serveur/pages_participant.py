"""One learner, one space, one piece: looking without touching, helping, making something happen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from facturier.portail import EVENEMENTS_MAX
from facturier.portail.jalons import TEXTE_MAX
from facturier.portail.temps import JOURS_MAX
from facturier.serveur import pages_mots as mots
from facturier.serveur import pages_vues as vues
from facturier.serveur.pages_rendu import Animee, Recus, RoutePage, Visite
from facturier.serveur.refus import RefusClasse

routes = APIRouter(prefix="/animateur", route_class=RoutePage, include_in_schema=False)
_DONNEE = "champ:"


@routes.get("/participants/{nom}", response_model=None)
def participant(venue: Animee, nom: str, direct: Annotated[bool, Query()] = False) -> Response:
    """What they are doing, in their own space and in their group's."""
    venue.animation.classe.participants.participant(nom)
    if direct:
        version = f"{vues.version(venue.animation.classe, nom)}|{nom}"
        return venue.fragment("_participant.html", version, lambda: _voir(venue, nom))
    return venue.page("participant.html", vue=_voir(venue, nom), caracteres=mots.caracteres())


@routes.post("/participants/{nom}/aide")
def aide(venue: Animee, nom: str, champs: Recus) -> RedirectResponse:
    """The trainer has seen the request for help."""
    venue.animation.aide_donnee(nom)
    retour = f"/animateur/participants/{nom}" if champs.get("retour") == "participant" else "/animateur"
    return venue.vers(retour, f"La demande d’aide {mots.de(_prenom(venue, nom))} est marquée comme vue.")


@routes.post("/participants/{nom}/absent", response_model=None)
def absent(venue: Animee, nom: str, champs: Recus) -> Response:
    """Their roles are played by simulated partners."""
    prenom = _prenom(venue, nom)
    retour = f"/animateur/participants/{nom}"
    if champs.get("confirme") != "oui":
        phrases = (
            f"Les rôles {mots.de(prenom)} dans son groupe seront joués par des partenaires simulés.",
            f"{prenom} garde son travail individuel, et retrouve ses rôles dès son retour.",
        )
        return venue.confirmer(f"Simuler les rôles {mots.de(prenom)}", phrases, champs, retour)
    venue.animation.absenter(nom, champs.get("caractere", ""))
    return venue.vers(retour, f"Les rôles {mots.de(prenom)} sont joués par des partenaires simulés.")


@routes.post("/participants/{nom}/recommencer", response_model=None)
def recommencer(venue: Animee, nom: str, champs: Recus) -> Response:
    """Another token, or an empty space of their own; the former one is kept aside."""
    prenom = _prenom(venue, nom)
    acces, travail = champs.get("acces") == "oui", champs.get("travail") == "oui"
    retour = f"/animateur/participants/{nom}"
    if not acces and not travail:
        raise RefusClasse("Cochez ce qu’il faut réinitialiser : l’accès, le travail, ou les deux.", code="forme")
    if champs.get("confirme") != "oui":
        phrases = []
        if acces:
            phrases.append(f"{prenom} devra rejoindre de nouveau la classe avec le code, sous le même prénom.")
        if travail:
            phrases.append(
                f"Le travail individuel {mots.de(prenom)} repart du début. "
                "L’ancien journal est mis de côté, jamais détruit : vous le retrouverez sur sa page."
            )
        return venue.confirmer(f"Réinitialiser {prenom}", phrases, champs, retour)
    venue.animation.reinitialiser(nom, acces=acces, travail=travail)
    return venue.vers(retour, f"C’est fait pour {prenom}.")


@routes.get("/espaces/{espace}")
def un_espace(venue: Animee, espace: str, avant: Annotated[int, Query(ge=0, le=EVENEMENTS_MAX)] = 0) -> HTMLResponse:
    """A space: its clock, its roles, its pieces, its journal."""
    return venue.page(
        "espace.html",
        espace=vues.espace(venue.animation.classe, espace, avant),
        notifiables=venue.animation.notifiables(espace),
        texte_max=TEXTE_MAX,
        jours_max=JOURS_MAX,
    )


@routes.post("/espaces/{espace}/notifier", response_model=None)
def notifier(venue: Animee, espace: str, champs: Recus) -> RedirectResponse:
    """Notify something on a market, in the name of who notifies there."""
    code, marche = champs.get("action", ""), champs.get("marche", "")
    fait = venue.animation.notifier(espace, marche, code, champs.get("texte", "").strip())
    phrase = f"« {mots.action(code)} » est fait sur le marché {marche}, le {mots.quand(fait['quand'])}."
    return venue.vers(f"/animateur/espaces/{espace}", phrase)


@routes.get("/espaces/{espace}/pieces/{piece}")
def une_piece(venue: Animee, espace: str, piece: str) -> HTMLResponse:
    """A piece, and what can happen to it now."""
    return venue.page(
        "piece.html", espace=espace, piece=vues.piece(venue.animation, espace, piece), saisie={}, refus=()
    )


@routes.post("/espaces/{espace}/pieces/{piece}", response_model=None)
def injecter(venue: Animee, espace: str, piece: str, champs: Recus) -> Response:
    """Make it happen, in the name of a role, under the rules of the portal."""
    action = champs.get("action", "")
    donnees = {
        cle.removeprefix(_DONNEE): valeur.strip()
        for cle, valeur in champs.items()
        if cle.startswith(_DONNEE) and valeur.strip()
    }
    version = champs.get("version", "")
    geste = next(
        (
            g
            for g in vues.piece(venue.animation, espace, piece)["gestes"]
            if (g["action"], g["role"], g["structure"]) == (action, champs.get("role"), champs.get("structure"))
        ),
        None,
    )
    if geste is None:
        raise RefusClasse(
            "Ce geste n’est plus possible : la pièce a changé. Relisez-la, puis recommencez.", code="version-perimee"
        )
    fait = venue.animation.injecter(
        espace,
        geste["role"],
        geste["structure"],
        action,
        piece,
        donnees,
        version=int(version) if version.isascii() and version.isdigit() and len(version) <= 6 else None,
    )
    role = mots.role(geste["role"])
    phrase = f"« {geste['libelle']} » est fait au nom de ce rôle : {role}, le {mots.quand(fait['quand'])}."
    return venue.vers(f"/animateur/espaces/{espace}/pieces/{piece}", phrase)


def _voir(venue: Visite, nom: str) -> dict[str, object]:
    classe = venue.animation.classe
    ligne = classe.participants.participant(nom)
    suivi = classe.participants.suivi(nom)
    maintenant = classe.horloge()
    noms, noms_de_tous = classe.espaces_de(ligne), vues.prenoms(classe)
    return {
        "nom": nom,
        "prenom": _prenom(venue, nom),
        "ligne": ligne,
        "present": classe.participants.present(nom),
        "vu": suivi.vu,
        "refus": suivi.refus,
        "bloque": vues.minutes(maintenant, suivi.bloque_depuis) if suivi.bloque_depuis else None,
        "aide_depuis": vues.minutes(maintenant, ligne.aide),
        "formulaire": venue.animation.formulaire(nom),
        "espaces": [vues.espace(classe, espace) for espace in reversed(noms)],
        "anciens": [
            (e, vues.titre(e, noms_de_tous), vues.longueur(classe, e)[0]) for e in vues.anciens(classe, nom, ligne.solo)
        ],
    }


def _prenom(venue: Visite, nom: str) -> str:
    return mots.court(venue.animation.classe.participants.participant(nom).prenom, 60)
