"""The editor in a browser: what is typed is shown, stored honestly, never overwritten, and kept back until it is whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from guides.accounts import members
from guides.models import Guide, Member, Role
from guides.people import identify as people
from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.scenarios import button, cast, draft, production, serve_fresh, step

LINES = [
    ("plan", "is", "trial", True),
    ("plan", "is not", "pro", True),
    ("name", "contains", "maya", True),
    ("email", "is known", "", True),
    ("deals", "is more than", "3", True),
    ("deals", "is less than", "3", False),
    ("plan", "is any of", "pro, trial", True),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for these tests."""
    with serve_fresh(tmp_path_factory.mktemp("editor")) as running:
        yield running


@pytest.fixture
def opened(author: Author) -> Guide:
    """A tour of two steps, open in the editor."""
    guide = author.site.run(draft("Two steps", step("first"), step("second", buttons=[button("Done", "finish")])))
    author.open(f"guides/{guide.id}")
    expect(author.preview).to_contain_text("First")
    return guide


def title(author: Author, words: str) -> None:
    author.field("title").get_by_role("textbox").fill(words)


def test_the_preview_follows_the_typing(author: Author, opened: Guide) -> None:
    author.field("title").get_by_role("textbox").press("End")
    author.field("title").get_by_role("textbox").press_sequentially(" of all")
    expect(author.preview.get_by_role("heading")).to_have_text("First of all")
    author.field("layout").get_by_text("Slide-out").click()
    expect(author.preview).to_have_class(re.compile("slideout"))
    expect(author.form.locator(".badge").first).to_have_text("Slide-out")
    author.steps.nth(1).get_by_role("link").click()
    expect(author.preview.get_by_role("heading")).to_have_text("Second")
    author.page.get_by_role("button", name="Play").click()
    expect(author.preview.get_by_role("heading")).to_have_text("First of all")
    author.preview.get_by_role("button", name="Next").click()
    expect(author.preview.get_by_role("heading")).to_have_text("Second")


def test_an_unreachable_server_is_said_and_nothing_is_lost(author: Author, opened: Guide, page: Page, complaints: list[str]) -> None:
    page.context.set_offline(True)
    title(author, "Written on a train")
    expect(page.locator("#saved")).to_have_text("Not saved: no connection. Your text is kept here.")
    page.context.set_offline(False)
    author.stored()
    complaints[:] = [each for each in complaints if "ERR_INTERNET" not in each and "Failed to fetch" not in each]
    page.reload()
    expect(author.field("title").get_by_role("textbox")).to_have_value("Written on a train")


def test_a_broken_server_is_said_and_the_saving_goes_on(author: Author, opened: Guide, page: Page, complaints: list[str]) -> None:
    saving = re.compile(r"/guides/[^/]+/save$")
    answers = iter([lambda route: route.fulfill(status=500, body="no"), lambda route: route.continue_()])
    page.route(saving, lambda route: next(answers, Route.continue_)(route))
    title(author, "After the storm")
    expect(page.locator("#saved")).to_have_text(re.compile("^Not saved: the server had a problem"))
    expect(page.locator("#saved")).to_have_text(re.compile("^Saved"), timeout=15_000)
    complaints[:] = [each for each in complaints if "status of 500" not in each]
    page.reload()
    expect(author.field("title").get_by_role("textbox")).to_have_value("After the storm")


def test_nobody_types_into_a_step_that_is_about_to_go(author: Author, opened: Guide, page: Page) -> None:
    held: list[Route] = []
    page.route(re.compile(r"\?part="), lambda route: held.append(route))
    title(author, "Typed in time")
    with page.expect_request(re.compile(r"\?part=")):
        author.steps.nth(1).get_by_role("link").click()
    expect(author.form).to_have_js_property("inert", True)
    held[0].continue_()
    expect(author.form.get_by_role("heading", name="Step 2")).to_be_visible()
    expect(author.form).to_have_js_property("inert", False)
    expect(author.steps.first).to_contain_text("Typed in time")


def test_what_is_typed_while_a_save_is_on_its_way_is_stored_and_previewed(author: Author, opened: Guide, page: Page) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/guides/[^/]+/save$"), lambda route: held.append(route), times=1)
    field = author.field("title").get_by_role("textbox")
    with page.expect_request(re.compile("/save$")):
        field.fill("Typed")
    field.press("End")
    field.press_sequentially(" and typed on")
    held[0].continue_()
    author.stored()
    expect(author.preview.get_by_role("heading")).to_have_text("Typed and typed on")
    expect(author.steps.first).to_contain_text("Typed and typed on")
    expect(field).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(author.preview.get_by_role("heading")).to_have_text("Typed")
    expect(field).to_have_value("Typed")


def test_a_step_that_is_added_is_the_chosen_one_in_list_form_and_preview(author: Author, opened: Guide, page: Page) -> None:
    author.add_step("Modal", "Third of all")
    expect(author.steps.nth(2)).to_have_attribute("aria-current", "step")
    expect(author.steps.nth(0)).not_to_have_attribute("aria-current", "step")
    expect(author.preview.get_by_role("heading")).to_have_text("Third of all")
    author.steps.nth(0).get_by_role("link").click()
    expect(author.preview.get_by_role("heading")).to_have_text("First")
    page.reload()
    expect(author.steps).to_have_count(3)


def test_what_is_typed_just_before_leaving_is_stored(author: Author, opened: Guide, page: Page) -> None:
    title(author, "Quick as a fox")
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_role("heading", name="Not published yet")).to_be_visible()
    author.open(f"guides/{opened.id}")
    expect(author.field("title").get_by_role("textbox")).to_have_value("Quick as a fox")


def test_what_is_missing_is_named_beside_its_field_and_the_publish_page_leads_there(author: Author, opened: Guide, page: Page) -> None:
    author.form.get_by_label("Title", exact=False).first.fill("")
    author.field("text").get_by_role("textbox", name="Text").fill("")
    author.form.get_by_role("button", name="Remove", exact=True).click()
    expect(author.field("title").get_by_text("The step says nothing; give it a title or a text.")).to_be_visible()
    expect(author.field("title").get_by_role("textbox")).to_have_attribute("aria-invalid", "true")
    expect(author.field("buttons").get_by_text("There is no way forward; add a button that goes on.")).to_be_visible()
    dialog = author.publish()
    expect(dialog.get_by_role("listitem").filter(has_text="Must be mended")).to_have_count(2)
    dialog.get_by_role("listitem").filter(has_text="The step says nothing").get_by_role("link", name="Fix").click()
    title(author, "Says something")
    author.form.get_by_role("button", name="Add", exact=False).last.click()
    author.stored()
    expect(page.get_by_text("thing to mend")).to_have_count(0)
    author.go_live()


def test_an_image_shows_once_its_host_is_allowed(author: Author, opened: Guide, page: Page) -> None:
    page.context.route("https://pictures.example/**", lambda route: route.fulfill(content_type="image/svg+xml", body=PICTURE))
    author.form.get_by_role("button", name="Insert", exact=True).first.click()
    author.form.get_by_role("button", name="Image", exact=True).click()
    asked = author.form.locator("[data-ask='image']")
    asked.get_by_label("Address of the image").fill("https://pictures.example/boat.svg")
    asked.get_by_label("What it shows, in words").fill("A small boat")
    asked.get_by_role("button", name="Insert the image").click()
    expect(page.get_by_text("may not show images in this project yet")).to_be_visible()
    expect(author.publish().get_by_role("listitem").filter(has_text="Must be mended")).to_have_count(1)
    page.keyboard.press("Escape")
    author.form.get_by_role("button", name="Allow pictures.example").click()
    expect(page.get_by_text("may not show images in this project yet")).to_have_count(0)
    page.reload()
    picture = author.preview.get_by_role("img", name="A small boat")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 40)


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="teal"/></svg>'


def test_every_way_to_find_an_element_shows_a_stand_in(author: Author, opened: Guide) -> None:
    author.field("layout").get_by_text("Popover").click()
    author.aim("CSS selector", "#board .deal:first-child")
    stand_in = author.page.frame_locator("iframe#preview-frame").locator("#stand-ins button")
    expect(stand_in).to_have_text("#board .deal:first-child")
    author.form.get_by_label("Find it by").select_option(label="Its text")
    author.field("target").get_by_role("textbox").first.fill("New deal")
    author.stored()
    expect(stand_in).to_have_text("New deal")


def test_a_guide_starts_another_one(author: Author, opened: Guide) -> None:
    author.site.run(draft("The second act", step("only", buttons=[button("Done", "finish")]), start="manual"))
    author.page.reload()
    author.form.locator('[data-field$=".buttons.0.action"]').get_by_role("combobox").first.select_option(label="Start another guide")
    expect(author.form.get_by_text("Choose the guide to start.")).to_be_visible()
    author.form.locator('[data-field$=".action.guide"]').get_by_role("combobox").select_option(label="The second act")
    author.stored()
    expect(author.form.get_by_text("Choose the guide to start.")).to_have_count(0)


@pytest.mark.parametrize(("name", "comparison", "value", "matches"), LINES)
def test_the_audience_counts_who_matches(
    author: Author, site: Site, page: Page, name: str, comparison: str, value: str, matches: bool
) -> None:
    site.run(_maya)
    guide = site.run(draft("For some", step("only", buttons=[button("Done", "finish")])))
    author.open(f"guides/{guide.id}/audience")
    page.get_by_role("button", name="Only some people").click()
    page.get_by_label("Attribute").fill(name)
    page.get_by_label("Comparison").select_option(label=comparison)
    if value:
        page.get_by_label("Value", exact=True).fill(value)
    author.stored()
    expect(page.locator("#matching .figure")).to_have_text("1" if matches else "0")


def test_a_line_without_a_number_says_so(author: Author, opened: Guide, page: Page) -> None:
    author.open(f"guides/{opened.id}/audience")
    page.get_by_role("button", name="Only some people").click()
    page.get_by_label("Attribute").fill("deals")
    page.get_by_label("Comparison").select_option(label="is more than")
    page.get_by_label("Value", exact=True).fill("many")
    author.stored()
    expect(page.get_by_label("Value", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".rule-field").get_by_text("many")).to_be_visible()


async def _maya() -> None:
    attributes = {"name": "Maya Jensen", "email": "maya@example.com", "plan": "trial", "deals": 24}
    await people.identify((await production()).id, people.Identity("maya", None, attributes))


async def _colleague() -> None:
    await cast(Role.EDITOR)()
    await members.change_profile(await Member.get(email="editor@example.com"), name="Bo Colleague", locale="en", color_scheme="light")


@pytest.fixture
def colleague(author: Author, opened: Guide, new_browser: Callable[..., BrowserContext], sign_in: Callable[..., None]) -> Author:
    """Somebody else with the same guide open in another browser, who saves first."""
    author.site.run(_colleague)
    theirs = new_browser()
    sign_in("editor@example.com", theirs)
    bo = Author(theirs.new_page(), author.site)
    bo.open(f"guides/{opened.id}")
    title(bo, "What Bo wrote")
    bo.stored()
    return bo


def test_two_people_at_one_guide_see_both_versions_and_keep_theirs(author: Author, colleague: Author, page: Page) -> None:
    title(author, "What Ada wrote")
    dialog = page.get_by_role("dialog", name="Bo Colleague saved this guide too")
    expect(dialog.get_by_role("cell", name="What Bo wrote")).to_be_visible()
    expect(dialog.get_by_role("cell", name="What Ada wrote")).to_be_visible()
    dialog.get_by_role("link", name="Take theirs").click()
    expect(author.field("title").get_by_role("textbox")).to_have_value("What Bo wrote")
    page.reload()
    expect(author.field("title").get_by_role("textbox")).to_have_value("What Bo wrote")


def test_two_people_at_one_guide_see_both_versions_and_keep_mine(author: Author, colleague: Author, page: Page) -> None:
    colleague.steps.nth(1).get_by_role("link").click()
    expect(colleague.form.get_by_role("heading", name="Step 2")).to_be_visible()
    title(colleague, "Bo's second")
    colleague.stored()
    title(author, "What Ada wrote")
    dialog = page.get_by_role("dialog", name="Bo Colleague saved this guide too")
    dialog.get_by_role("button", name="Keep mine").click()
    expect(dialog).to_be_hidden()
    expect(author.field("title").get_by_role("textbox")).to_have_value("What Ada wrote")
    page.reload()
    expect(author.field("title").get_by_role("textbox")).to_have_value("What Ada wrote")
    expect(author.steps.nth(1)).to_contain_text("Bo's second")
