"""An invoice as a page of a notebook: verdict, summary, each field with its code, findings under their fields.

Nothing of the file is obeyed: every text is escaped, cleaned of control characters and bounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from facturier.efacture import rapports
from facturier.efacture.affichage import CANAUX, FORMATS, geste_de
from facturier.efacture.page import Champ, Page, Rubrique
from facturier.efacture.resultat import Constat, Gravite
from facturier.erreurs import montrable
from facturier.formulaires.style import e as echapper
from facturier.formulaires.style import feuille
from facturier.formulaires.style_facture import CSS

PARTIES_MAX = 200
"""Parts of a rubrique shown (lines of the invoice…); beyond, only those with a finding are."""
TEXTE_MAX = 1500
_SIGNES: dict[Gravite, str] = {"erreur": "✘", "avertissement": "!", "information": "i"}
_MOTS: dict[Gravite, tuple[str, str]] = {
    "erreur": ("erreur", "erreurs"),
    "avertissement": ("avertissement", "avertissements"),
    "information": ("note", "notes"),
}
_GENRES = {"valide": "bon", "invalide": "erreur", "illisible": "avertissement", "erreur_moteur": "avertissement"}
_LARGES = frozenset({"Lignes", "Notes", "Pièces jointes"})
"""Rubriques that take the whole width."""
_A_DROITE = frozenset({"BT-129", "BT-146", "BT-152", "BT-131", "BT-119", "BT-116", "BT-117"})
_Colonnes = tuple[tuple[str, tuple[str, ...]], ...]
_TABLES: dict[str, _Colonnes] = {
    "Lignes": (
        ("N°", ("BT-126",)),
        ("Désignation", ("BT-153",)),
        ("Quantité", ("BT-129", "BT-130")),
        ("Prix net HT", ("BT-146",)),
        ("TVA", ("BT-152", "BT-151")),
        ("Montant HT", ("BT-131",)),
    ),
    "TVA": (("Catégorie", ("BT-118",)), ("Taux", ("BT-119",)), ("Base HT", ("BT-116",)), ("TVA", ("BT-117",))),
    "Notes": (("Sujet", ("BT-21",)), ("Texte", ("BT-22",))),
}
"""Columns of the rubriques made of parts: heading, terms shown side by side in a cell."""


def html_facture(page: Page, compare: str = "", alerte: str = "") -> str:
    """The page as HTML. ``compare``: what is said of the PDF and its XML, put before the fields; ``alerte``: its
    sentence for the top, when they disagree."""
    return _Vue(page).html(compare, alerte)


class _Vue:
    """One page being written: the gestures already told are not told again."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._gestes: set[str] = set()

    def html(self, compare: str, alerte: str) -> str:
        """The whole; narrow rubriques that follow one another share two columns."""
        hors = self._page.non_places
        fichier = f'<div class="fx-rubrique"><h4>Le fichier</h4>{self._constats(hors)}</div>' if hors else ""
        rubriques = ""
        for large, groupe in groupby(self._page.rubriques, key=lambda rubrique: rubrique.titre in _LARGES):
            suite = "".join(map(self._rubrique, groupe))
            rubriques += suite if large else f'<div class="fx-colonnes">{suite}</div>'
        return (
            f'<div class="facturier large fx facturier-facture">{feuille()}<style>{CSS}</style>{self._resume(alerte)}'
            f"{fichier}{compare}{rubriques}{self._pied()}</div>"
        )

    def _resume(self, alerte: str) -> str:
        resultat = self._page.resultat
        signe, mot, _ = rapports.VERDICTS[resultat.verdict]
        nature, numero, jour = (self._valeur(terme) for terme in ("BT-3", "BT-1", "BT-2"))
        titre = f"{nature.partition(' – ')[2] or 'Facture'} {numero}" if numero else _nom(self._page)
        titre += f" du {jour}" if numero and jour else ""
        details = [_nom(self._page), FORMATS[resultat.format]]
        details += [f"profil {resultat.profil}"] if resultat.profil else []
        details += [CANAUX[resultat.canal]] if resultat.canal else []
        lignes = []
        vendeur, acheteur = self._valeur("BT-27"), self._valeur("BT-44")
        if vendeur and acheteur:
            lignes.append(f"De {e(vendeur)} à {e(acheteur)}")
        net, echeance = self._valeur("BT-115"), self._valeur("BT-9")
        if net:
            lignes.append(f"Net à payer : <strong>{e(net)}</strong>{e(f', échéance {echeance}') if echeance else ''}")
        lignes.append(f'<span class="facturier-note">{e(" · ".join(details))}</span>')
        return (
            f"<h3>Aperçu : {e(titre)}</h3>"
            f'<p class="fx-verdict fx-{_GENRES[resultat.verdict]}"><span aria-hidden="true">{signe}</span> '
            f"<strong>Verdict : {mot}</strong>{e(self._compte())}</p>"
            + (
                f'<p class="fx-verdict fx-avertissement"><span aria-hidden="true">!</span> {e(alerte)}</p>'
                if alerte
                else ""
            )
            + f'<p class="fx-resume">{"<br>".join(lignes)}</p>'
        )

    def _compte(self) -> str:
        comptes = Counter(constat.gravite for constat in self._page.resultat.constats)
        dits = [f"{comptes[g]} {mots[comptes[g] > 1]}" for g, mots in _MOTS.items() if comptes[g]]
        return f" ({', '.join(dits)})" if dits else ", rien à redire"

    def _valeur(self, terme: str) -> str:
        champ = self._page.premier(terme)
        return champ.valeur if champ is not None and champ.brut else ""

    def _pied(self) -> str:
        jeux = " ; ".join(f"{jeu.nom} {jeu.version}" for jeu in self._page.resultat.jeux_de_regles)
        pdf = (
            " Conteneur PDF/A-3 : structure vérifiée, non certifiée." if self._page.resultat.format == "facturx" else ""
        )
        return f'<p class="facturier-note fx-pied">Règles appliquées : {e(jeux)}.{pdf}</p>' if jeux else ""

    def _rubrique(self, rubrique: Rubrique) -> str:
        return f'<div class="fx-rubrique"><h4>{e(rubrique.titre)}</h4>{self._corps(rubrique, 5)}</div>'

    def _corps(self, rubrique: Rubrique, niveau: int) -> str:
        """Fields, then parts (a table for those that have columns), then what misses."""
        champs = self._champs(rubrique.titre, rubrique.champs)
        colonnes = _TABLES.get(rubrique.titre) if niveau == 5 else None
        if colonnes is not None and rubrique.rubriques:
            parties = self._table(rubrique.titre, colonnes, rubrique.rubriques)
        else:
            montrees, cachees = _montrees(rubrique.rubriques)
            balise = f"h{min(niveau, 6)}"
            parties = "".join(
                f"<{balise}>{e(partie.titre)}</{balise}>{self._corps(partie, niveau + 1)}" for partie in montrees
            ) + _reste(cachees)
        return champs + parties + self._constats(rubrique.constats)

    def _champs(self, titre: str, champs: Sequence[Champ]) -> str:
        if not champs:
            return ""
        droite = " fx-droite" if titre == "Totaux" else ""
        lignes = ""
        for champ in champs:
            lignes += (
                f"<tr{_classes(_vise(champ.constats))}>"
                f'<th scope="row">{e(_majuscule(champ.nom))} {_code(champ.terme)}</th>'
                f'<td class="fx-valeur{droite}">{e(champ.valeur)}</td></tr>'
            )
            if champ.constats:
                lignes += f'<tr class="fx-suite"><td colspan="2">{self._constats(champ.constats)}</td></tr>'
        return (
            f'<table class="fx-champs"><caption class="facturier-cache">{e(titre)}</caption>'
            f"<tbody>{lignes}</tbody></table>"
        )

    def _table(self, titre: str, colonnes: _Colonnes, parties: Sequence[Rubrique]) -> str:
        """One row a part; its other fields and its findings in a row of their own under it."""
        montrees, cachees = _montrees(parties)
        tete = "".join(
            f'<th scope="col"{_classes(_droite(termes))}>{nom} {" ".join(map(_code, termes))}</th>'
            for nom, termes in colonnes
        )
        corps = "".join(self._partie(colonnes, partie) for partie in montrees)
        return (
            f'<div class="facturier-cadre" role="region" aria-label="{e(titre)}" tabindex="0"><table>'
            f'<caption class="facturier-cache">{e(titre)}</caption><thead><tr>{tete}</tr></thead>'
            f"<tbody>{corps}</tbody></table></div>{_reste(cachees)}"
        )

    def _partie(self, colonnes: _Colonnes, partie: Rubrique) -> str:
        premiers: dict[str | None, Champ] = {}
        for champ in partie.champs:
            premiers.setdefault(champ.terme, champ)
        montres: set[int] = set()
        cases, dessous = "", ""
        for rang, (_, termes) in enumerate(colonnes):
            champs = [premiers[terme] for terme in termes if terme in premiers]
            montres.update(map(id, champs))
            balise, portee = ("td", "") if rang else ("th", ' scope="row"')
            marques = _classes(_droite(termes), *(_vise(champ.constats) for champ in champs))
            cases += f"<{balise}{portee}{marques}>{e(' '.join(filter(None, map(_courte, champs))))}</{balise}>"
        autres = []
        for champ in partie.champs:
            if id(champ) in montres:
                dessous += self._constats(champ.constats, f"{champ.nom} ({champ.terme})")
            else:
                autres.append(champ)
        dessous += self._en_ligne(autres) + "".join(map(self._sous, partie.rubriques))
        dessous += self._constats(partie.constats)
        suite = f'<tr class="fx-suite"><td colspan="{len(colonnes)}">{dessous}</td></tr>' if dessous else ""
        return f"<tr>{cases}</tr>{suite}"

    def _sous(self, partie: Rubrique) -> str:
        """A part of a part (an allowance of a line), without a table of its own."""
        return (
            f'<p class="fx-partie">{e(partie.titre)}</p>{self._en_ligne(partie.champs)}'
            f"{''.join(map(self._sous, partie.rubriques))}{self._constats(partie.constats)}"
        )

    def _en_ligne(self, champs: Sequence[Champ]) -> str:
        """Fields that have no column of their own."""
        return "".join(
            f'<p class="fx-autre">{e(_majuscule(champ.nom))} {_code(champ.terme)} : {e(champ.valeur)}</p>'
            f"{self._constats(champ.constats)}"
            for champ in champs
        )

    def _constats(self, constats: Iterable[Constat], ou: str = "") -> str:
        return "".join(self._constat(constat, ou) for constat in constats)

    def _constat(self, constat: Constat, ou: str) -> str:
        geste = geste_de(constat)
        if geste in self._gestes:
            geste = ""
        self._gestes.add(geste)
        a_faire = (
            f'<br><span class="fx-geste"><span aria-hidden="true">→</span> À faire : {e(geste)}</span>' if geste else ""
        )
        lieu = f", {e(ou)}" if ou else ""
        return (
            f'<div class="fx-constat fx-{constat.gravite}"><span aria-hidden="true">{_SIGNES[constat.gravite]}</span> '
            f"<strong>{rapports.GRAVITES[constat.gravite]} {e(constat.regle)}</strong>{lieu} : "
            f"{e(constat.phrase)}{a_faire}</div>"
        )


def e(texte: str) -> str:
    """A text of someone's file: nothing to obey, nothing invisible, not endless."""
    court = texte if len(texte) <= TEXTE_MAX else f"{texte[:TEXTE_MAX]}… ({len(texte)} caractères)"
    return echapper(montrable(court))


def _montrees(parties: Sequence[Rubrique]) -> tuple[list[Rubrique], int]:
    montrees = [
        partie
        for rang, partie in enumerate(parties)
        if rang < PARTIES_MAX or next(partie.tous_les_constats(), None) is not None
    ]
    return montrees, len(parties) - len(montrees)


def _reste(cachees: int) -> str:
    if not cachees:
        return ""
    quoi = "1 autre n’est pas montrée" if cachees == 1 else f"{cachees} autres ne sont pas montrées"
    return f'<p class="facturier-note">{quoi} : rien à redire.</p>'


def _nom(page: Page) -> str:
    return Path(page.fichier).name


def _majuscule(nom: str) -> str:
    return nom[:1].upper() + nom[1:]


def _code(terme: str | None) -> str:
    return f'<span class="fx-code">{e(terme)}</span>' if terme else ""


def _courte(champ: Champ) -> str:
    """In a narrow column: the label of a unit without its code; the code of a category, if it is not the usual one."""
    code, _, libelle = champ.valeur.partition(" – ")
    if champ.terme == "BT-130":
        return libelle or code
    if champ.terme == "BT-151":
        return "" if code == "S" and not champ.constats else f"({code})"
    return champ.valeur


def _droite(termes: tuple[str, ...]) -> str:
    return "fx-droite" if termes[0] in _A_DROITE else ""


def _vise(constats: Sequence[Constat]) -> str:
    """The class of what findings are about: the gravest gives the colour, the sentence below gives the words."""
    return next((f"fx-vise fx-{g}" for g in ("erreur", "avertissement") if any(c.gravite == g for c in constats)), "")


def _classes(*noms: str) -> str:
    presents = " ".join(filter(None, noms))
    return f' class="{presents}"' if presents else ""
