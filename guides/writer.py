"""The one writer of a process: requests that wait are stored in one transaction and answered after its commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from guides.progress import Batch, Outcome, record

EVENTS_AT_ONCE = 500
WAITING_AT_MOST = 10_000

Waiting = tuple[Batch, "asyncio.Future[Outcome]"]


class Full(Exception):
    """More waits to be written than is safe to hold; try again later."""


class Writer:
    """Group commit: while one transaction is on its way to the disk, the next one gathers."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Waiting | None] = asyncio.Queue(WAITING_AT_MOST)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run(), name="ingest writer")

    async def stop(self) -> None:
        """Write what still waits, then end."""
        if self._task is not None:
            await self._waiting.put(None)
            await self._task
            self._task = None

    async def submit(self, batch: Batch) -> Outcome:
        """Give a batch to the writer; returns after the commit. Raises Full, or what the database raised."""
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait((batch, done))
        except asyncio.QueueFull:
            raise Full from None
        return await done

    async def _run(self) -> None:
        more = True
        while more:
            first = await self._waiting.get()
            if first is None:
                return
            group, more = self._gather(first)
            await _write(group)

    def _gather(self, first: Waiting) -> tuple[list[Waiting], bool]:
        group = [first]
        count = len(first[0].events)
        while count < EVENTS_AT_ONCE and not self._waiting.empty():
            following = self._waiting.get_nowait()
            if following is None:
                return group, False
            group.append(following)
            count += len(following[0].events)
        return group, True


async def _write(group: Sequence[Waiting]) -> None:
    """Store a group as one; when it fails, each batch alone, so that one bad batch costs no other."""
    try:
        outcomes = await record([batch for batch, _ in group])
    except Exception as error:
        if len(group) == 1:
            _settle(group[0][1], error)
            return
        for one in group:
            await _write([one])
        return
    for (_, done), outcome in zip(group, outcomes, strict=True):
        _settle(done, outcome)


def _settle(done: asyncio.Future[Outcome], result: Outcome | Exception) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
