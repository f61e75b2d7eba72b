"""A whole day played into one folder: materials built, seven learners, marks, reports."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

from facturier.demo import jeu
from facturier.demo.personnages import CLASSE
from facturier.ecriture import write_bytes, write_text
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.resultats import Resultats
from facturier.fabrique.bilans import noter_et_rapporter
from facturier.fabrique.ensemble import construire_tout
from facturier.formulaires.rendu import Rendu
from facturier.progression import attente, suivi

# the day that is played: a fixed one, so that two plays give the same copies
MATIN = datetime(2026, 12, 3, 9, 0, tzinfo=timezone(timedelta(hours=1)))
_TEMOIN = ".facturier-demo"


def jouer(sortie: Path) -> Resultats:
    """Play the day into ``sortie`` (emptied first when a former play made it).

    Raises:
        ErreurFacturier: ``sortie`` exists and is not a former play: nothing is erased.
    """
    _faire_place(sortie)
    with attente("Construction des carnets, des exercices et des factures d’exemple…"):
        construire_tout(sortie)
    rendus = sortie / "rendus"
    for rang, qui in enumerate(suivi(CLASSE, "Sept apprenants au travail")):
        espace = sortie / "apprenants" / qui.id
        shutil.copytree(sortie / "release", espace / "release")
        jeu.jouer(qui, espace, MATIN + timedelta(seconds=rang))
        recu = Rendu(espace, horloge=lambda: MATIN + timedelta(hours=8)).rendre(qui.id)
        write_bytes(rendus / recu.fichier.name, recu.fichier.read_bytes())
    return noter_et_rapporter(rendus, sortie)


def _faire_place(sortie: Path) -> None:
    if sortie.exists() and any(sortie.iterdir()):
        if not (sortie / _TEMOIN).is_file():
            raise ErreurFacturier(
                f"Le dossier {sortie} n’est pas vide et ne vient pas d’une démonstration : choisissez-en un autre "
                "avec --sortie.",
                code="dossier-occupe",
            )
        shutil.rmtree(sortie)
    write_text(sortie / _TEMOIN, "Ce dossier est refait à chaque démonstration.\n")
