"""Three places where every screen of the catalogue has something to show, and the way to each one by links and buttons.

The same code runs twice: in the kernel that shows the places, and in the test, which works out the way.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from facturier.annuaire import Annuaire
from facturier.champs import def_facture as defs
from facturier.ecrans.blocs import Cible
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.conversation import Conversation
from facturier.ecrans.poste import Poste
from facturier.formulaires.portail import ouvrir_marche, ouvrir_recit
from facturier.portail.assistance import arbre
from facturier.situations import raconter, tirer
from tests.ecrans.chantier import Chantier
from tests.ecrans.joueur import Joueur
from tests.ecrans.test_comptes import tout as creer_le_compte
from tests.navigateur.ecole import FACTURE

MIDI = datetime(2026, 11, 24, 10, 42)
COMPTE, GRAINE = "compte_a_creer", "essai"


def travaux() -> Poste:
    """Every role of a market: an invoice and a works piece on their way, another invoice ready to be sent."""
    marche = next(m for m in Annuaire.charger().marches.values() if m.moe)
    chantier = Chantier(ouvrir_marche(marche, lambda: MIDI)(()))
    titulaire = chantier.poste.sieges[0].cle
    chantier.deposer(titulaire, "", FACTURE)
    chantier.ouvrir(Cible("travaux_projet"))
    chantier.suivre("A4 sur le marché")
    chantier.saisir(numero_facture="SIT-2026-001", date_facture="24/11/2026", cumul_ht="12 500,00")
    chantier.appuyer("Déposer la pièce A4")
    chantier.ouvrir(Cible("saisie_destinataire", "", titulaire))
    prochaine = {**FACTURE, "numero_facture": "FA-2026-0043"}
    for definition in (defs.DESTINATAIRE, defs.CADRE, defs.lignes(1), defs.JOINTES):
        chantier.saisir(**{c.id: prochaine[c.id] for c in definition.champs if c.id in prochaine})
        chantier.cliquer("continuer")
    chantier.ouvrir(Cible("tableau_de_bord"))
    return chantier.poste


def compte_a_creer() -> Poste:
    """Somebody who has no account yet, and has typed what one asks for."""
    poste = ouvrir_recit(raconter(COMPTE, GRAINE), lambda: MIDI)(())
    joueur = Joueur(poste)
    gestes = {geste.action: geste for geste in tirer(COMPTE, GRAINE).saisie}
    joueur.ouvrir(Cible("compte_creer"))
    joueur.saisir(**gestes["creer_compte"].champs)
    joueur.ouvrir(Cible("recit"))
    return poste


def compte_en_regle() -> Poste:
    """Somebody whose account is created and attached, who changes address and has asked the support."""
    poste = ouvrir_recit(raconter(COMPTE, GRAINE), lambda: MIDI)(())
    joueur = Joueur(poste)
    creer_le_compte(joueur, tirer(COMPTE, GRAINE))
    joueur.ouvrir(Cible("compte_adresse"))
    joueur.saisir(courriel="nouvelle@exemple.fr")
    joueur.cliquer("demander")
    support = next(f.id for f in arbre().feuilles.values() if f.destination == "support")
    joueur.ouvrir(Cible("sollicitation_ouvrir", support))
    joueur.saisir(destinataire="support", sujet="Mon lien", texte="Il ne marche plus.")
    joueur.cliquer("ouvrir")
    joueur.ouvrir(Cible("recit"))
    return poste


PLACES: Mapping[str, Callable[[], Poste]] = {p.__name__: p for p in (travaux, compte_a_creer, compte_en_regle)}


def montrer(place: str) -> None:
    """Show that place under the cell that runs."""
    from facturier.formulaires import ici
    from facturier.formulaires.vue_ecran import EcranGarde

    ecran = EcranGarde(f"essai-{place}", ici.memoire(), lambda _: PLACES[place](), avec_journal=False)
    ici.montrer(ecran.formulaire, ecran, ecran)


# --- the way to each screen --------------------------------------------------------------------------------------

_LIEN = re.compile(r'<a [^>]*data-ecran="([^"]*)" data-objet="([^"]*)" data-siege="([^"]*)"')
SUITE = 'button[value="continuer"]:not(.defaut)'
_SUITE = re.compile(r'<button [^>]*value="(continuer)"')


@dataclass(frozen=True)
class Arret:
    """A screen: in which place, who sits there, the selectors to press from anywhere, what stops its gesture."""

    ecran: str
    place: str
    siege: str
    pas: tuple[str, ...]
    titre: str
    bloque: bool


def itineraire() -> dict[str, Arret]:
    """The shortest way to each screen of the catalogue, by what a person can press."""
    arrets: dict[str, Arret] = {}
    for place in PLACES:
        for arret in _visiter(place):
            arrets.setdefault(arret.ecran, arret)
    return {ecran: arrets[ecran] for ecran in ECRANS if ecran in arrets}


def _visiter(place: str) -> Iterator[Arret]:
    poste = PLACES[place]()
    conversation = Conversation(poste)
    accueil = poste.lieu
    departs = [siege.cle for siege in poste.sieges] or [""]
    debut = (f'nav a[data-ecran="{accueil.ecran}"]',)
    file: deque[tuple[str, str, Cible, tuple[str, ...]]] = deque((s, s, accueil, debut) for s in departs)
    vus: set[tuple[str, Cible]] = set()
    while file:
        depart, siege, cible, pas = file.popleft()
        if (siege, cible) in vus:
            continue
        vus.add((siege, cible))
        poste.asseoir(siege)
        poste.ouvrir(cible)
        page, ecran = conversation.page(), poste.ecran
        arrete = bool(ecran.verifies and poste.bloquants())
        yield Arret(ecran.id, place, depart, pas, poste.vue().titre, arrete)
        for nom, objet, autre in (map(unescape, trouve) for trouve in _LIEN.findall(page)):
            lien = f'a[data-ecran="{nom}"][data-objet="{objet}"][data-siege="{autre}"]'
            file.append((depart, autre or siege, Cible(nom, objet), (*pas, lien)))
        if _SUITE.search(page):
            conversation.repondre({"type": "agir", "geste": "continuer", "valeurs": {}})
            file.append((depart, siege, poste.lieu, (*pas, SUITE)))
