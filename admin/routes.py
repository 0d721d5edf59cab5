"""Every admin address in one list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from admin.pages import home, manual
from admin.pages.account import invitation, profile, setup, sign_in
from admin.pages.guides import audience, editor, preview, publish, report, versions
from admin.pages.guides import list as guide_list
from admin.pages.settings import api_keys, environments, install, project, team
from admin.web import static_files
from admin.web.access import Page, require_access

ROUTES: Sequence[Page] = [
    *setup.PAGES,
    *sign_in.PAGES,
    *invitation.PAGES,
    *profile.PAGES,
    *manual.PAGES,
    *home.PAGES,
    *guide_list.PAGES,
    *editor.PAGES,
    *audience.PAGES,
    *publish.PAGES,
    *versions.PAGES,
    *report.PAGES,
    *preview.PAGES,
    *project.PAGES,
    *team.PAGES,
    *environments.PAGES,
    *install.PAGES,
    *api_keys.PAGES,
]


def routes(pages: Iterable[Page]) -> list[Route]:
    """The pages as routes: those of no project first, then production's, then the other environments'."""
    pages = tuple(pages)
    in_project = [page for page in pages if page.is_in_project]
    return [
        Route("/admin/static/{digest}/{name}", static_files.serve, name="static"),
        *(_route(page, "/admin", page.name) for page in pages if not page.is_in_project),
        *(_route(page, "/admin/{project}", page.name) for page in in_project),
        *(_route(page, "/admin/{project}/{environment}", f"{page.name}@environment") for page in in_project),
    ]


def _route(page: Page, prefix: str, name: str) -> Route:
    async def endpoint(request: Request) -> Response:
        await require_access(request, page.access)
        return await page.view(request)

    return Route(prefix + page.path, endpoint, methods=list(page.methods), name=name, max_body_size=page.limit)
