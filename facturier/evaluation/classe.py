"""In class mode the server's copy prevails: what each learner did is read in the store of their class.

The trainer's process reads the store, finds each learner's participant, and keeps their part beside the course, where
no learner's file goes; the judge replays it in the place of the copy that was handed in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.ecriture import write_json
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Exercice
from facturier.evaluation.identites import ANONYME, cle_nbgrader
from facturier.evaluation.jugement import Jugement, a_verifier, juger
from facturier.evaluation.rejeu import (
    OCTETS_MAX,
    JournalInvraisemblable,
    PieceRejouee,
    rejouer_situation,
    rejouer_sur_portail,
)
from facturier.evaluation.reponses import Reponse

if TYPE_CHECKING:
    from facturier.registre import LigneParticipant, RegistreClasse

DOSSIER = "grading/classe"
SOLO = "solo-"
CREER_COMPTE = "creer_compte"
_NON_ENVOYEES = ("BROUILLON", "SUPPRIMEE")


@dataclass(frozen=True)
class Copie:
    """A space of the class as its store has it. ``auteurs``: this learner and their accounts there."""

    espace: str
    ouverture: Mapping[str, Any]
    evenements: tuple[dict[str, Any], ...]
    auteurs: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What the class kept of one learner, or the sentence that says why nobody can tell."""

    copies: tuple[Copie, ...] = ()
    doute: str = ""


@dataclass(frozen=True)
class Gardee:
    """What a class's store holds, read once."""

    participants: tuple[LigneParticipant, ...]
    espaces: tuple[tuple[str, Mapping[str, Any], tuple[dict[str, Any], ...]], ...]


def lire_classe(registre: RegistreClasse) -> Gardee:
    """The participants and journals of that store.

    Raises:
        ErreurFacturier: it cannot be read, or no class ever used it.
    """
    participants = registre.participants()
    if not participants:
        raise ErreurFacturier(
            "Personne n’a rejoint la classe de cette base : donnez celle que « facturier portail » a servie.",
            code="classe-vide",
        )
    espaces = tuple((nom, ouverture, registre.lire(nom)) for nom, ouverture in registre.espaces())
    return Gardee(participants, espaces)


def parts(gardee: Gardee, ids: Sequence[str]) -> dict[str, Part]:
    """Each learner's part; those who never joined are left out.

    The pseudonym or the first name names its learner; failing that, the same first word, when it names one only.
    """
    par_cle: dict[str, list[LigneParticipant]] = {}
    for ligne in gardee.participants:
        for cle in {ligne.pseudonyme, cle_nbgrader(ligne.prenom)}:
            par_cle.setdefault(cle, []).append(ligne)
    exacts = {ident: par_cle[cle] for ident in ids if (cle := cle_nbgrader(ident)) in par_cle and cle != ANONYME}
    pris = {ligne.pseudonyme for lignes in exacts.values() for ligne in lignes}
    libres = [ligne for ligne in gardee.participants if ligne.pseudonyme not in pris]
    attendent = [ident for ident in ids if ident not in exacts and cle_nbgrader(ident) != ANONYME]
    proches = {
        ident: [ligne for ligne in libres if _premier(ligne.pseudonyme) == _premier(ident)] for ident in attendent
    }
    trouves: dict[str, Part] = {}
    for ident, candidats in {**exacts, **proches}.items():
        rivaux = [autre for autre, siens in {**exacts, **proches}.items() if set(siens) & set(candidats)]
        if len(candidats) == 1 and len(rivaux) == 1:
            trouves[ident] = Part(_copies(gardee, candidats[0]))
        elif candidats:
            noms = ", ".join(f"« {ligne.pseudonyme} »" for ligne in candidats)
            trouves[ident] = Part(doute=f"Dans la classe, {noms} peut être cet apprenant ou un autre : dites lequel.")
    return trouves


def _premier(nom: str) -> str:
    return cle_nbgrader(nom).split("-")[0]


def _copies(gardee: Gardee, ligne: LigneParticipant) -> tuple[Copie, ...]:
    """The spaces of their own and the groups in which they acted, in the order in which the class opened them.

    Of several attempts at one situation, or at free play, the last one in which they did anything counts.
    """
    copies: dict[str, Copie] = {}
    siens = ligne.solo.partition(".")[0]
    for nom, ouverture, evenements in sorted(gardee.espaces, key=lambda espace: _essai(espace[0])):
        comptes = {e["objet"] for e in evenements if e["action"] == CREER_COMPTE and e["par"] == ligne.pseudonyme}
        auteurs = {ligne.pseudonyme} | comptes
        seul = nom.partition(".")[0] == siens
        if (seul or not nom.startswith(SOLO)) and any(e["par"] in auteurs for e in evenements):
            cle = SOLO + _situation(ouverture) if seul else nom
            copies.pop(cle, None)
            copies[cle] = Copie(nom, ouverture, evenements, tuple(sorted(auteurs)))
    return tuple(copies.values())


def _essai(espace: str) -> int:
    """Which of a learner's spaces of their own that is, the first one when it is a group's."""
    rang = espace.partition(".")[2]
    return int(rang) if rang.isdecimal() else 1


def _situation(ouverture: Mapping[str, Any]) -> str:
    """The situation that a space plays, "" in free play."""
    from facturier.situations import connue

    scenario = str(ouverture.get("scenario", ""))
    return scenario if connue(scenario) else ""


# kept beside the course, out of the reach of what learners hand in


def garder(racine: Path, attribuees: Mapping[str, Part]) -> None:
    """Write the part of each learner, by the key that names them in nbgrader's folders; former ones are removed."""
    dossier = racine / DOSSIER
    if dossier.is_dir():
        for ancien in dossier.glob("*.json"):
            ancien.unlink()
    for cle, part in attribuees.items():
        copies = [
            {"espace": c.espace, "ouverture": dict(c.ouverture), "evenements": c.evenements, "auteurs": c.auteurs}
            for c in part.copies
        ]
        write_json(dossier / f"{cle}.json", {"schema": 1, "doute": part.doute, "copies": copies})


def lire_part(racine: Path, cle: str) -> Part | None:
    """The part kept for that learner, None when there is none.

    Raises:
        ErreurFacturier: the file that the trainer's process wrote can no longer be read.
    """
    fichier = racine / DOSSIER / f"{cle}.json"
    if not fichier.is_file():
        return None
    try:
        if fichier.stat().st_size > 8 * OCTETS_MAX:
            raise ValueError("size")
        lu = json.loads(fichier.read_text(encoding="utf-8"))
        copies = [Copie(c["espace"], c["ouverture"], tuple(c["evenements"]), tuple(c["auteurs"])) for c in lu["copies"]]
        return Part(tuple(copies), lu["doute"])
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise ErreurFacturier(
            f"La part de la classe {fichier} est abîmée : relancez « facturier noter … --classe ».",
            code="classe-illisible",
        ) from cause


# judging


def juger_en_classe(exercice: Exercice, reponse: Reponse | None, part: Part) -> tuple[Jugement, str]:
    """The verdict on what the class kept of that exercise, and a sentence when another copy was handed in.

    Where the class kept nothing of it, the copy handed in is judged as it is without a class.
    """
    if exercice.genre not in ("depot", "portail"):
        return juger(exercice, reponse), ""
    if part.doute:
        return a_verifier(exercice, part.doute), ""
    try:
        trouvee = _de_situation(exercice, part) if exercice.genre == "portail" else _de_depot(exercice, part)
    except JournalInvraisemblable as refus:
        return a_verifier(exercice, f"Base de la classe : {refus.phrase}"), ""
    if trouvee is None:
        return juger(exercice, reponse), ""
    copie, piece = trouvee
    exercice = replace(exercice, situation=_situation(copie.ouverture)) if exercice.genre == "portail" else exercice
    servie = Reponse(
        carnet=f"{exercice.chapitre}/exercices",
        formulaire=exercice.id,
        valeurs={},
        journal=copie.evenements,
        lignee="classe",
        revision=1,
        horodatage=reponse.horodatage if reponse is not None else "",
        graine=str(copie.ouverture.get("graine", "")) if exercice.genre == "portail" else "",
    )
    ecart = ""
    if reponse is not None and reponse.journal and not _deja_vue(reponse.journal, part):
        ecart = (
            f"« {exercice.titre} » : la copie du carnet diffère de ce que le portail de la classe a gardé "
            f"(espace {copie.espace}) ; elle est écartée, celle du portail compte."
        )
    return juger(exercice, servie, rejeu=lambda *_: piece, jeu=partial(rejouer_situation, classe=True)), ecart


def _de_depot(exercice: Exercice, part: Part) -> tuple[Copie, PieceRejouee | None] | None:
    """The space in which this learner last sent a piece of that supplier, else in which they have a draft."""
    from facturier.portail import Ouverture

    trouvees = []
    for copie in part.copies:
        if _situation(copie.ouverture):  # what is deposited in a story is not what the exercise asks for
            continue
        ouverture = Ouverture.depuis_json(copie.ouverture)
        piece = rejouer_sur_portail(copie.evenements, exercice.fournisseur_siret, ouverture, copie.auteurs)
        if piece is not None:
            trouvees.append((piece.statut not in _NON_ENVOYEES, piece.le, copie, piece))
    if not trouvees:
        return None
    _, _, copie, piece = max(trouvees, key=lambda trouvee: trouvee[:2])
    return copie, piece


def _de_situation(exercice: Exercice, part: Part) -> tuple[Copie, None] | None:
    """The last space that played that situation, or one of its variants."""
    from facturier.situations import variantes

    admises = {exercice.situation, *variantes(exercice.situation).values()}
    jouees = [copie for copie in part.copies if _situation(copie.ouverture) in admises]
    return (jouees[-1], None) if jouees else None


def _deja_vue(journal: Sequence[Mapping[str, Any]], part: Part) -> bool:
    """Whether that journal is the class's, as it was at some time."""
    return any(list(journal) == list(copie.evenements[: len(journal)]) for copie in part.copies)


def sans_classe(rendus: Mapping[str, Part], ident: str) -> str:
    """What to say of a learner whom the class does not know, "" for the others."""
    if ident in rendus:
        return ""
    return "Cet apprenant n’a pas rejoint la classe : ses exercices du portail sont jugés sur son carnet."
