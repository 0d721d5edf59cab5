"""Refuses requests that other sites started, by their origin and by a token bound to the session."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admin.config import config_of
from admin.web.cookies import cookie_name, set_cookie
from admin.web.sessions import find_session

log = logging.getLogger("handrail.admin")

SAFE_METHODS = frozenset({"GET", "HEAD"})
MAX_FORM_BYTES = 1 << 20
FORM_TYPE = "application/x-www-form-urlencoded"
Refuse = Callable[[Request], Awaitable[Response]]


class CsrfMiddleware:
    """Every unsafe request must come from our own pages and carry the token of its session (or of the cookie before one)."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        key, fresh = _session_key(request)
        scope["state"]["csrf"] = mask_token(key) if key else ""
        if scope["method"] in SAFE_METHODS:
            allowed, receive_body = _is_allowed_read(request), receive
        else:
            allowed, receive_body = await self._check_token(request, key, receive)
        if not allowed:
            log.warning("refused %s %s: not from our own pages, or without the token of its session", scope["method"], scope["path"])
            await (await self.refuse(request))(scope, receive, send)
            return
        await self.app(scope, receive_body, _with_csrf_cookie(request, fresh, send) if fresh else send)

    async def _check_token(self, request: Request, key: str, receive: Receive) -> tuple[bool, Receive]:
        if not is_same_origin(request):
            return False, receive
        token = request.headers.get("X-CSRF-Token", "")
        if not token and request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM_TYPE:
            body = await _read_body(receive)
            token = _form_token(body)
            return bool(key) and token_matches(token, key), _replay_body(body, receive)
        return bool(key) and token_matches(token, key), receive


def is_same_origin(request: HTTPConnection) -> bool:
    """Whether one of our own pages sent this: by Fetch Metadata, else by Origin; compared with the public address, never with Host."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is not None:
        return origin.lower() == origin_of(config_of(request).public_url)
    return not any(cookie_name(request, name) in request.cookies for name in ("", "pre"))


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as browsers write an origin."""
    parts = urlsplit(url.lower())
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, usual} else "")


def derive_token(key: str) -> bytes:
    """The token of a session, in bytes: pages send it back masked."""
    return hmac.digest(key.encode(), b"csrf:v1", hashlib.sha256)


def mask_token(key: str) -> str:
    """The token, written differently each time so that compression tells nothing."""
    mask = secrets.token_bytes(32)
    return base64.urlsafe_b64encode(mask + _xor(mask, derive_token(key))).decode()


def token_matches(token: str, key: str) -> bool:
    """Whether this is the session's token."""
    try:
        both = base64.urlsafe_b64decode(token.encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        return False
    return len(both) == 64 and hmac.compare_digest(_xor(both[:32], both[32:]), derive_token(key))


def _session_key(request: Request) -> tuple[str, str]:
    """The secret that tokens derive from, and the same one again when it is new and needs a cookie."""
    session = find_session(request)
    if session is not None:
        return session.csrf_secret, ""
    secret = request.cookies.get(cookie_name(request, "pre"), "")
    if len(secret) == 43:
        return secret, ""
    if request.method not in SAFE_METHODS or request.url.path.startswith("/admin/static/"):
        return "", ""
    fresh = secrets.token_urlsafe(32)
    return fresh, fresh


def _with_csrf_cookie(request: Request, fresh: str, send: Send) -> Send:
    """Set the pre-session cookie on the response."""

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            carrier = Response()
            set_cookie(request, carrier, "pre", fresh)
            MutableHeaders(scope=message).append("set-cookie", carrier.headers["set-cookie"])
        await send(message)

    return send_with_cookie


def _is_allowed_read(request: Request) -> bool:
    """Pages are read by navigating to them or from our own pages, never from inside another site's."""
    if request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
        return True
    return request.headers.get("sec-fetch-mode") == "navigate" and request.headers.get("sec-fetch-dest", "document") == "document"


def _form_token(body: bytes) -> str:
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=1000)
    except ValueError:
        return ""
    return fields.get("_csrf", [""])[0]


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        try:
            message = await receive()
        except HTTPException:  # it took too long
            return b""
        body += message.get("body", b"")
        if len(body) > MAX_FORM_BYTES or message["type"] == "http.disconnect":
            return b""
        if not message.get("more_body"):
            return bytes(body)


def _replay_body(body: bytes, receive: Receive) -> Receive:
    """A receive that returns the body already read, then continues with the connection."""
    is_replayed = False

    async def replay() -> Message:
        nonlocal is_replayed
        if is_replayed:
            return await receive()
        is_replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
