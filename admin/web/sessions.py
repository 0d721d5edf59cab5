"""The session of a request: who is signed in, and in which language."""

from __future__ import annotations

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from admin.config import config_of
from admin.i18n import translate as i18n
from admin.web.cookies import cookie_name, delete_cookie, set_cookie
from guides.accounts import sessions
from guides.accounts.sessions import MAX_AGE
from guides.models import Member, Session


class SignInRequired(Exception):
    """Nobody is signed in; the answer leads to the sign-in page and back."""


class SessionMiddleware:
    """Finds the session of a request and activates its language, before anything else reads the request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"] = {**scope.get("state", {}), "messages": [], "context": None, "session": None}
            connection = HTTPConnection(scope)
            if not scope["path"].startswith("/admin/static/"):
                scope["state"]["session"] = await _load_session(connection)
            i18n.activate(_language(connection))
        await self.app(scope, receive, send)


def find_session(request: HTTPConnection) -> Session | None:
    """The session of this browser, if it is signed in."""
    session: Session | None = getattr(request.state, "session", None)
    return session


def member_of(request: HTTPConnection) -> Member:
    """Who is signed in; raises SignInRequired."""
    session = find_session(request)
    if session is None:
        raise SignInRequired
    return session.member


def set_session_cookie(request: Request, response: Response, secret: str) -> None:
    """Signs the browser in; the CSRF cookie it had before is deleted."""
    set_cookie(request, response, "", secret, seconds=int(MAX_AGE.total_seconds()))
    delete_cookie(request, response, "pre")


def delete_session_cookie(request: Request, response: Response) -> None:
    """Signs the browser out."""
    delete_cookie(request, response, "")


def client_details(request: Request) -> dict[str, str]:
    """What a session stores of the browser: an anonymized IP address and the User-Agent."""
    return {"address": anonymize_address(config_of(request).client_address(request)), "agent": request.headers.get("user-agent", "")}


def anonymize_address(address: str) -> str:
    """An IP address without its last part: /24 or /48; empty for what is none."""
    if ":" in address:
        return ":".join(address.split(":")[:3]) + "::"
    return ".".join([*address.split(".")[:3], "0"]) if address.count(".") == 3 else ""


async def _load_session(connection: HTTPConnection) -> Session | None:
    secret = connection.cookies.get(cookie_name(connection), "")
    return await sessions.find_session(secret) if 40 <= len(secret) <= 60 else None


def _language(connection: HTTPConnection) -> str:
    session = find_session(connection)
    chosen = session.member.locale if session else connection.cookies.get(cookie_name(connection, "language"), "")
    return chosen if chosen in i18n.LOCALES else i18n.negotiate(connection.headers.get("accept-language", ""))
