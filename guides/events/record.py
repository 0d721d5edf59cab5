"""Records events once, and applies them to how far each person has come."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from guides.database import dialect, rows, sql, transaction, values
from guides.events.daily_counts import DailyKey, add_daily_counts, add_dropped_counts, item_keys
from guides.events.resolve import Batch, Bodies, BodyKey, IngestResult, ParsedBatch, resolve
from guides.events.target_counts import TargetLookup, add_counts, target_lookup
from guides.kind import Body, Kind, SetAttribute, Status, TargetFoundRate
from guides.models import Person, Progress
from guides.people.set_attributes import set_attributes
from guides.progress.fold import IncomingEvent, apply_event

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 200
PROGRESS_COLUMNS = (
    "version",
    "status",
    "current_item",
    "done_items",
    "times_shown",
    "last_shown_day",
    "end_reason",
    "state",
    "started_at",
    "last_event_at",
    "ended_at",
    "first_completed_at",
    "snoozed_until",
)

PersonKey = tuple[UUID, str, str]
"""Environment, column and value that name a person."""


@dataclass(frozen=True, slots=True)
class ResolvedEvent:
    """One event on its way into the database: from which batch, of which person."""

    source: ParsedBatch
    person_id: UUID
    event: IncomingEvent

    @property
    def body_key(self) -> BodyKey:
        """Which body the event is about."""
        return self.source.body_key(self.event)

    @property
    def guide_id(self) -> UUID:
        """The guide of an event that has one."""
        return self.body_key[0]


async def record(batches: Sequence[Batch]) -> list[IngestResult]:
    """Stores the events of all batches in one transaction, one result for each; an id that is stored already changes nothing."""
    parsed, bodies = await resolve(batches)
    await _store(parsed, bodies)
    return [each.result for each in parsed]


@transaction
async def _store(batches: Sequence[ParsedBatch], bodies: Bodies) -> None:
    people = await _get_or_create_people({_person_key(each.batch): each.batch.received_at for each in batches if each.events})
    by_id: dict[tuple[UUID, UUID], ResolvedEvent] = {}
    for parsed in batches:
        for event in parsed.events:
            resolved = ResolvedEvent(parsed, people[_person_key(parsed.batch)], event)
            by_id.setdefault((parsed.batch.environment.id, event.id), resolved)
    new = await _insert(by_id)
    accepted = Counter(id(resolved.source) for resolved in new)
    for parsed in batches:
        parsed.result.accepted = accepted[id(parsed)]
        parsed.result.duplicates = len(parsed.events) - parsed.result.accepted
    await _apply([resolved for resolved in new if resolved.event.guide is not None], bodies)
    await add_dropped_counts(
        Counter(
            (str(each.batch.environment.id), each.batch.received_at.date(), drop["code"])
            for each in batches
            for drop in each.result.dropped
        )
    )


def _person_key(batch: Batch) -> PersonKey:
    """Whose events these are; the wire makes sure that there is one."""
    if batch.person is not None:
        return batch.environment.id, "external_id", batch.person
    return batch.environment.id, "anonymous_id", str(batch.anonymous)


async def _get_or_create_people(wanted: Mapping[PersonKey, datetime]) -> dict[PersonKey, UUID]:
    """The rows of these people, created where missing, locked until the end of the transaction."""
    people = await _lock_people(wanted)
    if missing := [key for key in wanted if key not in people]:
        created = [Person(environment_id=key[0], created_at=wanted[key], last_seen_at=wanted[key], **{key[1]: key[2]}) for key in missing]
        await Person.bulk_create(created, ignore_conflicts=True)
        people |= await _lock_people(missing)
    return people


async def _lock_people(wanted: Iterable[PersonKey]) -> dict[PersonKey, UUID]:
    """Those of them that exist; in one order, so that two writers never wait for each other."""
    by_column: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for environment, column, value in wanted:
        by_column[environment, column].append(value)
    lock = "" if dialect() == "sqlite" else " ORDER BY id FOR NO KEY UPDATE"
    people: dict[PersonKey, UUID] = {}
    for environment, column in sorted(by_column):
        text, named = values([{"value": value} for value in sorted(by_column[environment, column])])
        query = f"SELECT id, {column} AS value FROM person WHERE environment_id = :environment AND {column} IN ({text}){lock}"
        for row in await rows(query, environment=environment, **named):
            people[environment, column, row["value"]] = UUID(str(row["id"]))
    return people


async def _insert(by_id: Mapping[tuple[UUID, UUID], ResolvedEvent]) -> list[ResolvedEvent]:
    """Inserts what is new, and returns that."""
    new: list[ResolvedEvent] = []
    events = list(by_id.values())
    for start in range(0, len(events), ROWS_AT_ONCE):
        text, named = values([_event_row(resolved) for resolved in events[start : start + ROWS_AT_ONCE]])
        for row in await rows(sql("events.record").replace("{values}", text), **named):
            new.append(by_id[UUID(str(row["environment_id"])), UUID(str(row["id"]))])
    return new


def _event_row(resolved: ResolvedEvent) -> dict[str, Any]:
    event = resolved.event
    return {
        "id": event.id,
        "environment": resolved.source.batch.environment.id,
        "day": event.day,
        "person": resolved.person_id,
        "guide": event.guide,
        "version": event.version,
        "name": event.name,
        "item": event.item,
        "at": event.at,
        "received": event.received_at,
        "props": event.props,
    }


async def _apply(new: list[ResolvedEvent], bodies: Bodies) -> None:
    """Applies new events to progress in the order they happened, counts them by day, and writes each touched row once."""
    if not new:
        return
    new.sort(key=lambda resolved: resolved.event.id.int >> 80)
    stored = await _stored_progress(new)
    changed: dict[tuple[UUID, UUID], Progress] = {}
    times: Counter[DailyKey] = Counter()
    people: Counter[DailyKey] = Counter()
    attributes: dict[UUID, list[SetAttribute]] = defaultdict(list)
    items = {key: item_keys(body) for key, body in bodies.items()}
    for resolved in new:
        event, row_key = resolved.event, (resolved.person_id, resolved.guide_id)
        row = changed[row_key] = changed.get(row_key) or stored.get(row_key) or _new_progress(resolved)
        change = apply_event(row, event, resolved.source.kind_of(event), bodies.get(resolved.body_key))
        item = event.item if event.item in items.get(resolved.body_key, ()) else ""
        key = (str(row.environment_id), str(event.guide), event.day, event.name, item or "")
        times[key] += 1
        people[key] += change.is_first
        if change.attributes:
            attributes[resolved.person_id].extend(change.attributes)
    await Progress.bulk_create(changed.values(), on_conflict=["id"], update_fields=PROGRESS_COLUMNS)
    await add_daily_counts(times, people)
    await add_counts(_target_lookups(new, bodies))
    for person_id in sorted(attributes):
        await set_attributes(person_id, attributes[person_id])


async def _stored_progress(new: Sequence[ResolvedEvent]) -> dict[tuple[UUID, UUID], Progress]:
    environments = {resolved.source.batch.environment.id for resolved in new}
    people, guides = {resolved.person_id for resolved in new}, {resolved.guide_id for resolved in new}
    stored = await Progress.filter(environment_id__in=environments, person_id__in=people, guide_id__in=guides)
    return {(row.person_id, row.guide_id): row for row in stored}


def _new_progress(resolved: ResolvedEvent) -> Progress:
    event = resolved.event
    return Progress(
        environment_id=resolved.source.batch.environment.id,
        person_id=resolved.person_id,
        guide_id=event.guide,
        version=event.version or 0,
        status=Status.STARTED,
        started_at=event.at,
        last_event_at=event.at,
    )


def _target_lookups(new: Iterable[ResolvedEvent], bodies: Bodies) -> list[tuple[TargetLookup, int | None]]:
    """What the events say of how elements were found."""
    metrics: dict[BodyKey, TargetFoundRate | None] = {}
    lookups = []
    for resolved in new:
        key, batch, event = resolved.body_key, resolved.source.batch, resolved.event
        if key in bodies and key not in metrics:
            metrics[key] = _find_target_metric(resolved.source.kind_of(event), bodies[key])
        if lookup := target_lookup(event, batch.environment.id, batch.browser, metrics.get(key)):
            lookups.append(lookup)
    return lookups


def _find_target_metric(kind: Kind, body: Body) -> TargetFoundRate | None:
    """Which events tell of elements; a kind that fails costs no event."""
    try:
        return next((metric for metric in kind.metrics(body) if isinstance(metric, TargetFoundRate)), None)
    except Exception:
        log.exception("the kind %s could not say what to count", kind.slug)
        return None
