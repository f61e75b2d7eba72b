"""A look at the form before a person: what is wrong in it, what is missing, what each field shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from facturier.champs import Champ, FormulaireDef, Valeurs, controler
from facturier.champs.controles import manquants
from facturier.champs.exigences import exige
from facturier.champs.lecture import lire
from facturier.champs.listes import aide, longueur_max, options
from facturier.ecrans import joints
from facturier.ecrans.vue import EtatChamp
from facturier.erreurs import ErreurFacturier
from facturier.montants import format_euros

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

OBLIGATOIRE = "Ce champ est obligatoire."


@dataclass(frozen=True)
class Examen:
    """What was found: the state of every field, and what blocks (field id, sentence that begins by its label)."""

    etats: dict[str, EtatChamp] = field(default_factory=dict)
    bloquants: list[tuple[str, str]] = field(default_factory=list)


def choix(poste: Poste, champ: Champ) -> Sequence[tuple[str, str]]:
    """The choices of a field: those of the screen if it has any, else those of the record."""
    if poste.ecran.options is not None:
        propres = poste.ecran.options(poste, poste.lieu.objet, champ)
        if propres is not None:
            return propres
    return options(champ, poste.contexte.au) if champ.choix else ()


def erreurs(poste: Poste, definition: FormulaireDef, valeurs: Valeurs) -> dict[str, str]:
    """What is wrong in what was typed, by field: the records' controls first, then those of the screen."""
    trouvees = controler(definition, valeurs, poste.contexte)
    if poste.ecran.controles is not None:
        for champ, phrase in poste.ecran.controles(poste, poste.lieu.objet, valeurs).items():
            trouvees.setdefault(champ, phrase)
    return trouvees


def pourvue(poste: Poste, definition: FormulaireDef) -> FormulaireDef:
    """The form with the choices that its screen gives, so that an answer is held against what was offered."""
    if poste.ecran.options is None:
        return definition
    champs = (replace(c, choix=tuple(choix(poste, c))) if c.genre == "choix" else c for c in definition.champs)
    return replace(definition, champs=tuple(champs))


def examiner(poste: Poste, *, tente: bool) -> Examen:
    """Look at the present form; ``tente``: what is required and empty is then said beside its field too."""
    definition = poste.formulaire()
    if definition is None:
        return Examen()
    definition = pourvue(poste, definition)
    valeurs, contexte = poste.valeurs, poste.contexte
    fautes = erreurs(poste, definition, valeurs)
    requis = {champ.id for champ in manquants(definition, valeurs, contexte)}
    examen = Examen()
    for champ in definition.champs:
        valeur = valeurs.get(champ.id, "")
        vide = (champ.phrase_vide or OBLIGATOIRE) if champ.id in requis else ""
        dit = fautes.get(champ.id) or vide
        if dit:
            examen.bloquants.append((champ.id, f"{champ.libelle}{'' if champ.libelle.endswith('?') else ' :'} {dit}"))
        examen.etats[champ.id] = etat(
            champ,
            valeur,
            fautes.get(champ.id) or (vide if tente else ""),
            requis=exige(champ, valeurs, contexte),
            choix=choix(poste, champ),
            fichiers=tuple(nom for nom, _ in joints.jointes(poste, champ.id)),
            au=contexte.au,
            tu=definition.facultatif_tu,
        )
    return examen


def etat(
    champ: Champ,
    valeur: str,
    erreur: str,
    *,
    requis: bool,
    choix: Sequence[tuple[str, str]],
    fichiers: tuple[str, ...] = (),
    au: date | None = None,
    tu: bool = False,
) -> EtatChamp:
    """What a field shows; ``requis``: it must be filled, given the others; ``au``: the day of its limits."""
    return EtatChamp(
        champ,
        valeur,
        erreur,
        champ.obligatoire is True or requis,
        choix,
        fichiers,
        aide(champ, au),
        lu(champ, valeur),
        longueur_max(champ, au),
        tu,
    )


def lu(champ: Champ, texte: str) -> str:
    """How an amount is understood, said beside what was typed and never put in its place."""
    if champ.genre != "montant" or not texte.strip():
        return ""
    try:
        return format_euros(lire(champ, texte))
    except ErreurFacturier:
        return ""
