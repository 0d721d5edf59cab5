"""HTTP within bounds: what comes before a body is small and comes soon, or the connection ends; uvicorn alone gathers for ever."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 15.0


class Bounded(HttpToolsProtocol):
    """One connection."""

    _gathered = 0
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there, and has to say something."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._progressed()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes count against the head, or what follows a body, until they made sense as something else."""
        self._gathered += len(data)
        super().data_received(data)
        if self._gathered > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The headers are too large.")

    def on_message_begin(self) -> None:
        """The next request begins, and its head has to end."""
        super().on_message_begin()
        self._expect()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._progressed()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body; how large it may be is said further in."""
        self._gathered = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        self._gathered = 0
        super().on_message_complete()

    def _expect(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _progressed(self) -> None:
        self._gathered = 0
        if self._late is not None:
            self._late.cancel()
            self._late = None
