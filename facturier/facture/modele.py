"""The frozen invoice. Every constructor refuses incoherent data with one French sentence.

What a code means (type, cadre, VAT category, payment means) is the referentiel's business; here a code is text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from facturier import identifiants
from facturier.erreurs import ErreurFacturier
from facturier.montants import arrondi

Genre = Literal["remise", "charge"]
Profil = Literal["en16931", "extended-ctc-fr", "basic", "historique"]
"""What BT-24 announces; ``historique`` is the older Chorus Pro format, which announces none."""


@dataclass(frozen=True)
class Adresse:
    """A postal address: one to three lines, postcode, town, ISO country code."""

    lignes: tuple[str, ...]
    code_postal: str
    ville: str
    pays: str = "FR"

    def __post_init__(self) -> None:
        if not 1 <= len(self.lignes) <= 3:
            raise _refus(f"une adresse compte une à trois lignes, pas {len(self.lignes)}", "adresse")
        _exiger(self.ville, "la ville de l’adresse est vide", "adresse")
        if len(self.pays) != 2 or not self.pays.isalpha() or not self.pays.isupper():
            raise _refus(f"le pays «\u00a0{self.pays}\u00a0» n’est pas un code ISO de deux lettres", "adresse")


@dataclass(frozen=True)
class Partie:
    """A seller or a buyer. ``siret`` and ``tva`` are checked; a French party states its SIRET."""

    nom: str
    adresse: Adresse
    siret: str | None = None
    tva: str | None = None
    mentions: str = ""
    """Legal form, capital, RCS… as printed at the foot of the invoice (BT-33)."""
    contact: str = ""
    telephone: str = ""
    courriel: str = ""
    identifiant_fiscal: str = ""
    """Tax registration of a seller without VAT number (BT-32), as under the « franchise en base »."""
    nom_commercial: str = ""
    """Trading name, when it is not the legal one (BT-28, BT-45)."""

    def __post_init__(self) -> None:
        _exiger(self.nom, "le nom d’une partie est vide", "partie")
        if self.siret is not None and identifiants.siret(self.siret) != self.siret:
            raise _refus(f"le SIRET de {self.nom} doit être écrit sans espaces", "partie")
        if self.tva is not None and self.adresse.pays == "FR":
            if identifiants.tva_intracom(self.tva) != self.tva:
                raise _refus(f"le numéro de TVA de {self.nom} doit être écrit sans espaces", "partie")
            if self.siret is not None and self.tva[4:] != self.siret[:9]:
                raise _refus(f"le numéro de TVA de {self.nom} ne contient pas son SIREN ({self.siret[:9]})", "partie")

    @property
    def siren(self) -> str | None:
        """The SIREN that the SIRET contains."""
        return self.siret[:9] if self.siret else None


@dataclass(frozen=True)
class EcartLigne:
    """An allowance (``remise``, BG-27) or a charge (``charge``, BG-28) on one line, before VAT."""

    genre: Genre
    montant: Decimal
    motif: str

    def __post_init__(self) -> None:
        _ecart(self, "remise")


@dataclass(frozen=True)
class Ligne:
    """One invoice line (BG-25). ``unite`` is the UN/ECE code, ``unite_libelle`` what a reader sees."""

    numero: str
    designation: str
    quantite: Decimal
    unite: str
    unite_libelle: str
    prix_unitaire: Decimal
    categorie_tva: str
    taux_tva: Decimal
    description: str = ""
    ecarts: tuple[EcartLigne, ...] = ()

    def __post_init__(self) -> None:
        _exiger(self.designation, f"la désignation de la ligne {self.numero} est vide", "ligne")
        _decimaux(self, ("quantite", "prix_unitaire", "taux_tva"))
        if self.quantite == 0:
            raise _refus(f"la quantité de la ligne {self.numero} est nulle", "ligne")
        if self.prix_unitaire < 0:
            raise _refus(
                f"le prix unitaire de la ligne {self.numero} est négatif : c’est la quantité qui porte le signe",
                "ligne",
            )
        _taux(self.taux_tva, f"de la ligne {self.numero}")

    @property
    def montant_ht(self) -> Decimal:
        """Net amount of the line (BT-131): quantity × net price, rounded to the cent, with its own adjustments."""
        ecarts = (ecart.montant if ecart.genre == "charge" else -ecart.montant for ecart in self.ecarts)
        return arrondi(self.quantite * self.prix_unitaire) + sum(ecarts, Decimal(0))


@dataclass(frozen=True)
class RemiseOuCharge:
    """A document-level allowance (``remise``, BG-20) or charge (``charge``, BG-21), before VAT."""

    genre: Genre
    montant: Decimal
    motif: str
    categorie_tva: str
    taux_tva: Decimal

    def __post_init__(self) -> None:
        _ecart(self, "remise")
        _decimaux(self, ("taux_tva",))
        _taux(self.taux_tva, f"de la {self.genre}")


@dataclass(frozen=True)
class Exoneration:
    """Why a VAT category bears no tax: VATEX code (BT-121) and its sentence (BT-120)."""

    categorie_tva: str
    code: str
    texte: str


@dataclass(frozen=True)
class Note:
    """A note on the document (BG-1): subject code (BT-21, may be empty) and text (BT-22)."""

    sujet: str
    texte: str


@dataclass(frozen=True)
class Paiement:
    """How it is paid: UNCL 4461 code (BT-81), its label for readers, and the account for a transfer."""

    mode: str
    libelle: str
    iban: str = ""
    bic: str = ""

    def __post_init__(self) -> None:
        if self.iban and identifiants.iban(self.iban) != self.iban:
            raise _refus("l’IBAN doit être écrit sans espaces", "paiement")


@dataclass(frozen=True)
class FactureAnterieure:
    """The invoice that a credit note or a corrective invoice refers to (BG-3)."""

    numero: str
    date_emission: date


@dataclass(frozen=True)
class PieceJointe:
    """A supporting document carried by the invoice (BG-24): reference, kind (BT-123), file name, MIME type, text."""

    reference: str
    qualification: str
    nom: str
    mime: str
    texte: str

    def __post_init__(self) -> None:
        _exiger(self.reference, "la référence d’une pièce jointe est vide", "piece")
        if not self.nom.strip() or "/" in self.nom or "\\" in self.nom:
            raise _refus(f"le nom de la pièce jointe {self.reference} n’est pas un nom de fichier", "piece")


@dataclass(frozen=True)
class Facture:
    """An invoice, whatever syntax it is later written in. Totals: :func:`facturier.facture.totaux`."""

    numero: str
    date_emission: date
    type_document: str
    cadre_norme: str
    vendeur: Partie
    acheteur: Partie
    lignes: tuple[Ligne, ...]
    paiement: Paiement | None
    devise: str = "EUR"
    echeance: date | None = None
    date_livraison: date | None = None
    code_service: str = ""
    numero_engagement: str = ""
    numero_marche: str = ""
    remises_et_charges: tuple[RemiseOuCharge, ...] = ()
    exonerations: tuple[Exoneration, ...] = ()
    notes: tuple[Note, ...] = ()
    deja_paye: Decimal = Decimal(0)
    anterieure: FactureAnterieure | None = None
    pieces: tuple[PieceJointe, ...] = ()
    beneficiaire: Partie | None = None
    """Who is paid when it is not the seller (BG-10): a factor, say."""
    conditions_paiement: str = ""
    lieu_livraison: str = ""
    """SIRET of the place of delivery (BT-71)."""
    profil: Profil = "en16931"

    def __post_init__(self) -> None:
        _exiger(self.numero, "le numéro de facture est vide", "facture")
        if self.numero != " ".join(self.numero.split()):
            raise _refus(
                "le numéro de facture ne peut ni commencer ni finir par une espace, ni en doubler une", "facture"
            )
        if not self.lignes:
            raise _refus(f"la facture {self.numero} n’a aucune ligne", "facture")
        numeros = [ligne.numero for ligne in self.lignes]
        if len(set(numeros)) != len(numeros):
            raise _refus(f"deux lignes de la facture {self.numero} portent le même numéro", "facture")
        if self.echeance is not None and self.echeance < self.date_emission:
            raise _refus(f"l’échéance de la facture {self.numero} précède sa date d’émission", "facture")
        if not isinstance(self.deja_paye, Decimal) or self.deja_paye < 0:
            raise _refus("le montant déjà payé est négatif", "facture")
        _au_centime(self.deja_paye, "le montant déjà payé")
        self._verifier_exonerations()

    def _verifier_exonerations(self) -> None:
        categories = [motif.categorie_tva for motif in self.exonerations]
        if len(set(categories)) != len(categories):
            raise _refus("une catégorie de TVA a deux motifs d’exonération", "facture")
        portees = {ligne.categorie_tva for ligne in self.lignes} | {r.categorie_tva for r in self.remises_et_charges}
        inutiles = sorted(set(categories) - portees)
        if inutiles:
            raise _refus(f"le motif d’exonération {inutiles[0]} ne correspond à aucune ligne", "facture")


def _refus(phrase: str, objet: str) -> ErreurFacturier:
    return ErreurFacturier(f"Facture incohérente : {phrase}.", code=f"{objet}-incoherente")


def _exiger(texte: str, phrase: str, objet: str) -> None:
    if not texte.strip():
        raise _refus(phrase, objet)


def _decimaux(objet: object, noms: tuple[str, ...]) -> None:
    for nom in noms:
        valeur = getattr(objet, nom)
        if not isinstance(valeur, Decimal) or not valeur.is_finite():
            raise TypeError(f"{nom} must be a finite Decimal, got {valeur!r}")


def _ecart(ecart: EcartLigne | RemiseOuCharge, objet: str) -> None:
    _decimaux(ecart, ("montant",))
    if ecart.genre not in ("remise", "charge"):
        raise _refus(f"«\u00a0{ecart.genre}\u00a0» n’est ni une remise ni une charge", objet)
    if ecart.montant <= 0:
        raise _refus(f"le montant de la {ecart.genre} doit être positif", objet)
    _au_centime(ecart.montant, f"le montant de la {ecart.genre}")
    _exiger(ecart.motif, f"le motif de la {ecart.genre} est vide", objet)


def _taux(taux: Decimal, ou: str) -> None:
    if not 0 <= taux <= 100:
        raise _refus(f"le taux de TVA {ou} doit être compris entre 0 et 100", "taux")


def _au_centime(montant: Decimal, sujet: str) -> None:
    if montant != arrondi(montant):
        raise _refus(f"{sujet} a plus de deux décimales", "montant")
