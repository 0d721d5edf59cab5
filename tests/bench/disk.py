"""The limit for ingest: a process that only inserts the same rows into the same table and commits, in groups, to the same disk."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from guides.ids import uuid7

COLUMNS = ("id", "environment_id", "day", "person_id", "guide_id", "version", "name", "item", "at", "received_at", "props")
MOST_ROWS = 2_000_000


def group_commits(database: Path, environment: str, group: int, seconds: float) -> float:
    """Events a second when every commit holds a group of so many, each commit on disk before the next begins."""
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        insert = f"INSERT INTO event ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
        stored, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds and stored < MOST_ROWS:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, [_row(environment) for _ in range(group)])
            connection.execute("COMMIT")
            stored += group
        return stored / (time.perf_counter() - began)
    finally:
        connection.close()


_PERSON, _GUIDE = str(UUID(int=1)), str(UUID(int=2))


def _row(environment: str) -> tuple[object, ...]:
    now = datetime.now(UTC)
    moment = now.isoformat(" ")
    return (str(uuid7()), environment, now.date().isoformat(), _PERSON, _GUIDE, 1, "step_shown", "welcome", moment, moment, "{}")
