"""« J’ai besoin d’aide »: the request is kept with its time, the trainer is told when there is a class."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from facturier.erreurs import ErreurFacturier
from facturier.formulaires.memoire import Memoire, maintenant

FORMULAIRE_AIDE = "aide"
_DEMANDES_MAX = 50


def noter(
    memoire: Memoire,
    *,
    horloge: Callable[[], datetime] = maintenant,
    prevenir: Callable[[], str] | None = None,
) -> str:
    """Keep a request and tell the trainer by ``prevenir``; the sentence to show."""
    quand = horloge()
    reponse = memoire.reponses.get(FORMULAIRE_AIDE)
    connues = reponse.valeurs.get("demandes", []) if reponse else []
    demandes = [*(connues if isinstance(connues, list) else []), quand.isoformat(timespec="seconds")]
    fait = memoire.enregistrer(FORMULAIRE_AIDE, {"demandes": demandes[-_DEMANDES_MAX:]}, ())
    return f"{_dire(quand, prevenir)} {fait.phrase}"


def _dire(quand: datetime, prevenir: Callable[[], str] | None) -> str:
    """What becomes of the request: the class's portal shows it to the trainer, when there is one."""
    if prevenir is None:
        return f"Votre demande est notée à {quand:%H:%M}."
    try:
        return prevenir()
    except ErreurFacturier as refus:
        return f"Votre demande est notée à {quand:%H:%M}, mais le formateur ne la voit pas : {refus.suite}"
