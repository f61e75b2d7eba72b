"""What is notified on a works market outside its pieces: reception, mise en demeure, penalties, observations.

Two delays of the table run from there, for the titulaire: its final project after the reception, its observations
before penalties. Late for the first one, it is put on notice, then the décompte is drawn up without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from facturier import delais, referentiel
from facturier.annuaire import Annuaire, Marche
from facturier.delais.etapes import en_date
from facturier.erreurs import ErreurFacturier
from facturier.portail import circuits
from facturier.portail import demande as lecture
from facturier.portail.actes import Acte, Contexte, Manquement
from facturier.portail.echeances import EcheancePiece
from facturier.portail.etat import Etat, Jalon
from facturier.portail.evenements import Acteur, Evenement, lire_moment
from facturier.portail.pieces import DEPOSEE, Piece, fiche
from facturier.portail.regles_decompte import PROJET_FINAL, SANS_EFFET

RECEPTION, DEMEURE, OFFICE = "notifier_reception", "mettre_en_demeure", "etablir_d_office"
INVITATION, OBSERVATIONS = "inviter_observations", "presenter_observations"
DELAI_FINAL, DELAI_OBSERVATIONS = "titulaire-decompte-final", "penalites-observations"
DU_TITULAIRE = (OBSERVATIONS,)
"""What the titulaire does; the rest is the buyer's."""
AVEC_TEXTE = (INVITATION, OBSERVATIONS)
"""What is not notified without a text."""
JALONS_MAX = 200
"""On one portal; a market has a handful."""
TEXTE_MAX = 2000


def acheteur(marche: Marche) -> Acteur:
    """Who notifies for the buyer: the MOA, or who pays when no MOA acts in the tool."""
    if circuits.agit(circuits.etapes(marche), "moa"):
        return Acteur("moa", marche.partie("moa"))
    return Acteur("destinataire", marche.partie("payeur"))


def titulaire(marche: Marche) -> Acteur:
    """Who answers."""
    return Acteur("fournisseur", marche.titulaire)


def du_marche(etat: Etat, numero: str, *codes: str) -> tuple[Jalon, ...]:
    """What was notified on that market, oldest first; only these codes when some are given."""
    return tuple(j for j in etat.jalons if j.marche == numero and (not codes or j.code in codes))


def offices(etat: Etat) -> frozenset[str]:
    """The markets whose final décompte is drawn up without the titulaire."""
    return frozenset(j.marche for j in etat.jalons if j.code == OFFICE)


def possibles(etat: Etat, marche: Marche, acteur: Acteur, au: date) -> tuple[str, ...]:
    """The codes of what that actor may notify now on that market."""
    return tuple(c for c in ACTES if _a_qui(marche, c) == _role(acteur) and not _refus(etat, marche, c, au))


def echeances_du_marche(etat: Etat, marche: Marche) -> tuple[EcheancePiece, ...]:
    """The deadlines that these notifications open for the titulaire; ``objet`` is the market's number."""
    return tuple(_echeances(etat, marche))


def _echeances(etat: Etat, marche: Marche) -> Iterator[EcheancePiece]:
    for jalon in du_marche(etat, marche.numero, RECEPTION):
        projet = _projet_final(etat, marche.numero)
        quand = projet.date_du(DEPOSEE) if projet is not None else None
        silence = marche.numero in offices(etat)
        yield from _une(jalon, marche, DELAI_FINAL, quand.date() if quand else None, silence=silence)
    ecrits = du_marche(etat, marche.numero, INVITATION, OBSERVATIONS)
    for jalon, suivant in zip_longest(ecrits, ecrits[1:]):
        if jalon.code == INVITATION:
            repondu = suivant is not None and suivant.code == OBSERVATIONS
            yield from _une(jalon, marche, DELAI_OBSERVATIONS, suivant.quand.date() if suivant and repondu else None)


def _une(
    jalon: Jalon, marche: Marche, code: str, fait: date | None, *, silence: bool = False
) -> Iterator[EcheancePiece]:
    try:
        courante = delais.echeance(code, jalon.quand.date())
    except ErreurFacturier:  # no text gives it at that date
        return
    yield EcheancePiece(marche.numero, courante, *_role(titulaire(marche)), fait, silence and fait is None)


def _projet_final(etat: Etat, numero: str) -> Piece | None:
    """The titulaire's final project, once sent and as long as it counts."""
    return next(
        (
            p
            for p in etat.pieces.values()
            if p.marche == numero
            and fiche(p.cadre).piece_api == PROJET_FINAL
            and not fiche(p.cadre).partie
            and p.date_du(DEPOSEE) is not None
            and p.statut not in SANS_EFFET
        ),
        None,
    )


def _role(acteur: Acteur) -> tuple[str, str]:
    return acteur.role, acteur.structure


def notifiant(marche: Marche, code: str) -> Acteur:
    """Who notifies that on that market."""
    return titulaire(marche) if code in DU_TITULAIRE else acheteur(marche)


def _a_qui(marche: Marche, code: str) -> tuple[str, str]:
    return _role(notifiant(marche, code))


# --- controls ------------------------------------------------------------------------------------------


def _controle(code: str) -> Callable[[Contexte], list[Manquement]]:
    def controler(contexte: Contexte) -> list[Manquement]:
        numero = contexte.texte("numero_marche")
        marche = contexte.annuaire.marche(numero)
        if marche is None or not marche.ccag_travaux:
            return [("marche", f"« {lecture.court(numero)} » n’est pas un marché de travaux qui vise le CCAG-Travaux.")]
        role, siret = _a_qui(marche, code)
        if _role(contexte.acteur) != (role, siret):
            qui = referentiel.role(role).designation
            return [("partie", f"« {ACTES[code].libelle} » revient à {qui} de {circuits.nom_fiche(marche)}.")]
        refus = []
        if len(contexte.texte("commentaire")) > TEXTE_MAX:
            refus.append(("texte", f"Écrivez {TEXTE_MAX} caractères au plus."))
        if code in AVEC_TEXTE and not contexte.texte("commentaire"):
            refus.append(("texte", "Écrivez ce que vous reprochez ou ce que vous répondez : la procédure est écrite."))
        if len(contexte.etat.jalons) >= JALONS_MAX:
            refus.append(("trop-de-jalons", "Ce portail de formation ne prend plus de notification."))
        if phrase := _refus(contexte.etat, marche, code, contexte.quand.date()):
            refus.append((code, phrase))
        return refus

    return controler


def _refus(etat: Etat, marche: Marche, code: str, au: date) -> str:
    """Why that cannot be notified now; "" when it can."""
    recus = {j.code: j for j in du_marche(etat, marche.numero)}
    courantes = {e.echeance.code: e for e in echeances_du_marche(etat, marche)}
    attendue = courantes.get(DELAI_OBSERVATIONS if code in (INVITATION, OBSERVATIONS) else DELAI_FINAL)
    if code == RECEPTION:
        return "La décision de réception de ce marché est déjà notifiée." if RECEPTION in recus else ""
    if code == INVITATION:
        ouverte = attendue is not None and attendue.fait is None and not attendue.echeance.depassee(au)
        return "Une invitation court déjà : attendez les observations, ou la fin du délai." if ouverte else ""
    if code == OBSERVATIONS:
        repond = attendue is not None and attendue.fait is None
        return "" if repond else "Aucune invitation n’attend vos observations."
    if attendue is None:
        return "La décision de réception n’est pas notifiée : aucun délai ne court pour le projet de décompte final."
    if attendue.fait is not None:
        return "Le titulaire a remis son projet de décompte final : il n’y a rien à lui réclamer."
    if not attendue.echeance.depassee(au):
        limite = attendue.echeance.limite
        return f"C’est trop tôt : le titulaire a jusqu’au {en_date(limite)} inclus." if limite else "Le délai court."
    if code == DEMEURE:
        return "Le titulaire est déjà mis en demeure." if DEMEURE in recus else ""
    if OFFICE in recus:
        return "Le décompte de ce marché est déjà établi d’office."
    if DEMEURE not in recus or recus[DEMEURE].quand.date() >= au:
        return "Mettez d’abord le titulaire en demeure, et laissez-lui un jour au moins pour répondre."
    return ""


def _noter(etat: Etat, evenement: Evenement) -> Etat:
    donnees = evenement["donnees"]
    jalon = Jalon(
        donnees.get("numero_marche", "").strip(),
        evenement["action"],
        lire_moment(evenement["quand"]),
        evenement["structure"],
        donnees.get("commentaire", "").strip(),
    )
    return replace(etat, jalons=(*etat.jalons, jalon))


def _acte(code: str, libelle: str, roles: tuple[str, ...], espace: str = "") -> Acte:
    champs = ("numero_marche", "commentaire")
    return Acte(code, libelle, roles, champs, _controle(code), _noter, portail=True, espace=espace)


_ACHETEUR = ("moa", "destinataire")
ACTES: Mapping[str, Acte] = {
    a.code: a
    for a in (
        _acte(RECEPTION, "Notifier la décision de réception", _ACHETEUR),
        _acte(DEMEURE, "Mettre en demeure de remettre le projet de décompte final", _ACHETEUR),
        _acte(OFFICE, "Établir le décompte d’office", _ACHETEUR),
        _acte(INVITATION, "Inviter à présenter des observations avant des pénalités", _ACHETEUR),
        _acte(OBSERVATIONS, "Présenter des observations", ("fournisseur",), "factures_travaux"),
    )
}


def attentes_notifiees(etat: Etat, annuaire: Annuaire) -> Iterator[tuple[Marche, EcheancePiece]]:
    """Every such deadline of the portal, market by market."""
    for numero in dict.fromkeys(j.marche for j in etat.jalons):
        marche = annuaire.marche(numero)
        if marche is not None:
            yield from ((marche, attendue) for attendue in echeances_du_marche(etat, marche))
