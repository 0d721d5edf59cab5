"""Secret links that work once: only their SHA-256 is stored, and using one is a single decision in the WHERE."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import Any

from guides import clock, ids
from guides.errors import Unknown
from guides.models import OneTimeLink


class LinkPurpose(StrEnum):
    """What a link is for; one made for another purpose is unknown."""

    SETUP = "setup"
    RESET = "reset"
    INVITATION = "invitation"


LIFETIMES = {LinkPurpose.SETUP: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=1), LinkPurpose.INVITATION: timedelta(days=7)}
_INVALID = "This link has been used, has expired or was replaced by a newer one."


def digest(secret: str) -> str:
    """The SHA-256 of a secret, as it is stored."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def create_link(purpose: LinkPurpose, **columns: Any) -> str:
    """Create a link and return its secret, which is not stored."""
    secret, now = ids.secret(""), clock.now()
    await OneTimeLink.create(purpose=purpose, digest=digest(secret), created_at=now, expires_at=now + LIFETIMES[purpose], **columns)
    return secret


async def get_link(purpose: LinkPurpose, secret: str) -> OneTimeLink:
    """The valid link of this purpose, with its project and who created it; raises Unknown."""
    link = await OneTimeLink.filter(**_valid(purpose, secret)).select_related("project", "created_by").first()
    if link is None:
        raise Unknown(_INVALID, "token")
    return link


async def use_link(purpose: LinkPurpose, secret: str) -> None:
    """Mark the link as used; raises Unknown when it is no longer valid, of two at once for one of them."""
    if await OneTimeLink.filter(**_valid(purpose, secret)).update(used_at=clock.now()) != 1:
        raise Unknown(_INVALID, "token")


async def revoke_links(purpose: LinkPurpose, **columns: Any) -> int:
    """Delete the unused links of this purpose that match the columns; returns how many."""
    return await OneTimeLink.filter(purpose=purpose, used_at=None, **columns).delete()


async def delete_expired() -> int:
    """Delete the links that expired a month ago; returns how many."""
    return await OneTimeLink.filter(expires_at__lt=clock.now() - timedelta(days=30)).delete()


def _valid(purpose: LinkPurpose, secret: str) -> dict[str, Any]:
    return {"purpose": purpose, "digest": digest(secret), "used_at": None, "expires_at__gt": clock.now()}
