"""The questions of a quiz as fields and blocks, from their public statement: nothing here knows the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from facturier.champs import Champ
from facturier.ecrans.blocs import Bouton, Question
from facturier.ecrans.vue import EtatChamp
from facturier.evaluation.items import A_SAISIR, LIEN, PAR_LIGNES
from facturier.evaluation.valeurs import lire_jour, lire_nombre

EFFACER = "effacer"
OUI = "oui"
TEXTE_MAX = 2_000
CONSIGNES = {
    "multiple": "Plusieurs réponses sont possibles.",
    "ordre": "Donnez un rang à chaque ligne, 1 pour la première.",
    "appariement": "Choisissez ce qui va avec chaque ligne.",
}
Enonce = Mapping[str, Any]
Reponse = str | list[str]


def champs_de(item: Enonce) -> tuple[tuple[str, Champ], ...]:
    """The fields that answer that item, each with the part that it is about (a choice, a line, "" for the whole)."""
    ident, genre = str(item["id"]), item["genre"]
    if genre == "multiple":
        return tuple((c["id"], Champ(f"{ident}.{c['id']}", c["texte"], genre="oui")) for c in item["choix"])
    if genre in PAR_LIGNES:
        invite = "Rang " if genre == "ordre" else ""
        cibles = tuple((c["id"], f"{invite}{c['texte']}") for c in item["cibles"])
        return tuple(
            (ligne["id"], Champ(f"{ident}.{ligne['id']}", ligne["texte"], genre="choix", choix=cibles))
            for ligne in item["lignes"]
        )
    if genre in A_SAISIR:
        unite = f", en {item['unite']}" if item.get("unite") else ""
        forme = "jour/mois/année" if genre == "date" else f"en chiffres{unite}"
        return (("", Champ(ident, f"Votre réponse, {forme}", genre=genre, longueur_max=TEXTE_MAX)),)
    choix = tuple((c["id"], c["texte"]) for c in item["choix"])
    return (("", Champ(ident, "Votre réponse", genre="choix", choix=choix, presentation="radios")),)


def textes(item: Enonce, reponse: Reponse) -> dict[str, str]:
    """What each field of that item shows when this is its answer."""
    if item["genre"] == "multiple":
        return {champ.id: OUI if choix in reponse else "" for choix, champ in champs_de(item)}
    if item["genre"] in PAR_LIGNES:
        liens = dict(lien.split(LIEN, 1) for lien in reponse)
        return {champ.id: liens.get(ligne, "") for ligne, champ in champs_de(item)}
    return {champ.id: str(reponse) for _, champ in champs_de(item)}


def completer(item: Enonce, reponse: Reponse, champ_id: str, texte: str) -> Reponse:
    """The answer once that field of the item holds this text.

    Raises:
        KeyError: the item has no such field.
    """
    partie = next((partie for partie, champ in champs_de(item) if champ.id == champ_id), None)
    if partie is None:
        raise KeyError(champ_id)
    if item["genre"] == "multiple":
        autres = [choix for choix in reponse if choix != partie]
        return sorted([*autres, partie]) if texte == OUI else sorted(autres)
    if item["genre"] in PAR_LIGNES:
        autres = [lien for lien in reponse if lien.split(LIEN, 1)[0] != partie]
        return sorted([*autres, f"{partie}{LIEN}{texte}"] if texte else autres)
    return texte


def etats(items: Sequence[Enonce], reponses: Mapping[str, Reponse]) -> dict[str, EtatChamp]:
    """The state of every field of a quiz; no answer is ever called wrong here."""
    etats_lus: dict[str, EtatChamp] = {}
    for item in items:
        montres = textes(item, reponses[item["id"]])
        for _, champ in champs_de(item):
            options = champ.choix if isinstance(champ.choix, tuple) else ()
            etats_lus[champ.id] = EtatChamp(champ, montres[champ.id], "", False, options, longueur_max=TEXTE_MAX)
    return etats_lus


def blocs(items: Sequence[Enonce], reponses: Mapping[str, Reponse], *, effacer: bool = True) -> list[Question]:
    """The questions, numbered, each saying whether it is answered; ``effacer``: a button takes an answer back."""
    return [_bloc(item, rang, len(items), _reponse(reponses, item), effacer) for rang, item in _numerotes(items)]


def sans_reponse(items: Sequence[Enonce], reponses: Mapping[str, Reponse]) -> str:
    """Which questions are still blank, once some are not: a question missed at the bottom of a page is found."""
    rangs = [str(rang) for rang, item in _numerotes(items) if not _reponse(reponses, item)]
    if not rangs or len(rangs) == len(items):
        return ""
    return f"Sans réponse : question{'s' if len(rangs) > 1 else ''} {', '.join(rangs)}."


def _bloc(item: Enonce, rang: int, total: int, reponse: Reponse, effacer: bool) -> Question:
    genre = item["genre"]
    consigne = CONSIGNES.get(genre, "")
    if genre == "multiple" and "plusieurs réponses" in item["question"]:
        consigne = ""
    if genre == "champ":
        consigne = f"Facture : {item['facture']}. Voici des champs de sa page."
    bouton = Bouton(EFFACER, "Effacer ma réponse", "second", {"question": str(item["id"])}, f"à la question {rang}")
    return Question(
        id=str(item["id"]),
        rang=f"Question {rang} sur {total}",
        etat=_etat(item, reponse),
        texte=str(item["question"]),
        champs=tuple(champ.id for _, champ in champs_de(item)),
        consigne=consigne,
        bouton=bouton if effacer and reponse and genre not in A_SAISIR else None,
    )


def _etat(item: Enonce, reponse: Reponse) -> str:
    """Whether it is answered, and can be read: said while there is time."""
    if not reponse:
        return "à répondre"
    genre = item["genre"]
    if isinstance(reponse, str):
        if genre == "nombre" and lire_nombre(reponse, str(item.get("unite", ""))) is None:
            return "à relire : écrivez un seul nombre, par exemple 1234,56"
        if genre == "date" and lire_jour(reponse) is None:
            return "à relire : écrivez une date, par exemple 24/11/2026"
        return "répondu"
    if genre == "ordre" and len({lien.split(LIEN, 1)[1] for lien in reponse}) < len(reponse):
        return "à relire : un même rang est donné deux fois"
    return "à compléter" if genre in PAR_LIGNES and len(reponse) < len(item["lignes"]) else "répondu"


def _numerotes(items: Sequence[Enonce]) -> list[tuple[int, Enonce]]:
    return list(enumerate(items, start=1))


def _reponse(reponses: Mapping[str, Reponse], item: Enonce) -> Reponse:
    valeur = reponses[item["id"]]
    return valeur.strip() if isinstance(valeur, str) else valeur
