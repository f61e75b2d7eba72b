"""A person at works screens: opens, types, clicks; every click is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from facturier.annuaire import Marche
from facturier.ecrans.blocs import Bouton, Boutons, Cible, Lien, Liens, Liste, Repli, Section, Tableau
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.ecran import Siege
from facturier.ecrans.poste import Poste
from facturier.portail import Acteur, Annuaire, Ouverture
from facturier.portail.guichet import GuichetLocal
from facturier.situations import Recit, raconter

ANNUAIRE = Annuaire.charger()
MATIN = datetime(2026, 11, 2, 9, 0)


class Personne:
    """A person at a place of the portal, whose clicks are counted: typing is free."""

    def __init__(self, sieges: Sequence[Siege], ouverture: Ouverture | None = None, accueil: str = "recit") -> None:
        guichet = GuichetLocal(sieges[0].acteur.structure, horloge=lambda: MATIN, ouverture=ouverture)
        self.poste = Poste(guichet, ECRANS, lambda _: sieges, accueil=Cible(accueil))
        self.clics = 0

    # clicks

    def suivre(self, texte: str) -> None:
        """Click on the link that begins so."""
        lien = next(lien for lien in liens(self) if lien.texte.startswith(texte))
        self.clics += 1
        self.poste.ouvrir(lien.cible)
        self.verifie()

    def ouvrir(self, ecran: str, objet: str = "", siege: str = "") -> None:
        """Take an entry of the menu, or a link that one has seen."""
        self.clics += 1
        self.poste.ouvrir(Cible(ecran, objet, siege))
        self.verifie()

    def cliquer(self, texte: str) -> None:
        """Click on the button that begins so."""
        bouton = next((b for b in boutons(self) if b.texte.startswith(texte)), None)
        assert bouton is not None, (texte, [b.texte for b in boutons(self)], self.dit)
        self.clics += 1
        self.poste.agir(bouton.geste, dict(bouton.valeurs))
        self.verifie()

    def choisir(self, champ: str, valeur: str) -> None:
        """One choice changed in a list: one click."""
        self.clics += 1
        self.poste.changer(champ, valeur)

    # typing

    def saisir(self, **champs: str) -> None:
        """What is typed costs no click."""
        formulaire = self.poste.formulaire()
        assert formulaire is not None
        for champ, texte in champs.items():
            assert formulaire.champ(champ).genre not in ("choix", "oui"), champ
            self.poste.changer(champ, texte)

    def verifie(self) -> None:
        """What is on the screen can be shown, and nothing was refused without a sentence."""
        self.poste.vue()

    @property
    def ou(self) -> str:
        """The screen before the person."""
        return self.poste.lieu.ecran

    @property
    def dit(self) -> str:
        """What is said."""
        return self.poste.statut.texte if self.poste.statut is not None else ""

    @property
    def bloquants(self) -> list[tuple[str, str]]:
        """What blocks the form."""
        return self.poste.bloquants()


def blocs(personne: Personne) -> list[object]:
    """Every block of the screen, those inside others too."""
    trouves: list[object] = []
    reste: list[object] = list(personne.poste.vue().blocs)
    while reste:
        bloc = reste.pop(0)
        trouves.append(bloc)
        if isinstance(bloc, (Repli, Section)):
            reste[:0] = bloc.blocs
    return trouves


def liens(personne: Personne) -> list[Lien]:
    """Every link of the screen, in order."""
    trouves: list[Lien] = []
    for bloc in blocs(personne):
        if isinstance(bloc, Liens):
            trouves += bloc.liens
        elif isinstance(bloc, Liste):
            trouves += [ligne for ligne in bloc.lignes if isinstance(ligne, Lien)]
        elif isinstance(bloc, Tableau):
            trouves += [c for rangee in bloc.rangees for c in rangee if isinstance(c, Lien)]
    return trouves


def boutons(personne: Personne) -> list[Bouton]:
    """Every button of the screen, in order."""
    trouves: list[Bouton] = []
    for bloc in blocs(personne):
        if isinstance(bloc, Boutons):
            trouves += bloc.boutons
        elif isinstance(bloc, Tableau):
            trouves += [c for rangee in bloc.rangees for c in rangee if isinstance(c, Bouton)]
    return trouves


def siege(role: str, structure: str) -> Siege:
    nom = ANNUAIRE.structures[structure].nom
    return Siege(Acteur(role, structure), f"{role} — {nom}")


def sieges_du_marche(marche: Marche) -> list[Siege]:
    """Every role of that market, played by one person."""
    payeur = marche.partie("payeur")
    places = [("fournisseur", marche.titulaire), ("moe", marche.moe), ("moa", marche.partie("moa"))]
    places += [("destinataire", payeur), ("comptable", payeur)]
    return [siege(role, structure) for role, structure in places if structure]


def personne_du_recit(code: str, graine: str = "lea") -> tuple[Personne, Recit]:
    """Who plays that story, with the seats that it gives; what happened before is there."""
    from facturier.situations import commencer

    recit = raconter(code, graine, ANNUAIRE)
    sieges = [siege(j.role, j.structure) for j in recit.joues]
    personne = Personne(sieges, recit.ouverture)
    journal = commencer(recit, ANNUAIRE).journal
    heure = lambda: MATIN  # noqa: E731 - a clock is a function
    guichet = GuichetLocal(sieges[0].acteur.structure, list(journal), horloge=heure, ouverture=recit.ouverture)
    personne.poste.guichet = guichet
    return personne, recit
