"""The manual, chapter 4: the life cycle as its table tells it; each line is a gesture, in the order of a session."""

from __future__ import annotations

from datetime import date

import pytest

from facturier import cycle

SESSION = date(2026, 11, 24)

VIES: dict[str, tuple[str, str]] = {
    "une facture A1 est enregistrée, envoyée, traitée puis mise en paiement": (
        "A1",
        """
        fournisseur   enregistrer            BROUILLON
        fournisseur   envoyer                DEPOSEE
        systeme       acheminer              EN_COURS_ACHEMINEMENT
        systeme       mettre_a_disposition   MISE_A_DISPOSITION
        destinataire  attester_service_fait  SERVICE_FAIT
        destinataire  mandater               MANDATEE
        destinataire  transmettre_comptable  MISE_A_DISPOSITION_COMPTABLE
        comptable     comptabiliser          COMPTABILISEE
        comptable     mettre_en_paiement     MISE_EN_PAIEMENT
        """,
    ),
    "une facture A1 mal aiguillée est recyclée": (
        "A1",
        """
        fournisseur   deposer                DEPOSEE
        systeme       acheminer              EN_COURS_ACHEMINEMENT
        systeme       mettre_a_disposition   MISE_A_DISPOSITION
        destinataire  demander_recyclage     A_RECYCLER
        fournisseur   recycler               DEPOSEE
        """,
    ),
    "une facture A2 suspendue est complétée puis mandatée": (
        "A2",
        """
        fournisseur   deposer                DEPOSEE
        systeme       acheminer              EN_COURS_ACHEMINEMENT
        systeme       mettre_a_disposition   MISE_A_DISPOSITION
        destinataire  suspendre              SUSPENDUE
        fournisseur   completer              COMPLETEE
        destinataire  mandater               MANDATEE
        comptable     mettre_en_paiement     MISE_EN_PAIEMENT
        """,
    ),
    "une facture rejetée le reste, même une fois le rejet traité": (
        "A1",
        """
        fournisseur   deposer                DEPOSEE
        systeme       acheminer              EN_COURS_ACHEMINEMENT
        systeme       mettre_a_disposition   MISE_A_DISPOSITION
        destinataire  rejeter                REJETEE
        fournisseur   traiter_rejet          REJETEE
        """,
    ),
    "une demande A9 refusée par le titulaire part quand même chez l’acheteur": (
        "A9",
        """
        fournisseur   deposer                DEPOSEE
        systeme       transmettre_valideur_1 A_VALIDER_1
        valideur_1    refuser                REFUSEE_1
        systeme       acheminer              EN_COURS_ACHEMINEMENT
        systeme       mettre_a_disposition   MISE_A_DISPOSITION
        """,
    ),
    "le silence du titulaire vaut accord sur une demande A9": (
        "A9",
        """
        fournisseur   deposer                DEPOSEE
        systeme       transmettre_valideur_1 A_VALIDER_1
        systeme       constater_silence      ABSENCE_VALIDATION_1_HORS_DELAI
        systeme       acheminer              EN_COURS_ACHEMINEMENT
        """,
    ),
    "le valideur d’une demande A9 se corrige sans refaire la pièce": (
        "A9",
        """
        fournisseur   deposer                  DEPOSEE
        systeme       transmettre_valideur_1   A_VALIDER_1
        valideur_1    signaler_erreur_valideur ERREUR_FOURNISSEUR_SUR_VALIDEUR
        fournisseur   corriger_valideur        A_VALIDER_1
        valideur_1    valider                  VALIDEE_1
        """,
    ),
    "le mandataire valide après le cotraitant qui sous-traite": (
        "A9",
        """
        fournisseur   deposer                DEPOSEE
        systeme       transmettre_valideur_1 A_VALIDER_1
        valideur_1    valider                VALIDEE_1
        systeme       transmettre_valideur_2 A_VALIDER_2
        valideur_2    valider                VALIDEE_2
        systeme       acheminer              EN_COURS_ACHEMINEMENT
        """,
    ),
    "une facture A12 visée par le mandataire part chez l’acheteur": (
        "A12",
        """
        fournisseur   deposer                DEPOSEE
        systeme       transmettre_valideur_1 A_VALIDER_1
        valideur_1    valider                VALIDEE_1
        systeme       acheminer              EN_COURS_ACHEMINEMENT
        systeme       mettre_a_disposition   MISE_A_DISPOSITION
        """,
    ),
    "une facture A12 refusée s’arrête": (
        "A12",
        """
        fournisseur   deposer                DEPOSEE
        systeme       transmettre_valideur_1 A_VALIDER_1
        valideur_1    refuser                REFUSEE_1
        fournisseur   refaire                REFUSEE_1
        """,
    ),
    "un projet de décompte A4 est associé à l’état d’acompte de la maîtrise d’œuvre": (
        "A4",
        """
        fournisseur   deposer                DEPOSEE
        systeme       mettre_a_disposition   MISE_A_DISPOSITION_MOE
        moe           prendre_en_compte      PRISE_EN_COMPTE_MOE
        moe           deposer_suivante       ASSOCIEE
        """,
    ),
    "un état d’acompte A15 est associé à celui que valide la maîtrise d’ouvrage": (
        "A15",
        """
        moe           deposer                DEPOSEE
        systeme       mettre_a_disposition   MISE_A_DISPOSITION_MOA
        moa           deposer_suivante       ASSOCIEE
        """,
    ),
    "un état d’acompte A19 finit comme une facture simple": (
        "A19",
        """
        moa           deposer                DEPOSEE
        systeme       mettre_a_disposition   MISE_A_DISPOSITION
        destinataire  mandater               MANDATEE
        destinataire  transmettre_comptable  MISE_A_DISPOSITION_COMPTABLE
        comptable     comptabiliser          COMPTABILISEE
        comptable     mettre_en_paiement     MISE_EN_PAIEMENT
        """,
    ),
    "le décompte général A20 revient signé en A8": (
        "A20",
        """
        moa           deposer                DEPOSEE
        systeme       notifier               A_ASSOCIER_FOURNISSEUR
        fournisseur   deposer_suivante       ASSOCIEE
        """,
    ),
}


@pytest.mark.parametrize("vie", VIES)
def test_la_vie_d_une_piece(vie: str) -> None:
    cadre, lignes = VIES[vie]
    statut = "(creation)"
    for ligne in lignes.strip().splitlines():
        role, action, vers = ligne.split()
        statut = cycle.franchir(cadre, statut, action, role, SESSION).vers
        assert statut == vers


REFUS = [
    ("le fournisseur ne met pas sa facture en paiement", "A1", "COMPTABILISEE", "mettre_en_paiement", "fournisseur"),
    ("une facture rejetée ne se recycle pas", "A1", "REJETEE", "recycler", "fournisseur"),
    ("une facture suspendue ne se recycle pas", "A1", "SUSPENDUE", "recycler", "fournisseur"),
    ("une facture mal aiguillée ne se complète pas", "A1", "A_RECYCLER", "completer", "fournisseur"),
    ("une facture A1 n’a pas de valideur", "A1", "DEPOSEE", "transmettre_valideur_1", "systeme"),
    ("le silence du mandataire ne vaut pas visa en cotraitance", "A12", "A_VALIDER_1", "constater_silence", "systeme"),
    ("une facture A12 refusée ne part pas chez l’acheteur", "A12", "REFUSEE_1", "acheminer", "systeme"),
    ("la maîtrise d’ouvrage n’associe pas l’A4 à la place de la maîtrise d’œuvre", "A4", "PRISE_EN_COMPTE_MOE",
     "deposer_suivante", "moa"),
    ("le titulaire ne dépose pas l’A15", "A15", "(creation)", "deposer", "fournisseur"),
    ("une pièce payée ne se rejette plus", "A1", "MISE_EN_PAIEMENT", "rejeter", "destinataire"),
]  # fmt: skip


@pytest.mark.parametrize(("cas", "cadre", "statut", "action", "role"), REFUS, ids=[r[0] for r in REFUS])
def test_un_geste_refuse(cas: str, cadre: str, statut: str, action: str, role: str) -> None:
    with pytest.raises(cycle.ActionRefusee, match="n’est pas possible"):
        cycle.franchir(cadre, statut, action, role, SESSION)
