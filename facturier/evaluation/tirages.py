"""Drawing from the bank: the entry and exit forms of a session, parallel and with nothing in common; practice sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal, cast

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.gabarits import Gabarit, Theme, lire_theme
from facturier.evaluation.graines import Graine
from facturier.evaluation.items import GENRES, Item
from facturier.evaluation.lecture_toml import Fiche, lire

Forme = Literal["entree", "sortie"]
FORMES: tuple[Forme, ...] = ("entree", "sortie")
BANQUE, PLACES = "banque", "formes.toml"


@dataclass(frozen=True)
class Place:
    """A place of both forms: the objective and level of its items, and the genres they may be of."""

    objectif: str
    niveau: int
    genres: tuple[str, ...]


@dataclass(frozen=True)
class Banque:
    """All items, theme by theme, and the places of the forms."""

    themes: tuple[Theme, ...]
    gabarits: tuple[Gabarit, ...]
    places: tuple[Place, ...]
    empreinte: str
    """Says which texts it was read from."""

    @cached_property
    def par_id(self) -> Mapping[str, Gabarit]:
        """The items by identifier."""
        return {g.id: g for g in self.gabarits}

    def forme(self, quelle: Forme, graine: Graine) -> tuple[Item, ...]:
        """The entry or exit form of a session.

        Raises:
            ErreurFacturier: some place finds no pair of items on that day.
        """
        rang = FORMES.index(quelle)
        return tuple(paire[rang].poser(graine) for paire in self.paires(graine))

    def paires(self, graine: Graine) -> tuple[tuple[Gabarit, Gabarit], ...]:
        """For each place, the item of the entry form and that of the exit form: no fact is asked twice in the day."""
        tirees: list[tuple[Gabarit, Gabarit]] = []
        pris: set[str] = set()
        for rang, place in enumerate(self.places):
            paire = self._paire(place, rang, graine, pris)
            if paire is None:
                raise ErreurFacturier(
                    f"La banque n’a pas assez d’items d’objectif {place.objectif} et de niveau {place.niveau} "
                    f"({' ou '.join(place.genres)}) pour les deux quiz : ajoutez-en.",
                    code="banque-trop-petite",
                )
            pris |= {g.fait for g in paire}
            tirees.append(paire)
        return tuple(tirees)

    def _paire(self, place: Place, rang: int, graine: Graine, pris: Collection[str]) -> tuple[Gabarit, Gabarit] | None:
        libres = [
            g
            for g in self.gabarits
            if (g.objectif, g.niveau) == (place.objectif, place.niveau)
            and g.genre in place.genres
            and g.pour_une_forme
            and g.fait not in pris
        ]
        libres.sort(key=lambda g: graine.rang("forme", rang, g.id))
        for premier in (g for g in libres if g.posable(graine.au)):
            pairs = (g for g in libres if g.genre == premier.genre and g.fait != premier.fait)
            second = next((g for g in pairs if g.posable(graine.au)), None)
            if second is not None:
                return premier, second
        return None

    def serie(self, chapitre: str, nombre: int, graine: Graine) -> tuple[Item, ...]:
        """A practice set for a chapter, easier items first, without anything that the day's forms ask.

        Raises:
            ErreurFacturier: the bank has not as many.
        """
        pris = {g.fait for paire in self.paires(graine) for g in paire}
        libres = [g for g in self.gabarits if chapitre in g.theme.chapitres and g.fait not in pris]
        libres.sort(key=lambda g: graine.rang("série", chapitre, g.id))
        tires: list[Gabarit] = []
        for gabarit in libres:
            if len(tires) < nombre and gabarit.fait not in {t.fait for t in tires} and gabarit.posable(graine.au):
                tires.append(gabarit)
        if len(tires) < nombre:
            raise ErreurFacturier(
                f"La banque n’a que {len(tires)} items d’entraînement pour « {chapitre} » : demandez-en moins, "
                "ou ajoutez-en.",
                code="banque-trop-petite",
            )
        return tuple(g.poser(graine) for g in sorted(tires, key=lambda g: g.niveau))


@dataclass(frozen=True)
class Tirage:
    """What an exercise draws from the bank: a form, or so many items on a chapter."""

    banque: Banque = field(repr=False)
    empreinte: str
    forme: Forme | None = None
    chapitre: str = ""
    nombre: int = 0

    def items(self, graine: Graine) -> tuple[Item, ...]:
        """The questions that this seed draws."""
        if self.forme is not None:
            return self.banque.forme(self.forme, graine)
        return self.banque.serie(self.chapitre, self.nombre, graine)


def lire_tirage(fiche: Fiche, sources: Path) -> Tirage:
    """``tirage = { forme = "entree" }`` or ``tirage = { chapitre = "sans_moe", nombre = 5 }`` of an exercise.

    Raises:
        ErreurFacturier: it is neither, or the bank is refused.
    """
    fiche.seuls(("forme", "chapitre", "nombre"))
    banque = lire_banque(sources)
    if "forme" in fiche.champs:
        fiche.seuls(("forme",))
        return Tirage(banque, banque.empreinte, forme=cast(Forme, fiche.parmi("forme", FORMES)))
    nombre = fiche.champs.get("nombre")
    if isinstance(nombre, bool) or not isinstance(nombre, int) or not 1 <= nombre <= 40:
        raise fiche.refus("« nombre » doit être entre 1 et 40")
    return Tirage(banque, banque.empreinte, chapitre=fiche.texte("chapitre"), nombre=nombre)


def lire_banque(sources: Path | None = None) -> Banque:
    """The bank of that folder of sources; read again only when a file of it has changed.

    Raises:
        ErreurFacturier: the sentence names the file, the item and what is wrong with it.
    """
    racine = sources if sources is not None else contenu.racine() / "source"
    fichiers = (*sorted((racine / BANQUE).glob("*.toml")), racine / PLACES, racine / "objectifs.toml")
    calcul = sha256()
    for fichier in fichiers:
        calcul.update(f"{fichier.name}\n".encode() + (fichier.read_bytes() if fichier.is_file() else b""))
    return _lire(racine, fichiers[:-2], calcul.hexdigest()[:16])


@lru_cache(maxsize=4)
def _lire(racine: Path, fichiers: tuple[Path, ...], empreinte: str) -> Banque:
    if not fichiers:
        raise ErreurFacturier(f"Le dossier {racine / BANQUE} n’a aucun thème.", code="banque-absente")
    objectifs = contenu.objectifs()
    themes: list[Theme] = []
    gabarits: list[Gabarit] = []
    for fichier in fichiers:
        theme, siens = lire_theme(fichier, objectifs)
        themes.append(theme)
        gabarits += siens
    sans_doublon(gabarits)
    return Banque(tuple(themes), tuple(gabarits), _lire_places(racine / PLACES, objectifs), empreinte)


def sans_doublon(gabarits: Collection[Gabarit]) -> None:
    """Refuse two items of one identifier, whatever their themes."""
    vus: dict[str, str] = {}
    for gabarit in gabarits:
        if gabarit.id in vus:
            raise Fiche(gabarit.lieu, {}).refus(f"cet identifiant est déjà pris par {vus[gabarit.id]}")
        vus[gabarit.id] = gabarit.lieu


def _lire_places(fichier: Path, objectifs: Collection[str]) -> tuple[Place, ...]:
    places = []
    for fiche in lire(fichier, "place", "place"):
        fiche.seuls(("objectif", "niveau", "genres"))
        niveau, genres = fiche.champs.get("niveau"), fiche.champs.get("genres")
        if niveau not in (1, 2, 3) or not isinstance(genres, list) or not genres or not set(genres) <= set(GENRES):
            raise fiche.refus(f"il faut « niveau » (1, 2 ou 3) et « genres » parmi {', '.join(GENRES)}")
        places.append(Place(fiche.parmi("objectif", sorted(objectifs)), niveau, tuple(genres)))
    return tuple(places)
