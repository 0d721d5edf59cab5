"""Projects and their environments; whatever changes what a page may see moves the environment's revision."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit
from uuid import UUID

from tortoise.expressions import F

from guides import clock, ids
from guides.database import transaction
from guides.errors import Invalid, Unknown
from guides.models import Environment, Member, Membership, Project, Role, Theme
from guides.projects.revisions import bump_revision


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split())


RESERVED_PROJECTS = _split("account again builder forgot help invitation keys language login logout new projects reset setup static")
RESERVED_ENVIRONMENTS = _split(
    "articles audience builder environments events guides help home inbox install keys kinds live media members new people preview "
    "publish reports searches segments settings setup static themes uploads versions"
)
MAX_ENVIRONMENTS = 10
MAX_ORIGINS = 50
MAX_IMAGE_HOSTS = 50
_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?")
DEFAULT_THEME = {"accent": "#0f6e61", "accent_dark": "#34b5a0"}


class InvalidOrigin(Invalid):
    """Something that no browser sends as an origin; `text` is what was written."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is not an origin. Write it like https://app.example.com, without a path.", "origins")
        self.text = text


@transaction
async def create_project(name: str, *, owner: Member | None = None, slug: str | None = None) -> Project:
    """A project with its production environment and a first theme; the owner, when given, owns it."""
    name = _validate_name(name, "name", 100)
    project = await Project.create(name=name, slug=await _find_free_slug(slug or name), created_at=clock.now())
    await _create_environment(project, "Production", "production", is_production=True)
    await Theme.create(project=project, name=name, tokens=dict(DEFAULT_THEME), is_default=True, created_at=clock.now())
    if owner is not None:
        await Membership.create(project=project, member=owner, role=Role.OWNER, created_at=clock.now())
    return project


async def rename_project(project: Project, name: str) -> None:
    """Give the project another name; its address stays."""
    await Project.filter(id=project.id).update(name=_validate_name(name, "name", 100))


@transaction
async def create_environment(project: Project, name: str) -> Environment:
    """Another place where the product runs, such as staging."""
    name = _validate_name(name, "name", 60)
    slug = slugify(name)[:40].strip("-")
    if not slug or slug in RESERVED_ENVIRONMENTS:
        raise Invalid("That name is taken by Handrail itself. Choose another, such as “Staging”.", "name")
    await _lock_project(project)
    if await Environment.filter(project=project).count() >= MAX_ENVIRONMENTS:
        raise Invalid("A project has at most 10 environments.", "name")
    if await Environment.filter(project=project, slug=slug).exists():
        raise Invalid("There is an environment with that name already.", "name")
    return await _create_environment(project, name, slug)


async def get_project(slug: str) -> Project:
    """The project of that address; raises Unknown."""
    project = await Project.get_or_none(slug=slug)
    if project is None:
        raise Unknown("There is no project of that name.")
    return project


async def list_environments(project: Project) -> list[Environment]:
    """Its environments, production first."""
    return await Environment.filter(project=project).order_by("-is_production", "created_at")


async def get_environment(project: Project, environment_id: UUID) -> Environment:
    """One environment of this project; raises Unknown."""
    environment = await Environment.get_or_none(project=project, id=environment_id)
    if environment is None:
        raise Unknown("There is no such environment here.")
    return environment


async def set_allowed_origins(environment: Environment, origins: list[str]) -> list[str]:
    """Set the origins whose pages may use this environment; an empty list allows every one."""
    allowed = list(dict.fromkeys(parse_origin(origin) for origin in origins if origin.strip()))
    if len(allowed) > MAX_ORIGINS:
        raise Invalid("An environment has at most 50 allowed origins.", "origins")
    await bump_revision(environment, allowed_origins=allowed, last_refused_origin="")
    return allowed


async def set_disabled(environment: Environment, off: bool) -> None:
    """Switch the environment off or on: while off, no page shows any of its guides."""
    await bump_revision(environment, is_disabled=off)


@transaction
async def allow_image_host(project: Project, host: str) -> None:
    """Let guides show images and videos from this host."""
    host = parse_host(host)
    hosts = (await _lock_project(project)).image_hosts
    if len(hosts) >= MAX_IMAGE_HOSTS:
        raise Invalid("A project has at most 50 image hosts.", "host")
    await _set_image_hosts(project, [*(other for other in hosts if other != host), host])


@transaction
async def forbid_image_host(project: Project, host: str) -> None:
    """Stop guides from showing images and videos of this host."""
    hosts = (await _lock_project(project)).image_hosts
    await _set_image_hosts(project, [other for other in hosts if other != host])


def parse_origin(text: str) -> str:
    """A page's origin as browsers send it; raises Invalid for anything more or less."""
    text = text.strip()
    invalid = InvalidOrigin(text[:80])
    try:
        parts = urlsplit(text.lower().rstrip("/"))
        port = parts.port
    except ValueError as error:
        raise invalid from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.fragment or parts.username:
        raise invalid
    if not _HOST.fullmatch(parts.netloc) or "*" in parts.netloc:
        raise invalid
    default_port = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != default_port else "")


def parse_host(text: str) -> str:
    """A host name, taken out of an address when one was pasted; raises Invalid."""
    text = text.strip().lower()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").netloc
    except ValueError:
        host = ""
    if not host or len(host) > 253 or not _HOST.fullmatch(host):
        raise Invalid("Write a host name, such as images.example.com.", "host")
    return host


def slugify(name: str) -> str:
    """A name as part of an address: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


async def _lock_project(project: Project) -> Project:
    """The project as stored; others who change it wait until the transaction ends."""
    return await Project.select_for_update().get(id=project.id)


async def _create_environment(project: Project, name: str, slug: str, is_production: bool = False) -> Environment:
    return await Environment.create(
        project=project, name=name, slug=slug, is_production=is_production, public_key=ids.public_key(), created_at=clock.now()
    )


async def _set_image_hosts(project: Project, hosts: list[str]) -> None:
    await Project.filter(id=project.id).update(image_hosts=hosts)
    await Environment.filter(project=project).update(revision=F("revision") + 1)


async def _find_free_slug(wanted: str) -> str:
    root = slugify(wanted)[:50].strip("-") or "project"
    taken = set(await Project.filter(slug__startswith=root).values_list("slug", flat=True)) | RESERVED_PROJECTS
    number, slug = 1, root
    while slug in taken:
        number += 1
        slug = f"{root}-{number}"
    return slug


def _validate_name(name: str, field: str, longest: int) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("Give it a name.", field)
    if len(name) > longest or not name.isprintable():
        raise Invalid("That name is too long or holds characters that cannot be shown.", field)
    return name
