"""The look of an invoice's page: the kit's sheet (``style``) and, over it, a grid, dim codes, findings in colour."""

CSS = """
.facturier.fx { --fx-erreur: #b00020; --fx-fond-erreur: #fdecee; --fx-avertissement: #7a4b00;
  --fx-fond-avertissement: #fff4dd; --fx-bon: #1b5e20; --fx-fond-bon: #e9f5ea; --fx-information: #0b57a4;
  --fx-fond-information: #e8f1fb; }
[data-jp-theme-light="false"] .facturier.fx { --fx-erreur: #ff9d9d; --fx-fond-erreur: #3d1f22;
  --fx-avertissement: #ffcf70; --fx-fond-avertissement: #3a2e14; --fx-bon: #9be29b; --fx-fond-bon: #1c331d;
  --fx-information: #9cc9ff; --fx-fond-information: #17293d; }
.facturier.fx { max-width: 76rem; container-type: inline-size; }
.facturier.fx h3 { font-size: 1.3rem; margin-top: .25rem; overflow-wrap: anywhere; }
.facturier.fx h4 { margin: 0 0 .3rem; padding-bottom: .15rem; font-size: 1.05rem;
  border-bottom: 2px solid var(--jp-brand-color1, #1976d2); }
.facturier.fx h5, .facturier.fx h6 { margin: .6rem 0 .2rem; font-size: .95rem; font-weight: 600; }
.facturier.fx .fx-rubrique { margin: 0 0 1.2rem; }
.facturier.fx .fx-colonnes .fx-rubrique { break-inside: avoid; }
.facturier.fx .fx-colonnes { column-gap: 1.8rem; margin-bottom: 1.2rem; }
@container (min-width: 50rem) { .facturier.fx .fx-colonnes { columns: 2; } }
.facturier.fx table { margin: 0; width: 100%; color: inherit; font-size: inherit; }
.facturier.fx table tr:nth-child(n) { background: transparent; }
.facturier.fx table th, .facturier.fx table td { border-width: 0 0 1px; padding: .3rem .5rem;
  overflow-wrap: anywhere; }
.facturier.fx .fx-champs th { width: 45%; font-weight: 400; color: var(--facturier-doux); }
.facturier.fx .fx-code { font-size: .75rem; font-weight: 400; color: var(--facturier-doux); white-space: nowrap; }
.facturier.fx thead .fx-code { display: block; }
.facturier.fx table .fx-droite { text-align: right !important; white-space: nowrap; }
.facturier.fx thead th { border-bottom-width: 2px; vertical-align: bottom; overflow-wrap: normal; }
.facturier.fx .fx-verdict { padding: .5rem .8rem; margin: .3rem 0; font-size: 1.05rem; border-left: 5px solid; }
.facturier.fx .fx-resume { margin: .3rem 0 1rem; }
.facturier.fx .fx-constat { margin: .3rem 0; padding: .3rem .6rem; border-left: 4px solid; font-size: .9rem; }
.facturier.fx .fx-erreur.fx-constat, .facturier.fx .fx-erreur.fx-verdict {
  border-color: var(--fx-erreur); background: var(--fx-fond-erreur); }
.facturier.fx .fx-avertissement.fx-constat, .facturier.fx .fx-avertissement.fx-verdict {
  border-color: var(--fx-avertissement); background: var(--fx-fond-avertissement); }
.facturier.fx .fx-information.fx-constat { border-color: var(--fx-information);
  background: var(--fx-fond-information); }
.facturier.fx .fx-bon.fx-verdict { border-color: var(--fx-bon); background: var(--fx-fond-bon); }
.facturier.fx .fx-erreur > strong, .facturier.fx .fx-erreur > span[aria-hidden],
.facturier.fx .fx-erreur .fx-etat { color: var(--fx-erreur); }
.facturier.fx .fx-avertissement > strong, .facturier.fx .fx-avertissement > span[aria-hidden],
.facturier.fx .fx-avertissement .fx-etat { color: var(--fx-avertissement); }
.facturier.fx .fx-information > strong, .facturier.fx .fx-information > span[aria-hidden] {
  color: var(--fx-information); }
.facturier.fx .fx-bon > strong, .facturier.fx .fx-bon > span[aria-hidden],
.facturier.fx .fx-bon .fx-etat { color: var(--fx-bon); }
.facturier.fx .fx-etat { font-weight: 600; white-space: nowrap; }
.facturier.fx .fx-cote tr.fx-erreur td, .facturier.fx .fx-cote tr.fx-erreur th {
  background: var(--fx-fond-erreur); }
.facturier.fx .fx-cote tr.fx-avertissement td, .facturier.fx .fx-cote tr.fx-avertissement th {
  background: var(--fx-fond-avertissement); }
.facturier.fx td.fx-vise, .facturier.fx tr.fx-vise > td { font-weight: 600; text-decoration: underline; }
.facturier.fx td.fx-vise.fx-erreur, .facturier.fx tr.fx-vise.fx-erreur > td { color: var(--fx-erreur); }
.facturier.fx td.fx-vise.fx-avertissement, .facturier.fx tr.fx-vise.fx-avertissement > td {
  color: var(--fx-avertissement); }
.facturier.fx .fx-suite td { padding-left: 2rem; font-size: .85rem; }
.facturier.fx .fx-champs .fx-suite td { padding: 0; }
.facturier.fx .fx-autre { margin: .1rem 0; color: var(--facturier-doux); }
.facturier.fx .fx-partie { margin: .3rem 0 0; font-weight: 600; }
.facturier.fx .fx-pied { margin-top: 1.2rem; font-size: .85rem; }
@media print {
  .facturier.fx.large.facturier-facture { font-size: 10pt; color: #000; max-width: none; --facturier-doux: #595959;
    --fx-erreur: #b00020; --fx-avertissement: #7a4b00; --fx-bon: #1b5e20; --fx-information: #0b57a4; }
  .facturier.fx .fx-colonnes { columns: 1; }
  .facturier.fx .fx-rubrique, .facturier.fx .fx-colonnes .fx-rubrique { break-inside: auto; }
  .facturier.fx tr, .facturier.fx .fx-constat { break-inside: avoid; }
  .facturier.fx h4, .facturier.fx h5, .facturier.fx tr:has(+ .fx-suite) { break-after: avoid; }
  .facturier.fx .facturier-cadre { overflow: visible; }
  .facturier.fx details::details-content { content-visibility: visible; block-size: auto; }
}
"""
