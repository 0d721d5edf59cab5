"""Steps that are only for some people or some pages: passed over both ways, and not counted."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import button, step

BOTH = [button("Back", "back"), button("Next")]
NEVER: dict[str, Any] = {"any": []}
UNANSWERED = {"attribute": {"of": "person", "name": "plan", "op": "is", "value": "trial"}}


def on_page(pattern: str, op: str = "is") -> dict[str, Any]:
    return {"page": pattern} if op == "is" else {"not": {"page": pattern}}


def with_element(value: str, by: str = "name", op: str = "is") -> dict[str, Any]:
    condition = {"element": {"by": by, "value": value, "label": ""}}
    return condition if op == "is" else {"not": condition}


def open_tour(page: Page, mock: MockServer, *rules: dict[str, Any] | None, **more: Any) -> None:
    """A tour of as many steps, each only where that holds."""
    names = ["first", "second", "third", "fourth", "fifth"]
    steps = [step(name, "slideout", buttons=BOTH, conditions=rule) for name, rule in zip(names, rules, strict=False)]
    mock.guides = [guide(*steps, **{"progress": "count", **more})]
    mock.visit(page, body=SPOT)


def seen(page: Page, title: str, place: str) -> None:
    expect(expect_step(page, title).get_by_text(place)).to_be_visible()
    wait_for_frames(page)


def press(page: Page, label: str) -> None:
    surface(page).get_by_role("button", name=label, exact=True).click()


def test_it_is_passed_over_forth_and_back_and_not_counted(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, None, NEVER, None, on_page("/elsewhere"), None)
    for title, place, label in (
        ("First", "Step 1 of 3", "Next"),
        ("Third", "Step 2 of 3", "Next"),
        ("Fifth", "Step 3 of 3", "Back"),
        ("Third", "Step 2 of 3", "Back"),
        ("First", "Step 1 of 3", "Next"),
    ):
        seen(page, title, place)
        press(page, label)
    seen(page, "Third", "Step 2 of 3")


@pytest.mark.parametrize("progress", ["dots", "count"])
def test_of_what_is_left_the_first_has_no_way_back_and_the_last_is_done(page: Page, mock: MockServer, progress: str) -> None:
    names = ("first", "second", "third")
    steps = [step(name, "slideout", conditions=rule, buttons=[]) for name, rule in zip(names, (NEVER, None, UNANSWERED), strict=True)]
    mock.guides = [guide(*steps, progress=progress)]
    mock.visit(page)
    shown = expect_step(page, "Second")
    expect(shown.get_by_text("Step")).to_have_count(0)
    expect(shown.get_by_role("img")).to_have_count(0)
    expect(shown.get_by_role("button")).to_have_text(["Done", "×"])
    wait_for_frames(page)
    surface(page).get_by_role("button", name="Done").focus()
    page.keyboard.press("ArrowLeft")
    expect_step(page, "Second")
    press(page, "Done")
    expect(surface(page)).to_have_count(0)
    mock.flush(page)
    assert mock.event_names("completed") == ["completed"] and mock.event_names("dismissed") == []


def test_past_the_first_it_ends_as_closed(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, NEVER, None, None)
    expect(expect_step(page, "Second").get_by_role("button", name="Back")).to_have_count(0)
    wait_for_frames(page)
    call(page, "back")
    expect(surface(page)).to_have_count(0)
    assert [event["props"] for event in mock.flush(page) if event["name"] == "dismissed"] == [{"reason": "skipped"}]


def test_past_the_last_it_ends_as_finished(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, None, NEVER, NEVER)
    seen_alone = expect_step(page, "First")
    wait_for_frames(page)
    seen_alone.get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    mock.flush(page)
    assert mock.event_names("completed") == ["completed"]


def test_where_no_step_is_for_somebody_nothing_shows(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, NEVER, NEVER)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)
    mock.flush(page)
    assert mock.event_names() == []
    mock.guides[0]["items"] = [{"key": "second"}]
    page.reload()
    expect_step(page, "Second")


ELEMENTS = [
    (with_element("spot"), True),
    (with_element("spot", op="is_not"), False),
    (with_element("nowhere"), False),
    (with_element("nowhere", op="is_not"), True),
    (with_element("#spot", "css"), True),
    (with_element("A spot", "text"), True),
    (with_element("A spot", "text", "is_not"), False),
    (on_page("/"), True),
    (on_page("/", "is_not"), False),
]


@pytest.mark.parametrize(("asked", "is_shown"), ELEMENTS, ids=lambda each: str(each)[:90])
def test_page_and_element_are_looked_at_where_the_person_is(page: Page, mock: MockServer, asked: dict[str, Any], is_shown: bool) -> None:
    open_tour(page, mock, asked, None)
    shown = expect_step(page, "First" if is_shown else "Second")
    expect(shown.get_by_text("Step 1 of 2")).to_have_count(int(is_shown))


def test_what_changed_meanwhile_counts_when_the_next_step_is_looked_for(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, None, with_element("late"), None)
    seen(page, "First", "Step 1 of 2")
    page.evaluate("() => spot.after(Object.assign(document.createElement('b'), {textContent: 'Late'}))")
    page.evaluate("() => spot.nextSibling.setAttribute('data-handrail-target', 'late')")
    press(page, "Next")
    seen(page, "Second", "Step 2 of 3")


@pytest.mark.parametrize("asked", [on_page("/there"), with_element("late")], ids=["page", "element"])
def test_where_no_step_is_for_somebody_it_begins_once_one_is(page: Page, mock: MockServer, asked: dict[str, Any]) -> None:
    with page.expect_response(lambda answer: "/items.js" in answer.url):
        open_tour(page, mock, NEVER, asked)
    wait_for_frames(page)
    page.evaluate("() => { history.pushState({}, '', '/there'); spot.setAttribute('data-handrail-target', 'late'); }")
    expect_step(page, "Second")


def test_where_no_step_is_for_somebody_it_begins_once_the_product_says_so(page: Page, mock: MockServer) -> None:
    with page.expect_response(lambda answer: "/items.js" in answer.url):
        open_tour(page, mock, NEVER, NEVER)
    wait_for_frames(page)
    mock.guides[0]["items"] = [{"key": "second"}]
    call(page, "updateUser", {"plan": "trial"})
    page.evaluate("() => history.pushState({}, '', '/there')")
    expect_step(page, "Second")
