"""The shortcut of delivery: it may name too many rules, never too few."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.rules.evaluate import Facts, Rule, evaluate
from guides.rules.prefilter import Prefilter, without_required_value

CASES = json.loads((Path(__file__).parents[2] / "shared_cases" / "rules.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 3, 1, tzinfo=UTC)
VALUES = st.one_of(
    st.text("aAbBéÉ017.-", max_size=4), st.integers(-20, 20), st.booleans(), st.none(), st.floats(-9, 9).map(lambda n: round(n, 1))
)
HELD = st.dictionaries(st.sampled_from("abc"), st.one_of(VALUES, st.lists(VALUES, max_size=3)), max_size=3)


def asking(op: str, value: Any, of: str = "person", name: str = "a") -> Rule:
    return {"attribute": {"of": of, "name": name, "op": op, "value": value}}


CONDITIONS = st.one_of(
    st.builds(
        asking,
        st.sampled_from(["is", "is_not", "contains", "greater"]),
        VALUES,
        st.sampled_from(["person", "company"]),
        st.sampled_from("abc"),
    ),
    st.builds(asking, st.sampled_from(["in", "not_in"]), st.lists(VALUES, max_size=3), st.just("person"), st.sampled_from("abc")),
)
RULES = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)


@given(st.lists(RULES, max_size=6), HELD, HELD)
def test_no_rule_that_holds_is_ever_left_out(rules: list[Rule], person: dict[str, Any], company: dict[str, Any]) -> None:
    facts = Facts(person=person, company=company, segments=frozenset(), now=NOW)
    holding = {position for position, rule in enumerate(rules) if evaluate(rule, facts) is not False}
    assert holding <= set(Prefilter(rules).candidates(person, company))


@given(st.lists(st.one_of(RULES, st.just({"page": "/x"})), max_size=4).map(lambda parts: {"all": parts}), HELD, HELD)
def test_for_whoever_is_found_the_required_value_need_not_be_evaluated(rule: Rule, person: dict[str, Any], company: dict[str, Any]) -> None:
    facts = Facts(person=person, company=company, segments=frozenset(), now=NOW)
    if Prefilter([rule]).candidates(person, company):
        assert evaluate(without_required_value(rule), facts) == evaluate(rule, facts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_shared_cases_hold_through_the_shortcut(case: dict[str, Any]) -> None:
    facts = case["facts"]
    if case["settles"] is True:
        assert Prefilter([case["rule"]]).candidates(facts.get("person") or {}, facts.get("company") or {}) == [0]


def test_people_with_another_plan_are_not_even_asked() -> None:
    prefilter = Prefilter([asking("is", "pro"), asking("is", "trial"), None, {"all": [{"page": "/x"}, asking("in", ["PRO", "team"])]}])
    assert prefilter.candidates({"a": "pro"}, {}) == [0, 2, 3]
    assert prefilter.candidates({}, {}) == [2]
