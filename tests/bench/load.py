"""Load over loopback: a few kept-open connections, bounded in time and in number, each sending again as soon as it is answered."""

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
class Run:
    """The outcome of one run: seconds, seconds of processor, answers as wanted and others, seconds of each wait, the last body."""

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

    def __init__(self, make_request: Callable[[], bytes], expected: bytes, until: float, most: int, run: Run) -> None:
        self.make_request, self.expected, self.until, self.most, self.run = make_request, expected, until, most, run
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self.transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Gather a response; when it is complete, note it and send again."""
        self.received += data
        head = self.received.find(b"\r\n\r\n")
        if head < 0:
            return
        length = LENGTH.search(self.received, 0, head + 2)
        if length is None or len(self.received) < head + 4 + int(length[1]):
            return
        self._note(head)
        if self.until < time.perf_counter() or self.run.answered + self.run.refused >= self.most:
            self.transport.close()
            return
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """This connection is done."""
        if not self.closed.done():
            self.closed.set_result(None)

    def _send(self) -> None:
        self.received, self.sent_at = b"", time.perf_counter()
        self.transport.write(self.make_request())

    def _note(self, head: int) -> None:
        self.run.waits.append(time.perf_counter() - self.sent_at)
        self.run.last = self.received[head + 4 :]
        if self.received.startswith(self.expected):
            self.run.answered += 1
        else:
            self.run.refused += 1


def load(
    port: int,
    make_request: Callable[[], bytes],
    *,
    seconds: float,
    callers: int,
    expected: bytes = b"HTTP/1.1 200",
    most: int = MOST_REQUESTS,
) -> Run:
    """Send requests to that port for so long, or about so many, through so many connections."""
    return uvloop.run(_load(port, make_request, seconds, callers, expected, most))


async def _load(port: int, make_request: Callable[[], bytes], seconds: float, callers: int, expected: bytes, most: int) -> Run:
    run, start = Run(), time.perf_counter()
    loop = asyncio.get_running_loop()
    connections = [
        await loop.create_connection(lambda: Caller(make_request, expected, start + seconds, most, run), "127.0.0.1", port)
        for _ in range(callers)
    ]
    async with asyncio.timeout(seconds + 30):
        await asyncio.gather(*(caller.closed for _, caller in connections))
    run.seconds = time.perf_counter() - start
    return run


def post(path: str, body: bytes, port: int) -> bytes:
    """A complete request, as a browser would send it."""
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: text/plain\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body
