"""Groups: formed, turned, one role given to somebody; each thing said in words before it is done."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from facturier.portail.partenaires import PREFIXE
from facturier.serveur import consignes, formation, montages, repartition
from facturier.serveur import pages_mots as mots
from facturier.serveur import pages_vues as vues
from facturier.serveur.montages import Montage, Poste
from facturier.serveur.pages_rendu import Animee, Champs, Recus, RoutePage, Visite
from facturier.serveur.refus import RefusClasse

routes = APIRouter(prefix="/animateur/groupes", route_class=RoutePage, include_in_schema=False)
SEUL = "seul"
_CHAMP = "groupe:"
_RETOUR = "/animateur/groupes"


@routes.get("")
def groupes(venue: Animee) -> HTMLResponse:
    """Who is with whom, what is proposed, and the roles of each group."""
    classe = venue.animation.classe
    tous = classe.participants.tous()
    presents = [nom for nom in tous if classe.participants.present(nom)]
    proposes = {nom: rang for rang, groupe in enumerate(repartition.former(presents), start=1) for nom in groupe}
    nombre = max(1, len(tous))
    actuels = [vues.espace(classe, nom) for nom in sorted({p.groupe for p in tous.values() if p.groupe})]
    noms = vues.prenoms(classe)
    for espace in actuels:
        siens = {nom: noms[nom] for nom, ligne in tous.items() if ligne.groupe == espace["nom"]}
        libres = {nom: f"{noms[nom]} (sans groupe)" for nom, ligne in tous.items() if not ligne.groupe}
        espace["possibles"] = mots.tenants_possibles({**siens, **libres})
        espace["circuit"], au = mots.circuit(espace["montage"]), espace["maintenant"].date()
        for role in espace["roles"]:
            poste = Poste(role["role"], role["structure"])
            role["consigne"] = consignes.consigne(espace["montage"], poste, classe.annuaire, au)
    return venue.page(
        "groupes.html",
        tous=[(nom, noms[nom], nom in presents, proposes.get(nom, 0)) for nom in tous],
        rangs=range(1, min(nombre, 40) + 1),
        taille=repartition.TAILLE_MAX,
        actuels=actuels,
        circuits=mots.circuits(classe.annuaire),
        joue=classe.montage.code,
    )


@routes.post("/former", response_model=None)
def former(venue: Animee, champs: Recus) -> Response:
    """Form the groups that the trainer has chosen."""
    classe = venue.animation.classe
    formes = _formes(champs)
    repartition.verifier(formes, classe.participants.tous())
    montage = montages.lire(classe.annuaire, champs["circuit"]) if champs.get("circuit") else classe.montage
    if champs.get("confirme") != "oui":
        listes = [
            (f"Groupe {rang}", _dire(venue, montage, repartition.tenants(montage.postes, groupe)))
            for rang, groupe in enumerate(formes, start=1)
        ]
        phrases = [f"Circuit\u00a0: {mots.circuit(montage)}."]
        places = {nom for groupe in formes for nom in groupe}
        seuls = [prenom for nom, prenom in vues.prenoms(classe).items() if nom not in places]
        if seuls:
            phrases.append(f"Sans groupe : {', '.join(seuls)}.")
        phrases.append(
            "Chaque groupe commence un dossier neuf. Le travail individuel reste à chacun ; "
            "le journal des groupes précédents est gardé."
        )
        return venue.confirmer("Former ces groupes", phrases, champs, _RETOUR, listes)
    noms = venue.animation.repartir(formes, montage)
    return venue.vers(_RETOUR, f"Groupes formés : {len(noms)}. Les carnets prennent leur rôle à la prochaine lecture.")


@routes.post("/tourner", response_model=None)
def tourner(venue: Animee, champs: Recus) -> Response:
    """Everybody takes the next role of their group."""
    classe = venue.animation.classe
    if champs.get("confirme") != "oui":
        noms = vues.prenoms(classe)
        listes = []
        for nom in sorted({p.groupe for p in classe.participants.tous().values() if p.groupe}):
            montage = classe.montage_de(nom)
            tournes = repartition.tourner(montage.postes, formation.tenants(classe, nom))
            listes.append((vues.titre(nom, noms), _dire(venue, montage, tournes)))
        if not listes:
            raise RefusClasse("Aucun groupe n’est formé : formez-les d’abord.", code="groupes")
        phrase = "Les pièces en cours restent où elles sont : elles changent de main."
        return venue.confirmer("Faire tourner les rôles", (phrase,), champs, _RETOUR, listes)
    venue.animation.tourner()
    return venue.vers(_RETOUR, "Les rôles ont tourné.")


@routes.post("/circuit", response_model=None)
def changer_circuit(venue: Animee, champs: Recus) -> Response:
    """Another circuit for one group, on a new dossier."""
    classe = venue.animation.classe
    espace = champs.get("espace", "")
    montage = montages.lire(classe.annuaire, champs.get("circuit", ""))
    if champs.get("confirme") != "oui":
        tenants = formation.places_sur(classe, espace, montage)
        titre = vues.titre(espace, vues.prenoms(classe))
        phrases = (
            f"Circuit\u00a0: {mots.circuit(montage)}.",
            "Ce groupe commence un dossier neuf ; les autres groupes ne changent pas. Son journal est gardé.",
        )
        return venue.confirmer(
            "Changer de circuit", phrases, champs, _RETOUR, [(titre, _dire(venue, montage, tenants))]
        )
    venue.animation.changer_circuit(espace, montage)
    return venue.vers(_RETOUR, "Le groupe a changé de circuit. Ses écrans prennent leur place à la prochaine lecture.")


@routes.post("/confier", response_model=None)
def confier(venue: Animee, champs: Recus) -> Response:
    """Give one role of a group to one of its participants or to somebody without a group (who then joins it), to a
    simulated partner, or to nobody."""
    classe = venue.animation.classe
    espace, tenant = champs.get("espace", ""), champs.get("tenant", "")
    poste = Poste(champs.get("role", ""), champs.get("structure", ""))
    tous = classe.participants.tous()
    groupes = {ligne.groupe for ligne in tous.values() if ligne.groupe}
    personne = bool(tenant) and not tenant.startswith(PREFIXE)
    if espace not in groupes or (personne and (tenant not in tous or tous[tenant].groupe not in ("", espace))):
        raise RefusClasse("Cette personne n’est pas de ce groupe : choisissez dans la liste.", code="groupes")
    montage = classe.montage_de(espace)
    if poste not in montage.postes:
        raise RefusClasse("Ce rôle n’est pas du circuit de la classe : rechargez la page.", code="groupes")
    if personne and not tous[tenant].groupe:
        membres = [nom for nom, ligne in tous.items() if ligne.groupe == espace]
        repartition.verifier([[*membres, tenant]], tous)
        classe.placer({tenant: {"groupe": espace}}, ())
    venue.animation.confier(espace, poste.role, poste.structure, tenant)
    qui = mots.tenant(tenant, vues.prenoms(classe))
    return venue.vers(_RETOUR, f"{mots.place(poste, montage)}\u00a0: ce rôle est maintenant tenu par {qui}.")


def _formes(champs: Champs) -> list[list[str]]:
    """The groups chosen in the form, in the order of their numbers."""
    par_rang: dict[int, list[str]] = {}
    for cle, valeur in champs.items():
        if cle.startswith(_CHAMP) and valeur.isascii() and valeur.isdigit() and len(valeur) <= 2 and int(valeur):
            par_rang.setdefault(int(valeur), []).append(cle.removeprefix(_CHAMP))
    if not par_rang:
        raise RefusClasse("Placez au moins une personne dans un groupe.", code="groupes")
    return [par_rang[rang] for rang in sorted(par_rang)]


def _dire(venue: Visite, montage: Montage, tenants: Mapping[Poste, str]) -> list[str]:
    """« Fournisseur (Toitures…) : Léa », one line a role."""
    noms = vues.prenoms(venue.animation.classe)
    structures = venue.animation.classe.annuaire.structures
    return [
        f"{mots.place(poste, montage)} ({structures[poste.structure].nom})\u00a0: {mots.tenant(tenant, noms)}"
        for poste, tenant in tenants.items()
    ]
