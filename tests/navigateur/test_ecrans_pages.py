"""Les écrans du portail en pages simples : chacun lisible de jour, de nuit, au doigt, agrandi, et pareil à lui-même."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from facturier.ecrans.blocs import Cible
from facturier.ecrans.catalogue import ECRANS
from facturier.portail.assistance import arbre
from tests.ecrans.joueur import Joueur
from tests.navigateur.ecole import ECRAN, FACTURE, FIL, compte_en_regle, groupe_au_travail, joue, servie, surveiller
from tests.navigateur.mesures import (
    AGRANDI,
    CACHES,
    COMPARER,
    CONFORME,
    COUCHEE,
    SERRE,
    TABLETTE,
    TELEPHONE,
    image_grise,
)
from tests.navigateur.test_animateur import CONTRASTES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REFERENCES = Path(__file__).parent / "images"
HAUT_MAX = 1_600
"""Of a long screen, what a reference shows: its first pixels down."""
ECART_MAX = 5.0
"""Mean difference of grey, of 255, between a screen and its reference: fonts differ from a machine to another."""
PLACES = {
    **dict.fromkeys(("travaux_projet", "travaux_suivante", "valider", "marche", "fiche", "geste", "horloge"), "groupe"),
    **dict.fromkeys(("recit", "recherche", "tableau_de_bord", "notifier"), "groupe"),
}
"""Where a screen has the most to show: a works group, else a learner whose account is created and attached."""
CONTRASTES_PAR_AXE = ("tableau_de_bord", "fiche", "saisie_lignes", "sollicitation")
"""Links, labels, tables, messages, fields, drawings: the contrasts of axe-core too, which are slow."""

# --- each screen ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def visite(navigateur_pages: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
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
            "compte_activer": "C0001",
            "travaux_suivante": "P0002",
            "valider": "P0002",
            "marche": groupe.classe.montage.marche.numero,
            "notifier": f"{groupe.classe.montage.marche.numero}~notifier_reception",
            "annuaire_fiche": siret,
            "structure": siret,
            "sollicitation": "T0001",
            "sollicitation_ouvrir": feuille,
        }

        moe = f"moe:{groupe.classe.montage.marche.moe}:"
        moa = f"moa:{groupe.classe.montage.marche.moa}:"
        payeur = f"destinataire:{FACTURE['destinataire_siret']}:"
        sieges = {"geste": payeur, "travaux_suivante": moe, "valider": moe, "notifier": moa}
        titulaire = f"fournisseur:{groupe.classe.montage.marche.titulaire}:"

        ennuis: list[str] = []

        def pages() -> dict[str, Any]:
            entrees = {"groupe": (groupe, "Maud"), "compte": (compte, "Noé")}
            tous = {
                nom: e.entrer(navigateur_pages.new_context(locale="fr-FR"), qui) for nom, (e, qui) in entrees.items()
            }
            for nom, page in tous.items():
                surveiller(page, entrees[nom][0].adresse, ennuis)
            return tous

        ouvertes = FIL.submit(pages).result()

        def aller(ecran: str, largeur: int = 1280) -> Page:
            place = PLACES.get(ecran, "compte")
            page, ecole = ouvertes[place], {"groupe": groupe, "compte": compte}[place]
            page.set_viewport_size({"width": largeur, "height": 900})
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
    for largeur in (TABLETTE, COUCHEE):
        page.set_viewport_size({"width": largeur, "height": 900})
        assert page.evaluate(CACHES) == [], largeur


# --- what it looks like ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ecran", ECRANS)
@joue
def test_chaque_ecran_garde_son_allure(ecran: str, visite: Callable[..., Page]) -> None:
    page = visite(ecran, TABLETTE)
    page.evaluate("document.fonts.ready")
    haut = min(HAUT_MAX, page.evaluate("document.documentElement.scrollHeight"))
    coupe: Any = {"x": 0, "y": 0, "width": TABLETTE, "height": haut}
    vue = en_base64(page.screenshot(full_page=True, clip=coupe))
    reference = REFERENCES / f"{ecran}.png"
    carnet = page.context.new_page()
    if os.environ.get("FACTURIER_IMAGES") == "refaire":
        reference.write_bytes(image_grise(*carnet.evaluate(COMPARER, [vue, ""])))
    autre = REFERENCES / ("fiche.png" if ecran == "tableau_de_bord" else "tableau_de_bord.png")
    ecarts = [carnet.evaluate(COMPARER, [vue, en_base64(r.read_bytes())]) for r in (reference, autre)]
    carnet.close()
    assert ecarts[0] <= ECART_MAX, f"regardez {reference.name} ; FACTURIER_IMAGES=refaire la remplace"
    assert ecarts[1] > ECART_MAX, "la comparaison ne distingue plus deux écrans"


def en_base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
