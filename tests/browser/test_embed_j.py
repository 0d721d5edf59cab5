"""What starts a guide, how often it comes, and who goes first."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.arranged import step
from tests.browser.guest import SNIPPET, SPOT, Guest, call, guide, settled, shows, surface

HIDDEN = """(hidden) => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
Object.defineProperty(document, 'visibilityState', {value: hidden ? 'hidden' : 'visible', configurable: true});
document.dispatchEvent(new Event('visibilitychange')); }"""
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
    guest.flush(page)
    assert guest.names().count("shown") == 2


def test_every_n_days_is_the_servers_word_for_a_browser_that_forgot(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"), frequency="every_days", days=7)]
    page.clock.install()
    guest.visit(page)
    now = page.evaluate("Date.now()")
    guest.guides[0]["progress"] = {**OVER["completed"], "at": now - 7 * DAY + 3_600_000}
    page.evaluate("() => localStorage.clear()")
    page.reload()
    settled(page)
    expect(surface(page)).to_have_count(0)
    page.clock.fast_forward(3_700_000)
    page.evaluate(HIDDEN, False)
    shows(page, "First")


ROWS = {"attribute": {"of": "event", "name": "rows", "op": "greater", "value": 10}}


def triggered(*steps: dict[str, Any], trigger: dict[str, Any], rule: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A guide that waits for something, as boot delivers it."""
    made = guide(*steps, trigger=trigger, **more)
    mark = {"triggered": made["id"]}
    return made | {"rule": {"all": [rule, mark]} if rule else mark}


def waits(page: Page, guest: Guest, *guides: dict[str, Any], **made: Any) -> None:
    """Load a page on which those guides wait for what starts them."""
    guest.guides = list(guides)
    with page.expect_response(lambda answer: "/triggers.js" in answer.url):
        guest.visit(page, **made)
    settled(page)
    expect(surface(page)).to_have_count(0)


def nothing_shows(page: Page) -> None:
    """Not even after a while in which the tab is looked at."""
    settled(page)
    page.clock.run_for(2000)
    assert surface(page).count() == 0


FILTERS = [
    ({"op": "is", "value": "csv"}, {"of": "CSV"}, True),
    ({"op": "is", "value": "csv"}, {"of": "pdf"}, False),
    ({"op": "is_not", "value": "csv"}, {"of": "pdf"}, True),
    ({"op": "is_not", "value": "csv"}, {"of": "csv"}, False),
    ({"op": "contains", "value": "s"}, {"of": "csv"}, True),
    ({"op": "contains", "value": "x"}, {"of": "csv"}, False),
    ({"op": "greater", "value": 10}, {"of": 11}, True),
    ({"op": "greater", "value": 10}, {"of": 10}, False),
    ({"op": "less", "value": 10}, {"of": "9.5"}, True),
    ({"op": "is_set"}, {"of": 0}, True),
    ({"op": "is_set"}, {"other": 1}, False),
]


@pytest.mark.parametrize(("asked", "props", "fits"), FILTERS)
def test_only_an_event_that_fits_starts_it(page: Page, guest: Guest, asked: dict[str, Any], props: dict[str, Any], fits: bool) -> None:
    where = {"attribute": {"of": "event", "name": "of", **asked}}
    page.clock.install()
    waits(page, guest, triggered(step("first"), trigger={"event": {"name": "exported", "where": where}}))
    call(page, "track", "imported", props)
    nothing_shows(page)
    call(page, "track", "exported", props)
    if fits:
        shows(page, "First")
    else:
        nothing_shows(page)


def test_an_event_told_before_the_embed_was_there_starts_it_too(page: Page, guest: Guest) -> None:
    guest.guides = [triggered(step("first"), trigger={"event": {"name": "exported", "where": ROWS}})]
    guest.visit(page, head=SNIPPET + "<script>handrail.track('exported', {rows: 20})</script>")
    shows(page, "First")


def test_an_event_starts_it_once_and_every_time_where_that_is_wanted(page: Page, guest: Guest) -> None:
    for frequency, times in (("once", 1), ("always", 2)):
        waits(page, guest, triggered(step("first", "slideout"), trigger={"event": {"name": "exported"}}, frequency=frequency))
        for time in range(2):
            call(page, "track", "exported")
            settled(page)
            if time < times:
                shows(page, "First").get_by_role("button", name="Next").click()
            expect(surface(page)).to_have_count(0)


def test_a_triggered_guide_still_minds_its_page_and_comes_with_the_next(page: Page, guest: Guest) -> None:
    page.clock.install()
    waits(page, guest, triggered(step("first"), trigger={"event": {"name": "saved"}}, rule={"page": "/b"}), path="/a")
    call(page, "track", "saved")
    nothing_shows(page)
    page.evaluate("() => history.pushState({}, '', '/b')")
    shows(page, "First")


def test_what_happened_long_ago_starts_nothing_any_more(page: Page, guest: Guest) -> None:
    page.clock.install()
    waits(page, guest, triggered(step("first"), trigger={"event": {"name": "saved"}}, rule={"page": "/b"}), path="/a")
    call(page, "track", "saved")
    page.clock.run_for(6000)
    page.evaluate("() => history.pushState({}, '', '/b')")
    nothing_shows(page)


@pytest.mark.parametrize("started", ["event", "by itself"])
def test_a_cancel_event_during_the_delay_means_it_never_shows(page: Page, guest: Guest, started: str) -> None:
    start: dict[str, Any] = {"event": {"name": "opened"}} if started == "event" else {}
    page.clock.install()
    waits(page, guest, triggered(step("first"), trigger={**start, "delay": 10, "cancel": {"name": "saved", "where": ROWS}}))
    call(page, "track", "opened")
    page.clock.run_for(5000)
    call(page, "track", "saved", {"rows": 20})
    page.clock.run_for(60_000)
    assert surface(page).count() == 0


@pytest.mark.parametrize("started", ["event", "by itself"])
def test_a_delay_is_waited_whatever_starts_it_and_other_events_change_nothing(page: Page, guest: Guest, started: str) -> None:
    start: dict[str, Any] = {"event": {"name": "opened"}} if started == "event" else {}
    page.clock.install()
    waits(page, guest, triggered(step("first"), trigger={**start, "delay": 10, "cancel": {"name": "saved", "where": ROWS}}))
    call(page, "track", "opened")
    page.clock.run_for(5000)
    call(page, "track", "saved", {"rows": 2})
    page.clock.run_for(4000)
    assert surface(page).count() == 0
    page.clock.run_for(1500)
    shows(page, "First")


def test_a_delay_goes_on_over_a_page_load(page: Page, guest: Guest) -> None:
    page.clock.install()
    waits(page, guest, triggered(step("first"), trigger={"event": {"name": "opened"}, "delay": 10}))
    call(page, "track", "opened")
    page.clock.run_for(7000)
    page.reload()
    settled(page)
    page.clock.run_for(1000)
    assert surface(page).count() == 0
    page.clock.run_for(3000)
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


AIMS = {
    "name": {"by": "name", "value": "spot", "label": ""},
    "css": {"by": "css", "value": "main > button", "label": ""},
    "text": {"by": "text", "value": "A spot", "label": ""},
}


@pytest.mark.parametrize("by", AIMS)
def test_a_click_on_a_button_of_the_page_starts_it_and_the_page_hears_it_once(page: Page, guest: Guest, by: str) -> None:
    page.clock.install()
    waits(page, guest, triggered(step("first"), trigger={"click": AIMS[by]}), body=SPOT + "<p id='other'>Another</p>")
    page.locator("#other").click()
    nothing_shows(page)
    page.locator("#spot").click()
    shows(page, "First")
    assert page.evaluate("window.pressed") == 1


def test_a_link_that_leads_to_another_page_starts_it_there(page: Page, guest: Guest) -> None:
    link = "<a href='/new' data-handrail-target='new'>New deal</a>"
    target = {"by": "name", "value": "new", "label": ""}
    guest.put("/new")
    waits(page, guest, triggered(step("first"), trigger={"click": target}, rule={"page": "/new"}), path="/deals", body=link)
    page.get_by_text("New deal").click()
    shows(page, "First")
    assert page.url.endswith("/new")


def test_a_tour_whose_first_step_is_on_the_next_page_starts_there(page: Page, guest: Guest) -> None:
    link = "<a href='/new' data-handrail-target='new'>New deal</a>"
    guest.put("/new")
    first = step("first", "slideout", page="/new")
    waits(page, guest, triggered(first, trigger={"click": {"by": "name", "value": "new", "label": ""}}), path="/deals", body=link)
    page.get_by_text("New deal").click()
    shows(page, "First")


def test_what_was_shown_once_is_not_set_off_again_by_the_next_page(page: Page, guest: Guest) -> None:
    page.clock.install()
    waits(page, guest, triggered(step("first", "slideout"), trigger={"event": {"name": "opened"}}, frequency="always"))
    call(page, "track", "opened")
    shows(page, "First").get_by_role("button", name="Next").click()
    page.reload()
    nothing_shows(page)


def test_what_somebody_set_off_is_nothing_for_the_person_after_them(page: Page, guest: Guest) -> None:
    page.clock.install()
    waits(page, guest, triggered(step("first"), trigger={"event": {"name": "opened"}, "delay": 10}))
    call(page, "identify", "1")
    call(page, "track", "opened")
    page.clock.run_for(5000)
    call(page, "identify", "2")
    page.clock.run_for(20_000)
    assert surface(page).count() == 0


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


def test_in_a_hidden_tab_a_delay_does_not_run_and_no_timer_either(page: Page, guest: Guest) -> None:
    page.clock.install()
    waits(page, guest, triggered(step("first"), trigger={"event": {"name": "opened"}, "delay": 10}))
    call(page, "track", "opened")
    page.clock.run_for(4000)
    page.evaluate(HIDDEN, True)
    page.evaluate("() => { window.timers = 0; const later = setTimeout; window.setTimeout = (...all) => ++timers && later(...all); }")
    page.clock.run_for(60_000)
    assert (surface(page).count(), page.evaluate("timers")) == (0, 0)
    page.evaluate(HIDDEN, False)
    page.clock.run_for(5000)
    assert surface(page).count() == 0
    page.clock.run_for(2000)
    shows(page, "First")


def test_a_page_without_such_guides_loads_nothing_of_all_this(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "slideout"))]
    guest.visit(page)
    shows(page, "First")
    assert not [each for each in guest.requests if "triggers" in each or "ears" in each]


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
