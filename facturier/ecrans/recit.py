"""The story that one plays: what is told, what is asked, the seats that one holds, where to begin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier import situations
from facturier.ecrans import regard, suites
from facturier.ecrans.blocs import Bloc, Cible, Lien, Liens, Liste, Message, Paragraphe, Section
from facturier.ecrans.ecran import Ecran
from facturier.situations import Recit

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    recit = poste.recit
    blocs: list[Bloc] = []
    if recit is None:
        blocs.append(Message("info", "Ce portail ne raconte pas d’histoire : vous y jouez librement vos rôles."))
    else:
        blocs += [Paragraphe(partie) for partie in recit.texte.split("\n\n")]
        if recit.demandes:
            demandes = [situations.CRITERES[nom].libelle for nom in recit.demandes]
            blocs.append(
                Section("Ce que votre travail doit montrer", [Liste(demandes, ordonnee=True)]),
            )
    blocs.append(_places(poste))
    blocs.append(Section("Par où commencer", [Liens(_departs(poste, recit))]))
    return blocs


def _places(poste: Poste) -> Bloc:
    sieges, actuel = poste.sieges, poste.siege
    if not sieges:
        if poste.guichet.etat.comptes:
            phrase = "Votre compte existe : connectez-vous pour prendre votre place."
            return Section("Vos rôles", [Paragraphe(phrase), Liens([Lien("Se connecter", Cible("connexion"))])])
        phrase = "Vous n’avez pas encore de place ici : créez votre compte, puis rattachez-le à une structure."
        return Section("Vos rôles", [Paragraphe(phrase), Liens([Lien("Créer un compte", Cible("compte_creer"))])])
    lignes: list[str | Lien] = []
    for siege in sieges:
        if actuel is not None and siege.cle == actuel.cle:
            lignes.append(f"**{siege.libelle}** (vous êtes ici)")
        else:
            lignes.append(Lien(siege.libelle, Cible("valider", "", siege.cle), "prendre cette place"))
    return Section("Vos rôles", [Liste(lignes)])


def _departs(poste: Poste, recit: Recit | None) -> list[Lien]:
    """What waits for one first, then where a deposit begins."""
    liens = []
    for piece in regard.pieces(poste):
        for siege, cible in suites.attendus(poste, piece):
            liens.append(Lien(f"Répondre à la pièce {piece.id} ({piece.cadre}), comme « {siege.libelle} »", cible))
    numero = recit.valeurs.get("marche", "") if recit is not None else ""
    marche = poste.guichet.annuaire.marche(numero)
    if marche is not None:
        liens.append(Lien(f"Lire la fiche d’identité du marché {numero}", Cible("marche", numero)))
    if poste.acteur.structure and poste.acteur.role == "fournisseur":
        if marche is not None and marche.ccag_travaux:
            liens.append(Lien("Déposer une pièce de travaux", Cible("travaux_projet", numero)))
        else:
            liens.append(Lien("Saisir une facture", Cible("saisie_destinataire")))
    if poste.guichet.ouverture.horloge == "libre":
        liens.append(Lien("Faire avancer l’horloge", Cible("horloge")))
    return liens


def _titre(poste: Poste, objet: str) -> str:
    recit = poste.recit
    return recit.titre if recit is not None else "Votre rôle sur ce portail"


ECRANS: tuple[Ecran, ...] = (
    Ecran(id="recit", titre="Le récit", composer=_composer, rubrique="Mon poste", titre_objet=_titre),
)
