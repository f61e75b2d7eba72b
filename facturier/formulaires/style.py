"""The look of every screen: JupyterLab's colours (light, dark), a visible focus, nothing from a network."""

from __future__ import annotations

import html

BANDEAU = "Portail d’entraînement — aucune donnée n’est transmise."

#: JupyterLab keeps letters and arrows for itself while a closed list has the focus; an open list gets them all.
AU_CLAVIER = (
    "Au clavier : Tab passe au champ suivant ; dans une liste, Espace l’ouvre, les flèches choisissent, Entrée valide."
)

CSS = """
:root { --facturier-doux: #595959; }
[data-jp-theme-light="false"] { --facturier-doux: #bdbdbd; }
.facturier { max-width: 46rem; padding: .25rem .4rem 1rem; color: var(--jp-ui-font-color1, #1a1a1a);
  font-size: 1rem; line-height: 1.45; overflow: visible; }
.facturier .widget-html, .facturier .widget-html-content { height: auto; line-height: 1.45; font-size: 1rem;
  overflow: visible; }
.facturier h3, .facturier h4 { margin: 1rem 0 .25rem; font-size: 1.15rem; line-height: 1.3; font-weight: 600; }
.facturier h4 { font-size: 1.05rem; }
.facturier p { margin: .25rem 0 .5rem; }
.facturier .widget-text, .facturier .widget-textarea, .facturier .widget-dropdown { flex-direction: column;
  align-items: stretch; width: 100%; height: auto; margin: 0 0 .25rem; overflow: visible; }
.facturier .widget-vbox { margin: 0 0 .75rem; }
.facturier .widget-text > label, .facturier .widget-textarea > label, .facturier .widget-dropdown > label {
  width: auto; max-width: none; height: auto; margin: 0 0 .25rem; text-align: left; white-space: normal;
  overflow: visible; line-height: 1.4; font-size: 1rem; color: inherit; }
.facturier .widget-text input, .facturier .widget-dropdown select, .facturier .widget-textarea textarea {
  width: 100%; max-width: 32rem; min-height: 2.4rem; height: auto; flex: none; padding: .35rem .6rem;
  font-family: inherit; font-size: 1rem;
  color: var(--jp-ui-font-color1, #1a1a1a); background-color: var(--jp-layout-color0, #fff);
  border: 1px solid var(--jp-ui-font-color2, #616161); border-radius: 4px; box-sizing: border-box; }
.facturier .widget-textarea textarea { min-height: 5rem; }
.facturier .court input { max-width: 18rem; }
.facturier .fin { margin: 0; }
.facturier-libelle { font-weight: 600; }
.facturier-note { color: var(--facturier-doux); font-weight: 400; }
.facturier-aide { display: block; color: var(--facturier-doux); font-size: .95rem; }
.facturier-exemple { white-space: nowrap; }
.facturier-lu { display: block; font-size: .95rem; }
.facturier-erreur { display: block; color: var(--jp-error-color0, #b00020); font-weight: 600; font-size: .95rem; }
[data-jp-theme-light="false"] .facturier-erreur { color: #ff9d9d; }
[data-jp-theme-light="false"] .facturier select { color-scheme: dark; }
.facturier .en-erreur input, .facturier .en-erreur select, .facturier .en-erreur textarea {
  border: 2px solid var(--jp-error-color1, #d32f2f); }
.facturier input:focus, .facturier select:focus, .facturier textarea:focus, .facturier button:focus,
.facturier a:focus, .facturier summary:focus, .facturier-cadre:focus {
  outline: 3px solid var(--jp-brand-color1, #1976d2) !important; outline-offset: 2px; }
.facturier .choix { margin-bottom: 1rem; }
.facturier .widget-checkbox { width: 100%; height: auto; margin: .1rem 0; overflow: visible; }
.facturier .widget-checkbox label { height: auto; line-height: 1.4; white-space: normal; font-size: 1rem;
  width: auto; color: inherit; align-items: flex-start; }
.facturier .widget-checkbox input { width: 1.15rem; height: 1.15rem; flex: none; margin: .3rem .6rem 0 .35rem; }
.facturier .jupyter-button { width: auto; height: auto; min-height: 2.5rem; padding: .4rem 1.1rem; font-size: 1rem;
  margin: .25rem .75rem .25rem 2px; border-radius: 4px; overflow: visible;
  border: 1px solid var(--jp-ui-font-color2, #616161); }
.facturier .jupyter-button.mod-primary { background-color: #0b57a4; color: #fff; border-color: #0b57a4; }
.facturier .widget-hbox { flex-wrap: wrap; overflow: visible; padding: 2px; }
.facturier .widget-vbox { overflow: visible; }
.facturier-bandeau { border-left: 4px solid var(--jp-brand-color1, #1976d2); padding: .4rem .8rem; margin: 0 0 .5rem;
  background: var(--jp-layout-color2, #eee); }
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
