"""Changing the parts of a draft: add, copy, move, remove, put back; each answers a new draft and leaves the old one alone."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from admin.forms.form import blank, find_shape
from admin.forms.schema import blank_body
from guides.errors import Invalid
from guides.ids import item_key
from guides.kind import Body

MOST_PARTS = 200


def added(body: type[Body], draft: Any, path: str, at: int | None = None) -> tuple[Any, str]:
    """A blank part in the list at that path, at its end or at a place; also where it is now."""
    fresh = deepcopy(draft)
    items = _list_at(fresh, path, make=True)
    _room_for_one(body, items, path)
    place = len(items) if at is None else max(0, min(at, len(items)))
    items.insert(place, blank(body, path))
    return fresh, f"{path}.{place}"


def copied(body: type[Body], draft: Any, path: str) -> tuple[Any, str]:
    """The part once more, right behind itself, with keys of its own."""
    fresh = deepcopy(draft)
    items, place = _item_at(fresh, path)
    _room_for_one(body, items, path.rpartition(".")[0])
    items.insert(place + 1, _with_new_keys(items[place]))
    return fresh, f"{path.rpartition('.')[0]}.{place + 1}"


def moved(draft: Any, path: str, to: int) -> tuple[Any, str]:
    """The part at another place of its list."""
    fresh = deepcopy(draft)
    items, place = _item_at(fresh, path)
    goal = max(0, min(to, len(items) - 1))
    items.insert(goal, items.pop(place))
    return fresh, f"{path.rpartition('.')[0]}.{goal}"


def removed(draft: Any, path: str) -> tuple[Any, str]:
    """The list without the part; also where the one that takes its place is."""
    fresh = deepcopy(draft)
    items, place = _item_at(fresh, path)
    items.pop(place)
    return fresh, f"{path.rpartition('.')[0]}.{max(0, min(place, len(items) - 1))}"


def put_back(draft: Any, earlier: Any, path: str) -> tuple[Any, str]:
    """A removed part as it was in an earlier draft, at its old place; nothing changes when it is there already."""
    fresh = deepcopy(draft)
    items = _list_at(fresh, path.rpartition(".")[0], make=True)
    was, place = _item_at(earlier, path)
    key = was[place].get("key") if isinstance(was[place], Mapping) else None
    if key is None or all(_key_of(item) != key for item in items):
        items.insert(min(place, len(items)), deepcopy(was[place]))
    return fresh, path


def filled(body: type[Body], draft: Any, path: str) -> Any:
    """An optional part, now there and blank."""
    shape = find_shape(body, path.split("."))
    kinds = [shape.body, *shape.variants.values()] if shape else []
    made = next((each for each in kinds if each), None)
    return _with(draft, path, blank_body(made) if made else "")


def cleared(draft: Any, path: str) -> Any:
    """An optional part, now left out."""
    return _with(draft, path, None)


def place_of(draft: Any, path: str, key: str) -> int | None:
    """Where the part with that key is in the list at that path."""
    items = _find(draft, path.split("."))
    places = (at for at, item in enumerate(items) if _key_of(item) == key) if isinstance(items, list) else iter(())
    return next(places, None)


def _with(draft: Any, path: str, value: Any) -> Any:
    fresh = deepcopy(draft)
    above, _, name = path.rpartition(".")
    holder = _find(fresh, above.split(".") if above else [])
    if not isinstance(holder, dict):
        raise Invalid("There is no such part any more.")
    holder[name] = value
    return fresh


def _room_for_one(body: type[Body], items: list[Any], path: str) -> None:
    shape = find_shape(body, path.split("."))
    if shape is None or shape.widget != "list":
        raise Invalid("There is no such list.")
    most = shape.limit or MOST_PARTS
    if len(items) >= most:
        raise Invalid(f"There can be {most} of them and no more.")


def _list_at(draft: Any, path: str, make: bool = False) -> list[Any]:
    found = _find(draft, path.split("."))
    if found is None and make:
        above, _, name = path.rpartition(".")
        holder = _find(draft, above.split(".") if above else [])
        if isinstance(holder, dict):
            found = holder[name] = []
    if not isinstance(found, list):
        raise Invalid("There is no such part any more.")
    return found


def _item_at(draft: Any, path: str) -> tuple[list[Any], int]:
    above, _, number = path.rpartition(".")
    items = _list_at(draft, above)
    if not (number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(items)):
        raise Invalid("There is no such part any more.")
    return items, int(number)


def _find(draft: Any, steps: list[str]) -> Any:
    at = draft
    for step in steps:
        if isinstance(at, Mapping):
            at = at.get(step)
        elif isinstance(at, list) and step.isascii() and step.isdigit() and len(step) < 6 and int(step) < len(at):
            at = at[int(step)]
        else:
            return None
    return at


def _key_of(item: Any) -> Any:
    return item.get("key") if isinstance(item, Mapping) else None


def _with_new_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: item_key() if name == "key" else _with_new_keys(inner) for name, inner in value.items()}
    return [_with_new_keys(inner) for inner in value] if isinstance(value, list) else value
