"""The trainer's verbs: groups and roles, events, clock, one learner, the view of the class."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from classe_essai import ELECTRICIEN, Horloge, facture

from facturier.portail import Acteur, RefusPortail
from facturier.serveur import Animateurs, Animation, Classe, RefusClasse
from facturier.serveur.montages import Poste
from facturier.serveur.repartition import former

COUVREUR, ARCHITECTE = "99990014500015", "99990012900019"
TITULAIRE = Acteur("fournisseur", COUVREUR)


def classe_de(classe: Classe, *prenoms: str) -> Animation:
    for prenom in prenoms:
        classe.rejoindre(classe.code, prenom)
    return Animation(classe)


def roles(animation: Animation, qui: str) -> list[str]:
    vues = {p["pseudonyme"]: p for p in animation.vue_d_ensemble()["participants"]}
    return [role["role"] for role in vues[qui]["roles"]]


def situation(numero: str = "SIT-01") -> dict[str, str]:
    champs = {"destinataire_siret": ARCHITECTE, "numero_marche": "2026-TVX-014", "code_service": ""}
    return facture(numero, **champs, cadre="A4", mode_paiement="", iban="")


@pytest.mark.parametrize(
    ("combien", "tailles"), [(1, [1]), (3, [3]), (5, [5]), (6, [3, 3]), (7, [3, 4]), (11, [3, 4, 4]), (15, [5, 5, 5])]
)
def test_trois_a_cinq_font_un_circuit_six_ou_sept_en_font_deux(combien: int, tailles: list[int]) -> None:
    assert [len(groupe) for groupe in former([f"p{n}" for n in range(combien)])] == tailles


def test_un_groupe_tient_les_premiers_roles_le_reste_est_simule(classe: Classe) -> None:
    animation = classe_de(classe, "Léa", "Paul", "Zoé")
    assert animation.repartir() == ("groupe-1-1",)
    assert [roles(animation, qui) for qui in ("lea", "paul", "zoe")] == [["fournisseur"], ["moe"], ["moa"]]
    lea, paul = (classe.participants.participant(nom) for nom in ("lea", "paul"))
    classe.faire(lea, "groupe-1-1", TITULAIRE, "deposer", "", situation())
    assert classe.lire(paul, "groupe-1-1", lambda p: p.piece("P0001").numero) == "SIT-01"
    with pytest.raises(RefusPortail, match="tenu par « lea »"):
        classe.faire(paul, "groupe-1-1", TITULAIRE, "deposer", "", situation("SIT-02"))
    with pytest.raises(RefusPortail, match="confié à personne"):
        classe.faire(lea, "groupe-1-1", Acteur("fournisseur", ELECTRICIEN), "deposer", "", facture())


def test_les_roles_tournent_et_chacun_passe_par_tous(classe: Classe) -> None:
    animation = classe_de(classe, "Léa", "Paul", "Zoé")
    animation.repartir()
    vus = [roles(animation, "lea")]
    for _ in range(3):
        animation.tourner()
        vus.append(roles(animation, "lea"))
    assert vus == [["fournisseur"], ["moe"], ["moa"], ["fournisseur"]]


def test_une_nouvelle_repartition_ferme_l_ancien_groupe_a_ses_yeux(classe: Classe) -> None:
    animation = classe_de(classe, "Léa", "Paul", "Zoé")
    animation.repartir()
    assert animation.repartir([["lea", "zoe"], ["paul"]]) == ("groupe-2-1", "groupe-2-2")
    paul = classe.participants.participant("paul")
    for ailleurs in ("groupe-1-1", "groupe-2-1"):
        with pytest.raises(RefusClasse):
            classe.lire(paul, ailleurs, lambda p: p.longueur)


@pytest.mark.parametrize("groupes", [[], [[]], [["lea", "lea"]], [["lea"], ["lea"]], [["inconnu"]], [["lea"] * 6]])
def test_une_repartition_impossible_ne_change_rien(classe: Classe, groupes: list[list[str]]) -> None:
    animation = classe_de(classe, "Léa")
    with pytest.raises(RefusClasse):
        animation.repartir(groupes)
    assert classe.participants.participant("lea").groupe == ""


def test_un_retardataire_prend_un_role_simule_a_l_heure_de_la_classe(classe: Classe, horloge: Horloge) -> None:
    animation = classe_de(classe, "Léa", "Paul", "Zoé")
    animation.repartir()
    animation.avancer(10)
    tard = classe.rejoindre(classe.code, "Tardif").participant
    assert tard.groupe == "groupe-1-1"
    assert roles(animation, "tardif") == ["destinataire"]
    for espace in (tard.solo, tard.groupe):
        assert classe.lire(tard, espace, lambda p: p.maintenant) == horloge.heure + timedelta(days=10)


def test_le_role_d_un_absent_est_simule(classe: Classe) -> None:
    animation = classe_de(classe, "Léa", "Paul", "Zoé")
    animation.repartir()
    animation.absenter("paul")
    assert roles(animation, "paul") == []
    animation.confier("groupe-1-1", "moe", ARCHITECTE, "paul")
    assert roles(animation, "paul") == ["moe"]


def tenant(classe: Classe, role: str, siret: str) -> str:
    return classe.espace("groupe-1-1").lire(lambda p: p.etat.attributions[role, siret])


def test_un_absent_est_joue_par_le_caractere_choisi_et_retrouve_ses_roles_en_revenant(
    ouvrir: Callable[[str], Classe], base: str, horloge: Horloge
) -> None:
    classe = ouvrir(base)
    animation = classe_de(classe, "Léa", "Zoé")
    jeton = classe.rejoindre(classe.code, "Paul").jeton
    animation.repartir([["lea", "paul", "zoe"]])
    animation.absenter("paul", "silencieux")
    assert tenant(classe, "moe", ARCHITECTE) == "simule:silencieux"
    lea = classe.participants.participant("lea")
    classe.faire(lea, "groupe-1-1", TITULAIRE, "deposer", "", situation())
    animation.avancer(40)
    assert classe.lire(lea, "groupe-1-1", lambda p: len(p.pieces())) == 1, "un partenaire silencieux ne répond pas"
    classe.fermer()
    reprise = ouvrir(base)
    assert tenant(reprise, "moe", ARCHITECTE) == "simule:silencieux"
    paul = reprise.identifier(jeton)
    assert paul.pseudonyme == "paul"
    assert tenant(reprise, "moe", ARCHITECTE) == "paul"
    assert reprise.lire(paul, "groupe-1-1", lambda p: p.gestes(Acteur("moe", ARCHITECTE, "paul"), "P0001"))
    reprise.confier("groupe-1-1", Poste("moe", ARCHITECTE), "simule:lent")
    reprise.identifier(jeton)
    assert tenant(reprise, "moe", ARCHITECTE) == "simule:lent", "le retour ne se fête qu’une fois"


def test_un_absent_remplace_par_un_retardataire_ne_lui_reprend_rien(classe: Classe) -> None:
    animation = classe_de(classe, "Léa")
    jeton = classe.rejoindre(classe.code, "Paul").jeton
    animation.repartir([["lea", "paul"]])
    animation.absenter("paul")
    classe.rejoindre(classe.code, "Tardif")
    assert tenant(classe, "moe", ARCHITECTE) == "tardif"
    classe.identifier(jeton)
    assert tenant(classe, "moe", ARCHITECTE) == "tardif"
    assert "tenu par «\u00a0tardif\u00a0»" in classe.avis[-1]


def test_un_caractere_inconnu_ne_prete_rien(classe: Classe) -> None:
    animation = classe_de(classe, "Léa")
    animation.repartir()
    with pytest.raises(RefusClasse, match="prompt"):
        animation.absenter("lea", "aimable")
    assert roles(animation, "lea") == ["fournisseur"]


def test_l_animateur_agit_au_nom_d_un_role_et_c_est_ecrit(classe: Classe) -> None:
    animation = classe_de(classe, "Léa")
    lea = classe.participants.participant("lea")
    classe.faire(lea, lea.solo, Acteur("fournisseur", ELECTRICIEN), "deposer", "", facture())
    possibles = animation.gestes(lea.solo, "P0001")
    choisi = next(geste for geste in possibles if geste["action"] == "rejeter")
    motif = {"motif": "AUTRE", "commentaire": "Le bon de commande manque."}
    animation.injecter(lea.solo, choisi["role"], choisi["structure"], "rejeter", "P0001", motif)
    dernier = classe.lire(lea, lea.solo, lambda p: p.journal[-1])
    assert (dernier["action"], dernier["par"]) == ("rejeter", "animateur")


def test_l_horloge_de_la_classe_avance_s_arrete_et_repart(classe: Classe, horloge: Horloge) -> None:
    animation = classe_de(classe, "Léa", "Paul")
    lea, paul = (classe.participants.participant(nom) for nom in ("lea", "paul"))

    def heures() -> set[object]:
        return {classe.lire(qui, qui.solo, lambda p: p.maintenant) for qui in (lea, paul)}

    animation.avancer(5)
    assert heures() == {horloge.heure + timedelta(days=5)}
    animation.arreter()
    arret = heures()
    horloge.passe(hours=2)
    assert heures() == arret
    animation.avancer(1)
    animation.relancer()
    repris = heures()
    horloge.passe(hours=1)
    assert {h - timedelta(hours=1) for h in heures()} == repris  # type: ignore[operator]
    with pytest.raises(RefusClasse, match="nombre entier"):
        animation.avancer(0)


def test_l_horloge_se_remet_a_l_heure_de_la_classe_au_redemarrage(
    ouvrir: Callable[[str], Classe], base: str, horloge: Horloge
) -> None:
    avant = ouvrir(base)
    lea = avant.rejoindre(avant.code, "Léa").participant
    avant.regler_horloge(7, True)  # stopped by a power cut before the spaces were aligned
    apres = ouvrir(base)
    assert apres.lire(lea, lea.solo, lambda p: p.maintenant) == horloge.heure + timedelta(days=7)
    assert apres.lire(lea, lea.solo, lambda p: p.etat.temps.arret is not None)


def test_recommencer_le_travail_garde_l_ancien_hors_de_vue(classe: Classe) -> None:
    animation = classe_de(classe, "Léa")
    lea = classe.participants.participant("lea")
    classe.faire(lea, lea.solo, Acteur("fournisseur", ELECTRICIEN), "deposer", "", facture())
    animation.reinitialiser("lea", acces=False, travail=True)
    lea = classe.participants.participant("lea")
    assert lea.solo == "solo-lea.2"
    assert classe.lire(lea, lea.solo, lambda p: p.pieces()) == ()
    with pytest.raises(RefusClasse):
        classe.lire(lea, "solo-lea", lambda p: p.pieces())
    assert len(classe.espace("solo-lea").lire(lambda p: p.pieces())) == 1


def test_la_vue_d_ensemble_dit_qui_en_est_ou(classe: Classe, horloge: Horloge) -> None:
    animation = classe_de(classe, "Léa", "Paul")
    lea, paul = (classe.participants.participant(nom) for nom in ("lea", "paul"))
    classe.faire(lea, lea.solo, Acteur("fournisseur", ELECTRICIEN), "deposer", "", facture())
    with pytest.raises(RefusPortail):
        classe.faire(paul, paul.solo, Acteur("fournisseur", ELECTRICIEN), "deposer", "", facture(iban=""))
    assert "formateur" in classe.demander_aide(paul)
    classe.montrer_formulaire(paul, "depot_facture", {"iban": ""})
    horloge.passe(minutes=20)
    vue = animation.vue_d_ensemble()
    la, lui = vue["participants"]
    assert (la["dernier"]["action"], la["bloque_depuis"], la["aide"]) == ("deposer", "", "")
    assert (lui["bloque_depuis"], lui["aide"]) == ("2026-11-24T10:42:00",) * 2
    assert lui["refus"]
    assert lui["formulaire"] == "depot_facture"
    assert not lui["present"]
    assert animation.formulaire("paul") == {
        "formulaire": "depot_facture",
        "valeurs": {"iban": ""},
        "quand": "2026-11-24T10:42:00",
    }
    animation.aide_donnee("paul")
    assert animation.vue_d_ensemble()["participants"][1]["aide"] == ""
    assert {espace["nom"]: len(espace["pieces"]) for espace in vue["espaces"]} == {"solo-lea": 1, "solo-paul": 0}


def test_le_lien_de_l_animateur_sert_une_fois_et_sa_session_finit(classe: Classe, horloge: Horloge) -> None:
    animateurs = Animateurs(classe.registre, classe.ecrivain, horloge)
    lien = animateurs.lien()
    session = animateurs.entrer(lien)
    assert animateurs.identifier(session) == "formateur"
    with pytest.raises(RefusClasse, match="déjà servi"):
        animateurs.entrer(lien)
    assert session not in repr(classe.registre.sessions())
    relus = Animateurs(classe.registre, classe.ecrivain, horloge)
    assert relus.identifier(session) == "formateur"
    animateurs.sortir(session)
    with pytest.raises(RefusClasse, match="terminée"):
        animateurs.identifier(session)
    tard = animateurs.lien()
    horloge.passe(minutes=31)
    with pytest.raises(RefusClasse):
        animateurs.entrer(tard)
    autre = animateurs.entrer(animateurs.lien())
    horloge.passe(hours=13)
    with pytest.raises(RefusClasse):
        animateurs.identifier(autre)


def test_un_co_animateur_se_connecte_par_son_mot_de_passe(classe: Classe, horloge: Horloge) -> None:
    animateurs = Animateurs(classe.registre, classe.ecrivain, horloge)
    animateurs.inscrire("claire", "un mot de passe long")
    assert "un mot de passe long" not in repr(classe.registre.animateurs())
    assert animateurs.identifier(animateurs.connecter("claire", "un mot de passe long")) == "claire"
    for nom, mot in (("claire", "un autre"), ("personne", "un mot de passe long"), ("claire", "")):
        with pytest.raises(RefusClasse, match="ne vont pas ensemble"):
            animateurs.connecter(nom, mot)
    with pytest.raises(RefusClasse, match="caractères"):
        animateurs.inscrire("claire", "court")
    for _ in range(2):
        with pytest.raises(RefusClasse, match="ne vont pas ensemble"):
            animateurs.connecter("claire", "un autre")
    with pytest.raises(RefusClasse, match="Trop d’essais"):
        animateurs.connecter("claire", "un mot de passe long")


@pytest.mark.parametrize("depot", ["base", "base_postgresql"])
def test_la_reception_que_personne_ne_notifie_l_est_par_l_animateur(request: pytest.FixtureRequest, depot: str) -> None:
    url = request.getfixturevalue(depot)  # before the class, so that it outlives it
    animation = classe_de(request.getfixturevalue("ouvrir")(url), "Léa", "Paul", "Zoé")
    (groupe,) = animation.repartir()
    marche = animation.classe.montage.marche
    offertes = {n.action: (n.marche, n.role) for n in animation.notifiables(groupe)}
    assert offertes["notifier_reception"] == (marche.numero, "moa")
    assert "mettre_en_demeure" not in offertes
    animation.notifier(groupe, marche.numero, "notifier_reception", "Réception sans réserve.")
    (jalon,) = animation.classe.espace(groupe).lire(lambda p: p.etat.jalons)
    assert (jalon.code, jalon.commentaire) == ("notifier_reception", "Réception sans réserve.")
    dernier = animation.classe.espace(groupe).lire(lambda p: p.evenement(p.longueur))
    assert (dernier["role"], dernier["par"]) == ("moa", "animateur")
    assert "notifier_reception" not in {n.action for n in animation.notifiables(groupe)}
    with pytest.raises(RefusPortail, match="déjà notifiée"):
        animation.notifier(groupe, marche.numero, "notifier_reception")
    with pytest.raises(RefusPortail, match="C’est trop tôt"):
        animation.notifier(groupe, marche.numero, "mettre_en_demeure")
    with pytest.raises(RefusPortail, match="la procédure est écrite"):
        animation.notifier(groupe, marche.numero, "inviter_observations")
    for numero, code in (("2026-XXX-1", "notifier_reception"), (marche.numero, "mandater")):
        with pytest.raises(RefusClasse, match="ne se notifie pas"):
            animation.notifier(groupe, numero, code)
    animation.avancer(31)
    assert "mettre_en_demeure" in {n.action for n in animation.notifiables(groupe)}


def test_un_travail_seul_ne_propose_que_les_marches_de_travaux_de_ses_pieces(classe: Classe) -> None:
    animation = classe_de(classe, "Léa")
    lea = classe.participants.participant("lea")
    assert animation.notifiables(lea.solo) == ()
    classe.faire(lea, lea.solo, Acteur("fournisseur", ELECTRICIEN), "deposer", "", facture())
    assert animation.notifiables(lea.solo) == ()
    classe.faire(lea, lea.solo, TITULAIRE, "deposer", "", situation())
    assert {n.marche for n in animation.notifiables(lea.solo)} == {"2026-TVX-014"}
