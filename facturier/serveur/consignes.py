"""What each place of a group has to do, read from the market's circuit: its story, its criteria."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from facturier import referentiel
from facturier.annuaire import Annuaire
from facturier.portail import Etat, Ouverture, Piece, circuits
from facturier.portail.caracteres import reglages
from facturier.portail.pieces import DEPOSEE
from facturier.referentiel.lignes import Cadre, Circuit, LigneSourcee, Transition
from facturier.serveur.montages import Montage, Poste
from facturier.situations import Recit

MENSUEL = "mensuel"
_A_VALIDER = {"valideur_1": "A_VALIDER_1", "valideur_2": "A_VALIDER_2"}
_JOINDRE, _SILENCE, _PAYE = "joindre_au_dossier", "constater_silence", "MISE_EN_PAIEMENT"
_CRITERES = {
    "fournisseur": "une demande est déposée",
    "valideur_1": "une demande a sa réponse, ou son silence constaté",
    "valideur_2": "une demande a sa réponse, ou son silence constaté",
    "comptable": "une pièce est mise en paiement",
}
_TRAITER = "une pièce est traitée"


def nom(montage: Montage, poste: Poste, annuaire: Annuaire) -> str:
    """« Sous-traitant, Zinguerie Gouttière-Fictive »."""
    libelle = montage.designation(poste) or referentiel.role(poste.role).libelle
    return f"{libelle}, {annuaire.structure(poste.structure).nom}"


def recit(montage: Montage, annuaire: Annuaire, au: date) -> Recit:
    """The story of a group: its market, then what each place has to do, whoever holds it."""
    marche = montage.marche
    parties = [
        f"Votre groupe joue le marché n°\u00a0{marche.numero}\u00a0: «\u00a0{marche.objet}\u00a0». Chacun tient une "
        "place\u00a0; celles que personne ne tient ont un partenaire simulé, qui répond et qui dépose à son rythme. "
        "L’animateur tient l’horloge."
    ]
    parties += [f"**{nom(montage, p, annuaire)}**\u00a0: {consigne(montage, p, annuaire, au)}" for p in montage.postes]
    titre = f"Le circuit de votre groupe\u00a0: {marche.objet}"
    return Recit("", "", titre, "\n\n".join(parties), (), Ouverture(), {"marche": marche.numero})


def consigne(montage: Montage, poste: Poste, annuaire: Annuaire, au: date) -> str:
    """What is to be done there, in a sentence or two; what is not established says so."""
    if poste.role == "fournisseur":
        dites, etapes = _depose(montage, poste, annuaire, au)
    elif poste.role in _A_VALIDER:
        dites, etapes = _valide(montage, poste, annuaire, au)
    elif poste.role in ("moe", "moa"):
        dites, etapes = _repond(montage, poste, au)
    else:
        return f"{_chemin(poste.role, au)}."
    reserve = next(filter(None, map(circuits.doute, etapes)), "")
    return " ".join(filter(None, (f"{dites}.", reserve)))


def criteres(montage: Montage, annuaire: Annuaire, etat: Etat) -> tuple[tuple[str, str, bool], ...]:
    """What each place has done or not: name, words, met."""
    return tuple(
        (
            f"place:{p.role}:{p.structure}",
            f"{nom(montage, p, annuaire)}\u00a0: {_CRITERES.get(p.role, _TRAITER)}",
            any(_fait(p, piece) for piece in etat.pieces.values()),
        )
        for p in montage.postes
    )


def _fait(poste: Poste, piece: Piece) -> bool:
    if poste.role == "fournisseur":
        return piece.deposant == poste.structure and piece.date_du(DEPOSEE) is not None
    if piece.structure_du(poste.role) != poste.structure:
        return False
    if poste.role in _A_VALIDER:
        statuts = [passage.statut for passage in piece.historique]
        return _A_VALIDER[poste.role] in statuts[:-1]
    siens = [p for p in piece.historique if (p.role, p.structure) == (poste.role, poste.structure)]
    return any(p.statut == _PAYE for p in siens) if poste.role == "comptable" else bool(siens)


# what is said of each role


def _mensuelles(montage: Montage, partie: str, au: date) -> list[Circuit]:
    return [e for e in circuits.etapes(montage.marche, au) if e.depose_par == partie and e.phase.startswith(MENSUEL)]


def _cadre(code: str) -> str:
    return f"{code} ({referentiel.cadre(code).libelle})"


def _depose(montage: Montage, poste: Poste, annuaire: Annuaire, au: date) -> tuple[str, Sequence[LigneSourcee]]:
    partie = {siret: quoi for quoi, siret in montage.membres}.get(poste.structure, "")
    etapes: Sequence[LigneSourcee] = _mensuelles(montage, partie or "titulaire", au)
    codes = [e.cadres[0] for e in etapes if isinstance(e, Circuit)]
    if not montage.marche.ccag_travaux:
        simples = (c for c in referentiel.cadres(au) if c.joue and not c.travaux and (c.partie or "") == partie)
        etapes = [next(simples)]
        codes = [c.code for c in etapes if isinstance(c, Cadre)]
    if not codes:
        return "suit le dossier\u00a0: chaque mois, une autre place dépose", etapes
    dite = f"dépose {' ou '.join(map(_cadre, codes))}"
    valideurs = [annuaire.structure(siret).nom for siret in montage.valideurs(poste.structure)]
    return dite + (f", et désigne comme valideur {', puis '.join(valideurs)}" if valideurs else ""), etapes


def _valide(montage: Montage, poste: Poste, annuaire: Annuaire, au: date) -> tuple[str, Sequence[LigneSourcee]]:
    rang = list(_A_VALIDER).index(poste.role)
    siens = [
        (quoi, siret)
        for quoi, siret in montage.membres
        if montage.valideurs(siret)[rang : rang + 1] == (poste.structure,)
    ]
    noms = [annuaire.structure(siret).nom for _, siret in siens]
    demandes = f"la demande de {noms[0]}" if len(noms) == 1 else f"les demandes de {', '.join(noms[:-1])} et {noms[-1]}"
    dites = [f"accepte, ou refuse avec un motif, {demandes}"]
    lignes = [t for quoi, _ in siens for t in _silences(montage, quoi, _A_VALIDER[poste.role], au)]
    if lignes:
        delai = referentiel.delai(lignes[0].delai, au)
        dites.append(f"la demande d’un sous-traitant restée {delai.duree} jours sans réponse est tenue pour acceptée")
    return "\u00a0; ".join(dites), lignes


def _silences(montage: Montage, quoi: str, statut: str, au: date) -> Iterator[Transition]:
    """The rows by which silence is an answer to what that member deposits."""
    travaux = montage.marche.ccag_travaux
    cadres = {c.code for c in referentiel.cadres(au) if c.joue and c.partie == quoi and c.travaux == travaux}
    for ligne in referentiel.transitions(au):
        if (ligne.action, ligne.de) == (_SILENCE, statut) and cadres & set(ligne.cadres):
            yield ligne


def _repond(montage: Montage, poste: Poste, au: date) -> tuple[str, Sequence[LigneSourcee]]:
    etapes = _mensuelles(montage, poste.role, au)
    roles = {quoi for quoi, _ in montage.membres}
    absents = {c.code for c in referentiel.cadres(au) if c.partie and c.partie not in roles}
    joues = {code for e in circuits.etapes(montage.marche, au) for code in e.cadres} - absents
    dites = []
    for etape in etapes:
        avant = [code for code in etape.apres if code in joues]
        suite = ", en réponse à " + " ou ".join(avant) if avant else "\u00a0: c’est la première pièce du dossier"
        dites.append(f"dépose {_cadre(etape.cadres[0])}{suite}")
    joint = [e.cadres[0] for e in _mensuelles(montage, "sous_traitant", au) if e.adresse_a == poste.role]
    if joint and "sous_traitant" in roles:
        geste = next(t for t in referentiel.transitions(au) if t.action == _JOINDRE and joint[0] in t.cadres)
        dites.append(f"{joint[0]} accepté\u00a0: «\u00a0{geste.libelle}\u00a0»")
    return "\u00a0; ".join(dites) or "suit le dossier", etapes


def _chemin(role: str, au: date) -> str:
    """The ordinary gestures of who pays, one after the other."""
    libelles = {t.action: t.libelle for t in referentiel.transitions(au) if t.role == role}
    gestes = dict.fromkeys(g.actions[0] for g in reglages().gestes if g.role == role)
    return "fait, l’un après l’autre\u00a0: " + ", ".join(
        f"«\u00a0{libelles[g]}\u00a0»" for g in gestes if g in libelles
    )
