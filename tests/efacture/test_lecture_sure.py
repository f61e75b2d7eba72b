"""Hostile files: refused before anything of theirs is obeyed."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facturier.efacture import lecture, valider

PROLOGUES_DTD = {
    "vide": "<!DOCTYPE Invoice>",
    "entité interne": '<!DOCTYPE Invoice [<!ENTITY a "b">]>',
    "fichier": '<!DOCTYPE Invoice [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "réseau": '<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/evil.dtd">',
    "rires": "<!DOCTYPE Invoice ["
    + '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>",
}


def ecrire(dossier: Path, contenu: bytes, nom: str = "piege.xml") -> Path:
    chemin = dossier / nom
    chemin.write_bytes(contenu)
    return chemin


@pytest.mark.parametrize("cas", PROLOGUES_DTD)
@pytest.mark.parametrize("encodage", ["utf-8", "utf-16", "latin-1"])
def test_une_declaration_doctype_est_refusee_dans_tous_les_encodages(
    tmp_path: Path, ubl: str, cas: str, encodage: str
) -> None:
    corps = ubl.split("?>", 1)[1]
    texte = f"<?xml version='1.0' encoding='{encodage}'?>{PROLOGUES_DTD[cas]}{corps}"
    resultat = valider(ecrire(tmp_path, texte.encode(encodage, "xmlcharrefreplace")))
    assert (resultat.verdict, resultat.sortie) == ("illisible", 2)
    assert [c.regle for c in resultat.constats] == ["SEC-DTD"]


@pytest.mark.parametrize(
    ("contenu", "regle"),
    [
        (b"", "SEC-FICHIER"),
        (b"bonjour", "SEC-XML"),
        (b"\xff\xfe\x00\x01", "SEC-XML"),
        (b"<Invoice>", "SEC-XML"),
        (b"<Invoice/>", "SEC-FORMAT"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "SEC-FORMAT"),
        (b"<a>" * 5000 + b"</a>" * 5000, "SEC-XML"),
        (b"<a>" * 100 + b"</a>" * 100, "SEC-PROFONDEUR"),
        (b"<a>" + b"<b/>" * (lecture.BALISES_MAX + 1) + b"</a>", "SEC-TAILLE"),
        (b"<a>&nbsp;</a>", "SEC-XML"),
        (b"<?xml version='1.0' encoding='klingon'?><a/>", "SEC-XML"),
        (b"%PDF-1.7\ngarbage", "SEC-PDF"),
    ],
)
def test_un_fichier_abime_ou_piege_est_illisible(tmp_path: Path, contenu: bytes, regle: str) -> None:
    resultat = valider(ecrire(tmp_path, contenu))
    assert resultat.verdict == "illisible"
    assert [c.regle for c in resultat.constats] == [regle]
    assert resultat.jeux_de_regles == ()


def test_un_fichier_trop_gros_n_est_pas_lu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ubl: str) -> None:
    monkeypatch.setattr(lecture, "TAILLE_MAX", 1000)
    resultat = valider(ecrire(tmp_path, ubl.encode()))
    assert [c.regle for c in resultat.constats] == ["SEC-TAILLE"]


def test_un_chemin_impossible_est_dit_sans_trace(tmp_path: Path) -> None:
    for chemin in (tmp_path / "absent.xml", tmp_path, Path("a\x00b.xml"), Path("C:\\factures\\f.xml")):
        resultat = valider(chemin)
        assert (resultat.verdict, resultat.sortie) == ("illisible", 2)
        assert resultat.constats[0].regle == "SEC-FICHIER"


def test_un_tube_n_est_pas_ouvert_et_n_est_pas_dit_introuvable(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.xml")
    (constat,) = valider(tmp_path / "tube.xml").constats
    assert constat.regle == "SEC-FICHIER"
    assert "n’est pas un fichier ordinaire" in constat.phrase


def test_un_texte_de_dix_megaoctets_est_admis_une_piece_jointe_peut_peser(ubl: str) -> None:
    gonfle = ubl.replace("<cbc:BuyerReference>SERV-LOG", "<cbc:BuyerReference>" + "A" * (11 * 1024 * 1024))
    assert lecture.lire_xml(gonfle.encode()).format == "ubl"


@pytest.mark.parametrize("debut", [0, 7, 200, 5000, 20000])
def test_un_pdf_tronque_est_illisible_jamais_valide(tmp_path: Path, pdf: bytes, debut: int) -> None:
    resultat = valider(ecrire(tmp_path, b"%PDF-" + pdf[5 : 5 + debut], "tronque.pdf"))
    assert resultat.verdict == "illisible"
    assert resultat.constats[0].regle == "SEC-PDF"


def test_une_bombe_dans_la_piece_jointe_s_arrete_au_plafond(tmp_path: Path, pdf: bytes) -> None:
    from test_conteneur_pdf import modifier

    bombe = zlib.compress(b"A" * (40 * 1024 * 1024), 9)

    def poser(catalogue: dict[str, object]) -> None:
        catalogue["/AF"][0].get_object()["/EF"]["/F"]._data = bombe  # type: ignore[index]

    resultat = valider(ecrire(tmp_path, modifier(pdf, poser), "bombe.pdf"))
    assert resultat.verdict == "illisible"
    assert [c.regle for c in resultat.constats] == ["SEC-TAILLE"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    nom=st.sampled_from(["faux_total_ttc.ubl.xml", "nettoyage_hopital.cii.xml", "formation_deja_payee.facturx.pdf"]),
    place=st.floats(0, 1),
    perte=st.integers(0, 300),
    ajout=st.binary(max_size=40),
)
def test_un_fichier_abime_n_importe_ou_recoit_un_verdict_jamais_une_panne(
    tmp_path: Path, octets: dict[str, bytes], nom: str, place: float, perte: int, ajout: bytes
) -> None:
    juste = octets[nom]
    debut = int(place * len(juste))
    resultat = valider(ecrire(tmp_path, juste[:debut] + ajout + juste[debut + perte :], nom))
    assert resultat.verdict in ("valide", "invalide", "illisible")
    assert all(constat.phrase for constat in resultat.constats)
