"""Pictures of a works market in a lesson: the circuit of its pieces, what a demand makes payable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from facturier import montants
from facturier.annuaire import Annuaire, Marche
from facturier.ecrans import dessins
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.style import e, feuille
from facturier.portail.prix_marche import Manque, prix_de
from facturier.travaux import Decompte, Situation, projet_decompte_mensuel

SOUS_LE_DESSIN = {
    "établi": "Chaque ligne de ce calcul suit un texte établi.",
    "partiel": "Une partie de ce calcul est « partielle » : la fiche du marché et son CCAP tranchent.",
    "à vérifier": "Une partie de ce calcul est « à vérifier » : confirmez-la avec votre acheteur.",
}


def marche(numero: str) -> Marche:
    """The market of that number.

    Raises:
        ErreurFacturier: the directory has none.
    """
    trouve = Annuaire.charger().marche(str(numero))
    if trouve is None:
        raise ErreurFacturier(
            f"L’annuaire d’exercice n’a pas de marché « {str(numero)[:40]} » : vérifiez son numéro.",
            code="marche-inconnu",
        )
    return trouve


def circuit(numero: str, au: date) -> tuple[str, str]:
    """The monthly circuit of that market as a picture, and the same in words.

    Raises:
        ErreurFacturier: no market has that number.
    """
    choisi = marche(numero)
    svg, dit = dessins.circuit(choisi, Annuaire.charger(), au)
    return _figure(f"Marché {choisi.numero}, {choisi.objet}", svg, dit)


def decompte(numero: str, cumuls: Sequence[str]) -> tuple[str, str]:
    """What the last of those months makes payable on that market: its waterfall, and the same in words.

    ``cumuls``: works since notification, in euros before tax, month after month.

    Raises:
        ErreurFacturier: no such market, an amount that is not one, prices that the card does not give.
    """
    choisi = marche(numero)
    if not cumuls:
        raise ErreurFacturier("Donnez au moins un total depuis la notification.", code="decompte-vide")
    try:
        prix = prix_de(choisi)
    except Manque as manque:
        raise ErreurFacturier(str(manque), code="decompte-non-calculable") from manque
    lus = [montants.euros(str(cumul)) for cumul in cumuls]
    calcule = projet_decompte_mensuel(prix, _situations(prix.notification, lus))
    svg, dit = dessins.cascade(calcule)
    return _figure(f"Du marché à la somme à payer, {_quand(calcule)}", svg, dit, SOUS_LE_DESSIN[calcule.fiabilite])


def _situations(notification: date, cumuls: Sequence[Decimal]) -> list[Situation]:
    rangs = (notification.month + n for n in range(len(cumuls)))
    mois = [date(notification.year + (rang - 1) // 12, (rang - 1) % 12 + 1, 28) for rang in rangs]
    return [Situation(quand, cumul) for quand, cumul in zip(mois, cumuls, strict=True)]


def _quand(calcule: Decompte) -> str:
    rang = len(calcule.situations)
    return "premier décompte" if rang == 1 else f"décompte n°\u00a0{rang}"


def _figure(titre: str, svg: str, dit: str, note: str = "") -> tuple[str, str]:
    """The picture, and its words folded under it."""
    sous = f'<p class="facturier-note">{e(note)}</p>' if note else ""
    corps = (
        f"<figure><figcaption><strong>{e(titre)}</strong></figcaption>{svg}</figure>{sous}"
        f"<details><summary>Le même dessin, en toutes lettres</summary><p>{e(dit)}</p></details>"
    )
    return f'<div class="facturier">{feuille()}{corps}</div>', f"{titre}. {dit}"
