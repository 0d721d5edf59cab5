"""What the benchmarks measure against: a project of 200 live guides and 10,000 people."""

from __future__ import annotations

import random
from typing import Any

from guides import clock, database
from guides.ids import uuid7
from guides.models import Environment, Guide, Person
from guides.projects import projects
from guides.publishing import drafts, publish
from guides.registry import BUILT_IN
from tests.bench.trees import Seeded
from tests.bench.wire import PAGES

GUIDES, PEOPLE, PLANS = 200, 10_000, 20
CHUNK = 1000


async def seed(url: str, guides: int = GUIDES, people: int = PEOPLE) -> Seeded:
    """Fill an empty database; each person may see about ten of the guides, spread over the pages."""
    await database.open_database(url)
    try:
        await database.migrate()
        project = await projects.create_project("Acme")
        production = await Environment.get(project=project, is_production=True)
        made = [await _guide(project, production, number) for number in range(guides)]
        return Seeded(production.public_key, [str(guide.id) for guide in made], await _people(production, people))
    finally:
        await database.close_database()


async def _guide(project: Any, production: Environment, number: int) -> Guide:
    audience = {
        "all": [
            {"attribute": {"of": "person", "name": "plan", "op": "is", "value": f"plan_{number % PLANS}"}},
            {"page": f"/{number % PAGES}/*"},
        ]
    }
    guide = await drafts.create(project, BUILT_IN[0], f"Guide {number}", None, settings={"audience": audience, "frequency": "always"})
    await publish.publish(guide, production, None)
    return guide


async def _people(production: Environment, count: int) -> list[str]:
    chance, now = random.Random(1), clock.now()
    made = [
        Person(
            id=uuid7(),
            environment=production,
            external_id=f"person_{number}",
            attributes={"plan": f"plan_{chance.randrange(PLANS)}", "name": f"Person {number}", "seats": number % 50},
            created_at=now,
            last_seen_at=now,
        )
        for number in range(count)
    ]
    for start in range(0, count, CHUNK):
        await Person.bulk_create(made[start : start + CHUNK])
    return [str(each.external_id) for each in made]
