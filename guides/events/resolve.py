"""Decides which events of a batch may be stored: their ids, guides, names and, asked of the kind, their contents."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from guides import kind as kinds
from guides.errors import Unknown
from guides.ids import day_of, time_of
from guides.kind import COMMON_EVENTS, Body, Kind
from guides.models import Environment, Version
from guides.progress.fold import IncomingEvent
from guides.progress.kind_answers import MAX_STATE_BYTES, checked_item, plain_json
from guides.publishing.compiled import EnvironmentSnapshot, get_snapshot
from guides.registry import kind_named

log = logging.getLogger(__name__)

MAX_AHEAD = timedelta(days=28)

BodyKey = tuple[UUID, int | None]
"""A guide and the number of one of its versions."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one browser sent: events type-checked by the wire (id, name, guide, version, item, at as a datetime or None, props)."""

    environment: Environment
    person: str | None
    anonymous: str | None
    events: Sequence[Mapping[str, Any]]
    received_at: datetime
    browser: str = ""


@dataclass(slots=True)
class IngestResult:
    """What became of a batch; `dropped` has id, code and field of each event that was not taken."""

    accepted: int = 0
    duplicates: int = 0
    dropped: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ParsedBatch:
    """A batch with the events that may be stored, and what is live where it came from."""

    batch: Batch
    snapshot: EnvironmentSnapshot
    events: list[IncomingEvent] = field(default_factory=list)
    result: IngestResult = field(default_factory=IngestResult)

    def kind_of(self, event: IncomingEvent) -> Kind:
        """Returns the kind of the event's guide."""
        return kind_named(self.snapshot.known_guides[str(event.guide)])

    def version_of(self, event: IncomingEvent) -> int | None:
        """Returns the version the event names; the live one where it names none."""
        live = self.snapshot.by_guide.get(str(event.guide))
        return event.version or (live.version if live else None)

    def body_key(self, event: IncomingEvent) -> BodyKey:
        """Returns which body the event is about."""
        assert event.guide is not None
        return event.guide, self.version_of(event)

    def drop(self, event_id: str, code: str, field: str) -> None:
        """Notes that an event is not taken."""
        self.result.dropped.append({"id": event_id, "code": code, "field": field})


Bodies = Mapping[BodyKey, Body]


async def resolve(batches: Sequence[Batch]) -> tuple[list[ParsedBatch], Bodies]:
    """Returns the batches with what may be stored of each, and the bodies their events are about. One query where one is not live."""
    parsed = [await _parse(batch) for batch in batches]
    bodies = await _load_bodies(parsed)
    for each in parsed:
        each.events[:] = [read for event in each.events if (read := _read(each, event, bodies)) is not None]
    return parsed, bodies


async def _parse(batch: Batch) -> ParsedBatch:
    """Separates the events that may be stored; looks once more for a guide that is new to this process."""
    environment = batch.environment
    snapshot = await get_snapshot(environment.id, environment.project_id, environment.revision)
    if any(event.get("guide") is not None and event["guide"] not in snapshot.known_guides for event in batch.events):
        latest = await Environment.get(id=environment.id)
        snapshot = await get_snapshot(latest.id, latest.project_id, latest.revision)
    parsed = ParsedBatch(batch, snapshot)
    for event in batch.events:
        incoming = _incoming(event, batch.received_at, snapshot)
        if isinstance(incoming, IncomingEvent):
            parsed.events.append(incoming)
        else:
            parsed.drop(str(event.get("id", "")), *incoming)
    return parsed


def _incoming(event: Mapping[str, Any], received_at: datetime, snapshot: EnvironmentSnapshot) -> IncomingEvent | tuple[str, str]:
    try:
        event_id = UUID(event["id"])
        day = day_of(event_id)
    except (KeyError, ValueError):
        return "bad_id", "id"
    if day > (received_at + MAX_AHEAD).date():  # no partition is made so early, and one row there would keep it from being made
        return "bad_id", "id"
    guide = event.get("guide")
    if guide is not None and (refusal := _refusal(guide, event, snapshot)):
        return refusal
    return IncomingEvent(
        id=event_id,
        day=day,
        guide=None if guide is None else UUID(guide),
        version=event.get("version"),
        name=event["name"],
        item=event.get("item"),
        at=min(event.get("at") or time_of(event_id), received_at),
        received_at=received_at,
        props=event.get("props") or {},
    )


def _refusal(guide: str, event: Mapping[str, Any], snapshot: EnvironmentSnapshot) -> tuple[str, str] | None:
    """Why an event of a guide is dropped: it was never live here, its kind is gone or has no such event, or the state is too large."""
    try:
        declared = kind_named(snapshot.known_guides[guide]).events
    except (KeyError, Unknown):
        return "unknown_guide", "guide"
    name = event["name"]
    if name not in declared and name not in COMMON_EVENTS:
        return "undeclared_event", "name"
    if name == "state_saved" and len(orjson.dumps(event.get("props") or {})) > MAX_STATE_BYTES:
        return "too_large", "props"
    return None


def _read(parsed: ParsedBatch, event: IncomingEvent, bodies: Bodies) -> IncomingEvent | None:
    """The event as its kind stores it; a kind that refuses it drops it, one that fails leaves it as it came."""
    body = bodies.get(parsed.body_key(event)) if event.guide is not None else None
    if body is None:
        return event
    kind = parsed.kind_of(event)
    sent = kinds.Event(event.name, event.item, event.at, event.props)
    try:
        read = kind.read(sent, body)
        taken = event if read is sent or read is None else replace(event, item=checked_item(read.item), props=plain_json(read.props))
    except Exception:
        log.exception("the kind %s could not read the event %s", kind.slug, event.name)
        return event
    if read is None:
        parsed.drop(str(event.id), "refused_event", "props")
        return None
    return taken


async def _load_bodies(batches: Iterable[ParsedBatch]) -> Bodies:
    """The bodies the events are about; those that are no longer live are read with one query."""
    bodies: dict[BodyKey, Body] = {}
    older: dict[BodyKey, Kind] = {}
    for parsed in batches:
        for event in parsed.events:
            if event.guide is None:
                continue
            key, live = parsed.body_key(event), parsed.snapshot.by_guide.get(str(event.guide))
            if live is not None and live.version == key[1]:
                bodies[key] = live.body
            else:
                older[key] = parsed.kind_of(event)
    numbers = {number for _, number in older if number is not None}
    versions = await Version.filter(guide_id__in={guide for guide, _ in older}, number__in=numbers) if numbers else []
    for version in versions:
        if kind := older.get((version.guide_id, version.number)):
            with suppress(ValidationError):
                bodies[version.guide_id, version.number] = kind.Body.model_validate(version.body)
    return bodies
