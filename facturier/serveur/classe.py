"""The portal of a class, without any HTTP: who has joined, their spaces, what each may do and see."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Annuaire, Horloge, Ouverture, Portail
from facturier.registre import Ecrivain, LigneParticipant, Lot, Ordre, RegistreClasse
from facturier.registre.classe import creer_espace, regler
from facturier.serveur import absences, acces, jetons, repartition
from facturier.serveur.espace import ANIMATEUR_SEUL, Demande, EspacePartage
from facturier.serveur.participants import Participants
from facturier.serveur.refus import RefusClasse, inconnu, interdit

R = TypeVar("R")
SUIVI_SECONDES = 20.0
"""How often the times of presence are kept."""
GRAINE, GENERATION, JOURS, ARRET = "graine", "generation", "jours", "arret"


@dataclass(frozen=True)
class Inscription:
    """Somebody has joined. ``jeton`` is shown once, « » when theirs still holds."""

    participant: LigneParticipant
    jeton: str


class Classe:
    """One class on one store. Every verb may be called from any thread.

    ``graine``: draws the simulated partners, the same for everybody; ``marche``: number of the market that groups
    play; ``attendus``: pseudonyms of the session's list, only shown to the trainer; ``bascules``: days of announced
    changes, for the spaces opened from now on.

    Raises:
        ErreurFacturier: the store cannot be read, or a setting is impossible.
    """

    def __init__(
        self,
        registre: RegistreClasse,
        annuaire: Annuaire,
        *,
        graine: str = "",
        marche: str = "",
        attendus: tuple[str, ...] = (),
        bascules: Mapping[str, str] | None = None,
        horloge: Horloge = datetime.now,
    ) -> None:
        self.registre = registre
        self.annuaire = annuaire
        self.horloge = horloge
        self.attendus = attendus
        self._bascules = dict(Ouverture(bascules=bascules or {}).bascules)
        self.marche = repartition.marche_de_la_classe(annuaire, marche)
        self.code = jetons.tirer_code()
        self.avis: list[str] = []
        self.ecrivain = Ecrivain(registre)
        self.essais = jetons.Limiteur(horloge, nouvelles=True)
        self.secrets = acces.limiteur(horloge)
        self.verrou = threading.RLock()
        reglages = registre.reglages()
        self._graine = reglages.get(GRAINE) or graine or secrets.token_hex(4)
        if GRAINE not in reglages:
            self.ecrivain.ecrire(Lot(ordres=regler(GRAINE, self._graine)))
        self.absents = absences.lire(reglages)
        self.generation = int(reglages.get(GENERATION, "0"))
        self._horloge_classe = (int(reglages.get(JOURS, "0")), reglages.get(ARRET) == "oui")
        self.participants = Participants(registre, self.ecrivain, horloge)
        self._espaces: dict[str, EspacePartage] = {}
        for nom, brut in registre.espaces():
            self._reprendre(nom, Ouverture.depuis_json(brut))
        self._fin = threading.Event()
        self._suivi = threading.Thread(target=self._suivre, name="facturier-presences", daemon=True)
        self._suivi.start()

    # --- joining ------------------------------------------------------------------------------------------

    def rejoindre(self, code: str, prenom: str, *, adresse: str = "", jeton: str = "") -> Inscription:
        """Join with the code that the trainer shows; come back with the token got the first time.

        Raises:
            RefusClasse: wrong code (« code-refuse »), too many attempts, name taken or impossible.
        """
        self.essais.passer(adresse)
        if not jetons.meme_code(code, self.code):
            self.essais.echouer(adresse)
            raise RefusClasse(
                "Ce code n’est pas celui de la classe : relisez-le sur l’écran du formateur.", code="code-refuse"
            )
        ligne, nouveau = self.participants.inscrire(prenom, jeton, self._nouvel_espace_solo)
        if ligne.solo not in self._espaces:
            self._ajouter(ligne.solo)
            try:
                ligne = absences.placer(self, ligne)
            except ErreurFacturier as cause:  # they have joined: the trainer will place them
                self.avis.append(f"« {ligne.pseudonyme} » n’est dans aucun groupe : {cause.phrase}")
        absences.accueillir(self, ligne.pseudonyme)
        return Inscription(ligne, nouveau)

    def identifier(self, jeton: str) -> LigneParticipant:
        """Who holds that token (RefusClasse « jeton-refuse »: nobody); it counts as a sign of life."""
        ligne = self.participants.identifier(jeton)
        absences.accueillir(self, ligne.pseudonyme)
        return ligne

    def partir(self, qui: LigneParticipant) -> None:
        """The participant leaves for now: the time is kept."""
        self.participants.partir(qui.pseudonyme)

    # --- what a participant does and sees -----------------------------------------------------------------

    def espaces_de(self, qui: LigneParticipant) -> tuple[str, ...]:
        """The spaces that a participant sees: their own, their group's."""
        return tuple(filter(None, (qui.solo, qui.groupe)))

    def faire(
        self,
        qui: LigneParticipant,
        espace: str,
        acteur: Acteur,
        action: str,
        objet: str = "",
        donnees: Mapping[str, str] | None = None,
        *,
        version: int | None = None,
        cle: str = "",
    ) -> dict[str, Any]:
        """Do an act in a space of theirs, in the name of a role that is theirs; the answer once it is on disk:
        {"objet", "version", "n", "quand"}. The same key gives the same answer again.

        ``acteur.par``: an account of theirs through which they act, « » to act in their own name.

        Raises:
            RefusPortail, RefusClasse: refused, nothing has changed.
            RegistreRefuse: it could not be kept, nothing has changed.
        """
        partage = self._sien(qui, espace)
        siennement = Acteur(acteur.role, acteur.structure, acteur.par or qui.pseudonyme)
        suivi = self.participants.suivi(qui.pseudonyme)
        demande = Demande(siennement, action, objet, donnees or {}, version, cle)
        try:
            with acces.secret(self.secrets, f"{espace}|{qui.pseudonyme}", action):
                reponse = partage.faire(demande, lambda p: acces.permettre(qui, espace, siennement, p))
        except ErreurFacturier as refus:
            if suivi.bloque_depuis is None:
                suivi.bloque_depuis = self.horloge()
            suivi.refus = refus.phrase
            raise
        suivi.bloque_depuis, suivi.refus = None, ""
        suivi.dernier = {"action": action, "objet": reponse["objet"], "quand": reponse["quand"], "espace": espace}
        return reponse

    def lire(self, qui: LigneParticipant, espace: str, lecture: Callable[[Portail], R]) -> R:
        """Look at a space of theirs (RefusClasse: it is somebody else's)."""
        return self._sien(qui, espace).lire(lecture)

    def consulter(
        self, qui: LigneParticipant, espace: str, acteur: Acteur, lecture: Callable[[Portail, Acteur], R]
    ) -> R:
        """Look at a space of theirs in the name of a role, in their own name or through an account of theirs.

        Raises:
            RefusClasse: the space is somebody else's. RefusPortail: the role or the account is.
        """
        siennement = Acteur(acteur.role, acteur.structure, acteur.par or qui.pseudonyme)

        def regarder(portail: Portail) -> R:
            acces.permettre(qui, espace, siennement, portail)
            return lecture(portail, siennement)

        return self._sien(qui, espace).lire(regarder)

    def demander_aide(self, qui: LigneParticipant, *, demande: bool = True) -> str:
        """« J’ai besoin d’aide », or no longer; the sentence to show."""
        maintenant = self.horloge()
        quand = maintenant.isoformat(timespec="seconds") if demande else ""
        self.participants.changer({qui.pseudonyme: {"aide": quand}})
        if not demande:
            return "Votre demande d’aide est retirée."
        return f"Votre demande est notée à {maintenant:%H:%M} : le formateur la voit sur son écran."

    def montrer_formulaire(self, qui: LigneParticipant, formulaire: str, valeurs: Mapping[str, str]) -> None:
        """What the participant is typing, for the trainer to look at; it is not kept."""
        self.participants.suivi(qui.pseudonyme).formulaire = {
            "formulaire": formulaire,
            "valeurs": dict(valeurs),
            "quand": self.horloge().isoformat(timespec="seconds"),
        }

    # --- for whoever animates -------------------------------------------------------------------------------

    @property
    def horloge_classe(self) -> tuple[int, bool]:
        """Days that the class's clock has been turned by in all, and whether it is stopped."""
        return self._horloge_classe

    def regler_horloge(self, jours: int, arret: bool) -> None:
        """Keep where the class's clock stands; spaces are aligned after, again at the next start if need be."""
        with self.verrou:
            self.ecrivain.ecrire(Lot(ordres=(*regler(JOURS, str(jours)), *regler(ARRET, "oui" if arret else ""))))
            self._horloge_classe = (jours, arret)

    def espaces(self) -> dict[str, EspacePartage]:
        """Every space by name; a copy."""
        return dict(self._espaces)

    def espace(self, nom: str) -> EspacePartage:
        """The space of that name (RefusClasse « introuvable »)."""
        partage = self._espaces.get(nom)
        if partage is None:
            raise inconnu("Cet espace n’existe pas : relisez son adresse.")
        return partage

    def placer(self, champs: Mapping[str, Mapping[str, str]], noms: tuple[str, ...], *autres: Ordre) -> None:
        """Create these spaces and change these participants, all at once."""
        self.participants.changer(champs, (*(self._creer(nom) for nom in noms), *autres))
        for nom in noms:
            self._ajouter(nom)

    def nouvelle_generation(self) -> tuple[int, tuple[Ordre, ...]]:
        """The number of the next sharing out, and what keeps it."""
        with self.verrou:
            self.generation += 1
            return self.generation, regler(GENERATION, str(self.generation))

    def confier(self, espace: str, poste: repartition.Poste, tenant: str) -> None:
        """Give a role of a space to a participant, a simulated partner, or nobody (« »)."""
        donnees = {"role": poste.role, "structure": poste.structure, "a": tenant}
        self.espace(espace).faire(Demande(ANIMATEUR_SEUL, "confier", "", donnees))

    def fermer(self) -> None:
        """Keep what is left to keep, then stop."""
        self._fin.set()
        self._suivi.join()
        try:
            self.participants.sauver()
        finally:
            self.ecrivain.fermer()
            self.registre.fermer()

    # --- inside ---------------------------------------------------------------------------------------------

    def _sien(self, qui: LigneParticipant, espace: str) -> EspacePartage:
        if espace not in self.espaces_de(self.participants.participant(qui.pseudonyme)):
            raise interdit("Cet espace n’est pas le vôtre : vous ne pouvez ni le lire ni y agir.")
        return self.espace(espace)

    def _creer(self, nom: str) -> Ordre:
        ouverture = repartition.ouverture(self.annuaire, self._graine, nom, self._bascules)
        return creer_espace(nom, ouverture.en_json(), self.horloge().isoformat(timespec="seconds"))

    def _nouvel_espace_solo(self, ligne: LigneParticipant) -> tuple[Ordre, ...]:
        return (self._creer(ligne.solo),)

    def _ajouter(self, nom: str) -> None:
        self._reprendre(nom, repartition.ouverture(self.annuaire, self._graine, nom, self._bascules), vierge=True)

    def _reprendre(self, nom: str, ouverture: Ouverture, *, vierge: bool = False) -> None:
        with self.verrou:
            if nom in self._espaces:
                return
            self._espaces[nom] = EspacePartage(
                nom, ouverture, self.annuaire, self.horloge, self.registre, self.ecrivain, vierge=vierge
            )
        try:
            self._espaces[nom].plier()
            self._espaces[nom].aligner(*self._horloge_classe)
            if not vierge:
                self._retrouver_derniers(nom)
        except ErreurFacturier as cause:
            self.avis.append(f"Espace « {nom} » : {cause.phrase}")

    def _retrouver_derniers(self, espace: str) -> None:
        """The last act of each participant of that space, as it was before the server stopped."""
        connus = self.participants.tous()
        for evenement in self._espaces[espace].lire(lambda portail: portail.depuis(0)):
            if evenement["par"] in connus:
                suivi = self.participants.suivi(evenement["par"])
                lu = {cle: str(evenement[cle]) for cle in ("action", "objet", "quand")}
                if suivi.dernier is None or suivi.dernier["quand"] <= lu["quand"]:
                    suivi.dernier = {**lu, "espace": espace}

    def _suivre(self) -> None:
        while not self._fin.wait(SUIVI_SECONDES):
            try:
                self.participants.sauver()
            except ErreurFacturier as cause:  # tried again next time
                self.avis[-20:] = [*self.avis[-19:], cause.phrase]
