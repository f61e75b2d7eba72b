"""The mailbox: what the portal would have written, with the way to the screen that each message is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier.ecrans import comptes
from facturier.ecrans.blocs import Bloc, Cible, Lien, Liens, Paragraphe, Repli
from facturier.ecrans.ecran import Ecran
from facturier.portail.boite import Message, modeles
from facturier.portail.comptes import compte_de
from facturier.portail.evenements import Acteur

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

OUVERTS = 1
"""How many messages are unfolded: the last ones."""
AFFICHES = 50


def _lus(poste: Poste) -> tuple[Message, ...]:
    """What the person may read: in their own name before they are connected, then through their account and seat."""
    acteurs = [comptes.PERSONNE, poste.acteur]
    if comptes.connecte(poste):
        acteurs.append(Acteur("fournisseur", poste.acteur.structure, poste.compte))
    trouves = {m: None for acteur in dict.fromkeys(acteurs) for m in poste.guichet.messages(acteur)}
    return tuple(sorted(trouves, key=lambda m: m.quand, reverse=True))


def _composer(poste: Poste, _: str) -> Sequence[Bloc]:
    messages = _lus(poste)
    if not messages:
        return [Paragraphe("Aucun message pour l’instant. Aucun courriel ne part : tout se lit ici.")]
    suite = [Paragraphe(f"Les {AFFICHES} derniers messages.", note=True)] if len(messages) > AFFICHES else []
    return [
        Paragraphe("Aucun courriel ne part de ce portail : les messages se lisent ici, le plus récent d’abord."),
        *(
            Repli(f"{m.quand:%d/%m/%Y à %H:%M} — {m.objet}", _message(poste, m), rang < OUVERTS)
            for rang, m in enumerate(messages[:AFFICHES])
        ),
        *suite,
    ]


def _message(poste: Poste, message: Message) -> Sequence[Bloc]:
    liens = [*_secret(poste, message)]
    if message.piece:
        liens.append(Lien(f"Ouvrir la pièce {message.piece}", Cible("fiche", message.piece)))
    paragraphes: list[Bloc] = [Paragraphe(f"Pour : {message.a}", note=True)]
    vers = liens[0].cible if liens and message.jeton else None
    corps = [_ligne(ligne.strip(), vers) for ligne in message.texte.split("\n") if ligne.strip()]
    return [*paragraphes, *corps, *([Liens(liens)] if liens else [])]


def _ligne(texte: str, vers: Cible | None) -> Bloc:
    """A line of a message; the address that it gives leads where the message does."""
    return Liens([Lien(texte, vers)]) if vers is not None and texte.startswith("https://") else Paragraphe(texte)


def _secret(poste: Poste, message: Message) -> list[Lien]:
    """Where the link of that message leads, when it carries one."""
    connus = modeles().messages
    trouve = compte_de(poste.guichet.etat, message.a)
    if not message.jeton:
        return []
    if message.objet == connus["activation"].objet and trouve is not None:
        return [Lien("Suivre le lien d’activation", Cible("compte_activer", f"{trouve.id}:{message.jeton}"))]
    if message.objet == connus["confirmation"].objet and poste.compte:
        return [Lien("Suivre le lien de confirmation", Cible("compte_confirmer", f"{poste.compte}:{message.jeton}"))]
    if message.objet == connus["code"].objet:
        return [Lien("Aller à la connexion", Cible("connexion"))]
    return []


ECRANS: tuple[Ecran, ...] = (Ecran(id="boite", titre="Boîte aux lettres", composer=_composer, rubrique="Mon poste"),)
