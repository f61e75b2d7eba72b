"""The use cases of the mock portal. The clock is passed in; what is refused changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from facturier import cycle, referentiel
from facturier.annuaire import Annuaire
from facturier.portail import controle_depot, droits, offres, pliage, rejeu, remontee, temps
from facturier.portail import demande as lecture
from facturier.portail.actes import Acte, Contexte, donnees_admises
from facturier.portail.controle_depot import cadres_joues as cadres_joues
from facturier.portail.evenements import ANIMATEUR, SYSTEME, Acteur, Evenement, moment
from facturier.portail.gardes import GARDES, Geste
from facturier.portail.moteur import Horloge, Moteur
from facturier.portail.ouverture import Ouverture
from facturier.portail.pieces import Piece
from facturier.portail.refus import RefusPortail
from facturier.portail.repertoire import ACTES
from facturier.referentiel.lignes import Transition

HORLOGER = Acteur(ANIMATEUR, "")
"""Who turns the clock of a portal of one's own."""


class Portail(Moteur):
    """A portal: its state, and the journal from which it can be rebuilt.

    Every use case first applies what is due (silences that have run out, acts of simulated partners), then the act,
    then the automatic passages that the act allows; all of it is written in the journal, or nothing at all.
    """

    def pieces(self) -> tuple[Piece, ...]:
        """All the pieces, oldest first."""
        return tuple(self._etat.pieces.values())

    def piece(self, piece: str) -> Piece:
        """The piece of that number (RefusPortail when there is none)."""
        trouvee = self._etat.pieces.get(piece)
        if trouvee is None:
            raise RefusPortail(
                (f"La pièce « {lecture.court(str(piece))} » n’existe pas : vérifiez son numéro.",), ("piece",)
            )
        return trouvee

    def version(self, objet: str) -> int:
        """How many events have changed that object: what an actor saw of it, for ``faire(…, version=)``."""
        piece = self._etat.pieces.get(objet)
        return len(piece.historique) if piece is not None else sum(e["objet"] == objet for e in self._journal)

    def gestes(self, acteur: Acteur, piece: str) -> tuple[Transition, ...]:
        """What this actor may do to that piece now, for the buttons of a screen."""
        visee = self.piece(piece)
        if not acteur.structure or visee.structure_du(acteur.role) != acteur.structure:
            return ()
        if not droits.peut(self._etat, self.annuaire, self.ouverture, acteur, droits.espace(acteur.role, visee.cadre)):
            return ()
        possibles = cycle.transitions_possibles(
            visee.cadre, visee.statut, acteur.role, self._maintenant().date(), self._etat.bascules
        )
        return offres.offertes(visee, possibles, self.annuaire)

    def faire(
        self, acteur: Acteur, action: str, objet: str = "", /, *, version: int | None = None, **donnees: str
    ) -> str:
        """The one verb for every act: the identifier of the object that it created or changed.

        ``version``: how many events of that object the actor had seen (``Portail.version``); when something has
        happened to it since, the act is refused and the actor reads it again.

        Raises:
            RefusPortail: a rule is broken, or the object has changed (code « version-perimee »).
        """
        if version is not None:
            self.verifier_version(objet, version, acteur)
        return self.accomplir(acteur, action, objet, donnees)

    def accomplir(self, acteur: Acteur, action: str, objet: str, donnees: Mapping[str, str]) -> str:
        """The same as ``faire``, for fields whose names are not known beforehand."""
        acte = ACTES.get(action)
        if acte is not None:
            return self._faire_acte(acteur, acte, objet, donnees)
        if action == pliage.DEPOSER:
            return self.deposer(acteur, donnees).id
        if action == pliage.DEPOSER_PDF:
            return self.deposer_pdf(acteur, donnees).id
        if action == pliage.ENREGISTRER:
            return self.enregistrer(acteur, donnees).id
        if action == pliage.SUIVANTE:
            return self.deposer_suivante(acteur, objet, donnees).id
        return self.agir(acteur, objet, action, **donnees).id

    def enregistrer(self, acteur: Acteur, demande: Mapping[str, str]) -> Piece:
        """Keep a draft: nothing is sent; only the cadre and its author are checked."""
        with self._acte():
            return self._creer(acteur, demande, pliage.ENREGISTRER)

    def deposer(self, acteur: Acteur, demande: Mapping[str, str]) -> Piece:
        """Deposit a demand for payment: every rule is asked, every broken one is said."""
        with self._acte():
            return self._creer(acteur, demande, pliage.DEPOSER)

    def deposer_pdf(self, acteur: Acteur, lecture_du_pdf: Mapping[str, str]) -> Piece:
        """Keep what was read in a PDF (``fichiers.deposer_pdf``): nothing is sent before it is checked."""
        with self._acte():
            return self._creer(acteur, lecture_du_pdf, pliage.DEPOSER_PDF)

    def deposer_suivante(self, acteur: Acteur, piece_precedente: str, demande: Mapping[str, str]) -> Piece:
        """Answer a piece by the next one of its dossier, with the sums that are admitted."""
        with self._acte():
            precedente = self.piece(piece_precedente)
            self._autoriser_geste(acteur, precedente, pliage.SUIVANTE)
            return self._creer(acteur, demande, pliage.SUIVANTE, precedente)

    def envoyer(self, acteur: Acteur, piece: str, demande: Mapping[str, str] | None = None) -> Piece:
        """« Valider et envoyer » a draft, with the fields that complete or correct it, if any."""
        with self._acte():
            brouillon = self.piece(piece)
            self._autoriser_geste(acteur, brouillon, pliage.ENVOYER)
            donnees = donnees_admises(demande or {}, controle_depot.CHAMPS[pliage.ENVOYER])
            complete = {**brouillon.valeurs, **donnees}
            self._controler(acteur, complete, pliage.ENVOYER, brouillon)
            return self._ecrire(acteur, pliage.ENVOYER, brouillon.id, donnees)

    def agir(self, acteur: Acteur, piece: str, action: str, /, **donnees: str) -> Piece:
        """Any other gesture of the life cycle: recycler, compléter, valider, rejeter, mettre en paiement…"""
        if action == pliage.ENVOYER:
            return self.envoyer(acteur, piece, donnees)
        with self._acte():
            visee = self.piece(piece)
            transition = self._autoriser_geste(acteur, visee, action)
            if action == pliage.SUIVANTE:
                raise RefusPortail(("Déposer la pièce suivante demande une pièce : remplissez-la d’abord.",))
            garde = GARDES.get(transition.garde)
            if garde is None:
                raise RefusPortail((f"Ce portail de formation ne joue pas encore « {transition.libelle} ».",))
            propres = donnees_admises(donnees, garde.champs)
            geste = Geste(visee, acteur, transition, propres, self.annuaire, self._maintenant().date())
            if phrases := garde.controle(geste):
                raise RefusPortail(phrases, (transition.garde,) * len(phrases))
            return self._ecrire(acteur, action, visee.id, propres)

    def avancer(self, jours: int = 0, acteur: Acteur = HORLOGER) -> tuple[Evenement, ...]:
        """Turn the clock by so many days, everything due meanwhile happening at its own date; the events written.

        Without days, only apply what is due by now. Raises RefusPortail when the clock is not that actor's to turn.
        """
        deja = self.longueur
        if jours:
            self.accomplir(acteur, temps.AVANCER, "", {"jours": str(jours)})
        else:
            with self._acte():
                pass
        return self.depuis(deja)

    @classmethod
    def rejouer(
        cls,
        evenements: object,
        annuaire: Annuaire,
        horloge: Horloge | None = None,
        ouverture: Ouverture | None = None,
    ) -> Portail:
        """The portal that wrote this journal, each event applied again at its own date, under the same rules.

        A journal cut in the middle of automatic passages is completed. Without ``horloge``, the portal stays at the
        last date it reached. ``ouverture`` comes from who set the exercise, never from the journal.

        Raises:
            JournalRefuse: the portal could not have written it; the sentence names the first bad event.
        """
        portail = cls(annuaire, datetime.now, ouverture)
        dernier = rejeu.rejouer(portail, evenements)
        portail._reprendre(horloge, dernier)
        return portail

    # --- inside an act ---------------------------------------------------------------------------------

    def _creer(self, acteur: Acteur, brut: Mapping[str, str], action: str, precedente: Piece | None = None) -> Piece:
        donnees = donnees_admises(brut, controle_depot.CHAMPS[action])
        self._autoriser(acteur, droits.espace(acteur.role, lecture.texte(donnees, "cadre")))
        self._controler(acteur, donnees, action, precedente)
        if precedente is not None:
            donnees[pliage.PRECEDENTE] = precedente.id
        return self._ecrire(acteur, action, f"P{len(self._etat.pieces) + 1:04d}", donnees)

    def _controler(self, acteur: Acteur, demande: Mapping[str, str], action: str, autour: Piece | None) -> None:
        jour = self._maintenant().date()
        controle_depot.controler(self._etat, self.annuaire, acteur, demande, action, autour, jour, self._porteurs)

    def _autoriser_geste(self, acteur: Acteur, piece: Piece, action: str) -> Transition:
        """The table first, then the right structure (a role is held on a piece by one only), then the rights."""
        if acteur.role == SYSTEME:
            raise RefusPortail(("Ce geste est automatique : le portail le fait lui-même.",), ("systeme",))
        vue = remontee.piece_vue(piece, self.annuaire, acteur)  # a refusal says no more than they may know
        transition = pliage.franchir(vue, action, acteur.role, self._maintenant().date(), self._etat.bascules)
        if not acteur.structure or piece.structure_du(acteur.role) != acteur.structure:
            phrase = (
                f"La pièce {piece.id} n’attend pas ce geste de votre structure ({acteur.structure}) : "
                f"« {transition.libelle} » revient à une autre."
            )
            raise RefusPortail((phrase,), ("structure",))
        if phrase := offres.refus(vue, transition, self.annuaire):
            raise RefusPortail((phrase,), ("offre",))
        self._autoriser(acteur, droits.espace(acteur.role, piece.cadre))
        return transition

    def _ecrire(self, acteur: Acteur, action: str, piece: str, donnees: Mapping[str, str]) -> Piece:
        self._inscrire(acteur, action, piece, donnees, self._maintenant())
        return self._etat.pieces[piece]

    def _faire_acte(self, acteur: Acteur, acte: Acte, objet: str, brut: Mapping[str, str]) -> str:
        """An act that is not a step of a piece's life: rights, fields, object, then its own control."""
        with self._acte():
            self._autoriser(acteur, acte.espace, sans_compte=acte.sans_compte, libre=acte.libre)
            if acte.roles and acteur.role not in acte.roles:
                qui = referentiel.role(acteur.role).designation
                raise RefusPortail((f"« {acte.libelle} » n’est pas un geste pour {qui}.",), ("role",))
            donnees = donnees_admises(brut, acte.champs)
            objet = self._objet(acte, objet, donnees)
            quand = self._maintenant()
            contexte = Contexte(self._etat, self.annuaire, acteur, objet, donnees, quand, self.ouverture)
            if refus := acte.controle(contexte):
                raise RefusPortail([phrase for _, phrase in refus], [regle for regle, _ in refus])
            if acte.code == temps.RELANCER:
                donnees[temps.REEL] = moment(self._reel())
            self._inscrire(acteur, acte.code, objet, donnees, quand)
            if acte.code == temps.AVANCER and self._etat.temps.vu is not None:
                self._constater(self._etat.temps.vu)
            return objet

    def _objet(self, acte: Acte, objet: str, donnees: Mapping[str, str]) -> str:
        """The object of the act: a new identifier for one that it creates, else one that exists."""
        if acte.cree == "S":
            return f"S{lecture.siret(donnees, 'siret') or '0' * 14}"
        if acte.cree:
            return f"{acte.cree}{len(self._etat.rayon(acte.cree)) + 1:04d}"
        if acte.portail:
            return ""
        if self._etat.objet(objet, self._base) is None:
            phrase = f"« {acte.libelle} » vise « {lecture.court(objet)} », qui n’existe pas : vérifiez ce numéro."
            raise RefusPortail((phrase,), ("objet",))
        return objet

    def verifier_version(self, objet: str, version: int, acteur: Acteur) -> None:
        """Raises RefusPortail (« version-perimee ») when something that the actor may know has happened since."""
        piece = self._etat.pieces.get(objet)
        if piece is not None:
            piece = remontee.piece_vue(piece, self.annuaire, acteur)
        if version == (self.version(objet) if piece is None else len(piece.historique)):
            return
        if piece is None:
            phrase = "Cette fiche vient de changer : relisez-la, puis recommencez."
        else:
            statut = referentiel.statut(piece.statut).libelle
            phrase = f"Cette pièce vient de changer (statut « {statut} ») : relisez-la, puis recommencez."
        raise RefusPortail((phrase,), ("version-perimee",), code="version-perimee")
