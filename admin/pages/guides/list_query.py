"""The list of guides as its address asks for it: filtered, sorted, cut into pages, each row with what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams

from admin.forms import rule_text
from admin.forms.form import find_items_field
from admin.forms.schema import FieldSpec, item_title
from admin.i18n.translate import gettext as _
from admin.i18n.translate import gettext_noop
from admin.pages.guides.header import State, guide_state
from guides import clock
from guides.kind import Kind
from guides.models import Environment, Guide, Project, Publication
from guides.publishing.diff import changed_paths
from guides.publishing.history import list_live_publications
from guides.registry import kinds
from guides.reports.daily import GuideSummary, list_summaries

PAGE_SIZE = 25
DAYS = 7
SORTS = {"edited": gettext_noop("Recently edited"), "name": gettext_noop("Name"), "seen": gettext_noop("Most seen")}
STATUSES = {
    "": gettext_noop("Any status"),
    "live": gettext_noop("Live"),
    "draft": gettext_noop("Draft"),
    "ended": gettext_noop("Ended"),
    "archived": gettext_noop("Archived"),
}


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The filters, the order and the page in a query string; unknown values fall back to the defaults."""

    kind: str = ""
    status: str = ""
    search: str = ""
    sort: str = "edited"
    page: int = 1

    @classmethod
    def parse(cls, query: QueryParams) -> ListQuery:
        """The query a request's query string asks for."""
        number = query.get("page", "1")
        return cls(
            kind=query.get("kind", "") if query.get("kind") in kinds() else "",
            status=query.get("status", "") if query.get("status") in STATUSES else "",
            search=" ".join(query.get("q", "").replace("\x00", "").split())[:100],
            sort=query.get("sort", "") if query.get("sort") in SORTS else "edited",
            page=int(number) if number.isascii() and number.isdigit() and 0 < int(number[:7]) < 10**6 else 1,
        )

    def query_string(self, **changed: Any) -> str:
        """These filters as a query string, some of them changed; a changed filter starts at the first page."""
        other = replace(self, **{"page": 1, **changed})
        values = {"kind": other.kind, "status": other.status, "q": other.search, "sort": other.sort if other.sort != "edited" else ""}
        params = {name: value for name, value in values.items() if value} | ({"page": str(other.page)} if other.page > 1 else {})
        return f"?{urlencode(params)}" if params else "?"

    @property
    def is_filtered(self) -> bool:
        """Whether there is any filter but the kind."""
        return bool(self.search or self.status)


@dataclass(frozen=True, slots=True)
class GuideRow:
    """One guide in the list."""

    guide: Guide
    label: str
    state: State
    summary: str
    audience: str
    changes: int
    seen: GuideSummary

    @property
    def share(self) -> int | None:
        """The percent of the people who saw it that finished it."""
        return round(100 * self.seen.completed / self.seen.people) if self.seen.people else None


@dataclass(frozen=True, slots=True)
class GuideList:
    """One page of the list of guides, with the number of guides of each kind."""

    query: ListQuery
    rows: Sequence[GuideRow]
    total: int
    all: int
    by_kind: Mapping[str, int]

    @property
    def first(self) -> int:
        """The number of the first row."""
        return (self.query.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def before(self) -> str:
        """The query of the page before."""
        return self.query.query_string(page=self.query.page - 1) if self.query.page > 1 else ""

    @property
    def after(self) -> str:
        """The query of the next page."""
        return self.query.query_string(page=self.query.page + 1) if self.last < self.total else ""


async def list_guides(project: Project, environment: Environment, query: ListQuery) -> GuideList:
    """One page of guides. Costs five queries; one of them reads the name of every guide of the project."""
    live, ended = await list_live_publications(environment), await _ended(environment)
    every = await Guide.filter(project=project).values("id", "kind", "name", "edited_at", "archived_at")
    here = [row for row in every if (row["archived_at"] is not None) is (query.status == "archived")]
    matching = [row for row in here if _matches(row, query, live, ended)]
    since = clock.today() - timedelta(days=DAYS - 1)
    seen = await list_summaries(environment, [row["id"] for row in matching], since, clock.today())
    _sort(matching, query.sort, seen)
    number = min(query.page, max(1, ceil(len(matching) / PAGE_SIZE)))
    page_ids = [row["id"] for row in matching[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
    rows = await _rows(page_ids, environment, live, ended, seen)
    by_kind = {slug: sum(row["kind"] == slug for row in here) for slug in kinds()}
    return GuideList(replace(query, page=number), rows, len(matching), len(here), by_kind)


def _matches(row: Mapping[str, Any], query: ListQuery, live: Mapping[UUID, Any], ended: Mapping[UUID, Any]) -> bool:
    if (query.kind and row["kind"] != query.kind) or query.search.casefold() not in row["name"].casefold():
        return False
    status = "live" if row["id"] in live else "ended" if row["id"] in ended else "draft"
    return query.status in ("", "archived") or query.status == status


def _sort(rows: list[dict[str, Any]], sort: str, seen: Mapping[UUID, GuideSummary]) -> None:
    if sort == "name":
        rows.sort(key=lambda row: (row["name"].casefold(), row["id"]))
    elif sort == "seen":
        rows.sort(key=lambda row: (-(seen[row["id"]].people if row["id"] in seen else 0), row["name"].casefold()))
    else:
        rows.sort(key=lambda row: row["edited_at"], reverse=True)


async def _rows(
    ids: Sequence[UUID],
    environment: Environment,
    live: Mapping[UUID, Publication],
    ended: Mapping[UUID, datetime],
    seen: Mapping[UUID, GuideSummary],
) -> list[GuideRow]:
    guides = (
        {guide.id: guide for guide in await Guide.filter(project_id=environment.project_id, id__in=ids).prefetch_related("edited_by")}
        if ids
        else {}
    )
    nobody = GuideSummary(0, 0, [0] * DAYS)
    rows: list[GuideRow] = []
    for guide in (guides[guide_id] for guide_id in ids if guide_id in guides):
        publication, kind = live.get(guide.id), kinds().get(guide.kind)
        rows.append(
            GuideRow(
                guide=guide,
                label=kind.label if kind else guide.kind,
                state=guide_state(environment, guide.archived_at, publication, ended.get(guide.id)),
                summary=_summary(guide, kind),
                audience=rule_text.audience(guide.settings.get("audience")),
                changes=len(changed_paths(guide, publication.version)) if publication and kind else 0,
                seen=seen.get(guide.id, nobody),
            )
        )
    return rows


def _summary(guide: Guide, kind: Kind | None) -> str:
    """Its kind, the number of its items and where it starts: “Tour · 5 steps · /deals”."""
    if kind is None:
        return _("%(kind)s: its package is not installed") % {"kind": guide.kind}
    words = [_(kind.label)]
    spec = find_items_field(kind.Body)
    items = guide.draft.get(spec.name) if spec else None
    if spec and isinstance(items, list):
        words.append(f"{len(items)} {_item_noun(spec, len(items))}")
    return " · ".join([*words, rule_text.pages(guide.settings.get("trigger"))])


def _item_noun(spec: FieldSpec, number: int) -> str:
    """The noun for one item or for many, in lower case."""
    return _(item_title(spec) if number == 1 else spec.label).lower()


async def _ended(environment: Environment) -> dict[UUID, datetime]:
    """When the latest publication of each guide ended, for the guides that are not live now."""
    ended: dict[UUID, datetime] = {}
    for row in await Publication.filter(environment=environment).order_by("started_at").values("guide_id", "ended_at"):
        ended[row["guide_id"]] = row["ended_at"]
    return {guide: ended_at for guide, ended_at in ended.items() if ended_at is not None}
