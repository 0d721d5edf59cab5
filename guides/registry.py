"""Finds kinds: ours by name, others by entry point; refuses duplicates and broken ones by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType

from guides.errors import Unknown
from guides.kind import INTERFACE, Body, Kind

BUILT_IN = ("tour",)
GROUP = "handrail.kinds"
_groups = [GROUP]


class BrokenKind(Exception):
    """A kind that cannot be used; the text names it and says why."""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by slug in menu order: ours first, then others by name."""
    plugged = (entry for group in _groups for entry in sorted(entry_points(group=group), key=lambda entry: entry.name))
    return MappingProxyType(_gather(BUILT_IN, plugged))


def without_plugins() -> None:
    """From now on only our own kinds are found: for a start after a plugin broke."""
    _groups.clear()
    kinds.cache_clear()


def kind_named(slug: str) -> Kind:
    """The kind of that slug; raises Unknown."""
    found = kinds().get(slug)
    if found is None:
        raise Unknown(f"There is no kind named “{slug}” here. Is its package installed?", "kind")
    return found


def folder_of(kind: Kind) -> Path:
    """Where the kind's skins lie: form.html, render.ts or render.js, icon.svg."""
    module = import_module(type(kind).__module__)
    return Path(module.__file__ or "").parent


def _gather(built_in: Iterable[str], plugged: Iterable[EntryPoint]) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for name in built_in:
        _add(found, import_module(f"guides.kinds.{name}").kind, f"guides.kinds.{name}")
    for entry in plugged:
        _add(found, _load(entry), entry.value)
    return found


def _load(entry: EntryPoint) -> object:
    try:
        return entry.load()
    except Exception as error:
        raise BrokenKind(f"the kind {entry.name} ({entry.value}) does not load: {error}") from error


def _add(found: dict[str, Kind], kind: object, origin: str) -> None:
    if not isinstance(kind, Kind):
        raise BrokenKind(f"{origin} is not a Kind")
    slug = str(getattr(kind, "slug", ""))
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", slug):
        raise BrokenKind(f"{origin} needs a slug of small letters, digits and underscores")
    if kind.interface > INTERFACE:
        raise BrokenKind(f"{origin} needs version {kind.interface} of the interface of kinds; this Handrail has {INTERFACE}")
    body: object = getattr(kind, "Body", None)
    words = [getattr(kind, word, None) for word in ("label", "plural")]
    if not (isinstance(body, type) and issubclass(body, Body) and all(words)):
        raise BrokenKind(f"{origin} needs a label, its plural and a Body")
    if slug in found:
        raise BrokenKind(f"two kinds are called {slug}; the second is {origin}")
    found[slug] = kind
