"""What anybody of a company has done: for guides whose progress is shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from guides.database import as_json, rows, sql, values


async def done_by_company(environment_id: UUID, company: str, guide_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Returns the items that people of the company have done, by guide id; one query over the company's people."""
    text, named = values([{"guide": UUID(guide_id)} for guide_id in sorted(guide_ids)])
    query = sql("progress.company").replace("{guides}", text)
    done: dict[str, set[str]] = defaultdict(set)
    for row in await rows(query, environment=environment_id, company=company, **named):
        done[str(UUID(str(row["guide_id"])))].update(as_json(row["done_items"]))
    return {guide_id: frozenset(items) for guide_id, items in done.items()}
