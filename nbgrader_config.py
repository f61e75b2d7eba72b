"""Settings of the course for nbgrader, read from here by ``nbgrader …`` and by JupyterLab."""

from pathlib import Path

from facturier.evaluation.notation.configuration import configurer

configurer(get_config(), Path(__file__).parent)  # noqa: F821
