"""What a rule may hold, as types: a tree of groups and conditions, checked once and then kept as plain JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from math import isfinite
from typing import Annotated, Any, Literal

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
from guides.fields import Target
from guides.messages import gettext_noop

__all__ = ["GROUPS", "Rule", "parse_rule"]

GROUPS = ("all", "any", "not")
MAX_DEPTH, MAX_CONDITIONS, MAX_VALUES, MAX_TEXT = 6, 100, 200, 1000
BROKEN = "holds a character that cannot be stored"


class _AsRule:
    """Lets pydantic take a rule as a field: checked by the types below, kept as JSON."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_checked)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(_tree.core_schema)


Rule = Annotated[dict[str, Any], _AsRule()]


def parse_rule(rule: object) -> Rule | None:
    """The rule as it is kept, its dates in UTC; a ValidationError names the field, as in ("all", 0, "attribute", "op")."""
    return None if rule is None else _checked(rule)


def _checked(rule: object) -> dict[str, Any]:
    _measure(rule)
    try:
        tree = _tree.validate_python(rule)
    except ValidationError as error:
        raise _by_field(error) from None
    kept: dict[str, Any] = _tree.dump_python(tree, mode="json", by_alias=True, exclude_unset=True)
    return kept


def _measure(rule: object) -> None:
    """Refuse what is too deep or too large before it is walked."""
    todo: list[tuple[object, int]] = [(rule, 0)]
    conditions = groups = 0
    while todo:
        node, depth = todo.pop()
        inner = _inner(node)
        groups, conditions = groups + (inner is not None), conditions + (inner is None)
        if depth > MAX_DEPTH:
            raise PydanticCustomError("rule_depth", "is nested more than {most} groups deep", {"most": MAX_DEPTH})
        if max(groups, conditions) > MAX_CONDITIONS:
            raise PydanticCustomError("rule_size", "has more than {most} conditions", {"most": MAX_CONDITIONS})
        todo.extend((each, depth + 1) for each in inner or ())


def _inner(node: object) -> list[object] | None:
    """The rules inside a group; None for anything else."""
    if not isinstance(node, dict) or not any(tag in node for tag in GROUPS):
        return None
    return [each for tag in GROUPS if tag in node for each in (node[tag] if isinstance(node[tag], list) else [node[tag]])]


def _by_field(error: ValidationError) -> ValidationError:
    """The same problems at the fields the author knows: each type's tag repeats the field below it."""
    details: list[InitErrorDetails] = []
    for problem in error.errors(include_url=False):
        path, steps = [], list(problem["loc"])
        while steps:
            path.append(steps.pop(0))
            if steps and steps[0] == path[-1]:
                steps.pop(0)
        kind = PydanticCustomError(problem["type"], "{message}", {**problem.get("ctx", {}), "message": problem["msg"]})
        details.append(InitErrorDetails(type=kind, loc=tuple(path), input=problem["input"]))
    return ValidationError.from_exception_data("Rule", details)


# Values that fit an operator


def _scalar_problem(value: object) -> str:
    if isinstance(value, str):
        return _text_problem(value)
    if isinstance(value, int):
        return "" if abs(value) < 2**53 else "needs a number of at most fifteen digits"
    return "" if isinstance(value, float) and isfinite(value) else "needs a text, a number, true or false"


def _text_problem(value: str) -> str:
    if len(value) > MAX_TEXT:
        return f"is longer than {MAX_TEXT} characters"
    return "" if is_storable(value) else BROKEN


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


_PROBLEMS: dict[str, Callable[[object], str]] = {
    "is": _scalar_problem,
    "is_not": _scalar_problem,
    "contains": _part_problem,
    "contains_not": _part_problem,
    "starts_with": _part_problem,
    "is_set": _no_value_problem,
    "is_not_set": _no_value_problem,
    "greater": _number_problem,
    "less": _number_problem,
    "in": _list_problem,
    "not_in": _list_problem,
    "before": _date_problem,
    "after": _date_problem,
    "older_than_days": _days_problem,
    "newer_than_days": _days_problem,
}


def _storable(text: str) -> str:
    if not is_storable(text):
        raise PydanticCustomError("text", BROKEN)
    return text


def _pattern(text: str) -> str:
    if not text.startswith(("/", "http://", "https://", "*")):
        raise PydanticCustomError("page", gettext_noop("must start with / for a path or https:// for a whole address"))
    return text


def _utc(text: str) -> str:
    """A moment with its zone, which the browser reads without knowing where it is."""
    named = moment(text)
    try:
        return named.astimezone(UTC).isoformat().replace("+00:00", "Z") if named else _no_date()
    except OverflowError:
        return _no_date()


def _no_date() -> str:
    raise PydanticCustomError("date", _date_problem(None))


# The tree

_Scalar = str | bool | int | float
_Value = _Scalar | list[_Scalar] | None
_Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT), AfterValidator(_storable)]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_storable)]
_Instant = Annotated[str, StringConstraints(max_length=40), AfterValidator(_utc)]
_Amount = Annotated[float, PlainSerializer(lambda amount: int(amount) if amount.is_integer() else amount)]
_Op = Literal[
    "is", "is_not", "contains", "contains_not", "starts_with", "is_set", "is_not_set", "greater", "less", "in", "not_in",
    "before", "after", "older_than_days", "newer_than_days",
]  # fmt: skip


class _Node(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class AllOf(_Node):
    """Every rule holds."""

    all: list[_Tree]


class AnyOf(_Node):
    """At least one rule holds."""

    any: list[_Tree]


class NotOf(_Node):
    """The rule does not hold."""

    negated: _Tree = Field(alias="not")


class Asked(_Node):
    """One question about one attribute, or about one property of an event."""

    of: Literal["person", "company", "event"]
    name: _Name
    op: _Op
    value: _Value = Field(default=None, validate_default=True)

    @field_validator("value", mode="plain", json_schema_input_type=_Value)
    @classmethod
    def _fits_op(cls, value: object, known: ValidationInfo) -> object:
        find = _PROBLEMS.get(known.data.get("op", ""))
        if find and (problem := find(value)):
            raise PydanticCustomError("value", "{problem}", {"problem": problem})
        return value


class OfAttribute(_Node):
    """A person or company has such an attribute."""

    attribute: Asked


class OfPage(_Node):
    """The page has such an address."""

    page: Annotated[_Text, AfterValidator(_pattern)]


class OfElement(_Node):
    """The element is there and can be seen."""

    element: Target

    @field_validator("element")
    @classmethod
    def _is_named(cls, target: Target) -> Target:
        if not target.value:
            raise PydanticCustomError("element", gettext_noop("say which element"))
        return target


class OfDelay(_Node):
    """So many seconds have passed on this page."""

    delay: Annotated[_Amount, Field(ge=0, le=86_400)]


class OfScroll(_Node):
    """So many percent of the page have been scrolled."""

    scroll: Annotated[_Amount, Field(ge=0, le=100)]


class Span(_Node):
    """From a moment on, until just before another."""

    start: _Instant | None = Field(default=None, alias="from")
    until: _Instant | None = None

    @field_validator("until")
    @classmethod
    def _is_later(cls, until: str | None, known: ValidationInfo) -> str | None:
        start = known.data.get("start")
        if until and start and (instant(until) or 0) <= (instant(start) or 0):
            raise PydanticCustomError("until", gettext_noop("ends before it starts"))
        return until


class OfTime(_Node):
    """Now is within a span of time."""

    between: Span


class OfSegment(_Node):
    """The person is in a segment."""

    segment: _Name


def _tag(node: object) -> str | None:
    """The one key of a node, raw or read."""
    if isinstance(node, _Node):
        return next(field.alias or name for name, field in type(node).model_fields.items())
    tags = list(node) if isinstance(node, dict) else []
    return tags[0] if len(tags) == 1 and isinstance(tags[0], str) else None


_Tree = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NotOf, Tag("not")]
    | Annotated[OfAttribute, Tag("attribute")]
    | Annotated[OfPage, Tag("page")]
    | Annotated[OfElement, Tag("element")]
    | Annotated[OfDelay, Tag("delay")]
    | Annotated[OfScroll, Tag("scroll")]
    | Annotated[OfTime, Tag("between")]
    | Annotated[OfSegment, Tag("segment")],
    Discriminator(
        _tag,
        custom_error_type="rule",
        custom_error_message="needs one key: all, any, not, attribute, page, element, delay, scroll, between or segment",
    ),
]
_tree: TypeAdapter[Any] = TypeAdapter(_Tree)
