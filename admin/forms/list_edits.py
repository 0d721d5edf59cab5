"""Edits of the lists in a draft: add, copy, move, remove, restore an item; each returns a new draft and leaves the old one alone."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from admin.forms import rule_form
from admin.forms.form import find_schema
from admin.forms.read import new_item
from admin.forms.rule_form import from_rule, to_rule
from admin.forms.schema import FieldSchema, blank_body
from guides.errors import Invalid
from guides.ids import item_key
from guides.kind import Body

MAX_ITEMS = 200


def add_item(body: type[Body], draft: Any, path: str, index: int | None = None, variant: str = "") -> tuple[Any, str]:
    """The draft with a blank item in the list at that path, at its end or at an index; also the path of the item.

    In a list of a union the item is of the named variant, else of the first; raises Invalid for one that is not in the union.
    """
    edited = deepcopy(draft)
    items = _list_at(edited, path, create=True)
    schema = _check_room(body, items, path)
    if variant and variant not in schema.variants:
        raise Invalid("There is no such part any more.")
    position = len(items) if index is None else max(0, min(index, len(items)))
    items.insert(position, new_item(schema, variant))
    return edited, f"{path}.{position}"


def copy_item(body: type[Body], draft: Any, path: str) -> tuple[Any, str]:
    """The draft with a copy of the item behind it, all keys in the copy new; also the path of the copy."""
    edited = deepcopy(draft)
    items, index = _item_at(edited, path)
    _check_room(body, items, path.rpartition(".")[0])
    items.insert(index + 1, _with_new_keys(items[index]))
    return edited, f"{path.rpartition('.')[0]}.{index + 1}"


def move_item(draft: Any, path: str, to: int) -> tuple[Any, str]:
    """The draft with the item at another index of its list; also its new path."""
    edited = deepcopy(draft)
    items, index = _item_at(edited, path)
    target = max(0, min(to, len(items) - 1))
    items.insert(target, items.pop(index))
    return edited, f"{path.rpartition('.')[0]}.{target}"


def remove_item(draft: Any, path: str) -> tuple[Any, str]:
    """The draft without the item; also the path of the item that takes its place."""
    edited = deepcopy(draft)
    items, index = _item_at(edited, path)
    items.pop(index)
    return edited, f"{path.rpartition('.')[0]}.{max(0, min(index, len(items) - 1))}"


def restore_item(draft: Any, earlier: Any, path: str) -> tuple[Any, str]:
    """The draft with a removed item as it was in an earlier draft, at its old index; unchanged when its key is there already."""
    edited = deepcopy(draft)
    items = _list_at(edited, path.rpartition(".")[0], create=True)
    earlier_items, index = _item_at(earlier, path)
    key = _key_of(earlier_items[index])
    if key is None or all(_key_of(item) != key for item in items):
        items.insert(min(index, len(items)), deepcopy(earlier_items[index]))
    return edited, path


def with_optional(body: type[Body], draft: Any, path: str) -> Any:
    """The draft with a blank value for an optional field."""
    schema = find_schema(body, path.split("."))
    bodies = [schema.body, *schema.variants.values()] if schema else []
    first = next((each for each in bodies if each), None)
    return _with_value(draft, path, blank_body(first) if first else "")


def without_optional(draft: Any, path: str) -> Any:
    """The draft with an optional field left out."""
    return _with_value(draft, path, None)


def edit_rule(draft: Any, path: str, action: str, position: str) -> Any:
    """The draft with a row or group of a rule added or removed (see rule_form.edit)."""
    form = from_rule(_find_value(draft, path.split(".")), with_page=True)
    rule_form.edit(form, action, position)
    return _with_value(draft, path, to_rule(form, keep_empty=True))


def last_row_id(draft: Any, path: str) -> str:
    """The id of the input of a rule to focus: of the last row, else the button that adds one."""
    groups = from_rule(_find_value(draft, path.split(".")), with_page=True).groups
    id = path.replace(".", "-")
    return f"{id}-groups-{len(groups) - 1}-rows-{len(groups[-1].rows) - 1}-name" if groups else f"f-{id}-add"


def _with_value(draft: Any, path: str, value: Any) -> Any:
    edited = deepcopy(draft)
    above, _, name = path.rpartition(".")
    holder = _find_value(edited, above.split(".") if above else [])
    if not isinstance(holder, dict):
        raise Invalid("There is no such part any more.")
    holder[name] = value
    return edited


def _check_room(body: type[Body], items: list[Any], path: str) -> FieldSchema:
    """The schema of the list's items; raises Invalid when there is no such list or it is full."""
    schema = find_schema(body, path.split("."))
    if schema is None or schema.item is None:
        raise Invalid("There is no such list.")
    limit = schema.limit or MAX_ITEMS
    if len(items) >= limit:
        raise Invalid(f"There can be {limit} of them and no more.")
    return schema.item


def _list_at(draft: Any, path: str, create: bool = False) -> list[Any]:
    value = _find_value(draft, path.split("."))
    if value is None and create:
        above, _, name = path.rpartition(".")
        holder = _find_value(draft, above.split(".") if above else [])
        if isinstance(holder, dict):
            value = holder[name] = []
    if not isinstance(value, list):
        raise Invalid("There is no such part any more.")
    return value


def _item_at(draft: Any, path: str) -> tuple[list[Any], int]:
    above, _, number = path.rpartition(".")
    items = _list_at(draft, above)
    if not (number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(items)):
        raise Invalid("There is no such part any more.")
    return items, int(number)


def _find_value(draft: Any, path: list[str]) -> Any:
    node = draft
    for step in path:
        if isinstance(node, Mapping):
            node = node.get(step)
        elif isinstance(node, list) and step.isascii() and step.isdigit() and len(step) < 6 and int(step) < len(node):
            node = node[int(step)]
        else:
            return None
    return node


def _key_of(item: Any) -> Any:
    return item.get("key") if isinstance(item, Mapping) else None


def _with_new_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: item_key() if name == "key" else _with_new_keys(child) for name, child in value.items()}
    return [_with_new_keys(child) for child in value] if isinstance(value, list) else value
