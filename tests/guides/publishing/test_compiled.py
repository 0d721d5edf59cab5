"""The cached snapshot of what is live: never stale, never partial, never without bound."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from guides.database import run
from guides.kind import Kind
from guides.models import Environment, Guide, Member, Version
from guides.publishing import drafts
from guides.publishing.compiled import EnvironmentSnapshot, _loading, _snapshots, clear_cache, find_body, get_snapshot
from guides.publishing.diff import preview_body
from guides.publishing.digests import json_digest
from guides.publishing.publish import unpublish
from guides.registry import kind_named
from tests.conftest import MakeGuide
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import boot, tour


async def current_snapshot(environment: Environment) -> EnvironmentSnapshot:
    """What the process would deliver now."""
    stored = await Environment.get(id=environment.id)
    return await get_snapshot(stored.id, stored.project_id, stored.revision)


async def test_what_is_live_is_loaded_once_for_each_revision(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    guide = await make_guide(live_in=production)
    first = await current_snapshot(production)
    with queries() as asked:
        assert await get_snapshot(production.id, production.project_id, first.revision) is first
    assert asked == []
    await unpublish(guide, production, editor)
    second = await current_snapshot(production)
    assert (len(first.guides), len(second.guides), second.revision) == (1, 0, first.revision + 1)


async def test_somebody_who_read_an_older_revision_gets_the_newer_one(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(live_in=production)
    latest = await current_snapshot(production)
    assert await get_snapshot(production.id, production.project_id, latest.revision - 1) is latest


async def test_events_of_a_guide_that_was_unpublished_are_still_understood(
    make_guide: MakeGuide, production: Environment, staging: Environment, editor: Member
) -> None:
    guide, never = await make_guide(live_in=production), await make_guide(live_in=staging)
    await unpublish(guide, production, editor)
    await drafts.archive(guide, editor)
    live = await current_snapshot(production)
    assert (live.by_guide, dict(live.known_guides)) == ({}, {str(guide.id): guide.kind})
    assert str(never.id) not in live.known_guides


async def test_the_process_caches_the_environments_that_are_asked_for(
    production: Environment, staging: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guides.publishing.compiled.MAX_ENVIRONMENTS", 2)
    third = await Environment.create(
        project_id=production.project_id, name="QA", slug="qa", public_key="k", created_at=production.created_at
    )
    for environment in (production, staging, production, third):
        await current_snapshot(environment)
    assert list(_snapshots) == [production.id, third.id]
    assert set(_loading) == {production.id, third.id}


async def test_a_body_is_found_by_its_digest_wherever_and_whenever_it_was_live(
    make_guide: MakeGuide, production: Environment, editor: Member
) -> None:
    guide = await make_guide(draft=tour("one", text="ñ 漢 “quoted”"), live_in=production)
    version = await Version.get(guide=guide)
    for warm in (True, False):
        clear_cache()
        if warm:
            await boot(production)
        found = await find_body(version.body_digest)
        assert found is not None
        assert (orjson.loads(found), json_digest(orjson.loads(found))) == (version.body, version.body_digest)
    await unpublish(guide, production, editor)
    assert await find_body(version.body_digest) == found


@pytest.mark.parametrize("digest", ["", "0" * 64, "0" * 63, "x" * 64, "a\x00", "é" * 64, "0" * 64 + "\n"])
async def test_no_body_has_such_a_digest(make_guide: MakeGuide, production: Environment, digest: str) -> None:
    await make_guide(live_in=production)
    assert await find_body(digest) is None


async def test_a_draft_has_no_address(guide: Guide, production: Environment) -> None:
    assert await find_body(json_digest(guide.draft)) is None
    assert await find_body(json_digest(preview_body(guide))) is None


async def test_a_guide_whose_kind_is_gone_is_left_out_and_the_rest_goes_on(
    make_guide: MakeGuide, production: Environment, caplog: pytest.LogCaptureFixture
) -> None:
    gone, broken, whole = [await make_guide(name=name, live_in=production) for name in ("gone", "broken", "whole")]
    await Guide.filter(id=gone.id).update(kind="quiz")
    await Version.filter(guide=broken).update(body={"steps": "no list"})
    live = await current_snapshot(production)
    assert [compiled.guide_id for compiled in live.guides] == [str(whole.id)]
    assert str(gone.id) in caplog.text and str(broken.id) in caplog.text
    version = await Version.get(guide=gone)
    assert await find_body("f" * 64) is None
    await Version.filter(id=version.id).update(body_digest="f" * 64)
    assert await find_body("f" * 64) is None


async def test_a_version_from_before_a_setting_existed_has_its_default(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production, priority=70)
    await Version.filter(guide=guide).update(settings={"audience": None})
    [compiled] = (await current_snapshot(production)).guides
    assert (compiled.priority, compiled.frequency, compiled.start) == (50, "once", "auto")


async def test_a_body_from_before_a_field_existed_is_delivered_whole_and_not_under_its_old_name(
    make_guide: MakeGuide, production: Environment
) -> None:
    guide = await make_guide(draft=tour("one", text="word " * 1000), live_in=production, start="manual")
    version = await Version.get(guide=guide)
    old: dict[str, Any] = dict(version.body)
    del old["progress"]
    await Version.filter(id=version.id).update(body=old)
    [one] = [orjson.loads(guide) for guide in (await boot(production)).guides]
    assert (one["body"], "body_hash" in one) == (version.body, False)


async def test_a_kind_made_for_each_person_has_no_body_for_all(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await Version.get(guide=await make_guide(live_in=production))
    real: Kind = kind_named("tour")
    kind = type("Personal", (type(real),), {"personal": True, "deliver": lambda self, body, visit: {"secret": visit.person.id}})()
    monkeypatch.setattr("guides.publishing.compiled.kind_named", lambda slug: kind)
    monkeypatch.setattr("guides.publishing.compiled.kinds", lambda: {"tour": kind})
    assert [compiled.body_digest for compiled in (await current_snapshot(production)).guides] == [None]
    assert await find_body(version.body_digest) is None


@pytest.mark.parametrize("question", ["lane", "scope", "goals", "items", "features", "listing", "deliver"])
async def test_a_kind_that_fails_to_answer_costs_no_other_guide(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, question: str
) -> None:
    broken, sound = await make_guide(live_in=production), await make_guide(live_in=production)
    real: Kind = kind_named("tour")

    def fail_for_one(self: Kind, body: Any, *more: Any) -> Any:
        if body.progress == "count":
            raise RuntimeError("the kind fails")
        return getattr(real, question)(body, *more)

    await Version.filter(guide=broken).update(body={**(await Version.get(guide=broken)).body, "progress": "count"})
    kind = type("Failing", (type(real),), {question: fail_for_one})()
    monkeypatch.setattr("guides.publishing.compiled.kind_named", lambda slug: kind)
    assert [guide.guide_id for guide in (await current_snapshot(production)).guides] == [str(sound.id)]
    assert str(broken.id) in caplog.text


async def test_a_theme_travels_with_what_is_live(make_guide: MakeGuide, production: Environment) -> None:
    assert (await boot(production)).theme == {"tokens": {"accent": "#0f6e61", "accent_dark": "#34b5a0"}, "scheme": "auto"}
    await run("DELETE FROM theme")
    clear_cache()
    assert (await boot(production)).theme == {}
