"""Le chemin d’une facture en pages simples : à la souris, au clavier, au doigt, sans script, après une panne."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.champs import def_facture as defs
from facturier.ecrans.catalogue import ECRANS
from tests.ecrans.joueur import Joueur
from tests.navigateur.ecole import ECRAN, FACTURE, Ecole, joue, servie, surveiller
from tests.navigateur.mesures import SERRE, TABLETTE, TELEPHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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
A_LA_VUE = """(quoi) => {
  const bord = document.querySelector(".facturier-ecran").querySelector(quoi)?.getBoundingClientRect();
  return Boolean(bord) && bord.top > -1 && bord.bottom < innerHeight + 1;
}"""
"""Whether all of it stands in the window."""
SANS_COULEUR = "e => getComputedStyle(e).color === 'rgba(0, 0, 0, 0)'"


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
    page.get_by_text("La facture FA-2026-0042 est envoyée").first.wait_for()
    assert page.locator(f"{ECRAN} h2").inner_text().startswith("Pièce P0001")


@joue
def test_a_la_souris_de_la_porte_de_la_classe_a_la_fiche_de_la_facture(
    navigateur_pages: Browser, ecole: Ecole, manquements_graves: Callable[..., list[str]]
) -> None:
    ennuis: list[str] = []
    contexte = navigateur_pages.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
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
                    assert page.evaluate("document.activeElement.value") != avant, f"{champ} : {texte}"
            else:
                page.keyboard.type(texte)
        tabuler(page, page.get_by_role("button", name="Continuer").last.inner_text().replace("\u00a0", " "))
        page.keyboard.press("Space")
    titre(page, "Saisir une facture : récapitulatif")
    tabuler(page, "Valider et envoyer")
    page.keyboard.press("Enter")
    page.get_by_text("La facture FA-2026-0042 est envoyée").first.wait_for()
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
def test_ce_que_le_portail_repond_se_voit_meme_loin_du_bouton(ouvrir: Callable[..., Page], ecole: Ecole) -> None:
    page = ouvrir("Irène", viewport={"width": TELEPHONE, "height": 500}, has_touch=True)
    page.goto(f"{ecole.adresse}/poste?ecran=saisie_lignes")
    page.get_by_role("button", name="Reporter ces lignes").tap()
    page.wait_for_function(A_LA_VUE, arg=".avis.erreur")
    assert actif(page) == "Saisir une facture : lignes et TVA"
    page.get_by_role("button", name="J’ai besoin d’aide").tap()
    page.get_by_text("Votre demande est notée").first.wait_for()
    page.wait_for_function(A_LA_VUE, arg="[id$='-statut'] .avis")
    assert actif(page) == "J’ai besoin d’aide"


@joue
def test_une_longue_liste_ou_l_on_cherche_montre_ce_qui_reste(ouvrir: Callable[..., Page], ecole: Ecole) -> None:
    page = ouvrir("Jeanne")
    page.goto(f"{ecole.adresse}/poste?ecran=saisie_cadre")
    liste = page.get_by_label("Type de facture", exact=False).last
    page.get_by_label("Chercher dans la liste").fill("AVOIR")
    restants = liste.evaluate("e => [...e.options].filter((o) => !o.hidden).length")
    assert 2 < restants < 9
    assert liste.evaluate("e => [e.size, e.value]") == [restants, ""]
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert "avoir" in liste.evaluate("e => e.selectedOptions[0].label").lower()
    page.get_by_text("Réponse enregistrée à 10:42").first.wait_for()
    assert liste.evaluate("e => e.size") == restants
    page.keyboard.press("Tab")
    assert liste.evaluate("e => e.size") == 0


@joue
def test_un_fichier_joint_se_lit_et_s_entend_une_fois(ouvrir: Callable[..., Page], ecole: Ecole) -> None:
    page = ouvrir("Karim")
    page.goto(f"{ecole.adresse}/poste?ecran=saisie_pieces")
    champ = page.locator(f"{ECRAN} input[type=file]")
    assert champ.evaluate(SANS_COULEUR) is False
    champ.set_input_files({"name": "bon.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 bon"})
    page.get_by_role("status").filter(has_text="Fichier joint : bon.pdf").wait_for()
    assert page.locator(f"{ECRAN} .fichiers li").inner_text().startswith("bon.pdf")
    assert champ.evaluate(SANS_COULEUR) is True, "le navigateur dit encore qu’aucun fichier n’est choisi"


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
def test_deux_onglets_ne_s_effacent_rien_et_recharger_rend_tout(ouvrir: Callable[..., Page], ecole: Ecole) -> None:
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
def test_d_une_piece_jointe_seuls_le_nom_et_la_taille_quittent_le_navigateur(
    ouvrir: Callable[..., Page], ecole: Ecole
) -> None:
    page = ouvrir("Inès")
    envoyes: list[str] = []
    page.on("request", lambda demande: envoyes.append(demande.post_data or ""))
    page.goto(f"{ecole.adresse}/poste?ecran=saisie_pieces")
    joint = page.locator("[data-champ='pieces_jointes']")
    fichiers = {"bon.pdf": b"%PDF-secret", "plan.pdf": b"%PDF-" + b"0" * (9 << 20)}
    joint.set_input_files([{"name": n, "mimeType": "application/pdf", "buffer": o} for n, o in fichiers.items()])
    page.locator(".fichiers li", has_text="plan.pdf").wait_for()
    assert any("bon.pdf" in envoi for envoi in envoyes)
    assert not any("%PDF" in envoi for envoi in envoyes)
    page.reload()
    assert page.locator(".fichiers li").evaluate_all("tous => tous.map((e) => e.firstChild.data.trim())") == [*fichiers]


@joue
def test_le_serveur_redemarre_et_la_page_ouverte_continue(navigateur_pages: Browser, tmp_path: Path) -> None:
    contexte = navigateur_pages.new_context(locale="fr-FR")
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
