"""Putting Handrail into the product: the snippet, and whether pages ask already."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from admin.config import config_of
from admin.web.access import Page, can, context_of, environment_for
from admin.web.responses import page
from admin.web.urls import absolute_url
from guides.models import Environment, Guide, Role

STUB = (
    "<script>window.handrail=window.handrail||new Proxy({q:[]},{get:(t,k)=>k in t||k=='then'||typeof k=='symbol'"
    "?t[k]:(...a)=>new Promise((r,e)=>t.q.push([k,a,r,e]))})</script>"
)


async def install(request: Request) -> Response:
    """The snippet of this environment, with its real address and key."""
    environment = await environment_for(request)
    context = context_of(request)
    return page(
        request,
        "account/first_install.html" if request.query_params.get("first") == "1" else "settings/install.html",
        src=absolute_url(request, "/embed.js"),
        stub=STUB,
        demo_url=config_of(request).demo_url,
        has_guides=context is not None and await Guide.filter(project=context.project).exists(),
        may_write=can(request, Role.EDITOR),
        **_seen(environment),
    )


async def ping(request: Request) -> Response:
    """Whether pages ask by now; asked every two seconds until they do."""
    return page(request, "settings/_connection_status.html", **_seen(await environment_for(request)))


def _seen(environment: Environment) -> dict[str, Any]:
    return {"environment": environment, "connected": environment.seen_at is not None and not environment.refused_origin}


PAGES = [
    Page("install", "/settings/install", install, access=Role.VIEWER),
    Page("ping", "/settings/install/ping", ping, access=Role.VIEWER),
]
