"""The sheet of a quiz: each question numbered, its choices shown, never the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from facturier.ecrans import questions
from facturier.ecrans.blocs import Bloc, Fichier, Message, Paragraphe
from facturier.ecrans.feuille import Feuille, GesteDeFeuille
from facturier.ecrans.vue import EtatChamp
from facturier.formulaires.quiz import ModeleQuiz

MODE_D_EMPLOI = (
    "Chaque réponse est enregistrée aussitôt et peut être changée. Laisser une question vide n’est pas une erreur : "
    "elle sera marquée « non répondu »."
)


class FeuilleQuiz(Feuille):
    """All the questions of a quiz and their progress."""

    def __init__(self, modele: ModeleQuiz) -> None:
        super().__init__(modele.formulaire, modele.titre)
        self.modele = modele
        self._champs = {champ.id: (item, champ.id) for item in modele.items for _, champ in questions.champs_de(item)}
        self._dire()

    def composer(self) -> Sequence[Bloc]:
        """The questions."""
        items = self.modele.items
        combien = f"{len(items)} question{'s' if len(items) > 1 else ''}"
        return [Paragraphe(f"{combien}. {MODE_D_EMPLOI}"), *questions.blocs(items, self.modele.valeurs)]

    def gestes(self) -> Mapping[str, GesteDeFeuille]:
        """Take an answer back."""
        return {questions.EFFACER: self._effacer}

    def etats(self) -> Mapping[str, EtatChamp]:
        """The fields of all questions."""
        return questions.etats(self.modele.items, self.modele.valeurs)

    def prendre(self, textes: Mapping[str, str]) -> None:
        """Give these answers; what a question does not offer is not one."""
        self.statut = None
        for champ, texte in textes.items():
            item, _ = self._champs[champ]
            valeur = questions.completer(item, self.modele.valeurs[item["id"]], champ, texte)
            try:
                self.modele.repondre(item["id"], valeur)
            except ValueError:
                trop = len(texte) > questions.TEXTE_MAX
                self.statut = Message("erreur", "Ce texte est trop long : raccourcissez-le." if trop else HORS_LISTE)
        self._suivre()

    def rouvrir(self) -> None:
        """Read the answers again."""
        self.modele.relire()
        self._dire()

    def repartir(self) -> None:
        """Every question blank."""
        self.modele.repartir()
        self._dire()

    def _effacer(self, valeurs: Mapping[str, str]) -> Fichier | None:
        ident = valeurs.get("question", "")
        if ident in self.modele.valeurs:
            vide = [] if isinstance(self.modele.valeurs[ident], list) else ""
            self.modele.repondre(ident, vide)
            self._suivre()
            self.statut = Message("info", "Votre réponse à cette question est effacée.")
        return None

    def _dire(self) -> None:
        """What opening or starting again has to say."""
        phrases = " ".join((*self.modele.phrases, self.modele.statut)).strip()
        self.statut = Message("info", phrases) if phrases else None
        self.enregistre = self._avancement(f"{self.modele.avancement}.")

    def _suivre(self) -> None:
        self.enregistre = self._avancement(self.modele.statut or f"{self.modele.avancement}.")

    def _avancement(self, phrase: str) -> str:
        return f"{phrase} {questions.sans_reponse(self.modele.items, self.modele.valeurs)}".strip()


HORS_LISTE = "Cette réponse n’est pas proposée : choisissez dans la liste."
