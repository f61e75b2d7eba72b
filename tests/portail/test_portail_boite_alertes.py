"""Deadlines write in the mailbox: each alert once, the day it fires, to the structure concerned, and for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    ELECTRICIEN,
    NETTOYAGE,
    Horloge,
    chantier,
    deposer,
    deposer_a4,
    deposer_a15,
    deposer_a19,
    facture,
)

from facturier.portail import Acteur, Annuaire, Ouverture, Portail
from facturier.portail.boite import Message, messages, messages_de
from facturier.portail.courriers_alertes import courriers

PAYEUR, COMPTABLE = Acteur("destinataire", COMMUNE), Acteur("comptable", COMMUNE)


@pytest.fixture
def horloge() -> Horloge:
    """In spring, so that the rates of the whole delay are known."""
    horloge = Horloge()
    horloge.heure = datetime(2026, 3, 2, 10, 42)
    return horloge


def alertes(portail: Portail, pour: str) -> list[Message]:
    return [m for m in messages(portail, pour) if "échéance" in m.objet or "délai" in m.objet or "retard" in m.objet]


def jour_par_jour(portail: Portail, pour: str, jusqua: date) -> Iterator[tuple[date, Message]]:
    """The clock turned a day at a time: each new alert with the day on which it was first read; none ever leaves."""
    lues: list[Message] = alertes(portail, pour)
    while portail.maintenant.date() < jusqua:
        portail.avancer(1)
        maintenant = alertes(portail, pour)
        assert maintenant[: len(lues)] == lues, "un courriel reçu ne disparaît pas et ne change pas"
        for message in maintenant[len(lues) :]:
            yield portail.maintenant.date(), message
        lues = maintenant


def dates(portail: Portail, pour: str, jusqua: date) -> list[tuple[date, str]]:
    trouvees = list(jour_par_jour(portail, pour, jusqua))
    assert all(jour == message.quand.date() for jour, message in trouvees), "daté du jour où l’alerte se déclenche"
    return [(jour, message.objet.partition("\u00a0: ")[2]) for jour, message in trouvees]


PROCHE, DEPASSEE, CREANCE = (
    "une échéance approche",
    "une échéance est dépassée",
    "le délai de paiement est dépassé",
)


@pytest.mark.parametrize(
    ("payeur", "proche", "lendemain"),
    [
        ("commune", date(2026, 3, 29), date(2026, 4, 2)),  # 30 days
        ("établissement public de santé", date(2026, 4, 18), date(2026, 4, 22)),  # 50 days
        ("entreprise publique", date(2026, 4, 28), date(2026, 5, 2)),  # 60 days
    ],
)
def test_le_payeur_est_prevenu_avant_puis_le_creancier_apres(
    annuaire: Annuaire, horloge: Horloge, payeur: str, proche: date, lendemain: date
) -> None:
    commune = replace(annuaire.structures[COMMUNE], categorie=payeur)
    sien = replace(annuaire, structures={**annuaire.structures, COMMUNE: commune})
    portail = Portail(sien, horloge)
    deposer(portail, date_facture="02/03/2026")
    payeur, fin = COMMUNE, date(2026, 5, 10)
    copie = Portail.rejouer(portail.journal, sien, horloge)
    assert dates(portail, payeur, fin) == [(proche, PROCHE), (lendemain, DEPASSEE)]
    assert dates(copie, ELECTRICIEN, fin) == [(lendemain, CREANCE)]
    dite = alertes(copie, ELECTRICIEN)[-1].texte
    assert "dépassé de 1 jour " in dite
    assert "d’intérêts et" in dite
    assert "40,00" in dite


def test_payee_en_retard_le_creancier_lit_ce_qui_lui_est_du(portail: Portail) -> None:
    piece = deposer(portail, date_facture="02/03/2026")
    portail.avancer(50)
    portail.agir(PAYEUR, piece.id, "attester_service_fait")
    portail.agir(PAYEUR, piece.id, "mandater")
    portail.agir(COMPTABLE, piece.id, "mettre_en_paiement")
    due = alertes(portail, ELECTRICIEN)[-1]
    assert due.objet.endswith("payée en retard, des intérêts sont dus")
    assert due.quand == portail.maintenant
    assert "20 jours après le délai" in due.texte
    assert "ouvre droit à 6,67" in due.texte  # 1 200,00 × 10,15 % × 20 / 365
    deja = alertes(portail, ELECTRICIEN)
    portail.avancer(100)
    assert alertes(portail, ELECTRICIEN) == deja


def test_le_maitre_d_oeuvre_a_sept_jours(portail: Portail) -> None:
    a4 = deposer_a4(portail)
    lues = [(jour, quoi) for jour, quoi in dates(portail, ARCHITECTE, date(2026, 3, 12)) if quoi in (PROCHE, DEPASSEE)]
    assert lues == [(date(2026, 3, 6), PROCHE), (date(2026, 3, 10), DEPASSEE)]
    assert all(m.piece == a4.id for m in alertes(portail, ARCHITECTE))
    assert not alertes(portail, COMMUNE_MOA)


def test_le_valideur_est_prevenu_avant_son_silence(portail: Portail) -> None:
    portail.avancer(18)  # the subcontractor is accepted meanwhile
    deposer(portail, "A9", numero="ST-1", date_facture="20/03/2026")
    assert dates(portail, NETTOYAGE, date(2026, 4, 10)) == [(date(2026, 4, 1), PROCHE)]
    assert alertes(portail, NETTOYAGE)[0].texte.count("dans 3 jours") == 1


def test_la_procedure_tacite_laisse_dix_jours_a_la_maitrise_d_ouvrage(portail: Portail) -> None:
    titulaire, marche = Acteur("fournisseur", COUVREUR), "2026-TVX-090"
    portail.deposer(titulaire, chantier(portail.annuaire, marche, "A7", ARCHITECTE))
    portail.avancer(31)
    depuis = portail.maintenant.date()
    projet = portail.deposer(titulaire, chantier(portail.annuaire, marche, "A22", COMMUNE_MOA))
    list(jour_par_jour(portail, COMMUNE_MOA, depuis + timedelta(days=12)))
    siennes = [m for m in alertes(portail, COMMUNE_MOA) if m.piece == projet.id]
    assert [(m.quand.date() - depuis).days for m in siennes] == [7, 11]
    assert [m.objet.partition("\u00a0: ")[2] for m in siennes] == [PROCHE, DEPASSEE]


def test_une_reponse_donnee_a_temps_arrete_les_alertes_mais_n_en_efface_aucune(portail: Portail) -> None:
    a4 = deposer_a4(portail)
    portail.avancer(5)
    (proche,) = alertes(portail, ARCHITECTE)
    deposer_a15(portail, a4.id)
    portail.avancer(10)
    assert [m for m in alertes(portail, ARCHITECTE) if m.piece == a4.id] == [proche]


def test_une_suspension_repousse_l_alerte_suivante_et_laisse_la_premiere(portail: Portail) -> None:
    piece = deposer(portail, date_facture="02/03/2026")
    portail.avancer(28)
    (proche,) = alertes(portail, COMMUNE)
    portail.agir(PAYEUR, piece.id, "suspendre", motif="JUSTIF_ABS", commentaire="Il manque le bon.")
    portail.avancer(10)
    assert alertes(portail, COMMUNE) == [proche], "le délai est interrompu : rien n’est dépassé"
    portail.agir(Acteur("fournisseur", ELECTRICIEN), piece.id, "completer", commentaire="Voici.")
    suite = dates(portail, COMMUNE, date(2026, 6, 1))
    assert [quoi for _, quoi in suite] == [PROCHE, DEPASSEE]
    assert alertes(portail, COMMUNE)[0] == proche


def test_le_delai_d_un_dossier_de_travaux_s_ecrit_au_payeur_et_au_titulaire(portail: Portail) -> None:
    deposer_a19(portail, deposer_a15(portail, deposer_a4(portail).id).id)
    portail.avancer(45)
    assert [m.objet for m in alertes(portail, COMMUNE)] == [f"EAV-01\u00a0: {PROCHE}", f"EAV-01\u00a0: {DEPASSEE}"]
    assert [m.objet for m in alertes(portail, COUVREUR)] == [f"EAV-01\u00a0: {CREANCE}"]


def test_en_classe_une_alerte_n_est_lue_que_de_qui_tient_le_role(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, Ouverture(classe=True))
    animateur = Acteur("animateur", "", "animateur")
    portail.faire(animateur, "confier", role="fournisseur", structure=ELECTRICIEN, a="lea")
    portail.faire(Acteur("fournisseur", ELECTRICIEN, "lea"), "deposer", **facture(date_facture="02/03/2026"))
    horloge.passe(days=40)
    assert any(CREANCE in m.objet for m in messages_de(portail, Acteur("fournisseur", ELECTRICIEN, "lea")))
    assert messages_de(portail, Acteur("fournisseur", ELECTRICIEN, "tom")) == ()


def test_regarder_sa_boite_n_ecrit_rien(portail: Portail) -> None:
    deposer(portail)
    portail.avancer(60)
    avant = portail.longueur
    assert list(courriers(portail.etat, portail.annuaire, portail.maintenant))
    assert portail.longueur == avant
