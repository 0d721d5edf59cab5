"""Bodies no browser sends: each is refused or stored whole, never a 5xx, never half."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
from typing import Any

import pytest

from guides.database import rows
from server.app import App
from server.http import json_body as wire
from tests.server.conftest import Embed, event

KEY = b"@KEY@"


def _whole(**more: Any) -> bytes:
    return json.dumps({"schema": 1, "environment": KEY.decode(), "person": {"id": "42"}, "events": []} | more).encode()


UNREADABLE = [
    b"",
    b" ",
    b"{",
    b"}",
    b"[",
    b"[]",
    b"null",
    b"true",
    b"1",
    b'"text"',
    b"{]",
    b"{'environment': 'x'}",
    b"{environment: 1}",
    b'{"a": 1,}',
    b'{"a" 1}',
    b'{"a": 01}',
    b'{"a": +1}',
    b'{"a": .5}',
    b'{"a": 1.}',
    b'{"a": 0x10}',
    b'{"a": "\\x41"}',
    b'{"a": "\\u12"}',
    b'{"a": "line\nbreak"}',
    b'{"a": "tab\tin"}',
    b'{"a": "unclosed',
    b'{"a": "' + b'\\"' * 200_000,
    b'{"a": tru}',
    b'{"a": 1} {"b": 2}',
    b'{"a": 1}x',
    b"\xef\xbb\xbf" + b"{}",
    b"\xff\xfe" + "{}".encode("utf-16-le"),
    "{}".encode("utf-16"),
    "{}".encode("utf-32"),
    b'{"a": "\xed\xa0\x80"}',
    b'{"a": "\xc0\xaf"}',
    b'{"a": "\xf5\x80\x80\x80"}',
    b'{"a": "\x00"}',
    b"\x00",
    b"\x1f\x8b\x08\x00",
    b"environment=hr_pub_x&events=1",
    b"<?xml version='1.0'?><a/>",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 9 + b"1" + b"}" * 9,
    b'{"environment": NaN}',
    b'{"environment": 1e999, "schema": 1}',
    b'{"environment": "x", "environment": "y"}',
]

INVALID = [
    (_whole(schema="1"), "schema"),
    (_whole(schema=0), "schema"),
    (_whole(schema=1.5), "schema"),
    (_whole(schema=True), "schema"),
    (_whole(environment=7), "environment"),
    (_whole(environment=["x"]), "environment"),
    (_whole(environment=""), "environment"),
    (_whole(environment="x" * 201), "environment"),
    (_whole(person=[]), "person"),
    (_whole(person="42"), "person"),
    (_whole(person={}), "person.id"),
    (_whole(person={"id": None}), "person.id"),
    (_whole(person={"id": True}), "person.id"),
    (_whole(person={"id": 1.5}), "person.id"),
    (_whole(person={"id": ""}), "person.id"),
    (_whole(person={"id": "p" * 201}), "person.id"),
    (_whole(person={"id": {"$ne": 1}}), "person.id"),
    (_whole().replace(b'"42"', b'"4\\u00002"'), "person.id"),
    (_whole().replace(b'"42"', b'"\\ud83d"'), "person.id"),
    (_whole().replace(b'"42"', b"9007199254740992"), "person.id"),
    (_whole().replace(b'"42"', b"NaN"), "person.id"),
    (_whole().replace(b'"42"', b"-" + b"9" * 5000), "person.id"),
    (_whole(person=None, anonymous=["a"]), "anonymous"),
    (_whole(person=None, anonymous="a" * 201), "anonymous"),
    (_whole().replace(b'"id": "42"', b'"id": "1", "id": "2"'), "person.id"),
]

BOOT = [
    (_whole(person={"id": "42", "attributes": []}), "person.attributes"),
    (_whole(person={"id": "42", "attributes": "plan"}), "person.attributes"),
    (_whole(person={"id": "42", "attributes": {"": 1}}), "person.attributes."),
    (_whole(person={"id": "42", "attributes": {"a": {"b": 1}}}), "person.attributes.a"),
    (_whole(person={"id": "42", "attributes": {"__proto__": 1}}), "person.attributes.__proto__"),
    (_whole(person={"id": "42", "attributes": {"n": "t" * 5000}}), "person.attributes.n"),
    (_whole(person={"id": "42", "attributes": {f"k{n}": 1 for n in range(201)}}), "person.attributes"),
    (_whole(company={"id": None}), "company.id"),
    (_whole(company={"id": "7", "attributes": 1}), "company.attributes"),
    (_whole(company={"id": "7", "membership": [1]}), "company.membership"),
    (_whole(locale={"en": 1}), "locale"),
    (_whole(locale="en\r\nX-Injected: 1"), "locale"),
    (_whole(page="https://app.acme.example"), "page"),
    (_whole(page={"url": 1}), "page.url"),
    (_whole(page={"url": "https://a/" + "x" * 9000}), "page.url"),
]

EVENTS = [
    (_whole(events=None), "events"),
    (_whole(events={}), "events"),
    (_whole(events="all"), "events"),
    (_whole(events=[{}] * 501), "events"),
    (_whole(sent_at=17), "sent_at"),
    (_whole(person=None), "person"),
]


async def nothing_is_stored() -> bool:
    counted = [await rows(f"SELECT COUNT(*) AS n FROM {table}") for table in ("event", "person", "company", "progress")]
    return not any(found[0]["n"] for found in counted)


@pytest.mark.parametrize("path", ["/embed/v1/boot", "/embed/v1/events"])
async def test_what_is_no_json_is_refused_by_name(embed: Embed, path: str) -> None:
    for number, body in enumerate(UNREADABLE):
        answer = await embed.post(path, body)
        assert answer.status_code in {400, 401}, (number, body[:40], answer.text)
        error = answer.json()["error"]
        assert set(error) == {"code", "message", "field"} and error["field"], (number, body[:40])
        assert answer.headers["access-control-allow-origin"] == "*"
    assert await nothing_is_stored()


@pytest.mark.parametrize(
    ("path", "bodies"),
    [("/embed/v1/boot", [*INVALID, *BOOT]), ("/embed/v1/events", [*INVALID, *EVENTS])],
)
async def test_an_envelope_that_is_wrong_is_refused_with_its_field(embed: Embed, path: str, bodies: list[tuple[bytes, str]]) -> None:
    for body, field in bodies:
        answer = await embed.post(path, body.replace(KEY, embed.key.encode()))
        assert answer.status_code in {400, 413}, (body[:80], answer.text)
        assert answer.json()["error"]["field"] == field, (body[:80], answer.text)
    assert await nothing_is_stored()


async def test_strange_but_honest_texts_are_kept_as_they_are(embed: Embed) -> None:
    names = ["'; DROP TABLE event; --", "<svg onload=__x(1)>", "مرحبا", "👩🏽‍🚀", "a\u2028b", "%00", "{{7*7}}", "‮txt.exe", "\x7f", "NULL"]
    answer = await embed.events(*[event(name, props={"text": name}) for name in names])
    assert answer.json() == {"accepted": len(names), "duplicates": 0, "dropped": []}
    assert sorted(row["name"] for row in await rows("SELECT name FROM event")) == sorted(names)


async def test_a_type_that_needs_a_preflight_elsewhere_is_not_taken(embed: Embed) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"):
        answer = await embed.post("/embed/v1/events", "{}", **{"content-type": kind})
        assert answer.status_code == 415 and answer.json()["error"]["field"] == "body"


async def test_a_body_that_only_claims_to_be_large_is_refused_unread(embed: Embed) -> None:
    answer = await embed.post("/embed/v1/events", "{}", **{"content-length": "1000000000"})
    assert answer.status_code == 413


async def test_a_body_that_never_ends_is_given_up(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "BODY_SECONDS", 0.05)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if not sent:
            sent.append(None)
            return {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"text/plain")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/embed/v1/boot",
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 1),
    }
    await app(scope, receive, send)
    assert sent[1]["status"] == 408


async def test_a_bomb_takes_no_more_memory_than_a_body_may(embed: Embed) -> None:
    tracemalloc.start()
    packed = gzip.compress(b" " * (64 << 20))
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    answer = await embed.post("/embed/v1/events", packed, **{"content-encoding": "gzip"})
    grown = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert answer.status_code == 413 and grown < 8 << 20


async def test_what_is_no_number_in_json_is_named_and_costs_no_other_event(embed: Embed) -> None:
    whole = json.dumps(
        {"schema": 1, "environment": embed.key, "person": {"id": "42"}, "events": [event("good"), event("bad", props={"n": 7})]}
    )
    for word in ("NaN", "Infinity", "-Infinity", "1e999"):
        answer = await embed.post("/embed/v1/events", whole.replace('{"n": 7}', f'{{"n": {word}}}'))
        assert (answer.status_code, answer.json()["dropped"][0]["field"]) == (202, "events.1.props.n"), word
        boot = whole.replace('"42"', f'"42", "attributes": {{"n": {word}}}')
        refused = (await embed.post("/embed/v1/boot", boot)).json()["error"]
        assert refused["field"] == "person.attributes.n" and refused["code"] in {"not_a_number", "number_out_of_range"}, word
