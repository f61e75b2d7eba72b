"""Ce qu’un programme mesure d’un écran dans le navigateur : noms, titres, ordre, largeurs, cibles, allure."""

import base64
import struct
import zlib

TABLETTE, COUCHEE, AGRANDI, TELEPHONE = 768, 1024, 640, 390
"""CSS pixels across: a tablet, upright and on its side, a screen of 1280 at 200 %, a phone."""
CONFORME = """() => {
  const racine = document.querySelector(".facturier-ecran"), defauts = [];
  const vus = (s) => [...racine.querySelectorAll(s)].filter((e) => e.checkVisibility() && !e.matches(".defaut"));
  const dire = (quoi, e) => defauts.push(quoi + " : " + (e.outerHTML || e).slice(0, 140));
  for (const e of vus("input:not([type=hidden]), select, textarea")) {
    const nomme = e.labels.length || e.getAttribute("aria-labelledby") || e.getAttribute("aria-label");
    if (!nomme) dire("sans étiquette", e);
    for (const id of (e.getAttribute("aria-describedby") || "").split(" ").filter(Boolean))
      if (!document.getElementById(id)) dire("description absente", e);
    const dit = document.getElementById(e.id + "-m")?.textContent.trim();
    if (e.getAttribute("aria-invalid") && !dit) dire("erreur muette", e);
  }
  for (const e of vus("[tabindex]"))
    if (e.tabIndex > 0 || (e.tabIndex < 0 && e.nodeName !== "H2")) dire("hors du clavier", e);
  const titres = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((e) => e.checkVisibility());
  const rangs = titres.map((e) => Number(e.nodeName[1]));
  if (rangs.filter((r) => r === 1).length !== 1 || rangs[0] !== 1) dire("un seul h1, en tête", rangs.join(" "));
  if (rangs.filter((r) => r === 2).length !== 1) dire("un seul h2, le titre de l’écran", rangs.join(" "));
  rangs.forEach((r, n) => { if (n && r > rangs[n - 1] + 1) dire("niveau sauté", titres[n]); });
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids)) if (ids.filter((i) => i === id).length > 1) dire("identifiant double", id);
  const lieux = vus("form.ecran input:not([type=hidden]), form.ecran select, form.ecran textarea, form.ecran button")
    .filter((e) => !e.closest("table")).map((e) => [e.getBoundingClientRect(), e]);
  lieux.forEach(([r, e], n) => { if (n && r.bottom <= lieux[n - 1][0].top) dire("ordre de lecture", e); });
  return defauts;
}"""
"""What a machine can see of a screen beside axe-core: names, errors, headings, order of reading."""
SERRE = """() => {
  const defauts = [], large = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > large) {
    defauts.push("la page défile de côté");
    for (const e of document.querySelectorAll(".facturier-ecran *"))
      if (e.getBoundingClientRect().right > large + 1 && !e.parentElement.closest(".deborde"))
        defauts.push("dépasse : " + e.outerHTML.slice(0, 120));
  }
  const cibles = "button, summary, nav a, .liens a, header a, select, textarea, input:not([type=hidden])";
  for (const e of document.querySelectorAll(cibles)) {
    if (!e.checkVisibility() || e.matches(".defaut, .cache, .evitement")) continue;
    const [vise, moindre] = e.matches("[type=checkbox], [type=radio]") ? [e.labels[0], 24] : [e, 43.5];
    const { width: l, height: h } = vise.getBoundingClientRect();
    if (h < moindre || l < moindre) defauts.push(`petit (${l | 0} × ${h | 0}) : ${e.outerHTML.slice(0, 120)}`);
  }
  return defauts;
}"""
"""On a small screen: nothing beyond the page, nothing too small for a finger."""
CACHES = """() => [...document.querySelectorAll(".deborde:has(> table)")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.getAttribute("aria-label")} : ${e.scrollWidth} > ${e.clientWidth}`)"""
"""Tables of which a part is out of sight."""
COMPARER = """async ([vue, reference]) => {
  const gris = async (png, large) => {
    const image = new Image();
    image.src = "data:image/png;base64," + png;
    await image.decode();
    const toile = document.createElement("canvas");
    [toile.width, toile.height] = [large, Math.round((large * image.height) / image.width)];
    const crayon = toile.getContext("2d");
    crayon.imageSmoothingQuality = "high";
    crayon.filter = "grayscale(1)";
    crayon.drawImage(image, 0, 0, toile.width, toile.height);
    return [toile, crayon.getImageData(0, 0, toile.width, toile.height).data];
  };
  if (!reference) {
    const [{ width, height }, lu] = await gris(vue, 768), rangs = new Uint8Array((height * width) / 2);
    for (let n = 0; n < rangs.length; n++) rangs[n] = ((lu[8 * n] >> 4) << 4) | (lu[8 * n + 4] >> 4);
    let texte = "";
    for (const octet of rangs) texte += String.fromCharCode(octet);
    return [width, height, btoa(texte)];
  }
  const [, a] = await gris(vue, 320), [, b] = await gris(reference, 320);
  let somme = Math.abs(a.length - b.length) * 255;
  for (let n = 0; n < Math.min(a.length, b.length); n += 4) somme += Math.abs(a[n] - b[n]);
  return (somme * 4) / a.length;
}"""
"""The mean difference of two pictures in grey, made small; one alone: its width, its height, its sixteen greys."""
COUPE = """() => {
  const large = document.documentElement.clientWidth, defauts = [];
  if (document.documentElement.scrollWidth > large) defauts.push("la page défile de côté");
  for (const e of document.querySelectorAll("main *")) {
    if (!e.checkVisibility() || e.closest(".deborde, .cache, .evitement, .defaut")) continue;
    const bord = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (bord.width > 1 && bord.right > large + 1) defauts.push("dépasse : " + e.outerHTML.slice(0, 120));
    if (style.overflowY === "hidden" && e.scrollHeight > e.clientHeight + 2 && bord.height > 1)
      defauts.push("coupé : " + e.outerHTML.slice(0, 120));
  }
  return defauts;
}"""
"""A page of a notebook, zoomed or printed: nothing beyond its edge, nothing hidden by a box too small."""
IMPRIME = """() => {
  const defauts = [];
  const vains = document.querySelectorAll(".facturier-ecran :is(button, nav, input[type=file]), .facturier-lien");
  for (const e of vains) if (e.checkVisibility()) defauts.push("inutile : " + e.outerHTML.slice(0, 120));
  for (const e of document.querySelectorAll(".facturier-ecran")) {
    const { color, backgroundColor } = getComputedStyle(e);
    if (color !== "rgb(0, 0, 0)" || backgroundColor !== "rgb(255, 255, 255)") defauts.push(color + backgroundColor);
  }
  return defauts;
}"""
"""On paper: no button, no menu, black on white."""


def image_grise(largeur: int, hauteur: int, points: str) -> bytes:
    """A PNG of sixteen greys, two points an octet (base64): a tenth of what the browser would write."""

    def morceau(nom: bytes, contenu: bytes) -> bytes:
        return struct.pack(">I", len(contenu)) + nom + contenu + struct.pack(">I", zlib.crc32(nom + contenu))

    octets, pas = base64.b64decode(points), largeur // 2
    rangs = b"".join(b"\0" + octets[n : n + pas] for n in range(0, len(octets), pas))
    entete = struct.pack(">IIBBBBB", largeur, hauteur, 4, 0, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + morceau(b"IHDR", entete) + morceau(b"IDAT", zlib.compress(rangs, 9)) + morceau(b"IEND", b"")
