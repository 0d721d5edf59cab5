"""Access: which members may call which page, and the project, environment and guide an address names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from admin.web.sessions import member_of
from guides.accounts import members
from guides.models import Environment, Guide, Member, Membership, Project, Role
from guides.projects.projects import list_environments

View = Callable[[Request], Awaitable[Response]]
FORM_LIMIT = 1 << 20


class Access(StrEnum):
    """What a page asks of its caller when it asks for no particular role."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    MEMBER = "member"


ALLOWED_ROLES: dict[Access | Role, frozenset[Role]] = {
    Access.MEMBER: frozenset(Role),
    Role.VIEWER: frozenset({Role.VIEWER, Role.EDITOR, Role.ADMIN, Role.OWNER}),
    Role.AGENT: frozenset({Role.AGENT, Role.ADMIN, Role.OWNER}),
    Role.EDITOR: frozenset({Role.EDITOR, Role.ADMIN, Role.OWNER}),
    Role.ADMIN: frozenset({Role.ADMIN, Role.OWNER}),
    Role.OWNER: frozenset({Role.OWNER}),
}


@dataclass(frozen=True)
class Page:
    """One address of the admin: pages that need a role or membership lie below /admin/{project}, the others below /admin.

    `limit` is the largest request body in bytes.
    """

    name: str
    path: str
    view: View
    methods: Sequence[str] = ("GET",)
    access: Access | Role = Access.SIGNED_IN
    limit: int = FORM_LIMIT

    @property
    def is_in_project(self) -> bool:
        """Whether it belongs to a project, and so has an address for production and one for every other environment."""
        return self.access in ALLOWED_ROLES


@dataclass(frozen=True)
class ProjectContext:
    """The project and environment of a request, the member's role there, and what they may switch to."""

    project: Project
    environment: Environment
    role: Role
    environments: list[Environment]
    projects: list[Project]


async def require_access(request: Request, access: Access | Role) -> None:
    """Lets the request in or raises: SignInRequired, 404 for those outside the project, 403 for members whose role does not do."""
    if access is Access.PUBLIC:
        return
    member = member_of(request)
    if access is Access.SIGNED_IN:
        request.state.context = await _context_of_referer(request, member)
        return
    memberships, params = await members.list_memberships(member), request.path_params
    context = await _find_context(memberships, params["project"], params.get("environment"))
    if context is None:
        raise HTTPException(404)
    request.state.context = context
    _require_role(context.role, access)


def find_context(request: HTTPConnection) -> ProjectContext | None:
    """The project and environment of this request; none before require_access and on pages of members without a project."""
    context: ProjectContext | None = getattr(request.state, "context", None)
    return context


def context_of(request: HTTPConnection) -> ProjectContext:
    """The project and environment of this request, for pages of a project; LookupError elsewhere."""
    context = find_context(request)
    if context is None:
        raise LookupError("this page belongs to no project")
    return context


async def project_for(request: Request, access: Access | Role) -> Project:
    """The project the address names; raises as require_access does."""
    await _require_context(request, access)
    return context_of(request).project


async def environment_for(request: Request, access: Access | Role = Role.VIEWER) -> Environment:
    """The environment the address names, production when it names none; raises as require_access does."""
    await _require_context(request, access)
    return context_of(request).environment


async def guide_for(request: Request, access: Access | Role) -> Guide:
    """The guide the address names; 404 when the project has none of that id, and raises as require_access does. One query."""
    project = await project_for(request, access)
    guide = await Guide.filter(project=project, id=uuid_param(request, "guide")).select_related("project", "edited_by").first()
    if guide is None:
        raise HTTPException(404)
    return guide


def uuid_param(request: Request, name: str) -> UUID:
    """A path parameter as UUID; 404 for any other text."""
    try:
        return UUID(str(request.path_params[name]))
    except ValueError as error:
        raise HTTPException(404) from error


def can(request: HTTPConnection, access: Access | Role) -> bool:
    """Whether this member has that access here, for views that show less to some."""
    context = find_context(request)
    return context is not None and context.role in ALLOWED_ROLES[access]


async def _require_context(request: Request, access: Access | Role) -> None:
    context = find_context(request)
    if context is None:
        await require_access(request, access)
        return
    _require_role(context.role, access)


async def _find_context(memberships: list[Membership], project: str, environment: str | None) -> ProjectContext | None:
    """By slugs; without an environment, production."""
    membership = next((each for each in memberships if each.project.slug == project), None)
    if membership is None:
        return None
    environments = await list_environments(membership.project)
    chosen = next((each for each in environments if _is_addressed_by(each, environment)), None)
    if chosen is None:
        return None
    return ProjectContext(membership.project, chosen, membership.role, environments, [each.project for each in memberships])


def _is_addressed_by(environment: Environment, slug: str | None) -> bool:
    """Production has one address only: the one without a slug."""
    return environment.is_production if slug is None else environment.slug == slug and not environment.is_production


async def _context_of_referer(request: Request, member: Member) -> ProjectContext | None:
    """The project one came from, for the menu of pages that belong to none; else one's first."""
    memberships = await members.list_memberships(member)
    project, environment = [*urlsplit(request.headers.get("referer", "")).path.split("/")[2:4], "", ""][:2]
    context = await _find_context(memberships, project, environment) or await _find_context(memberships, project, None)
    return context or (await _find_context(memberships, memberships[0].project.slug, None) if memberships else None)


def _require_role(role: Role, access: Access | Role) -> None:
    if role not in ALLOWED_ROLES[access]:
        raise HTTPException(403)
