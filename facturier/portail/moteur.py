"""What is under the use cases of the portal: its journal, its clock, and what happens by itself when the time comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from facturier import cycle
from facturier.annuaire import Annuaire
from facturier.erreurs import ErreurFacturier
from facturier.portail import attentes, droits, initiatives, partenaires, pliage, temps
from facturier.portail.agenda import Agenda, Du
from facturier.portail.etat import Etat
from facturier.portail.evenements import (
    EVENEMENTS_MAX,
    SYSTEME,
    Acteur,
    Evenement,
    FormeRefusee,
    copie,
    empreinte,
    lire_evenement,
    lire_moment,
    moment,
)
from facturier.portail.gardes import choisir_automatique, echeance, touchees
from facturier.portail.ouverture import Ouverture
from facturier.portail.pieces import Piece
from facturier.portail.refus import RefusPortail
from facturier.referentiel.lignes import Transition

Horloge = Callable[[], datetime]


class Moteur:
    """A journal, the state that is its fold, and a clock. One act is written whole, with what follows from it, or not
    at all."""

    def __init__(self, annuaire: Annuaire, horloge: Horloge, ouverture: Ouverture | None = None) -> None:
        self.horloge = horloge
        self.ouverture = ouverture or Ouverture()
        inconnus = sorted(set(self.ouverture.partenaires.values()) - set(partenaires.CARACTERES))
        if inconnus:
            connus = ", ".join(partenaires.CARACTERES)
            raise ErreurFacturier(
                f"Aucun partenaire simulé n’a le caractère « {inconnus[0]} » : choisissez parmi {connus}.",
                code="ouverture-invalide",
            )
        self._base = annuaire
        self._etat = Etat.initial(self.ouverture)
        self._journal: list[Evenement] = []
        self._empreinte = self.ouverture.genese()
        self._echeances: dict[str, tuple[datetime, Transition]] = {}
        self._effectif: tuple[Mapping[str, object], Annuaire] = (self._etat.structures, annuaire)
        self._prevus = self._d_eux_memes()
        self._agenda = Agenda()
        self._porteurs: dict[object, set[str]] = {}  # by uniqueness key, what may carry it
        self._en_cours = False
        self._simule = False
        self._instant: datetime | None = None  # exact time of what is happening by itself
        self._fige: datetime | None = None  # the portal's time, while it is replayed
        self._reel_fige: datetime | None = None
        self._amorce: tuple[datetime, datetime | None] | None = (
            (self.ouverture.debut, None) if self.ouverture.debut is not None else None
        )

    @property
    def journal(self) -> tuple[Evenement, ...]:
        """Every event so far; a copy, so that nobody changes the past."""
        return tuple(copie(evenement) for evenement in self._journal)

    @property
    def longueur(self) -> int:
        """How many events the journal holds."""
        return len(self._journal)

    def evenement(self, n: int) -> Evenement:
        """The event of that number, from 1."""
        return copie(self._journal[n - 1])

    def depuis(self, n: int) -> tuple[Evenement, ...]:
        """The events after number ``n``: what a store that holds ``n`` of them still has to append."""
        return tuple(copie(evenement) for evenement in self._journal[n:])

    def document(self) -> dict[str, Any]:
        """The journal's file, ready for JSON."""
        return {"schema": 1, "ouverture": self.ouverture.en_json(), "evenements": list(self.journal)}

    @property
    def etat(self) -> Etat:
        """The whole state, which nobody can change."""
        return self._etat

    @property
    def annuaire(self) -> Annuaire:
        """The directory as it now stands, with what was created or changed on this portal."""
        if self._effectif[0] is not self._etat.structures:
            self._effectif = (self._etat.structures, self._etat.annuaire(self._base))
        return self._effectif[1]

    @property
    def maintenant(self) -> datetime:
        """The portal's time, to the second."""
        return self._maintenant()

    @property
    def en_retard(self) -> bool:
        """Whether something is due by now and not yet written."""
        premier = self._agenda.premier(self._echeances, self._prevus)
        return premier is not None and premier[0] <= self._maintenant()

    def accomplir(self, acteur: Acteur, action: str, objet: str, donnees: Mapping[str, str]) -> str:
        """Any act, by its code: the identifier of the object that it created or changed."""
        raise NotImplementedError

    # --- inside an act ---------------------------------------------------------------------------------

    @contextmanager
    def _acte(self) -> Iterator[None]:
        """All or nothing: what is due first, then the act; any refusal puts everything back."""
        avant = (self._etat, len(self._journal), self._empreinte, dict(self._echeances), dict(self._prevus))
        dedans, self._en_cours = self._en_cours, True
        instant = self._instant
        try:
            if not dedans:
                self._instant = self._maintenant()  # one date for what is due and for the act: a replay has but one
                self._constater(self._instant)
            yield
        except BaseException as cause:
            self._etat, _, self._empreinte, self._echeances, self._prevus = avant
            self._agenda.oublier()
            del self._journal[avant[1] :]
            if isinstance(cause, ErreurFacturier) and not isinstance(cause, RefusPortail):
                raise RefusPortail((cause.phrase,), (cause.code,), code=cause.code) from cause
            raise
        finally:
            self._en_cours, self._instant = dedans, instant

    def _maintenant(self) -> datetime:
        """The clock, to the second, never before the last event (a machine's clock may be set back)."""
        if self._instant is not None:
            return self._instant
        lu = self._fige or self._reel() + timedelta(seconds=self._etat.temps.decalage)
        return self._etat.temps.a(lu)

    def _reel(self) -> datetime:
        """The clock that the portal's is counted from: the real one, or one that starts at the date of departure.

        The latter does not run while the portal is closed: reopened, it goes on from the last date reached.
        """
        if self._reel_fige is not None:
            return self._reel_fige
        lu = self.horloge().replace(microsecond=0, tzinfo=None)
        if self._amorce is None:
            return lu
        depart, origine = self._amorce
        if origine is None:
            origine = lu
            self._amorce = (depart, origine)
        return depart + max(lu - origine, timedelta())

    def _constater(self, jusqua: datetime) -> None:
        """Write all that is due by then, in the order of dates: silences, and acts of simulated partners."""
        refuses: set[str] = set()
        while (du := self._prochain(jusqua, refuses)) is not None:
            quand, objet, simule = du
            quand = max(quand, lire_moment(self._journal[-1]["quand"])) if self._journal else quand
            if not simule:
                self._systeme(objet, self._echeances[objet][1].action, quand)
            elif not self._jouer(self._prevus[objet], quand):
                refuses.add(objet)
        for objet in refuses & self._prevus.keys():  # tried again at the next act
            self._agenda.noter(self._prevus[objet].quand, objet, 1)

    def _prochain(self, jusqua: datetime, refuses: set[str]) -> Du | None:
        """What is due first by then, taken out of the agenda; an act that was just refused waits for the next look."""
        while (du := self._agenda.premier(self._echeances, self._prevus)) is not None and du[0] <= jusqua:
            self._agenda.oter()
            if not (du[2] and du[1] in refuses):
                return du
        return None

    def _jouer(self, du: partenaires.ActeDu, quand: datetime) -> bool:
        """Make a simulated partner act at that time, under everybody's rules; whether they accepted it."""
        avant, self._instant, self._simule = self._instant, quand, True
        try:
            self.accomplir(du.acteur, du.action, du.objet, du.donnees)
        except RefusPortail:
            return False
        finally:
            self._instant, self._simule = avant, False
        return True

    def _autoriser(self, acteur: Acteur, espace: str = "", *, sans_compte: bool = False, libre: bool = False) -> None:
        if not self._simule:
            droits.autoriser(
                self._etat, self.annuaire, self.ouverture, acteur, espace, sans_compte=sans_compte, libre=libre
            )

    def _systeme(self, piece: str, action: str, quand: datetime, donnees: Mapping[str, str] | None = None) -> None:
        self._inscrire(Acteur(SYSTEME, ""), action, piece, donnees or {}, quand)

    def _inscrire(self, acteur: Acteur, action: str, objet: str, donnees: Mapping[str, str], quand: datetime) -> None:
        if len(self._journal) >= EVENEMENTS_MAX:
            raise RefusPortail((f"Le journal est plein ({EVENEMENTS_MAX} événements) : recommencez un exercice.",))
        if phrase := temps.plausible(self._etat.temps, quand):
            raise RefusPortail((phrase,), ("date",))
        evenement = Evenement(
            n=len(self._journal) + 1,
            quand=moment(quand),
            role=acteur.role,
            structure=acteur.structure,
            par=acteur.par,
            action=action,
            objet=objet,
            donnees=dict(donnees),
            empreinte="",
        )
        evenement["empreinte"] = empreinte(self._empreinte, evenement)
        try:
            evenement = lire_evenement(evenement)  # nothing is written that could not be read again
        except FormeRefusee as cause:
            raise RefusPortail((f"Geste refusé : {cause}",), ("forme",)) from cause
        avant = self._etat
        self._etat = pliage.appliquer(avant, evenement, self._base)
        self._empreinte = evenement["empreinte"]
        self._journal.append(evenement)
        self._prevoir_apres(avant)
        if avant.pieces is not self._etat.pieces:
            if cle := self._etat.pieces[objet].unicite:
                self._porteurs.setdefault(cle, set()).add(objet)
            if precedente := donnees.get(pliage.PRECEDENTE):
                self._suite_automatique(precedente, quand)
            self._suite_automatique(objet, quand)
            if action in pliage.DEPOTS:
                for autre in touchees(self._etat.pieces[objet], self._etat, quand.date()):
                    self._suite_automatique(autre, quand)

    def _suite_automatique(self, numero: str, quand: datetime) -> None:
        """The passages that the new status allows: one at once, or one later if nobody acts."""
        piece = self._etat.pieces[numero]
        possibles = cycle.transitions_possibles(piece.cadre, piece.statut, SYSTEME, quand.date(), self._etat.bascules)
        self._echeances.pop(numero, None)
        if maintenant := choisir_automatique(piece, possibles, self.annuaire, self._etat.pieces):
            self._prevus.pop(numero, None)
            motive = _motive(piece) if maintenant.meme_numero == "non" else {}
            self._systeme(numero, maintenant.action, quand, motive)  # and, from there, what its new status allows
            return
        if plus_tard := echeance(piece, possibles):
            self._echeances[numero] = plus_tard
            self._agenda.noter(plus_tard[0], numero, 0)
        self._prevoir(numero)

    def _prevoir_apres(self, avant: Etat) -> None:
        """What will be done by itself, once more, when the event has changed what it depends on."""
        etat = self._etat
        roles = avant.attributions is not etat.attributions
        if roles or avant.structures is not etat.structures:
            for numero in etat.pieces:
                self._prevoir(numero)
        causes = (*attentes.CAUSES, *(initiatives.CAUSES if etat.chantiers else ()))
        if roles or any(getattr(avant, champ) is not getattr(etat, champ) for champ in causes):
            self._prevus = {c: du for c, du in self._prevus.items() if c in etat.pieces} | self._d_eux_memes()
            self._agenda.oublier()

    def _d_eux_memes(self) -> dict[str, partenaires.ActeDu]:
        ouverts = initiatives.actes_dus(self._etat, self.annuaire, self.ouverture)
        return attentes.actes_dus(self._etat, self.ouverture) | ouverts

    def _prevoir(self, numero: str) -> None:
        self._prevus.pop(numero, None)
        if not self._etat.attributions:
            return
        piece = self._etat.pieces[numero]
        if du := partenaires.acte_de_piece(piece, self._etat, self.annuaire, self.ouverture):
            self._prevus[numero] = du
            self._agenda.noter(du.quand, numero, 1)

    # --- replaying --------------------------------------------------------------------------------------

    def _figer(self, quand: datetime | None, reel: datetime | None = None) -> None:
        """Hold the portal's time (and what the real clock reads) for the event that is replayed."""
        self._fige, self._reel_fige = quand, reel

    def _reprendre(self, horloge: Horloge | None, dernier: datetime) -> None:
        """Once replayed: run on ``horloge``, or stay at the last date."""
        if horloge is None:
            self.horloge, self._fige = lambda: dernier, dernier
            return
        self.horloge, self._fige = horloge, None
        if self._amorce is not None and self._etat.temps.vu is not None:
            self._amorce = (self._etat.temps.vu - timedelta(seconds=self._etat.temps.decalage), None)


def _motive(piece: Piece) -> dict[str, str]:
    """What was said at the last passage: a rejection by itself has the reason of the status that it converts."""
    dernier = piece.historique[-1]
    return {champ: dit for champ in ("motif", "commentaire") if (dit := getattr(dernier, champ))}
