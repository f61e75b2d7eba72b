"""The invoice of a scenario: each section read strictly, each code known to the referentiel."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

from facturier import identifiants, referentiel
from facturier.efacture.champs_toml import Section, refus
from facturier.erreurs import ErreurFacturier
from facturier.facture import (
    Adresse,
    EcartLigne,
    Exoneration,
    Facture,
    FactureAnterieure,
    Ligne,
    Note,
    Paiement,
    Partie,
    PieceJointe,
    Profil,
    RemiseOuCharge,
)

_GENRES = {"remise", "charge"}


def lire_facture(racine: Section, chemin: Path) -> tuple[str, Facture]:
    """The cadre of Chorus Pro and the invoice.

    Raises:
        ErreurFacturier: ``scenario-refuse``; the sentence names the file and the field.
    """
    entete = racine.section("facture")
    jour = entete.date("date")
    cadre = racine.texte("cadre")
    marche = racine.section("marche", facultatif=True)
    anterieure = racine.section("facture_anterieure", facultatif=True)
    beneficiaire = racine.section("beneficiaire", facultatif=True)
    try:
        fiche = referentiel.cadre(cadre, jour)
    except ErreurFacturier as cause:
        raise refus(chemin, "cadre", cause.phrase) from cause
    profil: Profil = "en16931"
    if entete.texte("profil", facultatif=True):
        profil = entete.code("profil", set(get_args(Profil)))  # type: ignore[assignment]  # one of them
    # the older format writes the cadre of Chorus Pro itself in BT-23
    cadre_norme = cadre if profil == "historique" else entete.texte("cadre_norme")
    if profil == "historique":
        entete.texte("cadre_norme", facultatif=True)
    elif cadre_norme not in (admis := _cadres_admis(fiche)):
        raise refus(
            chemin,
            "facture.cadre_norme",
            f"le cadre {cadre} n’admet pas «\u00a0{cadre_norme}\u00a0» (admis : {', '.join(admis) or 'aucun'})",
        )
    champs: dict[str, Any] = {
        "numero": entete.texte("numero"),
        "date_emission": jour,
        "type_document": entete.code("type", {t.code for t in referentiel.types_facture(jour)}),
        "cadre_norme": cadre_norme,
        "vendeur": _partie(racine.section("vendeur")),
        "acheteur": _partie(racine.section("acheteur")),
        "lignes": tuple(_ligne(s, rang, jour) for rang, s in enumerate(racine.sections("ligne"), start=1)),
        "paiement": _paiement(racine.section("paiement", facultatif=True), jour),
        "echeance": entete.date_ou_rien("echeance"),
        "date_livraison": entete.date_ou_rien("livraison"),
        "deja_paye": entete.montant("deja_paye", facultatif=True),
        "code_service": marche.texte("code_service", facultatif=True),
        "numero_engagement": marche.texte("engagement", facultatif=True),
        "numero_marche": marche.texte("numero", facultatif=True),
        "remises_et_charges": tuple(_ecart(s, jour) for s in racine.sections("remise_ou_charge")),
        "exonerations": tuple(_exoneration(s, jour) for s in racine.sections("exoneration")),
        "notes": tuple(_note(s) for s in racine.sections("note")),
        "beneficiaire": _partie(beneficiaire) if beneficiaire else None,
        "conditions_paiement": entete.texte("conditions", facultatif=True),
        "lieu_livraison": entete.analyser("lieu_livraison", identifiants.siret, facultatif=True),
        "pieces": tuple(_piece(s) for s in racine.sections("piece")),
        "profil": profil,
        "anterieure": FactureAnterieure(anterieure.texte("numero"), anterieure.date("date")) if anterieure else None,
    }
    for section in (entete, marche, anterieure):
        section.fini()
    try:
        return cadre, Facture(**champs)
    except ErreurFacturier as cause:
        raise refus(chemin, "facture", cause.phrase) from cause


def _cadres_admis(fiche: referentiel.Cadre) -> tuple[str, ...]:
    """The standard's codes for a cadre; those that no cadre of Chorus Pro claims (after an advance payment: B4, S4…)
    go with a piece that nobody has to approve first."""
    if not fiche.bt23 or fiche.valideur_requis:
        return fiche.bt23
    pris = {code for autre in referentiel.cadres() for code in autre.bt23}
    libres = (ligne.code for ligne in referentiel.cadres_bt23() if ligne.b2g == "oui" and ligne.code not in pris)
    return (*fiche.bt23, *libres)


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
        identifiant_fiscal=section.texte("identifiant_fiscal", facultatif=True),
        nom_commercial=section.texte("nom_commercial", facultatif=True),
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
        ecarts=tuple(
            ecart.construire(
                EcartLigne,
                genre=ecart.code("genre", _GENRES),
                montant=ecart.montant("montant"),
                motif=ecart.texte("motif"),
            )
            for ecart in section.sections("ecart")
        ),
    )


def _ecart(section: Section, jour: date) -> RemiseOuCharge:
    categorie, taux = _tva(section, jour)
    return section.construire(
        RemiseOuCharge,
        genre=section.code("genre", _GENRES),
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


def _paiement(section: Section, jour: date) -> Paiement | None:
    if not section:
        return None
    modes = {mode.uncl4461: mode for mode in referentiel.modes_paiement(jour) if mode.uncl4461}
    mode = modes[section.code("mode", set(modes))]
    iban = section.analyser("iban", identifiants.iban, facultatif=True)
    if mode.iban_requis and not iban:
        raise refus(section.chemin, section.nom("iban"), f"le mode «\u00a0{mode.libelle}\u00a0» demande un IBAN")
    return section.construire(
        Paiement, mode=mode.uncl4461, libelle=mode.libelle, iban=iban, bic=section.texte("bic", facultatif=True)
    )


def _exoneration(section: Section, jour: date) -> Exoneration:
    code = section.texte("code", facultatif=True)  # a text alone is enough where no code was made
    if code:
        section.code("code", {fiche.code for fiche in referentiel.vatex(jour)})
    return section.construire(Exoneration, categorie_tva=section.texte("tva"), code=code, texte=section.texte("texte"))


def _note(section: Section) -> Note:
    return section.construire(Note, sujet=section.texte("sujet", facultatif=True), texte=section.texte("texte"))


def _piece(section: Section) -> PieceJointe:
    return section.construire(
        PieceJointe,
        reference=section.texte("reference"),
        qualification=section.texte("qualification"),
        nom=section.texte("nom"),
        mime=section.texte("mime"),
        texte=section.texte("texte"),
    )
