"""Events stored on disk before they are answered, against a loop that does nothing but store them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from tests.bench.disk import group_commits, stored_event
from tests.bench.load import Run, load
from tests.bench.report import CALLERS, Report, measured, middle, print_run
from tests.bench.servers import Server
from tests.bench.sides import Side
from tests.bench.wire import events

SIZES = (1, 20)
GROUP_AT_MOST = 500
ACCEPTED = b"HTTP/1.1 202"


class Ingest:
    """Batches of one size to one side, and the bare loop on a copy of its empty database, taken in turns."""

    def __init__(self, side: Side, product: Server, size: int) -> None:
        self.side, self.product, self.size = side, product, size
        self.group = min(CALLERS * size, GROUP_AT_MOST)
        self.requests = events(product.port, side.seeded, size)
        load(product.port, self.requests, seconds=0, callers=1, expected=ACCEPTED)
        self.event = stored_event(side.database)
        self.limits: list[float] = []
        self.runs: list[Run] = []

    def measure(self, seconds: float) -> None:
        """One round: the bare loop, then the product."""
        copy = self.side.folder / f"bare-{self.size}-{len(self.limits)}.db"
        shutil.copyfile(self.side.filled, copy)
        self.limits.append(group_commits(copy, self.event, self.group, seconds))
        self.runs.append(measured(self.product, self.requests, seconds, ACCEPTED))

    def print(self, report: Report) -> None:
        """The middle round of each, and their ratio."""
        limit, rate = median(self.limits), middle(self.runs).rate * self.size
        print(f"\nIngest, {self.side.label}: batches of {self.size}, {CALLERS} connections, one worker, answered after the commit")
        print(f"  {f'a bare loop, {self.group} rows a commit':<36}{limit:>10,.0f} events/s")
        print_run("ingest", self.runs, self.size)
        report.add(self.side.label, f"ingest by {self.size}", "events/s", rate)
        report.add(self.side.label, f"ingest by {self.size}", "rate / bare loop", rate / limit)


def ingest(sides: Sequence[Side], report: Report, seconds: float, rounds: int) -> None:
    """Measure every side in turn, batches of one size after the other."""
    with ExitStack() as stack:
        servers = [stack.enter_context(side.serving()) for side in sides]
        for size in SIZES:
            loads = [Ingest(side, server, size) for side, server in zip(sides, servers, strict=True)]
            for _ in range(rounds):
                for each in loads:
                    each.measure(seconds)
            for each in loads:
                each.print(report)
