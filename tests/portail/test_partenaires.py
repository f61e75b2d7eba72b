"""Simulated partners: the same case for everybody, from a deposit to its payment, by turning the clock only."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import joueurs
import pytest
from joueurs import ARCHITECTE, COMMUNE, COMMUNE_MOA, COUVREUR, ELECTRICIEN, VITRIER, Horloge, chantier, facture

from facturier import delais, referentiel
from facturier.annuaire import Marche
from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Annuaire, Ouverture, Piece, Portail, caracteres, circuits, partenaires
from facturier.portail.anomalies import CONTROLES
from facturier.portail.criteres import evaluer
from facturier.portail.etat import octets
from facturier.portail.pieces import fiche
from facturier.portail.portail import HORLOGER

LUNDI = "2026-11-02T09:00:00"
ANIMATEUR = Acteur("animateur", "", "animateur")
PAYEE = "MISE_EN_PAIEMENT"


def ouvrir(
    annuaire: Annuaire, marche: str, caractere: str | dict[str, str], *joues: tuple[str, str], graine: str = "promo-7"
) -> Portail:
    """A portal of one market where all that ``joues`` does not name is simulated."""
    tenus = partenaires.du_marche(annuaire.marches[marche], caractere, joues)
    return Portail(annuaire, Horloge(), Ouverture(graine=graine, depart=LUNDI, partenaires=tenus))


def monter(portail: Portail, marche: str, role: str, structure: str, cadre: str, vers: str, **champs: str) -> Piece:
    return portail.deposer(Acteur(role, structure), chantier(portail.annuaire, marche, cadre, vers, **champs))


def derniere(portail: Portail) -> Piece:
    return portail.pieces()[-1]


def gestes(portail: Portail) -> list[tuple[str, str, str, str]]:
    return [(e["quand"], e["role"], e["action"], e["objet"]) for e in portail.journal]


# a whole circuit, by depositing and turning the clock


CIRCUITS: dict[str, tuple[str, str, str, str, str, str]] = {
    "C1, chaque mois": ("2026-TVX-014", "fournisseur", "COUVREUR", "A4", "ARCHITECTE", "A4 A15 A19"),
    "C1, hôpital": ("2026-TVX-031", "fournisseur", "ELECTRICIEN", "A4", "ARCHITECTE", "A4 A15 A19"),
    "C1, fin": ("2026-TVX-014", "fournisseur", "COUVREUR", "A7", "ARCHITECTE", "A7 A17 A20 A8"),
    "C2, chaque mois": ("2026-TVX-040", "fournisseur", "MENUISIER", "A4", "DEPARTEMENT", "A4 A15 A19"),
    "C3, A5": ("2026-TVX-051", "fournisseur", "JARDINS", "A5", "COMMUNE_MOA", "A5 A19"),
    "C3, A4": ("2026-TVX-052", "fournisseur", "ELECTRICIEN", "A4", "COMMUNE_MOA", "A4 A19"),
    "C3, fin": ("2026-TVX-051", "fournisseur", "JARDINS", "A7", "COMMUNE_MOA", "A7 A20 A8"),
    "C4, chaque mois": ("2026-TVX-060", "fournisseur", "COUVREUR", "A5", "COMMUNE_MOA", "A5 A19"),
    "C5, chaque mois": ("2026-TVX-065", "fournisseur", "MENUISIER", "A4", "ARCHITECTE", "A4 A16"),
    "C5, fin": ("2026-TVX-065", "fournisseur", "MENUISIER", "A7", "ARCHITECTE", "A7 A18 A8"),
    "C6, chaque mois": ("2026-TVX-070", "fournisseur", "JARDINS", "A6", "CAISSE", "A6"),
    "C6, fin": ("2026-TVX-070", "fournisseur", "JARDINS", "A8", "CAISSE", "A8"),
    "C7, chaque mois": ("2026-TVX-075", "moa", "DEPARTEMENT", "A19", "DEPARTEMENT", "A19"),
    "C7, fin": ("2026-TVX-075", "moa", "DEPARTEMENT", "A20", "ELECTRICIEN", "A20 A8"),
    "C8, chaque mois": ("2026-TVX-080", "fournisseur", "COUVREUR", "A4", "ARCHITECTE", "A4 A15 A19"),
    "C8, fin": ("2026-TVX-080", "fournisseur", "COUVREUR", "A7", "ARCHITECTE", "A7 A17 A20 A8"),
    "C9, chaque mois": ("2026-TVX-090", "fournisseur", "COUVREUR", "A4", "ARCHITECTE", "A4 A15 A19"),
}


@pytest.mark.parametrize("caractere", ["prompt", "lent", "strict"])
@pytest.mark.parametrize("cas", CIRCUITS)
def test_un_depot_puis_l_horloge_menent_au_paiement(annuaire: Annuaire, cas: str, caractere: str) -> None:
    """At the end of a market the titulaire signs in turn: it is simulated, the trainer deposits its first piece."""
    marche, role, qui, cadre, vers, suite = CIRCUITS[cas]
    structure, fin = getattr(joueurs, qui), "fin" in cas
    tenus = partenaires.du_marche(annuaire.marches[marche], caractere, [] if fin else [(role, structure)])
    portail = Portail(annuaire, Horloge(), Ouverture(graine="promo-7", depart=LUNDI, classe=fin, partenaires=tenus))
    demande = chantier(annuaire, marche, cadre, getattr(joueurs, vers))
    portail.deposer(Acteur(role, structure, "animateur" if fin else ""), demande)
    for _ in range(12):
        if derniere(portail).statut == PAYEE:
            break
        _repondre_a_la_main(portail, role, structure)
        portail.avancer(30, ANIMATEUR if fin else HORLOGER)
    assert [p.cadre for p in portail.pieces()] == suite.split()
    assert derniere(portail).statut == PAYEE
    assert all(p.statut == "ASSOCIEE" for p in portail.pieces()[:-1])
    rejoue = Portail.rejouer(portail.journal, annuaire, ouverture=portail.ouverture)
    assert octets(rejoue.etat) == octets(portail.etat)


def _repondre_a_la_main(portail: Portail, role: str, structure: str) -> None:
    """A person completes what they are asked to complete, and nothing else."""
    for piece in portail.pieces():
        sienne = piece.deposant == structure and (role, structure) not in portail.etat.attributions
        if sienne and piece.statut == "SUSPENDUE":
            portail.agir(Acteur(role, structure), piece.id, "completer", commentaire="Voici le bon signé.")


SOMMES = ("montant_ht", "taux_tva", "montant_tva", "montant_ttc")
MARCHES_A_PROJET = ("014", "031", "040", "051", "052", "060", "065", "070", "080", "090")


@pytest.mark.parametrize("phase", ["mensuel", "fin"])
@pytest.mark.parametrize("caractere", ["prompt", "strict"])
@pytest.mark.parametrize("fin_de_numero", MARCHES_A_PROJET)
def test_seul_comme_titulaire_on_va_du_projet_de_decompte_au_paiement(
    annuaire: Annuaire, fin_de_numero: str, caractere: str, phase: str
) -> None:
    """Everybody else is simulated; the titulaire deposits the project that the card says, then signs the décompte."""
    marche = annuaire.marches[f"2026-TVX-{fin_de_numero}"]
    moi = Acteur("fournisseur", marche.titulaire)
    portail = ouvrir(annuaire, marche.numero, caractere, (moi.role, moi.structure))
    cadre = marche.cadre_mensuel if phase == "mensuel" else marche.cadre_final
    _deposer_selon_la_fiche(portail, marche, moi, cadre)
    for _ in range(8):
        portail.avancer(30)
        if derniere(portail).statut == PAYEE:
            break
        _repondre_a_la_main(portail, moi.role, moi.structure)
        if derniere(portail).statut == "A_ASSOCIER_FOURNISSEUR":
            admises = {champ: derniere(portail).valeurs[champ] for champ in SOMMES}
            _deposer_selon_la_fiche(portail, marche, moi, "A8", derniere(portail), **admises)
    assert derniere(portail).statut == PAYEE
    if phase == "fin":
        assert derniere(portail).cadre == "A8", "le décompte général et définitif, signé"


def _deposer_selon_la_fiche(
    portail: Portail, marche: Marche, moi: Acteur, cadre: str, precedente: Piece | None = None, **sommes: str
) -> None:
    etape = circuits.etape(marche, cadre, precedente.cadre if precedente else "")
    assert etape is not None
    demande = chantier(portail.annuaire, marche.numero, cadre, marche.partie(etape.adresse_a), **sommes)
    if precedente is None:
        portail.deposer(moi, demande)
    else:
        portail.deposer_suivante(moi, precedente.id, demande)


def test_c7_la_maitrise_d_ouvrage_ouvre_le_titulaire_seul_signe_et_est_paye(annuaire: Annuaire) -> None:
    """There the titulaire deposits no project: the trainer has the maîtrise d’ouvrage open the dossier."""
    marche = annuaire.marches["2026-TVX-075"]
    moi = Acteur("fournisseur", marche.titulaire, "lea")
    tenus = partenaires.du_marche(marche, "prompt", [("fournisseur", marche.titulaire)])
    portail = Portail(annuaire, Horloge(), Ouverture(graine="promo-7", depart=LUNDI, classe=True, partenaires=tenus))
    moa = Acteur("moa", marche.moa, "animateur")
    portail.deposer(moa, chantier(annuaire, marche.numero, "A19", marche.partie("payeur")))
    portail.avancer(20, ANIMATEUR)
    assert derniere(portail).statut == PAYEE
    portail.deposer(moa, chantier(annuaire, marche.numero, "A20", marche.titulaire))
    assert derniere(portail).statut == "A_ASSOCIER_FOURNISSEUR"
    _deposer_selon_la_fiche(portail, marche, moi, "A8", derniere(portail))
    portail.avancer(20, ANIMATEUR)
    assert (derniere(portail).cadre, derniere(portail).statut) == ("A8", PAYEE)


def test_c9_le_silence_de_la_maitrise_d_ouvrage_ouvre_la_procedure_tacite(annuaire: Annuaire) -> None:
    marche, titulaire = "2026-TVX-090", ("fournisseur", COUVREUR)
    tenus = {"moe": "silencieux", "moa": "silencieux", "destinataire": "prompt", "comptable": "prompt"}
    portail = ouvrir(annuaire, marche, tenus, titulaire)
    monter(portail, marche, *titulaire, "A7", ARCHITECTE)
    portail.avancer(31)
    monter(portail, marche, *titulaire, "A22", COMMUNE_MOA)
    portail.avancer(11)
    monter(portail, marche, *titulaire, "A23", COMMUNE)
    portail.avancer(20)
    assert [(p.cadre, p.statut) for p in portail.pieces()] == [
        ("A7", "REMPLACEE_PAR_A22"),
        ("A22", "ASSOCIEE"),
        ("A23", PAYEE),
    ]


def test_c10_une_facture_simple_est_payee(annuaire: Annuaire) -> None:
    portail = ouvrir(annuaire, "2026-ENT-007", "prompt", ("fournisseur", ELECTRICIEN))
    portail.deposer(Acteur("fournisseur", ELECTRICIEN), facture("A1"))
    portail.avancer(20)
    assert derniere(portail).statut == PAYEE


# the same for everybody


def _affaire(annuaire: Annuaire, graine: str) -> Portail:
    portail = ouvrir(annuaire, "2026-TVX-014", "strict", ("fournisseur", COUVREUR), graine=graine)
    for numero in ("SIT-01", "SIT-02", "SIT-03"):
        monter(portail, "2026-TVX-014", "fournisseur", COUVREUR, "A4", ARCHITECTE, numero=numero)
    portail.avancer(45)
    return portail


def test_la_meme_graine_deroule_la_meme_affaire_pour_deux_personnes(annuaire: Annuaire) -> None:
    lea, tom = _affaire(annuaire, "promo-7"), _affaire(annuaire, "promo-7")
    assert gestes(lea) == gestes(tom)
    assert octets(lea.etat) == octets(tom.etat)


def test_une_autre_graine_deroule_une_autre_affaire(annuaire: Annuaire) -> None:
    assert gestes(_affaire(annuaire, "promo-7")) != gestes(_affaire(annuaire, "promo-8"))


def test_les_partenaires_agissent_aux_heures_de_bureau_des_jours_ouvres(annuaire: Annuaire) -> None:
    portail = _affaire(annuaire, "promo-9")
    simules = [datetime.fromisoformat(e["quand"]) for e in portail.journal if e["par"] == "simule"]
    assert len(simules) > 10
    assert all(delais.jour_ouvre(quand.date()) and 9 <= quand.hour < 17 for quand in simules)


def test_tourner_l_horloge_d_un_coup_ou_jour_par_jour_ne_change_rien(annuaire: Annuaire) -> None:
    portails = []
    for pas in (30, 1):
        portail = ouvrir(annuaire, "2026-TVX-014", "strict", ("fournisseur", COUVREUR))
        monter(portail, "2026-TVX-014", "fournisseur", COUVREUR, "A4", ARCHITECTE)
        for _ in range(30 // pas):
            portail.avancer(pas)
        portails.append([(e["quand"], e["action"], e["donnees"]) for e in portail.journal if e["par"] == "simule"])
    assert portails[0] == portails[1] != []


# characters


def test_le_lent_laisse_constater_son_silence_puis_repond(annuaire: Annuaire) -> None:
    portail = ouvrir(annuaire, "2026-TVX-014", "lent", ("fournisseur", COUVREUR))
    piece = monter(portail, "2026-TVX-014", "fournisseur", COUVREUR, "A4", ARCHITECTE)
    portail.avancer(60)
    statuts = [p.statut for p in portail.piece(piece.id).historique]
    assert statuts.index("ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE") < statuts.index("ASSOCIEE")


def test_le_silencieux_ne_repond_jamais(annuaire: Annuaire) -> None:
    portail = ouvrir(annuaire, "2026-TVX-014", "silencieux", ("fournisseur", COUVREUR))
    piece = monter(portail, "2026-TVX-014", "fournisseur", COUVREUR, "A4", ARCHITECTE)
    portail.avancer(300)
    assert portail.piece(piece.id).statut == "ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE"
    assert "simule" not in {e["par"] for e in portail.journal}


def test_le_strict_corrige_les_montants_d_apres_la_fiche_et_dit_pourquoi(annuaire: Annuaire) -> None:
    portail = ouvrir(annuaire, "2026-TVX-014", "strict", ("fournisseur", COUVREUR))
    trop = {"montant_ht": "150 000,00", "taux_tva": "10", "montant_tva": "15 000,00", "montant_ttc": "165 000,00"}
    monter(portail, "2026-TVX-014", "fournisseur", COUVREUR, "A4", ARCHITECTE, **trop)
    portail.avancer(10)
    a15 = portail.piece("P0002")
    assert a15.cadre == "A15"
    assert a15.valeurs["taux_tva"] == "20"
    ht, ttc = (float(a15.valeurs[c].replace(",", ".")) for c in ("montant_ht", "montant_ttc"))
    assert ht <= 100_000
    assert round(ht * 1.2, 2) == ttc
    commentaire = a15.valeurs["commentaire"].replace("\u00a0", " ").replace("\u202f", " ")
    assert "Le taux du marché est de 20 %." in commentaire
    assert "100 000,00 €" in commentaire


def test_le_prompt_admet_ce_qui_est_presente(annuaire: Annuaire) -> None:
    portail = ouvrir(annuaire, "2026-TVX-014", "prompt", ("fournisseur", COUVREUR))
    monter(portail, "2026-TVX-014", "fournisseur", COUVREUR, "A4", ARCHITECTE)
    portail.avancer(10)
    assert {p.valeurs["montant_ttc"] for p in portail.pieces()} == {"1 200,00"}
    assert len(portail.pieces()) == 3


@pytest.mark.parametrize(
    "champs", [{"code_service": "MAIRIE"}, {"code_service": "BATIMENTS", "numero_engagement": "E1"}]
)
def test_ce_qui_n_est_pas_adresse_au_bon_service_est_a_recycler(annuaire: Annuaire, champs: dict[str, str]) -> None:
    """The MOA is played, and writes to another service than the card's; once corrected, the payer pays."""
    moa = ("moa", COMMUNE_MOA)
    portail = ouvrir(annuaire, "2026-TVX-014", "strict", ("fournisseur", COUVREUR), moa)
    monter(portail, "2026-TVX-014", "fournisseur", COUVREUR, "A4", ARCHITECTE)
    portail.avancer(10)
    a15 = portail.piece("P0002")
    demande = chantier(annuaire, "2026-TVX-014", "A19", COMMUNE, **{c: a15.valeurs[c] for c in joueurs_montants()})
    a19 = portail.deposer_suivante(Acteur(*moa), a15.id, {**demande, **champs})
    portail.avancer(10)
    assert portail.piece(a19.id).statut == "A_RECYCLER"
    assert portail.piece(a19.id).historique[-1].motif == "SE_ERR"
    portail.agir(Acteur(*moa), a19.id, "recycler", code_service="FINANCES")
    for _ in range(4):
        portail.avancer(20)
        _repondre_a_la_main(portail, *moa)
    assert portail.piece(a19.id).statut == PAYEE


def joueurs_montants() -> tuple[str, ...]:
    return ("montant_ht", "taux_tva", "montant_tva", "montant_ttc")


def test_le_strict_rejette_une_facture_dont_la_tva_est_fausse(annuaire: Annuaire) -> None:
    portail = ouvrir(annuaire, "2026-ENT-007", "strict", ("fournisseur", ELECTRICIEN))
    fausse = {"montant_tva": "100,00", "montant_ttc": "1 100,00"}
    piece = portail.deposer(Acteur("fournisseur", ELECTRICIEN), facture("A1", **fausse))
    portail.avancer(10)
    assert portail.piece(piece.id).statut == "REJETEE"
    assert portail.piece(piece.id).historique[-1].motif == "TX_TVA_ERR"


ENGAGEMENT_DU_MARCHE = "BC-2026-00031"


@pytest.mark.parametrize("porte", ["BC-2026-99999", ENGAGEMENT_DU_MARCHE])
def test_un_engagement_qui_n_est_pas_celui_du_marche_est_renvoye_avec_son_motif(annuaire: Annuaire, porte: str) -> None:
    """The hospital's market gives the number; who deposits the A19 is the hospital's own maîtrise d’ouvrage."""
    moa = annuaire.marches["2026-TVX-031"].partie("moa")
    portail = ouvrir(annuaire, "2026-TVX-031", "strict", ("fournisseur", ELECTRICIEN), ("moa", moa))
    monter(portail, "2026-TVX-031", "fournisseur", ELECTRICIEN, "A4", ARCHITECTE)
    portail.avancer(15)
    avant = derniere(portail)
    assert (avant.cadre, avant.statut) == ("A15", "MISE_A_DISPOSITION_MOA")
    admises = {champ: avant.valeurs[champ] for champ in SOMMES}
    demande = chantier(annuaire, "2026-TVX-031", "A19", joueurs.HOPITAL, **admises)
    portail.deposer_suivante(Acteur("moa", moa), avant.id, {**demande, "numero_engagement": porte})
    portail.avancer(10)
    renvois = [p for p in derniere(portail).historique if p.motif in ("CMD_EJ_ERR", "EJ_ERR")]
    attendus = [] if porte == ENGAGEMENT_DU_MARCHE else [("A_RECYCLER", "CMD_EJ_ERR")]
    assert [(p.statut, p.motif) for p in renvois] == attendus
    assert octets(Portail.rejouer(portail.journal, annuaire, ouverture=portail.ouverture).etat) == octets(portail.etat)


def test_un_valideur_simule_signale_qu_il_n_est_pas_le_bon_et_le_sous_traitant_simule_corrige(
    annuaire: Annuaire,
) -> None:
    marche = "2026-TVX-014"
    tenus = partenaires.du_marche(annuaire.marches[marche], "prompt", [("fournisseur", joueurs.ZINGUEUR)])
    tenus[f"valideur_1:{ELECTRICIEN}"] = "prompt"
    portail = Portail(annuaire, Horloge(), Ouverture(depart=LUNDI, partenaires=tenus))
    sans_tva = {"taux_tva": "0", "montant_tva": "0,00", "montant_ttc": "1 000,00"}
    piece = monter(
        portail, marche, "fournisseur", joueurs.ZINGUEUR, "A10", ARCHITECTE, valideur_siret=ELECTRICIEN, **sans_tva
    )
    portail.avancer(4)
    assert portail.piece(piece.id).statut == "ERREUR_FOURNISSEUR_SUR_VALIDEUR"
    portail.agir(Acteur("fournisseur", joueurs.ZINGUEUR), piece.id, "corriger_valideur", valideur_siret=COUVREUR)
    portail.avancer(10)
    assert portail.piece(piece.id).statut == "ASSOCIEE"


def test_un_sous_traitant_simule_corrige_son_valideur_et_complete(annuaire: Annuaire) -> None:
    tenus = {
        f"fournisseur:{VITRIER}": "prompt",
        f"valideur_1:{ELECTRICIEN}": "prompt",
        f"destinataire:{joueurs.DEPARTEMENT}": "prompt",
        f"comptable:{joueurs.DEPARTEMENT}": "prompt",
    }
    ouverture = Ouverture(depart=LUNDI, classe=True, partenaires=tenus)
    portail = Portail(annuaire, Horloge(), ouverture)
    champs = {"destinataire_siret": joueurs.DEPARTEMENT, "code_service": "COLLEGES", "numero_marche": "2026-NET-002"}
    piece = portail.deposer(
        Acteur("fournisseur", VITRIER, "animateur"), facture("A9", valideur_siret=ELECTRICIEN, **champs)
    )
    portail.avancer(6, ANIMATEUR)
    assert portail.piece(piece.id).valideur == joueurs.NETTOYAGE
    portail.agir(Acteur("valideur_1", joueurs.NETTOYAGE, "animateur"), piece.id, "valider")
    payeur = Acteur("destinataire", joueurs.DEPARTEMENT, "animateur")
    portail.agir(payeur, piece.id, "suspendre", motif="JUSTIF_ABS", commentaire="Le bon manque.")
    portail.avancer(20, ANIMATEUR)
    finie = portail.piece(piece.id)
    assert finie.statut == PAYEE
    assert [j.nom for j in finie.pieces_jointes] == ["justificatif.pdf"]


# the settings


def test_les_reglages_ne_nomment_que_ce_que_les_tables_connaissent() -> None:
    lus = caracteres.reglages()
    gestes_connus = {(t.role, t.de, t.action) for t in referentiel.transitions()}
    actions = {(t.role, t.action) for t in referentiel.transitions()}
    motifs = {m.code for m in referentiel.motifs()} | {""}
    assert [g for g in lus.gestes for a in g.actions if (g.role, g.statut, a) not in gestes_connus] == []
    assert [a for a in lus.anomalies if a.motif not in motifs or a.code not in CONTROLES] == []
    assert all(any((r, action) in actions for r in a.roles) for a in lus.anomalies for action in a.actions)
    assert [i for p in lus.profils.values() for i in p.incident if (i.role, i.action) not in actions] == []
    assert all(i.motif in motifs for p in lus.profils.values() for i in p.incident)
    connus = {"prompt", "lent", "strict", "silencieux", "pointilleux", "metreur"}
    assert set(lus.profils) == connus == set(partenaires.CARACTERES)
    assert {fiche(c).code for g in lus.gestes for c in g.cadres} == {"A14"}


@pytest.mark.parametrize(
    ("avant", "apres", "extrait"),
    [
        ("silence = 0", "silence = 101", "une part va de 0 à 100"),
        ("jours = [0, 1]", "jours = [3, 1]", "de 3 à 1"),
        ('controles = ["adresse", "valideur"]', 'controles = ["flair"]', "« flair » inconnu"),
        ('libelle = "Prompt"', 'nom = "Prompt"', "absente ou inconnue"),
        ("\n[[caractere]]\n", "\n[[caractere\n", "ne sont pas lisibles"),
    ],
)
def test_un_reglage_qui_n_a_pas_de_sens_est_refuse(tmp_path: Path, avant: str, apres: str, extrait: str) -> None:
    from facturier import contenu

    texte = (contenu.racine() / "data" / "partenaires.toml").read_text(encoding="utf-8")
    fichier = tmp_path / "partenaires.toml"
    fichier.write_text(texte.replace(avant, apres, 1), encoding="utf-8")
    with pytest.raises(ErreurFacturier) as refus:
        caracteres.lire(fichier)
    assert extrait in refus.value.phrase.replace("\u00a0", " ")


def test_des_sommes_corrigees_avec_leur_raison_se_lisent_dans_les_criteres(annuaire: Annuaire) -> None:
    for caractere, corrigees in (("prompt", False), ("strict", True)):
        portail = ouvrir(annuaire, "2026-TVX-014", caractere, ("fournisseur", COUVREUR))
        trop = {"montant_ht": "150 000,00", "montant_tva": "30 000,00", "montant_ttc": "180 000,00"}
        monter(portail, "2026-TVX-014", "fournisseur", COUVREUR, "A4", ARCHITECTE, **trop)
        portail.avancer(10)
        assert evaluer(portail.etat)["sommes_corrigees"] is corrigees
