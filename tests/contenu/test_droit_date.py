"""What the lessons say of the law on a day: what is to come, what is in force, what is known only roughly."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from facturier import contenu, referentiel
from facturier.fabrique import lectures
from facturier.referentiel.faits import INSECABLE
from facturier.referentiel.redaction import REFERENCE, rediger

SOURCE = Path(__file__).resolve().parents[2] / "source"


@lru_cache
def _dit(slug: str, au: date) -> str:
    """A lesson as it reads on that day."""
    fichier = contenu.chapitre(slug).lecon
    return rediger(fichier.read_text(encoding="utf-8"), au, slug, **lectures.appels()).replace(INSECABLE, " ")


@pytest.mark.parametrize("slug", ["compte_creer", "portail"])
def test_un_jour_mal_connu_se_dit_avec_son_incertitude(slug: str) -> None:
    dit = _dit(slug, REFERENCE)
    assert "18 ou 19 septembre 2024" in dit
    assert "le 18 septembre 2024" not in dit


def test_un_jour_connu_se_dit_sans_incertitude() -> None:
    assert rediger('{{ le("desaccord-de-montant") }}', REFERENCE, "essai") == f"19{INSECABLE}février 2025"
    assert rediger('{{ le("reforme-emission-pme") }}', REFERENCE, "essai") == f"1er{INSECABLE}septembre 2027"


AVANT, VEILLE, OUVERTURE, VEILLE_PME, PME = (
    date(2026, 3, 1),
    date(2026, 8, 31),
    date(2026, 9, 1),
    date(2027, 8, 31),
    date(2027, 9, 1),
)


@pytest.mark.parametrize("au", [AVANT, VEILLE])
def test_avant_l_ouverture_recevoir_est_a_venir_et_chorus_pro_la_seule_porte(au: date) -> None:
    dit = _dit("legislation", au)
    assert "une seule porte : Chorus Pro" in dit
    assert "La réforme ajoutera deux obligations" in dit
    assert re.search(r"\| \*\*recevoir\*\*[^\n]*\| 1er septembre 2026", dit)
    assert "Ma plateforme agréée" not in dit
    assert "deux obligations s’ajoutent" not in dit
    assert "Elles s’appliqueront" in dit


@pytest.mark.parametrize("au", [OUVERTURE, REFERENCE, VEILLE_PME])
def test_depuis_l_ouverture_tous_recoivent_et_une_pme_n_emet_pas_encore(au: date) -> None:
    dit = _dit("legislation", au)
    assert "Et deux obligations s’ajoutent" in dit
    assert "une seule porte" not in dit
    assert "Ma plateforme agréée" in dit
    assert "| PME et microentreprises | 1er septembre 2027 : pas encore |" in dit
    assert "Une PME n’est pas tenue d’émettre avant le 1er septembre 2027" in dit
    assert "Chorus Pro**, comme avant" in dit


def test_depuis_leur_echeance_les_pme_emettent_et_la_porte_directe_reste_douteuse() -> None:
    dit = _dit("legislation", PME)
    assert "pas encore" not in dit
    assert "n’est pas tenue d’émettre" not in dit
    assert "Facture simple : Chorus Pro ou plateforme agréée" not in dit
    assert "Chorus Pro**, comme avant" not in dit
    assert "l’échéance était le 1er septembre 2027" in dit
    assert "**À vérifier.** Depuis le 1er septembre 2027" in _dit("formats", PME)
    assert "1er septembre 2027" not in _dit("formats", VEILLE_PME)


@pytest.mark.parametrize("slug", ["legislation", "formats", "portail"])
@pytest.mark.parametrize("au", [AVANT, VEILLE])
def test_aucune_plateforme_agreee_ne_sert_avant_son_ouverture(slug: str, au: date) -> None:
    for phrase in re.split(r"[.|]\s", _dit(slug, au).partition("\n## 1.")[2]):  # the banner keeps the objectives
        if "lateforme" in phrase and "de réception" not in phrase and "(plateforme agréée)" not in phrase:
            assert re.search(r"pourra|seront|s’ouvre", phrase), phrase


LECONS = [c.slug for c in contenu.chapitres(SOURCE)]


@pytest.mark.parametrize("slug", LECONS)
@pytest.mark.parametrize("au", [AVANT, VEILLE, REFERENCE, PME])
def test_une_lecon_ne_cite_pas_un_texte_a_venir(slug: str, au: date) -> None:
    dit = _dit(slug, au)
    parus = {
        s.code: date.fromisoformat(s.date) for s in referentiel.sources() if re.fullmatch(r"\d{4}-\d\d-\d\d", s.date)
    }
    assert parus["D2026-677"] == date(2026, 7, 28)
    cites = [c for c, paru in parus.items() if paru > au and f"« {referentiel.source(c).titre} »" in dit]
    assert cites == []
    jours = re.findall(r"\((\d\d)/(\d\d)/(\d{4})\)", dit)  # as a version is named: « v1.1 (30/04/2026) »
    assert [j for j in jours if date(int(j[2]), int(j[1]), int(j[0])) > au] == []


def test_un_taux_que_le_kit_n_a_pas_lu_se_demande_et_ne_se_calcule_pas() -> None:
    dit = _dit("echeances", PME)
    assert "demandez-le à l’acheteur" in dit
    assert "= **" not in dit
    assert "2,15 % + 8 points = **10,15 %**" in _dit("echeances", AVANT)
    assert "2,40 % + 8 points = **10,40 %**" in _dit("echeances", REFERENCE)


def test_la_fin_du_recyclage_ne_se_dit_qu_une_fois_annoncee() -> None:
    veille, annonce = date(2026, 4, 29), date(2026, 4, 30)
    assert "annoncé" not in _dit("suivi", veille)
    assert "Mal adressée, on renvoie." in _dit("suivi", veille)
    for au in (annonce, REFERENCE, PME):
        assert "annoncé depuis le 30 avril 2026" in _dit("suivi", au)
        assert "L’arrêt de ce geste est annoncé." in _dit("suivi", au)


@pytest.mark.parametrize("slug", LECONS)
@pytest.mark.parametrize("au", [AVANT, VEILLE, REFERENCE, PME])
def test_une_parenthese_n_en_contient_pas_une_autre(slug: str, au: date) -> None:
    prose = re.sub(r"\]\([^)]*\)|^```.*?^```", "", _dit(slug, au), flags=re.S | re.M)
    assert re.findall(r"\([^()\n]*\([^()\n]*\)[^()\n]*\)", prose) == []


@pytest.mark.parametrize("nom", ["depots", "interfaces"])
def test_une_table_ne_montre_pas_une_plateforme_agreee_avant_son_ouverture(nom: str) -> None:
    def de_plateforme(au: date) -> list[str]:
        lignes = referentiel.table(nom, au)
        return [str(ligne) for ligne in lignes if "lateforme agréée" in str(ligne)]

    assert de_plateforme(VEILLE) == []
    assert de_plateforme(OUVERTURE) != []


def test_le_titre_d_un_objectif_vaut_a_toute_date() -> None:
    for chapitre in contenu.chapitres(SOURCE):
        assert not [o for o in chapitre.objectifs if "lateforme agréée" in str(o)], chapitre.slug
