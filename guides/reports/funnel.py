"""Counts the people who reached each item of a guide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guides.database import rows, sql
from guides.kind import CountByItem, Funnel


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """People who reached one item; `drop_off` is how many fewer than at the item before."""

    key: str
    label: str
    people: int
    drop_off: int


async def get_funnel(metric: Funnel | CountByItem, span: Mapping[str, Any]) -> list[FunnelStep]:
    """One step for each item of the metric, in order; one query. `span` has environment, guide, since and until."""
    counts = await rows(sql("reports.people_by_item"), name=metric.event, **span)
    people = {row["item"]: int(row["people"]) for row in counts}
    steps: list[FunnelStep] = []
    for key, label in metric.items:
        reached = people.get(key, 0)
        before = steps[-1].people if steps else reached
        steps.append(FunnelStep(key, label, reached, max(0, before - reached)))
    return steps
