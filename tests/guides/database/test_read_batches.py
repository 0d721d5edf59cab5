"""Reads that many requests make at once: each gets its own answer, and none costs another."""

from __future__ import annotations

import asyncio

import pytest
from tortoise.exceptions import OperationalError

from guides.database import batched_rows, close_database, open_database, run, transaction
from tests.databases import CHOSEN

DOUBLE = "SELECT CAST(:number AS INTEGER) * 2 AS double"


async def double(number: int) -> int:
    [row] = await batched_rows(DOUBLE, number=number)
    return int(row["double"])


@pytest.mark.skipif(CHOSEN != "sqlite", reason="PostgreSQL reads on as many connections as it has")
async def test_reads_made_at_once_take_the_connection_once(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    read_all = "guides.database.read_batches._read_all"

    def count(connection: object, batch: list[tuple[str, list[int], object]]) -> list[list[dict[str, int]]]:
        batches.append(len(batch))
        return [[{"double": parameters[0] * 2}] for _, parameters, _ in batch]

    monkeypatch.setattr(read_all, count)
    assert await asyncio.gather(*(double(number) for number in range(20))) == [number * 2 for number in range(20)]
    assert batches == [20]


async def test_each_read_gets_its_own_answer(db: str) -> None:
    for _ in range(3):
        assert await asyncio.gather(*(double(number) for number in range(30))) == [number * 2 for number in range(30)]


async def test_a_read_that_fails_costs_no_other(db: str) -> None:
    first, wrong, last = await asyncio.gather(double(1), batched_rows("SELECT * FROM nowhere"), double(2), return_exceptions=True)
    assert (first, last) == (2, 4) and isinstance(wrong, OperationalError)
    assert await double(3) == 6


async def test_a_read_that_nobody_waits_for_any_more_costs_no_other(db: str) -> None:
    given_up = asyncio.create_task(double(1))
    other = asyncio.create_task(double(2))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await other == 4
    with pytest.raises(asyncio.CancelledError):
        await given_up


async def test_a_read_sees_what_its_own_transaction_wrote(production: object) -> None:
    count = "SELECT COUNT(*) AS themes FROM theme"
    before = (await batched_rows(count))[0]["themes"]

    @transaction
    async def delete_and_count() -> int:
        await run("DELETE FROM theme")
        return int((await batched_rows(count))[0]["themes"])

    assert before == 1
    assert await delete_and_count() == 0


async def test_a_database_that_was_closed_and_opened_again_is_read(db: str) -> None:
    assert await double(1) == 2
    await close_database()
    await open_database(db)
    assert await double(2) == 4
