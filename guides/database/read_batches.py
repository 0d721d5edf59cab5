"""Reads that wait for the one SQLite connection, run together: one lock and one switch of threads for all of them."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any
from weakref import WeakKeyDictionary

from tortoise.backends.sqlite.client import SqliteClient
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from guides.database.queries import for_driver, rows

Rows = list[dict[str, Any]]
Read = tuple[str, list[Any], "asyncio.Future[Rows]"]


class _ReadQueue:
    """The reads of one client that wait for its connection."""

    def __init__(self, client: SqliteClient) -> None:
        self._client = client
        self._waiting: list[Read] = []
        self._task: asyncio.Task[None] | None = None

    async def read(self, statement: str, parameters: list[Any]) -> Rows:
        done: asyncio.Future[Rows] = asyncio.get_running_loop().create_future()
        self._waiting.append((statement, parameters, done))
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="batched reads")
        return await done

    async def _run(self) -> None:
        batch: list[Read] = []
        try:
            while self._waiting:
                async with self._client.acquire_connection() as connection:
                    batch, self._waiting = self._waiting, []
                    for statement, parameters, _ in batch:
                        self._client.log.debug("%s: %s", statement, parameters)
                    results = await connection._execute(_read_all, connection._conn, batch)
                for (*_, done), result in zip(batch, results, strict=True):
                    _resolve(done, result)
        except BaseException as error:
            for *_, done in (*batch, *self._waiting):
                _resolve(done, error)
            self._waiting = []
            if not isinstance(error, Exception):
                raise
        finally:
            self._task = None


_queues: WeakKeyDictionary[SqliteClient, _ReadQueue] = WeakKeyDictionary()


async def batched_rows(sql: str, **named: Any) -> Rows:
    """As `rows`, for a read that many requests make at once; outside transactions only."""
    client = get_connection("default")
    if type(client) is not SqliteClient:
        return await rows(sql, **named)
    queue = _queues.get(client)
    if queue is None:
        queue = _queues[client] = _ReadQueue(client)
    return await queue.read(*for_driver(sql, named))


def _read_all(connection: sqlite3.Connection, batch: list[Read]) -> list[Rows | Exception]:
    """Runs on the connection's thread; a read that fails costs no other."""
    results: list[Rows | Exception] = []
    for statement, parameters, _ in batch:
        try:
            results.append([dict(row) for row in connection.execute(statement, parameters)])
        except sqlite3.OperationalError as error:
            results.append(OperationalError(error))
        except sqlite3.Error as error:
            results.append(error)
    return results


def _resolve(done: asyncio.Future[Rows], result: Rows | BaseException) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    elif isinstance(result, BaseException):
        done.cancel()
    else:
        done.set_result(result)
