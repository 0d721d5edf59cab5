"""Figures of every tree, printed side by side with their ratio, and written as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.load import Run, load
from tests.bench.servers import Server

CALLERS = 32


@dataclass
class Report:
    """Figures by what was measured and by tree, in the order they were added."""

    labels: list[str]
    figures: dict[str, dict[str, float]] = field(default_factory=dict)

    def add(self, label: str, subject: str, figure: str, value: float) -> None:
        """Note one figure of one tree."""
        self.figures.setdefault(f"{subject}: {figure}", {})[label] = value

    def print(self) -> None:
        """One line a figure: its value in each tree, and the last through the first when there are two."""
        ratio = "ratio" if len(self.labels) > 1 else ""
        print(f"\n{'':<40}" + "".join(f"{label[:14]:>16}" for label in self.labels) + f"{ratio:>10}")
        for name, values in self.figures.items():
            print(f"{name:<40}" + "".join(f"{_rounded(values[label]):>16}" for label in self.labels) + self._ratio(values))

    def write(self, file: Path) -> None:
        """The same as JSON: {"trees": [...], "figures": {name: {tree: value}}}."""
        file.write_text(json.dumps({"trees": self.labels, "figures": self.figures}, indent=1) + "\n", encoding="utf-8")

    def _ratio(self, values: dict[str, float]) -> str:
        first, last = values[self.labels[0]], values[self.labels[-1]]
        return f"{last / first:>9.2f}x" if len(self.labels) > 1 and first else ""


def measured(server: Server, make_request: Callable[[], bytes], seconds: float, expected: bytes) -> Run:
    """One run with the processor time it cost the server."""
    before = server.cpu()
    run = load(server.port, make_request, seconds=seconds, callers=CALLERS, expected=expected)
    run.cpu = server.cpu() - before
    return run


def middle(runs: list[Run]) -> Run:
    """The run with the median rate."""
    return sorted(runs, key=lambda run: run.rate)[len(runs) // 2]


def print_run(name: str, runs: list[Run], size: int = 1) -> None:
    """The middle run on one line; `size` is how many events a request holds."""
    run = middle(runs)
    unit = "answers/s" if size == 1 else "events/s"
    times = f"p50 {run.wait(0.5):.1f} ms, p99 {run.wait(0.99):.1f} ms, {run.cost / size:.0f} us of processor each"
    refused = f", {run.refused} REFUSED" if run.refused else ""
    print(f"  {name:<36}{run.rate * size:>10,.0f} {unit}  ({times}{refused})")


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.3f}"
