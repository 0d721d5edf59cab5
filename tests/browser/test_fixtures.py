"""The fixtures of browser tests work: the browser runs, and a page that complains is noticed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guides.accounts import members
from guides.models import Member, Project, Role
from tests.browser.live_server import Site
from tests.conftest import make_member


def test_a_complaint_of_the_page_is_noticed(page: Page, complaints: list[str]) -> None:
    page.set_content("<script>setTimeout(() => { throw new Error('no') })</script>")
    page.evaluate("() => console.error('not well')")
    page.wait_for_function("() => true")
    assert len(complaints) == 2
    complaints.clear()


def test_the_accessibility_check_sees_a_picture_without_words(page: Page, axe: Callable[..., None]) -> None:
    page.set_content("<html lang=en><title>A page</title><main><h1>A page</h1><img src='data:,'></main>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_no_host_but_this_one_can_be_reached(page: Page, complaints: list[str]) -> None:
    page.set_content("<title>A page</title>")
    assert page.evaluate("() => fetch('https://example.com').then(() => 'reached', () => 'not reached')") == "not reached"
    complaints.clear()


async def _viewer_of_the_demo() -> None:
    if not await Member.exists(email="viewer@example.com"):
        project = await Project.all().order_by("created_at").first()
        assert project
        await members.add_to_project(project, await make_member("viewer"), Role.VIEWER)


def test_the_demo_has_the_embed_in_its_pages(page: Page, site: Site) -> None:
    with page.expect_response(f"{site.url}/embed/v1/boot") as boot:
        page.goto(f"{site.demo}/deals")
    assert boot.value.status == 200


def test_a_member_signs_in(page: Page, site: Site, sign_in: Callable[[str], None], axe: Callable[..., None]) -> None:
    site.run(_viewer_of_the_demo)
    sign_in("viewer@example.com")
    page.goto(f"{site.url}/admin/account")
    expect(page.get_by_role("main")).to_contain_text("viewer@example.com")
    axe(page)


def test_a_page_of_ours_shows_nothing_to_nobody(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/admin/account")
    expect(page).to_have_url(re.compile("/admin/login"))
