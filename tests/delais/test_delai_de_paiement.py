"""The payment delay: by entity, from the right day, interrupted once; and any deadline of the table."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier import contenu, referentiel
from facturier.delais import Suspension, delai_de_paiement, echeance
from facturier.erreurs import ErreurFacturier

J = date.fromisoformat
JOURS = st.dates(date(2022, 1, 1), date(2030, 1, 1))
CATEGORIES = st.sampled_from([p.categorie for p in referentiel.payeurs()])


@pytest.mark.parametrize(
    ("categorie", "limite"),
    [
        ("commune", "2026-12-24"),
        ("service de l’État", "2026-12-24"),
        ("établissement public local", "2026-12-24"),
        ("établissement public de santé", "2027-01-13"),
        ("entreprise publique", "2027-01-23"),
    ],
)
def test_chaque_entite_a_son_delai(categorie: str, limite: str) -> None:
    assert delai_de_paiement(categorie, J("2026-11-24")).limite == J(limite)


@pytest.mark.parametrize(
    ("reception", "autres", "depart", "limite"),
    [
        ("2026-01-30", {}, "2026-01-30", "2026-03-01"),
        ("2028-01-30", {}, "2028-01-30", "2028-02-29"),  # leap year
        ("2026-12-02", {}, "2026-12-02", "2027-01-01"),
        (None, {"demande": J("2026-03-01")}, "2026-03-03", "2026-04-02"),
        ("2026-03-01", {"execution": J("2026-03-20")}, "2026-03-20", "2026-04-19"),
        ("2026-03-20", {"execution": J("2026-03-01")}, "2026-03-20", "2026-04-19"),
        (None, {"demande": J("2026-03-01"), "execution": J("2026-03-02")}, "2026-03-03", "2026-04-02"),
        ("2026-03-02", {"recue_par": "moe"}, "2026-03-02", "2026-04-01"),
    ],
)
def test_le_delai_part_du_bon_jour(reception: str | None, autres: dict[str, Any], depart: str, limite: str) -> None:
    fin = delai_de_paiement("commune", J(reception) if reception else None, **autres)
    assert (fin.depart, fin.limite) == (J(depart), J(limite))


@pytest.mark.parametrize(
    ("categorie", "notifiee", "reponse", "limite", "pourquoi"),
    [
        ("commune", "2026-03-11", "2026-03-20", "2026-04-19", "solde de 20 jours : les 30 jours l’emportent"),
        ("entreprise publique", "2026-03-11", "2026-03-20", "2026-05-09", "solde de 50 jours, plus long que 30"),
        ("établissement public de santé", "2026-03-11", "2026-03-20", "2026-04-29", "solde de 40 jours"),
        ("établissement public de santé", "2026-03-21", "2026-03-21", "2026-04-20", "solde de 30 jours"),
    ],
)
def test_une_interruption_ouvre_le_plus_long_des_deux_delais(
    categorie: str, notifiee: str, reponse: str, limite: str, pourquoi: str
) -> None:
    suspension = Suspension(J(notifiee), "pièce justificative absente", J(reponse))
    assert delai_de_paiement(categorie, J("2026-03-01"), suspensions=[suspension]).limite == J(limite), pourquoi


def test_une_suspension_notifiee_le_dernier_jour_interrompt_encore() -> None:
    suspension = Suspension(J("2026-03-31"), "pièce absente", J("2026-04-02"))
    assert delai_de_paiement("commune", J("2026-03-01"), suspensions=[suspension]).limite == J("2026-05-02")


@pytest.mark.parametrize(("categorie", "limite"), [("commune", "2026-05-31"), ("entreprise publique", "2026-06-30")])
def test_une_suspension_levee_avant_l_execution_ne_change_pas_l_echeance(categorie: str, limite: str) -> None:
    suspension = Suspension(J("2026-03-05"), "pièce absente", J("2026-03-10"))
    fin = delai_de_paiement(categorie, J("2026-03-01"), execution=J("2026-05-01"), suspensions=[suspension])
    assert fin.limite == J(limite)


def test_sans_reponse_le_delai_reste_interrompu() -> None:
    fin = delai_de_paiement("commune", J("2026-03-01"), suspensions=[Suspension(J("2026-03-11"), "pièce absente")])
    assert fin.limite is None
    assert fin.suspendue_depuis == J("2026-03-11")
    assert (fin.retard(J("2027-01-01")), fin.reste(J("2027-01-01"))) == (0, None)


@pytest.mark.parametrize(
    ("suspension", "ordonnancement", "raison"),
    [
        (Suspension(J("2026-03-11"), " "), None, "elle ne donne pas de motif"),
        (Suspension(J("2026-03-11"), "pièce"), "2026-03-11", "elle suit l’ordonnancement du 11/03/2026"),
        (Suspension(J("2026-04-01"), "pièce"), None, "l’échéance était le 31/03/2026"),
    ],
)
def test_une_suspension_irreguliere_n_interrompt_rien(
    suspension: Suspension, ordonnancement: str | None, raison: str
) -> None:
    ordre = J(ordonnancement) if ordonnancement else None
    fin = delai_de_paiement("commune", J("2026-03-01"), suspensions=[suspension], ordonnancement=ordre)
    assert fin.limite == J("2026-03-31")
    assert raison in {e.formule for e in fin.etapes}


@given(
    categorie=CATEGORIES,
    reception=JOURS,
    ecarts=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=5),
)
def test_le_delai_ne_s_interrompt_qu_une_fois(categorie: str, reception: date, ecarts: list[tuple[int, int]]) -> None:
    suspensions, jour = [], reception
    for attente, reponse in ecarts:
        jour += timedelta(days=attente)
        suspensions.append(Suspension(jour, "pièce absente", jour + timedelta(days=reponse)))
    seule = delai_de_paiement(categorie, reception, suspensions=suspensions[:1])
    toutes = delai_de_paiement(categorie, reception, suspensions=suspensions)
    initiale = delai_de_paiement(categorie, reception)
    assert initiale.limite is not None
    if suspensions[0].notifiee <= initiale.limite:
        assert toutes.limite == seule.limite
    assert toutes.limite is not None
    assert toutes.limite >= initiale.limite
    efficaces = [e for e in toutes.etapes if e.libelle.startswith("Interruption")]
    assert len(efficaces) <= 1


@given(categorie=CATEGORIES, reception=JOURS, execution=JOURS)
def test_une_demande_prematuree_ne_fait_pas_payer_plus_tot(categorie: str, reception: date, execution: date) -> None:
    fin = delai_de_paiement(categorie, reception, execution=execution)
    duree = referentiel.delai(referentiel.payeur(categorie).delai).duree
    assert fin.limite is not None
    assert (fin.limite - max(reception, execution)).days == duree


@pytest.mark.parametrize(
    ("code", "depart", "limite"),
    [
        ("moe-etat-acompte", "2026-12-28", "2027-01-04"),
        ("titulaire-decompte-final", "2028-01-31", "2028-03-01"),
        ("moa-decompte-general", "2026-05-31", "2026-06-30"),
        ("titulaire-decompte-general", "2026-12-01", "2026-12-31"),
        ("moa-procedure-tacite", "2026-06-21", "2026-07-01"),
        ("tacite-sous-traitance", "2026-02-20", "2026-03-07"),
        ("interets-versement", "2026-11-16", "2026-12-31"),
        ("ccag-2009-decompte", "2014-02-01", "2014-03-18"),
        ("acompte-periodicite", "2026-11-30", "2027-02-28"),
    ],
)
def test_chaque_delai_de_la_table_se_compte_en_jours_calendaires(code: str, depart: str, limite: str) -> None:
    assert echeance(code, J(depart)).limite == J(limite)


@pytest.mark.parametrize("ligne", referentiel.delais(), ids=lambda d: d.code)
def test_toute_ligne_en_jours_ou_en_mois_donne_une_echeance_et_les_autres_une_phrase(ligne: Any) -> None:
    jour = ligne.valide_au or J("2027-10-01")
    if ligne.unite in ("jours", "mois"):
        limite = echeance(ligne.code, jour).limite
        assert limite is not None
        assert limite > jour
    else:
        with pytest.raises(ErreurFacturier, match="aucune échéance") as refus:
            echeance(ligne.code, jour)
        assert refus.value.code == "delai-sans-duree"


def test_le_dernier_jour_est_encore_dans_le_delai() -> None:
    fin = echeance("moa-procedure-tacite", J("2026-11-24"))
    assert not fin.depassee(J("2026-12-04"))
    assert fin.depassee(J("2026-12-05"))
    assert (fin.reste(J("2026-12-04")), fin.retard(J("2026-12-06"))) == (0, 2)


def test_une_echeance_un_jour_chome_n_est_pas_reportee_et_le_doute_est_dit() -> None:
    ferie = echeance("moa-procedure-tacite", J("2026-12-15"))
    assert ferie.limite == J("2026-12-25")
    assert ferie.fiabilite == "à vérifier"
    assert "Noël" in ferie.etapes[-1].formule
    assert echeance("moa-procedure-tacite", J("2026-11-24")).fiabilite == "établi"


@pytest.mark.parametrize(
    ("appel", "code"),
    [
        (lambda: delai_de_paiement("club de sport", J("2026-03-01")), "code-inconnu"),
        (lambda: delai_de_paiement("commune", None), "date-manquante"),
        (lambda: Suspension(J("2026-03-02"), "pièce", J("2026-03-01")), "suspension-incoherente"),
        (
            lambda: delai_de_paiement(
                "commune",
                J("2026-03-01"),
                suspensions=[Suspension(J("2026-03-09"), "a"), Suspension(J("2026-03-02"), "b")],
            ),
            "suspensions-en-desordre",
        ),
        (lambda: echeance("moe-etat-acompte", J("2015-01-01")), "code-inconnu"),
    ],
)
def test_ce_qui_manque_est_demande(appel: Any, code: str) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        appel()
    assert refus.value.code == code


def test_chaque_structure_publique_de_l_annuaire_a_un_delai_de_paiement() -> None:
    annuaire = tomllib.loads((contenu.racine() / "data" / "annuaire.toml").read_text(encoding="utf-8"))
    publiques = [s for s in annuaire["structure"] if s["nature"] == "publique"]
    assert len(publiques) > 3
    for structure in publiques:
        assert delai_de_paiement(structure["categorie"], J("2026-03-01")).limite is not None, structure["nom"]
