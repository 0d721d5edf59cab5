"""Looking for a picked element never holds up the page, and a missing one is looked for less and less often."""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import Page, expect

from tests.browser.embed.test_picked_targets import REORDER, SHOP, picked
from tests.browser.embed_page import SNIPPET, MockServer, guide, surface, wait_for_frames
from tests.browser.page_scripts import script
from tests.browser.scenarios import step

LONGEST = 50
NODES = script("add-many-nodes")
# every look for the element begins by reading all the text of the page
WATCH = script("record-text-reads")


def arrange(page: Page, mock: MockServer) -> str:
    """A step on an element that is on the page no more; hands back what is left of the page."""
    target = picked(page, mock, "#reorder")
    mock.guides = [guide({**step("first", "popover"), "target": target})]
    page.add_init_script(f"({WATCH})()")
    return SHOP.replace(REORDER, "")


def test_on_a_page_of_20_000_nodes_the_search_goes_in_slices(page: Page, mock: MockServer) -> None:
    body = arrange(page, mock)
    page.add_init_script(f"document.addEventListener('DOMContentLoaded', {NODES})")
    mock.visit(page, body=body)
    page.wait_for_function("() => document.querySelectorAll('*').length > 20000 && looked.length > 1", timeout=30_000)
    expect(surface(page)).to_have_count(0)
    took = sorted(page.evaluate("() => took"))
    assert len(took) > 10
    # the machine may be busy with something else: that holds up a few, a search in one piece would hold up itself
    assert took[-1 - len(took) // 10] < LONGEST


def test_a_missing_element_is_looked_for_less_and_less_often(page: Page, mock: MockServer) -> None:
    body = arrange(page, mock)
    page.clock.install()
    mock.visit(page, body=body, head=SNIPPET)
    wait_for_frames(page)
    for _ in range(60):
        page.evaluate("() => document.body.classList.toggle('changed')")
        page.clock.run_for(100)
        wait_for_frames(page)
    looked = page.evaluate("() => looked")
    waits = [later - before for before, later in pairwise(looked) if later > before]
    assert 3 <= len(waits) <= 12
    assert waits[-1] >= 1500
    assert waits[0] <= 500
