"""Rows of the tables that an invoice is written with: rates, types, means of payment, notices, codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from facturier.referentiel.socle import LigneSourcee
from facturier.referentiel.socle import cle as _cle
from facturier.referentiel.socle import facultatif as _facultatif


@dataclass(frozen=True, kw_only=True)
class TauxBce(LigneSourcee):
    """The ECB refinancing rate and the late-payment interest rate of a semester, in per cent.

    The key is the index, so that two rows for the same day are a duplicate.
    """

    indice: str = _cle()
    semestre: str
    refi: Decimal
    interets: Decimal


@dataclass(frozen=True, kw_only=True)
class TauxTva(LigneSourcee):
    """A VAT rate in per cent and where it is used; no rate means that the tax does not apply there."""

    taux: Decimal | None = field(metadata={"cle": True})
    territoire: str = _cle()
    usage: str
    admis: bool
    remarque: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class TypeFacture(LigneSourcee):
    """A document type code of the standard (BT-3)."""

    code: str = _cle()
    libelle: str
    famille: Literal["facture", "avoir", "rectificative", "acompte"]
    type_api: str = _facultatif()
    remarque: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class ModePaiement(LigneSourcee):
    """A payment means of Chorus Pro and its UNCL 4461 code."""

    code: str = _cle()
    uncl4461: str = field(metadata={"cle": True, "facultatif": True})
    libelle: str
    iban_requis: bool
    remarque: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class Mention(LigneSourcee):
    """A compulsory mention of an invoice and the fields that carry it."""

    ordre: int = _cle()
    mention: str
    obligation: Literal["oui", "oui si elle existe", "oui si assujetti", "selon le cas", "au rythme de la réforme"]
    champ_api: str = _facultatif()
    champ_norme: str = _facultatif()
    remarque: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class CategorieTva(LigneSourcee):
    """A VAT category code of the standard."""

    code: str = _cle()
    libelle: str
    regle_taux: Literal["positif", "nul", "aucun", "sans objet"]
    motif_requis: bool
    admise: bool
    remarque: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class Vatex(LigneSourcee):
    """A coded reason for VAT exemption."""

    code: str = _cle()
    libelle: str
    categorie: str
    portee: Literal["européenne", "nationale"]
    types_admis: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CadreBt23(LigneSourcee):
    """A business process code of the standard (BT-23), used on the plateforme agréée side."""

    code: str = _cle()
    libelle: str
    usage: str
    b2g: Literal["oui", "non", "b2g seulement", "à vérifier"]
