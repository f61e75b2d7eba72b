"""Files as they arrive: judged by the official rules, then turned into the fields of a deposit.

Technical faults (a file that cannot be read, or that breaks its schema) make it *irrecevable*; broken business rules
make it *rejetée*; a failure of the engine is an incident, never a verdict. The portal then asks its own rules.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from facturier import referentiel
from facturier.portail import pieces_jointes
from facturier.portail import provenance as origine
from facturier.portail.evenements import Acteur
from facturier.portail.pieces_jointes import PieceJointe
from facturier.portail.refus import RefusPortail

if TYPE_CHECKING:
    from facturier.efacture.ocr import LectureOcr
    from facturier.efacture.resultat import Constat, Resultat

Verdict = Literal["recevable", "irrecevable", "rejetee", "incident"]
Valideur = Callable[[Sequence[Path], str], Iterable["Resultat"]]
"""Judges files under rule sets, verdicts in order."""

_TECHNIQUES = ("SEC-", "XSD-", "PDF-")
_JEUX = dict.fromkeys(origine.PLATEFORMES, "auto,cpro")
"""Rule sets of each way of depositing; the file's own road (``auto``) decides elsewhere."""
_EXTENSION = {"ubl": "xml", "cii": "xml", "facturx": "pdf"}
_ETATS: Mapping[Verdict, str] = {"recevable": "500", "irrecevable": "501", "rejetee": "601"}
"""Row of « statuts_flux » that says each verdict to who sent the file."""


class Guichet(Protocol):
    """The one verb of a portal, here or at the other end of a wire."""

    def faire(
        self, acteur: Acteur, action: str, objet: str = "", /, *, version: int | None = None, **donnees: str
    ) -> str: ...


@dataclass(frozen=True)
class Analyse:
    """What is said of one file before the portal's own rules: verdict, sentences with their rules, fields read."""

    fichier: str
    octets: int
    sha256: str
    verdict: Verdict
    format: str = ""
    phrases: tuple[str, ...] = ()
    regles: tuple[str, ...] = ()
    demande: Mapping[str, str] = field(default_factory=dict)
    emetteur: str = ""
    cadre_norme: str = ""
    jointes: tuple[PieceJointe, ...] = ()

    @property
    def etat(self) -> str:
        """What the sender reads, in words (« Recevable », « Irrecevable »…)."""
        code = _ETATS.get(self.verdict, "IN_INCIDENTE")
        return next(s.libelle for s in referentiel.statuts_flux() if s.code == code)

    def donnees(
        self, mode: str, complements: Mapping[str, str], lot: str = "", jointes: Sequence[PieceJointe] = ()
    ) -> dict[str, str]:
        """The fields of the deposit: those of the file, completed where the file is silent, never contradicted.

        The files joined are those that the XML holds, then ``jointes``.
        """
        toutes = (*self.jointes, *jointes)
        complets = {champ: valeur for champ, valeur in self.demande.items() if valeur}
        return {
            **complements,
            **complets,
            "mode": mode,
            "fichier": self.fichier,
            "fichier_octets": str(self.octets),
            "fichier_sha256": self.sha256,
            "fichier_format": self.format,
            "emetteur": self.emetteur,
            "cadre_norme": self.cadre_norme,
            **({"lot": lot} if lot else {}),
            **({"pieces_jointes": pieces_jointes.ecrire(toutes)} if toutes else {}),
        }


def isolement(chemins: Sequence[Path], jeux: str) -> Iterable[Resultat]:
    """Judge in worker processes: what a hostile file kills is not the portal."""
    from facturier.efacture.lot import valider_lot

    return valider_lot(chemins, jeux)


def analyser(
    fichiers: Sequence[tuple[str, bytes]], mode: str = origine.XML, valideur: Valideur = isolement
) -> list[Analyse]:
    """Judge files, in order; a bad one never stops the others. Nothing of theirs outlives the call."""
    with tempfile.TemporaryDirectory(prefix="facturier-depot-") as dossier:
        chemins = []
        for rang, (_, contenu) in enumerate(fichiers):  # their own names are never used as paths
            chemin = Path(dossier) / f"{rang:06d}"
            chemin.write_bytes(contenu)
            chemins.append(chemin)
        resultats = list(valideur(chemins, _JEUX.get(mode, "auto")))
    return [_analyse(nom, contenu, lu) for (nom, contenu), lu in zip(fichiers, resultats, strict=True)]


def deposer_fichier(
    guichet: Guichet,
    acteur: Acteur,
    nom: str,
    contenu: bytes,
    mode: str = "",
    complements: Mapping[str, str] | None = None,
    jointes: Sequence[tuple[str, bytes]] = (),
    valideur: Valideur = isolement,
) -> str:
    """Deposit one structured invoice (UBL, CII, Factur-X); the number of its piece.

    ``mode``: XML or mixed by default, from the file. ``complements``: what the file does not say (a valideur…).

    Raises:
        RefusPortail: ``irrecevable``, ``rejetee`` or ``incident``, with the findings' sentences; or the portal's rules.
    """
    (analyse,) = analyser([(nom, contenu)], mode, valideur)
    if analyse.verdict != "recevable":
        raise RefusPortail(analyse.phrases, analyse.regles, code=analyse.verdict)
    voie = mode or (origine.MIXTE if analyse.format == "facturx" else origine.XML)
    donnees = analyse.donnees(voie, complements or {}, jointes=lire_jointes(jointes))
    return guichet.faire(acteur, "deposer", version=None, **donnees)


def deposer_pdf(
    guichet: Guichet,
    acteur: Acteur,
    nom: str,
    contenu: bytes,
    cadre: str,
    graine: str,
    jointes: Sequence[tuple[str, bytes]] = (),
) -> tuple[str, LectureOcr]:
    """Deposit a PDF: the machine reads it, with its mistakes; the piece waits to be checked, then sent.

    Raises:
        ErreurFacturier: the PDF cannot be read, or RefusPortail, the portal does not take it.
    """
    from facturier.efacture.ocr import lire_pdf

    lecture = lire_pdf(contenu, graine)
    lus = {origine.LU + champ: lu.valeur for champ, lu in lecture.champs.items()}
    donnees = {
        **lus,
        "cadre": cadre,
        "fichier": nom,
        "fichier_octets": str(lecture.octets),
        "fichier_sha256": lecture.sha256,
        origine.A_VERIFIER: " ".join(lecture.a_verifier),
    }
    if jointes:
        donnees["pieces_jointes"] = pieces_jointes.ecrire(lire_jointes(jointes))
    return guichet.faire(acteur, "deposer_pdf", version=None, **donnees), lecture


def lire_jointes(jointes: Sequence[tuple[str, bytes]]) -> list[PieceJointe]:
    """What a deposit keeps of the files joined, once their contents have been looked at.

    Raises:
        RefusPortail: a file is empty, or is not what its extension says.
    """
    refus = [manque for nom, contenu in jointes for manque in pieces_jointes.controler_contenu(nom, contenu)]
    if refus:
        raise RefusPortail([phrase for _, phrase in refus], [regle for regle, _ in refus])
    return [PieceJointe(nom, len(contenu)) for nom, contenu in jointes]


def _analyse(nom: str, contenu: bytes, resultat: Resultat) -> Analyse:
    from facturier.efacture.demande import lire_demande
    from facturier.efacture.lecture import Illisible

    def rendre(verdict: Verdict, constats: Iterable[Constat] = ()) -> Analyse:
        dits = list(constats)
        return Analyse(
            nom,
            len(contenu),
            hashlib.sha256(contenu).hexdigest(),
            verdict,
            resultat.format if resultat.format != "inconnu" else "",
            tuple(c.phrase for c in dits),
            tuple(c.regle for c in dits),
        )

    erreurs = [c for c in resultat.constats if c.gravite == "erreur"]
    if resultat.verdict == "erreur_moteur":
        return rendre("incident", erreurs)
    if resultat.verdict == "illisible":
        return rendre("irrecevable", erreurs)
    attendue = _EXTENSION.get(resultat.format, "")
    if attendue and pieces_jointes.extension(nom) != attendue:
        phrase = f"Le contenu du fichier est du {attendue.upper()} : son nom doit finir par « .{attendue} »."
        return replace(rendre("irrecevable"), phrases=(phrase,), regles=("fichier-extension",))
    if erreurs:
        technique = any(c.regle.startswith(_TECHNIQUES) for c in erreurs)
        return rendre("irrecevable" if technique else "rejetee", erreurs)
    try:
        lue = lire_demande(contenu)
    except Illisible as refus:
        return rendre("irrecevable", [refus.constat])
    return replace(
        rendre("recevable"),
        demande=lue.champs,
        emetteur=lue.emetteur,
        cadre_norme=lue.cadre_norme,
        jointes=tuple(PieceJointe(" ".join(joint.split()), taille) for joint, taille in lue.jointes),
    )
