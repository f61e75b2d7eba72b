"""The life cycle drawn from the rows of the table: one card a status, one line a gesture, one lane a target.

The drawing is plain SVG without script or outside resource; every word of it is text, so that it can be read aloud.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from facturier import referentiel
from facturier.cycle.passages import terminal, transitions_du_cadre, transitions_du_cycle
from facturier.referentiel import CREATION, Transition

_MARGE = 16
_INTERLIGNE = 18
_TITRE = 26
_ECART = 14
_COULOIR = 12
_LARGEUR_SIGNE = 6.6
_LIBELLE_CREATION = "Avant la création"
_LEGENDE = "Trait plein : établi. Tirets : partiel ou à vérifier. Double cadre : statut final."
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1b1b1b}.t{font-weight:700}"
    ".c,.f{fill:#fff;stroke:#1b1b1b}.f{fill:none}.v{fill:none;stroke:#33588a;stroke-width:1.4}.d{stroke-dasharray:5 3}"
)


@dataclass(frozen=True)
class _Carte:
    """A status and what leaves it, placed at a height of the drawing."""

    statut: str
    libelle: str
    final: bool
    gestes: tuple[tuple[Transition, str], ...]
    y: int

    @property
    def hauteur(self) -> int:
        return _TITRE + _INTERLIGNE * len(self.gestes) + (6 if self.gestes else 0)

    @property
    def entree(self) -> int:
        return self.y + _TITRE // 2

    def sortie(self, rang: int) -> int:
        return self.y + _TITRE + _INTERLIGNE * rang + 5


def diagramme(cycle: str, au: date | None = None) -> str:
    """One cycle of the table, as an SVG document in French."""
    gestes = transitions_du_cycle(cycle, au)
    return _dessiner(f"Cycle « {cycle.replace('_', '-')} »", gestes, None, au)


def diagramme_cadre(cadre: str, au: date | None = None, statuts: Collection[str] = ()) -> str:
    """The life of a piece deposited under one cadre, as an SVG document in French.

    The whole of it, or only the gestures that lead from one of ``statuts`` to another.

    Raises:
        ErreurFacturier: no such cadre or status.
    """
    libelle = referentiel.cadre(cadre, au).libelle
    return _dessiner(f"Vie d’une pièce {cadre} : {libelle}", _gestes(cadre, au, statuts), cadre, au)


def vie_en_mots(cadre: str, au: date | None = None, statuts: Collection[str] = ()) -> tuple[str, ...]:
    """What the drawing of ``diagramme_cadre`` says, a sentence a gesture."""
    cartes = _cartes(_gestes(cadre, au, statuts), cadre, au)
    return tuple(f"{carte.libelle} : {dit}." for carte in cartes for _, dit in carte.gestes)


def _gestes(cadre: str, au: date | None, statuts: Collection[str]) -> tuple[Transition, ...]:
    for code in statuts:
        referentiel.statut(code, au)
    toutes = transitions_du_cadre(cadre, au)
    return tuple(t for t in toutes if not statuts or {t.de, t.vers} <= set(statuts))


def _ordre(gestes: Sequence[Transition]) -> list[str]:
    """Statuses in the order in which a piece meets them, the entries of the cycle first."""
    atteints = {t.vers for t in gestes if t.vers != t.de}
    file = list(dict.fromkeys(t.de for t in gestes if t.de == CREATION or t.de not in atteints))
    vus = dict.fromkeys(file or [gestes[0].de] if gestes else [])
    for statut in (file := list(vus)):
        for vers in (t.vers for t in gestes if t.de == statut and t.vers not in vus):
            vus[vers] = None
            file.append(vers)
    return list(vus)


def _cartes(gestes: Sequence[Transition], cadre: str | None, au: date | None) -> list[_Carte]:
    plusieurs = cadre is None and len({t.cadres for t in gestes}) > 1
    roles = {r.code: r.libelle for r in referentiel.roles(au)}
    cartes: list[_Carte] = []
    y = _MARGE + 30
    for statut in _ordre(gestes):
        lignes = []
        for t in (t for t in gestes if t.de == statut):
            fin = " (sur place)" if t.vers == t.de else f" → {_libelle(t.vers, au)}"
            pieces = f"{', '.join(t.cadres)} : " if plusieurs else ""
            lignes.append((t, f"{pieces}{t.libelle} ({roles[t.role]}){fin}"))
        cadres = (cadre,) if cadre else {c for t in gestes for c in t.cadres if statut in (t.de, t.vers)}
        final = all(terminal(c, statut, au) for c in cadres)
        carte = _Carte(statut, _libelle(statut, au), final, tuple(lignes), y)
        cartes.append(carte)
        y += carte.hauteur + _ECART
    return cartes


def _libelle(statut: str, au: date | None) -> str:
    return _LIBELLE_CREATION if statut == CREATION else referentiel.statut(statut, au).libelle


def _dessiner(titre: str, gestes: Sequence[Transition], cadre: str | None, au: date | None) -> str:
    cartes = _cartes(gestes, cadre, au)
    textes = [_LEGENDE, titre, *(texte for c in cartes for _, texte in c.gestes), *(c.libelle for c in cartes)]
    largeur = int(max(len(t) for t in textes) * _LARGEUR_SIGNE) + 24
    droite = _MARGE + largeur
    couloirs = _couloirs(cartes, droite)
    dessin = [*_traits(cartes, couloirs, droite), *(ligne for c in cartes for ligne in _carte(c, largeur))]
    total = droite + _COULOIR * (len(couloirs) + 2) + _MARGE
    bas = (cartes[-1].y + cartes[-1].hauteur if cartes else _MARGE) + _ECART
    description = "\n".join(f"{c.libelle} : {texte}" for c in cartes for _, texte in c.gestes)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" lang="fr" xml:lang="fr" role="img" '
            f'viewBox="0 0 {total} {bas + 30}" width="{total}" height="{bas + 30}">',
            f"<title>{escape(titre)}</title>",
            f"<desc>{escape(description)}</desc>",
            f"<style>{_STYLE}</style>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            f'<text class="t" x="{_MARGE}" y="{_MARGE + 10}">{escape(titre)}</text>',
            *dessin,
            f'<text x="{_MARGE}" y="{bas + 12}">{escape(_LEGENDE)}</text>',
            "</svg>",
            "",
        ]
    )


def _couloirs(cartes: Sequence[_Carte], droite: int) -> dict[str, int]:
    """One vertical lane for each status that something leads to; the shortest lanes run nearest to the cards."""
    portee: dict[str, int] = {}
    entrees = {c.statut: c.entree for c in cartes}
    for carte in cartes:
        for rang, (t, _) in enumerate(carte.gestes):
            if t.vers != t.de:
                portee[t.vers] = max(portee.get(t.vers, 0), abs(carte.sortie(rang) - entrees[t.vers]))
    ordre = sorted(portee, key=lambda statut: (portee[statut], statut))
    return {statut: droite + _COULOIR * (n + 2) for n, statut in enumerate(ordre)}


def _traits(cartes: Sequence[_Carte], couloirs: dict[str, int], droite: int) -> Iterable[str]:
    entrees = {c.statut: c.entree for c in cartes}
    for carte in cartes:
        for rang, (t, _) in enumerate(carte.gestes):
            if t.vers == t.de:
                continue
            x, de, vers = couloirs[t.vers], carte.sortie(rang), entrees[t.vers]
            genre = "v" if t.fiabilite == "établi" else "v d"
            yield f'<path class="{genre}" d="M{droite} {de}H{x}V{vers}H{droite + 7}"/>'
    for statut in couloirs:
        y = entrees[statut]
        yield f'<path d="M{droite + 1} {y}l8 -4v8z" fill="#33588a"/>'


def _carte(carte: _Carte, largeur: int) -> Iterable[str]:
    yield f'<rect class="c" x="{_MARGE}" y="{carte.y}" width="{largeur}" height="{carte.hauteur}" rx="4"/>'
    if carte.final:
        yield (
            f'<rect class="f" x="{_MARGE + 3}" y="{carte.y + 3}" width="{largeur - 6}" '
            f'height="{carte.hauteur - 6}" rx="3"/>'
        )
    yield f'<text class="t" x="{_MARGE + 10}" y="{carte.y + 17}">{escape(carte.libelle)}</text>'
    for rang, (_, texte) in enumerate(carte.gestes):
        yield f'<text x="{_MARGE + 18}" y="{carte.sortie(rang) + 4}">{escape(texte)}</text>'
