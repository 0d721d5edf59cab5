"""Clients that ask the whole app, in the same event loop as the test: signed out, and one for each of the cast."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from admin.csrf import masked
from guides import database, published, sessions
from guides.models import Member
from server.app import create_app
from server.settings import Settings

PUBLIC_URL = "https://handrail.example"
SECRET_KEY = "for tests only, and long enough to be a key"
SignIn = Callable[[Member], Awaitable[httpx2.AsyncClient]]


@pytest.fixture
def settings(db: str, tmp_path: Path) -> Settings:
    """What the environment would decide: a public address behind https, limits wide open."""
    environ = {
        "HANDRAIL_DATABASE_URL": db,
        "HANDRAIL_SECRET_KEY": SECRET_KEY,
        "HANDRAIL_PUBLIC_URL": PUBLIC_URL,
        "HANDRAIL_UPLOADS_URL": f"file://{tmp_path / 'uploads'}",
        "HANDRAIL_RATE_LIMIT": "1000",
    }
    return Settings.load(environ, tmp_path)


@pytest.fixture
async def app(db: str, settings: Settings) -> AsyncIterator[Any]:
    """The whole app inside its lifespan; it opens the database anew, as a process would."""
    await database.close_database()
    made = create_app(settings)
    async with lived(made):
        published.forget()
        yield made
    await database.open_database(db)


@pytest.fixture
async def web(app: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser in which nobody is signed in."""
    async with client(app) as made:
        yield made


@pytest.fixture
async def sign_in(app: Any) -> AsyncIterator[SignIn]:
    """Sign a member in: `browser = await sign_in(editor)`; what it posts carries the token of its session."""
    opened: list[httpx2.AsyncClient] = []

    async def signed_in(member: Member) -> httpx2.AsyncClient:
        secret = await sessions.open_session(member)
        session = await sessions.session_for(secret)
        assert session
        made = client(app, {"Cookie": f"__Host-handrail={secret}", "X-CSRF-Token": masked(session.key)})
        opened.append(made)
        return made

    yield signed_in
    for each in opened:
        await each.aclose()


def client(app: Any, headers: dict[str, str] | None = None) -> httpx2.AsyncClient:
    """A client as a browser on our own pages: same origin, no redirects followed, errors of the app raised."""
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


@asynccontextmanager
async def lived(app: Any) -> AsyncIterator[None]:
    """The app between its start-up and its shutdown, as a server would drive it."""
    asked: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    task = asyncio.ensure_future(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, asked.get, told.put))
    try:
        await _step(task, asked, told, "startup")
        yield
        await _step(task, asked, told, "shutdown")
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _step(task: asyncio.Future[Any], asked: asyncio.Queue[dict[str, str]], told: asyncio.Queue[dict[str, Any]], name: str) -> None:
    await asked.put({"type": f"lifespan.{name}"})
    answer = asyncio.ensure_future(told.get())
    await asyncio.wait({task, answer}, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        answer.cancel()
        task.result()
        raise RuntimeError(f"the app ended before it answered to {name}")
    message = answer.result()
    if message["type"] != f"lifespan.{name}.complete":
        raise RuntimeError(message.get("message", message["type"]))
