"""A trainer animates a class by keyboard alone, in a real browser: the page follows the learners by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.liaison.client import Liaison
from facturier.portail import Acteur, Annuaire
from facturier.registre import RegistreClasse
from facturier.serveur import Animateurs, Classe
from facturier.serveur.lancement import en_fond
from tests.navigateur.ecole import FACTURE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CAPTURES = Path(__file__).resolve().parents[2] / "build" / "captures"
ELECTRICIEN = "99990011100017"
CONTRASTES = """() => {
  const lire = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m; };
  const lumiere = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
  const fond = (e) => { for (let n = e; n; n = n.parentElement) { const c = lire(getComputedStyle(n).backgroundColor);
    if (c) return c; } return [255, 255, 255]; };
  const faibles = [];
  for (const e of document.querySelectorAll("body *")) {
    const dit = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!dit || !e.checkVisibility() || e.closest(".cache, .evitement, option")) continue;
    const [a, b] = [lumiere(lire(getComputedStyle(e).color)), lumiere(fond(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faibles.push(e.outerHTML.slice(0, 120));
  }
  return faibles;
}"""
"""Texts whose contrast with what is behind them is under 4.5 to 1."""
SANS_NOM = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href]")]
  .filter((e) => !(e.labels?.length || e.textContent.trim() || e.getAttribute("aria-label")))
  .map((e) => e.outerHTML.slice(0, 120))"""
IDENTIFIANTS_DOUBLES = """() => { const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  return ids.filter((id, n) => ids.indexOf(id) !== n); }"""


@contextmanager
def classe_servie(dossier: Path) -> Iterator[tuple[Classe, str, str]]:
    """A class, its address, and the trainer's one-time link."""
    with ExitStack() as pile:
        registre = RegistreClasse.fichier(dossier / "classe.sqlite")
        depart = datetime(2026, 11, 24, 10, 42)
        debut = datetime.now()
        classe = Classe(registre, Annuaire.charger(), graine="essai", horloge=lambda: depart + (datetime.now() - debut))
        pile.callback(classe.fermer)
        animateurs = Animateurs(registre, classe.ecrivain, classe.horloge)
        adresse = pile.enter_context(en_fond(classe, animateurs))
        yield classe, adresse, f"{adresse}/animateur/entrer?jeton={animateurs.lien()}"


def dans_un_navigateur(chromium: str, jouer: Callable[[Page], None], **contexte: Any) -> list[str]:
    """Play in a browser of its own thread (another may be open in this one); what it asked of other machines."""

    def ouvrir() -> list[str]:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as pilote:
            navigateur = pilote.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            reglages = {"locale": "fr-FR", "viewport": {"width": 1280, "height": 900}, **contexte}
            page = navigateur.new_context(**reglages).new_page()
            page.set_default_timeout(15_000)
            demandes: list[str] = []
            page.on("request", lambda demande: demandes.append(demande.url))
            page.on("console", lambda dit: demandes.append(f"console : {dit.text}") if dit.type == "error" else None)
            try:
                jouer(page)
            finally:
                CAPTURES.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=CAPTURES / "animateur.png", full_page=True)
                navigateur.close()
            return demandes

    with ThreadPoolExecutor(1) as fil:
        return fil.submit(ouvrir).result()


def aller(page: Page, cible: Locator, touche: str = "Enter") -> None:
    """Reach it by the Tab key only, then press the key."""
    cible.wait_for()
    for _ in range(120):
        if cible.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    assert cible.evaluate("e => e === document.activeElement"), f"hors d’atteinte au clavier : {cible}"
    page.keyboard.press(touche)


def accessible(page: Page) -> None:
    """What a machine can see of it: names, headings, contrasts, identifiers."""
    assert page.evaluate(CONTRASTES) == []
    assert page.evaluate(SANS_NOM) == []
    assert page.evaluate(IDENTIFIANTS_DOUBLES) == []
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_une_seance_s_anime_au_clavier_seul(chromium: str, tmp_path: Path) -> None:
    with classe_servie(tmp_path) as (classe, adresse, lien):

        def jouer(page: Page) -> None:
            page.goto(lien)
            assert page.url == f"{adresse}/animateur"
            page.get_by_text("Personne n’a encore rejoint la classe").wait_for()
            lea, noe = (Liaison.rejoindre(adresse, classe.code, prenom) for prenom in ("Léa", "Noé"))
            page.get_by_role("link", name="Léa").wait_for()
            page.get_by_role("link", name="Noé").wait_for()

            lea.guichet(Acteur("fournisseur", ELECTRICIEN)).deposer(FACTURE)
            noe.demander_aide()
            page.get_by_role("status").get_by_text("demande d’aide").wait_for()
            aller(page, page.get_by_role("button", name="Marquer comme vue"))
            page.get_by_text("est marquée comme vue").wait_for()
            assert not noe.moi().aide
            accessible(page)

            aller(page, page.get_by_role("link", name="Léa"))
            aller(page, page.get_by_role("link", name="P0001"))
            aller(page, page.locator("summary", has_text=re.compile(r"^Rejeter\s+au nom")))
            motif = page.locator("details[open]").get_by_label("Motif")
            aller(page, motif, "d")
            assert motif.input_value() != ""
            aller(page, page.locator("details[open]").get_by_role("button"))
            page.get_by_text("est fait au nom de").wait_for()
            accessible(page)
            assert noe.espace(noe.moi().solo).n == 0
            statut = classe.espace(lea.moi().solo).lire(lambda portail: portail.piece("P0001").statut)
            assert statut == "REJETEE"

            aller(page, page.get_by_role("link", name="Groupes").first)
            aller(page, page.get_by_role("button", name="Former ces groupes"))
            page.get_by_text("Groupe 1").wait_for()
            accessible(page)
            aller(page, page.get_by_role("button", name="Confirmer"))
            page.get_by_text("Groupes formés").wait_for()
            assert (lea.moi().groupe, noe.moi().groupe) == ("groupe-1-1", "groupe-1-1")
            accessible(page)

            avant = classe.espace("groupe-1-1").lire(lambda portail: portail.maintenant.date())
            aller(page, page.get_by_role("link", name="Qui est où"))
            aller(page, page.get_by_label("Avancer de"), "3")
            page.keyboard.press("0")
            aller(page, page.get_by_role("button", name="Avancer l’horloge"))
            page.get_by_text("a avancé de 30 jours").wait_for()
            apres = classe.espace("groupe-1-1").lire(lambda portail: portail.maintenant.date())
            assert (apres - avant).days == 30

            aller(page, page.get_by_role("link", name="Projection"))
            page.get_by_role("heading", name="Groupe 1").wait_for()
            page.get_by_text("24 décembre 2026").wait_for()
            lu = page.locator("body").inner_text()
            assert classe.code in lu
            assert not {"Léa", "Noé", "FA-2026-0042"} & set(re.findall(r"[\w-]+", lu))
            accessible(page)
            for liaison in (lea, noe):
                liaison.fermer()

        demandes = dans_un_navigateur(chromium, jouer)
        assert [url for url in demandes if not url.startswith(adresse)] == []
        assert [url for url in demandes if "jeton" in url] == [lien]


def test_le_circuit_d_un_groupe_se_choisit_au_clavier_et_se_lit(chromium: str, tmp_path: Path) -> None:
    with classe_servie(tmp_path) as (classe, adresse, lien):

        def jouer(page: Page) -> None:
            page.goto(lien)
            for prenom in ("Léa", "Noé", "Zoé"):
                classe.rejoindre(classe.code, prenom)
            page.goto(f"{adresse}/animateur/groupes")
            choix = page.get_by_label("Circuit joué par ces groupes")
            aller(page, choix, "End")  # the last one of the list: a group with a cotraitant and a subcontractor
            assert choix.input_value() == "2026-ENT-019+"
            for _ in range(10):
                if choix.input_value() == "2026-TVX-014+":
                    break
                page.keyboard.press("ArrowUp")
            aller(page, page.get_by_role("button", name="Former ces groupes"))
            page.get_by_text("Sous-traitant (Zinguerie Gouttière-Fictive)").wait_for()
            accessible(page)
            aller(page, page.get_by_role("button", name="Confirmer"))
            page.get_by_text("Circuit joué\u00a0:").wait_for()
            accessible(page)
            CAPTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=CAPTURES / "groupes.png", full_page=True)
            page.set_viewport_size({"width": 320, "height": 700})
            accessible(page)
            page.screenshot(path=CAPTURES / "groupes-etroit.png", full_page=True)
            page.set_viewport_size({"width": 1280, "height": 900})

            autre = page.get_by_label("Autre circuit pour le Groupe 1")
            aller(page, autre, "End")
            aller(page, page.get_by_role("button", name="Changer de circuit"))
            aller(page, page.get_by_role("button", name="Confirmer"))
            page.get_by_text("a changé de circuit").wait_for()
            accessible(page)
            assert classe.montage_de(classe.participants.participant("lea").groupe).code == "2026-ENT-019+"

        assert [url for url in dans_un_navigateur(chromium, jouer) if not url.startswith(adresse)] == []


def test_sans_script_la_page_s_actualise_par_son_bouton_et_tient_sur_un_petit_ecran_sombre(
    chromium: str, tmp_path: Path
) -> None:
    with classe_servie(tmp_path) as (classe, _, lien):

        def jouer(page: Page) -> None:
            page.goto(lien)
            classe.rejoindre(classe.code, "Léa")
            aller(page, page.get_by_role("link", name="Actualiser"))
            aller(page, page.get_by_role("link", name="Léa"))
            page.get_by_role("heading", name="Léa", exact=True).wait_for()
            assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 22, 22)"
            accessible(page)

        petit = {"width": 390, "height": 800}
        dans_un_navigateur(chromium, jouer, java_script_enabled=False, viewport=petit, color_scheme="dark")
