"""L’après-midi dans JupyterLab, à la souris : chaque chapitre joué jusqu’au bout, jugé sur son journal.

Last of this folder: what is done here stays in the shared workspace.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from facturier import contenu
from facturier.ecrans.horloge import PAS
from facturier.evaluation.bareme import lire_bareme
from facturier.evaluation.rejeu import rejouer_situation
from facturier.montants import euros
from facturier.situations import Geste, tirer
from tests.navigateur.ecole import ECRAN
from tests.navigateur.test_incidents import Assistante

SIMPLES = {
    "attester_service_fait": "Attester le service fait",
    "mandater": "Mandater",
    "transmettre_comptable": "Transmettre au comptable",
    "comptabiliser": "Prendre en comptabilité",
    "mettre_en_paiement": "Mettre en paiement",
}
CHAPITRES = {c.slug: c for c in contenu.chapitres()}
CELLULES = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output"


class Seule(Assistante):
    """The same person, alone in her notebook: she turns the clock, and sits where the portal seats her."""

    def __init__(self, carnet: Any, exercice: str) -> None:
        slug = carnet.fichier.parent.name
        exercices = lire_bareme(CHAPITRES[slug]).exercices
        self.carnet, self.exercice = carnet, exercice
        self.situation = next(e.situation for e in exercices if e.id == exercice)
        self.page = carnet.page.locator(CELLULES, has=carnet.page.locator(ECRAN)).nth(
            [e.id for e in exercices].index(exercice)
        )
        if self.situation:
            self.suivre("Tableau de bord", "nav")  # one gesture, and the story's seed is kept
            self.suivre("Le récit", "nav")
            self.tiree = tirer(self.situation, self.garde["graine"])
        self.admis = sum((self._somme(g.champs) for g in self.avant if g.champs.get("cadre") == "A4"), Decimal(0))

    @property
    def avant(self) -> tuple[Geste, ...]:
        return self.tiree.recit.avant if self.situation else ()

    @property
    def garde(self) -> dict[str, Any]:
        """What the notebook has kept of that exercise."""
        fichier = self.carnet.fichier.with_name("reponses") / "exercices.json"
        return dict(json.loads(fichier.read_text(encoding="utf-8"))["formulaires"][self.exercice])

    def photographier(self) -> None:
        """The fixture of the page keeps its last sight."""

    def juger(self) -> Mapping[str, bool]:
        garde = self.garde
        rejouee = rejouer_situation(str(self.situation), garde["graine"], garde["journal"])
        assert rejouee is not None
        return rejouee.criteres

    @staticmethod
    def _somme(champs: Mapping[str, str]) -> Decimal:
        return euros(champs["montant_ht"])

    def _avancer(self, geste: Geste) -> None:
        self.suivre("L’horloge du portail", "nav")
        reste = int(geste.champs["jours"])
        while reste:
            pas = max(p for p in PAS if p <= reste)
            self.appuyer(f"Avancer de {pas} jour")
            reste -= pas

    def _cumul(self, champs: Mapping[str, str]) -> str:
        return f"{self.admis + self._somme(champs):.2f}".replace(".", ",")

    def _deposer_des_travaux(self, champs: Mapping[str, str]) -> None:
        super()._deposer_des_travaux({**champs, "montant_ht": self._cumul(champs)})

    def _deposer_suivante(self, geste: Geste) -> None:
        """The seat and the screen are already there: the portal has led to them."""
        champs = geste.champs
        self.remplir({"numero_facture": champs["numero_facture"], "cumul_ht": self._cumul(champs)})
        self.remplir({c: champs[c] for c in ("commentaire",) if c in champs})
        self.appuyer(f"Déposer la pièce {champs['cadre']}")

    def __getattr__(self, nom: str) -> Any:
        libelle = SIMPLES[nom.removeprefix("_")]
        return lambda geste: self.appuyer(libelle)

    def repondre(self) -> None:
        """The chapter's quiz, by its labels, all right."""
        items = tomllib.loads((CHAPITRES[self.carnet.fichier.parent.name].dossier / "quiz.toml").read_text("utf-8"))[
            "item"
        ]
        for item in items:
            question = self.page.locator("fieldset.question").filter(has_text=item["question"])
            for ligne in item.get("ligne", ()):
                question.get_by_label(ligne["texte"]).select_option(label=ligne["cible"])
            for choix in item.get("choix", ()):
                if choix["juste"]:
                    question.get_by_label(choix["texte"]).check()
            if "attendu" in item:
                question.locator("input").fill(item["attendu"])
        nombre = len(items)
        self.carnet.page.keyboard.press("Tab")
        self.page.get_by_text(f"({nombre} réponses sur {nombre})").first.wait_for()


@pytest.mark.parametrize(
    ("slug", "exercices"),
    [
        ("avec_moe", ("dossier_avec_moe", "pieges_avec_moe")),
        ("suivi", ("facture_a_recycler", "facture_suspendue", "suivi_relance", "facture_rejetee")),
        ("cas_pratique", ("cas_pratique",)),
    ],
)
def test_un_chapitre_se_joue_jusqu_au_bout_et_tout_y_est_reussi(
    slug: str, exercices: tuple[str, ...], carnet: Callable[[str], Any]
) -> None:
    ouvert = carnet(f"release/{slug}/exercices.ipynb")
    for exercice in exercices:
        elle = Seule(ouvert, exercice)
        if not elle.situation:
            elle.repondre()
            continue
        for geste in elle.tiree.saisie:
            elle.jouer(geste)
        criteres = elle.juger()
        assert criteres == dict.fromkeys(criteres, True), exercice
    if slug == "cas_pratique":
        fiche = ouvert.page.locator(ECRAN, has=ouvert.page.get_by_role("heading", name="Ma fiche méthode"))
        fiche.get_by_role("button", name="Reprendre ce que j’ai fait").click()
        depot = next(g for g in elle.tiree.saisie if g.action == "deposer")
        expect(fiche.locator("[data-champ='marche']")).to_have_value(depot.champs["numero_marche"])
        expect(fiche.locator("[data-champ='cadre']")).to_have_value(depot.champs["cadre"])
