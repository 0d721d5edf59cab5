"""The writer: answers after the commit, gathers while it waits, and lets nobody pay for another's mistake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from guides.database import Busy, rows
from guides.events import group_commit as writer
from guides.events import record as progress
from guides.events.group_commit import QueueFull, Writer
from guides.events.resolve import Batch, IngestResult
from guides.models import Environment
from tests.conftest import MakeGuide
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import batch, make_event


@pytest.fixture
async def writing(db: str) -> AsyncIterator[Writer]:
    """A writer at work."""
    made = Writer()
    made.start()
    yield made
    await made.stop()


class Disk:
    """Stands between the writer and the database: notes each group, and can be held or broken."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.groups: list[list[str | None]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.reached = asyncio.Event()
        self.failing: dict[str | None, Exception] = {}
        monkeypatch.setattr(writer, "record", self.record)

    async def record(self, batches: Sequence[Batch]) -> list[IngestResult]:
        """Store a group as the writer asked."""
        self.groups.append([one.person for one in batches])
        self.reached.set()
        await self.open.wait()
        for one in batches:
            if one.person in self.failing:
                raise self.failing[one.person]
        return await progress.record(batches)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """The way to the disk."""
    return Disk(monkeypatch)


def one(environment: Environment, person: str, count: int = 1) -> Batch:
    return batch(environment, *(make_event("signed_up") for _ in range(count)), person=person)


async def stored() -> int:
    return int((await rows("SELECT COUNT(*) AS n FROM event"))[0]["n"])


async def held_group(writing: Writer, disk: Disk, *waiting: Batch) -> list[asyncio.Task[IngestResult]]:
    """Batches that all wait behind one that is on its way to the disk."""
    disk.open.clear()
    disk.reached.clear()
    first = asyncio.create_task(writing.submit(one(waiting[0].environment, "first")))
    await disk.reached.wait()
    rest = [asyncio.create_task(writing.submit(each)) for each in waiting]
    await asyncio.sleep(0)
    return [first, *rest]


async def test_an_answer_comes_after_the_commit(writing: Writer, disk: Disk, production: Environment) -> None:
    [first] = (await held_group(writing, disk, one(production, "a")))[:1]
    assert not first.done()
    disk.open.set()
    assert (await first).accepted == 1
    assert await stored() >= 1


async def test_what_waits_is_stored_together(writing: Writer, disk: Disk, production: Environment) -> None:
    waiting = await held_group(writing, disk, *(one(production, f"p{number}") for number in range(30)))
    disk.open.set()
    outcomes = await asyncio.gather(*waiting)
    assert [outcome.accepted for outcome in outcomes] == [1] * 31
    assert [len(group) for group in disk.groups] == [1, 30]
    assert await stored() == 31


async def test_a_group_has_a_bounded_size(writing: Writer, disk: Disk, production: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "EVENTS_AT_ONCE", 10)
    batches = [one(production, f"p{number}", count) for number, count in enumerate([6, 6, 1, 12, 0, *[0] * 12])]
    waiting = await held_group(writing, disk, *batches)
    disk.open.set()
    outcomes = await asyncio.gather(*waiting)
    assert [outcome.accepted for outcome in outcomes[1:]] == [len(each.events) for each in batches]
    assert [len(group) for group in disk.groups] == [1, 2, 2, 10, 3]


async def test_one_bad_batch_costs_no_other(writing: Writer, disk: Disk, production: Environment) -> None:
    disk.failing["bad"] = ValueError("cannot be stored")
    waiting = await held_group(writing, disk, one(production, "a"), one(production, "bad"), one(production, "b"))
    disk.open.set()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [each.accepted for each in ended if isinstance(each, IngestResult)] == [1, 1, 1]
    assert isinstance(ended[2], ValueError)
    assert disk.groups == [["first"], ["a", "bad", "b"], ["a"], ["bad"], ["b"]]
    assert (await writing.submit(one(production, "c"))).accepted == 1


async def test_a_batch_the_database_itself_refuses_costs_no_other(
    writing: Writer, disk: Disk, production: Environment, make_guide: MakeGuide
) -> None:
    guide = await make_guide(live_in=production)
    await production.refresh_from_db()
    poisoned = batch(production, make_event("shown", guide, version="no number"), person="bad")
    waiting = await held_group(
        writing, disk, batch(production, make_event("shown", guide)), poisoned, batch(production, make_event("shown", guide))
    )
    disk.open.set()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [each.accepted for each in (ended[0], ended[1], ended[3]) if isinstance(each, IngestResult)] == [1, 1, 1]
    assert (await rows("SELECT times_shown FROM progress p JOIN person q ON q.id = p.person_id WHERE q.external_id = '42'"))[0][
        "times_shown"
    ] == 2


@pytest.mark.parametrize("error", [Busy("locked"), ConnectionRefusedError(), TimeoutError()])
async def test_a_database_that_is_away_is_asked_once_for_all(
    writing: Writer, disk: Disk, production: Environment, error: Exception
) -> None:
    disk.failing = {f"p{number}": error for number in range(20)}
    waiting = await held_group(writing, disk, *(one(production, f"p{number}") for number in range(20)))
    disk.open.set()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in ended[1:]] == [type(error)] * 20
    assert len(disk.groups) == 2
    disk.failing = {}
    assert (await writing.submit(one(production, "p1"))).accepted == 1


async def test_who_does_not_wait_for_the_answer_loses_nothing(writing: Writer, disk: Disk, production: Environment) -> None:
    waiting = await held_group(writing, disk, one(production, "gone"), one(production, "here"))
    for gone in waiting[:2]:
        gone.cancel()
    disk.open.set()
    assert (await waiting[2]).accepted == 1
    assert await stored() == 3


async def test_more_than_can_be_held_is_refused_at_once_and_later_taken(
    writing: Writer, disk: Disk, production: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "EVENTS_WAITING", 10)
    waiting = await held_group(writing, disk, one(production, "a", 9), one(production, "b", 5))
    with pytest.raises(QueueFull):
        await asyncio.wait_for(writing.submit(one(production, "c")), 1)
    disk.open.set()
    assert sum(outcome.accepted for outcome in await asyncio.gather(*waiting)) == 15
    assert (await writing.submit(one(production, "c"))).accepted == 1


async def test_stopping_stores_what_waits_and_takes_nothing_more(db: str, disk: Disk, production: Environment) -> None:
    made = Writer()
    made.start()
    waiting = await held_group(made, disk, *(one(production, f"p{number}") for number in range(5)))
    stopping = asyncio.create_task(made.stop())
    await asyncio.sleep(0)
    with pytest.raises(QueueFull):
        await made.submit(one(production, "late"))
    disk.open.set()
    await stopping
    assert [each.result().accepted for each in waiting] == [1] * 6
    assert await stored() == 6
    await made.stop()


async def test_a_writer_that_dies_leaves_nobody_waiting(db: str, disk: Disk, production: Environment) -> None:
    made = Writer()
    made.start()
    waiting = await held_group(made, disk, one(production, "a"))
    assert made._task is not None
    made._task.cancel()
    ended: list[Any] = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
    assert [type(each) for each in ended] == [QueueFull, QueueFull]
    with pytest.raises(QueueFull):
        await made.submit(one(production, "b"))


async def test_a_writer_that_was_not_started_takes_nothing(db: str, production: Environment) -> None:
    with pytest.raises(QueueFull):
        await Writer().submit(one(production, "a"))


async def test_thirty_browsers_at_once_cost_a_few_commits(writing: Writer, production: Environment) -> None:
    await writing.submit(one(production, "warm"))
    with queries() as asked:
        outcomes = await asyncio.gather(*(writing.submit(one(production, f"p{number}")) for number in range(30)))
    assert [outcome.accepted for outcome in outcomes] == [1] * 30
    assert len(asked) < 15, asked
