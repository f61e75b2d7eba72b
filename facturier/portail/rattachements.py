"""Who belongs to a structure, what is open to them there, who runs it: asked, given, taken back, passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from facturier import referentiel
from facturier.annuaire import Structure
from facturier.portail.actes import Acte, Contexte, Manquement
from facturier.portail.comptes import avec
from facturier.portail.etat import Etat
from facturier.portail.evenements import SIMULE, SYSTEME, Evenement, lire_moment
from facturier.portail.organisation import (
    ORGANISATION,
    du_gestionnaire,
    espaces_d_entree,
    espaces_de,
    gestionnaire_de,
    nom_de,
    par_compte,
    siret_de,
)
from facturier.portail.personnes import Compte, StructureGeree

C = TypeVar("C")
V = TypeVar("V")

DEMANDER = "demander_rattachement"
ACCEPTER = "accepter_rattachement"
REFUSER = "refuser_rattachement"
DEMANDER_ESPACE = "demander_habilitation"
HABILITER = "habiliter"
RETIRER = "retirer_habilitation"
DESIGNER = "designer_gestionnaire"
DETACHER = "detacher"
QUITTER = "quitter_structure"


def _simule(contexte: Contexte) -> bool:
    """A gestionnaire that nobody plays: the portal itself answers, it alone may act under that name."""
    return contexte.acteur.role == SYSTEME and contexte.acteur.par == SIMULE


def _cible(contexte: Contexte) -> Compte | None:
    return contexte.etat.comptes.get(contexte.texte("compte"))


# --- controls ------------------------------------------------------------------------------------------


def _demander(contexte: Contexte) -> list[Manquement]:
    compte, refus = par_compte(contexte)
    if compte is None:
        return refus
    siret = siret_de(contexte)
    structure = contexte.annuaire.structures[siret]
    if siret in compte.rattachements:
        return [("deja-rattache", f"Vous êtes déjà rattaché à « {structure.nom} ».")]
    if siret in compte.demandes:
        return [
            ("deja-demande", f"Votre demande est entre les mains du gestionnaire de « {structure.nom} » : attendez.")
        ]
    if not structure.active:
        return [("structure-inactive", f"La structure « {structure.nom} » est désactivée : on ne s’y rattache pas.")]
    return []


def _repondre(contexte: Contexte) -> list[Manquement]:
    refus = [] if _simule(contexte) else du_gestionnaire(contexte)
    cible = _cible(contexte)
    if not refus and (cible is None or siret_de(contexte) not in cible.demandes):
        refus = [("demande", "Aucune demande de rattachement de ce compte n’attend : relisez vos approbations.")]
    return refus


def _refuser(contexte: Contexte) -> list[Manquement]:
    refus = _repondre(contexte)
    if not contexte.texte("motif"):
        refus.append(("motif", "Dites pourquoi vous refusez : la personne lira ce motif."))
    return refus


def _espace(contexte: Contexte) -> list[Manquement]:
    siret, code = siret_de(contexte), contexte.texte("espace")
    structure = contexte.annuaire.structures.get(siret)
    admis = espaces_de(structure) if structure is not None else ()
    if code in admis:
        return []
    noms = ", ".join(f"{referentiel.espace(c).libelle} ({c})" for c in admis)
    return [("espace", f"Choisissez un espace de cette structure : {noms}.")]


def _demander_espace(contexte: Contexte) -> list[Manquement]:
    compte, refus = par_compte(contexte)
    if compte is None:
        return refus
    siret, code = siret_de(contexte), contexte.texte("espace")
    if siret not in compte.rattachements:
        return [("non-rattache", f"Demandez d’abord votre rattachement à « {nom_de(contexte, siret)} ».")]
    refus = _espace(contexte)
    if compte.habilite(siret, code):
        refus.append(("deja-habilite", "Cet espace vous est déjà ouvert."))
    if (siret, code) in compte.souhaits:
        refus.append(("deja-demande", "Votre demande est entre les mains du gestionnaire : attendez sa réponse."))
    return refus


def _membre(contexte: Contexte) -> list[Manquement]:
    cible = _cible(contexte)
    if cible is not None and siret_de(contexte) in cible.rattachements:
        return []
    return [("membre", "Choisissez un compte rattaché à cette structure.")]


def _habiliter(contexte: Contexte) -> list[Manquement]:
    refus = [] if _simule(contexte) else du_gestionnaire(contexte)
    refus += _membre(contexte) + _espace(contexte)
    cible = _cible(contexte)
    if not refus and cible is not None and cible.habilite(siret_de(contexte), contexte.texte("espace")):
        refus = [("deja-habilite", f"Le compte {cible.id} est déjà habilité à cet espace.")]
    return refus


def _retirer(contexte: Contexte) -> list[Manquement]:
    refus = du_gestionnaire(contexte) + _membre(contexte)
    cible = _cible(contexte)
    if not refus and cible is not None and not cible.habilite(siret_de(contexte), contexte.texte("espace")):
        refus = [("non-habilite", f"Le compte {cible.id} n’est pas habilité à cet espace.")]
    return refus


def _designer(contexte: Contexte) -> list[Manquement]:
    refus = du_gestionnaire(contexte) + _membre(contexte)
    cible = _cible(contexte)
    if not refus and cible is not None and cible.gere(siret_de(contexte)):
        refus = [("deja-gestionnaire", f"Le compte {cible.id} est déjà le gestionnaire principal.")]
    return refus


def _detacher(contexte: Contexte) -> list[Manquement]:
    refus = du_gestionnaire(contexte) + _membre(contexte)
    cible = _cible(contexte)
    return refus or (_sans_relais(contexte, cible) if cible is not None else [])


def _quitter(contexte: Contexte) -> list[Manquement]:
    compte, refus = par_compte(contexte)
    if compte is None:
        return refus
    if siret_de(contexte) not in compte.rattachements:
        return [("non-rattache", f"Vous n’êtes pas rattaché à « {nom_de(contexte, siret_de(contexte))} ».")]
    return _sans_relais(contexte, compte)


def _sans_relais(contexte: Contexte, compte: Compte) -> list[Manquement]:
    siret = siret_de(contexte)
    if not compte.gere(siret):
        return []
    phrase = f"« {nom_de(contexte, siret)} » resterait sans gestionnaire principal : désignez d’abord un remplaçant."
    return [("sans-relais", phrase)]


# --- what each act changes -------------------------------------------------------------------------------


def rattache(compte: Compte, structure: Structure, *, gestionnaire: bool) -> Compte:
    """That account, now attached to that structure."""
    siret = structure.siret
    return replace(
        compte,
        rattachements={**compte.rattachements, siret: "gestionnaire" if gestionnaire else "utilisateur"},
        habilitations={**compte.habilitations, siret: espaces_d_entree(structure, gestionnaire=gestionnaire)},
        demandes=_sauf(compte.demandes, siret),
    )


def _sauf(table: Mapping[C, V], cle: C) -> dict[C, V]:
    return {autre: valeur for autre, valeur in table.items() if autre != cle}


def _lire(evenement: Evenement) -> tuple[str, str]:
    """SIRET of the structure, and the account that the act is about: the one named, else the one that acts."""
    return evenement["objet"][1:], evenement["donnees"].get("compte", "").strip() or evenement["par"]


def _demande(etat: Etat, evenement: Evenement) -> Etat:
    siret, id_ = _lire(evenement)
    compte = etat.comptes[id_]
    return avec(etat, replace(compte, demandes={**compte.demandes, siret: lire_moment(evenement["quand"])}))


def _accepte(etat: Etat, evenement: Evenement) -> Etat:
    siret, id_ = _lire(evenement)
    return avec(etat, rattache(etat.comptes[id_], etat.structures[siret], gestionnaire=False))


def _refuse(etat: Etat, evenement: Evenement) -> Etat:
    siret, id_ = _lire(evenement)
    compte = etat.comptes[id_]
    return avec(etat, replace(compte, demandes=_sauf(compte.demandes, siret)))


def _souhaite(etat: Etat, evenement: Evenement) -> Etat:
    siret, id_ = _lire(evenement)
    compte, cle = etat.comptes[id_], (siret, evenement["donnees"]["espace"].strip())
    return avec(etat, replace(compte, souhaits={**compte.souhaits, cle: lire_moment(evenement["quand"])}))


def _habilite(etat: Etat, evenement: Evenement) -> Etat:
    return _espaces(etat, evenement, ouvre=True)


def _deshabilite(etat: Etat, evenement: Evenement) -> Etat:
    return _espaces(etat, evenement, ouvre=False)


def _espaces(etat: Etat, evenement: Evenement, *, ouvre: bool) -> Etat:
    siret, id_ = _lire(evenement)
    compte, code = etat.comptes[id_], evenement["donnees"]["espace"].strip()
    ouverts = compte.habilitations.get(siret, frozenset())
    suite = ouverts | {code} if ouvre else ouverts - {code}
    habilitations = {**compte.habilitations, siret: suite}
    return avec(etat, replace(compte, habilitations=habilitations, souhaits=_sauf(compte.souhaits, (siret, code))))


def _designe(etat: Etat, evenement: Evenement) -> Etat:
    """One gestionnaire principal at a time: the former one becomes a user who keeps its spaces."""
    siret, id_ = _lire(evenement)
    structure = StructureGeree.de(etat.structures[siret])
    structure = replace(structure, gestionnaires_designes=structure.gestionnaires_designes + 1)
    etat = replace(etat, structures={**etat.structures, siret: structure})
    ancien = gestionnaire_de(etat, siret)
    if ancien is not None:
        etat = avec(etat, replace(ancien, rattachements={**ancien.rattachements, siret: "utilisateur"}))
    nouveau = etat.comptes[id_]
    ouverts = nouveau.habilitations.get(siret, frozenset()) | {ORGANISATION}
    return avec(
        etat,
        replace(
            nouveau,
            rattachements={**nouveau.rattachements, siret: "gestionnaire"},
            habilitations={**nouveau.habilitations, siret: ouverts},
        ),
    )


def _detache(etat: Etat, evenement: Evenement) -> Etat:
    siret, id_ = _lire(evenement)
    compte = etat.comptes[id_]
    return avec(
        etat,
        replace(
            compte,
            rattachements=_sauf(compte.rattachements, siret),
            habilitations=_sauf(compte.habilitations, siret),
            souhaits={cle: quand for cle, quand in compte.souhaits.items() if cle[0] != siret},
        ),
    )


ACTES: Mapping[str, Acte] = {
    acte.code: acte
    for acte in (
        Acte(DEMANDER, "Demander un rattachement", (), (), _demander, _demande),
        Acte(ACCEPTER, "Accepter un rattachement", (), ("compte",), _repondre, _accepte),
        Acte(REFUSER, "Refuser un rattachement", (), ("compte", "motif"), _refuser, _refuse),
        Acte(DEMANDER_ESPACE, "Demander une habilitation", (), ("espace",), _demander_espace, _souhaite),
        Acte(HABILITER, "Habiliter à un espace", (), ("compte", "espace"), _habiliter, _habilite),
        Acte(RETIRER, "Retirer une habilitation", (), ("compte", "espace"), _retirer, _deshabilite),
        Acte(DESIGNER, "Désigner le gestionnaire principal", (), ("compte",), _designer, _designe),
        Acte(DETACHER, "Détacher un compte", (), ("compte",), _detacher, _detache),
        Acte(QUITTER, "Quitter une structure", (), (), _quitter, _detache),
    )
}
