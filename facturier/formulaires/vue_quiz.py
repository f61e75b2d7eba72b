"""The screen of a quiz: each question numbered, choices readable before any menu is opened, never the key."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_uppercase
from typing import Any

import ipywidgets as w

from facturier.formulaires.quiz import ModeleQuiz
from facturier.formulaires.style import AU_CLAVIER, e, feuille, statut
from facturier.formulaires.vue_formulaire import A_CHOISIR

_COMMUN: dict[str, Any] = {"description_allow_html": True, "style": {"description_width": "initial"}}


class VueQuiz:
    """All the questions of a quiz, its progress and its status."""

    def __init__(self, modele: ModeleQuiz) -> None:
        self.modele = modele
        self._titres: dict[str, Any] = {}
        self._rangs: dict[str, int] = {}
        self.controles: dict[str, tuple[Any, ...]] = {}
        self._statut = w.HTML()
        self._muet = False
        pages: list[Any] = [w.HTML(self._tete())]
        for rang, item in enumerate(modele.items, start=1):
            pages += self._question(rang, item)
        self.racine = w.VBox([*pages, self._statut])
        self.racine.add_class("facturier")
        modele.observe(self._rafraichir, names=("valeurs", "statut", "avancement"))
        self._rafraichir()

    def _tete(self) -> str:
        phrases = statut(" ".join(self.modele.phrases)) if self.modele.phrases else ""
        return (
            f"{feuille()}<h3>{e(self.modele.titre)}</h3><p>{len(self.modele.items)} questions. Chaque réponse est "
            f"enregistrée aussitôt et peut être changée. Laisser une question vide n’est pas une erreur : elle sera "
            f"marquée « non répondu ».</p><p class='facturier-note'>{e(AU_CLAVIER)}</p>{phrases}"
        )

    def _question(self, rang: int, item: dict[str, Any]) -> list[Any]:
        titre = w.HTML()
        self._titres[item["id"]] = titre
        self._rangs[item["id"]] = rang
        genres: dict[str, Callable[[int, dict[str, Any]], tuple[Any, ...]]] = {
            "unique": self._unique,
            "multiple": self._multiple,
            "champ": self._unique,
            "nombre": self._a_saisir,
            "date": self._a_saisir,
            "ordre": self._par_lignes,
            "appariement": self._par_lignes,
        }
        self.controles[item["id"]] = genres[item["genre"]](rang, item)
        return [titre, *self.controles[item["id"]]]

    def _unique(self, rang: int, item: dict[str, Any]) -> tuple[Any, ...]:
        offerts = [
            (f"{lettre}. {choix['texte']}", choix["id"])
            for lettre, choix in zip(ascii_uppercase, item["choix"], strict=False)
        ]
        menu = w.Dropdown(
            options=[(A_CHOISIR, ""), *offerts],
            value=self.modele.valeurs[item["id"]],
            description=f"{_rappel(rang, item)}Votre réponse",
            **_COMMUN,
        )
        menu.observe(self._vers(item["id"]), names="value")
        return (menu,)

    def _multiple(self, rang: int, item: dict[str, Any]) -> tuple[Any, ...]:
        coches = self.modele.valeurs[item["id"]]
        cases = [
            w.Checkbox(
                value=choix["id"] in coches,
                description=f'<span class="facturier-cache">Question {rang} : </span>{e(choix["texte"])}',
                description_allow_html=True,
                indent=False,
            )
            for choix in item["choix"]
        ]

        def releve(_: Any) -> None:
            if self._muet:
                return
            choisis = [choix["id"] for choix, case in zip(item["choix"], cases, strict=True) if case.value]
            self.modele.repondre(item["id"], choisis)

        for case in cases:
            case.observe(releve, names="value")
        cases[-1].add_class("choix")
        return tuple(cases)

    def _a_saisir(self, rang: int, item: dict[str, Any]) -> tuple[Any, ...]:
        unite = f", en {e(item['unite'])}" if item.get("unite") else ""
        forme = "jour/mois/année" if item["genre"] == "date" else f"en chiffres{unite}"
        saisie = w.Text(
            value=self.modele.valeurs[item["id"]],
            description=f"{_rappel(rang, item)}Votre réponse, {forme}",
            continuous_update=False,
            **_COMMUN,
        )
        saisie.add_class("court")
        saisie.observe(self._vers(item["id"]), names="value")
        return (saisie,)

    def _par_lignes(self, rang: int, item: dict[str, Any]) -> tuple[Any, ...]:
        """A menu a line: its rank, or what goes with it. The line is the menu's own label."""
        liens = self.modele.liens(item["id"])
        invite = "Rang\u00a0: " if item["genre"] == "ordre" else ""
        menus = []
        for ligne in item["lignes"]:
            menu = w.Dropdown(
                options=[(A_CHOISIR, ""), *((f"{invite}{cible['texte']}", cible["id"]) for cible in item["cibles"])],
                value=liens.get(ligne["id"], ""),
                description=f'<span class="facturier-cache">Question {rang} : </span>{e(ligne["texte"])}',
                **_COMMUN,
            )
            menu.observe(self._relie(item["id"], ligne["id"]), names="value")
            menus.append(menu)
        return tuple(menus)

    def _relie(self, item_id: str, ligne: str) -> Callable[[Any], None]:
        def releve(changement: Any) -> None:
            if not self._muet:
                self.modele.relier(item_id, ligne, changement["new"])

        return releve

    def _vers(self, item_id: str) -> Callable[[Any], None]:
        return lambda changement: self.modele.repondre(item_id, changement["new"])

    def _rafraichir(self, _: Any = None) -> None:
        for item in self.modele.items:
            self._titres[item["id"]].value = self._titre(item)
            if not self.modele.repondu(item["id"]):
                self._vider(item)
        phrase = self.modele.statut or f"{self.modele.avancement}. Rien n’est encore enregistré."
        self._statut.value = statut(f"{phrase} {self._restantes()}".strip())

    def _restantes(self) -> str:
        """Which questions are still blank, once some are not: a question missed at the bottom of a page is found."""
        rangs = [str(self._rangs[item["id"]]) for item in self.modele.items if not self.modele.repondu(item["id"])]
        if not rangs or len(rangs) == len(self.modele.items):
            return ""
        return f"Sans réponse : question{'s' if len(rangs) > 1 else ''} {', '.join(rangs)}."

    def _vider(self, item: dict[str, Any]) -> None:
        """Blank the controls of an item; boxes unticked one by one are not answers."""
        self._muet = True
        for controle in self.controles[item["id"]]:
            controle.value = False if item["genre"] == "multiple" else ""
        self._muet = False

    def _titre(self, item: dict[str, Any]) -> str:
        fait = "répondu" if self.modele.repondu(item["id"]) else "à répondre"
        rang = f"Question {self._rangs[item['id']]} sur {len(self.modele.items)}"
        corps = f'<h4>{rang} <span class="facturier-note">— {fait}</span></h4><p>{e(item["question"])}</p>'
        if item["genre"] == "multiple":
            if "plusieurs réponses" in item["question"]:
                return corps
            return f"{corps}<p class='facturier-note'>Plusieurs réponses sont possibles.</p>"
        if item["genre"] == "ordre":
            return f"{corps}<p class='facturier-note'>Donnez un rang à chaque ligne, 1 pour la première.</p>"
        if item["genre"] == "appariement":
            return f"{corps}<p class='facturier-note'>Choisissez ce qui va avec chaque ligne.</p>"
        if item["genre"] == "champ":
            corps += f"<p class='facturier-note'>Facture : {e(item['facture'])}. Voici des champs de sa page.</p>"
        if item["genre"] in ("unique", "champ"):
            choix = "".join(f"<li>{e(c['texte'])}</li>" for c in item["choix"])
            return f'{corps}<ol type="A">{choix}</ol>'
        return corps


def _rappel(rang: int, item: dict[str, Any]) -> str:
    """The question again, for those who hear the control and not what stands above it."""
    return f'<span class="facturier-cache">Question {rang} : {e(item["question"])} </span>'
