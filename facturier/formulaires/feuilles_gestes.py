"""Sheets of one gesture: ask for help, hand in, start again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from facturier.ecrans.blocs import Bloc, Bouton, Boutons, Fichier, Message, Paragraphe, Tableau, Telechargement
from facturier.ecrans.feuille import Feuille, GesteDeFeuille
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.aide import noter
from facturier.formulaires.memoire import Memoire, maintenant
from facturier.formulaires.rendu import Recu, Rendu

RELIRE = "Relisez la phrase juste au-dessus du formulaire : elle dit ce qui est attendu."
EXECUTER = "Un formulaire manque ? Cliquez dans la ligne grisée, puis appuyez sur Maj + Entrée."
RECHARGER = "Un formulaire manque ? Rechargez la page : vos réponses y sont reprises."
LE_DIRE = "Sinon, dites-le à voix haute ou par la messagerie de la visioconférence : le formateur passe vous voir."
ENREGISTRER = "Avant de rendre, enregistrez vos carnets ouverts (Ctrl+S)."
DEJA_ENREGISTRE = "Vos réponses sont déjà enregistrées : rien d’autre n’est à faire avant de rendre."
TELECHARGE_MAX = 16 * 1024 * 1024
"""Bytes of a file that the kernel can hand to the page; a bigger one is taken from its folder."""


class FeuilleAide(Feuille):
    """« J’ai besoin d’aide »: keeps the request with its time, tells the trainer by ``prevenir``, and says what to do
    meanwhile; ``page``: where no line of code is seen."""

    def __init__(
        self,
        memoire: Memoire,
        *,
        horloge: Callable[[], datetime] = maintenant,
        prevenir: Callable[[], str] | None = None,
        page: bool = False,
    ) -> None:
        super().__init__("aide", "Un doute, un blocage ?")
        self._memoire = memoire
        self._horloge = horloge
        self._prevenir = prevenir
        self._que_faire = (RELIRE, RECHARGER if page else EXECUTER, LE_DIRE)

    def composer(self) -> Sequence[Bloc]:
        """One button."""
        return [Boutons((Bouton("demander", "J’ai besoin d’aide"),))]

    def gestes(self) -> Mapping[str, GesteDeFeuille]:
        """Ask."""
        return {"demander": self._demander}

    def _demander(self, _: Mapping[str, str]) -> Fichier | None:
        phrase = noter(self._memoire, horloge=self._horloge, prevenir=self._prevenir)
        self.statut = Message("info", f"{phrase} En attendant :", self._que_faire)
        return None


class FeuilleRendu(Feuille):
    """« Rendre mon travail »: what is done and what is left, a confirmation, a receipt."""

    def __init__(self, rendu: Rendu, prenom: Callable[[], str], *, page: bool = False) -> None:
        super().__init__("rendu", "Rendre mon travail")
        self._avant = DEJA_ENREGISTRE if page else ENREGISTRER
        self._rendu = rendu
        self._prenom = prenom
        self.recu: Recu | None = None

    def composer(self) -> Sequence[Bloc]:
        """Where the work stands, read again each time; a damaged statement is said and stops nothing."""
        blocs: list[Bloc] = [Paragraphe(self._avant)]
        question = "Rendre votre travail tel qu’il est ?"
        try:
            avances = self._rendu.avancement()
        except ErreurFacturier as refus:
            blocs.append(Message("alerte", refus.phrase))
        else:
            lignes = [(a.titre, a.etat, a.detail) for a in avances]
            blocs.append(Tableau("Où en est votre travail", ("Exercice", "État", "Détail"), lignes))
            question = _question(sum(a.etat != "fait" for a in avances))
        return [*blocs, Boutons((Bouton("rendre", "Rendre mon travail", confirmer=question),)), *self._a_remettre()]

    def gestes(self) -> Mapping[str, GesteDeFeuille]:
        """Hand in; take the file."""
        return {"rendre": self._rendre, "telecharger": self._telecharger}

    def _rendre(self, _: Mapping[str, str]) -> Fichier | None:
        try:
            self.recu = self._rendu.rendre(self._prenom())
        except ErreurFacturier as refus:
            self.statut = Message("erreur", f"Votre travail n’est pas rendu. {refus.phrase}")
            return None
        self.statut = Message(
            "succes",
            f"Votre travail est prêt. Reçu n° **{self.recu.recu}** : notez-le, il prouve ce que vous avez rendu.",
        )
        return None

    def _a_remettre(self) -> list[Bloc]:
        if self.recu is None:
            return []
        ou = Paragraphe(
            f"Le fichier à remettre au formateur : **{self.recu.fichier.name}**, dans le dossier « rendus » de votre "
            f"espace de travail ({self.recu.fichiers} fichiers)."
        )
        return [ou, Telechargement("telecharger", "Télécharger ce fichier")]

    def _telecharger(self, _: Mapping[str, str]) -> Fichier | None:
        fichier = self.recu.fichier if self.recu is not None else None
        try:
            if fichier is None or fichier.stat().st_size > TELECHARGE_MAX:
                raise OSError
            return Fichier(fichier.name, "application/zip", fichier.read_bytes())
        except OSError:
            self.statut = Message("alerte", "Prenez ce fichier dans le dossier « rendus » de votre espace de travail.")
            return None


class FeuilleRecommencer(Feuille):
    """« Recommencer »: empties the forms of this notebook, after a confirmation; what they held is set aside.

    Args:
        recommencer: does it; how many forms are empty again.
    """

    def __init__(self, recommencer: Callable[[], int]) -> None:
        super().__init__("recommencer", "Recommencer")
        self._recommencer = recommencer

    def composer(self) -> Sequence[Bloc]:
        """One button, which asks first."""
        question = (
            "Vider tous les formulaires de ce carnet ? Vos réponses actuelles sont mises de côté dans le dossier "
            "« reponses », elles ne comptent plus."
        )
        return [Boutons((Bouton("vider", "Recommencer ce carnet", "danger", confirmer=question),))]

    def gestes(self) -> Mapping[str, GesteDeFeuille]:
        """Empty everything."""
        return {"vider": self._vider}

    def _vider(self, _: Mapping[str, str]) -> Fichier | None:
        nombre = self._recommencer()
        vides = "le formulaire de ce carnet est de nouveau vide"
        if nombre > 1:
            vides = f"les {nombre} formulaires de ce carnet sont de nouveau vides"
        self.statut = Message("succes", f"C’est fait : {vides}.")
        return None


def _question(reste: int) -> str:
    if not reste:
        return "Tout est fait. Rendre votre travail maintenant ?"
    return (
        f"Il reste {reste} exercice{'s' if reste > 1 else ''} à finir. "
        "Rendre quand même ? Vous pourrez rendre de nouveau plus tard."
    )
