"""Reports on one guide in one environment: people, days, funnels, targets, answers, outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pydantic import ValidationError

from guides.database import rows, sql
from guides.events.target_counts import TargetHealth, get_target_health
from guides.kind import Body, Count, CountByItem, Funnel, Metric, TargetFoundRate
from guides.models import Environment, Guide, Progress, Publication, Version
from guides.registry import kind_named
from guides.reports.answers import AnswerResult, list_answers
from guides.reports.daily import DayCounts, list_day_counts
from guides.reports.funnel import FunnelStep, get_funnel

PEOPLE_SHOWN = 50
MEDIAN_OF_LATEST = 1000


@dataclass(frozen=True, slots=True)
class TargetResult:
    """One item that points at an element, and how often the element was found."""

    key: str
    label: str
    health: TargetHealth


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report page of a guide shows; people are counted once over the whole span.

    `outcomes` are (status, reason, people); funnels, counts and targets come with their metric's label.
    """

    shown: int
    completed: int
    dismissed: int
    median_seconds: int | None
    days: Sequence[DayCounts]
    funnels: Sequence[tuple[str, Sequence[FunnelStep]]]
    counts: Sequence[tuple[str, int]]
    targets: Sequence[tuple[str, Sequence[TargetResult]]]
    answers: Sequence[AnswerResult]
    outcomes: Sequence[tuple[str, str, int]]
    people: Sequence[Progress]
    version: Version | None


async def get_report(guide: Guide, environment: Environment, since: date, until: date) -> Report:
    """The report of a guide in one environment from one UTC day to another, both included; about ten queries."""
    span = {"environment": environment.id, "guide": guide.id, "since": since, "until": until}
    version = await _find_latest_version(guide, environment)
    metrics = _metrics(guide, version)
    found_rates = [metric for metric in metrics if isinstance(metric, TargetFoundRate)]
    return Report(
        shown=await _count_people("shown", span),
        completed=await _count_people("completed", span),
        dismissed=await _count_people("dismissed", span),
        median_seconds=await _median_seconds(guide, environment, since, until),
        days=await list_day_counts(span),
        funnels=[(metric.label, await get_funnel(metric, span)) for metric in metrics if isinstance(metric, Funnel | CountByItem)],
        counts=[(metric.label, await _count(metric, span)) for metric in metrics if isinstance(metric, Count)],
        targets=await _list_targets(found_rates, guide, environment, since, until),
        answers=await list_answers(metrics, span),
        outcomes=await _list_outcomes(guide, environment, since, until),
        people=await _list_people(guide, environment, since, until),
        version=version,
    )


async def _find_latest_version(guide: Guide, environment: Environment) -> Version | None:
    publications = Publication.filter(guide=guide, environment=environment)
    publication = await publications.order_by("-started_at").select_related("version").first()
    return publication.version if publication else None


def _metrics(guide: Guide, version: Version | None) -> Sequence[Metric]:
    body = _body(guide, version)
    return () if body is None else kind_named(guide.kind).metrics(body)


def _body(guide: Guide, version: Version | None) -> Body | None:
    try:
        return kind_named(guide.kind).Body.model_validate(version.body if version else guide.draft)
    except ValidationError:
        return None


async def _count_people(event: str, span: Mapping[str, Any]) -> int:
    [row] = await rows(sql("reports.people"), name=event, **span)
    return int(row["people"])


async def _count(metric: Count, span: Mapping[str, Any]) -> int:
    [row] = await rows(sql("reports.people"), name=metric.event, **span)
    return int(row["people" if metric.people else "times"])


async def _list_targets(
    metrics: Sequence[TargetFoundRate], guide: Guide, environment: Environment, since: date, until: date
) -> list[tuple[str, list[TargetResult]]]:
    by_item = await get_target_health(guide, environment, since, until) if metrics else {}
    return [
        (metric.label, [TargetResult(key, label, by_item.get(key, TargetHealth())) for key, label in metric.items]) for metric in metrics
    ]


async def _list_outcomes(guide: Guide, environment: Environment, since: date, until: date) -> list[tuple[str, str, int]]:
    start, end = _bounds(since, until)
    outcomes = await rows(sql("reports.outcomes"), environment=environment.id, guide=guide.id, start=start, after=end)
    return [(row["status"], row["end_reason"], int(row["people"])) for row in outcomes]


async def _list_people(guide: Guide, environment: Environment, since: date, until: date) -> list[Progress]:
    start, end = _bounds(since, until)
    progress = Progress.filter(environment=environment, guide=guide, started_at__lt=end, last_event_at__gte=start)
    return await progress.order_by("-last_event_at").limit(PEOPLE_SHOWN).prefetch_related("person")


async def _median_seconds(guide: Guide, environment: Environment, since: date, until: date) -> int | None:
    """Seconds from first shown to first completed, the median of the latest thousand people; None without any."""
    start, end = _bounds(since, until)
    completed = Progress.filter(environment=environment, guide=guide, first_completed_at__gte=start, first_completed_at__lt=end)
    latest = completed.order_by("-first_completed_at").limit(MEDIAN_OF_LATEST).values_list("started_at", "first_completed_at")
    seconds = sorted(int((completed_at - started_at).total_seconds()) for started_at, completed_at in await latest)
    return seconds[len(seconds) // 2] if seconds else None


def _bounds(since: date, until: date) -> tuple[datetime, datetime]:
    return datetime.combine(since, time(), UTC), datetime.combine(until + timedelta(days=1), time(), UTC)
