"""The environment behind a public key, kept for two seconds: every batch of every page asks for it."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from guides import clock
from guides.errors import Unknown
from guides.models import Environment

TTL = timedelta(seconds=2)
MAX_ENTRIES = 1000

_entries: OrderedDict[str, tuple[datetime, Environment]] = OrderedDict()


async def get_environment_by_key(key: str) -> Environment:
    """The environment of a public key, as it was at most two seconds ago; raises Unknown (code unknown_environment)."""
    now = clock.now()
    if (entry := _entries.get(key)) is not None and timedelta() <= now - entry[0] < TTL:
        return entry[1]
    environment = await Environment.get_or_none(public_key=key)
    if environment is None:
        raise unknown_environment()
    _entries[key] = (now, environment)
    _entries.move_to_end(key)
    while len(_entries) > MAX_ENTRIES:
        _entries.popitem(last=False)
    return environment


def forget(environment: UUID | None = None) -> None:
    """Remove one environment, or all of them, from the cache of this process."""
    for key in [key for key, (_, cached) in _entries.items() if environment in (None, cached.id)]:
        del _entries[key]


def unknown_environment() -> Unknown:
    """The error for a public key that no environment has."""
    error = Unknown("There is no environment with this key.", "environment")
    error.code = "unknown_environment"
    return error
