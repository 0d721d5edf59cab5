"""The outermost middleware: request id, host and path checks, default headers, one log line a request, errors to responses."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.config import parsers
from server.http import errors
from server.http.errors import WireError
from server.observability.logs import redact_path
from server.observability.metrics import Metrics

access = logging.getLogger("handrail.access")
log = logging.getLogger("handrail")

HEADER_BYTES = 32 * 1024
URL_BYTES = 8 * 1024
BODY_SECONDS = 30
ANY_HOST_PATHS = frozenset({"/livez", "/readyz"})
HOST_PAGE_PATHS = ("/embed/", "/embed.js")
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "content-type, content-encoding",
    "access-control-max-age": "7200",
}
DEFAULT_HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-store", "referrer-policy": "same-origin"}
HOST_PAGE_HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Retry-After",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
PRIVATE_HEADERS = {"content-security-policy": "default-src 'none'; frame-ancestors 'none'", "x-frame-options": "DENY"}

RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(slots=True)
class RequestRecord:
    """One request and its response, for the log."""

    request_id: str
    started: float
    status: int = 0
    headers: RawHeaders = ()


class OuterMiddleware:
    """Wraps the whole service; every response passes through it."""

    def __init__(self, app: ASGIApp, public_url: str, address: Callable[[Scope], str], metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._host = parsers.get_host(public_url)
        self._address = address
        hsts = {"strict-transport-security": "max-age=63072000"} if public_url.startswith("https:") else {}
        self._host_page_headers = _encode(DEFAULT_HEADERS | HOST_PAGE_HEADERS | hsts)
        self._private_headers = _encode(DEFAULT_HEADERS | PRIVATE_HEADERS | hsts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Checks, answers and logs one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = RequestRecord(secrets.token_hex(8), time.perf_counter(), headers=self._headers(scope["path"]))
        scope.setdefault("state", {})["request_id"] = record.request_id

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message, record)
            await send(message)

        try:
            await self._answer(scope, receive, send_with_headers, record)
        finally:
            self._log_request(scope, record)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, record: RequestRecord) -> None:
        try:
            self._check(scope)
            receive = _with_body_timeout(receive)
            if scope["method"] == "OPTIONS" and scope["path"].startswith(HOST_PAGE_PATHS):
                await _preflight(scope)(scope, receive, send)
                return
            await self._app(scope, receive, send)
        except Exception as error:
            response = errors.response_for(error, record.request_id)
            if response.status_code >= 500:
                log.error("a request failed", exc_info=error, extra={"request_id": record.request_id, "path": redact_path(scope["path"])})
            if not record.status:
                await response(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        """Raises WireError for oversized headers, malformed paths and unknown hosts."""
        path = scope["path"]
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_BYTES:
            raise WireError(431, "too_large", "The headers are too large.")
        if len(path) + len(scope["query_string"]) > URL_BYTES:
            raise WireError(414, "too_large", "The address is too long.")
        if "//" in path or "\\" in path or not path.isprintable() or "/../" in f"{path}/" or "/./" in f"{path}/":
            raise WireError(404, "not_found", "There is nothing at this address.")
        if path not in ANY_HOST_PATHS:
            self._check_host([value for name, value in scope["headers"] if name == b"host"])

    def _check_host(self, hosts: list[bytes]) -> None:
        if len(hosts) != 1:
            raise WireError(400, "bad_host", "One Host header is needed.")
        host = _host_name(hosts[0].decode("latin-1"))
        if host != self._host and not parsers.is_loopback(host):
            raise WireError(421, "unknown_host", "This service does not answer to that host name.")

    def _headers(self, path: str) -> RawHeaders:
        return self._host_page_headers if path.startswith(HOST_PAGE_PATHS) else self._private_headers

    def _log_request(self, scope: Scope, record: RequestRecord) -> None:
        fields = {
            "request_id": record.request_id,
            "method": scope["method"],
            "path": redact_path(scope["path"]),
            "status": record.status,
            "ms": round((time.perf_counter() - record.started) * 1000, 1),
            "address": self._address(scope),
        }
        access.info("answered", extra=fields)
        self._metrics.responses[str(record.status)] += 1


def _add_headers(message: Message, record: RequestRecord) -> None:
    record.status = message["status"]
    present = message.get("headers", ())
    names = {name for name, _ in present}
    missing = [header for header in record.headers if header[0] not in names]
    message["headers"] = [*present, *missing, (b"x-request-id", record.request_id.encode())]


def _encode(headers: Mapping[str, str]) -> RawHeaders:
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())


def _with_body_timeout(receive: Receive) -> Receive:
    """Raises HTTPException 408 unless the body is complete within BODY_SECONDS; later calls wait without a limit."""
    deadline: float | None = asyncio.get_running_loop().time() + BODY_SECONDS

    async def receive_in_time() -> Message:
        nonlocal deadline
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408) from error
        if not message.get("more_body"):
            deadline = None
        return message

    return receive_in_time


def _preflight(scope: Scope) -> Response:
    header_names = {name for name, _ in scope["headers"]}
    private = {"access-control-allow-private-network": "true"} if b"access-control-request-private-network" in header_names else {}
    return Response(None, 204, PREFLIGHT | private)


def _host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    host = host.strip().lower()
    return host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]
