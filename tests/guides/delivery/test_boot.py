"""Boot: what this person gets now, in order, with what is left of each rule, for one query when nothing is new."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import orjson
import pytest
from tortoise.exceptions import OperationalError

from guides import database
from guides.delivery import boot as delivery
from guides.delivery.payload import INLINE_BYTES
from guides.delivery.types import BootRequest, BootResult
from guides.errors import Invalid, Refused, Unknown
from guides.kind import Kind, Visit
from guides.models import Environment, Guide, Member, Project
from guides.people.identify import Identity, identify
from guides.projects import projects
from guides.projects.environment_cache import get_environment_by_key
from guides.projects.origins import check_origin
from guides.publishing import drafts
from guides.publishing.compiled import clear_cache, get_snapshot
from guides.publishing.diff import preview_body
from guides.publishing.digests import json_digest
from guides.publishing.publish import publish
from guides.registry import kind_named
from tests.conftest import MakeGuide
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import ClockAt, boot, make_event, plan, record, tour

NOON = "2026-03-01T12:00:00Z"


def got(answer: BootResult) -> list[dict[str, Any]]:
    return [orjson.loads(guide) for guide in answer.guides]


def names_of(answer: BootResult, *guides: Guide) -> list[str]:
    by_id = {str(guide.id): guide.name for guide in guides}
    return [by_id[guide["id"]] for guide in got(answer)]


async def test_a_page_view_with_no_news_costs_one_query(make_guide: MakeGuide, production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    who = Identity("42", "a1", {"plan": "trial"}, "7", {"size": 5})
    for number in range(3):
        guide = await make_guide(name=f"Guide {number}", live_in=production, audience=plan("trial"))
        await record(production, make_event("shown", guide))
    await boot(production, who)
    held.move(seconds=20)
    with queries() as asked:
        answer = await boot(production, who)
    assert len(answer.guides) == 3
    assert len(asked) == 1, asked


async def test_a_page_view_of_somebody_unknown_and_unnamed_writes_nothing(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(live_in=production)
    await boot(production, Identity())
    with queries() as asked:
        answer = await boot(production, Identity())
    assert (len(answer.guides), len(asked), answer.person) == (1, 1, {"id": None, "verified": False, "attributes": {}})


async def test_a_publication_of_another_process_is_seen_at_the_next_page_view(
    make_guide: MakeGuide, production: Environment, editor: Member
) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production)
    assert [one["version"] for one in got(await boot(production))] == [1]
    kept = await get_snapshot(production.id, production.project_id, 0)
    await drafts.save_draft(guide, revision=1, by=editor, draft=tour("two"))
    await publish(guide, production, editor)
    assert [one["version"] for one in got(await boot(production))] == [2]
    assert (await get_snapshot(production.id, production.project_id, 0)).revision == kept.revision + 1


async def test_everything_the_browser_needs_is_in_a_guide(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one"), live_in=production, priority=70, trigger={"page": "/deals"})
    answer = await boot(production)
    [one] = got(answer)
    body = one.pop("body")
    assert one.pop("body_hash") == json_digest(body)
    assert body == preview_body(guide)
    assert one == {
        "id": str(guide.id), "version": 1, "kind": "tour", "lane": "focus", "priority": 70, "start": "auto", "frequency": "once",
        "rule": {"page": "/deals"}, "progress": None, "preload": ["layouts"], "items": [{"key": "one"}],
    }  # fmt: skip
    assert (answer.kinds, answer.theme["scheme"], answer.is_disabled) == ({"tour"}, "auto", False)


async def test_guides_come_by_priority_and_then_in_the_order_they_were_made(make_guide: MakeGuide, production: Environment) -> None:
    guides = [await make_guide(name=f"{priority}", live_in=production, priority=priority) for priority in (10, 90, 50, 90)]
    assert names_of(await boot(production), *guides) == ["90", "90", "50", "10"]
    assert [one["id"] for one in got(await boot(production))[:2]] == [str(guides[1].id), str(guides[3].id)]


@pytest.mark.parametrize(
    ("audience", "trigger", "attributes", "left"),
    [
        (None, None, {}, None),
        (plan("trial"), None, {"plan": "trial"}, None),
        (plan("trial"), None, {"plan": "pro"}, "nothing"),
        (plan("trial"), {"page": "/deals"}, {"plan": "trial"}, {"page": "/deals"}),
        (plan("trial"), {"page": "/deals"}, {"plan": "pro"}, "nothing"),
        ({"any": [plan("trial"), {"page": "/deals"}]}, None, {"plan": "pro"}, {"page": "/deals"}),
        ({"not": {"page": "/deals"}}, {"delay": 3}, {}, {"all": [{"not": {"page": "/deals"}}, {"delay": 3}]}),
        ({"segment": "s1"}, None, {}, "nothing"),
        (plan("big", of="company"), None, {}, "nothing"),
    ],
)
async def test_the_server_settles_what_only_it_knows(
    make_guide: MakeGuide, production: Environment, audience: Any, trigger: Any, attributes: dict[str, Any], left: Any
) -> None:
    await make_guide(live_in=production, audience=audience, trigger=trigger)
    delivered = got(await boot(production, Identity("42", attributes=attributes)))
    assert delivered == [] if left == "nothing" else delivered[0].get("rule") == left


async def test_news_about_a_person_count_in_the_same_page_view(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(live_in=production, audience={"all": [plan("trial"), plan("big", of="company")]})
    assert got(await boot(production, Identity("42"))) == []
    assert len(got(await boot(production, Identity("42", None, {"plan": "trial"}, "7", {"plan": "big"})))) == 1
    assert len(got(await boot(production, Identity("42")))) == 1
    assert got(await boot(production, Identity("42", attributes={"plan": None}))) == []


async def test_an_unfinished_guide_goes_on_where_it_was(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one", "two"), live_in=production)
    events = [
        make_event("shown", guide),
        make_event("step_shown", guide, "one"),
        make_event("step_done", guide, "one"),
        make_event("step_shown", guide, "two"),
    ]
    await record(production, *events)
    [one] = got(await boot(production))
    assert one["progress"] == {"status": "started", "item": "two", "done": ["one"]}


async def test_a_guide_that_comes_again_begins_anew(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(draft=tour("one", "two"), live_in=production, frequency="always")
    await record(
        production, make_event("shown", guide, ago=3), make_event("step_shown", guide, "two", ago=2), make_event("dismissed", guide, ago=1)
    )
    [one] = got(await boot(production))
    assert one["progress"] == {"status": "dismissed", "item": None, "done": []}


async def test_a_guide_somebody_asks_for_comes_whatever_its_rule_and_frequency_say(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production, audience=plan("trial"), trigger={"page": "/deals"})
    await record(production, make_event("shown", guide, ago=2), make_event("completed", guide, ago=1))
    assert got(await boot(production)) == []
    [one] = got(await boot(production, requested_guide=str(guide.id)))
    assert (one["id"], "rule" in one) == (str(guide.id), False)
    for strange in (str(uuid4()), "", "x"):
        assert got(await boot(production, requested_guide=strange)) == []


async def test_a_guide_started_by_hand_is_there_to_be_started_again(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production, start="manual")
    await record(production, make_event("shown", guide, ago=2), make_event("completed", guide, ago=1))
    [one] = got(await boot(production))
    assert (one["start"], one["progress"]["status"]) == ("manual", "completed")


LONG = "word " * 1000
HERE, ELSEWHERE = "https://app.acme.example/deals", "https://app.acme.example/contacts"


@pytest.mark.parametrize(
    ("settings", "url", "is_there"),
    [
        ({}, HERE, True),
        ({"trigger": {"page": "/deals"}}, HERE, True),
        ({"trigger": {"page": "/deals"}}, ELSEWHERE, False),
        ({"trigger": {"all": [{"page": "/deals"}, {"delay": 3}]}}, ELSEWHERE, False),
        ({"trigger": {"delay": 3}}, ELSEWHERE, True),
        ({"trigger": {"not": {"page": "/deals"}}}, HERE, False),
        ({"start": "manual"}, HERE, False),
    ],
)
async def test_a_large_body_that_cannot_show_here_is_only_named(
    make_guide: MakeGuide, production: Environment, settings: dict[str, Any], url: str, is_there: bool
) -> None:
    guide = await make_guide(draft=tour("one", text=LONG), live_in=production, **settings)
    [one] = got(await boot(production, url=url))
    assert (one["body"] is not None) is is_there
    assert one["body_hash"] == json_digest(preview_body(guide))
    await record(production, make_event("shown", guide))
    assert got(await boot(production, url=url))[0]["body"] is not None


async def test_a_small_body_is_always_there(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(draft=tour("one"), live_in=production, start="manual")
    [one] = got(await boot(production))
    assert 0 < len(orjson.dumps(one["body"])) <= INLINE_BYTES


async def test_only_attributes_that_a_text_speaks_of_travel_to_the_browser(make_guide: MakeGuide, production: Environment) -> None:
    draft = tour("one")
    name = {"type": "person", "attribute": "name", "fallback": "there"}
    draft["steps"][0]["text"]["content"] = [
        {"type": "list", "content": [{"type": "item", "content": [{"type": "paragraph", "content": [name]}]}]}
    ]
    await make_guide(draft=draft, live_in=production, audience=plan("trial"))
    who = Identity("42", attributes={"name": "Ada", "salary": 5, "plan": "trial"})
    assert (await boot(production, who)).person == {"id": "42", "verified": False, "attributes": {"name": "Ada"}}
    assert (await boot(production, Identity("42", attributes={"plan": "pro"}))).person["attributes"] == {}


async def test_a_key_nobody_has_is_unknown(production: Environment) -> None:
    for key in ("hr_pub_nobody", "", production.public_key.upper()):
        with pytest.raises(Unknown) as unknown:
            await delivery.boot(BootRequest(key, Identity("42"), "", None, production.created_at))
        assert unknown.value.code == "unknown_environment"
        with pytest.raises(Unknown) as unknown:
            await get_environment_by_key(key)
        assert unknown.value.code == "unknown_environment"
    assert (await get_environment_by_key(production.public_key)).id == production.id


async def test_nothing_of_one_tenant_reaches_another(
    make_guide: MakeGuide, production: Environment, staging: Environment, editor: Member, stranger: Member
) -> None:
    guide = await make_guide(name="canary", draft=tour("one", text="canary"), live_in=production)
    await identify(production.id, Identity("42", "a1", {"name": "canary"}, "7", {"name": "canary"}))
    await record(production, make_event("shown", guide))
    elsewhere = await Environment.get(project=await Project.get(slug="elsewhere"))
    for other in (staging, elsewhere):
        answer = await boot(other, Identity("42", "a1", company="7"), requested_guide=str(guide.id))
        assert got(answer) == [] and b"canary" not in orjson.dumps(answer.person)
        assert (await record(other, make_event("shown", guide))).dropped[0]["code"] == "unknown_guide"


async def test_a_person_of_one_environment_is_a_stranger_in_another(
    make_guide: MakeGuide, production: Environment, staging: Environment
) -> None:
    guide = await make_guide(live_in=staging, audience=plan("trial"))
    await identify(production.id, Identity("42", "a1", {"plan": "trial"}))
    for who in (Identity("42"), Identity(None, "a1")):
        assert got(await boot(staging, who)) == []
    await record(staging, make_event("shown", guide, ago=2), make_event("dismissed", guide))
    assert len(got(await boot(staging, Identity("7", attributes={"plan": "trial"})))) == 1
    assert got(await boot(staging, Identity("42", attributes={"plan": "trial"}))) == []


@pytest.mark.parametrize(
    ("allowed", "origin", "comes"),
    [
        ([], "https://anywhere.example", True),
        ([], None, True),
        (["https://app.acme.example"], "https://app.acme.example", True),
        (["https://app.acme.example"], None, True),
        (["https://app.acme.example"], "https://evil.example", False),
        (["https://app.acme.example"], "http://app.acme.example", False),
        (["https://app.acme.example"], "https://app.acme.example.evil.example", False),
        (["https://app.acme.example"], "https://app.acme.example:8443", False),
        (["https://app.acme.example"], "null", False),
        (["https://app.acme.example"], "", False),
    ],
)
async def test_only_pages_of_allowed_origins_are_answered(
    production: Environment, allowed: list[str], origin: str | None, comes: bool
) -> None:
    await projects.set_allowed_origins(production, allowed)
    await production.refresh_from_db()
    if comes:
        await boot(production, origin=origin)
        await check_origin(production, origin)
        return
    for ask in (boot(production, origin=origin), check_origin(production, origin)):
        with pytest.raises(Refused) as refused:
            await ask
        assert refused.value.field == "origin"
    assert (await Environment.get(id=production.id)).last_refused_origin == origin
    assert await database.rows("SELECT id FROM person") == []


async def test_a_refused_origin_is_shown_until_a_page_is_answered(production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    await projects.set_allowed_origins(production, ["https://app.acme.example"])
    with pytest.raises(Refused):
        await boot(production, origin="https://evil.example/" + "x" * 500)
    assert len((await Environment.get(id=production.id)).last_refused_origin) == 300
    held.move(minutes=1)
    await boot(production, origin="https://app.acme.example")
    assert (await Environment.get(id=production.id)).last_refused_origin == ""


async def test_the_kill_switch_holds_everything_back_at_once(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(live_in=production)
    await boot(production)
    await projects.set_disabled(production, True)
    answer = await boot(production)
    assert (answer.is_disabled, answer.guides, answer.kinds) == (True, [], frozenset())
    await projects.set_disabled(production, False)
    assert len((await boot(production)).guides) == 1


async def test_the_install_page_learns_that_the_embed_is_there(production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    await boot(production, Identity(None, "a1"), url="https://app.acme.example/" + "x" * 600)
    first = await Environment.get(id=production.id)
    assert (first.last_boot_at, len(first.last_boot_url), first.has_identified) == (held.moment, 500, False)
    held.move(seconds=10)
    await boot(production, Identity("42"))
    assert ((await Environment.get(id=production.id)).last_boot_at, (await Environment.get(id=production.id)).has_identified) == (
        held.moment,
        True,
    )
    held.move(seconds=29)
    await boot(production, Identity("42"))
    assert (await Environment.get(id=production.id)).last_boot_at != held.moment
    held.move(seconds=1)
    await boot(production, Identity("42"))
    assert (await Environment.get(id=production.id)).last_boot_at == held.moment


async def test_a_bad_attribute_is_refused_before_anything_is_written(production: Environment) -> None:
    with pytest.raises(Invalid) as refused:
        await boot(production, Identity("42", attributes={"bad": {"deep": {}}}))
    assert refused.value.field == "person.attributes.bad"
    assert await database.rows("SELECT id FROM person") == []


class Personal(Kind):
    """A kind that writes each person their own body, and fails for one of them."""

    personal = True

    def deliver(self, body: Any, visit: Visit) -> dict[str, Any]:
        """The body with a greeting."""
        return {"hello": visit.person.id, "steps": len(body.steps) // (visit.person.id != "7")}


@pytest.fixture
def personal(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """The tour, as if it delivered to each person their own."""
    real = kind_named("tour")
    kind = type("PersonalTour", (Personal, type(real)), {})()
    monkeypatch.setattr("guides.publishing.compiled.kind_named", lambda slug: kind)
    return kind


async def test_a_kind_that_fails_costs_no_other_guide(
    personal: Kind, make_guide: MakeGuide, production: Environment, caplog: pytest.LogCaptureFixture
) -> None:
    guide = await make_guide(draft=tour("one", text=LONG), live_in=production, start="manual")
    assert got(await boot(production, "7")) == []
    assert str(guide.id) in caplog.text
    [one] = got(await boot(production, "42"))
    assert (one["body"], "body_hash" in one) == ({"hello": "42", "steps": 1}, False)


async def test_many_page_views_at_once_load_what_is_live_once(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(live_in=production)
    await boot(production)
    clear_cache()
    with queries() as asked:
        answers: list[Any] = await asyncio.gather(*(boot(production) for _ in range(10)))
    assert all(len(answer.guides) == 1 for answer in answers)
    assert len([sql for sql in asked if '"publication"' in sql and '"version"' in sql]) == 1


async def test_a_cancelled_page_view_leaves_the_next_one_unharmed(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(live_in=production)
    for turns in range(20):
        clear_cache()
        view = asyncio.create_task(boot(production, Identity(f"p{turns}", f"a{turns}", {"n": turns})))
        for _ in range(turns * 2):
            await asyncio.sleep(0)
        view.cancel()
        await asyncio.gather(view, return_exceptions=True)
    assert len((await asyncio.wait_for(boot(production), 10)).guides) == 1


async def test_a_database_that_cannot_be_written_still_answers_those_it_knows(
    make_guide: MakeGuide, production: Environment, monkeypatch: pytest.MonkeyPatch, clock_at: ClockAt
) -> None:
    held = clock_at(NOON)
    await make_guide(live_in=production)
    await boot(production)
    held.move(minutes=1)
    real = Environment.filter

    def refuse(*args: Any, **named: Any) -> Any:
        query = real(*args, **named)
        query.update = _locked
        return query

    monkeypatch.setattr(Environment, "filter", refuse)
    assert len((await boot(production)).guides) == 1


async def _locked(**named: Any) -> None:
    raise OperationalError("database is locked")
