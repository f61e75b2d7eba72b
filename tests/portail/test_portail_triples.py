"""Every (statut, action, rôle) triple that the table does not hold is refused, and changes nothing."""

from __future__ import annotations

import pytest
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COUVREUR,
    MANDATAIRE,
    NETTOYAGE,
    PARTIES,
    PEINTRE,
    Horloge,
    deposer,
    deposer_a4,
    deposer_a15,
    deposer_a19,
    facture,
    piece_travaux,
)

from facturier import cycle, referentiel
from facturier.portail import ROLES, Acteur, Annuaire, Portail, RefusPortail, cadres_joues
from facturier.portail.gardes import GARDES, GARDES_AUTOMATIQUES
from facturier.referentiel import CREATION, Transition

ACTIONS = sorted({t.action for t in referentiel.transitions()} | {"payer_deux_fois"})
TOUS_LES_ROLES = (*ROLES, "tresorier")
DONNEES: dict[str, dict[str, str]] = {
    "": {},
    "motif_obligatoire": {"motif": "JUSTIF_ABS"},
    "motif_hors_montant": {"motif": "MARCHE_TERM"},
    "piece_ou_commentaire": {"commentaire": "Bon de livraison joint."},
    "donnees_aiguillage": {"numero_engagement": "EJ-2026-7"},
}


def copie(portail: Portail) -> Portail:
    autre = Portail(portail.annuaire, portail.horloge)
    autre._etat, autre._journal = portail._etat, list(portail._journal)
    return autre


def naissances(annuaire: Annuaire, horloge: Horloge, cadre: str) -> list[tuple[Portail, str]]:
    """The piece of that cadre, as a draft and as a deposit."""
    if cadre in PARTIES:
        deposant, propres = PARTIES[cadre]
        acteur, demande = Acteur("fournisseur", deposant), facture(cadre, **propres)
    elif cadre == "A4":
        acteur, demande = Acteur("fournisseur", COUVREUR), piece_travaux("A4", ARCHITECTE, "SIT-01")
    else:
        portail = Portail(annuaire, horloge)
        a4 = deposer_a4(portail)
        automate(portail, a4.id, "mettre_a_disposition")
        a15 = deposer_a15(portail, a4.id)
        if cadre == "A15":
            brouillon = Portail(annuaire, horloge)
            brouillon.enregistrer(Acteur("moe", ARCHITECTE), a15.valeurs)
            return [(brouillon, "P0001"), (portail, a15.id)]
        automate(portail, a15.id, "mettre_a_disposition")
        a19 = deposer_a19(portail, a15.id)
        brouillon = Portail(annuaire, horloge)
        brouillon.enregistrer(Acteur("moa", a19.deposant), a19.valeurs)
        return [(brouillon, "P0001"), (portail, a19.id)]
    brouillon, portail = Portail(annuaire, horloge), Portail(annuaire, horloge)
    return [
        (brouillon, brouillon.enregistrer(acteur, demande).id),
        (portail, portail.deposer(acteur, demande).id),
    ]


def automate(portail: Portail, piece: str, action: str) -> None:
    with portail._acte():
        portail._systeme(piece, action, portail._maintenant())


def jouer(portail: Portail, piece: str, transition: Transition) -> None:
    """Make that gesture, whoever has to make it."""
    visee = portail.piece(piece)
    if transition.role == "systeme":
        automate(portail, piece, transition.action)
    elif transition.action == "deposer_suivante":
        {"A4": deposer_a15, "A15": deposer_a19}[visee.cadre](portail, piece)
    else:
        acteur = Acteur(transition.role, visee.structure_du(transition.role))
        autre_valideur = {"valideur_siret": MANDATAIRE if visee.valideur == NETTOYAGE else NETTOYAGE}
        donnees = autre_valideur if transition.garde == "nouveau_valideur" else DONNEES[transition.garde]
        portail.agir(acteur, piece, transition.action, **donnees)


def atteindre(annuaire: Annuaire, horloge: Horloge, cadre: str) -> dict[str, tuple[Portail, str]]:
    """A real piece of that cadre in each status that the table lets it reach (automatic passages made one by one)."""
    atteints: dict[str, tuple[Portail, str]] = {}
    a_voir = naissances(annuaire, horloge, cadre)
    while a_voir:
        portail, piece = a_voir.pop()
        statut = portail.piece(piece).statut
        if statut in atteints:
            continue
        atteints[statut] = portail, piece
        for transition in cycle.transitions_possibles(cadre, statut):
            if non_joue(cadre, transition):
                continue
            suite = copie(portail)
            jouer(suite, piece, transition)
            a_voir.append((suite, piece))
    return atteints


def non_joue(cadre: str, transition: Transition) -> bool:
    """Two levels of validation and the circuit without MOE are not played; a works answer is deposited, not drafted."""
    return (
        transition.role == "valideur_2"
        or (cadre == "A4" and transition.role == "moa")
        or (cadre in ("A15", "A19") and transition.action == "envoyer")
    )


@pytest.mark.parametrize("cadre", cadres_joues())
def test_tout_geste_hors_de_la_table_est_refuse_et_ne_change_rien(
    cadre: str, annuaire: Annuaire, horloge: Horloge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facturier.portail.moteur.choisir_automatique", lambda *_: None)
    monkeypatch.setattr("facturier.portail.moteur.echeance", lambda *_: None)
    atteints = atteindre(annuaire, horloge, cadre)
    permis = {
        (t.de, t.action, t.role) for t in cycle.transitions_du_cadre(cadre, horloge().date()) if t.role != "systeme"
    }
    essais = 0
    for statut, (portail, piece) in atteints.items():
        pieces, journal, visee = portail.pieces(), portail.journal, portail.piece(piece)
        for action in ACTIONS:
            for role in TOUS_LES_ROLES:
                if (statut, action, role) in permis:
                    continue
                acteur = Acteur(role, visee.structure_du(role) or COMMUNE)
                with pytest.raises(RefusPortail) as refus:
                    portail.agir(acteur, piece, action, motif="AUTRE", commentaire="Je force.")
                assert refus.value.code == "action-refusee" or role == "systeme"
                essais += 1
        assert portail.pieces() == pieces
        assert portail.journal == journal
    assert essais > 1000
    assert referentiel.statut("SUPPRIMEE").code in atteints or cadre in ("A15", "A19")


@pytest.mark.parametrize("cadre", cadres_joues())
def test_chaque_statut_de_la_table_est_atteint_par_une_vraie_piece(
    cadre: str, annuaire: Annuaire, horloge: Horloge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facturier.portail.moteur.choisir_automatique", lambda *_: None)
    monkeypatch.setattr("facturier.portail.moteur.echeance", lambda *_: None)
    atteints = set(atteindre(annuaire, horloge, cadre))
    hors_jeu = {"INTERPRETEE_OCR", "ERREUR_COTRAITANT_SUR_VALIDEUR", "VALIDEE_2", "REFUSEE_2"}
    attendus = {t.vers for t in cycle.transitions_du_cadre(cadre)} - hors_jeu
    assert atteints == attendus


def test_le_refus_nomme_l_action_le_role_le_statut_et_ce_qui_est_possible(portail: Portail) -> None:
    piece = deposer(portail)
    with pytest.raises(RefusPortail) as refus:
        portail.agir(Acteur("destinataire", COMMUNE), piece.id, "comptabiliser")
    for attendu in ("Prendre en comptabilité", "le destinataire", "Mise à disposition", "Mandater"):
        assert attendu in refus.value.phrase


def test_chaque_garde_des_cadres_joues_est_connue_du_portail() -> None:
    for cadre in cadres_joues():
        for transition in cycle.transitions_du_cadre(cadre):
            if transition.automatique:
                assert transition.garde in {"", "delai_ecoule", *GARDES_AUTOMATIQUES}, transition
            elif transition.de != CREATION:
                assert transition.garde in GARDES, transition


def test_le_role_systeme_n_est_ouvert_a_personne(portail: Portail) -> None:
    piece = deposer(portail, "A9")
    with pytest.raises(RefusPortail, match="automatique"):
        portail.agir(Acteur("systeme", ""), piece.id, "constater_silence")


def test_une_autre_structure_ne_peut_pas_agir_a_sa_place(portail: Portail) -> None:
    piece = deposer(portail, "A9")
    with pytest.raises(RefusPortail, match="revient à une autre"):
        portail.agir(Acteur("valideur_1", PEINTRE), piece.id, "valider")
    assert portail.piece(piece.id) == piece
