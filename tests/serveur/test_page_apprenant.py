"""The learner's pages by plain HTTPS: joined, typed, sent, with the script or without, each in their own place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from classe_essai import facture
from fastapi.testclient import TestClient
from page_essai import ADRESSE

from facturier.champs import def_facture as defs
from facturier.ecrans.blocs import Cible
from facturier.ecrans.rendu import Cadre
from facturier.registre import Lot
from facturier.registre.classe import regler
from facturier.serveur import Animateurs, Animation, Classe
from facturier.serveur.application import creer
from facturier.serveur.postes import Postes

ORIGINE = {"origin": ADRESSE}


class Navigateur:
    """A learner's browser, without a window."""

    def __init__(self, classe: Classe) -> None:
        application = creer(classe, Animateurs(classe.registre, classe.ecrivain, classe.horloge))
        self.client = TestClient(application, base_url=ADRESSE, follow_redirects=True)
        self.classe = classe
        self.page: Any = None

    def rejoindre(self, prenom: str) -> Navigateur:
        self.page = lxml.html.fromstring(self.client.get("/").text)
        preuve = self.page.xpath("//form[@action='/rejoindre']//input[@name='preuve']/@value")[0]
        donnees = {"preuve": preuve, "code": self.classe.code, "prenom": prenom}
        assert self.client.post("/rejoindre", data=donnees, headers=ORIGINE).status_code == 200
        return self

    def ouvrir(self, ecran: str = "", objet: str = "", espace: str = "") -> Navigateur:
        reponse = self.client.get("/poste", params={"ecran": ecran, "objet": objet, "espace": espace})
        assert reponse.status_code == 200, reponse.text
        self.page = lxml.html.fromstring(reponse.text)
        return self

    @property
    def racine(self) -> Any:
        return self.page.xpath("//div[contains(@class, 'facturier-ecran')]")[0]

    def dire(self, **evenement: Any) -> dict[str, Any]:
        """An event of the script."""
        corps = {"vue": self.racine.get("data-vue"), "client": "essai", "n": 1, **evenement}
        entetes = {**ORIGINE, "x-preuve": self.racine.get("data-preuve")}
        reponse = self.client.post(self.racine.get("data-adresse"), json=corps, headers=entetes)
        assert reponse.status_code == 200, reponse.text
        lu: dict[str, Any] = reponse.json()
        return lu

    def presser(self, nom: str, valeur: str, **champs: str) -> Navigateur:
        """A button of the form, as a browser without JavaScript sends it."""
        formulaire = next(f for f in self.page.forms if f.get("class") == "ecran")
        donnees = {cle: texte or "" for cle, texte in formulaire.form_values()}
        donnees |= {f"c.{champ}": texte for champ, texte in champs.items()}
        reponse = self.client.post(
            formulaire.get("action"),
            data={**donnees, nom: valeur},
            files={"vide": ("", b"")},
            headers=ORIGINE,
        )
        assert reponse.status_code == 200, reponse.text
        self.page = lxml.html.fromstring(reponse.text)
        return self

    @property
    def texte(self) -> str:
        return " ".join(self.page.text_content().replace("\u00a0", " ").split())


@pytest.fixture
def lea(classe: Classe) -> Navigateur:
    return Navigateur(classe).rejoindre("Léa")


def test_sans_avoir_rejoint_la_classe_on_est_reconduit_a_la_porte(classe: Classe) -> None:
    nouveau = Navigateur(classe).ouvrir()
    assert "Rejoindre la classe" in nouveau.texte


def test_une_facture_part_sans_javascript_et_arrive_dans_le_portail_de_la_classe(lea: Navigateur) -> None:
    demande = {champ: texte for champ, texte in facture().items() if texte}
    lea.ouvrir("saisie_destinataire")
    for definition in (defs.DESTINATAIRE, defs.CADRE, defs.lignes(1), defs.JOINTES):
        siens = {c.id: demande[c.id] for c in definition.champs if c.id in demande}
        lea.presser("geste", "continuer", **siens)
    lea.presser("geste", "envoyer")
    assert "est envoyée" in lea.texte
    qui = lea.classe.participants.participant("lea")
    pieces = lea.classe.lire(qui, qui.solo, lambda portail: portail.pieces())
    assert [piece.numero for piece in pieces] == ["FA-2026-0042"]
    assert pieces[0].deposant == lea.classe.montage.postes[0].structure


def test_ce_qui_est_tape_se_garde_et_se_retrouve_apres_un_arret_du_serveur(
    ouvrir: Callable[[str], Classe], base: str
) -> None:
    avant = ouvrir(base)
    lea = Navigateur(avant).rejoindre("Léa").ouvrir("saisie_cadre")
    lea.dire(type="changer", champ="numero_facture", texte="FA-2026-0099")
    temoin = dict(lea.client.cookies)
    avant.fermer()
    apres = Navigateur(ouvrir(base))
    apres.client.cookies.update(temoin)
    apres.ouvrir()
    assert "FA-2026-0099" in apres.page.xpath("//input[@name='c.numero_facture']/@value")


def test_le_script_recoit_ce_qui_change_et_rien_d_autre(lea: Navigateur) -> None:
    lea.ouvrir("saisie_destinataire")
    reponse = lea.dire(type="changer", champ="destinataire_siret", texte="12")
    assert reponse["page"] is None
    assert reponse["ilots"]
    assert all(
        "destinataire_siret" in ilot or "statut" in ilot or "recap" in ilot or "b" in ilot for ilot in reponse["ilots"]
    )


def test_le_formateur_voit_ce_qui_est_tape_et_la_demande_d_aide(lea: Navigateur) -> None:
    lea.ouvrir("saisie_destinataire")
    lea.dire(type="changer", champ="numero_engagement", texte="EJ-1")
    suivi = lea.classe.participants.suivi("lea")
    assert suivi.formulaire is not None
    assert suivi.formulaire["valeurs"]["numero_engagement"] == "EJ-1"
    lea.dire(type="aide")
    assert lea.classe.participants.participant("lea").aide
    Animation(lea.classe).aide_donnee("lea")
    for adresse in ("/poste", "/"):
        assert "Votre demande a été vue à " in lea.client.get(adresse).text
    lea.dire(type="aide")
    assert "a été vue" not in lea.client.get("/poste").text


@pytest.mark.parametrize(
    "entetes",
    [{"x-preuve": "faux", **ORIGINE}, {"x-preuve": "", **ORIGINE}, {"origin": "http://ailleurs.example"}],
    ids=["fausse", "vide", "d-ailleurs"],
)
def test_une_page_d_ailleurs_ne_fait_rien_ici(lea: Navigateur, entetes: dict[str, str]) -> None:
    lea.ouvrir("saisie_destinataire")
    adresse = lea.racine.get("data-adresse")
    reponse = lea.client.post(adresse, json={"type": "bonjour"}, headers=entetes)
    assert reponse.status_code in (403, 422)


def test_personne_n_entre_dans_l_espace_d_un_autre(lea: Navigateur) -> None:
    Navigateur(lea.classe).rejoindre("Samir")
    samir = lea.classe.participants.participant("samir")
    assert lea.client.get("/poste", params={"espace": samir.solo}).status_code == 403
    lea.ouvrir()
    entetes = {**ORIGINE, "x-preuve": lea.racine.get("data-preuve")}
    assert lea.client.post(f"/poste/{samir.solo}", json={"type": "bonjour"}, headers=entetes).status_code == 403


def test_un_fichier_se_depose_et_un_trop_gros_se_refuse(lea: Navigateur) -> None:
    lea.ouvrir("depot_fichier")
    adresse, preuve = lea.racine.get("data-adresse"), lea.racine.get("data-preuve")
    evenement = json.dumps({"type": "joindre", "champ": "fichier", "nom": "f.xml", "vue": "", "n": 1, "client": "e"})
    for octets, statut in ((b"<x/>", 200), (b"x" * (10 * 1024 * 1024), 413)):
        reponse = lea.client.post(
            adresse,
            data={"evenement": evenement},
            files={"fichier": ("f.xml", octets)},
            headers={**ORIGINE, "x-preuve": preuve},
        )
        assert reponse.status_code == statut
    assert "f.xml" in lea.ouvrir().texte


@pytest.mark.parametrize("brut", [b"[]", b"{", b'{"type": 1}', b'{"type":"agir","geste":"x","valeurs":[1]}', b"\xff"])
def test_un_evenement_absurde_recoit_une_phrase(lea: Navigateur, brut: bytes) -> None:
    lea.ouvrir("saisie_destinataire")
    entetes = {**ORIGINE, "x-preuve": lea.racine.get("data-preuve"), "content-type": "application/json"}
    reponse = lea.client.post(lea.racine.get("data-adresse"), content=brut, headers=entetes)
    assert reponse.status_code in (200, 422)
    assert "Traceback" not in reponse.text


def test_un_mot_de_passe_tape_n_est_ni_garde_ni_montre_au_formateur(classe: Classe) -> None:
    qui = classe.identifier(classe.rejoindre(classe.code, "Léa").jeton)
    poste = Postes(classe).place(qui, qui.solo, Cadre()).poste
    poste.ouvrir(Cible("compte_activer"))
    assert "mot_de_passe" in poste.valeurs, "l’écran ne demande plus de mot de passe"
    poste.saisir({"mot_de_passe": "Tr0is-mots-secrets", "confirmation": "Tr0is-mots-secrets"})
    assert "Tr0is-mots-secrets" not in str(classe.registre.reglages())
    assert "Tr0is-mots-secrets" not in str(Animation(classe).formulaire("lea"))


def test_ce_qui_n_est_plus_lisible_est_mis_de_cote_et_se_dit(classe: Classe) -> None:
    qui = classe.identifier(classe.rejoindre(classe.code, "Léa").jeton)
    cle = f"poste|{qui.solo}|{qui.pseudonyme}"
    classe.ecrivain.ecrire(Lot(ordres=regler(cle, '{"saisies": {"coup')))
    poste = Postes(classe).place(qui, qui.solo, Cadre()).poste
    assert "n’est plus lisible" in str(poste.vue().statut)
    poste.ouvrir(Cible("saisie_destinataire"))
    poste.changer("destinataire_siret", "26990001500018")
    reglages = classe.registre.reglages()
    assert "26990001500018" in reglages[cle]
    assert [texte for nom, texte in reglages.items() if nom.startswith(f"{cle}|illisible|")] == ['{"saisies": {"coup']
