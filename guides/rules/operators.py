"""The operators of attribute conditions: one table for the check, the evaluation, the form, the sentence and TypeScript.

A new operator is one row here and one line in embed/src/rules/attribute-conditions.ts; tests/shared_cases/rules.json holds both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from guides.coercion import folded, instant, milliseconds, number
from guides.messages import gettext_noop

Test = Callable[[object, object, datetime | None], bool]
"""Whether an attribute's value passes, compared with the condition's value, now."""

T = TypeVar("T")
_MILLISECONDS_PER_DAY = 86_400_000


class ValueType(StrEnum):
    """What an operator compares an attribute with; the check and the form's input follow from it."""

    SCALAR = "scalar"
    TEXT = "text"
    LIST = "list"
    NUMBER = "number"
    DATE = "date"
    DAYS = "days"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator; it has a test of its own, or is the opposite of the operator it names.

    `finds_equal` is true where only a value equal to (one of) the condition's can pass, so that rules can be looked up by value.
    """

    name: str
    label: str
    value_type: ValueType
    test: Test | None = None
    opposite: str = ""
    finds_equal: bool = False

    @property
    def needs_now(self) -> bool:
        """Whether the answer changes with time."""
        return self.value_type is ValueType.DAYS

    def passes(self, value: object, operand: object, now: datetime | None) -> bool:
        """Whether an attribute's value passes; None is a missing attribute."""
        if self.test is None:
            return not OPERATORS[self.opposite].passes(value, operand, now)
        return self.test(value, operand, now)


def _any_member(test: Test) -> Test:
    """Of a list, one member that passes is enough."""

    def test_members(value: object, operand: object, now: datetime | None) -> bool:
        return any(test(member, operand, now) for member in value) if isinstance(value, list) else test(value, operand, now)

    return test_members


def _compare(read: Callable[[object], T | None], passes: Callable[[T, T], bool]) -> Test:
    """A test of two values read alike; what cannot be read does not pass."""

    def test(value: object, operand: object, now: datetime | None) -> bool:
        left, right = read(value), read(operand)
        return left is not None and right is not None and passes(left, right)

    return _any_member(test)


def _compare_age(passes: Callable[[float, float], bool]) -> Test:
    """A test of the milliseconds that have passed since a date."""

    def test(value: object, days: object, now: datetime | None) -> bool:
        since = instant(value)
        return since is not None and now is not None and passes(milliseconds(now) - since, (number(days) or 0) * _MILLISECONDS_PER_DAY)

    return _any_member(test)


def _is_set(value: object, operand: object, now: datetime | None) -> bool:
    return value is not None and value != "" and value != []


def _equals(value: object, operand: object, now: datetime | None) -> bool:
    """Numbers, and text that looks like numbers, by amount; all else as text without regard to case."""
    left, right = number(value), number(operand)
    if left is not None and right is not None:
        return left == right
    text = folded(value)
    return text is not None and text == folded(operand)


def _equals_one(value: object, operand: object, now: datetime | None) -> bool:
    return isinstance(operand, list) and any(_equals(value, each, now) for each in operand)


_ROWS = (
    Operator("is", gettext_noop("is"), ValueType.SCALAR, _any_member(_equals), finds_equal=True),
    Operator("is_not", gettext_noop("is not"), ValueType.SCALAR, opposite="is"),
    Operator("contains", gettext_noop("contains"), ValueType.TEXT, _compare(folded, lambda text, part: part in text)),
    Operator("contains_not", gettext_noop("does not contain"), ValueType.TEXT, opposite="contains"),
    Operator("starts_with", gettext_noop("starts with"), ValueType.TEXT, _compare(folded, str.startswith)),
    Operator("starts_not_with", gettext_noop("does not start with"), ValueType.TEXT, opposite="starts_with"),
    Operator("ends_with", gettext_noop("ends with"), ValueType.TEXT, _compare(folded, str.endswith)),
    Operator("in", gettext_noop("is any of"), ValueType.LIST, _any_member(_equals_one), finds_equal=True),
    Operator("not_in", gettext_noop("is none of"), ValueType.LIST, opposite="in"),
    Operator("is_set", gettext_noop("is known"), ValueType.NONE, _is_set),
    Operator("is_not_set", gettext_noop("is not known"), ValueType.NONE, opposite="is_set"),
    Operator("greater", gettext_noop("is more than"), ValueType.NUMBER, _compare(number, float.__gt__)),
    Operator("less", gettext_noop("is less than"), ValueType.NUMBER, _compare(number, float.__lt__)),
    Operator("before", gettext_noop("is before"), ValueType.DATE, _compare(instant, int.__lt__)),
    Operator("after", gettext_noop("is after"), ValueType.DATE, _compare(instant, int.__gt__)),
    Operator("older_than_days", gettext_noop("is more days ago than"), ValueType.DAYS, _compare_age(lambda age, most: age > most)),
    Operator("newer_than_days", gettext_noop("is fewer days ago than"), ValueType.DAYS, _compare_age(lambda age, most: age < most)),
)
OPERATORS: Mapping[str, Operator] = MappingProxyType({operator.name: operator for operator in _ROWS})
