"""The sheet of the satisfaction survey: the form, and the file to hand in, which holds the answers and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from facturier.ecrans.blocs import Bloc, Bouton, Boutons, Fichier, Message, Paragraphe, Telechargement
from facturier.ecrans.feuille import GesteDeFeuille
from facturier.ecriture import write_bytes
from facturier.enquete import Avis, avis_de, jeton_de
from facturier.formulaires.feuille_formulaire import FeuilleFormulaire
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire

DOSSIER = "avis"
SUITE = (
    "Quand vous avez fini, préparez le fichier de votre avis. Il contient vos réponses, sans nom ni heure ; "
    "« Rendre mon travail » ne l’emporte pas."
)


A_DEPOSER = f"Il est dans le dossier « {DOSSIER} » de votre espace de travail. Déposez-le où le formateur vous le dit."
REMIS = "Il est remis : vous n’avez rien d’autre à faire."
CHANGER = "Vous changez une réponse ? Préparez-le de nouveau : le dernier compte seul."


class FeuilleAvis(FeuilleFormulaire):
    """The survey of that notebook; the file goes in ``dossier/avis``, under a name drawn at random.

    ``partage``: several people share that folder, which is the trainer's: the file is then handed in once written.
    """

    def __init__(self, modele: ModeleFormulaire, memoire: Memoire, dossier: Path, *, partage: bool = False) -> None:
        super().__init__(modele)
        self._memoire = memoire
        self._dossier = dossier / DOSSIER
        self._partage = partage
        self._pret: Avis | None = None
        self._dit: Message | None = None

    def composer(self) -> Sequence[Bloc]:
        """The questions, the button; under it, where the eyes are, what came of it."""
        bouton = Boutons((Bouton("preparer", "Préparer le fichier de mon avis"),))
        dit = [self._dit] if self._dit is not None else []
        fichier = [Telechargement("telecharger", "Télécharger ce fichier")] if self._pret is not None else []
        return [*super().composer(), Paragraphe(SUITE), bouton, *dit, *fichier]

    def gestes(self) -> Mapping[str, GesteDeFeuille]:
        """Make the file, take it."""
        return {"preparer": self._preparer, "telecharger": self._telecharger}

    def prendre(self, textes: Mapping[str, str]) -> None:
        """Take what was typed; a file already made is then no longer the last word."""
        super().prendre(textes)
        self._pret = self._dit = None

    def repartir(self) -> None:
        """Start again, blank."""
        super().repartir()
        self._pret = self._dit = None

    def _preparer(self, _: Mapping[str, str]) -> Fichier | None:
        avis = self._avis()
        if avis.vide:
            self._dit = Message("info", "Vous n’avez encore répondu à aucune question : rien n’est à remettre.")
            return None
        self._pret = avis
        try:
            write_bytes(self._dossier / avis.nom_fichier, avis.fichier())
        except OSError:
            suite = "Il ne s’écrit pas sur ce support : prenez-le par le bouton « Télécharger ce fichier »."
        else:
            suite = REMIS if self._partage else A_DEPOSER
        self.enregistre = "Le fichier de votre avis est prêt."
        self._dit = Message("succes", f"Votre avis est prêt : **{avis.nom_fichier}**. {suite} {CHANGER}")
        return None

    def _telecharger(self, _: Mapping[str, str]) -> Fichier | None:
        avis = self._pret
        return None if avis is None else Fichier(avis.nom_fichier, "application/json", avis.fichier())

    def _avis(self) -> Avis:
        nom = self.modele.formulaire
        jeton = jeton_de(self._memoire.graine(nom))
        gardee = self._memoire.reponses.get(nom)
        return avis_de(jeton, gardee.revision if gardee else 0, self.modele.valeurs)
