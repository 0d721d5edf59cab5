"""Signing in and out, and a new password for a lost one."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace

import httpx2
import pytest

from guides.accounts import members, sessions
from guides.models import Member, OneTimeLink, Project
from server.app import App, create_app
from server.config.settings import Settings
from tests.admin.conftest import Visit, token_in
from tests.conftest import PASSWORD, HeldClock
from tests.http_clients import PUBLIC_URL, SignIn, client


async def sign_in_as(visitor: httpx2.AsyncClient, email: str, password: str = PASSWORD, **more: str) -> httpx2.Response:
    return await visitor.post("/admin/login", data={"email": email, "password": password, **more})


async def test_a_member_signs_in_and_lands_in_the_project(visitor: httpx2.AsyncClient, owner: Member, project: Project) -> None:
    answer = await sign_in_as(visitor, " Owner@Example.com ")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/admin"
    assert (await visitor.get("/admin")).headers["location"] == "/admin/acme"
    assert (await visitor.get("/admin/acme")).status_code == 200


async def test_the_cookie_is_bound_to_host_and_transport(visitor: httpx2.AsyncClient, owner: Member) -> None:
    cookies = (await sign_in_as(visitor, owner.email)).headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith("__Host-handrail="))
    assert re.match(r"__Host-handrail=[\w-]{43};", session)
    for flag in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert flag in session
    assert "Domain" not in session


async def test_signing_in_gives_a_new_cookie_and_ends_the_old_one(sign_in: SignIn, owner: Member, project: Project) -> None:
    browser = await sign_in(owner)
    old = browser.headers["Cookie"]
    answer = await sign_in_as(browser, owner.email)
    assert f"{old};" not in "; ".join(answer.headers.get_list("set-cookie"))
    assert (await browser.get("/admin/acme")).status_code == 303


async def test_a_cookie_somebody_made_up_is_nobody(app: App, project: Project) -> None:
    async with client(app, {"Cookie": "__Host-handrail=" + "k" * 43}) as browser:
        assert (await browser.get("/admin/acme")).headers["location"] == "/admin/login?next=/admin/acme"


async def test_signing_out_ends_the_session_on_the_server(as_owner: httpx2.AsyncClient, owner: Member, project: Project) -> None:
    assert (await as_owner.post("/admin/logout")).headers["location"] == "/admin/login"
    assert await sessions.list_sessions(owner) == []
    assert (await as_owner.get("/admin/acme")).status_code == 303


async def test_a_session_ends_after_a_week_of_rest_and_after_a_month(
    sign_in: SignIn, owner: Member, project: Project, clock_at: Callable[[str], HeldClock]
) -> None:
    held = clock_at("2026-03-01T12:00:00+00:00")
    browser = await sign_in(owner)
    for _day in range(4):
        held.move(days=6)
        assert (await browser.get("/admin/acme")).status_code == 200
    held.move(days=6.5)
    assert (await browser.get("/admin/acme")).status_code == 303


async def test_unknown_address_and_wrong_password_are_told_alike(visitor: httpx2.AsyncClient, owner: Member) -> None:
    wrong = await sign_in_as(visitor, "owner@example.com", "not the password at all")
    unknown = await sign_in_as(visitor, "nobody@example.com", "not the password at all")
    assert wrong.status_code == unknown.status_code == 422
    assert _plain(wrong.text, "owner@example.com") == _plain(unknown.text, "nobody@example.com")
    assert sorted(wrong.headers) == sorted(unknown.headers)


async def test_a_lost_password_is_told_alike_for_known_and_unknown(visitor: httpx2.AsyncClient, owner: Member) -> None:
    known = await visitor.post("/admin/forgot", data={"email": owner.email})
    unknown = await visitor.post("/admin/forgot", data={"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert _plain(known.text, owner.email) == _plain(unknown.text, "nobody@example.com")


async def test_guessing_ends_after_ten_tries_even_with_the_right_password(settings: Settings, owner: Member, visit: Visit) -> None:
    visitor = await visit(create_app(replace(settings, rate_limit=1.0)))
    for number in range(10):
        assert (await sign_in_as(visitor, owner.email, f"guess number {number}")).status_code == 422
    late = await sign_in_as(visitor, owner.email)
    assert late.status_code == 422
    assert await sessions.list_sessions(owner) == []
    for number in range(9):
        assert (await sign_in_as(visitor, f"other{number}@example.com", "guess")).status_code == 422
    assert (await sign_in_as(visitor, "one-more@example.com", "guess")).status_code == 429


async def test_an_address_written_in_other_letters_has_no_tries_of_its_own(settings: Settings, owner: Member, visit: Visit) -> None:
    visitor = await visit(create_app(replace(settings, rate_limit=1.0)))
    for number in range(10):
        await sign_in_as(visitor, "ＯＷＮＥＲ"[: number % 5 + 1] + "owner@example.com"[number % 5 + 1 :], f"guess number {number}")
    assert (await sign_in_as(visitor, owner.email)).status_code == 422
    assert await sessions.list_sessions(owner) == []


async def test_a_stranger_who_guesses_locks_nobody_out_of_a_browser_they_know(settings: Settings, owner: Member, visit: Visit) -> None:
    app = create_app(replace(settings, rate_limit=1.0))
    own, strange = await visit(app), await visit(app)
    assert (await sign_in_as(own, owner.email)).status_code == 303
    own.cookies.delete("__Host-handrail")
    for number in range(11):
        await sign_in_as(strange, owner.email, f"guess number {number}")
    own.headers["X-CSRF-Token"] = token_in((await own.get("/admin/login")).text)
    assert (await sign_in_as(own, owner.email)).status_code == 303


async def test_knowing_a_browser_opens_no_other_account(settings: Settings, owner: Member, stranger: Member, visit: Visit) -> None:
    visitor = await visit(create_app(replace(settings, rate_limit=1.0)))
    await sign_in_as(visitor, stranger.email)
    visitor.cookies.delete("__Host-handrail")
    visitor.headers["X-CSRF-Token"] = token_in((await visitor.get("/admin/login")).text)
    for number in range(10):
        await sign_in_as(visitor, owner.email, f"guess number {number}")
    assert (await sign_in_as(visitor, owner.email)).status_code == 422


async def test_an_address_in_other_letters_leads_back_over_htmx_too(visitor: httpx2.AsyncClient, owner: Member, project: Project) -> None:
    visitor.headers["HX-Request"] = "true"
    answer = await sign_in_as(visitor, owner.email, next="/admin/acme/guides?q=日本")
    assert answer.headers["hx-redirect"] == "/admin/acme/guides?q=%E6%97%A5%E6%9C%AC"


@pytest.mark.parametrize(
    "where",
    [
        "/\\canary.example",
        "//canary.example",
        "https://canary.example/",
        "/admin//canary.example",
        "/admin/..//canary.example",
        "/\t/canary.example",
        "javascript:alert(1)",
        "/admin/%2e%2e/x",
        "/nowhere",
        "/admin/login\r\nX: 1",
        "/admin/acme/no/such/page/at/all",
        "/admin/\\canary",
    ],
)
async def test_signing_in_leads_to_pages_of_ours_only(where: str, visitor: httpx2.AsyncClient, owner: Member) -> None:
    answer = await sign_in_as(visitor, owner.email, next=where)
    assert answer.headers["location"] == "/admin"


async def test_signing_in_leads_back_to_where_one_was(visitor: httpx2.AsyncClient, owner: Member, project: Project) -> None:
    asked = await visitor.get("/admin/acme/settings/team?view=all")
    assert asked.headers["location"] == "/admin/login?next=/admin/acme/settings/team%3Fview%3Dall"
    answer = await sign_in_as(visitor, owner.email, next="/admin/acme/settings/team?view=all")
    assert answer.headers["location"] == "/admin/acme/settings/team?view=all"


async def test_the_link_for_a_new_password_goes_to_the_log_without_a_mail_server(
    visitor: httpx2.AsyncClient, owner: Member, caplog: pytest.LogCaptureFixture
) -> None:
    secret = await _ask_for_link(visitor, owner, caplog)
    held = await visitor.get(f"/admin/reset?token={secret}")
    assert held.headers["location"] == "/admin/reset"
    assert held.headers["referrer-policy"] == "no-referrer"
    page = await visitor.get("/admin/reset")
    assert secret not in page.text
    answer = await visitor.post("/admin/reset", data={"password": "another long sentence"})
    assert answer.headers["location"] == "/admin/login"
    assert (await sign_in_as(visitor, owner.email)).status_code == 422
    assert (await sign_in_as(visitor, owner.email, "another long sentence")).status_code == 303


async def test_a_link_works_once(visitor: httpx2.AsyncClient, owner: Member, caplog: pytest.LogCaptureFixture) -> None:
    secret = await _ask_for_link(visitor, owner, caplog)
    for status in (303, 404):
        await visitor.get(f"/admin/reset?token={secret}")
        answer = await visitor.post("/admin/reset", data={"password": "another long sentence"})
        assert answer.status_code == status
    assert await OneTimeLink.filter(used_at=None).count() == 0


async def test_a_weak_password_does_not_use_the_link_up(
    visitor: httpx2.AsyncClient, owner: Member, caplog: pytest.LogCaptureFixture
) -> None:
    await visitor.get(f"/admin/reset?token={await _ask_for_link(visitor, owner, caplog)}")
    assert (await visitor.post("/admin/reset", data={"password": "short"})).status_code == 422
    assert (await visitor.post("/admin/reset", data={"password": "long enough by now"})).status_code == 303


async def test_choosing_a_new_password_signs_every_browser_out(
    visitor: httpx2.AsyncClient, as_owner: httpx2.AsyncClient, owner: Member, project: Project
) -> None:
    found = await members.create_reset_link(owner.email)
    assert found
    await visitor.get(f"/admin/reset?token={found[1]}")
    await visitor.post("/admin/reset", data={"password": "another long sentence"})
    assert (await as_owner.get("/admin/acme")).status_code == 303


async def test_a_link_in_a_mail_never_takes_the_host_header(
    visitor: httpx2.AsyncClient, owner: Member, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "handrail.mail")
    await visitor.post("/admin/forgot", data={"email": owner.email}, headers={"X-Forwarded-Host": "evil.example"})
    assert f"{PUBLIC_URL}/admin/reset?token=" in caplog.text
    assert "evil.example" not in caplog.text


async def test_a_request_after_the_session_ended_is_asked_to_sign_in_over_the_page(web: httpx2.AsyncClient, project: Project) -> None:
    answer = await web.get("/admin/acme", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["x-handrail"] == "sign-in"
    assert answer.text == ""


async def test_signing_in_over_a_page_hands_out_the_new_token(visitor: httpx2.AsyncClient, owner: Member, project: Project) -> None:
    assert "Sign in again" in (await visitor.get("/admin/again")).text
    wrong = await visitor.post("/admin/again", data={"email": owner.email, "password": "wrong"})
    assert wrong.status_code == 422
    assert "x-csrf-token" not in wrong.headers
    answer = await visitor.post("/admin/again", data={"email": owner.email, "password": PASSWORD})
    assert answer.status_code == 200
    renamed = await visitor.post(
        "/admin/acme/settings/project", data={"name": "Fjord"}, headers={"X-CSRF-Token": answer.headers["x-csrf-token"]}
    )
    assert renamed.status_code == 303


async def test_pages_before_signing_in_speak_the_chosen_language(visitor: httpx2.AsyncClient, db: str) -> None:
    assert 'lang="ro"' in (await visitor.get("/admin/login", headers={"Accept-Language": "xx, ro;q=0.8, en;q=0.5"})).text
    answer = await visitor.post("/admin/language", data={"locale": "ar", "next": "/admin/login"})
    assert answer.headers["location"] == "/admin/login"
    page = (await visitor.get("/admin/login", headers={"Accept-Language": "ro"})).text
    assert '<html lang="ar" dir="rtl"' in page


def _plain(text: str, email: str) -> str:
    text = re.sub(r'(name="_csrf" value|data-csrf)="[^"]+"', r"\1", text)
    return re.sub(r'"X-CSRF-Token":"[^"]+"', "", text).replace(email, "address")


async def _ask_for_link(visitor: httpx2.AsyncClient, member: Member, caplog: pytest.LogCaptureFixture) -> str:
    caplog.clear()
    caplog.set_level(logging.WARNING, "handrail.mail")
    await visitor.post("/admin/forgot", data={"email": member.email})
    found = re.search(r"token=([\w-]+)", caplog.text)
    assert found
    return found[1]


async def test_plain_http_needs_the_operators_switch_and_says_so(settings: Settings, owner: Member, visit: Visit) -> None:
    plain = create_app(replace(settings, public_url="http://handrail.lan", allow_insecure_http=True))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(plain), base_url="http://handrail.lan") as browser:
        page = await browser.get("/admin/login")
        assert "reached without https" in page.text
        assert page.headers["set-cookie"].startswith("hr_pre=")
        assert "Secure" not in page.headers["set-cookie"]
        assert "strict-transport-security" not in page.headers
        typed = {"_csrf": token_in(page.text), "email": owner.email, "password": PASSWORD}
        assert (await browser.post("/admin/login", data=typed)).status_code == 403
        answer = await browser.post("/admin/login", data=typed, headers={"Origin": "http://handrail.lan"})
        assert answer.status_code == 303
        assert any(one.startswith("hr_session=") for one in answer.headers.get_list("set-cookie"))


async def test_on_loopback_the_cookie_is_bound_to_the_host_all_the_same(settings: Settings, db: str) -> None:
    local = create_app(replace(settings, public_url="http://127.0.0.1:8000"))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(local), base_url="http://127.0.0.1:8000") as browser:
        page = await browser.get("/admin/login")
        assert page.headers["set-cookie"].startswith("__Host-hr_pre=")
        assert "reached without https" not in page.text


async def test_changing_accounts_leads_back_to_the_invitation(as_owner: httpx2.AsyncClient, project: Project) -> None:
    answer = await as_owner.post("/admin/logout", data={"next": "/admin/invitation"})
    assert answer.headers["location"] == "/admin/login?next=/admin/invitation"
