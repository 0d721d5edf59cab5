"""From draft to version to publication: strict where authoring is lenient, and never half done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError
from tortoise.expressions import F

from guides import clock
from guides.database import transaction
from guides.errors import Invalid, NotReady, Unknown
from guides.kind import Body, Path, Problem
from guides.messages import Message, gettext_noop, validation_message
from guides.models import Environment, Guide, Member, Project, Publication, Version
from guides.projects import environment_cache as environments
from guides.publishing.guide_settings import Settings
from guides.registry import kind_named
from guides.richtext.media import media_host
from guides.rules.content_conditions import condition_problems

NOTE_LENGTH = 300


def problems(guide: Guide, project: Project) -> list[Problem]:
    """What must be mended before this draft can be published; paths begin as in the body, or with "settings"."""
    _, found = _checked(guide, project)
    return found


def preview_body(guide: Guide) -> dict[str, Any]:
    """The draft as a renderer would get it; as typed while it does not validate."""
    try:
        return kind_named(guide.kind).Body.model_validate(guide.draft).model_dump(mode="json")
    except ValidationError:
        return guide.draft


@transaction
async def publish(guide: Guide, environment: Environment, by: Member | None, note: str = "") -> Version:
    """Freeze the draft and make it live in one environment; the same words give the same version again.

    Raises NotReady with the problems and leaves what was live untouched. People get it with their next boot.
    """
    stored = await _publishable(guide, environment)
    project = await Project.get(id=stored.project_id)
    body, found = _checked(stored, project)
    if body is None or any(not problem.warning for problem in found):
        raise NotReady(found)
    version = await _frozen(stored, body.model_dump(mode="json"), by, note)
    await _go_live(environment, version, by)
    return version


@transaction
async def roll_back(guide: Guide, environment: Environment, number: int, by: Member | None) -> Publication:
    """Make an earlier version live again; raises Unknown when there is none of that number."""
    stored = await _publishable(guide, environment)
    version = await Version.get_or_none(guide=stored, number=number)
    if version is None:
        raise Unknown(f"There is no version {number}.", "number")
    return await _go_live(environment, version, by)


@transaction
async def retire(guide: Guide, environment: Environment, by: Member | None) -> bool:
    """Take the guide off the air in one environment; false when it was not live."""
    await Environment.select_for_update().get(id=environment.id)
    ended = await Publication.filter(guide=guide, environment=environment, ended_at=None).update(ended_at=clock.now())
    if ended:
        await touch(environment)
    return bool(ended)


async def touch(environment: Environment) -> None:
    """Tell every process that what people may see here has changed; in the transaction of that change."""
    await Environment.filter(id=environment.id).update(revision=F("revision") + 1)
    environments.forget(environment.id)


async def live_in(environment: Environment) -> dict[UUID, Publication]:
    """What is live there, by guide, each with its version."""
    live = await Publication.filter(environment=environment, ended_at=None).select_related("version")
    return {publication.guide_id: publication for publication in live}


async def versions(guide: Guide) -> list[Version]:
    """Every version, newest first, with who made it."""
    return await Version.filter(guide=guide).order_by("-number").prefetch_related("created_by")


async def history(guide: Guide) -> list[Publication]:
    """Where and when each version was live, newest first."""
    return await Publication.filter(guide=guide).order_by("-started_at").select_related("version", "environment").limit(200)


def changes(guide: Guide, version: Version | None) -> list[str]:
    """The dotted paths in which the draft differs from a version; items are named by their key. All of it when there is no version."""
    if version is None:
        return ["body"]
    now = {"body": preview_body(guide), "settings": _written(guide.settings)}
    return list(_differences(now, {"body": version.body, "settings": version.settings}, ""))


def _written(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings as they would be frozen; as typed while they do not validate."""
    try:
        return Settings.model_validate(settings).frozen()
    except ValidationError:
        return settings


def digest_of(value: object) -> str:
    """SHA-256 of a JSON value written with sorted keys."""
    return sha256(canonical(value)).hexdigest()


def canonical(value: object) -> bytes:
    """The one way a JSON value is written where its bytes matter."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


async def _publishable(guide: Guide, environment: Environment) -> Guide:
    """The guide as stored, held until the end of the transaction; raises Unknown for an environment of another project."""
    stored = await Guide.select_for_update().get(id=guide.id)
    if stored.project_id != environment.project_id:
        raise Unknown("There is no such environment here.")
    if stored.archived_at is not None:
        raise Invalid("This guide is archived. Take it out of the archive first.")
    return stored


def _checked(guide: Guide, project: Project) -> tuple[Body | None, list[Problem]]:
    kind = kind_named(guide.kind)
    found = list(_settings_problems(guide.settings))
    try:
        body = kind.Body.model_validate(guide.draft)
    except ValidationError as error:
        return None, [*_from_types(error, guide.draft), *found]
    whole = body.model_dump(mode="json")
    found = [*kind.check(body), *condition_problems(whole), *_host_problems(whole, project.image_hosts), *found]
    return body, found


async def _frozen(guide: Guide, body: dict[str, Any], by: Member | None, note: str) -> Version:
    settings = Settings.model_validate(guide.settings).frozen()
    digest = digest_of({"body": body, "settings": settings})
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
        body_digest=digest_of(body),
        note=" ".join(note.replace("\x00", "").split())[:NOTE_LENGTH],
        created_at=clock.now(),
        created_by=by,
    )


async def _go_live(environment: Environment, version: Version, by: Member | None) -> Publication:
    guide_id: UUID = version.guide_id
    await Environment.select_for_update().get(id=environment.id)
    live = await Publication.get_or_none(environment=environment, guide_id=guide_id, ended_at=None)
    if live is not None and live.version_id == version.id:
        return live
    await touch(environment)
    now = clock.now()
    await Publication.filter(environment=environment, guide_id=guide_id, ended_at=None).update(ended_at=now)
    return await Publication.create(environment=environment, guide_id=guide_id, version=version, started_at=now, started_by=by)


def _settings_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        Settings.model_validate(settings)
    except ValidationError as error:
        for problem in _from_types(error, settings):
            yield Problem(("settings", *problem.path), problem.message)


def _host_problems(body: Any, allowed: Iterable[str], path: Path = ()) -> Iterator[Problem]:
    """Images and videos must come from hosts the project allows, so that no author can make pages call a stranger."""
    if isinstance(body, dict):
        if (host := media_host(body)) and not _allowed(host, allowed):
            first = (
                gettext_noop("allow videos from %(host)s first")
                if body["type"] == "video"
                else gettext_noop("allow images from %(host)s first")
            )
            yield Problem(path, Message(first, host=host))
        parts: Iterable[tuple[str | int, Any]] = body.items()
    else:
        parts = enumerate(body)
    for step, part in parts:
        if isinstance(part, dict | list):
            yield from _host_problems(part, allowed, (*path, step))


def _allowed(host: str, allowed: Iterable[str]) -> bool:
    return any(host == known or (known.startswith("*.") and host.endswith(known[1:])) for known in allowed)


def _from_types(error: ValidationError, draft: Any) -> Iterator[Problem]:
    for one in error.errors(include_url=False, include_context=True):
        yield Problem(_in_draft(one["loc"], draft), validation_message(one["type"], one.get("ctx", {}), one["msg"]))


def _in_draft(place: tuple[int | str, ...], draft: Any) -> Path:
    """pydantic names the tag of an either-or part in the path; the form does not."""
    path: list[int | str] = []
    at = draft
    for number, step in enumerate(place):
        known = (isinstance(at, dict) and step in at) or (isinstance(at, list) and isinstance(step, int) and step < len(at))
        if known:
            at = at[step]
        if known or (number == len(place) - 1 and not _is_tag(at, step)):
            path.append(step)
    return tuple(path)


def _is_tag(at: Any, step: int | str) -> bool:
    return isinstance(at, dict) and step in at.values()


def _differences(new: Any, old: Any, path: str) -> Iterator[str]:
    if _keyed(new) and _keyed(old):
        new, old = _by_key(new), _by_key(old)
        if [key for key in new if key in old] != [key for key in old if key in new]:
            yield f"{path}.order"
    if not (isinstance(new, dict) and isinstance(old, dict)) or "type" in new:
        if new != old:
            yield path
        return
    for step in dict.fromkeys((*new, *old)):
        below = f"{path}.{step}" if path else str(step)
        if step in new and step in old:
            yield from _differences(new[step], old[step], below)
        else:
            yield below


def _keyed(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) and isinstance(part.get("key"), str) for part in value)


def _by_key(value: list[dict[str, Any]]) -> dict[str, Any]:
    return {part["key"]: part for part in value}
