"""What starts a tour, from the author's hands to the person's click: the real admin, the real product, the real page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.demo_page import click_and_wait_stored, expect_nothing, title_in, tour_in, visit
from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.scenarios import button, draft, serve_fresh, step, unpublish_demo_tours

LAST = {"buttons": [button("Done", "finish")]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the demo app and no tour but the test's own."""
    with serve_fresh(tmp_path_factory.mktemp("starting")) as running:
        running.run(unpublish_demo_tours)
        yield running


def opened(author: Author, name: str) -> None:
    """A ready draft, at the page that says when it shows."""
    guide = author.site.run(draft(name, step("first", "slideout", title=name, **LAST)))
    author.open(f"guides/{guide.id}/audience")


def starts(page: Page, how: str) -> None:
    """Choose what starts it."""
    page.get_by_label("It starts", exact=True).select_option(label=how)


def comes(visitor: Page, address: str) -> None:
    """Load a page where a tour waits, and what listens for it."""
    with visitor.expect_request_finished(lambda request: "/triggers.js" in request.url):
        visit(visitor, address)
    expect_nothing(visitor)


def test_an_author_lets_a_click_on_new_deal_start_a_tour(author: Author, new_browser: Callable[..., BrowserContext]) -> None:
    page, site = author.page, author.site
    opened(author, "Your first deal")
    starts(page, "When people click an element")
    expect(page.get_by_text("Say which element is clicked.")).to_be_visible()
    page.get_by_role("group", name="The element people click").get_by_label("Find it by").select_option(label="Its text")
    page.get_by_role("group", name="The element people click").get_by_role("textbox").fill("New deal")
    author.stored()
    expect(page.get_by_text("Say which element is clicked.")).to_have_count(0)
    author.go_live()
    visitor = new_browser().new_page()
    comes(visitor, f"{site.demo}/deals")
    visitor.get_by_role("button", name="New deal").click()
    expect(title_in(visitor)).to_have_text("Your first deal")
    click_and_wait_stored(visitor, "Done")
    visit(visitor, f"{site.demo}/deals")
    visitor.get_by_role("button", name="New deal").click()
    expect_nothing(visitor)


def test_an_author_lets_an_event_start_a_tour_every_week(author: Author, new_browser: Callable[..., BrowserContext]) -> None:
    page, site = author.page, author.site
    opened(author, "Many rows")
    starts(page, "When an event happens")
    page.get_by_role("textbox", name="Event").fill("exported")
    author.stored()
    page.get_by_role("button", name="Only with this property").click()
    page.get_by_label("Property").fill("rows")
    page.get_by_label("Comparison").select_option(label="is more than")
    page.get_by_label("Value", exact=True).fill("10")
    page.get_by_text("Every few days").click()
    page.get_by_label("Days in between").fill("7")
    author.stored()
    author.go_live()
    visitor = new_browser().new_page()
    comes(visitor, f"{site.demo}/contacts")
    visitor.evaluate("() => handrail.track('exported', {rows: 5})")
    expect_nothing(visitor)
    visitor.evaluate("() => handrail.track('exported', {rows: 50})")
    expect(title_in(visitor)).to_have_text("Many rows")
    click_and_wait_stored(visitor, "Done")
    visitor.evaluate("() => handrail.track('exported', {rows: 50})")
    expect(tour_in(visitor)).to_have_count(0)
