"""Parts of a body that are only for some: what the server answers of that, and what it leaves to the browser."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from guides.clock import now
from guides.errors import NotReady
from guides.fields.content_conditions import condition_problems, is_conditional, settled
from guides.models import Environment, Member, Project
from guides.people.identify import Identity
from guides.publishing import drafts
from guides.publishing.publish import publish
from guides.rules.evaluate import Facts
from tests.conftest import MakeGuide
from tests.fixtures.scenarios import boot, tour


def attribute(name: str, value: str = "", op: str = "is", of: str = "person") -> dict[str, Any]:
    return {"by": "attribute", "of": of, "name": name, "op": op, "value": value}


PAGE = {"by": "page", "op": "is", "page": "/deals/*"}
ELEMENT = {"by": "element", "op": "is_not", "element": {"by": "name", "value": "new-deal", "label": ""}}
FACTS = Facts(person={"plan": "pro", "seats": 5, "since": "2020-01-01"}, company={"size": 40}, segments=frozenset(), now=now())

HOLDS = [
    attribute("plan", "pro"),
    attribute("plan", "trial", "is_not"),
    attribute("plan", "trial, pro", "in"),
    attribute("plan", "trial", "not_in"),
    attribute("plan", "p", "starts_with"),
    attribute("plan", "", "is_set"),
    attribute("role", "", "is_not_set"),
    attribute("seats", "4", "greater"),
    attribute("seats", "5"),
    attribute("since", "30", "older_than_days"),
    attribute("size", "41", "less", "company"),
]
FAILS = [
    attribute("plan", "trial"),
    attribute("role", "admin"),
    attribute("size", "40", "is_not", "company"),
    attribute("seats", "", "is_not_set"),
]


def with_only(*asked: dict[str, Any]) -> dict[str, Any]:
    draft = tour("one", "two")
    draft["steps"][1]["only"] = list(asked)
    return draft


@pytest.mark.parametrize("asked", HOLDS, ids=lambda each: f"{each['name']} {each['op']}")
def test_what_holds_for_this_person_is_taken_out(asked: dict[str, Any]) -> None:
    assert settled(with_only(asked), FACTS) == tour("one", "two")
    assert settled(with_only(asked, PAGE), FACTS) == with_only(PAGE)


@pytest.mark.parametrize("asked", [*FAILS, PAGE, ELEMENT], ids=lambda each: f"{each['by']} {each.get('name')}")
def test_what_does_not_hold_or_is_not_known_here_stays(asked: dict[str, Any]) -> None:
    assert settled(with_only(asked), FACTS) == with_only(asked)


def test_a_body_without_conditions_is_none_that_asks() -> None:
    assert not is_conditional(tour("one")) and not is_conditional(with_only())
    assert is_conditional(with_only(PAGE))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (attribute("", "x"), "name"),
        (attribute("seats", "many", "greater"), "value"),
        (attribute("since", "yesterday", "after"), "value"),
        (attribute("plan", "", "in"), "value"),
        ({"by": "page", "op": "is", "page": ""}, "page"),
        ({**ELEMENT, "element": {"by": "name", "value": "", "label": ""}}, "element"),
    ],
)
def test_what_no_rule_may_ask_is_named_at_its_field(asked: dict[str, Any], field: str) -> None:
    [problem] = condition_problems(with_only(PAGE, asked))
    assert problem.path == ("steps", 1, "only", 1, field) and problem.message


@pytest.mark.parametrize("asked", [*HOLDS, PAGE, ELEMENT], ids=lambda each: f"{each['by']} {each['op']}")
def test_what_a_rule_may_ask_is_no_problem(asked: dict[str, Any]) -> None:
    assert list(condition_problems(with_only(asked))) == []


async def test_a_broken_condition_is_not_published(project: Project, production: Environment, editor: Member) -> None:
    guide = await drafts.create(project, "tour", "Broken", editor, draft=with_only(attribute("")))
    with pytest.raises(NotReady) as refused:
        await publish(guide, production, editor)
    assert [problem.path for problem in refused.value.problems] == [("steps", 1, "only", 0, "name")]


async def test_each_person_gets_the_conditions_that_are_left_for_them(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(draft=with_only(attribute("plan", "pro"), PAGE), live_in=production)
    left = []
    for who in (Identity("42", attributes={"plan": "pro"}), Identity("43", attributes={"plan": "trial"}), Identity()):
        [one] = (orjson.loads(each) for each in (await boot(production, who)).guides)
        assert "body_hash" not in one
        left.append([asked["by"] for asked in one["body"]["steps"][1]["only"]])
    assert left == [["page"], ["attribute", "page"], ["attribute", "page"]]


def test_a_condition_that_names_nothing_says_so_in_plain_words() -> None:
    nameless = {"by": "attribute", "of": "person", "name": "", "op": "is", "value": "x"}
    elsewhere = {"by": "element", "op": "is", "element": {"by": "name", "value": "", "label": ""}}
    assert [problem.message for problem in condition_problems(with_only(nameless, elsewhere))] == ["this is needed", "say which element"]
