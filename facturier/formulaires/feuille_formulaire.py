"""The sheet of a form of fields: what is typed, what is wrong beside each field, what blocks, what was deposited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from facturier.champs import Champ, libelle_choix, options
from facturier.ecrans import examen
from facturier.ecrans.blocs import (
    Bloc,
    Bloquants,
    Bouton,
    Boutons,
    Champs,
    Definitions,
    Fichier,
    Message,
    Paragraphe,
    Tableau,
)
from facturier.ecrans.feuille import Feuille, GesteDeFeuille
from facturier.ecrans.vue import EtatChamp
from facturier.formulaires.modele import ModeleFormulaire

PRET = (
    "Tout est rempli. Relisez le récapitulatif, puis « Valider et envoyer ». "
    "« Enregistrer le brouillon » n’envoie rien."
)


class FeuilleFormulaire(Feuille):
    """A form, with the portal's two buttons when it deposits something."""

    def __init__(self, modele: ModeleFormulaire) -> None:
        super().__init__(modele.formulaire, modele.definition.titre)
        self.modele = modele
        self._dire()

    def composer(self) -> Sequence[Bloc]:
        """The fields; on the portal, the recap, what blocks, the buttons and the pieces."""
        modele = self.modele
        intro = [Paragraphe(modele.definition.intro)] if modele.definition.intro else []
        if not modele.avec_portail:
            return [*intro, Champs()]
        return [*intro, Champs(), *self._recap(), self._avant_l_envoi(), self._boutons(), *self._pieces()]

    def gestes(self) -> Mapping[str, GesteDeFeuille]:
        """Keep a draft, send."""
        return {"envoyer": self._envoyer, "enregistrer": self._enregistrer} if self.modele.avec_portail else {}

    def etats(self) -> Mapping[str, EtatChamp]:
        """Every field, with its error and its choices of the day."""
        modele, au = self.modele, self.modele.contexte.au
        return {
            champ.id: examen.etat(
                champ,
                modele.valeurs[champ.id],
                modele.erreurs.get(champ.id) or modele.vide_a_dire(champ),
                requis=modele.exige_ici(champ),
                choix=options(champ, au) if champ.choix else (),
                au=au,
                tu=modele.definition.facultatif_tu,
            )
            for champ in modele.definition.champs
        }

    def bloquants(self) -> Sequence[tuple[str, str]]:
        """What still blocks the sending, by field."""
        return self.modele.points_bloquants() if self.modele.avec_portail else ()

    def prendre(self, textes: Mapping[str, str]) -> None:
        """Take what was typed and keep it."""
        self.statut = None
        for champ, texte in textes.items():
            self.modele.changer(champ, texte)
            if self.modele.valeurs[champ] != texte:
                self.statut = Message("erreur", self.modele.statut)
                return
        self.enregistre = self.modele.statut

    def rouvrir(self) -> None:
        """Read the answers again."""
        self.modele.relire()
        self._dire()

    def repartir(self) -> None:
        """An empty form, on a portal without pieces."""
        self.modele.repartir()
        self.tente = False
        self._dire()

    def _envoyer(self, _: Mapping[str, str]) -> Fichier | None:
        envoyee = self.modele.envoyer()
        self.tente = self.modele.tente
        if not envoyee:
            self.focus = self.modele.premier_a_corriger() or ""
        self.statut = Message("succes" if envoyee else "erreur", self.modele.statut)
        return None

    def _enregistrer(self, _: Mapping[str, str]) -> Fichier | None:
        garde = self.modele.enregistrer()
        self.statut = Message("succes" if garde else "erreur", self.modele.statut)
        return None

    def _dire(self) -> None:
        phrases = " ".join((*self.modele.phrases, self.modele.statut)).strip()
        self.statut = Message("info", phrases) if phrases else None
        self.enregistre = ""

    def _recap(self) -> list[Bloc]:
        paires = [
            (champ.libelle, self._en_clair(champ))
            for champ in self.modele.definition.champs
            if self.modele.valeurs[champ.id].strip()
        ]
        return [Definitions("Récapitulatif", paires)] if paires else []

    def _avant_l_envoi(self) -> Bloc:
        if envoyee := self.modele.envoyee:
            return Message("succes", f"La facture {envoyee} est partie : vous n’avez plus rien à faire pour elle.")
        return Bloquants(PRET)

    def _boutons(self) -> Bloc:
        return Boutons(
            (Bouton("envoyer", "Valider et envoyer"), Bouton("enregistrer", "Enregistrer le brouillon", "second"))
        )

    def _pieces(self) -> list[Bloc]:
        if not self.modele.pieces:
            return []
        colonnes = ("Pièce", "Numéro de facture", "Statut")
        return [Tableau("Vos pièces sur le portail d’entraînement", colonnes, self.modele.pieces)]

    def _en_clair(self, champ: Champ) -> str:
        texte = str(self.modele.valeurs[champ.id])
        return libelle_choix(champ, texte, self.modele.contexte.au) if champ.genre == "choix" else texte
