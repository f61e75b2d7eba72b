"""From the text to the marks: a chapter whose exercise is a drawn situation, and a class where one copies another."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rendus_de_classe import Carnet, Classe

from facturier.annuaire import Annuaire
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.resultats import Resultats
from facturier.fabrique.correction import noter, preparer_cours
from facturier.situations import Geste, commencer, executer, tirer

ANNUAIRE = Annuaire.charger()
TEXTES = {
    "chapitre.toml": """
ordre = 10
titre = "Situation d’essai"
duree = 10
moment = "essai"
programme = ["A2"]
objectifs = [{ ref = "O3", texte = "déposer" }]
""",
    "lecon.md": """# Situation d’essai

Voici la ligne grisée.

```python
from facturier import lecon
```

C’est fini.
""",
    "exercices.md": """# Situation d’essai

Voici la ligne grisée.

```python
from facturier import lecon
```

Jouez.

```python exercice="cotraitant"
lecon.exercice("cotraitant")
```

Merci.
""",
    "corrige.toml": """
[[exercice]]
id = "cotraitant"
genre = "portail"
titre = "La facture d’un cotraitant"
objectif = "O3"
situation = "cotraitant_services"

[[exercice.critere]]
champ = "facture_conforme_a_la_situation"
points = 3

[[exercice.critere]]
champ = "demande_payee"
points = 1
""",
}


def ecrire(sources: Path, **changes: str) -> Path:
    dossier = sources / "situation"
    dossier.mkdir(parents=True)
    for nom, texte in TEXTES.items():
        (dossier / nom).write_text(changes.get(nom.split(".")[0], texte), encoding="utf-8")
    return sources


def copie(classe: Classe, graine: str, gestes: tuple[Geste, ...] | None = None, **autres: Any) -> Carnet:
    """A notebook in which that seed's situation was played (all that it says, by default)."""
    situation = tirer("cotraitant_services", graine, ANNUAIRE)
    portail = executer(commencer(situation.recit, ANNUAIRE), situation.saisie if gestes is None else gestes)
    journal = tuple(json.loads(json.dumps(portail.journal)))
    reponse = classe.reponse("situation", "cotraitant", {}, **{"journal": journal, "graine": graine, **autres})
    return classe.carnet("situation", reponse)


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Resultats:
    racine = tmp_path_factory.mktemp("situations")
    sources, cours, rendus = ecrire(racine / "source"), racine / "cours", racine / "rendus"
    preparer_cours(cours, sources)
    rendus.mkdir()
    classe = Classe(cours, rendus)
    faute = next(f for f in tirer("cotraitant_services", "g-moyenne", ANNUAIRE).fautes if not f.refus)
    classe.rend("moyenne", copie(classe, "g-moyenne", faute.gestes))
    classe.rend("modele", copie(classe, "g-commune"))
    classe.rend("recopie", copie(classe, "g-commune"))
    voisin = json.loads(json.dumps(copie(classe, "g-moyenne")))
    (sortie,) = [s for c in voisin["cells"] for s in c.get("outputs", [])]
    (journal,) = [d["journal"] for d in sortie["data"].values() if isinstance(d, dict)]
    classe.rend("voisin", copie(classe, "g-voisin", journal=tuple(journal)))
    return noter(rendus, racine / "notes", sources=sources)


@pytest.mark.parametrize(
    ("qui", "statut", "points", "statut_apprenant"),
    [
        ("voisin", "a_verifier", None, "a_verifier"),
        ("modele", "fait", Decimal(4), "a_verifier"),
        ("recopie", "fait", Decimal(4), "a_verifier"),
    ],
)
def test_chacun_est_note_sur_sa_propre_situation(
    notes: Resultats, qui: str, statut: str, points: Decimal | None, statut_apprenant: str
) -> None:
    (apprenant,) = (a for a in notes.apprenants if a.id == qui)
    note = apprenant.chapitres["situation"]
    assert (note.statut, note.points, apprenant.statut) == (statut, points, statut_apprenant)


def test_la_faute_coute_son_critere_et_se_dit(notes: Resultats) -> None:
    (apprenant,) = (a for a in notes.apprenants if a.id == "moyenne")
    (jugement,) = apprenant.chapitres["situation"].jugements
    assert jugement.points is not None
    assert jugement.points < 4
    assert [c.message for c in jugement.criteres if c.statut == "faux"]


def test_deux_copies_du_meme_tirage_disent_de_qui_elles_sont(notes: Resultats) -> None:
    problemes = {a.id: " ".join(a.problemes) for a in notes.apprenants}
    assert "même tirage" in problemes["modele"]
    assert "recopie" in problemes["modele"]
    assert "modele" in problemes["recopie"]
    assert not problemes["moyenne"]


def test_une_cellule_d_un_autre_verbe_est_refusee(tmp_path: Path) -> None:
    fautif = TEXTES["exercices.md"].replace('lecon.exercice("cotraitant")', 'lecon.quiz("cotraitant")')
    with pytest.raises(ErreurFacturier, match=r"lecon\.exercice"):
        preparer_cours(tmp_path / "cours", ecrire(tmp_path / "source", exercices=fautif))
