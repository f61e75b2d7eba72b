"""Typed reading of a scenario's sections: every refusal names the file and the field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from facturier import montants
from facturier.erreurs import ErreurFacturier

T = TypeVar("T")
_LONGUEUR_MAX = 2000


def refus(chemin: Path, champ: str, quoi: str) -> ErreurFacturier:
    """The sentence that names the file and the field."""
    return ErreurFacturier(
        f"Le scénario {chemin.name} est refusé, champ «\u00a0{champ}\u00a0» : {quoi.rstrip('.')}.",
        code="scenario-refuse",
    )


class Section:
    """A TOML table being read; what has not been read is refused at the end (:meth:`fini`)."""

    def __init__(self, chemin: Path, prefixe: str, valeurs: dict[str, Any]) -> None:
        self.chemin = chemin
        self._prefixe = prefixe
        self._valeurs = valeurs
        self._lus: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._valeurs)

    def nom(self, champ: str) -> str:
        """Full name of a field, as shown to people."""
        return f"{self._prefixe}.{champ}" if self._prefixe else champ

    def refus(self, champ: str, quoi: str) -> ErreurFacturier:
        """A refusal about one field of this section."""
        return refus(self.chemin, self.nom(champ), quoi)

    def section(self, champ: str, *, facultatif: bool = False) -> Section:
        """A sub-table; an absent optional one reads as empty."""
        valeur = self._prendre(champ, dict, "une section", facultatif)
        return Section(self.chemin, self.nom(champ), valeur or {})

    def sections(self, champ: str) -> list[Section]:
        """An array of tables, possibly absent."""
        valeur = self._prendre(champ, list, "une liste de sections", True) or []
        if not all(isinstance(element, dict) for element in valeur):
            raise self.refus(champ, f"une liste de sections est attendue, écrite [[{champ}]]")
        return [Section(self.chemin, f"{self.nom(champ)}[{rang}]", v) for rang, v in enumerate(valeur, start=1)]

    def texte(self, champ: str, *, facultatif: bool = False) -> str:
        """A one-line or longer text, trimmed; empty only if optional."""
        valeur = self._prendre(champ, str, "un texte entre guillemets", facultatif)
        propre = (valeur or "").strip()
        if not propre and not facultatif:
            raise self.refus(champ, "ce texte est vide")
        if len(propre) > _LONGUEUR_MAX or any(ord(c) < 32 and c not in "\n\t" for c in propre):
            raise self.refus(champ, "ce texte est trop long ou contient un caractère de contrôle")
        return propre

    def textes(self, champ: str, *, facultatif: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        valeur = self._prendre(champ, list, "une liste de textes", facultatif) or []
        if not all(isinstance(element, str) and element.strip() for element in valeur):
            raise self.refus(champ, "une liste de textes non vides est attendue")
        return tuple(element.strip() for element in valeur)

    def code(self, champ: str, admis: set[str]) -> str:
        """A text that must be one of the known codes."""
        lu = self.texte(champ)
        if lu not in admis:
            raise self.refus(champ, f"«\u00a0{lu[:60]}\u00a0» est inconnu (admis : {', '.join(sorted(admis))})")
        return lu

    def entier(self, champ: str) -> int:
        """A whole number."""
        valeur = self._prendre(champ, int, "un nombre entier", False)
        return int(valeur)

    def date(self, champ: str) -> dt.date:
        """A date, written without quotes (2026-11-30)."""
        valeur = self.date_ou_rien(champ)
        if valeur is None:
            raise self.refus(champ, "ce champ manque")
        return valeur

    def date_ou_rien(self, champ: str) -> dt.date | None:
        """A date, or None when the field is absent."""
        valeur = self._prendre(champ, dt.date, "une date sans guillemets, comme 2026-11-30,", True)
        if isinstance(valeur, dt.datetime):
            raise self.refus(champ, "une date sans heure est attendue")
        return valeur if valeur is None else dt.date(valeur.year, valeur.month, valeur.day)

    def montant(self, champ: str, *, facultatif: bool = False) -> Decimal:
        """An amount in euros, written as text the French way; an absent optional one is zero."""
        if facultatif and champ not in self._valeurs:
            return Decimal("0.00")
        return self.analyser(champ, montants.euros)

    def nombre(self, champ: str) -> Decimal:
        """A quantity, a unit price or a rate, written as text with a decimal comma or point."""
        lu = self.texte(champ)
        try:
            valeur = Decimal(lu.replace(",", "."))
        except InvalidOperation as cause:
            raise self.refus(champ, f"«\u00a0{lu[:60]}\u00a0» n’est pas un nombre") from cause
        if not valeur.is_finite() or abs(valeur) >= 10**9:
            raise self.refus(champ, f"«\u00a0{lu[:60]}\u00a0» n’est pas un nombre raisonnable")
        return valeur

    def analyser(self, champ: str, analyse: Callable[[str], T], *, facultatif: bool = False) -> T:
        """A text read by one of the house's parsers; its sentence is kept, the file and the field added."""
        lu = self.texte(champ, facultatif=facultatif)
        if not lu:
            return "" if analyse is str or facultatif else analyse(lu)  # type: ignore[return-value]  # blank
        try:
            return analyse(lu)
        except ErreurFacturier as cause:
            raise self.refus(champ, cause.phrase) from cause

    def construire(self, fabrique: Callable[..., T], **champs: Any) -> T:
        """Build a value from this section, which must then be wholly read."""
        self.fini()
        try:
            return fabrique(**champs)
        except ErreurFacturier as cause:
            raise refus(self.chemin, self._prefixe, cause.phrase) from cause

    def fini(self) -> None:
        """Refuse the first key that nobody has read: a typing slip must not pass silently."""
        inconnus = sorted(set(self._valeurs) - self._lus)
        if inconnus:
            raise self.refus(inconnus[0], "ce champ est inconnu")

    def _prendre(self, champ: str, genre: type, quoi: str, facultatif: bool) -> Any:
        self._lus.add(champ)
        if champ not in self._valeurs:
            if facultatif:
                return None
            raise self.refus(champ, "ce champ manque")
        valeur = self._valeurs[champ]
        if not isinstance(valeur, genre) or (genre is int and isinstance(valeur, bool)):
            raise self.refus(champ, f"{quoi} est attendu" if quoi.startswith("un ") else f"{quoi} est attendue")
        return valeur
