"""What the tour adds: steps that say something, stand somewhere and lead on, and a place to go on at."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from guides.clock import now
from guides.kind import Effect, Event, Lane, Person, Progress, Visit
from guides.kinds.tour import TourBody, kind
from tests.fixtures.scenarios import tour

TARGET = {"by": "name", "value": "new-deal", "label": ""}
BACK = {"key": "back", "label": "Back", "action": {"do": "back"}}
NO_TEXT = {"type": "doc", "content": []}


def step(**more: Any) -> dict[str, Any]:
    """A tour of one step that is ready, but for what is given."""
    draft = tour("one")
    draft["steps"][0].update(more)
    return draft


def problems(draft: dict[str, Any]) -> dict[str, str]:
    """The problems by their dotted path."""
    found = kind.check(TourBody.model_validate(draft))
    return {".".join(str(part) for part in problem.path): problem.message for problem in found}


def test_a_tour_takes_the_focus_and_tells_of_its_steps() -> None:
    assert kind.lane(kind.starter()) == Lane.FOCUS
    assert kind.events == {
        "step_shown": Effect.REACHED,
        "step_done": Effect.DONE,
        "clicked": Effect.NOTED,
        "target_missing": Effect.NOTED,
    }


def test_a_new_tour_welcomes_and_can_be_finished() -> None:
    [first] = kind.starter().steps
    assert (first.title, [button.action.do for button in first.buttons]) == ("Welcome", ["finish"])


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({}, None),
        ({"title": "", "text": NO_TEXT}, "title"),
        ({"title": "", "text": {"type": "doc", "content": [{"type": "paragraph", "content": []}]}}, "title"),
        ({"title": "", "text": tour("x", text="words")["steps"][0]["text"]}, None),
        ({"layout": "popover"}, "target"),
        ({"layout": "popover", "target": TARGET | {"value": " "}}, "target"),
        ({"layout": "popover", "target": TARGET}, None),
        ({"layout": "slideout"}, None),
        ({"advance": "target"}, "target"),
        ({"advance": "target", "target": TARGET, "buttons": []}, None),
        ({"advance": "page", "buttons": []}, None),
        ({"buttons": []}, "buttons"),
        ({"buttons": [BACK]}, "buttons"),
        ({"buttons": [BACK, {"key": "on", "label": "On", "action": {"do": "close"}}]}, None),
        ({"buttons": [{"key": "on", "label": "", "action": {"do": "next"}}]}, "buttons.0.label"),
        ({"buttons": [{"key": "on", "label": "On", "action": {"do": "start", "guide": ""}}]}, "buttons.0.action.guide"),
        ({"buttons": [{"key": "on", "label": "On", "action": {"do": "start", "guide": "0" * 36}}]}, None),
        ({"advance": "time", "buttons": []}, None),
        ({"closable": False}, None),
        ({"closable": False, "advance": "target", "target": TARGET, "buttons": []}, "buttons"),
        ({"closable": False, "advance": "time", "buttons": [BACK]}, "buttons"),
        ({"closable": False, "buttons": [{"key": "on", "label": "On", "action": {"do": "close"}}]}, "buttons"),
        ({"closable": False, "buttons": [BACK, {"key": "on", "label": "On", "action": {"do": "open", "url": "/x"}}]}, None),
        ({"extra_targets": [TARGET]}, None),
        ({"extra_targets": [TARGET, TARGET | {"value": ""}]}, "extra_targets.1"),
    ],
)
def test_a_step_says_something_stands_somewhere_and_leads_on(more: dict[str, Any], path: str | None) -> None:
    found = problems(step(**more))
    assert list(found) == ([] if path is None else [f"steps.0.{path}"])


def test_each_step_is_told_its_own_problem() -> None:
    draft = tour("one", "two", "three")
    draft["steps"][1]["layout"] = "popover"
    draft["steps"][2].update(title="", buttons=[])
    assert list(problems(draft)) == ["steps.1.target", "steps.2.title", "steps.2.buttons"]


def test_two_steps_never_share_a_key() -> None:
    assert list(problems(tour("one", "two", "one"))) == ["steps.2.key"]


@pytest.mark.parametrize(
    "draft",
    [
        {},
        {"steps": []},
        tour(*(f"s{number}" for number in range(201))),
        tour("one") | {"colour": "red"},
        step(key="Has Space"),
        step(key=""),
        step(key="x" * 41),
        step(layout="hologram"),
        step(title="x" * 201),
        step(title="a\x00b"),
        step(page="deals"),
        step(buttons=[BACK] * 5),
        step(buttons=[{"key": "on", "label": "x" * 61, "action": {"do": "next"}}]),
        step(buttons=[{"key": "on", "label": "On", "action": {"do": "run", "script": "alert(1)"}}]),
        step(buttons=[{"key": "on", "label": "On", "action": {"do": "open", "url": "javascript:alert(1)"}}]),
        step(buttons=[{"key": "on", "label": "On", "action": {"do": "next", "url": "/x"}}]),
        step(target=TARGET | {"by": "xpath"}),
        step(text={"type": "html", "content": "<b>"}),
        step(align="left"),
        step(backdrop_clicks="swallow"),
        step(on_backdrop_click="finish"),
        step(extra_targets=[TARGET] * 5),
        step(advance="time", seconds=2),
        step(advance="time", seconds=61),
        tour("one") | {"on_page_left": "restart"},
    ],
)
def test_what_is_no_tour_is_refused(draft: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TourBody.model_validate(draft)


def test_keys_survive_and_missing_ones_are_made() -> None:
    draft = step(key="kept")
    del draft["steps"][0]["buttons"][0]["key"]
    body = TourBody.model_validate(draft)
    assert body.steps[0].key == "kept" and len(body.steps[0].buttons[0].key) == 8
    assert TourBody.model_validate(body.model_dump(mode="json")) == body


@pytest.mark.parametrize(
    ("told", "item", "done"),
    [
        ([], None, []),
        ([("step_shown", "one")], "one", []),
        ([("step_shown", "one"), ("step_done", "one"), ("step_shown", "two")], "two", ["one"]),
        ([("step_done", "one"), ("step_done", "one")], None, ["one"]),
        ([("step_shown", "two"), ("step_shown", "one")], "one", []),
        ([("step_shown", "one"), ("clicked", "two"), ("target_missing", "two")], "one", []),
        ([("step_shown", "one"), ("step_shown", "gone"), ("step_done", "gone"), ("step_shown", None), ("step_done", None)], "one", []),
    ],
)
def test_a_tour_remembers_the_step_on_screen_and_those_behind(
    told: list[tuple[str, str | None]], item: str | None, done: list[str]
) -> None:
    body, progress = TourBody.model_validate(tour("one", "two")), Progress()
    for name, step_key in told:
        kind.advance(progress, Event(name, step_key, now(), {}), body)
    assert (progress.item, progress.done) == (item, done)


def test_a_report_shows_the_steps_as_a_funnel_and_elements_that_were_missing() -> None:
    draft = tour("one", "two")
    draft["steps"][1]["title"] = ""
    draft["steps"][0] |= {"layout": "popover", "target": {"by": "name", "value": "new-deal", "label": ""}}
    funnel, missing, found = kind.metrics(TourBody.model_validate(draft))
    assert (funnel.event, list(getattr(funnel, "items", []))) == ("step_shown", [("one", "One"), ("two", "Step 2")])
    assert (missing.event, getattr(missing, "people", None)) == ("target_missing", True)
    assert (found.event, getattr(found, "items", [])) == ("step_shown", [("one", "One")])


def test_a_plain_step_is_delivered_without_what_it_does_not_use() -> None:
    body = TourBody.model_validate(tour("one"))
    plain = {
        "key",
        "layout",
        "title",
        "text",
        "target",
        "side",
        "corner",
        "buttons",
        "advance",
        "advance_page",
        "page",
        "backdrop",
        "if_target_missing",
    }
    assert set(body.model_dump(mode="json")["steps"][0]) == plain
    assert set(body.model_dump(mode="json")) == {"steps", "progress"}


def test_everybody_gets_the_same_tour() -> None:
    body = TourBody.model_validate(tour("one"))
    assert (
        kind.deliver(body, Visit(Person("42", {"plan": "pro"})))
        == kind.deliver(body, Visit(Person(None, {})))
        == body.model_dump(mode="json")
    )
