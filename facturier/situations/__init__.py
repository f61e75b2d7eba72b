"""Situations: stories of real trades whose variable parts are drawn by a seed, and what is asked of who plays them.

The story (``data/situations``) is what a learner's kernel reads; the key (``source/situations``: what is to be entered,
criteria, typical faults) is read by the trainer's side alone (docs/adr/0002).
"""

from facturier.situations.avance import reste
from facturier.situations.criteres import CRITERES, evaluer
from facturier.situations.jeu import commencer, en_classe, entamee, executer, rejouer, reprendre
from facturier.situations.lecture import CHOIX, connue, jouee, raconter, situations, tirer, titre, variantes
from facturier.situations.modele import Critere, Document, Faute, Geste, Joue, Recit, Situation

__all__ = [
    "CHOIX",
    "CRITERES",
    "Critere",
    "Document",
    "Faute",
    "Geste",
    "Joue",
    "Recit",
    "Situation",
    "commencer",
    "connue",
    "en_classe",
    "entamee",
    "evaluer",
    "executer",
    "jouee",
    "raconter",
    "rejouer",
    "reprendre",
    "reste",
    "situations",
    "tirer",
    "titre",
    "variantes",
]
