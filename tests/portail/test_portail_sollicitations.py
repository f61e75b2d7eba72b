"""Support: a tree that is one, tickets that go to who can answer, answers that come by themselves."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from bureau import ENTREPRISE, PERSONNE, dernier, entre, gestionnaire
from hypothesis import given
from hypothesis import strategies as st
from joueurs import COMMUNE, ELECTRICIEN, HOPITAL, Horloge, deposer

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Annuaire, Ouverture, Portail, RefusPortail
from facturier.portail.assistance import Feuille, Question, arbre
from facturier.portail.boite import messages, modeles
from facturier.portail.criteres import evaluer
from facturier.portail.etat import octets

ELECTRICITE = Acteur("fournisseur", ELECTRICIEN)
TICKET = {"question": "pas-payee", "destinataire": "service_metier", "client": COMMUNE, "sujet": "FA-42", "texte": "?"}
FICHIER = contenu.racine() / "data" / "assistance.toml"


def refuse(portail: Portail, acteur: Acteur, regle: str, action: str, objet: str = "", **donnees: str) -> None:
    avant = octets(portail.etat), portail.journal
    with pytest.raises(RefusPortail) as refus:
        portail.faire(acteur, action, objet, **donnees)
    assert regle in refus.value.regles
    assert (octets(portail.etat), portail.journal) == avant


# --- the tree --------------------------------------------------------------------------------------------


def test_chaque_feuille_de_l_arbre_s_atteint_une_fois_et_a_sa_source() -> None:
    assistance = arbre()
    assert assistance.controler() == ()
    chemins: dict[str, int] = {}

    def suivre(identifiant: str, profondeur: int) -> None:
        assert profondeur < 6
        noeud = assistance.noeud(identifiant)
        if isinstance(noeud, Feuille):
            chemins[identifiant] = chemins.get(identifiant, 0) + 1
        else:
            for choix in noeud.choix:
                suivre(choix.vers, profondeur + 1)

    suivre(assistance.racine, 0)
    assert chemins == dict.fromkeys(assistance.feuilles, 1)
    for feuille in assistance.feuilles.values():
        assert feuille.source.strip()
        assert feuille.fiabilite in ("établi", "partiel", "à vérifier")
    assert {f.destination for f in assistance.feuilles.values()} == set(assistance.destinataires)


def test_les_durees_de_l_arbre_viennent_des_tables() -> None:
    assert "60\u00a0minutes" in arbre().feuilles["lien-expire"].texte
    assert "{" not in "".join(f.texte + f.reponse for f in arbre().feuilles.values())


@pytest.mark.parametrize("nom", ["assistance.toml", "messages.toml"])
def test_l_assistance_et_la_boite_ecrivent_en_bon_francais(nom: str) -> None:
    lignes = (contenu.racine() / "data" / nom).read_text(encoding="utf-8").splitlines()
    fautes = [
        ligne for ligne in lignes if not ligne.startswith("#") and re.search(r"«(?!\u00a0)| [:;?!»]|\w'\w", ligne)
    ]
    assert fautes == []


@pytest.mark.parametrize(
    ("avant", "apres", "dit"),
    [
        ('vers = "lien-expire"', 'vers = "accueil"', "boucle"),
        ('vers = "lien-expire"', 'vers = "code-a-redemander"', "deux fois"),
        ('vers = "lien-expire"', 'vers = "nulle-part"', "n’existe pas"),
        ('destination = "editeur"', 'destination = "ministre"', "inconnu"),
        ('fiabilite = "établi"', 'fiabilite = "sûr"', "fiabilité"),
        ('source = "KB0011479"', 'source = " "', "source est vide"),
        ("{activation-compte}", "{activation-inconnue}", "n’existe pas"),
        ('racine = "accueil"', 'racine = "accueil"\ncouleur = 3', None),
        ("[[feuille]]", "[[feuille", "n’est pas lisible"),
        ('ouvre = "08:30"', 'ouvre = "19:30"', "à l’envers"),
    ],
)
def test_un_arbre_mal_ecrit_est_refuse_par_son_nom(tmp_path: Path, avant: str, apres: str, dit: str | None) -> None:
    texte = FICHIER.read_text(encoding="utf-8")
    assert avant in texte
    fichier = tmp_path / "assistance.toml"
    fichier.write_text(texte.replace(avant, apres, 1), encoding="utf-8")
    if dit is None:
        assert arbre(fichier).racine == "accueil"
        return
    with pytest.raises(ErreurFacturier, match=dit):
        arbre(fichier)


def test_un_noeud_inconnu_est_dit() -> None:
    assert isinstance(arbre().noeud("accueil"), Question)
    with pytest.raises(ErreurFacturier, match="repartez du début"):
        arbre().noeud("ailleurs")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(sorted(arbre().attente.heures)),
    st.integers(0, 2**64),
)
def test_une_reponse_simulee_vient_toujours_aux_heures_de_bureau(depuis: datetime, de: str, tirage: int) -> None:
    attente = arbre().attente
    quand = attente.echeance(depuis, de, tirage)
    assert quand >= depuis
    assert quand.weekday() < 5
    assert attente.ouvre <= quand.time() <= attente.ferme


# --- requests --------------------------------------------------------------------------------------------


def test_une_question_de_paiement_va_au_client_qui_repond(
    portail: Portail, horloge: Horloge, annuaire: Annuaire
) -> None:
    piece = deposer(portail).id
    ticket = portail.faire(ELECTRICITE, "ouvrir_sollicitation", **TICKET, piece=piece)
    assert ticket == "T0001"
    assert portail.etat.sollicitations[ticket].bien_adressee
    assert dernier(portail, COMMUNE).objet.startswith("Sollicitation T0001 d’un fournisseur")
    portail.avancer(7)
    repondue = portail.etat.sollicitations[ticket]
    assert repondue.statut == "ACTION_REQUISE"
    assert repondue.echanges[-1].texte == arbre().feuilles["pas-payee"].reponse
    assert repondue.echanges[-1].texte in dernier(portail, ELECTRICIEN).texte
    portail.faire(ELECTRICITE, "clore_sollicitation", ticket)
    refuse(portail, ELECTRICITE, "cloturee", "repondre_sollicitation", ticket, texte="Encore ?")
    criteres = evaluer(portail.etat)
    assert criteres["sollicitation_bien_adressee"]
    assert criteres["sollicitation_cloturee"]
    for n in range(portail.longueur + 1):
        rejoue = Portail.rejouer(portail.journal[:n], annuaire)
        assert rejoue.journal == portail.journal[: rejoue.longueur]
    assert octets(rejoue.etat) == octets(portail.etat)


def test_le_support_renvoie_vers_le_client_qui_lui_demande_la_date_de_paiement(portail: Portail) -> None:
    ticket = portail.faire(
        ELECTRICITE,
        "ouvrir_sollicitation",
        question="pas-payee",
        destinataire="support",
        sujet="FA-42",
        texte="Quand ?",
    )
    portail.avancer(5)
    sollicitation = portail.etat.sollicitations[ticket]
    assert not sollicitation.bien_adressee
    assert "client public" in sollicitation.echanges[-1].texte
    assert not evaluer(portail.etat)["sollicitation_bien_adressee"]
    portail.faire(ELECTRICITE, "repondre_sollicitation", ticket, texte="Et maintenant ?")
    assert portail.etat.sollicitations[ticket].statut == "EN_COURS"
    portail.avancer(5)
    assert [e.de for e in portail.etat.sollicitations[ticket].echanges] == ["auteur", "support", "auteur", "support"]


def test_le_client_joue_par_une_personne_repond_lui_meme(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, Ouverture(classe=True))
    animateur = Acteur("animateur", "", "animateur")
    portail.faire(animateur, "confier", role="destinataire", structure=COMMUNE, a="zoe")
    lea, zoe = Acteur("fournisseur", ELECTRICIEN, "lea"), Acteur("destinataire", COMMUNE, "zoe")
    ticket = portail.faire(lea, "ouvrir_sollicitation", **TICKET)
    portail.avancer(30, animateur)
    assert portail.etat.sollicitations[ticket].statut == "EN_COURS"
    refuse(portail, Acteur("fournisseur", ELECTRICIEN, "max"), "auteur", "relancer_sollicitation", ticket)
    refuse(portail, Acteur("destinataire", HOPITAL, "max"), "auteur", "repondre_sollicitation", ticket, texte="Non.")
    portail.faire(lea, "relancer_sollicitation", ticket, texte="Un mois déjà.")
    refuse(portail, lea, "trop-tot", "relancer_sollicitation", ticket, texte="Alors ?")
    refuse(portail, zoe, "auteur", "relancer_sollicitation", ticket)
    refuse(portail, zoe, "texte", "repondre_sollicitation", ticket, texte=" ")
    portail.faire(zoe, "repondre_sollicitation", ticket, texte="Le mandat part demain.")
    sollicitation = portail.etat.sollicitations[ticket]
    assert (sollicitation.statut, sollicitation.relances) == ("ACTION_REQUISE", 1)
    refuse(portail, lea, "action-requise", "relancer_sollicitation", ticket)


@pytest.mark.parametrize(
    ("champs", "regle"),
    [
        ({"question": "accueil"}, "question"),
        ({"question": ""}, "question"),
        ({"destinataire": "editeur"}, "destinataire"),
        ({"destinataire": "ministre"}, "destinataire"),
        ({"client": ELECTRICIEN}, "client"),
        ({"client": ""}, "client"),
        ({"destinataire": "support"}, "client"),
        ({"sujet": ""}, "sujet"),
        ({"sujet": "x" * 101}, "sujet"),
        ({"texte": " "}, "texte"),
        ({"piece": "P0009"}, "piece"),
        ({"courriel": "lea"}, "courriel"),
    ],
)
def test_une_sollicitation_mal_remplie_est_refusee(portail: Portail, champs: dict[str, str], regle: str) -> None:
    refuse(portail, ELECTRICITE, regle, "ouvrir_sollicitation", **{**TICKET, **champs})


def test_un_ticket_s_ouvre_sans_compte_avec_un_courriel(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, Ouverture(comptes=True))
    demande = {"question": "code-jamais-recu", "destinataire": "support", "sujet": "Code", "texte": "Rien ne vient."}
    refuse(portail, PERSONNE, "courriel", "ouvrir_sollicitation", **demande)
    ticket = portail.faire(PERSONNE, "ouvrir_sollicitation", **demande, courriel="lea@exemple.fr")
    portail.avancer(5)
    assert dernier(portail, "lea@exemple.fr").objet == "Sollicitation T0001\u00a0: une réponse vous attend"
    lea = entre(portail)
    refuse(portail, lea, "auteur", "clore_sollicitation", ticket)


def test_un_compte_a_besoin_de_l_espace_sollicitations(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, Ouverture(comptes=True))
    lea = gestionnaire(portail)
    portail.faire(lea, "retirer_habilitation", f"S{ENTREPRISE}", compte=lea.par, espace="sollicitations")
    refuse(portail, lea, "droits", "ouvrir_sollicitation", **TICKET)
    portail.faire(lea, "habiliter", f"S{ENTREPRISE}", compte=lea.par, espace="sollicitations")
    assert portail.faire(lea, "ouvrir_sollicitation", **TICKET) == "T0001"


def test_chaque_message_de_la_boite_a_son_modele() -> None:
    assert {"activation", "code", "piece-statut", "piece-a-traiter"} <= set(modeles().messages)
    with pytest.raises(ErreurFacturier, match="ne sont pas lisibles"):
        modeles(Path("absent.toml"))


def test_une_boite_inconnue_est_vide(portail: Portail) -> None:
    deposer(portail)
    assert messages(portail, "personne@exemple.fr") == ()
