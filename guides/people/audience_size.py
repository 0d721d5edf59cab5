"""Who a rule matches among the people stored, and which attributes and values they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

from guides import clock
from guides.database import as_json, rows, sql
from guides.models import Company, Environment, Person
from guides.people.attributes import Attributes, as_list
from guides.rules.evaluate import Facts, Rule, evaluate

MAX_NAMES = 200
MAX_VALUES = 20
MAX_PEOPLE_COUNTED = 50_000
PAGE_SIZE = 1000
PEOPLE_SAMPLED = 500


async def count_matching(environment: Environment, rule: Rule | None) -> tuple[int, int]:
    """How many people fit the rule now, of how many: the latest 50,000 are looked at. What only a page can answer counts as fitting."""
    if rule is None:
        everybody = await Person.filter(environment=environment).count()
        return everybody, everybody
    now = clock.now()
    matching = counted = 0
    async for attributes, company in _list_latest_people(environment):
        facts = Facts(person=attributes, company=company, segments=set(), now=now)
        matching += evaluate(rule, facts) is not False
        counted += 1
    return matching, counted


async def list_attribute_names(environment: Environment, of: str = "person") -> list[str]:
    """The attribute names most often seen on the people (or companies) lately here, 200 at most: anybody may send any name."""
    model: type[Person] | type[Company] = Company if of == "company" else Person
    counts: Counter[str] = Counter()
    for row in await model.filter(environment=environment).order_by("-last_seen_at").limit(PEOPLE_SAMPLED):
        counts.update(row.attributes.keys())
    return sorted(name for name, _ in counts.most_common(MAX_NAMES))


async def list_attribute_values(environment: Environment, name: str, of: str = "person") -> list[str]:
    """Up to 20 values of one attribute among those most recently here."""
    model: type[Person] | type[Company] = Company if of == "company" else Person
    values: dict[str, None] = {}
    for row in await model.filter(environment=environment).order_by("-last_seen_at").limit(PEOPLE_SAMPLED):
        values.update(dict.fromkeys(str(value) for value in as_list(row.attributes.get(name))))
    return list(values)[:MAX_VALUES]


async def _list_latest_people(environment: Environment) -> AsyncIterator[tuple[Attributes, Attributes]]:
    for start in range(0, MAX_PEOPLE_COUNTED, PAGE_SIZE):
        page = await rows(sql("people.latest"), environment=environment.id, page=PAGE_SIZE, start=start)
        for row in page:
            yield as_json(row["attributes"]), as_json(row["company"]) or {}
        if len(page) < PAGE_SIZE:
            return
