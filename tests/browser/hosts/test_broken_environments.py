"""The host page never breaks because of us: strict policies, a server that fails in every way, a storage that throws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.demo_page import click_button, expect_nothing, title_in, tour_in
from tests.browser.live_server import Site
from tests.browser.scenarios import button, live, serve_without_demo_tours, step

LAST = {"buttons": [button("Done", "finish")]}
ANYTHING_OF_OURS = re.compile(r"127\.0\.0\.1:\d+/embed")
BOOT = re.compile(r"/embed/v1/boot$")
NETWORK = re.compile(r"Failed to load resource|net::ERR|blocked by CORS|MIME type")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with one tour on the strict page and one on the plain page."""
    with serve_without_demo_tours(tmp_path_factory.mktemp("hard")) as running:
        running.run(live("Strict", *walk(), page="/strict", frequency="always"))
        running.run(live("Plain", *walk("spot"), page="/plain", frequency="always"))
        yield running


def walk(target: str = "strict-action") -> list[dict[str, object]]:
    return [step("modal"), step("popover", "popover", target, if_target_missing="skip"), step("slideout", "slideout", **LAST)]


def works(page: Page) -> None:
    """The page of the host does what it does without us."""
    page.get_by_role("link", name="Contacts", exact=True).click()
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    page.get_by_role("searchbox").fill("elena")
    expect(page.locator("#shown")).to_contain_text("1 of ")


def test_a_strict_page_shows_a_tour_without_one_violation(page: Page, site: Site, complaints: list[str]) -> None:
    page.add_init_script("document.addEventListener('securitypolicyviolation', (e) => console.error('violated', e.violatedDirective))")
    page.goto(f"{site.demo}/strict")
    expect(title_in(page)).to_have_text("Modal")
    assert tour_in(page).evaluate("(node) => getComputedStyle(node).borderTopLeftRadius") != "0px"
    click_button(page, "Next")
    expect(title_in(page)).to_have_text("Popover")
    click_button(page, "Next")
    click_button(page, "Done")
    expect(tour_in(page)).to_have_count(0)
    expect(page.locator("#violations")).to_have_text("0")
    assert complaints == []


def failing(kind: str) -> Callable[[Route], object]:
    ways: dict[str, Callable[[Route], object]] = {
        "down": lambda route: route.abort("connectionrefused"),
        "hanging": lambda route: None,
        "html": lambda route: route.fulfill(content_type="text/html", body=PROXY, headers=OPEN),
        "broken": lambda route: route.fulfill(status=500, body="no", headers=OPEN),
        "busy": lambda route: route.fulfill(status=503, body="{}", headers={**OPEN, "Retry-After": "600"}),
        "empty": lambda route: route.fulfill(status=200, body="", headers=OPEN),
        "cut": lambda route: route.fulfill(content_type="application/json", body=CUT, headers=OPEN),
        "null": lambda route: route.fulfill(content_type="application/json", body="null", headers=OPEN),
    }
    return ways[kind]


BOTH = "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {{ {} }})"
LISTEN = """window.__errors = [];
for (const name of ["error", "unhandledrejection"]) addEventListener(name, (it) => __errors.push(String(it.message ?? it.reason)));"""
OPEN = {"Access-Control-Allow-Origin": "*"}
PROXY = "<!doctype html><script>alert(1)</script><p>A proxy's page"
CUT = '{"schema":1,"revision":2,"guides":[{"id":"x","bo'


@pytest.mark.parametrize("kind", ["down", "hanging", "html", "broken", "busy", "empty", "cut", "null"])
@pytest.mark.parametrize("what", ["everything", "boot"])
def test_the_host_page_works_when_the_server_does_not(page: Page, site: Site, complaints: list[str], kind: str, what: str) -> None:
    page.add_init_script(LISTEN)
    page.route(ANYTHING_OF_OURS if what == "everything" else BOOT, failing(kind))
    page.goto(f"{site.demo}/deals", wait_until="domcontentloaded")
    expect(page.get_by_role("heading", name="Deals")).to_be_visible()
    works(page)
    no_script_at_all = what == "everything" and kind in ("html", "cut")
    assert page.evaluate("() => window.__errors") == (["Script error."] if no_script_at_all else [])
    expect(page.locator("handrail-root").get_by_role("dialog")).to_have_count(0)
    complaints[:] = [each for each in complaints if not NETWORK.search(each) and not no_script_at_all]


@pytest.mark.parametrize("broken", ["get", "set", "everything", "gone"])
def test_a_tour_shows_where_nothing_can_be_stored(page: Page, site: Site, broken: str) -> None:
    scripts = {
        "get": "Storage.prototype.getItem = () => { throw new Error('no') }",
        "set": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        "everything": BOTH.format("get() { throw new DOMException('denied', 'SecurityError') }"),
        "gone": BOTH.format("value: null"),
    }
    page.add_init_script(scripts[broken])
    page.goto(f"{site.demo}/plain")
    expect(title_in(page)).to_have_text("Modal")
    press_through(page)
    expect(tour_in(page)).to_have_count(0)


def press_through(page: Page) -> None:
    page.evaluate("() => window.handrail.goTo('slideout')")
    click_button(page, "Done")


def test_what_happened_while_the_server_was_away_arrives_later(page: Page, site: Site, complaints: list[str]) -> None:
    page.route(re.compile("/embed/v1/events$"), lambda route: route.abort())
    page.goto(f"{site.demo}/plain")
    click_button(page, "Next")
    page.evaluate("() => window.handrail.goTo('slideout')")
    click_button(page, "Done")
    page.goto("about:blank")
    page.unroute(re.compile("/embed/v1/events$"))
    with page.expect_response("**/embed/v1/events") as sent:
        page.goto(f"{site.demo}/plain")
    names = [event["name"] for event in sent.value.request.post_data_json["events"]]
    assert "completed" in names
    assert sent.value.json()["dropped"] == []
    complaints[:] = [each for each in complaints if not NETWORK.search(each)]


def test_a_page_loaded_twice_with_the_snippet_shows_one_tour(page: Page, site: Site) -> None:
    page.goto(f"{site.demo}/plain")
    expect(title_in(page)).to_have_text("Modal")
    page.evaluate(
        """() => {
          const first = document.querySelector('script[data-environment]');
          const copy = Object.assign(document.createElement('script'), { src: first.src + '?2' });
          copy.dataset.environment = first.dataset.environment;
          document.head.append(copy);
          return new Promise((go) => (copy.onload = go));
        }"""
    )
    expect(page.locator("handrail-root")).to_have_count(1)
    expect(tour_in(page)).to_have_count(1)
    click_button(page, "Close")
    expect_nothing(page)
