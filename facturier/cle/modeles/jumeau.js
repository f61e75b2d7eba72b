"use strict";
/* Answers kept in this browser, then made a file that the trainer's tool reads (docs/cle-usb.md). No network. */
(() => {
  const page = document.getElementById("contenu");
  const carnet = page.dataset.carnet;
  const CLE = "facturier|" + carnet;
  const dit = (id, texte) => (document.getElementById(id).textContent = texte);
  let garde = { lignee: hasard(), revision: 0, prenom: "", reponses: {} };
  try {
    const lu = JSON.parse(localStorage.getItem(CLE));
    if (lu && typeof lu.lignee === "string" && lu.reponses) garde = lu;
  } catch {
    /* nothing kept yet, or a browser that keeps nothing */
  }

  function hasard() {
    return Array.from(crypto.getRandomValues(new Uint8Array(4)), (o) => o.toString(16).padStart(2, "0")).join("");
  }

  function lire(question) {
    const { genre } = question.dataset;
    if (genre === "nombre") return question.querySelector("input").value.trim();
    const coches = [...question.querySelectorAll("input:checked")].map((c) => c.value);
    return genre === "multiple" ? coches.sort() : coches[0] || "";
  }

  function remettre(question, valeur) {
    const { genre } = question.dataset;
    if (genre === "nombre") return void (question.querySelector("input").value = valeur || "");
    const voulus = Array.isArray(valeur) ? valeur : [valeur];
    for (const c of question.querySelectorAll("input")) c.checked = voulus.includes(c.value);
  }

  const formulaires = [...document.querySelectorAll("[data-formulaire]")];
  const questions = (f) => [...f.querySelectorAll("[data-item]")];
  const rempli = (v) => (Array.isArray(v) ? v.length > 0 : Boolean(v));

  function restantes() {
    return formulaires.flatMap(questions).filter((q) => !rempli(lire(q))).length;
  }

  function enregistrer() {
    for (const f of formulaires) {
      const valeurs = {};
      for (const q of questions(f)) if (rempli(lire(q))) valeurs[q.dataset.item] = lire(q);
      garde.reponses[f.dataset.formulaire] = valeurs;
    }
    garde.prenom = document.getElementById("prenom").value;
    garde.revision += 1;
    const heure = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
    const reste = restantes();
    const suite = reste ? ` Il reste ${reste} question${reste > 1 ? "s" : ""} sans réponse.` : " Tout est rempli.";
    try {
      localStorage.setItem(CLE, JSON.stringify(garde));
      dit("etat", `Réponse enregistrée à ${heure}.${suite}`);
    } catch {
      dit("etat", `Ce navigateur ne garde rien : faites le fichier à rendre avant de fermer cette page.${suite}`);
    }
  }

  for (const f of formulaires) {
    const valeurs = garde.reponses[f.dataset.formulaire] || {};
    for (const q of questions(f)) remettre(q, valeurs[q.dataset.item]);
    f.addEventListener("change", enregistrer);
    f.addEventListener("submit", (e) => e.preventDefault());
  }
  document.getElementById("prenom").value = garde.prenom;
  document.getElementById("prenom").addEventListener("change", enregistrer);
  if (garde.revision) dit("etat", "Vos réponses précédentes sont reprises.");

  function canonique(v) {
    if (Array.isArray(v)) return "[" + v.map(canonique).join(",") + "]";
    if (v && typeof v === "object") {
      const cles = Object.keys(v).sort((a, b) => (a < b ? -1 : 1));
      return "{" + cles.map((c) => JSON.stringify(c) + ":" + canonique(v[c])).join(",") + "}";
    }
    return JSON.stringify(v);
  }

  async function sha256(texte) {
    const lu = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texte));
    return Array.from(new Uint8Array(lu), (o) => o.toString(16).padStart(2, "0")).join("");
  }

  async function fichier() {
    const horodatage = new Date().toISOString().replace("Z", "+00:00");
    const faits = {};
    for (const [formulaire, valeurs] of Object.entries(garde.reponses)) {
      if (!Object.keys(valeurs).length) continue;
      const corps = { schema: 1, carnet, formulaire, valeurs, journal: [], lignee: garde.lignee, revision: garde.revision, horodatage };
      faits[formulaire] = { ...corps, empreinte: (await sha256(canonique(corps))).slice(0, 16) };
    }
    return { schema: 1, carnet, formulaires: faits };
  }

  async function rendre() {
    const contenu = JSON.stringify(await fichier(), null, 1);
    const recu = (await sha256(contenu)).slice(0, 12);
    const prenom = document.getElementById("prenom").value.normalize("NFD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").toLowerCase() || "sans-nom";
    const nom = `rendu-${prenom}-${recu.slice(0, 8)}.json`;
    const lien = document.createElement("a");
    lien.href = URL.createObjectURL(new Blob([contenu], { type: "application/json" }));
    lien.download = nom;
    lien.click();
    dit("recu", `Le fichier « ${nom} » est dans vos téléchargements : envoyez-le au formateur. Reçu n° ${recu}.`);
  }

  const recap = document.getElementById("recap");
  document.getElementById("faire").addEventListener("click", () => {
    enregistrer();
    const reste = restantes();
    const manque = reste ? `Il reste ${reste} question${reste > 1 ? "s" : ""} sans réponse. Rendre quand même ?` : "Toutes les questions ont une réponse. Rendre maintenant ?";
    dit("recap-p", document.getElementById("prenom").value.trim() ? manque : "Écrivez d’abord votre prénom : il dit de qui vient le fichier.");
    document.getElementById("oui").hidden = !document.getElementById("prenom").value.trim();
    recap.showModal();
  });
  document.getElementById("non").addEventListener("click", () => recap.close());
  document.getElementById("oui").addEventListener("click", () => {
    recap.close();
    rendre().catch(() => dit("recu", "Ce navigateur ne peut pas faire le fichier : essayez-en un autre, plus récent."));
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
