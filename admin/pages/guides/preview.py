"""The page in the editor's frame in which the real renderer shows the draft; the only page of the admin that may be framed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.config import config_of
from admin.web.access import Page, guide_for
from admin.web.responses import page
from guides.models import Role
from guides.richtext.media import VIDEO_HOSTS

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{hosts}; font-src 'self'; connect-src 'self'; "
    "frame-src {videos}; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; object-src 'none'"
)


async def show(request: Request) -> Response:
    """An example page without the draft; the editor posts the draft to it as a message."""
    guide = await guide_for(request, Role.VIEWER)
    response = page(request, "guides/preview.html", renderer=config_of(request).renderers.get(guide.kind, ""))
    hosts = "".join(f" https://{host}" for host in guide.project.image_hosts)
    response.headers["Content-Security-Policy"] = CSP.format(
        hosts=hosts, videos=" ".join(f"https://{host}" for host in VIDEO_HOSTS.values())
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


PAGES = [Page("guide_preview", "/guides/{guide}/preview", show, access=Role.VIEWER)]
