"""Collecting returned work: whose it is, which exercise each file answers, what could not be used and why."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from facturier.ecriture import write_bytes, write_json
from facturier.erreurs import ErreurFacturier, montrable
from facturier.evaluation import recus
from facturier.evaluation.archives import ARCHIVES, IGNORES, Colis, Fichier, ouvrir
from facturier.evaluation.bareme import Bareme
from facturier.evaluation.carnets_rendus import CarnetRendu, chapitre_du_carnet, lire_carnet, objet_json
from facturier.evaluation.graines import Graine
from facturier.evaluation.identites import cle_nbgrader, cles, par_apprenant
from facturier.evaluation.rendus import Devoir, Envoi, Rendu, signaler_copies, signaler_homonymes
from facturier.evaluation.reponses import (
    Reponse,
    ReponseIllisible,
    charger_json,
    chemin_annexe,
    ecrire_annexe,
    lire_annexe,
    reunir,
)

__all__ = ["LISTE", "PROBLEMES", "Devoir", "Rendu", "deposer", "laisses_de_cote", "lire_problemes", "ramasser"]

LISTE = "apprenants.csv"
PROBLEMES = "ramassage.json"
"""Beside the sidecar: what the collection could not read, so that grading tells « unreadable » from « blank »."""
PHRASES_MAX = 50
"""More would bury the trainer, and the first ones already ask for a look."""


def ramasser(dossier: Path, baremes: Mapping[str, Bareme], liste: Sequence[str] | None) -> list[Rendu]:
    """The work found in a folder that holds one zip or folder per learner, plus the absents of the list.

    Raises:
        ErreurFacturier: no such folder, or nothing in it.
    """
    if not dossier.is_dir():
        raise ErreurFacturier(
            f"Le dossier des rendus « {dossier} » est introuvable : vérifiez son chemin.", code="dossier-introuvable"
        )
    chemins = [c for c in sorted(dossier.iterdir(), key=lambda c: c.name) if _est_un_rendu(c)]
    if not chemins:
        raise ErreurFacturier(
            f"Le dossier des rendus « {dossier} » est vide : déposez-y un dossier ou un zip par apprenant.",
            code="dossier-vide",
        )
    colis = [(c, ouvrir(c)) for c in chemins]
    rendus = {i: _isoler(i, g, baremes) for i, g in par_apprenant(colis, liste or ()).items()}
    for absent in [i for i in (liste or ()) if i not in rendus]:
        rendus[absent] = Rendu(absent, "", recu=False)
    for rendu in rendus.values():
        if liste is not None and rendu.id not in liste:
            rendu.remarques.append("Cet apprenant ne figure pas dans la liste de la classe.")
    attribuees = cles(rendus)
    for rendu in rendus.values():
        rendu.cle = attribuees[rendu.id]
    signaler_copies(list(rendus.values()), baremes)
    return sorted(rendus.values(), key=lambda r: (cle_nbgrader(r.id), r.id))


def laisses_de_cote(dossier: Path) -> list[str]:
    """The files at the top of the folder that are nobody's work: a Word file, a picture, a stray list."""
    noms = sorted(montrable(c.name) for c in dossier.iterdir() if c.is_file() and not _est_un_rendu(c))
    return [n for n in noms if n != LISTE and not n.startswith((".", "~$")) and n.lower() not in IGNORES]


def deposer(rendu: Rendu, soumis: Path, vierge: Callable[[str], bytes]) -> list[str]:
    """Lay a learner's work where nbgrader expects it; the chapters that can be graded.

    Args:
        vierge: gives the released notebook of a chapter, for answers whose notebook is lost.
    """
    poses = []
    for slug, devoir in sorted(rendu.devoirs.items()):
        place = soumis / rendu.cle / slug
        shutil.rmtree(place, ignore_errors=True)
        if not devoir.exploitable:
            continue
        carnet = place / "exercices.ipynb"
        write_bytes(carnet, devoir.carnet if devoir.carnet is not None else vierge(slug))
        if devoir.annexe:
            ecrire_annexe(chemin_annexe(carnet), f"{slug}/exercices", devoir.annexe)
        if devoir.problemes:
            write_json(chemin_annexe(carnet).with_name(PROBLEMES), {"problemes": devoir.problemes[:PHRASES_MAX]})
        poses.append(slug)
    return poses


def lire_problemes(carnet: Path) -> list[str]:
    """What the collection wrote beside that notebook; a file of another shape says nothing."""
    try:
        phrases = charger_json(chemin_annexe(carnet).with_name(PROBLEMES), 256 * 1024)["problemes"]
        return [p[:500] for p in phrases if isinstance(p, str)][:PHRASES_MAX]
    except (ReponseIllisible, KeyError, TypeError):
        return []


def _est_un_rendu(chemin: Path) -> bool:
    nom = chemin.name.lower()
    if nom.startswith((".", "__macosx")) or chemin.is_symlink():
        return False
    seul = nom.endswith((*ARCHIVES, ".ipynb")) or (nom.startswith("rendu") and nom.endswith(".json"))
    return chemin.is_dir() or (chemin.is_file() and seul)


def _isoler(ident: str, envois: list[tuple[Path, Colis]], baremes: Mapping[str, Bareme]) -> Rendu:
    """One learner's parcels; whatever they set off stays theirs, the others are always collected."""
    try:
        return _assembler(ident, envois, baremes)
    except Exception as panne:  # noqa: BLE001 - hostile bytes; nothing of them may stop the class
        phrase = f"Ce rendu n’a pas pu être lu ({type(panne).__name__}) : demandez un nouvel envoi."
        return Rendu(ident, "", problemes=[phrase])


def _assembler(ident: str, envois: list[tuple[Path, Colis]], baremes: Mapping[str, Bareme]) -> Rendu:
    rendu = Rendu(ident, "")
    rendu.problemes = [p for _, c in envois for p in (*c.problemes, *recus.ecarts(c))]
    sessions: list[set[str]] = [set() for _ in envois]
    chapitres: list[set[str]] = [set() for _ in envois]
    de_la_cle: set[str] = set()  # answered on the key: there never was a notebook
    fichiers = [(rang, f) for rang, (_, c) in enumerate(envois) for f in c.fichiers]
    carnets: dict[str, list[CarnetRendu]] = {}
    for rang, fichier in [(r, f) for r, f in fichiers if f.nom.lower().endswith(".ipynb")]:
        sessions[rang] |= _lignees(_ranger_carnet(fichier, rendu, carnets, baremes))
    for slug, candidats in carnets.items():
        _choisir_carnet(rendu.devoirs.setdefault(slug, Devoir()), candidats, rendu, baremes[slug].titre)
    for rang, fichier in [(r, f) for r, f in fichiers if f.nom.lower().endswith(".json")]:
        chapitre, reponses = _ranger_annexe(fichier, rendu, baremes)
        sessions[rang] |= _lignees(reponses)
        if chapitre is not None:
            chapitres[rang].add(chapitre)
            if fichier.chemin.parent.name != "reponses":
                de_la_cle.add(chapitre)
    signaler_homonymes(
        rendu,
        [
            Envoi(s, ch, seul=c.suffix.lower() == ".json")
            for s, ch, (c, _) in zip(sessions, chapitres, envois, strict=True)
            if c.suffix.lower() != ".ipynb"
        ],
    )
    for slug, devoir in rendu.devoirs.items():
        if devoir.carnet is None and devoir.exploitable and slug not in de_la_cle:
            devoir.problemes.append("Le carnet manque ou est illisible ; les réponses gardées à côté sont reprises.")
    if not rendu.devoirs and not rendu.problemes:
        autres = [a for _, c in envois for a in c.autres]
        trouve = f"on y trouve « {autres[0][-80:]} »" if autres else "il est vide"
        rendu.problemes.append(
            f"Le rendu ne contient aucun carnet d’exercices ({trouve}) : demandez le fichier zip que produit "
            "« Rendre mon travail »."
        )
    return rendu


def _ranger_carnet(
    fichier: Fichier, rendu: Rendu, carnets: dict[str, list[CarnetRendu]], baremes: Mapping[str, Bareme]
) -> Mapping[str, Reponse]:
    carnet = lire_carnet(fichier.nom, fichier.octets)
    nom = fichier.nom[-80:]
    if carnet is None:
        slug = next((p for p in (*reversed(fichier.chemin.parts[:-1]), fichier.chemin.stem) if p in baremes), None)
        phrase = f"Le carnet « {nom} » est illisible (fichier abîmé)."
        if slug is None:
            rendu.problemes.append(phrase)
        else:
            rendu.devoirs.setdefault(slug, Devoir()).problemes.append(phrase)
        return {}
    slug = chapitre_du_carnet(carnet, baremes)
    if slug is None:
        rendu.remarques.append(f"« {nom} » n’est pas un carnet du kit ; il n’est pas noté.")
    elif slug:
        carnets.setdefault(slug, []).append(carnet)
        return carnet.reponses
    return {}


def _choisir_carnet(devoir: Devoir, candidats: list[CarnetRendu], rendu: Rendu, titre: str) -> None:
    """The notebook whose answers are the most recent is graded; the answers of its copies are joined to it."""
    valides = [c for c in candidats if c.octets is not None]
    principal = max(valides, key=_fraicheur, default=None)
    devoir.carnet = principal.octets if principal is not None else None
    differents = len({c.octets for c in candidats})
    if differents > 1 and principal is not None:
        rendu.remarques.append(
            f"{titre} : {differents} copies différentes ; « {principal.nom[-80:]} », la plus récente, est notée."
        )
    for carnet in candidats:
        devoir.lignees |= _lignees(carnet.reponses)
        devoir.graines |= _graines(carnet.reponses)
        if carnet is principal:
            continue
        if carnet.octets is None:
            devoir.problemes.append(f"Le carnet « {carnet.nom[-80:]} » est abîmé.")
        devoir.problemes += carnet.problemes
        _joindre(devoir, carnet.reponses)


def _fraicheur(carnet: CarnetRendu) -> tuple[str, int, str]:
    return (max((r.horodatage for r in carnet.reponses.values()), default=""), len(carnet.reponses), carnet.nom)


def _ranger_annexe(
    fichier: Fichier, rendu: Rendu, baremes: Mapping[str, Bareme]
) -> tuple[str | None, Mapping[str, Reponse]]:
    obj = objet_json(fichier.octets)
    slug = _chapitre_annexe(fichier, obj, baremes)
    if slug is None:
        return None, {}
    with tempfile.TemporaryDirectory(prefix="facturier-") as dossier:
        # its own name is for the sentences only: « c:x.json » is elsewhere on Windows, 80 emojis are too long on Linux
        copie = Path(dossier) / (re.sub(r"[^A-Za-z0-9_ .()-]", "_", fichier.chemin.stem)[-60:] + ".json")
        copie.write_bytes(fichier.octets)
        reponses, problemes = lire_annexe(copie)
    devoir = rendu.devoirs.setdefault(slug, Devoir())
    devoir.problemes += problemes
    _joindre(devoir, reponses)
    return slug, reponses


def _chapitre_annexe(fichier: Fichier, obj: dict[str, object] | None, baremes: Mapping[str, Bareme]) -> str | None:
    carnet = obj.get("carnet") if obj is not None else None
    if isinstance(carnet, str) and obj is not None and "formulaires" in obj:
        slug, _, sorte = carnet.partition("/")
        return slug if sorte == "exercices" and slug in baremes else None
    if fichier.chemin.parent.name != "reponses" or fichier.chemin.name == PROBLEMES:
        return None  # enonces.json, recu.json and others
    return next((p for p in reversed(fichier.chemin.parts[:-1]) if p in baremes), None)


def _joindre(devoir: Devoir, reponses: Mapping[str, Reponse]) -> None:
    devoir.lignees |= _lignees(reponses)
    devoir.graines |= _graines(reponses)
    for cle, reponse in reponses.items():
        retenue, ecartee = reunir(devoir.annexe.get(cle, reponse), reponse)
        devoir.annexe[cle] = retenue
        if ecartee is not None:
            devoir.problemes.append(
                f"Deux réponses différentes pour « {cle[:60]} » : la plus récente ({retenue.horodatage}) est retenue."
            )


def _lignees(reponses: Mapping[str, Reponse]) -> set[str]:
    """The sessions that answers first came from, whatever continued them."""
    return {r.lignee.split(".")[0] for r in reponses.values()}


def _graines(reponses: Mapping[str, Reponse]) -> set[str]:
    """The seeds of the situations that were played, one a learner; a quiz's is the session's, the same for all."""
    jouees = {cle: r for cle, r in reponses.items() if r.graine and (r.journal or r.valeurs)}
    return {f"{cle}|{r.graine}" for cle, r in jouees.items() if not Graine.est_une(r.graine)}
