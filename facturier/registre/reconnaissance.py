"""Is that database a store of ours, or another program's? Looked at without writing anything in it, nor beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, inspect

from facturier.registre.tables import Base, LigneEvenement


def notre(engine: Engine) -> bool:
    """Whether every table of a store is there (SQLAlchemyError: it cannot be asked)."""
    return set(Base.metadata.tables) <= _tables(engine)


def a_un_autre(engine: Engine) -> bool:
    """Whether it is an SQLite file in which another program keeps its tables, and we none.

    A PostgreSQL schema may be shared: whoever gives its address has chosen it.
    """
    if engine.url.get_backend_name() != "sqlite":
        return False
    presentes = _tables(engine)
    return bool(presentes) and LigneEvenement.__tablename__ not in presentes


def _tables(engine: Engine) -> set[str]:
    if engine.url.get_backend_name() == "sqlite":
        return _du_fichier(Path(engine.url.database or ""))
    return set(inspect(engine).get_table_names())


def _du_fichier(path: Path) -> set[str]:
    """The tables of an SQLite file, none when it is not one, through a connection that cannot write.

    What a server has not yet moved from its log into the file is read too; without a log there is nothing else than
    the file, and saying so keeps SQLite from making one.
    """
    mode = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True)) as connexion:
            lignes = connexion.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {nom for (nom,) in lignes if not nom.startswith("sqlite_")}
    except sqlite3.Error:
        return set()
