"""The admin's cookies: one prefix, one set of attributes."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

from admin.config import config_of


def cookie_name(request: HTTPConnection, name: str = "") -> str:
    """The full name of a cookie; without `name`, of the session's.

    The __Host- prefix binds it to this host and to https or loopback, unless the operator allowed plain http.
    """
    plain = f"hr_{name or 'session'}"
    return plain if not uses_secure_cookies(request) else "__Host-handrail" if not name else f"__Host-hr_{name}"


def uses_secure_cookies(request: HTTPConnection) -> bool:
    """Whether cookies carry Secure; off only by the operator's switch on a plain http address."""
    config = config_of(request)
    return not (config.allow_insecure_http and config.public_url.startswith("http://"))


def set_cookie(request: HTTPConnection, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Sets a cookie as HttpOnly and SameSite=Lax; without `seconds` it ends with the browser."""
    secure = uses_secure_cookies(request)
    response.set_cookie(cookie_name(request, name), value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def delete_cookie(request: HTTPConnection, response: Response, name: str) -> None:
    """Makes the browser forget a cookie."""
    secure = uses_secure_cookies(request)
    response.delete_cookie(cookie_name(request, name), path="/", secure=secure, httponly=True, samesite="lax")
