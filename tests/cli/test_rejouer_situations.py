"""``facturier rejouer`` on a drawn situation: retouched and foreign journals are refused, a legal one counts."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from facturier.annuaire import Annuaire
from facturier.cli.commandes import facturier
from facturier.cli.peau import executer as lancer_cli
from facturier.portail.evenements import empreinte
from facturier.situations import Situation, commencer, executer, tirer

SCHEMA: dict[str, Any] = json.loads(
    resources.files("facturier.cli").joinpath("schemas/documents.schema.json").read_text("utf-8")
)
CODE = "sous_traitant_services"
ANNUAIRE = Annuaire.charger()
Journal = dict[str, Any]


def rendu(code: str = CODE, graine: str = "lea") -> tuple[Situation, Journal]:
    """The journal of who does all that the situation says."""
    situation = tirer(code, graine, ANNUAIRE)
    portail = executer(commencer(situation.recit, ANNUAIRE), situation.saisie)
    return situation, json.loads(json.dumps(portail.document()))


def rejoue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], journal: Any, *mots: str, texte: bool = False
) -> tuple[int, Any]:
    fichier = tmp_path / "journal.json"
    fichier.write_text(json.dumps(journal), encoding="utf-8")
    code = lancer_cli(facturier, ["rejouer", str(fichier), *mots, *([] if texte else ["--json"])])
    sortie = capsys.readouterr().out
    if texte:
        return code, sortie
    document = json.loads(sortie)
    jsonschema.validate(document, SCHEMA)
    return code, document


def test_les_criteres_de_la_situation_sont_juges_avec_les_autres(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    situation, journal = rendu()
    code, document = rejoue(tmp_path, capsys, journal)
    assert code == 0
    assert document["situation"]["code"] == CODE
    assert document["situation"]["graine"] == "lea"
    assert [c["nom"] for c in document["situation"]["criteres"]] == [c.nom for c in situation.criteres]
    assert all(c["rempli"] and not c["manque"] for c in document["situation"]["criteres"])
    assert document["criteres"]["facture_conforme_a_la_situation"]
    assert document["criteres"]["compte_active"] is False  # those that look at the state alone are still there
    seul = journal["evenements"]
    assert rejoue(tmp_path, capsys, seul, "--situation", CODE, "--graine", "lea") == (0, document)


def test_ce_qui_manque_se_dit_en_une_phrase(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    situation = tirer(CODE, "lea", ANNUAIRE)
    faute = next(f for f in situation.fautes if f.code == "comme_un_titulaire")
    journal = executer(commencer(situation.recit, ANNUAIRE), faute.gestes).document()
    code, document = rejoue(tmp_path, capsys, journal)
    manques = {c["nom"]: c["manque"] for c in document["situation"]["criteres"] if not c["rempli"]}
    assert code == 0
    assert "A9" in manques["cadre_de_la_situation"]
    code, sortie = rejoue(tmp_path, capsys, journal, texte=True)
    assert code == 0
    assert "non  Le cadre de facturation est le bon (cadre_de_la_situation) Le cadre attendu est A9" in sortie
    assert "oui  Le destinataire est le bon" in sortie


def _change_le_montant(evenements: list[Journal]) -> int:
    evenements[0]["donnees"]["montant_ttc"] = "1,00"
    return 1


def _change_une_date(evenements: list[Journal]) -> int:
    evenements[2]["quand"] = "2026-11-02T11:11:11"
    return 3


def _echange(evenements: list[Journal]) -> int:
    evenements[2], evenements[3] = evenements[3], evenements[2]
    return 3


def _retire(evenements: list[Journal]) -> int:
    del evenements[1]
    return 2


def _retire_et_renumerote(evenements: list[Journal]) -> int:
    del evenements[1]
    for n, evenement in enumerate(evenements, start=1):
        evenement["n"] = n
    return 2


def _ajoute(evenements: list[Journal]) -> int:
    evenements.insert(3, copy.deepcopy(evenements[2]))
    return 4


def _paye_tout_de_suite(evenements: list[Journal]) -> int:
    evenements[1]["action"], evenements[1]["role"] = "mettre_en_paiement", "comptable"
    return 2


@pytest.mark.parametrize(
    "retouche",
    [
        _change_le_montant,
        _change_une_date,
        _echange,
        _retire,
        _retire_et_renumerote,
        _ajoute,
        _paye_tout_de_suite,
    ],
)
def test_un_journal_retouche_est_refuse_a_son_premier_evenement_fautif(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], retouche: Any
) -> None:
    _, journal = rendu()
    rang = retouche(journal["evenements"])
    code, document = rejoue(tmp_path, capsys, journal)
    assert (code, document["refus"]["rang"]) == (1, rang)
    assert f"n° {rang}" in document["refus"]["phrase"].replace("\u00a0", " ")
    assert document["refus"]["evenement"] == journal["evenements"][rang - 1]


def test_le_journal_d_un_autre_est_refuse_meme_s_il_porte_mon_nom(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, de_zoe = rendu(graine="zoe")
    assert rejoue(tmp_path, capsys, de_zoe)[0] == 0
    for mots in (("--graine", "lea"), ("--situation", "cotraitant_services"), ("--scenario", "cotraitant_services")):
        code, document = rejoue(tmp_path, capsys, de_zoe, *mots)
        assert (code, document["refus"]["rang"]) == (1, 1)
    signe = {**de_zoe, "ouverture": {**de_zoe["ouverture"], "graine": "lea"}}
    code, document = rejoue(tmp_path, capsys, signe)
    assert (code, document["refus"]["rang"]) == (1, 1)


def test_les_reglages_du_fichier_ne_remplacent_pas_ceux_de_la_situation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its partners a learner could play everybody: the opening is drawn, not read."""
    situation = tirer(CODE, "lea", ANNUAIRE)
    seul = replace(situation.recit, ouverture=replace(situation.ouverture, partenaires={}))
    journal = json.loads(json.dumps(executer(commencer(seul, ANNUAIRE), situation.saisie[:1]).document()))
    code, document = rejoue(tmp_path, capsys, journal)
    assert (code, document["refus"]["rang"]) == (1, 1)
    reglages = tmp_path / "ouverture.json"
    reglages.write_text(json.dumps(seul.ouverture.en_json()), encoding="utf-8")
    code, document = rejoue(tmp_path, capsys, journal, "--ouverture", str(reglages))
    assert code == 0
    assert document["criteres"]["facture_conforme_a_la_situation"]
    assert not document["criteres"]["demande_payee"]


def test_un_journal_tape_a_la_main_mais_legal_compte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    situation, joue = rendu("facture_rejetee")
    evenements: list[Journal] = []
    scelle = situation.ouverture.genese()
    for ecrit in joue["evenements"]:
        tape = {cle: ecrit[cle] for cle in ("n", "quand", "role", "structure", "par", "action", "objet", "donnees")}
        if tape["action"] == "deposer" and tape["donnees"]["numero_facture"] == situation.attendu["numero_facture"]:
            tape["donnees"] = {**tape["donnees"], "commentaire": "Tapé à la main."}
        scelle = empreinte(scelle, {**tape, "empreinte": ""})  # type: ignore[arg-type]
        evenements.append({**tape, "empreinte": scelle})
    assert evenements != joue["evenements"]
    code, document = rejoue(tmp_path, capsys, evenements, "--situation", "facture_rejetee", "--graine", "lea")
    assert code == 0
    assert all(c["rempli"] for c in document["situation"]["criteres"])


def test_une_situation_sans_piece_se_juge_aussi(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, journal = rendu("compte_a_creer")
    code, document = rejoue(tmp_path, capsys, journal)
    assert (code, document["etat"]["pieces"]) == (0, {})
    assert all(c["rempli"] for c in document["situation"]["criteres"])


def test_une_situation_inconnue_est_une_erreur(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = rejoue(tmp_path, capsys, [], "--situation", "ailleurs")
    assert (code, document["erreur"]["code"]) == (2, "situation-inconnue")


def test_un_journal_vide_ne_remplit_rien(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = rejoue(tmp_path, capsys, [], "--situation", "facture_suspendue", "--graine", "lea")
    assert code == 0
    assert not any(c["rempli"] for c in document["situation"]["criteres"])
