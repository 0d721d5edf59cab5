"""The fixtures of web tests work: the whole app answers in the event loop of the test, with a client for each role."""

from __future__ import annotations

import httpx2

from guides.models import Project


async def test_the_service_is_alive_and_ready(web: httpx2.AsyncClient) -> None:
    assert (await web.get("/livez")).status_code == 200
    assert (await web.get("/readyz")).status_code == 200


async def test_everybody_is_who_they_are(browsers: dict[str, httpx2.AsyncClient]) -> None:
    seen = {name: (await browser.get("/admin/acme/settings/project")).status_code for name, browser in browsers.items()}
    assert seen == {"nobody": 303, "owner": 200, "admin": 200, "editor": 200, "agent": 403, "viewer": 200, "stranger": 404}


async def test_a_post_carries_the_token_of_its_session(as_owner: httpx2.AsyncClient, project: Project) -> None:
    answer = await as_owner.post("/admin/acme/settings/project", data={"name": "Acme again"})
    assert answer.status_code in {200, 204, 303}
    await project.refresh_from_db()
    assert project.name == "Acme again"
