"""Bringing a database to the latest schema."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.recorder import MigrationRecorder

from guides.database.connection import APP, dialect
from guides.database.queries import rows
from guides.database.transactions import transaction

_MIGRATION_LOCK = 0x68616E6472


async def migrate(progress: Callable[[str, str, str], object] | None = None) -> None:
    """Bring the opened database up to date, all of it or nothing; one process at a time, the others wait and find nothing to do."""
    async with _file_lock() if dialect() == "sqlite" else nullcontext():
        await _migrate(progress)


async def pending_migrations() -> list[str]:
    """The names of migrations not applied yet."""
    return [step.migration.name for step in await _executor().plan(None)]


@transaction
async def _migrate(progress: Callable[[str, str, str], object] | None) -> None:
    """Every migration with the note that it was applied, in one transaction: a process killed on the way has changed nothing."""
    if dialect() == "postgres":
        await rows(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
    executor = _executor()
    await executor.recorder.ensure_schema(executor._schema_editor())
    await executor.migrate(None, progress=progress)


def _executor() -> MigrationExecutor:
    executor = MigrationExecutor(get_connection("default"), {"guides": APP})
    executor.recorder = _Recorder(executor.connection)
    return executor


class _Recorder(MigrationRecorder):
    """Makes its table with one statement, for a script would end the transaction on SQLite."""

    async def ensure_schema(self, schema_editor: Any) -> None:
        """The table that holds which migrations were applied."""
        table = schema_editor._get_model_sql_data(self.model).table_sql
        await schema_editor.client.execute_query(table.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1))


@asynccontextmanager
async def _file_lock() -> AsyncIterator[None]:
    """Others wait for a migration as long as it takes, not only until SQLite is tired of waiting."""
    connection: Any = get_connection("default")
    with open(f"{connection.filename}.migrate", "w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield
