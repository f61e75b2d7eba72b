"""The works of a group: each member's demand, the mandataire's visa, the corrections, who is paid what.

Figures reckoned by hand. Market of 480 000,00 HT (mandataire 300 000, painter 100 000, electrician 80 000), VAT 20 %,
retenue 5 %, advance 5 % of 576 000 = 28 800,00, repaid between 65 and 80 %, C = 0,15 + 0,85 × 121 / 110 = 1,085.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from joueurs import ARCHITECTE, COMMUNE, COMMUNE_MOA, ELECTRICIEN, MANDATAIRE, PAPIERS, PEINTRE, chantier

from facturier.annuaire import fiches
from facturier.montants import format_euros
from facturier.portail import Acteur, Annuaire, Piece, Portail, RefusPortail
from facturier.portail.decomptes import DecompteCalcule, decompte_de
from facturier.portail.echeances import NonCalculable

MARCHE = "2026-TVX-020"
INDEX = {f"2026-0{mois}": {"BT01": Decimal("121.0")} for mois in range(3, 9)}
MOE = Acteur("moe", ARCHITECTE)


def d(texte: str) -> Decimal:
    return Decimal(texte)


class Chantier:
    """Deposits of the group, one month at a time."""

    def __init__(self, portail: Portail, mois: int = 4) -> None:
        self.portail, self.mois = portail, mois

    def demande(self, cadre: str, vers: str, qui: str, ht: str, **champs: str) -> dict[str, str]:
        taux = d(champs.get("taux_tva", "20")) / 100
        sommes = {"montant_ht": ht, "montant_tva": f"{d(ht) * taux:.2f}", "montant_ttc": f"{d(ht) * (1 + taux):.2f}"}
        numero = f"{cadre}-{self.mois}-{qui[-7:]}"
        jour = f"30/0{self.mois}/2026"
        return chantier(
            self.portail.annuaire, MARCHE, cadre, vers, numero=numero, date_facture=jour, **sommes, **champs
        )

    def membre(self, qui: str, ht: str, geste: str = "valider", cadre: str = "A13") -> Piece:
        demande = self.demande(cadre, ARCHITECTE, qui, ht, valideur_siret=MANDATAIRE)
        piece = self.portail.deposer(Acteur("fournisseur", qui), demande)
        motif = {"motif": "AUTRE"} if geste == "refuser" else {}
        return self.portail.agir(Acteur("valideur_1", MANDATAIRE), piece.id, geste, **motif) if geste else piece

    def joint(self, piece: Piece) -> Piece:
        return self.portail.agir(MOE, piece.id, "joindre_au_dossier")

    def mandataire(self, ht: str) -> Piece:
        return self.portail.deposer(Acteur("fournisseur", MANDATAIRE), self.demande("A4", ARCHITECTE, MANDATAIRE, ht))

    def admis(self, piece: Piece, ht: str) -> Piece:
        """The état d'acompte of the MOE, then the one that the MOA validates, which goes to the payer."""
        qui = f"{piece.id}000"
        a15 = self.portail.deposer_suivante(
            MOE, piece.id, self.demande("A15", COMMUNE_MOA, qui, ht, commentaire="Métré.")
        )
        return self.portail.deposer_suivante(Acteur("moa", COMMUNE_MOA), a15.id, self.demande("A19", COMMUNE, qui, ht))

    def directe(self, ht: str) -> Piece:
        """Wallpapers, subcontracted by the painter: paid directly, VAT by reverse charge."""
        demande = self.demande(
            "A10", ARCHITECTE, PAPIERS, ht, taux_tva="0", valideur_siret=PEINTRE, valideur_2_siret=MANDATAIRE
        )
        piece = self.portail.deposer(Acteur("fournisseur", PAPIERS), demande)
        self.portail.agir(Acteur("valideur_1", PEINTRE), piece.id, "valider")
        self.portail.agir(Acteur("valideur_2", MANDATAIRE), piece.id, "valider")
        return self.joint(piece)


def calcule(portail: Portail, piece: Piece) -> DecompteCalcule:
    trouve = decompte_de(portail.piece(piece.id), portail.etat, portail.annuaire, INDEX)
    assert isinstance(trouve, DecompteCalcule), trouve
    assert sum(m.a_payer for m in trouve.membres) == trouve.decompte.a_payer
    for ligne in trouve.decompte.lignes:
        assert sum(m.ligne(ligne.code).cumul for m in trouve.membres) == ligne.cumul
    return trouve


def raison(portail: Portail, piece: Piece, annuaire: Annuaire | None = None) -> str:
    trouve = decompte_de(portail.piece(piece.id), portail.etat, annuaire or portail.annuaire, INDEX)
    assert isinstance(trouve, NonCalculable), trouve
    return trouve.raison.replace("\u00a0", " ")


def payes(calcul: DecompteCalcule) -> list[Decimal]:
    return [m.a_payer for m in calcul.membres]


def avril(portail: Portail) -> tuple[Piece, Piece]:
    """Painter joined, electrician on its own dossier; the MOE takes off a tenth of the first, 2 000 of the second."""
    mois = Chantier(portail)
    mois.joint(mois.membre(PEINTRE, "10000"))
    electricien = mois.membre(ELECTRICIEN, "8000")
    a4 = mois.mandataire("40000")
    mois.admis(electricien, "6000")
    return a4, mois.admis(a4, "36000")


def test_le_projet_du_mois_cumule_les_demandes_visees_de_chaque_membre(portail: Portail) -> None:
    mois = Chantier(portail)
    mois.joint(mois.membre(PEINTRE, "10000"))
    mois.membre(ELECTRICIEN, "8000")
    projet = calcule(portail, mois.mandataire("40000"))
    assert [m.ligne("travaux").cumul for m in projet.membres] == [d("30000"), d("10000"), d("8000")]
    assert projet.decompte.ligne("travaux").mois == d("48000")


def test_l_etat_d_acompte_corrige_se_partage_et_la_somme_des_membres_est_celle_du_marche(portail: Portail) -> None:
    """36 000 + 6 000 = 42 000 HT × 1,085 × 1,2 = 54 684,00, less 5 %: 51 949,80.

    Mandataire 30 000 × 0,9 = 27 000 → 33 396,30; painter 9 000 → 11 132,10; electrician 6 000 → 7 421,40.
    """
    _, a19 = avril(portail)
    etat = calcule(portail, a19)
    assert etat.decompte.a_payer == d("51949.80")
    assert payes(etat) == [d("33396.30"), d("11132.10"), d("7421.40")]
    assert [e.presente - e.admis for e in etat.ecarts] == [d("6000")]


def test_l_avance_se_rembourse_selon_la_part_et_le_sous_traitant_se_retire_a_son_membre(portail: Portail) -> None:
    """Cumul 42 000 + 306 000 = 348 000, 72,5 % of the market: half of the advance, 14 400, by shares of the market.

    200 000 × 1,302 = 260 400 - 13 020 - 9 000 = 238 380,00; 60 000 × 1,302 = 78 120 - 2 000 direct
    - 5 % of 76 120 = 3 806 - 3 000 = 69 314,00; 46 000 × 1,302 = 59 892 - 2 994,60 - 2 400 = 54 497,40.
    """
    avril(portail)
    mai = Chantier(portail, 5)
    mai.directe("2000")
    mai.joint(mai.membre(PEINTRE, "60000"))
    mai.joint(mai.membre(ELECTRICIEN, "46000"))
    a4 = mai.mandataire("306000")
    etat = calcule(portail, mai.admis(a4, "306000"))
    assert etat.decompte.ligne("avance").mois == d("14400.00")
    assert payes(etat) == [d("238380.00"), d("69314.00"), d("54497.40")]


def test_une_demande_sans_visa_ou_refusee_ne_compte_pas(portail: Portail) -> None:
    mois = Chantier(portail)
    mois.membre(PEINTRE, "10000", geste="refuser")
    mois.membre(ELECTRICIEN, "8000", geste="")
    projet = calcule(portail, mois.mandataire("30000"))
    assert [m.ligne("travaux").cumul for m in projet.membres] == [d("30000"), d("0"), d("0")]


def test_le_solde_rembourse_l_avance_entiere_a_chacun(portail: Portail) -> None:
    """10 000 HT at the end: 4 000 × 1,302 - 5 % = 4 947,60 - 18 000; painter and electrician 3 000 each, own shares."""
    avril(portail)
    fin = Chantier(portail, 6)
    for qui in (PEINTRE, ELECTRICIEN):
        fin.joint(fin.membre(qui, "3000", cadre="A14"))
    a7 = portail.deposer(Acteur("fournisseur", MANDATAIRE), fin.demande("A7", ARCHITECTE, MANDATAIRE, "10000"))
    final = calcule(portail, a7)
    assert payes(final) == [d("-13052.40"), d("-2289.30"), d("-1089.30")]


def test_ce_qui_n_est_que_partiel_est_dit_a_chaque_etape_d_un_membre(portail: Portail) -> None:
    etat = calcule(portail, avril(portail)[1])
    siennes = [e for m in etat.membres for e in m.etapes]
    assert siennes
    assert {e.fiabilite for e in siennes} == {"partiel", "à vérifier"}
    assert all(e.precision and e.source for e in siennes)
    assert etat.etapes[-1].valeur == format_euros(d("51949.80"))


def test_le_mandataire_ne_peut_ni_corriger_une_demande_ni_l_entamer_dans_son_projet(portail: Portail) -> None:
    mois = Chantier(portail)
    demande = mois.membre(PEINTRE, "10000", geste="")
    possibles = {t.action for t in portail.gestes(Acteur("valideur_1", MANDATAIRE), demande.id)}
    assert possibles == {"valider", "refuser", "signaler_erreur_valideur"}
    visee = portail.agir(Acteur("valideur_1", MANDATAIRE), demande.id, "valider")
    assert visee.valeurs == demande.valeurs
    mois.joint(visee)
    with pytest.raises(RefusPortail, match="vise ou refuse une demande, il ne la corrige pas") as refus:
        mois.mandataire("9000")
    assert refus.value.regles == ("projet-du-mandataire",)
    assert mois.mandataire("10000").statut == "MISE_A_DISPOSITION_MOE"


def test_sans_parts_sur_la_fiche_ou_avec_une_demande_jointe_apres_coup_le_decompte_dit_pourquoi(
    portail: Portail,
) -> None:
    mois = Chantier(portail)
    demande = mois.membre(PEINTRE, "10000")
    a4 = mois.mandataire("9000")
    mois.joint(demande)
    assert "n’atteint pas les demandes jointes" in raison(portail, a4)
    annuaire = portail.annuaire
    sans = replace(annuaire.marches[MARCHE], parts=())
    assert "ne répartit pas" in raison(portail, a4, Annuaire(annuaire.structures, {**annuaire.marches, MARCHE: sans}))


@pytest.mark.parametrize(("champ", "extrait"), [("siret", "une part par membre"), ("montant_ht", "montant HT")])
def test_les_parts_sont_celles_des_membres_et_font_le_marche(annuaire: Annuaire, champ: str, extrait: str) -> None:
    marche = annuaire.marches[MARCHE]
    parts = [vars(p) for p in marche.parts]
    parts[0] = {**parts[0], champ: {"siret": PAPIERS, "montant_ht": "1,00"}[champ]}
    brut = {"numero": "X", "objet": "X", "ccag_travaux": True, "titulaire": MANDATAIRE, "destinataire": COMMUNE}
    with pytest.raises(ValueError, match=extrait):
        fiches.lire({**brut, "cotraitants": list(marche.cotraitants), "montant_ht": marche.montant_ht, "part": parts})
