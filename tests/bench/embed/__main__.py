"""make bench-embed: a first step on a page of 5,000 nodes, beside three libraries in the same run. Prints, never judges."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Route, sync_playwright

from tests.browser.arranged import step
from tests.browser.chromium import ARGUMENTS, chromium
from tests.browser.guest import HOST, SNIPPET, SPOT, Guest, guide, shows
from tests.rooms.tree import ROOT

CACHE = ROOT / "var" / "bench-embed"
PINNED = ["driver.js@1.8.0", "shepherd.js@15.3.0", "intro.js@8.6.0"]
MANY = SPOT + "".join(f"<ul>{'<li><a href=#>An <b>entry</b></a></li>' * 33}</ul>" for _list in range(50))
SHEPHERD = """const tour = new Shepherd.Tour({useModalOverlay: true});
tour.addStep({title: 'First', text: 'About first.', attachTo: {element: '#spot', on: 'bottom'}}); tour.start()"""
PEERS = {
    "driver.js": (
        "driver.js/dist/driver.js.iife.js",
        "driver.js/dist/driver.css",
        "window.driver.js.driver().highlight({element: '#spot', popover: {title: 'First', description: 'About first.'}})",
        ".driver-popover",
    ),
    "shepherd.js": (
        "shepherd.js/dist/js/shepherd.mjs",
        "shepherd.js/dist/css/shepherd.css",
        SHEPHERD,
        ".shepherd-element",
    ),
    "intro.js": (
        "intro.js/minified/intro.min.js",
        "intro.js/minified/introjs.min.css",
        "introJs.tour().setOptions({steps: [{element: '#spot', title: 'First', intro: 'About first.'}]}).start()",
        ".introjs-tooltip",
    ),
}
PAINTED = """<script>window.began = performance.now(); (function look() {
const there = document.querySelector('%s'); const inner = there?.shadowRoot;
const box = inner ? inner.querySelector('[role=dialog]') : there;
if (!box?.getClientRects().length) return requestAnimationFrame(look);
requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now() - began; }, 0)); })()</script>"""


def main() -> None:
    """Every one in turn, several rounds, the middle one printed."""
    asked = argparse.ArgumentParser(prog="make bench-embed", description=__doc__)
    asked.add_argument("--rounds", type=int, default=7, help="how often each is measured; the middle one counts")
    rounds = asked.parse_args().rounds
    fetched()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        show: dict[str, Callable[[BrowserContext, Page], None]] = {"Handrail": ours, **{name: peer(name) for name in PEERS}}
        found: dict[str, list[dict[str, float]]] = {name: [] for name in show}
        for _round in range(rounds):
            for name, act in show.items():
                found[name].append(measured(browser, act))
        browser.close()
    table(found)


def fetched() -> None:
    """The libraries, pinned, in a folder that is never committed."""
    if all((CACHE / "node_modules" / name).exists() for name in PEERS):
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    install = ["install", "--prefix", str(CACHE), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *PINNED]
    subprocess.run([str(ROOT / ".ci" / "npm"), *install], check=True)


def ours(context: BrowserContext, page: Page) -> None:
    """The snippet, a product that answers at once, one popover."""
    guest = Guest(context)
    guest.guides = [guide(step("first", "popover", "spot"))]
    guest.visit(page, head=PAINTED % "handrail-root" + SNIPPET, body=MANY)
    shows(page, "First")


def peer(name: str) -> Callable[[BrowserContext, Page], None]:
    """A page that loads that library from the same host and shows the same popover."""
    script, style, start, box = PEERS[name]
    folder = CACHE / "node_modules"

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path == "/":
            route.fulfill(content_type="text/html", body=body)
            return
        kind = "text/css" if path.endswith(".css") else "text/javascript"
        found: Path = folder / path.lstrip("/")
        route.fulfill(status=200 if found.is_file() else 404, content_type=kind, body=found.read_bytes() if found.is_file() else b"")

    load = f"import Shepherd from '/{script}'; {start}" if script.endswith(".mjs") else ""
    tags = f"<script type=module>{load}</script>" if load else f"<script async src='/{script}' onload=\"{start}\"></script>"
    head = f"{PAINTED % box}<link rel=stylesheet href='/{style}'><link rel=icon href='data:,'>"
    body = f"<!doctype html><html lang=en><head>{head}</head><body><main>{MANY}</main>{tags}</body></html>"

    def act(context: BrowserContext, page: Page) -> None:
        context.route(f"{HOST}/**", serve)
        page.goto(f"{HOST}/")
        page.wait_for_selector(box)

    return act


def measured(browser: Browser, act: Callable[[BrowserContext, Page], None]) -> dict[str, float]:
    """Milliseconds to the first painted step, then what one quiet second with it open costs."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Performance.enable")
    act(context, page)
    page.wait_for_function("() => window.painted")
    start = metrics(wire)
    page.wait_for_timeout(1000)
    before = metrics(wire)
    page.wait_for_timeout(1000)
    after = metrics(wire)
    ready = {"painted": page.evaluate("painted"), "styles": start["RecalcStyleCount"], "layouts": start["LayoutCount"]}
    idle = {
        "idle ms": 1000 * (after["TaskDuration"] - before["TaskDuration"]),
        "idle layouts": after["LayoutCount"] - before["LayoutCount"],
    }
    context.close()
    return ready | idle


def metrics(wire: CDPSession) -> dict[str, float]:
    """The browser's own counters."""
    found: list[dict[str, Any]] = wire.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in found}


def table(found: dict[str, list[dict[str, float]]]) -> None:
    """The middle of all rounds, a line for each."""
    heads = ["script tag to painted, ms", "style recalcs", "layouts", "idle, ms in 1 s", "idle layouts in 1 s"]
    print(" " * 14 + "  ".join(heads))
    for name, rounds in found.items():
        middle = [median(each[column] for each in rounds) for column in rounds[0]]
        print(f"{name:14}" + "  ".join(f"{value:>{len(head)}.1f}" for value, head in zip(middle, heads, strict=True)))


if __name__ == "__main__":
    main()
