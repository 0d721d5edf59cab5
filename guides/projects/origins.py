"""Checks the origin of a browser's request against the environment's list of allowed origins."""

from __future__ import annotations

from collections.abc import Sequence

from guides.errors import Refused
from guides.models import Environment

ORIGIN_LENGTH = 300


def is_origin_allowed(origin: str | None, allowed_origins: Sequence[str]) -> bool:
    """Whether the origin is in the list; an empty list allows every origin, and no origin means no browser."""
    return origin is None or not allowed_origins or origin in allowed_origins


async def check_origin(environment: Environment, origin: str | None) -> None:
    """Raise Refused for an origin that is not allowed, and store it for the install page."""
    if origin is None or is_origin_allowed(origin, environment.allowed_origins):
        return
    refused = origin[:ORIGIN_LENGTH]
    if environment.last_refused_origin != refused:
        await Environment.filter(id=environment.id).update(last_refused_origin=refused)
    raise Refused(f"The origin {refused} is not in this environment's list of allowed origins.", "origin")
