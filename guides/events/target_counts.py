"""How often the elements that guides point at were found: counts by day, item, page and browser, written with the events."""

from __future__ import annotations

import logging
import re
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from guides.database import rows, sql, values
from guides.ids import uuid7
from guides.kind import TargetFoundRate
from guides.models import Environment, Guide, TargetDailyCount
from guides.progress.fold import IncomingEvent

log = logging.getLogger(__name__)

MAX_PAGES_PER_DAY = 50
MAX_PAGE_LENGTH = 200
ROWS_AT_ONCE = 200
DAYS_CACHED = 2000
OTHER_PAGES = "other"
MIN_LOST_MISSES = 3
REASONS = frozenset({"no-candidate", "below-threshold", "ambiguous", "hidden", "bad-selector", "unsupported"})
_NUMBERED = re.compile(r"(?<=/)(\d[\d.,-]*|[0-9a-fA-F-]{16,}|[^/]{60,})(?=/|$)")

DayKey = tuple[str, str, date]


@dataclass(frozen=True, slots=True, order=True)
class TargetLookup:
    """One search for an item's element: found when `reason` is empty, else missed for that reason."""

    environment: str
    guide: str
    day: date
    item: str
    page: str
    browser: str
    reason: str = ""

    @property
    def day_key(self) -> DayKey:
        """Environment, guide and day: each has its own limit of pages."""
        return self.environment, self.guide, self.day


@dataclass(slots=True)
class TargetHealth:
    """The lookups of one element over some days.

    `reasons` counts misses by reason; `pages`, `browsers` and `days` count (found, missed).
    `score` is the sum of the scores of `scored` lookups, in hundredths.
    """

    found: int = 0
    missed: int = 0
    scored: int = 0
    score: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    pages: dict[str, tuple[int, int]] = field(default_factory=dict)
    browsers: dict[str, tuple[int, int]] = field(default_factory=dict)
    days: dict[date, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_lost(self) -> bool:
        """Whether the latest day with lookups has at least MIN_LOST_MISSES misses and no hit."""
        hits, misses = self.days[max(self.days)] if self.days else (0, 0)
        return not hits and misses >= MIN_LOST_MISSES

    @property
    def tries(self) -> int:
        """How many lookups there were."""
        return self.found + self.missed

    @property
    def rate(self) -> float:
        """The share of lookups that found the element, from 0 to 1; 1 without lookups."""
        return self.found / self.tries if self.tries else 1.0

    @property
    def mean(self) -> float | None:
        """The mean match score of the lookups that sent one, from -1 to 1."""
        return self.score / self.scored / 100 if self.scored else None


def target_lookup(
    event: IncomingEvent, environment: UUID, browser: str, metric: TargetFoundRate | None
) -> tuple[TargetLookup, int | None] | None:
    """The lookup an event reports, with its score in hundredths if it sent one; None when the metric does not count the event."""
    if metric is None or event.guide is None or event.name not in (metric.event, metric.missed) or event.item not in dict(metric.items):
        return None
    reason, page = _reason(event, metric), page_path(event.props.get("page"))
    lookup = TargetLookup(str(environment), str(event.guide), event.day, str(event.item), page, browser, reason)
    return lookup, None if reason else _hundredths(event.props.get("score"))


def _reason(event: IncomingEvent, metric: TargetFoundRate) -> str:
    reason = event.props.get("reason")
    return "" if event.name == metric.event else reason if isinstance(reason, str) and reason in REASONS else "no-candidate"


def _hundredths(score: Any) -> int | None:
    return round(100 * max(-1.0, min(1.0, score))) if isinstance(score, int | float) and not isinstance(score, bool) else None


def page_path(page: Any) -> str:
    """The path of a page's address without its query, record numbers replaced by stars; empty for anything else."""
    path = re.split(r"[?#]", page, maxsplit=1)[0] if isinstance(page, str) else ""
    return _NUMBERED.sub("*", path)[:MAX_PAGE_LENGTH] if path.startswith("/") else ""


async def add_counts(lookups: Iterable[tuple[TargetLookup, int | None]]) -> None:
    """Add lookups to the daily counts, rows in sorted order so that two writers cannot deadlock."""
    times: Counter[TargetLookup] = Counter()
    scores: dict[TargetLookup, list[int]] = defaultdict(list)
    scored = list(lookups)
    pages = await _get_pages({lookup.day_key for lookup, _ in scored})
    for lookup, score in scored:
        counted = _limit_pages(lookup, pages[lookup.day_key])
        times[counted] += 1
        scores[counted] += [] if score is None else [score]
    every = sorted(times)
    for start in range(0, len(every), ROWS_AT_ONCE):
        part = [_row(lookup, times[lookup], scores[lookup]) for lookup in every[start : start + ROWS_AT_ONCE]]
        text, named = values(part)
        await rows(sql("events.target_counts").replace("{values}", text), **named)


_page_cache: OrderedDict[DayKey, set[str]] = OrderedDict()


async def _get_pages(keys: set[DayKey]) -> dict[DayKey, set[str]]:
    """The pages already counted on each day; one query for each key that is not cached."""
    for key in sorted(keys - _page_cache.keys()):
        environment, guide, day = key
        counted = await rows(sql("events.target_pages"), environment=UUID(environment), guide=UUID(guide), day=day)
        _page_cache[key] = {row["page"] for row in counted}
    pages = {key: _page_cache[key] for key in keys}
    while len(_page_cache) > DAYS_CACHED:
        _page_cache.popitem(last=False)
    return pages


def _limit_pages(lookup: TargetLookup, pages: set[str]) -> TargetLookup:
    """Move a lookup to OTHER_PAGES once its day has MAX_PAGES_PER_DAY pages (anybody may send any page); else add its page to `pages`."""
    if lookup.page not in pages and len(pages) >= MAX_PAGES_PER_DAY:
        return replace(lookup, page=OTHER_PAGES)
    pages.add(lookup.page)
    return lookup


def _row(lookup: TargetLookup, times: int, scores: Sequence[int]) -> dict[str, Any]:
    ids = {"id": uuid7(), "environment": UUID(lookup.environment), "guide": UUID(lookup.guide)}
    group = {"day": lookup.day, "item": lookup.item, "page": lookup.page, "browser": lookup.browser, "reason": lookup.reason}
    return ids | group | {"times": times, "scored": len(scores), "score": sum(scores)}


async def get_target_health(guide: Guide, environment: Environment, since: date, until: date) -> Mapping[str, TargetHealth]:
    """The health of each item's element over UTC days, both ends included; items without lookups are left out."""
    by_item: dict[str, TargetHealth] = defaultdict(TargetHealth)
    counts = TargetDailyCount.filter(environment_id=environment.id, guide_id=guide.id, day__gte=since, day__lte=until)
    for row in await counts:
        _add_row(by_item[row.item], row)
    return dict(by_item)


def _add_row(health: TargetHealth, row: TargetDailyCount) -> None:
    hits, misses = (0, row.times) if row.reason else (row.times, 0)
    health.found += hits
    health.missed += misses
    health.scored += row.score_count
    health.score += row.score_sum
    if row.reason:
        health.reasons[row.reason] += misses
    _add_to_segment(health.pages, row.page, hits, misses)
    _add_to_segment(health.browsers, row.browser, hits, misses)
    _add_to_segment(health.days, row.day, hits, misses)


def _add_to_segment(segments: dict[Any, tuple[int, int]], segment: Any, hits: int, misses: int) -> None:
    before = segments.get(segment, (0, 0))
    segments[segment] = before[0] + hits, before[1] + misses


def worst_segment(segments: Mapping[str, tuple[int, int]]) -> str | None:
    """The page or browser with the highest share of misses; None with fewer than two segments or no misses in a named one."""
    named = {segment: counts for segment, counts in segments.items() if segment and segment != OTHER_PAGES and counts[1]}
    if len(segments) < 2 or not named:
        return None
    return max(named, key=lambda segment: (named[segment][1] / sum(named[segment]), named[segment][1], segment))
