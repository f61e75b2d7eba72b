"""The key of a session: it opens from a folder, without a network, holds no answer, and its forms are collected."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from click.testing import CliRunner

from facturier import contenu
from facturier import session as sessions
from facturier.cle.pages import markdown
from facturier.cle.paquet import construire
from facturier.cli.commandes import facturier
from facturier.enquete.avis import lire_avis
from facturier.evaluation.bareme import lire_bareme
from facturier.evaluation.graines import Graine
from facturier.evaluation.jugement import juger
from facturier.evaluation.ramassage import ramasser

SESSION = contenu.racine() / "data" / "sessions" / "exemple.toml"
SESSION = SESSION if SESSION.is_file() else next((contenu.racine() / "data" / "sessions").glob("*.toml"))


@pytest.fixture(scope="module")
def cle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return construire(SESSION, tmp_path_factory.mktemp("cle"))


@pytest.fixture(scope="module")
def pages(cle: Path) -> dict[str, Any]:
    return {p.relative_to(cle).as_posix(): lxml.html.fromstring(p.read_bytes()) for p in sorted(cle.rglob("*.html"))}


def test_le_sommaire_mene_a_chaque_page_et_chaque_lien_a_un_fichier(cle: Path, pages: dict[str, Any]) -> None:
    sommaire = set(pages["index.html"].xpath("//a/@href"))
    assert {nom for nom in pages if nom.startswith(("lecons/", "exercices/"))} <= sommaire
    for nom, page in pages.items():
        for adresse in page.xpath("//a/@href"):
            if not adresse.startswith(("http", "#", "mailto:", "data:")):
                assert (cle / nom).parent.joinpath(adresse).resolve().exists(), (nom, adresse)


def test_rien_ne_se_charge_d_un_reseau(pages: dict[str, Any]) -> None:
    for nom, page in pages.items():
        assert not page.xpath("//script/@src | //link/@href | //img/@src[not(starts-with(., 'data:'))] | //iframe"), nom
        assert page.xpath("/html/@lang") == ["fr"]
        assert len(page.xpath("//h1")) == 1, nom


def test_les_dessins_des_travaux_sont_sur_la_cle_avec_leurs_mots(pages: dict[str, Any]) -> None:
    (lecon,) = (page for nom, page in pages.items() if nom.startswith("lecons/") and nom.endswith("avec_moe.html"))
    assert len(lecon.xpath("//figure//svg")) == 3
    assert "Étape 1" in lecon.text_content()
    assert "Acomptes précédents" in lecon.text_content()


def test_le_manifeste_dit_l_empreinte_de_chaque_fichier_et_le_zip_est_le_dossier(cle: Path) -> None:
    empreintes = json.loads((cle / "manifeste.json").read_text(encoding="utf-8"))["fichiers"]
    presents = {p.relative_to(cle).as_posix(): p for p in cle.rglob("*") if p.is_file()}
    assert set(presents) == {*empreintes, "manifeste.json"}
    assert all(hashlib.sha256(presents[nom].read_bytes()).hexdigest() == e for nom, e in empreintes.items())
    with zipfile.ZipFile(cle.with_name(f"{cle.name}.zip")) as archive:
        assert {nom.partition("/")[2] for nom in archive.namelist()} == set(presents)


def test_deux_constructions_donnent_les_memes_octets(cle: Path, tmp_path: Path) -> None:
    construire(SESSION, tmp_path)
    autre = tmp_path / f"{cle.name}.zip"
    assert autre.read_bytes() == cle.with_name(f"{cle.name}.zip").read_bytes()


def test_aucune_cle_de_quiz_n_est_sur_la_cle(cle: Path) -> None:
    tout = "\n".join(p.read_text(encoding="utf-8") for p in sorted(cle.rglob("*.html")))
    for quiz in sorted(contenu.racine().glob("source/*/quiz.toml")):
        for item in tomllib.loads(quiz.read_text(encoding="utf-8"))["item"]:
            for retour in [c["retour"] for c in item.get("choix", ())] + [item.get("retour_faux", "")]:
                assert not retour or retour not in tout, item["id"]


def test_le_html_d_un_texte_se_montre_et_ne_s_execute_pas() -> None:
    assert "<script>" not in markdown("Bonjour <script>alert(1)</script> [x](javascript:alert(1))")
    assert not re.search(r'href="javascript:', markdown("[x](javascript:alert(1))"))


def test_un_fichier_rendu_par_une_page_est_ramasse_sous_le_prenom(cle: Path, tmp_path: Path, rendu: Path) -> None:
    dossier = tmp_path / "rendus"
    dossier.mkdir()
    shutil.copy(rendu, dossier)
    baremes = {c.slug: lire_bareme(c) for c in contenu.chapitres() if c.exercices is not None}
    (lea,) = ramasser(dossier, baremes, None)
    assert lea.id == "lea"
    assert lea.devoirs["echeances"].annexe["echeances_retard"].valeurs["ec_limite"]
    assert not lea.devoirs["echeances"].annexe["echeances_retard"].journal


def test_les_questions_de_la_session_remplies_hors_ligne_se_jugent_sans_remarque(
    cle: Path, tmp_path: Path, quiz_rempli: Path
) -> None:
    dossier = tmp_path / "rendus"
    dossier.mkdir()
    shutil.copy(quiz_rempli, dossier)
    chapitre = contenu.chapitre("quiz_entree")
    (lea,) = ramasser(dossier, {"quiz_entree": lire_bareme(chapitre)}, None)
    seance = sessions.lire(SESSION)
    graine = Graine(seance.id, seance.jour)
    bareme = lire_bareme(chapitre, graine)
    for exercice in bareme.exercices:
        reponse = lea.devoirs["quiz_entree"].annexe[exercice.id]
        assert reponse.graine == graine.texte()
        assert set(reponse.valeurs) == {item.id for item in exercice.items}
        resultat = juger(lire_bareme(chapitre).par_id[exercice.id], reponse)
        assert resultat.remarques == ()
        assert {c.statut for c in resultat.criteres} <= {"juste", "partiel", "faux"}


@pytest.fixture(scope="module")
def quiz_rempli(cle: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every question of the first quiz, answered by the keyboard and the mouse, the network off."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as pilote:
        navigateur = pilote.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        contexte = navigateur.new_context(locale="fr-FR", offline=True, accept_downloads=True)
        page = contexte.new_page()
        page.goto((cle / "exercices" / "quiz_entree.html").as_uri())
        for groupe in page.locator("[data-question]").all():
            if groupe.locator("select").count():
                for rang, menu in enumerate(groupe.locator("select").all(), start=1):
                    menu.select_option(index=min(rang, menu.locator("option").count() - 1))
            elif groupe.locator("input[type=text]").count():
                groupe.locator("input[type=text]").fill("entre 12 et 13")
                page.keyboard.press("Tab")
                assert "à relire\u00a0: écrivez un" in groupe.locator("legend").inner_text()
                groupe.locator("input[type=text]").fill("24/11/2026" if "année" in groupe.inner_text() else "12,5")
                page.keyboard.press("Tab")
            else:
                groupe.locator("[data-champ]").first.focus()
                page.keyboard.press("Space")
            assert "répondu" in groupe.locator("legend").inner_text()
        premiere = page.locator("[data-question]", has=page.locator("input[type=radio]")).first
        premiere.get_by_role("button", name="Effacer ma réponse").click()
        assert "1 question sans réponse" in page.inner_text("#etat")
        premiere.locator("input").last.check()
        page.fill("#prenom", "Léa")
        rapport = Axe().run(page).response
        graves = [v["id"] for v in rapport["violations"] if v["impact"] in ("serious", "critical")]
        assert graves == []
        page.get_by_role("button", name="Faire le fichier à rendre").click()
        with page.expect_download() as descente:
            page.get_by_role("button", name="Oui, faire le fichier").click()
        fichier = tmp_path_factory.mktemp("quiz") / descente.value.suggested_filename
        descente.value.save_as(fichier)
        navigateur.close()
    return fichier


@pytest.fixture(scope="module")
def rendu(cle: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a learner's browser makes of a page of the key, the network off: filled, reloaded, handed in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as pilote:
        navigateur = pilote.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        contexte = navigateur.new_context(locale="fr-FR", offline=True, accept_downloads=True)
        page = contexte.new_page()
        fautes: list[str] = []
        page.on("pageerror", lambda faute: fautes.append(str(faute)))
        page.on("console", lambda dit: fautes.append(dit.text) if dit.type == "error" else None)
        page.goto((cle / "index.html").as_uri())
        page.get_by_role("link", name=re.compile("^Les exercices : Les échéances")).click()
        page.get_by_label("Le 19 novembre 2026").check()
        page.get_by_role("group", name="De combien de jours").get_by_role("textbox").fill("19")
        page.keyboard.press("Tab")
        assert "Réponse enregistrée à" in page.inner_text("#etat")
        page.reload()
        assert page.get_by_label("Le 19 novembre 2026").is_checked()
        page.get_by_role("button", name="Faire le fichier à rendre").click()
        assert "Écrivez d’abord votre prénom" in page.inner_text("#recap-p")
        page.get_by_role("button", name="Non, continuer").click()
        page.fill("#prenom", "Léa")
        page.get_by_role("button", name="Faire le fichier à rendre").click()
        with page.expect_download() as descente:
            page.get_by_role("button", name="Oui, faire le fichier").click()
        fichier = tmp_path_factory.mktemp("rendu") / descente.value.suggested_filename
        descente.value.save_as(fichier)
        assert "Reçu n°" in page.inner_text("#recu")
        navigateur.close()
    assert fautes == []
    return fichier


def test_un_exercice_du_portail_dit_son_histoire_et_mene_a_son_carnet(pages: dict[str, Any]) -> None:
    (avis,) = pages["exercices/compte_creer.html"].xpath("//div[@class='avis']")
    dit = " ".join(avis.text_content().split())
    assert dit.startswith("Un compte prêt à facturer")
    assert "Le compte à créer et à paramétrer" in dit
    assert avis.xpath(".//a/@href") == ["../carnets/release/compte_creer/exercices.ipynb"]


def test_l_enquete_remplie_hors_ligne_donne_un_avis_sans_nom(avis_rempli: Path) -> None:
    un = lire_avis(avis_rempli)
    assert avis_rempli.name == un.nom_fichier
    assert (un.notes, un.textes) == ({"rythme": "3", "ensemble": "0"}, {"utile": "=1+1 <b>Le portail</b>"})
    assert set(json.loads(avis_rempli.read_text("utf-8"))) == {"schema", "enquete", "avis", "revision", "valeurs"}


@pytest.fixture
def avis_rempli(cle: Path, chromium: str, tmp_path: Path) -> Path:
    """The survey of the key, filled and made a file, the network off."""
    from playwright.sync_api import sync_playwright

    (enquete,) = (cle / "lecons").glob("*_satisfaction.html")
    with sync_playwright() as pilote:
        navigateur = pilote.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = navigateur.new_context(locale="fr-FR", offline=True, accept_downloads=True).new_page()
        page.goto(enquete.as_uri())
        page.get_by_role("group", name="Le rythme").get_by_label("Plutôt d’accord").check()
        page.get_by_label("Ce qui vous servira le plus").fill("=1+1 <b>Le portail</b>")
        page.keyboard.press("Tab")
        page.reload()
        assert page.get_by_role("group", name="Le rythme").get_by_label("Plutôt d’accord").is_checked()
        page.get_by_role("group", name="Dans l’ensemble").get_by_label("Sans avis").check()
        with page.expect_download() as descente:
            page.get_by_role("button", name="Faire le fichier de mon avis").click()
        fichier = tmp_path / descente.value.suggested_filename
        descente.value.save_as(fichier)
        assert "sans nom ni heure" in page.inner_text("#recu")
        navigateur.close()
    return fichier


def test_la_commande_dit_ou_est_la_cle(tmp_path: Path) -> None:
    faux = CliRunner().invoke(facturier, ["cle-usb", str(tmp_path / "absente.toml")])
    assert faux.exit_code != 0
    assert "absente.toml" in str(faux.exception or faux.output)


@pytest.mark.navigateur
def test_aucune_page_ne_defile_de_cote_sur_un_telephone(cle: Path, chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    debordantes = []
    with sync_playwright() as pilote:
        navigateur = pilote.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = navigateur.new_context(locale="fr-FR", offline=True, viewport={"width": 390, "height": 844}).new_page()
        for fichier in sorted(cle.rglob("*.html")):
            page.goto(fichier.as_uri())
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                debordantes.append(fichier.name)
        navigateur.close()
    assert debordantes == []
