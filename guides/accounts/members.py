"""Members: who signs in, what they may do in a project, and how they come and go."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from tortoise.exceptions import IntegrityError

from guides import clock
from guides.accounts import one_time_links, passwords, sessions
from guides.accounts.one_time_links import LinkPurpose
from guides.database import transaction
from guides.errors import Invalid, Refused, Unknown
from guides.models import Member, Membership, OneTimeLink, Project, Role
from guides.projects.projects import create_project

DEMO_PROJECT = "demo"
ROLE_ORDER = {Role.VIEWER: 0, Role.AGENT: 1, Role.EDITOR: 2, Role.ADMIN: 3, Role.OWNER: 4}
_ADDRESS = re.compile(r"[^@\s<>()\[\]\\,;:\"]{1,64}@[^@\s<>()\[\]\\,;:\"]{1,189}")
COLOR_SCHEMES = frozenset({"auto", "light", "dark"})


def normalize_email(email: str) -> str:
    """An address as it is stored and compared; raises Invalid."""
    normalized = unicodedata.normalize("NFKC", email.strip()).casefold()
    if not _ADDRESS.fullmatch(normalized) or not normalized.isprintable():
        raise Invalid("That is not an e-mail address. Write it like nadia@example.com.", "email")
    return normalized


async def add_member(email: str, name: str, password: str) -> Member:
    """A new member who may sign in, so far without a project; raises Invalid when the address is known."""
    normalized, name = normalize_email(email), _validate_name(name)
    password_hash = await _hash_new_password(password, normalized, name)
    try:
        return await Member.create(email=normalized, name=name, password_hash=password_hash, created_at=clock.now())
    except IntegrityError as error:
        raise Invalid("There is a member with this address already.", "email") from error


async def add_to_project(project: Project, member: Member, role: Role) -> Membership:
    """Add the member to the project in this role; a member of the project keeps the role they have."""
    membership, _ = await Membership.get_or_create(defaults={"role": role, "created_at": clock.now()}, project=project, member=member)
    return membership


async def authenticate(email: str, password: str) -> Member | None:
    """The member with this address and password, or None; an unknown address takes as long as a wrong password."""
    try:
        member = await Member.get_or_none(email=normalize_email(email))
    except Invalid:
        member = None
    if not await passwords.verify_password(member.password_hash if member else None, password):
        return None
    if member and passwords.needs_rehash(member.password_hash):
        await Member.filter(id=member.id).update(password_hash=await passwords.hash_password(password))
    return member


async def change_profile(member: Member, *, name: str, locale: str, color_scheme: str) -> None:
    """Name, language and colour scheme of one's own account."""
    if color_scheme not in COLOR_SCHEMES:
        raise Invalid("Choose light, dark or automatic.", "scheme")
    await Member.filter(id=member.id).update(name=_validate_name(name), locale=locale[:20], color_scheme=color_scheme)


async def change_password(member: Member, password: str) -> None:
    """A new password; every browser is signed out and open reset links stop working."""
    password_hash = await passwords.hash_password(
        passwords.validate_password(password, member.email, member.email.split("@")[0], member.name)
    )
    await _set_password(member, password_hash)


async def has_members() -> bool:
    """Whether this instance has any member."""
    return await Member.all().exists()


async def create_setup_link() -> str | None:
    """The secret that opens the set-up page, or none once there is a member; older ones keep working until then."""
    return None if await has_members() else await one_time_links.create_link(LinkPurpose.SETUP)


async def set_up(secret: str, *, email: str, name: str, password: str, project: str = "") -> tuple[Member, Project]:
    """The first member, who owns the demo project when there is one, else a new project of that name."""
    await one_time_links.get_link(LinkPurpose.SETUP, secret)
    normalized, name = normalize_email(email), _validate_name(name)
    password_hash = await _hash_new_password(password, normalized, name)
    return await _set_up(secret, normalized, name, password_hash, project)


async def create_reset_link(email: str) -> tuple[Member, str] | None:
    """A link to choose a new password for a known address; a newer one replaces the older."""
    try:
        member = await Member.get_or_none(email=normalize_email(email))
    except Invalid:
        return None
    return (member, await _issue_reset(member)) if member else None


async def reset_password(secret: str, password: str) -> Member:
    """Use a reset link up and set the password; every browser is signed out."""
    link = await one_time_links.get_link(LinkPurpose.RESET, secret)
    member = await Member.get_or_none(email=link.email)
    if member is None:
        raise Unknown("This link no longer works.", "token")
    password_hash = await passwords.hash_password(
        passwords.validate_password(password, member.email, member.email.split("@")[0], member.name)
    )
    await _reset(secret, member, password_hash)
    return member


async def list_members(project: Project) -> list[Membership]:
    """Memberships with their members, by name."""
    return await Membership.filter(project=project).select_related("member").order_by("member__name", "id")


async def list_memberships(member: Member) -> list[Membership]:
    """What the member belongs to, with projects, oldest first."""
    return await Membership.filter(member=member).select_related("project").order_by("created_at", "id")


async def find_role(project: Project, member: Member) -> Role | None:
    """The member's role in the project, or none."""
    membership = await Membership.get_or_none(project=project, member=member)
    return membership.role if membership else None


@transaction
async def change_role(project: Project, membership: UUID, role: Role, by: Member) -> None:
    """Give somebody else another role, up to one's own; the last owner stays owner."""
    own, other = await _get_both(project, membership, by)
    if ROLE_ORDER[role] > ROLE_ORDER[own.role] or ROLE_ORDER[other.role] > ROLE_ORDER[own.role]:
        raise Refused("Nobody gives or takes more than they hold themselves.", "role")
    if role is not Role.OWNER:
        await _require_another_owner(project, other)
    await Membership.filter(id=other.id).update(role=role)
    await _revoke_invitations_beyond(project, other.member, role)


@transaction
async def remove_member(project: Project, membership: UUID, by: Member) -> None:
    """Take somebody out of the project, together with the invitations they made."""
    own, other = await _get_both(project, membership, by)
    if ROLE_ORDER[other.role] > ROLE_ORDER[own.role]:
        raise Refused("Nobody removes a member who holds more than they do.")
    await _leave(project, other)


@transaction
async def leave_project(project: Project, member: Member) -> None:
    """Leave a project; its last owner cannot."""
    own = await _get_own_membership(project, member)
    await _leave(project, own)


@transaction
async def invite(project: Project, email: str, role: Role, by: Member) -> str:
    """Invite an address into a role up to one's own; gives back the link's secret and replaces an older invitation."""
    normalized = normalize_email(email)
    own = await _get_own_membership(project, by)
    if ROLE_ORDER[role] > ROLE_ORDER[own.role] or ROLE_ORDER[own.role] < ROLE_ORDER[Role.ADMIN]:
        raise Refused("Nobody gives more than they hold themselves.", "role")
    if await Membership.filter(project=project, member__email=normalized).exists():
        raise Invalid("That person is a member of this project already.", "email")
    await one_time_links.revoke_links(LinkPurpose.INVITATION, project=project, email=normalized)
    return await one_time_links.create_link(LinkPurpose.INVITATION, project=project, email=normalized, role=role, created_by=by)


async def list_invitations(project: Project) -> list[OneTimeLink]:
    """Invitations that nobody has accepted, expired ones too, newest first."""
    unused = OneTimeLink.filter(project=project, purpose=LinkPurpose.INVITATION, used_at=None)
    return await unused.select_related("created_by").order_by("-created_at")


async def revoke_invitation(project: Project, invitation: UUID) -> None:
    """Revoke one invitation; raises Unknown."""
    if not await one_time_links.revoke_links(LinkPurpose.INVITATION, project=project, id=invitation):
        raise Unknown("There is no such invitation here.")


async def get_invitation(secret: str) -> OneTimeLink:
    """The invitation of a link that is still valid, with project and inviter; raises Unknown."""
    return await one_time_links.get_link(LinkPurpose.INVITATION, secret)


@transaction
async def accept_invitation(secret: str, member: Member) -> Project:
    """Join the project one was invited to, under the address that was invited."""
    link = await one_time_links.get_link(LinkPurpose.INVITATION, secret)
    if link.email != member.email or link.project is None or link.role is None:
        raise Refused("This invitation is for another address. Sign in with the one it was sent to.", "email")
    await one_time_links.use_link(LinkPurpose.INVITATION, secret)
    await add_to_project(link.project, member, link.role)
    return link.project


async def create_invited_member(secret: str, name: str, password: str) -> tuple[Member, Project]:
    """Create the invited member, under the invited address, and add them to the project."""
    link = await one_time_links.get_link(LinkPurpose.INVITATION, secret)
    name = _validate_name(name)
    password_hash = await _hash_new_password(password, link.email, name)
    return await _join(secret, link.email, name, password_hash)


@transaction
async def _join(secret: str, email: str, name: str, password_hash: str) -> tuple[Member, Project]:
    if await Member.filter(email=email).exists():
        raise Invalid("You have an account already. Sign in to accept the invitation.", "email")
    member = await Member.create(email=email, name=name, password_hash=password_hash, created_at=clock.now())
    return member, await accept_invitation(secret, member)


@transaction
async def _set_up(secret: str, email: str, name: str, password_hash: str, project: str) -> tuple[Member, Project]:
    if await Member.all().exists():
        raise Unknown("This instance has been set up already.", "token")
    await one_time_links.use_link(LinkPurpose.SETUP, secret)
    await one_time_links.revoke_links(LinkPurpose.SETUP)
    member = await Member.create(email=email, name=name, password_hash=password_hash, created_at=clock.now())
    demo = await Project.get_or_none(slug=DEMO_PROJECT)
    if demo is None:
        return member, await create_project(project, owner=member)
    await add_to_project(demo, member, Role.OWNER)
    return member, demo


@transaction
async def _issue_reset(member: Member) -> str:
    await one_time_links.revoke_links(LinkPurpose.RESET, email=member.email)
    return await one_time_links.create_link(LinkPurpose.RESET, email=member.email)


@transaction
async def _reset(secret: str, member: Member, password_hash: str) -> None:
    await one_time_links.use_link(LinkPurpose.RESET, secret)
    await _set_password(member, password_hash)


@transaction
async def _set_password(member: Member, password_hash: str) -> None:
    await Member.filter(id=member.id).update(password_hash=password_hash)
    await one_time_links.revoke_links(LinkPurpose.RESET, email=member.email)
    await sessions.end_sessions(member)


async def _get_both(project: Project, membership: UUID, by: Member) -> tuple[Membership, Membership]:
    other = await Membership.filter(project=project, id=membership).select_related("member").first()
    if other is None:
        raise Unknown("There is no such member here.")
    own = await _get_own_membership(project, by)
    if other.member.id == by.id:
        raise Refused("Nobody changes their own role. Ask another owner or admin.", "role")
    if ROLE_ORDER[own.role] < ROLE_ORDER[Role.ADMIN]:
        raise Refused("Only owners and admins change the team.")
    return own, other


async def _get_own_membership(project: Project, member: Member) -> Membership:
    own = await Membership.filter(project=project, member=member).select_related("member").first()
    if own is None:
        raise Unknown("There is no such project.")
    return own


async def _leave(project: Project, membership: Membership) -> None:
    await _require_another_owner(project, membership)
    await Membership.filter(id=membership.id).delete()
    await one_time_links.revoke_links(LinkPurpose.INVITATION, project=project, created_by=membership.member)


async def _require_another_owner(project: Project, membership: Membership) -> None:
    """Refuse when nobody else owns the project; on PostgreSQL the owners' rows stay locked until the end."""
    owners = await Membership.filter(project=project, role=Role.OWNER).select_for_update().order_by("id")
    if not any(owner.id != membership.id for owner in owners):
        raise Refused("A project needs an owner. Make somebody else an owner first.", "role")


async def _revoke_invitations_beyond(project: Project, member: Member, role: Role) -> None:
    """Invitations this member made stay only while they could still make them."""
    beyond = [invited for invited in Role if ROLE_ORDER[invited] > ROLE_ORDER[role] or ROLE_ORDER[role] < ROLE_ORDER[Role.ADMIN]]
    await one_time_links.revoke_links(LinkPurpose.INVITATION, project=project, created_by=member, role__in=beyond)


async def _hash_new_password(password: str, email: str, name: str) -> str:
    """The hash of a password that is neither common nor the person's own address or name; raises Invalid."""
    return await passwords.hash_password(passwords.validate_password(password, email, email.split("@")[0], name))


def _validate_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("Write your name.", "name")
    if len(name) > 100 or not name.isprintable():
        raise Invalid("That name is too long or holds characters that cannot be shown.", "name")
    return name
