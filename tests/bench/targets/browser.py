"""A Chromium that shows pages of the corpus from the disk, without their scripts, with the engines in it."""

from __future__ import annotations

import mimetypes
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Page, Route, sync_playwright

from tests.architecture.source_tree import ROOT
from tests.bench.targets.corpus import CACHE, ENGINES, HostPage, fetch, folder_of
from tests.browser.chromium import ARGUMENTS, chromium

HOST = "http://corpus.invalid"


def bundle() -> str:
    """The engines and the operators as one script."""
    for engine in ENGINES:
        fetch(engine)
    bundled = CACHE / "trials.js"
    finder, optimal = (folder_of(engine) for engine in ENGINES)
    command = [
        str(ROOT / "embed/node_modules/.bin/esbuild"),
        str(Path(__file__).parent / "page/trials.ts"),
        "--bundle",
        "--format=iife",
        "--log-level=error",
        "--define:global=window",
        f"--alias:@medv/finder={finder}",
        f"--alias:optimal-select={optimal}",
        f"--alias:bodies={ROOT / 'embed/src/types/bodies.d.ts'}",
        f"--outfile={bundled}",
    ]
    subprocess.run(command, check=True)
    return bundled.read_text(encoding="utf-8")


@contextmanager
def browsing() -> Iterator[Page]:
    """One page of a quiet Chromium that is answered from the cache alone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        context = browser.new_context(viewport={"width": 1366, "height": 900}, reduced_motion="reduce")
        page = context.new_page()
        page.route("**/*", _answer)
        yield page
        browser.close()


def show(page: Page, host_page: HostPage, script: str) -> None:
    """Load a page of the corpus and put the engines into it."""
    page.goto(f"{HOST}/{host_page.path.relative_to(CACHE).as_posix()}", wait_until="load")
    page.evaluate(script)


def _answer(route: Route) -> None:
    address = urlsplit(route.request.url)
    path = CACHE / unquote(address.path).lstrip("/")
    if address.netloc != urlsplit(HOST).netloc or not path.is_file() or route.request.resource_type in ("image", "media", "font"):
        return route.abort()
    if path.suffix in (".html", ".htm"):
        package = path.relative_to(CACHE).parts[0].replace("+", "/")
        return route.fulfill(body=HostPage(package, path).html, content_type="text/html; charset=utf-8")
    return route.fulfill(body=path.read_bytes(), content_type=mimetypes.guess_type(path.name)[0] or "text/plain")
