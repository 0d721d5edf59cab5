"""read_draft() turns a posted form back into a draft of its Body."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from admin.forms.form import is_collapsed_group
from admin.forms.plain_text import from_plain_text, to_plain_text
from admin.forms.rule_form import from_post, to_rule
from admin.forms.schema import FieldSchema, FieldSpec, blank_body, blank_value, fields_of
from guides.errors import Invalid
from guides.ids import item_key
from guides.kind import Body

LIST_MARKER = "[]"
PRESENCE = "?"
MAX_PATH = 24
MAX_DEPTH = 60
MAX_NUMBER = 2**53 - 1


def read_draft(body: type[Body], posted: Iterable[tuple[str, str]], into: Any = None) -> dict[str, Any]:
    """The draft that was posted, as plain JSON: text is parsed where its field allows, else stored as typed.

    Fields that were not posted are copied from `into`; items are matched by their key, whatever their index is now.
    Raises Invalid for values that no database can store.
    """
    tree = _PostedTree()
    for name, value in posted:
        tree.add(name.split("."), value)
    draft = _read_group(body, tree, into if isinstance(into, Mapping) else {})
    check_storable(draft)
    return draft


def new_item(schema: FieldSchema, variant: str = "") -> Any:
    """A blank item of a list, with a key of its own where its Body wants one; of a union the named variant, else the first."""
    return with_key(schema, blank_value(schema, variant))


def with_key(schema: FieldSchema, value: Any) -> Any:
    """The item with a new key where its Body wants one and it has none."""
    if schema.has_key and isinstance(value, dict) and not value.get("key"):
        return {**value, "key": item_key()}
    return value


def check_storable(value: Any) -> None:
    """Raise Invalid for what no database can store: NUL, lone surrogates, numbers beyond JSON, too deep nesting."""
    stack = [(value, 0)]
    while stack:
        node, depth = stack.pop()
        children = [*node, *node.values()] if isinstance(node, dict) else node if isinstance(node, list) else []
        stack.extend((child, depth + 1) for child in children)
        if depth > MAX_DEPTH or (isinstance(node, int) and abs(node) > MAX_NUMBER) or (isinstance(node, str) and not _is_storable(node)):
            raise Invalid("Something here cannot be stored. Undo the last change and write it again.")


def _is_storable(text: str) -> bool:
    return (text.isascii() and "\x00" not in text) or not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text)


class _PostedTree:
    """Posted names and values as a tree, in the order they were posted."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.children: dict[str, _PostedTree] = {}

    def add(self, path: Sequence[str], value: str) -> None:
        """Put a value at the end of a path; paths deeper than any Body are left out."""
        if not path or len(path) > MAX_PATH:
            return
        node = self
        for step in path:
            node = node.children.setdefault(step, _PostedTree())
        node.values.append(value)

    def pairs(self, name: str) -> Iterator[tuple[str, str]]:
        """The names and values below this one, which gets another name."""
        yield from ((name, value) for value in self.values)
        for step, child in self.children.items():
            yield from child.pairs(f"{name}.{step}")

    @property
    def last(self) -> str:
        """The value that counts: a ticked box comes after its hidden "false"."""
        return self.values[-1].replace("\r\n", "\n") if self.values else ""


def _read_group(body: type[Body], posted: _PostedTree, old: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(old)
    for spec in fields_of(body):
        child = posted.children.get(spec.name)
        if child is not None:
            value = _read(spec.schema, child, old.get(spec.name))
            values[spec.name] = None if is_collapsed_group(spec) and value == _blank_group(spec) else value
        if spec.name in values and spec.is_excluded(values[spec.name]):
            del values[spec.name]
    return values


def _blank_group(spec: FieldSpec) -> Any:
    return blank_body(spec.schema.body) if spec.schema.body else None


def _read(schema: FieldSchema, posted: _PostedTree, old: Any) -> Any:
    if schema.widget == "list" and schema.item:
        return _read_list(schema.item, posted, old if isinstance(old, list) else [])
    if PRESENCE in posted.children and posted.children[PRESENCE].last == "":
        return None
    if schema.body:
        return _read_group(schema.body, posted, old if isinstance(old, Mapping) else {})
    if schema.variants:
        return _read_variant(schema, posted, old)
    if schema.widget == "rich_text":
        return _read_rich_text(posted, old)
    if schema.widget == "rule":
        return to_rule(from_post(posted.pairs("rule"), "rule"), keep_empty=True)
    return _read_value(schema, posted.last)


def _read_variant(schema: FieldSchema, posted: _PostedTree, old: Any) -> Any:
    field = posted.children.get(schema.tag)
    current = old.get(schema.tag) if isinstance(old, Mapping) else None
    tag = field.last if field else current
    if tag == "" and schema.optional:
        return None
    if not isinstance(tag, str) or tag not in schema.variants:
        return old
    same_variant = old if current == tag else {}
    return {**blank_body(schema.variants[tag]), **_read_group(schema.variants[tag], posted, same_variant)}


def _read_list(item: FieldSchema, posted: _PostedTree, old: list[Any]) -> list[Any]:
    """All items when the list's marker was posted, else only those that were, at the index of their key."""
    is_complete = LIST_MARKER in posted.children
    items: list[Any] = [] if is_complete else list(old)
    for number, child in posted.children.items():
        if number == LIST_MARKER:
            continue
        index = _find_index(child, number, old)
        value = with_key(item, _read(item, child, old[index] if index is not None else None))
        if is_complete or index is None:
            items.append(value)
        else:
            items[index] = value
    return items


def _find_index(posted: _PostedTree, number: str, old: list[Any]) -> int | None:
    key = posted.children["key"].last if "key" in posted.children else ""
    if key:
        return next((index for index, item in enumerate(old) if isinstance(item, Mapping) and item.get("key") == key), None)
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(old) else None


def _read_rich_text(posted: _PostedTree, old: Any) -> Any:
    """The tree the editor wrote, unless a browser without a script changed the plain text."""
    tree = _parse_json(posted.children["tree"].last) if "tree" in posted.children else old
    if not posted.values or posted.last == to_plain_text(tree):
        return tree
    return from_plain_text(posted.last)


def _read_value(schema: FieldSchema, text: str) -> Any:
    if schema.widget == "switch":
        return text == "true"
    if text == "" and schema.optional:
        return None
    if schema.widget in ("integer", "number"):
        return _parse_number(text, is_integer=schema.widget == "integer")
    if schema.widget == "choice":
        return next((value for value in schema.values if str(value) == text), text)
    return _parse_json(text) if schema.widget == "json" else text


def _parse_number(text: str, is_integer: bool) -> Any:
    try:
        number = int(text) if is_integer else float(text)
    except ValueError:
        return text
    return number if abs(number) <= MAX_NUMBER else text


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_reject_constant)
    except (ValueError, RecursionError):
        return text


def _reject_constant(name: str) -> Any:
    raise ValueError(name)
