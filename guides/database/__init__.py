"""The only door to the database: opening, migrating, transactions and raw SQL on SQLite and PostgreSQL."""

from __future__ import annotations

from guides.database.connection import close_database, config, dialect, open_database
from guides.database.migrate import migrate, pending_migrations
from guides.database.queries import as_day, as_json, as_time, as_uuid, rows, run, sql, values
from guides.database.read_batches import batched_rows
from guides.database.transactions import Busy, transaction

__all__ = [
    "Busy",
    "as_day",
    "as_json",
    "as_time",
    "as_uuid",
    "batched_rows",
    "close_database",
    "config",
    "dialect",
    "migrate",
    "open_database",
    "pending_migrations",
    "rows",
    "run",
    "sql",
    "transaction",
    "values",
]
