"""The papers of a session: convocation, videoconference sheet, sign-in sheets, certificates and attestations.

Names live in the trainer's own file and appear on paper only (RGPD); hours are those that the sheets say, never the
planned ones; results come from the marks of the session, per objective.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date

from facturier.documents.inscrits import Personne, Suivi
from facturier.documents.inscrits import nombre as _nombre
from facturier.impression import imprimer
from facturier.referentiel.redaction import elider
from facturier.session import Session

MODELE = Path(__file__).parent / "modeles" / "administratif.typ"
OBJECTIFS = (
    "Connaître les obligations des acheteurs publics et des entreprises sur l’offre électronique",
    "Créer et paramétrer le compte Chorus",
    "Comprendre le fonctionnement de Chorus Pro avec ou sans maîtrise d’œuvre",
)
MICRO = "À distance : un micro, un haut-parleur ou un casque ; une caméra est conseillée, un second écran aussi."
EFFECTIF = range(3, 8)
GROS = 16.0
"""Points of a print in large characters."""
NDA = "Cet enregistrement ne vaut pas agrément de l’État."

Bloc = dict[str, Any]


def documents(
    session: Session, noms: Sequence[Personne], suivis: Mapping[str, Suivi] | None = None, *, gros: bool = False
) -> dict[str, bytes]:
    """Every paper that can be made now, PDF by file name; those of after the session only for who has hours.

    ``gros``: large characters.
    """
    faits: dict[str, bytes] = {}

    def poser(nom: str, titre: str, objet: str, blocs: Sequence[Bloc], **options: Any) -> None:
        faits[f"{nom}.pdf"] = imprimer_papier(session, titre, objet, blocs, gros=gros, **options)

    if session.a_distance:
        poser("visioconference", "Se connecter à la visioconférence", "Fiche de visioconférence", _visio(session))
    for nom, plage, _ in session.demi_journees:
        rangees = [[p.complet, p.entreprise, ""] for p in noms] or [["", "", ""] for _ in EFFECTIF]
        blocs = _emargement(session, nom, plage, rangees)
        poser(f"emargement-{_fichier(nom)}", f"Feuille d’émargement : {nom}", session.intitule, blocs)
    for personne in noms:
        poser(f"convocation-{personne.pseudonyme}", "Convocation", session.intitule, _convocation(session, personne))
        suivi = (suivis or {}).get(personne.pseudonyme)
        if suivi is None or not suivi.total:
            continue
        qui = personne.pseudonyme
        poser(f"assiduite-{qui}", "Attestation d’assiduité", session.intitule, _assiduite(session, personne, suivi))
        poser(
            f"realisation-{qui}", "Certificat de réalisation", session.intitule, _realisation(session, personne, suivi)
        )
        poser(f"attestation-{qui}", "Attestation de fin de formation", session.intitule, _fin(session, personne, suivi))
    return faits


def imprimer_papier(
    session: Session, titre: str, objet: str, blocs: Sequence[Bloc], *, gros: bool = False, **options: Any
) -> bytes:
    """One paper of the session, as PDF: its blocks under the organisation's name, dated of the session."""
    donnees = {
        "titre": titre,
        "objet": objet,
        "organisme": session.organisme,
        "pied": _pied(session),
        "blocs": list(blocs),
        **({"taille": GROS} if gros else {}),
        **options,
    }
    return imprimer(MODELE, donnees, session.jour)


def jour_dit(session: Session) -> str:
    """« jeudi 3 décembre 2026 »."""
    return str(format_date(session.jour, "full", locale="fr"))


# --- one function a paper -------------------------------------------------------------------------------------


def _convocation(session: Session, personne: Personne) -> list[Bloc]:
    return [
        _texte(f"À l’attention de {personne.complet}" + (f", {personne.entreprise}" if personne.entreprise else "")),
        _texte("Nous vous attendons à la formation suivante."),
        _fiche(_seance(session)),
        _titre("Avant la séance"),
        _liste(
            "Un poste avec un traitement de texte, un tableur, un lecteur de PDF et un navigateur à jour ; une adresse "
            "électronique que vous pouvez consulter.",
            *([MICRO] if session.a_distance else []),
            "Dix minutes avant l’heure : la page d’accueil vérifie que tout marche.",
            "Pensez à un marché public que votre entreprise a facturé : vous le raconterez sans nommer le client.",
        ),
        _titre("Les objectifs"),
        _liste(*OBJECTIFS),
        _titre("Comment vous serez évalué"),
        _texte("Un quiz d’entrée, des exercices sur un portail d’entraînement, un quiz de sortie ; puis votre avis."),
        _titre("Un aménagement est possible"),
        _texte(
            "Dites-nous ce qui vous aiderait (gros caractères, clavier seul, lecteur d’écran, pauses)"
            + (f" : {session.referent_handicap}." if session.referent_handicap else ", avant la séance.")
        ),
    ]


def _visio(session: Session) -> list[Bloc]:
    lien = session.visioconference or "remis par votre formateur, dans le message de la veille"
    return [
        _fiche([*_seance(session), ("Lien de la réunion", lien)]),
        _titre("Ce qu’il faut"),
        _liste(
            "Un ordinateur (Windows, macOS ou Linux) ou une tablette, avec la dernière version de Chrome, d’Edge, de "
            "Firefox ou de Safari.",
            "Deux écrans sont conseillés : la réunion sur l’un, le portail d’entraînement sur l’autre. Avec un seul "
            "écran, mettez les deux fenêtres côte à côte.",
        ),
        _titre("Rejoindre"),
        _liste(
            "Cliquez sur le lien. Sans rien installer, choisissez « Rejoindre depuis le navigateur ».",
            "Avec l’application : « Rejoindre une réunion », puis l’identifiant et le code de la réunion.",
            "Un compte n’est pas nécessaire : votre prénom suffit.",
            "Vous ne retrouvez plus l’invitation ? Cherchez le nom de l’organisme dans votre messagerie, indésirables "
            "compris, puis écrivez à votre contact.",
            "Une licence gratuite peut couper la réunion au bout d’un temps limité : rejoignez-la par le même lien.",
        ),
        _titre("L’essai, dix minutes avant"),
        _liste(
            "Son : parlez, puis écoutez l’enregistrement d’essai.",
            "Caméra : cadrez-vous, la lumière devant vous.",
            "Partage d’écran : essayez une fois, le formateur vous le demandera.",
        ),
    ]


def _emargement(session: Session, nom: str, plage: str, rangees: list[list[str]]) -> list[Bloc]:
    effectif = len(rangees)
    avis = (
        []
        if effectif in EFFECTIF
        else [_texte(f"Effectif : {effectif}. La formation est prévue pour 3 à 7 personnes.")]
    )
    return [
        _fiche([*_seance(session), ("Demi-journée", f"{nom}, {_plage(plage)}")]),
        *avis,
        {
            "genre": "tableau",
            "largeurs": [3, 3, 4],
            "hauteur": 5,
            "colonnes": ["Apprenant", "Entreprise", "Signature"],
            "rangees": rangees,
        },
        {"genre": "signature", "cases": [f"Le formateur : {session.formateur}", "Observations"]},
    ]


def _assiduite(session: Session, personne: Personne, suivi: Suivi) -> list[Bloc]:
    lignes = [
        [nom, _plage(plage), f"{_nombre(faites)} h sur {_nombre(prevues)} h"]
        for (nom, plage, prevues), faites in zip(session.demi_journees, suivi.heures, strict=True)
    ]
    return [
        _texte(f"{_atteste(session, personne)} a suivi la formation ci-dessous."),
        _fiche(_seance(session)),
        _tableau([3, 3, 3], ["Demi-journée", "Horaires", "Présence"], lignes),
        _texte(f"Durée suivie : {_nombre(suivi.total)} heures, d’après les feuilles d’émargement signées."),
        _signature(session),
    ]


def _realisation(session: Session, personne: Personne, suivi: Suivi) -> list[Bloc]:
    return [
        _texte(f"Je soussigné, {_signataire(session)}, représentant de l’organisme {session.organisme}, atteste que :"),
        _fiche(
            [
                ("Bénéficiaire", personne.complet),
                *([("Salarié de l’entreprise", personne.entreprise)] if personne.entreprise else []),
                ("A suivi l’action", session.intitule),
                ("Nature de l’action", "action de formation"),
                ("Date", jour_dit(session)),
                ("Durée effectivement suivie", f"{_nombre(suivi.total)} heures"),
            ]
        ),
        _texte(
            "Je m’engage à conserver l’ensemble des pièces justificatives qui ont permis d’établir ce certificat, "
            "pendant trois ans à compter de la fin de l’année du dernier paiement (plus si l’action est cofinancée)."
        ),
        _signature(session),
    ]


def _fin(session: Session, personne: Personne, suivi: Suivi) -> list[Bloc]:
    lignes = [
        [
            libelle,
            *(_part(part, evalue=bool(suivi.resultats)) for part in suivi.resultats.get(f"O{rang}", (None, None))),
        ]
        for rang, libelle in enumerate(OBJECTIFS, start=1)
    ]
    return [
        _texte(f"{_atteste(session, personne)} a suivi l’action de formation ci-dessous."),
        _fiche(
            [*_seance(session), ("Durée suivie", f"{_nombre(suivi.total)} heures"), ("Nature", "action de formation")]
        ),
        _titre("Résultats de l’évaluation des acquis"),
        _tableau([6, 2, 2], ["Objectif", "Quiz d’entrée", "Quiz de sortie"], lignes),
        _texte(
            "Une question laissée vide n’est pas comptée comme une erreur : elle est dite « non répondu »."
            if suivi.resultats
            else "Aucun quiz rendu n’a été noté pour cette personne."
        ),
        _signature(session),
    ]


# --- blocks ---------------------------------------------------------------------------------------------------


def _seance(session: Session) -> list[tuple[str, str]]:
    horaires = " et ".join(_plage(plage) for _, plage, _ in session.demi_journees)
    duree = sum((heures for _, _, heures in session.demi_journees), Decimal(0))
    return [
        ("Formation", session.intitule),
        ("Date", jour_dit(session)),
        ("Horaires", f"{horaires} ({_nombre(duree)} heures)"),
        ("Lieu", session.lieu),
        ("Formateur", session.formateur),
        *([("Contact", session.contact)] if session.contact else []),
    ]


def _pied(session: Session) -> str:
    morceaux = [session.organisme, session.adresse]
    if session.nda:
        morceaux.append(f"Déclaration d’activité n° {session.nda}. {NDA}")
    return " · ".join(filter(None, morceaux))


def _signature(session: Session) -> Bloc:
    return {
        "genre": "signature",
        "cases": [f"Fait à ………………………, le {jour_dit(session)}. Signature et cachet : {_signataire(session)}"],
    }


def _signataire(session: Session) -> str:
    return session.signataire or session.formateur


def _atteste(session: Session, personne: Personne) -> str:
    """Who signs, and of whom; the comma that opens a capacity (Paul Durand, directeur) is closed by another."""
    virgule = "," if "," in _signataire(session) else ""
    return f"{_signataire(session)}{virgule} atteste {elider('que', personne.complet)}"


def _titre(texte: str) -> Bloc:
    return {"genre": "titre", "texte": texte}


def _texte(texte: str) -> Bloc:
    return {"genre": "texte", "texte": texte}


def _liste(*lignes: str) -> Bloc:
    return {"genre": "liste", "lignes": list(lignes)}


def _fiche(paires: Sequence[tuple[str, str]]) -> Bloc:
    return {"genre": "fiche", "paires": [list(paire) for paire in paires]}


def _tableau(largeurs: list[int], colonnes: list[str], rangees: Sequence[Sequence[str]]) -> Bloc:
    return {"genre": "tableau", "largeurs": largeurs, "colonnes": colonnes, "rangees": [list(r) for r in rangees]}


def _plage(plage: str) -> str:
    debut, _, fin = plage.partition("-")
    return f"{debut.replace(':', ' h ')} à {fin.replace(':', ' h ')}"


def _part(part: Decimal | None, *, evalue: bool) -> str:
    if not evalue:
        return "non évalué"
    return "non répondu" if part is None else f"{_nombre(part.quantize(Decimal(1)))} %"


def _fichier(nom: str) -> str:
    return nom.replace("è", "e")
