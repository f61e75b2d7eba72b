// Refreshes the live part of a page, if it has changed. Everything works without this, by the button « Actualiser ».
"use strict";
(() => {
  const zone = document.getElementById("direct");
  const annonce = document.getElementById("annonce");
  if (!zone || !zone.dataset.direct) return;
  const PAS = 2000;
  const LENT = 20000;
  let etag = "";
  let pannes = 0;
  let attente = 0;

  const remplacer = (html) => {
    const actif = zone.contains(document.activeElement) ? document.activeElement.id : "";
    const ouverts = [...zone.querySelectorAll("details[open][id]")].map((d) => d.id);
    const glissee = zone.querySelector(".cadre-tableau")?.scrollLeft ?? 0;
    zone.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    ouverts.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    zone.querySelector(".cadre-tableau")?.scrollTo(glissee, 0);
    if (actif) document.getElementById(actif)?.focus({ preventScroll: true });
    const dit = zone.querySelector("[data-annonce]")?.dataset.annonce ?? "";
    if (annonce.textContent.trim() !== dit.trim()) annonce.textContent = dit;
  };

  const demander = async () => {
    attente = 0;
    try {
      const reponse = await fetch(zone.dataset.direct, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (reponse.status === 401) return void window.location.assign("/animateur/connexion");
      if (reponse.ok) {
        etag = reponse.headers.get("ETag") ?? "";
        remplacer(await reponse.text());
      }
      if (reponse.ok || reponse.status === 304) {
        if (pannes) annonce.textContent = "La liaison avec le portail est rétablie.";
        pannes = 0;
      } else pannes += 1;
    } catch {
      pannes += 1;
    }
    if (pannes === 3) annonce.textContent = "Le portail ne répond plus : cette page n’est plus à jour.";
    attente = window.setTimeout(demander, document.hidden || pannes > 3 ? LENT : PAS);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !attente) return;
    window.clearTimeout(attente);
    attente = 0;
    demander();
  });
  attente = window.setTimeout(demander, PAS);
})();
