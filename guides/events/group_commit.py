"""The one writer of a process: requests that wait are stored in one transaction and answered after its commit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from guides.database import Busy
from guides.events.record import record
from guides.events.resolve import Batch, IngestResult

EVENTS_AT_ONCE = 500
EVENTS_WAITING = 10_000
DATABASE_DOWN = (Busy, OSError)

Pending = tuple[Batch, "asyncio.Future[IngestResult]"]


class QueueFull(Exception):
    """More waits to be written than is safe to hold; try again later."""


class Writer:
    """Group commit: while one transaction is on its way to the disk, the next one gathers."""

    def __init__(self) -> None:
        self._waiting: deque[Pending] = deque()
        self._weight = 0
        self._news = asyncio.Event()
        self.is_open = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        self.is_open = True
        self._task = asyncio.create_task(self._run(), name="ingest writer")

    async def stop(self) -> None:
        """Take nothing more, write what still waits, then end."""
        self.is_open = False
        self._news.set()
        if self._task is not None:
            await self._task
            self._task = None

    async def submit(self, batch: Batch) -> IngestResult:
        """Give a batch to the writer; returns after the commit. Raises QueueFull, or what the database raised."""
        if not self.is_open or self._weight >= EVENTS_WAITING:
            raise QueueFull
        done: asyncio.Future[IngestResult] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, done))
        self._weight += _weight(batch)
        self._news.set()
        return await done

    async def _run(self) -> None:
        group: list[Pending] = []
        try:
            while self.is_open or self._waiting:
                await self._news.wait()
                self._news.clear()
                while self._waiting:
                    group = self._gather()
                    await _write(group)
        finally:
            self.is_open = False
            for _, done in (*group, *self._waiting):
                _settle(done, QueueFull())

    def _gather(self) -> list[Pending]:
        group: list[Pending] = []
        count = 0
        while self._waiting and count < EVENTS_AT_ONCE:
            group.append(self._waiting.popleft())
            count += _weight(group[-1][0])
        self._weight -= count
        return group


def _weight(batch: Batch) -> int:
    return max(1, len(batch.events))


async def _write(group: Sequence[Pending]) -> None:
    """Store a group as one; when something in it cannot be stored, each batch alone, so that one bad batch costs no other.

    When the database is away, no batch is to blame, and asking again for each would only keep everybody waiting.
    """
    try:
        outcomes = await record([batch for batch, _ in group])
    except Exception as error:
        if len(group) == 1 or isinstance(error, DATABASE_DOWN):
            for _, done in group:
                _settle(done, error)
            return
        for pending in group:
            await _write([pending])
        return
    for (_, done), outcome in zip(group, outcomes, strict=True):
        _settle(done, outcome)


def _settle(done: asyncio.Future[IngestResult], result: IngestResult | Exception) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
