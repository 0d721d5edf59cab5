"""Limits the size and the time of request headers; uvicorn alone buffers them without end."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 15.0


class LimitedHttpProtocol(HttpToolsProtocol):
    """One connection that is closed when its headers exceed HEAD_BYTES or HEAD_SECONDS."""

    _head_bytes = 0
    _timeout: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the timeout for the first request."""
        super().connection_made(transport)
        self._start_timeout()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancels the timeout."""
        self._head_complete()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counts bytes until the parser recognizes the end of the headers or a part of a body."""
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The headers are too large.")

    def on_message_begin(self) -> None:
        """Starts the timeout for the next request's headers."""
        super().on_message_begin()
        self._start_timeout()

    def on_headers_complete(self) -> None:
        """Cancels the timeout: the headers are complete."""
        self._head_complete()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Resets the count; json_body limits bodies."""
        self._head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Resets the count: the request is complete."""
        self._head_bytes = 0
        super().on_message_complete()

    def _start_timeout(self) -> None:
        if self._timeout is None:
            self._timeout = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_complete(self) -> None:
        self._head_bytes = 0
        if self._timeout is not None:
            self._timeout.cancel()
            self._timeout = None
