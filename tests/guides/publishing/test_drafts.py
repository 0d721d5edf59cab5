"""Writing guides: a draft may be anything, and nobody's edit is ever overwritten silently."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from guides.errors import Conflict, Invalid, Unknown
from guides.models import DraftSave, Environment, Guide, Member, Project
from guides.publishing import drafts
from guides.publishing.diff import changed_paths
from guides.publishing.drafts import DEFAULT_SETTINGS, MAX_DRAFT_BYTES, MAX_SAVES, get_guide, redo, restore, save_draft, undo
from guides.publishing.history import list_live_publications, list_saves, list_versions
from guides.publishing.publish import publish, roll_back
from guides.registry import BUILT_IN
from tests.conftest import MakeGuide
from tests.fixtures.kinds import install_quiz
from tests.fixtures.scenarios import ClockAt, boot, plan, tour


@pytest.mark.parametrize("kind", BUILT_IN)
async def test_a_new_guide_has_the_starter_of_its_kind_and_can_be_published(
    kind: str, project: Project, production: Environment, editor: Member
) -> None:
    guide = await drafts.create(project, kind, "  Welcome\n aboard ", editor)
    assert (guide.name, guide.revision, guide.settings) == ("Welcome aboard", 1, DEFAULT_SETTINGS)
    assert (await publish(guide, production, editor)).number == 1


async def test_a_guide_of_a_kind_that_is_not_installed_cannot_be_made(project: Project, editor: Member) -> None:
    with pytest.raises(Unknown):
        await drafts.create(project, "quiz", "Welcome", editor)
    assert await Guide.all().count() == 0


async def test_a_guide_begins_with_the_template_that_is_named(
    project: Project, production: Environment, editor: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = install_quiz(monkeypatch)
    for template in quiz.templates():
        guide = await drafts.create(project, "quiz", template.name, editor, template=template.key)
        assert guide.draft == template.body.model_dump(mode="json")
        await publish(guide, production, editor)


@pytest.mark.parametrize("key", ["", "short ", "none"])
async def test_an_unknown_template_creates_no_guide(project: Project, editor: Member, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    install_quiz(monkeypatch)
    with pytest.raises(Invalid) as error:
        await drafts.create(project, "quiz", "Fruit", editor, template=key)
    assert error.value.field == "template" and await Guide.all().count() == 0


@pytest.mark.parametrize(
    "draft",
    [
        {},
        {"steps": []},
        {"steps": [{"title": "half"}]},
        {"nonsense": [1, 2.5, None, {"deep": "ñ 漢 🎉"}]},
        {"text": "a literal \\u0000 stays, backslashes \\\\ too"},
        {"big": 2**53},
    ],
)
async def test_a_draft_is_kept_as_typed_ready_or_not(guide: Guide, editor: Member, draft: dict[str, Any]) -> None:
    saved = await save_draft(guide, revision=1, by=editor, draft=draft)
    await guide.refresh_from_db()
    assert guide.draft == saved.draft == draft
    assert guide.revision == 2


@pytest.mark.parametrize(("typed", "kept"), [("a\x00b", "ab"), ("\x00\x00", ""), ("\\\x00", "\\"), ("\\\\u0000", "\\\\u0000")])
async def test_null_characters_are_dropped_on_every_database_alike(guide: Guide, editor: Member, typed: str, kept: str) -> None:
    await save_draft(guide, revision=1, by=editor, draft={typed: [typed]})
    await guide.refresh_from_db()
    assert guide.draft == {kept: [kept]}


@pytest.mark.parametrize(
    "draft",
    [{"text": "half \ud800 a character"}, {"number": 2**70}, {"text": "x" * MAX_DRAFT_BYTES}, {"object": object()}],
    ids=["surrogate", "number", "size", "object"],
)
async def test_what_cannot_be_stored_is_refused_and_changes_nothing(guide: Guide, editor: Member, draft: dict[str, Any]) -> None:
    for field in ("draft", "settings"):
        with pytest.raises(Invalid) as refused:
            await save_draft(guide, revision=1, by=editor, **{field: draft})
        assert refused.value.field == field
    assert (await Guide.get(id=guide.id)).revision == 1


@pytest.mark.parametrize("name", ["", "  \n", "x" * 201, "a\x00b", "a\ud800"])
async def test_a_guide_needs_a_name_that_can_be_shown(guide: Guide, editor: Member, project: Project, name: str) -> None:
    for act in (save_draft(guide, revision=1, by=editor, name=name), drafts.create(project, guide.kind, name, editor)):
        with pytest.raises(Invalid) as refused:
            await act
        assert refused.value.field == "name"


async def test_saving_what_is_there_already_changes_nothing(guide: Guide, editor: Member) -> None:
    saved = await save_draft(guide, revision=1, by=editor, draft=guide.draft, settings=guide.settings, name=guide.name)
    assert saved.revision == 1
    assert await DraftSave.filter(guide=guide).count() == 1


async def test_what_is_not_given_stays_as_it_is(guide: Guide, editor: Member) -> None:
    await save_draft(guide, revision=1, by=editor, name="Hello")
    await save_draft(guide, revision=2, by=editor, settings=DEFAULT_SETTINGS | {"priority": 90})
    saved = await save_draft(guide, revision=3, by=editor, draft=tour("two"))
    assert (saved.name, saved.settings["priority"], saved.draft) == ("Hello", 90, tour("two"))


async def test_who_saves_second_sees_both_sides_and_overwrites_nothing(
    guide: Guide, editor: Member, admin: Member, clock_at: ClockAt
) -> None:
    held = clock_at("2026-03-01T12:00:00Z")
    await save_draft(guide, revision=1, by=editor, draft=tour("theirs"), name="Theirs")
    held.move(minutes=1)
    with pytest.raises(Conflict) as conflict:
        await save_draft(guide, revision=1, by=admin, draft=tour("mine"))
    theirs = conflict.value.theirs
    assert (theirs["draft"], theirs["name"], theirs["by"], conflict.value.revision) == (tour("theirs"), "Theirs", "Editor", 2)
    assert theirs["at"].isoformat() == "2026-03-01T12:00:00+00:00"
    stored = await Guide.get(id=guide.id)
    assert (stored.draft, stored.revision) == (tour("theirs"), 2)


@pytest.mark.parametrize("revision", [0, 2, -1])
async def test_a_revision_that_never_was_is_a_conflict(guide: Guide, editor: Member, revision: int) -> None:
    for act in (
        save_draft(guide, revision=revision, by=editor, draft={}),
        undo(guide, revision=revision, by=editor),
        restore(guide, 1, revision=revision, by=editor),
    ):
        with pytest.raises(Conflict):
            await act


async def test_of_many_saves_at_once_exactly_one_wins(guide: Guide, editor: Member) -> None:
    for revision in range(1, 4):
        drafts = [tour(f"try_{revision}_{number}") for number in range(12)]
        ended = await asyncio.gather(
            *(save_draft(guide, revision=revision, by=editor, draft=draft) for draft in drafts), return_exceptions=True
        )
        won = [number for number, one in enumerate(ended) if isinstance(one, Guide)]
        assert len(won) == 1
        assert sum(isinstance(one, Conflict) for one in ended) == 11
        stored = await Guide.get(id=guide.id)
        assert (stored.revision, stored.draft) == (revision + 1, drafts[won[0]])


async def test_undo_goes_back_save_by_save_and_redo_forth_again(guide: Guide, editor: Member) -> None:
    first = guide.draft
    await save_draft(guide, revision=1, by=editor, draft=tour("two"), name="Two")
    await save_draft(guide, revision=2, by=editor, draft=tour("three"))
    assert (await undo(guide, revision=3, by=editor)).draft == tour("two")
    undone = await undo(guide, revision=4, by=editor)
    assert (undone.draft, undone.name, undone.revision) == (first, "Welcome", 5)
    with pytest.raises(Unknown):
        await undo(guide, revision=5, by=editor)
    again = await redo(guide, revision=5, by=editor)
    assert (again.draft, again.name) == (tour("two"), "Two")
    assert (await redo(guide, revision=6, by=editor)).draft == tour("three")
    with pytest.raises(Unknown):
        await redo(guide, revision=7, by=editor)


async def test_what_is_written_after_an_undo_is_undone_first_and_ends_redo(guide: Guide, editor: Member) -> None:
    await save_draft(guide, revision=1, by=editor, draft=tour("two"))
    await save_draft(guide, revision=2, by=editor, draft=tour("three"))
    await undo(guide, revision=3, by=editor)
    await save_draft(guide, revision=4, by=editor, draft=tour("four"))
    with pytest.raises(Unknown):
        await redo(guide, revision=5, by=editor)
    assert (await undo(guide, revision=5, by=editor)).draft == tour("two")
    assert (await redo(guide, revision=6, by=editor)).draft == tour("four")
    assert (await undo(guide, revision=7, by=editor)).draft == tour("two")
    assert (await undo(guide, revision=8, by=editor)).draft == guide.draft


async def test_there_is_nothing_to_undo_in_a_new_guide(guide: Guide, editor: Member) -> None:
    with pytest.raises(Unknown):
        await undo(guide, revision=1, by=editor)


async def test_a_guide_keeps_its_latest_saves_and_forgets_older_ones(guide: Guide, editor: Member) -> None:
    for revision in range(1, MAX_SAVES + 4):
        await save_draft(guide, revision=revision, by=editor, draft=tour(f"step_{revision}"))
    kept = await list_saves(guide)
    assert [save.revision for save in kept] == list(range(MAX_SAVES + 4, 4, -1))
    assert kept[0].saved_by and kept[0].saved_by.name == "Editor"
    assert await DraftSave.filter(guide=guide).count() == MAX_SAVES


async def test_a_published_version_can_become_the_draft_again(guide: Guide, editor: Member, production: Environment) -> None:
    version = await publish(guide, production, editor)
    await save_draft(guide, revision=1, by=editor, draft={}, settings=DEFAULT_SETTINGS | {"priority": 1})
    restored = await restore(guide, 1, revision=2, by=editor)
    assert (restored.draft, restored.settings) == (version.body, version.settings)
    assert changed_paths(restored, version) == []
    with pytest.raises(Unknown):
        await restore(guide, 9, revision=3, by=editor)


async def test_a_copy_is_a_guide_of_its_own(make_guide: MakeGuide, editor: Member, production: Environment) -> None:
    guide = await make_guide(name="N" * 200, draft=tour("two"), live_in=production, audience=plan("trial"))
    copied = await drafts.copy(guide, editor)
    assert len(copied.name) == 200 and copied.name.endswith(" (copy)")
    assert (copied.draft, copied.settings) == (guide.draft, guide.settings)
    await save_draft(copied, revision=1, by=editor, draft=tour("three"))
    assert (await Guide.get(id=guide.id)).draft == tour("two")
    assert set(await list_live_publications(production)) == {guide.id}


async def test_an_archived_guide_is_off_the_air_everywhere(
    make_guide: MakeGuide, production: Environment, staging: Environment, editor: Member
) -> None:
    guide = await make_guide(live_in=production)
    await publish(guide, staging, editor)
    assert len((await boot(production)).guides) == len((await boot(staging)).guides) == 1
    await drafts.archive(guide, editor)
    assert (await boot(production)).guides == (await boot(staging)).guides == []
    await drafts.unarchive(guide, editor)
    assert (await boot(production)).guides == []
    assert (await Guide.get(id=guide.id)).archived_at is None


async def test_the_product_itself_may_archive_a_guide(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production)
    await drafts.archive(guide, None)
    assert (await Guide.get(id=guide.id)).archived_at is not None
    await drafts.unarchive(guide, None)
    stored = await Guide.get(id=guide.id)
    assert (stored.archived_at, stored.edited_by_id) == (None, None)


async def test_an_archived_guide_cannot_be_published(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    guide = await make_guide(live_in=production)
    await drafts.archive(guide, editor)
    for act in (publish(guide, production, editor), roll_back(guide, production, 1, editor)):
        with pytest.raises(Invalid, match="archived"):
            await act
    assert await list_live_publications(production) == {}


async def test_a_guide_is_found_in_its_own_project_only(guide: Guide, project: Project, stranger: Member) -> None:
    elsewhere = await Project.get(slug="elsewhere")
    assert (await get_guide(project, str(guide.id))).id == guide.id
    said = set()
    for where, wanted in ((elsewhere, str(guide.id)), (project, str(uuid4())), (project, "5"), (project, ""), (project, "a\x00")):
        with pytest.raises(Unknown) as unknown:
            await get_guide(where, wanted)
        said.add((unknown.value.message, unknown.value.field))
    assert len(said) == 1


async def test_a_save_that_cannot_keep_its_trace_saves_nothing(guide: Guide, editor: Member) -> None:
    await DraftSave.create(guide=guide, revision=2, name="", draft={}, settings={}, saved_at=guide.edited_at)
    with pytest.raises(Exception, match=r"(?i)unique|constraint"):
        await save_draft(guide, revision=1, by=editor, draft=tour("two"))
    assert (await Guide.get(id=guide.id)).revision == 1


async def test_a_guide_outlives_the_member_who_wrote_it(guide: Guide, editor: Member, production: Environment) -> None:
    await publish(guide, production, editor)
    await Member.filter(id=editor.id).delete()
    kept = await Guide.get(id=guide.id)
    assert (kept.edited_by_id, (await list_saves(kept))[0].saved_by) == (None, None)
    assert (await list_versions(kept))[0].created_by is None
    with pytest.raises(Conflict) as conflict:
        await save_draft(kept, revision=9, by=None, draft={})
    assert conflict.value.theirs["by"] is None
