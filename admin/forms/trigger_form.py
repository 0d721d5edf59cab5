"""Where and when a guide starts, as a few plain fields; a trigger of another form stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData


@dataclass(slots=True)
class Occasion:
    """Pages, an element that must be there, seconds, how far down, and dates; `kept` is a trigger these cannot say."""

    pages: list[str] = field(default_factory=list)
    element_by: str = "name"
    element: str = ""
    delay: str = ""
    scroll: str = ""
    since: str = ""
    until: str = ""
    kept: Any = None

    @property
    def json(self) -> str:
        """A kept trigger, for a hidden field."""
        return json.dumps(self.kept)


def open_occasion(rule: Any) -> Occasion:
    """A stored trigger, as fields."""
    found = Occasion()
    for part in _parts(rule):
        if not _take(found, part):
            return Occasion(kept=rule)
    return found


def close_occasion(occasion: Occasion) -> Any:
    """The trigger the fields say; None when they say nothing."""
    if occasion.kept is not None:
        return occasion.kept
    rules: list[Any] = []
    if occasion.pages:
        pages = [{"page": pattern} for pattern in occasion.pages]
        rules.append(pages[0] if len(pages) == 1 else {"any": pages})
    if occasion.element:
        rules.append({"element": {"by": occasion.element_by, "value": occasion.element, "label": ""}})
    rules += [{word: _number(text)} for word, text in (("delay", occasion.delay), ("scroll", occasion.scroll)) if text]
    if occasion.since or occasion.until:
        rules.append({"between": {"from": occasion.since or None, "until": occasion.until or None}})
    return {"all": rules} if len(rules) > 1 else rules[0] if rules else None


def read_occasion(posted: FormData) -> Occasion:
    """The fields as they were posted."""
    said = {name: str(posted.get(f"trigger.{name}", "")).strip() for name in ("element", "delay", "scroll", "since", "until", "kept")}
    by = str(posted.get("trigger.element_by", "name"))
    return Occasion(
        pages=list(dict.fromkeys(_lines(str(posted.get("trigger.pages", ""))))),
        element_by=by if by in ("name", "text", "css") else "name",
        element=said["element"],
        delay=said["delay"],
        scroll=said["scroll"],
        since=_moment(said["since"]),
        until=_moment(said["until"]),
        kept=_parsed(said["kept"]) if said["kept"] else None,
    )


def _parts(rule: Any) -> list[Any]:
    if not rule:
        return []
    return list(rule["all"]) if isinstance(rule, Mapping) and list(rule) == ["all"] and isinstance(rule["all"], list) else [rule]


def _take(found: Occasion, part: Any) -> bool:
    """Put one condition into its field; false when there is none for it, or it is taken."""
    match part:
        case {"page": str(pattern)} if len(part) == 1 and not found.pages:
            found.pages = [pattern]
        case {"any": [*pages]} if not found.pages and all(isinstance(one, Mapping) and list(one) == ["page"] for one in pages):
            found.pages = [str(one["page"]) for one in pages]
        case {"element": {"by": str(by), "value": str(value), **more}} if not found.element and not any(more.values()):
            found.element_by, found.element = by, value
        case {"delay": int() | float() | str() as seconds} if not found.delay:
            found.delay = str(seconds)
        case {"scroll": int() | float() | str() as percent} if not found.scroll:
            found.scroll = str(percent)
        case {"between": {**dates}} if not (found.since or found.until) and dates.keys() <= {"from", "until"}:
            found.since, found.until = str(dates.get("from") or ""), str(dates.get("until") or "")
        case _:
            return False
    return True


def _lines(text: str) -> Iterable[str]:
    return (line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip())


def _number(text: str) -> Any:
    """A number where the text is one, else the text, so that what is wrong is said and not lost."""
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 2**53 else value if abs(value) < 1e300 else text


def _moment(text: str) -> str:
    """A date and time of the form, which is in UTC."""
    return f"{text}:00Z" if len(text) == 16 else text


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
