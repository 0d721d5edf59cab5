"""How often the elements of guides were found: counts by day, item, page and browser, kept with the events that tell of it."""

from __future__ import annotations

import logging
import re
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from guides.database import rows, sql, values
from guides.ids import uuid7
from guides.kind import TargetFoundRate
from guides.models import Environment, Guide, TargetDailyCount
from guides.progress.fold import IncomingEvent

log = logging.getLogger(__name__)

PAGES_A_DAY = 50
PAGE_LENGTH = 200
ROWS_AT_ONCE = 200
PAGES_CACHED = 2000
OTHER = "other"
LEAST_MISSES = 3
REASONS = frozenset({"no-candidate", "below-threshold", "ambiguous", "hidden", "bad-selector", "unsupported"})
_NUMBERED = re.compile(r"(?<=/)(\d[\d.,-]*|[0-9a-fA-F-]{16,}|[^/]{60,})(?=/|$)")

Held = tuple[str, str, date]


@dataclass(frozen=True, slots=True, order=True)
class TargetLookup:
    """That an element was found, or for which reason it was not."""

    environment: str
    guide: str
    day: date
    item: str
    page: str
    browser: str
    reason: str = ""

    @property
    def held(self) -> Held:
        """What the pages of are counted together."""
        return self.environment, self.guide, self.day


@dataclass(slots=True)
class TargetHealth:
    """How one element was found over some days: `reasons`, `pages` and `browsers` say how often it was not, the most often first."""

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
        """Whether on the latest day anybody looked it was missed a few times and never found."""
        found, missed = self.days[max(self.days)] if self.days else (0, 0)
        return not found and missed >= LEAST_MISSES

    @property
    def tries(self) -> int:
        """How often it was looked for."""
        return self.found + self.missed

    @property
    def rate(self) -> float:
        """The share that was found, from 0 to 1; 1 when nobody looked."""
        return self.found / self.tries if self.tries else 1.0

    @property
    def mean(self) -> float | None:
        """How well it fitted on average, of those that told."""
        return self.score / self.scored / 100 if self.scored else None


def target_lookup(
    event: IncomingEvent, environment: UUID, browser: str, told: TargetFoundRate | None
) -> tuple[TargetLookup, int | None] | None:
    """What an event says of an element, with its score in hundredths when it tells one; None when it is about none."""
    if told is None or event.guide is None or event.name not in (told.event, told.missed) or event.item not in dict(told.items):
        return None
    reason, page = _reason(event, told), page_path(event.props.get("page"))
    one = TargetLookup(str(environment), str(event.guide), event.day, str(event.item), page, browser, reason)
    return one, None if reason else _hundredths(event.props.get("score"))


def _reason(event: IncomingEvent, told: TargetFoundRate) -> str:
    said = event.props.get("reason")
    return "" if event.name == told.event else said if isinstance(said, str) and said in REASONS else "no-candidate"


def _hundredths(score: Any) -> int | None:
    return round(100 * max(-1.0, min(1.0, score))) if isinstance(score, int | float) and not isinstance(score, bool) else None


def page_path(said: Any) -> str:
    """The path of a page without its query; what looks like the number of a record is a star."""
    path = re.split(r"[?#]", said, maxsplit=1)[0] if isinstance(said, str) else ""
    return _NUMBERED.sub("*", path)[:PAGE_LENGTH] if path.startswith("/") else ""


async def add_counts(seen: Iterable[tuple[TargetLookup, int | None]]) -> None:
    """Add to the counts, in one order, so that two writers never wait for each other."""
    times: Counter[TargetLookup] = Counter()
    scores: dict[TargetLookup, list[int]] = defaultdict(list)
    told = list(seen)
    pages = await _pages({one.held for one, _ in told})
    for one, score in told:
        kept = _within(one, pages[one.held])
        times[kept] += 1
        scores[kept] += [] if score is None else [score]
    every = sorted(times)
    for start in range(0, len(every), ROWS_AT_ONCE):
        part = [_row(one, times[one], scores[one]) for one in every[start : start + ROWS_AT_ONCE]]
        text, named = values(part)
        await rows(sql("events.target_counts").replace("{values}", text), **named)


_known: OrderedDict[Held, set[str]] = OrderedDict()


async def _pages(wanted: set[Held]) -> dict[Held, set[str]]:
    """The pages already counted on their days; asked of the database once for each day and guide."""
    for held in sorted(wanted - _known.keys()):
        environment, guide, day = held
        found = await rows(sql("events.target_pages"), environment=UUID(environment), guide=UUID(guide), day=day)
        _known[held] = {row["page"] for row in found}
    known = {held: _known[held] for held in wanted}
    while len(_known) > PAGES_CACHED:
        _known.popitem(last=False)
    return known


def _within(one: TargetLookup, pages: set[str]) -> TargetLookup:
    """The same, counted with all others once a day has too many pages: anybody may send any page."""
    if one.page not in pages and len(pages) >= PAGES_A_DAY:
        return TargetLookup(one.environment, one.guide, one.day, one.item, OTHER, one.browser, one.reason)
    pages.add(one.page)
    return one


def _row(one: TargetLookup, times: int, scores: Sequence[int]) -> dict[str, Any]:
    where = {"id": uuid7(), "environment": UUID(one.environment), "guide": UUID(one.guide), "day": one.day, "item": one.item}
    counted = {"times": times, "scored": len(scores), "score": sum(scores)}
    return where | {"page": one.page, "browser": one.browser, "reason": one.reason} | counted


async def get_target_health(guide: Guide, environment: Environment, since: date, until: date) -> Mapping[str, TargetHealth]:
    """By item how its element was found from one UTC day to another, both included; items nobody looked for are left out."""
    found: dict[str, TargetHealth] = defaultdict(TargetHealth)
    told = TargetDailyCount.filter(environment_id=environment.id, guide_id=guide.id, day__gte=since, day__lte=until)
    for row in await told:
        one = found[row.item]
        hits, misses = (0, row.times) if row.reason else (row.times, 0)
        one.found, one.missed, one.scored, one.score = (
            one.found + hits,
            one.missed + misses,
            one.scored + row.score_count,
            one.score + row.score_sum,
        )
        if row.reason:
            one.reasons[row.reason] += misses
        _share(one.pages, row.page, hits, misses)
        _share(one.browsers, row.browser, hits, misses)
        _share(one.days, row.day, hits, misses)
    return dict(found)


def _share(shares: dict[Any, tuple[int, int]], where: Any, hits: int, misses: int) -> None:
    had = shares.get(where, (0, 0))
    shares[where] = had[0] + hits, had[1] + misses


def worst_segment(shares: Mapping[str, tuple[int, int]]) -> str | None:
    """The page or browser where most were missed, when it is worse there than elsewhere; None when that says nothing."""
    named = {word: share for word, share in shares.items() if word and word != OTHER and share[1]}
    if len(shares) < 2 or not named:
        return None
    return max(named, key=lambda word: (named[word][1] / sum(named[word]), named[word][1], word))
