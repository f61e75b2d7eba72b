"""The searchable directory: who can be invoiced, found by a name, a SIRET or a part of it, with parameters in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from facturier import referentiel
from facturier.annuaire import Annuaire, Structure

RESULTATS_MAX = 50
"""What one search shows at most."""
TEXTE_MAX = 200


@dataclass(frozen=True)
class Filtres:
    """What a search keeps; None lets everything through. ``exige_…`` are the parameters of public structures."""

    publique: bool | None = None
    moa: bool | None = None
    moa_uniquement: bool | None = None
    exige_engagement: bool | None = None
    exige_service: bool | None = None
    active: bool | None = True

    def retient(self, structure: Structure) -> bool:
        """Whether that structure passes every filter that is set."""
        paires = (
            (self.publique, structure.publique),
            (self.moa, structure.moa or structure.moa_uniquement),
            (self.moa_uniquement, structure.moa_uniquement),
            (self.exige_engagement, structure.engagement_obligatoire or structure.engagement_ou_service),
            (self.exige_service, structure.service_obligatoire or structure.engagement_ou_service),
            (self.active, structure.active),
        )
        return all(voulu is None or voulu == est for voulu, est in paires)


TOUT = Filtres()


def plat(texte: str) -> str:
    """The text as it is compared: without accents, case, apostrophes nor repeated spaces."""
    decompose = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "OE"))
    sans_accents = "".join(c for c in decompose if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in sans_accents.casefold()).split())


def recherche(
    annuaire: Annuaire, texte: str, filtres: Filtres = TOUT, *, limite: int = RESULTATS_MAX
) -> tuple[Structure, ...]:
    """Structures whose name holds every word of ``texte`` (or a synonym), or whose SIRET holds its digits; by name.

    Digits fewer than the portal's minimum (table ``limites``) find nothing; an empty text finds all that the filters
    keep. ``limite`` bounds the answer.
    """
    cherche = plat(texte[:TEXTE_MAX])
    chiffres = cherche.replace(" ", "")
    par_siret = chiffres.isdecimal()
    if par_siret and len(chiffres) < referentiel.limite("recherche_siret_min").valeur:
        return ()
    pareils = [frozenset(map(plat, groupe)) for groupe in annuaire.synonymes]
    mots = [frozenset({mot}).union(*(groupe for groupe in pareils if mot in groupe)) for mot in cherche.split()]
    trouvees = [
        structure
        for structure in annuaire.structures.values()
        if filtres.retient(structure) and ((par_siret and chiffres in structure.siret) or _porte(structure, mots))
    ]
    trouvees.sort(key=lambda structure: (plat(structure.nom), structure.siret))
    return tuple(trouvees[: min(limite, RESULTATS_MAX)])


def _porte(structure: Structure, mots: Sequence[Collection[str]]) -> bool:
    """Whether its name holds each word, or one that is typed for it."""
    nom = plat(structure.nom)
    return all(any(mot in nom for mot in pareils) for pareils in mots)


def parametres(structure: Structure) -> tuple[str, ...]:
    """What that structure demands of who invoices it, one French sentence each."""
    phrases: list[str] = []
    if not structure.active:
        phrases.append("Structure désactivée : elle ne reçoit plus de facture.")
    if not structure.publique:
        phrases.append("Structure privée : elle ne reçoit pas de facture sur Chorus Pro.")
        return tuple(phrases)
    if structure.moa_uniquement:
        phrases.append("Maîtrise d’ouvrage uniquement : elle ne reçoit que des pièces de travaux.")
    if structure.service_obligatoire:
        phrases.append("Code service obligatoire.")
    if structure.engagement_obligatoire:
        phrases.append("Numéro d’engagement obligatoire.")
    if structure.engagement_ou_service:
        phrases.append("Code service ou numéro d’engagement : l’un des deux, au moins.")
    if not (structure.service_obligatoire or structure.engagement_obligatoire or structure.engagement_ou_service):
        phrases.append("Ni code service ni numéro d’engagement n’est obligatoire.")
    phrases += [
        f"Service {s.code} ({s.libelle}) : numéro d’engagement obligatoire."
        for s in structure.services
        if s.actif and s.engagement_obligatoire
    ]
    if structure.moa and not structure.moa_uniquement:
        phrases.append("Elle peut intervenir comme maîtrise d’ouvrage dans un marché de travaux.")
    if not getattr(structure, "paiement_remonte", True):
        phrases.append("La mise en paiement n’est pas remontée : vérifiez le virement à la banque.")
    return tuple(phrases)
