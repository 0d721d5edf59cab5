"""Reports: each person once over the whole span, every day of it, and nothing of anybody else's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from guides.database import run
from guides.models import Environment, Guide, Member
from guides.publishing import drafts
from guides.publishing.publish import publish, unpublish
from guides.reports.daily import list_summaries
from guides.reports.report import Report, get_report
from tests.conftest import HeldClock, MakeGuide
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import ClockAt, make_event, record, tour

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 3)


@pytest.fixture
def held(clock_at: ClockAt) -> HeldClock:
    """Noon of the first day."""
    return clock_at("2026-03-01T12:00:00Z")


async def goes_through(where: Environment, guide: Guide, person: str, *names: str, **more: Any) -> None:
    """One person, event after event, a second apart, the last one now."""
    told = [name.partition(":") for name in names]
    events = [make_event(name, guide, item or None, ago=len(told) - 1 - number, **more) for number, (name, _, item) in enumerate(told)]
    await record(where, *events, person=person)


@pytest.fixture
async def seen(make_guide: MakeGuide, production: Environment, staging: Environment, held: HeldClock, editor: Member) -> Guide:
    """A tour of three steps after three days with three people, and one in staging."""
    guide = await make_guide(draft=tour("one", "two", "three"), live_in=production)
    await publish(guide, staging, editor)
    await goes_through(production, guide, "ada", "shown", "step_shown:one", "step_shown:two", "step_shown:three", "completed")
    await goes_through(production, guide, "bob", "shown", "step_shown:one", "dismissed", props={"reason": "closed"})
    held.move(days=1)
    await goes_through(production, guide, "bob", "shown", "step_shown:one", "step_shown:two")
    await goes_through(production, guide, "cleo", "shown", "shown", "step_shown:one", "target_missing:one", "target_missing:one")
    await goes_through(staging, guide, "dan", "shown", "completed")
    held.move(days=1)
    await goes_through(production, guide, "ada", "shown", "completed")
    return guide


async def test_people_are_counted_once_over_the_whole_span(seen: Guide, production: Environment) -> None:
    report = await get_report(seen, production, FIRST, LAST)
    assert (report.shown, report.completed, report.dismissed) == (3, 1, 1)
    assert [(day.day, day.shown, day.completed) for day in report.days] == [
        (FIRST, 2, 1),
        (FIRST + timedelta(days=1), 2, 0),
        (LAST, 1, 0),
    ]


async def test_a_funnel_tells_how_many_reached_each_step_and_left_before_the_next(seen: Guide, production: Environment) -> None:
    [(label, steps)] = (await get_report(seen, production, FIRST, LAST)).funnels
    assert label == "Step by step"
    assert [(step.key, step.label, step.people, step.drop_off) for step in steps] == [
        ("one", "One", 3, 0),
        ("two", "Two", 2, 1),
        ("three", "Three", 1, 1),
    ]


async def test_what_the_kind_finds_worth_counting_is_counted(seen: Guide, production: Environment) -> None:
    assert (await get_report(seen, production, FIRST, LAST)).counts == [("Element not found", 1)]


@pytest.mark.parametrize(
    ("since", "until", "figures"),
    [
        (FIRST, FIRST, (2, 1, 1)),
        (FIRST + timedelta(days=1), FIRST + timedelta(days=1), (2, 0, 0)),
        (LAST, LAST, (1, 1, 0)),
        (LAST + timedelta(days=1), LAST + timedelta(days=30), (0, 0, 0)),
        (date(2020, 1, 1), FIRST - timedelta(days=1), (0, 0, 0)),
    ],
)
async def test_a_span_holds_both_its_ends(
    seen: Guide, production: Environment, since: date, until: date, figures: tuple[int, int, int]
) -> None:
    report = await get_report(seen, production, since, until)
    assert (report.shown, report.completed, report.dismissed) == figures
    assert [day.day for day in report.days] == [since + timedelta(days=number) for number in range((until - since).days + 1)]


async def test_endings_say_how_far_people_are_and_why(seen: Guide, production: Environment) -> None:
    await goes_through(production, seen, "eve", "shown", "dismissed", props={"reason": "escape"})
    report = await get_report(seen, production, FIRST, LAST)
    assert sorted(report.outcomes) == [("completed", "", 1), ("dismissed", "escape", 1), ("started", "", 2)]


async def test_the_people_of_a_report_are_those_seen_in_it_latest_first(
    seen: Guide, production: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def names(report: Report) -> list[str | None]:
        return [row.person.external_id for row in report.people]

    assert set(names(await get_report(seen, production, FIRST, LAST))) == {"ada", "bob", "cleo"}
    assert names(await get_report(seen, production, LAST, LAST)) == ["ada"]
    monkeypatch.setattr("guides.reports.report.PEOPLE_SHOWN", 1)
    assert names(await get_report(seen, production, FIRST, LAST)) == ["ada"]


async def test_the_middle_time_is_from_first_seen_to_first_finished(
    make_guide: MakeGuide, production: Environment, held: HeldClock
) -> None:
    guide = await make_guide(live_in=production)
    assert (await get_report(guide, production, FIRST, LAST)).median_seconds is None
    for person, seconds in (("ada", 10), ("bob", 20), ("cleo", 600)):
        await record(production, make_event("shown", guide, ago=seconds), make_event("completed", guide), person=person)
    held.move(days=1)
    await record(production, make_event("shown", guide, ago=5), make_event("completed", guide), person="ada")
    assert (await get_report(guide, production, FIRST, LAST)).median_seconds == 20
    assert (await get_report(guide, production, LAST, LAST)).median_seconds is None


async def test_a_report_looks_at_its_own_environment_only(seen: Guide, staging: Environment) -> None:
    report = await get_report(seen, staging, FIRST, LAST)
    assert (report.shown, report.completed, [row.person.external_id for row in report.people]) == (1, 1, ["dan"])


async def test_a_report_names_the_steps_of_what_was_live_last(
    seen: Guide, production: Environment, staging: Environment, editor: Member, held: HeldClock
) -> None:
    held.move(hours=1)
    await drafts.save_draft(seen, revision=1, by=editor, draft=tour("one", "four"))
    assert [step.key for step in (await get_report(seen, production, FIRST, LAST)).funnels[0][1]] == ["one", "two", "three"]
    await publish(seen, production, editor)
    report = await get_report(seen, production, FIRST, LAST)
    assert [(step.key, step.people) for step in report.funnels[0][1]] == [("one", 3), ("four", 0)]
    assert report.version and report.version.number == 2
    held.move(hours=1)
    await unpublish(seen, production, editor)
    assert (await get_report(seen, production, FIRST, LAST)).version == report.version


@pytest.mark.parametrize(("draft", "steps"), [(tour("one"), 1), ({"steps": []}, 0), ({}, 0)])
async def test_a_guide_that_was_never_live_has_an_empty_report(
    make_guide: MakeGuide, production: Environment, draft: dict[str, Any], steps: int
) -> None:
    report = await get_report(await make_guide(draft=draft), production, FIRST, LAST)
    assert (report.shown, report.version, report.outcomes, report.people) == (0, None, [], [])
    assert sum(len(reached) for _, reached in report.funnels) == steps


async def test_the_list_of_guides_tells_days_at_a_glance(
    seen: Guide, make_guide: MakeGuide, production: Environment, staging: Environment
) -> None:
    unseen = await make_guide(name="Unseen")
    found = await list_summaries(production, [seen.id, unseen.id], FIRST, LAST)
    assert set(found) == {seen.id}
    assert (found[seen.id].people, found[seen.id].completed, list(found[seen.id].days)) == (5, 1, [2, 2, 1])
    assert list((await list_summaries(production, [seen.id], LAST, LAST))[seen.id].days) == [1]
    assert (await list_summaries(production, [seen.id], FIRST, FIRST))[seen.id].people == 2
    assert await list_summaries(production, [], FIRST, LAST) == {}
    assert (await list_summaries(staging, [seen.id], FIRST, LAST))[seen.id].people == 1


async def test_the_list_of_guides_costs_one_query_however_long_it_is(seen: Guide, make_guide: MakeGuide, production: Environment) -> None:
    guides = [seen, *[await make_guide(name=f"Guide {number}") for number in range(5)]]
    with queries() as asked:
        await list_summaries(production, [guide.id for guide in guides], FIRST, LAST)
    assert len(asked) == 1


async def test_a_report_costs_the_same_however_many_people_there_are(seen: Guide, production: Environment) -> None:
    asked: list[int] = []
    for number in (1, 8):
        for person in range(number):
            await goes_through(production, seen, f"p{person}", "shown", "step_shown:one")
        with queries() as statements:
            await get_report(seen, production, FIRST, LAST)
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12


async def test_figures_of_days_outlive_the_events_they_came_from(seen: Guide, production: Environment) -> None:
    await run("DELETE FROM event")
    report = await get_report(seen, production, FIRST, LAST)
    assert [day.shown for day in report.days] == [2, 2, 1]
