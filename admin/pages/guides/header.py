"""What every page about one guide shows around itself: its state, its tabs, what is left to mend and to publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request

from admin.forms.form import parts_of
from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.web.access import can, context_of
from guides.errors import Invalid, Unknown
from guides.kind import Kind, Problem
from guides.models import Environment, Guide, Publication, Role, Version
from guides.publishing.diff import changed_paths
from guides.publishing.validation import list_problems
from guides.registry import kind_named

MOST_FIELDS = 5000
FIELD_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class State:
    """How a guide stands in one environment: a word for its shape, a label that gives the reason."""

    word: str
    label: str


@dataclass(frozen=True, slots=True)
class Around:
    """One guide with all its tabs and its bar need."""

    guide: Guide
    kind: Kind
    state: State
    live: Publication | None
    changes: list[str]
    problems: list[Problem]
    may_edit: bool
    may_allow: bool
    parts: str

    @property
    def version(self) -> Version | None:
        """What people get now."""
        return self.live.version if self.live else None

    @property
    def problems_of_body(self) -> list[Problem]:
        """Those about what is written, not about who sees it."""
        return [problem for problem in self.problems if problem.path[:1] != ("settings",)]

    @property
    def blocking(self) -> list[Problem]:
        """What keeps it from being published."""
        return [problem for problem in self.problems if not problem.warning]


async def around(request: Request, guide: Guide, problems: Sequence[Problem] | None = None) -> Around:
    """Everything the bar of a guide says, for the environment of the request; `problems` where they were computed already."""
    context = context_of(request)
    kind = kind_of(guide)
    live = await live_publication(guide, context.environment)
    changed = changed_paths(guide, live.version if live else None)
    parts = parts_of(kind.Body)
    return Around(
        guide=guide,
        kind=kind,
        state=state_of(context.environment, guide.archived_at, live, await last_ended(guide, context.environment) if not live else None),
        live=live,
        changes=changed,
        problems=list_problems(guide, context.project) if problems is None else list(problems),
        may_edit=can(request, Role.EDITOR) and guide.archived_at is None,
        may_allow=can(request, Role.ADMIN),
        parts=parts.label if parts else "",
    )


def state_of(environment: Environment, archived_at: datetime | None, live: Publication | None, ended_at: datetime | None) -> State:
    """A guide's state with its reason."""
    if archived_at is not None:
        return State("ended", _("Archived"))
    if live is not None:
        return State("paused", _("Paused: everything is switched off")) if environment.is_disabled else State("live", _("Live"))
    if ended_at is not None:
        return State("ended", _("Ended %(when)s") % {"when": i18n.time_ago(ended_at)})
    return State("draft", _("Draft"))


async def live_publication(guide: Guide, environment: Environment) -> Publication | None:
    """What is live of it there, with its version."""
    return await Publication.filter(guide=guide, environment=environment, ended_at=None).select_related("version").first()


async def last_ended(guide: Guide, environment: Environment) -> datetime | None:
    """When it went off the air there."""
    found = await Publication.filter(guide=guide, environment=environment).order_by("-started_at").first()
    return found.ended_at if found else None


def kind_of(guide: Guide) -> Kind:
    """Its kind, or a stand-in that says nothing when the package is gone."""
    try:
        return kind_named(guide.kind)
    except Unknown as missing:
        raise Invalid(missing.message) from missing


async def posted_of(request: Request) -> FormData:
    """What a form of a guide posts; more than any guide can hold is refused."""
    return await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES)


def pairs_of(posted: FormData) -> list[tuple[str, str]]:
    """The posted names and values."""
    return [(name, value) for name, value in posted.multi_items() if isinstance(value, str)]


def revision_of(posted: FormData) -> int:
    """The revision the author read."""
    text = str(posted.get("_revision", ""))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("The form is incomplete; load the page again.", "revision")
    return int(text)
