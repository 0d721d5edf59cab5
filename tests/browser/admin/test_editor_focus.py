"""The hands of an author in the editor: what they unfolded stays, and the cursor is where they go on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from guides.models import Guide
from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.scenarios import button, draft, serve_fresh, step


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for these tests."""
    with serve_fresh(tmp_path_factory.mktemp("hands")) as running:
        yield running


@pytest.fixture
def opened(author: Author) -> Guide:
    """A tour of two steps, open in the editor at the one that stands on an element."""
    steps = [step("first", "popover", "import"), step("last", buttons=[button("Done", "finish")])]
    guide = author.site.run(draft("By hand", *steps))
    author.open(f"guides/{guide.id}")
    expect(author.preview).to_contain_text("First")
    return guide


def add(author: Author, field: str) -> Locator:
    """One more in that list of the step; answers the first field of what came."""
    author.field(field).get_by_role("button", name=re.compile("^Add")).click()
    return author.form.locator(f"[name*='.{field}.0.']:is(input[type=text], textarea)").first


def test_what_was_unfolded_stays_so_and_the_cursor_goes_into_what_was_added(author: Author, opened: Guide) -> None:
    author.form.get_by_text("More options").click()
    expect(add(author, "extra_targets")).to_be_focused()
    author.page.keyboard.type("import")
    author.field("conditions").get_by_role("button", name="Add rule").click()
    expect(author.field("conditions").get_by_label("Attribute")).to_be_focused()
    expect(author.field("extra_targets").get_by_label("Element", exact=True)).to_have_value("import")


def test_the_cursor_stays_near_what_was_moved_removed_or_left_out(author: Author, opened: Guide) -> None:
    buttons = author.field("buttons")
    labels = buttons.get_by_label("Label", exact=True)
    buttons.get_by_role("button", name="Add button").click()
    expect(labels.nth(1)).to_be_focused()
    author.page.keyboard.type("Back")
    buttons.get_by_role("button", name="Move up").click()
    expect(labels.first).to_have_value("Back")
    expect(labels.first).to_be_focused()
    buttons.get_by_role("button", name="Remove").first.click()
    expect(buttons.get_by_role("button", name="Add button")).to_be_focused()
    author.form.get_by_role("button", name="No element").click()
    expect(author.form.get_by_role("button", name="Choose an element")).to_be_focused()


def test_after_a_step_was_removed_the_cursor_is_at_its_neighbour(author: Author, opened: Guide) -> None:
    author.form.get_by_role("button", name="Actions").click()
    author.form.get_by_role("button", name="Remove", exact=True).first.click()
    expect(author.steps.get_by_role("link", name="Last")).to_be_focused()


def test_a_problem_in_what_is_folded_away_is_led_to(author: Author, opened: Guide, page: Page) -> None:
    author.form.get_by_text("More options").click()
    add(author, "extra_targets")
    author.stored()
    author.open(f"guides/{opened.id}?part=last")
    author.publish().get_by_role("link", name="Fix").click()
    expect(author.field("extra_targets").get_by_text("Say which element.")).to_be_visible()
    expect(author.field("extra_targets").get_by_label("Element", exact=True)).to_be_focused()


def test_what_was_said_under_more_options_is_seen_at_once(author: Author, opened: Guide, page: Page) -> None:
    expect(author.field("closable")).to_be_hidden()
    author.form.get_by_text("More options").click()
    author.field("closable").get_by_role("switch").click()
    author.stored()
    page.reload()
    expect(author.field("closable").get_by_role("switch")).not_to_be_checked()
    expect(author.field("closable")).to_be_visible()


def test_a_line_that_was_added_to_the_audience_is_where_the_cursor_goes(author: Author, opened: Guide, page: Page) -> None:
    author.open(f"guides/{opened.id}/audience")
    names = page.get_by_label("Attribute", exact=True)
    page.get_by_role("button", name="Only some people").click()
    expect(names.first).to_be_focused()
    page.keyboard.type("plan")
    page.get_by_role("button", name="Add rule").click()
    expect(names.nth(1)).to_be_focused()
    page.get_by_role("button", name="Remove rule").last.click()
    expect(names.first).to_be_focused()
    page.get_by_role("button", name="Remove the group").click()
    expect(page.get_by_role("button", name="Only some people")).to_be_focused()


def test_a_property_that_was_added_to_an_event_is_where_the_cursor_goes(author: Author, opened: Guide, page: Page) -> None:
    author.open(f"guides/{opened.id}/audience")
    page.get_by_label("It starts", exact=True).select_option(label="When an event happens")
    page.get_by_role("textbox", name="Event", exact=True).fill("deal_created")
    page.get_by_role("button", name="Only with this property").click()
    expect(page.get_by_label("Property")).to_be_focused()
    page.get_by_role("button", name="Remove rule").click()
    expect(page.get_by_role("textbox", name="Event", exact=True)).to_be_focused()


def test_a_guide_is_copied_and_archived_on_a_phone(author: Author, opened: Guide, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    author.open("guides")
    menu = page.get_by_role("button", name="Actions for “By hand”", exact=True).first
    menu.click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("By hand")
    author.open("guides")
    before = page.get_by_role("row").count()
    menu.click()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(before - 1)


def test_undo_in_the_audience_shows_what_was_there_before(author: Author, opened: Guide, page: Page) -> None:
    author.open(f"guides/{opened.id}/audience")
    page.get_by_label("Priority").fill("77")
    page.get_by_label("Priority").blur()
    author.stored()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Priority")).to_have_value("50")
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_label("Priority")).to_have_value("77")
    expect(page).to_have_url(re.compile("/audience$"))


def test_a_selector_that_no_browser_can_read_is_said(author: Author, opened: Guide, page: Page) -> None:
    author.form.get_by_label("Find it by").select_option(label="CSS selector")
    value = author.field("target").get_by_label("Element", exact=True)
    said = author.field("target").get_by_text("This is not a CSS selector.")
    for text, is_wrong in (("div[[", True), ("shop-cart >>> button", False), ("shop-cart >>> ,", True), ("", False)):
        value.fill(text)
        value.blur()
        expect(said).to_be_visible(visible=is_wrong)


def test_arrows_pressed_quickly_move_a_step_as_often(author: Author, opened: Guide) -> None:
    rows = author.page.locator("[data-parts] > .step .step-name")
    for title in ("Third", "Fourth"):
        author.page.locator(".step-add", has_text="Add step").first.click()
        author.page.get_by_label("Title").fill(title)
        expect(rows.last).to_have_text(title)
    author.page.locator(".grip").first.focus()
    for _ in range(3):
        author.page.keyboard.press("ArrowDown")
    expect(rows).to_have_text(["Last", "Third", "Fourth", "First"])


def test_a_double_click_on_new_leaves_the_dialog_open(author: Author, opened: Guide) -> None:
    author.open("guides")
    author.page.get_by_role("link", name="New").dblclick()
    dialog = author.page.locator("#new-guide")
    expect(dialog).to_be_visible()
    author.page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()
