"""The payment delay: which one, from when, interrupted once at most (CCP, tables ``payeurs`` and ``delais``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from facturier import referentiel
from facturier.delais.calendrier import ajouter_jours
from facturier.delais.echeances import Echeance, duree, fin_du_delai, jour_chome
from facturier.delais.etapes import Etape, depuis_ligne, en_date, en_jours, etape
from facturier.erreurs import ErreurFacturier

RecuePar = Literal["destinataire", "moe"]


@dataclass(frozen=True)
class Suspension:
    """The buyer's notice that something is missing, with its reason, and the day when everything asked for came in."""

    notifiee: date
    motif: str
    reponse: date | None = None

    def __post_init__(self) -> None:
        if self.reponse is not None and self.reponse < self.notifiee:
            raise ErreurFacturier(
                f"La réponse du {en_date(self.reponse)} précède la suspension du {en_date(self.notifiee)} : "
                "vérifiez ces deux dates.",
                code="suspension-incoherente",
            )


def delai_de_paiement(
    categorie: str,
    reception: date | None,
    *,
    demande: date | None = None,
    execution: date | None = None,
    recue_par: RecuePar = "destinataire",
    suspensions: Sequence[Suspension] = (),
    ordonnancement: date | None = None,
) -> Echeance:
    """When a payment request must be paid at the latest by an entity of that category (table ``payeurs``).

    Args:
        categorie: as the directory writes it (« commune », « établissement public de santé »…).
        reception: by the recipient, or by the maîtrise d'œuvre (``recue_par="moe"``); None when it is uncertain, the
            delay then runs from the date of the request, ``demande``, plus the days of the table.
        execution: end of the services; a request received before waits for it.
        suspensions: in order; only the first one that is reasoned and comes before ``ordonnancement`` interrupts.
        ordonnancement: when the order to pay was issued, if it was.

    Raises:
        ErreurFacturier: unknown category; ``date-manquante`` when neither reception nor request is dated;
            ``suspensions-en-desordre``.
    """
    payeur = referentiel.payeur(categorie)
    depart, etapes = _depart(reception, demande, execution, recue_par)
    ligne = referentiel.delai(payeur.delai, depart)
    limite = fin_du_delai(ligne, depart)
    etapes.append(
        depuis_ligne(
            ligne, f"{ligne.objet} (ici : {categorie})", f"{en_date(depart)} + {duree(ligne)}", en_date(limite)
        )
    )
    fin, suspendue = _interrompre(depart, limite, suspensions, ordonnancement, etapes)
    if fin is not None:
        etapes += jour_chome(fin)
    return Echeance(payeur.delai, ligne.objet, depart, fin, tuple(etapes), suspendue)


def _depart(
    reception: date | None, demande: date | None, execution: date | None, recue_par: RecuePar
) -> tuple[date, list[Etape]]:
    etapes: list[Etape] = []
    if reception is not None:
        depart = reception
        code = "depart-reception-moe" if recue_par == "moe" else "depart-reception"
        etapes.append(etape(code, "date de réception", en_date(depart)))
    elif demande is not None:
        ligne = referentiel.delai("paiement-date-incertaine", demande)
        depart = fin_du_delai(ligne, demande)
        etapes.append(depuis_ligne(ligne, ligne.objet, f"{en_date(demande)} + {duree(ligne)}", en_date(depart)))
    else:
        raise ErreurFacturier(
            "Le délai de paiement n’a pas de départ : donnez la date de réception ou, à défaut, celle de la demande.",
            code="date-manquante",
        )
    if execution is not None and execution > depart:
        ligne = referentiel.delai("paiement-avant-execution", execution)
        formule = f"la plus tardive : {en_date(depart)} ou {en_date(execution)}"
        etapes.append(depuis_ligne(ligne, ligne.objet, formule, en_date(execution)))
        depart = execution
    return depart, etapes


def _interrompre(
    depart: date,
    limite: date,
    suspensions: Sequence[Suspension],
    ordonnancement: date | None,
    etapes: list[Etape],
) -> tuple[date | None, date | None]:
    """The deadline once the suspensions are taken into account, and since when it is suspended."""
    if any(apres.notifiee < avant.notifiee for avant, apres in pairwise(suspensions)):
        raise ErreurFacturier(
            "Les suspensions ne sont pas dans l’ordre de leurs dates : rangez-les par date.",
            code="suspensions-en-desordre",
        )
    fin: date | None = limite
    suspendue: date | None = None
    deja = False
    for suspension in suspensions:
        jour = en_date(suspension.notifiee)
        refus = _sans_effet(suspension, limite, ordonnancement, deja)
        if refus is not None:
            code, raison = refus
            etapes.append(etape(code, raison, f"suspension du {jour}"))
            continue
        deja = True
        solde = (limite - max(suspension.notifiee, depart)).days
        ligne = referentiel.delai("paiement-interruption", suspension.notifiee)
        etapes.append(
            depuis_ligne(
                ligne,
                f"{ligne.objet} : une seule fois, motivée, avant l’ordonnancement",
                f"solde à courir : {en_date(limite)} - {en_date(max(suspension.notifiee, depart))}",
                en_jours(solde),
            )
        )
        if suspension.reponse is None:
            fin, suspendue = None, suspension.notifiee
            etapes.append(
                depuis_ligne(ligne, "Réponse du fournisseur", "attendue", f"délai interrompu depuis le {jour}")
            )
            continue
        reprise = referentiel.delai("paiement-reprise", suspension.reponse)
        jours = max((fin_du_delai(reprise, suspension.reponse) - suspension.reponse).days, solde)
        repart = max(suspension.reponse, depart)
        fin = ajouter_jours(repart, jours)
        formule = f"{en_date(repart)} + le plus long : {duree(reprise)} ou solde de {en_jours(solde)}"
        etapes.append(depuis_ligne(reprise, reprise.objet, formule, en_date(fin)))
    return fin, suspendue


def _sans_effet(
    suspension: Suspension, limite: date, ordonnancement: date | None, deja: bool
) -> tuple[str, str] | None:
    """Why that suspension does not interrupt the delay (rule, reason), or None when it does."""
    if deja:
        return "interruption-sans-effet", "le délai ne s’interrompt qu’une fois"
    if not suspension.motif.strip():
        return "interruption-sans-effet", "elle ne donne pas de motif"
    if ordonnancement is not None and suspension.notifiee >= ordonnancement:
        return "interruption-sans-effet", f"elle suit l’ordonnancement du {en_date(ordonnancement)}"
    if suspension.notifiee > limite:
        return "interruption-apres-echeance", f"l’échéance était le {en_date(limite)}"
    return None
