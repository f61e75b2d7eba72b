"""Situations: drawn by a seed, consistent with the directory, met by who enters what they say, missed by each fault."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from facturier import contenu
from facturier.annuaire import Annuaire
from facturier.erreurs import ErreurFacturier
from facturier.portail import JournalRefuse, Portail, RefusPortail
from facturier.portail import demande as lecture
from facturier.portail.etat import octets
from facturier.situations import (
    CRITERES,
    Geste,
    Recit,
    Situation,
    commencer,
    evaluer,
    executer,
    raconter,
    rejouer,
    reprendre,
    reste,
    situations,
    tirer,
)
from facturier.situations import lecture as lecteur
from facturier.situations.hasard import Hasard

GRAINES = [f"graine-{n}" for n in range(200)]
QUELQUES = GRAINES[:12]
DITS = ("destinataire_siret", "numero_engagement", "numero_marche", "numero_facture", "date_facture", "iban")
ANNUAIRE = Annuaire.charger()


def joue(situation: Situation, gestes: Iterable[Geste]) -> tuple[Portail, list[str]]:
    """The portal after these acts, and the rules by which it refused some of them on the way."""
    portail, regles = commencer(situation.recit, ANNUAIRE), []
    for geste in gestes:
        try:
            executer(portail, [geste])
        except RefusPortail as refus:
            regles += refus.regles
    return portail, regles


def dit(situation: Situation) -> str:
    """All that the learner is told: the story, then what its partners will write."""
    return " ".join((situation.recit.texte, *(r.commentaire for r in situation.ouverture.remarques)))


@pytest.mark.parametrize("code", situations())
def test_qui_saisit_ce_que_dit_la_situation_remplit_tous_les_criteres(code: str) -> None:
    for graine in GRAINES:
        situation = tirer(code, graine, ANNUAIRE)
        portail = executer(commencer(situation.recit, ANNUAIRE), situation.saisie)
        remplis = evaluer(situation, portail.etat)
        assert remplis == dict.fromkeys(remplis, True), (graine, remplis)


@pytest.mark.parametrize("code", situations())
def test_chaque_faute_courante_manque_son_critere(code: str) -> None:
    assert len(tirer(code, "", ANNUAIRE).fautes) >= 2
    for graine in QUELQUES:
        situation = tirer(code, graine, ANNUAIRE)
        for faute in situation.fautes:
            portail, regles = joue(situation, faute.gestes)
            assert not evaluer(situation, portail.etat)[faute.critere], (graine, faute.code)
            assert bool(regles) == bool(faute.refus), (graine, faute.code, regles)
            assert not faute.refus or faute.refus in regles, (graine, faute.code, regles)


def test_une_faute_change_retire_ou_ajoute_un_geste() -> None:
    situation = tirer("cas_silence", "lea", ANNUAIRE)
    depot, attente, alerte, fin = situation.saisie
    fautes = {faute.code: faute.gestes for faute in situation.fautes}
    assert fautes["rien"] == (depot,)
    assert fautes["attente_muette"] == (depot, attente, fin)
    assert fautes["relance_de_trop"] == (depot, alerte, attente, alerte, fin)
    *avant, second, apres, dernier = fautes["redepot"]
    assert (avant, apres, dernier) == ([depot, attente], alerte, fin)
    assert {c for c in second.champs if second.champs[c] != depot.champs[c]} == {"numero_facture"}


def test_le_retard_de_la_maitrise_d_oeuvre_se_signale_pendant_qu_il_dure() -> None:
    situation = tirer("cas_silence", "lea", ANNUAIRE)
    depot, attente, alerte, fin = situation.saisie
    joues = {
        "à temps": (depot, attente, alerte, fin),
        "jamais": (depot, attente, fin),
        "après": (depot, attente, fin, alerte),
    }
    traites = {}
    for quand, gestes in joues.items():
        portail, regles = joue(situation, gestes)
        assert not regles
        verdict = evaluer(situation, portail.etat)
        assert verdict.pop("demande_payee")
        traites[quand] = verdict.pop("incident_traite")
        assert all(verdict.values())
    assert traites == {"à temps": True, "jamais": False, "après": False}


@pytest.mark.parametrize("code", situations())
def test_qui_a_tout_joue_n_a_plus_rien_a_faire_qui_n_a_rien_joue_a_tout_a_faire(code: str) -> None:
    situation = tirer(code, "graine-0", ANNUAIRE)
    debut = commencer(situation.recit, ANNUAIRE)
    assert reste(situation.recit, debut, debut)
    portail = executer(commencer(situation.recit, ANNUAIRE), situation.saisie)
    assert not reste(situation.recit, debut, portail)


@pytest.mark.parametrize("oublie", ["modifier_profil", "modifier_coordonnees", "accepter_rattachement", "habiliter"])
def test_une_tache_oubliee_reste_a_faire_sans_dire_si_les_autres_sont_justes(oublie: str) -> None:
    situation = tirer("compte_a_modifier", "graine-0", ANNUAIRE)
    debut = commencer(situation.recit, ANNUAIRE)
    faux = [
        replace(g, champs={c: "0102030405" if c == "telephone" else t for c, t in g.champs.items()})
        for g in situation.saisie
    ]
    portail, _ = joue(situation, (geste for geste in faux if geste.action != oublie))
    assert reste(situation.recit, debut, portail)
    portail, _ = joue(situation, faux)
    assert not reste(situation.recit, debut, portail)
    assert not all(evaluer(situation, portail.etat).values())


@pytest.mark.parametrize("code", situations())
def test_qui_ne_fait_rien_ne_remplit_pas_les_criteres(code: str) -> None:
    situation = tirer(code, "vide", ANNUAIRE)
    assert not all(evaluer(situation, commencer(situation.recit, ANNUAIRE).etat).values())
    assert len({c.nom for c in situation.criteres}) == len(situation.criteres)


@pytest.mark.parametrize("code", situations())
def test_le_recit_donne_tout_ce_qu_il_faut_saisir(code: str) -> None:
    for graine in QUELQUES:
        situation = tirer(code, graine, ANNUAIRE)
        texte = re.sub(r"\s", "", dit(situation))
        for geste in situation.saisie:
            for champ, valeur in geste.champs.items():
                if (champ in DITS and valeur) or (
                    champ in lecture.MONTANTS and geste.champs.get("montant_tva") not in (valeur, None)
                ):
                    assert re.sub(r"\s", "", valeur) in texte, (graine, champ)
        for service in filter(None, (g.champs.get("code_service", "") for g in situation.saisie)):
            assert service in texte, (graine, service)


@pytest.mark.parametrize("code", situations())
def test_le_recit_est_ecrit_en_bon_francais(code: str) -> None:
    for graine in QUELQUES:
        recit = raconter(code, graine, ANNUAIRE)
        assert "'" not in recit.texte
        assert not re.findall(r"«[^\u00a0]|[^\u00a0]»", recit.texte)
        assert not re.findall(r"\w [:;!?%€](?=\s|$)", recit.texte)
        assert "{" not in recit.texte


@pytest.mark.parametrize("code", situations())
def test_la_meme_graine_tire_la_meme_situation_et_une_autre_une_autre(code: str) -> None:
    assert tirer(code, "lea", ANNUAIRE) == tirer(code, "lea", ANNUAIRE)
    recits = {raconter(code, graine, ANNUAIRE).texte for graine in GRAINES}
    assert len(recits) == len(GRAINES)


def test_les_acheteurs_varient_d_un_apprenant_a_l_autre() -> None:
    tires = [raconter("nettoyage_public", graine, ANNUAIRE).valeurs for graine in GRAINES]
    assert {v["client"] for v in tires} == {"26990001500018", "26640318700013", "22990051900013", "11990004100011"}
    assert {v["client_service"] for v in tires} >= {"CH-ACHATS", "CH-TRAVAUX", "SERV-LOG", "DIR-BATI"}
    fautes = {raconter("facture_a_recycler", graine, ANNUAIRE).valeurs["erreur"] for graine in GRAINES}
    assert fautes == {"service", "engagement"}


def test_un_tirage_de_plus_n_en_deplace_aucun_autre() -> None:
    hasard = Hasard("lea", "essai")
    avant = [hasard.entier("a", 1, 10**6), hasard.iban("b")]
    hasard.entier("nouveau", 1, 10)
    assert avant == [hasard.entier("a", 1, 10**6), hasard.iban("b")]
    assert Hasard("léa", "essai").entier("a", 1, 10**6) != Hasard("lea", "essai").entier("a", 1, 10**6)


@pytest.mark.parametrize("code", situations())
def test_le_journal_se_rejoue_et_se_reprend_a_l_octet_pres(code: str) -> None:
    situation = tirer(code, "zoe", ANNUAIRE)
    portail = executer(commencer(situation.recit, ANNUAIRE), situation.saisie)
    journal = [dict(evenement) for evenement in portail.journal]
    assert octets(rejouer(situation.recit, journal, ANNUAIRE).etat) == octets(portail.etat)
    repris = reprendre(situation.recit, journal, ANNUAIRE, lambda: portail.maintenant)
    assert repris.journal == portail.journal
    autre = tirer(code, "autre", ANNUAIRE)
    with pytest.raises(JournalRefuse) as refus:
        rejouer(autre.recit, journal, ANNUAIRE)
    assert refus.value.n == 1


def refait(recit: Recit, gestes: Iterable[Geste]) -> list[dict[str, object]]:
    """A journal sealed by that situation's own opening, but whose beginning is another."""
    portail = Portail(ANNUAIRE, lambda: commencer(recit, ANNUAIRE).maintenant, recit.ouverture)
    return [dict(evenement) for evenement in executer(portail, gestes).journal]


def test_un_journal_qui_saute_ou_change_ce_qui_s_etait_passe_avant_est_refuse() -> None:
    situation = tirer("facture_a_recycler", "zoe", ANNUAIRE)
    recit = situation.recit
    depot, *suite = recit.avant
    bonne = Geste(depot.role, depot.structure, depot.action, "", {**depot.champs, "code_service": ""})
    juste = {**depot.champs, "code_service": recit.valeurs["client_service"]}
    juste["numero_engagement"] = recit.valeurs["client_engagement"]
    bonne = Geste(depot.role, depot.structure, depot.action, "", juste)
    with pytest.raises(JournalRefuse) as refus:
        rejouer(recit, refait(recit, [bonne]), ANNUAIRE)
    assert refus.value.n == 1
    assert "a commencé autrement" in refus.value.phrase
    with pytest.raises(JournalRefuse) as refus:
        rejouer(recit, refait(recit, [depot, *suite[:-1]]), ANNUAIRE)
    assert refus.value.n == 0
    assert rejouer(recit, [], ANNUAIRE).longueur == 0


def test_chaque_critere_a_deux_phrases_et_chaque_situation_cite_des_criteres_connus() -> None:
    for critere in CRITERES.values():
        assert critere.libelle
        assert critere.manque.endswith(".")
    for code in situations():
        assert {c.nom for c in tirer(code, "", ANNUAIRE).criteres} <= set(CRITERES)


@pytest.fixture
def copie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The situations, where a test may spoil them."""
    for rayon in ("data", "source"):
        shutil.copytree(contenu.racine() / rayon / "situations", tmp_path / rayon / "situations")
    monkeypatch.setattr(lecteur.contenu, "racine", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("rayon", "avant", "apres", "dit"),
    [
        ("data", 'genre = "iban"', 'genre = "ibam"', "ibam"),
        ("data", 'titre = "', 'tittre = "', "tittre"),
        ("data", "{deposant_nom}", "{deposante}", "deposante"),
        ("data", 'taux = "20"', 'taux = "21"', "taux de TVA"),
        ("data", '"26990001500018"', '"26990001500019"', "26990001500019"),
        ("data", "depart = ", "depart = [", "TOML"),
        ("data", 'role = "fournisseur"', 'role = "vendeur"', "vendeur"),
        ("source", 'nom = "piece_envoyee"', 'nom = "piece_partie"', "piece_partie"),
        ("source", 'jours = "{jours}"', 'jour = "{jours}"', "depot_a_temps"),
        ("source", 'critere = "cadre_de_la_situation"', 'critere = "valideur_de_la_situation"', "n’est pas un critère"),
    ],
)
def test_un_fichier_fautif_se_dit_en_une_phrase(copie: Path, rayon: str, avant: str, apres: str, dit: str) -> None:
    fichier = copie / rayon / "situations" / "nettoyage_public.toml"
    texte = fichier.read_text(encoding="utf-8")
    assert avant in texte
    fichier.write_text(texte.replace(avant, apres), encoding="utf-8")
    with pytest.raises(ErreurFacturier) as refus:
        tirer("nettoyage_public", "lea", ANNUAIRE)
    assert dit in refus.value.phrase or (dit == "TOML" and "nettoyage_public.toml" in refus.value.phrase)


@pytest.mark.parametrize("rang", ["geste = 4", "ajoute = 4", "ajoute = -1", "sans = [0, 9]"])
def test_une_faute_ne_vise_que_des_gestes_qui_existent(copie: Path, rang: str) -> None:
    fichier = copie / "source" / "situations" / "cas_silence.toml"
    faute = f'[[faute]]\ncode = "x"\nlibelle = "x"\ncritere = "demande_payee"\n{rang}\n'
    fichier.write_text(f"{fichier.read_text(encoding='utf-8')}\n{faute}", encoding="utf-8")
    with pytest.raises(ErreurFacturier) as refus:
        tirer("cas_silence", "lea", ANNUAIRE)
    assert "qui n’existe pas" in refus.value.phrase


@pytest.mark.parametrize("graine", ["", "é\ud800", "{deposant}", "x" * 64, "0", "\x00"])
def test_toute_graine_tire_une_situation_jouable(graine: str) -> None:
    situation = tirer("nettoyage_public", graine, ANNUAIRE)
    portail = executer(commencer(situation.recit, ANNUAIRE), situation.saisie)
    assert all(evaluer(situation, portail.etat).values())
    assert rejouer(situation.recit, portail.journal, ANNUAIRE).journal == portail.journal


@pytest.mark.parametrize("code", ["", "../annuaire", "inconnue", "Nettoyage_public"])
def test_une_situation_inconnue_est_refusee_avec_la_liste(code: str) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        raconter(code, "lea", ANNUAIRE)
    assert refus.value.code == "situation-inconnue"
    assert "nettoyage_public" in refus.value.phrase


def test_le_recit_se_lit_sans_jamais_ouvrir_le_corrige(copie: Path) -> None:
    shutil.rmtree(copie / "source")
    recit = raconter("nettoyage_public", "lea", ANNUAIRE)
    assert recit.depot
    assert "A1" not in json.dumps(recit.valeurs)
    with pytest.raises(ErreurFacturier):
        tirer("nettoyage_public", "lea", ANNUAIRE)
