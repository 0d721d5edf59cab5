"""Routes: pages that never reload, pages that do, and tabs side by side."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.embed_page import HIDDEN, HOST, KEY, SNIPPET, SPOT, Guest, call, guide, settled, shows, surface
from tests.browser.scenarios import button, step

WITHOUT_NAVIGATION = "<script>Object.defineProperty(window, 'navigation', {value: undefined})</script>"
PUSH = "(path) => history.pushState({}, '', path)"


@pytest.mark.parametrize("head", ["", WITHOUT_NAVIGATION], ids=["navigation", "history"])
def test_a_step_hides_at_once_on_another_page_and_is_back_on_return(page: Page, guest: Guest, head: str) -> None:
    guest.guides = [guide(step("first", "slideout", page="/deals*"), step("second"))]
    page.clock.install()
    guest.visit(page, "/deals", head=head + SNIPPET)
    shows(page, "First")
    page.evaluate(PUSH, "/contacts")
    page.clock.run_for(150)
    assert surface(page).count() == 0
    page.evaluate(PUSH, "/deals/7")
    page.clock.run_for(150)
    shows(page, "First")
    page.evaluate("() => history.go(-1)")
    expect(surface(page)).to_have_count(0)


def test_a_tour_that_leads_to_another_page_load_goes_on_there(page: Page, guest: Guest) -> None:
    there = {"buttons": [button("Go", "open", url="/there")], "advance": "page", "advance_page": "/there"}
    guest.guides = [guide(step("first", **there), step("second", "popover", "spot", page="/there"))]
    guest.put("/there")
    guest.visit(page, "/here")
    shows(page, "First")
    settled(page)
    surface(page).get_by_role("button", name="Go").click()
    shows(page, "Second")
    assert page.url == f"{HOST}/there"


@pytest.mark.parametrize("where", ["", "/here"], ids=["on any page", "on its page"])
def test_a_link_that_is_the_step_leads_on_to_the_next_one_where_it_leads(page: Page, guest: Guest, where: str) -> None:
    guest.guides = [guide(step("first", "popover", "spot", advance="target", buttons=[], page=where), step("second", "slideout"))]
    guest.put("/there")
    guest.visit(page, "/here", body='<a href="/there" data-handrail-target="spot">There</a>')
    shows(page, "First")
    settled(page)
    page.get_by_role("link", name="There").click()
    shows(page, "Second")
    assert page.url == f"{HOST}/there"
    assert guest.flush(page) and guest.names().count("step_done") == 1


def test_a_step_that_was_done_is_not_shown_again_however_fast_the_page_goes(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"), step("second", "slideout"))]
    guest.visit(page)
    shows(page, "First")
    settled(page)
    page.evaluate("() => { document.querySelector('handrail-root').shadowRoot.querySelector('.btn-main').click(); location.reload(); }")
    page.wait_for_load_state()
    shows(page, "Second")


def test_a_step_one_went_back_to_is_there_after_a_reload(page: Page, guest: Guest) -> None:
    back = {"buttons": [button("Back", "back"), button("Next", "next")]}
    guest.guides = [guide(step("first", "slideout"), step("second", "slideout", **back))]
    guest.visit(page)
    shows(page, "First")
    settled(page)
    surface(page).get_by_role("button", name="Next").click()
    shows(page, "Second")
    settled(page)
    surface(page).get_by_role("button", name="Back").click()
    shows(page, "First")
    settled(page)
    page.reload()
    shows(page, "First")


def test_a_tour_ended_in_one_tab_closes_in_the_other_and_stays_away(page: Page, guest: Guest, context: BrowserContext) -> None:
    guest.guides = [guide(step("first", "slideout"))]
    guest.visit(page)
    other = context.new_page()
    guest.visit(other)
    shows(other, "First")
    page.bring_to_front()
    shows(page, "First").get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    expect(surface(other)).to_have_count(0, timeout=2000)
    other.bring_to_front()
    other.reload()
    settled(other)
    expect(surface(other)).to_have_count(0)


WRAPPED = """<script>window.routes = []; { const native = history.pushState;
history.pushState = function (...args) { routes.push([args[2], this === history, args.length]); return native.apply(this, args); };
window.theirs = history.pushState; }</script>"""


@pytest.mark.parametrize("head", ["", WITHOUT_NAVIGATION], ids=["navigation", "history"])
def test_a_page_that_wrapped_its_history_keeps_its_wrapper(page: Page, guest: Guest, head: str) -> None:
    guest.guides = [guide(step("first", "slideout", page="/b"))]
    guest.visit(page, "/a", head=head + WRAPPED + SNIPPET)
    settled(page)
    page.evaluate(PUSH, "/b")
    shows(page, "First")
    assert page.evaluate("routes") == [["/b", True, 3]]
    guest.boot = {"off": True}
    call(page, "identify", "1")
    expect(surface(page)).to_have_count(0)
    assert page.evaluate("() => history.pushState === theirs")
    page.evaluate(PUSH, "/c")
    assert page.evaluate("routes.length") == 2


def test_the_version_that_was_begun_is_the_one_that_is_finished(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"), step("second", "slideout"))]
    guest.visit(page)
    shows(page, "First")
    settled(page)
    name = guest.guides[0]["id"]
    guest.guides = [guide(step("first", title="New first"), step("second", title="New second"), id=name, version=2)]
    call(page, "identify", "1")
    settled(page)
    shows(page, "First").get_by_role("button", name="Next").click()
    shows(page, "Second").get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    call(page, "start", name)
    shows(page, "New first")


def test_who_starts_anew_during_an_older_version_gets_the_new_one(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"), step("second", "slideout"), newer=2)]
    guest.visit(page)
    shows(page, "First")
    settled(page)
    name = guest.guides[0]["id"]
    guest.guides = [guide(step("first", title="New first"), id=name, version=2)]
    call(page, "start", name, {"continue": True})
    shows(page, "First")
    call(page, "start", name)
    shows(page, "New first")
    assert guest.boots[-1]["start"] == name


KEPT: dict[str, Any] = {"status": "started", "item": "second", "done": ["first"], "at": 1, "page": ""}


def kept(page: Page, guest: Guest, name: str, **more: Any) -> None:
    """A browser that remembers that guide as begun, long ago."""
    guest.visit(page, "/empty", head="")
    value = {"who": "a:anon_me", "guides": {name: {**KEPT, **more}}}
    page.evaluate(
        "([key, who, value]) => { localStorage[`handrail:${key}`] = who; localStorage[`handrail:${key}:guides`] = value; }",
        [KEY, json.dumps({"anonymous": "anon_me"}), json.dumps(value)],
    )


def test_what_is_remembered_of_a_guide_that_is_gone_is_dropped_silently(page: Page, guest: Guest) -> None:
    kept(page, guest, "00000000-0000-7000-8000-00000000dead")
    guest.visit(page)
    settled(page)
    expect(surface(page)).to_have_count(0)


def test_what_is_remembered_from_long_ago_yields_to_the_server(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"), step("second"))]
    kept(page, guest, guest.guides[0]["id"])
    guest.visit(page, body=SPOT)
    shows(page, "First")


def test_who_comes_back_to_a_page_goes_on_where_they_are_by_now(page: Page, guest: Guest, context: BrowserContext) -> None:
    guest.guides = [guide(step("first", "slideout"), step("second", "slideout"), step("third", "slideout"))]
    guest.visit(page)
    shows(page, "First")
    settled(page)
    page.evaluate(HIDDEN, True)
    other = context.new_page()
    guest.visit(other)
    shows(other, "First").get_by_role("button", name="Next").click()
    shows(other, "Second")
    settled(other)
    page.evaluate(HIDDEN, False)
    shows(page, "Second")


def test_who_comes_back_to_a_page_that_slept_finds_nothing_of_a_tour_that_is_over(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"))]
    guest.visit(page)
    shows(page, "First")
    settled(page)
    page.evaluate(HIDDEN, True)
    # a page that sleeps in the cache hears of nothing
    page.evaluate(
        "(key) => { const all = JSON.parse(localStorage[key]); for (const each of Object.values(all.guides))"
        " Object.assign(each, {status: 'completed', at: Date.now() + 1}); localStorage[key] = JSON.stringify(all); }",
        f"handrail:{KEY}:guides",
    )
    page.evaluate(HIDDEN, False)
    expect(surface(page)).to_have_count(0)


def test_who_signs_in_on_the_way_goes_on_with_the_tour(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"), step("second", "slideout"))]
    guest.visit(page, "/login")
    shows(page, "First")
    settled(page)
    surface(page).get_by_role("button", name="Next").click()
    shows(page, "Second")
    settled(page)
    guest.visit(page, "/home", head=SNIPPET + "<script>handrail.identify('42')</script>")
    shows(page, "Second")
