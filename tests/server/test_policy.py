"""What holds for every address of the service: headers, cookies, who may read an answer, and that reading writes nothing."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from admin.routes import ROUTES
from admin.web.csrf import mask_token
from guides import database
from guides.accounts import api_keys as keys
from guides.accounts import members, sessions
from guides.ids import uuid7
from guides.models import Environment, Guide, Member, Role
from server.app import ENDPOINTS, App, create_app
from server.config.settings import Settings
from server.observability.logs import JsonFormatter
from tests.admin.test_access import address
from tests.conftest import PASSWORD, MakeGuide
from tests.http_clients import PUBLIC_URL, SECRET_KEY, client

ORIGINS = ["https://evil.example", "null", PUBLIC_URL, PUBLIC_URL + ".evil.example", "http://localhost:8001", "https://a.b\r\n"]
PROGRAMS = [path.replace("*", more) for endpoint in ENDPOINTS for path in [endpoint.path] for more in ("x", "0" * 64)] + [
    "/api/v1/guides",
    "/nowhere",
]


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    """The whole app behind https, at work on the database of the test."""
    made = create_app(settings)
    async with made.started(own_database=False):
        yield made


@pytest.fixture
async def own(app: App, owner: Member) -> httpx2.AsyncClient:
    """The owner's browser."""
    secret = await sessions.open_session(owner)
    session = await sessions.find_session(secret)
    assert session
    return client(app, {"Cookie": f"__Host-handrail={secret}", "X-CSRF-Token": mask_token(session.csrf_secret)})


async def everything() -> str:
    """One word for all that is stored."""
    whole = hashlib.sha256()
    for table in sorted(await _tables()):
        found = sorted(repr(sorted(row.items(), key=str)) for row in await database.rows(f"SELECT * FROM {table}"))
        whole.update(f"{table} {found}".encode())
    return whole.hexdigest()


async def _tables() -> list[str]:
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    }
    return [str(row["name"]) for row in await database.rows(asked[database.dialect()])]


async def test_reading_any_address_writes_nothing(
    own: httpx2.AsyncClient, app: App, make_guide: MakeGuide, production: Environment, staging: Environment
) -> None:
    guide = await make_guide(live_in=production)
    places = [address(page, guide, environment=where) for page in ROUTES if page.methods[0] == "GET" for where in ("", "/staging")]
    assert len(await _tables()) > 15
    async with client(app) as nobody:
        before = await everything()
        for at in [*places, *PROGRAMS, *(f"{at}?token=x&first=1&part=one&q=x" for at in places)]:
            for method in ("GET", "HEAD"):
                for who in (own, nobody):
                    assert (await who.request(method, at)).status_code < 500, at
        assert await everything() == before


async def test_no_answer_to_another_site_can_be_read_with_a_cookie(own: httpx2.AsyncClient, guide: Guide) -> None:
    places = [address(page, guide) for page in ROUTES if page.methods[0] == "GET"] + PROGRAMS
    for origin in ORIGINS:
        own.headers["Origin"] = origin.strip()
        for at in places:
            for method in ("GET", "OPTIONS"):
                answer = await own.request(method, at)
                told = answer.headers.get("access-control-allow-origin")
                assert "access-control-allow-credentials" not in answer.headers, at
                assert told in ({None, "*"} if at.startswith("/embed") else {None}), (at, told)
                if at.startswith("/embed"):
                    assert "set-cookie" not in answer.headers, at


async def test_every_answer_says_what_a_browser_may_do_with_it(own: httpx2.AsyncClient, guide: Guide) -> None:
    places = [address(page, guide) for page in ROUTES if page.methods[0] == "GET"] + PROGRAMS + ["/admin//x", "/admin/\\x"]
    for at in places:
        for method in ("GET", "HEAD", "POST", "PUT", "TRACE", "OPTIONS"):
            answer = await own.request(method, at)
            said = answer.headers
            where = (method, at, answer.status_code)
            assert answer.status_code < 500, where
            assert said["x-content-type-options"] == "nosniff", where
            assert said["strict-transport-security"].startswith("max-age="), where
            assert "default-src 'none'" in said["content-security-policy"] and "unsafe" not in said["content-security-policy"], where
            assert at.startswith("/embed") or said["x-frame-options"] in {"DENY", "SAMEORIGIN"}, where
            assert (
                said.get("cache-control") == "no-store"
                or at.startswith(("/embed", "/admin/static"))
                or "max-age" not in said["cache-control"]
            )
            assert not {"server", "x-powered-by"} & set(said.keys()), where
            for cookie in said.get_list("set-cookie"):
                assert cookie.startswith("__Host-"), where
                assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}, cookie
                assert "Domain" not in cookie


async def test_no_secret_reaches_the_log(
    settings: Settings, owner: Member, production: Environment, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Sign in, lose a password, invite, make keys, fail at each: with a mail server that is not there."""
    caplog.set_level(logging.INFO)
    made = create_app(
        replace(settings, smtp_url="smtp://postman:wordofpost@127.0.0.1:9", mail_from="x@example.com", metrics_token="m" * 40)
    )
    session = await sessions.open_session(owner)
    found = await sessions.find_session(session)
    assert found
    canaries = {SECRET_KEY, PASSWORD, "wordofpost", session, "m" * 40, "guessed secret words"}
    async with client(made, {"Cookie": f"__Host-handrail={session}", "X-CSRF-Token": mask_token(found.csrf_secret)}) as browser:
        _, secret = await keys.create_key(production, keys.KeyPurpose.SECRET, "x", owner, secret_keys=[SECRET_KEY])
        link = await members.invite(await production.project, "new@example.com", Role.VIEWER, owner)
        reset = await members.create_reset_link(owner.email)
        assert reset
        canaries |= {secret, link, reset[1]}
        for at in (
            f"/admin/invitation?token={link}",
            f"/admin/reset?token={reset[1]}",
            f"/admin/{reset[1]}",
            f"/api/v1/{secret}",
            f"/{secret}",
        ):
            await browser.get(at)
        await browser.get("/api/v1/guides", headers={"Authorization": f"Bearer {secret}"})
        await browser.get("/metrics", headers={"Authorization": "Bearer " + "m" * 40})
        await browser.post("/admin/forgot", data={"email": owner.email})
        for at in ("/admin/login", "/admin/account/password", "/admin/reset", "/admin/invitation", "/admin/setup"):
            sent = {
                "email": owner.email,
                "password": "guessed secret words",
                "current": PASSWORD,
                "token": link,
                "name": "N",
                "project": "P",
            }
            await browser.post(at, data=sent)
            await browser.post(at, data=sent, headers={"Sec-Fetch-Site": "cross-site"})
        await browser.post(
            "/embed/v1/events", content=json.dumps({"environment": secret, "events": [{"id": str(uuid7()), "name": secret}]})
        )
        await browser.post("/admin/acme/settings/keys", data={"label": "x", "purpose": "signing"})
    written = "".join(JsonFormatter().format(record) for record in caplog.records if not record.name.startswith(("httpx", "httpcore")))
    assert len(written) > 2000 and "was not sent" in written
    assert not [canary for canary in canaries if canary in written]


async def test_no_secret_lies_open_in_the_database(production: Environment, owner: Member) -> None:
    kept = [await sessions.open_session(owner), await members.invite(await production.project, "n@example.com", Role.VIEWER, owner)]
    for purpose in keys.KeyPurpose:
        kept.append((await keys.create_key(production, purpose, "x", owner, secret_keys=[SECRET_KEY]))[1])
    reset = await members.create_reset_link(owner.email)
    assert reset
    dump = str([await database.rows(f"SELECT * FROM {table}") for table in await _tables()])
    assert owner.email in dump
    assert not [secret for secret in [*kept, reset[1], PASSWORD, SECRET_KEY] if secret in dump]
