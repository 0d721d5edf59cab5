"""Steps of a person in the demo app."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

BOOT = re.compile(r"/embed/v1/boot$")
EVENTS = re.compile(r"/embed/v1/events$")


def tour_in(page: Page) -> Locator:
    """Returns the step on screen."""
    return page.locator("handrail-root").get_by_role("dialog")


def title_in(page: Page) -> Locator:
    """Returns the heading of the step on screen."""
    return tour_in(page).get_by_role("heading", level=2)


def visit(page: Page, address: str) -> None:
    """Loads a page and waits for the boot response."""
    with page.expect_response(lambda answer: bool(BOOT.search(answer.url)) and '"person":{"id":' in (answer.request.post_data or "")):
        page.goto(address)


def expect_nothing(page: Page) -> None:
    """Asserts that nothing shows once everything is loaded."""
    page.evaluate("() => window.handrail.ready()")
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 50)))")
    expect(tour_in(page)).to_have_count(0)


def click_button(page: Page, label: str) -> None:
    """Clicks a button of the step on screen."""
    tour_in(page).get_by_role("button", name=label, exact=True).click()


def click_and_wait_stored(page: Page, label: str) -> None:
    """Clicks a button that ends the tour, and waits until the server has stored the event."""
    ended = re.compile(r'"name":"(dismissed|completed)"')
    with page.expect_response(lambda answer: bool(EVENTS.search(answer.url) and ended.search(answer.request.post_data or ""))) as answer:
        click_button(page, label)
    assert answer.value.status == 202
