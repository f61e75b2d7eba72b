"""The simulated mailbox: what the portal would have written to whom, derived from the journal and never stored."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.portail import courriers_alertes, courriers_comptes, courriers_jalons, courriers_pieces, remontee
from facturier.portail.comptes import detient
from facturier.portail.courriers import Courrier
from facturier.portail.evenements import ANIMATEUR, Acteur
from facturier.portail.personnes import Compte

if TYPE_CHECKING:
    from facturier.portail.portail import Portail


@dataclass(frozen=True)
class Modele:
    """How a message is worded."""

    code: str
    objet: str
    texte: str


@dataclass(frozen=True)
class Message:
    """One message of the mailbox. ``a``: an e-mail address or the SIRET of a structure; ``piece``: what it is about,
    "" when not a piece; ``jeton``: the secret that it carries, "" most often."""

    quand: datetime
    a: str
    objet: str
    texte: str
    piece: str = ""
    jeton: str = ""


@dataclass(frozen=True)
class Modeles:
    """The wordings by code, and the statuses that write to nobody."""

    messages: Mapping[str, Modele]
    sans_message: frozenset[str]


@cache
def modeles(chemin: Path | None = None) -> Modeles:
    """The wordings of ``data/messages.toml`` (or another file of the same form).

    Raises:
        ErreurFacturier: unreadable file.
    """
    fichier = chemin if chemin is not None else contenu.racine() / "data" / "messages.toml"
    try:
        lu = tomllib.loads(fichier.read_text(encoding="utf-8"))
        messages = {brut["code"]: Modele(**brut) for brut in lu["message"]}
        return Modeles(messages, frozenset(lu["sans_message"]))
    except (OSError, ValueError, TypeError, KeyError) as cause:
        raise ErreurFacturier(
            f"Les messages {fichier} ne sont pas lisibles ({cause}) : corrigez ce fichier TOML.",
            code="messages-illisibles",
        ) from cause


def messages(portail: Portail, pour: str) -> tuple[Message, ...]:
    """The mailbox of an e-mail address, or of a structure (its SIRET), oldest first.

    No right is asked: where several people play, what one of them may read is :func:`messages_de`.
    """
    cherche = pour.strip().casefold()
    comptes = portail.etat.comptes.values()
    siens = [c for c in comptes if cherche in (c.contact.casefold(), c.courriel.casefold())]
    tous = _courriers(portail, _sirets(cherche, siens), siens)
    return tuple(_message(courrier) for courrier in tous if courrier.a.casefold() == cherche)


def messages_de(portail: Portail, acteur: Acteur) -> tuple[Message, ...]:
    """All the messages that this actor may read, oldest first: their accounts', their structure's."""
    tout = acteur.par == ANIMATEUR
    siens = [
        c for c in portail.etat.comptes.values() if tout or detient(c, acteur.par, classe=portail.ouverture.classe)
    ]
    tous = _courriers(portail, None if tout else _sirets(acteur.structure, siens), siens)
    return tuple(_message(courrier) for courrier in tous if peut_lire(portail, acteur, courrier))


def peut_lire(portail: Portail, acteur: Acteur, courrier: Courrier) -> bool:
    """Whether that message is theirs: its account is, or they act for its structure and its space is open to them."""
    par = acteur.par
    if par == ANIMATEUR and portail.ouverture.classe:
        return True
    if courrier.compte:
        compte = portail.etat.comptes.get(courrier.compte)
        return compte is not None and detient(compte, par, classe=portail.ouverture.classe)
    if courrier.sollicitation:
        sollicitation = portail.etat.sollicitations[courrier.sollicitation]
        return sollicitation.auteur == par and (bool(par) or sollicitation.structure == acteur.structure)
    if not courrier.structure or courrier.structure != acteur.structure:
        return False
    compte = portail.etat.comptes.get(par)
    if compte is not None:
        return compte.gere(courrier.structure) or compte.habilite(courrier.structure, courrier.espace)
    if portail.ouverture.comptes:
        return False
    tenant = portail.etat.attributions.get((acteur.role, acteur.structure), "")
    return not tenant or tenant == par


def _sirets(siret: str, comptes: Iterable[Compte]) -> frozenset[str]:
    return frozenset((siret, *(rattache for compte in comptes for rattache in compte.rattachements)))


def _courriers(portail: Portail, sirets: frozenset[str] | None, comptes: list[Compte]) -> list[Courrier]:
    """Those of these structures and accounts at least, in the order of dates; those of one moment in the order in
    which they were caused."""
    tous: list[Courrier] = [*_des_structures(portail, sirets, comptes), *courriers_comptes.courriers(portail)]
    return sorted(tous, key=lambda courrier: courrier.quand)


def _des_structures(portail: Portail, sirets: frozenset[str] | None, comptes: list[Compte]) -> Iterator[Courrier]:
    """What pieces, deadlines and notifications wrote to structures; the copies to accounts whose space is open."""
    actifs = [compte for compte in comptes if compte.actif]
    for courrier in _ecrits(portail, sirets):
        yield courrier
        for compte in actifs:
            if compte.habilite(courrier.structure, courrier.espace):
                yield courrier.pour(compte)


def _ecrits(portail: Portail, sirets: frozenset[str] | None) -> Iterator[Courrier]:
    """What is written to structures: a payment that is not reported is known to its payer only, alerts included."""
    etat, annuaire, muets = portail.etat, portail.annuaire, modeles().sans_message
    yield from courriers_jalons.courriers(etat, annuaire, portail.maintenant)
    payeurs = frozenset(piece.destinataire for piece in remontee.payees_sans_le_dire(etat, annuaire))
    tu = remontee.sans_paiements(etat, remontee.payees_sans_le_dire(etat, annuaire))
    for vu in (etat, tu) if payeurs else (etat,):
        vie = courriers_pieces.courriers(vu, annuaire, muets, sirets)
        for courrier in (*vie, *courriers_alertes.courriers(vu, annuaire, portail.maintenant, sirets)):
            if not payeurs or (courrier.structure in payeurs) == (vu is etat):
                yield courrier


def _message(courrier: Courrier) -> Message:
    connus = modeles().messages
    modele = next(connus[code] for code in courrier.codes if code in connus)
    places = {**courrier.places, "jeton": courrier.jeton}
    return Message(
        quand=courrier.quand,
        a=courrier.a,
        objet=modele.objet.format_map(places),
        texte=modele.texte.format_map(places).rstrip(),
        piece=courrier.piece,
        jeton=courrier.jeton,
    )
