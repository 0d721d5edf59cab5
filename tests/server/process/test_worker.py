"""Background work: done by one process at a time, and never in the way of the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from guides import database
from guides.database import rows
from guides.jobs import leases as jobs
from server.config.settings import Settings
from server.process import worker as work
from server.process.worker import PERIODIC_JOBS, PeriodicJob, run_due
from tests.conftest import HeldClock
from tests.server.conftest import Embed, event

SETTINGS = Settings(event_days=30)


async def test_every_chore_is_done_once_until_it_is_due_again(db: str, clock_at: Callable[[str], HeldClock]) -> None:
    held = clock_at("2026-11-22T12:00:00+00:00")
    assert await run_due(SETTINGS) == len(PERIODIC_JOBS)
    assert await run_due(SETTINGS) == 0
    held.move(hours=7)
    assert await run_due(SETTINGS) == 2
    held.move(days=2)
    assert await run_due(SETTINGS) == len(PERIODIC_JOBS)


async def test_work_that_somebody_has_is_taken_over_only_when_the_lease_runs_out(db: str, clock_at: Callable[[str], HeldClock]) -> None:
    held = clock_at("2026-11-22T12:00:00+00:00")
    assert await jobs.acquire_lease("prune events", timedelta(minutes=15))
    assert not await jobs.acquire_lease("prune events", timedelta(minutes=15))
    held.move(minutes=16)
    assert await jobs.acquire_lease("prune events", timedelta(minutes=15))


async def test_a_chore_that_fails_stops_no_other_and_is_tried_again(
    db: str, clock_at: Callable[[str], HeldClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(settings: Settings) -> int:
        raise RuntimeError("disk on fire")

    held = clock_at("2026-11-22T12:00:00+00:00")
    monkeypatch.setattr(work, "PERIODIC_JOBS", (PeriodicJob("broken", timedelta(hours=1), broken), *PERIODIC_JOBS))
    assert await run_due(SETTINGS) == len(PERIODIC_JOBS)
    (row,) = await rows("SELECT last_error, attempts FROM job WHERE name = 'broken'")
    assert row == {"last_error": "RuntimeError: disk on fire", "attempts": 1}
    held.move(minutes=6)
    await run_due(SETTINGS)
    assert (await rows("SELECT attempts FROM job WHERE name = 'broken'"))[0]["attempts"] == 2


async def test_events_are_kept_as_long_as_the_settings_say(embed: Embed, clock_at: Callable[[str], HeldClock]) -> None:
    held = clock_at("2026-10-01T12:00:00+00:00")
    await embed.events(event("old"))
    held.move(days=25)
    await embed.events(event("new"))
    held.move(days=10)
    await run_due(SETTINGS)
    assert [row["name"] for row in await rows("SELECT name FROM event")] == ["new"]


async def test_months_have_a_partition_before_their_first_event(db: str, clock_at: Callable[[str], HeldClock]) -> None:
    clock_at("2031-12-05T12:00:00+00:00")
    made = await work.create_partitions(SETTINGS)
    assert made == (2 if database.dialect() == "postgres" else 0)
    if made:
        for month in ("2031_12", "2032_01"):
            await database.run(f"DROP TABLE event_{month}")
