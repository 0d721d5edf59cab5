"""Every admin address in one list, and the app around it: headers, sessions, and the check where a request comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, ExceptionHandler, Message, Receive, Scope, Send

from admin.components.navigation import menu_of, settings_of
from admin.components.roles import role_name
from admin.pages import errors, home
from admin.pages import manual as help
from admin.pages.account import invitation, setup
from admin.pages.account import profile as account
from admin.pages.account import sign_in as signin
from admin.pages.guides import audience, editor, preview, publish, report, versions
from admin.pages.guides import list as library
from admin.pages.settings import api_keys as keys
from admin.pages.settings import environments, install, project, team
from admin.web import static_files as assets
from admin.web.access import FORM_LIMIT, Page, Sessions, SignInFirst, admit
from admin.web.csrf import Csrf
from admin.web.rate_limits import Limits
from admin.web.responses import AdminConfig, templates
from guides.database import Busy
from guides.errors import DomainError

ROUTES: Sequence[Page] = [
    *setup.PAGES,
    *signin.PAGES,
    *invitation.PAGES,
    *account.PAGES,
    *help.PAGES,
    *home.PAGES,
    *library.PAGES,
    *editor.PAGES,
    *audience.PAGES,
    *publish.PAGES,
    *versions.PAGES,
    *report.PAGES,
    *preview.PAGES,
    *project.PAGES,
    *team.PAGES,
    *environments.PAGES,
    *install.PAGES,
    *keys.PAGES,
]

CSP = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "frame-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
        "worker-src 'none'",
        "report-uri /csp-report",
    ]
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()",
    "Cache-Control": "no-store",
}
TRANSPORT = "max-age=63072000"


def admin_app(config: AdminConfig) -> ASGIApp:
    """Everything below /admin; the addresses hold that word already, so it is called, not mounted under it."""
    templates().globals.update(menu_of=menu_of, settings_of=settings_of, role_name=role_name)
    handlers: dict[Any, ExceptionHandler] = {
        HTTPException: errors.failed,
        SignInFirst: errors.signed_out,
        DomainError: errors.refused,
        Busy: errors.crowded,
        Exception: errors.crashed,
    }
    app = Starlette(
        routes=routes(ROUTES),
        exception_handlers=handlers,
        middleware=[Middleware(Sessions), Middleware(Csrf, refusal=errors.foreign)],
        max_body_size=FORM_LIMIT,
    )
    app.router.redirect_slashes = False
    app.state.config = config
    app.state.limits = Limits(config.rate)
    app.state.placed = {page.name for page in ROUTES if page.is_placed}
    return Headers(app, secure=config.public_url.startswith("https://"))


def routes(pages: Iterable[Page]) -> list[Route]:
    """The pages as routes: those of no project first, then production's, then the other environments'."""
    pages = list(pages)
    found = [Route("/admin/static/{digest}/{name}", assets.serve, name="static")]
    found += [_route(page, "/admin", page.name) for page in pages if not page.is_placed]
    found += [_route(page, "/admin/{project}", page.name) for page in pages if page.is_placed]
    found += [_route(page, "/admin/{project}/{environment}", f"{page.name}@environment") for page in pages if page.is_placed]
    return found


class Headers:
    """What every answer carries, errors included; a view may say otherwise for its own answer."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self.headers = {**HEADERS, **({"Strict-Transport-Security": TRANSPORT} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def out(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, out)


def _route(page: Page, root: str, name: str) -> Route:
    async def gated(request: Request) -> Response:
        await admit(request, page.need)
        return await page.view(request)

    return Route(root + page.path, gated, methods=list(page.methods), name=name, max_body_size=page.limit)
