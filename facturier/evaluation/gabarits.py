"""The bank's items as written: texts that call facts, figures to draw; a seed and a day make a question of one.

``source/banque/<theme>.toml``: one file a theme, ``[theme]`` then ``[[item]]``. It holds the key: trainer's side only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from facturier.erreurs import ErreurFacturier
from facturier.evaluation import calculs, citations
from facturier.evaluation.banque import lire_item
from facturier.evaluation.graines import Graine
from facturier.evaluation.items import A_SAISIR, FIABLE, GENRES, Item
from facturier.evaluation.lecture_toml import IDENTIFIANT, Fiche, rendre

FIABILITES = (FIABLE, "partiel", "à vérifier")
USAGES = ("forme", "série")
TABLES = {
    "unique": "choix",
    "multiple": "choix",
    "champ": "champ",
    "ordre": "ligne",
    "appariement": "ligne",
    "nombre": "piege",
    "date": "piege",
}
"""Where the answers of each genre are written."""
_THEME = ("titre", "objectif", "savoir", "chapitres")
_PROPRES = ("sources", "erreurs", "fait", "usage", "valide_du", "valide_au", "calcul")
_RENDUS = (
    *("id", "objectif", "niveau", "genre", "question", "fiabilite", "facture", "leurres"),
    *("attendu", "tolerance", "unite", "retour_juste", "retour_faux", *dict.fromkeys(TABLES.values())),
)
_OCTETS_MAX = 2 * 1024 * 1024


@dataclass(frozen=True)
class Theme:
    """A file of the bank: the finer objective it serves (``savoir``), and the chapters that practise it."""

    code: str
    titre: str
    objectif: str
    savoir: str
    chapitres: tuple[str, ...]


@dataclass(frozen=True)
class Gabarit:
    """One item as written. ``fait`` names what it asks: two items of one fact are never in the same session."""

    theme: Theme
    lieu: str
    champs: Mapping[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        return str(self.champs["id"])

    @property
    def objectif(self) -> str:
        return str(self.champs.get("objectif", self.theme.objectif))

    @property
    def niveau(self) -> int:
        return int(self.champs["niveau"])

    @property
    def genre(self) -> str:
        return str(self.champs["genre"])

    @property
    def fait(self) -> str:
        return str(self.champs.get("fait", self.id))

    @property
    def erreurs(self) -> tuple[str, ...]:
        """Rows of the frequent mistakes that it makes one meet."""
        return tuple(self.champs.get("erreurs", ()))

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.champs["sources"])

    @property
    def fiabilite(self) -> str:
        return str(self.champs["fiabilite"])

    @property
    def pour_une_forme(self) -> bool:
        """Whether the entry and exit forms may draw it; otherwise practice only."""
        return bool(self.champs.get("usage", "forme") == "forme")

    def valable(self, au: date) -> bool:
        """Whether it may be graded on that day, as far as its own fields say."""
        debut: date | None = self.champs.get("valide_du")
        fin: date | None = self.champs.get("valide_au")
        if self.fiabilite != FIABLE or (debut is not None and au < debut):
            return False
        return fin is None or au <= fin

    def poser(self, graine: Graine) -> Item:
        """The question that this seed draws, told as the law stands on its day.

        Raises:
            ErreurFacturier: a fact that no row holds on that day, or that is not sure then.
        """
        contexte = self._chiffres(graine)
        rendus = {
            nom: rendre(self.champs[nom], graine.au, self.lieu, **contexte) for nom in _RENDUS if nom in self.champs
        }
        rendus |= {"objectif": self.objectif, "source": " ; ".join(map(citations.dire, self.sources))}
        if "p" in contexte and self.genre in A_SAISIR:
            rendus["attendu"] = contexte["p"]["attendu"]
            rendus["piege"] = [
                {**piege, "valeur": contexte["p"]["pieges"][piege["valeur"]]}
                for piege in rendus.get("piege", [])
                if piege["valeur"] in contexte["p"]["pieges"]
            ]
        if "champ" in rendus:
            from facturier.evaluation.champs_facture import choix_de_la_facture

            rendus["choix"] = choix_de_la_facture(Fiche(self.lieu, rendus), rendus.pop("champ"))
        rendus["fiabilite"] = FIABLE  # the draw decides whether it may be graded
        return lire_item(Fiche(self.lieu, rendus), {self.objectif})

    @cached_property
    def _jours(self) -> dict[date, bool]:
        return {}

    def posable(self, au: date) -> bool:
        """Whether it may be graded on that day: valid, and every fact that it calls known and sure."""
        if not self.valable(au):
            return False
        if au not in self._jours:
            try:
                self.poser(Graine(au=au))
                self._jours[au] = True
            except ErreurFacturier:
                self._jours[au] = False
        return self._jours[au]

    def _chiffres(self, graine: Graine) -> dict[str, Any]:
        if "calcul" not in self.champs:
            return {}
        tirees = calculs.calculer(self.champs["calcul"], graine.hasard("chiffres", self.id), graine.au)
        calcul = self.champs["calcul"]
        cites = {piege["valeur"] for piege in self.champs.get("piege", [])}
        if inconnus := cites - tirees.connus:
            raise Fiche(self.lieu, {}).refus(f"le calcul « {calcul} » n’a pas de piège « {inconnus.pop()} »")
        return {"p": {**tirees.montre, "attendu": tirees.attendu, "pieges": dict(tirees.pieges)}}


def lire_theme(fichier: Path, objectifs: Collection[str]) -> tuple[Theme, tuple[Gabarit, ...]]:
    """A file of the bank, checked as it is written; :func:`essayer` goes further.

    Raises:
        ErreurFacturier: the sentence names the file, the item and what is wrong with it.
    """
    nom = f"{fichier.parent.name}/{fichier.name}"
    try:
        octets = fichier.read_bytes()
        if len(octets) > _OCTETS_MAX:
            raise ValueError("trop gros")
        lu = tomllib.loads(octets.decode("utf-8"))
    except FileNotFoundError:
        raise ErreurFacturier(f"Le fichier {fichier} est introuvable.", code="fichier-introuvable") from None
    except (OSError, ValueError, RecursionError) as cause:
        raise ErreurFacturier(
            f"{fichier} n’est pas un fichier TOML lisible ({cause}) : corrigez-le.", code="bareme-illisible"
        ) from cause
    return composer(nom, fichier.stem, lu, objectifs)


def composer(
    nom: str, code: str, lu: Mapping[str, Any], objectifs: Collection[str]
) -> tuple[Theme, tuple[Gabarit, ...]]:
    """A theme and its items from parsed TOML; ``nom`` is how refusals call the file.

    Raises:
        ErreurFacturier: idem.
    """
    racine = Fiche(nom, lu)
    racine.seuls(("theme", "item"))
    entete = lu.get("theme")
    if not isinstance(entete, dict) or not IDENTIFIANT.fullmatch(code):
        raise racine.refus("la rubrique [theme] manque, ou le nom du fichier n’est pas un identifiant")
    theme = lire_entete(Fiche(f"{nom}, thème", entete), code, objectifs)
    gabarits = []
    for rang, entree in enumerate(racine.sous_fiches("item", "item"), 1):
        lieu = f"{nom}, item « {entree.champs.get('id', rang)} »"
        gabarits.append(lire_gabarit(Fiche(lieu, entree.champs), theme, objectifs))
    return theme, tuple(gabarits)


def lire_entete(fiche: Fiche, code: str, objectifs: Collection[str]) -> Theme:
    """The head of a theme."""
    fiche.seuls(_THEME)
    chapitres = fiche.champs.get("chapitres")
    if not isinstance(chapitres, list) or not all(isinstance(c, str) and IDENTIFIANT.fullmatch(c) for c in chapitres):
        raise fiche.refus("« chapitres » doit être une liste d’identifiants de chapitres")
    return Theme(
        code, fiche.texte("titre"), fiche.parmi("objectif", sorted(objectifs)), fiche.texte("savoir"), tuple(chapitres)
    )


def _liste(fiche: Fiche, nom: str, *, exigee: bool = False) -> list[str]:
    liste = fiche.champs.get(nom, [])
    if not isinstance(liste, list) or not all(isinstance(texte, str) and texte for texte in liste):
        raise fiche.refus(f"« {nom} » doit être une liste de textes")
    if exigee and not liste:
        raise fiche.refus(f"« {nom} » est vide : citez au moins une référence")
    return liste


def lire_gabarit(fiche: Fiche, theme: Theme, objectifs: Collection[str]) -> Gabarit:
    """One item of the bank, checked as it is written.

    Raises:
        ErreurFacturier: what is wrong with it.
    """
    champs = fiche.champs
    interdits = {"choix", "champ", "ligne", "piege"} - {TABLES.get(str(champs.get("genre")))}
    fiche.tout(
        fiche.identifiant,
        lambda: fiche.parmi("genre", GENRES),
        lambda: fiche.parmi("objectif", sorted(objectifs)) if "objectif" in champs else None,
        lambda: fiche.parmi("fiabilite", FIABILITES),
        lambda: fiche.parmi("usage", USAGES) if "usage" in champs else None,
        lambda: fiche.seuls({*_RENDUS, *_PROPRES} - interdits) if champs.get("genre") in TABLES else None,
        lambda: _verifier_sources(fiche),
        lambda: _liste(fiche, "erreurs"),
        lambda: _verifier_valeurs(fiche),
        lambda: fiche.texte("question"),
    )
    return Gabarit(theme, fiche.lieu, fiche.champs)


def _verifier_sources(fiche: Fiche) -> None:
    for texte in _liste(fiche, "sources", exigee=True):
        citations.verifier(fiche, texte)


def _verifier_valeurs(fiche: Fiche) -> None:
    for nom in ("valide_du", "valide_au"):
        valeur = fiche.champs.get(nom)
        if valeur is not None and (not isinstance(valeur, date) or isinstance(valeur, datetime)):
            raise fiche.refus(f"« {nom} » doit être une date, comme 2026-09-01")
    if "calcul" in fiche.champs and "attendu" in fiche.champs:
        raise fiche.refus("la réponse de cet item se calcule : retirez « attendu »")
    niveau = fiche.champs.get("niveau")
    if isinstance(niveau, bool) or niveau not in (1, 2, 3):
        raise fiche.refus("« niveau » doit valoir 1, 2 ou 3")


def essayer(gabarits: Iterable[Gabarit]) -> None:
    """Refuse an item that gives no question on the reference day, whether it may be graded or not.

    Raises:
        ErreurFacturier: what is wrong with it: its answers, a call, a figure.
    """
    for gabarit in gabarits:
        gabarit.poser(Graine())
