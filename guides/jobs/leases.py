"""Work that one process at a time does: the row is the lock, and a lease that runs out is taken over."""

from __future__ import annotations

from datetime import timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from guides import clock
from guides.database import run


async def take(name: str, lease: timedelta) -> bool:
    """Take the named work when it is due and nobody has it; one statement decides between processes."""
    now = clock.now()
    await run(
        "INSERT INTO job (id, name, payload, due_at, attempts, last_error) "
        "VALUES (:id, :name, '{}', :now, 0, '') ON CONFLICT (id) DO NOTHING",
        id=_id(name),
        name=name,
        now=now,
    )
    taken = await run(
        "UPDATE job SET leased_until = :until, attempts = attempts + 1 "
        "WHERE id = :id AND due_at <= :now AND (leased_until IS NULL OR leased_until < :now)",
        id=_id(name),
        now=now,
        until=now + lease,
    )
    return taken == 1


async def give_back(name: str, again: timedelta, error: str = "") -> None:
    """Let go of the work and say when it is due again; without an error the attempts begin anew."""
    now = clock.now()
    await run(
        "UPDATE job SET leased_until = NULL, due_at = :due, done_at = :now, last_error = :error, "
        "attempts = CASE WHEN :failed THEN attempts ELSE 0 END WHERE id = :id",
        id=_id(name),
        due=now + again,
        now=now,
        error=error[:500],
        failed=bool(error),
    )


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"handrail:{name}")
