"""Deposits by file: what is accepted becomes a piece, what is not says why, and the journal replays."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from joueurs import ARCHITECTE, ELECTRICIEN, HOPITAL, MANDATAIRE, NETTOYAGE, PEINTRE, facture, valideur

from facturier.documents.certificat import certificat
from facturier.efacture import Resultat
from facturier.efacture.ocr import lire_pdf
from facturier.portail import Acteur, Annuaire, Ouverture, Piece, Portail, RefusPortail, lecture_controlee, plateforme
from facturier.portail.criteres import evaluer
from facturier.portail.etat import octets
from facturier.portail.fichiers import Analyse, analyser, deposer_fichier, deposer_pdf
from facturier.portail.provenance import Provenance

FACTURES = Path(__file__).parents[2] / "data" / "factures"
PROPRETE = Acteur("fournisseur", NETTOYAGE)
MENAGE = "menage_val_fictif.facturx.pdf"


def _lire(nom: str) -> bytes:
    return (FACTURES / nom).read_bytes()


def _deposer(portail: Portail, nom: str, acteur: Acteur = PROPRETE, **autres: object) -> Piece:
    return portail.piece(deposer_fichier(portail, acteur, nom, _lire(nom), valideur=valideur, **autres))  # type: ignore[arg-type]


def _rejoue(portail: Portail, annuaire: Annuaire) -> Portail:
    rejoue = Portail.rejouer(portail.journal, annuaire, ouverture=portail.ouverture)
    assert octets(rejoue.etat) == octets(portail.etat)
    return rejoue


# --- structured files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nom", "mode", "forme"),
    [
        ("menage_val_fictif.ubl.xml", "xml", "ubl"),
        ("menage_val_fictif.cii.xml", "xml", "cii"),
        (MENAGE, "mixte", "facturx"),
    ],
)
def test_un_fichier_juste_devient_une_piece_deposee(
    portail: Portail, annuaire: Annuaire, nom: str, mode: str, forme: str
) -> None:
    piece = _deposer(portail, nom)
    assert piece.date_du("DEPOSEE") is not None
    assert (piece.cadre, piece.numero, piece.destinataire) == ("A1", "NPE-2026-1140", HOPITAL)
    sha256 = next(
        ligne["sha256"] for ligne in csv.DictReader((FACTURES / "manifeste.csv").open()) if ligne["fichier"] == nom
    )
    assert piece.provenance == Provenance(mode, nom, len(_lire(nom)), sha256, forme)
    _rejoue(portail, annuaire)


def test_une_faute_technique_est_irrecevable_une_faute_de_metier_est_rejetee(portail: Portail) -> None:
    for nom, code, regle in (
        ("fichier_tronque.cii.xml", "irrecevable", "SEC-XML"),
        ("avec_doctype.ubl.xml", "irrecevable", "SEC-DTD"),
        ("bombe_d_entites.ubl.xml", "irrecevable", "SEC-DTD"),
        ("date_absente.ubl.xml", "irrecevable", "XSD-ELEMENT"),
        ("pdf_sans_xml.facturx.pdf", "irrecevable", "PDF-XML-ABSENT"),
        ("faux_total_ttc.ubl.xml", "rejetee", "BR-CO-15"),
    ):
        with pytest.raises(RefusPortail) as refus:
            _deposer(portail, nom)
        assert refus.value.code == code, nom
        assert regle in refus.value.regles, nom
        assert all(phrase.endswith((".", "»", "!")) for phrase in refus.value.phrases), nom
    assert portail.longueur == 0


def test_les_regles_du_portail_jugent_apres_celles_du_fichier(portail: Portail) -> None:
    for nom, regle in (("engagement_oublie.ubl.xml", "engagement"), ("service_oublie.ubl.xml", "service")):
        with pytest.raises(RefusPortail) as refus:
            _deposer(portail, nom)
        assert refus.value.regles == (regle,)
    _deposer(portail, "menage_val_fictif.ubl.xml")
    with pytest.raises(RefusPortail) as refus:
        _deposer(portail, "menage_val_fictif.cii.xml")
    assert refus.value.regles == ("numero-unique",)


def test_on_ne_depose_pas_la_facture_d_un_autre(portail: Portail) -> None:
    with pytest.raises(RefusPortail, match="ses propres factures") as refus:
        _deposer(portail, "menage_val_fictif.ubl.xml", Acteur("fournisseur", ELECTRICIEN))
    assert refus.value.regles == ("emetteur",)


def test_ce_que_le_fichier_ne_dit_pas_se_complete_ce_qu_il_dit_ne_se_change_pas(portail: Portail) -> None:
    peintre = Acteur("fournisseur", PEINTRE)
    with pytest.raises(RefusPortail) as refus:
        _deposer(portail, "peinture_cotraitant.ubl.xml", peintre)
    assert refus.value.regles == ("valideur",)
    complements = {"valideur_siret": MANDATAIRE, "montant_ttc": "1,00"}
    piece = _deposer(portail, "peinture_cotraitant.ubl.xml", peintre, complements=complements)
    assert (piece.cadre, piece.valideur) == ("A12", MANDATAIRE)
    assert piece.valeurs["montant_ttc"] != "1,00"


def test_un_fichier_renomme_est_irrecevable() -> None:
    (pdf_dit_xml, xml_dit_pdf) = analyser(
        [("a.xml", _lire(MENAGE)), ("a.pdf", _lire("menage_val_fictif.ubl.xml"))], valideur=valideur
    )
    for analyse, attendu in ((pdf_dit_xml, ".pdf"), (xml_dit_pdf, ".xml")):
        assert (analyse.verdict, analyse.regles) == ("irrecevable", ("fichier-extension",))
        assert attendu in analyse.phrases[0]
        assert analyse.etat == "Irrecevable"


def test_les_pieces_jointes_dans_le_xml_sont_celles_de_la_piece(portail: Portail) -> None:
    with pytest.raises(RefusPortail) as refus:
        _deposer(portail, "piece_sans_extension.ubl.xml")
    assert refus.value.regles == ("jointe-extension",)
    with pytest.raises(RefusPortail) as refus:
        _deposer(portail, "menage_val_fictif.ubl.xml", jointes=[("plan.png", b"%PDF-")])
    assert refus.value.regles == ("jointe-contenu",)
    piece = _deposer(portail, "menage_avec_piece.ubl.xml", jointes=[("plan.png", b"\x89PNG\r\n\x1a\n")])
    assert [jointe.nom for jointe in piece.pieces_jointes] == ["releve-heures-2026-11.csv", "plan.png"]


@pytest.mark.parametrize(
    ("champs", "regle"),
    [
        ({"mode": "pigeon"}, "mode"),
        ({"mode": "pdf"}, "mode"),
        ({"mode": ""}, "mode"),
        ({"fichier": "../a.xml"}, "fichier-nom"),
        ({"fichier_sha256": "AB" * 32}, "fichier-empreinte"),
        ({"fichier_octets": "0"}, "fichier-taille"),
        ({"fichier_octets": str(200 * 1024 * 1024)}, "jointes-total"),
        ({"fichier_format": "facturx"}, "fichier-format"),
        ({"emetteur": ""}, "emetteur"),
        ({"lot": "ab" * 32}, "lot"),
        ({"pieces_jointes": "a.pdf"}, "jointes"),
        ({"pieces_jointes": "1 a.exe"}, "jointe-extension"),
    ],
)
def test_une_provenance_invraisemblable_est_refusee(portail: Portail, champs: dict[str, str], regle: str) -> None:
    bonne = {
        "mode": "xml",
        "fichier": "a.xml",
        "fichier_octets": "10",
        "fichier_sha256": "ab" * 32,
        "fichier_format": "ubl",
        "emetteur": ELECTRICIEN,
    }
    acteur = Acteur("fournisseur", ELECTRICIEN)
    with pytest.raises(RefusPortail) as refus:
        portail.deposer(acteur, {**facture(), **bonne, **champs})
    assert regle in refus.value.regles
    assert portail.deposer(acteur, {**facture(), **bonne}).provenance.mode == "xml"


def test_un_depot_est_juge_dans_un_processus_a_part(portail: Portail) -> None:
    assert deposer_fichier(portail, PROPRETE, MENAGE, _lire(MENAGE)) == "P0001"


# --- plateforme agréée ---------------------------------------------------------------------------------


def test_une_facture_simple_passe_par_une_plateforme_et_y_lit_ses_statuts(portail: Portail) -> None:
    piece = _deposer(portail, "menage_val_fictif.cii.xml", mode="pa_api")
    payeur = Acteur("destinataire", HOPITAL)
    portail.agir(payeur, piece.id, "suspendre", motif="JUSTIF_ABS")
    portail.agir(PROPRETE, piece.id, "completer", commentaire="Voici.")
    assert evaluer(portail.etat)["plateforme_utilisee"]
    lus = plateforme.cycle_de_vie(portail.piece(piece.id))
    assert [passage.statut.code for passage in lus] == ["200", "202", "203", "208", "209"]
    assert plateforme.cycle_de_vie(_deposer(portail, "avoir_menage.ubl.xml")) == ()


@pytest.mark.parametrize(
    ("nom", "acteur", "regle"),
    [
        ("historique_travaux.cii.xml", "99990014500015", "mode-travaux"),
        ("historique_menage.cii.xml", "90415277400017", "plateforme-bt23"),
    ],
)
def test_une_plateforme_n_achemine_ni_travaux_ni_cadre_de_chorus_pro(
    portail: Portail, nom: str, acteur: str, regle: str
) -> None:
    (analyse,) = analyser([(nom, _lire(nom))], "xml", valideur)
    with pytest.raises(RefusPortail) as refus:
        portail.faire(Acteur("fournisseur", acteur), "deposer", **analyse.donnees("pa_edi", {}))
    assert regle in refus.value.regles


def test_une_facture_definitive_apres_acompte_garde_son_code_par_une_plateforme(portail: Portail) -> None:
    acteur = Acteur("fournisseur", "99990022800019")
    piece = _deposer(portail, "mobilier_apres_acompte.ubl.xml", acteur, mode="pa_edi", complements={"cadre": "A1"})
    assert piece.cadre == "A1"


@pytest.mark.parametrize(
    ("cadre", "statut", "attendu"),
    [
        ("A1", "MANDATEE", "204"),
        ("A1", "COMPTABILISEE", "204"),
        ("A1", "MISE_EN_PAIEMENT", "211"),
        ("A1", "REJETEE", "210"),
        ("A9", "VALIDEE_1", "205"),
        ("A12", "VALIDEE_1", "214"),
        ("A12", "REFUSEE_1", "210"),
        ("A9", "REFUSEE_1", "206"),
        ("A1", "BROUILLON", None),
        ("A1", "A_RECYCLER", None),
    ],
)
def test_chaque_statut_a_son_equivalent_cote_plateforme(cadre: str, statut: str, attendu: str | None) -> None:
    lu = plateforme.statut_pa(cadre, statut)
    assert (lu.code if lu else None) == attendu


def test_chaque_syntaxe_a_son_interface() -> None:
    assert [plateforme.interface(f).code for f in ("ubl", "cii", "facturx")] == ["FSO1150A", "FSO1156A", "FSO1157A"]
    with pytest.raises(LookupError):
        plateforme.interface("pdf")


# --- PDF read by a machine -----------------------------------------------------------------------------


@pytest.fixture
def lu(portail: Portail) -> Piece:
    numero, _ = deposer_pdf(portail, PROPRETE, MENAGE, _lire(MENAGE), "A1", "graine")
    return portail.piece(numero)


def test_un_pdf_lu_attend_d_etre_controle_puis_envoye(portail: Portail, annuaire: Annuaire, lu: Piece) -> None:
    assert lu.statut == "INTERPRETEE_OCR"
    attendu = lire_pdf(_lire(MENAGE), "graine")
    assert lu.provenance.lu == {champ: v.valeur for champ, v in attendu.champs.items()}
    assert lu.provenance.a_verifier == attendu.a_verifier
    controle = lecture_controlee.controler_exemple(lu)
    assert controle is not None
    assert controle.fautes == controle.restantes != ()
    vrais = {champ: v for champ, v in lecture_controlee_vrais().items() if champ in controle.fautes}
    envoyee = portail.envoyer(PROPRETE, lu.id, vrais)
    assert envoyee.date_du("DEPOSEE") is not None
    fini = lecture_controlee.controler_exemple(envoyee)
    assert fini is not None
    assert (fini.juste, fini.corrigees, fini.fautes) == (True, controle.fautes, controle.fautes)
    criteres = evaluer(portail.etat)
    assert {nom for nom in criteres if criteres[nom]} == {"facture_deposee", "pdf_lu", "lecture_corrigee"}
    assert certificat(portail, PROPRETE, lu.id).startswith(b"%PDF-")
    _rejoue(portail, annuaire)


def lecture_controlee_vrais() -> dict[str, str]:
    from facturier.efacture.ocr import champs_vrais

    return champs_vrais(_lire(MENAGE))


def test_une_correction_qui_abime_un_champ_juste_se_voit(portail: Portail, lu: Piece) -> None:
    vrais = {**lecture_controlee_vrais(), "numero_facture": "NPE-2026-9999"}
    envoyee = portail.envoyer(PROPRETE, lu.id, {champ: v for champ, v in vrais.items() if v})
    controle = lecture_controlee.controler_exemple(envoyee)
    assert controle is not None
    assert controle.restantes == ("numero_facture",)
    assert not evaluer(portail.etat)["lecture_corrigee"]


def test_un_montant_ecrit_autrement_est_le_meme_montant(portail: Portail, lu: Piece) -> None:
    vrais = {**lecture_controlee_vrais(), "montant_ttc": "3541,44 €", "date_facture": "2026-11-30"}
    vrais["destinataire_siret"] = "269 900 015 00018"
    envoyee = portail.envoyer(PROPRETE, lu.id, {champ: v for champ, v in vrais.items() if v})
    controle = lecture_controlee.controler_exemple(envoyee)
    assert controle is not None
    assert controle.juste


def test_le_fichier_d_un_autre_n_a_pas_de_verite_connue(portail: Portail) -> None:
    contenu = _lire(MENAGE) + b"\n% copie"
    numero, _ = deposer_pdf(portail, PROPRETE, "copie.pdf", contenu, "A1", "graine")
    assert lecture_controlee.controler_exemple(portail.piece(numero)) is None


def test_une_lecture_ne_part_pas_avec_ses_fautes_de_forme(portail: Portail, lu: Piece) -> None:
    with pytest.raises(RefusPortail):
        portail.envoyer(PROPRETE, lu.id, {"montant_ttc": "354144", "date_facture": "38/11/2026"})
    assert portail.piece(lu.id).statut == "INTERPRETEE_OCR"


@pytest.mark.parametrize(
    ("champs", "regle"),
    [
        ({"cadre": ""}, "cadre-joue"),
        ({"fichier": "a.docx"}, "fichier-format"),
        ({"fichier_sha256": ""}, "fichier-empreinte"),
        ({"lu_a_verifier": "montant_ht tout"}, "lecture"),
        ({"montant_ttc": "1,00"}, "champ-inconnu"),
        ({"lu_commentaire": "x"}, "champ-inconnu"),
    ],
)
def test_une_lecture_mal_formee_est_refusee(portail: Portail, champs: dict[str, str], regle: str) -> None:
    lecture = lire_pdf(_lire(MENAGE), "g")
    bonne = {f"lu_{champ}": v.valeur for champ, v in lecture.champs.items()} | {
        "cadre": "A1",
        "fichier": "a.pdf",
        "fichier_octets": "9",
        "fichier_sha256": lecture.sha256,
    }
    with pytest.raises(RefusPortail) as refus:
        portail.faire(PROPRETE, "deposer_pdf", **{**bonne, **champs})
    assert regle in refus.value.regles
    del bonne["lu_iban"]
    with pytest.raises(RefusPortail) as refus:
        portail.faire(PROPRETE, "deposer_pdf", **bonne)
    assert refus.value.regles == ("lecture",)


def test_une_piece_de_travaux_ne_se_depose_pas_comme_une_facture_lue(portail: Portail) -> None:
    with pytest.raises(RefusPortail):
        deposer_pdf(portail, Acteur("moe", ARCHITECTE), MENAGE, _lire(MENAGE), "A15", "graine")
    assert portail.longueur == 0


def test_la_graine_du_portail_fait_la_lecture(annuaire: Annuaire, horloge: Callable[..., object]) -> None:
    lectures = set()
    for graine in ("a", "b"):
        classe = Portail(annuaire, horloge, Ouverture(graine=graine))  # type: ignore[arg-type]
        numero, _ = deposer_pdf(classe, PROPRETE, MENAGE, _lire(MENAGE), "A1", classe.ouverture.graine)
        lectures.add(tuple(sorted(classe.piece(numero).provenance.lu.items())))
    assert len(lectures) == 2


def test_une_panne_du_moteur_n_est_pas_un_verdict(portail: Portail) -> None:
    def en_panne(chemins: Sequence[Path], jeux: str) -> list[Resultat]:
        return [Resultat(str(c), "inconnu", None, None, (), "erreur_moteur", ()) for c in chemins]

    (analyse,) = analyser([("a.xml", b"<a/>")], valideur=en_panne)
    assert isinstance(analyse, Analyse)
    assert (analyse.verdict, analyse.etat) == ("incident", "Incident technique")
