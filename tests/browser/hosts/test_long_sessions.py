"""A page that stays open for hours, with a product that comes and goes: what is kept does not grow, no timer is left behind."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.embed.test_footprint import kept
from tests.browser.embed_page import (
    KEY,
    SNIPPET,
    MockServer,
    call,
    expect_step,
    guide,
    ignore_complaints,
    respond_with,
    surface,
    wait_for_frames,
)
from tests.browser.page_scripts import script
from tests.browser.scenarios import step

TIMERS = script("count-timers")
WALK = """async ([from, to]) => { for (let n = from; n < to; n++) { history.pushState({}, '', '/deals/' + n % 40);
await handrail.track('walked', {n}); await Promise.resolve(); } }"""
BYTES = """(key) => Object.keys(localStorage).filter((name) => name.startsWith('handrail:' + key))
.reduce((sum, name) => sum + localStorage[name].length, 0)"""
QUIET = SNIPPET.replace("heard.push([name,detail])", "0")


def test_an_hour_without_the_product_leaves_a_bounded_queue_and_no_timers(page: Page, mock: MockServer, complaints: list[str]) -> None:
    mock.guides = [guide(step("first", "slideout", page="/deals/3"))]
    mock.answers["v1/events"] = respond_with(503)
    page.clock.install()
    page.add_init_script(TIMERS)
    mock.visit(page, head=QUIET)
    wait_for_frames(page)
    alive = []
    for minute in range(60):
        page.evaluate(WALK, [minute * 20, minute * 20 + 20])
        page.clock.run_for(60_000)
        alive.append(page.evaluate("alive.size"))
    assert max(alive[10:]) <= max(alive[:10]) <= 12, alive
    waiting: list[Any] = json.loads(page.evaluate("(key) => localStorage[`handrail:${key}:out`]", KEY))
    assert 0 < len(waiting) <= 500
    assert page.evaluate(BYTES, KEY) < 300_000
    assert sum(path.endswith("v1/events") for path in mock.requests) <= 40
    mock.answers.clear()
    mock.flush(page)
    assert len(mock.event_names("walked")) <= 500
    ignore_complaints(complaints)


def test_two_thousand_routes_with_two_hundred_guides_keep_nothing(page: Page, mock: MockServer) -> None:
    trigger = {"event": {"name": "never"}}
    mock.guides = [guide(step("one", "popover", "spot"), rule={"page": f"/deals/{number}/never"}) for number in range(199)]
    mock.guides.append(guide(step("first", "slideout"), rule={"triggered": "x"}, trigger=trigger))
    mock.visit(page, head=QUIET)
    wait_for_frames(page)
    wire: CDPSession = page.context.new_cdp_session(page)
    wire.send("Performance.enable")
    page.evaluate(WALK, [0, 300])
    mock.flush(page)
    page.evaluate(WALK, [300, 600])
    mock.flush(page)
    before = kept(wire)
    for start in range(600, 2600, 400):
        page.evaluate(WALK, [start, start + 400])
        mock.flush(page)
    after = kept(wire, before["Nodes"])
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 2_000_000
    assert after["JSEventListeners"] - before["JSEventListeners"] <= 0
    assert after["Nodes"] - before["Nodes"] <= 0
    assert len(mock.event_names("walked")) == 2600


def test_coming_and_going_pages_show_the_same_step_with_the_same_few_nodes(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout", page="/deals/3"))]
    mock.visit(page, head=QUIET)
    wait_for_frames(page)
    count = "() => document.querySelector('handrail-root').shadowRoot.querySelectorAll('*').length"
    sizes = set()
    for _round in range(30):
        page.evaluate("() => history.pushState({}, '', '/deals/3')")
        expect_step(page, "First")
        sizes.add(page.evaluate(count))
        page.evaluate("() => history.pushState({}, '', '/deals/4')")
        expect(surface(page)).to_have_count(0)
    assert len(sizes) == 1
    call(page, "endAll")
