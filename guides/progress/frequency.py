"""Decides how often a person gets a guide: once, until they complete it, every so many days, or always."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from guides.database import as_json, as_time
from guides.kind import Status

MAX_RUN = timedelta(days=30)
"""A started guide without any event for so long counts as not started."""
ANNOUNCE_AHEAD = timedelta(days=1)
"""A guide that comes again within this time is delivered early, for pages that stay open."""


@dataclass(frozen=True, slots=True)
class GuideProgress:
    """The progress of one person in one guide, as one boot reads it."""

    version: int
    status: Status
    current_item: str | None
    done_items: Sequence[str]
    state: Mapping[str, Any]
    last_event_at: datetime
    ended_at: datetime | None
    has_completed: bool
    snoozed_until: datetime | None

    @classmethod
    def from_sql(cls, row: Mapping[str, Any]) -> GuideProgress:
        """The progress columns of a row as the database driver returns it."""
        last_event_at = as_time(row["last_event_at"])
        assert last_event_at is not None
        return cls(
            version=row["version"],
            status=Status(row["status"]),
            current_item=row["current_item"],
            done_items=as_json(row["done_items"]),
            state=as_json(row["state"]),
            last_event_at=last_event_at,
            ended_at=as_time(row["ended_at"]),
            has_completed=row["first_completed_at"] is not None,
            snoozed_until=as_time(row["snoozed_until"]),
        )

    def is_in_progress(self, now: datetime) -> bool:
        """Whether the person has started it, and something happened in it not too long ago."""
        return self.status is Status.STARTED and now - self.last_event_at <= MAX_RUN

    def repeats_at(self, repeat_after_days: int | None) -> datetime | None:
        """When it comes again, so many days after it ended; None while it is started and for guides that do not repeat."""
        if repeat_after_days is None or self.status is Status.STARTED:
            return None
        return (self.ended_at or self.last_event_at) + timedelta(days=repeat_after_days)

    def is_suppressed(self, frequency: str, repeat_after_days: int | None, now: datetime) -> bool:
        """Whether the person does not get it now: snoozed, or shown as often as its frequency says."""
        if self.snoozed_until is not None and self.snoozed_until > now:
            return True
        if (repeats_at := self.repeats_at(repeat_after_days)) is not None:
            return repeats_at - ANNOUNCE_AHEAD > now
        return is_finished(frequency, self.status, self.has_completed)


def is_finished(frequency: str, status: str | None, has_completed: bool) -> bool:
    """Whether a person at that status is finished with a guide of that frequency; a run that was started again goes on."""
    if frequency == "always" or status in (None, Status.STARTED):
        return False
    return frequency == "once" or has_completed
