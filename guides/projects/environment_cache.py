"""The environment behind a public key, kept for two seconds: every batch of every page asks for it."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from guides import clock
from guides.errors import Unknown
from guides.models import Environment

KEPT_FOR = timedelta(seconds=2)
KEPT_AT_MOST = 1000

_kept: OrderedDict[str, tuple[datetime, Environment]] = OrderedDict()


async def environment_named(key: str) -> Environment:
    """The environment of a public key, as it was at most two seconds ago; raises Unknown (code unknown_environment)."""
    now = clock.now()
    if (held := _kept.get(key)) is not None and timedelta() <= now - held[0] < KEPT_FOR:
        return held[1]
    environment = await Environment.get_or_none(public_key=key)
    if environment is None:
        raise unknown()
    _kept[key] = (now, environment)
    _kept.move_to_end(key)
    while len(_kept) > KEPT_AT_MOST:
        _kept.popitem(last=False)
    return environment


def forget(environment: UUID | None = None) -> None:
    """Ask the database next time, about one environment or about all."""
    for key in [key for key, (_, held) in _kept.items() if environment in (None, held.id)]:
        del _kept[key]


def unknown() -> Unknown:
    """The refusal of a key that names nothing."""
    error = Unknown("There is no environment with this key.", "environment")
    error.code = "unknown_environment"
    return error
