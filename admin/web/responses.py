"""Rendering: whole pages, single blocks of them, redirects and short news for the person."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote
from zlib import crc32

import jinja2
from jinja2.ext import Extension
from starlette.background import BackgroundTask
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from admin.i18n import translate as i18n
from admin.web import signing as tokens
from admin.web.static_files import static
from guides.external.mail import Mail
from guides.models import Environment, Member, Project, Role, Session
from guides.registry import folder_of, kinds

TEMPLATES = tuple(Path(__file__).parents[1] / folder for folder in ("pages", "components"))
FLASH_SECONDS = 60
ADDRESS = "%/:?#[]@!$&'()*+,;="
Answer = TypeVar("Answer", bound=Response)


def peer(connection: HTTPConnection) -> str:
    """The address of the other end of the socket."""
    return connection.client.host if connection.client else ""


@dataclass(frozen=True)
class AdminConfig:
    """What the admin is told once, at start."""

    public_url: str = "http://127.0.0.1:8000"
    secret_keys: tuple[str, ...] = ()
    allow_insecure_http: bool = False
    address: Callable[[HTTPConnection], str] = peer
    mail: Mail = field(default_factory=Mail)
    embed: Path = Path(__file__).parents[2] / "embed" / "dist"
    rate: float = 1.0
    renderers: Mapping[str, str] = field(default_factory=dict)
    version: str = "0.1.0"
    demo_url: str = ""


@dataclass(frozen=True)
class Place:
    """Where in the admin a request is: a project and an environment, and what this member may do there."""

    project: Project
    environment: Environment
    role: Role
    environments: list[Environment]
    projects: list[Project]


def config_of(request: HTTPConnection) -> AdminConfig:
    """What this admin was told at start."""
    config: AdminConfig = request.app.state.config
    return config


def session_of(request: HTTPConnection) -> Session | None:
    """The session of this browser, if it is signed in."""
    session: Session | None = getattr(request.state, "session", None)
    return session


def place_of(request: HTTPConnection) -> Place | None:
    """The project and environment the address names, once the gate has let the request in."""
    place: Place | None = getattr(request.state, "place", None)
    return place


def page(request: Request, template: str, *, status: int = 200, after: BackgroundTask | None = None, **shown: Any) -> HTMLResponse:
    """A whole page; news that waited for one is shown on it."""
    news = [*_waiting(request), *request.state.flashes]
    html = templates().get_template(template).render(**_around(request), news=news, **shown)
    response = HTMLResponse(html, status, background=after)
    if request.cookies.get(cookie_name(request, "flash")):
        drop_cookie(request, response, "flash")
    return response


def block(
    request: Request, template: str, name: str, *, status: int = 200, after: BackgroundTask | None = None, **shown: Any
) -> HTMLResponse:
    """One block of a page, for htmx; news travel beside it in HX-Trigger."""
    found = templates().get_template(template)
    context = found.new_context({**_around(request), "news": [], **shown})
    html = "".join(found.blocks[name](context))
    return told(request, HTMLResponse(html, status, background=after))


def told(request: Request, response: Answer, **events: Any) -> Answer:
    """The answer with the request's news, and events of one's own, in HX-Trigger."""
    sent = dict(events)
    if request.state.flashes:
        sent["handrail:news"] = {"news": request.state.flashes}
    if sent:
        response.headers["HX-Trigger"] = json.dumps(sent)
    return response


def see_other(request: Request, where: str, *, after: BackgroundTask | None = None) -> Response:
    """Go to another page: 303, or for htmx the header that leaves this one."""
    if is_htmx(request):
        response: Response = Response(status_code=204, headers={"HX-Redirect": quote(where, safe=ADDRESS)}, background=after)
    else:
        response = RedirectResponse(where, 303, background=after)
    if request.state.flashes:
        config = config_of(request)
        set_cookie(request, response, "flash", tokens.sign(config.secret_keys, "flash", request.state.flashes), seconds=FLASH_SECONDS)
    return response


def flash(request: Request, text: str, tone: str = "ok", *, undo: str = "") -> None:
    """News for the person: shown with this answer, or on the page it leads to. `undo` is an address to post to."""
    request.state.flashes.append({"text": text, "tone": tone, "undo": undo})


def is_htmx(request: HTTPConnection) -> bool:
    """Whether htmx asks, and so gets a block; a hint, never a proof."""
    return request.headers.get("HX-Request") == "true"


def to(request: Request, name: str, /, **params: Any) -> str:
    """The path of a page by its name; project and environment are those of the request unless given."""
    router = request.app.router
    place = place_of(request)
    if name in request.app.state.placed and "project" not in params:
        if place is None:
            raise LookupError(f"{name} needs a project")
        params = {"project": place.project.slug, "environment": place.environment, **params}
    environment = params.pop("environment", None)
    if environment is None or environment.is_production:
        return str(router.url_path_for(name, **params))
    return str(router.url_path_for(f"{name}@environment", environment=environment.slug, **params))


def public(request: HTTPConnection, path: str) -> str:
    """A path as a whole address for mail and snippets; never from the Host header."""
    return config_of(request).public_url.rstrip("/") + path


def cookie_name(request: HTTPConnection, name: str = "") -> str:
    """The name of one of our cookies: bound to this host and to https or loopback, unless the operator allowed plain http."""
    plain = f"hr_{name or 'session'}"
    return plain if not is_secure(request) else "__Host-handrail" if not name else f"__Host-hr_{name}"


def is_secure(request: HTTPConnection) -> bool:
    """Whether cookies are for secure transport only; off only by the operator's switch on a plain http address."""
    config = config_of(request)
    return not (config.allow_insecure_http and config.public_url.startswith("http://"))


def set_cookie(request: HTTPConnection, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set one of our cookies: not for scripts, not for other sites' requests."""
    secure = is_secure(request)
    response.set_cookie(cookie_name(request, name), value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def drop_cookie(request: HTTPConnection, response: Response, name: str) -> None:
    """Take one of our cookies back."""
    response.delete_cookie(cookie_name(request, name), path="/", secure=is_secure(request), httponly=True, samesite="lax")


@cache
def templates() -> jinja2.Environment:
    """The templates, ours and those of the kinds (kinds/<slug>/form.html); a missing variable is an error."""
    loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(TEMPLATES), jinja2.FunctionLoader(_of_kind)])
    extensions: list[str | type[Extension]] = ["jinja2.ext.i18n", "jinja2.ext.do"]
    env = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, extensions=extensions, trim_blocks=True, lstrip_blocks=True
    )
    install: Callable[..., None] = env.install_gettext_callables  # type: ignore[attr-defined]
    install(i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext)
    env.filters.update(ago=i18n.ago, moment=i18n.moment, number=i18n.number, initials=initials, hue=hue)
    env.globals.update(static=static, gettext=i18n.in_page)
    env.globals["kit"] = env.get_template("kit.html").module
    return env


def initials(name: str) -> str:
    """One or two letters that stand for a name."""
    words = name.split()
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words[:1])).upper()


def hue(name: str) -> int:
    """A colour of avatars, the same for the same name."""
    return crc32(name.encode()) % 5


def _around(request: Request) -> dict[str, Any]:
    """What every template knows."""
    session = session_of(request)
    member: Member | None = session.member if session else None
    return {
        "request": request,
        "member": member,
        "place": place_of(request),
        "csrf": getattr(request.state, "csrf", ""),
        "locale": i18n.locale(),
        "direction": i18n.direction(),
        "scheme": member.scheme if member else "auto",
        "locales": i18n.SHIPPED,
        "version": config_of(request).version,
        "insecure": not is_secure(request),
        "to": lambda name, /, **params: to(request, name, **params),
    }


def _waiting(request: Request) -> list[Any]:
    kept = request.cookies.get(cookie_name(request, "flash"))
    return (tokens.read(config_of(request).secret_keys, "flash", kept, seconds=FLASH_SECONDS) or []) if kept else []


def _of_kind(name: str) -> str | None:
    parts = name.split("/")
    if len(parts) != 3 or parts[0] != "kinds" or parts[1] not in kinds() or parts[2] != "form.html":
        return None
    path = folder_of(kinds()[parts[1]]) / "form.html"
    return path.read_text(encoding="utf-8") if path.exists() else None
