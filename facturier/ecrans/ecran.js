/* One screen in a page: what is typed goes to the place where it is kept, what changes comes back (docs/ecrans.md).
   Two carriers: the comm of a notebook's kernel (default export, for anywidget), HTTPS to the portal of a class. */

const PAUSE = 300; // ms without a key before what is typed is sent
const PATIENCE = 30000; // ms before an answer is given up
const FICHIER_MAX = 8 * 1024 * 1024;
const LISTE_MAX = 8; // lines of a list that is being searched
const SILENCE =
  "Le portail ne répond pas : ce qui est affiché n’est plus à jour. Attendez un instant, puis recommencez ; " +
  "vos réponses déjà enregistrées sont gardées.";

const SUITE_TITRE = " - Portail d’entraînement"; // as in poste.html

const premier = (racine, id) => (id ? racine.querySelector("#" + CSS.escape(id)) : null);
const lire = (e) => (e.type === "checkbox" ? (e.checked ? "oui" : "") : e.value);

/* --- the least change: elements that stay the same stay in place, with their focus, caret and opened lists --- */

function pareils(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");
}

function attributs(vieux, neuf, sale) {
  const libres = { DETAILS: "open", SELECT: "size" };
  const libre = libres[vieux.nodeName] || (vieux.matches(".filtre, option, [data-imprimer]") ? "hidden" : "");
  for (const { name } of [...vieux.attributes]) {
    if (!neuf.hasAttribute(name) && name !== libre) vieux.removeAttribute(name);
  }
  for (const { name, value } of neuf.attributes) {
    if (name !== libre && vieux.getAttribute(name) !== value) vieux.setAttribute(name, value);
  }
  if (vieux.dataset.champ !== undefined && sale.has(vieux.dataset.champ)) return;
  if (vieux.nodeName === "INPUT") {
    if (vieux.type === "checkbox" || vieux.type === "radio") vieux.checked = neuf.hasAttribute("checked");
    else if (vieux.type === "text" && vieux.value !== neuf.value) vieux.value = neuf.value;
  }
}

function fondre(vieux, neuf, sale) {
  let ici = vieux.firstChild;
  for (const enfant of [...neuf.childNodes]) {
    let trouve = ici;
    if (enfant.id) while (trouve && !pareils(trouve, enfant)) trouve = trouve.nextSibling;
    else if (trouve && !pareils(trouve, enfant)) trouve = null;
    if (!trouve) {
      vieux.insertBefore(enfant, ici);
      continue;
    }
    while (ici !== trouve) {
      const passe = ici;
      ici = ici.nextSibling;
      passe.remove();
    }
    if (enfant.nodeType !== Node.ELEMENT_NODE) {
      if (trouve.data !== enfant.data) trouve.data = enfant.data;
    } else {
      const voulue = enfant.value; // read first: melting takes away the options and the text that make it
      attributs(trouve, enfant, sale);
      fondre(trouve, enfant, sale);
      valeur(trouve, voulue, sale);
    }
    ici = trouve.nextSibling;
  }
  while (ici) {
    const passe = ici;
    ici = ici.nextSibling;
    passe.remove();
  }
}

/* What depends on what is inside: the option of a list, the text of an area. */
function valeur(vieux, voulue, sale) {
  if (!["SELECT", "TEXTAREA"].includes(vieux.nodeName) || sale.has(vieux.dataset.champ)) return;
  if (vieux.value !== voulue) vieux.value = voulue;
}

/* --- one screen --- */

export class Ecran {
  /* envoyer(evenement, octets) gives the promise of the answer. */
  constructor(racine, envoyer, { adresses = false } = {}) {
    this.racine = racine;
    this.envoyer = envoyer;
    this.adresses = adresses;
    this.client = Math.random().toString(36).slice(2);
    this.vue = racine.dataset.vue || "";
    this.sale = new Map(); // field -> text that the other side has not confirmed
    this.minuteries = new Map();
    this.file = [];
    this.occupe = false;
    this.rang = 0;
    this.menu = racine.clientWidth === 0 || racine.clientWidth > 896;
    this.page = racine.querySelector(":scope > .page") || racine.appendChild(document.createElement("div"));
    this.page.className = "page";
    this.annonce = document.createElement("p");
    this.annonce.className = "cache";
    this.annonce.setAttribute("role", "status");
    this.panne = document.createElement("div");
    this.panne.setAttribute("role", "alert");
    this.panne.className = "panne";
    this.dialogue = document.createElement("dialog");
    racine.append(this.annonce, this.dialogue);
    racine.prepend(this.panne);
    for (const [nom, geste] of [
      ["input", this.frappe],
      ["change", this.change],
      ["submit", this.soumis],
      ["click", this.clic],
      ["keydown", this.touche],
      ["focusout", this.quitte],
    ]) {
      racine.addEventListener(nom, geste.bind(this));
    }
    this.habiller();
  }

  /* --- what the person does --- */

  frappe(e) {
    const champ = e.target;
    if (champ.dataset.filtre) return this.filtrer(champ);
    if (champ.dataset.champ === undefined || champ.type === "file") return;
    this.sale.set(champ.dataset.champ, lire(champ));
    clearTimeout(this.minuteries.get(champ.dataset.champ));
    this.minuteries.set(
      champ.dataset.champ,
      setTimeout(() => this.pousser(champ.dataset.champ), PAUSE),
    );
  }

  change(e) {
    const champ = e.target;
    if (champ.dataset.champ === undefined) return;
    if (champ.type === "file") return this.joindre(champ);
    this.sale.set(champ.dataset.champ, lire(champ));
    this.pousser(champ.dataset.champ);
  }

  pousser(champ) {
    clearTimeout(this.minuteries.get(champ));
    this.minuteries.delete(champ);
    if (!this.sale.has(champ)) return;
    const texte = this.sale.get(champ);
    const attend = this.file.find((f) => f.evenement.type === "changer" && f.evenement.champ === champ);
    if (attend) attend.evenement.texte = texte;
    else this.dire({ type: "changer", champ, texte });
  }

  async joindre(controle) {
    for (const fichier of [...controle.files]) {
      const donne = { type: "joindre", champ: controle.dataset.champ, nom: fichier.name };
      if (controle.dataset.contenu === undefined) {
        this.dire({ ...donne, taille: fichier.size }); // of an attachment, nothing more leaves the browser
        continue;
      }
      if (fichier.size > FICHIER_MAX) {
        this.alerter(`Le fichier « ${fichier.name} » dépasse ${FICHIER_MAX / 1024 / 1024} Mo : choisissez-en un plus petit.`);
        continue;
      }
      this.dire(donne, await fichier.arrayBuffer());
    }
    controle.value = "";
  }

  soumis(e) {
    e.preventDefault();
    e.stopPropagation();
    const bouton = e.submitter;
    if (!bouton || this.occupe) return;
    if (bouton.dataset.confirmer) return this.confirmer(bouton);
    this.presser(bouton.name, bouton.value, e.target);
  }

  presser(nom, texte, formulaire) {
    const [geste, valeurs] = decoder(texte);
    if (nom === "geste" || nom === "demander") this.agir({ type: "agir", geste, valeurs });
    else if (nom === "retirer") this.dire({ type: "retirer", champ: geste, nom: valeurs.nom || "" });
    else if (nom === "asseoir") this.agir({ type: "asseoir", cle: texte || formulaire.querySelector("[name=siege]").value });
    else this.agir({ type: nom });
  }

  agir(evenement) {
    for (const minuterie of this.minuteries.values()) clearTimeout(minuterie);
    this.minuteries.clear();
    const saisies = Object.fromEntries(this.sale);
    for (const secret of this.page.querySelectorAll("input[type=password]")) saisies[secret.dataset.champ] = secret.value;
    this.file = this.file.filter((f) => f.evenement.type !== "changer");
    this.occupe = true;
    this.page.setAttribute("aria-busy", "true");
    this.dire({ ...evenement, saisies });
  }

  clic(e) {
    const lien = e.target.closest("a");
    const bouton = e.target.closest("button");
    if (bouton && bouton.dataset.imprimer !== undefined) return this.imprimer();
    if (!lien || !this.racine.contains(lien)) return;
    if (lien.dataset.vers) {
      e.preventDefault();
      e.stopPropagation();
      return this.viser(lien.dataset.vers);
    }
    if (lien.dataset.ecran === undefined || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    e.stopPropagation();
    if (this.occupe) return;
    const { ecran, objet, siege, vise } = lien.dataset;
    this.agir({ type: "ouvrir", ecran, objet, siege, champ: vise || "" });
  }

  /* Enter in a field presses the principal button; JupyterLab keeps browsers from doing it by themselves. */
  touche(e) {
    if (e.key !== "Enter" || e.isComposing || e.target.nodeName !== "INPUT" || e.target.type === "file") return;
    e.preventDefault();
    const principal = e.target.form?.querySelector("button.defaut");
    if (principal && !e.target.dataset.filtre) e.target.form.requestSubmit(principal);
  }

  confirmer(bouton) {
    const { confirmer } = bouton.dataset;
    this.dialogue.replaceChildren();
    const question = this.dialogue.appendChild(document.createElement("p"));
    question.textContent = confirmer;
    question.id = this.client + "-question";
    this.dialogue.setAttribute("aria-labelledby", question.id);
    const choix = this.dialogue.appendChild(document.createElement("p"));
    choix.className = "boutons";
    const [nom, texte] = [bouton.name, bouton.value];
    for (const [dit, classe, geste] of [
      ["Oui : " + bouton.textContent.trim(), bouton.className, () => this.presser(nom, texte, null)],
      ["Non, revenir", "second", () => {}],
    ]) {
      const b = choix.appendChild(document.createElement("button"));
      b.type = "button";
      b.textContent = dit;
      b.className = classe;
      b.addEventListener("click", () => {
        this.dialogue.close();
        geste();
      });
    }
    this.dialogue.showModal();
    choix.lastChild.focus();
  }

  filtrer(boite) {
    const cherche = plat(boite.value);
    const liste = premier(this.racine, boite.dataset.filtre);
    let combien = 0;
    for (const option of liste.options) {
      const montree = option.value === "" || plat(option.label).includes(cherche);
      option.hidden = !montree;
      if (montree && option.value !== "") combien += 1;
    }
    this.derouler(liste, plat(boite.value) ? Math.min(combien + 1, LISTE_MAX) : 0);
    clearTimeout(this.compte);
    this.compte = setTimeout(() => this.annoncer(combien === 1 ? "Un choix trouvé." : `${combien} choix trouvés.`), 600);
  }

  /* A list that is being searched shows what is left of it, until somebody goes elsewhere. */
  derouler(liste, rangs) {
    if (rangs) liste.size = Math.max(rangs, 2);
    else liste.removeAttribute("size");
  }

  quitte(e) {
    const liste = e.target.dataset.filtre ? premier(this.racine, e.target.dataset.filtre) : e.target;
    const vers = e.relatedTarget;
    if (liste?.size && liste.nodeName === "SELECT" && vers !== liste && vers?.dataset.filtre !== liste.id) this.derouler(liste, 0);
  }

  /* A copy beside everything else: JupyterLab holds the screen in boxes that would cut it at the window's height. */
  imprimer() {
    const copie = this.racine.cloneNode(true);
    copie.classList.add("a-imprimer");
    const controles = "input:not([type=file], [type=password]), select, textarea";
    const saisis = this.racine.querySelectorAll(controles);
    copie.querySelectorAll(controles).forEach((e, n) => {
      if (e.type === "checkbox" || e.type === "radio") e.checked = saisis[n].checked;
      else e.value = saisis[n].value;
    });
    for (const repli of copie.querySelectorAll("details")) repli.open = true;
    document.body.append(copie);
    document.documentElement.classList.add("facturier-imprime");
    window.print();
    document.documentElement.classList.remove("facturier-imprime");
    copie.remove();
  }

  /* --- what is exchanged --- */

  dire(evenement, octets) {
    this.file.push({ evenement, octets });
    this.vider();
  }

  async vider() {
    if (this.enVoie) return;
    this.enVoie = true;
    while (this.file.length) {
      const { evenement, octets } = this.file.shift();
      const envoi = { ...evenement, vue: this.vue, client: this.client, n: ++this.rang };
      let reponse;
      try {
        reponse = await this.envoyer(envoi, octets);
        this.confirmes(envoi);
        this.panne.replaceChildren();
      } catch {
        reponse = { refus: SILENCE };
      }
      this.occupe = this.file.some((f) => !["changer", "joindre", "bonjour"].includes(f.evenement.type));
      if (!this.occupe) this.page.removeAttribute("aria-busy");
      this.appliquer(reponse, true);
    }
    this.enVoie = false;
  }

  confirmes(envoi) {
    const dits = envoi.type === "changer" ? { [envoi.champ]: envoi.texte } : envoi.saisies || {};
    for (const [champ, texte] of Object.entries(dits)) {
      if (this.sale.get(champ) === texte) this.sale.delete(champ);
    }
  }

  appliquer(reponse, mien) {
    if (reponse.refus) return mien ? this.alerter(reponse.refus) : undefined;
    if (!mien && reponse.page === null && reponse.de !== this.vue) return this.dire({ type: "bonjour" });
    const avait = this.page.contains(document.activeElement);
    if (reponse.page !== null) {
      const gabarit = document.createElement("div");
      gabarit.innerHTML = reponse.page;
      if (reponse.neuf || !this.page.hasChildNodes()) this.page.replaceChildren(...gabarit.childNodes);
      else fondre(this.page, gabarit, this.sale);
    }
    for (const [id, html] of Object.entries(reponse.ilots)) {
      const ilot = premier(this.page, id);
      if (!ilot) continue;
      const gabarit = document.createElement("div");
      gabarit.innerHTML = html;
      fondre(ilot, gabarit, this.sale);
    }
    this.vue = reponse.vue;
    this.habiller();
    if (mien) {
      if (reponse.focus) this.viser(reponse.focus);
      else if (Object.keys(reponse.ilots).some((id) => id.endsWith("-statut"))) this.montrer();
      else if (avait && !this.page.contains(document.activeElement)) this.viser(this.page.querySelector("h2")?.id);
      if (reponse.annonce) this.annoncer(reponse.annonce);
      if (reponse.fichier) telecharger(reponse.fichier);
      if (this.adresses && reponse.titre) document.title = reponse.titre + SUITE_TITRE;
      if (this.adresses && reponse.adresse && reponse.adresse !== location.pathname + location.search) {
        history.pushState(null, "", reponse.adresse);
      }
    }
  }

  /* What only exists with JavaScript. */
  habiller() {
    for (const e of this.page.querySelectorAll(".filtre[hidden], [data-imprimer][hidden]")) e.hidden = false;
    const menu = this.page.querySelector("[data-menu]");
    if (menu && !menu.dataset.suivi) {
      menu.open = this.menu;
      menu.dataset.suivi = "oui";
      menu.addEventListener("toggle", () => (this.menu = menu.open));
    }
  }

  /* What the portal has just said is above, the button maybe far below: it is brought into sight, the focus stays. */
  montrer() {
    this.page.querySelector("[id$='-statut'] .avis")?.scrollIntoView({ block: "nearest" });
  }

  viser(id) {
    const e = premier(this.racine, id);
    if (!e) return;
    e.focus();
    e.scrollIntoView({ block: "nearest" });
  }

  annoncer(texte) {
    this.annonce.textContent = "";
    setTimeout(() => (this.annonce.textContent = texte), 50);
  }

  alerter(texte) {
    const avis = document.createElement("p");
    avis.className = "avis erreur";
    avis.textContent = texte;
    this.panne.replaceChildren(avis);
  }
}

const plat = (texte) =>
  texte
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

function decoder(texte) {
  const coupe = texte.indexOf("?");
  if (coupe < 0) return [texte, {}];
  return [texte.slice(0, coupe), Object.fromEntries(new URLSearchParams(texte.slice(coupe + 1)))];
}

function telecharger({ nom, mime, octets }) {
  const lus = Uint8Array.from(atob(octets), (c) => c.charCodeAt(0));
  const adresse = URL.createObjectURL(new Blob([lus], { type: mime }));
  const lien = document.createElement("a");
  lien.href = adresse;
  lien.download = nom;
  lien.click();
  setTimeout(() => URL.revokeObjectURL(adresse), 10000);
}

/* --- carriers --- */

/* HTTPS: an event is a POST of JSON; a file goes with it in a form. « preuve » says that the page is ours. */
export function parHttp(adresse, preuve) {
  return async (evenement, octets) => {
    const entetes = { "X-Preuve": preuve };
    let corps = JSON.stringify(evenement);
    if (octets) {
      corps = new FormData();
      corps.append("evenement", JSON.stringify(evenement));
      corps.append("fichier", new Blob([octets]), evenement.nom);
    } else entetes["Content-Type"] = "application/json";
    const reponse = await fetch(adresse, {
      method: "POST",
      body: corps,
      headers: entetes,
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const genre = reponse.headers.get("Content-Type") || "";
    if (!genre.startsWith("application/json")) throw new Error(String(reponse.status));
    return reponse.json();
  };
}

if (typeof document !== "undefined") {
  for (const racine of document.querySelectorAll(".facturier-ecran[data-adresse]")) {
    new Ecran(racine, parHttp(racine.dataset.adresse, racine.dataset.preuve || ""), { adresses: true });
    window.addEventListener("popstate", () => location.reload());
  }
}

/* JupyterLab keeps letters and arrows for itself wherever nothing is written (lists, radios): it looks at the element
   first, then around it, before the page hears the key. Ctrl+S alone is left to it. */
function garderLeClavier(racine) {
  const ecouter = (e) => {
    if (!(e.target instanceof Element) || !racine.contains(e.target)) return;
    const enregistrer = (e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "s";
    for (const element of [racine, e.target]) element.toggleAttribute("data-lm-suppress-shortcuts", !enregistrer);
  };
  window.addEventListener("keydown", ecouter, true);
  return () => window.removeEventListener("keydown", ecouter, true);
}

/* A notebook: the kernel answers on the same comm, to every page that shows it. */
export default {
  render({ model, el }) {
    const racine = el.appendChild(document.createElement("div"));
    racine.className = "facturier-ecran";
    const rendreLeClavier = garderLeClavier(racine);
    const attentes = new Map();
    const envoyer = (evenement, octets) =>
      new Promise((tenir, rompre) => {
        const minuterie = setTimeout(() => {
          attentes.delete(evenement.n);
          rompre(new Error("silence"));
        }, PATIENCE);
        attentes.set(evenement.n, (reponse) => {
          clearTimeout(minuterie);
          tenir(reponse);
        });
        model.send(evenement, undefined, octets ? [octets] : undefined);
      });
    const ecran = new Ecran(racine, envoyer);
    const recu = (message) => {
      const tenir = message.client === ecran.client ? attentes.get(message.n) : undefined;
      if (tenir) {
        attentes.delete(message.n);
        tenir(message);
      } else if (message.client !== ecran.client) ecran.appliquer(message, false);
    };
    model.on("msg:custom", recu);
    ecran.dire({ type: "bonjour" });
    return () => {
      rendreLeClavier();
      model.off("msg:custom", recu);
    };
  },
};
