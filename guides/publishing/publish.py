"""Publishes a draft as a version, makes versions live in an environment, and ends publications."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from guides import clock
from guides.database import transaction
from guides.errors import Invalid, NotReady, Unknown
from guides.models import Environment, Guide, Member, Project, Publication, Version
from guides.projects.revisions import bump_revision
from guides.publishing.digests import json_digest
from guides.publishing.guide_settings import GuideSettings
from guides.publishing.validation import check_draft

NOTE_LENGTH = 300


@transaction
async def publish(guide: Guide, environment: Environment, by: Member | None, note: str = "") -> Version:
    """Publish the draft as a version and make it live in one environment; an unchanged draft gives the same version again.

    Raises NotReady with the problems and leaves what was live untouched. People get it with their next boot.
    """
    stored = await _lock_for_publishing(guide, environment)
    project = await Project.get(id=stored.project_id)
    body, problems = check_draft(stored, project)
    if body is None or any(not problem.warning for problem in problems):
        raise NotReady(problems)
    version = await _get_or_create_version(stored, body.model_dump(mode="json"), by, note)
    await _make_live(environment, version, by)
    return version


@transaction
async def roll_back(guide: Guide, environment: Environment, number: int, by: Member | None) -> Publication:
    """Make an earlier version live again; raises Unknown when there is none of that number."""
    stored = await _lock_for_publishing(guide, environment)
    version = await Version.get_or_none(guide=stored, number=number)
    if version is None:
        raise Unknown(f"There is no version {number}.", "number")
    return await _make_live(environment, version, by)


@transaction
async def unpublish(guide: Guide, environment: Environment, by: Member | None) -> bool:
    """End the guide's publication in one environment; False when it was not live there."""
    await Environment.select_for_update().get(id=environment.id)
    ended = await Publication.filter(guide=guide, environment=environment, ended_at=None).update(ended_at=clock.now())
    if ended:
        await bump_revision(environment)
    return bool(ended)


async def _lock_for_publishing(guide: Guide, environment: Environment) -> Guide:
    """The stored guide, locked until the transaction ends.

    Raises Unknown for an environment of another project and Invalid for an archived guide.
    """
    stored = await Guide.select_for_update().get(id=guide.id)
    if stored.project_id != environment.project_id:
        raise Unknown("There is no such environment here.")
    if stored.archived_at is not None:
        raise Invalid("This guide is archived. Take it out of the archive first.")
    return stored


async def _get_or_create_version(guide: Guide, body: dict[str, Any], by: Member | None, note: str) -> Version:
    settings = GuideSettings.model_validate(guide.settings).canonical()
    digest = json_digest({"body": body, "settings": settings})
    latest = await Version.filter(guide=guide).order_by("-number").first()
    if latest is not None and latest.digest == digest:
        return latest
    return await Version.create(
        guide=guide,
        number=latest.number + 1 if latest else 1,
        name=guide.name,
        body=body,
        settings=settings,
        digest=digest,
        body_digest=json_digest(body),
        note=" ".join(note.replace("\x00", "").split())[:NOTE_LENGTH],
        created_at=clock.now(),
        created_by=by,
    )


async def _make_live(environment: Environment, version: Version, by: Member | None) -> Publication:
    guide_id: UUID = version.guide_id
    await Environment.select_for_update().get(id=environment.id)
    live = await Publication.get_or_none(environment=environment, guide_id=guide_id, ended_at=None)
    if live is not None and live.version_id == version.id:
        return live
    await bump_revision(environment)
    now = clock.now()
    await Publication.filter(environment=environment, guide_id=guide_id, ended_at=None).update(ended_at=now)
    return await Publication.create(environment=environment, guide_id=guide_id, version=version, started_at=now, started_by=by)
