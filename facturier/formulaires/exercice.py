"""An exercise on the portal, ready to be shown: the story of its situation if it has one, and its form."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from facturier.champs import DEPOT_FACTURE
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire, OuvrirGuichet
from facturier.formulaires.style import feuille
from facturier.portail.guichet import GuichetLocal
from facturier.situations import Recit, commencer, raconter

ECRANS = "Cette situation se joue sur les écrans du portail : ce carnet ne fait que la raconter."
_GRAS = re.compile(r"\*\*(.+?)\*\*")
_FORT = r"<strong>\1</strong>"


def preparer(enonce: Mapping[str, Any], memoire: Memoire) -> tuple[tuple[str, str] | None, ModeleFormulaire | None]:
    """What is read first (HTML and plain text), and the form; None for the one that the exercise does not have.

    Raises:
        ErreurFacturier: it is not an exercise on the portal, or its situation cannot be read.
    """
    page: tuple[str, str] | None = None
    siret = enonce.get("parametres", {}).get("fournisseur_siret")
    if enonce["genre"] == "portail":
        recit = raconter(str(enonce.get("situation")), memoire.graine(enonce["id"]))
        page = html_recit(recit.titre, recit.texte, recit.depot), recit.texte
        if not recit.depot:
            return page, None
        ouvrir = guichet_de(recit)
    elif enonce["genre"] == "depot" and isinstance(siret, str):
        ouvrir = lambda journal: GuichetLocal(siret, journal)  # noqa: E731
    else:
        raise ErreurFacturier(f"L’exercice « {enonce['id']} » n’est pas un dépôt de facture.", code="exercice-inconnu")
    return page, ModeleFormulaire(DEPOT_FACTURE, memoire, formulaire=enonce["id"], ouvrir_guichet=ouvrir)


def html_recit(titre: str, texte: str, depot: bool) -> str:
    """The story as a page: its title, its paragraphs, and how it is played when no form of this notebook does."""
    paragraphes = [*texte.split("\n\n"), *([] if depot else [ECRANS])]
    corps = "".join(f"<p>{_GRAS.sub(_FORT, html.escape(dit, quote=False))}</p>" for dit in paragraphes)
    titre = html.escape(titre, quote=False)
    return f'<div class="facturier">{feuille()}<section><h3>{titre}</h3>{corps}</section></div>'


def guichet_de(recit: Recit, horloge: Callable[[], datetime] = datetime.now) -> OuvrirGuichet:
    """How a form opens that situation: on a journal of it, or as the learner finds it when they come in."""
    from facturier.portail import Annuaire

    def ouvrir(journal: Sequence[dict[str, Any]]) -> GuichetLocal:
        evenements = list(journal) or [dict(evenement) for evenement in commencer(recit, Annuaire.charger()).journal]
        return GuichetLocal(recit.joues[0].structure, evenements, horloge=horloge, ouverture=recit.ouverture)

    return ouvrir
