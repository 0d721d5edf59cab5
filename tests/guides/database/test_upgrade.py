"""A database of the first release opens in this one, and everything in it is still there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from guides import database
from guides.models import Environment, Guide
from guides.publishing import drafts
from guides.publishing.compiled import clear_cache
from guides.publishing.diff import changed_paths
from guides.publishing.history import list_live_publications
from guides.publishing.publish import publish
from tests.databases import CHOSEN
from tests.fixtures.empty import empty_database
from tests.fixtures.make_first import FOLDER, SPAN, read_everything
from tests.fixtures.scenarios import ClockAt, boot, make_event, record

EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
AFTER = f"{SPAN[1]}T09:00:00Z"


async def load(url: str) -> None:
    """Put the rows of the first release into an empty database."""
    text = (FOLDER / f"{CHOSEN}.dump").read_text(encoding="utf-8")
    if CHOSEN == "sqlite":
        with sqlite3.connect(url.removeprefix("sqlite://").partition("?")[0]) as connection:
            connection.executescript(text)
        return
    connection = await asyncpg.connect(url)
    await connection.execute(text)
    await connection.close()


@pytest.fixture
async def upgraded(tmp_path: Path, clock_at: ClockAt) -> AsyncIterator[str]:
    """A database of the first release, opened and migrated by this one; the clock stands where its last day ended."""
    clock_at(AFTER)
    async with empty_database(tmp_path) as url:
        await load(url)
        clear_cache()
        await database.open_database(url)
        try:
            await database.migrate()
            yield url
        finally:
            await database.close_database()


def holds(now: Any, before: Any) -> bool:
    """Everything that was there before is there now; there may be more."""
    if isinstance(before, dict):
        return isinstance(now, dict) and all(name in now and holds(now[name], value) for name, value in before.items())
    if isinstance(before, list):
        return isinstance(now, list) and len(now) == len(before) and all(map(holds, now, before))
    return bool(now == before)


async def test_everything_of_the_first_release_is_found(upgraded: str) -> None:
    found = json.loads(json.dumps(await read_everything()))
    for room, before in EXPECTED.items():
        assert holds(found[room], before), room
    assert await database.pending_migrations() == []


def test_the_first_release_holds_something_of_everything() -> None:
    assert len(EXPECTED["events"]) > 200
    assert {row[0] for row in EXPECTED["progress"]} == {"started", "completed", "dismissed"}
    assert len({guide["id"] for seen in EXPECTED["boots"].values() for guide in seen["guides"]}) >= 2
    assert all(sum(told["figures"][:3]) > 3 for name, told in EXPECTED["reports"].items() if name in ("Welcome aboard", "Trial", "Retired"))


async def columns() -> set[tuple[str, str]]:
    """Every column of every table."""
    asked = {
        "sqlite": "SELECT t.name AS place, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'",
        "postgres": "SELECT table_name AS place, column_name AS name FROM information_schema.columns WHERE table_schema = 'public'",
    }
    return {(row["place"], row["name"]) for row in await database.rows(asked[CHOSEN]) if not row["place"].startswith("event_2")}


async def test_an_upgraded_database_has_the_columns_of_a_new_one(upgraded: str, tmp_path: Path) -> None:
    here = await columns()
    await database.close_database()
    (tmp_path / "new").mkdir()
    async with empty_database(tmp_path / "new") as url:
        await database.open_database(url)
        await database.migrate()
        new = await columns()
        await database.close_database()
    await database.open_database(upgraded)
    assert here == new, "run python -m tests.fixtures.make_first while the first schema is not released; add a migration after that"


async def test_an_event_of_the_first_release_sent_again_is_a_duplicate(upgraded: str) -> None:
    production = await Environment.get(is_production=True)
    again = [make_event("signed_up", id=event) for event in EXPECTED["events"]]
    [sent] = await database.rows("SELECT COUNT(*) AS n FROM event WHERE environment_id = :id", id=production.id)
    assert (await record(production, *again)).duplicates == sent["n"]


async def test_a_draft_of_the_first_release_is_edited_and_published(upgraded: str) -> None:
    production = await Environment.get(is_production=True)
    guide = await Guide.get(name="Welcome aboard")
    version = (await list_live_publications(production))[guide.id].version
    assert changed_paths(guide, version) == []
    assert (await publish(guide, production, None)).number == version.number
    saved = await drafts.save_draft(guide, revision=guide.revision, by=None, settings=guide.settings | {"priority": 99})
    assert (await publish(saved, production, None)).number == version.number + 1
    answer = await boot(production, "somebody new", origin="https://app.acme.example")
    assert json.loads(answer.guides[0])["priority"] == 99


async def test_rows_of_the_first_release_keep_their_constraints(upgraded: str) -> None:
    guide = await Guide.get(name="Welcome aboard")
    await Guide.filter(id=guide.id).delete()
    left = await database.rows("SELECT COUNT(*) AS n FROM version WHERE guide_id = :id", id=guide.id)
    assert left[0]["n"] == 0
