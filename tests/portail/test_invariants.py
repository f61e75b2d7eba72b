"""What stays true whatever people, partners and the clock do: walks of random acts, legal and not, on one portal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache

import joueurs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from joueurs import Horloge, chantier, facture

from facturier import cycle
from facturier.portail import ROLES, Acteur, Annuaire, Ouverture, Piece, Portail, RefusPortail, circuits, partenaires
from facturier.portail.alertes import alertes
from facturier.portail.caracteres import reglages
from facturier.portail.circonstances import Situation
from facturier.portail.decomptes import decompte_de
from facturier.portail.demande import MONTANTS, montant
from facturier.portail.echeances import dossier_de, echeances_de, interets_de
from facturier.portail.etat import octets
from facturier.portail.histoire import histoire
from facturier.portail.pieces import DEPOSEE
from facturier.portail.pliage import plier
from facturier.portail.suivi import tableau

PAYEE = "MISE_EN_PAIEMENT"
CARACTERES = ("prompt", "lent", "strict", "silencieux")
PARS = ("lea", "lea", "animateur", "animateur")
ANIMATEUR = Acteur("animateur", "", "animateur")
OUVRENT = (
    ("fournisseur", "COUVREUR", "2026-TVX-014", "A4", "ARCHITECTE", {}),
    ("fournisseur", "COUVREUR", "2026-TVX-014", "A7", "ARCHITECTE", {}),
    ("fournisseur", "ZINGUEUR", "2026-TVX-014", "A10", "ARCHITECTE", {"valideur_siret": joueurs.COUVREUR}),
    ("fournisseur", "PEINTRE", "2026-TVX-020", "A13", "ARCHITECTE", {"valideur_siret": joueurs.MANDATAIRE}),
    ("fournisseur", "JARDINS", "2026-TVX-051", "A5", "COMMUNE_MOA", {}),
    ("fournisseur", "COUVREUR", "2026-TVX-090", "A7", "ARCHITECTE", {}),
    ("fournisseur", "COUVREUR", "2026-TVX-090", "A22", "COMMUNE_MOA", {}),
    ("fournisseur", "COUVREUR", "2026-TVX-090", "A23", "COMMUNE", {}),
    ("moa", "DEPARTEMENT", "2026-TVX-075", "A19", "DEPARTEMENT", {}),
)
SIMPLES = tuple(
    (cadre, structure, champs) for cadre, (structure, champs) in joueurs.PARTIES.items() if cadre not in ("A3", "A21")
)
FAUTES = {"montant_ttc": "1e9", "cadre": "A99", "destinataire_siret": "99", "numero_facture": " x", "type_facture": "?"}
SOMMES = st.integers(1, 150_000)
GESTES = ("mettre_en_paiement", "mandater", "deposer_suivante", "valider", "envoyer", "acheminer", "recycler", "rien")
MOTIVES = ("rejeter", "suspendre", "refuser", "demander_recyclage", "poser_a_recycler", "rejeter_aiguillage")


@cache
def annuaire() -> Annuaire:
    return Annuaire.charger()


def sommes(ht: int) -> dict[str, str]:
    return {"montant_ht": f"{ht}", "taux_tva": "20", "montant_tva": f"{ht / 5:.2f}", "montant_ttc": f"{ht * 1.2:.2f}"}


class Marche(RuleBasedStateMachine):
    """A class whose learners, trainer and simulated partners play on one portal."""

    @initialize(
        graine=st.sampled_from(["", "promo-7"]),
        depart=st.sampled_from(["", "2026-11-02T09:00:00"]),
        caractere=st.sampled_from(["", *CARACTERES]),
        seul=st.booleans(),
    )
    def ouvrir(self, graine: str, depart: str, caractere: str, seul: bool) -> None:
        self.horloge = Horloge()
        simules: dict[str, str] = {}
        for marche in ("2026-TVX-014", "2026-TVX-051", "2026-TVX-090") if caractere else ():
            simules |= partenaires.du_marche(annuaire().marches[marche], caractere)
        if seul:  # one learner plays the suppliers
            simules = {cle: nom for cle, nom in simules.items() if not cle.startswith("fournisseur")}
        ouverture = Ouverture(graine=graine, depart=depart, classe=True, partenaires=simules)
        self.portail = Portail(annuaire(), self.horloge, ouverture)
        self.rang = 0

    def tenter(self, acte: Callable[[], object]) -> None:
        """Do it; refused, nothing has changed, to the byte; done, no amount has moved."""
        avant, longueur, pieces = octets(self.portail.etat), self.portail.longueur, self.portail.etat.pieces
        try:
            acte()
        except RefusPortail:
            assert (octets(self.portail.etat), self.portail.longueur) == (avant, longueur)
            return
        self._montants_conserves(pieces)
        self._dates_croissantes(longueur)

    def _montants_conserves(self, avant: Mapping[str, Piece]) -> None:
        for numero, piece in avant.items():
            if piece.statut != "BROUILLON":
                apres = self.portail.etat.pieces[numero]
                assert [apres.valeurs.get(c) for c in MONTANTS] == [piece.valeurs.get(c) for c in MONTANTS]
                assert apres.deposant == piece.deposant
                assert apres.historique[: len(piece.historique)] == piece.historique

    def _dates_croissantes(self, longueur: int) -> None:
        nouveaux = self.portail.depuis(max(0, longueur - 1))
        dates = [e["quand"] for e in nouveaux]
        assert dates == sorted(dates)

    # --- what people do

    @rule(
        modele=st.sampled_from(OUVRENT), ht=st.integers(1, 150_000), par=st.sampled_from(PARS), brouillon=st.booleans()
    )
    def ouvrir_un_dossier(
        self, modele: tuple[str, str, str, str, str, dict[str, str]], ht: int, par: str, brouillon: bool
    ) -> None:
        role, structure, marche, cadre, vers, champs = modele
        self.rang += 1
        demande = chantier(
            annuaire(), marche, cadre, getattr(joueurs, vers), numero=f"D-{self.rang}", **sommes(ht), **champs
        )
        action = "enregistrer" if brouillon and role == "fournisseur" else "deposer"
        acteur = Acteur(role, getattr(joueurs, structure), par)
        self.tenter(lambda: self.portail.faire(acteur, action, **demande))

    @rule(
        modele=st.sampled_from(SIMPLES),
        ht=st.integers(1, 9_000),
        faute=st.sampled_from(["", "", *FAUTES]),
        numero=st.integers(1, 6),
    )
    def deposer_une_facture(self, modele: tuple[str, str, dict[str, str]], ht: int, faute: str, numero: int) -> None:
        cadre, structure, champs = modele
        demande = facture(cadre, f"F-{numero}", **{**sommes(ht), **champs})
        if faute:
            demande[faute] = FAUTES[faute]
        self.tenter(lambda: self.portail.deposer(Acteur("fournisseur", structure, "lea"), demande))

    @precondition(lambda self: self.portail.etat.pieces)
    @rule(
        data=st.data(),
        part=st.integers(50, 100),
        commente=st.booleans(),
        par=st.sampled_from(PARS),
        decale=st.booleans(),
    )
    def repondre_par_la_piece_suivante(
        self, data: st.DataObject, part: int, commente: bool, par: str, decale: bool
    ) -> None:
        ouvertes = [p for p in self.portail.pieces() if p.marche and not p.suivante]
        attendent = [p for p in ouvertes if any(t.action == "deposer_suivante" for t in _possibles(p))]
        candidates = attendent or ouvertes
        if not candidates:
            return
        piece = data.draw(st.sampled_from(candidates))
        marche = annuaire().marches[piece.marche]
        suites = [p for p in circuits.etapes(marche) if piece.cadre in p.apres] or list(circuits.etapes(marche))
        if not suites:
            return
        etape = data.draw(st.sampled_from(suites))
        self.rang += 1
        cadre, ht = etape.cadres[0], montant(piece.valeurs, "montant_ht") or Decimal(0)
        demande = chantier(
            annuaire(),
            piece.marche,
            cadre,
            marche.partie(etape.adresse_a),
            numero=f"S-{self.rang}",
            **sommes(int(ht * part / 100)),
        )
        demande["commentaire"] = "Métré." if commente else ""
        deposant = marche.titulaire if decale else (marche.membres(etape.depose_par) or ("",))[0]
        acteur = Acteur({"moe": "moe", "moa": "moa"}.get(etape.depose_par, "fournisseur"), deposant, par)
        self.tenter(lambda: self.portail.deposer_suivante(acteur, piece.id, demande))

    @precondition(lambda self: self.portail.etat.pieces)
    @rule(data=st.data(), par=st.sampled_from(PARS))
    def faire_un_geste_possible(self, data: st.DataObject, par: str) -> None:
        vivantes = [p for p in self.portail.pieces() if [t for t in _possibles(p) if not t.automatique]]
        if not vivantes:
            return
        piece = data.draw(st.sampled_from(vivantes))
        transition = data.draw(st.sampled_from([t for t in _possibles(piece) if not t.automatique]))
        acteur = Acteur(transition.role, piece.structure_du(transition.role), par)
        donnees = _donnees(transition.action, piece)
        self.tenter(lambda: self.portail.agir(acteur, piece.id, transition.action, **donnees))

    @precondition(lambda self: self.portail.etat.pieces)
    @rule(data=st.data(), combien=st.integers(1, 8), caractere=st.sampled_from(["prompt", "strict"]))
    def suivre_le_chemin_ordinaire(self, data: st.DataObject, combien: int, caractere: str) -> None:
        """The trainer plays, by hand, what a partner of that character would do."""
        piece = data.draw(st.sampled_from(self.portail.pieces()))
        profil = reglages().profils[caractere]
        for _ in range(combien):
            piece = dossier_de(self.portail.piece(piece.id), self.portail.etat)[-1]
            possibles = [t for t in _possibles(piece) if not t.automatique]
            for role in dict.fromkeys(t.role for t in possibles):
                acteur = Acteur(role, piece.structure_du(role), "animateur")
                siennes = tuple(t for t in possibles if t.role == role)
                situation = Situation(piece, acteur, siennes, annuaire(), self.portail.ouverture)
                if (du := partenaires.repondre(profil, situation)) is not None:
                    self.tenter(lambda du=du: self.portail.faire(du.acteur, du.action, du.objet, **du.donnees))
                    break

    @rule(
        role=st.sampled_from([*ROLES, "comptable", "destinataire"]),
        structure=st.sampled_from([joueurs.COMMUNE, joueurs.COUVREUR, joueurs.ARCHITECTE, joueurs.COMMUNE_MOA, ""]),
        action=st.sampled_from(
            [
                "mettre_en_paiement",
                "mandater",
                "deposer_suivante",
                "valider",
                "envoyer",
                "acheminer",
                "recycler",
                "rien",
            ]
        ),
        objet=st.sampled_from(["P0001", "P0002", "P0003", "P0099", ""]),
        par=st.sampled_from(["", "lea", "animateur", "simule", "systeme", "C0001"]),
    )
    def tenter_n_importe_quoi(self, role: str, structure: str, action: str, objet: str, par: str) -> None:
        self.tenter(lambda: self.portail.faire(Acteur(role, structure, par), action, objet))

    # --- the clock and the partners

    @rule(jours=st.sampled_from([0, 1, 2, 5, 8, 16, 31, 45]))
    def avancer(self, jours: int) -> None:
        self.tenter(lambda: self.portail.avancer(jours, ANIMATEUR))

    @rule(heures=st.integers(-48, 48))
    def l_horloge_de_la_machine_bouge(self, heures: int) -> None:
        self.horloge.passe(hours=heures)

    @rule(action=st.sampled_from(["arreter_horloge", "relancer_horloge"]))
    def tenir_l_horloge(self, action: str) -> None:
        self.tenter(lambda: self.portail.faire(ANIMATEUR, action))

    @rule(data=st.data(), tenant=st.sampled_from(["", "", "", "lea", "tom", *(f"simule:{c}" for c in CARACTERES)]))
    def confier(self, data: st.DataObject, tenant: str) -> None:
        structures = {
            "moe": [joueurs.ARCHITECTE],
            "moa": [joueurs.COMMUNE_MOA, joueurs.DEPARTEMENT],
            "destinataire": [joueurs.COMMUNE, joueurs.DEPARTEMENT],
            "comptable": [joueurs.COMMUNE, joueurs.DEPARTEMENT],
            "fournisseur": [joueurs.COUVREUR, joueurs.ELECTRICIEN, joueurs.VITRIER],
            "valideur_1": [joueurs.COUVREUR, joueurs.MANDATAIRE, joueurs.NETTOYAGE],
        }
        role = data.draw(st.sampled_from(sorted(structures)))
        structure = data.draw(st.sampled_from(structures[role]))
        self.tenter(lambda: self.portail.faire(ANIMATEUR, "confier", role=role, structure=structure, a=tenant))

    @rule(caractere=st.sampled_from(["prompt", "strict", "lent"]), ht=SOMMES, jours=st.integers(20, 60))
    def laisser_faire_les_partenaires(self, caractere: str, ht: int, jours: int) -> None:
        """Everybody but the titulaire is simulated from now on; a month is presented, and time passes."""
        marche, self.rang = "2026-TVX-014", self.rang + 1
        for cle, nom in partenaires.du_marche(annuaire().marches[marche], caractere).items():
            role, structure = cle.split(":")
            champs = {"role": role, "structure": structure, "a": f"simule:{nom}"}
            self.tenter(lambda champs=champs: self.portail.faire(ANIMATEUR, "confier", **champs))
        demande = chantier(annuaire(), marche, "A4", joueurs.ARCHITECTE, numero=f"M-{self.rang}", **sommes(ht))
        self.tenter(lambda: self.portail.deposer(Acteur("fournisseur", joueurs.COUVREUR, "animateur"), demande))
        self.avancer(jours)

    # --- what stays true

    @invariant()
    def rien_n_est_paye_deux_fois(self) -> None:
        payes: dict[str, int] = {}
        for piece in self.portail.pieces():
            paiements = sum(passage.statut == PAYEE for passage in piece.historique)
            assert paiements <= 1
            payes[piece.dossier] = payes.get(piece.dossier, 0) + paiements
            assert not paiements or not piece.suivante
        assert all(nombre <= 1 for nombre in payes.values())

    @invariant()
    def aucune_piece_n_est_orpheline(self) -> None:
        pieces = self.portail.etat.pieces
        for piece in pieces.values():
            if piece.precedente:
                avant = pieces[piece.precedente]
                assert (avant.suivante, avant.dossier) == (piece.id, piece.dossier)
                assert avant.marche == piece.marche
            else:
                assert piece.dossier == piece.id
            if piece.suivante:
                assert pieces[piece.suivante].precedente == piece.id
            assert piece in dossier_de(piece, self.portail.etat)

    @invariant()
    def les_sommes_admises_par_un_partenaire_ne_depassent_pas_celles_presentees(self) -> None:
        simulees = {
            e["objet"] for e in self.portail.journal if e["par"] == "simule" and e["action"] == "deposer_suivante"
        }
        for numero in simulees:
            piece = self.portail.etat.pieces[numero]
            presente, admis = (
                montant(p.valeurs, "montant_ht") for p in (self.portail.etat.pieces[piece.precedente], piece)
            )
            assert presente is not None
            assert admis is not None
            assert admis <= presente

    @invariant()
    def un_numero_n_est_pris_qu_une_fois(self) -> None:
        prises = [p.unicite for p in self.portail.pieces() if p.date_du(DEPOSEE) and p.unicite]
        assert len(prises) == len(set(prises))

    @invariant()
    def l_horloge_ne_recule_pas(self) -> None:
        vu = self.portail.etat.temps.vu
        assert vu is None or self.portail.maintenant >= vu

    def teardown(self) -> None:
        """The journal gives the same state again, to the byte; every question about it has an answer."""
        if not hasattr(self, "portail"):
            return
        portail = self.portail
        rejoue = Portail.rejouer(portail.journal, annuaire(), ouverture=portail.ouverture)
        assert (
            octets(rejoue.etat) == octets(portail.etat) == octets(plier(portail.journal, annuaire(), portail.ouverture))
        )
        assert rejoue.journal == portail.journal
        au = portail.maintenant.date()
        assert all(alerte.phrase for alerte in alertes(portail.etat, portail.annuaire, au))
        for piece in portail.pieces():
            assert len(histoire(portail, ANIMATEUR, piece.id)) == len(piece.historique)
            assert all(e.echeance.etapes for e in echeances_de(piece, portail.etat, portail.annuaire))
            assert decompte_de(piece, portail.etat, portail.annuaire) is not None
            assert interets_de(piece, portail.etat, portail.annuaire, au) is not None
        assert sum(c.nombre for c in tableau(portail, ANIMATEUR).statuts) == len(portail.pieces())


def _possibles(piece: Piece) -> tuple[cycle.Transition, ...]:
    return cycle.transitions_possibles(piece.cadre, piece.statut, au=piece.depuis.date())


def _donnees(action: str, piece: Piece) -> dict[str, str]:
    if action in MOTIVES:
        return {"motif": "AUTRE"} if piece.statut != "A_ASSOCIER_FOURNISSEUR" else {"piece_jointe": "memoire.pdf"}
    par_action = {
        "recycler": {"code_service": "FINANCES"},
        "completer": {"commentaire": "Voici."},
        "corriger_valideur": {"valideur_siret": joueurs.ELECTRICIEN},
    }
    return par_action.get(action, {})


COURTE = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONGUE = settings(COURTE, max_examples=300, stateful_step_count=60)


class TestInvariants(Marche.TestCase):  # type: ignore[misc,name-defined]
    settings = COURTE


@pytest.mark.endurance
class TestInvariantsLongtemps(Marche.TestCase):  # type: ignore[misc,name-defined]
    settings = LONGUE
