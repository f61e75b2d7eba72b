"""A deadline of the table ``delais`` counted from a day: when it ends, what is left, how late one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facturier import referentiel
from facturier.delais.calendrier import ajouter_jours, ajouter_mois, repos
from facturier.delais.etapes import Etape, depuis_ligne, en_date, en_jours, etape, la_plus_faible
from facturier.erreurs import ErreurFacturier
from facturier.referentiel import Delai
from facturier.referentiel.socle import Fiabilite


@dataclass(frozen=True)
class Echeance:
    """A deadline: ``limite`` is the last day that is still in time, None while the delay is interrupted.

    ``depart`` is not counted. ``etapes`` explain it, in the order in which a learner reads them.
    """

    code: str
    objet: str
    depart: date
    limite: date | None
    etapes: tuple[Etape, ...]
    suspendue_depuis: date | None = None

    @property
    def fiabilite(self) -> Fiabilite:
        return la_plus_faible(self.etapes)

    def reste(self, au: date) -> int | None:
        """Days left on that day, 0 on the last one, negative once late; None while interrupted."""
        return None if self.limite is None else (self.limite - au).days

    def retard(self, au: date) -> int:
        """Days late on that day; 0 in time or while interrupted."""
        reste = self.reste(au)
        return 0 if reste is None else max(0, -reste)

    def depassee(self, au: date) -> bool:
        return self.retard(au) > 0


def echeance(code: str, depart: date, au: date | None = None) -> Echeance:
    """The deadline of that code counted from that day, by the row of ``delais`` valid on ``au`` (``depart`` if absent).

    Raises:
        ErreurFacturier: unknown code at that date, or ``delai-sans-duree`` when the row is no number of days or months.
    """
    ligne = referentiel.delai(code, au or depart)
    limite = fin_du_delai(ligne, depart)
    etapes = (
        depuis_ligne(ligne, ligne.objet, f"{en_date(depart)} + {duree(ligne)}", en_date(limite)),
        *jour_chome(limite),
    )
    return Echeance(code, ligne.objet, depart, limite, etapes)


def fin_du_delai(ligne: Delai, depart: date) -> date:
    """The last day of that delay."""
    if ligne.duree is None or ligne.unite not in ("jours", "mois"):
        raise ErreurFacturier(
            f"« {ligne.objet} » (code « {ligne.code} ») n’est pas un nombre de jours ni de mois : "
            "aucune échéance ne s’en calcule.",
            code="delai-sans-duree",
        )
    return ajouter_jours(depart, ligne.duree) if ligne.unite == "jours" else ajouter_mois(depart, ligne.duree)


def duree(ligne: Delai) -> str:
    """``30 jours``, ``3 mois``."""
    return en_jours(ligne.duree or 0) if ligne.unite == "jours" else f"{ligne.duree} {ligne.unite}"


def jour_chome(limite: date) -> tuple[Etape, ...]:
    """A deadline that falls on a day off is not moved, which is a reading to check: one step says so, or none."""
    ferme = repos(limite)
    if not ferme:
        return ()
    return (etape("jours-calendaires", f"le {en_date(limite)} est chômé ({ferme})", f"{en_date(limite)}, non reporté"),)
