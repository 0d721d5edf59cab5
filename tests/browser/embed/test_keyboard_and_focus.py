"""The keyboard and the focus."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import button, doc, step

FIELDS = f"""{SPOT}<input id="text"><textarea id="area"></textarea><select id="choice"><option>1<option>2</select>
<div id="rich" contenteditable>words</div><button id="opener">Open</button>"""
KEYS = "() => { window.keys = []; addEventListener('keydown', (event) => keys.push(event.key)); }"
HELD = """() => { const root = document.querySelector('handrail-root').shadowRoot; const held = root.activeElement;
return held ? held.getAttribute('aria-label') || held.textContent : document.activeElement.localName; }"""
TWO = (
    step("first", buttons=[button("Back", "back"), button("Next")]),
    step("second", "slideout", buttons=[button("Back", "back"), button("Next")]),
)


def open_tour(page: Page, mock: MockServer, *steps: dict[str, Any], lang: str = "en", **more: Any) -> str:
    """The page with that tour, asked for by the page itself; hands back its id."""
    mock.guides = [guide(*steps, start="manual", **more)]
    mock.visit(page, body=FIELDS, lang=lang)
    page.locator("#opener").focus()
    name: str = mock.guides[0]["id"]
    call(page, "start", name)
    expect_step(page, steps[0]["title"])
    wait_for_frames(page)
    return name


def tabbed(page: Page, key: str) -> list[str]:
    """What has the focus after each of six presses of that key."""
    held = []
    for _press in range(6):
        page.keyboard.press(key)
        held.append(page.evaluate(HELD))
    return held


def test_a_modal_takes_the_focus_and_keeps_it_from_one_end_to_the_other(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, step("first", buttons=[button("Later", "close"), button("Next")]), step("second"))
    assert page.evaluate("() => document.activeElement.localName") == "handrail-root"
    forth, back = tabbed(page, "Tab"), tabbed(page, "Shift+Tab")
    assert set(forth) == set(back) == {"Later", "Next", "Close"}
    assert forth[:3] == forth[3:]


WAYS = {
    "escape": lambda page: page.keyboard.press("Escape"),
    "close": lambda page: surface(page).get_by_role("button", name="Close").click(),
    "done": lambda page: surface(page).get_by_role("button", name="Next").click(),
    "the page": lambda page: call(page, "endAll"),
}


@pytest.mark.parametrize("shape", ["modal", "slideout", "popover"])
@pytest.mark.parametrize("way", WAYS)
def test_the_focus_returns_to_where_it_was_however_a_step_closes(page: Page, mock: MockServer, shape: str, way: str) -> None:
    open_tour(page, mock, step("first", shape, "spot" if shape == "popover" else ""))
    expect(page.locator("#opener")).not_to_be_focused()
    WAYS[way](page)
    expect(surface(page)).to_have_count(0)
    expect(page.locator("#opener")).to_be_focused()


def test_the_focus_stays_where_the_person_put_it_meanwhile(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, step("first", "slideout"))
    page.locator("#text").click()
    call(page, "endAll")
    expect(surface(page)).to_have_count(0)
    expect(page.locator("#text")).to_be_focused()


def test_escape_inside_closes_and_is_not_heard_by_the_page(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, step("first", "slideout"))
    page.evaluate(KEYS)
    page.keyboard.press("Escape")
    expect(surface(page)).to_have_count(0)
    assert "Escape" not in page.evaluate("keys")


@pytest.mark.parametrize("shape", ["modal", "slideout", "popover"])
@pytest.mark.parametrize(
    "more",
    [{}, {"on_backdrop_click": "close"}, {"backdrop_clicks": "block", "on_backdrop_click": "close"}],
    ids=["plain", "outside", "blocking"],
)
def test_what_may_not_be_closed_is_closed_by_nothing_but_its_buttons(
    page: Page, mock: MockServer, shape: str, more: dict[str, Any]
) -> None:
    open_tour(page, mock, {**step("first", shape, "spot" if shape == "popover" else ""), "closable": False, **more})
    expect(surface(page).get_by_role("button")).to_have_text(["Next"])
    for _again in range(3):
        page.keyboard.press("Escape")
        page.mouse.click(1200, 60)
        page.keyboard.press("Escape")
    wait_for_frames(page)
    expect_step(page, "First")
    surface(page).get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)


@pytest.mark.parametrize("shape", ["slideout", "popover"])
def test_the_page_has_its_own_escape_beside_what_may_not_be_closed(page: Page, mock: MockServer, shape: str) -> None:
    open_tour(page, mock, {**step("first", shape, "spot" if shape == "popover" else ""), "closable": False})
    page.evaluate(KEYS)
    page.keyboard.press("Escape")
    assert page.evaluate("keys") == []
    page.locator("#opener").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("keys") == ["Escape"]
    expect_step(page, "First")


def test_where_the_page_is_blocked_tab_goes_round_through_the_step_and_its_element(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, {**step("first", "popover", "spot"), "backdrop_clicks": "block"}, step("second"))
    assert page.evaluate(HELD).startswith("First")
    expect(surface(page)).to_have_attribute("aria-modal", "true")
    forth, back = tabbed(page, "Tab"), tabbed(page, "Shift+Tab")
    assert forth == ["Next", "Close", "button"] * 2
    assert back == ["Close", "Next", "button"] * 2
    expect(page.locator("#spot")).to_be_focused()
    page.keyboard.press("F6")
    assert page.evaluate(HELD) == "Next"
    page.keyboard.press("F6")
    expect(page.locator("#spot")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("window.pressed") == 1


def test_a_dialog_of_the_page_above_a_blocked_page_has_the_keyboard(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, {**step("first", "popover", "spot"), "backdrop_clicks": "block"})
    page.evaluate(
        """() => { const inside = '<dialog id=theirs><button>One</button><button id=two>Two</button></dialog>';
        document.body.insertAdjacentHTML('beforeend', inside); theirs.showModal(); }"""
    )
    page.keyboard.press("Tab")
    expect(page.locator("#two")).to_be_focused()


def test_after_a_blocked_page_the_focus_is_where_it_was(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, {**step("first", "popover", "spot"), "backdrop_clicks": "block"})
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(surface(page)).to_have_count(0)
    expect(page.locator("#opener")).to_be_focused()


@pytest.mark.parametrize("field", ["#text", "#area", "#choice", "#rich"])
def test_arrows_in_a_field_of_the_page_belong_to_the_field(page: Page, mock: MockServer, field: str) -> None:
    open_tour(page, mock, step("first", "slideout"), step("second"))
    page.locator(field).focus()
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    wait_for_frames(page)
    expect_step(page, "First")
    expect(page.locator(field)).to_be_focused()


@pytest.mark.parametrize("tag", ["input", "textarea", "select"])
def test_arrows_in_a_field_of_ours_belong_to_the_field(page: Page, mock: MockServer, tag: str) -> None:
    open_tour(page, mock, step("first", "slideout"), step("second"))
    surface(page).evaluate("(node, tag) => node.append(document.createElement(tag))", tag)
    surface(page).locator(tag).focus()
    page.keyboard.press("ArrowRight")
    wait_for_frames(page)
    expect_step(page, "First")


@pytest.mark.parametrize(("lang", "forth", "back"), [("en", "ArrowRight", "ArrowLeft"), ("ar", "ArrowLeft", "ArrowRight")])
def test_arrows_inside_lead_the_way_the_writing_runs(page: Page, mock: MockServer, lang: str, forth: str, back: str) -> None:
    open_tour(page, mock, *TWO, lang=lang)
    page.keyboard.press(forth)
    expect_step(page, "Second")
    page.keyboard.press(back)
    expect_step(page, "First")


def test_what_is_typed_in_a_field_of_ours_is_no_shortcut_of_the_page(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, step("first", "slideout"))
    surface(page).evaluate("(node) => node.append(document.createElement('textarea'))")
    page.evaluate(KEYS)
    page.evaluate("() => document.addEventListener('keydown', (event) => keys.push(event.key))")
    surface(page).locator("textarea").press_sequentially("j/")
    expect(surface(page).locator("textarea")).to_have_value("j/")
    assert page.evaluate("keys") == []


@pytest.mark.parametrize("given", [None, "5", "-1"])
def test_the_tab_order_of_an_element_is_as_before_after_many_showings(page: Page, mock: MockServer, given: str | None) -> None:
    name = open_tour(page, mock, step("first", "popover", "spot"))
    page.evaluate("(given) => given === null ? spot.removeAttribute('tabindex') : spot.setAttribute('tabindex', given)", given)
    before = page.evaluate("() => spot.outerHTML")
    for _round in range(3):
        call(page, "endAll")
        expect(surface(page)).to_have_count(0)
        call(page, "start", name)
        expect_step(page, "First")
        assert page.evaluate("() => spot.outerHTML") == before
    call(page, "endAll")
    assert page.evaluate("() => spot.outerHTML") == before


@pytest.mark.parametrize("key", ["Enter", "Space", "e"])
def test_what_is_pressed_on_a_button_of_ours_is_no_shortcut_of_the_page(page: Page, mock: MockServer, key: str) -> None:
    open_tour(page, mock, *TWO)
    page.evaluate("() => { window.keys = []; document.addEventListener('keydown', (event) => keys.push(event.code)); }")
    surface(page).get_by_role("button", name="Next").focus()
    page.keyboard.press(key)
    page.keyboard.press("Control+k")
    assert page.evaluate("keys") == ["ControlLeft", "KeyK"]


def test_who_clicks_a_button_of_ours_goes_on_typing_where_they_were(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page, body=FIELDS)
    expect_step(page, "First")
    wait_for_frames(page)
    page.locator("#text").click()
    surface(page).get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    expect(page.locator("#text")).to_be_focused()


def test_arrows_in_a_wide_table_scroll_it(page: Page, mock: MockServer) -> None:
    cells = [{"type": "cell", "content": doc("word")["content"]}] * 20
    wide = {"type": "doc", "content": [{"type": "table", "content": [{"type": "row", "content": cells}]}]}
    open_tour(page, mock, step("first", "slideout", text=wide), step("second", "slideout"))
    page.evaluate("() => document.querySelector('handrail-root').shadowRoot.querySelector('.table').focus()")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('handrail-root').shadowRoot.querySelector('.table').scrollLeft > 0")
    expect_step(page, "First")
