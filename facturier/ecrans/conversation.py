"""What a browser and a place say to each other, whatever carries it (docs/ecrans.md): hostile events, answers."""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from facturier.ecrans.blocs import Cible, Fichier, Message
from facturier.ecrans.joints import TAILLE_MAX
from facturier.ecrans.place import Place
from facturier.ecrans.rendu import Cadre, Demande, Page, boutons, champs_montres, lire_geste, rendre
from facturier.ecrans.vue import Vue
from facturier.erreurs import ErreurFacturier

CLE_MAX = 200
TEXTE_MAX = 100_000
"""A longer text than any field takes is still read, so that its owner is told; beyond this it is not."""
VALEURS_MAX = 50
SAISIES_MAX = 1_000
FICHIER_MAX = 8 * 1024 * 1024
"""Bytes of one file that is dropped."""
INVALIDE = "Cette demande n’est pas comprise : rechargez la page, puis recommencez."

Evenement = Mapping[str, Any]
P = TypeVar("P", bound=Place)


class Conversation(Generic[P]):
    """One person's screen: takes events, answers with what to change on it.

    Args:
        poste: the place.
        cadre: where its pages are shown.
        demander_aide: tells the trainer; the sentence to show. None: « J’ai besoin d’aide » is not offered.
        adopter: takes the other version of the answers, where there may be one.
    """

    def __init__(
        self,
        poste: P,
        cadre: Cadre | None = None,
        *,
        demander_aide: Callable[[], str] | None = None,
        adopter: Callable[[], None] | None = None,
    ) -> None:
        self.poste = poste
        self.cadre = replace(cadre or Cadre(), aide=demander_aide is not None)
        self._demander_aide = demander_aide
        self._adopter = adopter
        self._demande: Demande | None = None
        self._vue: Vue | None = None
        self._montree: Page | None = None
        self._rang = 0
        self._fichier: Fichier | None = None
        self._verrou = threading.RLock()

    @property
    def vue(self) -> str:
        """The number of the last page drawn: what a browser that shows it says back."""
        return str(self._rang)

    @property
    def fichier(self) -> Fichier | None:
        """The file that the last event handed out, if any."""
        return self._fichier

    def page(self) -> str:
        """The whole screen as it now stands.

        Raises:
            ErreurFacturier: the portal cannot be reached.
        """
        with self._verrou:
            return self._dessiner()[1].html()

    def repondre(self, evenement: object) -> dict[str, Any]:
        """What to do on the browser's side after that event; never raises for what a browser may send."""
        with self._verrou:
            lu: Evenement = evenement if isinstance(evenement, dict) else {}
            avant, montree = self._vue, self._montree
            connue = lu.get("vue") == self.vue and montree is not None
            refus = ""
            self._fichier = None
            try:
                self._traiter(lu)
            except ErreurFacturier as erreur:
                refus = erreur.phrase
                self.poste.statut = Message("erreur", refus)
            try:
                vue, page = self._dessiner()
            except ErreurFacturier as erreur:  # nothing can be drawn: what is on the screen stays
                return self._reponse(lu, {"refus": refus or erreur.phrase})
            meme = connue and avant is not None and _lieu(avant) == _lieu(vue)
            ilots = page.changes(montree) if meme and montree is not None else None
            return self._reponse(
                lu,
                {
                    "page": page.html() if ilots is None else None,
                    "ilots": ilots or {},
                    "titre": vue.titre,
                    "annonce": _annonce(avant, vue, lu, meme=meme),
                    "focus": self._focus(avant, vue, lu),
                    "neuf": avant is None or _lieu(avant) != _lieu(vue),
                    "fichier": _fichier(self._fichier),
                    "adresse": self.cadre.adresse(vue.lieu) if self.cadre.adresse is not None else "",
                    "refus": "",
                },
            )

    def _reponse(self, lu: Evenement, contenu: dict[str, Any]) -> dict[str, Any]:
        vide: dict[str, Any] = {
            "page": None,
            "ilots": {},
            "titre": "",
            "annonce": "",
            "focus": "",
            "neuf": False,
            "fichier": None,
            "adresse": "",
        }
        de = lu.get("vue")
        qui = {cle: lu.get(cle) if isinstance(lu.get(cle), (str, int)) else "" for cle in ("n", "client")}
        return {**vide, **contenu, **qui, "de": de if isinstance(de, str) else "", "vue": self.vue}

    def _dessiner(self) -> tuple[Vue, Page]:
        vue = self.poste.vue()
        page = rendre(vue, self.cadre, self._demande)
        self._vue, self._montree = vue, page
        self._rang += 1
        return vue, page

    # --- events ---------------------------------------------------------------------------------------------

    def _traiter(self, lu: Evenement) -> None:
        demande, self._demande = self._demande, None
        genre = lu.get("type")
        if genre == "changer":
            self._demande = demande
            self.poste.changer(_texte(lu, "champ"), _texte(lu, "texte", TEXTE_MAX))
        elif genre in ("agir", "demander"):
            self._agir(lu, genre)
        elif genre == "ouvrir":
            self.poste.saisir(_table(lu, "saisies", SAISIES_MAX))
            self.poste.ouvrir(Cible(*(_texte(lu, cle) for cle in ("ecran", "objet", "siege", "champ"))))
        elif genre == "joindre":
            self.poste.joindre(_texte(lu, "champ"), _nom(_texte(lu, "nom")), _donne(lu))
        elif genre == "retirer":
            self.poste.retirer(_texte(lu, "champ"), _texte(lu, "nom"))
        elif genre == "asseoir":
            self.poste.saisir(_table(lu, "saisies", SAISIES_MAX))
            self.poste.statut = None
            self.poste.asseoir(_texte(lu, "cle"))
        elif genre == "aide" and self._demander_aide is not None:
            self.poste.statut = Message("info", self._demander_aide())
        elif genre == "adopter" and self._adopter is not None:
            self._adopter()
        elif genre not in ("bonjour", "rester"):
            raise ErreurFacturier(INVALIDE, code="evenement")

    def _agir(self, lu: Evenement, genre: str) -> None:
        geste, valeurs = _texte(lu, "geste"), _table(lu, "valeurs", VALEURS_MAX)
        self.poste.saisir(_table(lu, "saisies", SAISIES_MAX))
        if genre == "demander":
            trouves = (b for b in boutons(self.poste.vue().blocs) if b.geste == geste and dict(b.valeurs) == valeurs)
            bouton = next((b for b in trouves if b.confirmer), None)
            if bouton is not None:
                self.poste.statut = None
                self._demande = Demande(bouton.confirmer, bouton)
                return
        self._fichier = self.poste.agir(geste, valeurs)

    def _focus(self, avant: Vue | None, vue: Vue, lu: Evenement) -> str:
        p = self.cadre.prefixe
        if vue.focus and lu.get("type") in ("agir", "ouvrir"):
            montre = vue.focus in champs_montres(vue.blocs, vue.champs)
            return f"{p}-c-{vue.focus}" if montre else f"{p}-titre"
        if lu.get("type") == "bonjour" or avant is None:
            return ""
        if lu.get("type") in ("agir", "joindre") and vue.statut is not None and vue.statut.ton == "erreur":
            return f"{p}-titre"  # the refusal is written under it, maybe far from the button
        deplace = _lieu(avant) != _lieu(vue) or lu.get("type") in ("demander", "rester", "adopter")
        return f"{p}-titre" if deplace else ""


def depuis_formulaire(
    paires: Sequence[tuple[str, str]], fichiers: Sequence[tuple[str, str, bytes]] = ()
) -> list[dict[str, Any]]:
    """The events that a form posted without JavaScript stands for; ``fichiers``: field, name, bytes.

    The last event is the button's; what was typed comes with it.
    """
    saisies = {nom.removeprefix("c."): texte for nom, texte in paires if nom.startswith("c.")}
    presses = {nom: texte for nom, texte in paires if not nom.startswith("c.")}
    evenements: list[dict[str, Any]] = [
        {"type": "joindre", "champ": champ.removeprefix("c."), "nom": nom, "octets": octets}
        for champ, nom, octets in fichiers
        if nom and champ.startswith("c.")
    ]
    saisies = {champ: texte for champ, texte in saisies.items() if champ not in {e["champ"] for e in evenements}}
    for genre in ("geste", "demander"):
        if genre in presses:
            geste, valeurs = lire_geste(presses[genre])
            sorte = "agir" if genre == "geste" else "demander"
            return [*evenements, {"type": sorte, "geste": geste, "valeurs": valeurs, "saisies": saisies}]
    if "retirer" in presses:
        champ, valeurs = lire_geste(presses["retirer"])
        garder = [{"type": "changer", "champ": c, "texte": t} for c, t in saisies.items() if c != champ]
        return [*evenements, *garder, {"type": "retirer", "champ": champ, "nom": valeurs.get("nom", "")}]
    if "asseoir" in presses:
        return [{"type": "asseoir", "cle": presses["asseoir"] or presses.get("siege", "")}]
    return [*evenements, {"type": next((g for g in ("aide", "adopter", "rester") if g in presses), "bonjour")}]


def _lieu(vue: Vue) -> tuple[str, str, str]:
    """What makes a screen another one: its record, its object, who sits there."""
    return vue.ecran.id, vue.lieu.objet, vue.siege.cle if vue.siege is not None else ""


def _annonce(avant: Vue | None, vue: Vue, lu: Evenement, *, meme: bool) -> str:
    """What is said to who does not see the screen; a status that appears in its place says itself."""
    if lu.get("type") == "joindre" and vue.statut is None:
        return f"Fichier joint : {_nom(_texte(lu, 'nom'))}. {vue.enregistre}"
    if not meme:
        return vue.statut.texte.replace("**", "") if vue.statut is not None and lu.get("type") != "bonjour" else ""
    champ = lu.get("champ")
    if lu.get("type") == "changer" and isinstance(champ, str) and champ in vue.champs:
        etat = vue.champs[champ]
        ancien = avant.champs.get(champ) if avant is not None else None
        if etat.erreur and (ancien is None or ancien.erreur != etat.erreur):
            return f"{etat.champ.libelle} : {etat.erreur}"
    return vue.enregistre if avant is None or avant.enregistre != vue.enregistre else ""


def _fichier(fichier: Fichier | None) -> dict[str, str] | None:
    if fichier is None:
        return None
    return {"nom": fichier.nom, "mime": fichier.mime, "octets": base64.b64encode(fichier.octets).decode("ascii")}


def _texte(lu: Evenement, cle: str, limite: int = CLE_MAX) -> str:
    texte = lu.get(cle, "")
    if not isinstance(texte, str) or len(texte) > limite:
        raise ErreurFacturier(INVALIDE, code="evenement")
    return _sans_surrogat(texte)


def _table(lu: Evenement, cle: str, limite: int) -> dict[str, str]:
    table = lu.get(cle) or {}
    if not isinstance(table, dict) or len(table) > limite:
        raise ErreurFacturier(INVALIDE, code="evenement")
    paires = table.items()
    if not all(
        isinstance(c, str) and isinstance(t, str) and len(c) <= CLE_MAX and len(t) <= TEXTE_MAX for c, t in paires
    ):
        raise ErreurFacturier(INVALIDE, code="evenement")
    return {c: _sans_surrogat(t) for c, t in paires}


def _sans_surrogat(texte: str) -> str:
    """Half of a character cannot be written anywhere: it is shown as what it is, an unknown."""
    return texte.encode("utf-8", "replace").decode("utf-8") if not texte.isascii() else texte


def _nom(nom: str) -> str:
    """The name of a dropped file, without the folders it came from."""
    propre = nom.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not propre or propre in (".", ".."):
        raise ErreurFacturier("Ce fichier n’a pas de nom : renommez-le, puis recommencez.", code="fichier")
    return propre


def _donne(lu: Evenement) -> bytes | int:
    """What is given of a file: its content, or its size alone."""
    if "taille" not in lu:
        return _octets(lu.get("octets"))
    taille = lu["taille"]
    if type(taille) is not int or not 0 <= taille <= TAILLE_MAX:
        raise ErreurFacturier(INVALIDE, code="evenement")
    return taille


def _octets(recus: object) -> bytes:
    """The bytes of a dropped file, as they came or in base64."""
    trop = f"Ce fichier dépasse {FICHIER_MAX // 1024 // 1024} Mo : choisissez-en un plus petit."
    if isinstance(recus, str):
        if len(recus) > FICHIER_MAX * 4 // 3 + 8:
            raise ErreurFacturier(trop, code="fichier")
        try:
            recus = base64.b64decode(recus, validate=True)
        except (binascii.Error, ValueError) as cause:
            raise ErreurFacturier(INVALIDE, code="evenement") from cause
    if not isinstance(recus, (bytes, memoryview, bytearray)):
        raise ErreurFacturier(INVALIDE, code="evenement")
    if len(recus) > FICHIER_MAX:
        raise ErreurFacturier(trop, code="fichier")
    return bytes(recus)
