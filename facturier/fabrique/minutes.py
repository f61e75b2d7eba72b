"""How long a chapter takes a learner: what is to be read, typed, pressed and decided, counted and put in minutes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facturier import contenu, situations
from facturier.champs.def_fiche import A_FAIRE, CHOIX
from facturier.evaluation.exercices import Exercice
from facturier.evaluation.items import Item
from facturier.situations import Geste

MOTS_PAR_MINUTE = 200
"""Dense matter, read by somebody who does not know it."""
SECONDES_PAR_CHAMP, SECONDES_PAR_CLIC, SECONDES_PAR_DECISION = 6, 4, 20
CLICS_PAR_GESTE, CLICS_PAR_ETAPE = 3, 4
"""Going to the screen and confirming; an invoice takes its further steps."""
MOTS_PAR_ECRAN = 60
"""What is read of a table, a drawing, a screen of the portal."""
FACULTATIF = ("Pour aller plus loin", "Sources", "Besoin d’un coup de pouce", "Recommencer")
_TITRE = re.compile(r"(#+) (.*)")
_HORS_TEXTE = re.compile(r"```.*?```|\{[{%].*?[%}]\}|https?://\S+", re.S)
_MONTRE = re.compile(r"^lecon\.(?:tableau|vie|circuit|decompte|apercu|comparer|frise|fichier)", re.M)
_MOT = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")
_GRAINE = "essai"


@dataclass(frozen=True)
class Effort:
    """What a learner does in a chapter."""

    mots: int = 0
    champs: int = 0
    clics: int = 0
    decisions: int = 0

    def __add__(self, autre: Effort) -> Effort:
        return Effort(
            self.mots + autre.mots,
            self.champs + autre.champs,
            self.clics + autre.clics,
            self.decisions + autre.decisions,
        )

    @property
    def minutes(self) -> int:
        """Rounded up."""
        secondes = (
            self.mots * 60 / MOTS_PAR_MINUTE
            + self.champs * SECONDES_PAR_CHAMP
            + self.clics * SECONDES_PAR_CLIC
            + self.decisions * SECONDES_PAR_DECISION
        )
        return -int(-secondes // 60)


def effort(chapitre: contenu.Chapitre, exercices: Sequence[Exercice]) -> Effort:
    """What that chapter asks, its optional parts apart."""
    textes = [chapitre.lecon, *([chapitre.exercices] if chapitre.exercices is not None else [])]
    demande = sum((_d_un_texte(fichier.read_text(encoding="utf-8")) for fichier in textes), Effort())
    return sum((_d_un_exercice(e) for e in exercices if not e.facultatif), demande)


def _d_un_texte(markdown: str) -> Effort:
    """The main line: its words, its tables and drawings, what it asks to think about before reading on."""
    lus, exclu = [], 0
    for ligne in markdown.splitlines():
        if titre := _TITRE.match(ligne):
            niveau = len(titre[1])
            if not exclu or niveau <= exclu:
                exclu = niveau if titre[2].startswith(FACULTATIF) else 0
        if not exclu:
            lus.append(ligne)
    texte = "\n".join(lus)
    montres, essais = len(_MONTRE.findall(texte)), texte.count("**Essayez.**")
    fiche = len((*CHOIX, *A_FAIRE)) if "lecon.fiche_methode(" in texte else 0
    mots = _mots(_HORS_TEXTE.sub(" fait ", texte)) + MOTS_PAR_ECRAN * montres
    return Effort(mots=mots, champs=fiche, decisions=essais + fiche)


def _mots(texte: str) -> int:
    return len(_MOT.findall(texte))


def _d_un_exercice(exercice: Exercice) -> Effort:
    if exercice.situation:
        codes = situations.variantes(exercice.situation).values() or [exercice.situation]
        return max((_d_une_histoire(code) for code in codes), key=lambda e: e.minutes)  # somebody will draw it
    if exercice.items:
        return sum(map(_d_un_item, exercice.items), Effort())
    champs = len(exercice.criteres) or 1
    return Effort(champs=champs, clics=CLICS_PAR_GESTE, decisions=2 * champs)


def _d_un_item(item: Item) -> Effort:
    reponses = [*(c.texte for c in item.choix), *(x.texte for x in item.lignes), *(c.texte for c in item.cibles)]
    ecran = MOTS_PAR_ECRAN if item.facture else 0
    clics = len(item.lignes) or 1
    return Effort(mots=_mots(" ".join([item.question, *reponses])) + ecran, clics=clics, decisions=max(1, clics))


def _d_une_histoire(code: str) -> Effort:
    tiree = situations.tirer(code, _GRAINE)
    return sum((_d_un_geste(g) for g in tiree.saisie), Effort(mots=_mots(tiree.recit.texte)))


def _d_un_geste(geste: Geste) -> Effort:
    champs = sum(1 for texte in geste.champs.values() if texte)
    clics = CLICS_PAR_GESTE + (CLICS_PAR_ETAPE if champs > CLICS_PAR_ETAPE else 0)
    return Effort(mots=MOTS_PAR_ECRAN, champs=champs, clics=clics, decisions=1)


def page(efforts: Mapping[contenu.Chapitre, Effort]) -> list[str]:
    """The table of every chapter, in Markdown."""
    lignes = [
        "",
        "",
        "## Le temps d’un apprenant",
        "",
        f"Compté sur le fil principal, sans « Pour aller plus loin » ni exercice facultatif : {MOTS_PAR_MINUTE} mots "
        f"lus par minute, {MOTS_PAR_ECRAN} mots par tableau, dessin ou écran, {SECONDES_PAR_CHAMP} secondes par champ "
        f"saisi, {SECONDES_PAR_CLIC} par clic, {SECONDES_PAR_DECISION} par décision. Le reste de la durée va aux "
        "échanges, aux questions et aux retours en arrière.",
        "",
        "| Chapitre | Mots | Champs | Clics | Décisions | Compté | Durée |",
        "|---|---|---|---|---|---|---|",
    ]
    return lignes + [
        f"| {c.titre} | {e.mots} | {e.champs} | {e.clics} | {e.decisions} | {e.minutes} min | {c.duree} min |"
        for c, e in efforts.items()
    ]
