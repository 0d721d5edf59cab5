"""What a person meets: a tour by mouse and by keyboard, where it goes on, and how often it comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from guides.models import Guide
from guides.publishing.publish import unpublish
from tests.browser.demo_page import EVENTS, click_and_wait_stored, click_button, expect_nothing, title_in, tour_in, visit
from tests.browser.live_server import Site
from tests.browser.scenarios import button, doc, draft, events_of, live, production, publish_new_version, serve_without_demo_tours, step

LAST = {"buttons": [button("Done", "finish")]}
Show = Callable[[Callable[[], Awaitable[Guide]]], Guide]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the demo app and no tour but the test's own."""
    with serve_without_demo_tours(tmp_path_factory.mktemp("showing")) as running:
        yield running


@pytest.fixture
def show(site: Site) -> Iterator[Show]:
    """Publish a tour for as long as the test lasts."""
    shown: list[Guide] = []

    def published(make: Callable[[], Awaitable[Guide]]) -> Guide:
        shown.append(site.run(make))
        return shown[-1]

    async def retired() -> None:
        for guide in shown:
            await unpublish(guide, await production(), None)

    yield published
    site.run(retired)


def three(name: str, page: str = "/contacts", **settings: object) -> Callable[[], Awaitable[Guide]]:
    both = [button("Next"), button("Back", "back")]
    steps = [step("first"), step("second", "popover", "import", buttons=both), step("third", "slideout", **LAST)]
    return live(name, *steps, page=page, **settings)


def test_a_tour_published_meanwhile_is_there_with_the_next_page(page: Page, site: Site, show: Show) -> None:
    visit(page, f"{site.demo}/deals")
    expect_nothing(page)
    show(three("By mouse"))
    page.get_by_role("link", name="Contacts", exact=True).click()
    expect(title_in(page)).to_have_text("First")
    click_button(page, "Next")
    expect(title_in(page)).to_have_text("Second")
    click_button(page, "Back")
    expect(title_in(page)).to_have_text("First")
    click_button(page, "Next")
    click_button(page, "Next")
    expect(title_in(page)).to_have_text("Third")
    click_button(page, "Done")
    expect(tour_in(page)).to_have_count(0)


def test_a_popover_stands_beside_its_element_however_it_is_found(page: Page, site: Site, show: Show) -> None:
    by_css = {"by": "css", "value": "#rows tr:nth-child(2) button", "label": ""}
    by_text = {"by": "text", "value": "New contact", "label": ""}
    steps = [
        step("css", "popover", side="bottom"),
        step("text", "popover", side="bottom"),
        step("name", "popover", "import", side="bottom", **LAST),
    ]
    steps[0] |= {"target": by_css, "side": "bottom"}
    steps[1] |= {"target": by_text, "side": "bottom"}
    show(live("Three ways", *steps, page="/contacts"))
    visit(page, f"{site.demo}/contacts")
    elements = {
        "Css": page.locator("#rows tr:nth-child(2) button"),
        "Text": page.get_by_role("button", name="New contact"),
        "Name": page.get_by_role("button", name="Import"),
    }
    for title, element in elements.items():
        expect(title_in(page)).to_have_text(title)
        there, here = element.bounding_box(), tour_in(page).bounding_box()
        assert there and here and 0 <= here["y"] - there["y"] - there["height"] < 20
        tour_in(page).get_by_role("button", name="Next" if title != "Name" else "Done").click()


def test_a_tour_is_walked_with_the_keyboard_alone(page: Page, site: Site, show: Show) -> None:
    guide = show(three("By keyboard", frequency="always"))
    visit(page, f"{site.demo}/contacts")
    expect(title_in(page)).to_have_text("First")
    expect(tour_in(page)).to_be_focused()
    for _round in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.localName") == "handrail-root"
    tour_in(page).get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    expect(title_in(page)).to_have_text("Second")
    page.keyboard.press("ArrowLeft")
    expect(title_in(page)).to_have_text("First")
    page.keyboard.press("ArrowRight")
    expect(title_in(page)).to_have_text("Second")
    page.keyboard.press("ArrowRight")
    expect(title_in(page)).to_have_text("Third")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(tour_in(page)).to_have_count(0)
    visit(page, f"{site.demo}/contacts")
    expect(title_in(page)).to_have_text("First")
    page.keyboard.press("Escape")
    expect(tour_in(page)).to_have_count(0)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.localName") != "handrail-root"
    page.goto("about:blank")
    names = [name for name, _item in site.run(events_of(guide))]
    assert names.count("completed") == 1


def test_a_tour_goes_on_at_its_step_after_a_reload_and_on_another_page(page: Page, site: Site, show: Show) -> None:
    show(three("In the middle"))
    visit(page, f"{site.demo}/contacts")
    click_button(page, "Next")
    click_button(page, "Next")
    expect(title_in(page)).to_have_text("Third")
    page.reload()
    expect(title_in(page)).to_have_text("Third")
    page.get_by_role("link", name="Reports", exact=True).click()
    expect(page.get_by_role("heading", name="Reports")).to_be_visible()
    expect(title_in(page)).to_have_text("Third")


def test_a_begun_version_is_finished_after_a_reload_and_in_another_browser_too(
    page: Page, site: Site, show: Show, new_browser: Callable[..., BrowserContext]
) -> None:
    guide = show(three("Older", frequency="always"))
    visit(page, f"{site.demo}/contacts")
    with page.expect_response(lambda answer: bool(EVENTS.search(answer.url) and '"item":"second"' in (answer.request.post_data or ""))):
        click_button(page, "Next")
    expect(title_in(page)).to_have_text("Second")
    other = new_browser().new_page()
    visit(other, f"{site.demo}/deals")
    site.run(publish_new_version(guide, step("only", title="Rewritten", **LAST)))
    page.reload()
    expect(title_in(page)).to_have_text("Second")
    visit(other, f"{site.demo}/contacts")
    expect(title_in(other)).to_have_text("Second")
    click_button(page, "Next")
    click_and_wait_stored(page, "Done")
    page.reload()
    expect(title_in(page)).to_have_text("Rewritten")


def test_a_step_of_one_page_waits_for_that_page(page: Page, site: Site, show: Show) -> None:
    show(live("Two pages", step("here"), step("there", page="/settings/team", **LAST), page="/settings"))
    visit(page, f"{site.demo}/settings")
    click_button(page, "Next")
    expect_nothing(page)
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Team").click()
    expect(title_in(page)).to_have_text("There")
    page.go_back()
    expect(tour_in(page)).to_have_count(0)


def test_once_is_once_in_every_browser_of_a_person(page: Page, site: Site, show: Show, new_browser: Callable[..., BrowserContext]) -> None:
    show(three("Only once"))
    visit(page, f"{site.demo}/contacts")
    expect(title_in(page)).to_have_text("First")
    click_and_wait_stored(page, "Close")
    visit(page, f"{site.demo}/contacts")
    expect_nothing(page)
    elsewhere = new_browser().new_page()
    visit(elsewhere, f"{site.demo}/reports")
    visit(elsewhere, f"{site.demo}/contacts")
    expect_nothing(elsewhere)


def test_until_finished_comes_back_until_it_is_finished(page: Page, site: Site, show: Show) -> None:
    show(live("Until finished", step("only", **LAST), page="/contacts", frequency="until_finished"))
    visit(page, f"{site.demo}/contacts")
    expect(title_in(page)).to_have_text("Only")
    click_and_wait_stored(page, "Close")
    expect_nothing(page)
    visit(page, f"{site.demo}/contacts")
    expect(title_in(page)).to_have_text("Only")
    click_and_wait_stored(page, "Done")
    visit(page, f"{site.demo}/contacts")
    expect_nothing(page)


def test_every_time_is_every_time(page: Page, site: Site, show: Show) -> None:
    show(live("Every time", step("only", **LAST), page="/contacts", frequency="always"))
    for way in ("Close", "Done", "Close"):
        visit(page, f"{site.demo}/contacts")
        expect(title_in(page)).to_have_text("Only")
        click_and_wait_stored(page, way)


def test_only_the_audience_sees_it_and_becomes_it_without_a_reload(page: Page, site: Site, show: Show) -> None:
    audience = {"all": [{"attribute": {"of": "person", "name": "plan", "op": "is", "value": "pro"}}]}
    show(live("For those on Pro", step("pro", **LAST), page="/contacts", audience=audience))
    visit(page, f"{site.demo}/contacts")
    expect_nothing(page)
    page.get_by_role("button", name="You are Maya Jensen").click()
    page.get_by_role("button", name="Jon Park").click()
    expect(title_in(page)).to_have_text("Pro")


def test_a_button_starts_another_guide_and_another_opens_a_page(page: Page, site: Site, show: Show, context: BrowserContext) -> None:
    second = show(live("The second", step("second", title="Second act", **LAST), page="", start="manual"))
    buttons = [button("Read on", "start", guide=str(second.id)), button("Elsewhere", "open", url="/plain", new_tab=True)]
    show(live("The first", step("first", buttons=buttons), step("rest", **LAST), page="/contacts"))
    visit(page, f"{site.demo}/contacts")
    with context.expect_page() as opened:
        click_button(page, "Elsewhere")
    expect(opened.value.get_by_role("heading", name="A plain page")).to_be_visible()
    assert opened.value.evaluate("() => window.opener") is None
    click_button(page, "Read on")
    expect(title_in(page)).to_have_text("Second act")


def test_a_missing_element_is_skipped_or_waited_for(page: Page, site: Site, show: Show) -> None:
    gone = step("gone", "popover", "no-such-thing", if_target_missing="skip")
    late = step("late", "popover", "late-comer", text=doc("Here at last."), **LAST)
    guide = show(live("Missing", step("start"), gone, late, page="/plain"))
    page.clock.install()
    with page.expect_response("**/embed/v1/boot"):
        page.goto(f"{site.demo}/plain")
    click_button(page, "Next")
    expect(tour_in(page)).to_have_count(0)
    page.clock.fast_forward(6000)
    page.evaluate(
        "() => document.querySelector('main').append(Object.assign(document.createElement('button'), {textContent: 'Late', id: 'late'}))"
    )
    page.locator("#late").evaluate("(button) => button.setAttribute('data-handrail-target', 'late-comer')")
    expect(title_in(page)).to_have_text("Late")
    page.clock.fast_forward(6000)
    click_and_wait_stored(page, "Done")
    assert ("target_missing", "gone") in site.run(events_of(guide))


def test_a_draft_reaches_nobody(page: Page, site: Site) -> None:
    site.run(draft("Not yet", step("secret", **LAST), trigger={"page": "/contacts"}))
    visit(page, f"{site.demo}/contacts")
    expect_nothing(page)
