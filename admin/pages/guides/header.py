"""The header of every page about one guide: its state, its tabs, its problems and unpublished changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from admin.forms.form import find_items_field
from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.web.access import can, context_of
from guides.errors import Invalid, Unknown
from guides.kind import Kind, Problem
from guides.models import Environment, Guide, Project, Publication, Role, Version
from guides.publishing.diff import changed_paths, preview_body
from guides.publishing.validation import check_draft
from guides.registry import kind_named

MAX_FIELDS = 5000
MAX_FIELD_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class State:
    """The state of a guide in one environment: a status for its mark, a label with the reason."""

    status: str
    label: str


@dataclass(frozen=True, slots=True)
class GuideHeader:
    """One guide with everything its tabs and the top bar show; `body` is its draft as a renderer would receive it."""

    guide: Guide
    kind: Kind
    state: State
    live: Publication | None
    body: dict[str, Any]
    changes: list[str]
    problems: list[Problem]
    can_edit: bool
    can_allow_hosts: bool
    items_label: str

    @property
    def version(self) -> Version | None:
        """The version that is live."""
        return self.live.version if self.live else None

    @property
    def problems_of_body(self) -> list[Problem]:
        """The problems of its content, without those of its settings."""
        return [problem for problem in self.problems if problem.path[:1] != ("settings",)]

    def with_guide(self, guide: Guide, project: Project) -> GuideHeader:
        """The header of the same guide after a save. Costs no query."""
        body, changes, problems = _check(guide, project, self.version)
        return replace(self, guide=guide, body=body, changes=changes, problems=problems)

    @property
    def blocking(self) -> list[Problem]:
        """The problems that keep it from being published."""
        return [problem for problem in self.problems if not problem.warning]


async def guide_header(request: Request, guide: Guide, problems: Sequence[Problem] | None = None) -> GuideHeader:
    """The header of a guide in the environment of the request, with problems that are known already. Costs one query."""
    context = context_of(request)
    kind = get_kind(guide)
    live, ended_at = await find_publication(guide, context.environment)
    body, changes, problems = _check(guide, context.project, live.version if live else None, problems)
    items = find_items_field(kind.Body)
    return GuideHeader(
        guide=guide,
        kind=kind,
        state=guide_state(context.environment, guide.archived_at, live, ended_at),
        live=live,
        body=body,
        changes=changes,
        problems=problems,
        can_edit=can(request, Role.EDITOR) and guide.archived_at is None,
        can_allow_hosts=can(request, Role.ADMIN),
        items_label=items.label if items else "",
    )


def guide_state(environment: Environment, archived_at: datetime | None, live: Publication | None, ended_at: datetime | None) -> State:
    """The state of a guide in an environment; `live` is its publication there, `ended_at` when its latest one ended."""
    if archived_at is not None:
        return State("ended", _("Archived"))
    if live is not None:
        return State("paused", _("Paused: everything is switched off")) if environment.is_disabled else State("live", _("Live"))
    if ended_at is not None:
        return State("ended", _("Ended %(when)s") % {"when": i18n.time_ago(ended_at)})
    return State("draft", _("Draft"))


async def find_publication(guide: Guide, environment: Environment) -> tuple[Publication | None, datetime | None]:
    """The live publication of a guide in an environment with its version, else when the latest one ended. Costs one query."""
    latest = await Publication.filter(guide=guide, environment=environment).order_by("-started_at").limit(2).select_related("version")
    live = next((publication for publication in latest if publication.ended_at is None), None)
    return live, latest[0].ended_at if latest and not live else None


def _check(
    guide: Guide, project: Project, version: Version | None, problems: Sequence[Problem] | None = None
) -> tuple[dict[str, Any], list[str], list[Problem]]:
    """The draft's body, what differs from the version, and its problems, from one validation."""
    if problems is None:
        model, problems = check_draft(guide, project)
        body = model.model_dump(mode="json") if model else guide.draft
    else:
        body = preview_body(guide)
    return body, changed_paths(guide, version, body), list(problems)


def get_kind(guide: Guide) -> Kind:
    """The kind of a guide; raises Invalid when its package is not installed."""
    try:
        return kind_named(guide.kind)
    except Unknown as missing:
        raise Invalid(missing.message) from missing


async def read_form(request: Request) -> FormData:
    """The posted form of a guide's page; Starlette answers 400 beyond 5,000 fields or 256 kB in one of them."""
    return await request.form(max_files=0, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)


def form_pairs(posted: FormData) -> list[tuple[str, str]]:
    """The posted names and values, without files."""
    return [(name, value) for name, value in posted.multi_items() if isinstance(value, str)]


def read_revision(posted: FormData) -> int:
    """The revision the author's page showed; raises Invalid when the form has none."""
    text = str(posted.get("_revision", ""))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("The form is incomplete; load the page again.", "revision")
    return int(text)
