"""The commands of `handrail`, except serving; each returns its exit code."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from guides import database
from guides.accounts import members, one_time_links
from guides.accounts.one_time_links import LinkPurpose
from guides.errors import DomainError, Invalid
from guides.models import Member, Project, Role
from guides.projects import projects
from server.cli import typescript
from server.config.settings import Settings, describe
from server.demo import seed
from server.http import embed_files
from server.process import lifespan, worker

EXIT_FAILED = 1


def print_settings(settings: Settings) -> int:
    """Prints every setting with its value and its help line."""
    for name, value, help in describe(settings):
        print(f"{name}={value}\n    {help}")
    return 0


def migrate(settings: Settings) -> int:
    """Applies pending migrations."""

    async def action() -> int:
        await database.open_database(settings.database_url)
        try:
            pending = await database.pending_migrations()
            await database.migrate()
        finally:
            await database.close_database()
        print("\n".join(f"applied {name}" for name in pending) or "The database is up to date.")
        return 0

    return asyncio.run(action())


def demo(settings: Settings) -> int:
    """Fills the demo project; keeps what exists."""

    async def action() -> int:
        project = await seed.fill()
        print(f"The demo project is at {settings.public_url}/admin/{project.slug}")
        return 0

    return run_with_database(settings, action)


def add_project(settings: Settings, name: str) -> int:
    """Creates a project with its production environment."""

    async def action() -> int:
        project = await projects.create_project(name)
        environment = await seed.get_production(project)
        print(f"{project.name} is at {settings.public_url}/admin/{project.slug}; its production key is {environment.public_key}")
        return 0

    return run_with_database(settings, action)


def add_member(settings: Settings, email: str, role: Role, slug: str | None) -> int:
    """Adds a member to a project: at once when the account exists, else by printing an invitation link."""

    async def action() -> int:
        project = await _get_project(slug)
        normalized = members.normalize_email(email)
        member = await Member.get_or_none(email=normalized)
        if member is not None:
            print(f"{normalized} is {(await members.add_to_project(project, member, role)).role.value} of {project.name}.")
            return 0
        secret = await one_time_links.create_link(LinkPurpose.INVITATION, project=project, email=normalized, role=role)
        print(f"Open this link to become {role.value} of {project.name} (it works once, for 7 days):")
        print(f"{settings.public_url}/admin/invitation?token={secret}")
        return 0

    return run_with_database(settings, action)


def run_worker(settings: Settings, once: bool) -> int:
    """Runs the periodic jobs in a process of its own."""

    async def action() -> int:
        if once:
            print(f"{await worker.run_due(settings)} jobs done.")
            return 0
        task = asyncio.create_task(worker.run_forever(settings))
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(signal_number, task.cancel)
        with suppress(asyncio.CancelledError):
            await task
        return 0

    return run_with_database(settings, action)


def write_types(check: bool) -> int:
    """Writes embed/src/types/bodies.d.ts, or checks whether it is up to date."""
    if not check:
        print("embed/src/types/bodies.d.ts is new." if typescript.write() else "embed/src/types/bodies.d.ts was up to date.")
        return 0
    if typescript.is_stale():
        print("embed/src/types/bodies.d.ts does not say what the kinds say; run: handrail types", file=sys.stderr)
        return EXIT_FAILED
    return 0


def doctor(settings: Settings) -> int:
    """Prints what is wrong and how to fix it; returns 0 when nothing is."""
    checks = asyncio.run(_run_checks(settings))
    for name, problem, fix in checks:
        print(f"{'ok   ' if not problem else 'wrong'}  {name}" + (f": {problem} {fix}" if problem else ""))
    return EXIT_FAILED if any(problem for _, problem, _ in checks) else 0


def run_with_database(settings: Settings, action: Callable[[], Awaitable[int]]) -> int:
    """Runs an action with the database open and migrated; prints a DomainError as one sentence and returns 1."""

    async def run() -> int:
        async with lifespan.with_database(settings):
            return await action()

    try:
        return asyncio.run(run())
    except DomainError as error:
        print(error.message, file=sys.stderr)
        return EXIT_FAILED


async def _get_project(slug: str | None) -> Project:
    if slug is not None:
        return await projects.get_project(slug)
    candidates = await Project.all().order_by("created_at").limit(20)
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise Invalid("There is no project yet. Make one with: handrail project add NAME")
    raise Invalid(f"Say which project with --project: {', '.join(project.slug for project in candidates)}")


async def _run_checks(settings: Settings) -> list[tuple[str, str, str]]:
    """Lists checks as (name, problem or "", how to fix it)."""
    checks = [("settings", "", ""), _check_secret(settings), _check_embed()]
    try:
        async with asyncio.timeout(10), _open_database(settings):
            pending = await database.pending_migrations()
            has_members = await members.has_members() if not pending else True
    except Exception as error:
        return [*checks, ("database", f"cannot be reached ({type(error).__name__}).", "Check HANDRAIL_DATABASE_URL and that it runs.")]
    checks.append(("database", "", ""))
    checks.append(("migrations", f"{len(pending)} are not applied." if pending else "", "Run: handrail migrate"))
    checks.append(("members", "" if has_members else "nobody can sign in.", "Run: handrail run, or handrail member add EMAIL --role owner"))
    return checks


@asynccontextmanager
async def _open_database(settings: Settings) -> AsyncIterator[None]:
    await database.open_database(settings.database_url)
    try:
        yield
    finally:
        await database.close_database()


def _check_secret(settings: Settings) -> tuple[str, str, str]:
    problem = "was generated for this machine only." if settings.is_secret_generated and not settings.is_local else ""
    return ("secret key", problem, "Set HANDRAIL_SECRET_KEY.")


def _check_embed() -> tuple[str, str, str]:
    return ("embed files", "" if embed_files.LOADER in embed_files.EmbedFiles().files else "have not been built.", "Run: .ci/npm run build")
