"""Which story each learner's own space plays: one situation for the class, drawn for each by a seed of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from facturier import situations
from facturier.annuaire import Annuaire
from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Ouverture, Portail, RefusPortail
from facturier.portail.evenements import ANIMATEUR
from facturier.registre.classe import regler
from facturier.serveur import consignes, repartition
from facturier.serveur.montages import Poste
from facturier.serveur.refus import inconnu
from facturier.situations import Recit, en_classe, raconter

if TYPE_CHECKING:
    from facturier.serveur.classe import Classe
    from facturier.serveur.espace import EspacePartage

SITUATION = "situation"
"""Setting of the class that keeps the situation played, « » for none."""
SOLO, GROUPE = "solo-", "groupe-"
AUCUNE = ""
PERSONNE = ("fournisseur", "")
"""Role and structure of a person who acts for nobody but themselves."""


def graine_de(graine: str, pseudonyme: str) -> str:
    """The seed of a learner's own: nobody is given it, nor the class's from which it is made."""
    return hashlib.sha256(f"{graine}|{pseudonyme}".encode()).hexdigest()


def verifier(code: str, annuaire: Annuaire) -> None:
    """Raises ErreurFacturier when that is not the code of a situation that can be played (« » always is)."""
    if code:
        raconter(code, "", annuaire)


@cache
def titres() -> tuple[tuple[str, str], ...]:
    """Code and title of every situation, by title."""
    tous = ((code, situations.titre(code)) for code in situations.situations())
    return tuple(sorted(tous, key=lambda paire: paire[1]))


def gardee(reglages: Mapping[str, str], avis: list[str]) -> str:
    """The situation that the store says; « » when this kit no longer has it, which is said in ``avis``."""
    code = reglages.get(SITUATION, AUCUNE)
    if not code or situations.connue(code):
        return code
    avis.append(f"La situation « {code[:60]} » n’est plus dans ce kit : les prochains espaces n’en jouent aucune.")
    return AUCUNE


def ouverture(
    annuaire: Annuaire,
    graine: str,
    espace: str,
    situation: str,
    bascules: Mapping[str, str] | None = None,
    marche: str = "",
) -> Ouverture:
    """The settings of a new space: those of the learner's story, else those of a space without any.

    On the ``marche`` of a group, the companies that nobody plays deposit by themselves.
    """
    if not situation or not espace.startswith(SOLO):
        chantiers = (marche,) if marche and espace.startswith(GROUPE) else ()
        return repartition.ouverture(annuaire, graine, espace, bascules, chantiers)
    return en_classe(raconter(situation, graine_de(graine, pseudonyme_de(espace)), annuaire)).ouverture


def pseudonyme_de(espace: str) -> str:
    """Whose own that space is."""
    return espace.removeprefix(SOLO).partition(".")[0]


def recit(ouverture: Ouverture, annuaire: Annuaire) -> Recit | None:
    """The story of a space opened so, None when it plays none.

    Raises:
        ErreurFacturier: its file can no longer be read, or now draws another opening: the space would not be the same.
    """
    if not situations.connue(ouverture.scenario):
        return None
    raconte = en_classe(raconter(ouverture.scenario, ouverture.graine, annuaire))
    if raconte.ouverture != ouverture:
        raise ErreurFacturier(
            f"La situation « {ouverture.scenario} » a changé depuis que cet espace est ouvert : il reste lisible, sans "
            "son récit. Lancez de nouveau une situation pour la classe.",
            code="situation-changee",
        )
    return raconte


def suivant(solo: str) -> str:
    """The name of a participant's next space of their own."""
    base, _, rang = solo.partition(".")
    return f"{base}.{int(rang or 1) + 1}"


def jouer(classe: Classe, situation: str) -> None:
    """Start that situation for everybody (« » for free play): each has a new space, the former ones are kept aside.

    Raises:
        ErreurFacturier: no such situation, or the store does not take it; nothing has changed.
    """
    verifier(situation, classe.annuaire)
    with classe.participants.en_ordre():
        avant, classe.situation = classe.situation, situation
        try:
            champs = {nom: {"solo": suivant(ligne.solo)} for nom, ligne in classe.participants.tous().items()}
            noms = tuple(champ["solo"] for champ in champs.values())
            classe.placer(champs, noms, *regler(SITUATION, situation))
        except BaseException:
            classe.situation = avant
            raise


def raconte(classe: Classe, partage: EspacePartage) -> Recit:
    """What is told of a space: the story that it plays, or what each place of its group has to do.

    Raises:
        RefusClasse: it plays none (« introuvable »).
    """
    if partage.recit is not None:
        return partage.recit
    if not partage.nom.startswith(GROUPE):
        raise inconnu("Cet espace ne joue aucune situation : déposez librement, ou suivez le formateur.")
    au = partage.lire(lambda portail: portail.maintenant.date())
    return consignes.recit(classe.montage_de(partage.nom), classe.annuaire, au)


def tenus(classe: Classe, espace: str, portail: Portail) -> list[dict[str, str]]:
    """Who holds what in a space: in a story, the learner's roles and the simulated ones; else those of the market, and
    a learner who is alone sits at every place given to nobody.

    Each: {"role", "structure", "nom", "designation", "tenant"} (« » nobody; ``designation``: « Sous-traitant »…).
    """
    attributions = dict(portail.etat.attributions)
    trouve, montage = classe.espace(espace).recit, classe.montage_de(espace)
    libre = ""
    if trouve is None:
        cles = [(poste.role, poste.structure) for poste in montage.postes]
        libre = pseudonyme_de(espace) if espace.startswith(SOLO) else ""
    else:
        siens = {(joue.role, joue.structure): pseudonyme_de(espace) for joue in trouve.joues}
        attributions = siens | attributions
        cles = [*siens, *(cle for cle in attributions if cle not in siens)]
    structures = portail.annuaire.structures
    return [
        {
            "role": role,
            "structure": siret,
            "nom": structures[siret].nom if siret in structures else siret,
            "designation": montage.designation(Poste(role, siret)) if trouve is None else "",
            "tenant": attributions.get((role, siret), libre),
        }
        for role, siret in cles
    ]


def permettre(recit: Recit | None, acteur: Acteur) -> None:
    """In a story, only the roles that it gives are held; the others are simulated, or the trainer's.

    Somebody who speaks for no structure holds no role: it is the person, their mailbox, their own account.

    Raises:
        RefusPortail: « droits ».
    """
    if recit is None or acteur.par == ANIMATEUR or (acteur.role, acteur.structure) == PERSONNE:
        return
    if not any(j.role == acteur.role and j.structure in ("", acteur.structure) for j in recit.joues):
        phrase = "Ce rôle n’est pas le vôtre dans cette situation : relisez son récit."
        raise RefusPortail((phrase,), ("droits",), code="droits")
