"""A chapter as static HTML: its text, the tables and invoices that its cells show, the forms to be filled offline."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from facturier import contenu
from facturier.champs import SATISFACTION
from facturier.champs.def_satisfaction import TEXTE_MAX
from facturier.cle import feuilles
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import lire_bareme
from facturier.evaluation.graines import Graine
from facturier.fabrique import regles
from facturier.fabrique.carnets import Source, lire_cellules
from facturier.situations import titre as titre_de_situation

ENTETE = re.compile(r"<th[^>]*>([^<]+)</th>")
AVEC_CARNET = "Ce passage est un formulaire du carnet : ouvrez le carnet, ou suivez le formateur."


@dataclass(frozen=True)
class Page:
    """A page of the key: its place, its title, its bytes."""

    chemin: str
    titre: str
    octets: bytes


def lecon(chapitre: contenu.Chapitre, au: date, suite: tuple[str, str] | None) -> Page:
    """The lesson of a chapter; ``suite``: where the next page is, and its title."""
    cellules = lire_cellules(Source(chapitre.lecon, f"{chapitre.slug}/lecon", au))
    return _page(f"lecons/{nom_page(chapitre)}", chapitre.titre, cellules, chapitre, au, suite, {})


def exercices(
    chapitre: contenu.Chapitre, au: date, suite: tuple[str, str] | None, graine: Graine | None = None
) -> Page | None:
    """The exercises of a chapter, their forms to be filled in the browser; None when it has none.

    ``graine`` draws the session's questions from the bank.
    """
    if chapitre.exercices is None:
        return None
    bareme = lire_bareme(chapitre, graine or Graine(au=au))
    cellules = lire_cellules(Source(chapitre.exercices, bareme.carnet, au))
    enonces = {exercice["id"]: exercice for exercice in bareme.enonces()["exercices"]}
    titre = f"{chapitre.titre} : exercices"
    return _page(f"exercices/{chapitre.slug}.html", titre, cellules, chapitre, au, suite, enonces)


def nom_page(chapitre: contenu.Chapitre) -> str:
    """File name of a lesson's page."""
    return contenu.nom_carnet(chapitre).replace(".ipynb", ".html")


def _page(
    chemin: str,
    titre: str,
    cellules: Sequence[Mapping[str, Any]],
    chapitre: contenu.Chapitre,
    au: date,
    suite: tuple[str, str] | None,
    enonces: Mapping[str, Mapping[str, Any]],
) -> Page:
    morceaux, formulaires, enquete = [], [], False
    for cellule in cellules:
        if cellule["type"] == "markdown":
            morceaux.append(markdown(cellule.get("page", cellule["source"])))
            continue
        appel = regles.appel_facade(cellule["source"])
        if appel is None:
            continue
        if appel.verbe == "satisfaction":
            enquete = True
            morceaux.append(_enquete())
        elif appel.verbe in ("quiz", "rendre", "exercice") and appel.arguments and appel.arguments[0] in enonces:
            enonce = enonces[appel.arguments[0]]
            if enonce["genre"] in ("quiz", "valeur"):
                formulaires.append(enonce)
                feuille = Markup(feuilles.dessiner(enonce))  # noqa: S704 drawn by the renderer of screens, which escapes
                dits = {"enonce": enonce, "feuille": feuille, "lectures": feuilles.lectures(enonce)}
                morceaux.append(Markup(_modele("formulaire.html").render(**dits)))  # noqa: S704 autoescape
            else:
                histoire = titre_de_situation(enonce["situation"]) if enonce["genre"] == "portail" else ""
                carnet = f"release/{chapitre.slug}/exercices.ipynb"
                morceaux.append(_sur_le_portail(histoire, carnet, enonce["titre"]))
        else:
            morceaux.append(_montrer(appel, chapitre, au, suite))
    html = _modele("page.html").render(
        titre=titre,
        morceaux=morceaux,
        carnet=f"{chapitre.slug}/exercices",
        formulaires=formulaires,
        accueil="../index.html",
        css=style() + Markup(feuilles.style() if formulaires or enquete else ""),  # noqa: S704 ours
        js=_programme("avis.js" if enquete else "jumeau.js") if formulaires or enquete else "",
    )
    return Page(chemin, titre, html.encode())


def _montrer(appel: regles.Appel, chapitre: contenu.Chapitre, au: date, suite: tuple[str, str] | None) -> Markup:
    """What a verb of the façade shows on a page without a kernel."""
    from facturier.formulaires.apercu import apercu
    from facturier.formulaires.fichiers import bouton
    from facturier.formulaires.tableau import html_tableau
    from facturier.formulaires.travaux import circuit, decompte
    from facturier.formulaires.vie import html_vie

    carnet = f"notebooks/{contenu.nom_carnet(chapitre)}"
    verbes: Mapping[str, Callable[[], str]] = {
        "tableau": lambda: html_tableau(appel.arguments[0], au, appel.arguments[1:]),
        "apercu": lambda: apercu(appel.arguments[0], contenu.racine())[0],
        "circuit": lambda: circuit(appel.arguments[0], au)[0],
        "decompte": lambda: decompte(appel.arguments[0], appel.arguments[1:])[0],
        "fichier": lambda: bouton(appel.arguments[0], chapitre.dossier / "fichiers")[0],
        "vie": lambda: html_vie(appel.arguments[0], au, appel.arguments[1:])[0],
        "situation": lambda: _sur_le_portail(titre_de_situation(appel.arguments[0]), carnet),
        "vers_exercice": lambda: _lien(f"../exercices/{appel.arguments[0]}.html", "Ouvrir les exercices"),
        "suite": lambda: _lien(f"../{suite[0]}", f"Continuer : {suite[1]}") if suite else "",
    }
    if appel.verbe not in verbes:
        return Markup("") if appel.verbe in ("seance", "recommencer") else _avis(AVEC_CARNET)
    try:
        return Markup(verbes[appel.verbe]())  # noqa: S704 drawn by our own escaping views
    except ErreurFacturier as refus:
        raise ErreurFacturier(f"{chapitre.slug} : {refus.phrase}", code="source-invalide") from refus


def markdown(texte: str) -> Markup:
    """Plain Markdown as HTML; raw HTML in it is shown, never obeyed. Links between notebooks become links of pages."""
    import mistune

    rendu = mistune.HTMLRenderer(escape=True)
    rendre = mistune.create_markdown(renderer=rendu, plugins=["table", "strikethrough"])
    rendu.register("table", _tableau)
    return Markup(str(rendre(texte)).replace('.ipynb"', '.html"'))  # noqa: S704 escape=True


def _tableau(_rendu: object, corps: str) -> str:
    """A table in a frame that scrolls, and that the keyboard reaches: a narrow screen keeps its page still."""
    titre = ENTETE.search(corps)
    nom = f"Tableau : {titre[1]}" if titre else "Tableau"
    cadre = f'<div class="facturier-cadre" role="region" aria-label="{nom}" tabindex="0">'
    return f"{cadre}\n<table>\n{corps}</table>\n</div>\n"


def style() -> Markup:
    """The style of the pages, and that of what their cells show."""
    from facturier.formulaires.style import CSS

    return Markup(_statique("cle.css") + CSS)  # noqa: S704 ours


@dataclass(frozen=True)
class Entree:
    """A line of the summary: its page, its words, and the pages (address, words) that go with it."""

    adresse: str
    texte: str
    suites: tuple[tuple[str, str], ...] = ()


def index(titre: str, sections: Sequence[tuple[str, Sequence[Entree]]]) -> bytes:
    """« Commencer ici »: everything on the key, in the order of the day."""
    html: str = _modele("index.html").render(titre=titre, sections=sections, css=style())
    return html.encode()


def _enquete() -> Markup:
    """The survey, to be filled in the browser."""
    feuille = Markup(feuilles.questionnaire(SATISFACTION))  # noqa: S704 drawn by the renderer of screens, which escapes
    html = _modele("enquete.html").render(enquete=SATISFACTION.id, texte_max=TEXTE_MAX, feuille=feuille)
    return Markup(html)  # noqa: S704 autoescape


def _sur_le_portail(histoire: str, carnet: str, exercice: str = "") -> Markup:
    """Where what needs a portal is played: that of the class, or the notebook of this key."""
    html = _modele("portail.html").render(titre=exercice, situation=histoire, carnet=f"../carnets/{carnet}")
    return Markup(html)  # noqa: S704 autoescape


def _avis(phrase: str) -> Markup:
    return Markup('<p class="avis">{}</p>').format(phrase)


def _lien(adresse: str, texte: str) -> str:
    return Markup('<p><a class="suite" href="{}">{}</a></p>').format(adresse, texte)


def _programme(nom: str) -> Markup:
    """What a page without a kernel runs: what all share, then what is its own."""
    return Markup(_statique("commun.js") + _statique(nom))  # noqa: S704 ours


def _statique(nom: str) -> str:
    return resources.files("facturier.cle").joinpath("modeles", nom).read_text(encoding="utf-8")


def _modele(nom: str) -> Any:
    return _environnement().get_template(nom)


@lru_cache(maxsize=1)
def _environnement() -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader(f"facturier.{salle}", "modeles") for salle in ("cle", "ecrans")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
