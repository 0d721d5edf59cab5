"""Secret links leave the address at once: a cookie carries them to the form that uses them up."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.web.responses import cookie_name, drop_cookie, set_cookie

HOUR = 3600


def carried(request: Request) -> str:
    """The secret in the address, if there is one."""
    return request.query_params.get("token", "")[:100]


def hold(request: Request, purpose: str, where: str) -> Response:
    """Go to the page without the secret, which a cookie of this purpose holds now."""
    response = RedirectResponse(where, 303, headers={"Referrer-Policy": "no-referrer"})
    set_cookie(request, response, purpose, carried(request).encode("ascii", "ignore").decode(), seconds=HOUR)
    return response


def taken(request: Request, purpose: str) -> str:
    """The secret a link of this purpose brought, or nothing."""
    return request.cookies.get(cookie_name(request, purpose), "")[:100]


def drop_link(request: Request, purpose: str, response: Response) -> Response:
    """Forget a secret that was used."""
    drop_cookie(request, response, purpose)
    return response
