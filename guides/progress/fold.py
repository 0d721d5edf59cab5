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

log = logging.getLogger(__name__)

REASON_LENGTH = 40
LONGEST_SNOOZE = timedelta(days=366)
LONGEST_RUN = timedelta(days=30)
_FURTHER = {Status.STARTED: 0, Status.DISMISSED: 1, Status.COMPLETED: 2}


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
    is_late = event.at < row.last_at
    is_first = _SHARED[event.name](row, event) if event.name in _SHARED else False
    if body is not None:
        _ask(kind, row, event, body, is_late)
    if not is_late:
        row.version = event.version or row.version
    row.started_at = min(row.started_at, event.at)
    row.last_at = max(row.last_at, event.at)
    return is_first


def combine(kept: Progress, other: Progress) -> None:
    """Make one of two rows about one guide, when two turn out to be one person: whoever came further counts."""
    if _rank(other) > _rank(kept):
        for column in ("version", "status", "item", "done", "reason", "ended_at"):
            setattr(kept, column, getattr(other, column))
    kept.shown += other.shown
    kept.started_at = min(kept.started_at, other.started_at)
    kept.last_at = max(kept.last_at, other.last_at)
    kept.shown_day = max((day for day in (kept.shown_day, other.shown_day) if day), default=None)
    kept.finished_at = min((moment for moment in (kept.finished_at, other.finished_at) if moment), default=None)


def is_over(frequency: str, status: str | None, has_finished: bool) -> bool:
    """Whether a person who is that far is done with a guide of that frequency; a run that somebody started again goes on."""
    if frequency == "always" or status in (None, Status.STARTED):
        return False
    return frequency == "once" or has_finished


def _shown(row: Progress, event: Arrival) -> bool:
    """Shown again after an end, or long after anything happened: a new run begins, what was done is forgotten.

    The first showing told late changes no end.
    """
    row.shown += 1
    row.snoozed_until = None if event.at >= row.last_at else row.snoozed_until
    ended_at = row.ended_at if row.status != Status.STARTED else row.last_at + LONGEST_RUN
    if ended_at is not None and event.at >= ended_at:
        row.status, row.ended_at, row.item, row.done, row.reason = Status.STARTED, None, None, [], ""
    day = min(event.day, event.received_at.date())
    is_first = row.shown_day is None or row.shown_day < day
    row.shown_day = day if row.shown_day is None else max(day, row.shown_day)
    return is_first


def _completed(row: Progress, event: Arrival) -> bool:
    is_first = row.finished_at is None
    row.finished_at = event.at if row.finished_at is None else min(event.at, row.finished_at)
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
    if until is not None and event.at >= row.last_at:
        row.snoozed_until = min(until, event.at + LONGEST_SNOOZE)
    return False


_SHARED = {"shown": _shown, "completed": _completed, "dismissed": _dismissed, "snoozed": _snoozed}


def _end(row: Progress, status: Status, event: Arrival) -> None:
    row.status, row.ended_at = status, event.at
    row.reason = str(event.props.get("reason") or "")[:REASON_LENGTH]


def _ask(kind: Kind, row: Progress, event: Arrival, body: Body, is_late: bool) -> None:
    """Let the kind say what the event means; a late one moves nobody back. A kind that fails costs no event."""
    memory = kinds.Progress(status=Status(row.status), item=row.item, done=list(row.done), shown=row.shown)
    try:
        kind.advance(memory, kinds.Event(event.name, event.item, event.at, event.props), body)
    except Exception:
        log.exception("the kind %s could not take the event %s", kind.slug, event.name)
        return
    row.done = memory.done
    if not is_late:
        row.item = memory.item
    if memory.status == row.status:
        return
    if memory.status == Status.STARTED:
        row.status, row.ended_at = Status.STARTED, None
        return
    _SHARED[memory.status](row, event)


def _rank(row: Progress) -> tuple[int, datetime]:
    return _FURTHER[Status(row.status)], row.last_at
