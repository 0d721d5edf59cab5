"""Every page of the admin can be used by everybody: checked by axe, light and dark, wide and narrow, also right to left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from guides import clock
from guides.accounts import members
from guides.events import target_counts
from guides.models import Guide, Member, Role
from guides.people import identify as people
from tests.browser.admin_urls import pages_of_members
from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.scenarios import button, demo, doc, draft, production, serve_fresh, step
from tests.browser.scenarios import live as live_tour

LONG = "A rather long name for a tour that has to fit on a phone"
Axe = Callable[..., None]
WIDE, NARROW = (1280, 800), (390, 844)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for these tests."""
    with serve_fresh(tmp_path_factory.mktemp("accessible")) as running:
        yield running


def all_looks(page: Page, axe: Axe, part: str | None = None) -> list[str]:
    """What axe says of a page wide and narrow, light and dark."""
    found = []
    for width, height in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        dress(page, "light")
        found += [f"{width} light: {each}" for each in said(page, axe, part)]
        dress(page, "dark")
        found += [f"{width} dark: {each}" for each in said(page, axe, part, only=("color-contrast",))]
    dress(page, "light")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    return found


def dress(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Turn to a colour scheme; whoever measures waits until every colour has arrived."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def said(page: Page, axe: Axe, part: str | None = None, **options: tuple[str, ...]) -> list[str]:
    """What is wrong stays wrong: a list that the browser has not yet drawn in its new colours is looked at once more."""
    found: list[str] = []
    for _look in range(2):
        try:
            axe(page, part, **options)
        except AssertionError as wrong:
            found = [str(wrong)]
        else:
            return []
    return found


async def _seen_tour() -> Guide:
    """A live tour that two people met, with a change that is not published, so that no page is empty."""
    steps = [step("hello"), step("stand", "popover", "import"), step("end", "slideout", buttons=[button("Done", "finish")])]
    guide = await live_tour("Looked at", *steps, page="/contacts")()
    environment = await production()
    for number, name in enumerate(("Maya Jensen", "Jon Park")):
        await people.identify(environment.id, people.Identity(f"person-{number}", None, {"name": name, "plan": "trial"}))
    return guide


async def _lost_tour() -> Guide:
    """A live tour whose element was missed today, on two pages in two browsers."""
    steps = [step("stand", "popover", "import"), step("end", buttons=[button("Done", "finish")])]
    guide = await live_tour("Lost", *steps, page="/contacts")()
    where, today = str((await production()).id), clock.today()
    for page, browser in (("/contacts", "Chrome"), ("/deals", "Safari")):
        missed = target_counts.TargetLookup(where, str(guide.id), today, "stand", page, browser, "hidden")
        await target_counts.add_counts([(missed, None)] * 9)
    return guide


def test_the_first_page_of_all_is_accessible(page: Page, site: Site, axe: Axe) -> None:
    link = re.search(r"http\S+/admin/setup\?token=\S+", site.log.read_text(encoding="utf-8"))
    assert link
    page.goto(link[0])
    expect(page.get_by_role("heading", name="Set up Handrail")).to_be_visible()
    assert all_looks(page, axe) == []


def test_every_page_of_a_member_is_accessible(author: Author, page: Page, site: Site, axe: Axe) -> None:
    guide = site.run(_seen_tour)
    wrong = []
    for name, address in pages_of_members(site, guide.id):
        answer = page.goto(address)
        assert answer and answer.status == 200, name
        if name == "guide":
            expect(author.preview).to_be_visible()
        wrong += [f"{name}: {each}" for each in all_looks(page, axe)]
    assert not wrong, "\n".join(wrong)


def test_what_is_said_of_a_lost_element_is_accessible(author: Author, page: Page, site: Site, axe: Axe) -> None:
    guide = site.run(_lost_tour)
    author.open(f"guides/{guide.id}?part=stand")
    expect(author.form.get_by_text("Lost", exact=True)).to_be_visible()
    author.form.get_by_text("More options").click()
    wrong = all_looks(page, axe)
    author.form.get_by_role("link", name="Results").click()
    expect(page.get_by_role("heading", name="Finding the elements")).to_be_in_viewport()
    assert wrong + all_looks(page, axe) == []


def test_the_pages_before_signing_in_are_accessible(
    author: Author, site: Site, new_browser: Callable[..., BrowserContext], axe: Axe
) -> None:
    async def invited() -> str:
        return await members.invite(await demo(), "new@example.com", Role.EDITOR, await Member.get(email="owner@example.com"))

    page = new_browser().new_page()
    wrong = []
    for path in ("login", "forgot", "reset", "invitation", f"invitation?token={site.run(invited)}"):
        page.goto(f"{site.url}/admin/{path}")
        wrong += [f"{path}: {each}" for each in all_looks(page, axe)]
    assert not wrong, "\n".join(wrong)


def test_what_opens_over_the_pages_is_accessible(author: Author, page: Page, axe: Axe) -> None:
    guide = author.site.run(draft("Not whole", step("empty", "popover", title="", text=doc(), buttons=[])))
    wrong: list[str] = []

    def check(what: str) -> None:
        wrong.extend(f"{what}: {each}" for each in all_looks(page, axe))

    author.open("guides")
    page.keyboard.press("n")
    check("new guide")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    check("find")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    check("keys")
    author.open("guides?q=no+such+guide")
    check("nothing found")
    author.open(f"guides/{guide.id}")
    check("problems")
    author.publish()
    check("publish")
    author.open("settings/team")
    page.get_by_role("button", name="Invite").first.click()
    check("invite")
    author.open("settings/environments")
    page.get_by_role("button", name="Switch off…").first.click()
    check("confirm")
    author.open("no-such-page")
    check("not found")
    assert not wrong, "\n".join(wrong)


def test_the_main_pages_are_accessible_in_arabic(author: Author, page: Page, site: Site, axe: Axe) -> None:
    async def arabic() -> Guide:
        await members.change_profile(await Member.get(email="owner@example.com"), name="Owner", locale="ar", color_scheme="auto")
        return await live_tour("جولة", step("one", buttons=[{**button("Done", "finish"), "label": "تم"}]), page="/contacts")()

    async def english() -> None:
        await members.change_profile(await Member.get(email="owner@example.com"), name="Owner", locale="en", color_scheme="auto")

    guide = site.run(arabic)
    wrong = []
    try:
        for path in ("", "guides", f"guides/{guide.id}", f"guides/{guide.id}/audience", f"guides/{guide.id}/results", "settings/team"):
            author.open(path)
            expect(page.locator("html")).to_have_attribute("dir", "rtl")
            wrong += [f"{path}: {each}" for each in said(page, axe)]
            page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
            wrong += [f"{path}, narrow: {each}" for each in said(page, axe)]
            page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    finally:
        site.run(english)
    assert not wrong, "\n".join(wrong)


def test_nothing_of_a_page_is_cut_off_on_a_phone(author: Author, page: Page, site: Site) -> None:
    guide = site.run(draft(LONG, step("only", buttons=[button("Done", "finish")])))
    page.set_viewport_size({"width": 390, "height": 844})
    wide = []
    for path in ("", "guides", f"guides/{guide.id}", f"guides/{guide.id}/audience", f"guides/{guide.id}/publish", "settings/environments"):
        author.open(path)
        over = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        wide += [f"{path} is {over} px too wide"] if over > 0 else []
    assert wide == []
