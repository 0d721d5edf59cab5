"""What is acknowledged is stored once; what cannot be stored costs nobody else."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from guides.database import rows
from guides.events.group_commit import QueueFull
from guides.ids import uuid7
from guides.models import Environment, Guide, Progress
from guides.projects import projects
from server.app import App
from server.http.json_body import BODY_BYTES
from tests.conftest import HeldClock, MakeGuide
from tests.server.conftest import Embed, HeldSeconds, event


async def stored() -> list[dict[str, Any]]:
    return await rows("SELECT id, name, item, occurred_at, props, person_id, guide_id FROM event ORDER BY name")


async def test_a_batch_is_stored_once_however_often_it_is_sent(embed: Embed) -> None:
    batch = [event("signed_up"), event("invited", props={"team": 3})]
    first = await embed.events(*batch)
    assert first.status_code == 202
    assert first.json() == {"accepted": 2, "duplicates": 0, "dropped": []}
    again = await asyncio.gather(*(embed.events(*batch) for _ in range(5)))
    assert [answer.json() for answer in again] == [{"accepted": 0, "duplicates": 2, "dropped": []}] * 5
    assert [row["name"] for row in await stored()] == ["invited", "signed_up"]


async def test_one_bad_event_never_costs_the_good_ones(embed: Embed, make_guide: MakeGuide, production: Environment) -> None:
    guide = str((await make_guide(live_in=production)).id)
    batch: list[Any] = [
        event(),
        event(id="not-an-id"),
        event(id="4f5b6c1e-0000-4000-8000-000000000000"),
        event(guide=str(uuid7())),
        event("never_declared", guide=guide),
        event(name=""),
        event(props=[1]),
        event(version=-1, guide=guide),
        event(item="i" * 41),
        "no event at all",
        {"name": "without_id"},
        event("shown", guide=guide, version=1),
    ]
    answer = await embed.events(*batch)
    assert answer.status_code == 202 and answer.json()["accepted"] == 2
    assert [(one["code"], one["field"]) for one in answer.json()["dropped"]] == [
        ("bad_id", "events.1.id"),
        ("bad_id", "events.2.id"),
        ("unknown_guide", "events.3.guide"),
        ("undeclared_event", "events.4.name"),
        ("invalid", "events.5.name"),
        ("invalid", "events.6.props"),
        ("invalid", "events.7.version"),
        ("too_long", "events.8.item"),
        ("invalid", "events.9"),
        ("bad_id", "events.10.id"),
    ]
    assert [one["id"] for one in answer.json()["dropped"]][:2] == ["not-an-id", "4f5b6c1e-0000-4000-8000-000000000000"]
    assert len(await stored()) == 2


@pytest.mark.parametrize(
    ("piece", "code", "field"),
    [
        ('"n": NaN', "not_a_number", "events.1.props.n"),
        ('"n": -Infinity', "not_a_number", "events.1.props.n"),
        ('"n": 1e999', "number_out_of_range", "events.1.props.n"),
        ('"n": 9007199254740992', "number_out_of_range", "events.1.props.n"),
        ('"n": ' + "9" * 4301, "number_out_of_range", "events.1.props.n"),
        ('"n": "\\ud800"', "bad_text", "events.1.props.n"),
        ('"\\u0000": 1', "bad_text", "events.1.props.\\\\u0000"),
        ('"a": 1, "a": 2', "duplicate_key", "events.1.props.a"),
        (", ".join(f'"k{n}": 1' for n in range(201)), "too_many_keys", "events.1.props"),
        (f'"{"k" * 201}": 1', "too_long", ("events.1.props." + "k" * 201)[:200]),
    ],
)
async def test_a_value_that_cannot_be_kept_costs_only_its_event(embed: Embed, piece: str, code: str, field: str) -> None:
    events = [json.dumps(event()), json.dumps(event()).replace("{}", "{" + piece + "}"), json.dumps(event())]
    body = f'{{"environment": "{embed.key}", "person": {{"id": "42"}}, "events": [{", ".join(events)}]}}'
    answer = await embed.post("/embed/v1/events", body)
    assert answer.status_code == 202, answer.text
    (dropped,) = answer.json()["dropped"]
    assert (dropped["code"], dropped["field"]) == (code, field.replace("\\\\", "\\"))
    assert answer.json()["accepted"] == 2 and len(await stored()) == 2


async def test_an_event_of_more_than_32_kb_is_dropped_alone(embed: Embed) -> None:
    answer = await embed.events(event(), event(props={"text": "x" * 33_000}))
    assert answer.json()["accepted"] == 1
    assert answer.json()["dropped"][0]["code"] == "too_large" and answer.json()["dropped"][0]["field"] == "events.1"


async def test_a_batch_has_up_to_500_events_and_512_kb(embed: Embed) -> None:
    assert (await embed.events(*[event() for _ in range(500)])).json()["accepted"] == 500
    many = await embed.events(*[event() for _ in range(501)])
    assert many.status_code == 413 and many.json()["error"]["field"] == "events"
    large = await embed.events(*[event(props={"t": "x" * 30_000}) for _ in range(20)])
    assert large.status_code == 413 and large.json()["error"]["code"] == "too_large"
    assert large.headers["access-control-allow-origin"] == "*"
    assert len(await stored()) == 500


async def test_a_batch_may_be_compressed_once(embed: Embed) -> None:
    body = json.dumps({"environment": embed.key, "anonymous": "anon_1", "events": [event()]}).encode()
    answer = await embed.post("/embed/v1/events", gzip.compress(body), **{"content-encoding": "gzip"})
    assert answer.json() == {"accepted": 1, "duplicates": 0, "dropped": []}
    for packed, status in (
        (gzip.compress(gzip.compress(body)), 400),
        (gzip.compress(b" " * (10 << 20)), 413),
        (gzip.compress(body)[:-9], 400),
        (gzip.compress(body) + b"more", 400),
        (body, 400),
        (b"", 400),
    ):
        assert (await embed.post("/embed/v1/events", packed, **{"content-encoding": "gzip"})).status_code == status
    for coding in ("br", "gzip, gzip", "deflate"):
        assert (await embed.post("/embed/v1/events", body, **{"content-encoding": coding})).status_code == 415
    assert len(await stored()) == 1


async def test_events_move_the_progress_that_the_next_boot_gets(embed: Embed, make_guide: MakeGuide, production: Environment) -> None:
    guide: Guide = await make_guide(live_in=production)
    step = guide.draft["steps"][0]["key"]
    await embed.events(event("shown", guide=str(guide.id), version=1), event("step_shown", guide=str(guide.id), version=1, item=step))
    assert (await embed.boot()).json()["guides"][0]["progress"] == {"status": "started", "item": step, "done": []}
    await embed.events(event("dismissed", guide=str(guide.id), version=1, props={"reason": "closed"}))
    assert (await Progress.get(guide=guide)).status == "dismissed"
    assert (await embed.boot()).json()["guides"] == []


async def test_events_need_somebody_they_belong_to(embed: Embed) -> None:
    answer = await embed.events(event(), person=None)
    assert answer.status_code == 400 and answer.json()["error"]["field"] == "person"
    assert (await embed.events(event(), person=None, anonymous="anon_1")).status_code == 202


async def test_pages_of_other_origins_store_nothing(embed: Embed, production: Environment) -> None:
    await projects.set_allowed_origins(production, ["https://app.acme.example"])
    answer = await embed.events(event(), origin="https://evil.example")
    assert answer.status_code == 403 and await stored() == []


async def test_the_kill_switch_travels_with_the_answer(embed: Embed, production: Environment) -> None:
    await projects.set_disabled(production, True)
    assert (await embed.events(event())).json() == {"accepted": 1, "duplicates": 0, "dropped": [], "off": True}


async def test_a_clock_that_is_wrong_is_put_right(embed: Embed, clock_at: Callable[[str], HeldClock]) -> None:
    now = clock_at("2026-11-22T12:00:00+00:00").moment
    three_years_on = now + timedelta(days=1095)
    await embed.events(event("ahead", at=(three_years_on - timedelta(minutes=1)).isoformat()), sent_at=three_years_on.isoformat())
    await embed.events(event("a_bit_ahead", at=(now + timedelta(minutes=2)).isoformat()), sent_at=now.isoformat())
    await embed.events(event("long_ago", at="0001-01-01T00:00:00+23:59"), event("no_zone", at="2026-01-01"), event("words", at="yesterday"))
    await embed.events(event("last_year", at="2025-01-01T00:00:00Z"))
    at = {row["name"]: row["occurred_at"] for row in await rows("SELECT name, occurred_at FROM event")}
    said = {name: str(value)[:16] for name, value in at.items()}
    assert said == {
        "ahead": "2026-11-22 11:59",
        "a_bit_ahead": "2026-11-22 12:00",
        "long_ago": "2026-11-22 12:00",
        "no_zone": "2026-11-22 12:00",
        "words": "2026-11-22 12:00",
        "last_year": "2026-10-23 12:00",
    }


async def test_an_address_that_sends_too_much_waits_and_loses_nothing(embed: Embed, seconds: HeldSeconds) -> None:
    answers = [await embed.events() for _ in range(201)]
    assert [answer.status_code for answer in answers] == [202] * 200 + [429]
    assert answers[-1].headers["retry-after"] == "1" and answers[-1].headers["access-control-allow-origin"] == "*"
    assert answers[-1].json()["error"]["code"] == "rate_limited"
    rotated = await embed.post("/embed/v1/events", "{}", **{"x-forwarded-for": "198.51.100.7", "x-real-ip": "198.51.100.7"})
    assert rotated.status_code == 429
    seconds.now += 1
    assert (await embed.events(event())).status_code == 202


async def test_when_the_writer_is_full_the_embed_is_told_to_come_back(embed: Embed, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(batch: object) -> None:
        raise QueueFull

    monkeypatch.setattr(app.services.writer, "submit", full)
    answer = await embed.events(event())
    assert answer.status_code == 503 and answer.headers["retry-after"] == "1"


def test_the_limit_of_a_body_is_what_the_contract_says() -> None:
    assert BODY_BYTES == 512 * 1024


async def test_clocks_that_are_millennia_off_cost_no_event(embed: Embed) -> None:
    for sent_at, at in (("8999-01-01T00:00:00Z", "1972-01-01T00:00:00Z"), ("1972-01-01T00:00:00Z", "8999-12-31T00:00:00Z")):
        answer = await embed.events(event(at=at), event(at="now"), sent_at=sent_at)
        assert (answer.status_code, answer.json()["accepted"]) == (202, 2)
