"""Opening and closing the database of this process, and which engine it is."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tortoise import Tortoise
from tortoise.backends.sqlite.client import SqliteTransactionWrapper
from tortoise.connection import get_connection

from guides.database.transactions import begin_immediate, commit_or_roll_back, running_transactions

APP = {"models": ["guides.models"], "default_connection": "default", "migrations": "guides.migrations"}
CLOSE_TIMEOUT_SECONDS = 10


def config(url: str) -> dict[str, Any]:
    """What Tortoise wants to know."""
    return {"connections": {"default": url}, "apps": {"guides": APP}, "use_tz": True, "timezone": "UTC"}


async def open_database(url: str) -> None:
    """Connect this process; every task of it sees the connection."""
    SqliteTransactionWrapper.begin = begin_immediate  # type: ignore[method-assign]
    SqliteTransactionWrapper.commit = commit_or_roll_back  # type: ignore[method-assign]
    sqlite3.register_adapter(datetime, utc_text)
    if url.startswith("sqlite:"):
        _file_of(url).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    await Tortoise.init(config=config(url), _enable_global_fallback=True)


async def close_database() -> None:
    """Let go of every connection once what is being written is written; without it the process does not end."""
    if running_transactions:
        await asyncio.wait(running_transactions, timeout=CLOSE_TIMEOUT_SECONDS)
    await Tortoise.close_connections()


def dialect() -> str:
    """Either sqlite or postgres."""
    return str(get_connection("default").capabilities.dialect)


def utc_text(moment: datetime) -> str:
    """SQLite keeps moments as text and compares text, so all of them are in UTC."""
    return moment.astimezone(UTC).isoformat(" ")


def _file_of(url: str) -> Path:
    return Path(urlsplit(url.replace("sqlite://", "sqlite:", 1)).path)
