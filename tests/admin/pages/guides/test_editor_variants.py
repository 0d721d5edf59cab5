"""The editor of a kind whose parts are a union: a menu adds any variant, and each is edited, removed and brought back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from guides.models import Guide, Member, Project
from guides.publishing import drafts
from tests.admin.posted_forms import form_in, post
from tests.fixtures.union_kind import quiz_installed


@pytest.fixture
def quiz_kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The quiz is one of the kinds."""
    with quiz_installed(monkeypatch):
        yield


@pytest.fixture
async def quiz(quiz_kind: None, project: Project, editor: Member) -> Guide:
    """A quiz without questions."""
    return await drafts.create(project, "quiz", "A quiz", editor)


def url(guide: Guide, *more: str) -> str:
    """An address of the guide's pages."""
    return "/".join((f"/admin/acme/guides/{guide.id}", *more))


async def edit(browser: httpx2.AsyncClient, guide: Guide, action: str, part: str = "") -> httpx2.Response:
    """Press a button of the editor while a part is chosen."""
    form = form_in((await browser.get(url(guide) + f"?part={part}")).text, "part-form")
    return await post(browser, url(guide, "part"), [*form.pairs, ("_do", action)])


async def questions(guide: Guide) -> list[dict[str, Any]]:
    """The stored questions."""
    stored: list[dict[str, Any]] = (await Guide.get(id=guide.id)).draft["questions"]
    return stored


async def test_the_menu_names_every_variant_and_adds_it(as_editor: httpx2.AsyncClient, quiz: Guide) -> None:
    page = (await as_editor.get(url(quiz))).text
    assert "Add question" in page and all(f'value="add:questions:{name}"' in page for name in ("score", "choice", "comment"))
    for name in ("comment", "score", "choice"):
        assert (await edit(as_editor, quiz, f"add:questions:{name}")).status_code == 200
    assert [question["type"] for question in await questions(quiz)] == ["comment", "score", "choice"]


async def test_a_variant_inside_a_part_is_added_beside_what_was_typed(as_editor: httpx2.AsyncClient, quiz: Guide) -> None:
    await edit(as_editor, quiz, "add:questions:choice")
    answer = await edit(as_editor, quiz, "add:questions.0.choices:picture")
    assert 'name="questions.0.choices.0.alt"' in answer.text
    assert [choice["type"] for choice in (await questions(quiz))[0]["choices"]] == ["picture"]


async def test_a_removed_variant_is_brought_back_as_it_was(as_editor: httpx2.AsyncClient, quiz: Guide) -> None:
    await edit(as_editor, quiz, "add:questions:score")
    await edit(as_editor, quiz, "add:questions:comment")
    before = await questions(quiz)
    answer = await edit(as_editor, quiz, "remove:questions.0")
    assert [question["type"] for question in await questions(quiz)] == ["comment"]
    undo = json.loads(answer.headers["HX-Trigger"])["handrail:messages"]["messages"][0]["undo"]
    assert (await as_editor.post(undo, headers={"HX-Request": "true"})).status_code == 200
    assert await questions(quiz) == before


async def test_a_variant_nobody_knows_is_refused(as_editor: httpx2.AsyncClient, quiz: Guide) -> None:
    await edit(as_editor, quiz, "add:questions:video")
    assert await questions(quiz) == []


async def test_typing_into_one_variant_keeps_the_others(as_editor: httpx2.AsyncClient, quiz: Guide) -> None:
    for name in ("score", "comment"):
        await edit(as_editor, quiz, f"add:questions:{name}")
    key = (await questions(quiz))[1]["key"]
    form = form_in((await as_editor.get(url(quiz) + f"?part={key}")).text, "part-form")
    pairs = [(name, "Why?" if name.endswith(".question") else value) for name, value in form.pairs]
    assert (await post(as_editor, url(quiz, "save"), pairs)).status_code == 200
    assert [(question["type"], question["question"]) for question in await questions(quiz)] == [("score", ""), ("comment", "Why?")]
