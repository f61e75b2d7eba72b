"""A PDF read by a machine: deterministic, wrong somewhere, and never hurt by what it is given."""

from __future__ import annotations

import hashlib
import io
from itertools import islice
from pathlib import Path

import pypdf
import pytest
from corpus_hostile import pdfs
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from facturier.efacture import ocr, ocr_texte
from facturier.efacture.ocr import CHAMPS_LUS, LectureOcr, champs_vrais, lire_pdf, verite_d_un_exemple
from facturier.efacture.ocr_bruit import FAUTES, FAUTES_MAX, FAUTES_MIN, bruiter
from facturier.efacture.ocr_champs import CHAMPS, reconnaitre, sirets
from facturier.erreurs import ErreurFacturier
from facturier.portail import demande, provenance

FACTURES = Path(__file__).parents[2] / "data" / "factures"
MENAGE = (FACTURES / "menage_val_fictif.facturx.pdf").read_bytes()
AUTRE_LOGICIEL = """FACTURE
Plomberie Durand
SIRET : 999 900 111 00017
Facture N° : 2026/0042 A
Date de facturation : 03-04-2026
Client : Commune de Bourg-Imaginaire
SIRET : 219 900 024 00015
Code service : ECOLE
N° d’engagement : EJ-77
N° de marché : 2026-M-1
20 % 1 000,00 € 200,00 €
Total hors taxes : 1 000,00 €
Montant de la TVA : 200,00 €
TOTAL TTC : 1 200,00 EUR
Mode de règlement : Virement
IBAN : FR76 3000 1007 9412 3456 7890 185
"""


@pytest.fixture(scope="module")
def vrais() -> dict[str, str]:
    return champs_vrais(MENAGE)


@pytest.fixture(scope="module")
def lue() -> LectureOcr:
    return lire_pdf(MENAGE, "graine-1")


def test_les_champs_lus_sont_ceux_de_la_demande_sauf_le_commentaire() -> None:
    assert (*CHAMPS_LUS, "commentaire") == demande.CHAMPS == CHAMPS
    assert CHAMPS_LUS == provenance.CHAMPS_LUS


def test_une_lecture_parfaite_trouve_tout_ce_que_la_page_dit(vrais: dict[str, str]) -> None:
    assert {champ for champ, valeur in vrais.items() if not valeur} == {"valideur_siret"}
    assert (vrais["numero_facture"], vrais["montant_ttc"], vrais["cadre"]) == ("NPE-2026-1140", "3 541,44", "A1")


def test_les_factures_d_un_autre_logiciel_se_lisent_aussi() -> None:
    lus = reconnaitre(AUTRE_LOGICIEL)
    assert {champ: lus[champ] for champ in lus if lus[champ]} == {
        "destinataire_siret": "21990002400015",
        "code_service": "ECOLE",
        "numero_engagement": "EJ-77",
        "numero_marche": "2026-M-1",
        "type_facture": "380",
        "numero_facture": "2026/0042 A",
        "date_facture": "03/04/2026",
        "mode_paiement": "VIREMENT",
        "iban": "FR76 3000 1007 9412 3456 7890 185",
        "montant_ht": "1 000,00",
        "taux_tva": "20",
        "montant_tva": "200,00",
        "montant_ttc": "1 200,00",
    }
    assert sirets(AUTRE_LOGICIEL) == ("99990011100017", "21990002400015")


def test_une_page_sans_texte_ne_fait_rien_inventer() -> None:
    assert set(reconnaitre("").values()) == {""}
    assert {lu.confiance for lu in bruiter(reconnaitre(""), "g", "f").values()} == {"non lu"}


def test_la_meme_graine_relit_le_meme_fichier_avec_les_memes_fautes(lue: LectureOcr) -> None:
    assert lire_pdf(MENAGE, "graine-1") == lue
    assert lire_pdf(MENAGE, "graine-2").champs != lue.champs
    assert lue.sha256 == hashlib.sha256(MENAGE).hexdigest()


def test_chaque_lecture_se_trompe_un_peu_et_sa_confiance_trompe_parfois(vrais: dict[str, str]) -> None:
    sures_et_fausses = douteuses_et_justes = 0
    fautes_vues = set()
    for graine in range(200):
        lus = bruiter(vrais, str(graine), "f" * 64)
        faux = {champ for champ, lu in lus.items() if lu.valeur != vrais[champ]}
        assert FAUTES_MIN <= len(faux) <= FAUTES_MAX
        fautes_vues |= {(champ, lus[champ].valeur) for champ in faux}
        sures_et_fausses += sum(lus[champ].confiance == "sûr" for champ in faux)
        douteuses_et_justes += sum(lu.confiance == "à vérifier" for c, lu in lus.items() if c not in faux)
        assert all((lu.confiance == "non lu") == (not lu.valeur) for lu in lus.values())
    assert sures_et_fausses
    assert douteuses_et_justes
    assert ("montant_ht", vrais["montant_ttc"]) in fautes_vues
    assert ("numero_engagement", vrais["numero_marche"]) in fautes_vues
    assert ("montant_ttc", "354144") in fautes_vues


def test_chaque_faute_de_la_liste_est_commise(vrais: dict[str, str]) -> None:
    lus = {**vrais, "date_facture": "03/04/2026", "valideur_siret": "99990013700012", "code_service": "SRV-0158"}
    for faute in FAUTES:
        for champ in faute.champs:
            assert any(faute.abimer(lus[champ], lus, lambda _, g=g: g) != lus[champ] for g in range(5)), faute.code
    jour = next(f for f in FAUTES if f.code == "jour-mois")
    assert jour.abimer("03/04/2026", lus, lambda _: 0) == "04/03/2026"
    assert jour.abimer("30/11/2026", lus, lambda _: 0) == "30/11/2026"


def test_la_verite_d_un_exemple_vient_de_son_empreinte(vrais: dict[str, str], lue: LectureOcr) -> None:
    assert verite_d_un_exemple(lue.sha256) == vrais
    assert verite_d_un_exemple("0" * 64) is None


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "ocr-format"),
        (b"PK\x03\x04", "ocr-format"),
        (MENAGE[: len(MENAGE) // 3], "ocr-abime"),
        ((FACTURES / "pdf_chiffre.facturx.pdf").read_bytes(), "ocr-chiffre"),
        (b"%PDF-1.7\n", "ocr-abime"),
    ],
    ids=["vide", "archive", "tronqué", "chiffré", "en-tête seul"],
)
def test_un_fichier_qui_n_est_pas_un_pdf_lisible_est_refuse_en_une_phrase(octets: bytes, code: str) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        lire_pdf(octets, "g")
    assert refus.value.code == code


def test_un_pdf_hostile_est_lu_ou_refuse_jamais_subi() -> None:
    xml = (FACTURES / "menage_val_fictif.cii.xml").read_bytes()
    for nom, octets in islice(pdfs(MENAGE, xml), 6):  # the later ones only differ by attachments, not read here
        reponse = ocr_texte.extraire(octets)
        assert set(reponse) in ({"refus"}, {"texte", "pages"}), nom


def _pdf_de_page(contenu: bytes, xobjets: int = 0) -> bytes:
    """One page with that content; ``xobjets`` forms, each drawing the next one twenty times."""
    redacteur = pypdf.PdfWriter()
    page = redacteur.add_blank_page(200, 200)
    police = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")})
    police[NameObject("/BaseFont")] = NameObject("/Helvetica")
    polices = DictionaryObject({NameObject("/F1"): police})
    suivant = None
    for _ in range(xobjets):
        forme = DecodedStreamObject()
        forme.set_data(b"/X Do " * 20 if suivant is not None else b"BT /F1 9 Tf (a) Tj ET")
        propres = DictionaryObject({NameObject("/Font"): polices})
        if suivant is not None:
            propres[NameObject("/XObject")] = DictionaryObject({NameObject("/X"): suivant})
        forme.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
        forme[NameObject("/Resources")] = propres
        forme[NameObject("/BBox")] = pypdf.generic.ArrayObject([NumberObject(n) for n in (0, 0, 9, 9)])
        suivant = redacteur._add_object(forme)
    flux = DecodedStreamObject()
    flux.set_data(contenu)
    page[NameObject("/Contents")] = redacteur._add_object(flux.flate_encode())
    ressources = DictionaryObject({NameObject("/Font"): polices})
    if suivant is not None:
        ressources[NameObject("/XObject")] = DictionaryObject({NameObject("/X"): suivant})
    page[NameObject("/Resources")] = ressources
    sortie = io.BytesIO()
    redacteur.write(sortie)
    return sortie.getvalue()


@pytest.mark.parametrize(
    ("bombe", "code", "delai"),
    [
        (_pdf_de_page(b"/X Do ", xobjets=9), "ocr-trop-lourd", 1.5),
        (_pdf_de_page(b"BT /F1 12 Tf 1 0 0 1 5 5 Tm (facture) Tj ET " * 1_000_000), "ocr-trop-lourd", 1.5),
        (_pdf_de_page(b"BT (facture) Tj ET " * 20_000_000), "ocr-abime", ocr_texte.DELAI),
    ],
    ids=["formes qui se multiplient", "page trop longue", "page de 400 Mo"],
)
def test_une_bombe_est_arretee_par_une_limite(bombe: bytes, code: str, delai: float) -> None:
    assert len(bombe) < 3_000_000
    with pytest.raises(ErreurFacturier) as refus:
        ocr_texte.texte_du_pdf(bombe, delai)
    assert refus.value.code == code


def test_aucune_ligne_tordue_ne_fait_chercher_sans_fin() -> None:
    lignes = ["IBAN FR76 " + "A1 " * 120, "facture " * 50, "Total TTC " + "1 234" * 70, "service " * 60, "du " * 130]
    texte = "\n".join(lignes * 200)
    assert set(reconnaitre(texte[: ocr_texte.TEXTE_MAX])) == set(ocr.CHAMPS_LUS) | {"commentaire"}
