"use strict";
/* What the pages filled without a kernel share: what is kept in this browser, the file made of it. No network. */
const commun = {
  dit: (id, texte) => (document.getElementById(id).textContent = texte),
  bienForme: (t) => (t.toWellFormed ? t.toWellFormed() : t),
  hasard: (octets) => Array.from(crypto.getRandomValues(new Uint8Array(octets)), (o) => o.toString(16).padStart(2, "0")).join(""),

  /* What was kept under that key, if it is well formed; else what is new. */
  reprendre(cle, neuf, lisible) {
    try {
      const lu = JSON.parse(localStorage.getItem(cle));
      if (lu && lisible(lu)) return lu;
    } catch {
      /* nothing kept yet, or a browser that keeps nothing */
    }
    return neuf;
  },

  /* Keeps it, and says so; a browser that keeps nothing is said too. */
  garder(cle, garde, suite, quoi) {
    const heure = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
    try {
      localStorage.setItem(cle, JSON.stringify(garde));
      commun.dit("etat", `Réponse enregistrée à ${heure}.${suite}`);
    } catch {
      commun.dit("etat", `Ce navigateur ne garde rien : faites ${quoi} avant de fermer cette page.${suite}`);
    }
  },

  telecharger(nom, contenu) {
    const lien = document.createElement("a");
    lien.href = URL.createObjectURL(new Blob([contenu], { type: "application/json" }));
    lien.download = nom;
    lien.click();
  },

  /* « Tout recommencer » asks once more before it empties. */
  vider(cle) {
    let sur = false;
    document.getElementById("vider").addEventListener("click", (e) => {
      if (!sur) {
        sur = true;
        e.target.textContent = "Oui, effacer mes réponses";
        return;
      }
      localStorage.removeItem(cle);
      location.reload();
    });
  },
};
