"""Les écrans du portail en pages simples : chacun lisible par tous, le même chemin à la souris, au clavier, au doigt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from facturier.ecrans.blocs import Cible
from facturier.ecrans.catalogue import ECRANS
from facturier.portail.assistance import arbre
from tests.ecrans.joueur import Joueur
from tests.navigateur.test_animateur import CONTRASTES
from tests.navigateur.ecole import FACTURE, FIL, Ecole, compte_en_regle, groupe_au_travail, joue, servie

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ECRAN = ".facturier-ecran"
PLACES = {
    **dict.fromkeys(("travaux_projet", "travaux_suivante", "valider", "marche", "fiche", "geste", "horloge"), "groupe"),
    **dict.fromkeys(("recit", "recherche", "tableau_de_bord"), "groupe"),
}
"""Where a screen has the most to show: a works group, else a learner whose account is created and attached."""
AUSSI_LA_NUIT = ("tableau_de_bord", "fiche", "saisie_lignes", "sollicitation")
"""Looked at by axe-core in the dark too (its contrasts are slow): links, labels, tables, messages, fields, drawings."""
CONFORME = """() => {
  const racine = document.querySelector(".facturier-ecran"), defauts = [];
  const vus = (s) => [...racine.querySelectorAll(s)].filter((e) => e.checkVisibility() && !e.classList.contains("defaut"));
  const dire = (quoi, e) => defauts.push(quoi + " : " + (e.outerHTML || e).slice(0, 140));
  for (const e of vus("input:not([type=hidden]), select, textarea")) {
    if (!e.labels.length && !e.getAttribute("aria-labelledby") && !e.getAttribute("aria-label")) dire("sans étiquette", e);
    for (const id of (e.getAttribute("aria-describedby") || "").split(" ").filter(Boolean))
      if (!document.getElementById(id)) dire("description absente", e);
    if (e.getAttribute("aria-invalid") && !document.getElementById(e.id + "-m").textContent.trim()) dire("erreur muette", e);
  }
  for (const e of vus("[tabindex]")) if (e.tabIndex > 0 || (e.tabIndex < 0 && e.nodeName !== "H2")) dire("hors du clavier", e);
  const titres = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((e) => e.checkVisibility());
  const rangs = titres.map((e) => Number(e.nodeName[1]));
  if (rangs.filter((r) => r === 1).length !== 1 || rangs[0] !== 1) dire("un seul h1, en tête", rangs.join(" "));
  if (rangs.filter((r) => r === 2).length !== 1) dire("un seul h2, le titre de l’écran", rangs.join(" "));
  rangs.forEach((r, n) => { if (n && r > rangs[n - 1] + 1) dire("niveau sauté", titres[n]); });
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids)) if (ids.filter((i) => i === id).length > 1) dire("identifiant double", id);
  const lieux = vus("form.ecran input:not([type=hidden]), form.ecran select, form.ecran textarea, form.ecran button")
    .filter((e) => !e.closest("table")).map((e) => [e.getBoundingClientRect(), e]);
  lieux.forEach(([r, e], n) => { if (n && r.bottom <= lieux[n - 1][0].top) dire("ordre de lecture", e); });
  return defauts;
}"""
"""What a machine can see of a screen beside axe-core: names, errors, headings, order of reading."""
SERRE = """() => {
  const defauts = [], large = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > large) {
    defauts.push("la page défile de côté");
    for (const e of document.querySelectorAll(".facturier-ecran *"))
      if (e.getBoundingClientRect().right > large + 1 && !e.parentElement.closest(".deborde"))
        defauts.push("dépasse : " + e.outerHTML.slice(0, 120));
  }
  const cibles = "button, summary, nav a, .liens a, header a, select, textarea, input:not([type=hidden])";
  for (const e of document.querySelectorAll(cibles)) {
    if (!e.checkVisibility() || e.matches(".defaut, .cache, .evitement")) continue;
    const r = e.matches("[type=checkbox], [type=radio]") ? e.labels[0].getBoundingClientRect() : e.getBoundingClientRect();
    const dehors = e.matches("[type=checkbox], [type=radio]") ? 24 : 43.5;
    if (r.height < dehors || r.width < dehors) defauts.push(`petit (${r.width | 0} × ${r.height | 0}) : ${e.outerHTML.slice(0, 120)}`);
  }
  return defauts;
}"""
"""On a small screen: nothing beyond the page, nothing too small for a finger."""


@pytest.fixture(scope="module")
def navigateur(chromium: str) -> Iterator[Browser]:
    """One browser for the module, in a thread of its own."""
    from playwright.sync_api import sync_playwright

    pilote = FIL.submit(lambda: sync_playwright().start()).result()
    options = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
    ouvert = FIL.submit(lambda: pilote.chromium.launch(executable_path=chromium, args=options)).result()
    yield ouvert
    FIL.submit(ouvert.close).result()
    FIL.submit(pilote.stop).result()


@pytest.fixture(scope="module")
def ecole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ecole]:
    with servie(tmp_path_factory.mktemp("classe")) as ecole:
        yield ecole


@pytest.fixture
def ouvrir(navigateur: Browser, ecole: Ecole) -> Iterator[Callable[..., Page]]:
    """A page of somebody of the class; nothing it asks may leave this machine, nothing may fail in it."""
    contextes: list[Any] = []
    ennuis: list[str] = []

    def page(prenom: str, **reglages: Any) -> Page:
        contexte = navigateur.new_context(locale="fr-FR", **{"viewport": {"width": 1280, "height": 900}, **reglages})
        contexte.set_default_timeout(10_000)
        contextes.append(contexte)
        ouverte = ecole.entrer(contexte, prenom)
        surveiller(ouverte, ecole.adresse, ennuis)
        return ouverte

    yield page
    for contexte in contextes:
        FIL.submit(contexte.close).result()
    assert ennuis == []


def surveiller(page: Page, adresse: str, ennuis: list[str]) -> None:
    page.on("console", lambda dit: ennuis.append(dit.text) if dit.type == "error" else None)
    page.on("pageerror", lambda erreur: ennuis.append(str(erreur)))
    page.on("request", lambda r: ennuis.append(r.url) if not r.url.startswith((adresse, "data:", "blob:")) else None)


# --- each screen ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def visite(navigateur: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The page of each place, and the address there of each screen."""
    with (
        servie(tmp_path_factory.mktemp("groupe")) as groupe,
        servie(tmp_path_factory.mktemp("compte"), situation="compte_a_creer") as compte,
    ):
        espace = groupe_au_travail(groupe)
        siret = compte_en_regle(compte)
        feuille = next(f.id for f in arbre().feuilles.values() if f.destination == "support")
        joueur = Joueur(compte.poste("Noé"))
        joueur.ouvrir(Cible("sollicitation_ouvrir", feuille))
        joueur.saisir(destinataire="support", sujet="Mon lien", texte="Il ne marche plus.")
        joueur.cliquer("ouvrir")
        objets = {
            "fiche": "P0002",
            "geste": "P0001:suspendre",
            "travaux_suivante": "P0002",
            "valider": "P0002",
            "marche": groupe.classe.marche.numero,
            "annuaire_fiche": siret,
            "structure": siret,
            "sollicitation": "T0001",
            "sollicitation_ouvrir": feuille,
        }

        moe = f"moe:{groupe.classe.marche.moe}:"
        sieges = {"geste": f"destinataire:{FACTURE['destinataire_siret']}:", "travaux_suivante": moe, "valider": moe}
        titulaire = f"fournisseur:{groupe.classe.marche.titulaire}:"

        def pages() -> dict[str, Any]:
            contextes = {nom: navigateur.new_context(locale="fr-FR") for nom in ("groupe", "compte")}
            return {
                "groupe": groupe.entrer(contextes["groupe"], "Maud"),
                "compte": compte.entrer(contextes["compte"], "Noé"),
            }

        ouvertes = FIL.submit(pages).result()

        def aller(ecran: str) -> Page:
            place = PLACES.get(ecran, "compte")
            page, ecole = ouvertes[place], {"groupe": groupe, "compte": compte}[place]
            page.set_viewport_size({"width": 1280, "height": 900})
            page.emulate_media(color_scheme="light")
            lieu = {"ecran": ecran, "objet": objets.get(ecran, "")}
            if place == "groupe":
                lieu |= {"espace": espace, "siege": sieges.get(ecran, titulaire)}
            page.goto(f"{ecole.adresse}/poste?{urlencode({k: v for k, v in lieu.items() if v})}")
            return page

        yield aller
        for page in ouvertes.values():
            FIL.submit(page.context.close).result()


@pytest.mark.parametrize("ecran", ECRANS)
@joue
def test_chaque_ecran_se_lit_de_jour_de_nuit_au_doigt_et_agrandi(
    ecran: str, visite: Callable[[str], Page], manquements_graves: Callable[..., list[str]]
) -> None:
    page = visite(ecran)
    assert page.locator(f"{ECRAN} nav [aria-current], {ECRAN} h2").count()
    assert page.locator(f"{ECRAN} .avis.erreur").all_inner_texts() == []
    assert page.evaluate(CONFORME) == []
    assert manquements_graves(page, "body") == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(CONTRASTES) == []
    if ecran in AUSSI_LA_NUIT:
        assert manquements_graves(page, "body", {"runOnly": ["color-contrast"]}) == []
    for largeur in (768, 640):
        page.set_viewport_size({"width": largeur, "height": 900})
        assert page.evaluate(SERRE) == [], largeur
