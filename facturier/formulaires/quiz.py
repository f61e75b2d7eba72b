"""What a quiz knows, without any screen; never its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from facturier.evaluation.items import A_SAISIR, LIEN, PAR_LIGNES
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import TEXTE_MAX


class ModeleQuiz(traitlets.HasTraits):  # type: ignore[misc]
    """A quiz over the public items of a statement; it never knows the key.

    ``valeurs``: choice id (unique, champ), sorted list of choice ids (multiple), text as typed (nombre, date), sorted
    list of ``line=target`` (ordre, appariement); "" or [] is blank.
    """

    valeurs = traitlets.Dict()
    statut = traitlets.Unicode()
    avancement = traitlets.Unicode()

    def __init__(self, exercice: dict[str, Any], memoire: Memoire) -> None:
        super().__init__()
        self.formulaire: str = exercice["id"]
        self.titre: str = exercice["titre"]
        self.items: tuple[dict[str, Any], ...] = tuple(exercice["items"])
        self._graine: str = exercice.get("graine", "")
        self._par_id = {item["id"]: item for item in self.items}
        self._memoire = memoire
        self.relire()

    def relire(self) -> None:
        """Take the answers as they are kept."""
        reprise = self._memoire.reprendre(self.formulaire)
        self.phrases = reprise.phrases
        lues = reprise.reponse.valeurs if reprise.reponse else {}
        if reprise.reponse and lues and reprise.reponse.graine != self._graine:
            lues = {}
            self.phrases = (*self.phrases, "Ces questions ont changé depuis vos dernières réponses : reprenez-les.")
        gardees: dict[str, Any] = {}
        for item in self.items:
            propre = self._propre(item, lues.get(item["id"], ""))
            gardees[item["id"]] = self._vide(item) if propre is None else propre
        self.valeurs = gardees
        self._compter()
        if self.repondues:
            self.statut = "Vos réponses précédentes sont reprises."

    @property
    def repondues(self) -> int:
        """How many items have an answer."""
        return sum(1 for item in self.items if self.repondu(item["id"]))

    def repondu(self, item_id: str) -> bool:
        """True when that item has an answer, right or wrong."""
        valeur = self.valeurs[item_id]
        return bool(valeur.strip() if isinstance(valeur, str) else valeur)

    def a_completer(self, item_id: str) -> bool:
        """True when some lines of that item have their target, and others not yet."""
        item = self._par_id[item_id]
        return item["genre"] in PAR_LIGNES and 0 < len(self.valeurs[item_id]) < len(item["lignes"])

    def repondre(self, item_id: str, valeur: str | Sequence[str]) -> None:
        """Take the answer to an item and keep it.

        Raises:
            KeyError: the quiz has no such item.
            ValueError: the choice is not offered by that item.
        """
        propre = self._propre(self._par_id[item_id], valeur)
        if propre is None:
            raise ValueError(item_id)
        if propre == self.valeurs[item_id]:
            return
        self.valeurs = {**self.valeurs, item_id: propre}
        self._compter()
        gardees = {cle: valeur for cle, valeur in self.valeurs.items() if valeur}
        fait = self._memoire.enregistrer(self.formulaire, gardees, (), self.avancement, graine=self._graine)
        self.statut = fait.phrase

    def relier(self, item_id: str, ligne: str, cible: str) -> None:
        """Give a line of an item its rank or its match, "" to take it back.

        Raises:
            KeyError, ValueError: as for :meth:`repondre`.
        """
        liens = {**self.liens(item_id), ligne: cible}
        self.repondre(item_id, [f"{de}{LIEN}{vers}" for de, vers in liens.items() if vers])

    def liens(self, item_id: str) -> dict[str, str]:
        """The target of each line that has one."""
        return dict(lien.split(LIEN, 1) for lien in self.valeurs[item_id])

    def repartir(self) -> None:
        """Start again: every question blank."""
        self.valeurs = {item["id"]: self._vide(item) for item in self.items}
        self._compter()
        self.statut = "Ce quiz est vide de nouveau."

    def montrer_miroir(self) -> None:
        """Show the mirror under the cell that is running."""
        self._memoire.montrer(self.formulaire, self.avancement)

    def _compter(self) -> None:
        nombre = self.repondues
        self.avancement = f"{nombre} réponse{'s' if nombre > 1 else ''} sur {len(self.items)}"

    @staticmethod
    def _vide(item: dict[str, Any]) -> str | list[str]:
        return [] if item["genre"] in ("multiple", *PAR_LIGNES) else ""

    @staticmethod
    def _propre(item: dict[str, Any], valeur: str | Sequence[str]) -> str | list[str] | None:
        """The answer in its one form, or None when the item does not offer it."""
        if item["genre"] in A_SAISIR:
            return valeur if isinstance(valeur, str) and len(valeur) <= TEXTE_MAX else None
        if item["genre"] in PAR_LIGNES:
            liens = ([valeur] if valeur else []) if isinstance(valeur, str) else sorted(set(valeur))
            lignes, cibles = ({morceau["id"] for morceau in item[nom]} for nom in ("lignes", "cibles"))
            paires = [lien.partition(LIEN) for lien in liens]
            offertes = all(de in lignes and vers in cibles for de, _, vers in paires)
            return liens if offertes and len({de for de, _, _ in paires}) == len(paires) else None
        offerts = {choix["id"] for choix in item["choix"]}
        if item["genre"] == "multiple":
            coches = [valeur] if isinstance(valeur, str) and valeur else list(valeur)
            return sorted(set(coches)) if set(coches) <= offerts else None
        return valeur if isinstance(valeur, str) and (valeur in offerts or not valeur) else None
