"""Ce que se disent un navigateur et un poste : des demandes hostiles, des réponses bornées, rien de perdu."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from facturier.champs import FormulaireDef
from facturier.ecrans import conversation as c
from facturier.ecrans import garde, joints
from facturier.ecrans.blocs import Cible
from facturier.ecrans.conversation import Conversation, depuis_formulaire
from facturier.erreurs import ErreurFacturier
from tests.ecrans import demonstration


@pytest.fixture
def conversation() -> Conversation:
    ouverte = Conversation(demonstration.poste(), demander_aide=lambda: "Le formateur est prévenu.")
    ouverte.repondre({"type": "bonjour"})
    return ouverte


def dire(conversation: Conversation, genre: str, **reste: Any) -> dict[str, Any]:
    return conversation.repondre({"type": genre, "vue": conversation.vue, "n": 7, "client": "moi", **reste})


def test_une_page_neuve_se_demande_et_se_reconnait() -> None:
    conversation = Conversation(demonstration.poste())
    reponse = conversation.repondre({"type": "bonjour", "n": 1, "client": "moi"})
    assert "<h2" in reponse["page"]
    assert (reponse["n"], reponse["client"], reponse["vue"]) == (1, "moi", "1")
    assert "J’ai besoin d’aide" not in reponse["page"]


def test_une_frappe_change_son_champ_seul_et_dit_sa_faute(conversation: Conversation) -> None:
    reponse = dire(conversation, "changer", champ="montant", texte="mille")
    assert reponse["page"] is None
    assert set(reponse["ilots"]) == {"fe-f-montant", "fe-b10"}
    assert reponse["annonce"].startswith("Un montant")
    assert reponse["focus"] == ""


def test_un_navigateur_qui_montre_autre_chose_recoit_toute_la_page(conversation: Conversation) -> None:
    reponse = conversation.repondre({"type": "changer", "champ": "texte", "texte": "x", "vue": "0"})
    assert reponse["page"] is not None
    assert reponse["ilots"] == {}


def test_un_geste_arrete_mene_au_premier_champ_a_corriger(conversation: Conversation) -> None:
    reponse = dire(conversation, "agir", geste="envoyer", saisies={"montant": "12"})
    assert reponse["focus"] == "fe-c-texte"
    assert "fe-recap" in reponse["ilots"]
    assert conversation.poste.valeurs["montant"] == "12"


def test_un_geste_emporte_ce_qui_vient_d_etre_saisi_et_mene_plus_loin(conversation: Conversation) -> None:
    reponse = dire(conversation, "agir", geste="envoyer", saisies={"texte": "bonjour"})
    assert (reponse["titre"], reponse["focus"], reponse["neuf"]) == ("Lignes", "fe-titre", True)
    assert reponse["annonce"] == "Envoyé : bonjour."
    assert "Envoyé" in reponse["page"]


def test_un_refus_se_dit_et_rien_de_saisi_n_est_perdu(conversation: Conversation) -> None:
    reponse = dire(conversation, "agir", geste="envoyer", saisies={"texte": "refus"})
    assert "Le portail refuse" in reponse["ilots"]["fe-statut"]
    assert conversation.poste.valeurs["texte"] == "refus"
    assert reponse["focus"] == "fe-titre"  # the refusal is under the title, its button may be a screen below


def test_une_question_se_pose_avant_le_geste_et_se_laisse(conversation: Conversation) -> None:
    bouton = {"geste": "jeter", "valeurs": {"quoi": ""}}
    reponse = dire(conversation, "demander", **bouton)
    assert "Jeter la pièce ?" in reponse["page"]
    assert "Non, revenir" in reponse["page"]
    assert "fe-c-texte" not in reponse["page"]
    assert "fe-c-texte" in dire(conversation, "rester")["page"]
    dire(conversation, "demander", **bouton)
    assert "Jeté" in dire(conversation, "agir", **bouton)["page"]


def test_un_fichier_se_joint_se_retire_et_un_recu_se_telecharge(conversation: Conversation) -> None:
    octets = base64.b64encode(b"contenu").decode()
    reponse = dire(conversation, "joindre", champ="fichier", nom="C:\\dossier\\a<b>.pdf", octets=octets)
    assert "a&lt;b&gt;.pdf" in reponse["ilots"]["fe-f-fichier"]
    assert reponse["annonce"].startswith("Fichier joint : a<b>.pdf.")
    assert joints.contenu(conversation.poste, "fichier") == [("a<b>.pdf", b"contenu")]
    dire(conversation, "retirer", champ="fichier", nom="a<b>.pdf")
    assert joints.contenu(conversation.poste, "fichier") == []
    fichier = dire(conversation, "agir", geste="fichier")["fichier"]
    assert (fichier["nom"], base64.b64decode(fichier["octets"])) == ("reçu.txt", b"octets")
    assert dire(conversation, "bonjour")["fichier"] is None


def test_l_aide_se_demande(conversation: Conversation) -> None:
    assert "Le formateur est prévenu." in dire(conversation, "aide")["ilots"]["fe-statut"]


def test_s_asseoir_ailleurs_change_de_page(conversation: Conversation) -> None:
    cle = conversation.poste.sieges[1].cle
    reponse = dire(conversation, "asseoir", cle=cle, saisies={"texte": "gardé"})
    assert (reponse["neuf"], reponse["focus"]) == (True, "fe-titre")
    assert conversation.poste.siege == conversation.poste.sieges[1]
    dire(conversation, "asseoir", cle=conversation.poste.sieges[0].cle)
    assert conversation.poste.valeurs["texte"] == "gardé"


@pytest.mark.parametrize(
    "demande",
    [
        None,
        [],
        "texte",
        {},
        {"type": 3},
        {"type": "effacer"},
        {"type": "adopter"},
        {"type": ["agir"]},
        {"type": "changer", "champ": 3, "texte": "x"},
        {"type": "changer", "champ": "texte", "texte": None},
        {"type": "changer", "champ": "x" * 300, "texte": ""},
        {"type": "changer", "champ": "texte", "texte": "x" * (c.TEXTE_MAX + 1)},
        {"type": "agir", "geste": {"a": 1}},
        {"type": "agir", "geste": "envoyer", "valeurs": ["a"]},
        {"type": "agir", "geste": "envoyer", "saisies": {"a": 1}},
        {"type": "agir", "geste": "envoyer", "saisies": dict.fromkeys(map(str, range(2000)), "x")},
        {"type": "ouvrir", "ecran": 4},
        {"type": "joindre", "champ": "fichier", "nom": "a", "octets": "pas du base64 !"},
        {"type": "joindre", "champ": "fichier", "nom": "a", "octets": 12},
        {"type": "joindre", "champ": "fichier", "nom": "a", "taille": -1},
        {"type": "joindre", "champ": "fichier", "nom": "a", "taille": True},
        {"type": "joindre", "champ": "fichier", "nom": "a", "taille": 10**13},
        {"type": "joindre", "champ": "fichier", "nom": "../..", "octets": ""},
        {"type": "joindre", "champ": "fichier", "nom": "a", "octets": bytes(c.FICHIER_MAX + 1)},
        {"type": "joindre", "champ": "fichier", "nom": "a", "octets": "A" * (c.FICHIER_MAX * 2)},
    ],
)
def test_une_demande_mal_formee_est_refusee_par_une_phrase(conversation: Conversation, demande: object) -> None:
    avant = conversation.poste.en_json()
    reponse = conversation.repondre(demande)
    assert 'class="avis erreur"' in reponse["page"]
    assert conversation.poste.en_json() == avant
    assert conversation.poste.fichiers == {}


@pytest.mark.parametrize(
    ("genre", "reste"),
    [
        ("agir", {"geste": "detruire"}),
        ("ouvrir", {"ecran": "nulle_part"}),
        ("changer", {"champ": "texte", "texte": "x" * 30_000}),
        ("changer", {"champ": "inconnu", "texte": "x"}),
        ("asseoir", {"cle": "animateur::"}),
        ("joindre", {"champ": "inconnu", "nom": "a.pdf", "octets": b"x"}),
        ("joindre", {"champ": "texte", "nom": "a.pdf", "octets": b"x"}),
    ],
)
def test_ce_qui_n_est_pas_sur_la_page_ne_se_fait_pas(
    conversation: Conversation, genre: str, reste: dict[str, Any]
) -> None:
    avant = conversation.poste.en_json()
    dire(conversation, genre, **reste)
    assert conversation.poste.en_json() == avant
    assert conversation.poste.fichiers == {}


def test_un_demi_caractere_ne_casse_rien(conversation: Conversation) -> None:
    dire(conversation, "changer", champ="texte", texte="a\ud83d")
    assert conversation.poste.valeurs["texte"] == "a?"


def test_un_portail_qui_ne_repond_plus_se_dit_et_la_page_reste(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tomber(_: object) -> object:
        raise ErreurFacturier("Le portail de la classe ne répond pas.")

    monkeypatch.setattr(conversation.poste, "vue", lambda: tomber(None))
    reponse = dire(conversation, "changer", champ="texte", texte="gardé")
    assert reponse["refus"] == "Le portail de la classe ne répond pas."
    assert (reponse["page"], reponse["ilots"]) == (None, {})
    assert conversation.poste.valeurs["texte"] == "gardé"


def test_un_formulaire_envoye_sans_javascript_dit_les_memes_choses() -> None:
    assert depuis_formulaire([("c.texte", "a"), ("c.oui", ""), ("c.oui", "oui"), ("geste", "jeter?quoi=x")]) == [
        {"type": "agir", "geste": "jeter", "valeurs": {"quoi": "x"}, "saisies": {"texte": "a", "oui": "oui"}}
    ]
    joint, envoi = depuis_formulaire([("c.texte", "a"), ("demander", "jeter")], [("c.fichier", "f.pdf", b"x")])
    assert joint == {"type": "joindre", "champ": "fichier", "nom": "f.pdf", "octets": b"x"}
    assert (envoi["type"], envoi["saisies"]) == ("demander", {"texte": "a"})
    assert depuis_formulaire([("siege", "moe:1:"), ("asseoir", "")]) == [{"type": "asseoir", "cle": "moe:1:"}]
    *_, retrait = depuis_formulaire([("c.texte", "a"), ("retirer", "fichier?nom=f.pdf")])
    assert retrait == {"type": "retirer", "champ": "fichier", "nom": "f.pdf"}
    assert depuis_formulaire([]) == [{"type": "bonjour"}]


def test_ce_qui_est_garde_se_retrouve_sans_secret_et_par_morceaux() -> None:
    poste = demonstration.poste()
    poste.saisir({"texte": "bonjour", "secret": "motdepasse", "long": "é" * 19_000, "courriel": "b" * 15_000})
    poste.asseoir(poste.sieges[1].cle)
    poste.ouvrir(Cible("lignes", "P0001"))
    poste.notes["recherche"] = "toiture"
    valeurs = garde.aplatir(poste.en_json())
    assert "motdepasse" not in str(valeurs)
    assert all(len(texte) <= garde.TEXTE_MAX for texte in valeurs.values())
    repris = demonstration.poste()
    repris.reprendre(garde.deplier(valeurs))
    assert (repris.lieu, repris.siege, repris.notes) == (poste.lieu, poste.siege, poste.notes)
    repris.ouvrir(Cible("tout"))
    repris.asseoir(repris.sieges[0].cle)
    assert {c: t for c, t in repris.valeurs.items() if t} == {
        "texte": "bonjour",
        "long": "é" * 19_000,
        "courriel": "b" * 15_000,
    }


def test_un_formulaire_qui_ne_se_fait_plus_n_empeche_rien_d_etre_garde_et_ne_livre_aucun_secret() -> None:
    poste = demonstration.poste()
    poste.saisir({"texte": "bonjour", "secret": "motdepasse"})

    def absent(*_: object) -> FormulaireDef:
        raise RuntimeError("le portail ne répond pas")

    poste.catalogue = {**poste.catalogue, "tout": replace(poste.catalogue["tout"], formulaire=absent)}
    poste.catalogue["autre"] = demonstration.TOUT
    valeurs = str(poste.en_json())
    assert "bonjour" in valeurs
    assert "motdepasse" not in valeurs


@pytest.mark.parametrize(
    "valeurs",
    [
        {},
        {"lieu": "[1, 2]", "siege": 3},
        {"lieu": '["tout", "P0001"]', "saisie tout||": "[1]", "note x": ["y"]},
        {"lieu": "{", "saisie tout||": '{"texte": 3}'},
        {"lieu": '["ailleurs", ""]', "saisie": "{}"},
    ],
)
def test_ce_qui_est_garde_de_travers_est_laisse_de_cote(valeurs: dict[str, Any]) -> None:
    poste = demonstration.poste()
    poste.reprendre(garde.deplier(valeurs))
    assert Conversation(poste).page()


def test_garder_n_ecrit_que_ce_qui_tient_les_plus_recents_d_abord() -> None:
    poste = demonstration.poste()
    for rang in range(40):
        poste.ouvrir(Cible("tout", f"P{rang:04d}"))
        poste.changer("long", f"{rang} " + "x" * 10_000)
    valeurs = garde.aplatir(poste.en_json())
    assert sum(map(len, valeurs.values())) < garde.GARDE_MAX + 1_000
    repris = demonstration.poste()
    repris.reprendre(garde.deplier(valeurs))
    assert repris.valeurs["long"].startswith("39 ")
