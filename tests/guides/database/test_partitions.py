"""The event table: a month at a time on PostgreSQL, one clustered table on SQLite, the same rows on both."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from guides.database import rows, run
from guides.database.partitions import make_month, prune
from guides.ids import uuid7
from guides.models import Environment
from tests.databases import CHOSEN
from tests.fixtures.scenarios import ClockAt, record

ON_POSTGRES = CHOSEN == "postgres"
DAY = 86_400_000
MARCH = 1_772_323_200_000


def on(milliseconds: int) -> dict[str, Any]:
    """A host's own event of that moment."""
    return {"id": str(uuid7(milliseconds)), "name": "signed_up", "guide": None, "version": None, "item": None, "at": None, "props": {}}


async def days() -> list[str]:
    return sorted(str(row["day"]) for row in await rows("SELECT day FROM event"))


async def partitions() -> dict[str, int]:
    """How many rows lie in each partition."""
    names = [row["relname"] for row in await rows("SELECT relname FROM pg_class WHERE relname LIKE 'event_2%' AND relkind = 'r'")]
    return {name: (await rows(f"SELECT COUNT(*) AS n FROM {name}"))[0]["n"] for name in sorted([*names, "event_default"])}


@pytest.fixture(autouse=True)
async def no_partitions_left(db: str) -> Any:
    """Every test begins and ends with the default partition alone."""
    yield
    if ON_POSTGRES:
        for row in await rows("SELECT relname FROM pg_class WHERE relname LIKE 'event_2%' AND relkind = 'r'"):
            await run(f"DROP TABLE {row['relname']}")


async def test_a_month_is_made_once_and_its_events_go_there(production: Environment, clock_at: ClockAt) -> None:
    clock_at("2026-04-01T12:00:00Z")
    assert await make_month(date(2026, 3, 15)) is ON_POSTGRES
    assert await make_month(date(2026, 3, 31)) is False
    await record(production, on(MARCH), on(MARCH + 31 * DAY - 1), on(MARCH + 31 * DAY), on(MARCH - 1))
    assert await days() == ["2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"]
    if ON_POSTGRES:
        assert await partitions() == {"event_2026_03": 2, "event_default": 2}


async def test_december_is_followed_by_january(production: Environment, clock_at: ClockAt) -> None:
    clock_at("2027-01-01T12:00:00Z")
    await make_month(date(2026, 12, 31))
    await make_month(date(2027, 1, 1))
    await record(production, on(MARCH + 305 * DAY), on(MARCH + 306 * DAY))
    assert await days() == ["2026-12-31", "2027-01-01"]
    if ON_POSTGRES:
        assert await partitions() == {"event_2026_12": 1, "event_2027_01": 1, "event_default": 0}


async def test_a_month_whose_events_came_early_stays_where_they_are(production: Environment) -> None:
    await record(production, on(MARCH))
    assert await make_month(date(2026, 3, 1)) is False
    assert await days() == ["2026-03-01"]


async def test_an_event_is_the_same_row_before_and_after_its_month_was_made(production: Environment) -> None:
    event = on(MARCH)
    await make_month(date(2026, 3, 1))
    assert [(await record(production, event)).accepted for _ in range(3)] == [1, 0, 0]


async def test_old_events_go_and_newer_ones_stay(production: Environment) -> None:
    for month in (1, 2, 3):
        await make_month(date(2026, month, 1))
    await record(production, *(on(MARCH + offset * DAY) for offset in (-400, -59, -1, 0, 9, 10, 40)))
    went = await prune(date(2026, 3, 11))
    assert await days() == ["2026-03-11", "2026-04-10"]
    assert went == (3 if ON_POSTGRES else 5)
    if ON_POSTGRES:
        assert await partitions() == {"event_2026_03": 1, "event_default": 1}
    assert await prune(date(2026, 3, 11)) == 0


async def test_the_day_that_is_kept_is_kept_whole(production: Environment) -> None:
    await record(production, on(MARCH - 1), on(MARCH))
    assert await prune(date(2026, 3, 1)) == 1
    assert await days() == ["2026-03-01"]


async def test_the_key_of_an_event_begins_with_its_environment_and_day(db: str) -> None:
    if ON_POSTGRES:
        asked = "SELECT a.attname AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
        asked += "WHERE i.indrelid = 'event'::regclass AND i.indisprimary ORDER BY array_position(i.indkey, a.attnum)"
    else:
        asked = "SELECT name FROM pragma_table_info('event') WHERE pk > 0 ORDER BY pk"
    assert [row["name"] for row in await rows(asked)] == ["environment_id", "day", "id"]


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT 1 FROM event WHERE environment_id = :id AND guide_id = :id AND name = 'shown' AND day >= :day",
        "UPDATE event SET person_id = :id WHERE environment_id = :id AND person_id = :id",
    ],
)
@pytest.mark.skipif(ON_POSTGRES, reason="the plan on PostgreSQL depends on how many rows there are")
async def test_what_is_asked_of_events_finds_an_index(db: str, asked: str) -> None:
    plan = await rows(f"EXPLAIN QUERY PLAN {asked}", id=UUID(int=7), day=date(2026, 3, 1))
    assert all("USING" in row["detail"] and "INDEX idx_event" in row["detail"] for row in plan), plan
