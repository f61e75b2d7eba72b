"""Nothing of the answer key in any file handed to learners: notebooks, statements, invoices, zips, session's kit."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rendus_de_classe import DEPOT

from facturier import contenu
from facturier import session as sessions
from facturier.evaluation.bareme import Bareme, baremes, lire_bareme
from facturier.evaluation.graines import Graine
from facturier.fabrique import construire
from facturier.fabrique.seances import construire_seance
from facturier.formulaires.rendu import Rendu
from facturier.lanceur import preparer_espace

SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
NOMBRE = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?![\w])|(?<![\w.,])\d+(?:[.,]\d+)?(?![\w])"
)
CLES_DU_CORRIGE = {"juste", "attendu", "retour", "retour_juste", "retour_faux", "piege", "reussi", "manque", "critere"}


@pytest.fixture(scope="module")
def recus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every file that a learner receives or makes with the kit, archives opened, by its place."""
    racine = tmp_path_factory.mktemp("recus")
    kit = racine / "kit"
    construire(kit)
    poste = racine / "poste"
    preparer_espace(poste)
    rendu = Rendu(poste).rendre("Ada")
    construire_seance(contenu.racine() / "data/sessions/exemple.toml", racine / "seances")
    dossiers = [kit / "notebooks", kit / "release", poste, racine / "seances"]
    fichiers = [f for d in dossiers for f in sorted(d.rglob("*")) if f.is_file()]
    assert rendu.fichier in fichiers
    return {
        nom: octets
        for f in fichiers
        for nom, octets in _ouvrir(f.relative_to(racine).as_posix(), f.read_bytes())
        if Path(nom).name != "espace.json"  # digests of the files above
    }


def _ouvrir(nom: str, octets: bytes) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(io.BytesIO(octets)):
        yield nom, octets
        return
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        for info in archive.infolist():
            yield from _ouvrir(f"{nom}!{info.filename}", archive.read(info))


def _textes(nom: str, octets: bytes) -> Iterator[str]:
    """Every text of a file, unescaped: keys and values of JSON, lines of a notebook joined, text of XML and PDF.

    The samples that are damaged on purpose (data/factures, shelf « a-l-arrivee ») are read as far as they can be.
    """
    if nom.endswith((".ipynb", ".json")):
        yield from _du_json(json.loads(octets))
    elif nom.endswith(".pdf"):
        yield from _du_pdf(octets)
    else:
        yield octets.decode("utf-16" if octets[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def _du_pdf(octets: bytes) -> Iterator[str]:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        lecteur = pypdf.PdfReader(io.BytesIO(octets), password="secret" if b"/Encrypt" in octets else None)
        yield from (page.extract_text() for page in lecteur.pages)
        yield str(lecteur.metadata)
        for joints in lecteur.attachments.values():
            yield from (joint.decode("utf-8", "replace") for joint in joints)
    except PyPdfError:
        yield octets.decode("latin-1")


def _du_json(obj: Any) -> Iterator[str]:
    if isinstance(obj, dict):
        for cle, valeur in obj.items():
            yield cle
            yield from _du_json(valeur)
    elif isinstance(obj, list):
        if obj and all(isinstance(x, str) for x in obj):
            yield "".join(obj)
        for valeur in obj:
            yield from _du_json(valeur)
    else:
        yield str(obj)


def _plat(texte: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", texte).casefold().split())


def _nombres(texte: str) -> set[Decimal]:
    return {Decimal("".join(n.split()).replace(",", ".")) for n in NOMBRE.findall(unicodedata.normalize("NFC", texte))}


def _phrases(bareme: Bareme) -> set[str]:
    """The sentences of the key: feedback of every choice, trap, criterion and value."""
    return {
        _plat(phrase)
        for e in bareme.exercices
        for phrase in (
            *(c.retour for i in e.items for c in i.choix),
            *(r for i in e.items for r in (i.retour_juste, i.retour_faux, *(p.retour for p in i.pieges))),
            *(ligne.retour for i in e.items for ligne in i.lignes),
            *(m for c in e.criteres for m in (c.reussi, c.manque)),
            *(p.retour for p in e.pieges),
            e.reussi,
            e.manque,
        )
        if phrase
    }


def _enonce(bareme: Bareme) -> str:
    """What a learner is told in the exercises' text, without the solutions."""
    texte = (contenu.chapitre(bareme.chapitre).dossier / "exercices.md").read_text(encoding="utf-8")
    questions = " ".join(
        f"{i.question} {' '.join(c.texte for c in i.choix)}" for e in bareme.exercices for i in e.items
    )
    return f"{SOLUTION.sub('', texte)} {questions}"


def test_tout_est_lu(recus: dict[str, bytes]) -> None:
    sortes = {Path(nom).suffix for nom in recus}
    assert {".ipynb", ".json", ".xml", ".pdf", ".csv"} <= sortes
    assert any(".zip!" in nom and nom.endswith("exercices.ipynb") for nom in recus)
    assert any(nom.startswith("seances/") and nom.endswith("enonces.json") for nom in recus)
    assert all(list(_textes(nom, octets)) for nom, octets in recus.items())


def test_aucun_appel_de_fait_n_est_remis_tel_quel(recus: dict[str, bytes]) -> None:
    lus = [nom for nom in recus if nom.endswith((".ipynb", "enonces.json"))]
    assert any(nom.endswith("echeances/enonces.json") for nom in lus)
    bruts = [n for n in lus if any("{{" in t or "{%" in t for t in _textes(n, recus[n]))]
    assert bruts == []


def test_aucune_phrase_du_corrige_nest_remise(recus: dict[str, bytes]) -> None:
    seance = sessions.lire(contenu.racine() / "data/sessions/exemple.toml")
    tires = (lire_bareme(c, Graine(seance.id, seance.jour)) for c in contenu.chapitres() if c.exercices is not None)
    cles = {phrase for bareme in (*baremes().values(), *tires) for phrase in _phrases(bareme)}
    assert len(cles) > 100
    for nom, octets in recus.items():
        texte = _plat("\n".join(_textes(nom, octets)))
        assert [c for c in cles if c in texte] == [], nom


def test_aucune_solution_ni_balise_nest_remise(recus: dict[str, bytes]) -> None:
    solutions = {
        ligne.strip()
        for chapitre in contenu.chapitres()
        if chapitre.exercices is not None
        for bloc in SOLUTION.findall(chapitre.exercices.read_text(encoding="utf-8"))
        for ligne in bloc.splitlines()
        if ligne.strip()
    }
    for nom, octets in recus.items():
        texte = "\n".join(_textes(nom, octets))
        assert [s for s in (*solutions, "BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS") if s in texte] == [], nom


def test_aucune_reponse_chiffree_ou_attendue_ne_figure_hors_de_lenonce(recus: dict[str, bytes]) -> None:
    """Values to find, traps and criteria: in no notebook nor statement, unless the exercise itself gives them."""
    for bareme in baremes().values():
        enonce = _enonce(bareme)
        attendus = {
            *(e.attendu for e in bareme.exercices),
            *(p.valeur for e in bareme.exercices for p in e.pieges),
            *(a for e in bareme.exercices for c in e.criteres if c.regle.startswith("egal") for a in c.attendu),
        }
        caches = {a for a in attendus if len(a) > 3 and _plat(a) not in _plat(enonce)}
        nombres = {Decimal(a) for a in caches if re.fullmatch(r"\d+(\.\d+)?", a)} - _nombres(enonce)
        for nom, octets in recus.items():
            texte = "\n".join(_textes(nom, octets))
            assert [a for a in caches if _plat(a) in _plat(texte)] == [], nom
            assert nombres & _nombres(texte) == set(), nom
    assert Decimal("4811.88") in _nombres("le net à payer est 4\u202f811,88\u00a0€.")


def test_aucun_drapeau_du_corrige_nest_une_cle_de_json(recus: dict[str, bytes]) -> None:
    def cles(obj: Any) -> Iterator[str]:
        if isinstance(obj, dict):
            yield from obj
        for enfant in obj.values() if isinstance(obj, dict) else obj if isinstance(obj, list) else ():
            yield from cles(enfant)

    for nom, octets in recus.items():
        if nom.endswith((".ipynb", ".json")):
            assert CLES_DU_CORRIGE & set(cles(json.loads(octets))) == set(), nom


def test_lordre_des_choix_ne_dit_rien(recus: dict[str, bytes]) -> None:
    """Choices come in the order of their ids, in the kit and in a session; the bank's own tests look at the key."""
    quiz = [nom for nom in recus if nom.endswith("/enonces.json")]
    assert any(nom.startswith("seances/") for nom in quiz)
    for nom in quiz:
        for item in (i for e in json.loads(recus[nom])["exercices"] for i in e["items"] if i["genre"] == "unique"):
            montres = [c["id"] for c in item["choix"]]
            assert montres == sorted(montres) or {c["texte"] for c in item["choix"]} == {"Vrai", "Faux"}


@pytest.mark.parametrize("slug", ["quiz_entree", "sans_moe", "quiz_sortie"])
def test_le_poste_de_lapprenant_nouvre_jamais_source(tmp_path: Path, slug: str) -> None:
    """Each exercise notebook is run for real, in a process where opening anything under ``source/`` is fatal."""
    preparer_espace(tmp_path)
    carnet = tmp_path / "release" / slug / "exercices.ipynb"
    lignes = [
        "".join(c["source"])
        for c in json.loads(carnet.read_text(encoding="utf-8"))["cells"]
        if c["cell_type"] == "code"
    ]
    programme = (
        "import json, os, sys\n"
        f"interdit = {str((contenu.racine() / 'source').resolve())!r}\n"
        "def garde(evenement, arguments):\n"
        "    if evenement in ('open', 'os.scandir', 'os.listdir') and str(arguments[0]).startswith(interdit):\n"
        "        os.write(2, f'OUVERT {arguments[0]}'.encode()); os._exit(9)\n"
        "sys.addaudithook(garde)\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "console = InteractiveShell.instance()\n"
        "for ligne in json.loads(sys.stdin.read()):\n"
        "    console.run_cell(ligne).raise_error()\n"
        "from facturier import lecon\n"
        "from facturier.formulaires.quiz import ModeleQuiz\n"
        "assert lecon._modeles\n"
        "for modele in lecon._modeles.values():\n"
        "    if isinstance(modele, ModeleQuiz):\n"
        "        continue\n"
        "    champ = 'cadre' if 'cadre' in {c.id for c in modele.definition.champs} else 'valeur'\n"
        "    modele.changer(champ, 'A1')\n"
        "    if champ == 'cadre':\n"
        "        modele.envoyer()\n"
        "lecon.rendre_mon_travail()\n"
        "from pathlib import Path\n"
        "from facturier.formulaires.rendu import Rendu\n"
        "Rendu(Path('../..').resolve()).rendre('Ada')\n"
        "print('FINI')\n"
    )
    fait = subprocess.run(
        [sys.executable, "-c", programme],
        input=json.dumps(lignes),
        cwd=carnet.parent,
        env={
            **os.environ,
            "PYTHONPATH": str(DEPOT),
            "JPY_SESSION_NAME": str(carnet),
            "IPYTHONDIR": str(tmp_path / "ip"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == 0, fait.stderr[-2000:]
    assert "FINI" in fait.stdout


def test_sans_les_corriges_un_poste_dapprenant_a_tous_ses_chapitres(tmp_path: Path) -> None:
    """What the trainer's guide says to remove from learners' machines is needed by no listing of chapters."""
    shutil.copytree(contenu.racine() / "source", tmp_path / "source")
    shutil.rmtree(tmp_path / "source" / "banque")
    for nom in ("quiz.toml", "corrige.toml", "exercices.md"):
        for fichier in (tmp_path / "source").rglob(nom):
            fichier.unlink()
    complets = contenu.chapitres()
    assert [c.slug for c in contenu.chapitres(tmp_path / "source")] == [c.slug for c in complets]
    assert baremes(tmp_path / "source") == {}
    restes = "\n".join(_plat(f.read_text(encoding="utf-8")) for f in (tmp_path / "source").rglob("*.[mt]*"))
    assert [p for b in baremes().values() for p in _phrases(b) if p in restes] == []
