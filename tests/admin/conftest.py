"""A visitor: a browser that has seen the sign-in page and so holds the token its forms need."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest

from admin.i18n import translate
from server.app import App
from tests.http_clients import client

Typed = dict[str, str]
Visit = Callable[[App], Awaitable[httpx2.AsyncClient]]


def token_in(text: str) -> str:
    """The token a page gives its forms."""
    found = re.search(r'name="_csrf" value="([^"]+)"', text)
    assert found, text[:500]
    return found[1]


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    """Open browsers: `visitor = await visit(app)`."""
    opened: list[httpx2.AsyncClient] = []

    async def arrive(app: App) -> httpx2.AsyncClient:
        made = client(app)
        opened.append(made)
        made.headers["X-CSRF-Token"] = token_in((await made.get("/admin/forgot")).text)
        return made

    yield arrive
    for each in opened:
        await each.aclose()


@pytest.fixture
async def visitor(app: App, visit: Visit) -> httpx2.AsyncClient:
    """Somebody who is not signed in and fills in a form."""
    return await visit(app)


@pytest.fixture(autouse=True)
def english() -> None:
    """Begins every test in English, whatever language the test before chose."""
    translate.activate("en")
