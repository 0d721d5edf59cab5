"""What other sites start is refused, on every address that changes something."""

from __future__ import annotations

import httpx2
import pytest

from admin.routes import ROUTES
from admin.web.csrf import mask_token, origin_of, token_matches
from guides.accounts import sessions
from guides.models import Guide, Member, Project
from server.app import App
from tests.admin.test_access import address
from tests.http_clients import PUBLIC_URL, SignIn, client

UNSAFE = [page for page in ROUTES if page.methods[0] == "POST"]
FOREIGN = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "none": {"Sec-Fetch-Site": "none"},
    "wrong origin": {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
    "origin with our name in it": {"Sec-Fetch-Site": None, "Origin": PUBLIC_URL + ".evil.example"},
    "origin null": {"Sec-Fetch-Site": None, "Origin": "null"},
    "nothing said": {"Sec-Fetch-Site": None, "Origin": None},
    "no token": {"X-CSRF-Token": None},
    "half a token": {"X-CSRF-Token": "AAAA"},
    "a token that is not text": {"X-CSRF-Token": "%ff%fe"},
}


@pytest.mark.parametrize("why", FOREIGN)
async def test_a_forged_request_is_refused_everywhere(why: str, as_owner: httpx2.AsyncClient, guide: Guide) -> None:
    for name, value in FOREIGN[why].items():
        as_owner.headers.pop(name, None)
        if value is not None:
            as_owner.headers[name] = value
    for page in UNSAFE:
        answer = await as_owner.post(address(page, guide), data={"name": "Taken over"})
        assert answer.status_code == 403, page.name
    assert (await Project.get(slug="acme")).name == "Acme"


async def test_the_token_of_another_session_is_refused(as_owner: httpx2.AsyncClient, as_admin: httpx2.AsyncClient) -> None:
    as_owner.headers["X-CSRF-Token"] = as_admin.headers["X-CSRF-Token"]
    assert (await as_owner.post("/admin/acme/settings/project", data={"name": "Taken over"})).status_code == 403


async def test_an_open_page_whose_session_has_ended_asks_for_the_password(
    as_owner: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    visitor.headers["X-CSRF-Token"] = as_owner.headers["X-CSRF-Token"]
    answer = await visitor.post("/admin/acme/settings/project", data={"name": "Late"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["X-Handrail"]) == (401, "sign-in")
    assert (await visitor.post("/admin/again", data={}, headers={"HX-Request": "true"})).status_code == 403


async def test_a_plain_form_carries_its_token_as_a_field(sign_in: SignIn, owner: Member, project: Project) -> None:
    browser = await sign_in(owner)
    token = browser.headers.pop("X-CSRF-Token")
    answer = await browser.post("/admin/acme/settings/project", data={"_csrf": token, "name": "Fjord"})
    assert answer.status_code == 303
    assert (await Project.get(id=project.id)).name == "Fjord"


async def test_signing_in_from_another_site_is_refused(visitor: httpx2.AsyncClient, owner: Member) -> None:
    visitor.headers["Sec-Fetch-Site"] = "cross-site"
    answer = await visitor.post("/admin/login", data={"email": owner.email, "password": "a long enough sentence"})
    assert answer.status_code == 403
    assert await sessions.list_sessions(owner) == []


@pytest.mark.parametrize(("mode", "dest", "status"), [("navigate", "document", 303), ("navigate", "iframe", 403), ("cors", "empty", 403)])
async def test_pages_are_read_only_by_going_there(app: App, mode: str, dest: str, status: int, project: Project) -> None:
    async with client(app, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}) as browser:
        assert (await browser.get("/admin/acme")).status_code == status


async def test_a_form_that_is_too_large_is_refused(as_owner: httpx2.AsyncClient, project: Project) -> None:
    answer = await as_owner.post("/admin/acme/settings/project", data={"name": "x" * (2 << 20)})
    assert answer.status_code in {403, 413}


def test_a_token_is_written_differently_each_time() -> None:
    assert mask_token("key") != mask_token("key")
    assert token_matches(mask_token("key"), "key")
    assert not token_matches(mask_token("key"), "other")
    assert not token_matches("", "key")


def test_origins_are_written_as_browsers_write_them() -> None:
    assert origin_of("https://Help.Acme.example:443/") == "https://help.acme.example"
    assert origin_of("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert origin_of("http://[::1]:8000/x") == "http://[::1]:8000"
