"""The life of the embed on a page: how it comes, what it survives, how it goes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.embed_page import (
    FILES,
    HASH,
    KEY,
    LOADER,
    PRODUCT,
    SNIPPET,
    STUB,
    Guest,
    blocked,
    call,
    forgive,
    guide,
    hooks,
    refuse,
    settled,
    shows,
    surface,
)
from tests.browser.scenarios import step

EARLY = """<script>window.order=[];
handrail.identify('1').then((v)=>order.push(['identify',v]));handrail.updateUser({plan:'trial'}).then((v)=>order.push(['update',v]));
handrail.track('early',{n:1}).then((v)=>order.push(['track',v]));handrail.ready(()=>order.push(['ready',true]))</script>"""


def test_calls_made_before_the_core_arrives_run_once_in_order_and_settle(page: Page, guest: Guest) -> None:
    guest.visit(page, head=STUB + EARLY + LOADER)
    page.wait_for_function("() => order.length === 4")
    assert {name: value for name, value in page.evaluate("order")} == {"identify": True, "update": True, "track": True, "ready": True}
    assert guest.boots[-1]["person"] == {"id": "1", "attributes": {"plan": "trial"}, "token": None, "user_hash": None}
    assert [(event["name"], event["props"]) for event in guest.flush(page)] == [("early", {"n": 1})]


@pytest.mark.parametrize("part", [r"embed\.js", r"runtime\.js"])
def test_a_blocked_core_leaves_the_page_clean_and_its_calls_answered(page: Page, guest: Guest, complaints: list[str], part: str) -> None:
    guest.answers[part] = blocked
    guest.visit(page, head=STUB + "<script>window.problems=[];handrail.on('error',(each)=>problems.push(each))</script>" + LOADER)
    if part.startswith("runtime"):
        assert call(page, "identify", "1") is False
        assert call(page, "start", "x") is False
        page.wait_for_function("() => problems.length")
        assert len(page.evaluate("problems")) == 1
    else:
        assert page.evaluate("() => handrail.identify('1') instanceof Promise")
    page.get_by_role("button", name="A spot").click()
    assert page.evaluate("window.pressed") == 1
    forgive(complaints)


@pytest.mark.parametrize("file", ["loader.js", f"{HASH}/runtime.js"])
def test_the_script_is_inert_where_there_is_no_window(page: Page, guest: Guest, file: str) -> None:
    guest.visit(page, head="")
    source = FILES[file].decode() + ";postMessage('alive')"
    made = "new Worker(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})), {type: 'module'})"
    said = page.evaluate(
        f"(source) => new Promise((go) => {{ const w = {made}; w.onmessage = (e) => go(e.data); w.onerror = (e) => go(e.message); }})",
        source,
    )
    assert said == "alive"
    assert guest.requests == []


def test_nothing_is_doubled_when_the_page_starts_again_after_ending_it(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"), start="manual")]
    guest.visit(page)
    name = guest.guides[0]["id"]
    for _round in range(2):
        assert call(page, "start", name)
        shows(page, "First")
        call(page, "reset")
        expect(surface(page)).to_have_count(0)
        call(page, "init", KEY)
        call(page, "identify", "1")
    assert call(page, "start", name)
    shows(page, "First")
    assert page.locator("handrail-root").count() == 1
    assert surface(page).count() == 1


@pytest.mark.parametrize(
    "swap",
    [
        "document.body.innerHTML = '<p>New</p>'",
        "document.body.replaceWith(Object.assign(document.createElement('body'), {innerHTML: '<p>New</p>'}))",
        "document.documentElement.replaceChildren(document.createElement('head'), document.createElement('body'));"
        "document.body.innerHTML = '<p>New</p>'",
    ],
    ids=["its content", "the body", "all"],
)
def test_a_swapped_body_takes_nothing_of_ours_away(page: Page, guest: Guest, swap: str) -> None:
    guest.guides = [guide(step("first"), step("second", "slideout"))]
    guest.visit(page)
    shows(page, "First").get_by_role("button", name="Next").click()
    shows(page, "Second")
    page.evaluate(f"() => {{ {swap} }}")
    expect(page.get_by_text("New")).to_be_visible()
    shows(page, "Second").get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    assert page.locator("handrail-root").count() == 1


def test_another_person_sees_nothing_of_the_one_before_and_sends_nothing_for_them(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"))]
    guest.visit(page, head=SNIPPET + "<script>handrail.identify('u1')</script>")
    shows(page, "First")
    settled(page)
    guest.guides = []
    with page.expect_response(f"{PRODUCT}/embed/v1/events"):
        assert call(page, "identify", "u2")
    expect(surface(page)).to_have_count(0)
    assert {batch["person"]["id"] for batch in guest.batches} == {"u1"}
    assert set(guest.names()) == {"shown", "step_shown"}
    call(page, "track", "mine")
    guest.flush(page)
    assert [batch["person"]["id"] for batch in guest.batches if batch["events"][0]["name"] == "mine"] == ["u2"]


NAMED = {
    "type": "paragraph",
    "content": [{"type": "text", "text": "Hello "}, {"type": "person", "attribute": "first_name", "fallback": "you"}],
}
RICH = {"type": "quote", "content": [NAMED]}


@pytest.mark.parametrize("block", [NAMED, RICH], ids=["plain", "rich"])
def test_a_name_told_after_the_tour_showed_is_set_in_at_once(
    page: Page, guest: Guest, complaints: list[str], block: dict[str, Any]
) -> None:
    guest.guides = [guide(step("first", "slideout", text={"type": "doc", "content": [block]}))]
    guest.visit(page)
    dialog = shows(page, "First")
    expect(dialog).to_contain_text("Hello you")
    settled(page)
    before = len(guest.flush(page))
    guest.answers["v1/boot"] = refuse(503)
    page.evaluate("() => void handrail.identify('u1', {first_name: 'Ada'})")
    expect(dialog).to_contain_text("Hello Ada")
    guest.answers.clear()
    call(page, "updateUser", {"first_name": "Grace"})
    expect(dialog).to_contain_text("Hello Grace")
    assert len(guest.flush(page)) == before
    forgive(complaints)


def test_an_answer_for_somebody_who_left_meanwhile_is_not_shown(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"))]
    held: list[tuple[Route, dict[str, Any]]] = []
    guest.answers["v1/boot"] = lambda route, asked: held.append((route, asked))
    guest.visit(page, head=STUB + "<script>handrail.identify('u1')</script>" + LOADER)
    page.wait_for_function("() => window.handrail.version")
    guest.answers.clear()
    guest.boot = {"guides": [], "kinds": {}}
    assert call(page, "identify", "u2")
    guest.boot = {}
    for each in held:
        guest.booted(*each)
    settled(page)
    expect(surface(page)).to_have_count(0)


def test_a_project_switched_off_shows_keeps_and_sends_nothing(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"))]
    guest.boot = {"off": True}
    guest.visit(page)
    settled(page)
    page.evaluate("() => { handrail.track('lost'); dispatchEvent(new Event('online')); dispatchEvent(new Event('pagehide')); }")
    expect(page.locator("handrail-root")).to_have_count(0)
    assert guest.batches == []
    assert guest.guides[0]["id"] not in page.evaluate("() => JSON.stringify({...localStorage})")
    assert hooks(page, "guide:shown") == []
