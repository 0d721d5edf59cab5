"""What handrail does at the console besides serving."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from guides import database
from guides.accounts import members
from guides.accounts import one_time_links as tokens
from guides.accounts.one_time_links import Purpose
from guides.errors import DomainError, Invalid
from guides.models import Member, Project, Role
from guides.projects import projects
from server.cli import typescript as types
from server.config.settings import Settings, shown
from server.demo import seed
from server.http import embed_files as assets
from server.process import lifespan
from server.process import worker as work

BAD = 1


def print_settings(settings: Settings) -> int:
    """Every setting with its value and its help line."""
    for name, value, help in shown(settings):
        print(f"{name}={value}\n    {help}")
    return 0


def migrate(settings: Settings) -> int:
    """Bring the database up to date."""

    async def act() -> int:
        await database.open_database(settings.database_url)
        try:
            waiting = await database.pending()
            await database.migrate()
        finally:
            await database.close_database()
        print("\n".join(f"applied {name}" for name in waiting) or "The database is up to date.")
        return 0

    return asyncio.run(act())


def demo(settings: Settings) -> int:
    """Fill the demo project; what is there stays."""

    async def act() -> int:
        project = await seed.fill()
        print(f"The demo project is at {settings.public_url}/admin/{project.slug}")
        return 0

    return opened(settings, act)


def add_project(settings: Settings, name: str) -> int:
    """A new project with its production environment."""

    async def act() -> int:
        project = await projects.create_project(name)
        environment = await seed.production_of(project)
        print(f"{project.name} is at {settings.public_url}/admin/{project.slug}; its production key is {environment.public_key}")
        return 0

    return opened(settings, act)


def add_member(settings: Settings, email: str, role: Role, slug: str | None) -> int:
    """Add somebody to a project: at once when they have an account, else by a link that makes one."""

    async def act() -> int:
        project = await _project(slug)
        folded = members.fold(email)
        member = await Member.get_or_none(email=folded)
        if member is not None:
            print(f"{folded} is {(await members.grant(project, member, role)).role.value} of {project.name}.")
            return 0
        secret = await tokens.issue(Purpose.INVITATION, project=project, email=folded, role=role)
        print(f"Open this link to become {role.value} of {project.name} (it works once, for 7 days):")
        print(f"{settings.public_url}/admin/invitation?token={secret}")
        return 0

    return opened(settings, act)


def do_work(settings: Settings, once: bool) -> int:
    """Background work in a process of its own."""

    async def act() -> int:
        if once:
            print(f"{await work.one_round(settings)} chores done.")
            return 0
        going = asyncio.create_task(work.go_on(settings))
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, going.cancel)
        with suppress(asyncio.CancelledError):
            await going
        return 0

    return opened(settings, act)


def write_types(check: bool) -> int:
    """Write embed/src/types/bodies.d.ts, or say whether it is up to date."""
    if not check:
        print("embed/src/types/bodies.d.ts is new." if types.write() else "embed/src/types/bodies.d.ts was up to date.")
        return 0
    if types.is_stale():
        print("embed/src/types/bodies.d.ts does not say what the kinds say; run: handrail types", file=sys.stderr)
        return BAD
    return 0


def doctor(settings: Settings) -> int:
    """What is wrong and how to mend it; 0 when nothing is."""
    found = asyncio.run(_findings(settings))
    for name, wrong, mend in found:
        print(f"{'ok   ' if not wrong else 'wrong'}  {name}" + (f": {wrong} {mend}" if wrong else ""))
    return BAD if any(wrong for _, wrong, _ in found) else 0


def opened(settings: Settings, act: Callable[[], Awaitable[int]]) -> int:
    """Run it with the database open and up to date; what the domain refuses is one sentence and exit code 1."""

    async def whole() -> int:
        async with lifespan.opened(settings):
            return await act()

    try:
        return asyncio.run(whole())
    except DomainError as error:
        print(error.message, file=sys.stderr)
        return BAD


async def _project(slug: str | None) -> Project:
    if slug is not None:
        return await projects.project_by_slug(slug)
    found = await Project.all().order_by("created_at").limit(20)
    if len(found) == 1:
        return found[0]
    if not found:
        raise Invalid("There is no project yet. Make one with: handrail project add NAME")
    raise Invalid(f"Say which project with --project: {', '.join(project.slug for project in found)}")


async def _findings(settings: Settings) -> list[tuple[str, str, str]]:
    """Name, what is wrong (empty when nothing is), how to mend it."""
    found = [("settings", "", ""), _secret_finding(settings), _embed_finding()]
    try:
        async with asyncio.timeout(10), _reading(settings):
            waiting = await database.pending()
            people = await members.any_member() if not waiting else True
    except Exception as error:
        return [*found, ("database", f"cannot be reached ({type(error).__name__}).", "Check HANDRAIL_DATABASE_URL and that it runs.")]
    found.append(("database", "", ""))
    found.append(("migrations", f"{len(waiting)} are not applied." if waiting else "", "Run: handrail migrate"))
    found.append(("members", "" if people else "nobody can sign in.", "Run: handrail run, or handrail member add EMAIL --role owner"))
    return found


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[None]:
    await database.open_database(settings.database_url)
    try:
        yield
    finally:
        await database.close_database()


def _secret_finding(settings: Settings) -> tuple[str, str, str]:
    wrong = "was made for this machine only." if settings.secret_is_made and not settings.is_local else ""
    return ("secret key", wrong, "Set HANDRAIL_SECRET_KEY.")


def _embed_finding() -> tuple[str, str, str]:
    return ("embed files", "" if assets.LOADER in assets.Assets().files else "have not been built.", "Run: make embed")
