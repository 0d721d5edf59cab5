"""The team: members and their roles, invitations, and what each role may do."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from admin.components.roles import ORDER, capabilities, role_name
from admin.config import config_of
from admin.i18n.translate import gettext as _
from admin.web.access import Page, can, context_of, project_for, uuid_param
from admin.web.rate_limits import INVITATION_PER_MEMBER, is_allowed
from admin.web.responses import flash, page, see_other
from admin.web.sessions import member_of
from admin.web.urls import absolute_url, url_for
from guides import clock
from guides.accounts import members
from guides.accounts.members import ROLE_ORDER
from guides.errors import Invalid, Refused, Unknown
from guides.models import Project, Role


async def team(request: Request) -> Response:
    """Lists the members; invitations only for those who may create them."""
    return await _render(request)


async def invite(request: Request) -> Response:
    """Creates an invitation; only this response shows its link, and it is mailed when a mail server is set."""
    project, form, member = await project_for(request, Role.ADMIN), await request.form(), member_of(request)
    typed = {"email": str(form.get("email", "")), "role": str(form.get("role", ""))}
    if not await is_allowed(request, INVITATION_PER_MEMBER, str(member.id)):
        return await _render(request, typed=typed, problem=_("That is a lot of invitations for one day. Go on tomorrow."), status=429)
    try:
        secret = await members.invite(project, typed["email"], _parse_role(typed["role"]), member)
    except (Invalid, Refused) as error:
        return await _render(request, typed=typed, problem=_(error.message), status=422)
    link = absolute_url(request, f"/admin/invitation?token={secret}")
    background = (
        BackgroundTask(_mail_invitation, request, project, member.name, typed["email"], link) if config_of(request).mail.is_set else None
    )
    return await _render(request, link=link, invited=typed["email"], background=background)


async def change_role(request: Request) -> Response:
    """Changes the role of another member."""
    project, form = await project_for(request, Role.ADMIN), await request.form()
    try:
        role = _parse_role(str(form.get("role", "")))
        await members.change_role(project, uuid_param(request, "membership"), role, member_of(request))
        flash(request, _("The role is changed."))
    except (Invalid, Refused) as error:
        flash(request, _(error.message), "bad")
    return see_other(request, url_for(request, "team"))


async def remove_member(request: Request) -> Response:
    """Ends another member's membership."""
    project = await project_for(request, Role.ADMIN)
    try:
        await members.remove_member(project, uuid_param(request, "membership"), member_of(request))
        flash(request, _("They are no longer part of the project."))
    except Refused as error:
        flash(request, _(error.message), "bad")
    return see_other(request, url_for(request, "team"))


async def revoke_invitation(request: Request) -> Response:
    """Revokes an invitation at once."""
    project = await project_for(request, Role.ADMIN)
    try:
        await members.revoke_invitation(project, uuid_param(request, "invitation"))
        flash(request, _("The invitation no longer works."))
    except Unknown as error:
        flash(request, _(error.message), "bad")
    return see_other(request, url_for(request, "team"))


async def _render(
    request: Request,
    *,
    typed: dict[str, str] | None = None,
    problem: str = "",
    link: str = "",
    invited: str = "",
    status: int = 200,
    background: BackgroundTask | None = None,
) -> Response:
    project, may_change = await project_for(request, Role.VIEWER), can(request, Role.ADMIN)
    return page(
        request,
        "settings/team.html",
        status=status,
        background=background,
        team=await members.list_members(project),
        invitations=await members.list_invitations(project) if may_change else [],
        may_change=may_change,
        grants=[(role.value, role_name(role)) for role in ORDER if _can_grant(request, role)],
        role_name=role_name,
        can_grant=lambda role: _can_grant(request, role),
        roles=[role_name(role) for role in ORDER],
        capabilities=capabilities(),
        typed=typed or {"email": "", "role": Role.EDITOR.value},
        problem=problem,
        link=link,
        invited=invited,
        now=clock.now(),
        mail_is_set=config_of(request).mail.is_set,
    )


def _can_grant(request: Request, role: Role) -> bool:
    return ROLE_ORDER[role] <= ROLE_ORDER[context_of(request).role]


def _parse_role(text: str) -> Role:
    if text not in set(Role):
        raise Invalid("Choose a role.", "role")
    return Role(text)


async def _mail_invitation(request: Request, project: Project, inviter: str, email: str, link: str) -> None:
    values = {"member": inviter, "project": project.name}
    text = _("%(member)s invites you to %(project)s in Handrail. The link works once, within seven days:") % values
    await config_of(request).mail.send(email, _("Invitation to %(project)s") % values, f"{text}\n\n{link}\n")


PAGES = [
    Page("team", "/settings/team", team, access=Role.VIEWER),
    Page("invite", "/settings/team/invitations", invite, ["POST"], Role.ADMIN),
    Page("revoke_invitation", "/settings/team/invitations/{invitation}/withdraw", revoke_invitation, ["POST"], Role.ADMIN),
    Page("change_role", "/settings/team/{membership}/role", change_role, ["POST"], Role.ADMIN),
    Page("remove_member", "/settings/team/{membership}/remove", remove_member, ["POST"], Role.ADMIN),
]
