"""The way through the day, read from the learner's folder: which chapter comes next, under what title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from facturier.champs import ACCUEIL
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.reponses import TAILLE_CARNET_MAX, ReponseIllisible, charger_json, lire_annexe
from facturier.formulaires.espace import Espace, enonces
from facturier.formulaires.style import lien


@dataclass(frozen=True)
class Etape:
    """A notebook to go to: its file, and its title as written at its top."""

    carnet: Path
    titre: str


def lecons(dossier: Path) -> dict[str, Path]:
    """The lesson of each chapter, in teaching order: ``notebooks/02_sans_moe.ipynb`` is that of ``sans_moe``."""
    trouvees = sorted((dossier / "notebooks").glob("[0-9]*_*.ipynb"))
    return {lecon.stem.partition("_")[2]: lecon for lecon in trouvees}


def retour(espace: Espace) -> Etape | None:
    """The lesson to come back to from an exercise notebook."""
    lecon = lecons(espace.dossier).get(espace.chapitre)
    return _etape(lecon) if lecon is not None and espace.carnet.endswith("/exercices") else None


def suivante(espace: Espace) -> Etape | None:
    """The lesson of the next chapter; None after the last one."""
    toutes = lecons(espace.dossier)
    if espace.chapitre not in toutes:
        return None
    apres = [*toutes.values()][[*toutes].index(espace.chapitre) + 1 :]
    return _etape(apres[0]) if apres else None


def prenom(dossier: Path, apprenant: str = "") -> str:
    """The first name given in the welcome notebook, wherever the work is handed in from; "" when there is none."""
    for annexe in sorted((dossier / "notebooks" / "reponses" / apprenant).glob("*accueil*.json")):
        reponses, _ = lire_annexe(annexe)
        if ACCUEIL.id in reponses:
            return str(reponses[ACCUEIL.id].valeurs.get("prenom", ""))
    return ""


def phrase_de_seance(intitule: str, jour: str, formateur: str) -> str:
    """The session in one sentence; ``jour`` is an ISO date, blank values mean free practice."""
    if not (intitule and jour):
        return "Entraînement libre : ces carnets ne sont rattachés à aucune séance."
    from babel.dates import format_date

    quand = format_date(date.fromisoformat(jour), "full", locale="fr")
    return f"{intitule}. Séance du {quand}" + (f", avec {formateur}." if formateur else ".")


def _etape(carnet: Path) -> Etape:
    """With the notebook's first heading; its name when there is none to read."""
    try:
        source = charger_json(carnet, TAILLE_CARNET_MAX)["cells"][0]["source"]
        premiere = ("".join(source).splitlines() or [""])[0]
    except (ReponseIllisible, KeyError, IndexError, TypeError):
        premiere = ""
    titre = premiere.removeprefix("# ").strip() if premiere.startswith("# ") else ""
    return Etape(carnet, titre[:120] or carnet.stem)


def lien_exercice(espace: Espace, chapitre: str, relatif: Callable[[Path], str]) -> tuple[list[str], str]:
    """The link to a chapter's exercise notebook, as HTML and as text.

    Raises:
        ErreurFacturier: it is not there.
    """
    cible = espace.dossier / "release" / chapitre / "exercices.ipynb"
    if not chapitre.isidentifier() or not cible.is_file():
        raise ErreurFacturier(
            f"Le carnet d’exercices du chapitre « {chapitre} » est introuvable dans le dossier release.",
            code="exercice-inconnu",
        )
    genres = {exercice["genre"] for exercice in enonces(espace, chapitre)["exercices"]}
    texte = "Ouvrir le quiz" if genres == {"quiz"} else "Ouvrir les exercices"
    return [lien(relatif(cible), texte)], f"{texte} : release/{chapitre}/exercices.ipynb"


def liens_de_suite(espace: Espace, relatif: Callable[[Path], str]) -> tuple[list[str], str]:
    """Where to go from here: back to the lesson, on to the next chapter; as HTML and as text.

    Raises:
        ErreurFacturier: nothing comes after.
    """
    avant, apres = retour(espace), suivante(espace)
    liens = [lien(relatif(avant.carnet), "Revenir à la leçon", retour=True)] if avant else []
    liens += [lien(relatif(apres.carnet), f"Continuer : {apres.titre}")] if apres else []
    if not liens:
        raise ErreurFacturier("Vous êtes au bout du parcours : il n’y a pas de page après celle-ci.", code="fin")
    return liens, " ; ".join(etape.titre for etape in (avant, apres) if etape)
