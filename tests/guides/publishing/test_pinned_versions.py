"""Who began a version finishes it, whatever was published since."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from guides.delivery.types import BootResult
from guides.models import Environment, Guide, Member, Progress
from guides.progress.frequency import MAX_RUN
from guides.publishing import drafts, pinned_versions
from guides.publishing.publish import publish, unpublish
from tests.conftest import MakeGuide
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import ClockAt, boot, make_event, plan, record, tour

NOON = "2026-03-01T12:00:00Z"


def got(answer: BootResult) -> list[tuple[int, str]]:
    """Version and first step of each guide delivered."""
    return [(guide["version"], guide["body"]["steps"][0]["key"]) for guide in map(orjson.loads, answer.guides)]


async def publish_anew(guide: Guide, environment: Environment, by: Member, first: str = "two", **settings: Any) -> None:
    await drafts.save_draft(guide, revision=1, by=by, draft=tour(first), settings={**guide.settings, **settings})
    await publish(guide, environment, by)


async def started_guide(make_guide: MakeGuide, environment: Environment, **settings: Any) -> Guide:
    guide = await make_guide(draft=tour("one"), live_in=environment, **settings)
    await record(environment, make_event("shown", guide, ago=2), make_event("step_shown", guide, "one", ago=1))
    return guide


async def test_a_started_version_comes_until_it_is_finished_and_new_starts_get_the_new_one(
    make_guide: MakeGuide, production: Environment, editor: Member
) -> None:
    guide = await started_guide(make_guide, production, frequency="always")
    await publish_anew(guide, production, editor)
    answer = await boot(production)
    assert got(answer) == [(1, "one")]
    assert orjson.loads(answer.guides[0])["live_version"] == 2
    assert got(await boot(production, "7")) == [(2, "two")]
    await record(production, make_event("completed", guide))
    assert got(await boot(production)) == [(2, "two")]
    await record(production, make_event("shown", guide, version=2))
    assert (await Progress.get(guide=guide)).version == 2


async def test_a_dismissed_version_is_not_gone_on_with(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    guide = await started_guide(make_guide, production, frequency="until_finished")
    await publish_anew(guide, production, editor)
    await record(production, make_event("dismissed", guide))
    assert got(await boot(production)) == [(2, "two")]


async def test_an_unpublished_guide_does_not_come_however_far_somebody_is(
    make_guide: MakeGuide, production: Environment, editor: Member
) -> None:
    guide = await started_guide(make_guide, production)
    await publish_anew(guide, production, editor)
    await unpublish(guide, production, editor)
    assert got(await boot(production)) == []


async def test_a_run_in_which_nothing_happened_for_thirty_days_is_forgotten(
    make_guide: MakeGuide, production: Environment, editor: Member, clock_at: ClockAt
) -> None:
    held = clock_at(NOON)
    guide = await started_guide(make_guide, production)
    await publish_anew(guide, production, editor)
    held.move(days=MAX_RUN.days - 1)
    assert got(await boot(production)) == [(1, "one")]
    held.move(days=2)
    answer = await boot(production)
    assert got(answer) == [(2, "two")]
    assert orjson.loads(answer.guides[0])["progress"] is None
    await record(production, make_event("shown", guide, version=2))
    row = await Progress.get(guide=guide)
    assert (row.version, row.current_item, row.done_items) == (2, None, [])


async def test_who_began_under_an_audience_finishes_under_it(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    guide = await started_guide(make_guide, production, trigger={"page": "/old"})
    await publish_anew(guide, production, editor, audience=plan("pro"), trigger={"page": "/new"})
    answer = await boot(production)
    assert got(answer) == [(1, "one")]
    assert orjson.loads(answer.guides[0])["rule"] == {"page": "/old"}


async def test_the_started_version_takes_its_place_among_the_others(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    guide = await started_guide(make_guide, production, priority=50)
    await make_guide(draft=tour("high"), live_in=production, priority=90)
    await make_guide(draft=tour("low"), live_in=production, priority=10)
    await publish_anew(guide, production, editor)
    assert [first for _, first in got(await boot(production))] == ["high", "one", "low"]


async def test_somebody_who_asks_for_the_guide_gets_the_new_version(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    guide = await started_guide(make_guide, production)
    await publish_anew(guide, production, editor)
    assert got(await boot(production, requested_guide=str(guide.id))) == [(2, "two")]


async def test_an_older_version_costs_one_query_and_then_none(
    make_guide: MakeGuide, production: Environment, editor: Member, clock_at: ClockAt
) -> None:
    clock_at(NOON)
    for _ in range(3):
        await publish_anew(await started_guide(make_guide, production), production, editor)
    await boot(production, "7")
    with queries() as first:
        assert len((await boot(production)).guides) == 3
    with queries() as second:
        assert len((await boot(production)).guides) == 3
    assert (len(first), len(second)) == (2, 1)


async def test_only_so_many_versions_are_kept(
    make_guide: MakeGuide, production: Environment, editor: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned_versions, "MAX_VERSIONS", 2)
    monkeypatch.setattr(pinned_versions, "_cache", cache := type(pinned_versions._cache)())
    for _ in range(3):
        await publish_anew(await started_guide(make_guide, production), production, editor)
    assert len(got(await boot(production))) == 3
    assert len(cache) == 2


@pytest.mark.parametrize("number", [0, 9])
async def test_a_version_that_never_was_is_the_live_one(make_guide: MakeGuide, production: Environment, number: int) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    await record(production, make_event("shown", guide, version=number))
    assert got(await boot(production)) == [(1, "one")]
