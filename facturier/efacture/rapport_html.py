"""The report of a validation as one page that needs nothing else: no script, no font, no image. It is printed as it is
filtered; filters are radio buttons that the style sheet reads."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from html import escape
from typing import get_args

from facturier.efacture.affichage import CANAUX, FORMATS
from facturier.efacture.explications import expliquer
from facturier.efacture.fiches import RESERVES
from facturier.efacture.rapports import GRAVITES, VERDICTS, Rapport, bilan
from facturier.efacture.resultat import Constat, Gravite, Resultat, Verdict

_FREQUENTES = 10
_FILTRES: tuple[tuple[str, str], ...] = (
    ("tous", "Tous les fichiers"),
    ("redire", "Ceux qui ont un constat"),
    ("invalide", "Les invalides"),
    ("illisible", "Les illisibles et les non jugés"),
)
_STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 62rem; margin: 1.5rem auto; padding: 0 1rem; color: #1b1b1b;
  background: #fff; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 1.5rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
.resume { display: flex; flex-wrap: wrap; gap: 0 3rem; align-items: flex-start; }
table { border-collapse: collapse; margin: .5rem 0 1rem; }
tbody th { font-weight: 400; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { border-bottom: 1px solid #767676; padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
td.nombre, th.nombre { text-align: right; padding-right: 0; font-variant-numeric: tabular-nums; }
.filtres { border: 1px solid #767676; border-radius: .3rem; padding: .5rem 1rem; margin: 1rem 0; }
.filtres label { display: inline-block; margin-right: 1.5rem; }
.filtres input { width: 1.1rem; height: 1.1rem; vertical-align: -.15rem; }
.filtres input:focus-visible { outline: 3px solid #0b5cad; outline-offset: 2px; }
article { border: 1px solid #c4c4c4; border-left: .4rem solid #4a4a4a; border-radius: .2rem; padding: .6rem 1rem;
  margin: .8rem 0; }
article.invalide { border-left-color: #b3261e; }
article.valide { border-left-color: #1a7f37; }
article.illisible, article.erreur_moteur { border-left-color: #8a5a00; }
.verdict { font-weight: 700; white-space: nowrap; }
.details { color: #4a4a4a; margin: .1rem 0 0; font-size: .9rem; }
ol { margin: .6rem 0 0; padding-left: 1.4rem; }
li { margin-bottom: .8rem; }
li p { margin: .1rem 0; }
dl { margin: .2rem 0 0; font-size: .95rem; }
dt { font-weight: 600; float: left; clear: left; margin-right: .4rem; }
dd { margin: 0; }
body:has(#f-redire:checked) article.sans-constat,
body:has(#f-invalide:checked) article:not(.invalide),
body:has(#f-illisible:checked) article:not(.illisible, .erreur_moteur),
body:has(#g-erreurs:checked) li:not(.erreur) { display: none; }
@page { margin: 15mm; }
@media print {
  body { max-width: none; margin: 0; font-size: 10pt; }
  .filtres { display: none; }
  article { border-left-width: .25rem; }
  h3, .details { break-after: avoid; }
  li { break-inside: avoid; }
}
"""


class EnHtml(Rapport):
    """One article a file, findings in the order of the verdict; a summary and filters at the head."""

    def __init__(self) -> None:
        super().__init__()
        self._gravites: Counter[Gravite] = Counter()
        self._regles: Counter[tuple[Gravite, str]] = Counter()

    def _tete(self) -> str:
        total = self._comptes.total()
        nombre = f"{total} fichier{'s' if total > 1 else ''}"
        quand = f"{datetime.now():%d/%m/%Y à %H:%M}"
        return (
            '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>Validation de factures</title>\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<style>{_STYLE}</style></head><body>\n"
            f"<header><h1>Validation de factures</h1>\n<p>{nombre}\u00a0: {bilan(self._comptes) or 'aucun verdict'}. "
            f"Rapport établi le {quand}.</p>\n{self._resume()}{_filtres()}</header>\n<main><h2>Fichiers</h2>\n"
        )

    def _resume(self) -> str:
        verdicts = [(f"{VERDICTS[v][0]} {VERDICTS[v][1]}", self._comptes[v]) for v in get_args(Verdict)]
        gravites = [(GRAVITES[g], self._gravites[g]) for g in get_args(Gravite)]
        frequentes = [
            (f"{regle} ({GRAVITES[gravite].lower()})", nombre)
            for (gravite, regle), nombre in sorted(self._regles.items(), key=lambda r: (-r[1], r[0][1]))
            if gravite != "information"
        ][:_FREQUENTES]
        return (
            '<h2>Résumé</h2>\n<div class="resume">\n'
            + _table("Verdicts", "Verdict", "Fichiers", verdicts)
            + _table("Constats", "Gravité", "Constats", gravites)
            + _table("Règles les plus souvent enfreintes", "Règle", "Constats", frequentes)
            + "</div>\n"
        )

    def _corps(self, resultat: Resultat) -> str:
        self._gravites.update(c.gravite for c in resultat.constats)
        self._regles.update((c.gravite, c.regle) for c in resultat.constats)
        signe, mot, _ = VERDICTS[resultat.verdict]
        details = [FORMATS[resultat.format], f"profil {resultat.profil}" if resultat.profil else ""]
        details.append(CANAUX[resultat.canal] if resultat.canal else "")
        jeux = "\u00a0; ".join(f"{jeu.nom} {jeu.version}" for jeu in resultat.jeux_de_regles)
        genre = resultat.verdict if resultat.constats else f"{resultat.verdict} sans-constat"
        regles = f'<p class="details">Règles appliquées\u00a0: {escape(jeux)}.</p>' if jeux else ""
        constats = "".join(f'<li class="{c.gravite}">{_constat(c)}</li>\n' for c in resultat.constats)
        return (
            f'<article class="{genre}"><h3><span class="verdict">{signe} {mot}</span> {escape(resultat.fichier)}</h3>\n'
            f'<p class="details">{escape(", ".join(filter(None, details)))}</p>{regles}\n'
            f"{f'<ol>{constats}</ol>' if constats else '<p>Aucun constat.</p>'}</article>\n"
        )

    def _fin(self) -> str:
        return "</main></body></html>\n"


def _filtres() -> str:
    boutons = "".join(
        f'<label><input type="radio" name="fichiers" id="f-{nom}"{" checked" if rang == 0 else ""}> {mot}</label>\n'
        for rang, (nom, mot) in enumerate(_FILTRES)
    )
    return (
        f'<fieldset class="filtres"><legend>Montrer</legend>\n{boutons}'
        '<label><input type="checkbox" id="g-erreurs"> Les erreurs seulement</label>\n</fieldset>\n'
    )


def _table(titre: str, quoi: str, combien: str, rangees: list[tuple[str, int]]) -> str:
    dites = [(nom, nombre) for nom, nombre in rangees if nombre]
    if not dites:
        return ""
    corps = "".join(f'<tr><th scope="row">{escape(nom)}</th><td class="nombre">{n}</td></tr>\n' for nom, n in dites)
    return (
        f'<table><caption>{titre}</caption><thead><tr><th scope="col">{quoi}</th><th scope="col" '
        f'class="nombre">{combien}</th></tr></thead>\n<tbody>{corps}</tbody></table>\n'
    )


def _constat(constat: Constat) -> str:
    dite = expliquer(constat)
    ou = [dite.ou, f"ligne {constat.ligne} du fichier" if constat.ligne else ""]
    champ = f"{dite.terme}, {dite.terme_nom}" if dite.terme and dite.terme_nom else dite.terme or ""
    formulaire = f" (champ «\u00a0{dite.champ}\u00a0» du formulaire)" if dite.champ and champ else ""
    source = f"{dite.source} ({RESERVES[dite.fiabilite]})" if RESERVES[dite.fiabilite] else dite.source
    phrase = f"Texte officiel\u00a0: {constat.phrase}" if dite.officielle else constat.phrase
    lignes = "".join(
        f"<dt>{titre}\u00a0:</dt><dd>{escape(texte)}</dd>\n"
        for titre, texte in (
            ("Champ", champ + formulaire),
            ("Où", ", ".join(filter(None, ou))),
            ("Pourquoi", dite.pourquoi),
            ("À faire", dite.geste),
            ("Source", source),
        )
        if texte
    )
    return (
        f"<p><strong>{GRAVITES[constat.gravite]} {escape(constat.regle)}</strong></p>\n<p>{escape(phrase)}</p>\n"
        f"<dl>{lignes}</dl>"
    )
