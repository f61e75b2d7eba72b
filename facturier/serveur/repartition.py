"""Who plays what: the roles of a circuit read from its market, groups, rotation, and the partners simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from facturier.erreurs import ErreurFacturier
from facturier.portail import Annuaire, Marche, Ouverture, circuits
from facturier.portail.partenaires import CARACTERES, PREFIXE
from facturier.serveur.refus import RefusClasse

TAILLE_MAX = 5
"""Learners of one circuit at most; it is wanted with three at least, so six or seven make two."""
CARACTERE_ORDINAIRE = "prompt"


@dataclass(frozen=True)
class Poste:
    """A role of the circuit, and the structure that it is played for."""

    role: str
    structure: str


def simule() -> str:
    """Who holds a role that nobody plays: the ordinary character, or the first one that there is."""
    return PREFIXE + (CARACTERE_ORDINAIRE if CARACTERE_ORDINAIRE in CARACTERES else next(iter(CARACTERES)))


def marche_de_la_classe(annuaire: Annuaire, numero: str = "") -> Marche:
    """The market that groups play: that number's, else the first one with a maîtrise d'œuvre.

    Raises:
        ErreurFacturier: there is none.
    """
    choisi = annuaire.marche(numero) if numero else next((m for m in annuaire.marches.values() if m.moe), None)
    if choisi is None:
        raise ErreurFacturier(
            f"L’annuaire n’a pas de marché « {numero or 'avec maîtrise d’œuvre'} » : donnez un numéro de sa liste.",
            code="marche-inconnu",
        )
    return choisi


def postes(marche: Marche) -> tuple[Poste, ...]:
    """The roles of that market's circuit, in the order of a dossier; persons take the first ones.

    Who opens the dossier comes first: a simulated partner answers, it never begins.
    """
    payeur = marche.partie("payeur")
    tous = [
        Poste("fournisseur", marche.titulaire),
        Poste("moe", marche.moe),
        Poste("moa", marche.partie("moa")),
        Poste("destinataire", payeur),
        Poste("comptable", payeur),
    ]
    if marche.circuit:
        hors = [role for role in ("moe", "moa") if not circuits.agit(circuits.etapes(marche), role)]
        tous = [poste for poste in tous if poste.role not in hors]
        if not circuits.ouvertures(marche, "titulaire"):
            tous.sort(key=lambda poste: not circuits.ouvertures(marche, poste.role))
    return tuple(poste for poste in tous if poste.structure)


def simules(annuaire: Annuaire) -> dict[str, str]:
    """Every role that answers a supplier, simulated: the settings of a space where nobody else plays yet."""
    caractere = simule().removeprefix(PREFIXE)
    cles = [
        f"{role}:{s.siret}"
        for s in annuaire.structures.values()
        for role in (("destinataire", "comptable", "moa") if s.publique else ("valideur_1",))
        if role != "moa" or s.moa
    ]
    cles += [f"moe:{marche.moe}" for marche in annuaire.marches.values() if marche.moe]
    return dict.fromkeys(dict.fromkeys(cles), caractere)


def ouverture(annuaire: Annuaire, graine: str, espace: str, bascules: Mapping[str, str] | None = None) -> Ouverture:
    """The settings of a space: the same draws for everybody, and a journal that is no other space's."""
    return Ouverture(
        graine=graine,
        scenario=espace,
        classe=True,
        horloge="animateur",
        partenaires=simules(annuaire),
        bascules=bascules or {},
    )


def former(pseudonymes: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Groups as even as can be, of five at most, in the order given."""
    if not pseudonymes:
        return ()
    nombre = -(-len(pseudonymes) // TAILLE_MAX)
    bornes = [rang * len(pseudonymes) // nombre for rang in range(nombre + 1)]
    return tuple(tuple(pseudonymes[de:a]) for de, a in pairwise(bornes))


def verifier(groupes: Sequence[Sequence[str]], connus: Mapping[str, object]) -> None:
    """Raises RefusClasse when somebody is unknown, or in two groups, or when a group is empty or too large."""
    places = [pseudonyme for groupe in groupes for pseudonyme in groupe]
    if inconnus := sorted(set(places) - set(connus)):
        raise RefusClasse(f"« {inconnus[0]} » n’a pas rejoint la classe : retirez ce nom.", code="participant-inconnu")
    if len(set(places)) != len(places):
        raise RefusClasse("Un participant figure dans deux groupes : laissez-le dans un seul.", code="groupes")
    if not groupes or any(not 1 <= len(groupe) <= TAILLE_MAX for groupe in groupes):
        raise RefusClasse(f"Un groupe compte de 1 à {TAILLE_MAX} participants.", code="groupes")


def tenants(tous: Sequence[Poste], personnes: Sequence[str]) -> dict[Poste, str]:
    """Persons on the first roles, one each; simulated partners on the others."""
    return {poste: personnes[rang] if rang < len(personnes) else simule() for rang, poste in enumerate(tous)}


def tourner(tous: Sequence[Poste], actuels: Mapping[Poste, str]) -> dict[Poste, str]:
    """Every person moves on to the next role that a person holds; the last one takes the first."""
    tenus = [poste for poste in tous if actuels.get(poste) and not actuels[poste].startswith(PREFIXE)]
    personnes = [actuels[poste] for poste in tenus]
    return dict(zip(tenus, personnes[-1:] + personnes[:-1], strict=True))
