"use strict";
/* The survey of a page without a kernel: kept in this browser, then made a file that says nothing of who wrote it. */
(() => {
  const enquete = document.querySelector("[data-enquete]");
  const CLE = `facturier|${enquete.dataset.enquete}`;
  const TEXTE_MAX = Number(enquete.dataset.texteMax);
  const dit = (id, texte) => (document.getElementById(id).textContent = texte);
  const champs = [...enquete.querySelectorAll("[data-champ]")];
  const hasard = () => Array.from(crypto.getRandomValues(new Uint8Array(6)), (o) => o.toString(16).padStart(2, "0")).join("");
  let garde = { avis: hasard(), revision: 0, valeurs: {} };
  try {
    const lu = JSON.parse(localStorage.getItem(CLE));
    if (lu && /^[0-9a-f]{12}$/.test(lu.avis) && lu.valeurs) garde = lu;
  } catch {
    /* nothing kept yet, or a browser that keeps nothing */
  }

  const bienForme = (t) => (t.toWellFormed ? t.toWellFormed() : t);

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
    const heure = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
    try {
      localStorage.setItem(CLE, JSON.stringify(garde));
      dit("etat", `Réponse enregistrée à ${heure}.`);
    } catch {
      dit("etat", "Ce navigateur ne garde rien : faites le fichier de votre avis avant de fermer cette page.");
    }
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
    const lien = document.createElement("a");
    lien.href = URL.createObjectURL(new Blob([JSON.stringify(contenu, null, 1)], { type: "application/json" }));
    lien.download = nom;
    lien.click();
    dit("recu", `Le fichier « ${nom} » est dans vos téléchargements : déposez-le où le formateur vous le dit. Il contient vos réponses, sans nom ni heure.`);
  });
  let sur = false;
  document.getElementById("vider").addEventListener("click", (e) => {
    if (!sur) {
      sur = true;
      e.target.textContent = "Oui, effacer mes réponses";
      return;
    }
    localStorage.removeItem(CLE);
    location.reload();
  });
})();
