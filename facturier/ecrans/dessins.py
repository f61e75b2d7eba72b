"""Pictures of ours, as SVG, each with the words that say the same: a circuit, a timeline, a décompte.

Only presentation attributes (a strict content policy refuses styles), colours of the page (``currentColor`` and its
variables, so that both themes work), no text under 12 px at the width of a tablet, nothing told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape
from textwrap import wrap

from facturier import referentiel
from facturier.annuaire import Annuaire, Marche
from facturier.cycle.circuits import PARTIES
from facturier.delais import Frise, Repere
from facturier.delais.etapes import en_date
from facturier.montants import format_euros
from facturier.portail import circuits
from facturier.referentiel.lignes import Circuit
from facturier.travaux import Decompte

Dessine = tuple[str, str]
"""The markup, and the words that say the same."""

LARGEUR = 660
_CORPS = 14
_SIGNE, _SIGNE_GRAS = 7.5, 8.2
"""Width of an average sign, plain and bold, in pixels."""
ACCENT = "var(--bleu, #3557c4)"
ALERTE = "var(--brun, #b34000)"
_BOITE = 80
_INTERVALLE = 34


def _svg(hauteur: int, titre: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(titre)}" '
        f'viewBox="0 0 {LARGEUR} {hauteur}" width="{LARGEUR}" height="{hauteur}" font-family="inherit" '
        f'font-size="{_CORPS}" fill="currentColor">{"".join(parts)}</svg>'
    )


def _texte(x: float, y: float, texte: str, *, ancre: str = "start", gras: bool = False) -> str:
    graisse = ' font-weight="700"' if gras else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{ancre}"{graisse}>{escape(texte)}</text>'


def _ligne(x1: float, y1: float, x2: float, y2: float, *, tirets: bool = False, large: float = 1.5) -> str:
    trait = ' stroke-dasharray="6 4"' if tirets else ""
    return (
        f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" stroke="currentColor" '
        f'stroke-width="{large}"{trait}/>'
    )


def _cadre(x: float, y: float, largeur: float, hauteur: float, *, allume: bool = False, tirets: bool = False) -> str:
    trait = f' stroke="{ACCENT}" stroke-width="3"' if allume else ' stroke="currentColor" stroke-width="1.2"'
    fond = f' fill="{ACCENT}" fill-opacity="0.12"' if allume else ' fill="none"'
    pointille = ' stroke-dasharray="6 4"' if tirets else ""
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{largeur:.0f}" height="{hauteur:.0f}" rx="6"{fond}{trait}{pointille}/>'
    )


def court(texte: str, place: float) -> str:
    """The text cut to what that width holds, with an ellipsis."""
    signes = max(4, int(place / _SIGNE))
    return texte if len(texte) <= signes else texte[: signes - 1].rstrip() + "…"


def _plie(texte: str, place: float) -> list[str]:
    """The text on as many lines as that width asks for."""
    return wrap(texte, max(10, int(place / _SIGNE_GRAS)), break_long_words=True) or [""]


# the circuit


def chaine(marche: Marche, au: date, courante: Circuit | None) -> tuple[Circuit, ...]:
    """The steps of one dossier, in order: those of the phase of ``courante`` (the monthly one by default)."""
    phase = courante.phase if courante is not None else "mensuel"
    toutes = [e for e in circuits.etapes(marche, au) if e.cadres]
    if phase == circuits.TACITE:
        return tuple(e for e in toutes if e.phase == phase)
    propres = [e for e in toutes if e.phase in (phase, "mensuel et fin")]
    membres = courante is not None and courante.depose_par in ("sous_traitant", "cotraitant") and not courante.apres
    if membres:
        suite = [e for e in propres if e.depose_par not in ("sous_traitant", "cotraitant", "titulaire")]
        return tuple(e for e in (courante, *suite) if e is not None)
    return tuple(e for e in propres if e.depose_par not in ("sous_traitant", "cotraitant"))


def circuit(marche: Marche, annuaire: Annuaire, au: date, courante: Circuit | None = None) -> Dessine:
    """The circuit of a piece as boxes one under the other: who deposits what for whom, the step under way lit."""
    suite = chaine(marche, au, courante)
    titre = f"Circuit du marché {marche.numero}"
    if not suite:
        return "", f"{titre} : la fiche n’en nomme pas."
    rang = suite.index(courante) if courante in suite else -1
    parts: list[str] = []
    y = 6.0
    for place, etape in enumerate(suite):
        ici = place == rang
        parts.append(_etape(etape, marche, annuaire, y, "ICI" if ici else str(place + 1), allumee=ici))
        y += _BOITE
        sans_suite = place + 1 == len(suite) or not suite[place + 1].apres
        if place + 1 < len(suite):
            parts.append(_vers_le_bas(y, "ou" if sans_suite else "puis"))
            y += _INTERVALLE
    parts.append(_vers_le_bas(y, "enfin"))
    y += _INTERVALLE
    fin = "Mandatement, puis mise en paiement par le comptable"
    if suite[-1].adresse_a != "payeur":
        fin = "La pièce suivante répond à celle-ci"
    parts += [_cadre(2, y, LARGEUR - 4, 38), _texte(68, y + 24, fin)]
    y += 44
    douteuses = [e for e in suite if e.fiabilite != "établi"]
    if douteuses:
        parts.append(_texte(2, y + 16, "Cadre en tirets : étape à confirmer avec votre acheteur."))
        y += 24
    return _svg(int(y + 4), titre, parts), _en_mots(suite, rang, marche, annuaire, fin)


def _etape(etape: Circuit, marche: Marche, annuaire: Annuaire, y: float, signe: str, *, allumee: bool) -> str:
    douteuse = etape.fiabilite != "établi"
    quoi = f"{' ou '.join(etape.cadres)} — {referentiel.cadre(etape.cadres[0]).libelle.split(' (')[0]}"
    de, vers = (_qui(p, marche, annuaire) for p in (etape.depose_par, etape.adresse_a))
    parts = [
        _cadre(2, y, LARGEUR - 4, _BOITE, allume=allumee, tirets=douteuse),
        _texte(30, y + 46, signe, ancre="middle", gras=True),
        _ligne(56, y + 8, 56, y + _BOITE - 8, large=1),
        _texte(68, y + 24, court(quoi, (LARGEUR - 80) * _SIGNE / _SIGNE_GRAS), gras=True),
        _texte(68, y + 46, court(f"De\u00a0: {de}", LARGEUR - 80)),
        _texte(68, y + 67, court(f"Pour\u00a0: {vers}", LARGEUR - 80)),
    ]
    return "".join(parts)


def _vers_le_bas(y: float, mot: str) -> str:
    milieu = 30
    pointe = f'<path d="M{milieu - 5} {y + _INTERVALLE - 9:.0f}h10l-5 8z"/>'
    trait = _ligne(milieu, y + 2, milieu, y + _INTERVALLE - 8)
    return trait + pointe + _texte(68, y + 22, mot)


def _qui(partie: str, marche: Marche, annuaire: Annuaire) -> str:
    membres = marche.membres(partie)
    nom = PARTIES.get(partie, partie)
    structure = annuaire.structures.get(membres[0]) if len(membres) == 1 else None
    if structure is None:
        return nom
    return structure.nom if nom.casefold() in structure.nom.casefold() else f"{nom}, {structure.nom}"


def _en_mots(suite: Sequence[Circuit], rang: int, marche: Marche, annuaire: Annuaire, fin: str) -> str:
    phrases = []
    for place, etape in enumerate(suite):
        ici = " (étape en cours)" if place == rang else ""
        doute = "" if etape.fiabilite == "établi" else ", à confirmer avec votre acheteur"
        libelle = referentiel.cadre(etape.cadres[0]).libelle.split(" (")[0]
        quoi = f"{' ou '.join(etape.cadres)}, {libelle[0].lower()}{libelle[1:]}"
        de, vers = (_qui(p, marche, annuaire) for p in (etape.depose_par, etape.adresse_a))
        phrases.append(f"Étape {place + 1}{ici} : {quoi}, de {de} à {vers}{doute}.")
    return " ".join((*phrases, f"{fin}."))


# the timeline

_RANG = 26


def frise(frise: Frise) -> Dessine:
    """A deadline as a vertical timeline: each mark with its day and its word, the distance kept between them."""
    reperes = frise.reperes
    titre = _plie(frise.titre, LARGEUR)
    parts = [_texte(2, 18 + 20 * n, ligne, gras=True) for n, ligne in enumerate(titre)]
    haut, axe = 24.0 + 20 * len(titre), 150
    ys = _places(reperes, haut)
    parts.append(_ligne(axe, haut - 8, axe, ys[-1] + 8, large=2))
    for repere, y in zip(reperes, ys, strict=True):
        parts.append(_repere(repere, y, axe, en_retard=frise.retard > 0))
    bas = ys[-1] + 34
    parts.append(_texte(2, bas, court(frise.phrase, LARGEUR), gras=frise.retard > 0))
    dits = " ; ".join(f"{en_date(r.jour)}, {r.libelle[0].lower()}{r.libelle[1:]}" for r in reperes)
    return _svg(int(bas + 12), frise.titre, parts), f"{frise.titre}. {dits}. {frise.phrase}"


def _places(reperes: Sequence[Repere], haut: float) -> list[float]:
    """Where each mark stands: in proportion to time, and never so near that words overlap."""
    etendue = 36.0 * max(len(reperes) - 1, 1)
    ys: list[float] = []
    for repere in reperes:
        voulu = haut + repere.position * etendue
        ys.append(max(voulu, ys[-1] + _RANG) if ys else voulu)
    return ys


def _repere(repere: Repere, y: float, axe: int, *, en_retard: bool) -> str:
    fort = repere.genre in ("échéance", "aujourd’hui")
    couleur = ALERTE if en_retard and repere.genre == "échéance" else ACCENT if fort else "currentColor"
    forme = {
        "échéance": f'<path d="M{axe} {y - 8:.0f}l8 8l-8 8l-8 -8z" fill="{couleur}"/>',
        "aujourd’hui": f'<path d="M{axe - 8} {y - 7:.0f}h16l-8 14z" fill="{couleur}"/>',
        "départ": f'<path d="M{axe - 7} {y - 8:.0f}l14 8l-14 8z" fill="{couleur}"/>',
        "suspension": f'<path d="M{axe - 6} {y - 7:.0f}h4v14h-4zM{axe + 2} {y - 7:.0f}h4v14h-4z" fill="{couleur}"/>',
    }.get(repere.genre, f'<circle cx="{axe}" cy="{y:.0f}" r="6" fill="{couleur}"/>')
    jour = _texte(axe - 18, y + 5, en_date(repere.jour), ancre="end")
    return jour + forme + _texte(axe + 18, y + 5, court(repere.libelle, LARGEUR - axe - 20), gras=fort)


# the décompte

_DEDUCTIONS = (
    ("sous_traitance", "Payé aux sous-traitants"),
    ("retenue", "Retenue de garantie"),
    ("avance", "Avance remboursée"),
    ("penalites", "Pénalités de retard"),
)
_COLONNE, _MONTANT = 212, 128
_BARRE = 34


def cascade(decompte: Decompte) -> Dessine:
    """From the market to what is paid, as a waterfall: market, works done, what is taken away, what remains."""
    etat, marche = decompte.etat, decompte.marche
    marches: list[tuple[str, Decimal, Decimal, str]] = [
        ("Marché, TTC", Decimal(0), marche.montant_ttc, "repere"),
        ("Travaux faits, TTC", Decimal(0), etat.ttc, "total"),
    ]
    reste = etat.ttc
    for code, nom in _DEDUCTIONS:
        montant: Decimal = getattr(etat, code)
        if montant:
            marches.append((nom, reste - montant, reste, "moins"))
            reste -= montant
    deja = sum(decompte.acomptes, Decimal("0.00"))
    if deja:
        marches.append(("Acomptes précédents", reste - deja, reste, "moins"))
        reste -= deja
    quoi = "Solde à payer, TTC" if decompte.est_final else "À payer, TTC"
    marches.append((quoi, Decimal(0), decompte.a_payer, "net"))
    bas, haut = min(Decimal(0), decompte.a_payer), max(m[2] for m in marches)
    echelle = Decimal(LARGEUR - _COLONNE - _MONTANT - 10) / ((haut - bas) or Decimal(1))
    parts = [_barre(n, m, bas, echelle) for n, m in enumerate(marches)]
    trop = " Ce qui a déjà été payé dépasse ce qui est dû." if reste < decompte.a_payer else ""
    zero = _COLONNE + float(-bas * echelle)
    hauteur = len(marches) * _BARRE + 8
    parts.insert(0, _ligne(zero, 2, zero, hauteur - 4, large=1))
    dits = " ; ".join(f"{nom} : {_signe(sorte)}{format_euros(a - de)}" for nom, de, a, sorte in marches)
    return _svg(hauteur, "Du marché à la somme à payer", parts), f"{dits}.{trop}"


def _signe(sorte: str) -> str:
    return "−\u00a0" if sorte == "moins" else ""


def _barre(rang: int, marche: tuple[str, Decimal, Decimal, str], bas: Decimal, echelle: Decimal) -> str:
    nom, de, a, sorte = marche
    de, a = max(min(de, a), bas), max(de, a, bas)  # what is paid too much is said, not drawn left of the axis
    y = rang * _BARRE + 4
    x = _COLONNE + float((de - bas) * echelle)
    large = max(2.0, float((a - de) * echelle))
    fond = {
        "repere": 'fill="none" stroke="currentColor" stroke-width="1.2" stroke-dasharray="6 4"',
        "total": 'fill="currentColor" fill-opacity="0.35"',
        "moins": f'fill="{ALERTE}"',
        "net": f'fill="{ACCENT}"',
    }[sorte]
    fort = sorte in ("total", "net")
    montant = f"{_signe(sorte)}{format_euros(marche[2] - marche[1])}"
    return (
        _texte(2, y + 18, nom, gras=fort)
        + f'<rect x="{x:.1f}" y="{y}" width="{large:.1f}" height="{_BARRE - 10}" {fond}/>'
        + _texte(LARGEUR - 2, y + 18, montant, ancre="end", gras=fort)
    )
