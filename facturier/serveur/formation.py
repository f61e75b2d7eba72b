"""Groups: formed, each on a circuit, turned, brought to another circuit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from facturier.erreurs import ErreurFacturier
from facturier.registre import Ordre
from facturier.registre.classe import regler
from facturier.serveur import montages, repartition
from facturier.serveur.montages import Montage, Poste
from facturier.serveur.refus import RefusClasse

if TYPE_CHECKING:
    from facturier.serveur.classe import Classe


def repartir(
    classe: Classe, groupes: Sequence[Sequence[str]] | None = None, montage: Montage | None = None
) -> tuple[str, ...]:
    """Form groups, each on a new space of that circuit (the class's by default); the names of their spaces."""
    connus = classe.participants.tous()
    presents = [nom for nom in connus if classe.participants.present(nom)]
    formes = repartition.former(presents) if groupes is None else tuple(tuple(g) for g in groupes)
    repartition.verifier(formes, connus)
    numero, garder = classe.nouvelle_generation()
    noms = tuple(f"groupe-{numero}-{rang}" for rang in range(1, len(formes) + 1))
    places = {nom: espace for espace, groupe in zip(noms, formes, strict=True) for nom in groupe}
    joue = montage if montage is not None else classe.montage
    _monter(classe, noms, joue, {nom: {"groupe": places.get(nom, "")} for nom in connus}, garder)
    for espace, groupe in zip(noms, formes, strict=True):
        _confier(classe, espace, repartition.tenants(joue.postes, groupe))
    return noms


def places_sur(classe: Classe, espace: str, montage: Montage) -> dict[Poste, str]:
    """Who of that group would hold what on that circuit: first those who hold a place, in the order of these places.

    Raises:
        RefusClasse: no group has that space.
    """
    membres = _membres(classe, espace)
    groupe = repartition.ranger(classe.montage_de(espace).postes, tenants(classe, espace), membres)
    return repartition.tenants(montage.postes, groupe)


def changer_circuit(classe: Classe, espace: str, montage: Montage) -> str:
    """Have a group play that circuit in a new space; its name."""
    places = places_sur(classe, espace, montage)
    numero, garder = classe.nouvelle_generation()
    nom = f"groupe-{numero}-{espace.rpartition('-')[2]}"
    _monter(classe, (nom,), montage, {qui: {"groupe": nom} for qui in _membres(classe, espace)}, garder)
    _confier(classe, nom, places)
    return nom


def retrouver(classe: Classe, reglages: Mapping[str, str]) -> None:
    """The circuits of the groups formed before circuits were kept, by the places that persons hold there."""
    connus = classe.participants.tous()
    for nom in {ligne.groupe for ligne in connus.values() if ligne.groupe}:
        if montages.CLE + nom not in reglages:
            with suppress(ErreurFacturier):  # said when the space was opened
                joue = montages.retrouver(classe.annuaire, tenants(classe, nom), connus)
                classe.montages.update({nom: joue} if joue is not None else {})


def tourner(classe: Classe) -> None:
    """In every group, each person moves on to the next place."""
    for espace in sorted({p.groupe for p in classe.participants.tous().values() if p.groupe}):
        _confier(classe, espace, repartition.tourner(classe.montage_de(espace).postes, tenants(classe, espace)))


def tenants(classe: Classe, espace: str) -> dict[Poste, str]:
    """Who holds what in that space."""
    attributions = classe.espace(espace).lire(lambda portail: portail.etat.attributions)
    return {Poste(role, structure): tenant for (role, structure), tenant in attributions.items()}


def _membres(classe: Classe, espace: str) -> list[str]:
    membres = [nom for nom, ligne in classe.participants.tous().items() if ligne.groupe == espace]
    if not espace or not membres:
        raise RefusClasse("Ce groupe n’est plus formé : rechargez la page.", code="groupes")
    return membres


def _monter(
    classe: Classe,
    noms: tuple[str, ...],
    montage: Montage,
    champs: Mapping[str, Mapping[str, str]],
    garder: tuple[Ordre, ...],
) -> None:
    """Create these groups' spaces, with the circuit that they play, and put their participants there."""
    regles = [ordre for nom in noms for ordre in regler(montages.CLE + nom, montage.code)]
    classe.montages.update(dict.fromkeys(noms, montage))
    try:
        classe.placer(champs, noms, *garder, *regles)
    except BaseException:
        for nom in noms:
            classe.montages.pop(nom, None)
        raise


def _confier(classe: Classe, espace: str, places: Mapping[Poste, str]) -> None:
    actuels = tenants(classe, espace)
    for poste, tenant in places.items():
        if actuels.get(poste, "") != tenant:
            classe.confier(espace, poste, tenant)
