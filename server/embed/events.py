"""POST /embed/v1/events: what happened; answered only after the commit, and one bad event never costs the good ones."""

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
from guides.projects.environment_cache import get_environment_by_key
from guides.projects.origins import check_origin
from server.embed.boot import JSON, SCHEMA, Attributes, WireModel
from server.http import json_body as wire
from server.http.errors import WireError
from server.http.json_body import Id, Key
from server.http.user_agent import get_browser_family
from server.process.lifespan import Services

EVENTS = 500
EVENT_BYTES = 32 * 1024
ITEM_LENGTH = 40
SKEW = timedelta(minutes=5)
OLDEST = timedelta(days=30)

Drop = dict[str, str | None]


class PersonRef(WireModel):
    """Whose events these are."""

    id: Id


class EventsRequest(WireModel):
    """The envelope; its events are looked at one by one."""

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
    item: Annotated[str, StringConstraints(max_length=ITEM_LENGTH)] | None = None
    at: Annotated[str, StringConstraints(max_length=40)] | None = None
    props: Attributes = None


@dataclass(slots=True)
class Sorted:
    """The events of one call: the good ones, where each stood, and what was dropped."""

    good: list[dict[str, Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
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
    one = sort(sent, parsed, _skew(call.sent_at, received_at), received_at)
    person = call.person.id if call.person else None
    browser = get_browser_family(request.headers.get("user-agent"))
    try:
        outcome = await services.writer.submit(Batch(environment, person, call.anonymous, one.good, received_at, browser))
    except QueueFull as error:
        raise WireError(503, "busy", "More is waiting to be written than can be held.", None, {"retry-after": "1"}) from error
    dropped = _all_dropped(one, outcome.dropped)
    services.metrics.events.update(accepted=outcome.accepted, duplicates=outcome.duplicates, dropped=len(dropped))
    body = {"accepted": outcome.accepted, "duplicates": outcome.duplicates, "dropped": dropped}
    return Response(orjson.dumps(body | ({"off": True} if environment.is_disabled else {})), 202, {"cache-control": "no-store"}, JSON)


def sort(sent: Sequence[Any], parsed: wire.JsonBody, skew: timedelta, received_at: datetime) -> Sorted:
    """Part the events that can be read from those that cannot, each with its reason."""
    one = Sorted()
    for number, event in enumerate(sent):
        try:
            said = _event(event, f"events.{number}", parsed)
        except WireError as error:
            one.dropped.append((number, _drop(event, error)))
            continue
        one.good.append(said.model_dump() | {"at": _moment(said.at, skew, received_at)})
        one.places.append(number)
    return one


def _envelope(parsed: wire.JsonBody) -> tuple[EventsRequest, Sequence[Any]]:
    tree = dict(parsed.json)
    if tree.get("environment") is None:
        raise WireError(401, "unknown_environment", "The key of an environment is missing.", "environment")
    sent = tree.pop("events", None)
    if not isinstance(sent, list):
        raise WireError(400, "missing" if sent is None else "invalid", "A list of events is needed.", "events")
    if len(sent) > EVENTS:
        raise WireError(413, "too_many_events", f"A batch holds up to {EVENTS} events.", "events")
    call = wire.validate(EventsRequest, tree if parsed.is_clean else wire.sanitize(tree))
    if call.person is None and call.anonymous is None:
        raise WireError(400, "missing", "Whose events these are is missing: person or anonymous.", "person")
    return call, sent


def _event(event: Any, at: str, parsed: wire.JsonBody) -> EventInput:
    if not parsed.is_clean:
        event = wire.sanitize(event, at)
    if not isinstance(event, Mapping):
        raise WireError(400, "invalid", "An event is an object.", at)
    if parsed.size > EVENT_BYTES and len(orjson.dumps(event)) > EVENT_BYTES:
        raise WireError(400, "too_large", f"An event holds up to {EVENT_BYTES // 1024} KB.", at)
    return wire.validate(EventInput, event, at)


def _drop(event: Any, error: WireError) -> Drop:
    name = event.get("id") if isinstance(event, Mapping) else None
    code = "bad_id" if error.field and error.field.endswith(".id") and error.field.count(".") == 2 else error.code
    return {"id": wire.printable(name) if isinstance(name, str) else None, "code": code, "field": error.field}


def _all_dropped(one: Sorted, later: Sequence[Mapping[str, str]]) -> list[Drop]:
    """What the wire and what the domain dropped, in the order sent, each with its place."""
    places: dict[str, list[int]] = {}
    for number, event in zip(one.places, one.good, strict=True):
        places.setdefault(event["id"], []).append(number)
    found = list(one.dropped)
    for drop in later:
        number = places[drop["id"]].pop(0) if places.get(drop["id"]) else 0
        found.append((number, {"id": drop["id"], "code": drop["code"], "field": f"events.{number}.{drop['field']}"}))
    return [drop for _, drop in sorted(found, key=lambda one: one[0])]


def _skew(sent_at: str | None, received_at: datetime) -> timedelta:
    """How far the browser's clock is off, when that is more than the way takes."""
    sent = _read_time(sent_at)
    off = received_at - sent if sent else timedelta()
    return off if abs(off) > SKEW else timedelta()


def _moment(at: str | None, skew: timedelta, received_at: datetime) -> datetime:
    said = _read_time(at)
    ago = timedelta() if said is None else received_at - said - skew
    return received_at - max(timedelta(), min(ago, OLDEST))


def _read_time(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if moment.tzinfo is None or not 1971 < moment.year < 9000:
        return None
    return moment.astimezone(UTC)
