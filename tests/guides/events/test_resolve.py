"""What a kind says of its events: it may refuse or rewrite them, keep a state, and set attributes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from guides.database import as_json, rows
from guides.kind import Effect, Event, Kind, Progress, SetAttribute
from guides.models import Environment, Person
from guides.models import Progress as ProgressRow
from guides.registry import kind_named
from tests.conftest import MakeGuide
from tests.fixtures.scenarios import make_event, record, tour

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Rated:
    """The tour, as if people gave its steps a number from 0 to 10."""

    events = {"rated": Effect.DONE, "failed": Effect.NOTED}

    def read(self, event: Event, body: Any) -> Event | None:
        """Takes whole numbers on the scale, and leaves out all else they send."""
        if event.name != "rated":
            return event
        value = event.props.get("value")
        return Event(event.name, event.item, event.at, {"value": value}) if isinstance(value, int) and 0 <= value <= 10 else None

    def advance(self, progress: Progress, event: Event, body: Any) -> Iterable[SetAttribute]:
        """Binds the number to an attribute."""
        Kind.advance(self, progress, event, body)  # type: ignore[arg-type]
        if event.name == "failed":
            raise RuntimeError("the kind fails")
        return [SetAttribute("rating", event.props["value"])] if event.name == "rated" else []


@pytest.fixture(autouse=True)
def rated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every guide one that can be rated."""
    kind = type("RatedTour", (Rated, type(kind_named("tour"))), {})()
    for module in ("guides.publishing.compiled", "guides.events.resolve"):
        monkeypatch.setattr(f"{module}.kind_named", lambda slug: kind)


async def test_what_no_honest_renderer_sends_is_refused(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    values: list[Any] = [11, "7", None, [7]]
    result = await record(
        production, make_event("shown", guide), *(make_event("rated", guide, "one", props={"value": value}) for value in values)
    )
    assert (result.accepted, {(drop["code"], drop["field"]) for drop in result.dropped}) == (1, {("refused_event", "props")})
    assert len(result.dropped) == 4


async def test_what_the_kind_reads_is_what_is_stored(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    await record(production, make_event("rated", guide, "one", props={"value": 9, "forged": "yes"}))
    [row] = await rows("SELECT props FROM event WHERE name = 'rated'")
    assert as_json(row["props"]) == {"value": 9}
    assert (await ProgressRow.get(guide=guide)).done_items == ["one"]


async def test_an_answer_sets_the_attribute_the_kind_asks_for(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    await record(
        production, make_event("rated", guide, "one", props={"value": 9}, ago=3), make_event("rated", guide, "one", props={"value": 4})
    )
    assert (await Person.get(external_id="42")).attributes == {"rating": 4}


async def test_a_kind_that_fails_costs_no_event(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    result = await record(production, make_event("failed", guide, "one"), make_event("rated", guide, "one", props={"value": 1}))
    assert (result.accepted, result.dropped) == (2, [])


async def test_the_state_of_a_kind_is_kept_up_to_four_kilobytes(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    await record(production, make_event("shown", guide, ago=9), make_event("state_saved", guide, props={"page": 2}, ago=5))
    late = await record(production, make_event("state_saved", guide, props={"page": 1}, ago=7))
    large = await record(production, make_event("state_saved", guide, props={"text": "x" * 4096}))
    assert late.accepted == 1
    assert (large.accepted, large.dropped[0]["code"], large.dropped[0]["field"]) == (0, "too_large", "props")
    assert (await ProgressRow.get(guide=guide)).state == {"page": 2}


ANSWERS_TO_READ: list[Any] = [
    "text",
    True,
    Event("failed", 7, NOON, {}),  # type: ignore[arg-type]
    Event("failed", "k" * 41, NOON, {}),
    Event("failed", None, NOON, {"value": object()}),
    Event("failed", None, NOON, {"value": "\ud800"}),
    Event("failed", None, NOON, {"value": "\x00"}),
    Event("failed", None, NOON, [1]),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("answer", ANSWERS_TO_READ, ids=range(len(ANSWERS_TO_READ)))
async def test_an_answer_that_cannot_be_stored_costs_no_event(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(Rated, "read", lambda self, event, body: answer)
    monkeypatch.setattr(Rated, "advance", lambda self, progress, event, body: ())
    guide = await make_guide(draft=tour("one"), live_in=production)
    result = await record(production, make_event("rated", guide, "one", props={"value": 9}), make_event("good"))
    assert (result.accepted, result.dropped) == (2, [])
    [row] = await rows("SELECT item, props FROM event WHERE name = 'rated'")
    assert (row["item"], as_json(row["props"])) == ("one", {"value": 9})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "paused"),
        ("status", None),
        ("item", 7),
        ("item", "k" * 41),
        ("done", None),
        ("done", [7]),
        ("done", [object()]),
        ("state", None),
        ("state", {1: 2}),
        ("state", {"a": object()}),
        ("state", {"a": "\ud800"}),
        ("state", {"a": "\x00"}),
        ("state", {"a": "x" * 4096}),
    ],
)
async def test_progress_that_cannot_be_stored_stays_as_it_was(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch, field: str, value: Any
) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    await record(production, make_event("shown", guide, ago=9), make_event("rated", guide, "one", props={"value": 1}, ago=5))
    monkeypatch.setattr(Rated, "advance", lambda self, progress, event, body: setattr(progress, field, value))
    result = await record(production, make_event("rated", guide, "one", props={"value": 9}), make_event("good"))
    row = await ProgressRow.get(guide=guide)
    assert (result.accepted, row.status, row.current_item, row.done_items, row.state) == (2, "started", None, ["one"], {})


@pytest.mark.parametrize("answer", ["text", [None], [{"name": "rating"}], SetAttribute("rating", 1), [SetAttribute(7, 1)]], ids=repr)  # type: ignore[arg-type]
async def test_what_is_no_attribute_to_set_costs_no_event(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(Rated, "advance", lambda self, progress, event, body: answer)
    guide = await make_guide(draft=tour("one"), live_in=production)
    assert (await record(production, make_event("rated", guide, "one", props={"value": 9}), make_event("good"))).accepted == 2
    assert (await Person.get(external_id="42")).attributes == {}


async def test_a_kind_that_cannot_say_what_to_count_costs_no_event(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rated, "metrics", lambda self, body: None, raising=False)
    guide = await make_guide(draft=tour("one"), live_in=production)
    assert (await record(production, make_event("shown", guide), make_event("good"))).accepted == 2
