"""Installation: the snippet, and whether pages call the environment already."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from admin.config import config_of
from admin.web.access import Page, can, environment_for
from admin.web.responses import page
from admin.web.urls import absolute_url
from guides.models import Environment, Guide, Role

LOADER_STUB = (
    "<script>window.handrail=window.handrail||new Proxy({q:[]},{get:(t,k)=>k in t||k=='then'||typeof k=='symbol'"
    "?t[k]:(...a)=>new Promise((r,e)=>t.q.push([k,a,r,e]))})</script>"
)


async def install(request: Request) -> Response:
    """The snippet of the current environment, with its address and public key."""
    environment = await environment_for(request)
    return page(
        request,
        "account/first_install.html" if request.query_params.get("first") == "1" else "settings/install.html",
        src=absolute_url(request, "/embed.js"),
        stub=LOADER_STUB,
        demo_url=config_of(request).demo_url,
        has_guides=await Guide.filter(project_id=environment.project_id).exists(),
        may_write=can(request, Role.EDITOR),
        **_connection(environment),
    )


async def connection_status(request: Request) -> Response:
    """Whether pages call the environment by now; the page polls it every two seconds until they do."""
    return page(request, "settings/_connection_status.html", **_connection(await environment_for(request)))


def _connection(environment: Environment) -> dict[str, Any]:
    return {"environment": environment, "connected": environment.last_boot_at is not None and not environment.last_refused_origin}


PAGES = [
    Page("install", "/settings/install", install, access=Role.VIEWER),
    Page("connection_status", "/settings/install/ping", connection_status, access=Role.VIEWER),
]
