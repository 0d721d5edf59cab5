"""Leases on jobs: one process at a time runs a job; an expired lease is taken over."""

from __future__ import annotations

from datetime import timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from guides import clock
from guides.database import run


async def acquire_lease(name: str, lease: timedelta) -> bool:
    """Lease the named job if it is due and nobody holds it; one UPDATE decides between processes."""
    now = clock.now()
    await run(
        "INSERT INTO job (id, name, payload, due_at, attempts, last_error) "
        "VALUES (:id, :name, '{}', :now, 0, '') ON CONFLICT (id) DO NOTHING",
        id=_id(name),
        name=name,
        now=now,
    )
    count = await run(
        "UPDATE job SET leased_until = :until, attempts = attempts + 1 "
        "WHERE id = :id AND due_at <= :now AND (leased_until IS NULL OR leased_until < :now)",
        id=_id(name),
        now=now,
        until=now + lease,
    )
    return count == 1


async def release_lease(name: str, again: timedelta, error: str = "") -> None:
    """Release the job and set when it is due again; `attempts` counts runs since the last one without an error."""
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
