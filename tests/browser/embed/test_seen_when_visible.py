"""A step counts as seen once it was painted while at least half of its element was in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.embed_page import SNIPPET, MockServer, expect_step, guide, wait_for_frames
from tests.browser.scenarios import step

FRAMED = """<div id=frame style='overflow:clip;height:{height}px;margin-top:200px'>
<button data-handrail-target=spot style='height:100px'>Go</button></div>"""
TALL = "<div data-handrail-target=spot style='height:3000px;width:900px'>Everything</div>"
COUNT = """() => { const real = requestAnimationFrame; window.frames_asked = 0;
window.requestAnimationFrame = (then) => { frames_asked++; return real(then); }; }"""


def stand(page: Page, mock: MockServer, body: str) -> None:
    """A page with a step on the spot, after everything came to rest."""
    mock.guides = [guide(step("first", "popover", "spot"))]
    page.clock.install()
    mock.visit(page, body=body, head=SNIPPET)
    rest(page)


def rest(page: Page) -> None:
    for _ in range(3):
        page.clock.run_for(700)
        wait_for_frames(page)


def seen(page: Page, mock: MockServer) -> list[str]:
    """What counts as seen so far."""
    return [event["name"] for event in mock.flush(page) if event["name"] in ("shown", "step_shown")]


def test_less_than_half_in_sight_is_shown_and_not_counted_until_more_is(page: Page, mock: MockServer) -> None:
    stand(page, mock, FRAMED.format(height=30))
    expect_step(page, "First")
    assert seen(page, mock) == []
    page.evaluate("() => frame.style.height = '60px'")
    rest(page)
    assert seen(page, mock) == ["shown", "step_shown"]


def test_waiting_for_the_other_half_asks_for_no_frames(page: Page, mock: MockServer) -> None:
    stand(page, mock, FRAMED.format(height=30))
    expect_step(page, "First")
    page.evaluate(COUNT)
    page.clock.run_for(3000)
    assert page.evaluate("() => frames_asked") == 0


@pytest.mark.parametrize("body", [FRAMED.format(height=51), TALL], ids=["half of it", "half of the window"])
def test_half_is_enough(page: Page, mock: MockServer, body: str) -> None:
    stand(page, mock, body)
    expect_step(page, "First")
    assert seen(page, mock) == ["shown", "step_shown"]


def test_it_counts_once_however_often_it_comes_back(page: Page, mock: MockServer) -> None:
    stand(page, mock, FRAMED.format(height=80))
    for height in ("20px", "90px", "10px", "100px"):
        page.evaluate("(height) => frame.style.height = height", height)
        rest(page)
    assert seen(page, mock) == ["shown", "step_shown"]


def test_a_step_that_does_more_counts_no_earlier(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot", closable=False))]
    page.clock.install()
    mock.visit(page, body=FRAMED.format(height=30))
    rest(page)
    expect_step(page, "First")
    assert seen(page, mock) == []
