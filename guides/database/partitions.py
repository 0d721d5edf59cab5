"""The event table in its final shape: partitioned by day on PostgreSQL, one clustered table on SQLite."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from guides.database import dialect, rows, run

_COLUMNS = {
    "sqlite": (
        "id CHAR(36) NOT NULL, environment_id CHAR(36) NOT NULL, day DATE NOT NULL, person_id CHAR(36) NOT NULL, guide_id CHAR(36), "
        "version INT, name VARCHAR(200) NOT NULL, item VARCHAR(40), occurred_at TIMESTAMP NOT NULL, received_at TIMESTAMP NOT NULL, "
        "props JSON NOT NULL, PRIMARY KEY (environment_id, day, id)"
    ),
    "postgres": (
        "id UUID NOT NULL, environment_id UUID NOT NULL, day DATE NOT NULL, person_id UUID NOT NULL, guide_id UUID, "
        "version INT, name VARCHAR(200) NOT NULL, item VARCHAR(40), occurred_at TIMESTAMPTZ NOT NULL, received_at TIMESTAMPTZ NOT NULL, "
        "props JSONB NOT NULL, PRIMARY KEY (environment_id, day, id)"
    ),
}
_SHAPE = {"sqlite": "WITHOUT ROWID", "postgres": "PARTITION BY RANGE (day)"}


async def shape_event_table(apps: object, editor: Any) -> None:
    """Replace the empty table the ORM made: its key must hold the partition key, which the ORM cannot say."""
    engine = editor.DIALECT
    statements = [
        "DROP TABLE event",
        f"CREATE TABLE event ({_COLUMNS[engine]}) {_SHAPE[engine]}",
        "CREATE INDEX idx_event_guide ON event (environment_id, guide_id, name, day)",
        "CREATE INDEX idx_event_person ON event (environment_id, person_id)",
    ]
    if engine == "postgres":
        statements.append("CREATE TABLE event_default PARTITION OF event DEFAULT")
    for statement in statements:
        await editor.client.execute_query(statement)


async def make_month(day: date) -> bool:
    """Make the PostgreSQL partition of that day's month; false when it is there, not needed, or its rows lie in the default one."""
    if dialect() != "postgres":
        return False
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1)
    name = f"event_{first:%Y_%m}"
    there = await rows("SELECT 1 FROM pg_class WHERE relname = :name", name=name)
    early = await rows("SELECT 1 FROM event_default WHERE day >= :first AND day < :last LIMIT 1", first=first, last=last)
    if there or early:
        return False
    await run(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF event FOR VALUES FROM ('{first}') TO ('{last}')")
    return True


async def prune(before: date) -> int:
    """Remove events of earlier days: whole months by dropping their partition, the rest row by row. How many rows went by DELETE."""
    if dialect() == "postgres":
        for partition in await rows("SELECT relname FROM pg_class WHERE relname ~ '^event_[0-9]{4}_[0-9]{2}$' AND relkind = 'r'"):
            year, month = partition["relname"].split("_")[1:]
            if (date(int(year), int(month), 1) + timedelta(days=32)).replace(day=1) <= before:
                await run(f"DROP TABLE {partition['relname']}")
    return await run("DELETE FROM event WHERE day < :before", before=before)
