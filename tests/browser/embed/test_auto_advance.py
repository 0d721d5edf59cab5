"""Steps that go on by time, and all that makes the time stand still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import step

HIDDEN = """(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
document.dispatchEvent(new Event('visibilitychange')); }"""


def open_tour(page: Page, mock: MockServer, shape: str = "slideout", **more: Any) -> None:
    page.clock.install()
    first = step("first", shape, "spot" if shape == "popover" else "", advance="time", buttons=[], **{"seconds": 6, **more})
    mock.guides = [guide(first, step("second", "slideout"))]
    mock.visit(page, body=SPOT + "<input id=field>")
    expect_step(page, "First")
    wait_for_frames(page)
    page.clock.run_for(100)
    wait_for_frames(page)


def passed(page: Page, seconds: float) -> None:
    page.clock.run_for(int(seconds * 1000))
    wait_for_frames(page)


@pytest.mark.parametrize("shape", ["modal", "slideout", "popover"])
def test_it_goes_on_when_its_time_has_passed_and_not_before(page: Page, mock: MockServer, shape: str) -> None:
    open_tour(page, mock, shape, seconds=60)
    expect(surface(page).get_by_role("img", name="Goes on by itself after 60 seconds")).to_be_visible()
    passed(page, 40)  # far from the end, for the clock also runs while a slow machine looks
    expect_step(page, "First")
    passed(page, 20.1)
    expect_step(page, "Second")
    mock.flush(page)
    assert mock.event_names("step_done") == ["step_done"]


def hovered(page: Page) -> Callable[[], None]:
    surface(page).hover()
    return lambda: page.mouse.move(2, 2)


def used(page: Page) -> Callable[[], None]:
    page.keyboard.press("F6")
    return lambda: page.locator("#field").focus()


def looked_away(page: Page) -> Callable[[], None]:
    page.evaluate(HIDDEN, True)
    return lambda: page.evaluate(HIDDEN, False)


def out_of_sight(page: Page) -> Callable[[], None]:
    page.evaluate("() => { spot.style.display = 'none'; }")
    passed(page, 1)
    expect(surface(page)).to_have_count(0)
    return lambda: page.evaluate("() => { spot.style.display = ''; }")


PAUSES = {"hovered": hovered, "focus inside": used, "hidden tab": looked_away, "element away": out_of_sight}


@pytest.mark.parametrize("pause", PAUSES)
def test_the_time_stands_still_meanwhile_and_goes_on_after(page: Page, mock: MockServer, pause: str) -> None:
    open_tour(page, mock, "popover")
    passed(page, 2)
    resume = PAUSES[pause](page)
    wait_for_frames(page)
    passed(page, 60)
    assert surface(page).get_by_role("heading", name="Second").count() == 0
    resume()
    passed(page, 1.5)
    expect_step(page, "First")
    passed(page, 4)
    expect_step(page, "Second")


def test_the_last_moment_is_long_enough_to_come_back(page: Page, mock: MockServer) -> None:
    open_tour(page, mock)
    for _glance in range(18):
        page.mouse.move(2, 2)
        wait_for_frames(page)
        page.clock.run_for(350)
        surface(page).hover()
        wait_for_frames(page)
    expect_step(page, "First")
    page.mouse.move(2, 2)
    passed(page, 1.3)
    expect_step(page, "Second")


@pytest.mark.parametrize("shape", ["modal", "popover"])
def test_focus_that_was_brought_there_is_no_use_and_the_next_key_is(page: Page, mock: MockServer, shape: str) -> None:
    open_tour(page, mock, shape, backdrop_clicks="block")
    passed(page, 3)
    page.keyboard.press("Tab")
    wait_for_frames(page)
    passed(page, 60)
    expect_step(page, "First")


def test_while_it_asks_whether_to_leave_the_time_stands_still(page: Page, mock: MockServer) -> None:
    page.clock.install()
    mock.guides = [guide(step("first", "slideout", advance="time", seconds=3), step("second", "slideout"), ask_before_close=True)]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    page.clock.run_for(100)
    page.keyboard.press("Escape")
    passed(page, 30)
    page.keyboard.press("Escape")
    wait_for_frames(page)
    expect_step(page, "First")
    passed(page, 4)
    expect_step(page, "Second")


def test_a_bar_runs_and_stands_still_for_those_who_want_no_motion(page: Page, mock: MockServer) -> None:
    open_tour(page, mock)
    runs = "(node) => node.getAnimations({subtree: true}).filter((one) => one.animationName === 'hr-countdown').map((one) => one.playState)"
    assert surface(page).evaluate(runs) == []
    page.emulate_media(reduced_motion="no-preference")
    wait_for_frames(page)
    assert surface(page).evaluate(runs) == ["running"]
    surface(page).hover()
    wait_for_frames(page)
    assert surface(page).evaluate(runs) == ["paused"]


def test_nothing_is_left_behind_when_it_is_closed(page: Page, mock: MockServer) -> None:
    open_tour(page, mock)
    call(page, "endAll")
    passed(page, 60)
    expect(surface(page)).to_have_count(0)
    mock.flush(page)
    assert mock.event_names("step_done") == [] and mock.event_names("completed") == []
