"""Several invoices at once: an archive is opened under bounds, each invoice gets its own verdict, the flow its status.

One bad invoice does not stop the others: they are deposited one by one, each by an ordinary event that names the lot
by its sha256; a last event keeps the report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Literal

from facturier import referentiel
from facturier.archives import MIO, Abimee, Bornes, Compte, TropGros, est_gzip, est_zip, fin, lire_tar_gz, lire_zip
from facturier.portail import provenance as origine
from facturier.portail.evenements import Acteur
from facturier.portail.fichiers import Analyse, Guichet, Valideur, analyser, isolement
from facturier.portail.flux import DEPOSER_FLUX, INCIDENTE, statuts_possibles
from facturier.portail.refus import RefusPortail

VerdictLot = Literal["integree", "irrecevable", "rejetee", "incident", "ecartee"]
MOTS: Mapping[VerdictLot, str] = {
    "integree": "intégrée",
    "irrecevable": "irrecevable",
    "rejetee": "rejetée",
    "incident": "non contrôlée (incident)",
    "ecartee": "écartée",
}
FACTURES = (".xml", ".pdf")
BORNES = Bornes(fichiers=200, octets_fichier=30 * MIO, octets_total=120 * MIO)
"""What is opened of a learner's archive, invoices or not."""
ARCHIVE_MAX = 30 * MIO


@dataclass(frozen=True)
class LigneDeLot:
    """What became of one file of the lot; ``piece`` is the number of the piece it gave, "" otherwise."""

    fichier: str
    verdict: VerdictLot
    piece: str = ""
    phrases: tuple[str, ...] = ()
    regles: tuple[str, ...] = ()

    @property
    def mot(self) -> str:
        """The verdict as people read it."""
        return MOTS[self.verdict]


@dataclass(frozen=True)
class CompteRendu:
    """The report of a flow: its status, and what became of each file."""

    fichier: str
    sha256: str
    octets: int
    statut: str
    lignes: tuple[LigneDeLot, ...]
    flux: str = ""

    @property
    def libelle(self) -> str:
        """The status in words."""
        return next(s.libelle for s in referentiel.statuts_flux() if s.code == self.statut)

    @property
    def pieces(self) -> tuple[str, ...]:
        """Numbers of the pieces that the lot gave."""
        return tuple(ligne.piece for ligne in self.lignes if ligne.piece)

    def en_donnees(self) -> dict[str, str]:
        """What the journal keeps of it: counts, and for each file that gave no piece its verdict and first rule."""
        refusees = [ligne for ligne in self.lignes if not ligne.piece]
        return {
            "fichier": self.fichier,
            "fichier_octets": str(self.octets),
            "fichier_sha256": self.sha256,
            "recues": str(sum(ligne.verdict != "ecartee" for ligne in self.lignes)),
            "integrees": str(len(self.pieces)),
            "statut": self.statut,
            "refusees": "\n".join(
                f"{ligne.fichier[-60:]} : {ligne.verdict} ({next(iter(ligne.regles), '')[:20]})" for ligne in refusees
            ),
        }


def ouvrir_lot(nom: str, contenu: bytes, au: date | None = None) -> tuple[list[tuple[str, bytes]], list[LigneDeLot]]:
    """The invoices of an archive (zip or tar.gz), and the files set aside with the reason.

    Raises:
        RefusPortail: not an archive, damaged, beyond the bounds, or no invoice in it; nothing is deposited.
    """
    if len(contenu) > ARCHIVE_MAX:
        raise _refus("lot-taille", f"Le lot dépasse {ARCHIVE_MAX // MIO} Mo : faites-en plusieurs.")
    if est_zip(contenu):
        lire = lire_zip
    elif est_gzip(contenu):
        lire = lire_tar_gz
    else:
        raise _refus("lot-format", f"« {fin(nom)} » n’est ni un zip ni un tar.gz : déposez l’une de ces archives.")
    factures: list[tuple[str, bytes]] = []
    ecartees: list[LigneDeLot] = []
    try:
        for entree in lire(contenu, Compte(BORNES), lambda n: n.lower().endswith(FACTURES)):
            court = PurePosixPath(entree.nom).name or entree.nom
            if entree.octets is not None:
                factures.append((court, entree.octets))
            elif entree.refus:
                ecartees.append(_ecartee(court, "lot-entree", f"« {fin(entree.nom)} » {entree.refus} ; il est écarté."))
            else:
                phrase = f"« {court} » n’est ni un XML ni un PDF ; il est écarté."
                ecartees.append(_ecartee(court, "lot-extension", phrase))
    except TropGros as cause:
        raise _refus("lot-taille", f"Le lot « {fin(nom)} » est refusé : {cause}.") from cause
    except Abimee as cause:
        raise _refus("lot-abime", f"L’archive « {fin(nom)} » est abîmée : refaites-la.") from cause
    controler_nombre(len(factures), au)
    return factures, ecartees


def controler_nombre(factures: int, au: date | None = None) -> None:
    """RefusPortail for a lot without invoice, or with more than the table allows."""
    if not factures:
        raise _refus("lot-vide", "Le lot ne contient aucune facture (.xml ou .pdf).")
    limite = referentiel.limite("factures_lot", au)
    if factures > limite.valeur:
        raise _refus(
            "lot-nombre",
            f"Le lot compte {factures} factures : ce portail de formation en admet {limite.valeur} au plus "
            f"({limite.precision or limite.source}). Faites-en plusieurs.",
        )


def deposer_lot(
    guichet: Guichet,
    acteur: Acteur,
    nom: str,
    contenu: bytes,
    complements: Mapping[str, str] | None = None,
    valideur: Valideur = isolement,
    au: date | None = None,
) -> CompteRendu:
    """Deposit the invoices of an archive, each on its own; the report is kept in the journal.

    Raises:
        RefusPortail: the archive as a whole is refused; nothing is deposited.
    """
    factures, ecartees = ouvrir_lot(nom, contenu, au)
    return _deposer(guichet, acteur, (nom, contenu), factures, ecartees, complements or {}, valideur)


def _deposer(
    guichet: Guichet,
    acteur: Acteur,
    archive: tuple[str, bytes],
    factures: Sequence[tuple[str, bytes]],
    ecartees: Sequence[LigneDeLot],
    complements: Mapping[str, str],
    valideur: Valideur,
) -> CompteRendu:
    return integrer(guichet, acteur, archive, analyser(factures, origine.LOT, valideur), ecartees, complements)


def integrer(
    guichet: Guichet,
    acteur: Acteur,
    archive: tuple[str, bytes],
    analyses: Sequence[Analyse],
    ecartees: Sequence[LigneDeLot] = (),
    complements: Mapping[str, str] | None = None,
) -> CompteRendu:
    """Deposit invoices already judged, that came in that file, then keep the report (``RefusPortail``: it is refused).

    The file is an archive, or the one invoice that a machine sends as a flow.
    """
    nom, contenu = archive
    empreinte = hashlib.sha256(contenu).hexdigest()
    lignes = [_une(guichet, acteur, analyse, complements or {}, empreinte) for analyse in analyses]
    rendu = CompteRendu(nom, empreinte, len(contenu), statut_du_lot(lignes), (*lignes, *ecartees))
    flux = guichet.faire(acteur, DEPOSER_FLUX, version=None, **rendu.en_donnees())
    return CompteRendu(nom, empreinte, len(contenu), rendu.statut, rendu.lignes, flux)


def _une(guichet: Guichet, acteur: Acteur, analyse: Analyse, complements: Mapping[str, str], lot: str) -> LigneDeLot:
    if analyse.verdict != "recevable":
        return LigneDeLot(analyse.fichier, analyse.verdict, phrases=analyse.phrases, regles=analyse.regles)
    try:
        piece = guichet.faire(acteur, "deposer", version=None, **analyse.donnees(origine.LOT, complements, lot))
    except RefusPortail as refus:
        return LigneDeLot(analyse.fichier, "rejetee", phrases=refus.phrases, regles=refus.regles)
    return LigneDeLot(analyse.fichier, "integree", piece)


def statut_du_lot(lignes: Sequence[LigneDeLot]) -> str:
    """Code of the flow's status: everything integrated, a part, nothing, or nothing for a reason of ours."""
    integrees = sum(ligne.verdict == "integree" for ligne in lignes)
    premier, *_ = statuts_possibles(len(lignes), integrees)
    return INCIDENTE if not integrees and any(ligne.verdict == "incident" for ligne in lignes) else premier


def _ecartee(nom: str, regle: str, phrase: str) -> LigneDeLot:
    return LigneDeLot(nom, "ecartee", phrases=(phrase,), regles=(regle,))


def _refus(regle: str, phrase: str) -> RefusPortail:
    return RefusPortail((phrase,), (regle,), code="irrecevable")
