"""Facts in words, for texts that must not hold any by hand: an amount, a delay, a rate, a day, an article, a source.

What is not sure says so by itself; what no row holds is refused, so that a text cannot cite an article nobody has read.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.montants import format_euros, format_nombre, format_taux
from facturier.referentiel.socle import LigneSourcee

INSECABLE = "\u00a0"
# by hand: babel costs 200 ms to import
_MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_ARTICLE = re.compile(r"(?P<texte>.+?) (?:art\. )?(?P<numero>[LRD]?\d[\w.-]*)(?P<suite>(?: à \d+| et suivants)?)")
_SPECIFICATIONS = "DSE FE "
_TEXTES = ("texte", "source")


class FaitInconnu(ErreurFacturier):
    """No row holds that fact on that day; the sentence says which one was asked for."""


def delai(code: str, au: date | None = None) -> str:
    """What that row of « delais » gives: « 50 jours », « 40 € », « 5 % », « 1 mois »."""
    ligne = referentiel.delai(code, au)
    if ligne.duree is None:
        raise FaitInconnu(f"La ligne « {code} » de la table delais n’a pas de durée : citez son texte.", code="fait")
    return _avec_doute(_mesure(Decimal(ligne.duree), ligne.unite), ligne)


def limite(code: str, au: date | None = None) -> str:
    """What that row of « limites » gives: « 20 caractères », « 10 Mo »."""
    ligne = referentiel.limite(code, au)
    return _avec_doute(_mesure(Decimal(ligne.valeur), ligne.unite), ligne)


def interets(au: date) -> str:
    """The rate of default interest for a delay that begins to run on that day: « 10,40 % »."""
    ligne = _taux_au(au)
    return _taux(ligne.interets) if ligne is not None else _taux_inconnu(au)


def refinancement(au: date) -> str:
    """The BCE's rate that those interests are drawn from."""
    ligne = _taux_au(au)
    return _taux(ligne.refi) if ligne is not None else _taux_inconnu(au)


def effet(code: str) -> date:
    """From which day that row of « delais » holds (a step of the reform, a decree)."""
    ligne = referentiel.delai(code)
    if ligne.valide_du is None:
        raise FaitInconnu(f"La ligne « {code} » de la table delais n’a pas de date d’effet connue.", code="fait")
    return ligne.valide_du


def depuis_le(code: str) -> str:
    """That day in words, as sure as it is known: « 1er septembre 2027 », « 18 ou 19 septembre 2024 »."""
    debut, fin = effet(code), referentiel.delai(code).debut_au_plus_tard
    if fin is None:
        return jour(debut)
    if (debut.year, debut.month) == (fin.year, fin.month):
        return f"{jour(debut).partition(INSECABLE)[0]} ou {jour(fin)}"
    return f"{jour(debut)} ou {jour(fin)}"


def annonce(code: str) -> str:
    """The day on which that change (table « bascules ») was announced, in words; its effect may have no day yet."""
    return jour(referentiel.bascule(code).annonce)


def accomplie(code: str, au: date) -> bool:
    """Whether that announced change has taken effect on that day."""
    return referentiel.bascule(code).accomplie(au)


def annoncee(code: str, au: date) -> bool:
    """Whether that change had been announced on that day."""
    return referentiel.bascule(code).annonce <= au


def parue(code: str, au: date) -> bool:
    """Whether that source could be read on that day; one whose day is not known in full is taken as older."""
    lue = referentiel.source(code).date
    return not re.fullmatch(r"\d{4}-\d\d-\d\d", lue) or date.fromisoformat(lue) <= au


def jour(quand: date) -> str:
    """A day in words: « 1er septembre 2026 »."""
    numero = "1er" if quand.day == 1 else str(quand.day)
    return f"{numero}{INSECABLE}{_MOIS[quand.month - 1]} {quand.year}"


def texte(code: str, au: date | None = None) -> str:
    """The text behind that row of « delais »: « CCP, article R2192-11 »."""
    morceaux = _simple(referentiel.delai(code, au).texte).split(" ; ")
    return f"{INSECABLE}; ".join(_cite(morceau) for morceau in morceaux)


def article(reference: str) -> str:
    """A text as a row cites it, in words (« CCP R2192-12 à 15 » → « CCP, articles R2192-12 à R2192-15 »).

    Raises:
        FaitInconnu: no row of any table cites it so.
    """
    if not _citee(reference):
        raise FaitInconnu(f"Aucune table ne cite « {reference} » : ajoutez la ligne et sa source.", code="fait")
    return _cite(reference)


def source(code: str) -> str:
    """A source, as a Markdown link when it has an address."""
    ligne = referentiel.source(code)
    titre = f"«{INSECABLE}{ligne.titre}{INSECABLE}»"
    return f"[{titre}]({ligne.adresse})" if ligne.adresse else titre


def statut(code: str, au: date | None = None) -> str:
    """The label of a status."""
    return referentiel.statut(code, au).libelle


def cadre(code: str, au: date | None = None) -> str:
    """« A4, projet de décompte mensuel »: a cadre and what it carries."""
    fiche = referentiel.cadre(code, au)
    return f"{fiche.code} ({fiche.libelle[0].lower()}{fiche.libelle[1:]})"


def _mesure(valeur: Decimal, unite: str) -> str:
    if unite == "euros":
        return f"{format_nombre(valeur)}{INSECABLE}€" if valeur == valeur.to_integral() else format_euros(valeur)
    if unite == "pour cent":
        return format_taux(valeur)
    mot = unite.removesuffix("s") if valeur <= 1 and unite not in ("mois", "fois") else unite
    return f"{format_nombre(valeur)}{INSECABLE}{mot}"


def _taux_au(au: date) -> referentiel.TauxBce | None:
    return next(iter(referentiel.taux_bce(au)), None)


def _taux_inconnu(au: date) -> str:
    """What is said of a half-year whose rate this kit has not read."""
    return f"taux à vérifier auprès de l’acheteur, car celui du {jour(au)} n’est pas dans ce kit"


def _taux(valeur: Decimal) -> str:
    return f"{format_nombre(valeur)}{INSECABLE}%"


def _avec_doute(dit: str, ligne: LigneSourcee) -> str:
    doute = {"partiel": " (point partiel)", "à vérifier": " (point à vérifier)"}.get(ligne.fiabilite, "")
    return dit + doute


def _simple(texte: str) -> str:
    return texte.replace(INSECABLE, " ")


def _cite(reference: str) -> str:
    lu = _ARTICLE.fullmatch(reference)
    if reference.startswith(_SPECIFICATIONS):
        return f"spécifications {reference.removeprefix(_SPECIFICATIONS)}".replace(" §", ", §")
    if reference.startswith("ord. "):
        return f"ordonnance n°{INSECABLE}{reference.removeprefix('ord. ')}"
    if lu is None or (" art. " not in reference and lu["texte"] != "CCP"):
        return reference
    numero, suite = lu["numero"], lu["suite"]
    if suite.startswith(" à ") and "-" in numero:
        suite = f" à {numero.partition('-')[0]}-{suite.removeprefix(' à ')}"
    return f"{lu['texte']}, {'articles' if suite else 'article'} {numero}{suite}"


def _citee(reference: str) -> bool:
    """Whether a row cites that text: these very words, up to the end of a number."""
    voulue = re.compile(rf"(?<![\w-]){re.escape(reference)}(?![\w-]|\.\d)")
    return any(voulue.search(cellule) for cellule in _citations())


@lru_cache(maxsize=1)
def _citations() -> tuple[str, ...]:
    """Every cell that cites a text."""
    lignes = (ligne for nom in referentiel.NOMS for ligne in referentiel.table(nom))
    cellules = (_simple(str(getattr(ligne, attribut, ""))) for ligne in lignes for attribut in _TEXTES)
    return tuple(dict.fromkeys(filter(None, cellules)))
