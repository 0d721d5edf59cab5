"""A trigger as a form: where and when a guide starts; a trigger of another form stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData


@dataclass(slots=True)
class TriggerForm:
    """Pages, an element, seconds, percent scrolled, and dates; `raw` is a trigger that these fields cannot express."""

    pages: list[str] = field(default_factory=list)
    element_by: str = "name"
    element: str = ""
    delay: str = ""
    scroll: str = ""
    since: str = ""
    until: str = ""
    raw: Any = None

    @property
    def json(self) -> str:
        """A raw trigger, for a hidden field."""
        return json.dumps(self.raw)


def from_trigger(rule: Any) -> TriggerForm:
    """The form of a stored trigger."""
    form = TriggerForm()
    for condition in _conditions(rule):
        if not _fill_field(form, condition):
            return TriggerForm(raw=rule)
    return form


def to_trigger(form: TriggerForm) -> Any:
    """The trigger of a form; None when it is empty."""
    if form.raw is not None:
        return form.raw
    rules: list[Any] = []
    if form.pages:
        pages = [{"page": pattern} for pattern in form.pages]
        rules.append(pages[0] if len(pages) == 1 else {"any": pages})
    if form.element:
        rules.append({"element": {"by": form.element_by, "value": form.element, "label": ""}})
    rules += [{tag: _number(text)} for tag, text in (("delay", form.delay), ("scroll", form.scroll)) if text]
    if form.since or form.until:
        rules.append({"between": {"from": form.since or None, "until": form.until or None}})
    return {"all": rules} if len(rules) > 1 else rules[0] if rules else None


def trigger_from_post(posted: FormData) -> TriggerForm:
    """The form as it was posted."""
    texts = {name: str(posted.get(f"trigger.{name}", "")).strip() for name in ("element", "delay", "scroll", "since", "until", "raw")}
    by = str(posted.get("trigger.element_by", "name"))
    return TriggerForm(
        pages=list(dict.fromkeys(_lines(str(posted.get("trigger.pages", ""))))),
        element_by=by if by in ("name", "text", "css") else "name",
        element=texts["element"],
        delay=texts["delay"],
        scroll=texts["scroll"],
        since=_to_utc(texts["since"]),
        until=_to_utc(texts["until"]),
        raw=_parsed(texts["raw"]) if texts["raw"] else None,
    )


def _conditions(rule: Any) -> list[Any]:
    if not rule:
        return []
    return list(rule["all"]) if isinstance(rule, Mapping) and list(rule) == ["all"] and isinstance(rule["all"], list) else [rule]


def _fill_field(form: TriggerForm, condition: Any) -> bool:
    """Put one condition into its field; False when it has no field, or the field is filled already."""
    match condition:
        case {"page": str(pattern)} if len(condition) == 1 and not form.pages:
            form.pages = [pattern]
        case {"any": [*pages]} if not form.pages and all(isinstance(page, Mapping) and list(page) == ["page"] for page in pages):
            form.pages = [str(page["page"]) for page in pages]
        case {"element": {"by": str(by), "value": str(value), **rest}} if not form.element and not any(rest.values()):
            form.element_by, form.element = by, value
        case {"delay": int() | float() | str() as seconds} if not form.delay:
            form.delay = str(seconds)
        case {"scroll": int() | float() | str() as percent} if not form.scroll:
            form.scroll = str(percent)
        case {"between": {**dates}} if not (form.since or form.until) and dates.keys() <= {"from", "until"}:
            form.since, form.until = str(dates.get("from") or ""), str(dates.get("until") or "")
        case _:
            return False
    return True


def _lines(text: str) -> Iterable[str]:
    return (line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip())


def _number(text: str) -> Any:
    """A number where the text is one, else the text, so that the check can name it."""
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 2**53 else value if abs(value) < 1e300 else text


def _to_utc(text: str) -> str:
    """A date and time of the form, which are in UTC, as ISO."""
    return f"{text}:00Z" if len(text) == 16 else text


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
