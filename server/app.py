"""The whole service as one ASGI app; the only module that knows every layer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from admin.routes import admin_app
from admin.web.responses import AdminConfig
from guides.external.mail import Mail
from server.config.settings import Settings
from server.embed import boot
from server.embed import events as ingest
from server.http.errors import WireError
from server.http.middleware import Entrance
from server.http.operator_access import require_operator
from server.observability import logs
from server.observability.metrics import CONTENT_TYPE
from server.process import lifespan
from server.process.lifespan import Running

Answer = Callable[[Request, Running], Awaitable[Response]]


class Gate(StrEnum):
    """What an address asks of whoever calls it."""

    NOBODY = "nobody"
    OPERATOR = "this machine or the metrics token"
    ENVIRONMENT_KEY = "environment key"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address that programs call: how, what answers, what it asks for. A path that ends in a star is a beginning."""

    methods: tuple[str, ...]
    path: str
    answer: Answer | None
    gate: Gate = Gate.NOBODY


async def home(request: Request, running: Running) -> Response:
    """The admin is where people begin."""
    return RedirectResponse("/admin", 303)


async def livez(request: Request, running: Running) -> Response:
    """The process runs."""
    return PlainTextResponse("alive")


async def readyz(request: Request, running: Running) -> Response:
    """The process can store what it is sent."""
    return PlainTextResponse("ready") if await running.is_ready() else PlainTextResponse("unready", 503)


async def metrics(request: Request, running: Running) -> Response:
    """Counts for a scraper."""
    require_operator(request, running.address(request.scope), running.settings.metrics_token)
    return Response(running.measures.text(), 200, media_type=CONTENT_TYPE)


async def csp_report(request: Request, running: Running) -> Response:
    """What a browser refused to load in the admin; read by nobody yet, and never an error."""
    return Response(status_code=204)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(("POST",), "/embed/v1/boot", boot.boot, Gate.ENVIRONMENT_KEY),
    Endpoint(("POST",), "/embed/v1/events", ingest.events, Gate.ENVIRONMENT_KEY),
    Endpoint(("GET", "HEAD"), "/embed/body/*", boot.body),
    Endpoint(("GET", "HEAD"), "/embed.js", None),
    Endpoint(("GET", "HEAD"), "/embed/*", None),
    Endpoint(("GET", "HEAD"), "/livez", livez),
    Endpoint(("GET", "HEAD"), "/readyz", readyz),
    Endpoint(("GET", "HEAD"), "/metrics", metrics, Gate.OPERATOR),
    Endpoint(("POST",), "/csp-report", csp_report),
    Endpoint(("GET", "HEAD"), "/", home),
)


class Dispatch:
    """Hands a request to its endpoint: exact addresses by a dict, then beginnings, then the admin."""

    def __init__(self, running: Running, pages: ASGIApp) -> None:
        self._running = running
        self._pages = pages
        self._exact = {one.path: one for one in ENDPOINTS if not one.path.endswith("*")}
        self._beginnings = [(one.path[:-1], one) for one in ENDPOINTS if one.path.endswith("*")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path = scope["path"]
        found = self._exact.get(path) or next((one for beginning, one in self._beginnings if path.startswith(beginning)), None)
        if found is None:
            await self._elsewhere(scope, receive, send)
            return
        if scope["method"] not in found.methods:
            raise WireError(405, "method_not_allowed", "This address is asked another way.", None, {"allow": ", ".join(found.methods)})
        if found.answer is None:
            await self._running.assets(scope, receive, send)
            return
        response = await found.answer(Request(scope, receive), self._running)
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    async def _elsewhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/api/"):
            raise WireError(404, "not_found", "There is nothing at this address.")
        await self._pages(scope, receive, send)


class App:
    """What a server runs: `async with app.started()` in tests, the lifespan protocol elsewhere."""

    def __init__(self, running: Running, inner: ASGIApp) -> None:
        self.running = running
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The three kinds of ASGI conversation; there are no sockets here."""
        if scope["type"] == "http":
            await self._inner(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _live(self.started(), receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    def started(self, *, own_database: bool = True) -> AbstractAsyncContextManager[None]:
        """Open everything for as long as the context lasts; a test that opened the database itself says so."""
        return lifespan.serving(self.running) if own_database else lifespan.writing(self.running)


def create_app(settings: Settings, demo_url: str = "") -> App:
    """The service for these settings; nothing is opened yet."""
    running = lifespan.prepare(settings)
    pages = admin_app(_admin_config(settings, running, demo_url))
    return App(running, Entrance(Dispatch(running, pages), settings.public_url, running.address, running.measures))


def from_environment() -> App:
    """The service for the settings of this process, for servers that start several."""
    logs.set_up()
    return create_app(Settings.of_process())


def _admin_config(settings: Settings, running: Running, demo_url: str) -> AdminConfig:
    def address(connection: HTTPConnection) -> str:
        return running.address(connection.scope)

    return AdminConfig(
        public_url=settings.public_url,
        secret_keys=settings.secret_key,
        allow_insecure_http=settings.allow_insecure_http,
        address=address,
        mail=Mail(settings.smtp_url, settings.mail_from or "handrail@localhost"),
        rate=settings.rate_limit,
        renderers=running.assets.renderers,
        demo_url=demo_url,
    )


async def _live(started: AbstractAsyncContextManager[None], receive: Receive, send: Send) -> None:
    """The lifespan protocol around one context."""
    await receive()
    async with AsyncExitStack() as open_things:
        try:
            await open_things.enter_async_context(started)
        except BaseException:
            await send({"type": "lifespan.startup.failed", "message": "The service could not start."})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})
