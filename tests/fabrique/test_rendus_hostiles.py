"""Work returned by somebody who wants to stop the class, run code at the trainer's or write where they should not."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from rendus_de_classe import CHAPITRES, QUIZ_PARFAIT, Classe, code

from facturier.cli import bilans as affichage
from facturier.evaluation.reponses import Reponse, chemin_annexe
from facturier.evaluation.resultats import ResultatApprenant, Resultats
from facturier.fabrique.bilans import noter_et_rapporter

ECHAPPE = "\x1b[2J"


def _remplir(classe: Classe) -> None:
    classe.rend("temoin", classe.quiz())
    # a module that a kernel would import from its working folder
    mouchard = classe.rendus / "pandas" / "__init__.py"
    mouchard.parent.mkdir()
    mouchard.write_text(f"open({str(classe.rendus.parent / 'EXECUTE')!r}, 'w').close()", encoding="utf-8")

    demi = classe.quiz()
    demi["cells"].insert(1, code("MARQUE"))
    classe.rend("demi-caractere", json.dumps(demi).replace("MARQUE", "\\ud800").encode())
    annexe = chemin_annexe(classe.rend("cle-impossible", classe.quiz()))
    annexe.parent.mkdir()
    reponse = json.dumps(classe.reponse("quiz_entree", "quiz_entree", QUIZ_PARFAIT).en_json())
    annexe.write_text(
        f'{{"schema": 1, "carnet": "quiz_entree/exercices", "formulaires": {{"\\ud800\\u001b[2J": {reponse}}}}}',
        encoding="utf-8",
    )
    if sys.platform != "win32":
        classe.rend("latin", b"{", "x.ipynb")
        dossier = os.fsencode(classe.rendus / "latin")
        os.rename(  # noqa: PTH104
            dossier + b"/x.ipynb", dossier + b"/\xe9" + ECHAPPE.encode() + b".ipynb"
        )
    with zipfile.ZipFile(classe.rendus / "lzma.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("exercices.ipynb", b"a" * 1000)
    octets = bytearray((classe.rendus / "lzma.zip").read_bytes())
    debut = octets.find(b"exercices.ipynb") + len(b"exercices.ipynb")
    octets[debut + 4 : debut + 20] = b"\xff" * 16
    (classe.rendus / "lzma.zip").write_bytes(octets)
    lourd = b'{"nbformat": 4, "metadata": {"facturier": {"carnet": "quiz_entree/exercices"}}, "cells": ['
    classe.rend("lourd", lourd + b"[]," * 1_000_000 + b"[]]}", "quiz_entree/exercices.ipynb")
    foule = classe.quiz()
    foule["cells"] += [{"cell_type": "raw", "metadata": {}, "source": "", "id": f"c{n}"} for n in range(5001)]
    classe.rend("foule", foule)

    rivales = [
        classe.reponse(
            "quiz_entree", "quiz_entree", QUIZ_PARFAIT, horodatage=f"2026-11-24T10:{n // 60:02d}:{n % 60:02d}+01:00"
        )
        for n in range(2000)
    ]
    classe.rend(
        "flot", classe.carnet("quiz_entree", *(Reponse(**{**vars(r), "journal": ({"n": r.lignee},)}) for r in rivales))
    )
    classe.rend("evade", classe.quiz())
    classe.rend("gras", classe.quiz())
    classe.rend("con", classe.quiz())
    (classe.rendus / "apprenants.csv").write_text("id\ntemoin\n../../../evade\n[/gras]\n", encoding="utf-8")


@pytest.fixture(scope="module")
def notes(cours: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Resultats, Path]:
    """The class, marked and reported once, from the folder of the returned work itself."""
    racine = tmp_path_factory.mktemp("hostile")
    classe = Classe(cours, racine / "rendus")
    classe.rendus.mkdir()
    _remplir(classe)
    shutil.copytree(CHAPITRES, racine / "a" / "notes" / "source")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(classe.rendus)
        return noter_et_rapporter(classe.rendus, racine / "a" / "notes"), racine


def _un(notes: tuple[Resultats, Path], ident: str) -> ResultatApprenant:
    return next(a for a in notes[0].apprenants if a.id == ident)


def test_un_rendu_hostile_narrete_pas_la_classe(notes: tuple[Resultats, Path]) -> None:
    assert _un(notes, "temoin").statut == "ok"
    assert _un(notes, "temoin").entree == 3
    for ident in ("demi-caractere", "cle-impossible", "foule"):
        assert (_un(notes, ident).statut, _un(notes, ident).entree) == ("a_verifier", 3), ident
    for ident in ("lzma", "lourd", "pandas"):
        assert (_un(notes, ident).statut, _un(notes, ident).entree) == ("erreur_technique", None), ident


def test_rien_de_ce_qui_est_rendu_nest_importe_meme_depuis_le_dossier_des_rendus(
    notes: tuple[Resultats, Path],
) -> None:
    assert not (notes[1] / "EXECUTE").exists()


def test_un_identifiant_nest_jamais_un_chemin(notes: tuple[Resultats, Path]) -> None:
    resultats, racine = notes
    notees = racine / "a" / "notes"
    assert sorted(p.name for p in racine.iterdir()) == ["a", "rendus"]
    assert [p.name for p in (racine / "a").iterdir()] == ["notes"]
    bilans = resultats.fichiers["bilans"]
    assert bilans["../../../evade"] == "bilans/evade.html"
    assert bilans["con"] == "bilans/con_.html"  # a device on Windows
    assert len(set(bilans.values())) == len(bilans)
    assert all((notees / fichier).is_file() for fichier in bilans.values())
    assert "[/gras]" in (notees / bilans["[/gras]"]).read_text(encoding="utf-8")


def test_rien_ne_commande_le_terminal_du_formateur(
    notes: tuple[Resultats, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    affichage.afficher(notes[0], "fin")
    ecrit = capsys.readouterr().out
    assert "\x1b" not in ecrit
    assert "[/gras]" in ecrit
    assert ecrit.count("flot") < 60
    assert not any("\x1b" in p for a in notes[0].apprenants for p in (*a.problemes, *a.remarques))
