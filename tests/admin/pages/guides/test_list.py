"""The list of guides: found, filtered, made, copied and archived."""

from __future__ import annotations

import re

import httpx2
import pytest

from guides import clock
from guides.models import Environment, Guide, Publication
from guides.registry import kinds
from tests.conftest import MakeGuide
from tests.fixtures.kinds import install_quiz

GUIDES = "/admin/acme/guides"


def names(page: str, *known: str) -> list[str]:
    """Which of the names a page shows, in its order."""
    return sorted((name for name in known if f"<bdi>{name}</bdi></a>" in page), key=page.index)


async def test_an_empty_project_says_what_guides_are_for(as_editor: httpx2.AsyncClient) -> None:
    page = (await as_editor.get(GUIDES)).text
    assert "Show people their first step" in page and "Create a tour" in page


async def test_an_empty_project_offers_every_other_kind_too(as_editor: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    install_quiz(monkeypatch)
    page = (await as_editor.get(GUIDES)).text
    assert "Create a tour" in page and f'href="{GUIDES}/new?kind=quiz"' in page


async def test_the_list_is_found_by_name_status_and_kind(
    as_editor: httpx2.AsyncClient, make_guide: MakeGuide, production: Environment
) -> None:
    await make_guide(name="Alpha")
    await make_guide(name="Beta", live_in=production)
    every = ("Alpha", "Beta")
    assert set(names((await as_editor.get(GUIDES)).text, *every)) == set(every)
    assert names((await as_editor.get(GUIDES + "?q=alp")).text, *every) == ["Alpha"]
    assert names((await as_editor.get(GUIDES + "?status=live")).text, *every) == ["Beta"]
    assert names((await as_editor.get(GUIDES + "?status=draft")).text, *every) == ["Alpha"]
    assert names((await as_editor.get(GUIDES + "?sort=name")).text, *every) == ["Alpha", "Beta"]
    assert "Nothing is called" in (await as_editor.get(GUIDES + "?q=zzz")).text


@pytest.mark.parametrize(
    "query", ["?page=99999999", "?page=-1", "?page=x", "?kind=odd", "?sort=odd", "?status=odd", "?q=%00", "?q=" + "a" * 999]
)
async def test_any_query_is_answered(as_editor: httpx2.AsyncClient, guide: Guide, query: str) -> None:
    assert (await as_editor.get(GUIDES + query)).status_code == 200


async def test_a_long_list_has_pages(as_editor: httpx2.AsyncClient, make_guide: MakeGuide) -> None:
    for number in range(27):
        await make_guide(name=f"Guide {number:02}")
    first = (await as_editor.get(GUIDES + "?sort=name")).text
    assert "1–25 of 27" in first and "page=2" in first
    assert "26–27 of 27" in (await as_editor.get(GUIDES + "?sort=name&page=2")).text


async def test_htmx_gets_the_list_alone(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    answer = await as_editor.get(GUIDES + "?q=w", headers={"HX-Request": "true", "HX-Target": "div#guides"})
    assert "<html" not in answer.text and "Welcome" in answer.text


async def test_a_new_guide_opens_in_the_editor(as_editor: httpx2.AsyncClient) -> None:
    answer = await as_editor.post(GUIDES + "/new", data={"kind": next(iter(kinds())), "name": "Fresh"})
    guide = await Guide.get(name="Fresh")
    assert answer.status_code == 303 and answer.headers["location"] == f"{GUIDES}/{guide.id}"


async def test_a_name_that_is_too_long_is_said_beside_the_field(as_editor: httpx2.AsyncClient) -> None:
    answer = await as_editor.post(GUIDES + "/new", data={"kind": next(iter(kinds())), "name": "x" * 300})
    assert answer.status_code == 422 and "200 characters" in answer.text and not await Guide.all().exists()


async def test_the_templates_of_a_kind_are_offered_where_there_are_several(
    as_editor: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Begin with" not in (await as_editor.get(GUIDES + "/new")).text
    install_quiz(monkeypatch)
    for place in ("", "/new", "/new?kind=quiz"):
        page = (await as_editor.get(GUIDES + place)).text
        assert page.count("Begin with") == 1 and "Three questions" in page and "One question of ten seconds." in page
        assert re.findall(r'name="template.(\w+)"\s+value="(\w+)"\s+(checked)?', page) == [
            ("quiz", "full", "checked"),
            ("quiz", "short", ""),
        ]


@pytest.mark.parametrize(("posted", "questions"), [({"template.quiz": "short"}, 1), ({"template.quiz": "full"}, 3), ({}, 3)])
async def test_a_new_guide_begins_with_the_template_that_was_chosen(
    as_editor: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, posted: dict[str, str], questions: int
) -> None:
    install_quiz(monkeypatch)
    answer = await as_editor.post(GUIDES + "/new", data={"kind": "quiz", "name": "Fruit", **posted})
    guide = await Guide.get(name="Fruit")
    assert answer.status_code == 303 and len(guide.draft["questions"]) == questions


async def test_a_template_of_another_kind_that_was_chosen_does_not_matter(
    as_editor: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_quiz(monkeypatch)
    await as_editor.post(GUIDES + "/new", data={"kind": next(iter(kinds())), "name": "Fresh", "template.quiz": "short"})
    assert (await Guide.get(name="Fresh")).kind == next(iter(kinds()))


@pytest.mark.parametrize("key", ["", "starter", "FULL", "<b>"])
async def test_an_unknown_template_creates_nothing_and_is_named(
    as_editor: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    install_quiz(monkeypatch)
    answer = await as_editor.post(GUIDES + "/new", data={"kind": "quiz", "name": "Fruit", "template.quiz": key})
    assert answer.status_code == 422 and not await Guide.all().exists()
    assert 'id="template-quiz-problem"' in answer.text and "There is no such template for this kind." in answer.text
    assert 'value="Fruit"' in answer.text and '<b>"' not in answer.text


async def test_a_chosen_template_stays_chosen_beside_a_name_that_is_too_long(
    as_editor: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_quiz(monkeypatch)
    answer = await as_editor.post(GUIDES + "/new", data={"kind": "quiz", "name": "x" * 300, "template.quiz": "short"})
    assert answer.status_code == 422 and "200 characters" in answer.text
    assert re.findall(r'value="(\w+)"\s+checked', answer.text) == ["quiz", "short"]


async def test_a_guide_is_copied(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    await as_editor.post(f"{GUIDES}/{guide.id}/copy")
    copy = await Guide.get(name="Welcome (copy)")
    assert copy.draft == guide.draft


async def test_archiving_takes_a_guide_off_the_air_and_can_be_undone(
    as_editor: httpx2.AsyncClient, make_guide: MakeGuide, production: Environment, staging: Environment
) -> None:
    guide = await make_guide(live_in=production)
    await as_editor.post(f"{GUIDES}/{guide.id}/archive")
    assert not await Publication.filter(guide=guide, ended_at=None).exists()
    assert names((await as_editor.get(GUIDES)).text, "Welcome") == []
    assert names((await as_editor.get(GUIDES + "?status=archived")).text, "Welcome") == ["Welcome"]
    await as_editor.post(f"{GUIDES}/{guide.id}/unarchive")
    assert names((await as_editor.get(GUIDES)).text, "Welcome") == ["Welcome"]


async def test_a_viewer_makes_and_archives_nothing(as_viewer: httpx2.AsyncClient, guide: Guide) -> None:
    page = (await as_viewer.get(GUIDES)).text
    assert "New guide" not in page and "Archive</button>" not in page
    for path in ("new", f"{guide.id}/copy", f"{guide.id}/archive", f"{guide.id}/unarchive"):
        assert (await as_viewer.post(f"{GUIDES}/{path}")).status_code == 403


async def test_a_strangers_guide_is_not_there(as_stranger: httpx2.AsyncClient, guide: Guide) -> None:
    for address in (GUIDES, f"{GUIDES}/{guide.id}", f"/admin/elsewhere/guides/{guide.id}"):
        assert (await as_stranger.get(address)).status_code == 404


async def test_a_guide_whose_package_is_gone_stays_in_the_list(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    await Guide.filter(id=guide.id).update(kind="gone", edited_at=clock.now())
    assert "its package is not installed" in (await as_editor.get(GUIDES)).text
    assert (await as_editor.get(f"{GUIDES}/{guide.id}")).status_code == 422
