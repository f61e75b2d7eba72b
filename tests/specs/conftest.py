"""The manual's chapters are played with the same parties as the portal's own tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "portail"))

from joueurs import annuaire, horloge, portail

__all__ = ["annuaire", "horloge", "portail"]
