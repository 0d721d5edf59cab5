"""Counts people by UTC day, from the daily counts that ingest keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from guides.database import as_day, as_uuid, rows, sql
from guides.models import Environment


@dataclass(frozen=True, slots=True)
class DayCounts:
    """People to whom a guide was shown, and who completed it, on one day."""

    day: date
    shown: int
    completed: int


@dataclass(frozen=True, slots=True)
class GuideSummary:
    """A guide in the list: people it was shown to by day, the sum of these days, and how many completed it."""

    people: int
    completed: int
    days: Sequence[int]


async def list_day_counts(span: Mapping[str, Any]) -> list[DayCounts]:
    """The counts of every day of a span, which has environment, guide, since and until; one query."""
    people: dict[tuple[date | None, str], int] = {}
    for row in await rows(sql("reports.days"), **span):
        people[as_day(row["day"]), row["name"]] = int(row["people"])
    days = _days(span["since"], span["until"])
    return [DayCounts(day, people.get((day, "shown"), 0), people.get((day, "completed"), 0)) for day in days]


async def list_summaries(environment: Environment, guide_ids: Iterable[UUID], since: date, until: date) -> dict[UUID, GuideSummary]:
    """By guide id, the summary of each guide that was shown from one day to another, both included; one query."""
    wanted = set(guide_ids)
    shown: dict[UUID, dict[date, int]] = defaultdict(dict)
    completed: dict[UUID, int] = defaultdict(int)
    for row in await rows(sql("reports.summaries"), environment=environment.id, since=since, until=until):
        guide_id, day = as_uuid(row["guide_id"]), as_day(row["day"])
        if guide_id not in wanted or guide_id is None or day is None:
            continue
        if row["name"] == "shown":
            shown[guide_id][day] = int(row["people"])
        else:
            completed[guide_id] += int(row["people"])
    days = _days(since, until)
    return {
        guide_id: GuideSummary(sum(shown[guide_id].values()), completed[guide_id], [shown[guide_id].get(day, 0) for day in days])
        for guide_id in {*shown, *completed}
    }


def _days(since: date, until: date) -> list[date]:
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]
