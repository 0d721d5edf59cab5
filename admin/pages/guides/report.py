"""The results of a guide: figures, a chart by day, a funnel, outcomes and the latest people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response

from admin.components import charts
from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.i18n.translate import gettext_noop
from admin.pages.guides.header import guide_header
from admin.pages.guides.report_answers import Figure, answer_card, person_names
from admin.web.access import Page, environment_for, guide_for
from admin.web.responses import page
from guides import clock
from guides.events.target_counts import TargetHealth, worst_segment
from guides.models import Progress, Role
from guides.reports.daily import DayCounts
from guides.reports.funnel import FunnelStep
from guides.reports.report import Report, TargetResult, get_report

PERIODS = {"7": gettext_noop("Last 7 days"), "28": gettext_noop("Last 28 days"), "90": gettext_noop("Last 90 days")}
STATUSES = {"completed": gettext_noop("Finished"), "dismissed": gettext_noop("Closed early"), "started": gettext_noop("In progress")}
REASONS = {
    "close": gettext_noop("Closed with ×"),
    "closed": gettext_noop("Closed with ×"),
    "escape": gettext_noop("Closed with Esc"),
    "button": gettext_noop("Closed with a button"),
    "skipped": gettext_noop("Skipped"),
    "target_missing": gettext_noop("Element not found"),
    "missing": gettext_noop("Element not found"),
}
MISSING = {
    "no-candidate": gettext_noop("nothing like it is on the page"),
    "below-threshold": gettext_noop("what is there is too different"),
    "ambiguous": gettext_noop("two or more fit equally well"),
    "hidden": gettext_noop("it is there and cannot be seen"),
    "bad-selector": gettext_noop("the CSS selector has a mistake"),
    "unsupported": gettext_noop("it is in a frame of another site"),
}


@dataclass(frozen=True, slots=True)
class TargetRow:
    """How often the target of one item was found, as text; `number` is the item's number in the guide."""

    key: str
    label: str
    number: int
    tries: int
    percent: int | None
    counted: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the table."""

    name: str
    sub: str
    outcome: str
    tone: str
    item: str
    at: Any


async def show(request: Request) -> Response:
    """The results of one period, compared with the period of the same length before it."""
    guide = await guide_for(request, Role.VIEWER)
    environment = await environment_for(request)
    span = request.query_params.get("days", "28")
    days = int(span) if span in PERIODS else 28
    until = clock.today()
    since = until - timedelta(days=days - 1)
    report = await get_report(guide, environment, since, until)
    earlier = await get_report(guide, environment, since - timedelta(days=days), since - timedelta(days=1))
    return page(
        request,
        "guides/report.html",
        header=await guide_header(request, guide),
        tab="guide_report",
        saves=False,
        report=report,
        days=str(days),
        periods=[(value, _(label)) for value, label in PERIODS.items()],
        figures=_figures(report, earlier),
        chart=_chart(report.days),
        worst=_worst_drop(report),
        targets=_target_rows(report),
        answers=[answer_card(result) for result in report.answers],
        outcomes=[(_outcome(status, reason), number) for status, reason, number in report.outcomes],
        people=[_person_row(row, _labels(report)) for row in report.people],
    )


def _figures(report: Report, earlier: Report) -> list[Figure]:
    figures = [
        Figure(
            _("Saw it"), i18n.number(report.shown), _("was %(before)s") % {"before": i18n.number(earlier.shown)} if earlier.shown else ""
        ),
        _share(_("Finished"), report.completed, report.shown, earlier.completed, earlier.shown),
        _share(_("Closed early"), report.dismissed, report.shown, earlier.dismissed, earlier.shown),
    ]
    if report.median_seconds is not None:
        minutes, seconds = divmod(report.median_seconds, 60)
        figures.append(Figure(_("Time to finish"), f"{minutes}:{seconds:02d}", _("Half of people take less")))
    return [*figures, *(Figure(_(label), i18n.number(number)) for label, number in report.counts)]


def _share(label: str, some: int, all_of: int, before: int, all_before: int) -> Figure:
    if not all_of:
        return Figure(label, "–")
    share = round(100 * some / all_of)
    more = _("%(some)s of %(all)s people") % {"some": i18n.number(some), "all": i18n.number(all_of)}
    if not all_before:
        return Figure(label, f"{share}%", more)
    moved = share - round(100 * before / all_before)
    return Figure(label, f"{share}%", more, f"{moved:+d}".replace("-", "−") if moved else "")


def _chart(days: Sequence[DayCounts]) -> str:
    names = charts.sparse([_day(counts.day) for counts in days])
    most = max((counts.shown for counts in days), default=0)
    values = {"most": i18n.number(most), "first": _day(days[0].day), "last": _day(days[-1].day)}
    label = _("People who saw and finished it by day, %(first)s to %(last)s; at most %(most)s a day saw it.") % values
    return charts.lines([[counts.shown for counts in days], [counts.completed for counts in days]], names, label)


def _day(day: date) -> str:
    return format_date(day, "d MMM", locale=i18n.get_locale())


def _worst_drop(report: Report) -> tuple[FunnelStep, FunnelStep] | None:
    """The two neighbouring items of the first funnel with the largest drop-off, when at least 5 people left."""
    for _label, items in report.funnels[:1]:
        pairs = [(before, after) for before, after in pairwise(items) if after.drop_off >= 5]
        return max(pairs, key=lambda pair: pair[1].drop_off, default=None)
    return None


def _target_rows(report: Report) -> list[tuple[str, list[TargetRow]]]:
    numbers = {item.key: number for _label, items in report.funnels for number, item in enumerate(items, 1)}
    return [(label, [_target_row(result, numbers.get(result.key, 0)) for result in items]) for label, items in report.targets if items]


def _target_row(result: TargetResult, number: int) -> TargetRow:
    health = result.health
    values = {"found": i18n.number(health.found), "tries": i18n.number(health.tries)}
    percent = _floor(100 * health.rate) if health.tries else None
    counted = _("%(found)s of %(tries)s") % values if health.tries else ""
    return TargetRow(result.key, result.label, number, health.tries, percent, counted, list(_reasons(health)))


def _floor(share: float) -> int:
    """Whole percent, and a hundred only when nothing at all was missed."""
    return int(share + 1e-9)


def _reasons(health: TargetHealth) -> Iterator[str]:
    if not health.missed:
        return
    reason = health.reasons.most_common(1)[0][0]
    yield _("Missing most often because %(reason)s.") % {"reason": _(MISSING.get(reason, reason))}
    if page := worst_segment(health.pages):
        yield _("Most often on %(page)s.") % {"page": f"\u2068{page}\u2069"}
    if browser := worst_segment(health.browsers):
        yield _("Most often in %(browser)s.") % {"browser": f"\u2068{_(browser)}\u2069"}


def _labels(report: Report) -> dict[str, str]:
    return {item.key: f"{number} · {item.label}" for _label, items in report.funnels for number, item in enumerate(items, 1)}


def _outcome(status: str, reason: str) -> str:
    if status == "dismissed" and reason:
        return _(REASONS.get(reason, reason.replace("_", " ").capitalize()))
    return _(STATUSES.get(status, status))


def _person_row(row: Progress, labels: dict[str, str]) -> PersonRow:
    name, sub = person_names(row.person.attributes, row.person.external_id)
    tone = {"completed": "ok", "started": "info"}.get(row.status, "")
    return PersonRow(name, sub, _outcome(row.status, row.end_reason), tone, labels.get(row.current_item or "", ""), row.last_event_at)


PAGES = [Page("guide_report", "/guides/{guide}/results", show, access=Role.VIEWER)]
