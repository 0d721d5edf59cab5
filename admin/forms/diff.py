"""What differs between two drafts of the same kind, field by field, in the words of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from admin.forms.form import Field, draw
from admin.i18n.translate import gettext as _
from guides.kind import Body


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same on both sides; empty is not there."""

    label: str
    theirs: str
    mine: str


def differences(body: type[Body], theirs: Any, mine: Any) -> list[Difference]:
    """The fields that differ; items are matched by their key, wherever they stand."""
    left, right = dict(_flat(draw(body, theirs), "", "")), dict(_flat(draw(body, mine), "", ""))
    found: list[Difference] = []
    for path in dict.fromkeys((*left, *right)):
        (label, before), (other, after) = left.get(path, ("", "")), right.get(path, ("", ""))
        if before != after:
            found.append(Difference(label or other, before, after))
    return found


def _flat(field: Field, path: str, label: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every field with a value, under a path that does not change when items move."""
    if field.widget == "list":
        for number, item in enumerate(field.fields, 1):
            step = f"{path}/{item.key or number}"
            yield f"{step}#", (_said(label, f"{_(field.part)} {number}"), str(number))
            yield from _flat(item, step, _said(label, f"{_(field.part)} {number}"))
        return
    if field.widget == "either":
        yield f"{path}#", (_said(label, _(field.label)), _shown(field))
    for inner in field.fields:
        if inner.widget != "key":
            yield from _flat(inner, f"{path}/{inner.name.rpartition('.')[2]}", label if inner.fields else _said(label, _(inner.label)))
    if not field.fields:
        yield path, (label, _shown(field))


def _shown(field: Field) -> str:
    if field.widget == "text":
        return field.text
    if field.widget == "switch":
        return _("Yes") if field.value else _("No")
    chosen = next((label for word, label, _icon in field.choices if word == str(field.value)), None)
    return _(chosen) if chosen else "" if field.value is None else str(field.value)


def _said(above: str, label: str) -> str:
    return f"{above} · {label}" if above else label
