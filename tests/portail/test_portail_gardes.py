"""What a gesture asks for besides being possible: a reason, a file, a corrected recipient, another valideur."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COUVREUR,
    DEPARTEMENT,
    ELECTRICIEN,
    HOPITAL,
    MANDATAIRE,
    NETTOYAGE,
    VITRIER,
    Horloge,
    deposer,
    deposer_a4,
    deposer_a15,
)

from facturier import cycle, referentiel
from facturier.portail import Acteur, Annuaire, Piece, Portail, RefusPortail, conditions_motifs

PAYEUR = Acteur("destinataire", COMMUNE)
FOURNISSEUR = Acteur("fournisseur", ELECTRICIEN)
MOE = Acteur("moe", ARCHITECTE)


def refuse(portail: Portail, acteur: Acteur, piece: Piece, action: str, phrase: str, **donnees: str) -> None:
    avant = portail.pieces(), portail.journal
    with pytest.raises(RefusPortail, match=phrase):
        portail.agir(acteur, piece.id, action, **donnees)
    assert (portail.pieces(), portail.journal) == avant


@pytest.mark.parametrize(
    ("action", "motif", "autre"),
    [
        ("suspendre", "JUSTIF_ABS", "DEST_ERR"),
        ("rejeter", "DEST_ERR", "JUSTIF_ABS"),
        ("demander_recyclage", "DEST_ERR", "JUSTIF_ABS"),
        ("rejeter", "DOUBLE_FACT", "REJ_UNI"),
    ],
)
def test_un_retour_au_fournisseur_demande_un_motif_de_la_liste(
    portail: Portail, action: str, motif: str, autre: str
) -> None:
    piece = deposer(portail)
    refuse(portail, PAYEUR, piece, action, "demande un motif")
    refuse(portail, PAYEUR, piece, action, "n’est pas dans la liste", motif="CAPRICE")
    refuse(portail, PAYEUR, piece, action, "ne va pas avec", motif=autre)
    apres = portail.agir(PAYEUR, piece.id, action, motif=motif, commentaire="Voir notre courrier.")
    assert apres.historique[-1].motif == motif
    assert apres.historique[-1].commentaire == "Voir notre courrier."


def test_chaque_motif_de_la_table_sert_a_un_geste_d_une_personne_ou_a_aucun(portail: Portail) -> None:
    gestes = {"suspendre": "SUSPENDUE", "rejeter": "REJETEE", "demander_recyclage": "A_RECYCLER"}
    rang, servis = 0, dict[str, set[str]]()
    for code in dict.fromkeys(motif.code for motif in referentiel.motifs()):
        for action, statut in gestes.items():
            rang += 1
            piece = deposer(portail, numero=f"FA-{rang}")
            with suppress(RefusPortail):
                assert portail.agir(PAYEUR, piece.id, action, motif=code).statut == statut
                servis.setdefault(code, set()).add(action)
    lignes = referentiel.motifs()
    de_la_liste = {m.code for m in lignes if m.referentiel == "chorus-pro"}
    assert {code for code in de_la_liste if servis.get(code) == set(gestes)} == de_la_liste, "elle ne les sépare pas"
    assert servis["JUSTIF_ABS"] == servis["PORTAIL_JUSTIFICATIF"] == {"suspendre"}
    jamais = {m.code for m in lignes} - set(servis)
    ppf = {m.code for m in lignes if m.referentiel == "norme-ppf"}
    assert jamais == ppf | {"ANNUL_ENC", "PORTAIL_MONTANT", "CMD_EJ_ERR"}  # the last: this market gives no number


@pytest.mark.parametrize("motif", ["MONTANT_ERR", "MONTANTTOTAL_ERR"])
def test_en_travaux_un_montant_ne_motive_jamais_un_refus(portail: Portail, motif: str) -> None:
    a4 = deposer_a4(portail)
    refuse(portail, MOE, a4, "refuser", "se corrige dans la pièce", motif=motif)
    assert portail.agir(MOE, a4.id, "refuser", motif="MARCHE_TERM").statut == "REFUSEE_MOE"


def test_la_moa_non_plus_ne_refuse_pas_pour_un_montant(portail: Portail) -> None:
    a15 = deposer_a15(portail, deposer_a4(portail).id)
    moa = Acteur("moa", a15.destinataire)
    refuse(portail, moa, a15, "refuser", "se corrige dans la pièce", motif="MONTANT_ERR")
    assert portail.agir(moa, a15.id, "refuser", motif="AUTRE").statut == "REFUSEE_MOA"


def test_une_facture_simple_peut_etre_rejetee_pour_un_montant(portail: Portail) -> None:
    piece = deposer(portail)
    assert portail.agir(PAYEUR, piece.id, "rejeter", motif="MONTANT_ERR").statut == "REJETEE"


@pytest.mark.parametrize(
    ("donnees", "phrase"),
    [
        ({}, "joignez la pièce"),
        ({"piece_jointe_octets": "12"}, "joignez la pièce"),
        ({"piece_jointe": "n" * 47 + ".pdf"}, "51 caractères"),
        ({"piece_jointe": "../../etc/passwd"}, "simple nom de fichier"),
        ({"piece_jointe": "bl.pdf", "piece_jointe_octets": "beaucoup"}, "taille"),
        ({"piece_jointe": "bl.pdf", "piece_jointe_octets": "-1"}, "taille"),
        ({"piece_jointe": "bl.pdf", "piece_jointe_octets": "²"}, "taille"),
        ({"piece_jointe": "bl.pdf", "piece_jointe_octets": "10485761"}, "dépasse 10 Mo"),
        ({"piece_jointe": "bl"}, "pas d’extension"),
        ({"piece_jointe": "macro.exe"}, "« .exe » n’est pas dans la liste"),
        ({"piece_jointe": "bl\u202efdp.exe.pdf"}, "caractère interdit"),
        ({"piece_jointe": ".pdf"}, "caractère interdit"),
        ({"montant_ttc": "1,00"}, "n’admet pas"),
    ],
)
def test_une_facture_suspendue_se_complete_par_une_piece_ou_un_commentaire(
    portail: Portail, donnees: dict[str, str], phrase: str
) -> None:
    piece = deposer(portail)
    suspendue = portail.agir(PAYEUR, piece.id, "suspendre", motif="JUSTIF_ABS")
    refuse(portail, FOURNISSEUR, suspendue, "completer", phrase, **donnees)
    completee = portail.agir(FOURNISSEUR, piece.id, "completer", piece_jointe="bl.pdf", piece_jointe_octets="10485760")
    assert completee.statut == "COMPLETEE"
    assert [jointe.nom for jointe in completee.pieces_jointes] == ["bl.pdf"]


def test_la_facture_et_ses_pieces_ne_depassent_pas_le_total(portail: Portail) -> None:
    piece = deposer(portail)
    portail.agir(PAYEUR, piece.id, "suspendre", motif="JUSTIF_ABS")
    for rang in range(12):  # the comptable asks for one more file, twelve times
        dix_mo = {"piece_jointe": f"plans_{rang}.pdf", "piece_jointe_octets": "10485760"}
        portail.agir(FOURNISSEUR, piece.id, "completer", **dix_mo)
        portail.agir(PAYEUR, piece.id, "mandater")
        portail.agir(PAYEUR, piece.id, "transmettre_comptable")
        suspendue = portail.agir(Acteur("comptable", COMMUNE), piece.id, "suspendre", motif="JUSTIF_ABS")
    refuse(
        portail,
        FOURNISSEUR,
        suspendue,
        "completer",
        "dépasseraient 120 Mo",
        piece_jointe="un.txt",
        piece_jointe_octets="1",
    )


def test_recycler_corrige_l_aiguillage_sous_le_meme_numero(portail: Portail) -> None:
    piece = deposer(portail, numero="FA-7")
    a_recycler = portail.agir(PAYEUR, piece.id, "demander_recyclage", motif="DEST_ERR")
    refuse(portail, FOURNISSEUR, a_recycler, "recycler", "rien n’a changé")
    refuse(portail, FOURNISSEUR, a_recycler, "recycler", "n’admet pas", numero_facture="FA-8")
    refuse(
        portail,
        FOURNISSEUR,
        a_recycler,
        "recycler",
        "exige un code service",
        destinataire_siret=HOPITAL,
        code_service="",
    )
    recyclee = portail.agir(
        FOURNISSEUR, piece.id, "recycler", destinataire_siret=DEPARTEMENT, code_service="", numero_engagement="EJ-1"
    )
    assert (recyclee.numero, recyclee.destinataire) == ("FA-7", DEPARTEMENT)
    refuse(portail, PAYEUR, recyclee, "rejeter", "revient à une autre", motif="AUTRE")
    assert portail.agir(Acteur("destinataire", DEPARTEMENT), piece.id, "mandater").statut == "MANDATEE"


def test_un_projet_de_decompte_se_recycle_vers_la_maitrise_d_oeuvre_de_la_fiche(portail: Portail) -> None:
    a4 = deposer_a4(portail)
    portail.agir(MOE, a4.id, "demander_recyclage", motif="DEST_ERR")
    titulaire = Acteur("fournisseur", COUVREUR)
    refuse(portail, titulaire, a4, "recycler", "Atelier d’architecture", destinataire_siret=MANDATAIRE)
    recyclee = portail.agir(titulaire, a4.id, "recycler", numero_engagement="EJ-2026-7")
    assert (recyclee.statut, recyclee.numero) == ("MISE_A_DISPOSITION_MOE", a4.numero)


# a wrong commitment is a reason when the number had been given before the invoice, and is not the one carried


def au_marche(annuaire: Annuaire, horloge: Horloge, engagement: str) -> Portail:
    """A portal whose market of the school's lights gives that number."""
    marche = replace(annuaire.marches["2026-ENT-007"], engagement=engagement)
    return Portail(replace(annuaire, marches={**annuaire.marches, marche.numero: marche}), horloge)


@pytest.mark.parametrize("action", ["rejeter", "demander_recyclage"])
@pytest.mark.parametrize(
    ("donne", "porte", "extrait"),
    [
        ("", "EJ-1", "n’en porte aucun"),
        ("EJ-7", "EJ-7", "elle porte bien l’engagement EJ-7"),
        ("EJ-7", "EJ-1", ""),
        ("EJ-7", "", ""),
    ],
)
def test_l_engagement_errone_se_reproche_s_il_avait_ete_donne_et_n_est_pas_repris(
    annuaire: Annuaire, horloge: Horloge, action: str, donne: str, porte: str, extrait: str
) -> None:
    portail = au_marche(annuaire, horloge, donne)
    piece = deposer(portail, numero_engagement=porte)
    if extrait:
        refuse(portail, PAYEUR, piece, action, extrait, motif="CMD_EJ_ERR")
    else:
        assert portail.agir(PAYEUR, piece.id, action, motif="CMD_EJ_ERR").historique[-1].motif == "CMD_EJ_ERR"


def test_d_un_marche_sans_fiche_personne_ne_sait_ce_qui_avait_ete_donne(portail: Portail) -> None:
    piece = deposer(portail, numero_marche="", numero_engagement="EJ-1")
    assert portail.agir(PAYEUR, piece.id, "rejeter", motif="CMD_EJ_ERR").statut == "REJETEE"


def test_chaque_condition_de_motif_est_connue_du_portail() -> None:
    demandees = {motif.condition for motif in referentiel.motifs()} - {""}
    assert demandees == set(conditions_motifs.CONDITIONS)


@pytest.fixture
def recyclage_arrete(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if the day of the change had been published: 1 January 2027."""
    (ligne,) = (b for b in referentiel.bascules() if b.code == "arret-recyclage")
    publiee = replace(ligne, effet=date(2027, 1, 1))
    monkeypatch.setattr("facturier.cycle.passages.referentiel.bascule", lambda code: publiee)
    cycle.transitions_du_cadre.cache_clear()
    yield
    cycle.transitions_du_cadre.cache_clear()


def test_le_recyclage_garde_le_numero_tant_que_son_arret_n_a_pas_de_date(portail: Portail) -> None:
    assert referentiel.bascule("arret-recyclage").effet is None
    piece = deposer(portail)
    refuse(portail, PAYEUR, piece, "rejeter_aiguillage", "n’est pas possible", motif="DEST_ERR")
    portail.agir(PAYEUR, piece.id, "demander_recyclage", motif="DEST_ERR")
    assert portail.agir(FOURNISSEUR, piece.id, "recycler", code_service="MAIRIE").numero == piece.numero


@pytest.mark.usefixtures("recyclage_arrete")
def test_apres_l_arret_une_facture_mal_aiguillee_est_rejetee_et_change_de_numero(
    portail: Portail, horloge: Horloge
) -> None:
    en_cours = deposer(portail, numero="FA-1")
    portail.agir(PAYEUR, en_cours.id, "demander_recyclage", motif="DEST_ERR")
    horloge.passe(days=40)
    piece = deposer(portail, numero="FA-2")
    refuse(portail, PAYEUR, piece, "demander_recyclage", "n’est pas possible", motif="DEST_ERR")
    assert portail.agir(PAYEUR, piece.id, "rejeter_aiguillage", motif="DEST_ERR").statut == "REJETEE"
    with pytest.raises(RefusPortail, match="même après un rejet"):
        deposer(portail, numero="FA-2", code_service="MAIRIE")
    assert deposer(portail, numero="FA-3", code_service="MAIRIE").statut == "MISE_A_DISPOSITION"
    recyclee = portail.agir(FOURNISSEUR, en_cours.id, "recycler", code_service="MAIRIE")
    assert recyclee.numero == "FA-1"  # a piece already being recycled keeps its number


def test_un_mauvais_valideur_se_corrige_sous_la_meme_piece(portail: Portail) -> None:
    piece = deposer(portail, "A9")
    sous_traitant = Acteur("fournisseur", VITRIER)
    signalee = portail.agir(Acteur("valideur_1", NETTOYAGE), piece.id, "signaler_erreur_valideur")
    refuse(portail, sous_traitant, signalee, "corriger_valideur", "d’un autre valideur", valideur_siret=NETTOYAGE)
    refuse(portail, sous_traitant, signalee, "corriger_valideur", "propre valideur", valideur_siret=VITRIER)
    refuse(portail, sous_traitant, signalee, "corriger_valideur", "d’un autre valideur")
    corrigee = portail.agir(sous_traitant, piece.id, "corriger_valideur", valideur_siret=MANDATAIRE)
    assert (corrigee.statut, corrigee.valideur) == ("A_VALIDER_1", MANDATAIRE)


def test_un_geste_sans_garde_n_admet_qu_un_commentaire(portail: Portail) -> None:
    piece = deposer(portail)
    refuse(portail, PAYEUR, piece, "mandater", "n’admet pas", iban="FR76")
    assert portail.agir(PAYEUR, piece.id, "mandater", commentaire="Bon pour paiement.").statut == "MANDATEE"
