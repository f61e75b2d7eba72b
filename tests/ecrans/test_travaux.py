"""Works on the screens: the seven stories, a market of each circuit, signatures, refusals, silences."""

from __future__ import annotations

from decimal import Decimal

import pytest

from facturier.ecrans.blocs import Cible, Message
from facturier.ecrans.chantier import ouvertures, suites
from facturier.portail.decomptes import DecompteCalcule
from facturier.situations import Situation, evaluer, tirer
from tests.ecrans.chantier import ANNUAIRE, Chantier, roles_du_marche, sur_le_marche
from tests.ecrans.joueur import boutons, liens, poste_de, tous

TITULAIRE = ("sans_moe_a4", "sans_moe_a5")
MOA = ("moa_premiere_piece",)
MEMBRES = ("cotraitant_travaux", "sous_traitant_travaux")


def en_jeu(code: str, graine: str = "lea") -> tuple[Chantier, Situation]:
    situation = tirer(code, graine, ANNUAIRE)
    chantier = Chantier(poste_de(situation.recit))
    chantier.ouvrir(Cible("recit"))
    return chantier, situation


def depose(chantier: Chantier, situation: Situation, **autrement: str) -> None:
    """What the story says, typed on the screen of works; what the portal already wrote is left as it is."""
    voulus = dict(next(g for g in situation.saisie if g.action == "deposer").champs)
    chantier.suivre("Déposer une pièce de travaux")
    if chantier.poste.formulaire() is None or not chantier.poste.valeurs:
        chantier.suivre(f"{voulus['cadre']} sur le marché {voulus['numero_marche']}")
    formulaire = chantier.poste.formulaire()
    assert formulaire is not None
    ids = {champ.id for champ in formulaire.champs}
    montant = "cumul_ht" if "cumul_ht" in ids else "montant_ht"
    champs = {
        "numero_facture": voulus["numero_facture"],
        "date_facture": voulus["date_facture"],
        montant: voulus["montant_ht"],
        "taux_tva": voulus["taux_tva"],
        **autrement,
    }
    chantier.saisir(**champs)
    chantier.appuyer("Déposer la pièce")


def avance(chantier: Chantier, situation: Situation) -> None:
    """Let the partners answer, as the story does."""
    jours = next(g.champs["jours"] for g in situation.saisie if g.action == "avancer")
    chantier.ouvrir(Cible("horloge"))
    while int(jours) > 0:
        pas = "30" if int(jours) >= 30 else "7" if int(jours) >= 7 else "1"
        chantier.cliquer("avancer", jours=pas)
        jours = str(int(jours) - int(pas))


@pytest.mark.parametrize("graine", ["lea", "tom"])
@pytest.mark.parametrize("code", [*TITULAIRE, *MOA, *MEMBRES])
def test_qui_joue_l_histoire_sur_les_ecrans_remplit_tous_les_criteres(code: str, graine: str) -> None:
    chantier, situation = en_jeu(code, graine)
    depose(chantier, situation)
    avance(chantier, situation)
    remplis = evaluer(situation, chantier.poste.guichet.etat)
    assert remplis == dict.fromkeys(remplis, True), (chantier.dit, remplis)


@pytest.mark.parametrize("code", [*TITULAIRE, *MOA, "cotraitant_travaux"])
def test_la_tva_oubliee_manque_le_critere_des_montants(code: str) -> None:
    chantier, situation = en_jeu(code)
    depose(chantier, situation, taux_tva="0")
    avance(chantier, situation)
    assert not evaluer(situation, chantier.poste.guichet.etat)["montants_de_la_situation"]


def test_le_sous_traitant_qui_facture_la_tva_manque_le_critere_du_taux() -> None:
    chantier, situation = en_jeu("sous_traitant_travaux")
    depose(chantier, situation, taux_tva="20")
    avance(chantier, situation)
    assert not evaluer(situation, chantier.poste.guichet.etat)["taux_de_la_situation"]


def test_le_cotraitant_sans_valideur_est_arrete_avant_le_clic() -> None:
    chantier, situation = en_jeu("cotraitant_travaux")
    depose(chantier, situation, valideur_siret="")
    assert "valideur_siret" in dict(chantier.poste.bloquants())
    assert not evaluer(situation, chantier.poste.guichet.etat)["piece_envoyee"]


@pytest.mark.parametrize("recopie", [False, True])
def test_la_maitrise_d_oeuvre_corrige_les_montants_dans_son_etat_d_acompte(recopie: bool) -> None:
    chantier, situation = en_jeu("etat_acompte_moe")
    voulus = next(g for g in situation.saisie if g.action == "deposer_suivante").champs
    chantier.suivre("Répondre à la pièce P0001")
    assert chantier.ou == ("travaux_suivante", "moe")
    chantier.saisir(numero_facture=voulus["numero_facture"])
    if not recopie:
        chantier.saisir(cumul_ht=voulus["montant_ht"])
        assert "commentaire" in dict(chantier.poste.bloquants())  # the difference is to be explained
        chantier.saisir(commentaire=voulus["commentaire"])
    chantier.appuyer("Déposer la pièce A15")
    avance(chantier, situation)
    remplis = evaluer(situation, chantier.poste.guichet.etat)
    attendus = dict.fromkeys(remplis, True)
    if recopie:
        attendus |= {"montants_de_la_situation": False, "facture_conforme_a_la_situation": False}
    assert remplis == attendus, chantier.dit


# each circuit

MARCHES = {
    "C1": "2026-TVX-014",
    "C2": "2026-TVX-040",
    "C3": "2026-TVX-051",
    "C4": "2026-TVX-060",
    "C5": "2026-TVX-065",
    "C6": "2026-TVX-070",
    "C7": "2026-TVX-075",
    "C8": "2026-TVX-080",
    "C9": "2026-TVX-090",
}
SUITE = {
    "C1": ["A4", "A15", "A19"],
    "C2": ["A4", "A15", "A19"],
    "C3": ["A5", "A19"],
    "C4": ["A5", "A19"],
    "C5": ["A4", "A16"],
    "C6": ["A6"],
    "C7": ["A19"],
    "C8": ["A4", "A15", "A19"],
    "C9": ["A4", "A15", "A19"],
}
FIN = {
    "C1": ["A7", "A17", "A20", "A8"],
    "C2": ["A7", "A17", "A20", "A8"],
    "C3": ["A7", "A20", "A8"],
    "C4": ["A7", "A20", "A8"],
    "C5": ["A7", "A18", "A8"],
    "C6": ["A8"],
    "C7": ["A20", "A8"],
    "C8": ["A7", "A17", "A20", "A8"],
    "C9": ["A7", "A17", "A20", "A8"],
}


def ouvre(chantier: Chantier, numero: str, cadre: str) -> None:
    """Sit where that dossier opens, and open it."""
    roles = roles_du_marche(ANNUAIRE.marches[numero])
    for role, structure in roles:
        chantier.poste.asseoir(f"{role}:{structure}:")
        guichet = chantier.poste.guichet
        au = guichet.maintenant.date()
        offerts = ouvertures(guichet.etat, guichet.annuaire, chantier.poste.acteur, au, numero)
        if any(p.cadre == cadre and not p.empechement for p in offerts):
            chantier.ouvrir(Cible("travaux_projet", f"{numero}~{cadre}"))
            return
    raise AssertionError(f"personne n’ouvre {cadre}")


def deroule(chantier: Chantier, suite: list[str], cumul: str, prefixe: str) -> None:
    """Each piece of the dossier in its turn, wherever the screens lead."""
    for rang, cadre in enumerate(suite):
        assert chantier.poste.ecran.id in ("travaux_projet", "travaux_suivante"), (cadre, chantier.ou, chantier.dit)
        chantier.saisir(numero_facture=f"{prefixe}-{cadre}")
        if not rang:
            chantier.saisir(cumul_ht=cumul)
        formulaire = chantier.poste.formulaire()
        assert formulaire is not None
        if "signature" in {champ.id for champ in formulaire.champs}:
            chantier.saisir(signature="sans_reserve" if cadre == "A8" else "signe")
        assert chantier.poste.bloquants() == [], cadre
        chantier.appuyer(f"Déposer la pièce {cadre}")
        assert chantier.dernier == cadre, chantier.dit


def paie(chantier: Chantier) -> None:
    for geste in ("Attester", "Mandater", "Transmettre", "Prendre en comptabilité", "Mettre en paiement"):
        assert chantier.poste.lieu.ecran == "valider", chantier.dit
        chantier.appuyer(geste)
    assert chantier.poste.guichet.pieces()[-1].statut == "MISE_EN_PAIEMENT"


@pytest.mark.parametrize("circuit", MARCHES)
def test_un_marche_de_chaque_circuit_se_deroule_du_premier_mois_au_solde(circuit: str) -> None:
    numero = MARCHES[circuit]
    chantier = sur_le_marche(numero)
    ouvre(chantier, numero, SUITE[circuit][0])
    deroule(chantier, SUITE[circuit], "10 000,00", "M1")
    paie(chantier)
    assert chantier.poste.guichet.pieces()[-1].valeurs["montant_ht"] == "10000,00"
    ouvre(chantier, numero, FIN[circuit][0])
    deroule(chantier, FIN[circuit], "25 000,00", "FIN")
    paie(chantier)
    assert chantier.poste.guichet.pieces()[-1].valeurs["montant_ht"] == "15000,00"


def test_un_marche_sans_ccag_mene_a_la_facture_simple() -> None:
    chantier = sur_le_marche("2026-ENT-007")
    chantier.ouvrir(Cible("travaux_projet", "2026-ENT-007"))
    assert [lien.cible.ecran for lien in liens(chantier.poste)] == ["saisie_destinataire"]
    assert chantier.poste.bloquants() == []
    assert not boutons(chantier.poste)


def test_ce_qui_est_offert_est_exactement_ce_que_le_portail_accepte() -> None:
    """Whoever sits elsewhere is offered nothing, before and after each piece of a dossier."""
    numero = MARCHES["C1"]
    chantier = sur_le_marche(numero)
    ouvre(chantier, numero, "A4")
    for cadre in ("A4", "A15", "A19"):
        chantier.saisir(numero_facture=f"X-{cadre}", **({"cumul_ht": "5 000,00"} if cadre == "A4" else {}))
        chantier.appuyer(f"Déposer la pièce {cadre}")
        guichet = chantier.poste.guichet
        piece, au = guichet.pieces()[-1], guichet.maintenant.date()
        for siege in chantier.poste.sieges:
            offerts = {p.cadre for p in suites(guichet.annuaire, siege.acteur, piece, au)}
            possibles = {t.action for t in guichet.gestes(siege.acteur, piece.id)}
            assert bool(offerts) == ("deposer_suivante" in possibles), (cadre, siege)


def test_la_revision_se_calcule_mois_apres_mois_et_se_relit_sur_la_fiche() -> None:
    numero = MARCHES["C1"]
    chantier = sur_le_marche(numero)
    for mois, cumul in (("1", "10 000,00"), ("2", "30 000,00")):
        ouvre(chantier, numero, "A4")
        chantier.saisir(numero_facture=f"SIT-{mois}", cumul_ht=cumul)
        chantier.appuyer("Déposer la pièce A4")
        chantier.saisir(numero_facture=f"EA-{mois}", index_valeur="114,4")
        chantier.appuyer("Déposer la pièce A15")
        chantier.saisir(numero_facture=f"EAV-{mois}")
        chantier.appuyer("Déposer la pièce A19")
        chantier.poste.guichet.avancer(30)
    acteur = chantier.poste.acteur
    decompte = chantier.poste.guichet.calculs(acteur, chantier.poste.guichet.pieces()[-1].id).decompte
    assert isinstance(decompte, DecompteCalcule)
    assert decompte.decompte.etat.revision == Decimal("1020.00")  # 30 000 × (0,15 + 0,85 × 114,4 / 110 - 1)


def test_un_mois_deja_presente_mais_pas_encore_arrive_chez_qui_paie_se_dit() -> None:
    numero = MARCHES["C3"]
    chantier = sur_le_marche(numero)
    ouvre(chantier, numero, "A5")
    deroule(chantier, ["A5"], "10 000,00", "M1")
    chantier.poste.guichet.avancer(30)
    ouvre(chantier, numero, "A5")
    chantier.saisir(numero_facture="M2-A5", cumul_ht="25 000,00")
    dits = [bloc.texte for bloc in tous(chantier.poste.vue().blocs) if isinstance(bloc, Message)]
    assert any("n’est pas encore arrivé chez qui paie" in dit for dit in dits)
    chantier.appuyer("Déposer la pièce A5")
    assert chantier.poste.guichet.pieces()[-1].valeurs["montant_ht"] == "15000,00"  # the first month counted once


# the end of a market


def general(chantier: Chantier, numero: str) -> None:
    """A décompte général that waits for the titulaire."""
    ouvre(chantier, numero, "A7")
    deroule(chantier, ["A7", "A17", "A20"], "30 000,00", "FIN")
    assert chantier.ou == ("travaux_suivante", "fournisseur")


def test_le_decompte_general_se_signe_avec_reserves_et_memoire() -> None:
    chantier = sur_le_marche("2026-TVX-033")
    general(chantier, "2026-TVX-033")
    chantier.saisir(numero_facture="DGD-1", signature="avec_reserves")
    assert "memoire" in dict(chantier.poste.bloquants())
    chantier.poste.joindre("memoire", "memoire.pdf", b"%PDF")
    assert chantier.poste.bloquants() == []
    chantier.appuyer("Déposer la pièce A8")
    assert chantier.poste.guichet.pieces()[-1].valeurs["memoire"] == "memoire.pdf"


def test_le_decompte_general_se_refuse_par_un_memoire_dans_le_delai() -> None:
    chantier = sur_le_marche("2026-TVX-033")
    general(chantier, "2026-TVX-033")
    chantier.suivre("Refuser")
    assert chantier.ou[0] == "geste"
    chantier.poste.joindre("piece_jointe", "memoire.pdf", b"%PDF")
    chantier.cliquer("valider")
    assert chantier.poste.guichet.pieces()[-1].statut == "REFUSEE_FOURNISSEUR", chantier.dit


def test_la_procedure_tacite_s_ouvre_apres_le_silence_de_la_maitrise_d_ouvrage() -> None:
    numero = "2026-TVX-090"
    chantier = sur_le_marche(numero)
    ouvre(chantier, numero, "A7")
    deroule(chantier, ["A7"], "30 000,00", "FIN")
    titulaire = ANNUAIRE.marches[numero].titulaire
    chantier.ouvrir(Cible("travaux_projet", numero, f"fournisseur:{titulaire}:"))
    assert "A22" not in {lien.texte[:3] for lien in liens(chantier.poste)}
    chantier.ouvrir(Cible("horloge"))
    chantier.cliquer("avancer", jours="30")
    chantier.cliquer("avancer", jours="1")
    ouvre(chantier, numero, "A22")
    assert chantier.poste.valeurs["cumul_ht"] == "30000,00"  # from the final project
    chantier.saisir(numero_facture="TACITE-1", signature="signe")
    chantier.appuyer("Déposer la pièce A22")
    assert chantier.ou == ("travaux_suivante", "moa"), chantier.dit
    chantier.ouvrir(Cible("horloge"))
    for _ in range(2):
        chantier.cliquer("avancer", jours="7")
    ouvre(chantier, numero, "A23")
    chantier.saisir(numero_facture="TACITE-2")
    chantier.appuyer("Déposer la pièce A23")
    assert chantier.dernier == "A23", chantier.dit
    assert chantier.ou == ("valider", "destinataire")


# those who are paid directly


@pytest.mark.parametrize(
    ("numero", "cadre", "structure"),
    [("2026-TVX-014", "A10", "99990033500012"), ("2026-TVX-020", "A13", "99990016000014")],
)
def test_la_demande_d_un_membre_se_valide_puis_se_joint_au_dossier(numero: str, cadre: str, structure: str) -> None:
    chantier = sur_le_marche(numero)
    chantier.ouvrir(Cible("travaux_projet", f"{numero}~{cadre}", f"fournisseur:{structure}:"))
    chantier.saisir(numero_facture="DP-1", montant_ht="1 000,00", taux_tva="0" if cadre == "A10" else "20")
    assert chantier.poste.bloquants() == []
    chantier.appuyer(f"Déposer la pièce {cadre}")
    assert chantier.ou == ("valider", "valideur_1"), chantier.dit
    chantier.ouvrir(Cible("valider"))  # the list: one click to accept
    chantier.appuyer("Valider" if cadre == "A10" else "Viser")
    assert chantier.poste.guichet.pieces()[0].statut == "MISE_A_DISPOSITION_MOE", chantier.dit
    chantier.ouvrir(Cible("valider", "P0001", f"moe:{ANNUAIRE.marches[numero].moe}:"))
    chantier.appuyer("Joindre au dossier")
    assert chantier.poste.guichet.pieces()[0].statut == "ASSOCIEE", chantier.dit


def test_le_silence_du_valideur_vaut_accord_au_bout_du_delai() -> None:
    numero, structure = "2026-TVX-014", "99990033500012"
    chantier = sur_le_marche(numero)
    chantier.ouvrir(Cible("travaux_projet", f"{numero}~A10", f"fournisseur:{structure}:"))
    chantier.saisir(numero_facture="DP-1", montant_ht="1 000,00", taux_tva="0")
    chantier.appuyer("Déposer la pièce A10")
    chantier.ouvrir(Cible("horloge"))
    chantier.appuyer("Avancer jusqu’à la prochaine échéance (15 jours)")
    chantier.appuyer("Avancer de 1 jour")
    assert "ABSENCE_VALIDATION_1_HORS_DELAI" in {p.statut for p in chantier.poste.guichet.pieces()[0].historique}


def test_le_valideur_refuse_avec_un_motif() -> None:
    numero, structure = "2026-TVX-014", "99990033500012"
    chantier = sur_le_marche(numero)
    chantier.ouvrir(Cible("travaux_projet", f"{numero}~A10", f"fournisseur:{structure}:"))
    chantier.saisir(numero_facture="DP-1", montant_ht="1 000,00", taux_tva="0")
    chantier.appuyer("Déposer la pièce A10")
    chantier.suivre("Refuser")
    chantier.saisir(motif="AUTRE", commentaire="Les travaux ne sont pas faits.")
    chantier.cliquer("valider")
    assert "REFUSEE_1" in {p.statut for p in chantier.poste.guichet.pieces()[0].historique}, chantier.dit


def test_la_liste_dit_ce_qui_attend_ici_et_a_mes_autres_places() -> None:
    numero, structure = "2026-TVX-014", "99990033500012"
    chantier = sur_le_marche(numero)
    chantier.ouvrir(Cible("travaux_projet", f"{numero}~A10", f"fournisseur:{structure}:"))
    chantier.saisir(numero_facture="DP-1", montant_ht="1 000,00", taux_tva="0")
    chantier.appuyer("Déposer la pièce A10")
    chantier.ouvrir(Cible("valider", "", f"fournisseur:{structure}:"))
    assert not boutons(chantier.poste)
    ailleurs = [lien for lien in liens(chantier.poste) if lien.cible.siege]
    titulaire = ANNUAIRE.marches[numero].titulaire
    assert [lien.cible.siege for lien in ailleurs] == [f"valideur_1:{titulaire}:"]
    assert ailleurs[0].texte.endswith("(1 pièce)")
    chantier.ouvrir(ailleurs[0].cible)
    assert [b.texte for b in boutons(chantier.poste)] == ["Valider"]
