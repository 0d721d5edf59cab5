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
    MockServer,
    block_request,
    call,
    expect_step,
    guide,
    host_events,
    ignore_complaints,
    respond_with,
    surface,
    wait_for_frames,
)
from tests.browser.scenarios import step

EARLY = """<script>window.order=[];
handrail.identify('1').then((v)=>order.push(['identify',v]));handrail.updateUser({plan:'trial'}).then((v)=>order.push(['update',v]));
handrail.track('early',{n:1}).then((v)=>order.push(['track',v]));handrail.ready(()=>order.push(['ready',true]))</script>"""


def test_calls_made_before_the_core_arrives_run_once_in_order_and_settle(page: Page, mock: MockServer) -> None:
    mock.visit(page, head=STUB + EARLY + LOADER)
    page.wait_for_function("() => order.length === 4")
    assert {name: value for name, value in page.evaluate("order")} == {"identify": True, "update": True, "track": True, "ready": True}
    assert mock.boots[-1]["person"] == {"id": "1", "attributes": {"plan": "trial"}, "token": None, "user_hash": None}
    assert [(event["name"], event["props"]) for event in mock.flush(page)] == [("early", {"n": 1})]


@pytest.mark.parametrize("part", [r"embed\.js", r"runtime\.js"])
def test_a_blocked_core_leaves_the_page_clean_and_its_calls_answered(
    page: Page, mock: MockServer, complaints: list[str], part: str
) -> None:
    mock.answers[part] = block_request
    mock.visit(page, head=STUB + "<script>window.problems=[];handrail.on('error',(each)=>problems.push(each))</script>" + LOADER)
    if part.startswith("runtime"):
        assert call(page, "identify", "1") is False
        assert call(page, "start", "x") is False
        page.wait_for_function("() => problems.length")
        assert len(page.evaluate("problems")) == 1
    else:
        assert page.evaluate("() => handrail.identify('1') instanceof Promise")
    page.get_by_role("button", name="A spot").click()
    assert page.evaluate("window.pressed") == 1
    ignore_complaints(complaints)


@pytest.mark.parametrize("file", ["loader.js", f"{HASH}/runtime.js"])
def test_the_script_is_inert_where_there_is_no_window(page: Page, mock: MockServer, file: str) -> None:
    mock.visit(page, head="")
    source = FILES[file].decode() + ";postMessage('alive')"
    made = "new Worker(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})), {type: 'module'})"
    said = page.evaluate(
        f"(source) => new Promise((go) => {{ const w = {made}; w.onmessage = (e) => go(e.data); w.onerror = (e) => go(e.message); }})",
        source,
    )
    assert said == "alive"
    assert mock.requests == []


def test_nothing_is_doubled_when_the_page_starts_again_after_ending_it(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"), start="manual")]
    mock.visit(page)
    name = mock.guides[0]["id"]
    for _round in range(2):
        assert call(page, "start", name)
        expect_step(page, "First")
        call(page, "reset")
        expect(surface(page)).to_have_count(0)
        call(page, "init", KEY)
        call(page, "identify", "1")
    assert call(page, "start", name)
    expect_step(page, "First")
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
def test_a_swapped_body_takes_nothing_of_ours_away(page: Page, mock: MockServer, swap: str) -> None:
    mock.guides = [guide(step("first"), step("second", "slideout"))]
    mock.visit(page)
    expect_step(page, "First").get_by_role("button", name="Next").click()
    expect_step(page, "Second")
    page.evaluate(f"() => {{ {swap} }}")
    expect(page.get_by_text("New")).to_be_visible()
    expect_step(page, "Second").get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    assert page.locator("handrail-root").count() == 1


def test_another_person_sees_nothing_of_the_one_before_and_sends_nothing_for_them(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"))]
    mock.visit(page, head=SNIPPET + "<script>handrail.identify('u1')</script>")
    expect_step(page, "First")
    wait_for_frames(page)
    mock.guides = []
    with page.expect_response(f"{PRODUCT}/embed/v1/events"):
        assert call(page, "identify", "u2")
    expect(surface(page)).to_have_count(0)
    assert {batch["person"]["id"] for batch in mock.batches} == {"u1"}
    assert set(mock.event_names()) == {"shown", "step_shown"}
    call(page, "track", "mine")
    mock.flush(page)
    assert [batch["person"]["id"] for batch in mock.batches if batch["events"][0]["name"] == "mine"] == ["u2"]


NAMED = {
    "type": "paragraph",
    "content": [{"type": "text", "text": "Hello "}, {"type": "person", "attribute": "first_name", "fallback": "you"}],
}
RICH = {"type": "quote", "content": [NAMED]}


@pytest.mark.parametrize("block", [NAMED, RICH], ids=["plain", "rich"])
def test_a_name_told_after_the_tour_showed_is_set_in_at_once(
    page: Page, mock: MockServer, complaints: list[str], block: dict[str, Any]
) -> None:
    mock.guides = [guide(step("first", "slideout", text={"type": "doc", "content": [block]}))]
    mock.visit(page)
    dialog = expect_step(page, "First")
    expect(dialog).to_contain_text("Hello you")
    wait_for_frames(page)
    before = len(mock.flush(page))
    mock.answers["v1/boot"] = respond_with(503)
    page.evaluate("() => void handrail.identify('u1', {first_name: 'Ada'})")
    expect(dialog).to_contain_text("Hello Ada")
    mock.answers.clear()
    call(page, "updateUser", {"first_name": "Grace"})
    expect(dialog).to_contain_text("Hello Grace")
    assert len(mock.flush(page)) == before
    ignore_complaints(complaints)


def test_an_answer_for_somebody_who_left_meanwhile_is_not_shown(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"))]
    held: list[tuple[Route, dict[str, Any]]] = []
    mock.answers["v1/boot"] = lambda route, asked: held.append((route, asked))
    mock.visit(page, head=STUB + "<script>handrail.identify('u1')</script>" + LOADER)
    page.wait_for_function("() => window.handrail.version")
    mock.answers.clear()
    mock.boot = {"guides": [], "kinds": {}}
    assert call(page, "identify", "u2")
    mock.boot = {}
    for each in held:
        mock.answer_boot(*each)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)


def test_a_project_switched_off_shows_keeps_and_sends_nothing(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"))]
    mock.boot = {"off": True}
    mock.visit(page)
    wait_for_frames(page)
    page.evaluate("() => { handrail.track('lost'); dispatchEvent(new Event('online')); dispatchEvent(new Event('pagehide')); }")
    expect(page.locator("handrail-root")).to_have_count(0)
    assert mock.batches == []
    assert mock.guides[0]["id"] not in page.evaluate("() => JSON.stringify({...localStorage})")
    assert host_events(page, "guide:shown") == []
