"""One's own account: name, language, colours, password, and where one is signed in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.web.access import Page
from admin.web.rate_limits import SIGN_IN_PER_ACCOUNT, is_allowed, reset
from admin.web.responses import flash, page, see_other
from admin.web.sessions import client_details, delete_session_cookie, find_session, member_of, set_session_cookie
from guides.accounts import members, passwords, sessions
from guides.errors import Invalid, Refused
from guides.models import Session

PROFILE_URL = "/admin/account"
SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "CrOS", "Linux")
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


async def profile(request: Request) -> Response:
    """The form, the sessions and the projects of the member."""
    return await _render(request)


async def save_profile(request: Request) -> Response:
    """Saves name, language and colour scheme."""
    form = await request.form()
    locale = str(form.get("locale", ""))
    try:
        await members.change_profile(
            member_of(request),
            name=str(form.get("name", "")),
            locale=locale if locale in i18n.LOCALES else "",
            color_scheme=str(form.get("scheme", "auto")),
        )
    except Invalid as error:
        return await _render(request, {error.field or "name": _(error.message)}, status=422)
    i18n.activate(locale or i18n.negotiate(request.headers.get("accept-language", "")))
    flash(request, _("Saved."))
    return see_other(request, PROFILE_URL)


async def save_password(request: Request) -> Response:
    """Changes the password when the current one is right; other browsers are signed out, this one gets a new session."""
    member, form = member_of(request), await request.form()
    attempts_key = f"present {member.id}"
    if not await is_allowed(request, SIGN_IN_PER_ACCOUNT, attempts_key):
        return await _render(request, {"current": _("Too many tries from here. Wait an hour, then try again.")}, status=429)
    if not await passwords.verify_password(member.password_hash, str(form.get("current", ""))):
        return await _render(request, {"current": _("That is not your present password.")}, status=422)
    await reset(request, SIGN_IN_PER_ACCOUNT, attempts_key)
    try:
        await members.change_password(member, str(form.get("password", "")))
    except Invalid as error:
        return await _render(request, {"password": _(error.message)}, status=422)
    flash(request, _("Your password is changed. Other browsers are signed out."))
    response = see_other(request, PROFILE_URL)
    set_session_cookie(request, response, await sessions.open_session(member, **client_details(request)))
    return response


async def end_session(request: Request) -> Response:
    """Ends one session of the member."""
    form = await request.form()
    if await sessions.end_session_by_digest(member_of(request), str(form.get("session", ""))):
        flash(request, _("That browser is signed out."))
    return see_other(request, PROFILE_URL)


async def end_all_sessions(request: Request) -> Response:
    """Ends every session of the member, this one too."""
    await sessions.end_sessions(member_of(request))
    flash(request, _("You are signed out everywhere."))
    response = see_other(request, "/admin/login")
    delete_session_cookie(request, response)
    return response


async def leave_project(request: Request) -> Response:
    """Ends one's own membership in a project."""
    form, member = await request.form(), member_of(request)
    memberships = await members.list_memberships(member)
    membership = next((each for each in memberships if each.project.slug == form.get("project")), None)
    if membership is not None:
        try:
            await members.leave_project(membership.project, member)
            flash(request, _("You left %(project)s.") % {"project": membership.project.name})
        except Refused as error:
            flash(request, _(error.message), "bad")
    return see_other(request, PROFILE_URL)


async def _render(request: Request, problems: dict[str, str] | None = None, *, status: int = 200) -> Response:
    member, current = member_of(request), find_session(request)
    own_sessions = await sessions.list_sessions(member)
    rows = [(each, _browser_name(each), current is not None and each.digest == current.digest) for each in own_sessions]
    memberships = await members.list_memberships(member)
    return page(request, "account/profile.html", status=status, problems=problems or {}, sessions=rows, memberships=memberships)


def _browser_name(session: Session) -> str:
    """Browser and operating system by the User-Agent."""
    name = next((name for mark, name in BROWSERS if mark in session.user_agent), "")
    system = next((system for system in SYSTEMS if system in session.user_agent), "")
    return _("%(browser)s on %(system)s") % {"browser": name, "system": system} if name and system else name or _("Some program")


PAGES = [
    Page("profile", "/account", profile),
    Page("save_profile", "/account/profile", save_profile, ["POST"]),
    Page("save_password", "/account/password", save_password, ["POST"]),
    Page("end_session", "/account/sessions/end", end_session, ["POST"]),
    Page("end_all_sessions", "/account/sessions/end-all", end_all_sessions, ["POST"]),
    Page("leave_project", "/account/leave", leave_project, ["POST"]),
]
