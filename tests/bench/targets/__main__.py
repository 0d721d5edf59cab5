"""make bench-target: how often each engine finds the right element again, a wrong one, or none. Prints, never judges."""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from playwright.sync_api import Page

from tests.bench.targets.browser import browsing, bundle, show
from tests.bench.targets.corpus import HELD_OUT, RELEASES, TUNED, HostPage, pages, sample

ENGINES = ("devtools", "finder", "optimal-select", "handrail")
Trials = list[dict[str, Any]]


def main() -> None:
    """The families, tuned on and held out, then the releases."""
    parser = argparse.ArgumentParser(prog="make bench-target", description=__doc__)
    parser.add_argument("--pages", type=int, default=4, help="how many pages of each family")
    parser.add_argument("--targets", type=int, default=8, help="how many targets on each page")
    parser.add_argument("--families", nargs="+", help="of those only the ones named so")
    parser.add_argument("--only", choices=("tuned", "held-out", "releases"), help="one part alone")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--operators", nargs="+")
    parser.add_argument("--seed", default="2026")
    parser.add_argument("--vectors", type=Path, help="also write what the judge sees, for tuning (families tuned on only)")
    options = parser.parse_args()
    script = bundle()
    with browsing() as page:
        for part, families in (("tuned", TUNED), ("held-out", HELD_OUT)):
            if options.only in (None, part):
                families_table(page, script, part, families, options)
        if options.only in (None, "releases"):
            releases_table(page, script, options)


def families_table(page: Page, script: str, part: str, families: Sequence[str], options: argparse.Namespace) -> None:
    """Every operator on the pages of some families."""
    trials: Trials = []
    captures: dict[str, list[dict[str, float]]] = defaultdict(list)
    vectors: list[Any] = []
    for family in families:
        if options.families and not any(name in family for name in options.families):
            continue
        for host_page in sample(family, options.pages, options.seed):
            show(page, host_page, script)
            settings = {"seed": options.seed + host_page.name, "targets": options.targets, "engines": list(options.engines)}
            settings |= {"operators": options.operators} if options.operators else {}
            answer = page.evaluate(
                "settings => bench.run(settings)", settings | {"vectors": options.vectors is not None and part == "tuned"}
            )
            trials += [trial | {"family": family, "page": host_page.name} for trial in answer["trials"]]
            vectors += [vector | {"family": family, "page": host_page.name} for vector in answer["vectors"]]
            for engine, each in answer["captures"].items():
                captures[engine] += each
    print(f"\n## Families {part}: {', '.join(families)}\n")
    table("mutation", trials, options.engines, "operator")
    table("family", trials, options.engines, "family")
    costs(trials, captures, options.engines)
    if options.vectors and part == "tuned":
        options.vectors.write_text(json.dumps(vectors))


def releases_table(page: Page, script: str, options: argparse.Namespace) -> None:
    """Elements that keep their id from one release to another; the id itself is hidden from every engine."""
    trials: Trials = []
    for old, new in RELEASES:
        later = {host_page.name: host_page for host_page in pages(new)}
        both = [(host_page, later[host_page.name]) for host_page in pages(old) if host_page.name in later]
        chance = random.Random(f"{options.seed} {old} {new}")
        # nearly all pages, and a thousand elements in all: of a few hundred each one moves the share by a third of a percent
        for before, after in chance.sample(both, min(len(both), options.pages * 9)):
            pair = f"{old} to {new.rpartition('@')[2]}"
            trials += [trial | {"pair": pair} for trial in across(page, script, before, after, chance, options)]
    print("\n## Releases\n")
    table("pair", trials, options.engines, "pair")


def across(page: Page, script: str, before: HostPage, after: HostPage, chance: random.Random, options: argparse.Namespace) -> Trials:
    """Capture on one version, find on the other."""
    engines = list(options.engines)
    show(page, after, script)
    later: Mapping[str, str] = page.evaluate("() => bench.namedHere()")
    show(page, before, script)
    ids = [name for name, tag in page.evaluate("() => bench.namedHere()").items() if later.get(name) == tag]
    chosen = chance.sample(ids, min(len(ids), options.targets * 3 // 2))
    stored = page.evaluate("([ids, engines]) => bench.captureById(ids, engines)", [chosen, engines])
    show(page, after, script)
    trials: Trials = page.evaluate("([stored, engines]) => bench.resolveById(stored, engines)", [stored, engines])
    return trials


def table(title: str, trials: Trials, engines: Sequence[str], by: str) -> None:
    """Percent right / percent wrong, the rest is not found."""
    groups: dict[str, Trials] = defaultdict(list)
    for trial in trials:
        groups[trial[by]].append(trial)
    print(f"| {title} | n | " + " | ".join(engines) + " |\n|---|--:|" + "---|" * len(engines))
    for name, each in [*groups.items(), ("**all**", trials)]:
        print(f"| {name} | {len(each) // len(engines)} | " + " | ".join(cell(each, engine) for engine in engines) + " |")
    print()


def cell(trials: Iterable[dict[str, Any]], engine: str) -> str:
    """One engine's share of right and wrong answers."""
    counts = Counter(trial["outcome"] for trial in trials if trial["engine"] == engine)
    total = sum(counts.values()) or 1
    return f"{100 * counts['right'] / total:.1f} / {100 * counts['wrong'] / total:.1f}"


def costs(trials: Trials, captures: Mapping[str, list[dict[str, float]]], engines: Sequence[str]) -> None:
    """Milliseconds and bytes: the middle one, and the one that 95 of 100 stay below."""
    for engine in engines:
        resolving = [trial["ms"] for trial in trials if trial["engine"] == engine]
        taken = [each["ms"] for each in captures[engine]]
        sizes = [each["bytes"] for each in captures[engine]]
        print(f"{engine}: capture {spread(taken)} ms, resolve {spread(resolving)} ms, stored {spread(sizes, 0)} bytes")


def spread(values: list[float], digits: int = 1) -> str:
    """Half of the values are below the first number, 95 of 100 below the second."""
    parts = quantiles(values, n=100) if len(values) > 1 else [0.0] * 99
    return f"{parts[49]:.{digits}f}/{parts[94]:.{digits}f}"


main()
