"""The stage of browser tests: the browser runs, and a page that complains is noticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


def test_a_complaint_of_the_page_is_noticed(page: Page, complaints: list[str]) -> None:
    page.set_content("<script>setTimeout(() => { throw new Error('no') })</script>")
    page.evaluate("() => console.error('not well')")
    page.wait_for_function("() => true")
    assert len(complaints) == 2
    complaints.clear()


def test_the_accessibility_check_sees_a_picture_without_words(page: Page, axe: Callable[..., None]) -> None:
    page.set_content("<html lang=en><title>A page</title><main><h1>A page</h1><img src='data:,'></main>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_no_host_but_this_one_can_be_reached(page: Page, complaints: list[str]) -> None:
    page.set_content("<title>A page</title>")
    assert page.evaluate("() => fetch('https://example.com').then(() => 'reached', () => 'not reached')") == "not reached"
    complaints.clear()
