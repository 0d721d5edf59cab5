"""Tests of the embed alone: the built files on pages of the test, with a mock of the host and of the product's API in the browser."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from guides.kind import Effect
from guides.publishing.compiled import items_json
from guides.publishing.preload import preload_chunks
from guides.registry import kind_named
from tests.architecture.source_tree import ROOT
from tests.browser.page_scripts import script
from tests.browser.scenarios import KIND

HOST, PRODUCT = "https://acme.example", "https://help.example"
KEY = "hr_pub_guest"
DIST = ROOT / "embed" / "dist"
FILES = {str(path.relative_to(DIST)): path.read_bytes() for path in DIST.rglob("*.js")}
HASH = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))["current"]
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
LOADER = f'<script async src="{PRODUCT}/embed.js" data-environment="{KEY}"></script>'
STUB = (
    "<script>window.handrail=window.handrail||new Proxy({q:[]},{get:(t,k)=>k in t||k=='then'||typeof k=='symbol'?t[k]"
    ":(...a)=>new Promise((r,e)=>t.q.push([k,a,r,e]))})</script>"
)
HEARD = "<script>window.heard=[];handrail.on('*',(detail,name)=>heard.push([name,detail]))</script>"
SNIPPET = LOADER + STUB + HEARD
SPOT = '<button type="button" id="spot" data-handrail-target="spot" onclick="window.pressed=(window.pressed||0)+1">A spot</button>'
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Acme</title><link rel="icon" href="data:,">{head}</head>
<body><main><h1>Acme</h1>{body}</main></body></html>"""
# the tab is hidden, or seen again: evaluate(HIDDEN, True)
HIDDEN = script("set-hidden")

EFFECTS = {KIND: {name: effect.value for name, effect in kind_named(KIND).events.items() if effect is not Effect.NOTED}}

Answer = Callable[[Route, dict[str, Any]], None]
_numbers = itertools.count(1)


def guide(*steps: dict[str, Any], progress: str = "dots", **more: Any) -> dict[str, Any]:
    """Builds a guide as boot delivers it; `more` goes into its body where the body has such a field, else into the guide."""
    kind = kind_named(KIND)
    fields = {name: more.pop(name) for name in kind.Body.model_fields if name in more}
    body = kind.Body.model_validate({"steps": list(steps), "progress": progress, **fields})
    number = next(_numbers)
    plain = {
        "id": f"00000000-0000-7000-8000-{number:012}",
        "version": 1,
        "kind": KIND,
        "lane": "focus",
        "priority": 50,
        "start": "auto",
        "frequency": "once",
    }
    plain |= {"preload": preload_chunks(kind, body), "items": items_json(kind.items(body))}
    return {**plain, "rule": None, "progress": None, "body": body.model_dump(mode="json"), **more}


class MockServer:
    """Answers for the host page and for the product's API in one browser, and records what the embed sent."""

    def __init__(self, context: BrowserContext) -> None:
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.guides: list[dict[str, Any]] = []
        self.boot: dict[str, Any] = {}
        self.boots: list[dict[str, Any]] = []
        self.batches: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.answers: dict[str, Answer] = {}
        context.route(f"{HOST}/**", self._on_host)
        context.route(f"{PRODUCT}/**", self._on_product)

    def add_page(self, path: str = "/", body: str = SPOT, head: str = SNIPPET, lang: str = "en", policy: str = "") -> str:
        """Adds a page of the host; returns its URL."""
        headers = {"Content-Security-Policy": policy} if policy else {}
        self.pages[path] = (PAGE.format(head=head, body=body, lang=lang), headers)
        return HOST + path

    def visit(self, page: Page, path: str = "/", **made: Any) -> None:
        """Adds a page and loads it."""
        page.goto(self.add_page(path, **made))

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events sent so far, in order of arrival, without duplicates."""
        return list({event["id"]: event for batch in self.batches for event in batch["events"]}.values())

    def event_names(self, kind: str = "") -> list[str]:
        """Names of the events sent so far; with `kind`, those whose name contains it."""
        return [event["name"] for event in self.events if kind in event["name"]]

    def flush(self, page: Page) -> list[dict[str, Any]]:
        """Makes the page send its queued events; returns all events sent so far."""
        page.evaluate("() => void dispatchEvent(new Event('online'))")
        page.wait_for_function("(name) => JSON.parse(localStorage.getItem(name) || '[]').length === 0", arg=f"handrail:{KEY}:out")
        return self.events

    def _on_host(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        text, headers = self.pages.get(path) or self.pages.get("*") or ("", {})
        route.fulfill(status=200 if text else 404, body=text, headers={"Content-Type": "text/html; charset=utf-8", **headers})

    def _on_product(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        self.requests.append(path)
        asked = json.loads(request.post_data or "{}")
        answer = next((each for pattern, each in self.answers.items() if re.search(pattern, path)), None)
        if answer:
            return answer(route, asked)
        if path == "/embed/v1/boot":
            return self.answer_boot(route, asked)
        if path == "/embed/v1/events":
            return self.answer_events(route, asked)
        file = FILES.get(path.removeprefix("/embed/") if path != "/embed.js" else "loader.js")
        return route.fulfill(status=200 if file else 404, body=file or b"", headers={"Content-Type": "text/javascript", **OPEN})

    def answer_boot(self, route: Route, asked: dict[str, Any]) -> None:
        """Answers a boot request."""
        self.boots.append(asked)
        person = asked.get("person") and {"id": asked["person"]["id"], "verified": False, "attributes": {}}
        kinds = {each["kind"]: f"/embed/{HASH}/{each['kind']}.js" for each in self.guides}
        body = {"schema": 1, "revision": 1, "person": person, "guides": self.guides, "kinds": kinds, "effects": EFFECTS, **self.boot}
        route.fulfill(json=body, headers=OPEN)

    def answer_events(self, route: Route, asked: dict[str, Any]) -> None:
        """Records a batch of events and acknowledges it."""
        self.batches.append(asked)
        route.fulfill(status=202, json={"accepted": len(asked["events"]), "duplicates": 0, "dropped": []}, headers=OPEN)


def respond_with(status: int, **headers: str) -> Answer:
    """Makes an answer with this HTTP status."""
    return lambda route, _asked: route.fulfill(status=status, json={"error": {"code": "no"}}, headers={**OPEN, **headers})


def block_request(route: Route, _asked: dict[str, Any]) -> None:
    """Aborts a request, as an ad blocker would."""
    route.abort("blockedbyclient")


def host_events(page: Page, name: str = "") -> list[Any]:
    """Returns the details of one event that handrail.on reported to the page, or the names of all."""
    return page.evaluate(
        "(name) => name ? heard.filter((each) => each[0] === name).map((each) => each[1]) : heard.map((each) => each[0])", name
    )


def call(page: Page, name: str, *args: Any) -> Any:
    """Calls window.handrail; returns the value of its promise."""
    late = "new Promise((_, no) => setTimeout(() => no(new Error(name + ' does not settle')), 8000))"
    return page.evaluate(f"([name, args]) => Promise.race([window.handrail[name](...args), {late}])", [name, list(args)])


def wait_for_frames(page: Page) -> None:
    """Waits until the page and the embed have run their next frames."""
    page.evaluate("() => window.handrail.ready()")
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(go, 0))))")


def wait_for_event(page: Page, mock: MockServer, name: str) -> dict[str, Any]:
    """Advances the held clock until an event of this name is sent; returns it, and fails when there are several."""
    for _second in range(15):
        page.clock.run_for(1000)
        events = [event for event in mock.flush(page) if event["name"] == name]
        if events:
            assert len(events) == 1
            return events[0]
    raise AssertionError(f"{name} was not told of")


def surface(page: Page) -> Locator:
    """Returns the dialog that shows, if any."""
    return page.locator("handrail-root").get_by_role("dialog")


def expect_step(page: Page, title: str) -> Locator:
    """Waits for the step of this title; returns its dialog."""
    expect(surface(page).get_by_role("heading", level=2)).to_have_text(title)
    return surface(page)


def expect_beside(page: Page, where: str | Locator) -> None:
    """Asserts that the dialog is within 20 pixels of the element."""
    element = page.locator(where) if isinstance(where, str) else where
    there, here = element.bounding_box(), surface(page).bounding_box()
    assert there and here
    across = max(here["x"] - there["x"] - there["width"], there["x"] - here["x"] - here["width"])
    along = max(here["y"] - there["y"] - there["height"], there["y"] - here["y"] - here["height"])
    assert 0 <= max(across, along) <= 20, (there, here)


def ignore_complaints(complaints: list[str], *words: str) -> None:
    """Removes expected complaints; by default those of the browser about failed requests."""
    wanted = words or ("Failed to load resource", "net::ERR_")
    complaints[:] = [each for each in complaints if not any(word in each for word in wanted)]
