"""A learner's workspace: the kit's notebooks and invoices, copied once and never over the learner's work.

The manifest ``.jupyter/espace.json`` keeps, per file, every digest the kit has ever delivered there. A file whose
digest is in that list has not been touched by the learner and follows the kit; any other is kept. A digest is written
before its file, so a copy stopped half-way is simply resumed.
"""

from __future__ import annotations

import errno
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facturier import contenu, ecriture
from facturier.erreurs import ErreurFacturier

DOSSIERS = ("notebooks", "release", "data/factures")
MANIFESTE = Path(".jupyter", "espace.json")
_MIROIR = "application/vnd.facturier.reponses+json"
_TAILLE_MAX = 64 * 1024 * 1024
_RAISONS = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.ENOSPC: "disque plein",
    errno.EROFS: "support en lecture seule",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.ENOTDIR: "un fichier porte le nom d’un dossier",
    errno.EISDIR: "un dossier porte le nom d’un fichier",
}


@dataclass(frozen=True)
class Espace:
    """What one preparation did; paths are relative, with ``/``.

    ``gardes`` are the files that differ from the kit because the learner changed them.
    """

    dossier: Path
    copies: tuple[str, ...]
    rafraichis: tuple[str, ...]
    gardes: tuple[str, ...]


def preparer_espace(dossier: Path, *, kit: Path | None = None) -> Espace:
    """Bring the kit's files into ``dossier``: absent ones are copied, untouched ones follow the kit, the rest is kept.

    Args:
        dossier: the workspace, created if need be.
        kit: folder that holds ``notebooks/``, ``release/`` and ``data/``; by default the installed content.

    Raises:
        ErreurFacturier: the folder cannot be used, or one of its paths leads outside it.
    """
    source = (kit if kit is not None else contenu.racine()).resolve()
    espace = _ouvrir_dossier(dossier)
    if espace == source:
        return Espace(espace, (), (), ())
    livres = _lire_manifeste(espace / MANIFESTE)
    a_ecrire: list[tuple[str, bytes]] = []
    copies, rafraichis, gardes = [], [], []
    for relatif in _fichiers_du_kit(source):
        brut = (source / relatif).read_bytes()
        nouveau = empreinte(relatif, brut)
        cible = _dans_espace(espace, relatif)
        actuel = empreinte(relatif, _lire(cible)) if cible.exists() else None
        connus = livres.setdefault(relatif, [])
        if actuel is None:
            copies.append(relatif)
        elif actuel != nouveau and actuel in connus:
            rafraichis.append(relatif)
        elif actuel != nouveau:
            gardes.append(relatif)
            continue
        if nouveau not in connus:
            connus.append(nouveau)
        if actuel != nouveau:
            a_ecrire.append((relatif, brut))
    _ecrire(espace, livres, a_ecrire)
    return Espace(espace, tuple(copies), tuple(rafraichis), tuple(gardes))


def empreinte(nom: str, brut: bytes) -> str:
    """Digest that tells whether a learner changed a file.

    For a notebook only its text and the answers that it carries count: running it is not changing it.
    """
    if nom.endswith(".ipynb"):
        substance = _substance(brut)
        if substance is not None:
            brut = json.dumps(substance, ensure_ascii=False, sort_keys=True).encode("utf-8")
    return hashlib.sha256(brut).hexdigest()


def _substance(brut: bytes) -> list[Any] | None:
    try:
        cellules = json.loads(brut)["cells"]
        return [[c["cell_type"], c["source"], _reponses(c)] for c in cellules]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _reponses(cellule: dict[str, Any]) -> list[Any]:
    """The answers mirrored in the outputs of a cell; a mirror still blank is no answer."""
    miroirs = [sortie.get("data", {}).get(_MIROIR) for sortie in cellule.get("outputs", [])]
    return [m for m in miroirs if m and (any(m.get("valeurs", {}).values()) or m.get("journal"))]


def _fichiers_du_kit(source: Path) -> list[str]:
    trouves = []
    for nom in DOSSIERS:
        for path in sorted((source / nom).rglob("*")):
            relatif = path.relative_to(source)
            if path.is_file() and not path.is_symlink() and not any(p.startswith((".", "__")) for p in relatif.parts):
                trouves.append(relatif.as_posix())
    return trouves


def _ouvrir_dossier(dossier: Path) -> Path:
    try:
        dossier.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise ErreurFacturier(
            f"Le dossier de travail {dossier} ne peut pas être créé ({_raison(cause)}) : "
            "choisissez un autre emplacement.",
            code="espace-inutilisable",
        ) from cause
    return dossier.resolve()


def _dans_espace(espace: Path, relatif: str) -> Path:
    cible = espace / relatif
    if not cible.resolve().is_relative_to(espace):
        raise ErreurFacturier(
            f"« {relatif} » mène hors du dossier de travail {espace} : supprimez ce lien, puis recommencez.",
            code="hors-espace",
        )
    return cible


def _lire(path: Path) -> bytes:
    try:
        if path.stat().st_size > _TAILLE_MAX:
            return b""
        return path.read_bytes()
    except OSError as cause:
        raise ErreurFacturier(
            f"{path} ne peut pas être lu ({_raison(cause)}) : fermez les programmes qui l’utilisent, puis recommencez.",
            code="espace-inutilisable",
        ) from cause


def _lire_manifeste(path: Path) -> dict[str, list[str]]:
    """Digests delivered so far; a lost or damaged manifest only means that nothing is refreshed."""
    try:
        lu = json.loads(path.read_text(encoding="utf-8"))["fichiers"]
        return {str(nom): [str(e) for e in empreintes] for nom, empreintes in lu.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _ecrire(espace: Path, livres: dict[str, list[str]], fichiers: list[tuple[str, bytes]]) -> None:
    manifeste = _dans_espace(espace, MANIFESTE.as_posix())
    relatif = MANIFESTE.as_posix()
    try:
        if fichiers or not manifeste.exists():
            ecriture.write_json(manifeste, {"schema": 1, "fichiers": {nom: e for nom, e in livres.items() if e}})
        for relatif, brut in fichiers:
            ecriture.write_bytes(espace / relatif, brut)
    except OSError as cause:
        raise ErreurFacturier(
            f"« {relatif} » n’a pas pu être écrit dans {espace} ({_raison(cause)}) : "
            "libérez de la place ou vérifiez vos droits, puis relancez ; la copie reprendra où elle s’est arrêtée.",
            code="espace-inutilisable",
        ) from cause


def _raison(cause: OSError) -> str:
    return _RAISONS.get(cause.errno or 0, f"erreur système {cause.errno}")
