"""What is asked of a piece before it is created or sent: its cadre and role, the rules, where it comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache

from facturier import cycle, referentiel
from facturier.annuaire import Annuaire
from facturier.portail import demande as lecture
from facturier.portail import jalons, pieces_jointes, pliage, provenance
from facturier.portail.depot import Depot, manquements
from facturier.portail.etat import Etat
from facturier.portail.evenements import Acteur
from facturier.portail.pieces import DEPOSEE, Piece
from facturier.portail.pieces_jointes import Manquement
from facturier.portail.refus import RefusPortail
from facturier.portail.regles_depot import REGLES, REGLES_BROUILLON
from facturier.referentiel import CREATION
from facturier.referentiel.lignes import Cadre

CHAMPS: Mapping[str, tuple[str, ...]] = {
    pliage.DEPOSER: (*lecture.CHAMPS_PIECE, *provenance.CHAMPS_PROVENANCE),
    pliage.SUIVANTE: (*lecture.CHAMPS_PIECE, *provenance.CHAMPS_PROVENANCE),
    pliage.ENREGISTRER: (*lecture.CHAMPS_PIECE, "pieces_jointes"),
    pliage.ENVOYER: (*lecture.CHAMPS_PIECE, "pieces_jointes"),
    pliage.DEPOSER_PDF: provenance.CHAMPS_PDF,
}
"""Fields that each way of making a piece admits."""

Porteurs = Mapping[object, Collection[str]]
"""The numbers of the pieces that carry a uniqueness key, or have carried it."""

_BROUILLONS = (pliage.ENREGISTRER, pliage.DEPOSER_PDF)
"""What is not sent yet may be as incomplete as its author likes."""


@lru_cache(maxsize=512)
def cadres_joues(au: date | None = None) -> tuple[str, ...]:
    """Codes of the cadres that this training portal plays (column ``joue``)."""
    return tuple(cadre.code for cadre in referentiel.cadres(au) if cadre.joue)


def controler(
    etat: Etat,
    annuaire: Annuaire,
    acteur: Acteur,
    demande: Mapping[str, str],
    action: str,
    autour: Piece | None,
    jour: date,
    porteurs: Porteurs | None = None,
) -> None:
    """Cadre and role first, then every rule; ``autour`` is the draft that is sent, or the earlier piece of the dossier.

    ``porteurs``: the only pieces that may carry each uniqueness key, when that is known.

    Raises:
        RefusPortail: every broken rule, with its sentence.
        ActionRefusee: the life cycle does not create a piece of that cadre so.
    """
    code = lecture.texte(demande, "cadre")
    joues = cadres_joues(jour)
    cadre = referentiel.cadre(code, jour) if code in joues else None
    refus = _cadre_et_role(acteur, code, cadre, joues, jour)
    if not refus and action != pliage.ENVOYER:
        creation = action if action in _BROUILLONS else pliage.DEPOSER
        cycle.franchir(code, CREATION, creation, acteur.role, jour, etat.bascules)
    depot = Depot(
        acteur=acteur,
        demande=demande,
        fiche=cadre,
        annuaire=annuaire,
        prises=_Prises(etat.pieces, porteurs),
        precedente=autour if action == pliage.SUIVANTE else None,
        au=jour,
        pieces=etat.pieces,
        offices=jalons.offices(etat),
    )
    refus += manquements(depot, REGLES_BROUILLON if action in _BROUILLONS else REGLES)
    refus += _origine(acteur, demande, action, autour, cadre, jour)
    if refus:
        raise RefusPortail([phrase for _, phrase in refus], [regle for regle, _ in refus])


def _cadre_et_role(
    acteur: Acteur, code: str, cadre: Cadre | None, joues: tuple[str, ...], jour: date
) -> list[Manquement]:
    if cadre is None:
        connus = ", ".join(joues)
        return [("cadre-joue", f"Choisissez un cadre de facturation joué par ce portail de formation : {connus}.")]
    if cadre.deposant != acteur.role:
        qui, vous = (referentiel.role(r, jour).designation for r in (cadre.deposant, acteur.role))
        return [("cadre-du-role", f"Une pièce {code} ({cadre.libelle}) est déposée par {qui}, et non par {vous}.")]
    return []


def _origine(
    acteur: Acteur, demande: Mapping[str, str], action: str, autour: Piece | None, cadre: Cadre | None, jour: date
) -> list[Manquement]:
    """The file that a piece comes from, and the files joined."""
    if action == pliage.DEPOSER_PDF:
        return provenance.controler_lecture(demande, jour)
    if action != pliage.ENVOYER:
        return provenance.controler(demande, acteur.structure, cadre, jour)
    deja, venue = (autour.pieces_jointes, autour.provenance) if autour is not None else ((), provenance.Provenance())
    try:
        neuves = pieces_jointes.lire(demande.get("pieces_jointes", ""))
    except ValueError:
        return [provenance.JOINTES_ILLISIBLES]
    return pieces_jointes.controler(neuves, venue.mode, jour, deja=deja, facture=venue.octets)


class _Prises:
    """The uniqueness keys of the invoices already deposited, looked up when a rule asks."""

    def __init__(self, pieces: Mapping[str, Piece], porteurs: Porteurs | None) -> None:
        self._pieces, self._porteurs = pieces, porteurs

    def __contains__(self, cle: object) -> bool:
        numeros = self._pieces if self._porteurs is None else self._porteurs.get(cle, ())
        connues = [self._pieces[numero] for numero in numeros if numero in self._pieces]
        return any(p.unicite == cle and p.date_du(DEPOSEE) for p in connues)
