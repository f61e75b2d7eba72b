"""Playing works on the screens: the roles of a market by one person, buttons and links found by their words."""

from __future__ import annotations

from datetime import datetime

from facturier.annuaire import Annuaire, Marche
from facturier.ecrans.blocs import Cible
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.poste import Poste
from facturier.ecrans.sieges import sieges_fixes
from facturier.portail import Ouverture
from facturier.portail.guichet import Guichet, GuichetLocal
from tests.ecrans.joueur import Joueur, boutons, liens

ANNUAIRE = Annuaire.charger()
MATIN = datetime(2026, 11, 2, 9, 0)


class Chantier(Joueur):
    """A person at works screens. A link, a button, a choice in a list is one click; typing is none."""

    def suivre(self, texte: str) -> None:
        """The first link whose words begin so."""
        lien = next((lien for lien in liens(self.poste) if lien.texte.startswith(texte)), None)
        assert lien is not None, (texte, [lien.texte for lien in liens(self.poste)], self.dit)
        self.ouvrir(lien.cible)

    def appuyer(self, texte: str) -> None:
        """The first button whose words begin so."""
        bouton = next((b for b in boutons(self.poste) if b.texte.startswith(texte)), None)
        assert bouton is not None, (texte, [b.texte for b in boutons(self.poste)], self.dit)
        self.clics += 1
        self.poste.agir(bouton.geste, dict(bouton.valeurs))

    @property
    def ou(self) -> tuple[str, str]:
        """The screen and the role."""
        return self.poste.lieu.ecran, self.poste.acteur.role

    @property
    def dit(self) -> str:
        """What is said."""
        return self.poste.statut.texte if self.poste.statut is not None else ""

    @property
    def dernier(self) -> str:
        """The cadre of the last piece."""
        return self.poste.guichet.pieces()[-1].cadre


def roles_du_marche(marche: Marche) -> list[tuple[str, str]]:
    """Every role of that market, each once."""
    payeur = marche.partie("payeur")
    places = [("fournisseur", marche.titulaire), ("moe", marche.moe), ("moa", marche.partie("moa"))]
    places += [("fournisseur", siret) for siret in (*marche.cotraitants, *marche.membres("sous_traitant"))]
    places += [("valideur_1", siret) for siret in (marche.titulaire, *marche.cotraitants)]
    places += [("valideur_2", marche.titulaire), ("destinataire", payeur), ("comptable", payeur)]
    return [place for place in dict.fromkeys(places) if place[1]]


def sur_le_marche(numero: str, roles: list[tuple[str, str]] | None = None, guichet: Guichet | None = None) -> Chantier:
    """One person who plays all the roles of that market, and nobody simulated."""
    joues = roles_du_marche(ANNUAIRE.marches[numero]) if roles is None else roles
    ici = guichet or GuichetLocal(joues[0][1], horloge=lambda: MATIN, ouverture=Ouverture(depart="2026-11-02T09:00:00"))
    return Chantier(Poste(ici, ECRANS, sieges_fixes(joues), accueil=Cible("recit")))
