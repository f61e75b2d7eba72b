"""The simulated mailbox: who is written to, what they read, and nobody else; and no account acts without the right."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from bureau import ENTREPRISE, IBAN, LEA, SECONDE, au_nom_de, connecte, cree, dernier, entre, gestionnaire
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    ELECTRICIEN,
    NETTOYAGE,
    VITRIER,
    Horloge,
    acteurs,
    deposer,
    deposer_a4,
    deposer_a15,
    facture,
    piece_travaux,
)

from facturier import cycle, referentiel
from facturier.portail import Acteur, Annuaire, Etat, Ouverture, Portail, RefusPortail
from facturier.portail import droits as regles_droits
from facturier.portail.boite import messages, messages_de, modeles
from facturier.portail.comptes import ACTES as ACTES_COMPTES
from facturier.portail.comptes import CONFORME
from facturier.portail.etat import octets
from facturier.portail.organisation import ORGANISATION
from facturier.portail.pliage import appliquer
from facturier.portail.rattachements import ACTES as ACTES_RATTACHEMENTS
from facturier.portail.repertoire import ACTES
from facturier.portail.structures import ACTES as ACTES_STRUCTURES

COMPTES = Ouverture(graine="promo-12", comptes=True)
PAYEUR = Acteur("destinataire", COMMUNE)


def objets(portail: Portail, pour: str) -> list[str]:
    return [message.objet for message in messages(portail, pour)]


def test_le_fournisseur_lit_la_vie_de_sa_facture_dans_sa_boite(portail: Portail) -> None:
    piece = deposer(portail).id
    portail.agir(PAYEUR, piece, "suspendre", motif="JUSTIF_ABS", commentaire="Il manque le bon de livraison.")
    suspendue = dernier(portail, ELECTRICIEN)
    assert suspendue.objet == "FA-2026-0042\u00a0: Suspendue"
    assert suspendue.piece == piece
    assert "Il manque le bon de livraison." in suspendue.texte
    assert referentiel.statut("SUSPENDUE").conduite in suspendue.texte
    portail.agir(Acteur("fournisseur", ELECTRICIEN), piece, "completer", commentaire="Voici.")
    assert dernier(portail, ELECTRICIEN) == suspendue, "ce que l’on fait soi-même ne s’écrit pas"
    portail.agir(PAYEUR, piece, "rejeter", motif="AUTRE")
    assert "nouveau numéro" in dernier(portail, ELECTRICIEN).texte
    assert objets(portail, ELECTRICIEN)[0] == "FA-2026-0042\u00a0: dépôt enregistré"
    assert [m for m in objets(portail, COMMUNE) if "attend votre geste" in m]
    dates = [message.quand for message in messages(portail, ELECTRICIEN)]
    assert dates == sorted(dates)


def test_un_brouillon_n_ecrit_a_personne(portail: Portail) -> None:
    portail.enregistrer(Acteur("fournisseur", ELECTRICIEN), facture())
    assert messages(portail, ELECTRICIEN) == messages(portail, COMMUNE) == ()


def test_chaque_acteur_d_un_dossier_apprend_que_la_piece_lui_arrive(portail: Portail) -> None:
    sous_traitee = deposer(portail, "A9", numero="ST-1").id
    assert dernier(portail, NETTOYAGE).piece == sous_traitee
    a4 = deposer_a4(portail)
    assert dernier(portail, ARCHITECTE).piece == a4.id
    a15 = deposer_a15(portail, a4.id)
    assert dernier(portail, COMMUNE_MOA).piece == a15.id
    assert dernier(portail, COUVREUR).piece == a4.id


def test_le_titulaire_apprend_le_refus_d_une_piece_de_son_dossier(portail: Portail) -> None:
    a15 = deposer_a15(portail, deposer_a4(portail).id)
    refus = next(
        t for t in cycle.transitions_possibles("A15", portail.piece(a15.id).statut, "moa") if t.action.startswith("ref")
    )
    motif = next(m.code for m in referentiel.motifs() if m.refus_travaux and m.referentiel == "chorus-pro")
    portail.agir(acteurs(portail.piece(a15.id))("moa"), a15.id, refus.action, motif=motif, commentaire="Voir pièce.")
    assert dernier(portail, COUVREUR).piece == a15.id
    assert dernier(portail, ARCHITECTE).piece == a15.id


def test_les_statuts_muets_existent() -> None:
    assert modeles().sans_message <= {statut.code for statut in referentiel.statuts()}


def test_un_compte_recoit_a_son_adresse_de_contact_ce_que_ses_espaces_lui_ouvrent(
    annuaire: Annuaire, horloge: Horloge
) -> None:
    portail = Portail(annuaire, horloge, COMPTES)
    lea = gestionnaire(portail)
    portail.faire(lea, "modifier_profil", lea.par, contact="compta@exemple.fr")
    portail.faire(lea, "deposer", **facture())
    assert dernier(portail, "compta@exemple.fr").piece == "P0001"
    assert all(not message.piece for message in messages(portail, LEA))
    portail.faire(lea, "retirer_habilitation", f"S{ENTREPRISE}", compte=lea.par, espace="factures_emises")
    assert all(not message.piece for message in messages(portail, "compta@exemple.fr"))


def test_nul_ne_lit_la_boite_d_un_autre(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, Ouverture(classe=True))
    cree(portail, par="lea")
    portail.faire(Acteur("fournisseur", ELECTRICIEN, "lea"), "deposer", **facture())
    portail.faire(Acteur("animateur", "", "animateur"), "confier", role="fournisseur", structure=ELECTRICIEN, a="lea")
    lea, zoe = Acteur("fournisseur", ELECTRICIEN, "lea"), Acteur("fournisseur", ELECTRICIEN, "zoe")
    assert {m.a for m in messages_de(portail, lea)} == {LEA, ELECTRICIEN}
    assert messages_de(portail, zoe) == ()
    assert {m.a for m in messages_de(portail, Acteur("destinataire", COMMUNE, "zoe"))} == {COMMUNE}
    assert {m.a for m in messages_de(portail, Acteur("animateur", "", "animateur"))} == {LEA, ELECTRICIEN, COMMUNE}
    avec = Portail(annuaire, horloge, COMPTES)
    une = gestionnaire(avec)
    autre = entre(avec, "zoe@exemple.fr")
    avec.faire(une, "ajouter_coordonnees", f"S{ENTREPRISE}", iban=IBAN, titulaire="M")
    assert {m.a for m in messages_de(avec, une)} == {LEA, ENTREPRISE}
    assert {m.a for m in messages_de(avec, au_nom_de(autre, ENTREPRISE))} == {"zoe@exemple.fr"}


def test_un_message_ne_s_execute_pas(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, COMPTES)
    cree(portail, nom="{jeton}{0.__class__}", prenom="%s{")
    recu = dernier(portail, LEA)
    assert "{jeton}{0.__class__}" in recu.texte


# --- no account acts without the right -------------------------------------------------------------------

SIRETS = (ENTREPRISE, SECONDE, ELECTRICIEN, COUVREUR, VITRIER, COMMUNE, "")
ROLES = ("fournisseur", "fournisseur", "destinataire", "valideur_1")
ESPACES = tuple(espace.code for espace in referentiel.espaces())


def demande(hasard: random.Random, portail: Portail, acteur: Acteur, rang: int) -> tuple[str, str, dict[str, str]]:
    """One act, most often near what is possible."""
    sienne = acteur.structure or hasard.choice(SIRETS[:-1])
    objet = f"S{sienne if hasard.random() < 0.9 else hasard.choice(SIRETS[:-1])}"
    proches = [
        c.id
        for c in portail.etat.comptes.values()
        if {*c.rattachements, *c.demandes} & {objet[1:]} and c.id != acteur.par
    ]
    membre = hasard.choice([*portail.etat.comptes, *proches, *proches, *proches, "C0009"])
    tirage = hasard.random()
    if tirage < 0.1:
        cadre = hasard.choice(["A1", "A4"])
        donnees = facture(numero=f"N-{rang}") if cadre == "A1" else piece_travaux("A4", ARCHITECTE, f"N-{rang}")
        return "deposer", "", donnees
    if tirage < 0.15:
        piece = hasard.choice(portail.pieces()).id if portail.pieces() else "P0001"
        return hasard.choice(["mandater", "suspendre", "completer"]), piece, {}
    if tirage < 0.2:
        return "creer_structure", "", {"siret": hasard.choice(SIRETS[:3]), "nom": "Neuve"}
    if tirage < 0.35:
        return hasard.choice(["demander_rattachement", "demander_rattachement", "quitter_structure"]), objet, {}
    if tirage < 0.65:
        action = hasard.choice(sorted(ACTES_RATTACHEMENTS))
        champs = {"compte": membre, "espace": hasard.choice(ESPACES), "motif": "Non."}
        return action, objet, {champ: champs[champ] for champ in ACTES[action].champs}
    if tirage < 0.93:
        action = hasard.choice(sorted(set(ACTES_STRUCTURES) - {"creer_structure"}))
        if "structure" in action and hasard.random() < 0.5:
            action = hasard.choice(["activer_service", "desactiver_service"])
        champs = {
            "code": "S1",
            "libelle": "Un",
            "iban": IBAN,
            "iban_remplace": IBAN,
            "titulaire": "M",
            "adresse": "1 rue",
        }
        return action, objet, {c: champs[c] for c in ACTES[action].champs if c in champs}
    action = hasard.choice(sorted(set(ACTES_COMPTES) - {"creer_compte"}))
    membre = acteur.par if hasard.random() < 0.8 else membre
    if action == "desactiver_compte" and hasard.random() < 0.5:
        action = "modifier_profil"
    champs = {"nom": "N", "courriel": f"n{rang}@exemple.fr", "mot_de_passe": CONFORME, "jeton": "0", "code": "0"}
    return action, membre, {c: champs[c] for c in ACTES[action].champs if c in champs}


def verifier_droits(avant: Etat, portail: Portail, n: int) -> None:
    """The event was within the rights that its account had before it."""
    evenement = portail.evenement(n)
    par, siret, action, objet = (evenement[cle] for cle in ("par", "structure", "action", "objet"))  # type: ignore[literal-required]
    if not par.startswith("C"):
        return
    compte = avant.comptes[par]
    assert compte.actif
    assert not compte.deconnecte or ACTES[action].sans_compte
    if siret:
        assert siret in compte.rattachements
    if action in ACTES_COMPTES:
        assert objet == par
    elif action in ACTES_STRUCTURES and action != "creer_structure":
        assert objet == f"S{siret}"
        assert compte.gere(siret) or compte.habilite(siret, ORGANISATION)
    elif action in ACTES_RATTACHEMENTS and ACTES[action].champs not in ((), ("espace",)):
        assert objet == f"S{siret}"
        assert compte.gere(siret)
    elif objet.startswith("P"):
        assert compte.habilite(siret, regles_droits.espace(evenement["role"], portail.piece(objet).cadre))


def marche(annuaire: Annuaire, graine: int, combien: int) -> Portail:
    """Three accounts that try anything, one of them with a structure of its own."""
    hasard, horloge = random.Random(graine), Horloge()
    portail = Portail(annuaire, horloge, COMPTES)
    gestionnaire(portail)
    for courriel in ("zoe@exemple.fr", "max@exemple.fr"):
        portail.faire(entre(portail, courriel), "demander_rattachement", f"S{ENTREPRISE}")
    for rang in range(combien):
        horloge.heure += timedelta(hours=hasard.choice([0, 0, 1, 9]))
        acteur = Acteur(hasard.choice(ROLES), hasard.choice(SIRETS), hasard.choice([*portail.etat.comptes, ""]))
        compte = portail.etat.comptes.get(acteur.par)
        if compte is not None and hasard.random() < 0.8:
            acteur = au_nom_de(acteur, hasard.choice([*compte.rattachements, ""]))
        gerees = [(c.id, s) for c in portail.etat.comptes.values() for s in c.rattachements if c.gere(s)]
        if gerees and hasard.random() < 0.5:
            id_, siret = hasard.choice(gerees)
            acteur = Acteur("fournisseur", siret, id_)
        action, objet, donnees = demande(hasard, portail, acteur, rang)
        try:
            portail.faire(acteur, action, objet, **donnees)
        except RefusPortail:
            continue
        if action == "se_deconnecter" and hasard.random() < 0.9:
            connecte(portail, portail.etat.comptes[objet].courriel)
    return portail


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32), st.integers(10, 120))
def test_aucun_compte_n_agit_sans_droit_et_tout_se_rejoue(annuaire: Annuaire, graine: int, combien: int) -> None:
    portail = marche(annuaire, graine, combien)
    etat = Etat.initial(COMPTES)
    for n in range(1, portail.longueur + 1):
        verifier_droits(etat, portail, n)
        etat = appliquer(etat, portail.evenement(n), annuaire)
    assert octets(etat) == octets(portail.etat)
    rejoue = Portail.rejouer(portail.journal, annuaire, ouverture=COMPTES)
    assert rejoue.journal == portail.journal
    assert octets(rejoue.etat) == octets(portail.etat)
    for compte in portail.etat.comptes.values():
        assert messages(rejoue, compte.courriel) == messages(portail, compte.courriel)
    for siret in portail.etat.structures:
        assert sum(c.gere(siret) for c in portail.etat.comptes.values()) <= 1


def test_la_marche_ci_dessus_fait_vraiment_des_actes_de_toutes_sortes(annuaire: Annuaire) -> None:
    vus = {e["action"] for graine in range(40) for e in marche(annuaire, graine, 200).journal}
    ailleurs = {"creer_compte", "confirmer_courriel", "redemander_lien"}
    attendus = set(ACTES_COMPTES) | set(ACTES_RATTACHEMENTS) | set(ACTES_STRUCTURES)
    assert sorted(attendus - ailleurs - vus) == []
    assert "deposer" in vus


@pytest.mark.parametrize("role", ["fournisseur", "destinataire"])
def test_une_structure_sans_message_a_une_boite_vide(portail: Portail, role: str) -> None:
    assert messages_de(portail, Acteur(role, COMMUNE)) == ()
