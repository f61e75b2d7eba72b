"""The tables of the store, and the version of their layout."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA = 1
"""Version of this layout: a store written by a later one is refused, never guessed."""
NOM_MAX = 200
CLE_SCHEMA = "schema"


class Base(DeclarativeBase):
    """What every table belongs to."""


class LigneEvenement(Base):
    """One event of one journal, as JSON."""

    __tablename__ = "evenements"
    __table_args__ = (UniqueConstraint("journal", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    journal: Mapped[str] = mapped_column(String(NOM_MAX))
    n: Mapped[int]
    contenu: Mapped[str] = mapped_column(Text)


REGLAGES = Table(
    "reglages",
    Base.metadata,
    Column("cle", String(60), primary_key=True),
    Column("valeur", Text, nullable=False),
)
ESPACES = Table(
    "espaces",
    Base.metadata,
    Column("nom", String(NOM_MAX), primary_key=True),
    Column("ouverture", Text, nullable=False),
    Column("cree", String(19), nullable=False),
)
CLES = Table(
    "cles",
    Base.metadata,
    Column("journal", String(NOM_MAX), primary_key=True),
    Column("cle", String(160), primary_key=True),
    Column("demande", String(64), nullable=False),  # fingerprint of what was asked under that key
    Column("reponse", Text, nullable=False),
)
PARTICIPANTS = Table(
    "participants",
    Base.metadata,
    Column("pseudonyme", String(40), primary_key=True),
    Column("prenom", String(80), nullable=False),
    Column("jeton", String(64), nullable=False),  # sha256 of the token, "" once the trainer has reset it
    Column("rejoint", String(19), nullable=False),
    Column("solo", String(NOM_MAX), nullable=False),
    Column("groupe", String(NOM_MAX), nullable=False),
    Column("aide", String(19), nullable=False),
)
PRESENCES = Table(
    "presences",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("participant", String(40), nullable=False),
    Column("arrivee", String(19), nullable=False),
    Column("vu", String(19), nullable=False),
    Column("depart", String(19), nullable=False),  # "" while present
    UniqueConstraint("participant", "arrivee"),
)
ANIMATEURS = Table(
    "animateurs",
    Base.metadata,
    Column("nom", String(40), primary_key=True),
    Column("mot_de_passe", Text, nullable=False),  # scrypt, with its salt
)
SESSIONS = Table(
    "sessions_animateur",
    Base.metadata,
    Column("empreinte", String(64), primary_key=True),  # sha256 of the cookie
    Column("nom", String(40), nullable=False),
    Column("expire", String(19), nullable=False),
)
