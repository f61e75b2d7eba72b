"""Nothing graded rests on a fact that is not sure: items of the bank and quizzes of the chapters, one by one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.graines import Graine
from facturier.evaluation.items import FIABLE
from facturier.evaluation.tirages import lire_banque
from facturier.fabrique.faits import a_la_main
from facturier.referentiel import faits
from facturier.referentiel.faits import INSECABLE

SOURCE = Path(__file__).resolve().parents[2] / "source"
BANQUE = {g.id: dict(g.champs) for g in lire_banque(SOURCE).gabarits if g.fiabilite == FIABLE}
CHAPITRES = {
    f"{fichier.parent.name}/{item['id']}": item
    for fichier in sorted(SOURCE.glob("*/quiz.toml"))
    for item in tomllib.loads(fichier.read_text(encoding="utf-8"))["item"]
}
NOTES = {**BANQUE, **CHAPITRES}
DITS = re.compile(r"\b(delai|limite|texte|le|effet)\([\"']([^\"']+)[\"']\)")
"""Facts of the table « délais » or « limites » that a text calls."""
CITES = re.compile(r"\b(?:[LRD]\d{4}-\d+|KB\d{7}|283-2 nonies|§\d[\d.]*\d)")
"""Articles and notes that a source names; the end of a range is named by no row."""
DATE_SEULE = {"E25", "E44"}
"""Mistakes whose rule is sure, and only the day on which it will end is not."""
RELUS = {
    "qe_o1_papier": {"E19"},  # that a paper invoice is not due to be paid is sure; R2192-3 alone is to be read again
    "ob_courriel_en_plus": {"E19"},
    "st_relais": {"E08"},  # what waits for the manager is sure; how to name another is not
}


def _lignes() -> Iterator[tuple[str, str]]:
    for nom in referentiel.NOMS:
        for ligne in referentiel.table(nom):
            cite = " ".join(str(getattr(ligne, attribut, "")) for attribut in ("texte", "source"))
            yield cite.replace(INSECABLE, " "), ligne.fiabilite


LIGNES = tuple(_lignes())


def _sources(item: dict[str, Any]) -> str:
    return " ; ".join([*item.get("sources", ()), item.get("source", "")]).replace(INSECABLE, " ")


def test_les_deux_sortes_de_questions_sont_regardees() -> None:
    assert len(BANQUE) > 130
    assert {cle.partition("/")[0] for cle in CHAPITRES} >= {"assistance", "avec_moe", "echeances", "formats", "suivi"}


@pytest.mark.parametrize("cle", sorted(NOTES))
def test_ce_qu_une_question_notee_appelle_est_etabli(cle: str) -> None:
    item = NOTES[cle]
    assert item["fiabilite"] == FIABLE
    for verbe, code in DITS.findall(str(item)):
        ligne = referentiel.limite(code) if verbe == "limite" else referentiel.delai(code)
        assert ligne.fiabilite == FIABLE, code


@pytest.mark.parametrize("cle", sorted(NOTES))
def test_ce_qu_une_question_notee_cite_est_etabli_par_une_ligne(cle: str) -> None:
    sources = re.sub(r" à (?:[LRD]?\d[\d-]*)", "", _sources(NOTES[cle]))
    for cite in CITES.findall(sources):
        degres = {
            fiabilite for texte, fiabilite in LIGNES if re.search(rf"(?<![\w-]){re.escape(cite)}(?![\w.]*\d)", texte)
        }
        assert FIABLE in degres, cite
    for code in NOTES[cle].get("sources", ()):
        try:
            assert referentiel.source(code).fiabilite == FIABLE, code
        except ErreurFacturier:
            assert any(code.replace(INSECABLE, " ") in texte and f == FIABLE for texte, f in LIGNES), code


@pytest.mark.parametrize("cle", sorted(BANQUE))
def test_une_erreur_frequente_notee_est_etablie_ou_dite_pourquoi(cle: str) -> None:
    degres = {e.code: e.fiabilite for e in referentiel.erreurs()}
    douteuses = {code for code in BANQUE[cle].get("erreurs", ()) if degres[code] != FIABLE}
    assert douteuses <= DATE_SEULE | RELUS.get(cle, set())


@pytest.mark.parametrize("cle", sorted(NOTES))
def test_la_bonne_reponse_n_est_pas_un_cadre_au_circuit_incertain(cle: str) -> None:
    degres = {c.code: c.fiabilite for c in referentiel.cadres()}
    justes = [c.get("texte", "") for c in NOTES[cle].get("choix", ()) if c["juste"]]
    justes += [ligne.get("cible", ligne["texte"]) for ligne in NOTES[cle].get("ligne", ())]
    cites = {code for texte in justes for code in re.findall(r"\bA\d{1,2}\b", texte)}
    assert {code for code in cites if degres[code] != FIABLE} == set()


def _textes(valeur: object) -> Iterator[str]:
    if isinstance(valeur, str):
        yield valeur
    elif isinstance(valeur, dict | list):
        for partie in valeur.values() if isinstance(valeur, dict) else valeur:
            yield from _textes(partie)


def test_les_quiz_et_corriges_d_un_chapitre_appellent_les_faits() -> None:
    """Days and amounts of a situation are typed there; what a table says (a delay, a rate, an article) is called."""
    au = Graine().au
    connus = {faits.delai(ligne.code, au) for ligne in referentiel.delais(au) if ligne.duree is not None}
    connus |= {faits.limite(ligne.code, au) for ligne in referentiel.limites(au)}
    connus |= {faits.interets(au), faits.refinancement(au)}
    connus = {fait.replace(INSECABLE, " ") for fait in connus}
    tapes = {
        (fichier.parent.name, trouve)
        for motif in ("*/quiz.toml", "*/corrige.toml")
        for fichier in SOURCE.glob(motif)
        for texte in _textes(tomllib.loads(fichier.read_text(encoding="utf-8")))
        for trouve in a_la_main(texte)
        if trouve in connus or re.match(r"(?i:[LRD]\.? ?\d{4}|art|§|KB|loi|ordonnance|décret|arrêté)", trouve)
    }
    assert tapes == set()
