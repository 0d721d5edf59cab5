"""The main journey in another engine: the same files and the same pages in Firefox, where one is installed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.embed_page import FILES, HASH, KEY, guide
from tests.browser.firefox import Firefox, driven, firefox
from tests.browser.host_server import Host, Quiet, listening
from tests.browser.scenarios import KIND, step

PROGRAM = firefox()
pytestmark = pytest.mark.skipif(not PROGRAM, reason="no Firefox found; HANDRAIL_TEST_FIREFOX may name one")
ROOT = "document.querySelector('handrail-root')?.shadowRoot"
BOX = "((node) => { const { x, y, width, height } = node.getBoundingClientRect(); return { x, y, width, height }; })"
SURFACE, SPOT = f"{ROOT}?.querySelector('[role=dialog]')", "document.querySelector('[data-handrail-target=spot]')"
STRICT = "default-src 'none'; script-src {0}; connect-src {0}; style-src 'none'; img-src data:"
Box = dict[str, float]


class Product:
    """What the embed asks for, answered on a port of its own."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.guides: list[dict[str, Any]] = []
        self._events: dict[str, dict[str, Any]] = {}

    def loaded(self) -> str:
        """The first line of the snippet."""
        return f'<script async src="{self.url}/embed.js" data-environment="{KEY}"></script>'

    def heard(self, last: str) -> list[str]:
        """All that happened to the guide, once the last of it is known."""
        for _moment in range(100):
            events = sorted(
                (each for each in self._events.values() if each.get("guide") == self.guides[0]["id"]), key=lambda each: each["id"]
            )
            if last in (names := [each["name"] for each in events]):
                return names
            time.sleep(0.05)
        raise AssertionError(f"{last} was not told of")

    def asked(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if path == "/embed/v1/boot":
            kinds = {KIND: f"/embed/{HASH}/{KIND}.js"}
            return {"schema": 1, "revision": 1, "person": None, "guides": self.guides, "kinds": kinds}
        self._events |= {event["id"]: event for event in body["events"]}
        return {"accepted": len(body["events"]), "duplicates": 0, "dropped": []}


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The product of these tests, on another site than the host page."""

    class Answer(Quiet):
        def do_GET(self) -> None:
            file = FILES.get(self.path.removeprefix("/embed/") if self.path != "/embed.js" else "loader.js")
            self.answer(200 if file else 404, "text/javascript", file or b"")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = running.asked(self.path, body)
            self.answer(200 if self.path.endswith("boot") else 202, "application/json", json.dumps(said).encode())

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body)

    with listening(Answer) as port:
        running = Product(port)
        yield running


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A tab of Firefox, kept for all tests of this module."""
    assert PROGRAM
    with driven(PROGRAM, tmp_path_factory.mktemp("firefox")) as tab:
        yield tab


def shows(tab: Firefox, title: str) -> None:
    """Wait for the step of that title, and for it to have arrived."""
    tab.wait_for(f"{SURFACE}?.querySelector('h2')?.textContent === '{title}'")
    tab.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(go))))")


def press(tab: Firefox, label: str) -> None:
    """Click the middle of that button of the step."""
    at: Box = tab.evaluate(f"{BOX}([...{SURFACE}.querySelectorAll('button')].find((each) => each.textContent === '{label}'))")
    tab.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)


def nothing_shows(tab: Firefox) -> None:
    tab.wait_for(f"!{SURFACE}")


def stands_beside_the_spot(tab: Firefox) -> None:
    """Within the window, below the element, its arrow on the element's middle, and above all else."""
    there: Box = tab.evaluate(f"{BOX}({SPOT})")
    here: Box = tab.evaluate(f"{BOX}({SURFACE})")
    assert 8 <= here["x"] <= 1280 - 8 - here["width"] and here["y"] <= 800 - 8 - here["height"]
    assert 0 <= here["y"] - there["y"] - there["height"] <= 20
    arrow = float(tab.evaluate(f"getComputedStyle({SURFACE}).getPropertyValue('--arrow')").removesuffix("px"))
    assert there["x"] <= here["x"] + arrow <= there["x"] + there["width"]
    middle = f"{here['x'] + here['width'] / 2}, {here['y'] + here['height'] / 2}"
    assert tab.evaluate(f"document.elementFromPoint({middle}).localName") == "handrail-root"


@pytest.mark.parametrize("strict", [False, True], ids=["any page", "strict policy"])
def test_a_tour_is_shown_beside_its_element_led_on_by_a_click_and_closed_by_a_key(
    tab: Firefox, host: Host, product: Product, strict: bool
) -> None:
    product.guides = [guide(step("first", "popover", "spot"), step("second"))]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{STRICT.format(product.url)}">' if strict else ""
    tab.goto(host.add_page("/walk", head=policy + product.loaded()))
    shows(tab, "First")
    stands_beside_the_spot(tab)
    assert tab.evaluate(f"getComputedStyle({SURFACE}).borderTopLeftRadius") == "12px"
    press(tab, "Next")
    shows(tab, "Second")
    assert tab.evaluate(f"{SURFACE}.matches(':modal') && document.activeElement.localName") == "handrail-root"
    tab.press("Escape")
    nothing_shows(tab)
    assert tab.evaluate("complaints") == []
    # what waits leaves with the page
    tab.goto("about:blank")
    assert product.heard("dismissed") == ["shown", "step_shown", "clicked", "step_done", "step_shown", "dismissed"]


def test_a_step_goes_and_comes_with_its_address(tab: Firefox, host: Host, product: Product) -> None:
    product.guides = [guide(step("first", "popover", "spot", page="/here"))]
    tab.goto(host.add_page("/here", head=product.loaded()))
    shows(tab, "First")
    tab.evaluate("history.pushState({}, '', '/elsewhere')")
    nothing_shows(tab)
    tab.evaluate("history.back()")
    shows(tab, "First")
    stands_beside_the_spot(tab)
    assert tab.evaluate("complaints") == []


def test_the_keyboard_leads_in_and_out(tab: Firefox, host: Host, product: Product) -> None:
    product.guides = [guide(step("first", "popover", "spot"), step("second", "slideout"))]
    tab.goto(host.add_page("/keys", head=product.loaded(), body="<button id=last>Last</button>"))
    shows(tab, "First")
    tab.evaluate("last.focus()")
    tab.press("F6")
    tab.press("Tab")
    assert tab.evaluate(f"{ROOT}.activeElement.textContent") == "Next"
    tab.press("Enter")
    shows(tab, "Second")
    tab.press("Escape")
    nothing_shows(tab)
    assert tab.evaluate("document.activeElement.id") == "last"
