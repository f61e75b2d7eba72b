"""The place where a person works: who they are, the screen before them, what they have typed. No widget, no HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from facturier.champs import Champ, Contexte, FormulaireDef, Valeurs
from facturier.champs.listes import libelle_choix
from facturier.ecrans import examen, garde, joints
from facturier.ecrans.blocs import Bloc, Cible, Fichier, Lien, Message
from facturier.ecrans.ecran import RUBRIQUES, Ecran, Siege, Suite
from facturier.ecrans.vue import Vue
from facturier.erreurs import ErreurFacturier
from facturier.portail.evenements import Acteur
from facturier.portail.guichet import Guichet
from facturier.situations import Recit

ACCUEIL = "tableau_de_bord"

Sieges = Callable[["Poste"], Sequence[Siege]]


class Poste:
    """A person at work on a portal, alone or in a class.

    Args:
        guichet: the counter of the portal, here or across a network.
        catalogue: the screens, by id.
        sieges: the seats that the person may take now; asked again at each view.
        garder: called after each change, so that answers are kept; the sentence that says it (« Réponse
            enregistrée à 10:42. »).
        recit: the story that is played here, if there is one.
    """

    def __init__(
        self,
        guichet: Guichet,
        catalogue: Mapping[str, Ecran],
        sieges: Sieges,
        *,
        accueil: Cible | None = None,
        garder: Callable[[Poste], str] | None = None,
        recit: Recit | None = None,
    ) -> None:
        self.guichet = guichet
        self.recit = recit
        self.catalogue = catalogue
        self.compte = ""
        """The account through which the person acts (« C0001 »), on a portal that asks for one."""
        self.lieu = accueil or Cible(ACCUEIL)
        self.accueil = self.lieu
        self.statut: Message | None = None
        self.saisies: dict[str, Valeurs] = {}
        self.fichiers: dict[tuple[str, str], list[tuple[str, bytes]]] = {}
        self.notes: dict[str, str] = {}
        """What screens remember beside forms (a search, a page), by key."""
        self.focus = ""
        self.enregistre = self.autre = ""
        """What was said of the last keeping, and of another version of these answers."""
        self.siege_choisi = ""
        self._tentes: set[str] = set()
        self._sieges = sieges
        self.garder = garder

    # --- who, where -----------------------------------------------------------------------------------------

    @property
    def sieges(self) -> Sequence[Siege]:
        """The seats that may be taken now."""
        return self._sieges(self)

    @property
    def siege(self) -> Siege | None:
        """The seat taken, the first one when none was; None when there is none."""
        tous = self.sieges
        return next((s for s in tous if s.cle == self.siege_choisi), tous[0] if tous else None)

    @property
    def acteur(self) -> Acteur:
        """Who acts now; nobody in particular on a portal where one has no seat yet."""
        siege = self.siege
        return siege.acteur if siege is not None else Acteur("fournisseur", "", self.compte)

    @property
    def ecran(self) -> Ecran:
        """The screen before the person."""
        return self.catalogue.get(self.lieu.ecran) or self.catalogue[self.accueil.ecran]

    @property
    def contexte(self) -> Contexte:
        """The directory and the day that controls look at."""
        return self.guichet.contexte

    def formulaire(self, ecran: Ecran | None = None) -> FormulaireDef | None:
        """The form of the screen, as it now is."""
        ou = ecran or self.ecran
        if ou.formulaire is None or isinstance(ou.formulaire, FormulaireDef):
            return ou.formulaire
        with suppress(ErreurFacturier):  # its object is not there (any more): the screen says so
            return ou.formulaire(self, self.lieu.objet)
        return None

    @property
    def cle(self) -> str:
        """Under which the answers of the present form are kept: its draft, the object, the seat."""
        siege = self.siege
        return f"{self.ecran.brouillon or self.ecran.id}|{self.lieu.objet}|{siege.cle if siege else ''}"

    @property
    def valeurs(self) -> Valeurs:
        """The answers of the present form; what another screen of the same path holds stays in them."""
        definition = self.formulaire()
        vierges = definition.vierge() if definition is not None else {}
        if self.ecran.initiales is not None and self.cle not in self.saisies:
            with suppress(ErreurFacturier):
                vierges = {**vierges, **self.ecran.initiales(self, self.lieu.objet)}
        return {**vierges, **self.saisies.get(self.cle, {})}

    # --- what happens ---------------------------------------------------------------------------------------

    def ouvrir(self, cible: Cible) -> None:
        """Go to a screen, taking the seat that it names."""
        self.statut, self.focus = None, ""
        if cible.ecran not in self.catalogue:
            self.statut = Message("erreur", "Cette page n’existe pas : choisissez-en une dans le menu.")
            return
        if cible.siege:
            self.asseoir(cible.siege)
        self.lieu, self.focus = replace(cible, siege="", champ=""), cible.champ
        self.conserver()

    def asseoir(self, cle: str) -> None:
        """Take a seat."""
        if any(siege.cle == cle for siege in self.sieges):
            self.siege_choisi = cle
            self.conserver()

    def changer(self, champ: str, texte: str) -> None:
        """Take what was typed in a field of the present form, and keep it; an unknown field is not one."""
        self.saisir({champ: texte})

    def saisir(self, textes: Mapping[str, str]) -> None:
        """The same for several fields at once, kept once."""
        definition = self.formulaire()
        if definition is None:
            return
        avant = self.valeurs
        connus = {champ.id for champ in definition.champs}
        neufs = {champ: texte for champ, texte in textes.items() if champ in connus and avant.get(champ) != texte}
        longs = [champ for champ, texte in neufs.items() if len(texte) > garde.TEXTE_MAX]
        for champ in longs:
            taille = len(neufs.pop(champ))
            self.statut = Message("erreur", f"Ce texte est trop long ({taille} caractères) : raccourcissez-le.")
        if not neufs:
            return
        self.saisies.pop(self.cle, None)  # the last one touched is the last one to go
        self.saisies[self.cle] = {**avant, **neufs}
        while len(self.saisies) > garde.SAISIES_MAX:
            del self.saisies[next(iter(self.saisies))]
        self.conserver()

    def joindre(self, champ: str, nom: str, octets: bytes | int) -> None:
        """Take a file given in a field, its content or its size alone."""
        joints.joindre(self, champ, nom, octets)

    def retirer(self, champ: str, nom: str) -> None:
        """Take a given file away again."""
        joints.retirer(self, champ, nom)

    def agir(self, geste: str, valeurs: Mapping[str, str] | None = None) -> Fichier | None:
        """Make a gesture of the screen; what is refused is said, and nothing typed is lost."""
        self.statut, self.focus = None, ""
        faire = self.ecran.gestes.get(geste)
        if faire is None:
            self.statut = Message("erreur", "Ce bouton n’est plus sur cette page : reprenez depuis le menu.")
            return None
        if geste in self.ecran.verifies and (restants := self.bloquants()):
            self._tentes.add(self.cle)
            self.focus = restants[0][0]
            points = "un point reste à régler" if len(restants) == 1 else f"{len(restants)} points restent à régler"
            self.statut = Message("erreur", f"Rien n’est envoyé : {points}.")
            return None
        cle = self.cle
        try:
            suite = faire(self, self.lieu.objet, {**self.valeurs, **(valeurs or {})})
        except ErreurFacturier as refus:
            self.statut = Message("erreur", f"Le portail refuse : {refus.suite}")
            return None
        self._poursuivre(cle, suite)
        return suite.fichier

    def _poursuivre(self, cle: str, suite: Suite) -> None:
        if not suite.garder:
            self.saisies.pop(cle, None)
            self.fichiers = {ou: quoi for ou, quoi in self.fichiers.items() if ou[0] != cle}
            self._tentes.discard(cle)
        if suite.cible is not None:
            self.ouvrir(suite.cible)
        if suite.phrase:
            self.statut = Message("succes", suite.phrase)
        self.conserver()

    # --- what is shown --------------------------------------------------------------------------------------

    def erreurs(self) -> dict[str, str]:
        """What is wrong in what was typed, by field."""
        definition = self.formulaire()
        return examen.erreurs(self, examen.pourvue(self, definition), self.valeurs) if definition is not None else {}

    def bloquants(self) -> list[tuple[str, str]]:
        """What still blocks the form: (field id, sentence that begins by its label), in the order of the form."""
        with self.guichet.regard():
            return examen.examiner(self, tente=False).bloquants

    def choix(self, champ: Champ) -> Sequence[tuple[str, str]]:
        """The choices of a field: those of the screen if it has any, else those of the record."""
        return examen.choix(self, champ)

    def en_clair(self, champ: Champ, texte: str) -> str:
        """An answer in words: the label of a choice, an amount in euros, else the text."""
        if champ.genre == "montant":
            return examen.lu(champ, texte) or texte
        return dict(self.choix(champ)).get(texte) or (libelle_choix(champ, texte) if champ.genre == "choix" else texte)

    def vue(self) -> Vue:
        """The screen as it now stands."""
        with self.guichet.regard():
            return self._vue()

    def _vue(self) -> Vue:
        ecran, objet, statut = self.ecran, self.lieu.objet, self.statut
        titre, blocs, vu = ecran.titre, list[Bloc](), examen.Examen()
        tente = self.cle in self._tentes
        try:
            titre = ecran.titre_objet(self, objet) if ecran.titre_objet else ecran.titre
            vu = examen.examiner(self, tente=tente)
            blocs = list(ecran.composer(self, objet))
        except ErreurFacturier as refus:  # an object that is not there, a portal that does not answer
            statut = statut or Message("erreur", refus.phrase)
        return Vue(
            ecran=ecran,
            lieu=self.lieu,
            titre=titre,
            blocs=blocs,
            champs=vu.etats,
            bloquants=vu.bloquants,
            statut=statut,
            sieges=self.sieges,
            siege=self.siege,
            menu=self.menu(),
            focus=self.focus,
            tente=tente,
            maintenant=self.guichet.maintenant,
            enregistre=self.enregistre,
            autre=self.autre,
        )

    def menu(self) -> list[tuple[str, list[Lien]]]:
        """The menu of whoever sits here."""
        visibles = [ecran for ecran in self.catalogue.values() if ecran.rubrique and ecran.visible(self)]
        rayons = [(r, [Lien(e.titre, Cible(e.id)) for e in visibles if e.rubrique == r]) for r in RUBRIQUES]
        return [(rubrique, liens) for rubrique, liens in rayons if liens]

    # --- keeping --------------------------------------------------------------------------------------------

    def en_json(self) -> dict[str, Any]:
        """What is kept of this place beside the journal; a secret typed is never kept."""
        return garde.en_json(self)

    def reprendre(self, garde_lue: Mapping[str, Any]) -> None:
        """Come back to what :meth:`en_json` kept; anything that is not of its shape is left aside."""
        garde.reprendre(self, garde_lue)

    def conserver(self) -> None:
        """Keep the answers as they now are, and remember what is said of it."""
        if self.garder is not None and (phrase := self.garder(self)):
            self.enregistre = phrase
