"""Which circuit a group plays: a market of the directory, and which of its companies have a place of their own."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from facturier.erreurs import ErreurFacturier
from facturier.portail import Annuaire, Marche, circuits
from facturier.portail.regles_groupement import non_admis
from facturier.serveur.refus import RefusClasse

CLE = "montage:"
"""Settings of the class that keep the circuit of each group, by its space."""
_ENTIER = "+"
Membre = tuple[str, str]
"""What a company is to the market (``cotraitant``, ``sous_traitant``), its SIRET."""


@dataclass(frozen=True)
class Poste:
    """A role of the circuit, and the structure that it is played for."""

    role: str
    structure: str


@dataclass(frozen=True)
class Montage:
    """A market as a group plays it. ``entier``: its cotraitants and paid subcontractors are played too."""

    marche: Marche
    entier: bool = True

    @property
    def code(self) -> str:
        """How forms and settings name it."""
        return self.marche.numero + (_ENTIER if self.membres else "")

    @cached_property
    def membres(self) -> tuple[Membre, ...]:
        """The cotraitants and subcontractors that have a place, one of each first; empty when they are not played."""
        return _membres(self.marche) if self.entier else ()

    @cached_property
    def postes(self) -> tuple[Poste, ...]:
        """The roles, in the order in which persons take them.

        Who opens the dossier comes first, so that a small group begins by itself. A company also answers the
        demands of its own subcontractors, or of the group. The companies after the first cotraitant and the first
        subcontractor come last.
        """
        marche, payeur = self.marche, self.marche.partie("payeur")
        un_de_chaque = [
            next((m for m in self.membres if m[0] == quoi), None) for quoi in ("cotraitant", "sous_traitant")
        ]
        premiers = [m for m in un_de_chaque if m is not None]
        suite = [
            *(Poste("fournisseur", siret) for _, siret in premiers),
            Poste("fournisseur", marche.titulaire),
            Poste("moe", marche.moe),
            Poste("moa", marche.partie("moa")),
            Poste("destinataire", payeur),
            Poste("comptable", payeur),
            *(Poste("fournisseur", siret) for quoi, siret in self.membres if (quoi, siret) not in premiers),
        ]
        if marche.circuit:
            hors = [role for role in ("moe", "moa") if not circuits.agit(circuits.etapes(marche), role)]
            suite = [poste for poste in suite if poste.role not in hors]
            if not circuits.ouvertures(marche, "titulaire"):
                suite.sort(key=lambda poste: not circuits.ouvertures(marche, poste.role))
        avec = (place for poste in suite if poste.structure for place in (poste, *self._valide(poste)))
        return tuple(dict.fromkeys(avec))

    def _valide(self, poste: Poste) -> list[Poste]:
        """The demands of others that a company answers."""
        if poste.role != "fournisseur":
            return []
        rangs = {r for _, m in self.membres for r, qui in enumerate(self.valideurs(m), 1) if qui == poste.structure}
        return [Poste(f"valideur_{rang}", poste.structure) for rang in sorted(rangs)]

    def designation(self, poste: Poste) -> str:
        """« Sous-traitant », « Mandataire »…: what the company is to this market; "" for a role that says it."""
        if poste.role == "destinataire" and self.marche.ccag_travaux:
            return "Service financier"
        if poste.role != "fournisseur":
            return ""
        noms = {siret: quoi for quoi, siret in self.membres}
        if poste.structure != self.marche.titulaire:
            return {"cotraitant": "Cotraitant", "sous_traitant": "Sous-traitant"}.get(noms.get(poste.structure, ""), "")
        if not self.membres:
            return ""
        return "Mandataire" if any(quoi == "cotraitant" for quoi, _ in self.membres) else "Titulaire"

    def valideurs(self, siret: str) -> tuple[str, ...]:
        """Who answers the demands of that member: its contractor, then the mandataire when that is a cotraitant."""
        if siret not in {membre for _, membre in self.membres}:
            return ()
        declare = self.marche.sous_traitant(siret) if ("sous_traitant", siret) in self.membres else None
        donneur = (declare.donneur_ordre if declare is not None else "") or self.marche.titulaire
        return tuple(dict.fromkeys((donneur, self.marche.titulaire)))


def _membres(marche: Marche) -> tuple[Membre, ...]:
    agit = {e.depose_par for e in circuits.etapes(marche)} if marche.ccag_travaux else {"cotraitant", "sous_traitant"}
    cotraitants = marche.cotraitants if "cotraitant" in agit else ()
    declares = marche.sous_traitants if "sous_traitant" in agit else ()
    payes = [s.siret for s in declares if s.agrement and not non_admis(marche, s, date.fromisoformat(s.agrement))]
    return (*(("cotraitant", siret) for siret in cotraitants), *(("sous_traitant", siret) for siret in payes))


def de_la_classe(annuaire: Annuaire, numero: str = "") -> Montage:
    """What groups play when nothing else is chosen: that number's market as its card says, else the first one with a
    maîtrise d'œuvre, its titulaire alone.

    Raises:
        ErreurFacturier: there is none.
    """
    choisi = annuaire.marche(numero) if numero else next((m for m in annuaire.marches.values() if m.moe), None)
    if choisi is None:
        raise ErreurFacturier(
            f"L’annuaire n’a pas de marché « {numero or 'avec maîtrise d’œuvre'} » : donnez un numéro de sa liste.",
            code="marche-inconnu",
        )
    return Montage(choisi, entier=bool(numero))


def tous(annuaire: Annuaire) -> tuple[Montage, ...]:
    """Every circuit that a group may play: each market with its titulaire alone, then with its other companies."""
    seuls = [Montage(marche, entier=False) for marche in annuaire.marches.values()]
    entiers = [m for marche in annuaire.marches.values() if (m := Montage(marche)).membres]
    return (*seuls, *entiers)


def lire(annuaire: Annuaire, code: str) -> Montage:
    """The circuit of that code.

    Raises:
        RefusClasse: the directory has no such market, or nobody but its titulaire to play there.
    """
    marche = annuaire.marche(code.removesuffix(_ENTIER))
    if marche is None:
        raise RefusClasse("Ce circuit n’est pas de l’annuaire : choisissez-le dans la liste.", code="marche-inconnu")
    return Montage(marche, entier=code.endswith(_ENTIER))


def retrouver(annuaire: Annuaire, tenants: Mapping[Poste, str], personnes: Container[str]) -> Montage | None:
    """The first circuit that has every place held by a person; None when no person holds one."""
    tenus = {poste for poste, tenant in tenants.items() if tenant in personnes}
    return next((m for m in tous(annuaire) if tenus <= set(m.postes)), None) if tenus else None


def gardes(reglages: Mapping[str, str], annuaire: Annuaire, avis: list[str]) -> dict[str, Montage]:
    """The circuit of each space, as it was kept; one that the directory no longer has is said in ``avis``."""
    lus = {}
    for cle, code in reglages.items():
        if cle.startswith(CLE):
            espace = cle.removeprefix(CLE)
            try:
                lus[espace] = lire(annuaire, code)
            except RefusClasse:
                avis.append(
                    f"Le circuit du groupe « {espace} » n’est plus dans l’annuaire : formez ce groupe de nouveau."
                )
    return lus
