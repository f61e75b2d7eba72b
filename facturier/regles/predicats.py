"""The small pure functions that rules are made of: each gives the values of a view that are at fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from facturier import identifiants, referentiel
from facturier.erreurs import ErreurFacturier
from facturier.referentiel import Cadre, SchemaVendeur
from facturier.regles.modele import Predicat, Valeur, Vue

SIREN, SIRET, SIRET_HISTORIQUE = "0002", "0009", "1"
"""Identifier schemes as the two syntaxes write them (structure, like an element's name)."""

_QUATORZE_CHIFFRES = re.compile(r"[0-9]{14}")
_DEBUT_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}")
_EXTENSION = re.compile(r".\.[0-9A-Za-z]{2,5}$")
_SANS_PAIEMENT = ("AUTRE", "REPORT", "AUCUN")
"""Means of payment that ask nobody to pay (codes of the table)."""
_MEGA = 1024 * 1024


def trop_long(*termes: str) -> Predicat:
    """Values longer than the limit, in characters."""
    return lambda vue, limite: tuple(v for v in vue.toutes(*termes) if len(v.texte) > limite)


def trop_nombreux(terme: str) -> Predicat:
    """The first occurrence beyond the limit."""
    return lambda vue, limite: vue.toutes(terme)[limite : limite + 1]


def compte_depasse(terme: str) -> Predicat:
    """A counted term above the limit."""
    return lambda vue, limite: tuple(v for v in vue.toutes(terme) if int(v.texte) > limite)


def piece_trop_lourde(vue: Vue, limite: int) -> tuple[Valeur, ...]:
    """Attachments of more megabytes than the limit."""
    return tuple(v for v in vue.toutes("BT-125") if int(v.texte) > limite * _MEGA)


def piece_sans_extension(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """Attachments whose file name has no extension; an absent name is not judged."""
    return tuple(v for v in vue.toutes("BT-125-2") if v.texte and not _EXTENSION.search(v.texte))


def engagement_recopie_du_marche(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """A commitment number that is the market's."""
    marches = {v.texte for v in vue.toutes("BT-12")}
    return tuple(v for v in vue.toutes("BT-13") if v.texte and v.texte in marches)


def avoir_a_payer(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """The payment means of a credit note, first occurrence; a means « not defined » asks for nothing."""
    avoirs = {ligne.code for ligne in referentiel.types_facture() if ligne.famille == "avoir"}
    sans_effet = {ligne.uncl4461 for ligne in referentiel.modes_paiement() if ligne.code in _SANS_PAIEMENT}
    if not any(v.texte in avoirs for v in vue.toutes("BT-3")):
        return ()
    return tuple(v for v in vue.toutes("BT-81") if v.texte and v.texte not in sans_effet)[:1]


def siret_faux(*termes: str, schema: str = SIRET) -> Predicat:
    """Values of that scheme that are not SIRET numbers; La Poste's own key is not established, so not judged."""

    def fautives(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
        return tuple(v for v in vue.toutes(*termes) if v.schema == schema and not _siret_juste(v.texte))

    return fautives


def _siret_juste(texte: str) -> bool:
    if _QUATORZE_CHIFFRES.fullmatch(texte) is None:
        return False
    return texte.startswith(identifiants.SIREN_LA_POSTE) or _admis(identifiants.siret, texte)


def siren_faux(terme: str) -> Predicat:
    """SIREN numbers of a wrong form or key."""
    return lambda vue, _: tuple(
        v for v in vue.toutes(terme) if v.schema == SIREN and not _admis(identifiants.siren, v.texte)
    )


def tva_fausse(terme: str) -> Predicat:
    """French VAT numbers of a wrong form or key; those of other countries are not judged."""
    return lambda vue, _: tuple(
        v for v in vue.toutes(terme) if v.texte[:2] == "FR" and not _admis(identifiants.tva_intracom, v.texte)
    )


def iban_faux(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """Account numbers that begin as an IBAN and are none; other account numbers are not judged."""
    return tuple(
        v for v in vue.toutes("BT-84") if _DEBUT_IBAN.match(v.texte) and not _admis(identifiants.iban, v.texte)
    )


def acheteur_sans_siret(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """No BT-46 of the SIRET scheme that counts 14 digits: the one written instead, or the absent one."""
    portes = tuple(v for v in vue.toutes("BT-46") if v.schema == SIRET)
    if any(_QUATORZE_CHIFFRES.fullmatch(v.texte) for v in portes):
        return ()
    return portes[:1] or (Valeur("BT-46", ""),)


def siret_acheteur_a_cle_fausse(vue: Vue, limite: int) -> tuple[Valeur, ...]:
    """Buyer's SIRET of 14 digits with a wrong key (its form is another rule's)."""
    return tuple(v for v in siret_faux("BT-46")(vue, limite) if _QUATORZE_CHIFFRES.fullmatch(v.texte))


def vendeur_siren_sans_siret(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """A seller known by its SIREN that does not give its SIRET."""
    if any(v.schema == SIRET for v in vue.toutes("BT-29")):
        return ()
    return tuple(v for v in vue.toutes("BT-30") if v.schema == SIREN)[:1]


def vendeur_sans_schema_admis(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """No seller's identifier under one of the table's schemes: the one written instead, or the absent one."""
    admis = {ligne.code for ligne in referentiel.schemas_vendeur()}
    portes = vue.toutes("BT-29")
    return () if any(v.schema in admis for v in portes) else portes[:1] or (Valeur("BT-29", ""),)


def vendeur_mal_forme(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """Seller's identifiers that have not the form of their scheme; a SIRET is another rule's."""
    formes = {ligne.code: ligne for ligne in referentiel.schemas_vendeur() if ligne.code != SIRET}
    return tuple(v for v in vue.toutes("BT-29") if v.schema in formes and not _a_la_forme(v.texte, formes[v.schema]))


def _a_la_forme(texte: str, forme: SchemaVendeur) -> bool:
    tete = texte[: forme.chiffres_en_tete]
    chiffres = all(c in "0123456789" for c in tete)
    return forme.longueur_min <= len(texte) <= forme.longueur_max and chiffres


def beneficiaire_siren_sans_siret(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """A payee known by its SIREN that does not give its SIRET."""
    if any(v.schema == SIRET for v in vue.toutes("BT-60")):
        return ()
    return tuple(v for v in vue.toutes("BT-61") if v.schema == SIREN)[:1]


def cadre_hors_b2g(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """A cadre of the standard whose row says that it is not used towards the public sector."""
    exclus = {ligne.code for ligne in referentiel.cadres_bt23() if ligne.b2g == "non"}
    return tuple(v for v in vue.toutes("BT-23") if v.texte in exclus)


def cadre_qui(condition: Callable[[Cadre], bool]) -> Predicat:
    """A cadre of Chorus Pro (A1…) whose row meets the condition; codes of other lists are not judged."""

    def fautives(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
        vises = {ligne.code for ligne in referentiel.cadres() if condition(ligne)}
        return tuple(v for v in vue.toutes("BT-23") if v.texte in vises)

    return fautives


def cadre_inconnu(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """A cadre that is not a code of Chorus Pro; none at all is not judged."""
    connus = {ligne.code for ligne in referentiel.cadres()}
    return tuple(v for v in vue.toutes("BT-23") if v.texte and v.texte not in connus)


def destinataire_sans_siret(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """Historic formats: no buyer's identifier under scheme « 1 », nor one of 14 digits under another."""
    portes = vue.toutes("BT-46", "BT-47")
    if any(v.schema == SIRET_HISTORIQUE or _QUATORZE_CHIFFRES.fullmatch(v.texte) for v in portes):
        return ()
    return (Valeur("BT-47", ""),)


def total_faux(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
    """A total with tax that is not the total without tax plus the tax (no tax written: nought)."""
    hors_taxe, toutes_taxes, porte = vue.montant("BT-109"), vue.montant("BT-112"), vue.premiere("BT-112")
    taxe = vue.montant("BT-110") if vue.premiere("BT-110") is not None else Decimal(0)
    if hors_taxe is None or taxe is None or toutes_taxes is None or porte is None:
        return ()
    return () if hors_taxe + taxe == toutes_taxes else (porte,)


def _admis(lire: Callable[[str], str], texte: str) -> bool:
    try:
        lire(texte)
    except ErreurFacturier:
        return False
    return True
