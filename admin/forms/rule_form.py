"""A rule as a form: groups of rows, combined by all or any; a group may be negated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from admin.i18n.translate import gettext
from guides.rules.operators import OPERATORS, ValueType

Match = Literal["all", "any"]
MAX_ROWS = 100
SUBJECTS = ("person", "company", "page", "element")
"""What a row is about: an attribute of the person or the company, the page's address, an element of the page."""
TARGET_WAYS = ("name", "text", "css", "picked")
_INPUT_TYPES = {
    ValueType.SCALAR: "text",
    ValueType.TEXT: "text",
    ValueType.LIST: "list",
    ValueType.NUMBER: "number",
    ValueType.DATE: "date",
    ValueType.DAYS: "number",
    ValueType.NONE: "none",
}


@dataclass(slots=True)
class RuleRow:
    """One condition; `raw` is a condition that has no inputs here and stays as it is."""

    of: str = "person"
    name: str = ""
    op: str = "is"
    value: Any = ""
    target: dict[str, Any] = field(default_factory=dict)
    raw: Any = None
    problem: str = ""

    @property
    def text(self) -> str:
        """The value as it is typed."""
        if isinstance(self.value, list):
            return ", ".join(_typed(member) for member in self.value)
        return _typed(self.value)

    @property
    def json(self) -> str:
        """A raw condition, for a hidden field."""
        return json.dumps(self.raw)

    @property
    def target_json(self) -> str:
        """The element with all that was picked of it, for a hidden field."""
        return json.dumps(self.target)

    @property
    def input_type(self) -> str:
        """The type of the value's input: none, text, number, date or list."""
        return _INPUT_TYPES[OPERATORS[self.op].value_type]

    @property
    def is_empty(self) -> bool:
        """Whether it compares nothing yet."""
        return self.raw is None and not (self.text.strip() if self.of in ("page", "element") else self.name.strip())


@dataclass(slots=True)
class RuleGroup:
    """Rows of which all or any must hold; a negated group must not hold."""

    match: Match = "all"
    negated: bool = False
    rows: list[RuleRow] = field(default_factory=list)


@dataclass(slots=True)
class RuleForm:
    """A whole rule in groups; `raw` is a rule too deep to be shown so, which stays as it is."""

    match: Match = "all"
    groups: list[RuleGroup] = field(default_factory=list)
    raw: Any = None

    @property
    def json(self) -> str:
        """A raw rule, for a hidden field."""
        return json.dumps(self.raw)


def from_rule(rule: Any, with_page: bool = False) -> RuleForm:
    """The form of a stored rule; `with_page` gives rows also to pages and elements, which are raw otherwise."""
    if rule is None:
        return RuleForm()
    match, members = _members(rule)
    if all(_is_row(member, with_page) for member in members):
        return RuleForm("all", [RuleGroup(match, False, [_row(member, with_page) for member in members])])
    groups = [_group(member, with_page) for member in members]
    shown = [group for group in groups if group]
    return RuleForm(match, shown) if len(shown) == len(groups) else RuleForm(raw=rule)


def to_rule(form: RuleForm, keep_empty: bool = False) -> Any:
    """The rule of a form; None without conditions. `keep_empty` also stores empty rows, and each group as a group of its own."""
    if form.raw is not None:
        return form.raw
    grouped = keep_empty and len(form.groups) > 1
    rules = [rule for group in form.groups if (rule := _group_rule(group, keep_empty, grouped)) is not None]
    return _combined(form.match, rules)


def from_post(posted: Iterable[tuple[str, str]], prefix: str) -> RuleForm:
    """The form posted below a prefix: rule.groups.0.rows.1.op and so on, in the order posted."""
    form = RuleForm()
    groups: dict[str, RuleGroup] = {}
    rows: dict[tuple[str, str], RuleRow] = {}
    start = prefix.split(".")
    for name, value in posted:
        steps = name.split(".")
        if steps[: len(start)] != start or len(rows) > MAX_ROWS:
            continue
        match steps[len(start) :]:
            case ["match"]:
                form.match = _match(value)
            case ["raw"]:
                form.raw = _parsed(value)
            case ["groups", number, "match"]:
                groups.setdefault(number, RuleGroup()).match = _match(value)
            case ["groups", number, "negated"]:
                groups.setdefault(number, RuleGroup()).negated = value == "true"
            case ["groups", number, "rows", position, attribute]:
                _fill_row(rows, groups.setdefault(number, RuleGroup()), (number, position), attribute, value)
    for row in rows.values():
        row.value = _converted(row)
    form.groups = list(groups.values())
    return form


def edit(form: RuleForm, action: str, position: str) -> None:
    """Add or remove a row or a group: "group", "row" (of a group), "drop" (of a group, or of group.row), "start-over"."""
    group, _dot, row = position.partition(".")
    if action == "group":
        form.groups.append(RuleGroup(negated=position == "out", rows=[RuleRow()]))
    elif action == "start-over":
        form.raw = None
    elif action == "row" and is_index(group, form.groups):
        form.groups[int(group)].rows.append(RuleRow())
    elif action == "drop" and is_index(group, form.groups):
        _drop(form, int(group), row)


def is_index(number: str, values: list[Any]) -> bool:
    """Whether a posted text is a position in a list."""
    return number.isascii() and number.isdigit() and len(number) < 5 and int(number) < len(values)


def value_problem(row: RuleRow) -> str:
    """What is wrong with a value, with what to write instead."""
    typed = row.text.strip()
    if row.input_type == "none" or row.raw is not None or row.is_empty or row.of in ("page", "element"):
        return ""
    if not typed:
        return gettext("Write what “%(name)s” is compared with.") % {"name": row.name}
    if row.input_type == "number" and not isinstance(row.value, int | float):
        return gettext("This compares numbers. Write 5 instead of “%(said)s”.") % {"said": typed}
    return ""


def _drop(form: RuleForm, group: int, row: str) -> None:
    rows = form.groups[group].rows
    if is_index(row, rows):
        rows.pop(int(row))
    if not rows or not row:
        form.groups.pop(group)


def _fill_row(rows: dict[tuple[str, str], RuleRow], group: RuleGroup, key: tuple[str, str], attribute: str, value: str) -> None:
    row = rows.get(key)
    if row is None:
        row = rows[key] = RuleRow()
        group.rows.append(row)
    if attribute == "raw":
        row.raw = _parsed(value)
    elif attribute == "of":
        row.of = value if value in SUBJECTS else "person"
    elif attribute == "op" and value in OPERATORS:
        row.op = value
    elif attribute == "target":
        stored = _parsed(value)
        row.target = {**stored, **row.target} if isinstance(stored, dict) else row.target
    elif attribute == "by" and value in TARGET_WAYS:
        row.target = {**row.target, "by": value}
    elif attribute in ("name", "value"):
        setattr(row, attribute, value)


def _group_rule(group: RuleGroup, keep_empty: bool, grouped: bool) -> Any:
    conditions = [_condition(row) for row in group.rows if keep_empty or not row.is_empty]
    rule = {group.match: conditions} if grouped and conditions else _combined(group.match, conditions)
    return {"not": rule} if group.negated and rule is not None else rule


def _combined(match: Match, rules: list[Any]) -> Any:
    return {match: rules} if len(rules) > 1 else rules[0] if rules else None


def _condition(row: RuleRow) -> Any:
    if row.raw is not None:
        return row.raw
    if row.of in ("page", "element"):
        condition = {"page": row.text.strip()} if row.of == "page" else {"element": _target(row)}
        return {"not": condition} if row.op == "is_not" else condition
    comparison = {"of": row.of, "name": row.name.strip(), "op": row.op}
    return {"attribute": comparison if row.input_type == "none" else {**comparison, "value": row.value}}


def _target(row: RuleRow) -> dict[str, Any]:
    return {"by": "name", "label": "", **row.target, "value": row.text.strip()}


def _members(rule: Any) -> tuple[Match, list[Any]]:
    tag, members = next(iter(rule.items())) if isinstance(rule, Mapping) and len(rule) == 1 else ("", None)
    if tag in ("all", "any") and isinstance(members, list):
        return _match(tag), members
    return "all", [rule]


def _is_row(rule: Any, with_page: bool) -> bool:
    if not isinstance(rule, Mapping):
        return False
    negated = rule.get("not")
    if with_page and isinstance(negated, Mapping) and negated.keys() & {"page", "element"}:
        return True
    return not {"all", "any", "not"} & rule.keys()


def _group(rule: Any, with_page: bool) -> RuleGroup | None:
    negated = isinstance(rule, Mapping) and list(rule) == ["not"] and not _is_row(rule, with_page)
    match, members = _members(rule["not"] if negated else rule)
    is_shown = all(_is_row(member, with_page) for member in members)
    return RuleGroup(match, negated, [_row(member, with_page) for member in members]) if is_shown else None


def _row(condition: Any, with_page: bool) -> RuleRow:
    comparison = condition.get("attribute")
    operator = comparison.get("op") if isinstance(comparison, Mapping) else None
    if isinstance(comparison, Mapping) and isinstance(operator, str) and operator in OPERATORS:
        name, value = str(comparison.get("name", "")), comparison.get("value", "")
        return RuleRow(str(comparison.get("of", "person")), name, operator, value)
    return (_page_row(condition) if with_page else None) or RuleRow(raw=condition)


def _page_row(condition: Any) -> RuleRow | None:
    op, bare = ("is_not", condition["not"]) if "not" in condition else ("is", condition)
    match bare:
        case {"page": str(pattern)} if len(bare) == 1:
            return RuleRow("page", op=op, value=pattern)
        case {"element": {"value": str(value), **rest}} if len(bare) == 1:
            return RuleRow("element", op=op, value=value, target={str(key): part for key, part in rest.items()})
    return None


def _converted(row: RuleRow) -> Any:
    """The typed value as the operator needs it; as typed where it cannot be converted."""
    typed = row.value.strip() if isinstance(row.value, str) else row.value
    if row.of in ("page", "element"):
        return typed
    if row.input_type == "list":
        return [part.strip() for part in typed.replace("\n", ",").split(",") if part.strip()]
    if row.input_type == "number":
        return _number(typed)
    return typed


def _number(typed: str) -> Any:
    try:
        number = float(typed)
    except ValueError:
        return typed
    return int(number) if number.is_integer() and abs(number) < 2**53 else number if number == number and abs(number) < 1e300 else typed


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _match(value: str) -> Match:
    return "any" if value == "any" else "all"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
