"""From the first start to the first guide that somebody made by clicking and somebody else walked through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.scenarios import serve_fresh, unpublish_demo_tours
from tests.conftest import PASSWORD


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An instance that nobody has claimed yet."""
    with serve_fresh(tmp_path_factory.mktemp("journey")) as running:
        yield running


def claim(page: Page, link: str, name: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(f"{name.lower()}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def setup_link(site: Site) -> str:
    found = re.search(r"http\S+/admin/setup\?token=\S+", site.log.read_text(encoding="utf-8"))
    assert found
    return found[0]


def test_the_first_person_claims_the_instance_and_meets_the_demo_tour(
    page: Page, site: Site, context: BrowserContext, new_browser: Callable[..., BrowserContext]
) -> None:
    link = setup_link(site)
    claim(page, link, "Ada")
    expect(page.get_by_role("heading", name="Add Handrail to your product")).to_be_visible()
    demo = context.new_page()
    demo.goto(f"{site.demo}/deals")
    expect(tour_in(demo)).to_contain_text("Welcome to Acme")
    expect(page.get_by_role("status").get_by_text("Connected")).to_be_visible()
    page.get_by_role("link", name="Go to guides").click()
    expect(page.get_by_role("row", name=re.compile("Find your way around Acme")).get_by_text("Live")).to_be_visible()
    late = new_browser().new_page()
    late.goto(link)
    expect(late).to_have_url(re.compile("/admin/login"))


def test_a_tour_is_made_by_clicking_and_reaches_the_open_demo_app(
    author: Author, page: Page, site: Site, new_browser: Callable[..., BrowserContext]
) -> None:
    site.run(unpublish_demo_tours)
    person = new_browser().new_page()
    person.goto(f"{site.demo}/settings")
    author.new_guide("Settings, quickly")
    write_the_welcome(author)
    point_at_a_name(author)
    point_at_a_text(author)
    leave_in_the_corner(author)
    choose_who_and_where(author)
    author.go_live()
    expect(tour_in(person)).to_be_hidden()
    person.reload()
    walk(person)


def tour_in(page: Page) -> Locator:
    return page.locator("handrail-root").get_by_role("dialog")


def write_the_welcome(author: Author) -> None:
    author.field("title").get_by_role("textbox").fill("Two minutes for settings")
    expect(author.preview).to_contain_text("Two minutes for settings")
    box = author.write("Hello ")
    insert(author, "Insert name", {"If it is not known": "friend"})
    box.press_sequentially(", this is ")
    marked(author, box, "Bold", "important")
    box.press_sequentially(" and ")
    marked(author, box, "Italic", "short")
    box.press_sequentially(". ")
    insert(author, "Link", {"Address": "/settings/billing"})
    box.press("Enter")
    author.form.get_by_role("button", name="List", exact=True).click()
    box.press_sequentially("first")
    box.press("Enter")
    box.press_sequentially("second")
    author.stored()
    expect(author.preview).to_contain_text("Hello Maya")
    expect(author.preview.locator("strong")).to_have_text("important")
    expect(author.preview.locator("em")).to_have_text("short")
    expect(author.preview.get_by_role("link", name="/settings/billing")).to_be_visible()
    expect(author.preview.get_by_role("listitem")).to_have_text(["first", "second"])
    label(author, 0, "Show me", "Next step")


def insert(author: Author, what: str, answers: dict[str, str]) -> None:
    author.form.get_by_role("button", name=what, exact=True).click()
    asked = author.form.locator("[data-ask]:not([hidden])")
    for question, answer in answers.items():
        asked.get_by_label(question).fill(answer)
    asked.locator("[data-yes]").click()


def marked(author: Author, box: Locator, mark: str, words: str) -> None:
    author.form.get_by_role("button", name=mark, exact=True).click()
    box.press_sequentially(words)
    author.form.get_by_role("button", name=mark, exact=True).click()


def label(author: Author, number: int, words: str, does: str) -> None:
    """Say what the button of that number says and does."""
    author.form.locator(f'[data-field$=".buttons.{number}.label"]').get_by_role("textbox").fill(words)
    author.form.locator(f'[data-field$=".buttons.{number}.action"]').get_by_role("combobox").first.select_option(label=does)
    author.stored()


def point_at_a_name(author: Author) -> None:
    author.add_step("Popover", "The team is here")
    expect(author.field("target").get_by_text("A popover needs an element to point at.")).to_be_visible()
    refused = author.publish()
    expect(refused.get_by_text("A popover needs an element to point at")).to_be_visible()
    expect(refused.get_by_role("button", name=re.compile("^Publish"))).to_have_count(0)
    refused.get_by_role("button", name="Keep as draft").click()
    author.aim("Name", "settings-team")
    expect(author.field("target").get_by_text("A popover needs an element to point at.")).to_have_count(0)
    author.choose("Goes on when", "They click the element")
    expect(author.preview).to_contain_text("The team is here")


def point_at_a_text(author: Author) -> None:
    author.add_step("Popover", "Money matters")
    author.aim("Its text", "Billing")
    author.choose("Goes on when", "The page changes")
    author.form.get_by_label("To the page").fill("/settings/billing")
    author.stored()


def leave_in_the_corner(author: Author) -> None:
    author.add_step("Slide-out", "That was it")
    label(author, 0, "Done", "Finish")
    author.form.get_by_role("button", name="Add", exact=False).last.click()
    label(author, 1, "Open the reports", "Open a link")
    expect(author.form.get_by_text("Say which address to open.")).to_be_visible()
    author.form.locator('[data-field$=".buttons.1.action.url"]').get_by_role("textbox").fill("/reports")
    author.stored()
    expect(author.form.get_by_text("Say which address to open.")).to_have_count(0)


def choose_who_and_where(author: Author) -> None:
    page = author.page
    page.get_by_role("link", name="Audience").first.click()
    page.get_by_role("button", name="Only some people").click()
    page.get_by_label("Attribute").fill("plan")
    page.get_by_label("Comparison").select_option(label="is")
    page.get_by_label("Value", exact=True).fill("trial")
    page.get_by_label("On pages where the address is").fill("/settings*")
    author.stored()
    expect(page.get_by_role("region", name="Matching now")).to_contain_text("of 1 person matches now")


def walk(person: Page) -> None:
    tour = tour_in(person)
    expect(tour).to_contain_text("Hello Maya Jensen, this is important and short.")
    tour.get_by_role("button", name="Show me").click()
    expect(tour).to_contain_text("The team is here")
    person.get_by_role("link", name="Team").click()
    expect(tour).to_contain_text("Money matters")
    person.get_by_role("link", name="Billing").click()
    expect(tour).to_contain_text("That was it")
    tour.get_by_role("button", name="Done").click()
    expect(tour).to_be_hidden()
