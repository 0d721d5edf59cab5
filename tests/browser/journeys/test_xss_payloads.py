"""The markup corpus bites: every text of it does its harm where it is taken for markup, or it would prove nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import TimeoutError as Timeout

from tests.browser.script_sentinel import watched
from tests.browser.xss_payloads import ALL, HUNGRY, LIVE, Payload

ORIGIN = "http://localhost:9/"


@pytest.fixture
def victim(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page without any defence, at an address that is answered here."""
    yield watched(context, complaints).new_page()
    complaints.clear()


def rendered(page: Page, payload: Payload) -> None:
    """Take the text for what it pretends to be."""
    html = "" if payload.fires in ("link", "inner") else payload.text
    body = f"<!doctype html><title>A</title>{HUNGRY}<div id=here>{html}</div>"
    page.unroute(ORIGIN)
    page.route(ORIGIN, lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=body))
    page.goto(ORIGIN, wait_until="commit")
    if html:
        return
    page.locator("#here").wait_for(state="attached")
    if payload.fires == "inner":
        page.evaluate("(text) => { here.innerHTML = text; here.innerHTML = here.innerHTML }", payload.text)
    else:
        page.evaluate(
            "(text) => { const a = document.createElement('a'); a.textContent = 'a'; a.setAttribute('href', text); here.append(a);"
            " a.click() }",
            payload.text,
        )


def harms(page: Page, payload: Payload) -> bool:
    """Whether the text does what it is feared for."""
    if payload.fires == "clobber":
        rendered(page, payload)
        page.locator("#here").wait_for(state="attached")
        return bool(page.evaluate("() => document.currentScript !== null || typeof document.querySelector !== 'function'"))
    try:
        if payload.fires == "canary":
            with page.expect_request(lambda asked: "canary.example" in asked.url, timeout=3000):
                rendered(page, payload)
        else:
            with page.expect_console_message(lambda said: "sentinel" in said.text, timeout=3000):
                rendered(page, payload)
    except Timeout:
        return False
    return True


def test_every_text_of_the_corpus_bites_where_nobody_stops_it(victim: Page) -> None:
    tame = [payload.name for payload in LIVE if not harms(victim, payload)]
    assert not tame, ", ".join(tame)
    assert len(LIVE) >= 50


def test_names_and_texts_of_the_corpus_are_all_different() -> None:
    assert len({payload.name for payload in ALL}) == len({payload.text for payload in ALL}) == len(ALL)
