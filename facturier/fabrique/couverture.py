"""``docs/couverture.md``: which chapter, exercise and item serve each objective and meet each frequent mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from facturier import contenu, referentiel
from facturier.evaluation.bareme import lire_bareme
from facturier.evaluation.exercices import Exercice
from facturier.evaluation.gabarits import Gabarit
from facturier.evaluation.items import FIABLE
from facturier.evaluation.tirages import lire_banque
from facturier.fabrique import minutes

_CODE = re.compile(r"\bE\d{2}\b")
_TEXTES = ("*.md", "*.toml")
_DIT_PAR = {"établi": "", "partiel": " (partiel)", "à vérifier": " (à vérifier)"}


@dataclass(frozen=True)
class Couverture:
    """What the written course covers: chapters in teaching order, their graded exercises, the bank."""

    sources: Path
    chapitres: tuple[contenu.Chapitre, ...]
    exercices: Mapping[str, tuple[Exercice, ...]]
    gabarits: tuple[Gabarit, ...]

    @classmethod
    def lire(cls, sources: Path | None = None) -> Couverture:
        """Read the chapters, their answer keys and the bank.

        Raises:
            ErreurFacturier: one of those texts breaks its own rules.
        """
        dossier = sources or contenu.racine() / "source"
        chapitres = tuple(contenu.chapitres(sources))
        exercices = {c.slug: lire_bareme(c).exercices for c in chapitres if c.exercices is not None}
        return cls(dossier, chapitres, exercices, lire_banque(dossier).gabarits)

    @cached_property
    def erreurs_citees(self) -> Mapping[str, tuple[str, ...]]:
        """By code of mistake, the chapters and situations whose texts name it."""
        lieux = [(c.slug, sorted(c.dossier.glob(motif))) for c in self.chapitres for motif in _TEXTES]
        lieux += [(f.stem, [f]) for f in sorted((self.sources / "situations").glob("*.toml"))]
        cites: dict[str, dict[str, None]] = {}
        for lieu, fichiers in lieux:
            for fichier in fichiers:
                for code in _CODE.findall(fichier.read_text(encoding="utf-8")):
                    cites.setdefault(code, {})[lieu] = None
        return {code: tuple(ou) for code, ou in cites.items()}

    def chapitres_de(self, objectif: str) -> list[contenu.Chapitre]:
        """The chapters whose card announces that objective."""
        return [c for c in self.chapitres if objectif in {o.ref for o in c.objectifs}]

    def exercices_de(self, objectif: str) -> list[Exercice]:
        """The exercises graded for it, quizzes included."""
        tous = [e for siens in self.exercices.values() for e in siens]
        return [e for e in tous if objectif in ({e.objectif} if e.objectif else {i.objectif for i in e.items})]

    def items_de(self, objectif: str) -> list[Gabarit]:
        """The items of the bank that may be graded for it."""
        return [g for g in self.gabarits if g.objectif == objectif and g.fiabilite == FIABLE]

    def trous(self) -> list[str]:
        """What nothing covers, in French sentences; empty when the course holds."""
        objectifs = contenu.objectifs()
        manques = []
        for ref in objectifs:
            for quoi, liste in (
                ("aucun chapitre", self.chapitres_de(ref)),
                ("aucun exercice", self.exercices_de(ref)),
                ("aucun item noté", self.items_de(ref)),
            ):
                if not liste:
                    manques.append(f"Objectif {ref} : {quoi} ne le sert.")
        for chapitre in self.chapitres:
            notes = {i.objectif for e in self.exercices.get(chapitre.slug, ()) for i in e.items}
            notes |= {e.objectif for e in self.exercices.get(chapitre.slug, ())}
            annonces = {o.ref for o in chapitre.objectifs}
            if chapitre.exercices is not None and annonces - notes:
                manques.append(f"{chapitre.slug} : {', '.join(sorted(annonces - notes))} annoncé, jamais évalué.")
        dans_les_items = {code for g in self.gabarits for code in g.erreurs}
        for erreur in referentiel.erreurs():
            if erreur.code not in dans_les_items and erreur.code not in self.erreurs_citees:
                manques.append(f"Erreur {erreur.code} : personne ne la rencontre.")
        connues = {e.code for e in referentiel.erreurs()}
        manques += [
            f"{code} : cette erreur n’est pas dans la table." for code in sorted({*self.erreurs_citees} - connues)
        ]
        return manques


def page(couverture: Couverture) -> str:
    """The page, in Markdown."""
    objectifs = contenu.objectifs()
    lignes = [
        "# Ce que la journée couvre",
        "",
        "Page refaite par `facturier construire`, à partir de `source/` et de la table `erreurs`. Un test refuse qu’un "
        "objectif, un chapitre ou une erreur fréquente reste sans rien.",
        "",
        "",
        "## Par objectif",
        "",
        "| Objectif | Chapitres | Exercices | Items notés de la banque |",
        "|---|---|---|---|",
    ]
    for ref, texte in objectifs.items():
        chapitres = _dits(c.titre for c in couverture.chapitres_de(ref))
        exercices = _dits(e.titre for e in couverture.exercices_de(ref))
        lignes.append(f"| **{ref}** {texte} | {chapitres} | {exercices} | {len(couverture.items_de(ref))} |")
    lignes += [
        "",
        "",
        "## Par chapitre",
        "",
        "| Chapitre | Durée | Programme | Objectifs | Exercices | Items d’entraînement |",
        "|---|---|---|---|---|---|",
    ]
    for c in couverture.chapitres:
        siens = [g for g in couverture.gabarits if c.slug in g.theme.chapitres and g.fiabilite == FIABLE]
        exercices = _dits(f"{e.titre} ({e.genre})" for e in couverture.exercices.get(c.slug, ()))
        objectifs_du_chapitre = ", ".join(dict.fromkeys(o.ref for o in c.objectifs))
        lignes.append(
            f"| {c.titre} | {c.duree} min | {', '.join(c.programme)} | {objectifs_du_chapitre} | {exercices} | "
            f"{len(siens) or '–'} |"
        )
    lignes += minutes.page({c: minutes.effort(c, couverture.exercices.get(c.slug, ())) for c in couverture.chapitres})
    lignes += [
        "",
        "",
        "## Par erreur fréquente",
        "",
        "| Erreur | Ce qu’on fait à tort | Chapitres et situations | Items |",
        "|---|---|---|---|",
    ]
    for erreur in referentiel.erreurs():
        items = _dits(f"`{g.id}`" for g in couverture.gabarits if erreur.code in g.erreurs)
        lieux = _dits(couverture.erreurs_citees.get(erreur.code, ()))
        doute = _DIT_PAR[erreur.fiabilite]
        lignes.append(f"| {erreur.code}{doute} | {erreur.erreur} | {lieux} | {items} |")
    return "\n".join(lignes) + "\n"


def _dits(mots: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(mots)) or "–"
