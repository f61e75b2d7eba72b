"""Files wrong on arrival: never read as a right invoice, never followed, and the same bytes every time."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from facturier.efacture import valider
from facturier.efacture.accidents import ACCIDENTS, Accident, accidenter
from facturier.efacture.scenario import lire_tous

SCENARIOS = Path(__file__).parents[2] / "data" / "scenarios"
LISIBLES = {"utf16"}
"""Odd, and yet read: UTF-16 is well-formed XML."""


def test_chaque_accident_a_son_scenario() -> None:
    assert {lu.accident for lu in lire_tous(SCENARIOS)} - {None} == set(ACCIDENTS)


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_un_fichier_accidente_est_refuse_et_toujours_le_meme(
    tmp_path: Path, ubl: str, pdf: bytes, accident: Accident
) -> None:
    juste = pdf if accident.startswith("pdf_") else ubl.encode()
    octets = accidenter(juste, accident)
    assert octets == accidenter(juste, accident)
    assert octets != juste
    chemin = tmp_path / "facture"
    chemin.write_bytes(octets)
    assert (valider(chemin).verdict == "valide") is (accident in LISIBLES)


def test_une_entite_du_reseau_n_appelle_personne(tmp_path: Path, ubl: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ecoute:
        ecoute.setblocking(False)
        port = ecoute.getsockname()[1]
        piege = accidenter(ubl.encode(), "xxe_reseau").replace(b"127.0.0.1:9/", b"127.0.0.1:%d/" % port)
        chemin = tmp_path / "facture.xml"
        chemin.write_bytes(piege)
        assert [c.regle for c in valider(chemin).constats] == ["SEC-DTD"]
        with pytest.raises(BlockingIOError):
            ecoute.accept()
