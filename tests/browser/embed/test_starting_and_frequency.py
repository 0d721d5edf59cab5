"""What starts a guide, how often it comes, and who goes first."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import HIDDEN, SPOT, Guest, call, guide, settled, shows, surface
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
def test_a_guide_comes_back_as_often_as_it_should(page: Page, guest: Guest, frequency: str, status: str, comes: bool) -> None:
    guest.guides = [guide(step("first", "slideout"), frequency=frequency)]
    guest.visit(page)
    dialog = shows(page, "First")
    settled(page)
    dialog.get_by_role("button", name="Next" if status == "completed" else "Close").click()
    expect(surface(page)).to_have_count(0)
    guest.flush(page)
    guest.guides[0]["progress"] = OVER[status]
    page.evaluate("() => sessionStorage.clear()")
    page.reload()
    settled(page)
    expect(surface(page)).to_have_count(int(comes))


@pytest.mark.parametrize("status", OVER)
def test_the_server_remembers_what_a_cleared_browser_forgot(page: Page, guest: Guest, status: str) -> None:
    guest.guides = [guide(step("first", "slideout"))]
    guest.guides[0]["progress"] = OVER[status]
    guest.visit(page)
    settled(page)
    page.evaluate("() => localStorage.clear()")
    page.reload()
    settled(page)
    expect(surface(page)).to_have_count(0)


DAY = 86_400_000


def test_every_n_days_comes_back_after_them_in_a_page_that_stays_open(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"), frequency="every_days", days=7)]
    page.clock.install()
    guest.visit(page)
    settled(page)
    shows(page, "First").get_by_role("button", name="Next").click()
    expect(surface(page)).to_have_count(0)
    page.clock.fast_forward(7 * DAY - 60_000)
    page.evaluate("() => history.pushState({}, '', '/other')")
    settled(page)
    expect(surface(page)).to_have_count(0)
    page.clock.fast_forward(120_000)
    page.evaluate("() => history.pushState({}, '', '/')")
    shows(page, "First")
    settled(page)
    guest.flush(page)
    assert guest.names().count("shown") == 2


def test_every_n_days_is_the_servers_word_for_a_browser_that_forgot(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"), frequency="every_days", days=7)]
    page.clock.install()
    guest.visit(page, "/empty", head="")
    now = page.evaluate("Date.now()")
    guest.guides[0]["progress"] = {**OVER["completed"], "at": now - 7 * DAY + 3_600_000}
    guest.visit(page)
    settled(page)
    expect(surface(page)).to_have_count(0)
    page.clock.fast_forward(3_700_000)
    page.evaluate(HIDDEN, False)
    shows(page, "First")


def test_a_condition_this_browser_does_not_know_never_holds(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"), rule={"event": {"name": "exported"}})]
    guest.visit(page)
    call(page, "track", "exported", {"rows": 20})
    settled(page)
    expect(surface(page)).to_have_count(0)


def test_a_delay_is_waited_for(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"), rule={"delay": 5})]
    page.clock.install()
    guest.visit(page)
    settled(page)
    page.clock.run_for(3000)
    assert surface(page).count() == 0
    page.clock.run_for(3000)
    shows(page, "First")


def test_who_leaves_the_page_during_the_delay_never_sees_it(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"), rule={"all": [{"delay": 5}, {"page": "/a"}]})]
    page.clock.install()
    guest.visit(page, "/a")
    settled(page)
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
def test_addresses_fit_as_the_manual_says(page: Page, guest: Guest, pattern: str, address: str, fits: bool) -> None:
    guest.guides = [guide(step("first"), rule={"page": pattern})]
    guest.put("*")
    page.goto("https://acme.example" + address)
    settled(page)
    expect(surface(page)).to_have_count(int(fits))


def test_a_button_of_the_page_that_calls_start_is_heard_once_by_both(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"), start="manual")]
    name = guest.guides[0]["id"]
    guest.visit(page, body=SPOT + f"<button id='go' onclick=\"window.went=(window.went||0)+1;handrail.start('{name}')\">Go</button>")
    settled(page)
    page.locator("#go").click()
    shows(page, "First")
    assert page.evaluate("window.went") == 1


def test_in_a_hidden_tab_nothing_shows_and_no_timer_runs(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"), rule={"delay": 5})]
    page.clock.install()
    guest.visit(page)
    settled(page)
    page.evaluate(HIDDEN, True)
    page.evaluate("() => { window.timers = 0; const later = setTimeout; window.setTimeout = (...all) => ++timers && later(...all); }")
    page.clock.run_for(60_000)
    assert surface(page).count() == 0
    assert page.evaluate("timers") == 0
    page.evaluate(HIDDEN, False)
    shows(page, "First")


def test_the_more_important_guide_goes_first_and_the_other_after_it(page: Page, guest: Guest) -> None:
    minor: dict[str, Any] = guide(step("minor", "slideout"), priority=10)
    guest.guides = [minor, guide(step("major", "slideout"), priority=90)]
    guest.visit(page)
    shows(page, "Major").get_by_role("button", name="Next").click()
    shows(page, "Minor")


ADD = """() => { const late = document.createElement('button'); late.setAttribute('data-handrail-target', 'late');
document.querySelector('main').append(late); }"""


def test_a_begun_tour_that_waits_for_its_element_gives_way_and_comes_back(page: Page, guest: Guest) -> None:
    begun = {**guide(step("waiting", "popover", "late")), "progress": {"status": "started", "item": "waiting", "done": []}}
    guest.guides = [begun, guide(step("other", "slideout"))]
    page.clock.install()
    guest.visit(page)
    settled(page)
    expect(surface(page)).to_have_count(0)
    page.clock.run_for(6000)
    shows(page, "Other")
    page.evaluate(ADD)
    shows(page, "Waiting").get_by_role("button", name="Next").click()
    shows(page, "Other")
