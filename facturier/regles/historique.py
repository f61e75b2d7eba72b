"""Rules of the kit for the historic formats of Chorus Pro (BT-23 = A1…, SIRET under scheme « 1 »)."""

from __future__ import annotations

from facturier.regles import predicats
from facturier.regles.modele import Regle

_EDI = "Table des limites ; longueur de l’annexe EDI de l’AIFE non lue"
_EXEMPLES = "Exemples de flux de l’AIFE FSO1116A et FSO1117A"

REGLES_HISTORIQUES: tuple[Regle, ...] = (
    Regle(
        code="CPRO-HIST-CADRE",
        terme="BT-23",
        phrase="Le cadre de facturation (BT-23, «\u00a0{valeur}\u00a0») n’est pas un code de Chorus Pro : "
        "choisissez-le dans «\u00a0facturier referentiel cadres\u00a0» (A1, A2, A4…).",
        source="docs.gobl.org/addons/fr-choruspro-v1 (d’après Annexe EDI AIFE V4.10) ; XSL AIFE",
        fiabilite="établi",
        predicat=predicats.cadre_inconnu,
    ),
    Regle(
        code="CPRO-HIST-RETIRE",
        terme="BT-23",
        phrase="Le cadre {valeur} (BT-23) est retiré des listes : ne l’employez plus.",
        source="Absent de la liste EDI V4.10 et de la XSL de l’AIFE",
        fiabilite="à vérifier",
        predicat=predicats.cadre_qui(lambda cadre: not cadre.actif),
    ),
    Regle(
        code="CPRO-HIST-DEPOSANT",
        terme="BT-23",
        phrase="Le cadre {valeur} (BT-23) n’est pas ouvert au dépôt par un fournisseur : "
        "la pièce vient de la maîtrise d’œuvre ou de la maîtrise d’ouvrage.",
        source=f"Table des cadres (déposant) ; {_EXEMPLES}",
        fiabilite="partiel",
        predicat=predicats.cadre_qui(lambda cadre: cadre.actif and cadre.deposant != "fournisseur"),
    ),
    Regle(
        code="CPRO-HIST-SIRET",
        terme="BT-30",
        phrase="L’identifiant «\u00a0{valeur}\u00a0» ({terme}) est annoncé comme un SIRET (schéma 1), "
        "mais n’a pas 14 chiffres ou son dernier chiffre de contrôle ne correspond pas : "
        "recopiez-le depuis l’annuaire.",
        source=f"{_EXEMPLES} ; clé : INSEE",
        fiabilite="établi",
        predicat=predicats.siret_faux("BT-29", "BT-30", "BT-46", "BT-47", schema=predicats.SIRET_HISTORIQUE),
    ),
    Regle(
        code="CPRO-HIST-DESTINATAIRE",
        terme="BT-47",
        phrase="Le destinataire n’a pas de SIRET (schéma 1) : "
        "sans lui, Chorus Pro ne sait pas à qui remettre la pièce.",
        source=_EXEMPLES,
        fiabilite="partiel",
        predicat=predicats.destinataire_sans_siret,
    ),
    Regle(
        code="CPRO-HIST-NUMERO",
        terme="BT-1",
        phrase="Le numéro de facture (BT-1) compte {longueur} caractères : Chorus Pro en accepte {limite} au plus.",
        source="DSE FE Chorus Pro v1.0 §3.2.1.4",
        fiabilite="établi",
        predicat=predicats.trop_long("BT-1"),
        limite="numero_facture_b2g",
    ),
    Regle(
        code="CPRO-HIST-MARCHE",
        terme="BT-12",
        phrase="Le numéro de marché (BT-12) compte {longueur} caractères : {limite} au plus sont admis.",
        source=_EDI,
        fiabilite="à vérifier",
        predicat=predicats.trop_long("BT-12"),
        limite="numero_marche",
    ),
    Regle(
        code="CPRO-HIST-ENGAGEMENT",
        terme="BT-13",
        phrase="Le numéro d’engagement (BT-13) compte {longueur} caractères : {limite} au plus sont admis.",
        source=_EDI,
        fiabilite="à vérifier",
        predicat=predicats.trop_long("BT-13"),
        limite="numero_engagement",
    ),
    Regle(
        code="CPRO-HIST-SERVICE",
        terme="BT-10",
        phrase="Le code service (BT-10) compte {longueur} caractères : {limite} au plus sont admis.",
        source=_EDI,
        fiabilite="à vérifier",
        predicat=predicats.trop_long("BT-10"),
        limite="code_service",
    ),
    Regle(
        code="CPRO-HIST-TOTAL",
        terme="BT-112",
        phrase="Le total toutes taxes comprises (BT-112) doit être égal au total hors taxe (BT-109) plus la TVA "
        "(BT-110) : la facture porte {euros[BT-112]} pour {euros[BT-109]} et {euros[BT-110]}.",
        source="EN 16931, BR-CO-15",
        fiabilite="établi",
        predicat=predicats.total_faux,
    ),
)
