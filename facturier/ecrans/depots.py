"""Depositing files: one invoice judged by the official rules, a PDF read by a machine that errs, a whole lot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier.champs import Valeurs
from facturier.champs import def_assistance as defs
from facturier.ecrans import joints
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Cible,
    Lien,
    Message,
    Paragraphe,
    Tableau,
    a_remplir,
)
from facturier.ecrans.ecran import Ecran, Suite
from facturier.erreurs import ErreurFacturier
from facturier.portail import fichiers, lots

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

RUBRIQUE = "Factures"
OCTETS_MAX = 10 * 1024 * 1024
"""What a screen takes of one file: more is refused before it is read."""


def _fichier(poste: Poste, champ: str) -> tuple[str, bytes]:
    donnes = joints.contenu(poste, champ)
    if not donnes:
        raise ErreurFacturier("le fichier n’est plus là (la page a été rechargée ?) : choisissez-le de nouveau.")
    nom, octets = donnes[-1]
    if len(octets) > OCTETS_MAX:
        raise ErreurFacturier(f"ce fichier dépasse {OCTETS_MAX // 1024 // 1024} Mo : réduisez-le.")
    return nom, octets


def _composer(poste: Poste, _: str) -> Sequence[Bloc]:
    return [
        Paragraphe(
            "Déposez le fichier que votre logiciel a produit. Il est vérifié sur-le-champ par les règles officielles ; "
            "rien n’en part vers le vrai Chorus Pro."
        ),
        *a_remplir(
            "Vous pouvez déposer.",
            Bouton("deposer", "Déposer le fichier"),
            liens=[
                Lien("Déposer un lot", Cible("depot_lot")),
                Lien("Saisir une facture", Cible("saisie_destinataire")),
            ],
        ),
        Paragraphe(
            "Les pièces de travaux se déposent par l’écran « Travaux ». Une plateforme agréée dépose à votre place une "
            "facture simple, jamais une pièce de travaux.",
            note=True,
        ),
    ]


def _depose(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    nom, octets = _fichier(poste, "fichier")
    if valeurs["mode"] == "pdf":
        if not valeurs["cadre"]:
            raise ErreurFacturier("choisissez le cadre de facturation : un PDF ne le dit pas.")
        piece, lecture = fichiers.deposer_pdf(poste.guichet, poste.acteur, nom, octets, valeurs["cadre"], nom)
        doutes = len(lecture.a_verifier)
        phrase = f"Le PDF est lu, rien n’est envoyé : vérifiez chaque champ ({doutes} sont douteux ou absents)."
        return Suite(phrase, Cible("saisie_destinataire", piece))
    piece = fichiers.deposer_fichier(poste.guichet, poste.acteur, nom, octets)
    return Suite(f"Le fichier est recevable : la pièce {piece} est déposée.", Cible("fiche", piece))


def _lot(poste: Poste, _: str) -> Sequence[Bloc]:
    rangees = [(f.id, f.fichier, f"{f.integrees} sur {f.recues}") for f in poste.guichet.etat.flux.values()]
    dernier = poste.notes.get("lot", "")
    return [
        Paragraphe("Plusieurs factures dans une archive : chacune est jugée seule."),
        *a_remplir("Vous pouvez déposer.", Bouton("deposer", "Déposer le lot")),
        *([Message("info", "Compte rendu du dernier lot", dernier.split("\n"))] if dernier else []),
        *([Tableau("Flux reçus", ("Numéro", "Archive", "Pièces déposées"), rangees)] if rangees else []),
    ]


def _lot_depose(poste: Poste, _: str, __: Valeurs) -> Suite:
    nom, octets = _fichier(poste, "archive")
    rendu = lots.deposer_lot(poste.guichet, poste.acteur, nom, octets)
    poste.notes["lot"] = "\n".join(_ligne(ligne) for ligne in rendu.lignes)
    deposees = f"{len(rendu.pieces)} pièces déposées sur {len(rendu.lignes)} fichiers"
    return Suite(f"Lot traité ({rendu.libelle.lower()}) : {deposees}.")


def _ligne(ligne: lots.LigneDeLot) -> str:
    suite = f", pièce {ligne.piece}" if ligne.piece else f". {' '.join(ligne.phrases)}"
    return f"{ligne.fichier} : {ligne.mot}{suite}"


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="depot_fichier",
        titre="Déposer un fichier",
        composer=_composer,
        gestes={"deposer": _depose},
        rubrique=RUBRIQUE,
        formulaire=defs.DEPOT_FICHIER,
        verifies=frozenset({"deposer"}),
        visible=lambda poste: poste.acteur.role == "fournisseur",
    ),
    Ecran(
        id="depot_lot",
        titre="Déposer un lot",
        composer=_lot,
        gestes={"deposer": _lot_depose},
        formulaire=defs.DEPOT_LOT,
        verifies=frozenset({"deposer"}),
    ),
)
