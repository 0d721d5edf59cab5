"""The editor of a 30-step tour over HTTP, one caller: save a changed title, add a step; time, processor, bytes and statements."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import mean, median

from tests.bench.author import STEPS, TITLE, Author, keys_of_steps
from tests.bench.browser import Answer, Browser
from tests.bench.servers import COUNTING, PRODUCT, Server, started
from tests.bench.sides import Side
from tests.bench.trees import sqlite

WARM_UP, COUNTED = 5, 5
# what the driver says for itself, and what SQLite says of its triggers
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SELECT last_insert_rowid()", "--")


@dataclass
class Requests:
    """What requests of one sort took: milliseconds, milliseconds of processor, bytes of the answer, SQL statements."""

    times: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    statements: list[list[str]] = field(default_factory=list)

    def figures(self, counted: Requests) -> dict[str, float]:
        """The median of each, the statements from requests whose time was not taken; of processor time the mean, for it comes in ticks."""
        return {
            "time, ms": median(self.times),
            "processor, ms": mean(self.processor),
            "answer, bytes": median(self.sizes),
            "queries": median(map(len, counted.statements)),
        }


class Editing:
    """A tour in a copy of the filled database of one tree, to be edited again and again."""

    def __init__(self, side: Side) -> None:
        self.tree = side.tree
        self.folder = side.folder / "editor"
        self.folder.mkdir()
        copy = shutil.copyfile(side.filled, self.folder / "handrail.db")
        self.log = self.folder / "statements"
        self.environ = {**side.environ, "HANDRAIL_DATABASE_URL": sqlite(copy), "BENCH_STATEMENTS": str(self.log)}
        self.saves, self.additions = Requests(), Requests()
        self.counted_saves, self.counted_additions = Requests(), Requests()
        self.author = Author(Browser())
        self.page: Answer

    def write_tour(self, steps: int = STEPS) -> None:
        """Sign an author up, have the tour written, then count the statements of a few requests."""
        with self._connected(COUNTING) as server:
            self.author.write_tour(self.author.join(self.tree, self.environ), steps)
            self.page = self._open()
            for number in range(COUNTED):
                self._save(server, self.counted_saves, f"counted {number}")
                self._add(server, self.counted_additions)

    @contextmanager
    def serving(self) -> Iterator[Callable[[int], None]]:
        """The product, warmed up; gives a function that saves once, and adds a step every fourth time."""
        with self._connected(PRODUCT) as server:
            for number in range(WARM_UP):
                self._save(server, Requests(), f"warm {number}")
            yield lambda number: self._take_turn(server, number)

    @contextmanager
    def _connected(self, command: Sequence[str]) -> Iterator[Server]:
        with started(command, "/readyz", self.environ, self.folder, self.tree) as server, self.author.browser.connected(server.port):
            yield server

    def _take_turn(self, server: Server, number: int) -> None:
        self._save(server, self.saves, f"edited {number}")
        if number % 4 == 0:
            self._add(server, self.additions)

    def _save(self, server: Server, requests: Requests, edit: str) -> None:
        title = f"Step in the middle, {edit}"
        self._measure(server, requests, lambda: self.author.save_title(self.page, title))
        self.page = self._open()
        assert self.page.form(id="part-form").value(TITLE) == title, "the title was not saved"

    def _add(self, server: Server, requests: Requests) -> None:
        self._measure(server, requests, lambda: self.author.add_step(self.page))
        more = self._open()
        assert len(keys_of_steps(more)) == len(self.author.keys) + 1, "no step was added"
        self.author.undo(more)
        self.page = self._open()

    def _measure(self, server: Server, requests: Requests, act: Callable[[], Answer]) -> None:
        offset, processor = self._logged(), server.cpu()
        answer = act()
        assert answer.status == 200, f"{answer.status}: {answer.body[:300]!r}"
        requests.processor.append((server.cpu() - processor) * 1000)
        requests.times.append(answer.seconds * 1000)
        requests.sizes.append(len(answer.body))
        requests.statements.append(self._since(offset))

    def _open(self) -> Answer:
        return self.author.open(len(self.author.keys) // 2)

    def _logged(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0

    def _since(self, offset: int) -> list[str]:
        with self.log.open("rb") as log:
            log.seek(offset)
            lines = log.read().decode().splitlines()
        return [line for line in lines if not line.startswith(CONTROL)]


def edit(edited: Sequence[Editing], saves: int) -> None:
    """Save so many times on every tree in turn, so that what else the machine does falls on all of them alike."""
    with ExitStack() as stack:
        turns = [stack.enter_context(each.serving()) for each in edited]
        for number in range(saves):
            for turn in turns:
                turn(number)
