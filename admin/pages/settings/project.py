"""Settings of the project as a whole: its name and where images and videos may come from."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.i18n.translate import gettext as _
from admin.web.access import Page, can, project_for
from admin.web.responses import flash, page, see_other
from admin.web.urls import url_for
from guides.errors import Invalid
from guides.models import Role
from guides.projects import projects


async def project(request: Request) -> Response:
    """The page; who may not change it reads it."""
    return await _shown(request)


async def rename(request: Request) -> Response:
    """Another name; the address stays."""
    found, form = await project_for(request, Role.ADMIN), await request.form()
    typed = str(form.get("name", ""))
    try:
        await projects.rename_project(found, typed)
    except Invalid as error:
        return await _shown(request, {"name": _(error.message)}, {"name": typed}, status=422)
    flash(request, _("Saved."))
    return see_other(request, url_for(request, "project"))


async def allow_host(request: Request) -> Response:
    """Let guides show images and videos of one more host."""
    found, form = await project_for(request, Role.ADMIN), await request.form()
    typed = str(form.get("host", ""))
    try:
        await projects.allow_image_host(found, typed)
    except Invalid as error:
        return await _shown(request, {"host": _(error.message)}, {"host": typed}, status=422)
    return see_other(request, url_for(request, "project"))


async def forbid_host(request: Request) -> Response:
    """Take a host off the list."""
    found, form = await project_for(request, Role.ADMIN), await request.form()
    await projects.forbid_image_host(found, str(form.get("host", "")))
    return see_other(request, url_for(request, "project"))


async def _shown(
    request: Request, problems: dict[str, str] | None = None, typed: dict[str, str] | None = None, *, status: int = 200
) -> Response:
    found = await project_for(request, Role.VIEWER)
    await found.refresh_from_db()
    shown = {"name": found.name, "host": "", **(typed or {})}
    return page(request, "settings/project.html", status=status, problems=problems or {}, typed=shown, may_change=can(request, Role.ADMIN))


PAGES = [
    Page("project", "/settings/project", project, access=Role.VIEWER),
    Page("rename", "/settings/project", rename, ["POST"], Role.ADMIN),
    Page("allow_host", "/settings/project/hosts", allow_host, ["POST"], Role.ADMIN),
    Page("forbid_host", "/settings/project/hosts/remove", forbid_host, ["POST"], Role.ADMIN),
]
