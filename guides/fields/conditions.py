"""Rule: a tree of groups and conditions, checked by types and stored as plain JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from guides.coercion import instant, is_storable, moment, number
from guides.fields.target import Target
from guides.messages import gettext_noop
from guides.rules.evaluate import attributes_in, compares_event_properties_only
from guides.rules.operators import OPERATORS, ValueType

__all__ = ["GROUPS", "EventRule", "Rule", "RuleType", "parse_rule"]

GROUPS = ("all", "any", "not")
MAX_DEPTH, MAX_CONDITIONS, MAX_VALUES, MAX_TEXT = 6, 100, 200, 1000
UNSTORABLE = "holds a character that cannot be stored"


@dataclass(frozen=True, slots=True)
class RuleType:
    """Makes a rule a field: pydantic checks it by the types below and keeps it as JSON.

    A rule compares either properties of an event and nothing else, or anything but those.
    """

    of_event: bool = False

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(_node.core_schema)

    def _check(self, rule: object) -> dict[str, Any]:
        checked = _check(rule)
        if self.of_event and not compares_event_properties_only(checked):
            raise PydanticCustomError("event", "can only compare properties of the event")
        if not self.of_event and any(of == "event" for of, _ in attributes_in(checked)):
            raise PydanticCustomError("event", "cannot compare properties of an event")
        return checked


Rule = Annotated[dict[str, Any], RuleType()]
"""A rule about people and pages, as a field: `conditions: Rule | None`."""
EventRule = Annotated[dict[str, Any], RuleType(of_event=True)]
"""A rule about the properties of an event, as a field."""


def parse_rule(rule: object) -> dict[str, Any] | None:
    """The rule as it is stored, with its dates in UTC; a ValidationError names the field, as in ("all", 0, "attribute", "op")."""
    return None if rule is None else _check(rule)


def _check(rule: object) -> dict[str, Any]:
    _check_size(rule)
    try:
        node = _node.validate_python(rule)
    except ValidationError as error:
        raise _with_field_paths(error) from None
    stored: dict[str, Any] = _node.dump_python(node, mode="json", by_alias=True, exclude_unset=True)
    return stored


def _check_size(rule: object) -> None:
    """Refuse a rule that is too deep or too large before its types are checked."""
    pending: list[tuple[object, int]] = [(rule, 0)]
    conditions = groups = 0
    while pending:
        node, depth = pending.pop()
        members = _members(node)
        groups, conditions = groups + (members is not None), conditions + (members is None)
        if depth > MAX_DEPTH:
            raise PydanticCustomError("rule_depth", "is nested more than {most} groups deep", {"most": MAX_DEPTH})
        if max(groups, conditions) > MAX_CONDITIONS:
            raise PydanticCustomError("rule_size", "has more than {most} conditions", {"most": MAX_CONDITIONS})
        pending.extend((member, depth + 1) for member in members or ())


def _members(node: object) -> list[object] | None:
    """The rules inside a group; None for a condition."""
    if not isinstance(node, dict) or not any(tag in node for tag in GROUPS):
        return None
    return [member for tag in GROUPS if tag in node for member in (node[tag] if isinstance(node[tag], list) else [node[tag]])]


def _with_field_paths(error: ValidationError) -> ValidationError:
    """The same errors at paths of the stored JSON; pydantic repeats each tag before the field of that name."""
    details: list[InitErrorDetails] = []
    for problem in error.errors(include_url=False):
        path, steps = [], list(problem["loc"])
        while steps:
            path.append(steps.pop(0))
            if steps and steps[0] == path[-1]:
                steps.pop(0)
        same = PydanticCustomError(problem["type"], "{message}", {**problem.get("ctx", {}), "message": problem["msg"]})
        details.append(InitErrorDetails(type=same, loc=tuple(path), input=problem["input"]))
    return ValidationError.from_exception_data("Rule", details)


# Values that fit an operator: each check returns what is wrong, or nothing


def _scalar_problem(value: object) -> str:
    if isinstance(value, str):
        return _text_problem(value)
    if isinstance(value, int):
        return "" if abs(value) < 2**53 else "needs a number of at most fifteen digits"
    return "" if isinstance(value, float) and isfinite(value) else "needs a text, a number, true or false"


def _text_problem(value: str) -> str:
    if len(value) > MAX_TEXT:
        return f"is longer than {MAX_TEXT} characters"
    return "" if is_storable(value) else UNSTORABLE


def _part_problem(value: object) -> str:
    return _scalar_problem(value) if value != "" else gettext_noop("needs a text")


def _list_problem(value: object) -> str:
    if not isinstance(value, list) or not value:
        return gettext_noop("needs a list of values")
    if len(value) > MAX_VALUES:
        return f"has more than {MAX_VALUES} values"
    return next((problem for problem in map(_scalar_problem, value) if problem), "")


def _number_problem(value: object) -> str:
    return _scalar_problem(value) if number(value) is not None else gettext_noop("needs a number")


def _days_problem(value: object) -> str:
    days = number(value)
    return "" if days is not None and 0 <= days <= 100_000 else gettext_noop("needs a number of days")


def _date_problem(value: object) -> str:
    return "" if moment(value) else gettext_noop("needs a date such as 2026-11-22 or 2026-11-22T10:00:00Z")


def _no_value_problem(value: object) -> str:
    return "" if value is None else "takes no value"


_VALUE_PROBLEM: dict[ValueType, Callable[[object], str]] = {
    ValueType.SCALAR: _scalar_problem,
    ValueType.TEXT: _part_problem,
    ValueType.LIST: _list_problem,
    ValueType.NUMBER: _number_problem,
    ValueType.DATE: _date_problem,
    ValueType.DAYS: _days_problem,
    ValueType.NONE: _no_value_problem,
}


def _check_storable(text: str) -> str:
    if not is_storable(text):
        raise PydanticCustomError("text", UNSTORABLE)
    return text


def _check_pattern(text: str) -> str:
    if not text.startswith(("/", "http://", "https://", "*")):
        raise PydanticCustomError("page", gettext_noop("must start with / for a path or https:// for a whole address"))
    return text


def _to_utc(text: str) -> str:
    """A date and time in UTC, which means the same in every browser's time zone."""
    time = moment(text)
    try:
        return time.astimezone(UTC).isoformat().replace("+00:00", "Z") if time else _refuse_date()
    except OverflowError:
        return _refuse_date()


def _refuse_date() -> str:
    raise PydanticCustomError("date", _date_problem(None))


# The nodes

_Scalar = str | bool | int | float
_Value = _Scalar | list[_Scalar] | None
_Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT), AfterValidator(_check_storable)]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_check_storable)]
_Instant = Annotated[str, StringConstraints(max_length=40), AfterValidator(_to_utc)]
_Amount = Annotated[float, PlainSerializer(lambda amount: int(amount) if amount.is_integer() else amount)]
if TYPE_CHECKING:
    _OperatorName = str
else:
    _OperatorName = Literal[tuple(OPERATORS)]


class _Node(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class AllOf(_Node):
    """All of the rules hold."""

    all: list[AnyNode]


class AnyOf(_Node):
    """At least one rule holds."""

    any: list[AnyNode]


class NotOf(_Node):
    """The rule does not hold."""

    negated: AnyNode = Field(alias="not")


class Comparison(_Node):
    """An attribute, or a property of an event, and the operator and value it is compared with."""

    of: Literal["person", "company", "event"]
    name: _Name
    op: _OperatorName
    value: _Value = Field(default=None, validate_default=True)

    @field_validator("value", mode="plain", json_schema_input_type=_Value)
    @classmethod
    def _check_value(cls, value: object, info: ValidationInfo) -> object:
        operator = OPERATORS.get(info.data.get("op", ""))
        if operator and (problem := _VALUE_PROBLEM[operator.value_type](value)):
            raise PydanticCustomError("value", "{problem}", {"problem": problem})
        return value


class AttributeCondition(_Node):
    """An attribute of the person, the company or an event compares like this."""

    attribute: Comparison


class PageCondition(_Node):
    """The page's address matches a pattern."""

    page: Annotated[_Text, AfterValidator(_check_pattern)]


class ElementCondition(_Node):
    """The element is on the page and visible."""

    element: Target

    @field_validator("element")
    @classmethod
    def _require_value(cls, target: Target) -> Target:
        if not target.value:
            raise PydanticCustomError("element", gettext_noop("say which element"))
        return target


class DelayCondition(_Node):
    """So many seconds have passed since this page was reached."""

    delay: Annotated[_Amount, Field(ge=0, le=86_400)]


class ScrollCondition(_Node):
    """So many percent of the page have been scrolled."""

    scroll: Annotated[_Amount, Field(ge=0, le=100)]


class TimeSpan(_Node):
    """From a time on, until just before another; None is open."""

    start: _Instant | None = Field(default=None, alias="from")
    until: _Instant | None = None

    @field_validator("until")
    @classmethod
    def _check_order(cls, until: str | None, info: ValidationInfo) -> str | None:
        start = info.data.get("start")
        if until and start and (instant(until) or 0) <= (instant(start) or 0):
            raise PydanticCustomError("until", gettext_noop("ends before it starts"))
        return until


class TimeCondition(_Node):
    """Now is within a span of time."""

    between: TimeSpan


class SegmentCondition(_Node):
    """The person is in a segment."""

    segment: _Name


def _tag(node: object) -> str | None:
    """The one key of a node, raw or parsed."""
    if isinstance(node, _Node):
        return next(field.alias or name for name, field in type(node).model_fields.items())
    tags = list(node) if isinstance(node, dict) else []
    return tags[0] if len(tags) == 1 and isinstance(tags[0], str) else None


AnyNode = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NotOf, Tag("not")]
    | Annotated[AttributeCondition, Tag("attribute")]
    | Annotated[PageCondition, Tag("page")]
    | Annotated[ElementCondition, Tag("element")]
    | Annotated[DelayCondition, Tag("delay")]
    | Annotated[ScrollCondition, Tag("scroll")]
    | Annotated[TimeCondition, Tag("between")]
    | Annotated[SegmentCondition, Tag("segment")],
    Discriminator(
        _tag,
        custom_error_type="rule",
        custom_error_message="needs one key: all, any, not, attribute, page, element, delay, scroll, between or segment",
    ),
]
_node: TypeAdapter[Any] = TypeAdapter(AnyNode)
