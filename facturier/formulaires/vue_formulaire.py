"""The screen of a form of fields, built from its records; it only links widgets to the model."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from facturier.champs import Champ, aide, libelle_choix, options
from facturier.champs.lecture import lire
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.style import AU_CLAVIER, BANDEAU, e, feuille, liste, statut
from facturier.montants import format_euros

A_CHOISIR = "— choisir —"
_NOTES = {True: "obligatoire", False: "facultatif"}
_COURTS = ("montant", "date", "siret", "entier")


class VueChamp:
    """One field: a control whose ``<label>`` says what is expected, and a message under it.

    Whatever changes on a control's own model makes ipywidgets put back the last value sent, which eats the letters
    being typed in it. So what other fields cause goes to the message; the label takes the error in, for those who
    hear it, only when the form is sent.
    """

    def __init__(self, champ: Champ, modele: ModeleFormulaire) -> None:
        self._champ = champ
        self._modele = modele
        self.controle = self._construire()
        self.message = w.HTML()
        self.racine = w.VBox([self.controle, self.message])
        self.controle.observe(self._saisi, names="value")
        modele.observe(self._rafraichir, names=("valeurs", "erreurs", "bloquants", "tente"))
        self._rafraichir()

    def dire_erreur(self) -> None:
        """Put in the label what is to correct in the field: to be called when nobody is typing."""
        self.controle.description = self._etiquette(self._a_corriger())

    def _construire(self) -> Any:
        valeur = self._modele.valeurs[self._champ.id]
        commun: dict[str, Any] = {
            "description": self._etiquette(),
            "description_allow_html": True,
            "style": {"description_width": "initial"},
        }
        if self._champ.genre == "choix":
            offerts = options(self._champ, self._modele.contexte.au)
            choix = [(A_CHOISIR, ""), *((libelle, code) for code, libelle in offerts)]
            garde = valeur if valeur in {code for _, code in choix} else ""
            return w.Dropdown(options=choix, value=garde, **commun)
        if self._champ.genre == "texte_long":
            return w.Textarea(value=valeur, continuous_update=False, **commun)
        controle = w.Text(value=valeur, continuous_update=False, **commun)
        if self._champ.genre in _COURTS:
            controle.add_class("court")
        return controle

    def _saisi(self, changement: Any) -> None:
        self._modele.changer(self._champ.id, changement["new"] or "")

    def _rafraichir(self, _: Any = None) -> None:
        valeur, a_corriger = self._modele.valeurs[self._champ.id], self._a_corriger()
        if self.controle.value != valeur and not (self._champ.genre == "choix" and valeur):
            self.controle.value = valeur
        self.message.value = self._message(a_corriger)
        if a_corriger:
            self.racine.add_class("en-erreur")
        else:
            self.racine.remove_class("en-erreur")

    def _a_corriger(self) -> str:
        if erreur := self._modele.erreurs.get(self._champ.id, ""):
            return f"Erreur : {erreur}"
        vide = self._modele.vide_a_dire(self._champ)
        return f"À remplir : {vide}" if vide else ""

    def _etiquette(self, a_corriger: str = "") -> str:
        champ = self._champ
        note = "selon le cas" if isinstance(champ.obligatoire, str) else _NOTES[champ.obligatoire]
        morceaux = [
            f'<span class="facturier-libelle">{e(champ.libelle)}</span> <span class="facturier-note">({note})</span>'
        ]
        conseil = e(aide(champ, self._modele.contexte.au))
        exemple = f'Exemple : <span class="facturier-exemple">{e(champ.exemple)}</span>' if champ.exemple else ""
        if conseil or exemple:
            morceaux.append(f'<span class="facturier-aide">{" ".join(filter(None, (conseil, exemple)))}</span>')
        if a_corriger:
            morceaux.append(f'<span class="facturier-cache">{e(a_corriger)}</span>')
        return "".join(morceaux)

    def _message(self, a_corriger: str) -> str:
        if a_corriger:
            return f'<p role="alert" class="facturier-erreur">{e(a_corriger)}</p>'
        if lu := self._lu():
            return f'<p class="facturier-lu">Lu : {e(lu)}</p>'
        if self._modele.exige_ici(self._champ):
            return '<p class="facturier-lu">À remplir, d’après vos autres réponses.</p>'
        return ""

    def _lu(self) -> str:
        """How an amount is understood, shown beside what was typed and never put in its place."""
        texte = self._modele.valeurs[self._champ.id]
        if self._champ.genre != "montant" or not texte.strip():
            return ""
        try:
            return format_euros(lire(self._champ, texte))
        except ErreurFacturier:
            return ""


class VueFormulaire:
    """A whole form: fields, recap, what still blocks, buttons, status."""

    def __init__(self, modele: ModeleFormulaire) -> None:
        self.modele = modele
        self.champs = {champ.id: VueChamp(champ, modele) for champ in modele.definition.champs}
        self._recap = w.HTML()
        self._bloquants = w.HTML()
        self._statut = w.HTML()
        self.envoyer = w.Button(description="Valider et envoyer", button_style="primary")
        self.enregistrer = w.Button(description="Enregistrer le brouillon")
        self.envoyer.on_click(self._envoyer)
        self.enregistrer.on_click(lambda _: modele.enregistrer())
        modele.observe(self._rafraichir, names=("valeurs", "bloquants", "statut", "pieces"))
        self.racine = w.VBox(self._pages())
        self.racine.add_class("facturier")
        self._rafraichir()

    def _pages(self) -> list[Any]:
        definition = self.modele.definition
        tete = [feuille()]
        if self.modele.avec_portail:
            tete.append(f'<p class="facturier-bandeau">{e(BANDEAU)}</p>')
        tete.append(f"<h3>{e(definition.titre)}</h3>")
        if definition.intro:
            tete.append(f"<p>{e(definition.intro)}</p>")
        if self.modele.avec_portail:
            tete.append(f'<p class="facturier-note">{e(AU_CLAVIER)}</p>')
        if self.modele.phrases:
            tete.append(statut(" ".join(self.modele.phrases)))
        champs = [vue.racine for vue in self.champs.values()]
        pied: list[Any] = [self._statut]
        if self.modele.avec_portail:
            boutons = w.HBox([self.enregistrer, self.envoyer])
            pied = [self._recap, self._bloquants, boutons, self._statut]
        return [w.HTML("".join(tete)), *champs, *pied]

    def _envoyer(self, _: Any) -> None:
        envoye = self.modele.envoyer()
        for vue in self.champs.values():
            vue.dire_erreur()
        if not envoye and (fautif := self.modele.premier_a_corriger()):
            self.champs[fautif].controle.focus()

    def _rafraichir(self, _: Any = None) -> None:
        self._statut.value = statut(self.modele.statut)
        if not self.modele.avec_portail:
            return
        self._recap.value = self._tableau_recap()
        if envoyee := self.modele.envoyee:
            self._bloquants.value = (
                f"<h4>Facture envoyée</h4><p>La facture {e(envoyee)} est partie : vous n’avez plus rien à faire "
                "pour elle.</p>"
            )
        elif self.modele.bloquants:
            self._bloquants.value = f"<h4>Avant l’envoi, il reste à régler</h4>{liste(self.modele.bloquants)}"
        else:
            self._bloquants.value = (
                "<h4>Avant l’envoi</h4><p>Tout est rempli. Relisez le récapitulatif, puis « Valider et envoyer ». "
                "« Enregistrer le brouillon » n’envoie rien.</p>"
            )

    def _tableau_recap(self) -> str:
        lignes = "".join(
            f'<tr><th scope="row">{e(champ.libelle)}</th><td>{e(self._en_clair(champ))}</td></tr>'
            for champ in self.modele.definition.champs
            if self.modele.valeurs[champ.id].strip()
        )
        if not lignes:
            return ""
        deposees = "".join(
            f"<tr><td>{e(piece)}</td><td>{e(numero)}</td><td>{e(etat)}</td></tr>"
            for piece, numero, etat in self.modele.pieces
        )
        suivi = (
            "<table><caption>Vos pièces sur le portail d’entraînement</caption><thead><tr>"
            '<th scope="col">Pièce</th><th scope="col">Numéro de facture</th><th scope="col">Statut</th>'
            f"</tr></thead><tbody>{deposees}</tbody></table>"
            if deposees
            else ""
        )
        return f"<table><caption>Récapitulatif</caption><tbody>{lignes}</tbody></table>{suivi}"

    def _en_clair(self, champ: Champ) -> str:
        texte = str(self.modele.valeurs[champ.id])
        if champ.genre == "choix":
            return libelle_choix(champ, texte, self.modele.contexte.au)
        return texte
