"""Who plays what: groups, their places, rotation, and the partners simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from facturier.portail import Annuaire, Ouverture
from facturier.portail.partenaires import CARACTERES, PREFIXE
from facturier.serveur.montages import Poste
from facturier.serveur.refus import RefusClasse

TAILLE_MAX = 5
"""Learners of one circuit at most; it is wanted with three at least, so six or seven make two."""
CARACTERE_ORDINAIRE = "prompt"
ENTREPRISE = ("fournisseur", "valideur_1", "valideur_2")
"""The roles of one company: they make one place."""


def simule() -> str:
    """Who holds a role that nobody plays: the ordinary character, or the first one that there is."""
    return PREFIXE + (CARACTERE_ORDINAIRE if CARACTERE_ORDINAIRE in CARACTERES else next(iter(CARACTERES)))


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


def ouverture(
    annuaire: Annuaire,
    graine: str,
    espace: str,
    bascules: Mapping[str, str] | None = None,
    chantiers: tuple[str, ...] = (),
) -> Ouverture:
    """The settings of a space: the same draws for everybody, and a journal that is no other space's. ``chantiers``:
    numbers of the markets on which the places that nobody takes deposit too."""
    return Ouverture(
        graine=graine,
        scenario=espace,
        classe=True,
        horloge="animateur",
        partenaires=simules(annuaire),
        bascules=bascules or {},
        chantiers=chantiers,
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


def places(tous: Sequence[Poste]) -> tuple[tuple[Poste, ...], ...]:
    """The roles that one person plays together: a company deposits, and validates for those whose contractor it is."""
    ensemble: dict[tuple[bool, str, str], list[Poste]] = {}
    for poste in tous:
        entreprise = poste.role in ENTREPRISE
        ensemble.setdefault((entreprise, "" if entreprise else poste.role, poste.structure), []).append(poste)
    return tuple(map(tuple, ensemble.values()))


def tenants(tous: Sequence[Poste], personnes: Sequence[str]) -> dict[Poste, str]:
    """Persons on the first places, one each; simulated partners on the others."""
    return {
        poste: personnes[rang] if rang < len(personnes) else simule()
        for rang, place in enumerate(places(tous))
        for poste in place
    }


def ranger(tous: Sequence[Poste], actuels: Mapping[Poste, str], membres: Sequence[str]) -> tuple[str, ...]:
    """These persons in the order of the places that they hold, then those who hold none."""
    assis = [actuels.get(poste, "") for place in places(tous) for poste in place]
    return tuple(dict.fromkeys((*(qui for qui in assis if qui in membres), *membres)))


def libre(tous: Sequence[Poste], actuels: Mapping[Poste, str]) -> tuple[Poste, ...]:
    """The roles of the first place that a simulated partner holds whole, else of the first one that it shares."""
    simulees = [tuple(p for p in place if actuels.get(p, "").startswith(PREFIXE)) for place in places(tous)]
    entieres = [sienne for sienne, place in zip(simulees, places(tous), strict=True) if sienne == place]
    return next(iter(entieres or filter(None, simulees)), ())


def tourner(tous: Sequence[Poste], actuels: Mapping[Poste, str]) -> dict[Poste, str]:
    """Every person moves on to the next place that a person holds; the last one takes the first.

    What one person holds of a place moves as one; a role of it that somebody else was given is a place of its own.
    """
    tenues: dict[tuple[int, str], list[Poste]] = {}
    for rang, place in enumerate(places(tous)):
        for poste in place:
            if (qui := actuels.get(poste, "")) and not qui.startswith(PREFIXE):
                tenues.setdefault((rang, qui), []).append(poste)
    personnes = [qui for _, qui in tenues]
    suivants = personnes[-1:] + personnes[:-1]
    return {poste: qui for postes, qui in zip(tenues.values(), suivants, strict=True) for poste in postes}
