"""Background work: partitions made ahead, old events and links forgotten; a row is the lock, so any number of processes may run it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from guides import clock
from guides.accounts import one_time_links as tokens
from guides.accounts import sessions
from guides.database import partitions
from guides.jobs import leases as jobs
from server.config.settings import Settings

log = logging.getLogger("handrail.work")

LEASE = timedelta(minutes=15)
ROUND_SECONDS = 60
AGAIN_AFTER_ERROR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Chore:
    """One piece of work: what it is called, how often it is done, what it does (how much there was)."""

    name: str
    every: timedelta
    do: Callable[[Settings], Awaitable[int]]


async def make_partitions(settings: Settings) -> int:
    """This month's and next month's partition of the event table, where there are partitions."""
    today = clock.today()
    months = [today, (today.replace(day=1) + timedelta(days=32)).replace(day=1)]
    return sum([await partitions.make_month(month) for month in months])


async def prune_events(settings: Settings) -> int:
    """Raw events older than they are to be kept."""
    return await partitions.prune(clock.today() - timedelta(days=settings.event_days))


async def forget_links(settings: Settings) -> int:
    """Sessions that are over and links that ran out long ago."""
    return await sessions.forget_old() + await tokens.forget_old()


CHORES = (
    Chore("partitions", timedelta(hours=6), make_partitions),
    Chore("prune events", timedelta(hours=24), prune_events),
    Chore("forget links", timedelta(hours=6), forget_links),
)


async def go_on(settings: Settings) -> None:
    """Round after round until cancelled."""
    while True:
        await one_round(settings)
        await asyncio.sleep(ROUND_SECONDS)


async def one_round(settings: Settings) -> int:
    """Every chore that is due and free; how many were done."""
    return sum([await _do(chore, settings) for chore in CHORES])


async def _do(chore: Chore, settings: Settings) -> bool:
    """One chore, if nobody else has it; what goes wrong is logged and tried again, and never stops the others."""
    try:
        if not await jobs.take(chore.name, LEASE):
            return False
        count = await chore.do(settings)
        await jobs.give_back(chore.name, chore.every)
    except Exception as error:
        log.exception("a chore failed", extra={"job": chore.name})
        await _report(chore, error)
        return False
    log.info("a chore is done", extra={"job": chore.name, "count": count})
    return True


async def _report(chore: Chore, error: Exception) -> None:
    try:
        await jobs.give_back(chore.name, AGAIN_AFTER_ERROR, f"{type(error).__name__}: {error}")
    except Exception:
        log.warning("the lease of a chore runs out by itself", extra={"job": chore.name})
