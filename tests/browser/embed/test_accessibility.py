"""A tour adds nothing to a page that anybody could stumble over, whatever shape, colour, direction or width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from guides.models import Guide
from tests.browser.demo_page import title_in, tour_in
from tests.browser.host_server import Host
from tests.browser.live_server import Site
from tests.browser.scenarios import button, live, production, serve_without_demo_tours, step

Axe = Callable[..., None]
RICH = {
    "type": "doc",
    "content": [
        {"type": "heading", "level": 3, "content": [{"type": "text", "text": "A part"}]},
        {"type": "paragraph", "content": [{"type": "text", "text": "A link", "marks": [{"type": "link", "href": "/there"}]}]},
        {"type": "list", "ordered": True, "content": [{"type": "item", "content": [{"type": "paragraph", "content": []}]}]},
        {"type": "callout", "tone": "warning", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Mind this."}]}]},
        {"type": "code", "text": "handrail.start('x')"},
        {"type": "divider"},
    ],
}
STEPS = [
    step("modal", title="Modal"),
    step("rich", title="Rich", text=RICH, buttons=[button("Next"), {**button("Back", "back"), "look": "plain"}]),
    step("popover", "popover", "spot", title="Popover"),
    step("nameless", "popover", "spot", title="", buttons=[button("Next")]),
    step("slideout", "slideout", title="Slideout"),
    step("missing", "popover", "no-such-thing", title="Missing"),
]
OTHER = {"by": "name", "value": "no-such-thing", "label": ""}
MORE = [
    step("fixed", title="Fixed", closable=False),
    step("blocking", "popover", "spot", title="Blocking", backdrop_clicks="block", on_backdrop_click="close", align="end"),
    step("several", "popover", "spot", title="Several", extra_targets=[OTHER, {"by": "css", "value": "h1", "label": ""}], align="start"),
    step("timed", "slideout", title="Timed", advance="time", seconds=60, buttons=[]),
    step("timed_modal", title="Timed modal", advance="time", seconds=60),
]
MORE_LOOKS: list[tuple[dict[str, Any], str, int]] = [
    ({"color_scheme": "light"}, "en", 1280),
    ({"color_scheme": "dark"}, "ar", 390),
    ({"color_scheme": "dark"}, "en", 320),
    ({"forced_colors": "active"}, "en", 1280),
    ({"forced_colors": "active"}, "ar", 320),
]
LOOKS: list[tuple[Literal["light", "dark"], str, int]] = list(product(("light", "dark"), ("en", "ar"), (1280, 390)))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with nothing to show but the test's own."""
    with serve_without_demo_tours(tmp_path_factory.mktemp("widgets")) as running:
        yield running


@pytest.fixture(scope="module")
def walks(site: Site) -> dict[str, Guide]:
    """One tour for each way to show how far along it is."""
    progresses = ("dots", "count", "none")
    return {word: site.run(live(f"All shapes, {word}", *STEPS, page="", progress=word, start="manual")) for word in progresses}


@pytest.fixture(scope="module")
def walk_of_more(site: Site) -> Guide:
    """A tour of steps that do more than most, and that asks before it closes."""
    return site.run(live("What few steps do", *MORE, page="", whole={"ask_before_close": True}, start="manual"))


@pytest.fixture
def bare(site: Site, host: Host) -> Callable[[str], str]:
    """A bare page that asks the product, in a language."""

    async def key() -> str:
        return (await production()).public_key

    script = f'<script async src="{site.url}/embed.js" data-environment="{site.run(key)}"></script>'
    return lambda lang: host.add_page(f"/bare-{lang}", head=script, lang=lang)


@pytest.mark.parametrize(("scheme", "lang", "width"), LOOKS)
def test_every_step_is_accessible(
    new_browser: Callable[..., BrowserContext],
    bare: Callable[[str], str],
    walks: dict[str, Guide],
    axe: Axe,
    scheme: Literal["light", "dark"],
    lang: str,
    width: int,
) -> None:
    page = new_browser(color_scheme=scheme).new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(bare(lang))
    axe(page)
    shown = walks if (lang, width) == ("en", 1280) else {"count": walks["count"]}
    for guide in shown.values():
        page.evaluate("(id) => window.handrail.start(id)", str(guide.id))
        for each in STEPS[:-1]:
            expect(tour_in(page)).to_contain_text(each["title"] or "About nameless.")
            inside(page)
            axe(page)
            page.evaluate("() => window.handrail.next()")
        expect(tour_in(page)).to_have_count(0)
        axe(page)
        page.evaluate("(id) => window.handrail.end(id)", str(guide.id))


@pytest.mark.parametrize(("look", "lang", "width"), MORE_LOOKS)
def test_every_step_that_does_more_is_accessible(
    new_browser: Callable[..., BrowserContext],
    bare: Callable[[str], str],
    walk_of_more: Guide,
    axe: Axe,
    look: dict[str, Any],
    lang: str,
    width: int,
) -> None:
    page = new_browser(**look).new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(bare(lang))
    page.evaluate("(id) => window.handrail.start(id)", str(walk_of_more.id))
    for each in MORE:
        expect(title_in(page)).to_have_text(each["title"])
        inside(page)
        axe(page)
        if each.get("closable", True):
            page.keyboard.press("Escape")
            question = page.locator("handrail-root").get_by_role("alertdialog")
            expect(question).to_be_visible()
            axe(page)
            page.keyboard.press("Escape")
            expect(question).to_have_count(0)
        page.evaluate("() => window.handrail.next()")
    expect(tour_in(page)).to_have_count(0)


def inside(page: Page) -> None:
    """What shows is whole on the screen."""
    box: Any = tour_in(page).bounding_box()
    size: Any = page.viewport_size
    assert box["x"] >= 0 and box["y"] >= 0, box
    assert box["x"] + box["width"] <= size["width"] and box["y"] + box["height"] <= size["height"], box


def test_the_focus_comes_back_to_where_it_was(page: Page, bare: Callable[[str], str], walks: dict[str, Guide]) -> None:
    page.goto(bare("en"))
    page.get_by_role("button", name="A spot").focus()
    page.evaluate("(id) => window.handrail.start(id)", str(walks["dots"].id))
    expect(title_in(page)).to_have_text("Modal")
    expect(page.get_by_role("button", name="A spot")).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="A spot")).to_be_focused()


def test_a_step_says_where_it_is_to_those_who_listen(page: Page, bare: Callable[[str], str], walks: dict[str, Guide]) -> None:
    page.goto(bare("en"))
    page.evaluate("(id) => window.handrail.start(id)", str(walks["dots"].id))
    expect(tour_in(page)).to_have_accessible_name("Modal")
    expect(tour_in(page).get_by_role("img", name="Step 1 of 6")).to_be_visible()
    page.evaluate("() => window.handrail.goTo('popover')")
    expect(tour_in(page)).to_have_accessible_name("Popover")
    expect(tour_in(page)).to_have_accessible_description("About popover.")
