"""The library holds what the course promises: every kind in every format, every trainee's error somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from facturier import contenu, referentiel
from facturier.annuaire import Annuaire
from facturier.efacture.bibliotheque import Exemple
from facturier.efacture.ecriture import FORMATS
from facturier.efacture.scenario import Scenario, lire_tous
from facturier.evaluation.bareme import baremes
from facturier.evaluation.tirages import lire_banque
from facturier.portail.regles_depot import REGLES
from facturier.regles import REGLES_CPRO, UNICITE, regles_annuaire

DONNEES = Path(__file__).parents[2] / "data"
LISEZ_MOI = (DONNEES / "README.md").read_text(encoding="utf-8")
LUS = lire_tous(DONNEES / "scenarios")
_TITRES = [*lire_banque(contenu.racine() / "source").themes, *contenu.chapitres()]
TITRES = {un.titre.replace("\u00a0", " ") for un in _TITRES}
EXERCICES = {e for bareme in baremes().values() for e in bareme.par_id}
JUSTES = [lu for lu in LUS if lu.rayon == "juste"]


def a_le_type(code: str) -> Callable[[Scenario], bool]:
    return lambda lu: lu.facture.type_document == code


def a_le_cadre(code: str) -> Callable[[Scenario], bool]:
    return lambda lu: lu.cadre == code and lu.facture.profil != "historique"


def categories(lu: Scenario) -> set[str]:
    return {ligne.categorie_tva for ligne in lu.facture.lignes}


def taux(lu: Scenario) -> set[str]:
    return {f"{ligne.taux_tva.normalize():f}" for ligne in lu.facture.lignes}


PROMIS: dict[str, tuple[Callable[[Scenario], bool], tuple[str, ...]]] = {
    "facture simple (A1)": (a_le_cadre("A1"), FORMATS),
    "facture déjà payée (A2)": (a_le_cadre("A2"), FORMATS),
    "sous-traitant (A9)": (a_le_cadre("A9"), FORMATS),
    "cotraitant (A12)": (a_le_cadre("A12"), FORMATS),
    "avoir (381)": (a_le_type("381"), FORMATS),
    "acompte (386)": (a_le_type("386"), FORMATS),
    "définitive après acompte": (lambda lu: bool(lu.facture.deja_paye and lu.facture.anterieure), FORMATS),
    "rectificative (384)": (a_le_type("384"), FORMATS),
    "autoliquidation": (lambda lu: "AE" in categories(lu), FORMATS),
    "taux des DOM": (lambda lu: "8.5" in taux(lu), FORMATS),
    "sans TVA en Guyane et à Mayotte": (lambda lu: lu.facture.vendeur.adresse.code_postal[:3] == "973", FORMATS),
    "exonération": (lambda lu: "E" in categories(lu) and lu.facture.exonerations[0].code != "", FORMATS),
    "remises et frais sur la facture": (
        lambda lu: {e.genre for e in lu.facture.remises_et_charges} == {"remise", "charge"},
        FORMATS,
    ),
    "remise sur une ligne": (lambda lu: any(ligne.ecarts for ligne in lu.facture.lignes), FORMATS),
    "plusieurs taux": (lambda lu: len(taux(lu)) >= 3, FORMATS),
    "pièce jointe": (lambda lu: bool(lu.facture.pieces), FORMATS),
    "bénéficiaire autre que le vendeur": (lambda lu: lu.facture.beneficiaire is not None, FORMATS),
    "fournisseur étranger": (lambda lu: lu.facture.vendeur.adresse.pays != "FR", FORMATS),
    "SIRET et code service en EXTENDED-CTC-FR": (
        lambda lu: (
            lu.facture.profil == "extended-ctc-fr" and bool(lu.facture.acheteur.siret and lu.facture.code_service)
        ),
        FORMATS,
    ),
    "profil BASIC": (lambda lu: lu.facture.profil == "basic", ("cii", "facturx")),
    "ancien format de Chorus Pro": (lambda lu: lu.facture.profil == "historique" and lu.cadre == "A1", FORMATS),
    "ancien format, sous-traitant": (lambda lu: lu.facture.profil == "historique" and lu.cadre == "A9", ("cii",)),
    "ancien format, travaux": (lambda lu: lu.facture.profil == "historique" and lu.cadre == "A4", ("cii",)),
}
"""What each kind of right invoice is recognised by, and the formats it must exist in. The historic UBL is
written for A1 only: where it puts other cadres is not established."""


@pytest.mark.parametrize("genre", PROMIS)
def test_chaque_genre_de_facture_juste_existe_dans_tous_ses_formats(genre: str, exemples: dict[str, Exemple]) -> None:
    reconnaitre, formats = PROMIS[genre]
    trouves = {lu.slug: lu.formats for lu in JUSTES if reconnaitre(lu)}
    assert any(set(formats) <= set(ecrits) for ecrits in trouves.values()), trouves
    slugs = {e.scenario for e in exemples.values() if e.rayon == "juste"}
    assert set(trouves) <= slugs


def test_le_lisez_moi_compte_juste(exemples: dict[str, Exemple]) -> None:
    assert f"{len(exemples)} fichiers, tirés de {len(LUS)} scénarios." in LISEZ_MOI


RANGEES = re.findall(r"^\| (E\d\d) \| (.+?) \| (.+) \|$", LISEZ_MOI, flags=re.MULTILINE)


def test_aucune_erreur_de_stagiaire_n_est_oubliee() -> None:
    assert [code for code, _, _ in RANGEES] == [f"E{n:02d}" for n in range(1, 46)]


@pytest.mark.parametrize(("code", "ou"), [(code, ou) for code, _, ou in RANGEES], ids=[code for code, _, _ in RANGEES])
def test_l_endroit_annonce_pour_chaque_erreur_existe(code: str, ou: str) -> None:
    """Each place named is one: a scenario that bears this code, a rule of the portal, a gesture, a rule of the kit."""
    du_portail = {regle.code for regle in REGLES}
    gestes = {ligne.action for ligne in referentiel.transitions()}
    du_kit = {regle.code for regle in (*REGLES_CPRO, *regles_annuaire(Annuaire.charger()), UNICITE)}
    scenarios = {lu.slug for lu in LUS if lu.erreur == code}
    admis = {
        "fichier": scenarios,
        "fichiers": scenarios,
        "règle du portail": du_portail,
        "geste du portail": gestes,
        "règle": du_kit,
        "règle avec l’annuaire": du_kit,
        "règle sur un lot": du_kit,
    }
    cites: set[str] = set()
    for part in ou.split(" · "):
        genre, noms = re.split(r"\s: ", part)[0], set(re.findall(r"`([^`]+)`", part))
        if part.startswith("fichier fait par la suite de tests"):
            continue
        exercices = set(re.findall(r"exercice `([^`]+)`", part))
        assert exercices <= EXERCICES
        noms -= exercices
        if part.startswith(("questions de la banque", "leçon")):  # themes of the bank, chapters, by their titles
            titres = set(re.findall(r"«\s(.+?)\s»", part.replace("\u00a0", " ")))
            assert titres
            assert titres <= TITRES
            continue
        assert noms
        assert noms <= admis[genre]
        cites |= noms & scenarios
    assert cites == scenarios


def test_ce_que_le_tableau_dit_du_portail_et_de_l_annuaire_est_ce_que_disent_les_scenarios() -> None:
    for code, _, ou in RANGEES:
        regles_du_portail = {r for lu in LUS if lu.erreur == code for r in lu.portail}
        avec_annuaire = {r for lu in LUS if lu.erreur == code for r in lu.annuaire}
        assert regles_du_portail <= set(re.findall(r"`([a-z-]+)`", ou)), code
        assert avec_annuaire <= set(re.findall(r"`(CPRO-[A-Z-]+)`", ou)), code
