"""The server moves progress by events as the browser does: both run tests/shared_cases/progress.json."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from guides.clock import now
from guides.ids import uuid7
from guides.kind import Body, Effect, Item, Kind, Status
from guides.models import Progress
from guides.progress.fold import IncomingEvent, apply_event

CASES = json.loads((Path(__file__).parents[2] / "shared_cases" / "progress.json").read_text(encoding="utf-8"))["cases"]


class Plain(Kind):
    """A kind of the case's items and effects."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.events = {name: Effect(effect) for name, effect in case["effects"].items()}  # type: ignore[misc]
        self.keys = case["items"]

    def items(self, body: Body) -> list[Item]:
        """The items of the case."""
        return [Item(key, key) for key in self.keys]


def event(number: int, name: str, item: str | None = None, props: dict[str, Any] | None = None) -> IncomingEvent:
    """One event, a second after the one before."""
    at = now() - timedelta(minutes=5) + timedelta(seconds=number)
    return IncomingEvent(uuid7(), at.date(), uuid7(), 1, name, item, at, at, props or {})


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_events_move_progress_as_in_the_browser(case: dict[str, Any]) -> None:
    kind = Plain(case)
    first = event(0, "shown")
    row = Progress(version=1, status=Status.STARTED, started_at=first.at, last_event_at=first.at)
    for number, sent in enumerate(case["events"]):
        apply_event(row, event(number, **sent), kind, Body())
    progress = {"status": row.status, "item": row.current_item, "done": row.done_items, "state": row.state}
    assert progress == case["progress"]
