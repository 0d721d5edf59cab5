"""The service of these tests, and a browser's way to call it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from guides.ids import uuid7
from guides.models import Environment
from server.app import App, create_app
from server.config.settings import Settings
from server.http.rate_limits import InProcessStore, RateLimiter

SECRET = "not a secret: 0123456789abcdefghijklm"
ADDRESS = "http://127.0.0.1:8000"


class HeldSeconds:
    """A monotonic clock that moves only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> HeldSeconds:
    """The clock of the rate limits."""
    return HeldSeconds()


@pytest.fixture
async def app(db: str, seconds: HeldSeconds) -> AsyncIterator[App]:
    """The service on the test's database, its writer at work."""
    made = create_app(Settings.load({"HANDRAIL_DATABASE_URL": db, "HANDRAIL_SECRET_KEY": SECRET}))
    made.services.rate_limiter = RateLimiter(InProcessStore(seconds))
    async with made.started(own_database=False):
        yield made


@pytest.fixture
async def web(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of nobody in particular; an error of ours is an answer, never an exception."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield client


class Embed:
    """Calls the service as the embed does: JSON as text/plain, no cookies."""

    def __init__(self, web: httpx2.AsyncClient, environment: Environment) -> None:
        self.web = web
        self.key = environment.public_key

    async def post(self, path: str, body: bytes | str, **headers: str) -> httpx2.Response:
        """Send these bytes."""
        return await self.web.post(path, content=body, headers={"content-type": "text/plain"} | headers)

    async def boot(self, origin: str = "", **more: Any) -> httpx2.Response:
        """One boot of person 42 on /deals."""
        call = {"schema": 1, "environment": self.key, "person": {"id": "42"}, "page": {"url": "https://app.acme.example/deals"}} | more
        return await self.post("/embed/v1/boot", json.dumps(call), **({"origin": origin} if origin else {}))

    async def events(self, *events: Any, origin: str = "", **more: Any) -> httpx2.Response:
        """These events of person 42."""
        call = {"schema": 1, "environment": self.key, "person": {"id": "42"}, "events": list(events)} | more
        return await self.post("/embed/v1/events", json.dumps(call), **({"origin": origin} if origin else {}))


@pytest.fixture
def embed(web: httpx2.AsyncClient, production: Environment) -> Embed:
    """The embed in a page of the production environment."""
    return Embed(web, production)


def event(name: str = "signed_up", **more: Any) -> dict[str, Any]:
    """An event that can be stored, with a fresh id."""
    return {"id": str(uuid7()), "name": name, "at": "2026-11-22T10:00:00.000Z", "props": {}} | more
