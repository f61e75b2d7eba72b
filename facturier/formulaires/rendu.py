"""Handing one's work in: what is done, what is left, and one file with everything, under a receipt."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from facturier.ecrans import garde
from facturier.ecriture import write_bytes
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.reponses import (
    TAILLE_CARNET_MAX,
    Reponse,
    ReponseIllisible,
    canonique,
    charger_json,
    chemin_annexe,
    lire_annexe,
    lire_miroirs,
    reunir,
)
from facturier.formulaires.espace import lire_enonces
from facturier.formulaires.memoire import maintenant
from facturier.formulaires.parcours import lecons

Avancement = Literal["fait", "commencé", "à faire"]

_CHAPITRES_MAX = 100
_FICHIERS_MAX = 500
_TOTAL_MAX = 200 * 1024 * 1024
_NOM_SUR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_JAMAIS = (".DS_Store", "Thumbs.db", "desktop.ini")
_DATE_ZIP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Avance:
    """Where one exercise stands: what it is called, how far it is, in words."""

    chapitre: str
    exercice: str
    titre: str
    etat: Avancement
    detail: str


@dataclass(frozen=True)
class Recu:
    """The proof of a hand-in: the file, and the short hash of the answers it holds."""

    fichier: Path
    recu: str
    quand: datetime
    fichiers: int


class Rendu:
    """The work of a learner's folder, read as it is on the disk; that of ``apprenant`` alone when several share it."""

    def __init__(self, dossier: Path, *, apprenant: str = "", horloge: Callable[[], datetime] = maintenant) -> None:
        self.dossier = dossier
        self._apprenant = apprenant
        self._horloge = horloge

    def avancement(self) -> tuple[Avance, ...]:
        """Every exercise of every chapter, in the order of the day."""
        return tuple(
            _avance(slug, exercice, self._reponses(slug).get(exercice["id"]))
            for slug, exercices in self._enonces().items()
            for exercice in exercices
        )

    def rendre(self, prenom: str = "") -> Recu:
        """Write ``rendus/rendu-<prénom>-<reçu>.zip`` at once or not at all.

        Raises:
            ErreurFacturier: nothing to hand in, too much of it, or the folder cannot be written; nothing is then lost.
        """
        fichiers = self._fichiers()
        if not fichiers:
            raise ErreurFacturier(
                f"Il n’y a rien à rendre dans {self.dossier} : ouvrez le kit depuis votre dossier de travail.",
                code="rien-a-rendre",
            )
        reponses = {slug: self._reponses(slug) for slug in self._chapitres()}
        empreintes = {slug: {cle: r.empreinte() for cle, r in trouvees.items()} for slug, trouvees in reponses.items()}
        recu = hashlib.sha256(canonique(empreintes)).hexdigest()[:12]
        quand = self._horloge()
        bordereau = {
            "schema": 1,
            "recu": recu,
            "prenom": prenom,
            "quand": quand.isoformat(timespec="seconds"),
            "reponses": empreintes,
            "fichiers": {nom: hashlib.sha256(octets).hexdigest() for nom, octets in fichiers.items()},
        }
        fichier = self.dossier / "rendus" / f"rendu-{_slug(prenom)}-{recu[:8]}.zip"
        try:
            write_bytes(fichier, _archive({**fichiers, "recu.json": _json(bordereau)}))
        except OSError as cause:
            raise ErreurFacturier(
                f"Le fichier à rendre ne peut pas être écrit dans {fichier.parent} "
                "(support plein ou en lecture seule ?) : "
                "vos réponses sont gardées ; appelez le formateur.",
                code="rendu-impossible",
            ) from cause
        return Recu(fichier, recu, quand, len(fichiers))

    def _chapitres(self) -> tuple[str, ...]:
        racine = self.dossier / "release"
        if not racine.is_dir():
            return ()
        noms = sorted(p.name for p in racine.iterdir() if _NOM_SUR.fullmatch(p.name) and _dossier_vrai(p))
        return tuple(noms[:_CHAPITRES_MAX])

    def _enonces(self) -> dict[str, list[dict[str, Any]]]:
        trouves: dict[str, list[dict[str, Any]]] = {}
        journee = {slug: rang for rang, slug in enumerate(lecons(self.dossier))}
        for slug in sorted(self._chapitres(), key=lambda slug: (journee.get(slug, len(journee)), slug)):
            path = self.dossier / "release" / slug / "enonces.json"
            if path.is_file():
                trouves[slug] = lire_enonces(path)["exercices"]
        return trouves

    def _reponses(self, slug: str) -> dict[str, Reponse]:
        carnet = self.dossier / "release" / slug / "exercices.ipynb"
        annexe, _ = lire_annexe(chemin_annexe(carnet, self._apprenant))
        if self._apprenant:  # a mirror says nothing of whose it is
            return annexe
        try:
            miroirs, _ = lire_miroirs(charger_json(carnet, TAILLE_CARNET_MAX))
        except ReponseIllisible:
            miroirs = {}
        cles = {**annexe, **miroirs}
        return {cle: reunir(annexe.get(cle, miroirs.get(cle, r)), miroirs.get(cle, r))[0] for cle, r in cles.items()}

    def _fichiers(self) -> dict[str, bytes]:
        """What goes in: exercise notebooks and answers, plain files of the folder only, bounded."""
        chemins: list[Path] = []
        siennes = Path("reponses", self._apprenant)
        for slug in self._chapitres():
            dossier = self.dossier / "release" / slug
            chemins += sorted(dossier.glob("*.ipynb"))
            if _dossier_vrai(dossier / "reponses") and _dossier_vrai(dossier / siennes):
                chemins += sorted((dossier / siennes).glob("*.json"))
        fichiers: dict[str, bytes] = {}
        total = 0
        for path in chemins:
            octets = _lire_borne(path)
            if octets is None or path.name.startswith(".") or path.name in _JAMAIS:
                continue
            total += len(octets)
            if total > _TOTAL_MAX or len(fichiers) >= _FICHIERS_MAX:
                raise ErreurFacturier(
                    f"Vos carnets sont trop gros pour être rendus (plus de {_TOTAL_MAX // 1024**2} Mio) : "
                    "appelez le formateur.",
                    code="rendu-trop-gros",
                )
            nom = path.relative_to(self.dossier).as_posix()
            if self._apprenant:
                octets = _sans_sorties(octets) if path.suffix == ".ipynb" else octets
                nom = nom.replace(f"/{siennes.as_posix()}/", "/reponses/")
            fichiers[nom] = octets
        return fichiers


def _avance(slug: str, exercice: dict[str, Any], reponse: Reponse | None) -> Avance:
    etat, detail = _etat(exercice, reponse)
    return Avance(slug, exercice["id"], exercice["titre"], etat, detail)


def _etat(exercice: dict[str, Any], reponse: Reponse | None) -> tuple[Avancement, str]:
    valeurs = {cle: valeur for cle, valeur in (reponse.valeurs if reponse else {}).items() if valeur}
    if exercice["genre"] == "quiz":
        ids = [item["id"] for item in exercice["items"]]
        nombre = sum(1 for item_id in ids if valeurs.get(item_id))
        detail = f"{nombre} réponse{'s' if nombre > 1 else ''} sur {len(ids)}"
        return ("fait" if nombre == len(ids) else "commencé" if nombre else "à faire"), detail
    if exercice["genre"] == "portail":
        return _etat_de_situation(str(exercice.get("situation")), reponse, rempli=bool(garde.saisies(valeurs)))
    if exercice["genre"] == "depot":
        actions = {evenement.get("action") for evenement in reponse.journal} if reponse else set()
        if actions & {"deposer", "envoyer"}:
            return "fait", "facture envoyée"
        if "enregistrer" in actions:
            return "commencé", "brouillon enregistré, pas envoyé"
        return ("commencé", "rempli, pas envoyé") if valeurs else ("à faire", "rien n’est saisi")
    return ("fait", "valeur remise") if valeurs else ("à faire", "aucune valeur remise")


def _etat_de_situation(situation: str, reponse: Reponse | None, *, rempli: bool) -> tuple[Avancement, str]:
    """What was done since the learner came in: what had already happened there is not theirs."""
    from facturier.portail import Annuaire
    from facturier.situations import commencer, raconter, rejouer, reste

    if reponse is None or not reponse.journal:
        return ("commencé", "rempli, pas envoyé") if rempli else ("à faire", "rien n’est fait sur le portail")
    try:
        recit = raconter(situation, reponse.graine)
        annuaire = Annuaire.charger()
        debut = commencer(recit, annuaire)
        actions = {evenement.get("action") for evenement in reponse.journal[debut.longueur :]}
        if recit.depot:
            envoyee = bool(actions & {"deposer", "envoyer"})
            return ("fait", "facture envoyée") if envoyee else ("commencé", "brouillon enregistré, pas envoyé")
        if not actions:
            return "à faire", "rien n’est fait sur le portail"
        if reste(recit, debut, rejouer(recit, list(reponse.journal), annuaire)):
            return "commencé", "il reste à faire : relisez ce que votre travail doit montrer"
    except ErreurFacturier:
        return "commencé", "situation illisible sur ce poste"
    return "fait", "rien ne semble manquer"


def _dossier_vrai(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _lire_borne(path: Path) -> bytes | None:
    """A plain file's bytes; None for a link, a device, a file that is too big or cannot be read."""
    try:
        etat = os.lstat(path)
        if not stat.S_ISREG(etat.st_mode) or etat.st_size > TAILLE_CARNET_MAX:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _sans_sorties(octets: bytes) -> bytes:
    """A notebook that several people share, without its outputs: the answers that they mirror are somebody else's."""
    try:
        carnet = json.loads(octets)
        for cellule in carnet["cells"]:
            if "outputs" in cellule:
                cellule["outputs"] = []
    except (ValueError, KeyError, TypeError, RecursionError):
        return b"{}"
    return _json(carnet)


def _archive(fichiers: dict[str, bytes]) -> bytes:
    """The same files always make the same bytes: names sorted, one date."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom in sorted(fichiers):
            entree = zipfile.ZipInfo(nom, _DATE_ZIP)
            entree.compress_type = zipfile.ZIP_DEFLATED
            entree.external_attr = 0o644 << 16
            archive.writestr(entree, fichiers[nom])
    return tampon.getvalue()


def _json(contenu: Any) -> bytes:
    return (json.dumps(contenu, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _slug(prenom: str) -> str:
    plat = unicodedata.normalize("NFKD", prenom).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plat).strip("-")[:40] or "sans-prenom"
