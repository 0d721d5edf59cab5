"""Every answer passes one outer layer: known hosts, clean paths, headers, ids, log lines, no error without an answer."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from guides import database
from server.app import ENDPOINTS, App, Gate
from server.embed import boot
from server.observability.logs import JsonFormatter, redact_path, redact_secrets
from tests.server.conftest import Embed, event

CALLS = ("/embed/v1/boot", "/embed/v1/events")


async def test_the_root_leads_to_the_admin_and_names_no_host(web: httpx2.AsyncClient) -> None:
    answer = await web.get("/")
    assert answer.status_code == 303 and answer.headers["location"] == "/admin"


async def test_operators_get_one_word(web: httpx2.AsyncClient) -> None:
    assert ((await web.get("/livez")).text, (await web.get("/readyz")).text) == ("alive", "ready")
    assert (await web.get("/readyz", headers={"host": "10.0.0.7:8000"})).status_code == 200


async def test_a_process_that_could_not_store_is_not_ready(web: httpx2.AsyncClient, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    await app.services.writer.stop()
    assert (await web.get("/readyz")).status_code == 503
    app.services.writer.start()
    assert (await web.get("/readyz")).status_code == 200

    async def away(*args: object, **named: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(database, "rows", away)
    answer = await web.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "unready")


async def test_measures_are_for_this_machine_and_for_holders_of_the_token(web: httpx2.AsyncClient, embed: Embed, app: App) -> None:
    await embed.events(event(), event(id="bad"))
    told = (await web.get("/metrics")).text
    assert 'handrail_events_total{outcome="accepted"} 1' in told and 'handrail_responses_total{status="202"} 1' in told
    through_a_proxy = {"x-forwarded-for": "127.0.0.1"}
    assert (await web.get("/metrics", headers=through_a_proxy)).status_code == 404
    app.services.settings = replace(app.services.settings, metrics_token="a token nobody guesses")
    for sent, status in (("a token nobody guesses", 200), ("another", 404), ("", 404), ("\xff", 404)):
        headers = [("x-forwarded-for", "1.2.3.4"), ("authorization", f"Bearer {sent}".encode("latin-1"))]
        assert (await web.get("/metrics", headers=headers)).status_code == status


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "help.example.com:8000", "127.0.0.1@evil.example", ""])
async def test_a_foreign_host_name_is_turned_away(web: httpx2.AsyncClient, host: str) -> None:
    for path in ("/", "/admin/login", "/embed.js"):
        answer = await web.get(path, headers={"host": host, "x-forwarded-host": "127.0.0.1"})
        assert answer.status_code == 421 and "evil" not in answer.text


async def test_two_host_headers_are_one_too_many(web: httpx2.AsyncClient) -> None:
    answer = await web.get("/", headers=[("host", "127.0.0.1"), ("host", "evil.example")])
    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:9", "[::1]:8000"])
async def test_this_machine_may_call_itself_what_it_likes(web: httpx2.AsyncClient, host: str) -> None:
    assert (await web.get("/livez", headers={"host": host})).status_code == 200
    assert (await web.get("/", headers={"host": host})).status_code == 303


STRANGE = (
    "//evil.example/",
    "/admin//login",
    "/%5cevil.example",
    "/%00",
    "/a%0d%0ax-injected:%201",
    "/embed/%2e%2e/%2e%2e/etc/passwd",
    "/embed/../x",
)


@pytest.mark.parametrize("path", STRANGE)
async def test_a_strange_path_leads_nowhere(app: App, path: str) -> None:
    started: list[Any] = []

    async def send(message: Any) -> None:
        started.append(message)

    scope = {"type": "http", "method": "GET", "path": httpx2.URL("http://x" + path).path, "raw_path": path.encode(), "query_string": b""}
    await app(scope | {"headers": [(b"host", b"127.0.0.1")], "client": ("192.0.2.1", 1), "state": {}}, nothing_more, send)
    assert started[0]["status"] == 404
    assert not any(name in {b"location", b"x-injected"} for name, _ in started[0]["headers"])


async def test_what_is_too_long_is_refused(web: httpx2.AsyncClient) -> None:
    assert (await web.get("/", headers={"cookie": "a=" + "x" * 40_000})).status_code == 431
    assert (await web.get("/?" + "q" * 9000)).status_code == 414


@pytest.mark.parametrize("path", CALLS)
async def test_calls_of_the_embed_are_open_to_every_origin_and_never_to_cookies(web: httpx2.AsyncClient, path: str) -> None:
    for origin in ("https://app.acme.example", "null", "https://evil.example"):
        for body, kind in (("{}", "text/plain"), ("{", "application/json"), ("x" * 600_000, "text/plain"), ("{}", "image/png")):
            headers = {"origin": origin, "content-type": kind, "cookie": "__Host-handrail=x; a=b"}
            answer = await web.post(path, content=body, headers=headers)
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers and "set-cookie" not in answer.headers
            assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"
            assert answer.headers["content-type"] == "application/json" and answer.status_code < 500


@pytest.mark.parametrize("path", [*CALLS, "/embed.js", "/embed/body/0000000000"])
async def test_a_preflight_is_answered_though_none_is_needed(web: httpx2.AsyncClient, path: str) -> None:
    asked = {
        "origin": "https://app.acme.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    answer = await web.options(path, headers=asked)
    assert answer.status_code == 204 and answer.headers["access-control-allow-origin"] == "*" and answer.content == b""
    assert "POST" in answer.headers["access-control-allow-methods"] and "content-type" in answer.headers["access-control-allow-headers"]


async def test_another_method_is_405_and_says_which_would_do(web: httpx2.AsyncClient) -> None:
    for one in ENDPOINTS:
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "TRACE"} - set(one.methods):
            answer = await web.request(method, one.path.replace("*", "x"))
            assert answer.status_code == 405 and answer.headers["allow"] == ", ".join(one.methods)


async def test_every_address_says_what_it_asks_for() -> None:
    assert {one.path for one in ENDPOINTS if one.gate is Gate.ENVIRONMENT_KEY} == set(CALLS)
    assert len({one.path for one in ENDPOINTS}) == len(ENDPOINTS)


async def test_an_address_nobody_has_is_404_in_the_form_of_its_readers(web: httpx2.AsyncClient) -> None:
    for path in ("/embed/v1/nothing", "/embed/", "/embed", "/api/v1/nothing"):
        answer = await web.get(path)
        assert answer.status_code == 404
    assert (await web.get("/api/v1/nothing")).json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (RuntimeError("a secret detail"), 500, "internal"),
        (KeyError("a secret detail"), 500, "internal"),
        (RecursionError(), 400, "bad_request"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "a secret detail"), 400, "bad_request"),
        (OverflowError("a secret detail"), 400, "bad_request"),
        (ConnectionRefusedError("a secret detail"), 503, "unavailable"),
        (database.Busy("database is locked"), 503, "unavailable"),
    ],
)
async def test_what_nobody_foresaw_tells_only_its_request_id(
    embed: Embed, monkeypatch: pytest.MonkeyPatch, raised: Exception, status: int, code: str
) -> None:
    async def broken(question: object) -> None:
        raise raised

    monkeypatch.setattr(boot, "boot", broken)
    answer = await embed.boot()
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.headers["access-control-allow-origin"] == "*" and "secret detail" not in answer.text
    if status == 500:
        assert answer.json()["error"]["request_id"] == answer.headers["x-request-id"]
    if status == 503:
        assert answer.headers["retry-after"] == "5"


async def test_each_request_leaves_one_line_without_secrets(
    web: httpx2.AsyncClient, embed: Embed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    canary = "c4n4ry" * 8
    await web.get(f"/admin/login?next=/x&token={canary}", headers={"authorization": f"Bearer {canary}", "cookie": f"a={canary}"})
    await web.get(f"/admin/reset/{canary}")
    await embed.events(event(props={"password": canary}), person={"id": "42", "token": canary})
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records if record.name == "handrail.access"]
    assert [(line["method"], line["path"]) for line in lines] == [
        ("GET", "/admin/login"),
        ("GET", "/admin/reset/[secret]"),
        ("POST", "/embed/v1/events"),
    ]
    assert all(line["status"] and line["request_id"] and line["address"] == "127.0.0.1" and "ms" in line for line in lines)
    assert canary not in "".join(JsonFormatter().format(record) for record in caplog.records if record.name != "httpx2")


def test_a_second_net_takes_secrets_out_of_every_message() -> None:
    said = "hr_sec_abc-DEF_1 and Bearer ey.J.x and Cookie: a=b; c=d\nthen postgres://me:word@db/x and /setup?token=abc hr_pub_stays"
    kept = redact_secrets(said)
    assert kept == "[secret] and [secret] and [secret]\nthen postgres://[secret]@db/x and /setup?token=[secret] hr_pub_stays"
    assert redact_path("/embed/body/" + "a" * 64) == "/embed/body/" + "a" * 64


def test_a_mail_that_only_the_log_carries_arrives_whole() -> None:
    mail = logging.LogRecord("handrail.mail", logging.WARNING, "", 0, "https://x/admin/reset?token=abc", None, None)
    failed = logging.LogRecord("handrail.mail", logging.ERROR, "", 0, "refused smtp://me:word@mail and token=abc", None, None)
    assert "token=abc" in JsonFormatter().format(mail)
    assert "word" not in JsonFormatter().format(failed) and "abc" not in JsonFormatter().format(failed)


def test_a_log_line_is_one_line_whatever_is_in_it() -> None:
    record = logging.LogRecord("handrail", logging.WARNING, "", 0, 'a\n{"level":"error"}\x1b]0;x\x07 \ud800', None, None)
    line = JsonFormatter().format(record)
    assert "\n" not in line and "\x1b" not in line and json.loads(line)["level"] == "warning"


async def nothing_more() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}
