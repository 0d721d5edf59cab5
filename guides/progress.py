"""Record events once, and fold them into how far each person has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from guides import kind as kinds
from guides.database import rows, sql, transaction
from guides.delivery import guide_uuid
from guides.ids import day_of, uuid7
from guides.kind import COMMON_EVENTS, Body, Kind, Status
from guides.models import Environment, Person, Progress, Version
from guides.published import Published, published
from guides.registry import kind_named

ROWS_AT_ONCE = 200
REASON_LENGTH = 40
ENDS = {"completed": Status.COMPLETED, "dismissed": Status.DISMISSED}


@dataclass(frozen=True, slots=True)
class Batch:
    """What one browser sent: events already type-checked by the wire (id, name, guide, version, item, at, props)."""

    environment: Environment
    person: str | None
    anonymous: str | None
    events: Sequence[Mapping[str, Any]]
    received_at: datetime


@dataclass(slots=True)
class Outcome:
    """What became of a batch; `dropped` holds id, code and field of each event that was not taken."""

    accepted: int = 0
    duplicates: int = 0
    dropped: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event that may be stored."""

    id: UUID
    day: date
    guide: UUID | None
    version: int | None
    name: str
    item: str | None
    at: datetime
    received_at: datetime
    props: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A batch after its events were looked at one by one."""

    batch: Batch
    arrivals: list[Arrival]
    outcome: Outcome
    live: Published | None


async def record(batches: Sequence[Batch]) -> list[Outcome]:
    """Store the events of all batches in one transaction and answer for each; an id that is there already changes nothing."""
    ready = [await _sort(batch) for batch in batches]
    await _store(ready)
    return [one.outcome for one in ready]


async def _sort(batch: Batch) -> _Sorted:
    """Part what may be stored from what is dropped, each with its reason."""
    environment = batch.environment
    live = await published(environment.id, environment.project_id, environment.revision) if batch.events else None
    one = _Sorted(batch, [], Outcome(), live)
    for event in batch.events:
        arrival = _arrival(event, batch.received_at, live)
        if isinstance(arrival, Arrival):
            one.arrivals.append(arrival)
        else:
            code, where = arrival
            one.outcome.dropped.append({"id": str(event.get("id", "")), "code": code, "field": where})
    return one


def _arrival(event: Mapping[str, Any], received_at: datetime, live: Published | None) -> Arrival | tuple[str, str]:
    try:
        event_id = UUID(event["id"])
        day = day_of(event_id)
    except (KeyError, ValueError, OverflowError):
        return "bad_id", "id"
    guide = event.get("guide")
    if guide is not None and (reason := _refusal(guide, event["name"], live)):
        return reason
    return Arrival(
        id=event_id,
        day=day,
        guide=guide_uuid(guide),
        version=event.get("version"),
        name=event["name"],
        item=event.get("item"),
        at=_moment(event.get("at"), received_at),
        received_at=received_at,
        props=event.get("props") or {},
    )


def _refusal(guide: str, name: str, live: Published | None) -> tuple[str, str] | None:
    slug = live.ever.get(guide) if live else None
    if slug is None:
        return "unknown_guide", "guide"
    if name not in COMMON_EVENTS and name not in kind_named(slug).events:
        return "undeclared_event", "name"
    return None


def _moment(at: str | None, received_at: datetime) -> datetime:
    """The browser's time, or ours where theirs cannot be read, has no zone or lies ahead."""
    try:
        moment = datetime.fromisoformat(at or "")
    except ValueError:
        return received_at
    return min(moment, received_at) if moment.tzinfo else received_at


@transaction
async def _store(ready: Sequence[_Sorted]) -> None:
    for one in ready:
        if not one.arrivals:
            continue
        person = await _person(one.batch)
        new = await _insert(one.batch.environment.id, person, one.arrivals)
        one.outcome.accepted = len(new)
        one.outcome.duplicates = len(one.arrivals) - len(new)
        await _fold(one, person, [arrival for arrival in one.arrivals if arrival.id in new])
    await _count_dropped(ready)


async def _person(batch: Batch) -> UUID:
    who = {"key": batch.person} if batch.person is not None else {"anonymous": batch.anonymous}
    column, value = next(iter(who.items()))
    environment = batch.environment.id
    found = await rows(
        f"SELECT id FROM person WHERE environment_id = :environment AND {column} = :value", environment=environment, value=value
    )
    if found:
        return UUID(str(found[0]["id"]))
    made = await Person.create(environment_id=environment, created_at=batch.received_at, seen_at=batch.received_at, **who)
    return made.id


async def _insert(environment: UUID, person: UUID, arrivals: Sequence[Arrival]) -> set[UUID]:
    """Insert what is new; the ids that were, an id sent twice in one batch counted once."""
    once = list({arrival.id: arrival for arrival in arrivals}.values())
    new: set[UUID] = set()
    for start in range(0, len(once), ROWS_AT_ONCE):
        part = once[start : start + ROWS_AT_ONCE]
        values = ", ".join(
            f"(:id{n}, :environment, :day{n}, :person, :guide{n}, :version{n}, :name{n}, :item{n}, :at{n}, :received{n}, :props{n})"
            for n in range(len(part))
        )
        named = {key: value for n, arrival in enumerate(part) for key, value in _named(n, arrival).items()}
        stored = await rows(sql("progress.record") + values + _UNLESS_THERE, environment=environment, person=person, **named)
        new.update(UUID(str(row["id"])) for row in stored)
    return new


_UNLESS_THERE = " ON CONFLICT (environment_id, day, id) DO NOTHING RETURNING id"


def _named(n: int, arrival: Arrival) -> dict[str, Any]:
    return {
        f"id{n}": arrival.id,
        f"day{n}": arrival.day,
        f"guide{n}": arrival.guide,
        f"version{n}": arrival.version,
        f"name{n}": arrival.name,
        f"item{n}": arrival.item,
        f"at{n}": arrival.at,
        f"received{n}": arrival.received_at,
        f"props{n}": arrival.props,
    }


async def _fold(one: _Sorted, person: UUID, arrivals: Iterable[Arrival]) -> None:
    """Fold new events into progress, in the order of their milliseconds, and count them by day."""
    environment = one.batch.environment
    by_guide: dict[UUID, list[Arrival]] = {}
    for arrival in sorted(arrivals, key=lambda arrival: arrival.id.int >> 80):
        if arrival.guide is not None:
            by_guide.setdefault(arrival.guide, []).append(arrival)
    if not by_guide:
        return
    held = await Progress.select_for_update().filter(environment_id=environment.id, person_id=person, guide_id__in=list(by_guide))
    progress = {row.guide_id: row for row in held}
    counts: Counter[tuple[UUID, date, str, str]] = Counter()
    people: Counter[tuple[UUID, date, str, str]] = Counter()
    for guide, events in by_guide.items():
        row = progress.get(guide) or _fresh(environment.id, person, guide, events[0])
        for event in events:
            where = (guide, event.day, event.name, event.item or "")
            counts[where] += 1
            people[where] += await _advance(row, event, one.live)
        await row.save()
    await _count(environment.id, counts, people)


def _fresh(environment: UUID, person: UUID, guide: UUID, event: Arrival) -> Progress:
    return Progress(
        environment_id=environment,
        person_id=person,
        guide_id=guide,
        version=event.version or 0,
        status=Status.STARTED,
        started_at=event.at,
        last_at=event.at,
    )


async def _advance(row: Progress, event: Arrival, live: Published | None) -> int:
    """Apply one event; 1 when it counts this person for the first time (that day for shown, ever for the ends)."""
    counts_person = _common(row, event)
    kind, body = await _described(event, live)
    if body is not None:
        memory = kinds.Progress(status=Status(row.status), item=row.item, done=list(row.done), shown=row.shown)
        kind.advance(memory, kinds.Event(event.name, event.item, event.at, event.props), body)
        row.item, row.done = memory.item, memory.done
        if memory.status != row.status:
            row.status, row.ended_at = memory.status, event.at
    row.version = event.version or row.version
    row.last_at = max(row.last_at, event.at)
    return counts_person


def _common(row: Progress, event: Arrival) -> int:
    if event.name == "shown":
        return _begin(row, event)
    end = ENDS.get(event.name)
    if end is None or row.status == Status.COMPLETED:
        return 0
    first = row.status != end
    row.status, row.ended_at = end, event.at
    row.reason = str(event.props.get("reason", ""))[:REASON_LENGTH]
    return int(first)


def _begin(row: Progress, event: Arrival) -> int:
    """Shown again after an end: a new run begins, what was done is forgotten."""
    row.shown += 1
    if row.status != Status.STARTED:
        row.status, row.ended_at, row.item, row.done, row.reason = Status.STARTED, None, None, [], ""
    first = row.shown_day is None or row.shown_day < event.day
    row.shown_day = max(event.day, row.shown_day) if row.shown_day else event.day
    return int(first)


async def _described(event: Arrival, live: Published | None) -> tuple[Kind, Body | None]:
    """The kind and the body this event speaks of; an older version than the live one is loaded."""
    guide = str(event.guide)
    assert live is not None
    kind = kind_named(live.ever[guide])
    entry = live.by_guide.get(guide)
    if entry is not None and event.version in (None, entry.version):
        return kind, entry.body
    version = await Version.get_or_none(guide_id=event.guide, number=event.version)
    try:
        return kind, None if version is None else kind.Body.model_validate(version.body)
    except ValidationError:
        return kind, None


async def _count(environment: UUID, counts: Mapping[tuple[UUID, date, str, str], int], people: Mapping[Any, int]) -> None:
    for (guide, day, name, item), times in sorted(counts.items(), key=str):
        await rows(
            sql("progress.count"),
            id=uuid7(),
            environment=environment,
            guide=guide,
            day=day,
            name=name,
            item=item,
            times=times,
            people=people[guide, day, name, item],
        )


async def _count_dropped(ready: Iterable[_Sorted]) -> None:
    dropped = Counter(
        (one.batch.environment.id, one.batch.received_at.date(), drop["code"]) for one in ready for drop in one.outcome.dropped
    )
    for (environment, day, code), times in sorted(dropped.items(), key=str):
        await rows(sql("progress.drop"), id=uuid7(), environment=environment, day=day, code=code, times=times)
