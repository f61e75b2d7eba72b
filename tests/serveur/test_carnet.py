"""A notebook's link to its class: joining, depositing there, coming back, leaving; and a network that fails."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from classe_essai import ELECTRICIEN, facture

from facturier.champs.def_fiche import CLIENT
from facturier.ecrans.blocs import Cible
from facturier.erreurs import ErreurFacturier
from facturier.formulaires import classe as lien
from facturier.formulaires import feuille_fiche, portail
from facturier.formulaires.memoire import Memoire
from facturier.liaison.client import ErreurLiaison, GuichetHTTP, Liaison
from facturier.portail import Acteur, RefusPortail
from facturier.serveur import Animation, Classe
from facturier.serveur.criteres import de
from facturier.serveur.lancement import en_fond

FOURNISSEUR = Acteur("fournisseur", ELECTRICIEN)


class Ecran:
    def montrer(self, *_: Any) -> None:
        pass

    def rafraichir(self, *_: Any) -> None:
        pass


@pytest.fixture
def adresse(classe: Classe) -> Iterator[str]:
    with en_fond(classe) as ouverte:
        yield ouverte


def test_un_carnet_rejoint_depose_et_les_autres_carnets_le_suivent(
    adresse: str, classe: Classe, tmp_path: Path
) -> None:
    assert "« lea »" in lien.rejoindre(tmp_path, adresse, classe.code, "Léa")
    garde = tmp_path / lien.FICHIER
    assert stat.S_IMODE(garde.stat().st_mode) == 0o600
    assert classe.code not in garde.read_text()
    memoire = Memoire("sans_moe/exercices", tmp_path / "exercices.ipynb", afficheur=Ecran())
    recit, modele = lien.preparer(tmp_path, memoire)
    assert modele is not None
    assert recit is None
    champs = {"destinataire_siret": "21990002400015", "code_service": "ECOLE", "cadre": "A1"}
    for champ, texte in {**facture(), **champs}.items():
        modele.changer(champ, texte)
    assert modele.envoyer(), modele.statut
    lea = classe.participants.participant("lea")
    assert classe.lire(lea, lea.solo, lambda p: [x.numero for x in p.pieces()]) == ["FA-2026-0042"]
    _, relu = lien.preparer(tmp_path, memoire)
    assert relu is not None
    assert relu.envoyee == "FA-2026-0042"
    assert "sous le nom" in lien.rejoindre(tmp_path, adresse, classe.code, "Léa"), "le jeton gardé suffit"
    assert "départ" in lien.quitter(tmp_path)
    assert not garde.exists()
    with pytest.raises(ErreurFacturier, match="Rejoignez"):
        lien.preparer(tmp_path, memoire)


def test_un_carnet_raconte_la_situation_de_la_classe_puis_y_depose(
    adresse: str, classe: Classe, tmp_path: Path
) -> None:
    Animation(classe).jouer("nettoyage_public")
    lien.rejoindre(tmp_path, adresse, classe.code, "Léa")
    memoire = Memoire("sans_moe/exercices", tmp_path / "exercices.ipynb", afficheur=Ecran())
    recit, modele = lien.preparer(tmp_path, memoire)
    situation = classe.espace("solo-lea").situation
    assert recit is not None
    assert modele is not None
    assert situation is not None
    assert recit[1] == situation.recit.texte
    assert "<h3>La facture de nettoyage du mois</h3>" in recit[0]
    for champ, texte in situation.saisie[0].champs.items():
        modele.changer(champ, texte)
    assert modele.envoyer(), modele.statut
    criteres = {
        c.nom: c.rempli for c in classe.espace("solo-lea").lire(lambda p: de(classe.espace("solo-lea"), p.etat))
    }
    assert criteres["facture_conforme_a_la_situation"]
    for code in ("etat_acompte_moe", "compte_a_creer", "facture_suspendue"):  # no deposit form plays these
        Animation(classe).jouer(code)
        recit, modele = lien.preparer(tmp_path, memoire)
        assert (recit, modele) == (None, None)
        liaison = lien.liaison_de(tmp_path)
        assert liaison is not None
        assert portail.en_classe(liaison, memoire).poste.vue().lieu == Cible(portail.RECIT)  # where it is told first


def test_le_formateur_voit_ce_qui_est_saisi(adresse: str, classe: Classe) -> None:
    liaison = Liaison.rejoindre(adresse, classe.code, "Léa")
    liaison.montrer("depot_facture", {"iban": "FR76"})
    vu = Animation(classe).formulaire("lea")
    assert vu is not None
    assert vu["valeurs"] == {"iban": "FR76"}


def test_dans_un_groupe_seul_le_fournisseur_depose(adresse: str, classe: Classe, tmp_path: Path) -> None:
    lien.rejoindre(tmp_path / "lea", adresse, classe.code, "Léa")
    lien.rejoindre(tmp_path / "paul", adresse, classe.code, "Paul")
    Animation(classe).repartir([["lea", "paul"]])
    lea, paul = (lien.liaison_de(tmp_path / qui) for qui in ("lea", "paul"))
    assert lea is not None
    assert paul is not None
    groupe = lea.moi().groupe
    titulaire = Acteur("fournisseur", "99990014500015")
    chez_lea, chez_paul = (une.guichet(titulaire, groupe) for une in (lea, paul))
    brouillon = {"cadre": "A4", "numero_facture": "SIT-1"}
    piece = chez_lea.faire(titulaire, "enregistrer", version=None, **brouillon)
    assert chez_lea.piece(piece).numero == "SIT-1"
    assert chez_paul.piece(piece).numero == "", "ce qui n’est pas envoyé n’est qu’à son auteur"
    assert chez_paul.piece(piece).historique == chez_lea.piece(piece).historique
    with pytest.raises(RefusPortail, match="tenu par « lea »"):
        chez_paul.faire(titulaire, "supprimer", piece)


def test_la_fiche_methode_se_remplit_de_ce_qui_est_parti_sur_le_portail_de_la_classe(
    adresse: str, classe: Classe, tmp_path: Path
) -> None:
    lien.rejoindre(tmp_path, adresse, classe.code, "Léa")
    memoire = Memoire("cas_pratique/fiche", tmp_path / "fiche.ipynb", afficheur=Ecran())
    enonce = {"id": "cas", "situation": "cas_pratique"}
    liaison = lien.liaison_de(tmp_path)
    assert liaison is not None
    vide, _ = feuille_fiche.preparer(enonce, memoire, liaison)
    assert not any(vide.valeurs.values())
    lea = classe.participants.participant("lea")
    liaison.guichet(FOURNISSEUR, lea.solo).deposer(facture())
    modele, _ = feuille_fiche.preparer(enonce, memoire, liaison)
    remplis = {champ: texte for champ, texte in modele.valeurs.items() if texte}
    assert remplis["siret"] == facture()["destinataire_siret"]
    assert remplis["cadre"] == facture()["cadre"]
    assert set(remplis) <= {champ.id for champ in CLIENT}


def test_sans_reponse_de_la_classe_la_fiche_s_ouvre_et_son_bouton_le_dit(classe: Classe, tmp_path: Path) -> None:
    with en_fond(classe) as ouverte:
        lien.rejoindre(tmp_path, ouverte, classe.code, "Léa")
    memoire = Memoire("cas_pratique/fiche", tmp_path / "fiche.ipynb", afficheur=Ecran())
    liaison = lien.liaison_de(tmp_path)
    assert liaison is not None
    _, vue = feuille_fiche.preparer({"id": "cas", "situation": "cas_pratique"}, memoire, liaison)
    with pytest.raises(ErreurFacturier):
        vue.feuille.gestes()["reprendre"]({})


@pytest.mark.parametrize("adresse", ["", "portail", "ftp://x", "http://", "http://a:b@x", "javascript:alert(1)"])
def test_une_adresse_qui_n_en_est_pas_une_est_dite(adresse: str) -> None:
    with pytest.raises(ErreurLiaison, match="adresse du portail"):
        Liaison.rejoindre(adresse, "ABCDEF", "Léa")


class Reseau(httpx.BaseTransport):
    """A network in front of the real server, which loses what it is told to lose."""

    def __init__(self) -> None:
        self.vrai = httpx.HTTPTransport()
        self.pannes: list[str] = []
        self.cles: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        panne = self.pannes.pop(0) if self.pannes else ""
        self.cles.append(request.headers.get("idempotency-key", ""))
        if panne == "aller":
            raise httpx.ConnectError("perdu")
        if panne == "indisponible":
            return httpx.Response(503, json={"phrase": "Le registre est occupé.", "code": "registre-illisible"})
        reponse = self.vrai.handle_request(request)
        if panne == "retour":
            reponse.read()
            raise httpx.ReadError("perdu")
        return reponse


@pytest.fixture
def reseau() -> Reseau:
    return Reseau()


@pytest.fixture
def guichet(adresse: str, classe: Classe, reseau: Reseau) -> GuichetHTTP:
    jeton = Liaison.rejoindre(adresse, classe.code, "Léa").jeton
    client = httpx.Client(base_url=adresse, transport=reseau)
    return Liaison(client, jeton, patienter=lambda _: None).guichet(FOURNISSEUR)


@pytest.mark.parametrize("pannes", [["aller"], ["retour"], ["indisponible"], ["retour", "aller", "indisponible"]])
def test_un_geste_repete_par_un_reseau_qui_flanche_n_est_fait_qu_une_fois(
    guichet: GuichetHTTP, reseau: Reseau, pannes: list[str]
) -> None:
    reseau.pannes, reseau.cles = list(pannes), []
    guichet.faire(FOURNISSEUR, "deposer", version=None, **facture())
    assert len(set(reseau.cles)) == 1
    assert len(reseau.cles) == len(pannes) + 1
    assert len(guichet.pieces()) == 1


def test_un_reseau_perdu_est_dit_en_une_phrase(guichet: GuichetHTTP, reseau: Reseau) -> None:
    reseau.pannes = ["aller"] * 20
    with pytest.raises(ErreurLiaison, match="ne répond pas"):
        guichet.deposer(facture())
    reseau.pannes = ["indisponible"] * 20
    with pytest.raises(ErreurLiaison, match="occupé"):
        guichet.deposer(facture())


@pytest.mark.parametrize("corps", [b"", b"<html>", b"[]", b'{"n": 1}', json.dumps({"evenements": [{}]}).encode()])
def test_une_autre_reponse_que_celle_du_portail_est_dite(corps: bytes) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=corps))
    liaison = Liaison(httpx.Client(base_url="http://ailleurs", transport=transport), "jeton")
    with pytest.raises(ErreurLiaison, match="ne répond pas comme"):
        liaison.moi()
    with pytest.raises(ErreurLiaison, match="ne répond pas comme"):
        liaison.annuaire()


def test_le_carnet_montre_les_ecrans_sur_le_portail_de_la_classe(adresse: str, classe: Classe, tmp_path: Path) -> None:
    from facturier.formulaires.portail import en_classe

    lien.rejoindre(tmp_path, adresse, classe.code, "Léa")
    liaison = lien.liaison_de(tmp_path)
    assert liaison is not None
    memoire = Memoire("sans_moe/exercices", tmp_path / "exercices.ipynb", afficheur=Ecran())
    ecran = en_classe(liaison, memoire)
    assert "<h2" in ecran.conversation.page()
    assert {siege.acteur.role for siege in ecran.poste.sieges} >= {"fournisseur"}
    ecran.conversation.repondre({"type": "ouvrir", "ecran": "saisie_destinataire"})
    ecran.conversation.repondre({"type": "changer", "champ": "destinataire_siret", "texte": "21990002400015"})
    repris = en_classe(liaison, memoire)
    assert repris.poste.valeurs["destinataire_siret"] == "21990002400015"
    assert memoire.reponses[ecran.formulaire].journal == (), "la classe garde le journal, pas le carnet"
    ecran.conversation.repondre({"type": "aide"})
    assert classe.participants.participant("lea").aide


def test_la_situation_de_la_classe_se_joue_sur_les_ecrans_du_carnet(
    adresse: str, classe: Classe, tmp_path: Path
) -> None:
    from facturier.formulaires.portail import en_classe

    Animation(classe).jouer("nettoyage_public")
    lien.rejoindre(tmp_path, adresse, classe.code, "Léa")
    liaison = lien.liaison_de(tmp_path)
    assert liaison is not None
    poste = en_classe(liaison, Memoire("sans_moe/exercices", tmp_path / "exercices.ipynb", afficheur=Ecran())).poste
    situation = classe.espace("solo-lea").situation
    assert situation is not None
    assert poste.recit is not None
    assert poste.recit.texte == situation.recit.texte
    joues = [(joue.role, joue.structure) for joue in situation.recit.joues]
    assert [(siege.acteur.role, siege.acteur.structure) for siege in poste.sieges] == joues
