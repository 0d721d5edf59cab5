"""Fixtures of browser tests: a real browser and a real server; a page that complains fails its test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from guides.accounts import sessions
from guides.models import Member, Role
from tests.architecture.source_tree import ROOT
from tests.browser.chromium import ARGUMENTS, chromium
from tests.browser.editor_page import Author
from tests.browser.embed_page import MockServer
from tests.browser.host_server import Host, hosting
from tests.browser.live_server import Site, serve
from tests.browser.scenarios import cast
from tests.packages import install_plugins

AXE = ROOT / "embed/node_modules/axe-core/axe.min.js"
EXPECT_TIMEOUT_MS = 10_000
# what was just changed has been drawn, and no colour is on its way to another
ARRIVED = """() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))).then(() =>
Promise.allSettled(document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished)))"""
ANSWERED_NO = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product and the demo app, running for the whole session."""
    with serve(tmp_path_factory.mktemp("site"), install_plugins(tmp_path_factory.mktemp("packages"))) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the last lines of the server's log to a failure."""
    report = yield
    running = getattr(item, "funcargs", {}).get("site")
    if report.failed and running is not None:
        report.sections.append(("server", "\n".join(running.log.read_text(encoding="utf-8").splitlines()[-30:])))
    return report


@pytest.fixture(scope="session", autouse=True)
def expect_timeout() -> None:
    """Sets the timeout of all expectations; a busy machine may be slow."""
    expect.set_options(timeout=EXPECT_TIMEOUT_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium, quiet, and without any host but this one."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": list(ARGUMENTS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desktop window; tests change what they are about with the marker browser_context_args."""
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "reduced_motion": "reduce"}


@pytest.fixture
def complaints() -> list[str]:
    """Errors that the pages of this test reported; a test that provokes one removes it."""
    return []


@pytest.fixture
def context(context: BrowserContext, complaints: list[str]) -> Iterator[BrowserContext]:
    """A browser of one person; script errors, console errors and CSP violations fail the test."""
    yield _collect_complaints(context, complaints)
    assert complaints == []


@pytest.fixture
def new_browser(new_context: Callable[..., BrowserContext], complaints: list[str]) -> Callable[..., BrowserContext]:
    """Opens one more browser that is watched for complaints: `new_browser(color_scheme="dark")`."""
    return lambda **options: _collect_complaints(new_context(**options), complaints)


def _collect_complaints(context: BrowserContext, complaints: list[str]) -> BrowserContext:
    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not ANSWERED_NO.match(message.text):
            complaints.append(f"console at {message.location.get('url', '?')}: {message.text}")

    context.on("console", hear)
    context.on("weberror", lambda problem: complaints.append(f"error at {problem.page and problem.page.url}: {problem.error}"))
    context.set_default_timeout(EXPECT_TIMEOUT_MS)
    return context


@pytest.fixture
def sign_in(site: Site, context: BrowserContext) -> Callable[..., None]:
    """Sign a browser in to the admin as the member with that address: `sign_in("owner@example.com")`, or `sign_in(email, browser)`."""

    async def opened(email: str) -> str:
        return await sessions.open_session(await Member.get(email=email))

    def signed_in(email: str, browser: BrowserContext = context) -> None:
        secret = site.run(lambda: opened(email))
        browser.add_cookies(
            [
                {
                    "name": "__Host-handrail",
                    "value": secret,
                    "url": site.url.replace("http:", "https:"),
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )

    return signed_in


@pytest.fixture
def author(site: Site, page: Page, sign_in: Callable[..., None]) -> Author:
    """The owner of the demo project, signed in to the admin."""
    site.run(cast(Role.OWNER))
    sign_in("owner@example.com")
    return Author(page, site)


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Host pages on a third port, on another site than the product."""
    with hosting() as running:
        yield running


@pytest.fixture
def mock(context: BrowserContext) -> MockServer:
    """A mock of the host and the product, which exists in this browser only."""
    return MockServer(context)


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Check accessibility: `axe(page)`, or of a part `axe(page, "main")`; fails with what is wrong and where."""
    script = AXE.read_text(encoding="utf-8")

    def check(page: Page, part: str | None = None, but: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> None:
        page.evaluate(f"() => {{ if (!window.axe) {{ const module = undefined; {script} }} }}")
        page.evaluate(ARRIVED)
        options: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
        options["rules"] |= {rule: {"enabled": False} for rule in but}
        if only:
            options["runOnly"] = list(only)
        found = page.evaluate(f"(part) => axe.run(part || document, {json.dumps(options)})", part)
        wrong = [
            f"{each['id']}: {each['help']}\n"
            + "\n".join(f"    {node['html'][:200]}  {node['target']} {node['failureSummary']}" for node in each["nodes"])
            for each in found["violations"]
        ]
        assert not wrong, f"at {page.url}\n" + "\n".join(wrong)

    return check
