"""Where a person sits in a class: who opens a circuit, whose mailbox, whose account and structure they read."""

from __future__ import annotations

import pytest
from classe_essai import COMMUNE, Horloge
from joueurs import ARCHITECTE, COMMUNE_MOA, DEPARTEMENT, chantier

from facturier.ecrans.blocs import Cible, Message, Paragraphe
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.poste import Poste
from facturier.ecrans.sieges import sieges_du_participant, sieges_fixes
from facturier.portail import Acteur, Annuaire, RefusPortail
from facturier.registre import RegistreClasse
from facturier.serveur import Animation, Classe
from facturier.serveur.montages import Montage, lire
from facturier.serveur.postes import GuichetDeClasse

MOAD = "99990036800013"
SANS_COMPTE = (
    "profil",
    "compte_adresse",
    "compte_confirmer",
    "mot_de_passe",
    "structure_creer",
    "structure",
    "coordonnees",
    "service_creer",
    "rattachements",
    "rattachement_demander",
)


def paragraphes(poste: Poste) -> str:
    return " ".join(b.texte for b in poste.vue().blocs if isinstance(b, Paragraphe | Message)).replace("\u00a0", " ")


@pytest.fixture
def electricien(classe: Classe) -> Poste:
    """A learner of the class in a story without accounts, on its screens."""
    Animation(classe).jouer("electricien_avec_moe")
    lea = classe.rejoindre(classe.code, "Léa").participant
    recit = classe.espace(lea.solo).recit
    assert recit is not None
    joues = [(joue.role, joue.structure) for joue in recit.joues]
    return Poste(GuichetDeClasse(classe, lea, lea.solo), ECRANS, sieges_fixes(joues), recit=recit)


@pytest.mark.parametrize(
    ("marche", "roles"),
    [
        ("2026-TVX-075", ["moa", "fournisseur", "destinataire", "comptable"]),
        ("2026-TVX-060", ["fournisseur", "moa", "destinataire", "comptable"]),
        ("2026-TVX-065", ["fournisseur", "moe", "destinataire", "comptable"]),
        ("2026-TVX-014", ["fournisseur", "moe", "moa", "destinataire", "comptable"]),
    ],
)
def test_la_premiere_place_est_a_qui_ouvre_le_dossier_et_personne_n_attend_hors_de_l_outil(
    annuaire: Annuaire, marche: str, roles: list[str]
) -> None:
    assert [poste.role for poste in lire(annuaire, marche).postes] == roles


def test_la_maitrise_d_ouvrage_deleguee_prend_la_place_de_la_maitrise_d_ouvrage(annuaire: Annuaire) -> None:
    (moa,) = [poste for poste in Montage(annuaire.marches["2026-TVX-080"]).postes if poste.role == "moa"]
    assert moa.structure == MOAD != COMMUNE_MOA


def test_une_personne_tient_la_maitrise_d_ouvrage_qui_depose_la_premiere(
    base: str, annuaire: Annuaire, horloge: Horloge
) -> None:
    classe = Classe(RegistreClasse(base), annuaire, graine="essai", marche="2026-TVX-075", horloge=horloge)
    try:
        lea = classe.rejoindre(classe.code, "Léa").participant
        Animation(classe).repartir()
        groupe = classe.participants.participant("lea").groupe
        poste = Poste(GuichetDeClasse(classe, lea, groupe), ECRANS, sieges_du_participant("lea"))
        assert poste.acteur == Acteur("moa", DEPARTEMENT)
        demande = chantier(annuaire, "2026-TVX-075", "A19", DEPARTEMENT)
        piece = poste.guichet.faire(poste.acteur, "deposer", version=None, **demande)
        Animation(classe).avancer(30)
        assert poste.guichet.piece(piece).statut == "MISE_EN_PAIEMENT"
    finally:
        classe.fermer()


def test_la_boite_d_une_situation_sans_compte_se_lit(electricien: Poste) -> None:
    electricien.ouvrir(Cible("boite"))
    assert electricien.vue().statut is None
    assert "Aucun courriel ne part" in paragraphes(electricien)


@pytest.mark.parametrize("ecran", SANS_COMPTE)
def test_un_ecran_de_compte_ouvert_par_son_adresse_dit_qu_on_agit_sans_compte(electricien: Poste, ecran: str) -> None:
    electricien.ouvrir(Cible(ecran))
    assert "Ici, vous agissez sans compte : Fournisseur" in paragraphes(electricien)
    assert not electricien.vue().champs or not any(e.valeur for e in electricien.vue().champs.values())


@pytest.mark.parametrize("ecran", ["structure", "coordonnees", "service_creer"])
def test_la_structure_d_autrui_ne_se_lit_pas_par_son_adresse(electricien: Poste, ecran: str) -> None:
    electricien.ouvrir(Cible(ecran, ARCHITECTE))
    vue = electricien.vue()
    assert vue.statut is not None
    assert "Cette structure n’est pas la vôtre" in vue.statut.texte
    assert not vue.blocs


def test_sans_structure_on_ne_tient_aucun_role(classe: Classe) -> None:
    Animation(classe).jouer("electricien_avec_moe")
    lea = classe.rejoindre(classe.code, "Léa").participant
    assert (
        classe.consulter(
            lea, lea.solo, Acteur("fournisseur", ""), lambda p, a: p.gestes(a, "P0001") if p.etat.pieces else ()
        )
        == ()
    )
    for acteur in (Acteur("moe", ""), Acteur("fournisseur", COMMUNE)):
        with pytest.raises(RefusPortail, match="pas le vôtre dans cette situation"):
            classe.consulter(lea, lea.solo, acteur, lambda portail, _: portail.longueur)
    with pytest.raises(RefusPortail):
        classe.faire(
            lea,
            lea.solo,
            Acteur("fournisseur", ""),
            "deposer",
            "",
            chantier(classe.annuaire, "2026-TVX-033", "A4", ARCHITECTE),
        )
