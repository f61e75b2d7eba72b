"""The place where a person works: who they are, the screen before them, what they have typed. No widget, no HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from facturier.champs import Champ, Contexte, FormulaireDef, Valeurs, controler
from facturier.champs.controles import manquants
from facturier.champs.listes import libelle_choix, options
from facturier.ecrans.blocs import Bloc, Cible, Fichier, Lien, Message
from facturier.ecrans.ecran import RUBRIQUES, Ecran, Siege, Suite
from facturier.erreurs import ErreurFacturier
from facturier.portail.evenements import Acteur
from facturier.portail.guichet import Guichet

TEXTE_MAX = 20_000
SAISIES_MAX = 60
"""How many forms' answers are kept at most; the oldest go first."""
FICHIERS_MAX = 20
ACCUEIL = "tableau_de_bord"

Sieges = Callable[["Poste"], Sequence[Siege]]


@dataclass(frozen=True)
class EtatChamp:
    """What a field shows now: value, error, whether it must be filled, choices."""

    champ: Champ
    valeur: str
    erreur: str
    requis: bool
    options: Sequence[tuple[str, str]]
    fichiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vue:
    """All that is drawn: the screen, its blocks, the state of its fields, what blocks, what is said."""

    ecran: Ecran
    lieu: Cible
    titre: str
    blocs: Sequence[Bloc]
    champs: Mapping[str, EtatChamp]
    bloquants: Sequence[tuple[str, str]]
    statut: Message | None
    sieges: Sequence[Siege]
    siege: Siege | None
    menu: Sequence[tuple[str, Sequence[Lien]]]
    focus: str = ""


class Poste:
    """A person at work on a portal, alone or in a class.

    Args:
        guichet: the counter of the portal, here or across a network.
        catalogue: the screens, by id.
        sieges: the seats that the person may take now; asked again at each view.
        garder: called after each change, so that answers are kept.
    """

    def __init__(
        self,
        guichet: Guichet,
        catalogue: Mapping[str, Ecran],
        sieges: Sieges,
        *,
        accueil: Cible | None = None,
        garder: Callable[[Poste], str] | None = None,
    ) -> None:
        self.guichet = guichet
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
        self._tentes: set[str] = set()
        self._sieges = sieges
        self._siege = ""
        self._garder = garder

    # --- who, where -----------------------------------------------------------------------------------------

    @property
    def sieges(self) -> Sequence[Siege]:
        """The seats that may be taken now."""
        return self._sieges(self)

    @property
    def siege(self) -> Siege | None:
        """The seat taken, the first one when none was; None when there is none."""
        tous = self.sieges
        return next((s for s in tous if s.cle == self._siege), tous[0] if tous else None)

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
        return ou.formulaire(self, self.lieu.objet)

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
            vierges = {**vierges, **self.ecran.initiales(self, self.lieu.objet)}
        return {**vierges, **self.saisies.get(self.cle, {})}

    # --- what happens ---------------------------------------------------------------------------------------

    def ouvrir(self, cible: Cible) -> None:
        """Go to a screen, taking the seat that it names."""
        self.statut, self.focus = None, ""
        if cible.ecran not in self.catalogue:
            self.statut = Message("erreur", "Cette page n’existe pas : choisissez-en une dans le menu.")
            return
        if cible.siege:
            self.asseoir(cible.siege)
        self.lieu = replace(cible, siege="")
        self._conserver()

    def asseoir(self, cle: str) -> None:
        """Take a seat."""
        if any(siege.cle == cle for siege in self.sieges):
            self._siege = cle
            self._conserver()

    def changer(self, champ: str, texte: str) -> None:
        """Take what was typed in a field of the present form, and keep it; an unknown field is not one."""
        definition = self.formulaire()
        if definition is None or champ not in {c.id for c in definition.champs}:
            return
        if len(texte) > TEXTE_MAX:
            self.statut = Message("erreur", f"Ce texte est trop long ({len(texte)} caractères) : raccourcissez-le.")
            return
        valeurs = self.valeurs
        if valeurs.get(champ) == texte:
            return
        self.saisies.pop(self.cle, None)  # the last one touched is the last one to go
        self.saisies[self.cle] = {**valeurs, champ: texte}
        while len(self.saisies) > SAISIES_MAX:
            del self.saisies[next(iter(self.saisies))]
        self._conserver()

    def joindre(self, champ: str, nom: str, octets: bytes) -> None:
        """Take a file dropped in a field of genre « fichier »; it lives as long as this place does."""
        gardes = self.fichiers.setdefault((self.cle, champ), [])
        gardes[:] = [garde for garde in gardes if garde[0] != nom]
        if len(gardes) >= FICHIERS_MAX:
            self.statut = Message("erreur", f"Vous avez déjà {FICHIERS_MAX} fichiers ici : retirez-en un.")
            return
        gardes.append((nom, octets))
        self.changer(champ, " ; ".join(n for n, _ in gardes))

    def retirer(self, champ: str, nom: str) -> None:
        """Take a dropped file away again."""
        gardes = self.fichiers.get((self.cle, champ), [])
        gardes[:] = [garde for garde in gardes if garde[0] != nom]
        self.changer(champ, " ; ".join(n for n, _ in gardes))

    def joints(self, champ: str) -> list[tuple[str, bytes]]:
        """The files of a field: names and bytes."""
        return list(self.fichiers.get((self.cle, champ), []))

    def agir(self, geste: str, valeurs: Mapping[str, str] | None = None) -> Fichier | None:
        """Make a gesture of the screen; what is refused is said, and nothing typed is lost."""
        self.statut, self.focus = None, ""
        faire = self.ecran.gestes.get(geste)
        if faire is None:
            self.statut = Message("erreur", "Ce bouton n’est plus sur cette page : reprenez depuis le menu.")
            return None
        if geste in self.ecran.verifies and (restants := self.bloquants()):
            self._tentes.add(self.cle)
            self.focus = restants[0][0]
            points = "un point reste à régler" if len(restants) == 1 else f"{len(restants)} points restent à régler"
            self.statut = Message("erreur", f"Rien n’est envoyé : {points}.")
            return None
        cle = self.cle
        try:
            suite = faire(self, self.lieu.objet, {**self.valeurs, **(valeurs or {})})
        except ErreurFacturier as refus:
            self.statut = Message("erreur", f"Le portail refuse : {refus.phrase}")
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
        self._conserver()

    # --- what is shown --------------------------------------------------------------------------------------

    def erreurs(self) -> dict[str, str]:
        """What is wrong in what was typed, by field."""
        definition = self.formulaire()
        if definition is None:
            return {}
        valeurs = self.valeurs
        trouvees = controler(definition, valeurs, self.contexte)
        if self.ecran.controles is not None:
            for champ, phrase in self.ecran.controles(self, self.lieu.objet, valeurs).items():
                trouvees.setdefault(champ, phrase)
        return trouvees

    def bloquants(self) -> list[tuple[str, str]]:
        """What still blocks the form: (field id, sentence that begins by its label), in the order of the form."""
        definition = self.formulaire()
        if definition is None:
            return []
        erreurs = self.erreurs()
        vides = {champ.id for champ in manquants(definition, self.valeurs, self.contexte)}
        phrases = {c.id: c.phrase_vide or "Ce champ est obligatoire." for c in definition.champs if c.id in vides}
        return [
            (c.id, f"{c.libelle} : {erreurs.get(c.id) or phrases[c.id]}")
            for c in definition.champs
            if c.id in erreurs or c.id in vides
        ]

    def choix(self, champ: Champ) -> Sequence[tuple[str, str]]:
        """The choices of a field: those of the screen if it has any, else those of the record."""
        if self.ecran.options is not None:
            propres = self.ecran.options(self, self.lieu.objet, champ)
            if propres is not None:
                return propres
        return options(champ, self.contexte.au) if champ.choix else ()

    def en_clair(self, champ: Champ, texte: str) -> str:
        """An answer in words: the label of a choice, else the text."""
        return dict(self.choix(champ)).get(texte) or (libelle_choix(champ, texte) if champ.genre == "choix" else texte)

    def etats(self) -> dict[str, EtatChamp]:
        """The state of every field of the present form."""
        definition = self.formulaire()
        if definition is None:
            return {}
        valeurs, erreurs = self.valeurs, self.erreurs()
        requis = {champ.id for champ in manquants(definition, valeurs, self.contexte)}
        tente = self.cle in self._tentes
        etats = {}
        for champ in definition.champs:
            erreur = erreurs.get(champ.id, "")
            if not erreur and tente and champ.id in requis:
                erreur = champ.phrase_vide or "Ce champ est obligatoire."
            etats[champ.id] = EtatChamp(
                champ,
                valeurs.get(champ.id, ""),
                erreur,
                champ.obligatoire is True or champ.id in requis,
                self.choix(champ),
                tuple(nom for nom, _ in self.joints(champ.id)),
            )
        return etats

    def vue(self) -> Vue:
        """The screen as it now stands."""
        ecran, objet = self.ecran, self.lieu.objet
        statut = self.statut
        titre = ecran.titre
        blocs: Sequence[Bloc] = ()
        etats: dict[str, EtatChamp] = {}
        restants: list[tuple[str, str]] = []
        try:
            titre = ecran.titre_objet(self, objet) if ecran.titre_objet else ecran.titre
            blocs = ecran.composer(self, objet)
            etats, restants = self.etats(), self.bloquants()
        except ErreurFacturier as refus:  # an object that is not there, a portal that does not answer
            statut = statut or Message("erreur", refus.phrase)
        return Vue(
            ecran, self.lieu, titre, blocs, etats, restants, statut, self.sieges, self.siege, self.menu(), self.focus
        )

    def menu(self) -> list[tuple[str, list[Lien]]]:
        """The menu of whoever sits here."""
        visibles = [ecran for ecran in self.catalogue.values() if ecran.rubrique and ecran.visible(self)]
        rayons = [(r, [Lien(e.titre, Cible(e.id)) for e in visibles if e.rubrique == r]) for r in RUBRIQUES]
        return [(rubrique, liens) for rubrique, liens in rayons if liens]

    # --- keeping --------------------------------------------------------------------------------------------

    def en_json(self) -> dict[str, Any]:
        """What is kept of this place beside the journal; a secret typed is never kept."""
        return {
            "lieu": [self.lieu.ecran, self.lieu.objet],
            "siege": self._siege,
            "compte": self.compte,
            "saisies": {cle: self._sans_secret(cle, valeurs) for cle, valeurs in self.saisies.items()},
            "notes": dict(self.notes),
        }

    def reprendre(self, garde: Mapping[str, Any]) -> None:
        """Come back to what :meth:`en_json` kept; anything that is not of its shape is left aside."""
        lieu = garde.get("lieu")
        connu = isinstance(lieu, list) and len(lieu) == 2 and all(isinstance(m, str) for m in lieu)
        if connu and lieu[0] in self.catalogue:
            self.lieu = Cible(*lieu)
        self._siege = str(garde.get("siege", ""))
        self.compte = str(garde.get("compte", ""))
        for nom, ou in (("saisies", self.saisies), ("notes", self.notes)):
            lus = garde.get(nom)
            if isinstance(lus, dict):
                ou.update(lus)
        self.saisies = {
            cle: {c: t for c, t in v.items() if isinstance(t, str)}
            for cle, v in self.saisies.items()
            if isinstance(v, dict)
        }

    def _sans_secret(self, cle: str, valeurs: Valeurs) -> Valeurs:
        ecran = self.catalogue.get(cle.partition("|")[0])
        definition = self.formulaire(ecran) if ecran is not None else None
        secrets = {c.id for c in definition.champs if c.genre == "secret"} if definition is not None else set()
        return {champ: texte for champ, texte in valeurs.items() if champ not in secrets}

    def _conserver(self) -> None:
        if self._garder is not None and (phrase := self._garder(self)):
            self.notes["enregistre"] = phrase
