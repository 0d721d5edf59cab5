"""Where the project runs: its environments, which pages may ask them, and the kill switch."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.components.navigation import pulse
from admin.i18n.translate import gettext as _
from admin.web.access import Page, can, project_for, uuid_param
from admin.web.responses import flash, page, see_other
from admin.web.urls import url_for
from guides.errors import Invalid
from guides.models import Environment, Role
from guides.projects import projects
from guides.projects.projects import NotAnOrigin


async def environments(request: Request) -> Response:
    """Every environment of the project."""
    return await _shown(request)


async def add(request: Request) -> Response:
    """One more environment."""
    found, form = await project_for(request, Role.ADMIN), await request.form()
    typed = str(form.get("name", ""))
    try:
        made = await projects.create_environment(found, typed)
    except Invalid as error:
        return await _shown(request, {"new": _(error.message)}, {"new": typed}, status=422)
    flash(
        request,
        _("%(environment)s is there. Publish guides to it, then put its snippet into that copy of your product.")
        % {"environment": made.name},
    )
    return see_other(request, url_for(request, "environments"))


async def allow_origins(request: Request) -> Response:
    """Which pages may ask this environment."""
    environment, form = await _named(request), await request.form()
    typed = str(form.get("origins", ""))
    try:
        await projects.set_origins(environment, typed.split())
    except NotAnOrigin as error:
        wrong = _("“%(text)s” is not an origin. Write it like https://app.example.com, without a path.") % {"text": error.text}
        return await _shown(request, {str(environment.id): wrong}, {str(environment.id): typed}, status=422)
    except Invalid as error:
        return await _shown(request, {str(environment.id): _(error.message)}, {str(environment.id): typed}, status=422)
    flash(request, _("Saved. Pages notice it the next time they load."))
    return see_other(request, url_for(request, "environments"))


async def switch(request: Request) -> Response:
    """The kill switch."""
    environment, form = await _named(request), await request.form()
    off = form.get("off") == "on"
    await projects.switch(environment, off)
    said = (
        _("%(environment)s is switched off. Open pages notice it within a minute.") if off else _("%(environment)s is switched on again.")
    )
    flash(request, said % {"environment": environment.name})
    return see_other(request, url_for(request, "environments"))


async def _named(request: Request) -> Environment:
    return await projects.environment_of(await project_for(request, Role.ADMIN), uuid_param(request, "one"))


async def _shown(
    request: Request, problems: dict[str, str] | None = None, typed: dict[str, str] | None = None, *, status: int = 200
) -> Response:
    project = await project_for(request, Role.VIEWER)
    found = await projects.environments_of(project)
    return page(
        request,
        "settings/environments.html",
        status=status,
        rows=[(one, pulse(one)) for one in found],
        problems=problems or {},
        typed={"new": "", **{str(one.id): "\n".join(one.allowed_origins) for one in found}, **(typed or {})},
        may_change=can(request, Role.ADMIN),
    )


PAGES = [
    Page("environments", "/settings/environments", environments, access=Role.VIEWER),
    Page("add_environment", "/settings/environments", add, ["POST"], Role.ADMIN),
    Page("allow_origins", "/settings/environments/{one}/origins", allow_origins, ["POST"], Role.ADMIN),
    Page("switch_environment", "/settings/environments/{one}/switch", switch, ["POST"], Role.ADMIN),
]
