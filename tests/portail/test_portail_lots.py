"""Several invoices at once: each its verdict, the flow its status, and hostile archives stopped at the door."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from joueurs import NETTOYAGE, valideur

from facturier import referentiel
from facturier.portail import Acteur, Annuaire, JournalRefuse, Portail, RefusPortail, lots
from facturier.portail.etat import octets
from facturier.portail.evenements import sceller
from facturier.portail.lots import CompteRendu, LigneDeLot, deposer_lot, ouvrir_lot, statut_du_lot

FACTURES = Path(__file__).parents[2] / "data" / "factures"
PROPRETE = Acteur("fournisseur", NETTOYAGE)
JUSTE, AVOIR, FAUX, TRONQUE = (
    "menage_val_fictif.ubl.xml",
    "avoir_menage.facturx.pdf",
    "faux_total_ttc.ubl.xml",
    "fichier_tronque.cii.xml",
)


def _zip(fichiers: dict[str, bytes]) -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in fichiers.items():
            archive.writestr(zipfile.ZipInfo(nom), contenu, zipfile.ZIP_DEFLATED)
    return flux.getvalue()


def _tar_gz(fichiers: dict[str, bytes]) -> bytes:
    flux = io.BytesIO()
    with tarfile.open(fileobj=flux, mode="w:gz") as archive:
        for nom, contenu in fichiers.items():
            info = tarfile.TarInfo(nom)
            info.size = len(contenu)
            archive.addfile(info, io.BytesIO(contenu))
    return flux.getvalue()


def _contenus(*noms: str) -> dict[str, bytes]:
    return {nom: (FACTURES / nom).read_bytes() for nom in noms}


def _lot(portail: Portail, contenu: bytes, nom: str = "lot.zip") -> CompteRendu:
    return deposer_lot(portail, PROPRETE, nom, contenu, valideur=valideur)


def test_une_mauvaise_facture_n_arrete_pas_les_autres(portail: Portail, annuaire: Annuaire) -> None:
    contenu = _zip({**_contenus(FAUX, JUSTE, TRONQUE, AVOIR), "lisez-moi.txt": b"bonjour", "../x.xml": b"<a/>"})
    rendu = _lot(portail, contenu)
    assert [(ligne.fichier, ligne.verdict, ligne.piece) for ligne in rendu.lignes] == [
        (FAUX, "rejetee", ""),
        (JUSTE, "integree", "P0001"),
        (TRONQUE, "irrecevable", ""),
        (AVOIR, "integree", "P0002"),
        ("lisez-moi.txt", "ecartee", ""),
        ("x.xml", "ecartee", ""),
    ]
    assert all(ligne.phrases for ligne in rendu.lignes if not ligne.piece)
    assert (rendu.statut, rendu.flux) == ("IN_INTEGRE_PARTIEL", "F0001")
    assert rendu.libelle.startswith("Une partie des factures")
    sha256 = hashlib.sha256(contenu).hexdigest()
    assert {p.provenance.lot for p in portail.pieces()} == {sha256}
    flux = portail.etat.flux["F0001"]
    assert (flux.recues, flux.integrees, flux.statut, flux.sha256) == (4, 2, "IN_INTEGRE_PARTIEL", sha256)
    assert len(flux.refusees) == 4
    rejoue = Portail.rejouer(portail.journal, annuaire)
    assert octets(rejoue.etat) == octets(portail.etat)


def test_le_meme_lot_depose_deux_fois_est_rejete_la_seconde(portail: Portail) -> None:
    contenu = _tar_gz(_contenus(JUSTE, AVOIR))
    premier, second = _lot(portail, contenu, "lot.tar.gz"), _lot(portail, contenu, "lot.tar.gz")
    assert (premier.statut, len(premier.pieces)) == ("IN_INTEGRE", 2)
    assert (second.statut, second.pieces) == ("IN_REJETE", ())
    assert {ligne.regles for ligne in second.lignes} == {("numero-unique",)}
    assert [flux.integrees for flux in portail.etat.flux.values()] == [2, 0]


def test_deux_fichiers_de_meme_numero_dans_un_lot_n_en_font_qu_un(portail: Portail) -> None:
    contenus = {**_contenus(JUSTE), "b/menage_val_fictif.ubl.xml": (FACTURES / JUSTE).read_bytes()}
    rendu = _lot(portail, _zip(contenus))
    assert [ligne.verdict for ligne in rendu.lignes] == ["integree", "rejetee"]


@pytest.mark.parametrize(
    ("verdicts", "statut"),
    [
        (("integree", "integree"), "IN_INTEGRE"),
        (("integree", "rejetee"), "IN_INTEGRE_PARTIEL"),
        (("rejetee", "irrecevable"), "IN_REJETE"),
        (("incident", "rejetee"), "IN_INCIDENTE"),
        (("incident", "integree"), "IN_INTEGRE_PARTIEL"),
    ],
)
def test_le_statut_du_flux_suit_ses_factures(verdicts: tuple[lots.VerdictLot, ...], statut: str) -> None:
    assert statut_du_lot([LigneDeLot("a.xml", verdict) for verdict in verdicts]) == statut
    assert statut in {s.code for s in referentiel.statuts_flux()}


@pytest.mark.parametrize("fabriquer", [_zip, _tar_gz])
@pytest.mark.parametrize(
    ("fichiers", "regle"),
    [
        ({}, "lot-vide"),
        ({"notes.txt": b"x"}, "lot-vide"),
        ({"../../etc/a.xml": b"<a/>", "/a.xml": b"<a/>"}, "lot-vide"),
        ({f"{n}.xml": b"<a/>" for n in range(21)}, "lot-nombre"),
        ({f"{n}.xml": b"<a/>" for n in range(10_000)}, "lot-taille"),
        ({"bombe.xml": b"0" * (31 * 1024 * 1024)}, "lot-taille"),
    ],
    ids=["vide", "sans facture", "hors du dossier", "21 factures", "10 000 fichiers", "bombe"],
)
def test_un_lot_dangereux_ou_vide_est_refuse_en_entier(
    portail: Portail, fabriquer: Callable[[dict[str, bytes]], bytes], fichiers: dict[str, bytes], regle: str
) -> None:
    with pytest.raises(RefusPortail) as refus:
        _lot(portail, fabriquer(fichiers))
    assert (refus.value.regles, refus.value.code) == ((regle,), "irrecevable")
    assert portail.longueur == 0


@pytest.mark.parametrize(
    ("contenu", "regle"),
    [
        (b"", "lot-format"),
        (b"%PDF-1.7", "lot-format"),
        (b"PK\x03\x04abc", "lot-abime"),
        (b"\x1f\x8babc", "lot-abime"),
        (b"PK\x03\x04" + b"\0" * (30 * 1024 * 1024), "lot-taille"),
    ],
    ids=["vide", "pdf", "zip abîmé", "gzip abîmé", "trop gros"],
)
def test_ce_qui_n_est_pas_une_archive_est_refuse(contenu: bytes, regle: str) -> None:
    with pytest.raises(RefusPortail) as refus:
        ouvrir_lot("lot\x1b[31m.zip", contenu)
    assert refus.value.regles == (regle,)
    assert "\x1b" not in refus.value.phrase


def test_les_noms_d_une_archive_ne_touchent_ni_au_disque_ni_a_l_ecran(tmp_path: Path) -> None:
    factures, ecartees = ouvrir_lot(
        "l.zip", _zip({"a/\x1b[2J.xml": b"<a/>", "..\\..\\b.xml": b"<a/>", "c.xml": b"<a/>"})
    )
    assert [nom for nom, _ in factures] == ["\ufffd[2J.xml", "c.xml"]
    assert [ligne.fichier for ligne in ecartees] == ["b.xml"]
    assert list(tmp_path.iterdir()) == []


def test_un_compte_rendu_invente_est_refuse_au_rejeu(portail: Portail, annuaire: Annuaire) -> None:
    _lot(portail, _zip(_contenus(JUSTE)))
    for champs in ({"integrees": "2", "recues": "2"}, {"statut": "IN_REJETE"}, {"recues": "0"}, {"recues": "x"}):
        *avant, flux = portail.journal
        faux = {**flux, "donnees": {**flux["donnees"], **champs}}
        with pytest.raises(JournalRefuse) as refus:
            Portail.rejouer(sceller(portail.ouverture.genese(), [*avant, faux]), annuaire)
        assert refus.value.n == len(avant) + 1
