"""Running notebooks: a trainer's classical assignments as stock nbgrader does, ours never."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import Execute

from facturier.evaluation.notation.maitres import Maitres, coursedir_de


class Execution(Execute):  # type: ignore[misc]
    """nbgrader's Execute, skipped for our assignments: their answers are data, no learner's code is needed."""

    def preprocess(self, nb: Any, resources: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        """Run the notebook, unless it is one of ours."""
        if Maitres(parent=self).bareme(coursedir_de(self), resources) is not None:
            return nb, resources
        return super().preprocess(nb, resources, *args, **kwargs)  # type: ignore[no-any-return]
