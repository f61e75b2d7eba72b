"""Opinions without a name: what a file holds, how files and paper are gathered, what they add up to, read back."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from facturier import session as sessions
from facturier.champs import SATISFACTION
from facturier.cli import commandes
from facturier.cli.peau import executer
from facturier.documents import enquete
from facturier.documents.enquete import imprimable
from facturier.enquete import Avis, avis_de, collecter, depouiller, jeton_de
from facturier.enquete.avis import AFFIRMATIONS, FICHIER_MAX
from facturier.enquete.saisie import FEUILLE, TITRES, lire_saisie, modele
from facturier.enquete.tableaux import en_classeur, en_csv
from facturier.erreurs import ErreurFacturier
from facturier.session import Session

HOSTILES = (
    '=HYPERLINK("http://x";"clic")',
    "#set page(width: 1pt) *gras* $x$ <script>alert(1)</script>",
    "Très utile 😀, surtout 漢字 et le \u202etrevni\u202c.",
    "@SOMME(A1)",
    "mot" * 300,
)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    chemin = tmp_path / "session.toml"
    chemin.write_text(
        'apprenants = ["lea", "samir", "odile", "ines", "marc"]\n[session]\nid = "essai"\nintitule = "CHORUS"\n'
        'date = 2026-12-03\nlieu = "Salle"\nformateur = "Ama Formatrice"\norganisme = "Organisme d’essai"\n',
        encoding="utf-8",
    )
    return sessions.lire(chemin)


def avis(graine: str, revision: int = 1, **valeurs: str) -> Avis:
    return avis_de(jeton_de(graine), revision, valeurs)


def deposer(dossier: Path, *lus: Avis) -> Path:
    dossier.mkdir(exist_ok=True)
    for un in lus:
        (dossier / un.nom_fichier).write_bytes(un.fichier())
    return dossier


def texte_pdf(octets: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages]
    return " ".join(" ".join(pages).replace("\u00a0", " ").split())


# --- a file -------------------------------------------------------------------------------------------------


def test_le_fichier_d_un_avis_ne_porte_que_des_reponses_et_une_marque_tiree_au_hasard() -> None:
    un = avis("graine gardée par l’apprenant", 4, ensemble="4", rythme="", utile="Le portail.")
    lu = json.loads(un.fichier())
    assert set(lu) == {"schema", "enquete", "avis", "revision", "valeurs"}
    assert lu["valeurs"] == {"ensemble": "4", "utile": "Le portail."}
    assert un.nom_fichier == f"avis-{lu['avis']}.json"
    assert "graine" not in un.fichier().decode()
    assert not {c.id for c in SATISFACTION.champs} & {"nom", "prenom", "entreprise", "courriel", "date"}


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"valeurs": {"ensemble": "5"}}, "n’est pas un degré"),
        ({"valeurs": {"prenom": "Léa"}}, "pas de question"),
        ({"valeurs": {"utile": ["a"]}}, "n’est pas un texte"),
        ({"valeurs": []}, "liste de questions"),
        ({"avis": "../../etc"}, "marque"),
        ({"revision": True}, "révision"),
        ({"prenom": "Léa"}, "n’est pas un avis du kit"),
    ],
)
def test_un_fichier_qui_n_est_pas_un_avis_est_nomme_et_jamais_compte(
    tmp_path: Path, change: dict[str, Any], dit: str
) -> None:
    dossier = deposer(tmp_path / "avis", avis("a", ensemble="3"))
    faux = {**json.loads(avis("b", ensemble="1").fichier()), **change}
    (dossier / "avis-faux.json").write_text(json.dumps(faux), encoding="utf-8")
    (dossier / "avis-gros.json").write_bytes(b" " * (FICHIER_MAX + 1))
    (dossier / "photo.jpg").write_bytes(b"x")
    (dossier / "avis-lien.json").symlink_to(dossier / "avis-faux.json")
    lus = collecter([dossier])
    assert len(lus.avis) == 1
    gros, refuse = sorted(lus.remarques, key=lambda r: "avis-faux" in r)
    assert "avis-gros.json" in gros
    assert "avis-faux.json" in refuse
    assert dit in refuse


def test_un_avis_remis_deux_fois_compte_une_fois_dans_son_dernier_etat(tmp_path: Path) -> None:
    avant = deposer(tmp_path / "avant", avis("a", 2, ensemble="1"), avis("b", 1, ensemble="4"))
    apres = deposer(tmp_path / "apres", avis("a", 5, ensemble="3"))
    lus = collecter([apres, avant])
    assert sorted(un.notes["ensemble"] for un in lus.avis) == ["3", "4"]
    assert "1 de trop" in lus.remarques[0]


def test_sans_aucun_avis_on_le_dit(tmp_path: Path) -> None:
    vide = deposer(tmp_path / "vide", avis("a"))
    for ou in (vide, tmp_path / "absent"):
        with pytest.raises(ErreurFacturier, match=r"Aucun avis|introuvable"):
            collecter([ou])


# --- paper --------------------------------------------------------------------------------------------------


def test_la_feuille_de_papier_ne_demande_aucun_nom_et_tient_en_une_page(session: Session) -> None:
    pdf = enquete.papier(session)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    lu = texte_pdf(pdf)
    assert all(champ.libelle.replace("\u00a0", " ") in lu for champ in SATISFACTION.champs)
    assert lu.count("☐") == 5 * len(AFFIRMATIONS)
    assert "N’écrivez ni votre nom" in lu
    assert pdf == enquete.papier(session)


@pytest.mark.parametrize("suffixe", [".xlsx", ".csv"])
def test_des_avis_de_papier_saisis_se_relisent(tmp_path: Path, suffixe: str) -> None:
    fichier = tmp_path / f"saisie{suffixe}"
    fichier.write_bytes(modele(fichier))
    assert lire_saisie(fichier) == []
    lignes = [["4", 3, "2", 1, 0, "", "4", "4", 4.0, "3", "Le =portail", ""], [None] * 12, [*["2"] * 10, "", "Rien"]]
    if suffixe == ".xlsx":
        livre = load_workbook(fichier)
        for ligne in lignes:
            livre[FEUILLE].append(ligne)
        livre.save(fichier)
    else:
        with fichier.open("a", encoding="utf-8", newline="") as flux:
            for ligne in lignes:
                csv.writer(flux, delimiter=";").writerow(
                    ["" if c is None else f"{c}".removesuffix(".0") for c in ligne]
                )
    premier, second = lire_saisie(fichier)
    assert [premier.notes.get(champ.id, "") for champ in AFFIRMATIONS] == [*"43210", "", *"4443"]
    assert premier.textes == {"utile": "Le =portail"}
    assert second.textes == {"ameliorer": "Rien"}
    assert premier.jeton != second.jeton
    assert len(collecter([fichier, tmp_path]).avis) == 2, "le même fichier donné deux fois compte une fois"


def test_une_saisie_fausse_se_dit_case_par_case_et_rien_n_est_compte(tmp_path: Path) -> None:
    fichier = tmp_path / "saisie.xlsx"
    livre = Workbook()
    livre.active.title = FEUILLE
    livre.active.append(list(TITRES))
    livre.active.append(["=1+1", "5", *["4"] * 8, "x" * 1_001])
    livre.save(fichier)
    with pytest.raises(ErreurFacturier) as refus:
        lire_saisie(fichier)
    assert refus.value.phrase.count("ligne 2") == 3
    assert "« =1+1 » n’est pas un degré" in refus.value.phrase.replace("\u00a0", " ")
    livre.active.cell(1, 13, "Prénom")
    livre.save(fichier)
    with pytest.raises(ErreurFacturier, match="en trop"):
        lire_saisie(fichier)
    livre.active.cell(1, 1, "Autre")
    livre.save(fichier)
    with pytest.raises(ErreurFacturier, match="manque"):
        lire_saisie(fichier)


# --- what they add up to ------------------------------------------------------------------------------------


def test_sans_avis_et_cases_vides_ne_pesent_pas_dans_la_moyenne() -> None:
    lus = [avis("a", ensemble="4"), avis("b", ensemble="3"), avis("c", ensemble="1"), avis("d", ensemble="0")]
    lue = depouiller([*lus, avis("e", rythme="2"), avis("f")], 6)
    ensemble = lue.ensemble
    assert (ensemble.effectifs, ensemble.sans_avis, ensemble.sans_reponse) == ((1, 1, 0, 1), 1, 1)
    assert (ensemble.moyenne, ensemble.accord) == (Decimal("2.7"), Decimal(67))
    assert (lue.avis, lue.taux) == (5, Decimal(83)), "un avis vide n’est l’avis de personne"
    attentes = lue.questions[0]
    assert (attentes.moyenne, attentes.accord) == (None, None)


@pytest.mark.parametrize(("nombre", "effectif", "dits"), [(4, 7, ["deviner"]), (5, 7, []), (6, 5, ["Plus d’avis"])])
def test_un_petit_groupe_et_un_avis_de_trop_se_disent(nombre: int, effectif: int, dits: list[str]) -> None:
    notes = depouiller([avis(str(n), ensemble="4") for n in range(nombre)], effectif).notes
    assert [mot for mot, note in zip(dits, notes, strict=True) if mot in note] == dits


def test_les_textes_hostiles_se_lisent_dans_le_pdf_et_ne_font_rien_dans_un_tableur(session: Session) -> None:
    lue = depouiller([avis(str(n), ensemble="4", utile=texte) for n, texte in enumerate(HOSTILES)], 5)
    lu = texte_pdf(enquete.synthese(session, lue))
    for dit in ("5 sur 5 participants (100 %)", "4,0 sur 4", "#set page(width: 1pt)", "<script>", "Très utile \ufffd"):
        assert dit in lu
    assert "mot" * 300 in lu.replace(" ", "").replace("\u200b", "")
    livre = load_workbook(io.BytesIO(en_classeur(session, lue)))
    cases = [case for feuille in livre for ligne in feuille.iter_rows() for case in ligne if case.value is not None]
    assert {case.data_type for case in cases} <= {"s", "n"}
    assert HOSTILES[0] in [case.value for case in cases]
    assert all(case.quotePrefix for case in cases if str(case.value).startswith(("=", "@")))
    rangees = list(csv.reader(io.StringIO(en_csv(session, lue)), delimiter=";"))
    assert not [case for rangee in rangees for case in rangee if case.lstrip().startswith(("=", "+", "-", "@"))]
    assert any(rangee[1:2] == [f"'{HOSTILES[0]}"] for rangee in rangees)


def test_les_reponses_d_une_personne_ne_sont_cote_a_cote_nulle_part(session: Session) -> None:
    lus = [avis("a", ensemble="1", utile="zèbre", ameliorer="abricot"), avis("b", ensemble="4", utile="abeille")]
    lue = depouiller(lus, 5)
    assert [textes for _, _, textes in lue.textes] == [("abeille", "zèbre"), ("abricot",)]
    assert depouiller(lus[::-1], 5) == lue
    rangees = list(csv.reader(io.StringIO(en_csv(session, lue)), delimiter=";"))
    assert not [rangee for rangee in rangees if "zèbre" in rangee and "abricot" in rangee]


def test_tout_ce_que_la_police_ne_dessine_pas_est_remplace() -> None:
    garde = "Été, œuvre, « 12 € », naïve – Ωμέγα Привет"
    assert imprimable(garde) == garde
    assert imprimable("😀漢\u0600") == "\ufffd" * 3


# --- the command --------------------------------------------------------------------------------------------


def test_la_commande_fait_la_synthese_des_fichiers_et_du_papier(session: Session, tmp_path: Path) -> None:
    dossier = deposer(tmp_path / "avis", *(avis(str(n), ensemble="4") for n in range(3)))
    saisie = tmp_path / "papier.csv"
    executer(commandes.facturier, ["satisfaction", "saisie", str(saisie)])
    saisie.write_text(saisie.read_text(encoding="utf-8") + "4;" * 10 + ";\r\n", encoding="utf-8")
    sortie = tmp_path / "synthese"
    demande = ["satisfaction", "synthese", str(tmp_path / "session.toml"), str(dossier), str(saisie)]
    fait = CliRunner().invoke(commandes.facturier, [*demande, "--sortie", str(sortie), "--json"])
    lu = json.loads(fait.output)
    assert (lu["avis"], lu["participants"], lu["taux"]) == (4, 5, 80)
    assert sorted(f.name for f in sortie.iterdir()) == lu["fichiers"]
    assert len(lu["notes"]) == 1
    assert "Ama Formatrice" in texte_pdf((sortie / "satisfaction-synthese.pdf").read_bytes())


def test_une_saisie_commencee_n_est_jamais_ecrasee(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fichier = tmp_path / "papier.xlsx"
    assert executer(commandes.facturier, ["satisfaction", "saisie", str(fichier)]) == 0
    octets = fichier.read_bytes()
    assert executer(commandes.facturier, ["satisfaction", "saisie", str(fichier)])
    assert executer(commandes.facturier, ["satisfaction", "saisie", str(tmp_path / "papier.txt")])
    assert "existe déjà" in capsys.readouterr().err
    assert fichier.read_bytes() == octets
