"""Compares a draft with a published version, path by path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from guides.models import Guide, Version
from guides.publishing.guide_settings import GuideSettings
from guides.registry import kind_named


def changed_paths(guide: Guide, version: Version | None, body: dict[str, Any] | None = None) -> list[str]:
    """The dotted paths in which the draft differs from a version; list items are named by their key.

    Without a version the whole body differs: ["body"]. `body` is the draft's preview_body where the caller has it.
    """
    if version is None:
        return ["body"]
    draft = {"body": preview_body(guide) if body is None else body, "settings": _settings_as_published(guide.settings)}
    return list(_differences(draft, {"body": version.body, "settings": version.settings}, ""))


def preview_body(guide: Guide) -> dict[str, Any]:
    """The draft as a renderer would receive it; as typed while it does not validate."""
    try:
        return kind_named(guide.kind).Body.model_validate(guide.draft).model_dump(mode="json")
    except ValidationError:
        return guide.draft


def _settings_as_published(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings as a version would store them; as typed while they do not validate."""
    try:
        return GuideSettings.model_validate(settings).canonical()
    except ValidationError:
        return settings


def _differences(new: Any, old: Any, path: str) -> Iterator[str]:
    if _has_keyed_items(new) and _has_keyed_items(old):
        new, old = _by_key(new), _by_key(old)
        if [key for key in new if key in old] != [key for key in old if key in new]:
            yield f"{path}.order"
    if not (isinstance(new, dict) and isinstance(old, dict)) or "type" in new:
        if new != old:
            yield path
        return
    for name in dict.fromkeys((*new, *old)):
        child_path = f"{path}.{name}" if path else str(name)
        if name in new and name in old:
            yield from _differences(new[name], old[name], child_path)
        else:
            yield child_path


def _has_keyed_items(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) and isinstance(item.get("key"), str) for item in value)


def _by_key(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {item["key"]: item for item in items}
