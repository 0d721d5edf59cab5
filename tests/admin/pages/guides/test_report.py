"""What came of a guide, as one page of figures, days, steps and people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from guides import clock
from guides.database import run
from guides.events.record import record
from guides.events.resolve import Batch
from guides.ids import uuid7
from guides.models import Environment, Guide, Member, Project
from guides.people.identify import Identity, identify
from guides.publishing import drafts
from guides.publishing.publish import publish
from tests.fixtures.kinds import install_quiz


def place(guide: Guide, query: str = "") -> str:
    """The address of the report."""
    return f"/admin/acme/guides/{guide.id}/results{query}"


async def happened(environment: Environment, guide: Guide, person: str, *events: tuple[str, str | None, dict[str, Any]]) -> None:
    """Let things happen to a person, yesterday."""
    at = clock.now() - timedelta(days=1)
    sent = [
        {
            "id": str(uuid7(int(at.timestamp() * 1000) + number)),
            "name": name,
            "guide": str(guide.id),
            "version": 1,
            "item": item,
            "at": at + timedelta(seconds=number),
            "props": props,
        }
        for number, (name, item, props) in enumerate(events)
    ]
    await record([Batch(environment, person, None, sent, clock.now())])


@pytest.fixture
async def seen(guide: Guide, production: Environment, editor: Member) -> Guide:
    """Two people saw it: one finished, one closed it."""
    await publish(guide, production, editor)
    key = guide.draft["steps"][0]["key"]
    await identify(production.id, Identity(person="1", attributes={"name": "<b>Maya</b>", "email": "maya@example.com"}))
    await happened(production, guide, "1", ("shown", None, {}), ("step_shown", key, {}), ("completed", None, {}))
    await happened(production, guide, "2", ("shown", None, {}), ("step_shown", key, {}), ("dismissed", None, {"reason": "escape"}))
    return guide


async def test_before_anybody_saw_it_the_page_says_what_to_do(as_viewer: httpx2.AsyncClient, guide: Guide) -> None:
    page = (await as_viewer.get(place(guide))).text
    assert "Nobody saw it in these days" in page and "Publish it" in page


async def test_the_report_counts_people_steps_and_endings(as_viewer: httpx2.AsyncClient, seen: Guide) -> None:
    page = (await as_viewer.get(place(seen))).text
    for words in ("Saw it", "1 of 2 people", "50%", "Step by step", "Closed with Esc", "&lt;b&gt;Maya", "Version 1"):
        assert words in page, words
    assert "<b>Maya</b>" not in page and " style=" not in page and "<svg" in page


@pytest.mark.parametrize("days", ["7", "28", "90", "0", "x", "-5", "99999999"])
async def test_any_span_is_answered(as_viewer: httpx2.AsyncClient, seen: Guide, days: str) -> None:
    assert (await as_viewer.get(place(seen, f"?days={days}"))).status_code == 200


async def test_another_environment_has_figures_of_its_own(as_viewer: httpx2.AsyncClient, seen: Guide, staging: Environment) -> None:
    page = await as_viewer.get(f"/admin/acme/staging/guides/{seen.id}/results")
    assert "Nobody saw it in these days" in page.text


@pytest.fixture
async def pointing(guide: Guide, production: Environment, editor: Member) -> Guide:
    """A live tour whose first step points at an element."""
    guide.draft["steps"][0] |= {"layout": "popover", "title": "Start here", "target": {"by": "css", "value": "#new", "label": "New deal"}}
    await guide.save()
    await publish(guide, production, editor)
    return guide


async def looked(environment: Environment, guide: Guide, found: int, missed: int, day: int = 0) -> None:
    """Let the first step's element be found so often, and be missed on another page in another browser, some days ago."""
    at = clock.now() - timedelta(days=day)
    key = guide.draft["steps"][0]["key"]
    for name, props, browser, count in (
        ("step_shown", {"page": "/deals"}, "Chrome", found),
        ("target_missing", {"page": "/people/7", "reason": "ambiguous"}, "Safari", missed),
    ):
        event = {"name": name, "guide": str(guide.id), "version": 1, "item": key, "at": at, "props": props}
        sent = [event | {"id": str(uuid7(int(at.timestamp() * 1000)))} for _ in range(count)]
        await record([Batch(environment, "1", None, sent, clock.now(), browser)])


async def test_the_report_says_how_the_elements_were_found(as_viewer: httpx2.AsyncClient, pointing: Guide, production: Environment) -> None:
    await looked(production, pointing, 17, 3)
    page = (await as_viewer.get(place(pointing))).text
    for words in ("Finding the elements", "Start here", "85%", "17 of 20", "two or more fit equally well", "/people/*", "Safari"):
        assert words in page, words


async def test_before_an_element_was_looked_for_the_report_says_so(as_viewer: httpx2.AsyncClient, pointing: Guide) -> None:
    page = (await as_viewer.get(place(pointing))).text
    assert "No element was looked for in these days" in page


async def test_a_guide_that_points_at_nothing_has_no_such_part(as_viewer: httpx2.AsyncClient, seen: Guide) -> None:
    assert "Finding the elements" not in (await as_viewer.get(place(seen))).text


@pytest.mark.parametrize(("found", "missed", "is_marked"), [(17, 3, True), (19, 1, False), (2, 3, False)])
async def test_a_step_whose_element_is_often_missed_is_marked_in_the_editor(
    as_viewer: httpx2.AsyncClient, pointing: Guide, production: Environment, found: int, missed: int, is_marked: bool
) -> None:
    await looked(production, pointing, found, missed)
    page = (await as_viewer.get(f"/admin/acme/guides/{pointing.id}")).text
    assert ("Its element was found 85% of the time" in page) is is_marked


LOST = "Its element was not found the last day it was looked for"


@pytest.mark.parametrize(("today", "is_lost"), [((0, 3), True), ((1, 3), False), ((0, 2), False)])
async def test_a_step_whose_element_was_not_found_the_last_day_is_lost(
    as_viewer: httpx2.AsyncClient, pointing: Guide, production: Environment, today: tuple[int, int], is_lost: bool
) -> None:
    await looked(production, pointing, 90, 0, day=1)
    await looked(production, pointing, *today)
    page = (await as_viewer.get(f"/admin/acme/guides/{pointing.id}")).text
    assert (LOST in page) is is_lost and (">Lost<" in page) is is_lost


async def test_a_step_that_points_elsewhere_by_now_is_not_judged_by_what_was(
    as_viewer: httpx2.AsyncClient, pointing: Guide, production: Environment
) -> None:
    await looked(production, pointing, 0, 9)
    address = f"/admin/acme/guides/{pointing.id}"
    assert LOST in (await as_viewer.get(address)).text
    pointing.draft["steps"][0]["target"]["label"] = "Called otherwise"
    await pointing.save()
    assert LOST in (await as_viewer.get(address)).text
    pointing.draft["steps"][0]["target"]["value"] = "#newer"
    await pointing.save()
    assert LOST not in (await as_viewer.get(address)).text


@pytest.fixture
async def quiz(project: Project, production: Environment, monkeypatch: pytest.MonkeyPatch) -> Guide:
    """A live guide that asks for a score, for choices and for a text; two people saw it."""
    install_quiz(monkeypatch)
    guide = await drafts.create(project, "quiz", "Fruit", None)
    await publish(guide, production, None)
    await identify(production.id, Identity(person="1", attributes={"name": "Maya", "email": "maya@example.com"}))
    for person in ("1", "2"):
        await happened(production, guide, person, ("shown", None, {}))
    return guide


def answered(item: str, value: Any) -> tuple[str, str | None, dict[str, Any]]:
    """An answer to one question."""
    return "answered", item, {"value": value}


async def test_the_report_shows_scores_choices_and_texts(as_viewer: httpx2.AsyncClient, quiz: Guide, production: Environment) -> None:
    await happened(production, quiz, "1", answered("score", 10), answered("fruit", ["a", "figs"]), answered("why", "<b>Ripe</b>"))
    await happened(production, quiz, "2", answered("score", 3), answered("fruit", "a"))
    page = (await as_viewer.get(place(quiz))).text
    for words in (
        "How likely",
        "2 people answered",
        "Net promoter score",
        "6.5",
        "Apples",
        "figs",
        "100%",
        "&lt;b&gt;Ripe",
        "maya@example.com",
    ):
        assert words in page, words
    assert "<b>Ripe" not in page and "The newest" not in page


async def test_a_question_nobody_answered_says_so(as_viewer: httpx2.AsyncClient, quiz: Guide) -> None:
    page = (await as_viewer.get(place(quiz))).text
    assert page.count("Nobody answered in these days.") == 3 and "Net promoter score" not in page


async def test_answers_show_even_where_nobody_saw_the_guide_in_these_days(
    as_viewer: httpx2.AsyncClient, quiz: Guide, production: Environment
) -> None:
    await run("DELETE FROM event")
    assert "Nobody saw it in these days" in (await as_viewer.get(place(quiz))).text
    await happened(production, quiz, "1", answered("score", 0))
    page = (await as_viewer.get(place(quiz))).text
    assert "Nobody saw it in these days" not in page and "−100" in page


async def test_the_newest_texts_are_shown_and_long_ones_are_cut(
    as_viewer: httpx2.AsyncClient, quiz: Guide, production: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guides.reports.answers.TEXTS_SHOWN", 1)
    await happened(production, quiz, "1", answered("why", "Cheap"))
    await happened(production, quiz, "2", answered("why", "a" * 2001))
    page = (await as_viewer.get(place(quiz))).text
    assert "The newest 1 of 2." in page and "a" * 2000 + "…" in page and "a" * 2001 not in page and "Cheap" not in page


async def test_answers_are_shown_in_the_members_language(as_owner: httpx2.AsyncClient, quiz: Guide, production: Environment) -> None:
    await happened(production, quiz, "1", answered("score", 9))
    await as_owner.post("/admin/account/profile", data={"name": "Nadia", "locale": "ro", "scheme": "auto"})
    page = (await as_owner.get(place(quiz))).text
    assert "1 persoană a răspuns" in page and "Promotori" in page
