"""An exercise on the portal, ready to be shown: its form, or the counter of its situation."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from facturier.champs import DEPOT_FACTURE
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire, OuvrirGuichet
from facturier.formulaires.style import feuille
from facturier.portail.guichet import GuichetLocal
from facturier.situations import Recit, commencer

DEJA_REMPLIS = (
    "Ce que votre logiciel de facturation sait est déjà rempli. Le reste est à vous : les champs vides marqués "
    "« obligatoire » doivent être remplis avant l’envoi."
)
_GRAS = re.compile(r"\*\*(.+?)\*\*")
_FORT = r"<strong>\1</strong>"


def preparer(enonce: Mapping[str, Any], memoire: Memoire, demander_aide: Callable[[], str] | None = None) -> Any:
    """The model of that exercise and what shows it: the screens where its situation is played, or a deposit form.

    Raises:
        ErreurFacturier: it is not an exercise on the portal, or its situation cannot be read.
    """
    if enonce["genre"] == "portail":
        from facturier.formulaires.portail import situation

        ecran = situation(enonce, memoire, demander_aide)
        return ecran, ecran
    from facturier.formulaires import feuilles

    modele = depot(enonce, memoire)
    return modele, feuilles.depot(modele, memoire, demander_aide)


def depot(enonce: Mapping[str, Any], memoire: Memoire) -> ModeleFormulaire:
    """The deposit form of that exercise.

    Raises:
        ErreurFacturier: it is not a deposit.
    """
    siret = enonce.get("parametres", {}).get("fournisseur_siret")
    if enonce["genre"] != "depot" or not isinstance(siret, str):
        raise ErreurFacturier(f"L’exercice « {enonce['id']} » n’est pas un dépôt de facture.", code="exercice-inconnu")
    remplis = tuple((str(champ), str(texte)) for champ, texte in enonce["parametres"].get("remplis", {}).items())
    definition = replace(DEPOT_FACTURE, remplis=remplis, intro=DEJA_REMPLIS) if remplis else DEPOT_FACTURE
    return ModeleFormulaire(
        definition,
        memoire,
        formulaire=enonce["id"],
        ouvrir_guichet=lambda journal: GuichetLocal(siret, journal),
    )


def html_recit(titre: str, texte: str) -> str:
    """The story as a page: its title, its paragraphs."""
    paragraphes = (_GRAS.sub(_FORT, html.escape(dit, quote=False)) for dit in texte.split("\n\n"))
    corps = "".join(f"<p>{dit}</p>" for dit in paragraphes)
    titre = html.escape(titre, quote=False)
    return f'<div class="facturier">{feuille()}<section><h3>{titre}</h3>{corps}</section></div>'


def guichet_de(recit: Recit, horloge: Callable[[], datetime] = datetime.now) -> OuvrirGuichet:
    """How a form opens that situation: on a journal of it, or as the learner finds it when they come in."""
    from facturier.portail import Annuaire

    def ouvrir(journal: Sequence[dict[str, Any]]) -> GuichetLocal:
        evenements = list(journal) or [dict(evenement) for evenement in commencer(recit, Annuaire.charger()).journal]
        return GuichetLocal(recit.joues[0].structure, evenements, horloge=horloge, ouverture=recit.ouverture)

    return ouvrir
