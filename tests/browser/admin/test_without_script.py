"""The admin without a script: sign in, look, write, publish and take back, each by an ordinary form."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from guides.models import Role
from tests.browser.live_server import Site
from tests.browser.scenarios import cast, draft, serve_fresh, step
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser_context_args(java_script_enabled=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for these tests."""
    with serve_fresh(tmp_path_factory.mktemp("plain")) as running:
        running.run(cast(Role.OWNER))
        yield running


@pytest.fixture(autouse=True)
def signed_in(page: Page, site: Site) -> None:
    """Signed in by the form, as people do."""
    page.goto(f"{site.url}/admin/demo/guides")
    page.get_by_label("E-mail").fill("owner@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Guides")).to_be_visible()


def test_a_guide_is_made_written_and_published_without_a_script(page: Page) -> None:
    page.get_by_role("link", name="New").click()
    page.get_by_label("Name").fill("By hand alone")
    page.get_by_role("button", name="Create").click()
    form = page.locator("#part-form")
    form.get_by_role("textbox", name="Title").fill("Hello")
    form.get_by_role("textbox", name="Text").fill("Words without a script.")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("textbox", name="Title")).to_have_value("Hello")
    expect(form.get_by_role("textbox", name="Text")).to_have_value("Words without a script.")
    page.get_by_role("button", name="Add step").last.click()
    expect(page.get_by_role("region", name="Steps").get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="Publish").click()
    expect(page.get_by_text("The step says nothing; give it a title or a text")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Publish"))).to_have_count(0)
    page.get_by_role("link", name="Fix").first.click()
    form.get_by_role("textbox", name="Title").fill("More")
    form.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.get_by_text("Version 1 is live in Production")).to_be_visible()
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("button", name="Unpublish").click()
    expect(page.get_by_text("Nobody sees it in Production any more")).to_be_visible()


def test_an_audience_is_written_without_a_script(page: Page, site: Site) -> None:
    guide = site.run(draft("For some", step("only")))
    page.goto(f"{site.url}/admin/demo/guides/{guide.id}/audience")
    page.get_by_role("button", name="Only some people").click()
    page.get_by_label("Attribute").fill("plan")
    page.get_by_label("Value", exact=True).fill("trial")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Attribute")).to_have_value("plan")
    expect(page.get_by_label("Value", exact=True)).to_have_value("trial")


def test_two_people_without_a_script_are_asked_too(page: Page, site: Site) -> None:
    guide = site.run(draft("Both at once", step("only")))
    address = f"{site.url}/admin/demo/guides/{guide.id}"
    other = page.context.new_page()
    for each in (page, other):
        each.goto(address)
    for each, words in ((other, "Theirs"), (page, "Mine")):
        each.locator("#part-form").get_by_role("textbox", name="Title").fill(words)
        each.locator("#part-form").get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="Theirs")).to_be_visible()
    expect(page.get_by_role("cell", name="Mine")).to_be_visible()
    page.get_by_role("button", name="Keep mine").click()
    page.goto(address)
    expect(page.locator("#part-form").get_by_role("textbox", name="Title")).to_have_value("Mine")


def test_settings_are_changed_and_a_language_chosen_without_a_script(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/admin/demo/settings/project")
    page.get_by_label("Name").fill("Acme, renamed")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_label("Name")).to_have_value("Acme, renamed")
    page.goto(f"{site.url}/admin/demo/guides?q=no+such")
    expect(page.get_by_role("heading", name="Nothing is called “no such”")).to_be_visible()
    page.goto(f"{site.url}/admin/account")
    page.get_by_label("Language").select_option(label="العربية")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("select[name=locale]").select_option("en")
    page.locator("form[action$=profile] button[type=submit]").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
