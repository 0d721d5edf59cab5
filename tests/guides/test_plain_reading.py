"""Random histories over days: what is delivered and reported is what a plain reading of the manual says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
import pytest

from guides import clock
from guides.kind import Count, CountByItem, Effect, Goal, Kind, Metric, Scope, Score
from guides.models import Environment, Guide
from guides.people.identify import Identity
from guides.registry import kind_named
from guides.reports.report import get_report
from tests.conftest import HeldClock, MakeGuide
from tests.fixtures.scenarios import ClockAt, boot, make_event, record, tour

KEYS = ("one", "two", "three")
DONE_PAGE = {"page": "/done"}
NAMES = [*["shown", "ticked", "opened", "rated"] * 2, "unticked", "completed", "dismissed", "state_saved", "goal_reached", "snoozed"]
REPEAT_AFTER, LONGEST_RUN = timedelta(days=2), timedelta(days=30)
METRICS: Sequence[Metric] = (
    Count("People", "ticked"),
    Count("Times", "ticked", people=False),
    CountByItem("Ticked", "ticked", [(key, key) for key in KEYS]),
    Score("Rating", "rated", "one", (0, 10), nps=True),
)


@dataclass
class Known:
    """One person as the manual has it: the run they are in, and all that happened."""

    happened: list[dict[str, Any]] = field(default_factory=list)
    status: str = ""
    item: str | None = None
    done: list[str] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    has_finished: bool = False
    ended: Any = None
    last: Any = None
    rests_until: Any = None

    def begin(self) -> None:
        """A new run, with nothing done."""
        self.status, self.item, self.done, self.state, self.ended = "started", None, [], {}, None

    def take(self, event: dict[str, Any]) -> None:
        """What one event does."""
        name, item, now = event["name"], event["item"], clock.now()
        self.happened.append({**event, "day": now.date()})
        if not self.status or (name == "shown" and (self.status != "started" or now - self.last > LONGEST_RUN)):
            self.begin()
        self.last = now
        match name:
            case "shown":
                self.rests_until = None
            case "snoozed":
                self.rests_until = now + timedelta(days=1)
            case "state_saved":
                self.state = event["props"]
            case "completed":
                self.ended = self.ended if self.status == "completed" else now
                self.status, self.has_finished = "completed", True
            case "dismissed" if self.status != "completed":
                self.status, self.ended = "dismissed", now
            case "opened":
                self.item = item
            case "ticked" | "goal_reached" if item not in self.done:
                self.done.append(item)
            case "unticked" if item in self.done:
                self.done.remove(item)

    def is_going(self) -> bool:
        """Whether they are in the middle of it."""
        return self.status == "started" and clock.now() - self.last <= LONGEST_RUN

    def comes(self, frequency: str) -> bool:
        """Whether the guide is for them now."""
        if self.rests_until and clock.now() < self.rests_until:
            return False
        if self.status in ("", "started") or frequency == "always":
            return True
        if frequency == "until_finished":
            return not self.has_finished
        return frequency == "every_days" and bool(clock.now() - self.ended >= REPEAT_AFTER)


@pytest.fixture(autouse=True)
def ticked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tours whose steps can be ticked, some of them by the whole company."""
    answers: dict[str, Any] = {
        "events": {"ticked": Effect.DONE, "unticked": Effect.UNDONE, "opened": Effect.REACHED, "rated": Effect.NOTED},
        "advance": Kind.advance,
        "goals": lambda self, body: [Goal(key, DONE_PAGE) for key in KEYS],
        "scope": lambda self, body: Scope.COMPANY if body.steps[0].title == "Shared" else Scope.PERSON,
        "metrics": lambda self, body: METRICS,
        "read": Kind.read,
    }
    kind = type("TickedTour", (type(kind_named("tour")),), answers)()
    for module in ("guides.publishing.compiled", "guides.events.resolve", "guides.reports.report"):
        monkeypatch.setattr(f"{module}.kind_named", lambda slug: kind)


@pytest.mark.parametrize("is_shared", [False, True])
@pytest.mark.parametrize("frequency", ["once", "until_finished", "every_days", "always"])
async def test_every_history_reads_as_the_manual_says(
    frequency: str, is_shared: bool, make_guide: MakeGuide, production: Environment, clock_at: ClockAt
) -> None:
    held, chance = clock_at("2026-03-01T12:00:00Z"), random.Random(f"{frequency} {is_shared}")
    draft = tour(*KEYS)
    draft["steps"][0]["title"] = "Shared" if is_shared else "Own"
    guide = await make_guide(draft=draft, live_in=production, frequency=frequency, repeat_after_days=REPEAT_AFTER.days)
    people = {name: Known() for name in ("ada", "bob", "eve")}
    for name in people:
        await boot(production, Identity(name, company="other" if name == "eve" else "acme"))
    first = held.moment.date()
    for _ in range(60):
        held.move(seconds=chance.choice([1, 60, 3600, 40_000, 90_000]))
        if chance.random() < 0.03:
            held.move(days=31)
        name = chance.choice(list(people))
        await _happens(production, guide, people[name], name, chance)
        await _compare_boot(production, people, name, frequency, is_shared)
    await _compare_report(production, guide, people, first, held)


async def _happens(production: Environment, guide: Guide, known: Known, person: str, chance: random.Random) -> None:
    """One event, perhaps told twice."""
    name = chance.choice(NAMES)
    item = "one" if name == "rated" else chance.choice(KEYS) if name in ("ticked", "unticked", "opened", "goal_reached") else None
    props = {"rated": {"value": chance.randint(0, 10)}, "state_saved": {"page": chance.randint(0, 9)}}.get(name, {})
    if name == "snoozed":
        props = {"until": (clock.now() + timedelta(days=1)).isoformat()}
    event = make_event(name, guide, item, props=props)
    known.take(event)
    for _ in range(chance.choice([1, 1, 2])):
        await record(production, event, person=person)


async def _compare_boot(production: Environment, people: dict[str, Known], name: str, frequency: str, is_shared: bool) -> None:
    known = people[name]
    guides = [orjson.loads(guide) for guide in (await boot(production, name)).guides]
    wire = guides[0] if guides else None
    progress = (wire and wire["progress"]) or {}
    # a guide of every n days may come a little earlier, with the moment it ended for the browser to judge
    is_early = bool(wire) and "at" in progress and clock.milliseconds() < progress["at"] + REPEAT_AFTER.total_seconds() * 1000
    assert (wire is not None and not is_early) is known.comes(frequency)
    if wire is None:
        return
    done = set(known.done) if known.is_going() else set()
    if is_shared:
        done = done.union(*(other.done for each, other in people.items() if (each == "eve") is (name == "eve")))
    assert set(progress.get("done", [])) == done
    assert wire.get("goals", []) == [{"item": key, "rule": DONE_PAGE} for key in KEYS if key not in done]
    going = (known.item, known.state) if known.is_going() else (None, {})
    assert (progress.get("item"), progress.get("state", {})) == going


async def _compare_report(production: Environment, guide: Guide, people: dict[str, Known], first: Any, held: HeldClock) -> None:
    days = (held.moment.date() - first).days
    for since, until in ((first, first + timedelta(days=days)), (first + timedelta(days=days // 4), first + timedelta(days=days // 2))):
        report = await get_report(guide, production, since, until)
        events = [(name, event) for name, known in people.items() for event in known.happened if since <= event["day"] <= until]
        counted = {event: len({name for name, told in events if told["name"] == event}) for event in NAMES}
        assert (report.shown, report.completed, report.dismissed) == tuple(counted[name] for name in ("shown", "completed", "dismissed"))
        ticks = [(name, event["item"]) for name, event in events if event["name"] == "ticked"]
        assert dict(report.counts) == {"People": counted["ticked"], "Times": len(ticks)}
        assert {step.key: step.people for step in report.funnels[0][1]} == {
            key: len({n for n, item in ticks if item == key}) for key in KEYS
        }
        latest = Counter({name: event["props"]["value"] for name, event in events if event["name"] == "rated"}.values())
        assert {value: people for value, people in report.answers[0].values if people} == dict(latest)  # type: ignore[union-attr]
        good, bad = (sum(latest[value] for value in values) for values in (range(9, 11), range(7)))
        points = report.answers[0].nps.points  # type: ignore[union-attr]
        assert points == pytest.approx(100 * (good - bad) / latest.total()) if latest else points is None
        for day in report.days:
            assert day.shown == len({name for name, event in events if event["name"] == "shown" and event["day"] == day.day})
