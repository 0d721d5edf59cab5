"""What starts a guide and how often it comes: what the author set, what the browser is told, and what the server judges."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from guides.coercion import milliseconds
from guides.errors import NotReady
from guides.models import Environment, Member, Version
from guides.publishing import drafts
from guides.publishing.diff import changed_paths
from guides.publishing.guide_settings import GuideSettings
from guides.publishing.publish import publish
from tests.conftest import MakeGuide
from tests.fixtures.scenarios import ClockAt, boot, make_event, parse_time, record, tour

NOON = "2026-03-01T12:00:00Z"
MANY = {"attribute": {"of": "event", "name": "rows", "op": "greater", "value": 10}}
FILTERED = {"name": "exported", "where": MANY}
BUTTON = {"by": "text", "value": "New deal", "label": ""}


async def delivered(environment: Environment) -> dict[str, Any] | None:
    guides = (await boot(environment)).guides
    return orjson.loads(guides[0]) if guides else None


@pytest.mark.parametrize("end", ["completed", "dismissed"])
async def test_every_n_days_counts_from_when_it_ended(make_guide: MakeGuide, production: Environment, clock_at: ClockAt, end: str) -> None:
    held = clock_at(NOON)
    guide = await make_guide(live_in=production, frequency="every_days", repeat_after_days=7)
    await record(production, make_event("shown", guide, ago=60), make_event(end, guide))
    assert await delivered(production) is None
    held.move(days=5, hours=23)
    assert await delivered(production) is None
    held.move(hours=2)
    soon = await delivered(production)
    assert soon is not None and (soon["frequency"], soon["repeat_after_days"]) == ("every_days", 7)
    assert soon["progress"] == {"status": end, "item": None, "done": [], "at": milliseconds(parse_time(NOON))}
    held.move(days=1)
    due = await delivered(production)
    assert due is not None and due["progress"] is None


async def test_a_guide_of_every_n_days_that_runs_goes_on(make_guide: MakeGuide, production: Environment, clock_at: ClockAt) -> None:
    clock_at(NOON)
    guide = await make_guide(draft=tour("one"), live_in=production, frequency="every_days", repeat_after_days=7)
    await record(production, make_event("shown", guide, ago=2), make_event("step_shown", guide, "one", ago=1))
    going = await delivered(production)
    assert going is not None and going["progress"] == {"status": "started", "item": "one", "done": []}


@pytest.mark.parametrize(
    ("settings", "start", "trigger"),
    [
        ({}, "auto", None),
        ({"start": "manual", "delay_seconds": 5, "event": {"name": "x"}}, "manual", None),
        ({"delay_seconds": 5}, "auto", {"delay_seconds": 5}),
        ({"delay_seconds": 5, "cancel_event": {"name": "left"}}, "auto", {"delay_seconds": 5, "cancel_event": {"name": "left"}}),
        ({"cancel_event": {"name": "left"}}, "auto", None),
        ({"start": "on_event", "event": {"name": "exported"}}, "auto", {"event": {"name": "exported"}}),
        ({"start": "on_event", "event": FILTERED, "delay_seconds": 3}, "auto", {"event": FILTERED, "delay_seconds": 3}),
        ({"start": "on_click", "click": BUTTON, "event": {"name": "old"}}, "auto", {"click": BUTTON}),
    ],
)
async def test_the_browser_is_told_what_starts_a_guide(
    make_guide: MakeGuide, production: Environment, settings: dict[str, Any], start: str, trigger: Any
) -> None:
    guide = await make_guide(live_in=production, trigger={"page": "/deals"}, **settings)
    one = await delivered(production)
    assert one is not None and (one["start"], one.get("trigger")) == (start, trigger)
    page = {"page": "/deals"}
    assert one["rule"] == ({"all": [page, {"triggered": str(guide.id)}]} if trigger else page)


async def test_a_triggered_guide_somebody_is_done_with_stays_away(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production, start="on_event", event={"name": "exported"})
    await record(production, make_event("shown", guide, ago=2), make_event("dismissed", guide, ago=1))
    assert await delivered(production) is None


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"start": "on_event"}, "event"),
        ({"start": "on_event", "event": {"name": "  "}}, "event"),
        ({"start": "on_event", "event": {"name": "x", "where": {"page": "/"}}}, "event"),
        ({"start": "on_event", "event": {"name": "x", "where": {"attribute": {**MANY["attribute"], "of": "person"}}}}, "event"),
        ({"start": "on_event", "event": {"name": "x", "where": {"attribute": {**MANY["attribute"], "value": "many"}}}}, "event"),
        ({"start": "on_click"}, "click"),
        ({"start": "on_click", "click": {"by": "text", "value": " "}}, "click"),
        ({"delay_seconds": 601}, "delay_seconds"),
        ({"delay_seconds": "soon"}, "delay_seconds"),
        ({"frequency": "every_days", "repeat_after_days": 0}, "repeat_after_days"),
        ({"frequency": "every_days", "repeat_after_days": 366}, "repeat_after_days"),
        ({"audience": MANY}, "audience"),
        ({"trigger": {"not": MANY}}, "trigger"),
    ],
)
async def test_what_is_missing_is_said_at_its_field(
    make_guide: MakeGuide, production: Environment, editor: Member, settings: dict[str, Any], field: str
) -> None:
    guide = await make_guide(**settings)
    with pytest.raises(NotReady) as refused:
        await publish(guide, production, editor)
    assert {problem.path[:2] for problem in refused.value.problems} == {("settings", field)}


async def test_settings_without_the_later_fields_stay_the_same_version(
    make_guide: MakeGuide, production: Environment, editor: Member
) -> None:
    guide = await make_guide(live_in=production)
    version = await Version.get(guide=guide)
    assert set(version.settings) == {"audience", "trigger", "frequency", "priority", "start"}
    unused = {**guide.settings, "repeat_after_days": 30, "event": {"name": "old"}, "cancel_event": {"name": "old"}}
    await drafts.save_draft(guide, revision=1, by=editor, settings=unused)
    await guide.refresh_from_db()
    assert changed_paths(guide, version) == []
    assert (await publish(guide, production, editor)).number == 1


def test_what_a_version_keeps_is_read_again_as_it_was() -> None:
    for settings in (
        {"frequency": "every_days", "repeat_after_days": 30},
        {"start": "on_event", "event": {"name": "e", "where": MANY}, "delay_seconds": 3, "cancel_event": {"name": "c", "where": None}},
        {"start": "on_click", "click": BUTTON},
    ):
        kept = GuideSettings.model_validate(settings).canonical()
        assert GuideSettings.model_validate(kept).canonical() == kept and settings.items() <= kept.items()
