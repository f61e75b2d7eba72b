"""Simulated partners: what a role that nobody plays does by itself, drawn by the seed, the same for everybody.

A character looks at one piece that waits for its role and says what it will do, and when; the portal writes that act
when its date comes, under the same rules as anybody's, and a replay finds it again. What it says may depend on the
piece, the attributions, the directory and the opening of the portal, and on nothing else. Characters and their ordinary
path are data (``data/partenaires.toml``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain

from facturier import cycle, delais
from facturier.annuaire import Annuaire, Marche
from facturier.portail import demande as lecture
from facturier.portail import offres, reponses
from facturier.portail.anomalies import CONTROLES
from facturier.portail.caracteres import Profil, reglages
from facturier.portail.circonstances import ActeDu as ActeDu
from facturier.portail.circonstances import Situation as Situation
from facturier.portail.etat import Etat
from facturier.portail.evenements import SIMULE, Acteur
from facturier.portail.ouverture import Ouverture
from facturier.portail.pieces import Piece

PREFIXE = f"{SIMULE}:"
OUVERTURE, FERMETURE = 9 * 60, 17 * 60
"""Between which minutes of the day offices work."""

Caractere = Callable[[Situation], ActeDu | None]
"""What a character will do of a piece that waits for it, and when; None when it will not answer."""


class _Caracteres(Mapping[str, Caractere]):
    """The characters of the settings, read when one is first asked for."""

    def __getitem__(self, nom: str) -> Caractere:
        return partial(repondre, reglages().profils[nom])

    def __iter__(self) -> Iterator[str]:
        return iter(reglages().profils)

    def __len__(self) -> int:
        return len(reglages().profils)


CARACTERES: Mapping[str, Caractere] = _Caracteres()
"""The characters, by their names in « simule:<caractère> »."""


def caractere(tenant: str) -> str:
    """The character that holds a role, "" when a person or nobody does."""
    return tenant.removeprefix(PREFIXE) if tenant.startswith(PREFIXE) else ""


def acte_de_piece(piece: Piece, etat: Etat, annuaire: Annuaire, ouverture: Ouverture) -> ActeDu | None:
    """The first act that simulated partners will do on that piece as it stands."""
    prevu = _acte_au(piece, etat, annuaire, ouverture, piece.depuis.date())
    if prevu is None or not etat.bascules:
        return prevu
    return _acte_au(piece, etat, annuaire, ouverture, prevu.quand.date())  # a change may come in between


def _acte_au(piece: Piece, etat: Etat, annuaire: Annuaire, ouverture: Ouverture, au: date) -> ActeDu | None:
    """The first act, among what is possible on that day."""
    possibles = offres.offertes(
        piece, cycle.transitions_possibles(piece.cadre, piece.statut, au=au, bascules=etat.bascules), annuaire
    )
    dus = []
    for role in dict.fromkeys(t.role for t in possibles):
        structure = piece.structure_du(role)
        nom = caractere(etat.attributions.get((role, structure), ""))
        if not nom:
            continue
        siennes = tuple(t for t in possibles if t.role == role)
        du = CARACTERES[nom](Situation(piece, Acteur(role, structure, SIMULE), siennes, annuaire, ouverture))
        if du is not None:
            dus.append(du)
    return min(dus, key=lambda du: (du.quand, du.acteur.role), default=None)


def repondre(profil: Profil, situation: Situation) -> ActeDu | None:
    """What that character does: what is wrong first, what the story has it notice, what it asks for of itself, then the
    ordinary path."""
    if situation.sort("silence", profil.silence):
        return None
    quand = moment_ouvre(situation, *profil.jours)
    voulus = (
        _anomalies(profil, situation),
        _remarques(situation),
        _incidents(profil, situation),
        _ordinaire(situation),
    )
    for action, motive in chain.from_iterable(voulus):
        transition = situation.possible(action)
        if transition is None:
            continue
        champs = reponses.champs(situation, profil, transition, quand.date())
        if champs is not None:
            return ActeDu(quand, situation.acteur, action, situation.piece.id, {**champs, **motive})
    return None


def _anomalies(profil: Profil, situation: Situation) -> Iterator[tuple[str, dict[str, str]]]:
    for anomalie in reglages().anomalies:
        remarque = anomalie.code in profil.controles and situation.acteur.role in anomalie.roles
        if remarque and CONTROLES[anomalie.code](situation):
            for action in anomalie.actions:
                if not situation.deja(action):
                    yield action, _motive(anomalie.motif, anomalie.commentaire)


def _remarques(situation: Situation) -> Iterator[tuple[str, dict[str, str]]]:
    valeurs, acteur = situation.piece.valeurs, situation.acteur
    for remarque in situation.ouverture.remarques:
        sienne = (remarque.role, remarque.structure) == (acteur.role, acteur.structure)
        if (
            sienne
            and not situation.deja(remarque.action)
            and not lecture.egal(remarque.champ, valeurs, remarque.valeur)
        ):
            yield remarque.action, _motive(remarque.motif, remarque.commentaire)


def _incidents(profil: Profil, situation: Situation) -> Iterator[tuple[str, dict[str, str]]]:
    for incident in profil.incident:
        peut = incident.role == situation.acteur.role and not situation.deja(incident.action)
        if peut and situation.sort("incident", profil.incidents):
            yield incident.action, _motive(incident.motif, incident.commentaire)


def _ordinaire(situation: Situation) -> Iterator[tuple[str, dict[str, str]]]:
    piece = situation.piece
    for action in reglages().actions(situation.acteur.role, piece.statut, piece.cadre):
        yield action, {}


def _motive(motif: str, commentaire: str) -> dict[str, str]:
    return {**({"motif": motif} if motif else {}), "commentaire": commentaire}


def moment_ouvre(situation: Situation, bas: int, haut: int) -> datetime:
    """A minute of a working day, so many working days after the piece came to its status, and never before it."""
    return apres_jours_ouvres(
        situation.piece.depuis,
        situation.tirage("jours", bas, haut),
        situation.tirage("heure", OUVERTURE, FERMETURE - 1),
    )


def apres_jours_ouvres(depuis: datetime, jours: int, minutes: int) -> datetime:
    """So many working days after that moment, at that minute of the day, and never before it."""
    heure = time(minutes // 60, minutes % 60)
    jour = delais.prochain_jour_ouvre(depuis.date())
    for _ in range(jours):
        jour = _lendemain(jour)
    quand = datetime.combine(jour, heure)
    return quand if quand > depuis else datetime.combine(_lendemain(jour), heure)


def _lendemain(jour: date) -> date:
    return delais.prochain_jour_ouvre(jour + timedelta(days=1))


def du_marche(
    marche: Marche,
    caracteres: str | Mapping[str, str],
    joues: Iterable[tuple[str, str]] = (),
) -> dict[str, str]:
    """The partners of that market for ``Ouverture.partenaires``: all its roles but those that people play.

    Args:
        caracteres: the one character of all, or one by role (a role that is not there is nobody's).
        joues: the (role, SIRET) that people hold.
    """
    payeur = marche.partie("payeur")
    tenus = [("destinataire", payeur), ("comptable", payeur), ("moe", marche.moe), ("moa", marche.partie("moa"))]
    fournisseurs = dict.fromkeys((marche.titulaire, *marche.cotraitants, *marche.membres("sous_traitant")))
    tenus += [("fournisseur", siret) for siret in fournisseurs]
    valideurs = dict.fromkeys((marche.titulaire, *marche.cotraitants))
    tenus += [("valideur_1", siret) for siret in valideurs] + [("valideur_2", marche.titulaire)]
    exclus = set(joues)
    partenaires = {}
    for role, siret in tenus:
        nom = caracteres if isinstance(caracteres, str) else caracteres.get(role, "")
        if siret and nom and (role, siret) not in exclus:
            partenaires[f"{role}:{siret}"] = nom
    return partenaires
