"""The look of every screen: JupyterLab's colours (light, dark), a visible focus, nothing from a network."""

from __future__ import annotations

import html

CSS = """
:root { --facturier-doux: #595959; }
[data-jp-theme-light="false"] { --facturier-doux: #bdbdbd; }
.facturier { max-width: 46rem; padding: .25rem .4rem 1rem; color: var(--jp-ui-font-color1, #1a1a1a);
  font-size: 1rem; line-height: 1.45; overflow: visible; }
.facturier h3, .facturier h4 { margin: 1rem 0 .25rem; font-size: 1.15rem; line-height: 1.3; font-weight: 600; }
.facturier h4 { font-size: 1.05rem; }
.facturier p { margin: .25rem 0 .5rem; }
.facturier-note { color: var(--facturier-doux); font-weight: 400; }
.facturier a:focus, .facturier summary:focus, .facturier-cadre:focus {
  outline: 3px solid var(--jp-brand-color1, #1976d2) !important; outline-offset: 2px; }
.facturier-statut { padding: .4rem .8rem; margin: .25rem 0; border-left: 4px solid var(--jp-ui-font-color2, #616161);
  background: var(--jp-layout-color2, #eee); }
.facturier-cache { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.facturier table { border-collapse: collapse; margin: .25rem 0; table-layout: auto; font-size: 1rem; }
.facturier caption { text-align: left; font-weight: 600; padding: .25rem 0; }
.facturier table th, .facturier table td { border: 1px solid var(--jp-border-color1, #bbb); padding: .25rem .6rem;
  text-align: left !important; vertical-align: top; background: transparent; white-space: normal; max-width: none; }
.facturier.large { max-width: none; }
.facturier.large table { width: 100%; font-size: .9rem; }
.facturier-cadre { overflow-x: auto; }
.facturier-cadre.haute { max-height: 32rem; overflow-y: auto; border-bottom: 1px solid var(--jp-border-color1, #bbb); }
.facturier .haute thead th { position: sticky; top: 0; background: var(--jp-layout-color2, #eee); }
.facturier figure { margin: 0; }
.facturier figure svg { max-width: 100%; height: auto; }
.facturier details { margin: .25rem 0; font-size: .9rem; }
.facturier summary { cursor: pointer; width: fit-content; padding: .15rem .25rem; }
.facturier-miroir { color: var(--facturier-doux); }
.facturier ul, .facturier ol { margin: .25rem 0 .25rem 1.5rem; padding: 0; }
.facturier-lien { display: inline-block; padding: .5rem 1.2rem; border-radius: 4px; background: #0b57a4;
  color: #fff !important; text-decoration: underline; border: 1px solid #0b57a4; margin: .25rem .75rem .25rem 2px; }
.facturier-lien.retour { background: transparent; color: var(--jp-content-link-color, #0b57a4) !important; }
"""


def feuille() -> str:
    """The style sheet, as an element to put at the top of a screen."""
    return f"<style>{CSS}</style>"


def e(texte: str) -> str:
    """That text with nothing left for a browser to obey."""
    return html.escape(texte)


def statut(phrase: str) -> str:
    """A status message that assistive technologies announce; nothing when there is nothing to say."""
    return f'<p role="status" aria-live="polite" class="facturier-statut">{e(phrase)}</p>' if phrase else ""


def lien(adresse: str, texte: str, *, retour: bool = False) -> str:
    """A link that looks like a button; a lighter one for the way back."""
    return f'<a class="facturier-lien{" retour" if retour else ""}" href="{e(adresse)}">{e(texte)}</a>'


def liste(phrases: list[str] | tuple[str, ...]) -> str:
    """Sentences as a list."""
    return "<ul>" + "".join(f"<li>{e(phrase)}</li>" for phrase in phrases) + "</ul>"
