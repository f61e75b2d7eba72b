"""The look of an invoice's page: the kit's sheet (``style``) and, over it, a grid, dim codes, findings in colour."""

CSS = """
.facturier-facture { --fx-erreur: #b00020; --fx-fond-erreur: #fdecee; --fx-avertissement: #7a4b00;
  --fx-fond-avertissement: #fff4dd; --fx-bon: #1b5e20; --fx-fond-bon: #e9f5ea; --fx-information: #0b57a4;
  --fx-fond-information: #e8f1fb; }
[data-jp-theme-light="false"] .facturier-facture { --fx-erreur: #ff9d9d; --fx-fond-erreur: #3d1f22;
  --fx-avertissement: #ffcf70; --fx-fond-avertissement: #3a2e14; --fx-bon: #9be29b; --fx-fond-bon: #1c331d;
  --fx-information: #9cc9ff; --fx-fond-information: #17293d; }
.facturier-facture { max-width: 76rem; container-type: inline-size; }
.facturier-facture h3 { font-size: 1.3rem; margin-top: .25rem; overflow-wrap: anywhere; }
.facturier-facture h4 { margin: 0 0 .3rem; padding-bottom: .15rem; font-size: 1.05rem;
  border-bottom: 2px solid var(--jp-brand-color1, #1976d2); }
.facturier-facture h5, .facturier-facture h6 { margin: .6rem 0 .2rem; font-size: .95rem; font-weight: 600; }
.facturier-facture .fx-rubrique { margin: 0 0 1.2rem; break-inside: avoid; }
.facturier-facture .fx-colonnes { column-gap: 1.8rem; margin-bottom: 1.2rem; }
@container (min-width: 50rem) { .facturier-facture .fx-colonnes { columns: 2; } }
.facturier-facture table { margin: 0; width: 100%; color: inherit; font-size: inherit; }
.facturier-facture table tr, .facturier-facture table tr:nth-child(odd) { background: transparent; }
.facturier-facture table th, .facturier-facture table td { border-width: 0 0 1px; padding: .3rem .5rem;
  overflow-wrap: anywhere; }
.facturier-facture .fx-champs th { width: 45%; font-weight: 400; color: var(--facturier-doux); }
.facturier-facture .fx-code { font-size: .75rem; font-weight: 400; color: var(--facturier-doux); white-space: nowrap; }
.facturier-facture thead .fx-code { display: block; }
.facturier-facture table .fx-droite { text-align: right !important; white-space: nowrap; }
.facturier-facture thead th { border-bottom-width: 2px; vertical-align: bottom; overflow-wrap: normal; }
.facturier-facture .fx-verdict { padding: .5rem .8rem; margin: .3rem 0; font-size: 1.05rem; border-left: 5px solid; }
.facturier-facture .fx-resume { margin: .3rem 0 1rem; }
.facturier-facture .fx-constat { margin: .3rem 0; padding: .3rem .6rem; border-left: 4px solid; font-size: .9rem; }
.facturier-facture .fx-erreur.fx-constat, .facturier-facture .fx-erreur.fx-verdict {
  border-color: var(--fx-erreur); background: var(--fx-fond-erreur); }
.facturier-facture .fx-avertissement.fx-constat, .facturier-facture .fx-avertissement.fx-verdict {
  border-color: var(--fx-avertissement); background: var(--fx-fond-avertissement); }
.facturier-facture .fx-information.fx-constat { border-color: var(--fx-information);
  background: var(--fx-fond-information); }
.facturier-facture .fx-bon.fx-verdict { border-color: var(--fx-bon); background: var(--fx-fond-bon); }
.facturier-facture .fx-erreur > strong, .facturier-facture .fx-erreur > span[aria-hidden],
.facturier-facture .fx-erreur .fx-etat { color: var(--fx-erreur); }
.facturier-facture .fx-avertissement > strong, .facturier-facture .fx-avertissement > span[aria-hidden],
.facturier-facture .fx-avertissement .fx-etat { color: var(--fx-avertissement); }
.facturier-facture .fx-information > strong, .facturier-facture .fx-information > span[aria-hidden] {
  color: var(--fx-information); }
.facturier-facture .fx-bon > strong, .facturier-facture .fx-bon > span[aria-hidden],
.facturier-facture .fx-bon .fx-etat { color: var(--fx-bon); }
.facturier-facture .fx-etat { font-weight: 600; white-space: nowrap; }
.facturier-facture .fx-cote tr.fx-erreur td, .facturier-facture .fx-cote tr.fx-erreur th {
  background: var(--fx-fond-erreur); }
.facturier-facture .fx-cote tr.fx-avertissement td, .facturier-facture .fx-cote tr.fx-avertissement th {
  background: var(--fx-fond-avertissement); }
.facturier-facture td.fx-vise, .facturier-facture tr.fx-vise > td { font-weight: 600; text-decoration: underline; }
.facturier-facture td.fx-vise.fx-erreur, .facturier-facture tr.fx-vise.fx-erreur > td { color: var(--fx-erreur); }
.facturier-facture td.fx-vise.fx-avertissement, .facturier-facture tr.fx-vise.fx-avertissement > td {
  color: var(--fx-avertissement); }
.facturier-facture .fx-suite td { padding-left: 2rem; font-size: .85rem; }
.facturier-facture .fx-champs .fx-suite td { padding: 0; }
.facturier-facture .fx-autre { margin: .1rem 0; color: var(--facturier-doux); }
.facturier-facture .fx-partie { margin: .3rem 0 0; font-weight: 600; }
.facturier-facture .fx-pied { margin-top: 1.2rem; font-size: .85rem; }
@media print { .facturier-facture { font-size: 10pt; color: #000; max-width: none; }
  .facturier-facture tr, .facturier-facture .fx-constat { break-inside: avoid; }
  .facturier-facture h4 { break-after: avoid; }
  .facturier-facture .facturier-cadre { overflow: visible; }
  .facturier-facture details::details-content { content-visibility: visible; block-size: auto; } }
"""
