"""What a works screen shows beside its form: who receives the piece, the décompte computed, explained and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from facturier import montants
from facturier.annuaire import Annuaire
from facturier.champs import Valeurs
from facturier.delais import Etape
from facturier.ecrans import dessins
from facturier.ecrans.blocs import (
    Bloc,
    Bloquants,
    Definitions,
    Dessin,
    Liste,
    Message,
    Paragraphe,
    Repli,
    Section,
    Tableau,
)
from facturier.ecrans.chantier import Possible, au_cumul, deja, fictive
from facturier.ecrans.chantier_saisie import cumul_saisi, demande_de
from facturier.erreurs import ErreurFacturier
from facturier.montants import format_euros
from facturier.portail.decomptes import DecompteCalcule, decompte_de
from facturier.portail.decomptes_services import DecompteServices
from facturier.portail.echeances import NonCalculable
from facturier.portail.etat import Etat
from facturier.portail.evenements import Acteur

A_CONFIRMER = "à confirmer avec votre acheteur"


def fait(fiabilite: str, precision: str = "") -> str:
    """How sure a fact is, in words; "" for one that is established."""
    if fiabilite == "établi":
        return ""
    return f" (fait « {fiabilite} »{f' : {precision}' if precision else ''})"


def etapes_expliquees(etapes: Sequence[Etape]) -> Liste:
    """The steps of a computation: what, how, how much, by which text, how sure."""
    return Liste(
        [
            f"**{e.libelle}** : {e.formule} = {e.valeur}. Source : {e.source}{fait(e.fiabilite, e.precision)}."
            for e in etapes
        ],
        ordonnee=True,
    )


def sommes(possible: Possible, valeurs: Valeurs, etat: Etat) -> Sequence[Bloc]:
    """What the piece will carry: cumul, already presented, this demand, VAT, total."""
    demande = demande_de(possible, valeurs, etat)
    lus = {c: _lu(demande, c) for c in ("montant_ht", "montant_tva", "montant_ttc")}
    paires: list[tuple[str, str | Decimal]] = []
    if au_cumul(possible):
        cumul = cumul_saisi(valeurs)
        paires.append(("Travaux depuis la notification, HT", cumul if cumul is not None else "à saisir"))
        paires.append(("Déjà présenté dans les dossiers d’avant, HT", deja(possible, etat)))
    noms = {"montant_ht": "Cette pièce, HT", "montant_tva": "TVA", "montant_ttc": "Cette pièce, TTC"}
    paires += [(nom, lu if (lu := lus[c]) is not None else "à saisir") for c, nom in noms.items()]
    return [*_baisse(possible, demande, etat), Definitions("Ce que portera la pièce", paires)]


def _baisse(possible: Possible, demande: Mapping[str, str], etat: Etat) -> list[Bloc]:
    """A warning, not a refusal: the total went down, most often because the month alone was typed."""
    ht = _lu(demande, "montant_ht")
    if not au_cumul(possible) or ht is None or ht >= 0:
        return []
    phrase = (
        f"Ce total est inférieur aux {format_euros(deja(possible, etat))} déjà présentés : la pièce serait négative. "
        "Avez-vous saisi le mois seul ? Un décompte présente tout ce qui est fait depuis la notification."
    )
    return [Message("alerte", phrase)]


def pret(possible: Possible, valeurs: Valeurs, etat: Etat) -> Bloquants:
    """What is said when nothing is missing: not that all is well of a piece that would be negative."""
    if _baisse(possible, demande_de(possible, valeurs, etat), etat):
        return Bloquants("Rien ne manque, mais la pièce serait négative : relisez le total avant de la déposer.")
    return Bloquants()


def _lu(demande: Mapping[str, str], champ: str) -> Decimal | None:
    try:
        return montants.euros(demande.get(champ, ""), negatif=True)
    except ErreurFacturier:
        return None


def decompte_calcule(
    possible: Possible, valeurs: Valeurs, etat: Etat, annuaire: Annuaire, acteur: Acteur
) -> Sequence[Bloc]:
    """The décompte that the piece would carry, computed since notification and explained; or why it is not."""
    demande = demande_de(possible, valeurs, etat)
    if not demande.get("montant_ht"):
        return [Paragraphe("Saisissez le montant : le décompte se calcule ici, étape par étape.", note=True)]
    piece, avec = fictive(possible, acteur, demande, etat)
    calcule = decompte_de(piece, avec, annuaire)
    if isinstance(calcule, DecompteServices):
        return []
    if isinstance(calcule, NonCalculable):
        return [Message("info", f"Le décompte n’est pas calculé ici : {calcule.raison}")]
    compte = calcule.decompte.situation.cumul_ht
    if compte == (cumul_saisi(valeurs) or compte):
        return decompte_dessine(calcule)
    attente = (
        f"Ce calcul compte {format_euros(compte)} depuis la notification, et non ce que vous avez saisi\u00a0: "
        "un dossier d’avant n’est pas encore arrivé chez qui paie."
    )
    return [Message("alerte", attente), *decompte_dessine(calcule)]


def decompte_dessine(calcule: DecompteCalcule) -> Sequence[Bloc]:
    """A décompte: what is to be paid, the waterfall, the lines, what was corrected, the steps and their sources."""
    decompte = calcule.decompte
    svg, texte = dessins.cascade(decompte)
    quoi = "Solde" if decompte.est_final else "Acompte"
    blocs: list[Bloc] = [
        Paragraphe(f"{quoi} à payer au titulaire d’après ce calcul : **{format_euros(decompte.a_payer)}** TTC."),
        Dessin(svg, texte, "Du marché à la somme à payer"),
        Tableau(
            f"{decompte.nature.capitalize()} : depuis la notification, avant, ce mois-ci",
            ("Ligne", "Depuis la notification", "Avant", "Ce mois"),
            [
                (f"{_SIGNES[ligne.sens]} {ligne.libelle}", ligne.cumul, ligne.anterieur, ligne.mois)
                for ligne in decompte.lignes
            ],
        ),
    ]
    if calcule.ecarts:
        rangees = [(e.libelle, _ecart(e.presente, e.jours), _ecart(e.admis, e.jours)) for e in calcule.ecarts]
        blocs.append(Tableau("Ce qui a été corrigé", ("Quoi", "Présenté", "Admis"), rangees))
    if calcule.general is not None:
        general = calcule.general
        paires = [("Total qui revient au titulaire", general.total)]
        paires += [(v.libelle, v.montant) for v in general.recapitulation]
        paires += [("Solde", general.solde), ("Retenue de garantie encore tenue", general.retenue)]
        blocs.append(Definitions("Décompte général", paires))
    blocs.append(Repli("Le calcul expliqué, avec ses sources", [etapes_expliquees(calcule.etapes)]))
    return blocs


_SIGNES = {"plus": "+", "moins": "−", "total": "="}


def _ecart(valeur: Decimal, jours: bool) -> str | Decimal:
    return f"{valeur} jours" if jours else valeur


def section_decompte(
    possible: Possible, valeurs: Valeurs, etat: Etat, annuaire: Annuaire, acteur: Acteur
) -> Section | None:
    """The island that follows what is typed; None for a piece that carries no décompte."""
    blocs = list(sommes(possible, valeurs, etat))
    if au_cumul(possible):
        blocs += decompte_calcule(possible, valeurs, etat, annuaire, acteur)
    return Section("Ce que cela donne", blocs, id="calcul")


def circuit_dessine(possible: Possible, annuaire: Annuaire, au: date) -> Dessin:
    """The circuit of the market, the step under way lit."""
    svg, texte = dessins.circuit(possible.marche, annuaire, au, possible.etape)
    return Dessin(svg, texte, f"Le circuit de la pièce (marché {possible.marche.numero})")
