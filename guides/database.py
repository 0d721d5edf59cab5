"""The only door to the database: opening, migrating, transactions and raw SQL on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import fcntl
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
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
from tortoise.backends.sqlite.client import SqliteTransactionWrapper
from tortoise.connection import get_connection, get_connections
from tortoise.exceptions import OperationalError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

P = ParamSpec("P")
T = TypeVar("T")

APP = {"models": ["guides.models"], "default_connection": "default", "migrations": "guides.migrations"}
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
    if url.startswith("sqlite:"):
        _file_of(url).parent.mkdir(parents=True, exist_ok=True)
    await Tortoise.init(config=config(url), _enable_global_fallback=True)


async def close_database() -> None:
    """Let go of every connection; without it the process does not end."""
    await Tortoise.close_connections()


async def migrate(progress: Callable[[str, str, str], object] | None = None) -> None:
    """Bring the opened database up to date; one process at a time, the others wait and find nothing to do."""
    async with _migrating():
        await MigrationExecutor(get_connection("default"), {"guides": APP}).migrate(None, progress=progress)


async def pending() -> list[str]:
    """The names of migrations not applied yet."""
    plan = await MigrationExecutor(get_connection("default"), {"guides": APP}).plan(None)
    return [step.migration.name for step in plan]


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
    text, names = _positional(sql, dialect())
    values = [_to_driver(named[name]) for name in names]
    found = await get_connection("default").execute_query_dict(text, values)
    return [dict(row) for row in found]


async def run(sql: str, **named: Any) -> int:
    """Run SQL that changes rows; how many it touched."""
    text, names = _positional(sql, dialect())
    count, _ = await get_connection("default").execute_query(text, [_to_driver(named[name]) for name in names])
    return int(count)


@cache
def sql(name: str) -> str:
    """The text of guides/sql/<name>.sql."""
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")


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
    """Begin; when that fails, give back what was taken (the ORM keeps its lock or connection otherwise)."""
    try:
        await context.__aenter__()
    except BaseException:
        if (token := getattr(context, "token", None)) is not None:
            get_connections().reset(token)
        if (lock := getattr(context, "_trxlock", None)) is not None and lock.locked():
            lock.release()
        client = getattr(context, "client", None)
        if client is not None and getattr(client, "_connection", None) is not None:
            await client._parent._pool.release(client._connection)
        raise


async def _begin_immediate(self: SqliteTransactionWrapper) -> None:
    """Take the write lock first: a read that turns into a write would fail at once when another process wrote in between."""
    try:
        await self._connection.commit()
        await self._connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise Busy(str(error)) from error


@asynccontextmanager
async def _migrating() -> AsyncIterator[None]:
    connection: Any = get_connection("default")
    if dialect() == "sqlite":
        with open(f"{connection.filename}.migrate", "w") as lock:
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            yield
        return
    await connection.create_connection(with_db=True) if connection._pool is None else None
    async with connection._pool.acquire() as held:
        await held.execute(f"SELECT pg_advisory_lock({_MIGRATION_LOCK})")
        try:
            yield
        finally:
            await held.execute(f"SELECT pg_advisory_unlock({_MIGRATION_LOCK})")


def _file_of(url: str) -> Path:
    return Path(urlsplit(url.replace("sqlite://", "sqlite:", 1)).path)


_NAME = re.compile(r"'[^']*'|::|:([a-z_][a-z_0-9]*)")


@cache
def _positional(sql: str, dialect: str) -> tuple[str, list[str]]:
    """Turn :name into ? or $1; a doubled colon (a cast) and text in quotes stay as they are."""
    names: list[str] = []

    def place(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return found[0]
        if dialect == "sqlite":
            names.append(name)
            return "?"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _NAME.sub(place, sql), names


def _to_driver(value: Any) -> Any:
    if dialect() != "sqlite":
        return orjson.dumps(value).decode() if isinstance(value, dict) else value
    if isinstance(value, Mapping | list):
        return orjson.dumps(value).decode()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ")
    return str(value) if isinstance(value, UUID | date) else value
