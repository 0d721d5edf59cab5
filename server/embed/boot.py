"""POST /embed/v1/boot: the guides for one page view. GET /embed/body/<digest>: one published body, immutable."""

from __future__ import annotations

import re
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from guides import clock
from guides.delivery.boot import boot
from guides.delivery.types import BootRequest, BootResult
from guides.people.identify import Identity
from guides.publishing.compiled import find_body
from server.http import json_body
from server.http.embed_files import IMMUTABLE, EmbedFiles
from server.http.errors import WireError
from server.http.json_body import Id, Key
from server.process.lifespan import Services

SCHEMA = 1
DIGEST = re.compile(r"[0-9a-f]{8,64}")
JSON = "application/json"

Attributes = dict[str, Any] | None


class WireModel(BaseModel):
    """A JSON object from the embed; unknown members are ignored, so that an older server understands a newer embed."""

    model_config = ConfigDict(strict=True, extra="ignore")


class PersonInput(WireModel):
    """The person the host page identifies."""

    id: Id
    attributes: Attributes = None


class CompanyInput(WireModel):
    """The company the person belongs to."""

    id: Id
    attributes: Attributes = None
    membership: Attributes = None


class PageInput(WireModel):
    """The page the person is on."""

    url: Annotated[str, StringConstraints(max_length=8192)] = ""


class BootInput(WireModel):
    """The body of a boot; `start` is the id of a guide the host page starts by name."""

    schema_: Annotated[int, Field(alias="schema", ge=1)] = SCHEMA
    environment: Key
    person: PersonInput | None = None
    company: CompanyInput | None = None
    anonymous: Id | None = None
    locale: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,35}$")] | None = None
    page: PageInput | None = None
    start: Id | None = None


async def post_boot(request: Request, services: Services) -> Response:
    """Answer one page view."""
    await services.rate_limiter.check_address("boot", services.client_address(request.scope))
    call = await _read_input(request)
    await services.rate_limiter.check_environment("boot", call.environment)
    result = await boot(_boot_request(call, request.headers.get("origin")))
    return Response(_encode(result, call.locale or "en", services.embed_files), 200, {"cache-control": "no-store"}, JSON)


async def get_body(request: Request, services: Services) -> Response:
    """Answer one published body by its digest, cacheable for ever."""
    digest = request.scope["path"].rpartition("/")[2]
    await services.rate_limiter.check_address("bodies", services.client_address(request.scope))
    body = await find_body(digest) if DIGEST.fullmatch(digest) else None
    if body is None:
        raise WireError(404, "not_found", "There is no such body.")
    tag = f'"{digest}"'
    headers = {"cache-control": IMMUTABLE, "etag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    return Response(body, 200, headers, JSON)


async def _read_input(request: Request) -> BootInput:
    """The validated body; raises WireError, with 401 before anything else where the key is missing."""
    parsed = await json_body.read(request)
    if parsed.json.get("environment") is None:
        raise WireError(401, "unknown_environment", "The key of an environment is missing.", "environment")
    return json_body.validate(BootInput, parsed.json if parsed.is_clean else json_body.sanitize(parsed.json))


def _boot_request(call: BootInput, origin: str | None) -> BootRequest:
    person, company = call.person, call.company
    identity = Identity(
        person=person.id if person else None,
        anonymous=call.anonymous,
        attributes=person.attributes or {} if person else {},
        company=company.id if company and person else None,
        company_attributes=company.attributes or {} if company else {},
        membership=company.membership or {} if company else {},
    )
    return BootRequest(call.environment, identity, call.page.url if call.page else "", origin, clock.now(), call.start, call.locale or "")


def _encode(result: BootResult, locale: str, embed_files: EmbedFiles) -> bytes:
    """The JSON of the response, joined with the guides, which are encoded already."""
    envelope: dict[str, Any] = {
        "schema": SCHEMA,
        "revision": result.revision,
        "person": result.person,
        "locale": locale,
        "theme": result.theme,
        "strings": {},
        "identity": None,
        "off": result.is_disabled,
        "kinds": {slug: embed_files.renderers[slug] for slug in sorted(result.kinds) if slug in embed_files.renderers},
        "help": {"enabled": False},
    }
    envelope |= {"effects": result.effects} if result.effects else {}
    envelope |= {"listings": result.listings} if result.listings else {}
    return b"".join([orjson.dumps(envelope)[:-1], b',"guides":[', b",".join(result.guides), b"]}"])
