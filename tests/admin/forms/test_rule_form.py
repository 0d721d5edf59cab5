"""A rule as an author sees it: what is shown and saved again is the same rule."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.forms import rule_text
from admin.forms.rule_form import from_post, from_rule, to_rule, value_problem
from admin.forms.trigger_form import from_trigger, to_trigger
from guides.fields import parse_rule
from guides.rules.operators import OPERATORS

names = st.text("abcdefg_", min_size=1, max_size=8)
texts = st.text("abc xyz", min_size=1, max_size=8).map(str.strip).filter(bool)
VALUES: dict[str, Any] = {
    "is_set": None,
    "is_not_set": None,
    "in": st.lists(texts, min_size=1, max_size=3),
    "not_in": st.lists(texts, min_size=1, max_size=3),
    **{op: st.integers(0, 999) for op in ("greater", "less", "older_than_days", "newer_than_days")},
    **{op: st.just("2026-11-22T00:00:00Z") for op in ("before", "after")},
}


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    op = draw(st.sampled_from(sorted(OPERATORS)))
    asked = {"of": draw(st.sampled_from(["person", "company"])), "name": draw(names), "op": op}
    values = VALUES.get(op, texts)
    return {"attribute": asked if values is None else {**asked, "value": draw(values)}}


plain = st.one_of(conditions(), st.just({"segment": "some"}))
groups = plain | st.builds(lambda word, inner: {word: inner}, st.sampled_from(["all", "any"]), st.lists(plain, min_size=2, max_size=3))
rules = (
    groups
    | groups.map(lambda rule: {"not": rule})
    | st.builds(
        lambda word, inner: {word: inner},
        st.sampled_from(["all", "any"]),
        st.lists(groups | groups.map(lambda rule: {"not": rule}), min_size=2, max_size=3),
    )
)


def posted(rule: Any) -> list[tuple[str, str]]:
    """What the page would post for a rule."""
    form = from_rule(rule)
    pairs = [("rule.match", form.match)]
    for number, group in enumerate(form.groups):
        at = f"rule.groups.{number}"
        pairs += [(f"{at}.match", group.match), (f"{at}.negated", "true" if group.negated else "false")]
        for place, row in enumerate(group.rows):
            under = f"{at}.rows.{place}"
            said = [("raw", row.json)] if row.raw else [("of", row.of), ("name", row.name), ("op", row.op), ("value", row.text)]
            pairs += [(f"{under}.{what}", text) for what, text in said]
    return pairs


@given(st.none() | rules)
def test_a_rule_of_groups_survives_the_page(rule: Any) -> None:
    assert to_rule(from_post(posted(rule), "rule")) == rule
    parse_rule(rule)
    assert rule_text.audience(rule)


def test_a_rule_of_more_levels_stays_as_it_is() -> None:
    deep = {"any": [{"all": [{"page": "/a"}, {"any": [{"page": "/b"}, {"page": "/c"}]}]}, {"page": "/d"}]}
    assert from_rule(deep).groups == []
    assert to_rule(from_rule(deep)) == deep


@pytest.mark.parametrize(
    "rule", ["x", 3, [], {"all": 3}, {"all": [3]}, {"not": []}, {"attribute": 1}, {"attribute": {"op": "odd"}}, {"a": 1, "b": 2}]
)
def test_a_rule_that_is_none_can_be_shown(rule: Any) -> None:
    assert to_rule(from_rule(rule)) in (rule, {"all": [3]}, 3, None)
    assert rule_text.audience(rule)
    assert isinstance(rule_text.page_patterns(rule), list)


def test_a_line_without_a_name_is_no_rule() -> None:
    assert to_rule(from_post([("rule.groups.0.rows.0.op", "is"), ("rule.groups.0.rows.0.value", "x")], "rule")) is None


def test_a_number_is_asked_for_where_one_is_needed() -> None:
    form = from_post(
        [("rule.groups.0.rows.0.name", "size"), ("rule.groups.0.rows.0.op", "greater"), ("rule.groups.0.rows.0.value", "five")], "rule"
    )
    assert "five" in value_problem(form.groups[0].rows[0])


@pytest.mark.parametrize(
    "trigger",
    [
        None,
        {"page": "/deals"},
        {"any": [{"page": "/a"}, {"page": "/b/*"}]},
        {"all": [{"page": "/a"}, {"delay": 5}, {"scroll": 50}]},
        {"all": [{"element": {"by": "text", "value": "Save", "label": ""}}, {"between": {"from": "2026-01-01T10:00:00Z", "until": None}}]},
        {"not": {"page": "/a"}},
        {"all": [{"page": "/a"}, {"page": "/b"}]},
        {"any": [{"page": "/a"}, {"delay": 3}]},
        "nonsense",
        {"delay": {}},
    ],
)
def test_a_trigger_survives_its_fields(trigger: Any) -> None:
    assert to_trigger(from_trigger(trigger)) == trigger
    assert rule_text.trigger(trigger)
