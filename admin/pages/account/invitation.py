"""Accepting an invitation, as a new member or as one who has an account already."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.components.roles import role_name
from admin.config import config_of
from admin.i18n.translate import gettext as _
from admin.web.access import Access, Page
from admin.web.link_cookies import delete_token_cookie, move_token_to_cookie, token_from_cookie, token_in_url
from admin.web.responses import flash, page, see_other
from admin.web.sessions import client_details, find_session, set_session_cookie
from guides.accounts import members, sessions
from guides.errors import Invalid, Refused, Unknown
from guides.models import Member, OneTimeLink

PURPOSE = "invitation"


async def invitation(request: Request) -> Response:
    """The invitation and the form to accept it; reading it does not use the link up."""
    if token_in_url(request):
        return move_token_to_cookie(request, PURPOSE, "/admin/invitation")
    return await _render(request)


async def accept_as_new_member(request: Request) -> Response:
    """Creates a member with the invited address and adds them to the project."""
    form = await request.form()
    name = str(form.get("name", ""))
    try:
        member, project = await members.create_invited_member(token_from_cookie(request, PURPOSE), name, str(form.get("password", "")))
    except Invalid as error:
        return await _render(request, name=name, problems={error.field or "name": _(error.message)}, status=422)
    except Unknown:
        return await _render(request, status=404)
    response = see_other(request, f"/admin/{project.slug}")
    set_session_cookie(request, response, await sessions.open_session(member, **client_details(request)))
    return delete_token_cookie(request, PURPOSE, response)


async def accept_invitation(request: Request) -> Response:
    """Adds the signed-in member to the project; their address must be the invited one."""
    session = find_session(request)
    if session is None:
        return see_other(request, "/admin/login?next=/admin/invitation")
    try:
        project = await members.accept_invitation(token_from_cookie(request, PURPOSE), session.member)
    except (Refused, Unknown) as error:
        return await _render(request, status=403 if isinstance(error, Refused) else 404)
    flash(request, _("You are part of %(project)s now.") % {"project": project.name})
    return delete_token_cookie(request, PURPOSE, see_other(request, f"/admin/{project.slug}"))


async def _render(request: Request, *, name: str = "", problems: dict[str, str] | None = None, status: int = 200) -> Response:
    token = await _find_invitation(request)
    session = find_session(request)
    has_account = token is not None and await Member.filter(email=token.email).exists()
    return page(
        request,
        "account/invitation.html",
        status=status if token or status != 200 else 404,
        host=config_of(request).public_url.partition("//")[2],
        token=token,
        role=role_name(token.role) if token and token.role else "",
        has_account=has_account,
        is_theirs=token is not None and session is not None and session.member.email == token.email,
        name=name,
        problems=problems or {},
    )


async def _find_invitation(request: Request) -> OneTimeLink | None:
    try:
        return await members.get_invitation(token_from_cookie(request, PURPOSE))
    except Unknown:
        return None


PAGES = [
    Page("invitation", "/invitation", invitation, access=Access.PUBLIC),
    Page("accept_as_new_member", "/invitation", accept_as_new_member, ["POST"], Access.PUBLIC),
    Page("accept_invitation", "/invitation/accept", accept_invitation, ["POST"], Access.PUBLIC),
]
