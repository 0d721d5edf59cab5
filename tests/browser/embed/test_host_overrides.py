"""What the host does itself in our place: going to an address, scrolling, reading its own address, the time an element is given."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.embed_page import HOST, LOADER, SNIPPET, SPOT, STUB, Guest, guide, hooks, settled, shows, surface
from tests.browser.scenarios import button, step


def said(call: str) -> str:
    """The snippet, and a call made before the script has come."""
    return STUB + f"<script>{call}</script>" + LOADER


def test_a_link_in_a_tour_goes_by_the_hosts_own_router(page: Page, guest: Guest) -> None:
    go = button("Go", "open", url=f"{HOST}/there?a=1#b")
    guest.guides = [guide(step("first", buttons=[go, button("Next", "next")]), step("second", page="/there"))]
    guest.visit(page, "/here", head=said("handrail.setNavigate((url) => { window.stayed = url; history.pushState({}, '', url); })"))
    shows(page, "First").get_by_role("button", name="Go").click()
    expect(page).to_have_url(f"{HOST}/there?a=1#b")
    assert page.evaluate("stayed") == "/there?a=1#b"


def test_a_link_to_another_site_is_the_browsers(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", buttons=[button("Go", "open", url="https://other.example/there"), button("Next", "next")]))]
    page.route("https://other.example/**", lambda route: route.fulfill(body="There"))
    guest.visit(page, "/here", head=said("handrail.setNavigate(() => { window.asked = true; })"))
    shows(page, "First").get_by_role("button", name="Go").click()
    expect(page).to_have_url("https://other.example/there")


def test_a_link_in_another_tab_is_the_browsers(page: Page, guest: Guest) -> None:
    guest.put("/there")
    go = button("Go", "open", url="/there", new_tab=True)
    guest.guides = [guide(step("first", buttons=[go, button("Next", "next")]), step("second"))]
    guest.visit(page, "/here", head=said("handrail.setNavigate(() => { window.asked = true; })"))
    with page.expect_popup() as popup:
        shows(page, "First").get_by_role("button", name="Go").click()
    expect(popup.value).to_have_url(f"{HOST}/there")
    assert page.evaluate("window.asked") is None


def test_the_host_scrolls_in_its_own_way(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "popover", "spot"))]
    scrolled = "handrail.setScrollIntoView((element) => { window.asked = element.id; element.scrollIntoView({ block: 'end' }); })"
    guest.visit(page, body=f'<div style="height:3000px"></div>{SPOT}<div style="height:3000px"></div>', head=said(scrolled))
    shows(page, "First")
    assert page.evaluate("asked") == "spot"
    box = page.locator("#spot").bounding_box()
    assert box and 790 <= box["y"] + box["height"] <= 800


def test_the_address_is_read_as_the_host_says_and_nothing_else_of_it_is_sent(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"), rule={"page": "/people/:id"})]
    guest.visit(page, "/people/4711", head=said("handrail.setUrlFilter((url) => url.replace(/\\d+/, ':id'))"))
    shows(page, "First")
    assert [boot["page"]["url"] for boot in guest.boots] == [f"{HOST}/people/:id"]
    page.evaluate("() => history.pushState({}, '', '/people/4712')")
    settled(page)
    assert surface(page).count() == 1


def test_a_filter_that_throws_changes_nothing(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first"), rule={"page": "/here"})]
    with page.expect_console_message(lambda said: "handrail:" in said.text):
        guest.visit(page, "/here", head=said("handrail.setUrlFilter(() => { throw new Error('mine'); })"))
    shows(page, "First")


def test_the_host_says_how_long_an_element_is_waited_for(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", "popover", "nowhere", missing="end"))]
    page.clock.install()
    guest.visit(page, head=SNIPPET + "<script>handrail.setTargetMissingSeconds(19.5)</script>")
    settled(page)
    page.clock.run_for(15_000)
    assert hooks(page, "target:missing") == []
    page.clock.run_for(10_000)
    page.wait_for_function("() => heard.some(([name]) => name === 'target:missing')")
    assert hooks(page, "target:missing")[0]["waited"] >= 19_000


def test_what_is_no_function_is_no_way(page: Page, guest: Guest) -> None:
    guest.guides = [guide(step("first", buttons=[button("Go", "open", url="/there"), button("Next", "next")]), step("second"))]
    guest.put("/there")
    guest.visit(page, "/here", head=said("handrail.setNavigate('nonsense'); handrail.setUrlFilter(7)"))
    shows(page, "First").get_by_role("button", name="Go").click()
    expect(page).to_have_url(f"{HOST}/there")
