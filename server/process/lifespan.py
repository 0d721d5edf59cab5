"""Opens and closes what lives as long as the process: database, writer, background work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import Scope

from guides import database, migrations, registry
from guides.events.group_commit import Writer
from server.config.settings import Settings, SettingsRefused
from server.http.client_address import client_address
from server.http.embed_files import EmbedFiles
from server.http.rate_limits import RateLimiter, create_rate_limiter
from server.observability.metrics import Metrics
from server.process import worker

log = logging.getLogger("handrail")

READY_TIMEOUT_SECONDS = 2
MIGRATIONS = Path(migrations.__file__).parent


@dataclass(slots=True)
class Services:
    """The shared objects of the process; every endpoint gets them."""

    settings: Settings
    rate_limiter: RateLimiter
    embed_files: EmbedFiles
    writer: Writer = field(default_factory=Writer)
    metrics: Metrics = field(default_factory=Metrics)

    def client_address(self, scope: Scope) -> str:
        """Returns the client's address; trusts as many proxies as HANDRAIL_PROXY_HOPS says."""
        return client_address(scope, self.settings.proxy_hops)

    async def is_ready(self) -> bool:
        """True when the database answers and the writer accepts events."""
        try:
            async with asyncio.timeout(READY_TIMEOUT_SECONDS):
                await database.rows("SELECT 1 AS one")
        except Exception as error:
            log.warning("not ready", extra={"reason": type(error).__name__})
            return False
        return self.writer.is_open


def create_services(settings: Settings) -> Services:
    """Creates the services; opens nothing. Raises BrokenKind, which names the kind."""
    if settings.safe_mode:
        registry.disable_plugins()
    return Services(settings, create_rate_limiter(settings.redis_url, settings.rate_limit), EmbedFiles())


@asynccontextmanager
async def with_database(settings: Settings) -> AsyncIterator[None]:
    """Opens and migrates the database, and closes it at the end. Raises SettingsRefused when it is newer than this release."""
    await database.open_database(settings.database_url)
    try:
        if await database.pending_migrations():
            await database.migrate()
        await _refuse_newer()
        yield
    finally:
        await database.close_database()


@asynccontextmanager
async def with_writer(services: Services) -> AsyncIterator[None]:
    """Runs the event writer; at the end it stores all that is queued."""
    services.writer.start()
    try:
        yield
    finally:
        await services.writer.stop()


@asynccontextmanager
async def with_background_work(services: Services) -> AsyncIterator[None]:
    """The writer, and the background work worker_task it; partitions are there before the first event."""
    await worker.run_due(services.settings)
    async with with_writer(services):
        worker_task = asyncio.create_task(worker.run_forever(services.settings), name="background work")
        try:
            yield
        finally:
            worker_task.cancel()
            with suppress(asyncio.CancelledError):
                await worker_task


@asynccontextmanager
async def with_all_services(services: Services) -> AsyncIterator[None]:
    """Opens the database and runs the writer and the periodic jobs."""
    async with with_database(services.settings), with_background_work(services):
        yield


async def _refuse_newer() -> None:
    """Raises SettingsRefused when a newer release has migrated this database, since this one would lose its data."""
    ours = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
    applied = {row["name"] for row in await database.rows("SELECT name FROM tortoise_migrations WHERE app = 'guides'")}
    if newer := sorted(applied - ours):
        raise SettingsRefused([f"The database is newer than this program: it holds {newer[-1]}, and the latest here is {max(ours)}."])
