"""The environments of a project: their keys, allowed origins and kill switch."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.components.navigation import connection_status
from admin.i18n.translate import gettext as _
from admin.web.access import Page, can, project_for, uuid_param
from admin.web.responses import flash, page, see_other
from admin.web.urls import url_for
from guides.errors import Invalid
from guides.models import Environment, Role
from guides.projects import projects
from guides.projects.projects import InvalidOrigin


async def environments(request: Request) -> Response:
    """Lists the environments of the project."""
    return await _render(request)


async def create(request: Request) -> Response:
    """Creates an environment."""
    project, form = await project_for(request, Role.ADMIN), await request.form()
    typed = str(form.get("name", ""))
    try:
        environment = await projects.create_environment(project, typed)
    except Invalid as error:
        return await _render(request, {"new": _(error.message)}, {"new": typed}, status=422)
    flash(
        request,
        _("%(environment)s is there. Publish guides to it, then put its snippet into that copy of your product.")
        % {"environment": environment.name},
    )
    return see_other(request, url_for(request, "environments"))


async def allow_origins(request: Request) -> Response:
    """Saves the origins whose pages may call this environment."""
    environment, form = await _environment_for(request), await request.form()
    typed = str(form.get("origins", ""))
    try:
        await projects.set_allowed_origins(environment, typed.split())
    except InvalidOrigin as error:
        wrong = _("“%(text)s” is not an origin. Write it like https://app.example.com, without a path.") % {"text": error.text}
        return await _render(request, {str(environment.id): wrong}, {str(environment.id): typed}, status=422)
    except Invalid as error:
        return await _render(request, {str(environment.id): _(error.message)}, {str(environment.id): typed}, status=422)
    flash(request, _("Saved. Pages notice it the next time they load."))
    return see_other(request, url_for(request, "environments"))


async def set_disabled(request: Request) -> Response:
    """The kill switch: takes all guides of an environment off every page, or puts them back."""
    environment, form = await _environment_for(request), await request.form()
    is_off = form.get("off") == "on"
    await projects.set_disabled(environment, is_off)
    message = (
        _("%(environment)s is switched off. Open pages notice it within a minute.")
        if is_off
        else _("%(environment)s is switched on again.")
    )
    flash(request, message % {"environment": environment.name})
    return see_other(request, url_for(request, "environments"))


async def _environment_for(request: Request) -> Environment:
    return await projects.get_environment(await project_for(request, Role.ADMIN), uuid_param(request, "environment_id"))


async def _render(
    request: Request, problems: dict[str, str] | None = None, typed: dict[str, str] | None = None, *, status: int = 200
) -> Response:
    project = await project_for(request, Role.VIEWER)
    environments = await projects.list_environments(project)
    return page(
        request,
        "settings/environments.html",
        status=status,
        environments=[(each, connection_status(each)) for each in environments],
        problems=problems or {},
        typed={"new": "", **{str(each.id): "\n".join(each.allowed_origins) for each in environments}, **(typed or {})},
        may_change=can(request, Role.ADMIN),
    )


PAGES = [
    Page("environments", "/settings/environments", environments, access=Role.VIEWER),
    Page("create_environment", "/settings/environments", create, ["POST"], Role.ADMIN),
    Page("allow_origins", "/settings/environments/{environment_id}/origins", allow_origins, ["POST"], Role.ADMIN),
    Page("disable_environment", "/settings/environments/{environment_id}/switch", set_disabled, ["POST"], Role.ADMIN),
]
