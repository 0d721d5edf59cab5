"""The secret of a one-time link: it moves from the address into a cookie, so that it stays out of history and referers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.web.cookies import cookie_name, delete_cookie, set_cookie

HOUR = 3600
LONGEST_TOKEN = 100


def token_in_url(request: Request) -> str:
    """The token in the address; empty without one."""
    return request.query_params.get("token", "")[:LONGEST_TOKEN]


def move_token_to_cookie(request: Request, purpose: str, url: str) -> Response:
    """Redirects to the page without the token, which the cookie of this purpose carries for an hour."""
    response = RedirectResponse(url, 303, headers={"Referrer-Policy": "no-referrer"})
    set_cookie(request, response, purpose, token_in_url(request).encode("ascii", "ignore").decode(), seconds=HOUR)
    return response


def token_from_cookie(request: Request, purpose: str) -> str:
    """The token of the link of this purpose that was opened last; empty without one."""
    return request.cookies.get(cookie_name(request, purpose), "")[:LONGEST_TOKEN]


def delete_token_cookie(request: Request, purpose: str, response: Response) -> Response:
    """Deletes the cookie once its token was used."""
    delete_cookie(request, response, purpose)
    return response
