"""Les cinq incidents du cas pratique, joués dans un navigateur : de la fiche d’identité du marché jusqu’au paiement."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from facturier.champs import def_facture as defs
from facturier.evaluation.rejeu import rejouer_situation
from facturier.portail.assistance import Feuille, arbre
from facturier.serveur.animation import Animation
from facturier.situations import Geste, variantes
from tests.navigateur.conftest import CAPTURES
from tests.navigateur.ecole import ECRAN, Ecole, joue, servie, surveiller

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ETAPES = (defs.DESTINATAIRE, defs.CADRE, defs.lignes(1), defs.JOINTES)
FAMILLE, SOLO = "cas_pratique", "solo-agathe"


def chemin(feuille: str) -> list[str]:
    """The links to follow from the beginning of the support's tree down to that leaf."""
    file: deque[tuple[str, list[str]]] = deque([(arbre().racine, [])])
    while file:
        code, libelles = file.popleft()
        noeud = arbre().noeud(code)
        if code == feuille:
            return libelles
        if not isinstance(noeud, Feuille):
            file.extend((choix.vers, [*libelles, choix.libelle]) for choix in noeud.choix)
    raise AssertionError(feuille)


class Assistante:
    """Somebody at the page of the class, who only presses what is written; what each gesture gives is pictured."""

    def __init__(self, page: Page, ecole: Ecole, incident: str) -> None:
        self.page = page
        self.ecole = ecole
        self.incident = incident
        self.vues = 0

    def photographier(self) -> None:
        CAPTURES.mkdir(parents=True, exist_ok=True)
        self.vues += 1
        self.page.screenshot(path=CAPTURES / f"incident-{self.incident}-{self.vues:02d}.png", full_page=True)

    def offre(self, texte: str) -> bool:
        """Whether the screen, menu apart, has that link."""
        return bool(self.page.locator(f"{ECRAN} .contenu").get_by_role("link", name=texte).count())

    def suivre(self, texte: str, ou: str = ".contenu") -> None:
        self.presser(self.page.locator(f"{ECRAN} {ou}").get_by_role("link", name=texte))

    def appuyer(self, texte: str) -> None:
        self.presser(self.page.locator(f"{ECRAN} .contenu").get_by_role("button", name=texte))

    def presser(self, quoi: Any) -> None:
        quoi.first.wait_for()
        quoi.last.click()
        self.page.locator(f"{ECRAN} [aria-busy]").wait_for(state="detached")
        assert self.page.locator(f"{ECRAN} .avis.erreur").all_inner_texts() == []

    def remplir(self, champs: Mapping[str, str]) -> None:
        for champ, texte in champs.items():
            controle = self.page.locator(f"[data-champ='{champ}']")
            if controle.evaluate("e => e.nodeName") == "SELECT":
                controle.select_option(texte)
            else:
                controle.fill(texte)

    # --- the gestures of a key ------------------------------------------------------------------------------------

    def jouer(self, geste: Geste) -> None:
        getattr(self, f"_{geste.action}")(geste)
        self.photographier()

    def _avancer(self, geste: Geste) -> None:
        """The trainer turns the clock of a class; the learner comes back to the dashboard."""
        Animation(self.ecole.classe).avancer(int(geste.champs["jours"]))
        self.suivre("Tableau de bord", "nav")

    def _deposer(self, geste: Geste) -> None:
        champs = geste.champs
        if self.offre("Refaire une facture"):
            self.suivre("Refaire une facture")
        else:
            self.suivre("Le récit", "nav")
            self.suivre("Lire la fiche d’identité du marché")
            lu = re.sub(r"\s", "", self.page.locator(f"{ECRAN} .contenu").inner_text())
            assert champs["destinataire_siret"] in lu
            assert champs["numero_marche"] in lu
            self.suivre("Le récit", "nav")
            if self.offre("Déposer une pièce de travaux"):
                self._deposer_des_travaux(champs)
                return
            self.suivre("Saisir une facture")
        for definition in ETAPES:
            self.page.locator(f"[data-champ='{definition.champs[0].id}']").wait_for()
            self.remplir({c.id: champs[c.id] for c in definition.champs if c.id in champs})
            self.appuyer("Continuer")
        self.appuyer("Valider et envoyer")
        self.page.get_by_text(f"La facture {champs['numero_facture']} est envoyée").first.wait_for()

    def _deposer_des_travaux(self, champs: Mapping[str, str]) -> None:
        self.suivre("Déposer une pièce de travaux")
        self.suivre(f"{champs['cadre']} sur le marché")
        self.remplir({c: champs[c] for c in ("numero_facture", "date_facture")} | {"cumul_ht": champs["montant_ht"]})
        self.appuyer(f"Déposer la pièce {champs['cadre']}")

    def _sur_la_fiche(self, geste: Geste) -> None:
        self.suivre("Tableau de bord", "nav")
        self.suivre(geste.objet)

    def _recycler(self, geste: Geste) -> None:
        self._sur_la_fiche(geste)
        self.suivre("Recycler")
        self.remplir(geste.champs)
        self.appuyer("Recycler")

    def _completer(self, geste: Geste) -> None:
        self._sur_la_fiche(geste)
        self.suivre("Compléter")
        joint = {"name": geste.champs["piece_jointe"], "mimeType": "application/pdf", "buffer": b"%PDF-1.4 bon signe"}
        self.page.locator(f"{ECRAN} input[type=file]").set_input_files(joint)
        self.page.locator(f"{ECRAN} .fichiers").get_by_text(geste.champs["piece_jointe"]).first.wait_for()
        self.appuyer("Compléter")

    def _traiter_rejet(self, geste: Geste) -> None:
        self._sur_la_fiche(geste)
        self.appuyer("Traiter le rejet")

    def _ouvrir_sollicitation(self, geste: Geste) -> None:
        self.suivre("Assistance", "nav")
        for libelle in chemin(geste.champs["question"]):
            self.suivre(libelle)
        self.suivre("Écrire une sollicitation")
        self.remplir({c: t for c, t in geste.champs.items() if c != "question"})
        self.appuyer("Envoyer la sollicitation")
        self.page.get_by_text("est partie").first.wait_for()
        self.page.get_by_role("cell", name=geste.champs["texte"]).wait_for()  # and it can be read again

    def constater(self, piece: str, statut: str) -> None:
        """That piece, or the last one of its dossier, is said on its sheet to have come to that status."""
        self.suivre("Rechercher une pièce", "nav")
        self.suivre(piece)
        self.page.get_by_role("cell", name=statut).first.wait_for()
        self.photographier()


@pytest.mark.parametrize("incident", variantes(FAMILLE))
@joue
def test_chaque_incident_se_joue_de_la_fiche_du_marche_au_paiement(
    incident: str, navigateur_pages: Browser, tmp_path: Path
) -> None:
    ennuis: list[str] = []
    contexte = navigateur_pages.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    contexte.set_default_timeout(10_000)
    with servie(tmp_path, situation=variantes(FAMILLE)[incident]) as ecole:
        page = ecole.entrer(contexte, "Agathe")
        surveiller(page, ecole.adresse, ennuis)
        page.goto(f"{ecole.adresse}/poste")
        espace = ecole.classe.espace(SOLO)
        assert espace.situation is not None
        assistante = Assistante(page, ecole, incident)
        for geste in espace.situation.saisie:
            assistante.jouer(geste)
        depots = [geste for geste in espace.situation.saisie if geste.action == "deposer"]
        assistante.constater(f"P{len(depots):04d}", "Mise en paiement")
        (ouverture,) = (o for nom, o in ecole.classe.registre.espaces() if nom == SOLO)
        journal = ecole.classe.registre.lire(SOLO)
    contexte.close()
    assert ennuis == []
    rejouee = rejouer_situation(str(ouverture["scenario"]), str(ouverture["graine"]), journal, classe=True)
    assert rejouee is not None
    assert rejouee.criteres == dict.fromkeys(rejouee.criteres, True)
