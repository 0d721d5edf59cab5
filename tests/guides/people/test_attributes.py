"""Attributes: what a change makes of them, and what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from guides.errors import Invalid
from guides.people.attributes import MAX_ATTRIBUTES, MAX_INTEGER, MAX_LIST, MAX_TEXT, apply_changes


@pytest.mark.parametrize(
    ("stored", "change", "expected"),
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
def test_an_attribute_after_a_change(stored: Any, change: Any, expected: Any) -> None:
    attributes = {} if stored is None else {"it": stored}
    changed = apply_changes(attributes, {"it": change}, "person.attributes")
    assert (attributes if changed is None else changed) == ({} if expected is None else {"it": expected})


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
        apply_changes({"it": 1}, {"it": change}, "person.attributes")
    assert refused.value.field == "person.attributes.it"


@pytest.mark.parametrize("name", ["", "x" * 201, "a\x00", "\ud800", "__proto__", "constructor", "prototype"])
def test_some_names_are_no_names_of_attributes(name: str) -> None:
    with pytest.raises(Invalid):
        apply_changes({}, {name: 1}, "person.attributes")


def test_a_person_has_a_bounded_number_of_attributes() -> None:
    full = {f"a{number}": number for number in range(MAX_ATTRIBUTES)}
    assert apply_changes({}, full, "person.attributes") == full
    with pytest.raises(Invalid) as refused:
        apply_changes(full, {"one_more": 1}, "person.attributes")
    assert refused.value.field == "person.attributes"
    replaced = apply_changes(full, {"a0": None, "one_more": 1}, "person.attributes")
    assert replaced is not None and len(replaced) == MAX_ATTRIBUTES


@pytest.mark.parametrize("change", [{}, {"plan": "trial"}, {"plan": {"set_once": "pro"}}, {"gone": None}], ids=repr)
def test_a_change_to_what_is_stored_already_is_none(change: dict[str, Any]) -> None:
    assert apply_changes({"plan": "trial"}, change, "person.attributes") is None


def test_true_is_another_value_than_one() -> None:
    assert apply_changes({"it": 1}, {"it": True}, "person.attributes") == {"it": True}
