"""What authors say about finding an element, and what they read of how often it was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.demo_page import click_and_wait_stored, visit
from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.scenarios import live, serve_without_demo_tours, step


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the demo app and no tour but the test's own."""
    with serve_without_demo_tours(tmp_path_factory.mktemp("finding")) as running:
        yield running


def test_what_is_said_about_finding_an_element_is_kept(author: Author, page: Page, site: Site, axe: Callable[..., None]) -> None:
    guide = site.run(live("Refined", step("one", "popover", "new-deal", title="One"), page="/nowhere"))
    author.open(f"guides/{guide.id}")
    target = author.field("target")
    target.get_by_label("Find it by").select_option("css")
    target.get_by_text("More about finding it").click()
    row = target.get_by_label("In the row with")
    row.fill("Globex")
    row.blur()
    author.stored()
    page.reload()
    expect(row).to_be_visible()
    expect(row).to_have_value("Globex")
    axe(page)


def test_the_report_says_how_often_an_element_was_found(
    author: Author, page: Page, site: Site, new_browser: Callable[..., BrowserContext], axe: Callable[..., None]
) -> None:
    guide = site.run(live("Looked for", step("one", "popover", "new-deal", title="One"), page="/deals"))
    author.open(f"guides/{guide.id}/results")
    person = new_browser().new_page()
    visit(person, f"{site.demo}/deals")
    click_and_wait_stored(person, "Next")
    page.reload()
    expect(page.get_by_text("1 of 1").first).to_be_visible()
    axe(page)
