"""What a guide waits for beside its rule: an event, a click, some seconds, and what calls it off."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed.test_starting_and_frequency import HIDDEN
from tests.browser.embed_page import SNIPPET, SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import step

ROWS = {"attribute": {"of": "event", "name": "rows", "op": "greater", "value": 10}}


def triggered(*steps: dict[str, Any], trigger: dict[str, Any], rule: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A guide that waits for something, as boot delivers it."""
    made = guide(*steps, trigger=trigger, **more)
    mark = {"triggered": made["id"]}
    return made | {"rule": {"all": [rule, mark]} if rule else mark}


def waits(page: Page, mock: MockServer, *guides: dict[str, Any], **made: Any) -> None:
    """Load a page on which those guides wait for what starts them."""
    mock.guides = list(guides)
    with page.expect_response(lambda answer: "/triggers.js" in answer.url):
        mock.visit(page, **made)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)


def nothing_shows(page: Page) -> None:
    """Not even after a while in which the tab is looked at."""
    wait_for_frames(page)
    page.clock.run_for(2000)
    assert surface(page).count() == 0


FILTERS = [
    ({"op": "is", "value": "csv"}, {"of": "CSV"}, True),
    ({"op": "is", "value": "csv"}, {"of": "pdf"}, False),
    ({"op": "is_not", "value": "csv"}, {"of": "pdf"}, True),
    ({"op": "is_not", "value": "csv"}, {"of": "csv"}, False),
    ({"op": "contains", "value": "s"}, {"of": "csv"}, True),
    ({"op": "contains", "value": "x"}, {"of": "csv"}, False),
    ({"op": "greater", "value": 10}, {"of": 11}, True),
    ({"op": "greater", "value": 10}, {"of": 10}, False),
    ({"op": "less", "value": 10}, {"of": "9.5"}, True),
    ({"op": "is_set"}, {"of": 0}, True),
    ({"op": "is_set"}, {"other": 1}, False),
]


@pytest.mark.parametrize(("asked", "props", "fits"), FILTERS)
def test_only_an_event_that_fits_starts_it(page: Page, mock: MockServer, asked: dict[str, Any], props: dict[str, Any], fits: bool) -> None:
    where = {"attribute": {"of": "event", "name": "of", **asked}}
    page.clock.install()
    waits(page, mock, triggered(step("first"), trigger={"event": {"name": "exported", "where": where}}))
    call(page, "track", "imported", props)
    nothing_shows(page)
    call(page, "track", "exported", props)
    if fits:
        expect_step(page, "First")
    else:
        nothing_shows(page)


def test_an_event_told_before_the_embed_was_there_starts_it_too(page: Page, mock: MockServer) -> None:
    mock.guides = [triggered(step("first"), trigger={"event": {"name": "exported", "where": ROWS}})]
    mock.visit(page, head=SNIPPET + "<script>handrail.track('exported', {rows: 20})</script>")
    expect_step(page, "First")


def test_an_event_starts_it_once_and_every_time_where_that_is_wanted(page: Page, mock: MockServer) -> None:
    for frequency, times in (("once", 1), ("always", 2)):
        waits(page, mock, triggered(step("first", "slideout"), trigger={"event": {"name": "exported"}}, frequency=frequency))
        for time in range(2):
            call(page, "track", "exported")
            wait_for_frames(page)
            if time < times:
                expect_step(page, "First").get_by_role("button", name="Next").click()
            expect(surface(page)).to_have_count(0)


def test_a_triggered_guide_still_minds_its_page_and_comes_with_the_next(page: Page, mock: MockServer) -> None:
    page.clock.install()
    waits(page, mock, triggered(step("first"), trigger={"event": {"name": "saved"}}, rule={"page": "/b"}), path="/a")
    call(page, "track", "saved")
    nothing_shows(page)
    page.evaluate("() => history.pushState({}, '', '/b')")
    expect_step(page, "First")


def test_what_happened_long_ago_starts_nothing_any_more(page: Page, mock: MockServer) -> None:
    page.clock.install()
    waits(page, mock, triggered(step("first"), trigger={"event": {"name": "saved"}}, rule={"page": "/b"}), path="/a")
    call(page, "track", "saved")
    page.clock.run_for(6000)
    page.evaluate("() => history.pushState({}, '', '/b')")
    nothing_shows(page)


@pytest.mark.parametrize("started", ["event", "by itself"])
def test_a_cancel_event_during_the_delay_means_it_never_shows(page: Page, mock: MockServer, started: str) -> None:
    start: dict[str, Any] = {"event": {"name": "opened"}} if started == "event" else {}
    page.clock.install()
    waits(page, mock, triggered(step("first"), trigger={**start, "delay_seconds": 10, "cancel_event": {"name": "saved", "where": ROWS}}))
    call(page, "track", "opened")
    page.clock.run_for(5000)
    call(page, "track", "saved", {"rows": 20})
    page.clock.run_for(60_000)
    assert surface(page).count() == 0


@pytest.mark.parametrize("started", ["event", "by itself"])
def test_a_delay_is_waited_whatever_starts_it_and_other_events_change_nothing(page: Page, mock: MockServer, started: str) -> None:
    start: dict[str, Any] = {"event": {"name": "opened"}} if started == "event" else {}
    page.clock.install()
    waits(page, mock, triggered(step("first"), trigger={**start, "delay_seconds": 10, "cancel_event": {"name": "saved", "where": ROWS}}))
    call(page, "track", "opened")
    page.clock.run_for(5000)
    call(page, "track", "saved", {"rows": 2})
    page.clock.run_for(4000)
    assert surface(page).count() == 0
    page.clock.run_for(1500)
    expect_step(page, "First")


def test_a_delay_goes_on_over_a_page_load(page: Page, mock: MockServer) -> None:
    page.clock.install()
    waits(page, mock, triggered(step("first"), trigger={"event": {"name": "opened"}, "delay_seconds": 10}))
    call(page, "track", "opened")
    page.clock.run_for(7000)
    page.reload()
    wait_for_frames(page)
    page.clock.run_for(1000)
    assert surface(page).count() == 0
    page.clock.run_for(3000)
    expect_step(page, "First")


AIMS = {
    "name": {"by": "name", "value": "spot", "label": ""},
    "css": {"by": "css", "value": "main > button", "label": ""},
    "text": {"by": "text", "value": "A spot", "label": ""},
}


@pytest.mark.parametrize("by", AIMS)
def test_a_click_on_a_button_of_the_page_starts_it_and_the_page_hears_it_once(page: Page, mock: MockServer, by: str) -> None:
    page.clock.install()
    waits(page, mock, triggered(step("first"), trigger={"click": AIMS[by]}), body=SPOT + "<p id='other'>Another</p>")
    page.locator("#other").click()
    nothing_shows(page)
    page.locator("#spot").click()
    expect_step(page, "First")
    assert page.evaluate("window.pressed") == 1


def test_a_link_that_leads_to_another_page_starts_it_there(page: Page, mock: MockServer) -> None:
    link = "<a href='/new' data-handrail-target='new'>New deal</a>"
    target = {"by": "name", "value": "new", "label": ""}
    mock.add_page("/new")
    waits(page, mock, triggered(step("first"), trigger={"click": target}, rule={"page": "/new"}), path="/deals", body=link)
    page.get_by_text("New deal").click()
    expect_step(page, "First")
    assert page.url.endswith("/new")


def test_a_tour_whose_first_step_is_on_the_next_page_starts_there(page: Page, mock: MockServer) -> None:
    link = "<a href='/new' data-handrail-target='new'>New deal</a>"
    mock.add_page("/new")
    first = step("first", "slideout", page="/new")
    waits(page, mock, triggered(first, trigger={"click": {"by": "name", "value": "new", "label": ""}}), path="/deals", body=link)
    page.get_by_text("New deal").click()
    expect_step(page, "First")


def test_what_was_shown_once_is_not_set_off_again_by_the_next_page(page: Page, mock: MockServer) -> None:
    page.clock.install()
    waits(page, mock, triggered(step("first", "slideout"), trigger={"event": {"name": "opened"}}, frequency="always"))
    call(page, "track", "opened")
    expect_step(page, "First").get_by_role("button", name="Next").click()
    page.reload()
    nothing_shows(page)


def test_what_somebody_set_off_is_nothing_for_the_person_after_them(page: Page, mock: MockServer) -> None:
    page.clock.install()
    waits(page, mock, triggered(step("first"), trigger={"event": {"name": "opened"}, "delay_seconds": 10}))
    call(page, "identify", "1")
    call(page, "track", "opened")
    page.clock.run_for(5000)
    call(page, "identify", "2")
    page.clock.run_for(20_000)
    assert surface(page).count() == 0


def test_in_a_hidden_tab_a_delay_does_not_run_and_no_timer_either(page: Page, mock: MockServer) -> None:
    page.clock.install()
    waits(page, mock, triggered(step("first"), trigger={"event": {"name": "opened"}, "delay_seconds": 10}))
    call(page, "track", "opened")
    page.clock.run_for(4000)
    page.evaluate(HIDDEN, True)
    page.evaluate("() => { window.timers = 0; const later = setTimeout; window.setTimeout = (...all) => ++timers && later(...all); }")
    page.clock.run_for(60_000)
    assert (surface(page).count(), page.evaluate("timers")) == (0, 0)
    page.evaluate(HIDDEN, False)
    page.clock.run_for(5000)
    assert surface(page).count() == 0
    page.clock.run_for(2000)
    expect_step(page, "First")


def test_a_page_without_such_guides_loads_nothing_of_all_this(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page)
    expect_step(page, "First")
    assert not [each for each in mock.requests if "triggers" in each or "page-watcher" in each]
