"""Rows looked up: a whole table on a day, or the row of a code."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from facturier.erreurs import SORTIE_USAGE, ErreurFacturier
from facturier.referentiel.chargeur import charger
from facturier.referentiel.lignes import TABLES, LigneSourcee

DOSSIER = Path(__file__).parent / "tables"
NOMS: tuple[str, ...] = tuple(TABLES)


@cache
def _lire(nom: str) -> tuple[LigneSourcee, ...]:
    return charger(DOSSIER / f"{nom}.csv", TABLES[nom])


@lru_cache(maxsize=4096)
def table(nom: str, au: date | None = None) -> tuple[LigneSourcee, ...]:
    """The rows of a table valid on that day, in the order of the file."""
    if nom not in TABLES:
        raise ErreurFacturier(
            f"La table « {nom} » n’existe pas. Choisissez parmi : {', '.join(NOMS)}.",
            code="table-inconnue",
            sortie=SORTIE_USAGE,
        )
    return tuple(ligne for ligne in _lire(nom) if ligne.valide(au))


@lru_cache(maxsize=4096)
def par_code(nom: str, au: date | None, code: str, quoi: str, attribut: str = "code") -> LigneSourcee:
    """The row of that code; among several periods, the most recent one."""
    lignes = table(nom, au)
    trouvees = [ligne for ligne in lignes if getattr(ligne, attribut) == code]
    if not trouvees:
        connus = ", ".join(dict.fromkeys(str(getattr(ligne, attribut)) for ligne in lignes))
        raise ErreurFacturier(
            f"{quoi} « {code} » n’existe pas à cette date. Choisissez parmi : {connus}.", code="code-inconnu"
        )
    return max(trouvees, key=lambda ligne: ligne.valide_du or date.min)
