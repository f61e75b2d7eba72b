"""The judge: right, partly right, wrong, not answered, to be checked; never confused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facturier.evaluation.banque import Choix, Item, Piege
from facturier.evaluation.bareme import Critere, Exercice
from facturier.evaluation.jugement import Jugement, juger, lire_nombre
from facturier.evaluation.rejeu import JournalInvraisemblable, PieceRejouee
from facturier.evaluation.reponses import Reponse


def _choix(texte: str, juste: bool) -> Choix:
    return Choix(f"id_{texte}", texte, juste, f"retour {texte}")


def _item(genre: Any, ident: str, **autres: Any) -> Item:
    return Item(ident, "O1", 1, genre, f"Question {ident}", "source", "établi", **autres)


QUIZ = Exercice(
    "essai",
    "quiz",
    "quiz",
    "Quiz",
    "",
    Decimal(3),
    {},
    items=(
        _item("unique", "u", choix=(_choix("a", True), _choix("b", False))),
        _item("multiple", "m", choix=(_choix("a", True), _choix("b", True), _choix("c", True), _choix("d", False))),
        _item(
            "nombre",
            "n",
            attendu="30",
            unite="jours",
            retour_juste="oui",
            retour_faux="non",
            pieges=(Piege("45", "délai ancien"),),
        ),
    ),
)
VALEUR = Exercice(
    "essai",
    "total",
    "valeur",
    "Total",
    "O1",
    Decimal(2),
    {},
    attendu="1481,47",
    tolerance=Decimal("0.005"),
    reussi="oui",
    manque="non",
    pieges=(Piege("1234,56", "hors taxes"),),
)
DEPOT = Exercice(
    "essai",
    "depot",
    "depot",
    "Dépôt",
    "O1",
    Decimal(4),
    {},
    criteres=(
        Critere("cadre", "Cadre", Decimal(1), "cadre", "egal", ("A1",), "oui", "non"),
        Critere("ttc", "TTC", Decimal(1), "montant_ttc", "egal_montant", ("4632.60",), "oui", "non"),
        Critere("mode", "Mode", Decimal(1), "mode_paiement", "parmi", ("VIREMENT", "CHEQUE"), "oui", "non"),
        Critere("envoi", "Envoi", Decimal(1), "", "statut", ("DEPOSEE",), "oui", "non"),
    ),
    fournisseur_siret="99990013700012",
)


def _reponse(valeurs: dict[str, Any], journal: tuple[dict[str, Any], ...] = ()) -> Reponse:
    return Reponse("essai/exercices", "x", valeurs, journal, "l", 1, "2026-11-24T10:42:00+01:00")


def _quiz(**valeurs: Any) -> Jugement:
    return juger(QUIZ, _reponse(valeurs))


def test_un_quiz_juste_a_tous_ses_points() -> None:
    jugement = _quiz(u="id_a", m=["id_a", "id_b", "id_c"], n="30 jours")
    assert (jugement.points, jugement.statut) == (Decimal(3), "fait")
    assert [c.statut for c in jugement.criteres] == ["juste"] * 3


@pytest.mark.parametrize(
    ("coches", "points", "statut"),
    [
        (["id_a"], "0.33", "partiel"),
        (["id_a", "id_b"], "0.67", "partiel"),
        (["id_a", "id_b", "id_c", "id_d"], "0.67", "partiel"),
        (["id_a", "id_d"], "0", "faux"),
        (["id_d"], "0", "faux"),
        ([], "0", "non_repondu"),
    ],
)
def test_tout_cocher_ne_donne_pas_tous_les_points(coches: list[str], points: str, statut: str) -> None:
    critere = _quiz(u="id_a", m=coches).criteres[1]
    assert (critere.points, critere.statut) == (Decimal(points), statut)


def test_une_erreur_connue_est_expliquee() -> None:
    assert _quiz(n="45").criteres[2].message == "délai ancien"
    assert _quiz(n="31").criteres[2].message == "non"


def test_sans_reponse_il_ny_a_pas_de_points_et_ce_nest_pas_zero() -> None:
    for vide in (None, _reponse({}), _reponse({"u": "", "m": [], "n": "  "})):
        jugement = juger(QUIZ, vide)
        assert (jugement.points, jugement.statut) == (None, "non_repondu")
        assert {c.statut for c in jugement.criteres} == {"non_repondu"}
    assert _quiz(u="id_b").points == 0


@pytest.mark.parametrize(
    "valeurs",
    [
        {"u": "id_z"},
        {"u": ["id_a"]},
        {"m": "id_a"},
        {"m": ["id_a", "id_z"]},
        {"n": ["30"]},
        {"u": "id_a", "points": "3"},
    ],
)
def test_une_reponse_que_le_formulaire_ne_peut_pas_produire_est_a_verifier(valeurs: dict[str, Any]) -> None:
    jugement = juger(QUIZ, _reponse(valeurs))
    assert jugement.statut == "a_verifier"
    assert jugement.remarques
    assert jugement.points is not None
    assert jugement.points <= 1


@pytest.mark.parametrize(
    ("texte", "points", "message"),
    [
        ("1481,47", 2, "oui"),
        ("1 481,47 €", 2, "oui"),
        ("1481.47", 2, "oui"),
        ("1481.4672", 2, "oui"),
        ("1481,48", 0, "non"),
        ("1234,56", 0, "hors taxes"),
        ("np.float64(1481.47)", 0, "non"),
        ("True", 0, "non"),
        ("nan", 0, "non"),
        ("inf", 0, "non"),
        ("9" * 5000, 0, "non"),
    ],
)
def test_une_valeur_remise_est_lue_comme_un_nombre_et_rien_dautre(texte: str, points: int, message: str) -> None:
    jugement = juger(VALEUR, _reponse({"valeur": texte}))
    assert (jugement.points, jugement.criteres[0].message) == (Decimal(points), message)


def test_un_champ_de_trop_dans_une_valeur_remise_est_a_verifier() -> None:
    assert juger(VALEUR, _reponse({"valeur": "1481,47", "points": "99"})).statut == "a_verifier"
    assert juger(VALEUR, _reponse({"valeur": ["1481,47"]})).points is None


def _rejoue(valeurs: dict[str, str], statut: str = "DEPOSEE") -> Jugement:
    return juger(DEPOT, _reponse({}, ({"n": 1},)), rejeu=lambda *_: PieceRejouee(valeurs, statut))


def test_un_depot_est_juge_sur_ce_qui_a_ete_fait() -> None:
    juste = _rejoue({"cadre": "a1", "montant_ttc": "4 632,60 €", "mode_paiement": "VIREMENT"})
    assert juste.points == 4
    faux = _rejoue({"cadre": "A9", "montant_ttc": "", "mode_paiement": "VIREMENT"}, "BROUILLON")
    assert [c.statut for c in faux.criteres] == ["faux", "non_repondu", "juste", "faux"]
    assert faux.points == 1


def test_un_critere_du_portail_se_lit_sur_l_etat_rejoue() -> None:
    paye = Critere("paye", "Payée", Decimal(1), "paiement_obtenu", "portail", (), "oui", "non")
    exercice = replace(DEPOT, criteres=(paye,), points=Decimal(1))
    for fait, points in ((True, 1), (False, 0)):
        rejeu = PieceRejouee({}, "DEPOSEE", {"paiement_obtenu": fait})
        jugement = juger(exercice, _reponse({}, ({"n": 1},)), rejeu=lambda *_, rejeu=rejeu: rejeu)
        assert (jugement.points, jugement.criteres[0].message) == (points, "oui" if fait else "non")


def test_un_journal_invraisemblable_ne_vaut_ni_points_ni_zero() -> None:
    def refuse(*_: object) -> PieceRejouee | None:
        raise JournalInvraisemblable("Le journal ne se rejoue pas : essai.")

    jugement = juger(DEPOT, _reponse({}, ({"n": 1},)), rejeu=refuse)
    assert (jugement.points, jugement.statut) == (None, "a_verifier")
    assert "rejoue" in jugement.remarques[0]


def test_une_facture_remplie_mais_pas_deposee_est_non_repondue() -> None:
    jugement = juger(DEPOT, _reponse({"cadre": "A1"}))
    assert (jugement.points, jugement.statut) == (None, "non_repondu")
    assert "pas déposé" in jugement.criteres[0].message


def test_le_vrai_portail_refuse_un_journal_ecrit_a_la_main() -> None:
    for evenement in ({"n": 1}, {"n": "1", "action": [], "donnees": {"a": {}}}, {}):
        jugement = juger(DEPOT, _reponse({}, (evenement,)))
        assert jugement.statut == "a_verifier"


def test_un_jugement_revient_intact_de_son_json() -> None:
    for jugement in (_quiz(u="id_a", m=["id_a"]), juger(QUIZ, None), _quiz(u="id_z")):
        assert Jugement.depuis_json(jugement.en_json()) == jugement


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first text of a process builds Unicode tables
@given(st.dictionaries(st.sampled_from(["u", "m", "n", "z"]), st.one_of(st.text(), st.lists(st.text(), max_size=5))))
def test_aucune_reponse_ne_fait_tomber_le_juge_ni_ne_depasse_le_bareme(valeurs: dict[str, Any]) -> None:
    jugement = juger(QUIZ, _reponse(valeurs))
    assert jugement.points is None or 0 <= jugement.points <= jugement.sur


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_lire_un_nombre_ne_leve_jamais(texte: str) -> None:
    lu = lire_nombre(texte, "jours")
    assert lu is None or lu.is_finite()
