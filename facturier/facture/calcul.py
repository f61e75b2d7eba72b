"""Totals of an invoice: the only place of the package where VAT and totals are computed (EN 16931, BR-CO-10 to 17)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from facturier.facture.modele import Facture
from facturier.montants import arrondi

_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class VentilationTVA:
    """One row of the VAT breakdown (BG-23): the base and the tax of a category at a rate."""

    categorie: str
    taux: Decimal
    base: Decimal
    montant: Decimal
    code_exoneration: str = ""
    texte_exoneration: str = ""


@dataclass(frozen=True)
class Totaux:
    """Document totals (BG-22), all rounded to the cent."""

    lignes_ht: Decimal
    remises: Decimal
    charges: Decimal
    ht: Decimal
    tva: Decimal
    ttc: Decimal
    deja_paye: Decimal
    net_a_payer: Decimal
    ventilation: tuple[VentilationTVA, ...]


def totaux(facture: Facture) -> Totaux:
    """Totals and VAT breakdown: tax computed per (category, rate) on the sum of net amounts, never line by line."""
    bases: defaultdict[tuple[str, Decimal], Decimal] = defaultdict(lambda: _ZERO)
    for ligne in facture.lignes:
        bases[ligne.categorie_tva, ligne.taux_tva] += ligne.montant_ht
    remises = charges = _ZERO
    for ecart in facture.remises_et_charges:
        if ecart.genre == "remise":
            remises += ecart.montant
            bases[ecart.categorie_tva, ecart.taux_tva] -= ecart.montant
        else:
            charges += ecart.montant
            bases[ecart.categorie_tva, ecart.taux_tva] += ecart.montant
    motifs = {motif.categorie_tva: motif for motif in facture.exonerations}
    ventilation = []
    for (categorie, taux), base in sorted(bases.items(), key=lambda cas: (cas[0][0], -cas[0][1])):
        motif = motifs.get(categorie)
        ventilation.append(
            VentilationTVA(
                categorie=categorie,
                taux=taux,
                base=base,
                montant=arrondi(base * taux / 100),
                code_exoneration=motif.code if motif else "",
                texte_exoneration=motif.texte if motif else "",
            )
        )
    lignes_ht = sum((ligne.montant_ht for ligne in facture.lignes), _ZERO)
    ht = lignes_ht - remises + charges
    tva = sum((part.montant for part in ventilation), _ZERO)
    ttc = ht + tva
    return Totaux(
        lignes_ht=lignes_ht,
        remises=remises,
        charges=charges,
        ht=ht,
        tva=tva,
        ttc=ttc,
        deja_paye=arrondi(facture.deja_paye),
        net_a_payer=ttc - facture.deja_paye,
        ventilation=tuple(ventilation),
    )
