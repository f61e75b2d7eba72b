"""What learners handed in, and what two of their parcels have in common: a namesake, a neighbour's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from facturier.evaluation.bareme import Bareme
from facturier.evaluation.reponses import Reponse


@dataclass
class Devoir:
    """What one learner handed in for one chapter."""

    carnet: bytes | None = None
    annexe: dict[str, Reponse] = field(default_factory=dict)
    problemes: list[str] = field(default_factory=list)
    lignees: set[str] = field(default_factory=set)
    graines: set[str] = field(default_factory=set)

    @property
    def exploitable(self) -> bool:
        """There is something to judge."""
        return self.carnet is not None or bool(self.annexe)


@dataclass
class Rendu:
    """What one learner handed in. ``cle`` names the learner in nbgrader's folders; ``id`` in everything people read."""

    id: str
    cle: str
    devoirs: dict[str, Devoir] = field(default_factory=dict)
    problemes: list[str] = field(default_factory=list)
    remarques: list[str] = field(default_factory=list)
    recu: bool = True


@dataclass(frozen=True)
class Envoi:
    """A parcel: the sessions its answers grew from, their chapters; ``seul``: one file of the key, one exercise."""

    sessions: set[str]
    chapitres: set[str]
    seul: bool

    def etranger(self, autre: Envoi) -> bool:
        """No session of work in common, though there should be one: each page of the key starts its own."""
        if (self.seul or autre.seul) and not self.chapitres & autre.chapitres:
            return False
        return not self.sessions & autre.sessions


def signaler_homonymes(rendu: Rendu, envois: list[Envoi]) -> None:
    """Two parcels under one name that share no session of work: a namesake, or somebody who signs for a neighbour."""
    remplis = [envoi for envoi in envois if envoi.sessions]
    if any(a.etranger(b) for rang, a in enumerate(remplis) for b in remplis[rang + 1 :]):
        rendu.problemes.append(
            "Plusieurs envois portent ce nom sans aucune réponse en commun : deux personnes ? Ils sont réunis."
        )


def signaler_copies(rendus: list[Rendu], baremes: Mapping[str, Bareme]) -> None:
    """Two learners whose answers grew from the same session, or play the same draw: a neighbour's file, most likely."""
    _signaler(rendus, baremes, lambda devoir: devoir.lignees, "ces réponses ont la même origine")
    _signaler(rendus, baremes, lambda devoir: devoir.graines, "cette situation a le même tirage")


def _signaler(
    rendus: list[Rendu], baremes: Mapping[str, Bareme], marques: Callable[[Devoir], set[str]], dit: str
) -> None:
    origines: dict[tuple[str, str], set[str]] = {}
    for rendu in rendus:
        for slug, devoir in rendu.devoirs.items():
            for marque in marques(devoir):
                origines.setdefault((slug, marque), set()).add(rendu.id)
    par_id = {r.id: r for r in rendus}
    for (slug, _), ids in sorted(origines.items()):
        for ident in sorted(ids) if len(ids) > 1 else ():
            autres = ", ".join(f"« {i} »" for i in sorted(ids - {ident}))
            phrase = f"{baremes[slug].titre} : {dit} que celles de {autres}. Demandez à qui est la copie."
            if phrase not in par_id[ident].problemes:
                par_id[ident].problemes.append(phrase)
