"""The outermost layer: request id, known hosts and clean paths only, default headers, one log line, no error without an answer."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.config import parsers as readers
from server.http import errors
from server.http.errors import WireError
from server.observability.logs import path_shown
from server.observability.metrics import Measures

access = logging.getLogger("handrail.access")
log = logging.getLogger("handrail")

HEADER_BYTES = 32 * 1024
TARGET_BYTES = 8 * 1024
BODY_SECONDS = 30
ANY_HOST = frozenset({"/livez", "/readyz"})
FOR_HOST_PAGES = ("/embed/", "/embed.js")
FOR_PROGRAMS = (*FOR_HOST_PAGES, "/api/")
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "content-type, content-encoding",
    "access-control-max-age": "7200",
}
DEFAULTS = {"x-content-type-options": "nosniff", "cache-control": "no-store", "referrer-policy": "same-origin"}
OPEN = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Retry-After",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
CLOSED = {"content-security-policy": "default-src 'none'; frame-ancestors 'none'", "x-frame-options": "DENY"}


@dataclass(slots=True)
class Seen:
    """What one request was and what it got."""

    request_id: str
    began: float
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)


class Entrance:
    """Wraps the whole service; every answer of every layer below passes through here."""

    def __init__(self, app: ASGIApp, public_url: str, address: Callable[[Scope], str], measures: Measures) -> None:
        self._app = app
        self._measures = measures
        self._host = readers.host_of(public_url)
        self._address = address
        self._transport = {"strict-transport-security": "max-age=63072000"} if public_url.startswith("https:") else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request from its first check to its log line."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = Seen(secrets.token_hex(8), time.perf_counter(), headers=self._headers(scope["path"]))
        scope.setdefault("state", {})["request_id"] = seen.request_id

        async def out(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(message, seen)
            await send(message)

        try:
            await self._answer(scope, receive, out, seen)
        finally:
            self._note(scope, seen)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, seen: Seen) -> None:
        try:
            self._check(scope)
            receive = _in_time(receive)
            if scope["method"] == "OPTIONS" and scope["path"].startswith(FOR_HOST_PAGES):
                await _preflight(scope)(scope, receive, send)
                return
            await self._app(scope, receive, send)
        except Exception as error:
            response = errors.for_error(error, seen.request_id)
            if response.status_code >= 500:
                log.error("a request failed", exc_info=error, extra={"request_id": seen.request_id, "path": path_shown(scope["path"])})
            if not seen.status:
                await response(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        """Raises WireError for what no browser and no honest program sends."""
        path = scope["path"]
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_BYTES:
            raise WireError(431, "too_large", "The headers are too large.")
        if len(path) + len(scope["query_string"]) > TARGET_BYTES:
            raise WireError(414, "too_large", "The address is too long.")
        if "//" in path or "\\" in path or not path.isprintable() or "/../" in f"{path}/" or "/./" in f"{path}/":
            raise WireError(404, "not_found", "There is nothing at this address.")
        if path not in ANY_HOST:
            self._check_host([value for name, value in scope["headers"] if name == b"host"])

    def _check_host(self, hosts: list[bytes]) -> None:
        if len(hosts) != 1:
            raise WireError(400, "bad_host", "One Host header is needed.")
        host = _name_of(hosts[0].decode("latin-1"))
        if host != self._host and not readers.is_loopback(host):
            raise WireError(421, "unknown_host", "This service does not answer to that host name.")

    def _headers(self, path: str) -> dict[str, str]:
        if path.startswith(FOR_HOST_PAGES):
            return DEFAULTS | OPEN | self._transport
        return DEFAULTS | CLOSED | self._transport

    def _note(self, scope: Scope, seen: Seen) -> None:
        told = {
            "request_id": seen.request_id,
            "method": scope["method"],
            "path": path_shown(scope["path"]),
            "status": seen.status,
            "ms": round((time.perf_counter() - seen.began) * 1000, 1),
            "address": self._address(scope),
        }
        access.info("answered", extra=told)
        self._measures.answers[str(seen.status)] += 1


def _complete(message: Message, seen: Seen) -> None:
    seen.status = message["status"]
    headers = MutableHeaders(scope=message)
    for name, value in seen.headers.items():
        headers.setdefault(name, value)
    headers["x-request-id"] = seen.request_id


def _in_time(receive: Receive) -> Receive:
    """The body, which has to be there before long; what is asked after its end waits as before."""
    until: float | None = asyncio.get_running_loop().time() + BODY_SECONDS

    async def take() -> Message:
        nonlocal until
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408) from error
        if not message.get("more_body"):
            until = None
        return message

    return take


def _preflight(scope: Scope) -> Response:
    asked = {name for name, _ in scope["headers"]}
    private = {"access-control-allow-private-network": "true"} if b"access-control-request-private-network" in asked else {}
    return Response(None, 204, PREFLIGHT | private)


def _name_of(host: str) -> str:
    """The name in a Host header, without its port."""
    host = host.strip().lower()
    return host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]
