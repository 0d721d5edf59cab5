"""Secret links that work once: only their SHA-256 is stored, and using one is a single decision in the WHERE."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import Any

from guides import clock, ids
from guides.errors import Unknown
from guides.models import OneTimeLink


class Purpose(StrEnum):
    """What a link is for; one made for another purpose is unknown."""

    SETUP = "setup"
    RESET = "reset"
    INVITATION = "invitation"


LASTS = {Purpose.SETUP: timedelta(days=7), Purpose.RESET: timedelta(hours=1), Purpose.INVITATION: timedelta(days=7)}
_GONE = "This link has been used, has expired or was replaced by a newer one."


def digest(secret: str) -> str:
    """The SHA-256 of a secret, as it is stored."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def issue(purpose: Purpose, **about: Any) -> str:
    """A new link's secret; it is shown now and never again."""
    secret, now = ids.secret(""), clock.now()
    await OneTimeLink.create(purpose=purpose, digest=digest(secret), created_at=now, expires_at=now + LASTS[purpose], **about)
    return secret


async def look_up(purpose: Purpose, secret: str) -> OneTimeLink:
    """The row of a link that still works, left as it is; raises Unknown."""
    found = await OneTimeLink.filter(**_works(purpose, secret)).select_related("project", "created_by").first()
    if found is None:
        raise Unknown(_GONE, "token")
    return found


async def use(purpose: Purpose, secret: str) -> None:
    """Use the link up; raises Unknown when somebody was faster."""
    if await OneTimeLink.filter(**_works(purpose, secret)).update(used_at=clock.now()) != 1:
        raise Unknown(_GONE, "token")


async def void(purpose: Purpose, **about: Any) -> int:
    """Make unused links of this purpose worthless; how many there were."""
    return await OneTimeLink.filter(purpose=purpose, used_at=None, **about).delete()


async def forget_old() -> int:
    """Delete links that ran out a month ago; how many there were."""
    return await OneTimeLink.filter(expires_at__lt=clock.now() - timedelta(days=30)).delete()


def _works(purpose: Purpose, secret: str) -> dict[str, Any]:
    return {"purpose": purpose, "digest": digest(secret), "used_at": None, "expires_at__gt": clock.now()}
