"""What people see when something is not there, not allowed or broken."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.web.csrf import is_same_origin
from admin.web.responses import is_htmx, page, partial, see_other
from admin.web.sessions import SignInRequired
from admin.web.urls import sign_in_url
from guides.accounts.passwords import TooBusy
from guides.errors import Conflict, DomainError, Invalid, NotReady, Refused, Unknown

REAUTHENTICATE_PATH = "/admin/again"
STATUS: dict[type[DomainError], int] = {Unknown: 404, Refused: 403, Invalid: 422, Conflict: 409, NotReady: 422, TooBusy: 503}


async def sign_in_required(request: Request, error: Exception) -> Response:
    """Nobody is signed in: htmx gets 401 and asks again after signing in, a page leads to the sign-in page and back."""
    if is_htmx(request):
        return Response(status_code=401, headers={"X-Handrail": "sign-in"})
    return see_other(request, sign_in_url(request))


async def http_error(request: Request, error: Exception) -> Response:
    """An HTTP error as a page, or as news for htmx."""
    assert isinstance(error, HTTPException)
    response = _error_response(request, error.status_code, "")
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def domain_error(request: Request, error: Exception) -> Response:
    """What the domain raised and no view caught, in its own words."""
    assert isinstance(error, DomainError)
    response = _error_response(request, STATUS.get(type(error), 400), i18n.gettext(error.message))
    if isinstance(error, TooBusy):
        response.headers["Retry-After"] = "5"
    return response


async def database_busy(request: Request, error: Exception) -> Response:
    """The database could not be written in time; nothing was half done."""
    response = _error_response(request, 503, "")
    response.headers["Retry-After"] = "2"
    return response


async def server_error(request: Request, error: Exception) -> Response:
    """Our own fault; nothing of it is told."""
    return _error_response(request, 500, "")


async def csrf_failed(request: Request) -> Response:
    """A request that our own pages did not send; a page whose session has ended gets 401 instead and asks for the password."""
    if is_htmx(request) and is_same_origin(request) and request.url.path != REAUTHENTICATE_PATH:
        return await sign_in_required(request, SignInRequired())
    return _error_response(
        request, 403, _("This request did not come from a page that is still valid. Go back, reload the page and try again.")
    )


def _error_response(request: Request, status: int, text: str) -> Response:
    title, usual = _title_and_text(status)
    if is_htmx(request):
        response: Response = partial(request, "error.html", "message", status=status, title=title, text=text or usual)
        MutableHeaders(raw=response.raw_headers)["HX-Reswap"] = "none"
        MutableHeaders(raw=response.raw_headers)["X-Handrail"] = "error"
        return response
    return page(request, "error.html", status=status, title=title, text=text or usual)


def _title_and_text(status: int) -> tuple[str, str]:
    return {
        403: (_("You may not do this"), _("Your role does not allow it. An owner or admin of the project can change that.")),
        404: (_("Nothing here"), _("The page was moved or deleted, or it belongs to a project you are not part of.")),
        405: (_("Not that way"), _("This address does not take that kind of request.")),
        409: (_("Somebody else was faster"), _("It was changed in the meantime. Reload the page to see what is there now.")),
        413: (_("Too large"), _("That is more than this page takes.")),
        422: (_("Not saved"), _("Something in it cannot be taken.")),
        429: (_("Too many tries"), _("Wait a while, then try again.")),
        503: (_("Busy"), _("Too many people are here at once. Try again in a few seconds.")),
        500: (_("Something broke on our side"), _("What you had saved is safe. Try again; if it stays, tell whoever runs this server.")),
    }.get(status, (_("That did not work"), _("Reload the page and try again.")))
