"""From a folder of returned work to marks: collect, grade one learner a call through nbgrader, write the results."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from facturier import contenu
from facturier.ecriture import write_bytes, write_json, write_text
from facturier.erreurs import ErreurFacturier, montrable
from facturier.evaluation.apprenants import lire_liste
from facturier.evaluation.bareme import Bareme, baremes
from facturier.evaluation.classe import Gardee, garder, parts, sans_classe
from facturier.evaluation.jugement import Jugement
from facturier.evaluation.ramassage import LISTE, PHRASES_MAX, Rendu, deposer, laisses_de_cote, ramasser
from facturier.evaluation.resultats import NoteChapitre, ResultatApprenant, Resultats, StatutApprenant
from facturier.fabrique.comparaison import changements, precedents
from facturier.fabrique.construction import construire_devoirs
from facturier.fabrique.equipe import Echec, repartir

DELAI_SECONDES = 120.0
Suivi = Callable[[str, int, int], None]
"""Called with a learner's id, how many are done, and how many there are."""
Tache = tuple[Path, str, list[str]]


def noter(
    dossier: Path,
    sortie: Path,
    apprenants: Path | None = None,
    *,
    classe: Gardee | None = None,
    sources: Path | None = None,
    ouvriers: int = 2,
    delai: float = DELAI_SECONDES,
    suivi: Suivi | None = None,
) -> Resultats:
    """Mark the work returned in ``dossier`` (one folder or zip per learner); ``sortie`` becomes an nbgrader course.

    Args:
        apprenants: CSV list of the class (``dossier/apprenants.csv`` when left out and present).
        classe: what the store of their class holds: its journals prevail over the copies handed in.
        sources: folder of the chapters; ``sortie/source`` or the kit's own when left out. Copied to ``sortie/source``,
            so that marking again, or a plain ``nbgrader autograde`` there, uses the same key.
        delai: seconds granted to one learner; the others never wait for more.
        suivi: told of each learner done; a progress bar on stderr when left out.

    Raises:
        ErreurFacturier: nothing to mark, an unreadable list, ``sortie`` inside ``dossier``.
    """
    dossier, sortie = dossier.resolve(), sortie.resolve()
    if sortie == dossier or dossier in sortie.parents:
        raise ErreurFacturier(
            f"Le dossier des notes {sortie} est à l’intérieur des rendus : choisissez-en un autre.",
            code="sortie-dans-les-rendus",
        )
    if apprenants is None and (dossier / LISTE).is_file():
        apprenants = dossier / LISTE
    if sources is None and (sortie / "source").is_dir():
        sources = sortie / "source"
    liste = lire_liste(apprenants) if apprenants is not None else None
    par_slug = baremes(sources)
    rendus = ramasser(dossier, par_slug, liste)
    avis = [f"« {nom} » n’est pas un rendu : laissé de côté." for nom in laisses_de_cote(dossier)]
    avant = precedents(sortie / "resultats.json")
    preparer_cours(sortie, sources)
    taches = [(sortie, r.cle, deposer(r, sortie / "grading" / "submitted", _vierge(sortie))) for r in rendus]
    _garder_la_classe(sortie, classe, rendus)
    verdicts = _corriger_tous(taches, [r.id for r in rendus], ouvriers, delai, suivi)
    resultats = Resultats(
        tuple(
            _resultat(rendu, tache[2], verdict, par_slug)
            for rendu, tache, verdict in zip(rendus, taches, verdicts, strict=True)
        )
    )
    if avant is not None:
        apres = {a.id: a.en_json() for a in resultats.apprenants}
        avis += changements(avant, apres, {slug: b.titre for slug, b in par_slug.items()})
    return _ecrire(replace(resultats, avis=tuple(avis)), rendus, sortie)


def _garder_la_classe(sortie: Path, classe: Gardee | None, rendus: Sequence[Rendu]) -> None:
    """The part of each learner in the class, where the judge reads it; the former one is removed without a class."""
    recus = [rendu for rendu in rendus if rendu.recu]
    trouvees = parts(classe, [rendu.id for rendu in recus]) if classe is not None else {}
    garder(sortie, {rendu.cle: trouvees[rendu.id] for rendu in recus if rendu.id in trouvees})
    for rendu in recus if classe is not None else ():
        rendu.remarques += filter(None, [sans_classe(trouvees, rendu.id)])


def preparer_cours(sortie: Path, sources: Path | None = None) -> None:
    """Make ``sortie`` a course that nbgrader understands: configuration, masters, releases, gradebook."""
    write_bytes(sortie / "nbgrader_config.py", (contenu.racine() / "nbgrader_config.py").read_bytes())
    if sources is not None and sources.resolve() != (sortie / "source").resolve():
        shutil.copytree(sources, sortie / "source", dirs_exist_ok=True)
    construire_devoirs(sortie, sources=sources)


def corriger_tache(tache: Tache) -> dict[str, Any]:
    """What a worker does: one learner's assignments, through nbgrader."""
    from facturier.evaluation.notation.atelier import corriger

    racine, cle, devoirs = tache
    return corriger(racine, cle, devoirs)


def _vierge(sortie: Path) -> Callable[[str], bytes]:
    return lambda slug: (sortie / "release" / slug / "exercices.ipynb").read_bytes()


def _corriger_tous(
    taches: Sequence[Tache], noms: Sequence[str], ouvriers: int, delai: float, suivi: Suivi | None
) -> list[Any]:
    a_faire = [rang for rang, (_, _, devoirs) in enumerate(taches) if devoirs]
    verdicts: list[Any] = [{} for _ in taches]
    resultats = repartir(corriger_tache, [taches[rang] for rang in a_faire], ouvriers=ouvriers, delai=delai)
    with _Barre(len(a_faire)) as barre:
        for faits, (place, verdict) in enumerate(resultats, 1):
            verdicts[a_faire[place]] = verdict
            (suivi or barre.avancer)(noms[a_faire[place]], faits, len(a_faire))
    return verdicts


class _Barre:
    """A progress bar on stderr, silent when nothing moves it."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._progres = Progress(console=Console(stderr=True), transient=True)
        self._tache = self._progres.add_task("Correction", total=total, visible=False)

    def __enter__(self) -> _Barre:
        self._progres.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progres.stop()

    def avancer(self, nom: str, faits: int, total: int) -> None:
        """Show that this learner is done."""
        from rich.markup import escape

        titre = f"Correction : {escape(nom)}"
        self._progres.update(self._tache, completed=faits, total=total, description=titre, visible=True)


def _resultat(rendu: Rendu, deposes: Iterable[str], verdict: Any, par_slug: dict[str, Bareme]) -> ResultatApprenant:
    if not rendu.recu:
        notes = {s: NoteChapitre.sans_rendu(s, b.sur, "absent") for s, b in par_slug.items()}
        return ResultatApprenant(rendu.id, "absent", notes)
    poses = set(deposes)
    notes = {s: _note(s, b, rendu, verdict if s in poses else None) for s, b in par_slug.items()}
    problemes = [*rendu.problemes, *(p for n in notes.values() for p in n.problemes)]
    remarques = [*rendu.remarques, *(r for n in notes.values() for r in n.remarques)]
    return ResultatApprenant(
        rendu.id,
        _statut(notes, bool(problemes)),
        notes,
        _phrases(problemes),
        _phrases(remarques),
    )


def _phrases(toutes: list[str]) -> tuple[str, ...]:
    """Each sentence once, fit for a terminal, and few enough to be read."""
    uniques = tuple(dict.fromkeys(map(montrable, toutes)))
    reste = len(uniques) - PHRASES_MAX
    return (*uniques[:PHRASES_MAX], f"Et {reste} autres remarques du même genre.") if reste > 0 else uniques


def _statut(notes: dict[str, NoteChapitre], problemes: bool) -> StatutApprenant:
    """Nothing could be marked: technical error. Something is in doubt: to be checked. Else ok, blanks included."""
    statuts = {n.statut for n in notes.values()}
    if "erreur_technique" in statuts or (problemes and statuts <= {"absent"}):
        return "erreur_technique"
    return "a_verifier" if problemes or "a_verifier" in statuts else "ok"


def _note(slug: str, bareme: Bareme, rendu: Rendu, verdict: Any) -> NoteChapitre:
    if verdict is None:
        devoir = rendu.devoirs.get(slug)
        if devoir is None:
            return NoteChapitre.sans_rendu(slug, bareme.sur, "absent")
        return NoteChapitre.sans_rendu(slug, bareme.sur, "erreur_technique", *devoir.problemes)
    if isinstance(verdict, Echec):
        return NoteChapitre.sans_rendu(slug, bareme.sur, "erreur_technique", verdict.phrase)
    corrige = verdict[slug]
    if "erreur" in corrige:
        return NoteChapitre.sans_rendu(slug, bareme.sur, "erreur_technique", corrige["erreur"])
    juges = [_revu(Jugement.depuis_json(j), corrige["manuelles"]) for j in corrige["jugements"]["exercices"]]
    return NoteChapitre.de_jugements(
        slug,
        bareme.comptes(juges),
        [*corrige["jugements"]["problemes"], *corrige["problemes"]],
        corrige["jugements"]["remarques"],
    )


def _revu(jugement: Jugement, manuelles: dict[str, str]) -> Jugement:
    """The trainer's own mark, typed in nbgrader's formgrader, has the last word."""
    if jugement.exercice not in manuelles:
        return jugement
    return replace(jugement, points=Decimal(manuelles[jugement.exercice]), statut="fait")


def _ecrire(resultats: Resultats, rendus: Sequence[Rendu], sortie: Path) -> Resultats:
    from facturier.evaluation.notation.atelier import chemin_retour

    retours = {}
    for rendu in rendus:
        fichiers = {s: chemin_retour(sortie, rendu.cle, s) for s in sorted(rendu.devoirs)}
        retours[rendu.id] = {s: f.relative_to(sortie).as_posix() for s, f in fichiers.items() if f.is_file()}
    complets = replace(
        resultats,
        fichiers={
            "dossier": str(sortie),
            "resultats": "resultats.json",
            "csv": "resultats.csv",
            "detail": "resultats_detail.json",
            "retours": retours,
        },
    )
    write_json(sortie / "resultats.json", complets.en_json())
    write_text(sortie / "resultats.csv", complets.en_csv())
    write_json(sortie / "resultats_detail.json", complets.detail())
    return complets
