"""The differences between two drafts of the same kind, field by field, with the labels of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from admin.forms import rule_text
from admin.forms.form import Field, build_form
from admin.i18n.translate import gettext as _
from guides.kind import Body


@dataclass(frozen=True, slots=True)
class Difference:
    """One field with different values in two drafts, each as visible text; empty where it has none."""

    label: str
    theirs: str
    mine: str


def differences(body: type[Body], theirs: Any, mine: Any) -> list[Difference]:
    """The fields that differ; items are matched by their key, whatever their index."""
    left, right = dict(_flatten(build_form(body, theirs), "", "")), dict(_flatten(build_form(body, mine), "", ""))
    differing: list[Difference] = []
    for path in dict.fromkeys((*left, *right)):
        (left_label, before), (right_label, after) = left.get(path, ("", "")), right.get(path, ("", ""))
        if before != after:
            differing.append(Difference(left_label or right_label, before, after))
    return differing


def _flatten(field: Field, path: str, label: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yields every field that has a value as (path, (label, value)); the path does not change when items move."""
    if field.widget == "list":
        for number, item in enumerate(field.fields, 1):
            step = f"{path}/{item.key or number}"
            item_label = _join_labels(label, f"{_(field.item_title)} {number}")
            yield f"{step}#", (item_label, str(number))
            yield from _flatten(item, step, item_label)
        return
    if field.widget == "union":
        yield f"{path}#", (_join_labels(label, _(field.label)), _display_value(field))
    for child in field.fields:
        if child.widget != "key":
            yield from _flatten(
                child, f"{path}/{child.name.rpartition('.')[2]}", label if child.fields else _join_labels(label, _(child.label))
            )
    if not field.fields:
        yield path, (label, _display_value(field))


def _display_value(field: Field) -> str:
    if field.widget == "rich_text":
        return field.text
    if field.widget == "rule":
        return rule_text.conditions(field.value)
    if field.widget == "switch":
        return _("Yes") if field.value else _("No")
    choice = next((label for value, label, _icon in field.choices if value == str(field.value)), None)
    return _(choice) if choice else "" if field.value is None else str(field.value)


def _join_labels(parent: str, label: str) -> str:
    return f"{parent} · {label}" if parent else label
