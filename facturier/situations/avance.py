"""What is plainly left to do in a story, seen by who has no key: an asked thing that no act has touched."""

from __future__ import annotations

from facturier.portail import Portail
from facturier.situations.criteres import CRITERES
from facturier.situations.modele import Recit


def reste(recit: Recit, debut: Portail, portail: Portail) -> bool:
    """Whether something asked is plainly undone, from the portal that the learner found to what they made of it.

    Nothing here says that what was done is right: no expected value is known, but for whose piece it is.
    """
    actions = {evenement["action"] for evenement in portail.journal[debut.longueur :]}
    connu = {"deposant": recit.joues[0].structure, "deja": " ".join(debut.etat.pieces)}
    for critere in map(CRITERES.__getitem__, recit.demandes):
        if connu.keys() >= set(critere.besoins):
            if not critere.rempli(portail.etat, connu):
                return True
        elif critere.gestes and actions.isdisjoint(critere.gestes):
            return True
    return False
