"""In class mode the server's copy prevails: « facturier noter --classe » judges what the class's portal kept."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rendus_de_classe import FOURNISSEUR, Classe, journal_de_depot

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.evaluation.classe import garder, lire_classe, lire_part, parts
from facturier.evaluation.rejeu import rejouer_sur_portail
from facturier.fabrique.correction import noter
from facturier.portail import Acteur, Annuaire
from facturier.registre import RegistreClasse
from facturier.serveur import Animation
from facturier.serveur import Classe as ClassePartagee

NETTOYAGE = Acteur("fournisseur", FOURNISSEUR)
DEMANDE: dict[str, str] = journal_de_depot()[0]["donnees"]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "classe.sqlite"


@pytest.fixture
def portail(base: Path) -> Iterator[ClassePartagee]:
    """The portal of the class, with its participants."""
    horloge = datetime(2026, 11, 24, 10, 42)
    ouverte = ClassePartagee(RegistreClasse.fichier(base), Annuaire.charger(), graine="essai", horloge=lambda: horloge)
    for prenom in ("Alice", "Bob", "Zoé A", "Zoé B", "Dora"):
        ouverte.rejoindre(ouverte.code, prenom)
    yield ouverte
    ouverte.fermer()


def depose(portail: ClassePartagee, qui: str, **champs: str) -> tuple[dict[str, Any], ...]:
    """Deposit in one's own space; the journal of that space."""
    ligne = portail.participants.participant(qui)
    portail.faire(ligne, ligne.solo, NETTOYAGE, "deposer", "", {**DEMANDE, **champs})
    return portail.registre.lire(ligne.solo)


def test_ce_que_la_classe_a_garde_l_emporte_sur_la_copie_rendue(
    classe: Classe, cours: Path, portail: ClassePartagee, base: Path, tmp_path: Path
) -> None:
    depose(portail, "alice", cadre="A2", mode_paiement="AUTRE", iban="")
    classe.rend("alice", classe.depot(journal_de_depot("A1")))  # a perfect copy, made elsewhere
    classe.rend("bob", classe.depot(depose(portail, "bob")))  # the class's own journal
    classe.rend("carole", classe.depot(journal_de_depot("A1")))  # never joined
    classe.rend("dora", classe.depot(journal_de_depot("A1")))  # joined, did nothing there
    classe.rend("zoe", classe.depot(journal_de_depot("A1")))  # which of the two?
    sortie = tmp_path / "notes"
    shutil.copytree(cours, sortie)
    with RegistreClasse.fichier(base) as registre:
        gardee = lire_classe(registre)
    avec = {a.id: a for a in noter(classe.rendus, sortie, classe=gardee, suivi=lambda *_: None).apprenants}
    points = {ident: a.chapitres["depot"].points for ident, a in avec.items()}
    assert (points["alice"], points["bob"], points["carole"], points["dora"]) == (1.5, 2.5, 2.5, 2.5)
    assert avec["zoe"].statut == "a_verifier"
    assert any("diffère de ce que le portail de la classe a gardé" in r for r in avec["alice"].remarques)
    assert avec["bob"].remarques == ()
    assert any("n’a pas rejoint la classe" in r for r in avec["carole"].remarques)
    assert "jugés" not in " ".join(avec["dora"].remarques)
    assert lire_part(sortie, "alice") is not None
    sans = {a.id: a for a in noter(classe.rendus, sortie, suivi=lambda *_: None).apprenants}
    assert lire_part(sortie, "alice") is None
    assert (sans["alice"].chapitres["depot"].points, sans["alice"].remarques) == (2.5, ())
    assert sans["bob"].statut == "a_verifier", "un journal de classe ne se rejoue pas comme un exercice seul"


def test_un_apprenant_se_reconnait_a_son_pseudonyme_son_prenom_ou_au_seul_qui_lui_ressemble(
    portail: ClassePartagee,
) -> None:
    gardee = lire_classe(portail.registre)
    trouves = parts(gardee, ["alice", "Bob Martin", "Zoé A", "zoe-b", "carole"])
    assert {ident for ident, part in trouves.items() if not part.doute} == {"alice", "Bob Martin", "Zoé A", "zoe-b"}
    douteux = parts(gardee, ["zoe-martin", "dora-x", "dora-y"])
    assert set(douteux) == {"zoe-martin", "dora-x", "dora-y"}
    assert all(part.doute and not part.copies for part in douteux.values())
    assert "zoe-a" in douteux["zoe-martin"].doute


def test_dans_un_groupe_chacun_n_est_juge_que_sur_ce_qu_il_a_depose(portail: ClassePartagee) -> None:
    Animation(portail).repartir([["alice", "bob"]])
    alice, couvreur = portail.participants.participant("alice"), "99990014500015"
    champs = {"cadre": "A4", "destinataire_siret": "99990012900019", "numero_marche": "2026-TVX-014"}
    demande = {**DEMANDE, **champs, "code_service": "", "mode_paiement": "", "iban": ""}
    portail.faire(alice, "groupe-1-1", Acteur("fournisseur", couvreur), "deposer", "", demande)
    Animation(portail).tourner()
    bob = portail.participants.participant("bob")
    seconde = {**demande, "numero_facture": "SIT-2"}
    portail.faire(bob, "groupe-1-1", Acteur("fournisseur", couvreur), "deposer", "", seconde)
    trouves = parts(lire_classe(portail.registre), ["alice", "bob"])
    numeros = {}
    for nom, part in trouves.items():
        (copie,) = [c for c in part.copies if c.espace == "groupe-1-1"]
        ouverture = portail.espace("groupe-1-1").ouverture
        piece = rejouer_sur_portail(copie.evenements, couvreur, ouverture, copie.auteurs)
        numeros[nom] = piece.donnees["numero_facture"] if piece else ""
    assert numeros == {"alice": "FA-2026-0042", "bob": "SIT-2"}


def test_les_parts_de_la_classe_ne_restent_pas_d_une_notation_a_l_autre(tmp_path: Path) -> None:
    from facturier.evaluation.classe import Part

    garder(tmp_path, {"alice": Part(doute="Qui ?")})
    assert lire_part(tmp_path, "alice") == Part(doute="Qui ?")
    garder(tmp_path, {})
    assert lire_part(tmp_path, "alice") is None


def test_une_base_absente_ou_vide_est_dite(classe: Classe, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    classe.rend("alice", classe.quiz())
    RegistreClasse.fichier(tmp_path / "vide.sqlite").fermer()
    for base, code in ((tmp_path / "absente.sqlite", "base-introuvable"), (tmp_path / "vide.sqlite", "classe-vide")):
        assert executer(facturier, ["noter", str(classe.rendus), "--classe", str(base), "--json"]) != 0
        assert json.loads(capsys.readouterr().out)["erreur"]["code"] == code
    assert not (tmp_path / "absente.sqlite").exists()


def test_le_journal_d_un_espace_de_classe_se_rejoue_avec_son_ouverture(
    portail: ClassePartagee, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    depose(portail, "alice")
    espace = portail.espace("solo-alice")
    document = espace.lire(lambda p: p.document())
    fichier = tmp_path / "journal.json"
    fichier.write_text(json.dumps(document), encoding="utf-8")
    assert executer(facturier, ["rejouer", str(fichier), "--json"]) == 0
    lu = json.loads(capsys.readouterr().out)
    assert lu["etat"]["pieces"]["P0001"]["valeurs"]["numero_facture"] == "FA-2026-0042"
    fichier.write_text(json.dumps(document["evenements"]), encoding="utf-8")
    assert executer(facturier, ["rejouer", str(fichier), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refus"]["rang"] == 1
