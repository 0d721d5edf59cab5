"""This embed with servers of other releases, as their answers were recorded: what is known shows, the rest is skipped in silence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.architecture.source_tree import ROOT
from tests.browser.embed_page import (
    HASH,
    KEY,
    OPEN,
    SNIPPET,
    MockServer,
    call,
    expect_step,
    host_events,
    ignore_complaints,
    surface,
    wait_for_frames,
)

WIRE = json.loads((ROOT / "tests" / "shared_cases" / "wire.json").read_text(encoding="utf-8"))
TITLES = {"first_boot": "From the first release", "bare_boot": "From the first release", "later_boot": "From a later release"}


def answer(name: str) -> dict[str, Any]:
    """That answer, with the renderer of this build."""
    text = json.dumps(WIRE[name]).replace("RENDERER", f"/embed/{HASH}/tour.js")
    parsed: dict[str, Any] = json.loads(text)
    return parsed


@pytest.mark.parametrize("name", TITLES)
def test_what_is_known_of_another_releases_answer_shows_and_ends(page: Page, mock: MockServer, complaints: list[str], name: str) -> None:
    mock.answers["v1/boot"] = lambda route, asked: route.fulfill(json=answer(name), headers=OPEN)
    mock.visit(page)
    dialog = expect_step(page, TITLES[name])
    expect(dialog.get_by_text("Hello")).to_be_visible()
    expect(dialog.get_by_text("never seen")).to_have_count(0)
    wait_for_frames(page)
    call(page, "track", "e")
    call(page, "list")
    call(page, "explain", "g8")
    dialog.get_by_role("button", name="Done").click()
    expect(surface(page)).to_have_count(0)
    mock.flush(page)
    assert mock.event_names() == ["shown", "step_shown", "e", "clicked", "step_done", "completed"]
    ignore_complaints(complaints)
    assert complaints == [] and {each["guide"] for each in host_events(page, "error")} <= {"g9"}


def test_an_answer_of_a_form_that_cannot_be_read_shows_nothing_and_throws_nothing(page: Page, mock: MockServer) -> None:
    mock.answers["v1/boot"] = lambda route, asked: route.fulfill(json={**answer("first_boot"), "schema": "two", "guides": {}}, headers=OPEN)
    page.clock.install()
    mock.visit(page)
    page.wait_for_function("() => window.handrail.version")
    page.clock.run_for(120_000)
    expect(surface(page)).to_have_count(0)


def test_what_an_older_embed_left_in_the_browser_is_read_on(page: Page, mock: MockServer) -> None:
    mock.answers["v1/boot"] = lambda route, asked: route.fulfill(json=answer("first_boot"), headers=OPEN)
    mock.visit(page, "/empty", head="")
    kept = {"who": "a:anon_me", "guides": {"g1": {"status": "dismissed", "item": None, "done": [], "at": 4_000_000_000_000}}}
    page.evaluate(
        "([key, who, kept]) => { localStorage[`handrail:${key}`] = who; localStorage[`handrail:${key}:guides`] = kept; }",
        [KEY, '{"anonymous":"anon_me"}', json.dumps(kept)],
    )
    mock.visit(page, head=SNIPPET)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)


def test_a_part_that_is_gone_after_a_roll_out_is_no_reason_to_fail(page: Page, mock: MockServer, complaints: list[str]) -> None:
    def gone(route: Route, _asked: dict[str, Any]) -> None:
        route.fulfill(status=404, headers=OPEN)

    mock.answers["v1/boot"] = lambda route, asked: route.fulfill(json=answer("later_boot"), headers=OPEN)
    mock.answers["(page-watcher|triggers)[.]js"] = gone
    mock.visit(page)
    expect_step(page, "From a later release")
    ignore_complaints(complaints)
