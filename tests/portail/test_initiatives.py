"""Companies that nobody plays deposit by themselves: what, when, for how much, and the same at each replay."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from joueurs import (
    ARCHITECTE,
    COMMUNE_MOA,
    COUVREUR,
    ELECTRICIEN,
    MANDATAIRE,
    MARCHE_TRAVAUX,
    PEINTRE,
    VITRIER,
    ZINGUEUR,
    chantier,
)

from facturier import montants
from facturier.erreurs import ErreurFacturier
from facturier.portail import ANIMATEUR, Acteur, Annuaire, JournalRefuse, Ouverture, Piece, Portail
from facturier.portail import demande as lecture
from facturier.portail.caracteres import reglages
from facturier.portail.etat import etat_json, octets
from facturier.portail.partenaires import du_marche
from facturier.portail.pieces import fiche

MARCHES = tuple(Annuaire.charger().marches)
GYMNASE = "2026-TVX-020"
DEPART = "2026-11-02T09:00:00"
PAYEE = "MISE_EN_PAIEMENT"


def seul(annuaire: Annuaire, numero: str, caractere: str = "prompt", **reglage: Any) -> Portail:
    """A portal of that market where simulated partners play everybody, from 2 November 2026."""
    partenaires = du_marche(annuaire.marches[numero], caractere, reglage.pop("joues", ()))
    ouverture = Ouverture(
        graine=reglage.pop("graine", "essai"), depart=DEPART, partenaires=partenaires, chantiers=(numero,), **reglage
    )
    return Portail(annuaire, lambda: datetime(2026, 11, 24, 10, 0), ouverture)


def passer(portail: Portail, jours: int) -> None:
    for _ in range(jours // 10):
        portail.avancer(10)


def ouvertes(portail: Portail, siret: str, cadre: str = "") -> list[Piece]:
    return [p for p in portail.pieces() if p.deposant == siret and not p.precedente and cadre in ("", p.cadre)]


def ht(piece: Piece) -> Decimal:
    lu = lecture.montant(piece.valeurs, "montant_ht")
    assert lu is not None
    return lu


@pytest.mark.parametrize("caractere", ["prompt", "strict", "metreur"])
@pytest.mark.parametrize("numero", MARCHES)
def test_chaque_circuit_va_de_sa_premiere_piece_au_paiement_sans_personne(
    annuaire: Annuaire, numero: str, caractere: str
) -> None:
    portail, marche = seul(annuaire, numero, caractere), annuaire.marches[numero]
    passer(portail, 300)
    payees = [p for p in portail.pieces() if p.statut == PAYEE]
    assert payees, [(p.cadre, p.statut) for p in portail.pieces()]
    if marche.ccag_travaux:
        natures = {fiche(p.cadre).piece_api for p in payees}
        assert "DECOMPTE_GENERAL_SIGNE" in natures, "le dernier décompte est signé, et payé"
        assert {p.cadre for p in portail.pieces()} >= set(filter(None, (marche.cadre_mensuel, marche.cadre_final)))
    rejoue = Portail.rejouer(portail.journal, annuaire, None, portail.ouverture)
    assert octets(rejoue.etat) == octets(portail.etat)


@pytest.mark.parametrize("numero", [n for n in MARCHES if Annuaire.charger().marches[n].ccag_travaux])
def test_les_demandes_d_une_entreprise_font_sa_part_du_marche_jamais_plus(annuaire: Annuaire, numero: str) -> None:
    portail, marche = seul(annuaire, numero), annuaire.marches[numero]
    passer(portail, 300)
    mensuelles = reglages().initiative.mensuelles
    parts = {p.siret: montants.euros(p.montant_ht) for p in marche.parts}
    for siret in marche.cotraitants:
        siennes = ouvertes(portail, siret)
        assert len(siennes) == mensuelles + 1
        assert sum(map(ht, siennes), Decimal(0)) == parts[siret]
    for declare in marche.sous_traitants:
        siennes = ouvertes(portail, declare.siret)
        assert len(siennes) == (mensuelles if declare.agrement else 0), "sans agrément, il ne dépose rien"
        assert sum(map(ht, siennes), Decimal(0)) <= montants.euros(declare.montant_ttc)
        assert {p.valeurs["montant_tva"] for p in siennes} <= {"0,00"}, "la TVA est autoliquidée"
    if not marche.cotraitants and marche.circuit != "C7":
        siennes = ouvertes(portail, marche.titulaire)
        assert sum(map(ht, siennes), Decimal(0)) == montants.euros(marche.montant_ht)


def test_le_mandataire_porte_les_demandes_jointes_de_ses_cotraitants(annuaire: Annuaire) -> None:
    joues = [("moe", ARCHITECTE)]
    portail = seul(annuaire, GYMNASE, joues=joues)
    portail.avancer(3)
    cotraitantes = [p for p in portail.pieces() if p.cadre == "A13"]
    assert {p.deposant for p in cotraitantes} == {PEINTRE, ELECTRICIEN}
    assert ouvertes(portail, MANDATAIRE) == [], "il attend qu’elles soient jointes"
    for piece in cotraitantes:
        portail.agir(Acteur("moe", ARCHITECTE), piece.id, "joindre_au_dossier")
    portail.avancer(1)
    (projet,) = ouvertes(portail, MANDATAIRE)
    jointes = sum(map(ht, cotraitantes), Decimal(0))
    bas, haut = (Decimal(300000) * p / 100 for p in reglages().initiative.part)
    assert bas <= ht(projet) - jointes <= haut


def test_le_mandataire_n_attend_pas_sans_fin_un_cotraitant_qui_ne_depose_pas(annuaire: Annuaire) -> None:
    portail = seul(annuaire, GYMNASE, joues=[("fournisseur", PEINTRE)])
    portail.avancer(3)
    assert ouvertes(portail, ELECTRICIEN)
    passer(portail, 10)
    (projet,) = ouvertes(portail, MANDATAIRE)
    deposee = projet.date_du("DEPOSEE")
    assert deposee is not None
    assert deposee.date().isoformat() <= "2026-11-13"


def test_une_demande_par_mois_apres_les_jours_de_son_caractere(annuaire: Annuaire) -> None:
    for caractere in ("prompt", "lent"):
        portail = seul(annuaire, MARCHE_TRAVAUX, caractere)
        passer(portail, 90)
        mois = [p.valeurs["date_facture"][3:] for p in ouvertes(portail, COUVREUR)]
        assert len(mois) == len(set(mois)), mois
        premier = ouvertes(portail, COUVREUR)[0].valeurs["date_facture"]
        assert premier in ("02/11/2026", "03/11/2026") if caractere == "prompt" else premier[:2] >= "16"
    portail = seul(annuaire, MARCHE_TRAVAUX, "silencieux")
    passer(portail, 90)
    assert portail.pieces() == ()


def test_la_graine_decide_et_une_autre_decide_autrement(annuaire: Annuaire) -> None:
    textes = []
    for graine in ("une", "une", "autre"):
        portail = seul(annuaire, GYMNASE, graine=graine)
        passer(portail, 60)
        textes.append([(p.deposant, dict(p.valeurs)) for p in portail.pieces()])
    assert textes[0] == textes[1]
    assert textes[0] != textes[2]


def test_la_reception_notifiee_appelle_le_projet_final(annuaire: Annuaire) -> None:
    portail = seul(annuaire, MARCHE_TRAVAUX, joues=[("moa", COMMUNE_MOA)])
    portail.avancer(10)
    portail.faire(Acteur("moa", COMMUNE_MOA), "notifier_reception", "", numero_marche=MARCHE_TRAVAUX)
    portail.avancer(5)
    (final,) = ouvertes(portail, COUVREUR, "A7")
    (mensuelle,) = ouvertes(portail, COUVREUR, "A4")
    assert ht(final) + ht(mensuelle) == Decimal(100000)


def test_si_la_maitrise_d_ouvrage_se_tait_le_titulaire_mene_la_procedure_tacite(annuaire: Annuaire) -> None:
    portail = seul(annuaire, "2026-TVX-090", joues=[("moa", COMMUNE_MOA)])
    passer(portail, 10)
    for mois in range(3):  # the MOA answers the months, then falls silent
        for piece in portail.pieces():
            if piece.cadre == "A15" and not piece.suivante:
                champs = {c: piece.valeurs[c] for c in ("montant_ht", "taux_tva", "montant_tva", "montant_ttc")}
                demande = chantier(annuaire, "2026-TVX-090", "A19", "21990002400015", numero=f"EA-{mois}", **champs)
                portail.deposer_suivante(Acteur("moa", COMMUNE_MOA), piece.id, demande)
        passer(portail, 30)
    passer(portail, 150)
    cadres = [p.cadre for p in portail.pieces() if p.cadre in ("A7", "A22", "A23")]
    assert cadres == ["A7", "A22", "A23"]
    assert portail.pieces()[-1].statut == PAYEE
    assert octets(Portail.rejouer(portail.journal, annuaire, None, portail.ouverture).etat) == octets(portail.etat)


# a class: seats that become empty


def confier(portail: Portail, role: str, structure: str, tenant: str) -> None:
    portail.faire(Acteur(ANIMATEUR, "", ANIMATEUR), "confier", "", role=role, structure=structure, a=tenant)


def test_le_siege_d_un_absent_depose_apres_son_depart_et_se_tait_a_son_retour(annuaire: Annuaire) -> None:
    portail = seul(annuaire, MARCHE_TRAVAUX, classe=True, horloge="animateur", joues=[("fournisseur", COUVREUR)])
    animateur = Acteur(ANIMATEUR, "", ANIMATEUR)
    confier(portail, "fournisseur", COUVREUR, "lea")
    portail.avancer(40, animateur)
    assert ouvertes(portail, COUVREUR) == [], "Léa est là : rien ne se fait en son nom"
    depart = portail.maintenant
    confier(portail, "fournisseur", COUVREUR, "simule:lent")
    portail.avancer(8, animateur)
    assert ouvertes(portail, COUVREUR) == [], "un partenaire lent n’a pas fini d’attendre"
    portail.avancer(25, animateur)
    (projet,) = ouvertes(portail, COUVREUR)
    deposee = projet.date_du("DEPOSEE")
    assert deposee is not None
    assert 10 <= (deposee - depart).days <= 32
    confier(portail, "fournisseur", COUVREUR, "lea")
    portail.avancer(60, animateur)
    assert len(ouvertes(portail, COUVREUR)) == 1, "Léa est revenue"
    assert octets(Portail.rejouer(portail.journal, annuaire, None, portail.ouverture).etat) == octets(portail.etat)


def test_ce_qu_une_personne_a_depose_ce_mois_ci_ne_se_depose_pas_deux_fois(annuaire: Annuaire) -> None:
    portail = seul(annuaire, MARCHE_TRAVAUX, classe=True, horloge="animateur", joues=[("fournisseur", COUVREUR)])
    lea = Acteur("fournisseur", COUVREUR, "lea")
    confier(portail, "fournisseur", COUVREUR, "lea")
    portail.deposer(
        lea, chantier(annuaire, MARCHE_TRAVAUX, "A4", ARCHITECTE, numero="SIT-1", date_facture="02/11/2026")
    )
    confier(portail, "fournisseur", COUVREUR, "simule:prompt")
    portail.avancer(20, Acteur(ANIMATEUR, "", ANIMATEUR))
    assert len(ouvertes(portail, COUVREUR)) == 1
    portail.avancer(20, Acteur(ANIMATEUR, "", ANIMATEUR))
    assert [p.valeurs["date_facture"][3:5] for p in ouvertes(portail, COUVREUR)] == ["11", "12"]


def test_sans_chantier_a_l_ouverture_rien_ne_change_pour_les_journaux_d_avant(annuaire: Annuaire) -> None:
    ouverture = Ouverture(depart=DEPART, partenaires=du_marche(annuaire.marches[GYMNASE], "prompt"))
    portail = Portail(annuaire, lambda: datetime(2026, 11, 24, 10, 0), ouverture)
    passer(portail, 60)
    assert portail.pieces() == ()
    assert "chantiers" not in ouverture.en_json()
    assert not {"chantiers", "sieges"} & set(etat_json(portail.etat))


def test_un_depot_simule_invente_ou_retire_du_journal_est_refuse(annuaire: Annuaire) -> None:
    portail = seul(annuaire, MARCHE_TRAVAUX)
    portail.avancer(10)
    journal = list(portail.journal)
    rang = next(n for n, e in enumerate(journal) if e["action"] == "deposer")
    with pytest.raises(JournalRefuse):
        Portail.rejouer(journal[:rang] + journal[rang + 1 :], annuaire, None, portail.ouverture)
    autre = Ouverture(depart=DEPART, partenaires=portail.ouverture.partenaires)
    with pytest.raises(JournalRefuse):
        Portail.rejouer(journal, annuaire, None, autre)


@pytest.mark.parametrize("faux", ["2026-TVX-014", [1], [""], ["x" * 300], ["a"] * 50, {"a": 1}, None])
def test_des_chantiers_qui_n_en_sont_pas_sont_refuses_en_une_phrase(faux: object) -> None:
    with pytest.raises(ErreurFacturier, match="réglage du portail"):
        Ouverture.depuis_json({"chantiers": faux})


def test_les_chantiers_se_relisent_comme_ils_s_ecrivent() -> None:
    ouverture = Ouverture(chantiers=(GYMNASE, MARCHE_TRAVAUX))
    assert Ouverture.depuis_json(ouverture.en_json()) == ouverture
    assert ouverture.genese() != Ouverture().genese()


def test_le_vitrier_de_services_facture_avec_tva_et_designe_son_valideur(annuaire: Annuaire) -> None:
    portail = seul(annuaire, "2026-NET-015")
    portail.avancer(5)
    (piece,) = ouvertes(portail, VITRIER)
    assert (piece.cadre, piece.valeurs["taux_tva"]) == ("A9", "20")
    assert ouvertes(portail, ZINGUEUR) == [], "sous-traitant de second rang : son donneur d’ordre le paie"
