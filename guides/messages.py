"""What is said to people: marked where it is written, put into their language where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def later(message: str) -> str:
    """Mark a message for translation where it is written before a request exists; translate it with gettext when shown."""
    return message


class Filled(str):
    """A message with its values in place, which remembers both, so that it can be said in another language."""

    __slots__ = ("template", "values")

    def __new__(cls, template: str, **values: object) -> Filled:
        """The sentence as it is written here."""
        made = super().__new__(cls, template % values)
        made.template, made.values = template, values
        return made

    template: str
    values: Mapping[str, object]


_NEEDED = later("this is needed")
_OPTIONS = later("choose one of the options")
_WHOLE = later("write a whole number")
_SAID = {
    "missing": _NEEDED,
    "model_type": _NEEDED,
    "string_too_short": _NEEDED,
    "literal_error": _OPTIONS,
    "union_tag_invalid": _OPTIONS,
    "union_tag_not_found": _OPTIONS,
    "too_short": later("add at least one"),
    "extra_forbidden": "this is not known here",
    "string_type": later("write a text"),
    "bool_parsing": "this is either on or off",
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "float_parsing": later("write a number"),
    "float_type": later("write a number"),
    "string_pattern_mismatch": later("this cannot be read; write it as the hint shows"),
}


def mistake(sort: str, limits: Mapping[str, Any], message: str) -> str:
    """What is wrong with a value, in words that say what to write instead; `sort` is pydantic's word for it."""
    if sort == "string_too_long":
        return Filled(later("up to %(most)s characters"), most=limits["max_length"])
    if sort == "too_long" and "max_length" in limits:
        return Filled(later("up to %(most)s of them"), most=limits["max_length"])
    if sort == "less_than_equal":
        return Filled(later("at most %(most)s"), most=limits["le"])
    if sort == "greater_than_equal":
        return Filled(later("at least %(least)s"), least=limits["ge"])
    return _SAID.get(sort) or message.removeprefix("Value error, ")
