"""Who belongs to a structure and what is open to them there: asked, answered, given, taken back, passed on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier import identifiants, referentiel
from facturier.annuaire import Structure
from facturier.champs import Valeurs
from facturier.champs import def_comptes as defs
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Cellule,
    Champs,
    Cible,
    Lien,
    Liens,
    Message,
    Paragraphe,
    Section,
    Tableau,
    a_remplir,
)
from facturier.ecrans.comptes import RUBRIQUE, compte, connecte, demande_un_compte, soi
from facturier.ecrans.ecran import Ecran, Suite
from facturier.ecrans.ma_structure import la_structure
from facturier.portail.organisation import espaces_de
from facturier.portail.personnes import Compte

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

AVEC_MOTIF = "refuser_rattachement"


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    tenu = compte(poste)
    if tenu is None or not connecte(poste):
        return demande_un_compte(poste)
    if not tenu.rattachements and not objet:
        return [_siens(poste, tenu), Liens([Lien("Demander un rattachement", Cible("rattachement_demander"))])]
    structure = la_structure(poste, objet)
    gestion = _gestion(poste, tenu, structure) if tenu.gere(structure.siret) else []
    return [
        _siens(poste, tenu),
        Liens([Lien("Demander un autre rattachement", Cible("rattachement_demander"))]),
        *([Section(f"Mes espaces chez « {structure.nom} »", _espaces(tenu, structure))]),
        *gestion,
        Paragraphe(
            "L’espace « Factures de travaux » ne s’ouvre jamais tout seul : c’est lui qui manque quand l’application "
            "de travaux n’apparaît pas.",
            note=True,
        ),
    ]


def approbations(poste: Poste) -> list[Bloc]:
    """What waits for the decision of whoever runs a structure: one line a structure, nothing when nothing does."""
    tenu = compte(poste)
    if tenu is None or not connecte(poste):
        return []
    lignes: list[str | Lien] = []
    for siret in filter(tenu.gere, tenu.rattachements):
        autres = poste.guichet.etat.comptes.values()
        qui = [f"{c.prenom} {c.nom}" for c in autres if siret in c.demandes or any(s == siret for s, _ in c.souhaits)]
        nom = poste.guichet.annuaire.structures[siret].nom
        if qui:
            lignes.append(Lien(f"Répondre à {', '.join(qui)}, pour « {nom} »", Cible("rattachements", siret)))
    return [Message("info", "Une demande de rattachement ou d’espace attend votre décision.", lignes)] if lignes else []


def _siens(poste: Poste, tenu: Compte) -> Tableau:
    annuaire = poste.guichet.annuaire.structures
    rangees: list[Sequence[Cellule]] = [
        (
            annuaire[siret].nom,
            siret,
            "gestionnaire principal" if role == "gestionnaire" else "utilisateur",
            Bouton(
                "quitter",
                "Quitter la structure",
                "danger",
                {"siret": siret},
                f"« {annuaire[siret].nom} »",
                "Quitter cette structure ? Vous ne pourrez plus facturer en son nom.",
            ),
        )
        for siret, role in tenu.rattachements.items()
    ]
    rangees += [
        (annuaire[siret].nom, siret, f"demandé le {quand:%d/%m/%Y}", "") for siret, quand in tenu.demandes.items()
    ]
    return Tableau("Mes rattachements", ("Structure", "SIRET", "Rôle", "Départ"), rangees, "Aucun rattachement.")


def _espaces(tenu: Compte, structure: Structure) -> Sequence[Bloc]:
    siret = structure.siret
    rangees = []
    for code in espaces_de(structure):
        nom = referentiel.espace(code).libelle
        if tenu.habilite(siret, code):
            etat: Cellule = "ouvert"
        elif (siret, code) in tenu.souhaits:
            etat = "demandé"
        elif tenu.gere(siret):
            etat = Bouton("agir", "Ouvrir", "principal", _pour("habiliter", tenu.id, code), nom)
        else:
            etat = Bouton("demander_espace", "Demander", "principal", {"espace": code}, nom)
        rangees.append((nom, etat))
    return [Tableau("Espaces", ("Espace", "État"), rangees)]


def _pour(action: str, numero: str, espace: str = "") -> dict[str, str]:
    return {"action": action, "compte": numero, **({"espace": espace} if espace else {})}


def _gestion(poste: Poste, tenu: Compte, structure: Structure) -> Sequence[Bloc]:
    """What the gestionnaire principal answers and gives."""
    siret = structure.siret
    comptes = list(poste.guichet.etat.comptes.values())
    demandes: list[Sequence[Cellule]] = [
        (
            f"{c.prenom} {c.nom} ({c.id})",
            "rattachement",
            Bouton("agir", "Accepter", "principal", _pour("accepter_rattachement", c.id), f"{c.prenom} {c.nom}"),
            Bouton("agir", "Refuser", "danger", _pour("refuser_rattachement", c.id), f"{c.prenom} {c.nom}"),
        )
        for c in comptes
        if siret in c.demandes
    ]
    demandes += [
        (
            f"{c.prenom} {c.nom} ({c.id})",
            f"espace « {referentiel.espace(code).libelle} »",
            Bouton("agir", "Ouvrir", "principal", _pour("habiliter", c.id, code), f"{c.prenom} {c.nom}"),
            "",
        )
        for c in comptes
        for (vise, code) in c.souhaits
        if vise == siret
    ]
    membres = [
        (
            f"{c.prenom} {c.nom} ({c.id})",
            ", ".join(referentiel.espace(code).libelle for code in sorted(c.habilitations.get(siret, ()))),
            Bouton(
                "agir",
                "Désigner gestionnaire",
                "second",
                _pour("designer_gestionnaire", c.id),
                f"{c.prenom} {c.nom}",
                "Passer la main ? Il n’y a qu’un gestionnaire principal par structure.",
            ),
            Bouton(
                "agir", "Détacher", "danger", _pour("detacher", c.id), f"{c.prenom} {c.nom}", "Détacher ce compte ?"
            ),
        )
        for c in comptes
        if siret in c.rattachements and c.id != tenu.id
    ]
    return [
        Section(
            "Approbations",
            [
                Tableau("Demandes qui vous attendent", ("Qui", "Demande", "Oui", "Non"), demandes, "Aucune demande."),
                *([Champs(("motif",))] if demandes else []),
            ],
        ),
        Section(
            "Utilisateurs de la structure",
            [
                Tableau("Comptes rattachés", ("Qui", "Espaces", "Gestion", "Détacher"), membres, "Vous seul."),
                *_a_ouvrir(structure, [c for c in comptes if siret in c.rattachements and c.id != tenu.id]),
                Paragraphe("Un gestionnaire qui part sans relais bloque la structure.", note=True),
            ],
        ),
    ]


def _a_ouvrir(structure: Structure, membres: Sequence[Compte]) -> Sequence[Bloc]:
    """The spaces that are closed to members, which the gestionnaire may open without being asked."""
    siret = structure.siret
    rangees = [
        (
            f"{c.prenom} {c.nom} ({c.id})",
            referentiel.espace(code).libelle,
            Bouton(
                "agir",
                "Ouvrir",
                "second",
                _pour("habiliter", c.id, code),
                f"« {referentiel.espace(code).libelle} » à {c.prenom} {c.nom}",
            ),
        )
        for c in membres
        for code in espaces_de(structure)
        if not c.habilite(siret, code) and (siret, code) not in c.souhaits
    ]
    return [Tableau("Espaces encore fermés", ("Qui", "Espace", "Ouvrir"), rangees)] if rangees else []


def _agir(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    structure = la_structure(poste, objet)
    action = valeurs["action"]
    donnees = {"compte": valeurs["compte"]}
    if valeurs.get("espace"):
        donnees["espace"] = valeurs["espace"]
    if action == AVEC_MOTIF:
        donnees["motif"] = valeurs["motif"]
    poste.guichet.faire(soi(poste, structure.siret), action, f"S{structure.siret}", version=None, **donnees)
    return Suite(_fait(poste, structure, action, valeurs), Cible("rattachements", structure.siret))


def _fait(poste: Poste, structure: Structure, action: str, valeurs: Valeurs) -> str:
    """What was given, and to whom: one's own space, opened by mistake for a colleague's, must be seen at once."""
    vise = poste.guichet.etat.comptes[valeurs["compte"]]
    qui = f"{vise.prenom} {vise.nom}"
    if action == "habiliter":
        espace = f"L’espace « {referentiel.espace(valeurs['espace']).libelle} »"
        tenu = compte(poste)
        if tenu is not None and tenu.id == vise.id:
            return f"{espace} est ouvert à votre propre compte."
        return f"{espace} est ouvert à {qui} : un message l’attend dans sa boîte."
    if action == "accepter_rattachement":
        return f"Le rattachement de {qui} est accepté. Regardez plus bas les espaces qui lui restent fermés."
    return f"C’est fait pour {qui} : un message l’attend dans sa boîte."


def _demander_espace(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    structure = la_structure(poste, objet)
    acteur = soi(poste, structure.siret)
    poste.guichet.faire(acteur, "demander_habilitation", f"S{structure.siret}", version=None, espace=valeurs["espace"])
    return Suite("Votre demande est partie au gestionnaire principal.")


def _quitter(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    poste.guichet.faire(soi(poste, valeurs["siret"]), "quitter_structure", f"S{valeurs['siret']}")
    return Suite("Vous n’êtes plus rattaché à cette structure.", Cible("rattachements"))


def _demander(poste: Poste, _: str) -> Sequence[Bloc]:
    if not connecte(poste):
        return demande_un_compte(poste)
    return [
        Paragraphe("Votre entreprise est déjà dans Chorus Pro : demandez à la rejoindre. Son gestionnaire répondra."),
        *a_remplir(
            "Vous pouvez envoyer la demande.",
            Bouton("demander", "Demander le rattachement"),
            liens=[Lien("Créer une structure", Cible("structure_creer"))],
        ),
    ]


def _demande(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    siret = identifiants.siret(valeurs["siret"])
    poste.guichet.faire(soi(poste), "demander_rattachement", f"S{siret}")
    return Suite("Votre demande est partie au gestionnaire principal.", Cible("rattachements"))


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="rattachements",
        titre="Rattachements et habilitations",
        composer=_composer,
        gestes={"agir": _agir, "demander_espace": _demander_espace, "quitter": _quitter},
        rubrique=RUBRIQUE,
        formulaire=defs.REFUS,
        visible=connecte,
    ),
    Ecran(
        id="rattachement_demander",
        titre="Demander un rattachement",
        composer=_demander,
        gestes={"demander": _demande},
        formulaire=defs.RATTACHEMENT,
        verifies=frozenset({"demander"}),
    ),
)
