"""What a renderer of any kind gets: items, progress, goals, words of its own, and places in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.architecture.source_tree import ROOT
from tests.browser.embed_page import OPEN, SPOT, MockServer, call, wait_for_frames
from tests.browser.page_scripts import script

Axe = Callable[..., None]
RENDERER = script("bare-renderer")
SHOWN = "() => Boolean(window.showing)"
EFFECTS = {"bare": {"ticked": "done", "unticked": "undone", "opened": "reached"}}
LATE = "() => document.querySelector('main').append(Object.assign(document.createElement('p'), {id: 'late', textContent: 'Late'}))"
BANNER = "(place) => kit.mount(place).append(kit.el('div', {role: 'region', 'aria-label': place, style: null}, kit.el('p', null, place)))"

SLOT = "() => document.querySelector('main').append(Object.assign(document.createElement('div'), {id: 'slot'}))"
NAMED_SLOT = "() => (document.querySelector('#slot').dataset.handrailSlot = 'home')"
LISTENING = """() => {
  window.said = [];
  showing.onCommand((name, args) => { said.push([name, args]); return name === 'openHelp' ? 'opened' : undefined });
}"""
BEACON = """() => {
  window.beacon = kit.el('button', {type: 'button'}, 'More');
  window.stop = kit.anchor(beacon, {by: 'name', value: 'spot', label: ''}, {side: 'end'});
}"""


def deliver(mock: MockServer, renderer: str = RENDERER, **more: Any) -> None:
    """Delivers one guide of a kind; its renderer gives its showing and its kit to the page."""
    mock.answers[r"/embed/kinds/bare\.js"] = lambda route, _asked: route.fulfill(
        body=renderer, headers={"Content-Type": "text/javascript", **OPEN}
    )
    guide = {"id": "00000000-0000-7000-8000-00000000bare", "version": 1, "kind": "bare", "lane": "corner", "priority": 50}
    items = [{"key": "one"}, {"key": "two"}]
    mock.guides = [{**guide, "start": "auto", "preload": ["mount"], "items": items, "progress": None, "body": {"a": 1}, **more}]
    mock.boot |= {"kinds": {"bare": "/embed/kinds/bare.js"}, "effects": EFFECTS}


def visit(page: Page, mock: MockServer, body: str = SPOT, lang: str = "en", **more: Any) -> None:
    """Opens a page on which the guide shows."""
    deliver(mock, **more)
    mock.visit(page, body=body, lang=lang)
    page.wait_for_function(SHOWN)


def items(page: Page) -> list[str]:
    found: list[str] = page.evaluate("() => showing.items.map(({key}) => key)")
    return found


def test_events_move_progress_by_their_declared_effects_and_survive_a_reload(page: Page, mock: MockServer) -> None:
    visit(page, mock)
    page.evaluate(
        "() => { showing.emit('shown'); showing.emit('opened', 'two'); showing.emit('ticked', 'one'); showing.emit('ticked', 'two') }"
    )
    page.evaluate("() => { showing.emit('unticked', 'one'); showing.emit('ticked', 'nobody'); showing.remember({draft: 'a'}) }")
    page.evaluate("() => showing.remember({draft: 'ab'})")
    mock.flush(page)
    assert mock.event_names("state_saved") == ["state_saved", "state_saved"]
    mock.guides[0]["progress"] = {"status": "started", "item": "two", "done": ["two"], "state": {"draft": "ab"}}
    for _visit in range(2):
        progress = page.evaluate("() => showing.progress")
        assert (progress["status"], progress["item"], progress["done"], progress["state"]) == ("started", "two", ["two"], {"draft": "ab"})
        page.reload()
        page.wait_for_function(SHOWN)


def test_a_renderer_hears_of_progress_until_it_stops_listening(page: Page, mock: MockServer) -> None:
    visit(page, mock)
    page.evaluate("() => { window.seen = []; window.stop = showing.onProgress(() => seen.push(showing.progress.done.join())) }")
    page.evaluate("() => { showing.emit('ticked', 'one'); stop(); showing.emit('ticked', 'two') }")
    assert page.evaluate("() => seen") == ["one"]


@pytest.mark.parametrize("after_start", [False, True])
def test_a_goal_marks_its_item_once_its_rule_holds(page: Page, mock: MockServer, after_start: bool) -> None:
    rule = {"element": {"by": "css", "value": "#late", "label": ""}}
    goal = {"item": "two", "rule": rule, **({"after_start": True} if after_start else {})}
    visit(page, mock, preload=["mount", "goals"], goals=[goal])
    page.evaluate(LATE)
    wait_for_frames(page)
    if after_start:
        assert mock.flush(page) == []
        page.evaluate("() => showing.emit('shown')")
        page.evaluate("() => history.pushState({}, '', '/there')")
    page.wait_for_function("() => showing.progress.done.join() === 'two'")
    page.evaluate("() => history.pushState({}, '', '/elsewhere')")
    wait_for_frames(page)
    mock.flush(page)
    assert [event["item"] for event in mock.events if event["name"] == "goal_reached"] == ["two"]


def test_a_goal_is_reached_while_its_guide_is_not_on_screen(page: Page, mock: MockServer) -> None:
    deliver(mock, start="manual", preload=["goals"], goals=[{"item": "one", "rule": {"page": "/deals"}}])
    mock.visit(page, body=SPOT)
    wait_for_frames(page)
    with page.expect_request("**/embed/v1/events"):
        page.evaluate("() => history.pushState({}, '', '/deals')")
    mock.flush(page)
    assert mock.event_names() == ["goal_reached"]
    assert page.evaluate("() => window.showing === undefined")


def test_a_goal_without_an_item_completes_the_guide(page: Page, mock: MockServer) -> None:
    visit(page, mock, preload=["goals"], goals=[{"item": None, "rule": {"page": "/done"}}])
    page.evaluate("() => { showing.emit('shown'); history.pushState({}, '', '/done') }")
    page.wait_for_function("() => window.ended")
    mock.flush(page)
    assert mock.event_names() == ["shown", "completed"]


def test_items_are_those_for_this_person_now(page: Page, mock: MockServer) -> None:
    visit(page, mock, preload=["items"], items=[{"key": "one", "rule": {"page": "/there"}}, {"key": "two"}])
    assert items(page) == ["two"]
    page.evaluate("() => history.pushState({}, '', '/there')")
    wait_for_frames(page)
    assert items(page) == ["one", "two"]


def test_calls_of_the_host_reach_whoever_listens(page: Page, mock: MockServer) -> None:
    visit(page, mock)
    page.evaluate(LISTENING)
    assert call(page, "next") is True
    assert call(page, "goTo", "two") is True
    assert call(page, "openHelp", {"tab": "search"}) == "opened"
    assert call(page, "openArticle", "slug") is False
    assert page.evaluate("() => said") == [
        ["next", None],
        ["goTo", {"item": "two"}],
        ["openHelp", {"tab": "search"}],
        ["openArticle", "slug"],
    ]


@pytest.mark.parametrize(("lang", "hello", "locale"), [("en", "Hello Ada", "en"), ("ar", "مرحبا Ada", "ar"), ("de", "Hello Ada", "de")])
def test_a_renderer_brings_words_of_its_own(page: Page, mock: MockServer, lang: str, hello: str, locale: str) -> None:
    visit(page, mock, lang=lang)
    assert page.evaluate("() => kit.t('hello', {name: 'Ada'})") == hello
    assert page.evaluate("() => [kit.t('bye'), showing.locale]") == ["Bye", locale]
    assert page.evaluate("() => kit.t('close')") != "close"


def test_what_is_mounted_is_stacked_and_never_overlaps(page: Page, mock: MockServer) -> None:
    visit(page, mock)
    for place in ("bottom", "corner", "top", "corner"):
        page.evaluate(BANNER, place)
    page.evaluate("() => kit.launcher({label: 'Get started', onOpen() {}})")
    boxes = [each.bounding_box() for each in page.locator("handrail-root .hr-mount").all()]
    for number, box in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert box and other
            apart_down = box["y"] + box["height"] <= other["y"] or other["y"] + other["height"] <= box["y"]
            apart_across = box["x"] + box["width"] <= other["x"] or other["x"] + other["width"] <= box["x"]
            assert apart_down or apart_across, (box, other)
    page.locator("#spot").click()
    assert page.evaluate("() => pressed") == 1


def test_content_goes_into_a_slot_of_the_page_as_soon_as_there_is_one(page: Page, mock: MockServer) -> None:
    visit(page, mock)
    page.evaluate("() => { window.card = kit.mount('home'); card.append(kit.el('p', null, 'In the page')) }")
    expect(page.get_by_text("In the page")).to_have_count(0)
    page.evaluate(SLOT)
    wait_for_frames(page)  # the slot gets its name later than it is noticed
    page.evaluate(NAMED_SLOT)
    expect(page.locator("main").get_by_text("In the page")).to_be_visible()
    page.evaluate("() => card.remove()")
    expect(page.locator("handrail-slot")).to_have_count(0)


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("ar", "dark")])
def test_a_launcher_is_a_button_for_everybody(page: Page, mock: MockServer, axe: Axe, lang: str, scheme: str) -> None:
    mock.boot = {"theme": {"scheme": scheme}}
    visit(page, mock, lang=lang)
    page.evaluate("() => { window.opened = 0; window.launcher = kit.launcher({label: 'Get started', badge: 3, onOpen: () => opened++}) }")
    button = page.get_by_role("button", name="Get started")
    expect(button).to_have_attribute("aria-expanded", "false")
    box = button.bounding_box()
    assert box and (box["x"] < 640) == (lang == "ar") and box["y"] > 600 and box["height"] >= 44
    axe(page)
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.evaluate("() => opened") == 2
    page.evaluate("() => launcher.update({isOpen: true, badge: 0})")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(button).to_have_text("Get started")
    page.evaluate("() => launcher.remove()")
    expect(button).to_have_count(0)


def test_a_plain_node_stands_on_an_element_and_follows_it(page: Page, mock: MockServer) -> None:
    visit(page, mock, body=f'<div style="padding:200px">{SPOT}</div>')
    page.evaluate(BEACON)
    beacon = page.get_by_role("button", name="More")
    expect(beacon).to_be_visible()
    spot, here = page.locator("#spot").bounding_box(), beacon.bounding_box()
    assert spot and here and abs(here["x"] - spot["x"] - spot["width"] - 8) <= 1
    assert page.locator("handrail-root .hr-spotlight").count() == 0
    page.evaluate("() => spot.remove()")
    expect(beacon).to_have_count(0)
    page.evaluate("() => stop()")


def test_every_element_of_a_name_is_followed(page: Page, mock: MockServer) -> None:
    visit(page, mock, body=SPOT)
    page.evaluate(
        "() => { window.count = 0; kit.watchAll({by: 'name', value: 'spot', label: ''}, {found: () => count++, lost: () => count--}) }"
    )
    assert page.evaluate("() => count") == 1
    page.evaluate("() => spot.after(spot.cloneNode(true))")
    page.wait_for_function("() => count === 2")
    page.evaluate("() => document.querySelector('#spot').remove()")
    page.wait_for_function("() => count === 1")


def test_guides_are_listed_with_their_progress(page: Page, mock: MockServer) -> None:
    deliver(mock)
    mine = mock.guides[0]["id"]
    mock.boot["listings"] = {mine: {"title": "Mine"}, "other": {"title": "Other", "summary": "More", "at": "2026-01-02T00:00:00Z"}}
    page.goto(mock.add_page())
    page.wait_for_function(SHOWN)
    other = {"id": "other", "title": "Other", "summary": "More", "image": "", "at": "2026-01-02T00:00:00Z", "status": "waiting"}
    assert page.evaluate("() => kit.listings(['other', 'nobody'])") == [other]
    assert [each["status"] for each in page.evaluate("() => kit.listings()")] == ["shown", "waiting"]


def test_the_survey_of_the_manual_works_as_it_is_printed(page: Page, mock: MockServer, axe: Axe) -> None:
    chapter = (ROOT / "admin/help/write-a-kind.md").read_text(encoding="utf-8").partition("### A survey of three questions")[2]
    lines = chapter.partition("## Later")[0].splitlines()
    code = "\n".join(
        line for line in lines[lines.index(next(line for line in lines if "export const strings" in line)) :] if line.startswith("    ")
    )
    questions = [{"key": key, "label": f"{key}?"} for key in ("one", "two", "three")]
    deliver(mock, code, body={"questions": questions}, items=[{"key": "one"}, {"key": "three"}])
    mock.boot["effects"] = {"bare": {"answered": "done"}}
    page.goto(mock.add_page(lang="ar"))
    for key, place in (("one", "1 من 2"), ("three", "2 من 2")):
        survey = page.get_by_role("dialog", name=f"{key}?")
        expect(survey.get_by_text(place)).to_be_visible()
        axe(page, but=("label-title-only",))
        survey.get_by_role("textbox", name="إجابتك").fill(f"answer {key}")
        survey.get_by_role("button", name="إرسال").click()
    expect(page.locator("handrail-root").get_by_role("dialog")).to_have_count(0)
    mock.flush(page)
    assert [event["item"] for event in mock.events if event["name"] == "answered"] == ["one", "three"]
    assert mock.event_names("completed") == ["completed"]


def test_what_is_no_json_is_not_kept_and_costs_no_other_event(page: Page, mock: MockServer) -> None:
    visit(page, mock)
    page.evaluate(
        """() => {
          const round = {};
          round.round = round;
          for (const state of [round, {n: 1n}, {toJSON() { throw new Error('no JSON') }}]) showing.remember(state);
          showing.emit(round);
          showing.emit('opened', round);
          showing.emit('ticked', 'one');
        }"""
    )
    call(page, "track", "after")
    mock.flush(page)
    assert mock.event_names() == ["ticked", "after"]
    assert page.evaluate("() => showing.progress.done") == ["one"]


def test_a_renderer_that_fails_late_throws_nothing_into_the_page(page: Page, mock: MockServer) -> None:
    deliver(mock)
    body = "export default async (showing) => { window.showing = showing; throw new Error('late') }"
    mock.answers[r"/embed/kinds/bare\.js"] = lambda route, _asked: route.fulfill(
        body=body, headers={"Content-Type": "text/javascript", **OPEN}
    )
    mock.visit(page)
    page.wait_for_function("() => window.heard.some(([name]) => name === 'error')")
