"""Steps: their order, their buttons, and where a tour begins and ends."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.embed_page import HOST, OPEN, MockServer, call, expect_step, guide, host_events, surface, wait_for_frames
from tests.browser.scenarios import button, step

DONE = {"buttons": [button("Done", "finish")]}
BOTH = {"buttons": [button("Back", "back"), button("Next")]}


def three(**more: Any) -> dict[str, Any]:
    return guide(step("first"), step("second", "slideout", **BOTH), step("third", "slideout", **DONE), **more)


def press(page: Page, label: str) -> None:
    surface(page).get_by_role("button", name=label, exact=True).click()


def test_three_steps_show_in_order_and_end_with_one_completion_and_nothing_on_screen(page: Page, mock: MockServer) -> None:
    mock.guides = [three()]
    mock.visit(page)
    for title, label in (("First", "Next"), ("Second", "Next"), ("Third", "Done")):
        expect_step(page, title)
        wait_for_frames(page)
        press(page, label)
    expect(surface(page)).to_have_count(0)
    mock.flush(page)
    names = [(event["name"], event.get("item")) for event in mock.events if event["name"] != "clicked"]
    walked = [(name, key) for key in ("first", "second", "third") for name in ("step_shown", "step_done")]
    assert names == [("shown", None), *walked, ("completed", None)]
    assert page.locator("handrail-root :popover-open, handrail-root [open], handrail-root .hr-spotlight").count() == 0


def test_the_first_step_offers_no_way_back_and_the_left_arrow_does_not_close_it(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", **BOTH), step("second"))]
    mock.visit(page)
    expect_step(page, "First")
    expect(surface(page).get_by_role("button", name="Back")).to_have_count(0)
    surface(page).get_by_role("button", name="Next").focus()
    page.keyboard.press("ArrowLeft")
    wait_for_frames(page)
    expect_step(page, "First")


def test_going_back_is_a_revisit_and_no_new_start(page: Page, mock: MockServer) -> None:
    mock.guides = [three()]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    press(page, "Next")
    expect_step(page, "Second")
    press(page, "Back")
    expect_step(page, "First")
    wait_for_frames(page)
    events = mock.flush(page)
    assert mock.event_names("shown").count("shown") == 1
    assert [event["item"] for event in events if event["name"] == "step_shown"].count("first") == 2


def test_the_main_button_of_a_single_step_says_done(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("only", buttons=[]))]
    mock.visit(page)
    expect(expect_step(page, "Only").locator(".btn-main")).to_have_text("Done")
    press(page, "Done")
    expect(surface(page)).to_have_count(0)
    mock.flush(page)
    assert mock.event_names("completed") == ["completed"]


def test_a_step_whose_element_is_missing_is_skipped_in_the_direction_of_travel(page: Page, mock: MockServer) -> None:
    gone = step("gone", "popover", "nowhere", if_target_missing="skip", **BOTH)
    mock.guides = [guide(step("first"), gone, step("third", **BOTH))]
    page.clock.install()
    mock.visit(page)
    expect_step(page, "First")
    for label, title in (("Next", "Third"), ("Back", "First")):
        press(page, label)
        expect(surface(page)).to_have_count(0)
        page.clock.run_for(5100)
        expect_step(page, title)


def test_skipping_past_the_first_step_ends_it_as_closed(page: Page, mock: MockServer) -> None:
    gone = step("gone", "popover", "nowhere", if_target_missing="skip", **BOTH)
    mock.guides = [guide(gone, step("second", **BOTH))]
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    page.clock.run_for(5100)
    expect_step(page, "Second")
    press(page, "Back")
    page.clock.run_for(5100)
    mock.flush(page)
    assert mock.event_names("dismissed") == ["dismissed"]


def test_skipping_past_the_last_step_ends_it_as_finished(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"), step("gone", "popover", "nowhere", if_target_missing="skip"))]
    page.clock.install()
    mock.visit(page)
    expect_step(page, "First")
    press(page, "Next")
    page.clock.run_for(5100)
    mock.flush(page)
    assert mock.event_names("completed") == ["completed"]


@pytest.mark.parametrize("wanted", ["no_such_step", "", 42, {"a": 1}], ids=str)
def test_an_unknown_step_to_start_at_is_the_first(page: Page, mock: MockServer, wanted: Any) -> None:
    mock.guides = [three(start="manual")]
    mock.visit(page)
    assert call(page, "start", mock.guides[0]["id"], {"step": wanted})
    expect_step(page, "First")


def test_a_known_step_to_start_at_is_where_it_begins(page: Page, mock: MockServer) -> None:
    mock.guides = [three(start="manual")]
    mock.visit(page)
    call(page, "start", mock.guides[0]["id"], {"step": "second"})
    expect_step(page, "Second")
    call(page, "goTo", "third")
    expect_step(page, "Third")


def test_an_unknown_step_to_start_at_is_reported(page: Page, mock: MockServer) -> None:
    mock.guides = [three(start="manual")]
    mock.visit(page)
    name = mock.guides[0]["id"]
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    for step_wanted in ("third", "3"):
        call(page, "start", name, {"step": step_wanted})
        expect_step(page, "Third")
    assert host_events(page, "error") == []
    call(page, "start", name, {"step": "no_such_step"})
    expect_step(page, "First")
    assert [(each["guide"], each["item"], each["code"]) for each in host_events(page, "error")] == [(name, "no_such_step", "unknown_step")]
    assert warnings == []
    call(page, "debug", True)
    call(page, "start", name, {"step": "no_such_step"})
    expect_step(page, "First")
    assert len(warnings) == 1 and "no_such_step" in warnings[0]


def test_an_unknown_step_of_a_body_that_came_late_is_reported_as_well(page: Page, mock: MockServer) -> None:
    late = three(start="manual")
    body = late.pop("body")
    mock.guides = [{**late, "body": None, "body_hash": "0" * 64}]
    mock.answers["embed/body/"] = lambda route, _asked: route.fulfill(json=body, headers=OPEN)
    mock.visit(page)
    call(page, "start", late["id"], {"step": "no_such_step"})
    expect_step(page, "First")
    assert [each["code"] for each in host_events(page, "error")] == ["unknown_step"]


def test_a_button_that_starts_another_guide_does_just_that(page: Page, mock: MockServer) -> None:
    other = guide(step("other"), start="manual")
    mock.guides = [guide(step("first", buttons=[button("Show me", "start", guide=other["id"])])), other]
    mock.visit(page)
    expect_step(page, "First")
    press(page, "Show me")
    expect_step(page, "Other")
    pressed = [event["props"] for event in mock.flush(page) if event["name"] == "clicked"]
    assert pressed == [{"button": "show_me"}]


@pytest.mark.parametrize("new_tab", [False, True], ids=["here", "new tab"])
def test_a_button_that_opens_an_address_does_just_that(page: Page, mock: MockServer, context: BrowserContext, new_tab: bool) -> None:
    mock.add_page("/there", body="<p>There</p>")
    mock.guides = [guide(step("first", buttons=[button("Go", "open", url="/there", new_tab=new_tab)]))]
    mock.visit(page)
    expect_step(page, "First")
    if new_tab:
        with context.expect_page() as opened:
            press(page, "Go")
        expect(opened.value.get_by_text("There")).to_be_visible()
        assert opened.value.evaluate("() => window.opener") is None
    else:
        press(page, "Go")
        expect(page.get_by_text("There")).to_be_visible()
        assert page.url == f"{HOST}/there"
    mock.flush(page)
    assert [event["props"] for event in mock.events if event["name"] == "clicked"] == [{"button": "go"}]


def test_a_button_that_closes_does_just_that(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", buttons=[button("Not now", "close")]), step("second"))]
    mock.visit(page)
    expect_step(page, "First")
    press(page, "Not now")
    expect(surface(page)).to_have_count(0)
    events = mock.flush(page)
    assert [event["props"] for event in events if event["name"] in ("clicked", "dismissed")] == [
        {"button": "not_now"},
        {"reason": "button"},
    ]


def test_a_step_removed_by_a_new_answer_leaves_no_orphan(page: Page, mock: MockServer) -> None:
    mock.guides = [three()]
    mock.visit(page)
    expect_step(page, "First")
    press(page, "Next")
    expect_step(page, "Second")
    name = mock.guides[0]["id"]
    mock.guides = [guide(step("first"), step("third", "slideout", **DONE), id=name, version=2)]
    page.reload()
    wait_for_frames(page)
    expect(surface(page)).to_have_count(1)
    expect(surface(page).get_by_role("heading", level=2)).to_have_text("First")


@pytest.mark.parametrize("progress", ["count", "dots"])
def test_the_numbers_agree_with_the_steps_that_are_seen(page: Page, mock: MockServer, progress: str) -> None:
    mock.guides = [guide(step("first"), step("second", "slideout"), step("third", **DONE), progress=progress)]
    mock.visit(page)
    for number, title in enumerate(("First", "Second", "Third"), 1):
        dialog = expect_step(page, title)
        label = f"Step {number} of 3"
        expect(dialog.get_by_text(label) if progress == "count" else dialog.get_by_role("img", name=label)).to_be_visible()
        if number < 3:
            press(page, "Next")
