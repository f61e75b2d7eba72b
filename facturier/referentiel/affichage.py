"""A table as people and machines read it: rows of text in the order of the file, or the JSON of the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

from facturier import referentiel
from facturier.referentiel.chargeur import cellules, colonnes
from facturier.referentiel.lignes import TABLES

SCHEMA = 1
DEBUT_INCONNU = "début inconnu"
_ENTETES = {
    "source": "source",
    "fiabilite": "fiabilité",
    "precision": "précision",
    "valide_du": "valide du",
    "valide_au": "valide au",
}


def en_lignes(nom: str, au: date | None = None) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The headers and the rows of a table, all text; an unknown start reads « début inconnu »."""
    lignes = referentiel.table(nom, au)
    des = colonnes(TABLES[nom])
    entetes = tuple(_ENTETES.get(c.nom, c.nom.replace("_", " ")) for c in des)
    rangs = []
    for ligne in lignes:
        textes = cellules(ligne, des)
        if ligne.valide_du is None:
            textes["valide_du"] = DEBUT_INCONNU
        rangs.append(tuple(textes.values()))
    return entetes, tuple(rangs)


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
