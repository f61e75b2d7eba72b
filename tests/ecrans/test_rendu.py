"""Le dessin d’une vue : chaque bloc, chaque champ, rien de saisi n’est du HTML, seul change ce qui change."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from lxml import html

import facturier
from facturier.ecrans.blocs import Cible
from facturier.ecrans.rendu import Cadre, coder_geste, envelopper, lire_geste, rendre
from tests.ecrans import demonstration

HOSTILES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus='",
    "</textarea></option></select><b>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp;",
    "**<b>gras</b>**",
    "\x02:b0\x03",
    "javascript:alert(1)",
    "😀\u202e\u200f‮ لا",
    "a\tb\nc\r\nd",
    "'; DROP TABLE pieces; --",
    "x" * 10_000,
)


def squelette(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page and the names of their attributes: what a browser obeys."""
    return [(str(e.tag), tuple(sorted(map(str, e.attrib)))) for e in html.fragment_fromstring(page, "div").iter()]


def clair(texte: str) -> str:
    """With plain spaces, to be compared with what a person types."""
    return re.sub(r"[\u00a0\u202f]", " ", texte)


def test_chaque_champ_est_relie_a_son_libelle_et_a_son_message() -> None:
    page = html.fromstring(rendre(demonstration.poste().vue()).html())
    for champ in demonstration.FORMULAIRE.champs:
        ou = "//*[@id=$id]/ancestor::fieldset[1]/legend" if champ.presentation else "//label[@for=$id]"
        (libelle,) = page.xpath(ou, id=f"fe-c-{champ.id}")
        assert champ.libelle in libelle.text_content()
        (controle,) = page.xpath("//*[@id=$id]", id=f"fe-c-{champ.id}")
        assert controle.get("data-champ") == champ.id
        assert controle.get("name") == f"c.{champ.id}"
        porteur = controle if controle.get("aria-describedby") else controle.xpath("ancestor::fieldset")[-1]
        for decrit in porteur.get("aria-describedby").split():
            assert page.xpath("//*[@id=$id]", id=decrit), decrit


def test_une_grille_nomme_chaque_case_par_sa_ligne_et_sa_colonne() -> None:
    poste = demonstration.poste()
    poste.ouvrir(Cible("lignes"))
    page = html.fromstring(rendre(poste.vue()).html())
    for rang, (nom, titre) in itertools.product(range(3), (("libelle", "Libellé"), ("montant", "Montant"))):
        (case,) = page.xpath("//*[@id=$id]", id=f"fe-c-ligne{rang}.{nom}")
        mots = [page.xpath("//*[@id=$id]", id=i)[0].text_content() for i in case.get("aria-labelledby").split()]
        assert mots == [f"Ligne {rang}", titre]


def test_les_identifiants_sont_uniques_et_portent_le_prefixe() -> None:
    page = html.fromstring(rendre(demonstration.poste().vue(), Cadre("essai")).html())
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(i.startswith("essai-") for i in ids)


def test_rien_n_est_choisi_d_avance() -> None:
    page = html.fromstring(rendre(demonstration.poste().vue()).html())
    assert page.xpath("//option[@selected] | //input[@checked]") == []
    assert {s.xpath("option[1]/text()")[0] for s in page.xpath("//select")} == {"— choisir —"}


def test_chaque_bloc_se_dessine() -> None:
    page = html.fromstring(rendre(demonstration.poste().vue()).html())
    assert page.xpath("string(//h2)") == "Tout"
    assert page.xpath("//p/strong[.='mot fort']")
    assert clair(page.xpath("string(//td[@class='nombre'])")) == "1 234,50 €"
    assert page.xpath("//td[.='24/11/2026'] | //td[.='24/11/2026 10:42']")[1:]
    assert page.xpath("//caption[.='Un tableau']/../tbody/tr/th[@scope='row']/a[@data-objet='P0001']")
    assert page.xpath("//p[@class='vide'][contains(., 'Rien à afficher')]")
    assert page.xpath("//ol[@class='etapes']/li[@aria-current='step'][.='Deux']")
    assert page.xpath("//*[@role='img'][@aria-label='Un trait']/svg")
    assert page.xpath("//details[summary='En toutes lettres']/p[contains(., 'De 0 à 10')]")
    assert page.xpath("//section[@aria-labelledby='fe-s-ile-t']/h3[@id='fe-s-ile-t']")
    assert page.xpath("//nav//a[@aria-current='page'][.='Tout']")
    assert page.xpath("//input[@type='search'][@data-filtre='fe-c-liste'][@hidden]")
    assert not page.xpath("//input[@data-filtre='fe-c-choix']")
    assert page.xpath("//input[@type='password'][@autocomplete]")
    assert page.xpath("//form/button[1][@class='defaut'][@value='envoyer']"), "Entrée presse le bouton principal"


@pytest.mark.parametrize("texte", HOSTILES)
def test_rien_de_ce_qui_est_saisi_n_est_du_html(texte: str) -> None:
    temoin, poste = demonstration.poste(), demonstration.poste()
    sage = re.sub(r"[^*\s]", "x", texte)
    for champ in demonstration.FORMULAIRE.champs:
        if champ.genre not in ("montant", "fichier"):
            temoin.changer(champ.id, sage)
            poste.changer(champ.id, texte)
    temoin.joindre("fichier", sage[:200], b"")
    poste.joindre("fichier", texte[:200], b"")
    sans, avec = rendre(temoin.vue()).html(), rendre(poste.vue()).html()
    assert squelette(avec) == squelette(sans)
    lu = html.fromstring(avec)
    (controle,) = lu.xpath("//*[@id='fe-c-texte']")
    sans_cr = texte.replace("\r\n", "\n").replace("\x02", "").replace("\x03", "")
    assert controle.get("value").replace("\r\n", "\n").replace("\x02", "").replace("\x03", "") == sans_cr
    assert not [a for a in lu.xpath("//@href") if a != "#" and not a.startswith("#fe-")]


def test_un_montant_dit_comment_il_est_lu_et_une_faute_se_dit_a_cote() -> None:
    poste = demonstration.poste()
    poste.changer("montant", "1234,5")
    page = html.fromstring(rendre(poste.vue()).html())
    assert clair(page.xpath("string(//*[@id='fe-c-montant-m'])")) == "Lu : 1 234,50 €"
    poste.changer("montant", "mille")
    page = html.fromstring(rendre(poste.vue()).html())
    assert "n’est pas un montant" in page.xpath("string(//*[@id='fe-c-montant-m'])")
    assert page.xpath("//*[@id='fe-c-montant'][@aria-invalid='true']")


def test_un_geste_arrete_resume_ce_qui_manque_par_des_liens_vers_les_champs() -> None:
    poste = demonstration.poste()
    poste.agir("envoyer")
    page = html.fromstring(rendre(poste.vue()).html())
    (lien,) = page.xpath("//section[@class='recap']//a")
    assert lien.get("data-vers") == "fe-c-texte"
    assert "Remplissez." in lien.text_content()
    assert page.xpath("//*[@role='alert'][contains(., 'Rien n’est envoyé')]")


def test_une_frappe_ne_renvoie_que_ce_qu_elle_change() -> None:
    poste = demonstration.poste()
    avant = rendre(poste.vue())
    assert rendre(poste.vue()).changes(avant) == {}
    poste.changer("montant", "12")
    assert set(rendre(poste.vue()).changes(avant) or ()) == {"fe-f-montant"}
    poste.ouvrir(Cible("lignes"))
    changes = rendre(poste.vue()).changes(avant)
    assert changes is None or "fe-blocs" in changes


@pytest.mark.parametrize(("nombre", "attendu"), [(0, ""), (1, "p/strong"), (3, "ul/li/button"), (6, "select/option")])
def test_les_sieges_se_choisissent_selon_leur_nombre(nombre: int, attendu: str) -> None:
    page = html.fromstring(rendre(demonstration.poste(sieges=nombre).vue()).html())
    zone = page.xpath("//*[@id='fe-sieges']")[0]
    if not attendu:
        assert zone.text_content().strip() == ""
        return
    assert len(zone.xpath(f".//{attendu}")) == nombre


def test_sans_javascript_les_liens_et_les_formulaires_ont_une_adresse() -> None:
    cadre = Cadre(adresse=lambda c: f"/poste/{c.ecran}/{c.objet}", action="/poste", caches=(("preuve", "x"),))
    page = html.fromstring(envelopper(rendre(demonstration.poste().vue(), cadre).html(), adresse="/e", vue="1"))
    assert page.xpath("//nav//a/@href") == ["/poste/tout/", "/poste/lignes/"]
    for formulaire in page.xpath("//form"):
        assert formulaire.get("action") == "/poste"
        assert formulaire.xpath("input[@name='preuve']/@value") == ["x"]
    assert page.get("data-adresse") == "/e"


def test_un_geste_et_ses_valeurs_voyagent_dans_un_bouton() -> None:
    valeurs = {"quoi": "a=b&c?d é", "vide": ""}
    assert lire_geste(coder_geste("jeter", valeurs)) == ("jeter", valeurs)
    assert lire_geste("envoyer") == ("envoyer", {})


def test_nos_pages_commencent_toutes_par_le_meme_debut() -> None:
    commencent = [
        f
        for f in Path(facturier.__file__).parent.rglob("*.html")
        if '<meta name="color-scheme"' in f.read_text("utf-8")
    ]
    assert [f.name for f in commencent] == ["tete.html"]
