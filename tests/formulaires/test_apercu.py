"""L’aperçu d’une facture dans un carnet : lisible, accessible, et qui n’obéit à rien de ce que contient le fichier."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from facturier import contenu
from facturier.efacture import texte_pdf, valider
from facturier.efacture.lot import Ouvrier
from facturier.efacture.page import composer
from facturier.erreurs import ErreurFacturier
from facturier.formulaires import apercu as module
from facturier.formulaires.apercu import apercu, presenter, trouver

FACTURES = contenu.racine() / "data" / "factures"


def _apercu(nom: str, dossier: Path = FACTURES) -> tuple[str, str]:
    """What ``apercu`` shows, the file being judged in this process: an engine started once for all tests."""
    chemin = trouver(nom, dossier)
    return presenter(composer(chemin, valider(chemin)), chemin)


def _vue(nom: str, dossier: Path = FACTURES) -> Any:
    return html.fromstring(_apercu(nom, dossier)[0])


def _texte(noeud: Any) -> str:
    return " ".join(noeud.text_content().split())


def test_chaque_champ_porte_son_code_et_le_constat_est_sous_son_champ(tmp_path: Path) -> None:
    vue = _vue("faux_total_ttc.ubl.xml", tmp_path)
    (champ,) = [ligne for ligne in vue.iter("tr") if _texte(ligne).startswith("Total toutes taxes comprises BT-112")]
    assert _texte(champ).endswith("15 952,80 €")
    constat = _texte(champ.getnext())
    assert constat.startswith("✘ Erreur BR-CO-15 : ")
    assert "soit 72,00 € de trop" in constat
    assert "À faire : Additionnez le hors taxe et la TVA" in constat
    assert "Verdict : invalide (1 erreur)" in _texte(vue)


def test_les_differences_entre_pdf_et_xml_sont_en_tete_et_dans_un_tableau(tmp_path: Path) -> None:
    source, texte = apercu("pdf_d_un_autre_compte.facturx.pdf", tmp_path)
    vue = html.fromstring(source)
    assert texte.endswith("valide. Le PDF et le XML ne disent pas la même chose : compte à créditer.")
    alerte, tableau = vue.find_class("fx-avertissement")[0], vue.find_class("fx-cote")[0].find(".//table")
    assert "Le PDF et le XML ne disent pas la même chose" in _texte(alerte)
    assert [_texte(case) for case in tableau.iterfind("./tbody/tr/*")] == [
        "Compte à créditer BT-84",
        "FR76 3009 9123 4000 1111 1111 103",
        "FR76 3009 9123 4000 2222 2222 289",
        "✘ différent",
    ]
    assert "28 informations identiques" in _texte(vue)


@pytest.mark.parametrize(
    "nom",
    [
        "menage_val_fictif.cii.xml",
        "virement_sans_iban.facturx.pdf",
        "historique_siret_faux.cii.xml",
        "remises_et_frais.ubl.xml",
        "taux_inconnu.ubl.xml",
        "remise_sans_motif.cii.xml",
        "pdf_tronque.facturx.pdf",
    ],
)
def test_la_page_suit_le_rgaa_et_ne_demande_rien_a_personne(tmp_path: Path, nom: str) -> None:
    vue = _vue(nom, tmp_path)
    niveaux = [int(titre.tag[1]) for titre in vue.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert niveaux[0] == 3
    assert all(suivant <= niveau + 1 for niveau, suivant in pairwise(niveaux))
    assert all(tete.get("scope") in ("row", "col") for tete in vue.iter("th"))
    assert all(tableau.find("caption") is not None for tableau in vue.iter("table"))
    assert {balise.tag for balise in vue.iter()} & {"script", "img", "link", "iframe", "form", "input"} == set()
    assert [a for noeud in vue.iter() for a in noeud.attrib if a.startswith("on") or a in ("src", "href")] == []
    assert "url(" not in "".join(style.text for style in vue.iter("style"))
    constats = vue.find_class("fx-constat")
    assert len(constats) == len(valider(FACTURES / nom).constats)
    for constat in constats:
        assert constat.find("strong").text.split()[0] in ("Erreur", "Avertissement", "Note")


def test_ce_qu_ecrit_un_fichier_est_montre_et_jamais_obei(tmp_path: Path) -> None:
    piege = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;\u202e" + "A" * 5000
    xml = (FACTURES / "menage_val_fictif.ubl.xml").read_text(encoding="utf-8")
    for avant in ("Remise en état des sols du hall", "Nettoyage Propre-Exemple", "NPE-2026-1140"):
        assert avant in xml
        xml = xml.replace(avant, piege)
    (tmp_path / "piege<b>.xml").write_text(xml, encoding="utf-8")
    source, _ = _apercu("piege<b>.xml", tmp_path)
    vue = html.fromstring(source)
    assert list(vue.iter("script", "img", "b")) == []
    assert "<script>alert(1)</script>" in vue.text_content()
    assert "\u202e" not in source
    assert "A" * 1600 not in source


def test_un_pdf_sans_texte_se_montre_quand_meme(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    ecrivain = PdfWriter(clone_from=FACTURES / "menage_val_fictif.facturx.pdf")
    for page in ecrivain.pages:
        page["/Contents"].get_object().set_data(b"0 0 9 9 re f")
    ecrivain.write(tmp_path / "image.pdf")
    vue = _vue("image.pdf", tmp_path)
    assert "Ce PDF n’a pas de texte lisible (c’est sans doute une image numérisée)" in _texte(vue)
    assert "NPE-2026-1140" in [_texte(case) for case in vue.iter("td")]


def test_un_fichier_illisible_dit_pourquoi(tmp_path: Path) -> None:
    (tmp_path / "note.xml").write_text("Bonjour", encoding="utf-8")
    vue = _texte(_vue("note.xml", tmp_path))
    assert "Verdict : illisible" in vue
    assert "Erreur SEC-" in vue


def test_le_fichier_du_carnet_passe_avant_l_exemple_du_kit(tmp_path: Path) -> None:
    nom = "menage_val_fictif.ubl.xml"
    assert trouver(nom, tmp_path) == FACTURES / nom
    assert trouver(f"juste/{nom}", tmp_path) == FACTURES / nom
    (tmp_path / nom).write_text("à moi")
    assert trouver(nom, tmp_path) == tmp_path / nom


@pytest.mark.parametrize(
    "nom", ["", "absent.xml", "../factures/menage_val_fictif.ubl.xml", "juste/", "x" * 9999, "a\0b"]
)
def test_un_nom_qui_ne_mene_a_rien_est_dit_en_une_phrase(tmp_path: Path, nom: str) -> None:
    with pytest.raises(ErreurFacturier, match="introuvable") as refus:
        trouver(nom, tmp_path)
    assert len(refus.value.phrase) < 400


def test_un_carnet_ne_charge_les_regles_qu_une_fois(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both readings of two Factur-X, and a UBL: one process is started, for all."""
    lances = []
    lancer = subprocess.Popen

    def compter(*commande: Any, **reste: Any) -> Any:
        lances.append(commande[0])
        return lancer(*commande, **reste)

    module._ouvrier.cache_clear()
    monkeypatch.setattr(subprocess, "Popen", compter)
    for nom in ("menage_val_fictif.facturx.pdf", "pdf_d_un_autre_compte.facturx.pdf", "faux_total_ttc.ubl.xml"):
        assert apercu(nom, tmp_path)[1]
    assert len(lances) == 1


def test_un_pdf_qui_tue_son_lecteur_ne_prive_pas_les_suivants(tmp_path: Path) -> None:
    (abime := tmp_path / "abime.pdf").write_bytes(b"%PDF-1.7\n" + b"\xff" * 2000)
    with Ouvrier() as seul:
        with pytest.raises(ErreurFacturier, match="protégé, abîmé ou démesuré"):
            seul.texte(abime)
        texte = seul.texte(FACTURES / "menage_val_fictif.facturx.pdf")
        assert texte == texte_pdf.lire((FACTURES / "menage_val_fictif.facturx.pdf").read_bytes())
        assert seul.juger(FACTURES / "menage_val_fictif.facturx.pdf").verdict == "valide"
