"""What the host does itself in our place: going to an address, scrolling, reading its own address, the time an element is given."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.embed_page import (
    HOST,
    LOADER,
    SNIPPET,
    SPOT,
    STUB,
    MockServer,
    expect_step,
    guide,
    host_events,
    surface,
    wait_for_frames,
)
from tests.browser.scenarios import button, step


def said(call: str) -> str:
    """The snippet, and a call made before the script has come."""
    return STUB + f"<script>{call}</script>" + LOADER


def test_a_link_in_a_tour_goes_by_the_hosts_own_router(page: Page, mock: MockServer) -> None:
    go = button("Go", "open", url=f"{HOST}/there?a=1#b")
    mock.guides = [guide(step("first", buttons=[go, button("Next", "next")]), step("second", page="/there"))]
    mock.visit(page, "/here", head=said("handrail.setNavigate((url) => { window.stayed = url; history.pushState({}, '', url); })"))
    expect_step(page, "First").get_by_role("button", name="Go").click()
    expect(page).to_have_url(f"{HOST}/there?a=1#b")
    assert page.evaluate("stayed") == "/there?a=1#b"


def test_a_link_to_another_site_is_the_browsers(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", buttons=[button("Go", "open", url="https://other.example/there"), button("Next", "next")]))]
    page.route("https://other.example/**", lambda route: route.fulfill(body="There"))
    mock.visit(page, "/here", head=said("handrail.setNavigate(() => { window.asked = true; })"))
    expect_step(page, "First").get_by_role("button", name="Go").click()
    expect(page).to_have_url("https://other.example/there")


def test_a_link_in_another_tab_is_the_browsers(page: Page, mock: MockServer) -> None:
    mock.add_page("/there")
    go = button("Go", "open", url="/there", new_tab=True)
    mock.guides = [guide(step("first", buttons=[go, button("Next", "next")]), step("second"))]
    mock.visit(page, "/here", head=said("handrail.setNavigate(() => { window.asked = true; })"))
    with page.expect_popup() as popup:
        expect_step(page, "First").get_by_role("button", name="Go").click()
    expect(popup.value).to_have_url(f"{HOST}/there")
    assert page.evaluate("window.asked") is None


def test_the_host_scrolls_in_its_own_way(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot"))]
    scrolled = "handrail.setScrollIntoView((element) => { window.asked = element.id; element.scrollIntoView({ block: 'end' }); })"
    mock.visit(page, body=f'<div style="height:3000px"></div>{SPOT}<div style="height:3000px"></div>', head=said(scrolled))
    expect_step(page, "First")
    assert page.evaluate("asked") == "spot"
    box = page.locator("#spot").bounding_box()
    assert box and 790 <= box["y"] + box["height"] <= 800


def test_the_address_is_read_as_the_host_says_and_nothing_else_of_it_is_sent(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"), rule={"page": "/people/:id"})]
    mock.visit(page, "/people/4711", head=said("handrail.setUrlFilter((url) => url.replace(/\\d+/, ':id'))"))
    expect_step(page, "First")
    assert [boot["page"]["url"] for boot in mock.boots] == [f"{HOST}/people/:id"]
    page.evaluate("() => history.pushState({}, '', '/people/4712')")
    wait_for_frames(page)
    assert surface(page).count() == 1


def test_a_filter_that_throws_changes_nothing(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"), rule={"page": "/here"})]
    with page.expect_console_message(lambda said: "handrail:" in said.text):
        mock.visit(page, "/here", head=said("handrail.setUrlFilter(() => { throw new Error('mine'); })"))
    expect_step(page, "First")


def test_the_host_says_how_long_an_element_is_waited_for(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "nowhere", if_target_missing="end"))]
    page.clock.install()
    mock.visit(page, head=SNIPPET + "<script>handrail.setTargetMissingSeconds(19.5)</script>")
    wait_for_frames(page)
    page.clock.run_for(15_000)
    assert host_events(page, "target:missing") == []
    page.clock.run_for(10_000)
    page.wait_for_function("() => heard.some(([name]) => name === 'target:missing')")
    assert host_events(page, "target:missing")[0]["waited"] >= 19_000


def test_what_is_no_function_is_no_way(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", buttons=[button("Go", "open", url="/there"), button("Next", "next")]), step("second"))]
    mock.add_page("/there")
    mock.visit(page, "/here", head=said("handrail.setNavigate('nonsense'); handrail.setUrlFilter(7)"))
    expect_step(page, "First").get_by_role("button", name="Go").click()
    expect(page).to_have_url(f"{HOST}/there")
