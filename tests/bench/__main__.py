"""make bench: boot and ingest as ratios to a limit measured in the same run, on the same machine and disk. Prints, never judges."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import orjson

from guides.clock import now
from guides.ids import uuid7
from tests.bench import seed
from tests.bench.disk import group_commits
from tests.bench.load import Measured, load, post
from tests.bench.seed import Seeded
from tests.bench.servers import BARE, PRODUCT, Server, started

CALLERS = 32
GROUP_AT_MOST = 500


def main() -> None:
    """All measurements, one after the other."""
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--seconds", type=float, default=6, help="how long one measurement takes")
    asked.add_argument("--rounds", type=int, default=3, help="how often each is taken; the middle one counts")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="handrail-bench-") as folder:
        measure(Path(folder), options.seconds, options.rounds)


def measure(folder: Path, seconds: float, rounds: int) -> None:
    """Fill a database, start both servers, print what comes out."""
    file = folder / "handrail.db"
    url = f"sqlite://{file}?synchronous=FULL&busy_timeout=5000"
    print(f"Filling a database with {seed.GUIDES} live guides and {seed.PEOPLE} people ...", flush=True)
    seeded = asyncio.run(seed.seed(url))
    empty = folder / "empty.db"
    shutil.copyfile(file, empty)
    environ = {"HANDRAIL_DATABASE_URL": url, "HANDRAIL_RATE_LIMIT": "1000000", "HANDRAIL_SECRET_KEY": secrets.token_urlsafe(48)}
    with started(PRODUCT, "/readyz", environ, folder) as product:
        boot(product, seeded, folder, seconds, rounds)
        for size in (1, 20):
            ingest(product, seeded, empty, size, seconds, rounds)


def boot(product: Server, seeded: Seeded, folder: Path, seconds: float, rounds: int) -> None:
    """Page views of people we know, against a route that returns the same bytes."""
    requests = _boots(product, seeded)
    sample = load(product.port, requests, seconds=1, callers=1)
    (folder / "answer").write_bytes(sample.last)
    with started(BARE, "/", {"BENCH_ANSWER": str(folder / "answer")}, folder) as bare:
        limits, ours = [], []
        for _ in range(rounds):
            limits.append(_measured(bare, requests, seconds, b"HTTP/1.1 200"))
            ours.append(_measured(product, requests, seconds, b"HTTP/1.1 200"))
    print(
        f"\nBoot: {seed.GUIDES} live guides, {seed.PEOPLE} people, answers of {len(sample.last)} bytes, {CALLERS} connections, one worker"
    )
    _print("  a bare route of the same server", limits)
    _print("  boot", ours)
    _ratio("  boot / bare route", _middle(ours).rate / _middle(limits).rate, _middle(ours).cost / max(_middle(limits).cost, 1e-9))


def ingest(product: Server, seeded: Seeded, empty: Path, size: int, seconds: float, rounds: int) -> None:
    """Events stored on disk before they are answered, against a loop that does nothing but store them."""
    group = min(CALLERS * size, GROUP_AT_MOST)
    requests, limits, ours = _events(product, seeded, size), [], []
    for number in range(rounds):
        copy = empty.with_name(f"bare-{size}-{number}.db")
        shutil.copyfile(empty, copy)
        limits.append(group_commits(copy, seeded.environment, group, seconds))
        ours.append(_measured(product, requests, seconds, b"HTTP/1.1 202"))
    ours_rate = _middle(ours).rate * size
    print(f"\nIngest: batches of {size}, {CALLERS} connections, one worker, synchronous=FULL, answered after the commit")
    print(f"  a bare loop, {group} rows a commit      {median(limits):>10,.0f} events/s")
    _print("  ingest", ours, size)
    print(f"  ingest / bare loop                  {ours_rate / median(limits):>10.2f}")


def _measured(server: Server, ask: Callable[[], bytes], seconds: float, good: bytes) -> Measured:
    before = server.cpu()
    seen = load(server.port, ask, seconds=seconds, callers=CALLERS, good=good)
    seen.cpu = server.cpu() - before
    return seen


def _boots(product: Server, seeded: Seeded) -> Callable[[], bytes]:
    chance = random.Random(2)

    def one(person: str) -> bytes:
        url = f"https://acme.example/{chance.randrange(seed.PAGES)}/deals"
        said = {"schema": 1, "environment": seeded.key, "person": {"id": person, "attributes": {}}, "page": {"url": url, "title": "Deals"}}
        return post("/embed/v1/boot", json.dumps(said).encode(), product.port)

    made = itertools.cycle([one(chance.choice(seeded.people)) for _ in range(5000)])
    return lambda: next(made)


def _events(product: Server, seeded: Seeded, size: int) -> Callable[[], bytes]:
    chance = random.Random(3)

    def ask() -> bytes:
        guide, person, at = chance.choice(seeded.guides), chance.choice(seeded.people), now().isoformat()
        events = [
            {"id": str(uuid7()), "name": "step_shown", "guide": guide, "version": 1, "item": "welcome", "at": at, "props": {}}
            for _ in range(size)
        ]
        said = {"schema": 1, "environment": seeded.key, "person": {"id": person}, "sent_at": at, "events": events}
        return post("/embed/v1/events", orjson.dumps(said), product.port)

    return ask


def _middle(runs: list[Measured]) -> Measured:
    return sorted(runs, key=lambda run: run.rate)[len(runs) // 2]


def _print(name: str, runs: list[Measured], size: int = 1) -> None:
    run = _middle(runs)
    unit = "answers/s" if size == 1 else "events/s"
    times = f"p50 {run.wait(0.5):.1f} ms, p99 {run.wait(0.99):.1f} ms, {run.cost / size:.0f} us of processor each"
    refused = f", {run.refused} REFUSED" if run.refused else ""
    print(f"{name:<36}  {run.rate * size:>10,.0f} {unit}  ({times}{refused})")


def _ratio(name: str, rate: float, cost: float) -> None:
    print(f"{name:<36}  {rate:>10.2f}  (processor {cost:.1f} times)")


if __name__ == "__main__":
    main()
