"""The form of works: the piece that a party of a market deposits, in its several shapes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from facturier.champs.def_facture import RIEN_DU_CONTENU
from facturier.champs.definitions import DEPOT_FACTURE
from facturier.champs.fiches import Champ, FormulaireDef

POSTES_MAX = 6
"""How many lines of the bill of quantities the screen offers; a larger one is joined, its total alone is typed."""
SIGNE = (("signe", "Je signe ce document"),)
ACCEPTATION = (
    ("sans_reserve", "Je signe sans réserve : le décompte devient définitif"),
    ("avec_reserves", "Je signe avec réserves, avec un mémoire en réclamation"),
)

CUMUL = Champ(
    "cumul_ht",
    "Travaux exécutés depuis la notification, HT",
    genre="montant",
    obligatoire=True,
    aide="Le total depuis le début du marché, aux prix du marché : le portail en retire ce qui a déjà été présenté.",
    exemple="12 500,00",
    longueur_max=20,
    phrase_vide="Indiquez le total hors taxes des travaux exécutés depuis la notification.",
)
AU_CHOIX = replace(
    CUMUL,
    obligatoire="cumul_exige",
    phrase_vide="Indiquez le total des travaux depuis la notification, ou le détail des quantités.",
)
DEMANDE = Champ(
    "montant_ht",
    "Montant de cette demande, HT",
    genre="montant",
    obligatoire=True,
    aide="Ce que vous demandez cette fois-ci, hors taxes.",
    exemple="2 500,00",
    longueur_max=20,
    phrase_vide="Indiquez le montant hors taxes de la demande.",
)
NUMERO = replace(
    DEPOT_FACTURE.champ("numero_facture"),
    libelle="Numéro de la pièce",
    aide="Votre propre numéro, jamais deux fois le même dans l’année.",
    exemple="SIT-2026-001",
    phrase_vide="Donnez à cette pièce un numéro de chez vous.",
)
DATE = replace(
    DEPOT_FACTURE.champ("date_facture"),
    libelle="Date de la pièce",
    phrase_vide="Indiquez la date que porte la pièce.",
)
TAUX = replace(DEPOT_FACTURE.champ("taux_tva"), aide="Le taux du marché, ou zéro quand la TVA est autoliquidée.")
TVA = replace(
    DEPOT_FACTURE.champ("montant_tva"),
    obligatoire=False,
    aide="Laissez vide : le portail la calcule d’après le taux.",
)
TTC = replace(
    DEPOT_FACTURE.champ("montant_ttc"),
    obligatoire=False,
    aide="Laissez vide : le portail additionne le hors taxes et la TVA.",
)
RETARD = Champ(
    "jours_retard",
    "Jours de retard retenus depuis le début du marché",
    genre="entier",
    aide="Ils font les pénalités du calcul ci-dessous ; laissez vide s’il n’y en a pas.",
    exemple="0",
    longueur_max=5,
)
INDEX = Champ(
    "index_valeur",
    "Valeur de l’index du mois",
    genre="nombre",
    aide="L’index que nomme la fiche du marché, pour le mois des travaux ; laissez vide s’il n’est pas encore paru.",
    exemple="114,4",
    longueur_max=12,
)
COMMENTAIRE = replace(
    DEPOT_FACTURE.champ("commentaire"),
    aide="Il sera lu par qui reçoit la pièce. Des sommes qui changent s’y expliquent.",
    exemple="Métré du 30/10 : 12 luminaires posés sur 15.",
)
MEMOIRE = Champ(
    "memoire",
    "Mémoire en réclamation",
    genre="fichier",
    aide="Demandé pour des réserves ou un refus : c’est lui qui dit ce que vous contestez, et pourquoi. "
    + RIEN_DU_CONTENU,
    exemple="memoire-reclamation.pdf",
    longueur_max=120,
    phrase_vide="Joignez le mémoire en réclamation.",
)
COPIE = Champ(
    "copie_siret",
    "SIRET de qui en reçoit copie",
    genre="siret",
    aide="Le CCAG-Travaux demande parfois une remise le même jour à deux parties.",
    exemple="219 900 024 00023",
    longueur_max=20,
)
SECOND = Champ(
    "valideur_2_siret",
    "SIRET du second valideur",
    genre="siret",
    aide="Le mandataire, quand vous travaillez pour un cotraitant ; sinon laissez vide.",
    exemple="999 900 178 00016",
    longueur_max=20,
)

ADRESSE = ("destinataire_siret", "code_service", "numero_engagement", "copie_siret")
VALIDEURS = ("valideur_siret", "valideur_2_siret")
MONTANTS = ("cumul_ht", "montant_ht", "taux_tva", "montant_tva", "montant_ttc")


@dataclass(frozen=True)
class Demandee:
    """What a works piece asks of who deposits it.

    ``cumul``: amounts are typed since notification. ``detail``: a bill of quantities is offered. ``signatures``: the
    ways to sign it. ``index``: the market's prices are revised. ``retard``: penalties may be held back.
    """

    titre: str
    cumul: bool = True
    detail: bool = False
    valideurs: bool = False
    signatures: tuple[tuple[str, str], ...] = ()
    index: bool = False
    retard: bool = False


def piece_travaux(demandee: Demandee) -> FormulaireDef:
    """The form of that piece."""
    facture = {c.id: c for c in DEPOT_FACTURE.champs}
    adresse = (
        replace(facture["destinataire_siret"], libelle="SIRET du destinataire", aide="D’après la fiche du marché."),
        replace(facture["code_service"], obligatoire=False, aide="S’il est sur la fiche du marché."),
        replace(facture["numero_engagement"], obligatoire=False, aide="S’il est sur la fiche du marché."),
        COPIE,
        facture["type_facture"],
    )
    champs = (
        NUMERO,
        DATE,
        *(detail_des_travaux() if demandee.detail else ()),
        (AU_CHOIX if demandee.detail else CUMUL) if demandee.cumul else DEMANDE,
        TAUX,
        *((INDEX,) if demandee.index else ()),
        *((RETARD,) if demandee.retard else ()),
        *((signature(demandee.signatures),) if demandee.signatures else ()),
        *((MEMOIRE,) if len(demandee.signatures) > 1 else ()),
        COMMENTAIRE,
        *((replace(facture["valideur_siret"], obligatoire=False), SECOND) if demandee.valideurs else ()),
        *adresse,
        TVA,
        TTC,
    )
    return FormulaireDef(
        id="piece_travaux",
        titre=demandee.titre,
        champs=champs,
        controles=("montants_positifs", "tva_calculee", "ttc_calcule"),
    )


def signature(choix: tuple[tuple[str, str], ...]) -> Champ:
    """The field by which a document is signed."""
    return Champ(
        "signature",
        "Signature",
        genre="choix",
        choix=choix,
        obligatoire=True,
        aide="Signer engage : relisez les montants d’abord.",
        phrase_vide="Dites comment vous signez.",
    )


def ids_du_poste(rang: int) -> tuple[str, str, str]:
    """The three fields of a line of the bill of quantities."""
    return (f"poste_{rang}", f"quantite_{rang}", f"prix_{rang}")


def detail_des_travaux() -> tuple[Champ, ...]:
    """The lines of the bill of quantities: what, how many since notification, at what price."""
    champs: list[Champ] = []
    for rang in range(1, POSTES_MAX + 1):
        poste, quantite, prix = ids_du_poste(rang)
        champs += [
            Champ(poste, f"Poste {rang}", aide="Ce que le bordereau de prix nomme.", longueur_max=80),
            Champ(
                quantite,
                f"Quantité {rang}, depuis la notification",
                genre="nombre",
                aide="Le total posé depuis le début.",
                exemple="12",
                longueur_max=20,
            ),
            Champ(
                prix,
                f"Prix unitaire HT {rang}",
                genre="montant",
                aide="Celui du bordereau de prix.",
                exemple="185,00",
                longueur_max=20,
            ),
        ]
    return tuple(champs)
