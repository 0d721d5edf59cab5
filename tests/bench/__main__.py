"""make bench: the editor, boot, ingest and the first showing, measured in one run on one machine, and beside an earlier revision when
one is named. Prints, never judges."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench import seed
from tests.bench.boot import boot
from tests.bench.editor import Editing, edit
from tests.bench.first_showing import first_showing
from tests.bench.ingest import ingest
from tests.bench.report import Report
from tests.bench.sides import Side, fill
from tests.bench.trees import CURRENT, check_out

PARTS = ("showing", "boot", "ingest", "editor")


def main() -> None:
    """All measurements, one after the other."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="handrail-bench-") as folder:
        trees = [*([check_out(options.base, Path(folder) / "source")] if options.base else []), CURRENT]
        print(f"Filling a database with {seed.GUIDES} live guides and {seed.PEOPLE} people ...", flush=True)
        sides = [fill(tree, Path(folder) / f"side-{number}") for number, tree in enumerate(trees)]
        report = measure(sides, options)
    report.print()
    if options.json:
        report.write(options.json)


def measure(sides: Sequence[Side], options: argparse.Namespace) -> Report:
    """Take the measurements that were chosen."""
    report = Report([side.label for side in sides])
    if "showing" in options.only:
        for side in sides:
            report.add(side.label, "first showing", "bytes gz", first_showing(side.tree.path))
    if "boot" in options.only:
        boot(sides, report, options.seconds, options.rounds)
    if "ingest" in options.only:
        ingest(sides, report, options.seconds, options.rounds)
    if "editor" in options.only:
        _edit(sides, report, options.saves)
    return report


def _edit(sides: Sequence[Side], report: Report, saves: int) -> None:
    editings = [Editing(side) for side in sides]
    for each in editings:
        print(f"Writing a tour of 30 steps in the editor of {each.tree.label} ...", flush=True)
        each.write_tour()
    edit(editings, saves)
    for each in editings:
        for figure, value in each.saves.figures(each.counted_saves).items():
            report.add(each.tree.label, "editor, save a title", figure, value)
        for figure, value in each.additions.figures(each.counted_additions).items():
            report.add(each.tree.label, "editor, add a step", figure, value)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--base", default="", help="an earlier revision to measure in turns with this tree")
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="some of the measurements")
    parser.add_argument("--seconds", type=float, default=3, help="how long one load of boot or ingest takes")
    parser.add_argument("--rounds", type=int, default=7, help="how often each load is taken; the middle one counts")
    parser.add_argument("--saves", type=int, default=40, help="how many saves in the editor; the median counts")
    return parser.parse_args()


if __name__ == "__main__":
    main()
