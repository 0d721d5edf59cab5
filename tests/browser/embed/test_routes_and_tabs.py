"""Routes: pages that never reload, pages that do, and tabs side by side."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.embed_page import HIDDEN, HOST, KEY, SNIPPET, SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import button, step

WITHOUT_NAVIGATION = "<script>Object.defineProperty(window, 'navigation', {value: undefined})</script>"
PUSH = "(path) => history.pushState({}, '', path)"


@pytest.mark.parametrize("head", ["", WITHOUT_NAVIGATION], ids=["navigation", "history"])
def test_a_step_hides_at_once_on_another_page_and_is_back_on_return(page: Page, mock: MockServer, head: str) -> None:
    mock.guides = [guide(step("first", "slideout", page="/deals*"), step("second"))]
    page.clock.install()
    mock.visit(page, "/deals", head=head + SNIPPET)
    expect_step(page, "First")
    page.evaluate(PUSH, "/contacts")
    page.clock.run_for(150)
    assert surface(page).count() == 0
    page.evaluate(PUSH, "/deals/7")
    page.clock.run_for(150)
    expect_step(page, "First")
    page.evaluate("() => history.go(-1)")
    expect(surface(page)).to_have_count(0)


def test_a_tour_that_leads_to_another_page_load_goes_on_there(page: Page, mock: MockServer) -> None:
    there = {"buttons": [button("Go", "open", url="/there")], "advance": "page", "advance_page": "/there"}
    mock.guides = [guide(step("first", **there), step("second", "popover", "spot", page="/there"))]
    mock.add_page("/there")
    mock.visit(page, "/here")
    expect_step(page, "First")
    wait_for_frames(page)
    surface(page).get_by_role("button", name="Go").click()
    expect_step(page, "Second")
    assert page.url == f"{HOST}/there"


@pytest.mark.parametrize("where", ["", "/here"], ids=["on any page", "on its page"])
def test_a_link_that_is_the_step_leads_on_to_the_next_one_where_it_leads(page: Page, mock: MockServer, where: str) -> None:
    mock.guides = [guide(step("first", "popover", "spot", advance="target", buttons=[], page=where), step("second", "slideout"))]
    mock.add_page("/there")
    mock.visit(page, "/here", body='<a href="/there" data-handrail-target="spot">There</a>')
    expect_step(page, "First")
    wait_for_frames(page)
    page.get_by_role("link", name="There").click()
    expect_step(page, "Second")
    assert page.url == f"{HOST}/there"
    assert mock.flush(page) and mock.event_names().count("step_done") == 1


def test_a_step_that_was_done_is_not_shown_again_however_fast_the_page_goes(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"), step("second", "slideout"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    page.evaluate("() => { document.querySelector('handrail-root').shadowRoot.querySelector('.btn-main').click(); location.reload(); }")
    page.wait_for_load_state()
    expect_step(page, "Second")


def test_a_step_one_went_back_to_is_there_after_a_reload(page: Page, mock: MockServer) -> None:
    back = {"buttons": [button("Back", "back"), button("Next", "next")]}
    mock.guides = [guide(step("first", "slideout"), step("second", "slideout", **back))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    surface(page).get_by_role("button", name="Next").click()
    expect_step(page, "Second")
    wait_for_frames(page)
    surface(page).get_by_role("button", name="Back").click()
    expect_step(page, "First")
    wait_for_frames(page)
    page.reload()
    expect_step(page, "First")


def test_a_tour_ended_in_one_tab_closes_in_the_other_and_stays_away(page: Page, mock: MockServer, context: BrowserContext) -> None:
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page)
    other = context.new_page()
    mock.visit(other)
    expect_step(other, "First")
    page.bring_to_front()
    expect_step(page, "First").get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    expect(surface(other)).to_have_count(0, timeout=2000)
    other.bring_to_front()
    other.reload()
    wait_for_frames(other)
    expect(surface(other)).to_have_count(0)


WRAPPED = """<script>window.routes = []; { const native = history.pushState;
history.pushState = function (...args) { routes.push([args[2], this === history, args.length]); return native.apply(this, args); };
window.theirs = history.pushState; }</script>"""


@pytest.mark.parametrize("head", ["", WITHOUT_NAVIGATION], ids=["navigation", "history"])
def test_a_page_that_wrapped_its_history_keeps_its_wrapper(page: Page, mock: MockServer, head: str) -> None:
    mock.guides = [guide(step("first", "slideout", page="/b"))]
    mock.visit(page, "/a", head=head + WRAPPED + SNIPPET)
    wait_for_frames(page)
    page.evaluate(PUSH, "/b")
    expect_step(page, "First")
    assert page.evaluate("routes") == [["/b", True, 3]]
    mock.boot = {"off": True}
    call(page, "identify", "1")
    expect(surface(page)).to_have_count(0)
    assert page.evaluate("() => history.pushState === theirs")
    page.evaluate(PUSH, "/c")
    assert page.evaluate("routes.length") == 2


def test_the_version_that_was_begun_is_the_one_that_is_finished(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"), step("second", "slideout"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    name = mock.guides[0]["id"]
    mock.guides = [guide(step("first", title="New first"), step("second", title="New second"), id=name, version=2)]
    call(page, "identify", "1")
    wait_for_frames(page)
    expect_step(page, "First").get_by_role("button", name="Next").click()
    expect_step(page, "Second").get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    call(page, "start", name)
    expect_step(page, "New first")


def test_who_starts_anew_during_an_older_version_gets_the_new_one(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"), step("second", "slideout"), live_version=2)]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    name = mock.guides[0]["id"]
    mock.guides = [guide(step("first", title="New first"), id=name, version=2)]
    call(page, "start", name, {"continue": True})
    expect_step(page, "First")
    call(page, "start", name)
    expect_step(page, "New first")
    assert mock.boots[-1]["start"] == name


KEPT: dict[str, Any] = {"status": "started", "item": "second", "done": ["first"], "at": 1, "page": ""}


def kept(page: Page, mock: MockServer, name: str, **more: Any) -> None:
    """A browser that remembers that guide as begun, long ago."""
    mock.visit(page, "/empty", head="")
    value = {"who": "a:anon_me", "guides": {name: {**KEPT, **more}}}
    page.evaluate(
        "([key, who, value]) => { localStorage[`handrail:${key}`] = who; localStorage[`handrail:${key}:guides`] = value; }",
        [KEY, json.dumps({"anonymous": "anon_me"}), json.dumps(value)],
    )


def test_what_is_remembered_of_a_guide_that_is_gone_is_dropped_silently(page: Page, mock: MockServer) -> None:
    kept(page, mock, "00000000-0000-7000-8000-00000000dead")
    mock.visit(page)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)


def test_what_is_remembered_from_long_ago_yields_to_the_server(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"), step("second"))]
    kept(page, mock, mock.guides[0]["id"])
    mock.visit(page, body=SPOT)
    expect_step(page, "First")


def test_who_comes_back_to_a_page_goes_on_where_they_are_by_now(page: Page, mock: MockServer, context: BrowserContext) -> None:
    mock.guides = [guide(step("first", "slideout"), step("second", "slideout"), step("third", "slideout"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    page.evaluate(HIDDEN, True)
    other = context.new_page()
    mock.visit(other)
    expect_step(other, "First").get_by_role("button", name="Next").click()
    expect_step(other, "Second")
    wait_for_frames(other)
    page.evaluate(HIDDEN, False)
    expect_step(page, "Second")


def test_who_comes_back_to_a_page_that_slept_finds_nothing_of_a_tour_that_is_over(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    page.evaluate(HIDDEN, True)
    # a page that sleeps in the cache hears of nothing
    page.evaluate(
        "(key) => { const all = JSON.parse(localStorage[key]); for (const each of Object.values(all.guides))"
        " Object.assign(each, {status: 'completed', at: Date.now() + 1}); localStorage[key] = JSON.stringify(all); }",
        f"handrail:{KEY}:guides",
    )
    page.evaluate(HIDDEN, False)
    expect(surface(page)).to_have_count(0)


def test_who_signs_in_on_the_way_goes_on_with_the_tour(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"), step("second", "slideout"))]
    mock.visit(page, "/login")
    expect_step(page, "First")
    wait_for_frames(page)
    surface(page).get_by_role("button", name="Next").click()
    expect_step(page, "Second")
    wait_for_frames(page)
    mock.visit(page, "/home", head=SNIPPET + "<script>handrail.identify('42')</script>")
    expect_step(page, "Second")
