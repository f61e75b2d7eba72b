"""The certificate of deposit: what proves that an invoice was received, and when.

It says of what the sha256 is: the deposited file when there was one, the event of the journal otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from facturier import referentiel
from facturier.annuaire import Annuaire
from facturier.erreurs import ErreurFacturier
from facturier.impression import imprimable, imprimer
from facturier.montants import INSECABLE, format_euros
from facturier.portail import demande as lecture
from facturier.portail import provenance as origine
from facturier.portail.consultation import pas_a_vous
from facturier.portail.evenements import Acteur, Evenement, lire_evenement, lire_moment
from facturier.portail.guichet import Guichet
from facturier.portail.pieces import DEPOSEE, Piece
from facturier.portail.portail import Portail
from facturier.portail.refus import RefusPortail
from facturier.portail.remontee import piece_vue

_MODELE = Path(__file__).parent / "modeles" / "certificat.typ"
_ABSENT = "—"


def certificat(portail: Portail, acteur: Acteur, piece: str) -> bytes:
    """The certificate of deposit of that piece, in PDF, with the status that this actor may know.

    Raises:
        RefusPortail: no such piece.
        ErreurFacturier: it has not been deposited yet (a draft is received by nobody).
    """
    visee = piece_vue(portail.piece(piece), portail.annuaire, acteur)
    return certificat_de(visee, portail.journal, portail.annuaire)


def certificat_du_guichet(guichet: Guichet, acteur: Acteur, piece: str) -> bytes:
    """The certificate of a piece that this actor sees at that counter, wherever its portal is.

    Raises:
        RefusPortail: no such piece, or it is not theirs to look at.
        ErreurFacturier: as :func:`certificat`.
    """
    visee = piece_vue(guichet.piece(piece), guichet.annuaire, acteur)
    if not guichet.telechargements(acteur, piece):
        raise RefusPortail((pas_a_vous(visee.id),), ("droits",), code="droits")
    return certificat_de(visee, [lire_evenement(e) for e in guichet.journal], guichet.annuaire)


def certificat_de(piece: Piece, journal: Sequence[Evenement], annuaire: Annuaire) -> bytes:
    """The same, for who holds the piece and the journal without the portal itself."""
    quand = next((p.quand for p in piece.historique if p.statut == DEPOSEE), None)
    envoi = next((e for e in journal if _depot_de(e, piece)), None)
    if quand is None or envoi is None:
        statut = referentiel.statut(piece.statut).libelle
        raise ErreurFacturier(
            f"La pièce {piece.id} n’a pas encore été déposée (statut « {statut} ») : validez-la et envoyez-la d’abord.",
            code="certificat-sans-depot",
        )
    return imprimer(_MODELE, _vue(piece, envoi, annuaire), quand.date())


def _depot_de(evenement: Evenement, piece: Piece) -> bool:
    """Whether that event is the one by which the piece was sent."""
    if evenement["objet"] != piece.id:
        return False
    depose = next((p for p in piece.historique if p.statut == DEPOSEE), None)
    return (
        depose is not None and evenement["action"] == depose.action and lire_moment(evenement["quand"]) == depose.quand
    )


def _vue(piece: Piece, envoi: Evenement, annuaire: Annuaire) -> dict[str, Any]:
    """What the template prints: every figure and date already in French, every text free of what no font draws."""
    quand = lire_moment(envoi["quand"])
    valeurs = piece.valeurs
    cadre = referentiel.cadre(piece.cadre, quand.date())
    statut = referentiel.statut(piece.statut)
    venue = piece.provenance
    mode = referentiel.depot(venue.mode, quand.date())
    vue = {
        "titre": f"Certificat de dépôt {piece.id}",
        "objet": f"Facture {piece.numero} déposée le {quand:%d/%m/%Y}",
        "piece": piece.id,
        "depot": [
            ["Date et heure du dépôt", f"{quand:%d/%m/%Y} à {quand:%H:%M:%S}"],
            ["Façon de déposer", f"{mode.canal}, {mode.mode}"],
            ["Statut actuel", f"{statut.libelle}, depuis le {piece.depuis:%d/%m/%Y}"],
        ],
        "facture": [
            ["Numéro de la facture", piece.numero],
            ["Date de la facture", _date(piece)],
            ["Type", _type(lecture.texte(valeurs, "type_facture"))],
            ["Cadre de facturation", f"{cadre.code} : {cadre.libelle}"],
            ["Service", lecture.texte(valeurs, "code_service") or _ABSENT],
            ["Engagement", lecture.texte(valeurs, "numero_engagement") or _ABSENT],
            ["Marché", lecture.texte(valeurs, "numero_marche") or _ABSENT],
        ],
        "parties": [
            [libelle, *_structure(siret, annuaire)]
            for libelle, siret in (
                ("Déposant", piece.deposant),
                ("Valideur", piece.valideur),
                ("Destinataire", piece.destinataire),
            )
            if siret
        ],
        "montants": [
            ["Montant HT", _euros(piece, "montant_ht")],
            ["TVA", _euros(piece, "montant_tva")],
            ["Montant TTC", _euros(piece, "montant_ttc")],
        ],
        "jointes": [[jointe.nom, _taille(jointe.octets)] for jointe in piece.pieces_jointes],
        "preuve": _preuve(venue, envoi),
    }
    propre = imprimable(vue)
    if not isinstance(propre, dict):
        raise TypeError("vue")
    return propre


def _preuve(venue: origine.Provenance, envoi: Evenement) -> dict[str, Any]:
    if venue.sha256:
        return {
            "de": f"Fichier déposé{INSECABLE}: {venue.fichier} ({_taille(venue.octets)})",
            "sha256": _groupes(venue.sha256),
            "evenement": _groupes(envoi["empreinte"]),
        }
    return {
        "de": f"Données saisies, événement n° {envoi['n']} du journal",
        "sha256": _groupes(envoi["empreinte"]),
        "evenement": "",
    }


def _groupes(sha256: str) -> str:
    """A fingerprint in groups of eight, which a reader can compare."""
    return " ".join(sha256[rang : rang + 8] for rang in range(0, len(sha256), 8))


def _structure(siret: str, annuaire: Annuaire) -> tuple[str, str]:
    structure = annuaire.structures.get(siret)
    lisible = " ".join((siret[:3], siret[3:6], siret[6:9], siret[9:]))
    return (structure.nom if structure is not None else "Structure absente de l’annuaire", lisible)


def _date(piece: Piece) -> str:
    jour = lecture.date_facture(piece.valeurs)
    return f"{jour:%d/%m/%Y}" if jour else _ABSENT


def _type(code: str) -> str:
    libelle = next((t.libelle for t in referentiel.types_facture() if t.code == code), "")
    return f"{libelle} ({code})" if libelle else code or _ABSENT


def _euros(piece: Piece, champ: str) -> str:
    montant = lecture.montant(piece.valeurs, champ)
    return format_euros(montant).replace("-", "−") if montant is not None else _ABSENT


def _taille(octets: int) -> str:
    if not octets:
        return "taille inconnue"
    if octets < 1024:
        return f"{octets}{INSECABLE}octets"
    unite, nom = (1024 * 1024, "Mo") if octets >= 1024 * 1024 else (1024, "Ko")
    return f"{octets / unite:.1f}{INSECABLE}{nom}".replace(".", ",")
