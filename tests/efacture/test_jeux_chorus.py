"""The kit's own rule sets on real files: each rule broken in UBL and in CII, the road each file takes, the places."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from facturier import __version__, efacture
from facturier.efacture import valider
from facturier.efacture.bibliotheque import temoins
from facturier.efacture.chorus import CHEMINS, controler, lire_vue
from facturier.efacture.chorus import CPRO as JEU_CPRO
from facturier.efacture.resultat import Resultat, document
from facturier.regles import REGLES_CPRO, REGLES_HISTORIQUES, Regle
from facturier.regles.parties import REGLES_PARTIES

SCENARIOS = Path(__file__).parents[2] / "data" / "scenarios"
SCHEMA = Path(efacture.__file__).parent / "schemas" / "valider.schema.json"
KIT, KIT_HISTORIQUE = "Chorus Pro (règles du kit)", "Chorus Pro historique (règles du kit)"
SIRET_V, SIRET_A = "90415277400017", "26640318700013"
IBAN = "FR7630099012340004567890105"
PIECE = base64.b64encode(b"%PDF-1.7 petit").decode()

Edition = tuple[str, str]
"""A text of the sample and what takes its place: the same in both syntaxes, or one for each."""
Editions = list[Edition] | dict[str, list[Edition]]


def anterieures(*numeros: str) -> dict[str, list[Edition]]:
    ubl = "".join(
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{n}</cbc:ID></cac:InvoiceDocumentReference>"
        "</cac:BillingReference>"
        for n in numeros
    )
    cii = "".join(
        f"<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>{n}</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>"
        for n in numeros
    )
    fin = "</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
    return {"ubl": [("</cac:OrderReference>", f"</cac:OrderReference>{ubl}")], "cii": [(fin, fin + cii)]}


def jointe(reference: str = "PJ1", nom: str = "bon.pdf", contenu: str = PIECE) -> dict[str, list[Edition]]:
    ubl = (
        f"<cac:AdditionalDocumentReference><cbc:ID>{reference}</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{nom}">{contenu}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    cii = (
        f"<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>{reference}</ram:IssuerAssignedID>"
        "<ram:TypeCode>916</ram:TypeCode>"
        f'<ram:AttachmentBinaryObject mimeCode="application/pdf" filename="{nom}">{contenu}'
        "</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>"
    )
    fin_ubl, fin_cii = "</cac:ContractDocumentReference>", "</ram:ContractReferencedDocument>"
    return {"ubl": [(fin_ubl, fin_ubl + ubl)], "cii": [(fin_cii, fin_cii + cii)]}


TVA_ACHETEUR = {
    "ubl": [
        (
            "<cac:PartyLegalEntity>\n        <cbc:RegistrationName>Centre",
            "<cac:PartyTaxScheme><cbc:CompanyID>FR00266403187</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
            "</cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>Centre",
        )
    ],
    "cii": [
        (
            "</ram:BuyerTradeParty>",
            '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR00266403187</ram:ID></ram:SpecifiedTaxRegistration>'
            "</ram:BuyerTradeParty>",
        )
    ],
}

AVOIR: dict[str, list[Edition]] = {
    "ubl": [
        ("Invoice-2", "CreditNote-2"),
        ("<Invoice ", "<CreditNote "),
        ("</Invoice>", "</CreditNote>"),
        ("cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode"),
        ("cac:InvoiceLine", "cac:CreditNoteLine"),
        ("cbc:InvoicedQuantity", "cbc:CreditedQuantity"),
        ("<cbc:DueDate>2027-01-19</cbc:DueDate>", ""),
    ],
    "cii": [(">380<", ">381<")],
}

AUTRE_IDENTIFIANT: dict[str, list[Edition]] = {
    "ubl": [
        (
            f'<cac:PartyIdentification>\n        <cbc:ID schemeID="0009">{SIRET_V}',
            '<cac:PartyIdentification>\n<cbc:ID schemeID="0228">99B</cbc:ID></cac:PartyIdentification>'
            f'<cac:PartyIdentification><cbc:ID schemeID="0009">{SIRET_V}',
        )
    ],
    "cii": [
        (
            f'<ram:GlobalID schemeID="0009">{SIRET_V}',
            f'<ram:GlobalID schemeID="0228">99B</ram:GlobalID>\n<ram:GlobalID schemeID="0009">{SIRET_V}',
        )
    ],
}

BENEFICIAIRE: dict[str, list[Edition]] = {
    "ubl": [
        (
            "</cac:AccountingCustomerParty>",
            "</cac:AccountingCustomerParty><cac:PayeeParty><cac:PartyName><cbc:Name>Affactureur</cbc:Name></cac:PartyName><cac:PartyLegalEntity>"
            '<cbc:CompanyID schemeID="0002">999900285</cbc:CompanyID></cac:PartyLegalEntity></cac:PayeeParty>',
        )
    ],
    "cii": [
        (
            "<ram:SpecifiedTradeSettlementPaymentMeans>",
            "<ram:PayeeTradeParty><ram:Name>Affactureur</ram:Name><ram:SpecifiedLegalOrganization>"
            '<ram:ID schemeID="0002">999900285</ram:ID></ram:SpecifiedLegalOrganization></ram:PayeeTradeParty>'
            "<ram:SpecifiedTradeSettlementPaymentMeans>",
        )
    ],
}

CONDITIONS: dict[str, list[Edition]] = {
    "ubl": [
        (
            "</cac:PaymentMeans>",
            "</cac:PaymentMeans><cac:PaymentTerms><cbc:Note>30 jours</cbc:Note>\n<cbc:Note>60 jours</cbc:Note>"
            "</cac:PaymentTerms>",
        )
    ],
    "cii": [
        (
            "<ram:SpecifiedTradePaymentTerms>",
            "<ram:SpecifiedTradePaymentTerms><ram:Description>30 jours</ram:Description>"
            "</ram:SpecifiedTradePaymentTerms>\n"
            "<ram:SpecifiedTradePaymentTerms><ram:Description>60 jours</ram:Description>",
        )
    ],
}

CPRO: dict[str, tuple[Editions, str]] = {
    # rule → (edits of a right invoice, the text of the line shown)
    "BR-FR-CPRO-02": ([("PROP-2026-1107", "PROP-2026-11-07-00001")], "PROP-2026-11-07-00001"),
    "BR-FR-CPRO-02/BT-25": (anterieures("F" * 21), "F" * 21),
    "BR-FR-CPRO-09": ([(f'"0009">{SIRET_V}', '"0227">US-DE-4431')], '"0002">904152774'),
    "BR-FR-CPRO-10": ([(f'"0009">{SIRET_A}', '"0224">SERV-LOG')], ""),
    "BR-FR-CPRO-14": ([("2025-M-041", "M" * 51)], "M" * 51),
    "BR-FR-CPRO-15": ([("EJ2026-118734", "E" * 51)], "E" * 51),
    "BR-FR-CPRO-20": (anterieures("F1", "F2"), "F2"),
    "BR-FR-CPRO-24": ([(">S1<", ">S5<")], ">S5<"),
    "BR-FR-CPRO-30": (jointe(reference="R" * 51), "R" * 51),
    "BR-FR-CPRO-39": ([(IBAN, "MT31MALT01100000000000000000123")], "MT31MALT"),
    "BR-FR-CPRO-41": (jointe(nom="p" * 47 + ".pdf"), "p" * 47),
    "CPRO-CADRE": ([(">S1<", ">A1<")], ">A1<"),
    "CPRO-TRAVAUX": ([(">S1<", ">A4<")], ">A4<"),
    "CPRO-SIRET-VENDEUR": ([(SIRET_V, "90415277400018")], "90415277400018"),
    "CPRO-SIRET-ACHETEUR": ([(SIRET_A, "26640318700014")], "26640318700014"),
    "CPRO-SIREN-VENDEUR": ([('"0002">904152774', '"0002">904152775')], '"0002">904152775'),
    "CPRO-SIREN-ACHETEUR": ([('"0002">266403187', '"0002">266403188')], '"0002">266403188'),
    "CPRO-TVA-VENDEUR": ([("FR95904152774", "FR96904152774")], "FR96904152774"),
    "CPRO-TVA-ACHETEUR": (TVA_ACHETEUR, "FR00266403187"),
    "CPRO-IBAN": ([(IBAN, IBAN[:-1] + "6")], IBAN[:-1] + "6"),
    "CPRO-ENGAGEMENT-MARCHE": ([("EJ2026-118734", "2025-M-041")], "2025-M-041"),
    "CPRO-AVOIR-PAIEMENT": (AVOIR, ">30<"),
    "CPRO-PIECE-EXTENSION": (jointe(nom="bon"), "bon"),
    "BR-FR-CPRO-03": (
        [(f'"0009">{SIRET_V}', '"0088">7300010000001'), ('"0002">904152774', '"0060">904152774')],
        "7300010000001",
    ),
    "CPRO-VENDEUR-FORME": (AUTRE_IDENTIFIANT, "99B"),
    "BR-FR-CPRO-17": (BENEFICIAIRE, "999900285"),
    "BR-FR-CPRO-25": (CONDITIONS, "60 jours"),
    "BR-FR-CPRO-31": ([("Façades nord et est", "x" * 1025)], "x" * 1025),
    "BR-FR-CPRO-32": ([("14 rue des Tanneurs", "x" * 401)], "x" * 401),
    "BR-FR-CPRO-42": ([("Pas d’escompte pour paiement anticipé.", "x" * 1025)], "x" * 1025),
    "BR-FR-CPRO-43": ([(">Propretéa SARL<", f">{'x' * 100}<")], "x" * 100),
    "BR-FR-CPRO-44": ([(">Centre hospitalier de Valmont<", f">{'x' * 100}<")], "x" * 100),
    "CPRO-PIECE-TAILLE": (jointe(contenu="QUFB" * (10 * 1024 * 1024 // 3 + 1)), "QUFB"),
}
AILLEURS = {"BR-FR-CPRO-09": "BT-30", "BR-FR-CPRO-17": "BT-61"}
"""The SIRET is missing: the finding is pinned to the SIREN that is there."""
SANS_FICHIER = {"BR-FR-CPRO-19"}
"""A file of a million lines is refused before any rule, for its size (SEC-TAILLE)."""

HISTORIQUES: dict[str, tuple[list[Edition], str]] = {
    "CPRO-HIST-CADRE": ([(">A1<", ">A99<")], ">A99<"),
    "CPRO-HIST-RETIRE": ([(">A1<", ">A11<")], ">A11<"),
    "CPRO-HIST-DEPOSANT": ([(">A1<", ">A15<")], ">A15<"),
    "CPRO-HIST-SIRET": ([(SIRET_V, "90415277400018")], "90415277400018"),
    "CPRO-HIST-DESTINATAIRE": ([(f'"1">{SIRET_A}', '"0002">266403187')], ""),
    "CPRO-HIST-NUMERO": ([("PROP-2026-1107", "PROP-2026-11-07-00001")], "PROP-2026-11-07-00001"),
    "CPRO-HIST-MARCHE": ([("2025-M-041", "M" * 51)], "M" * 51),
    "CPRO-HIST-ENGAGEMENT": ([("EJ2026-118734", "E" * 51)], "E" * 51),
    "CPRO-HIST-SERVICE": ([("SERV-LOG", "S" * 101)], "S" * 101),
    "CPRO-HIST-TOTAL": ([("TotalAmount>15880.80", "TotalAmount>15880.90")], "15880.90"),
}


def editer(texte: str, syntaxe: str, editions: Editions) -> str:
    for avant, apres in editions[syntaxe] if isinstance(editions, dict) else editions:
        assert avant in texte
        texte = texte.replace(avant, apres)
    return texte


def juger(dossier: Path, texte: str, jeux: str) -> Resultat:
    chemin = dossier / "facture.xml"
    chemin.write_text(texte, encoding="utf-8")
    return valider(chemin, jeux)


def regles(resultat: Resultat) -> list[str]:
    return [constat.regle for constat in resultat.constats]


def jeux(resultat: Resultat) -> list[str]:
    return [jeu.nom for jeu in resultat.jeux_de_regles]


def regle_cpro(cle: str) -> Regle:
    """The rule of a code, or of « code/term » where two share the code."""
    code, _, terme = cle.partition("/")
    return next(r for r in REGLES_CPRO if r.code == code and terme in ("", r.terme))


@pytest.fixture
def historique(cii: str) -> str:
    """The hospital's invoice as the historic CII format writes it: no profile, cadre A1, SIRET under scheme « 1 »."""
    debut, reste = cii.split("<ram:GuidelineSpecifiedDocumentContextParameter>")
    texte = debut + reste.split("</ram:GuidelineSpecifiedDocumentContextParameter>")[1]
    for siret in (SIRET_V, SIRET_A):
        texte = texte.replace(f'<ram:GlobalID schemeID="0009">{siret}</ram:GlobalID>', "")
        texte = texte.replace(f'<ram:ID schemeID="0002">{siret[:9]}', f'<ram:ID schemeID="1">{siret}')
    return texte.replace("<ram:ID>S1<", "<ram:ID>A1<")


def test_chaque_regle_a_son_fichier_faux() -> None:
    ici = {(r.code, r.terme) for r in map(regle_cpro, CPRO)}
    ailleurs = {r.code for r in REGLES_CPRO if (r.code, r.terme) not in ici} - SANS_FICHIER
    assert ailleurs <= {r.code for r in REGLES_PARTIES}
    assert ailleurs <= temoins(SCENARIOS).keys(), "le fichier faux est dans la bibliothèque"
    assert [r.code for r in REGLES_HISTORIQUES] == list(HISTORIQUES)


@pytest.mark.parametrize("code", CPRO)
@pytest.mark.parametrize("syntaxe", ["ubl", "cii"])
def test_une_regle_de_chorus_pro_enfreinte_est_dite_a_sa_place(
    tmp_path: Path, ubl: str, cii: str, syntaxe: str, code: str
) -> None:
    editions, montre = CPRO[code]
    faux = editer(ubl if syntaxe == "ubl" else cii, syntaxe, editions)
    resultat = juger(tmp_path, faux, "cpro")
    regle = regle_cpro(code)
    assert regles(resultat) == [regle.code]
    (constat,) = resultat.constats
    assert (constat.gravite, constat.terme) == (regle.gravite, AILLEURS.get(code, regle.terme))
    assert resultat.verdict == ("invalide" if regle.gravite == "erreur" else "valide")
    assert constat.ligne is not None
    assert montre in faux.splitlines()[constat.ligne - 1]
    designe = etree.fromstring(faux.encode(), etree.XMLParser(huge_tree=True)).xpath(_avec_noms(constat.xpath))
    assert [noeud.sourceline for noeud in designe] == [constat.ligne]


def _avec_noms(xpath: str | None) -> str:
    """The finding's path, names tested whatever their namespace."""
    pas = [p.rstrip("]").split("[") for p in (xpath or "").split("/")[1:]]
    return "".join(f"/*[local-name()='{nom}'][{rang}]" for nom, rang in pas)


@pytest.mark.parametrize("code", HISTORIQUES)
def test_une_regle_du_format_historique_enfreinte_est_dite_a_sa_place(
    tmp_path: Path, historique: str, code: str
) -> None:
    editions, montre = HISTORIQUES[code]
    faux = editer(historique, "cii", editions)
    resultat = juger(tmp_path, faux, "auto")
    assert regles(resultat) == ["CPRO-HISTORIQUE", code]
    constat = resultat.constats[1]
    regle = next(r for r in REGLES_HISTORIQUES if r.code == code)
    assert (constat.gravite, constat.terme) == (regle.gravite, regle.terme)
    assert resultat.verdict == ("invalide" if regle.gravite == "erreur" else "valide")
    assert constat.ligne is not None
    assert montre in faux.splitlines()[constat.ligne - 1]


@pytest.mark.parametrize("fichier", ["nettoyage_hopital.ubl.xml", "nettoyage_hopital.cii.xml"])
def test_une_facture_juste_passe_chorus_pro_qui_est_nomme(
    tmp_path: Path, octets: dict[str, bytes], fichier: str
) -> None:
    resultat = juger(tmp_path, octets[fichier].decode(), "cpro")
    assert (regles(resultat), resultat.verdict) == ([], "valide")
    assert resultat.jeux_de_regles[1:] == (type(resultat.jeux_de_regles[0])(KIT, f"facturier {__version__}"),)
    resultat = juger(tmp_path, octets[fichier].decode(), "auto,cpro")
    assert jeux(resultat)[-1] == KIT
    assert any(nom.startswith("BR-FR") for nom in jeux(resultat))


def test_les_deux_syntaxes_donnent_la_meme_vue(octets: dict[str, bytes]) -> None:
    for nom in ("nettoyage_hopital", "sous_traitant_autoliquidation", "formation_deja_payee"):
        vues = {}
        for syntaxe in CHEMINS:
            racine = etree.fromstring(octets[f"{nom}.{syntaxe}.xml"])
            vue, _ = lire_vue(racine, syntaxe)
            vues[syntaxe] = {t: [(v.texte, v.schema) for v in vs] for t, vs in vue.valeurs.items()}
        date = vues["cii"].pop("BT-2")[0][0]
        assert vues["ubl"].pop("BT-2")[0][0].replace("-", "") == date
        for vue_lue in vues.values():  # CII writes the VAT number's scheme
            vue_lue.update({t: [(texte, "") for texte, _ in vue_lue[t]] for t in ("BT-31", "BT-48")})
            vue_lue.update({t: [(texte, "") for texte, _ in vue_lue[t]] for t in ("BT-109", "BT-110", "BT-112")})
        assert vues["ubl"] == vues["cii"]


def test_une_piece_jointe_est_mesuree_sans_etre_decodee(ubl: str) -> None:
    for contenu in (b"", b"a", b"ab", b"abc", b"x" * 1000):
        code = base64.encodebytes(contenu).decode()
        racine = etree.fromstring(editer(ubl, "ubl", jointe(contenu=code)).encode())
        vue, _ = lire_vue(racine, "ubl")
        assert [v.texte for v in vue.toutes("BT-125")] == [str(len(contenu))]


def test_un_commentaire_ne_cache_pas_la_fin_d_un_numero(tmp_path: Path, ubl: str) -> None:
    ruse = ubl.replace("PROP-2026-1107", "PROP<!-- -->-2026-11-07-00001")
    assert regles(juger(tmp_path, ruse, "cpro")) == ["BR-FR-CPRO-02"]


@pytest.mark.parametrize(
    ("edition", "joue"),
    [
        ((">S1<", ">S1<"), False),
        ((">S1<", ">S3<"), True),
        (("#AAB#Pas", "#ADN#Pas"), False),
        (("#AAB#Pas d’escompte pour paiement anticipé.", "#ADN#B2G"), True),
    ],
)
def test_auto_joue_chorus_pro_quand_la_facture_se_dit_publique_en_ubl(
    tmp_path: Path, ubl: str, edition: Edition, joue: bool
) -> None:
    assert (KIT in jeux(juger(tmp_path, editer(ubl, "ubl", [edition]), "auto"))) is joue


def test_auto_joue_chorus_pro_quand_la_facture_se_dit_publique_en_cii(tmp_path: Path, cii: str) -> None:
    note = (
        "<ram:IncludedNote><ram:Content>B2G</ram:Content><ram:SubjectCode>ADN</ram:SubjectCode></ram:IncludedNote>"
        "</rsm:ExchangedDocument>"
    )
    assert KIT not in jeux(juger(tmp_path, cii, "auto"))
    assert KIT in jeux(juger(tmp_path, cii.replace("</rsm:ExchangedDocument>", note), "auto"))
    assert KIT in jeux(juger(tmp_path, cii.replace("<ram:ID>S1<", "<ram:ID>S3<"), "auto"))


def test_un_fichier_historique_juste_passe_le_jeu_historique(tmp_path: Path, historique: str) -> None:
    for demande in ("auto", "historique"):
        resultat = juger(tmp_path, historique, demande)
        assert (regles(resultat), resultat.verdict) == (["CPRO-HISTORIQUE"], "valide")
        assert jeux(resultat)[1:] == [KIT_HISTORIQUE]
    assert jeux(juger(tmp_path, historique, "en16931"))[1:] == []


def test_un_ubl_historique_n_est_pas_juge_par_la_norme_europeenne(tmp_path: Path, ubl: str) -> None:
    texte = ubl.replace('schemeID="0009"', 'schemeID="1"').replace(">S1<", ">A1<")
    texte = texte.replace("<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>", "")
    resultat = juger(tmp_path, texte, "auto")
    assert (regles(resultat), resultat.verdict) == (["CPRO-HISTORIQUE"], "valide")
    assert jeux(resultat) == ["XSD UBL-Invoice-2.1", KIT_HISTORIQUE]


def test_un_total_faux_n_est_dit_qu_une_fois(tmp_path: Path, cii: str) -> None:
    faux = cii.replace("<ram:ID>S1<", "<ram:ID>A1<").replace("TotalAmount>15880.80", "TotalAmount>15880.90")
    constats = regles(juger(tmp_path, faux, "historique,en16931"))
    assert "BR-CO-15" in constats
    assert "CPRO-HIST-TOTAL" not in constats
    assert regles(juger(tmp_path, faux, "historique")) == ["CPRO-HISTORIQUE", "CPRO-HIST-TOTAL"]


@pytest.mark.parametrize("syntaxe", ["ubl", "cii"])
def test_un_fichier_historique_qui_annonce_la_norme_garde_ses_propres_listes_de_codes(
    tmp_path: Path, ubl: str, cii: str, syntaxe: str
) -> None:
    """A SIRET under scheme « 1 » is no fault there, though BR-CL-10 and BR-CL-11 know no such scheme."""
    texte = ubl if syntaxe == "ubl" else cii
    for siret in (SIRET_V, SIRET_A):
        texte = texte.replace(f'schemeID="0009">{siret}', f'schemeID="1">{siret}')
        texte = texte.replace(f'schemeID="0002">{siret[:9]}', f'schemeID="1">{siret}')
    texte = texte.replace(">S1<", ">A1<")
    resultat = juger(tmp_path, texte, "auto")
    assert (resultat.canal, resultat.verdict, regles(resultat)) == ("chorus_historique", "valide", ["CPRO-HISTORIQUE"])
    assert jeux(resultat)[1:] == [KIT_HISTORIQUE]
    assert "en16931" in resultat.constats[0].phrase
    demande = juger(tmp_path, texte, "auto,en16931")
    assert {"BR-CL-10", "BR-CL-11"} <= set(regles(demande))
    assert demande.verdict == "invalide"


def test_le_jeu_historique_demande_ailleurs_le_dit_sans_accuser(tmp_path: Path, ubl: str) -> None:
    resultat = juger(tmp_path, ubl, "historique")
    assert [(c.regle, c.gravite) for c in resultat.constats] == [("CPRO-NON-HISTORIQUE", "information")]
    assert (resultat.verdict, resultat.sortie) == ("valide", 0)
    assert KIT_HISTORIQUE not in jeux(resultat)


def test_un_fichier_mal_structure_est_encore_juge_par_le_kit(tmp_path: Path, ubl: str) -> None:
    texte = ubl.replace("<cbc:IssueDate>2026-11-30", "<cbc:IssueDate>hier").replace("2025-M-041", "M" * 51)
    resultat = juger(tmp_path, texte, "cpro")
    assert regles(resultat) == ["XSD-VALEUR", "BR-FR-CPRO-14"]
    assert jeux(resultat)[-1] == KIT


def test_les_constats_du_kit_suivent_le_contrat(tmp_path: Path, historique: str, ubl: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    lus = [
        juger(tmp_path, historique.replace(">A1<", ">A15<"), "auto"),
        juger(tmp_path, ubl.replace(f'"0009">{SIRET_A}', '"0224">SERV-LOG'), "cpro,historique"),
    ]
    jsonschema.validate(document(lus), schema)
    assert all(c.message_officiel is None for lu in lus for c in lu.constats)


def test_des_milliers_de_fautes_se_placent_vite(ubl: str) -> None:
    racine = etree.fromstring(editer(ubl, "ubl", anterieures(*("F" * 21 for _ in range(20_000)))).encode())
    constats = controler(JEU_CPRO, racine, "ubl")
    assert [c.regle for c in constats].count("BR-FR-CPRO-02") == 20_000
    assert constats[-1].xpath == "/Invoice[1]/BillingReference[2]/InvoiceDocumentReference[1]/ID[1]"
