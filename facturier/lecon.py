"""What a notebook says: a dozen verbs of the trade. Importing it costs nothing: each verb loads what it needs."""

from __future__ import annotations

from typing import Any

from facturier.formulaires import ici, page

__all__ = [
    "accueil",
    "apercu",
    "besoin_aide",
    "circuit",
    "decompte",
    "deposer_en_classe",
    "exercice",
    "fiche_methode",
    "fichier",
    "portail",
    "quitter",
    "quiz",
    "recommencer",
    "rejoindre",
    "rendre",
    "rendre_mon_travail",
    "satisfaction",
    "seance",
    "situation",
    "suite",
    "tableau",
    "vers_exercice",
    "vie",
]

_dire_refus, _montrer, _vider = ici.dire_refus, ici.montrer, ici.vider
_espace, _dossier, _relatif = ici.espace, ici.dossier, ici.relatif
_memoire, _enonce, _modeles = ici.memoire, ici.enonce, ici.modeles


def quiz(exercice_id: str) -> None:
    """Show a quiz of this chapter; its answers are kept at each change."""
    _dire_refus(
        lambda: _montrer(exercice_id, *_module("feuilles").quiz(_enonce(exercice_id), _memoire(), _demander_aide))
    )


def exercice(exercice_id: str) -> None:
    """Show the form of an exercise of this chapter on the training portal."""
    _dire_refus(
        lambda: _montrer(exercice_id, *_module("exercice").preparer(_enonce(exercice_id), _memoire(), _demander_aide))
    )


def rendre(exercice_id: str, *valeur: Any) -> None:
    """Show the field where a number or a text is answered, as anybody types it.

    With a ``valeur``, computed above, hand that in: ``...`` or ``None`` is still « à faire » and keeps an earlier
    answer; where no code is shown, the field is there all the same.
    """
    _dire_refus(lambda: _rendre(exercice_id, valeur))


def accueil() -> None:
    """Show the first form of the day: a first name."""
    _dire_refus(lambda: _montrer("accueil", *_module("feuilles").accueil(_memoire())))


def satisfaction() -> None:
    """Show the survey that closes the day: kept beside its lesson, never handed in with the work, never graded."""
    _dire_refus(lambda: _montrer("satisfaction", *_module("feuilles").satisfaction(_memoire(), _espace())))


def fiche_methode() -> None:
    """Show the learner's own method sheet, pre-filled from the case study or from the portal of the class, to take away
    in PDF or DOCX."""
    _dire_refus(_fiche_methode)


def besoin_aide() -> None:
    """Show the button « J’ai besoin d’aide »."""
    _dire_refus(_besoin_aide)


def vers_exercice(chapitre: str) -> None:
    """Show the link to a chapter's exercise notebook."""
    _dire_refus(lambda: page.liens(*_module("parcours").lien_exercice(_espace(), chapitre, _relatif)))


def rendre_mon_travail() -> None:
    """Show where one's work stands and the button that hands it in."""
    _dire_refus(lambda: page.afficher(_module("feuilles").rendre(_espace()).racine))


def seance(intitule: str, jour: str, formateur: str) -> None:
    """Say which session these notebooks were made for; blank values mean free practice. ``jour`` is an ISO date."""
    _dire_refus(lambda: page.phrase(_module("parcours").phrase_de_seance(intitule, jour, formateur)))


def suite() -> None:
    """Show where to go from here: back to the lesson, on to the next chapter."""
    _dire_refus(lambda: page.liens(*_module("parcours").liens_de_suite(_espace(), _relatif)))


def tableau(nom: str, *codes: str) -> None:
    """Show a table of the referentiel as it stands today, with its sources; only the rows of ``codes`` if given."""
    _dire_refus(lambda: page.html(*_module("montre").tableau(nom, codes)))


def fichier(nom: str) -> None:
    """Show the button that saves a file given with this notebook (a spreadsheet to fill in one's own software)."""
    _dire_refus(lambda: page.html(*_module("fichiers").bouton(nom, _dossier())))


def apercu(fichier: str) -> None:
    """Show an invoice as a page: its verdict, each field with its code, what is wrong under the field it is about and,
    for a Factur-X, what the PDF shows beside what the XML says.

    ``fichier`` is a path from the notebook's folder, or the name of a sample of the kit (``data/factures``), with or
    without its shelf: ``"menage_val_fictif.ubl.xml"``, ``"juste/menage_val_fictif.ubl.xml"``.
    """
    _dire_refus(lambda: page.html(*_module("montre").apercu(fichier, _dossier())))


def circuit(marche: str) -> None:
    """Show the monthly circuit of a works market of the exercises: who deposits what, for whom."""
    _dire_refus(lambda: page.html(*_module("montre").circuit(marche)))


def decompte(marche: str, *cumuls: str) -> None:
    """Show what the last of those months makes payable on that market; ``cumuls``: works since notification, in euros
    before tax, month after month."""
    _dire_refus(lambda: page.html(*_module("montre").decompte(marche, cumuls)))


def vie(cadre: str, *statuts: str) -> None:
    """Show the life of a piece of that cadre as a picture: who makes which gesture; only among ``statuts`` if given."""
    _dire_refus(lambda: page.html(*_module("montre").vie(cadre, statuts)))


def recommencer() -> None:
    """Show the button that empties this notebook's forms."""
    _dire_refus(lambda: page.afficher(_module("feuilles").recommencer(_vider).racine))


def rejoindre(adresse: str, code: str, prenom: str) -> None:
    """Join the portal of the class: the address and the code that the trainer shows, a first name."""
    _dire_refus(lambda: page.phrase(_classe().rejoindre(_espace().sien, adresse, code, prenom)))


def deposer_en_classe() -> None:
    """Show the deposit form on the portal of the class, after the story that one's space plays, if any; the screens of
    :func:`portail` for a story that has no such form."""
    _dire_refus(_deposer_en_classe)


def portail(marche: str = "") -> None:
    """Show the screens of the training portal: those of the class when one has joined it, else free practice, in any
    role of a market (the first one with a maîtrise d’œuvre, when no number is given)."""
    _dire_refus(lambda: _portail(marche))


def situation(code: str) -> None:
    """Show the door of a situation to practise on the screens of the portal; nothing in it is graded."""
    _dire_refus(lambda: _poste(_module("entrainement").entrainement(code, _memoire(), _demander_aide)))


def quitter() -> None:
    """Leave the portal of the class."""
    _dire_refus(lambda: page.phrase(_classe().quitter(_espace().sien)))


def _portail(marche: str) -> None:
    from facturier.formulaires import portail as places

    liaison = _liaison() if not marche else None
    _poste(places.en_classe(liaison, _memoire()) if liaison else places.libre(_memoire(), marche, _demander_aide))


def _poste(ecran: Any) -> None:
    _montrer(ecran.formulaire, ecran, ecran)


def _rendre(exercice_id: str, valeur: tuple[Any, ...]) -> None:
    from facturier.formulaires.valeur import remettre_ici

    if not valeur or _espace().page:
        _montrer(exercice_id, *_module("feuilles").valeur(_enonce(exercice_id), _memoire()))
        return
    memoire = _memoire()
    phrases, gardee = remettre_ici(_espace(), memoire, exercice_id, valeur[0])
    if phrases:
        page.phrase(" ".join(phrases))
    if gardee:
        memoire.montrer(exercice_id, gardee)


def _fiche_methode() -> None:
    preparer = _module("feuille_fiche").preparer
    _montrer("fiche_methode", *preparer(_enonce("cas_pratique"), _memoire(), _liaison()))


def _besoin_aide() -> None:
    from facturier.formulaires import feuilles
    from facturier.formulaires.aide import FORMULAIRE_AIDE

    liaison = _liaison()
    prevenir = liaison.demander_aide if liaison else None
    page.afficher(feuilles.besoin_aide(_memoire(), prevenir, page=_espace().page).racine)
    _memoire().montrer(FORMULAIRE_AIDE, vide="Aucune demande d’aide pour l’instant.")


def _liaison() -> Any:
    """The link to the class that this folder has joined, None when it has not."""
    sien = _espace().sien
    return _classe().liaison_de(sien) if (sien / ".facturier").is_dir() else None


def _demander_aide() -> str:
    """What « J’ai besoin d’aide » does on a screen."""
    from facturier.formulaires.aide import noter

    liaison = _liaison()
    return noter(_memoire(), prevenir=liaison.demander_aide if liaison else None)


def _deposer_en_classe() -> None:
    from facturier.formulaires import feuilles
    from facturier.formulaires.classe import preparer

    recit, modele = preparer(_espace().sien, _memoire())
    if modele is None:
        return _portail("")  # the story has no form: its screens tell it first, then play it
    if recit is not None:
        page.html(*recit)
    return _montrer(modele.formulaire, modele, feuilles.depot(modele, _memoire(), _demander_aide))


def _classe() -> Any:
    from facturier.formulaires import classe

    return classe


def _module(nom: str) -> Any:
    """A module of the forms, loaded when a verb first needs it."""
    from importlib import import_module

    return import_module(f"facturier.formulaires.{nom}")
