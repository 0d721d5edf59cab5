"""The revision of an environment: a number that every process compares with what it keeps in memory."""

from __future__ import annotations

from tortoise.expressions import F

from guides.models import Environment
from guides.projects import environment_cache


async def bump_revision(environment: Environment, **columns: object) -> None:
    """Raise the environment's revision, and set these columns with it, so that every process reloads what is live there.

    Call it in the transaction of the change itself.
    """
    await Environment.filter(id=environment.id).update(revision=F("revision") + 1, **columns)
    environment_cache.forget(environment.id)
