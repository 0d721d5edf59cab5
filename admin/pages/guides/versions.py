"""The versions of a guide: where each is live, roll back to one, or make one the draft again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.i18n.translate import gettext as _
from admin.pages.guides.header import guide_header, read_form, read_revision
from admin.web.access import Page, context_of, guide_for
from admin.web.responses import flash, page, see_other
from admin.web.sessions import member_of
from admin.web.urls import url_for
from guides.errors import Conflict, Unknown
from guides.models import Publication, Role
from guides.publishing import drafts
from guides.publishing.history import list_versions
from guides.publishing.publish import roll_back


async def show(request: Request) -> Response:
    """Every version, newest first, with where each is live."""
    guide = await guide_for(request, Role.VIEWER)
    live: dict[int, list[str]] = {}
    for publication in await Publication.filter(guide=guide, ended_at=None).select_related("environment", "version"):
        live.setdefault(publication.version.number, []).append(publication.environment.name)
    return page(
        request,
        "guides/versions.html",
        header=await guide_header(request, guide),
        tab="guide_versions",
        saves=False,
        versions=await list_versions(guide),
        live=live,
    )


async def roll_back_version(request: Request) -> Response:
    """Make an earlier version live again in this environment; the draft stays as it is."""
    guide = await guide_for(request, Role.EDITOR)
    context = context_of(request)
    number = _version_number(request)
    await roll_back(guide, context.environment, number, member_of(request))
    flash(request, _("Version %(number)s is live in %(environment)s.") % {"number": number, "environment": context.environment.name})
    return see_other(request, url_for(request, "guide_versions", guide=guide.id))


async def restore(request: Request) -> Response:
    """Make an earlier version the draft again; what is live stays as it is."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await read_form(request)
    number = _version_number(request)
    try:
        await drafts.restore(guide, number, revision=read_revision(posted), by=member_of(request))
    except Conflict:
        flash(request, _("Somebody else saved this guide just now. Look at it before you replace its draft."), "bad")
    else:
        flash(request, _("Version %(number)s is the draft now. Undo brings the other one back.") % {"number": number})
    return see_other(request, url_for(request, "guide", guide=guide.id))


def _version_number(request: Request) -> int:
    text = str(request.path_params["number"])
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Unknown("There is no such version.")
    return int(text)


PAGES = [
    Page("guide_versions", "/guides/{guide}/versions", show, access=Role.VIEWER),
    Page("guide_roll_back", "/guides/{guide}/versions/{number}/live", roll_back_version, ["POST"], Role.EDITOR),
    Page("guide_restore", "/guides/{guide}/versions/{number}/draft", restore, ["POST"], Role.EDITOR),
]
