"""What the trainer does to a class: share the roles out, act in the name of anybody, turn the clock, watch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.portail import ANIMATEUR, Acteur, Portail
from facturier.registre import LigneParticipant, LignePresence
from facturier.serveur import absences, formation, notifications, presences, recits
from facturier.serveur.classe import Classe
from facturier.serveur.espace import Demande
from facturier.serveur.montages import Montage, Poste
from facturier.serveur.notifications import Notifiable
from facturier.serveur.refus import RefusClasse

JOURS_EN_TOUT_MAX = 3000


class Animation:
    """The trainer's verbs. Every act done so bears ``par`` « animateur » in the journal of the space."""

    def __init__(self, classe: Classe) -> None:
        self.classe = classe

    # --- groups and roles -----------------------------------------------------------------------------------

    def repartir(
        self, groupes: Sequence[Sequence[str]] | None = None, montage: Montage | None = None
    ) -> tuple[str, ...]:
        """Form groups, each on a new circuit; the names of their spaces.

        Without ``groupes``: those present, in order of arrival, as evenly as can be. ``montage``: the circuit that
        they play, the class's by default. Roles that nobody plays are simulated. Participants of no group keep their
        own space only.

        Raises:
            RefusClasse: somebody unknown, in two groups, or a group too large.
        """
        return formation.repartir(self.classe, groupes, montage)

    def changer_circuit(self, espace: str, montage: Montage) -> str:
        """Have a group play another circuit, on a new dossier, the former one kept aside; the name of its new space.

        Raises:
            RefusClasse: no group has that space.
        """
        return formation.changer_circuit(self.classe, espace, montage)

    def tourner(self) -> None:
        """In every group, each person moves on to the next place."""
        formation.tourner(self.classe)

    def confier(self, espace: str, role: str, structure: str, tenant: str) -> None:
        """Give a role of a group to one of its participants, to « simule:<caractère> », or to nobody (« »)."""
        self.classe.confier(espace, Poste(role, structure), tenant)

    def jouer(self, situation: str) -> None:
        """Start that situation for everybody, « » for free play: each has a new space of their own, the former ones
        are kept, out of their sight.

        Raises:
            ErreurFacturier: no such situation.
        """
        recits.jouer(self.classe, situation)

    def absenter(self, participant: str, caractere: str = "") -> None:
        """The roles of a participant who is away are played by simulated partners of that character (the ordinary one
        by default); they come back to them at their next sign of life.

        Raises:
            RefusClasse: no such participant, no such character.
        """
        absences.absenter(self.classe, participant, caractere)

    def revenir(self, participant: str) -> tuple[str, ...]:
        """Give back at once what was simulated for that participant; the roles that they have again, as texts."""
        return absences.revenir(self.classe, participant)

    # --- events and clock ---------------------------------------------------------------------------------------

    def injecter(
        self,
        espace: str,
        role: str,
        structure: str,
        action: str,
        objet: str = "",
        donnees: Mapping[str, str] | None = None,
        *,
        version: int | None = None,
        cle: str = "",
    ) -> dict[str, Any]:
        """Act in the name of a role, whoever holds it: reject this, suspend that. The rules of the portal hold.

        Raises:
            RefusPortail: they refuse it.
        """
        acteur = Acteur(role, structure, ANIMATEUR)
        return self.classe.espace(espace).faire(Demande(acteur, action, objet, donnees or {}, version, cle))

    def gestes(self, espace: str, piece: str) -> tuple[dict[str, str], ...]:
        """What can be done of that piece now, by role: what a trainer may inject."""

        def lister(portail: Portail) -> tuple[dict[str, str], ...]:
            visee = portail.piece(piece)
            roles = [r.code for r in referentiel.roles()]
            acteurs = [Acteur(role, visee.structure_du(role), ANIMATEUR) for role in roles]
            return tuple(
                {"role": a.role, "structure": a.structure, "action": t.action, "libelle": t.libelle, "garde": t.garde}
                for a in acteurs
                for t in portail.gestes(a, piece)
            )

        return self.classe.espace(espace).lire(lister)

    def notifiables(self, espace: str) -> tuple[Notifiable, ...]:
        """What a trainer may have notified now on the works markets of that space."""
        partage, marche = self.classe.espace(espace), self.classe.montage_de(espace).marche
        return partage.lire(lambda portail: notifications.notifiables(partage, portail, marche))

    def notifier(self, espace: str, marche: str, code: str, texte: str = "") -> dict[str, Any]:
        """Notify that on that market, in the name of who notifies there: the reception, a mise en demeure…

        Raises:
            RefusClasse: no such market or notification.
            RefusPortail: the rules of the portal refuse it.
        """
        qui = self.classe.espace(espace).lire(lambda portail: notifications.acteur(portail, marche, code))
        donnees = {"numero_marche": marche, **({"commentaire": texte} if texte else {})}
        return self.injecter(espace, qui.role, qui.structure, code, "", donnees)

    def avancer(self, jours: int) -> None:
        """Turn the clock of the whole class by so many days."""
        deja, arret = self.classe.horloge_classe
        if not 1 <= jours <= 366 or deja + jours > JOURS_EN_TOUT_MAX:
            raise RefusClasse("Indiquez de combien de jours avancer : un nombre entier, de 1 à 366.", code="jours")
        self._regler(deja + jours, arret)

    def arreter(self) -> None:
        """Stop the clock of the whole class."""
        self._regler(self.classe.horloge_classe[0], True)

    def relancer(self) -> None:
        """Start the clock of the whole class again."""
        self._regler(self.classe.horloge_classe[0], False)

    # --- one learner --------------------------------------------------------------------------------------------

    def reinitialiser(self, participant: str, *, acces: bool = True, travail: bool = False) -> None:
        """``acces``: their token no longer holds, and they join again with the code. ``travail``: their own space
        starts again, at the beginning of its story if it tells one; the former one is kept, out of their sight."""
        champs: dict[str, str] = {"jeton": ""} if acces else {}
        with self.classe.participants.en_ordre():
            if travail:
                champs["solo"] = recits.suivant(self.classe.participants.participant(participant).solo)
            self.classe.placer({participant: champs}, (champs["solo"],) if travail else ())

    def aide_donnee(self, participant: str) -> None:
        """The trainer has come: the request for help is closed, and its learner is told."""
        self.classe.participants.changer({participant: {"aide": ""}})
        self.classe.participants.suivi(participant).aide_vue = self.classe.horloge()

    def formulaire(self, participant: str) -> Mapping[str, Any] | None:
        """What that learner is typing ({"formulaire", "valeurs", "quand"}), to be looked at only."""
        self.classe.participants.participant(participant)
        return self.classe.participants.suivi(participant).formulaire

    # --- watching -----------------------------------------------------------------------------------------------

    def vue_d_ensemble(self) -> dict[str, Any]:
        """The whole class at a glance, ready for JSON."""
        jours, arret = self.classe.horloge_classe
        tous = self.classe.participants.tous()
        espaces = {nom for ligne in tous.values() for nom in (ligne.solo, ligne.groupe) if nom}
        resumes = {nom: self._resumer(nom) for nom in sorted(espaces)}
        return {
            "code": self.classe.code,
            "heure": self.classe.horloge().isoformat(timespec="seconds"),
            "horloge": {"jours": jours, "arretee": arret},
            "generation": self.classe.generation,
            "attendus": [nom for nom in self.classe.attendus if nom not in tous],
            "participants": [self._situer(ligne, resumes) for ligne in tous.values()],
            "espaces": list(resumes.values()),
            "avis": list(self.classe.avis),
        }

    def presences(self) -> tuple[LignePresence, ...]:
        """Every stay, in order: who has been silent for too long is taken to have left when last seen."""
        self.classe.participants.sauver()
        return presences.closes(self.classe.registre.presences(), self.classe.horloge())

    # --- inside -------------------------------------------------------------------------------------------------

    def _regler(self, jours: int, arret: bool) -> None:
        self.classe.regler_horloge(jours, arret)
        espaces = list(self.classe.espaces().values())
        refus: list[str] = []

        def aligner(rang: int) -> None:
            try:
                self.classe.aligner(espaces[rang].nom)
            except ErreurFacturier as cause:
                refus.append(f"Espace « {espaces[rang].nom} » : {cause.phrase}")

        with ThreadPoolExecutor(16) as fils:
            list(fils.map(aligner, range(len(espaces))))
        if refus:
            raise RefusClasse(" ".join(refus[:3]), code="horloge")

    def _resumer(self, nom: str) -> dict[str, Any]:
        def regarder(portail: Portail) -> dict[str, Any]:
            return {
                "nom": nom,
                "n": portail.longueur,
                "maintenant": portail.maintenant.isoformat(timespec="seconds"),
                "roles": recits.tenus(self.classe, nom, portail),
                "pieces": [
                    {"id": p.id, "numero": p.numero, "cadre": p.cadre, "statut": p.statut, "depuis": _iso(p.depuis)}
                    for p in portail.pieces()
                ],
            }

        return self._sans_panne(nom, regarder)

    def _sans_panne(self, nom: str, regarder: Callable[[Portail], dict[str, Any]]) -> dict[str, Any]:
        """One space that cannot be read does not hide the others."""
        try:
            return self.classe.espace(nom).lire(regarder)
        except ErreurFacturier as cause:
            return {"nom": nom, "n": 0, "maintenant": "", "roles": [], "pieces": [], "phrase": cause.phrase}

    def _situer(self, ligne: LigneParticipant, resumes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        suivi = self.classe.participants.suivi(ligne.pseudonyme)
        roles = resumes[ligne.groupe]["roles"] if ligne.groupe else []
        return {
            "pseudonyme": ligne.pseudonyme,
            "prenom": ligne.prenom,
            "rejoint": ligne.rejoint,
            "present": self.classe.participants.present(ligne.pseudonyme),
            "vu": _iso(suivi.vu),
            "solo": ligne.solo,
            "groupe": ligne.groupe,
            "roles": [r for r in roles if r["tenant"] == ligne.pseudonyme],
            "dernier": dict(suivi.dernier) if suivi.dernier else None,
            "bloque_depuis": _iso(suivi.bloque_depuis),
            "refus": suivi.refus,
            "aide": ligne.aide,
            "formulaire": suivi.formulaire["formulaire"] if suivi.formulaire else "",
        }


def _iso(quand: datetime | None) -> str:
    return quand.isoformat(timespec="seconds") if quand is not None else ""
