"""Page views of people we know, against a route that returns the same number of bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from statistics import median

from tests.bench.load import Run, load
from tests.bench.report import CALLERS, Report, measured, middle, print_run
from tests.bench.servers import BARE, Server, started
from tests.bench.sides import Side
from tests.bench.wire import VISITS, boots

OK = b"HTTP/1.1 200"
# every visit once: the first of each person in five minutes writes, and that is no part of the measurement
WARM_UP_SECONDS = 60


class Boots:
    """Boots of one side and calls of its bare route, taken in turns."""

    def __init__(self, side: Side, product: Server, stack: ExitStack) -> None:
        self.side, self.product = side, product
        self.requests: Callable[[], bytes] = boots(product.port, side.seeded)
        sample = load(product.port, self.requests, seconds=WARM_UP_SECONDS, callers=CALLERS, most=VISITS)
        self.size = len(sample.last)
        answer = side.folder / "answer"
        answer.write_bytes(sample.last)
        self.bare = stack.enter_context(started(BARE, "/", {"BENCH_ANSWER": str(answer)}, side.folder))
        self.limits: list[Run] = []
        self.runs: list[Run] = []

    def measure(self, seconds: float) -> None:
        """One round: the bare route, then the boot."""
        self.limits.append(measured(self.bare, self.requests, seconds, OK))
        self.runs.append(measured(self.product, self.requests, seconds, OK))

    def print(self, report: Report) -> None:
        """The middle round of each; ratios are taken round by round, for the two of a round met the same machine."""
        print(f"\nBoot, {self.side.label}: answers of {self.size} bytes, {CALLERS} connections, one worker")
        print_run("a bare route of the same server", self.limits)
        print_run("boot", self.runs)
        pairs = list(zip(self.runs, self.limits, strict=True))
        report.add(self.side.label, "boot", "answers/s", middle(self.runs).rate)
        report.add(self.side.label, "boot", "processor, us", median(run.cost for run in self.runs))
        report.add(self.side.label, "boot", "rate / bare route", median(run.rate / limit.rate for run, limit in pairs))
        report.add(self.side.label, "boot", "processor / bare route", median(run.cost / max(limit.cost, 1e-9) for run, limit in pairs))


def boot(sides: Sequence[Side], report: Report, seconds: float, rounds: int) -> None:
    """Measure every side in turn."""
    with ExitStack() as stack:
        loads = [Boots(side, stack.enter_context(side.serving()), stack) for side in sides]
        for _ in range(rounds):
            for each in loads:
                each.measure(seconds)
        for each in loads:
            each.print(report)
