"""People of the host page: known by an id or a browser, joined when both turn out to be one, changed only by news."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from guides.database import rows
from guides.errors import Invalid
from guides.models import Company, Environment, Guide, Person, Progress
from guides.people import identify as people
from guides.people.identify import MAX_ATTRIBUTES, MAX_INTEGER, MAX_LIST, MAX_TEXT, SEEN_EVERY, Known, Who, has_news, identify, merged
from tests.conftest import MakeGuide
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import ClockAt, boot, plan, record, said

NOON = "2026-03-01T12:00:00Z"


@pytest.mark.parametrize(
    ("held", "change", "becomes"),
    [
        (None, "trial", "trial"),
        ("trial", "pro", "pro"),
        ("trial", None, None),
        (None, None, None),
        ("trial", {"set_once": "pro"}, "trial"),
        (None, {"set_once": "pro"}, "pro"),
        (False, {"set_once": True}, False),
        (0, {"set_once": 5}, 0),
        (None, {"add": 2}, 2),
        (1, {"add": 2}, 3),
        (1, {"add": -0.5}, 0.5),
        (None, {"append": "a"}, ["a"]),
        ("a", {"append": "b"}, ["a", "b"]),
        (["a"], {"append": ["b", "a"]}, ["a", "b"]),
        (["a"], {"prepend": ["b", "a"]}, ["b", "a"]),
        (["a", "b"], {"remove": "a"}, ["b"]),
        (["a"], {"remove": ["a", "x"]}, None),
        (None, {"remove": "a"}, None),
        ("x", "m" * MAX_TEXT, "m" * MAX_TEXT),
        ("x", MAX_INTEGER, MAX_INTEGER),
        ("x", -MAX_INTEGER, -MAX_INTEGER),
        ("x", [], []),
        ("x", True, True),
        ("x", "ñ 漢 🎉", "ñ 漢 🎉"),
    ],
)
def test_an_attribute_after_a_change(held: Any, change: Any, becomes: Any) -> None:
    result = merged({} if held is None else {"it": held}, {"it": change}, "person.attributes")
    assert result == ({} if becomes is None else {"it": becomes})


@pytest.mark.parametrize(
    "change",
    [
        {"no_such": 1},
        {"add": 1, "append": 2},
        {},
        {"add": "1"},
        {"add": True},
        {"add": MAX_INTEGER},
        {"append": [["deep"]]},
        {"append": list(range(MAX_LIST + 1))},
        [None],
        [{"deep": 1}],
        float("nan"),
        float("inf"),
        MAX_INTEGER + 1,
        "x" * (MAX_TEXT + 1),
        "a\x00",
        "a\ud800",
        ["\ud800"],
    ],
    ids=repr,
)
def test_what_cannot_be_an_attribute_is_refused_by_name(change: Any) -> None:
    with pytest.raises(Invalid) as refused:
        merged({"it": 1}, {"it": change}, "person.attributes")
    assert refused.value.field == "person.attributes.it"


@pytest.mark.parametrize("name", ["", "x" * 201, "a\x00", "\ud800", "__proto__", "constructor", "prototype"])
def test_some_names_are_no_names_of_attributes(name: str) -> None:
    with pytest.raises(Invalid):
        merged({}, {name: 1}, "person.attributes")


def test_a_person_has_a_bounded_number_of_attributes() -> None:
    full = {f"a{number}": number for number in range(MAX_ATTRIBUTES)}
    assert merged({}, full, "person.attributes") == full
    with pytest.raises(Invalid) as refused:
        merged(full, {"one_more": 1}, "person.attributes")
    assert refused.value.field == "person.attributes"
    assert len(merged(full, {"a0": None, "one_more": 1}, "person.attributes")) == MAX_ATTRIBUTES


async def test_a_refused_attribute_changes_nothing(production: Environment) -> None:
    await identify(production.id, Who("42", attributes={"plan": "trial"}))
    with pytest.raises(Invalid):
        await identify(production.id, Who("42", attributes={"plan": "pro", "bad": {"deep": 1}}, company="7"))
    person = await Person.get(external_id="42")
    assert (person.attributes, person.company_id, await Company.all().count()) == ({"plan": "trial"}, None, 0)


async def test_somebody_without_any_name_is_nobody(production: Environment) -> None:
    with pytest.raises(Invalid):
        await identify(production.id, Who())
    assert await Person.all().count() == 0


def known(clock_at: ClockAt, **more: Any) -> Known:
    held = clock_at(NOON)
    given = {
        "id": None,
        "key": "42",
        "anonymous": "a1",
        "attributes": {"plan": "trial", "n": 1},
        "membership": {},
        "last_seen_at": held.moment,
    }
    return Known(**(given | {"company": "7", "company_attributes": {"size": 5}} | more))


@pytest.mark.parametrize(
    ("who", "is_news"),
    [
        (Who("42"), False),
        (Who("42", "a1"), False),
        (Who("42", "a1", {"plan": "trial"}, "7", {"size": 5}), False),
        (Who("42", attributes={"gone": None}), False),
        (Who("42", attributes={"plan": {"set_once": "pro"}}), False),
        (Who("42", "a2"), True),
        (Who("42", attributes={"plan": "pro"}), True),
        (Who("42", attributes={"plan": None}), True),
        (Who("42", attributes={"n": {"add": 1}}), True),
        (Who("42", attributes={"n": True}), True),
        (Who("42", company="8"), True),
        (Who("42", company="7", company_attributes={"size": 6}), True),
        (Who("42", company="7", membership={"role": "admin"}), True),
        (Who("42", company_attributes={"size": 6}), False),
    ],
)
def test_only_what_changes_something_is_news(clock_at: ClockAt, who: Who, is_news: bool) -> None:
    assert has_news(known(clock_at), who) is is_news


def test_being_there_again_is_news_every_five_minutes(clock_at: ClockAt) -> None:
    person = known(clock_at)
    held = clock_at(NOON)
    held.moment += SEEN_EVERY
    assert not has_news(person, Who("42"))
    held.moment += timedelta(seconds=1)
    assert has_news(person, Who("42"))


@pytest.mark.parametrize(("who", "is_news"), [(Who("43"), True), (Who(None, "a9"), True), (Who(), False)])
def test_whoever_is_new_and_has_a_name_is_news(who: Who, is_news: bool) -> None:
    assert has_news(None, who) is is_news


async def test_an_anonymous_browser_becomes_the_person_who_signs_in(production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    visitor = await identify(production.id, Who(None, "a1", {"source": "ad"}))
    held.move(minutes=1)
    person = await identify(production.id, Who("42", "a1", {"plan": "trial"}))
    assert (person.id, person.external_id, person.anonymous_id) == (visitor.id, "42", "a1")
    assert person.attributes == {"source": "ad", "plan": "trial"}
    assert (await Person.get(id=person.id)).created_at.isoformat() == "2026-03-01T12:00:00+00:00"


async def test_what_a_known_person_did_in_a_new_browser_joins_what_was_there(make_guide: MakeGuide, production: Environment) -> None:
    shared, theirs, visited = [await make_guide(name=name, live_in=production) for name in "abc"]
    await record(production, said("shown", shared, ago=9), said("shown", theirs), person="42")
    await record(production, said("shown", shared), said("completed", shared), said("shown", visited), person=None, anonymous="a1")
    await identify(production.id, Who("42", attributes={"plan": "pro"}))
    await identify(production.id, Who(None, "a1", {"plan": "trial", "source": "ad"}))
    person = await identify(production.id, Who("42", "a1"))
    [stored] = await Person.all()
    assert (stored.id, stored.external_id, stored.anonymous_id, stored.attributes) == (
        person.id,
        "42",
        "a1",
        {"plan": "pro", "source": "ad"},
    )
    progress = {row.guide_id: row for row in await Progress.all()}
    assert {guide: row.status for guide, row in progress.items()} == {shared.id: "completed", theirs.id: "started", visited.id: "started"}
    assert progress[shared.id].times_shown == 2
    assert {row["person_id"] for row in await rows("SELECT DISTINCT person_id FROM event")} in ({person.id}, {str(person.id)})


@pytest.mark.parametrize(
    ("at_home", "in_browser", "together"),
    [
        (["shown"], ["shown", "completed"], ("completed", True)),
        (["shown", "completed"], ["shown"], ("completed", True)),
        (["shown", "dismissed"], ["shown", "completed"], ("completed", True)),
        (["shown", "completed"], ["shown", "dismissed"], ("completed", True)),
        (["shown", "dismissed"], ["shown"], ("dismissed", False)),
        (["shown"], ["shown", "dismissed"], ("dismissed", False)),
        (["shown"], ["shown"], ("started", False)),
    ],
)
async def test_of_two_browsers_the_one_where_somebody_came_further_counts(
    make_guide: MakeGuide, production: Environment, at_home: list[str], in_browser: list[str], together: tuple[str, bool]
) -> None:
    guide = await make_guide(live_in=production)
    await record(production, *(said(name, guide, ago=20 - number) for number, name in enumerate(at_home)))
    await record(production, *(said(name, guide, ago=10 - number) for number, name in enumerate(in_browser)), person=None, anonymous="a1")
    await identify(production.id, Who("42", "a1"))
    [row] = await Progress.all()
    assert (row.status, row.first_completed_at is not None) == together
    assert row.times_shown == 2


async def test_people_who_share_a_machine_stay_two_people(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production)
    ada = await identify(production.id, Who("ada", "a1", {"plan": "pro"}))
    await record(production, said("shown", guide), said("completed", guide), person="ada")
    bob = await identify(production.id, Who("bob", "a1"))
    assert (bob.id != ada.id, bob.attributes) == (True, {})
    assert [row.person_id for row in await Progress.all()] == [ada.id]
    assert len((await boot(production, Who("bob", "a1"))).guides) == 1
    back = await identify(production.id, Who("ada", "a1"))
    assert (back.id, back.attributes) == (ada.id, {"plan": "pro"})
    assert {person.external_id: person.anonymous_id for person in await Person.all()} == {"ada": "a1", "bob": None}


async def test_a_person_with_two_browsers_is_one_person(production: Environment) -> None:
    ids = {(await identify(production.id, Who("42", browser))).id for browser in ("a1", "a2", "a1")}
    assert len(ids) == 1
    assert [person.anonymous_id for person in await Person.all()] == ["a1"]


async def test_an_anonymous_id_that_looks_like_a_persons_is_another_namespace(production: Environment) -> None:
    ada = await identify(production.id, Who("ada"))
    assert (await identify(production.id, Who(None, "ada"))).id != ada.id
    assert (await identify(production.id, Who("anon_1"))).id != (await identify(production.id, Who(None, "anon_1"))).id


async def test_joining_two_full_rows_leaves_a_person_who_can_still_be_changed(production: Environment) -> None:
    half = MAX_ATTRIBUTES - 10
    await identify(production.id, Who("42", attributes={f"k{number}": number for number in range(half)}))
    await identify(production.id, Who(None, "a1", {f"b{number}": number for number in range(half)}))
    person = await identify(production.id, Who("42", "a1", {"k0": 5}))
    assert len(person.attributes) == MAX_ATTRIBUTES
    assert {f"k{number}" for number in range(half)} <= set(person.attributes)


async def test_environments_and_projects_know_different_people(production: Environment, staging: Environment) -> None:
    here, there = await identify(production.id, Who("42", "a1", company="7")), await identify(staging.id, Who("42", "a1", company="7"))
    assert here.id != there.id and here.company_id != there.company_id
    assert await Person.filter(external_id="42", anonymous_id="a1").count() == 2


async def test_many_first_page_views_at_once_make_one_person(production: Environment) -> None:
    seen = [Who("42", "a1", {f"n{number}": number}, "7", {f"c{number}": number}) for number in range(8)]
    made = await asyncio.gather(*(identify(production.id, who) for who in seen))
    assert len({person.id for person in made}) == 1
    [stored] = await Person.all().prefetch_related("company")
    assert stored.attributes == {f"n{number}": number for number in range(8)}
    assert stored.company and stored.company.attributes == {f"c{number}": number for number in range(8)}


async def test_counting_at_once_counts_everything(production: Environment) -> None:
    await identify(production.id, Who("42"))
    await asyncio.gather(*(identify(production.id, Who("42", attributes={"logins": {"add": 1}})) for _ in range(12)))
    assert (await Person.get(external_id="42")).attributes == {"logins": 12}


async def test_signing_in_twice_at_once_joins_the_browser_once(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production)
    await record(production, said("shown", guide), person=None, anonymous="a1")
    await identify(production.id, Who("42"))
    arrivals = [record(production, said("step_shown", guide, "one"), person=None, anonymous="a1") for _ in range(3)]
    await asyncio.gather(*(identify(production.id, Who("42", "a1")) for _ in range(4)), *arrivals)
    await identify(production.id, Who("42", "a1"))
    [person] = await Person.all()
    known_as = {str(row["person_id"]) for row in await rows("SELECT DISTINCT person_id FROM event")}
    assert known_as == {str(person.id)}
    assert await Progress.all().count() == 1


async def test_membership_belongs_to_the_company_it_was_said_of(production: Environment) -> None:
    await identify(production.id, Who("42", company="7", membership={"role": "owner"}))
    await identify(production.id, Who("42", company="7", membership={"since": 2020}))
    assert (await Person.get(external_id="42")).membership == {"role": "owner", "since": 2020}
    await identify(production.id, Who("42", company="8"))
    person = await Person.get(external_id="42").prefetch_related("company")
    assert person.company and (person.company.external_id, person.membership) == ("8", {})
    await identify(production.id, Who("42", attributes={"plan": "pro"}))
    assert (await Person.get(external_id="42")).company_id == person.company_id


async def test_a_company_is_not_written_for_each_of_its_people(production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    await identify(production.id, Who("1", company="7", company_attributes={"size": 5}))
    with queries() as asked:
        await identify(production.id, Who("2", company="7", company_attributes={"size": 5}))
    assert not [sql for sql in asked if sql.startswith('UPDATE "company"')]
    held.move(minutes=6)
    with queries() as asked:
        await identify(production.id, Who("2", company="7"))
    assert len([sql for sql in asked if sql.startswith('UPDATE "company"')]) == 1


async def test_an_audience_is_counted_among_the_people_who_are_here(
    production: Environment, staging: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "COUNTED_AT_ONCE", 2)
    for number, name in enumerate(["trial", "trial", "pro", "pro", "pro"]):
        await identify(production.id, Who(str(number), attributes={"plan": name}, company="7", company_attributes={"plan": "big"}))
    await identify(staging.id, Who("9", attributes={"plan": "trial"}))
    assert await people.count_matching(production, plan("trial")) == (2, 5)
    assert await people.count_matching(production, plan("big", of="company")) == (5, 5)
    assert await people.count_matching(production, {"all": [plan("pro"), {"page": "/deals"}]}) == (3, 5)
    assert await people.count_matching(production, None) == (5, 5)
    monkeypatch.setattr(people, "COUNTED_AT_MOST", 4)
    assert (await people.count_matching(production, plan("trial")))[1] == 4


async def test_attributes_are_offered_by_what_people_have(production: Environment, staging: Environment) -> None:
    await identify(production.id, Who("1", attributes={"plan": "trial", "tags": ["a", "b"]}, company="7", company_attributes={"size": 5}))
    await identify(production.id, Who("2", attributes={"plan": "pro"}))
    await identify(staging.id, Who("3", attributes={"secret": "staging"}))
    assert await people.attribute_names(production) == ["plan", "tags"]
    assert await people.attribute_names(production, "company") == ["size"]
    assert set(await people.attribute_values(production, "plan")) == {"trial", "pro"}
    assert await people.attribute_values(production, "tags") == ["a", "b"]
    assert await people.attribute_values(production, "size", "company") == ["5"]
    assert await people.attribute_values(production, "secret") == []


async def test_whoever_sent_events_before_the_first_page_view_is_the_same_person(guide: Guide, production: Environment) -> None:
    await record(production, said("signed_up"), person="42")
    person = await identify(production.id, Who("42", "a1"))
    assert [row.external_id for row in await Person.all()] == ["42"]
    assert str((await rows("SELECT person_id FROM event"))[0]["person_id"]) == str(person.id)


async def test_attributes_of_one_person_stay_within_bounds_however_often_they_grow(production: Environment) -> None:
    large = {f"list_{number}": ["x" * 990 + str(part) for part in range(30)] for number in range(2)}
    await identify(production.id, Who("1", attributes=large))
    with pytest.raises(Invalid) as refused:
        await identify(production.id, Who("1", attributes={"list_3": large["list_0"]}))
    assert refused.value.field == "person.attributes"
    assert set((await Person.get(external_id="1")).attributes) == set(large)
    await identify(production.id, Who("1", attributes={"list_0": None, "list_3": large["list_0"]}))
    await identify(production.id, Who(anonymous="a1", attributes={"list_4": large["list_0"]}))
    await identify(production.id, Who("1", "a1"))
    assert set((await Person.get(external_id="1")).attributes) == {"list_1", "list_3"}


async def test_names_that_somebody_made_up_do_not_crowd_out_the_real_ones(production: Environment) -> None:
    for number in range(3):
        await identify(production.id, Who(f"real {number}", attributes={"plan": "pro", "role": "admin"}))
        await identify(production.id, Who(f"made up {number}", attributes={f"a{number} {each}": 1 for each in range(150)}))
    names = await people.attribute_names(production)
    assert len(names) == 200 and {"plan", "role"} <= set(names)
