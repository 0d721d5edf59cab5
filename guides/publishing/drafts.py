"""Creates, saves, copies and archives guides, with undo. A draft may hold anything JSON; publishing is strict."""

from __future__ import annotations

import re
from copy import copy as shallow_copy
from typing import Any
from uuid import UUID

import orjson

from guides import clock
from guides.coercion import is_storable
from guides.database import transaction
from guides.errors import Conflict, Invalid, Unknown
from guides.kind import Body, Kind
from guides.models import DraftSave, Environment, Guide, Member, Project, Version
from guides.publishing.publish import unpublish
from guides.registry import kind_named

MAX_SAVES = 50
MAX_NAME_LENGTH = 200
MAX_DRAFT_BYTES = 512 * 1024
DEFAULT_SETTINGS: dict[str, Any] = {"audience": None, "trigger": None, "frequency": "once", "priority": 50, "start": "auto"}


@transaction
async def create(
    project: Project,
    kind: str,
    name: str,
    by: Member | None,
    *,
    template: str | None = None,
    draft: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
) -> Guide:
    """Create a guide with a template of the kind as its draft, the kind's starter where none is named.

    Raises Unknown for a kind that is not installed, Invalid for a template the kind does not have, and as save_draft does.
    """
    starter = _starter(kind_named(kind), template).model_dump(mode="json")
    now = clock.now()
    guide = await Guide.create(
        project=project,
        kind=kind,
        name=_valid_name(name),
        draft=starter if draft is None else _storable(draft, "draft"),
        settings=DEFAULT_SETTINGS | _storable(settings or {}, "settings"),
        created_at=now,
        edited_at=now,
        edited_by=by,
    )
    await _record_save(guide, by)
    return guide


@transaction
async def save_draft(
    guide: Guide,
    *,
    revision: int,
    by: Member | None,
    draft: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    name: str | None = None,
) -> Guide:
    """Store the draft as typed, ready or not, on top of the revision its author read.

    What is None stays as it is; saving what is already there changes nothing. Raises Conflict when somebody
    saved in between (nothing is overwritten) and Invalid for a name that is empty or too long, or a draft too large.
    Costs two queries when the given guide is at that revision.
    """
    if guide.revision != revision:
        guide = await _locked(guide, revision)
    values = {
        "draft": None if draft is None else _storable(draft, "draft"),
        "settings": None if settings is None else _storable(settings, "settings"),
        "name": None if name is None else _valid_name(name),
    }
    changed = {column: value for column, value in values.items() if value is not None and value != getattr(guide, column)}
    return await _store(guide, by, None, changed) if changed else await _locked(guide, revision)


@transaction
async def undo(guide: Guide, *, revision: int, by: Member | None) -> Guide:
    """Restore what the draft held before the latest save that is not undone; raises Unknown when there is nothing to undo."""
    stored = await _locked(guide, revision)
    restored = await _restored_revisions(stored)
    previous = await _find_save(stored, restored.get(restored[revision] - 1))
    if previous is None:
        raise Unknown("There is nothing to undo.")
    return await _restore_save(stored, previous, by)


@transaction
async def redo(guide: Guide, *, revision: int, by: Member | None) -> Guide:
    """Restore what the latest undo replaced; raises Unknown when nothing was undone, or something was saved since."""
    stored = await _locked(guide, revision)
    restored = await _restored_revisions(stored)
    current = restored[revision]
    undone = [save for save, content in restored.items() if save == content and restored.get(save - 1) == current and current != revision]
    following = await _find_save(stored, max(undone, default=None))
    if following is None:
        raise Unknown("There is nothing to redo.")
    return await _restore_save(stored, following, by)


@transaction
async def restore(guide: Guide, number: int, *, revision: int, by: Member | None) -> Guide:
    """Make a published version the draft again."""
    stored = await _locked(guide, revision)
    version = await Version.get_or_none(guide=stored, number=number)
    if version is None:
        raise Unknown(f"There is no version {number}.", "number")
    return await _store(stored, by, None, {"draft": version.body, "settings": version.settings})


async def copy(guide: Guide, by: Member | None) -> Guide:
    """A new guide with the same draft and settings, published nowhere."""
    project = await Project.get(id=guide.project_id)
    return await create(project, guide.kind, f"{guide.name[: MAX_NAME_LENGTH - 7]} (copy)", by, draft=guide.draft, settings=guide.settings)


@transaction
async def archive(guide: Guide, by: Member | None) -> None:
    """Unpublish the guide in every environment and take it out of the list."""
    await Guide.select_for_update().get(id=guide.id)
    for environment in await Environment.filter(publications__guide=guide, publications__ended_at=None).distinct().order_by("id"):
        await unpublish(guide, environment, by)
    await Guide.filter(id=guide.id).update(archived_at=clock.now(), edited_at=clock.now(), edited_by_id=by.id if by else None)


async def unarchive(guide: Guide, by: Member | None) -> None:
    """Put an archived guide back into the list."""
    await Guide.filter(id=guide.id).update(archived_at=None, edited_at=clock.now(), edited_by_id=by.id if by else None)


async def get_guide(project: Project, guide_id: str) -> Guide:
    """The guide of that id in that project; raises Unknown for a malformed id and another project's guide alike."""
    try:
        parsed_id = UUID(guide_id)
    except ValueError:
        raise Unknown("There is no such guide.") from None
    guide = await Guide.get_or_none(id=parsed_id, project=project)
    if guide is None:
        raise Unknown("There is no such guide.")
    return guide


def _starter(kind: Kind, template: str | None) -> Body:
    if template is None:
        return kind.starter()
    bodies = {each.key: each.body for each in kind.templates()}
    if template not in bodies:
        raise Invalid("There is no such template for this kind.", "template")
    return bodies[template]


async def _locked(guide: Guide, revision: int) -> Guide:
    """The stored guide, locked until the transaction ends; raises Conflict when it is no longer at that revision."""
    stored = await Guide.select_for_update().get(id=guide.id)
    if stored.revision != revision:
        raise await _conflict(stored)
    return stored


async def _restored_revisions(guide: Guide) -> dict[int, int]:
    """For each stored save the revision whose content it has: its own, or the one that undo or redo restored."""
    saves = await DraftSave.filter(guide=guide).values_list("revision", "restores_revision")
    return {revision: revision if restores_revision is None else restores_revision for revision, restores_revision in saves}


async def _find_save(guide: Guide, revision: int | None) -> DraftSave | None:
    return None if revision is None else await DraftSave.get_or_none(guide=guide, revision=revision)


async def _restore_save(guide: Guide, save: DraftSave, by: Member | None) -> Guide:
    return await _store(guide, by, save.revision, {"name": save.name, "draft": save.draft, "settings": save.settings})


async def _store(guide: Guide, by: Member | None, restores_revision: int | None, changed: dict[str, Any]) -> Guide:
    """Store the columns as the next revision; raises Conflict when another save got that revision first."""
    stored = shallow_copy(guide)
    stored.update_from_dict({**changed, "revision": guide.revision + 1, "edited_at": clock.now(), "edited_by": by})
    columns = {**changed, "revision": stored.revision, "edited_at": stored.edited_at, "edited_by_id": by.id if by else None}
    if not await Guide.filter(id=guide.id, revision=guide.revision).update(**columns):
        raise await _conflict(await Guide.get(id=guide.id))
    await _record_save(stored, by, restores_revision)
    return stored


async def _record_save(guide: Guide, by: Member | None, restores_revision: int | None = None) -> None:
    await DraftSave.create(
        guide=guide,
        revision=guide.revision,
        name=guide.name,
        draft=guide.draft,
        settings=guide.settings,
        saved_by=by,
        saved_at=guide.edited_at,
        restores_revision=restores_revision,
    )
    if guide.revision > MAX_SAVES:
        await DraftSave.filter(guide=guide, revision__lte=guide.revision - MAX_SAVES).delete()


async def _conflict(stored: Guide) -> Conflict:
    await stored.fetch_related("edited_by")
    by = stored.edited_by.name if stored.edited_by else None
    theirs = {"name": stored.name, "draft": stored.draft, "settings": stored.settings, "by": by, "at": stored.edited_at}
    return Conflict("Somebody else saved this guide since you opened it.", theirs, stored.revision)


def _storable(tree: dict[str, Any], field: str) -> dict[str, Any]:
    """The tree as both databases return it: plain JSON without null characters; raises Invalid when it is too large or no JSON."""
    try:
        text = orjson.dumps(tree)
    except TypeError:
        raise Invalid("This holds something that cannot be stored.", field) from None
    if len(text) > MAX_DRAFT_BYTES:
        raise Invalid(f"This is larger than {MAX_DRAFT_BYTES // 1024} kB.", field)
    stored: dict[str, Any] = orjson.loads(_NULL.sub(rb"\1", text))
    return stored


_NULL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def _valid_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise Invalid("Give the guide a name.", "name")
    if len(cleaned) > MAX_NAME_LENGTH or not is_storable(cleaned):
        raise Invalid(f"A name has up to {MAX_NAME_LENGTH} characters.", "name")
    return cleaned
