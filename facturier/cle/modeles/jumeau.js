/* Answers kept in this browser, then made a file that the trainer's tool reads (docs/cle-usb.md). No network. */
(() => {
  const page = document.getElementById("contenu");
  const carnet = page.dataset.carnet;
  const formulaires = [...document.querySelectorAll("[data-formulaire]")];
  const graine = (f) => f.dataset.graine;
  /* Another session asks other questions: its answers are others too. */
  const CLE = ["facturier", carnet, ...new Set(formulaires.map(graine).filter(Boolean))].join("|");
  const TEXTE_MAX = 2000;
  const { dit, bienForme } = commun;
  const neuf = { lignee: commun.hasard(4), revision: 0, prenom: "", reponses: {} };
  const garde = commun.reprendre(CLE, neuf, (lu) => typeof lu.lignee === "string" && lu.reponses);

  const champs = (q) => [...q.querySelectorAll("[data-champ]")];
  const partie = (q, c) => c.dataset.champ.slice(q.dataset.question.length + 1);

  /* The answer to a question, as the trainer's tool reads it. */
  function lire(q) {
    const tous = champs(q);
    const { type } = tous[0];
    if (type === "radio") return tous.find((c) => c.checked)?.value || "";
    if (type === "checkbox") return tous.filter((c) => c.checked).map((c) => partie(q, c)).sort();
    if (type === "select-one") return tous.filter((c) => c.value).map((c) => partie(q, c) + "=" + c.value).sort();
    return bienForme(tous[0].value.trim().slice(0, TEXTE_MAX));
  }

  function remettre(q, valeur) {
    const voulus = Array.isArray(valeur) ? valeur : [];
    for (const c of champs(q)) {
      if (c.type === "radio") c.checked = c.value === valeur;
      else if (c.type === "checkbox") c.checked = voulus.includes(partie(q, c));
      else if (c.type === "select-one") c.value = voulus.find((l) => l.startsWith(partie(q, c) + "="))?.split("=")[1] || "";
      else c.value = typeof valeur === "string" ? valeur : "";
    }
  }

  /* Whether a number or a day can be read, as the trainer's tool reads it (evaluation/valeurs.py). */
  const MONTANT = /^[-−]? ?([0-9]{1,13}|[0-9]{1,3}( [0-9]{3})+)([.,][0-9]{1,2})? *€?$/;
  const NOMBRE = /^-?[0-9]{1,15}([.,][0-9]{1,30})?$/;
  const JOUR = /^([0-9]{1,2})(?:[/. -]([0-9]{1,2})[/. -]|(?:er)? ([a-zéûô.]+) )([0-9]{4})$/;
  const MOIS = ["janv", "fev", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec"];
  const uni = (t, max) => t.slice(0, max).normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

  function nombreLu(texte, unite) {
    const lu = uni(texte, 200);
    const nu = unite && lu.endsWith(unite.toLowerCase()) ? lu.slice(0, -unite.length).trim() : lu;
    return MONTANT.test(nu) || NOMBRE.test(nu);
  }

  function jourLu(texte) {
    const lu = uni(texte, 60);
    const [, a, m, j] = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(lu) || [];
    const [, jour, rang, nom, an] = JOUR.exec(lu) || [];
    const nu = (nom || "").normalize("NFD").replace(/[^a-z.]/g, "");
    const [annee, mois, quantieme] = [a || an, m || rang || MOIS.findIndex((d) => nu.startsWith(d)) + 1, j || jour].map(Number);
    const date = new Date(Date.UTC(annee, mois - 1, quantieme));
    return annee >= 1 && date.getUTCMonth() === mois - 1 && date.getUTCDate() === quantieme;
  }

  /* What is answered and yet cannot be read; "" when nothing is to be said. */
  function aRelire(q, valeur) {
    const lectures = JSON.parse(q.closest("[data-formulaire]").dataset.lectures);
    const [genre, unite] = lectures[q.dataset.question] || [];
    if (genre === "nombre" && !nombreLu(valeur, unite)) return "à relire\u00a0: écrivez un seul nombre, par exemple 1234,56";
    if (genre === "date" && !jourLu(valeur)) return "à relire\u00a0: écrivez une date, par exemple 24/11/2026";
    const rangs = genre === "ordre" ? valeur.map((lien) => lien.split("=")[1]) : [];
    return new Set(rangs).size < rangs.length ? "à relire\u00a0: un même rang est donné deux fois" : "";
  }

  /* Says on each question whether it is answered; a choice once made can be taken back. */
  function dire(q) {
    const fait = rempli(lire(q));
    const reste = champs(q).some((c) => c.type === "select-one" && !c.value);
    q.querySelector(".etat").textContent = !fait ? "à répondre" : aRelire(q, lire(q)) || (reste ? "à compléter" : "répondu");
    const bouton = q.querySelector(".effacer");
    if (bouton) bouton.hidden = !fait;
  }

  const questions = (f) => [...f.querySelectorAll("[data-question]")];
  const rempli = (v) => (Array.isArray(v) ? v.length > 0 : Boolean(v));

  function restantes() {
    return formulaires.flatMap(questions).filter((q) => !rempli(lire(q))).length;
  }

  function enregistrer() {
    for (const f of formulaires) {
      const valeurs = {};
      for (const q of questions(f)) {
        if (rempli(lire(q))) valeurs[q.dataset.question] = lire(q);
        dire(q);
      }
      garde.reponses[f.dataset.formulaire] = valeurs;
    }
    garde.prenom = document.getElementById("prenom").value;
    garde.revision += 1;
    const reste = restantes();
    const suite = reste ? ` Il reste ${reste} question${reste > 1 ? "s" : ""} sans réponse.` : " Tout est rempli.";
    commun.garder(CLE, garde, suite, "le fichier à rendre");
  }

  function effacer(q) {
    const bouton = document.createElement("button");
    bouton.type = "button";
    bouton.className = "second effacer";
    bouton.textContent = "Effacer ma réponse";
    bouton.addEventListener("click", () => {
      remettre(q, "");
      enregistrer();
      champs(q)[0].focus();
    });
    return bouton;
  }

  for (const f of formulaires) {
    const valeurs = garde.reponses[f.dataset.formulaire] || {};
    for (const q of questions(f)) {
      if (champs(q)[0].type !== "text") q.append(effacer(q));
      remettre(q, valeurs[q.dataset.question]);
      dire(q);
    }
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
    for (const f of formulaires) {
      const { formulaire } = f.dataset;
      const valeurs = garde.reponses[formulaire] || {};
      if (!Object.keys(valeurs).length) continue;
      const corps = { schema: 1, carnet, formulaire, valeurs, journal: [], lignee: garde.lignee, revision: garde.revision, horodatage };
      if (graine(f)) corps.graine = graine(f);
      faits[formulaire] = { ...corps, empreinte: (await sha256(canonique(corps))).slice(0, 16) };
    }
    return { schema: 1, carnet, formulaires: faits };
  }

  async function rendre() {
    const contenu = JSON.stringify(await fichier(), null, 1);
    const recu = (await sha256(contenu)).slice(0, 12);
    const prenom = document.getElementById("prenom").value.normalize("NFD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").toLowerCase() || "sans-nom";
    const nom = `rendu-${prenom}-${recu.slice(0, 8)}.json`;
    commun.telecharger(nom, contenu);
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
  commun.vider(CLE);
})();
