"""Elements: how they are found, waited for and lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import HIDDEN, SPOT, MockServer, expect_beside, expect_step, guide, surface, wait_for_event, wait_for_frames
from tests.browser.scenarios import step

Target = dict[str, Any]
LATE = """() => document.querySelector('main').append(Object.assign(document.createElement('button'), {textContent: 'Late'}))
|| document.querySelector('main > button').setAttribute('data-handrail-target', 'late')"""
OBSERVED = """() => { window.frames_ = 0; const raf = window.requestAnimationFrame;
window.requestAnimationFrame = (f) => { frames_++; return raf(f); }; }"""


def by(how: str, value: str) -> Target:
    return {"by": how, "value": value, "label": ""}


def test_an_element_that_comes_late_gets_its_step_within_a_moment_and_no_frames_are_burnt(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("late", "popover", "late"))]
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    page.evaluate(OBSERVED)
    page.clock.run_for(1500)
    assert page.evaluate("frames_") == 0
    page.evaluate(LATE)
    page.clock.run_for(250)
    expect_step(page, "Late")
    expect_beside(page, "[data-handrail-target=late]")


@pytest.mark.parametrize(("missing", "after"), [("wait", 0), ("skip", 1), ("end", 0)])
def test_an_element_that_never_comes_is_reported_with_the_time_waited(page: Page, mock: MockServer, missing: str, after: int) -> None:
    mock.guides = [guide(step("gone", "popover", "nowhere", if_target_missing=missing), step("second"))]
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    event = wait_for_event(page, mock, "target_missing")
    if after:
        expect_step(page, "Second")
    else:
        expect(surface(page)).to_have_count(0)
    assert event["item"] == "gone"
    assert event["props"]["reason"]
    assert 4900 <= event["props"]["waited"] <= 6500
    assert ("dismissed" in mock.event_names()) == (missing == "end")


@pytest.mark.parametrize("target", [by("name", "spot"), by("text", "Save it")], ids=["name", "text"])
@pytest.mark.parametrize(
    "churn", ["className = 'css-' + Math.random().toString(36).slice(2)", "id = 'r' + Math.random()"], ids=["classes", "ids"]
)
def test_new_classes_and_ids_from_a_build_change_nothing(page: Page, mock: MockServer, target: Target, churn: str) -> None:
    wanted = '<button class="btn_x7Kq2" id="r1" data-handrail-target="spot">Save it</button>'
    other = '<button class="btn_x7Kq2" id="r2">Leave it</button>'
    mock.guides = [guide({**step("first", "popover"), "target": target, "side": "bottom"})]
    mock.visit(page, body=other + wanted + f"<script>for (const e of document.querySelectorAll('button')) e.{churn}</script>" * 2)
    expect_step(page, "First")
    expect_beside(page, "[data-handrail-target=spot]")


def test_a_count_in_the_label_may_change(page: Page, mock: MockServer) -> None:
    mock.guides = [guide({**step("first", "popover"), "target": by("text", "Inbox (3)")})]
    mock.visit(page, body="<button id=inbox>Inbox (12)</button><button>Outbox (3)</button>")
    wait_for_frames(page)
    expect_step(page, "First")
    expect_beside(page, "#inbox")


def test_the_very_count_is_preferred_and_of_two_other_counts_neither_is_chosen(page: Page, mock: MockServer) -> None:
    mock.guides = [guide({**step("first", "popover"), "target": by("text", "Page 3")})]
    mock.visit(page, body="<button>Page 1</button><button id=third>Page 3</button>")
    wait_for_frames(page)
    expect_step(page, "First")
    expect_beside(page, "#third")
    page.evaluate("() => third.replaceWith(Object.assign(document.createElement('button'), { textContent: 'Page 2' }))")
    expect(surface(page)).to_have_count(0, timeout=1500)


def test_a_step_hides_with_its_element_and_returns_with_it(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot"))]
    mock.visit(page, body=f"<details open><summary>More</summary>{SPOT}</details>")
    expect_step(page, "First")
    page.evaluate("() => document.querySelector('details').open = false")
    expect(surface(page)).to_have_count(0, timeout=1500)
    page.evaluate("() => document.querySelector('details').open = true")
    expect_step(page, "First")
    expect_beside(page, "#spot")


def test_a_step_returns_to_an_element_that_was_drawn_anew(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot"))]
    mock.visit(page, body=f"<div id=place>{SPOT}</div>")
    expect_step(page, "First")
    page.evaluate("() => { const old = spot; const next = old.cloneNode(true); next.style.marginTop = '200px'; old.replaceWith(next); }")
    wait_for_frames(page)
    expect_step(page, "First")
    expect_beside(page, "#spot")


def test_an_element_in_a_scrolled_frame_of_the_same_origin_is_stood_beside(page: Page, mock: MockServer) -> None:
    mock.add_page("/inner", body="<div style='height:900px'></div>" + SPOT + "<div style='height:900px'></div>", head="")
    mock.guides = [guide({**step("first", "popover", "spot"), "side": "bottom"})]
    mock.visit(page, body="<iframe src='/inner' style='width:400px;height:300px'></iframe>")
    expect_step(page, "First")
    expect_beside(page, page.frame_locator("iframe").locator("#spot"))


def test_an_element_in_a_foreign_frame_is_missing_as_unsupported(page: Page, mock: MockServer) -> None:
    mock.guides = [guide({**step("first", "popover"), "target": by("css", "iframe >>> button")})]
    page.clock.install()
    mock.visit(page, body="<iframe src='data:text/html,<button>In there</button>'></iframe>")
    wait_for_frames(page)
    assert wait_for_event(page, mock, "target_missing")["props"]["reason"] == "unsupported"


BROKEN = ["[", "a:has(", ":nth-child(oops)", ")("]


@pytest.mark.parametrize("selector", BROKEN)
def test_a_selector_that_is_none_throws_nothing_and_is_reported(page: Page, mock: MockServer, selector: str) -> None:
    mock.guides = [guide({**step("first", "popover"), "target": by("css", "#x"), "if_target_missing": "end"})]
    mock.guides[0]["body"]["steps"][0]["target"]["value"] = selector
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    assert wait_for_event(page, mock, "target_missing")["props"]["reason"]
    assert mock.event_names("dismissed")


def test_a_selector_that_is_none_says_so_in_the_reason(page: Page, mock: MockServer) -> None:
    mock.guides = [guide({**step("first", "popover"), "target": by("css", "#x")})]
    mock.guides[0]["body"]["steps"][0]["target"]["value"] = "a:has("
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    assert wait_for_event(page, mock, "target_missing")["props"]["reason"] == "bad-selector"


SLIDES = "() => void spot.animate([{translate: '400px'}, {translate: '200px'}], {duration: 1, fill: 'forwards'})"


def test_an_element_that_a_script_slides_is_followed(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    page.evaluate(SLIDES)
    page.wait_for_function(
        "() => Math.abs(document.querySelector('handrail-root').shadowRoot.querySelector('.tour').offsetLeft - 208) < 40"
    )
    expect_beside(page, "#spot")


SLEEP = """() => { window.later = []; window.raf = requestAnimationFrame; window.requestAnimationFrame = (then) => later.push(then); }"""
WAKE = "() => { window.requestAnimationFrame = raf; later.forEach((each) => raf(each)); }"


def test_an_element_that_comes_while_nobody_looks_is_not_missing(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "late", if_target_missing="end"), step("second", "slideout"))]
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    page.clock.run_for(2000)
    page.evaluate(SLEEP)
    page.evaluate(HIDDEN, True)
    page.evaluate(LATE)
    page.clock.run_for(20_000)
    page.evaluate(WAKE)
    page.evaluate(HIDDEN, False)
    page.clock.run_for(1500)
    expect_step(page, "First")
