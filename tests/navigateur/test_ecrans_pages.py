"""Les écrans du portail en pages simples : chacun lisible par tous, le même chemin à la souris, au clavier, au doigt."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from facturier.champs import def_facture as defs
from facturier.ecrans.blocs import Cible
from facturier.ecrans.catalogue import ECRANS
from facturier.portail.assistance import arbre
from tests.ecrans.joueur import Joueur
from tests.navigateur.test_animateur import CONTRASTES
from tests.navigateur.ecole import FACTURE, FIL, Ecole, compte_en_regle, groupe_au_travail, joue, servie

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TABLETTE, AGRANDI, TELEPHONE = 768, 640, 390
"""CSS pixels across: a tablet, a screen of 1280 at 200 %, a phone."""
ECRAN = ".facturier-ecran"
REFERENCES = Path(__file__).parent / "images"
IMAGES = ("tableau_de_bord", "saisie_cadre", "fiche", "marche", "structure")
ECART_MAX = 5.0
"""Mean difference of grey, of 255, between a screen and its reference: fonts differ from a machine to another."""
COMPARER = """async ([vue, reference]) => {
  const gris = async (png) => {
    const image = new Image();
    image.src = "data:image/png;base64," + png;
    await image.decode();
    const toile = document.createElement("canvas");
    [toile.width, toile.height] = [320, Math.round((320 * image.height) / image.width)];
    const crayon = toile.getContext("2d");
    crayon.imageSmoothingQuality = "high";
    crayon.filter = "grayscale(1)";
    crayon.drawImage(image, 0, 0, toile.width, toile.height);
    return [toile, crayon.getImageData(0, 0, toile.width, toile.height).data];
  };
  const [toile, a] = await gris(vue);
  if (!reference) return [0, toile.toDataURL("image/png")];
  const [, b] = await gris(reference);
  let somme = Math.abs(a.length - b.length) * 255;
  for (let n = 0; n < a.length; n += 4) somme += Math.abs(a[n] - b[n]);
  return [(somme * 4) / a.length, ""];
}"""
"""The mean difference of two pictures in shades of grey, made small; the first one made small when it is alone."""
PLACES = {
    **dict.fromkeys(("travaux_projet", "travaux_suivante", "valider", "marche", "fiche", "geste", "horloge"), "groupe"),
    **dict.fromkeys(("recit", "recherche", "tableau_de_bord"), "groupe"),
}
"""Where a screen has the most to show: a works group, else a learner whose account is created and attached."""
CONTRASTES_PAR_AXE = ("tableau_de_bord", "fiche", "saisie_lignes", "sollicitation")
"""Links, labels, tables, messages, fields, drawings: the contrasts of axe-core too, which are slow."""
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

        ennuis: list[str] = []

        def pages() -> dict[str, Any]:
            entrees = {"groupe": (groupe, "Maud"), "compte": (compte, "Noé")}
            tous = {nom: e.entrer(navigateur.new_context(locale="fr-FR"), qui) for nom, (e, qui) in entrees.items()}
            for nom, page in tous.items():
                surveiller(page, entrees[nom][0].adresse, ennuis)
            return tous

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
        assert ennuis == []


@pytest.mark.parametrize("ecran", ECRANS)
@joue
def test_chaque_ecran_se_lit_de_jour_de_nuit_au_doigt_et_agrandi(
    ecran: str, visite: Callable[[str], Page], manquements_graves: Callable[..., list[str]]
) -> None:
    page = visite(ecran)
    assert page.locator(f"{ECRAN} nav [aria-current], {ECRAN} h2").count()
    assert page.locator(f"{ECRAN} .avis.erreur").all_inner_texts() == []
    assert page.evaluate(CONFORME) == []
    contrastes = {"color-contrast": {"enabled": ecran in CONTRASTES_PAR_AXE}}
    regles = {"resultTypes": ["violations"], "preload": False, "rules": contrastes}
    assert manquements_graves(page, "body", regles) == []
    assert page.evaluate(CONTRASTES) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(CONTRASTES) == []
    if ecran in CONTRASTES_PAR_AXE:
        assert manquements_graves(page, "body", {"runOnly": ["color-contrast"]}) == []
    for largeur in (TABLETTE, AGRANDI, TELEPHONE):
        page.set_viewport_size({"width": largeur, "height": 900})
        assert page.evaluate(SERRE) == [], largeur


# --- what it looks like ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ecran", IMAGES)
@joue
def test_les_ecrans_principaux_gardent_leur_allure(ecran: str, visite: Callable[[str], Page]) -> None:
    page = visite(ecran)
    page.evaluate("document.fonts.ready")
    vue = page.screenshot()
    reference = REFERENCES / f"{ecran}.png"
    carnet = page.context.new_page()
    if os.environ.get("FACTURIER_IMAGES") == "refaire":
        petite = carnet.evaluate(COMPARER, [en_base64(vue), ""])[1]
        reference.write_bytes(base64.b64decode(petite.partition(",")[2]))
    ecart = carnet.evaluate(COMPARER, [en_base64(vue), en_base64(reference.read_bytes())])[0]
    autre = REFERENCES / f"{IMAGES[IMAGES.index(ecran) - 1]}.png"
    d_un_autre = carnet.evaluate(COMPARER, [en_base64(vue), en_base64(autre.read_bytes())])[0]
    carnet.close()
    assert ecart <= ECART_MAX, f"regardez {reference.name} ; FACTURIER_IMAGES=refaire la remplace"
    assert d_un_autre > ECART_MAX, "la comparaison ne distingue plus deux écrans"


def en_base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


# --- the same path, in every way --------------------------------------------------------------------------------

CHEMIN = (defs.DESTINATAIRE, defs.CADRE, defs.lignes(1), defs.JOINTES)
ABSURDES = {
    "siret": "12",
    "date": "31/02/2026",
    "montant": "mille",
    "nombre": "beaucoup",
    "iban": "FR00",
    "texte": "x" * 300,
}
"""Something wrong to type, by genre of field."""


def titre(page: Page, texte: str) -> None:
    page.locator(f"{ECRAN} h2").get_by_text(texte, exact=True).wait_for()


def actif(page: Page) -> str:
    lu = page.evaluate("document.activeElement.dataset.champ || document.activeElement.innerText.trim()")
    return str(lu).replace("\u00a0", " ")


def etapes() -> Iterator[tuple[str, dict[str, str]]]:
    """The title of each step and what is typed there; then the last one, where there is nothing to type."""
    for definition in CHEMIN:
        ecran = ECRANS[definition.id]
        yield ecran.titre, {c.id: FACTURE[c.id] for c in definition.champs if c.id in FACTURE}


def remplir(page: Page, champs: Mapping[str, str]) -> None:
    for champ, texte in champs.items():
        controle = page.locator(f"[data-champ='{champ}']")
        if controle.evaluate("e => e.nodeName") == "SELECT":
            controle.select_option(texte)
        else:
            controle.fill(texte)


def saisir_la_facture(page: Page, presser: Callable[[Any], None]) -> None:
    """From the dashboard to the sheet of the piece that is sent; ``presser``: how a thing is pressed."""
    presser(page.locator(f"{ECRAN} .contenu").get_by_role("link", name="Saisir une facture"))
    for intitule, champs in etapes():
        titre(page, intitule)
        remplir(page, champs)
        presser(page.get_by_role("button", name="Continuer"))
    titre(page, "Saisir une facture : récapitulatif")
    page.get_by_text("Tout est rempli").wait_for()
    presser(page.get_by_role("button", name="Valider et envoyer").last)
    page.get_by_text("La facture FA-2026-0042 est envoyée").wait_for()
    assert page.locator(f"{ECRAN} h2").inner_text().startswith("Pièce P0001")


@joue
def test_a_la_souris_de_la_porte_de_la_classe_a_la_fiche_de_la_facture(
    navigateur: Browser, ecole: Ecole, manquements_graves: Callable[..., list[str]]
) -> None:
    ennuis: list[str] = []
    contexte = navigateur.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    page = contexte.new_page()
    surveiller(page, ecole.adresse, ennuis)
    page.goto(ecole.adresse)
    page.locator("summary").click()
    page.get_by_label("Code de la classe").fill(ecole.classe.code)
    page.get_by_label("Votre prénom").fill("Agathe")
    page.get_by_role("button", name="Rejoindre la classe").click()
    page.get_by_role("link", name="Ouvrir le portail").click()
    titre(page, "Tableau de bord")
    saisir_la_facture(page, lambda quoi: quoi.click())
    assert page.title().startswith("Pièce P0001")
    assert manquements_graves(page, "body") == []
    assert ennuis == []
    contexte.close()


def tabuler(page: Page, voulu: str) -> None:
    """Press Tab until that field, link or button has the focus, which must be seen at each stop."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.closest('.facturier-ecran, header')"):
            continue
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", actif(page)
        if actif(page) == voulu:
            return
    raise AssertionError(f"« {voulu} » ne s’atteint pas au clavier (arrêt sur « {actif(page)} »)")


@joue
def test_au_clavier_seul_le_meme_chemin_dans_l_ordre_de_lecture(ouvrir: Callable[..., Page], ecole: Ecole) -> None:
    page = ouvrir("Basile")
    page.goto(f"{ecole.adresse}/poste")
    tabuler(page, "Aller au contenu")
    page.keyboard.press("Enter")
    assert actif(page) == "Tableau de bord"
    tabuler(page, "Saisir une facture")
    page.keyboard.press("Enter")
    for intitule, champs in etapes():
        titre(page, intitule)
        assert actif(page) == intitule.replace("\u00a0", " ")
        for champ, texte in champs.items():
            tabuler(page, champ)
            if page.evaluate("document.activeElement.nodeName") == "SELECT":
                while page.evaluate("document.activeElement.value") != texte:
                    avant = page.evaluate("document.activeElement.value")
                    page.keyboard.press("ArrowDown")
                    assert page.evaluate("document.activeElement.value") != avant, (
                        f"{champ} : {texte} est hors d’atteinte"
                    )
            else:
                page.keyboard.type(texte)
        tabuler(page, page.get_by_role("button", name="Continuer").last.inner_text().replace("\u00a0", " "))
        page.keyboard.press("Space")
    titre(page, "Saisir une facture : récapitulatif")
    tabuler(page, "Valider et envoyer")
    page.keyboard.press("Enter")
    page.get_by_text("La facture FA-2026-0042 est envoyée").wait_for()
    assert actif(page).startswith("Pièce P0001")


@joue
def test_au_doigt_sur_une_tablette_le_meme_chemin(ouvrir: Callable[..., Page], ecole: Ecole) -> None:
    page = ouvrir("Clara", viewport={"width": TABLETTE, "height": 1024}, has_touch=True)
    page.goto(f"{ecole.adresse}/poste")
    saisir_la_facture(page, lambda quoi: quoi.tap())
    assert page.evaluate(SERRE) == []


@joue
def test_sans_javascript_le_meme_depot_aboutit(ouvrir: Callable[..., Page], ecole: Ecole) -> None:
    page = ouvrir("Diane", java_script_enabled=False)
    page.goto(f"{ecole.adresse}/poste")
    saisir_la_facture(page, lambda quoi: quoi.click())


@joue
def test_sur_un_telephone_on_lit_son_tableau_sa_piece_et_l_on_demande_de_l_aide(
    ouvrir: Callable[..., Page], ecole: Ecole
) -> None:
    Joueur(ecole.poste("Élise")).deposer(ecole.poste("Élise").sieges[0].cle, "", FACTURE)
    page = ouvrir("Élise", viewport={"width": TELEPHONE, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"{ecole.adresse}/poste?ecran=tableau_de_bord")
    assert page.locator(f"{ECRAN} nav details").get_attribute("open") is None, "le menu cache la page"
    assert page.evaluate(SERRE) == []
    page.locator(f"{ECRAN} summary", has_text="Menu").tap()
    page.get_by_role("link", name="Rechercher une pièce").first.tap()
    page.get_by_role("link", name="P0001").tap()
    page.get_by_text("FA-2026-0042").first.wait_for()
    assert page.evaluate(SERRE) == []
    page.get_by_role("button", name="J’ai besoin d’aide").tap()
    page.get_by_text("Votre demande est notée").first.wait_for()
    assert ecole.classe.participants.participant("elise").aide


@joue
def test_une_saisie_fausse_dans_chaque_champ_se_dit_a_cote_et_dans_le_resume_qui_y_ramene(
    ouvrir: Callable[..., Page], ecole: Ecole, manquements_graves: Callable[..., list[str]]
) -> None:
    page = ouvrir("Fanny")
    page.goto(f"{ecole.adresse}/poste?ecran=saisie_destinataire")
    faux: list[str] = []
    for definition in CHEMIN:
        titre(page, ECRANS[definition.id].titre)
        for champ in definition.champs:
            if champ.genre not in ABSURDES:
                continue
            controle = page.locator(f"[data-champ='{champ.id}']")
            controle.fill(ABSURDES[champ.genre])
            controle.blur()
            page.locator(f"[data-champ='{champ.id}'][aria-invalid='true']").wait_for()
            dit = page.locator(f"#fe-c-{champ.id}-m").inner_text()
            assert dit.rstrip().endswith((".", "!")), (champ.id, dit)
            faux.append(champ.id)
        assert manquements_graves(page, "body", {"runOnly": ["wcag2a"]}) == []
        page.get_by_role("button", name="Continuer").click()
    titre(page, "Saisir une facture : récapitulatif")
    page.get_by_role("button", name="Valider et envoyer").last.click()
    page.get_by_text("Rien n’est envoyé").wait_for()
    resume = page.locator(f"{ECRAN} .avis.alerte a")
    vises = resume.evaluate_all("tous => tous.map((e) => e.dataset.vise)")
    assert set(vises) >= {champ for champ in faux if not champ.startswith("ligne_")}
    for champ in (vises[0], vises[-1]):
        page.locator(f"{ECRAN} .avis.alerte a[data-vise='{champ}']").click()
        page.locator(f"[data-champ='{champ}']").wait_for()
        assert actif(page) == champ
        page.goto(f"{ecole.adresse}/poste?ecran=saisie_recapitulatif")


@joue
def test_deux_onglets_ne_s_effacent_rien_et_le_rechargement_rend_tout(
    ouvrir: Callable[..., Page], ecole: Ecole
) -> None:
    page = ouvrir("Gabin")
    page.goto(f"{ecole.adresse}/poste?ecran=saisie_destinataire")
    autre = page.context.new_page()
    autre.goto(f"{ecole.adresse}/poste?ecran=saisie_destinataire")
    page.get_by_label("SIRET du destinataire").fill(FACTURE["destinataire_siret"])
    page.get_by_label("SIRET du destinataire").blur()
    page.get_by_text("Réponse enregistrée à 10:42").first.wait_for()
    autre.get_by_label("Numéro d’engagement").fill("EJ-2026-7")
    autre.get_by_label("Numéro d’engagement").blur()
    autre.get_by_text("Réponse enregistrée à 10:42").first.wait_for()
    for onglet in (page, autre):
        onglet.reload()
        assert onglet.get_by_label("SIRET du destinataire").input_value() == FACTURE["destinataire_siret"]
        assert onglet.get_by_label("Numéro d’engagement").input_value() == "EJ-2026-7"


@joue
def test_le_serveur_redemarre_et_la_page_ouverte_continue(navigateur: Browser, tmp_path: Path) -> None:
    contexte = navigateur.new_context(locale="fr-FR")
    with servie(tmp_path) as avant:
        adresse = avant.adresse
        page = avant.entrer(contexte, "Hugo")
        page.goto(f"{adresse}/poste?ecran=saisie_destinataire")
        page.get_by_label("SIRET du destinataire").fill(FACTURE["destinataire_siret"])
        page.get_by_label("SIRET du destinataire").blur()
        page.get_by_text("Réponse enregistrée à 10:42").first.wait_for()
    page.get_by_label("Numéro de marché").fill(FACTURE["numero_marche"])
    page.get_by_label("Numéro de marché").blur()
    page.get_by_text("Le portail ne répond pas").wait_for()
    with servie(tmp_path, port=int(adresse.rpartition(":")[2])):
        page.get_by_role("button", name="Continuer").click()
        titre(page, "Saisir une facture : cadre et références")
        page.get_by_role("link", name="Étape précédente").click()
        titre(page, "Saisir une facture")
        assert page.get_by_label("SIRET du destinataire").input_value() == FACTURE["destinataire_siret"]
        assert page.get_by_label("Numéro de marché").input_value() == FACTURE["numero_marche"]
        contexte.close()
