"""The store of the portal's journals: every acknowledged event survives, in SQLite or in PostgreSQL."""

from facturier.registre.registre import Registre, RegistreRefuse

__all__ = ["Registre", "RegistreRefuse"]
