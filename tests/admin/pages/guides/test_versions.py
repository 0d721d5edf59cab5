"""The versions of a guide: an earlier one is put back live, or becomes the draft again."""

from __future__ import annotations

import httpx2
import pytest

from guides.models import Environment, Guide, Member, Publication
from guides.publishing import drafts
from guides.publishing.publish import publish


def place(guide: Guide, *more: str) -> str:
    """An address of the guide's pages."""
    return "/".join((f"/admin/acme/guides/{guide.id}", *more))


@pytest.fixture
async def twice(guide: Guide, production: Environment, editor: Member) -> Guide:
    """Published twice, with other words the second time."""
    await publish(guide, production, editor, "First words")
    draft = {**guide.draft, "steps": [{**guide.draft["steps"][0], "title": "Other words"}]}
    guide = await drafts.save_draft(guide, revision=guide.revision, by=editor, draft=draft)
    await publish(guide, production, editor, "Second words")
    return guide


async def test_nothing_is_listed_before_the_first_publication(as_viewer: httpx2.AsyncClient, guide: Guide) -> None:
    assert "Not published yet" in (await as_viewer.get(place(guide, "versions"))).text


async def test_version_one_is_put_back_live_and_the_draft_stays(as_editor: httpx2.AsyncClient, twice: Guide) -> None:
    page = (await as_editor.get(place(twice, "versions"))).text
    assert "Put version 1 back" in page and "Put version 2 back" not in page
    assert (await as_editor.post(place(twice, "versions", "1", "live"))).status_code == 303
    live = await Publication.get(guide=twice, ended_at=None).select_related("version")
    assert live.version.number == 1 and (await Guide.get(id=twice.id)).draft == twice.draft


async def test_version_one_becomes_the_draft_and_what_is_live_stays(as_editor: httpx2.AsyncClient, twice: Guide) -> None:
    await as_editor.post(place(twice, "versions", "1", "draft"), data={"_revision": str(twice.revision)})
    stored = await Guide.get(id=twice.id)
    assert stored.draft["steps"][0]["title"] == "Welcome" and stored.revision == twice.revision + 1
    assert (await Publication.get(guide=twice, ended_at=None).select_related("version")).version.number == 2


async def test_a_draft_somebody_saved_in_between_is_not_replaced(as_editor: httpx2.AsyncClient, twice: Guide) -> None:
    await as_editor.post(place(twice, "versions", "1", "draft"), data={"_revision": str(twice.revision - 1)})
    assert (await Guide.get(id=twice.id)).draft["steps"][0]["title"] == "Other words"


@pytest.mark.parametrize("number", ["9", "x", "-1", "9" * 40])
async def test_a_version_that_is_not_there_is_not_found(as_editor: httpx2.AsyncClient, twice: Guide, number: str) -> None:
    assert (await as_editor.post(place(twice, "versions", number, "live"))).status_code == 404
    assert (await as_editor.post(place(twice, "versions", number, "draft"), data={"_revision": str(twice.revision)})).status_code == 404


async def test_viewers_put_nothing_back(as_viewer: httpx2.AsyncClient, twice: Guide) -> None:
    assert "Put version" not in (await as_viewer.get(place(twice, "versions"))).text
    assert (await as_viewer.post(place(twice, "versions", "1", "live"))).status_code == 403
