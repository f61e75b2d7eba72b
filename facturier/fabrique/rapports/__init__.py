"""Reports by papermill: one per learner, one for the class, from parameterised notebooks kept as text.

One kernel serves the whole batch: the reports are ours, so starting Python and pandas again for each learner would be
paid for nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facturier.ecriture import write_text
from facturier.erreurs import ErreurMoteur

_ICI = Path(__file__).parent / "modeles"
_CONFIDENTIALITE = {
    "apprenant": "Ce bilan est pour vous.",
    "classe": "Ce bilan porte des prénoms et des notes : gardez-le pour vous.",
}


def produire(detail: Path, bilans: Mapping[str, Path], bilan: Path) -> None:
    """Write the report of each learner, and the class's at ``bilan``.

    Args:
        detail: ``resultats_detail.json`` of the graded class.
        bilans: where to write the report of each learner who handed something in.

    Raises:
        ErreurMoteur: a report could not be computed; the sentence names it.
    """
    from jupyter_client.manager import KernelManager

    from facturier.progression import suivi

    commandes: list[tuple[str, dict[str, str], str, Path]] = [
        ("apprenant", {"detail": str(detail.resolve()), "apprenant": a}, f"Bilan individuel : {a}", chemin)
        for a, chemin in bilans.items()
    ]
    commandes.append(("classe", {"detail": str(detail.resolve())}, "Bilan de la classe", bilan))
    noyau = KernelManager()
    with tempfile.TemporaryDirectory(prefix="facturier-") as vide:
        # a folder of its own: a kernel imports from its working folder first, and the trainer's may hold what learners
        # returned; errors only: ipykernel's advice about encryption on the loopback is not for trainers
        noyau.start_kernel(
            cwd=vide, extra_arguments=["--IPKernelApp.log_level=40", "--InteractiveShellApp.ignore_cwd=True"]
        )
        try:
            for modele, parametres, titre, chemin in suivi(commandes, "Bilans"):
                write_text(chemin, _page(_executer(modele, parametres, noyau), titre, _CONFIDENTIALITE[modele]))
        finally:
            noyau.shutdown_kernel(now=True)


def _executer(modele: str, parametres: dict[str, str], noyau: Any) -> Any:
    """The executed notebook of a template; every parameter must be declared by it (papermill only warns)."""
    import jupytext
    import papermill
    from nbformat.v4 import new_code_cell

    carnet = jupytext.read(_ICI / f"{modele}.md", fmt="md")
    carnet.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    carnet.cells.insert(0, new_code_cell("%reset -f"))  # the kernel is shared: nothing stays from the report before
    declares = set(papermill.inspect_notebook(carnet))
    if declares != set(parametres):
        raise ErreurMoteur(f"Le modèle de bilan « {modele} » attend {sorted(declares)} et reçoit {sorted(parametres)}.")
    try:
        return papermill.execute_notebook(
            carnet, None, parametres, km=noyau, kernel_name="python3", progress_bar=False, log_output=False
        )
    except papermill.PapermillExecutionError as panne:
        raise ErreurMoteur(f"Le bilan « {modele} » ne se calcule pas : {panne.ename} : {panne.evalue}.") from panne


def _page(carnet: Any, titre: str, confidentialite: str) -> str:
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup
    from nbconvert import HTMLExporter

    corps, _ = HTMLExporter(template_name="basic", exclude_input=True, exclude_output_prompt=True).from_notebook_node(
        carnet
    )
    page = Environment(loader=FileSystemLoader(_ICI), autoescape=True).get_template("page.html.j2")
    # nbconvert's body: our own Markdown, and the tables that figures.py escapes
    return page.render(titre=titre, corps=Markup(corps), confidentialite=confidentialite)  # noqa: S704
