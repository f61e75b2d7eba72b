"""A situation played in class is graded on what the class's store kept, drawn by each learner's own seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from test_situations_notees import bareme, reponse

from facturier import contenu
from facturier.annuaire import Annuaire
from facturier.evaluation.bareme import Bareme, Exercice, lire_bareme
from facturier.evaluation.classe import Part, garder, juger_en_classe, lire_classe, lire_part, parts
from facturier.evaluation.jugement import Jugement, juger
from facturier.evaluation.reponses import Reponse
from facturier.portail import Acteur
from facturier.registre import RegistreClasse
from facturier.serveur import Animation, Classe
from facturier.situations import Geste, Situation, variantes

__all__ = ["bareme"]


@pytest.fixture
def exercice(bareme: Bareme) -> Exercice:
    return bareme.par_id["nettoyage"]


@pytest.fixture
def classe(tmp_path: Path) -> Iterator[Classe]:
    registre = RegistreClasse.fichier(tmp_path / "classe.sqlite")
    heure = datetime(2026, 11, 24, 10, 42)
    ouverte = Classe(registre, Annuaire.charger(), graine="essai", situation="nettoyage_public", horloge=lambda: heure)
    for prenom in ("Léa", "Noé"):
        ouverte.rejoindre(ouverte.code, prenom)
    yield ouverte
    ouverte.fermer()


def joue(classe: Classe, qui: str, **changes: str) -> None:
    """The deposit that the situation asks of that learner, some fields changed."""
    ligne = classe.participants.participant(qui)
    situation = classe.espace(ligne.solo).situation
    assert situation is not None
    (depot, _) = situation.saisie
    classe.faire(ligne, ligne.solo, depot.acteur, depot.action, "", {**depot.champs, **changes})


def part(classe: Classe, qui: str, dossier: Path) -> Part:
    """What grading keeps of that learner, once written and read again."""
    garder(dossier, parts(lire_classe(classe.registre), ["lea", "noe"]))
    lue = lire_part(dossier, qui)
    assert lue is not None
    return lue


def test_la_copie_du_serveur_l_emporte_sur_une_copie_parfaite(
    classe: Classe, exercice: Exercice, tmp_path: Path
) -> None:
    joue(classe, "lea", cadre="A2", mode_paiement="AUTRE", iban="")
    jugement, ecart = juger_en_classe(exercice, reponse(exercice, "lea"), part(classe, "lea", tmp_path))
    assert (jugement.statut, jugement.points) == ("fait", Decimal(3))
    assert [c.statut for c in jugement.criteres] == ["juste", "juste", "faux"]
    assert "diffère de ce que le portail de la classe a gardé" in ecart.replace("\u00a0", " ")
    sans_copie, ecart = juger_en_classe(exercice, None, part(classe, "lea", tmp_path))
    assert (sans_copie.points, ecart) == (Decimal(3), "")


def test_chacun_est_juge_sur_son_propre_tirage(classe: Classe, exercice: Exercice, tmp_path: Path) -> None:
    joue(classe, "lea")
    situation = classe.espace("solo-lea").situation
    assert situation is not None
    (depot, _) = situation.saisie
    noe = classe.participants.participant("noe")
    attendu = classe.espace("solo-noe").situation
    assert attendu is not None
    champs = {**depot.champs, "numero_engagement": "AUTRE-1"}
    classe.faire(noe, noe.solo, Acteur("fournisseur", attendu.attendu["deposant"]), "deposer", "", champs)
    points = {qui: juger_en_classe(exercice, None, part(classe, qui, tmp_path))[0].points for qui in ("lea", "noe")}
    assert points == {"lea": Decimal(5), "noe": Decimal(3)}


def test_une_situation_lancee_ensuite_ne_fait_rien_perdre(classe: Classe, exercice: Exercice, tmp_path: Path) -> None:
    joue(classe, "lea")
    Animation(classe).jouer("facture_suspendue")
    assert juger_en_classe(exercice, None, part(classe, "lea", tmp_path))[0].points == Decimal(5)
    Animation(classe).jouer("nettoyage_public")
    assert juger_en_classe(exercice, None, part(classe, "lea", tmp_path))[0].points == Decimal(5), "pas recommencée"
    joue(classe, "lea", numero_engagement="AUTRE-1")
    assert juger_en_classe(exercice, None, part(classe, "lea", tmp_path))[0].points == Decimal(3), "la dernière compte"


def test_qui_n_a_rien_fait_en_classe_est_juge_sur_son_carnet(
    classe: Classe, exercice: Exercice, tmp_path: Path
) -> None:
    Animation(classe).jouer("facture_suspendue")  # what had already happened is nobody's work
    kept = part(classe, "noe", tmp_path)
    assert kept.copies == ()
    rendue = reponse(exercice, "noe")
    assert juger_en_classe(exercice, rendue, kept) == (juger(exercice, rendue), "")


def test_un_journal_de_classe_rendu_comme_un_carnet_ne_compte_pas(
    classe: Classe, exercice: Exercice, tmp_path: Path
) -> None:
    joue(classe, "lea")
    (copie,) = part(classe, "lea", tmp_path).copies
    rendue: Reponse = replace(reponse(exercice, "lea"), journal=copie.evenements, graine=str(copie.ouverture["graine"]))
    seule: Jugement = juger(exercice, rendue)
    assert (seule.statut, seule.points) == ("a_verifier", None)
    avec, ecart = juger_en_classe(exercice, rendue, part(classe, "lea", tmp_path))
    assert (avec.points, ecart) == (Decimal(5), "")


def test_un_depot_fait_dans_une_histoire_n_est_pas_celui_d_un_exercice_de_depot(
    classe: Classe, tmp_path: Path, exercice: Exercice
) -> None:
    joue(classe, "lea")
    situation = classe.espace("solo-lea").situation
    assert situation is not None
    geste: Geste = situation.saisie[0]
    depot = replace(exercice, genre="depot", situation="", fournisseur_siret=geste.structure)
    jugement, _ = juger_en_classe(depot, None, part(classe, "lea", tmp_path))
    assert jugement.statut == "non_repondu"


@pytest.fixture
def cas_pratique() -> Exercice:
    """The exercise of the chapter, which names the family: its variants are five stories."""
    return lire_bareme(contenu.chapitre("cas_pratique")).par_id["cas_pratique"]


def joue_tout(classe: Classe, qui: str, gestes: Sequence[Geste]) -> None:
    """These acts in the space of that learner; the clock is the trainer's."""
    ligne = classe.participants.participant(qui)
    for geste in gestes:
        if geste.action == "avancer":
            Animation(classe).avancer(int(geste.champs["jours"]))
        else:
            classe.faire(ligne, ligne.solo, geste.acteur, geste.action, geste.objet, geste.champs)


def a_jouer(classe: Classe, qui: str) -> Situation:
    situation = classe.espace(classe.participants.participant(qui).solo).situation
    assert situation is not None
    return situation


@pytest.mark.parametrize("lancee", ["cas_pratique", *variantes("cas_pratique").values()])
def test_un_incident_joue_en_classe_compte_pour_l_exercice_qui_nomme_la_famille(
    classe: Classe, cas_pratique: Exercice, tmp_path: Path, lancee: str
) -> None:
    Animation(classe).jouer(lancee)
    situation = a_jouer(classe, "lea")
    assert situation.recit.code in ({lancee} if lancee != cas_pratique.situation else variantes(lancee).values())
    joue_tout(classe, "lea", situation.saisie)
    jugement, _ = juger_en_classe(cas_pratique, None, part(classe, "lea", tmp_path))
    assert (jugement.statut, jugement.points) == ("fait", cas_pratique.points)
    fautes = [f for f in a_jouer(classe, "noe").fautes if f.critere == "incident_traite" and not f.refus]
    joue_tout(classe, "noe", fautes[-1].gestes)
    fautif, _ = juger_en_classe(cas_pratique, None, part(classe, "noe", tmp_path))
    assert {c.id: c.statut for c in fautif.criteres}["incident_traite"] == "faux"
    assert fautif.points is not None
    assert fautif.points < cas_pratique.points


def test_une_autre_situation_de_la_classe_ne_compte_pas_pour_la_famille(
    classe: Classe, cas_pratique: Exercice, tmp_path: Path
) -> None:
    joue(classe, "lea")
    jugement, _ = juger_en_classe(cas_pratique, None, part(classe, "lea", tmp_path))
    assert (jugement.statut, jugement.points) == ("non_repondu", None)
