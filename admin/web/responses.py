"""Responses: pages, partials of pages for htmx, redirects, and messages to the member."""

from __future__ import annotations

import json
from typing import Any, TypeVar
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from admin.config import config_of
from admin.web import signing
from admin.web.cookies import cookie_name, delete_cookie, set_cookie
from admin.web.templating import template_context, templates

MESSAGES_SECONDS = 60
URL_SAFE = "%/:?#[]@!$&'()*+,;="
AnyResponse = TypeVar("AnyResponse", bound=Response)


def page(request: Request, template: str, *, status: int = 200, background: BackgroundTask | None = None, **variables: Any) -> HTMLResponse:
    """A whole page; it shows the messages of this request and those stored before a redirect."""
    messages = [*_stored_messages(request), *request.state.messages]
    html = templates().get_template(template).render(**template_context(request), messages=messages, **variables)
    response = HTMLResponse(html, status, background=background)
    if request.cookies.get(cookie_name(request, "flash")):
        delete_cookie(request, response, "flash")
    return response


def partial(
    request: Request, template: str, block: str, *, status: int = 200, background: BackgroundTask | None = None, **variables: Any
) -> HTMLResponse:
    """One block of a page's template, for htmx; messages travel in HX-Trigger."""
    loaded = templates().get_template(template)
    context = loaded.new_context({**template_context(request), "messages": [], **variables})
    html = "".join(loaded.blocks[block](context))
    return with_triggers(request, HTMLResponse(html, status, background=background))


def with_triggers(request: Request, response: AnyResponse, **events: Any) -> AnyResponse:
    """The response with these events, and the request's messages, in HX-Trigger: htmx fires them in the page."""
    triggers = dict(events)
    if request.state.messages:
        triggers["handrail:messages"] = {"messages": request.state.messages}
    if triggers:
        response.headers["HX-Trigger"] = json.dumps(triggers)
    return response


def see_other(request: Request, url: str, *, background: BackgroundTask | None = None) -> Response:
    """A redirect: 303, or HX-Redirect for htmx; messages wait in a signed cookie for the next page."""
    if is_htmx(request):
        response: Response = Response(status_code=204, headers={"HX-Redirect": quote(url, safe=URL_SAFE)}, background=background)
    else:
        response = RedirectResponse(url, 303, background=background)
    if request.state.messages:
        signed = signing.sign(config_of(request).secret_keys, "flash", request.state.messages)
        set_cookie(request, response, "flash", signed, seconds=MESSAGES_SECONDS)
    return response


def flash(request: Request, text: str, tone: str = "ok", *, undo: str = "") -> None:
    """Adds a message to this response, or to the page it redirects to. `tone` is ok or bad, `undo` a path to POST to."""
    request.state.messages.append({"text": text, "tone": tone, "undo": undo})


def is_htmx(request: HTTPConnection) -> bool:
    """Whether htmx sent the request and takes a partial; a hint, never a proof."""
    return request.headers.get("HX-Request") == "true"


def _stored_messages(request: Request) -> list[Any]:
    cookie = request.cookies.get(cookie_name(request, "flash"))
    return (signing.unsign(config_of(request).secret_keys, "flash", cookie, seconds=MESSAGES_SECONDS) or []) if cookie else []
