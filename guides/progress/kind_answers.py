"""Checks what a kind hands back before it is stored; what cannot be stored raises, so that it counts as a failure of the kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from guides.coercion import is_storable
from guides.kind import Progress, SetAttribute, Status

MAX_STATE_BYTES = 4096
MAX_ITEM_LENGTH = 40


def checked_item(item: object) -> str | None:
    """Returns the key of an item, or None for none."""
    if item is None or (isinstance(item, str) and len(item) <= MAX_ITEM_LENGTH and is_storable(item)):
        return item
    raise ValueError("not the key of an item")


def plain_json(answer: object) -> dict[str, Any]:
    """Returns an object as it comes back from the database."""
    if not isinstance(answer, Mapping):
        raise TypeError("not an object of JSON")
    encoded = orjson.dumps(dict(answer))
    plain: dict[str, Any] = orjson.loads(encoded)
    if b"\\u0000" in encoded and not _is_storable(plain):
        raise ValueError("holds a null character")
    return plain


def checked_progress(progress: Progress) -> Progress:
    """Returns the progress as it can be stored."""
    state = plain_json(progress.state) if progress.state != {} else {}
    if len(orjson.dumps(state)) > MAX_STATE_BYTES:
        raise ValueError(f"a state of more than {MAX_STATE_BYTES} bytes")
    done = [key for key in map(checked_item, progress.done) if key is not None]
    return Progress(Status(progress.status), checked_item(progress.item), done, progress.shown, state)


def checked_attributes(requested: Iterable[SetAttribute] | None) -> tuple[SetAttribute, ...]:
    """Returns the attributes that are to be set; whether their values can be stored is asked where they are set."""
    requests = tuple(requested or ())
    if not all(isinstance(request, SetAttribute) and isinstance(request.name, str) for request in requests):
        raise TypeError("not attributes to set")
    return requests


def _is_storable(value: object) -> bool:
    if isinstance(value, str):
        return is_storable(value)
    parts = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return all(map(_is_storable, parts))
