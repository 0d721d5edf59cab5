"""Transactions that a cancelled request cannot break, and the SQLite locking they need."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

P = ParamSpec("P")
T = TypeVar("T")

running_transactions: set[asyncio.Future[Any]] = set()
_in_transaction: ContextVar[bool] = ContextVar("in a transaction", default=False)


class Busy(OperationalError):
    """The database could not be written in time; trying again later is safe."""


def transaction(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Run the function as one transaction that a cancelled request cannot break; inside another it joins it."""

    @wraps(function)
    async def joined(*args: P.args, **kwargs: P.kwargs) -> T:
        if _in_transaction.get():
            return await function(*args, **kwargs)
        task = asyncio.ensure_future(_run_in_transaction(function, *args, **kwargs))
        running_transactions.add(task)
        task.add_done_callback(running_transactions.discard)
        return await asyncio.shield(task)

    return joined


async def _run_in_transaction(function: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    _in_transaction.set(True)
    context = in_transaction("default")
    await _enter(context)
    try:
        result = await function(*args, **kwargs)
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


async def begin_immediate(self: SqliteTransactionWrapper) -> None:
    """Take the write lock first: a read that turns into a write would fail at once when another process wrote in between."""
    try:
        if self._connection.in_transaction:
            await self._connection.rollback()
        await self._connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise Busy(str(error)) from error


async def commit_or_roll_back(self: SqliteTransactionWrapper) -> None:
    """A commit that fails (a full disk) leaves its transaction open, and what others write next would end up inside it."""
    try:
        await self._connection.commit()
    except BaseException:
        await self._connection.rollback()
        raise
    finally:
        self._finalized = True
