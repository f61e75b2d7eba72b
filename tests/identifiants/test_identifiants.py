"""SIREN, SIRET, VAT number, IBAN: read compact, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from facturier import identifiants
from facturier.erreurs import ErreurFacturier


def _siren(prefixe: int) -> str:
    huit = f"{prefixe:08d}"
    return huit + luhn.calc_check_digit(huit)


SIRENS = st.integers(min_value=10_000_000, max_value=99_999_999).map(_siren).filter(lambda s: s != "356000000")


@st.composite
def sirets(tirer: st.DrawFn) -> str:
    treize = tirer(SIRENS) + f"{tirer(st.integers(1, 9999)):04d}"
    return treize + luhn.calc_check_digit(treize)


def test_un_siret_juste_est_rendu_sans_espaces() -> None:
    assert identifiants.siret(" 266 403 187 00013 ") == "26640318700013"
    assert identifiants.siret("266.403.187.00013") == "26640318700013"


def test_le_siege_de_la_poste_suit_la_cle_ordinaire_et_ses_etablissements_la_somme_par_cinq() -> None:
    assert identifiants.siret("35600000000048") == "35600000000048"
    # 3 + 5 + 6 + 1 + 5 = 20, a multiple of 5; its Luhn key is wrong
    assert not luhn.is_valid("35600000000015")
    assert identifiants.siret("35600000000015") == "35600000000015"
    with pytest.raises(ErreurFacturier) as refus:
        identifiants.siret("35600000000016")
    assert "La Poste" in refus.value.phrase


@pytest.mark.parametrize(
    ("lire", "texte", "code", "mot"),
    [
        (identifiants.siret, "", "siret-vide", "vide"),
        (identifiants.siret, "2664031870001", "siret-longueur", "13 chiffres"),
        (identifiants.siret, "266403187000130", "siret-longueur", "15 chiffres"),
        (identifiants.siret, "26640318700014", "siret-cle", "NIC"),
        (identifiants.siret, "26640318800013", "siret-cle", "266403188"),
        (identifiants.siret, "2664O318700013", "siret-forme", "autre chose que des chiffres"),
        (identifiants.siret, "٢٦٦٤٠٣١٨٧٠٠٠١٣", "siret-forme", "autre chose"),
        (identifiants.siren, "266403188", "siren-cle", "le dernier chiffre de contrôle ne correspond pas"),
        (identifiants.siren, "1", "siren-longueur", "1 chiffre "),
        (identifiants.tva_intracom, "FR00904152774", "tva-cle", "clé"),
        (identifiants.tva_intracom, "904152774", "tva-forme", "13 caractères"),
        (identifiants.tva_intracom, "", "tva-vide", "vide"),
        (identifiants.iban, "FR7630099012340004567890106", "iban-cle", "les chiffres de contrôle ne correspondent pas"),
        (identifiants.iban, "FR76300990", "iban-forme", "27 caractères"),
        (identifiants.iban, "bonjour", "iban-forme", "27 caractères"),
        (identifiants.iban, " ", "iban-vide", "vide"),
    ],
)
def test_un_identifiant_faux_est_refuse_en_disant_pourquoi(
    lire: Callable[[str], str], texte: str, code: str, mot: str
) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        lire(texte)
    assert refus.value.code == code
    assert mot in refus.value.phrase


def test_le_numero_de_tva_et_l_iban_sont_rendus_compacts() -> None:
    assert identifiants.tva_intracom("fr 95 904 152 774") == "FR95904152774"
    assert identifiants.iban("FR76 3009 9012 3400 0456 7890 105") == "FR7630099012340004567890105"
    # a right key is enough abroad: this bank's code is missing from the list that python-stdnum carries
    assert identifiants.iban("BE68 5390 0754 7034") == "BE68539007547034"


@given(sirets())
def test_tout_siret_a_la_bonne_cle_est_lu_et_sa_tva_aussi(numero: str) -> None:
    assert identifiants.siret(numero) == numero
    cle_tva = (12 + 3 * (int(numero[:9]) % 97)) % 97
    assert identifiants.tva_intracom(f"FR{cle_tva:02d}{numero[:9]}")[4:] == numero[:9]


@given(sirets(), st.integers(0, 13), st.integers(1, 9))
def test_un_seul_chiffre_change_et_le_siret_est_refuse(numero: str, rang: int, ecart: int) -> None:
    faux = numero[:rang] + str((int(numero[rang]) + ecart) % 10) + numero[rang + 1 :]
    if faux.startswith(identifiants.SIREN_LA_POSTE):
        return
    with pytest.raises(ErreurFacturier):
        identifiants.siret(faux)


@given(st.text(max_size=80))
def test_n_importe_quel_texte_donne_un_identifiant_ou_une_phrase(texte: str) -> None:
    for lire in (identifiants.siret, identifiants.siren, identifiants.tva_intracom, identifiants.iban):
        try:
            issue = lire(texte)
        except ErreurFacturier as refus:
            issue = refus.phrase
        assert issue.endswith(".") or issue.isalnum()
