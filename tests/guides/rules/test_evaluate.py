"""Rules: one table of cases holds for the server and for the browser (tests/embed/evaluate.test.ts)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from guides.fields import Rule, parse_rule
from guides.rules.evaluate import Facts, attributes_in, evaluate, segments_in
from guides.rules.page_patterns import matches_page

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "shared_cases" / "rules.json").read_text("utf-8"))
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


class Guide(BaseModel):
    audience: Rule | None = None


def facts(given: Mapping[str, Any]) -> Facts:
    known = dict(given)
    present = known.pop("element", None)
    now = known.pop("now", None)
    segments = known.pop("segments", None)
    return Facts(
        **known,
        now=None if now is None else datetime.fromisoformat(now),
        segments=None if segments is None else set(segments),
        element=None if present is None else lambda target: target["value"] in present,
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_rule_settles_as_the_table_says(case: dict[str, Any]) -> None:
    rule = parse_rule(case["rule"])
    assert rule == case["rule"]
    answer = evaluate(rule, facts(case["facts"]))
    assert answer == case["settles"] and isinstance(answer, bool) == isinstance(case["settles"], bool)


def test_the_table_is_large_and_its_names_are_told_apart() -> None:
    assert len(CASES) >= 170
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_an_unknown_condition_is_left_to_whoever_knows_it() -> None:
    assert evaluate({"weather": "rain"}, Facts(person={})) == {"weather": "rain"}


def test_an_element_that_cannot_be_told_is_unknown() -> None:
    rule = {"element": {"by": "css", "value": "b"}}
    assert evaluate(rule, Facts(element=lambda target: None)) == rule


REFUSED: list[tuple[object, tuple[str | int, ...]]] = [
    ({"weather": 1}, ()),
    ({}, ()),
    ([], ()),
    ("always", ()),
    ({"page": "/a", "delay": 5}, ()),
    ({"all": [{"page": "/a"}, {"any": [{"weather": 1}]}]}, ("all", 1, "any", 0)),
    ({"all": {"page": "/a"}}, ("all",)),
    ({"all": [None]}, ("all", 0)),
    ({"not": {"not": {"page": "deals"}}}, ("not", "not", "page")),
    ({"page": ""}, ("page",)),
    ({"page": "/" + "a" * 1000}, ("page",)),
    ({"page": "/a\x00"}, ("page",)),
    ({"page": "javascript:alert(1)"}, ("page",)),
    ({"element": {"by": "xpath", "value": "//b"}}, ("element", "by")),
    ({"element": {"by": "css", "value": "b", "nth": 2}}, ("element", "nth")),
    ({"element": {"by": "css", "value": ""}}, ("element",)),
    ({"element": "b"}, ("element",)),
    ({"delay": -1}, ("delay",)),
    ({"delay": "soon"}, ("delay",)),
    ({"delay": float("nan")}, ("delay",)),
    ({"scroll": 101}, ("scroll",)),
    ({"between": {"from": "soon", "until": None}}, ("between", "from")),
    ({"between": {"from": "2026-11-22", "until": "2026-11-21"}}, ("between", "until")),
    ({"between": {"since": "2026-11-22"}}, ("between", "since")),
    ({"between": {"from": "0001-01-01T00:00:00+23:59"}}, ("between", "from")),
    ({"segment": ""}, ("segment",)),
    ({"segment": 5}, ("segment",)),
    ({"attribute": {"of": "person", "name": "plan", "op": "is", "value": "a", "note": 1}}, ("attribute", "note")),
    ({"attribute": {"of": "pet", "name": "plan", "op": "is", "value": "a"}}, ("attribute", "of")),
    ({"attribute": {"of": "person", "name": "", "op": "is", "value": "a"}}, ("attribute", "name")),
    ({"attribute": {"of": "person", "name": "plan", "op": "sounds_like", "value": "a"}}, ("attribute", "op")),
    ({"attribute": {"of": "person", "name": "plan", "op": "is"}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "is", "value": ["a"]}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "is", "value": {"a": 1}}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "is", "value": "a" * 1001}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "is", "value": "\ud800"}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "is", "value": float("inf")}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "is", "value": 10**400}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "is_set", "value": "a"}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "contains", "value": ""}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "in", "value": "a"}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "in", "value": []}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "in", "value": ["a"] * 201}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "not_in", "value": [["a"]]}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "greater", "value": "many"}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "after", "value": "2026-02-30"}}, ("attribute", "value")),
    ({"attribute": {"of": "person", "name": "plan", "op": "older_than_days", "value": -1}}, ("attribute", "value")),
]


@pytest.mark.parametrize(("rule", "path"), REFUSED, ids=str)
def test_a_rule_that_cannot_be_is_refused_at_the_field(rule: object, path: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        Guide.model_validate({"audience": rule})
    assert {problem["loc"] for problem in refused.value.errors()} == {("audience", *path)}


def nested(groups: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"delay": 1}
    for _ in range(groups):
        rule = {"not": rule}
    return rule


@pytest.mark.parametrize("rule", [nested(7), nested(500), {"all": [{"delay": 1}] * 101}, {"all": [{"all": []}] * 101}])
def test_a_rule_too_deep_or_too_large_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"nested more than 6|more than 100"):
        Guide.model_validate({"audience": rule})


@pytest.mark.parametrize("rule", [nested(6), {"all": [{"delay": 1}] * 100}])
def test_a_rule_at_the_limits_is_taken(rule: dict[str, Any]) -> None:
    assert parse_rule(rule) == rule


def test_a_guide_keeps_its_rule_as_plain_json() -> None:
    rule = {"all": [{"page": "/deals"}, {"element": {"by": "css", "value": "b"}}]}
    guide = Guide.model_validate({"audience": rule})
    assert guide.audience == rule == guide.model_dump(mode="json")["audience"]
    assert Guide().audience is None
    assert "PageCondition" in Guide.model_json_schema(mode="serialization")["$defs"]


def test_times_are_kept_in_utc_and_amounts_as_numbers() -> None:
    assert parse_rule({"between": {"from": "2026-11-22", "until": "2026-11-22T12:00+02:00"}}) == {
        "between": {"from": "2026-11-22T00:00:00Z", "until": "2026-11-22T10:00:00Z"}
    }
    assert parse_rule({"delay": "5"}) == {"delay": 5}


def test_a_rule_names_the_attributes_and_segments_it_asks_about() -> None:
    asked = {"attribute": {"of": "company", "name": "plan", "op": "is_set"}}
    rule = {"all": [asked, {"not": {"any": [{"segment": "s1"}, {"page": "/"}]}}, {"segment": "s2"}]}
    assert attributes_in(rule) == {("company", "plan")}
    assert segments_in(rule) == {"s1", "s2"}
    assert not attributes_in(None) and not segments_in(None)


def test_no_pattern_takes_long() -> None:
    letters = "a" * 2_000
    started = perf_counter()
    assert not matches_page("/" + "*a" * 200 + "*c", f"https://x.example/{letters}b")
    assert not matches_page("/*" + "a" * 998 + "b", f"https://x.example/{letters}")
    assert matches_page("/" + "*" * 999, f"https://x.example/{letters}")
    assert not matches_page("/" + "*?#/:" * 200, "https://x.example/" + "/?#:" * 500)
    assert perf_counter() - started < 0.05


def test_an_address_that_cannot_be_written_is_compared_as_it_is() -> None:
    assert matches_page("/*", "https://x.example/\ud800")


# Properties

scalars = st.one_of(
    st.text(max_size=8),
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.sampled_from(["2026-11-22", "2026-11-22T10:00:00Z", "5", "-1.5", "İ", "007"]),
)
names = st.sampled_from(["a", "b"])
values = st.one_of(st.none(), scalars, st.lists(st.one_of(st.none(), scalars), max_size=3), st.dictionaries(names, scalars, max_size=2))
days = st.sampled_from(["2026-11-22", "2026-11-22T10:00:00Z", "2020-02-29T23:59:59.9+14:00"])
numbers = st.one_of(st.integers(-9, 9), st.floats(-9, 9), st.sampled_from(["5", "-1.5"]))
plain_values = st.one_of(st.text("aA5İ", min_size=1, max_size=3), numbers, st.booleans(), days)
asking = {
    ("is", "is_not", "contains", "contains_not", "starts_with", "starts_not_with", "ends_with"): plain_values,
    ("in", "not_in"): st.lists(plain_values, min_size=1, max_size=3),
    ("is_set", "is_not_set"): st.none(),
    ("greater", "less"): numbers,
    ("before", "after"): days,
    ("older_than_days", "newer_than_days"): st.integers(0, 9),
}
questions = st.one_of(
    [
        st.fixed_dictionaries({"of": st.sampled_from(["person", "company"]), "name": names, "op": st.sampled_from(ops), "value": value})
        for ops, value in asking.items()
    ]
)
dates = st.sampled_from(["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", None])
conditions = st.one_of(
    st.fixed_dictionaries({"attribute": questions}),
    st.fixed_dictionaries({"page": st.text("/*?#a.", max_size=9).map(lambda path: "/" + path)}),
    st.fixed_dictionaries({"element": st.fixed_dictionaries({"by": st.just("css"), "value": names})}),
    st.fixed_dictionaries({"delay": st.integers(0, 9)}),
    st.fixed_dictionaries({"scroll": st.integers(0, 100)}),
    st.fixed_dictionaries({"between": st.fixed_dictionaries({"from": dates, "until": st.just("2028-01-01T00:00:00Z")})}),
    st.fixed_dictionaries({"segment": names}),
)


def groups_deep(tree: dict[str, Any]) -> int:
    inner = [*tree.get("all", ()), *tree.get("any", ()), *([tree["not"]] if "not" in tree else [])]
    return max(map(groups_deep, inner), default=0) + ({"all", "any", "not"} & tree.keys() != set())


trees = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=8,
).filter(lambda tree: groups_deep(tree) <= 6)
attributes = st.dictionaries(names, values, max_size=2)
complete = st.builds(
    Facts,
    person=attributes,
    company=attributes,
    segments=st.sets(names),
    page=st.text("/?#a.", max_size=9).map(lambda path: "https://x.example/" + path),
    now=st.just(NOW),
    seconds=st.floats(0, 10),
    scroll=st.floats(0, 100),
    element=st.sets(names).map(lambda present: lambda target: target["value"] in present),
)
NAMES = ("person", "company", "segments", "page", "now", "seconds", "scroll", "element")


@given(trees, complete)
def test_what_is_all_known_is_settled(tree: object, everything: Facts) -> None:
    assert isinstance(evaluate(parse_rule(tree), everything), bool)


@given(trees, complete, st.sets(st.sampled_from(NAMES)))
def test_settling_in_two_parts_is_settling_at_once(tree: object, everything: Facts, later: set[str]) -> None:
    rule = parse_rule(tree)
    left = evaluate(rule, replace(everything, **dict.fromkeys(later)))
    finished = left if isinstance(left, bool) else evaluate(left, everything)
    assert finished == evaluate(rule, everything)


@given(trees, complete, st.sets(st.sampled_from(NAMES)))
def test_what_is_left_is_a_rule_that_is_no_smaller_for_the_same_facts(tree: object, everything: Facts, later: set[str]) -> None:
    some = replace(everything, **dict.fromkeys(later))
    left = evaluate(parse_rule(tree), some)
    if not isinstance(left, bool):
        assert parse_rule(left) == left == evaluate(left, some)


@given(st.text("*/ab", max_size=8), st.text("/ab", max_size=12))
def test_a_pattern_fits_what_its_stars_can_stand_for(pattern: str, path: str) -> None:
    wanted, seen = "/" + pattern, "/" + path
    wanted, seen = (text if text == "/" else text.removesuffix("/") for text in (wanted, seen))
    assert matches_page("/" + pattern, "https://x.example/" + path) == stands_for(wanted, seen)


def stands_for(pattern: str, text: str) -> bool:
    """The same by every way the stars may be filled: slow, but hard to get wrong."""
    fits = {0}
    for letter in pattern:
        if letter == "*":
            fits = set(range(min(fits, default=len(text) + 1), len(text) + 1))
        else:
            fits = {at + 1 for at in fits if text[at : at + 1] == letter}
    return len(text) in fits


@given(st.text())
def test_any_text_is_a_page_or_not_and_never_an_error(text: str) -> None:
    assert matches_page("*", text)
    matches_page(text, text)
