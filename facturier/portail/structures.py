"""Structures: created by their SIRET, filled in, switched off and on; their services and bank details."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from facturier import identifiants, referentiel
from facturier.annuaire import Service
from facturier.erreurs import ErreurFacturier
from facturier.portail import demande as lecture
from facturier.portail.actes import Acte, Contexte, Manquement
from facturier.portail.comptes import avec
from facturier.portail.etat import Etat
from facturier.portail.evenements import Evenement
from facturier.portail.organisation import de_l_organisation, siret_de
from facturier.portail.personnes import CoordonneesBancaires, StructureGeree
from facturier.portail.rattachements import rattache

CREER = "creer_structure"
AJOUTER_COORDONNEES = "ajouter_coordonnees"
MODIFIER_COORDONNEES = "modifier_coordonnees"
RETIRER_COORDONNEES = "retirer_coordonnees"
CREER_SERVICE = "creer_service"
CATEGORIE = "entreprise"
TEXTE_MAX = 200
SERVICES_MAX = 100
COORDONNEES_MAX = 20


# --- controls ------------------------------------------------------------------------------------------


def _court(contexte: Contexte, champ: str, dit: str, *, requis: bool = True) -> list[Manquement]:
    saisi = contexte.texte(champ)
    if (requis and not saisi) or len(saisi) > TEXTE_MAX:
        return [(champ, f"Indiquez {dit} ({TEXTE_MAX} caractères au plus).")]
    return []


def _creer(contexte: Contexte) -> list[Manquement]:
    if contexte.acteur.par not in contexte.etat.comptes:
        return [("compte", "Une structure se crée avec un compte : créez d’abord le vôtre, puis connectez-vous.")]
    refus = _court(contexte, "nom", "la raison sociale")
    try:
        siret = identifiants.siret(contexte.texte("siret"))
    except ErreurFacturier as cause:
        return [("siret", cause.phrase), *refus]
    existante = contexte.annuaire.structures.get(siret)
    if existante is not None and existante.publique:
        phrase = (
            f"Ce SIRET est celui de « {existante.nom} », une structure publique : donnez celui de votre propre "
            "entreprise, le SIRET de votre client ne sert qu’à lui adresser vos factures."
        )
        refus.insert(0, ("siret-du-client", phrase))
    elif existante is not None:
        phrase = f"La structure « {existante.nom} » existe déjà : demandez à y être rattaché."
        refus.insert(0, ("structure-existante", phrase))
    return refus


def _modifier(contexte: Contexte) -> list[Manquement]:
    refus = de_l_organisation(contexte)
    if not contexte.donnees:
        refus.append(("rien", "Indiquez ce que vous changez dans la fiche de la structure."))
    for champ, dit in (("adresse", "l’adresse"), ("telephone", "le téléphone")):
        refus += _court(contexte, champ, dit, requis=False)
    return refus


def _activite(active: bool) -> Callable[[Contexte], list[Manquement]]:
    def controle(contexte: Contexte) -> list[Manquement]:
        refus = de_l_organisation(contexte)
        structure = contexte.annuaire.structures.get(siret_de(contexte))
        if not refus and structure is not None and structure.active == active:
            refus = [("deja", f"La structure « {structure.nom} » est déjà {'active' if active else 'désactivée'}.")]
        return refus

    return controle


def _services(contexte: Contexte) -> Mapping[str, Service]:
    structure = contexte.annuaire.structures.get(siret_de(contexte))
    return {service.code: service for service in structure.services} if structure is not None else {}


def _creer_service(contexte: Contexte) -> list[Manquement]:
    refus = de_l_organisation(contexte) + _court(contexte, "libelle", "le nom du service")
    code, longueur = contexte.texte("code"), referentiel.limite("code_service").valeur
    if not 1 <= len(code) <= longueur or any(c.isspace() for c in code):
        refus.append(("code", f"Donnez au service un code sans espace, de {longueur} caractères au plus."))
    if code in _services(contexte):
        refus.append(
            ("service-existant", f"Un service porte déjà le code « {lecture.court(code)} » : choisissez-en un.")
        )
    if len(_services(contexte)) >= SERVICES_MAX:
        refus.append(("trop-de-services", f"Ce portail de formation ne prend pas plus de {SERVICES_MAX} services."))
    return refus


def _etat_service(actif: bool) -> Callable[[Contexte], list[Manquement]]:
    def controle(contexte: Contexte) -> list[Manquement]:
        refus = de_l_organisation(contexte)
        code = contexte.texte("code")
        service = _services(contexte).get(code)
        if service is None:
            refus.append(("service", f"Aucun service de cette structure ne porte le code « {lecture.court(code)} »."))
        elif service.actif == actif:
            refus.append(("deja", f"Le service {service.code} est déjà {'actif' if actif else 'désactivé'}."))
        return refus

    return controle


def _iban(contexte: Contexte, champ: str = "iban") -> list[Manquement]:
    try:
        identifiants.iban(contexte.texte(champ))
    except ErreurFacturier as cause:
        return [(champ, cause.phrase)]
    return []


def _coordonnees(contexte: Contexte) -> tuple[CoordonneesBancaires, ...]:
    structure = contexte.annuaire.structures.get(siret_de(contexte))
    return structure.coordonnees if isinstance(structure, StructureGeree) else ()


def _affactureur(contexte: Contexte) -> list[Manquement]:
    if contexte.texte("affactureur") in ("", "oui", "non"):
        return []
    return [("affactureur", "Répondez « oui » si la créance est cédée à un affactureur, « non » sinon.")]


def _ajouter(contexte: Contexte) -> list[Manquement]:
    refus = de_l_organisation(contexte) + _iban(contexte) + _affactureur(contexte)
    refus += _court(contexte, "titulaire", "le titulaire du compte bancaire")
    connues = _coordonnees(contexte)
    if not refus and any(c.iban == identifiants.iban(contexte.texte("iban")) for c in connues):
        refus.append(("iban-existant", "Cet IBAN figure déjà dans les coordonnées de la structure."))
    if len(connues) >= COORDONNEES_MAX:
        refus.append(("trop-de-coordonnees", f"Une structure a {COORDONNEES_MAX} coordonnées bancaires au plus."))
    return refus


def _connue(contexte: Contexte, champ: str) -> list[Manquement]:
    refus = _iban(contexte, champ)
    if not refus and all(c.iban != identifiants.iban(contexte.texte(champ)) for c in _coordonnees(contexte)):
        refus = [(champ, "Cet IBAN ne figure pas dans les coordonnées de la structure : relisez-les.")]
    return refus


def _remplacer(contexte: Contexte) -> list[Manquement]:
    refus = de_l_organisation(contexte) + _connue(contexte, "iban_remplace") + _iban(contexte) + _affactureur(contexte)
    refus += _court(contexte, "titulaire", "le titulaire du compte bancaire")
    if not refus:
        ancien, nouveau = (identifiants.iban(contexte.texte(champ)) for champ in ("iban_remplace", "iban"))
        if ancien != nouveau and any(c.iban == nouveau for c in _coordonnees(contexte)):
            refus.append(("iban-existant", "Cet IBAN figure déjà dans les coordonnées de la structure."))
    return refus


def _retirer(contexte: Contexte) -> list[Manquement]:
    return de_l_organisation(contexte) + _connue(contexte, "iban")


# --- what each act changes -------------------------------------------------------------------------------


def _creee(etat: Etat, evenement: Evenement) -> Etat:
    """The new structure, and who created it as its gestionnaire principal."""
    structure = StructureGeree(
        siret=evenement["objet"][1:],
        nom=evenement["donnees"]["nom"].strip(),
        nature="privee",
        categorie=CATEGORIE,
        creee=True,
    )
    etat = replace(etat, structures={**etat.structures, structure.siret: structure})
    return avec(etat, rattache(etat.comptes[evenement["par"]], structure, gestionnaire=True))


Donnees = Mapping[str, str]


def _change(quoi: Callable[[StructureGeree, Donnees], StructureGeree]) -> Callable[[Etat, Evenement], Etat]:
    def appliquer(etat: Etat, evenement: Evenement) -> Etat:
        siret = evenement["objet"][1:]
        donnees = {champ: valeur.strip() for champ, valeur in evenement["donnees"].items()}
        changee = quoi(StructureGeree.de(etat.structures[siret]), donnees)
        return replace(etat, structures={**etat.structures, siret: changee})

    return appliquer


def _fiche(structure: StructureGeree, donnees: Donnees) -> StructureGeree:
    adresse, telephone = donnees.get("adresse", structure.adresse), donnees.get("telephone", structure.telephone)
    return replace(structure, adresse=adresse, telephone=telephone)


def _service(structure: StructureGeree, donnees: Donnees) -> StructureGeree:
    services = (*structure.services, Service(donnees["code"], donnees["libelle"]))
    return replace(structure, services=services, services_crees=structure.services_crees + 1)


def _actif(actif: bool) -> Callable[[StructureGeree, Donnees], StructureGeree]:
    def change(structure: StructureGeree, donnees: Donnees) -> StructureGeree:
        services = (replace(s, actif=actif) if s.code == donnees["code"] else s for s in structure.services)
        return replace(structure, services=tuple(services))

    return change


def _nouvelles(donnees: Donnees) -> CoordonneesBancaires:
    affactureur = donnees.get("affactureur") == "oui"
    return CoordonneesBancaires(identifiants.iban(donnees["iban"]), donnees["titulaire"], affactureur)


def _ajoutees(structure: StructureGeree, donnees: Donnees) -> StructureGeree:
    return replace(structure, coordonnees=(*structure.coordonnees, _nouvelles(donnees)))


def _remplacees(structure: StructureGeree, donnees: Donnees) -> StructureGeree:
    ancien = identifiants.iban(donnees["iban_remplace"])
    suite = (_nouvelles(donnees) if c.iban == ancien else c for c in structure.coordonnees)
    return replace(structure, coordonnees=tuple(suite), iban_modifies=structure.iban_modifies + 1)


def _retirees(structure: StructureGeree, donnees: Donnees) -> StructureGeree:
    retire = identifiants.iban(donnees["iban"])
    return replace(structure, coordonnees=tuple(c for c in structure.coordonnees if c.iban != retire))


def _acte(
    code: str,
    libelle: str,
    champs: tuple[str, ...],
    controle: Callable[[Contexte], list[Manquement]],
    change: Callable[[StructureGeree, Donnees], StructureGeree],
) -> Acte:
    return Acte(code, libelle, (), champs, controle, _change(change))


COORDONNEES = ("iban", "titulaire", "affactureur")

ACTES: Mapping[str, Acte] = {
    acte.code: acte
    for acte in (
        Acte(CREER, "Créer une structure", (), ("siret", "nom"), _creer, _creee, cree="S"),
        _acte("modifier_structure", "Modifier la structure", ("adresse", "telephone"), _modifier, _fiche),
        _acte(
            "desactiver_structure",
            "Désactiver la structure",
            (),
            _activite(False),
            lambda structure, _: replace(structure, active=False),
        ),
        _acte(
            "activer_structure",
            "Activer la structure",
            (),
            _activite(True),
            lambda structure, _: replace(structure, active=True),
        ),
        _acte(CREER_SERVICE, "Créer un service", ("code", "libelle"), _creer_service, _service),
        _acte("activer_service", "Activer un service", ("code",), _etat_service(True), _actif(True)),
        _acte("desactiver_service", "Désactiver un service", ("code",), _etat_service(False), _actif(False)),
        _acte(AJOUTER_COORDONNEES, "Ajouter des coordonnées bancaires", COORDONNEES, _ajouter, _ajoutees),
        _acte(
            MODIFIER_COORDONNEES,
            "Modifier des coordonnées bancaires",
            ("iban_remplace", *COORDONNEES),
            _remplacer,
            _remplacees,
        ),
        _acte(RETIRER_COORDONNEES, "Retirer des coordonnées bancaires", ("iban",), _retirer, _retirees),
    )
}
