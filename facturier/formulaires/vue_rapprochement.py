"""« Ce que montre le PDF / Ce que dit le XML »: a table where differences are flagged by a sign and a word."""

from __future__ import annotations

from collections.abc import Sequence

from facturier.efacture.apparence import Rapprochement
from facturier.efacture.rapprochement import Etat
from facturier.formulaires.style import e

TITRE = "Ce que montre le PDF, ce que dit le XML"
_SIGNES: dict[Etat, tuple[str, str]] = {
    "identique": ("=", "bon"),
    "différent": ("✘", "erreur"),
    "absent du PDF": ("!", "avertissement"),
}


def html_rapprochement(rapprochements: Sequence[Rapprochement]) -> str:
    """Differences in sight, what is the same folded under them."""
    ecarts = sorted((r for r in rapprochements if r.etat != "identique"), key=lambda r: r.etat != "différent")
    memes = [r for r in rapprochements if r.etat == "identique"]
    vu = _table("Ce qui ne va pas ensemble", ecarts) if ecarts else ""
    replie = ""
    if memes:
        titre = f"{len(memes)} information{'s identiques' if len(memes) > 1 else ' identique'}"
        replie = f"<details><summary>Voir : {titre}</summary>{_table(titre, memes)}</details>"
    return _partie(f"<p>{e(_bilan(rapprochements))}</p>{vu}{replie}")


def alerte(rapprochements: Sequence[Rapprochement]) -> str:
    """The sentence for the top of the page; "" when nothing differs."""
    differents = [r.nom for r in rapprochements if r.etat == "différent"]
    if not differents:
        return ""
    nommes = ", ".join(differents[:3]) + ("…" if len(differents) > 3 else "")
    return f"Le PDF et le XML ne disent pas la même chose : {nommes}."


def html_sans_rapprochement(phrase: str) -> str:
    """Why nothing was compared."""
    return _partie(f'<p class="facturier-statut">{e(phrase)}</p>')


def _partie(corps: str) -> str:
    return f'<div class="fx-rubrique fx-cote"><h4>{TITRE}</h4>{corps}</div>'


def _bilan(rapprochements: Sequence[Rapprochement]) -> str:
    differents = sum(r.etat == "différent" for r in rapprochements)
    absents = sum(r.etat == "absent du PDF" for r in rapprochements)
    total = f"{len(rapprochements)} informations comparées"
    if not differents and not absents:
        return f"{total} : le PDF et le XML disent la même chose partout."
    dits = []
    if differents:
        dits.append(f"{differents} différente{'s' if differents > 1 else ''}")
    if absents:
        dits.append(f"{absents} absente{'s' if absents > 1 else ''} du PDF")
    conseil = " Le logiciel de l’acheteur lit le XML, une personne lit le PDF : ils doivent dire la même chose."
    return f"{total} : {', '.join(dits)}.{conseil if differents else ''}"


def _table(titre: str, rapprochements: Sequence[Rapprochement]) -> str:
    lignes = "".join(map(_ligne, rapprochements))
    entetes = "".join(
        f'<th scope="col">{mot}</th>'
        for mot in ("Information", "Ce que montre le PDF", "Ce que dit le XML", "Comparaison")
    )
    return (
        f'<div class="facturier-cadre" role="region" aria-label="{e(titre)}" tabindex="0"><table>'
        f'<caption class="facturier-cache">{e(titre)}</caption><thead><tr>{entetes}</tr></thead>'
        f"<tbody>{lignes}</tbody></table></div>"
    )


def _ligne(r: Rapprochement) -> str:
    signe, genre = _SIGNES[r.etat]
    nom = r.nom[:1].upper() + r.nom[1:]
    return (
        f'<tr class="fx-{genre}"><th scope="row">{e(nom)} <span class="fx-code">{e(r.terme)}</span></th>'
        f"<td>{_dit(r.pdf)}</td><td>{_dit(r.xml)}</td>"
        f'<td class="fx-etat"><span aria-hidden="true">{signe}</span> {r.etat}</td></tr>'
    )


def _dit(valeur: str) -> str:
    return e(valeur) if valeur else '<span class="facturier-note">rien</span>'
