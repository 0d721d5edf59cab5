"""One's own account."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx2

from admin.web.csrf import mask_token
from guides.accounts import sessions
from guides.models import Member, Project
from server.app import create_app
from server.config.settings import Settings
from tests.admin.conftest import token_in
from tests.conftest import PASSWORD
from tests.http_clients import SignIn, client


async def test_language_and_colours_are_the_members_own(as_owner: httpx2.AsyncClient, project: Project) -> None:
    answer = await as_owner.post("/admin/account/profile", data={"name": "Nadia", "locale": "ar", "scheme": "dark"})
    assert answer.status_code == 303
    page = (await as_owner.get("/admin/acme")).text
    assert '<html lang="ar" dir="rtl" data-theme="dark"' in page
    assert "Nadia" in page


async def test_what_cannot_be_taken_is_said(as_owner: httpx2.AsyncClient, owner: Member) -> None:
    assert (await as_owner.post("/admin/account/profile", data={"name": " ", "scheme": "auto"})).status_code == 422
    assert (await as_owner.post("/admin/account/profile", data={"name": "N", "scheme": "pink"})).status_code == 422
    await as_owner.post("/admin/account/profile", data={"name": "N", "scheme": "auto", "locale": "../../etc"})
    await owner.refresh_from_db()
    assert (owner.name, owner.locale) == ("N", "")


async def test_a_new_password_needs_the_old_one(as_owner: httpx2.AsyncClient) -> None:
    wrong = await as_owner.post("/admin/account/password", data={"current": "wrong", "password": "another long sentence"})
    assert wrong.status_code == 422
    weak = await as_owner.post("/admin/account/password", data={"current": PASSWORD, "password": "password1234"})
    assert weak.status_code == 422


async def test_whoever_found_a_browser_open_cannot_guess_the_password(settings: Settings, owner: Member) -> None:
    app = create_app(replace(settings, rate_limit=1.0))
    secret = await sessions.open_session(owner)
    session = await sessions.find_session(secret)
    assert session
    async with client(app, {"Cookie": f"__Host-handrail={secret}", "X-CSRF-Token": mask_token(session.csrf_secret)}) as browser:
        sent = {"current": "wrong", "password": "another long sentence"}
        tried = [(await browser.post("/admin/account/password", data=sent)).status_code for _ in range(11)]
        assert tried == [422] * 10 + [429]
        assert (await browser.post("/admin/account/password", data={**sent, "current": PASSWORD})).status_code == 429


async def test_a_new_password_changes_the_cookie_and_signs_others_out(sign_in: SignIn, owner: Member, project: Project) -> None:
    here, there = await sign_in(owner), await sign_in(owner)
    old = here.headers.pop("Cookie")
    answer = await here.post(
        "/admin/account/password", data={"current": PASSWORD, "password": "another long sentence"}, headers={"Cookie": old}
    )
    assert answer.status_code == 303
    assert old not in answer.headers["set-cookie"]
    assert (await here.get("/admin/acme")).status_code == 200
    assert (await here.get("/admin/acme", headers={"Cookie": old})).status_code == 303
    assert (await there.get("/admin/acme")).status_code == 303


async def test_one_browser_is_signed_out_from_another(sign_in: SignIn, owner: Member, project: Project) -> None:
    here, there = await sign_in(owner), await sign_in(owner)
    page = (await here.get("/admin/account")).text
    assert page.count('name="session"') == 1
    named = re.search(r'name="session" value="(\w+)"', page)
    assert named
    await here.post("/admin/account/sessions/end", data={"session": named[1]})
    assert (await there.get("/admin/acme")).status_code == 303
    assert (await here.get("/admin/acme")).status_code == 200


async def test_nobody_signs_out_the_browser_of_somebody_else(
    as_owner: httpx2.AsyncClient, as_stranger: httpx2.AsyncClient, owner: Member
) -> None:
    theirs = (await sessions.list_sessions(owner))[0].digest
    for name in (theirs[:24], "", theirs):
        await as_stranger.post("/admin/account/sessions/end", data={"session": name})
    assert len(await sessions.list_sessions(owner)) == 1


async def test_signing_out_everywhere_ends_this_browser_too(sign_in: SignIn, owner: Member, project: Project) -> None:
    here, there = await sign_in(owner), await sign_in(owner)
    assert (await here.post("/admin/account/sessions/end-all")).headers["location"] == "/admin/login"
    for browser in (here, there):
        assert (await browser.get("/admin/acme")).status_code == 303


async def test_news_are_shown_once_on_the_page_they_lead_to(as_owner: httpx2.AsyncClient, project: Project) -> None:
    answer = await as_owner.post("/admin/account/profile", data={"name": "Nadia", "locale": "", "scheme": "auto"})
    cookie = answer.headers["set-cookie"].split(";")[0]
    shown = await as_owner.get("/admin/account", headers={"Cookie": f"{as_owner.headers['Cookie']}; {cookie}"})
    assert "Saved." in shown.text
    assert any(one.startswith('__Host-hr_flash="";') for one in shown.headers.get_list("set-cookie"))
    forged = await as_owner.get("/admin/account", headers={"Cookie": f"{as_owner.headers['Cookie']}; {cookie}x"})
    assert "Saved." not in forged.text


async def test_the_token_of_a_page_is_the_sessions(as_owner: httpx2.AsyncClient, project: Project) -> None:
    token = token_in((await as_owner.get("/admin/account")).text)
    as_owner.headers.pop("X-CSRF-Token")
    answer = await as_owner.post("/admin/account/profile", data={"_csrf": token, "name": "Nadia", "scheme": "auto"})
    assert answer.status_code == 303


async def test_a_member_of_no_project_is_told_so(sign_in: SignIn, owner: Member) -> None:
    browser = await sign_in(owner)
    assert "You are in no project" in (await browser.get("/admin")).text
    assert (await browser.get("/admin/account")).status_code == 200
