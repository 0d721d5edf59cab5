"""Folding: progress follows a person in whatever order they are heard of, and an end stays an end."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from guides.models import Environment, Progress
from guides.progress.frequency import is_finished
from tests.conftest import MakeGuide
from tests.fixtures.scenarios import ClockAt, boot, make_event, record, tour

NOON = "2026-03-01T12:00:00Z"


async def run_through(production: Environment, guide: Any, *names: str) -> None:
    """One after the other, a second apart."""
    for number, name in enumerate(names):
        name, _, item = name.partition(":")
        await record(production, make_event(name, guide, item or None, ago=len(names) - number))


async def test_progress_follows_a_person_through_a_tour(make_guide: MakeGuide, production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    await run_through(production, guide, "shown", "step_shown:one", "step_done:one", "step_shown:two")
    row = await Progress.get(guide=guide)
    assert (row.status, row.current_item, row.done_items, row.times_shown, row.ended_at, row.first_completed_at) == (
        "started",
        "two",
        ["one"],
        1,
        None,
        None,
    )
    held.move(seconds=60)
    await record(production, make_event("step_done", guide, "two"), make_event("completed", guide))
    row = await Progress.get(guide=guide)
    assert (row.status, row.done_items, row.version) == ("completed", ["one", "two"], 1)
    assert row.ended_at == row.first_completed_at == row.last_event_at == held.moment
    assert row.started_at == held.moment - timedelta(seconds=64)


async def test_events_of_one_batch_count_in_the_order_they_happened(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    told = [("completed", None, 1), ("step_shown", "two", 2), ("shown", None, 5), ("step_done", "one", 3), ("step_shown", "one", 4)]
    await record(production, *(make_event(name, guide, item, ago=ago) for name, item, ago in told))
    row = await Progress.get(guide=guide)
    assert (row.status, row.current_item, row.done_items) == ("completed", "two", ["one"])


ONE_RUN = ["shown", "step_shown:one", "step_done:one", "step_shown:two"]


@pytest.mark.parametrize("end", ["completed", "dismissed"])
@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::7])
async def test_whatever_order_batches_come_in_the_end_is_the_same(
    make_guide: MakeGuide, production: Environment, end: str, order: tuple[int, ...]
) -> None:
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    told = [name.partition(":") for name in (*ONE_RUN, end)]
    events = [make_event(name, guide, item or None, ago=60 - number) for number, (name, _, item) in enumerate(told)]
    for number in order:
        await record(production, events[number])
    row = await Progress.get(guide=guide)
    assert (row.status, row.done_items, row.times_shown) == (end, ["one"], 1)
    assert (row.last_event_at - row.started_at).total_seconds() == pytest.approx(4, abs=0.1)
    assert row.ended_at == row.last_event_at


async def test_a_step_told_late_takes_nobody_back(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    await record(production, make_event("shown", guide, ago=9), make_event("step_shown", guide, "two", ago=5))
    await record(production, make_event("step_shown", guide, "one", ago=8), make_event("step_done", guide, "one", ago=7))
    row = await Progress.get(guide=guide)
    assert (row.current_item, row.done_items) == ("two", ["one"])


async def test_shown_again_after_an_end_is_a_new_run(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    await run_through(production, guide, *ONE_RUN, "completed", "shown")
    row = await Progress.get(guide=guide)
    assert (row.status, row.current_item, row.done_items, row.times_shown, row.ended_at) == ("started", None, [], 2, None)
    assert row.first_completed_at is not None and row.started_at < row.first_completed_at < row.last_event_at


@pytest.mark.parametrize(
    ("happened", "status", "reason"),
    [
        (["dismissed"], "dismissed", "escape"),
        (["dismissed", "completed"], "completed", "escape"),
        (["completed", "dismissed"], "completed", "escape"),
        (["completed", "completed"], "completed", "escape"),
        (["shown", "dismissed", "shown"], "started", ""),
        (["shown", "completed", "shown", "dismissed"], "dismissed", "escape"),
        (["shown", "completed", "shown", "completed"], "completed", "escape"),
    ],
)
async def test_how_a_run_ends(make_guide: MakeGuide, production: Environment, happened: list[str], status: str, reason: str) -> None:
    guide = await make_guide(live_in=production)
    for number, name in enumerate(happened):
        await record(production, make_event(name, guide, ago=20 - number, props={"reason": "escape"}))
    row = await Progress.get(guide=guide)
    assert (row.status, row.end_reason) == (status, reason)
    assert (row.first_completed_at is not None) is ("completed" in happened)


@pytest.mark.parametrize(
    ("reason", "stored"),
    [(None, ""), ("", ""), ("escape", "escape"), ("closed", "other"), (5, "other"), ({"deep": 1}, "other"), ("x" * 500, "other")],
)
async def test_a_reason_is_one_of_the_closed_list(make_guide: MakeGuide, production: Environment, reason: Any, stored: str) -> None:
    guide = await make_guide(live_in=production)
    await record(production, make_event("dismissed", guide, props={"reason": reason}))
    assert (await Progress.get(guide=guide)).end_reason == stored


@pytest.mark.parametrize(
    ("frequency", "status", "has_finished", "over"),
    [
        *[("always", status, finished, False) for status in (None, "started", "dismissed", "completed") for finished in (False, True)],
        ("once", None, False, False),
        ("once", "started", False, False),
        ("once", "started", True, False),
        ("once", "dismissed", False, True),
        ("once", "completed", True, True),
        ("until_finished", None, False, False),
        ("until_finished", "started", True, False),
        ("until_finished", "dismissed", False, False),
        ("until_finished", "dismissed", True, True),
        ("until_finished", "completed", True, True),
    ],
)
def test_when_somebody_is_done_with_a_guide(frequency: str, status: str | None, has_finished: bool, over: bool) -> None:
    assert is_finished(frequency, status, has_finished) is over


@pytest.mark.parametrize(
    ("frequency", "happened", "comes"),
    [
        ("once", [], True),
        ("once", ["shown"], True),
        ("once", ["shown", "dismissed"], False),
        ("once", ["shown", "completed"], False),
        ("once", ["completed"], False),
        ("once", ["shown", "completed", "shown"], True),
        ("once", ["shown", "completed", "shown", "dismissed"], False),
        ("until_finished", ["shown", "dismissed"], True),
        ("until_finished", ["shown", "dismissed", "shown"], True),
        ("until_finished", ["shown", "completed"], False),
        ("until_finished", ["shown", "completed", "shown"], True),
        ("until_finished", ["shown", "completed", "shown", "dismissed"], False),
        ("always", ["shown", "dismissed"], True),
        ("always", ["shown", "completed"], True),
    ],
)
async def test_how_often_a_guide_comes(
    make_guide: MakeGuide, production: Environment, frequency: str, happened: list[str], comes: bool
) -> None:
    guide = await make_guide(live_in=production, frequency=frequency)
    events = [make_event(name, guide, ago=20 - number) for number, name in enumerate(happened)]
    for event in events:
        await record(production, event)
    assert bool((await boot(production)).guides) is comes
    assert len((await boot(production, "somebody else")).guides) == 1
