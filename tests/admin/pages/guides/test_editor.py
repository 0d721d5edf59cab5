"""One guide in the editor: drawn, saved as typed, its parts changed, and nobody's words overwritten."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from guides import clock
from guides.models import Guide, Member, Project
from guides.publishing import drafts
from tests.admin.posted_forms import Pairs, form_in, post

HTMX = {"HX-Request": "true"}


def place(guide: Guide, *more: str) -> str:
    """An address of the guide's pages."""
    return "/".join((f"/admin/acme/guides/{guide.id}", *more))


async def typed(browser: httpx2.AsyncClient, guide: Guide, **said: str) -> Pairs:
    """The form of the first step as it stands, some fields typed over."""
    form = form_in((await browser.get(place(guide))).text, "part-form")
    return [(name, said.pop(name.rpartition(".")[2], value)) for name, value in form.pairs]


async def draft_of(guide: Guide) -> Any:
    """What is stored."""
    return (await Guide.get(id=guide.id)).draft


def title(draft: Any, number: int = 0) -> str:
    """The title of a step."""
    return str(draft["steps"][number]["title"])


async def test_the_editor_shows_the_parts_and_the_form_of_the_chosen_one(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    page = (await as_editor.get(place(guide))).text
    assert 'name="steps.0.title"' in page and 'id="part-form"' in page and 'aria-current="step"' in page
    assert " style=" not in page and "<script>" not in page


async def test_what_is_posted_as_it_stands_changes_nothing(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    before = await draft_of(guide)
    answer = await post(as_editor, place(guide, "save"), await typed(as_editor, guide))
    assert answer.status_code == 200
    stored = await Guide.get(id=guide.id)
    assert (stored.draft, stored.revision) == (before, guide.revision)


async def test_typing_is_saved_with_a_new_revision(as_editor: httpx2.AsyncClient, guide: Guide, editor: Member) -> None:
    answer = await post(as_editor, place(guide, "save"), await typed(as_editor, guide, title="  Fresh <b>words</b> "))
    stored = await Guide.get(id=guide.id).prefetch_related("edited_by")
    assert title(stored.draft) == "  Fresh <b>words</b> "
    assert f'data-revision="{stored.revision}"' in answer.text and "<b>words" not in answer.text
    assert stored.edited_by.id == editor.id and stored.revision == guide.revision + 1


async def test_without_a_script_saving_leads_back_to_the_part(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    answer = await post(as_editor, place(guide, "save"), await typed(as_editor, guide, title="Plain"), htmx=False)
    assert answer.status_code == 303 and "?part=" in answer.headers["location"]
    assert title(await draft_of(guide)) == "Plain"


async def test_an_unready_draft_is_saved_and_its_problems_are_said(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    answer = await post(as_editor, place(guide, "save"), await typed(as_editor, guide, title=""))
    assert answer.status_code == 200 and title(await draft_of(guide)) == ""
    assert "The step says nothing" in answer.text


async def test_somebody_elses_save_is_shown_and_not_overwritten(
    as_editor: httpx2.AsyncClient, as_owner: httpx2.AsyncClient, guide: Guide
) -> None:
    mine = await typed(as_editor, guide, title="Mine")
    await post(as_owner, place(guide, "save"), await typed(as_owner, guide, title="Theirs"))
    answer = await post(as_editor, place(guide, "save"), mine)
    assert answer.status_code == 409 and title(await draft_of(guide)) == "Theirs"
    assert all(word in answer.text for word in ("Owner", "Theirs", "Mine", "Keep mine"))


async def test_keeping_mine_posts_what_i_typed_and_leaves_their_other_parts(
    as_editor: httpx2.AsyncClient, as_owner: httpx2.AsyncClient, guide: Guide, owner: Member
) -> None:
    draft = await draft_of(guide)
    guide = await drafts.save_draft(
        guide, revision=guide.revision, by=owner, draft={**draft, "steps": [draft["steps"][0], {**draft["steps"][0], "key": "other"}]}
    )
    mine = await typed(as_editor, guide, title="Mine")
    theirs = json.loads(json.dumps(guide.draft))
    theirs["steps"][1]["title"] = "Their second"
    guide = await drafts.save_draft(guide, revision=guide.revision, by=owner, draft=theirs)
    clash = await post(as_editor, place(guide, "save"), mine, htmx=False)
    assert clash.status_code == 409
    again = [(name, value) for name, value in mine if name != "_revision"] + [("_revision", str(guide.revision))]
    assert (await post(as_editor, place(guide, "save"), again, htmx=False)).status_code == 303
    stored = await draft_of(guide)
    assert (title(stored), title(stored, 1)) == ("Mine", "Their second")


async def change(browser: httpx2.AsyncClient, guide: Guide, what: str) -> httpx2.Response:
    """Press one of the buttons that change the parts."""
    return await post(browser, place(guide, "part"), [*await typed(browser, guide), ("_do", what)])


async def test_parts_are_added_moved_copied_and_removed_and_brought_back(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    for what, titles in [("add:steps", ["Welcome", ""]), ("move:steps.1:0", ["", "Welcome"]), ("copy:steps.1", ["", "Welcome", "Welcome"])]:
        assert (await change(as_editor, guide, what)).status_code == 200
        assert [step["title"] for step in (await draft_of(guide))["steps"]] == titles
    gone = await change(as_editor, guide, "remove:steps.1")
    undo = json.loads(gone.headers["HX-Trigger"])["handrail:messages"]["messages"][0]["undo"]
    assert len((await draft_of(guide))["steps"]) == 2
    assert (await as_editor.post(undo, headers=HTMX)).status_code == 200
    assert [step["title"] for step in (await draft_of(guide))["steps"]] == ["", "Welcome", "Welcome"]


async def test_an_element_is_chosen_and_left_out_again(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    await change(as_editor, guide, "fill:steps.0.target")
    assert (await draft_of(guide))["steps"][0]["target"]["by"] == "name"
    await change(as_editor, guide, "clear:steps.0.target")
    assert (await draft_of(guide))["steps"][0]["target"] is None


@pytest.mark.parametrize("what", ["remove:steps.9", "up:steps.x", "move:steps.0:x", "add:nowhere", "odd:steps", "", "move:", "fill:a.b.c"])
async def test_a_change_that_cannot_be_made_changes_nothing(as_editor: httpx2.AsyncClient, guide: Guide, what: str) -> None:
    before = await draft_of(guide)
    assert (await change(as_editor, guide, what)).status_code in (200, 422)
    assert await draft_of(guide) == before


async def test_undo_puts_back_what_was_there(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    await post(as_editor, place(guide, "save"), await typed(as_editor, guide, title="Second thoughts"))
    revision = (await Guide.get(id=guide.id)).revision
    await as_editor.post(place(guide, "undo"), data={"_revision": str(revision)}, headers=HTMX)
    assert title(await draft_of(guide)) == "Welcome"


async def test_a_guide_is_renamed_and_an_empty_name_is_refused(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    await as_editor.post(place(guide, "name"), data={"_revision": str(guide.revision), "name": " New  name "})
    stored = await Guide.get(id=guide.id)
    assert stored.name == "New name"
    answer = await as_editor.post(place(guide, "name"), data={"_revision": str(stored.revision), "name": "  "}, headers=HTMX)
    assert "Give the guide a name" in answer.headers["HX-Trigger"]


async def shown_in_text(guide: Guide, by: Member, block: dict[str, Any]) -> None:
    """Make a block the text of the first step."""
    draft = await draft_of(guide)
    draft["steps"][0]["text"] = {"type": "doc", "content": [block]}
    await drafts.save_draft(guide, revision=guide.revision, by=by, draft=draft)


async def picture(guide: Guide, by: Member) -> None:
    """Put an image into the first step."""
    await shown_in_text(guide, by, {"type": "image", "src": "https://img.example/a.png", "alt": "A"})


def body_of(page: str) -> str:
    """What the preview is handed."""
    return page.partition('data-body="')[2].partition('"')[0]


async def test_an_editor_is_told_who_can_allow_a_host_of_images(as_editor: httpx2.AsyncClient, guide: Guide, editor: Member) -> None:
    await picture(guide, editor)
    page = (await as_editor.get(place(guide))).text
    assert "img.example" in page and "Ask Owner to allow it" in page and "Allow img.example" not in page
    assert (await as_editor.post(place(guide, "image-host"), data={"host": "img.example"})).status_code == 403


async def test_an_admin_allows_a_host_of_images(as_admin: httpx2.AsyncClient, guide: Guide, editor: Member, project: Project) -> None:
    await picture(guide, editor)
    assert "Allow img.example" in (await as_admin.get(place(guide))).text
    answer = await as_admin.post(place(guide, "image-host"), data={"host": "img.example"}, headers=HTMX)
    assert answer.status_code == 200 and "may not show images" not in answer.text
    assert (await Project.get(id=project.id)).image_hosts == ["img.example"]


async def test_a_preview_never_names_an_image_of_a_host_nobody_allowed(as_admin: httpx2.AsyncClient, guide: Guide, editor: Member) -> None:
    await picture(guide, editor)
    assert "img.example" not in body_of((await as_admin.get(place(guide))).text)


async def test_a_video_is_previewed_once_its_host_is_allowed(
    as_admin: httpx2.AsyncClient, guide: Guide, editor: Member, project: Project
) -> None:
    await shown_in_text(guide, editor, {"type": "video", "provider": "vimeo", "id": "76979871", "title": ""})
    before = (await as_admin.get(place(guide))).text
    assert "may not show videos" in before and "76979871" not in body_of(before)
    answer = await as_admin.post(place(guide, "image-host"), data={"host": "player.vimeo.com"}, headers=HTMX)
    assert "may not show" not in answer.text and "76979871" in body_of(answer.text)


async def test_a_viewer_looks_and_changes_nothing(as_viewer: httpx2.AsyncClient, guide: Guide) -> None:
    page = await as_viewer.get(place(guide))
    assert page.status_code == 200 and "You may look, not change" in page.text
    for path in ("save", "part", "undo", "name"):
        assert (await as_viewer.post(place(guide, path), data={"_revision": "1"})).status_code == 403


async def test_a_hostile_form_is_refused_without_a_crash(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    key = (await draft_of(guide))["steps"][0]["key"]
    revision = ("_revision", str(guide.revision))
    for pairs in (
        [("steps.0.key", key), ("steps.0.title", "\x00")],
        [("steps.0.key", key), ("steps.0.text.tree", '"\\ud800"')],
        [(".".join(["steps"] * 90), "x")],
        [("_revision", "9" * 50)],
        [],
    ):
        answer = await post(as_editor, place(guide, "save"), [*pairs, revision] if pairs else [])
        assert answer.status_code in (200, 409, 422), pairs
    assert title(await draft_of(guide)) == "Welcome"


async def test_words_that_look_like_markup_stay_words(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    await post(as_editor, place(guide, "save"), await typed(as_editor, guide, title='"><img src=x onerror=alert(1)>'))
    for path in ("", "versions", "publish"):
        assert "<img" not in (await as_editor.get(place(guide, path).rstrip("/"))).text


async def test_two_hundred_steps_open_in_good_time(as_editor: httpx2.AsyncClient, guide: Guide, editor: Member) -> None:
    step = (await draft_of(guide))["steps"][0]
    steps = [{**step, "key": f"step_{number}"} for number in range(200)]
    await drafts.save_draft(guide, revision=guide.revision, by=editor, draft={"steps": steps, "progress": "dots"})
    before = clock.now()
    assert (await as_editor.get(place(guide) + "?part=step_199")).status_code == 200
    assert (clock.now() - before).total_seconds() < 5
