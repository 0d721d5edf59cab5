"""Folding events into progress, in memory: events may come late, in any order and from several browsers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from guides import kind as kinds
from guides.coercion import moment
from guides.kind import Body, Kind, Status
from guides.models import Progress
from guides.progress.frequency import MAX_RUN

log = logging.getLogger(__name__)

REASON_LENGTH = 40
MAX_SNOOZE = timedelta(days=366)


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
    props: Mapping[str, Any]


def fold(row: Progress, event: Arrival, kind: Kind, body: Body | None) -> bool:
    """Apply one event; whether it counts this person for the first time: that day for shown, ever for completed, this run for dismissed."""
    is_late = event.at < row.last_event_at
    is_first = _SHARED[event.name](row, event) if event.name in _SHARED else False
    if body is not None:
        _ask(kind, row, event, body, is_late)
    if not is_late:
        row.version = event.version or row.version
    row.started_at = min(row.started_at, event.at)
    row.last_event_at = max(row.last_event_at, event.at)
    return is_first


def _shown(row: Progress, event: Arrival) -> bool:
    """Shown again after an end, or long after anything happened: a new run begins, what was done is forgotten.

    The first showing told late changes no end.
    """
    row.times_shown += 1
    row.snoozed_until = None if event.at >= row.last_event_at else row.snoozed_until
    ended_at = row.ended_at if row.status != Status.STARTED else row.last_event_at + MAX_RUN
    if ended_at is not None and event.at >= ended_at:
        row.status, row.ended_at, row.current_item, row.done_items, row.end_reason = Status.STARTED, None, None, [], ""
    day = min(event.day, event.received_at.date())
    is_first = row.last_shown_day is None or row.last_shown_day < day
    row.last_shown_day = day if row.last_shown_day is None else max(day, row.last_shown_day)
    return is_first


def _completed(row: Progress, event: Arrival) -> bool:
    is_first = row.first_completed_at is None
    row.first_completed_at = event.at if row.first_completed_at is None else min(event.at, row.first_completed_at)
    if row.status != Status.COMPLETED:
        _end(row, Status.COMPLETED, event)
    return is_first


def _dismissed(row: Progress, event: Arrival) -> bool:
    """Closed; who finished has finished, whatever is told of it later."""
    if row.status == Status.COMPLETED:
        return False
    is_first = row.status != Status.DISMISSED
    if is_first or row.ended_at is None or event.at >= row.ended_at:
        _end(row, Status.DISMISSED, event)
    return is_first


def _snoozed(row: Progress, event: Arrival) -> bool:
    """Put off until a moment, a year ahead at most; one that cannot be read puts nothing off."""
    until = moment(event.props.get("until"))
    if until is not None and event.at >= row.last_event_at:
        row.snoozed_until = min(until, event.at + MAX_SNOOZE)
    return False


_SHARED = {"shown": _shown, "completed": _completed, "dismissed": _dismissed, "snoozed": _snoozed}


def _end(row: Progress, status: Status, event: Arrival) -> None:
    row.status, row.ended_at = status, event.at
    row.end_reason = str(event.props.get("reason") or "")[:REASON_LENGTH]


def _ask(kind: Kind, row: Progress, event: Arrival, body: Body, is_late: bool) -> None:
    """Let the kind say what the event means; a late one moves nobody back. A kind that fails costs no event."""
    memory = kinds.Progress(status=Status(row.status), item=row.current_item, done=list(row.done_items), shown=row.times_shown)
    try:
        kind.advance(memory, kinds.Event(event.name, event.item, event.at, event.props), body)
    except Exception:
        log.exception("the kind %s could not take the event %s", kind.slug, event.name)
        return
    row.done_items = memory.done
    if not is_late:
        row.current_item = memory.item
    if memory.status == row.status:
        return
    if memory.status == Status.STARTED:
        row.status, row.ended_at = Status.STARTED, None
        return
    _SHARED[memory.status](row, event)
