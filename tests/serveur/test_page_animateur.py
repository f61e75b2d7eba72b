"""The trainer's live page over HTTP: who may see it, what it shows, what each form does to the class."""

from __future__ import annotations

import csv
import io
import re

import lxml.html
import pytest
from classe_essai import ELECTRICIEN, Horloge, facture
from joueurs import ARCHITECTE, COUVREUR, chantier
from page_essai import ADRESSE, Fureteur, texte

from facturier.ecrans.catalogue import ECRANS
from facturier.portail import Acteur, Annuaire
from facturier.registre import LigneParticipant
from facturier.serveur import Animation, Classe, pages_mots
from facturier.serveur.criteres import LIBRES

FOURNISSEUR = Acteur("fournisseur", ELECTRICIEN)
PAGES = ("/animateur", "/animateur/groupes", "/animateur/projection", "/animateur/presences", "/animateur/equipe")


@pytest.fixture
def fureteur(classe: Classe) -> Fureteur:
    return Fureteur.sur(classe).entrer()


def venir(classe: Classe, *prenoms: str) -> list[LigneParticipant]:
    return [classe.rejoindre(classe.code, prenom).participant for prenom in prenoms]


def deposer(classe: Classe, qui: LigneParticipant, **champs: str) -> str:
    objet: str = classe.faire(qui, qui.solo, FOURNISSEUR, "deposer", "", facture(**champs))["objet"]
    return objet


def test_le_lien_ne_sert_qu_une_fois_et_ne_laisse_rien_dans_l_adresse(classe: Classe) -> None:
    fureteur = Fureteur.sur(classe)
    lien = fureteur.lien()
    fureteur.client.follow_redirects = False
    entree = fureteur.client.get(lien)
    assert (entree.status_code, entree.headers["location"]) == (303, "/animateur")
    posee = entree.headers["set-cookie"].lower()
    assert "httponly" in posee
    assert "samesite=strict" in posee
    assert lien.rpartition("=")[2] not in entree.text + str(entree.headers)
    fureteur.client.cookies.clear()
    assert fureteur.client.get(lien).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_sans_session_toute_page_mene_a_la_connexion(classe: Classe, page: str) -> None:
    fureteur = Fureteur.sur(classe)
    fureteur.client.follow_redirects = False
    reponse = fureteur.client.get(page)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/animateur/connexion")
    assert fureteur.client.get("/animateur?direct=true").status_code == 401


@pytest.mark.parametrize("page", PAGES)
def test_aucune_page_n_a_de_script_ni_de_style_en_ligne(fureteur: Fureteur, page: str) -> None:
    reponse = fureteur.client.get(page)
    politique = reponse.headers["content-security-policy"]
    racine = fureteur.voir(page)
    assert "unsafe" not in politique
    assert "default-src 'none'" in politique
    assert racine.xpath("//script[not(@src)] | //style | //@style | //@onclick") == []
    assert racine.get("lang") == "fr"
    assert len(racine.xpath("//h1")) == 1
    assert "Portail d’entraînement — aucune donnée n’est transmise" in texte(racine)


def test_une_session_se_termine_quand_on_sort_ou_quand_elle_a_douze_heures(
    fureteur: Fureteur, horloge: Horloge
) -> None:
    horloge.passe(hours=12, minutes=1)
    assert "Votre session d’animateur est terminée" in texte(fureteur.client.get("/animateur"))
    fureteur.entrer()
    jeton = fureteur.client.cookies["facturier_animateur"]
    assert "Connexion de l’animateur" in texte(fureteur.envoyer("/animateur", "/animateur/sortir"))
    fureteur.client.cookies.set("facturier_animateur", jeton)
    assert "Connexion de l’animateur" in texte(fureteur.client.get("/animateur"))


def test_un_autre_animateur_se_connecte_et_cinq_essais_manques_l_arretent(fureteur: Fureteur) -> None:
    secret = "une longue phrase de passe"
    envoi = fureteur.envoyer("/animateur/equipe", "/animateur/equipe", nom="paul", mot_de_passe=secret, encore=secret)
    assert "« paul » peut se connecter." in texte(envoi)
    fureteur.client.cookies.clear()
    entree = fureteur.envoyer("/animateur/connexion", "/animateur/connexion", nom="paul", mot_de_passe=secret)
    assert "Qui est où" in texte(entree)
    fureteur.client.cookies.clear()
    statuts = [
        fureteur.envoyer("/animateur/connexion", "/animateur/connexion", nom="paul", mot_de_passe="x").status_code
        for _ in range(6)
    ]
    assert statuts == [401] * 5 + [429]


def test_un_refus_garde_le_nom_saisi_jamais_un_mot_de_passe(fureteur: Fureteur) -> None:
    equipe, secret = "/animateur/equipe", "une longue phrase de passe"
    for champs, dit in (
        ({"nom": "paul", "mot_de_passe": secret, "encore": "autre phrase de passe"}, "ne sont pas les mêmes"),
        ({"nom": "paul", "mot_de_passe": "court", "encore": "court"}, "de passe"),
        ({"nom": "Paul É", "mot_de_passe": secret, "encore": secret}, "lettres minuscules"),
    ):
        refus = fureteur.envoyer(equipe, equipe, **champs)
        assert 400 <= refus.status_code < 500
        page = lxml.html.fromstring(refus.text)
        assert dit in texte(page.get_element_by_id("refus"))
        assert page.get_element_by_id("nom").get("value") == champs["nom"]
        assert champs["mot_de_passe"] not in refus.text
    assert fureteur.animateurs.noms() == ()
    fureteur.envoyer(equipe, equipe, nom="paul", mot_de_passe=secret, encore=secret)
    encore = fureteur.envoyer(equipe, equipe, nom="paul", mot_de_passe=secret, encore=secret)
    assert "« paul » peut se connecter ; ses sessions ouvertes sont fermées." in texte(encore)


@pytest.mark.parametrize("origine", ["http://ailleurs.test", "null", ""])
def test_un_formulaire_venu_d_ailleurs_ne_fait_rien(fureteur: Fureteur, origine: str) -> None:
    refus = fureteur.envoyer("/animateur", "/animateur/horloge", "geste=avancer", jours="30", origine=origine)
    assert refus.status_code == 403
    assert fureteur.classe.horloge_classe == (0, False)


def test_un_formulaire_sans_sa_preuve_ne_fait_rien(fureteur: Fureteur) -> None:
    refus = fureteur.envoyer("/animateur", "/animateur/horloge", "geste=avancer", jours="30", preuve="0" * 64)
    assert refus.status_code == 403
    assert "Cette page a vieilli" in texte(refus)
    assert fureteur.classe.horloge_classe == (0, False)


def test_qui_demande_de_l_aide_passe_en_tete_et_est_annonce(fureteur: Fureteur, horloge: Horloge) -> None:
    lea, noe = venir(fureteur.classe, "Léa", "Noé")
    fureteur.classe.demander_aide(noe)
    fureteur.classe.montrer_formulaire(lea, "depot", {"numero_facture": "FA-7"})
    horloge.passe(minutes=4)
    page = fureteur.voir("/animateur")
    assert texte(page.get_element_by_id("annonce")).strip() == "1 demande d’aide : Noé"
    assert page.get_element_by_id("annonce").get("role") == "status"
    assert [texte(th).split()[0] for th in page.xpath("//tbody//th")] == ["Noé", "Léa"]
    assert "Noé depuis 4 min" in texte(page)
    vue = fureteur.envoyer("/animateur", f"/animateur/participants/{noe.pseudonyme}/aide")
    assert "est marquée comme vue" in texte(vue)
    assert fureteur.classe.participants.participant(noe.pseudonyme).aide == ""
    assert fureteur.classe.aide_vue(noe) == "Votre demande a été vue à 10:46."
    assert fureteur.classe.aide_vue(lea) == ""
    horloge.passe(minutes=11)
    assert fureteur.classe.aide_vue(noe) == ""


def test_qui_est_bloque_l_est_depuis_son_refus_avec_la_raison(fureteur: Fureteur, horloge: Horloge) -> None:
    (lea,) = venir(fureteur.classe, "Léa")
    with pytest.raises(Exception, match="SIRET"):
        deposer(fureteur.classe, lea, destinataire_siret="123")
    horloge.passe(minutes=7)
    assert "depuis 7 min" in texte(fureteur.voir("/animateur"))
    deposer(fureteur.classe, lea)
    lu = texte(fureteur.voir("/animateur"))
    assert "depuis 7 min" not in lu
    assert "Valider et envoyer P0001" in lu
    assert f"1/{len(LIBRES)} critères" in lu


def test_qui_est_parti_avec_une_piece_sur_son_bureau_se_voit(fureteur: Fureteur, annuaire: Annuaire) -> None:
    lea, noe = venir(fureteur.classe, "Léa", "Noé")
    animation = Animation(fureteur.classe)
    (groupe,) = animation.repartir([["lea", "noe"]])
    fureteur.classe.partir(noe)
    assert "attend" not in texte(fureteur.voir("/animateur").xpath("//tbody")[0]), "rien n’est encore déposé"
    demande = chantier(annuaire, "2026-TVX-014", "A4", ARCHITECTE)
    lea = fureteur.classe.participants.participant("lea")
    fureteur.classe.faire(lea, groupe, Acteur("fournisseur", COUVREUR), "deposer", "", demande)
    lignes = [texte(th) for th in fureteur.voir("/animateur").xpath("//tbody//th")]
    assert [ligne.split() for ligne in lignes] == [["Léa"], ["Noé", "hors", "ligne", "1", "pièce", "l’attend"]]
    animation.absenter("noe")
    lues = texte(fureteur.voir("/animateur").xpath("//tbody")[0])
    assert "attend" not in lues, "un partenaire simulé répond pour lui"


def test_une_classe_immobile_ne_coute_rien_a_regarder(fureteur: Fureteur) -> None:
    venir(fureteur.classe, "Léa")
    premiere = fureteur.client.get("/animateur?direct=true")
    connue = {"if-none-match": premiere.headers["etag"]}
    assert fureteur.client.get("/animateur?direct=true", headers=connue).status_code == 304
    fureteur.classe.demander_aide(fureteur.classe.participants.participant("lea"))
    suivante = fureteur.client.get("/animateur?direct=true", headers=connue)
    assert suivante.status_code == 200
    assert "1 demande d’aide : Léa" in suivante.text.replace("\u00a0", " ")


def test_la_page_d_un_apprenant_montre_sa_saisie_sans_pouvoir_la_changer(fureteur: Fureteur) -> None:
    (lea,) = venir(fureteur.classe, "Léa")
    deposer(fureteur.classe, lea)
    fureteur.classe.montrer_formulaire(lea, "depot_facture", {"numero_facture": "FA-8", "iban": ""})
    page = fureteur.voir("/animateur/participants/lea")
    saisie = page.xpath("//section[@aria-labelledby='h-saisie']")[0]
    assert [texte(d) for d in saisie.xpath(".//dl/div")] == ["Numéro de factureFA-8", "IBAN du compte à créditervide"]
    assert saisie.xpath(".//input | .//textarea | .//select") == []
    assert "Léa (Fournisseur" in texte(page)
    assert "Valider et envoyer P0001 (n° FA-2026-0042)" in texte(page)


def test_les_groupes_se_disent_en_toutes_lettres_avant_de_se_former(fureteur: Fureteur) -> None:
    venir(fureteur.classe, "Ana", "Bob", "Chloé", "Dan", "Eva", "Farid")
    question = fureteur.envoyer("/animateur/groupes", "/animateur/groupes/former")
    lu = texte(question)
    assert "Former ces groupes ?" in lu
    assert "Groupe 1 Fournisseur (Couverture Ardoise-Imaginaire) : Ana" in lu
    assert "Maîtrise d’œuvre" in lu
    assert "partenaire simulé" in lu
    assert all(p.groupe == "" for p in fureteur.classe.participants.tous().values())
    fait = fureteur.envoyer(question, "/animateur/groupes/former")
    assert "Groupes formés : 2" in texte(fait)
    effectifs = [p.groupe for p in fureteur.classe.participants.tous().values()]
    assert sorted(effectifs) == ["groupe-1-1"] * 3 + ["groupe-1-2"] * 3


def test_les_roles_tournent_et_un_role_se_confie_a_un_partenaire_simule(fureteur: Fureteur) -> None:
    venir(fureteur.classe, "Ana", "Bob", "Chloé")
    Animation(fureteur.classe).repartir()
    question = fureteur.envoyer("/animateur/groupes", "/animateur/groupes/tourner")
    assert "Fournisseur (Couverture Ardoise-Imaginaire) : Chloé" in texte(question)
    fureteur.envoyer(question, "/animateur/groupes/tourner")
    tenants = fureteur.classe.espace("groupe-1-1").lire(lambda p: dict(p.etat.attributions))
    assert {role: qui for (role, _), qui in tenants.items() if qui == "chloe"} == {"fournisseur": "chloe"}
    fait = fureteur.envoyer("/animateur/groupes", "/animateur/groupes/confier", tenant="simule:silencieux")
    assert "Fournisseur : ce rôle est maintenant tenu par partenaire simulé, silencieux" in texte(fait)
    intrus = fureteur.envoyer("/animateur/groupes", "/animateur/groupes/confier", tenant="zoe")
    assert intrus.status_code == 422


def test_les_roles_d_un_absent_sont_simules_apres_confirmation(fureteur: Fureteur) -> None:
    venir(fureteur.classe, "Ana", "Bob", "Chloé")
    Animation(fureteur.classe).repartir()
    geste = "/animateur/participants/bob/absent"
    question = fureteur.envoyer("/animateur/participants/bob", geste)
    assert "Simuler les rôles de Bob ?" in texte(question)
    assert "bob" in fureteur.classe.espace("groupe-1-1").lire(lambda p: p.etat.attributions.values())
    fureteur.envoyer(question, geste)
    tenants = fureteur.classe.espace("groupe-1-1").lire(lambda p: list(p.etat.attributions.values()))
    assert "bob" not in tenants
    assert {"ana", "chloe"} <= set(tenants)


def test_un_retardataire_sans_groupe_prend_un_role_qu_on_lui_confie(fureteur: Fureteur) -> None:
    venir(fureteur.classe, "Ana", "Bob", "Chloé")
    Animation(fureteur.classe).repartir([["ana", "bob"]])
    assert fureteur.classe.participants.participant("chloe").groupe == ""
    fait = fureteur.envoyer("/animateur/groupes", "/animateur/groupes/confier", rang=2, tenant="chloe")
    assert "Maîtrise d’ouvrage : ce rôle est maintenant tenu par Chloé" in texte(fait)
    assert fureteur.classe.participants.participant("chloe").groupe == "groupe-1-1"


def test_un_rejet_injecte_demande_son_motif_et_se_lit_dans_l_histoire(fureteur: Fureteur) -> None:
    (lea,) = venir(fureteur.classe, "Léa")
    piece = deposer(fureteur.classe, lea)
    adresse = f"/animateur/espaces/{lea.solo}/pieces/{piece}"
    page = fureteur.voir(adresse)
    gestes = [f.fields["action"] for f in page.forms if f.get("action") == adresse]
    assert {"suspendre", "demander_recyclage", "rejeter"} <= set(gestes)
    rang = gestes.index("rejeter")
    motifs = [o.get("value") for o in page.forms[-len(gestes) + rang].xpath(".//select/option")]
    assert "DOUBLE_FACT" in motifs
    assert fureteur.envoyer(adresse, adresse, rang=rang).status_code == 422
    fait = fureteur.envoyer(adresse, adresse, rang=rang, champ__motif="DOUBLE_FACT", champ__commentaire="Déjà reçue")
    lu = texte(fait)
    assert "« Rejeter » est fait au nom de ce rôle : Destinataire" in lu
    assert "animateur (Destinataire, Commune de Bourg-Imaginaire)" in lu
    assert "Déjà reçue" in lu
    statut = fureteur.classe.espace(lea.solo).lire(lambda p: p.piece(piece).statut)
    assert statut == "REJETEE"


def test_un_geste_sur_une_piece_qui_a_change_est_refuse(fureteur: Fureteur) -> None:
    (lea,) = venir(fureteur.classe, "Léa")
    piece = deposer(fureteur.classe, lea)
    adresse = f"/animateur/espaces/{lea.solo}/pieces/{piece}"
    page = fureteur.client.get(adresse)
    motif = {"champ__motif": "DOUBLE_FACT"}
    gestes = [f.fields["action"] for f in fureteur.voir(adresse).forms if f.get("action") == adresse]
    suspendre, rejeter = gestes.index("suspendre"), gestes.index("rejeter")
    fureteur.envoyer(page, adresse, rang=suspendre, **motif)
    assert fureteur.envoyer(page, adresse, rang=rejeter, **motif).status_code == 409
    assert "vient de changer" in texte(fureteur.envoyer(page, adresse, rang=rejeter, **motif))


def test_la_reception_se_notifie_depuis_la_page_de_l_espace(fureteur: Fureteur) -> None:
    venir(fureteur.classe, "Ana", "Bob")
    (groupe,) = Animation(fureteur.classe).repartir()
    page, geste = f"/animateur/espaces/{groupe}", f"/animateur/espaces/{groupe}/notifier"
    avant = fureteur.client.get(page)
    codes = [f.fields["action"] for f in fureteur.voir(page).forms if f.get("action") == geste]
    reception = codes.index("notifier_reception")
    fait = fureteur.envoyer(avant, geste, rang=reception, texte="Avec une réserve")
    assert re.search("Notifier la décision de réception .{1,2}est fait sur le marché", texte(fait))
    assert "notifier_reception" not in {
        f.fields["action"] for f in fureteur.voir(page).forms if f.get("action") == geste
    }
    refus = fureteur.envoyer(avant, geste, rang=reception)
    assert refus.status_code >= 400
    assert "déjà notifiée" in texte(refus)
    assert fureteur.envoyer(avant, geste, rang=reception, marche="<script>").status_code >= 400
    etat = fureteur.classe.espace(groupe).lire(lambda p: p.etat)
    assert [j.commentaire for j in etat.jalons] == ["Avec une réserve"]


def test_l_horloge_tourne_pour_toute_la_classe_ou_pour_un_seul_espace(fureteur: Fureteur) -> None:
    lea, noe = venir(fureteur.classe, "Léa", "Noé")

    def jours() -> list[str]:
        return [fureteur.classe.espace(q.solo).lire(lambda p: p.maintenant.date().isoformat()) for q in (lea, noe)]

    fait = fureteur.envoyer("/animateur", "/animateur/horloge", "geste=avancer", jours="30")
    assert "L’horloge de la classe a avancé de 30 jours" in texte(fait)
    assert jours() == ["2026-12-24", "2026-12-24"]
    page = f"/animateur/espaces/{lea.solo}"
    fureteur.envoyer(page, "/animateur/horloge", "geste=avancer", jours="7")
    assert jours() == ["2026-12-31", "2026-12-24"]
    assert "est arrêtée" in texte(fureteur.envoyer("/animateur", "/animateur/horloge", "geste=arreter_horloge", rang=1))
    assert fureteur.classe.horloge_classe == (30, True)
    fureteur.envoyer("/animateur", "/animateur/horloge", "geste=relancer_horloge", rang=1)
    assert fureteur.classe.horloge_classe == (30, False)
    for saisi in ("0", "367", "-1", "trente", "9" * 50):
        assert fureteur.envoyer("/animateur", "/animateur/horloge", "geste=avancer", jours=saisi).status_code == 422
    ailleurs = fureteur.envoyer(page, "/animateur/horloge", "geste=confier")
    assert ailleurs.status_code == 422


def test_reinitialiser_garde_l_ancien_journal_de_cote(fureteur: Fureteur) -> None:
    (lea,) = venir(fureteur.classe, "Léa")
    deposer(fureteur.classe, lea)
    geste = "/animateur/participants/lea/recommencer"
    assert fureteur.envoyer("/animateur/participants/lea", geste).status_code == 422
    question = fureteur.envoyer("/animateur/participants/lea", geste, travail="oui")
    assert "jamais détruit" in texte(question)
    assert fureteur.classe.participants.participant("lea").solo == lea.solo
    fait = fureteur.envoyer(question, geste)
    assert "Mis de côté" in texte(fait)
    assert fureteur.classe.participants.participant("lea").solo == f"{lea.solo}.2"
    assert "Valider et envoyer P0001" in texte(fureteur.voir(f"/animateur/espaces/{lea.solo}"))


def test_la_projection_ne_montre_ni_nom_ni_reponse(fureteur: Fureteur) -> None:
    (lea, *_) = venir(fureteur.classe, "Léa", "Barnabé", "Chloé")
    deposer(fureteur.classe, lea, numero="SECRET-1")
    seuls = texte(fureteur.voir("/animateur/projection"))
    assert "Mise à disposition 1 pièce" in seuls
    Animation(fureteur.classe).repartir()
    lu = texte(fureteur.voir("/animateur/projection"))
    assert fureteur.classe.code in lu
    assert "Maîtrise d’œuvre" in lu
    for cache in ("Léa", "Barnabé", "Chloé", "SECRET-1", "1 200", ELECTRICIEN):
        assert cache not in seuls + lu


def test_la_projection_montre_qui_a_la_main_dans_le_circuit(fureteur: Fureteur) -> None:
    ana, *_ = venir(fureteur.classe, "Ana", "Bob", "Chloé")
    Animation(fureteur.classe).repartir()

    def ici() -> list[str]:
        return [texte(li) for li in fureteur.voir("/animateur/projection").xpath("//li[@aria-current='step']")]

    assert ici() == ["Fournisseur a la main"]
    marche = fureteur.classe.montage.marche
    demande = facture(
        cadre="A4",
        destinataire_siret=marche.moe,
        numero_marche=marche.numero,
        code_service="",
        mode_paiement="",
        iban="",
    )
    ana = fureteur.classe.participants.participant(ana.pseudonyme)
    fureteur.classe.faire(ana, ana.groupe, Acteur("fournisseur", marche.titulaire), "deposer", "", demande)
    assert ici() == ["Maîtrise d’œuvre a la main"]


def test_un_long_journal_se_lit_page_apres_page(fureteur: Fureteur) -> None:
    (lea,) = venir(fureteur.classe, "Léa")
    for rang in range(40):
        deposer(fureteur.classe, lea, numero=f"FA-{rang}")
    page = fureteur.voir(f"/animateur/espaces/{lea.solo}")
    (plus,) = page.xpath("//a[text()='Événements plus anciens']/@href")
    lus = [int(n) for n in page.xpath("//ol[@class='journal']/li/@value")]
    anciens = [int(n) for n in fureteur.voir(plus).xpath("//ol[@class='journal']/li/@value")]
    total = fureteur.classe.espace(lea.solo).lire(lambda p: p.longueur)
    assert lus + anciens == list(range(total, 0, -1))


def test_les_heures_s_exportent_sans_qu_un_prenom_devienne_une_formule(fureteur: Fureteur, horloge: Horloge) -> None:
    venir(fureteur.classe, "=cmd Zoe", "Léa")
    horloge.passe(minutes=5)
    fureteur.classe.partir(fureteur.classe.participants.participant("lea"))
    horloge.passe(hours=1)
    reponse = fureteur.client.get("/animateur/presences.csv")
    assert "attachment" in reponse.headers["content-disposition"]
    lignes = {
        ligne["Prénom"]: ligne for ligne in csv.DictReader(io.StringIO(reponse.text.lstrip("\ufeff")), delimiter=";")
    }
    assert set(lignes) == {"'=cmd Zoe", "Léa"}
    assert (lignes["Léa"]["Arrivée"], lignes["Léa"]["Départ"], lignes["Léa"]["Minutes"]) == ("10:42", "10:47", "5")


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "\u202egniR", "\"'><img src=x onerror=alert(1)>", "x" * 2000]
)
def test_ce_qu_un_apprenant_ecrit_n_agit_jamais_sur_la_page(fureteur: Fureteur, hostile: str) -> None:
    (lea,) = venir(fureteur.classe, "Léa")
    piece = deposer(fureteur.classe, lea, commentaire=hostile[:200])
    fureteur.classe.montrer_formulaire(lea, "depot_facture", {"commentaire": hostile, "inconnu": hostile})
    for page in ("/animateur/participants/lea", f"/animateur/espaces/{lea.solo}/pieces/{piece}"):
        lu = fureteur.client.get(page).text
        assert "<script>alert" not in lu
        assert "<img src=x" not in lu
        assert "\u202e" not in lu
        assert "x" * 400 not in lu


def test_un_prenom_hostile_est_montre_tel_quel_ou_refuse(fureteur: Fureteur) -> None:
    venir(fureteur.classe, "<b>Zoe</b>", "Lou\u202e Anne")
    lu = fureteur.client.get("/animateur").text
    assert "&lt;b&gt;Zoe&lt;/b&gt;" in lu
    assert "\u202e" not in lu
    refus = fureteur.envoyer("/", "/rejoindre", code=fureteur.classe.code, prenom="x" * 10_000)
    assert refus.status_code == 422
    assert len(refus.text) < 20_000


@pytest.mark.parametrize("champs", [{"jours": "x" * 10_000}, {f"c{n}": "1" for n in range(1500)}])
def test_un_formulaire_demesure_est_refuse(fureteur: Fureteur, champs: dict[str, str]) -> None:
    assert fureteur.envoyer("/animateur", "/animateur/horloge", "geste=avancer", **champs).status_code == 422


@pytest.mark.parametrize(
    "adresse",
    ["/animateur/participants/personne", "/animateur/espaces/rien", "/animateur/espaces/solo-lea/pieces/P9999"],
)
def test_une_adresse_inconnue_est_une_page_qui_le_dit(fureteur: Fureteur, adresse: str) -> None:
    venir(fureteur.classe, "Léa")
    reponse = fureteur.client.get(adresse)
    assert reponse.status_code in (404, 422)
    assert "Rien n’a changé" in texte(reponse)


def test_l_accueil_dit_comment_rejoindre_et_garde_le_jeton_hors_de_portee(classe: Classe) -> None:
    fureteur = Fureteur.sur(classe)
    accueil = fureteur.client.get("/")
    assert ADRESSE in texte(accueil)
    assert not lxml.html.fromstring(accueil.text).xpath("//details//form"), "le code se tape sans rien ouvrir"
    refus = fureteur.envoyer("/", "/rejoindre", code="XXXXXX", prenom="Léa")
    assert refus.status_code == 403
    saisi = {e.get("name"): e.get("value") for e in lxml.html.fromstring(refus.text).xpath("//input[@required]")}
    assert saisi == {"code": "XXXXXX", "prenom": "Léa"}, "le refus se lit à côté de ce qui a été tapé"
    assert "Ce code n’est pas celui de la classe" in texte(refus)
    venue = fureteur.envoyer("/", "/rejoindre", code=classe.code, prenom="Léa")
    assert "Vous avez rejoint la classe, Léa" in texte(venue)
    jeton = fureteur.client.cookies["facturier_apprenant"]
    assert jeton not in venue.text + str(venue.url)
    assert "le formateur la voit sur son écran" in texte(fureteur.envoyer("/", "/aide", demande="oui"))
    assert classe.participants.participant("lea").aide != ""
    assert "Votre départ est noté" in texte(fureteur.envoyer("/", "/partir"))
    assert not classe.participants.present("lea")


def test_le_jeton_d_un_apprenant_n_ouvre_pas_les_pages_de_l_animateur(classe: Classe) -> None:
    fureteur = Fureteur.sur(classe)
    fureteur.envoyer("/", "/rejoindre", code=classe.code, prenom="Léa")
    fureteur.client.cookies.set("facturier_animateur", fureteur.client.cookies["facturier_apprenant"])
    assert "Connexion de l’animateur" in texte(fureteur.client.get("/animateur"))


@pytest.mark.parametrize(
    ("prenom", "dit"),
    [
        ("Aline", "d’Aline"),
        ("Éva", "d’Éva"),
        ("Hélène", "d’Hélène"),
        ("Yves", "d’Yves"),
        ("Yann", "de Yann"),
        ("Bachir", "de Bachir"),
    ],
)
def test_un_prenom_s_elide(prenom: str, dit: str) -> None:
    assert pages_mots.de(prenom) == dit


def test_chaque_caractere_et_chaque_ecran_a_ses_mots() -> None:
    assert all("(" in libelle for _, libelle in pages_mots.caracteres())
    assert dict(pages_mots.caracteres())["metreur"].startswith("partenaire simulé, métreur (")
    assert all(pages_mots.formulaire(code) != code for code in ECRANS if ECRANS[code].titre)


def test_les_attendus_comptent_parmi_ceux_qui_doivent_etre_la(fureteur: Fureteur) -> None:
    fureteur.classe.attendus = ("lea", "noe", "samir")
    venir(fureteur.classe, "Léa")
    assert "1 sur 3" in texte(fureteur.client.get("/animateur"))
