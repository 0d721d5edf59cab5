"""Members: who signs in, what they may do in a project, and how they come and go."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from tortoise.exceptions import IntegrityError

from guides import clock
from guides.accounts import one_time_links as tokens
from guides.accounts import passwords, sessions
from guides.accounts.one_time_links import Purpose
from guides.database import transaction
from guides.errors import Invalid, Refused, Unknown
from guides.models import Member, Membership, OneTimeLink, Project, Role
from guides.projects.projects import create_project

DEMO_PROJECT = "demo"
RANK = {Role.VIEWER: 0, Role.AGENT: 1, Role.EDITOR: 2, Role.ADMIN: 3, Role.OWNER: 4}
_ADDRESS = re.compile(r"[^@\s<>()\[\]\\,;:\"]{1,64}@[^@\s<>()\[\]\\,;:\"]{1,189}")
SCHEMES = frozenset({"auto", "light", "dark"})


def fold(email: str) -> str:
    """An address as it is stored and compared; raises Invalid."""
    folded = unicodedata.normalize("NFKC", email.strip()).casefold()
    if not _ADDRESS.fullmatch(folded) or not folded.isprintable():
        raise Invalid("That is not an e-mail address. Write it like nadia@example.com.", "email")
    return folded


async def add_member(email: str, name: str, password: str) -> Member:
    """A new member who may sign in, so far without a project; raises Invalid when the address is known."""
    folded, name = fold(email), _named(name)
    stored = await passwords.hashed(passwords.check(password, folded, folded.split("@")[0], name))
    try:
        return await Member.create(email=folded, name=name, password_hash=stored, created_at=clock.now())
    except IntegrityError as error:
        raise Invalid("There is a member with this address already.", "email") from error


async def grant(project: Project, member: Member, role: Role) -> Membership:
    """Make the member part of the project in this role; one who is part of it keeps the role they have."""
    found, _ = await Membership.get_or_create(defaults={"role": role, "created_at": clock.now()}, project=project, member=member)
    return found


async def member_with(email: str, password: str) -> Member | None:
    """The member who signs in so, or none; unknown addresses take as long as wrong passwords."""
    try:
        member = await Member.get_or_none(email=fold(email))
    except Invalid:
        member = None
    if not await passwords.matches(member.password_hash if member else None, password):
        return None
    if member and passwords.is_dated(member.password_hash):
        await Member.filter(id=member.id).update(password_hash=await passwords.hashed(password))
    return member


async def change_profile(member: Member, *, name: str, locale: str, color_scheme: str) -> None:
    """Name, language and colour scheme of one's own account."""
    if color_scheme not in SCHEMES:
        raise Invalid("Choose light, dark or automatic.", "scheme")
    await Member.filter(id=member.id).update(name=_named(name), locale=locale[:20], color_scheme=color_scheme)


async def change_password(member: Member, password: str) -> None:
    """A new password; every browser is signed out and open reset links stop working."""
    stored = await passwords.hashed(passwords.check(password, member.email, member.email.split("@")[0], member.name))
    await _set_password(member, stored)


async def any_member() -> bool:
    """Whether somebody can sign in at all."""
    return await Member.all().exists()


async def setup_token() -> str | None:
    """The secret that opens the set-up page, or none once there is a member; older ones keep working until then."""
    return None if await any_member() else await tokens.issue(Purpose.SETUP)


async def set_up(secret: str, *, email: str, name: str, password: str, project: str = "") -> tuple[Member, Project]:
    """The first member, who owns the demo project when there is one, else a new project of that name."""
    await tokens.look_up(Purpose.SETUP, secret)
    folded, name = fold(email), _named(name)
    stored = await passwords.hashed(passwords.check(password, folded, folded.split("@")[0], name))
    return await _set_up(secret, folded, name, stored, project)


async def reset_token(email: str) -> tuple[Member, str] | None:
    """A link to choose a new password for a known address; a newer one replaces the older."""
    try:
        member = await Member.get_or_none(email=fold(email))
    except Invalid:
        return None
    return (member, await _issue_reset(member)) if member else None


async def reset_password(secret: str, password: str) -> Member:
    """Use a reset link up and set the password; every browser is signed out."""
    token = await tokens.look_up(Purpose.RESET, secret)
    member = await Member.get_or_none(email=token.email)
    if member is None:
        raise Unknown("This link no longer works.", "token")
    stored = await passwords.hashed(passwords.check(password, member.email, member.email.split("@")[0], member.name))
    await _reset(secret, member, stored)
    return member


async def members_of(project: Project) -> list[Membership]:
    """Memberships with their members, by name."""
    return await Membership.filter(project=project).select_related("member").order_by("member__name", "id")


async def memberships_of(member: Member) -> list[Membership]:
    """What the member belongs to, with projects, oldest first."""
    return await Membership.filter(member=member).select_related("project").order_by("created_at", "id")


async def role_in(project: Project, member: Member) -> Role | None:
    """The member's role in the project, or none."""
    found = await Membership.get_or_none(project=project, member=member)
    return found.role if found else None


@transaction
async def change_role(project: Project, membership: UUID, role: Role, by: Member) -> None:
    """Give somebody else another role, up to one's own; the last owner stays owner."""
    own, other = await _both(project, membership, by)
    if RANK[role] > RANK[own.role] or RANK[other.role] > RANK[own.role]:
        raise Refused("Nobody gives or takes more than they hold themselves.", "role")
    if role is not Role.OWNER:
        await _keep_an_owner(project, other)
    await Membership.filter(id=other.id).update(role=role)
    await _void_invitations_beyond(project, other.member, role)


@transaction
async def remove(project: Project, membership: UUID, by: Member) -> None:
    """Take somebody out of the project, together with the invitations they made."""
    own, other = await _both(project, membership, by)
    if RANK[other.role] > RANK[own.role]:
        raise Refused("Nobody removes a member who holds more than they do.")
    await _leave(project, other)


@transaction
async def leave(project: Project, member: Member) -> None:
    """Leave a project; its last owner cannot."""
    own = await _own(project, member)
    await _leave(project, own)


@transaction
async def invite(project: Project, email: str, role: Role, by: Member) -> str:
    """Invite an address into a role up to one's own; gives back the link's secret and replaces an older invitation."""
    folded = fold(email)
    own = await _own(project, by)
    if RANK[role] > RANK[own.role] or RANK[own.role] < RANK[Role.ADMIN]:
        raise Refused("Nobody gives more than they hold themselves.", "role")
    if await Membership.filter(project=project, member__email=folded).exists():
        raise Invalid("That person is a member of this project already.", "email")
    await tokens.void(Purpose.INVITATION, project=project, email=folded)
    return await tokens.issue(Purpose.INVITATION, project=project, email=folded, role=role, created_by=by)


async def invitations_of(project: Project) -> list[OneTimeLink]:
    """Invitations that nobody has accepted, expired ones too, newest first."""
    open_ones = OneTimeLink.filter(project=project, purpose=Purpose.INVITATION, used_at=None)
    return await open_ones.select_related("created_by").order_by("-created_at")


async def withdraw(project: Project, invitation: UUID) -> None:
    """Make one invitation worthless."""
    if not await tokens.void(Purpose.INVITATION, project=project, id=invitation):
        raise Unknown("There is no such invitation here.")


async def invitation(secret: str) -> OneTimeLink:
    """The invitation of a link that still works, with project and inviter; raises Unknown."""
    return await tokens.look_up(Purpose.INVITATION, secret)


@transaction
async def accept(secret: str, member: Member) -> Project:
    """Join the project one was invited to, under the address that was invited."""
    token = await tokens.look_up(Purpose.INVITATION, secret)
    if token.email != member.email or token.project is None or token.role is None:
        raise Refused("This invitation is for another address. Sign in with the one it was sent to.", "email")
    await tokens.use(Purpose.INVITATION, secret)
    await grant(token.project, member, token.role)
    return token.project


async def join(secret: str, name: str, password: str) -> tuple[Member, Project]:
    """Become a member by invitation, then join the project; the address is the invited one."""
    token = await tokens.look_up(Purpose.INVITATION, secret)
    name = _named(name)
    stored = await passwords.hashed(passwords.check(password, token.email, token.email.split("@")[0], name))
    return await _join(secret, token.email, name, stored)


@transaction
async def _join(secret: str, email: str, name: str, stored: str) -> tuple[Member, Project]:
    if await Member.filter(email=email).exists():
        raise Invalid("You have an account already. Sign in to accept the invitation.", "email")
    member = await Member.create(email=email, name=name, password_hash=stored, created_at=clock.now())
    return member, await accept(secret, member)


@transaction
async def _set_up(secret: str, email: str, name: str, stored: str, project: str) -> tuple[Member, Project]:
    if await Member.all().exists():
        raise Unknown("This instance has been set up already.", "token")
    await tokens.use(Purpose.SETUP, secret)
    await tokens.void(Purpose.SETUP)
    member = await Member.create(email=email, name=name, password_hash=stored, created_at=clock.now())
    demo = await Project.get_or_none(slug=DEMO_PROJECT)
    if demo is None:
        return member, await create_project(project, owner=member)
    await grant(demo, member, Role.OWNER)
    return member, demo


@transaction
async def _issue_reset(member: Member) -> str:
    await tokens.void(Purpose.RESET, email=member.email)
    return await tokens.issue(Purpose.RESET, email=member.email)


@transaction
async def _reset(secret: str, member: Member, stored: str) -> None:
    await tokens.use(Purpose.RESET, secret)
    await _set_password(member, stored)


@transaction
async def _set_password(member: Member, stored: str) -> None:
    await Member.filter(id=member.id).update(password_hash=stored)
    await tokens.void(Purpose.RESET, email=member.email)
    await sessions.end_sessions(member)


async def _both(project: Project, membership: UUID, by: Member) -> tuple[Membership, Membership]:
    other = await Membership.filter(project=project, id=membership).select_related("member").first()
    if other is None:
        raise Unknown("There is no such member here.")
    own = await _own(project, by)
    if other.member.id == by.id:
        raise Refused("Nobody changes their own role. Ask another owner or admin.", "role")
    if RANK[own.role] < RANK[Role.ADMIN]:
        raise Refused("Only owners and admins change the team.")
    return own, other


async def _own(project: Project, member: Member) -> Membership:
    own = await Membership.filter(project=project, member=member).select_related("member").first()
    if own is None:
        raise Unknown("There is no such project.")
    return own


async def _leave(project: Project, membership: Membership) -> None:
    await _keep_an_owner(project, membership)
    await Membership.filter(id=membership.id).delete()
    await tokens.void(Purpose.INVITATION, project=project, created_by=membership.member)


async def _keep_an_owner(project: Project, membership: Membership) -> None:
    """Refuse when nobody else owns the project; on PostgreSQL the owners' rows stay locked until the end."""
    owners = await Membership.filter(project=project, role=Role.OWNER).select_for_update().order_by("id")
    if not any(owner.id != membership.id for owner in owners):
        raise Refused("A project needs an owner. Make somebody else an owner first.", "role")


async def _void_invitations_beyond(project: Project, member: Member, role: Role) -> None:
    """Invitations this member made stay only while they could still make them."""
    beyond = [one for one in Role if RANK[one] > RANK[role] or RANK[role] < RANK[Role.ADMIN]]
    await tokens.void(Purpose.INVITATION, project=project, created_by=member, role__in=beyond)


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("Write your name.", "name")
    if len(name) > 100 or not name.isprintable():
        raise Invalid("That name is too long or holds characters that cannot be shown.", "name")
    return name
