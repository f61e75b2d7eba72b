"""Reading a situation: its story (``data/situations``), its key (``source/situations``), both filled in by a draw."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from facturier import contenu
from facturier.annuaire import Annuaire
from facturier.erreurs import ErreurFacturier
from facturier.portail import ROLES, Ouverture, partenaires
from facturier.portail.remarques import Remarque
from facturier.situations.criteres import CRITERES
from facturier.situations.hasard import Hasard
from facturier.situations.modele import Critere, Document, Faute, Geste, Joue, Recit, Situation
from facturier.situations.regle import CritereSituation
from facturier.situations.tirages import GENRES, Contexte

DOSSIER = "situations"
CHOIX = ":"
"""Between the variant that whoever sets the exercise has chosen and the rest of a seed."""
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_RECIT = {
    "titre",
    "affiche",
    "recit",
    "depart",
    "comptes",
    "depot",
    "demandes",
    "document",
    "joue",
    "partenaires",
    "partenaires_du_marche",
    "tirage",
    "avant",
    "remarque",
}
_FAMILLE = {"titre", "variantes"}
_CLE = {"attendu", "geste", "critere", "faute"}
_GESTE = {"role", "structure", "par", "action", "objet", "champs"}
_FAUTE = {"code", "libelle", "critere", "refus", "sans", "geste", "champs", "ajoute"}


def situations() -> tuple[str, ...]:
    """The codes of every situation, in alphabetical order."""
    return tuple(sorted(path.stem for path in (contenu.racine() / "data" / DOSSIER).glob("*.toml")))


def connue(code: str) -> bool:
    """Whether that is the code of a situation."""
    return bool(_CODE.fullmatch(code)) and (contenu.racine() / "data" / DOSSIER / f"{code}.toml").is_file()


def variantes(code: str) -> Mapping[str, str]:
    """The situations among which that one stands for one, by what tells them apart; empty for a story of its own.

    Raises:
        ErreurFacturier: no such situation, or its file cannot be read.
    """
    chemin, brut = _lire(code, "data", _RECIT | _FAMILLE)
    lues: Mapping[str, str] = brut.get("variantes", {})
    if lues and (not isinstance(lues, dict) or set(brut) != _FAMILLE or not all(map(connue, map(str, lues.values())))):
        raise _illisible(chemin, ValueError("« variantes » nomme des situations, et rien d’autre que « titre » avec"))
    return lues


def jouee(code: str, graine: str) -> str:
    """The situation that this seed really plays.

    A seed « rejet:… » asks for the variant « rejet »; any other one draws it.

    Raises:
        ErreurFacturier: no such situation, or its file cannot be read.
    """
    parmi = variantes(code)
    if not parmi:
        return code
    voulue, separe, _ = graine.partition(CHOIX)
    return parmi[voulue] if separe and voulue in parmi else Hasard(graine, code).parmi("variante", list(parmi.values()))


def titre(code: str) -> str:
    """What a situation is called by who sets it, whichever of its variants is played; a story may show another title.

    Raises:
        ErreurFacturier: no such situation, or its file cannot be read.
    """
    return str(_lire(code, "data", _RECIT | _FAMILLE)[1]["titre"])


def raconter(code: str, graine: str, annuaire: Annuaire | None = None) -> Recit:
    """The story drawn by that seed, without its key.

    Raises:
        ErreurFacturier: no such situation, or a file that does not say one; the sentence names it.
    """
    code = jouee(code, graine)
    chemin, brut = _lire(code, "data", _RECIT)
    try:
        return _recit(code, graine, brut, annuaire if annuaire is not None else _annuaire())
    except (KeyError, TypeError, ValueError, AttributeError) as cause:
        raise _illisible(chemin, cause) from cause


def tirer(code: str, graine: str, annuaire: Annuaire | None = None) -> Situation:
    """The story drawn by that seed, with what is to be entered and the criteria that judge it.

    Raises:
        ErreurFacturier: no such situation, or a file that does not say one; the sentence names it.
    """
    recit = raconter(code, graine, annuaire)
    chemin, brut = _lire(recit.code, "source", _CLE)
    try:
        return _situation(recit, brut)
    except (KeyError, TypeError, ValueError, AttributeError) as cause:
        raise _illisible(chemin, cause) from cause


@cache
def _annuaire() -> Annuaire:
    return Annuaire.charger()


def _lire(code: str, rayon: str, cles: set[str]) -> tuple[Path, Mapping[str, Any]]:
    if not connue(code):
        raise ErreurFacturier(
            f"Situation inconnue : « {code[:60]} ». Situations disponibles : {', '.join(situations())}.",
            code="situation-inconnue",
        )
    chemin = contenu.racine() / rayon / DOSSIER / f"{code}.toml"
    return chemin, _toml(chemin, frozenset(cles))


@cache
def _toml(chemin: Path, cles: frozenset[str]) -> Mapping[str, Any]:
    try:
        brut = tomllib.loads(chemin.read_text(encoding="utf-8"))
        _seules(brut, cles)
    except (OSError, ValueError) as cause:
        raise _illisible(chemin, cause) from cause
    return brut


def _illisible(chemin: Path, cause: Exception) -> ErreurFacturier:
    raison = f"« {cause.args[0]} » manque ou n’est pas tiré" if isinstance(cause, KeyError) else str(cause)
    return ErreurFacturier(
        f"La situation {chemin.parent.parent.name}/{DOSSIER}/{chemin.name} n’est pas lisible ({raison}) : "
        "corrigez ce fichier.",
        code="situation-illisible",
    )


def _seules(brut: Mapping[str, Any], connues: frozenset[str] | set[str]) -> None:
    inconnues = sorted(set(brut) - connues)
    if inconnues:
        raise ValueError(f"clé « {inconnues[0]} » inconnue")


def _recit(code: str, graine: str, brut: Mapping[str, Any], annuaire: Annuaire) -> Recit:
    depart = datetime.fromisoformat(brut["depart"])
    valeurs = _tirer(brut["tirage"], Contexte(Hasard(graine, code), annuaire, depart.date(), {}))
    joues = tuple(_joue(j, valeurs) for j in brut["joue"])
    simules = {cle.format_map(valeurs): nom for cle, nom in brut.get("partenaires", {}).items()}
    if du_marche := brut.get("partenaires_du_marche"):
        _seules(du_marche, {"marche", "caractere"})
        marche = annuaire.marches[valeurs[du_marche["marche"]]]
        tenus = [(j.role, j.structure) for j in joues]
        simules |= partenaires.du_marche(marche, du_marche["caractere"], tenus)
    ouverture = Ouverture(
        graine=graine,
        scenario=code,
        comptes=brut.get("comptes", False),
        depart=brut["depart"],
        partenaires=simules,
        remarques=tuple(_remarque(r, valeurs) for r in brut.get("remarque", ())),
    )
    return Recit(
        code=code,
        graine=graine,
        titre=brut.get("affiche", brut["titre"]),
        texte=brut["recit"].format_map(valeurs).strip(),
        joues=joues,
        ouverture=ouverture,
        valeurs=valeurs,
        avant=tuple(_geste(g, valeurs) for g in brut.get("avant", ())),
        depot=brut.get("depot", False),
        demandes=tuple(nom for nom in brut.get("demandes", ()) if CRITERES[nom]),
        documents=tuple(_document(d, valeurs) for d in brut.get("document", ())),
    )


def _document(brut: Mapping[str, Any], valeurs: Mapping[str, str]) -> Document:
    _seules(brut, {"nom", "titre"})
    return Document(brut["nom"].format_map(valeurs), brut["titre"].format_map(valeurs))


def _joue(brut: Mapping[str, Any], valeurs: Mapping[str, str]) -> Joue:
    _seules(brut, {"role", "structure"})
    if brut["role"] not in ROLES:
        raise ValueError(f"le rôle « {brut['role']} » est inconnu")
    return Joue(brut["role"], brut.get("structure", "").format_map(valeurs))


def _remarque(brut: Mapping[str, str], valeurs: Mapping[str, str]) -> Remarque:
    return Remarque(**{cle: texte.format_map(valeurs) for cle, texte in brut.items()})


def _tirer(tirages: list[dict[str, Any]], contexte: Contexte) -> dict[str, str]:
    valeurs: dict[str, str] = {}
    for brut in tirages:
        nom, genre = brut["nom"], GENRES[brut["genre"]]
        _seules(brut, {"nom", "genre", *genre.cles})
        nouvelles = genre.tirer(nom, brut, replace(contexte, valeurs=valeurs))
        if deja := sorted(set(valeurs) & set(nouvelles)):
            raise ValueError(f"« {deja[0]} » est tiré deux fois")
        valeurs |= nouvelles
    return valeurs


def _geste(brut: Mapping[str, Any], valeurs: Mapping[str, str]) -> Geste:
    _seules(brut, _GESTE)
    return Geste(
        role=brut["role"],
        structure=brut.get("structure", "").format_map(valeurs),
        action=brut["action"],
        objet=brut.get("objet", "").format_map(valeurs),
        champs={champ: texte.format_map(valeurs) for champ, texte in brut.get("champs", {}).items()},
        par=brut.get("par", ""),
    )


def _situation(recit: Recit, brut: Mapping[str, Any]) -> Situation:
    saisie = tuple(_geste(g, recit.valeurs) for g in brut["geste"])
    attendu = {"depart": recit.ouverture.depart}
    attendu |= {cle: texte.format_map(recit.valeurs) for cle, texte in brut.get("attendu", {}).items()}
    depots = [g for g in saisie if g.action in ("deposer", "deposer_suivante")]
    if depots:
        attendu = {"deposant": depots[-1].structure, **depots[-1].champs, **attendu}
    for nom in attendu.get("incident", "").split():
        _complet(CRITERES[nom], attendu)
    criteres = tuple(_critere(c, attendu, recit.valeurs) for c in brut["critere"])
    if tuple(c.nom for c in criteres) != recit.demandes:
        raise ValueError("« demandes », dans le récit, ne nomme pas les critères de la clé, dans leur ordre")
    fautes = tuple(_faute(f, recit, saisie, {c.nom for c in criteres}) for f in brut.get("faute", ()))
    return Situation(recit, saisie, attendu, criteres, fautes)


def _critere(brut: Mapping[str, Any], attendu: Mapping[str, str], valeurs: Mapping[str, str]) -> Critere:
    """Both sentences may name drawn values."""
    _seules(brut, {"nom", "libelle", "manque"})
    regle = CRITERES[brut["nom"]]
    if manquants := [besoin for besoin in regle.besoins if besoin not in attendu]:
        raise ValueError(f"le critère « {regle.nom} » demande « {manquants[0]} » dans [attendu]")
    dits = {cle: brut[cle].format_map(valeurs) for cle in ("libelle", "manque") if cle in brut}
    return Critere(regle.nom, dits.get("libelle", regle.libelle), dits.get("manque", regle.manque))


def _complet(regle: CritereSituation, attendu: Mapping[str, str]) -> None:
    if manquants := [besoin for besoin in regle.besoins if besoin not in attendu]:
        raise ValueError(f"le critère « {regle.nom} » demande « {manquants[0]} » dans [attendu]")


def _faute(brut: Mapping[str, Any], recit: Recit, saisie: tuple[Geste, ...], criteres: set[str]) -> Faute:
    """``sans``: ranks of the gestures left out; ``geste``: rank of the one whose ``champs`` are others, from 0;
    ``ajoute``: the rank before which that one is made as well, its model being kept."""
    _seules(brut, _FAUTE)
    if brut["critere"] not in criteres:
        raise ValueError(f"la faute « {brut['code']} » vise « {brut['critere']} », qui n’est pas un critère d’ici")
    modele, sans = brut.get("geste", 0), brut.get("sans", ())
    for rang in (modele, *sans, brut.get("ajoute", 0)):
        if not 0 <= rang < len(saisie):
            raise ValueError(f"la faute « {brut['code']} » vise le geste de rang {rang}, qui n’existe pas")
    changes = {champ: texte.format_map(recit.valeurs) for champ, texte in brut.get("champs", {}).items()}
    autre = replace(saisie[modele], champs={**saisie[modele].champs, **changes})
    gestes: list[Geste] = []
    for rang, geste in enumerate(saisie):
        if rang == brut.get("ajoute"):
            gestes.append(autre)
        if rang not in sans:
            gestes.append(autre if rang == modele and "ajoute" not in brut else geste)
    return Faute(brut["code"], brut["libelle"], tuple(gestes), brut["critere"], brut.get("refus", ""))
