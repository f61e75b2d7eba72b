"""The spaces of a class: created, found again at the start, brought to the class's clock."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from facturier.erreurs import ErreurFacturier
from facturier.portail import Annuaire, Horloge, Ouverture
from facturier.registre import Ecrivain, Lot, Ordre, RegistreClasse
from facturier.registre.classe import creer_espace, regler
from facturier.serveur import recits
from facturier.serveur.espace import EspacePartage
from facturier.serveur.refus import RefusClasse, inconnu

JOURS, ARRET, ORIGINE = "jours", "arret", "jours:"
"""Settings of the class: days that its clock was turned by in all, whether it is stopped; how many days it had been
turned by when a space that tells a story began, since a story starts at its own date."""


class Espaces:
    """Every space by name. What could not be folded is said in ``avis``, and does not stop the others."""

    def __init__(
        self,
        registre: RegistreClasse,
        ecrivain: Ecrivain,
        annuaire: Annuaire,
        horloge: Horloge,
        reglages: Mapping[str, str],
        avis: list[str],
    ) -> None:
        self._registre = registre
        self._ecrivain = ecrivain
        self._annuaire = annuaire
        self._horloge = horloge
        self._avis = avis
        self._verrou = threading.RLock()
        self._par_nom: dict[str, EspacePartage] = {}
        self._origines = {cle.removeprefix(ORIGINE): int(j) for cle, j in reglages.items() if cle.startswith(ORIGINE)}
        self.horloge: tuple[int, bool] = (int(reglages.get(JOURS, "0")), reglages.get(ARRET) == "oui")
        for nom, brut in registre.espaces():
            self._connaitre(nom, Ouverture.depuis_json(brut), vierge=False)

    def tous(self) -> dict[str, EspacePartage]:
        """Every space by name; a copy."""
        return dict(self._par_nom)

    def un(self, nom: str) -> EspacePartage:
        """The space of that name (RefusClasse « introuvable »)."""
        partage = self._par_nom.get(nom)
        if partage is None:
            raise inconnu("Cet espace n’existe pas : relisez son adresse.")
        return partage

    def preparer(self, nom: str, ouverture: Ouverture) -> tuple[Ordre, ...]:
        """Have that new space ready for who will be given its name; what keeps it.

        Raises:
            RefusClasse: there is one of that name already (« occupe »).
        """
        with self._verrou:
            if nom in self._par_nom:
                raise RefusClasse("Cet espace vient d’être créé par ailleurs : recommencez.", code="occupe")
            partage = self._connaitre(nom, ouverture, vierge=True)
            ordres = (creer_espace(nom, ouverture.en_json(), self._horloge().isoformat(timespec="seconds")),)
            if partage.recit is None:
                return ordres
            self._origines[nom] = self.horloge[0]
            return (*ordres, *regler(ORIGINE + nom, str(self.horloge[0])))

    def oublier(self, nom: str) -> None:
        """That new space could not be kept."""
        with self._verrou:
            self._par_nom.pop(nom, None)
            self._origines.pop(nom, None)

    def ouvrir(self, nom: str) -> None:
        """Fold its journal, bring it to the class's clock."""
        try:
            self.un(nom).plier()
            self.aligner(nom)
        except ErreurFacturier as cause:
            self._avis.append(f"Espace « {nom} » : {cause.phrase}")

    def aligner(self, nom: str) -> None:
        """Bring that space to the class's clock."""
        jours, arret = self.horloge
        self.un(nom).aligner(jours - self._origines.get(nom, 0), arret)

    def regler_horloge(self, jours: int, arret: bool) -> None:
        """Keep where the class's clock stands; spaces are aligned after, again at the next start if need be."""
        with self._verrou:
            self._ecrivain.ecrire(Lot(ordres=(*regler(JOURS, str(jours)), *regler(ARRET, "oui" if arret else ""))))
            self.horloge = (jours, arret)

    def _connaitre(self, nom: str, ouverture: Ouverture, *, vierge: bool) -> EspacePartage:
        recit = None
        try:
            recit = recits.recit(ouverture, self._annuaire)
        except ErreurFacturier as cause:
            self._avis.append(f"Espace « {nom} » : {cause.phrase}")
        services: tuple[Any, ...] = (self._annuaire, self._horloge, self._registre, self._ecrivain)
        partage = EspacePartage(nom, ouverture, *services, recit=recit, vierge=vierge)
        self._par_nom[nom] = partage
        return partage
