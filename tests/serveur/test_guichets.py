"""One counter, three portals: on this machine, across HTTP on SQLite, across HTTP on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from classe_essai import COMMUNE, ELECTRICIEN, Horloge, facture

from facturier.delais import Interets
from facturier.documents.certificat import certificat_du_guichet
from facturier.ecrans.blocs import Boutons, Cible
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.poste import Poste
from facturier.ecrans.sieges import sieges_fixes
from facturier.erreurs import ErreurFacturier
from facturier.liaison.client import GuichetHTTP, Liaison
from facturier.portail import Acteur, Ouverture, RefusPortail
from facturier.portail.decomptes_services import DecompteServices
from facturier.portail.echeances import NonCalculable
from facturier.portail.guichet import Guichet, GuichetLocal
from facturier.portail.jalons import echeances_du_marche
from facturier.portail.recherche import Filtres
from facturier.portail.suivi import Recherche
from facturier.serveur import Animation, Classe
from facturier.serveur.lancement import en_fond


@pytest.fixture
def ouvertes() -> list[Classe]:
    """The class behind the counter, when there is one."""
    return []


@pytest.fixture(params=["local", "http-sqlite", "http-postgresql"])
def guichet(request: pytest.FixtureRequest, horloge: Horloge, ouvertes: list[Classe]) -> Iterator[Guichet]:
    if request.param == "local":
        yield GuichetLocal(ELECTRICIEN, horloge=horloge)
        return
    url = request.getfixturevalue("base" if request.param == "http-sqlite" else "base_postgresql")
    classe: Classe = request.getfixturevalue("ouvrir")(url)
    ouvertes.append(classe)
    with en_fond(classe) as adresse:
        liaison = Liaison.rejoindre(adresse, classe.code, "Léa")
        yield liaison.guichet(Acteur("fournisseur", ELECTRICIEN))
        liaison.fermer()


def test_un_depot_laisse_une_piece_et_son_journal(guichet: Guichet) -> None:
    assert guichet.deposer(facture()).startswith("Facture FA-2026-0042 envoyée (pièce P0001, statut « ")
    assert guichet.journal[0]["action"] == "deposer"
    assert guichet.piece("P0001").numero == "FA-2026-0042"
    assert guichet.envoyees() == {"FA-2026-0042"}
    assert guichet.etat.pieces["P0001"] == guichet.pieces()[0]


def test_un_brouillon_est_garde_remplace_puis_envoye(guichet: Guichet) -> None:
    assert "pas envoyé" in guichet.enregistrer(facture(numero="B-1"))
    assert "déjà enregistré" in guichet.enregistrer(facture(numero="B-1"))
    guichet.enregistrer(facture(numero="B-2"))
    assert [numero for _, numero, _ in guichet.resume()] == ["B-2"]
    guichet.deposer(facture(numero="B-3"))
    assert guichet.envoyees() == {"B-3"}


def test_un_refus_dit_chaque_regle_et_ne_change_rien(guichet: Guichet) -> None:
    with pytest.raises(RefusPortail) as refus:
        guichet.deposer(facture(destinataire_siret="", iban=""))
    assert len(refus.value.regles) >= 2
    assert refus.value.phrase
    assert guichet.journal == ()


def test_une_facture_deja_envoyee_est_refusee(guichet: Guichet) -> None:
    guichet.deposer(facture())
    longueur = len(guichet.journal)
    with pytest.raises(RefusPortail):
        guichet.deposer(facture())
    assert len(guichet.journal) == longueur


def test_une_version_perimee_est_refusee_avec_une_phrase(guichet: Guichet) -> None:
    piece = guichet.faire(guichet.acteur, "enregistrer", version=None, **facture())
    vue = guichet.version(piece)
    guichet.faire(guichet.acteur, "supprimer", piece, version=vue)
    with pytest.raises(RefusPortail, match="vient de changer") as refus:
        guichet.faire(guichet.acteur, "envoyer", piece, version=vue)
    assert refus.value.code == "version-perimee"


def test_les_gestes_possibles_sont_ceux_du_role(guichet: Guichet) -> None:
    piece = guichet.faire(guichet.acteur, "enregistrer", version=None, **facture())
    assert {t.action for t in guichet.gestes(guichet.acteur, piece)} >= {"envoyer", "supprimer"}
    assert guichet.gestes(Acteur("fournisseur", "99990013700012"), piece) == ()


def test_une_piece_inconnue_est_dite(guichet: Guichet) -> None:
    with pytest.raises(RefusPortail, match="n’existe pas"):
        guichet.piece("P0099")
    with pytest.raises(RefusPortail, match="n’existe pas"):
        guichet.gestes(guichet.acteur, "P0099")


def test_un_champ_demesure_est_refuse(guichet: Guichet) -> None:
    with pytest.raises(RefusPortail, match="Saisie refusée"):
        guichet.deposer(facture(commentaire="é" * 2001))


def test_le_formulaire_connait_l_annuaire_et_le_jour(guichet: Guichet, horloge: Horloge) -> None:
    contexte = guichet.contexte
    assert contexte.au == horloge.heure.date()
    assert contexte.annuaire is not None
    assert contexte.annuaire.structure(COMMUNE).nom == "Commune de Bourg-Imaginaire"


def test_l_horloge_ne_recule_jamais(guichet: Guichet, horloge: Horloge) -> None:
    guichet.deposer(facture())
    horloge.passe(days=-3)
    guichet.deposer(facture(numero="FA-2"))
    dates = [evenement["quand"] for evenement in guichet.journal]
    assert dates == sorted(dates)
    assert guichet.maintenant.isoformat() >= dates[-1]


def test_l_horloge_de_la_classe_est_a_l_animateur(guichet: Guichet) -> None:
    if isinstance(guichet, GuichetLocal):
        guichet.avancer(3)
        assert guichet.journal[-1]["action"] == "avancer"
    else:
        with pytest.raises(RefusPortail, match="animateur"):
            guichet.avancer(3)
        guichet.avancer()
        assert guichet.journal == ()


def test_les_reglages_du_portail_se_demandent_au_guichet(guichet: Guichet) -> None:
    attendue = "libre" if isinstance(guichet, GuichetLocal) else "animateur"
    assert guichet.ouverture.horloge == attendue


def test_une_piece_de_travaux_se_depose_par_les_ecrans(guichet: Guichet) -> None:
    poste = Poste(guichet, ECRANS, sieges_fixes([("fournisseur", ELECTRICIEN)]))
    poste.ouvrir(Cible("travaux_projet", "2026-TVX-033~A4"))
    poste.changer("numero_facture", "SIT-1")
    poste.changer("cumul_ht", "5 000,00")
    assert poste.vue().bloquants == []
    poste.agir("deposer")
    assert guichet.piece("P0001").valeurs["montant_ttc"] == "6000,00"
    assert poste.lieu == Cible("fiche", "P0001")
    for ecran, objet in (("valider", ""), ("valider", "P0001"), ("marche", "2026-TVX-033"), ("horloge", "")):
        poste.ouvrir(Cible(ecran, objet))
        assert poste.vue().statut is None
    avancer = any(isinstance(bloc, Boutons) for bloc in poste.vue().blocs)
    assert avancer == (guichet.ouverture.horloge == "libre")


def test_un_ecran_ne_releve_le_journal_qu_une_fois(guichet: Guichet, monkeypatch: pytest.MonkeyPatch) -> None:
    demandes: list[str] = []
    vrai = Liaison.appeler

    def compter(liaison: Liaison, genre: Any, methode: str, chemin: str, *reste: Any) -> Any:
        demandes.append(chemin.partition("?")[0].rpartition("/")[2])
        return vrai(liaison, genre, methode, chemin, *reste)

    poste = Poste(guichet, ECRANS, sieges_fixes([("fournisseur", ELECTRICIEN)]))
    poste.ouvrir(Cible("travaux_projet", "2026-TVX-033~A4"))
    monkeypatch.setattr(Liaison, "appeler", compter)
    poste.vue()
    assert demandes == ([] if isinstance(guichet, GuichetLocal) else ["journal"])
    guichet.deposer(facture())
    assert guichet.envoyees() == {"FA-2026-0042"}  # and what is done after is seen at once


def test_le_journal_du_guichet_se_rejoue(guichet: Guichet) -> None:
    guichet.deposer(facture())
    if isinstance(guichet, GuichetLocal):
        rejoue = GuichetLocal(ELECTRICIEN, guichet.journal)
        assert rejoue.etat.pieces == guichet.etat.pieces
    else:
        with pytest.raises(Exception, match="ne vient pas de cet exercice"):
            GuichetLocal(ELECTRICIEN, guichet.journal, ouverture=Ouverture(classe=True))


# what is looked up


def test_la_boite_dit_la_vie_de_la_piece_puis_le_delai_passe(guichet: Guichet, horloge: Horloge) -> None:
    guichet.deposer(facture())
    assert next(m.objet for m in guichet.messages(guichet.acteur)) == "FA-2026-0042\u00a0: dépôt enregistré"
    if isinstance(guichet, GuichetLocal):  # nobody pays here; the class's partners do
        horloge.passe(days=32)
        assert "le délai de paiement est dépassé" in guichet.messages(guichet.acteur)[-1].objet
    else:
        assert {m.a for m in guichet.messages(guichet.acteur)} == {ELECTRICIEN}


def test_le_tableau_de_bord_et_la_recherche_sont_ceux_du_role(guichet: Guichet) -> None:
    guichet.deposer(facture("FA-1"))
    guichet.deposer(facture("FA-2", montant_ht="2 000,00", montant_tva="400,00", montant_ttc="2 400,00"))
    guichet.enregistrer(facture("FA-3"))
    vu = guichet.tableau(guichet.acteur)
    assert sum(compteur.nombre for compteur in vu.statuts) == 3
    assert [a.piece for a in vu.attentes] == [guichet.piece("P0003")]
    assert {t.action for t in vu.attentes[0].gestes} == {t.action for t in guichet.gestes(guichet.acteur, "P0003")}
    trouvees = guichet.rechercher(guichet.acteur, Recherche(minimum="2 000", depuis=date(2026, 11, 1)))
    assert (trouvees.pieces, trouvees.total) == ((guichet.piece("P0002"),), 1)
    assert [p.id for p in guichet.rechercher(guichet.acteur, Recherche(tri="numero", decroissant=False)).pieces] == [
        "P0001",
        "P0002",
        "P0003",
    ]


def test_l_histoire_les_frises_et_les_calculs_d_une_piece_s_expliquent(guichet: Guichet) -> None:
    guichet.deposer(facture())
    (depot, *_) = guichet.histoire(guichet.acteur, "P0001")
    assert depot.quoi == "Déposer la pièce"
    assert [f.titre for f in guichet.frises(guichet.acteur, "P0001")]
    calculs = guichet.calculs(guichet.acteur, "P0001")
    (paiement,) = [e for e in calculs.echeances if e.echeance.code.startswith("paiement")]
    assert paiement.echeance.limite == date(2026, 12, 24)
    assert paiement.echeance.etapes[0].source
    assert isinstance(calculs.interets, Interets)
    assert calculs.interets.total == 0
    assert isinstance(calculs.decompte, NonCalculable)


def test_le_certificat_de_depot_est_le_meme_partout(guichet: Guichet) -> None:
    guichet.deposer(facture())
    fichiers = guichet.telechargements(guichet.acteur, "P0001")
    assert [f.nom for f in fichiers] == ["P0001.pdf", "certificat-P0001.pdf"]
    pdf = certificat_du_guichet(guichet, guichet.acteur, "P0001")
    assert pdf.startswith(b"%PDF")
    if isinstance(guichet, GuichetHTTP):
        assert guichet.certificat(guichet.acteur, "P0001") == pdf


def test_qui_ne_tient_pas_de_role_sur_la_piece_n_en_lit_rien(guichet: Guichet) -> None:
    guichet.deposer(facture())
    autre = Acteur("fournisseur", "99990013700012")
    assert guichet.histoire(autre, "P0001") == guichet.frises(autre, "P0001") == ()
    assert guichet.telechargements(autre, "P0001") == guichet.messages(autre) == ()
    assert guichet.rechercher(autre, Recherche()).total == 0
    for question in (guichet.calculs, lambda a, p: certificat_du_guichet(guichet, a, p)):
        with pytest.raises(RefusPortail, match="pas de celles que ce rôle suit"):
            question(autre, "P0001")
    if isinstance(guichet, GuichetHTTP):
        with pytest.raises(RefusPortail, match="pas de celles que ce rôle suit"):
            guichet.certificat(autre, "P0001")
    for question in (guichet.histoire, guichet.frises, guichet.calculs, guichet.telechargements):
        with pytest.raises(RefusPortail, match="n’existe pas"):
            question(guichet.acteur, "P0099")


def test_un_critere_illisible_est_refuse_en_francais(guichet: Guichet) -> None:
    with pytest.raises(ErreurFacturier, match=r"lettres|montant|nombre|euros"):
        guichet.rechercher(guichet.acteur, Recherche(minimum="beaucoup"))


def test_l_annuaire_se_cherche_par_un_nom_ou_un_siret(guichet: Guichet) -> None:
    (commune,) = guichet.structures("bourg imaginaire", Filtres(publique=True, moa_uniquement=False))
    assert commune == guichet.annuaire.structure(commune.siret)
    assert commune.siret in {s.siret for s in guichet.structures(commune.siret[:10])}
    assert guichet.structures("zzz") == ()
    assert len(guichet.structures("")) <= 50


def test_regarder_applique_d_abord_ce_qui_est_du(guichet: Guichet, horloge: Horloge) -> None:
    guichet.faire(
        Acteur("fournisseur", "99990015200011"),
        "deposer",
        version=None,
        **facture("ST-1", cadre="A9", valideur_siret="99990013700012", numero_marche="2026-NET-015"),
    )
    longueur = len(guichet.journal)
    horloge.passe(days=30)
    lignes = guichet.histoire(Acteur("fournisseur", "99990015200011"), "P0001")
    assert len(guichet.journal) > longueur
    assert any("silence" in ligne.quoi.lower() or ligne.par == "simule" for ligne in lignes)


def test_des_observations_se_presentent_quand_une_invitation_les_attend(
    guichet: Guichet, ouvertes: list[Classe]
) -> None:
    marche = {"numero_marche": "2026-TVX-033", "commentaire": "Intempéries"}
    with pytest.raises(RefusPortail, match="Aucune invitation n’attend"):
        guichet.faire(guichet.acteur, "presenter_observations", version=None, **marche)
    moa = Acteur("moa", "21990002400023")
    if isinstance(guichet, GuichetLocal):
        guichet.faire(moa, "inviter_observations", version=None, **marche)
    else:
        Animation(ouvertes[-1]).injecter("solo-lea", moa.role, moa.structure, "inviter_observations", "", marche)
    assert "pénalités" in guichet.messages(guichet.acteur)[-1].texte
    guichet.faire(guichet.acteur, "presenter_observations", version=None, **marche)
    (attendue,) = echeances_du_marche(guichet.etat, guichet.annuaire.marches["2026-TVX-033"])
    assert attendue.issue(guichet.maintenant.date()) == "tenue"


def test_le_compte_de_chaque_membre_d_un_marche_de_services_se_lit_partout(guichet: Guichet) -> None:
    peintre = Acteur("fournisseur", "99990016000014")
    champs = facture("PN-1", cadre="A12", numero_marche="2026-ENT-019", valideur_siret="99990017800016")
    piece = guichet.faire(peintre, "deposer", version=None, **champs)
    decompte = guichet.calculs(peintre, piece).decompte
    assert isinstance(decompte, DecompteServices)
    assert [m.ligne("reste").cumul for m in decompte.membres] == [20000, 10000]
    assert any("attend encore son valideur" in e.libelle for e in decompte.etapes), "rien ne compte avant le visa"
