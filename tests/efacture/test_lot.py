"""Many files: what a folder holds, verdicts in order, and a poison file that costs its own verdict only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from facturier.efacture import lot, valider
from facturier.efacture.lot import Ouvrier, parcourir, valider_lot
from facturier.erreurs import ErreurFacturier

FACTURES = Path(__file__).parents[2] / "data" / "factures"
PIEGE = """
import json, os, sys, time
from facturier.efacture import ouvrier
from facturier.efacture.resultat import Resultat
ouvrier.borner_memoire(400 * 1024 * 1024)
for ligne in sys.stdin.buffer:
    fichier = json.loads(ligne)["fichier"]
    if "mort" in fichier: os.abort()
    if "lent" in fichier: time.sleep(60)
    if "gros" in fichier: print(len(bytearray(2_000_000_000)))
    if "menteur" in fichier: print("valide", flush=True); continue
    print(json.dumps(Resultat(fichier, "ubl", None, None, (), "valide").en_json()), flush=True)
"""


@pytest.fixture
def pieges(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that misbehaves by the name of the file."""
    monkeypatch.setattr(lot, "_COMMANDE", ("-c", PIEGE))


def test_un_dossier_donne_ses_factures_triees_sans_liens_ni_noms_caches(tmp_path: Path) -> None:
    for nom in ("b.xml", "a.PDF", "notes.txt", ".cache.xml", "sous/c.xml", ".git/d.xml"):
        (tmp_path / nom).parent.mkdir(exist_ok=True)
        (tmp_path / nom).write_text("x", encoding="utf-8")
    dehors = tmp_path.parent / "dehors"
    dehors.mkdir(exist_ok=True)
    (dehors / "secret.xml").write_text("x", encoding="utf-8")
    (tmp_path / "lien").symlink_to(dehors)
    (tmp_path / "lien.xml").symlink_to(dehors / "secret.xml")
    assert parcourir([tmp_path]) == [tmp_path / "a.PDF", tmp_path / "b.xml", tmp_path / "sous" / "c.xml"]
    assert parcourir([tmp_path / "notes.txt", tmp_path / "absent"]) == [tmp_path / "notes.txt", tmp_path / "absent"]


def test_un_dossier_sans_facture_est_dit(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match="aucune facture"):
        parcourir([tmp_path])


def test_un_jeu_inconnu_est_refuse_avant_tout_travail(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match="inconnu"):
        valider_lot([tmp_path / "f.xml"], "nimporte")


def test_le_lot_rend_les_memes_resultats_que_fichier_par_fichier(tmp_path: Path) -> None:
    etrange = tmp_path / "nom\udce9trange.xml"
    os.link(FACTURES / "faux_total_ttc.ubl.xml", etrange)
    chemins = [etrange, FACTURES / "penalites_absentes.cii.xml", tmp_path / "absent.xml"]
    assert list(valider_lot(chemins, ouvriers=2)) == [valider(chemin) for chemin in chemins]


@pytest.mark.parametrize("ouvriers", [1, 2])
def test_un_fichier_poison_ne_coute_que_son_verdict(pieges: None, ouvriers: int) -> None:
    noms = ["a", "mort-1", "b", "gros", "c", "lent", "menteur", "d", "mort-2", "e"]
    resultats = list(valider_lot([Path(nom) for nom in noms], ouvriers=ouvriers, delai=4))
    assert [r.fichier for r in resultats] == noms
    assert [r.verdict for r in resultats] == [
        "erreur_moteur" if nom.startswith(("mort", "gros", "lent", "menteur")) else "valide" for nom in noms
    ]
    phrases = {r.fichier: r.constats[0].phrase for r in resultats if r.constats}
    assert "4 secondes" in phrases["lent"]
    assert "mémoire" in phrases["gros"]
    assert all(r.sortie == 3 for r in resultats if r.constats)


def test_un_lot_abandonne_ne_laisse_aucun_processus(pieges: None) -> None:
    resultats = valider_lot([Path(str(n)) for n in range(500)], ouvriers=2)
    next(resultats)
    resultats.close()  # type: ignore[attr-defined]
    enfants = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args"], capture_output=True, text=True)
    assert "borner_memoire" not in enfants.stdout


def test_un_ouvrier_tue_repart_au_fichier_suivant() -> None:
    juste = FACTURES / "nettoyage_hopital.ubl.xml"
    with Ouvrier() as ouvrier:
        assert ouvrier.juger(juste).verdict == "valide"
        processus = ouvrier._processus
        assert processus is not None
        processus.kill()
        processus.wait()
        assert ouvrier.juger(juste).verdict == "erreur_moteur"
        assert ouvrier.juger(juste).verdict == "valide"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="RLIMIT_DATA n’est tenu que par Linux")
def test_la_memoire_d_un_ouvrier_est_bornee_sans_toucher_a_l_espace_d_adresses() -> None:
    code = (
        "import resource\nfrom facturier.efacture import ouvrier\nouvrier.borner_memoire()\n"
        "print(resource.getrlimit(resource.RLIMIT_DATA)[0], resource.getrlimit(resource.RLIMIT_AS)[0])"
    )
    lu = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert lu == [str(2 * 1024**3), "-1"]


def test_le_parent_ne_charge_aucun_moteur() -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom facturier.efacture import affichage\n"
        f"affichage.valider([Path({str(FACTURES / 'nettoyage_hopital.ubl.xml')!r})], 'auto', lambda _: None)\n"
        "print([m for m in ('lxml', 'saxonche', 'facturx', 'rich') if m in sys.modules])"
    )
    rendu = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert rendu.stdout.strip() == "[]"


def test_ce_qu_un_moteur_affiche_ne_se_mele_pas_aux_reponses() -> None:
    demande = json.dumps({"fichier": "absent.xml", "jeux": "auto"}) + "\n"
    code = (
        "import os\nfrom facturier.efacture import ouvrier\n"
        "juger = ouvrier._repondre\n"
        "ouvrier._repondre = lambda d: (os.write(1, b'bruit'), juger(d))[1]\nouvrier.servir()"
    )
    rendu = subprocess.run([sys.executable, "-c", code], input=demande, capture_output=True, text=True, check=True)
    assert json.loads(rendu.stdout)["verdict"] == "illisible"
    assert "bruit" in rendu.stderr


def test_un_ouvrier_est_remplace_apres_sa_vie(pieges: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lot, "_VIE", 2)
    with Ouvrier() as ouvrier:
        processus = []
        for nom in "abcde":
            assert ouvrier.juger(Path(nom)).verdict == "valide"
            processus.append(ouvrier._processus)
    assert [processus.count(p) for p in dict.fromkeys(processus)] == [2, 2, 1]
