"""The shared portal of a class: one process, one store, one writer; learners' API and trainer's verbs."""

from facturier.serveur.animateurs import Animateurs
from facturier.serveur.animation import Animation
from facturier.serveur.classe import Classe, Inscription
from facturier.serveur.refus import RefusClasse

__all__ = ["Animateurs", "Animation", "Classe", "Inscription", "RefusClasse"]
