"""Runs the periodic jobs; each takes a lease in the database, so that any number of processes may run them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from guides import clock
from guides.accounts import one_time_links, sessions
from guides.database import partitions
from guides.jobs import leases
from server.config.settings import Settings

log = logging.getLogger("handrail.work")

LEASE = timedelta(minutes=15)
CHECK_INTERVAL_SECONDS = 60
RETRY_AFTER_ERROR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """One job: its name, its interval, and a function that returns how many rows it handled."""

    name: str
    every: timedelta
    run: Callable[[Settings], Awaitable[int]]


async def create_partitions(settings: Settings) -> int:
    """Creates this month's and next month's partition of the event table; on SQLite there are none."""
    today = clock.today()
    months = [today, (today.replace(day=1) + timedelta(days=32)).replace(day=1)]
    return sum([await partitions.make_month(month) for month in months])


async def prune_events(settings: Settings) -> int:
    """Deletes raw events older than HANDRAIL_EVENT_DAYS."""
    return await partitions.prune(clock.today() - timedelta(days=settings.event_days))


async def delete_expired_links(settings: Settings) -> int:
    """Deletes expired sessions and one-time links."""
    return await sessions.delete_expired() + await one_time_links.delete_expired()


PERIODIC_JOBS = (
    PeriodicJob("partitions", timedelta(hours=6), create_partitions),
    PeriodicJob("prune events", timedelta(hours=24), prune_events),
    PeriodicJob("delete expired links", timedelta(hours=6), delete_expired_links),
)


async def run_forever(settings: Settings) -> None:
    """Runs due jobs every CHECK_INTERVAL_SECONDS until cancelled."""
    while True:
        await run_due(settings)
        await asyncio.sleep(CHECK_INTERVAL_SECONDS)


async def run_due(settings: Settings) -> int:
    """Runs every job that is due and not leased by another process; returns how many."""
    return sum([await _run_job(job, settings) for job in PERIODIC_JOBS])


async def _run_job(job: PeriodicJob, settings: Settings) -> bool:
    """Runs one job if its lease is free; a failure is logged and retried later, and never stops the others."""
    try:
        if not await leases.acquire_lease(job.name, LEASE):
            return False
        count = await job.run(settings)
        await leases.release_lease(job.name, job.every)
    except Exception as error:
        log.exception("a job failed", extra={"job": job.name})
        await _record_failure(job, error)
        return False
    log.info("a job is done", extra={"job": job.name, "count": count})
    return True


async def _record_failure(job: PeriodicJob, error: Exception) -> None:
    try:
        await leases.release_lease(job.name, RETRY_AFTER_ERROR, f"{type(error).__name__}: {error}")
    except Exception:
        log.warning("the lease of a job could not be released; it expires by itself", extra={"job": job.name})
