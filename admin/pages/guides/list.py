"""The list of guides: find, filter, create, copy, archive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from admin.components import charts
from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.pages.guides.header import read_form
from admin.pages.guides.list_query import DAYS, SORTS, STATUSES, ListQuery, list_guides
from admin.web.access import Page, can, environment_for, guide_for, project_for
from admin.web.responses import flash, is_htmx, page, partial, see_other
from admin.web.sessions import member_of
from admin.web.urls import url_for
from guides import clock
from guides.errors import Invalid
from guides.models import Role
from guides.publishing import drafts
from guides.registry import kinds
from guides.reports.daily import GuideSummary


async def show(request: Request) -> Response:
    """One page of the list, filtered and sorted by the query string."""
    project = await project_for(request, Role.VIEWER)
    environment = await environment_for(request)
    guides = await list_guides(project, environment, ListQuery.parse(request.query_params))
    variables = {"list": guides, **_context(request)}
    if is_htmx(request) and request.headers.get("HX-Target", "").endswith("#guides"):
        return partial(request, "guides/list.html", "guides", **variables)
    return page(request, "guides/list.html", **variables)


async def new(request: Request) -> Response:
    """Choose a kind and a name, without a script."""
    await project_for(request, Role.EDITOR)
    variables: dict[str, Any] = {"kinds": kinds(), "chosen": _known_kind(request.query_params.get("kind", ""))}
    return page(request, "guides/new.html", chosen_template="", name="", problems={}, **variables)


async def create(request: Request) -> Response:
    """Make a guide of one kind from one of its templates and open it."""
    project = await project_for(request, Role.EDITOR)
    posted = await read_form(request)
    kind, name = _known_kind(str(posted.get("kind", ""))), str(posted.get("name", ""))
    template = posted.get(f"template.{kind}")
    try:
        guide = await drafts.create(
            project, kind, name or _("Untitled"), member_of(request), template=None if template is None else str(template)
        )
    except Invalid as error:
        problems = {error.field: _(error.message)}
        variables: dict[str, Any] = {"kinds": kinds(), "chosen": kind, "chosen_template": template, "name": name, "problems": problems}
        return page(request, "guides/new.html", status=422, **variables)
    return see_other(request, url_for(request, "guide", guide=guide.id))


async def copy(request: Request) -> Response:
    """A new guide with the same words, opened for editing."""
    guide = await guide_for(request, Role.EDITOR)
    copied = await drafts.copy(guide, member_of(request))
    flash(request, _("Copied. This is the copy; it is not published."))
    return see_other(request, url_for(request, "guide", guide=copied.id))


async def archive(request: Request) -> Response:
    """Unpublish a guide in every environment and take it out of the list; the answer offers an undo."""
    guide = await guide_for(request, Role.EDITOR)
    await drafts.archive(guide, member_of(request))
    flash(request, _("“%(name)s” is archived.") % {"name": guide.name}, undo=url_for(request, "guide_unarchive", guide=guide.id))
    return see_other(request, url_for(request, "guides"))


async def unarchive(request: Request) -> Response:
    """Put a guide back into the list; what was live before has to be published again."""
    guide = await guide_for(request, Role.EDITOR)
    await drafts.unarchive(guide, member_of(request))
    flash(request, _("“%(name)s” is back. Publish it when people should see it again.") % {"name": guide.name})
    return see_other(request, url_for(request, "guides"))


def _context(request: Request) -> dict[str, Any]:
    return {
        "kinds": kinds(),
        "sorts": [(value, _(label)) for value, label in SORTS.items()],
        "statuses": [(value, _(label)) for value, label in STATUSES.items()],
        "can_edit": can(request, Role.EDITOR),
        "spark": _spark,
        "days": DAYS,
        "since": clock.today() - timedelta(days=DAYS - 1),
    }


def _spark(seen: GuideSummary) -> str:
    if not seen.people:
        return charts.spark([0] * DAYS, _("Nobody saw it in the last %(days)s days") % {"days": DAYS})
    range_text = {"days": DAYS, "least": i18n.number(min(seen.days)), "most": i18n.number(max(seen.days))}
    return charts.spark(seen.days, _("Last %(days)s days: between %(least)s and %(most)s people a day") % range_text)


def _known_kind(slug: str) -> str:
    return slug if slug in kinds() else next(iter(kinds()))


PAGES = [
    Page("guides", "/guides", show, access=Role.VIEWER),
    Page("guide_new", "/guides/new", new, access=Role.EDITOR),
    Page("guide_create", "/guides/new", create, ["POST"], Role.EDITOR),
    Page("guide_copy", "/guides/{guide}/copy", copy, ["POST"], Role.EDITOR),
    Page("guide_archive", "/guides/{guide}/archive", archive, ["POST"], Role.EDITOR),
    Page("guide_unarchive", "/guides/{guide}/unarchive", unarchive, ["POST"], Role.EDITOR),
]
