"""The fields of a simple invoice, step by step; of the gestures that follow it; of a search."""

from __future__ import annotations

from dataclasses import replace

from facturier.champs.definitions import DEPOT_FACTURE
from facturier.champs.fiches import Champ, FormulaireDef

LIGNES_MAX = 60
_DESTINATAIRE = ("destinataire_siret", "code_service", "numero_engagement", "numero_marche")
_CADRE = (
    "cadre",
    "type_facture",
    "numero_facture",
    "date_facture",
    "valideur_siret",
    "mode_paiement",
    "iban",
    "commentaire",
)
_MONTANTS = ("montant_ht", "taux_tva", "montant_tva", "montant_ttc")
RIEN_DU_CONTENU = "Du fichier, seuls le nom et la taille sont gardés, jamais le contenu."
"""What becomes of an attachment, said where it is asked."""
PIECES_JOINTES = Champ(
    "pieces_jointes",
    "Pièces jointes",
    genre="fichier",
    aide="Bon de livraison, attestation… Le nom du fichier compte : simple, court, avec son extension. "
    + RIEN_DU_CONTENU,
    longueur_max=2000,
    plusieurs=True,
)


def _champs(*ids: str) -> tuple[Champ, ...]:
    tous = {champ.id: champ for champ in DEPOT_FACTURE.champs}
    ouverts = {"destinataire_siret", "valideur_siret"}
    return tuple(replace(tous[i], genre="siret") if i in ouverts else tous[i] for i in ids)


DESTINATAIRE = FormulaireDef(
    id="saisie_destinataire",
    titre="Destinataire",
    intro="À qui s’adresse la facture, et quelles références l’amènent au bon bureau.",
    champs=_champs(*_DESTINATAIRE),
    controles=("destinataire_public", "service_connu"),
)
CADRE = FormulaireDef(
    id="saisie_cadre",
    titre="Cadre et références",
    intro="À quel titre vous facturez, et sous quel numéro.",
    champs=_champs(*_CADRE),
    controles=("mode_absent_sur_avoir",),
)
TOUT = FormulaireDef(
    id="saisie_recapitulatif",
    titre="Récapitulatif",
    champs=(*_champs(*_DESTINATAIRE, *_CADRE, *_MONTANTS), PIECES_JOINTES),
    controles=DEPOT_FACTURE.controles,
)
JOINTES = FormulaireDef(id="saisie_pieces", titre="Pièces jointes", champs=(PIECES_JOINTES,))


def lignes(nombre: int) -> FormulaireDef:
    """The step of lines and VAT, for so many lines; the totals are what is sent."""
    champs: list[Champ] = []
    for rang in range(1, nombre + 1):
        champs += [
            Champ(f"ligne_{rang}_designation", f"Désignation, ligne {rang}", longueur_max=200),
            Champ(f"ligne_{rang}_quantite", f"Quantité, ligne {rang}", genre="nombre", exemple="12,5", longueur_max=20),
            Champ(f"ligne_{rang}_prix", f"Prix unitaire HT, ligne {rang}", genre="nombre", longueur_max=20),
            Champ(f"ligne_{rang}_taux", f"Taux de TVA, ligne {rang}", genre="choix", choix="taux_tva"),
        ]
    return FormulaireDef(
        id="saisie_lignes",
        titre="Lignes et TVA",
        intro="Détaillez ce que vous facturez, ou donnez seulement les totaux de votre facture.",
        champs=(*champs, *_champs(*_MONTANTS)),
        controles=("montants_positifs", "tva_calculee", "ttc_calcule"),
    )


MOTIF = Champ(
    "motif",
    "Motif",
    genre="choix",
    obligatoire=True,
    aide="Il sera lu par le fournisseur : c’est lui qui dit quoi corriger.",
    phrase_vide="Choisissez le motif dans la liste.",
)
COMMENTAIRE = Champ(
    "commentaire", "Commentaire", genre="texte_long", aide="Il sera lu par l’autre partie.", longueur_max=2000
)
PIECE_JOINTE = Champ("piece_jointe", "Pièce à joindre", genre="fichier", aide=RIEN_DU_CONTENU, longueur_max=2000)
DU_GESTE: dict[str, Champ] = {
    "motif": MOTIF,
    "commentaire": COMMENTAIRE,
    "piece_jointe": PIECE_JOINTE,
    **{champ.id: champ for champ in _champs("destinataire_siret", "code_service", "numero_engagement")},
    "valideur_siret": replace(_champs("valideur_siret")[0], obligatoire=True),
    "valideur_2_siret": Champ(
        "valideur_2_siret",
        "SIRET du second valideur",
        genre="siret",
        obligatoire=True,
        aide="Le mandataire du groupement, quand le sous-traitant travaille pour un cotraitant.",
        longueur_max=20,
        phrase_vide="Indiquez le SIRET du second valideur.",
    ),
}
"""The field of each datum that a guard admits (``portail.gardes``); the size of a file follows the file."""

RECHERCHE = FormulaireDef(
    id="recherche",
    titre="Rechercher une pièce",
    facultatif_tu=True,
    champs=(
        Champ("texte", "Texte", aide="Numéro, engagement, marché ou nom d’une des deux structures.", longueur_max=60),
        Champ("statut", "Statut", genre="choix"),
        Champ("cadre", "Cadre de facturation", genre="choix"),
        Champ("depuis", "Facture datée depuis le", genre="date", exemple="01/11/2026", longueur_max=10),
        Champ("jusqu_a", "Jusqu’au", genre="date", exemple="30/11/2026", longueur_max=10),
        Champ("minimum", "Montant TTC au moins", genre="montant", longueur_max=20),
        Champ("maximum", "Montant TTC au plus", genre="montant", longueur_max=20),
        Champ(
            "tri",
            "Trier par",
            genre="choix",
            choix=(("date", "date"), ("montant", "montant"), ("numero", "numéro"), ("statut", "statut")),
        ),
    ),
)
