"""Connecting a product and working together: the snippet, environments, keys, allowed pages, invitations and roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from guides.models import Environment, Project
from guides.projects import projects
from guides.publishing import drafts
from guides.publishing.publish import publish
from tests.browser.demo_page import expect_nothing, title_in
from tests.browser.editor_page import Author
from tests.browser.host_server import Host
from tests.browser.live_server import Site
from tests.browser.scenarios import KIND, button, draft, serve_fresh, step
from tests.conftest import PASSWORD


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for these tests."""
    with serve_fresh(tmp_path_factory.mktemp("settings")) as running:
        yield running


def test_the_pasted_snippet_connects_the_install_page_by_itself(
    author: Author, page: Page, site: Site, host: Host, new_browser: Callable[..., BrowserContext]
) -> None:
    author.open("settings/environments")
    page.get_by_label("New environment").fill("Paste here")
    page.get_by_role("button", name="Add environment").click()
    page.get_by_role("region", name="Paste here").get_by_role("link", name="Install").click()
    expect(page.get_by_role("status").get_by_text("Waiting for the first page…")).to_be_visible()
    snippet = page.locator("#snippet").inner_text()
    snippet = snippet.replace("user.id", "'u1'").replace("user.name", "'Uma'").replace("user.plan", "'pro'")
    new_browser().new_page().goto(host.add_page("/pasted", head=snippet))
    expect(page.get_by_role("status").get_by_text("Connected")).to_be_visible()
    expect(page.get_by_text(f"{host.url}/pasted")).to_be_visible()


def snippet_of(site: Site, key: str) -> str:
    return f'<script async src="{site.url}/embed.js" data-environment="{key}"></script>'


def key_of(author: Author, environment: str) -> str:
    author.open("settings/environments")
    region = author.page.get_by_role("region", name=environment)
    return region.get_by_text(re.compile("^hr_pub_")).inner_text()


def test_each_environment_shows_its_own_guides_only(
    author: Author, page: Page, site: Site, host: Host, new_browser: Callable[..., BrowserContext]
) -> None:
    author.open("settings/environments")
    page.get_by_label("New environment").fill("Staging")
    page.get_by_role("button", name="Add environment").click()
    expect(page.get_by_role("heading", name="Staging")).to_be_visible()
    only = step("staged", title="For staging", buttons=[button("Done", "finish")])
    guide = site.run(draft("Staged", only, frequency="always", trigger={"page": "/staged*"}))
    author.open(f"staging/guides/{guide.id}")
    dialog = author.publish()
    expect(dialog.get_by_role("radio", name="Staging")).to_be_checked()
    dialog.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.get_by_text("Version 1 is live in Staging")).to_be_visible()
    person = new_browser().new_page()
    person.goto(host.add_page("/staged", head=snippet_of(site, key_of(author, "Staging"))))
    expect(title_in(person)).to_have_text("For staging")
    person.goto(host.add_page("/staged-live", head=snippet_of(site, key_of(author, "Production"))))
    expect_nothing(person)


def test_a_page_that_may_not_ask_is_refused_and_the_install_page_says_so(
    author: Author, page: Page, site: Site, host: Host, new_browser: Callable[..., BrowserContext], complaints: list[str]
) -> None:
    author.open("settings/environments")
    page.get_by_label("New environment").fill("Guarded")
    page.get_by_role("button", name="Add environment").click()
    guarded = page.get_by_role("region", name="Guarded")
    guarded.get_by_label("Pages that may ask").fill("https://app.example.com/with/a/path")
    guarded.get_by_role("button", name="Save").click()
    expect(guarded.locator(".error")).to_be_visible()
    guarded.get_by_label("Pages that may ask").fill("https://app.example.com")
    guarded.get_by_role("button", name="Save").click()
    expect(guarded.locator(".error")).to_have_count(0)
    address = host.add_page("/guarded", head=snippet_of(site, key_of(author, "Guarded")))
    person = new_browser().new_page()
    with person.expect_response("**/embed/v1/boot") as refused:
        person.goto(address)
    assert refused.value.status == 403
    author.open("guarded/settings/install")
    expect(page.get_by_text(f"Refused: {host.url}")).to_be_visible()
    page.get_by_role("link", name="Pages that may ask").click()
    guarded.get_by_label("Pages that may ask").fill(f"https://app.example.com\n{host.url}")
    guarded.get_by_role("button", name="Save").click()
    with person.expect_response("**/embed/v1/boot") as answered:
        person.goto(address)
    assert answered.value.status == 200
    author.open("guarded/settings/install")
    expect(page.get_by_role("status").get_by_text("Connected")).to_be_visible()


def test_switching_an_environment_off_takes_everything_off_its_pages(
    author: Author, page: Page, site: Site, host: Host, new_browser: Callable[..., BrowserContext]
) -> None:
    environment = site.run(_loud)
    address = host.add_page("/loud", head=snippet_of(site, environment.public_key))
    person = new_browser().new_page()
    person.goto(address)
    expect(title_in(person)).to_have_text("Loud")
    author.open("settings/environments")
    loud = page.get_by_role("region", name="Noisy")
    loud.get_by_role("button", name="Switch off…").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch off").click()
    expect(loud.get_by_text("Switched off: no page shows any guide of it.")).to_be_visible()
    person.goto(address)
    expect_nothing(person)
    loud.get_by_role("button", name="Switch on").click()
    person.goto(address)
    expect(title_in(person)).to_have_text("Loud")


async def _loud() -> Environment:
    project = await Project.all().order_by("created_at").first()
    assert project
    environment = await projects.create_environment(project, "Noisy")
    body = {"steps": [step("loud", buttons=[button("Done", "finish")])], "progress": "none"}
    guide = await drafts.create(project, KIND, "Loud", None, draft=body, settings={"frequency": "always"})
    await publish(guide, environment, None)
    return environment


def test_a_key_is_shown_once_and_can_be_revoked(author: Author, page: Page) -> None:
    author.open("settings/keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("What it is for").fill("Night job")
    page.get_by_role("button", name="Make the key").click()
    secret = page.get_by_label("The new key").input_value()
    assert secret.startswith("hr_sec_")
    author.open("settings/keys")
    row = page.get_by_role("listitem").filter(has_text="Night job")
    expect(row).to_contain_text(f"••••{secret[-4:]}")
    assert secret not in page.content()
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog", name="Revoke Night job?").get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)


def invited(author: Author, email: str, role: str) -> str:
    author.open("settings/team")
    author.page.get_by_role("button", name="Invite").first.click()
    dialog = author.page.get_by_role("dialog", name="Invite somebody")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Role").select_option(label=role)
    dialog.get_by_role("button", name="Invite").click()
    return author.page.get_by_label("Invitation link").input_value()


def joined(browser: BrowserContext, link: str, name: str) -> Page:
    page = browser.new_page()
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    return page


def test_an_invited_editor_joins_once_and_writes(author: Author, site: Site, new_browser: Callable[..., BrowserContext]) -> None:
    link = invited(author, "eve@example.com", "Editor")
    eve = Author(joined(new_browser(), link, "Eve"), site)
    eve.new_guide("Eve was here")
    eve.field("title").get_by_role("textbox").fill("Hello from Eve")
    eve.stored()
    eve.go_live()
    late = new_browser().new_page()
    late.goto(link)
    expect(late.get_by_role("heading", name="This invitation no longer works")).to_be_visible()
    author.open("settings/team")
    expect(author.page.get_by_role("row", name=re.compile("eve@example.com"))).to_contain_text("Editor")


def test_an_invited_viewer_looks_and_changes_nothing(
    author: Author, page: Page, site: Site, new_browser: Callable[..., BrowserContext]
) -> None:
    guide = site.run(draft("To look at", step("only", buttons=[button("Done", "finish")])))
    viewer = joined(new_browser(), invited(author, "vic@example.com", "Viewer"), "Vic")
    viewer.goto(f"{site.url}/admin/demo/guides/{guide.id}")
    expect(viewer.get_by_text("You may look, not change")).to_be_visible()
    expect(viewer.locator("#part-form").get_by_role("textbox", name="Title")).to_be_disabled()
    expect(viewer.locator("#publish-link")).to_have_count(0)
    for path in ("guides", f"guides/{guide.id}/versions", f"guides/{guide.id}/results", f"guides/{guide.id}/audience", "settings/team"):
        viewer.goto(f"{site.url}/admin/demo/{path}")
        expect(viewer.get_by_role("main")).to_be_visible()
        buttons = viewer.get_by_role("main").get_by_role("button", name=re.compile("Save|Publish|Invite|Copy|Archive|Remove|Add|Put|draft"))
        expect(buttons).to_have_count(0)
    refused = viewer.goto(f"{site.url}/admin/demo/guides/new")
    assert refused and refused.status == 403
