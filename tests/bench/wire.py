"""What the loads send: the names on the wire stand here and nowhere else in the benchmarks."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable

import orjson

from guides.clock import now
from guides.ids import uuid7
from tests.bench.load import post
from tests.bench.trees import Seeded

PAGES = 25
VISITS = 2000


def boots(port: int, seeded: Seeded) -> Callable[[], bytes]:
    """Page views of people we know, spread over the pages; made once, then repeated."""
    chance = random.Random(2)
    requests = itertools.cycle([_boot(port, seeded.key, chance.choice(seeded.people), chance.randrange(PAGES)) for _ in range(VISITS)])
    return lambda: next(requests)


def events(port: int, seeded: Seeded, size: int) -> Callable[[], bytes]:
    """Batches of so many new events, each batch of one person and one guide."""
    chance = random.Random(3)

    def make_request() -> bytes:
        guide, person, at = chance.choice(seeded.guides), chance.choice(seeded.people), now().isoformat()
        made = [
            {"id": str(uuid7()), "name": "step_shown", "guide": guide, "version": 1, "item": "welcome", "at": at, "props": {}}
            for _ in range(size)
        ]
        batch = {"schema": 1, "environment": seeded.key, "person": {"id": person}, "sent_at": at, "events": made}
        return post("/embed/v1/events", orjson.dumps(batch), port)

    return make_request


def _boot(port: int, key: str, person: str, page: int) -> bytes:
    url = f"https://acme.example/{page}/deals"
    call = {"schema": 1, "environment": key, "person": {"id": person, "attributes": {}}, "page": {"url": url, "title": "Deals"}}
    return post("/embed/v1/boot", json.dumps(call).encode(), port)
