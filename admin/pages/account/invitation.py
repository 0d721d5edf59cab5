"""Accepting an invitation, as a new member or as one who has an account already."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.components.roles import role_name
from admin.i18n.translate import gettext as _
from admin.web.access import Need, Page, browser, sign_in
from admin.web.link_cookies import carried, drop_link, hold, taken
from admin.web.responses import config_of, flash, page, see_other, session_of
from guides.accounts import members, sessions
from guides.errors import Invalid, Refused, Unknown
from guides.models import Member, Token

PURPOSE = "invitation"


async def invitation(request: Request) -> Response:
    """Who invites whom to what, and the way in; reading it uses nothing up."""
    if carried(request):
        return hold(request, PURPOSE, "/admin/invitation")
    return await _shown(request)


async def join(request: Request) -> Response:
    """Become a member under the invited address and join."""
    form = await request.form()
    name = str(form.get("name", ""))
    try:
        member, project = await members.join(taken(request, PURPOSE), name, str(form.get("password", "")))
    except Invalid as error:
        return await _shown(request, name=name, problems={error.field or "name": _(error.message)}, status=422)
    except Unknown:
        return await _shown(request, status=404)
    response = see_other(request, f"/admin/{project.slug}")
    sign_in(request, response, await sessions.open_session(member, **browser(request)))
    return drop_link(request, PURPOSE, response)


async def accept(request: Request) -> Response:
    """Join with the account one is signed in to; it must be the invited one."""
    session = session_of(request)
    if session is None:
        return see_other(request, "/admin/login?next=/admin/invitation")
    try:
        project = await members.accept(taken(request, PURPOSE), session.member)
    except (Refused, Unknown) as error:
        return await _shown(request, status=403 if isinstance(error, Refused) else 404)
    flash(request, _("You are part of %(project)s now.") % {"project": project.name})
    return drop_link(request, PURPOSE, see_other(request, f"/admin/{project.slug}"))


async def _shown(request: Request, *, name: str = "", problems: dict[str, str] | None = None, status: int = 200) -> Response:
    token = await _token(request)
    session = session_of(request)
    known = token is not None and await Member.filter(email=token.email).exists()
    return page(
        request,
        "account/invitation.html",
        status=status if token or status != 200 else 404,
        host=config_of(request).public_url.partition("//")[2],
        token=token,
        role=role_name(token.role) if token and token.role else "",
        known=known,
        is_theirs=token is not None and session is not None and session.member.email == token.email,
        name=name,
        problems=problems or {},
    )


async def _token(request: Request) -> Token | None:
    try:
        return await members.invitation(taken(request, PURPOSE))
    except Unknown:
        return None


PAGES = [
    Page("invitation", "/invitation", invitation, need=Need.NOBODY),
    Page("join", "/invitation", join, ["POST"], Need.NOBODY),
    Page("accept", "/invitation/accept", accept, ["POST"], Need.NOBODY),
]
