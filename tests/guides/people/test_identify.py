"""People of the host page: known by an id or a browser, joined when both turn out to be one, changed only by news."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from guides import kind
from guides.database import rows
from guides.errors import Invalid
from guides.models import Company, Environment, Guide, Person, Progress
from guides.people.attributes import MAX_ATTRIBUTES
from guides.people.identify import LAST_SEEN_INTERVAL, Identity, has_changes, identify
from tests.conftest import MakeGuide
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import ClockAt, boot, make_event, record

NOON = "2026-03-01T12:00:00Z"


async def test_a_refused_attribute_changes_nothing(production: Environment) -> None:
    await identify(production.id, Identity("42", attributes={"plan": "trial"}))
    with pytest.raises(Invalid):
        await identify(production.id, Identity("42", attributes={"plan": "pro", "bad": {"deep": 1}}, company="7"))
    person = await Person.get(external_id="42")
    assert (person.attributes, person.company_id, await Company.all().count()) == ({"plan": "trial"}, None, 0)


async def test_somebody_without_any_name_is_nobody(production: Environment) -> None:
    with pytest.raises(Invalid):
        await identify(production.id, Identity())
    assert await Person.all().count() == 0


def stored_person(clock_at: ClockAt) -> kind.Person:
    return kind.Person(
        id="42",
        attributes={"plan": "trial", "n": 1},
        company={"size": 5},
        company_id="7",
        anonymous_id="a1",
        last_seen_at=clock_at(NOON).moment,
    )


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (Identity("42"), False),
        (Identity("42", "a1"), False),
        (Identity("42", "a1", {"plan": "trial"}, "7", {"size": 5}), False),
        (Identity("42", attributes={"gone": None}), False),
        (Identity("42", attributes={"plan": {"set_once": "pro"}}), False),
        (Identity("42", "a2"), True),
        (Identity("42", attributes={"plan": "pro"}), True),
        (Identity("42", attributes={"plan": None}), True),
        (Identity("42", attributes={"n": {"add": 1}}), True),
        (Identity("42", attributes={"n": True}), True),
        (Identity("42", company="8"), True),
        (Identity("42", company="7", company_attributes={"size": 6}), True),
        (Identity("42", company="7", membership={"role": "admin"}), True),
        (Identity("42", company_attributes={"size": 6}), False),
    ],
)
def test_only_what_changes_something_is_news(clock_at: ClockAt, identity: Identity, expected: bool) -> None:
    assert has_changes(stored_person(clock_at), identity) is expected


def test_being_there_again_is_news_every_five_minutes(clock_at: ClockAt) -> None:
    person = stored_person(clock_at)
    held = clock_at(NOON)
    held.moment += LAST_SEEN_INTERVAL
    assert not has_changes(person, Identity("42"))
    held.moment += timedelta(seconds=1)
    assert has_changes(person, Identity("42"))


@pytest.mark.parametrize(("identity", "expected"), [(Identity("43"), True), (Identity(None, "a9"), True), (Identity(), False)])
def test_whoever_is_new_and_has_a_name_is_news(identity: Identity, expected: bool) -> None:
    assert has_changes(None, identity) is expected


async def test_an_anonymous_browser_becomes_the_person_who_signs_in(production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    visitor = await identify(production.id, Identity(None, "a1", {"source": "ad"}))
    held.move(minutes=1)
    person = await identify(production.id, Identity("42", "a1", {"plan": "trial"}))
    assert (person.id, person.external_id, person.anonymous_id) == (visitor.id, "42", "a1")
    assert person.attributes == {"source": "ad", "plan": "trial"}
    assert (await Person.get(id=person.id)).created_at.isoformat() == "2026-03-01T12:00:00+00:00"


async def test_what_a_known_person_did_in_a_new_browser_joins_what_was_there(make_guide: MakeGuide, production: Environment) -> None:
    shared, theirs, visited = [await make_guide(name=name, live_in=production) for name in "abc"]
    await record(production, make_event("shown", shared, ago=9), make_event("shown", theirs), person="42")
    await record(
        production, make_event("shown", shared), make_event("completed", shared), make_event("shown", visited), person=None, anonymous="a1"
    )
    await identify(production.id, Identity("42", attributes={"plan": "pro"}))
    await identify(production.id, Identity(None, "a1", {"plan": "trial", "source": "ad"}))
    person = await identify(production.id, Identity("42", "a1"))
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
    await record(production, *(make_event(name, guide, ago=20 - number) for number, name in enumerate(at_home)))
    await record(
        production, *(make_event(name, guide, ago=10 - number) for number, name in enumerate(in_browser)), person=None, anonymous="a1"
    )
    await identify(production.id, Identity("42", "a1"))
    [row] = await Progress.all()
    assert (row.status, row.first_completed_at is not None) == together
    assert row.times_shown == 2


async def test_people_who_share_a_machine_stay_two_people(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production)
    ada = await identify(production.id, Identity("ada", "a1", {"plan": "pro"}))
    await record(production, make_event("shown", guide), make_event("completed", guide), person="ada")
    bob = await identify(production.id, Identity("bob", "a1"))
    assert (bob.id != ada.id, bob.attributes) == (True, {})
    assert [row.person_id for row in await Progress.all()] == [ada.id]
    assert len((await boot(production, Identity("bob", "a1"))).guides) == 1
    back = await identify(production.id, Identity("ada", "a1"))
    assert (back.id, back.attributes) == (ada.id, {"plan": "pro"})
    assert {person.external_id: person.anonymous_id for person in await Person.all()} == {"ada": "a1", "bob": None}


async def test_a_person_with_two_browsers_is_one_person(production: Environment) -> None:
    ids = {(await identify(production.id, Identity("42", browser))).id for browser in ("a1", "a2", "a1")}
    assert len(ids) == 1
    assert [person.anonymous_id for person in await Person.all()] == ["a1"]


async def test_an_anonymous_id_that_looks_like_a_persons_is_another_namespace(production: Environment) -> None:
    ada = await identify(production.id, Identity("ada"))
    assert (await identify(production.id, Identity(None, "ada"))).id != ada.id
    assert (await identify(production.id, Identity("anon_1"))).id != (await identify(production.id, Identity(None, "anon_1"))).id


async def test_joining_two_full_rows_leaves_a_person_who_can_still_be_changed(production: Environment) -> None:
    half = MAX_ATTRIBUTES - 10
    await identify(production.id, Identity("42", attributes={f"k{number}": number for number in range(half)}))
    await identify(production.id, Identity(None, "a1", {f"b{number}": number for number in range(half)}))
    person = await identify(production.id, Identity("42", "a1", {"k0": 5}))
    assert len(person.attributes) == MAX_ATTRIBUTES
    assert {f"k{number}" for number in range(half)} <= set(person.attributes)


async def test_environments_and_projects_know_different_people(production: Environment, staging: Environment) -> None:
    here, there = (
        await identify(production.id, Identity("42", "a1", company="7")),
        await identify(staging.id, Identity("42", "a1", company="7")),
    )
    assert here.id != there.id and here.company_id != there.company_id
    assert await Person.filter(external_id="42", anonymous_id="a1").count() == 2


async def test_many_first_page_views_at_once_make_one_person(production: Environment) -> None:
    seen = [Identity("42", "a1", {f"n{number}": number}, "7", {f"c{number}": number}) for number in range(8)]
    made = await asyncio.gather(*(identify(production.id, who) for who in seen))
    assert len({person.id for person in made}) == 1
    [stored] = await Person.all().prefetch_related("company")
    assert stored.attributes == {f"n{number}": number for number in range(8)}
    assert stored.company and stored.company.attributes == {f"c{number}": number for number in range(8)}


async def test_counting_at_once_counts_everything(production: Environment) -> None:
    await identify(production.id, Identity("42"))
    await asyncio.gather(*(identify(production.id, Identity("42", attributes={"logins": {"add": 1}})) for _ in range(12)))
    assert (await Person.get(external_id="42")).attributes == {"logins": 12}


async def test_signing_in_twice_at_once_joins_the_browser_once(make_guide: MakeGuide, production: Environment) -> None:
    guide = await make_guide(live_in=production)
    await record(production, make_event("shown", guide), person=None, anonymous="a1")
    await identify(production.id, Identity("42"))
    arrivals = [record(production, make_event("step_shown", guide, "one"), person=None, anonymous="a1") for _ in range(3)]
    await asyncio.gather(*(identify(production.id, Identity("42", "a1")) for _ in range(4)), *arrivals)
    await identify(production.id, Identity("42", "a1"))
    [person] = await Person.all()
    known_as = {str(row["person_id"]) for row in await rows("SELECT DISTINCT person_id FROM event")}
    assert known_as == {str(person.id)}
    assert await Progress.all().count() == 1


async def test_membership_belongs_to_the_company_it_was_said_of(production: Environment) -> None:
    await identify(production.id, Identity("42", company="7", membership={"role": "owner"}))
    await identify(production.id, Identity("42", company="7", membership={"since": 2020}))
    assert (await Person.get(external_id="42")).membership == {"role": "owner", "since": 2020}
    await identify(production.id, Identity("42", company="8"))
    person = await Person.get(external_id="42").prefetch_related("company")
    assert person.company and (person.company.external_id, person.membership) == ("8", {})
    await identify(production.id, Identity("42", attributes={"plan": "pro"}))
    assert (await Person.get(external_id="42")).company_id == person.company_id


async def test_a_company_is_not_written_for_each_of_its_people(production: Environment, clock_at: ClockAt) -> None:
    held = clock_at(NOON)
    await identify(production.id, Identity("1", company="7", company_attributes={"size": 5}))
    with queries() as asked:
        await identify(production.id, Identity("2", company="7", company_attributes={"size": 5}))
    assert not [sql for sql in asked if sql.startswith('UPDATE "company"')]
    held.move(minutes=6)
    with queries() as asked:
        await identify(production.id, Identity("2", company="7"))
    assert len([sql for sql in asked if sql.startswith('UPDATE "company"')]) == 1


async def test_whoever_sent_events_before_the_first_page_view_is_the_same_person(guide: Guide, production: Environment) -> None:
    await record(production, make_event("signed_up"), person="42")
    person = await identify(production.id, Identity("42", "a1"))
    assert [row.external_id for row in await Person.all()] == ["42"]
    assert str((await rows("SELECT person_id FROM event"))[0]["person_id"]) == str(person.id)


async def test_attributes_of_one_person_stay_within_bounds_however_often_they_grow(production: Environment) -> None:
    large = {f"list_{number}": ["x" * 990 + str(part) for part in range(30)] for number in range(2)}
    await identify(production.id, Identity("1", attributes=large))
    with pytest.raises(Invalid) as refused:
        await identify(production.id, Identity("1", attributes={"list_3": large["list_0"]}))
    assert refused.value.field == "person.attributes"
    assert set((await Person.get(external_id="1")).attributes) == set(large)
    await identify(production.id, Identity("1", attributes={"list_0": None, "list_3": large["list_0"]}))
    await identify(production.id, Identity(anonymous="a1", attributes={"list_4": large["list_0"]}))
    await identify(production.id, Identity("1", "a1"))
    assert set((await Person.get(external_id="1")).attributes) == {"list_1", "list_3"}
