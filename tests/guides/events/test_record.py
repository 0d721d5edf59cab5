"""Recording: an event counts once, in whatever order it comes, and nobody is taken back by what is told late."""

from __future__ import annotations

import asyncio
import itertools
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from guides.database import as_json, as_time, rows, run
from guides.events import record as progress
from guides.ids import uuid7
from guides.kind import Kind
from guides.models import DroppedEventCount, Environment, EventDailyCount, Member, Person, Progress
from guides.publishing import drafts
from guides.publishing.publish import publish
from guides.registry import kind_named
from tests.conftest import MakeGuide
from tests.databases import CHOSEN
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import ClockAt, batch, make_event, parse_time, record, tour

NOON = "2026-03-01T12:00:00Z"


async def stored() -> list[dict[str, Any]]:
    return await rows("SELECT * FROM event ORDER BY id")


async def counted(name: str = "shown") -> dict[date, tuple[int, int]]:
    return {row.day: (row.times, row.people) for row in await EventDailyCount.filter(name=name)}


async def test_an_event_is_stored_as_it_was_told(make_guide: MakeGuide, production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    guide = await make_guide(live_in=production)
    event = make_event(
        "clicked", guide, "one", version=1, at=parse_time("2026-03-01T14:59:30.250+03:00"), props={"button": "on", "n": [1, None, "ñ"]}
    )
    outcome = await record(production, event)
    assert (outcome.accepted, outcome.duplicates, outcome.dropped) == (1, 0, [])
    [row] = await stored()
    assert UUID(str(row["id"])) == UUID(event["id"]) and UUID(str(row["guide_id"])) == guide.id
    assert (row["name"], row["item"], row["version"], as_json(row["props"])) == ("clicked", "one", 1, event["props"])
    assert (as_time(row["occurred_at"]), as_time(row["received_at"])) == (parse_time("2026-03-01T11:59:30.250+00:00"), held.moment)
    assert str(row["day"]) == "2026-03-01"
    if CHOSEN == "sqlite":
        assert row["occurred_at"] == "2026-03-01 11:59:30.250000+00:00"


async def test_an_event_sent_again_changes_nothing(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production)
    events = [make_event("shown", guide), make_event("step_shown", guide, "one"), make_event("signed_up")]
    assert (await record(production, *events)).accepted == 3
    before = [dict(row) for row in await Progress.all().values()]
    for again in (events, events[:1], [*events, *events]):
        outcome = await record(production, *again)
        assert (outcome.accepted, outcome.duplicates) == (0, len(again))
    assert [dict(row) for row in await Progress.all().values()] == before
    assert [each[0] for each in (await counted()).values()] == [1]


async def test_an_event_twice_in_one_batch_counts_once(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production)
    event, other = make_event("shown", guide), make_event("shown", guide)
    outcome = await record(production, event, other, event)
    assert (outcome.accepted, outcome.duplicates) == (2, 1)
    assert (await Progress.get(guide=guide)).times_shown == 2


async def test_an_event_in_two_batches_of_one_group_belongs_to_the_first(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production)
    event = make_event("shown", guide)
    first, second, third = await progress.record(
        [batch(production, event), batch(production, event, make_event("shown", guide)), batch(production, event, person="43")]
    )
    assert [(one.accepted, one.duplicates) for one in (first, second, third)] == [(1, 0), (1, 1), (0, 1)]
    assert [(row.times_shown, (await row.person).external_id) for row in await Progress.all()] == [(2, "42")]


async def test_the_same_id_in_another_environment_is_another_event(production: Environment, staging: Environment) -> None:
    event = make_event("signed_up")
    outcomes = await progress.record([batch(production, event), batch(staging, event)])
    assert [one.accepted for one in outcomes] == [1, 1]
    assert len(await stored()) == 2


async def test_many_senders_at_once_store_each_event_once(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production)
    events = [make_event("shown", guide) for _ in range(20)]
    outcomes = await asyncio.gather(*(record(production, *events[number : number + 12]) for number in range(9)))
    assert sum(one.accepted for one in outcomes) == 20
    assert sum(one.duplicates for one in outcomes) == 9 * 12 - 20
    assert (await Progress.get(guide=guide)).times_shown == 20
    assert [times for times, _ in (await counted()).values()] == [20]


@pytest.mark.parametrize("share", ["people and guides", "guides"])
async def test_groups_in_any_order_wait_for_nobody_for_ever(
    make_guide: MakeGuide, production: Environment, clock_at: ClockAt, share: str
) -> None:
    clock_at(NOON)
    guides = [await make_guide(name=f"Guide {number}", live_in=production) for number in range(3)]
    pairs = list(itertools.product(guides, ["a", "b", "c", "d"]))
    groups = [
        [
            batch(production, make_event("shown", guide), person=person if share != "guides" else f"{person}{number}")
            for guide, person in order
        ]
        for number, order in enumerate((pairs, pairs[::-1]) * 3)
    ]
    await asyncio.wait_for(asyncio.gather(*(progress.record(group) for group in groups)), 20)
    assert [(row.times, row.people) for row in await EventDailyCount.all()] == [(24, 4 if share != "guides" else 24)] * 3


async def test_a_bad_event_is_dropped_by_name_and_costs_no_other(
    make_guide: MakeGuide, production: Environment, staging: Environment
) -> None:
    guide, elsewhere, never = await make_guide(live_in=production), await make_guide(live_in=staging), await make_guide()
    bad = [
        make_event("shown", guide, id="no-id"),
        make_event("shown", guide, id=str(uuid4())),
        make_event("shown", guide, id=str(uuid7(0))),
        make_event("shown", guide, id=""),
        make_event("shown", elsewhere),
        make_event("shown", never),
        make_event("shown", "not a guide"),
        make_event("shown", str(guide.id).upper()),
        make_event("invented", guide),
    ]
    outcome = await record(production, *bad, make_event("shown", guide))
    assert outcome.accepted == 1
    assert [(one["code"], one["field"]) for one in outcome.dropped] == [
        *[("bad_id", "id")] * 4,
        *[("unknown_guide", "guide")] * 4,
        ("undeclared_event", "name"),
    ]
    assert [one["id"] for one in outcome.dropped] == [event["id"] for event in bad]
    assert {row.code: row.times for row in await DroppedEventCount.all()} == {"bad_id": 4, "unknown_guide": 4, "undeclared_event": 1}
    await record(production, make_event("invented", guide), make_event("invented", guide))
    assert (await DroppedEventCount.get(code="undeclared_event")).times == 3


async def test_events_of_a_guide_whose_kind_is_gone_are_dropped(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = await make_guide(live_in=production)
    await record(production, make_event("signed_up"))
    monkeypatch.setattr("guides.registry.kinds", lambda: {})
    outcome = await record(production, make_event("shown", guide), make_event("signed_up"))
    assert (outcome.accepted, [one["code"] for one in outcome.dropped]) == (1, ["unknown_guide"])


async def test_a_batch_of_nothing_makes_nobody(production: Environment) -> None:
    assert (await record(production)).accepted == 0
    assert (await record(production, make_event("shown", "nothing"))).accepted == 0
    assert await Person.all().count() == 0


async def test_events_of_the_host_itself_touch_no_guide(production: Environment) -> None:
    await record(production, make_event("signed_up"), make_event("anything at all", item="x"))
    assert len(await stored()) == 2
    assert await Progress.all().count() == await EventDailyCount.all().count() == 0


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (None, "2026-03-01T11:59:50+00:00"),
        ("2026-03-01T11:00:00Z", "2026-03-01T11:00:00+00:00"),
        ("2026-03-01T14:00:00+03:00", "2026-03-01T11:00:00+00:00"),
        ("2999-01-01T00:00:00Z", "2026-03-01T12:00:00+00:00"),
    ],
)
async def test_when_it_happened_is_believed_within_reason(
    make_guide: MakeGuide, production: Environment, clock_at: ClockAt, told: str | None, kept: str
) -> None:
    clock_at(NOON)
    guide = await make_guide(live_in=production)
    await record(production, make_event("shown", guide, ago=10, at=told and parse_time(told)))
    assert as_time((await stored())[0]["occurred_at"]) == parse_time(kept)
    row = await Progress.get(guide=guide)
    assert (row.started_at, row.last_event_at) == (parse_time(kept), parse_time(kept))
    if CHOSEN == "sqlite":
        assert all(value["started_at"].endswith("+00:00") for value in await rows("SELECT started_at FROM progress"))


async def test_an_event_of_an_older_version_is_read_with_that_versions_body(
    make_guide: MakeGuide, production: Environment, editor: Member
) -> None:
    guide = await make_guide(draft=tour("old"), live_in=production)
    await record(production, make_event("shown", guide, ago=9, version=1))
    await drafts.save_draft(guide, revision=1, by=editor, draft=tour("new"))
    await publish(guide, production, editor)
    await production.refresh_from_db()
    await record(
        production, make_event("step_done", guide, "old", ago=8, version=1), make_event("step_done", guide, "new", ago=7, version=1)
    )
    row = await Progress.get(guide=guide)
    assert (row.done_items, row.version) == (["old"], 1)
    await record(
        production, make_event("step_done", guide, "new", ago=5, version=2), make_event("step_done", guide, "old", ago=6, version=1)
    )
    row = await Progress.get(guide=guide)
    assert (row.done_items, row.version) == (["old", "new"], 2)


@pytest.mark.parametrize("version", [None, 99, 0])
async def test_an_event_of_a_version_that_never_was_is_stored_all_the_same(
    make_guide: MakeGuide, production: Environment, version: int | None
) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    outcome = await record(production, make_event("shown", guide, version=version), make_event("step_shown", guide, "one", version=version))
    assert outcome.accepted == 2
    assert (await Progress.get(guide=guide)).current_item == (None if version == 99 else "one")


async def test_a_kind_that_fails_costs_no_event(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    guide = await make_guide(live_in=production)
    real = kind_named("tour")

    def fail(self: Kind, *given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(real), "advance", fail)
    assert (await record(production, make_event("shown", guide), make_event("completed", guide))).accepted == 2
    assert (await Progress.get(guide=guide)).status == "completed"
    assert "could not take the event shown" in caplog.text


async def test_a_kind_may_end_a_guide_by_itself(make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = await make_guide(live_in=production)

    def finish(self: Kind, memory: Any, event: Any, body: Any) -> None:
        memory.status = "completed" if event.name == "step_done" else memory.status

    monkeypatch.setattr(type(kind_named("tour")), "advance", finish)
    await record(production, make_event("shown", guide, ago=2), make_event("step_done", guide, "one", ago=1))
    row = await Progress.get(guide=guide)
    assert (row.status, row.ended_at == row.first_completed_at == row.last_event_at) == ("completed", True)


async def test_people_are_counted_once_a_day_and_showings_each_time(
    make_guide: MakeGuide, production: Environment, clock_at: ClockAt
) -> None:
    held = clock_at("2026-03-01T23:59:00Z")
    guide = await make_guide(live_in=production)
    await record(production, make_event("shown", guide), make_event("shown", guide))
    await record(production, make_event("shown", guide), person="43")
    held.move(minutes=2)
    await record(production, make_event("shown", guide), make_event("completed", guide))
    await record(production, make_event("shown", guide, ago=300))
    assert await counted() == {date(2026, 3, 1): (4, 2), date(2026, 3, 2): (1, 1)}
    held.move(days=1)
    await record(production, make_event("shown", guide), make_event("completed", guide))
    assert await counted("completed") == {date(2026, 3, 2): (1, 1), date(2026, 3, 3): (1, 0)}


async def test_a_browser_that_lives_in_the_future_is_counted_again_when_that_day_has_come(
    make_guide: MakeGuide, production: Environment, clock_at: ClockAt
) -> None:
    held = clock_at(NOON)
    guide = await make_guide(live_in=production)
    await record(production, make_event("shown", guide, ago=-400 * 86400))
    held.move(days=1)
    await record(production, make_event("shown", guide))
    assert (await counted())[date(2026, 3, 2)] == (1, 1)


async def test_a_group_costs_the_same_few_statements_however_many_batches_it_holds(
    make_guide: MakeGuide, production: Environment, editor: Member
) -> None:
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    other = await make_guide(name="Other", live_in=production)
    await drafts.save_draft(guide, revision=1, by=editor, draft=tour("three"))
    await publish(guide, production, editor)
    await production.refresh_from_db()

    def group(size: int) -> list[Any]:
        names = [("shown", None), ("step_shown", "one"), ("step_done", "one"), ("clicked", "two")]
        told = [make_event(name, where, item) for name, item in names for where in (guide, other)]
        return [batch(production, *(event | {"id": str(uuid7())} for event in told), person=f"p{number}") for number in range(size)]

    await progress.record(group(20))
    asked: list[int] = []
    for size in (1, 20):
        with queries() as statements:
            await progress.record(group(size))
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 8, statements


async def test_a_failure_on_the_way_stores_nothing_of_a_group(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    await run("CREATE UNIQUE INDEX one_name ON event_daily_count (name)")
    try:
        with pytest.raises(Exception, match=r"(?i)unique|constraint"):
            await record(
                production, make_event("shown", guide), make_event("step_shown", guide, "one"), make_event("step_shown", guide, "two")
            )
    finally:
        await run("DROP INDEX one_name")
    assert (await stored(), await Progress.all().count(), await Person.all().count()) == ([], 0, 0)


async def test_a_person_first_heard_of_in_an_event_was_first_seen_then(production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    await record(production, make_event("signed_up"), person=None, anonymous="a1")
    person = await Person.get(anonymous_id="a1")
    assert (person.external_id, person.created_at, person.last_seen_at) == (None, held.moment, held.moment)


async def test_a_word_that_names_no_item_makes_no_count_of_its_own(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    await record(production, *(make_event("step_shown", guide, item) for item in ("one", "two", "made_up", "made_up_too", "__proto__")))
    assert await EventDailyCount.filter(name="step_shown").order_by("item").values_list("item", "times") == [
        ("", 3),
        ("one", 1),
        ("two", 1),
    ]


async def test_an_event_of_a_month_that_is_far_ahead_is_dropped(production: Environment, clock_at: ClockAt) -> None:
    clock_at(NOON)
    outcome = await record(
        production,
        make_event("signed_up", ago=-27 * 86_400),
        make_event("signed_up", ago=-40 * 86_400),
        make_event("signed_up", ago=86_400 * 900),
    )
    assert (outcome.accepted, [drop["code"] for drop in outcome.dropped]) == (2, ["bad_id"])
