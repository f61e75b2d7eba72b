"""Reading a class's store never changes another program's database."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.registre import RegistreClasse


def _compta(base: Path, *, wal: bool = False) -> None:
    with sqlite3.connect(base) as connexion:
        if wal:
            connexion.execute("PRAGMA journal_mode=WAL")
        connexion.execute("CREATE TABLE ecritures (id INTEGER PRIMARY KEY, montant TEXT)")
        connexion.execute("CREATE TABLE reglages (cle TEXT, valeur TEXT)")
        connexion.execute("INSERT INTO ecritures (montant) VALUES ('12,00')")
    connexion.close()


def _etrangere(dossier: Path, genre: str) -> Path:
    base = dossier / "compta.sqlite"
    if genre == "vide":
        base.touch()
    elif genre == "pas_sqlite":
        base.write_bytes(b"%PDF-1.7\n" * 200)
    else:
        _compta(base, wal=genre == "autre_programme_wal")
    return base


@pytest.mark.parametrize(
    ("commande", "genre"),
    [(c, g) for c in ("presences", "noter") for g in ("autre_programme", "autre_programme_wal", "vide", "pas_sqlite")]
    + [("portail", "autre_programme"), ("portail", "autre_programme_wal")],
)
def test_la_base_d_un_autre_programme_est_refusee_et_reste_intacte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], commande: str, genre: str
) -> None:
    base = _etrangere(tmp_path, genre)
    rendus = tmp_path / "rendus"
    rendus.mkdir()
    avant = (base.read_bytes(), sorted(p.name for p in tmp_path.iterdir()))
    mots = {
        "presences": ["presences", str(base)],
        "noter": ["noter", str(rendus), "--classe", str(base)],
        "portail": ["portail", "--port", "0", "--base", str(base)],
    }[commande]
    assert executer(facturier, [*mots, "--json"]) != 0
    erreur = json.loads(capsys.readouterr().out)["erreur"]
    assert erreur["code"] == "registre-etranger"
    phrase = erreur["phrase"].replace("\u00a0", " ")
    assert "n’est pas celle d’un portail de classe" in phrase
    assert (base.read_bytes(), sorted(p.name for p in tmp_path.iterdir())) == avant


def test_la_base_d_une_classe_se_lit_pendant_qu_elle_est_servie(tmp_path: Path) -> None:
    base = tmp_path / "classe.sqlite"
    with RegistreClasse.fichier(base) as servie:
        servie.ajouter("solo-lea", {"n": 1})
        with RegistreClasse.fichier(base, existant=True) as lue:
            assert lue.journaux() == ("solo-lea",)
    with RegistreClasse.fichier(base, existant=True) as relue:
        assert relue.dernier("solo-lea") == 1
