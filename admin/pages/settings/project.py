"""Settings of the project: its name, and the hosts of images and videos."""

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
    """Name and image hosts; read-only without the admin role."""
    return await _render(request)


async def rename(request: Request) -> Response:
    """Renames the project; its slug stays."""
    project, form = await project_for(request, Role.ADMIN), await request.form()
    typed = str(form.get("name", ""))
    try:
        await projects.rename_project(project, typed)
    except Invalid as error:
        return await _render(request, {"name": _(error.message)}, {"name": typed}, status=422)
    flash(request, _("Saved."))
    return see_other(request, url_for(request, "project"))


async def allow_image_host(request: Request) -> Response:
    """Allows images and videos of a host."""
    project, form = await project_for(request, Role.ADMIN), await request.form()
    typed = str(form.get("host", ""))
    try:
        await projects.allow_image_host(project, typed)
    except Invalid as error:
        return await _render(request, {"host": _(error.message)}, {"host": typed}, status=422)
    return see_other(request, url_for(request, "project"))


async def forbid_image_host(request: Request) -> Response:
    """Forbids a host again."""
    project, form = await project_for(request, Role.ADMIN), await request.form()
    await projects.forbid_image_host(project, str(form.get("host", "")))
    return see_other(request, url_for(request, "project"))


async def _render(
    request: Request, problems: dict[str, str] | None = None, typed: dict[str, str] | None = None, *, status: int = 200
) -> Response:
    project = await project_for(request, Role.VIEWER)
    await project.refresh_from_db()
    values = {"name": project.name, "host": "", **(typed or {})}
    return page(request, "settings/project.html", status=status, problems=problems or {}, typed=values, may_change=can(request, Role.ADMIN))


PAGES = [
    Page("project", "/settings/project", project, access=Role.VIEWER),
    Page("rename_project", "/settings/project", rename, ["POST"], Role.ADMIN),
    Page("allow_image_host", "/settings/project/hosts", allow_image_host, ["POST"], Role.ADMIN),
    Page("forbid_image_host", "/settings/project/hosts/remove", forbid_image_host, ["POST"], Role.ADMIN),
]
