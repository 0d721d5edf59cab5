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

from admin.forms import rule_text as sentences
from admin.forms import schema as shapes
from admin.forms.form import parts_of
from admin.i18n.translate import gettext as _
from admin.i18n.translate import gettext_noop
from admin.pages.guides.header import State, state_of
from guides import clock
from guides.kind import Kind
from guides.models import Environment, Guide, Project, Publication
from guides.publishing.diff import changed_paths
from guides.publishing.history import list_live_publications
from guides.registry import kinds
from guides.reports.report import Seen, overview

PAGE = 25
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
class Wanted:
    """What the address asks for; anything it does not know is the usual."""

    kind: str = ""
    status: str = ""
    words: str = ""
    sort: str = "edited"
    page: int = 1

    @classmethod
    def of(cls, query: QueryParams) -> Wanted:
        """The filters in a query string."""
        number = query.get("page", "1")
        return cls(
            kind=query.get("kind", "") if query.get("kind") in kinds() else "",
            status=query.get("status", "") if query.get("status") in STATUSES else "",
            words=" ".join(query.get("q", "").replace("\x00", "").split())[:100],
            sort=query.get("sort", "") if query.get("sort") in SORTS else "edited",
            page=int(number) if number.isascii() and number.isdigit() and 0 < int(number[:7]) < 10**6 else 1,
        )

    def query(self, **changed: Any) -> str:
        """These filters as a query string, some of them changed; a changed filter starts at the first page."""
        other = replace(self, **{"page": 1, **changed})
        said = {"kind": other.kind, "status": other.status, "q": other.words, "sort": other.sort if other.sort != "edited" else ""}
        found = {name: value for name, value in said.items() if value} | ({"page": str(other.page)} if other.page > 1 else {})
        return f"?{urlencode(found)}" if found else "?"

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the kind narrows the list."""
        return bool(self.words or self.status)


@dataclass(frozen=True, slots=True)
class Row:
    """One guide in the list."""

    guide: Guide
    label: str
    state: State
    sub: str
    audience: str
    changes: int
    seen: Seen

    @property
    def share(self) -> int | None:
        """Percent of those who saw it who finished it."""
        return round(100 * self.seen.finished / self.seen.people) if self.seen.people else None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the list, and how many there are of each kind."""

    asked: Wanted
    rows: Sequence[Row]
    total: int
    all: int
    by_kind: Mapping[str, int]

    @property
    def first(self) -> int:
        """The number of the first row."""
        return (self.asked.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def before(self) -> str:
        """The query of the page before."""
        return self.asked.query(page=self.asked.page - 1) if self.asked.page > 1 else ""

    @property
    def after(self) -> str:
        """The query of the next page."""
        return self.asked.query(page=self.asked.page + 1) if self.last < self.total else ""


async def shelf(project: Project, environment: Environment, asked: Wanted) -> Shelf:
    """The page of guides asked for; costs one look at every guide's name and a full read of one page."""
    live, ended = await list_live_publications(environment), await _ended(environment)
    known = await Guide.filter(project=project).values("id", "kind", "name", "edited_at", "archived_at")
    here = [row for row in known if (row["archived_at"] is not None) is (asked.status == "archived")]
    wanted = [row for row in here if _fits(row, asked, live, ended)]
    since = clock.today() - timedelta(days=DAYS - 1)
    seen = await overview(environment, [row["id"] for row in wanted], since, clock.today())
    _sort(wanted, asked.sort, seen)
    number = min(asked.page, max(1, ceil(len(wanted) / PAGE)))
    shown = [row["id"] for row in wanted[(number - 1) * PAGE : number * PAGE]]
    rows = await _rows(shown, environment, live, ended, seen)
    by_kind = {slug: sum(row["kind"] == slug for row in here) for slug in kinds()}
    return Shelf(replace(asked, page=number), rows, len(wanted), len(here), by_kind)


def _fits(row: Mapping[str, Any], asked: Wanted, live: Mapping[UUID, Any], ended: Mapping[UUID, Any]) -> bool:
    if (asked.kind and row["kind"] != asked.kind) or asked.words.casefold() not in row["name"].casefold():
        return False
    status = "live" if row["id"] in live else "ended" if row["id"] in ended else "draft"
    return asked.status in ("", "archived") or asked.status == status


def _sort(rows: list[dict[str, Any]], sort: str, seen: Mapping[UUID, Seen]) -> None:
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
    seen: Mapping[UUID, Seen],
) -> list[Row]:
    found = (
        {guide.id: guide for guide in await Guide.filter(project_id=environment.project_id, id__in=ids).prefetch_related("edited_by")}
        if ids
        else {}
    )
    nobody = Seen(0, 0, [0] * DAYS)
    rows: list[Row] = []
    for guide in (found[each] for each in ids if each in found):
        publication, kind = live.get(guide.id), kinds().get(guide.kind)
        rows.append(
            Row(
                guide=guide,
                label=kind.label if kind else guide.kind,
                state=state_of(environment, guide.archived_at, publication, ended.get(guide.id)),
                sub=_sub(guide, kind),
                audience=sentences.audience(guide.settings.get("audience")),
                changes=len(changed_paths(guide, publication.version)) if publication and kind else 0,
                seen=seen.get(guide.id, nobody),
            )
        )
    return rows


def _sub(guide: Guide, kind: Kind | None) -> str:
    """Kind, how many parts, where: “Tour · 5 steps · /deals”."""
    if kind is None:
        return _("%(kind)s: its package is not installed") % {"kind": guide.kind}
    said = [_(kind.label)]
    parts = parts_of(kind.Body)
    held = guide.draft.get(parts.name) if parts else None
    if parts and isinstance(held, list):
        said.append(f"{len(held)} {_counted(parts, len(held))}")
    return " · ".join([*said, sentences.where(guide.settings.get("trigger"))])


def _counted(parts: shapes.Asked, number: int) -> str:
    """The word for one part or for many."""
    item = parts.shape.item
    one = shapes.name_of(item.body) if item and item.body else parts.label
    return _(one if number == 1 else parts.label).lower()


async def _ended(environment: Environment) -> dict[UUID, datetime]:
    """When each guide that was live there and is not now went off the air."""
    found: dict[UUID, datetime] = {}
    for row in await Publication.filter(environment=environment).order_by("started_at").values("guide_id", "ended_at"):
        found[row["guide_id"]] = row["ended_at"]
    return {guide: at for guide, at in found.items() if at is not None}
