"""Scenarios: read strictly, refused with the name of the file and of the field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from facturier.efacture import ecrire
from facturier.efacture.ecriture import FORMATS
from facturier.efacture.scenario import lire, lire_tous
from facturier.erreurs import ErreurFacturier

SCENARIOS = Path(__file__).parents[2] / "data" / "scenarios"


def test_les_quatre_metiers_du_cours_ont_leur_scenario() -> None:
    lus = {lu.slug: lu for lu in lire_tous(SCENARIOS)}
    cadres = {slug: (lu.cadre, lu.facture.cadre_norme) for slug, lu in lus.items() if not lu.fautes}
    attendus = {
        "nettoyage_hopital": ("A1", "S1"),
        "honoraires_architecte": ("A1", "S1"),
        "formation_deja_payee": ("A2", "S2"),
        "sous_traitant_autoliquidation": ("A9", "S3"),
        "peinture_cotraitant": ("A12", "S6"),
        "mobilier_apres_acompte": ("A1", "B4"),
        "historique_travaux": ("A4", "A4"),
    }
    assert attendus.items() <= cadres.items()
    justes = [lu.facture for lu in lus.values() if lu.rayon == "juste"]
    assert {"380", "381", "384", "386"} == {facture.type_document for facture in justes}
    assert {"en16931", "extended-ctc-fr", "basic", "historique"} == {facture.profil for facture in justes}


def test_un_scenario_faux_reprend_la_facture_de_sa_base() -> None:
    faux, juste = lire(SCENARIOS / "faux_total_ttc.toml"), lire(SCENARIOS / "nettoyage_hopital.toml")
    assert faux.facture == juste.facture
    assert faux.attendu_pour("cii") == ("BR-CO-15",)


CHANGEMENTS = [
    ('cadre = "A1"', 'cadre = "A99"', "cadre", "A99"),
    ('cadre_norme = "S1"', 'cadre_norme = "S2"', "facture.cadre_norme", "n’admet pas"),
    ('cadre = "A1"', 'cadre = "A4"', "facture.cadre_norme", "admis : aucun"),
    ('siret = "26640318700013"', 'siret = "26640318700014"', "acheteur.siret", "dernier chiffre de contrôle"),
    ('siret = "26640318700013"', 'siret = "2664031870001"', "acheteur.siret", "13 chiffres"),
    ('tva = "FR95904152774"', 'tva = "FR94904152774"', "vendeur.tva", "clé"),
    ('iban = "FR7630099012340004567890105"', 'iban = "FR76"', "paiement.iban", "27 caractères"),
    ('iban = "FR7630099012340004567890105"', "", "paiement.iban", "demande un IBAN"),
    ('mode = "30"', 'mode = "999"', "paiement.mode", "inconnu"),
    ('type = "380"', 'type = "12"', "facture.type", "inconnu"),
    ("date = 2026-11-30", 'date = "30/11/2026"', "facture.date", "sans guillemets"),
    ("date = 2026-11-30", "date = 2026-11-30T10:00:00", "facture.date", "sans heure"),
    ("date = 2026-11-30", "", "facture.date", "manque"),
    ("echeance = 2027-01-19", "echeance = 2026-01-19", "facture", "échéance"),
    ('quantite = "412,5"', 'quantite = "beaucoup"', "ligne[1].quantite", "n’est pas un nombre"),
    ('quantite = "412,5"', 'quantite = "0"', "ligne[1]", "nulle"),
    ('quantite = "412,5"', "quantite = 412.5", "ligne[1].quantite", "texte entre guillemets"),
    ('prix = "26,40"', 'prix = "NaN"', "ligne[1].prix", "nombre"),
    ('taux = "20"', 'taux = "0"', "ligne[1].taux", "taux positif"),
    ('tva = "S"', 'tva = "M"', "ligne[1].tva", "inconnu"),
    ('nom = "Centre hospitalier de Valmont"', 'nom = ""', "acheteur.nom", "vide"),
    ('nom = "Centre hospitalier de Valmont"', 'nome = "Centre"', "acheteur.nom", "manque"),
    ('unite = "HUR"', 'unite = "HUR"\nremise = "3"', "ligne[1].remise", "inconnu"),
    ("schema = 1", "schema = 2", "schema", "version"),
    ("schema = 1", "schema = true", "schema", "entier"),
    ("schema = 1", 'schema = 1\nformats = ["docx"]', "formats", "docx"),
    ("schema = 1", 'schema = 1\nbase = "../secret"', "base", "aucun autre scénario"),
    ("schema = 1", 'schema = 1\nligne = "x"', "", "TOML"),
    ("[marche]", "[marche", "", "TOML"),
]


@pytest.mark.parametrize(("avant", "apres", "champ", "mot"), CHANGEMENTS)
def test_un_scenario_mal_ecrit_est_refuse_en_nommant_le_champ(
    tmp_path: Path, avant: str, apres: str, champ: str, mot: str
) -> None:
    texte = (SCENARIOS / "nettoyage_hopital.toml").read_text(encoding="utf-8")
    assert avant in texte
    fichier = tmp_path / "essai.toml"
    fichier.write_text(texte.replace(avant, apres, 1), encoding="utf-8")
    with pytest.raises(ErreurFacturier) as refus:
        lire(fichier)
    assert "essai.toml" in refus.value.phrase
    assert mot in refus.value.phrase
    assert "\n" not in refus.value.phrase
    if champ:
        assert f"«\u00a0{champ}\u00a0»" in refus.value.phrase
    assert refus.value.sortie == 2


def test_un_fichier_absent_ou_mal_encode_est_refuse(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes("titre = 'é'".encode("latin-1"))
    enorme = tmp_path / "enorme.toml"
    enorme.write_bytes(b"#" * (300 * 1024))
    for chemin, mot in ((latin, "UTF-8"), (tmp_path / "rien.toml", "introuvable"), (enorme, "démesuré")):
        with pytest.raises(ErreurFacturier, match=mot) as refus:
            lire(chemin)
        assert refus.value.code == "scenario-illisible"


def test_une_base_fausse_ou_trop_profonde_est_refusee(tmp_path: Path) -> None:
    for nom in ("nettoyage_hopital.toml", "faux_total_ttc.toml"):
        shutil.copy(SCENARIOS / nom, tmp_path)
    (tmp_path / "boucle.toml").write_text('schema = 1\ntitre = "t"\nrecit = "r"\nbase = "boucle_2"\n')
    (tmp_path / "boucle_2.toml").write_text('schema = 1\ntitre = "t"\nrecit = "r"\nbase = "boucle"\n')
    (tmp_path / "faux.toml").write_text('schema = 1\ntitre = "t"\nrecit = "r"\nbase = "faux_total_ttc"\n')
    for nom in ("boucle", "faux"):
        with pytest.raises(ErreurFacturier, match="tiré de trop d’autres"):
            lire(tmp_path / f"{nom}.toml")


def test_un_scenario_change_des_sections_de_sa_base_et_en_retire(tmp_path: Path) -> None:
    shutil.copy(SCENARIOS / "nettoyage_hopital.toml", tmp_path)
    tete = 'schema = 1\ntitre = "t"\nrecit = "r"\nbase = "nettoyage_hopital"\n'
    fils = tmp_path / "fils.toml"
    fils.write_text(f'{tete}sans = ["marche.code_service", "paiement"]\n[facture]\nnumero = "F-9"\n')
    lu, juste = lire(fils), lire(tmp_path / "nettoyage_hopital.toml")
    assert (lu.facture.numero, lu.facture.code_service, lu.facture.paiement) == ("F-9", "", None)
    assert (lu.facture.lignes, lu.facture.numero_marche) == (juste.facture.lignes, juste.facture.numero_marche)
    for sans, champ in (('["rien"]', "rien"), ('["facture.rien"]', "facture.rien"), ('["titre.x"]', "titre.x")):
        fils.write_text(f"{tete}sans = {sans}\n")
        with pytest.raises(ErreurFacturier, match=champ):
            lire(fils)


def test_un_profil_ne_s_ecrit_que_dans_les_formats_qu_il_a(tmp_path: Path) -> None:
    shutil.copy(SCENARIOS / "nettoyage_hopital.toml", tmp_path)
    for profil, formats in (("basic", ("cii", "facturx")), ("historique", FORMATS), ("extended-ctc-fr", FORMATS)):
        tete = 'schema = 1\ntitre = "t"\nrecit = "r"\nbase = "nettoyage_hopital"\n'
        fils = tmp_path / "fils.toml"
        fils.write_text(f'{tete}[facture]\nprofil = "{profil}"\n')
        lu = lire(fils)
        assert lu.formats == formats
        for exclu in set(FORMATS) - set(formats):
            with pytest.raises(ErreurFacturier, match=profil):
                ecrire(lu.facture, exclu)
    fils.write_text(f'{tete}formats = ["ubl"]\n[facture]\nprofil = "basic"\n')
    with pytest.raises(ErreurFacturier, match="exclu"):
        lire(fils)


def test_l_ancien_ubl_ne_s_ecrit_qu_au_cadre_dont_la_place_est_connue() -> None:
    with pytest.raises(ErreurFacturier, match="n’est pas établie"):
        ecrire(lire(SCENARIOS / "historique_sous_traitant.toml").facture, "ubl")
    ecrit = ecrire(lire(SCENARIOS / "historique_menage.toml").facture, "ubl").decode()
    assert '<cbc:ID schemeID="1">90415277400017</cbc:ID>' in ecrit
    assert "<cbc:DocumentType>Marché public</cbc:DocumentType>" in ecrit
    assert not any(absent in ecrit for absent in ("ProfileID", "CustomizationID", "EndpointID", ">VAT<", '"0009"'))
