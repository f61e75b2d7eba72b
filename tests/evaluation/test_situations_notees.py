"""Exercises of genre « portail »: points by criterion, on the situation that each learner's own seed draws."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from facturier import contenu
from facturier.annuaire import Annuaire
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Bareme, Exercice, lire_bareme
from facturier.evaluation.jugement import juger
from facturier.evaluation.ramassage import Rendu, ramasser
from facturier.evaluation.reponses import Reponse, ReponseAlteree, ecrire_annexe, lire_annexe
from facturier.situations import Geste, commencer, executer, tirer

ANNUAIRE = Annuaire.charger()
CARTE = """
ordre = 10
titre = "Situations d’essai"
duree = 10
moment = "essai"
programme = ["A2"]
objectifs = [{ ref = "O3", texte = "déposer" }]
"""
CORRIGE = """
[[exercice]]
id = "nettoyage"
genre = "portail"
titre = "La facture du mois"
objectif = "O3"
situation = "nettoyage_public"
points = 5

[[exercice.critere]]
champ = "piece_envoyee"
points = 1

[[exercice.critere]]
champ = "engagement_de_la_situation"
points = 2

[[exercice.critere]]
champ = "cadre_de_la_situation"
points = 2
reussi = "A1, en effet."
manque = "Vous êtes titulaire : A1."

[[exercice]]
id = "compte"
genre = "portail"
titre = "Le compte"
objectif = "O3"
situation = "compte_a_creer"

[[exercice.critere]]
champ = "structure_demandee"
points = "1.5"

[[exercice.critere]]
champ = "iban_demande"
points = 1
"""


def chapitre(dossier: Path, corrige: str = CORRIGE) -> contenu.Chapitre:
    place = dossier / "essai"
    place.mkdir(parents=True, exist_ok=True)
    (place / "chapitre.toml").write_text(CARTE, encoding="utf-8")
    (place / "corrige.toml").write_text(corrige, encoding="utf-8")
    (place / "exercices.md").write_text("# Situations d’essai\n", encoding="utf-8")
    return contenu.chapitres(dossier)[0]


@pytest.fixture
def bareme(tmp_path: Path) -> Bareme:
    return lire_bareme(chapitre(tmp_path / "source"))


def reponse(exercice: Exercice, graine: str, gestes: Iterable[Geste] | None = None, **autres: Any) -> Reponse:
    """What the learner's kernel keeps once these acts are made (all that the situation says, by default)."""
    situation = tirer(exercice.situation, graine, ANNUAIRE)
    portail = executer(commencer(situation.recit, ANNUAIRE), situation.saisie if gestes is None else gestes)
    journal = tuple(json.loads(json.dumps(portail.journal)))
    base = Reponse("essai/exercices", exercice.id, {}, journal, f"l-{graine}", 3, "2026-11-24T10:00:00+01:00", graine)
    return replace(base, **autres)


def test_les_points_suivent_les_criteres(bareme: Bareme) -> None:
    exercice = bareme.par_id["nettoyage"]
    juste = juger(exercice, reponse(exercice, "lea"))
    assert (juste.statut, juste.points) == ("fait", Decimal(5))
    assert [c.message for c in juste.criteres] == [
        "La demande est partie.",
        "Le numéro d’engagement est le bon.",
        "A1, en effet.",
    ]
    situation = tirer("nettoyage_public", "lea", ANNUAIRE)
    faute = next(f for f in situation.fautes if f.code == "marche_pour_engagement")
    faux = juger(exercice, reponse(exercice, "lea", faute.gestes))
    assert (faux.statut, faux.points) == ("fait", Decimal(3))
    assert [c.statut for c in faux.criteres] == ["juste", "faux", "juste"]
    assert "le numéro de marché ne le remplace pas" in faux.criteres[1].message


def test_un_exercice_sans_aucune_piece_se_note(bareme: Bareme) -> None:
    exercice = bareme.par_id["compte"]
    situation = tirer("compte_a_creer", "lea", ANNUAIRE)
    assert juger(exercice, reponse(exercice, "lea")).points == Decimal("2.5")
    sans_iban = next(f for f in situation.fautes if f.code == "sans_iban")
    assert juger(exercice, reponse(exercice, "lea", sans_iban.gestes)).points == Decimal("1.5")


def test_non_repondu_faux_absent_et_a_verifier_restent_quatre_mots(bareme: Bareme) -> None:
    exercice = bareme.par_id["nettoyage"]
    blanche = replace(reponse(exercice, "lea", ()), valeurs={"cadre": ""})
    for vide in (None, blanche, replace(blanche, valeurs={"cadre": "A1"})):
        jugement = juger(exercice, vide)
        assert (jugement.statut, jugement.points) == ("non_repondu", None)
    rien_de_bon = juger(exercice, reponse(exercice, "lea", tirer("nettoyage_public", "lea", ANNUAIRE).saisie[1:]))
    assert (rien_de_bon.statut, rien_de_bon.points) == ("fait", Decimal(0))
    assert [c.statut for c in rien_de_bon.criteres] == ["faux"] * 3


def test_ce_qui_s_etait_passe_avant_ne_compte_pas_comme_une_reponse(tmp_path: Path) -> None:
    corrige = CORRIGE.replace("nettoyage_public", "facture_rejetee").replace("piece_envoyee", "rejet_traite")
    corrige = corrige.replace("engagement_de", "taux_de").replace("cadre_de_la_situation", "numero_neuf")
    exercice = lire_bareme(chapitre(tmp_path / "source", corrige)).par_id["nettoyage"]
    assert juger(exercice, reponse(exercice, "lea", ())).statut == "non_repondu"
    assert juger(exercice, reponse(exercice, "lea")).points == Decimal(5)


def test_le_journal_d_un_autre_est_a_verifier_jamais_note(bareme: Bareme) -> None:
    exercice = bareme.par_id["nettoyage"]
    de_zoe = reponse(exercice, "zoe")
    for suspecte in (replace(de_zoe, graine="lea"), replace(de_zoe, graine="")):
        jugement = juger(exercice, suspecte)
        assert (jugement.statut, jugement.points) == ("a_verifier", None)
        assert jugement.remarques
    retouche = [dict(e) for e in de_zoe.journal]
    retouche[0] = {**retouche[0], "donnees": {**retouche[0]["donnees"], "montant_ht": "1,00"}}
    jugement = juger(exercice, replace(de_zoe, journal=tuple(retouche)))
    assert (jugement.statut, jugement.points) == ("a_verifier", None)
    assert "n° 1" in jugement.remarques[0].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("avant", "apres", "dit"),
    [
        ('situation = "nettoyage_public"', 'situation = "nettoyage"', "nettoyage"),
        ('champ = "piece_envoyee"', 'champ = "numero_neuf"', "numero_neuf"),
        ('champ = "piece_envoyee"', 'champ = "cadre_de_la_situation"', "deux fois"),
        ("points = 5", "points = 6", "totalisent"),
        ('champ = "piece_envoyee"\npoints = 1', 'champ = "piece_envoyee"', "points"),
        ('champ = "piece_envoyee"', 'champ = "piece_envoyee"\nattendu = "A1"', "attendu"),
    ],
)
def test_un_corrige_fautif_se_dit_en_une_phrase(tmp_path: Path, avant: str, apres: str, dit: str) -> None:
    assert avant in CORRIGE
    with pytest.raises(ErreurFacturier) as refus:
        lire_bareme(chapitre(tmp_path / "source", CORRIGE.replace(avant, apres, 1)))
    assert dit in refus.value.phrase


def test_l_enonce_public_ne_dit_que_le_nom_de_la_situation(bareme: Bareme) -> None:
    enonce = bareme.enonces()["exercices"][0]
    assert enonce["situation"] == "nettoyage_public"
    assert "criteres" not in json.dumps(enonce)


def test_la_graine_voyage_avec_la_reponse_et_ne_se_change_pas_en_silence(tmp_path: Path, bareme: Bareme) -> None:
    gardee = reponse(bareme.par_id["nettoyage"], "lea")
    annexe = tmp_path / "reponses" / "exercices.json"
    ecrire_annexe(annexe, "essai/exercices", {"nettoyage": gardee})
    assert lire_annexe(annexe) == ({"nettoyage": gardee}, [])
    changee = {**gardee.en_json(), "graine": "zoe"}
    with pytest.raises(ReponseAlteree):
        Reponse.depuis_json(changee)
    with pytest.raises(ErreurFacturier):
        Reponse.depuis_json({**gardee.en_json(), "graine": "x" * 65})
    sans = replace(gardee, graine="", journal=())
    assert "graine" not in sans.en_json()
    assert Reponse.depuis_json(sans.en_json()) == sans


def rend(dossier: Path, qui: str, gardee: Reponse) -> None:
    ecrire_annexe(dossier / qui / "reponses" / "exercices.json", "essai/exercices", {gardee.formulaire: gardee})


def test_deux_copies_de_meme_tirage_sont_a_verifier(tmp_path: Path, bareme: Bareme) -> None:
    exercice, rendus = bareme.par_id["nettoyage"], tmp_path / "rendus"
    rend(rendus, "ama", reponse(exercice, "g1"))
    rend(rendus, "bruno", reponse(exercice, "g1", lignee="autre"))
    rend(rendus, "chloe", reponse(exercice, "g2"))
    rend(rendus, "driss", reponse(exercice, "g1", lignee="vide", journal=()))
    lus: dict[str, Rendu] = {r.id: r for r in ramasser(rendus, {"essai": bareme}, None)}
    for qui, autre in (("ama", "bruno"), ("bruno", "ama")):
        (phrase,) = lus[qui].problemes[-1:]
        assert "même tirage" in phrase
        assert autre in phrase
        assert "driss" not in phrase
    assert not any("tirage" in p for qui in ("chloe", "driss") for p in lus[qui].problemes)
