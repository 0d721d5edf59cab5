"""A rule as an author sees it: groups of lines, joined by all or any, some of them leaving people out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from admin.i18n.translate import gettext
from guides.rules.operators import OPERATORS, ValueType

Match = Literal["all", "any"]
_INPUT_TYPES = {
    ValueType.SCALAR: "text",
    ValueType.TEXT: "text",
    ValueType.LIST: "list",
    ValueType.NUMBER: "number",
    ValueType.DATE: "date",
    ValueType.DAYS: "number",
    ValueType.NONE: "none",
}
MOST = 100


@dataclass(slots=True)
class Line:
    """One condition; what is not about an attribute is kept as it is and only said in words."""

    of: str = "person"
    name: str = ""
    op: str = "is"
    value: Any = ""
    kept: Any = None
    problem: str = ""

    @property
    def text(self) -> str:
        """The value as it is typed."""
        if isinstance(self.value, list):
            return ", ".join(_typed(each) for each in self.value)
        return _typed(self.value)

    @property
    def json(self) -> str:
        """A kept condition, for a hidden field."""
        return json.dumps(self.kept)

    @property
    def entry(self) -> str:
        """The type of the value's input: none, text, number, date or list."""
        return _INPUT_TYPES[OPERATORS[self.op].value_type]


@dataclass(slots=True)
class Group:
    """Lines of which all or any must hold; a group that leaves out must not."""

    match: Match = "all"
    leaves_out: bool = False
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    """The whole rule in groups; `kept` is a rule too deep to be shown so, which stays as it is."""

    joint: Match = "all"
    groups: list[Group] = field(default_factory=list)
    kept: Any = None

    @property
    def json(self) -> str:
        """A kept rule, for a hidden field."""
        return json.dumps(self.kept)


def open_book(rule: Any) -> Book:
    """A stored rule, as groups of lines."""
    if rule is None:
        return Book()
    joint, members = _members(rule)
    if all(_is_plain(member) for member in members):
        return Book("all", [Group(joint, False, [_line(member) for member in members])])
    groups = [_group(member) for member in members]
    known = [group for group in groups if group]
    return Book(joint, known) if len(known) == len(groups) else Book(kept=rule)


def close_book(book: Book) -> Any:
    """The rule the groups say; None when they say nothing."""
    if book.kept is not None:
        return book.kept
    rules = [rule for rule in (_ruled(group) for group in book.groups) if rule is not None]
    return _joined(book.joint, rules)


def read_book(posted: Iterable[tuple[str, str]], under: str) -> Book:
    """The groups as they were posted below a name: rule.groups.0.lines.1.op and so on, in their order."""
    book = Book()
    groups: dict[str, Group] = {}
    lines: dict[tuple[str, str], Line] = {}
    for name, value in posted:
        steps = name.split(".")
        if steps[0] != under or len(lines) > MOST:
            continue
        match steps[1:]:
            case ["joint"]:
                book.joint = _match(value)
            case ["kept"]:
                book.kept = _parsed(value)
            case ["groups", number, "match"]:
                groups.setdefault(number, Group()).match = _match(value)
            case ["groups", number, "leaves_out"]:
                groups.setdefault(number, Group()).leaves_out = value == "true"
            case ["groups", number, "lines", place, what]:
                _put(lines, groups.setdefault(number, Group()), (number, place), what, value)
    for line in lines.values():
        line.value = _restored(line)
    book.groups = list(groups.values())
    return book


def is_empty(line: Line) -> bool:
    """Whether nothing was asked yet."""
    return line.kept is None and not line.name.strip()


def value_problem(line: Line) -> str:
    """What is wrong with a value, in words that say what to write instead."""
    said = line.text.strip()
    if line.entry == "none" or line.kept is not None or is_empty(line):
        return ""
    if not said:
        return gettext("Write what “%(name)s” is compared with.") % {"name": line.name}
    if line.entry == "number" and not isinstance(line.value, int | float):
        return gettext("This compares numbers. Write 5 instead of “%(said)s”.") % {"said": said}
    return ""


def _put(lines: dict[tuple[str, str], Line], group: Group, place: tuple[str, str], what: str, value: str) -> None:
    line = lines.get(place)
    if line is None:
        line = lines[place] = Line()
        group.lines.append(line)
    if what == "kept":
        line.kept = _parsed(value)
    elif what == "of":
        line.of = "company" if value == "company" else "person"
    elif what == "op" and value in OPERATORS:
        line.op = value
    elif what in ("name", "value"):
        setattr(line, what, value)


def _ruled(group: Group) -> Any:
    conditions = [_condition(line) for line in group.lines if not is_empty(line)]
    rule = _joined(group.match, conditions)
    return {"not": rule} if group.leaves_out and rule is not None else rule


def _joined(word: str, rules: list[Any]) -> Any:
    return {word: rules} if len(rules) > 1 else rules[0] if rules else None


def _condition(line: Line) -> Any:
    if line.kept is not None:
        return line.kept
    asked = {"of": line.of, "name": line.name.strip(), "op": line.op}
    return {"attribute": asked if line.entry == "none" else {**asked, "value": line.value}}


def _members(rule: Any) -> tuple[Match, list[Any]]:
    tag, inner = next(iter(rule.items())) if isinstance(rule, Mapping) and len(rule) == 1 else ("", None)
    if tag in ("all", "any") and isinstance(inner, list):
        return _match(tag), inner
    return "all", [rule]


def _is_plain(rule: Any) -> bool:
    return isinstance(rule, Mapping) and not {"all", "any", "not"} & rule.keys()


def _group(rule: Any) -> Group | None:
    leaves_out = isinstance(rule, Mapping) and list(rule) == ["not"]
    match, members = _members(rule["not"] if leaves_out else rule)
    return Group(match, leaves_out, [_line(member) for member in members]) if all(map(_is_plain, members)) else None


def _line(condition: Any) -> Line:
    asked = condition.get("attribute")
    if not isinstance(asked, Mapping) or asked.get("op") not in OPERATORS:
        return Line(kept=condition)
    return Line(str(asked.get("of", "person")), str(asked.get("name", "")), asked["op"], asked.get("value", ""))


def _restored(line: Line) -> Any:
    """The typed value as the operator wants it; as typed where that cannot be."""
    said = line.value.strip() if isinstance(line.value, str) else line.value
    if line.entry == "list":
        return [part.strip() for part in said.replace("\n", ",").split(",") if part.strip()]
    if line.entry == "number":
        return _number(said)
    return said


def _number(said: str) -> Any:
    try:
        number = float(said)
    except ValueError:
        return said
    return int(number) if number.is_integer() and abs(number) < 2**53 else number if number == number and abs(number) < 1e300 else said


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _match(word: str) -> Match:
    return "any" if word == "any" else "all"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
