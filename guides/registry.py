"""Loads kinds: built-in ones by module, plugins by entry point; refuses duplicates and broken ones by name."""

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
    """A kind that cannot be loaded; the message names it and the reason."""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by slug in menu order: ours first, then others by name."""
    plugins = (entry for group in _groups for entry in sorted(entry_points(group=group), key=lambda entry: entry.name))
    return MappingProxyType(_load_kinds(BUILT_IN, plugins))


def disable_plugins() -> None:
    """Load built-in kinds only from now on: for a start after a plugin broke."""
    _groups.clear()
    kinds.cache_clear()


def kind_named(slug: str) -> Kind:
    """The kind of that slug; raises Unknown."""
    kind = kinds().get(slug)
    if kind is None:
        raise Unknown(f"There is no kind named “{slug}” here. Is its package installed?", "kind")
    return kind


def folder_of(kind: Kind) -> Path:
    """The folder with the kind's form.html, render.ts or render.js, and icon.svg."""
    module = import_module(type(kind).__module__)
    return Path(module.__file__ or "").parent


def _load_kinds(built_in: Iterable[str], plugins: Iterable[EntryPoint]) -> dict[str, Kind]:
    loaded: dict[str, Kind] = {}
    for name in built_in:
        _add(loaded, import_module(f"guides.kinds.{name}").kind, f"guides.kinds.{name}")
    for entry in plugins:
        _add(loaded, _load(entry), entry.value)
    return loaded


def _load(entry: EntryPoint) -> object:
    try:
        return entry.load()
    except Exception as error:
        raise BrokenKind(f"the kind {entry.name} ({entry.value}) does not load: {error}") from error


def _add(loaded: dict[str, Kind], kind: object, origin: str) -> None:
    if not isinstance(kind, Kind):
        raise BrokenKind(f"{origin} is not a Kind")
    slug = str(getattr(kind, "slug", ""))
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", slug):
        raise BrokenKind(f"{origin} needs a slug of small letters, digits and underscores")
    if kind.interface > INTERFACE:
        raise BrokenKind(f"{origin} needs version {kind.interface} of the interface of kinds; this Handrail has {INTERFACE}")
    body: object = getattr(kind, "Body", None)
    labels = [getattr(kind, name, None) for name in ("label", "plural")]
    if not (isinstance(body, type) and issubclass(body, Body) and all(labels)):
        raise BrokenKind(f"{origin} needs a label, its plural and a Body")
    if slug in loaded:
        raise BrokenKind(f"two kinds are called {slug}; the second is {origin}")
    loaded[slug] = kind
