"""A company that a simulated partner plays on a market: what it has deposited, what it deposits, for how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from facturier import montants, referentiel
from facturier.annuaire import Annuaire, Marche
from facturier.portail import demande as lecture
from facturier.portail import reponses
from facturier.portail.anomalies import CENT, aiguillage, taux_lu, tva
from facturier.portail.caracteres import Profil, reglages
from facturier.portail.circonstances import tirer
from facturier.portail.echeances import dossier_de
from facturier.portail.etat import Etat
from facturier.portail.pieces import DEPOSEE, Piece, fiche
from facturier.portail.regles_decompte import SANS_EFFET
from facturier.portail.regles_groupement import JOINTE
from facturier.referentiel.lignes import Cadre

COTRAITANT, SOUS_TRAITANT, TITULAIRE = "cotraitant", "sous_traitant", "titulaire"
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Pas:
    """A piece that opens a dossier: its cadre, who receives it and who has a copy (parties of the card), not before
    when; ``final``: it closes the accounts of who deposits it."""

    cadre: Cadre
    adresse_a: str
    depuis: datetime
    copie_a: str = ""
    final: bool = False
    montant_ht: Decimal | None = None


@dataclass(frozen=True)
class Deposant:
    """A company (or the MOA) that a simulated partner plays on that market, and what it has already deposited."""

    marche: Marche
    role: str
    siret: str
    partie: str
    depuis: datetime
    profil: Profil
    etat: Etat
    annuaire: Annuaire
    graine: str

    @property
    def cle(self) -> str:
        """Its name among what is to come."""
        return f"{self.role}:{self.siret}:{self.marche.numero}"

    def tirage(self, etape: str, bas: int, haut: int) -> int:
        """Always the same for this seed, this company and what it has deposited."""
        return tirer(f"{self.graine}|{self.cle}|{len(self.deposees)}|{etape}", bas, haut)

    @property
    def deposees(self) -> tuple[Piece, ...]:
        """The dossiers that it has opened, whoever played it then."""
        return tuple(
            p
            for p in self.etat.pieces.values()
            if (p.deposant, p.marche) == (self.siret, self.marche.numero)
            and not p.precedente
            and fiche(p.cadre).deposant == self.role
            and p.date_du(DEPOSEE) is not None
        )

    @property
    def vivantes(self) -> tuple[Piece, ...]:
        """Those that still count."""
        return tuple(p for p in self.deposees if dossier_de(p, self.etat)[-1].statut not in SANS_EFFET)


def des_cotraitants(qui: Deposant, cadre: Cadre) -> Iterator[Piece]:
    """The demands of the same nature that cotraitants have sent on that market."""
    for piece in qui.etat.pieces.values():
        sienne = fiche(piece.cadre)
        memes = (sienne.partie, sienne.piece_api, piece.marche) == (COTRAITANT, cadre.piece_api, qui.marche.numero)
        if memes and piece.date_du(DEPOSEE) is not None:
            yield piece


def du_mois(piece: Piece, jour: date) -> bool:
    """Whether that piece is of the month of that day."""
    sien = lecture.date_facture(piece.valeurs)
    return sien is not None and (sien.year, sien.month) == (jour.year, jour.month)


def montant(qui: Deposant, pas: Pas, quand: datetime) -> Decimal | None:
    """A part of its share of the market, what remains of it in the last piece; the mandataire adds what is joined."""
    if pas.montant_ht is not None:
        return pas.montant_ht
    part = _part(qui)
    if part is None:
        return montants.arrondi(Decimal(qui.tirage("montant", *reglages().initiative.montant_ht)))
    presente = sum(
        (_ht(p) - _jointes(qui, fiche(p.cadre), lecture.date_facture(p.valeurs)) for p in qui.vivantes), ZERO
    )
    reste = max(part - presente, ZERO)
    tranche = montants.arrondi(part * qui.tirage("part", *reglages().initiative.part) / CENT)
    return _jointes(qui, pas.cadre, quand.date()) + (reste if pas.final else min(reste, tranche))


def _jointes(qui: Deposant, cadre: Cadre, jour: date | None) -> Decimal:
    """What the mandataire's project of that month carries of its cotraitants' demands."""
    if qui.partie != TITULAIRE or not qui.marche.ccag_travaux or jour is None:
        return ZERO
    siennes = (p for p in des_cotraitants(qui, cadre) if p.statut == JOINTE and not p.suivante)
    return sum((_ht(p) for p in siennes if du_mois(p, jour)), ZERO)


def _ht(piece: Piece) -> Decimal:
    return lecture.montant(piece.valeurs, "montant_ht") or ZERO


def _part(qui: Deposant) -> Decimal | None:
    """What is its own of the market, HT; None when the card does not say."""
    declare = qui.marche.sous_traitant(qui.siret) if qui.partie == SOUS_TRAITANT else None
    if declare is not None:
        return montants.arrondi(montants.euros(declare.montant_ttc) * CENT / (CENT + _taux(qui)))
    propre = next((p.montant_ht for p in qui.marche.parts if p.siret == qui.siret), "")
    ecrit = propre if qui.partie != "moa" and propre else qui.marche.montant_ht
    return montants.euros(ecrit) if ecrit else None


def _taux(qui: Deposant) -> Decimal:
    """The rate of VAT: none for a building subcontractor (autoliquidation), else the card's, else the normal one."""
    if qui.partie == SOUS_TRAITANT and qui.marche.circuit:
        return ZERO
    du_marche = taux_lu({"taux_tva": qui.marche.taux_tva})
    normal = next(t.taux for t in referentiel.taux_tva() if t.taux is not None)
    return du_marche if du_marche is not None else normal


def demande(qui: Deposant, pas: Pas, ht: Decimal, jour: date) -> dict[str, str]:
    """The demand, with everything that the card wants on it."""
    marche, cadre = qui.marche, pas.cadre
    taux = _taux(qui)
    payee = {} if cadre.travaux else {"mode_paiement": _mode(), "iban": reglages().initiative.iban}
    return {
        "cadre": cadre.code,
        "type_facture": next(t.code for t in referentiel.types_facture() if t.famille == "facture"),
        "numero_facture": f"{cadre.code}-{marche.numero}-{len(qui.etat.pieces) + 1}",
        "date_facture": f"{jour:%d/%m/%Y}",
        "numero_marche": marche.numero,
        **_aiguillage(qui, pas.adresse_a),
        **({"copie_siret": marche.partie(pas.copie_a)} if pas.copie_a else {}),
        **reponses.signature(cadre.code),
        **(_valideurs(qui) if cadre.valideur_requis else {}),
        **payee,
        **reponses.sommes_ecrites(ht, tva(ht, taux), {"taux_tva": f"{taux.normalize():f}".replace(".", ",")}),
    }


def _aiguillage(qui: Deposant, partie: str) -> dict[str, str]:
    """As the card says; where it is silent, what the directory demands of who writes to that structure."""
    champs = aiguillage(qui.marche, partie)
    structure = qui.annuaire.structures[champs["destinataire_siret"]]
    service = structure.service(champs.get("code_service", ""))
    if service is None and (structure.service_obligatoire or structure.engagement_ou_service):
        actifs = sorted((s for s in structure.services if s.actif), key=lambda s: s.engagement_obligatoire)
        service = next(iter(actifs), None)
        champs |= {"code_service": service.code} if service is not None else {}
    if structure.engagement_obligatoire or (service is not None and service.engagement_obligatoire):
        champs.setdefault("numero_engagement", f"EJ{qui.tirage('engagement', 10**7, 10**8 - 1)}")
    return champs


def _valideurs(qui: Deposant) -> dict[str, str]:
    declare = qui.marche.sous_traitant(qui.siret) if qui.partie == SOUS_TRAITANT else None
    donneur = (declare.donneur_ordre if declare is not None else "") or qui.marche.titulaire
    second = {"valideur_2_siret": qui.marche.titulaire} if donneur != qui.marche.titulaire else {}
    return {"valideur_siret": donneur, **second}


def _mode() -> str:
    return next(m.code for m in referentiel.modes_paiement() if m.iban_requis)
