"""Reports: the same verdicts in CSV, JSON and HTML; nothing of a file becomes a formula or a tag."""

from __future__ import annotations

import csv
import html
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from facturier.cli import commandes
from facturier.cli.peau import executer
from facturier.efacture import rapports
from facturier.efacture.explications import expliquer
from facturier.efacture.jeux import JeuDeRegles
from facturier.efacture.rapport_html import EnHtml
from facturier.efacture.resultat import Constat, Resultat, document
from facturier.erreurs import ErreurFacturier

JUSTE = Resultat("juste.xml", "ubl", "EN16931", "plateforme_agreee", (JeuDeRegles("EN", "1"),), "valide")
HOSTILE = Resultat(
    "=cmd()<script>\u2028\udce9.xml",
    "inconnu",
    None,
    None,
    (),
    "illisible",
    (Constat("SEC-XML", "erreur", "<b>« tronqué »</b>", ligne=3), Constat("X", "information", "Deux.")),
)
EXPLIQUE = Resultat(
    "engagement.xml",
    "ubl",
    "EN16931",
    "plateforme_agreee",
    (),
    "invalide",
    (
        Constat("CPRO-ENGAGEMENT", "erreur", "Le numéro manque.", terme="BT-13"),
        Constat("BR-FR-CPRO-42", "avertissement", "La note est longue.", terme="BT-22", ligne=7),
    ),
)
LOTS = {"rien": [], "un": [JUSTE], "deux": [JUSTE, HOSTILE]}


def ecrire(chemin: Path, resultats: list[Resultat]) -> bytes:
    with rapports.ouvrir(chemin) as rapport:
        assert list(rapport.suivre(iter(resultats))) == resultats
    return chemin.read_bytes()


@pytest.mark.parametrize("cas", LOTS)
def test_le_json_est_le_document_du_contrat(tmp_path: Path, cas: str) -> None:
    ecrit = ecrire(tmp_path / "r.json", LOTS[cas]).decode()
    assert json.loads(ecrit) == document(LOTS[cas])
    if cas != "deux":
        assert ecrit == json.dumps(document(LOTS[cas]), ensure_ascii=False, indent=2) + "\n"


def test_le_csv_a_une_ligne_par_constat_et_aucune_formule(tmp_path: Path) -> None:
    texte = ecrire(tmp_path / "r.csv", LOTS["deux"]).decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(texte, newline=""), delimiter=";"))
    assert [(ligne["verdict"], ligne["regle"]) for ligne in lignes] == [
        ("valide", ""),
        ("illisible", "SEC-XML"),
        ("illisible", "X"),
    ]
    assert lignes[1]["fichier"].startswith("'=cmd()")
    assert not any(cellule.startswith(("=", "+", "-", "@")) for ligne in lignes for cellule in ligne.values())


def test_la_page_compte_les_verdicts_et_echappe_tout(tmp_path: Path) -> None:
    page = ecrire(tmp_path / "r.HTML", LOTS["deux"]).decode()
    assert "2 fichiers\u00a0: 1 valide, 1 illisible." in page
    assert "<script" not in page
    assert "<b>" not in page
    assert '<html lang="fr">' in page
    assert page.count("<article ") == 2
    assert "Aucun constat." in page


def test_la_page_et_le_tableau_expliquent_chaque_constat(tmp_path: Path) -> None:
    page = html.unescape(ecrire(tmp_path / "r.html", [EXPLIQUE]).decode())
    lignes = csv.DictReader(
        io.StringIO(ecrire(tmp_path / "r.csv", [EXPLIQUE]).decode("utf-8-sig"), newline=""), delimiter=";"
    )
    for ligne, constat in zip(lignes, EXPLIQUE.constats, strict=True):
        dite = expliquer(constat)
        assert (ligne["pourquoi"], ligne["geste"]) == (dite.pourquoi, dite.geste)
        assert (ligne["source"], ligne["fiabilite"]) == (dite.source, dite.fiabilite)
        assert dite.pourquoi
        assert dite.pourquoi in page
        assert dite.geste in page
    assert "source partielle, à confirmer" in page
    assert "champ «\u00a0Numéro d’engagement\u00a0» du formulaire" in page
    assert "ligne 7 du fichier" in page
    for compte in ("Erreur", "Avertissement"):
        assert f'<th scope="row">{compte}</th><td class="nombre">1</td>' in page


def test_la_page_reste_plate_en_memoire(tmp_path: Path) -> None:
    """What is kept grows with the number of rules, not of files."""
    with EnHtml() as rapport:
        for _ in rapport.suivre(EXPLIQUE for _ in range(5000)):
            pass
        gardes = [v for v in vars(rapport).values() if isinstance(v, Counter)]
        assert sum(len(compte) for compte in gardes) <= 6
        assert rapport._brouillon._rolled
        assert sum(morceau.count("<article ") for morceau in rapport.morceaux()) == 5000


def test_un_rapport_qui_ne_peut_pas_s_ecrire_est_refuse_avant_le_travail(tmp_path: Path) -> None:
    for nom in ("r.doc", "r"):
        with pytest.raises(ErreurFacturier, match=r"\.csv, \.json ou \.html"), rapports.ouvrir(tmp_path / nom):
            pass
    (tmp_path / "dossier.csv").mkdir()
    with pytest.raises(ErreurFacturier, match="ne peut pas être écrit"), rapports.ouvrir(tmp_path / "dossier.csv"):
        pass


def test_un_lot_interrompu_ne_remplace_pas_le_rapport(tmp_path: Path) -> None:
    chemin = tmp_path / "r.csv"
    chemin.write_text("ancien", encoding="utf-8")

    def interrompu() -> Iterator[Resultat]:
        yield JUSTE
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), rapports.ouvrir(chemin) as rapport:
        list(rapport.suivre(interrompu()))
    assert chemin.read_text(encoding="utf-8") == "ancien"
    assert [p.name for p in tmp_path.iterdir()] == ["r.csv"]


def test_la_commande_ecrit_le_rapport_et_garde_sa_sortie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lot").mkdir()
    (tmp_path / "lot" / "abime.xml").write_text("<a", encoding="utf-8")
    rapport = tmp_path / "r.json"
    mots = ["valider", "--json", str(tmp_path / "lot"), "--rapport", str(rapport)]
    assert executer(commandes.facturier, mots) == 2
    sorti = capsys.readouterr().out
    assert json.loads(sorti)["resultats"][0]["verdict"] == "illisible"
    assert rapport.read_text(encoding="utf-8") == sorti
