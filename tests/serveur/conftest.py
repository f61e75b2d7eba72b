"""A served class is played by the same parties as the portal's own tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "portail"))

from classe_essai import annuaire, base, base_postgresql, classe, horloge, ouvrir

__all__ = ["annuaire", "base", "base_postgresql", "classe", "horloge", "ouvrir"]
