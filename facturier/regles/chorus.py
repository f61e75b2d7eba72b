"""Rules of an invoice that reaches Chorus Pro through a plateforme agréée.

``BR-FR-CPRO-…`` keep their official ids, in our own words: the sheet « BR-France-CTC-CPRO » of XP Z12-012 annexe A
was not read, only what open implementations say of it. ``CPRO-…`` are the kit's own.
"""

from __future__ import annotations

from facturier.regles import predicats
from facturier.regles.modele import Regle
from facturier.regles.parties import REGLES_PARTIES

_ANNEXE_A = "XP Z12-012 annexe A V1.3, feuille BR-France-CTC-CPRO, d’après gobl.fr.ctc (Invopop)"
_DSE = "DSE FE Chorus Pro v1.0 §3.2.1.4"
_CLES = "Clé de contrôle : INSEE (SIREN, SIRET), DGFiP (TVA), ISO 13616 (IBAN)"

REGLES_CPRO: tuple[Regle, ...] = (
    Regle(
        code="BR-FR-CPRO-02",
        terme="BT-1",
        phrase="Le numéro de facture (BT-1) compte {longueur} caractères : "
        "vers le secteur public, Chorus Pro en accepte {limite} au plus.",
        source=f"{_DSE} ; {_ANNEXE_A}",
        fiabilite="établi",
        predicat=predicats.trop_long("BT-1"),
        limite="numero_facture_b2g",
    ),
    Regle(
        code="BR-FR-CPRO-02",
        terme="BT-25",
        phrase="Le numéro de la facture antérieure (BT-25) compte {longueur} caractères : "
        "vers le secteur public, Chorus Pro en accepte {limite} au plus.",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.trop_long("BT-25"),
        limite="numero_facture_b2g",
    ),
    Regle(
        code="BR-FR-CPRO-09",
        terme="BT-29",
        phrase="Le vendeur donne son SIREN (BT-30, {valeur}) sans son SIRET : "
        "ajoutez le SIRET de l’établissement qui facture (BT-29, schéma 0009).",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.vendeur_siren_sans_siret,
    ),
    Regle(
        code="BR-FR-CPRO-10",
        terme="BT-46",
        phrase="Le SIRET du destinataire public (BT-46, schéma 0009) est absent ou ne compte pas 14 chiffres : "
        "recopiez-le depuis l’annuaire de Chorus Pro.",
        source=f"{_DSE} ; {_ANNEXE_A}",
        fiabilite="établi",
        predicat=predicats.acheteur_sans_siret,
    ),
    Regle(
        code="BR-FR-CPRO-14",
        terme="BT-12",
        phrase="Le numéro de marché (BT-12) compte {longueur} caractères : {limite} au plus sont admis.",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.trop_long("BT-12"),
        limite="numero_marche",
    ),
    Regle(
        code="BR-FR-CPRO-15",
        terme="BT-13",
        phrase="Le numéro d’engagement (BT-13) compte {longueur} caractères : {limite} au plus sont admis.",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.trop_long("BT-13"),
        limite="numero_engagement",
    ),
    Regle(
        code="BR-FR-CPRO-19",
        terme="BG-25",
        phrase="La facture compte {valeur} lignes : {limite} au plus sont admises, divisez-la.",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.compte_depasse("BG-25"),
        limite="lignes_facture",
    ),
    Regle(
        code="BR-FR-CPRO-20",
        terme="BT-25",
        phrase="La facture cite une deuxième facture antérieure (BT-25, «\u00a0{valeur}\u00a0») : "
        "une seule est admise vers le secteur public.",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.trop_nombreux("BT-25"),
        limite="factures_anterieures",
    ),
    Regle(
        code="BR-FR-CPRO-24",
        terme="BT-23",
        phrase="Le cadre {valeur} (BT-23) ne s’emploie pas vers le secteur public : "
        "pour une sous-traitance payée directement, le cadre est S3.",
        source=f"Annexe 7 règles de gestion V1.8, G1.02 ; {_ANNEXE_A}",
        fiabilite="établi",
        predicat=predicats.cadre_hors_b2g,
    ),
    Regle(
        code="BR-FR-CPRO-30",
        terme="BT-122",
        phrase="La référence d’une pièce jointe (BT-122) compte {longueur} caractères : {limite} au plus sont admis.",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.trop_long("BT-122"),
        limite="reference_piece_jointe",
    ),
    Regle(
        code="BR-FR-CPRO-39",
        terme="BT-84",
        phrase="Le compte à créditer (BT-84) compte {longueur} caractères : {limite} au plus sont admis.",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.trop_long("BT-84"),
        limite="compte_a_crediter",
    ),
    Regle(
        code="BR-FR-CPRO-41",
        terme="BT-125-2",
        phrase="Le nom de la pièce jointe «\u00a0{valeur}\u00a0» compte {longueur} caractères : "
        "{limite} au plus, extension comprise ; au-delà, il est tronqué ou refusé.",
        source=f"{_ANNEXE_A} ; DSE FE Chorus Pro v1.0 §5.2.1 et §5.4.1 (nom tronqué)",
        fiabilite="partiel",
        predicat=predicats.trop_long("BT-125-2"),
        limite="nom_piece_jointe",
    ),
    Regle(
        code="CPRO-CADRE",
        terme="BT-23",
        phrase="Le cadre {valeur} (BT-23) est du vocabulaire historique de Chorus Pro : par une plateforme agréée, "
        "employez le cadre de la norme (B1, S1, M1…) donné par «\u00a0facturier referentiel cadres\u00a0».",
        source="BR-FR-08 (BR-FR Flux 2) ; table des cadres",
        fiabilite="établi",
        predicat=predicats.cadre_qui(lambda cadre: cadre.plateforme_agreee),
    ),
    Regle(
        code="CPRO-TRAVAUX",
        terme="BT-23",
        phrase="Le cadre {valeur} (BT-23) désigne une pièce de travaux : elle ne passe pas par une plateforme agréée, "
        "déposez-la dans Chorus Pro.",
        source="DSE FE Chorus Pro v1.0 §3.2.1.2",
        fiabilite="établi",
        predicat=predicats.cadre_qui(lambda cadre: cadre.travaux and not cadre.plateforme_agreee),
    ),
    Regle(
        code="CPRO-SIRET-VENDEUR",
        terme="BT-29",
        phrase="Le SIRET du vendeur (BT-29, «\u00a0{valeur}\u00a0») n’a pas 14 chiffres ou son dernier chiffre de "
        "contrôle ne correspond pas : "
        "recopiez-le depuis l’annuaire des entreprises.",
        source=_CLES,
        fiabilite="établi",
        predicat=predicats.siret_faux("BT-29"),
    ),
    Regle(
        code="CPRO-SIRET-ACHETEUR",
        terme="BT-46",
        phrase="Le dernier chiffre de contrôle du SIRET du destinataire (BT-46, «\u00a0{valeur}\u00a0») ne correspond "
        "pas : "
        "recopiez-le depuis l’annuaire de Chorus Pro.",
        source=_CLES,
        fiabilite="établi",
        predicat=predicats.siret_acheteur_a_cle_fausse,
    ),
    Regle(
        code="CPRO-SIREN-VENDEUR",
        terme="BT-30",
        phrase="Le SIREN du vendeur (BT-30, «\u00a0{valeur}\u00a0») n’a pas 9 chiffres ou son dernier chiffre de "
        "contrôle ne correspond pas : "
        "recopiez-le depuis l’annuaire des entreprises.",
        source=_CLES,
        fiabilite="établi",
        predicat=predicats.siren_faux("BT-30"),
    ),
    Regle(
        code="CPRO-SIREN-ACHETEUR",
        terme="BT-47",
        phrase="Le SIREN du destinataire (BT-47, «\u00a0{valeur}\u00a0») n’a pas 9 chiffres ou son dernier chiffre de "
        "contrôle ne correspond pas : "
        "recopiez-le depuis l’annuaire de Chorus Pro.",
        source=_CLES,
        fiabilite="établi",
        predicat=predicats.siren_faux("BT-47"),
    ),
    Regle(
        code="CPRO-TVA-VENDEUR",
        terme="BT-31",
        phrase="Le numéro de TVA du vendeur (BT-31, «\u00a0{valeur}\u00a0») n’a pas la bonne forme ou sa clé est "
        "fausse : il s’écrit FR, deux caractères de clé, puis le SIREN. Corrigez-le et "
        "exportez de nouveau la facture.",
        source=_CLES,
        fiabilite="établi",
        predicat=predicats.tva_fausse("BT-31"),
    ),
    Regle(
        code="CPRO-TVA-ACHETEUR",
        terme="BT-48",
        phrase="Le numéro de TVA du destinataire (BT-48, «\u00a0{valeur}\u00a0») n’a pas la bonne forme ou sa clé est "
        "fausse : il s’écrit FR, deux caractères de clé, puis le SIREN. Corrigez-le et "
        "exportez de nouveau la facture.",
        source=_CLES,
        fiabilite="établi",
        predicat=predicats.tva_fausse("BT-48"),
    ),
    Regle(
        code="CPRO-IBAN",
        terme="BT-84",
        phrase="L’IBAN (BT-84, «\u00a0{valeur}\u00a0») n’a pas la bonne longueur ou ses chiffres de "
        "contrôle ne correspondent pas : "
        "recopiez-le depuis le relevé d’identité bancaire.",
        source=_CLES,
        fiabilite="établi",
        predicat=predicats.iban_faux,
    ),
    Regle(
        code="CPRO-PIECE-TAILLE",
        terme="BT-125",
        phrase="Une pièce jointe (BT-125) pèse {valeur} octets : le portail et l’API en admettent {limite} Mo, "
        "seul le raccordement EDI en admet davantage ; réduisez-la ou divisez-la.",
        source="KB 689c6961 ; DSE FE Chorus Pro v1.0 §5.2 et §5.4 (100 Mo en EDI)",
        fiabilite="partiel",
        predicat=predicats.piece_trop_lourde,
        limite="piece_jointe_mo",
    ),
    Regle(
        code="CPRO-ENGAGEMENT-MARCHE",
        terme="BT-13",
        phrase="Le numéro d’engagement (BT-13, «\u00a0{valeur}\u00a0») est le même que le numéro de marché (BT-12) : "
        "ce sont deux numéros différents, demandez celui de l’engagement à l’acheteur.",
        source="CCP D2192-2 ; erreurs fréquentes relevées par la communauté Chorus Pro",
        fiabilite="partiel",
        predicat=predicats.engagement_recopie_du_marche,
    ),
    Regle(
        code="CPRO-AVOIR-PAIEMENT",
        terme="BT-81",
        phrase="Un avoir porte un mode de paiement (BT-81, «\u00a0{valeur}\u00a0») : "
        "rien n’est à payer, laissez-le vide.",
        source="OCA l10n_fr_chorus_account",
        fiabilite="partiel",
        predicat=predicats.avoir_a_payer,
    ),
    Regle(
        code="CPRO-PIECE-EXTENSION",
        terme="BT-125-2",
        phrase="Le nom de la pièce jointe «\u00a0{valeur}\u00a0» n’a pas d’extension : "
        "ajoutez-la (.pdf, .csv…), le portail s’en sert pour l’admettre.",
        source="OCA l10n_fr_chorus_account ; communauté Chorus Pro",
        fiabilite="partiel",
        predicat=predicats.piece_sans_extension,
    ),
    *REGLES_PARTIES,
)
