"""What differs between two invoices, in the words of the trade, whatever their syntaxes.

Values are compared, not texts: 1200 and 1200.00 are one amount, 20261124 and 2026-11-24 one day. Parts that repeat are
matched by what names them (a line by its number, a VAT rate by category and rate…), then by order.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from facturier.efacture import page_arbre, page_valeurs
from facturier.efacture.lecture import Illisible
from facturier.efacture.page import Champ, Rubrique
from facturier.erreurs import SORTIE_INVALIDE, SORTIE_REFUS, ErreurFacturier
from facturier.montants import INSECABLE, format_nombre, lire_decimal, sans_zeros

Genre = Literal["modifie", "ajoute", "retire"]

_PROPRES_AU_FORMAT = frozenset({None, "BT-24"})
"""Left out when the syntaxes differ: what the norm does not name, and the profile, that of one format's rules."""
_NOMS_DE_PARTIES: dict[str, tuple[str, ...]] = {
    "Lignes": ("BT-126",),
    "TVA": ("BT-118", "BT-119"),
    "Notes": ("BT-21",),
    "Références": ("BT-25",),
    "Pièces jointes": ("BT-122",),
    "Remises et frais": ("BT-97", "BT-104"),
}
"""Terms that name a part that repeats, by rubrique."""
_DIT_D_UNE_PARTIE = (
    *("BT-153", "BT-129", "BT-130", "BT-146", "BT-131"),
    *("BT-118", "BT-119", "BT-116", "BT-117"),
    *("BT-92", "BT-97", "BT-99", "BT-104", "BT-136", "BT-139", "BT-141", "BT-144"),
    *("BT-81", "BT-84", "BT-25", "BT-26", "BT-21", "BT-22", "BT-122", "BT-125-2", "BT-160", "BT-161"),
)
"""Terms that tell a part that only one of the invoices has."""


@dataclass(frozen=True)
class Difference:
    """One difference.

    Attributes:
        genre: changed, added (only in the second invoice) or removed (only in the first).
        ou: the rubrique, or the part inside it (« Ligne 2 »).
        terme, nom: the field; None and the part's title when a whole part was added or removed.
        avant, apres: what each invoice says; None when it says nothing.
        ecart: the difference of two amounts, numbers, rates or days, in words; "" for texts.
    """

    genre: Genre
    ou: str
    terme: str | None
    nom: str
    avant: str | None
    apres: str | None
    ecart: str = ""

    def en_json(self) -> dict[str, Any]:
        """One element of ``differences``."""
        return dict(vars(self))


@dataclass(frozen=True)
class Comparaison:
    """Two invoices side by side. ``compares``: fields that both have and that were looked at; ``hors_norme``: whether
    the profile and what the norm does not name were compared too (they are when both files have the same syntax)."""

    a: str
    b: str
    compares: int
    hors_norme: bool
    differences: tuple[Difference, ...]

    @property
    def sortie(self) -> int:
        """Exit status: 0 for the same invoice, 1 for differences."""
        return SORTIE_INVALIDE if self.differences else 0

    def en_json(self) -> dict[str, Any]:
        """The document of ``facturier comparer --json``."""
        return {
            "schema": 1,
            "a": self.a,
            "b": self.b,
            "compares": self.compares,
            "hors_norme": self.hors_norme,
            "differences": [difference.en_json() for difference in self.differences],
        }


def comparer(a: Path, b: Path) -> Comparaison:
    """Compare two files (UBL, CII, Factur-X, in any pair). They are read, not judged.

    Raises:
        ErreurFacturier: ``facture-illisible``, one of the files holds no invoice that can be read.
    """
    lus = [_lire(a), _lire(b)]
    memes = lus[0].syntaxe == lus[1].syntaxe
    travail = _Comparateur(hors_norme=memes)
    avant, apres = ({rubrique.titre: rubrique for rubrique in lu.figer()} for lu in lus)
    for titre in page_arbre.TITRES:
        vide = Rubrique(titre)
        travail.rubriques(avant.get(titre, vide), apres.get(titre, vide), titre)
    return Comparaison(str(a), str(b), travail.compares, memes, tuple(travail.differences))


def _lire(chemin: Path) -> page_arbre.ArbreLu:
    try:
        return page_arbre.ouvrir(chemin)
    except Illisible as refus:
        raise ErreurFacturier(
            f"{chemin.name}{INSECABLE}: {refus.constat.phrase}", code="facture-illisible", sortie=SORTIE_REFUS
        ) from refus


class _Comparateur:
    """The differences found so far."""

    def __init__(self, *, hors_norme: bool) -> None:
        self._hors_norme = hors_norme
        self.compares = 0
        self.differences: list[Difference] = []

    def rubriques(self, avant: Rubrique, apres: Rubrique, ou: str) -> None:
        """Compare the fields of two matched rubriques, then their parts."""
        self._champs(avant.champs, apres.champs, ou)
        noms = _NOMS_DE_PARTIES.get(ou, ())
        for gauche, droite in _apparier(avant.rubriques, apres.rubriques, noms):
            if gauche is not None and droite is not None:
                self.rubriques(gauche, droite, _lieu(ou, gauche.titre))
            elif gauche is not None:
                self._seule(gauche, ou, "retire")
            elif droite is not None:
                self._seule(droite, ou, "ajoute")

    def _seule(self, partie: Rubrique, ou: str, genre: Genre) -> None:
        """A part that only one invoice has; nothing to say if it holds nothing that counts."""
        champs = [champ for champ in partie.tous_les_champs() if self._compte(champ)]
        if not champs:
            return
        dits = [partie.valeur(terme) for terme in _DIT_D_UNE_PARTIE]
        texte = ", ".join(dit for dit in dits if dit) or ", ".join(champ.valeur for champ in champs[:4])
        avant, apres = (texte, None) if genre == "retire" else (None, texte)
        self.differences.append(Difference(genre, ou, None, partie.titre, avant, apres))

    def _champs(self, avant: Iterable[Champ], apres: Iterable[Champ], ou: str) -> None:
        gauches, droites = self._par_nom(avant), self._par_nom(apres)
        for nom in sorted(gauches.keys() | droites.keys(), key=lambda cle: page_arbre.ordre(cle[0])):
            for gauche, droite in _paires(gauches.get(nom, []), droites.get(nom, [])):
                self._champ(gauche, droite, ou)

    def _par_nom(self, champs: Iterable[Champ]) -> dict[tuple[str | None, str], list[Champ]]:
        ranges: dict[tuple[str | None, str], list[Champ]] = defaultdict(list)
        for champ in champs:
            if self._compte(champ):
                ranges[champ.terme, champ.nom].append(champ)
        return ranges

    def _compte(self, champ: Champ) -> bool:
        return bool(champ.brut) and (self._hors_norme or champ.terme not in _PROPRES_AU_FORMAT)

    def _champ(self, avant: Champ | None, apres: Champ | None, ou: str) -> None:
        vu = avant or apres
        if vu is None:
            return
        if avant is not None and apres is not None:
            self.compares += 1
            if _cle(avant) != _cle(apres):
                ecart = _ecart(avant, apres)
                dits = [avant.valeur, apres.valeur]
                if dits[0] == dits[1]:  # the same once written for people: the file's own texts tell the difference
                    dits = [avant.brut, apres.brut]
                self.differences.append(Difference("modifie", ou, vu.terme, vu.nom, dits[0], dits[1], ecart))
        elif avant is not None:
            self.differences.append(Difference("retire", ou, vu.terme, vu.nom, vu.valeur, None))
        else:
            self.differences.append(Difference("ajoute", ou, vu.terme, vu.nom, None, vu.valeur))


def _apparier(
    avant: Sequence[Rubrique], apres: Sequence[Rubrique], noms: Sequence[str]
) -> Iterator[tuple[Rubrique | None, Rubrique | None]]:
    """Pairs of parts of one kind: same name first, then what is left in its order; the first invoice leads."""
    libres: dict[tuple[Any, ...], deque[int]] = defaultdict(deque)
    for rang, partie in enumerate(apres):
        libres[_nom(partie, noms)].append(rang)
    pris: dict[int, int] = {}
    for rang, partie in enumerate(avant):
        if noms and (memes := libres[_nom(partie, noms)]):
            pris[rang] = memes.popleft()
    restants: dict[str, deque[int]] = defaultdict(deque)
    for rang in sorted(set(range(len(apres))) - set(pris.values())):
        restants[_genre(apres[rang])].append(rang)
    for rang, partie in enumerate(avant):
        vis_a_vis = pris.get(rang)
        if vis_a_vis is None and (memes := restants[_genre(partie)]):
            vis_a_vis = memes.popleft()
        yield partie, None if vis_a_vis is None else apres[vis_a_vis]
    for rang in sorted(itertools.chain.from_iterable(restants.values())):
        yield None, apres[rang]


def _genre(partie: Rubrique) -> str:
    """The kind of a part: its title without its number (« Ligne », « Remise », « TVA »)."""
    return "TVA" if "TVA" in partie.titre else re.sub(r" \d+$", "", partie.titre)


def _nom(partie: Rubrique, noms: Sequence[str]) -> tuple[Any, ...]:
    nommants = [champ for champ in partie.champs if champ.terme in noms]
    return (_genre(partie), *((champ.terme, _cle(champ)) for champ in nommants))


def _paires(avant: list[Champ], apres: list[Champ]) -> Iterator[tuple[Champ | None, Champ | None]]:
    """Pairs of fields of one term: equal values first, the others by order."""
    egaux: dict[tuple[Any, str], deque[int]] = defaultdict(deque)
    for rang, champ in enumerate(apres):
        egaux[_cle(champ)].append(rang)
    seuls, pris = [], set()
    for champ in avant:
        if memes := egaux[_cle(champ)]:
            pris.add(memes[0])
            yield champ, apres[memes.popleft()]
        else:
            seuls.append(champ)
    yield from itertools.zip_longest(seuls, (champ for rang, champ in enumerate(apres) if rang not in pris))


def _cle(champ: Champ) -> tuple[Any, str]:
    """What two fields must share to say the same thing."""
    lu: Decimal | date | None = None
    if champ.nature in ("montant", "nombre", "taux"):
        lu = lire_decimal(champ.brut)
    elif champ.nature == "date":
        lu = page_valeurs.lire_date(champ.brut)
    return (" ".join(champ.brut.split()) if lu is None else lu, champ.precision)


def _ecart(avant: Champ, apres: Champ) -> str:
    gauche, droite = _cle(avant)[0], _cle(apres)[0]
    if isinstance(gauche, date) and isinstance(droite, date):
        jours = (droite - gauche).days
        pluriel = "s" if abs(jours) > 1 else ""
        return f"{abs(jours)}{INSECABLE}jour{pluriel} plus {'tard' if jours > 0 else 'tôt'}"
    if not (isinstance(gauche, Decimal) and isinstance(droite, Decimal)) or avant.precision != apres.precision:
        return ""
    ecart = droite - gauche
    signe = "+" if ecart > 0 else ""
    if avant.nature == "montant":
        devise = avant.precision or ("EUR" if avant.valeur.endswith("€") else avant.valeur[-3:])
        return signe + page_valeurs.argent(ecart, devise, prix=True)
    unite = f"{INSECABLE}point{'s' if abs(ecart) >= 2 else ''}" if avant.nature == "taux" else ""
    return signe + format_nombre(sans_zeros(ecart)) + unite


def _lieu(ou: str, titre: str) -> str:
    """« Ligne 2 », « TVA à 20 % (S) », « Ligne 2, remise 1 », « Paiement, moyen de paiement 1 »."""
    return titre if ou in ("Lignes", "TVA") else f"{ou}, {titre[:1].lower()}{titre[1:]}"
