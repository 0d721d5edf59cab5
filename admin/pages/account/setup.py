"""Setup of a new instance: who has the token printed at start becomes the first member and owner of the first project."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.config import config_of
from admin.i18n.translate import gettext as _
from admin.web.access import Access, Page
from admin.web.link_cookies import delete_token_cookie, move_token_to_cookie, token_from_cookie, token_in_url
from admin.web.rate_limits import SIGN_IN_PER_ADDRESS, client_network, is_allowed
from admin.web.responses import page, see_other
from admin.web.sessions import client_details, set_session_cookie
from guides.accounts import members, sessions
from guides.errors import Invalid, Unknown
from guides.models import Project

FIELDS = ("name", "email", "project")


async def setup_page(request: Request) -> Response:
    """The form for the first member; redirects to the sign-in page once there is one."""
    if await members.has_members():
        return see_other(request, "/admin/login")
    if token_in_url(request):
        return move_token_to_cookie(request, "setup", "/admin/setup")
    return await _render(request, {})


async def set_up(request: Request) -> Response:
    """Creates the first member and project, signs the member in and leads to the installation."""
    form = await request.form()
    typed = {name: str(form.get(name, "")) for name in FIELDS}
    secret = token_from_cookie(request, "setup") or str(form.get("token", "")).strip()[:100]
    if not await is_allowed(request, SIGN_IN_PER_ADDRESS, client_network(request)):
        return await _render(request, typed, {"token": _("Too many tries from here. Wait an hour, then try again.")}, status=429)
    try:
        member, project = await members.set_up(secret, password=str(form.get("password", "")), **typed)
    except Invalid as error:
        return await _render(request, typed, {error.field or "name": _(error.message)}, status=422)
    except Unknown:
        wrong = _("That is not the token printed at the last start. Copy it from there.")
        return delete_token_cookie(request, "setup", await _render(request, typed, {"token": wrong}, status=422, ask=True))
    response = see_other(request, f"/admin/{project.slug}/settings/install?first=1")
    set_session_cookie(request, response, await sessions.open_session(member, **client_details(request)))
    return delete_token_cookie(request, "setup", response)


async def _render(
    request: Request, typed: dict[str, str], problems: dict[str, str] | None = None, *, status: int = 200, ask: bool = False
) -> Response:
    has_demo = await Project.filter(slug=members.DEMO_PROJECT).exists()
    return page(
        request,
        "account/setup.html",
        status=status,
        typed={name: typed.get(name, "") for name in FIELDS},
        problems=problems or {},
        ask_token=ask or not token_from_cookie(request, "setup"),
        ask_project=not has_demo,
        host=config_of(request).public_url.partition("//")[2],
    )


PAGES = [
    Page("setup_page", "/setup", setup_page, access=Access.PUBLIC),
    Page("set_up", "/setup", set_up, ["POST"], Access.PUBLIC),
]
