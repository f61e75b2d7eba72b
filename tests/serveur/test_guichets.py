"""One counter, three portals: on this machine, across HTTP on SQLite, across HTTP on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from classe_essai import COMMUNE, ELECTRICIEN, Horloge, facture

from facturier.liaison.client import Liaison
from facturier.portail import Acteur, Ouverture, RefusPortail
from facturier.portail.guichet import Guichet, GuichetLocal
from facturier.serveur import Classe
from facturier.serveur.lancement import en_fond


@pytest.fixture(params=["local", "http-sqlite", "http-postgresql"])
def guichet(request: pytest.FixtureRequest, horloge: Horloge) -> Iterator[Guichet]:
    if request.param == "local":
        yield GuichetLocal(ELECTRICIEN, horloge=horloge)
        return
    url = request.getfixturevalue("base" if request.param == "http-sqlite" else "base_postgresql")
    classe: Classe = request.getfixturevalue("ouvrir")(url)
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


def test_le_journal_du_guichet_se_rejoue(guichet: Guichet) -> None:
    guichet.deposer(facture())
    if isinstance(guichet, GuichetLocal):
        rejoue = GuichetLocal(ELECTRICIEN, guichet.journal)
        assert rejoue.etat.pieces == guichet.etat.pieces
    else:
        with pytest.raises(Exception, match="ne vient pas de cet exercice"):
            GuichetLocal(ELECTRICIEN, guichet.journal, ouverture=Ouverture(classe=True))
