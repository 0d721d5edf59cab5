"""The attributes of people and companies: the changes a call asks for, and the limits of what can be stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from guides.coercion import is_storable
from guides.errors import Invalid

MAX_ATTRIBUTES = 200
MAX_TEXT = 1000
MAX_LIST = 100
MAX_INTEGER = 2**53 - 1
MAX_BYTES = 64 * 1024

Attributes = Mapping[str, Any]


def apply_changes(attributes: Attributes, changes: Attributes, path: str) -> dict[str, Any] | None:
    """The attributes after the changes, None when nothing changes: a value replaces, null removes, an operation computes.

    Operations: {"set_once": value}, {"add": number}, and for lists {"append": ...}, {"prepend": ...}, {"remove": ...}.
    Raises Invalid with the field, such as person.attributes.plan, for a value that cannot be stored.
    """
    result = dict(attributes)
    for name, change in changes.items():
        attribute_path = f"{path}.{name}"
        _check_name(name, attribute_path)
        value = _apply_change(result.get(name), change, attribute_path)
        if value is None:
            result.pop(name, None)
            continue
        _check_value(value, attribute_path)
        result[name] = value
    if len(result) > MAX_ATTRIBUTES:
        raise Invalid(f"A person or company has up to {MAX_ATTRIBUTES} attributes.", path)
    if changes and not fits(result):
        raise Invalid(f"The attributes of a person or company take up to {MAX_BYTES // 1024} KB.", path)
    return result if _differ(result, attributes) else None


def _differ(attributes: Attributes, others: Attributes) -> bool:
    """Whether any value or type differs: Python takes True for 1, a rule does not."""
    return attributes != others or any(type(value) is not type(others[name]) for name, value in attributes.items())


def fits(attributes: Attributes) -> bool:
    """Whether the attributes take no more bytes than are stored."""
    return len(orjson.dumps(attributes)) <= MAX_BYTES


def _apply_change(value: Any, change: Any, path: str) -> Any:
    if not isinstance(change, dict):
        return change
    if len(change) != 1 or (operation := next(iter(change))) not in _OPERATIONS:
        raise Invalid("An attribute is a text, a number, true, false, or a list of them.", path)
    return _OPERATIONS[operation](value, change[operation], path)


def _set_once(current: Any, value: Any, path: str) -> Any:
    return value if current is None else current


def _add(current: Any, value: Any, path: str) -> Any:
    before = 0 if current is None else current
    if not (_is_number(before) and _is_number(value)):
        raise Invalid("Only numbers can be added.", path)
    return before + value


def as_list(value: Any) -> list[Any]:
    """The values of an attribute: none, one, or those of its list."""
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _append(current: Any, value: Any, path: str) -> list[Any]:
    return [*as_list(current), *(item for item in as_list(value) if item not in as_list(current))]


def _prepend(current: Any, value: Any, path: str) -> list[Any]:
    return [*(item for item in as_list(value) if item not in as_list(current)), *as_list(current)]


def _remove(current: Any, value: Any, path: str) -> list[Any] | None:
    return [item for item in as_list(current) if item not in as_list(value)] or None


_OPERATIONS = {"set_once": _set_once, "add": _add, "append": _append, "prepend": _prepend, "remove": _remove}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_name(name: str, path: str) -> None:
    if not name or len(name) > 200 or not is_storable(name) or name in ("__proto__", "constructor", "prototype"):
        raise Invalid("This cannot be the name of an attribute.", path)


def _check_value(value: Any, path: str) -> None:
    if isinstance(value, list):
        if len(value) > MAX_LIST:
            raise Invalid(f"A list has up to {MAX_LIST} entries.", path)
        for item in value:
            _check_scalar(item, path)
        return
    _check_scalar(value, path)


def _check_scalar(value: Any, path: str) -> None:
    if isinstance(value, str):
        if len(value) > MAX_TEXT or not is_storable(value):
            raise Invalid(f"A text has up to {MAX_TEXT} characters, none of them broken.", path)
    elif isinstance(value, bool) or (isinstance(value, int | float) and abs(value) <= MAX_INTEGER):
        return
    else:
        raise Invalid("An attribute is a text, a number, true, false, or a list of them.", path)
