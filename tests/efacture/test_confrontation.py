"""What a lot of files and a directory say, that no file says alone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from facturier.annuaire import Annuaire
from facturier.cli import commandes
from facturier.cli.peau import executer
from facturier.efacture import confrontation, lot, valider
from facturier.efacture.bibliotheque import Exemple
from facturier.efacture.resultat import Mention, Resultat
from facturier.erreurs import ErreurFacturier
from facturier.regles import UNICITE, regles_annuaire

FACTURES = Path(__file__).parents[2] / "data" / "factures"
ANNUAIRE = Annuaire.charger()


def mention(terme: str, texte: str, schema: str = "") -> Mention:
    return Mention(terme, texte, schema, 1, "/x")


def resultat(nom: str, numero: str, *, siret: str = "99990013700012", jour: str = "2026-11-30") -> Resultat:
    envoi = (mention("BT-1", numero), mention("BT-2", jour), mention("BT-29", siret, "0009"))
    return Resultat(nom, "ubl", None, None, (), "valide", envoi=envoi)


def confronter(*resultats: Resultat) -> list[list[str]]:
    chemins = [Path(r.fichier) for r in resultats]
    rendus = confrontation.confronter(iter(resultats), chemins, unicite=True)
    return [[c.phrase for c in r.constats] for r in rendus]


def test_le_second_fichier_du_meme_numero_est_refuse_et_nomme_le_premier() -> None:
    a, b, c = confronter(resultat("lot/a.xml", "F-1"), resultat("b.xml", "F-2"), resultat("c.xml", "F-1"))
    assert (a, b) == ([], [])
    (phrase,) = c
    assert "«\u00a0lot/a.xml\u00a0»" in phrase
    assert "«\u00a0F-1\u00a0»" in phrase


@pytest.mark.parametrize(
    ("autre", "pris"),
    [
        (resultat("b", "f-1"), True),
        (resultat("b", " F-1 "), True),
        (resultat("b", "F-1", siret="99990013700020"), True),
        (resultat("b", "F-1", jour="20260115"), True),
        (resultat("b", "F-1", jour="2027-01-02"), False),
        (resultat("b", "F-1", siret="99990012900019"), False),
        (resultat("b", "F-1", jour=""), False),
    ],
    ids=["casse", "espaces", "autre établissement", "date CII", "autre année", "autre SIREN", "sans date"],
)
def test_un_numero_est_pris_comme_au_portail(autre: Resultat, pris: bool) -> None:
    assert bool(confronter(resultat("a", "F-1"), autre)[1]) is pris


def test_un_vendeur_sans_siren_n_est_pas_juge_et_un_fichier_historique_l_est() -> None:
    etranger = Resultat("e", "ubl", None, None, (), "valide", envoi=(mention("BT-1", "F-1"), mention("BT-2", "2026")))
    ancien = (mention("BT-1", "F-1"), mention("BT-2", "20261130"), mention("BT-30", "99990013700012", "1"))
    historique = Resultat("h", "cii", None, None, (), "valide", envoi=ancien)
    siren = (mention("BT-1", "F-1"), mention("BT-2", "2026-01-01"), mention("BT-30", "999900137", "0002"))
    assert [len(dits) for dits in confronter(etranger, etranger, resultat("a", "F-1"), historique)] == [0, 0, 0, 1]
    assert confronter(historique, Resultat("s", "ubl", None, None, (), "valide", envoi=siren))[1] != []


def test_les_constats_ne_dependent_pas_du_nombre_de_processus(tmp_path: Path) -> None:
    for nom in ("c", "a", "b", "d"):
        shutil.copy(FACTURES / "menage_val_fictif.ubl.xml", tmp_path / f"{nom}.xml")
    shutil.copy(FACTURES / "faux_total_ttc.ubl.xml", tmp_path / "autre.xml")
    chemins = lot.parcourir([tmp_path])
    passes = [
        list(confrontation.confronter(lot.valider_lot(chemins, ouvriers=n), chemins, unicite=True)) for n in (1, 2)
    ]
    assert passes[0] == passes[1]
    dits = {Path(r.fichier).name: [c.regle for c in r.constats if c.regle == "CPRO-UNICITE"] for r in passes[0]}
    pris = ["CPRO-UNICITE"]
    assert dits == {"a.xml": [], "autre.xml": [], "b.xml": pris, "c.xml": pris, "d.xml": pris}
    assert all("a.xml" in r.constats[-1].phrase for r in passes[0][2:])
    assert [r.verdict for r in passes[0]] == ["valide", "invalide", "invalide", "invalide", "invalide"]


def test_un_lot_sans_les_regles_de_chorus_pro_juge_chaque_fichier_seul(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for nom in ("a", "b"):
        shutil.copy(FACTURES / "menage_val_fictif.ubl.xml", tmp_path / f"{nom}.xml")
    assert executer(commandes.facturier, ["valider", "--json", str(tmp_path)]) == 0
    assert executer(commandes.facturier, ["valider", "--json", "--jeux", "auto,cpro", str(tmp_path)]) == 1
    seul, ensemble = capsys.readouterr().out.split("\n}\n")[:2]
    assert [r["constats"] for r in json.loads(seul + "}")["resultats"]] == [[], []]
    constats = [r["constats"] for r in json.loads(ensemble + "}")["resultats"]]
    assert [[c["regle"] for c in dits] for dits in constats] == [[], ["CPRO-UNICITE"]]
    assert (constats[1][0]["terme"], constats[1][0]["ligne"]) == ("BT-1", 6)


def test_un_fichier_mal_structure_prend_son_numero_sans_etre_juge(tmp_path: Path) -> None:
    texte = (FACTURES / "menage_val_fictif.ubl.xml").read_text(encoding="utf-8")
    for nom, contenu in (("a", texte), ("b", texte.replace(">380<", "><"))):
        (tmp_path / f"{nom}.xml").write_text(contenu.replace("<cbc:DueDate>2027", "<cbc:DueDate>an 2027"))
    chemins = lot.parcourir([tmp_path])
    lus = [valider(c) for c in chemins]
    assert all("XSD-SUITE" in [c.regle for c in lu.constats] for lu in lus)
    assert list(confrontation.confronter(iter(lus), chemins, annuaire=ANNUAIRE, unicite=True)) == lus


ANNUAIRE_ATTENDU = {
    "service_oublie": ["CPRO-SERVICE"],
    "engagement_oublie": ["CPRO-ENGAGEMENT"],
    "siret_du_client": [],
    "acheteur_sans_siret": [],
    "nettoyage_hopital": [],
    "vitres_sous_traitant": [],
    "service_et_siret": [],
    "historique_menage": [],
    "historique_travaux": [],
    "creance_affacturee": [],
}


@pytest.mark.parametrize(("scenario", "attendus"), ANNUAIRE_ATTENDU.items())
def test_l_annuaire_de_formation_voit_ce_que_le_portail_voit(
    exemples: dict[str, Exemple], scenario: str, attendus: list[str]
) -> None:
    for nom in (n for n, e in exemples.items() if e.scenario == scenario and e.format != "facturx"):
        lu = valider(FACTURES / nom)
        (rendu,) = confrontation.confronter(iter([lu]), [FACTURES / nom], annuaire=ANNUAIRE)
        assert [c.regle for c in rendu.constats[len(lu.constats) :]] == attendus, nom
        assert rendu.jeux_de_regles[-1].nom == "Annuaire (règles du kit)"
        assert lu.verdict == "valide" or rendu.verdict == lu.verdict


EDITIONS = [
    ("99990013700012", "99990099000019", "CPRO-FOURNISSEUR"),
    ("26990001500018", "26990099000011", "CPRO-DESTINATAIRE"),
    ("26990001500018", "99990012900019", "CPRO-DESTINATAIRE-PUBLIC"),
    ("26990001500018", "21990002400023", "CPRO-DESTINATAIRE-TRAVAUX CPRO-SERVICE-INCONNU"),
    ("<cbc:BuyerReference>CH-ACHATS</cbc:BuyerReference>", "", "CPRO-SERVICE"),
    (">CH-ACHATS<", ">CH-ANCIEN<", "CPRO-SERVICE-INCONNU"),
    ("<cbc:ID>EJ2026-204417</cbc:ID>", "<cbc:ID/>", "CPRO-ENGAGEMENT"),
]


@pytest.mark.parametrize(("avant", "apres", "attendus"), EDITIONS, ids=[e[2] for e in EDITIONS])
def test_chaque_regle_de_l_annuaire_a_son_fichier_faux(tmp_path: Path, avant: str, apres: str, attendus: str) -> None:
    texte = (FACTURES / "menage_val_fictif.ubl.xml").read_text(encoding="utf-8")
    assert avant in texte
    assert controler(tmp_path, texte) == ""
    assert controler(tmp_path, texte.replace(avant, apres)) == attendus


def test_le_service_exige_parfois_l_engagement_et_certains_veulent_l_un_des_deux(tmp_path: Path) -> None:
    texte = (FACTURES / "menage_val_fictif.ubl.xml").read_text(encoding="utf-8")
    texte = re.sub(r"<cac:OrderReference>.*?</cac:OrderReference>", "", texte, flags=re.DOTALL)
    batiments = texte.replace("26990001500018", "21990002400015").replace("CH-ACHATS", "BATIMENTS")
    assert controler(tmp_path, batiments) == "CPRO-ENGAGEMENT"
    assert controler(tmp_path, batiments.replace("BATIMENTS", "ECOLE")) == ""
    sans = texte.replace("<cbc:BuyerReference>CH-ACHATS</cbc:BuyerReference>", "")
    assert controler(tmp_path, sans.replace("26990001500018", "22990003000011")) == "CPRO-ENGAGEMENT-OU-SERVICE"


def controler(dossier: Path, texte: str) -> str:
    """The rules that the directory adds, sorted."""
    chemin = dossier / "f.xml"
    chemin.write_text(texte, encoding="utf-8")
    lu = valider(chemin, "en16931")
    (rendu,) = confrontation.confronter(iter([lu]), [chemin], annuaire=ANNUAIRE)
    return " ".join(sorted(c.regle for c in rendu.constats[len(lu.constats) :]))


def test_toutes_les_regles_du_lot_et_de_l_annuaire_sont_eprouvees_et_leurs_phrases_completes(tmp_path: Path) -> None:
    eprouvees = {code for _, _, attendus in EDITIONS for code in attendus.split()}
    codes = {regle.code for regle in regles_annuaire(ANNUAIRE)}
    assert codes == eprouvees | {"CPRO-ENGAGEMENT-OU-SERVICE"}
    for regle in (*regles_annuaire(ANNUAIRE), UNICITE):
        assert regle.source
        assert regle.gravite == ("erreur" if regle.fiabilite == "établi" else "avertissement")


def test_sans_l_option_un_destinataire_inconnu_n_est_pas_cherche(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texte = (FACTURES / "menage_val_fictif.ubl.xml").read_text(encoding="utf-8")
    chemin = tmp_path / "reelle.xml"
    chemin.write_text(texte.replace("26990001500018", "26990099900013").replace("269900015", "269900999"))
    assert executer(commandes.facturier, ["valider", str(chemin)]) == 0
    assert executer(commandes.facturier, ["valider", str(chemin), "--annuaire", "formation"]) == 1
    assert "CPRO-DESTINATAIRE" in capsys.readouterr().out


def test_un_annuaire_se_donne_aussi_par_un_fichier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    propre = tmp_path / "annuaire.toml"
    propre.write_text('[[structure]]\nsiret = "99990013700012"\nnom = "N"\nnature = "privee"\ncategorie = "c"\n')
    mots = ["valider", str(FACTURES / "menage_val_fictif.ubl.xml"), "--annuaire"]
    assert executer(commandes.facturier, [*mots, str(propre)]) == 1
    assert "CPRO-DESTINATAIRE" in capsys.readouterr().out
    assert executer(commandes.facturier, [*mots, str(tmp_path / "absent.toml")]) == 64
    assert "formation" in capsys.readouterr().err
    with pytest.raises(ErreurFacturier, match="lisible"):
        confrontation.lire_annuaire(str(FACTURES / "menage_val_fictif.ubl.xml"))


def test_un_fichier_demesure_ne_transmet_que_quelques_mentions_courtes(tmp_path: Path, ubl: str) -> None:
    gros = ubl.replace("<cbc:ID>PROP-2026-1107</cbc:ID>", f"<cbc:ID>{'F' * 100_000}</cbc:ID>" * 1000, 1)
    (tmp_path / "f.xml").write_text(gros, encoding="utf-8")
    lu = valider(tmp_path / "f.xml", "en16931")
    assert sum(len(m.texte) for m in lu.envoi) < 5000
    assert len(lu.envoi) < 40
    assert Resultat.depuis_json(json.loads(json.dumps(lu.en_message()))) == lu
    assert "envoi" not in lu.en_json()
