"""A step counts as seen once it was painted while at least half of its element was in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.embed_page import SNIPPET, Guest, guide, settled, shows
from tests.browser.scenarios import step

FRAMED = """<div id=frame style='overflow:clip;height:{height}px;margin-top:200px'>
<button data-handrail-target=spot style='height:100px'>Go</button></div>"""
TALL = "<div data-handrail-target=spot style='height:3000px;width:900px'>Everything</div>"
COUNT = """() => { const real = requestAnimationFrame; window.frames_asked = 0;
window.requestAnimationFrame = (then) => { frames_asked++; return real(then); }; }"""


def stand(page: Page, guest: Guest, body: str) -> None:
    """A page with a step on the spot, after everything came to rest."""
    guest.guides = [guide(step("first", "popover", "spot"))]
    page.clock.install()
    guest.visit(page, body=body, head=SNIPPET)
    rest(page)


def rest(page: Page) -> None:
    for _ in range(3):
        page.clock.run_for(700)
        settled(page)


def seen(page: Page, guest: Guest) -> list[str]:
    """What counts as seen so far."""
    return [event["name"] for event in guest.flush(page) if event["name"] in ("shown", "step_shown")]


def test_less_than_half_in_sight_is_shown_and_not_counted_until_more_is(page: Page, guest: Guest) -> None:
    stand(page, guest, FRAMED.format(height=30))
    shows(page, "First")
    assert seen(page, guest) == []
    page.evaluate("() => frame.style.height = '60px'")
    rest(page)
    assert seen(page, guest) == ["shown", "step_shown"]


def test_waiting_for_the_other_half_asks_for_no_frames(page: Page, guest: Guest) -> None:
    stand(page, guest, FRAMED.format(height=30))
    shows(page, "First")
    page.evaluate(COUNT)
    page.clock.run_for(3000)
    assert page.evaluate("() => frames_asked") == 0


@pytest.mark.parametrize("body", [FRAMED.format(height=51), TALL], ids=["half of it", "half of the window"])
def test_half_is_enough(page: Page, guest: Guest, body: str) -> None:
    stand(page, guest, body)
    shows(page, "First")
    assert seen(page, guest) == ["shown", "step_shown"]


def test_it_counts_once_however_often_it_comes_back(page: Page, guest: Guest) -> None:
    stand(page, guest, FRAMED.format(height=80))
    for height in ("20px", "90px", "10px", "100px"):
        page.evaluate("(height) => frame.style.height = height", height)
        rest(page)
    assert seen(page, guest) == ["shown", "step_shown"]


def test_a_step_that_does_more_counts_no_earlier(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "popover", "spot", closable=False))]
    page.clock.install()
    guest.visit(page, body=FRAMED.format(height=30))
    rest(page)
    shows(page, "First")
    assert seen(page, guest) == []
