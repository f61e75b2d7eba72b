"""What accounts, structures and requests write: links, codes, approvals, answers. Read from the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from facturier import referentiel
from facturier.portail import comptes, jetons, rattachements, sollicitations, structures
from facturier.portail.courriers import Courrier, jour
from facturier.portail.evenements import Evenement, lire_moment
from facturier.portail.organisation import ORGANISATION
from facturier.portail.personnes import Envoi

if TYPE_CHECKING:
    from facturier.portail.portail import Portail

_LIEN = "https://portail-de-formation.example/{usage}/{compte}/{jeton}"
"""Reserved domain (RFC 2606): nobody's site answers there."""


@dataclass
class _Lecture:
    """What is known while the journal is read: each account's connection address at that moment, each structure's
    gestionnaire principal."""

    portail: Portail
    courriels: dict[str, str] = field(default_factory=dict)
    gestionnaires: dict[str, str] = field(default_factory=dict)

    def au_compte(self, evenement: Evenement, code: str, compte: str, **places: str) -> Courrier:
        """A message to the connection address that the account then had."""
        return Courrier(
            quand=lire_moment(evenement["quand"]),
            a=self.courriels[compte],
            codes=(code,),
            compte=compte,
            places={**self.personne(compte), **places},
        )

    def a_la_structure(self, evenement: Evenement, code: str, **places: str) -> Iterator[Courrier]:
        """A message to a structure, and to who then runs it."""
        siret = evenement["objet"][1:]
        courrier = Courrier(
            quand=lire_moment(evenement["quand"]),
            a=siret,
            codes=(code,),
            structure=siret,
            espace=ORGANISATION,
            places={"structure": self.nom(siret), **places},
        )
        yield courrier
        if siret in self.gestionnaires:
            yield courrier.pour(self.portail.etat.comptes[self.gestionnaires[siret]])

    def secret(self, evenement: Evenement, usage: jetons.Usage, code: str, a: str = "") -> Courrier:
        """A message that carries a secret."""
        compte, envoi = evenement["objet"], Envoi(evenement["n"], lire_moment(evenement["quand"]))
        jeton = jetons.jeton(self.portail.ouverture.graine, usage, compte, envoi.rang)
        return Courrier(
            quand=envoi.quand,
            a=a or self.courriels[compte],
            codes=(code,),
            compte=compte,
            jeton=jeton,
            places={
                **self.personne(compte),
                "minutes": str(jetons.minutes(usage, envoi.quand)),
                "echeance": jour(jetons.expire(usage, envoi)),
                "lien": _LIEN.format(usage=usage, compte=compte, jeton=jeton),
            },
        )

    def personne(self, compte: str) -> dict[str, str]:
        fiche = self.portail.etat.comptes[compte]
        return {"compte": compte, "prenom": fiche.prenom, "nom": fiche.nom}

    def nom(self, siret: str) -> str:
        structure = self.portail.annuaire.structures.get(siret)
        return structure.nom if structure is not None else siret


def courriers(portail: Portail) -> Iterator[Courrier]:
    """Every message caused by an act on an account, a structure or a request, in the order of the journal."""
    lecture = _Lecture(portail)
    for evenement in portail._journal:  # read, never changed: copying a long journal at each look would cost
        ecrit = _ECRITS.get(evenement["action"])
        if ecrit is not None:
            yield from ecrit(lecture, evenement)


Ecrit = Callable[[_Lecture, Evenement], Iterator[Courrier]]


def _texte(evenement: Evenement, champ: str) -> str:
    return evenement["donnees"].get(champ, "").strip()


def _cree(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    lecture.courriels[evenement["objet"]] = _texte(evenement, "courriel")
    yield lecture.secret(evenement, "lien", "activation")


def _redemande(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    yield lecture.secret(evenement, "lien", "activation")


def _active(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    yield lecture.au_compte(evenement, "compte-active", evenement["objet"])


def _code(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    yield lecture.secret(evenement, "code", "code")


def _change_courriel(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    yield lecture.secret(evenement, "confirmation", "confirmation", _texte(evenement, "courriel"))
    yield lecture.au_compte(evenement, "adresse-changee", evenement["objet"])
    lecture.courriels[f"{evenement['objet']}+"] = _texte(evenement, "courriel")


def _confirme(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    lecture.courriels[evenement["objet"]] = lecture.courriels.pop(f"{evenement['objet']}+")
    yield from ()


def _structure_creee(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    lecture.gestionnaires[evenement["objet"][1:]] = evenement["par"]
    yield from ()


def _demande(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    yield from lecture.a_la_structure(evenement, "rattachement-demande", **lecture.personne(evenement["par"]))


def _souhait(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    places = {**lecture.personne(evenement["par"]), "espace": _espace(evenement)}
    yield from lecture.a_la_structure(evenement, "habilitation-demandee", **places)


def _espace(evenement: Evenement) -> str:
    return referentiel.espace(_texte(evenement, "espace")).libelle


def _au_membre(code: str) -> Ecrit:
    """To the account that an act on a structure is about."""

    def ecrit(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
        siret = evenement["objet"][1:]
        structure = lecture.portail.annuaire.structure(siret)
        pigp = " (Dans la réalité, un agent public hors État passe par le portail PIGP de la DGFiP.)"
        places = {
            "structure": structure.nom,
            "motif": _texte(evenement, "motif"),
            "precision": pigp if structure.publique else "",
            "espace": _espace(evenement) if "espace" in evenement["donnees"] else "",
        }
        yield lecture.au_compte(evenement, code, _texte(evenement, "compte"), **places)

    return ecrit


def _designe(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    lecture.gestionnaires[evenement["objet"][1:]] = _texte(evenement, "compte")
    yield from _au_membre("gestionnaire-designe")(lecture, evenement)


def _coordonnees(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    yield from lecture.a_la_structure(evenement, "coordonnees")


def _sollicitation(lecture: _Lecture, evenement: Evenement, code: str) -> Courrier:
    """To who opened the request: their account's contact address, the one given, else their structure."""
    fiche = lecture.portail.etat.sollicitations[evenement["objet"]]
    compte = lecture.portail.etat.comptes.get(fiche.auteur)
    contact = (compte.contact or compte.courriel) if compte is not None else ""
    return Courrier(
        quand=lire_moment(evenement["quand"]),
        a=fiche.courriel or contact or fiche.structure,
        codes=(code,),
        sollicitation=fiche.id,
        places={"sollicitation": fiche.id, "sujet": fiche.sujet, "texte": _texte(evenement, "texte")},
    )


def _au_client(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    fiche = lecture.portail.etat.sollicitations[evenement["objet"]]
    if fiche.client:
        places = {"sollicitation": fiche.id, "sujet": fiche.sujet, "texte": _texte(evenement, "texte")}
        yield Courrier(
            quand=lire_moment(evenement["quand"]),
            a=fiche.client,
            codes=("sollicitation-recue",),
            structure=fiche.client,
            espace=sollicitations.ESPACE,
            places=places,
        )


def _ouverte(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    yield _sollicitation(lecture, evenement, "sollicitation-ouverte")
    yield from _au_client(lecture, evenement)


def _repondue(lecture: _Lecture, evenement: Evenement) -> Iterator[Courrier]:
    if sollicitations.vient_de_l_auteur(lecture.portail.etat.sollicitations[evenement["objet"]], evenement):
        yield from _au_client(lecture, evenement)
    else:
        yield _sollicitation(lecture, evenement, "sollicitation-repondue")


_ECRITS: Mapping[str, Ecrit] = {
    comptes.CREER: _cree,
    comptes.REDEMANDER_LIEN: _redemande,
    comptes.ACTIVER: _active,
    comptes.DEMANDER_CODE: _code,
    comptes.CHANGER_COURRIEL: _change_courriel,
    comptes.CONFIRMER_COURRIEL: _confirme,
    structures.CREER: _structure_creee,
    structures.AJOUTER_COORDONNEES: _coordonnees,
    structures.MODIFIER_COORDONNEES: _coordonnees,
    structures.RETIRER_COORDONNEES: _coordonnees,
    rattachements.DEMANDER: _demande,
    rattachements.ACCEPTER: _au_membre("rattachement-accepte"),
    rattachements.REFUSER: _au_membre("rattachement-refuse"),
    rattachements.DEMANDER_ESPACE: _souhait,
    rattachements.HABILITER: _au_membre("habilitation-donnee"),
    rattachements.RETIRER: _au_membre("habilitation-retiree"),
    rattachements.DESIGNER: _designe,
    rattachements.DETACHER: _au_membre("detache"),
    sollicitations.OUVRIR: _ouverte,
    sollicitations.REPONDRE: _repondue,
    sollicitations.RELANCER: _au_client,
}
