"""A person in the demo app: what they see of a tour, and what their hands do."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

BOOT = re.compile(r"/embed/v1/boot$")
EVENTS = re.compile(r"/embed/v1/events$")


def tour_in(page: Page) -> Locator:
    """The step on screen, if any."""
    return page.locator("handrail-root").get_by_role("dialog")


def title_in(page: Page) -> Locator:
    """The heading of the step on screen."""
    return tour_in(page).get_by_role("heading", level=2)


def visit(page: Page, address: str) -> None:
    """Load a page, and wait until the server has said what this person may see, who is known by then."""
    with page.expect_response(lambda answer: bool(BOOT.search(answer.url)) and '"person":{"id":' in (answer.request.post_data or "")):
        page.goto(address)


def sees_nothing(page: Page) -> None:
    """Nothing shows, after everything that could have shown was loaded."""
    page.evaluate("() => window.handrail.ready()")
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 50)))")
    expect(tour_in(page)).to_have_count(0)


def press(page: Page, label: str) -> None:
    """Click a button of the step on screen."""
    tour_in(page).get_by_role("button", name=label, exact=True).click()


def heard(page: Page, label: str) -> None:
    """Click a button that ends the tour, and wait until the server has stored that it did."""
    ended = re.compile(r'"name":"(dismissed|completed)"')
    with page.expect_response(lambda answer: bool(EVENTS.search(answer.url) and ended.search(answer.request.post_data or ""))) as answer:
        press(page, label)
    assert answer.value.status == 202
