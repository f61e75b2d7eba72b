"""Who sent it: learners named by their parcels, their receipts and the list of the class."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from facturier.evaluation import recus
from facturier.evaluation.archives import Colis
from facturier.evaluation.carnets_rendus import objet_json

_EXTENSION = re.compile(r"(\.tar)?\.(zip|rar|7z|gz|tgz|tar|xz|bz2|ipynb|json)$", re.IGNORECASE)
_PREFIXE = re.compile(r"^rendu[-_ ]+", re.IGNORECASE)
_COPIE = re.compile(r"(\s*\(\d+\)|\s+-\s+copie)+$", re.IGNORECASE)
_EMPREINTE = re.compile(r"[-_][0-9a-f]{8,64}$")
_RESERVE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that Windows keeps for its devices."""
ID_MAX = 80
ANONYME = "apprenant"
"""Key of a name that has no ASCII letter at all."""


def identifiant(nom: str) -> str:
    """Learner named by a folder or a zip: ``rendu-alice-1a2b3c4d (1).zip`` → ``alice``."""
    brut = _EXTENSION.sub("", nom)
    propre = _propre(_EMPREINTE.sub("", _PREFIXE.sub("", _COPIE.sub("", brut.strip()))))
    return propre or _propre(brut) or "sans-nom"


def _propre(texte: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", texte) if c.isprintable())[:ID_MAX].strip()


def par_apprenant(colis: list[tuple[Path, Colis]], liste: Sequence[str]) -> dict[str, list[tuple[Path, Colis]]]:
    """The parcels of each learner.

    A receipt names its author, unless another parcel is already known under that name: nobody signs for a neighbour.
    """
    noms = [identifiant(c.name) for c, _ in colis]
    recus = []
    for _, contenu in colis:
        signatures = _prenoms_des_recus(contenu)
        if len(signatures) > 1:
            contenu.problemes.append(
                f"Ce rendu réunit le travail de plusieurs apprenants ({', '.join(signatures)}) : "
                "séparez-les, un dossier ou un zip chacun."
            )
        recus.append(signatures[0] if len(signatures) == 1 else "")
    prises = {cle_nbgrader(nom) for nom in noms}
    groupes: dict[str, list[tuple[Path, Colis]]] = {}
    for (chemin, contenu), nom, recu in zip(colis, noms, recus, strict=True):
        choisi = nom
        if recu and cle_nbgrader(recu) != cle_nbgrader(nom):
            if cle_nbgrader(recu) in prises or recus.count(recu) > 1:
                contenu.problemes.append(f"Le reçu de ce rendu est au nom de « {recu} », déjà pris ; il est écarté.")
            else:
                choisi = recu
        groupes.setdefault(_dans_la_liste(choisi, liste), []).append((chemin, contenu))
    return groupes


def _dans_la_liste(lu: str, liste: Sequence[str]) -> str:
    """The identifier of the list that this name stands for (« Élodie Petit » for « elodie-petit »), or the name."""
    proches = [i for i in liste if cle_nbgrader(i) == cle_nbgrader(lu) != ANONYME]
    return lu if lu in liste or len(proches) != 1 else proches[0]


def _prenoms_des_recus(colis: Colis) -> list[str]:
    lus: list[str] = []
    for fichier in colis.fichiers:
        if fichier.chemin.name == recus.NOM:
            lu = (objet_json(fichier.octets) or {}).get("prenom")
            if isinstance(lu, str) and 0 < len(lu) <= ID_MAX and _propre(lu) == lu and not re.search(r"[/\\]", lu):
                lus.append(lu)
    return list(dict.fromkeys(lus))


def cle_nbgrader(identifiant_lu: str) -> str:
    """ASCII name without anything that a path, a glob or a regular expression would read."""
    ascii_seul = unicodedata.normalize("NFKD", identifiant_lu).encode("ascii", "ignore").decode()
    cle = re.sub(r"[^A-Za-z0-9_]+", "-", ascii_seul).strip("-").lower()[:60] or ANONYME
    return f"{cle}_" if _RESERVE.fullmatch(cle) else cle


def cles(identifiants: Iterable[str]) -> dict[str, str]:
    """A key of its own for each learner, the name of their folders and files: never a path, on any system."""
    prises: dict[str, str] = {}
    for ident in sorted(identifiants):
        base = cle = cle_nbgrader(ident)
        rang = 1
        while cle in prises.values():
            rang += 1
            cle = f"{base}-{rang}"
        prises[ident] = cle
    return prises
