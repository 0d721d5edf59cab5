"""HTTP clients of the whole app in the event loop of the test: signed out, and one for each role."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from admin.web.csrf import mask_token
from guides.accounts import sessions
from guides.models import Member
from server.app import App, create_app
from server.config.settings import Settings

PUBLIC_URL = "https://handrail.example"
SECRET_KEY = "not a secret: 0123456789abcdefghijklm"
SignIn = Callable[[Member], Awaitable[httpx2.AsyncClient]]


@pytest.fixture
def settings(db: str, tmp_path: Path) -> Settings:
    """Settings with a public https URL and wide rate limits."""
    environ = {
        "HANDRAIL_DATABASE_URL": db,
        "HANDRAIL_SECRET_KEY": SECRET_KEY,
        "HANDRAIL_PUBLIC_URL": PUBLIC_URL,
        "HANDRAIL_UPLOADS_URL": f"file://{tmp_path / 'uploads'}",
        "HANDRAIL_RATE_LIMIT": "1000",
    }
    return Settings.load(environ, tmp_path)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    """The whole app, running on the test's database."""
    made = create_app(settings)
    async with made.started(own_database=False):
        yield made


@pytest.fixture
async def web(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that is not signed in."""
    async with client(app) as made:
        yield made


@pytest.fixture
async def sign_in(app: App) -> AsyncIterator[SignIn]:
    """Signs a member in: `browser = await sign_in(editor)`; its posts carry the CSRF token of its session."""
    opened: list[httpx2.AsyncClient] = []

    async def signed_in(member: Member) -> httpx2.AsyncClient:
        secret = await sessions.open_session(member)
        session = await sessions.find_session(secret)
        assert session
        made = client(app, {"Cookie": f"__Host-handrail={secret}", "X-CSRF-Token": mask_token(session.csrf_secret)})
        opened.append(made)
        return made

    yield signed_in
    for each in opened:
        await each.aclose()


def client(app: App, headers: dict[str, str] | None = None) -> httpx2.AsyncClient:
    """A client that behaves as a browser on our own pages: same origin, no redirects followed; errors of the app are raised."""
    own = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Origin": PUBLIC_URL}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=PUBLIC_URL, headers={**own, **(headers or {})})


@pytest.fixture
async def as_owner(sign_in: SignIn, owner: Member) -> httpx2.AsyncClient:
    """The owner's browser."""
    return await sign_in(owner)


@pytest.fixture
async def as_admin(sign_in: SignIn, admin: Member) -> httpx2.AsyncClient:
    """The admin's browser."""
    return await sign_in(admin)


@pytest.fixture
async def as_editor(sign_in: SignIn, editor: Member) -> httpx2.AsyncClient:
    """The editor's browser."""
    return await sign_in(editor)


@pytest.fixture
async def as_agent(sign_in: SignIn, agent: Member) -> httpx2.AsyncClient:
    """The agent's browser."""
    return await sign_in(agent)


@pytest.fixture
async def as_viewer(sign_in: SignIn, viewer: Member) -> httpx2.AsyncClient:
    """The viewer's browser."""
    return await sign_in(viewer)


@pytest.fixture
async def as_stranger(sign_in: SignIn, stranger: Member) -> httpx2.AsyncClient:
    """The browser of one who owns another project."""
    return await sign_in(stranger)


@pytest.fixture
async def browsers(
    web: httpx2.AsyncClient,
    as_owner: httpx2.AsyncClient,
    as_admin: httpx2.AsyncClient,
    as_editor: httpx2.AsyncClient,
    as_agent: httpx2.AsyncClient,
    as_viewer: httpx2.AsyncClient,
    as_stranger: httpx2.AsyncClient,
) -> dict[str, httpx2.AsyncClient]:
    """Everybody's browser by name, `nobody` included: for what each of them may do."""
    return {
        "nobody": web,
        "owner": as_owner,
        "admin": as_admin,
        "editor": as_editor,
        "agent": as_agent,
        "viewer": as_viewer,
        "stranger": as_stranger,
    }
