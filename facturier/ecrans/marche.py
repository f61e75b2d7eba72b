"""A market’s identity card: who does what, which piece at each step, and the terms that its amounts follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from facturier import montants, referentiel
from facturier.annuaire import Marche
from facturier.cycle.circuits import PARTIES
from facturier.delais.etapes import en_date
from facturier.ecrans import dessins, notifications
from facturier.ecrans.blocs import (
    Bloc,
    Cellule,
    Cible,
    Definitions,
    Dessin,
    Etiquette,
    Lien,
    Liens,
    Message,
    Paragraphe,
    Section,
    Tableau,
)
from facturier.ecrans.chantier import ouvertures
from facturier.ecrans.chantier_vue import A_CONFIRMER
from facturier.ecrans.ecran import Ecran
from facturier.erreurs import ErreurFacturier
from facturier.montants import format_taux
from facturier.portail import circuits
from facturier.referentiel.lignes import Circuit, LigneSourcee

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

_PHASES = {
    "mensuel": "Chaque mois",
    "fin": "Fin de marché",
    "mensuel et fin": "Chaque mois et à la fin",
    "procédure tacite": "Procédure tacite",
}


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    return _fiche(poste, _marche(poste, objet)) if objet else _liste(poste)


def _marche(poste: Poste, numero: str) -> Marche:
    trouve = poste.guichet.annuaire.marche(numero)
    if trouve is None:
        raise ErreurFacturier(
            f"Aucun marché ne porte le numéro « {numero[:40]} » : vérifiez-le sur l’acte d’engagement.",
            code="marche-inconnu",
        )
    return trouve


def _liste(poste: Poste) -> Sequence[Bloc]:
    structures = {s.acteur.structure for s in poste.sieges}
    rangees: list[Sequence[Cellule]] = []
    for marche in poste.guichet.annuaire.marches.values():
        if structures & set(marche.sirets):
            places = [nom for partie, nom in PARTIES.items() if structures & set(marche.membres(partie))]
            rangees.append((Lien(marche.numero, Cible("marche", marche.numero)), marche.objet, ", ".join(places)))
    return [
        Paragraphe("La fiche d’identité d’un marché dit qui fait quoi, et quelle pièce se dépose à chaque étape."),
        Tableau(
            "Les marchés où vous avez une place",
            ("Marché", "Objet", "Votre place"),
            rangees,
            vide="Aucun marché ne nomme une de vos structures.",
        ),
    ]


def _fiche(poste: Poste, marche: Marche) -> Sequence[Bloc]:
    au = poste.guichet.maintenant.date()
    annuaire = poste.guichet.annuaire
    blocs: list[Bloc] = [
        Paragraphe(f"**{marche.objet}**. Le portail suit cette fiche, et la cite quand il refuse une pièce."),
        Definitions("Les parties", _parties(poste, marche)),
    ]
    svg, texte = dessins.circuit(marche, annuaire, au)
    if svg:
        blocs.append(Section("Le circuit d’une demande mensuelle", [Dessin(svg, texte)]))
    etapes = [e for e in circuits.etapes(marche, au) if e.cadres] if marche.circuit else []
    colonnes = ("Quand", "Qui dépose", "Pièce", "Pour qui", "En réponse à", "Sûr ?")
    rangees = [_rangee(marche, e) for e in etapes]
    blocs.append(Tableau("La pièce de chaque étape", colonnes, rangees, vide="La fiche ne nomme pas de circuit."))
    if any(e.fiabilite != "établi" for e in etapes):
        blocs.append(Message("info", f"Ce qui n’est pas établi est {A_CONFIRMER}, avant le premier dépôt."))
    blocs.append(Definitions("Les conditions financières", _prix(marche)))
    if textes := _textes(marche, au):
        blocs.append(Tableau("Ce que disent les textes", ("Règle", "Valeur", "Source", "Sûr ?"), textes))
    blocs += notifications.section(poste, marche)
    blocs.append(Liens(_liens(poste, marche, au)))
    return blocs


def _parties(poste: Poste, marche: Marche) -> list[tuple[str, Cellule]]:
    def nom(siret: str) -> str:
        structure = poste.guichet.annuaire.structures.get(siret)
        return f"{structure.nom} (SIRET {siret})" if structure is not None else siret

    titulaire = "Mandataire du groupement" if marche.groupement else "Titulaire"
    paires: list[tuple[str, Cellule]] = [(titulaire, nom(marche.titulaire))]
    paires += [("Cotraitant", nom(siret)) for siret in marche.cotraitants]
    for declare in marche.sous_traitants:
        pour = f", pour {nom(declare.donneur_ordre)}" if declare.donneur_ordre else ""
        agree = f"agréé le {en_date(date.fromisoformat(declare.agrement))}" if declare.agrement else "pas encore agréé"
        contrat = montants.format_euros(montants.euros(declare.montant_ttc))
        paires.append(("Sous-traitant", f"{nom(declare.siret)} : {declare.objet}, {contrat} TTC, {agree}{pour}"))
    paires.append(("Maîtrise d’œuvre", _avec(nom(marche.moe), marche.moe_service) if marche.moe else "aucune en place"))
    paires.append(("Maîtrise d’ouvrage", nom(marche.moa) if marche.moa else "hors du circuit"))
    if marche.moad:
        paires.append(("Maîtrise d’ouvrage déléguée", nom(marche.moad)))
    paires.append(("Acheteur", nom(marche.destinataire)))
    paires.append(("Qui paie", _avec(nom(marche.partie("payeur")), marche.payeur_service)))
    if marche.engagement:
        paires.append(("Numéro d’engagement", marche.engagement))
    return paires


def _avec(nom: str, service: str) -> str:
    return f"{nom}, code service « {service} »" if service else nom


def _rangee(marche: Marche, etape: Circuit) -> Sequence[Cellule]:
    fixes = [c for c in etape.cadres if c in (marche.cadre_mensuel, marche.cadre_final)]
    cadres = fixes or list(etape.cadres)
    return (
        _PHASES.get(etape.phase, etape.phase),
        PARTIES.get(etape.depose_par, etape.depose_par),
        " ou ".join(f"{c} — {referentiel.cadre(c).libelle}" for c in cadres),
        PARTIES.get(etape.adresse_a, etape.adresse_a),
        " ou ".join(etape.apres) or "ouvre le dossier",
        _sur(etape),
    )


def _sur(ligne: LigneSourcee) -> Etiquette:
    if ligne.fiabilite == "établi":
        return Etiquette("établi", "succes")
    return Etiquette(f"{ligne.fiabilite} : {A_CONFIRMER}", "alerte")


def _prix(marche: Marche) -> list[tuple[str, Cellule]]:
    """The terms that the card gives; what it is silent on is said to be."""
    taux = {champ: _taux(getattr(marche, champ)) for champ in ("taux_tva", "avance", "retenue_garantie")}
    bornes = [_taux(b) for b in (marche.avance_remboursement_debut, marche.avance_remboursement_fin)]
    rembourse = f", remboursée entre {bornes[0]} et {bornes[1]} d’avancement" if all(bornes) else ""
    return [
        ("CCAG", marche.ccag or ("CCAG-Travaux" if marche.ccag_travaux else "sans référence au CCAG-Travaux")),
        ("Notification", date.fromisoformat(marche.notification) if marche.notification else "non dite"),
        ("Durée", f"{marche.duree_mois} mois" if marche.duree_mois else "non dite"),
        ("Montant du marché, HT", _montant(marche.montant_ht)),
        ("TVA", taux["taux_tva"] or "non dite"),
        ("Avance", f"{taux['avance']}{rembourse}" if taux["avance"] else "pas d’avance"),
        ("Retenue de garantie", marche.garantie or taux["retenue_garantie"] or "pas de retenue"),
        ("Révision des prix", marche.revision or "prix fermes"),
        (
            "Index de la révision",
            f"{marche.index}, {marche.index_initial} au mois zéro" if marche.index else "aucun",
        ),
        ("Pénalités de retard", f"{marche.penalites} du montant HT par jour" if marche.penalites else "non dites"),
    ]


def _taux(saisi: str) -> str:
    lu = montants.lire_decimal(saisi.replace(",", ".")) if saisi else None
    return format_taux(lu) if lu is not None else ""


def _montant(saisi: str) -> Cellule:
    lu: Decimal | None = montants.euros(saisi) if saisi else None
    return lu if lu is not None else "non dit"


def _textes(marche: Marche, au: date) -> list[Sequence[Cellule]]:
    """The rows of the tables that these terms follow, with their sources."""
    if not marche.ccag_travaux:
        return []
    delais = [referentiel.delai(code, au) for code in ("avance-seuil", "avance-minimum", "retenue-garantie")]
    rangees: list[Sequence[Cellule]] = [
        (d.objet, _valeur(Decimal(d.duree), d.unite) if d.duree is not None else d.unite, d.source, _sur(d))
        for d in delais
    ]
    codes = ("avance-remboursement-debut", "avance-remboursement-fin", "retenue", "revision", "penalite-diviseur")
    for regle in (referentiel.regle_calcul(code) for code in codes):
        valeur = _valeur(regle.valeur, regle.unite) if regle.valeur else "—"
        rangees.append((regle.objet, valeur, regle.source, _sur(regle)))
    return rangees


_SIGNES = {"pour cent": "%", "euros": "€"}


def _valeur(nombre: Decimal, unite: str) -> str:
    """A figure of the tables as people write it: 5 %, 50 000 €, 1/3 000."""
    ecrit = montants.format_nombre(montants.sans_zeros(nombre))
    return f"1/{ecrit}" if unite == "diviseur" else f"{ecrit}\u00a0{_SIGNES.get(unite, unite)}"


def _liens(poste: Poste, marche: Marche, au: date) -> list[Lien]:
    guichet, acteur = poste.guichet, poste.acteur
    possibles = ouvertures(guichet.etat, guichet.annuaire, acteur, au, marche.numero) if acteur.structure else []
    liens = [Lien(f"Déposer : {p.libelle}", Cible("travaux_projet", p.objet)) for p in possibles if not p.empechement]
    return [*liens, Lien("Tous vos marchés", Cible("marche"))]


def _titre(poste: Poste, objet: str) -> str:
    return f"Fiche d’identité du marché {objet[:40]}" if objet else "Fiches d’identité des marchés"


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="marche",
        titre="Fiches d’identité des marchés",
        composer=_composer,
        rubrique="Travaux",
        titre_objet=_titre,
    ),
)
