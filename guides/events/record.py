"""Record events once, and fold them into how far each person has come."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from guides.database import dialect, rows, sql, transaction, values
from guides.errors import Unknown
from guides.events import target_counts as finding
from guides.ids import day_of, time_of, uuid7
from guides.kind import COMMON_EVENTS, Body, Kind, Status, TargetFoundRate
from guides.models import Environment, Person, Progress, Version
from guides.progress.fold import Arrival, fold
from guides.publishing.compiled import EnvironmentSnapshot, get_snapshot
from guides.registry import kind_named

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 200
AHEAD = timedelta(days=28)
FOLDED = (
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
)
ENDED = ("ended_at", "first_completed_at", "snoozed_until")

Who = tuple[UUID, str, str]
Counted = tuple[str, str, date, str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one browser sent: events already type-checked by the wire (id, name, guide, version, item, at, props)."""

    environment: Environment
    person: str | None
    anonymous: str | None
    events: Sequence[Mapping[str, Any]]
    received_at: datetime
    browser: str = ""


@dataclass(slots=True)
class Outcome:
    """What became of a batch; `dropped` holds id, code and field of each event that was not taken."""

    accepted: int = 0
    duplicates: int = 0
    dropped: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A batch after its events were looked at one by one."""

    batch: Batch
    arrivals: list[Arrival]
    outcome: Outcome
    live: EnvironmentSnapshot

    @property
    def who(self) -> Who:
        """Whose events these are: environment, column and value; the wire makes sure that there is one."""
        batch = self.batch
        if batch.person is not None:
            return batch.environment.id, "external_id", batch.person
        return batch.environment.id, "anonymous_id", str(batch.anonymous)


@dataclass(frozen=True, slots=True)
class _Placed:
    """One event on its way into the database: from which batch, of which person."""

    one: _Sorted
    person: UUID
    event: Arrival


async def record(batches: Sequence[Batch]) -> list[Outcome]:
    """Store the events of all batches in one transaction and answer for each; an id that is there already changes nothing."""
    ready = [await _sort(batch) for batch in batches]
    await _store(ready)
    return [one.outcome for one in ready]


async def _sort(batch: Batch) -> _Sorted:
    """Part what may be stored from what is dropped; a guide that is new to this process is looked for once more."""
    environment = batch.environment
    live = await get_snapshot(environment.id, environment.project_id, environment.revision)
    if any(event.get("guide") is not None and event["guide"] not in live.known_guides for event in batch.events):
        newest = await Environment.get(id=environment.id)
        live = await get_snapshot(newest.id, newest.project_id, newest.revision)
    one = _Sorted(batch, [], Outcome(), live)
    for event in batch.events:
        arrival = _arrival(event, batch.received_at, live)
        if isinstance(arrival, Arrival):
            one.arrivals.append(arrival)
        else:
            code, where = arrival
            one.outcome.dropped.append({"id": str(event.get("id", "")), "code": code, "field": where})
    return one


def _arrival(event: Mapping[str, Any], received_at: datetime, live: EnvironmentSnapshot) -> Arrival | tuple[str, str]:
    try:
        event_id = UUID(event["id"])
        day = day_of(event_id)
    except (KeyError, ValueError):
        return "bad_id", "id"
    if day > (received_at + AHEAD).date():  # no partition is made so early, and one row there would keep it from being made
        return "bad_id", "id"
    guide = event.get("guide")
    if guide is not None and (reason := _refusal(guide, event["name"], live)):
        return reason
    return Arrival(
        id=event_id,
        day=day,
        guide=None if guide is None else UUID(guide),
        version=event.get("version"),
        name=event["name"],
        item=event.get("item"),
        at=min(_moment(event.get("at")) or time_of(event_id), received_at),
        received_at=received_at,
        props=event.get("props") or {},
    )


def _refusal(guide: str, name: str, live: EnvironmentSnapshot) -> tuple[str, str] | None:
    """Why an event of a guide is dropped: the guide was never live here, its kind is gone, or has no such event."""
    try:
        known = COMMON_EVENTS | kind_named(live.known_guides[guide]).events.keys()
    except (KeyError, Unknown):
        return "unknown_guide", "guide"
    return None if name in known else ("undeclared_event", "name")


def _moment(text: str | None) -> datetime | None:
    """The browser's time in UTC; None where it cannot be read or has no zone."""
    try:
        moment = datetime.fromisoformat(text or "")
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


@transaction
async def _store(ready: Sequence[_Sorted]) -> None:
    people = await _people({one.who: one.batch.received_at for one in ready if one.arrivals})
    once: dict[tuple[UUID, UUID], _Placed] = {}
    for one in ready:
        for event in one.arrivals:
            once.setdefault((one.batch.environment.id, event.id), _Placed(one, people[one.who], event))
    new = await _insert(once)
    taken = Counter(id(placed.one) for placed in new)
    for one in ready:
        one.outcome.accepted = taken[id(one)]
        one.outcome.duplicates = len(one.arrivals) - one.outcome.accepted
    await _fold([placed for placed in new if placed.event.guide is not None])
    await _count_dropped(ready)


async def _people(wanted: Mapping[Who, datetime]) -> dict[Who, UUID]:
    """The rows of these people, made where there is none, held until the end of the transaction."""
    found = await _held(wanted)
    if missing := [who for who in wanted if who not in found]:
        made = [Person(environment_id=who[0], created_at=wanted[who], last_seen_at=wanted[who], **{who[1]: who[2]}) for who in missing]
        await Person.bulk_create(made, ignore_conflicts=True)
        found |= await _held(missing)
    return found


async def _held(wanted: Iterable[Who]) -> dict[Who, UUID]:
    """Those of them that are there; in one order, so that two writers never wait for each other."""
    by_column: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for environment, column, value in wanted:
        by_column[environment, column].append(value)
    lock = "" if dialect() == "sqlite" else " ORDER BY id FOR NO KEY UPDATE"
    held: dict[Who, UUID] = {}
    for environment, column in sorted(by_column):
        text, named = values([{"value": value} for value in sorted(by_column[environment, column])])
        asked = f"SELECT id, {column} AS value FROM person WHERE environment_id = :environment AND {column} IN ({text}){lock}"
        for row in await rows(asked, environment=environment, **named):
            held[environment, column, row["value"]] = UUID(str(row["id"]))
    return held


async def _insert(once: Mapping[tuple[UUID, UUID], _Placed]) -> list[_Placed]:
    """Insert what is new, and give it back."""
    new: list[_Placed] = []
    every = list(once.values())
    for start in range(0, len(every), ROWS_AT_ONCE):
        text, named = values([_row(placed) for placed in every[start : start + ROWS_AT_ONCE]])
        for row in await rows(sql("events.record").replace("{values}", text), **named):
            new.append(once[UUID(str(row["environment_id"])), UUID(str(row["id"]))])
    return new


def _row(placed: _Placed) -> dict[str, Any]:
    event = placed.event
    return {
        "id": event.id,
        "environment": placed.one.batch.environment.id,
        "day": event.day,
        "person": placed.person,
        "guide": event.guide,
        "version": event.version,
        "name": event.name,
        "item": event.item,
        "at": event.at,
        "received": event.received_at,
        "props": event.props,
    }


async def _fold(new: list[_Placed]) -> None:
    """Fold new events into progress in the order they happened, count them by day, and write every touched row once."""
    if not new:
        return
    new.sort(key=lambda placed: placed.event.id.int >> 80)
    bodies = await _bodies(new)
    environments = {placed.one.batch.environment.id for placed in new}
    people, guides = {placed.person for placed in new}, {placed.event.guide for placed in new}
    held = await Progress.filter(environment_id__in=environments, person_id__in=people, guide_id__in=guides)
    touched = {(row.person_id, row.guide_id): row for row in held}
    changed: dict[tuple[UUID, UUID], Progress] = {}
    times: Counter[Counted] = Counter()
    firsts: Counter[Counted] = Counter()
    kinds = {_guide(placed): kind_named(placed.one.live.known_guides[str(placed.event.guide)]) for placed in new}
    items = {named: frozenset(_keys(body.model_dump())) for named, body in bodies.items()}
    for placed in new:
        where, event, named = (placed.person, _guide(placed)), placed.event, (_guide(placed), _version(placed))
        row = changed[where] = changed.get(where) or touched.get(where) or _fresh(placed)
        item = event.item if event.item in items.get(named, ()) else ""
        counted = (str(row.environment_id), str(event.guide), event.day, event.name, item or "")
        times[counted] += 1
        firsts[counted] += fold(row, event, kinds[named[0]], bodies.get(named))
    await Progress.bulk_create(changed.values(), on_conflict=["id"], update_fields=(*FOLDED, *ENDED))
    await _count(times, firsts)
    told = {named: _found(kinds[named[0]], body) for named, body in bodies.items()}
    await finding.keep([one for placed in new if (one := _sighting(placed, told.get((_guide(placed), _version(placed)))))])


def _found(kind: Kind, body: Body) -> TargetFoundRate | None:
    """Which events tell of elements; a kind that fails costs no event."""
    try:
        metrics = kind.metrics(body)
    except Exception:
        log.exception("the kind %s could not say what to count", kind.slug)
        return None
    return next((metric for metric in metrics if isinstance(metric, TargetFoundRate)), None)


def _sighting(placed: _Placed, told: TargetFoundRate | None) -> tuple[finding.Sighting, int | None] | None:
    batch = placed.one.batch
    return finding.sighting(placed.event, batch.environment.id, batch.browser, told)


def _keys(part: Any) -> Iterator[str]:
    """The keys of all items of a body: only these are counted by day, for anybody may send any word as an item."""
    if isinstance(part, dict):
        if isinstance(part.get("key"), str):
            yield part["key"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _keys(inner)


def _guide(placed: _Placed) -> UUID:
    assert placed.event.guide is not None
    return placed.event.guide


def _version(placed: _Placed) -> int | None:
    """The version an event speaks of; the live one when it does not say."""
    entry = placed.one.live.by_guide.get(str(placed.event.guide))
    return placed.event.version or (entry.version if entry else None)


def _fresh(placed: _Placed) -> Progress:
    event = placed.event
    return Progress(
        environment_id=placed.one.batch.environment.id,
        person_id=placed.person,
        guide_id=event.guide,
        version=event.version or 0,
        status=Status.STARTED,
        started_at=event.at,
        last_event_at=event.at,
    )


async def _bodies(new: Iterable[_Placed]) -> dict[tuple[UUID, int | None], Body]:
    """The bodies these events speak of; what is no longer live is loaded, all of it at once."""
    found: dict[tuple[UUID, int | None], Body] = {}
    older: dict[tuple[UUID, int | None], str] = {}
    for placed in new:
        entry, wanted = placed.one.live.by_guide.get(str(placed.event.guide)), (_guide(placed), _version(placed))
        if entry is not None and entry.version == wanted[1]:
            found[wanted] = entry.body
        else:
            older[wanted] = placed.one.live.known_guides[str(placed.event.guide)]
    numbers = {number for _, number in older if number is not None}
    stored = await Version.filter(guide_id__in={guide for guide, _ in older}, number__in=numbers) if numbers else []
    for version in stored:
        if kind := older.get((version.guide_id, version.number)):
            with suppress(ValidationError):
                found[version.guide_id, version.number] = kind_named(kind).Body.model_validate(version.body)
    return found


async def _count(times: Mapping[Counted, int], firsts: Mapping[Counted, int]) -> None:
    """Add to the daily counts; in one order, so that two writers never wait for each other."""
    every = sorted(times)
    for start in range(0, len(every), ROWS_AT_ONCE):
        part = [_counts(counted, times[counted], firsts[counted]) for counted in every[start : start + ROWS_AT_ONCE]]
        text, named = values(part)
        await rows(sql("events.count").replace("{values}", text), **named)


def _counts(counted: Counted, times: int, people: int) -> dict[str, Any]:
    environment, guide, day, name, item = counted
    row = {"id": uuid7(), "environment": UUID(environment), "guide": UUID(guide), "day": day, "name": name, "item": item}
    return row | {"times": times, "people": people}


async def _count_dropped(ready: Iterable[_Sorted]) -> None:
    dropped = Counter(
        (str(one.batch.environment.id), one.batch.received_at.date(), drop["code"]) for one in ready for drop in one.outcome.dropped
    )
    for (environment, day, code), times in sorted(dropped.items()):
        await rows(sql("events.drop"), id=uuid7(), environment=UUID(environment), day=day, code=code, times=times)
