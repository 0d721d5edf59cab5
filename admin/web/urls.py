"""Addresses of the admin's pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.requests import HTTPConnection, Request
from starlette.routing import Match, Route

from admin.config import config_of
from admin.web.access import context_of

LONGEST_NEXT_URL = 1000


def url_for(request: Request, name: str, /, **params: Any) -> str:
    """The path of a page by its name; project and environment are those of the request unless given.

    LookupError for a page of a project when the request has none.
    """
    router = request.app.router
    if name in request.app.state.project_pages and "project" not in params:
        context = context_of(request)
        params = {"project": context.project.slug, "environment": context.environment, **params}
    environment = params.pop("environment", None)
    if environment is None or environment.is_production:
        return str(router.url_path_for(name, **params))
    return str(router.url_path_for(f"{name}@environment", environment=environment.slug, **params))


def absolute_url(request: HTTPConnection, path: str) -> str:
    """A path as an absolute URL for mail and snippets; never from the Host header."""
    return config_of(request).public_url.rstrip("/") + path


def sign_in_url(request: Request) -> str:
    """The path of the sign-in page, which leads back here."""
    current = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = current if request.method == "GET" and current not in {"/admin", "/admin/"} else ""
    return "/admin/login" + (f"?next={quote(back, safe='/')}" if back else "")


def safe_next_url(request: HTTPConnection, url: str) -> str:
    """The `next` of a form when it is a page of the admin, else /admin: no open redirect."""
    path = url.partition("?")[0]
    is_odd = any(ord(char) < 33 or ord(char) > 126 or char in "\\%" for char in path) or "//" in path or "/." in path
    if is_odd or not path.startswith("/admin/") or len(url) > LONGEST_NEXT_URL or any(ord(char) < 33 for char in url):
        return "/admin"
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    is_page = any(route.matches(scope)[0] is Match.FULL for route in request.app.routes if isinstance(route, Route))
    return url if is_page else "/admin"
