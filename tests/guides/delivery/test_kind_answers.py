"""What kinds say of their bodies reaches the browser: items, goals, effects, state, shared progress and listings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
import pytest

from guides.kind import Capability, Goal, Kind, Scope
from guides.models import Environment
from guides.people.identify import Identity
from guides.registry import kind_named
from tests.conftest import MakeGuide
from tests.fixtures.scenarios import ClockAt, boot, make_event, plan, record, tour

ON_DEALS = {"page": "/deals"}
SayOfTours = Callable[..., None]


@pytest.fixture
def say_of_tours(monkeypatch: pytest.MonkeyPatch) -> SayOfTours:
    """Makes tours answer as said: attributes and methods of the kind by name."""

    def say(**answers: Any) -> None:
        kind: Kind = type("AnsweringTour", (type(kind_named("tour")),), answers)()
        for module in ("guides.publishing.compiled", "guides.events.resolve"):
            monkeypatch.setattr(f"{module}.kind_named", lambda slug: kind)

    return say


def goals(*goals: Goal) -> dict[str, Any]:
    """The goals of every tour."""
    return {"goals": lambda self, body: goals}


async def delivered(environment: Environment, who: Any = "42", **more: Any) -> dict[str, Any]:
    """The one guide of a boot."""
    [guide] = [orjson.loads(guide) for guide in (await boot(environment, who, **more)).guides]
    return dict(guide)


@pytest.mark.parametrize(
    ("person", "items"),
    [
        ({"plan": "pro"}, [{"key": "one"}, {"key": "two"}, {"key": "three", "rule": ON_DEALS}]),
        ({"plan": "trial"}, [{"key": "one"}, {"key": "three", "rule": ON_DEALS}]),
    ],
)
async def test_the_items_that_may_be_there_for_a_person_are_named(
    make_guide: MakeGuide, production: Environment, person: dict[str, Any], items: list[Any]
) -> None:
    draft = tour("one", "two", "three")
    draft["steps"][1]["conditions"] = plan("pro")
    draft["steps"][2]["conditions"] = ON_DEALS
    await make_guide(draft=draft, live_in=production)
    assert (await delivered(production, Identity("42", attributes=person)))["items"] == items


@pytest.mark.parametrize(
    ("person", "wire"),
    [
        ({"plan": "pro"}, [{"item": "one"}, {"item": None, "rule": ON_DEALS, "after_start": True}]),
        ({"plan": "trial"}, [{"item": None, "rule": ON_DEALS, "after_start": True}]),
    ],
)
async def test_goals_travel_as_far_as_they_are_open(
    say_of_tours: SayOfTours, make_guide: MakeGuide, production: Environment, person: dict[str, Any], wire: Sequence[Any]
) -> None:
    say_of_tours(**goals(Goal("one", plan("pro")), Goal(None, ON_DEALS, after_start=True)))
    await make_guide(draft=tour("one"), live_in=production)
    assert (await delivered(production, Identity("42", attributes=person)))["goals"] == wire


async def test_a_goal_that_is_reached_is_asked_no_more(say_of_tours: SayOfTours, make_guide: MakeGuide, production: Environment) -> None:
    say_of_tours(**goals(Goal("one", ON_DEALS)))
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    assert (await delivered(production))["goals"] == [{"item": "one", "rule": ON_DEALS}]
    await record(production, make_event("shown", guide, ago=2), make_event("goal_reached", guide, "one"))
    after = await delivered(production)
    assert ("goals" in after, after["progress"]["done"]) == (False, ["one"])


async def test_progress_is_shared_in_a_company_where_the_kind_says_so(
    say_of_tours: SayOfTours, make_guide: MakeGuide, production: Environment
) -> None:
    say_of_tours(scope=lambda self, body: Scope.COMPANY)
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    for person, company in (("ada", "acme"), ("bob", "acme"), ("eve", "other")):
        await boot(production, Identity(person, company=company))
    await record(production, make_event("shown", guide, ago=2), make_event("step_done", guide, "one"), person="ada")
    assert (await delivered(production, Identity("bob", company="acme")))["progress"]["done"] == ["one"]
    assert (await delivered(production, Identity("eve", company="other")))["progress"] is None
    await record(production, make_event("shown", guide, ago=2), make_event("step_done", guide, "two"), person="bob")
    assert (await delivered(production, Identity("bob", company="acme")))["progress"]["done"] == ["two", "one"]


async def test_a_guide_that_comes_again_asks_its_goals_again(
    say_of_tours: SayOfTours, make_guide: MakeGuide, production: Environment
) -> None:
    say_of_tours(**goals(Goal("one", ON_DEALS)))
    guide = await make_guide(draft=tour("one", "two"), live_in=production, frequency="until_finished")
    await record(
        production, make_event("shown", guide, ago=3), make_event("goal_reached", guide, "one", ago=2), make_event("dismissed", guide)
    )
    again = await delivered(production)
    assert (again["progress"]["done"], again["goals"]) == ([], [{"item": "one", "rule": ON_DEALS}])


@pytest.mark.parametrize("end", [["dismissed"], []])
async def test_a_shared_guide_that_comes_again_begins_with_what_the_company_has_done(
    say_of_tours: SayOfTours, make_guide: MakeGuide, production: Environment, clock_at: ClockAt, end: list[str]
) -> None:
    say_of_tours(scope=lambda self, body: Scope.COMPANY, **goals(Goal("one", ON_DEALS), Goal("two", ON_DEALS)))
    held = clock_at("2026-03-01T12:00:00Z")
    guide = await make_guide(draft=tour("one", "two"), live_in=production, frequency="always")
    for person in ("ada", "bob"):
        await boot(production, Identity(person, company="acme"))
    await record(production, *(make_event(name, guide) for name in ("shown", *end)), person="bob")
    held.move(days=31)
    await record(production, make_event("shown", guide, ago=2), make_event("step_done", guide, "one"), person="ada")
    again = await delivered(production, "bob")
    assert (again["progress"]["done"], again["goals"]) == (["one"], [{"item": "two", "rule": ON_DEALS}])


async def test_the_state_of_a_run_comes_back(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    await record(production, make_event("shown", guide, ago=3), make_event("state_saved", guide, props={"page": 2}))
    assert (await delivered(production))["progress"]["state"] == {"page": 2}


async def test_declared_effects_are_said_once_for_a_kind(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(live_in=production)
    assert (await boot(production)).effects == {"tour": {"step_shown": "reached", "step_done": "done"}}
    assert (await boot(production)).listings == {}


async def test_guides_are_listed_for_those_who_may_have_them(
    say_of_tours: SayOfTours, make_guide: MakeGuide, production: Environment
) -> None:
    say_of_tours(capabilities=frozenset({Capability.LISTED, Capability.LISTS}))
    everybody = await make_guide(draft=tour("one"), live_in=production)
    somewhere = await make_guide(draft=tour("one"), live_in=production, trigger=ON_DEALS)
    await make_guide(draft=tour("one"), live_in=production, audience=plan("pro"))
    listings = (await boot(production)).listings
    assert listings == {str(guide.id): {"title": "One"} for guide in (everybody, somewhere)}
