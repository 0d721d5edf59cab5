"""Words stay words: whatever a member writes, a browser sends or somebody slips into the database, nothing of it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from guides.ids import uuid7
from guides.models import Environment, Guide
from tests.browser.admin_urls import pages_of_members
from tests.browser.demo_page import title_in, tour_in
from tests.browser.editor_page import Author
from tests.browser.host_server import Host
from tests.browser.hostile_rows import WORDS, HostileGuides, create_hostile_rows, raw_steps
from tests.browser.live_server import Site
from tests.browser.page_scripts import script
from tests.browser.scenarios import button, events_of, live, production, serve_without_demo_tours, step
from tests.browser.script_sentinel import watched
from tests.browser.xss_payloads import ALL, HUNGRY, LINKS

ATTRIBUTES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server full of hostile words."""
    with serve_without_demo_tours(tmp_path_factory.mktemp("markup")) as running:
        yield running


@pytest.fixture(scope="module")
def hostile(site: Site) -> HostileGuides:
    """The guides that hold the words."""
    return site.run(create_hostile_rows)


@pytest.fixture
def context(context: BrowserContext, complaints: list[str]) -> BrowserContext:
    """A watched browser."""
    return watched(context, complaints)


def settled(page: Page) -> None:
    """Whatever was drawn had a moment to do harm."""
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 30)))")


def plain(words: str) -> str:
    """As a page shows it: white space folded."""
    return " ".join(words.replace("\x01", "").split())


def bare(words: str) -> str:
    """Without the white space that a one-line field leaves out."""
    return plain(words).replace(" ", "")


def test_every_page_of_the_admin_shows_words_as_words(
    hostile: HostileGuides, author: Author, page: Page, site: Site, complaints: list[str]
) -> None:
    for guide in (hostile.typed, hostile.raw, hostile.live):
        for name, address in pages_of_members(site, guide.id):
            if guide != hostile.typed and str(guide.id) not in address:
                continue
            answer = page.goto(address)
            assert answer and answer.status == 200, (name, guide.name)
            settled(page)
            assert complaints == [], (name, guide.name)
            assert "[object Object]" not in page.content()


def test_every_word_on_the_lists_is_shown_as_it_was_typed(hostile: HostileGuides, author: Author, page: Page) -> None:
    author.open("settings/team")
    shown = set(page.locator(".person b bdi").all_inner_texts())
    assert {plain(words[:100]) for words in WORDS} <= {plain(each) for each in shown}
    author.open("settings/keys")
    labels = page.get_by_role("listitem").locator("b bdi").all_inner_texts()
    assert {plain(words[:100]) for words in WORDS} <= {plain(each) for each in labels}


def test_the_editor_and_its_preview_show_every_word_as_it_was_typed(hostile: HostileGuides, author: Author, page: Page) -> None:
    author.open(f"guides/{hostile.typed.id}")
    for number, words in enumerate(WORDS):
        if number:
            author.steps.nth(number).get_by_role("link").click()
        expect(author.form.get_by_role("heading", name=f"Step {number + 1}", exact=True)).to_be_visible()
        assert bare(author.field("title").get_by_role("textbox").input_value()) == bare(words)
        expect(author.preview.locator(".btn")).to_contain_text(plain(words))
    settled(page)


def test_the_editor_opens_and_saves_what_no_form_makes(hostile: HostileGuides, author: Author, page: Page) -> None:
    for number in (5, 31, 59):
        author.open(f"guides/{hostile.raw.id}?part=s{number}")
        settled(page)
        author.field("title").get_by_role("textbox").fill(f"Mended {number}")
        author.stored()
    author.publish()
    settled(page)


@pytest.fixture
def hungry(site: Site, host: Host) -> str:
    """A host page whose own template engine runs what it finds, with the product in it."""

    async def key() -> str:
        return (await production()).public_key

    script = f'<script async src="{site.url}/embed.js" data-environment="{site.run(key)}"></script>'
    return host.add_page("/hungry", head=HUNGRY + script)


def fed(steps: list[dict[str, Any]]) -> Callable[[Route], None]:
    """Answers boots with these steps in place of what the server would give, as if it were taken over."""

    def answer(route: Route) -> None:
        answered = route.fetch()
        boot = json.loads(answered.text())
        for guide in boot["guides"]:
            items = [{"key": step["key"]} for step in steps]
            guide |= {"body": {"steps": steps, "progress": WORDS[0]}, "items": items, "preload": ["layouts", "richtext"], "rule": None}
        boot["strings"] = {"next": WORDS[0], "close": WORDS[1], "step": WORDS[2]}
        boot["theme"] = {
            "tokens": {name: words for name, words in zip(("accent", "font", "radius", "z"), WORDS, strict=False)},
            "scheme": WORDS[3],
        }
        route.fulfill(response=answered, body=json.dumps(boot))

    return answer


def walked(page: Page, guide: Guide, count: int) -> None:
    """Go through all steps, clicking every link and every button that stays on the step."""
    page.evaluate("(id) => window.handrail.start(id)", str(guide.id))
    for number in range(count):
        expect(tour_in(page)).to_contain_text(plain(WORDS[number]))
        addresses = page.evaluate(PRESS_ALL)
        assert not [each for each in addresses if not each.startswith(("http://localhost", "https://", "mailto:", "tel:"))], addresses
        page.evaluate("(key) => window.handrail.goTo(key)", f"s{number + 1}")


PRESS_ALL = script("click-all-links")


def test_a_server_taken_over_cannot_run_anything_in_the_host_page(
    hostile: HostileGuides, page: Page, hungry: str, complaints: list[str]
) -> None:
    page.route("**/embed/v1/boot", fed(raw_steps()))
    page.goto(hungry)
    walked(page, hostile.clean, len(WORDS))
    for number in range(len(LINKS)):
        page.evaluate("(key) => window.handrail.goTo(key)", f"s{number}")
        page.evaluate("() => document.querySelector('handrail-root').shadowRoot.querySelectorAll('.btn').forEach((each) => each.click())")
        settled(page)
        page.evaluate("(id) => window.handrail.start(id)", str(hostile.clean.id))
    settled(page)
    expect(page.get_by_role("heading", name="A bare page")).to_be_visible()
    assert page.evaluate("() => ({}).polluted") is None


def test_words_slipped_into_the_database_do_not_run_in_the_host_page(hostile: HostileGuides, page: Page, hungry: str) -> None:
    with page.expect_response("**/embed/v1/boot") as answer:
        page.goto(hungry)
    assert answer.value.status == 200
    page.evaluate("(id) => window.handrail.start(id)", str(hostile.live.id))
    settled(page)
    expect(page.get_by_role("heading", name="A bare page")).to_be_visible()


def test_what_a_browser_sends_is_shown_as_words(
    hostile: HostileGuides,
    author: Author,
    page: Page,
    site: Site,
    hungry: str,
    new_browser: Callable[..., BrowserContext],
    complaints: list[str],
) -> None:
    guide = site.run(live("Met", step("met", buttons=[button("Done", "finish")]), page="", start="manual", frequency="always"))
    visitor = watched(new_browser(user_agent=WORDS[6]), complaints).new_page()
    visitor.goto(hungry, referer=f"{hungry}?{WORDS[0]}")
    for words in WORDS:
        visitor.evaluate(SEND, [words, str(guide.id)])
    with visitor.expect_response("**/embed/v1/events"):
        visitor.evaluate("() => window.handrail.track('last')")
    sent_raw(site, guide)
    assert complaints == []
    for name, address in pages_of_members(site, guide.id):
        answer = page.goto(address)
        assert answer and answer.status == 200, name
        settled(page)
        assert complaints == [], name
    page.goto(f"{site.url}/admin/demo/guides/{guide.id}/results")
    expect(page.get_by_role("cell", name=WORDS[2]).first).to_be_visible()


SEND = script("call-with-text")


def sent_raw(site: Site, guide: Guide) -> None:
    """Events and boots that our own script would not send."""
    environment: Environment = site.run(production)
    for words in WORDS:
        events = [
            {
                "id": str(uuid7()),
                "name": name,
                "guide": str(guide.id),
                "version": 1,
                "item": words[:40],
                "props": {"reason": words[:100], "button": words},
            }
            for name in ("shown", "step_shown", "clicked", "dismissed", words)
        ]
        envelope = {"schema": 1, "environment": environment.public_key, "person": {"id": words}, "events": events}
        assert httpx2.post(f"{site.url}/embed/v1/events", json=envelope).status_code == 202
        page = {"url": words, "title": words, "referrer": words}
        asked = {"schema": 1, "environment": environment.public_key, "person": {"id": words, "attributes": {words: words}}, "page": page}
        assert httpx2.post(f"{site.url}/embed/v1/boot", json=asked).status_code in (200, 400)


def test_hostile_attribute_names_change_nothing_in_the_host_page(site: Site, page: Page, hungry: str) -> None:
    rule = {"any": [{"attribute": {"of": "person", "name": name, "op": "is_set", "value": None}} for name in ATTRIBUTES]}
    guide = site.run(live("Nobody", step("s", buttons=[button("Done", "finish")]), page="/hungry", audience=rule))
    page.goto(hungry)
    page.evaluate("() => window.handrail.identify('clean', { plan: 'pro' })")
    assert page.evaluate("(id) => window.handrail.isStarted(id)", str(guide.id)) is False
    page.evaluate(
        """async (names) => {
          await handrail.identify('proto', JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
          for (const name of names) await handrail.updateUser({ [name]: 'x' });
          await handrail.track('x', JSON.parse('{"__proto__":{"polluted":1}}'));
        }""",
        ATTRIBUTES,
    )
    assert page.evaluate("() => [({}).polluted, Object.prototype.toString.call([]), typeof ({}).hasOwnProperty]") == [
        None,
        "[object Array]",
        "function",
    ]
    assert site.run(events_of(guide)) is not None


def test_a_form_takes_the_words_and_gives_them_back(author: Author, page: Page, hostile: HostileGuides, complaints: list[str]) -> None:
    for words in (WORDS[1], WORDS[15]):
        author.new_guide(words)
        author.field("title").get_by_role("textbox").fill(words)
        author.write(words)
        author.form.locator('[data-field$=".buttons.0.label"]').get_by_role("textbox").fill(words[:60])
        author.stored()
        expect(author.preview.get_by_role("heading")).to_have_text(words)
        expect(author.preview.locator(".text p")).to_have_text(words)
        page.reload()
        expect(author.field("text").get_by_role("textbox", name="Text")).to_have_text(words)
        dialog = author.publish()
        dialog.get_by_label("What changed").fill(words)
        dialog.get_by_role("button", name="Publish").click()
        page.get_by_role("link", name="Versions").click()
        expect(page.get_by_role("listitem").filter(has_text="Version 1")).to_contain_text(words)
    author.open("settings/team")
    page.get_by_role("button", name="Invite").first.click()
    page.get_by_label("E-mail").fill('"<img/src=x:onerror=__x(1)>"@example.com')
    page.get_by_role("dialog").get_by_role("button", name="Invite").click()
    settled(page)
    assert complaints == []
    assert len(ALL) >= 60
    assert title_in(page).count() == 0
