"""How elements were found: counted by day, page and browser with the events that tell of it, and bounded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guides import clock
from guides.events import record as progress
from guides.events import target_counts
from guides.events.target_counts import TargetHealth, get_target_health, page_path, worst_segment
from guides.models import Environment, Guide, TargetDailyCount
from tests.conftest import MakeGuide
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import ClockAt, batch, make_event, tour

NOON = "2026-03-01T12:00:00Z"
DAY = date(2026, 3, 1)


@pytest.fixture
async def pointing(make_guide: MakeGuide, production: Environment, clock_at: ClockAt) -> Guide:
    """A live tour whose first step points at an element, and whose second does not."""
    clock_at(NOON)
    draft = tour("one", "two")
    draft["steps"][0] |= {"layout": "popover", "target": {"by": "name", "value": "new-deal", "label": ""}}
    return await make_guide(draft=draft, live_in=production)


def found(guide: Guide, item: str = "one", page: Any = "/deals", **props: Any) -> dict[str, Any]:
    return make_event("step_shown", guide, item, props={"page": page} | props)


def missed(guide: Guide, reason: Any = "ambiguous", page: Any = "/deals") -> dict[str, Any]:
    return make_event("target_missing", guide, "one", props={"page": page, "reason": reason, "waited": 5000})


async def told(environment: Environment, *events: dict[str, Any], browser: str = "Chrome") -> None:
    one = batch(environment, *events)
    await progress.record([progress.Batch(environment, "42", None, one.events, clock.now(), browser)])


async def test_found_and_missed_are_counted_by_page_browser_and_reason(pointing: Guide, production: Environment) -> None:
    await told(production, found(pointing), found(pointing, path="scored", score=0.8, margin=0.3), missed(pointing))
    await told(production, found(pointing), missed(pointing, "hidden", "/people"), missed(pointing, "hidden", "/people"), browser="Safari")
    one = (await get_target_health(pointing, production, DAY, DAY))["one"]
    assert (one.found, one.missed, one.tries, one.rate, one.mean) == (3, 3, 6, 0.5, 0.8)
    assert one.reasons.most_common() == [("hidden", 2), ("ambiguous", 1)]
    assert one.pages == {"/deals": (3, 1), "/people": (0, 2)}
    assert one.browsers == {"Chrome": (2, 1), "Safari": (1, 2)}
    assert (worst_segment(one.pages), worst_segment(one.browsers)) == ("/people", "Safari")


async def test_what_is_told_twice_counts_once(pointing: Guide, production: Environment) -> None:
    event = found(pointing)
    await told(production, event, event)
    await told(production, event)
    assert (await get_target_health(pointing, production, DAY, DAY))["one"].tries == 1


async def test_a_step_that_points_at_nothing_is_not_counted(pointing: Guide, production: Environment) -> None:
    await told(
        production, found(pointing, "two"), found(pointing, "made_up"), make_event("clicked", pointing, "one"), make_event("signed_up")
    )
    assert await get_target_health(pointing, production, DAY, DAY) == {}


async def test_other_days_and_environments_are_other_counts(pointing: Guide, production: Environment, staging: Environment) -> None:
    await told(production, found(pointing), make_event("step_shown", pointing, "one", ago=86_400))
    assert (await get_target_health(pointing, production, DAY, DAY))["one"].found == 1
    assert await get_target_health(pointing, staging, DAY, DAY) == {}


@pytest.mark.parametrize(
    ("said", "page"),
    [
        ("/deals?token=secret#top", "/deals"),
        ("/deals/1204/notes", "/deals/*/notes"),
        ("/people/0197d0e4-5f4e-7a39-8f6e-2f7a3d1c9b55", "/people/*"),
        ("/year-2026", "/year-2026"),
        ("https://elsewhere.example/", ""),
        (None, ""),
        (7, ""),
        ("/" + "long/" * 90, ("/" + "long/" * 90)[:200]),
    ],
)
def test_a_page_is_its_path_without_question_and_numbers(said: Any, page: str) -> None:
    assert page_path(said) == page


async def test_a_day_has_so_many_pages_and_all_others_count_together(pointing: Guide, production: Environment) -> None:
    await told(production, *(found(pointing, page=f"/page-{number}") for number in range(target_counts.MAX_PAGES_PER_DAY)))
    target_counts._page_cache.clear()
    await told(production, *(found(pointing, page=f"/more-{number}") for number in range(30)), found(pointing, page="/page-0"))
    one = (await get_target_health(pointing, production, DAY, DAY))["one"]
    assert len(one.pages) == target_counts.MAX_PAGES_PER_DAY + 1
    assert (one.pages["other"], one.pages["/page-0"]) == ((30, 0), (2, 0))


async def test_anything_may_be_sent_as_reason_and_score(pointing: Guide, production: Environment) -> None:
    wild = [missed(pointing, reason) for reason in ("<b>", None, 7, ["hidden"])]
    await told(production, *wild, found(pointing, score=float("1e308")), found(pointing, score="high"), found(pointing, score=True))
    one = (await get_target_health(pointing, production, DAY, DAY))["one"]
    assert dict(one.reasons) == {"no-candidate": 4}
    assert (one.found, one.scored, one.mean) == (3, 1, 1.0)


async def test_a_group_takes_one_statement_more_however_large(pointing: Guide, production: Environment) -> None:
    await told(production, found(pointing), make_event("clicked", pointing, "one"))
    asked: list[list[str]] = []
    for events in (
        [make_event("clicked", pointing, "one") for _ in range(40)],
        [*(found(pointing) for _ in range(40)), *(missed(pointing, page=f"/{number}x") for number in range(40))],
    ):
        with queries() as statements:
            await told(production, *events)
        asked.append(list(statements))
    assert len(asked[1]) <= len(asked[0]) + 1, asked


async def test_a_kind_that_fails_costs_no_event(pointing: Guide, production: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guides.kinds.tour.Tour.metrics", lambda self, body: 1 / 0)
    outcome = await progress.record([batch(production, found(pointing))])
    assert outcome[0].accepted == 1
    assert await TargetDailyCount.all().count() == 0


def test_where_it_is_worst_is_said_only_when_there_is_elsewhere() -> None:
    assert worst_segment({"/deals": (3, 2)}) is None
    assert worst_segment({"/deals": (3, 0), "/people": (4, 0)}) is None
    assert worst_segment({"/deals": (3, 1), "other": (0, 9), "": (0, 9)}) == "/deals"
    assert TargetHealth().rate == 1.0
