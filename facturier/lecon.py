"""What a notebook says: a dozen verbs of the trade. Importing it costs nothing: each verb loads what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from facturier.formulaires import ici, page

if TYPE_CHECKING:
    from facturier.champs import FormulaireDef

__all__ = [
    "accueil",
    "apercu",
    "besoin_aide",
    "deposer_en_classe",
    "exercice",
    "portail",
    "quitter",
    "quiz",
    "recommencer",
    "rejoindre",
    "rendre",
    "rendre_mon_travail",
    "satisfaction",
    "seance",
    "suite",
    "tableau",
    "vers_exercice",
]

_dire_refus, _montrer, _vider = ici.dire_refus, ici.montrer, ici.vider
_espace, _dossier, _relatif = ici.espace, ici.dossier, ici.relatif
_memoire, _enonce, _modeles = ici.memoire, ici.enonce, ici.modeles


def quiz(exercice_id: str) -> None:
    """Show a quiz of this chapter; its answers are kept at each change."""
    _dire_refus(lambda: _quiz(exercice_id))


def exercice(exercice_id: str) -> None:
    """Show the form of an exercise of this chapter on the training portal."""
    _dire_refus(lambda: _exercice(exercice_id))


def rendre(exercice_id: str, valeur: Any) -> None:
    """Hand in a value: a number or a text. ``...`` or nothing is still « à faire », and keeps an earlier answer."""
    _dire_refus(lambda: _rendre(exercice_id, valeur))


def accueil() -> None:
    """Show the first form of the day: a first name."""
    _dire_refus(_accueil)


def satisfaction() -> None:
    """Show the satisfaction survey of the day; nothing in it is graded."""
    _dire_refus(_satisfaction)


def besoin_aide() -> None:
    """Show the button « J’ai besoin d’aide »."""
    _dire_refus(_besoin_aide)


def vers_exercice(chapitre: str) -> None:
    """Show the link to a chapter's exercise notebook."""
    _dire_refus(lambda: _vers_exercice(chapitre))


def rendre_mon_travail() -> None:
    """Show where one's work stands and the button that hands it in."""
    _dire_refus(_rendre_mon_travail)


def seance(intitule: str, jour: str, formateur: str) -> None:
    """Say which session these notebooks were made for; blank values mean free practice. ``jour`` is an ISO date."""
    _dire_refus(lambda: _seance(intitule, jour, formateur))


def suite() -> None:
    """Show where to go from here: back to the lesson, on to the next chapter."""
    _dire_refus(_suite)


def tableau(nom: str, *codes: str) -> None:
    """Show a table of the referentiel as it stands today, with its sources; only the rows of ``codes`` if given."""
    _dire_refus(lambda: _tableau(nom, codes))


def apercu(fichier: str) -> None:
    """Show an invoice as a page: its verdict, each field with its code, what is wrong under the field it is about and,
    for a Factur-X, what the PDF shows beside what the XML says.

    ``fichier`` is a path from the notebook's folder, or the name of a sample of the kit (``data/factures``), with or
    without its shelf: ``"menage_val_fictif.ubl.xml"``, ``"juste/menage_val_fictif.ubl.xml"``.
    """
    _dire_refus(lambda: _apercu(fichier))


def recommencer() -> None:
    """Show the button that empties this notebook's forms."""
    _dire_refus(_recommencer)


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


def quitter() -> None:
    """Leave the portal of the class."""
    _dire_refus(lambda: page.phrase(_classe().quitter(_espace().sien)))


def _quiz(exercice_id: str) -> None:
    from facturier.formulaires import feuilles

    _montrer(exercice_id, *feuilles.quiz(_enonce(exercice_id), _memoire(), _demander_aide))


def _exercice(exercice_id: str) -> None:
    from facturier.formulaires.exercice import preparer

    preparee = preparer(_enonce(exercice_id), _memoire(), _demander_aide)
    _montrer(exercice_id, *preparee)


def _portail(marche: str) -> None:
    from facturier.formulaires import portail as places

    liaison = _liaison() if not marche else None
    ecran = places.en_classe(liaison, _memoire()) if liaison else places.libre(_memoire(), marche, _demander_aide)
    _montrer(ecran.formulaire, ecran, ecran)


def _rendre(exercice_id: str, valeur: Any) -> None:
    from facturier.formulaires.style import statut
    from facturier.formulaires.valeur import remettre_ici

    if _espace().page:
        from facturier.formulaires import feuilles

        _montrer(exercice_id, *feuilles.valeur(_enonce(exercice_id), _memoire()))
        return
    memoire = _memoire()
    phrases, gardee = remettre_ici(_espace(), memoire, exercice_id, valeur)
    if phrases:
        page.html(statut(" ".join(phrases)), " ".join(phrases))
    if gardee:
        memoire.montrer(exercice_id, gardee)


def _accueil() -> None:
    from facturier.champs import ACCUEIL

    _questionnaire(ACCUEIL)


def _satisfaction() -> None:
    from facturier.champs import SATISFACTION

    _questionnaire(SATISFACTION)


def _questionnaire(definition: FormulaireDef) -> None:
    """Show a form that deposits nothing."""
    from facturier.formulaires import feuilles

    _montrer(definition.id, *feuilles.questionnaire(definition, _memoire()))


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


def _vers_exercice(chapitre: str) -> None:
    from facturier.formulaires.parcours import lien_exercice

    page.liens(*lien_exercice(_espace(), chapitre, _relatif))


def _rendre_mon_travail() -> None:
    from facturier.formulaires import feuilles

    page.afficher(feuilles.rendre(_espace()).racine)


def _seance(intitule: str, jour: str, formateur: str) -> None:
    from facturier.formulaires.parcours import phrase_de_seance
    from facturier.formulaires.style import statut

    phrase = phrase_de_seance(intitule, jour, formateur)
    page.html(statut(phrase), phrase)


def _tableau(nom: str, codes: tuple[str, ...]) -> None:
    from datetime import date

    from facturier.formulaires.tableau import TITRES, html_tableau

    page.html(html_tableau(nom, date.today(), codes), TITRES.get(nom, nom))


def _apercu(fichier: str) -> None:
    from facturier.formulaires.apercu import apercu as composer

    page.html(*composer(fichier, _dossier()))


def _suite() -> None:
    from facturier.formulaires.parcours import liens_de_suite

    page.liens(*liens_de_suite(_espace(), _relatif))


def _recommencer() -> None:
    from facturier.formulaires import feuilles

    page.afficher(feuilles.recommencer(_vider).racine)
