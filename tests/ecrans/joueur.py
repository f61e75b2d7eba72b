"""Playing a situation on the screens, as a person would: opening, typing, clicking, and counting the clicks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from facturier.annuaire import Annuaire
from facturier.champs import def_facture as defs
from facturier.ecrans.blocs import Bloc, Bouton, Boutons, Cible, Lien, Liens, Message, Repli, Section
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.gestes import demande_rien, objet_du_geste
from facturier.ecrans.poste import Poste
from facturier.ecrans.sieges import sieges_fixes
from facturier.portail.guichet import GuichetLocal
from facturier.situations import Geste, Recit, commencer

MATIN = datetime(2026, 11, 2, 9, 0)


def poste_de(recit: Recit) -> Poste:
    """The place of a learner who comes into that story."""
    journal = [dict(evenement) for evenement in commencer(recit, Annuaire.charger()).journal]
    joues = [(j.role, j.structure) for j in recit.joues]
    guichet = GuichetLocal(joues[0][1], journal, horloge=lambda: MATIN, ouverture=recit.ouverture)
    return Poste(guichet, ECRANS, sieges_fixes(joues), recit=recit)


def tous(blocs: Sequence[Bloc]) -> list[Bloc]:
    """The blocks of a screen, those inside others included."""
    plats: list[Bloc] = []
    for bloc in blocs:
        plats.append(bloc)
        if isinstance(bloc, Section | Repli):
            plats += tous(bloc.blocs)
    return plats


def liens(poste: Poste) -> list[Lien]:
    """Every link of the screen."""
    trouves: list[Lien] = []
    for bloc in tous(poste.vue().blocs):
        if isinstance(bloc, Liens):
            trouves += bloc.liens
        elif isinstance(bloc, Message):
            trouves += [ligne for ligne in bloc.lignes if isinstance(ligne, Lien)]
        for rangee in getattr(bloc, "rangees", ()):
            trouves += [cellule for cellule in rangee if isinstance(cellule, Lien)]
    return trouves


def boutons(poste: Poste) -> list[Bouton]:
    """Every button of the screen."""
    trouves: list[Bouton] = []
    for bloc in tous(poste.vue().blocs):
        trouves += bloc.boutons if isinstance(bloc, Boutons) else []
        for rangee in getattr(bloc, "rangees", ()):
            trouves += [cellule for cellule in rangee if isinstance(cellule, Bouton)]
    return trouves


class Joueur:
    """Hands on a place: what is clicked is counted, what is typed is not."""

    def __init__(self, poste: Poste) -> None:
        self.poste = poste
        self.clics = 0

    def ouvrir(self, cible: Cible) -> None:
        self.clics += 1
        self.poste.ouvrir(cible)

    def cliquer(self, geste: str, **valeurs: str) -> None:
        """A button that is on the screen; what the portal says of it must not be a refusal."""
        presents = [b for b in boutons(self.poste) if b.geste == geste and dict(b.valeurs) == valeurs]
        assert presents, (geste, valeurs, [(b.geste, dict(b.valeurs)) for b in boutons(self.poste)])
        self.clics += 1
        self.poste.agir(geste, valeurs)

    def saisir(self, **valeurs: str) -> None:
        definition = self.poste.formulaire()
        assert definition is not None
        genres = {champ.id: champ.genre for champ in definition.champs}
        for champ, texte in valeurs.items():
            assert champ in genres, f"{champ} n’est pas sur l’écran {self.poste.ecran.id}"
            self.clics += genres[champ] in ("choix", "oui") and self.poste.valeurs[champ] != texte
            self.poste.changer(champ, texte)

    def jouer(self, geste: Geste) -> None:
        """One act of a situation's key, on the screens."""
        if geste.action == "avancer":
            self.poste.guichet.avancer(int(geste.champs["jours"]))
            return
        siege = f"{geste.role}:{geste.structure}:{geste.par}"
        champs = {champ: texte for champ, texte in geste.champs.items() if texte}
        if geste.action in ("deposer", "envoyer"):
            self.deposer(siege, geste.objet, champs)
            return
        self.poste.ouvrir(Cible("fiche", geste.objet, siege))
        transition = next(
            t for t in self.poste.guichet.gestes(self.poste.acteur, geste.objet) if t.action == geste.action
        )
        if demande_rien(transition):
            self.saisir(**champs)
            self.cliquer("faire", action=geste.action)
            return
        cible = Cible("geste", objet_du_geste(geste.objet, geste.action))
        assert cible in [lien.cible for lien in liens(self.poste)]
        self.ouvrir(cible)
        if nom := champs.pop("piece_jointe", ""):
            self.poste.joindre("piece_jointe", nom, b"x" * int(champs.pop("piece_jointe_octets", "10")))
        self.saisir(**champs)
        self.cliquer("valider")

    def deposer(self, siege: str, objet: str, champs: dict[str, str]) -> None:
        """The whole path of a new invoice, or of a draft."""
        self.ouvrir(Cible("saisie_destinataire", objet, siege))
        for ecran, definition in (
            ("saisie_destinataire", defs.DESTINATAIRE),
            ("saisie_cadre", defs.CADRE),
            ("saisie_lignes", defs.lignes(1)),
            ("saisie_pieces", defs.JOINTES),
        ):
            assert self.poste.lieu.ecran == ecran
            siens = {champ.id for champ in definition.champs}
            self.saisir(**{champ: texte for champ, texte in champs.items() if champ in siens})
            self.cliquer("continuer")
        self.cliquer("envoyer")
