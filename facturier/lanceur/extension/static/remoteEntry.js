// Six small additions to the learner's JupyterLab. Written by hand as a module-federation container, so that nothing
// has to be built.
//
// 1. Keeps the mirrors of the answers up to date in the open notebook. JupyterLab routes an "update_display_data" to the
//    cell that it has run itself in this page. A notebook run by the launcher, or a page just reloaded, has no such
//    cell: the update is dropped and the next save would write old answers.
// 2. Runs a notebook of the course that opens with dead forms, or never run: opened before the launcher reached it.
// 3. Leaves the keyboard to the forms: on a drop-down list, arrows moved to the next cell and letters cut or deleted it;
//    in a text field, the kernel's answer about the field before wiped the first letters typed.
// 4. Says in French the labels that the language pack, older than JupyterLab, leaves in English.
// 5. Names the tab of a notebook of the course by its title: every exercise notebook is called exercices.ipynb.
// 6. Shows a button in the place of a folded line of code, whose beginning JupyterLab leaves to be read, and which only
//    the mouse unfolds.
(function () {
  'use strict';

  const MIME = 'application/vnd.facturier.reponses+json';
  const WIDGET = 'application/vnd.jupyter.widget-view+json';
  const PREFIX = 'rep-';
  const COURSE = /^(notebooks\/[^/]+|release\/[^/]+\/[^/]+)\.ipynb$/; // what the launcher runs, and nothing else

  function formOf(output) {
    const mirror = output.data && output.data[MIME];
    const known = output.metadata && output.metadata.facturier;
    return (mirror && mirror.formulaire) || (known && known.formulaire) || null;
  }

  // "renew" gives, for a form and its mirror, the data of the new mirror, or nothing when the mirror is up to date
  function renewMirrors(panel, renew) {
    for (const cell of panel.content.model.cells) {
      for (let i = 0; cell.type === 'code' && i < cell.outputs.length; i++) {
        const old = cell.outputs.get(i).toJSON();
        const data = formOf(old) && renew(formOf(old), old.data);
        if (data && JSON.stringify(old.data) !== JSON.stringify(data)) {
          cell.outputs.set(i, { output_type: 'display_data', data, metadata: old.metadata });
        }
      }
    }
  }

  function refresh(panel, msg) {
    const id = (msg.content.transient || {}).display_id;
    if (msg.header.msg_type === 'update_display_data' && typeof id === 'string' && id.startsWith(PREFIX)) {
      renewMirrors(panel, form => form === id.slice(PREFIX.length) && msg.content.data);
    }
  }

  function mirrorOf(answer) {
    const time = new Date(answer.horodatage).toLocaleTimeString('fr-FR', { hour: '2-digit', minute: '2-digit' });
    const sentence = `Réponse enregistrée à ${time}. Copie gardée dans ce carnet.`;
    return {
      [MIME]: answer,
      'text/html': `<p role="status" class="facturier-miroir">${sentence}</p>`,
      'text/plain': sentence
    };
  }

  // a page reloaded before it was saved shows mirrors older than the answers kept beside the notebook
  async function catchUp(panel, contents) {
    await panel.context.ready;
    const [, folder, stem] = panel.context.path.match(/^(.*\/)([^/]+)\.ipynb$/);
    const file = await contents.get(`${folder}reponses/${stem}.json`, { content: true, format: 'text', type: 'file' });
    const kept = JSON.parse(file.content).formulaires;
    renewMirrors(panel, (form, data) => {
      const answer = Object.hasOwn(kept, form) && kept[form];
      const newer = answer && !(data[MIME] && Date.parse(data[MIME].horodatage) >= Date.parse(answer.horodatage));
      return newer && mirrorOf(answer);
    });
  }

  function codeCells(panel) {
    return panel.content.widgets.filter(cell => cell.model.type === 'code' && cell.model.sharedModel.source.trim());
  }

  function formModels(cells) {
    const ids = [];
    for (const cell of cells) {
      for (let i = 0; i < cell.model.outputs.length; i++) {
        const view = cell.model.outputs.get(i).data[WIDGET];
        if (view) {
          ids.push(view.model_id);
        }
      }
    }
    return ids;
  }

  async function runIfDead(panel, actions) {
    await Promise.all([panel.context.ready, panel.sessionContext.ready]);
    const kernel = panel.sessionContext.session && panel.sessionContext.session.kernel;
    if (!kernel) {
      return;
    }
    const cells = codeCells(panel);
    const alive = (await kernel.requestCommInfo({ target_name: 'jupyter.widget' })).content.comms || {};
    const neverRun = cells.every(cell => cell.model.executionCount === null);
    if (cells.length && (neverRun || formModels(cells).some(id => !(id in alive)))) {
      await actions.runCells(panel.content, cells, panel.sessionContext);
    }
  }

  // shown in the place of the label, which must stay: JupyterLab renames the file when the label changes
  const TAB_STYLE = `
    .lm-TabBar-tab[data-facturier-titre]::after { all: unset !important; content: attr(data-facturier-titre) !important;
      order: 1 !important; flex: 1 1 auto !important; overflow: hidden !important; text-overflow: ellipsis !important;
      white-space: nowrap !important; align-self: center !important; }
    .lm-TabBar-tab[data-facturier-titre] > .lm-TabBar-tabLabel { display: none; }
    .lm-TabBar-tab[data-facturier-titre] > .lm-TabBar-tabCloseIcon { order: 2; }`;

  // the line itself is there for nobody, neither the eye nor a screen reader
  const FOLDED_STYLE = `
    .jp-InputPlaceholder .jp-PlaceholderText, .jp-InputPlaceholder .jp-MoreHorizIcon { display: none; }
    .jp-InputPlaceholder .jp-Placeholder-content { border-color: transparent; background: none; }
    .jp-InputPlaceholder .jp-Placeholder-contentContainer { display: flex; align-items: center; }
    .facturier-replie { min-height: 24px; padding: 0 8px; border: 0; border-radius: 4px; background: none; cursor: pointer;
      color: var(--jp-ui-font-color2); font: inherit; font-family: var(--jp-ui-font-family);
      font-size: var(--jp-ui-font-size1); }
    .facturier-replie:hover { color: var(--jp-ui-font-color1); text-decoration: underline; }
    .facturier-replie:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; }
    .jp-Notebook-footer { display: none; } /* « Cliquer pour ajouter une cellule »: the keyboard and the menu still do */
    @media (max-width: 760px) { .jp-InputPlaceholder .jp-Placeholder-prompt { display: none; } }`;

  function addStyle(rules) {
    const style = document.createElement('style');
    style.textContent = rules;
    document.head.append(style);
  }

  async function nameTab(panel) {
    await panel.context.ready;
    const first = panel.content.model.cells.get(0);
    const heading = first && /^# (.+)/.exec(first.sharedModel.getSource());
    if (COURSE.test(panel.context.path) && heading) {
      panel.title.dataset = Object.assign({}, panel.title.dataset, { 'facturier-titre': heading[1] });
    }
  }

  function watch(panel, actions, contents) {
    nameTab(panel).catch(reason => console.warn('facturier-carnets', reason));
    panel.sessionContext.iopubMessage.connect((_, msg) => refresh(panel, msg));
    if (COURSE.test(panel.context.path)) {
      catchUp(panel, contents).catch(() => {}); // no answer kept yet
      runIfDead(panel, actions).catch(reason => console.warn('facturier-carnets', reason));
    }
  }

  // JupyterLab ignores what is typed in an element with that attribute; Ctrl+S must still save
  function leaveKeyboard(event) {
    if (event.target instanceof Element && event.target.closest('.facturier')) {
      event.target.toggleAttribute('data-lm-suppress-shortcuts', !event.ctrlKey && !event.metaKey);
    }
  }

  const LABELS = {
    'Cells': 'Cellules',
    'Code Cell Content': 'Contenu de la cellule de code',
    'Collapse Output': 'Replier la sortie',
    'Expand Output': 'Déplier la sortie',
    'Markdown Cell Content': 'Contenu de la cellule de texte',
    'More commands': 'Autres commandes',
    'Responsive popup toolbar': 'Barre d’outils complémentaire',
    'Select Last Modified Cell': 'Aller à la dernière cellule modifiée',
    'Select Next Modified Cell': 'Aller à la cellule modifiée suivante',
    'Skip to main panel': 'Aller au contenu principal',
    'main area content': 'contenu principal',
    'main area toolbar': 'barre d’outils principale',
    'side panel content': 'contenu du panneau latéral'
  };
  const LOADING = 'Loading widget...'; // what ipywidgets shows in the place of a form that is not there yet
  const ATTRIBUTES = ['aria-label', 'title'];

  function translate(element) {
    for (const name of ATTRIBUTES) {
      const label = LABELS[element.getAttribute(name)];
      if (label) {
        element.setAttribute(name, label);
      }
    }
  }

  function unfold(event) {
    event.stopPropagation(); // Enter would also run or open the active cell
    const cell = event.currentTarget.closest('.jp-Cell');
    event.currentTarget.closest('.jp-InputPlaceholder').click();
    cell.focus(); // the button goes away with what it hid
  }

  function coverFolded(placeholder) {
    const box = placeholder.querySelector('.jp-Placeholder-contentContainer');
    if (!box || box.querySelector('.facturier-replie')) {
      return;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'facturier-replie';
    button.setAttribute('aria-expanded', 'false');
    button.dataset.lmSuppressShortcuts = '';
    button.textContent = 'Voir le code';
    button.addEventListener('click', unfold);
    placeholder.querySelector('.jp-Placeholder-content').removeAttribute('title');
    box.append(button);
  }

  function translateTree(root) {
    if (root.nodeType === Node.TEXT_NODE && root.data === LOADING) {
      root.data = 'Le formulaire se prépare…';
    }
    if (root.nodeType !== Node.ELEMENT_NODE) {
      return;
    }
    if (root.textContent.includes(LOADING)) { // only its text: ipywidgets holds the elements around it
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        translateTree(texts.currentNode);
      }
    }
    translate(root);
    (root.matches('.jp-InputPlaceholder') ? [root] : root.querySelectorAll('.jp-InputPlaceholder')).forEach(coverFolded);
    root.querySelectorAll('[aria-label], [title]').forEach(translate);
    for (const link of document.querySelectorAll('.jp-skiplink a')) {
      link.textContent = LABELS[link.textContent] || link.textContent;
    }
  }

  function watchLabels() {
    addStyle(FOLDED_STYLE);
    translateTree(document.body);
    new MutationObserver(changes => {
      for (const change of changes) {
        change.type === 'attributes' ? translate(change.target) : change.addedNodes.forEach(translateTree);
      }
    }).observe(document.body, { attributeFilter: ATTRIBUTES, childList: true, subtree: true });
  }

  // the highest version offered, as the container of a built extension would choose
  async function shared(scope, name) {
    const versions = Object.keys(scope[name]).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const factory = await scope[name][versions[versions.length - 1]].get();
    return factory();
  }

  let scope = null;
  const container = {
    init: share => {
      scope = share;
    },
    get: async () => {
      const { INotebookTracker, NotebookActions } = await shared(scope, '@jupyterlab/notebook');
      const notebooks = {
        id: 'facturier-carnets:carnets',
        description: 'Garde à jour le double des réponses et exécute le carnet ouvert trop tôt.',
        autoStart: true,
        requires: [INotebookTracker],
        activate: (app, tracker) => {
          addStyle(TAB_STYLE);
          const begin = panel => watch(panel, NotebookActions, app.serviceManager.contents);
          window.addEventListener('keydown', leaveKeyboard, true);
          tracker.forEach(begin);
          tracker.widgetAdded.connect((_, panel) => begin(panel));
        }
      };
      const labels = {
        id: 'facturier-carnets:libelles',
        description: 'Dit en français ce que le paquet de langue laisse en anglais, et cache les lignes de code repliées.',
        autoStart: true,
        activate: watchLabels
      };
      return () => ({ __esModule: true, default: [notebooks, labels] });
    }
  };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['facturier-carnets'] = container;
})();
