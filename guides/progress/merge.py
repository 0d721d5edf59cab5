"""Merges the progress of two people in one guide, when they turn out to be one person."""

from __future__ import annotations

from datetime import datetime

from guides.kind import Status
from guides.models import Progress

_RANK = {Status.STARTED: 0, Status.DISMISSED: 1, Status.COMPLETED: 2}


def merge_progress(progress: Progress, other: Progress) -> None:
    """Merge the other row into this one: the row that came further counts, and times shown add up; the later one says if it rests."""
    if _rank(other) > _rank(progress):
        for column in ("version", "status", "current_item", "done_items", "state", "end_reason", "ended_at"):
            setattr(progress, column, getattr(other, column))
    if other.last_event_at > progress.last_event_at:
        progress.snoozed_until = other.snoozed_until
    progress.times_shown += other.times_shown
    progress.started_at = min(progress.started_at, other.started_at)
    progress.last_event_at = max(progress.last_event_at, other.last_event_at)
    progress.last_shown_day = max(filter(None, (progress.last_shown_day, other.last_shown_day)), default=None)
    progress.first_completed_at = min(
        (moment for moment in (progress.first_completed_at, other.first_completed_at) if moment), default=None
    )


def _rank(progress: Progress) -> tuple[int, datetime]:
    return _RANK[Status(progress.status)], progress.last_event_at
