/* The survey of a page without a kernel: kept in this browser, then made a file that says nothing of who wrote it. */
(() => {
  const enquete = document.querySelector("[data-enquete]");
  const CLE = `facturier|${enquete.dataset.enquete}`;
  const TEXTE_MAX = Number(enquete.dataset.texteMax);
  const { dit, bienForme } = commun;
  const champs = [...enquete.querySelectorAll("[data-champ]")];
  const neuf = { avis: commun.hasard(6), revision: 0, valeurs: {} };
  const garde = commun.reprendre(CLE, neuf, (lu) => /^[0-9a-f]{12}$/.test(lu.avis) && lu.valeurs);

  function lire() {
    const valeurs = {};
    for (const c of champs) {
      const valeur = c.type === "radio" ? (c.checked ? c.value : "") : bienForme(c.value.trim().slice(0, TEXTE_MAX));
      if (valeur) valeurs[c.dataset.champ] = valeur;
    }
    return valeurs;
  }

  for (const c of champs) {
    const connue = garde.valeurs[c.dataset.champ];
    if (c.type === "radio") c.checked = c.value === connue;
    else {
      c.maxLength = TEXTE_MAX;
      c.value = typeof connue === "string" ? connue : "";
    }
  }
  if (garde.revision) dit("etat", "Vos réponses précédentes sont reprises.");

  function enregistrer() {
    garde.valeurs = lire();
    garde.revision += 1;
    commun.garder(CLE, garde, "", "le fichier de votre avis");
  }

  enquete.addEventListener("change", enregistrer);
  enquete.addEventListener("submit", (e) => e.preventDefault());
  document.getElementById("faire").addEventListener("click", () => {
    enregistrer();
    if (!Object.keys(garde.valeurs).length) {
      dit("recu", "Vous n’avez encore répondu à aucune question : rien n’est à remettre.");
      return;
    }
    const contenu = { schema: 1, enquete: enquete.dataset.enquete, avis: garde.avis, revision: garde.revision, valeurs: garde.valeurs };
    const nom = `avis-${garde.avis}.json`;
    commun.telecharger(nom, JSON.stringify(contenu, null, 1));
    dit("recu", `Le fichier « ${nom} » est dans vos téléchargements : déposez-le où le formateur vous le dit. Il contient vos réponses, sans nom ni heure.`);
  });
  commun.vider(CLE);
})();
