"""Answers: the latest of each person counts once, whatever order they came in and whoever turns out to be the same person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guides import clock
from guides.database import run
from guides.ids import day_of
from guides.kind import Answers, Distribution, Score
from guides.models import Environment, Guide, Person, Project
from guides.people.identify import Identity, identify
from guides.publishing import drafts
from guides.publishing.publish import publish
from guides.reports import answers
from guides.reports.answers import AnswersResult, DistributionResult, ScoreResult, list_answers
from guides.reports.report import get_report
from tests.conftest import HeldClock
from tests.fixtures.kinds import CHOICES, install_quiz
from tests.fixtures.queries import queries
from tests.fixtures.scenarios import ClockAt, make_event, record

TODAY = date(2026, 3, 4)
SINCE = TODAY - timedelta(days=1)
SCORE = Score("How likely", "answered", "score", (0, 10), nps=True)
FRUIT = Distribution("Which fruit", "answered", "fruit", CHOICES)
WHY = Answers("Why so", "answered", "why")
ITEMS = {"score": SCORE, "fruit": FRUIT, "why": WHY}


@pytest.fixture
def held(clock_at: ClockAt) -> HeldClock:
    """Noon of the last day of the span."""
    return clock_at("2026-03-04T12:00:00Z")


@pytest.fixture
async def quiz(project: Project, production: Environment, held: HeldClock, monkeypatch: pytest.MonkeyPatch) -> Guide:
    """A live guide that asks for a score, for choices and for a text."""
    install_quiz(monkeypatch)
    guide = await drafts.create(project, "quiz", "Fruit", None)
    await publish(guide, production, None)
    return guide


async def answer(where: Environment, guide: Guide, person: str | None, item: str, value: Any, ago: float = 0, **more: Any) -> None:
    """One answer of one person, so many seconds ago."""
    await record(where, make_event("answered", guide, item, ago=ago, props={"value": value}), person=person, **more)


async def results(guide: Guide, environment: Environment) -> list[Any]:
    """What the three metrics count over the span."""
    return list((await get_report(guide, environment, SINCE, TODAY)).answers)


async def test_a_guide_nobody_answered_has_every_row_and_no_figure(quiz: Guide, production: Environment) -> None:
    score, fruit, why = await results(quiz, production)
    assert score == ScoreResult("How likely", (0, 10), 0, None, [(value, 0) for value in range(11)], score.nps)
    assert score.nps and score.nps.points is None
    assert (fruit.count, [(choice.label, choice.people, choice.share) for choice in fruit.choices]) == (
        0,
        [("Apples", 0, 0.0), ("Pears", 0, 0.0)],
    )
    assert why == AnswersResult("Why so", 0, [])


async def test_a_score_is_the_mean_of_the_latest_number_of_each_person(quiz: Guide, production: Environment) -> None:
    for person, value, ago in (("ada", 2, 60), ("ada", 10, 0), ("bob", 9, 0), ("bob", 0, 60), ("cleo", 6, 0), ("dan", 8, 0)):
        await answer(production, quiz, person, "score", value, ago)
    score = (await results(quiz, production))[0]
    assert (score.count, score.mean) == (4, 8.25)
    assert {value: people for value, people in score.values if people} == {6: 1, 8: 1, 9: 1, 10: 1}
    assert (score.nps.promoters, score.nps.passives, score.nps.detractors, score.nps.points) == (2, 1, 1, 25)


@pytest.mark.parametrize("value", ["9", True, None, 11, -1, 7.5, [9], {"value": 9}, 1e300, "x" * 5000])
async def test_what_is_no_number_on_the_scale_is_no_score(quiz: Guide, production: Environment, value: Any) -> None:
    await answer(production, quiz, "ada", "score", value)
    await answer(production, quiz, "bob", "score", 9)
    assert (await results(quiz, production))[0].count == 1


async def test_a_score_without_nps_has_none(quiz: Guide, production: Environment) -> None:
    await answer(production, quiz, "ada", "score", 3)
    span = {"environment": production.id, "guide": quiz.id, "since": SINCE, "until": TODAY}
    [score] = await list_answers([Score("Stars", "answered", "score", (1, 5))], span)
    assert isinstance(score, ScoreResult) and score.nps is None
    assert (score.mean, [value for value, _ in score.values]) == (3, [1, 2, 3, 4, 5])


async def test_a_person_counts_once_for_each_choice_and_shares_are_of_people(quiz: Guide, production: Environment) -> None:
    for person, value in (("ada", ["a", "b", "a"]), ("bob", "a"), ("cleo", ["figs"]), ("dan", []), ("eve", 5)):
        await answer(production, quiz, person, "fruit", value)
    fruit = (await results(quiz, production))[1]
    assert (fruit.count, [(choice.key, choice.label, choice.people) for choice in fruit.choices]) == (
        3,
        [("a", "Apples", 2), ("b", "Pears", 1), ("figs", "figs", 1)],
    )
    assert [round(choice.share, 3) for choice in fruit.choices] == [0.667, 0.333, 0.333]


async def test_only_the_most_frequent_of_the_choices_no_longer_offered_are_listed(
    quiz: Guide, production: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "REMOVED_CHOICES_SHOWN", 1)
    for person, value in (("ada", "figs"), ("bob", "kiwi"), ("cleo", "kiwi"), ("dan", "a")):
        await answer(production, quiz, person, "fruit", value)
    fruit = (await results(quiz, production))[1]
    assert [(choice.key, choice.people) for choice in fruit.choices] == [("a", 1), ("b", 0), ("kiwi", 2)]
    assert fruit.count == 4


async def test_texts_come_newest_first_with_who_wrote_them(quiz: Guide, production: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "TEXTS_SHOWN", 2)
    await identify(production.id, Identity(person="ada", attributes={"name": "Ada"}))
    await answer(production, quiz, "ada", "why", " It’s “ripe”.\n", 5)
    await answer(production, quiz, None, "why", "Cheap", 1, anonymous="x")
    await answer(production, quiz, "bob", "why", "Old", 50)
    for person, value in (("cleo", " \n\t"), ("dan", 7), ("eve", "")):
        await answer(production, quiz, person, "why", value)
    why = (await results(quiz, production))[2]
    assert why.count == 3
    assert [(each.text, each.external_id, each.attributes) for each in why.answers] == [
        ("Cheap", None, {}),
        ("It’s “ripe”.", "ada", {"name": "Ada"}),
    ]
    assert why.answers[0].at == clock.now() - timedelta(seconds=1)


async def test_an_answer_that_is_sent_late_replaces_no_later_one(quiz: Guide, production: Environment) -> None:
    earlier = clock.now() - timedelta(hours=5)
    for item, now, then in (("score", 9, 1), ("fruit", "a", "b"), ("why", "New", "Old")):
        await answer(production, quiz, "ada", item, now, ago=60)
        await record(production, make_event("answered", quiz, item, at=earlier, props={"value": then}), person="ada")
    score, fruit, why = await results(quiz, production)
    assert (score.mean, [choice.people for choice in fruit.choices], [each.text for each in why.answers]) == (9, [1, 0], ["New"])


async def test_another_environment_item_event_or_day_counts_nowhere(quiz: Guide, production: Environment, staging: Environment) -> None:
    await publish(quiz, staging, None)
    await answer(staging, quiz, "ada", "score", 9)
    await answer(production, quiz, "ada", "fruit", 9)
    await answer(production, quiz, "ada", "score", 9, ago=3 * 86_400)
    await record(production, make_event("shown", quiz, "score", props={"value": 9}), person="ada")
    assert (await results(quiz, production))[0].count == 0


async def test_each_metric_asks_the_database_once(quiz: Guide, production: Environment) -> None:
    span = {"environment": production.id, "guide": quiz.id, "since": SINCE, "until": TODAY}
    with queries() as asked:
        await list_answers(list(ITEMS.values()), span)
    assert len(asked) == 3


@dataclass
class Row:
    """One person as the reference knows them."""

    external: str | None
    anonymous: str | None
    answers: list[tuple[datetime, UUID, str, Any]] = field(default_factory=list)


class Reference:
    """The same people and answers, in plain Python."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def find(self, column: str, value: str | None) -> Row | None:
        """The row of that person or browser."""
        return next((row for row in self.rows if value is not None and getattr(row, column) == value), None)

    def row(self, column: str, value: str) -> Row:
        """The row of that person or browser, made where there is none."""
        row = self.find(column, value)
        if row is None:
            row = Row(value, None) if column == "external" else Row(None, value)
            self.rows.append(row)
        return row

    def identify(self, person: str, browser: str) -> None:
        """What the browser answered anonymously is the person's."""
        known, unknown = self.find("external", person), self.find("anonymous", browser)
        if unknown and unknown.external is None and known is None:
            unknown.external = person
            return
        known = known or self.row("external", person)
        if unknown and unknown is not known:
            unknown.anonymous = None
            if unknown.external is None:
                known.answers += unknown.answers
                self.rows.remove(unknown)
        known.anonymous = browser

    def latest(self, item: str) -> list[Any]:
        """The latest value of each person within the span."""
        each = [[one for one in row.answers if one[2] == item and SINCE <= day_of(one[1]) <= TODAY] for row in self.rows]
        return [max(answers, key=lambda one: one[:2])[3] for answers in each if answers]


VALUES = st.one_of(
    st.integers(-1, 11),
    st.sampled_from([9.0, 7.5, True, None, "9", "a", "b", ["a"], ["b", "a"], ["a", "a"], ["gone"], [], [7], {"a": 1}]),
    st.sampled_from(["", " ", "Grün", 'say "no"', "[1]", "x"]),
)
WHO = st.sampled_from([("external", "ada"), ("external", "bob"), ("anonymous", "x"), ("anonymous", "y")])
ANSWER = st.tuples(WHO, st.sampled_from(list(ITEMS)), VALUES, st.integers(0, 60), st.sampled_from([0, 0, 20]), st.sampled_from([1, 1, 2]))
IDENTIFY = st.tuples(st.sampled_from(["ada", "bob"]), st.sampled_from(["x", "y"]))
HISTORY = st.lists(st.one_of(ANSWER, ANSWER, IDENTIFY), max_size=12)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORY)
async def test_every_history_counts_as_a_plain_reading_of_it(history: Sequence[Any], quiz: Guide, production: Environment) -> None:
    await run("DELETE FROM event WHERE environment_id = :environment", environment=production.id)
    await Person.filter(environment=production).delete()
    reference = Reference()
    for step in history:
        if len(step) == 2:
            await identify(production.id, Identity(person=step[0], anonymous=step[1]))
            reference.identify(*step)
        else:
            await _answer_both(reference, production, quiz, *step)
    score, fruit, why = await results(quiz, production)
    _compare_score(score, reference.latest("score"))
    _compare_choices(fruit, reference.latest("fruit"))
    assert Counter(each.text for each in why.answers) == Counter(
        value.strip() for value in reference.latest("why") if isinstance(value, str) and value.strip()
    )
    assert [each.at for each in why.answers] == sorted((each.at for each in why.answers), reverse=True)


async def _answer_both(
    reference: Reference,
    environment: Environment,
    guide: Guide,
    who: tuple[str, str],
    item: str,
    value: Any,
    hours: int,
    late: int,
    times: int,
) -> None:
    """Tells the product, perhaps twice, and the reference of one answer so many hours ago, whose id was made some hours later."""
    column, name = who
    at = clock.now() - timedelta(hours=hours)
    event = make_event("answered", guide, item, ago=max(0, hours - late) * 3600, at=at, props={"value": value})
    for _ in range(times):
        await record(environment, event, **({"person": name} if column == "external" else {"person": None, "anonymous": name}))
    reference.row(column, name).answers.append((at, UUID(event["id"]), item, value))


def _compare_score(score: ScoreResult, latest: Iterable[Any]) -> None:
    valid = [value for value in latest if type(value) in (int, float) and value in range(11)]
    assert score.count == len(valid)
    assert score.mean == (sum(valid) / len(valid) if valid else None)
    assert list(score.values) == [(value, valid.count(value)) for value in range(11)]
    good, bad = [value for value in valid if value >= 9], [value for value in valid if value <= 6]
    assert score.nps and score.nps.points == (100 * (len(good) - len(bad)) / len(valid) if valid else None)


def _compare_choices(fruit: DistributionResult, latest: Iterable[Any]) -> None:
    chosen = [{key for key in (value if isinstance(value, list) else [value]) if isinstance(key, str) and key} for value in latest]
    people = [keys for keys in chosen if keys]
    assert fruit.count == len(people)
    counted = {choice.key: choice.people for choice in fruit.choices}
    assert counted == {key: sum(key in keys for keys in people) for key in {"a", "b"}.union(*people)}
    assert [choice.key for choice in fruit.choices][:2] == ["a", "b"]
    assert all(choice.share == (choice.people / len(people) if people else 0) for choice in fruit.choices)
