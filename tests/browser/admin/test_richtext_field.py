"""The rich-text field in a browser: every block can be made, changed, undone and seen, by hand and by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.richtext_page import FILM, FULL, asked, bar, insert, open_with, stored, text, words
from tests.browser.scenarios import serve_fresh


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for these tests."""
    with serve_fresh(tmp_path_factory.mktemp("rich")) as running:
        yield running


@pytest.fixture
def empty(author: Author, page: Page) -> None:
    """The cursor is in an empty text."""
    page.context.route(
        "https://www.youtube-nocookie.com/**", lambda route: route.fulfill(content_type="text/html", body="<title>Film</title>")
    )
    open_with(author)


def test_an_author_makes_a_table_with_a_header_and_it_shows_on_the_page(author: Author, empty: None, page: Page) -> None:
    insert(author, "Table")
    for word in ("Plan", "Seats", "Free", "3", "Pro", "20"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.type("Team")
    table = author.preview.get_by_role("table")
    expect(table.get_by_role("row")).to_have_text(["PlanSeats", "Free3", "Pro20", "Team"])
    expect(table.get_by_role("columnheader")).to_have_text(["Plan", "Seats"])
    bar(author, "Table").get_by_role("button", name="Header row").click()
    expect(table.get_by_role("columnheader")).to_have_count(0)


def test_rows_and_columns_of_a_table_come_and_go(author: Author, empty: None, page: Page) -> None:
    insert(author, "Table")
    page.keyboard.type("Plan")
    tools = bar(author, "Table")
    for name in ("Add a row above", "Add a row below", "Add a column before", "Add a column after"):
        tools.get_by_role("button", name=name).click()
    cells = text(author).get_by_role("row")
    expect(cells).to_have_count(5)
    expect(cells.nth(1).locator("td")).to_have_text(["", "Plan", "", ""])
    tools.get_by_role("button", name="Remove the row").click()
    tools.get_by_role("button", name="Remove the column").click()
    expect(cells).to_have_count(4)
    expect(cells.first.locator("td")).to_have_count(3)
    tools.get_by_role("button", name="Remove the table").click()
    expect(text(author).locator("table")).to_have_count(0)
    assert stored(author) == []


def test_a_table_is_made_and_left_by_keys_alone(author: Author, empty: None, page: Page) -> None:
    page.keyboard.press("Alt+F10")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(bar(author, "Formatting").get_by_role("button", name="Insert", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(author.field("text").get_by_role("button", name="Image", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("a")
    page.keyboard.press("Tab")
    page.keyboard.type("b")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Alt+F10")
    expect(bar(author, "Table").get_by_role("button", name="Add a row above")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.type("After the table")
    table, after = stored(author)
    assert (table["header"], words(table), words(after)) == (False, "ab", "After the table")


def test_an_author_pastes_the_address_of_a_video_and_it_shows_once_its_host_is_allowed(author: Author, empty: None, page: Page) -> None:
    insert(author, "Video")
    panel = asked(author, "Insert the video", Address_of_its_page="https://videos.example/watch?v=1")
    expect(panel.get_by_role("alert")).to_contain_text("This is not the address of a video on YouTube, Vimeo or Loom.")
    expect(panel.get_by_label("Address of its page")).to_be_focused()
    asked(author, "Insert the video", Address_of_its_page=f"https://youtu.be/{FILM}?si=x", **{"What_it_shows,_in_words": "How to invite"})
    expect(panel).to_be_hidden()
    assert stored(author) == [{"type": "video", "provider": "youtube", "id": FILM, "title": "How to invite"}]
    expect(page.get_by_text("may not show videos in this project yet")).to_be_visible()
    author.form.get_by_role("button", name="Allow www.youtube-nocookie.com").click()
    frame = page.frame_locator("iframe#preview-frame").get_by_title("How to invite")
    expect(frame).to_have_attribute("src", f"https://www.youtube-nocookie.com/embed/{FILM}")
    expect(frame.content_frame.locator("html")).to_be_attached()
    page.reload()
    text(author).locator(".rte-video").click()
    bar(author, "Video").get_by_role("button", name="Edit").click()
    expect(panel.get_by_label("Address of its page")).to_have_value(f"https://www.youtube.com/watch?v={FILM}")
    asked(author, "Insert the video", Address_of_its_page="vimeo.com/76979871")
    assert stored(author) == [{"type": "video", "provider": "vimeo", "id": "76979871", "title": "How to invite"}]
    bar(author, "Video").get_by_role("button", name="Remove the video").click()
    assert stored(author) == []


def test_text_stands_side_by_side_in_columns(author: Author, empty: None, page: Page) -> None:
    insert(author, "Columns")
    page.keyboard.type("Left")
    tools = bar(author, "Columns")
    tools.get_by_role("button", name="Add a column").click()
    page.keyboard.type("Middle")
    expect(tools.get_by_role("button", name="Add a column")).to_be_disabled()
    assert [words(column) for column in stored(author)[0]["content"]] == ["Left", "Middle", ""]
    expect(author.preview.locator(".columns > div")).to_have_text(["Left", "Middle", ""])
    tools.get_by_role("button", name="Remove the column").click()
    assert [words(column) for column in stored(author)[0]["content"]] == ["Left", ""]
    tools.get_by_role("button", name="Put one under the other").click()
    assert [block["type"] for block in stored(author)] == ["paragraph", "paragraph"]


def test_buttons_in_a_text_are_made_changed_and_removed(author: Author, empty: None, page: Page) -> None:
    insert(author, "Buttons")
    panel = asked(author, "Set the button", Label="Open deals", Address="java script:x")
    expect(panel.get_by_role("alert")).to_contain_text("This is not an address.")
    asked(author, "Set the button", Address="/deals")
    bar(author, "Button").get_by_role("button", name="Add a button").click()
    panel.get_by_label("Looks").select_option(label="Plain")
    asked(author, "Set the button", Label="Read more", Address="docs.example/deals")
    shown = author.preview.locator(".buttons a")
    expect(shown).to_have_text(["Open deals", "Read more"])
    assert [each["look"] for each in stored(author)[0]["content"]] == ["main", "plain"]
    text(author).locator(".rte-button").first.click()
    bar(author, "Button").get_by_role("button", name="Edit").click()
    expect(panel.get_by_label("Address")).to_have_value("/deals")
    asked(author, "Set the button", Label="Open all deals")
    expect(shown).to_have_text(["Open all deals", "Read more"])
    page.keyboard.press("Delete")
    expect(shown).to_have_text(["Read more"])
    text(author).locator(".rte-button").click()
    bar(author, "Button").get_by_role("button", name="Remove the button").click()
    assert stored(author) == []


def test_a_row_of_buttons_goes_with_its_last_button(author: Author, empty: None, page: Page) -> None:
    insert(author, "Buttons")
    asked(author, "Set the button", Label="Open", Address="/deals")
    page.keyboard.type("Typed over it")
    assert [block["type"] for block in stored(author)] == ["paragraph"]
    insert(author, "Buttons")
    asked(author, "Set the button", Label="Open", Address="/deals")
    page.keyboard.press("Control+x")
    assert [block["type"] for block in stored(author)] == ["paragraph"]
    page.keyboard.press("Control+v")
    assert [block["type"] for block in stored(author)] == ["paragraph", "buttons"]


def test_what_is_put_in_replaces_nothing_that_is_selected(author: Author, empty: None, page: Page) -> None:
    insert(author, "Buttons")
    asked(author, "Set the button", Label="Open", Address="/deals")
    insert(author, "Columns")
    assert [block["type"] for block in stored(author)] == ["buttons", "columns"]
    text(author).locator(".rte-button").click()
    insert(author, "Video")
    asked(author, "Insert the video", Address_of_its_page=f"https://youtu.be/{FILM}")
    assert [block["type"] for block in stored(author)] == ["buttons", "video", "columns"]


def test_every_block_of_the_menu_is_undone_and_done_again(author: Author, empty: None, page: Page) -> None:
    for name, kind in {
        "Table": "table",
        "Columns": "columns",
        "Callout": "callout",
        "Quote": "quote",
        "Code": "code",
        "Heading": "heading",
    }.items():
        insert(author, name)
        page.keyboard.type("x")
        assert [block["type"] for block in stored(author)] == [kind]
        undo(page, text(author), "x")
        assert stored(author) == []
    insert(author, "Table")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    assert [block["type"] for block in stored(author)] == ["table"]


def undo(page: Page, field: Locator, typed: str) -> None:
    """Until nothing of it is left: what is typed at once may be one step or two."""
    while field.locator("table, .rte-columns, .rte-callout, blockquote, pre, h2").count() or typed in field.inner_text():
        page.keyboard.press("Control+z")


def test_the_tone_of_a_callout_is_chosen(author: Author, empty: None, page: Page) -> None:
    insert(author, "Callout")
    page.keyboard.type("Mind the step")
    bar(author, "Callout").get_by_role("button", name="Warning").click()
    expect(author.preview.get_by_role("note")).to_have_class("callout warning")
    bar(author, "Callout").get_by_role("button", name="Make it plain text").click()
    assert [block["type"] for block in stored(author)] == ["paragraph"]


def test_the_field_is_accessible_with_every_block_in_it(author: Author, page: Page, axe: Callable[..., None]) -> None:
    open_with(author, FULL)
    for where, name in {
        "td": "Table",
        ".rte-column": "Columns",
        ".rte-callout": "Callout",
        ".rte-video": "Video",
        ".rte-image": "Image",
    }.items():
        text(author).locator(where).first.click()
        expect(bar(author, name)).to_be_visible()
        axe(page, "#part-form")
    text(author).locator(".rte-button").first.click()
    bar(author, "Button").get_by_role("button", name="Edit").click()
    axe(page, "#part-form")
    bar(author, "Formatting").get_by_role("button", name="Insert", exact=True).click()
    axe(page, "#part-form")
    page.set_viewport_size({"width": 390, "height": 844})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page, "#part-form")
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
