"""What came of a guide: figures, days, funnels and people, from roll-ups and guides/sql/metrics.*.sql."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from guides.database import as_day, as_uuid, rows, sql
from guides.events.target_counts import Health, health
from guides.kind import Body, Count, CountByItem, Funnel, Metric, TargetFoundRate
from guides.models import Environment, Guide, Progress, Publication, Version
from guides.registry import kind_named
from guides.reports.answers import AnswerResult, list_answers

PEOPLE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Day:
    """People of one day."""

    day: date
    saw: int
    finished: int


@dataclass(frozen=True, slots=True)
class Reached:
    """People who reached one item; `left` is how many fewer than at the item before."""

    key: str
    label: str
    people: int
    left: int


@dataclass(frozen=True, slots=True)
class Sought:
    """One item that points at an element, and how that was found."""

    key: str
    label: str
    health: Health


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one report page shows; people are counted once over the whole span."""

    saw: int
    finished: int
    closed: int
    seconds: int | None
    days: Sequence[Day]
    funnels: Sequence[tuple[str, Sequence[Reached]]]
    counts: Sequence[tuple[str, int]]
    sought: Sequence[tuple[str, Sequence[Sought]]]
    answers: Sequence[AnswerResult]
    endings: Sequence[tuple[str, str, int]]
    people: Sequence[Progress]
    version: Version | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A guide in the list: people who saw it by day, the sum of these days, and how many finished it."""

    people: int
    finished: int
    days: Sequence[int]


async def report(guide: Guide, environment: Environment, since: date, until: date) -> Report:
    """What came of a guide in one environment from one UTC day to another, both included."""
    span = {"environment": environment.id, "guide": guide.id, "since": since, "until": until}
    version = await _latest(guide, environment)
    metrics = _metrics(guide, version)
    return Report(
        saw=await _people(span, "shown"),
        finished=await _people(span, "completed"),
        closed=await _people(span, "dismissed"),
        seconds=await _middle_time(guide, environment, since, until),
        days=await _days(span, since, until),
        funnels=[await _reached(metric, span) for metric in metrics if isinstance(metric, Funnel | CountByItem)],
        counts=[await _counted(metric, span) for metric in metrics if isinstance(metric, Count)],
        sought=await _sought([metric for metric in metrics if isinstance(metric, TargetFoundRate)], guide, environment, since, until),
        answers=await list_answers(metrics, span),
        endings=await _endings(span, since, until),
        people=await _who(guide, environment, since, until),
        version=version,
    )


async def overview(environment: Environment, guides: Iterable[UUID], since: date, until: date) -> dict[UUID, Seen]:
    """How many people saw and finished each guide from one day to another; guides nobody saw are left out. One look at the roll-up."""
    wanted = set(guides)
    by_day: dict[UUID, dict[date, int]] = defaultdict(dict)
    finished: dict[UUID, int] = defaultdict(int)
    for row in await rows(sql("reports.overview"), environment=environment.id, since=since, until=until):
        guide, day = as_uuid(row["guide_id"]), as_day(row["day"])
        if guide not in wanted or guide is None or day is None:
            continue
        if row["name"] == "shown":
            by_day[guide][day] = int(row["people"])
        else:
            finished[guide] += int(row["people"])
    span = _span(since, until)
    return {
        guide: Seen(sum(by_day[guide].values()), finished[guide], [by_day[guide].get(day, 0) for day in span])
        for guide in {*by_day, *finished}
    }


async def _latest(guide: Guide, environment: Environment) -> Version | None:
    publication = await Publication.filter(guide=guide, environment=environment).order_by("-started_at").select_related("version").first()
    return publication.version if publication else None


def _metrics(guide: Guide, version: Version | None) -> Sequence[Metric]:
    body = _body(guide, version)
    return () if body is None else kind_named(guide.kind).metrics(body)


def _body(guide: Guide, version: Version | None) -> Body | None:
    try:
        return kind_named(guide.kind).Body.model_validate(version.body if version else guide.draft)
    except ValidationError:
        return None


async def _people(span: Mapping[str, Any], name: str) -> int:
    found = await rows(sql("reports.saw"), name=name, **span)
    return int(found[0]["people"])


async def _counted(metric: Count, span: Mapping[str, Any]) -> tuple[str, int]:
    found = await rows(sql("reports.saw"), name=metric.event, **span)
    return metric.label, int(found[0]["people" if metric.people else "times"])


async def _reached(metric: Funnel | CountByItem, span: Mapping[str, Any]) -> tuple[str, list[Reached]]:
    found = await rows(sql("reports.reach"), name=metric.event, **span)
    people = {row["item"]: int(row["people"]) for row in found}
    reached: list[Reached] = []
    for number, (key, label) in enumerate(metric.items):
        here = people.get(key, 0)
        before = reached[number - 1].people if number else here
        reached.append(Reached(key, label, here, max(0, before - here)))
    return metric.label, reached


async def _sought(
    metrics: Sequence[TargetFoundRate], guide: Guide, environment: Environment, since: date, until: date
) -> list[tuple[str, list[Sought]]]:
    found = await health(guide, environment, since, until) if metrics else {}
    return [(metric.label, [Sought(key, label, found.get(key, Health())) for key, label in metric.items]) for metric in metrics]


async def _days(span: Mapping[str, Any], since: date, until: date) -> list[Day]:
    by_day: dict[tuple[date | None, str], int] = {}
    for row in await rows(sql("reports.days"), **span):
        by_day[as_day(row["day"]), row["name"]] = int(row["people"])
    return [Day(day, by_day.get((day, "shown"), 0), by_day.get((day, "completed"), 0)) for day in _span(since, until)]


async def _endings(span: Mapping[str, Any], since: date, until: date) -> list[tuple[str, str, int]]:
    start, after = _bounds(since, until)
    found = await rows(sql("reports.endings"), environment=span["environment"], guide=span["guide"], start=start, after=after)
    return [(row["status"], row["end_reason"], int(row["people"])) for row in found]


async def _who(guide: Guide, environment: Environment, since: date, until: date) -> list[Progress]:
    start, after = _bounds(since, until)
    there = Progress.filter(environment=environment, guide=guide, started_at__lt=after, last_event_at__gte=start)
    return await there.order_by("-last_event_at").limit(PEOPLE_SHOWN).prefetch_related("person")


async def _middle_time(guide: Guide, environment: Environment, since: date, until: date) -> int | None:
    """Seconds from first seen to first finished: half of the latest thousand people took less."""
    start, after = _bounds(since, until)
    done = Progress.filter(environment=environment, guide=guide, first_completed_at__gte=start, first_completed_at__lt=after)
    latest = await done.order_by("-first_completed_at").limit(1000).values_list("started_at", "first_completed_at")
    taken = sorted(int((finished - started).total_seconds()) for started, finished in latest)
    return taken[len(taken) // 2] if taken else None


def _bounds(since: date, until: date) -> tuple[datetime, datetime]:
    return datetime.combine(since, time(), UTC), datetime.combine(until + timedelta(days=1), time(), UTC)


def _span(since: date, until: date) -> list[date]:
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]
