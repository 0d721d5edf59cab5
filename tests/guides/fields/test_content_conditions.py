"""Rules inside a body: what the server evaluates of them, and what remains for the browser."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from guides.clock import now
from guides.errors import NotReady
from guides.fields import Rule
from guides.fields.content_conditions import NEVER, evaluate_rules, rule_paths
from guides.kind import Body
from guides.models import Environment, Member, Project
from guides.people.identify import Identity
from guides.publishing import drafts
from guides.publishing import publish as publishing
from guides.registry import kinds
from guides.rules.evaluate import Facts
from tests.conftest import MakeGuide
from tests.fixtures.scenarios import boot, tour


def attribute(name: str, value: Any = "", op: str = "is", of: str = "person") -> dict[str, Any]:
    return {"attribute": {"of": of, "name": name, "op": op, "value": value}}


PAGE: dict[str, Any] = {"page": "/deals/*"}
ELEMENT: dict[str, Any] = {"not": {"element": {"by": "name", "value": "new-deal", "label": ""}}}
FACTS = Facts(person={"plan": "pro", "seats": 5, "since": "2020-01-01"}, company={"size": 40}, segments=frozenset(), now=now())

HOLDS = [
    attribute("plan", "pro"),
    attribute("plan", ["trial", "pro"], "in"),
    attribute("seats", "4", "greater"),
    attribute("since", 30, "older_than_days"),
    attribute("size", 41, "less", "company"),
]
FAILS = [attribute("plan", "trial"), attribute("role", "admin"), attribute("size", "40", "is_not", "company")]


class Task(Body):
    text: str
    done_when: Rule
    conditions: Rule | None = None


class Tasks(Body):
    tasks: list[Task]


def with_conditions(rule: dict[str, Any]) -> dict[str, Any]:
    draft = tour("one", "two")
    draft["steps"][1]["conditions"] = rule
    return draft


def delivered(draft: dict[str, Any]) -> Any:
    body = kinds()["tour"].Body.model_validate(draft)
    return evaluate_rules(body, rule_paths(body), FACTS).model_dump(mode="json")


@pytest.mark.parametrize("rule", HOLDS, ids=lambda rule: rule["attribute"]["op"])
def test_a_rule_that_holds_for_this_person_is_left_out(rule: dict[str, Any]) -> None:
    assert delivered(with_conditions(rule)) == delivered(tour("one", "two"))
    assert delivered(with_conditions({"all": [rule, PAGE]})) == delivered(with_conditions(PAGE))


@pytest.mark.parametrize("rule", FAILS, ids=lambda rule: rule["attribute"]["name"])
def test_of_a_rule_that_fails_only_the_answer_reaches_the_browser(rule: dict[str, Any]) -> None:
    assert delivered(with_conditions({"all": [rule, PAGE]}))["steps"][1]["conditions"] == NEVER


@pytest.mark.parametrize("rule", [PAGE, ELEMENT])
def test_what_only_the_browser_can_answer_stays(rule: dict[str, Any]) -> None:
    assert delivered(with_conditions(rule))["steps"][1]["conditions"] == rule


def test_the_rules_of_a_body_are_found_by_their_type() -> None:
    body = Tasks(tasks=[Task(text="a", done_when=PAGE), Task(text="b", done_when=HOLDS[0], conditions=FAILS[0])])
    paths = rule_paths(body)
    assert paths == (("tasks", 0, "done_when"), ("tasks", 1, "done_when"), ("tasks", 1, "conditions"))
    after = evaluate_rules(body, paths, FACTS)
    assert [task.done_when for task in after.tasks] == [PAGE, {"all": []}] and after.tasks[1].conditions == NEVER
    assert body.tasks[1].conditions == FAILS[0]


def test_a_body_without_rules_has_none() -> None:
    assert rule_paths(kinds()["tour"].Body.model_validate(tour("one"))) == ()


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (attribute("", "x"), ("attribute", "name")),
        (attribute("seats", "many", "greater"), ("attribute", "value")),
        (attribute("plan", [], "in"), ("attribute", "value")),
        ({"all": [PAGE, {"page": ""}]}, ("all", 1, "page")),
        ({"element": {"by": "name", "value": "", "label": ""}}, ("element",)),
        ({"attribute": {"of": "event", "name": "rows", "op": "is", "value": 1}}, ()),
    ],
)
async def test_a_broken_condition_is_not_published(
    project: Project, production: Environment, editor: Member, rule: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    guide = await drafts.create(project, "tour", "Broken", editor, draft=with_conditions(rule))
    with pytest.raises(NotReady) as refused:
        await publishing.publish(guide, production, editor)
    assert [problem.path for problem in refused.value.problems] == [("steps", 1, "conditions", *path)]


async def test_each_person_gets_the_conditions_that_are_left_for_them(make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(draft=with_conditions({"all": [attribute("plan", "pro"), PAGE]}), live_in=production)
    left = []
    for identity in (Identity("42", attributes={"plan": "pro"}), Identity("43", attributes={"plan": "trial"}), Identity()):
        [guide] = (orjson.loads(each) for each in (await boot(production, identity)).guides)
        assert "body_hash" not in guide
        left.append(guide["body"]["steps"][1]["conditions"])
    assert left == [PAGE, NEVER, NEVER]
