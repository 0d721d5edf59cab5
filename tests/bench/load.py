"""Load over loopback: a few kept-open connections, bounded in time and in number, each asking again as soon as it is answered."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import uvloop

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
MOST_REQUESTS = 500_000


@dataclass
class Measured:
    """What one run saw."""

    seconds: float = 0.0
    cpu: float = 0.0
    answered: int = 0
    refused: int = 0
    waits: list[float] = field(default_factory=list)
    last: bytes = b""

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return self.answered / self.seconds if self.seconds else 0.0

    @property
    def cost(self) -> float:
        """Microseconds of the server's processor for one answer."""
        return self.cpu / self.answered * 1e6 if self.answered else 0.0

    def wait(self, share: float) -> float:
        """Milliseconds that this share of the answers did not exceed."""
        waits = sorted(self.waits)
        return waits[min(len(waits) - 1, int(len(waits) * share))] * 1000 if waits else 0.0


class Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, ask: Callable[[], bytes], good: bytes, until: float, seen: Measured) -> None:
        self.ask, self.good, self.until, self.seen = ask, good, until, seen
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self.transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        """Gather an answer; when it is whole, note it and ask again."""
        self.held += data
        head = self.held.find(b"\r\n\r\n")
        if head < 0:
            return
        length = LENGTH.search(self.held, 0, head + 2)
        if length is None or len(self.held) < head + 4 + int(length[1]):
            return
        self._note(head)
        if self.until < time.perf_counter() or self.seen.answered + self.seen.refused >= MOST_REQUESTS:
            self.transport.close()
            return
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """This connection is done."""
        if not self.over.done():
            self.over.set_result(None)

    def _next(self) -> None:
        self.held, self.asked_at = b"", time.perf_counter()
        self.transport.write(self.ask())

    def _note(self, head: int) -> None:
        self.seen.waits.append(time.perf_counter() - self.asked_at)
        self.seen.last = self.held[head + 4 :]
        if self.held.startswith(self.good):
            self.seen.answered += 1
        else:
            self.seen.refused += 1


def load(port: int, ask: Callable[[], bytes], *, seconds: float, callers: int, good: bytes = b"HTTP/1.1 200") -> Measured:
    """Ask that port for so long through so many connections."""
    return uvloop.run(_load(port, ask, seconds, callers, good))


async def _load(port: int, ask: Callable[[], bytes], seconds: float, callers: int, good: bytes) -> Measured:
    seen, began = Measured(), time.perf_counter()
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: Caller(ask, good, began + seconds, seen), "127.0.0.1", port) for _ in range(callers)]
    async with asyncio.timeout(seconds + 30):
        await asyncio.gather(*(caller.over for _, caller in made))
    seen.seconds = time.perf_counter() - began
    return seen


def post(path: str, body: bytes, port: int) -> bytes:
    """A whole request, as a browser would send it."""
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: text/plain\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body
