"""The list of guides: find, filter, create, copy, archive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from admin.components import charts
from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.pages.guides.header import posted_of
from admin.pages.guides.list_query import DAYS, SORTS, STATUSES, Shelf, Wanted, shelf
from admin.web.access import Page, can, environment_for, guide_for, project_for
from admin.web.responses import flash, is_htmx, page, partial, see_other
from admin.web.sessions import member_of
from admin.web.urls import url_for
from guides import clock
from guides.errors import Invalid
from guides.models import Role
from guides.publishing import drafts
from guides.registry import kinds
from guides.reports.report import Seen


async def look(request: Request) -> Response:
    """One page of the list, as the address asks for it."""
    project = await project_for(request, Role.VIEWER)
    environment = await environment_for(request)
    found = await shelf(project, environment, Wanted.of(request.query_params))
    given = {"shelf": found, **_around(request, found)}
    if is_htmx(request) and request.headers.get("HX-Target", "").endswith("#guides"):
        return partial(request, "guides/list.html", "guides", **given)
    return page(request, "guides/list.html", **given)


async def start(request: Request) -> Response:
    """Choose a kind and a name, without a script."""
    await project_for(request, Role.EDITOR)
    return page(request, "guides/new.html", kinds=kinds(), chosen=_kind(request.query_params.get("kind", "")), name="", problem="")


async def create(request: Request) -> Response:
    """Make a guide of one kind and open it."""
    project = await project_for(request, Role.EDITOR)
    posted = await posted_of(request)
    kind, name = _kind(str(posted.get("kind", ""))), str(posted.get("name", ""))
    try:
        guide = await drafts.create(project, kind, name or _("Untitled"), member_of(request))
    except Invalid as wrong:
        given: dict[str, Any] = {"kinds": kinds(), "chosen": kind, "name": name, "problem": _(wrong.message)}
        return page(request, "guides/new.html", status=422, **given)
    return see_other(request, url_for(request, "guide", guide=guide.id))


async def copy(request: Request) -> Response:
    """A new guide with the same words, opened for editing."""
    guide = await guide_for(request, Role.EDITOR)
    made = await drafts.copy(guide, member_of(request))
    flash(request, _("Copied. This is the copy; it is not published."))
    return see_other(request, url_for(request, "guide", guide=made.id))


async def archive(request: Request) -> Response:
    """Take a guide off the air everywhere and out of the list; can be undone."""
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


def _around(request: Request, found: Shelf) -> dict[str, Any]:
    return {
        "kinds": kinds(),
        "sorts": [(word, _(label)) for word, label in SORTS.items()],
        "statuses": [(word, _(label)) for word, label in STATUSES.items()],
        "may_edit": can(request, Role.EDITOR),
        "spark": _spark,
        "days": DAYS,
        "since": clock.today() - timedelta(days=DAYS - 1),
    }


def _spark(seen: Seen) -> str:
    if not seen.people:
        return charts.spark([0] * DAYS, _("Nobody saw it in the last %(days)s days") % {"days": DAYS})
    said = {"days": DAYS, "least": i18n.number(min(seen.days)), "most": i18n.number(max(seen.days))}
    return charts.spark(seen.days, _("Last %(days)s days: between %(least)s and %(most)s people a day") % said)


def _kind(slug: str) -> str:
    return slug if slug in kinds() else next(iter(kinds()))


PAGES = [
    Page("guides", "/guides", look, access=Role.VIEWER),
    Page("guide_new", "/guides/new", start, access=Role.EDITOR),
    Page("guide_create", "/guides/new", create, ["POST"], Role.EDITOR),
    Page("guide_copy", "/guides/{guide}/copy", copy, ["POST"], Role.EDITOR),
    Page("guide_archive", "/guides/{guide}/archive", archive, ["POST"], Role.EDITOR),
    Page("guide_unarchive", "/guides/{guide}/unarchive", unarchive, ["POST"], Role.EDITOR),
]
