"""POST /embed/v1/boot: what this person may see now; GET /embed/body/<digest>: one frozen body, for ever."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from guides import clock
from guides.delivery import boot as delivery
from guides.people.identify import Identity
from guides.publishing.compiled import find_body
from server.http import json_body as wire
from server.http.embed_files import IMMUTABLE, EmbedFiles
from server.http.errors import WireError
from server.http.json_body import Id, Key
from server.process.lifespan import Services

SCHEMA = 1
DIGEST = re.compile(r"[0-9a-f]{8,64}")
JSON = "application/json"

Attributes = dict[str, Any] | None


class Call(BaseModel):
    """A shape on the wire: what it does not know it skips, so that an older server understands a newer embed."""

    model_config = ConfigDict(strict=True, extra="ignore")


class PersonSaid(Call):
    """Who the host page says is there."""

    id: Id
    attributes: Attributes = None


class CompanySaid(Call):
    """What the person belongs to."""

    id: Id
    attributes: Attributes = None
    membership: Attributes = None


class PageSaid(Call):
    """Where the person is."""

    url: Annotated[str, StringConstraints(max_length=8192)] = ""


class BootCall(Call):
    """One boot as sent."""

    schema_: Annotated[int, Field(alias="schema", ge=1)] = SCHEMA
    environment: Key
    person: PersonSaid | None = None
    company: CompanySaid | None = None
    anonymous: Id | None = None
    locale: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,35}$")] | None = None
    page: PageSaid | None = None
    start: Id | None = None


async def boot(request: Request, services: Services) -> Response:
    """Answer one page view."""
    await services.rate_limiter.check_address("boot", services.client_address(request.scope))
    call = await read_call(BootCall, request)
    await services.rate_limiter.check_environment("boot", call.environment)
    answer = await delivery.boot(_question(call, request.headers.get("origin")))
    return Response(_encoded(answer, call.locale or "en", services.embed_files), 200, {"cache-control": "no-store"}, JSON)


async def body(request: Request, services: Services) -> Response:
    """One frozen body by its digest, immutable."""
    digest = request.scope["path"].rpartition("/")[2]
    await services.rate_limiter.check_address("bodies", services.client_address(request.scope))
    found = await find_body(digest) if DIGEST.fullmatch(digest) else None
    if found is None:
        raise WireError(404, "not_found", "There is no such body.")
    tag = f'"{digest}"'
    headers = {"cache-control": IMMUTABLE, "etag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    return Response(found, 200, headers, JSON)


async def read_call(model: type[wire.Model], request: Request) -> wire.Model:
    """The body of a call as its shape, with the key asked for first; raises WireError."""
    parsed = await wire.read(request)
    if parsed.json.get("environment") is None:
        raise WireError(401, "unknown_environment", "The key of an environment is missing.", "environment")
    return wire.validate(model, parsed.json if parsed.is_clean else wire.sanitize(parsed.json))


def _question(call: BootCall, origin: str | None) -> delivery.Question:
    person, company = call.person, call.company
    who = Identity(
        person=person.id if person else None,
        anonymous=call.anonymous,
        attributes=person.attributes or {} if person else {},
        company=company.id if company and person else None,
        company_attributes=company.attributes or {} if company else {},
        membership=company.membership or {} if company else {},
    )
    return delivery.Question(call.environment, who, call.page.url if call.page else "", origin, clock.now(), call.start)


def _encoded(answer: delivery.Answer, locale: str, embed_files: EmbedFiles) -> bytes:
    """The answer put together from guides that are encoded already."""
    rest: Mapping[str, Any] = {
        "schema": SCHEMA,
        "revision": answer.revision,
        "person": answer.person,
        "locale": locale,
        "theme": answer.theme,
        "strings": {},
        "identity": None,
        "off": answer.off,
        "kinds": {slug: embed_files.renderers[slug] for slug in sorted(answer.kinds) if slug in embed_files.renderers},
        "help": {"enabled": False},
    }
    return b"".join([orjson.dumps(rest)[:-1], b',"guides":[', b",".join(answer.guides), b"]}"])
