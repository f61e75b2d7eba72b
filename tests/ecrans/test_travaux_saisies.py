"""Anything may be typed on the works screens: a sentence, no crash, nothing sent by mistake; right French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from facturier.ecrans.blocs import Cible, Dessin
from facturier.ecrans.rendu import rendre
from facturier.situations import tirer
from tests.ecrans.chantier import ANNUAIRE, Chantier, sur_le_marche
from tests.ecrans.joueur import poste_de, tous

HOSTILES = (
    "😀" * 30,
    "x" * 10_000,
    "<script>alert(1)</script>",
    "'; DROP TABLE pieces; --",
    "-99999999999999999999",
    "31/02/2026",
    "1\t2\t3\n4\t5\t6",
    "\u202eabc\u202c עברית",
    "NaN",
    "\x00\x07",
)
NUMERO = "2026-TVX-014"
LIEUX = {
    "projet": Cible("travaux_projet", f"{NUMERO}~A4"),
    "sous-traitant": Cible("travaux_projet", f"{NUMERO}~A10", "fournisseur:99990033500012:"),
    "état d’acompte": Cible("travaux_suivante", "P0001", f"moe:{ANNUAIRE.marches[NUMERO].moe}:"),
}


def place(lieu: Cible) -> Chantier:
    chantier = sur_le_marche(NUMERO)
    if lieu.objet == "P0001":
        chantier.ouvrir(LIEUX["projet"])
        chantier.saisir(numero_facture="SIT-1", cumul_ht="5 000,00")
        chantier.appuyer("Déposer la pièce A4")
    chantier.ouvrir(lieu)
    montant = "montant_ht" if "sous" in lieu.objet or "A10" in lieu.objet else "cumul_ht"
    chantier.saisir(numero_facture="N-1", **{montant: "1 000,00"}, commentaire="Métré.", taux_tva="20")
    return chantier


@pytest.mark.parametrize("nom", LIEUX)
def test_n_importe_quoi_dans_n_importe_quel_champ_ne_casse_rien_et_se_dit(nom: str) -> None:
    chantier = place(LIEUX[nom])
    poste = chantier.poste
    assert poste.bloquants() == []
    sain, definition, journal = poste.valeurs, poste.formulaire(), len(poste.guichet.journal)
    assert definition is not None
    for champ in definition.champs:
        if re.fullmatch(r"(poste|quantite|prix)_[2-9]", champ.id):
            continue  # the first line of the bill stands for the others
        for texte in HOSTILES:
            poste.changer(champ.id, texte)
            if champ.genre not in ("texte", "texte_long", "fichier") or poste.bloquants():
                poste.agir("deposer")
                assert len(poste.guichet.journal) == journal, champ.id
                assert poste.statut is not None
                assert poste.statut.ton == "erreur"
            poste.changer(champ.id, sain[champ.id])
        poste.vue()
    assert poste.bloquants() == []


@pytest.mark.parametrize("objet", ["P9999", "2026-XXX", "~", "~A4", "P0001~A99", "<b>", "x" * 500, "2026-TVX-014~A25"])
@pytest.mark.parametrize("ecran", ["travaux_projet", "travaux_suivante", "valider", "marche", "horloge", "recit"])
def test_une_adresse_inventee_se_dit_en_une_phrase(ecran: str, objet: str) -> None:
    chantier = sur_le_marche(NUMERO)
    chantier.ouvrir(Cible(ecran, objet))
    chantier.poste.vue()
    chantier.poste.agir("deposer")
    chantier.poste.agir("geste", {"action": "mandater", "piece": objet, "vue": "x"})
    chantier.poste.agir("avancer", {"jours": objet})
    assert len(chantier.poste.guichet.journal) == 0


def test_un_geste_deja_fait_ailleurs_est_refuse_avec_une_phrase() -> None:
    chantier = place(LIEUX["état d’acompte"])
    chantier.poste.agir("geste", {"action": "prendre_en_compte", "vue": "1"})
    assert "vient de changer" in chantier.dit
    assert chantier.poste.guichet.piece("P0001").statut == "MISE_A_DISPOSITION_MOE"


def test_le_detail_des_quantites_fait_le_cumul_et_part_avec_la_piece() -> None:
    chantier = sur_le_marche("2026-TVX-033")
    chantier.ouvrir(Cible("travaux_projet", "2026-TVX-033~A4"))
    chantier.saisir(numero_facture="SIT-1", poste_1="Luminaire LED", quantite_1="12", prix_1="185,00")
    chantier.saisir(poste_2="Câble", quantite_2="250,5", prix_2="4,20")
    assert chantier.poste.bloquants() == []
    chantier.saisir(cumul_ht="3 000,00")
    assert "3\u202f272,10" in dict(chantier.poste.bloquants())["cumul_ht"]
    chantier.saisir(cumul_ht="")
    chantier.appuyer("Déposer la pièce A4")
    piece = chantier.poste.guichet.piece("P0001")
    assert piece.valeurs["montant_ht"] == "3272,10"
    assert "Luminaire LED" in piece.valeurs["commentaire"]


def test_le_decompte_se_calcule_pendant_la_saisie_avec_ses_sources() -> None:
    chantier = place(LIEUX["état d’acompte"])
    chantier.saisir(cumul_ht="70 000,00", index_valeur="114,4", jours_retard="40", commentaire="Métré.")
    dit = " ".join(phrases(chantier))
    for attendu in ("À payer, TTC", "Retenue de garantie", "Remboursement de l’avance", "Pénalités", "CCAG-Travaux"):
        assert attendu in dit, attendu
    chantier.saisir(index_valeur="")
    assert any("index BT01 manque" in phrase for phrase in phrases(chantier))


def phrases(chantier: Chantier) -> list[str]:
    """Every text of the screen."""
    vue = chantier.poste.vue()
    trouvees = [vue.titre]
    for bloc in tous(vue.blocs):
        trouvees += list(textes(bloc))
    return [*trouvees, *(phrase for _, phrase in vue.bloquants), chantier.dit]


def textes(objet: object) -> Iterator[str]:
    if isinstance(objet, str):
        yield objet
    elif isinstance(objet, Dessin):
        yield objet.texte
        yield from re.findall(r">([^<]+)<", objet.svg)
    elif isinstance(objet, (list, tuple)):
        for element in objet:
            yield from textes(element)
    elif is_dataclass(objet):
        for champ in fields(objet):
            if champ.name not in ("geste", "valeurs", "cible", "id", "ids", "genre"):
                yield from textes(getattr(objet, champ.name))


def test_tout_ce_qui_se_lit_est_ecrit_en_bon_francais() -> None:
    chantier = place(LIEUX["état d’acompte"])
    chantier.saisir(numero_facture="", cumul_ht="900,00", commentaire="")
    lues = phrases(chantier)
    chantier.appuyer("Prendre en compte")
    lieux = [
        Cible(e, o) for e, o in (("valider", ""), ("valider", "P0001"), ("marche", ""), ("horloge", ""), ("recit", ""))
    ]
    lieux += [Cible("marche", numero) for numero in ANNUAIRE.marches]
    lieux += [Cible("travaux_projet", o, f"fournisseur:{ANNUAIRE.marches[NUMERO].titulaire}:") for o in ("", NUMERO)]
    for lieu in lieux:
        chantier.ouvrir(lieu)
        lues += phrases(chantier)
    assert len(lues) > 500
    for phrase in lues:
        assert "'" not in phrase, phrase
        assert not re.search(r"«[^\u00a0]|[^\u00a0]»", phrase), phrase
        assert not re.search(r"(?<=[\w»)]) [:;!?%€](?=\s|$)", phrase), phrase


def test_une_piece_negative_ne_se_dit_pas_toute_remplie() -> None:
    situation = tirer("electricien_avec_moe", "lea", ANNUAIRE)
    chantier = Chantier(poste_de(situation.recit))
    chantier.ouvrir(Cible("travaux_projet", "2026-TVX-033~A4"))
    chantier.saisir(numero_facture="SIT-9", date_facture="30/10/2026", cumul_ht="100,00")
    page = rendre(chantier.poste.vue()).html()
    assert "Avez-vous saisi le mois seul" in page
    assert "Tout est rempli" not in page
    assert "la pièce serait négative\u00a0: relisez le total" in page
    assert chantier.poste.vue().champs["cumul_ht"].requis
