"""What is live in an environment, compiled once for each revision and kept in the process."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from guides.kind import Body, Kind, Person, Visit
from guides.models import Environment, Guide, Publication, Theme, Version
from guides.projects import environment_cache as environments
from guides.publishing.guide_settings import Settings
from guides.publishing.preload import parts_of
from guides.publishing.publish import canonical
from guides.registry import kind_named, kinds
from guides.rules.content_conditions import is_conditional
from guides.rules.evaluate import Rule
from guides.rules.prefilter import Candidates

log = logging.getLogger(__name__)

ENVIRONMENTS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One live guide, ready to be delivered: everything that is the same for all people is encoded.

    `body_digest` names a body that may be fetched later; None where each person has their own, and where the kind has learned
    new fields since the version was frozen.
    """

    guide_id: str
    version: int
    kind: Kind
    body: Body
    rule: Rule | None
    frequency: str
    days: int | None
    start: str
    priority: int
    head: bytes
    body_json: bytes
    body_digest: str | None
    personal: bool
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Published:
    """All of one environment at one revision; `ever` names the kind of every guide that was ever live there."""

    revision: int
    entries: tuple[Entry, ...]
    by_guide: Mapping[str, Entry]
    ever: Mapping[str, str]
    theme: Mapping[str, Any]
    candidates: Candidates


_DIGEST = re.compile(r"[0-9a-f]{64}")
_kept: OrderedDict[UUID, Published] = OrderedDict()
_loading: dict[UUID, asyncio.Lock] = {}


async def published(environment_id: UUID, project_id: UUID, revision: int) -> Published:
    """What is live at that revision; loaded by one task while the others wait."""
    if (held := _fresh(environment_id, revision)) is not None:
        return held
    async with _loading.setdefault(environment_id, asyncio.Lock()):
        held = _fresh(environment_id, revision)
        if held is None:
            held = _kept[environment_id] = await _load(environment_id, project_id)
            _kept.move_to_end(environment_id)
            while len(_kept) > ENVIRONMENTS_KEPT:
                _loading.pop(_kept.popitem(last=False)[0], None)
    return held


def forget() -> None:
    """Drop everything kept: for a process that changes its database."""
    _kept.clear()
    _loading.clear()
    environments.forget()


async def body_by_digest(digest: str) -> bytes | None:
    """The frozen body of that digest as JSON, whichever environment it is live in; None when there is none."""
    if not _DIGEST.fullmatch(digest):
        return None
    for held in _kept.values():
        for entry in held.entries:
            if entry.body_digest == digest:
                return entry.body_json
    version = await Version.filter(body_digest=digest).prefetch_related("guide").first()
    kind = kinds().get(version.guide.kind) if version else None
    if version is None or kind is None or kind.personal:
        return None
    return canonical(version.body)


def _fresh(environment_id: UUID, revision: int) -> Published | None:
    held = _kept.get(environment_id)
    if held is None or held.revision < revision:
        return None
    _kept.move_to_end(environment_id)
    return held


async def _load(environment_id: UUID, project_id: UUID) -> Published:
    environment = await Environment.get(id=environment_id)
    live = Publication.filter(environment_id=environment_id, ended_at=None, guide__archived_at=None)
    rows = await live.select_related("version", "guide")
    compiled = (entry for row in rows if (entry := entry_of(row.version, row.guide.kind)) is not None)
    entries = in_order(compiled)
    ever = await Guide.filter(publications__environment_id=environment_id).distinct().values_list("id", "kind")
    theme = await Theme.filter(project_id=project_id, is_default=True).first()
    return Published(
        revision=environment.revision,
        entries=tuple(entries),
        by_guide={entry.guide_id: entry for entry in entries},
        ever={str(guide): str(kind) for guide, kind in ever},
        theme={"tokens": theme.tokens, "scheme": theme.scheme} if theme else {},
        candidates=Candidates([entry.rule for entry in entries]),
    )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The most important first; the same order every time."""
    return sorted(entries, key=lambda entry: (-entry.priority, entry.guide_id))


def entry_of(version: Version, named: str) -> Entry | None:
    """A frozen version of a kind, ready to be delivered; None when the kind is gone or the body no longer loads, which is logged."""
    guide_id = str(version.guide_id)
    try:
        kind = kind_named(named)
        body = kind.Body.model_validate(version.body)
        settings = Settings.model_validate(version.settings)
        lane = kind.lane(body)
        whole = b"null" if kind.personal else canonical(kind.deliver(body, Visit(Person(None, {}))))
    except Exception as error:
        log.error("guide %s version %s is left out: %s", guide_id, version.number, error)
        return None
    said = {"id": guide_id, "version": version.number, "kind": kind.slug, "lane": lane, "priority": settings.priority}
    said |= settings.said()
    triggered = [{"triggered": guide_id}] if "trigger" in said else []
    if parts := parts_of(whole):
        said["parts"] = parts
    is_personal = kind.personal or is_conditional(version.body)
    return Entry(
        guide_id=guide_id,
        version=version.number,
        kind=kind,
        body=body,
        rule=_all(settings.audience, settings.trigger, *triggered),
        frequency=settings.frequency,
        days=settings.days if settings.frequency == "every_days" else None,
        start=settings.start,
        priority=settings.priority,
        head=orjson.dumps(said)[:-1],
        body_json=whole,
        body_digest=None if is_personal or whole != canonical(version.body) else version.body_digest,
        personal=is_personal,
        names=frozenset(_person_names(version.body)),
    )


def _all(*rules: Rule | None) -> Rule | None:
    """One rule of several. That a guide was triggered is known in the browser alone: one that cannot tell shows nothing."""
    given = [rule for rule in rules if rule]
    return {"all": given} if len(given) > 1 else given[0] if given else None


def _person_names(part: Any) -> Iterator[str]:
    """The attributes a text speaks of, so that only those travel to the browser."""
    if isinstance(part, dict):
        if part.get("type") == "person":
            yield str(part.get("attribute"))
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _person_names(inner)
