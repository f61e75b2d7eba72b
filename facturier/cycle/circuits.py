"""The works circuits drawn from their table: one lane a party, one arrow a deposit, and the page that gathers them.

Plain SVG and Markdown, without script or outside resource; what is not established is dashed, and said in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from itertools import groupby

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.referentiel import Circuit

PARTIES = {
    "sous_traitant": "Sous-traitant",
    "cotraitant": "Cotraitant",
    "titulaire": "Titulaire",
    "moe": "Maîtrise d’œuvre",
    "moa": "Maîtrise d’ouvrage",
    "payeur": "Service financier",
}
"""The parties of a circuit, in the order of their lanes."""

_PHASES = {
    "mensuel": "Chaque mois",
    "fin": "Fin de marché",
    "mensuel et fin": "Chaque mois et en fin de marché",
    "procédure tacite": "Procédure tacite",
}
_MARGE = 16
_COULOIR = 140
_PAS = 30
_SIGNE = 6.8
_TITRE = 34
_LEGENDE = "Trait plein : établi. Tirets : partiel ou à vérifier, à confirmer avec votre acheteur."
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1b1b1b}.t{font-weight:700}"
    ".l{stroke:#9a9a9a}.v{fill:none;stroke:#33588a;stroke-width:1.6}.d{stroke-dasharray:5 3}"
)


def circuits_dessines(au: date | None = None) -> tuple[str, ...]:
    """Codes of the circuits of the table, in its order."""
    return tuple(dict.fromkeys(c.cas for c in referentiel.circuits(au)))


def etapes(cas: str, au: date | None = None) -> tuple[Circuit, ...]:
    """The deposits of one circuit, in order. Raises ErreurFacturier for an unknown one."""
    lignes = tuple(c for c in referentiel.circuits(au) if c.cas == cas)
    if not lignes:
        connus = ", ".join(circuits_dessines(au))
        raise ErreurFacturier(
            f"Le circuit « {cas} » n’existe pas. Choisissez parmi : {connus}.", code="circuit-inconnu"
        )
    return tuple(e for e in lignes if e.cadres)


def diagramme_circuit(cas: str, au: date | None = None) -> str:
    """One circuit as an SVG document in French: who deposits which piece, for whom."""
    suite = etapes(cas, au)
    titre = f"Circuit {cas} : {suite[0].cas_libelle}"
    presentes = {p for e in suite for p in (e.depose_par, e.adresse_a)}
    gauche = _MARGE + int(_SIGNE * max(len(_libelle(e)) for e in suite))
    ordre = [p for p in PARTIES if p in presentes]
    places: dict[str, int] = {p: gauche + _COULOIR // 2 + _COULOIR * n for n, p in enumerate(ordre)}
    dessin: list[str] = []
    y = _MARGE + _TITRE + 24
    for phase, du_temps in groupby(suite, key=lambda e: e.phase):
        dessin.append(_texte(_MARGE, y, _PHASES[phase], gras=True))
        y += 22
        for etape in du_temps:
            dessin += _fleche(etape, places, y)
            y += _PAS
    dessin.append(_texte(_MARGE, y + 8, _LEGENDE))
    longs = [_MARGE * 2 + int(_SIGNE * len(t)) for t in (titre, _LEGENDE)]
    largeur = max(gauche + _COULOIR * len(places) + _MARGE, *longs)
    lignes = [
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="fr" xml:lang="fr" role="img" viewBox="0 0 {largeur} {y + 24}" '
        f'width="{largeur}" height="{y + 24}">',
        f"<title>{escape(titre)}</title>",
        f"<desc>{escape(_description(suite))}</desc>",
        f"<style>{_STYLE}</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        _texte(_MARGE, _MARGE + 10, titre, gras=True),
        *(
            part
            for partie, x in places.items()
            for part in (
                _texte(x, _MARGE + _TITRE, PARTIES[partie], gras=True, milieu=True),
                f'<path class="l" d="M{x} {_MARGE + _TITRE + 8}V{y - 10}"/>',
            )
        ),
        *dessin,
        "</svg>",
        "",
    ]
    return "\n".join(lignes)


def page(au: date | None = None) -> str:
    """All the circuits as one Markdown page, each with its drawing (``circuits/C1.svg``…) and its table."""
    parties = [
        "<!-- Page dérivée des tables : « facturier construire » la réécrit. -->",
        "# Les circuits des marchés de travaux",
        "La fiche d’identité de chaque marché nomme son circuit ; le portail d’exercice la suit. Une ligne qui n’est "
        "pas « établie » se confirme avec l’acheteur.",
    ]
    for cas in circuits_dessines(au):
        suite = etapes(cas, au)
        titre = f"{cas} : {suite[0].cas_libelle}"
        parties.append(f"## {titre}\n\n![Circuit {titre}](circuits/{cas}.svg)\n\n{_tableau(suite)}")
    return "\n\n".join(parties) + "\n"


def _tableau(suite: Sequence[Circuit]) -> str:
    entetes = ("Quand", "Qui dépose", "Cadre", "Pour qui", "Après", "Ensuite", "Fiabilité")
    lignes = [entetes, tuple("---" for _ in entetes)]
    for e in suite:
        precision = f"{e.fiabilite} ({e.precision})" if e.precision else e.fiabilite
        qui, pour = PARTIES[e.depose_par], PARTIES[e.adresse_a]
        lignes.append(
            (_PHASES[e.phase], qui, " ".join(e.cadres), pour, " ou ".join(e.apres) or "—", e.suite, precision)
        )
    return "\n".join(f"| {' | '.join(ligne)} |" for ligne in lignes)


def _libelle(etape: Circuit) -> str:
    """What an arrow says: its cadres, the document in words, and the doubt if any."""
    quoi = referentiel.cadre(etape.cadres[0]).libelle.split(" (")[0] if len(etape.cadres) == 1 else ""
    doute = "" if etape.fiabilite == "établi" else f" [{etape.fiabilite}]"
    apres = f", après {' ou '.join(etape.apres)}" if etape.apres else ""
    return f"{' ou '.join(etape.cadres)}{f' : {quoi}' if quoi else ''}{apres}{doute}"


def _description(suite: Iterable[Circuit]) -> str:
    return "\n".join(
        f"{_PHASES[e.phase]} : {_libelle(e)}. {PARTIES[e.depose_par]} vers {PARTIES[e.adresse_a]}." for e in suite
    )


def _fleche(etape: Circuit, places: dict[str, int], y: int) -> list[str]:
    de, vers = places[etape.depose_par], places[etape.adresse_a]
    genre = "v" if etape.fiabilite == "établi" else "v d"
    pointe = f"M{vers} {y - 4}l{-8 if vers > de else 8} -4v8z"
    return [
        _texte(_MARGE, y, _libelle(etape)),
        f'<path class="{genre}" d="M{de} {y - 4}H{vers}"/>',
        f'<path d="{pointe}" fill="#33588a"/>',
    ]


def _texte(x: int, y: int, texte: str, *, gras: bool = False, milieu: bool = False) -> str:
    classe = ' class="t"' if gras else ""
    ancre = ' text-anchor="middle"' if milieu else ""
    return f'<text{classe}{ancre} x="{x}" y="{y}">{escape(texte)}</text>'
