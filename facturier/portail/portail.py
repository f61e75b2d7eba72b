"""The use cases of the mock portal. The clock is passed in; what is refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from facturier import cycle, referentiel
from facturier.annuaire import Annuaire
from facturier.erreurs import ErreurFacturier
from facturier.portail import demande as lecture
from facturier.portail import etat, rejeu
from facturier.portail.depot import Depot, manquements
from facturier.portail.evenements import (
    EVENEMENTS_MAX,
    SYSTEME,
    Acteur,
    Evenement,
    FormeRefusee,
    lire_donnees,
    lire_moment,
    moment,
)
from facturier.portail.gardes import GARDES, Geste, choisir_automatique, echeance
from facturier.portail.pieces import DEPOSEE, Piece
from facturier.portail.refus import RefusPortail
from facturier.portail.regles_depot import REGLES, REGLES_BROUILLON
from facturier.referentiel import CREATION
from facturier.referentiel.lignes import Transition

Horloge = Callable[[], datetime]


def cadres_joues(au: date | None = None) -> tuple[str, ...]:
    """Codes of the cadres that this training portal plays (column ``joue``)."""
    return tuple(cadre.code for cadre in referentiel.cadres(au) if cadre.joue)


class Portail:
    """A portal: its pieces, and the journal from which they can be rebuilt.

    Every use case first applies the silences that have run out, then the act, then the automatic passages that the act
    allows; all of it is written in the journal, or nothing at all.
    """

    def __init__(self, annuaire: Annuaire, horloge: Horloge) -> None:
        self.annuaire = annuaire
        self.horloge = horloge
        self._pieces: dict[str, Piece] = {}
        self._journal: list[Evenement] = []
        self._echeances: dict[str, tuple[datetime, Transition]] = {}

    @property
    def journal(self) -> tuple[Evenement, ...]:
        """Every event so far; a copy, so that nobody changes the past."""
        return tuple(_copie(evenement) for evenement in self._journal)

    @property
    def longueur(self) -> int:
        """How many events the journal holds."""
        return len(self._journal)

    def evenement(self, n: int) -> Evenement:
        """The event of that number, from 1."""
        return _copie(self._journal[n - 1])

    def pieces(self) -> tuple[Piece, ...]:
        """All the pieces, oldest first."""
        return tuple(self._pieces.values())

    def piece(self, piece: str) -> Piece:
        """The piece of that number (RefusPortail when there is none)."""
        trouvee = self._pieces.get(piece)
        if trouvee is None:
            raise RefusPortail(
                (f"La pièce « {lecture.court(str(piece))} » n’existe pas : vérifiez son numéro.",), ("piece",)
            )
        return trouvee

    def gestes(self, acteur: Acteur, piece: str) -> tuple[Transition, ...]:
        """What this actor may do to that piece now, for the buttons of a screen."""
        visee = self.piece(piece)
        if not acteur.structure or visee.structure_du(acteur.role) != acteur.structure:
            return ()
        return cycle.transitions_possibles(visee.cadre, visee.statut, acteur.role, self._maintenant().date())

    def enregistrer(self, acteur: Acteur, demande: Mapping[str, str]) -> Piece:
        """Keep a draft: nothing is sent; only the cadre and its author are checked."""
        with self._acte():
            return self._creer(acteur, demande, etat.ENREGISTRER)

    def deposer(self, acteur: Acteur, demande: Mapping[str, str]) -> Piece:
        """Deposit a demand for payment: every rule is asked, every broken one is said."""
        with self._acte():
            return self._creer(acteur, demande, etat.DEPOSER)

    def deposer_suivante(self, acteur: Acteur, piece_precedente: str, demande: Mapping[str, str]) -> Piece:
        """Answer a piece by the next one of its dossier, with the sums that are admitted."""
        with self._acte():
            precedente = self.piece(piece_precedente)
            self._autoriser(acteur, precedente, etat.SUIVANTE)
            return self._creer(acteur, demande, etat.SUIVANTE, precedente)

    def envoyer(self, acteur: Acteur, piece: str, demande: Mapping[str, str] | None = None) -> Piece:
        """« Valider et envoyer » a draft, with the fields that complete or correct it, if any."""
        with self._acte():
            brouillon = self.piece(piece)
            self._autoriser(acteur, brouillon, etat.ENVOYER)
            donnees = _donnees(demande or {}, lecture.CHAMPS)
            complete = {**brouillon.valeurs, **donnees}
            self._controler(acteur, complete, etat.ENVOYER, brouillon)
            return self._ecrire(acteur, etat.ENVOYER, brouillon.id, donnees)

    def agir(self, acteur: Acteur, piece: str, action: str, /, **donnees: str) -> Piece:
        """Any other gesture of the life cycle: recycler, compléter, valider, rejeter, mettre en paiement…"""
        if action == etat.ENVOYER:
            return self.envoyer(acteur, piece, donnees)
        with self._acte():
            visee = self.piece(piece)
            transition = self._autoriser(acteur, visee, action)
            if action == etat.SUIVANTE:
                raise RefusPortail(("Déposer la pièce suivante demande une pièce : remplissez-la d’abord.",))
            garde = GARDES.get(transition.garde)
            if garde is None:
                raise RefusPortail((f"Ce portail de formation ne joue pas encore « {transition.libelle} ».",))
            propres = _donnees(donnees, garde.champs)
            geste = Geste(visee, acteur, transition, propres, self.annuaire, self._maintenant().date())
            if phrases := garde.controle(geste):
                raise RefusPortail(phrases, (transition.garde,) * len(phrases))
            return self._ecrire(acteur, action, visee.id, propres)

    def avancer(self) -> tuple[Evenement, ...]:
        """Apply the silences that have run out by now; the events that this wrote."""
        deja = len(self._journal)
        with self._acte():
            pass
        return tuple(_copie(evenement) for evenement in self._journal[deja:])

    @classmethod
    def rejouer(cls, evenements: object, annuaire: Annuaire, horloge: Horloge | None = None) -> Portail:
        """The portal that wrote this journal, each event applied again at its own date, under the same rules.

        A journal cut in the middle of automatic passages is completed. Without ``horloge``, the portal stays at the
        date of the last event.

        Raises:
            JournalRefuse: the portal could not have written it; the sentence names the first bad event.
        """
        portail = cls(annuaire, datetime.now)
        dernier = rejeu.rejouer(portail, evenements)
        portail.horloge = horloge if horloge is not None else lambda: dernier
        return portail

    # --- inside an act ---------------------------------------------------------------------------------

    @contextmanager
    def _acte(self) -> Iterator[None]:
        """All or nothing: silences first, then the act; any refusal puts everything back."""
        avant = (dict(self._pieces), len(self._journal), dict(self._echeances))
        try:
            self._constater_silences()
            yield
            if len(self._journal) > EVENEMENTS_MAX:
                raise RefusPortail((f"Le journal est plein ({EVENEMENTS_MAX} événements) : recommencez un exercice.",))
        except BaseException as cause:
            self._pieces, self._echeances = avant[0], avant[2]
            del self._journal[avant[1] :]
            if isinstance(cause, ErreurFacturier) and not isinstance(cause, RefusPortail):
                raise RefusPortail((cause.phrase,), (cause.code,), code=cause.code) from cause
            raise

    def _maintenant(self) -> datetime:
        """The clock, to the second, never before the last event (a machine's clock may be set back)."""
        lu = self.horloge().replace(microsecond=0, tzinfo=None)
        return max(lu, lire_moment(self._journal[-1]["quand"])) if self._journal else lu

    def _constater_silences(self) -> None:
        maintenant = self._maintenant()
        while dues := [(quand, piece) for piece, (quand, _) in self._echeances.items() if quand <= maintenant]:
            quand, piece = min(dues)
            self._systeme(piece, self._echeances[piece][1].action, quand)

    def _creer(self, acteur: Acteur, brut: Mapping[str, str], action: str, precedente: Piece | None = None) -> Piece:
        donnees = _donnees(brut, lecture.CHAMPS)
        self._controler(acteur, donnees, action, precedente)
        if precedente is not None:
            donnees[etat.PRECEDENTE] = precedente.id
        return self._ecrire(acteur, action, f"P{len(self._pieces) + 1:04d}", donnees)

    def _controler(self, acteur: Acteur, demande: Mapping[str, str], action: str, autour: Piece | None) -> None:
        """Cadre and role first, then every rule of the deposit; ``autour`` is the draft sent or the earlier piece."""
        jour = self._maintenant().date()
        code = lecture.texte(demande, "cadre")
        joues = cadres_joues(jour)
        cadre = referentiel.cadre(code, jour) if code in joues else None
        refus: list[tuple[str, str]] = []
        if cadre is None:
            connus = ", ".join(joues)
            phrase = f"Choisissez un cadre de facturation joué par ce portail de formation : {connus}."
            refus.append(("cadre-joue", phrase))
        elif cadre.deposant != acteur.role:
            qui, vous = (referentiel.role(r, jour).designation for r in (cadre.deposant, acteur.role))
            refus.append(
                ("cadre-du-role", f"Une pièce {code} ({cadre.libelle}) est déposée par {qui}, et non par {vous}.")
            )
        elif action != etat.ENVOYER:
            creation = etat.ENREGISTRER if action == etat.ENREGISTRER else etat.DEPOSER
            cycle.franchir(code, CREATION, creation, acteur.role, jour)
        depot = Depot(
            acteur=acteur,
            demande=demande,
            fiche=cadre,
            annuaire=self.annuaire,
            prises=frozenset(p.unicite for p in self._pieces.values() if p.unicite and p.date_du(DEPOSEE)),
            precedente=autour if action == etat.SUIVANTE else None,
            au=jour,
        )
        refus += manquements(depot, REGLES_BROUILLON if action == etat.ENREGISTRER else REGLES)
        if refus:
            raise RefusPortail([phrase for _, phrase in refus], [regle for regle, _ in refus])

    def _autoriser(self, acteur: Acteur, piece: Piece, action: str) -> Transition:
        """The table first, then the right structure: a role is held on a piece by one structure only."""
        if acteur.role == SYSTEME:
            raise RefusPortail(("Ce geste est automatique : le portail le fait lui-même.",), ("systeme",))
        transition = etat.franchir(piece, action, acteur.role, self._maintenant().date())
        if not acteur.structure or piece.structure_du(acteur.role) != acteur.structure:
            phrase = (
                f"La pièce {piece.id} n’attend pas ce geste de votre structure ({acteur.structure}) : "
                f"« {transition.libelle} » revient à une autre."
            )
            raise RefusPortail((phrase,), ("structure",))
        return transition

    def _ecrire(self, acteur: Acteur, action: str, piece: str, donnees: Mapping[str, str]) -> Piece:
        self._inscrire(acteur, action, piece, donnees, self._maintenant())
        return self._pieces[piece]

    def _systeme(self, piece: str, action: str, quand: datetime) -> None:
        self._inscrire(Acteur(SYSTEME, ""), action, piece, {}, quand)

    def _inscrire(self, acteur: Acteur, action: str, piece: str, donnees: Mapping[str, str], quand: datetime) -> None:
        evenement = Evenement(
            n=len(self._journal) + 1,
            quand=moment(quand),
            role=acteur.role,
            structure=acteur.structure,
            action=action,
            piece=piece,
            donnees=dict(donnees),
        )
        self._pieces = etat.appliquer(self._pieces, evenement)
        self._journal.append(evenement)
        if precedente := donnees.get(etat.PRECEDENTE):
            self._suite_automatique(precedente, quand)
        self._suite_automatique(piece, quand)

    def _suite_automatique(self, numero: str, quand: datetime) -> None:
        """The passages that the new status allows: one at once, or one later if nobody acts."""
        piece = self._pieces[numero]
        possibles = cycle.transitions_possibles(piece.cadre, piece.statut, SYSTEME, quand.date())
        self._echeances.pop(numero, None)
        if plus_tard := echeance(piece, possibles):
            self._echeances[numero] = plus_tard
        if maintenant := choisir_automatique(piece, possibles, self.annuaire):
            self._systeme(numero, maintenant.action, quand)


def _copie(evenement: Evenement) -> Evenement:
    copie = evenement.copy()
    copie["donnees"] = dict(evenement["donnees"])
    return copie


def _donnees(brut: Mapping[str, str], champs: tuple[str, ...]) -> dict[str, str]:
    try:
        donnees = lire_donnees(brut)
    except FormeRefusee as cause:
        raise RefusPortail((f"Saisie refusée : {cause}",), ("forme",)) from cause
    inconnus = sorted(set(donnees) - set(champs))
    if inconnus:
        phrase = f"Ce geste n’admet pas « {inconnus[0]} » (admis : {', '.join(champs)})."
        raise RefusPortail((phrase,), ("champ-inconnu",))
    return donnees
