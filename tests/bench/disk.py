"""The limit for ingest: a process that only inserts the product's own row again and again and commits, in groups, to the same disk."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from guides.ids import uuid7

MOST_ROWS = 2_000_000


def stored_event(database: Path) -> dict[str, Any]:
    """One event as the product stored it."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        return dict(connection.execute("SELECT * FROM event LIMIT 1").fetchone())
    finally:
        connection.close()


def group_commits(database: Path, event: dict[str, Any], group: int, seconds: float) -> float:
    """Events a second when every commit holds a group of so many, each commit on disk before the next begins."""
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        insert = f"INSERT INTO event ({', '.join(event)}) VALUES ({', '.join(f':{name}' for name in event)})"
        stored, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds and stored < MOST_ROWS:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, [{**event, "id": str(uuid7())} for _ in range(group)])
            connection.execute("COMMIT")
            stored += group
        return stored / (time.perf_counter() - start)
    finally:
        connection.close()
