"""The general décompte: what comes to the titulaire, what was paid, the balance; then how it becomes definitive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from facturier.delais import Echeance, Etape, echeance, la_plus_faible
from facturier.delais.calendrier import ajouter_jours
from facturier.delais.etapes import en_date, etape
from facturier.erreurs import ErreurFacturier
from facturier.montants import format_euros
from facturier.referentiel.socle import Fiabilite
from facturier.travaux.decompte import Decompte
from facturier.travaux.marche import ZERO, refus


@dataclass(frozen=True)
class Versement:
    """A line of the recapitulation: what was paid to the titulaire, in euros TTC."""

    libelle: str
    montant: Decimal


@dataclass(frozen=True)
class DecompteGeneral:
    """The final décompte, the recapitulation of payments and the balance, in euros.

    ``total`` = Σ ``recapitulation`` + ``solde``: each sum is counted once. The retenue de garantie, held until it is
    released, and what subcontractors were paid directly are outside it. A negative balance was overpaid.
    """

    decompte: Decompte
    total: Decimal
    recapitulation: tuple[Versement, ...]
    solde: Decimal
    etapes: tuple[Etape, ...]

    @property
    def retenue(self) -> Decimal:
        """The retenue de garantie still held, in euros."""
        return self.decompte.etat.retenue

    @property
    def paye_directement(self) -> Decimal:
        return self.decompte.etat.sous_traitance

    @property
    def fiabilite(self) -> Fiabilite:
        return la_plus_faible(self.etapes)


def decompte_general(final: Decompte) -> DecompteGeneral:
    """The general décompte that follows a final décompte (or, in the tacit procedure, its project).

    Raises:
        ErreurFacturier: ``piece-inattendue`` when it is a monthly piece; ``index-manquant`` when its revision waits.
    """
    if not final.est_final:
        raise refus(
            f"Cette pièce est un {final.nature} : le décompte général part d’un décompte final.", "piece-inattendue"
        )
    if final.marche.revision is not None and final.etat.coefficient is None:
        raise refus(
            "La révision du décompte final n’est pas calculée : ajoutez la valeur des index de ce mois.",
            "index-manquant",
        )
    etat = final.etat
    total = etat.ttc - etat.sous_traitance - etat.retenue - etat.penalites
    versements = [Versement("Avance", final.marche.avance)] if final.marche.avance else []
    versements += [
        Versement(f"Acompte de {situation.nom_mois}", montant)
        for situation, montant in zip(final.situations[:-1], final.acomptes, strict=True)
    ]
    verse = sum((v.montant for v in versements), ZERO)
    solde = total - verse
    deductions = " - ".join(format_euros(m) for m in (etat.ttc, etat.sous_traitance, etat.retenue, etat.penalites))
    etapes = [
        etape("general-total", deductions, format_euros(total)),
        etape(
            "general-recapitulation",
            " + ".join(format_euros(v.montant) for v in versements) or "rien",
            format_euros(verse),
        ),
        etape("general-solde", f"{format_euros(total)} - {format_euros(verse)}", format_euros(solde)),
    ]
    if solde < 0:
        etapes.append(etape("general-trop-percu", "à restituer", format_euros(-solde)))
    return DecompteGeneral(final, total, tuple(versements), solde, (*final.etapes, *etapes))


Sens = Literal["sans réserve", "avec réserves", "refus"]
Issue = Literal["en attente", "définitif", "définitif par silence", "contesté"]


@dataclass(frozen=True)
class Reponse:
    """What the titulaire answers, and when each of the two received the mémoire en réclamation, if there is one."""

    jour: date
    sens: Sens
    memoire_moa: date | None = None
    memoire_moe: date | None = None


@dataclass(frozen=True)
class DecompteGeneralDefinitif:
    """Where a notified general décompte stands: ``depuis`` is the day on which it became definitive or contested."""

    general: DecompteGeneral
    issue: Issue
    depuis: date | None
    echeance: Echeance
    etapes: tuple[Etape, ...]

    @property
    def est_definitif(self) -> bool:
        return self.issue in ("définitif", "définitif par silence")


def decompte_general_definitif(
    general: DecompteGeneral, notification: date, reponse: Reponse | None, au: date
) -> DecompteGeneralDefinitif:
    """Whether the general décompte notified on that day is definitive on the day ``au``; later facts are ignored.

    Raises:
        ErreurFacturier: ``dates-incoherentes`` when an answer precedes the notification.
    """
    if au < notification:
        raise refus("Le décompte général n’est pas encore notifié à cette date.", "dates-incoherentes")
    if reponse is not None and reponse.jour < notification:
        raise _avant(reponse.jour, notification)
    delai = echeance("titulaire-decompte-general", notification)
    limite = delai.limite or notification
    lendemain = ajouter_jours(limite, 1)
    issue: Issue = "en attente"
    depuis: date | None = None
    etapes = list(delai.etapes)
    entendue = reponse if reponse is not None and reponse.jour <= min(au, limite) else None
    if entendue is not None and entendue.sens == "sans réserve":
        issue, depuis = "définitif", entendue.jour
        etapes.append(etape("general-signature", f"signé le {en_date(entendue.jour)}", "définitif"))
    elif entendue is not None:
        recus = [m for m in (entendue.memoire_moa, entendue.memoire_moe) if m is not None and m <= min(au, limite)]
        if len(recus) == 2:
            issue, depuis = "contesté", max(entendue.jour, *recus)
            etapes.append(etape("general-memoire", f"reçus le {' et le '.join(map(en_date, recus))}", "contesté"))
        elif au > limite:
            issue, depuis = "définitif par silence", lendemain
            etapes.append(etape("general-sans-memoire", f"rien de complet au {en_date(limite)}", "réputé accepté"))
        else:
            etapes.append(etape("general-memoire", f"attendu au plus tard le {en_date(limite)}", "en attente"))
    elif au > limite:
        issue, depuis = "définitif par silence", lendemain
        etapes.append(etape("general-silence", f"aucune réponse au {en_date(limite)}", "réputé accepté"))
    return DecompteGeneralDefinitif(general, issue, depuis, delai, tuple(etapes))


def _avant(jour: date, notification: date) -> ErreurFacturier:
    return refus(
        f"La réponse du {en_date(jour)} précède la notification du {en_date(notification)} : vérifiez ces dates.",
        "dates-incoherentes",
    )
