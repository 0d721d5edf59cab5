"""The only door to the database: transactions that hold, moments in UTC, migrations that are whole."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.backends.sqlite.client import SqliteTransactionWrapper
from tortoise.connection import get_connection

from guides import clock, database
from guides.database import Busy, rows, run, transaction
from guides.database.queries import _positional
from guides.database.transactions import running_transactions
from guides.models import Job, Member
from tests.architecture.source_tree import ROOT
from tests.databases import CHOSEN
from tests.fixtures.empty import empty_database

ATHENS = timezone(timedelta(hours=3))


@transaction
async def add_member(name: str, *, then: Callable[[], Any] | None = None) -> Member:
    """One member, and whatever comes then, in one transaction."""
    made = await Member.create(email=f"{name}@example.com", name=name, password_hash="", created_at=clock.now())
    if then is not None:
        await then()
    return made


async def names() -> set[str]:
    return {member.name for member in await Member.all()}


async def fail() -> None:
    raise ZeroDivisionError


async def test_a_transaction_that_fails_leaves_nothing(db: str) -> None:
    with pytest.raises(ZeroDivisionError):
        await add_member("ada", then=fail)
    assert await names() == set()


async def test_a_transaction_inside_another_shares_its_fate(db: str) -> None:
    @transaction
    async def both() -> None:
        await add_member("ada")
        await fail()

    with pytest.raises(ZeroDivisionError):
        await both()
    assert await names() == set()


async def test_a_cancelled_request_still_finishes_what_it_began(db: str) -> None:
    halfway, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        halfway.set()
        await go_on.wait()

    request = asyncio.create_task(add_member("ada", then=wait))
    await halfway.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    go_on.set()
    await add_member("bob")
    await asyncio.gather(*running_transactions)
    assert await names() == {"ada", "bob"}


async def test_requests_cancelled_while_their_transaction_begins_do_no_harm(db: str) -> None:
    requests = [asyncio.create_task(add_member(f"member{number}")) for number in range(40)]
    for turns, request in enumerate(requests):
        for _ in range(turns % 8):
            await asyncio.sleep(0)
        request.cancel()
    await asyncio.gather(*requests, return_exceptions=True)
    await asyncio.wait_for(add_member("ada"), 10)
    assert "ada" in await names()


async def test_a_transaction_that_cannot_begin_gives_back_what_it_took(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapper = SqliteTransactionWrapper if CHOSEN == "sqlite" else TransactionWrapper

    async def refuse(self: object) -> None:
        raise Busy("not now")

    with monkeypatch.context() as patched:
        patched.setattr(wrapper, "begin", refuse)
        for _ in range(8):
            with pytest.raises(Busy):
                await asyncio.wait_for(add_member("ada"), 5)
    await asyncio.wait_for(add_member("bob"), 5)
    assert await names() == {"bob"}


@pytest.mark.skipif(CHOSEN != "sqlite", reason="PostgreSQL undoes a failed commit by itself")
async def test_a_commit_that_fails_leaves_no_open_transaction(db: str) -> None:
    connection: Any = get_connection("default")
    await connection.execute_query("SELECT 1")
    real = connection._connection.commit

    async def full() -> None:
        connection._connection.commit = real
        raise OSError("the disk is full")

    connection._connection.commit = full
    with pytest.raises(OSError, match="full"):
        await add_member("ada")
    assert not connection._connection.in_transaction
    await Member.create(email="bob@example.com", name="bob", password_hash="", created_at=clock.now())
    await add_member("cleo")
    assert await names() == {"bob", "cleo"}


@pytest.mark.skipif(CHOSEN != "sqlite", reason="PostgreSQL has no single writer")
async def test_a_database_locked_by_somebody_else_is_busy_and_not_broken(db: str) -> None:
    await rows("PRAGMA busy_timeout = 50")
    other = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"import sqlite3; held = sqlite3.connect({db.removeprefix('sqlite://').partition('?')[0]!r}, isolation_level=None); "
        "held.execute('BEGIN IMMEDIATE'); print('held', flush=True); input()",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout and await other.stdout.readline() == b"held\n"
    with pytest.raises(Busy):
        await add_member("ada")
    await other.communicate(b"\n")
    await add_member("bob")
    assert await names() == {"bob"}


COUNT_UP = """
import asyncio, sys
from guides import database

@database.transaction
async def count_up():
    lock = "" if database.dialect() == "sqlite" else " FOR UPDATE"
    held = await database.rows("SELECT attempts FROM job WHERE name = 'counter'" + lock)
    await asyncio.sleep(0)
    await database.run("UPDATE job SET attempts = :attempts WHERE name = 'counter'", attempts=held[0]["attempts"] + 1)

async def main(url):
    await database.open_database(url)
    print("ready", flush=True)
    await asyncio.to_thread(input)
    await asyncio.gather(*(count_up() for _ in range(60)))
    await database.close_database()

asyncio.run(main(sys.argv[1]))
"""


async def test_two_processes_that_read_and_then_write_lose_nothing(db: str) -> None:
    await Job.create(name="counter", due_at=clock.now())
    processes = [await python(COUNT_UP, db) for _ in range(2)]
    for process in processes:
        assert process.stdout and await process.stdout.readline() == b"ready\n"
    said = await asyncio.gather(*(process.communicate(b"\n") for process in processes))
    assert [process.returncode for process in processes] == [0, 0], said
    assert (await Job.get(name="counter")).attempts == 120


async def test_the_database_closes_only_after_what_is_being_written(db: str) -> None:
    halfway = asyncio.Event()

    async def slowly() -> None:
        halfway.set()
        for _ in range(20):
            await Member.all().count()

    request = asyncio.create_task(add_member("ada", then=slowly))
    await halfway.wait()
    request.cancel()
    await database.close_database()
    await database.open_database(db)
    assert await names() == {"ada"}


async def test_moments_are_kept_in_utc_whatever_zone_they_came_in(db: str) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=ATHENS)
    await Job.create(name="orm", due_at=noon)
    await run("UPDATE job SET leased_until = :noon WHERE name = 'orm'", noon=noon)
    [row] = await rows("SELECT due_at, leased_until FROM job")
    assert database.as_time(row["due_at"]) == database.as_time(row["leased_until"]) == datetime(2026, 3, 1, 9, tzinfo=UTC)
    if CHOSEN == "sqlite":
        assert row["due_at"] == row["leased_until"] == "2026-03-01 09:00:00+00:00"


@pytest.mark.parametrize(
    ("moment", "is_earlier"),
    [
        (datetime(2026, 3, 1, 9, 0, 0, 1, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 9, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 11, 59, 59, 999_999, tzinfo=ATHENS), True),
        (datetime(2026, 3, 1, 8, 59, 59, tzinfo=UTC), True),
    ],
)
async def test_moments_compare_by_when_they_are(db: str, moment: datetime, is_earlier: bool) -> None:
    await Job.create(name="it", due_at=moment)
    nine = datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert await Job.filter(due_at__lt=nine).exists() is is_earlier
    assert bool(await rows("SELECT 1 FROM job WHERE due_at < :nine", nine=nine.astimezone(ATHENS))) is is_earlier


@pytest.mark.parametrize(
    ("sql", "on_sqlite", "on_postgres", "names"),
    [
        ("a = :a AND b = :b", "a = ? AND b = ?", "a = $1 AND b = $2", ["a", "b"]),
        ("a = :a OR b = :a", "a = ? OR b = ?", "a = $1 OR b = $1", ["a"]),
        ("a = ':a' AND b = :b", "a = ':a' AND b = ?", "a = ':a' AND b = $1", ["b"]),
        ("a::text = :a", "a::text = ?", "a::text = $1", ["a"]),
        ("a = :a1, b = :a10", "a = ?, b = ?", "a = $1, b = $2", ["a1", "a10"]),
    ],
)
def test_named_parameters_become_what_the_driver_wants(sql: str, on_sqlite: str, on_postgres: str, names: list[str]) -> None:
    assert _positional(sql, "postgres") == (on_postgres, names)
    assert _positional(sql, "sqlite")[0] == on_sqlite


async def test_values_come_back_as_they_went_in(db: str) -> None:
    given = {"id": UUID(int=7), "text": "“ñ”\n'quoted' :name ?", "tree": {"b": [1, None, True], "a": "é"}, "number": 2**53 - 1}
    await run(
        "INSERT INTO job (id, name, payload, due_at, attempts, last_error) VALUES (:id, 'it', :tree, :at, 0, :text)",
        at=clock.now(),
        **{key: given[key] for key in ("id", "text", "tree")},
    )
    [row] = await rows("SELECT id, last_error, payload FROM job")
    assert database.as_uuid(row["id"]) == given["id"]
    assert row["last_error"] == given["text"]
    assert database.as_json(row["payload"]) == given["tree"]
    [row] = await rows("SELECT day FROM event WHERE day >= :day UNION ALL SELECT day FROM dropped_event_count", day=date(2026, 1, 1)) or [
        {"day": None}
    ]
    assert database.as_day(row["day"]) is None


@pytest.mark.parametrize("path", sorted((ROOT / "guides/sql").glob("*/*.sql")), ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_every_file_of_sql_says_what_it_is_for_and_is_asked_without_it(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("-- ")
    assert "--" not in database.sql(f"{path.parent.name}.{path.stem}")


MIGRATE = """
import asyncio, os, sys
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base_postgres.client import BasePostgresClient
from tortoise.backends.sqlite.client import SqliteClient
from guides import database

left = int(sys.argv[2])

def mortal(act):
    async def counted(self, *args):
        global left
        left -= 1
        if left == 0:
            os._exit(137)
        return await act(self, *args)
    return counted

for kind in SqliteClient, BasePostgresClient, AsyncpgDBClient:
    for name in {"execute_query", "execute_script", "execute_insert"} & set(vars(kind)):
        setattr(kind, name, mortal(getattr(kind, name)))

async def main(url):
    await database.open_database(url)
    await database.migrate()
    print(left, len(await database.pending_migrations()), flush=True)
    await database.close_database()

asyncio.run(main(sys.argv[1]))
"""
FOR_EVER = 1_000_000


async def test_two_processes_may_migrate_an_empty_database_at_once(tmp_path: Path) -> None:
    async with empty_database(tmp_path) as url:
        said = await asyncio.gather(*(migrated_until(url, FOR_EVER) for _ in range(3)))
    assert [(code, out.split()[1:]) for code, out in said] == [(0, ["0"])] * 3, said


@pytest.mark.parametrize("statement", [1, 5, 20, "the last"])
async def test_a_process_killed_while_it_migrates_leaves_nothing_to_mend(tmp_path: Path, statement: int | str) -> None:
    if isinstance(statement, str):
        (tmp_path / "other").mkdir()
        async with empty_database(tmp_path / "other") as url:
            _, out = await migrated_until(url, FOR_EVER)
        statement = FOR_EVER - int(out.split()[0])
    async with empty_database(tmp_path) as url:
        assert (await migrated_until(url, statement))[0] == 137
        await open_and(url, expect_pending=True)
        code, out = await migrated_until(url, FOR_EVER)
        assert code == 0, out
        await open_and(url, expect_pending=False)


async def migrated_until(url: str, statement: int) -> tuple[int | None, str]:
    """A process that migrates and is killed at a statement: how it ended, and what it said."""
    process = await python(MIGRATE, url, str(statement))
    out, error = await process.communicate()
    return process.returncode, (out or error).decode()


async def open_and(url: str, *, expect_pending: bool) -> None:
    await database.open_database(url)
    try:
        assert bool(await database.pending_migrations()) is expect_pending
        if not expect_pending:
            assert await rows("SELECT COUNT(*) AS people FROM person") == [{"people": 0}]
    finally:
        await database.close_database()


async def test_a_database_that_is_up_to_date_is_left_alone(db: str) -> None:
    assert await database.pending_migrations() == []
    await database.migrate()
    assert len(await rows("SELECT name FROM tortoise_migrations")) == len(list((ROOT / "guides/migrations").glob("[0-9]*.py")))


async def python(script: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
