"""What a guest costs, counted: requests, nodes, listeners, frames, restyled elements; and the way an Arabic page turns it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.embed_page import SNIPPET, SPOT, MockServer, call, expect_step, guide, wait_for_frames
from tests.browser.scenarios import step

MANY = SPOT + "".join(f"<ul class=list>{'<li><a href=#>An <b>entry</b></a></li>' * 33}</ul>" for _list in range(50))
RESTYLED = 60
FRAMES = """() => { window.frames_ = 0; const native = requestAnimationFrame; window.requestAnimationFrame = (f) => ++frames_ && native(f);
window.cost = new PerformanceObserver((list) => frames_ += list.getEntries().length); cost.observe({type: 'longtask'}); }"""


def test_a_page_with_nothing_to_show_costs_three_requests_and_no_node(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("elsewhere"), rule={"page": "/elsewhere"}), guide(step("by_hand"), start="manual")]
    mock.visit(page)
    wait_for_frames(page)
    nodes = page.evaluate("() => document.querySelectorAll('*').length")
    mock.visit(page, "/without", head=SNIPPET.replace('src="https', 'data-src="https'))
    assert nodes == page.evaluate("() => document.querySelectorAll('*').length")
    assert len(mock.requests) == 3


def traced(wire: CDPSession, page: Page, act: str, arg: Any) -> list[dict[str, Any]]:
    """What the browser's main thread recorded while the page did that."""
    events: list[dict[str, Any]] = []
    done: list[bool] = []
    wire.on("Tracing.dataCollected", lambda each: events.extend(each["value"]))
    wire.on("Tracing.tracingComplete", lambda _each: done.append(True))
    wire.send(
        "Tracing.start", {"categories": "devtools.timeline,blink,disabled-by-default-devtools.timeline", "transferMode": "ReportEvents"}
    )
    page.evaluate(act, arg)
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(go, 0))))")
    wire.send("Tracing.end")
    while not done:
        page.evaluate("() => new Promise((go) => requestAnimationFrame(go))")
    return events


def test_at_the_start_few_elements_of_a_large_page_are_restyled(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot"), start="manual")]
    mock.visit(page, body=MANY)
    assert page.evaluate("() => document.querySelectorAll('*').length") >= 5000
    name = mock.guides[0]["id"]
    call(page, "start", name)
    expect_step(page, "First")
    call(page, "endAll")
    wait_for_frames(page)
    wire = page.context.new_cdp_session(page)
    events = traced(wire, page, "(id) => handrail.start(id)", name)
    expect_step(page, "First")
    counts = [each["args"].get("elementCount", 0) for each in events if each["name"] == "UpdateLayoutTree"]
    assert sum(counts) > 0, "the trace holds no style recalculation"
    print(f"elements restyled, ours included: {counts}")
    assert sum(counts) <= RESTYLED, counts


@pytest.mark.parametrize(("shape", "target"), [("modal", ""), ("slideout", ""), ("popover", "spot")])
def test_while_a_step_is_open_and_nothing_moves_nothing_is_done(page: Page, mock: MockServer, shape: str, target: str) -> None:
    mock.guides = [guide(step("first", shape, target))]
    page.clock.install()
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    page.clock.run_for(3000)
    wire = page.context.new_cdp_session(page)
    wire.send("Performance.enable")
    page.evaluate(FRAMES)
    # what was said once and is taken away again is laid out by now
    page.evaluate("() => void document.body.offsetHeight")
    before = metrics(wire)
    page.clock.run_for(3000)
    after = metrics(wire)
    assert page.evaluate("frames_") == 0
    assert after["LayoutCount"] - before["LayoutCount"] == 0
    assert after["RecalcStyleCount"] - before["RecalcStyleCount"] <= 1


def metrics(wire: CDPSession) -> dict[str, float]:
    return {each["name"]: each["value"] for each in wire.send("Performance.getMetrics")["metrics"]}


CYCLES = """async ([id, times]) => { for (let n = 0; n < times; n++) { await handrail.start(id); await handrail.endAll(); } }"""


def kept(wire: CDPSession, most: float = 0) -> dict[str, float]:
    """What is left once there is nothing to collect; up to some rounds more while there are more nodes than these."""
    for _round in range(2):
        wire.send("HeapProfiler.collectGarbage")
    for _round in range(20):
        if metrics(wire)["Nodes"] <= most:
            break
        wire.send("HeapProfiler.collectGarbage")
    return metrics(wire)


@pytest.mark.parametrize(("shape", "target"), [("modal", ""), ("popover", "spot")])
def test_a_thousand_showings_leave_no_listener_no_node_and_no_heap(page: Page, mock: MockServer, shape: str, target: str) -> None:
    mock.guides = [guide(step("first", shape, target), start="manual")]
    mock.visit(page, head=SNIPPET.replace("heard.push([name,detail])", "0"))
    wait_for_frames(page)
    wire = page.context.new_cdp_session(page)
    wire.send("Performance.enable")
    name = mock.guides[0]["id"]
    page.evaluate(CYCLES, [name, 600])
    wait_for_frames(page)
    mock.flush(page)
    before = kept(wire)
    page.evaluate(CYCLES, [name, 1000])
    wait_for_frames(page)
    mock.flush(page)
    after = kept(wire, before["Nodes"])
    assert after["JSEventListeners"] - before["JSEventListeners"] <= 0
    assert after["Nodes"] - before["Nodes"] <= 0
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 50_000


CHURN = """() => new Promise((go) => { let frames = 0; const main = document.querySelector('main');
const churn = () => { for (let n = 0; n < 17; n++) { const p = document.createElement('p'); main.append(p); p.remove(); }
++frames < 60 ? requestAnimationFrame(churn) : go(); }; requestAnimationFrame(churn); })"""
CALLS = """window.asked = 0;
for (const of of [Document.prototype, Element.prototype]) for (const name of ['querySelector', 'querySelectorAll']) {
  const native = of[name];
  of[name] = function (css) { if (css.includes('nowhere')) asked++; return native.call(this, css); }; }"""


def test_a_thousand_changes_of_the_page_are_looked_at_at_most_once_a_frame(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "nowhere"))]
    page.add_init_script(CALLS)
    mock.visit(page)
    wait_for_frames(page)
    wire = page.context.new_cdp_session(page)
    wire.send("Performance.enable")
    page.evaluate("() => { asked = 0; }")
    before = metrics(wire)
    page.evaluate(CHURN)
    spent = metrics(wire)["ScriptDuration"] - before["ScriptDuration"]
    print(f"script time of 1,020 changes, the page's own included: {spent * 1000:.1f} ms")
    assert 0 < page.evaluate("asked") <= 65


def test_an_arabic_guide_in_an_english_page_runs_from_right_to_left_and_the_page_does_not(page: Page, mock: MockServer) -> None:
    place = '<button style="position:absolute;left:600px;top:300px;width:100px" '
    mock.guides = [guide(step("first", "popover", "spot", side="start"))]
    mock.boot = {"locale": "ar"}
    mock.visit(page, body=SPOT.replace("<button ", place))
    call(page, "setLocale", "ar")
    dialog = expect_step(page, "First")
    wait_for_frames(page)
    assert dialog.evaluate("(node) => getComputedStyle(node).direction") == "rtl"
    assert page.evaluate("() => [getComputedStyle(document.body).direction, document.documentElement.lang, document.dir]") == [
        "ltr",
        "en",
        "",
    ]
    there, here = page.locator("#spot").bounding_box(), dialog.bounding_box()
    assert there and here
    assert here["x"] >= there["x"] + there["width"]
