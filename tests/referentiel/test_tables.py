"""The package's own tables: each loads, each names existing codes, none presents a doubt as established."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from facturier import referentiel
from facturier.erreurs import SORTIE_USAGE, ErreurFacturier
from facturier.referentiel.chargeur import cellules, colonnes
from facturier.referentiel.lignes import TABLES

SESSION = date(2026, 11, 24)
DOUTES = re.compile(r"meilleure lecture|dédui|indice|reste à vérifier|par analogie", re.IGNORECASE)


@pytest.mark.parametrize("nom", referentiel.NOMS)
def test_chaque_table_se_charge(nom: str) -> None:
    assert referentiel.table(nom)
    assert all(isinstance(ligne, TABLES[nom]) for ligne in referentiel.table(nom))


def test_aucune_table_n_est_oubliee_dans_le_dossier() -> None:
    assert {c.stem for c in referentiel.DOSSIER.glob("*.csv")} == set(referentiel.NOMS)


@pytest.mark.parametrize("nom", referentiel.NOMS)
def test_chaque_accesseur_rend_sa_table(nom: str) -> None:
    accesseur = getattr(referentiel, nom)
    assert accesseur() == referentiel.table(nom)
    assert accesseur(SESSION) == referentiel.table(nom, SESSION)


@pytest.mark.parametrize("nom", referentiel.NOMS)
def test_aucun_doute_n_est_presente_comme_etabli(nom: str) -> None:
    des = colonnes(TABLES[nom])
    fautives = []
    for ligne in referentiel.table(nom):
        textes = cellules(ligne, des)
        if ligne.fiabilite != "établi":
            continue
        valeurs = [v.lower() for n, v in textes.items() if n not in ("commentaire", "precision", "statut_fiabilite")]
        if DOUTES.search(ligne.precision) or any("à vérifier" in v or v == "partiel" for v in valeurs):
            fautives.append(textes)
    assert fautives == []


@pytest.mark.parametrize("nom", referentiel.NOMS)
def test_un_doute_dit_pourquoi_ou_garde_sa_source(nom: str) -> None:
    assert [ligne for ligne in referentiel.table(nom) if not ligne.source.strip()] == []


@pytest.mark.parametrize("nom", referentiel.NOMS)
def test_les_textes_suivent_la_typographie_francaise(nom: str) -> None:
    des = colonnes(TABLES[nom])
    fautes = [
        texte
        for ligne in referentiel.table(nom)
        for texte in cellules(ligne, des).values()
        if re.search(r"«(?!\u00a0)|(?<!\u00a0)»| [;:?!]|'", texte)
    ]
    assert fautes == []


@pytest.mark.parametrize(
    ("nom", "lignes"), [("cadres", 25), ("statuts", 57), ("vatex", 30), ("types_facture", 15), ("mentions", 19)]
)
def test_les_listes_closes_sont_completes(nom: str, lignes: int) -> None:
    assert len(referentiel.table(nom)) == lignes


def test_les_motifs_de_chorus_pro_et_de_la_norme_restent_distincts() -> None:
    par_liste = {m.referentiel: [] for m in referentiel.motifs()}  # type: dict[str, list[str]]
    for motif in referentiel.motifs():
        par_liste[motif.referentiel].append(motif.code)
    assert {liste: len(codes) for liste, codes in par_liste.items()} == {
        "norme-pa": 40,
        "norme-ppf": 10,
        "portail": 3,
        "chorus-pro": 21,
    }
    assert "ERR_VALIDEUR" in set(par_liste["chorus-pro"]) & set(par_liste["norme-pa"])


def test_un_desaccord_de_montant_ne_fonde_pas_le_refus_d_une_piece_de_travaux() -> None:
    interdits = {m.code for m in referentiel.motifs() if not m.refus_travaux}
    assert interdits == {"MONTANT_ERR", "MONTANTTOTAL_ERR", "PORTAIL_MONTANT"}


def test_une_justification_absente_suspend_et_ne_rejette_pas() -> None:
    (motif,) = (m for m in referentiel.motifs() if m.code == "JUSTIF_ABS")
    assert motif.effets == ("suspension",)


def test_les_codes_cites_existent() -> None:
    cadres = {c.code for c in referentiel.cadres()}
    statuts = {s.code for s in referentiel.statuts()}
    delais = {d.code for d in referentiel.delais()}
    roles = {r.code for r in referentiel.roles()}
    for t in referentiel.transitions():
        assert set(t.cadres) <= cadres, t.id
        assert t.de in statuts | {referentiel.CREATION}, t.id
        assert t.vers in statuts, t.id
        assert t.role in roles, t.id
        assert t.delai in delais | {""}, t.id
    for cadre in referentiel.cadres():
        assert set(cadre.suites) <= cadres, cadre.code
        assert set(cadre.bt23) <= {c.code for c in referentiel.cadres_bt23()}, cadre.code
    assert all(set(c.cadres) <= cadres for c in referentiel.circuits())
    assert all(set(s.terminal_pour) <= cadres for s in referentiel.statuts())
    assert {v.categorie for v in referentiel.vatex()} <= {c.code for c in referentiel.categories_tva()}
    assert {t for v in referentiel.vatex() for t in v.types_admis} <= {t.code for t in referentiel.types_facture()}


def test_seuls_les_cadres_vises_exigent_un_valideur() -> None:
    assert {c.code for c in referentiel.cadres() if c.valideur_requis} == {"A9", "A10", "A11", "A12", "A13", "A14"}


def test_une_piece_de_travaux_ne_passe_par_aucune_plateforme_agreee() -> None:
    assert [c.code for c in referentiel.cadres() if c.travaux and (c.plateforme_agreee or c.bt23)] == []


def test_la_suite_des_pieces_de_travaux_est_dans_la_table() -> None:
    suites = {c.code: c.suites for c in referentiel.cadres()}
    assert "A15" in suites["A4"]
    assert suites["A15"] == ("A19",)
    assert suites["A17"] == ("A20",)
    assert suites["A20"] == ("A8",)
    assert suites["A1"] == ()


def test_le_taux_d_interets_est_celui_du_semestre() -> None:
    (s1,) = referentiel.taux_bce(date(2026, 6, 30))
    (s2,) = referentiel.taux_bce(date(2026, 7, 1))
    assert (s1.semestre, s1.interets) == ("2026-S1", Decimal("10.15"))
    assert (s2.semestre, s2.interets) == ("2026-S2", Decimal("10.40"))
    assert (s2.valide_du, s2.valide_au) == (date(2026, 7, 1), date(2026, 12, 31))


def test_le_taux_d_interets_est_le_taux_de_la_bce_majore() -> None:
    majoration = referentiel.delai("interets-majoration").duree
    assert majoration == 8
    assert all(t.interets == t.refi + majoration for t in referentiel.taux_bce())


def test_les_semestres_se_suivent_sans_trou() -> None:
    taux = referentiel.taux_bce()
    for avant, apres in pairwise(taux):
        assert avant.valide_au is not None
        assert apres.valide_du == avant.valide_au + timedelta(days=1)


def test_les_anciens_taux_de_tva_ne_valent_plus_aujourd_hui() -> None:
    aujourdhui = {t.taux for t in referentiel.taux_tva(SESSION)}
    assert {Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1")} <= aujourdhui
    assert not {Decimal(7), Decimal("19.6"), Decimal("20.6")} & aujourdhui
    assert Decimal("19.6") in {t.taux for t in referentiel.taux_tva(date(2013, 12, 31))}


@pytest.mark.parametrize(
    ("code", "duree", "unite"),
    [
        ("paiement-etat", 30, "jours"),
        ("paiement-sante", 50, "jours"),
        ("paiement-entreprises-publiques", 60, "jours"),
        ("moe-etat-acompte", 7, "jours"),
        ("tacite-sous-traitance", 15, "jours"),
        ("moa-procedure-tacite", 10, "jours"),
        ("indemnite-forfaitaire", 40, "euros"),
    ],
)
def test_les_delais_enseignes_sont_dans_la_table(code: str, duree: int, unite: str) -> None:
    delai = referentiel.delai(code, SESSION)
    assert (delai.duree, delai.unite, delai.fiabilite) == (duree, unite, "établi")


def test_un_delai_sans_duree_n_a_pas_d_unite() -> None:
    assert [d.code for d in referentiel.delais() if (d.duree is None) != (d.unite == "sans objet")] == []


def test_le_ccag_2021_ne_vaut_pas_avant_son_entree_en_vigueur() -> None:
    avant = {d.code for d in referentiel.delais(date(2021, 3, 31))}
    assert "moe-etat-acompte" not in avant
    assert "moe-etat-acompte" in {d.code for d in referentiel.delais(date(2021, 4, 1))}


def test_une_table_inconnue_est_refusee_en_listant_les_tables() -> None:
    with pytest.raises(ErreurFacturier) as capture:
        referentiel.table("couleurs")
    assert all(nom in capture.value.phrase for nom in referentiel.NOMS)
    assert (capture.value.code, capture.value.sortie) == ("table-inconnue", SORTIE_USAGE)


def test_un_code_inconnu_est_refuse_en_listant_les_codes() -> None:
    with pytest.raises(ErreurFacturier, match="A99") as capture:
        referentiel.cadre("A99")
    assert "A19" in capture.value.phrase
    with pytest.raises(ErreurFacturier, match="ENVOYEE"):
        referentiel.statut("ENVOYEE")
    with pytest.raises(ErreurFacturier, match="moe-etat-acompte"):
        referentiel.delai("moe-etat-acompte", date(2020, 1, 1))


def test_lire_le_referentiel_n_importe_aucune_bibliotheque_exterieure() -> None:
    programme = (
        "import sys; avant = set(sys.modules); import facturier.referentiel as r, facturier.cycle;"
        "[r.table(n) for n in r.NOMS]; venus = {m.split('.')[0] for m in set(sys.modules) - avant};"
        "print(sorted(venus - sys.stdlib_module_names))"
    )
    lu = subprocess.run([sys.executable, "-c", programme], capture_output=True, text=True, check=True)
    assert lu.stdout.strip() == "['facturier']"


def test_les_statuts_d_une_plateforme_agreee_nomment_des_statuts_et_des_cadres_connus() -> None:
    statuts, cadres = {s.code for s in referentiel.statuts()}, {c.code for c in referentiel.cadres()}
    for ligne in referentiel.statuts_pa():
        assert set(ligne.statuts) <= statuts, ligne.code
        assert set(ligne.cadres) <= cadres, ligne.code
    interfaces = {i.code for i in referentiel.interfaces()}
    citees = {code for ligne in referentiel.statuts_pa() for code in ligne.interfaces}
    assert citees <= interfaces


def test_une_facture_de_travaux_ne_se_depose_ni_en_saisie_ni_par_une_plateforme() -> None:
    assert {d.code for d in referentiel.depots() if d.travaux == "non"} == {"saisie", "api_saisie", "pa_edi", "pa_api"}
    assert {i.travaux for i in referentiel.interfaces() if i.sens == "plateforme agréée vers Chorus Pro"} == {"non"}


def test_la_limite_d_un_depot_est_celle_des_limites() -> None:
    seule = referentiel.limite("piece_jointe_mo").valeur
    assert {d.piece_jointe_mo for d in referentiel.depots() if d.canal in ("Portail", "API")} == {seule}
    assert {d.total_mo for d in referentiel.depots()} == {None, referentiel.limite("total_mo").valeur}
