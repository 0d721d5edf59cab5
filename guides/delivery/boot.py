"""What this person gets now, in order, with what is left of each rule for the browser to finish."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from tortoise.exceptions import OperationalError

from guides.coercion import milliseconds
from guides.database import as_json, as_time, as_uuid, rows, sql
from guides.errors import Refused
from guides.fields.content_conditions import settled
from guides.kind import Person, Status, Visit
from guides.models import Environment
from guides.people.identify import Identity, has_changes, identify
from guides.progress.fold import LONGEST_RUN, is_over
from guides.projects.environment_cache import unknown
from guides.publishing.compiled import CompiledGuide, EnvironmentSnapshot, by_priority, get_snapshot
from guides.publishing.pinned_versions import pinned_versions
from guides.rules.evaluate import Facts, Rule, evaluate

INLINE_BYTES = 2048
CONNECTED_EVERY = timedelta(seconds=30)
COMING = timedelta(days=1)
"""A page that stays open is told so long before that a guide comes again."""

log = logging.getLogger(__name__)

Row = Mapping[str, Any]
Delivery = tuple[CompiledGuide, bool | Rule, Row | None, int | None]
"""A guide, what is left of its rule, the person's progress in it, and the number of the live version where that is another one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One boot: the environment's public key, who is there, on which page, from which origin (None when not from a browser).

    `wanted` is a guide somebody asked for by name: it comes whatever its rule and frequency say.
    """

    key: str
    who: Identity
    url: str
    origin: str | None
    now: datetime
    wanted: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: each guide is encoded JSON; `kinds` are the slugs whose renderers are needed."""

    revision: int
    off: bool
    person: dict[str, Any]
    theme: Mapping[str, Any]
    guides: Sequence[bytes]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Stage:
    """What is live, what this person is still in the middle of in an older version, and how far they are, by guide."""

    live: EnvironmentSnapshot
    older: Mapping[str, CompiledGuide]
    runs: Mapping[str, Row]
    off: bool


async def boot(question: Question) -> Answer:
    """Answer one page view: one query, and a write only when there is news about the person.

    One query more where somebody is in the middle of a version that is no longer live, and this process has not met it yet.

    Raises Unknown (code unknown_environment), Refused (an origin that is not allowed) and Invalid (a bad attribute).
    """
    found = await _read(question)
    head = found[0]
    await _check_origin(head, question.origin)
    known = _known(head)
    environment_id, project_id = UUID(str(head["environment_id"])), UUID(str(head["project_id"]))
    if has_changes(known, question.who):
        await identify(environment_id, question.who)
        found = await _read(question)
        known = _known(found[0])
    await _note_connection(head, question)
    live = await get_snapshot(environment_id, project_id, head["revision"])
    runs = {str(row["guide_id"]): row for row in found if row["guide_id"] is not None}
    older = await pinned_versions(
        live, {name: row["version"] for name, row in runs.items() if name != question.wanted and _runs(row, question.now)}
    )
    return _answer(question, _Stage(live, older, runs, bool(head["is_disabled"])), known)


async def check_origin(environment: Environment, origin: str | None) -> None:
    """Raise Refused for a browser's origin that is not in the environment's list; an empty list allows every one."""
    if origin is None or not environment.allowed_origins or origin in environment.allowed_origins:
        return
    if environment.last_refused_origin != origin[:300]:
        await Environment.filter(id=environment.id).update(last_refused_origin=origin[:300])
    raise Refused(f"The origin {origin[:300]} is not in this environment's list of allowed origins.", "origin")


async def _read(question: Question) -> list[dict[str, Any]]:
    identity = "external_id" if question.who.person is not None else "anonymous_id"
    value = question.who.person if question.who.person is not None else question.who.anonymous
    found = await rows(sql("delivery.boot").replace("{identity}", identity), identity=value, public_key=question.key)
    if not found:
        raise unknown()
    return found


async def _check_origin(head: Row, origin: str | None) -> None:
    allowed = as_json(head["allowed_origins"])
    if origin is None or not allowed or origin in allowed:
        return
    await check_origin(await Environment.get(id=as_uuid(head["environment_id"])), origin)


def _known(head: Row) -> Person | None:
    if head["person_id"] is None:
        return None
    return Person(
        id=head["external_id"],
        attributes=as_json(head["attributes"]),
        company=as_json(head["company_attributes"]) or {},
        company_id=head["company"],
        membership=as_json(head["membership"]),
        anonymous_id=head["anonymous_id"],
        last_seen_at=as_time(head["last_seen_at"]),
    )


async def _note_connection(head: Row, question: Question) -> None:
    """Let the install page see that the embed is there; at most every 30 seconds."""
    last = as_time(head["last_boot_at"])
    first_person = question.who.person is not None and not head["has_identified"]
    if last is not None and question.now - last < CONNECTED_EVERY and not first_person:
        return
    changed: dict[str, Any] = {"last_boot_at": question.now, "last_boot_url": question.url[:500], "last_refused_origin": ""}
    if first_person:
        changed["has_identified"] = True
    try:
        await Environment.filter(id=as_uuid(head["environment_id"])).update(**changed)
    except OperationalError as error:
        log.warning("the connection could not be noted: %s", error)


def _answer(question: Question, stage: _Stage, known: Person | None) -> Answer:
    person = replace(known, id=question.who.person) if known else Person(question.who.person, {})
    facts = Facts(person=person.attributes, company=person.company, segments=frozenset(), now=question.now)
    delivered = [] if stage.off else list(_deliveries(question, stage, facts))
    names = {name for entry, *_ in delivered for name in entry.used_attributes}
    shown = {name: person.attributes[name] for name in names if name in person.attributes}
    return Answer(
        revision=stage.live.revision,
        off=stage.off,
        person={"id": question.who.person, "verified": False, "attributes": shown},
        theme=stage.live.theme,
        guides=[guide for one in delivered if (guide := _encoded(one, question, person)) is not None],
        kinds=frozenset(entry.kind.slug for entry, *_ in delivered),
    )


def _deliveries(question: Question, stage: _Stage, facts: Facts) -> Iterator[Delivery]:
    for entry in _candidates(question, stage, facts):
        row = stage.runs.get(entry.guide_id)
        wanted = entry.guide_id == question.wanted
        if row and not wanted and entry.start != "manual" and _rests(entry, row, question.now):
            continue
        left = True if wanted else evaluate(entry.rule, facts)
        if left is not False:
            newer = stage.live.by_guide[entry.guide_id].version if entry.guide_id in stage.older else None
            yield entry, left, row, newer


def _runs(row: Row, now: datetime) -> bool:
    """Whether this person is in the middle of it; a run that nothing happened in for long is forgotten."""
    return row["status"] == Status.STARTED and now - (as_time(row["last_event_at"]) or now) <= LONGEST_RUN


def _rests(entry: CompiledGuide, row: Row, now: datetime) -> bool:
    """Whether this person is done with it, or put it off until later."""
    snoozed = as_time(row["snoozed_until"])
    if snoozed is not None and snoozed > now:
        return True
    if (due := _due(entry, row)) is not None:
        return due - COMING > now
    return is_over(entry.frequency, row["status"], row["first_completed_at"] is not None)


def _due(entry: CompiledGuide, row: Row) -> datetime | None:
    """When a guide of every n days may come again: so long after it ended; None for all others, and while it runs."""
    if entry.repeat_after_days is None or row["status"] == Status.STARTED:
        return None
    return _ended_at(row) + timedelta(days=entry.repeat_after_days)


def _ended_at(row: Row) -> datetime:
    ended_at = as_time(row["ended_at"]) or as_time(row["last_event_at"])
    assert ended_at is not None
    return ended_at


def _candidates(question: Question, stage: _Stage, facts: Facts) -> Sequence[CompiledGuide]:
    """The guides whose rule could hold, those begun in an older version, and the one asked for by name, in order."""
    live, older = stage.live, stage.older
    positions = live.prefilter.candidates(facts.person or {}, facts.company or {})
    found = [entry for position in positions if (entry := live.guides[position]).guide_id not in older]
    if older:
        found = by_priority([*found, *older.values()])
    asked = live.by_guide.get(question.wanted or "")
    return found if asked is None or asked in found else [*found, asked]


def _encoded(delivery: Delivery, question: Question, person: Person) -> bytes | None:
    """One guide as JSON; None when its kind fails, which is logged and costs no other guide."""
    entry, left, row, newer = delivery
    parts = [entry.json_prefix]
    if newer is not None:
        parts.append(b',"newer":%d' % newer)
    if not isinstance(left, bool):
        parts += [b',"rule":', orjson.dumps(left)]
    running = row is not None and _runs(row, question.now)
    try:
        body = b"null" if _may_wait(entry, left, running, question.url) else _body(entry, Visit(person, url=question.url), question.now)
    except Exception:
        log.exception("the kind %s could not deliver guide %s", entry.kind.slug, entry.guide_id)
        return None
    parts += [b',"body":', body]
    if entry.body_digest is not None:
        parts += [b',"body_hash":"', entry.body_digest.encode(), b'"']
    parts += [b',"progress":', _progress(entry, row, question.now), b"}"]
    return b"".join(parts)


def _body(entry: CompiledGuide, visit: Visit, now: datetime) -> bytes:
    if not entry.per_person:
        return entry.body_json
    facts = Facts(person=visit.person.attributes, company=visit.person.company, segments=frozenset(), now=now)
    return orjson.dumps(settled(entry.kind.deliver(entry.body, visit), facts))


def _may_wait(entry: CompiledGuide, left: bool | Rule, running: bool, url: str) -> bool:
    """A large body that cannot show on this page yet is fetched later, by its name, from any cache."""
    if entry.body_digest is None or running or len(entry.body_json) <= INLINE_BYTES:
        return False
    if entry.start != "auto":
        return True
    return not isinstance(left, bool) and evaluate(left, Facts(page=url)) is False


def _progress(entry: CompiledGuide, row: Row | None, now: datetime) -> bytes:
    if row is None:
        return b"null"
    running = _runs(row, now)
    due = _due(entry, row)
    if (due is not None and due <= now) or (row["status"] == Status.STARTED and not running):
        return b"null"
    kept = {
        "status": row["status"],
        "item": row["current_item"] if running else None,
        "done": as_json(row["done_items"]) if running else [],
    }
    if due is not None:
        kept["at"] = milliseconds(_ended_at(row))
    return orjson.dumps(kept)
