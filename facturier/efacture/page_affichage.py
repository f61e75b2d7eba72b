"""The page of an invoice in a terminal: sober, readable at 80 columns and without colour."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from facturier.efacture import rapports
from facturier.efacture.affichage import CANAUX, COULEURS_GRAVITE, COULEURS_VERDICT, FORMATS, _propre, geste_de
from facturier.efacture.page import Champ, Page, Rubrique
from facturier.efacture.resultat import Constat, Gravite
from facturier.montants import INSECABLE

if TYPE_CHECKING:
    from rich.console import Console

PARTIES_MAX = 200
"""Parts of a rubrique shown (lines of the invoice…); beyond, only those with a finding are."""
TEXTE_MAX = 1500
_SIGNES: dict[Gravite, str] = {"erreur": "✘", "avertissement": "!", "information": "i"}
_MOTS: dict[Gravite, tuple[str, str]] = {
    "erreur": ("erreur", "erreurs"),
    "avertissement": ("avertissement", "avertissements"),
    "information": ("note", "notes"),
}
_COUPE = 2 * TEXTE_MAX
_ECART = 2
_LARGEUR_MIN, _NOM_MIN = 70, 32


@dataclass(frozen=True)
class _Colonne:
    """A column of a table of parts: the terms it shows, one above the other; ``largeur`` 0 takes what is left."""

    titre: str
    termes: tuple[str, ...]
    largeur: int = 0
    a_droite: bool = False


_TABLES: dict[str, tuple[_Colonne, ...]] = {
    "Lignes": (
        _Colonne("N°", ("BT-126",), 6),
        _Colonne("Désignation", ("BT-153",)),
        _Colonne("Quantité", ("BT-129", "BT-130"), 11, True),
        _Colonne("Prix net HT", ("BT-146",), 12, True),
        _Colonne("TVA", ("BT-152", "BT-151"), 7, True),
        _Colonne("Montant HT", ("BT-131",), 14, True),
    ),
    "TVA": (
        _Colonne("Catégorie", ("BT-118",)),
        _Colonne("Taux", ("BT-119",), 8, True),
        _Colonne("Base HT", ("BT-116",), 16, True),
        _Colonne("TVA", ("BT-117",), 16, True),
    ),
    "Notes": (_Colonne("Sujet", ("BT-21",), 24), _Colonne("Texte", ("BT-22",))),
}
_CODE_SEUL = frozenset({"BT-151"})
_LIBELLE_SEUL = frozenset({"BT-130"})


def afficher(lue: Page, ecran: Console | None = None) -> None:
    """Print a page."""
    if ecran is None:
        from rich.console import Console

        ecran = Console(highlight=False, markup=False, emoji=False)
    _Feuille(ecran, lue).ecrire()


class _Feuille:
    """One page being printed: its width, the gestures already told."""

    def __init__(self, ecran: Console, lue: Page) -> None:
        self._ecran, self._page = ecran, lue
        self._largeur = max(_LARGEUR_MIN, ecran.width - 1)
        self._gestes: set[str] = set()
        champs = list(lue.tous_les_champs())
        self._code = max((len(champ.terme or "") for champ in champs), default=0)
        noms = max((len(champ.nom) for champ in champs), default=0)
        self._nom = min(noms, _NOM_MIN + (self._largeur - _LARGEUR_MIN) // 3)

    def ecrire(self) -> None:
        self._resume()
        if self._page.non_places:
            self._titre("Le fichier" if self._page.rubriques else "")
            self._constats(self._page.non_places, 2)
        for rubrique in self._page.rubriques:
            self._titre(rubrique.titre)
            self._rubrique(rubrique)
        appliques = " ; ".join(f"{jeu.nom} {jeu.version}" for jeu in self._page.resultat.jeux_de_regles)
        if appliques:
            self._ecran.print()
            self._bloc(f"Règles appliquées{INSECABLE}: {appliques}.", 0, "dim")

    def _resume(self) -> None:
        resultat = self._page.resultat
        signe, mot, _ = rapports.VERDICTS[resultat.verdict]
        couleur = f"bold {COULEURS_VERDICT[resultat.verdict]}"
        self._bloc(f"{signe} {Path(self._page.fichier).name}{INSECABLE}: {mot}{self._compte()}", 0, couleur)
        details = [FORMATS[resultat.format]]
        if resultat.profil:
            details.append(f"profil {resultat.profil}")
        if resultat.canal:
            details.append(CANAUX[resultat.canal])
        self._bloc(", ".join(details), 2, "dim")
        nature, numero, jour = (self._valeur(terme) for terme in ("BT-3", "BT-1", "BT-2"))
        if numero:
            libelle = nature.partition(" – ")[2] or "Facture"
            self._bloc(f"{libelle} {numero}" + (f" du {jour}" if jour else ""), 2, "bold")
        vendeur, acheteur = self._valeur("BT-27"), self._valeur("BT-44")
        if vendeur and acheteur:
            self._bloc(f"{vendeur} → {acheteur}", 2)
        net, echeance = self._valeur("BT-115"), self._valeur("BT-9")
        if net:
            self._bloc(f"Net à payer{INSECABLE}: {net}" + (f", échéance {echeance}" if echeance else ""), 2)

    def _compte(self) -> str:
        comptes = Counter(constat.gravite for constat in self._page.resultat.constats)
        dits = [f"{comptes[g]} {mots[comptes[g] > 1]}" for g, mots in _MOTS.items() if comptes[g]]
        return f" ({', '.join(dits)})" if dits else ""

    def _valeur(self, terme: str) -> str:
        champ = self._page.premier(terme)
        return champ.valeur if champ is not None and champ.brut else ""

    def _titre(self, titre: str) -> None:
        self._ecran.print()
        if titre:
            trait = "─" * (self._largeur - len(titre) - 1)
            self._ecran.print(f"{titre} {trait}", style="bold", soft_wrap=True)

    def _rubrique(self, rubrique: Rubrique, retrait: int = 0) -> None:
        cadre = max((len(champ.valeur) for champ in rubrique.champs), default=0) if rubrique.titre == "Totaux" else 0
        for champ in rubrique.champs:
            self._champ(champ, retrait, cadre)
        colonnes = _TABLES.get(rubrique.titre) if not retrait else None
        if colonnes is not None and rubrique.rubriques:
            self._table(colonnes, rubrique.rubriques)
        else:
            for partie in self._montrees(rubrique.rubriques):
                if len(rubrique.rubriques) > 1 or retrait:
                    self._bloc(partie.titre, retrait + 2, "italic")
                self._rubrique(partie, retrait)
        self._constats(rubrique.constats, retrait + 2)

    def _champ(self, champ: Champ, retrait: int, cadre: int = 0) -> None:
        nom = champ.nom[:1].upper() + champ.nom[1:]
        reste = self._largeur - retrait - self._code - self._nom - 2 * _ECART
        noms = plier(nom.replace("(ligne ", f"(ligne{INSECABLE}"), self._nom - retrait)
        valeurs = plier(champ.valeur.rjust(min(cadre, reste)), reste)
        marge = " " * retrait
        for rang in range(max(len(noms), len(valeurs))):
            code = (champ.terme or "") if rang == 0 else ""
            gauche = _dans(noms, rang).ljust(self._nom - retrait + _ECART)
            suite = f"{gauche}{_dans(valeurs, rang)}".rstrip()
            self._segments((marge + code.ljust(self._code + _ECART), "dim"), (suite, ""))
        self._constats(champ.constats, retrait + self._code + _ECART)

    def _table(self, colonnes: Sequence[_Colonne], parties: Sequence[Rubrique]) -> None:
        libre = self._largeur - sum(colonne.largeur for colonne in colonnes) - _ECART * (len(colonnes) - 1)
        largeurs = [colonne.largeur or libre for colonne in colonnes]
        a_droite = [colonne.a_droite for colonne in colonnes]
        self._rangee([[colonne.titre] for colonne in colonnes], largeurs, a_droite, "bold")
        self._rangee(
            [plier(colonne.termes[0], larg) for colonne, larg in zip(colonnes, largeurs, strict=True)],
            largeurs,
            a_droite,
            "dim",
        )
        vus = {terme for colonne in colonnes for terme in colonne.termes}
        for partie in self._montrees(parties):
            cases = [_case(partie, colonne, larg) for colonne, larg in zip(colonnes, largeurs, strict=True)]
            self._rangee(cases, largeurs, a_droite, "")
            deja: set[str] = set()
            for champ in partie.champs:
                if champ.terme in vus and champ.terme not in deja:
                    deja.add(champ.terme or "")
                    self._constats(champ.constats, 4, f", {champ.nom} ({champ.terme})")
                else:
                    self._champ(champ, 4)
            for sous_partie in partie.rubriques:
                self._bloc(sous_partie.titre, 4, "italic")
                self._rubrique(sous_partie, 4)
            self._constats(partie.constats, 4)

    def _rangee(self, cases: list[list[str]], largeurs: list[int], a_droite: list[bool], style: str) -> None:
        for rang in range(max(len(case) for case in cases)):
            morceaux = [
                _dans(case, rang).rjust(largeur) if droite else _dans(case, rang).ljust(largeur)
                for case, largeur, droite in zip(cases, largeurs, a_droite, strict=True)
            ]
            self._segments(((" " * _ECART).join(morceaux).rstrip(), style))

    def _montrees(self, parties: Sequence[Rubrique]) -> Iterable[Rubrique]:
        cachees = 0
        for rang, partie in enumerate(parties):
            if rang < PARTIES_MAX or any(True for _ in partie.tous_les_constats()):
                yield partie
            else:
                cachees += 1
        if cachees:
            self._bloc(f"… et {cachees} autres sans remarque (l’option --json les donne toutes).", 2, "dim")

    def _constats(self, constats: Sequence[Constat], retrait: int, ou: str = "") -> None:
        for constat in constats:
            nom = rapports.GRAVITES[constat.gravite]
            tete = f"{_SIGNES[constat.gravite]} {nom} {constat.regle}{ou}"
            self._bloc(tete, retrait, COULEURS_GRAVITE[constat.gravite])
            self._bloc(constat.phrase, retrait + 2)
            geste = geste_de(constat)
            if geste and geste not in self._gestes:
                self._gestes.add(geste)
                self._bloc(f"→ {geste}", retrait + 2)

    def _bloc(self, texte: str, retrait: int, style: str = "") -> None:
        for ligne in plier(texte, self._largeur - retrait):
            self._ecran.print(" " * retrait + ligne, style=style, soft_wrap=True)

    def _segments(self, *segments: tuple[str, str]) -> None:
        from rich.text import Text

        self._ecran.print(Text.assemble(*segments), soft_wrap=True)


def _case(partie: Rubrique, colonne: _Colonne, largeur: int) -> list[str]:
    """The lines of a cell: the first field of each of its terms."""
    lignes: list[str] = []
    for terme in colonne.termes:
        valeur = partie.valeur(terme)
        if terme in _CODE_SEUL:
            valeur = "" if valeur.startswith("S ") else f"({valeur.partition(' – ')[0]})" if valeur else ""
        elif terme in _LIBELLE_SEUL:
            valeur = valeur.partition(" – ")[2] or valeur
        if valeur:
            lignes.extend(plier(valeur, largeur))
    return lignes or [""]


def _dans(lignes: Sequence[str], rang: int) -> str:
    return lignes[rang] if rang < len(lignes) else ""


def plier(texte: str, largeur: int) -> list[str]:
    """Lines of at most ``largeur`` columns, amounts kept whole; what comes from a file is made harmless and bounded."""
    propre = _propre(" ".join(texte[:_COUPE].splitlines()))
    if len(texte) > TEXTE_MAX:
        propre = f"{propre[:TEXTE_MAX]}… ({len(texte)} caractères)"
    return textwrap.wrap(propre, max(8, largeur), break_on_hyphens=False) or [""]
