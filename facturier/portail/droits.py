"""Rights: one function, asked by every act, and the act by which a trainer shares the roles out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from facturier import referentiel
from facturier.annuaire import Annuaire
from facturier.portail import partenaires
from facturier.portail.actes import Acte, Contexte, Manquement
from facturier.portail.controles_compte import detient
from facturier.portail.etat import Etat
from facturier.portail.evenements import ANIMATEUR, ROLES, SIMULE, SYSTEME, Acteur, Evenement, lire_moment
from facturier.portail.ouverture import Ouverture
from facturier.portail.refus import RefusPortail

CONFIER = "confier"
RESERVES = frozenset({ANIMATEUR, SIMULE, SYSTEME})
"""Names that no participant may take."""

_COMPTE = re.compile(r"C[0-9]{4,5}")
_PARTICIPANT = re.compile(r"[a-z][a-z0-9-]{1,39}")


@lru_cache(maxsize=1024)
def espace(role: str, cadre: str) -> str:
    """Code of the space where that role makes its gestures on a piece of that cadre, "" when none is needed.

    An unknown cadre is not a works one.
    """
    travaux = any(fiche.travaux for fiche in referentiel.cadres() if fiche.code == cadre)
    genres = ("travaux" if travaux else "simples", "toutes")
    return next((e.code for e in referentiel.espaces() if role in e.roles and e.pieces in genres), "")


def autoriser(
    etat: Etat,
    annuaire: Annuaire,
    ouverture: Ouverture,
    acteur: Acteur,
    espace: str = "",
    *,
    sans_compte: bool = False,
    libre: bool = False,
) -> None:
    """Refuse who may not act so.

    ``espace``: the space of the gesture. ``sans_compte``: nobody in particular may do it too. ``libre``: the role and
    structure are not looked at, only who acts.

    Raises:
        RefusPortail: the sentence says why, and what to do.
    """
    refus = _identite(etat, ouverture, acteur, sans_compte=sans_compte or libre)
    if not refus and not libre and acteur.par != ANIMATEUR:
        refus = _attribution(etat, annuaire, acteur) or _compte(etat, annuaire, acteur, espace)
    if refus:
        raise RefusPortail((refus,), ("droits",), code="droits")


def peut(etat: Etat, annuaire: Annuaire, ouverture: Ouverture, acteur: Acteur, espace: str = "") -> bool:
    """Whether that actor may act so."""
    try:
        autoriser(etat, annuaire, ouverture, acteur, espace)
    except RefusPortail:
        return False
    return True


def _identite(etat: Etat, ouverture: Ouverture, acteur: Acteur, *, sans_compte: bool) -> str:
    par = acteur.par
    if acteur.role == SYSTEME:
        return "Ce geste est automatique : le portail le fait lui-même."
    if par == SIMULE:
        return "Ce partenaire est simulé : le portail le fait agir lui-même."
    if par == ANIMATEUR:
        return "" if ouverture.classe else "Il n’y a pas d’animateur sur ce portail : agissez en votre nom."
    if acteur.role == ANIMATEUR and ouverture.classe:
        return "Ce geste revient à l’animateur."
    if _COMPTE.fullmatch(par):
        compte = etat.comptes.get(par)
        if compte is None:
            return f"Le compte {par} n’existe pas : créez-le d’abord."
        if compte.actif and compte.deconnecte:
            return "" if sans_compte else f"Le compte {par} n’est pas connecté : saisissez le code reçu dans sa boîte."
        return "" if compte.actif else f"Le compte {par} n’est pas activé : suivez le lien reçu dans sa boîte."
    if ouverture.comptes and not sans_compte:
        return "Ce portail demande un compte : connectez-vous d’abord."
    if not par:
        return "Dites qui agit : ce portail est celui d’une classe." if ouverture.classe and not sans_compte else ""
    if not ouverture.classe or par in RESERVES or not _PARTICIPANT.fullmatch(par):
        return "Ce nom de participant n’est pas connu de ce portail."
    return ""


def _attribution(etat: Etat, annuaire: Annuaire, acteur: Acteur) -> str:
    tenant = etat.attributions.get((acteur.role, acteur.structure), "")
    compte = etat.comptes.get(acteur.par)
    if not tenant or tenant == acteur.par or (compte is not None and detient(compte, tenant)):
        return ""
    qui = f"{referentiel.role(acteur.role).libelle} de « {_nom(annuaire, acteur.structure)} »"
    if partenaires.caractere(tenant):
        return f"Le rôle {qui} est tenu par un partenaire simulé : attendez sa réponse."
    return f"Le rôle {qui} est tenu par « {tenant} » : ce geste lui revient." if acteur.par else ""


def _compte(etat: Etat, annuaire: Annuaire, acteur: Acteur, code: str) -> str:
    compte = etat.comptes.get(acteur.par)
    if compte is None or not acteur.structure:
        return ""
    nom = _nom(annuaire, acteur.structure)
    if acteur.structure not in compte.rattachements:
        return f"Le compte {compte.id} n’est pas rattaché à « {nom} » : demandez ce rattachement à son gestionnaire."
    if code and code not in compte.habilitations.get(acteur.structure, frozenset()):
        ouvert = referentiel.espace(code).libelle
        return (
            f"Le compte {compte.id} n’est pas habilité à l’espace « {ouvert} » de « {nom} » : demandez cette "
            "habilitation à son gestionnaire."
        )
    return ""


def _nom(annuaire: Annuaire, siret: str) -> str:
    structure = annuaire.structures.get(siret)
    return structure.nom if structure is not None else siret


def _confier(contexte: Contexte) -> list[Manquement]:
    refus: list[Manquement] = []
    if contexte.acteur.par != ANIMATEUR:
        refus.append(("animateur", "L’animateur seul répartit les rôles."))
    role, siret, tenant = contexte.texte("role"), contexte.texte("structure"), contexte.texte("a")
    if role not in ROLES or role in (SYSTEME, ANIMATEUR):
        refus.append(("role", "Choisissez un rôle de la liste."))
    if siret not in contexte.annuaire.structures:
        refus.append(("structure", f"Aucune structure ne porte le SIRET « {siret[:20]} » dans l’annuaire."))
    simule = partenaires.caractere(tenant)
    personne = (_PARTICIPANT.fullmatch(tenant) and tenant not in RESERVES) or tenant in contexte.etat.comptes
    if tenant and simule not in partenaires.CARACTERES and not personne:
        connus = ", ".join(partenaires.PREFIXE + nom for nom in partenaires.CARACTERES)
        refus.append(("tenant", f"Confiez ce rôle à un participant, à un partenaire simulé ({connus}) ou à personne."))
    return refus


def _confie(etat: Etat, evenement: Evenement) -> Etat:
    donnees = {champ: texte.strip() for champ, texte in evenement["donnees"].items()}
    cle = (donnees["role"], donnees["structure"])
    autres = {paire: tenant for paire, tenant in etat.attributions.items() if paire != cle}
    tenant = donnees.get("a", "")
    sieges = etat.sieges
    if etat.chantiers:
        sieges = {paire: quand for paire, quand in sieges.items() if paire != cle}
        if partenaires.caractere(tenant):
            sieges[cle] = lire_moment(evenement["quand"])
    return replace(etat, attributions={**autres, cle: tenant} if tenant else autres, sieges=sieges)


ACTES: Mapping[str, Acte] = {
    CONFIER: Acte(
        CONFIER, "Confier un rôle", (), ("role", "structure", "a"), _confier, _confie, portail=True, libre=True
    )
}
