"""What came of a guide, and taking it back: the report, unpublishing, rolling back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.demo_page import click_and_wait_stored, click_button, expect_nothing, title_in, visit
from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.scenarios import button, live, serve_without_demo_tours, step


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the demo app and no tour but the test's own."""
    with serve_without_demo_tours(tmp_path_factory.mktemp("results")) as running:
        yield running


def become_jon(page: Page, site: Site) -> None:
    visit(page, f"{site.demo}/reports")
    page.get_by_role("button", name="You are Maya Jensen").click()
    with page.expect_response(re.compile("/embed/v1/boot")):
        page.get_by_role("button", name="Jon Park").click()


def test_the_report_says_who_saw_it_finished_it_and_left_where(
    author: Author, page: Page, site: Site, new_browser: Callable[..., BrowserContext]
) -> None:
    steps = [step("hello"), step("middle"), step("end", buttons=[button("Done", "finish")])]
    guide = site.run(live("Counted", *steps, page="/contacts"))
    author.open(f"guides/{guide.id}/results")
    expect(page.get_by_role("heading", name="Nobody saw it in these days")).to_be_visible()
    maya, jon = new_browser().new_page(), new_browser().new_page()
    become_jon(jon, site)
    for person in (maya, jon):
        visit(person, f"{site.demo}/contacts")
        click_button(person, "Next")
        expect(title_in(person)).to_have_text("Middle")
    click_and_wait_stored(jon, "Close")
    click_button(maya, "Next")
    click_and_wait_stored(maya, "Done")
    page.reload()
    figures = page.locator(".stat")
    expect(figures.filter(has_text="Saw it")).to_contain_text("2")
    expect(figures.filter(has_text="Finished")).to_contain_text("50%")
    expect(figures.filter(has_text="Closed early")).to_contain_text("1 of 2 people")
    funnel = page.locator(".funnel").get_by_role("listitem")
    expect(funnel).to_have_count(3)
    expect(funnel.nth(0)).to_contain_text(re.compile(r"Hello\s*2"))
    expect(funnel.nth(1)).to_contain_text(re.compile(r"Middle\s*2"))
    expect(funnel.nth(2)).to_contain_text(re.compile(r"End\s*1\s*−1"))
    row = page.get_by_role("row", name=re.compile("Jon Park"))
    expect(row).to_contain_text("Closed")
    expect(row).to_contain_text("Middle")
    expect(row.locator("time")).to_have_attribute("datetime", re.compile(r"^\d{4}-"))
    expect(page.get_by_role("row", name=re.compile("Maya Jensen"))).to_contain_text("Finished")
    expect(page.get_by_role("img", name=re.compile("People who saw and finished it by day"))).to_be_visible()
    page.get_by_label("Days").select_option(label="Last 7 days")
    expect(page).to_have_url(re.compile("days=7"))
    expect(figures.filter(has_text="Saw it")).to_contain_text("2")


def test_an_earlier_version_comes_back_and_an_unpublished_guide_goes(
    author: Author, page: Page, site: Site, new_browser: Callable[..., BrowserContext]
) -> None:
    only = step("only", title="The first words", buttons=[button("Done", "finish")])
    guide = site.run(live("Changing", only, page="/reports", frequency="always"))
    person = new_browser().new_page()
    visit(person, f"{site.demo}/reports")
    expect(title_in(person)).to_have_text("The first words")
    # who is in the middle of a version finishes it
    click_and_wait_stored(person, "Done")
    author.open(f"guides/{guide.id}")
    author.field("title").get_by_role("textbox").fill("Other words")
    author.stored()
    author.go_live()
    visit(person, f"{site.demo}/reports")
    expect(title_in(person)).to_have_text("Other words")
    click_and_wait_stored(person, "Done")
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("button", name="Put version 1 back").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("live|Continue|Put")).click()
    expect(page.get_by_text("Version 1 is live in Production")).to_be_visible()
    visit(person, f"{site.demo}/reports")
    expect(title_in(person)).to_have_text("The first words")
    page.get_by_role("button", name="Unpublish").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Take|Continue|Unpublish")).click()
    expect(page.get_by_text("Nobody sees it in Production any more")).to_be_visible()
    visit(person, f"{site.demo}/reports")
    expect_nothing(person)
    author.open(f"guides/{guide.id}")
    expect(author.field("title").get_by_role("textbox")).to_have_value("Other words")
