"""The story that one plays: what is told, what is asked, the seats that one holds, where to begin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier import situations
from facturier.ecrans import regard, suites
from facturier.ecrans.blocs import (
    Bloc,
    Cible,
    Fichier,
    Lien,
    Liens,
    Liste,
    Message,
    Paragraphe,
    Repli,
    Section,
    Telechargement,
)
from facturier.ecrans.chantier import ouvertures
from facturier.ecrans.ecran import Ecran, Suite
from facturier.erreurs import ErreurFacturier
from facturier.situations import Recit

if TYPE_CHECKING:
    from facturier.champs import Valeurs
    from facturier.ecrans.poste import Poste


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    recit = poste.recit
    blocs: list[Bloc] = []
    if recit is None:
        blocs.append(Message("info", "Ce portail ne raconte pas d’histoire : vous y jouez librement vos rôles."))
    else:
        blocs += _paragraphes(recit)
        if recit.demandes:
            demandes = [situations.CRITERES[nom].libelle for nom in recit.demandes]
            blocs.append(
                Section("Ce que votre travail doit montrer", [Liste(demandes, ordonnee=True)]),
            )
        blocs += _documents(recit)
    blocs.append(_places(poste))
    blocs.append(Section("Par où commencer", [*_horloge_d_un_autre(poste), Liens(_departs(poste, recit))]))
    return blocs


def rappel(poste: Poste) -> list[Bloc]:
    """The story folded on a screen where what it says is typed; nothing where none is played."""
    return [Repli("Relire l’histoire", _paragraphes(poste.recit))] if poste.recit is not None else []


def _paragraphes(recit: Recit) -> list[Bloc]:
    return [Paragraphe(partie) for partie in recit.texte.split("\n\n")]


def _documents(recit: Recit) -> Sequence[Bloc]:
    if not recit.documents:
        return []
    offerts = [Telechargement("document", f"Prendre {d.nom}", {"document": d.nom}) for d in recit.documents]
    comment = "Enregistrez-le sur votre poste : vous le joindrez sur la fiche de la pièce."
    return [Section("Votre document", [Paragraphe(comment), *offerts], "documents")]


def _document(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    from facturier.documents.justificatif import justificatif

    recit = poste.recit
    choisi = next((d for d in recit.documents if d.nom == valeurs.get("document")), None) if recit else None
    if recit is None or choisi is None:
        raise ErreurFacturier("Ce document n’est pas de cette histoire : revenez au récit.")
    octets = justificatif(choisi.titre, recit.titre, poste.guichet.maintenant.date())
    return Suite(
        f"« {choisi.nom} » est enregistré, sans doute dans vos téléchargements.",
        garder=True,
        fichier=Fichier(choisi.nom, "application/pdf", octets),
    )


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


def _horloge_d_un_autre(poste: Poste) -> list[Bloc]:
    """Where a story asks to let time pass, who turns the clock, when it is not the person who reads."""
    if poste.guichet.ouverture.horloge == "libre":
        return []
    return [Paragraphe("L’horloge est celle de la classe : votre formateur la fait avancer.")]


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
    if marche is not None and marche.ccag_travaux:
        if _ouvre(poste, numero):
            liens.append(Lien("Déposer une pièce de travaux", Cible("travaux_projet", numero)))
    elif poste.acteur.structure and poste.acteur.role == "fournisseur":
        liens.append(Lien("Saisir une facture", Cible("saisie_destinataire")))
    if poste.guichet.ouverture.horloge == "libre":
        liens.append(Lien("Faire avancer l’horloge", Cible("horloge")))
    return liens


def _ouvre(poste: Poste, numero: str) -> bool:
    """Whether the seat taken may open a dossier of that market: the titulaire, a member, sometimes the MOA."""
    guichet = poste.guichet
    return bool(ouvertures(guichet.etat, guichet.annuaire, poste.acteur, guichet.maintenant.date(), numero))


def _titre(poste: Poste, objet: str) -> str:
    recit = poste.recit
    return recit.titre if recit is not None else "Votre rôle sur ce portail"


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="recit",
        titre="Le récit",
        composer=_composer,
        gestes={"document": _document},
        rubrique="Mon poste",
        titre_objet=_titre,
    ),
)
