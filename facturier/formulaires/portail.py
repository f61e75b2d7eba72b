"""Places of the portal in a notebook: a situation that is set, free practice on a market, the portal of the class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from facturier.annuaire import Annuaire, Marche
from facturier.ecrans.blocs import Cible
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.poste import ACCUEIL, Poste
from facturier.ecrans.sieges import sieges_du_participant, sieges_fixes
from facturier.erreurs import ErreurFacturier
from facturier.formulaires.exercice import guichet_de
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.vue_ecran import EcranGarde, OuvrirPoste
from facturier.portail import Acteur, Ouverture
from facturier.portail.guichet import GuichetLocal
from facturier.situations import CHOIX, Document, Joue, Recit, raconter

if TYPE_CHECKING:
    from facturier.liaison.client import Liaison

LIBRE, CLASSE = "portail", "portail-classe"
"""Under which names the answers of free practice and of the class are kept."""
RECIT = "recit"


def situation(
    enonce: Mapping[str, Any], memoire: Memoire, demander_aide: Callable[[], str] | None = None
) -> EcranGarde:
    """The place where the exercise's situation is played, by whoever its story says.

    Raises:
        ErreurFacturier: it is not an exercise on the portal, or its situation cannot be read.
    """
    if enonce["genre"] != "portail":
        raise ErreurFacturier(f"L’exercice « {enonce['id']} » ne se joue pas sur le portail.", code="exercice-inconnu")
    variante = str(enonce.get("variante", ""))
    graine = memoire.graine(enonce["id"], f"{variante}{CHOIX}" if variante else "")
    recit = raconter(str(enonce.get("situation")), graine)
    return EcranGarde(str(enonce["id"]), memoire, ouvrir_recit(recit), demander_aide=demander_aide)


def ouvrir_recit(recit: Recit, horloge: Callable[[], datetime] = datetime.now) -> OuvrirPoste:
    """How that story is opened: on its screen first, on a journal of it or as the learner finds it."""
    ouvrir = guichet_de(recit, horloge)
    sieges = sieges_fixes((joue.role, joue.structure) for joue in recit.joues)

    def poste(journal: Sequence[dict[str, Any]]) -> Poste:
        return Poste(ouvrir(journal), ECRANS, sieges, accueil=Cible(RECIT), recit=recit)

    return poste


def libre(memoire: Memoire, marche: str = "", demander_aide: Callable[[], str] | None = None) -> EcranGarde:
    """Free practice: every role of a market of the directory, the first one with a maîtrise d'œuvre if none is named.

    Raises:
        ErreurFacturier: no market has that number.
    """
    choisi = _marche(Annuaire.charger(), marche)
    nom = f"{LIBRE}-{choisi.numero}" if marche else LIBRE
    return EcranGarde(nom, memoire, ouvrir_marche(choisi), demander_aide=demander_aide)


def ouvrir_marche(marche: Marche, horloge: Callable[[], datetime] = datetime.now) -> OuvrirPoste:
    """How free practice on that market is opened: nobody is simulated, the clock is free."""
    ouverture = Ouverture(scenario=f"libre-{marche.numero}")
    sieges = sieges_fixes(roles(marche))

    def poste(journal: Sequence[dict[str, Any]]) -> Poste:
        guichet = GuichetLocal(marche.titulaire, journal, horloge=horloge, ouverture=ouverture)
        return Poste(guichet, ECRANS, sieges, accueil=Cible(ACCUEIL))

    return poste


def roles(marche: Marche) -> tuple[tuple[str, str], ...]:
    """Every (role, structure) of that market, in the order of a dossier."""
    payeur, entreprises = marche.partie("payeur"), (marche.titulaire, *marche.cotraitants)
    tous = [("fournisseur", siret) for siret in (*entreprises, *marche.membres("sous_traitant"))]
    tous += [("valideur_1", siret) for siret in entreprises]
    tous += [("moe", marche.moe), ("moa", marche.partie("moa")), ("destinataire", payeur), ("comptable", payeur)]
    return tuple(dict.fromkeys((role, siret) for role, siret in tous if siret))


def en_classe(liaison: Liaison, memoire: Memoire) -> EcranGarde:
    """The same screens on the portal of the class: in the group's space when a role is held there, else in one's own.

    What is done is kept by the class; only what is typed is kept here.

    Raises:
        ErreurFacturier: the class cannot be reached, or has given no role.
    """
    from facturier.formulaires.classe import Montreur, recit_de

    moi = liaison.moi()
    espace = _espace(liaison, moi.groupe, moi.solo, moi.pseudonyme)
    tenus = liaison.espace(espace).roles
    vu = recit_de(liaison, espace)
    recit = None
    sieges = sieges_du_participant(moi.pseudonyme)
    if vu is not None:
        joues = tuple(Joue(joue.role, joue.structure) for joue in vu.joues)
        papiers = tuple(Document(d.nom, d.titre) for d in vu.documents)
        dites = {"marche": vu.marche} if vu.marche else {}
        recit = Recit(vu.code, "", vu.titre, vu.texte, joues, Ouverture(), dites, depot=vu.depot, documents=papiers)
        if joues:
            sieges = sieges_fixes((joue.role, joue.structure) for joue in joues)
    elif espace == moi.solo:
        sieges = sieges_fixes((role.role, role.structure) for role in tenus if not role.tenant.startswith("simule"))

    def poste(_: Sequence[dict[str, Any]]) -> Poste:
        premier = next((role for role in tenus if role.tenant == moi.pseudonyme), tenus[0])
        guichet = liaison.guichet(Acteur(premier.role, premier.structure), espace)
        accueil = RECIT if recit is not None else ACCUEIL
        return Poste(guichet, ECRANS, sieges, accueil=Cible(accueil), recit=recit)

    nom = f"{CLASSE}-{espace}".replace(".", "-")
    ecran = EcranGarde(nom, memoire, poste, demander_aide=liaison.demander_aide, avec_journal=False)
    ecran.suivre = Montreur(liaison, CLASSE).montrer
    return ecran


def _espace(liaison: Liaison, groupe: str, solo: str, pseudonyme: str) -> str:
    """Where this participant has something to do."""
    from facturier.liaison.client import ErreurLiaison

    for espace in filter(None, (groupe, solo)):
        if any(role.tenant == pseudonyme or espace == solo for role in liaison.espace(espace).roles):
            return espace
    raise ErreurLiaison("Aucun rôle ne vous est confié : demandez-le au formateur.", code="sans-role")


def _marche(annuaire: Annuaire, numero: str) -> Marche:
    trouve = annuaire.marche(numero) if numero else next((m for m in annuaire.marches.values() if m.moe), None)
    if trouve is None:
        raise ErreurFacturier(
            f"L’annuaire n’a pas de marché « {numero[:40]} » : prenez-en un de sa liste.", code="marche-inconnu"
        )
    return trouve
