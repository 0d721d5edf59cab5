"""What lives as long as the process: the database, the writer, the limits and the files."""

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
from server.http.embed_files import Assets
from server.http.rate_limits import Limits, address_of, open_limits
from server.observability.metrics import Measures
from server.process import worker as work

log = logging.getLogger("handrail")

ANSWER_SECONDS = 2
MIGRATIONS = Path(migrations.__file__).parent


@dataclass(slots=True)
class Running:
    """What every endpoint is handed."""

    settings: Settings
    limits: Limits
    assets: Assets
    writer: Writer = field(default_factory=Writer)
    measures: Measures = field(default_factory=Measures)

    def address(self, scope: Scope) -> str:
        """Who asks, as far as our own proxies can be believed."""
        return address_of(scope, self.settings.proxy_hops)

    async def is_ready(self) -> bool:
        """The database answers and what is sent would be stored."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await database.rows("SELECT 1 AS one")
        except Exception as error:
            log.warning("not ready", extra={"reason": type(error).__name__})
            return False
        return self.writer.is_open


def prepare(settings: Settings) -> Running:
    """Everything that can be made without waiting; raises BrokenKind by name."""
    if settings.safe_mode:
        registry.without_plugins()
    return Running(settings, open_limits(settings.redis_url, settings.rate_limit), Assets())


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[None]:
    """The database, open and up to date, closed again whatever happens."""
    await database.open_database(settings.database_url)
    try:
        if await database.pending():
            await database.migrate()
        await _refuse_newer()
        yield
    finally:
        await database.close_database()


@asynccontextmanager
async def writing(running: Running) -> AsyncIterator[None]:
    """The writer at work; at the end all that waits is stored."""
    running.writer.start()
    try:
        yield
    finally:
        await running.writer.stop()


@asynccontextmanager
async def at_work(running: Running) -> AsyncIterator[None]:
    """The writer, and the background work beside it; partitions are there before the first event."""
    await work.one_round(running.settings)
    async with writing(running):
        beside = asyncio.create_task(work.go_on(running.settings), name="background work")
        try:
            yield
        finally:
            beside.cancel()
            with suppress(asyncio.CancelledError):
                await beside


@asynccontextmanager
async def serving(running: Running) -> AsyncIterator[None]:
    """All of it, the database included."""
    async with opened(running.settings), at_work(running):
        yield


async def _refuse_newer() -> None:
    """A newer release has changed this database; running an older one on it would lose what that one keeps."""
    known = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
    applied = {row["name"] for row in await database.rows("SELECT name FROM tortoise_migrations WHERE app = 'guides'")}
    if newer := sorted(applied - known):
        raise SettingsRefused([f"The database is newer than this program: it holds {newer[-1]}, and the latest here is {max(known)}."])
