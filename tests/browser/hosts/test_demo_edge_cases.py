"""The corners of the demo app: what real products have, with a real tour on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_page import title_in, tour_in, visit
from tests.browser.live_server import Site
from tests.browser.scenarios import button, live, serve_without_demo_tours, step

NAMES = ["", "scroll", "dialogs", "shadow", "frame", "list", "table", "late", "arabic"]
TARGETS = {
    "scroll": ["sticky-action", "deep-in-scrollers", "below-the-fold", "fixed-foot"],
    "dialogs": ["open-dialog"],
    "shadow": ["shadow-button", "shadow-deep"],
    "frame": ["frame"],
    "list": ["part-3"],
    "late": ["late-action"],
    "arabic": ["arabic-action", "arabic-field"],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server whose tours are those on the corners."""
    with serve_without_demo_tours(tmp_path_factory.mktemp("corners")) as running:
        for name, targets in TARGETS.items():
            look = {"backdrop": False, "buttons": [button("Next")], "page": f"/corners/{name}"}
            steps = [step(target.replace("-", "_"), "popover", target, title=target, **look) for target in targets]
            running.run(live(name, *steps, page=f"/corners/{name}", frequency="always"))
        yield running


@pytest.mark.parametrize("name", NAMES)
def test_a_corner_is_itself_accessible(page: Page, site: Site, axe: Callable[..., None], name: str) -> None:
    visit(page, f"{site.demo}/corners/{name}".rstrip("/"))
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    axe(page, "main")


@pytest.mark.parametrize("name", TARGETS)
def test_a_tour_finds_its_way_in_a_corner(page: Page, site: Site, name: str) -> None:
    visit(page, f"{site.demo}/corners/{name}")
    for target in TARGETS[name]:
        expect(title_in(page)).to_have_text(target)
        expect(tour_in(page)).to_be_in_viewport(ratio=1)
        tour_in(page).get_by_role("button", name="Next").click()
    expect(tour_in(page)).to_have_count(0)


@pytest.mark.parametrize("which", ["dialog", "trap"])
def test_a_tour_and_a_dialog_of_the_page_do_not_fight_for_the_focus(page: Page, site: Site, which: str) -> None:
    visit(page, f"{site.demo}/corners/dialogs")
    expect(title_in(page)).to_have_text("open-dialog")
    page.evaluate("(id) => document.getElementById(id).click()", f"open-{which}")
    field = page.get_by_label("Reason" if which == "dialog" else "Comment")
    field.click()
    field.press_sequentially("words")
    expect(field).to_have_value("words")
    expect(field).to_be_focused()
    expect(tour_in(page)).to_have_count(1)
