"""Menus of the page: however they open and close, a step leads into them, and what is done in a step leaves them open."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed.test_triggers import triggered, waits
from tests.browser.embed_page import SPOT, MockServer, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import step

MENU = """<button id="open" data-handrail-target="open">Open</button>
<ul id="menu" hidden><li><button data-handrail-target="one">One</button></li>
<li><button data-handrail-target="two">Two</button></li></ul>"""
PLAIN = MENU + "<script>document.querySelector('#open').onclick = () => (menu.hidden = !menu.hidden)</script>"
NATIVE = MENU.replace('id="open"', 'id="open" popovertarget="menu"').replace(" hidden", " popover")
CLOSES = """<script>document.addEventListener('%s', (event) => {
if (!menu.contains(event.target) && event.target.id !== 'open') menu.hidden = true; }, %s)</script>"""
# as the menus of several libraries do: they open as soon as they are pressed, and nothing else of the page can be used then
PRESSED = """<script>document.querySelector('#spot').addEventListener('pointerdown', () => {
document.body.style.pointerEvents = 'none'; menu.hidden = false; })</script>"""
ESCAPES = """<script>document.addEventListener('keydown', (event) => {
if (event.key === 'Escape' && !menu.hidden) { menu.hidden = true; event.%s(); } })</script>"""


def walk(page: Page, mock: MockServer, body: str) -> None:
    """Through a menu that the first step opens, with a button of the second."""
    into = step("first", "popover", "open", advance="target", buttons=[])
    mock.guides = [guide(into, step("second", "popover", "one"), step("third", "popover", "two"))]
    mock.visit(page, body=body)
    expect_step(page, "First")
    wait_for_frames(page)
    page.locator("#open").click()
    expect_step(page, "Second")
    wait_for_frames(page)
    surface(page).get_by_role("button", name="Next").click()
    expect_step(page, "Third")


@pytest.mark.parametrize("early", ["true", "false"], ids=["before all", "after all"])
@pytest.mark.parametrize("event", ["pointerdown", "pointerup", "mousedown", "mouseup", "focusin"])
def test_a_menu_that_a_press_outside_closes_stays_open_for_ours(page: Page, mock: MockServer, event: str, early: str) -> None:
    walk(page, mock, PLAIN + CLOSES % (event, early))


def test_a_popover_of_the_page_stays_open_for_what_is_done_in_a_step_on_it(page: Page, mock: MockServer) -> None:
    walk(page, mock, NATIVE)
    page.locator("h1").click()
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.locator("body > handrail-root")).to_have_count(1)


def test_a_menu_that_opens_as_it_is_pressed_is_a_click_on_its_button(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot", advance="target", buttons=[]), step("second", "popover", "two"))]
    mock.visit(page, body=SPOT + MENU + PRESSED)
    expect_step(page, "First")
    wait_for_frames(page)
    page.locator("#spot").click()
    expect_step(page, "Second")


def test_a_menu_that_opens_as_it_is_pressed_starts_what_waits_for_a_click(page: Page, mock: MockServer) -> None:
    click = {"by": "name", "value": "spot", "label": ""}
    waits(page, mock, triggered(step("first", "slideout"), trigger={"click": click}), body=SPOT + MENU + PRESSED)
    page.locator("#spot").click()
    expect_step(page, "First")


@pytest.mark.parametrize("how", ["preventDefault", "stopPropagation"])
def test_escape_closes_the_menu_of_the_page_and_then_the_step(page: Page, mock: MockServer, how: str) -> None:
    escape(page, mock, PLAIN + ESCAPES % how)


def test_escape_closes_the_popover_of_the_page_and_then_the_step(page: Page, mock: MockServer) -> None:
    escape(page, mock, NATIVE)


def escape(page: Page, mock: MockServer, body: str) -> None:
    """Twice, with a menu open beside a step."""
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page, body=body)
    expect_step(page, "First")
    page.locator("#open").click()
    expect(page.locator("#menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    wait_for_frames(page)
    expect_step(page, "First")
    page.keyboard.press("Escape")
    expect(surface(page)).to_have_count(0)
