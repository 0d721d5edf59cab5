"""The environment behind a key: quick to find, and a change holds at once where it was made."""

from __future__ import annotations

from guides.events.resolve import IngestResult
from guides.models import Environment
from guides.projects import environment_cache as environments
from guides.projects import projects
from guides.projects.environment_cache import get_environment_by_key
from tests.conftest import MakeGuide
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import ClockAt, make_event, record


async def test_a_key_is_looked_up_once_in_two_seconds(production: Environment, clock_at: ClockAt) -> None:
    held = clock_at("2026-03-01T12:00:00Z")
    await get_environment_by_key(production.public_key)
    with queries() as asked:
        await get_environment_by_key(production.public_key)
    assert asked == []
    held.move(seconds=2)
    with queries() as asked:
        await get_environment_by_key(production.public_key)
    assert len(asked) == 1


async def test_a_change_of_the_allowed_origins_holds_at_once(production: Environment) -> None:
    await get_environment_by_key(production.public_key)
    await projects.set_allowed_origins(production, ["https://app.acme.example"])
    assert (await get_environment_by_key(production.public_key)).allowed_origins == ["https://app.acme.example"]


async def test_an_event_of_a_guide_published_by_another_process_is_not_lost(make_guide: MakeGuide, production: Environment) -> None:
    before = await get_environment_by_key(production.public_key)
    guide = await make_guide(live_in=production)
    outcome = await record(before, make_event("shown", guide))
    assert outcome == IngestResult(accepted=1)


async def test_only_so_many_keys_are_kept(production: Environment, monkeypatch: object) -> None:
    monkeypatch.setattr(environments, "MAX_ENTRIES", 0)  # type: ignore[attr-defined]
    await get_environment_by_key(production.public_key)
    assert not environments._entries
