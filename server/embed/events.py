"""POST /embed/v1/events: records a batch; answers after the commit, and an invalid event is dropped without costing the valid ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import orjson
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from guides import clock
from guides.events.group_commit import QueueFull
from guides.events.resolve import Batch
from guides.progress.kind_answers import MAX_ITEM_LENGTH
from guides.projects.environment_cache import get_environment_by_key
from guides.projects.origins import check_origin
from server.embed.boot import JSON, SCHEMA, Attributes, WireModel
from server.http import json_body as wire
from server.http.errors import WireError
from server.http.json_body import Id, Key
from server.http.user_agent import get_browser_family
from server.process.lifespan import Services

MAX_EVENTS = 500
MAX_EVENT_BYTES = 32 * 1024
MAX_SKEW = timedelta(minutes=5)
MAX_AGE = timedelta(days=30)

Drop = dict[str, str | None]


class PersonRef(WireModel):
    """The person the events belong to."""

    id: Id


class EventsRequest(WireModel):
    """The batch without its events, which are validated one by one."""

    schema_: Annotated[int, Field(alias="schema", ge=1)] = SCHEMA
    environment: Key
    person: PersonRef | None = None
    anonymous: Id | None = None
    sent_at: Annotated[str, StringConstraints(max_length=40)] | None = None


class EventInput(WireModel):
    """One event as sent."""

    id: Id
    name: Id
    guide: Annotated[str, StringConstraints(max_length=200)] | None = None
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    item: Annotated[str, StringConstraints(max_length=MAX_ITEM_LENGTH)] | None = None
    at: Annotated[str, StringConstraints(max_length=40)] | None = None
    props: Attributes = None


@dataclass(slots=True)
class ReadBatch:
    """The events of one request: those accepted, the index each was sent at, and those dropped by index."""

    accepted: list[dict[str, Any]] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)
    dropped: list[tuple[int, Drop]] = field(default_factory=list)


async def post_events(request: Request, services: Services) -> Response:
    """Record a batch."""
    await services.rate_limiter.check_address("events", services.client_address(request.scope))
    parsed = await wire.read(request)
    call, sent = _envelope(parsed)
    await services.rate_limiter.check_environment("events", call.environment)
    environment = await get_environment_by_key(call.environment)
    await check_origin(environment, request.headers.get("origin"))
    received_at = clock.now()
    read = read_events(sent, parsed, _skew(call.sent_at, received_at), received_at)
    person = call.person.id if call.person else None
    browser = get_browser_family(request.headers.get("user-agent"))
    try:
        outcome = await services.writer.submit(Batch(environment, person, call.anonymous, read.accepted, received_at, browser))
    except QueueFull as error:
        raise WireError(503, "busy", "More is waiting to be written than can be held.", None, {"retry-after": "1"}) from error
    dropped = _merge_dropped(read, outcome.dropped)
    services.metrics.events.update(accepted=outcome.accepted, duplicates=outcome.duplicates, dropped=len(dropped))
    body = {"accepted": outcome.accepted, "duplicates": outcome.duplicates, "dropped": dropped}
    return Response(orjson.dumps(body | ({"off": True} if environment.is_disabled else {})), 202, {"cache-control": "no-store"}, JSON)


def read_events(sent: Sequence[Any], parsed: wire.JsonBody, skew: timedelta, received_at: datetime) -> ReadBatch:
    """Validate each event; an invalid one is dropped with its error."""
    read = ReadBatch()
    for index, raw in enumerate(sent):
        try:
            event = _read_event(raw, f"events.{index}", parsed)
        except WireError as error:
            read.dropped.append((index, _drop(raw, error)))
            continue
        read.accepted.append(event.model_dump() | {"at": _event_time(event.at, skew, received_at)})
        read.indexes.append(index)
    return read


def _envelope(parsed: wire.JsonBody) -> tuple[EventsRequest, Sequence[Any]]:
    tree = dict(parsed.json)
    if tree.get("environment") is None:
        raise WireError(401, "unknown_environment", "The key of an environment is missing.", "environment")
    sent = tree.pop("events", None)
    if not isinstance(sent, list):
        raise WireError(400, "missing" if sent is None else "invalid", "A list of events is needed.", "events")
    if len(sent) > MAX_EVENTS:
        raise WireError(413, "too_many_events", f"A batch holds up to {MAX_EVENTS} events.", "events")
    call = wire.validate(EventsRequest, tree if parsed.is_clean else wire.sanitize(tree))
    if call.person is None and call.anonymous is None:
        raise WireError(400, "missing", "Whose events these are is missing: person or anonymous.", "person")
    return call, sent


def _read_event(event: Any, path: str, parsed: wire.JsonBody) -> EventInput:
    if not parsed.is_clean:
        event = wire.sanitize(event, path)
    if not isinstance(event, Mapping):
        raise WireError(400, "invalid", "An event is an object.", path)
    if parsed.size > MAX_EVENT_BYTES and len(orjson.dumps(event)) > MAX_EVENT_BYTES:
        raise WireError(400, "too_large", f"An event holds up to {MAX_EVENT_BYTES // 1024} KB.", path)
    return wire.validate(EventInput, event, path)


def _drop(event: Any, error: WireError) -> Drop:
    event_id = event.get("id") if isinstance(event, Mapping) else None
    code = "bad_id" if error.field and error.field.endswith(".id") and error.field.count(".") == 2 else error.code
    return {"id": wire.printable(event_id) if isinstance(event_id, str) else None, "code": code, "field": error.field}


def _merge_dropped(read: ReadBatch, by_writer: Sequence[Mapping[str, str]]) -> list[Drop]:
    """The events dropped here and by the writer, in the order they were sent."""
    indexes: dict[str, list[int]] = {}
    for index, event in zip(read.indexes, read.accepted, strict=True):
        indexes.setdefault(event["id"], []).append(index)
    dropped = list(read.dropped)
    for drop in by_writer:
        index = indexes[drop["id"]].pop(0) if indexes.get(drop["id"]) else 0
        dropped.append((index, {"id": drop["id"], "code": drop["code"], "field": f"events.{index}.{drop['field']}"}))
    return [drop for _, drop in sorted(dropped, key=lambda indexed: indexed[0])]


def _skew(sent_at: str | None, received_at: datetime) -> timedelta:
    """How far the browser's clock is behind ours; zero within MAX_SKEW, which latency may explain."""
    sent = _read_time(sent_at)
    off = received_at - sent if sent else timedelta()
    return off if abs(off) > MAX_SKEW else timedelta()


def _event_time(sent_time: str | None, skew: timedelta, received_at: datetime) -> datetime:
    """When the event happened by our clock: no later than now and no older than MAX_AGE."""
    time = _read_time(sent_time)
    age = timedelta() if time is None else received_at - time - skew
    return received_at - max(timedelta(), min(age, MAX_AGE))


def _read_time(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if moment.tzinfo is None or not 1971 < moment.year < 9000:
        return None
    return moment.astimezone(UTC)
