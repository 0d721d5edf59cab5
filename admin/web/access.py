"""The gates: who asks, what the address names, and whether one may; one table of needs for every page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from admin.i18n import translate as i18n
from admin.web.responses import Place, config_of, cookie_name, drop_cookie, place_of, session_of, set_cookie
from guides.accounts import members, sessions
from guides.accounts.sessions import LONGEST
from guides.models import Environment, Guide, Member, Membership, Project, Role, Session
from guides.projects.projects import environments_of

View = Callable[[Request], Awaitable[Response]]
FORM_LIMIT = 1 << 20


class Need(StrEnum):
    """What a page asks for when it asks for no particular role."""

    NOBODY = "nobody"
    SIGNED_IN = "signed in"
    MEMBER = "member"


MAY: dict[Need | Role, frozenset[Role]] = {
    Need.MEMBER: frozenset(Role),
    Role.VIEWER: frozenset({Role.VIEWER, Role.EDITOR, Role.ADMIN, Role.OWNER}),
    Role.AGENT: frozenset({Role.AGENT, Role.ADMIN, Role.OWNER}),
    Role.EDITOR: frozenset({Role.EDITOR, Role.ADMIN, Role.OWNER}),
    Role.ADMIN: frozenset({Role.ADMIN, Role.OWNER}),
    Role.OWNER: frozenset({Role.OWNER}),
}


@dataclass(frozen=True)
class Page:
    """One address of the admin: pages that need a role or membership lie below /admin/{project}, the others below /admin."""

    name: str
    path: str
    view: View
    methods: Sequence[str] = ("GET",)
    need: Need | Role = Need.SIGNED_IN
    limit: int = FORM_LIMIT

    @property
    def is_placed(self) -> bool:
        """Whether it belongs to a project, and so exists once for production and once for each other environment."""
        return self.need in MAY


class SignInFirst(Exception):
    """Nobody is signed in; the answer leads to the sign-in page and back."""


async def admit(request: Request, need: Need | Role) -> None:
    """Let the request in or raise: SignInFirst for nobody, 404 for strangers, 403 for members who may not."""
    if need is Need.NOBODY:
        return
    member = member_of(request)
    if need is Need.SIGNED_IN:
        request.state.place = await _nearby(request, member)
        return
    found = await _place(await members.memberships_of(member), request.path_params["project"], request.path_params.get("environment"))
    if found is None:
        raise HTTPException(404)
    request.state.place = found
    _may(found.role, need)


def member_of(request: HTTPConnection) -> Member:
    """Who is signed in; raises SignInFirst."""
    session = session_of(request)
    if session is None:
        raise SignInFirst
    return session.member


async def project_for(request: Request, need: Need | Role) -> Project:
    """The project the address names, for those who may do this in it."""
    await _placed(request, need)
    return request.state.place.project  # type: ignore[no-any-return]


async def environment_for(request: Request, need: Need | Role = Role.VIEWER) -> Environment:
    """The environment the address names; production when it names none."""
    await _placed(request, need)
    return request.state.place.environment  # type: ignore[no-any-return]


async def guide_for(request: Request, need: Need | Role) -> Guide:
    """The guide the address names, when it belongs to the project; 404 otherwise, with the same words."""
    project = await project_for(request, need)
    found = await Guide.filter(project=project, id=row_id(request, "guide")).select_related("project", "edited_by").first()
    if found is None:
        raise HTTPException(404)
    return found


def row_id(request: Request, name: str) -> UUID:
    """An id in the address; what is none is not found."""
    try:
        return UUID(str(request.path_params[name]))
    except ValueError as error:
        raise HTTPException(404) from error


def may(request: HTTPConnection, need: Need | Role) -> bool:
    """Whether this member may do that here, for views that show less to some."""
    place = place_of(request)
    return place is not None and place.role in MAY[need]


def sign_in(request: Request, response: Response, secret: str) -> None:
    """Give the browser its session; what it held before signing in is taken back."""
    set_cookie(request, response, "", secret, seconds=int(LONGEST.total_seconds()))
    drop_cookie(request, response, "pre")


def sign_out(request: Request, response: Response) -> None:
    """Take the session's cookie back."""
    drop_cookie(request, response, "")


def browser(request: Request) -> dict[str, str]:
    """What a session remembers of the browser: a shortened address and its name for itself."""
    return {"address": shortened(config_of(request).address(request)), "agent": request.headers.get("user-agent", "")}


def shortened(address: str) -> str:
    """An address without its last part: /24 or /48."""
    if ":" in address:
        return ":".join(address.split(":")[:3]) + "::"
    return ".".join([*address.split(".")[:3], "0"]) if address.count(".") == 3 else ""


def way_back(request: HTTPConnection, wanted: str) -> str:
    """Where to go after signing in: a page of ours, else the start."""
    path = wanted.partition("?")[0]
    odd = any(ord(mark) < 33 or ord(mark) > 126 or mark in "\\%" for mark in path) or "//" in path or "/." in path
    if odd or not path.startswith("/admin/") or len(wanted) > 1000 or any(ord(mark) < 33 for mark in wanted):
        return "/admin"
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    known = any(route.matches(scope)[0] is Match.FULL for route in request.app.routes if isinstance(route, Route))
    return wanted if known else "/admin"


def sign_in_path(request: Request) -> str:
    """The sign-in page that leads back here."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = here if request.method == "GET" and here not in {"/admin", "/admin/"} else ""
    return "/admin/login" + (f"?next={quote(back, safe='/')}" if back else "")


class Sessions:
    """Finds the session of a request and speaks its language, before anything else looks at it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"] = {**scope.get("state", {}), "flashes": [], "place": None, "session": None}
            connection = HTTPConnection(scope)
            if not scope["path"].startswith("/admin/static/"):
                scope["state"]["session"] = await _session(connection)
            i18n.use(_language(connection))
        await self.app(scope, receive, send)


async def _session(connection: HTTPConnection) -> Session | None:
    secret = connection.cookies.get(cookie_name(connection), "")
    return await sessions.session_for(secret) if 40 <= len(secret) <= 60 else None


def _language(connection: HTTPConnection) -> str:
    session = session_of(connection)
    chosen = session.member.locale if session else connection.cookies.get(cookie_name(connection, "language"), "")
    return chosen if chosen in i18n.SHIPPED else i18n.choose(connection.headers.get("accept-language", ""))


async def _placed(request: Request, need: Need | Role) -> None:
    place = place_of(request)
    if place is None:
        await admit(request, need)
        return
    _may(place.role, need)


async def _place(belongs: list[Membership], project: str, environment: str | None) -> Place | None:
    own = next((one for one in belongs if one.project.slug == project), None)
    if own is None:
        return None
    known = await environments_of(own.project)
    wanted = (one for one in known if (one.is_production if environment is None else one.slug == environment and not one.is_production))
    chosen = next(wanted, None)
    return Place(own.project, chosen, own.role, known, [one.project for one in belongs]) if chosen else None


async def _nearby(request: Request, member: Member) -> Place | None:
    """The project one came from, for the menu of pages that belong to none; else one's first."""
    belongs = await members.memberships_of(member)
    words = [*urlsplit(request.headers.get("referer", "")).path.split("/")[2:4], "", ""]
    came_from = await _place(belongs, words[0], words[1]) or await _place(belongs, words[0], None)
    return came_from or (await _place(belongs, belongs[0].project.slug, None) if belongs else None)


def _may(role: Role, need: Need | Role) -> None:
    if role not in MAY[need]:
        raise HTTPException(403)
