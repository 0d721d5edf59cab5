"""Fixtures of every test: an empty database, a clock that can be held, a project and a member of each role."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from guides import clock, database
from guides.accounts import members, passwords
from guides.models import Environment, Guide, Member, Project, Role
from guides.projects import projects
from guides.publishing import drafts
from guides.publishing.compiled import clear_cache
from guides.publishing.publish import publish
from tests.databases import CHOSEN, PostgresDatabase, SqliteFiles

pytest_plugins = ["tests.http_clients"]
hypothesis.settings.register_profile("handrail", deadline=None, derandomize=True)
hypothesis.settings.load_profile("handrail")

PASSWORD = "a long enough sentence"
MakeGuide = Callable[..., Awaitable[Guide]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: their driver keeps an event loop running in this thread."""
    items.sort(key=lambda item: "tests/browser/" in item.path.as_posix())


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests run on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteFiles | PostgresDatabase]:
    """Creates fresh databases; HANDRAIL_TEST_DATABASE chooses the engine."""
    if CHOSEN == "sqlite":
        yield SqliteFiles(tmp_path_factory.mktemp("database"))
        return
    with PostgresDatabase().made() as made:
        yield made


@pytest.fixture
async def database_url(databases: SqliteFiles | PostgresDatabase, tmp_path: Path) -> str:
    """The URL of an empty, migrated database that is not open."""
    return await databases.fresh(tmp_path)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[str]:
    """An empty, migrated, open database; the value is its URL."""
    await database.open_database(database_url)
    clear_cache()
    yield database_url
    await database.close_database()


class HeldClock:
    """A clock that moves only by `move`."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self, zone: Any = UTC) -> datetime:
        """Replaces datetime.now in guides/clock.py."""
        return self.moment.astimezone(zone)

    def move(self, **by: float) -> datetime:
        """Advances the clock: `move(days=1)`."""
        self.moment += timedelta(**by)
        return self.moment


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime | str], HeldClock]:
    """Holds the clock: `held = clock_at("2026-03-01T12:00:00Z")`, then `held.move(days=1)`."""

    def hold(moment: datetime | str) -> HeldClock:
        held = HeldClock(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)
        monkeypatch.setattr(clock, "datetime", held)
        return held

    return hold


_hashed: list[str] = []


async def make_member(name: str) -> Member:
    """Creates a member who signs in as name@example.com with PASSWORD; the password is hashed once for the whole run."""
    if not _hashed:
        _hashed.append(await passwords.hash_password(PASSWORD))
    return await Member.create(email=f"{name}@example.com", name=name.title(), password_hash=_hashed[0], created_at=clock.now())


@pytest.fixture
async def owner(db: str) -> Member:
    """The owner of the project."""
    return await make_member("owner")


@pytest.fixture
async def project(owner: Member) -> Project:
    """A project named Acme, with its production environment."""
    return await projects.create_project("Acme", owner=owner)


@pytest.fixture
async def production(project: Project) -> Environment:
    """The production environment of the project."""
    return await Environment.get(project=project, is_production=True)


@pytest.fixture
async def staging(project: Project) -> Environment:
    """A second environment of the project."""
    return await projects.create_environment(project, "Staging")


async def _join(project: Project, role: Role) -> Member:
    member = await make_member(role.value)
    await members.add_to_project(project, member, role)
    return member


@pytest.fixture
async def admin(project: Project) -> Member:
    """An admin of the project."""
    return await _join(project, Role.ADMIN)


@pytest.fixture
async def editor(project: Project) -> Member:
    """An editor of the project."""
    return await _join(project, Role.EDITOR)


@pytest.fixture
async def agent(project: Project) -> Member:
    """An agent of the project: answers people, writes no guides."""
    return await _join(project, Role.AGENT)


@pytest.fixture
async def viewer(project: Project) -> Member:
    """A viewer of the project: changes nothing."""
    return await _join(project, Role.VIEWER)


@pytest.fixture
async def stranger(db: str) -> Member:
    """The owner of another project, with no role in this one."""
    member = await make_member("stranger")
    await projects.create_project("Elsewhere", owner=member)
    return member


@pytest.fixture
def make_guide(project: Project, editor: Member) -> MakeGuide:
    """Creates a guide: `await make_guide("tour", "Welcome", draft={...}, live_in=production, audience={...})`."""

    async def make(
        kind: str = "tour",
        name: str = "Welcome",
        *,
        draft: dict[str, Any] | None = None,
        live_in: Environment | None = None,
        **settings: Any,
    ) -> Guide:
        guide = await drafts.create(project, kind, name, editor, draft=draft, settings=settings)
        if live_in is not None:
            await publish(guide, live_in, editor)
        return guide

    return make


@pytest.fixture
async def guide(make_guide: MakeGuide) -> Guide:
    """A new, unpublished tour."""
    return await make_guide()
