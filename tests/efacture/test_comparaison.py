"""Two invoices compared: what the buyer would read differently, and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import facture_riche
import pytest

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.efacture import comparaison_isolee, page, page_arbre, valider
from facturier.efacture.bibliotheque import Exemple
from facturier.efacture.comparaison import Difference, comparer
from facturier.efacture.comparaison_affichage import phrase
from facturier.erreurs import ErreurFacturier

FACTURES = Path(__file__).parents[2] / "data" / "factures"
LIGNE = re.compile(r"\s*<cac:InvoiceLine>.*?</cac:InvoiceLine>", re.DOTALL)


@pytest.fixture
def ecarts(tmp_path: Path, ubl: str) -> Callable[[str], tuple[Difference, ...]]:
    """Differences between the hospital's invoice and a copy changed by hand."""

    def comparer_a(change: str) -> tuple[Difference, ...]:
        avant, apres = tmp_path / "avant.xml", tmp_path / "apres.xml"
        avant.write_text(ubl, encoding="utf-8")
        apres.write_text(change, encoding="utf-8")
        return comparer(avant, apres).differences

    return comparer_a


def dits(differences: tuple[Difference, ...]) -> list[str]:
    return [" ".join(f"{d.ou} | {phrase(d)}".split()) for d in differences]


def test_tous_les_formats_d_un_meme_scenario_disent_la_meme_facture(exemples: dict[str, Exemple]) -> None:
    par_scenario: dict[str, list[str]] = defaultdict(list)
    for exemple in exemples.values():
        # the historic formats do not put the SIRET and the service in the same places
        if exemple.rayon == "juste" and not exemple.scenario.startswith("historique"):
            par_scenario[exemple.scenario].append(exemple.fichier)
    paires = [(noms[0], nom) for noms in par_scenario.values() for nom in noms[1:]]
    assert len(paires) >= 40
    for a, b in paires:
        resultat = comparer(FACTURES / a, FACTURES / b)
        assert (resultat.differences, resultat.sortie) == ((), 0), (a, b)
        assert resultat.compares > 30


def test_une_facture_est_egale_a_elle_meme() -> None:
    for nom in ("menage_avec_piece.cii.xml", "acompte_mobilier.facturx.pdf"):
        assert comparer(FACTURES / nom, FACTURES / nom).differences == ()


def test_un_montant_change_est_dit_avec_son_ecart(ubl: str, ecarts: Callable[[str], tuple[Difference, ...]]) -> None:
    change = ubl.replace(">15880.80</cbc:TaxInclusiveAmount>", ">15952.80</cbc:TaxInclusiveAmount>")
    assert dits(ecarts(change)) == [
        "Totaux | ≠ Total toutes taxes comprises (BT-112) : 15 880,80 € → 15 952,80 € (+72,00 €)"
    ]


def test_la_meme_valeur_ecrite_autrement_n_est_pas_une_difference(
    ubl: str, ecarts: Callable[[str], tuple[Difference, ...]]
) -> None:
    change = ubl.replace(">15880.80<", ">15880.8000<").replace(">20<", ">20.00<")
    assert change != ubl
    assert ecarts(change) == ()


def test_une_date_change_en_jours(ubl: str, ecarts: Callable[[str], tuple[Difference, ...]]) -> None:
    echeance = re.search(r"<cbc:DueDate>(.*?)</cbc:DueDate>", ubl)
    assert echeance is not None
    change = ubl.replace(echeance[0], "<cbc:DueDate>2027-01-20</cbc:DueDate>")
    assert dits(ecarts(change)) == ["Paiement | ≠ Date d’échéance (BT-9) : 19/01/2027 → 20/01/2027 (1 jour plus tard)"]


def test_une_ligne_retiree_ajoutee_ou_changee_est_dite_par_son_numero(
    ubl: str, ecarts: Callable[[str], tuple[Difference, ...]]
) -> None:
    lignes = LIGNE.findall(ubl)
    sans = ubl.replace(lignes[1], "")
    retiree = ecarts(sans)
    assert [(d.genre, d.ou, d.nom, d.apres) for d in retiree] == [("retire", "Lignes", "Ligne 2", None)]
    assert "Nettoyage approfondi du bloc opératoire, 8" in retiree[0].avant
    neuve = lignes[1].replace("<cbc:ID>2</cbc:ID>", "<cbc:ID>9</cbc:ID>")
    ajoutee = ecarts(ubl.replace(lignes[-1], lignes[-1] + neuve))
    assert [(d.genre, d.ou, d.avant) for d in ajoutee] == [("ajoute", "Lignes", None)]
    changee = ecarts(ubl.replace("bloc opératoire", "bloc B"))
    assert [(d.ou, d.terme) for d in changee] == [("Ligne 2", "BT-153")]


def test_l_ordre_des_lignes_ne_compte_pas(ubl: str, ecarts: Callable[[str], tuple[Difference, ...]]) -> None:
    premiere, deuxieme, *_ = LIGNE.findall(ubl)
    change = ubl.replace(premiere, "\0").replace(deuxieme, premiere).replace("\0", deuxieme)
    assert change != ubl
    assert ecarts(change) == ()


def test_un_champ_d_une_seule_facture_dit_laquelle(ubl: str, ecarts: Callable[[str], tuple[Difference, ...]]) -> None:
    change = re.sub(r"<cbc:BuyerReference>.*?</cbc:BuyerReference>", "", ubl)
    assert dits(ecarts(change)) == [
        "Références | - Référence de l’acheteur (BT-10), seulement dans la première : SERV-LOG"
    ]


def test_un_siret_sous_un_autre_schema_est_une_difference(
    ubl: str, ecarts: Callable[[str], tuple[Difference, ...]]
) -> None:
    change = ubl.replace('schemeID="0009"', 'schemeID="0088"', 1)
    assert [d.terme for d in ecarts(change)] == ["BT-29"]


def test_la_commande_rend_0_1_ou_2(capsys: pytest.CaptureFixture[str]) -> None:
    juste, autre = (str(FACTURES / f"nettoyage_hopital.{f}") for f in ("ubl.xml", "cii.xml"))
    assert executer(facturier, ["comparer", juste, autre]) == 0
    montre = " ".join(capsys.readouterr().out.split())
    assert "aucune différence" in montre
    assert "n’ont pas la même syntaxe" in montre
    assert executer(facturier, ["comparer", juste, str(FACTURES / "faux_total_ttc.ubl.xml")]) == 1
    assert executer(facturier, ["comparer", juste, str(FACTURES / "avec_doctype.ubl.xml")]) == 2
    assert "avec_doctype.ubl.xml\u00a0: Le fichier contient une déclaration DOCTYPE" in capsys.readouterr().err


def test_un_pdf_sans_facture_est_refuse_avec_sa_raison() -> None:
    sans = FACTURES / "pdf_sans_xml.facturx.pdf"
    with pytest.raises(ErreurFacturier, match="ce n’est pas un Factur-X"):
        comparer(sans, sans)


def test_les_termes_rares_sont_reconnus_et_egaux_dans_les_deux_syntaxes(tmp_path: Path) -> None:
    ubl, cii = tmp_path / "riche.ubl.xml", tmp_path / "riche.cii.xml"
    ubl.write_text(facture_riche.UBL, encoding="utf-8")
    cii.write_text(facture_riche.CII, encoding="utf-8")
    for fichier in (ubl, cii):
        champs = [c for rubrique in page_arbre.ouvrir(fichier).figer() for c in rubrique.tous_les_champs() if c.brut]
        assert {c.terme for c in champs} == facture_riche.TERMES, fichier
    assert dits(comparer(ubl, cii).differences) == []


def test_une_comparaison_a_part_dit_la_meme_chose_qu_ici_et_rend_les_memes_refus() -> None:
    juste, autre = FACTURES / "nettoyage_hopital.ubl.xml", FACTURES / "faux_total_ttc.cii.xml"
    assert comparaison_isolee.comparer(juste, autre) == comparer(juste, autre)
    with pytest.raises(ErreurFacturier, match="DOCTYPE") as refus:
        comparaison_isolee.comparer(juste, FACTURES / "avec_doctype.ubl.xml")
    assert (refus.value.code, refus.value.sortie) == ("facture-illisible", 2)


def test_une_comparaison_sans_fin_est_arretee_et_le_dit() -> None:
    juste = FACTURES / "nettoyage_hopital.ubl.xml"
    with pytest.raises(ErreurFacturier, match="a dépassé 0 secondes") as refus:
        comparaison_isolee.comparer(juste, juste, delai=0.001)
    assert (refus.value.code, refus.value.sortie) == ("comparaison-interrompue", 3)


def test_une_facture_demesuree_n_est_pas_comparee_mais_sa_page_dit_pourquoi(
    ubl: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_arbre, "INFORMATIONS_MAX", 50)
    fichier = tmp_path / "longue.ubl.xml"
    fichier.write_text(ubl, encoding="utf-8")
    with pytest.raises(ErreurFacturier, match="trop longue pour être montrée ou comparée"):
        comparer(fichier, fichier)
    lue = page.composer(fichier, valider(fichier))
    assert (lue.rubriques, [c.regle for c in lue.non_places], lue.resultat.verdict) == ((), ["SEC-TAILLE"], "valide")
    assert lue.non_places[0].gravite == "information"
