"""A table as people and machines read it: one card a row, or the JSON of the command line."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from facturier import referentiel
from facturier.referentiel.chargeur import cellules, colonnes
from facturier.referentiel.lignes import TABLES

SCHEMA = 1
DEBUT_INCONNU = "début inconnu"
_MOTS = {
    "agreee": "agréée",
    "api": "API",
    "b2g": "B2G",
    "bt23": "BT-23",
    "caractere": "caractère",
    "categorie": "catégorie",
    "delai": "délai",
    "depart": "départ",
    "deposant": "déposant",
    "designation": "désignation",
    "debut": "début",
    "duree": "durée",
    "ecart": "écart à Pâques",
    "equivalent": "équivalent",
    "etape": "étape",
    "fiabilite": "fiabilité",
    "iban": "IBAN",
    "interets": "intérêts",
    "joue": "joué ici",
    "libelle": "libellé",
    "meme": "même",
    "mo": "(Mo)",
    "moe": "MOE",
    "numero": "numéro",
    "pa": "plateforme agréée",
    "piece": "pièce",
    "portee": "portée",
    "pose": "posé",
    "precision": "précision",
    "referentiel": "référentiel",
    "refi": "refinancement",
    "regle": "règle",
    "role": "rôle",
    "tete": "tête",
    "tva": "TVA",
    "uncl4461": "UNCL 4461",
    "unite": "unité",
}
"""Words of column names as French writes them; those that are missing need nothing."""


class Fiche(NamedTuple):
    """A row for people: its key, and what its other columns say (label, text), empty cells left out."""

    cle: str
    faits: tuple[tuple[str, str], ...]


def en_fiches(nom: str, au: date | None = None) -> tuple[Fiche, ...]:
    """The rows of a table, all text, in the order of the file; an unknown start reads « début inconnu »."""
    des = colonnes(TABLES[nom]) if nom in TABLES else ()
    fiches = []
    for ligne in referentiel.table(nom, au):
        textes = cellules(ligne, des)
        if ligne.valide_du is None:
            textes["valide_du"] = DEBUT_INCONNU
        cle = " / ".join(textes[c.nom] for c in des if c.cle and textes[c.nom])
        fiches.append(Fiche(cle, tuple((titre(c.nom), textes[c.nom]) for c in des if not c.cle and textes[c.nom])))
    return tuple(fiches)


def titre(colonne: str) -> str:
    """The name of a column as people read it."""
    return " ".join(_MOTS.get(mot, mot) for mot in colonne.split("_"))


def en_json(nom: str, au: date | None = None) -> dict[str, Any]:
    """The table as JSON data: Decimal as text, dates as ISO text, an unknown start as « inconnu », no end as null."""
    lignes = referentiel.table(nom, au)
    des = colonnes(TABLES[nom])
    rangs = []
    for ligne in lignes:
        rang: dict[str, Any] = {}
        for colonne, texte in zip(des, cellules(ligne, des).values(), strict=True):
            valeur = getattr(ligne, colonne.nom)
            if isinstance(valeur, tuple):
                rang[colonne.nom] = list(valeur)
            elif isinstance(valeur, bool | int):
                rang[colonne.nom] = valeur
            else:
                rang[colonne.nom] = texte if texte or valeur is not None else None
        rangs.append(rang)
    return {"schema": SCHEMA, "table": nom, "au": au.isoformat() if au else None, "lignes": rangs}
