"""Each rule of the kit, on flat views: one case that respects it, one that breaks it."""

from __future__ import annotations

import string
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from facturier import referentiel
from facturier.regles import REGLES_CPRO, REGLES_HISTORIQUES, Regle, Valeur, Vue, controler

Brut = dict[str, list[str]]
"""Term → texts; « 0009:9… » gives the identifier scheme before the colon."""

SIRET, SIRET_FAUX = "90415277400017", "90415277400018"
SIREN, SIREN_FAUX = "904152774", "904152775"
IBAN, IBAN_FAUX = "FR7630099012340004567890105", "FR7630099012340004567890106"
MO = 1024 * 1024

CPRO: dict[str, list[tuple[Brut, Brut]]] = {
    "BR-FR-CPRO-02": [({"BT-1": ["F" * 20]}, {"BT-1": ["F" * 21]})],
    "BR-FR-CPRO-02/BT-25": [({"BT-25": ["F" * 20]}, {"BT-25": ["F" * 21]})],
    "BR-FR-CPRO-09": [
        ({"BT-30": [f"0002:{SIREN}"], "BT-29": [f"0009:{SIRET}"]}, {"BT-30": [f"0002:{SIREN}"]}),
        ({"BT-30": ["0223:DE123"]}, {"BT-30": [f"0002:{SIREN}"], "BT-29": ["0088:7300010000001"]}),
    ],
    "BR-FR-CPRO-10": [
        ({"BT-46": [f"0009:{SIRET}"]}, {}),
        ({"BT-46": ["0224:SERV", f"0009:{SIRET}"]}, {"BT-46": ["0224:SERV"]}),
        ({"BT-46": [f"0009:{SIRET_FAUX}"]}, {"BT-46": [f"0009:{SIREN}"]}),
    ],
    "BR-FR-CPRO-14": [({"BT-12": ["M" * 50]}, {"BT-12": ["M" * 51]})],
    "BR-FR-CPRO-15": [({"BT-13": ["E" * 50]}, {"BT-13": ["E" * 51]})],
    "BR-FR-CPRO-19": [({"BG-25": ["999999"]}, {"BG-25": ["1000000"]}), ({}, {"BG-25": ["1500000"]})],
    "BR-FR-CPRO-20": [({"BT-25": ["F1"]}, {"BT-25": ["F1", "F2"]}), ({}, {"BT-25": ["F1", "F2", "F3"]})],
    "BR-FR-CPRO-24": [({"BT-23": ["S3"]}, {"BT-23": ["S5"]}), ({"BT-23": ["B7"]}, {"BT-23": ["S5"]})],
    "BR-FR-CPRO-30": [({"BT-122": ["R" * 50]}, {"BT-122": ["R" * 51]})],
    "BR-FR-CPRO-39": [({"BT-84": [IBAN]}, {"BT-84": ["C" * 28]})],
    "BR-FR-CPRO-41": [({"BT-125-2": ["p" * 46 + ".pdf"]}, {"BT-125-2": ["p" * 47 + ".pdf"]})],
    "CPRO-CADRE": [({"BT-23": ["S1"]}, {"BT-23": ["A1"]}), ({"BT-23": ["A4"]}, {"BT-23": ["A9"]})],
    "CPRO-TRAVAUX": [({"BT-23": ["S1"]}, {"BT-23": ["A4"]}), ({"BT-23": ["A12"]}, {"BT-23": ["A25"]})],
    "CPRO-SIRET-VENDEUR": [
        ({"BT-29": [f"0009:{SIRET}"]}, {"BT-29": [f"0009:{SIRET_FAUX}"]}),
        ({"BT-29": ["0088:123"]}, {"BT-29": [f"0009:{SIREN}"]}),
        ({"BT-29": ["0009:35600000000048"]}, {"BT-29": ["0009:"]}),
    ],
    "CPRO-SIRET-ACHETEUR": [
        ({"BT-46": [f"0009:{SIRET}"]}, {"BT-46": [f"0009:{SIRET_FAUX}"]}),
        ({"BT-46": [f"0009:{SIREN}"]}, {"BT-46": ["0224:SERV", f"0009:{SIRET_FAUX}"]}),
    ],
    "CPRO-SIREN-VENDEUR": [({"BT-30": [f"0002:{SIREN}"]}, {"BT-30": [f"0002:{SIREN_FAUX}"]})],
    "CPRO-SIREN-ACHETEUR": [({"BT-47": [f"0002:{SIREN}"]}, {"BT-47": [f"0002:{SIREN_FAUX}"]})],
    "CPRO-TVA-VENDEUR": [
        ({"BT-31": [f"FR95{SIREN}"]}, {"BT-31": [f"FR96{SIREN}"]}),
        ({"BT-31": ["BE0123456749"]}, {"BT-31": ["FR1"]}),
    ],
    "CPRO-TVA-ACHETEUR": [({"BT-48": [f"FR95{SIREN}"]}, {"BT-48": [f"FR96{SIREN}"]})],
    "CPRO-IBAN": [
        ({"BT-84": [IBAN]}, {"BT-84": [IBAN_FAUX]}),
        ({"BT-84": ["12345"]}, {"BT-84": [IBAN[:-1]]}),
    ],
    "CPRO-PIECE-TAILLE": [({"BT-125": [str(10 * MO)]}, {"BT-125": [str(10 * MO + 1)]})],
    "CPRO-ENGAGEMENT-MARCHE": [
        ({"BT-12": ["M1"], "BT-13": ["E1"]}, {"BT-12": ["M1"], "BT-13": ["M1"]}),
        ({"BT-12": [""], "BT-13": [""]}, {"BT-12": ["M1", "M2"], "BT-13": ["M2"]}),
    ],
    "CPRO-AVOIR-PAIEMENT": [
        ({"BT-3": ["380"], "BT-81": ["30"]}, {"BT-3": ["381"], "BT-81": ["30"]}),
        ({"BT-3": ["381"]}, {"BT-3": ["396"], "BT-81": ["58", "30"]}),
        ({"BT-3": ["381"], "BT-81": ["97"]}, {"BT-3": ["261"], "BT-81": ["20"]}),
    ],
    "CPRO-PIECE-EXTENSION": [
        ({"BT-125-2": ["releve.csv"]}, {"BT-125-2": ["releve"]}),
        ({"BT-125-2": [""]}, {"BT-125-2": [".pdf"]}),
    ],
    "BR-FR-CPRO-03": [
        ({"BT-29": [f"0009:{SIRET}"]}, {}),
        ({"BT-29": ["0088:123", "0229:TAHITI012"]}, {"BT-29": ["0088:123"]}),
    ],
    "CPRO-VENDEUR-FORME": [
        ({"BT-29": ["0223:BE0123456749"]}, {"BT-29": ["0223:" + "B" * 18]}),
        ({"BT-29": ["0227:" + "X" * 17]}, {"BT-29": ["0227:"]}),
        ({"BT-29": ["0228:123456789"]}, {"BT-29": ["0228:12345678"]}),
        ({"BT-29": ["0229:1234567890"]}, {"BT-29": ["0229:12345678901"]}),
        ({"BT-29": ["0226:0123456789Dupont"]}, {"BT-29": ["0226:Dupont0123456789"]}),
        ({"BT-29": ["0009:123", "0088:1"]}, {"BT-29": ["0226:" + "0" * 81]}),
    ],
    "BR-FR-CPRO-17": [
        ({"BT-61": [f"0002:{SIREN}"], "BT-60": [f"0009:{SIRET}"]}, {"BT-61": [f"0002:{SIREN}"]}),
        ({"BT-60": ["SEPA:FR12"]}, {"BT-61": [f"0002:{SIREN}"], "BT-60": ["SEPA:FR12"]}),
    ],
    "BR-FR-CPRO-25": [({"BT-20": ["a"]}, {"BT-20": ["a", "b"]})],
    "BR-FR-CPRO-26": [({"BG-6": ["a"]}, {"BG-6": ["a", "b"]})],
    "BR-FR-CPRO-27": [({"BG-9": ["a"]}, {"BG-9": ["a", "b", "c"]})],
    "BR-FR-CPRO-29": [({"BT-120": ["x" * 1024]}, {"BT-120": ["x" * 1025]})],
    "BR-FR-CPRO-31": [({"BT-154": ["x" * 1024]}, {"BT-154": ["x", "x" * 1025]})],
    "BR-FR-CPRO-32": [({"BT-35": ["x" * 400]}, {"BT-35": ["x" * 401]})],
    "BR-FR-CPRO-33": [({"BT-37": ["x" * 400]}, {"BT-37": ["x" * 401]})],
    "BR-FR-CPRO-34": [({"BT-45": ["x" * 99]}, {"BT-45": ["x" * 100]})],
    "BR-FR-CPRO-35": [({"BT-20": ["x" * 1024]}, {"BT-20": ["x" * 1025]})],
    "BR-FR-CPRO-36": [({"BT-28": ["x" * 99]}, {"BT-28": ["x" * 100]})],
    "BR-FR-CPRO-37": [({"BT-59": ["x" * 99]}, {"BT-59": ["x" * 100]})],
    "BR-FR-CPRO-38": [({"BT-71": ["x" * 20]}, {"BT-71": ["x" * 21]})],
    "BR-FR-CPRO-42": [({"BT-22": ["x" * 1024]}, {"BT-22": ["x" * 1025]})],
    "BR-FR-CPRO-43": [({"BT-27": ["x" * 99]}, {"BT-27": ["x" * 100]})],
    "BR-FR-CPRO-44": [({"BT-44": ["é" * 99]}, {"BT-44": ["é" * 100]})],
}

HISTORIQUES: dict[str, list[tuple[Brut, Brut]]] = {
    "CPRO-HIST-CADRE": [({"BT-23": ["A1"]}, {"BT-23": ["A26"]}), ({}, {"BT-23": ["S1"]})],
    "CPRO-HIST-RETIRE": [({"BT-23": ["A10"]}, {"BT-23": ["A11"]})],
    "CPRO-HIST-DEPOSANT": [({"BT-23": ["A22"]}, {"BT-23": ["A15"]}), ({"BT-23": ["A11"]}, {"BT-23": ["A25"]})],
    "CPRO-HIST-SIRET": [
        ({"BT-30": [f"1:{SIRET}"]}, {"BT-30": [f"1:{SIRET_FAUX}"]}),
        ({"BT-47": ["2:DE123456789"]}, {"BT-47": [f"1:{SIREN}"]}),
        ({"BT-29": [f"1:{SIRET}"], "BT-46": [f"1:{SIRET}"]}, {"BT-29": [f"1:{SIRET}"], "BT-46": ["1:x"]}),
    ],
    "CPRO-HIST-DESTINATAIRE": [
        ({"BT-47": [f"1:{SIRET}"]}, {}),
        ({"BT-47": [f"0002:{SIRET}"]}, {"BT-47": [f"0002:{SIREN}"]}),
    ],
    "CPRO-HIST-NUMERO": [({"BT-1": ["F" * 20]}, {"BT-1": ["F" * 21]})],
    "CPRO-HIST-MARCHE": [({"BT-12": ["M" * 50]}, {"BT-12": ["M" * 51]})],
    "CPRO-HIST-ENGAGEMENT": [({"BT-13": ["E" * 50]}, {"BT-13": ["E" * 51]})],
    "CPRO-HIST-SERVICE": [({"BT-10": ["S" * 100]}, {"BT-10": ["S" * 101]})],
    "CPRO-HIST-TOTAL": [
        (
            {"BT-109": ["100.00"], "BT-110": ["20.00"], "BT-112": ["120.00"]},
            {"BT-109": ["100.00"], "BT-110": ["20.00"], "BT-112": ["120.01"]},
        ),
        ({"BT-109": ["100"], "BT-112": ["100.00"]}, {"BT-109": ["100"], "BT-112": ["120"]}),
        ({"BT-109": ["NaN"], "BT-112": ["x"]}, {"BT-109": ["-10"], "BT-110": ["-2"], "BT-112": ["12"]}),
    ],
}


def par_cle(regles: tuple[Regle, ...]) -> dict[str, Regle]:
    """Rules by code; a second one of the same code (another term, less sure) by code and term."""
    cles: dict[str, Regle] = {}
    for regle in regles:
        cles[regle.code if regle.code not in cles else f"{regle.code}/{regle.terme}"] = regle
    return cles


CAS = [
    (regle, juste, faux)
    for regles, table in ((REGLES_CPRO, CPRO), (REGLES_HISTORIQUES, HISTORIQUES))
    for cle, regle in par_cle(regles).items()
    for juste, faux in table.get(cle, [])
]


def vue(brut: Brut) -> Vue:
    return Vue(
        {
            terme: tuple(
                Valeur(terme, texte.rpartition(":")[2], texte.rpartition(":")[0], rang)
                for rang, texte in enumerate(textes)
            )
            for terme, textes in brut.items()
        }
    )


def test_chaque_regle_a_un_cas_juste_et_un_cas_faux() -> None:
    assert list(par_cle(REGLES_CPRO)) == list(CPRO)
    assert list(par_cle(REGLES_HISTORIQUES)) == list(HISTORIQUES)


@pytest.mark.parametrize(("regle", "juste", "faux"), CAS, ids=lambda x: x.code if isinstance(x, Regle) else "")
def test_la_regle_laisse_passer_le_juste_et_dit_le_faux(regle: Regle, juste: Brut, faux: Brut) -> None:
    assert controler([regle], vue(juste)) == ()
    (manquement,) = controler([regle], vue(faux))
    assert manquement.regle is regle
    assert manquement.gravite == regle.gravite
    assert manquement.phrase.endswith(".")
    assert "{" not in manquement.phrase
    assert "'" not in manquement.phrase


@pytest.mark.parametrize("regle", [*REGLES_CPRO, *REGLES_HISTORIQUES], ids=lambda regle: regle.code)
def test_seul_un_fait_etabli_fait_une_erreur(regle: Regle) -> None:
    assert regle.source
    if regle.limite is not None:
        assert referentiel.limite(regle.limite).valeur > 0
    if regle.gravite == "erreur":
        assert regle.certitude == "établi"
    else:
        faux = next(faux for autre, _, faux in CAS if autre is regle)
        (manquement,) = controler([regle], vue(faux))
        assert manquement.phrase.endswith("à confirmer avant de s’y fier.")


def test_la_certitude_est_la_plus_faible_de_la_regle_et_de_sa_limite() -> None:
    sure = Regle("X", "BT-10", "Trop long ({limite}).", "essai", "établi", lambda v, _: v.toutes("BT-10"))
    assert sure.gravite == "erreur"
    bornee = Regle(
        "X", "BT-10", "Trop long ({limite}).", "essai", "établi", lambda v, _: v.toutes("BT-10"), "code_service"
    )
    assert referentiel.limite("code_service").fiabilite == "à vérifier"
    assert (bornee.certitude, bornee.gravite) == ("à vérifier", "avertissement")


def test_le_total_faux_est_dit_avec_les_montants_de_la_facture() -> None:
    faux = vue({"BT-109": ["1000"], "BT-110": ["200.00"], "BT-112": ["1300.00"]})
    (manquement,) = controler(REGLES_HISTORIQUES[-1:], faux)
    assert manquement.phrase.endswith(
        "la facture porte 1\u202f300,00\u00a0€ pour 1\u202f000,00\u00a0€ et 200,00\u00a0€."
    )


def test_une_valeur_demesuree_ou_piegee_est_citee_court_et_sur_une_ligne() -> None:
    piege = "{limite}" + "x\n" * 500
    (manquement,) = controler([REGLES_HISTORIQUES[0]], vue({"BT-23": [piege]}))
    assert "{limite}x x" in manquement.phrase
    assert "\n" not in manquement.phrase
    assert len(manquement.phrase) < 250


@example("1E100", "")
@example("1" * 40, "")
@given(st.text(string.printable, max_size=80), st.text(string.printable, max_size=5))
def test_aucun_texte_n_arrete_les_regles(texte: str, schema: str) -> None:
    termes = {terme for regle in (*REGLES_CPRO, *REGLES_HISTORIQUES) for terme in (regle.terme, "BT-109", "BT-110")}
    compte = {"BG-25", "BT-125"}
    hostile = Vue({t: (Valeur(t, "7" if t in compte else texte, schema, 0),) for t in termes})
    for manquement in controler((*REGLES_CPRO, *REGLES_HISTORIQUES), hostile):
        assert manquement.phrase


def test_importer_les_regles_ne_charge_rien_de_lourd() -> None:
    lourds = "('lxml', 'stdnum', 'saxonche', 'facturx')"
    code = f"import sys, facturier.regles; print([m for m in {lourds} if m in sys.modules])"
    rendu = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert rendu.stdout.strip() == "[]"
