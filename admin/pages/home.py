"""The home page of a project."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.components.navigation import connection_status
from admin.web.access import Access, Page, can, environment_for, project_for
from admin.web.responses import page
from guides.models import Guide, Publication, Role


async def home(request: Request) -> Response:
    """The first steps, counts and the guides edited last; agents see that there is no inbox yet."""
    project = await project_for(request, Access.MEMBER)
    if not can(request, Role.VIEWER):
        return page(request, "agent_home.html")
    environment = await environment_for(request)
    guides = await Guide.filter(project=project, archived_at=None).order_by("-edited_at").limit(5).select_related("edited_by")
    live_ids = set(await Publication.filter(environment=environment, ended_at=None).values_list("guide_id", flat=True))
    return page(request, "home.html", recent=guides, live=len(live_ids), live_ids=live_ids, connection=connection_status(environment))


PAGES = [Page("home", "", home, access=Access.MEMBER)]
