"""Is that database a store of ours? Looked at without writing anything in it, nor beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, inspect

from facturier.registre.tables import Base


def notre(engine: Engine) -> bool:
    """Whether every table of a store is there (SQLAlchemyError: it cannot be asked)."""
    if engine.url.get_backend_name() == "sqlite":
        return _fichier(Path(engine.url.database or ""))
    return _complet(set(inspect(engine).get_table_names()))


def _fichier(path: Path) -> bool:
    """The same for an SQLite file, through a connection that cannot write.

    What a server has not yet moved from its log into the file is read too; without a log there is nothing else than
    the file, and saying so keeps SQLite from making one.
    """
    mode = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True)) as connexion:
            return _complet(
                {nom for (nom,) in connexion.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            )
    except sqlite3.Error:
        return False


def _complet(presentes: set[str]) -> bool:
    return set(Base.metadata.tables) <= presentes
