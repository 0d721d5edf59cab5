"""Pages that would run our words, break our requests or change the ground under us: nothing of it happens, and they go on working."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.architecture.source_tree import ROOT
from tests.browser.embed_page import (
    KEY,
    LOADER,
    OPEN,
    PRODUCT,
    SNIPPET,
    SPOT,
    STUB,
    MockServer,
    block_request,
    call,
    expect_step,
    guide,
    ignore_complaints,
    respond_with,
    surface,
    wait_for_frames,
)
from tests.browser.page_scripts import script
from tests.browser.scenarios import KIND, button, doc, step

MODULES = ROOT / "embed" / "node_modules"
OWN = "<p id='own' {}></p><button id='theirs' {}>Theirs</button>"
VUE = OWN.format("v-text='1 + 1'", "@click='hits = 1' :class='{hit: hits}'")
ALPINE = OWN.format("x-text='1 + 1'", "@click='hits = 1' :class='{hit: hits}'")
ANGULAR = OWN.format("ng-bind='1 + 1'", "ng-click='hits = 1' ng-class='{hit: hits}'")
HTMX = OWN.format("", "hx-on:click='this.classList.add(`hit`)'")
JQUERY = "$('#theirs').on('click', (event) => $(event.target).addClass('hit')); $('#own').text(2)"
FRAMEWORKS = {
    "angular": (["angular/angular.min.js"], f"<div ng-app>{ANGULAR}</div>", ""),
    "vue2": (["vue2/dist/vue.min.js"], f"<div id=app>{VUE}</div>", "new Vue({el: '#app', data: {hits: 0}})"),
    "vue3": (["vue/dist/vue.global.prod.js"], f"<div id=app>{VUE}</div>", "Vue.createApp({data: () => ({hits: 0})}).mount('#app')"),
    "alpine": (["alpinejs/dist/cdn.min.js"], f"<div x-data='{{hits: 0}}'>{ALPINE}</div>", ""),
    "htmx": (["htmx.org/dist/htmx.min.js"], HTMX, "htmx.process(document.body); own.textContent = 2"),
    "bootstrap": (["jquery/dist/jquery.min.js", "bootstrap/dist/js/bootstrap.bundle.min.js"], OWN.format("", ""), JQUERY),
}
EVIL = [
    "{{constructor.constructor('hit(1)')()}}",
    "<b x-init='hit(2)' x-data v-html='hit(3)' ng-init='hit(4)' hx-on:load='hit(5)'>x</b>",
    "<a data-toggle='tooltip' data-bs-toggle='tooltip' data-html='true' title='<img src=x onerror=hit(6)>'>x</a>",
    "<div hx-get='/hit' hx-trigger='load'>x</div>",
    "{{_c.constructor('hit(7)')()}} {{$on.constructor('hit(8)')()}}",
]
RUN = script("run-frameworks")


def framed(name: str) -> str:
    """The body of a page made with that framework."""
    files, body, start = FRAMEWORKS[name]
    texts = [(MODULES / file).read_text(encoding="utf-8").replace("</script", "<\\/script") for file in files]
    scripts = "".join(f"<script>{text}</script>" for text in texts)
    return body + SPOT + f"{scripts}<script>window.hits = []; window.hit = (n) => hits.push(n); {start}</script>"


def works(page: Page) -> None:
    """The page's own words and its own button do what they did before us."""
    expect(page.locator("#own")).to_have_text("2")
    page.locator("#theirs").click()
    expect(page.locator("#theirs")).to_have_class("hit")


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_framework_of_the_page_runs_none_of_our_words(page: Page, mock: MockServer, name: str) -> None:
    steps = [step(f"step_{n}", "slideout", title=words[:180], text=doc(words), buttons=[button("Next")]) for n, words in enumerate(EVIL)]
    mock.guides = [guide(*steps)]
    mock.visit(page, body=framed(name))
    for number, words in enumerate(EVIL):
        expect(surface(page)).to_contain_text(words)
        assert page.evaluate(RUN) > 0
        wait_for_frames(page)
        if number == 0:
            works(page)
        surface(page).get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    assert page.evaluate("hits") == []
    assert page.url == "https://acme.example/"


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_framework_of_the_page_leaves_our_element_alone(page: Page, mock: MockServer, name: str) -> None:
    mock.guides = [guide(step("first", "popover", "spot"))]
    mock.visit(page, body=framed(name))
    expect_step(page, "First")
    before = page.evaluate("() => document.querySelector('handrail-root').outerHTML")
    page.evaluate(RUN)
    wait_for_frames(page)
    works(page)
    assert page.evaluate("() => document.querySelector('handrail-root').outerHTML") == before
    page.locator("#spot").click()
    assert page.evaluate("window.pressed") == 1


BROKEN = {
    "storage throws": "for (const name of ['localStorage', 'sessionStorage'])"
    "Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError'); }})",
    "storage is full": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    "fetch throws": "window.fetch = () => { throw new TypeError('no'); }",
    "fetch never answers": "window.fetch = () => new Promise(() => 0)",
    "no console": "window.console = undefined",
    "no random ids": "delete crypto.randomUUID",
    "history is frozen": "Object.freeze(history)",
    "everything observed": "new MutationObserver((all) => all.forEach(({ target }) => target.dataset && (target.dataset.seen = '1')))"
    ".observe(document, {childList: true, subtree: true})",
    "keys swallowed": "addEventListener('keydown', (event) => event.stopImmediatePropagation(), true)",
}
NO_ANSWER = {"fetch throws", "fetch never answers"}


@pytest.mark.parametrize("what", BROKEN)
def test_a_page_with_broken_natives_is_no_more_broken_with_us(page: Page, mock: MockServer, what: str) -> None:
    mock.guides = [guide(step("first", "popover", "spot"))]
    mock.visit(page, head=f"<script>{BROKEN[what]}</script>" + STUB + LOADER)
    if what in NO_ANSWER:
        page.wait_for_function("() => window.handrail.version")
        expect(surface(page)).to_have_count(0)
    else:
        expect_step(page, "First")
    page.locator("#spot").click()
    assert page.evaluate("window.pressed") == 1


def mutated(text: str, seed: int) -> str:
    """The stored text, damaged in a way of its own."""
    chance = random.Random(seed)
    ways = [
        lambda: text[: chance.randrange(len(text))],
        lambda: text.replace('"', chance.choice(["'", "", '""']), chance.randrange(1, 5)),
        lambda: json.dumps(chance.choice([None, 1, "x", [], {}, [[]], True, {"guides": 1}, {"who": {}, "guides": {"a": None}}])),
        lambda: text.replace(":", chance.choice([":null,", ":[", ":{}", ":1e999"]), 1),
        lambda: "".join(chance.sample(text, len(text))),
        lambda: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ]
    return chance.choice(ways)()


def test_fifty_kinds_of_damaged_storage_do_no_harm(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"), frequency="always")]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    call(page, "track", "kept")
    stored: dict[str, str] = page.evaluate("() => ({...localStorage})")
    assert len(stored) >= 3
    for seed in range(50):
        damaged = [[name, mutated(value, seed * 7 + number)] for number, (name, value) in enumerate(stored.items())]
        text = json.dumps(damaged).replace("<", "\\u003c")
        fill = f"<script>for (const [name, value] of {text}) localStorage.setItem(name, value)</script>"
        mock.visit(page, head=fill + SNIPPET + "<script>handrail.identify('1')</script>")
        expect_step(page, "First")
        page.locator("#spot").click()
        assert page.evaluate("[window.pressed, ({}).polluted]") == [1, None], seed


def html(route: Route, _asked: dict[str, Any]) -> None:
    route.fulfill(status=200, content_type="text/html", body="<html><form>Sign in to the Wi-Fi</form></html>", headers=OPEN)


def cut(route: Route, _asked: dict[str, Any]) -> None:
    route.fulfill(status=200, body='{"schema": 1, "guides": [{"id": "x", "bo', headers=OPEN)


ODD = {"schema": 1, "guides": [None, 1, {}, {"id": "x"}], "kinds": {}}
FACES: dict[str, Any] = {
    "portal": html,
    "cut": cut,
    "204": respond_with(204),
    "401": respond_with(401),
    "404": respond_with(404),
    "500": respond_with(500),
    "503": respond_with(503, **{"Retry-After": "5"}),
    "blocked": block_request,
    "hung": lambda _route, _asked: None,
    "null": lambda route, _asked: route.fulfill(json=None, headers=OPEN),
    "list": lambda route, _asked: route.fulfill(json=[1], headers=OPEN),
    "empty guides": lambda route, _asked: route.fulfill(json=ODD, headers=OPEN),
    "huge": lambda route, _asked: route.fulfill(body="[" + "1," * 3_000_000 + "1]", headers=OPEN),
}


@pytest.mark.parametrize("face", FACES)
def test_whatever_answers_at_boot_the_page_is_clean(page: Page, mock: MockServer, complaints: list[str], face: str) -> None:
    mock.guides = [guide(step("first"))]
    mock.answers["v1/boot"] = FACES[face]
    page.clock.install()
    mock.visit(page)
    page.wait_for_function("() => window.handrail.version")
    for _minute in range(10):
        page.clock.run_for(60_000)
    expect(page.locator("handrail-root")).to_have_count(0)
    assert sum(each.endswith("/boot") for each in mock.requests) <= 5
    page.locator("#spot").click()
    assert page.evaluate("window.pressed") == 1
    ignore_complaints(complaints)


@pytest.mark.parametrize("part", ["kit", KIND])
def test_a_blocked_part_shows_no_half_of_anything(page: Page, mock: MockServer, complaints: list[str], part: str) -> None:
    mock.guides = [guide(step("first", "popover", "spot"))]
    mock.answers[rf"/{part}\.js$"] = block_request
    mock.visit(page)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)
    assert sum(f"/{part}.js" in each for each in mock.requests) <= 5
    page.locator("#spot").click()
    assert page.evaluate("window.pressed") == 1
    ignore_complaints(complaints)


def test_two_copies_of_the_snippet_are_one_guest(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page, head=SNIPPET + SNIPPET)
    expect_step(page, "First")
    wait_for_frames(page)
    assert page.locator("handrail-root").count() == surface(page).count() == 1
    assert [event["name"] for event in mock.flush(page)] == ["shown", "step_shown"]
    assert sum(each.endswith("/boot") for each in mock.requests) == 1


def test_a_second_version_that_comes_later_leaves_the_first_at_work(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    page.evaluate(
        """([src, key]) => { const it = document.createElement('script'); it.src = src; it.dataset.environment = key;
        document.head.append(it); return new Promise((go) => it.onload = go); }""",
        [f"{PRODUCT}/embed.js?v=2", KEY],
    )
    wait_for_frames(page)
    assert page.locator("handrail-root").count() == surface(page).count() == 1
    assert [event["name"] for event in mock.flush(page)] == ["shown", "step_shown"]


def test_two_hundred_strange_arguments_throw_nothing_into_the_page(page: Page, mock: MockServer) -> None:
    mock.visit(page)
    wait_for_frames(page)
    thrown = page.evaluate(
        """async () => { const cyclic = {}; cyclic.me = cyclic; let thrown = 0;
        const odd = [cyclic, 10n, Symbol('x'), 'x'.repeat(1e6), document.body, { get a() { throw 1; } }, NaN,
          new Proxy({}, { ownKeys() { throw 1; } }),
          JSON.parse('{"__proto__":{"polluted":1}}'), () => 1, new Map([[1, 2]]), null, undefined,
          [], new Date(NaN), { toString() { throw 1; } },
          Object.create(null), window, new Error('x'), '\\u0000'];
        for (const name of ['identify', 'updateUser', 'group', 'updateGroup', 'track', 'page', 'start', 'goTo', 'list', 'on'])
          for (const it of odd) try { handrail[name](it, it, it)?.catch?.(() => thrown++); } catch { thrown++; }
        await new Promise((go) => requestAnimationFrame(() => setTimeout(go, 0)));
        return [thrown, ({}).polluted]; }"""
    )
    assert thrown == [0, None]
    page.locator("#spot").click()
    assert page.evaluate("window.pressed") == 1
