"""make bench-embed: a first step on a page of 5,000 nodes, beside three libraries on one page and network. Prints, never judges."""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.architecture.source_tree import ROOT
from tests.bench.embed.hosts import from_folders, serving
from tests.browser.chromium import ARGUMENTS, chromium
from tests.browser.embed_page import DIST, HASH, KEY, SPOT, STUB, guide
from tests.browser.scenarios import KIND, step

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

# what the page itself shows first: who holds that up slows the page
FIRST = "performance.getEntriesByName('first-contentful-paint')[0]"
QUIET = 4


@dataclass(frozen=True)
class Line:
    """A network and a processor: round trip in ms, bits a second each way (0: no limit), and how many times slower."""

    label: str
    latency: float = 0
    rate: float = 0
    slower: float = 1


LINES = (Line("local"), Line("4G, processor 4 times slower", 60, 9e6, 4), Line("slow 4G, processor 4 times slower", 150, 1.6e6, 4))


def main() -> None:
    """Every one in turn, several rounds, the middle one printed; then the same on slower lines."""
    parser = argparse.ArgumentParser(prog="make bench-embed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured; the middle one counts")
    rounds = parser.parse_args().rounds
    fetch_peers()
    with sync_playwright() as playwright, hosting() as pages:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        for line in LINES:
            results: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
            for _round in range(rounds):
                for name, address in pages.items():
                    results[name].append(measure(browser, address, line))
            print_table(line, results)
        browser.close()


def fetch_peers() -> None:
    """The libraries, pinned, in a folder that is never committed."""
    if all((CACHE / "node_modules" / name).exists() for name in PEERS):
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    install = ["install", "--prefix", str(CACHE), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *PINNED]
    subprocess.run([str(ROOT / ".ci" / "npm"), *install], check=True)


@contextmanager
def hosting() -> Iterator[Mapping[str, str]]:
    """The address of each one's page."""
    with ExitStack() as stack:
        product = stack.enter_context(serving(from_folders(answers())))
        pages = {"Handrail": document(PAINTED % "handrail-root" + snippet(product)), **{name: peer(name) for name in PEERS}}
        host = stack.enter_context(serving(from_folders({f"/{name}.html": body for name, body in pages.items()}, CACHE / "node_modules")))
        yield {name: f"{host}/{name}.html" for name in pages}


def answers() -> dict[str, bytes]:
    """What the product says: the loader, one popover for everybody, and thanks."""
    kinds = {KIND: f"/embed/{HASH}/{KIND}.js"}
    boot = {"schema": 1, "revision": 1, "person": None, "guides": [guide(step("first", "popover", "spot"))], "kinds": kinds}
    built = {f"/embed/{file.relative_to(DIST)}": file.read_bytes() for file in DIST.rglob("*.js")}
    thanks = {"accepted": 1, "duplicates": 0, "dropped": []}
    texts = {"/embed/v1/boot": json.dumps(boot).encode(), "/embed/v1/events": json.dumps(thanks).encode()}
    return {**built, **texts, "/embed.js": built["/embed/loader.js"]}


def snippet(product: str) -> str:
    """The two lines."""
    return f'<script async src="{product}/embed.js" data-environment="{KEY}"></script>{STUB}'


def document(head: str, tags: str = "") -> bytes:
    """The page that all of them stand on."""
    body = f"<main>{MANY}</main>{tags}"
    return f"<!doctype html><html lang=en><head>{head}<link rel=icon href='data:,'></head><body>{body}</body></html>".encode()


def peer(name: str) -> bytes:
    """The page with that library, which shows the same popover."""
    script, style, start, box = PEERS[name]
    load = f"import Shepherd from '/{script}'; {start}" if script.endswith(".mjs") else ""
    tags = f"<script type=module>{load}</script>" if load else f"<script async src='/{script}' onload=\"{start}\"></script>"
    return document(f"{PAINTED % box}<link rel=stylesheet href='/{style}'>", tags)


def measure(browser: Browser, address: str, line: Line) -> dict[str, float]:
    """Milliseconds to the first painted step, then what one quiet second with it open costs."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Performance.enable")
    throttle(wire, line)
    page.goto(address)
    page.wait_for_function("() => window.painted", timeout=60_000)
    start = metrics(wire)
    page.wait_for_function(f"() => {FIRST}")
    paints = {"painted": page.evaluate("painted"), "first": page.evaluate(f"{FIRST}.startTime")}
    idle = idle_cost(page, wire) if line.slower == 1 else {}
    context.close()
    return paints | {"styles": start["RecalcStyleCount"], "layouts": start["LayoutCount"]} | idle


def throttle(wire: CDPSession, line: Line) -> None:
    """Make the browser believe in that line."""
    wire.send("Network.enable")
    rate = line.rate / 8 or -1
    wire.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": line.latency, "downloadThroughput": rate, "uploadThroughput": rate},
    )
    wire.send("Emulation.setCPUThrottlingRate", {"rate": line.slower})


def idle_cost(page: Page, wire: CDPSession) -> dict[str, float]:
    """What a second costs in which nobody does anything, of several, once it has been told what was shown."""
    page.wait_for_timeout(3000)
    before = metrics(wire)
    page.wait_for_timeout(1000 * QUIET)
    after = metrics(wire)
    return {
        "idle ms": 1000 * (after["TaskDuration"] - before["TaskDuration"]) / QUIET,
        "idle layouts": (after["LayoutCount"] - before["LayoutCount"]) / QUIET,
    }


def metrics(wire: CDPSession) -> dict[str, float]:
    """The browser's own counters."""
    counters: list[dict[str, Any]] = wire.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in counters}


HEADS = {
    "painted": "script tag to painted, ms",
    "first": "page's own first paint, ms",
    "styles": "style recalcs",
    "layouts": "layouts",
    "idle ms": "idle, ms in 1 s",
    "idle layouts": "idle layouts in 1 s",
}


def print_table(line: Line, results: dict[str, list[dict[str, float]]]) -> None:
    """The middle of all rounds, a line for each."""
    columns = list(next(iter(results.values()))[0])
    print(f"\n{line.label:14}" + "\n" + " " * 14 + "  ".join(HEADS[column] for column in columns))
    for name, rounds in results.items():
        middle = [(HEADS[column], median(each[column] for each in rounds)) for column in columns]
        print(f"{name:14}" + "  ".join(f"{value:>{len(head)}.1f}" for head, value in middle))


if __name__ == "__main__":
    main()
