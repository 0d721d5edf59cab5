"""What those learn who listen, enlarge, or need contrast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.embed_page import SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.page_scripts import script
from tests.browser.scenarios import button, doc, step

Axe = Callable[..., None]
SHAPES = [("modal", ""), ("slideout", ""), ("popover", "spot")]
LIVE = """() => { window.said = []; const live = document.querySelector('handrail-root').shadowRoot.querySelector('[role=status]');
const hear = () => live.textContent && said.push(live.textContent);
new MutationObserver(hear).observe(live, {childList: true, characterData: true, subtree: true}); }"""


def open_tour(page: Page, mock: MockServer, shape: str, target: str, *more: dict[str, Any], **settings: Any) -> None:
    mock.guides = [guide(step("first", shape, target, buttons=[button("Later", "close"), button("Next")]), *more, **settings)]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)


@pytest.mark.parametrize(("shape", "target"), SHAPES)
def test_everything_open_has_a_role_and_the_name_of_its_title(page: Page, mock: MockServer, shape: str, target: str) -> None:
    open_tour(page, mock, shape, target)
    expect(surface(page)).to_have_role("dialog")
    expect(surface(page)).to_have_accessible_name("First")


def test_ids_are_unique_with_several_open_and_one_after_the_other(page: Page, mock: MockServer) -> None:
    corner = guide(step("corner", "slideout"), lane="corner")
    mock.guides = [guide(step("first", "popover", "spot"), step("second")), corner]
    mock.visit(page)
    expect(surface(page)).to_have_count(2)
    ids = page.evaluate("() => [...document.querySelector('handrail-root').shadowRoot.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) >= 4 and len(set(ids)) == len(ids)
    assert page.evaluate("(ids) => ids.every((id) => !document.getElementById(id))", ids)


@pytest.mark.parametrize(("shape", "target"), SHAPES)
def test_only_a_modal_says_so_and_makes_the_page_inert(page: Page, mock: MockServer, shape: str, target: str) -> None:
    open_tour(page, mock, shape, target)
    modal = shape == "modal"
    assert surface(page).get_attribute("aria-modal") == ("true" if modal else None)
    assert surface(page).evaluate("(node) => node.matches(':modal')") == modal
    page.locator("#spot").evaluate("(node) => node.focus()")
    assert page.locator("#spot").evaluate("(node) => document.activeElement === node") == (not modal)


def test_a_new_step_is_announced_once_with_its_place(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, "slideout", "", step("second", "slideout"))
    page.evaluate(LIVE)
    call(page, "next")
    expect_step(page, "Second")
    wait_for_frames(page)
    said = page.evaluate("said")
    assert len(said) == 1
    assert said[0].startswith("Second. Step 2 of 2")


COLOURS: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}]


@pytest.mark.parametrize("colours", COLOURS, ids=lambda each: "-".join(each.values()))
@pytest.mark.parametrize(("shape", "target"), SHAPES)
def test_nothing_is_added_that_axe_minds(page: Page, mock: MockServer, axe: Axe, colours: dict[str, Any], shape: str, target: str) -> None:
    page.emulate_media(**colours)
    mock.boot = {"theme": {"scheme": "auto"}}
    open_tour(page, mock, shape, target)
    axe(page, only=("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))


@pytest.mark.parametrize(("touch", "least"), [(False, 24), (True, 44)], ids=["mouse", "touch"])
@pytest.mark.parametrize(("shape", "target"), SHAPES)
def test_controls_are_large_enough_to_hit(
    new_browser: Callable[..., BrowserContext], shape: str, target: str, touch: bool, least: int
) -> None:
    context = new_browser(has_touch=touch)
    page = context.new_page()
    page.set_viewport_size({"width": 390 if touch else 1280, "height": 800})
    open_tour(page, MockServer(context), shape, target)
    sizes = surface(page).evaluate(
        """(node) => [...node.querySelectorAll('button')].map((each) => { const around = getComputedStyle(each, '::before');
        const { width, height } = each.getBoundingClientRect();
        const more = around.content === 'none' ? 0 : -2 * parseFloat(around.top) || 0;
        return [each.textContent || each.ariaLabel, Math.min(width, height) + more]; })"""
    )
    assert [each for each in sizes if each[1] < least] == []


CONTRAST = script("contrast-ratios")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_rings_stand_out_in_every_theme_that_is_shipped(page: Page, mock: MockServer, scheme: Literal["light", "dark"]) -> None:
    mock.boot = {"theme": {"scheme": scheme}}
    mock.guides = [guide(step("first"))]
    mock.visit(page)
    found = expect_step(page, "First").evaluate(CONTRAST)
    assert min(found["title"], found["text"], found["button"]) >= 4.5, found
    assert min(found["shape"], found["ring"]) >= 3, found


SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }"""


@pytest.mark.parametrize("spaced", [False, True], ids=["zoomed", "spaced"])
@pytest.mark.parametrize(("shape", "target"), SHAPES)
def test_at_four_times_the_size_nothing_is_lost_and_nothing_scrolls_both_ways(
    page: Page, mock: MockServer, shape: str, target: str, spaced: bool
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    mock.guides = [guide(step("first", shape, target, text=doc("Sentence with a averyveryverylongwordthatgoesonandonforalongwhile. " * 9)))]
    mock.visit(page)
    dialog = expect_step(page, "First")
    if spaced:
        page.evaluate(
            """(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
            document.querySelector('handrail-root').shadowRoot.adoptedStyleSheets.push(sheet); }""",
            SPACING,
        )
        wait_for_frames(page)
    wide = (
        "(node) => [node, ...node.querySelectorAll('*')].filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 40)"
    )
    assert dialog.evaluate(wide + ".map((each) => each.className)") == []
    for name in ("Next", "Close"):
        expect(dialog.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    dialog.get_by_text("Sentence").evaluate("(node) => node.scrollIntoView({block: 'end'})")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_no_step_goes_on_by_itself(page: Page, mock: MockServer) -> None:
    page.clock.install()
    mock.guides = [guide(step("first", "slideout"), step("second"))]
    mock.visit(page, body=SPOT)
    expect_step(page, "First")
    page.clock.run_for(600_000)
    expect_step(page, "First")


@pytest.mark.parametrize("corner", ["bottom-end", "top-start"])
def test_a_card_with_much_to_say_stays_within_the_window(page: Page, mock: MockServer, corner: str) -> None:
    page.set_viewport_size({"width": 375, "height": 667})
    mock.guides = [guide(step("first", "slideout", corner=corner, text=doc("Many words. " * 200)))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    box = surface(page).bounding_box()
    assert box and box["y"] >= 8 and box["y"] + box["height"] <= 667 - 8, box
