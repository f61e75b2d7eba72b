"""The state is the fold of the journal, byte for byte, whatever was tried; and two actors on one piece."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    ELECTRICIEN,
    NETTOYAGE,
    PARTIES,
    VITRIER,
    Horloge,
    deposer,
    deposer_a4,
    deposer_a15,
    deposer_a19,
    facture,
    piece_travaux,
)

from facturier import referentiel
from facturier.portail import ROLES, Acteur, Annuaire, Ouverture, Portail, RefusPortail, etat_json, partenaires
from facturier.portail.criteres import CRITERES, evaluer
from facturier.portail.etat import octets
from facturier.portail.partenaires import ActeDu, Situation
from facturier.portail.pliage import plier

ACTIONS = sorted({t.action for t in referentiel.transitions()} | {"avancer", "confier", "arreter_horloge", "voler"})
STRUCTURES = (ELECTRICIEN, VITRIER, NETTOYAGE, COUVREUR, ARCHITECTE, COMMUNE, COMMUNE_MOA, "", "123")
TRAVAUX = {"A4": (COUVREUR, ARCHITECTE), "A15": (ARCHITECTE, COMMUNE_MOA), "A19": (COMMUNE_MOA, COMMUNE)}
OUVERTURES = (
    Ouverture(),
    Ouverture(graine="7", depart="2026-11-02T09:00:00", partenaires={f"valideur_1:{NETTOYAGE}": "prompt"}),
    Ouverture(graine="8", classe=True, horloge="animateur"),
)


def _prompt(situation: Situation) -> ActeDu | None:
    """Agrees to everything a few days later: enough to exercise the mechanism."""
    agrement = next((t for t in situation.possibles if t.action in ("valider", "mandater")), None)
    if agrement is None:
        return None
    jours = situation.tirage(agrement.action, 1, 5)
    quand = situation.piece.depuis + timedelta(days=jours)
    return ActeDu(quand, situation.acteur, agrement.action, situation.piece.id, {})


def _obstine(situation: Situation) -> ActeDu | None:
    """Asks for what is always refused: no reason given."""
    return ActeDu(situation.piece.depuis, situation.acteur, "refuser", situation.piece.id, {})


@pytest.fixture(autouse=True)
def _caracteres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partenaires, "CARACTERES", {**partenaires.CARACTERES, "prompt": _prompt, "obstine": _obstine})


def tenter(portail: Portail, hasard: random.Random, horloge: Horloge) -> None:
    """One act, most often a possible one, sometimes nonsense."""
    par = hasard.choice(["", "", "lea", "animateur"] if portail.ouverture.classe else ["", "", "", "lea", "C0001"])
    pieces = portail.pieces()
    horloge.passe(hours=hasard.choice([0, 0, 1, 30]))
    tirage = hasard.random()
    donnees: Mapping[str, str] = {}
    if tirage < 0.3 or not pieces:
        cadre = hasard.choice(["A1", "A2", "A9", "A12", "A4"])
        numero = f"N-{hasard.randrange(40)}"
        if cadre == "A4":
            structure, demande = COUVREUR, piece_travaux("A4", ARCHITECTE, numero)
        else:
            structure, propres = PARTIES[cadre]
            demande = facture(cadre, numero, **propres)
        if hasard.random() < 0.2:
            demande[hasard.choice(list(demande))] = hasard.choice(["", "1e999999", "A15", "٣"])
        action = hasard.choice(["deposer", "deposer", "enregistrer"])
        acteur, objet, donnees = Acteur("fournisseur", structure, par), "", demande
    elif tirage < 0.8:
        piece = hasard.choice(pieces)
        roles = [r for r in ROLES if portail.gestes(Acteur(r, piece.structure_du(r), par), piece.id)] or ["moa"]
        role = hasard.choice(roles)
        acteur, objet = Acteur(role, piece.structure_du(role), par), piece.id
        action = hasard.choice([t.action for t in portail.gestes(acteur, piece.id)] or ACTIONS)
        if action == "deposer_suivante":
            suite = "A15" if piece.cadre == "A4" else "A19"
            donnees = piece_travaux(suite, TRAVAUX[suite][1], f"S-{hasard.randrange(40)}", code_service="FINANCES")
        elif action in ("rejeter", "suspendre", "refuser", "demander_recyclage"):
            donnees = {"motif": "AUTRE"}
        elif action == "recycler":
            donnees = {"numero_engagement": f"EJ-{hasard.randrange(9)}"}
        elif action == "completer":
            donnees = {"commentaire": "Voici."}
    elif tirage < 0.9:
        acteur, objet, action = Acteur("animateur", "", par), "", "avancer"
        donnees = {"jours": str(hasard.choice([0, 1, 3, 16]))}
    else:
        acteur = Acteur(hasard.choice(ROLES), hasard.choice(STRUCTURES), par)
        objet, action = hasard.choice(["", "P0001", "P0099", "C0001", f"S{COMMUNE}"]), hasard.choice(ACTIONS)
        tenant = hasard.choice(["", "lea", "simule:prompt", "simule:obstine"])
        donnees = {"role": "destinataire", "structure": COMMUNE, "a": tenant} if action == "confier" else {}
    portail.faire(acteur, action, objet, **donnees)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graine=st.integers(0, 2**32), ouverture=st.sampled_from(OUVERTURES), nombre=st.integers(1, 40))
def test_quoi_qu_on_tente_l_etat_est_le_pli_du_journal_a_l_octet_pres(
    annuaire: Annuaire, graine: int, ouverture: Ouverture, nombre: int
) -> None:
    hasard, horloge = random.Random(graine), Horloge()
    portail = Portail(annuaire, horloge, ouverture)
    for _ in range(nombre):
        avant, longueur = octets(portail.etat), portail.longueur
        try:
            tenter(portail, hasard, horloge)
        except RefusPortail:
            assert (octets(portail.etat), portail.longueur) == (avant, longueur)
    rejoue = Portail.rejouer(portail.journal, annuaire, ouverture=ouverture)
    assert octets(rejoue.etat) == octets(portail.etat) == octets(plier(portail.journal, annuaire, ouverture))
    assert rejoue.journal == portail.journal
    for piece in portail.pieces():
        assert sum(passage.statut == "MISE_EN_PAIEMENT" for passage in piece.historique) <= 1
        assert portail.etat.pieces.get(piece.precedente or piece.id) is not None
        assert portail.version(piece.id) == len(piece.historique)


def test_un_partenaire_simule_agit_a_sa_date_et_le_rejeu_le_retrouve(annuaire: Annuaire, horloge: Horloge) -> None:
    ouverture = Ouverture(graine="promo", partenaires={f"valideur_1:{NETTOYAGE}": "prompt"})
    portail = Portail(annuaire, horloge, ouverture)
    piece = deposer(portail, "A9")
    ecrits = portail.avancer(10)
    visa = next(e for e in ecrits if e["action"] == "valider")
    assert (visa["par"], visa["role"], visa["structure"]) == ("simule", "valideur_1", NETTOYAGE)
    assert visa["quand"] > portail.journal[0]["quand"]
    assert portail.piece(piece.id).date_du("VALIDEE_1") == datetime.fromisoformat(visa["quand"])
    for n in range(portail.longueur + 1):  # cut anywhere, what partners did is found again
        rejoue = Portail.rejouer(portail.journal[:n], annuaire, ouverture=ouverture)
        assert rejoue.journal == portail.journal[: rejoue.longueur]
    autre = Portail(annuaire, Horloge(), Ouverture(graine="promo", partenaires=ouverture.partenaires))
    deposer(autre, "A9")
    autre.avancer(10)
    assert autre.journal == portail.journal


def test_un_partenaire_refuse_n_arrete_pas_le_portail(annuaire: Annuaire, horloge: Horloge) -> None:
    ouverture = Ouverture(partenaires={f"valideur_1:{NETTOYAGE}": "obstine"})
    portail = Portail(annuaire, horloge, ouverture)
    piece = deposer(portail, "A9")
    portail.avancer(20)
    assert portail.piece(piece.id).date_du("ABSENCE_VALIDATION_1_HORS_DELAI") is not None
    assert "simule" not in {e["par"] for e in portail.journal}
    assert Portail.rejouer(portail.journal, annuaire, ouverture=ouverture).journal == portail.journal


def test_de_deux_acteurs_sur_une_piece_le_second_est_prie_de_relire(portail: Portail) -> None:
    piece = deposer(portail)
    vue = portail.version(piece.id)
    payeur = Acteur("destinataire", COMMUNE)
    portail.faire(payeur, "mandater", piece.id, version=vue)
    avant = portail.journal
    with pytest.raises(RefusPortail, match=r"vient de changer .statut «.Mandatée") as refus:
        portail.faire(payeur, "rejeter", piece.id, version=vue, motif="AUTRE")
    assert refus.value.code == "version-perimee"
    assert portail.journal == avant
    portail.faire(payeur, "transmettre_comptable", piece.id, version=portail.version(piece.id))


def test_l_etat_en_json_dit_tout_de_la_piece(portail: Portail) -> None:
    piece = deposer(portail)
    document = etat_json(portail.etat)
    assert set(document) == {"pieces", "comptes", "structures", "sollicitations", "flux", "attributions", "temps"}
    assert document["pieces"][piece.id]["valeurs"]["montant_ttc"] == "1 200,00"
    assert document["pieces"][piece.id]["historique"][0]["quand"] == "2026-11-24T10:42:00"


def test_les_criteres_disent_ce_qui_a_ete_fait(portail: Portail, horloge: Horloge) -> None:
    assert not any(evaluer(portail.etat).values())
    payeur, fournisseur = Acteur("destinataire", COMMUNE), Acteur("fournisseur", ELECTRICIEN)
    piece = deposer(portail)
    portail.agir(payeur, piece.id, "suspendre", motif="JUSTIF_ABS")
    portail.agir(fournisseur, piece.id, "completer", commentaire="Voici.")
    portail.agir(payeur, piece.id, "mandater")
    portail.agir(payeur, piece.id, "transmettre_comptable")
    portail.agir(Acteur("comptable", COMMUNE), piece.id, "comptabiliser")
    portail.agir(Acteur("comptable", COMMUNE), piece.id, "mettre_en_paiement")
    deposer_a19(portail, deposer_a15(portail, deposer_a4(portail).id).id)
    faits = {nom for nom, rempli in evaluer(portail.etat).items() if rempli}
    obtenus = {"facture_deposee", "facture_completee", "paiement_obtenu", "dossier_travaux_complet"}
    assert faits == {*obtenus, "delais_tenus"}  # the MOE answered the same day


def test_un_dossier_de_travaux_arrete_a_la_moa_n_est_pas_complet(portail: Portail) -> None:
    deposer_a15(portail, deposer_a4(portail).id)
    assert not CRITERES["dossier_travaux_complet"].rempli(portail.etat)


@pytest.mark.parametrize("taux", ["1e999999", "-20", "101", "vingt", "20 %%"])
def test_un_taux_de_tva_qui_n_en_est_pas_un_est_refuse(portail: Portail, taux: str) -> None:
    with pytest.raises(RefusPortail) as refus:
        deposer(portail, taux_tva=taux)
    assert refus.value.regles == ("taux-lisible",)


def test_un_taux_s_ecrit_avec_une_virgule(portail: Portail) -> None:
    assert deposer(portail, taux_tva="5,5").numero
