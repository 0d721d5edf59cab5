"""A kind from another package whose parts are a union: written in the admin, answered on the host page, and read in the report."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from guides.models import Event, Guide, Person
from guides.publishing import drafts
from guides.publishing.publish import publish, unpublish
from guides.registry import BUILT_IN, GROUP, _load_kinds
from tests.architecture.source_tree import ROOT
from tests.browser.demo_page import EVENTS, expect_nothing, visit
from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.scenarios import demo, production

BODY = json.loads((ROOT / "tests/kinds/bodies/survey/1_first.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def survey_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has the package installed; what this process arranges must know it too."""
    known = _load_kinds(BUILT_IN, [EntryPoint("survey", "acme_survey:kind", GROUP)])
    monkeypatch.setattr("guides.registry.kinds", lambda: known)


@pytest.fixture
def live(site: Site) -> Iterator[Guide]:
    """A survey of a score, a choice and a text, live on two pages of the demo app."""
    pages = {"any": [{"page": "/reports"}, {"page": "/corners/arabic"}]}

    async def published() -> Guide:
        guide = await drafts.create(await demo(), "survey", "Asked", None, draft=BODY, settings={"audience": pages})
        await publish(guide, await production(), None)
        return guide

    with retired(site, published) as guide:
        yield guide


@contextmanager
def retired(site: Site, get: Callable[[], Awaitable[Guide]]) -> Iterator[Guide]:
    """A live guide, taken back in the end: other tests share the server."""

    async def retire() -> None:
        await unpublish(guide, await production(), None)
        await Person.filter(environment=await production()).delete()

    guide = site.run(get)
    try:
        yield guide
    finally:
        site.run(retire)


def answers(guide: Guide) -> Callable[[], Awaitable[list[tuple[str | None, Any]]]]:
    """Returns a function that lists the answers: (item, value)."""

    async def kept() -> list[tuple[str | None, Any]]:
        return [(event.item, event.props["value"]) for event in await Event.filter(guide_id=guide.id, name="answered").order_by("id")]

    return kept


def survey_in(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Your opinion")


def sends(name: str) -> Callable[[Response], bool]:
    return lambda answer: bool(EVENTS.search(answer.url)) and f'"name":"{name}"' in (answer.request.post_data or "")


def test_an_author_writes_it_people_answer_it_and_the_report_counts_it(
    author: Author, page: Page, site: Site, new_browser: Callable[..., BrowserContext]
) -> None:
    author.open("guides")
    page.get_by_role("link", name="New").click()
    dialog = page.get_by_role("dialog", name="New guide")
    dialog.get_by_text("Ask a few questions").click()
    dialog.get_by_label("Name").fill("Written here")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Written here", level=1)).to_be_visible()
    questions = page.get_by_role("region", name="Questions").get_by_role("listitem")
    expect(questions).to_have_count(2)
    expect(author.preview.get_by_role("radiogroup", name="How likely are you to recommend us to a colleague?")).to_be_visible()

    def add(variant: str, number: int) -> None:
        page.get_by_role("button", name="Add question").last.click()
        page.get_by_role("menuitem", name=variant).or_(page.locator("[popover] button", has_text=variant)).last.click()
        expect(author.form.get_by_role("heading", name=f"Question {number}")).to_be_visible()

    def press(action: str) -> None:
        author.form.get_by_role("button", name="Actions").click()
        page.locator("#part-menu").get_by_text(action, exact=True).click()

    for number, variant in enumerate(("Text", "Score", "Choice"), 3):
        add(variant, number)
        author.field("question").get_by_role("textbox").fill(f"A {variant.lower()}?")
        author.stored()
        expect(author.preview.get_by_role("heading", level=3)).to_have_text(f"A {variant.lower()}?")
    words = author.form.locator('[data-field$=".label"]').get_by_role("textbox")
    for place, label in enumerate(("Mornings", "Evenings")):
        words.nth(place).fill(label)
    author.stored()
    expect(author.preview.get_by_role("radio", name="Evenings")).to_be_visible()
    press("Move up")
    expect(questions.nth(3)).to_contain_text("A choice?")
    press("Copy")
    expect(questions).to_have_count(6)
    expect(questions.nth(4)).to_contain_text("A choice?")
    parts = questions.get_by_role("link").evaluate_all("links => links.map((link) => link.href)")
    assert len(set(parts)) == 6
    press("Remove")
    expect(questions).to_have_count(5)
    page.get_by_role("button", name="Undo").last.click()
    expect(questions).to_have_count(6)
    for name in ("A choice?", "A score?"):
        questions.filter(has_text=name).last.get_by_role("link").click()
        expect(author.field("question").get_by_role("textbox")).to_have_value(name)
        press("Remove")
    expect(questions).to_have_count(4)
    author.stored()
    author.go_live()

    async def written() -> Guide:
        return await Guide.get(name="Written here")

    with retired(site, written) as guide:
        person = new_browser().new_page()
        visit(person, f"{site.demo}/reports")
        survey = survey_in(person)
        survey.get_by_role("radio", name="10").check()
        for field, text in ((None, ""), ("textbox", "It is quick."), ("textbox", "Nothing.")):
            if field:
                survey.get_by_role("textbox").fill(text)
            survey.get_by_role("button", name="Next").click()
        survey.get_by_role("radio", name="Evenings").check()
        survey.get_by_role("button", name="Send").click()
        expect(survey).to_contain_text("Thank you!")
        with person.expect_response(sends("completed")):
            survey.get_by_role("button", name="Close").last.click()
        expect(survey).to_be_hidden()
        author.open(f"guides/{guide.id}/results")
        score = page.get_by_role("region", name="How likely are you to recommend us to a colleague?")
        expect(score).to_contain_text(re.compile(r"Net promoter score\s*\+100"))
        choice = page.get_by_role("region", name="A choice?")
        expect(choice).to_contain_text(re.compile(r"Evenings\s*1\s*100%"))
        expect(choice).to_contain_text(re.compile(r"Mornings\s*0"))
        expect(page.get_by_role("region", name="What is the main reason for your score?").get_by_role("row").nth(1)).to_contain_text(
            "It is quick."
        )


def test_the_keyboard_alone_answers_it_and_the_score_becomes_an_attribute(page: Page, site: Site, live: Guide) -> None:
    visit(page, f"{site.demo}/reports")
    survey = survey_in(page)
    expect(survey).to_be_visible()
    page.keyboard.press("F6")
    expect(survey).to_be_focused()
    survey.get_by_role("radio", name="0, Not likely").focus()
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    expect(survey.get_by_role("radio", name="9")).to_be_checked()
    page.keyboard.press("Enter")
    boxes = survey.get_by_role("group", name="What do you use?").get_by_role("checkbox")
    expect(boxes.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(survey.get_by_role("alert")).to_have_text("Choose an answer.")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(survey.get_by_role("textbox", name="Why?")).to_be_focused()
    page.keyboard.type("Because.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_response(sends("answered")):
        page.keyboard.press("Enter")
    expect(survey.get_by_role("button", name="Close").last).to_be_focused()
    with page.expect_response(sends("completed")):
        page.keyboard.press("Escape")
    assert site.run(answers(live)) == [("likely", 9), ("uses", ["deals", "reports"]), ("why", "Because.")]

    async def scored() -> Any:
        return [person.attributes.get("nps") for person in await Person.filter(environment=await production())]

    assert site.run(scored) == [9]


def test_a_later_page_goes_on_where_it_was_left_with_the_answers_so_far(page: Page, site: Site, live: Guide) -> None:
    visit(page, f"{site.demo}/reports")
    survey = survey_in(page)
    survey.get_by_role("radio", name="6").check()
    survey.get_by_role("button", name="Next").click()
    with page.expect_response(sends("state_saved")):
        survey.get_by_role("checkbox", name="Reports").check()
    visit(page, f"{site.demo}/reports")
    expect(survey.get_by_role("checkbox", name="Reports")).to_be_checked()
    expect(survey.get_by_role("checkbox", name="Deals")).not_to_be_checked()
    survey.get_by_role("button", name="Back").click()
    expect(survey.get_by_role("radio", name="6")).to_be_checked()
    survey.get_by_role("button", name="Next").click()
    expect(survey.get_by_role("checkbox", name="Reports")).to_be_checked()
    with page.expect_response(sends("dismissed")):
        survey.get_by_role("button", name="Close").click()
    visit(page, f"{site.demo}/reports")
    expect_nothing(page)


def test_it_speaks_arabic_and_reads_from_the_right(page: Page, site: Site, live: Guide) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, f"{site.demo}/corners/arabic")
    survey = survey_in(page)
    expect(survey.get_by_text("السؤال 1 من 3")).to_be_visible()
    survey.get_by_role("radio", name="7").check()
    survey.get_by_role("button", name="التالي").click()
    survey.get_by_role("checkbox", name="Deals").check()
    survey.get_by_role("button", name="التالي").click()
    back, send = (survey.get_by_role("button", name=name).bounding_box() for name in ("رجوع", "إرسال"))
    assert back and send and send["x"] < back["x"]
    survey.get_by_role("textbox").fill("سريع")
    survey.get_by_role("button", name="إرسال").click()
    expect(survey).to_contain_text("شكرًا لك!")
    box = survey.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    with page.expect_response(sends("completed")):
        survey.get_by_role("button", name="إغلاق").last.click()
    assert ("why", "سريع") in site.run(answers(live))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_question_is_accessible(
    site: Site, live: Guide, new_browser: Callable[..., BrowserContext], axe: Callable[..., None], scheme: str
) -> None:
    page = new_browser(color_scheme=scheme).new_page()
    visit(page, f"{site.demo}/reports")
    survey = survey_in(page)
    survey.get_by_role("radio", name="7").check()
    axe(page, "handrail-root")
    survey.get_by_role("button", name="Next").click()
    survey.get_by_role("button", name="Next").click()
    expect(survey.get_by_role("alert")).to_have_text("Choose an answer.")
    axe(page, "handrail-root")
    survey.get_by_role("checkbox", name="Deals").check()
    survey.get_by_role("button", name="Next").click()
    expect(survey.get_by_role("textbox")).to_be_visible()
    axe(page, "handrail-root")
