"""A table of the referentiel as accessible HTML: caption, scoped headers, source and reliability of each row."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from facturier import referentiel
from facturier.formulaires.style import e, feuille
from facturier.montants import format_nombre, sans_zeros

TITRES = {
    "cadres": "Cadres de facturation",
    "categories_tva": "Catégories de TVA",
    "cadres_bt23": "Cadres de la norme (BT-23)",
    "circuits": "Circuits des marchés de travaux",
    "delais": "Délais",
    "depots": "Façons de déposer",
    "mentions": "Mentions obligatoires",
    "modes_paiement": "Modes de paiement",
    "motifs": "Motifs de rejet et de suspension",
    "statuts": "Statuts d’une facture",
    "taux_bce": "Taux des intérêts moratoires",
    "taux_tva": "Taux de TVA",
    "transitions": "Gestes possibles",
    "types_facture": "Types de facture",
    "vatex": "Motifs d’exonération de TVA",
}

#: The columns shown to learners, with their headings; a table that is not here shows them all.
COLONNES: dict[str, tuple[tuple[str, str], ...]] = {
    "cadres": (
        ("code", "Cadre"),
        ("libelle", "Ce que c’est"),
        ("deposant_libelle", "Qui dépose"),
        ("valideur_libelle", "Qui valide avant"),
        ("destinataire_libelle", "Qui reçoit"),
        ("travaux", "Travaux"),
    ),
    "delais": (
        ("objet", "Délai"),
        ("duree", "Durée"),
        ("unite", "Unité"),
        ("depart", "Point de départ"),
        ("texte", "Texte"),
    ),
    "statuts": (("libelle", "Statut"), ("signification", "Ce qu’il veut dire"), ("conduite", "Que faire")),
    "types_facture": (("code", "Code"), ("libelle", "Type"), ("famille", "Famille"), ("remarque", "Remarque")),
    "modes_paiement": (("libelle", "Mode"), ("code", "Code Chorus Pro"), ("iban_requis", "IBAN demandé")),
    "taux_tva": (("taux", "Taux (%)"), ("territoire", "Où"), ("usage", "Pour quoi"), ("remarque", "Remarque")),
    "mentions": (("mention", "Mention"), ("obligation", "Obligatoire ?"), ("remarque", "Remarque")),
    "motifs": (("libelle", "Motif"), ("effets", "Effet"), ("conduite", "Que faire")),
    "depots": (("canal", "Par où"), ("mode", "Comment"), ("formats", "Formats"), ("limite_fichier", "Limite")),
}
_FIN = (("fiabilite", "Fiabilité"), ("source", "Source"))


def html_tableau(nom: str, au: date | None = None) -> str:
    """The rows of that table valid on that day.

    Raises:
        ErreurFacturier: no such table; the sentence names those that exist.
    """
    lignes = referentiel.table(nom, au)
    colonnes = (*COLONNES.get(nom, _toutes(lignes)), *_FIN)
    jour = f", au {au:%d/%m/%Y}" if au is not None else ""
    tete = "".join(f'<th scope="col">{e(titre)}</th>' for _, titre in colonnes)
    corps = "".join(_ligne(ligne, [champ for champ, _ in colonnes]) for ligne in lignes)
    return (
        f'<div class="facturier large" tabindex="0">{feuille()}'
        f"<table><caption>{e(TITRES.get(nom, nom))}{jour}</caption>"
        f"<thead><tr>{tete}</tr></thead><tbody>{corps}</tbody></table></div>"
    )


def _ligne(ligne: Any, champs: list[str]) -> str:
    premier, *suite = champs
    cases = "".join(
        f"<td{' class=source' if champ == 'source' else ''}>{e(en_clair(getattr(ligne, champ)))}</td>"
        for champ in suite
    )
    return f'<tr><th scope="row">{e(en_clair(getattr(ligne, premier)))}</th>{cases}</tr>'


def _toutes(lignes: tuple[Any, ...]) -> tuple[tuple[str, str], ...]:
    communs = {"source", "fiabilite", "precision", "valide_du", "valide_au"}
    if not lignes:
        return ()
    noms = [champ.name for champ in fields(lignes[0]) if champ.name not in communs]
    return tuple((nom, nom.replace("_", " ").capitalize()) for nom in noms)


def en_clair(valeur: Any) -> str:
    """A cell as French people read it."""
    if valeur is None:
        return "—"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    if isinstance(valeur, Decimal):
        return format_nombre(sans_zeros(valeur))
    if isinstance(valeur, tuple):
        return ", ".join(valeur)
    return str(valeur)
