"""Whether what a machine misread in a PDF was corrected before the invoice was sent: a criterion of exercises.

Nothing is believed of the journal here but the final fields and the file's sha256: the true fields come from the file
of that sha256 (a sample of the kit, or the file itself), never from what the event says was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from facturier import identifiants
from facturier.erreurs import ErreurFacturier
from facturier.portail import demande as lecture
from facturier.portail import provenance as origine
from facturier.portail.pieces import DEPOSEE, Piece

_SIRETS = ("destinataire_siret", "valideur_siret")


@dataclass(frozen=True)
class ControleLecture:
    """``fautes``: fields that the machine misread; ``restantes``: those whose final value is still not the true one,
    misread or spoiled since."""

    fautes: tuple[str, ...]
    restantes: tuple[str, ...]

    @property
    def corrigees(self) -> tuple[str, ...]:
        """The misread fields that were put right."""
        return tuple(champ for champ in self.fautes if champ not in self.restantes)

    @property
    def juste(self) -> bool:
        """Whether every field that the file gives is right in the end."""
        return not self.restantes


def controler(piece: Piece, vrais: Mapping[str, str]) -> ControleLecture:
    """Compare the machine's reading and the final fields of a piece with what its file truly says.

    Fields that the file does not give are left to the depositor.
    """
    donnes = [champ for champ in origine.CHAMPS_LUS if vrais.get(champ)]
    return ControleLecture(
        fautes=tuple(c for c in donnes if not _egal(c, piece.provenance.lu.get(c, ""), vrais[c])),
        restantes=tuple(c for c in donnes if not _egal(c, piece.valeurs.get(c, ""), vrais[c])),
    )


def controler_exemple(piece: Piece) -> ControleLecture | None:
    """The same, for a PDF of the sample library, recognised by its sha256; None for any other file."""
    from facturier.efacture.ocr import verite_d_un_exemple

    vrais = verite_d_un_exemple(piece.provenance.sha256)
    return controler(piece, vrais) if vrais is not None else None


def corrigee(piece: Piece) -> bool:
    """Whether a PDF of the sample library was sent with every field right, whatever the machine had read."""
    if piece.provenance.mode != origine.PDF or piece.date_du(DEPOSEE) is None:
        return False
    controle = controler_exemple(piece)
    return controle is not None and controle.juste


def _egal(champ: str, lu: str, vrai: str) -> bool:
    return _canonique(champ, lu) == _canonique(champ, vrai)


def _canonique(champ: str, texte: str) -> object:
    """The value whatever the way it was typed: « 1 200,00 » and « 1200 » are one amount."""
    seul = {champ: texte}
    if champ in _SIRETS:
        return lecture.siret(seul, champ) or texte
    if champ in lecture.MONTANTS:
        montant = lecture.montant(seul, champ)
        return texte if montant is None else montant
    if champ == "date_facture":
        return lecture.date_facture(seul) or texte
    if champ == "iban":
        try:
            return identifiants.iban(texte)
        except ErreurFacturier:
            return texte
    return texte.strip()
