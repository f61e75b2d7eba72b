"""Scenarios (``data/scenarios/*.toml``): parties, market, invoice, wanted faults, expected findings.

A scenario names only codes that the referentiel knows. Whatever is wrong in the file is refused with one French
sentence naming the file and the field.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from facturier import identifiants, referentiel
from facturier.efacture.champs_toml import Section, refus
from facturier.efacture.ecriture import FORMATS, Format
from facturier.erreurs import ErreurFacturier
from facturier.facture import (
    Adresse,
    Exoneration,
    Facture,
    FactureAnterieure,
    Ligne,
    Note,
    Paiement,
    Partie,
    RemiseOuCharge,
)

Action = Literal["remplacer", "supprimer"]
_TAILLE_MAX = 256 * 1024


@dataclass(frozen=True)
class Faute:
    """One change made to the written XML: the only thing that is wrong with the file."""

    terme: str
    action: Action
    valeur: str
    contient: str


@dataclass(frozen=True)
class Attendu:
    """A finding that the validator must give, in these formats."""

    regle: str
    formats: tuple[Format, ...]


@dataclass(frozen=True)
class Scenario:
    """A written scenario: the invoice, and what is wanted of the files made from it."""

    slug: str
    titre: str
    recit: str
    cadre: str
    facture: Facture
    fautes: tuple[Faute, ...]
    attendus: tuple[Attendu, ...]
    formats: tuple[Format, ...]

    def attendu_pour(self, format: Format) -> tuple[str, ...]:
        """Sorted rule ids expected in one format."""
        return tuple(sorted(attendu.regle for attendu in self.attendus if format in attendu.formats))


def lire(chemin: Path) -> Scenario:
    """Read one scenario.

    Raises:
        ErreurFacturier: ``scenario-illisible`` or ``scenario-refuse``; the sentence names the file and the field.
    """
    brut = _charger(chemin)
    racine = Section(chemin, "", brut)
    if racine.entier("schema") != 1:
        raise refus(chemin, "schema", "cette version du format de scénario est inconnue (1 est attendu)")
    titre, recit, base = racine.texte("titre"), racine.texte("recit"), racine.texte("base", facultatif=True)
    formats = _formats(racine, chemin, "formats")
    fautes = tuple(_faute(section) for section in racine.sections("faute"))
    attendus = tuple(_attendu(section, chemin, formats) for section in racine.sections("attendu"))
    if base:
        voisin = _chemin_base(chemin, base)
        racine.fini()
        modele = lire(voisin)
        cadre, facture = modele.cadre, modele.facture
    else:
        cadre, facture = _lire_facture(racine, chemin)
        racine.fini()
    return Scenario(chemin.stem, titre, recit, cadre, facture, fautes, attendus, formats)


def lire_tous(dossier: Path) -> tuple[Scenario, ...]:
    """Every scenario of a folder, in the order of the file names."""
    return tuple(lire(chemin) for chemin in sorted(dossier.glob("*.toml")))


def _charger(chemin: Path) -> dict[str, Any]:
    try:
        if chemin.stat().st_size > _TAILLE_MAX:
            raise _illisible(chemin, "le fichier est démesuré")
        return tomllib.loads(chemin.read_text(encoding="utf-8"))
    except OSError as cause:
        raise _illisible(chemin, "le fichier est introuvable ou ne s’ouvre pas") from cause
    except UnicodeDecodeError as cause:
        raise _illisible(chemin, "le fichier n’est pas en UTF-8") from cause
    except (tomllib.TOMLDecodeError, RecursionError) as cause:
        raise _illisible(chemin, f"ce n’est pas du TOML ({cause})") from cause


def _chemin_base(chemin: Path, base: str) -> Path:
    voisin = chemin.parent / f"{base}.toml"
    if not base.isidentifier() or base == chemin.stem or not voisin.is_file():
        raise refus(chemin, "base", f"aucun autre scénario ne s’appelle «\u00a0{base}\u00a0»")
    if "base" in _charger(voisin):
        raise refus(chemin, "base", f"«\u00a0{base}\u00a0» est lui-même tiré d’un autre scénario")
    return voisin


def _lire_facture(racine: Section, chemin: Path) -> tuple[str, Facture]:
    entete = racine.section("facture")
    jour = entete.date("date")
    cadre = racine.texte("cadre")
    marche = racine.section("marche", facultatif=True)
    anterieure = racine.section("facture_anterieure", facultatif=True)
    try:
        fiche = referentiel.cadre(cadre, jour)
    except ErreurFacturier as cause:
        raise refus(chemin, "cadre", cause.phrase) from cause
    cadre_norme = entete.texte("cadre_norme")
    if cadre_norme not in fiche.bt23:
        permis = ", ".join(fiche.bt23) or "aucun"
        raise refus(
            chemin,
            "facture.cadre_norme",
            f"le cadre {cadre} n’admet pas «\u00a0{cadre_norme}\u00a0» (admis : {permis})",
        )
    champs: dict[str, Any] = {
        "numero": entete.texte("numero"),
        "date_emission": jour,
        "type_document": entete.code("type", {t.code for t in referentiel.types_facture(jour)}),
        "cadre_norme": cadre_norme,
        "vendeur": _partie(racine.section("vendeur")),
        "acheteur": _partie(racine.section("acheteur")),
        "lignes": tuple(_ligne(s, rang, jour) for rang, s in enumerate(racine.sections("ligne"), start=1)),
        "paiement": _paiement(racine.section("paiement"), jour),
        "echeance": entete.date_ou_rien("echeance"),
        "date_livraison": entete.date_ou_rien("livraison"),
        "deja_paye": entete.montant("deja_paye", facultatif=True),
        "code_service": marche.texte("code_service", facultatif=True),
        "numero_engagement": marche.texte("engagement", facultatif=True),
        "numero_marche": marche.texte("numero", facultatif=True),
        "remises_et_charges": tuple(_ecart(s, jour) for s in racine.sections("remise_ou_charge")),
        "exonerations": tuple(_exoneration(s, jour) for s in racine.sections("exoneration")),
        "notes": tuple(_note(s) for s in racine.sections("note")),
        "anterieure": FactureAnterieure(anterieure.texte("numero"), anterieure.date("date")) if anterieure else None,
    }
    for section in (entete, marche, anterieure):
        section.fini()
    try:
        return cadre, Facture(**champs)
    except ErreurFacturier as cause:
        raise refus(chemin, "facture", cause.phrase) from cause


def _partie(section: Section) -> Partie:
    adresse = Adresse(
        lignes=section.textes("adresse"),
        code_postal=section.texte("code_postal"),
        ville=section.texte("ville"),
        pays=section.texte("pays", facultatif=True) or "FR",
    )
    siret = section.analyser("siret", identifiants.siret, facultatif=True)
    tva = section.analyser("tva", identifiants.tva_intracom if adresse.pays == "FR" else str, facultatif=True)
    return section.construire(
        Partie,
        nom=section.texte("nom"),
        adresse=adresse,
        siret=siret or None,
        tva=tva or None,
        mentions=section.texte("mentions", facultatif=True),
        contact=section.texte("contact", facultatif=True),
        telephone=section.texte("telephone", facultatif=True),
        courriel=section.texte("courriel", facultatif=True),
    )


def _ligne(section: Section, rang: int, jour: date) -> Ligne:
    categorie, taux = _tva(section, jour)
    return section.construire(
        Ligne,
        numero=str(rang),
        designation=section.texte("designation"),
        description=section.texte("description", facultatif=True),
        quantite=section.nombre("quantite"),
        unite=section.texte("unite"),
        unite_libelle=section.texte("unite_libelle"),
        prix_unitaire=section.nombre("prix"),
        categorie_tva=categorie,
        taux_tva=taux,
    )


def _ecart(section: Section, jour: date) -> RemiseOuCharge:
    categorie, taux = _tva(section, jour)
    return section.construire(
        RemiseOuCharge,
        genre=section.code("genre", {"remise", "charge"}),
        montant=section.montant("montant"),
        motif=section.texte("motif"),
        categorie_tva=categorie,
        taux_tva=taux,
    )


def _tva(section: Section, jour: date) -> tuple[str, Any]:
    fiches = {fiche.code: fiche for fiche in referentiel.categories_tva(jour) if fiche.admise}
    fiche = fiches[section.code("tva", set(fiches))]
    taux = section.nombre("taux")
    if (fiche.regle_taux == "positif") != (taux > 0):
        attendu = "un taux positif" if fiche.regle_taux == "positif" else "le taux 0"
        raise refus(section.chemin, section.nom("taux"), f"la catégorie de TVA {fiche.code} demande {attendu}")
    return fiche.code, taux


def _paiement(section: Section, jour: date) -> Paiement:
    modes = {mode.uncl4461: mode for mode in referentiel.modes_paiement(jour) if mode.uncl4461}
    mode = modes[section.code("mode", set(modes))]
    iban = section.analyser("iban", identifiants.iban, facultatif=True)
    if mode.iban_requis and not iban:
        raise refus(section.chemin, section.nom("iban"), f"le mode «\u00a0{mode.libelle}\u00a0» demande un IBAN")
    return section.construire(
        Paiement, mode=mode.uncl4461, libelle=mode.libelle, iban=iban, bic=section.texte("bic", facultatif=True)
    )


def _exoneration(section: Section, jour: date) -> Exoneration:
    code = section.code("code", {fiche.code for fiche in referentiel.vatex(jour)})
    return section.construire(Exoneration, categorie_tva=section.texte("tva"), code=code, texte=section.texte("texte"))


def _note(section: Section) -> Note:
    return section.construire(Note, sujet=section.texte("sujet", facultatif=True), texte=section.texte("texte"))


def _faute(section: Section) -> Faute:
    action = section.code("action", set(get_args(Action)))
    return section.construire(
        Faute,
        terme=section.texte("terme"),
        action=action,
        valeur=section.texte("valeur", facultatif=action == "supprimer"),
        contient=section.texte("contient", facultatif=True),
    )


def _attendu(section: Section, chemin: Path, formats: tuple[Format, ...]) -> Attendu:
    propres = _formats(section, chemin, section.nom("formats"), defaut=formats)
    return section.construire(Attendu, regle=section.texte("regle"), formats=propres)


def _formats(section: Section, chemin: Path, nom: str, defaut: tuple[Format, ...] = FORMATS) -> tuple[Format, ...]:
    voulus = section.textes("formats", facultatif=True) or defaut
    inconnus = [f for f in voulus if f not in FORMATS]
    if inconnus:
        raise refus(chemin, nom, f"le format «\u00a0{inconnus[0]}\u00a0» est inconnu ({', '.join(FORMATS)})")
    return tuple(f for f in FORMATS if f in voulus)


def _illisible(chemin: Path, quoi: str) -> ErreurFacturier:
    return ErreurFacturier(f"Le scénario {chemin.name} ne peut pas être lu : {quoi}.", code="scenario-illisible")
