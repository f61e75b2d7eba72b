"""The recipient that a form names: its services, the structures that it may be, what it demands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from facturier.annuaire import Structure
from facturier.champs import Champ
from facturier.ecrans.blocs import Bloc, Message
from facturier.erreurs import ErreurFacturier
from facturier.identifiants import siret as lire_siret
from facturier.portail.recherche import parametres

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste


def options_destinataire(poste: Poste, champ: Champ) -> Sequence[tuple[str, str]] | None:
    """The services of the recipient; the public structures of the directory as suggestions."""
    if champ.id == "code_service":
        structure = du_formulaire(poste, poste.valeurs)
        services = structure.services if structure is not None else ()
        return tuple((s.code, f"{s.code} — {s.libelle}") for s in services if s.actif)
    if champ.id == "destinataire_siret":
        publiques = (s for s in poste.guichet.annuaire.structures.values() if s.publique)
        return tuple((s.siret, s.nom) for s in sorted(publiques, key=lambda s: s.nom))
    return None


def du_formulaire(poste: Poste, valeurs: Mapping[str, str]) -> Structure | None:
    """The structure that the form names as recipient, when the directory knows it."""
    try:
        return poste.guichet.annuaire.structures.get(lire_siret(valeurs.get("destinataire_siret", "")))
    except ErreurFacturier:
        return None


def exigences(poste: Poste, valeurs: Mapping[str, str]) -> Sequence[Bloc]:
    """What the recipient requires, as its page of the directory says; nothing as long as none is named."""
    structure = du_formulaire(poste, valeurs)
    if structure is None:
        return []
    return [Message("info", f"{structure.nom} : ce que dit l’annuaire", parametres(structure))]
