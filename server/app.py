"""The whole service as one ASGI app; the only module that knows every layer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from admin.app import admin_app
from admin.config import AdminConfig
from guides.external.mail import Mail
from server.config.settings import Settings
from server.embed import boot, events
from server.http.errors import WireError
from server.http.middleware import OuterMiddleware
from server.http.operator_access import require_operator
from server.observability import logs
from server.observability.metrics import CONTENT_TYPE
from server.process import lifespan
from server.process.lifespan import Services

EndpointFunction = Callable[[Request, Services], Awaitable[Response]]


class Gate(StrEnum):
    """The credentials that an endpoint requires."""

    PUBLIC = "public"
    OPERATOR = "this machine or the metrics token"
    ENVIRONMENT_KEY = "environment key"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route for programs: methods, path, function, gate. A path that ends in * is a prefix; without a function it is a built file."""

    methods: tuple[str, ...]
    path: str
    function: EndpointFunction | None
    gate: Gate = Gate.PUBLIC


async def home(request: Request, services: Services) -> Response:
    """Redirects to the admin."""
    return RedirectResponse("/admin", 303)


async def livez(request: Request, services: Services) -> Response:
    """Answers 200 while the process runs."""
    return PlainTextResponse("alive")


async def readyz(request: Request, services: Services) -> Response:
    """Answers 200 while events can be stored, else 503."""
    return PlainTextResponse("ready") if await services.is_ready() else PlainTextResponse("unready", 503)


async def metrics(request: Request, services: Services) -> Response:
    """Answers the counters of this process for Prometheus."""
    require_operator(request, services.client_address(request.scope), services.settings.metrics_token)
    return Response(services.metrics.to_prometheus(), 200, media_type=CONTENT_TYPE)


async def csp_report(request: Request, services: Services) -> Response:
    """Accepts and ignores reports of the admin's Content-Security-Policy."""
    return Response(status_code=204)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(("POST",), "/embed/v1/boot", boot.post_boot, Gate.ENVIRONMENT_KEY),
    Endpoint(("POST",), "/embed/v1/events", events.post_events, Gate.ENVIRONMENT_KEY),
    Endpoint(("GET", "HEAD"), "/embed/body/*", boot.get_body),
    Endpoint(("GET", "HEAD"), "/embed.js", None),
    Endpoint(("GET", "HEAD"), "/embed/*", None),
    Endpoint(("GET", "HEAD"), "/livez", livez),
    Endpoint(("GET", "HEAD"), "/readyz", readyz),
    Endpoint(("GET", "HEAD"), "/metrics", metrics, Gate.OPERATOR),
    Endpoint(("POST",), "/csp-report", csp_report),
    Endpoint(("GET", "HEAD"), "/", home),
)


class Dispatcher:
    """Routes a request: exact paths by a dict, then prefixes, then the admin."""

    def __init__(self, services: Services, pages: ASGIApp) -> None:
        self._services = services
        self._pages = pages
        self._exact = {endpoint.path: endpoint for endpoint in ENDPOINTS if not endpoint.path.endswith("*")}
        self._prefixes = [(endpoint.path[:-1], endpoint) for endpoint in ENDPOINTS if endpoint.path.endswith("*")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Routes one request; raises WireError 405."""
        path = scope["path"]
        endpoint = self._exact.get(path) or next((endpoint for prefix, endpoint in self._prefixes if path.startswith(prefix)), None)
        if endpoint is None:
            await self._send_to_admin(scope, receive, send)
            return
        if scope["method"] not in endpoint.methods:
            raise WireError(405, "method_not_allowed", "This method is not allowed here.", None, {"allow": ", ".join(endpoint.methods)})
        if endpoint.function is None:
            await self._services.embed_files(scope, receive, send)
            return
        response = await endpoint.function(Request(scope, receive), self._services)
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    async def _send_to_admin(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/api/"):
            raise WireError(404, "not_found", "There is nothing at this address.")
        await self._pages(scope, receive, send)


class App:
    """The ASGI app: `async with app.started()` in tests, the lifespan protocol elsewhere."""

    def __init__(self, services: Services, app: ASGIApp) -> None:
        self.services = services
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles HTTP and lifespan; closes websockets."""
        if scope["type"] == "http":
            await self._app(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _run_lifespan(self.started(), receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    def started(self, *, own_database: bool = True) -> AbstractAsyncContextManager[None]:
        """Runs all services for as long as the context lasts; with own_database=False the caller has opened the database."""
        return lifespan.with_all_services(self.services) if own_database else lifespan.with_writer(self.services)


def create_app(settings: Settings, demo_url: str = "") -> App:
    """Creates the app for these settings; opens nothing."""
    services = lifespan.create_services(settings)
    pages = admin_app(_admin_config(settings, services, demo_url))
    return App(services, OuterMiddleware(Dispatcher(services, pages), settings.public_url, services.client_address, services.metrics))


def from_environment() -> App:
    """Creates the app from the environment variables, for servers with several processes."""
    logs.configure_logging()
    return create_app(Settings.from_process())


def _admin_config(settings: Settings, services: Services, demo_url: str) -> AdminConfig:
    def client_address(connection: HTTPConnection) -> str:
        return services.client_address(connection.scope)

    return AdminConfig(
        public_url=settings.public_url,
        secret_keys=settings.secret_key,
        allow_insecure_http=settings.allow_insecure_http,
        client_address=client_address,
        mail=Mail(settings.smtp_url, settings.mail_from or "handrail@localhost"),
        rate_limiter=services.rate_limiter,
        renderers=services.embed_files.renderers,
        demo_url=demo_url,
    )


async def _run_lifespan(started: AbstractAsyncContextManager[None], receive: Receive, send: Send) -> None:
    """Speaks the ASGI lifespan protocol around one context."""
    await receive()
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(started)
        except BaseException:
            await send({"type": "lifespan.startup.failed", "message": "The service could not start."})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})
