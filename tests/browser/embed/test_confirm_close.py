"""Being asked before a tour closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.embed_page import SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import button, step

SHAPES = [("modal", {}), ("slideout", {}), ("popover", {}), ("popover", {"backdrop_clicks": "block"})]
WAYS: dict[str, Callable[[Page], None]] = {
    "close": lambda page: surface(page).get_by_role("button", name="Close").click(),
    "escape": lambda page: page.keyboard.press("Escape"),
    "outside": lambda page: page.mouse.click(1200, 700),
}
WITHIN = """() => { const { activeElement } = document.querySelector('handrail-root').shadowRoot;
return activeElement && (activeElement.ariaLabel || activeElement.textContent); }"""


def question(page: Page) -> Locator:
    return page.locator("handrail-root").get_by_role("alertdialog")


def open_tour(page: Page, mock: MockServer, shape: str = "modal", **more: Any) -> None:
    first = step("first", shape, "spot" if shape == "popover" else "", **{"on_backdrop_click": "close", **more})
    mock.guides = [guide(first, step("second", "slideout"), ask_before_close=True, start="manual")]
    mock.visit(page, body=SPOT + "<button id=opener>Open</button>")
    page.locator("#opener").focus()
    call(page, "start", mock.guides[0]["id"])
    expect_step(page, "First")
    wait_for_frames(page)


def ways(shape: str) -> list[str]:
    return [way for way in WAYS if way != "outside" or shape != "slideout"]


ALL = [pytest.param(shape, more, way, id="-".join([shape, *more.values(), way])) for shape, more in SHAPES for way in ways(shape)]


@pytest.mark.parametrize(("shape", "more", "way"), ALL)
@pytest.mark.parametrize("answer", ["button", "escape"])
def test_who_keeps_going_finds_step_and_focus_as_they_were(
    page: Page, mock: MockServer, shape: str, more: dict[str, Any], way: str, answer: str
) -> None:
    open_tour(page, mock, shape, **more)
    page.keyboard.press("Tab")
    WAYS[way](page)
    expect(question(page)).to_have_accessible_name("Leave this tour?")
    expect(question(page).get_by_role("button", name="Keep going")).to_be_focused()
    before = "Close" if way == "close" else "Next"
    if answer == "escape":
        page.keyboard.press("Escape")
    else:
        question(page).get_by_role("button", name="Keep going").click()
    expect(question(page)).to_have_count(0)
    expect_step(page, "First")
    if way != "outside":
        assert page.evaluate(WITHIN) == before
    mock.flush(page)
    assert mock.event_names("dismissed") == []


@pytest.mark.parametrize(("shape", "more", "way"), ALL)
def test_who_leaves_is_told_by_the_way_they_went(page: Page, mock: MockServer, shape: str, more: dict[str, Any], way: str) -> None:
    open_tour(page, mock, shape, **more)
    WAYS[way](page)
    question(page).get_by_role("button", name="Leave", exact=True).click()
    expect(question(page)).to_have_count(0)
    expect(surface(page)).to_have_count(0)
    assert [event["props"] for event in mock.flush(page) if event["name"] == "dismissed"] == [{"reason": way}]
    if way != "outside":
        expect(page.locator("#opener")).to_be_focused()


def test_escape_from_the_page_asks_as_well_and_gives_the_focus_back(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, "slideout")
    page.locator("#opener").focus()
    page.keyboard.press("Escape")
    expect(question(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(question(page)).to_have_count(0)
    expect(page.locator("#opener")).to_be_focused()
    expect_step(page, "First")


def test_escape_again_and_again_closes_nothing_by_itself(page: Page, mock: MockServer) -> None:
    open_tour(page, mock)
    for _round in range(5):
        page.keyboard.press("Escape")
        expect(question(page)).to_be_visible()
        page.keyboard.press("Escape")
        expect(question(page)).to_have_count(0)
    expect_step(page, "First")


def test_the_question_keeps_the_keyboard(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, "popover", backdrop_clicks="block")
    page.keyboard.press("Escape")
    seen = []
    for _press in range(4):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(WITHIN))
    assert seen == ["Leave", "Keep going"] * 2


def test_a_button_that_closes_and_the_page_itself_are_not_asked(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, buttons=[button("Not now", "close"), button("Next")])
    surface(page).get_by_role("button", name="Not now").click()
    expect(surface(page)).to_have_count(0)
    call(page, "start", mock.guides[0]["id"])
    expect_step(page, "First")
    call(page, "endAll")
    expect(surface(page)).to_have_count(0)
    expect(question(page)).to_have_count(0)
    assert [event["props"]["reason"] for event in mock.flush(page) if event["name"] == "dismissed"] == ["button", "host"]


def test_the_question_goes_when_the_tour_ends_underneath(page: Page, mock: MockServer) -> None:
    open_tour(page, mock)
    page.keyboard.press("Escape")
    expect(question(page)).to_be_visible()
    call(page, "endAll")
    expect(question(page)).to_have_count(0)
    expect(surface(page)).to_have_count(0)


@pytest.mark.parametrize(("lang", "words"), [("ar", "متابعة"), ("ro", "Continuă"), ("fil", "Magpatuloy")])
def test_it_asks_in_the_language_of_the_page(page: Page, mock: MockServer, lang: str, words: str) -> None:
    mock.guides = [guide(step("first"), ask_before_close=True)]
    mock.visit(page, lang=lang)
    expect_step(page, "First")
    page.keyboard.press("Escape")
    expect(question(page).get_by_role("button", name=words)).to_be_focused()
