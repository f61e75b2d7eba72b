"""Findings as people read them: sentence, place, reason, gesture; sums with their figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from facturier.efacture import ecarts, phrases, valider
from facturier.efacture.chemins import chemin_lisible, terme_du_chemin
from facturier.efacture.explications import expliquer
from facturier.efacture.resultat import Constat

N, F = "\u00a0", "\u202f"


def juger(dossier: Path, texte: str, jeux: str = "en16931,brfr") -> dict[str, Constat]:
    chemin = dossier / "facture.xml"
    chemin.write_text(texte, encoding="utf-8")
    return {constat.regle: constat for constat in valider(chemin, jeux).constats}


def sans(texte: str, balise: str) -> str:
    """The file without its first element of that name."""
    reste, retires = re.subn(rf"\s*<{balise}\b.*?</{balise}>", "", texte, count=1, flags=re.DOTALL)
    assert retires == 1
    return reste


FREQUENTS = [
    (
        "BR-FR-05",
        lambda t: t.replace("#PMD#", ""),
        "BG-1",
        "La note sur les pénalités de retard (BG-1, code PMD) manque.",
    ),
    (
        "BR-FR-08",
        lambda t: sans(t, "cbc:ProfileID"),
        "BT-23",
        "Le cadre de facturation (BT-23) doit être l’un de ceux de la norme" + N + ": B1, S1, M1, B2, S2, M2, S3…",
    ),
    (
        "BR-CL-14",
        lambda t: t.replace(">FR<", ">ZZ<", 1),
        "BT-40",
        f"Le code de pays «{N}ZZ{N}» n’est pas dans la liste ISO 3166-1.",
    ),
    (
        "BR-CL-23",
        lambda t: t.replace('unitCode="HUR"', 'unitCode="ZZ9"', 1),
        "BT-130",
        f"Ligne {{rang}}{N}: l’unité de mesure «{N}ZZ9{N}» n’est pas un code admis (recommandations 20 et 21 des "
        "Nations unies).",
    ),
    (
        "BR-61",
        lambda t: sans(t, "cac:PayeeFinancialAccount"),
        "BT-84",
        "Le paiement est demandé par virement (BT-81), mais le compte à créditer (BT-84) manque.",
    ),
    (
        "BR-CO-16",
        lambda t: re.sub(r"(<cbc:PayableAmount[^>]*>)[\d.]+", r"\g<1>15000.00", t),
        "BT-115",
        "Le net à payer (BT-115) doit être égal au total TTC (BT-112) moins le montant déjà payé (BT-113) plus "
        f"l’arrondi (BT-114){N}: la facture porte 15{F}000,00{N}€, le calcul donne 15{F}880,80{N}€, "
        f"soit 880,80{N}€ en moins.",
    ),
    (
        "BR-CO-17",
        lambda t: t.replace(">2646.80<", ">2600.00<"),
        "BT-117",
        f"La TVA à 20{N}% (BT-117) doit être égale à sa base (BT-116, 13{F}234,00{N}€) multipliée par 20{N}%{N}: "
        f"la facture porte 2{F}600,00{N}€, le calcul donne 2{F}646,80{N}€, soit 46,80{N}€ en moins.",
    ),
    (
        "BR-25",
        lambda t: re.sub(r"(<cac:Item>.*?)<cbc:Name>.*?</cbc:Name>", r"\1", t, count=1, flags=re.DOTALL),
        "BT-153",
        f"Ligne 1{N}: le nom de l’article (BT-153) manque.",
    ),
    (
        "BR-FR-12",
        lambda t: (
            t.split("<cac:AccountingCustomerParty>")[0]
            + "<cac:AccountingCustomerParty>"
            + sans(t.split("<cac:AccountingCustomerParty>")[1], "cbc:EndpointID")
        ),
        "BT-49",
        "L’adresse électronique de l’acheteur (BT-49) manque.",
    ),
    (
        "BR-S-08",
        lambda t: t.replace(">13234.00</cbc:TaxableAmount>", ">13000.00</cbc:TaxableAmount>"),
        "BT-116",
        f"La base hors taxe à 20{N}% (BT-116) doit être égale à ses lignes (BT-131), moins les remises, plus les frais"
        f"{N}: la facture porte 13{F}000,00{N}€, le calcul donne 13{F}234,00{N}€, soit 234,00{N}€ en moins.",
    ),
]


@pytest.mark.parametrize(("regle", "faute", "terme", "attendue"), FREQUENTS, ids=[f[0] for f in FREQUENTS])
def test_les_constats_frequents_sont_dits_en_francais_de_metier(
    tmp_path: Path, ubl: str, regle: str, faute: object, terme: str, attendue: str
) -> None:
    assert callable(faute)
    constat = juger(tmp_path, faute(ubl))[regle]
    rang = re.search(r"InvoiceLine\[(\d+)\]", constat.xpath or "")
    assert constat.phrase == attendue.format(rang=rang[1] if rang else "")
    explication = expliquer(constat)
    assert (explication.dit, explication.terme, explication.officielle) == (constat.phrase, terme, False)
    assert "" not in (explication.pourquoi, explication.geste, explication.terme_nom)
    assert (constat.message_officiel or "").startswith(("[" + regle, regle))


def test_le_meme_faux_total_se_dit_pareil_en_cii(tmp_path: Path, cii: str) -> None:
    faux = re.sub(r"(<ram:CalculatedAmount>)[\d.]+", r"\g<1>2600.00", cii)
    assert juger(tmp_path, faux)["BR-CO-17"].phrase == FREQUENTS[6][3]
    faux = cii.replace("<ram:BasisAmount>13234.00", "<ram:BasisAmount>13000.00")
    assert juger(tmp_path, faux)["BR-S-08"].phrase == FREQUENTS[9][3]


def test_une_regle_de_factur_x_nomme_l_element_en_francais_et_son_endroit(cii: str) -> None:
    racine = etree.fromstring(cii.encode())
    acheteur = racine.find(".//{*}BuyerTradeParty")
    chemin = "/CrossIndustryInvoice/SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/BuyerTradeParty[1]"
    dite = phrases.phrase(
        "FX-SCH-A-000030", "Element 'ram:Name' must occur exactly 1 times.", racine, "cii", acheteur, chemin
    )
    assert dite == f"L’élément «{N}ram:Name{N}» (nom) doit figurer exactement une fois à cet endroit{N}: acheteur."
    global_id = racine.find(".//{*}BuyerTradeParty/{*}GlobalID")
    dite = phrases.phrase("FX-SCH-A-000567", "Value of '@schemeID' is not allowed.", racine, "cii", global_id, chemin)
    assert f"La valeur «{N}0009{N}» de «{N}@schemeID{N}» (schéma)" in dite


def test_un_constat_du_kit_garde_sa_phrase_et_recoit_sa_raison() -> None:
    constat = Constat("CPRO-IBAN", "erreur", "L’IBAN est faux.", terme="BT-84")
    explication = expliquer(constat)
    assert explication.dit == "L’IBAN est faux."
    assert (explication.champ, explication.terme_nom) == ("IBAN du compte à créditer", "compte à créditer")
    assert "virement" in explication.pourquoi
    assert explication.geste.startswith("Recopiez l’IBAN")


def test_une_regle_inconnue_du_catalogue_montre_le_texte_officiel(ubl: str) -> None:
    racine = etree.fromstring(ubl.encode())
    dite = phrases.phrase("ZZ-01", "[ZZ-01]-Be nice.", racine, "ubl")
    assert dite == f"Règle ZZ-01 non respectée. Texte officiel : «{N}Be nice.{N}»"
    explication = expliquer(Constat("ZZ-01", "erreur", dite, "[ZZ-01]-Be nice."))
    assert explication.officielle
    assert (explication.pourquoi, explication.geste) == ("", "")


@pytest.mark.parametrize(
    ("chemin", "lisible"),
    [
        (
            "/Invoice/cac:InvoiceLine[3]/cac:Item/cac:ClassifiedTaxCategory",
            "ligne 3 de la facture > article > TVA de la ligne",
        ),
        ("/Invoice[1]/InvoiceLine[2]/InvoicedQuantity[1]", "ligne 2 de la facture > quantité facturée (BT-129)"),
        ("/CreditNote[1]/CreditNoteLine[4]", "ligne 4 de l’avoir"),
        (
            "/CreditNote[1]/CreditNoteLine[4]/LineExtensionAmount[1]",
            "ligne 4 de l’avoir > montant hors taxe de la ligne (BT-131)",
        ),
        (
            "/CrossIndustryInvoice[1]/SupplyChainTradeTransaction[1]/IncludedSupplyChainTradeLineItem[3]"
            "/SpecifiedLineTradeSettlement[1]/ApplicableTradeTax[1]",
            "ligne 3 de la facture > TVA de la ligne",
        ),
        (
            "/*:CrossIndustryInvoice[namespace-uri()='urn:x'][1]/*:SupplyChainTradeTransaction[namespace-uri()='urn:x'][1]"
            "/*:ApplicableHeaderTradeAgreement[1]/*:SellerTradeParty[1]/*:PostalTradeAddress[1]/*:CountryID[1]",
            "vendeur > adresse > pays du vendeur (BT-40)",
        ),
        ("/Invoice[1]/cbc:IssueDate", "date de facture (BT-2)"),
        ("/Invoice[1]", "facture"),
        ("/Invoice[1]/Inconnu[1]", f"«{N}Inconnu{N}»"),
        (
            "/Invoice[1]/InvoiceLine[1]/InvoicedQuantity[1]/@unitCode",
            "ligne 1 de la facture > quantité > unité de mesure (BT-130)",
        ),
        ("ceci n’est pas un chemin", ""),
        ("", ""),
    ],
)
def test_un_chemin_se_lit(chemin: str, lisible: str) -> None:
    assert chemin_lisible(chemin) == lisible


def test_un_terme_se_retrouve_par_son_chemin() -> None:
    assert terme_du_chemin("/Invoice/AccountingCustomerParty/Party/PartyLegalEntity/CompanyID") == "BT-47"
    assert terme_du_chemin("/CreditNote/LegalMonetaryTotal/PayableAmount[1]") == "BT-115"
    assert terme_du_chemin("/Invoice/cac:InvoiceLine/cac:Price") is None
    assert terme_du_chemin("/Invoice/AdditionalDocumentReference/ID") is None, "BT-17, BT-18 ou BT-122, selon un code"


@pytest.mark.parametrize("montant", ["1E+100", "NaN", "Infinity", "beaucoup", "", "9" * 60])
def test_des_chiffres_demesures_n_arretent_pas_l_explication(ubl: str, montant: str) -> None:
    racine = etree.fromstring(re.sub(r">[\d.]+</cbc:(\w*Amount|Percent)>", rf">{montant}</cbc:\1>", ubl).encode())
    for regle in ("BR-CO-10", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16", "BR-CO-17", "BR-S-08", "BR-S-09"):
        dite = phrases.phrase(regle, f"[{regle}]-Sum.", racine, "ubl")
        assert len(dite) <= 260
        assert "Texte officiel" not in dite


def test_une_autre_devise_n_est_pas_dite_en_euros(ubl: str) -> None:
    racine = etree.fromstring(ubl.replace("<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>CHF").encode())
    total = racine.find("{*}LegalMonetaryTotal/{*}TaxInclusiveAmount")
    assert total is not None
    total.text = "1.00"
    dite = ecarts.expliquer("BR-CO-15", racine, "ubl")
    assert dite is not None
    assert f"1,00{N}CHF" in dite
    assert "€" not in dite


def test_un_calcul_qui_tombe_juste_laisse_parler_le_catalogue(ubl: str) -> None:
    racine = etree.fromstring(ubl.encode())
    assert ecarts.expliquer("BR-CO-15", racine, "ubl") is None
    assert ecarts.expliquer("BR-02", racine, "ubl") is None
    assert phrases.phrase("BR-CO-15", "[BR-CO-15]-Sum.", racine, "ubl").startswith("Le total toutes taxes comprises")


def test_les_lignes_de_groupe_ne_comptent_pas_dans_le_profil_etendu(cii: str) -> None:
    racine = etree.fromstring(
        cii.replace(
            "</ram:LineID>", "</ram:LineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>", 1
        ).encode()
    )
    assert ecarts.expliquer("BR-CO-10", racine, "cii") is None
    dite = ecarts.expliquer("BR-FREXT-CO-10", racine, "cii")
    assert dite is not None
    assert "de trop" in dite


def test_l_element_dit_s_il_s_agit_d_une_remise_ou_de_frais(ubl: str) -> None:
    message = "[BR-FR-DEC-01/BT-92/BT-99] : Le montant « 1.234 » est invalide."
    for indicateur, terme in (("true", "BT-99"), ("false", "BT-92")):
        racine = etree.fromstring(
            '<Invoice xmlns="urn:x"><AllowanceCharge><ChargeIndicator>'
            f"{indicateur}</ChargeIndicator><Amount>1.234</Amount></AllowanceCharge></Invoice>"
        )
        dite = phrases.phrase("BR-FR-DEC-01", message, racine, "ubl", racine[0][1], "/Invoice/AllowanceCharge/Amount")
        assert f"({terme}) «{N}1.234{N}»" in dite


def test_le_nom_d_un_element_hostile_reste_court(ubl: str) -> None:
    racine = etree.fromstring(ubl.encode())
    dite = phrases.phrase("FX-SCH-A-000001", f"Value of '{'x{0}' * 200}' is not allowed.", racine, "cii")
    assert len(dite) < 260
