"""What a file does not say alone: its number against those of the files before it, its parties against a directory.

Done by the parent process as verdicts come, in the order of the files: two runs say the same whatever the number of
workers. For each file are kept a 16-byte print of its uniqueness key and its rank: about a hundred bytes.

Neither is done unless asked. A directory is the training one, or the trainer's own: the recipient of a real invoice is
in none of them. And two files of one folder may be the same invoice in two formats: only who is about to deposit them
all, and says so with the Chorus Pro rules, wants to hear that the second would be refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from facturier import __version__, regles
from facturier.annuaire import Annuaire
from facturier.efacture.jeux import JeuDeRegles
from facturier.efacture.resultat import Constat, Resultat
from facturier.erreurs import SORTIE_USAGE, ErreurFacturier
from facturier.regles import Valeur, Vue, envoi
from facturier.regles.modele import court

FORMATION = "formation"
"""Word that names the kit's own directory."""
_NOM_MONTRE = 60
_AVEC_UNICITE = frozenset({"cpro", "historique"})


def lire_annuaire(nom: str) -> Annuaire:
    """The directory called « formation », or the TOML file of the same form at this path.

    Raises:
        ErreurFacturier: no such file, or not a directory.
    """
    if nom == FORMATION:
        return Annuaire.charger()
    chemin = Path(nom)
    if not chemin.is_file():
        raise ErreurFacturier(
            f"L’annuaire «\u00a0{nom}\u00a0» n’existe pas : écrivez «\u00a0{FORMATION}\u00a0» pour celui du kit, ou le "
            "chemin d’un fichier TOML de la même forme.",
            code="annuaire-introuvable",
            sortie=SORTIE_USAGE,
        )
    return Annuaire.charger(chemin)


def demande_unicite(choisis: frozenset[str]) -> bool:
    """Whether the rule sets asked for, by name, hold the uniqueness of numbers."""
    return bool(choisis & _AVEC_UNICITE)


def confronter(
    resultats: Iterator[Resultat], chemins: Sequence[Path], *, annuaire: Annuaire | None = None, unicite: bool = False
) -> Iterator[Resultat]:
    """The same verdicts, in the same order, with what the directory and the files before say. ``chemins``: the files,
    in the order of the verdicts."""
    demandees = regles.regles_annuaire(annuaire) if annuaire is not None else ()
    jeux = [JeuDeRegles("Annuaire (règles du kit)", f"facturier {__version__}")] if demandees else []
    if unicite:
        demandees = (regles.UNICITE, *demandees)
        jeux.append(JeuDeRegles("Unicité des numéros dans le lot (règle du kit)", f"facturier {__version__}"))
    if not demandees:
        yield from resultats
        return
    pris: dict[bytes, int] = {}
    for rang, resultat in enumerate(resultats):
        vue = _vue(resultat)
        empreinte = _empreinte(vue) if unicite else b""
        premier = pris.setdefault(empreinte, rang) if empreinte else rang
        if not resultat.envoi or any(c.regle.startswith("XSD-") and c.gravite == "erreur" for c in resultat.constats):
            yield resultat
            continue
        if premier != rang:
            vue = _numero_pris(vue, chemins[premier])
        constats = tuple(_constat(m, resultat) for m in regles.controler(demandees, vue))
        invalide = resultat.verdict == "valide" and any(c.gravite == "erreur" for c in constats)
        yield replace(
            resultat,
            jeux_de_regles=(*resultat.jeux_de_regles, *jeux),
            verdict="invalide" if invalide else resultat.verdict,
            constats=(*resultat.constats, *constats),
        )


def _vue(resultat: Resultat) -> Vue:
    """The view of a result; a value's rank is that of its mention."""
    valeurs: dict[str, tuple[Valeur, ...]] = {}
    for rang, mention in enumerate(resultat.envoi):
        valeur = Valeur(mention.terme, mention.texte, mention.schema, rang)
        valeurs[mention.terme] = (*valeurs.get(mention.terme, ()), valeur)
    return Vue(valeurs)


def _empreinte(vue: Vue) -> bytes:
    cle = envoi.cle_de(vue)
    return hashlib.blake2b("\0".join(map(str, cle)).encode(), digest_size=16).digest() if cle is not None else b""


def _numero_pris(vue: Vue, premier: Path) -> Vue:
    nom = court(str(premier)[-_NOM_MONTRE:])
    numeros = tuple(Valeur(v.terme, v.texte, v.schema, v.rang, f"«\u00a0{nom}\u00a0»") for v in vue.toutes("BT-1"))
    return Vue({**vue.valeurs, envoi.DEJA_PRIS: numeros})


def _constat(manquement: regles.Manquement, resultat: Resultat) -> Constat:
    """The finding; an absent term has no place."""
    rang = manquement.valeur.rang
    mention = resultat.envoi[rang] if rang is not None else None
    return Constat(
        regle=manquement.regle.code,
        gravite=manquement.gravite,
        phrase=manquement.phrase,
        terme=manquement.valeur.terme,
        ligne=mention.ligne if mention is not None else None,
        xpath=mention.xpath if mention is not None else None,
    )
