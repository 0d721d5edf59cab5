"""What this person gets now, in order, with what is left of each rule for the browser to finish."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from tortoise.exceptions import OperationalError

from guides.database import as_json, as_time, as_uuid, rows, sql
from guides.environments import unknown
from guides.errors import Refused
from guides.folding import is_over
from guides.kind import Person, Status
from guides.models import Environment
from guides.people import Known, Who, has_news, identify
from guides.published import Entry, Published, published
from guides.rules import Facts, Rule, settle

INLINE_BYTES = 2048
CONNECTED_EVERY = timedelta(seconds=30)

log = logging.getLogger(__name__)

Row = Mapping[str, Any]
Delivery = tuple[Entry, bool | Rule, Row | None]


@dataclass(frozen=True, slots=True)
class Question:
    """One boot: the environment's public key, who is there, on which page, from which origin (None when not from a browser).

    `wanted` is a guide somebody asked for by name: it comes whatever its rule and frequency say.
    """

    key: str
    who: Who
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


async def boot(question: Question) -> Answer:
    """Answer one page view: one query, and a write only when there is news about the person.

    Raises Unknown (code unknown_environment), Refused (an origin that is not allowed) and Invalid (a bad attribute).
    """
    found = await _read(question)
    head = found[0]
    await _check_origin(head, question.origin)
    known = _known(head)
    environment_id, project_id = UUID(str(head["environment_id"])), UUID(str(head["project_id"]))
    if has_news(known, question.who):
        await identify(environment_id, question.who)
        found = await _read(question)
        known = _known(found[0])
    await _note_connection(head, question)
    live = await published(environment_id, project_id, head["revision"])
    return _answer(question, live, known, found, bool(head["off"]))


async def check_origin(environment: Environment, origin: str | None) -> None:
    """Raise Refused for a browser's origin that is not in the environment's list; an empty list allows every one."""
    if origin is None or not environment.allowed_origins or origin in environment.allowed_origins:
        return
    if environment.refused_origin != origin[:300]:
        await Environment.filter(id=environment.id).update(refused_origin=origin[:300])
    raise Refused(f"The origin {origin[:300]} is not in this environment's list of allowed origins.", "origin")


async def _read(question: Question) -> list[dict[str, Any]]:
    identity = "key" if question.who.person is not None else "anonymous"
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


def _known(head: Row) -> Known | None:
    person_id, seen_at = as_uuid(head["person_id"]), as_time(head["seen_at"])
    if person_id is None or seen_at is None:
        return None
    return Known(
        id=person_id,
        key=head["key"],
        anonymous=head["anonymous"],
        attributes=as_json(head["attributes"]),
        membership=as_json(head["membership"]),
        seen_at=seen_at,
        company=head["company"],
        company_attributes=as_json(head["company_attributes"]) or {},
    )


async def _note_connection(head: Row, question: Question) -> None:
    """Let the install page see that the embed is there; at most every 30 seconds."""
    last = as_time(head["connected_at"])
    first_person = question.who.person is not None and not head["seen_person"]
    if last is not None and question.now - last < CONNECTED_EVERY and not first_person:
        return
    changed: dict[str, Any] = {"seen_at": question.now, "seen_url": question.url[:500], "refused_origin": ""}
    if first_person:
        changed["seen_person"] = True
    try:
        await Environment.filter(id=as_uuid(head["environment_id"])).update(**changed)
    except OperationalError as error:
        log.warning("the connection could not be noted: %s", error)


def _answer(question: Question, live: Published, known: Known | None, found: Sequence[Row], off: bool) -> Answer:
    attributes = known.attributes if known else {}
    company = known.company_attributes if known else {}
    person = Person(id=question.who.person, attributes=attributes, company=company)
    facts = Facts(person=attributes, company=company, segments=frozenset(), now=question.now)
    progress = {str(row["guide_id"]): row for row in found if row["guide_id"] is not None}
    delivered = [] if off else list(_deliveries(question, live, facts, progress))
    names = {name for entry, *_ in delivered for name in entry.names}
    shown = {name: attributes[name] for name in names if name in attributes}
    return Answer(
        revision=live.revision,
        off=off,
        person={"id": question.who.person, "verified": False, "attributes": shown},
        theme=live.theme,
        guides=[guide for one in delivered if (guide := _encoded(one, question.url, person)) is not None],
        kinds=frozenset(entry.kind.slug for entry, *_ in delivered),
    )


def _deliveries(question: Question, live: Published, facts: Facts, progress: Mapping[str, Row]) -> Iterator[Delivery]:
    for entry in _candidates(question, live, facts):
        row = progress.get(entry.guide_id)
        wanted = entry.guide_id == question.wanted
        if row and not wanted and entry.start == "auto" and _rests(entry, row, question.now):
            continue
        left = True if wanted else settle(entry.rule, facts)
        if left is not False:
            yield entry, left, row


def _rests(entry: Entry, row: Row, now: datetime) -> bool:
    """Whether this person is done with it, or put it off until later."""
    snoozed = as_time(row["snoozed_until"])
    return (snoozed is not None and snoozed > now) or is_over(entry.frequency, row["status"], row["finished_at"] is not None)


def _candidates(question: Question, live: Published, facts: Facts) -> Sequence[Entry]:
    """The guides whose rule could hold, and the one asked for by name, in order."""
    positions = live.candidates.of(facts.person or {}, facts.company or {})
    asked = live.by_guide.get(question.wanted or "")
    found = [live.entries[position] for position in positions]
    return found if asked is None or asked in found else [*found, asked]


def _encoded(delivery: Delivery, url: str, person: Person) -> bytes | None:
    """One guide as JSON; None when its kind fails, which is logged and costs no other guide."""
    entry, left, row = delivery
    parts = [entry.head]
    if not isinstance(left, bool):
        parts += [b',"rule":', orjson.dumps(left)]
    running = row is not None and row["status"] == Status.STARTED
    try:
        body = b"null" if _may_wait(entry, left, running, url) else _body(entry, person)
    except Exception:
        log.exception("the kind %s could not deliver guide %s", entry.kind.slug, entry.guide_id)
        return None
    parts += [b',"body":', body]
    if entry.body_digest is not None:
        parts += [b',"body_hash":"', entry.body_digest.encode(), b'"']
    parts += [b',"progress":', _progress(row, running), b"}"]
    return b"".join(parts)


def _body(entry: Entry, person: Person) -> bytes:
    return orjson.dumps(entry.kind.deliver(entry.body, person)) if entry.personal else entry.body_json


def _may_wait(entry: Entry, left: bool | Rule, running: bool, url: str) -> bool:
    """A large body that cannot show on this page yet is fetched later, by its name, from any cache."""
    if entry.body_digest is None or running or len(entry.body_json) <= INLINE_BYTES:
        return False
    if entry.start == "manual":
        return True
    return not isinstance(left, bool) and settle(left, Facts(page=url)) is False


def _progress(row: Row | None, running: bool) -> bytes:
    if row is None:
        return b"null"
    kept = {"status": row["status"], "item": row["item"] if running else None, "done": as_json(row["done"]) if running else []}
    return orjson.dumps(kept)
