"""The portal of a class, without any HTTP: who has joined, their spaces, what each may do and see."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Annuaire, Horloge, Ouverture, Portail
from facturier.registre import Ecrivain, LigneParticipant, Lot, Ordre, RegistreClasse
from facturier.registre.classe import regler
from facturier.serveur import absences, acces, formation, jetons, montages, recits
from facturier.serveur.espace import ANIMATEUR_SEUL, Demande, EspacePartage
from facturier.serveur.espaces import Espaces
from facturier.serveur.montages import Montage, Poste
from facturier.serveur.participants import Participants
from facturier.serveur.refus import RefusClasse, interdit

R = TypeVar("R")
SUIVI_SECONDES = 20.0
"""How often the times of presence are kept."""
VUE_DITE = timedelta(minutes=10)
"""How long a learner is told that their request for help was seen."""
GRAINE, GENERATION = "graine", "generation"


@dataclass(frozen=True)
class Inscription:
    """Somebody has joined. ``jeton`` is shown once, « » when theirs still holds."""

    participant: LigneParticipant
    jeton: str


class Classe:
    """One class on one store. Every verb may be called from any thread.

    ``graine``: draws the simulated partners, the same for everybody, and each learner's own seed; ``situation``: what
    the learners' own spaces play, « » for nothing in particular, None for what the store says; ``marche``: number of
    the market that groups play when none is chosen for them; ``attendus``: pseudonyms of the session's list, only
    shown to the trainer; ``bascules``: days of announced changes, for spaces that play no situation.

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
        situation: str | None = None,
        attendus: tuple[str, ...] = (),
        bascules: Mapping[str, str] | None = None,
        horloge: Horloge = datetime.now,
    ) -> None:
        self.registre = registre
        self.annuaire = annuaire
        self.horloge = horloge
        self.attendus = attendus
        self._bascules = dict(Ouverture(bascules=bascules or {}).bascules)
        self.montage = montages.de_la_classe(annuaire, marche)
        recits.verifier(situation or "", annuaire)
        self.code = jetons.tirer_code()
        self.avis: list[str] = []
        self.ecrivain = Ecrivain(registre)
        self.essais = jetons.Limiteur(horloge, nouvelles=True)
        self.secrets = acces.limiteur(horloge)
        self.verrou = threading.RLock()
        reglages = registre.reglages()
        self._graine = reglages.get(GRAINE) or graine or secrets.token_hex(16)
        if GRAINE not in reglages:
            self.ecrivain.ecrire(Lot(ordres=regler(GRAINE, self._graine)))
        self.absents = absences.lire(reglages)
        self.montages = montages.gardes(reglages, annuaire, self.avis)
        self.generation = int(reglages.get(GENERATION, "0"))
        self.situation = recits.gardee(reglages, self.avis)
        self.participants = Participants(registre, self.ecrivain, horloge)
        self._espaces = Espaces(registre, self.ecrivain, annuaire, horloge, reglages, self.avis)
        for nom in self._espaces.tous():
            self._espaces.ouvrir(nom)
            with suppress(ErreurFacturier):  # said when the space was opened
                self.participants.retrouver(nom, self.espace(nom).lire(lambda portail: portail.depuis(0)))
        formation.retrouver(self, reglages)
        if situation is not None and situation != self.situation:
            recits.jouer(self, situation)
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
        with self._ou_oublier() as nouveaux:
            ligne, nouveau = self.participants.inscrire(prenom, jeton, lambda qui: self._preparer(qui.solo, nouveaux))
        if nouveaux:
            self._espaces.ouvrir(nouveaux[0])
            try:
                ligne = absences.placer(self, ligne)
            except ErreurFacturier as cause:  # they have joined: the trainer will place them
                self.avis.append(f"« {ligne.pseudonyme} » n’est dans aucun groupe : {cause.suite}")
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

    def espace_de(self, qui: LigneParticipant, espace: str) -> EspacePartage:
        """That space of theirs (RefusClasse: it is somebody else's)."""
        if espace not in self.espaces_de(self.participants.participant(qui.pseudonyme)):
            raise interdit("Cet espace n’est pas le vôtre : vous ne pouvez ni le lire ni y agir.")
        return self.espace(espace)

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
        demande = Demande(acteur, action, objet, donnees or {}, version, cle)
        with acces.passage(self, qui, espace, demande) as passage:
            passage.reponse = passage.partage.faire(passage.demande, passage.permis)
        return passage.reponse

    def lire(self, qui: LigneParticipant, espace: str, lecture: Callable[[Portail], R]) -> R:
        """Look at a space of theirs (RefusClasse: it is somebody else's)."""
        return self.espace_de(qui, espace).lire(lecture)

    def consulter(
        self, qui: LigneParticipant, espace: str, acteur: Acteur, lecture: Callable[[Portail, Acteur], R]
    ) -> R:
        """Look at a space of theirs in the name of a role, in their own name or through an account of theirs.

        Raises:
            RefusClasse: the space is somebody else's. RefusPortail: the role or the account is.
        """
        siennement = Acteur(acteur.role, acteur.structure, acteur.par or qui.pseudonyme)

        partage = self.espace_de(qui, espace)
        permettre = acces.permis(self, qui, espace, siennement)

        def regarder(portail: Portail) -> R:
            permettre(portail)
            return lecture(portail, siennement)

        return partage.lire(regarder)

    def demander_aide(self, qui: LigneParticipant, *, demande: bool = True) -> str:
        """« J’ai besoin d’aide », or no longer; the sentence to show."""
        maintenant = self.horloge()
        quand = maintenant.isoformat(timespec="seconds") if demande else ""
        self.participants.changer({qui.pseudonyme: {"aide": quand}})
        self.participants.suivi(qui.pseudonyme).aide_vue = None
        if not demande:
            return "Votre demande d’aide est retirée."
        return f"Votre demande est notée à {maintenant:%H:%M} : le formateur la voit sur son écran."

    def aide_vue(self, qui: LigneParticipant) -> str:
        """What to tell whoever asked for help, for a while after the trainer has seen it; "" otherwise."""
        vue = self.participants.suivi(qui.pseudonyme).aide_vue
        if vue is None or self.horloge() - vue > VUE_DITE:
            return ""
        return f"Votre demande a été vue à {vue:%H:%M}."

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
        return self._espaces.horloge

    def regler_horloge(self, jours: int, arret: bool) -> None:
        """Keep where the class's clock stands; spaces are aligned after, again at the next start if need be."""
        self._espaces.regler_horloge(jours, arret)

    def aligner(self, espace: str) -> None:
        """Bring that space to the class's clock."""
        self._espaces.aligner(espace)

    def espaces(self) -> dict[str, EspacePartage]:
        """Every space by name; a copy."""
        return self._espaces.tous()

    def espace(self, nom: str) -> EspacePartage:
        """The space of that name (RefusClasse « introuvable »)."""
        return self._espaces.un(nom)

    def montage_de(self, espace: str) -> Montage:
        """The circuit that a space plays: the one chosen for its group, else the class's."""
        return self.montages.get(espace, self.montage)

    def placer(self, champs: Mapping[str, Mapping[str, str]], noms: tuple[str, ...], *autres: Ordre) -> None:
        """Create these spaces and change these participants, all at once."""
        with self._ou_oublier() as nouveaux:
            ordres = [ordre for nom in noms for ordre in self._preparer(nom, nouveaux)]
            self.participants.changer(champs, (*ordres, *autres))
        for nom in noms:
            self._espaces.ouvrir(nom)

    def nouvelle_generation(self) -> tuple[int, tuple[Ordre, ...]]:
        """The number of the next sharing out, and what keeps it."""
        with self.verrou:
            self.generation += 1
            return self.generation, regler(GENERATION, str(self.generation))

    def confier(self, espace: str, poste: Poste, tenant: str) -> None:
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

    def _preparer(self, nom: str, nouveaux: list[str]) -> tuple[Ordre, ...]:
        marche = self.montage_de(nom).marche.numero
        ouverture = recits.ouverture(self.annuaire, self._graine, nom, self.situation, self._bascules, marche)
        ordres = self._espaces.preparer(nom, ouverture)
        nouveaux.append(nom)
        return ordres

    @contextmanager
    def _ou_oublier(self) -> Iterator[list[str]]:
        """The names of the spaces that the block prepares: they are forgotten when they cannot be kept."""
        noms: list[str] = []
        try:
            yield noms
        except BaseException:
            for nom in noms:
                self._espaces.oublier(nom)
            raise

    def _suivre(self) -> None:
        while not self._fin.wait(SUIVI_SECONDES):
            try:
                self.participants.sauver()
            except ErreurFacturier as cause:  # tried again next time
                self.avis[-20:] = [*self.avis[-19:], cause.phrase]
