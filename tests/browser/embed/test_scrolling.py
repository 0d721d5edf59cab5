"""Scrolling: what is shown is in sight, and the page scrolls as it always did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.embed_page import SPOT, MockServer, expect_step, guide, surface, wait_for_frames
from tests.browser.page_scripts import script
from tests.browser.scenarios import step

TALL = "<div style='height:2000px'></div>"
WIDE = "<div style='width:1500px;height:900px'></div>"
NESTED = f"""{TALL}<div id="outer" style="height:300px;width:500px;overflow:auto;border:1px solid">
<div id="inner" style="height:500px;width:900px;overflow:auto;margin-top:400px">{WIDE}{SPOT}{WIDE}</div></div>{TALL}"""
IN_SIGHT = script("visible-part")


def open_tour(page: Page, mock: MockServer, body: str, **more: Any) -> None:
    mock.guides = [guide({**step("first", "popover", "spot"), **more})]
    mock.visit(page, body=body)
    expect_step(page, "First")
    wait_for_frames(page)


def test_an_element_below_the_fold_is_in_sight_before_its_box_is_placed(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, TALL + SPOT + TALL)
    expect(page.locator("#spot")).to_be_in_viewport(ratio=1)
    expect(surface(page)).to_be_in_viewport(ratio=1)
    there, light = page.locator("#spot").bounding_box(), page.locator("handrail-root .hr-spotlight").bounding_box()
    assert there and light
    assert light["y"] == pytest.approx(there["y"] - 6, abs=2)


def test_within_scrollers_all_of_them_scroll(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, NESTED)
    width, height, whole, tall = page.evaluate(IN_SIGHT)
    assert (width, height) == (pytest.approx(whole, abs=1), pytest.approx(tall, abs=1))


def test_the_light_is_clipped_to_the_scroller_on_both_sides(page: Page, mock: MockServer) -> None:
    place = "position:relative;width:300px;height:200px;overflow:auto"
    scroller = f'<div id="outer" style="{place}"><div style="width:900px;height:900px">{SPOT}</div></div>'
    open_tour(page, mock, scroller)
    page.evaluate("() => { spot.style.cssText = 'width:200px;height:120px'; outer.scrollTo(100, 60); }")
    wait_for_frames(page)
    clip, light = page.locator("#outer").bounding_box(), page.locator("handrail-root .hr-spotlight").bounding_box()
    assert clip and light
    assert light["x"] >= clip["x"] - 7 and light["y"] >= clip["y"] - 7
    assert light["x"] + light["width"] <= clip["x"] + clip["width"] + 7


@pytest.mark.parametrize(("motion", "expected"), [("reduce", ["instant"]), ("no-preference", ["smooth"])])
def test_it_scrolls_at_once_for_those_who_want_less_motion(mock: MockServer, page: Page, motion: Any, expected: list[str]) -> None:
    page.emulate_media(reduced_motion=motion)
    page.add_init_script(
        "window.ways = []; for (const name of ['scrollIntoView', 'scrollTo', 'scrollBy', 'scroll']) {"
        "const native = Element.prototype[name];"
        "Element.prototype[name] = function (how) { ways.push(how?.behavior); return native.call(this, {...how, behavior: 'instant'}); }; }"
    )
    open_tour(page, mock, TALL + SPOT + TALL)
    assert page.evaluate("[...new Set(ways)]") == expected


TOUCH: dict[str, Callable[[Page], Any]] = {
    "element": lambda page: page.locator("#spot").bounding_box(),
    "box": lambda page: surface(page).bounding_box(),
    "page": lambda _page: {"x": 300, "y": 60, "width": 10, "height": 10},
}


@pytest.mark.parametrize("where", TOUCH)
def test_with_a_step_open_a_finger_scrolls_everywhere(new_browser: Callable[..., BrowserContext], where: str) -> None:
    context = new_browser(has_touch=True, is_mobile=True)
    page = context.new_page()
    page.set_viewport_size({"width": 400, "height": 700})
    open_tour(page, MockServer(context), f"<div style='height:320px'></div>{SPOT}" + TALL, backdrop=False)
    box = TOUCH[where](page)
    wire = context.new_cdp_session(page)
    across, down = box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 30)
    wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": across, "y": down}]})
    for moved in range(20, 220, 20):
        wire.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": across, "y": down - moved}]})
    wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("() => scrollY > 0")
