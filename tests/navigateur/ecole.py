"""Une classe servie pour les essais des écrans : de quoi remplir chacun, et un navigateur qui en suit les pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.annuaire import Annuaire
from facturier.ecrans.blocs import Cible
from facturier.ecrans.poste import Poste
from facturier.ecrans.rendu import Cadre
from facturier.registre import RegistreClasse
from facturier.serveur import Animateurs, Classe
from facturier.serveur.animation import Animation
from facturier.serveur.lancement import Ecoute, en_fond
from facturier.serveur.pages_rendu import APPRENANT
from facturier.serveur.postes import Postes
from facturier.serveur.recits import graine_de
from facturier.situations import tirer
from tests.ecrans.chantier import Chantier
from tests.ecrans.joueur import Joueur
from tests.ecrans.test_comptes import tout as creer_le_compte

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

ECRAN = ".facturier-ecran"
GRAINE = "essai"
FACTURE = {
    "destinataire_siret": "21990002400015",
    "code_service": "ECOLE",
    "numero_marche": "2026-ENT-007",
    "cadre": "A1",
    "type_facture": "380",
    "numero_facture": "FA-2026-0042",
    "date_facture": "24/11/2026",
    "mode_paiement": "VIREMENT",
    "iban": "FR76 3000 1007 9412 3456 7890 185",
    "montant_ht": "1 000,00",
    "taux_tva": "20",
    "montant_tva": "200,00",
    "montant_ttc": "1 200,00",
}
MIDI = datetime(2026, 11, 24, 10, 42)
FIL = ThreadPoolExecutor(1)
"""The thread of the browser of these tests: the one of notebooks is open in the main thread."""


def joue(essai: Callable[..., None]) -> Callable[..., None]:
    """Run that test beside its browser."""

    @wraps(essai)
    def ailleurs(**demandes: Any) -> None:
        FIL.submit(essai, **demandes).result()

    return ailleurs


@dataclass
class Ecole:
    """A class that answers at an address."""

    classe: Classe
    adresse: str
    jetons: dict[str, str] = field(default_factory=dict)

    def entrer(self, contexte: BrowserContext, prenom: str) -> Page:
        """A page of somebody who has joined already, or does now."""
        if prenom not in self.jetons:
            self.jetons[prenom] = self.classe.rejoindre(self.classe.code, prenom).jeton
        contexte.add_cookies([{"name": APPRENANT, "value": self.jetons[prenom], "url": self.adresse}])
        return contexte.new_page()

    def poste(self, prenom: str, espace: str = "") -> Poste:
        """The place of somebody, as it is kept: what is done there before the page is opened is seen on the page."""
        if prenom not in self.jetons:
            self.jetons[prenom] = self.classe.rejoindre(self.classe.code, prenom).jeton
        qui = self.classe.identifier(self.jetons[prenom])
        places = Postes(self.classe)
        return places.place(qui, places.espace_de(qui, espace), Cadre()).poste


@contextmanager
def servie(dossier: Path, *, situation: str | None = None, port: int = 0) -> Iterator[Ecole]:
    """A class on a store of that folder, whose clock stands still."""
    with ExitStack() as pile:
        registre = RegistreClasse.fichier(dossier / "classe.sqlite")
        classe = Classe(registre, Annuaire.charger(), graine=GRAINE, situation=situation, horloge=lambda: MIDI)
        pile.callback(classe.fermer)
        animateurs = Animateurs(registre, classe.ecrivain, classe.horloge)
        yield Ecole(classe, pile.enter_context(en_fond(classe, animateurs, Ecoute(port=port))))


def groupe_au_travail(ecole: Ecole) -> str:
    """One learner who holds every role of a market, an invoice and a works piece on their way; the space's name."""
    ecole.poste("Maud")
    (espace,) = Animation(ecole.classe).repartir([["maud"]])
    for role in ecole.classe.montage.postes:
        ecole.classe.confier(espace, role, "maud")
    chantier = Chantier(ecole.poste("Maud", espace))
    chantier.deposer(chantier.poste.sieges[0].cle, "", FACTURE)
    chantier.ouvrir(Cible("travaux_projet"))
    chantier.suivre("A4 sur le marché")
    chantier.saisir(numero_facture="SIT-2026-001", date_facture="24/11/2026", cumul_ht="12 500,00")
    chantier.appuyer("Déposer la pièce A4")
    assert chantier.ou == ("travaux_suivante", "moe"), chantier.dit
    return espace


def compte_en_regle(ecole: Ecole) -> str:
    """One learner whose account is created, connected, attached; the SIRET of the structure."""
    joueur = Joueur(ecole.poste("Noé"))
    creer_le_compte(joueur, tirer("compte_a_creer", graine_de(GRAINE, "noe")))
    siege = joueur.poste.siege
    assert siege is not None
    return siege.acteur.structure


def surveiller(page: Page, adresse: str, ennuis: list[str]) -> None:
    page.on("console", lambda dit: ennuis.append(dit.text) if dit.type == "error" else None)
    page.on("pageerror", lambda erreur: ennuis.append(str(erreur)))
    page.on("request", lambda r: ennuis.append(r.url) if not r.url.startswith((adresse, "data:", "blob:")) else None)
