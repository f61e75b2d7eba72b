"""What the pages show of a class, read from it each time: nothing is kept here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from facturier import cycle, referentiel
from facturier.erreurs import ErreurFacturier
from facturier.portail import SYSTEME, Piece, Portail, offres
from facturier.portail.gardes import GARDES
from facturier.portail.pliage import SUIVANTE
from facturier.referentiel.lignes import Motif, Transition
from facturier.serveur import criteres, pages_mots, recits
from facturier.serveur.animation import Animation
from facturier.serveur.classe import Classe
from facturier.serveur.montages import Montage

JOURNAL_MONTRE = 60
"""Events of a journal shown on a page, the last ones first."""
_EFFETS = {
    "suspendre": ("suspension",),
    "demander_recyclage": ("recyclage",),
    "poser_a_recycler": ("recyclage",),
    "rejeter": ("rejet",),
    "rejeter_aiguillage": ("rejet", "recyclage"),
    "refuser": ("refus", "refus_valideur"),
}
"""Effects under which the reasons of a gesture are looked for first; the others follow."""


def prenoms(classe: Classe) -> dict[str, str]:
    """First name of everybody, by pseudonym."""
    return {nom: pages_mots.court(ligne.prenom, 60) for nom, ligne in classe.participants.tous().items()}


def version(classe: Classe, de: str = "") -> str:
    """Changes when what the pages show changes; cheap, so that looking at an idle class costs nothing.

    ``de``: the participant whose form is looked at, if any.
    """
    maintenant = classe.horloge()
    lignes = []
    for nom, ligne in classe.participants.tous().items():
        suivi = classe.participants.suivi(nom)
        depuis = tuple(minutes(maintenant, iso) for iso in (suivi.bloque_depuis, ligne.aide) if iso)
        saisie = suivi.formulaire or {}
        vu = saisie.get("quand") if nom == de else saisie.get("formulaire")
        lignes.append((ligne, classe.participants.present(nom), suivi.dernier, depuis, suivi.refus, vu))
    espaces = [(nom, longueur(classe, nom)) for nom in sorted(_montres(classe))]
    return repr((classe.horloge_classe, classe.generation, classe.situation, tuple(classe.avis), lignes, espaces))


def longueur(classe: Classe, espace: str) -> tuple[int, str]:
    """How many events a space has, and its date; none in one that cannot be read."""
    try:
        return classe.espace(espace).lire(lambda p: (p.longueur, p.maintenant.date().isoformat()))
    except ErreurFacturier:
        return 0, ""


def minutes(maintenant: datetime, iso: str | datetime | None) -> int:
    """Whole minutes since then."""
    if not iso:
        return 0
    depuis = iso if isinstance(iso, datetime) else datetime.fromisoformat(iso)
    return max(0, int((maintenant - depuis).total_seconds() // 60))


def tableau(animation: Animation) -> dict[str, Any]:
    """« Qui est où »: those who ask for help first, then those who are stuck."""
    vue = animation.vue_d_ensemble()
    maintenant = animation.classe.horloge()
    progres = {nom: _progres(animation.classe, nom) for nom in _montres(animation.classe)}
    attentes = {nom: _en_attente(animation.classe, nom) for nom in _groupes(animation.classe)}
    for personne in vue["participants"]:
        personne["aide_depuis"] = minutes(maintenant, personne["aide"])
        personne["bloque"] = minutes(maintenant, personne["bloque_depuis"]) if personne["bloque_depuis"] else None
        personne["progres"] = progres[personne["solo"]]
        personne["progres_groupe"] = progres.get(personne["groupe"])
        siennes = attentes.get(personne["groupe"], Counter())
        personne["attendu"] = sum(siennes[r["role"], r["structure"]] for r in personne["roles"])
    vue["participants"].sort(key=lambda p: (not p["aide"], p["aide"], p["bloque"] is None, -(p["bloque"] or 0)))
    vue["situation"] = animation.classe.situation
    vue["appels"] = [p for p in vue["participants"] if p["aide"]]
    vue["groupes"] = [e for e in vue["espaces"] if e["nom"] in _groupes(animation.classe)]
    vue["maintenant"] = maintenant
    return vue


def espace(classe: Classe, nom: str, avant: int = 0) -> dict[str, Any]:
    """A space for a page: time, clock, circuit, roles, pieces, journal in words, criteria.

    ``avant``: show the events before that number; 0 for the last ones.
    """
    noms = prenoms(classe)
    partage = classe.espace(nom)

    def regarder(portail: Portail) -> dict[str, Any]:
        fin = min(avant - 1, portail.longueur) if avant > 0 else portail.longueur
        debut = max(0, fin - JOURNAL_MONTRE)
        montres = portail.depuis(debut)[: fin - debut]
        return {
            "nom": nom,
            "titre": titre(nom, noms),
            "maintenant": portail.maintenant,
            "arretee": portail.etat.temps.arret is not None,
            "n": portail.longueur,
            "roles": [
                {**tenu, "qui": pages_mots.tenant(tenu["tenant"], noms)} for tenu in recits.tenus(classe, nom, portail)
            ],
            "pieces": [_ligne(p) for p in reversed(portail.pieces())],
            "journal": [pages_mots.recit(e, portail.annuaire, noms) for e in reversed(montres)],
            "plus_anciens": debut + 1 if debut else 0,
            "plus_recents": fin < portail.longueur,
            "situation": partage.recit.titre if partage.recit else "",
            "criteres": [(c.libelle, c.rempli) for c in _criteres(classe, nom, portail)],
            "montage": classe.montage_de(nom),
        }

    return partage.lire(regarder)


def piece(animation: Animation, nom: str, numero: str) -> dict[str, Any]:
    """A piece for a page, and what a trainer may have happen to it now."""
    classe = animation.classe
    noms = prenoms(classe)

    def regarder(portail: Portail) -> dict[str, Any]:
        visee = portail.piece(numero)
        sienne = [e for e in portail.depuis(0) if e["objet"] == numero]
        return {
            **_ligne(visee),
            "titre_espace": titre(nom, noms),
            "version": portail.version(numero),
            "valeurs": {code: texte for code, texte in visee.valeurs.items() if texte},
            "jointes": visee.pieces_jointes,
            "histoire": [pages_mots.recit(e, portail.annuaire, noms) for e in sienne],
            "au": portail.maintenant.date(),
            "maintenant": portail.maintenant,
        }

    vue = classe.espace(nom).lire(regarder)
    vue["gestes"] = [_geste(g, vue["au"]) for g in animation.gestes(nom, numero) if g["garde"] in GARDES]
    vue["gestes"] = [g for g in vue["gestes"] if g["action"] != SUIVANTE]
    return vue


def projection(classe: Classe) -> list[dict[str, Any]]:
    """Each group's circuit, where its last dossier stands; no name, no number, no answer."""
    circuits = []
    for rang, nom in enumerate(sorted(_groupes(classe)), start=1):
        with suppress(ErreurFacturier):  # « Qui est où » says why; the others are shown
            circuits.append(_circuit(classe, nom, f"Groupe {rang}"))
    return circuits


def solitaires(classe: Classe) -> list[tuple[str, int]]:
    """How many pieces stand in each status, where everybody works alone; no name."""
    compte: dict[str, int] = {}
    for ligne in classe.participants.tous().values():
        with suppress(ErreurFacturier):
            for p in classe.espace(ligne.solo).lire(lambda portail: portail.pieces()):
                libelle = pages_mots.statut(p.statut)
                compte[libelle] = compte.get(libelle, 0) + 1
    return sorted(compte.items(), key=lambda paire: (-paire[1], paire[0]))


def titre(nom: str, noms: Mapping[str, str]) -> str:
    """What a space is called on a page."""
    genre, _, reste = nom.partition("-")
    if genre == "groupe":
        generation, _, rang = reste.partition("-")
        return f"Groupe {rang} (répartition n°\u00a0{generation})"
    pseudonyme, _, fois = reste.partition(".")
    return f"Travail individuel {pages_mots.de(noms.get(pseudonyme, pseudonyme))}" + (
        f" (essai n°\u00a0{fois})" if fois else ""
    )


def anciens(classe: Classe, pseudonyme: str, solo: str) -> list[str]:
    """Former spaces of a participant, kept aside after « recommencer » or when a situation began, oldest first."""
    base = solo.partition(".")[0]
    siens = (n for n in classe.espaces() if n != solo and n.partition(".")[0] == base)
    return sorted(siens, key=lambda n: (len(n), n))


def motifs(garde: str, action: str, au: Any) -> list[Motif]:
    """The reasons that may be given with that gesture, the usual ones first, each code once."""
    admis = [m for m in referentiel.motifs(au) if garde != "motif_hors_montant" or m.refus_travaux]
    effets = _EFFETS.get(action, ())
    uniques = {m.code: m for m in reversed(admis)}
    return sorted(uniques.values(), key=lambda m: (not set(effets) & set(m.effets), m.libelle))


def _geste(geste: Mapping[str, str], au: Any) -> dict[str, Any]:
    return {
        **geste,
        "champs": GARDES[geste["garde"]].champs,
        "motifs": motifs(geste["garde"], geste["action"], au) if "motif" in GARDES[geste["garde"]].champs else [],
    }


def _ligne(p: Piece) -> dict[str, Any]:
    return {
        "id": p.id,
        "numero": pages_mots.court(p.numero, 60),
        "cadre": p.cadre,
        "statut": p.statut,
        "depuis": p.depuis,
        "montant": pages_mots.court(p.valeurs.get("montant_ttc", ""), 30),
    }


def _premiers(montage: Montage) -> set[tuple[str, str]]:
    """Who begins, when nothing is deposited yet."""
    return {(p.role, p.structure) for p in montage.postes if p.role == montage.postes[0].role}


def _attendus(portail: Portail, piece: Piece) -> set[tuple[str, str]]:
    """Whose gesture that piece awaits."""
    possibles: tuple[Transition, ...] = cycle.transitions_possibles(
        piece.cadre, piece.statut, au=portail.maintenant.date(), bascules=portail.etat.bascules
    )
    offertes = offres.offertes(piece, possibles, portail.annuaire)
    return {(t.role, piece.structure_du(t.role)) for t in offertes if t.role != SYSTEME}


def _en_attente(classe: Classe, nom: str) -> Counter[tuple[str, str]]:
    """How many pieces of a group await each of its places; none in a space that cannot be read."""
    try:
        return classe.espace(nom).lire(lambda p: Counter(qui for piece in p.pieces() for qui in _attendus(p, piece)))
    except ErreurFacturier:
        return Counter()


def _circuit(classe: Classe, nom: str, intitule: str) -> dict[str, Any]:
    def regarder(portail: Portail) -> dict[str, Any]:
        pieces = portail.pieces()
        montage = classe.montage_de(nom)
        derniere = pieces[-1] if pieces else None
        attendus = _attendus(portail, derniere) if derniere is not None else _premiers(montage)
        return {
            "titre": intitule,
            "jour": portail.maintenant,
            "arretee": portail.etat.temps.arret is not None,
            "etapes": [(pages_mots.place(p, montage), (p.role, p.structure) in attendus) for p in montage.postes],
            "statut": derniere.statut if derniere is not None else "",
            "depuis": derniere.depuis if derniere is not None else None,
            "dossiers": len({p.dossier for p in pieces}),
        }

    return classe.espace(nom).lire(regarder)


def _criteres(classe: Classe, nom: str, portail: Portail) -> tuple[criteres.Juge, ...]:
    montage = classe.montage_de(nom) if nom.startswith(recits.GROUPE) else None
    return criteres.de(classe.espace(nom), portail.etat, montage)


def _progres(classe: Classe, nom: str) -> tuple[int, int]:
    """How many criteria a space meets, out of how many; none in one that cannot be read."""
    try:
        juges = classe.espace(nom).lire(lambda p: _criteres(classe, nom, p))
    except ErreurFacturier:
        return 0, 0
    return sum(c.rempli for c in juges), len(juges)


def _groupes(classe: Classe) -> set[str]:
    return {p.groupe for p in classe.participants.tous().values() if p.groupe}


def _montres(classe: Classe) -> set[str]:
    return _groupes(classe) | {p.solo for p in classe.participants.tous().values()}
