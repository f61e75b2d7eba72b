"""The words of the pages: who, what, when, said in French; nothing that came from elsewhere acts on the reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from facturier import referentiel
from facturier.champs import ACCUEIL, DEPOT_FACTURE, libelle_choix
from facturier.ecrans.catalogue import ECRANS
from facturier.erreurs import ErreurFacturier, montrable
from facturier.portail import ANIMATEUR, SIMULE, SYSTEME, Annuaire, Evenement
from facturier.portail.caracteres import reglages
from facturier.portail.partenaires import CARACTERES, PREFIXE
from facturier.portail.repertoire import ACTES
from facturier.referentiel.redaction import elider
from facturier.serveur import montages
from facturier.serveur.montages import Montage, Poste

COURT = 300
_MEMBRES = (("cotraitant", "cotraitant"), ("sous_traitant", "sous-traitant"))
_FORMULAIRES = {definition.id: definition for definition in (ACCUEIL, DEPOT_FACTURE)}
_CARACTERES = {
    "prompt": "répond vite",
    "lent": "répond tard",
    "strict": "refuse à la première faute",
    "silencieux": "ne répond jamais",
    "pointilleux": "suspend chaque facture une fois",
    "metreur": "diminue chaque projet de décompte",
}
_CHAMPS = {
    "motif": "Motif",
    "commentaire": "Commentaire",
    "piece_jointe": "Nom de la pièce jointe",
    "piece_jointe_octets": "Taille de la pièce jointe, en octets",
    "jours": "Jours",
    "a": "Confié à",
    "role": "Rôle",
    "structure": "Structure (SIRET)",
}


def court(texte: object, longueur: int = COURT) -> str:
    """What somebody typed, without what a screen would not bear, and not too long."""
    lu = montrable(str(texte))
    return lu if len(lu) <= longueur else lu[:longueur] + "…"


def quand(iso: str | datetime) -> str:
    """« 24/11/2026 à 10 h 42 », « — » for never."""
    moment = _moment(iso)
    return f"{moment:%d/%m/%Y} à {moment:%H} h {moment:%M}".replace(" h ", "\u00a0h\u00a0") if moment else "—"


def heure(iso: str | datetime) -> str:
    """« 10 h 42 », « — » for never."""
    moment = _moment(iso)
    return f"{moment:%H}\u00a0h\u00a0{moment:%M}" if moment else "—"


def jour(iso: str | datetime) -> str:
    """« mardi 24 novembre 2026 »."""
    from babel.dates import format_date

    moment = _moment(iso)
    return format_date(moment, "EEEE d MMMM y", locale="fr") if moment else "—"


def duree(minutes: int) -> str:
    """« moins d’une minute », « 5 min », « 2 h 05 »."""
    if minutes < 1:
        return "moins d’une minute"
    return f"{minutes}\u00a0min" if minutes < 60 else f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02d}"


def statut(code: str) -> str:
    """The status in words."""
    return _ou_code(referentiel.statut, code)


def role(code: str) -> str:
    """The role in words."""
    return _ou_code(referentiel.role, code)


def place(poste: Poste, montage: Montage) -> str:
    """« Sous-traitant », « Mandataire », « Maîtrise d’œuvre »: what a group calls that place."""
    return montage.designation(poste) or role(poste.role)


def circuit(montage: Montage) -> str:
    """« Réfection de la toiture (2026-TVX-014, circuit C1), titulaire avec 1 sous-traitant »."""
    return f"{_marche(montage)}, titulaire {_entreprises(montage)}"


def circuits(annuaire: Annuaire) -> list[tuple[str, list[tuple[str, str]]]]:
    """The circuits that a group may play, in two families: code and words, what sets it apart first."""
    possibles = montages.tous(annuaire)
    familles = (("Le titulaire seul", False), ("Avec cotraitants ou sous-traitants", True))

    def choix(m: Montage) -> tuple[str, str]:
        return m.code, f"{_entreprises(m).capitalize() if m.membres else 'Titulaire seul'}\u00a0: {_marche(m)}"

    return [(nom, [choix(m) for m in possibles if bool(m.membres) == avec]) for nom, avec in familles]


def _marche(montage: Montage) -> str:
    marche = montage.marche
    return f"{marche.objet} ({marche.numero}{f', circuit {marche.circuit}' if marche.circuit else ''})"


def _entreprises(montage: Montage) -> str:
    noms = [quoi for quoi, _ in montage.membres]
    compte = [f"{n}\u00a0{mot}{'s' if n > 1 else ''}" for code, mot in _MEMBRES if (n := noms.count(code))]
    return f"avec {' et '.join(compte)}" if compte else "seul"


@lru_cache(maxsize=1)
def _actions() -> Mapping[str, str]:
    gestes = {t.action: t.libelle for t in reversed(referentiel.transitions())}
    return {**gestes, **{code: acte.libelle for code, acte in ACTES.items()}}


def action(code: str) -> str:
    """The gesture in words."""
    return _actions().get(code, court(code, 60))


@lru_cache(maxsize=256)
def motif(code: str) -> str:
    """The reason in words."""
    return next((m.libelle for m in referentiel.motifs() if m.code == code), court(code, 60))


def champ(code: str) -> str:
    """The label of a field, as its form writes it."""
    for definition in _FORMULAIRES.values():
        for fiche in definition.champs:
            if fiche.id == code:
                return fiche.libelle
    return _CHAMPS.get(code, court(code, 60).replace("_", " "))


def valeur(texte: str, code: str) -> str:
    """What was typed or chosen in a field; a choice in words."""
    for definition in _FORMULAIRES.values():
        for fiche in definition.champs:
            if fiche.id == code and fiche.choix:
                return court(libelle_choix(fiche, texte))
    return court(texte)


def formulaire(code: str) -> str:
    """The title of a form of a notebook, or of a screen."""
    nom = code.rpartition("/")[2]
    connu = _FORMULAIRES.get(nom) or ECRANS.get(nom)
    return connu.titre if connu is not None and connu.titre else court(code, 60)


def caractere(nom: str) -> str:
    """A character of simulated partner, with what it does when that is known."""
    libelle = reglages().profils[nom].libelle.lower() if nom in CARACTERES else nom
    return f"{libelle} ({_CARACTERES[nom]})" if nom in _CARACTERES else libelle


def de(prenom: str) -> str:
    """« d’Aline », « de Bachir »."""
    return elider("de", prenom)


def tenant(nom: str, prenoms: Mapping[str, str]) -> str:
    """Who holds a role, or acted."""
    if not nom:
        return "personne"
    if nom.startswith(PREFIXE):
        return f"partenaire simulé, {caractere(nom.removeprefix(PREFIXE))}"
    fixes = {SIMULE: "partenaire simulé", ANIMATEUR: "animateur"}
    return fixes.get(nom) or prenoms.get(nom, nom)


def caracteres() -> list[tuple[str, str]]:
    """The characters of simulated partners: code and words."""
    return [(code, tenant(PREFIXE + code, {})) for code in CARACTERES]


def tenants_possibles(groupe: Mapping[str, str]) -> list[tuple[str, str]]:
    """To whom a role of a group may be given: code and words."""
    simules = [(PREFIXE + nom, tenant(PREFIXE + nom, {})) for nom in CARACTERES]
    return [*groupe.items(), *simules, ("", "personne")]


def recit(evenement: Evenement, annuaire: Annuaire, prenoms: Mapping[str, str]) -> dict[str, str]:
    """An event of a journal as a person would tell it: when, who, what."""
    donnees = evenement["donnees"]
    structure = annuaire.structures.get(evenement["structure"])
    fonction = "" if evenement["role"] in (SYSTEME, ANIMATEUR) else role(evenement["role"])
    qui = role(SYSTEME) if evenement["role"] == SYSTEME else tenant(evenement["par"], prenoms)
    precision = ", ".join(filter(None, (fonction, structure.nom if structure is not None else "")))
    return {
        "n": str(evenement["n"]),
        "quand": quand(evenement["quand"]),
        "qui": f"{qui} ({precision})" if precision else qui,
        "quoi": _quoi(evenement, prenoms, annuaire),
        "motif": motif(donnees["motif"]) if donnees.get("motif") else "",
        "commentaire": court(donnees.get("commentaire", "")),
        "piece": evenement["objet"] if evenement["objet"].startswith("P") else "",
    }


def _quoi(evenement: Evenement, prenoms: Mapping[str, str], annuaire: Annuaire) -> str:
    donnees, geste = evenement["donnees"], action(evenement["action"])
    if evenement["action"] == "avancer":
        nombre = int(donnees.get("jours", "0"))
        return f"{geste} de {nombre} jour{'s' if nombre > 1 else ''}"
    if evenement["action"] == "confier":
        structure = annuaire.structures.get(donnees.get("structure", ""))
        ou = f" de « {structure.nom} »" if structure is not None else ""
        vers = tenant(donnees.get("a", ""), prenoms)
        return f"{geste} : {role(donnees.get('role', ''))}{ou}, à {vers}"
    numero = court(donnees.get("numero_facture", ""), 60)
    suite = f" {evenement['objet']}" if evenement["objet"] else ""
    return f"{geste}{suite}" + (f" (n°\u00a0{numero})" if numero else "")


def _ou_code(table: Callable[[str], Any], code: str) -> str:
    try:
        return str(table(code).libelle)
    except ErreurFacturier:
        return court(code, 60)


def _moment(iso: str | datetime) -> datetime | None:
    if isinstance(iso, datetime):
        return iso
    return datetime.fromisoformat(iso) if iso else None


FILTRES: Mapping[str, Callable[..., str]] = {
    "court": court,
    "quand": quand,
    "heure": heure,
    "jour": jour,
    "duree": duree,
    "statut": statut,
    "role": role,
    "action": action,
    "motif": motif,
    "champ": champ,
    "valeur": valeur,
    "formulaire": formulaire,
    "caractere": caractere,
    "de": de,
}
