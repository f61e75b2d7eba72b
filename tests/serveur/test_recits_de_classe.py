"""A class that plays a situation: each learner's own draw, the trainer's next one, what is never sent, what replays."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from classe_essai import ELECTRICIEN, Horloge, facture
from page_essai import Fureteur, texte

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.erreurs import ErreurFacturier
from facturier.liaison.client import Liaison
from facturier.portail import Acteur, Annuaire, RefusPortail, boite, etat_json
from facturier.registre import LigneParticipant, RegistreClasse, RegistreRefuse
from facturier.serveur import Animation, Classe, RefusClasse
from facturier.serveur.lancement import en_fond
from facturier.serveur.recits import graine_de
from facturier.situations import Situation, situations, tirer
from facturier.situations.jeu import JETON

Ouvrir = Callable[[str], Classe]


@pytest.fixture(params=["sqlite", "postgresql"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'classe.sqlite'}"
    return str(request.getfixturevalue("base_postgresql"))


@pytest.fixture
def classe(base: str, ouvrir: Ouvrir) -> Classe:
    ouverte = ouvrir(base)
    Animation(ouverte).jouer("nettoyage_public")
    return ouverte


def venir(classe: Classe, prenom: str) -> LigneParticipant:
    return classe.rejoindre(classe.code, prenom).participant


def encore(classe: Classe, qui: LigneParticipant) -> LigneParticipant:
    return classe.participants.participant(qui.pseudonyme)


def situation_de(classe: Classe, qui: LigneParticipant) -> Situation:
    trouvee = classe.espace(encore(classe, qui).solo).situation
    assert trouvee is not None
    return trouvee


def jouer(classe: Classe, qui: LigneParticipant) -> None:
    """Everything that the situation asks, the clock turned by the trainer."""
    solo = encore(classe, qui).solo
    for geste in situation_de(classe, qui).saisie:
        if geste.role == "animateur":
            Animation(classe).avancer(int(geste.champs["jours"]))
        else:
            champs = {champ: _lu(classe, solo, texte) for champ, texte in geste.champs.items()}
            classe.faire(qui, solo, geste.acteur, geste.action, geste.objet, champs)


def _lu(classe: Classe, solo: str, texte: str) -> str:
    """The text, or the secret of the last message of the mailbox that it names."""
    if not texte.startswith(JETON):
        return texte
    return classe.espace(solo).lire(lambda p: boite.messages(p, texte.removeprefix(JETON)))[-1].jeton


def remplis(classe: Classe, qui: LigneParticipant) -> dict[str, bool]:
    from facturier.serveur.criteres import de

    partage = classe.espace(encore(classe, qui).solo)
    return {c.nom: c.rempli for c in partage.lire(lambda p: de(partage, p.etat))}


def test_chacun_a_sa_propre_histoire_tiree_de_sa_graine(classe: Classe) -> None:
    lea, noe = venir(classe, "Léa"), venir(classe, "Noé")
    tires = [situation_de(classe, qui) for qui in (lea, noe)]
    assert [t.recit.code for t in tires] == ["nettoyage_public"] * 2
    assert tires[0].recit.texte != tires[1].recit.texte
    assert tires[0].recit.graine == graine_de("essai", "lea") != graine_de("essai", "noe")
    assert tires[0].attendu == tirer("nettoyage_public", graine_de("essai", "lea")).attendu
    jouer(classe, lea)
    assert all(remplis(classe, lea).values())
    assert not any(remplis(classe, noe).values())


def test_qui_joue_la_facture_du_voisin_manque_ses_criteres(classe: Classe) -> None:
    lea, noe = venir(classe, "Léa"), venir(classe, "Noé")
    (depot, _) = situation_de(classe, lea).saisie
    deposant = situation_de(classe, noe).attendu["deposant"]
    classe.faire(noe, noe.solo, Acteur("fournisseur", deposant), "deposer", "", depot.champs)
    assert not remplis(classe, noe)["facture_conforme_a_la_situation"]


def test_dans_une_situation_on_ne_tient_que_ses_roles(classe: Classe) -> None:
    lea = venir(classe, "Léa")
    attendu = situation_de(classe, lea).attendu
    for acteur in (
        Acteur("destinataire", attendu["destinataire_siret"]),
        Acteur("fournisseur", ELECTRICIEN),
        Acteur("comptable", attendu["destinataire_siret"]),
    ):
        with pytest.raises(RefusPortail, match="pas le vôtre dans cette situation"):
            classe.faire(lea, lea.solo, acteur, "deposer", "", facture())
        with pytest.raises(RefusPortail, match="pas le vôtre dans cette situation"):
            classe.consulter(lea, lea.solo, acteur, lambda portail, _: portail.longueur)
    with pytest.raises(RefusPortail):
        classe.faire(lea, lea.solo, Acteur("animateur", ""), "avancer", "", {"jours": "30"})


def test_ce_qui_s_est_deja_passe_est_la_des_l_arrivee_une_seule_fois(classe: Classe, base: str, ouvrir: Ouvrir) -> None:
    Animation(classe).avancer(12)
    Animation(classe).jouer("facture_suspendue")
    lea = venir(classe, "Léa")
    portail = classe.espace(lea.solo).lire(lambda p: (p.piece("P0001").statut, p.journal))
    assert portail[0] == "SUSPENDUE"
    assert {e["par"] for e in portail[1] if e["role"] != "systeme"} == {"animateur"}
    Animation(classe).avancer(3)
    jours = [e["donnees"]["jours"] for e in classe.registre.lire(lea.solo) if e["action"] == "avancer"]
    assert jours == [situation_de(classe, lea).recit.valeurs["attente"], "3"], "l’histoire commence à sa date"
    classe.fermer()
    rouverte = ouvrir(base)
    assert rouverte.situation == "facture_suspendue"
    assert rouverte.registre.lire(lea.solo) == classe.espace(lea.solo).lire(lambda p: p.journal)
    jouer(rouverte, lea)
    assert all(remplis(rouverte, lea).values())


def test_un_arret_avant_que_le_passe_soit_ecrit_se_repare_a_la_reouverture(
    classe: Classe, base: str, ouvrir: Ouvrir, monkeypatch: pytest.MonkeyPatch
) -> None:
    lea = venir(classe, "Léa")
    monkeypatch.setattr("facturier.serveur.espaces.Espaces.ouvrir", lambda *_: None)  # power cut after the commit
    Animation(classe).jouer("facture_rejetee")
    monkeypatch.undo()
    solo = encore(classe, lea).solo
    assert classe.registre.lire(solo) == ()
    classe.fermer()
    rouverte = ouvrir(base)
    assert rouverte.espace(solo).lire(lambda p: p.piece("P0001").statut) == "REJETEE"
    assert rouverte.avis == []


def test_une_autre_situation_met_le_travail_de_cote_sans_rien_perdre(classe: Classe) -> None:
    lea, noe = venir(classe, "Léa"), venir(classe, "Noé")
    jouer(classe, lea)
    ancien = classe.registre.lire("solo-lea")
    Animation(classe).jouer("facture_a_recycler")
    assert [encore(classe, qui).solo for qui in (lea, noe)] == ["solo-lea.2", "solo-noe.2"]
    assert classe.registre.lire("solo-lea")[: len(ancien)] == ancien
    assert classe.espace("solo-lea").situation is not None
    with pytest.raises(RefusClasse, match="pas le vôtre"):
        classe.lire(lea, "solo-lea", lambda p: p.longueur)
    assert classe.espace("solo-lea.2").lire(lambda p: p.piece("P0001").statut) == "A_RECYCLER"
    Animation(classe).jouer("")
    assert classe.espace(encore(classe, lea).solo).recit is None
    classe.faire(lea, "solo-lea.3", Acteur("fournisseur", ELECTRICIEN), "deposer", "", facture())


def test_reinitialiser_remet_au_debut_de_la_meme_histoire(classe: Classe) -> None:
    lea = venir(classe, "Léa")
    premiere = situation_de(classe, lea)
    jouer(classe, lea)  # the clock of the class has turned by a month
    Animation(classe).reinitialiser("lea", acces=False, travail=True)
    assert encore(classe, lea).solo == "solo-lea.2"
    assert situation_de(classe, lea).attendu == premiere.attendu
    debut = classe.espace("solo-lea.2").lire(lambda p: p.maintenant.isoformat())
    assert debut.startswith("2026-11-02T09:00")
    jouer(classe, lea)
    assert all(remplis(classe, lea).values()), "le délai de dépôt court depuis le début de l’histoire"


def test_rouvrir_avec_la_meme_situation_la_continue_une_autre_la_remplace(
    classe: Classe, base: str, annuaire: Annuaire, horloge: Horloge
) -> None:
    lea = venir(classe, "Léa")
    classe.fermer()
    soloes = []
    for demandee in (None, "nettoyage_public", "facture_rejetee", ""):
        rouverte = Classe(RegistreClasse(base), annuaire, situation=demandee, horloge=horloge)
        soloes.append((rouverte.situation, encore(rouverte, lea).solo))
        rouverte.fermer()
    assert soloes == [
        ("nettoyage_public", "solo-lea"),
        ("nettoyage_public", "solo-lea"),
        ("facture_rejetee", "solo-lea.2"),
        ("", "solo-lea.3"),
    ]


def test_qui_arrive_pendant_qu_une_situation_commence_la_joue_aussi(classe: Classe, base: str, ouvrir: Ouvrir) -> None:
    codes = ("facture_suspendue", "nettoyage_public", "facture_rejetee")
    with ThreadPoolExecutor(8) as fils:
        venues = [fils.submit(venir, classe, f"Élève {lettre}") for lettre in "abcdefghijklmnop"]
        lances = [fils.submit(Animation(classe).jouer, code) for code in codes]
        for fait in (*venues, *lances):
            fait.result()
    attendus = {nom: ligne.solo for nom, ligne in classe.participants.tous().items()}
    joues = {classe.espace(solo).ouverture.scenario for solo in attendus.values()}
    assert joues == {classe.situation}
    assert len(attendus) == 16
    classe.fermer()
    rouverte = ouvrir(base)
    assert {nom: ligne.solo for nom, ligne in rouverte.participants.tous().items()} == attendus
    assert rouverte.situation == classe.situation
    assert rouverte.avis == []


def test_deux_reinitialisations_a_la_fois_font_deux_essais(classe: Classe) -> None:
    lea = venir(classe, "Léa")
    with ThreadPoolExecutor(4) as fils:
        refaits = [fils.submit(Animation(classe).reinitialiser, "lea", acces=False, travail=True) for _ in range(4)]
        for fait in refaits:
            fait.result()
    assert encore(classe, lea).solo == "solo-lea.5"
    assert set(classe.espaces()) == {"solo-lea", *(f"solo-lea.{rang}" for rang in range(2, 6))}
    assert situation_de(classe, lea).recit.code == "nettoyage_public"


def test_le_guide_du_formateur_nomme_toutes_les_situations() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs/guide-formateur.md").read_text(encoding="utf-8")
    assert [code for code in situations() if f"`{code}`" not in guide] == []


def test_une_situation_impossible_ne_change_rien(classe: Classe, base: str, ouvrir: Ouvrir) -> None:
    lea = venir(classe, "Léa")
    with pytest.raises(ErreurFacturier, match="Situation inconnue"):
        Animation(classe).jouer("ailleurs")
    assert (classe.situation, encore(classe, lea).solo) == ("nettoyage_public", "solo-lea")
    avant = classe.participants._ecrivain
    classe.participants._ecrivain = _Plein()  # type: ignore[assignment]  # a full disk
    with pytest.raises(RegistreRefuse):
        Animation(classe).jouer("facture_a_recycler")
    classe.participants._ecrivain = avant
    assert (classe.situation, encore(classe, lea).solo) == ("nettoyage_public", "solo-lea")
    assert set(classe.espaces()) == {"solo-lea"}
    assert venir(classe, "Noé").solo == "solo-noe"
    assert situation_de(classe, venir(classe, "Zoé")).recit.code == "nettoyage_public"


class _Plein:
    def ecrire(self, _: object) -> None:
        raise RegistreRefuse("Le disque est plein.")


@pytest.mark.parametrize("code", situations())
def test_toute_situation_se_joue_en_classe_jusqu_au_bout(annuaire: Annuaire, tmp_path: Path, code: str) -> None:
    classe = Classe(RegistreClasse.fichier(tmp_path / "c.sqlite"), annuaire, situation=code, horloge=Horloge())
    try:
        lea = venir(classe, "Léa")
        jouer(classe, lea)
        manques = [nom for nom, fait in remplis(classe, lea).items() if not fait]
        assert manques == []
    finally:
        classe.fermer()


# what the learner's client is told


def test_le_client_lit_son_recit_et_n_apprend_ni_graine_ni_cle(classe: Classe) -> None:
    with en_fond(classe) as adresse:
        liaison = Liaison.rejoindre(adresse, classe.code, "Léa")
        recit = liaison.recit()
        situation = classe.espace("solo-lea").situation
        assert situation is not None
        assert (recit.code, recit.titre, recit.texte) == (
            "nettoyage_public",
            situation.recit.titre,
            situation.recit.texte,
        )
        assert recit.depot
        (joue,) = recit.joues
        assert (joue.role, joue.structure) == ("fournisseur", situation.attendu["deposant"])
        espace = liaison.espace("solo-lea")
        assert (espace.roles[0].structure, espace.roles[0].tenant) == (joue.structure, "lea")
        guichet = liaison.guichet(Acteur(joue.role, joue.structure))
        guichet.deposer(situation.saisie[0].champs)
        dits = [recit.model_dump_json(), espace.model_dump_json(), json.dumps(guichet.journal)]
        for chemin in ("espaces/solo-lea", "espaces/solo-lea/etat", "espaces/solo-lea/recit", "moi"):
            dits.append(json.dumps(liaison.envoyer("GET", chemin, None, {})))
        assert all("essai" not in dit and situation.recit.graine not in dit and "graine" not in dit for dit in dits)
        sur_le_serveur = classe.espace("solo-lea").lire(lambda p: etat_json(p.etat))
        assert etat_json(guichet.etat) == sur_le_serveur, "le client plie sans la graine"
        liaison.fermer()


def test_un_espace_sans_situation_ou_d_autrui_n_a_pas_de_recit(classe: Classe) -> None:
    venir(classe, "Noé")
    Animation(classe).jouer("")
    with en_fond(classe) as adresse:
        liaison = Liaison.rejoindre(adresse, classe.code, "Léa")
        with pytest.raises(RefusPortail, match="aucune situation"):
            liaison.recit()
        with pytest.raises(RefusPortail, match="pas le vôtre"):
            liaison.recit("solo-noe.2")
        liaison.fermer()


# the trainer's page


def test_le_formateur_lance_une_situation_et_suit_les_criteres_de_chacun(classe: Classe) -> None:
    fureteur = Fureteur.sur(classe).entrer()
    lea = venir(classe, "Léa")
    nombre = len(situation_de(classe, lea).criteres)
    assert f"0/{nombre} critères" in texte(fureteur.voir("/animateur"))
    jouer(classe, lea)
    assert f"{nombre}/{nombre} critères" in texte(fureteur.voir("/animateur"))
    page = texte(fureteur.voir("/animateur/participants/lea"))
    for critere in situation_de(classe, lea).criteres:
        assert critere.libelle in page
    assert "La facture de nettoyage du mois." in page
    assert situation_de(classe, lea).recit.graine not in page
    demande = fureteur.envoyer("/animateur", "/animateur/situation", situation="facture_suspendue")
    assert "mis de côté" in texte(demande)
    assert classe.situation == "nettoyage_public"
    fureteur.envoyer("/animateur", "/animateur/situation", situation="facture_suspendue", confirme="oui")
    assert (classe.situation, encore(classe, lea).solo) == ("facture_suspendue", "solo-lea.2")
    page = texte(fureteur.voir("/animateur/participants/lea"))
    assert "La pièce demandée est jointe" in page
    assert "Mis de côté" in page


# replaying


def test_le_journal_d_une_situation_de_classe_se_rejoue_octet_pour_octet(
    classe: Classe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Animation(classe).jouer("facture_suspendue")
    lea = venir(classe, "Léa")
    jouer(classe, lea)
    situation, solo = situation_de(classe, lea), encore(classe, lea).solo
    document = classe.espace(solo).lire(lambda p: p.document())
    attendu = classe.espace(solo).lire(lambda p: json.dumps(etat_json(p.etat), sort_keys=True))
    fichier = tmp_path / "journal.json"
    options = ["--situation", "facture_suspendue", "--graine", situation.recit.graine]
    for contenu, mots in ((document, []), (document, options), (document["evenements"], options)):
        fichier.write_text(json.dumps(contenu), encoding="utf-8")
        assert executer(facturier, ["rejouer", str(fichier), "--json", *mots]) == 0
        lu = json.loads(capsys.readouterr().out)
        assert json.dumps(lu["etat"], sort_keys=True) == attendu
        assert lu["situation"]["classe"] is True
        assert all(c["rempli"] for c in lu["situation"]["criteres"])
    assert executer(facturier, ["rejouer", str(fichier), *options[:3], graine_de("essai", "noe")]) == 1
    assert "ne vient pas de cet exercice" in capsys.readouterr().out
