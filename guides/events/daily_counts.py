"""Daily counts: how often each event happened to a guide's items, to how many people, and which events were dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from guides.database import rows, sql, values
from guides.ids import uuid7
from guides.kind import Body

ROWS_AT_ONCE = 200

DailyKey = tuple[str, str, date, str, str]
"""Environment, guide, day, name of the event, item or an empty text."""
DroppedKey = tuple[str, date, str]
"""Environment, day, code."""


def item_keys(body: Body) -> frozenset[str]:
    """Returns the keys of everything in a body: only these are counted by day, for anybody may send any text as an item."""
    return frozenset(_keys(body.model_dump()))


async def add_daily_counts(times: Mapping[DailyKey, int], people: Mapping[DailyKey, int]) -> None:
    """Adds to the daily counts; in one order, so that two writers never wait for each other."""
    keys = sorted(times)
    for start in range(0, len(keys), ROWS_AT_ONCE):
        text, named = values([_row(key, times[key], people[key]) for key in keys[start : start + ROWS_AT_ONCE]])
        await rows(sql("events.count").replace("{values}", text), **named)


async def add_dropped_counts(dropped: Counter[DroppedKey]) -> None:
    """Adds to the counts of dropped events; in one order, like the others."""
    for (environment, day, code), times in sorted(dropped.items()):
        await rows(sql("events.drop"), id=uuid7(), environment=UUID(environment), day=day, code=code, times=times)


def _row(key: DailyKey, times: int, people: int) -> dict[str, Any]:
    environment, guide, day, name, item = key
    row = {"id": uuid7(), "environment": UUID(environment), "guide": UUID(guide), "day": day, "name": name, "item": item}
    return row | {"times": times, "people": people}


def _keys(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("key"), str):
            yield part["key"]
        part = list(part.values())
    if isinstance(part, list):
        for element in part:
            yield from _keys(element)
