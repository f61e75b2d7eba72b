"""Small screens of one gesture: ask for help, hand in, start again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import ipywidgets as w

from facturier.erreurs import ErreurFacturier
from facturier.formulaires.aide import FORMULAIRE_AIDE as FORMULAIRE_AIDE
from facturier.formulaires.aide import noter
from facturier.formulaires.memoire import Memoire, maintenant
from facturier.formulaires.rendu import Recu, Rendu
from facturier.formulaires.style import e, feuille, liste, statut

_QUE_FAIRE = (
    "Relisez la phrase juste au-dessus du formulaire : elle dit ce qui est attendu.",
    "Un formulaire manque ? Cliquez dans la ligne grisée, puis appuyez sur Maj + Entrée.",
    "Sinon, dites-le à voix haute ou par la messagerie de la visioconférence : le formateur passe vous voir.",
)


class VueAide:
    """« J’ai besoin d’aide »: keeps the request with its time, tells the trainer by ``prevenir``, and says what to do
    meanwhile."""

    def __init__(
        self,
        memoire: Memoire,
        *,
        horloge: Callable[[], datetime] = maintenant,
        prevenir: Callable[[], str] | None = None,
    ) -> None:
        self._memoire = memoire
        self._horloge = horloge
        self._prevenir = prevenir
        self.bouton = w.Button(description="J’ai besoin d’aide", button_style="primary")
        self.bouton.on_click(self._demander)
        self.message = w.HTML()
        self.racine = _ecran([w.HTML(feuille()), w.HBox([self.bouton]), self.message])

    def _demander(self, _: Any) -> None:
        phrase = noter(self._memoire, horloge=self._horloge, prevenir=self._prevenir)
        self.message.value = f"{statut(phrase)}<p>En attendant :</p>{liste(_QUE_FAIRE)}"


class VueRendu:
    """« Rendre mon travail »: what is done and what is left, a confirmation, a receipt."""

    def __init__(self, rendu: Rendu, prenom: Callable[[], str], lien: Callable[[Path], str]) -> None:
        self._rendu = rendu
        self._prenom = prenom
        self._lien = lien
        self._etat = w.HTML()
        self._message = w.HTML()
        self.sortie = w.Output()
        self.rendre = w.Button(description="Rendre mon travail", button_style="primary")
        self.confirmer = w.Button(description="Oui, rendre maintenant", button_style="primary")
        self.annuler = w.Button(description="Non, continuer à travailler")
        self.rendre.on_click(self._demander)
        self.confirmer.on_click(self._confirmer)
        self.annuler.on_click(lambda _: self._revenir(""))
        self._boutons = w.HBox()
        self.racine = _ecran([w.HTML(feuille()), self._etat, self._boutons, self._message, self.sortie])
        self._proposer("")

    def _proposer(self, phrase: str) -> None:
        self._montrer_etat()
        self._boutons.children = (self.rendre,)
        self._message.value = statut(phrase)

    def _revenir(self, phrase: str) -> None:
        """Back to the first button, the focus with it: the one that had it is gone."""
        self._proposer(phrase)
        self.rendre.focus()

    def _demander(self, _: Any) -> None:
        self._montrer_etat()
        try:
            reste = [a for a in self._rendu.avancement() if a.etat != "fait"]
        except ErreurFacturier as refus:
            self._message.value = statut(refus.phrase)
            return
        phrase = "Tout est fait. Rendre votre travail maintenant ?"
        if reste:
            phrase = (
                f"Il reste {len(reste)} exercice{'s' if len(reste) > 1 else ''} à finir. "
                "Rendre quand même ? Vous pourrez rendre de nouveau plus tard."
            )
        self._message.value = statut(phrase)
        self._boutons.children = (self.confirmer, self.annuler)
        self.confirmer.focus()

    def _confirmer(self, _: Any) -> None:
        try:
            recu = self._rendu.rendre(self._prenom())
        except ErreurFacturier as refus:
            self._revenir(f"Votre travail n’est pas rendu. {refus.phrase}")
            return
        self._revenir(f"Votre travail est prêt. Reçu n° {recu.recu} : notez-le, il prouve ce que vous avez rendu.")
        self.sortie.outputs = (_sortie_html(self._ou(recu)),)

    def _ou(self, recu: Recu) -> str:
        return (
            f'<div class="facturier"><p>Le fichier à remettre au formateur : <strong>{e(recu.fichier.name)}</strong>, '
            f"dans le dossier « rendus » de votre espace de travail ({recu.fichiers} fichiers).</p>"
            f'<p><a href="{e(self._lien(recu.fichier))}" download="{e(recu.fichier.name)}">'
            "Télécharger ce fichier</a></p></div>"
        )

    def _montrer_etat(self) -> None:
        try:
            lignes = "".join(
                f'<tr><th scope="row">{e(a.titre)}</th><td>{e(a.etat)}</td><td>{e(a.detail)}</td></tr>'
                for a in self._rendu.avancement()
            )
        except ErreurFacturier as refus:
            self._etat.value = statut(refus.phrase)
            return
        self._etat.value = (
            "<p>Avant de rendre, enregistrez vos carnets ouverts (Ctrl+S).</p>"
            "<table><caption>Où en est votre travail</caption><thead><tr>"
            '<th scope="col">Exercice</th><th scope="col">État</th><th scope="col">Détail</th>'
            f"</tr></thead><tbody>{lignes}</tbody></table>"
        )


class VueRecommencer:
    """« Recommencer »: empties the forms of this notebook, after a confirmation; what they held is set aside."""

    def __init__(self, recommencer: Callable[[], int]) -> None:
        self._recommencer = recommencer
        self.demander = w.Button(description="Recommencer ce carnet")
        self.confirmer = w.Button(description="Oui, tout vider")
        self.annuler = w.Button(description="Non, garder mes réponses", button_style="primary")
        self.demander.on_click(self._demander)
        self.confirmer.on_click(self._confirmer)
        self.annuler.on_click(lambda _: self._proposer("Rien n’est changé."))
        self._boutons = w.HBox((self.demander,))
        self._message = w.HTML()
        self.racine = _ecran([w.HTML(feuille()), self._boutons, self._message])

    def _demander(self, _: Any) -> None:
        self._message.value = statut(
            "Vider tous les formulaires de ce carnet ? Vos réponses actuelles sont mises de côté dans le dossier "
            "« reponses », elles ne comptent plus."
        )
        self._boutons.children = (self.confirmer, self.annuler)
        self.annuler.focus()

    def _confirmer(self, _: Any) -> None:
        nombre = self._recommencer()
        vides = "le formulaire de ce carnet est de nouveau vide"
        if nombre > 1:
            vides = f"les {nombre} formulaires de ce carnet sont de nouveau vides"
        self._proposer(f"C’est fait : {vides}.")

    def _proposer(self, phrase: str) -> None:
        self._boutons.children = (self.demander,)
        self._message.value = statut(phrase)
        self.demander.focus()


def _ecran(enfants: list[Any]) -> Any:
    racine = w.VBox(enfants)
    racine.add_class("facturier")
    return racine


def _sortie_html(contenu: str) -> dict[str, Any]:
    """An output that JupyterLab renders itself, so that a relative link is resolved from the notebook."""
    return {"output_type": "display_data", "data": {"text/html": contenu}, "metadata": {}}
