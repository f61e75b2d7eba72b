"""A table of the referentiel as accessible HTML: caption, scoped headers, reliability of each row, sources below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.style import e, feuille, liste
from facturier.montants import format_nombre, sans_zeros

TITRES = {
    "bascules": "Changements annoncés",
    "cadres": "Cadres de facturation",
    "categories_tva": "Catégories de TVA",
    "cadres_bt23": "Cadres de la norme (BT-23)",
    "circuits": "Circuits des marchés de travaux",
    "delais": "Délais",
    "depots": "Façons de déposer",
    "jours_feries": "Jours fériés",
    "extensions": "Extensions des pièces jointes",
    "interfaces": "Interfaces d’échange (EDI)",
    "mentions": "Mentions obligatoires",
    "modes_paiement": "Modes de paiement",
    "motifs": "Motifs de rejet et de suspension",
    "payeurs": "Délai de paiement selon l’entité publique",
    "regles_calcul": "Règles de calcul",
    "statuts": "Statuts d’une facture",
    "statuts_flux": "Statuts d’un flux",
    "statuts_pa": "Statuts côté plateforme agréée",
    "api": "API PISTE de Chorus Pro",
    "enums_api": "Listes fermées de l’API PISTE",
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
#: Columns that a table shows when one of its rows has something to say there.
PARFOIS: dict[str, tuple[tuple[str, str], ...]] = {
    "statuts": (("non_joue", "Jamais vu dans le portail d’entraînement, parce que"),),
}
_FIN = (("fiabilite", "Fiabilité"),)
#: Beyond that many rows, a table scrolls in its own window, under its headings.
HAUTE = 12


def html_tableau(nom: str, au: date | None = None, codes: Sequence[str] = ()) -> str:
    """The rows of that table valid on that day and still to be used; only those ``codes`` when there are some.

    The sources, long and often shared by several rows, are under the table, folded.

    Raises:
        ErreurFacturier: no such table or no such row; the sentence names those that exist.
    """
    lignes = _choisies(nom, referentiel.table(nom, au), codes)
    parfois = (c for c in PARFOIS.get(nom, ()) if any(getattr(ligne, c[0]) for ligne in lignes))
    colonnes = (*COLONNES.get(nom, _toutes(lignes)), *parfois, *_FIN)
    titre = TITRES.get(nom, nom) + (f", au {au:%d/%m/%Y}" if au is not None else "")
    tete = "".join(f'<th scope="col">{e(entete)}</th>' for _, entete in colonnes)
    corps = "".join(_ligne(ligne, [champ for champ, _ in colonnes]) for ligne in lignes)
    haute = " haute" if len(lignes) > HAUTE else ""
    return (
        f'<div class="facturier large">{feuille()}'
        f'<div class="facturier-cadre{haute}" role="region" aria-label="{e(titre)}" tabindex="0">'
        f"<table><caption>{e(titre)}</caption>"
        f"<thead><tr>{tete}</tr></thead><tbody>{corps}</tbody></table></div>{_sources(lignes, colonnes[0][0])}</div>"
    )


def _choisies(nom: str, lignes: tuple[Any, ...], codes: Sequence[str]) -> tuple[Any, ...]:
    """Rows in the order of the table, without the codes that are no longer to be used (``actif`` is no)."""
    en_usage = tuple(ligne for ligne in lignes if getattr(ligne, "actif", True))
    if not codes:
        return en_usage
    connus = {getattr(ligne, "code", "") for ligne in en_usage} - {""}
    if absents := [code for code in codes if code not in connus]:
        raise ErreurFacturier(
            f"La table « {nom} » n’a pas de ligne en usage « {absents[0]} » : "
            f"choisissez parmi {', '.join(sorted(connus, key=_rang)) or 'aucune (ses lignes n’ont pas de code)'}.",
            code="ligne-inconnue",
        )
    return tuple(ligne for ligne in en_usage if ligne.code in codes)


def _rang(code: str) -> tuple[str, int, str]:
    """A2 before A10."""
    lettres = code.rstrip("0123456789")
    return lettres, int(code[len(lettres) :] or 0), code


def _sources(lignes: tuple[Any, ...], cle: str) -> str:
    """Each source once, with the rows that rest on it, then what is said of the rows that are not sure."""
    par_source: dict[str, list[str]] = {}
    reserves: dict[str, None] = {}
    for ligne in lignes:
        nom = en_clair(getattr(ligne, cle))
        for source in re.split(r"\s;\s", ligne.source):
            par_source.setdefault(source, []).append(nom)
        if ligne.fiabilite != "établi":
            reserves[f"{nom} ({ligne.fiabilite})" + (f" : {ligne.precision}" if ligne.precision else "")] = None
    if not par_source:
        return ""
    lues = []
    for source, noms in par_source.items():
        partout = len(noms) == len(lignes) > 1
        lues.append(f"{source} — {'toutes les lignes' if partout else ' ; '.join(dict.fromkeys(noms))}")
    suite = f"<p>À prendre avec réserve :</p>{liste(tuple(reserves))}" if reserves else ""
    return f"<details><summary>Sources de ce tableau</summary>{liste(lues)}{suite}</details>"


def _ligne(ligne: Any, champs: list[str]) -> str:
    premier, *suite = champs
    cases = "".join(f"<td>{e(en_clair(getattr(ligne, champ)))}</td>" for champ in suite)
    return f'<tr><th scope="row">{e(en_clair(getattr(ligne, premier)))}</th>{cases}</tr>'


def _toutes(lignes: tuple[Any, ...]) -> tuple[tuple[str, str], ...]:
    communs = {"source", "fiabilite", "precision", "valide_du", "valide_au"}
    if not lignes:
        return ()
    noms = [champ.name for champ in fields(lignes[0]) if champ.name not in communs]
    return tuple((nom, nom.replace("_", " ").capitalize()) for nom in noms)


def en_clair(valeur: Any) -> str:
    """A cell as French people read it."""
    if valeur is None or valeur in ("", ()):
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
