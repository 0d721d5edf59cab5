"""The only door to the database: opening, migrating, transactions and raw SQL on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import fcntl
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from tortoise import Tortoise
from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.transactions import in_transaction

P = ParamSpec("P")
T = TypeVar("T")

APP = {"models": ["guides.models"], "default_connection": "default", "migrations": "guides.migrations"}
CLOSING_SECONDS = 10
_MIGRATION_LOCK = 0x68616E6472
_inside: ContextVar[bool] = ContextVar("inside a transaction", default=False)
_running: set[asyncio.Future[Any]] = set()


class Busy(OperationalError):
    """The database could not be written in time; trying again later is safe."""


def config(url: str) -> dict[str, Any]:
    """What Tortoise wants to know."""
    return {"connections": {"default": url}, "apps": {"guides": APP}, "use_tz": True, "timezone": "UTC"}


async def open_database(url: str) -> None:
    """Connect this process; every task of it sees the connection."""
    SqliteTransactionWrapper.begin = _begin_immediate  # type: ignore[method-assign]
    SqliteTransactionWrapper.commit = _commit_or_undo  # type: ignore[method-assign]
    sqlite3.register_adapter(datetime, _utc_text)
    if url.startswith("sqlite:"):
        _file_of(url).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    await Tortoise.init(config=config(url), _enable_global_fallback=True)


async def close_database() -> None:
    """Let go of every connection once what is being written is written; without it the process does not end."""
    if _running:
        await asyncio.wait(_running, timeout=CLOSING_SECONDS)
    await Tortoise.close_connections()


async def migrate(progress: Callable[[str, str, str], object] | None = None) -> None:
    """Bring the opened database up to date, all of it or nothing; one process at a time, the others wait and find nothing to do."""
    async with _file_lock() if dialect() == "sqlite" else nullcontext():
        await _migrate(progress)


async def pending() -> list[str]:
    """The names of migrations not applied yet."""
    return [step.migration.name for step in await _executor().plan(None)]


def dialect() -> str:
    """Either sqlite or postgres."""
    return str(get_connection("default").capabilities.dialect)


def transaction(act: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Run the function as one transaction that a cancelled request cannot break; inside another it joins it."""

    @wraps(act)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if _inside.get():
            return await act(*args, **kwargs)
        whole = asyncio.ensure_future(_whole(act, *args, **kwargs))
        _running.add(whole)
        whole.add_done_callback(_running.discard)
        return await asyncio.shield(whole)

    return run


async def rows(sql: str, **named: Any) -> list[dict[str, Any]]:
    """Run SQL with :named parameters and give back what it returns, values as the driver has them."""
    return await get_connection("default").execute_query_dict(*_for_driver(sql, named))


async def run(sql: str, **named: Any) -> int:
    """Run SQL that changes rows; how many it touched."""
    count, _ = await get_connection("default").execute_query(*_for_driver(sql, named))
    return int(count)


def values(each: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any]]:
    """Many rows for one INSERT: the text after VALUES, and its parameters by name; all rows have the same columns."""
    text = ", ".join("(" + ", ".join(f":{column}_{number}" for column in row) + ")" for number, row in enumerate(each))
    return text, {f"{column}_{number}": value for number, row in enumerate(each) for column, value in row.items()}


@cache
def sql(name: str) -> str:
    """The text of guides/sql/<name>.sql without its comments."""
    text = (Path(__file__).parents[1] / "sql" / f"{name.replace('.', '/')}.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def as_uuid(value: Any) -> UUID | None:
    """A UUID column as read by `rows`."""
    return None if value is None else UUID(str(value))


def as_json(value: Any) -> Any:
    """A JSON column as read by `rows`."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def as_time(value: Any) -> datetime | None:
    """A time column as read by `rows`, aware and in UTC."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.astimezone(UTC)


def as_day(value: Any) -> date | None:
    """A date column as read by `rows`."""
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value)[:10])


async def _whole(act: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    _inside.set(True)
    context = in_transaction("default")
    await _enter(context)
    try:
        result = await act(*args, **kwargs)
    except BaseException as error:
        await context.__aexit__(type(error), error, error.__traceback__)
        raise
    await context.__aexit__(None, None, None)
    return result


async def _enter(context: TransactionContext) -> None:
    """Begin; when that fails, give back the lock or the connection, which the ORM would keep for ever."""
    try:
        await context.__aenter__()
    except Exception:
        if isinstance(context, SqliteTransactionContext):
            context._trxlock.release()
        elif context.client._connection is not None:
            await context.client._parent._pool.release(context.client._connection)
        raise


async def _begin_immediate(self: SqliteTransactionWrapper) -> None:
    """Take the write lock first: a read that turns into a write would fail at once when another process wrote in between."""
    try:
        if self._connection.in_transaction:
            await self._connection.rollback()
        await self._connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise Busy(str(error)) from error


async def _commit_or_undo(self: SqliteTransactionWrapper) -> None:
    """A commit that fails (a full disk) leaves its transaction open, and what others write next would end up inside it."""
    try:
        await self._connection.commit()
    except BaseException:
        await self._connection.rollback()
        raise
    finally:
        self._finalized = True


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


def _file_of(url: str) -> Path:
    return Path(urlsplit(url.replace("sqlite://", "sqlite:", 1)).path)


_NAME = re.compile(r"'[^']*'|::|:([a-z_][a-z_0-9]*)")


@cache
def _positional(sql: str, dialect: str) -> tuple[str, list[str]]:
    """Turn :name into ? or $1; a doubled colon (a cast) and text in quotes stay as they are."""
    names: list[str] = []
    places: dict[str, str] = {}

    def place(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return found[0]
        if dialect == "sqlite" or name not in places:
            names.append(name)
            places[name] = "?" if dialect == "sqlite" else f"${len(names)}"
        return places[name]

    return _NAME.sub(place, sql), names


def _for_driver(sql: str, named: Mapping[str, Any]) -> tuple[str, list[Any]]:
    kind = dialect()
    text, names = _positional(sql, kind)
    return text, [_to_driver(named[name], kind) for name in names]


def _to_driver(value: Any, dialect: str) -> Any:
    if isinstance(value, Mapping | list):
        return orjson.dumps(value).decode()
    if dialect != "sqlite":
        return value
    if isinstance(value, datetime):
        return _utc_text(value)
    return str(value) if isinstance(value, UUID | date) else value


def _utc_text(moment: datetime) -> str:
    """SQLite keeps moments as text and compares text, so all of them are in UTC."""
    return moment.astimezone(UTC).isoformat(" ")
