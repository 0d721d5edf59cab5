"""The fixtures of domain tests work: an empty database, a held clock, a member of each role."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guides import clock, database
from guides.models import Environment, Guide, Member, Membership, Project, Role
from tests.conftest import HeldClock, MakeGuide
from tests.databases import CHOSEN


@pytest.mark.parametrize("time", ["first", "second"])
async def test_every_test_starts_with_an_empty_database(db: str, time: str) -> None:
    assert database.dialect() == CHOSEN
    assert await Member.all().count() == 0
    await Member.create(email=f"{time}@example.com", name=time, password_hash="", created_at=clock.now())


async def test_the_cast_has_its_roles(
    project: Project, owner: Member, admin: Member, editor: Member, agent: Member, viewer: Member, stranger: Member
) -> None:
    roles = {each.member.name.lower(): each.role for each in await Membership.filter(project=project).select_related("member")}
    assert roles == {role.value: role for role in Role}


async def test_a_held_clock_moves_only_when_told(clock_at: Callable[[str], HeldClock]) -> None:
    held = clock_at("2026-03-01T12:00:00Z")
    assert clock.now().isoformat() == "2026-03-01T12:00:00+00:00"
    held.move(days=31)
    assert clock.today().isoformat() == "2026-04-01"


async def test_a_guide_may_be_made_live(make_guide: MakeGuide, production: Environment, staging: Environment) -> None:
    made: Guide = await make_guide("tour", "Welcome", live_in=production, priority=70)
    assert await made.publications.all().count() == 1
    assert made.settings["priority"] == 70
