"""Folding events into progress, in memory: events may come late, in any order and from several browsers."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from guides import kind as kinds
from guides.coercion import moment
from guides.kind import Body, DismissReason, Kind, SetAttribute, Status
from guides.models import Progress
from guides.progress.frequency import MAX_RUN
from guides.progress.kind_answers import checked_attributes, checked_progress

log = logging.getLogger(__name__)

_REASONS = frozenset(DismissReason)
MAX_SNOOZE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """One event that may be stored: its day is that of its id, `at` is never later than `received_at`."""

    id: UUID
    day: date
    guide: UUID | None
    version: int | None
    name: str
    item: str | None
    at: datetime
    received_at: datetime
    props: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What an event changed beside the row: whether it counts this person for the first time, and attributes the kind asks to set.

    For the first time means that day for shown, ever for completed, in this run for dismissed.
    """

    is_first: bool
    attributes: Sequence[SetAttribute] = ()


def apply_event(row: Progress, event: IncomingEvent, kind: Kind, body: Body | None) -> Change:
    """Applies one event to the row in memory; an event that comes late moves nobody back."""
    is_late = event.at < row.last_event_at
    is_first = _SHARED_EVENTS[event.name](row, event) if event.name in _SHARED_EVENTS else False
    attributes = _advance(kind, row, event, body, is_late) if body is not None else ()
    if not is_late:
        row.version = event.version or row.version
    row.started_at = min(row.started_at, event.at)
    row.last_event_at = max(row.last_event_at, event.at)
    return Change(is_first, attributes)


def _shown(row: Progress, event: IncomingEvent) -> bool:
    """Shown again after an end, or long after anything happened: a new run begins, what was done is forgotten.

    The first showing told late changes no end.
    """
    row.times_shown += 1
    row.snoozed_until = None if event.at >= row.last_event_at else row.snoozed_until
    ended_at = row.ended_at if row.status != Status.STARTED else row.last_event_at + MAX_RUN
    if ended_at is not None and event.at >= ended_at:
        row.status, row.ended_at, row.end_reason = Status.STARTED, None, ""
        row.current_item, row.done_items, row.state = None, [], {}
    day = min(event.day, event.received_at.date())
    is_first = row.last_shown_day is None or row.last_shown_day < day
    row.last_shown_day = day if row.last_shown_day is None else max(day, row.last_shown_day)
    return is_first


def _completed(row: Progress, event: IncomingEvent) -> bool:
    is_first = row.first_completed_at is None
    row.first_completed_at = event.at if row.first_completed_at is None else min(event.at, row.first_completed_at)
    if row.status != Status.COMPLETED:
        _end(row, Status.COMPLETED, event)
    return is_first


def _dismissed(row: Progress, event: IncomingEvent) -> bool:
    """Closed; who finished has finished, whatever is told of it later."""
    if row.status == Status.COMPLETED:
        return False
    is_first = row.status != Status.DISMISSED
    if is_first or row.ended_at is None or event.at >= row.ended_at:
        _end(row, Status.DISMISSED, event)
    return is_first


def _snoozed(row: Progress, event: IncomingEvent) -> bool:
    """Put off until a moment, a year ahead at most; one that cannot be read puts nothing off."""
    until = moment(event.props.get("until"))
    if until is not None and event.at >= row.last_event_at:
        row.snoozed_until = min(until, event.at + MAX_SNOOZE)
    return False


def _state_saved(row: Progress, event: IncomingEvent) -> bool:
    """Replaces the kind's own state; what was saved before the latest event is out of date."""
    if event.at >= row.last_event_at:
        row.state = dict(event.props)
    return False


_SHARED_EVENTS = {"shown": _shown, "completed": _completed, "dismissed": _dismissed, "snoozed": _snoozed, "state_saved": _state_saved}


def _end(row: Progress, status: Status, event: IncomingEvent) -> None:
    row.status, row.ended_at = status, event.at
    row.end_reason = _read_reason(event.props.get("reason"))


def _read_reason(reason: object) -> str:
    """The reason as it is stored: one of DismissReason, empty where none was said."""
    if not reason:
        return ""
    return reason if isinstance(reason, str) and reason in _REASONS else DismissReason.OTHER


def _advance(kind: Kind, row: Progress, event: IncomingEvent, body: Body, is_late: bool) -> Sequence[SetAttribute]:
    """Lets the kind change the progress. A kind that fails costs no event."""
    progress = kinds.Progress(Status(row.status), row.current_item, list(row.done_items), row.times_shown, dict(row.state))
    try:
        if event.name == "goal_reached" and event.item in [item.key for item in kind.items(body)]:
            progress.mark(event.item or "")
        attributes = checked_attributes(kind.advance(progress, kinds.Event(event.name, event.item, event.at, event.props), body))
        progress = checked_progress(progress)
    except Exception:
        log.exception("the kind %s could not take the event %s", kind.slug, event.name)
        return ()
    row.done_items = progress.done
    if not is_late:
        row.current_item, row.state = progress.item, progress.state
    if progress.status == Status.STARTED != row.status:
        row.status, row.ended_at = Status.STARTED, None
    elif progress.status != row.status:
        _SHARED_EVENTS[progress.status](row, event)
    return attributes
