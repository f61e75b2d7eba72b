"""How a portal is opened: what whoever sets the exercise decides, and never what a learner's journal says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal, cast

from facturier import referentiel
from facturier.cycle import Bascules
from facturier.erreurs import ErreurFacturier
from facturier.portail import remarques
from facturier.portail.evenements import ROLES, SYSTEME, FormeRefusee, lire_moment
from facturier.portail.remarques import Remarque

ReglageHorloge = Literal["libre", "animateur"]
PARTENAIRES_MAX = 200
CHANTIERS_MAX = 20
TEXTE_MAX = 200

_GRAINE_DU_SCELLE = "facturier-portail-1|"
_PARTENAIRE = re.compile(r"(?P<role>[a-z][a-z0-9_]*):(?P<structure>[0-9]{14})")
_JOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CARACTERE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Ouverture:
    """The settings of a portal, sealed into the first fingerprint of its journal.

    ``graine`` draws what is drawn (partners, scenarios); ``scenario`` names the story. ``comptes``: nobody acts
    without an account. ``classe``: participants and a trainer act by their names (``Acteur.par``). ``horloge``: who
    may turn the clock. ``depart``: first date of the portal (« 2026-11-02T09:00:00 »), "" for the real date.
    ``partenaires``: roles that are simulated from the start (« moe:SIRET » → character). ``bascules``: the day of an
    announced change, « AAAA-MM-JJ » by its code, in place of the table's (a trainer shows what comes after).
    ``remarques``: what the story has simulated partners notice. ``chantiers``: numbers of the markets on which
    simulated companies deposit by themselves what the card expects of them.

    Raises:
        ErreurFacturier: a setting that is not one; the sentence names it.
    """

    graine: str = ""
    scenario: str = ""
    comptes: bool = False
    classe: bool = False
    horloge: ReglageHorloge = "libre"
    depart: str = ""
    partenaires: Mapping[str, str] = field(default_factory=dict)
    bascules: Mapping[str, str] = field(default_factory=dict)
    remarques: tuple[Remarque, ...] = ()
    chantiers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "partenaires", dict(self.partenaires))
        object.__setattr__(self, "bascules", dict(self.bascules))
        if any(len(texte) > TEXTE_MAX for texte in (self.graine, self.scenario)):
            raise _refus(f"la graine ou le scénario dépasse {TEXTE_MAX} caractères")
        if self.horloge not in ("libre", "animateur"):
            raise _refus("« horloge » vaut libre ou animateur")
        if self.depart:
            try:
                lire_moment(self.depart)
            except FormeRefusee as cause:
                raise _refus(f"date de départ : {str(cause).rstrip('.')}") from cause
        if len(self.partenaires) > PARTENAIRES_MAX:
            raise _refus(f"il y a plus de {PARTENAIRES_MAX} partenaires simulés")
        for cle, caractere in self.partenaires.items():
            trouve = _PARTENAIRE.fullmatch(cle)
            if trouve is None or trouve["role"] not in ROLES or trouve["role"] in (SYSTEME, "animateur"):
                raise _refus("un partenaire s’écrit « rôle:SIRET », par exemple « moe:99990012900019 »")
            if not _CARACTERE.fullmatch(caractere):
                raise _refus("le caractère d’un partenaire est un mot en minuscules")
        _controler_bascules(self.bascules)
        object.__setattr__(self, "chantiers", _chantiers(self.chantiers))
        try:
            object.__setattr__(self, "remarques", remarques.lire(self.remarques))
        except ValueError as cause:
            raise _refus(str(cause)) from cause

    @property
    def debut(self) -> datetime | None:
        """The portal's first date, None when it starts at the real one."""
        return lire_moment(self.depart) if self.depart else None

    @property
    def jours_de_bascule(self) -> Bascules:
        """The days set for announced changes, by code."""
        return tuple((code, date.fromisoformat(jour)) for code, jour in sorted(self.bascules.items()))

    def attributions(self) -> dict[tuple[str, str], str]:
        """Who holds which (role, structure) from the start: simulated partners."""
        paires = ((cle.split(":"), caractere) for cle, caractere in self.partenaires.items())
        return {(role, structure): f"simule:{caractere}" for (role, structure), caractere in paires}

    def en_json(self) -> dict[str, Any]:
        """JSON form, the one that is sealed; a setting that came later is only written when it is set."""
        ecrit = {**asdict(self), "partenaires": dict(sorted(self.partenaires.items()))}
        bascules, dites, chantiers = ecrit.pop("bascules"), ecrit.pop("remarques"), ecrit.pop("chantiers")
        ecrit |= {"bascules": dict(sorted(bascules.items()))} if bascules else {}
        ecrit |= {"chantiers": list(chantiers)} if chantiers else {}
        return ecrit | ({"remarques": list(dites)} if dites else {})

    @classmethod
    def depuis_json(cls, obj: object) -> Ouverture:
        """The settings written by :meth:`en_json`, read strictly; absent keys take their default.

        Raises:
            ErreurFacturier: unknown key, wrong type or impossible setting.
        """
        if not isinstance(obj, dict) or not set(obj) <= {f.name for f in fields(cls)}:
            raise _refus("une clé est inconnue")
        for cle, valeur in obj.items():
            if cle in ("remarques", "chantiers"):
                continue  # read strictly when they are kept
            attendu = bool if cle in ("comptes", "classe") else dict if cle in ("partenaires", "bascules") else str
            if not isinstance(valeur, attendu):
                raise _refus(f"« {cle} » n’a pas la forme attendue")
        for cle in ("partenaires", "bascules"):
            if not all(isinstance(texte, str) for paire in obj.get(cle, {}).items() for texte in paire):
                raise _refus(f"« {cle} » n’a pas la forme attendue")
        return cls(**cast(dict[str, Any], obj))

    def genese(self) -> str:
        """The fingerprint before the first event, 64 hexadecimal digits."""
        texte = json.dumps(self.en_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256((_GRAINE_DU_SCELLE + texte).encode("utf-8", "surrogatepass")).hexdigest()


def _chantiers(bruts: object) -> tuple[str, ...]:
    if not isinstance(bruts, (list, tuple)) or len(bruts) > CHANTIERS_MAX:
        raise _refus(f"« chantiers » est une liste de {CHANTIERS_MAX} numéros de marché au plus")
    if not all(isinstance(numero, str) and 1 <= len(numero) <= TEXTE_MAX for numero in bruts):
        raise _refus("un chantier se nomme par le numéro de son marché")
    return tuple(bruts)


def _controler_bascules(bascules: Mapping[str, str]) -> None:
    connus = [b.code for b in referentiel.bascules()]
    for code, jour in bascules.items():
        if code not in connus:
            raise _refus(f"aucun changement annoncé n’a ce code, choisissez parmi : {', '.join(connus)}")
        if not _JOUR.fullmatch(jour):
            raise _refus("le jour d’une bascule s’écrit AAAA-MM-JJ")
        try:
            date.fromisoformat(jour)
        except ValueError as cause:
            raise _refus("le jour d’une bascule n’est pas une date") from cause


def _refus(raison: str) -> ErreurFacturier:
    return ErreurFacturier(
        f"Ce réglage du portail n’est pas possible ({raison}) : corrigez-le.", code="ouverture-invalide"
    )
