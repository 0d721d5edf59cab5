"""What the product hears: each event once, whatever the network does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.embed_page import (
    HOST,
    KEY,
    LOADER,
    PRODUCT,
    STUB,
    MockServer,
    block_request,
    call,
    expect_step,
    guide,
    ignore_complaints,
    respond_with,
    surface,
    wait_for_event,
    wait_for_frames,
)
from tests.browser.scenarios import button, step

ANSWERS: dict[str, Any] = {
    "429": respond_with(429, **{"Retry-After": "20"}),
    "500": respond_with(500),
    "503": respond_with(503),
    "blocked": block_request,
}


@pytest.mark.parametrize("reload", [False, True], ids=["same page", "after a reload"])
def test_what_happened_offline_arrives_once_when_the_network_is_back(
    page: Page, mock: MockServer, complaints: list[str], reload: bool
) -> None:
    mock.visit(page)
    wait_for_frames(page)
    mock.answers["events"] = block_request
    for number in range(30):
        call(page, "track", f"event_{number}")
    page.evaluate("() => void dispatchEvent(new Event('online'))")
    wait_for_frames(page)
    mock.answers.clear()
    if reload:
        page.reload()
        wait_for_frames(page)
    mock.flush(page)
    sent = [event["name"] for batch in mock.batches for event in batch["events"]]
    assert sorted(mock.event_names()) == sorted(f"event_{number}" for number in range(30))
    assert len(sent) == 30
    ignore_complaints(complaints)


def counted(mock: MockServer, path: str) -> int:
    return sum(path in each for each in mock.requests)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_failing_product_is_asked_less_and_less_and_loses_nothing(
    page: Page, mock: MockServer, complaints: list[str], answer: str
) -> None:
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    mock.answers["events"] = ANSWERS[answer]
    call(page, "track", "kept")
    for _second in range(30):
        page.clock.run_for(20_000)
        page.evaluate("() => new Promise((go) => queueMicrotask(go))")
    asked = counted(mock, "events")
    assert 2 <= asked <= 12
    mock.answers.clear()
    mock.flush(page)
    assert mock.event_names() == ["kept"]
    ignore_complaints(complaints)


def test_the_time_that_the_product_asks_for_is_waited(page: Page, mock: MockServer) -> None:
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    mock.answers["events"] = respond_with(429, **{"Retry-After": "120"})
    call(page, "track", "kept")
    with page.expect_response("**/events"):
        page.clock.run_for(2500)
    wait_for_frames(page)
    page.clock.run_for(60_000)
    assert counted(mock, "events") == 1
    mock.answers.clear()
    page.clock.run_for(120_000)
    mock.flush(page)
    assert mock.event_names() == ["kept"]


@pytest.mark.parametrize("status", [400, 413, 422, 401, 403])
def test_what_the_product_refuses_is_not_sent_again(page: Page, mock: MockServer, status: int) -> None:
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    mock.answers["events"] = respond_with(status)
    call(page, "track", "refused")
    with page.expect_response("**/events"):
        page.clock.run_for(2500)
    wait_for_frames(page)
    page.clock.run_for(600_000)
    assert counted(mock, "events") == 1


def test_without_consent_nothing_is_kept_and_nothing_leaves(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"))]
    mock.visit(page, head=STUB + LOADER.replace(" data-env", ' data-consent="required" data-env'))
    page.wait_for_function("() => window.handrail.version")
    call(page, "track", "early")
    call(page, "identify", "1")
    assert [each for each in mock.requests if "/v1/" in each] == []
    assert page.evaluate("() => localStorage.length + sessionStorage.length + document.cookie.length") == 0
    expect(surface(page)).to_have_count(0)
    call(page, "optIn")
    expect_step(page, "First")
    assert page.evaluate("(key) => `handrail:${key}` in localStorage", KEY)


@pytest.mark.parametrize("signal", ["doNotTrack: '1'", "globalPrivacyControl: true"])
def test_where_the_signal_counts_a_browser_that_sends_it_is_asked_first(page: Page, mock: MockServer, signal: str) -> None:
    mock.guides = [guide(step("first"))]
    name, value = signal.split(": ")
    page.add_init_script(f"Object.defineProperty(Navigator.prototype, '{name}', {{get: () => {value}}})")
    mock.visit(page, head=STUB + LOADER.replace(" data-env", ' data-consent="signal" data-env'))
    page.wait_for_function("() => window.handrail.version")
    call(page, "identify", "1")
    assert [each for each in mock.requests if "/v1/" in each] == []
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    call(page, "optIn")
    expect_step(page, "First")


def test_where_the_signal_counts_a_browser_without_it_is_not_asked(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"))]
    mock.visit(page, head=STUB + LOADER.replace(" data-env", ' data-consent="signal" data-env'))
    expect_step(page, "First")


def test_who_opts_out_leaves_no_trace_and_sends_nothing_more(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    mock.flush(page)
    heard = len(mock.events)
    call(page, "optOut")
    expect(surface(page)).to_have_count(0)
    boots = len(mock.boots)
    call(page, "track", "after")
    call(page, "identify", "1")
    page.evaluate("() => void dispatchEvent(new Event('online'))")
    page.reload()
    page.wait_for_function("() => window.handrail.version")
    call(page, "track", "later")
    left = page.evaluate("() => Object.entries(localStorage)")
    assert left == [[f"handrail:{KEY}", '{"consent":"no"}']]
    assert (len(mock.events), len(mock.boots)) == (heard, boots)
    expect(surface(page)).to_have_count(0)


BEACON = """{ const native = navigator.sendBeacon.bind(navigator);
navigator.sendBeacon = (...given) => { sessionStorage.left = JSON.stringify(given); return native(...given); }; }"""


def test_the_last_event_leaves_with_the_page(page: Page, mock: MockServer) -> None:
    page.add_init_script(BEACON)
    mock.add_page("/next")
    mock.visit(page)
    wait_for_frames(page)
    call(page, "track", "last")
    page.goto(f"{HOST}/next")
    address, body = page.evaluate("() => JSON.parse(sessionStorage.left)")
    assert address == f"{PRODUCT}/embed/v1/events"
    assert [event["name"] for event in json.loads(body)["events"]] == ["last"]


WAYS = {
    "close": lambda page: surface(page).get_by_role("button", name="Close").click(),
    "escape": lambda page: page.keyboard.press("Escape"),
    "button": lambda page: surface(page).get_by_role("button", name="Not now").click(),
    "host": lambda page: call(page, "endAll"),
}


@pytest.mark.parametrize("reason", WAYS)
def test_how_it_was_closed_is_told_apart(page: Page, mock: MockServer, reason: str) -> None:
    mock.guides = [guide(step("first", buttons=[button("Not now", "close")]), step("second"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    WAYS[reason](page)
    expect(surface(page)).to_have_count(0)
    events = mock.flush(page)
    assert [event["props"] for event in events if event["name"] == "dismissed"] == [{"reason": reason}]
    assert [event["name"] for event in events if event["name"] != "clicked"] == ["shown", "step_shown", "dismissed"]


def test_a_missing_element_is_a_reason_of_its_own(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "nowhere", if_target_missing="end"))]
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    assert wait_for_event(page, mock, "dismissed")["props"] == {"reason": "target_missing"}


AROUND = [("modal", "through"), ("popover", "through"), ("popover", "block")]


def reasons(page: Page, mock: MockServer) -> list[str]:
    return [event["props"]["reason"] for event in mock.flush(page) if event["name"] == "dismissed"]


@pytest.mark.parametrize(("shape", "around"), AROUND)
def test_a_click_outside_is_a_reason_of_its_own(page: Page, mock: MockServer, shape: str, around: str) -> None:
    mock.guides = [guide(step("first", shape, "spot" if shape == "popover" else "", on_backdrop_click="close", backdrop_clicks=around))]
    mock.visit(page)
    shown = expect_step(page, "First")
    wait_for_frames(page)
    shown.get_by_text("About first.").click()
    if shape == "popover":
        page.locator("#spot").click()
    wait_for_frames(page)
    expect_step(page, "First")
    page.mouse.click(5, 5)
    expect(surface(page)).to_have_count(0)
    assert reasons(page, mock) == ["outside"]


@pytest.mark.parametrize(("shape", "around"), AROUND)
def test_a_click_outside_may_lead_on(page: Page, mock: MockServer, shape: str, around: str) -> None:
    first = step("first", shape, "spot" if shape == "popover" else "", on_backdrop_click="next", backdrop_clicks=around)
    mock.guides = [guide(first, step("second", "slideout"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    page.mouse.click(5, 5)
    expect_step(page, "Second")
    wait_for_frames(page)
    page.mouse.click(5, 5)
    expect_step(page, "Second")
    mock.flush(page)
    assert mock.event_names("step_done") == ["step_done"] and mock.event_names("dismissed") == []


def test_a_press_that_begins_inside_and_ends_outside_is_no_click_around_it(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", on_backdrop_click="close"))]
    mock.visit(page)
    expect_step(page, "First").get_by_text("About first.").hover()
    wait_for_frames(page)
    page.mouse.down()
    page.mouse.move(5, 5)
    page.mouse.up()
    wait_for_frames(page)
    expect_step(page, "First")


def asked_for(page: Page, other: str) -> None:
    call(page, "start", other)


def pressed(page: Page, _other: str) -> None:
    surface(page).get_by_role("button", name="Show me").click()


@pytest.mark.parametrize("way", [asked_for, pressed], ids=["the page", "a button"])
def test_being_replaced_is_a_reason_of_its_own(page: Page, mock: MockServer, way: Callable[[Page, str], None]) -> None:
    other = guide(step("other"), start="manual")
    first = step("first", "slideout", buttons=[button("Show me", "start", guide=other["id"])])
    mock.guides = [guide(first, step("last")), other, guide(step("third"), priority=1)]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    way(page, other["id"])
    expect_step(page, "Other")
    wait_for_frames(page)
    assert [(event["guide"], event["props"]) for event in mock.flush(page) if event["name"] == "dismissed"] == [
        (mock.guides[0]["id"], {"reason": "replaced"})
    ]
    surface(page).get_by_role("button", name="Next").click()
    expect_step(page, "Third")
    call(page, "start", mock.guides[0]["id"])
    expect_step(page, "First")
    assert reasons(page, mock) == ["replaced", "replaced"]


def test_a_guide_asked_for_again_replaces_nothing(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    call(page, "start", mock.guides[0]["id"])
    expect_step(page, "First")
    assert reasons(page, mock) == []


def moved_on(page: Page) -> None:
    page.evaluate("() => history.pushState({}, '', '/b')")


def loaded_anew(page: Page) -> None:
    page.goto(f"{HOST}/b")


@pytest.mark.parametrize("way", [moved_on, loaded_anew], ids=["at once", "by a new page"])
@pytest.mark.parametrize(("left", "told_of"), [("end", ["route_left"]), ("wait", [])])
def test_leaving_the_page_is_a_reason_of_its_own_where_that_ends_it(
    page: Page, mock: MockServer, way: Callable[[Page], None], left: str, told_of: list[str]
) -> None:
    mock.guides = [guide(step("first", "slideout", page="/a"), on_page_left=left)]
    mock.add_page("/b")
    mock.visit(page, "/a")
    expect_step(page, "First")
    wait_for_frames(page)
    way(page)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)
    assert reasons(page, mock) == told_of


def test_going_to_the_page_of_the_next_step_does_not_end_it(page: Page, mock: MockServer) -> None:
    steps = (step("first", "slideout", page="/a"), step("second", "slideout", page="/b"))
    mock.guides = [guide(*steps, on_page_left="end"), guide(step("third"), start="manual")]
    mock.visit(page, "/a")
    expect_step(page, "First")
    wait_for_frames(page)
    surface(page).get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    page.evaluate("() => history.pushState({}, '', '/c')")
    wait_for_frames(page)
    page.evaluate("() => history.pushState({}, '', '/b')")
    expect_step(page, "Second")
    assert reasons(page, mock) == []


def test_the_page_that_a_step_waits_for_is_not_leaving(page: Page, mock: MockServer) -> None:
    first = step("first", "slideout", page="/a", advance="page", advance_page="/b", buttons=[])
    mock.guides = [guide(first, step("second", "slideout"), on_page_left="end")]
    mock.visit(page, "/a")
    expect_step(page, "First")
    wait_for_frames(page)
    page.evaluate("() => history.pushState({}, '', '/b')")
    expect_step(page, "Second")
    assert reasons(page, mock) == []


def test_an_event_whose_answer_was_lost_keeps_its_id(page: Page, mock: MockServer, complaints: list[str]) -> None:
    seen: list[str] = []

    def lost(route: Route, asked: dict[str, Any]) -> None:
        seen.extend(event["id"] for event in asked["events"])
        route.abort("connectionreset")

    mock.visit(page)
    wait_for_frames(page)
    mock.answers["events"] = lost
    call(page, "track", "once")
    page.evaluate("() => void dispatchEvent(new Event('online'))")
    page.wait_for_function("() => performance.getEntriesByType('resource').some((each) => each.name.endsWith('/events'))")
    wait_for_frames(page)
    mock.answers.clear()
    mock.flush(page)
    assert {event["id"] for event in mock.events} == set(seen)
    ignore_complaints(complaints)
