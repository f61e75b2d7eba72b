"""Rules of the BR-FR-CPRO family on the parties and on the length of texts, towards the public sector.

Known through an open implementation only, hence warnings. Not written, and why: 01, 18, 21, 28 and 40 read extensions
(EXT-FR-FE) whose place was not established; 11 to 13 need the directory (``envoi``); 16, 22 and 23 cannot be verified,
says the sheet itself.
"""

from __future__ import annotations

from facturier.regles import predicats
from facturier.regles.modele import Regle

_ANNEXE_A = "XP Z12-012 annexe A V1.3, feuille BR-France-CTC-CPRO, d’après gobl.fr.ctc (Invopop)"


def _longueur(code: str, terme: str, nom: str, limite: str) -> Regle:
    return Regle(
        code=code,
        terme=terme,
        phrase=f"{nom} ({terme}) compte {{longueur}} caractères : "
        "vers le secteur public, {limite} au plus sont admis.",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.trop_long(terme),
        limite=limite,
    )


def _unique(code: str, terme: str, phrase: str, limite: str) -> Regle:
    return Regle(code, terme, phrase, _ANNEXE_A, "partiel", predicats.trop_nombreux(terme), limite)


REGLES_PARTIES: tuple[Regle, ...] = (
    Regle(
        code="BR-FR-CPRO-03",
        terme="BT-29",
        phrase="Le vendeur n’a aucun identifiant (BT-29) d’un schéma admis vers le secteur public : donnez son SIRET "
        "(0009) ou, hors de France, l’un des identifiants de «\u00a0facturier referentiel schemas_vendeur\u00a0».",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.vendeur_sans_schema_admis,
    ),
    Regle(
        code="CPRO-VENDEUR-FORME",
        terme="BT-29",
        phrase="L’identifiant du vendeur (BT-29, «\u00a0{valeur}\u00a0») n’a pas la forme de son schéma : "
        "recopiez-le depuis son titre officiel.",
        source=f"{_ANNEXE_A} : BR-FR-CPRO-04 à 08, dont le numéro propre à chaque schéma n’est pas établi",
        fiabilite="partiel",
        predicat=predicats.vendeur_mal_forme,
    ),
    Regle(
        code="BR-FR-CPRO-17",
        terme="BT-60",
        phrase="Le bénéficiaire du paiement donne son SIREN (BT-61, {valeur}) sans son SIRET : "
        "ajoutez le SIRET de l’établissement à payer (BT-60, schéma 0009).",
        source=_ANNEXE_A,
        fiabilite="partiel",
        predicat=predicats.beneficiaire_siren_sans_siret,
    ),
    _unique(
        "BR-FR-CPRO-25",
        "BT-20",
        "Les conditions de paiement (BT-20) sont données plus d’une fois : réunissez-les en un seul texte.",
        "conditions_paiement",
    ),
    _unique(
        "BR-FR-CPRO-26",
        "BG-6",
        "Le vendeur a plus d’un contact (BG-6) : gardez celui qui répond de cette facture.",
        "contacts_partie",
    ),
    _unique(
        "BR-FR-CPRO-27",
        "BG-9",
        "L’acheteur a plus d’un contact (BG-9) : gardez celui qui traite cette facture.",
        "contacts_partie",
    ),
    _longueur("BR-FR-CPRO-29", "BT-120", "Le motif d’exonération", "texte_libre"),
    _longueur("BR-FR-CPRO-31", "BT-154", "La description d’un article", "texte_libre"),
    _longueur("BR-FR-CPRO-32", "BT-35", "L’adresse du vendeur", "adresse_vendeur"),
    _longueur("BR-FR-CPRO-33", "BT-37", "La ville du vendeur", "adresse_vendeur"),
    _longueur("BR-FR-CPRO-34", "BT-45", "Le nom commercial de l’acheteur", "nom_partie"),
    _longueur("BR-FR-CPRO-35", "BT-20", "Le texte des conditions de paiement", "texte_libre"),
    _longueur("BR-FR-CPRO-36", "BT-28", "Le nom commercial du vendeur", "nom_partie"),
    _longueur("BR-FR-CPRO-37", "BT-59", "Le nom du bénéficiaire du paiement", "nom_partie"),
    _longueur("BR-FR-CPRO-38", "BT-71", "L’identifiant du lieu de livraison", "lieu_livraison"),
    _longueur("BR-FR-CPRO-42", "BT-22", "Le texte d’une note", "texte_libre"),
    _longueur("BR-FR-CPRO-43", "BT-27", "Le nom du vendeur", "nom_partie"),
    _longueur("BR-FR-CPRO-44", "BT-44", "Le nom de l’acheteur", "nom_partie"),
)
