"""A value handed in by a line of code: turned into text that says the same, or into a sentence."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from facturier.evaluation.reponses import CHAMP_VALEUR

if TYPE_CHECKING:
    from facturier.formulaires.espace import Espace
    from facturier.formulaires.memoire import Memoire

TEXTE_MAX = 2_000


class ValeurRefusee(ValueError):
    """The value is neither a number nor a text; the message is a French sentence."""


def en_texte(valeur: Any) -> str:
    """The text of a number, a text or a yes/no; "" for what is still to do (``...``, ``None``, blank).

    Raises:
        ValeurRefusee: anything else; the sentence says what is expected.
    """
    valeur = _nu(valeur)
    if valeur is None or valeur is ...:
        return ""
    texte = _ecrire(valeur)
    if len(texte) > TEXTE_MAX:
        raise ValeurRefusee(f"Votre réponse compte {len(texte)} caractères : {TEXTE_MAX} au plus.")
    return texte


def _nu(valeur: Any) -> Any:
    """A numpy or pandas scalar as the Python value it wraps."""
    origine = type(valeur).__module__.split(".", 1)[0]
    if origine == "numpy" and getattr(valeur, "ndim", None) == 0 and hasattr(valeur, "item"):
        return valeur.item()
    if origine == "pandas" and type(valeur).__name__ in ("NAType", "NaTType"):
        return None
    return valeur


def _ecrire(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "True" if valeur else "False"
    if isinstance(valeur, str):
        return str.__str__(valeur).strip()
    if isinstance(valeur, int):
        if abs(valeur) >= 10**100:
            raise ValeurRefusee("Ce nombre est démesuré : vérifiez-le.")
        return int.__repr__(valeur)
    if isinstance(valeur, float | Decimal):
        if not math.isfinite(valeur):
            raise ValeurRefusee("Votre calcul ne donne pas un nombre (il vaut « nan » ou l’infini) : vérifiez-le.")
        return float.__repr__(valeur) if isinstance(valeur, float) else format(Decimal(valeur), "f")
    if isinstance(valeur, tuple) and len(valeur) == 2 and all(type(nombre) is int for nombre in valeur):
        raise ValeurRefusee("Vous avez mis une virgule : écrivez un point avant les centimes, comme dans 1234.56.")
    raise ValeurRefusee(
        f"Une réponse de ce genre ({type(valeur).__name__}) ne peut pas être remise : donnez un nombre ou un texte."
    )


def remettre(memoire: Memoire, exercice_id: str, valeur: Any) -> tuple[list[str], str]:
    """Keep the value of an exercise; a blank or a refused value never erases the one given before.

    Returns:
        What has to be said (empty when all is well), and the text now kept ("" when there is none).
    """
    reprise = memoire.reprendre(exercice_id)
    gardee = str(reprise.reponse.valeurs.get(CHAMP_VALEUR, "")) if reprise.reponse else ""
    try:
        texte, motif = en_texte(valeur), ""
    except ValeurRefusee as cause:
        texte, motif = "", str(cause)
    phrases = [*reprise.phrases]
    if texte and texte != gardee:
        fait = memoire.enregistrer(exercice_id, {CHAMP_VALEUR: texte}, (), texte)
        return [*phrases, *([] if fait.ecrit else [fait.phrase])], texte
    if not texte:
        phrases.append(motif or "À faire : mettez votre réponse à la place des trois points, exécutez, puis revenez.")
        phrases += [f"Votre réponse précédente ({gardee}) est gardée."] if gardee else []
    return phrases, gardee


def remettre_ici(espace: Espace, memoire: Memoire, exercice_id: str, valeur: Any) -> tuple[list[str], str]:
    """The same in a notebook that has statements: an exercise that it does not have is refused (ErreurFacturier)."""
    from facturier.erreurs import ErreurFacturier
    from facturier.formulaires.espace import exercice

    try:
        exercice(espace, exercice_id)
    except ErreurFacturier as refus:
        if refus.code == "exercice-inconnu":  # without statements at hand, the value is still worth keeping
            raise
    return remettre(memoire, exercice_id, valeur)
