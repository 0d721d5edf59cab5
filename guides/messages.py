"""Messages for people: marked for translation where they are written, translated where they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def gettext_noop(message: str) -> str:
    """Mark a message for extraction where no request exists yet; gettext translates it when it is shown."""
    return message


class Message(str):
    """A message with its values filled in; it keeps its template and values, so that it can be translated later."""

    __slots__ = ("template", "values")

    def __new__(cls, template: str, **values: object) -> Message:
        """The English sentence: `template` with %(name)s replaced by each value."""
        message = super().__new__(cls, template % values)
        message.template, message.values = template, values
        return message

    template: str
    values: Mapping[str, object]


_REQUIRED = gettext_noop("this is needed")
_NO_SUCH_OPTION = gettext_noop("choose one of the options")
_NOT_AN_INTEGER = gettext_noop("write a whole number")
_NOT_A_NUMBER = gettext_noop("write a number")
_BY_ERROR_TYPE = {
    "missing": _REQUIRED,
    "model_type": _REQUIRED,
    "string_too_short": _REQUIRED,
    "literal_error": _NO_SUCH_OPTION,
    "union_tag_invalid": _NO_SUCH_OPTION,
    "union_tag_not_found": _NO_SUCH_OPTION,
    "too_short": gettext_noop("add at least one"),
    "extra_forbidden": "this is not known here",
    "string_type": gettext_noop("write a text"),
    "bool_parsing": "this is either on or off",
    "int_parsing": _NOT_AN_INTEGER,
    "int_type": _NOT_AN_INTEGER,
    "float_parsing": _NOT_A_NUMBER,
    "float_type": _NOT_A_NUMBER,
    "string_pattern_mismatch": gettext_noop("this cannot be read; write it as the hint shows"),
}


def validation_message(error_type: str, context: Mapping[str, Any], default: str) -> str:
    """A pydantic error in words an author understands; `context` holds its limits, `default` is pydantic's own text."""
    if error_type == "string_too_long":
        return Message(gettext_noop("up to %(most)s characters"), most=context["max_length"])
    if error_type == "too_long" and "max_length" in context:
        return Message(gettext_noop("up to %(most)s of them"), most=context["max_length"])
    if error_type == "less_than_equal":
        return Message(gettext_noop("at most %(most)s"), most=context["le"])
    if error_type == "greater_than_equal":
        return Message(gettext_noop("at least %(least)s"), least=context["ge"])
    return _BY_ERROR_TYPE.get(error_type) or default.removeprefix("Value error, ")
