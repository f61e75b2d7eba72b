"""The portal's clock: turned, stopped, started again, and never going back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joueurs import COMMUNE, ELECTRICIEN, NETTOYAGE, PEINTRE, VITRIER, Horloge, deposer, facture

from facturier.portail import Acteur, Annuaire, JournalRefuse, Ouverture, Portail, RefusPortail
from facturier.portail.etat import octets
from facturier.portail.evenements import sceller

ANIMATEUR = Acteur("animateur", "", "animateur")
ELEVE = Acteur("fournisseur", ELECTRICIEN, "lea")


def test_avancer_de_vingt_jours_constate_les_silences_a_leur_date_et_dans_l_ordre(
    portail: Portail, horloge: Horloge
) -> None:
    premiere = deposer(portail, "A9", numero="ST-1")
    horloge.passe(hours=3)
    seconde = deposer(portail, "A9", numero="ST-2")
    ecrits = portail.avancer(20)
    assert [e["action"] for e in ecrits][:2] == ["avancer", "constater_silence"]
    silences = [(e["quand"], e["objet"]) for e in ecrits if e["action"] == "constater_silence"]
    assert silences == [("2026-12-09T10:42:00", premiere.id), ("2026-12-09T13:42:00", seconde.id)]
    assert [e["quand"] for e in ecrits] == sorted(e["quand"] for e in ecrits)
    assert portail.maintenant == datetime(2026, 12, 14, 13, 42)
    assert octets(Portail.rejouer(portail.journal, portail.annuaire).etat) == octets(portail.etat)


def test_ce_qui_suit_est_date_apres_le_saut(portail: Portail) -> None:
    portail.avancer(10)
    assert deposer(portail).depuis.date() == datetime(2026, 12, 4).date()


def test_une_piece_deposee_avant_le_saut_ne_peut_plus_etre_inventee_apres(annuaire: Annuaire, portail: Portail) -> None:
    portail.avancer(10)
    deposer(portail)
    antidate = [dict(e) for e in portail.journal]
    antidate[1]["quand"] = "2026-11-25T10:00:00"
    with pytest.raises(JournalRefuse, match="aurait inscrit") as refus:
        Portail.rejouer(sceller(portail.ouverture.genese(), antidate), annuaire)
    assert refus.value.n == 2


@pytest.mark.parametrize("jours", ["0", "-1", "367", "1e2", "٣", "", "1000"])
def test_un_saut_hors_bornes_est_refuse(portail: Portail, jours: str) -> None:
    with pytest.raises(RefusPortail, match="nombre entier"):
        portail.faire(Acteur("fournisseur", ELECTRICIEN), "avancer", jours=jours)
    assert portail.journal == ()


def test_un_exercice_commence_a_la_date_de_son_scenario(annuaire: Annuaire, horloge: Horloge) -> None:
    ouverture = Ouverture(depart="2026-11-02T09:00:00")
    portail = Portail(annuaire, horloge, ouverture)
    assert deposer(portail).depuis == datetime(2026, 11, 2, 9)
    horloge.passe(minutes=5)
    assert deposer(portail, numero="FA-2").depuis == datetime(2026, 11, 2, 9, 5)
    portail.avancer(3)
    horloge.passe(days=30)  # the notebook stays closed: the scenario waits
    repris = Portail.rejouer(portail.journal, annuaire, horloge, ouverture)
    assert repris.maintenant == datetime(2026, 11, 5, 9, 5)
    horloge.passe(hours=1)
    assert repris.maintenant == datetime(2026, 11, 5, 10, 5)


def test_l_animateur_arrete_et_relance_l_horloge(annuaire: Annuaire, horloge: Horloge) -> None:
    ouverture = Ouverture(classe=True, horloge="animateur")
    portail = Portail(annuaire, horloge, ouverture)
    portail.faire(ANIMATEUR, "arreter_horloge")
    horloge.passe(days=2)
    assert portail.maintenant == datetime(2026, 11, 24, 10, 42)
    portail.deposer(ELEVE, facture())
    portail.avancer(1, ANIMATEUR)
    assert portail.maintenant == datetime(2026, 11, 25, 10, 42)
    with pytest.raises(RefusPortail, match="déjà arrêtée"):
        portail.faire(ANIMATEUR, "arreter_horloge")
    portail.faire(ANIMATEUR, "relancer_horloge")
    horloge.passe(hours=1)
    assert portail.maintenant == datetime(2026, 11, 25, 11, 42)
    with pytest.raises(RefusPortail, match="elle marche déjà"):
        portail.faire(ANIMATEUR, "relancer_horloge")
    repris = Portail.rejouer(portail.journal, annuaire, horloge, ouverture)
    assert octets(repris.etat) == octets(portail.etat)
    assert repris.maintenant == portail.maintenant


def test_un_eleve_ne_tourne_pas_l_horloge_de_la_classe(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, Ouverture(classe=True, horloge="animateur"))
    for acte, donnees in (("avancer", {"jours": "3"}), ("arreter_horloge", {})):
        with pytest.raises(RefusPortail, match="tenue par l’animateur"):
            portail.faire(ELEVE, acte, **donnees)
    assert portail.journal == ()


def test_la_date_reelle_d_une_relance_ne_se_choisit_pas(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge)
    portail.faire(Acteur("animateur", ""), "arreter_horloge")
    with pytest.raises(RefusPortail, match="n’admet pas"):
        portail.faire(Acteur("animateur", ""), "relancer_horloge", reel="2026-01-01T00:00:00")


MACHINE = st.tuples(st.just("machine"), st.integers(-40, 40))
SAUT = st.tuples(st.just("avancer"), st.integers(0, 30))
TOUR = st.sampled_from([("arreter", 0), ("relancer", 0), ("deposer", 0), ("valider", 0), ("payer", 0)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gestes=st.lists(MACHINE | SAUT | TOUR, max_size=25), depart=st.sampled_from(["", "2026-11-02T09:00:00"]))
def test_l_horloge_du_portail_ne_recule_jamais_et_se_rejoue(
    annuaire: Annuaire, gestes: list[tuple[str, int]], depart: str
) -> None:
    horloge, ouverture = Horloge(), Ouverture(depart=depart)
    portail = Portail(annuaire, horloge, ouverture)
    vu = datetime.min
    for rang, (geste, n) in enumerate(gestes):
        try:
            if geste == "machine":
                horloge.heure += timedelta(days=n, hours=n)
            elif geste == "avancer":
                portail.avancer(n)
            elif geste == "deposer":
                sous_traitee = facture("A9", f"ST-{rang}", valideur_siret=NETTOYAGE)
                portail.faire(Acteur("fournisseur", VITRIER), "deposer", **sous_traitee)
            elif geste == "valider":
                portail.faire(Acteur("valideur_1", NETTOYAGE), "valider", "P0001")
            elif geste == "payer":
                portail.faire(Acteur("destinataire", COMMUNE), "mandater", "P0001")
            else:
                portail.faire(Acteur("fournisseur", PEINTRE), f"{geste}_horloge")
        except RefusPortail:
            pass
        assert portail.maintenant >= vu
        vu = portail.etat.temps.vu or vu
    dates = [e["quand"] for e in portail.journal]
    assert dates == sorted(dates)
    rejoue = Portail.rejouer(portail.journal, annuaire, horloge, ouverture)
    assert octets(rejoue.etat) == octets(portail.etat)
    assert rejoue.journal == portail.journal
    assert rejoue.maintenant >= vu
    horloge.passe(days=60)
    assert rejoue.etat.temps.arret or rejoue.maintenant > vu
