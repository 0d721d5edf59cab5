"""Putting off: a guide rests for one person until the moment they chose."""

from __future__ import annotations

import pytest

from guides.delivery.boot import boot
from guides.delivery.types import BootRequest
from guides.models import Environment, Progress
from guides.people.identify import Identity, identify
from tests.conftest import MakeGuide
from tests.fixtures.scenarios import ClockAt, make_event, record

NOON = "2026-03-01T12:00:00Z"


async def delivered(environment: Environment, held: object, person: str = "42", requested_guide: str | None = None) -> int:
    moment = held.moment  # type: ignore[attr-defined]
    return len((await boot(BootRequest(environment.public_key, Identity(person), "https://x/deals", None, moment, requested_guide))).guides)


async def test_a_snoozed_guide_rests_until_its_moment(make_guide: MakeGuide, production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    guide = await make_guide(live_in=production)
    await record(production, make_event("shown", guide), make_event("snoozed", guide, props={"until": "2026-03-02T12:00:00Z"}), person="42")
    assert await delivered(production, held) == 0
    assert await delivered(production, held, "43") == 1
    assert await delivered(production, held, requested_guide=str(guide.id)) == 1
    held.move(days=1, seconds=1)
    assert await delivered(production, held) == 1


async def test_showing_it_again_ends_the_rest(make_guide: MakeGuide, production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    guide = await make_guide(live_in=production)
    await record(production, make_event("snoozed", guide, props={"until": "2026-03-02T12:00:00Z"}), person="42")
    held.move(minutes=1)
    await record(production, make_event("shown", guide), person="42")
    assert (await Progress.get(guide=guide)).snoozed_until is None


@pytest.mark.parametrize(("at_home", "in_browser", "comes"), [("shown", "snoozed", 0), ("snoozed", "shown", 1)])
async def test_who_signs_in_after_putting_off_is_left_alone(
    at_home: str, in_browser: str, comes: int, make_guide: MakeGuide, production: Environment, clock_at: ClockAt
) -> None:
    held = clock_at(NOON)
    guide = await make_guide(live_in=production)
    until = {"until": "2026-03-02T12:00:00Z"}
    await record(production, make_event(at_home, guide, ago=9, props=until), person="42")
    await record(production, make_event(in_browser, guide, ago=5, props=until), person=None, anonymous="a1")
    await identify(production.id, Identity("42", "a1"))
    assert await delivered(production, held) == comes


@pytest.mark.parametrize("until", [None, "", "tomorrow", 7, "2026-03-01T11:00:00Z"])
async def test_a_moment_that_cannot_be_read_or_is_past_puts_nothing_off(
    until: object, make_guide: MakeGuide, production: Environment, clock_at: ClockAt
) -> None:
    held = clock_at(NOON)
    guide = await make_guide(live_in=production)
    await record(production, make_event("snoozed", guide, props={"until": until}), person="42")
    assert await delivered(production, held) == 1


async def test_nobody_puts_a_guide_off_for_longer_than_a_year(make_guide: MakeGuide, production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    guide = await make_guide(live_in=production)
    await record(production, make_event("snoozed", guide, props={"until": "9999-01-01"}), person="42")
    held.move(days=367)
    assert await delivered(production, held) == 1
