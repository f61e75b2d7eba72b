"""The story, the clock, the card of a market, on the screens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from facturier import referentiel
from facturier.annuaire import Marche
from facturier.ecrans.blocs import Cible, Definitions, Liste, Message, Section, Tableau
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.poste import Poste
from facturier.ecrans.rendu import rendre
from facturier.ecrans.sieges import sieges_fixes
from facturier.portail import Ouverture
from facturier.portail.guichet import GuichetLocal
from facturier.situations import situations, tirer
from tests.ecrans.chantier import ANNUAIRE, MATIN, Chantier, sur_le_marche
from tests.ecrans.joueur import liens, poste_de, tous
from tests.portail.joueurs import COMMUNE_MOA, COUVREUR

NUMERO = "2026-TVX-033"


@pytest.mark.parametrize("code", situations())
def test_le_recit_dit_l_histoire_les_places_et_ce_qui_est_demande_sans_la_cle(code: str) -> None:
    situation = tirer(code, "lea", ANNUAIRE)
    poste = poste_de(situation.recit)
    poste.ouvrir(Cible("recit"))
    vue = poste.vue()
    assert vue.titre == situation.recit.titre
    page = rendre(vue).html()
    for critere in situation.criteres:
        assert critere.manque not in page
    demandes = next(b for b in vue.blocs if isinstance(b, Section) and b.titre.startswith("Ce que votre travail"))
    liste = demandes.blocs[0]
    assert isinstance(liste, Liste)
    assert len(liste.lignes) == len(situation.criteres)


def test_un_portail_sans_histoire_dit_ses_roles() -> None:
    chantier = sur_le_marche(NUMERO)
    chantier.ouvrir(Cible("recit"))
    page = rendre(chantier.poste.vue()).html()
    assert "ne raconte pas d’histoire" in page
    for siege in chantier.poste.sieges:
        assert siege.libelle in page


# the clock


def test_l_horloge_avance_et_raconte_ce_que_les_autres_ont_fait() -> None:
    chantier = Chantier(poste_de(tirer("sans_moe_a4", "lea", ANNUAIRE).recit))
    numero = chantier.poste.recit.valeurs["marche"] if chantier.poste.recit is not None else ""
    chantier.ouvrir(Cible("travaux_projet", f"{numero}~A4"))
    chantier.saisir(numero_facture="SIT-1", cumul_ht="1 000,00")
    chantier.appuyer("Déposer la pièce A4")
    chantier.ouvrir(Cible("horloge"))
    chantier.cliquer("avancer", jours="7")
    assert "nous sommes le 09/11/2026" in chantier.dit
    recit = next(b for b in tous(chantier.poste.vue().blocs) if isinstance(b, Tableau) and "passé" in b.legende)
    quoi = " ".join(str(rangee[2]) for rangee in recit.rangees)
    assert "Déposer la pièce P0002 (A19), à la suite de P0001" in quoi
    assert any("partenaire simulé" in str(rangee[1]) for rangee in recit.rangees)


@pytest.mark.parametrize("jours", ["0", "-1", "367", "1e3", "", "²", "1000"])
def test_un_nombre_de_jours_impossible_se_dit(jours: str) -> None:
    chantier = sur_le_marche(NUMERO)
    chantier.ouvrir(Cible("horloge"))
    chantier.poste.agir("avancer", {"jours": jours})
    assert "de 1 à 366" in chantier.dit
    assert chantier.poste.guichet.journal == ()


def test_l_horloge_de_l_animateur_ne_se_tourne_pas_d_ici() -> None:
    ouverture = Ouverture(horloge="animateur", depart="2026-11-02T09:00:00")
    structure = ANNUAIRE.marches[NUMERO].titulaire
    guichet = GuichetLocal(structure, horloge=lambda: MATIN, ouverture=ouverture)
    chantier = sur_le_marche(NUMERO, [("fournisseur", structure)], guichet)
    chantier.ouvrir(Cible("horloge"))
    page = rendre(chantier.poste.vue()).html()
    assert "tenue par l’animateur" in page
    assert "Avancer de" not in page
    chantier.poste.agir("avancer", {"jours": "7"})
    assert "animateur" in chantier.dit
    assert guichet.journal == ()


# the card


@pytest.mark.parametrize("marche", ANNUAIRE.marches.values(), ids=lambda m: m.numero)
def test_la_fiche_nomme_chaque_partie_chaque_etape_et_ses_doutes(marche: Marche) -> None:
    guichet = GuichetLocal(marche.titulaire, horloge=lambda: MATIN)
    poste = Poste(guichet, sur_le_marche(NUMERO).poste.catalogue, sieges_fixes([("fournisseur", marche.titulaire)]))
    poste.ouvrir(Cible("marche", marche.numero))
    vue = poste.vue()
    assert vue.statut is None
    dit = rendre(vue).html()
    for siret in marche.sirets:
        assert siret in dit
    etapes = next(b for b in vue.blocs if isinstance(b, Tableau) and "étape" in b.legende)
    if marche.ccag_travaux:
        assert etapes.rangees
        prix = next(b for b in vue.blocs if isinstance(b, Definitions) and "financières" in b.legende)
        assert dict(prix.paires)["CCAG"] == "CCAG-Travaux 2021"
        textes = next(b for b in vue.blocs if isinstance(b, Tableau) and "textes" in b.legende)
        assert all(rangee[2] for rangee in textes.rangees)  # each with its source
        valeurs = " ; ".join(str(rangee[1]) for rangee in textes.rangees)
        assert f"{referentiel.delai('retenue-garantie').duree}\u00a0%" in valeurs
        assert not [mot for mot in ("pour cent", "euros", "diviseur") if mot in valeurs]
    if marche.circuit in ("C3", "C4"):
        assert dit.count("à confirmer avec votre acheteur") > 3


def test_un_marche_inconnu_se_dit() -> None:
    chantier = sur_le_marche(NUMERO)
    chantier.ouvrir(Cible("marche", "2026-XXX"))
    statut = chantier.poste.vue().statut
    assert statut is not None
    assert "Aucun marché" in statut.texte


def test_qui_a_presente_un_montant_lit_sur_sa_piece_ce_qui_est_admis_et_pourquoi() -> None:
    situation = tirer("cas_desaccord", "lea", ANNUAIRE)
    chantier = Chantier(poste_de(situation.recit))
    depot, avance, *_ = situation.saisie
    chantier.poste.guichet.faire(depot.acteur, depot.action, "", **depot.champs)
    chantier.ouvrir(Cible("fiche", "P0001"))
    assert "admet" not in rendre(chantier.poste.vue()).html()
    chantier.poste.guichet.avancer(int(avance.champs["jours"]))
    chantier.ouvrir(Cible("fiche", "P0001"))
    page = rendre(chantier.poste.vue()).html()
    assert "La pièce suivante (A15) admet" in page
    assert "Après métré contradictoire" in page


def test_une_reception_se_notifie_de_la_fiche_du_marche_et_le_delai_s_y_lit() -> None:
    guichet = GuichetLocal(COUVREUR, horloge=lambda: MATIN)
    poste = Poste(guichet, ECRANS, sieges_fixes([("moa", COMMUNE_MOA), ("fournisseur", COUVREUR)]))
    poste.ouvrir(Cible("marche", "2026-TVX-014"))
    (lien,) = [lien for lien in liens(poste) if lien.cible.objet.endswith("~notifier_reception")]
    poste.ouvrir(lien.cible)
    poste.changer("commentaire", "Sans réserve")
    poste.agir("notifier")
    assert poste.lieu == Cible("marche", "2026-TVX-014")
    tableaux = {b.legende: b.rangees for b in tous(poste.vue().blocs) if isinstance(b, Tableau)}
    ((quoi, limite, ou, source),) = tableaux["Les délais ouverts"]
    assert (limite, ou, source) == (date(2026, 12, 2), "en cours", "CCAG-Travaux 2021 art. 12.3.2")
    assert "projet de décompte final" in str(quoi)
    poste.ouvrir(lien.cible)
    assert poste.vue().statut is not None, "elle ne se notifie qu’une fois"
    poste.asseoir(next(s.cle for s in poste.sieges if s.acteur.role == "fournisseur"))
    poste.ouvrir(Cible("notifier", "2026-TVX-014~inviter_observations"))
    assert "pas possible à cette place" in (poste.vue().statut or Message("info", "")).texte


def test_le_recit_dit_qui_tient_l_horloge_quand_ce_n_est_pas_vous() -> None:
    recit = tirer("cas_rejet", "lea", ANNUAIRE).recit
    seul, en_classe = (
        poste_de(replace(recit, ouverture=replace(recit.ouverture, horloge=horloge)))
        for horloge in ("libre", "animateur")
    )
    for poste in (seul, en_classe):
        poste.ouvrir(Cible("recit"))
    assert "Faire avancer l’horloge" in [lien.texte for lien in liens(seul)]
    assert "Faire avancer l’horloge" not in [lien.texte for lien in liens(en_classe)]
    assert "votre formateur la fait avancer" in rendre(en_classe.vue()).html()
    assert "votre formateur" not in rendre(seul.vue()).html()
