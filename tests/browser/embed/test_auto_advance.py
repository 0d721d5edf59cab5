"""Steps that go on by time, and all that makes the time stand still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import SPOT, Guest, call, guide, settled, shows, surface
from tests.browser.scenarios import step

HIDDEN = """(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
document.dispatchEvent(new Event('visibilitychange')); }"""


def opened(page: Page, guest: Guest, shape: str = "slideout", **more: Any) -> None:
    page.clock.install()
    first = step("first", shape, "spot" if shape == "popover" else "", advance="time", buttons=[], **{"seconds": 6, **more})
    guest.guides = [guide(first, step("second", "slideout"))]
    guest.visit(page, body=SPOT + "<input id=field>")
    shows(page, "First")
    settled(page)
    page.clock.run_for(100)
    settled(page)


def passed(page: Page, seconds: float) -> None:
    page.clock.run_for(int(seconds * 1000))
    settled(page)


@pytest.mark.parametrize("shape", ["modal", "slideout", "popover"])
def test_it_goes_on_when_its_time_has_passed_and_not_before(page: Page, guest: Guest, shape: str) -> None:
    opened(page, guest, shape)
    expect(surface(page).get_by_role("img", name="Goes on by itself after 6 seconds")).to_be_visible()
    passed(page, 5.5)
    shows(page, "First")
    passed(page, 0.6)
    shows(page, "Second")
    guest.flush(page)
    assert guest.names("step_done") == ["step_done"]


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
def test_the_time_stands_still_meanwhile_and_goes_on_after(page: Page, guest: Guest, pause: str) -> None:
    opened(page, guest, "popover")
    passed(page, 2)
    resume = PAUSES[pause](page)
    settled(page)
    passed(page, 60)
    assert surface(page).get_by_role("heading", name="Second").count() == 0
    resume()
    passed(page, 1.5)
    shows(page, "First")
    passed(page, 4)
    shows(page, "Second")


def test_the_last_moment_is_long_enough_to_come_back(page: Page, guest: Guest) -> None:
    opened(page, guest)
    for _glance in range(18):
        page.mouse.move(2, 2)
        settled(page)
        page.clock.run_for(350)
        surface(page).hover()
        settled(page)
    shows(page, "First")
    page.mouse.move(2, 2)
    passed(page, 1.3)
    shows(page, "Second")


@pytest.mark.parametrize("shape", ["modal", "popover"])
def test_focus_that_was_brought_there_is_no_use_and_the_next_key_is(page: Page, guest: Guest, shape: str) -> None:
    opened(page, guest, shape, around="block")
    passed(page, 3)
    page.keyboard.press("Tab")
    settled(page)
    passed(page, 60)
    shows(page, "First")


def test_while_it_asks_whether_to_leave_the_time_stands_still(page: Page, guest: Guest) -> None:
    page.clock.install()
    guest.guides = [guide(step("first", "slideout", advance="time", seconds=3), step("second", "slideout"), ask_before_close=True)]
    guest.visit(page)
    shows(page, "First")
    settled(page)
    page.clock.run_for(100)
    page.keyboard.press("Escape")
    passed(page, 30)
    page.keyboard.press("Escape")
    settled(page)
    shows(page, "First")
    passed(page, 4)
    shows(page, "Second")


def test_a_bar_runs_and_stands_still_for_those_who_want_no_motion(page: Page, guest: Guest) -> None:
    opened(page, guest)
    runs = "(node) => node.getAnimations({subtree: true}).filter((one) => one.animationName === 'hr-countdown').map((one) => one.playState)"
    assert surface(page).evaluate(runs) == []
    page.emulate_media(reduced_motion="no-preference")
    settled(page)
    assert surface(page).evaluate(runs) == ["running"]
    surface(page).hover()
    settled(page)
    assert surface(page).evaluate(runs) == ["paused"]


def test_nothing_is_left_behind_when_it_is_closed(page: Page, guest: Guest) -> None:
    opened(page, guest)
    call(page, "endAll")
    passed(page, 60)
    expect(surface(page)).to_have_count(0)
    guest.flush(page)
    assert guest.names("step_done") == [] and guest.names("completed") == []
