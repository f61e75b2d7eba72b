"""Events of journals kept in one table; nothing is ever changed or removed, only added."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, func, insert, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from facturier.erreurs import ErreurFacturier
from facturier.registre import reconnaissance
from facturier.registre.tables import CLE_SCHEMA, NOM_MAX, REGLAGES, SCHEMA, Base, LigneEvenement

Evenement = Mapping[str, Any]
_PANNE = "vérifiez que le fichier ou le serveur est accessible et qu’il n’est pas abîmé."
_PLEIN = "le disque est plein. Libérez de la place, le portail reprendra de lui-même."
_OCCUPE = "un autre programme l’occupe. Fermez-le, le portail reprendra de lui-même."
_PANNES = (
    ("SQLITE_FULL", _PLEIN),
    ("53100", _PLEIN),
    ("SQLITE_IOERR", "le disque refuse d’écrire. Vérifiez la place qui reste et l’état du disque."),
    ("SQLITE_BUSY", _OCCUPE),
    ("55P03", _OCCUPE),
)
"""What is wrong with a store, by the beginning of SQLite's or PostgreSQL's own code."""


_HORS_SERVICE: tuple[str, ...] = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
)
_HORS_SERVICE += ("SQLITE_CORRUPT", "SQLITE_NOTADB", "08", "53", "55", "57", "58")
"""Beginnings of the codes that accuse the store, not what is written: full, taken, unreachable, damaged."""


def en_panne(cause: BaseException | None) -> bool:
    """Whether that error comes from the store itself, so that asking it again at once is of no use."""
    if isinstance(cause, DBAPIError):
        return cause.connection_invalidated or _code(cause).startswith(_HORS_SERVICE)
    return isinstance(cause, PoolTimeout)


def _code(cause: SQLAlchemyError | None) -> str:
    """SQLite's or PostgreSQL's own code of that error, "" when there is none."""
    origine = getattr(cause, "orig", None)
    return str(getattr(origine, "sqlite_errorname", None) or getattr(origine, "sqlstate", None) or "")


class RegistreRefuse(ErreurFacturier):
    """The store refuses an addition or cannot be read."""

    code = "registre-refuse"


class Registre:
    """Journals by name, in the database of that URL (``sqlite:///…`` or ``postgresql+psycopg://…``).

    An addition that returns is on disk: SQLite runs in WAL mode with ``synchronous=FULL``, PostgreSQL commits
    synchronously by itself. Another program's database is refused, and left as it is.

    ``existant``: the store must be there already.
    """

    def __init__(self, url: str | URL, *, existant: bool = False) -> None:
        try:
            adresse = make_url(url)
            if adresse.drivername == "postgresql":
                adresse = adresse.set(drivername="postgresql+psycopg")  # the driver that the kit is tested with
            self._nom = adresse.render_as_string(hide_password=True)
            self._engine = create_engine(adresse)
        except ImportError as cause:
            raise RegistreRefuse(
                f"Le pilote de cette base n’est pas installé ({cause.name}) : installez-le, "
                "par exemple « pip install psycopg[binary] » pour PostgreSQL."
            ) from cause
        except (ArgumentError, ValueError) as cause:
            raise RegistreRefuse(
                "L’adresse du registre n’est pas utilisable : donnez une adresse SQLite (sqlite:///chemin) "
                "ou PostgreSQL."
            ) from cause
        if adresse.get_backend_name() == "sqlite":
            _regler_sqlite(self._engine)
        else:  # rows of one insertion travel together: psycopg sends a statement a row otherwise
            self._engine.dialect.use_insertmanyvalues_wo_returning = True
        self._lecteur = self._engine.execution_options(lecture=True)
        with self._lisible():
            if not reconnaissance.notre(self._engine) if existant else reconnaissance.a_un_autre(self._engine):
                raise RegistreRefuse(
                    f"La base {self._nom} n’est pas celle d’un portail de classe : donnez le fichier ou l’adresse que "
                    "« facturier portail » a servi. Rien n’y a été écrit.",
                    code="registre-etranger",
                )
            if not existant:
                Base.metadata.create_all(self._engine)
            self._verifier_schema()

    @classmethod
    def fichier(cls, path: Path, *, existant: bool = False) -> Self:
        """The store kept in that SQLite file, created with its folder if need be (not when it is ``existant``)."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise RegistreRefuse(
                f"Le dossier {path.parent} ne peut pas être créé pour le registre : choisissez un autre emplacement."
            ) from cause
        return cls(URL.create("sqlite", database=str(path)), existant=existant)

    def ajouter(self, journal: str, evenement: Evenement) -> None:
        """Append one event; on return it is on disk.

        Raises:
            RegistreRefuse: its number is not the next one of that journal, or the store cannot be written.
        """
        self.ajouter_tous(journal, (evenement,))

    def ajouter_tous(self, journal: str, evenements: Sequence[Evenement]) -> None:
        """Append events, all or none (an act and the automatic passages that follow it)."""
        if not 0 < len(journal) <= NOM_MAX:
            raise RegistreRefuse(f"Le nom d’un journal compte de 1 à {NOM_MAX} caractères : donnez-en un autre.")
        lignes = [
            LigneEvenement(journal=journal, n=evenement["n"], contenu=json.dumps(dict(evenement), ensure_ascii=False))
            for evenement in evenements
        ]
        with self._lisible():
            try:
                with Session(self._engine) as session, session.begin():
                    suivant = _dernier(session, journal) + 1
                    for rang, ligne in enumerate(lignes, start=suivant):
                        if ligne.n != rang:
                            raise _hors_suite(journal, ligne.n, rang)
                    session.add_all(lignes)
            except IntegrityError as cause:  # another writer was faster
                raise RegistreRefuse(
                    f"Un autre poste vient d’écrire dans le journal « {journal} » : relisez-le, puis recommencez."
                ) from cause

    def lire(self, journal: str) -> tuple[dict[str, Any], ...]:
        """The events of that journal, in order; empty for an unknown one."""
        requete = select(LigneEvenement).where(LigneEvenement.journal == journal).order_by(LigneEvenement.n)
        with self._lisible(), Session(self._lecteur) as session:
            return tuple(_decoder(ligne) for ligne in session.scalars(requete))

    def dernier(self, journal: str) -> int:
        """Number of the last event of that journal, 0 when it is empty."""
        with self._lisible(), Session(self._engine) as session:
            return _dernier(session, journal)

    def journaux(self) -> tuple[str, ...]:
        """Names of the journals, in alphabetical order."""
        with self._lisible(), Session(self._lecteur) as session:
            noms = session.scalars(select(LigneEvenement.journal).distinct())
            return tuple(sorted(noms))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction on the store: committed, and on disk, when the block ends without an error."""
        with self._engine.begin() as connexion:
            yield connexion

    @contextmanager
    def lecture(self) -> Iterator[Connection]:
        """A connection to read with.

        Raises:
            RegistreRefuse: the store cannot be read.
        """
        with self._lisible(), self._lecteur.begin() as connexion:
            yield connexion

    def illisible(self, cause: SQLAlchemyError | None = None) -> RegistreRefuse:
        """The refusal of a store that can no longer be read or written."""
        nom = _code(cause)
        conduite = next((conduite for debut, conduite in _PANNES if nom.startswith(debut)), _PANNE)
        return RegistreRefuse(
            f"Le registre {self._nom} ne peut pas être lu ou écrit : {conduite}", code="registre-illisible"
        )

    def fermer(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.fermer()

    def _verifier_schema(self) -> None:
        try:
            with self._engine.begin() as connexion:
                lu = connexion.scalar(select(REGLAGES.c.valeur).where(REGLAGES.c.cle == CLE_SCHEMA))
                if lu is None:
                    connexion.execute(insert(REGLAGES), {"cle": CLE_SCHEMA, "valeur": str(SCHEMA)})
        except IntegrityError:  # another process has just written the same
            return
        if lu is not None and lu != str(SCHEMA):
            raise RegistreRefuse(
                f"Le registre {self._nom} a été écrit par une version plus récente de facturier (schéma {lu}, celui-ci "
                f"lit le schéma {SCHEMA}) : mettez facturier à jour, ou donnez une autre base.",
                code="registre-plus-recent",
            )

    @contextmanager
    def _lisible(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as cause:
            raise self.illisible(cause) from cause


def _regler_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _ouvrir(connexion: Any, _enregistrement: Any) -> None:
        connexion.isolation_level = None  # SQLAlchemy begins transactions itself, below
        curseur = connexion.cursor()
        curseur.execute("PRAGMA busy_timeout=10000")
        curseur.execute("PRAGMA journal_mode=WAL")
        curseur.execute("PRAGMA synchronous=FULL")
        curseur.close()

    @event.listens_for(engine, "begin")
    def _commencer(connexion: Connection) -> None:
        # who writes reads the last number and adds to it under one lock; who only reads waits for nobody
        lecture = connexion.get_execution_options().get("lecture", False)
        connexion.exec_driver_sql("BEGIN" if lecture else "BEGIN IMMEDIATE")


def _dernier(session: Session, journal: str) -> int:
    maximum = session.scalar(select(func.max(LigneEvenement.n)).where(LigneEvenement.journal == journal))
    return maximum or 0


def _hors_suite(journal: str, n: int, attendu: int) -> RegistreRefuse:
    return RegistreRefuse(
        f"L’événement n° {n} ne peut pas entrer dans le journal « {journal} » : le numéro attendu est {attendu}."
    )


def _decoder(ligne: LigneEvenement) -> dict[str, Any]:
    try:
        contenu = json.loads(ligne.contenu)
    except ValueError:
        contenu = None
    if not isinstance(contenu, dict):
        raise RegistreRefuse(
            f"L’événement n° {ligne.n} du journal « {ligne.journal} » est abîmé : il n’est plus lisible.",
            code="registre-illisible",
        )
    return contenu
