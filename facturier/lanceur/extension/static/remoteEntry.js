// Keeps the mirrors of the answers up to date in the open notebook.
//
// JupyterLab routes an "update_display_data" to the cell that it has run itself in this page. A notebook run by the
// launcher, or a page just reloaded, has no such cell: the update is dropped and the next save would write old answers.
// Written by hand as a module-federation container, so that nothing has to be built.
(function () {
  'use strict';

  const MIME = 'application/vnd.facturier.reponses+json';
  const PREFIX = 'rep-';

  function formOf(output) {
    const mirror = output.data && output.data[MIME];
    const known = output.metadata && output.metadata.facturier;
    return (mirror && mirror.formulaire) || (known && known.formulaire) || null;
  }

  function refresh(panel, msg) {
    const id = (msg.content.transient || {}).display_id;
    if (msg.header.msg_type !== 'update_display_data' || typeof id !== 'string' || !id.startsWith(PREFIX)) {
      return;
    }
    const form = id.slice(PREFIX.length);
    for (const cell of panel.content.model.cells) {
      if (cell.type !== 'code') {
        continue;
      }
      for (let i = 0; i < cell.outputs.length; i++) {
        const old = cell.outputs.get(i).toJSON();
        if (formOf(old) !== form || JSON.stringify(old.data) === JSON.stringify(msg.content.data)) {
          continue;
        }
        cell.outputs.set(i, {
          output_type: 'display_data',
          data: msg.content.data,
          metadata: Object.assign({}, old.metadata, msg.content.metadata)
        });
      }
    }
  }

  function watch(panel) {
    panel.sessionContext.iopubMessage.connect((_, msg) => refresh(panel, msg));
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
      const { INotebookTracker } = await shared(scope, '@jupyterlab/notebook');
      const plugin = {
        id: 'facturier-carnets:miroirs',
        description: 'Garde à jour le double des réponses dans le carnet ouvert.',
        autoStart: true,
        requires: [INotebookTracker],
        activate: (_, tracker) => {
          tracker.forEach(watch);
          tracker.widgetAdded.connect((__, panel) => watch(panel));
        }
      };
      return () => ({ __esModule: true, default: plugin });
    }
  };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['facturier-carnets'] = container;
})();
