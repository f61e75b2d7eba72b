"""Who may act on a structure: its gestionnaire principal, who is habilitated to its organisation, the trainer."""

from __future__ import annotations

from facturier import referentiel
from facturier.annuaire import Structure
from facturier.portail.actes import Contexte, Manquement
from facturier.portail.etat import Etat
from facturier.portail.evenements import ANIMATEUR
from facturier.portail.personnes import Compte

ORGANISATION = "organisation"


def espaces_de(structure: Structure) -> tuple[str, ...]:
    """Codes of the spaces that exist for that structure: a private one receives no invoice on Chorus Pro."""
    return tuple(
        e.code
        for e in referentiel.espaces()
        if structure.publique or not e.roles or not set(e.roles) <= {"destinataire", "comptable"}
    )


def espaces_d_entree(structure: Structure, *, gestionnaire: bool) -> frozenset[str]:
    """The spaces given without being asked for; « Factures de travaux » never is, « Organisation » is the manager's."""
    fiches = {e.code: e for e in referentiel.espaces()}
    return frozenset(
        code
        for code in espaces_de(structure)
        if fiches[code].pieces != "travaux" and (gestionnaire or code != ORGANISATION)
    )


def gestionnaire_de(etat: Etat, siret: str) -> Compte | None:
    """The account that runs that structure, None when nobody of this portal does."""
    return next((c for c in etat.comptes.values() if c.gere(siret)), None)


def siret_de(contexte: Contexte) -> str:
    """SIRET of the structure that the act is about, "" when its object is not one."""
    return contexte.objet[1:] if contexte.objet.startswith("S") else ""


def par_compte(contexte: Contexte) -> tuple[Compte | None, list[Manquement]]:
    if not siret_de(contexte):
        return None, [("objet", "Ce geste vise une structure : donnez « S » suivi de son SIRET.")]
    compte = contexte.etat.comptes.get(contexte.acteur.par)
    if compte is None:
        return None, [("compte", "Ce geste se fait avec un compte : créez le vôtre, puis connectez-vous.")]
    return compte, []


def du_gestionnaire(contexte: Contexte) -> list[Manquement]:
    """Only the gestionnaire principal, in the name of that structure; the trainer may always."""
    if contexte.acteur.par == ANIMATEUR and siret_de(contexte):
        return []
    compte, refus = par_compte(contexte)
    if compte is None:
        return refus
    siret = siret_de(contexte)
    if contexte.acteur.structure != siret or not compte.gere(siret):
        return [("gestionnaire", f"Ce geste revient au gestionnaire principal de « {nom_de(contexte, siret)} ».")]
    return []


def de_l_organisation(contexte: Contexte) -> list[Manquement]:
    """The gestionnaire principal, or an account habilitated to the space « Organisation » of that structure."""
    if contexte.acteur.par == ANIMATEUR and siret_de(contexte):
        return []
    compte, refus = par_compte(contexte)
    if compte is None:
        return refus
    siret = siret_de(contexte)
    ouvert = compte.gere(siret) or compte.habilite(siret, ORGANISATION)
    if contexte.acteur.structure != siret or not ouvert:
        phrase = (
            f"Ce geste demande d’être gestionnaire de « {nom_de(contexte, siret)} », ou habilité à son espace "
            f"« {referentiel.espace(ORGANISATION).libelle} »."
        )
        return [("organisation", phrase)]
    return []


def nom_de(contexte: Contexte, siret: str) -> str:
    structure = contexte.annuaire.structures.get(siret)
    return structure.nom if structure is not None else siret
