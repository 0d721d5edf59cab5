"""A guest that leaves no trace: styles, policies, and what a hostile page or text may do to it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import HEARD, KEY, PRODUCT, SPOT, STUB, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import doc, step

MANY = "".join(f"<div class=row><b>{n}</b> <a href='#{n}'>link</a> <button>press</button> <input value=x></div>" for n in range(50))
SAMPLE = """() => [...document.querySelectorAll('main *')].slice(0, 200).map((each) => [...getComputedStyle(each)]
.map((name) => name + getComputedStyle(each).getPropertyValue(name)).join())"""
VIOLATIONS = """<script nonce="n1">window.violations=[];document.addEventListener('securitypolicyviolation',
(event)=>violations.push([event.effectiveDirective,event.blockedURI,event.sample]))</script>"""


def test_no_style_of_the_page_differs_while_ours_is_open(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot"), start="manual")]
    mock.visit(page, body=SPOT + MANY)
    wait_for_frames(page)
    before = page.evaluate(SAMPLE)
    assert len(before) == 200
    call(page, "start", mock.guides[0]["id"])
    expect_step(page, "First")
    wait_for_frames(page)
    assert page.evaluate(SAMPLE) == before


RESETS = "* { all: revert !important; color: red !important; display: inline !important } div, button, h2 { font-size: 40px !important }"


def test_no_style_of_the_page_reaches_ours(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot"))]
    look = "(node) => [node, ...node.querySelectorAll('*')].map((each) => [getComputedStyle(each).color, getComputedStyle(each).fontSize])"
    mock.visit(page)
    plain = expect_step(page, "First").evaluate(look)
    page.add_style_tag(content=RESETS)
    wait_for_frames(page)
    assert surface(page).evaluate(look) == plain


NONCE = "script-src 'nonce-n1' 'strict-dynamic'; style-src 'nonce-n1'"
BARE = f"default-src 'none'; script-src 'nonce-n1' {PRODUCT}; connect-src {PRODUCT}; img-src data:"
POLICIES = {
    "nonce": NONCE,
    "no style allowed": BARE,
    "trusted types": f"{BARE}; require-trusted-types-for 'script'; trusted-types 'none'",
}


@pytest.mark.parametrize("policy", POLICIES)
def test_the_strictest_policies_are_kept_without_a_nonce_for_us(page: Page, mock: MockServer, policy: str) -> None:
    loader = f'<script async nonce="n1" src="{PRODUCT}/embed.js" data-environment="{KEY}"></script>'
    head = VIOLATIONS + loader + (STUB + HEARD).replace("<script>", '<script nonce="n1">')
    mock.guides = [guide(step("first"), step("second", "popover", "spot"), step("third", "slideout"))]
    mock.visit(page, head=head, body="<button data-handrail-target='spot'>A spot</button>", policy=POLICIES[policy])
    for title in ("First", "Second", "Third"):
        dialog = expect_step(page, title)
        wait_for_frames(page)
        assert dialog.evaluate("(node) => getComputedStyle(node).borderRadius") == "12px"
        dialog.get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    assert page.evaluate("violations") == []


MARKUP = ["<img src=x onerror='window.hit=1'>", "<script>window.hit=1</script>", "{{constructor.constructor('window.hit=1')()}}"]


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.parametrize("place", ["title", "text", "label"])
def test_markup_in_words_is_words(page: Page, mock: MockServer, text: str, place: str) -> None:
    given: dict[str, Any] = {"title": {"title": text}, "text": {"text": doc(text)}, "label": {"buttons": []}}[place]
    mock.guides = [guide(step("first", **given))]
    if place == "label":
        mock.guides[0]["body"]["steps"][0]["buttons"] = [{"key": "b", "label": text, "look": "main", "action": {"do": "next"}}]
    mock.visit(page)
    expect(surface(page)).to_contain_text(text)
    wait_for_frames(page)
    assert page.evaluate("window.hit") is None
    expect(surface(page).locator("img, script")).to_have_count(0)


@pytest.mark.parametrize(
    "address", ["javascript:window.hit=1", " java\nscript:window.hit=1", "data:text/html,x", "vbscript:x", "//evil.example"]
)
def test_a_link_that_could_run_something_is_inert(page: Page, mock: MockServer, address: str) -> None:
    mock.guides = [guide(step("first"))]
    link = {"type": "text", "text": "Press me", "marks": [{"type": "link", "href": address}]}
    body = mock.guides[0]["body"]["steps"][0]
    body["text"] = {"type": "doc", "content": [{"type": "paragraph", "content": [link]}]}
    body["buttons"] = [{"key": "b", "label": "Go", "look": "main", "action": {"do": "open", "url": address, "new_tab": False}}]
    mock.visit(page)
    dialog = expect_step(page, "First")
    assert dialog.locator("a").count() == 0
    dialog.get_by_text("Press me").click()
    dialog.get_by_role("button", name="Go").click()
    wait_for_frames(page)
    assert page.evaluate("window.hit") is None
    assert page.url.startswith("https://acme.example/")


POLLUTED = {
    "array": "Array.prototype.foo = () => 1",
    "object": "Object.prototype.innerHTML = '<img src=x onerror=hit=1>'; Object.prototype.get = 1",
    "toJSON": "Array.prototype.toJSON = () => 'x'; Object.prototype.toJSON = function () { return 'y'; }",
    "JSON": "JSON.stringify = ((native) => (...args) => native(...args))(JSON.stringify)",
    "Promise": "{ const Native = Promise; window.Promise = class extends Native {}; }",
    "frozen": "for (const it of [Array, Object, Promise, Map, Set, String]) Object.freeze(it.prototype)",
    "console": "window.console = undefined",
    "clobbered": "document.write('<img name=createElement><img name=body><img name=currentScript><form name=querySelectorAll></form>')",
    "customElements": "customElements.define = () => { throw 1 }",
    "observers": "window.MutationObserver = class extends MutationObserver {}",
}


@pytest.mark.parametrize("dirt", POLLUTED)
def test_a_page_that_changed_its_natives_still_sees_what_it_should(page: Page, mock: MockServer, dirt: str) -> None:
    mock.guides = [guide(step("first"), step("second", "popover", "spot"))]
    head = f"<script>{POLLUTED[dirt]}</script>" + STUB + f'<script async src="{PRODUCT}/embed.js" data-environment="{KEY}"></script>'
    mock.visit(page, head=head)
    expect_step(page, "First").get_by_role("button", name="Next").click()
    expect_step(page, "Second")
    wait_for_frames(page)
    events = mock.flush(page)
    assert [event["name"] for event in events if event["name"] == "step_shown"] == ["step_shown"] * 2
    assert all(isinstance(event["props"], dict) for event in events)
    assert page.evaluate("window.hit") is None
    page.locator("#spot").click()
    assert page.evaluate("window.pressed") == 1


def test_what_a_person_is_called_is_words_in_a_text(page: Page, mock: MockServer) -> None:
    name = "<b>Ada</b><img src=x onerror='window.hit=1'>"
    words = [{"type": "text", "text": "Hello "}, {"type": "person", "attribute": "name", "fallback": "there"}]
    mock.guides = [guide(step("first", text={"type": "doc", "content": [{"type": "paragraph", "content": words}]}), start="manual")]
    mock.visit(page)
    call(page, "identify", "1", {"name": name})
    call(page, "start", mock.guides[0]["id"])
    expect(expect_step(page, "First")).to_contain_text(f"Hello {name}")
    wait_for_frames(page)
    assert page.evaluate("window.hit") is None
    expect(surface(page).locator("b, img")).to_have_count(0)


@pytest.mark.parametrize("shape", ["modal", "popover", "slideout"])
def test_what_is_printed_is_the_page_alone(page: Page, mock: MockServer, shape: str) -> None:
    mock.guides = [guide(step("first", shape, "spot" if shape == "popover" else ""))]
    mock.visit(page)
    expect_step(page, "First")
    page.emulate_media(media="print")
    expect(surface(page)).to_be_hidden()
    expect(page.locator("handrail-root .hr-spotlight").and_(page.locator(":visible"))).to_have_count(0)
