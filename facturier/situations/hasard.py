"""What a seed draws: the same seed and situation always give the same numbers, names and amounts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")

_BANQUE = "99999"
"""Code of a bank that does not exist."""
_LETTRES_RIB = 89, 15, 3
_CLE_RIB = 97


@dataclass(frozen=True)
class Hasard:
    """The draws of one seed in one situation; each is named, so that adding one moves no other."""

    graine: str
    situation: str

    def entier(self, nom: str, bas: int, haut: int) -> int:
        """A whole number from ``bas`` to ``haut``."""
        cle = f"facturier-situation-1|{self.graine}|{self.situation}|{nom}"
        tire = int.from_bytes(hashlib.sha256(cle.encode("utf-8", "surrogatepass")).digest()[:8], "big")
        return bas + tire % (haut - bas + 1)

    def parmi(self, nom: str, choix: Sequence[T]) -> T:
        """One of them."""
        return choix[self.entier(nom, 0, len(choix) - 1)]

    def montant(self, nom: str, bas: int, haut: int) -> Decimal:
        """An amount in euros and cents, from ``bas`` to ``haut`` euros."""
        return Decimal(self.entier(nom, bas * 100, haut * 100)).scaleb(-2)

    def jour(self, nom: str, bas: date, haut: date) -> date:
        """A day, both ends possible."""
        return bas + timedelta(days=self.entier(nom, 0, (haut - bas).days))

    def iban(self, nom: str) -> str:
        """A French IBAN of a bank that does not exist, its keys right, in groups of four."""
        from stdnum import iban

        guichet, compte = self.entier(f"{nom}|guichet", 1, 99999), self.entier(f"{nom}|compte", 1, 99999999999)
        a, b, c = _LETTRES_RIB
        cle = _CLE_RIB - (a * int(_BANQUE) + b * guichet + c * compte) % _CLE_RIB
        bban = f"{_BANQUE}{guichet:05d}{compte:011d}{cle:02d}"
        entier = f"FR{iban.calc_check_digits(f'FR00{bban}')}{bban}"
        return " ".join(entier[rang : rang + 4] for rang in range(0, len(entier), 4))

    def siret(self, nom: str) -> str:
        """A SIRET of the fictitious range (no département bears n° 99), its keys right."""
        from stdnum import luhn

        siren = f"999908{self.entier(nom, 0, 99):02d}"
        siren += luhn.calc_check_digit(siren)
        nic = f"{siren}0001"
        return f"{nic}{luhn.calc_check_digit(nic)}"
