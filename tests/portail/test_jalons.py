"""The two delays that a notification opens for the titulaire, their alerts, and what follows a project never sent."""

from __future__ import annotations

from datetime import date

import pytest
from joueurs import ARCHITECTE, COMMUNE, COMMUNE_MOA, COUVREUR, JARDINS, Horloge, chantier, facture

from facturier.portail import Acteur, Annuaire, Portail, RefusPortail, etat_json
from facturier.portail.boite import messages_de
from facturier.portail.jalons import (
    DEMEURE,
    INVITATION,
    OBSERVATIONS,
    OFFICE,
    RECEPTION,
    acheteur,
    echeances_du_marche,
    possibles,
)

MARCHE = "2026-TVX-014"
MOA, MOE, TITULAIRE = Acteur("moa", COMMUNE_MOA), Acteur("moe", ARCHITECTE), Acteur("fournisseur", COUVREUR)


def noter(portail: Portail, acteur: Acteur, code: str, texte: str = "", marche: str = MARCHE) -> None:
    portail.faire(acteur, code, numero_marche=marche, **({"commentaire": texte} if texte else {}))


def refuse(portail: Portail, acteur: Acteur, code: str, texte: str = "", marche: str = MARCHE) -> str:
    with pytest.raises(RefusPortail) as refus:
        noter(portail, acteur, code, texte, marche)
    return refus.value.phrase


def objets(portail: Portail, acteur: Acteur) -> list[str]:
    return [m.objet.replace("\u00a0", " ") for m in messages_de(portail, acteur)]


def issues(portail: Portail) -> list[str]:
    au = portail.maintenant.date()
    return [e.issue(au) for e in echeances_du_marche(portail.etat, portail.annuaire.marches[MARCHE])]


def projet_final(portail: Portail) -> str:
    return portail.deposer(TITULAIRE, chantier(portail.annuaire, MARCHE, "A7", ARCHITECTE)).id


def test_le_projet_final_se_remet_dans_le_delai_de_la_reception(portail: Portail, horloge: Horloge) -> None:
    noter(portail, MOA, RECEPTION)
    (attendue,) = echeances_du_marche(portail.etat, portail.annuaire.marches[MARCHE])
    assert (attendue.echeance.depart, attendue.echeance.limite) == (date(2026, 11, 24), date(2026, 12, 24))
    assert attendue.echeance.etapes[0].source == "CCAG-Travaux 2021 art. 12.3.2"
    assert issues(portail) == ["en cours"]
    horloge.passe(days=30)
    projet_final(portail)
    assert issues(portail) == ["tenue"]
    assert possibles(portail.etat, portail.annuaire.marches[MARCHE], MOA, portail.maintenant.date()) == (INVITATION,)
    assert "rien à lui réclamer" in refuse(portail, MOA, DEMEURE)


def test_les_alertes_previennent_le_titulaire_puis_l_acheteur(portail: Portail, horloge: Horloge) -> None:
    noter(portail, MOA, RECEPTION, "Réception sans réserve")
    assert objets(portail, TITULAIRE) == [f"Marché {MARCHE} : une notification vous attend"]
    assert "Réception sans réserve" in messages_de(portail, TITULAIRE)[0].texte
    horloge.passe(days=27)
    assert objets(portail, TITULAIRE)[1:] == [f"Marché {MARCHE} : une échéance approche"]
    assert objets(portail, MOA) == []
    horloge.passe(days=4)
    assert objets(portail, TITULAIRE)[2:] == objets(portail, MOA) == [f"Marché {MARCHE} : une échéance est dépassée"]
    assert "mise en demeure, puis établissement d’office" in messages_de(portail, MOA)[0].texte
    projet_final(portail)
    assert len([o for o in objets(portail, MOA) if "dépassée" in o]) == 1, "ce qui est parti reste parti"


def test_un_projet_remis_a_temps_n_alerte_personne(portail: Portail, horloge: Horloge) -> None:
    noter(portail, MOA, RECEPTION)
    projet_final(portail)
    horloge.passe(days=20)
    assert not [o for o in objets(portail, TITULAIRE) if o.startswith("Marché") and "échéance" in o]


def test_apres_la_mise_en_demeure_le_decompte_s_etablit_d_office(portail: Portail, horloge: Horloge) -> None:
    a17 = chantier(portail.annuaire, MARCHE, "A17", COMMUNE_MOA)
    noter(portail, MOA, RECEPTION)
    assert "C’est trop tôt" in refuse(portail, MOA, DEMEURE)
    horloge.passe(days=31)
    assert "Mettez d’abord le titulaire en demeure" in refuse(portail, MOA, OFFICE)
    noter(portail, MOA, DEMEURE)
    assert "déjà mis en demeure" in refuse(portail, MOA, DEMEURE)
    assert "un jour au moins" in refuse(portail, MOA, OFFICE)
    with pytest.raises(RefusPortail, match="répond à la pièce précédente"):
        portail.deposer(MOE, a17)
    horloge.passe(days=15)
    noter(portail, MOA, OFFICE)
    assert issues(portail) == ["dépassée"]
    with pytest.raises(RefusPortail, match="établi d’office"):
        projet_final(portail)
    with pytest.raises(RefusPortail, match="ce n’est pas vous"):
        portail.deposer(Acteur("moe", "99990035000011"), a17)
    ouverte = portail.deposer(MOE, a17)
    with pytest.raises(RefusPortail, match="est déjà déposé"):
        portail.deposer(MOE, {**a17, "numero_facture": "A17-BIS"})
    a20 = portail.deposer_suivante(MOA, ouverte.id, chantier(portail.annuaire, MARCHE, "A20", COUVREUR))
    a8 = portail.deposer_suivante(TITULAIRE, a20.id, chantier(portail.annuaire, MARCHE, "A8", COMMUNE))
    assert a8.statut == "MISE_A_DISPOSITION"


def test_un_projet_remis_apres_la_mise_en_demeure_arrete_la_procedure(portail: Portail, horloge: Horloge) -> None:
    noter(portail, MOA, RECEPTION)
    horloge.passe(days=31)
    noter(portail, MOA, DEMEURE)
    horloge.passe(days=1)
    projet_final(portail)
    assert issues(portail) == ["tenue trop tard"]
    assert "rien à lui réclamer" in refuse(portail, MOA, OFFICE)


def test_des_penalites_s_annoncent_par_ecrit_et_le_titulaire_a_quinze_jours(portail: Portail, horloge: Horloge) -> None:
    assert "la procédure est écrite" in refuse(portail, MOA, INVITATION)
    assert "Aucune invitation" in refuse(portail, TITULAIRE, OBSERVATIONS, "Trop tôt")
    noter(portail, MOA, INVITATION, "Douze jours de retard sur la couverture")
    assert "attendez les observations" in refuse(portail, MOA, INVITATION, "Encore")
    (attendue,) = echeances_du_marche(portail.etat, portail.annuaire.marches[MARCHE])
    assert (attendue.echeance.limite, attendue.echeance.etapes[0].source) == (
        date(2026, 12, 9),
        "CCAG-Travaux 2021 art. 19.2.4",
    )
    horloge.passe(days=10)
    noter(portail, TITULAIRE, OBSERVATIONS, "Intempéries, constat joint")
    assert issues(portail) == ["tenue"]
    assert "Intempéries" in messages_de(portail, MOA)[-1].texte
    assert "Aucune invitation" in refuse(portail, TITULAIRE, OBSERVATIONS, "Encore")
    noter(portail, MOA, INVITATION, "Trois jours de plus")
    horloge.passe(days=16)
    assert issues(portail) == ["tenue", "dépassée"]
    assert objets(portail, MOA)[-1] == f"Marché {MARCHE} : une échéance est dépassée"
    assert "mise en demeure" not in messages_de(portail, MOA)[-1].texte, "la table ne dit aucune suite"


@pytest.mark.parametrize(
    ("acteur", "code", "marche", "extrait"),
    [
        (TITULAIRE, OBSERVATIONS, "2026-NET-015", "n’est pas un marché de travaux"),
        (MOA, RECEPTION, "2026-XXX", "n’est pas un marché de travaux"),
        (Acteur("moa", COMMUNE), RECEPTION, MARCHE, "revient à"),
        (Acteur("destinataire", COMMUNE), RECEPTION, MARCHE, "revient à"),
        (Acteur("fournisseur", JARDINS), OBSERVATIONS, MARCHE, "revient à"),
        (MOE, RECEPTION, MARCHE, "n’est pas un geste pour"),
    ],
)
def test_seules_les_parties_de_la_fiche_notifient(
    portail: Portail, acteur: Acteur, code: str, marche: str, extrait: str
) -> None:
    assert extrait in refuse(portail, acteur, code, "texte", marche)


def test_sans_maitrise_d_ouvrage_dans_l_outil_l_acheteur_notifie(annuaire: Annuaire) -> None:
    assert acheteur(annuaire.marches["2026-TVX-070"]) == Acteur("destinataire", "26990005600012")
    assert acheteur(annuaire.marches["2026-TVX-080"]) == Acteur("moa", "99990036800013")


def test_les_notifications_se_rejouent_et_l_etat_d_avant_ne_change_pas(portail: Portail, annuaire: Annuaire) -> None:
    assert "jalons" not in etat_json(portail.etat)
    noter(portail, MOA, RECEPTION)
    portail.deposer(Acteur("fournisseur", "99990011100017"), facture())
    rejoue = Portail.rejouer(portail.journal, annuaire)
    assert etat_json(rejoue.etat) == etat_json(portail.etat)
    assert etat_json(portail.etat)["jalons"][0]["code"] == RECEPTION
