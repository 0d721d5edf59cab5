"""From draft to version to publication: strict, whole, and never at the cost of what is live."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from guides.errors import NotReady, Unknown
from guides.models import Environment, Guide, Member, Project, Publication, Version
from guides.projects import projects
from guides.publishing.diff import changed_paths, preview_body
from guides.publishing.digests import canonical_json, json_digest
from guides.publishing.drafts import DEFAULT_SETTINGS, save_draft
from guides.publishing.history import list_live_publications, list_publications, list_versions
from guides.publishing.publish import publish, roll_back, unpublish
from guides.publishing.validation import list_problems
from tests.conftest import MakeGuide
from tests.fixtures.scenarios import ClockAt, plan, tour


async def revision_of(environment: Environment) -> int:
    return (await Environment.get(id=environment.id)).revision


async def test_publishing_freezes_the_draft_and_makes_it_live(guide: Guide, production: Environment, editor: Member) -> None:
    before = await revision_of(production)
    version = await publish(guide, production, editor, "  The\nfirst ")
    live = await list_live_publications(production)
    assert live[guide.id].version.body == version.body == preview_body(guide)
    assert (version.number, version.note, live[guide.id].ended_at) == (1, "The first", None)
    assert await revision_of(production) == before + 1


async def test_later_edits_do_not_reach_a_published_version(guide: Guide, production: Environment, editor: Member) -> None:
    version = await publish(guide, production, editor)
    await save_draft(guide, revision=1, by=editor, draft=tour("two"), settings=DEFAULT_SETTINGS | {"priority": 1})
    stored = await Version.get(id=version.id)
    assert (stored.body, stored.settings) == (version.body, version.settings)


async def test_an_unready_draft_leaves_the_old_version_live(guide: Guide, production: Environment, editor: Member) -> None:
    first = await publish(guide, production, editor)
    await save_draft(guide, revision=1, by=editor, draft={"steps": []})
    before = await revision_of(production)
    with pytest.raises(NotReady) as refused:
        await publish(guide, production, editor)
    assert [problem.path for problem in refused.value.problems] == [("steps",)]
    assert (await list_live_publications(production))[guide.id].version_id == first.id
    assert (await revision_of(production), await Version.all().count()) == (before, 1)


async def test_the_same_words_are_the_same_version(
    guide: Guide, production: Environment, staging: Environment, editor: Member, admin: Member
) -> None:
    first = await publish(guide, staging, editor)
    assert (await publish(guide, production, admin)).id == first.id
    reordered = {key: guide.draft[key] for key in sorted(guide.draft, reverse=True)}
    await save_draft(guide, revision=1, by=editor, draft=reordered | {"progress": "dots"}, name="Other name")
    assert (await publish(guide, production, admin)).id == first.id
    assert [one.number for one in await list_versions(guide)] == [1]


async def test_publishing_what_is_live_already_moves_nothing(guide: Guide, production: Environment, editor: Member) -> None:
    await publish(guide, production, editor)
    before = await revision_of(production)
    await publish(guide, production, editor)
    assert (await revision_of(production), await Publication.all().count()) == (before, 1)


async def test_other_settings_are_another_version_with_the_same_body(guide: Guide, production: Environment, editor: Member) -> None:
    first = await publish(guide, production, editor)
    await save_draft(guide, revision=1, by=editor, settings=DEFAULT_SETTINGS | {"priority": 90})
    second = await publish(guide, production, editor)
    assert (second.number, second.body_digest) == (2, first.body_digest)
    assert second.digest != first.digest


async def test_a_version_goes_live_in_one_environment_only(
    guide: Guide, production: Environment, staging: Environment, editor: Member
) -> None:
    before = await revision_of(production)
    await publish(guide, staging, editor)
    assert (set(await list_live_publications(staging)), set(await list_live_publications(production))) == ({guide.id}, set())
    assert await revision_of(production) == before


async def test_a_guide_never_goes_live_in_another_project(guide: Guide, production: Environment, editor: Member, stranger: Member) -> None:
    elsewhere = await Environment.get(project=await Project.get(slug="elsewhere"))
    await publish(guide, production, editor)
    for act in (publish(guide, elsewhere, editor), roll_back(guide, elsewhere, 1, editor)):
        with pytest.raises(Unknown):
            await act
    assert await list_live_publications(elsewhere) == {}
    assert await revision_of(elsewhere) == elsewhere.revision


async def test_rolling_back_makes_an_earlier_version_live(guide: Guide, production: Environment, editor: Member, clock_at: ClockAt) -> None:
    held = clock_at("2026-03-01T12:00:00Z")
    await publish(guide, production, editor)
    await save_draft(guide, revision=1, by=editor, draft=tour("two"))
    held.move(hours=1)
    await publish(guide, production, editor)
    held.move(hours=1)
    back = await roll_back(guide, production, 1, editor)
    told = [(one.version.number, one.ended_at is None) for one in await list_publications(guide)]
    assert told == [(1, True), (2, False), (1, False)]
    assert (await list_live_publications(production))[guide.id].id == back.id
    assert (await Guide.get(id=guide.id)).draft == tour("two")
    with pytest.raises(Unknown):
        await roll_back(guide, production, 7, editor)


async def test_versions_of_one_guide_are_not_those_of_another(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    first, second = await make_guide(live_in=production), await make_guide(draft=tour("two"))
    with pytest.raises(Unknown):
        await roll_back(second, production, 1, editor)
    assert await unpublish(second, production, editor) is False
    assert set(await list_live_publications(production)) == {first.id}


async def test_retiring_takes_a_guide_off_the_air_once(guide: Guide, production: Environment, staging: Environment, editor: Member) -> None:
    await publish(guide, production, editor)
    await publish(guide, staging, editor)
    before = await revision_of(production)
    assert await unpublish(guide, production, editor) is True
    assert await unpublish(guide, production, editor) is False
    assert (await list_live_publications(production), await revision_of(production)) == ({}, before + 1)
    assert set(await list_live_publications(staging)) == {guide.id}


async def test_two_publish_at_once_and_one_version_is_live(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    guide = await make_guide(draft=tour("one"))
    for revision in range(1, 4):
        made = await asyncio.gather(*(publish(guide, production, editor) for _ in range(6)))
        assert {version.number for version in made} == {revision}
        await save_draft(guide, revision=revision, by=editor, draft=tour(f"next_{revision}"))
    assert await Publication.filter(guide=guide, ended_at=None).count() == 1
    assert await Version.filter(guide=guide).count() == 3


async def test_whoever_wins_between_publishing_and_retiring_the_end_is_whole(
    make_guide: MakeGuide, production: Environment, editor: Member
) -> None:
    guide = await make_guide(live_in=production)
    for revision in range(1, 6):
        await save_draft(guide, revision=revision, by=editor, draft=tour(f"next_{revision}"))
        before = await revision_of(production)
        acts = [publish(guide, production, editor), unpublish(guide, production, editor), roll_back(guide, production, 1, editor)]
        await asyncio.gather(*acts)
        assert await Publication.filter(guide=guide, ended_at=None).count() <= 1
        assert await revision_of(production) > before


async def test_many_publish_different_guides_at_once(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    guides = [await make_guide(name=f"Guide {number}") for number in range(8)]
    before = await revision_of(production)
    await asyncio.gather(*(publish(one, production, editor) for one in guides))
    assert set(await list_live_publications(production)) == {one.id for one in guides}
    assert await revision_of(production) == before + 8


async def test_a_cancelled_publish_is_whole_or_not_there(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    for turns in range(12):
        guide = await make_guide(name=f"Guide {turns}")
        act = asyncio.create_task(publish(guide, production, editor))
        for _ in range(turns):
            await asyncio.sleep(0)
        act.cancel()
        await asyncio.gather(act, return_exceptions=True)
    guide = await make_guide(live_in=production)
    live = await list_live_publications(production)
    assert guide.id in live
    assert await Version.all().count() == len(live) == await Publication.all().count()


PICTURE = {"type": "image", "src": "https://img.acme.example/a.png", "alt": ""}


def written(*blocks: dict[str, Any]) -> dict[str, Any]:
    draft = tour("one")
    draft["steps"][0]["text"]["content"] = list(blocks)
    return draft


def pictured(src: str) -> dict[str, Any]:
    return written({"type": "quote", "content": [PICTURE | {"src": src}]})


@pytest.mark.parametrize(
    ("allowed", "src", "named"),
    [
        ([], "https://img.acme.example/a.png", "img.acme.example"),
        (["img.acme.example"], "https://img.acme.example/a.png", None),
        (["img.acme.example"], "https://IMG.acme.example:443/a.png", None),
        (["img.acme.example"], "https://img.acme.example:8443/a.png", "img.acme.example:8443"),
        (["img.acme.example"], "https://img.acme.example.evil.example/a.png", "img.acme.example.evil.example"),
        (["acme.example"], "https://img.acme.example/a.png", "img.acme.example"),
        (["*.acme.example"], "https://img.acme.example/a.png", None),
        (["*.acme.example"], "https://deep.img.acme.example/a.png", None),
        (["*.acme.example"], "https://acme.example/a.png", "acme.example"),
        (["*.acme.example"], "https://evilacme.example/a.png", "evilacme.example"),
    ],
)
async def test_images_come_only_from_hosts_the_project_allows(
    make_guide: MakeGuide, project: Project, allowed: list[str], src: str, named: str | None
) -> None:
    for host in allowed:
        await projects.allow_image_host(project, host)
    await project.refresh_from_db()
    found = list_problems(await make_guide(draft=pictured(src)), project)
    assert [problem.message for problem in found] == ([f"allow images from {named} first"] if named else [])
    assert all(problem.path == ("steps", 0, "text", "content", 0, "content", 0) for problem in found)


async def test_videos_come_only_from_hosts_the_project_allows(make_guide: MakeGuide, project: Project) -> None:
    guide = await make_guide(draft=written({"type": "video", "provider": "youtube", "id": "dQw4w9WgXcQ"}))
    assert [problem.message for problem in list_problems(guide, project)] == ["allow videos from www.youtube-nocookie.com first"]
    await projects.allow_image_host(project, "www.youtube-nocookie.com")
    await project.refresh_from_db()
    assert list_problems(guide, project) == []


@pytest.mark.parametrize("place", ["evil.example?@img.acme.example", "evil.example#@img.acme.example", "evil.example\\@img.acme.example"])
async def test_no_trick_makes_a_strange_host_look_allowed(make_guide: MakeGuide, project: Project, place: str) -> None:
    await projects.allow_image_host(project, "img.acme.example")
    await project.refresh_from_db()
    assert list_problems(await make_guide(draft=pictured(f"https://{place}/a.png")), project)


@pytest.mark.parametrize(
    ("draft", "settings", "path", "message"),
    [
        ({}, {}, ("steps",), "this is needed"),
        ({"steps": []}, {}, ("steps",), "add at least one"),
        (tour("one") | {"progress": "rings"}, {}, ("progress",), "choose one of the options"),
        (tour("one") | {"colour": "red"}, {}, ("colour",), "this is not known here"),
        (tour("one"), {"priority": 101}, ("settings", "priority"), "at most 100"),
        (tour("one"), {"priority": -1}, ("settings", "priority"), "at least 0"),
        (tour("one"), {"priority": "high"}, ("settings", "priority"), "write a whole number"),
        (tour("one"), {"frequency": "daily"}, ("settings", "frequency"), "choose one of the options"),
        (tour("one"), {"audience": plan("x", op="like")}, ("settings", "audience", "attribute", "op"), None),
        (tour("one"), {"colour": "red"}, ("settings", "colour"), "this is not known here"),
    ],
)
async def test_each_problem_is_said_at_its_field(
    make_guide: MakeGuide, project: Project, draft: dict[str, Any], settings: dict[str, Any], path: tuple[str, ...], message: str | None
) -> None:
    guide = await make_guide(draft=draft, **settings)
    found = {problem.path: problem.message for problem in list_problems(guide, project)}
    assert path in found
    assert message in (None, found[path])


async def test_a_problem_in_one_of_several_shapes_is_said_without_the_name_of_the_shape(make_guide: MakeGuide, project: Project) -> None:
    draft = tour("one")
    draft["steps"][0]["buttons"][0]["action"] = {"do": "open", "url": "javascript:alert(1)"}
    [problem] = list_problems(await make_guide(draft=draft), project)
    assert problem.path == ("steps", 0, "buttons", 0, "action", "url")
    assert "is not a link" in problem.message


async def test_problems_of_body_and_settings_are_told_together(make_guide: MakeGuide, project: Project) -> None:
    guide = await make_guide(draft={"steps": []}, priority=1000)
    assert {problem.path[0] for problem in list_problems(guide, project)} == {"steps", "settings"}


CHANGES: list[tuple[Any, list[str]]] = [
    (lambda draft, settings: None, []),
    (lambda draft, settings: draft["steps"][0].update(title="New"), ["body.steps.one.title"]),
    (lambda draft, settings: draft["steps"].reverse(), ["body.steps.order"]),
    (lambda draft, settings: draft["steps"].pop(), ["body.steps.two"]),
    (lambda draft, settings: draft["steps"].append(tour("three")["steps"][0]), ["body.steps.three"]),
    (lambda draft, settings: draft.update(progress="none"), ["body.progress"]),
    (lambda draft, settings: settings.update(priority=1), ["settings.priority"]),
    (lambda draft, settings: settings.pop("priority"), []),
    (lambda draft, settings: settings.update(audience=plan("trial")), ["settings.audience"]),
    (lambda draft, settings: draft["steps"][0]["text"]["content"].append({"type": "divider"}), ["body.steps.one.text"]),
    (lambda draft, settings: draft["steps"][0].update(key=["odd"]), ["body.steps"]),
    (lambda draft, settings: draft.update(steps="gone"), ["body.steps"]),
]


@pytest.mark.parametrize(("change", "told"), CHANGES)
async def test_what_changed_since_a_version_is_told_field_by_field(
    make_guide: MakeGuide, production: Environment, editor: Member, change: Any, told: list[str]
) -> None:
    guide = await make_guide(draft=tour("one", "two"))
    version = await publish(guide, production, editor)
    await version.refresh_from_db()
    change(guide.draft, guide.settings)
    assert [path for path in changed_paths(guide, version) if path.startswith(tuple(told))] == told
    assert bool(changed_paths(guide, version)) is bool(told)


async def test_a_date_in_another_zone_is_not_a_change(make_guide: MakeGuide, production: Environment, editor: Member) -> None:
    guide = await make_guide(trigger={"between": {"from": "2026-03-01T12:00:00+02:00", "until": None}})
    version = await publish(guide, production, editor)
    assert changed_paths(guide, version) == []
    assert changed_paths(guide, None) == ["body"]


async def test_digests_are_the_same_on_every_database_and_in_every_order(
    make_guide: MakeGuide, production: Environment, editor: Member
) -> None:
    guide = await make_guide(draft=tour("one", text="ñ 漢 🎉 “quoted” </script>"))
    version = await publish(guide, production, editor)
    stored = await Version.get(id=version.id)
    assert json_digest(stored.body) == stored.body_digest == json_digest(orjson.loads(canonical_json(stored.body)))
    assert json_digest({"body": stored.body, "settings": stored.settings}) == stored.digest
    assert json_digest({"b": 1.5, "a": ["ñ", None, True]}) == json_digest({"a": ["ñ", None, True], "b": 1.5})
    assert json_digest({"b": 1.5, "a": ["ñ", None, True]}).startswith("fb2e5ea7966b")


async def test_notes_are_kept_short_and_storable(guide: Guide, production: Environment, editor: Member) -> None:
    version = await publish(guide, production, editor, "a\x00" + "b" * 400)
    assert (await Version.get(id=version.id)).note == "a" + "b" * 299
