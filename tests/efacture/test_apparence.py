"""Ce que montre le PDF, ce que dit le XML : pareil, autre chose, ou rien, et jamais une fausse alerte."""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from facturier.efacture import conteneur, texte_pdf
from facturier.efacture.apparence import Rapprochement, rapprocher, rapprocher_texte
from facturier.efacture.bibliotheque import Exemple
from facturier.efacture.lecture import lire_xml
from facturier.efacture.termes import PREFIXES
from facturier.efacture.texte_pdf import TextePdf
from facturier.erreurs import ErreurFacturier

FACTURES = Path(__file__).parents[2] / "data" / "factures"
Lus = dict[str, tuple[etree._Element, TextePdf]]

VENTILATION = ".//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:"
SOMMES = ".//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
CHANGEMENTS = {
    "BT-1": ("./rsm:ExchangedDocument/ram:ID", "X-999-1"),
    "BT-2": ("./rsm:ExchangedDocument//udt:DateTimeString", "20250203"),
    "BT-3": ("./rsm:ExchangedDocument/ram:TypeCode", "381"),
    "BT-9": (".//ram:DueDateDateTime/udt:DateTimeString", "20250204"),
    "BT-10": (".//ram:BuyerReference", "AUTRE"),
    "BT-12": (".//ram:ContractReferencedDocument/ram:IssuerAssignedID", "2026-NET-010"),
    "BT-13": (".//ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", "2026-NET-009"),  # the marché's number
    "BT-29": (".//ram:SellerTradeParty/ram:GlobalID", "26990001500018"),  # the buyer's SIRET
    "BT-30": (".//ram:SellerTradeParty/ram:SpecifiedLegalOrganization/ram:ID", "269900015"),
    "BT-31": (".//ram:SpecifiedTaxRegistration/ram:ID", "FR26269900015"),
    "BT-44": (".//ram:BuyerTradeParty/ram:Name", "Commune de Bourg-Imaginaire"),
    "BT-46": (".//ram:BuyerTradeParty/ram:GlobalID", "21990002400015"),
    "BT-84": (".//ram:IBANID", "FR7630099123400022222222289"),
    "BT-106": (f"{SOMMES}LineTotalAmount", "2951.02"),
    "BT-109": (f"{SOMMES}TaxBasisTotalAmount", "2951.02"),
    "BT-110": (f"{SOMMES}TaxTotalAmount", "590.42"),
    "BT-112": (f"{SOMMES}GrandTotalAmount", "2951.20"),  # the amount without tax
    "BT-115": (f"{SOMMES}DuePayableAmount", "590.24"),
    "BT-116": (f"{VENTILATION}BasisAmount", "590.24"),
    "BT-117": (f"{VENTILATION}CalculatedAmount", "590.42"),
    "BT-119": (f"{VENTILATION}RateApplicablePercent", "10"),
    "BT-129": (".//ram:BilledQuantity", "69.5"),
    "BT-131": (".//ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", "558.00"),
    "BT-153": (".//ram:SpecifiedTradeProduct/ram:Name", "Lavage des vitres"),
}
"""A term of menage_val_fictif, its place, another value, often one that stands elsewhere on the same page."""


@pytest.fixture(scope="module")
def justes(exemples: dict[str, Exemple]) -> Lus:
    """Every right Factur-X of the library: its XML, the text of its page."""
    return {
        exemple.scenario: _ouvrir(exemple.octets)
        for exemple in exemples.values()
        if exemple.format == "facturx" and exemple.rayon == "juste"
    }


@pytest.fixture
def menage(justes: Lus) -> tuple[etree._Element, TextePdf]:
    racine, texte = justes["menage_val_fictif"]
    return copy.deepcopy(racine), texte


def _ouvrir(octets: bytes) -> tuple[etree._Element, TextePdf]:
    xml = conteneur.ouvrir(octets).xml
    assert xml is not None
    return lire_xml(xml).racine, texte_pdf.extraire(octets)


def _remplacer(racine: etree._Element, chemin: str, valeur: str) -> None:
    trouves: Any = racine.xpath(chemin, namespaces=PREFIXES)
    trouves[0].text = valeur


def _valeurs(rapprochements: tuple[Rapprochement, ...]) -> dict[tuple[str, str], str]:
    return {(r.terme, r.nom): r.xml for r in rapprochements}


def test_une_facture_juste_montre_tout_ce_que_dit_son_xml(justes: Lus) -> None:
    assert len(justes) >= 20
    for scenario, lu in justes.items():
        rapprochements = rapprocher_texte(*lu)
        assert [r for r in rapprochements if r.etat != "identique"] == [], scenario
        attendus = {"BT-1", "BT-2", "BT-3", "BT-27", "BT-44", "BT-46", "BT-106", "BT-109", "BT-112", "BT-115"}
        if scenario.startswith("historique"):  # the historic format says the SIRET in the place of the SIREN
            attendus = attendus - {"BT-46"} | {"BT-47"}
        assert attendus | {"BT-116", "BT-129", "BT-131", "BT-153"} <= {r.terme for r in rapprochements}, scenario


def test_le_xml_d_une_autre_facture_ne_passe_pas_pour_celui_de_la_page(justes: Lus) -> None:
    propres = {scenario: _valeurs(rapprocher_texte(*lu)) for scenario, lu in justes.items()}
    scenarios = list(justes)
    for rang, scenario in enumerate(scenarios):
        autre = scenarios[rang - 7]
        for r in rapprocher_texte(justes[autre][0], justes[scenario][1]):
            pareil = propres[scenario].get((r.terme, r.nom)) == r.xml
            if r.terme not in ("BT-153", "BT-129"):  # a designation may be the start of another one
                assert (r.etat == "identique") is pareil, (scenario, autre, r)


@pytest.mark.parametrize("terme", CHANGEMENTS)
def test_un_seul_champ_change_et_lui_seul_est_different(menage: tuple[etree._Element, TextePdf], terme: str) -> None:
    racine, texte = menage
    avant = {(r.terme, r.nom): r.pdf for r in rapprocher_texte(racine, texte)}
    _remplacer(racine, *CHANGEMENTS[terme])
    changes = [r for r in rapprocher_texte(racine, texte) if r.etat != "identique"]
    assert {r.terme for r in changes} <= {terme, *({"BT-116", "BT-117"} if terme == "BT-119" else ())}
    (change,) = [r for r in changes if r.terme == terme]
    assert change.etat == "différent"
    assert change.pdf in {*avant.values()}
    assert change.pdf in change.phrase
    assert change.xml in change.phrase


def test_le_nom_du_vendeur_qui_n_est_pas_sur_la_page_est_dit_absent(menage: tuple[etree._Element, TextePdf]) -> None:
    racine, texte = menage
    _remplacer(racine, ".//ram:SellerTradeParty/ram:Name", "Autre Entreprise")
    (nom,) = [r for r in rapprocher_texte(racine, texte) if r.etat != "identique"]
    assert (nom.terme, nom.etat, nom.pdf) == ("BT-27", "absent du PDF", "")


def test_ce_que_la_page_montre_et_que_le_xml_tait_est_different(menage: tuple[etree._Element, TextePdf]) -> None:
    racine, texte = menage
    trouves: Any = racine.xpath(".//ram:IBANID", namespaces=PREFIXES)
    trouves[0].getparent().remove(trouves[0])
    (iban,) = [r for r in rapprocher_texte(racine, texte) if r.etat != "identique"]
    assert (iban.terme, iban.xml, iban.pdf) == (
        "BT-84",
        "",
        "FR76 3009 9123 4000 1111 1111 103",
    )


ECRITURES = {
    "2 951,20 €": "2951.20 EUR",
    "30/11/2026": "30 novembre 2026",
    "19/01/2027": "2027-01-19",
    "999 900 137 00012": "99990013700012",
    "FR76 3009 9123 4000 1111 1111 103": "FR7630099123400011111111103",
    "3 541,44 €": "3.541,44€",
    "96,5": "96,50",
    "20 %": "20,00 %",
}


def test_les_ecritures_courantes_se_valent(menage: tuple[etree._Element, TextePdf]) -> None:
    racine, texte = menage

    def reecrire(page: str) -> str:
        page = page.replace("\u202f", " ").replace("\u00a0", " ")
        for avant, apres in ECRITURES.items():
            assert avant in page, avant
            page = page.replace(avant, apres)
        return page

    reecrit = TextePdf(tuple(map(reecrire, texte.flux)), tuple(map(reecrire, texte.mises_en_page)))
    assert [r for r in rapprocher_texte(racine, reecrit) if r.etat != "identique"] == []


def test_sans_mise_en_page_le_fil_du_texte_suffit_et_n_accuse_pas(justes: Lus) -> None:
    for scenario, (racine, texte) in justes.items():
        fil = TextePdf(texte.flux, ("",) * len(texte.flux))
        assert [r for r in rapprocher_texte(racine, fil) if r.etat == "différent"] == [], scenario


def test_une_page_sans_etiquette_n_accuse_personne(menage: tuple[etree._Element, TextePdf]) -> None:
    racine, _ = menage
    muette = TextePdf(("Bonjour, voici votre document. Merci de votre confiance.",), ("",))
    assert {r.etat for r in rapprocher_texte(racine, muette)} == {"absent du PDF"}


def test_les_fichiers_de_la_bibliotheque_qui_se_contredisent_sont_vus() -> None:
    def differents(nom: str) -> list[str]:
        return [r.terme for r in rapprocher(FACTURES / f"{nom}.facturx.pdf") if r.etat != "identique"]

    assert differents("faux_total_ttc") == ["BT-112", "BT-115"]
    assert differents("pdf_d_un_autre_compte") == ["BT-84"]
    assert differents("date_absente") == ["BT-2"]


def _pdf_avec(page: bytes, xml: bytes) -> bytes:
    """A PDF of one page made by hand, whose content is given, with an XML attached."""
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    ecrivain = PdfWriter()
    vierge = ecrivain.add_blank_page(200, 200)
    flux = StreamObject()
    flux.set_data(page)
    vierge[NameObject("/Contents")] = ecrivain._add_object(flux.flate_encode())
    police = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    objet = DictionaryObject({NameObject(cle): NameObject(v) for cle, v in police.items()})
    vierge[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): objet})}
    )
    ecrivain.add_attachment("factur-x.xml", xml)
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"0 0 100 100 re f", id="sans texte"),
        pytest.param(b"BT /F1 9 Tf (" + b"0" * 10 + b") Tj ET", id="deux mots dans une marge"),
        pytest.param(b"q 1 0 0 1 0 0 cm " * 6_000_000, id="bombe"),
    ],
)
def test_un_pdf_sans_texte_ou_piege_est_dit_en_une_phrase(tmp_path: Path, cii: str, page: bytes) -> None:
    fichier = tmp_path / "facture.pdf"
    fichier.write_bytes(_pdf_avec(page, cii.encode()))
    with pytest.raises(ErreurFacturier, match="Ce PDF n’a pas de texte lisible") as refus:
        rapprocher(fichier)
    assert refus.value.code == "pdf-sans-texte"


def test_une_page_interminable_est_arretee(cii: str) -> None:
    interminable = _pdf_avec(b"BT /F1 9 Tf (abcdefghij) Tj ET " * 2_000_000, cii.encode())
    with pytest.raises(ErreurFacturier, match="a dépassé 2 secondes"):
        texte_pdf.lire(interminable, delai=2.0)


def test_un_texte_pose_tres_loin_se_lit_sans_sa_mise_en_page(tmp_path: Path, cii: str) -> None:
    loin = b"BT /F1 9 Tf 1 0 0 1 10 100 Tm (Facture NPE 2026, merci de votre confiance) Tj ET "
    loin += b"BT /F1 9 Tf 1 0 0 1 9000000000 90 Tm (loin) Tj ET"
    fichier = tmp_path / "facture.pdf"
    fichier.write_bytes(_pdf_avec(loin, cii.encode()))
    assert {r.etat for r in rapprocher(fichier)} <= {"identique", "absent du PDF", "différent"}


def test_ce_qui_n_est_pas_un_factur_x_est_dit_en_une_phrase(tmp_path: Path) -> None:
    vide = tmp_path / "vide.pdf"
    vide.write_bytes(b"")
    for fichier in (
        FACTURES / "menage_val_fictif.cii.xml",
        FACTURES / "pdf_sans_xml.facturx.pdf",
        FACTURES / "pdf_tronque.facturx.pdf",
        vide,
        tmp_path / "absent.pdf",
    ):
        with pytest.raises(ErreurFacturier) as refus:
            rapprocher(fichier)
        assert refus.value.code == "pas-un-facturx"
