"""What came of a guide, as one page of figures, days, steps and people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from guides import clock, publishing
from guides.ids import uuid7
from guides.models import Environment, Guide, Member
from guides.people import Who, identify
from guides.progress import Batch, record


def place(guide: Guide, query: str = "") -> str:
    """The address of the report."""
    return f"/admin/acme/guides/{guide.id}/results{query}"


async def happened(environment: Environment, guide: Guide, person: str, *events: tuple[str, str | None, dict[str, Any]]) -> None:
    """Let things happen to a person, yesterday."""
    at = clock.now() - timedelta(days=1)
    sent = [
        {
            "id": str(uuid7(int(at.timestamp() * 1000) + number)),
            "name": name,
            "guide": str(guide.id),
            "version": 1,
            "item": item,
            "at": (at + timedelta(seconds=number)).isoformat(),
            "props": props,
        }
        for number, (name, item, props) in enumerate(events)
    ]
    await record([Batch(environment, person, None, sent, clock.now())])


@pytest.fixture
async def seen(guide: Guide, production: Environment, editor: Member) -> Guide:
    """Two people saw it: one finished, one closed it."""
    await publishing.publish(guide, production, editor)
    key = guide.draft["steps"][0]["key"]
    await identify(production.id, Who(person="1", attributes={"name": "<b>Maya</b>", "email": "maya@example.com"}))
    await happened(production, guide, "1", ("shown", None, {}), ("step_shown", key, {}), ("completed", None, {}))
    await happened(production, guide, "2", ("shown", None, {}), ("step_shown", key, {}), ("dismissed", None, {"reason": "escape"}))
    return guide


async def test_before_anybody_saw_it_the_page_says_what_to_do(as_viewer: httpx2.AsyncClient, guide: Guide) -> None:
    page = (await as_viewer.get(place(guide))).text
    assert "Nobody saw it in these days" in page and "Publish it" in page


async def test_the_report_counts_people_steps_and_endings(as_viewer: httpx2.AsyncClient, seen: Guide) -> None:
    page = (await as_viewer.get(place(seen))).text
    for words in ("Saw it", "1 of 2 people", "50%", "Step by step", "Closed with Esc", "&lt;b&gt;Maya", "Version 1"):
        assert words in page, words
    assert "<b>Maya</b>" not in page and " style=" not in page and "<svg" in page


@pytest.mark.parametrize("days", ["7", "28", "90", "0", "x", "-5", "99999999"])
async def test_any_span_is_answered(as_viewer: httpx2.AsyncClient, seen: Guide, days: str) -> None:
    assert (await as_viewer.get(place(seen, f"?days={days}"))).status_code == 200


async def test_another_environment_has_figures_of_its_own(as_viewer: httpx2.AsyncClient, seen: Guide, staging: Environment) -> None:
    page = await as_viewer.get(f"/admin/acme/staging/guides/{seen.id}/results")
    assert "Nobody saw it in these days" in page.text
