"""Where a notebook lives: its file, the folder around it, the statements it may read (never ``source/``)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.items import GENRES, PAR_LIGNES
from facturier.evaluation.reponses import TAILLE_CARNET_MAX, ReponseIllisible, charger_json

ENONCES_MAX = 2 * 1024 * 1024
_PAGES = "/voila/render/"
_JETON = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True)
class Espace:
    """The place of the running notebook.

    ``carnet`` is its id (``sans_moe/exercices``), ``chemin`` its file when known, ``dossier`` the learner's folder.
    ``page``: it is shown as a page without code, that nobody saves. ``apprenant``: whose answers these are when several
    people share the folder, as :func:`cle_apprenant` says it; "" for the one whose folder it is.
    """

    carnet: str
    chemin: Path | None
    dossier: Path
    page: bool = False
    apprenant: str = ""

    @property
    def sien(self) -> Path:
        """Where what is one person's own is kept beside the answers: their link to a class."""
        return self.dossier / ".facturier" / self.apprenant if self.apprenant else self.dossier

    @property
    def chapitre(self) -> str:
        """Slug of the notebook's chapter."""
        return self.carnet.split("/", 1)[0]


def situer(env: Mapping[str, str], cwd: Path) -> Espace:
    """Find the running notebook: by its name given by the server, else alone of its kind in ``cwd``.

    Raises:
        ErreurFacturier: the address of the page carries something that is not a learner's token.
    """
    adresse = env.get("SCRIPT_NAME", "")
    page = env.get("SERVER_SOFTWARE", "").startswith("voila/") and _PAGES in adresse
    nom = unquote(adresse.partition(_PAGES)[2]) if page else env.get("JPY_SESSION_NAME") or ""
    chemin = _chemin(nom, cwd)
    ancre = chemin.parent if chemin is not None else cwd
    jeton = parse_qs(env.get("QUERY_STRING", ""), max_num_fields=20).get("apprenant", [""])[0] if page else ""
    return Espace(_carnet(chemin, cwd), chemin, _dossier(ancre), page, cle_apprenant(jeton))


def cle_apprenant(jeton: str) -> str:
    """The folder where the answers of the bearer of that token are kept; it does not give the token away.

    Raises:
        ErreurFacturier: it is not a token.
    """
    if not jeton:
        return ""
    if not _JETON.fullmatch(jeton):
        raise ErreurFacturier(
            "L’adresse de cette page n’est pas complète : reprenez, sans y rien changer, celle qui vous a été donnée.",
            code="jeton-invalide",
        )
    return hashlib.sha256(jeton.encode("ascii")).hexdigest()[:16]


def enonces(espace: Espace, chapitre: str | None = None) -> dict[str, Any]:
    """The public statements of a chapter.

    Raises:
        ErreurFacturier: absent or damaged; the sentence says where it was looked for.
    """
    slug = chapitre or espace.chapitre
    voisin = espace.chemin.parent if espace.chemin is not None else espace.dossier
    for path in (espace.dossier / "release" / slug / "enonces.json", voisin / "enonces.json"):
        if not path.is_file():
            continue
        lu = lire_enonces(path)
        if lu["chapitre"] == slug:
            return lu
    raise ErreurFacturier(
        f"Les énoncés du chapitre « {slug} » sont introuvables : ouvrez ce carnet depuis son dossier "
        f"release/{slug}, sans le déplacer.",
        code="enonces-introuvables",
    )


def exercice(espace: Espace, exercice_id: str) -> dict[str, Any]:
    """One exercise of the notebook's own chapter.

    Raises:
        ErreurFacturier: the chapter has no such exercise; the sentence names those it has.
    """
    tous = enonces(espace)["exercices"]
    for candidat in tous:
        if candidat["id"] == exercice_id:
            return dict(candidat)
    connus = ", ".join(f"« {candidat['id']} »" for candidat in tous)
    raise ErreurFacturier(
        f"Ce carnet n’a pas d’exercice « {exercice_id} » (il a : {connus}) : rétablissez la ligne d’origine.",
        code="exercice-inconnu",
    )


def lire_enonces(path: Path) -> dict[str, Any]:
    """A statements file, its shape checked.

    Raises:
        ErreurFacturier: it is not one.
    """
    try:
        lu = charger_json(path, ENONCES_MAX)
        if lu["schema"] != 1 or not isinstance(lu["chapitre"], str):
            raise ValueError("schema")
        for exercice_lu in lu["exercices"]:
            for item in exercice_lu.get("items", ()):
                if item["genre"] not in GENRES:
                    raise ValueError(item["genre"])
                listes = ("lignes", "cibles") if item["genre"] in PAR_LIGNES else ("choix",)
                _ = (
                    item["id"],
                    item["question"],
                    [(c["id"], c["texte"]) for liste in listes for c in item.get(liste, ())],
                )
            _ = exercice_lu["id"], exercice_lu["genre"], exercice_lu["titre"]
    except (ReponseIllisible, KeyError, TypeError, ValueError, AttributeError) as cause:
        raise ErreurFacturier(
            f"Le fichier d’énoncés {path.parent.name}/{path.name} est abîmé : remettez celui de la clé du formateur.",
            code="enonces-illisibles",
        ) from cause
    return dict(lu)


def _chemin(session: str, cwd: Path) -> Path | None:
    """``JPY_SESSION_NAME`` is a path of the server (relative to its root, perhaps with a drive), or absolute."""
    propre = session.split(":", 1)[1] if session.startswith("RTC:") else session
    if propre.endswith(".ipynb"):
        relatif = Path(propre.lstrip("/"))
        candidats = [Path(propre), cwd / relatif.name, *(parent / relatif for parent in (cwd, *cwd.parents))]
        for candidat in candidats:
            if candidat.is_absolute() and candidat.is_file():
                return candidat
    carnets = sorted(cwd.glob("*.ipynb"))
    return carnets[0] if len(carnets) == 1 else None


def _carnet(chemin: Path | None, cwd: Path) -> str:
    if chemin is None:
        return f"{cwd.name}/carnet"
    try:
        annonce = charger_json(chemin, TAILLE_CARNET_MAX)["metadata"]["facturier"]["carnet"]
        if isinstance(annonce, str) and annonce.count("/") == 1 and len(annonce) <= 200:
            return annonce
    except (ReponseIllisible, KeyError, TypeError):
        pass
    return f"{chemin.parent.name}/{chemin.stem}"


def _dossier(ancre: Path) -> Path:
    """The nearest folder above that holds ``release/`` or ``notebooks/``; the notebook's own folder failing that."""
    for parent in (ancre, *ancre.parents):
        if (parent / "release").is_dir() or (parent / "notebooks").is_dir():
            return parent
    return ancre
