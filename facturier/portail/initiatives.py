"""What simulated companies deposit by themselves, so that nobody waits for a piece that no person will bring.

On the markets that the opening names, whoever the card has open a dossier and whom a simulated partner plays deposits
once a month, after the days of its character, then its final piece. Like every act of simulated partners: derived from
the state and the seed, written under everybody's rules when its date comes, found again by a replay.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from facturier import referentiel
from facturier.annuaire import Annuaire, Marche
from facturier.portail import circuits, jalons, partenaires
from facturier.portail import demande as lecture
from facturier.portail.caracteres import reglages
from facturier.portail.circonstances import ActeDu
from facturier.portail.deposants import (
    COTRAITANT,
    SOUS_TRAITANT,
    TITULAIRE,
    Deposant,
    Pas,
    demande,
    des_cotraitants,
    du_mois,
    montant,
)
from facturier.portail.etat import Etat
from facturier.portail.evenements import SIMULE, Acteur
from facturier.portail.ouverture import Ouverture
from facturier.portail.pieces import DEPOSEE, Piece, fiche
from facturier.portail.pliage import DEPOSER
from facturier.portail.regles_decompte import (
    CLOTURES,
    DELAI_DECOMPTE,
    DELAI_TACITE,
    PROJET_FINAL,
    PROJET_TACITE,
    SANS_EFFET,
    recue,
    terme,
)
from facturier.portail.regles_groupement import JOINTE, non_admis

FIN, MENSUEL = "fin", "mensuel"
CAUSES = ("pieces", "structures", "jalons")
"""Parts of the state from which these deposits are derived, besides who plays what."""


def actes_dus(etat: Etat, annuaire: Annuaire, ouverture: Ouverture) -> dict[str, ActeDu]:
    """Every deposit that will come if nobody makes it before, by a key of its own."""
    dus = {}
    for numero in etat.chantiers:
        marche = annuaire.marche(numero)
        for deposant in _simules(marche, etat, annuaire, ouverture) if marche is not None else ():
            if (du := _acte(deposant)) is not None:
                dus[deposant.cle] = du
    return dus


def _simules(marche: Marche, etat: Etat, annuaire: Annuaire, ouverture: Ouverture) -> Iterator[Deposant]:
    for role, siret, partie in _parties(marche):
        nom = partenaires.caractere(etat.attributions.get((role, siret), ""))
        depuis = etat.sieges.get((role, siret), etat.temps.debut)
        if nom and depuis is not None:
            profil = reglages().profils[nom]
            yield Deposant(marche, role, siret, partie, depuis, profil, etat, annuaire, ouverture.graine)


def _parties(marche: Marche) -> Iterator[tuple[str, str, str]]:
    yield "fournisseur", marche.titulaire, TITULAIRE
    for siret in marche.cotraitants:
        yield "fournisseur", siret, COTRAITANT
    for declare in marche.sous_traitants:
        if declare.agrement and not non_admis(marche, declare, date.fromisoformat(declare.agrement)):
            yield "fournisseur", declare.siret, SOUS_TRAITANT
    if marche.partie("moa"):
        yield "moa", marche.partie("moa"), "moa"


def _acte(qui: Deposant) -> ActeDu | None:
    pas = _tacite(qui) or _final(qui) or _mensuel(qui)
    if pas is None or (qui.profil.silence and qui.tirage("silence", 1, 100) <= qui.profil.silence):
        return None
    jours = qui.tirage("jours", *qui.profil.jours)
    minutes = qui.tirage("heure", partenaires.OUVERTURE, partenaires.FERMETURE - 1)
    quand = partenaires.apres_jours_ouvres(pas.depuis, jours, minutes)
    if qui.partie == TITULAIRE and qui.marche.ccag_travaux:
        quand = max(quand, _des_autres(qui, pas, quand))
    ht = montant(qui, pas, quand)
    if ht is None or ht < 0 or (ht == 0 and not pas.final):
        return None
    acteur = Acteur(qui.role, qui.siret, SIMULE)
    return ActeDu(quand, acteur, DEPOSER, "", demande(qui, pas, ht, quand.date()))


# --- which piece, from when ---------------------------------------------------------------------------------


def _mensuel(qui: Deposant) -> Pas | None:
    if qui.marche.ccag_travaux:
        if len(qui.vivantes) >= reglages().initiative.mensuelles:
            return None
        return _pas(qui, MENSUEL, _mois_suivant(qui))
    depuis = _mois_suivant(qui)
    voulu = "" if qui.partie == TITULAIRE else qui.partie
    simples = (c for c in referentiel.cadres(depuis.date()) if c.joue and not c.travaux and (c.partie or "") == voulu)
    cadre = next((c for c in simples if c.deposant == qui.role), None)
    return Pas(cadre, "payeur", depuis) if cadre is not None else None


def _final(qui: Deposant) -> Pas | None:
    if not qui.marche.ccag_travaux or qui.marche.numero in jalons.offices(qui.etat):
        return None
    receptions = jalons.du_marche(qui.etat, qui.marche.numero, jalons.RECEPTION)
    if receptions:
        depuis = max(qui.depuis, receptions[0].quand)
    elif len(qui.vivantes) >= reglages().initiative.mensuelles:
        depuis = _mois_suivant(qui)
    else:
        return None
    pas = _pas(qui, FIN, depuis)
    natures = {fiche(p.cadre).piece_api for p in qui.vivantes}
    return pas if pas is not None and pas.cadre.piece_api not in natures else None


def _pas(qui: Deposant, phase: str, depuis: datetime) -> Pas | None:
    """The step by which the card has that party open a dossier in that phase."""
    for etape in circuits.ouvertures(qui.marche, qui.partie, depuis.date()):
        if etape.phase.startswith(phase):
            cadre = referentiel.cadre(etape.cadres[0])
            return Pas(cadre, etape.adresse_a, depuis, etape.copie_a, final=phase == FIN)
    return None


def _tacite(qui: Deposant) -> Pas | None:
    """The titulaire's steps when the MOA stays silent: its project of general décompte, then the tacit one."""
    if qui.partie != TITULAIRE or not qui.marche.ccag_travaux:
        return None
    for avant, delai in ((PROJET_TACITE, DELAI_TACITE), (PROJET_FINAL, DELAI_DECOMPTE)):
        attendue = next((p for p in qui.vivantes if fiche(p.cadre).piece_api == avant), None)
        if attendue is not None:
            jour = recue(attendue)
            return _apres(qui, attendue, terme(jour, delai, jour), avant) if jour is not None else None
    return None


def _apres(qui: Deposant, attendue: Piece, limite: date, avant: str) -> Pas | None:
    if any(p.marche == qui.marche.numero and fiche(p.cadre).piece_api in CLOTURES for p in qui.etat.pieces.values()):
        return None
    for etape in circuits.etapes(qui.marche, limite):
        if etape.phase != circuits.TACITE or etape.depose_par != TITULAIRE or etape.apres:
            continue
        cadre = referentiel.cadre(etape.cadres[0])
        if (cadre.piece_api == PROJET_TACITE) == (avant == PROJET_FINAL):
            depuis = max(qui.depuis, datetime.combine(limite + timedelta(days=1), time()))
            ht = lecture.montant(attendue.valeurs, "montant_ht")
            return Pas(cadre, etape.adresse_a, depuis, etape.copie_a, final=True, montant_ht=ht)
    return None


def _mois_suivant(qui: Deposant) -> datetime:
    """One demand a month: from the first day of the month after the last one, when there is one."""
    dates = [quand for p in qui.deposees if (quand := p.date_du(DEPOSEE)) is not None]
    if not dates:
        return qui.depuis
    apres = (max(dates).date().replace(day=1) + timedelta(days=32)).replace(day=1)
    return max(qui.depuis, datetime.combine(apres, time()))


def _des_autres(qui: Deposant, pas: Pas, quand: datetime) -> datetime:
    """Until when the mandataire leaves the month to its cotraitants: their last demand joined, or so many days."""
    siens = {siret for siret in qui.marche.cotraitants if qui.etat.attributions.get(("fournisseur", siret))}
    venues = [p for p in des_cotraitants(qui, pas.cadre) if du_mois(p, quand)]
    if siens != {p.deposant for p in venues} or any(p.statut not in (*SANS_EFFET, JOINTE) for p in venues):
        return datetime.combine(pas.depuis, quand.time()) + timedelta(days=reglages().initiative.attente)
    return max((p.depuis for p in venues), default=quand)
