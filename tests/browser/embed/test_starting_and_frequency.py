"""What starts a guide, how often it comes, and who goes first."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import HIDDEN, SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import step

OVER = {"dismissed": {"status": "dismissed", "item": None, "done": []}, "completed": {"status": "completed", "item": None, "done": []}}
AGAIN = [
    ("once", "dismissed", False),
    ("once", "completed", False),
    ("until_finished", "dismissed", True),
    ("until_finished", "completed", False),
    ("always", "dismissed", True),
    ("always", "completed", True),
]


@pytest.mark.parametrize(("frequency", "status", "comes"), AGAIN)
def test_a_guide_comes_back_as_often_as_it_should(page: Page, mock: MockServer, frequency: str, status: str, comes: bool) -> None:
    mock.guides = [guide(step("first", "slideout"), frequency=frequency)]
    mock.visit(page)
    dialog = expect_step(page, "First")
    wait_for_frames(page)
    dialog.get_by_role("button", name="Next" if status == "completed" else "Close").click()
    expect(surface(page)).to_have_count(0)
    mock.flush(page)
    mock.guides[0]["progress"] = OVER[status]
    page.evaluate("() => sessionStorage.clear()")
    page.reload()
    wait_for_frames(page)
    expect(surface(page)).to_have_count(int(comes))


@pytest.mark.parametrize("status", OVER)
def test_the_server_remembers_what_a_cleared_browser_forgot(page: Page, mock: MockServer, status: str) -> None:
    mock.guides = [guide(step("first", "slideout"))]
    mock.guides[0]["progress"] = OVER[status]
    mock.visit(page)
    wait_for_frames(page)
    page.evaluate("() => localStorage.clear()")
    page.reload()
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)


DAY = 86_400_000


def test_every_n_days_comes_back_after_them_in_a_page_that_stays_open(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"), frequency="every_days", repeat_after_days=7)]
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    expect_step(page, "First").get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    page.clock.fast_forward(7 * DAY - 60_000)
    page.evaluate("() => history.pushState({}, '', '/other')")
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)
    page.clock.fast_forward(120_000)
    page.evaluate("() => history.pushState({}, '', '/')")
    expect_step(page, "First")
    wait_for_frames(page)
    mock.flush(page)
    assert mock.event_names().count("shown") == 2


def test_every_n_days_is_the_servers_word_for_a_browser_that_forgot(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"), frequency="every_days", repeat_after_days=7)]
    page.clock.install()
    mock.visit(page, "/empty", head="")
    now = page.evaluate("Date.now()")
    mock.guides[0]["progress"] = {**OVER["completed"], "at": now - 7 * DAY + 3_600_000}
    mock.visit(page)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)
    page.clock.fast_forward(3_700_000)
    page.evaluate(HIDDEN, False)
    expect_step(page, "First")


def test_a_condition_this_browser_does_not_know_never_holds(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"), rule={"event": {"name": "exported"}})]
    mock.visit(page)
    call(page, "track", "exported", {"rows": 20})
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)


def test_a_delay_is_waited_for(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"), rule={"delay": 5})]
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    page.clock.run_for(3000)
    assert surface(page).count() == 0
    page.clock.run_for(3000)
    expect_step(page, "First")


def test_who_leaves_the_page_during_the_delay_never_sees_it(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"), rule={"all": [{"delay": 5}, {"page": "/a"}]})]
    page.clock.install()
    mock.visit(page, "/a")
    wait_for_frames(page)
    page.clock.run_for(3000)
    page.evaluate("() => history.pushState({}, '', '/b')")
    page.clock.run_for(60_000)
    assert surface(page).count() == 0


RULES = [
    ("/deals", "/deals", True),
    ("/deals", "/deals/", True),
    ("/deals", "/deals/7", False),
    ("/deals", "/Deals", False),
    ("/deals", "/deals?b=2&a=1#x", True),
    ("/deals/*", "/deals/7/edit", True),
    ("*als*", "/deals", True),
    ("/deals?a=1*", "/deals?a=1&b=2", True),
    ("/deals?a=1*", "/deals?b=2&a=1", False),
    ("/*?*a=1*", "/deals?b=2&a=1", True),
    ("/#/deals", "/#/deals", True),
    ("/#/deals", "/#/contacts", False),
    ("https://acme.example/deals", "/deals", True),
    ("https://*.acme.example/deals", "/deals", False),
]


@pytest.mark.parametrize(("pattern", "address", "fits"), RULES)
def test_addresses_fit_as_the_manual_says(page: Page, mock: MockServer, pattern: str, address: str, fits: bool) -> None:
    mock.guides = [guide(step("first"), rule={"page": pattern})]
    mock.add_page("*")
    page.goto("https://acme.example" + address)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(int(fits))


def test_a_button_of_the_page_that_calls_start_is_heard_once_by_both(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "slideout"), start="manual")]
    name = mock.guides[0]["id"]
    mock.visit(page, body=SPOT + f"<button id='go' onclick=\"window.went=(window.went||0)+1;handrail.start('{name}')\">Go</button>")
    wait_for_frames(page)
    page.locator("#go").click()
    expect_step(page, "First")
    assert page.evaluate("window.went") == 1


def test_in_a_hidden_tab_nothing_shows_and_no_timer_runs(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"), rule={"delay": 5})]
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    page.evaluate(HIDDEN, True)
    page.evaluate("() => { window.timers = 0; const later = setTimeout; window.setTimeout = (...all) => ++timers && later(...all); }")
    page.clock.run_for(60_000)
    assert surface(page).count() == 0
    assert page.evaluate("timers") == 0
    page.evaluate(HIDDEN, False)
    expect_step(page, "First")


def test_the_more_important_guide_goes_first_and_the_other_after_it(page: Page, mock: MockServer) -> None:
    minor: dict[str, Any] = guide(step("minor", "slideout"), priority=10)
    mock.guides = [minor, guide(step("major", "slideout"), priority=90)]
    mock.visit(page)
    expect_step(page, "Major").get_by_role("button", name="Next").click()
    expect_step(page, "Minor")


ADD = """() => { const late = document.createElement('button'); late.setAttribute('data-handrail-target', 'late');
document.querySelector('main').append(late); }"""


def test_a_begun_tour_that_waits_for_its_element_gives_way_and_comes_back(page: Page, mock: MockServer) -> None:
    begun = {**guide(step("waiting", "popover", "late")), "progress": {"status": "started", "item": "waiting", "done": []}}
    mock.guides = [begun, guide(step("other", "slideout"))]
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    expect(surface(page)).to_have_count(0)
    page.clock.run_for(6000)
    expect_step(page, "Other")
    page.evaluate(ADD)
    expect_step(page, "Waiting").get_by_role("button", name="Next").click()
    expect_step(page, "Other")
