"""Strict reading of the trainer's TOML files: every refusal names the file and the entry."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from facturier.erreurs import ErreurFacturier
from facturier.referentiel.redaction import DOUTES, rediger

IDENTIFIANT = re.compile(r"[a-z][a-z0-9_]{0,63}")
CENTIEME = Decimal("0.01")
_REPONSES = ("attendu", "valeur")


@dataclass(frozen=True)
class Fiche:
    """One table of a TOML file, with the words that locate it in a refusal (``quiz.toml, item « q1 »``)."""

    lieu: str
    champs: Mapping[str, Any]

    def refus(self, raison: str) -> ErreurFacturier:
        """The refusal of this entry."""
        return ErreurFacturier(f"{self.lieu} : {raison}.", code="bareme-invalide")

    def tout(self, *verifications: Callable[[], object]) -> None:
        """Make all these checks, and refuse once for all that they refuse."""
        raisons = []
        for verifier in verifications:
            try:
                verifier()
            except ErreurFacturier as cause:
                raisons.append(cause.phrase.removeprefix(f"{self.lieu} : ").removesuffix("."))
        if raisons:
            raise self.refus(" ; ".join(raisons))

    def seuls(self, connus: Iterable[str]) -> None:
        """Refuse a field that nobody reads: most often a misspelling that would lose a setting in silence."""
        inconnus = sorted(set(self.champs) - set(connus))
        if inconnus:
            raise self.refus(f"champ inconnu « {inconnus[0]} », retirez-le ou corrigez son nom")

    def texte(self, nom: str) -> str:
        """A required text."""
        valeur = self.champs.get(nom)
        if not isinstance(valeur, str) or not valeur.strip():
            raise self.refus(f"le champ « {nom} » manque ou n’est pas un texte")
        return valeur.strip()

    def texte_ou_vide(self, nom: str) -> str:
        """An optional text, empty when left out."""
        return self.texte(nom) if nom in self.champs else ""

    def valeur_attendue(self, nom: str = "attendu") -> str:
        """An expected value: text as a learner would type it; numbers must be quoted, so that no zero is lost."""
        valeur = self.champs.get(nom)
        if not isinstance(valeur, str) or not valeur.strip():
            raise self.refus(f"le champ « {nom} » manque, ou n’est pas écrit entre guillemets")
        return valeur.strip()

    def decimal_ou_rien(self, nom: str) -> Decimal | None:
        """An optional non-negative number, as a quoted text or a whole TOML number (a float would not be exact)."""
        valeur = self.champs.get(nom)
        if valeur is None:
            return None
        if isinstance(valeur, float):
            valeur = repr(valeur)
        try:
            nombre = Decimal(str(valeur).replace(",", "."))
        except InvalidOperation:
            raise self.refus(f"« {nom} » n’est pas un nombre : {valeur}") from None
        if isinstance(valeur, bool) or not nombre.is_finite() or nombre < 0:
            raise self.refus(f"« {nom} » n’est pas un nombre positif : {valeur}")
        return nombre

    def points(self, nom: str = "points") -> Decimal | None:
        """Optional points: strictly positive, two decimals at most."""
        nombre = self.decimal_ou_rien(nom)
        if nombre is not None and (nombre == 0 or nombre != nombre.quantize(CENTIEME)):
            raise self.refus(f"« {nom} » doit être positif, avec deux décimales au plus : {nombre}")
        return nombre

    def identifiant(self, nom: str = "id") -> str:
        """A required identifier that nbgrader accepts as well: a letter, then letters, digits and underscores."""
        valeur = self.texte(nom)
        if not IDENTIFIANT.fullmatch(valeur):
            raise self.refus(
                f"l’identifiant « {valeur} » n’est pas admis (minuscules sans accent, chiffres et « _ », 64 au plus)"
            )
        return valeur

    def parmi(self, nom: str, admis: Iterable[str]) -> str:
        """A required text out of a list."""
        valeur, liste = self.texte(nom), tuple(admis)
        if valeur not in liste:
            raise self.refus(f"« {nom} » vaut « {valeur} », valeurs admises : {', '.join(liste)}")
        return valeur

    def sous_fiches(self, nom: str, mot: str) -> tuple[Fiche, ...]:
        """The entries of a nested array of tables."""
        entrees = self.champs.get(nom, [])
        if not isinstance(entrees, list) or not all(isinstance(e, dict) for e in entrees):
            raise self.refus(f"« {nom} » doit être une suite de tables [[…]]")
        return tuple(Fiche(f"{self.lieu}, {mot} {rang}", e) for rang, e in enumerate(entrees, 1))

    def au_jour(self, au: date) -> Fiche:
        """The same entry, its texts told as the law stands on that day.

        Raises:
            ErreurFacturier: an expected value calls a fact (answers do not keep the day, only drawn items do), or a
                fact is unknown or not sure.
        """
        if any("{{" in texte or "{%" in texte for texte in _reponses(self.champs)):
            raise self.refus(
                "« attendu » et « valeur » n’appellent aucun fait ici : écrivez la valeur, ou un item de la banque"
            )
        return replace(self, champs={nom: rendre(valeur, au, self.lieu) for nom, valeur in self.champs.items()})


def rendre(valeur: Any, au: date, lieu: str, **propres: Any) -> Any:
    """The same with its texts written; choices and lines keep their template's words as their key.

    Raises:
        ErreurFacturier: a fact that no row holds on that day, or that is not sure then.
    """
    if isinstance(valeur, str):
        texte = rediger(valeur, au, lieu, **propres)
        if any(doute in texte for doute in DOUTES):
            raise Fiche(lieu, {}).refus("ce qu’il dit n’est pas sûr ce jour-là, il ne se note pas")
        return texte
    if isinstance(valeur, list):
        return [rendre(morceau, au, lieu, **propres) for morceau in valeur]
    if isinstance(valeur, dict):
        rendu = {nom: rendre(morceau, au, lieu, **propres) for nom, morceau in valeur.items()}
        brut = valeur.get("texte")
        return {**rendu, "cle": brut} if isinstance(brut, str) and rendu["texte"] != brut else rendu
    return valeur


def _reponses(valeur: Any) -> Iterator[str]:
    """The expected values of an entry, its traps included."""
    if isinstance(valeur, list):
        for morceau in valeur:
            yield from _reponses(morceau)
    elif isinstance(valeur, dict):
        for nom, morceau in valeur.items():
            if isinstance(morceau, str) and nom in _REPONSES:
                yield morceau
            elif nom in _REPONSES and isinstance(morceau, list):
                yield from (m for m in morceau if isinstance(m, str))
            else:
                yield from _reponses(morceau)


def lire(fichier: Path, tableau: str, mot: str) -> tuple[Fiche, ...]:
    """The entries ``[[tableau]]`` of a TOML file, located by their ``id`` (or rank when it is missing)."""
    try:
        contenu = tomllib.loads(fichier.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ErreurFacturier(f"Le fichier {fichier} est introuvable.", code="fichier-introuvable") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise ErreurFacturier(
            f"{fichier} n’est pas un fichier TOML lisible ({cause}) : corrigez-le.", code="bareme-illisible"
        ) from cause
    nom = f"{fichier.parent.name}/{fichier.name}"
    racine = Fiche(nom, contenu)
    racine.seuls([tableau])
    entrees = racine.sous_fiches(tableau, mot)
    if not entrees:
        raise racine.refus(f"aucune entrée [[{tableau}]]")
    return tuple(Fiche(f"{nom}, {mot} « {e.champs.get('id', rang)} »", e.champs) for rang, e in enumerate(entrees, 1))
